//! How servers are reached: through which proxy, whose certificates are trusted beside those of the
//! system, and which certificate says who we are.
//!
//! [`NetworkSettings`] is what somebody decided, and holds no secret. [`Network`] is the same with
//! the files read and the secrets fetched; the one HTTP client is built over it. Nothing of it ever
//! comes from a repository: whoever writes one could read along.

mod desktop;
#[cfg(fuzzing)]
pub mod fuzzing;
mod identity;
mod pac;
pub(crate) mod ways;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use hyper_util::client::proxy::matcher::Matcher;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use crate::Sentence;
use crate::account::Policy;
use crate::error::{Error, ErrorKind, Remedy};
use crate::store::read_if_there;
use crate::vault::{Secret, SecretName, Vault};

pub use identity::{Identity, identity_for, read_identity};
pub use pac::Way;

use ways::{Source, Ways};

/// What is always reached directly: the sandbox, and whatever else runs on this machine.
const OWN_MACHINE: &str = "localhost,127.0.0.0/8,::1";

/// How somebody wants servers to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkSettings {
    /// Through which proxy.
    pub proxy: ProxyChoice,
    /// Files in PEM with authorities that are trusted beside those of the system.
    pub ca_files: Vec<PathBuf>,
    /// The hosts, with the port where it is not the usual one, that are shown a certificate. It is
    /// kept with its key where secrets are kept.
    pub certificate_hosts: Vec<String>,
}

/// Through which proxy servers are reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ProxyChoice {
    /// The one that the environment names, or the system, or on Linux the desktop.
    #[default]
    System,
    /// Through none.
    None,
    /// Through one that somebody named.
    Manual(ManualProxy),
    /// As the script at an address says, for each server.
    Script(Url),
}

/// Reads the address of a script that chooses a proxy, as a person types it: a file of this machine
/// by its path too.
///
/// # Errors
/// [`ErrorKind::InvalidInput`].
pub fn read_script(typed: &str) -> Result<Url, Error> {
    let typed = typed.trim();
    let url = match Path::new(typed).is_absolute() {
        true => Url::from_file_path(typed).ok(),
        false => Url::parse(typed).ok(),
    };
    let fits = |url: &Url| match url.scheme() {
        "http" | "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
        "file" => url.to_file_path().is_ok(),
        _ => false,
    };
    url.filter(fits).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "That is not the address of a script that chooses the proxy",
        )
        .remedy("Give it like `http://pac.example.com/proxy.pac`, or the whole path of a file")
    })
}

/// A proxy that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualProxy {
    /// Its address, without a user.
    pub address: Url,
    /// Who it lets through. The password is kept where secrets are kept.
    pub user: Option<String>,
    /// Hosts, domains and networks that are reached directly.
    pub exceptions: Vec<String>,
}

impl ManualProxy {
    /// Reads the address of a proxy as a person types it: a missing scheme is `http`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is none, or has a password in it.
    pub fn read_address(typed: &str) -> Result<Url, Error> {
        let typed = typed.trim();
        let full = match typed.contains("://") {
            true => typed.to_owned(),
            false => format!("http://{typed}"),
        };
        let wrong = || {
            // What was typed may have a password in it.
            Error::new(
                ErrorKind::InvalidInput,
                "That is not the address of a proxy",
            )
            .remedy("Give it like `http://proxy.example.com:8080`; `https` works too")
        };
        let url = Url::parse(&full).map_err(|error| wrong().caused_by(error))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "The address of the proxy has a user or a password in it",
            )
            .remedy(Remedy::of_each(
                "Name the user with `proxy_user`, and give the password once to `tributary \
                 network password`",
                "Give the user and the password in their own fields",
            )));
        }
        let is_bare =
            matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !is_bare {
            return Err(wrong());
        }
        Ok(url)
    }

    /// Host and port.
    pub fn place(&self) -> String {
        place_of(&self.address)
    }

    /// What is never sent through it, in the form that curl made usual.
    fn exceptions(&self) -> String {
        let mut all = OWN_MACHINE.to_owned();
        for exception in &self.exceptions {
            // A star in front is how other programs write what a dot says here.
            let exception = exception.trim();
            let exception = match exception.strip_prefix("*.") {
                Some(domain) => format!(".{domain}"),
                None => exception.to_owned(),
            };
            all.push(',');
            all.push_str(&exception);
        }
        all
    }
}

