//! Signing in to every provider, over real HTTP against the sandbox's sign-in servers.
//!
//! - `access_tokens`: tokens that belong to no person.
//! - `applications`: as which application.
//! - `callback`: the listener for the browser, and everything that may come there.
//! - `choices`: which of several accounts is used.
//! - `endings`: what signing out did, and whose fault a failure is.
//! - `hosts`: each provider and each way, from nothing to a credential that is renewed and revoked.
//! - `modes`: changing whose access is used.
//! - `policy`: what the administrator forbids.
//! - `proof`: PKCE where a server knows less.
//! - `renewal`: what comes in the way of renewing.
//! - `scopes`: that what is asked for is enough to publish, and what happens when it is not.
//! - `sites`: Confluence sites connected by their addresses, and what earlier versions kept for them.
//! - `unused`: that accounts which nobody uses are announced.
//! - `unrecorded`: that nothing changes while the audit log cannot be written.

mod access_tokens;
mod applications;
mod callback;
mod choices;
mod endings;
mod hosts;
mod modes;
mod open;
mod policy;
mod proof;
mod renewal;
mod scopes;
mod sites;
mod unrecorded;
mod unused;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use tributary::account::{
    Account, Accounts, BuiltIn, Mode, Place, Policy, Progress, Purpose, Session, Setup, SignIn,
    SignedIn, Way,
};
use tributary::audit::{Audit, Clock, Entry, Filter, Moment};
use tributary::http::Http;
use tributary::store::Paths;
use tributary::vault::{Secret, Vault, session_vault};
use tributary::{Error, ErrorKind};
use tributary_sandbox::signin::Server;
use tributary_sandbox::{Options, Running};
use tributary_testbed::browser::client;
use tributary_testbed::consent::{application, decide};
use tributary_testbed::free_port;

/// A provider here and its server in the sandbox.
pub(crate) struct Known {
    pub(crate) id: &'static str,
    pub(crate) server: Server,
    base: &'static str,
    pub(crate) is_public: bool,
}

pub(crate) const KNOWN: [Known; 8] = [
    known("confluence-cloud", Server::Cloud, "", false),
    known(
        "confluence-data-center",
        Server::DataCenter,
        "/confluence",
        false,
    ),
    known("github", Server::Github, "/hosts/github", false),
    known("gitlab", Server::Gitlab, "/hosts/gitlab", true),
    known("bitbucket", Server::Bitbucket, "/hosts/bitbucket", false),
    known(
        "bitbucket-data-center",
        Server::BitbucketDc,
        "/hosts/bitbucket-dc",
        false,
    ),
    known("azure-devops", Server::Entra, "/hosts/entra", true),
    known("gitea", Server::Gitea, "/hosts/gitea", true),
];

const fn known(id: &'static str, server: Server, base: &'static str, is_public: bool) -> Known {
    Known {
        id,
        server,
        base,
        is_public,
    }
}

/// A clock that tests turn, and a record of what was waited for.
#[derive(Clone, Default)]
pub(crate) struct Time {
    ahead: Arc<Mutex<(SignedDuration, Duration)>>,
    pub(crate) waits: Arc<Mutex<Vec<Duration>>>,
}

impl Time {
    /// Lets time pass, on the wall and in the program.
    pub(crate) fn pass(&self, by: Duration) {
        let mut ahead = self.ahead.lock().expect("no test panicked");
        ahead.0 += SignedDuration::try_from(by).expect("a short time");
        ahead.1 += by;
    }

    /// Sets the clock on the wall.
    pub(crate) fn set(&self, by: SignedDuration) {
        self.ahead.lock().expect("no test panicked").0 += by;
    }

    fn clock(&self) -> Clock {
        let ahead = Arc::clone(&self.ahead);
        let began = std::time::Instant::now();
        Clock::new(move || {
            let ahead = ahead.lock().expect("no test panicked");
            Moment {
                wall: jiff::Timestamp::now() + ahead.0,
                running: began.elapsed() + ahead.1,
            }
        })
    }
}

