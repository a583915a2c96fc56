//! No secret is found anywhere outside the vault, whatever happened to it.
//!
//! Another process goes through every flow, every failure and every change ([`changes`]), prints every public type, says
//! everything that is traced, and dies of a panic with all of it at hand. The proxy notes each
//! secret that went over the wire; this process looks for them in what the other one left.

mod changes;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tributary::account::{
    Account, Accounts, Connected, Mode, Progress, PublishedSource, Purpose, SignIn, Way,
    keep_elsewhere,
};
use tributary::audit::Filter;
use tributary::confluence::User;
use tributary::http::{Credential, Http};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::{Paths, write_atomically};
use tributary::vault::{Choice, Secret, Surroundings, Unreadable, Vaults};
use tributary_pages::markup::Flavor;
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::oidc::SECRET;
#[cfg(not(target_os = "macos"))]
use tributary_testbed::session::{Session, inside};
use url::Url;

use crate::flows::hold;
use crate::processes::PASSPHRASE;
use crate::proxy::{Proxy, Trick};
use crate::{HOUR, World};

/// The folder in which the other process works.
const FOLDER: &str = "TRIBUTARY_OIDC_TEST_CANARY";
/// Something that is found everywhere, so that not finding says something.
const PLANTED: &str = "planted-where-it-can-be-found";

/// Not a test by itself: what the other process does.
#[tokio::test(flavor = "multi_thread")]
async fn other_process() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    trace_to(&folder.join("trace"));
    tracing::trace!(found = PLANTED, "traced");
    log::trace!("logged {PLANTED}");
    let home = tempfile::Builder::new()
        .disable_cleanup(true)
        .tempdir_in(&folder)
        .expect("a folder");
    let vaults = Vaults::open_in(&Paths::below(home.path()), Surroundings::of_system());
    let vaults = Arc::new(vaults);
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    let chosen = vaults.choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse);
    chosen.expect("chosen");
    let kept = Arc::clone(&vaults);
    let mut world = World::in_home(home, kept, HOUR).await;
    let signed_in = every_way_in(&world).await;
    let unsent = every_failure(&mut world, &signed_in).await;
    print_every_type(&world, &signed_in).await;
    for account in &signed_in {
        let left = world.accounts.sign_out(account).await;
        println!("{left:?}");
    }
    let made_up = changes::every_change(&world, &vaults, &folder).await;
    let entries = world.audit.entries(&Filter::default()).expect("readable");
    println!("{entries:?}");
    #[cfg(target_os = "linux")]
    for file in ["/proc/self/cmdline", "/proc/self/environ"] {
        let text = fs::read(file).expect("Linux says it");
        println!("{}", String::from_utf8_lossy(&text));
    }
    let mut secrets = world.proxy.secrets();
    assert!(!unsent.is_empty(), "whoever panicked had a secret");
    secrets.extend(unsent);
    secrets.extend(made_up);
    secrets.extend([PASSPHRASE.to_owned(), SECRET.to_owned()]);
    let secrets: Vec<String> = secrets.into_iter().collect();
    // Outside of where is looked.
    let text = secrets.join("\n");
    write_atomically(&folder.join("secrets"), text.as_bytes()).expect("written");
    panic!(
        "{PLANTED} {world_accounts:?}",
        world_accounts = world.accounts
    );
}

fn show(what: &str, thing: &dyn Debug) {
    println!("{what}: {thing:?}\n{thing:#?}");
}

fn show_outcome<T: Debug>(what: &str, outcome: Result<T, tributary::Error>) -> Option<T> {
    match outcome {
        Ok(value) => {
            show(what, &value);
            Some(value)
        }
        Err(error) => {
            println!("{what}: {error}: {}", error.chain());
            show(what, &error);
            None
        }
    }
}