/// How an address is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Directly.
    Direct,
    /// Through a proxy.
    Via {
        /// Its address, without a user.
        proxy: Url,
    },
}

/// How servers are reached, with everything that is needed for it.
#[derive(Clone, Default)]
pub struct Network {
    settings: NetworkSettings,
    is_by_policy: bool,
    password: Option<Arc<Secret>>,
    authorities: Vec<CertificateDer<'static>>,
    identities: BTreeMap<String, Arc<Identity>>,
    /// The ways to servers, where a script or the desktop has to be asked for them.
    ways: Option<Arc<Ways>>,
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(formatter)
    }
}

/// The network that clients are built over when nobody names another.
static OF_PROCESS: RwLock<Option<Arc<Network>>> = RwLock::new(None);

impl Network {
    /// Reads the files that settings name and fetches their secrets. Blocks on both.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] naming the file that holds no certificate,
    /// [`ErrorKind::SignedOut`] naming the secret that is not kept, those of [`Vault::get`].
    pub fn new(
        settings: NetworkSettings,
        vault: &dyn Fn() -> Result<Arc<dyn Vault>, Error>,
    ) -> Result<Self, Error> {
        let mut authorities = Vec::new();
        for file in &settings.ca_files {
            authorities.extend(read_authorities(file)?);
        }
        let mut network = Self {
            authorities,
            ways: ways_of(&settings),
            ..Self::default()
        };
        if needs_secrets(&settings) {
            let vault = vault()?;
            if let ProxyChoice::Manual(proxy) = &settings.proxy
                && let Some(name) = password_name(proxy)
            {
                let kept = vault.get(&name)?.ok_or_else(|| {
                    not_kept(sentence!(
                        "The password for the proxy `{proxy}`",
                        proxy = proxy.place()
                    ))
                })?;
                network.password = Some(Arc::new(kept));
            }
            for host in &settings.certificate_hosts {
                let kept = vault.get(&identity_name(host))?.ok_or_else(|| {
                    not_kept(sentence!("The certificate that `{host}` is shown", host))
                })?;
                let identity = Identity::of_kept(&kept)?;
                network.identities.insert(host.clone(), Arc::new(identity));
            }
        }
        network.settings = settings;
        Ok(network)
    }

    /// What somebody decided, under the policy of the machine.
    ///
    /// # Errors
    /// As [`Network::new`].
    pub fn of_user(
        settings: &NetworkSettings,
        policy: &Policy,
        vault: &dyn Fn() -> Result<Arc<dyn Vault>, Error>,
    ) -> Result<Self, Error> {
        let (settings, is_by_policy) = policy.network(settings)?;
        let network = Self::new(settings, vault)?;
        Ok(Self {
            is_by_policy,
            ..network
        })
    }

    /// The same as far as it goes while secrets, or files, cannot be read: nothing is sent another
    /// way meanwhile, so that a proxy may refuse and a server be nobody.
    #[must_use]
    pub fn as_far_as_possible(settings: &NetworkSettings, policy: &Policy) -> Self {
        let found = policy.network(settings);
        let (settings, is_by_policy) = found.unwrap_or_else(|_| (settings.clone(), false));
        let read = settings
            .ca_files
            .iter()
            .filter_map(|file| read_authorities(file).ok());
        Self {
            authorities: read.flatten().collect(),
            ways: ways_of(&settings),
            settings,
            is_by_policy,
            ..Self::default()
        }
    }

    /// What it was made of.
    pub fn settings(&self) -> &NetworkSettings {
        &self.settings
    }

    /// Whether an administrator decided about the proxy.
    pub fn is_by_policy(&self) -> bool {
        self.is_by_policy
    }

    /// Lets every client of this process that is built from now on use it.
    pub fn use_from_now(self: Arc<Self>) {
        let mut current = OF_PROCESS.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(self);
    }

