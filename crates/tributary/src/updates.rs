//! Newer versions of this program: whether there is one, whose work it is, and putting it in place.
//!
//! A channel is an address and a key. At the address is a description of the latest version, beside
//! it its signature by that key, made with `minisign`. The version, the systems and the sums of the
//! files are all in what is signed, so that whoever has the server, or a place on the way, can offer
//! neither another program, nor an earlier version as a later one, nor the file of another system.
//! What is sent is a request for each of the files, with the name and version of this program in
//! its agent and nothing else.
//!
//! Without a channel nothing is asked for. This module decides nothing about when to look.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, ToSpan};
use minisign_verify::{PublicKey, Signature};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use semver::Version;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::Sentence;
use crate::account::Policy;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Call, Http, Payload, Repeat, Reply};
use crate::store::Successor;

/// The address that was named when this program was built.
const BUILT_IN_ADDRESS: Option<&str> = option_env!("TRIBUTARY_UPDATE_ADDRESS");
/// The key that was.
const BUILT_IN_KEY: Option<&str> = option_env!("TRIBUTARY_UPDATE_KEY");
/// The most that is read of a description, and of its signature.
const LONGEST_DESCRIPTION: u64 = 256 * 1024;
/// The most that a file may have.
const LONGEST_FILE: u64 = 2 * 1024 * 1024 * 1024;
/// How often a server may lead on to another.
const REDIRECTS: usize = 5;

/// What somebody decided about newer versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateSettings {
    /// Where they come from, instead of what was built in.
    pub channel: Option<Channel>,
    /// When it is looked for one.
    pub schedule: Schedule,
    /// When it was looked last.
    pub looked: Option<Timestamp>,
}

impl UpdateSettings {
    /// Whether it is time to look, as far as somebody wants that.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let every = match self.schedule {
            Schedule::ByHand => return false,
            Schedule::Daily => 24.hours(),
            Schedule::Weekly => (7 * 24).hours(),
        };
        // A clock that was put back does not stop it for ever.
        self.looked.is_none_or(|looked| {
            looked > now || looked.checked_add(every).is_ok_and(|next| next <= now)
        })
    }
}

/// When it is looked for a newer version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Schedule {
    /// When somebody asks.
    #[default]
    ByHand,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
}

/// Where newer versions come from, and who has to have signed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    address: Url,
    key: String,
}

impl Channel {
    /// Reads an address and a key as a person gives them: the key is the second line of what
    /// `minisign` calls the public key, or the whole file.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`].
    pub fn read(address: &str, key: &str) -> Result<Self, Error> {
        let address = Url::parse(address.trim()).ok().filter(Url::has_host);
        let address = address.ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "That is no address for updates")
                .remedy("Give it like `https://downloads.example.com/tributary/latest.json`")
        })?;
        secured(&address)?;
        let key = key.lines().map(str::trim).rfind(|line| !line.is_empty());
        let key = key.unwrap_or_default().to_owned();
        public_key(&key)?;
        Ok(Self { address, key })
    }

    /// Where the description of the latest version is.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// The public key.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// The channel that is in force: the administrator's, then somebody's own, then the one that was
/// built in; none where there is none of them.
///
/// # Errors
/// [`ErrorKind::Forbidden`] when the policy of the machine forbids updates, or cannot be read.
pub fn channel(settings: &UpdateSettings, policy: &Policy) -> Result<Option<Channel>, Error> {
    if let Some(channel) = policy.updates()? {
        return Ok(Some(channel));
    }
    if let Some(channel) = &settings.channel {
        return Ok(Some(channel.clone()));
    }
    match (BUILT_IN_ADDRESS, BUILT_IN_KEY) {
        (Some(address), Some(key)) if !address.is_empty() => Channel::read(address, key).map(Some),
        _ => Ok(None),
    }
}

/// How this program came onto the machine, which says who replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// As a file that holds all of it; it replaces itself.
    AppImage(PathBuf),
    /// By the system's package manager, which replaces it.
    Package,
    /// In another way, by whoever did it.
    Otherwise,
}

impl Installed {
    /// How the program of this process did.
    pub fn of_process() -> Self {
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        let program = std::env::current_exe().unwrap_or_default();
        Self::told(variable("APPIMAGE"), variable("APPDIR"), &program)
    }

