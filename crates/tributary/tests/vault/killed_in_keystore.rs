//! `kill -9` at every step of what is done with a real Secret Service, and processes that share one.
//!
//! What is longer than one entry of the keystore is kept in parts, as the tokens of Entra and
//! Atlassian are: a write of such a secret has a step for each.

use std::cell::Cell;
use std::io::{BufRead, BufReader};

use tributary::vault::{Backend, Forgotten, Vault, VaultState, Vaults};
use tributary_testbed::session::{Session, entries_of, inside};

use crate::killed::{all_names, at_every_step, choose, long, spawn, written_in};
use crate::{Place, name, put, stored};

/// Longer than two entries of the keystore.
const LONG: usize = 3000;
/// Fits one.
const SHORT: usize = 0;

/// Three secrets in the keystore, the first as long as it is said.
fn written(length: usize) -> Place {
    let (old, hers) = (long("old", length), long("hers", LONG));
    written_in(Place::with_keystore(), &old, "his", &hers)
}

/// What must hold whatever happened: the others are there, everything can be written, and no part
/// of what was under way stays behind when it is removed.
fn goes_on(place: &Place, before: usize, step: usize) {
    let vaults = place.unlocked();
    assert!(
        matches!(vaults.state(), VaultState::Available { .. }),
        "killed after step {step}: {:?}",
        vaults.state()
    );
    let [ada, bob, grace] = all_names();
    assert_eq!(stored(&vaults, &bob).as_deref(), Some("his"), "step {step}");
    assert_eq!(
        stored(&vaults, &grace),
        Some(long("hers", LONG)),
        "step {step}"
    );
    for text in [long("after", LONG), "after".to_owned()] {
        put(&vaults, &ada, &text);
        assert_eq!(stored(&place.unlocked(), &ada), Some(text), "step {step}");
    }
    for name in all_names() {
        vaults.forget(&name).expect("removed");
    }
    // What is left is the entry by which the keystore is known again.
    assert_eq!(
        entries_of("tributary"),
        before + 1,
        "killed after step {step}"
    );
    forget_everything();
}

/// Ends a round: what the keystore still has is no business of the next one.
fn forget_everything() {
    let left = std::process::Command::new("sh")
        .args([
            "-c",
            "for item in $(gdbus call --session --dest org.freedesktop.secrets --object-path \
             /org/freedesktop/secrets --method org.freedesktop.Secret.Service.SearchItems \
             \"{'service': 'tributary'}\" | grep -oE '/org/freedesktop/secrets/collection/[^,]*[0-9]'); do \
             gdbus call --session --dest org.freedesktop.secrets --object-path \"$item\" \
             --method org.freedesktop.Secret.Item.Delete >/dev/null; done",
        ])
        .status()
        .expect("a shell");
    assert!(left.success());
    assert_eq!(entries_of("tributary"), 0);
}

#[test]
fn a_killed_write_leaves_the_old_secret_or_the_new_one() {
    let test = "killed_in_keystore::a_killed_write_leaves_the_old_secret_or_the_new_one";
    inside(Session::Unlocked, test, || {
        for (before, after, least) in [
            (SHORT, SHORT, 2),
            (SHORT, LONG, 5),
            (LONG, LONG, 8),
            (LONG, SHORT, 5),
        ] {
            let old_until = Cell::new(0);
            let work = format!("put acme.example {after}");
            let steps = at_every_step(
                &work,
                || written(before),
                |place, step| {
                    let found = stored(&place.unlocked(), &name("acme.example", "ada"));
                    let found = found.expect("never neither");
                    if found == long("old", before) {
                        old_until.set(step);
                    } else {
                        assert_eq!(found, long("new", after), "after step {step} of `{work}`");
                    }
                    goes_on(place, 0, step);
                },
            );
            assert!(steps >= least, "{steps} steps of `{work}`");
            let old_until = old_until.get();
            assert!(
                old_until > 0 && old_until < steps,
                "both were seen: {old_until} of {steps}"
            );
        }
    });
}

