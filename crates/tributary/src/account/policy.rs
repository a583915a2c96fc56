//! The administrator's policy: one file for the whole machine, which this program only reads.
//!
//! Its schema is `docs/schemas/policy.schema.json`. A policy that is there and cannot be read stops
//! everything that it could forbid: nobody knows what it said. So does one that others than an
//! administrator can write: it could send people's codes and tokens elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Table;

use super::provider::{Applications, Place, Product, Provider, Providers, Purpose, TokenKind};
use super::record::Mode;
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::Http;
use crate::network::{ManualProxy, NetworkSettings, ProxyChoice, read_authorities, read_script};
use crate::store::read_if_there;
use crate::updates::Channel;
use crate::vault::Backend;

/// What applies to every provider that has no entry of its own, and beside it.
const EVERY: &str = "*";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// What the administrator decided.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    file: Option<File>,
    digest: Option<String>,
    path: PathBuf,
    /// By the host, what its authorities vouch with.
    authorities: Vec<(String, Vec<u8>)>,
    /// Whether only an administrator may be able to write it.
    is_of_machine: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(default)]
    contact: Option<String>,
    #[serde(default)]
    providers: BTreeMap<String, Rules>,
    #[serde(default)]
    vault: Option<VaultRules>,
    /// The files of authorities that vouch for single hosts.
    #[serde(default)]
    authorities: BTreeMap<String, PathBuf>,
    /// How servers are reached.
    #[serde(default)]
    network: Option<NetworkRules>,
    /// Whether and from where this program is updated.
    #[serde(default)]
    updates: Option<UpdateRules>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRules {
    #[serde(default)]
    allowed: Option<bool>,
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    key: Option<String>,
}

