//! Applications, consents, codes and tokens, and the rules of their lives.

mod people;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::hosts;
use super::rules::{Refreshes, Reuse, rules};
use super::{Application, Grant, Server, User};
use crate::git::held::Repositories;

const MINUTE: Duration = Duration::from_secs(60);
const CODE_LIFE: Duration = Duration::from_secs(600);
const CONSENT_LIFE: Duration = Duration::from_secs(1800);

/// Everyone who can sign in, every application and every token. Clones share the same state.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(super) site: Arc<Site>,
    inner: Arc<Mutex<Inner>>,
    /// What the Git hosts have.
    pub(crate) repositories: Arc<Repositories>,
    pub(super) limits: Arc<hosts::Limits>,
    pub(super) origins: Arc<hosts::public::Origins>,
}

/// What the tokens are for.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) url: String,
    pub(super) cloud_id: String,
    pub(super) user: User,
}

#[derive(Debug)]
struct Inner {
    applications: HashMap<(Server, String), Application>,
    consents: HashMap<String, Pending>,
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    families: HashMap<u64, Family>,
    next_family: u64,
    /// How far the clock was put forward.
    ahead: Duration,
    leeway: Duration,
    /// The servers that know PKCE with `plain` alone.
    plain_alone: BTreeSet<Server>,
    /// Who is signed in at the browser, where it is not the first person.
    signed_in: HashMap<Server, User>,
    devices: HashMap<String, Device>,
    /// Who may read which repository where: server, repository, account id.
    readers: BTreeSet<(Server, String, String)>,
    /// Those of the readers who may not have the files.
    guests: BTreeSet<(Server, String, String)>,
}

/// A request for consent that a person has not answered yet.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) server: Server,
    /// Who is asked, and speaks through the tokens.
    pub(super) user: User,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<Challenge>,
}

/// What the application must prove with its verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    Plain(String),
    Sha256(String),
}

impl Challenge {
    /// Whether this verifier answers the challenge.
    pub(super) fn answered_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(wanted) => wanted == verifier,
            Self::Sha256(wanted) => {
                *wanted == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
        }
    }
}

#[derive(Debug)]
struct Pending {
    request: Request,
    asked: Instant,
}

#[derive(Debug)]
struct Code {
    request: Request,
    issued: Instant,
    /// The family it became; a second use kills that.
    used: Option<u64>,
}

#[derive(Debug)]
struct Access {
    grant: Grant,
    family: u64,
    /// None for a token that does not expire.
    expires: Option<Instant>,
}

#[derive(Debug)]
struct Refresh {
    family: u64,
    issued: Instant,
    used: Option<Instant>,
}

#[derive(Debug)]
struct Family {
    client_id: String,
    redirect_uri: String,
    grant: Grant,
    started: Instant,
    dead: bool,
    /// Whether it came of the device flow.
    device: bool,
    /// Whether the application is a GitHub App.
    github_app: bool,
}

/// A device's request, which a person answers elsewhere.
#[derive(Debug)]
struct Device {
    request: Request,
    user_code: String,
    asked: Instant,
    life: Duration,
    interval: Duration,
    polled: Option<Instant>,
    /// The answer, once there is one: the person who allowed it, or none when it was refused.
    decided: Option<Option<User>>,
}

/// What a device gets on its request.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) device_code: String,
    pub(super) user_code: String,
}

/// What a device gets when it asks whether the person answered.
#[derive(Debug)]
pub(super) enum Polled {
    /// The person allowed it.
    Issued(Issued),
    /// The person has not answered yet.
    Pending,
    /// It asked too soon; from now on it must wait this many seconds.
    TooSoon(u64),
    /// The person refused.
    Denied,
    /// Nobody answered in time.
    Expired,
    /// No such device code, or another application's, or one that was used.
    Unknown,
}

/// A fresh access token, with what an answer says about it.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: String,
    /// Seconds; none for a token that does not expire.
    pub(super) expires_in: Option<u64>,
    /// Whether the application is a GitHub App.
    pub(super) github_app: bool,
}

