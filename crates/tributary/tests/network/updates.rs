//! Newer versions of the program from a server behind a company's proxy and authority: what is right
//! is put in place, and everything else is refused and leaves nothing behind.

use std::path::{Path, PathBuf};
use std::time::Duration;

use minisign::KeyPair;
use semver::Version;
use tributary::account::Policy;
use tributary::http::Http;
use tributary::network::{ManualProxy, ProxyChoice};
use tributary::settings::Settings;
use tributary::store::{Paths, write_atomically};
use tributary::updates::{
    Channel, Found, Installed, Schedule, UpdateSettings, channel, install, look,
};
use tributary::{Error, ErrorKind};
use tributary_testbed::company::answer;
use tributary_testbed::downloads::{DESCRIPTION, Downloads, FILE, SIGNATURE, program, sign, sum};

use crate::reach::Company;

const BEFORE: &str = "the version before";

/// A server of updates, and a program that was put somewhere as an AppImage.
struct Stand {
    company: Company,
    downloads: Downloads,
    image: PathBuf,
}

impl Stand {
    fn new() -> Self {
        let mut company = Company::new();
        let downloads = Downloads::new(&company.authority);
        company.settings.proxy = ProxyChoice::Manual(ManualProxy {
            address: ManualProxy::read_address(&downloads.proxy.address()).expect("an address"),
            user: None,
            exceptions: Vec::new(),
        });
        downloads.offer("9.0.0", &program("the newer version"));
        let image = company.put("place/Tributary.AppImage", BEFORE.as_bytes());
        Self {
            company,
            downloads,
            image,
        }
    }

    fn channel(&self) -> Channel {
        Channel::read(&self.downloads.address(), &self.downloads.key()).expect("a channel")
    }

    fn http(&self) -> Http {
        let network = self.company.network().expect("it fits");
        Http::over(network, Duration::from_secs(20)).expect("a client")
    }

    async fn look(&self) -> Result<Found, Error> {
        look(&self.http(), &self.channel(), &Version::new(1, 0, 0)).await
    }

    /// Looks, and puts in place what is found.
    async fn update(&self) -> Result<(), Error> {
        match self.look().await? {
            Found::Newer(offer) => {
                install(
                    &self.http(),
                    &offer,
                    &Installed::AppImage(self.image.clone()),
                )
                .await
            }
            Found::Nothing => panic!("nothing is newer"),
        }
    }

    /// Everything beside the program, with what it holds.
    fn beside(&self) -> Vec<(PathBuf, String)> {
        let folder = self.image.parent().expect("a folder");
        let entries = std::fs::read_dir(folder).expect("a folder");
        let read = |path: PathBuf| {
            let text = std::fs::read_to_string(&path).expect("text");
            (path, text)
        };
        entries
            .map(|entry| read(entry.expect("an entry").path()))
            .collect()
    }

    async fn is_refused(&self, kind: ErrorKind, words: &str) {
        let error = self.update().await.expect_err(words);
        assert_eq!(error.kind(), kind, "{}", error.chain());
        assert!(error.to_string().contains(words), "{}", error.chain());
        assert!(error.way_out().is_some(), "{}", error.chain());
        let before = vec![(self.image.clone(), BEFORE.to_owned())];
        assert_eq!(self.beside(), before, "{words}");
    }
}

#[tokio::test]
async fn a_newer_version_takes_the_place_of_the_program() {
    use std::os::unix::fs::PermissionsExt;

    let stand = Stand::new();
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&stand.image, executable).expect("it is ours");
    let found = stand.look().await.expect("it is there");
    let Found::Newer(offer) = found else {
        panic!("nothing is newer")
    };
    assert_eq!(offer.version(), &Version::new(9, 0, 0));
    assert_eq!(offer.notes(), "Faster.");
    stand.update().await.expect("it is put in place");
    let newer = program("the newer version");
    assert_eq!(stand.beside(), vec![(stand.image.clone(), newer)]);
    let mode = std::fs::metadata(&stand.image)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o755);

    // All of it went through the proxy, and said nothing but which program asks.
    assert!(!stand.downloads.proxy.heads().is_empty());
    for head in &stand.downloads.asked() {
        let mut names: Vec<String> = head
            .lines()
            .skip(1)
            .filter_map(|line| Some(line.split_once(':')?.0.to_ascii_lowercase()))
            .collect();
        names.sort();
        assert_eq!(
            names,
            ["accept", "accept-encoding", "host", "user-agent"],
            "{head}"
        );
        assert!(
            head.contains(concat!("Tributary/", env!("CARGO_PKG_VERSION"))),
            "{head}"
        );
        assert!(
            !head.lines().next().expect("a line").contains('?'),
            "{head}"
        );
    }
}

#[tokio::test]
async fn the_same_version_is_nothing_and_an_earlier_one_is_refused() {
    let stand = Stand::new();
    stand.downloads.offer("1.0.0", &program("the same"));
    assert_eq!(stand.look().await.expect("it is there"), Found::Nothing);
    for earlier in ["0.9.9", "1.0.0-beta.1"] {
        stand.downloads.offer(earlier, &program("an earlier one"));
        stand
            .is_refused(ErrorKind::Forbidden, "is older than this one")
            .await;
    }
}