impl UpdateRules {
    fn channel(&self) -> Result<Option<Channel>, Error> {
        match (&self.address, &self.key) {
            (None, None) => Ok(None),
            (address, key) => Channel::read(
                address.as_deref().unwrap_or_default(),
                key.as_deref().unwrap_or_default(),
            )
            .map(Some),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkRules {
    /// `system`, `none` or an address; nobody chooses another then.
    #[serde(default)]
    proxy: Option<String>,
    #[serde(default)]
    proxy_exceptions: Vec<String>,
    /// The address of a script that chooses the proxy, instead of `proxy`.
    #[serde(default)]
    proxy_script: Option<String>,
    #[serde(default)]
    ca_files: Vec<PathBuf>,
}

impl NetworkRules {
    fn proxy(&self) -> Result<Option<ProxyChoice>, Error> {
        if let Some(script) = &self.proxy_script {
            if self.proxy.is_some() {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    "It names a proxy and a script that chooses one",
                ));
            }
            return read_script(script).map(ProxyChoice::Script).map(Some);
        }
        Ok(match self.proxy.as_deref() {
            None => None,
            Some("system") => Some(ProxyChoice::System),
            Some("none") => Some(ProxyChoice::None),
            Some(address) => Some(ProxyChoice::Manual(ManualProxy {
                address: ManualProxy::read_address(address)?,
                user: None,
                exceptions: self.proxy_exceptions.clone(),
            })),
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    #[serde(default)]
    allowed: Option<bool>,
    #[serde(default)]
    hosts: Option<Vec<String>>,
    #[serde(default)]
    mode: Option<Mode>,
    #[serde(default)]
    token_kinds: Option<Vec<String>>,
    #[serde(default)]
    max_token_days: Option<u32>,
    #[serde(default)]
    read_only: Option<bool>,
    #[serde(default)]
    applications: BTreeMap<String, Applications>,
    #[serde(default)]
    change: Option<Table>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct VaultRules {
    allow: Vec<Backend>,
}

impl Policy {
    /// Reads the policy of this machine.
    ///
    /// # Errors
    /// As [`Policy::of_administrator`].
    pub fn of_machine() -> Result<Self, Error> {
        Self::of_administrator(&usual_path())
    }

    /// Reads a policy that only an administrator may have written, as far as the platform tells: on
    /// Unix it, its folder and those above belong to root, and nobody else may write there; on
    /// Windows this program may not write it.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when there is one that cannot be read or understood, or that others
    /// can write.
    pub fn of_administrator(path: &Path) -> Result<Self, Error> {
        let policy = Self::load(path)?;
        let named = policy.file.iter().map(|file| &file.authorities);
        let files = named.flat_map(BTreeMap::values).map(PathBuf::as_path);
        let network = policy.file.iter().filter_map(|file| file.network.as_ref());
        let network = network.flat_map(|rules| rules.ca_files.iter().map(PathBuf::as_path));
        let files: Vec<&Path> = files.chain(network).chain([path]).collect();
        let is_open = |file: &&&Path| policy.is_there() && !is_protected(file);
        if let Some(open) = files.iter().find(is_open) {
            let what = if *open == path {
                Sentence::from("the policy")
            } else {
                Sentence::from("the authority that the policy names,")
            };
            return Err(Error::new(
                ErrorKind::Forbidden,
                sentence!("Others than the administrator can write {what} `{open}`, so it is not followed, \
                     and nobody can sign in", what, open = open.display())
                     .with("what", what),
            )
            .remedy(PROTECT));
        }
        Ok(Self {
            is_of_machine: true,
            ..policy
        })
    }

    /// Reads the same policy once more.
    pub(super) fn reload(&self) -> Result<Self, Error> {
        if self.is_of_machine {
            Self::of_administrator(&self.path)
        } else {
            Self::load(&self.path)
        }
    }

    /// Reads a policy, whoever wrote it; without a file everything is allowed.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when there is one that cannot be read or understood.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let stops = |why: Error| {
            Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "The administrator's policy `{path}` cannot be read, so nobody can sign in",
                    path = path.display()
                ),
            )
            .remedy("Ask the administrator to mend it")
            .caused_by(why)
        };
        let Some(bytes) = read_if_there(path).map_err(stops)? else {
            return Ok(Self {
                path: path.to_path_buf(),
                ..Self::default()
            });
        };
        let file: File = serde_json::from_slice(&bytes).map_err(|error| {
            stops(
                Error::new(ErrorKind::InvalidInput, "It does not fit its schema").caused_by(error),
            )
        })?;
        if file.version != 1 {
            return Err(stops(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "It is of version {version}, and this program knows 1",
                    version = file.version
                ),
            )));
        }
        let mut authorities = Vec::new();
        for (host, path) in &file.authorities {
            let read = read_if_there(path).map_err(stops)?;
            let pem = read.filter(|_| path.is_absolute()).ok_or_else(|| {
                stops(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("The authority `{path}` is not there", path = path.display()),
                ))
            })?;
            authorities.push((host.clone(), pem));
        }
        if let Some(rules) = &file.network {
            rules.proxy().map_err(stops)?;
            for path in &rules.ca_files {
                if !path.is_absolute() {
                    return Err(stops(Error::new(
                        ErrorKind::InvalidInput,
                        sentence!(
                            "The authority `{path}` has no absolute path",
                            path = path.display()
                        ),
                    )));
                }
                read_authorities(path).map_err(stops)?;
            }
        }
        if let Some(rules) = &file.updates {
            rules.channel().map_err(stops)?;
        }
        let mut digest = String::new();
        for byte in Sha256::digest(&bytes) {
            write!(digest, "{byte:02x}").ok();
        }
        Ok(Self {
            file: Some(file),
            digest: Some(digest),
            path: path.to_path_buf(),
            authorities,
            is_of_machine: false,
        })
    }

    /// Whether there is one.
    pub fn is_there(&self) -> bool {
        self.file.is_some()
    }

    /// Where it is, or would be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// SHA-256 of the file; none without one.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Lets the authorities that it names vouch for their hosts, and no others.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when one is none.
    pub(super) fn trust(&self, http: &Http) -> Result<(), Error> {
        http.trust(&self.authorities).map_err(|error| {
            Error::new(
                ErrorKind::Forbidden,
                "An authority that the administrator's policy names is none, so nobody can sign in",
            )
            .remedy("Ask the administrator to mend it")
            .caused_by(error)
        })
    }

    /// How servers are reached: as somebody decided, with the proxy that it names instead where it
    /// names one, and with its authorities beside the others. Says whether it names a proxy.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the proxy that it names is none.
    pub fn network(&self, settings: &NetworkSettings) -> Result<(NetworkSettings, bool), Error> {
        let mut network = settings.clone();
        let rules = self.file.as_ref().and_then(|file| file.network.as_ref());
        let Some(rules) = rules else {
            return Ok((network, false));
        };
        network
            .ca_files
            .splice(0..0, rules.ca_files.iter().cloned());
        let Some(mut proxy) = rules.proxy()? else {
            return Ok((network, false));
        };
        // Who it lets through is no decision for a whole machine.
        if let (ProxyChoice::Manual(named), ProxyChoice::Manual(own)) =
            (&mut proxy, &settings.proxy)
            && named.address == own.address
        {
            named.user.clone_from(&own.user);
        }
        network.proxy = proxy;
        Ok((network, true))
    }

    /// The channel that it names for updates; none where it leaves that to others.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when it forbids them, [`ErrorKind::InvalidInput`] when the channel
    /// is none.
    pub fn updates(&self) -> Result<Option<Channel>, Error> {
        let rules = self.file.as_ref().and_then(|file| file.updates.as_ref());
        let Some(rules) = rules else {
            return Ok(None);
        };
        if rules.allowed == Some(false) {
            return Err(self.forbids("This program does not look for updates of itself"));
        }
        rules.channel()
    }

    /// What is left of the settings' changes of providers: everything where there is no policy.
    /// Where there is one, applications of one's own and the ports for the browser, and nothing
    /// that could lead around it, such as another address or a provider by another name.
    pub(super) fn permits(&self, settings: &Table) -> Table {
        if self.file.is_none() {
            return settings.clone();
        }
        let mut left = Table::new();
        for (id, change) in settings {
            let Some(change) = change.as_table() else {
                continue;
            };
            let mut kept = change.clone();
            kept.retain(|key, _| matches!(key, "client_id" | "applications" | "redirect"));
            if Providers::is_shipped(id) && !kept.is_empty() {
                left.insert(id.clone(), toml::Value::Table(kept));
            }
        }
        left
    }

    /// What it changes of the providers' data.
    pub(super) fn changes(&self) -> Table {
        let mut changes = Table::new();
        for (id, rules) in self.file.iter().flat_map(|file| &file.providers) {
            if let Some(change) = &rules.change {
                changes.insert(id.clone(), toml::Value::Table(change.clone()));
            }
        }
        changes
    }

    /// The id of the application that it names for a mode at a place.
    pub(super) fn application(&self, place: &Place, mode: Mode) -> Option<&str> {
        let file = self.file.as_ref()?;
        let rules = file.providers.get(place.provider().id())?;
        Applications::at(&rules.applications, &place.host(), mode)
    }

    /// Whether an application may be the one that signs in at a place for a mode.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] saying which is.
    pub(super) fn allows_application(
        &self,
        place: &Place,
        mode: Mode,
        client_id: &str,
    ) -> Result<(), Error> {
        match self.application(place, mode) {
            Some(named) if named != client_id => Err(self.forbids(&format!(
                "`{named}` is the application that signs in at `{}` for {}",
                place.host(),
                mode.in_words()
            ))),
            _ => Ok(()),
        }
    }

    /// The mode that it locks a provider to.
    pub fn locked_mode(&self, provider: &Provider) -> Option<Mode> {
        self.rule(provider.id(), |rules| rules.mode)
    }

    /// Whether people may sign in at a place at all.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] saying what is allowed.
    pub fn allows_place(&self, place: &Place) -> Result<(), Error> {
        let provider = place.provider();
        if self.rule(provider.id(), |rules| rules.allowed) == Some(false) {
            return Err(self.forbids(&format!("{} is not allowed", provider.name)));
        }
        if place.has_sites() {
            // One grant reaches several sites; it is they that are the hosts.
            return Ok(());
        }
        self.allows_host(provider, &place.host())
    }

    /// Whether something may be done at a host: a place's, or a site's that an account reaches.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] saying which are allowed.
    pub fn allows_host(&self, provider: &Provider, host: &str) -> Result<(), Error> {
        let hosts = self.rule(provider.id(), |rules| rules.hosts.clone());
        let Some(hosts) = hosts else {
            return Ok(());
        };
        if hosts
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(host))
        {
            return Ok(());
        }
        Err(self.forbids(&format!(
            "`{host}` is not one of the hosts that are allowed for {}: {}",
            provider.name,
            hosts.join(", ")
        )))
    }

    /// Whether a mode may be used for a provider.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub fn allows_mode(&self, provider: &Provider, mode: Mode) -> Result<(), Error> {
        match self.locked_mode(provider) {
            Some(locked) if locked != mode => Err(self.forbids(&format!(
                "{} is locked to {}",
                provider.name,
                locked.in_words()
            ))),
            _ => Ok(()),
        }
    }

    /// Whether a grant for this may be asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub fn allows_purpose(&self, provider: &Provider, purpose: Purpose) -> Result<(), Error> {
        let read_only = self.rule(provider.id(), |rules| rules.read_only) == Some(true);
        if read_only && purpose != Purpose::Read {
            return Err(self.forbids(&format!(
                "Only grants for reading are allowed for {}",
                provider.name
            )));
        }
        Ok(())
    }

    /// Whether scopes that were granted go no further than they may.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub fn allows_scopes(&self, provider: &Provider, scopes: &[String]) -> Result<(), Error> {
        let read_only = self.rule(provider.id(), |rules| rules.read_only) == Some(true);
        if read_only && provider.writes(scopes) {
            return Err(self.forbids(&format!(
                "{} granted the right to write, and only reading is allowed",
                provider.name
            )));
        }
        Ok(())
    }

    /// Whether a token made by hand may be used; `ends` is when it ends, as its owner says.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub fn allows_token(
        &self,
        provider: &Provider,
        kind: &str,
        added: Timestamp,
        ends: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let kinds = self.rule(provider.id(), |rules| rules.token_kinds.clone());
        if let Some(kinds) = kinds
            && !kinds.iter().any(|allowed| allowed == kind)
        {
            let words = kind.replace('_', " ");
            return Err(self.forbids(&format!(
                "A token of the kind `{words}` is not allowed for {}",
                provider.name
            )));
        }
        let read_only = self.rule(provider.id(), |rules| rules.read_only) == Some(true);
        if read_only && provider.product == Product::Confluence {
            // What a token may do is not written on it.
            return Err(self.forbids(&format!(
                "Only grants for reading are allowed for {}, and a token can do all that its \
                 owner can",
                provider.name
            )));
        }
        let Some(days) = self.rule(provider.id(), |rules| rules.max_token_days) else {
            return Ok(());
        };
        let longest = i64::from(days) * DAY_SECONDS;
        let age = now.as_second() - added.as_second();
        if age > longest {
            return Err(self.forbids(&format!(
                "The token is older than the {days} days that are allowed for {}",
                provider.name
            )));
        }
        match ends {
            Some(ends) if ends.as_second() - added.as_second() <= longest + DAY_SECONDS => Ok(()),
            Some(_) => Err(self.forbids(&format!(
                "A token for {} may live {days} days at most",
                provider.name
            ))),
            None => Err(self
                .forbids(&format!(
                    "A token for {} may live {days} days at most, and nobody said when this one \
                     ends",
                    provider.name
                ))
                .remedy(Remedy::of_each(
                    "Say it with `--token-ends YYYY-MM-DD`",
                    "Say on which day it ends",
                ))),
        }
    }

    /// Whether secrets may be kept in a place.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub fn allows_vault(&self, backend: Backend) -> Result<(), Error> {
        let rules = self.file.as_ref().and_then(|file| file.vault.as_ref());
        match rules {
            Some(rules) if !rules.allow.contains(&backend) => Err(self.forbids(&format!(
                "Tokens may not be kept in the place `{}`",
                backend.name()
            ))),
            _ => Ok(()),
        }
    }

    /// What it says, as sentences for people.
    pub fn in_words(&self) -> Vec<String> {
        let sentences = self.sentences(str::to_owned);
        sentences.iter().map(ToString::to_string).collect()
    }

    /// The same, to be said in another language; `name_of` says what a provider is called by its id.
    pub fn sentences(&self, name_of: impl Fn(&str) -> String) -> Vec<Sentence> {
        let mut lines = Vec::new();
        let Some(file) = &self.file else {
            return lines;
        };
        for (id, rules) in &file.providers {
            let who = match id == EVERY {
                true => sentence!("every provider"),
                false => Sentence::from(name_of(id)),
            };
            let mut say = |rule: Sentence| {
                let line = sentence!("{who}: {rule}", who, rule);
                lines.push(line.with("who", who.clone()).with("rule", rule));
            };
            if rules.allowed == Some(false) {
                say(sentence!("not allowed"));
            }
            if let Some(hosts) = &rules.hosts {
                say(sentence!("only at {hosts}", hosts = hosts.join(", ")));
            }
            if let Some(mode) = rules.mode {
                let rule = sentence!("locked to {mode}", mode = mode.in_words());
                say(rule.with("mode", mode.sentence()));
            }
            match rules.token_kinds.as_deref() {
                Some([]) => say(sentence!("no tokens made by hand")),
                Some(kinds) => {
                    let kinds = enumerated(kinds.iter().map(|kind| TokenKind::in_words(kind)));
                    let rule = sentence!("tokens only of the kinds {kinds}", kinds);
                    say(rule.with("kinds", kinds));
                }
                None => {}
            }
            if let Some(days) = rules.max_token_days {
                say(sentence!("tokens live {days} days at most", days));
            }
            if rules.read_only == Some(true) {
                say(sentence!("grants for reading only"));
            }
            for (host, named) in &rules.applications {
                for (mode, id) in named.each() {
                    let rule = sentence!(
                        "the application `{id}` at {host} for {mode}",
                        id,
                        host,
                        mode = mode.in_words()
                    );
                    say(rule.with("mode", mode.sentence()));
                }
            }
            if rules.change.is_some() {
                say(sentence!("addresses or rules changed"));
            }
        }
        for (host, path) in &file.authorities {
            let path = path.display();
            lines.push(sentence!(
                "{host}: the authority in {path} vouches for it too",
                host,
                path
            ));
        }
        if let Some(rules) = &file.network {
            if let Some(proxy) = &rules.proxy {
                lines.push(sentence!("the proxy is: {proxy}", proxy));
            }
            for file in &rules.ca_files {
                lines.push(sentence!(
                    "the authority in {file} is trusted too",
                    file = file.display()
                ));
            }
        }
        if let Some(vault) = &file.vault {
            let places = enumerated(vault.allow.iter().map(|place| place.in_words()));
            let line = sentence!("tokens are kept in: {places}", places);
            lines.push(line.with("places", places));
        }
        lines
    }

    /// Whether the administrator names a host among those that are allowed.
    pub(super) fn names_host(&self, id: &str, host: &str) -> bool {
        let hosts = self.rule(id, |rules| rules.hosts.clone());
        let mut hosts = hosts.iter().flatten();
        hosts.any(|named| named.eq_ignore_ascii_case(host))
    }

    /// Whether people may sign in to a host as to any Git server: not where the administrator names
    /// it for a product alone, whose rules would be gone around.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] saying for which.
    pub(super) fn allows_any_server(&self, provider: &Provider, host: &str) -> Result<(), Error> {
        match self.names_for_another(provider.id(), host) {
            Some(other) => Err(self.forbids(&format!(
                "`{host}` is signed in to as `{other}` and not as {}",
                provider.name
            ))),
            None => Ok(()),
        }
    }

    /// The other provider that the file names a host for, where it says nothing of this one.
    fn names_for_another(&self, id: &str, host: &str) -> Option<&str> {
        let providers = &self.file.as_ref()?.providers;
        if providers.contains_key(id) {
            return None;
        }
        let is_it = |named: &String| named.eq_ignore_ascii_case(host);
        let mut others = providers.iter().filter(|(other, _)| *other != EVERY);
        let found = others.find(|(_, rules)| {
            rules.hosts.iter().flatten().any(is_it) || rules.applications.keys().any(is_it)
        });
        found.map(|(other, _)| other.as_str())
    }

    fn rule<T>(&self, id: &str, rule: impl Fn(&Rules) -> Option<T>) -> Option<T> {
        let file = self.file.as_ref()?;
        let own = file.providers.get(id).and_then(&rule);
        own.or_else(|| file.providers.get(EVERY).and_then(&rule))
    }

    fn forbids(&self, what: &str) -> Error {
        let contact = self.file.as_ref().and_then(|file| file.contact.as_deref());
        let remedy = match contact {
            Some(contact) => sentence!("Ask {contact}", contact),
            None => Sentence::from("Ask your administrator"),
        };
        Error::new(
            ErrorKind::Forbidden,
            sentence!("{what}, says the policy of this machine", what),
        )
        .remedy(remedy)
    }
}

