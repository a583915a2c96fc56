//! `kill -9` at every step of a write, and several processes that write at once.
//!
//! The other process is this test binary itself, run again with variables that say what to do and
//! after which step to die. Here the secrets are in a passphrase vault; `killed_in_keystore` does
//! the same with a Secret Service.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tributary::store::Paths;
use tributary::vault::{
    Backend, Choice, Forgotten, Secret, SecretName, Surroundings, Unreadable, Vault, VaultState,
    Vaults,
};

use crate::{PASSPHRASE, Place, files_below, name, put, secret, stored};

const HOME: &str = "TRIBUTARY_VAULT_TEST_HOME";
const WORK: &str = "TRIBUTARY_VAULT_TEST_WORK";
const DIE_AFTER: &str = "TRIBUTARY_VAULT_TEST_DIE_AFTER";
const OTHER_PASSPHRASE: &str = "another canary entirely";

/// The places for secrets in a process that kills itself after so many steps.
fn mortal(home: &Path) -> Vaults {
    let die_after: usize = std::env::var(DIE_AFTER)
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(usize::MAX);
    let made = Arc::new(AtomicUsize::new(0));
    let surroundings = Surroundings {
        at_step: Arc::new(move |_| {
            if made.fetch_add(1, Ordering::SeqCst) + 1 == die_after {
                let me = rustix::process::getpid();
                rustix::process::kill_process(me, rustix::process::Signal::KILL)
                    .expect("the system kills");
                loop {
                    std::thread::park();
                }
            }
        }),
        ..Surroundings::of_system()
    };
    Vaults::open_in(&Paths::below(home), surroundings)
}

/// Not a test by itself: what the other processes do.
#[test]
fn other_process() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let work = std::env::var(WORK).expect("what to do");
    let vaults = mortal(Path::new(&home));
    if vaults.chosen() == Some(Backend::Passphrase) {
        vaults.unlock(&secret(PASSPHRASE)).expect("unlocked");
    }
    let ada = name("acme.example", "ada");
    let numbers = 0_u32..;
    let mut words = work.split(' ');
    let (work, more) = (words.next(), words.next().unwrap_or_default());
    let length = words.next().and_then(|length| length.parse().ok());
    match (work.expect("a word"), more) {
        ("put", site) => {
            let text = length.map_or_else(|| "new".to_owned(), |length| long("new", length));
            put(&vaults, &name(site, "ada"), &text);
        }
        ("forget", _) => {
            vaults.forget(&ada).expect("removed");
        }
        ("change", _) => vaults
            .change_passphrase(&secret(PASSPHRASE), &secret(OTHER_PASSPHRASE))
            .expect("changed"),
        ("rotate", _) => {
            for number in numbers {
                put(
                    &vaults,
                    &ada,
                    &long(&number.to_string(), length.unwrap_or(0)),
                );
                println!("\nkept {number}");
            }
        }
        ("write", mine) => {
            for number in numbers.take(25) {
                let user = format!("{mine}-{number}");
                let text = long(&user, length.unwrap_or(0));
                put(&vaults, &name("acme.example", &user), &text);
                put(&vaults, &name(&format!("{mine}.example"), "ada"), &text);
            }
        }
        ("choose", place) => choose(&vaults, place),
        (work, _) => panic!("unknown work `{work}`"),
    }
}

/// A word, and so much behind it that the secret is at least so long.
pub(crate) fn long(word: &str, length: usize) -> String {
    let mut text = word.to_owned();
    if length > text.len() {
        text.push(' ');
        let filler = "abcdefghij".chars().cycle();
        text.extend(filler.take(length - text.len()));
    }
    text
}

/// Chooses another place, as somebody does who knows which secrets there are.
pub(crate) fn choose(vaults: &Vaults, place: &str) {
    let passphrase: Secret = secret(PASSPHRASE);
    let choice = match place {
        "keystore" => Choice::Keystore,
        "passphrase" => Choice::Passphrase(&passphrase),
        other => panic!("unknown place `{other}`"),
    };
    let chosen = vaults.choose(choice, &all_names(), Unreadable::Refuse);
    chosen.unwrap_or_else(|error| panic!("{}", error.chain()));
}

