//! The providers as data: addresses, scopes, lives and rules, read from `providers.toml`, changed
//! by settings and by policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use url::{Host, Url};

use crate::error::{Error, ErrorKind};

const SHIPPED: &str = include_str!("providers.toml");

/// Client ids that were put in when this program was built, by the provider's id. A build for
/// everybody's use brings one; without, people register their own.
const BUILT_IN: [(&str, Option<&str>, Option<&str>); 5] = [
    (
        "confluence-cloud",
        option_env!("TRIBUTARY_CONFLUENCE_CLOUD_CLIENT_ID"),
        option_env!("TRIBUTARY_CONFLUENCE_CLOUD_CLIENT_SECRET"),
    ),
    (
        "github",
        option_env!("TRIBUTARY_GITHUB_CLIENT_ID"),
        option_env!("TRIBUTARY_GITHUB_CLIENT_SECRET"),
    ),
    ("gitlab", option_env!("TRIBUTARY_GITLAB_CLIENT_ID"), None),
    (
        "bitbucket",
        option_env!("TRIBUTARY_BITBUCKET_CLIENT_ID"),
        option_env!("TRIBUTARY_BITBUCKET_CLIENT_SECRET"),
    ),
    (
        "azure-devops",
        option_env!("TRIBUTARY_AZURE_DEVOPS_CLIENT_ID"),
        None,
    ),
];

/// What a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Pages are published to it.
    Confluence,
    /// Files are read from it.
    Git,
}

/// What a grant is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Reading only.
    Read,
    /// Reading and publishing.
    Publish,
}

/// Whether an application of this provider has a secret beside its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClientSecret {
    /// It is sent when the person or the administrator gave one.
    #[default]
    IfGiven,
    /// Nothing works without one.
    Needed,
    /// Only the way through the browser needs one.
    ForBrowser,
    /// A server of the administrator stands at the token address and adds it.
    Broker,
}

/// What using a refresh token does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rotation {
    /// It stays good.
    #[default]
    None,
    /// It is good once.
    Strict,
    /// It is good once, and for a while again when the answer got lost.
    Leeway,
}

/// What ends with a token that is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RevokeEnds {
    /// All that the person ever granted the application, a later sign-in too; or nobody knows.
    #[default]
    Grant,
    /// What came of the same sign-in.
    SignIn,
}

/// How a token is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// As the password of its user.
    Basic,
    /// By itself.
    Bearer,
}

/// How the token address wants its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    #[default]
    Form,
    Json,
}

/// How an application shows its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClientAuth {
    #[default]
    Body,
    Basic,
}

/// Where the browser comes back to: our own address on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redirect {
    /// The host as it is registered: `127.0.0.1`, `localhost`, or `tributary` for the link
    /// `tributary://oauth/ID` where the provider takes no address of this machine.
    pub(super) host: String,
    /// The ports that may be registered, where the provider compares ports; any port when empty.
    #[serde(default)]
    pub(super) ports: Vec<u16>,
    /// The path; `/callback/` and the provider's id when not said, so that an answer of one
    /// provider is never taken for another's.
    #[serde(default)]
    pub(super) path: Option<String>,
}

impl Redirect {
    /// Whether the browser comes back by a link that opens the program.
    pub(super) fn is_link(&self) -> bool {
        self.host == "tributary"
    }

    /// That link.
    pub(super) fn link(&self, provider: &str) -> String {
        format!("tributary://oauth/{provider}")
    }
}