    /// The same by what an AppImage sets for its program. A terminal that is an AppImage itself
    /// hands on what was set for it, so that the program has to be in the folder that is named.
    fn told(image: Option<PathBuf>, mounted: Option<PathBuf>, program: &Path) -> Self {
        let is_inside = mounted
            .and_then(|folder| folder.canonicalize().ok())
            .is_some_and(|folder| program.starts_with(folder));
        match image {
            Some(image) if is_inside && image.is_file() => Self::AppImage(image),
            _ if cfg!(target_os = "linux") && program.starts_with("/usr") => Self::Package,
            _ => Self::Otherwise,
        }
    }

    /// The name of the file for it in a description, on this system.
    pub fn artifact_name(&self) -> Option<String> {
        let system = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
        matches!(self, Self::AppImage(_)).then(|| format!("{system}-appimage"))
    }
}

/// What there is at a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Found {
    /// Nothing newer than what runs.
    Nothing,
    /// A newer version.
    Newer(Offer),
}

/// A newer version, which was verified to be one of whoever has the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    version: Version,
    notes: String,
    page: Option<Url>,
    /// From where its files are named: the channel's address, wherever that leads.
    described_at: Url,
    artifacts: BTreeMap<String, Artifact>,
}

impl Offer {
    /// Its version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// What is new in it.
    pub fn notes(&self) -> &str {
        &self.notes
    }

    /// The page that tells of it.
    pub fn page(&self) -> Option<&Url> {
        self.page.as_ref()
    }
}

/// What is described, of which the whole is signed.
#[derive(Debug, Deserialize)]
struct Description {
    version: Version,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    page: Option<Url>,
    #[serde(default)]
    artifacts: BTreeMap<String, Artifact>,
}

/// A file, by what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Artifact {
    /// Where it is, seen from the description.
    url: String,
    size: u64,
    sha256: String,
}

/// The version of this program.
///
/// # Panics
/// Never: Cargo takes no other versions.
pub fn running() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("Cargo checks the version of a package")
}

/// Looks for a version that is newer than one.
///
/// # Errors
/// [`ErrorKind::Offline`] when nothing is reached, [`ErrorKind::Forbidden`] when what is there is
/// not signed by whoever has the key, older, or led to without TLS, [`ErrorKind::NotFound`] when
/// nothing is described there.
pub async fn look(http: &Http, channel: &Channel, than: &Version) -> Result<Found, Error> {
    let description = fetch(http, &channel.address).await?;
    let mut signature = channel.address.clone();
    signature.set_path(&format!("{}.minisig", channel.address.path()));
    let signature = fetch(http, &signature).await?;
    offered(channel, &description, &signature, than)
}