/// The secrets that [`written`] makes.
pub(crate) fn all_names() -> [SecretName; 3] {
    [
        name("acme.example", "ada"),
        name("acme.example", "bob"),
        name("other.example", "grace"),
    ]
}

pub(crate) fn spawn(home: &Path, work: &str, die_after: usize) -> Child {
    Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "killed::other_process", "--nocapture"])
        .env(HOME, home)
        .env(WORK, work)
        .env(DIE_AFTER, die_after.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs")
}

/// Kills a process after its first step, then one after its second, until one lives to the end.
/// Gives the number of steps.
pub(crate) fn at_every_step(
    work: &str,
    prepare: impl Fn() -> Place,
    check: impl Fn(&Place, usize),
) -> usize {
    for step in 1.. {
        let place = prepare();
        let other = spawn(place.home.path(), work, step);
        let ended = other.wait_with_output().expect("it ends").status;
        check(&place, step);
        if ended.success() {
            return step - 1;
        }
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(ended.signal(), Some(9), "killed after step {step}: {ended}");
    }
    unreachable!("the steps come to an end")
}

/// Two secrets in one tenant and one in another.
fn written() -> Place {
    written_in(Place::new(), "old", "his", "hers")
}

/// The same in any place.
pub(crate) fn written_in(place: Place, ada: &str, bob: &str, grace: &str) -> Place {
    let vaults = place.unlocked();
    for (name, text) in all_names().iter().zip([ada, bob, grace]) {
        put(&vaults, name, text);
    }
    place
}

/// What must hold whatever happened: the others are there, and everything can be written.
fn goes_on(place: &Place, vaults: &Vaults, step: usize) {
    let ada = name("acme.example", "ada");
    for (site, user, text) in [
        ("acme.example", "bob", "his"),
        ("other.example", "grace", "hers"),
    ] {
        let found = stored(vaults, &name(site, user));
        assert_eq!(found.as_deref(), Some(text), "killed after step {step}");
    }
    put(vaults, &ada, "after");
    assert_eq!(stored(&place.unlocked(), &ada).as_deref(), Some("after"));
    let left: Vec<_> = files_below(place.home.path())
        .into_iter()
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".previous") || name.starts_with(".tributary-")
        })
        .collect();
    assert!(left.is_empty(), "killed after step {step}: {left:?}");
}

#[test]
fn a_killed_write_leaves_the_old_secret_or_the_new_one() {
    let old_until = std::cell::Cell::new(0);
    let steps = at_every_step("put acme.example", written, |place, step| {
        let vaults = place.unlocked();
        match stored(&vaults, &name("acme.example", "ada")).as_deref() {
            Some("old") => old_until.set(step),
            Some("new") => {}
            other => panic!("neither of both after step {step}: {other:?}"),
        }
        goes_on(place, &vaults, step);
    });
    assert!(steps >= 9, "{steps} steps");
    let old_until = old_until.get();
    assert!(
        old_until > 0 && old_until < steps,
        "both were seen: {old_until} of {steps}"
    );
}

#[test]
fn a_killed_first_write_of_a_tenant_leaves_nothing_or_the_secret() {
    at_every_step("put new.example", written, |place, step| {
        let vaults = place.unlocked();
        let found = stored(&vaults, &name("new.example", "ada"));
        assert!(
            matches!(found.as_deref(), None | Some("new")),
            "step {step}: {found:?}"
        );
        assert_eq!(
            stored(&vaults, &name("acme.example", "ada")).as_deref(),
            Some("old")
        );
        put(&vaults, &name("new.example", "ada"), "newer");
        assert_eq!(
            stored(&place.unlocked(), &name("new.example", "ada")).as_deref(),
            Some("newer")
        );
        goes_on(place, &vaults, step);
    });
}

