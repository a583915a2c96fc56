//! Several programs of one user at once, and such as are killed.
//!
//! The other process is this test binary itself, run again with variables that say what to do and
//! after which step to die. Both have the same passphrase vault or the same Secret Service, and the
//! clock of the system.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use tributary::account::{
    Account, Accounts, HealthState, Mode, Purpose, Revoked, Setup, SignIn, Way, secret_names,
};
use tributary::audit::Clock;
use tributary::http::{Call, Http, Payload, Repeat};
use tributary::store::Paths;
use tributary::vault::{Backend, Choice, Secret, SecretName, Surroundings, Unreadable, Vaults};
use tributary::{Error, ErrorKind};
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::oidc::{Life, SECRET};
#[cfg(not(target_os = "macos"))]
use tributary_testbed::session::{Session, inside};
use url::Url;

use crate::{HOUR, World, setup, sign_in};

const HOME: &str = "TRIBUTARY_OIDC_TEST_HOME";
const WORK: &str = "TRIBUTARY_OIDC_TEST_WORK";
const SERVER: &str = "TRIBUTARY_OIDC_TEST_SERVER";
const PORT: &str = "TRIBUTARY_OIDC_TEST_PORT";
/// The name of a step, or which it is, counted from when the renewal begins.
const DIE_AT: &str = "TRIBUTARY_OIDC_TEST_DIE_AT";
pub(crate) const PASSPHRASE: &str = "two people at one server";
/// How many tasks ask in each process.
const TASKS: usize = 20;

/// For how long many ask at once, unless this variable says otherwise.
const SECONDS: (&str, u64) = ("TRIBUTARY_OIDC_SECONDS", 30);
/// How many processes are killed while they renew, unless this variable says otherwise.
const ROUNDS: (&str, u64) = ("TRIBUTARY_OIDC_ROUNDS", 50);
/// All tasks of a process ask at once this often: renewing is a matter of a moment in which many
/// come, and in between the processors are the other tests'.
const BURST: Duration = Duration::from_millis(100);
/// How long the access tokens live that run out all the time, in seconds.
const SHORT_LIFE: u64 = 2;

/// One answer of so many may be that the access had ended, where the machine takes longer to ask
/// than a token lives.
const MOST_LATE: usize = 20;

/// The steps of a renewal, and whether the access outlives who is killed there. Before the server
/// is asked and after the vault has it, nothing is lost; in between the server alone knows the new
/// tokens.
const STEPS: [(&str, bool); 4] = [
    ("asking", true),
    ("answered", false),
    ("saved", true),
    ("checked", true),
];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// What the accounts of the user stand on in a process that was told where they are.
fn of_process(
    home: &Path,
    server: &str,
    port: u16,
    at_step: Arc<dyn Fn(&str) + Send + Sync>,
) -> Setup {
    let of_vault = Arc::clone(&at_step);
    let surroundings = Surroundings {
        at_step: Arc::new(move |step| of_vault(step)),
        ..Surroundings::of_system()
    };
    let vaults = Vaults::open_in(&Paths::below(home), surroundings);
    if vaults.chosen() == Some(Backend::Passphrase) {
        let unlocked = vaults.unlock(&Secret::new(PASSPHRASE.to_owned()));
        unlocked.expect("unlocked");
    }
    Setup {
        at_step,
        ..setup(home, Arc::new(vaults), &Clock::of_system(), server, port)
    }
}

/// Asks the server who the account's user is, as every use of an account goes.
async fn who(accounts: &Accounts, account: &Account, http: &Http) -> Result<u16, Error> {
    let credential = accounts.credential(account).await?;
    let call = Call {
        method: Method::GET,
        url: Url::parse(&format!("{}/me", account.base)).expect("an address"),
        endpoint: "me",
        credential: Some(&credential),
        payload: Payload::None,
        repeat: Repeat::Safe,
        headers: Default::default(),
        most: None,
    };
    let reply = http.send(call).await?;
    if reply.status == 200 {
        let text = String::from_utf8_lossy(&reply.body);
        let name = &account.user.name;
        let is_theirs = text.contains(&format!("\"{name}\""));
        assert!(is_theirs, "it is not the access of {name}: {text}");
    }
    Ok(reply.status.as_u16())
}

