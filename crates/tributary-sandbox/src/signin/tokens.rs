//! Applications, consents, codes and tokens, and the rules of their lives.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Application, Grant, Product, User};

const MINUTE: Duration = Duration::from_secs(60);
/// How long an access token lives on either server.
pub(super) const ACCESS_LIFE: Duration = Duration::from_secs(3600);
const CODE_LIFE: Duration = Duration::from_secs(600);
const CONSENT_LIFE: Duration = Duration::from_secs(1800);
const REFRESH_IDLE: Duration = Duration::from_secs(90 * 24 * 3600);
const REFRESH_ABSOLUTE: Duration = Duration::from_secs(365 * 24 * 3600);

/// Everyone who can sign in, every application and every token. Clones share the same state.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub(super) site: Arc<Site>,
    inner: Arc<Mutex<Inner>>,
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
    applications: HashMap<(Product, String), Application>,
    consents: HashMap<String, Pending>,
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    families: HashMap<u64, Family>,
    next_family: u64,
    /// How far the clock was put forward.
    ahead: Duration,
    leeway: Duration,
}

/// A request for consent that a person has not answered yet.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) product: Product,
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
    expires: Instant,
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
}

/// A fresh access token, with what an answer says about it.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) scope: String,
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
    /// `http://127.0.0.1:31415/callback`.
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
            })),
        };
        let callback = vec!["http://127.0.0.1:31415/callback".to_owned()];
        let demo = |id: &str, secret: &str, product, redirect_uris, service: &[&str]| Application {
            client_id: id.to_owned(),
            client_secret: secret.to_owned(),
            name: "Sandbox demo application".to_owned(),
            redirect_uris,
            product,
            service_scopes: service.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        accounts.register(demo(
            "sandbox-client",
            "sandbox-secret",
            Product::Cloud,
            callback.clone(),
            &[],
        ));
        accounts.register(demo(
            "sandbox-dc-client",
            "sandbox-dc-secret",
            Product::DataCenter,
            callback,
            &[],
        ));
        let service = [
            "read:page:confluence",
            "write:page:confluence",
            "read:space:confluence",
            "read:attachment:confluence",
            "write:confluence-file",
            "write:confluence-content",
            "read:confluence-user",
        ];
        accounts.register(demo(
            "sandbox-service",
            "sandbox-service-secret",
            Product::Cloud,
            Vec::new(),
            &service,
        ));
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
            (application.product, application.client_id.clone()),
            application,
        );
    }

    /// Whom a bearer token speaks for; `None` for one that is unknown, expired or revoked.
    pub fn authenticate(&self, bearer: &str) -> Option<Grant> {
        let inner = self.lock();
        let access = inner.access.get(bearer)?;
        (access.expires > inner.now()).then(|| access.grant.clone())
    }

    /// Issues an access token with these scopes, as if a person had just consented.
    pub fn issue(&self, product: Product, scopes: &[&str]) -> String {
        let mut inner = self.lock();
        let grant = Grant {
            user: self.site.user.clone(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            product,
        };
        let family = inner.start_family("issued by hand", "", grant);
        inner.issue(family, &self.site, false).access_token
    }

    /// Lets an access token expire now.
    pub fn expire(&self, token: &str) {
        let mut inner = self.lock();
        let now = inner.now();
        if let Some(access) = inner.access.get_mut(token) {
            access.expires = now;
        }
    }

    /// Lets every access token expire now; refresh tokens stay good.
    pub fn expire_all(&self) {
        let mut inner = self.lock();
        let now = inner.now();
        inner
            .access
            .values_mut()
            .for_each(|access| access.expires = now);
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

    pub(super) fn application(&self, product: Product, client_id: &str) -> Option<Application> {
        self.lock()
            .applications
            .get(&(product, client_id.to_owned()))
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
    pub(super) fn answered(&self, product: Product, id: &str) -> Option<Request> {
        let mut inner = self.lock();
        let now = inner.now();
        let pending = inner.consents.remove(id)?;
        let open =
            now.duration_since(pending.asked) < CONSENT_LIFE && pending.request.product == product;
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

    /// Turns a code into tokens. `check_verifier` says whether the server looks at PKCE at all.
    pub(super) fn redeem(
        &self,
        application: &Application,
        code: &str,
        redirect_uri: &str,
        verifier: Option<&str>,
        check_verifier: bool,
    ) -> Result<Issued, Refused> {
        let mut inner = self.lock();
        let now = inner.now();
        let Some(found) = inner.codes.get(code) else {
            return Err(Refused::Invalid);
        };
        let request = found.request.clone();
        if request.product != application.product || request.client_id != application.client_id {
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
        if request.redirect_uri != redirect_uri {
            return Err(Refused::Redirect);
        }
        if check_verifier
            && let Some(challenge) = &request.challenge
            && !verifier.is_some_and(|verifier| challenge.answered_by(verifier))
        {
            return Err(Refused::Verifier);
        }
        let grant = Grant {
            user: self.site.user.clone(),
            scopes: request.scopes.iter().cloned().collect(),
            product: request.product,
        };
        // Data Center hands out a refresh token without being asked for it.
        let refreshable =
            grant.product == Product::DataCenter || grant.scopes.contains("offline_access");
        let family = inner.start_family(&request.client_id, &request.redirect_uri, grant);
        if let Some(code) = inner.codes.get_mut(code) {
            code.used = Some(family);
        }
        Ok(inner.issue(family, &self.site, refreshable))
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
        let leeway = match application.product {
            Product::Cloud => inner.leeway,
            // Data Center: a new pair makes the old pair invalid.
            Product::DataCenter => Duration::ZERO,
        };
        let Some(found) = inner.refresh.get(token) else {
            return Err(Refused::Invalid);
        };
        let (id, issued, used) = (found.family, found.issued, found.used);
        let Some(family) = inner.families.get(&id) else {
            return Err(Refused::Invalid);
        };
        let too_old = now.duration_since(issued) >= REFRESH_IDLE
            || now.duration_since(family.started) >= REFRESH_ABSOLUTE;
        if family.dead
            || family.client_id != application.client_id
            || family.grant.product != application.product
            || too_old
        {
            return Err(Refused::Invalid);
        }
        if redirect_uri.is_some_and(|given| given != family.redirect_uri) {
            return Err(Refused::Redirect);
        }
        if let Some(used) = used
            && now.duration_since(used) >= leeway
        {
            // Two holders of one token: one of them is a thief, so nobody keeps access.
            inner.end_family(id, application.product == Product::DataCenter);
            return Err(Refused::Invalid);
        }
        if application.product == Product::DataCenter {
            inner.access.retain(|_, access| access.family != id);
        }
        if let Some(refresh) = inner.refresh.get_mut(token) {
            refresh.used.get_or_insert(now);
        }
        Ok(inner.issue(id, &self.site, true))
    }

    /// A token for a service account, which no person consents to and nothing refreshes.
    pub(super) fn issue_service(&self, application: &Application) -> Issued {
        let mut inner = self.lock();
        let grant = Grant {
            user: self.site.user.clone(),
            scopes: application.service_scopes.iter().cloned().collect(),
            product: application.product,
        };
        let family = inner.start_family(&application.client_id, "", grant);
        inner.issue(family, &self.site, false)
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

    fn issue(&mut self, id: u64, site: &Site, refreshable: bool) -> Issued {
        let now = self.now();
        let grant = match self.families.get(&id) {
            Some(family) => family.grant.clone(),
            None => Grant {
                user: site.user.clone(),
                scopes: BTreeSet::new(),
                product: Product::Cloud,
            },
        };
        let scope = grant.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
        let access_token = match grant.product {
            Product::Cloud => token_with_claims(&grant, &scope),
            Product::DataCenter => random_token(),
        };
        self.access.insert(
            access_token.clone(),
            Access {
                grant,
                family: id,
                expires: now + ACCESS_LIFE,
            },
        );
        let refresh_token = refreshable.then(|| {
            let token = random_token();
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
        }
    }
}

/// Cloud's access tokens are JSON Web Tokens. This one looks like them from outside; its signature
/// is random, because a client must not look inside.
fn token_with_claims(grant: &Grant, scope: &str) -> String {
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "stand-in"});
    let claims = json!({
        "sub": grant.user.account_id,
        "aud": "api.atlassian.com",
        "scope": scope,
        "jti": random_token(),
    });
    let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(&claims), random_token())
}

/// 256 random bits as text.
fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers to give");
    URL_SAFE_NO_PAD.encode(bytes)
}