/// What a description offers that is newer than a version, once its signature was verified.
///
/// # Errors
/// Those of [`look`].
pub fn offered(
    channel: &Channel,
    description: &[u8],
    signature: &[u8],
    than: &Version,
) -> Result<Found, Error> {
    verify(channel, description, signature)?;
    let host = channel.address.host_str().unwrap_or_default().to_owned();
    let description: Description = serde_json::from_slice(description).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "What `{host}` says of the latest version is signed and cannot be understood",
                host
            ),
        )
        .remedy("Tell whoever runs the server")
        .caused_by(error)
    })?;
    if description.version < *than {
        return Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{host}` offers version {version}, which is older than this one, {than}",
                host,
                version = description.version,
                than
            ),
        )
        .remedy("Nothing was changed; tell whoever runs the server"));
    }
    if description.version == *than {
        return Ok(Found::Nothing);
    }
    Ok(Found::Newer(Offer {
        version: description.version,
        notes: description.notes,
        page: description.page.filter(|page| page.scheme() == "https"),
        described_at: channel.address.clone(),
        artifacts: description.artifacts,
    }))
}

/// Fetches the file of a newer version, and puts it in the place of the one that runs, once it is
/// whole and the one that was signed. What runs goes on; the next start is the newer version.
///
/// # Errors
/// Those of [`look`], and [`ErrorKind::Storage`]. Then the file is as it was, and nothing is left
/// beside it.
pub async fn install(http: &Http, offer: &Offer, installed: &Installed) -> Result<(), Error> {
    let (Installed::AppImage(place), Some(name)) = (installed, installed.artifact_name()) else {
        return Err(
            Error::new(ErrorKind::Forbidden, "This program does not replace itself").remedy(
                match installed {
                    Installed::Package => "Update it with the package manager of your system",
                    _ => "Get the newer version from where you got this one",
                },
            ),
        );
    };
    let artifact = offer.artifacts.get(&name).ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            sentence!(
                "Version {version} has no file for `{name}`",
                version = offer.version,
                name
            ),
        )
        .remedy("Get it from where you got this one")
    })?;
    let url = offer.described_at.join(&artifact.url).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            "The address of the newer version's file is none",
        )
        .caused_by(error)
    })?;
    let successor = Successor::of(place)?;
    let mut file = tokio::fs::File::from_std(successor.handle()?);
    let most = artifact.size.min(LONGEST_FILE);
    let reply = follow(http, url, most, Some(&mut file)).await?;
    let host = offer.described_at.host_str().unwrap_or_default().to_owned();
    let artifact = artifact.clone();
    let verified = tokio::task::spawn_blocking(move || {
        let file = successor.handle()?;
        whole(file, &artifact, &host, reply.is_cut)?;
        successor.take_its_place()
    });
    verified.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Looking at the newer version broke off").caused_by(error)
    })?
}

/// Whether a file is the one that was signed, and a program for this machine.
fn whole(
    mut file: std::fs::File,
    artifact: &Artifact,
    host: &str,
    is_cut: bool,
) -> Result<(), Error> {
    let unread = |error: std::io::Error| {
        Error::new(ErrorKind::Storage, "The newer version cannot be read").caused_by(error)
    };
    let refused = |what: Sentence| {
        Error::new(ErrorKind::Forbidden, what)
            .remedy("Nothing was changed. Try again; when it stays, tell whoever runs the server")
    };
    let length = file.metadata().map_err(unread)?.len();
    if is_cut || length > artifact.size {
        return Err(refused(sentence!(
            "`{host}` sent more than the newer version has",
            host
        )));
    }
    if length < artifact.size {
        return Err(refused(sentence!(
            "`{host}` sent {length} of the {size} bytes of the newer version",
            host,
            length,
            size = artifact.size
        )));
    }
    file.rewind().map_err(unread)?;
    let mut sum = Sha256::new();
    let mut part = vec![0; 64 * 1024];
    let mut head: Option<Vec<u8>> = None;
    loop {
        let read = file.read(&mut part).map_err(unread)?;
        if read == 0 {
            break;
        }
        head.get_or_insert_with(|| part[..read.min(64)].to_vec());
        sum.update(&part[..read]);
    }
    let sum: String = sum
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if !sum.eq_ignore_ascii_case(&artifact.sha256) {
        return Err(refused(sentence!(
            "What `{host}` sent is not the newer version that was signed",
            host
        )));
    }
    if !is_for_this_machine(&head.unwrap_or_default()) {
        return Err(refused(Sentence::from(
            "The newer version's file is for another system, although it was signed for this one",
        )));
    }
    Ok(())
}

/// Whether a file begins as an AppImage for this processor does: as an ELF file with `AI` and the
/// second type of it where ELF leaves room, as the AppImage specification has it.
fn is_for_this_machine(head: &[u8]) -> bool {
    /// The numbers of processors in ELF.
    const X86_64: u16 = 62;
    const AARCH64: u16 = 183;
    let processor = match std::env::consts::ARCH {
        "x86_64" => X86_64,
        "aarch64" => AARCH64,
        _ => return false,
    };
    head.starts_with(b"\x7fELF")
        && head.get(8..11) == Some(b"AI\x02")
        && head.get(18..20) == Some(&processor.to_le_bytes())
}

/// Whether a description was signed with the key of a channel.
fn verify(channel: &Channel, description: &[u8], signature: &[u8]) -> Result<(), Error> {
    let host = channel.address.host_str().unwrap_or_default();
    let refused = |what: Sentence| {
        Error::new(ErrorKind::Forbidden, sentence!("What `{host}` says of the latest version {what}", host, what).with("what", what))
            .remedy(Remedy::of_each(
                "Nothing was changed. Compare the key under `updates` in the settings with the one that is published",
                "Nothing was changed. Compare the key under Settings, Updates with the one that is published",
            ))
    };
    let key = public_key(&channel.key)?;
    let read = std::str::from_utf8(signature).ok();
    let read = read.and_then(|text| Signature::decode(text).ok());
    let signature =
        read.ok_or_else(|| refused(Sentence::from("has no signature that can be read")))?;
    let verified = key.verify(description, &signature, false);
    verified.map_err(|error| {
        let what = match error {
            minisign_verify::Error::UnexpectedKeyId => Sentence::from("is signed with another key"),
            _ => Sentence::from("was changed after it was signed"),
        };
        refused(what).caused_by(error)
    })
}

fn public_key(key: &str) -> Result<PublicKey, Error> {
    PublicKey::from_base64(key).map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "That is no key for updates")
            .remedy(
                "Give the second line of the file with the public key, as `minisign` writes it; it begins with `RW`",
            )
            .caused_by(error)
    })
}

fn secured(url: &Url) -> Result<(), Error> {
    if url.scheme() == "https" && url.username().is_empty() && url.password().is_none() {
        return Ok(());
    }
    let host = url.host_str().unwrap_or_default();
    Err(Error::new(
        ErrorKind::Forbidden,
        sentence!(
            "Updates are fetched over `https` and without a user only, not so from `{host}`",
            host
        ),
    )
    .remedy("Nothing was changed. Use an address that begins with `https://`"))
}