/// Asks over and over, with many tasks at once; gives how often it was answered, and refused.
async fn ask_for(setup: &Setup, seconds: u64) -> (usize, usize) {
    let accounts = Accounts::open(setup.clone()).expect("accounts");
    let account = accounts.list().expect("readable").remove(0);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut answered, mut refused) = (0, 0);
    let mut bursts = tokio::time::interval(BURST);
    while Instant::now() < end {
        bursts.tick().await;
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (accounts, account) = (accounts.clone(), account.clone());
                let http = setup.http.clone();
                tokio::spawn(async move { who(&accounts, &account, &http).await })
            })
            .collect();
        for task in tasks {
            let status = task.await.expect("no task panicked");
            match status.unwrap_or_else(|error| panic!("{}", error.chain())) {
                200 => answered += 1,
                // A busy machine may take longer to ask than a token lives.
                401 => refused += 1,
                other => panic!("answered {other}"),
            }
        }
    }
    (answered, refused)
}

/// Not a test by itself: what the other processes do.
#[tokio::test(flavor = "multi_thread")]
async fn other_process() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let server = std::env::var(SERVER).expect("where the server is");
    let port = number(PORT).and_then(|port| u16::try_from(port).ok());
    let die_at = std::env::var(DIE_AT).unwrap_or_default();
    // Counted from when the renewal begins. One at a time, so that the step that is said last is
    // the one at which it dies: the audit log keeps its anchor in the same vault meanwhile.
    let made: Mutex<Option<u64>> = Mutex::default();
    let at_step = move |step: &str| {
        let mut made = made.lock().expect("no step panics");
        if made.is_none() && step != "asking" && step != die_at {
            return;
        }
        println!("step {step}");
        *made = Some(made.unwrap_or(0) + 1);
        if die_at == step || made.is_some_and(|made| die_at == made.to_string()) {
            let me = rustix::process::getpid();
            rustix::process::kill_process(me, rustix::process::Signal::KILL)
                .expect("the system kills");
            loop {
                std::thread::park();
            }
        }
    };
    let setup = of_process(
        Path::new(&home),
        &server,
        port.expect("a port"),
        Arc::new(at_step),
    );
    match std::env::var(WORK).expect("what to do").split_once(' ') {
        Some(("ask", seconds)) => {
            let (answered, refused) = ask_for(&setup, seconds.parse().expect("a number")).await;
            println!("answered {answered} {refused}");
        }
        Some(("sign", _)) => {
            let accounts = Accounts::open(setup).expect("accounts");
            let wish = SignIn {
                place: accounts.place("gitlab", Some(&server)).expect("a place"),
                way: Way::Browser,
                purpose: Purpose::Read,
                mode: Mode::Individual,
                again: None,
            };
            let browser = Arc::new(Browser::new());
            let signed_in = sign_in(&accounts, &browser, wish, "alice", Decision::Allow).await;
            signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
        }
        Some(("register", client_id)) => {
            let accounts = Accounts::open(setup).expect("accounts");
            let place = accounts.place("bitbucket", Some(&server)).expect("a place");
            let secret = Secret::new(SECRET.to_owned());
            let registered = accounts.register(&place, Mode::Individual, client_id, Some(&secret));
            registered.expect("registered");
        }
        Some(("renew", id)) => {
            let accounts = Accounts::open(setup.clone()).expect("accounts");
            let account = accounts.find(id).expect("it is listed");
            let status = who(&accounts, &account, &setup.http).await;
            let status = status.unwrap_or_else(|error| panic!("{}", error.chain()));
            assert_eq!(status, 200);
        }
        work => panic!("{work:?}"),
    }
}

fn spawn(world: &World, work: &str, die_at: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command
        .args(["--exact", "processes::other_process", "--nocapture"])
        .env(HOME, world.home.path())
        .env(WORK, work)
        .env(SERVER, world.proxy.address())
        .env(PORT, world.port.to_string())
        .env_remove(DIE_AT)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(step) = die_at {
        command.env(DIE_AT, step);
    }
    command.spawn().expect("it runs")
}

/// Waits for a process without keeping the server from answering it.
async fn ended(process: Child) -> Output {
    let waits = tokio::task::spawn_blocking(|| process.wait_with_output());
    waits.await.expect("it waited").expect("it ends")
}

/// The server, and a user who keeps the tokens behind a passphrase.
pub(crate) async fn with_passphrase(home: tempfile::TempDir, life: u64) -> World {
    let vaults = Vaults::open_in(&Paths::below(home.path()), Surroundings::of_system());
    let passphrase = Secret::new(PASSPHRASE.to_owned());
    vaults
        .choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse)
        .expect("chosen");
    World::in_home(home, Arc::new(vaults), life).await
}