/// A sandbox, and a user with nothing yet.
pub(crate) struct World {
    pub(crate) sandbox: Arc<Running>,
    pub(crate) accounts: Accounts,
    pub(crate) audit: Audit,
    pub(crate) setup: Setup,
    pub(crate) time: Time,
    pub(crate) home: tempfile::TempDir,
    pub(crate) browser: reqwest::Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_policy(None).await
    }

    pub(crate) async fn with_policy(policy: Option<&str>) -> Self {
        let sandbox = tributary_sandbox::start(Options::default())
            .await
            .expect("a sandbox");
        let sandbox = Arc::new(sandbox);
        let home = tempfile::tempdir().expect("a temporary folder");
        let policy_file = home.path().join("policy.json");
        if let Some(policy) = policy {
            tributary::store::write_atomically(&policy_file, policy.as_bytes()).expect("written");
        }
        let policy = Policy::load(&policy_file).expect("a policy that can be read");
        let time = Time::default();
        let paths = Paths::below(home.path());
        let vault: Arc<dyn Vault> = Arc::from(session_vault());
        let audit = Audit::open(&paths, Some(Arc::clone(&vault)), time.clock());
        let (waited, passing, turned) =
            (Arc::clone(&time.waits), time.clone(), Arc::clone(&sandbox));
        let port = free_port();
        let setup = Setup {
            paths,
            vault,
            session: Session::default(),
            audit: audit.clone(),
            http: Http::new().expect("a client"),
            policy,
            providers: changes(sandbox.base_url(), port),
            built_in: BuiltIn::default(),
            clock: time.clock(),
            sleep: Arc::new(move |wait| {
                waited.lock().expect("no test panicked").push(wait);
                passing.pass(wait);
                turned.control().accounts().advance(wait);
                Box::pin(std::future::ready(()))
            }),
            at_step: Arc::new(|_| {}),
        };
        register(&sandbox, port);
        Self {
            sandbox,
            accounts: Accounts::open(setup.clone()).expect("accounts"),
            audit,
            setup,
            time,
            home,
            browser: client(),
        }
    }

    /// The accounts as another process of the same user sees them.
    pub(crate) fn another_process(&self) -> Accounts {
        let setup = Setup {
            session: Session::default(),
            ..self.setup.clone()
        };
        Accounts::open(setup).expect("accounts")
    }

    pub(crate) fn place(&self, id: &str) -> Place {
        let known = KNOWN.iter().find(|known| known.id == id).expect("known");
        let base = format!("{}{}", self.sandbox.base_url(), known.base);
        self.accounts.place(id, Some(&base)).expect("a place")
    }

    /// Gives the program the application that is registered at a place.
    pub(crate) fn give_application(&self, id: &str) {
        let known = KNOWN.iter().find(|known| known.id == id).expect("known");
        let secret = (!known.is_public).then(|| Secret::new("own-secret".to_owned()));
        self.accounts
            .register(&self.place(id), Mode::Individual, "own", secret.as_ref())
            .expect("it is kept");
    }

    pub(crate) fn wish(&self, id: &str, way: Way) -> SignIn {
        let purpose = if id.starts_with("confluence") {
            Purpose::Publish
        } else {
            Purpose::Read
        };
        SignIn {
            place: self.place(id),
            way,
            purpose,
            mode: Mode::Individual,
            again: None,
        }
    }

    pub(crate) async fn sign_in(&self, wish: SignIn) -> Result<SignedIn, Error> {
        sign_in(&self.accounts, &self.browser, wish, "allow").await
    }

    /// Signs in through the browser, as a person who has registered an application.
    pub(crate) async fn signed_in(&self, id: &str) -> Account {
        self.give_application(id);
        let signed_in = self.sign_in(self.wish(id, Way::Browser)).await;
        let signed_in = signed_in.unwrap_or_else(|error| panic!("{id}: {}", error.chain()));
        assert_eq!(signed_in.missing, Vec::<String>::new(), "{id}");
        signed_in.account
    }

    /// The actions in the audit log, with how they ended.
    pub(crate) fn actions(&self) -> Vec<(String, String)> {
        let entries: Vec<Entry> = self.audit.entries(&Filter::default()).expect("readable");
        entries
            .iter()
            .map(|entry| (entry.action.clone(), entry.outcome.clone()))
            .collect()
    }

    pub(crate) fn has(&self, action: &str, outcome: &str) -> bool {
        let found = self.actions();
        found.contains(&(action.to_owned(), outcome.to_owned()))
    }

    /// Everything that was written to files.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.home.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("readable") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), std::fs::read(&path).expect("readable")));
                }
            }
        }
        files
    }
}

/// Signs in; whoever sits at the browser decides at once.
pub(crate) async fn sign_in(
    accounts: &Accounts,
    browser: &reqwest::Client,
    wish: SignIn,
    decision: &'static str,
) -> Result<SignedIn, Error> {
    let browser = browser.clone();
    let cancel = CancellationToken::new();
    let given_up = cancel.clone();
    let progress = move |progress: Progress| {
        if let Progress::Browser { url } = progress {
            let browser = browser.clone();
            // A browser that fails the test ends the sign-in too.
            let failed = given_up.clone().drop_guard();
            tokio::spawn(async move {
                decide(&browser, &url, decision).await;
                failed.disarm();
            });
        }
    };
    accounts.sign_in(wish, &progress, &cancel).await
}

/// What is different about the providers in the sandbox.
fn changes(sandbox: &str, port: u16) -> toml::Table {
    let text = format!(
        "[confluence-cloud]\nbase = \"{sandbox}\"\napi = \"{sandbox}\"\n\
         authorize = \"{sandbox}/authorize\"\ntoken = \"{sandbox}/oauth/token\"\n\
         redirect.ports = [{port}]\n\
         [confluence-data-center.redirect]\nports = [{port}]\n\
         [github.redirect]\nports = [{port}]\n\
         [bitbucket.redirect]\nports = [{port}]\n\
         [bitbucket-data-center.redirect]\nports = [{port}]\n"
    );
    toml::from_str(&text).expect("TOML")
}

/// Registers an application with every server, as our own words say to do it.
fn register(sandbox: &Running, port: u16) {
    for known in &KNOWN {
        let id = known.id;
        let redirect_uri = match id {
            "gitlab" | "gitea" => format!("http://127.0.0.1/callback/{id}"),
            "azure-devops" => format!("http://localhost/callback/{id}"),
            _ => format!("http://127.0.0.1:{port}/callback/{id}"),
        };
        let secret = (!known.is_public).then_some("own-secret");
        let own = application(known.server, &redirect_uri, secret);
        sandbox.control().accounts().register(own);
    }
}

pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.expect_err("it is refused").kind()
}