    /// What the clients of this process use.
    pub fn of_process() -> Arc<Self> {
        let current = OF_PROCESS.read().unwrap_or_else(PoisonError::into_inner);
        current.clone().unwrap_or_default()
    }

    /// The ways to servers that have to be asked for; none where the settings say all.
    pub(crate) fn ways(&self) -> Option<&Arc<Ways>> {
        self.ways.as_ref()
    }

    /// The same without any proxy: for what says which proxy there is.
    pub(crate) fn directly(&self) -> Self {
        Self {
            settings: NetworkSettings {
                proxy: ProxyChoice::None,
                ..self.settings.clone()
            },
            ways: None,
            ..self.clone()
        }
    }

    /// How an address is reached, by the same rules that the client follows. Where a script or the
    /// desktop says it, as far as they were asked.
    pub fn route(&self, url: &Url) -> Route {
        if let Some(ways) = &self.ways {
            return match ways.current(url) {
                Some(Way::Via(proxy)) => Route::Via { proxy },
                Some(Way::Direct) | None => Route::Direct,
            };
        }
        let Some(matcher) = self.matcher() else {
            return Route::Direct;
        };
        let destination: Option<http::Uri> = url.as_str().parse().ok();
        let found = destination.and_then(|uri| matcher.intercept(&uri));
        // An address in the environment may name a user.
        let proxy = found.and_then(|found| {
            let mut proxy = Url::parse(&found.uri().to_string()).ok()?;
            proxy.set_username("").ok()?;
            proxy.set_password(None).ok()?;
            Some(proxy)
        });
        match proxy {
            Some(proxy) => Route::Via { proxy },
            None => Route::Direct,
        }
    }

    /// What proves to the proxy of an address who we are, as the value of `Proxy-Authorization`.
    pub(crate) fn proxy_authorization(&self, url: &Url) -> Option<http::HeaderValue> {
        if let (ProxyChoice::Manual(proxy), Some(password)) = (&self.settings.proxy, &self.password)
        {
            use base64::Engine as _;
            let user = proxy.user.as_deref()?;
            let pair = zeroize::Zeroizing::new(format!("{user}:{}", password.expose()));
            let pair = base64::engine::general_purpose::STANDARD.encode(pair.as_bytes());
            let mut value = http::HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
            value.set_sensitive(true);
            return Some(value);
        }
        let uri: http::Uri = url.as_str().parse().ok()?;
        let found = self.matcher()?.intercept(&uri)?;
        found.basic_auth().cloned()
    }

    fn matcher(&self) -> Option<Matcher> {
        match &self.settings.proxy {
            _ if self.ways.is_some() => None,
            ProxyChoice::System => Some(Matcher::from_system()),
            ProxyChoice::None | ProxyChoice::Script(_) => None,
            ProxyChoice::Manual(proxy) => Some(
                Matcher::builder()
                    .all(proxy.address.as_str().to_owned())
                    .no(proxy.exceptions())
                    .build(),
            ),
        }
    }