async fn fetch(http: &Http, url: &Url) -> Result<Vec<u8>, Error> {
    let reply = follow(http, url.clone(), LONGEST_DESCRIPTION, None).await?;
    if reply.is_cut {
        let host = url.host_str().unwrap_or_default();
        return Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "What `{host}` says of the latest version is too long to be true",
                host
            ),
        )
        .remedy("Nothing was changed. Check the address for updates"));
    }
    Ok(reply.body.to_vec())
}

/// Asks for something, and goes where the server leads: also to another, since nothing goes along
/// that is secret, but never without TLS.
async fn follow(
    http: &Http,
    mut url: Url,
    most: u64,
    mut file: Option<&mut tokio::fs::File>,
) -> Result<Reply, Error> {
    for _ in 0..=REDIRECTS {
        secured(&url)?;
        let call = Call {
            method: Method::GET,
            url: url.clone(),
            endpoint: "update",
            credential: None,
            payload: Payload::None,
            // What breaks off is told, and somebody tries again.
            repeat: Repeat::Never,
            headers: HeaderMap::new(),
            most: Some(most),
        };
        let reply = match file.as_deref_mut() {
            Some(file) => http.download(call, file).await?,
            None => http.send(call).await?,
        };
        let host = url.host_str().unwrap_or_default();
        if reply.status.is_success() {
            return Ok(reply);
        }
        let onward = reply
            .headers
            .get(LOCATION)
            .filter(|_| reply.status.is_redirection());
        let onward = onward.and_then(|to| to.to_str().ok());
        match onward.and_then(|to| url.join(to).ok()) {
            Some(to) => url = to,
            None => {
                let kind = match reply.status {
                    StatusCode::NOT_FOUND | StatusCode::GONE => ErrorKind::NotFound,
                    _ => ErrorKind::Offline,
                };
                let said = reply.status.as_u16();
                let what = sentence!(
                    "`{host}` has no update at `{path}`: it says {said}",
                    host,
                    path = url.path(),
                    said
                );
                return Err(Error::new(kind, what).remedy("Check the address for updates"));
            }
        }
    }
    let host = url.host_str().unwrap_or_default();
    Err(Error::new(
        ErrorKind::Offline,
        sentence!(
            "`{host}` leads on and on instead of giving the update",
            host
        ),
    )
    .remedy("Tell whoever runs the server"))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use jiff::Timestamp;

    use super::{Channel, Installed, Schedule, UpdateSettings, is_for_this_machine};
    use crate::error::ErrorKind;

    #[test]
    fn a_channel_is_secured_and_has_a_key() {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().expect("a key");
        let key = &pair.pk.to_base64();
        let address = "https://downloads.example.com/latest.json";
        let file = format!("untrusted comment: minisign public key\n{key}\n");
        let channel = Channel::read(address, &file).expect("a channel");
        assert_eq!(channel.address().as_str(), address);
        assert_eq!(channel.key(), key);
        let broken = &key[..20];
        for (address, key, kind) in [
            (
                "http://downloads.example.com/latest.json",
                key.as_str(),
                ErrorKind::Forbidden,
            ),
            (
                "https://ada:canary@example.com/latest.json",
                key,
                ErrorKind::Forbidden,
            ),
            ("latest.json", key, ErrorKind::InvalidInput),
            (address, "", ErrorKind::InvalidInput),
            (address, broken, ErrorKind::InvalidInput),
        ] {
            let error = Channel::read(address, key).expect_err(address);
            assert_eq!(error.kind(), kind, "{address} {key}");
            assert!(!error.chain().contains("canary"), "{address}");
        }
    }

    #[test]
    fn only_a_program_inside_of_an_appimage_is_one() {
        let home = tempfile::tempdir().expect("a folder");
        let home = home.path().canonicalize().expect("a folder");
        let image = home.join("Tributary.AppImage");
        crate::store::write_atomically(&image, b"image").expect("it is written");
        let told = |image: &Path, mounted: &Path, program: &str| {
            let (image, mounted) = (image.to_path_buf(), mounted.to_path_buf());
            Installed::told(Some(image), Some(mounted), Path::new(program))
        };
        let inside = format!("{}/usr/bin/tributary-desktop", home.display());
        assert_eq!(
            told(&image, &home, &inside),
            Installed::AppImage(image.clone())
        );
        // What a terminal was started from, which is another program.
        let terminal = told(&image, &home, "/opt/tributary/tributary-desktop");
        assert_eq!(terminal, Installed::Otherwise);
        let packaged = told(&image, &home, "/usr/bin/tributary-desktop");
        assert_eq!(packaged, Installed::Package);
        let gone = told(&home.join("gone"), &home, &inside);
        assert_eq!(gone, Installed::Otherwise);
        let unset = Installed::told(None, None, &PathBuf::from(inside));
        assert_eq!(unset, Installed::Otherwise);
    }

    #[test]
    fn it_is_looked_as_often_as_somebody_wants_and_otherwise_not() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2026-11-28T12:00:00Z");
        for (schedule, looked, is_due) in [
            (Schedule::ByHand, None, false),
            (Schedule::ByHand, Some("2020-01-01T00:00:00Z"), false),
            (Schedule::Daily, None, true),
            (Schedule::Daily, Some("2026-11-27T12:00:01Z"), false),
            (Schedule::Daily, Some("2026-11-27T12:00:00Z"), true),
            (Schedule::Weekly, Some("2026-11-22T12:00:00Z"), false),
            (Schedule::Weekly, Some("2026-11-21T12:00:00Z"), true),
            (Schedule::Weekly, Some("2027-01-01T00:00:00Z"), true),
        ] {
            let settings = UpdateSettings {
                schedule,
                looked: looked.map(at),
                ..UpdateSettings::default()
            };
            assert_eq!(settings.is_due(now), is_due, "{schedule:?} {looked:?}");
        }
    }

    #[test]
    fn a_file_of_another_kind_or_processor_is_none_for_this_machine() {
        let head = |kind: &[u8], processor: u16| {
            let mut head = vec![0; 64];
            head[..4].copy_from_slice(b"\x7fELF");
            head[8..11].copy_from_slice(kind);
            head[18..20].copy_from_slice(&processor.to_le_bytes());
            head
        };
        let (here, elsewhere) = match cfg!(target_arch = "aarch64") {
            true => (183, 62),
            false => (62, 183),
        };
        assert!(is_for_this_machine(&head(b"AI\x02", here)));
        assert!(!is_for_this_machine(&head(b"AI\x02", elsewhere)));
        assert!(!is_for_this_machine(&head(b"\0\0\0", here)));
        assert!(!is_for_this_machine(b"MZ"));
    }
}