/// The server, and a user who keeps the tokens in the Secret Service of the session.
#[cfg(not(target_os = "macos"))]
async fn with_keystore(life: u64) -> World {
    let home = new_home();
    let vaults = Vaults::open_in(&Paths::below(home.path()), Surroundings::of_system());
    World::in_home(home, Arc::new(vaults), life).await
}

/// Runs a test inside a session with a Secret Service.
#[cfg(not(target_os = "macos"))]
fn in_session(test: &str, body: impl Future<Output = ()>) {
    inside(Session::Unlocked, test, || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(body);
    });
}

fn new_home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The user's setup in this process, with the clock that the other processes have.
fn here(world: &World) -> Setup {
    of_process(
        world.home.path(),
        world.proxy.address(),
        world.port,
        Arc::new(|_| {}),
    )
}

async fn signed_in(
    world: &World,
    setup: &Setup,
    person: &'static str,
    again: Option<String>,
) -> Account {
    let accounts = Accounts::open(setup.clone()).expect("accounts");
    let wish = SignIn {
        again,
        ..world.wish("gitlab", Way::Browser)
    };
    let browser = Arc::new(Browser::new());
    let signed_in = sign_in(&accounts, &browser, wish, person, Decision::Allow).await;
    let signed_in = signed_in.unwrap_or_else(|error| panic!("{}", error.chain()));
    signed_in.account
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_with_many_tasks_renew_once_for_each_expiry() {
    let seconds = number(SECONDS.0).unwrap_or(SECONDS.1);
    renew_once_for_each_expiry(&with_passphrase(new_home(), SHORT_LIFE).await, seconds).await;
}

#[cfg(not(target_os = "macos"))]
#[test]
fn two_programs_that_share_a_secret_service_renew_once_for_each_expiry() {
    let test = "processes::two_programs_that_share_a_secret_service_renew_once_for_each_expiry";
    in_session(test, async {
        let seconds = number(SECONDS.0).unwrap_or(SECONDS.1);
        renew_once_for_each_expiry(&with_keystore(SHORT_LIFE).await, seconds).await;
    });
}

async fn renew_once_for_each_expiry(world: &World, seconds: u64) {
    let setup = here(world);
    let account = signed_in(world, &setup, "alice", None).await;
    let other = spawn(world, &format!("ask {seconds}"), None);
    let (answered, refused) = ask_for(&setup, seconds).await;
    let other = ended(other).await;
    let said = String::from_utf8_lossy(&other.stdout).into_owned();
    assert!(
        other.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&other.stderr)
    );
    let theirs = said.lines().find_map(|line| line.strip_prefix("answered "));
    let theirs = theirs.and_then(|said| said.split_once(' '));
    let (theirs, of_them) = theirs.expect("two numbers");
    let theirs: usize = theirs.parse().expect("a number");
    assert!(answered >= TASKS && theirs >= TASKS, "{answered}, {theirs}");
    let refused = refused + of_them.parse::<usize>().expect("a number");
    println!("{} answers, and {refused} came too late", answered + theirs);
    assert!(
        refused * MOST_LATE <= answered + theirs,
        "{refused} were refused, and {} answered",
        answered + theirs
    );
    let (renewed, refused) = world.server.renewals().await;
    assert_eq!(refused, 0, "no refresh token was used twice");
    one_for_each_expiry(&world.server.renewed().await, renewed);
    let expiries = usize::try_from(seconds / SHORT_LIFE).expect("few");
    println!("{renewed} renewals in {seconds} s");
    // A third is for a machine that is busy with other tests, and the first is still fresh.
    assert!(
        renewed + 1 + expiries / 3 >= expiries,
        "{renewed} renewals, and the access ended {expiries} times"
    );
    let recorded = world.outcomes("credential.refresh");
    let recorded = recorded.iter().filter(|outcome| *outcome == "success");
    assert_eq!(recorded.count(), renewed, "both recorded theirs");
    // Alive at the end: it can be renewed once more.
    world.server.advance(Duration::from_secs(2 * HOUR)).await;
    let accounts = Accounts::open(setup).expect("accounts");
    let health = accounts.check_health(&account).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_while_it_renews_costs_one_sign_in_at_most() {
    let rounds = number(ROUNDS.0).unwrap_or(ROUNDS.1);
    die_while_renewing(&with_passphrase(new_home(), HOUR).await, rounds, 10).await;
}

#[cfg(not(target_os = "macos"))]
#[test]
fn a_program_that_is_killed_while_it_renews_into_a_secret_service_costs_one_sign_in_at_most() {
    let test = "processes::\
        a_program_that_is_killed_while_it_renews_into_a_secret_service_costs_one_sign_in_at_most";
    in_session(test, async {
        let rounds = number(ROUNDS.0).unwrap_or(ROUNDS.1);
        die_while_renewing(&with_keystore(HOUR).await, rounds, 5).await;
    });
}

/// Kills a process at every step of a renewal, over and over; there are more than `least`. The
/// access of somebody else is in the same vault, which nothing may take for the one that is
/// renewed, and which outlives everything.
async fn die_while_renewing(world: &World, rounds: u64, least: usize) {
    let setup = here(world);
    let account = signed_in(world, &setup, "alice", None).await;
    let bob = signed_in(world, &setup, "bob", None).await;
    assert_ne!(bob.id, account.id);
    let work = format!("renew {}", account.id);
    let rounds = usize::try_from(rounds).expect("a number");
    // At each step that has a name, then at each there is, those of the vault among them.
    let mut steps = STEPS.map(|(name, _)| name.to_owned()).to_vec();
    steps.reverse();
    let (mut count, mut killed) = (0, Vec::new());
    while killed.len() < rounds {
        let step = steps.pop().unwrap_or_else(|| {
            count += 1;
            count.to_string()
        });
        // A grant of this server ends after a day, however often it is renewed.
        if killed.len() % 8 == 7 {
            signed_in(world, &setup, "bob", Some(bob.id.clone())).await;
            signed_in(world, &setup, "alice", Some(account.id.clone())).await;
        }
        world.server.advance(Duration::from_secs(2 * HOUR)).await;
        let output = ended(spawn(world, &work, Some(&step))).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            // It did not come to that step; there are at least so many.
            assert!(count > least, "{step}: {said}");
            count = 0;
            continue;
        }
        let died = std::os::unix::process::ExitStatusExt::signal(&output.status);
        let trouble = String::from_utf8_lossy(&output.stderr);
        assert_eq!(died, Some(9), "{said}{trouble}");
        let last = said.lines().rfind(|line| line.starts_with("step "));
        let last = last.expect("it died at a step")["step ".len()..].to_owned();
        // A program that starts now.
        let accounts = Accounts::open(setup.clone()).expect("accounts");
        let asked = world.proxy.seen_at("/token").len();
        let lives = match who(&accounts, &account, &setup.http).await {
            Ok(status) => {
                assert_eq!(status, 200, "killed at {last}");
                true
            }
            Err(error) => {
                let what = error.chain();
                assert_eq!(error.kind(), ErrorKind::SignedOut, "{last}: {what}");
                let asked = world.proxy.seen_at("/token").len() - asked;
                assert_eq!(asked, 1, "killed at {last}: and does not ask in vain");
                signed_in(world, &setup, "alice", Some(account.id.clone())).await;
                let status = who(&accounts, &account, &setup.http).await;
                assert_eq!(status.ok(), Some(200), "killed at {last}: one was enough");
                false
            }
        };
        let status = who(&accounts, &bob, &setup.http).await;
        let status = status.unwrap_or_else(|error| panic!("{last}: {}", error.chain()));
        assert_eq!(
            status, 200,
            "killed at {last}: the other access is as it was"
        );
        if let Some((_, expected)) = STEPS.iter().find(|(name, _)| *name == step) {
            assert_eq!(lives, *expected, "killed at {last}");
        }
        killed.push((last, lives));
    }
    println!("killed, and whether the access outlived it: {killed:?}");
}