    /// Gives a client its proxy and its authorities.
    pub(crate) fn apply(
        &self,
        client: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder, Error> {
        let unfit = |error| Error::new(ErrorKind::Bug, "The proxy cannot be used").caused_by(error);
        let client = match (&self.settings.proxy, &self.ways) {
            (_, Some(ways)) => {
                let ways = Arc::clone(ways);
                client.proxy(reqwest::Proxy::custom(move |url| match ways.current(url) {
                    Some(Way::Via(proxy)) => Some(proxy),
                    Some(Way::Direct) | None => None,
                }))
            }
            (ProxyChoice::System, None) => client,
            (ProxyChoice::None | ProxyChoice::Script(_), None) => client.no_proxy(),
            (ProxyChoice::Manual(named), None) => {
                let mut proxy = reqwest::Proxy::all(named.address.clone()).map_err(unfit)?;
                if let (Some(user), Some(password)) = (&named.user, &self.password) {
                    proxy = proxy.basic_auth(user, password.expose());
                }
                let exceptions = reqwest::NoProxy::from_string(&named.exceptions());
                client.proxy(proxy.no_proxy(exceptions))
            }
        };
        if self.authorities.is_empty() {
            return Ok(client);
        }
        Ok(client.tls_certs_merge(as_certificates(&self.authorities)?))
    }

    /// The authorities that are trusted beside those of the system.
    pub(crate) fn authorities(&self) -> &[CertificateDer<'static>] {
        &self.authorities
    }

    /// Which hosts are shown a certificate, and which.
    pub(crate) fn identities(&self) -> &BTreeMap<String, Arc<Identity>> {
        &self.identities
    }
}

/// Whether an address is this machine's, which is never reached through a proxy.
fn is_own_machine(url: &Url) -> bool {
    is_among(url, OWN_MACHINE)
}

/// Whether an address is among exceptions in the form that curl made usual.
fn is_among(url: &Url, exceptions: &str) -> bool {
    let matcher = Matcher::builder()
        .all("http://proxy.invalid")
        .no(exceptions.to_owned())
        .build();
    let uri: Option<http::Uri> = url.as_str().parse().ok();
    uri.is_some_and(|uri| matcher.intercept(&uri).is_none())
}

/// The ways to servers, where somebody has to be asked for them.
fn ways_of(settings: &NetworkSettings) -> Option<Arc<Ways>> {
    let source = match &settings.proxy {
        ProxyChoice::Script(address) => Source::Script(address.clone()),
        ProxyChoice::System if desktop::is_asked() => Source::Desktop,
        ProxyChoice::System | ProxyChoice::None | ProxyChoice::Manual(_) => return None,
    };
    Some(Arc::new(Ways::new(source)))
}

/// Authorities as the HTTP client takes them.
pub(crate) fn as_certificates(
    authorities: &[CertificateDer<'static>],
) -> Result<Vec<reqwest::Certificate>, Error> {
    let read = |der: &CertificateDer<'_>| reqwest::Certificate::from_der(der);
    let read: Result<Vec<_>, _> = authorities.iter().map(read).collect();
    read.map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "An authority cannot be used").caused_by(error)
    })
}

/// Whether a network of these settings needs something from where secrets are kept.
pub fn needs_secrets(settings: &NetworkSettings) -> bool {
    !secret_names(settings).is_empty()
}

/// What is kept for these settings where secrets are kept.
pub fn secret_names(settings: &NetworkSettings) -> Vec<SecretName> {
    let hosts = settings.certificate_hosts.iter();
    let mut names: Vec<SecretName> = hosts.map(|host| identity_name(host)).collect();
    if let ProxyChoice::Manual(proxy) = &settings.proxy {
        names.extend(password_name(proxy));
    }
    names
}

/// Under which name the password of a proxy's user is kept. It is for that proxy only: one of
/// another address does not get it.
pub fn password_name(proxy: &ManualProxy) -> Option<SecretName> {
    let user = proxy.user.as_ref()?;
    Some(SecretName::network(&format!(
        "proxy {user}@{}",
        proxy.place()
    )))
}

/// Under which name the certificate is kept that a host is shown.
pub fn identity_name(host: &str) -> SecretName {
    SecretName::network(&format!("certificate {}", host.to_ascii_lowercase()))
}

/// Reads the name of a host as a person types it, with a port where it is not the usual one.
///
/// # Errors
/// [`ErrorKind::InvalidInput`].
pub fn read_host(typed: &str) -> Result<String, Error> {
    let typed = typed.trim();
    let full = match typed.contains("://") {
        true => typed.to_owned(),
        false => format!("https://{typed}"),
    };
    let url = Url::parse(&full).ok().filter(Url::has_host);
    let url = url.filter(|url| {
        // A host of another scheme would be told apart by the case of its letters.
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
    });
    url.map(|url| place_of(&url)).ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "That is not the name of a host")
            .remedy("Give it like `wiki.example.com` or `wiki.example.com:8443`")
    })
}