/// How to ask whose credential it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserInfo {
    url: String,
    #[serde(default)]
    url_elsewhere: Option<String>,
    /// The same through the gateway of a site, for tokens that are good there alone.
    #[serde(default)]
    by_gateway: Option<String>,
    /// Where the id stands, as a JSON pointer.
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) id_else: Option<String>,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) name_else: Option<String>,
    /// Whether the answer is the bare name.
    #[serde(default)]
    pub(super) is_text: bool,
    /// Whether 403 says that the credential is wrong, and not that it may not ask.
    #[serde(default)]
    pub(super) forbidden_is_wrong: bool,
    /// Whether a redirect or 203 says that the credential is wrong.
    #[serde(default)]
    pub(super) redirect_is_wrong: bool,
    /// How the answer looks when nobody is signed in.
    #[serde(default)]
    pub(super) nobody: Option<Nobody>,
}

/// What says that nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nobody {
    pub(super) at: String,
    pub(super) is: String,
}

/// A kind of token that a person can make by hand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKind {
    /// `api_token` or `personal_access_token`.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// How it is sent.
    pub sent: Sent,
    /// Whose name is sent along, in words; none where the token alone says it.
    #[serde(default)]
    pub user: Option<String>,
    /// Where one is made.
    pub page: String,
}

/// A provider, as the data describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    #[serde(default)]
    id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub product: Product,
    #[serde(default)]
    base: Option<Url>,
    #[serde(default)]
    sign_in: Option<String>,
    #[serde(default)]
    sign_in_elsewhere: Option<String>,
    #[serde(default)]
    authorize: Option<String>,
    #[serde(default)]
    authorize_more: BTreeMap<String, String>,
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    revoke: Option<String>,
    #[serde(default)]
    pub(super) revoke_ends: RevokeEnds,
    #[serde(default)]
    revoke_grant: Option<String>,
    api: String,
    #[serde(default)]
    api_elsewhere: Option<String>,
    #[serde(default)]
    sites: Option<String>,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    repository: Option<String>,
    pub(super) user_info: UserInfo,
    manage: String,
    #[serde(default)]
    metadata: Option<String>,
    /// What the server calls itself in the answers that name it (RFC 9207).
    #[serde(default)]
    pub(super) issuer: Option<String>,
    #[serde(default)]
    pub(super) body: Body,
    #[serde(default)]
    pub(super) client_auth: ClientAuth,
    #[serde(default)]
    pub(super) secret: ClientSecret,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    pkce: Option<String>,
    #[serde(default)]
    pub(super) redirect: Option<Redirect>,
    #[serde(default)]
    pub(super) redirect_on_refresh: bool,
    #[serde(default)]
    pub(super) rotation: Rotation,
    /// Whether a renewal makes the access token before it useless.
    #[serde(default)]
    pub(super) refresh_ends_access: bool,
    /// After how many days without use a grant ends.
    #[serde(default)]
    pub(super) unused_days: Option<u32>,
    /// After how many days a grant ends whatever is done.
    #[serde(default)]
    pub(super) longest_days: Option<u32>,
    /// Whether service accounts sign in with the secret of an application.
    #[serde(default)]
    pub(super) client_credentials: bool,
    #[serde(default)]
    prefers: Option<Prefers>,
    #[serde(default)]
    read: Vec<String>,
    #[serde(default)]
    publish: Vec<String>,
    #[serde(default)]
    publish_includes_read: bool,
    #[serde(default)]
    register: Option<String>,
    #[serde(default)]
    register_as: Option<String>,
    /// The kinds of tokens that people make by hand.
    #[serde(default)]
    pub tokens: Vec<TokenKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Prefers {
    Device,
}

impl Provider {
    /// The id, such as `gitlab`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address of the place where there is only one, or the one most people use.
    pub fn usual_base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// Whether the provider has sign-in servers at all, or tokens only.
    pub fn has_oauth(&self) -> bool {
        self.token.is_some()
    }

    /// Whether a browser on this machine can come back to this program.
    pub fn has_browser_flow(&self) -> bool {
        self.authorize.is_some() && self.redirect.is_some()
    }

    /// Whether it can show a code to type elsewhere instead of opening a browser here.
    pub fn has_device_flow(&self) -> bool {
        self.device.is_some()
    }