/// Why a code or a refresh token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Unknown, used, too old, or another application's.
    Invalid,
    /// The redirect address is not the one of the request.
    Redirect,
    /// The verifier does not answer the challenge.
    Verifier,
}

impl Accounts {
    /// Opens accounts for one site: `url` without `/wiki`, and the id the gateway knows it by.
    ///
    /// Three applications are registered from the start: `sandbox-client` with `sandbox-secret` and
    /// `sandbox-service` with `sandbox-service-secret` for Cloud, `sandbox-dc-client` with
    /// `sandbox-dc-secret` for Data Center. Those that people use send them back to
    /// `http://127.0.0.1:31415/callback`. Those of the Git hosts are listed in [`hosts`].
    pub fn new(url: &str, cloud_id: &str, user: User) -> Self {
        let accounts = Self {
            site: Arc::new(Site {
                url: url.to_owned(),
                cloud_id: cloud_id.to_owned(),
                user,
            }),
            inner: Arc::new(Mutex::new(Inner {
                applications: HashMap::new(),
                consents: HashMap::new(),
                codes: HashMap::new(),
                access: HashMap::new(),
                refresh: HashMap::new(),
                families: HashMap::new(),
                next_family: 1,
                ahead: Duration::ZERO,
                leeway: 10 * MINUTE,
                plain_alone: BTreeSet::new(),
                signed_in: HashMap::new(),
                devices: HashMap::new(),
                readers: hosts::first_readers(),
                guests: BTreeSet::new(),
            })),
            repositories: Arc::default(),
            limits: Arc::default(),
            origins: Arc::default(),
        };
        let callback = vec!["http://127.0.0.1:31415/callback".to_owned()];
        let demo = |id: &str, secret: &str, server, redirect_uris, service: &[&str]| Application {
            client_id: id.to_owned(),
            client_secret: secret.to_owned(),
            name: "Sandbox demo application".to_owned(),
            redirect_uris,
            server,
            service_scopes: service.iter().map(|scope| (*scope).to_owned()).collect(),
            public: false,
            device_flow: false,
            github_app: false,
        };
        accounts.register(demo(
            "sandbox-client",
            "sandbox-secret",
            Server::Cloud,
            callback.clone(),
            &[],
        ));
        accounts.register(demo(
            "sandbox-dc-client",
            "sandbox-dc-secret",
            Server::DataCenter,
            callback,
            &[],
        ));
        let service = [
            "read:page:confluence",
            "write:page:confluence",
            "read:folder:confluence",
            "write:folder:confluence",
            "read:hierarchical-content:confluence",
            "read:space:confluence",
            "read:attachment:confluence",
            "write:confluence-file",
            "write:confluence-content",
            "read:confluence-user",
        ];
        accounts.register(demo(
            "sandbox-service",
            "sandbox-service-secret",
            Server::Cloud,
            Vec::new(),
            &service,
        ));
        for application in hosts::first_applications() {
            accounts.register(application);
        }
        accounts
    }

    /// The person who signs in here.
    pub fn user(&self) -> &User {
        &self.site.user
    }

    /// The address of the site the accounts are for.
    pub fn site_url(&self) -> &str {
        &self.site.url
    }

    /// Registers an application, or replaces the one with the same id.
    pub fn register(&self, application: Application) {
        self.lock().applications.insert(
            (application.server, application.client_id.clone()),
            application,
        );
    }

    /// Whom a bearer token speaks for; `None` for one that is unknown, expired or revoked.
    pub fn authenticate(&self, bearer: &str) -> Option<Grant> {
        let inner = self.lock();
        let access = inner.access.get(bearer)?;
        let good = access.expires.is_none_or(|expires| expires > inner.now());
        good.then(|| access.grant.clone())
    }

