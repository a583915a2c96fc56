//! The providers as data: addresses, scopes, lives, limits and rules, read from `providers.toml`, changed
//! by settings and by policy. What the data means at one address is [`Place`]'s.

mod built_in;
mod limits;
mod place;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use url::Url;

use super::record::{Access, Mode};
use crate::Sentence;
use crate::error::{Error, ErrorKind};

pub use built_in::BuiltIn;
pub(crate) use limits::Limits;
pub use place::{Place, Registering};
pub(super) use place::{address, host_of, is_inside, sound};

const SHIPPED: &str = include_str!("providers.toml");

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
    /// That, and putting pages into the trash, where it takes a right of its own.
    Remove,
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

/// Whether PKCE with `plain` may stand in for `S256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PkcePlain {
    #[default]
    Never,
    /// Where the data names the host as one that knows nothing else, or the server does itself.
    WhereDeclared,
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

/// What tells a token's scopes where nothing is said of them when it is made: a header that names
/// them, or a call that is refused without one of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Probe {
    url: String,
    #[serde(default)]
    pub(super) header: Option<String>,
    #[serde(default)]
    pub(super) scope: Option<String>,
}

/// What says that nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nobody {
    pub(super) at: String,
    pub(super) is: String,
}

/// The ids of the applications that sign in at one host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Applications {
    /// The one for Individual Access, and for Managed Access where that has none of its own.
    #[serde(default)]
    individual: Option<String>,
    /// The one for Managed Access alone.
    #[serde(default)]
    managed: Option<String>,
}

impl Applications {
    /// The one that was named for a mode at a host, with the port where it is not the usual one.
    pub(super) fn at<'a>(
        by_host: &'a BTreeMap<String, Self>,
        host: &str,
        mode: Mode,
    ) -> Option<&'a str> {
        let mut hosts = by_host.iter();
        let (_, found) = hosts.find(|(known, _)| known.eq_ignore_ascii_case(host))?;
        let mut named = found.each();
        named.find_map(|(of, id)| (of == mode).then_some(id))
    }

    /// Each that was named, and the mode it is for.
    pub(super) fn each(&self) -> impl Iterator<Item = (Mode, &str)> {
        let both = [
            (Mode::Individual, &self.individual),
            (Mode::Managed, &self.managed),
        ];
        both.into_iter()
            .filter_map(|(mode, id)| Some((mode, id.as_deref()?)))
    }
}

/// A kind of token that a person can make by hand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenKind {
    /// `api_token`, `personal_access_token`, `access_token` or `password`.
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
    /// How to find out what it belongs to, where that is no person.
    #[serde(default)]
    pub owned: Option<Owned>,
}

impl TokenKind {
    /// What people call a kind of tokens, wherever they are made; its own word where nobody here knows
    /// it.
    pub fn in_words(kind: &str) -> Sentence {
        match kind {
            "api_token" => sentence!("API token"),
            "access_token" => sentence!("access token"),
            "password" => sentence!("password"),
            "personal_access_token" => sentence!("personal access token"),
            other => Sentence::from(other.to_owned()),
        }
    }
}