async fn every_way_in(world: &World) -> Vec<Account> {
    let mut accounts = Vec::new();
    for (id, person) in [
        ("gitlab", "alice"),
        ("bitbucket", "alice"),
        ("gitlab", "bob"),
    ] {
        let signed_in = world.sign_in(world.wish(id, Way::Browser), person).await;
        accounts.extend(show_outcome(id, signed_in).map(|signed_in| signed_in.account));
    }
    let browser = Arc::new(Browser::new());
    let (typist, still) = (Arc::clone(&browser), Arc::clone(&world.time.stands_still));
    let progress = move |progress: Progress| {
        show("progress", &progress);
        if let Progress::Code { code, page, .. } = progress {
            let (browser, still) = (Arc::clone(&typist), Arc::clone(&still));
            tokio::spawn(async move {
                let _types = still.write().await;
                let allow = Decision::Allow;
                browser.type_code(&page, &code, "alice", allow).await;
            });
        }
    };
    let wish = world.wish("bitbucket", Way::Device);
    let cancel = CancellationToken::new();
    let with_code = world.accounts.sign_in(wish, &progress, &cancel).await;
    let again = show_outcome("device", with_code)
        .expect("signed in")
        .account;
    assert!(accounts.iter().any(|account| account.id == again.id));
    assert_eq!(accounts.len(), 3);
    // A token made by hand, and one that is none.
    let by_hand = world.token(&accounts[0]).await.expect("a token");
    for token in [by_hand, "a-token-that-nobody-knows-0123456789".to_owned()] {
        let way = Way::Token {
            token: Secret::new(token),
            kind: None,
            user: String::new(),
            ends: None,
        };
        let wish = SignIn {
            mode: Mode::Managed,
            ..world.wish("gitlab", way)
        };
        show("wish", &wish);
        let signed_in = world.sign_in(wish, "alice").await;
        accounts.extend(show_outcome("token", signed_in).map(|signed_in| signed_in.account));
    }
    assert_eq!(accounts.len(), 4);
    accounts
}

/// Gives the secrets that did not come to the server.
async fn every_failure(world: &mut World, accounts: &[Account]) -> Vec<String> {
    let elsewhere = Proxy::start().await;
    let there: Url = elsewhere.address().parse().expect("an address");
    for trick in [
        Trick::WrongIssuer,
        Trick::NoIssuer,
        Trick::Pkce(&["plain"]),
        Trick::AnotherName,
        Trick::WrongVerifier,
        Trick::Lost("/token"),
        Trick::Fails("/token", 500),
        Trick::FailsAfter("/token", 503),
        Trick::Elsewhere("/token", there.clone()),
        Trick::Elsewhere("/me", there.clone()),
        Trick::Fails("/me", 403),
        Trick::Echo("/token", "invalid_request"),
        Trick::Echo("/token", "itself"),
    ] {
        for id in ["gitlab", "bitbucket"] {
            world.proxy.play(trick.clone());
            let result = world.sign_in(world.wish(id, Way::Browser), "alice").await;
            let result = show_outcome(&format!("{trick:?}"), result);
            assert!(result.is_none(), "{trick:?}");
            world.proxy.behave();
        }
    }
    // Forged and repeated answers.
    let held = hold(world).await;
    world.proxy.play(Trick::WrongState);
    let browser = Browser::new();
    let forged = browser.decide(&held.url, "bob", Decision::Allow).await;
    browser.land(forged.clone()).await;
    let link = forged
        .as_str()
        .replacen("http://", "tributary://oauth/gitlab/", 1);
    world.accounts.deliver(&link);
    world.accounts.deliver(forged.as_str());
    held.ended.abort();
    // Whoever shows progress panics.
    let unsent = Arc::new(Mutex::new(Vec::new()));
    let not_sent = Arc::clone(&unsent);
    let (panicking, wish) = (world.accounts.clone(), world.wish("gitlab", Way::Browser));
    let panicked = tokio::spawn(async move {
        let progress = |progress: Progress| {
            if let Progress::Browser { url } = &progress {
                let url = Url::parse(url).expect("an address");
                let state = url.query_pairs().find(|(name, _)| name == "state");
                let state = state.expect("a state").1.into_owned();
                not_sent.lock().expect("not yet").push(state);
            }
            panic!("{progress:?}");
        };
        let cancel = CancellationToken::new();
        panicking.sign_in(wish, &progress, &cancel).await
    });
    show("panicked", &panicked.await.expect_err("it panicked"));
    // Renewing.
    let (alice, bob) = (&accounts[0], &accounts[2]);
    for trick in [
        Trick::Fails("/token", 429),
        Trick::Elsewhere("/token", there.clone()),
        Trick::Echo("/token", "invalid_request"),
        Trick::Echo("/token", "itself"),
        Trick::Less("openid"),
    ] {
        world.pass(Duration::from_secs(HOUR)).await;
        world.proxy.play(trick.clone());
        show_outcome(&format!("{trick:?}"), world.token(alice).await.map(drop));
        world.proxy.behave();
    }
    show("health", &world.accounts.check_health(alice).await);
    world.pass(Duration::from_secs(HOUR)).await;
    let quiet = std::mem::replace(
        &mut world.setup.at_step,
        Arc::new(|step| assert_ne!(step, "answered", "it panics in the middle of a renewal")),
    );
    let (dying, of_it) = (world.another_process(), bob.clone());
    world.setup.at_step = quiet;
    let died = crate::token(&dying, &of_it).await.map(drop);
    let died = died.expect_err("it panicked");
    assert!(died.chain().contains("broke off"), "{}", died.chain());
    show_outcome::<()>("died", Err(died));
    show_outcome("after it", world.token(bob).await.map(drop));
    show("health", &world.accounts.check_health(bob).await);
    world.pass(Duration::from_secs(HOUR)).await;
    world.proxy.play(Trick::Echo("/token", "invalid_grant"));
    show_outcome("over", world.token(alice).await.map(drop));
    let wish = SignIn {
        again: Some(alice.id.clone()),
        ..world.wish("gitlab", Way::Browser)
    };
    show_outcome("swapped", world.sign_in(wish, "bob").await);
    // Bitbucket's account is left for signing out at a server that repeats what it is sent.
    world
        .proxy
        .play(Trick::Echo("/token/revocation", "invalid_request"));
    let unsent = unsent.lock().expect("it panicked without it");
    unsent.clone()
}

