//! Signing in against an authorization server of other people: npm `oidc-provider`, which is
//! certified by the OpenID Foundation, as strict as a vendor's.
//!
//! The sandbox shows the vendors' quirks, and was written by us; this one knows nothing of us. A
//! proxy in front of it misbehaves in the ways of `docs/THREATS.md`.
//!
//! - `broker`: a server of the administrator that alone has the secret.
//! - `flows`: every way in and out, and whose account it becomes.
//! - `health`: every state of an account, and the announcement of its end.
//! - `misbehaving`: servers that lie, fail, and send things elsewhere.
//! - `canary`: no secret is found anywhere outside the vault.
//! - `processes`: several programs of one user at once, and such as are killed.
//! - `secured`: certificates that are not good.
//! - `threats`: the table of attacks names tests that are there.

mod broker;
#[cfg(unix)]
mod canary;
mod flows;
#[cfg(unix)]
mod health;
mod misbehaving;
#[cfg(unix)]
mod processes;
mod proxy;
#[cfg(target_os = "linux")]
mod secured;
mod threats;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;
use tributary::account::{
    Account, Accounts, BuiltIn, Mode, Place, Policy, Progress, Purpose, Session, Setup, SignIn,
    SignedIn, Way,
};
use tributary::audit::{Audit, Clock, Entry, Filter, Moment};
use tributary::http::{Credential, Http};
use tributary::store::Paths;
use tributary::vault::{Secret, Vault, session_vault};
use tributary::{Error, ErrorKind};
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::free_port;
use tributary_testbed::oidc::{SECRET, Server};

use crate::proxy::Proxy;

/// How long an access token lives when nothing else is said, in seconds.
const HOUR: u64 = 3600;

/// A clock that moves only when a test turns it, and a record of what was waited for.
#[derive(Clone, Default)]
pub(crate) struct Time {
    ahead: Arc<Mutex<Duration>>,
    pub(crate) waits: Arc<Mutex<Vec<Duration>>>,
    /// Held by a person who does something, so that no code ends while he does it.
    pub(crate) stands_still: Arc<RwLock<()>>,
}

impl Time {
    fn pass(&self, by: Duration) {
        *self.ahead.lock().expect("no test panicked") += by;
    }

    fn clock(&self) -> Clock {
        let ahead = Arc::clone(&self.ahead);
        let began = jiff::Timestamp::now();
        Clock::new(move || {
            let running = *ahead.lock().expect("no test panicked");
            let passed = SignedDuration::try_from(running).expect("a short time");
            Moment {
                wall: began + passed,
                running,
            }
        })
    }
}

/// The server, the proxy before it, and a user with nothing yet.
pub(crate) struct World {
    pub(crate) server: Arc<Server>,
    pub(crate) proxy: Proxy,
    pub(crate) accounts: Accounts,
    pub(crate) audit: Audit,
    pub(crate) setup: Setup,
    pub(crate) time: Time,
    pub(crate) port: u16,
    pub(crate) home: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        Self::in_home(home, Arc::from(session_vault()), HOUR).await
    }

    pub(crate) async fn in_home(home: tempfile::TempDir, vault: Arc<dyn Vault>, life: u64) -> Self {
        let proxy = Proxy::start().await;
        let port = free_port();
        let server = Arc::new(Server::start(proxy.address(), life, port));
        proxy.stand_before(server.address());
        let time = Time::default();
        let (passing, turned) = (time.clone(), Arc::clone(&server));
        let setup = Setup {
            clock: time.clock(),
            // Whoever waits lets time pass everywhere, so that nobody waits.
            sleep: Arc::new(move |wait| {
                let (passing, turned) = (passing.clone(), Arc::clone(&turned));
                Box::pin(async move {
                    let _passes = passing.stands_still.read().await;
                    passing.waits.lock().expect("no test panicked").push(wait);
                    passing.pass(wait);
                    turned.advance(wait).await;
                })
            }),
            ..setup(home.path(), vault, &time.clock(), proxy.address(), port)
        };
        let accounts = Accounts::open(setup.clone()).expect("accounts");
        let world = Self {
            server,
            proxy,
            accounts,
            audit: setup.audit.clone(),
            setup,
            time,
            port,
            home,
        };
        let secret = Secret::new(SECRET.to_owned());
        for (id, client, secret) in [
            ("gitlab", "public", None),
            ("bitbucket", "confidential", Some(&secret)),
        ] {
            let kept = world
                .accounts
                .register(&world.place(id), Mode::Individual, client, secret);
            kept.expect("the application is kept");
        }
        world
    }

    /// The accounts as another process of the same user sees them.
    pub(crate) fn another_process(&self) -> Accounts {
        Accounts::open(self.setup.clone()).expect("accounts")
    }

    pub(crate) fn place(&self, id: &str) -> Place {
        let place = self.accounts.place(id, Some(self.proxy.address()));
        place.expect("a place")
    }

    pub(crate) fn wish(&self, id: &str, way: Way) -> SignIn {
        SignIn {
            place: self.place(id),
            way,
            purpose: Purpose::Read,
            mode: Mode::Individual,
            again: None,
        }
    }

    /// Signs in through a browser that was never used.
    pub(crate) async fn sign_in(
        &self,
        wish: SignIn,
        person: &'static str,
    ) -> Result<SignedIn, Error> {
        let browser = Arc::new(Browser::new());
        sign_in(&self.accounts, &browser, wish, person, Decision::Allow).await
    }

    pub(crate) async fn signed_in(&self, id: &str, person: &'static str) -> Account {
        let signed_in = self.sign_in(self.wish(id, Way::Browser), person).await;
        let signed_in = signed_in.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(signed_in.missing, Vec::<String>::new(), "{id}");
        signed_in.account
    }

    /// Lets time pass everywhere.
    pub(crate) async fn pass(&self, by: Duration) {
        self.time.pass(by);
        self.server.advance(by).await;
    }

    /// What is recorded of an action: how each ended.
    pub(crate) fn outcomes(&self, action: &str) -> Vec<String> {
        let entries: Vec<Entry> = self.audit.entries(&Filter::default()).expect("readable");
        let of_it = entries.into_iter().filter(|entry| entry.action == action);
        of_it.map(|entry| entry.outcome).collect()
    }

    pub(crate) async fn token(&self, account: &Account) -> Result<String, Error> {
        token(&self.accounts, account).await
    }
}