#[tokio::test]
async fn what_the_owner_of_the_key_did_not_sign_is_refused() {
    let stand = Stand::new();
    let description = serde_json::json!({"version": "9.0.0"}).to_string();
    let others = KeyPair::generate_unencrypted_keypair().expect("a key");
    stand
        .downloads
        .put(DESCRIPTION, answer("200 OK", "", &description));
    stand.downloads.put(
        SIGNATURE,
        answer("200 OK", "", &sign(&others, &description)),
    );
    stand
        .is_refused(ErrorKind::Forbidden, "is signed with another key")
        .await;

    stand.downloads.put(
        SIGNATURE,
        answer("200 OK", "", &sign(&stand.downloads.keys, &description)),
    );
    stand.downloads.put(
        DESCRIPTION,
        answer("200 OK", "", &description.replace('9', "8")),
    );
    stand
        .is_refused(ErrorKind::Forbidden, "was changed after it was signed")
        .await;

    stand
        .downloads
        .put(DESCRIPTION, answer("200 OK", "", &description[..12]));
    stand
        .is_refused(ErrorKind::Forbidden, "was changed after it was signed")
        .await;

    stand
        .downloads
        .put(SIGNATURE, answer("200 OK", "", "signed, believe me"));
    stand
        .is_refused(ErrorKind::Forbidden, "has no signature")
        .await;
    stand
        .downloads
        .put(SIGNATURE, answer("404 Not Found", "", ""));
    stand.is_refused(ErrorKind::NotFound, "it says 404").await;
}

#[tokio::test]
async fn a_file_that_is_not_the_one_that_was_signed_is_refused() {
    let stand = Stand::new();
    let right = program("the newer version");
    let other = program("the never version");
    assert_eq!(right.len(), other.len());
    stand.downloads.put(FILE, answer("200 OK", "", &other));
    stand
        .is_refused(
            ErrorKind::Forbidden,
            "is not the newer version that was signed",
        )
        .await;

    // As a server says it that has no more, and as one does that breaks off.
    let short = &right[..right.len() - 3];
    stand.downloads.put(FILE, answer("200 OK", "", short));
    stand
        .is_refused(ErrorKind::Forbidden, "bytes of the newer version")
        .await;
    let (head, _) = answer("200 OK", "", &right)
        .split_once("\r\n\r\n")
        .map(|(head, body)| (head.to_owned(), body.len()))
        .expect("a head");
    stand.downloads.put(FILE, format!("{head}\r\n\r\n{short}"));
    stand.is_refused(ErrorKind::Offline, "broke off").await;

    stand
        .downloads
        .put(FILE, answer("200 OK", "", &format!("{right} and more")));
    stand
        .is_refused(ErrorKind::Forbidden, "more than the newer version has")
        .await;
    stand
        .downloads
        .put(FILE, answer("503 Service Unavailable", "", "later"));
    stand.is_refused(ErrorKind::Offline, "it says 503").await;
}

#[tokio::test]
async fn a_file_for_another_system_is_refused() {
    let stand = Stand::new();
    let file = program("the newer version");
    let artifact = serde_json::json!({"url": FILE, "size": file.len(), "sha256": sum(&file)});
    stand.downloads.describe(&serde_json::json!({
        "version": "9.0.0",
        "artifacts": {"windows-x86_64-msi": artifact},
    }));
    stand
        .is_refused(ErrorKind::NotFound, "has no file for")
        .await;
    // Signed for this system by mistake.
    stand.downloads.offer("9.0.0", "MZ of another system");
    stand
        .is_refused(ErrorKind::Forbidden, "is for another system")
        .await;
}

#[tokio::test]
async fn it_follows_to_other_servers_but_never_without_tls() {
    let plain = "http://downloads.acme.com/tributary/latest.json";
    let stand = Stand::new();
    let error = Channel::read(plain, &stand.downloads.key()).expect_err("not secured");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    let to = |address: &str| answer("302 Found", &format!("location: {address}\r\n"), "");
    for path in [DESCRIPTION, SIGNATURE, FILE] {
        let right = stand.downloads.answer_at(path).expect("it is there");
        stand.downloads.put(
            path,
            to(&format!("http://downloads.acme.com{path}.elsewhere")),
        );
        stand
            .downloads
            .put(&format!("{path}.elsewhere"), right.clone());
        stand.is_refused(ErrorKind::Forbidden, "over `https`").await;
        stand.downloads.put(path, right);
    }
    for path in [DESCRIPTION, SIGNATURE, FILE] {
        stand
            .downloads
            .put(path, to(&format!("https://files.acme.com{path}.elsewhere")));
    }
    stand.update().await.expect("it is put in place");
    assert_eq!(stand.beside()[0].1, program("the newer version"));
}