async fn print_every_type(world: &World, accounts: &[Account]) {
    show("setup", &world.setup);
    show("accounts", &world.accounts);
    show("policy", world.accounts.policy());
    show("providers", world.accounts.providers());
    for id in ["gitlab", "bitbucket"] {
        let place = world.place(id);
        show("place", &place);
        show("registering", &place.registration(Purpose::Read));
    }
    show("list", &world.accounts.list().expect("readable"));
    for account in accounts {
        let credential = world.accounts.credential(account).await;
        if let Some(Credential::Account(tokens)) = show_outcome("credential", credential) {
            show("holder", &tokens.holder());
        }
    }
    let source = PublishedSource {
        account: accounts[0].id.clone(),
        provider: accounts[0].provider.clone(),
        base: accounts[0].base.clone(),
        name: "DOCS".to_owned(),
    };
    world.accounts.remember_source(&source).expect("remembered");
    show("sources", &world.accounts.sources().expect("readable"));
    show(
        "client",
        &connected(&world.setup.http, &world.accounts, &accounts[1]).await,
    );
    show("traffic", &world.setup.http.traffic());
}

/// A client that carries an account's credential.
async fn connected(http: &Http, accounts: &Accounts, account: &Account) -> Connected {
    let site = SiteSettings {
        url: Url::parse(&account.base).expect("an address"),
        flavor: Some(Flavor::Cloud),
        auth: Auth::Bearer,
        gateway: None,
    };
    let credential = accounts.credential(account).await.expect("a credential");
    let client = tributary::account::client(http, &site, credential).await;
    Connected {
        client: client.expect("nobody is asked"),
        user: User {
            name: account.user.name.clone(),
            id: account.user.id.clone(),
        },
        site,
    }
}