/// What the accounts of a user stand on, who knows the server as two of the providers.
pub(crate) fn setup(
    home: &Path,
    vault: Arc<dyn Vault>,
    clock: &Clock,
    server: &str,
    port: u16,
) -> Setup {
    let paths = Paths::below(home);
    Setup {
        audit: Audit::open(&paths, Some(Arc::clone(&vault)), clock.clone()),
        vault,
        session: Session::default(),
        http: Http::new().expect("a client"),
        policy: Policy::load(&paths.config.join("none")).expect("there is no policy"),
        providers: providers(server, port),
        built_in: BuiltIn::default(),
        clock: clock.clone(),
        sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))),
        at_step: Arc::new(|_| {}),
        paths,
    }
}

fn providers(server: &str, port: u16) -> toml::Table {
    let same = format!(
        "base = \"{server}\"\nauthorize = \"{{base}}/auth\"\nauthorize_more.prompt = \"consent\"\n\
         token = \"{{base}}/token\"\ndevice = \"{{base}}/device/auth\"\n\
         revoke = \"{{base}}/token/revocation\"\nrevoke_ends = \"grant\"\napi = \"{{base}}\"\nissuer = \"{server}\"\n\
         metadata = \"{{base}}/.well-known/openid-configuration\"\n\
         user_info.url = \"{{base}}/me\"\nuser_info.id = \"/sub\"\n\
         user_info.name = \"/preferred_username\"\n\
         read = [\"openid\", \"offline_access\", \"read\"]\n"
    );
    let text = format!("[gitlab]\n{same}[bitbucket]\n{same}redirect.ports = [{port}]\n");
    toml::from_str(&text).expect("TOML")
}

/// Signs in; whoever sits at the browser decides at once.
pub(crate) async fn sign_in(
    accounts: &Accounts,
    browser: &Arc<Browser>,
    wish: SignIn,
    person: &'static str,
    decision: Decision,
) -> Result<SignedIn, Error> {
    let cancel = CancellationToken::new();
    let (browser, given_up) = (Arc::clone(browser), cancel.clone());
    let progress = move |progress: Progress| {
        if let Progress::Browser { url } = progress {
            let browser = Arc::clone(&browser);
            // A browser that fails the test ends the sign-in too.
            let failed = given_up.clone().drop_guard();
            tokio::spawn(async move {
                let answer = browser.decide(&url, person, decision).await;
                assert_eq!(browser.land(answer).await, 303);
                failed.disarm();
            });
        }
    };
    accounts.sign_in(wish, &progress, &cancel).await
}

/// The access token of an account, renewed when it has to be.
pub(crate) async fn token(accounts: &Accounts, account: &Account) -> Result<String, Error> {
    match accounts.credential(account).await? {
        Credential::Account(tokens) => Ok(tokens.current().await?.expose().to_owned()),
        other => panic!("a grant is renewed, and this is {other:?}"),
    }
}

pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.expect_err("it is refused").kind()
}