#[tokio::test]
async fn who_has_it_from_a_package_manager_is_told_to_ask_that() {
    let stand = Stand::new();
    let Found::Newer(offer) = stand.look().await.expect("it is there") else {
        panic!("nothing is newer")
    };
    for (installed, remedy) in [
        (Installed::Package, "package manager"),
        (Installed::Otherwise, "where you got this one"),
    ] {
        let refused = install(&stand.http(), &offer, &installed).await;
        let refused = refused.expect_err("it is not replaced");
        assert!(
            refused
                .remedy_text()
                .is_some_and(|text| text.contains(remedy))
        );
    }
    let gone = Installed::AppImage(Path::new("/nowhere/Tributary.AppImage").to_path_buf());
    let error = install(&stand.http(), &offer, &gone)
        .await
        .expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::Storage);
}

#[test]
fn the_policy_s_channel_is_before_one_s_own_and_it_may_forbid_all() {
    let home = tempfile::tempdir().expect("a folder");
    let paths = Paths::below(home.path());
    let [own, administrator] = [0, 1].map(|_| {
        let keys = KeyPair::generate_unencrypted_keypair().expect("a key");
        keys.pk.to_base64()
    });
    let address = "https://downloads.acme.com/latest.json";
    let own = Channel::read(address, &own).expect("a channel");
    let file = home.path().join("policy.json");
    let policy = |updates: &serde_json::Value| {
        let policy = serde_json::json!({"version": 1, "updates": updates});
        write_atomically(&file, policy.to_string().as_bytes()).expect("it is written");
        Policy::load(&file)
    };
    let none = Policy::load(&home.path().join("gone")).expect("none");
    assert_eq!(
        channel(&UpdateSettings::default(), &none).expect("none"),
        None
    );

    // What somebody chose is there at the next start.
    let looked = "2026-11-28T12:00:00Z".parse().expect("a time");
    let mut settings = Settings::default();
    settings.updates = UpdateSettings {
        channel: Some(own.clone()),
        schedule: Schedule::Weekly,
        looked: Some(looked),
    };
    settings.save(&paths).expect("they are written");
    assert_eq!(
        Settings::load(&paths).expect("they are read").updates,
        settings.updates
    );
    let found = channel(&settings.updates, &none).expect("a channel");
    assert_eq!(found, Some(own.clone()));

    let silent = policy(&serde_json::json!({"allowed": true})).expect("a policy");
    assert_eq!(
        channel(&settings.updates, &silent).expect("a channel"),
        Some(own)
    );
    let named =
        serde_json::json!({"address": "https://it.acme.com/tributary.json", "key": administrator});
    let named = policy(&named).expect("a policy");
    let found = channel(&settings.updates, &named)
        .expect("a channel")
        .expect("a channel");
    assert_eq!(found.key(), administrator);
    settings.updates.channel = None;
    assert!(channel(&settings.updates, &named).is_ok_and(|found| found.is_some()));
    let forbidden = policy(&serde_json::json!({"allowed": false})).expect("a policy");
    let error = channel(&settings.updates, &forbidden).expect_err("forbidden");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    for wrong in [
        serde_json::json!({"address": "http://it.acme.com/tributary.json", "key": administrator}),
        serde_json::json!({"address": "https://it.acme.com/tributary.json"}),
        serde_json::json!({"alowed": false}),
    ] {
        let error = policy(&wrong).expect_err("no policy");
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{wrong}");
    }
}

#[test]
fn half_a_channel_in_the_settings_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let paths = Paths::below(home.path());
    for (text, said) in [
        (
            "[updates]\naddress = \"https://a.example/latest.json\"\n",
            "key",
        ),
        ("[updates]\nlook = \"hourly\"\n", "look"),
        ("[updates]\nadress = \"x\"\n", "adress"),
    ] {
        write_atomically(&Settings::file(&paths), text.as_bytes()).expect("it is written");
        let error = Settings::load(&paths).expect_err(text);
        assert!(error.chain().contains(said), "{}", error.chain());
    }
}

#[tokio::test]
async fn what_the_release_writes_is_what_the_program_reads() {
    let stand = Stand::new();
    let file = program("the version of the release");
    let made = stand
        .company
        .put("made/Tributary.AppImage", file.as_bytes());
    let package = stand.company.put("made/tributary.deb", b"!<arch>");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/describe-update");
    let describe = |at: &str| {
        let mut described = std::process::Command::new(&script);
        described.args(["--version", "9.0.0", "--at", at]);
        described.args(["--page", "https://downloads.acme.com/tributary/"]);
        described.args([&package, &made]).output().expect("it runs")
    };
    assert!(
        !describe("http://downloads.acme.com/tributary/")
            .status
            .success()
    );
    let described = describe("https://downloads.acme.com/tributary/");
    assert!(described.status.success(), "{described:?}");
    let description = String::from_utf8(described.stdout).expect("text");
    stand.downloads.put(
        SIGNATURE,
        answer("200 OK", "", &sign(&stand.downloads.keys, &description)),
    );
    stand
        .downloads
        .put(DESCRIPTION, answer("200 OK", "", &description));
    stand.downloads.put(FILE, answer("200 OK", "", &file));
    stand.update().await.expect("it is put in place");
    assert_eq!(stand.beside(), vec![(stand.image.clone(), file)]);
}