#[test]
fn a_killed_first_write_leaves_nothing_or_the_secret() {
    let test = "killed_in_keystore::a_killed_first_write_leaves_nothing_or_the_secret";
    inside(Session::Unlocked, test, || {
        let steps = at_every_step(
            &format!("put acme.example {LONG}"),
            Place::with_keystore,
            |place, step| {
                let vaults = place.unlocked();
                let ada = name("acme.example", "ada");
                let found = stored(&vaults, &ada);
                assert!(
                    found.is_none() || found == Some(long("new", LONG)),
                    "step {step}: {found:?}"
                );
                put(&vaults, &ada, "newer");
                assert_eq!(stored(&place.unlocked(), &ada).as_deref(), Some("newer"));
                vaults.forget(&ada).expect("removed");
                // An entry by which the keystore is known again may be left of each try.
                let left = entries_of("tributary");
                assert!((1..=2).contains(&left), "step {step}: {left} entries");
                forget_everything();
            },
        );
        assert!(steps >= 7, "{steps} steps");
    });
}

#[test]
fn a_killed_removal_leaves_the_secret_or_nothing() {
    let test = "killed_in_keystore::a_killed_removal_leaves_the_secret_or_nothing";
    inside(Session::Unlocked, test, || {
        for (length, least) in [(SHORT, 1), (LONG, 4)] {
            let steps = at_every_step(
                "forget",
                || written(length),
                |place, step| {
                    let vaults = place.unlocked();
                    let ada = name("acme.example", "ada");
                    let found = stored(&vaults, &ada);
                    assert!(
                        found.is_none() || found == Some(long("old", length)),
                        "step {step}: {found:?}"
                    );
                    let again = vaults.forget(&ada).expect("answered");
                    assert_eq!(again == Forgotten::Removed, found.is_some(), "step {step}");
                    // The entry by which it is known again, his, and hers in an entry and three parts.
                    assert_eq!(entries_of("tributary"), 6, "killed after step {step}");
                    goes_on(place, 0, step);
                },
            );
            assert!(steps >= least, "{steps} steps");
        }
    });
}

/// Of secrets that are moved, one is in parts.
const MOVED: [(&str, usize); 3] = [("old", LONG), ("his", SHORT), ("hers", SHORT)];

/// What [`MOVED`] says, wherever it is now.
fn is_whole(vaults: &Vaults, step: usize) {
    for (name, (word, length)) in all_names().iter().zip(MOVED) {
        let found = stored(vaults, name);
        assert_eq!(
            found,
            Some(long(word, length)),
            "after step {step}: `{name}`"
        );
    }
}

#[test]
fn a_killed_move_between_places_loses_nothing_and_is_finished_later() {
    let test =
        "killed_in_keystore::a_killed_move_between_places_loses_nothing_and_is_finished_later";
    inside(Session::Unlocked, test, || {
        let [old, his, hers] = MOVED.map(|(word, length)| long(word, length));
        let with_passphrase = written_in(Place::new(), &old, &his, &hers);
        for (from, to) in [
            (Backend::Passphrase, Backend::Keystore),
            (Backend::Keystore, Backend::Passphrase),
        ] {
            let seen = Cell::new((0, 0));
            let steps = at_every_step(
                &format!("choose {}", to.name()),
                || match from {
                    Backend::Passphrase => with_passphrase.copied(),
                    _ => written_in(Place::with_keystore(), &old, &his, &hers),
                },
                |place, step| {
                    let vaults = place.unlocked();
                    let (before, after) = seen.get();
                    seen.set(match vaults.chosen() {
                        Some(place) if place == from => (before + 1, after),
                        Some(place) if place == to => (before, after + 1),
                        other => panic!("after step {step}: {other:?}"),
                    });
                    is_whole(&vaults, step);
                    choose(&vaults, to.name());
                    if to == Backend::Keystore && !vaults.left_behind().is_empty() {
                        // Nothing is removed from a vault that is locked: going back unlocks it.
                        choose(&vaults, from.name());
                        choose(&vaults, to.name());
                    }
                    let vaults = place.unlocked();
                    assert_eq!(vaults.chosen(), Some(to), "after step {step}");
                    assert_eq!(vaults.left_behind(), [], "after step {step}");
                    is_whole(&vaults, step);
                    let in_files = !place.tenant_files().is_empty();
                    assert_eq!(in_files, to == Backend::Passphrase, "after step {step}");
                    // One secret in an entry and three parts, and two in an entry; beside them at
                    // most the entries by which a keystore is known again.
                    let kept = if to == Backend::Keystore { 6 } else { 0 };
                    let entries = entries_of("tributary");
                    assert!(
                        (kept..=kept + 2).contains(&entries),
                        "after step {step}: {entries} entries"
                    );
                    forget_everything();
                },
            );
            let (before, after) = seen.get();
            assert!(
                before > 2 && after > 2,
                "{before} and {after} of {steps} steps"
            );
        }
    });
}