    /// Whether the device flow is the better way in where both are possible.
    pub fn prefers_device(&self) -> bool {
        self.prefers == Some(Prefers::Device)
    }

    /// Whether a token made by hand is good at one site alone, whose address is needed, while an
    /// application reaches all of a person's sites.
    pub fn token_is_for_one_site(&self) -> bool {
        self.sites.is_some()
    }

    /// Whether service accounts can sign in.
    pub fn has_service_accounts(&self) -> bool {
        self.client_credentials
    }

    /// The scopes to ask for.
    pub fn scopes(&self, purpose: Purpose) -> Vec<String> {
        match purpose {
            Purpose::Read => self.read.clone(),
            Purpose::Publish if self.publish_includes_read => self.publish.clone(),
            Purpose::Publish => {
                let mut scopes = self.read.clone();
                scopes.extend(self.publish.iter().cloned());
                scopes
            }
        }
    }

    /// Whether scopes that were granted go further than reading; unknown ones do not count.
    pub fn writes(&self, scopes: &[String]) -> bool {
        scopes.iter().any(|scope| self.publish.contains(scope))
    }

    /// The purposes that make a difference here.
    pub fn purposes(&self) -> &'static [Purpose] {
        if self.product == Product::Git {
            &[Purpose::Read]
        } else {
            &[Purpose::Read, Purpose::Publish]
        }
    }

    /// Whether PKCE with `S256` is expected of the server; `plain` never is used.
    pub(super) fn expects_s256(&self) -> bool {
        self.pkce.as_deref() == Some("S256")
    }

    /// The application that was put in when the program was built, or that the settings name.
    pub(super) fn shipped_client(&self) -> Option<(String, Option<String>)> {
        let built = BUILT_IN.iter().find(|(id, ..)| *id == self.id);
        let built = built.and_then(|(_, client, secret)| Some(((*client)?, *secret)));
        match (&self.client_id, built) {
            (Some(client), _) => Some((client.clone(), None)),
            (None, Some((client, secret))) => Some((client.to_owned(), secret.map(str::to_owned))),
            (None, None) => None,
        }
    }
}

/// Every provider.
#[derive(Debug, Clone)]
pub struct Providers(BTreeMap<String, Arc<Provider>>);

impl Providers {
    /// The shipped ones, changed by tables of the same form: the settings' first, then the
    /// policy's.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a change does not fit.
    pub fn new(changes: &[&Table]) -> Result<Self, Error> {
        let mut tables: Table = toml::from_str(SHIPPED).map_err(|error| {
            Error::new(ErrorKind::Bug, "The shipped providers cannot be read").caused_by(error)
        })?;
        for changes in changes {
            merge(&mut tables, changes);
        }
        let mut providers = BTreeMap::new();
        for (id, table) in tables {
            let mut provider: Provider = table.try_into().map_err(|error: toml::de::Error| {
                Error::new(
                    ErrorKind::InvalidInput,
                    format!("What the settings or the policy say of the provider `{id}` is wrong"),
                )
                .remedy("Correct the table `providers` there, or remove it")
                .caused_by(error)
            })?;
            provider.id.clone_from(&id);
            providers.insert(id, Arc::new(provider));
        }
        Ok(Self(providers))
    }

    /// Whether a provider is one of those that come with the program.
    pub(super) fn is_shipped(id: &str) -> bool {
        let shipped: Option<Table> = toml::from_str(SHIPPED).ok();
        shipped.is_some_and(|shipped| shipped.contains_key(id))
    }

    /// Every provider, in the order of the ids.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.0.values()
    }

    /// The provider with an id.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] naming those there are.
    pub fn get(&self, id: &str) -> Result<Arc<Provider>, Error> {
        self.0.get(id).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            Error::new(
                ErrorKind::InvalidInput,
                format!("There is no provider `{id}`"),
            )
            .remedy(format!("Choose one of {}", known.join(", ")))
        })
    }
}