    /// How many access tokens are good now.
    pub fn living(&self) -> usize {
        let inner = self.lock();
        let now = inner.now();
        let living = |access: &&Access| access.expires.is_none_or(|expires| expires > now);
        inner.access.values().filter(living).count()
    }

    /// Issues an access token with these scopes, as if a person had just consented.
    pub fn issue(&self, server: impl Into<Server>, scopes: &[&str]) -> String {
        let server = server.into();
        let user = self.signed_in(server);
        let mut inner = self.lock();
        let grant = Grant::by_hand(server, user, scopes, false);
        let family = inner.start_family("issued by hand", "", grant);
        inner.issue(family, false).access_token
    }

    /// Lets an access token expire now.
    pub fn expire(&self, token: &str) {
        let mut inner = self.lock();
        let now = inner.now();
        if let Some(access) = inner.access.get_mut(token) {
            access.expires = Some(now);
        }
    }

    /// Lets every access token expire now; refresh tokens stay good.
    pub fn expire_all(&self) {
        let mut inner = self.lock();
        let now = inner.now();
        inner
            .access
            .values_mut()
            .for_each(|access| access.expires = Some(now));
    }

    /// Withdraws a consent by one of its tokens, access or refresh: all its tokens die.
    pub fn revoke(&self, token: &str) {
        let mut inner = self.lock();
        let family = inner
            .access
            .get(token)
            .map(|access| access.family)
            .or_else(|| inner.refresh.get(token).map(|refresh| refresh.family));
        if let Some(family) = family {
            inner.end_family(family, true);
        }
    }

    /// Withdraws every consent, as a person does in the account's settings.
    pub fn revoke_all(&self) {
        let mut inner = self.lock();
        let families: Vec<u64> = inner.families.keys().copied().collect();
        families
            .into_iter()
            .for_each(|family| inner.end_family(family, true));
    }

    /// Puts the clock of the sign-in servers forward.
    pub fn advance(&self, by: Duration) {
        self.lock().ahead += by;
    }

    /// Changes how long a used refresh token is still taken; Cloud's documented ten minutes at first.
    pub fn set_refresh_leeway(&self, leeway: Duration) {
        self.lock().leeway = leeway;
    }

    /// Makes a server one that knows PKCE with `plain` alone, as some of Data Center's versions may.
    pub fn know_plain_alone(&self, server: Server) {
        self.lock().plain_alone.insert(server);
    }

    pub(super) fn knows_plain_alone(&self, server: Server) -> bool {
        self.lock().plain_alone.contains(&server)
    }

    pub(super) fn application(&self, server: Server, client_id: &str) -> Option<Application> {
        self.lock()
            .applications
            .get(&(server, client_id.to_owned()))
            .cloned()
    }

    /// Remembers a question to a person; the id brings it back.
    pub(super) fn ask(&self, request: Request) -> String {
        let mut inner = self.lock();
        let id = random_token();
        let asked = inner.now();
        inner
            .consents
            .retain(|_, pending| asked.duration_since(pending.asked) < CONSENT_LIFE);
        inner
            .consents
            .insert(id.clone(), Pending { request, asked });
        id
    }

    /// Takes the question back; it can be answered once.
    pub(super) fn answered(&self, server: Server, id: &str) -> Option<Request> {
        let mut inner = self.lock();
        let now = inner.now();
        let pending = inner.consents.remove(id)?;
        let open =
            now.duration_since(pending.asked) < CONSENT_LIFE && pending.request.server == server;
        open.then_some(pending.request)
    }

    pub(super) fn issue_code(&self, request: Request) -> String {
        let mut inner = self.lock();
        let code = random_token();
        let issued = inner.now();
        inner.codes.insert(
            code.clone(),
            Code {
                request,
                issued,
                used: None,
            },
        );
        code
    }