/// How a token proves itself that belongs to something else than a person: by a repository that it
/// reads, which whoever gives it names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owned {
    /// Which repository, in words.
    pub words: String,
    /// Where the answer has the repository's own id, as a JSON pointer.
    pub(super) id: String,
    pub(super) name: String,
    /// Where it says that nobody reads it without a credential.
    pub(super) private: String,
    /// The header that names the kind of the credential, and how the kind's name ends.
    pub(super) header: String,
    pub(super) ends_with: String,
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
    /// Other addresses that mean the same place, `{owner}` standing for any name.
    #[serde(default)]
    also: Vec<String>,
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
    /// Which version of its API is asked, where it has several and wants to be told.
    #[serde(default)]
    api_version: String,
    /// Where the API is of places that are named so, `{owner}` standing for any name.
    #[serde(default)]
    api_at: BTreeMap<String, String>,
    /// Where it is of all other places but the usual one.
    #[serde(default)]
    api_elsewhere: Option<String>,
    #[serde(default)]
    sites: Option<String>,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    repository: Option<String>,
    #[serde(default)]
    readable: Option<String>,
    /// At which repository a credential is tried, in words, where Git's own protocol is all that is
    /// spoken and nothing says whose it is.
    #[serde(default)]
    pub proven_at: Option<String>,
    pub(super) user_info: UserInfo,
    /// How to find out which scopes a token has that somebody made by hand.
    #[serde(default)]
    pub(super) probe: Option<Probe>,
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
    /// The applications of single hosts, by the host.
    #[serde(default)]
    applications: BTreeMap<String, Applications>,
    #[serde(default)]
    pkce: Option<String>,
    #[serde(default)]
    pkce_plain: PkcePlain,
    /// The hosts whose servers know `plain` alone.
    #[serde(default)]
    pkce_plain_at: Vec<String>,
    #[serde(default)]
    pub(super) redirect: Option<Redirect>,
    #[serde(default)]
    pub(super) redirect_on_refresh: bool,
    #[serde(default)]
    pub(super) rotation: Rotation,
    /// After how many days a grant ends whatever is done.
    #[serde(default)]
    pub(super) longest_days: Option<u32>,
    /// Whether service accounts sign in with the secret of an application.
    #[serde(default)]
    pub(super) client_credentials: bool,
    /// Where somebody makes a service account, and what to do there.
    #[serde(default)]
    service_page: Option<String>,
    #[serde(default)]
    service_as: Option<String>,
    #[serde(default)]
    prefers: Option<Prefers>,
    #[serde(default)]
    read: Vec<String>,
    #[serde(default)]
    publish: Vec<String>,
    /// What putting pages into the trash takes beside publishing.
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    publish_includes_read: bool,
    /// The scopes that only read, `*` at the end standing for the rest of a name.
    #[serde(default)]
    reading: Vec<String>,
    #[serde(default)]
    register: Option<String>,
    #[serde(default)]
    register_as: Option<String>,
    /// Whether scopes are chosen where an application is registered, or something else is.
    #[serde(default = "is_usual")]
    register_scopes: bool,
    /// The kinds of tokens that people make by hand.
    #[serde(default)]
    pub tokens: Vec<TokenKind>,
    /// How much of what is asked as one account it takes.
    #[serde(default)]
    pub(crate) limits: Limits,
}

fn is_usual() -> bool {
    true
}