/// Several things in a row.
fn enumerated(things: impl Iterator<Item = Sentence>) -> Sentence {
    let all = things.reduce(|before, last| {
        let both = sentence!("{before}, {last}", before, last);
        both.with("before", before).with("last", last)
    });
    all.unwrap_or_else(|| Sentence::from(String::new()))
}

/// Where the policy of this machine is. No variable says it: whoever starts a program sets those.
fn usual_path() -> PathBuf {
    #[cfg(windows)]
    {
        use known_folders::{KnownFolder, get_known_folder_path};

        let data = get_known_folder_path(KnownFolder::ProgramData);
        let data = data.unwrap_or_else(|| PathBuf::from(r"C:\ProgramData"));
        data.join("Tributary").join("policy.json")
    }
    #[cfg(target_os = "macos")]
    {
        PathBuf::from("/Library/Application Support/Tributary/policy.json")
    }
    #[cfg(not(any(windows, target_os = "macos")))]
    {
        PathBuf::from("/etc/tributary/policy.json")
    }
}

/// What an administrator does about a policy that others can write.
const PROTECT: &str = if cfg!(windows) {
    "Ask the administrator to let others only read the file; who runs this program as an \
     administrator can write every file, and has to run it without those rights"
} else {
    "Ask the administrator to make root the owner of the file and of the folders above it, and to \
     take the right to write from everybody else"
};