    /// Turns a code into tokens. A `redirect_uri` of none is not compared. `check_verifier` says whether the server looks at PKCE at all.
    pub(super) fn redeem(
        &self,
        application: &Application,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
        check_verifier: bool,
    ) -> Result<Issued, Refused> {
        let mut inner = self.lock();
        let now = inner.now();
        let Some(found) = inner.codes.get(code) else {
            return Err(Refused::Invalid);
        };
        let request = found.request.clone();
        if request.server != application.server || request.client_id != application.client_id {
            return Err(Refused::Invalid);
        }
        if let Some(family) = found.used {
            // RFC 6749 §4.1.2: what a code that is used twice was turned into should die.
            inner.end_family(family, true);
            return Err(Refused::Invalid);
        }
        if now.duration_since(found.issued) >= CODE_LIFE {
            return Err(Refused::Invalid);
        }
        if redirect_uri.is_some_and(|given| given != request.redirect_uri) {
            return Err(Refused::Redirect);
        }
        if check_verifier
            && let Some(challenge) = &request.challenge
            && !verifier.is_some_and(|verifier| challenge.answered_by(verifier))
        {
            return Err(Refused::Verifier);
        }
        let grant = Grant {
            user: request.user.clone(),
            scopes: request.scopes.iter().cloned().collect(),
            server: request.server,
            client_id: request.client_id.clone(),
            personal: false,
            belongs_to: None,
        };
        let refreshable = refreshable(application, &grant);
        let family = inner.start_family(&request.client_id, &request.redirect_uri, grant);
        inner.mark(family, false, application.github_app);
        if let Some(code) = inner.codes.get_mut(code) {
            code.used = Some(family);
        }
        Ok(inner.issue(family, refreshable))
    }

    /// Whether a code was asked for with a challenge, so that a public client may redeem it.
    pub(super) fn has_challenge(&self, code: &str) -> bool {
        self.lock()
            .codes
            .get(code)
            .is_some_and(|code| code.request.challenge.is_some())
    }

    /// Turns a refresh token into the next pair.
    pub(super) fn refresh(
        &self,
        application: &Application,
        token: &str,
        redirect_uri: Option<&str>,
    ) -> Result<Issued, Refused> {
        let mut inner = self.lock();
        let now = inner.now();
        let rules = rules(application.server);
        let Some(found) = inner.refresh.get(token) else {
            return Err(Refused::Invalid);
        };
        let (id, issued, used) = (found.family, found.issued, found.used);
        let Some(family) = inner.families.get(&id) else {
            return Err(Refused::Invalid);
        };
        let too_old = now.duration_since(issued) >= rules.refresh_life
            || rules
                .longest
                .is_some_and(|longest| now.duration_since(family.started) >= longest);
        if family.dead
            || family.client_id != application.client_id
            || family.grant.server != application.server
            || too_old
        {
            return Err(Refused::Invalid);
        }
        if redirect_uri.is_some_and(|given| given != family.redirect_uri) {
            return Err(Refused::Redirect);
        }
        if let Some(used) = used {
            match rules.reuse {
                Reuse::Leeway if now.duration_since(used) < inner.leeway => {}
                Reuse::Allowed => {}
                Reuse::Refused => return Err(Refused::Invalid),
                // Two holders of one token: one of them is a thief, so nobody keeps access.
                Reuse::Leeway => {
                    inner.end_family(id, false);
                    return Err(Refused::Invalid);
                }
                Reuse::EndsAll => {
                    inner.end_family(id, true);
                    return Err(Refused::Invalid);
                }
            }
        }
        if rules.refresh_ends_access {
            inner.access.retain(|_, access| access.family != id);
        }
        if let Some(refresh) = inner.refresh.get_mut(token) {
            refresh.used.get_or_insert(now);
        }
        Ok(inner.issue(id, true))
    }

    /// Who is signed in at the browser that comes to a server.
    pub fn signed_in(&self, server: Server) -> User {
        let first = || hosts::first_user(server).unwrap_or_else(|| self.site.user.clone());
        self.lock()
            .signed_in
            .get(&server)
            .cloned()
            .unwrap_or_else(first)
    }

