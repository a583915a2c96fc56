//! A provider at an address: where to send what, and what may be sent there at all.
//!
//! The data of a provider has templates of addresses; here they are filled in. Every address that
//! a credential is sent to comes out of [`address`] or went through [`sound`].

use std::net::Ipv4Addr;
use std::sync::Arc;

use url::{Host, Url};

use super::{ClientSecret, Provider, Purpose, TokenKind};
use crate::Sentence;
use crate::account::record::Access;
use crate::error::{Error, ErrorKind, Remedy};

/// A provider at an address: what an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    provider: Arc<Provider>,
    base: Url,
}

impl Place {
    /// The provider at an address, or at its usual one.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the address is missing or none that a credential may be
    /// sent to: not `https` except on this machine, or with a name and password in it.
    pub fn new(provider: Arc<Provider>, base: Option<&str>) -> Result<Self, Error> {
        let base = match (base, &provider.base) {
            (Some(typed), Some(base)) if provider.also_at(&address(typed)?) => base.clone(),
            (Some(typed), _) => address(typed)?,
            (None, Some(base)) => base.clone(),
            (None, None) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "{provider} can be anywhere, and no address was given",
                        provider = provider.name
                    ),
                )
                .remedy(Remedy::of_each(
                    "Add `--host URL` with the address that the browser shows",
                    "Give the address that the browser shows",
                )));
            }
        };
        Ok(Self { provider, base })
    }

    /// Whether one grant here reaches several sites, whose addresses are others than this one.
    pub(in crate::account) fn has_sites(&self) -> bool {
        self.provider.sites.is_some() && self.is_usual()
    }

    /// The provider.
    pub fn provider(&self) -> &Arc<Provider> {
        &self.provider
    }

    /// The address, without a slash at the end.
    pub fn base(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The host, with the port where it is not the usual one.
    pub fn host(&self) -> String {
        host_of(&self.base)
    }

    /// Where the provider's API is.
    pub fn api(&self) -> Result<Url, Error> {
        self.address(&self.api_text())
    }

    /// Where the API tells about a repository, `owner/name` or as the host names it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is no name of a repository, or the provider has none.
    pub fn repository(&self, name: &str) -> Result<Url, Error> {
        self.of_repository(self.provider.repository.as_deref(), name)
    }

    /// Where the API answers only to who may read a repository's files.
    ///
    /// # Errors
    /// As [`Place::repository`].
    pub(in crate::account) fn readable(&self, name: &str) -> Result<Url, Error> {
        let readable = self.provider.readable.as_deref();
        // A provider of the settings may tell no more than where a repository is.
        self.of_repository(readable.or(self.provider.repository.as_deref()), name)
    }

    /// What Git asks of a repository first (gitprotocol-http), by the path of the repository below the
    /// address, or by its own address.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when that is no repository here.
    pub(in crate::account) fn advertised(&self, repository: &str) -> Result<Url, Error> {
        let path = self.path_of(repository).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{repository}` is not a repository at `{base}`",
                    repository = clean(repository),
                    base = self.base()
                ),
            )
            .remedy("Give the path of a repository there, for example `team/handbook.git`")
        })?;
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path.split('/'));
            parts.extend(["info", "refs"]);
        }
        url.set_query(Some("service=git-upload-pack"));
        sound(&url).map(|()| url)
    }

    /// The path of a repository below the address, by that path or by the address that Git takes for
    /// it; none when it is elsewhere, or no repository.
    pub(crate) fn path_of(&self, repository: &str) -> Option<String> {
        let typed = repository.trim();
        let path = match typed.contains("://") {
            true => {
                let mut url = Url::parse(typed).ok()?;
                // Git's own addresses may name who asks, which is the account's affair.
                url.set_username("").ok()?;
                url.set_password(None).ok()?;
                let rest = url.as_str().strip_prefix(self.base())?;
                let path = rest.strip_prefix('/')?.split(['?', '#']).next()?.to_owned();
                let read = percent_encoding::percent_decode_str(&path).decode_utf8();
                read.ok()?.into_owned()
            }
            false => typed.to_owned(),
        };
        let path = path.trim_matches('/');
        let is_sound = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.contains(['\\', '?', '#'])
                && !part.contains(char::is_control)
        };
        path.split('/').all(is_sound).then(|| path.to_owned())
    }

    /// What a repository at any Git server is called, however its address was written.
    pub(crate) fn name_of(&self, repository: &str) -> Option<String> {
        let path = self.path_of(repository)?;
        Some(path.strip_suffix(".git").unwrap_or(&path).to_owned())
    }

    fn of_repository(&self, template: Option<&str>, name: &str) -> Result<Url, Error> {
        let unfit = || {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{name}` is not a repository of {provider}",
                    name,
                    provider = self.provider.name
                ),
            )
            .remedy("Give it as `owner/name`")
        };
        let template = template.ok_or_else(unfit)?;
        let parts: Vec<&str> = name.split('/').collect();
        let sound = |part: &&str| !part.is_empty() && *part != "." && *part != "..";
        let (Some(last), Some(first), true) = (
            parts.last(),
            parts.first(),
            parts.len() >= 2 && parts.iter().all(sound),
        ) else {
            return Err(unfit());
        };
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let whole: Vec<String> = parts.iter().map(|part| encode(part)).collect();
        let project = parts.get(1).copied().unwrap_or_default();
        let text = template
            .replace("{repository_encoded}", &encode(name))
            .replace("{repository}", &whole.join("/"))
            .replace("{owner}", &encode(first))
            .replace(
                "{project}",
                &encode(if parts.len() > 2 { project } else { first }),
            )
            .replace("{name}", &encode(last));
        self.address(&text)
    }

    /// The repository by which an account's token proves itself, where it belongs to no person.
    pub(crate) fn proven_by<'a>(&self, access: &'a Access) -> Option<&'a str> {
        let kind = self.provider.token_kind(access)?;
        match access {
            Access::Token { user, .. } if kind.owned.is_some() => Some(user),
            _ => None,
        }
    }

    /// What has one mode of access: a host; at Confluence Cloud all sites together, because one
    /// grant reaches several.
    pub(in crate::account) fn mode_key(&self) -> String {
        if self.provider.sites.is_some() {
            self.provider.id.clone()
        } else {
            format!("{} {}", self.provider.id, self.base())
        }
    }

    /// The page where a person sees and withdraws what was granted.
    pub fn manage_page(&self) -> String {
        self.fill(&self.provider.manage)
    }

    /// The page where a token of this kind is made.
    pub fn token_page(&self, kind: &TokenKind) -> String {
        self.fill(&kind.page)
    }

    /// How to register an application here: the page, what to do there, the redirect addresses and
    /// the scopes.
    pub fn registration(&self, purpose: Purpose) -> Option<Registering> {
        let page = self.provider.register.as_deref()?;
        Some(Registering {
            page: self.fill(page),
            steps: self.provider.register_as.clone().unwrap_or_default(),
            redirects: self.redirects(),
            scopes: match self.provider.register_scopes {
                true => self.provider.scopes(purpose),
                false => Vec::new(),
            },
            needs_secret: self.provider.secret == ClientSecret::Needed,
            browser_needs_secret: matches!(
                self.provider.secret,
                ClientSecret::Needed | ClientSecret::ForBrowser
            ),
        })
    }

    /// How to make a service account here and a credential for it; none where there are none.
    pub fn service_registration(&self, purpose: Purpose) -> Option<Registering> {
        if !self.provider.has_service_accounts() {
            return None;
        }
        let page = self.provider.service_page.as_deref()?;
        // What lets a person stay away means nothing where no person signs in.
        let scopes = self.provider.scopes(purpose);
        let scopes = scopes
            .into_iter()
            .filter(|scope| scope != "offline_access")
            .collect();
        Some(Registering {
            page: self.fill(page),
            steps: self.provider.service_as.clone().unwrap_or_default(),
            redirects: Vec::new(),
            scopes,
            needs_secret: true,
            browser_needs_secret: false,
        })
    }

    /// The redirect addresses to register.
    fn redirects(&self) -> Vec<String> {
        let Some(redirect) = &self.provider.redirect else {
            return Vec::new();
        };
        if redirect.is_link() {
            return vec![redirect.link(&self.provider.id)];
        }
        let path = self.redirect_path();
        if redirect.ports.is_empty() {
            return vec![format!("http://{}{path}", redirect.host)];
        }
        let ports = redirect.ports.iter();
        ports
            .map(|port| format!("http://{}:{port}{path}", redirect.host))
            .collect()
    }

    /// The path the browser comes back to.
    pub(in crate::account) fn redirect_path(&self) -> String {
        let chosen = self.provider.redirect.as_ref();
        match chosen.and_then(|redirect| redirect.path.clone()) {
            Some(path) => path,
            None => format!("/callback/{}", self.provider.id),
        }
    }

    /// Whether the data names the server as one that knows PKCE with `plain` alone.
    pub(in crate::account) fn names_plain(&self) -> bool {
        let (provider, host) = (&self.provider, self.host());
        let mut named = provider.pkce_plain_at.iter();
        provider.may_be_plain() && named.any(|named| named.eq_ignore_ascii_case(&host))
    }

    pub(in crate::account) fn authorize(&self) -> Result<Url, Error> {
        let mut url = self.endpoint(self.provider.authorize.as_deref(), "through the browser")?;
        for (name, value) in &self.provider.authorize_more {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }

    pub(in crate::account) fn token(&self) -> Result<Url, Error> {
        self.endpoint(self.provider.token.as_deref(), "with OAuth")
    }

    pub(in crate::account) fn device(&self) -> Result<Url, Error> {
        self.endpoint(self.provider.device.as_deref(), "with a code")
    }

    /// Where a token is made useless (RFC 7009).
    pub(in crate::account) fn revoke(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.revoke.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// Where an application's owner withdraws a whole grant, which is GitHub's way.
    pub(in crate::account) fn revoke_grant(&self, client_id: &str) -> Result<Option<Url>, Error> {
        let url = self.provider.revoke_grant.as_deref();
        url.map(|url| self.address(&self.fill(url).replace("{client_id}", client_id)))
            .transpose()
    }

    /// The server's own description of itself (RFC 8414), where it has one.
    pub(in crate::account) fn metadata(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.metadata.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// The list of Confluence sites that a token reaches.
    pub(in crate::account) fn sites(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.sites.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// Where a site says its cloud id to anybody.
    pub(in crate::account) fn tenant(&self) -> Result<Option<Url>, Error> {
        let Some(template) = self.provider.tenant.as_deref() else {
            return Ok(None);
        };
        let origin = self.base.origin().ascii_serialization();
        self.address(&template.replace("{origin}", &origin))
            .map(Some)
    }

    /// The site behind the gateway of the API.
    pub(in crate::account) fn gateway(&self, cloud_id: &str) -> Result<Url, Error> {
        let sound = cloud_id
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if cloud_id.is_empty() || !sound {
            return Err(Error::new(
                ErrorKind::Bug,
                sentence!(
                    "{provider} named a site that cannot be one",
                    provider = self.provider.name
                ),
            ));
        }
        self.address(&format!("{}/ex/confluence/{cloud_id}", self.api_text()))
    }

    /// Where to ask whose a credential is; through the gateway of a site, where it is good there
    /// alone.
    pub(crate) fn user_info(&self, gateway: Option<&Url>) -> Result<Url, Error> {
        let info = &self.provider.user_info;
        if let (Some(gateway), Some(template)) = (gateway, &info.by_gateway) {
            let gateway = gateway.as_str().trim_end_matches('/');
            return self.address(&template.replace("{gateway}", gateway));
        }
        let url = match &info.url_elsewhere {
            Some(elsewhere) if !self.is_usual() => elsewhere,
            _ => &info.url,
        };
        self.address(&self.fill(url))
    }

    /// Where to find out which scopes a token has; none where nothing tells, or where only the gateway
    /// of a site would.
    pub(in crate::account) fn probe(&self, gateway: Option<&Url>) -> Result<Option<Url>, Error> {
        let Some(probe) = &self.provider.probe else {
            return Ok(None);
        };
        let url = match gateway {
            Some(gateway) => {
                let gateway = gateway.as_str().trim_end_matches('/');
                probe.url.replace("{gateway}", gateway)
            }
            None if probe.url.contains("{gateway}") => return Ok(None),
            None => probe.url.clone(),
        };
        self.address(&self.fill(&url)).map(Some)
    }

    fn endpoint(&self, template: Option<&str>, way: &str) -> Result<Url, Error> {
        let template = template.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "{provider} has no sign-in {way}",
                    provider = self.provider.name,
                    way
                ),
            )
            .remedy(if self.provider.tokens.is_empty() {
                "Choose another way".into()
            } else {
                crate::account::with_a_token()
            })
        })?;
        self.address(&self.fill(template))
    }

    /// Whether it is where the provider usually is.
    pub(in crate::account) fn is_usual(&self) -> bool {
        self.provider
            .base
            .as_ref()
            .is_some_and(|usual| usual.as_str().trim_end_matches('/') == self.base())
    }

    fn api_text(&self) -> String {
        let provider = &self.provider;
        let elsewhere = || {
            provider
                .api_of(&self.base)
                .or(provider.api_elsewhere.clone())
        };
        let known = (!self.is_usual()).then(elsewhere).flatten();
        let template = known.as_ref().unwrap_or(&provider.api);
        template.replace("{base}", self.base())
    }

    fn fill(&self, template: &str) -> String {
        let sign_in = match &self.provider.sign_in_elsewhere {
            Some(elsewhere) if !self.is_usual() => elsewhere.as_str(),
            _ => self.provider.sign_in.as_deref().unwrap_or("{base}"),
        };
        template
            .replace("{sign_in}", sign_in)
            .replace("{api}", &self.api_text())
            .replace("{base}", self.base())
    }

    fn address(&self, text: &str) -> Result<Url, Error> {
        address(&self.fill(text))
    }
}