/// Writes down everything that is traced or logged, however little it matters.
fn trace_to(file: &Path) {
    write_atomically(file, b"").expect("written");
    let file = File::options().append(true).open(file);
    let file = Arc::new(Mutex::new(file.expect("a file")));
    let logger = Box::leak(Box::new(Everything {
        file: Arc::clone(&file),
        spans: AtomicU64::new(1),
    }));
    log::set_logger(logger).expect("nobody logs yet");
    log::set_max_level(log::LevelFilter::Trace);
    let spans = AtomicU64::new(1);
    let set = tracing::subscriber::set_global_default(Everything { file, spans });
    set.expect("nobody traces yet");
}

struct Everything {
    file: Arc<Mutex<File>>,
    spans: AtomicU64,
}

impl Everything {
    fn write(&self, text: &str) {
        let mut file = self.file.lock().expect("no test panicked");
        writeln!(file, "{text}").expect("written");
    }
}

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.write(&format!("log {}: {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut words = Words(format!("span {}", span.metadata().target()));
        span.record(&mut words);
        self.write(&words.0);
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut words = Words("recorded".to_owned());
        values.record(&mut words);
        self.write(&words.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut words = Words(format!("event {}", event.metadata().target()));
        event.record(&mut words);
        self.write(&words.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Where a text is found: in which of these, and what stands before it.
fn found(text: &str, places: &[(String, Vec<u8>)]) -> Vec<String> {
    let found = places.iter().filter_map(|(name, bytes)| {
        let at = bytes
            .windows(text.len())
            .position(|part| part == text.as_bytes())?;
        let before = String::from_utf8_lossy(&bytes[at.saturating_sub(120)..at]).into_owned();
        Some(format!("{name}, after `{before}`"))
    });
    found.collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_secret_is_anywhere_outside_the_vault() {
    let test = "canary::no_secret_is_anywhere_outside_the_vault";
    // With a keystore, to which everything moves at some time.
    #[cfg(not(target_os = "macos"))]
    inside(Session::Unlocked, test, look_everywhere);
    #[cfg(target_os = "macos")]
    {
        println!("{test}: without a keystore");
        look_everywhere();
    }
}

fn look_everywhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "canary::other_process", "--nocapture"])
        .env(FOLDER, folder.path())
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let secrets = fs::read_to_string(folder.path().join("secrets"));
    let secrets = secrets.unwrap_or_else(|_| panic!("it did not come to its end: {said}"));
    fs::remove_file(folder.path().join("secrets")).expect("ours");
    // What is shorter is found by chance, and no secret of a sign-in is.
    let secrets: BTreeSet<&str> = secrets
        .lines()
        .filter(|secret| secret.len() >= 16)
        .collect();
    assert!(secrets.len() > 60, "{} secrets", secrets.len());
    let mut places = vec![
        ("the output".to_owned(), output.stdout),
        ("the errors".to_owned(), output.stderr),
    ];
    for file in files_below(folder.path()) {
        let bytes = fs::read(&file).expect("ours");
        places.push((file.display().to_string(), bytes));
    }
    assert!(places.len() > 8, "{} places", places.len());
    for place in ["exported.ocsf", "exported.syslog", "forwarded"] {
        let switched = found("mode.switch", &places);
        let is_found = switched.iter().any(|found| found.contains(place));
        assert!(is_found, "what is in {place} would be found: {switched:?}");
    }
    for place in ["the errors", "trace"] {
        let planted = found(PLANTED, &places);
        let is_found = planted.iter().any(|found| found.contains(place));
        assert!(is_found, "what is in {place} would be found: {planted:?}");
    }
    for shown in [
        "SignIn {",
        "Account {",
        "Keeper(",
        "Client {",
        "Code {",
        "Browser {",
    ] {
        assert!(!found(shown, &places[..2]).is_empty(), "{shown} was shown");
    }
    let mut leaks = Vec::new();
    for secret in &secrets {
        for place in found(secret, &places) {
            leaks.push(format!("`{}…` is in {place}", &secret[..6]));
        }
    }
    assert!(leaks.is_empty(), "{}: {}", leaks.len(), leaks.join("\n"));
}