/// Host, and port where it is not the usual one.
pub(crate) fn place_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Reads the authorities in a file.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] naming the file.
pub fn read_authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let unfit = |why: Sentence| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "The certificate file `{file}` {why}",
                file = file.display(),
                why
            )
            .with("why", why),
        )
        .remedy("Give a file in PEM: it has lines that say BEGIN CERTIFICATE")
    };
    let bytes = read_if_there(file)?.ok_or_else(|| unfit(Sentence::from("is not there")))?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let read = read.map_err(|error| unfit(Sentence::from("is damaged")).caused_by(error))?;
    let parse = |der: &CertificateDer<'_>| x509_parser::parse_x509_certificate(der).is_ok();
    if read.is_empty() || !read.iter().all(parse) {
        return Err(unfit(Sentence::from("holds no certificate")));
    }
    Ok(read)
}

fn not_kept(what: Sentence) -> Error {
    Error::new(
        ErrorKind::SignedOut,
        sentence!("{what} is not kept on this machine", what).with("what", what),
    )
    .remedy(Remedy::of_each(
        "Give it once: `tributary network password` for the proxy, `tributary network certificate \
         HOST FILE` for a host",
        "Give it once under Settings, Network",
    ))
}

#[cfg(test)]
mod tests {
    use super::{ManualProxy, Network, NetworkSettings, ProxyChoice, Route, read_host};
    use crate::error::{Error, ErrorKind};

    fn through(exceptions: &[&str]) -> Network {
        let proxy = ManualProxy {
            address: ManualProxy::read_address("proxy.example.com:8080").expect("an address"),
            user: None,
            exceptions: exceptions.iter().map(|text| (*text).to_owned()).collect(),
        };
        let settings = NetworkSettings {
            proxy: ProxyChoice::Manual(proxy),
            ..NetworkSettings::default()
        };
        let no_vault = || Err(Error::new(ErrorKind::Bug, "no secret is needed"));
        Network::new(settings, &no_vault).expect("it fits")
    }

    #[test]
    fn exceptions_and_this_machine_are_reached_directly() {
        let network = through(&["*.intern.example.com", "wiki.acme.com", "10.0.0.0/8"]);
        for (address, is_direct) in [
            ("https://acme.atlassian.net/wiki", false),
            ("https://intern.example.com.evil.org/", false),
            ("https://notwiki.acme.com.evil/", false),
            ("https://git.intern.example.com/", true),
            ("https://wiki.acme.com/", true),
            ("https://10.1.2.3:8443/", true),
            ("https://11.1.2.3/", false),
            ("http://localhost:8090/wiki", true),
            ("http://127.0.0.1:8090/wiki", true),
            ("http://[::1]:8090/wiki", true),
        ] {
            let url = address.parse().expect("an address");
            let found = network.route(&url) == Route::Direct;
            assert_eq!(found, is_direct, "{address}");
        }
        let none = Network::new(
            NetworkSettings {
                proxy: ProxyChoice::None,
                ..NetworkSettings::default()
            },
            &|| Err(Error::new(ErrorKind::Bug, "no secret is needed")),
        );
        let url = "https://acme.atlassian.net".parse().expect("an address");
        assert_eq!(none.expect("it fits").route(&url), Route::Direct);
    }

    #[test]
    fn an_address_that_is_none_is_refused_and_not_repeated() {
        for typed in [
            "",
            "http://",
            "ftp://proxy.example.com",
            "socks5://proxy.example.com:1080",
            "http://ada:canary@proxy.example.com",
            "http://proxy.example.com/proxy.pac",
            "http://proxy.example.com#a",
            "ada:canary@:99999",
        ] {
            let error = ManualProxy::read_address(typed).expect_err(typed);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{typed}");
            assert!(!error.chain().contains("canary"), "{typed}");
        }
        for (typed, expected) in [
            ("wiki.example.com", Some("wiki.example.com")),
            ("https://Wiki.example.com:443/x", Some("wiki.example.com")),
            ("wiki.example.com:8443", Some("wiki.example.com:8443")),
            ("a b", None),
            ("ftp://Wiki.example.com", None),
            ("ada@wiki.example.com", None),
        ] {
            assert_eq!(read_host(typed).ok().as_deref(), expected, "{typed}");
        }
    }
}