/// The name that stands in an address where a pattern has `{owner}`; none for any other address.
fn owner_in<'a>(pattern: &str, url: &'a Url) -> Option<&'a str> {
    let (before, behind) = pattern.split_once("{owner}")?;
    let rest = url.as_str().strip_prefix(before)?;
    let end = rest.find(['.', '/', '?']).unwrap_or(rest.len());
    let (owner, rest) = rest.split_at(end);
    let rest = rest.strip_prefix(behind)?;
    let is_whole = rest.is_empty() || rest.starts_with('/');
    (!owner.is_empty() && !owner.contains([':', '@']) && is_whole).then_some(owner)
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

    /// Which version of its API is asked; empty where it has one alone.
    pub(crate) fn api_version(&self) -> &str {
        &self.api_version
    }

    /// The address of the place where there is only one, or the one most people use.
    pub fn usual_base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// Whether an address means the place where the provider usually is: the data says which do.
    fn also_at(&self, url: &Url) -> bool {
        let mut patterns = self.also.iter();
        patterns.any(|pattern| owner_in(pattern, url).is_some())
    }

    /// Where the API of a place is whose name the data knows.
    fn api_of(&self, url: &Url) -> Option<String> {
        let mut known = self.api_at.iter();
        known.find_map(|(pattern, api)| Some(api.replace("{owner}", owner_in(pattern, url)?)))
    }

    /// Whether it is any Git server, of which no more is known than that it speaks Git's protocol.
    pub fn is_any_git_server(&self) -> bool {
        self.proven_at.is_some()
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

    /// Which of the tokens that are made by hand an account's access is, by what the provider calls
    /// it and how it is sent.
    pub(super) fn token_kind(&self, access: &Access) -> Option<&TokenKind> {
        let Access::Token { kind, sent, .. } = access else {
            return None;
        };
        let mut tokens = self.tokens.iter();
        tokens.find(|known| known.kind == *kind && known.sent == *sent)
    }

    /// Which kind a token is taken for that comes along with a run, where nothing is known of it but
    /// itself.
    pub(crate) fn token_alone(&self) -> Option<&TokenKind> {
        let alone = self.tokens.iter().find(|known| known.user.is_none());
        alone.or(self.tokens.first())
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
            Purpose::Remove => {
                let mut scopes = self.scopes(Purpose::Publish);
                scopes.extend(self.remove.iter().cloned());
                scopes
            }
        }
    }

    /// Whether scopes that were granted go further than reading, as far as anybody knows: what is
    /// not known to only read counts as writing.
    pub fn writes(&self, scopes: &[String]) -> bool {
        let only_reads = |scope: &String| {
            self.reading
                .iter()
                .any(|known| match known.strip_suffix('*') {
                    Some(start) => scope.starts_with(start),
                    None => known == scope,
                })
        };
        !scopes.iter().all(only_reads)
    }

    /// The purposes that make a difference here.
    pub fn purposes(&self) -> &'static [Purpose] {
        if self.product == Product::Git {
            &[Purpose::Read]
        } else if self.remove.is_empty() {
            &[Purpose::Read, Purpose::Publish]
        } else {
            &[Purpose::Read, Purpose::Publish, Purpose::Remove]
        }
    }

    /// Whether scopes that were granted are too few to put pages into the trash. Where nothing is
    /// said of what was granted, nobody knows.
    pub(super) fn lacks_removing(&self, granted: &[String]) -> bool {
        !granted.is_empty() && !super::keep::missing(&self.remove, granted).is_empty()
    }

    /// Whether a server may be one that knows PKCE with `plain` alone.
    pub(super) fn may_be_plain(&self) -> bool {
        self.pkce_plain == PkcePlain::WhereDeclared
    }

    /// Whether PKCE with `S256` is expected of the server.
    pub(super) fn expects_s256(&self) -> bool {
        self.pkce.as_deref() == Some("S256")
    }

    /// The application that the settings name for a mode at one host.
    pub(super) fn application(&self, host: &str, mode: Mode) -> Option<&str> {
        Applications::at(&self.applications, host, mode)
    }

    /// The application that the settings name for every host.
    pub(super) fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
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
                    sentence!(
                        "What the settings or the policy say of the provider `{id}` is wrong",
                        id
                    ),
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
                sentence!("There is no provider `{id}`", id),
            )
            .remedy(sentence!("Choose one of {known}", known = known.join(", ")))
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