/// How much of an access token's life has to be over before it is renewed, in hundredths. When it is
/// renewed is drawn by lot, at 75 to 85 of them, counted from before it was asked for: on a machine
/// that is busy the server gives it some tenths of a second later. 65 were seen there; what a race
/// would bring is next to none.
const WORN: u64 = 25;

/// What the server knows of the tokens that it renewed: each once, and none that was young. What a
/// race would bring is a renewal of a token that another one just gave.
fn one_for_each_expiry(renewed: &[(Life, Life)], count: usize) {
    assert_eq!(renewed.len(), count, "the server knows which it replaced");
    let mut replaced: Vec<Life> = renewed.iter().map(|(old, _)| *old).collect();
    replaced.dedup();
    assert_eq!(replaced.len(), count, "no token was renewed twice");
    let mut least = u64::MAX;
    for (old, new) in renewed {
        let worn = (new.issued - old.issued) * 100 / (old.ends - old.issued);
        assert!(worn >= WORN, "renewed at {worn} % of its life: {old:?}");
        least = least.min(worn);
    }
    println!("the youngest was renewed at {least} % of its life; {WORN} % is the bound");
    // As the server counts whole seconds, no token lives less than one.
    let [(first, _), .., (_, last)] = renewed else {
        panic!("the tokens ran out while they asked: {count} renewals");
    };
    let lives = (last.issued - first.issued) / ((SHORT_LIFE - 1) * 1000);
    let lives = usize::try_from(lives).expect("few");
    assert!(count <= lives + 1, "{count} renewals in {lives} s at most");
}