/// How to register an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registering {
    /// The page.
    pub page: String,
    /// What to do there.
    pub steps: String,
    /// The addresses to register, exactly so.
    pub redirects: Vec<String>,
    /// The scopes to choose.
    pub scopes: Vec<String>,
    /// Whether nothing works without the application's secret.
    pub needs_secret: bool,
    /// Whether the way through the browser does not work without it.
    pub browser_needs_secret: bool,
}

/// Reads an address that credentials may be sent to.
pub(in crate::account) fn address(typed: &str) -> Result<Url, Error> {
    let typed = typed.trim();
    let wrong = |why: Sentence| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "No credential can be sent to `{typed}`: {why}",
                typed = clean(typed),
                why
            )
            .with("why", why),
        )
        .remedy("Give the address as the browser shows it, for example `https://git.example.com`")
    };
    let full = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    // A browser would drop such a letter and go elsewhere than what was shown.
    if full
        .chars()
        .any(|letter| letter.is_control() || letter == '\\')
        || full.len() > 2048
    {
        return Err(wrong(Sentence::from("it has letters that no address has")));
    }
    let mut url = Url::parse(&full).map_err(|_| wrong(Sentence::from("it is not an address")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(Sentence::from(
            "it has a user name or password in it",
        )));
    }
    // No name of a host does (RFC 1123, section 2.1); what does is meant as an option.
    let is_option = |label: &str| label.starts_with('-') || label.ends_with('-');
    if url.host_str().unwrap_or_default().split('.').any(is_option) {
        return Err(wrong(Sentence::from("no host is called that")));
    }
    match (url.scheme(), is_here(&url)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => {
            return Err(wrong(Sentence::from(
                "what is sent there can be read on the way",
            )));
        }
        _ => return Err(wrong(Sentence::from("it is not a web address"))),
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether credentials may be sent to an address.
///
/// # Errors
/// As [`address`].
pub(in crate::account) fn sound(url: &Url) -> Result<(), Error> {
    address(url.as_str()).map(drop)
}

/// Whether an address is on this machine.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The host of an address, with the port where it is not the usual one.
pub(in crate::account) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Whether an address leads into a private network or to this machine, by the number or the name
/// that it has. Another name may lead there too, which only who resolves it knows.
pub(in crate::account) fn is_inside(url: &Url) -> bool {
    let is_inside_v4 = |address: Ipv4Addr| {
        let [first, second, ..] = address.octets();
        address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || first == 0
            // What providers share among their customers (RFC 6598).
            || (first == 100 && second & 0xc0 == 64)
    };
    match url.host() {
        Some(Host::Ipv4(address)) => is_inside_v4(address),
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(address) => is_inside_v4(address),
            None => {
                address.is_loopback()
                    || address.is_unspecified()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
        },
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

fn clean(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::{Place, address};
    use crate::account::provider::{Providers, Purpose};

    #[test]
    fn what_a_way_needs_is_known_before_it_is_gone() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let needs = |id: &str| {
            let provider = providers.get(id).expect("known");
            let place = Place::new(provider, Some("https://host.example.com")).expect("a place");
            let registering = place
                .registration(Purpose::Read)
                .expect("a way to register");
            (registering.needs_secret, registering.browser_needs_secret)
        };
        assert_eq!(needs("confluence-cloud"), (true, true));
        assert_eq!(needs("github"), (false, true));
        assert_eq!(needs("gitlab"), (false, false));
        let one_site = |id: &str| providers.get(id).expect("known").token_is_for_one_site();
        assert!(one_site("confluence-cloud") && !one_site("github"));
        let server = providers.get("azure-devops-server").expect("known");
        assert!(!server.has_browser_flow(), "it has tokens only");
    }

    #[test]
    fn permissions_and_scopes_are_not_mixed_up_where_an_application_is_registered() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let registering = |id: &str| {
            let place = Place::new(
                providers.get(id).expect("known"),
                Some("https://h.example.com"),
            );
            let registering = place.expect("a place").registration(Purpose::Read);
            registering.expect("a way to register")
        };
        for provider in providers.all().filter(|provider| provider.has_oauth()) {
            let registering = registering(provider.id());
            // What is chosen is either.
            let has_permissions = registering.steps.contains("permission Contents");
            assert_eq!(
                registering.scopes.is_empty(),
                has_permissions,
                "{}",
                provider.id()
            );
            for sentence in registering.steps.split(". ") {
                let both = sentence.contains("permission ") && sentence.contains("the scope ");
                assert!(!both, "{}: {sentence}", provider.id());
            }
            assert!(!registering.page.contains('{'), "{}", registering.page);
        }
        // It is asked for all the same: an OAuth App gets nothing without it.
        let github = providers.get("github").expect("known");
        assert_eq!(github.scopes(Purpose::Read), ["repo"]);
    }

    #[test]
    fn places_know_their_addresses() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let place = |id: &str, base: Option<&str>| {
            Place::new(providers.get(id).expect("known"), base).expect("a place")
        };
        let github = place("github", None);
        assert_eq!(
            github.api().map(String::from).ok().as_deref(),
            Some("https://api.github.com/")
        );
        let own = place("github", Some("git.acme.com"));
        assert_eq!(
            own.repository("acme/handbook")
                .map(String::from)
                .ok()
                .as_deref(),
            Some("https://git.acme.com/api/v3/repos/acme/handbook")
        );
        // An enterprise that GitHub hosts apart has the same API, beside its own name.
        let api = |base: &str| place("github", Some(base)).api().map(String::from).ok();
        for (base, at) in [
            ("https://acme.ghe.com", "https://api.acme.ghe.com/"),
            ("acme.ghe.com/", "https://api.acme.ghe.com/"),
            // What only looks so is a server of somebody's own.
            ("https://ghe.com", "https://ghe.com/api/v3"),
            ("https://a.b.ghe.com", "https://a.b.ghe.com/api/v3"),
            (
                "https://acme.ghe.com:8443",
                "https://acme.ghe.com:8443/api/v3",
            ),
            (
                "https://acme.ghe.com.example.com",
                "https://acme.ghe.com.example.com/api/v3",
            ),
            (
                "https://git.example.com/acme.ghe.com",
                "https://git.example.com/acme.ghe.com/api/v3",
            ),
        ] {
            assert_eq!(api(base).as_deref(), Some(at), "{base}");
        }
        let apart = place("github", Some("acme.ghe.com"));
        let asked = apart.user_info(None).map(String::from).ok();
        assert_eq!(asked.as_deref(), Some("https://api.acme.ghe.com/user"));
        let token = apart.token().map(String::from).ok();
        let login = "https://acme.ghe.com/login/oauth/access_token";
        assert_eq!(token.as_deref(), Some(login));
        let gitlab = place("gitlab", None).repository("group/sub/docs");
        assert_eq!(
            gitlab.map(String::from).ok().as_deref(),
            Some("https://gitlab.com/api/v4/projects/group%2Fsub%2Fdocs")
        );
        let azure = place("azure-devops", None);
        assert_eq!(
            azure.token().map(String::from).ok().as_deref(),
            Some("https://login.microsoftonline.com/organizations/oauth2/v2.0/token")
        );
        for typed in [
            "https://acme.visualstudio.com",
            "acme.visualstudio.com/",
            "https://acme.visualstudio.com/DefaultCollection/Docs",
            "https://dev.azure.com/acme",
            "https://dev.azure.com/",
        ] {
            let organization = place("azure-devops", Some(typed));
            assert_eq!(organization, azure, "{typed}");
        }
        for (id, other) in [
            // Named, never guessed: what only looks so is another place, and a server is its own.
            ("azure-devops", "https://visualstudio.com"),
            ("azure-devops", "https://a.b.visualstudio.com"),
            ("azure-devops", "https://acme.visualstudio.com.example.com"),
            ("azure-devops", "https://acme.visualstudio.com:8443"),
            (
                "azure-devops",
                "https://tfs.example.com/acme.visualstudio.com",
            ),
            ("azure-devops-server", "https://acme.visualstudio.com"),
        ] {
            assert_eq!(place(id, Some(other)).base(), other);
        }
        for odd in ["handbook", "acme/..", "acme//handbook", ""] {
            assert!(github.repository(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn what_is_inside_a_private_network_is_known_by_its_address() {
        let inside = |address: &str| {
            let url = url::Url::parse(address).expect("an address");
            super::is_inside(&url)
        };
        for address in [
            "https://10.0.0.5/wiki",
            "https://172.16.0.1",
            "https://172.31.255.254:8443",
            "https://192.168.1.1",
            "https://169.254.169.254/latest",
            "https://100.64.0.1",
            "https://0.0.0.0",
            "http://127.0.0.1:8090",
            "https://127.9.9.9",
            "http://localhost:1",
            "https://LOCALHOST./",
            "https://wiki.localhost",
            "https://[::1]",
            "https://[::]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[::ffff:10.0.0.5]",
            // The same numbers, written otherwise.
            "https://0x0a000005",
            "https://167772165",
            "https://127.1",
            "https://0300.0250.1.1",
        ] {
            assert!(inside(address), "{address}");
        }
        for address in [
            "https://acme.atlassian.net/wiki",
            "https://172.32.0.1",
            "https://100.128.0.1",
            "https://8.8.8.8",
            "https://[2606:4700::1111]",
            "https://[::ffff:8.8.8.8]",
            "https://localhost.example.com",
            "https://10.0.0.5.example.com",
        ] {
            assert!(!inside(address), "{address}");
        }
    }

    #[test]
    fn credentials_go_to_sound_addresses_only() {
        for good in [
            "github.com",
            "https://git.acme.com:8443/context",
            "http://127.0.0.1:8090",
            "http://[::1]:1",
            "http://localhost:1/x",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://git.acme.com",
            "http://10.0.0.1",
            "http://127.0.0.1.evil.com",
            "https://user:secret@github.com",
            "https://user@github.com",
            "file:///etc/passwd",
            "smb://host/share",
            "javascript:alert(1)",
            "--flag",
            "https://git.-flag.com",
            "https://git\nhub.com",
            "https://github.com\\@evil.com",
            "",
            "https://",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