#[test]
fn a_killed_removal_leaves_the_secret_or_nothing() {
    let alone = || {
        let place = Place::new();
        put(&place.unlocked(), &name("acme.example", "ada"), "old");
        place
    };
    for prepare in [&written as &dyn Fn() -> Place, &alone] {
        at_every_step("forget", prepare, |place, step| {
            let vaults = place.unlocked();
            let ada = name("acme.example", "ada");
            let found = stored(&vaults, &ada);
            assert!(
                matches!(found.as_deref(), None | Some("old")),
                "step {step}: {found:?}"
            );
            let again = vaults.forget(&ada).expect("answered");
            assert_eq!(again == Forgotten::Removed, found.is_some(), "step {step}");
            put(&vaults, &ada, "back");
            assert_eq!(stored(&place.unlocked(), &ada).as_deref(), Some("back"));
        });
    }
}

#[test]
fn a_killed_change_of_the_passphrase_leaves_the_old_one_or_the_new_one() {
    let steps = at_every_step("change", written, |place, step| {
        let vaults = place.vaults();
        let works: Vec<&str> = [PASSPHRASE, OTHER_PASSPHRASE]
            .into_iter()
            .filter(|passphrase| vaults.unlock(&secret(passphrase)).is_ok())
            .collect();
        assert_eq!(works.len(), 1, "after step {step}: {works:?}");
        let found = stored(&vaults, &name("acme.example", "ada"));
        assert_eq!(found.as_deref(), Some("old"), "after step {step}");
    });
    assert!(steps >= 4, "{steps} steps");
}

#[test]
fn a_process_that_is_killed_anywhere_loses_nothing_it_said_was_kept() {
    let place = written();
    for round in 0..25 {
        let mut other = spawn(place.home.path(), "rotate", usize::MAX);
        let mut lines = BufReader::new(other.stdout.take().expect("piped")).lines();
        let mut last = None;
        while last.is_none_or(|last| last < round) {
            let line = lines.next().expect("it goes on").expect("text");
            if let Some(number) = line.strip_prefix("kept ") {
                last = number.parse::<u32>().ok();
            }
        }
        other.kill().expect("SIGKILL");
        // What it said before it was killed counts.
        for line in lines.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("kept ") {
                last = number.parse().ok();
            }
        }
        other.wait().expect("it is gone");
        let vaults = place.unlocked();
        let found = stored(&vaults, &name("acme.example", "ada"));
        let found: u32 = found.expect("never neither").parse().expect("a number");
        let last = last.expect("it wrote something");
        assert!(
            found == last || found == last + 1,
            "kept {last}, found {found}"
        );
        let others = stored(&vaults, &name("acme.example", "bob"));
        assert_eq!(others.as_deref(), Some("his"));
    }
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    let place = written();
    let writers = ["one", "two", "three"];
    let others = writers.map(|mine| spawn(place.home.path(), &format!("write {mine}"), usize::MAX));
    let vaults = place.unlocked();
    for number in 0..25 {
        put(
            &vaults,
            &name("acme.example", &format!("me-{number}")),
            "mine",
        );
        let found = stored(&vaults, &name("acme.example", "bob"));
        assert_eq!(found.as_deref(), Some("his"), "readers are never disturbed");
    }
    for other in others {
        let ended = other.wait_with_output().expect("it ends");
        assert!(
            ended.status.success(),
            "{}",
            String::from_utf8_lossy(&ended.stdout)
        );
    }
    for mine in writers {
        for number in 0..25 {
            let user = format!("{mine}-{number}");
            let found = stored(&vaults, &name("acme.example", &user));
            assert_eq!(found.as_deref(), Some(user.as_str()));
        }
        let found = stored(&vaults, &name(&format!("{mine}.example"), "ada"));
        assert_eq!(found, Some(format!("{mine}-24")));
    }
    for number in 0..25 {
        let found = stored(&vaults, &name("acme.example", &format!("me-{number}")));
        assert_eq!(found.as_deref(), Some("mine"));
    }
    assert!(matches!(vaults.state(), VaultState::Available { .. }));
}