    /// The seconds an access token has left; none for one that does not expire.
    pub(super) fn seconds_left(&self, token: &str) -> Option<u64> {
        let inner = self.lock();
        let expires = inner.access.get(token)?.expires?;
        Some(expires.saturating_duration_since(inner.now()).as_secs())
    }

    /// Whom a token is for and to which application it went, whether it is good or not.
    pub(super) fn holder(&self, token: &str) -> Option<Grant> {
        let inner = self.lock();
        let family = inner
            .access
            .get(token)
            .map(|access| access.family)
            .or_else(|| inner.refresh.get(token).map(|refresh| refresh.family))?;
        Some(inner.families.get(&family)?.grant.clone())
    }

    /// Whether a refresh token came of the device flow.
    pub(super) fn came_from_device(&self, refresh_token: &str) -> bool {
        let inner = self.lock();
        let family = inner
            .refresh
            .get(refresh_token)
            .and_then(|refresh| inner.families.get(&refresh.family));
        family.is_some_and(|family| family.device)
    }

    /// Remembers a device's request.
    pub(super) fn ask_device(&self, request: Request, life: Duration, interval: Duration) -> Asked {
        let mut inner = self.lock();
        let (device_code, user_code) = (random_token(), user_code());
        let asked = inner.now();
        inner.devices.insert(
            device_code.clone(),
            Device {
                request,
                user_code: user_code.clone(),
                asked,
                life,
                interval,
                polled: None,
                decided: None,
            },
        );
        Asked {
            device_code,
            user_code,
        }
    }

    /// Answers a device's request by its user code, as the person who is signed in at the server.
    /// Whether such a request waits for an answer.
    pub fn decide_device(&self, server: Server, user_code: &str, allow: bool) -> bool {
        let user = self.signed_in(server);
        let mut inner = self.lock();
        let now = inner.now();
        let waiting = inner.devices.values_mut().find(|device| {
            device.request.server == server
                && device.user_code.eq_ignore_ascii_case(user_code.trim())
                && device.decided.is_none()
                && now.duration_since(device.asked) < device.life
        });
        let Some(device) = waiting else {
            return false;
        };
        device.decided = Some(allow.then_some(user));
        true
    }

    /// Turns a device code into tokens, once the person allowed it.
    pub(super) fn poll_device(&self, application: &Application, device_code: &str) -> Polled {
        let mut inner = self.lock();
        let now = inner.now();
        let Some(device) = inner.devices.get_mut(device_code) else {
            return Polled::Unknown;
        };
        let request = &device.request;
        if request.server != application.server || request.client_id != application.client_id {
            return Polled::Unknown;
        }
        if now.duration_since(device.asked) >= device.life {
            return Polled::Expired;
        }
        let soon = device
            .polled
            .replace(now)
            .is_some_and(|polled| now.duration_since(polled) < device.interval);
        if soon {
            // RFC 8628 §3.5: five seconds more, for this and all later requests.
            device.interval += Duration::from_secs(5);
            return Polled::TooSoon(device.interval.as_secs());
        }
        let Some(decided) = device.decided.clone() else {
            return Polled::Pending;
        };
        let Some(Device { request, .. }) = inner.devices.remove(device_code) else {
            return Polled::Unknown;
        };
        let Some(user) = decided else {
            return Polled::Denied;
        };
        let grant = Grant {
            user,
            scopes: request.scopes.iter().cloned().collect(),
            server: request.server,
            client_id: request.client_id.clone(),
            personal: false,
            belongs_to: None,
        };
        let refreshable = rules(request.server).devices_refresh && refreshable(application, &grant);
        let family = inner.start_family(&request.client_id, "", grant);
        inner.mark(family, true, application.github_app);
        Polled::Issued(inner.issue(family, refreshable))
    }