#[cfg(test)]
mod tests {
    use super::{Place, Product, Providers, Purpose, Sent};

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
            if provider.is_any_git_server() {
                let asked = place.advertised("docs.git").expect("an address");
                let asked = asked.as_str().to_owned();
                let expected =
                    "https://host.example.com/context/docs.git/info/refs?service=git-upload-pack";
                assert_eq!(asked, expected);
            } else if provider.product == Product::Git {
                place
                    .repository("group/project/name")
                    .expect("a repository");
                let readable = place.readable("group/project/name").expect("an address");
                assert!(readable.query().is_some(), "{readable} asks for one alone");
            }
        }
        assert_eq!(count, 10);
    }

    #[test]
    fn what_is_not_known_to_only_read_writes() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        let writes = |id: &str, scope: &str| {
            let provider = providers.get(id).expect("known");
            provider.writes(&[scope.to_owned()])
        };
        for provider in providers.all() {
            let id = provider.id();
            assert!(!provider.writes(&[]), "{id}");
            assert!(writes(id, "nobody:knows"), "{id}");
            for scope in provider.scopes(Purpose::Read) {
                // Its documentation has nothing less for private repositories.
                let is_github = id == "github" && scope == "repo";
                assert_eq!(writes(id, &scope), is_github, "{id}: {scope}");
            }
            for scope in provider.publish.iter().chain(&provider.remove) {
                // Who may see a page is read before it is changed.
                let reads = id == "confluence-cloud" && scope == "read:confluence-content.all";
                assert_eq!(writes(id, scope), !reads, "{id}: {scope}");
            }
        }
        let entra = "499b84ac-1321-427f-aa17-267ca6975798";
        let (vso_write, vso_full) = (
            format!("{entra}/vso.code_write"),
            format!("{entra}/.default"),
        );
        for (id, scope) in [
            ("confluence-cloud", "delete:page:confluence"),
            ("confluence-cloud", "manage:confluence-configuration"),
            ("confluence-cloud", "write:confluence-props"),
            ("confluence-data-center", "ADMIN"),
            ("confluence-data-center", "SYSTEM_ADMIN"),
            ("github", "repo"),
            ("github", "public_repo"),
            ("github", "write:packages"),
            ("github", "delete_repo"),
            ("gitlab", "api"),
            ("gitlab", "write_repository"),
            ("gitlab", "sudo"),
            ("bitbucket", "repository:write"),
            ("bitbucket", "repository:admin"),
            ("bitbucket", "pullrequest:write"),
            ("bitbucket", "pullrequest"),
            ("bitbucket", "write:repository:bitbucket"),
            ("bitbucket-data-center", "REPO_WRITE"),
            ("bitbucket-data-center", "REPO_ADMIN"),
            ("azure-devops", "vso.code_manage"),
            ("azure-devops", vso_write.as_str()),
            ("azure-devops", vso_full.as_str()),
            ("azure-devops", "user_impersonation"),
            ("gitea", "write:repository"),
            ("gitea", "all"),
        ] {
            assert!(writes(id, scope), "{id}: {scope}");
        }
        for (id, scope) in [
            ("confluence-cloud", "read:confluence-content.all"),
            ("confluence-data-center", "READ_ALL"),
            ("github", "read:org"),
            ("gitlab", "read_registry"),
            ("bitbucket", "read:repository:bitbucket"),
            ("azure-devops", "vso.code"),
            ("gitea", "read:organization"),
        ] {
            assert!(!writes(id, scope), "{id}: {scope}");
        }
    }

    #[test]
    fn a_token_without_a_name_is_sent_as_the_provider_takes_it() {
        let providers = Providers::new(&[]).expect("the shipped file is read");
        for (id, sent) in [
            ("github", Sent::Bearer),
            ("gitlab", Sent::Bearer),
            ("bitbucket", Sent::Bearer),
            ("bitbucket-data-center", Sent::Bearer),
            ("azure-devops", Sent::Basic),
            ("gitea", Sent::Bearer),
        ] {
            let provider = providers.get(id).expect("known");
            let kind = provider.token_alone().expect("there are tokens");
            assert_eq!(kind.sent, sent, "{id}");
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
        let registering = place
            .registration(Purpose::Read)
            .expect("a way to register");
        let redirects = registering.redirects;
        assert_eq!(redirects, ["http://127.0.0.1:4711/callback/gitlab"]);
        let wrong: toml::Table = toml::from_str("[gitlab]\nread = 1\n").expect("TOML");
        let error = Providers::new(&[&wrong]).expect_err("a number is no list");
        assert!(error.to_string().contains("gitlab"), "{error}");
        let unknown = providers.get("sourceforge").expect_err("not one of ours");
        assert!(unknown.chain().contains("gitlab"), "{}", unknown.chain());
    }
}