fn merge(into: &mut Table, from: &Table) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Table(into)), Value::Table(from)) => merge(into, from),
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

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
            (Some(typed), _) => address(typed)?,
            (None, Some(base)) => base.clone(),
            (None, None) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!(
                        "{} can be anywhere, and no address was given",
                        provider.name
                    ),
                )
                .remedy("Add `--host URL` with the address that the browser shows"));
            }
        };
        Ok(Self { provider, base })
    }

    /// Whether one grant here reaches several sites, whose addresses are others than this one.
    pub(super) fn has_sites(&self) -> bool {
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
        let host = self.base.host_str().unwrap_or_default();
        match self.base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
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
        let unfit = || {
            Error::new(
                ErrorKind::InvalidInput,
                format!("`{name}` is not a repository of {}", self.provider.name),
            )
            .remedy("Give it as `owner/name`")
        };
        let template = self.provider.repository.as_deref().ok_or_else(unfit)?;
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

    /// What has one mode of access: a host; at Confluence Cloud all sites together, because one
    /// grant reaches several.
    pub(super) fn mode_key(&self) -> String {
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
            scopes: self.provider.scopes(purpose),
            needs_secret: self.provider.secret == ClientSecret::Needed,
            browser_needs_secret: matches!(
                self.provider.secret,
                ClientSecret::Needed | ClientSecret::ForBrowser
            ),
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
    pub(super) fn redirect_path(&self) -> String {
        let chosen = self.provider.redirect.as_ref();
        match chosen.and_then(|redirect| redirect.path.clone()) {
            Some(path) => path,
            None => format!("/callback/{}", self.provider.id),
        }
    }

    pub(super) fn authorize(&self) -> Result<Url, Error> {
        let mut url = self.endpoint(self.provider.authorize.as_deref(), "through the browser")?;
        for (name, value) in &self.provider.authorize_more {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }

    pub(super) fn token(&self) -> Result<Url, Error> {
        self.endpoint(self.provider.token.as_deref(), "with OAuth")
    }

    pub(super) fn device(&self) -> Result<Url, Error> {
        self.endpoint(self.provider.device.as_deref(), "with a code")
    }

    /// Where a token is made useless (RFC 7009).
    pub(super) fn revoke(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.revoke.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// Where an application's owner withdraws a whole grant, which is GitHub's way.
    pub(super) fn revoke_grant(&self, client_id: &str) -> Result<Option<Url>, Error> {
        let url = self.provider.revoke_grant.as_deref();
        url.map(|url| self.address(&self.fill(url).replace("{client_id}", client_id)))
            .transpose()
    }

    /// The server's own description of itself (RFC 8414), where it has one.
    pub(super) fn metadata(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.metadata.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// The list of Confluence sites that a token reaches.
    pub(super) fn sites(&self) -> Result<Option<Url>, Error> {
        let url = self.provider.sites.as_deref();
        url.map(|url| self.address(&self.fill(url))).transpose()
    }

    /// Where a site says its cloud id to anybody.
    pub(super) fn tenant(&self) -> Result<Option<Url>, Error> {
        let Some(template) = self.provider.tenant.as_deref() else {
            return Ok(None);
        };
        let origin = self.base.origin().ascii_serialization();
        self.address(&template.replace("{origin}", &origin))
            .map(Some)
    }

    /// The site behind the gateway of the API.
    pub(super) fn gateway(&self, cloud_id: &str) -> Result<Url, Error> {
        let sound = cloud_id
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if cloud_id.is_empty() || !sound {
            return Err(Error::new(
                ErrorKind::Bug,
                format!("{} named a site that cannot be one", self.provider.name),
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

    fn endpoint(&self, template: Option<&str>, way: &str) -> Result<Url, Error> {
        let template = template.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{} has no sign-in {way}", self.provider.name),
            )
            .remedy(if self.provider.tokens.is_empty() {
                "Choose another way"
            } else {
                "Sign in with a token: `--token-stdin`"
            })
        })?;
        self.address(&self.fill(template))
    }

    fn is_usual(&self) -> bool {
        self.provider
            .base
            .as_ref()
            .is_some_and(|usual| usual.as_str().trim_end_matches('/') == self.base())
    }

    fn api_text(&self) -> String {
        let template = match &self.provider.api_elsewhere {
            Some(elsewhere) if !self.is_usual() => elsewhere,
            _ => &self.provider.api,
        };
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
pub(super) fn address(typed: &str) -> Result<Url, Error> {
    let typed = typed.trim();
    let wrong = |why: &str| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("No credential can be sent to `{}`: {why}", clean(typed)),
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
        return Err(wrong("it has letters that no address has"));
    }
    let mut url = Url::parse(&full).map_err(|_| wrong("it is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it has a user name or password in it"));
    }
    // No name of a host does (RFC 1123, section 2.1); what does is meant as an option.
    let is_option = |label: &str| label.starts_with('-') || label.ends_with('-');
    if url.host_str().unwrap_or_default().split('.').any(is_option) {
        return Err(wrong("no host is called that"));
    }
    match (url.scheme(), is_here(&url)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => return Err(wrong("what is sent there can be read on the way")),
        _ => return Err(wrong("it is not a web address")),
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether credentials may be sent to an address.
///
/// # Errors
/// As [`address`].
pub(super) fn sound(url: &Url) -> Result<(), Error> {
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

fn clean(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::{Place, Product, Providers, Purpose, address};

    #[test]
    fn every_shipped_provider_is_whole() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let mut count = 0;
        for provider in providers.all() {
            count += 1;
            let place = Place::new(provider.clone(), Some("https://host.example.com/context"))
                .expect("an address");
            place.api().expect("an API");
            place.user_info(None).expect("a way to ask who it is");
            assert!(!provider.tokens.is_empty(), "{}", provider.id());
            if provider.has_oauth() {
                place.authorize().expect("a page to sign in at");
                place.token().expect("a token address");
                assert!(provider.expects_s256(), "{}", provider.id());
                assert!(provider.has_browser_flow(), "{}", provider.id());
                let registering = place
                    .registration(Purpose::Read)
                    .expect("a way to register");
                assert!(!registering.redirects.is_empty());
                let known: Vec<&String> = registering
                    .redirects
                    .iter()
                    .filter(|address| !address.ends_with(&format!("/callback/{}", provider.id())))
                    .collect();
                assert!(known.is_empty(), "{known:?} could be another provider's");
            }
            if provider.product == Product::Git {
                place
                    .repository("group/project/name")
                    .expect("a repository");
            }
        }
        assert_eq!(count, 9);
    }

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
        for odd in ["handbook", "acme/..", "acme//handbook", ""] {
            assert!(github.repository(odd).is_err(), "{odd}");
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

    #[test]
    fn settings_change_a_provider_and_mistakes_are_named() {
        let change: toml::Table = toml::from_str(
            "[gitlab]\nbase = \"https://git.acme.com\"\n[gitlab.redirect]\nports = [4711]\n",
        )
        .expect("TOML");
        let providers = Providers::new(&[&change]).expect("it fits");
        let place = Place::new(providers.get("gitlab").expect("known"), None).expect("a place");
        assert_eq!(place.host(), "git.acme.com");
        assert_eq!(place.redirects(), ["http://127.0.0.1:4711/callback/gitlab"]);
        let wrong: toml::Table = toml::from_str("[gitlab]\nread = 1\n").expect("TOML");
        let error = Providers::new(&[&wrong]).expect_err("a number is no list");
        assert!(error.to_string().contains("gitlab"), "{error}");
        let unknown = providers.get("sourceforge").expect_err("not one of ours");
        assert!(unknown.chain().contains("gitlab"), "{}", unknown.chain());
    }
}