    /// A token for a service account, which no person consents to and nothing refreshes.
    pub(super) fn issue_service(&self, application: &Application) -> Issued {
        let mut inner = self.lock();
        let grant = Grant {
            user: self.site.user.clone(),
            scopes: application.service_scopes.iter().cloned().collect(),
            server: application.server,
            client_id: application.client_id.clone(),
            personal: false,
            belongs_to: None,
        };
        let family = inner.start_family(&application.client_id, "", grant);
        inner.issue(family, false)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // No code that holds the lock can leave the tables half changed.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn now(&self) -> Instant {
        Instant::now() + self.ahead
    }

    fn start_family(&mut self, client_id: &str, redirect_uri: &str, grant: Grant) -> u64 {
        let id = self.next_family;
        self.next_family += 1;
        let started = self.now();
        let family = Family {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            grant,
            started,
            dead: false,
            device: false,
            github_app: false,
        };
        self.families.insert(id, family);
        id
    }

    /// Kills the refresh tokens of a consent, and its access tokens as well where those are looked
    /// up on every call. Assumed for Cloud: its access tokens are signed and live out their hour.
    fn end_family(&mut self, id: u64, access_too: bool) {
        if let Some(family) = self.families.get_mut(&id) {
            family.dead = true;
        }
        if access_too {
            self.access.retain(|_, access| access.family != id);
        }
    }

    /// Notes how a family began.
    fn mark(&mut self, id: u64, device: bool, github_app: bool) {
        if let Some(family) = self.families.get_mut(&id) {
            (family.device, family.github_app) = (device, github_app);
        }
    }

    fn issue(&mut self, id: u64, refreshable: bool) -> Issued {
        let now = self.now();
        let family = self
            .families
            .get(&id)
            .expect("a family is never forgotten, and ids come from `start_family` only");
        let (grant, github_app) = (family.grant.clone(), family.github_app);
        let rules = rules(grant.server);
        let scope = grant.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
        let (prefix, refresh_prefix) = rules.prefixes;
        // GitHub alone has two kinds of applications, and tells their tokens apart.
        let prefix = if github_app { "ghu_" } else { prefix };
        let access_token = match grant.server {
            Server::Cloud | Server::Entra => token_with_claims(&grant, &scope),
            _ => format!("{prefix}{}", random_token()),
        };
        let life = if rules.refreshes == Refreshes::GithubApps && !github_app {
            None
        } else {
            Some(rules.access_life)
        };
        self.access.insert(
            access_token.clone(),
            Access {
                grant,
                family: id,
                expires: life.map(|life| now + life),
            },
        );
        let refresh_token = refreshable.then(|| {
            let token = format!("{refresh_prefix}{}", random_token());
            self.refresh.insert(
                token.clone(),
                Refresh {
                    family: id,
                    issued: now,
                    used: None,
                },
            );
            token
        });
        Issued {
            access_token,
            refresh_token,
            scope,
            expires_in: life.map(|life| life.as_secs()),
            github_app,
        }
    }
}

/// Cloud's and Entra's access tokens are JSON Web Tokens. This one looks like them from outside; its signature
/// is random, because a client must not look inside.
fn token_with_claims(grant: &Grant, scope: &str) -> String {
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "stand-in"});
    let claims = json!({
        "sub": grant.user.account_id,
        "aud": rules(grant.server).audience,
        "scope": scope,
        "jti": random_token(),
    });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(&claims), random_token())
}

/// Whether a code or device becomes a refresh token too.
fn refreshable(application: &Application, grant: &Grant) -> bool {
    match rules(application.server).refreshes {
        Refreshes::Always => true,
        Refreshes::OnRequest => grant.scopes.contains("offline_access"),
        Refreshes::GithubApps => application.github_app,
    }
}

/// 256 random bits as text.
fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers to give");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a person types at another screen: RFC 8628 §6.1 advises consonants, so that no words come up.
fn user_code() -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers to give");
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let (first, last) = bytes.split_at(4);
    let part = |bytes: &[u8]| bytes.iter().map(letter).collect::<String>();
    format!("{}-{}", part(first), part(last))
}