/// Runs another process that has to die at a step.
async fn killed(world: &World, work: &str, step: &str) {
    let output = ended(spawn(world, work, Some(step))).await;
    let died = std::os::unix::process::ExitStatusExt::signal(&output.status);
    let said = [output.stdout, output.stderr].concat();
    assert_eq!(died, Some(9), "{}", String::from_utf8_lossy(&said));
}

/// What the list says is in the vault, with what is there.
fn listed(setup: &Setup) -> Vec<(SecretName, Option<Secret>)> {
    let names = secret_names(&setup.paths).expect("readable").into_iter();
    names
        .map(|name| {
            let secret = setup.vault.get(&name).expect("unlocked");
            (name, secret)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_while_it_signs_in_leaves_no_tokens_that_nobody_lists() {
    let world = with_passphrase(new_home(), HOUR).await;
    let setup = here(&world);
    let before = listed(&setup).len();
    for ending in ["signed out", "signed in"] {
        killed(&world, "sign in", "tokens kept").await;
        let accounts = Accounts::open(setup.clone()).expect("accounts");
        let list = accounts.list().expect("readable");
        let [account] = &list[..] else {
            panic!("{ending}: {list:?}");
        };
        let health = accounts.check_health(account).await;
        assert_eq!(health.state, HealthState::NeedsSignIn, "{}", health.message);
        let secrets = listed(&setup);
        assert_eq!(secrets.len(), before + 1, "{ending}");
        let (name, kept) = secrets.into_iter().next().expect("the account's");
        let kept = kept.expect("they were kept when it died");
        let kept: serde_json::Value = serde_json::from_str(kept.expose()).expect("tokens");
        let token = kept["access"].as_str().expect("a token").to_owned();
        assert!(world.server.is_active(&token).await, "{ending}");
        if ending == "signed out" {
            let revoked = accounts.sign_out(account).await.expect("signed out");
            assert_eq!(revoked, Revoked::Yes);
            assert!(!world.server.is_active(&token).await);
            assert!(setup.vault.get(&name).expect("unlocked").is_none());
            assert_eq!(listed(&setup).len(), before);
        } else {
            let again = signed_in(&world, &setup, "alice", None).await;
            assert_eq!(again.id, account.id, "it is the same account");
            assert_eq!(accounts.list().expect("readable").len(), 1);
            let health = accounts.check_health(&again).await;
            assert_eq!(health.state, HealthState::Ok, "{}", health.message);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_while_it_registers_leaves_no_secret_that_nobody_lists() {
    let world = with_passphrase(new_home(), HOUR).await;
    let setup = here(&world);
    let first = listed(&setup);
    assert_eq!(first.len(), 1, "the secret of one application");
    killed(&world, "register second", "secret kept").await;
    let both = listed(&setup);
    assert_eq!(both.len(), 2, "the new one and the one before");
    assert!(both.iter().all(|(_, secret)| secret.is_some()));
    let accounts = Accounts::open(setup.clone()).expect("accounts");
    let place = accounts.place("bitbucket", Some(world.proxy.address()));
    let secret = Secret::new(SECRET.to_owned());
    let registered = accounts.register(
        &place.expect("a place"),
        Mode::Individual,
        "third",
        Some(&secret),
    );
    registered.expect("registered");
    let last = listed(&setup);
    assert_eq!(last.len(), 1, "the rest is forgotten");
    for (name, _) in both {
        assert!(setup.vault.get(&name).expect("unlocked").is_none());
    }
}