#[test]
fn processes_that_share_a_keystore_lose_nothing() {
    let test = "killed_in_keystore::processes_that_share_a_keystore_lose_nothing";
    inside(Session::Unlocked, test, || {
        let place = written(LONG);
        let writers = ["one", "two"];
        let spawned = |mine| {
            spawn(
                place.home.path(),
                &format!("write {mine} {LONG}"),
                usize::MAX,
            )
        };
        let others = writers.map(spawned);
        let vaults = place.unlocked();
        let [_, bob, grace] = all_names();
        for number in 0..25 {
            let mine = name("acme.example", &format!("me-{number}"));
            put(&vaults, &mine, &long("mine", LONG));
            assert_eq!(stored(&vaults, &bob).as_deref(), Some("his"));
            assert_eq!(stored(&vaults, &grace), Some(long("hers", LONG)));
        }
        for other in others {
            let ended = other.wait_with_output().expect("it ends");
            let said = String::from_utf8_lossy(&ended.stdout);
            assert!(ended.status.success(), "{said}");
        }
        for mine in writers {
            for number in 0..25 {
                let user = format!("{mine}-{number}");
                let found = stored(&vaults, &name("acme.example", &user));
                assert_eq!(found, Some(long(&user, LONG)));
            }
            let found = stored(&vaults, &name(&format!("{mine}.example"), "ada"));
            assert_eq!(found, Some(long(&format!("{mine}-24"), LONG)));
        }
        for number in 0..25 {
            let found = stored(&vaults, &name("acme.example", &format!("me-{number}")));
            assert_eq!(found, Some(long("mine", LONG)));
        }
    });
}

/// Who reads takes no lock, and the parts of a secret are replaced meanwhile.
#[test]
fn a_secret_that_is_replaced_over_and_over_is_always_read_whole() {
    let test = "killed_in_keystore::a_secret_that_is_replaced_over_and_over_is_always_read_whole";
    inside(Session::Unlocked, test, || {
        let place = written(LONG);
        let ada = name("acme.example", "ada");
        for _ in 0..5 {
            let work = format!("rotate on {LONG}");
            let mut other = spawn(place.home.path(), &work, usize::MAX);
            let mut lines = BufReader::new(other.stdout.take().expect("piped")).lines();
            let mut kept = || {
                let mut numbers = lines.by_ref().map_while(Result::ok).filter_map(|line| {
                    let number = line.strip_prefix("kept ")?;
                    number.parse::<u32>().ok()
                });
                numbers.next().expect("it goes on")
            };
            kept();
            let vaults = place.unlocked();
            let mut last = 0;
            for _ in 0..40 {
                let found = stored(&vaults, &ada).expect("never neither");
                let number = found.split(' ').next().expect("a word");
                assert_eq!(found, long(number, LONG), "whole");
                let number: u32 = number.parse().expect("a number");
                assert!(number >= last, "{number} after {last}");
                last = number;
            }
            other.kill().expect("SIGKILL");
            other.wait().expect("it is gone");
            let last = std::iter::from_fn(|| lines.next()?.ok()).filter_map(|line| {
                let number = line.strip_prefix("kept ")?;
                number.parse::<u32>().ok()
            });
            let said = last.last();
            let found = stored(&place.unlocked(), &ada).expect("never neither");
            let found = found.split(' ').next().expect("a word");
            let found: u32 = found.parse().expect("a number");
            if let Some(said) = said {
                assert!(
                    found == said || found == said + 1,
                    "kept {said}, found {found}"
                );
            }
        }
    });
}