/// Whether nobody but root can change a file or put another in its place: by its own folders, and
/// by those that links lead to.
#[cfg(unix)]
fn is_protected(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    /// Whoever may write in such a folder cannot touch what is another's.
    const STICKY: u32 = 0o1000;
    /// macOS's group of administrators.
    const ADMIN: u32 = 80;
    let is_safe = |path: &Path, level: usize| {
        std::fs::metadata(path).is_ok_and(|metadata| {
            let mode = metadata.mode();
            let of_administrators =
                metadata.gid() == 0 || (cfg!(target_os = "macos") && metadata.gid() == ADMIN);
            let is_open = mode & 0o002 != 0 || (mode & 0o020 != 0 && !of_administrators);
            // In the file's own folder everybody could make it before the administrator does.
            let is_sticky = level > 1 && mode & STICKY != 0;
            metadata.uid() == 0 && (!is_open || is_sticky)
        })
    };
    let are_safe = |path: &Path| {
        path.ancestors()
            .zip(0..)
            .all(|(path, level)| is_safe(path, level))
    };
    are_safe(path) && path.canonicalize().is_ok_and(|real| are_safe(&real))
}

/// Whether this program may not change a file. Who owns it, and whether somebody else may write it,
/// takes calls that no safe library of ours makes; opening it to append changes nothing.
#[cfg(not(unix))]
fn is_protected(path: &Path) -> bool {
    std::fs::OpenOptions::new().append(true).open(path).is_err()
}
