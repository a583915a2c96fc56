//! The passphrase vault against everything that can happen to its files.

use tributary::ErrorKind;
use tributary::audit::{Audit, Clock, Filter};
use tributary::store::Paths;
use tributary::vault::{Choice, Forgotten, SecretName, Unreadable, Vault, VaultState, Vaults};

use crate::{PASSPHRASE, Place, files_below, is_locked, name, put, read, secret, stored, write};

#[test]
fn secrets_come_back_after_a_new_start_and_nobody_gets_them_without_the_passphrase() {
    let place = Place::new();
    let (ada, grace) = (name("acme.example", "ada"), name("acme.example", "grace"));
    let vaults = place.unlocked();
    assert_eq!(stored(&vaults, &ada), None);
    put(&vaults, &ada, "first");
    put(&vaults, &ada, "second ✓");
    assert_eq!(stored(&vaults, &grace), None);
    let long: String = "abcdefghij✓".chars().cycle().take(20_000).collect();
    put(&vaults, &grace, &long);

    let again = place.vaults();
    assert!(is_locked(&again), "{:?}", again.state());
    let error = again.get(&ada).expect_err("it is locked");
    assert_eq!(error.kind(), ErrorKind::VaultUnavailable);
    assert!(
        error.chain().contains("TRIBUTARY_VAULT_PASSPHRASE"),
        "{}",
        error.chain()
    );
    for refused in [
        again.put(&ada, &secret("third")).err(),
        again.forget(&ada).err(),
    ] {
        let refused = refused.expect("it is locked");
        assert_eq!(refused.kind(), ErrorKind::VaultUnavailable);
    }
    let error = again
        .unlock(&secret("canary tray horse batterY"))
        .expect_err("wrong");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{}", error.chain());
    again.unlock(&secret(PASSPHRASE)).expect("unlocked");
    assert_eq!(
        again.state(),
        VaultState::Available {
            name: "Passphrase vault".to_owned()
        }
    );
    assert_eq!(stored(&again, &ada).as_deref(), Some("second ✓"));
    assert_eq!(stored(&again, &grace), Some(long));
    again.lock();
    assert!(is_locked(&again));
    assert!(!is_locked(&vaults), "only in this process");
    assert_eq!(vaults.forget(&ada).expect("removed"), Forgotten::Removed);
    assert_eq!(
        vaults.forget(&ada).expect("answered"),
        Forgotten::WasNotThere
    );
    assert_eq!(stored(&vaults, &ada), None);
}

#[test]
fn what_a_guess_costs_is_written_beside_the_key() {
    let place = Place::new();
    let file: serde_json::Value =
        serde_json::from_slice(&read(&place.folder().join("key.json"))).expect("JSON");
    let cost = &file["derivation"];
    assert_eq!(cost["name"], "argon2id");
    assert_eq!(cost["version"], 0x13);
    assert!(cost["memory_kib"].as_u64() >= Some(64 * 1024), "{cost}");
    assert_eq!((&cost["passes"], &cost["lanes"]), (&3.into(), &1.into()));
    let other = Place::new();
    let file: serde_json::Value =
        serde_json::from_slice(&read(&other.folder().join("key.json"))).expect("JSON");
    assert_ne!(
        file["derivation"]["salt"], cost["salt"],
        "no salt is used twice"
    );
}

#[test]
fn no_file_holds_a_secret_in_any_form() {
    let place = Place::new();
    let vaults = place.unlocked();
    let canary = "canary-5d1f7e-token";
    put(&vaults, &name("acme.example", "ada"), canary);
    put(
        &vaults,
        &SecretName::account("gitlab gitlab.example managed", "7f3a"),
        canary,
    );
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    let passphrase: String = PASSPHRASE
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let files = files_below(place.home.path());
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let bytes = read(&file);
        let text = String::from_utf8_lossy(&bytes);
        for hidden in [canary, &hex, PASSPHRASE, &passphrase] {
            assert!(
                !text.contains(hidden),
                "{} holds `{hidden}`",
                file.display()
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn only_their_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new();
    put(&place.unlocked(), &name("acme.example", "ada"), "token");
    for path in files_below(place.home.path()) {
        let mode = path.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    for folder in [place.folder(), place.folder().join("tenants")] {
        let mode = folder.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", folder.display());
    }
}

#[test]
fn every_changed_byte_is_refused_and_nothing_is_deleted() {
    let place = Place::new();
    let vaults = place.unlocked();
    let ada = name("acme.example", "ada");
    put(&vaults, &ada, "token");
    put(&vaults, &name("acme.example", "grace"), "another");
    let mut tried = 0;
    for file in files_below(&place.folder()) {
        let whole = read(&file);
        for at in 0..whole.len() {
            // One bit, and the bit that makes a letter large.
            for bit in [0x01, 0x20] {
                let mut changed = whole.clone();
                changed[at] ^= bit;
                write(&file, &changed);
                let refused = if file.ends_with("key.json") {
                    let fresh = place.vaults();
                    assert!(matches!(fresh.state(), VaultState::Damaged { .. }));
                    let error = fresh.unlock(&secret(PASSPHRASE)).expect_err("damaged");
                    assert_eq!(
                        error.kind(),
                        ErrorKind::Storage,
                        "told from a wrong passphrase"
                    );
                    fresh.get(&ada)
                } else {
                    vaults.get(&ada)
                };
                let error = refused.expect_err("a changed byte");
                assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::Storage | ErrorKind::VaultUnavailable
                    ),
                    "{}",
                    error.chain()
                );
                assert_eq!(read(&file), changed, "it is left as it is");
                tried += 1;
            }
        }
        for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
            write(&file, &whole[..cut]);
            assert!(
                place.vaults().unlock(&secret(PASSPHRASE)).is_err() || vaults.get(&ada).is_err()
            );
        }
        std::fs::remove_file(&file).expect("ours");
        assert!(place.vaults().unlock(&secret(PASSPHRASE)).is_err() || vaults.get(&ada).is_err());
        write(&file, &whole);
    }
    assert!(tried > 1500, "{tried} changes");
    let vaults = place.unlocked();
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
}

#[test]
fn exchanged_files_are_refused() {
    let place = Place::new();
    let vaults = place.unlocked();
    let (ada, grace) = (name("acme.example", "ada"), name("other.example", "grace"));
    put(&vaults, &ada, "hers");
    put(&vaults, &grace, "also hers");
    let files = place.tenant_files();
    let [one, other] = files.as_slice() else {
        panic!("a file for each tenant: {files:?}");
    };
    let (first, second) = (read(one), read(other));
    write(one, &second);
    write(other, &first);
    for vaults in [&vaults, &place.unlocked()] {
        for name in [&ada, &grace] {
            let error = vaults.get(name).expect_err("exchanged");
            assert_eq!(error.kind(), ErrorKind::Storage, "{}", error.chain());
        }
    }
    // The same when the file says that it is the other tenant's.
    let renamed = |bytes: &[u8], from: &str, to: &str| {
        String::from_utf8(bytes.to_vec())
            .expect("text")
            .replace(from, to)
            .into_bytes()
    };
    let to_first = renamed(&second, "other.example", "acme.example");
    let to_second = renamed(&first, "acme.example", "other.example");
    write(one, &to_first);
    write(other, &to_second);
    for name in [&ada, &grace] {
        vaults.get(name).expect_err("exchanged and renamed");
    }
    write(one, &first);
    write(other, &second);
    // And two secrets of one tenant.
    let bob = name("acme.example", "bob");
    put(&vaults, &bob, "his");
    let path = place
        .tenant_files()
        .into_iter()
        .find(|path| String::from_utf8_lossy(&read(path)).contains("bob"))
        .expect("his file");
    let whole = read(&path);
    let mut file: serde_json::Value = serde_json::from_slice(&whole).expect("JSON");
    let (first, second) = (
        file["secrets"][0]["sealed"].clone(),
        file["secrets"][1]["sealed"].clone(),
    );
    let text = String::from_utf8(whole).expect("text");
    let (first, second) = (
        first.as_str().expect("text"),
        second.as_str().expect("text"),
    );
    let swapped = text
        .replace(first, "#")
        .replace(second, first)
        .replace('#', second);
    write(&path, swapped.as_bytes());
    vaults.get(&ada).expect_err("two secrets exchanged");
    // A secret that was taken out.
    file["secrets"].as_array_mut().expect("a list").remove(0);
    write(&path, &serde_json::to_vec(&file).expect("JSON"));
    vaults.get(&ada).expect_err("a secret is missing");
    vaults.get(&bob).expect_err("a secret is missing");
}

#[test]
fn another_vaults_files_are_refused() {
    let (place, stranger) = (Place::new(), Place::new());
    let ada = name("acme.example", "ada");
    put(&place.unlocked(), &ada, "hers");
    put(&stranger.unlocked(), &ada, "not hers");
    let vaults = place.unlocked();
    write(&place.tenant_files()[0], &read(&stranger.tenant_files()[0]));
    vaults
        .get(&ada)
        .expect_err("of another vault with the same passphrase");
    let index = read(&stranger.folder().join("index.json"));
    write(&place.folder().join("index.json"), &index);
    vaults.get(&ada).expect_err("its index too");
    let key = read(&stranger.folder().join("key.json"));
    write(&place.folder().join("key.json"), &key);
    assert!(
        is_locked(&vaults),
        "it is another vault now, and nobody unlocked it"
    );
    assert!(vaults.get(&ada).is_err());
}

#[test]
fn an_older_generation_is_refused() {
    let place = Place::new();
    let vaults = place.unlocked();
    let ada = name("acme.example", "ada");
    put(&vaults, &ada, "revoked");
    let file = place.tenant_files()[0].clone();
    let index = place.folder().join("index.json");
    let (old_file, old_index) = (read(&file), read(&index));
    put(&vaults, &ada, "second");
    put(&vaults, &ada, "third");
    let (new_file, new_index) = (read(&file), read(&index));

    write(&file, &old_file);
    let error = vaults.get(&ada).expect_err("older");
    assert!(error.chain().contains("older"), "{}", error.chain());
    place
        .unlocked()
        .get(&ada)
        .expect_err("older, after a new start");
    vaults
        .put(&ada, &secret("fourth"))
        .expect_err("nothing is written over it");
    assert_eq!(read(&file), old_file);

    // An older index alone does not fit to the file.
    write(&file, &new_file);
    write(&index, &old_index);
    vaults
        .get(&ada)
        .expect_err("older than this process has seen");
    let error = place.unlocked().get(&ada).expect_err("older than the file");
    assert!(error.chain().contains("older"), "{}", error.chain());

    // Everything put back together is seen by whoever had the vault open. A program that starts
    // now cannot know: nothing outside of the folder remembers.
    write(&file, &old_file);
    vaults
        .get(&ada)
        .expect_err("older than this process has seen");
    assert_eq!(stored(&place.unlocked(), &ada).as_deref(), Some("revoked"));

    write(&file, &new_file);
    write(&index, &new_index);
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("third"));
}

#[test]
fn a_tenant_without_secrets_has_no_key_and_does_not_come_back() {
    let place = Place::new();
    let vaults = place.unlocked();
    let (ada, bob) = (name("acme.example", "ada"), name("acme.example", "bob"));
    put(&vaults, &ada, "hers");
    put(&vaults, &bob, "his");
    let file = place.tenant_files()[0].clone();
    vaults.forget(&ada).expect("removed");
    let last = read(&file);
    vaults.forget(&bob).expect("removed");
    assert!(
        place.tenant_files().is_empty(),
        "the key went with the file"
    );
    write(&file, &last);
    assert_eq!(
        stored(&vaults, &bob),
        None,
        "a file that was put back is no secret again"
    );
    assert!(place.tenant_files().is_empty());
    write(&file, &last);
    assert_eq!(stored(&place.unlocked(), &bob), None);
    put(&vaults, &bob, "his new one");
    assert_eq!(
        stored(&place.unlocked(), &bob).as_deref(),
        Some("his new one")
    );
    let key = |bytes: &[u8]| -> serde_json::Value {
        let file: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        file["key"].clone()
    };
    assert_ne!(key(&last), key(&read(&file)));
}

#[test]
fn the_vault_locks_itself_when_it_is_not_used() {
    let place = Place::new();
    let ada = name("acme.example", "ada");
    let vaults = place.unlocked();
    put(&vaults, &ada, "token");
    place.pass(9);
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
    place.pass(9);
    assert!(!is_locked(&vaults), "it was used nine minutes ago");
    place.pass(1);
    vaults.lock_if_idle();
    assert!(is_locked(&vaults));
    let error = vaults.get(&ada).expect_err("locked");
    assert_eq!(error.kind(), ErrorKind::VaultUnavailable);
    vaults.unlock(&secret(PASSPHRASE)).expect("unlocked");
    place.pass(10);
    assert!(
        vaults.get(&ada).is_err(),
        "also when nobody looked in between"
    );

    vaults.set_lock_after(60).expect("remembered");
    let vaults = place.unlocked();
    place.pass(59);
    assert!(!is_locked(&vaults));
    place.pass(1);
    assert!(is_locked(&vaults));
    vaults.set_lock_after(0).expect("remembered");
    let vaults = place.unlocked();
    place.pass(60 * 24 * 365);
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
    assert_eq!(vaults.lock_after_minutes(), 0);
}

#[test]
fn that_the_vault_locked_itself_is_recorded() {
    let place = Place::new();
    let vaults = place.unlocked();
    put(&vaults, &name("acme.example", "ada"), "token");
    let paths = Paths::below(place.home.path());
    let clock = Clock::of_system();
    let audit = Audit::open(&paths, Some(vaults.as_vault()), clock);
    audit.watch(&vaults);
    let locked = || {
        let entries = audit.entries(&Filter::default()).expect("readable");
        let locked = entries.into_iter().filter(|it| it.action == "vault.lock");
        locked.collect::<Vec<_>>()
    };
    // Who locks it by hand records that himself.
    vaults.lock();
    vaults.unlock(&secret(PASSPHRASE)).expect("unlocked");
    assert_eq!(locked().len(), 0);
    for times in 1..=2 {
        place.pass(10);
        vaults.lock_if_idle();
        assert!(is_locked(&vaults));
        while locked().len() < times {
            std::thread::yield_now();
        }
        vaults.lock_if_idle();
        vaults.unlock(&secret(PASSPHRASE)).expect("unlocked");
    }
    for entry in locked() {
        assert_eq!(entry.outcome, "success");
        let reason = entry.reason.as_deref().unwrap_or_default();
        assert!(reason.contains("Nobody used it"), "{reason}");
    }
    audit.settle().expect("on the disk");
    let found = audit.verify().expect("readable");
    assert!(found.is_intact(), "{found:?}");
    assert_eq!(locked().len(), 2, "once each time");
}

#[test]
fn one_process_locks_the_vault_of_all() {
    let place = Place::new();
    let (one, other) = (place.unlocked(), place.unlocked());
    let ada = name("acme.example", "ada");
    put(&one, &ada, "token");
    one.lock_everywhere().expect("told");
    assert!(is_locked(&one) && is_locked(&other));
    assert!(other.get(&ada).is_err());
    other.unlock(&secret(PASSPHRASE)).expect("unlocked");
    assert_eq!(stored(&other, &ada).as_deref(), Some("token"));
    assert!(is_locked(&one));
}

#[test]
fn a_changed_passphrase_is_the_only_one() {
    let place = Place::new();
    let ada = name("acme.example", "ada");
    let vaults = place.unlocked();
    put(&vaults, &ada, "token");
    let (before, after) = (secret(PASSPHRASE), secret("another canary entirely"));
    let error = vaults
        .change_passphrase(&after, &before)
        .expect_err("not the present one");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let error = vaults
        .change_passphrase(&before, &secret("short"))
        .expect_err("too short");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    vaults.change_passphrase(&before, &after).expect("changed");
    assert_eq!(
        stored(&vaults, &ada).as_deref(),
        Some("token"),
        "what is open stays open"
    );
    let fresh = place.vaults();
    assert_eq!(
        fresh.unlock(&before).expect_err("the old one").kind(),
        ErrorKind::InvalidInput
    );
    fresh.unlock(&after).expect("the new one");
    assert_eq!(stored(&fresh, &ada).as_deref(), Some("token"));
    assert!(!place.folder().join("key.previous").exists());
}

#[test]
fn a_damaged_vault_or_choice_is_a_state_and_no_fresh_start() {
    let place = Place::new();
    let ada = name("acme.example", "ada");
    put(&place.unlocked(), &ada, "token");
    let (key, choice) = (
        place.folder().join("key.json"),
        place.home.path().join("data/vault.json"),
    );
    let (whole_key, whole_choice) = (read(&key), read(&choice));

    for wrong in [&b""[..], b"{}", b"{\"format\":\"tributary.vault/9\"}"] {
        write(&choice, wrong);
        let vaults = place.vaults();
        assert!(
            matches!(vaults.state(), VaultState::Damaged { .. }),
            "{:?}",
            vaults.state()
        );
        assert_eq!(
            vaults
                .put(&ada, &secret("new"))
                .expect_err("damaged")
                .kind(),
            ErrorKind::VaultUnavailable
        );
        assert_eq!(read(&choice), wrong, "nothing is written over it");
    }
    write(&choice, &whole_choice);

    std::fs::remove_file(&key).expect("ours");
    let vaults = place.vaults();
    let VaultState::Damaged { reason, remedy } = vaults.state() else {
        panic!("{:?}", vaults.state());
    };
    assert!(
        reason.contains("key.json") && remedy.for_command().contains("backup"),
        "{reason} {remedy:?}"
    );
    let passphrase = secret(PASSPHRASE);
    let again = Choice::Passphrase(&passphrase);
    vaults
        .choose(again, &[], Unreadable::Refuse)
        .expect_err("no fresh start by itself");
    assert!(!key.exists());
    let moved = vaults
        .choose(again, &[], Unreadable::LeaveBehind)
        .expect("chosen");
    let aside = moved.set_aside.expect("the old one is kept");
    assert_eq!(files_below(&aside.join("tenants")).len(), 1);
    assert_eq!(stored(&vaults, &ada), None);
    put(&vaults, &ada, "new");

    // The old one is whole again with what was missing.
    std::fs::remove_dir_all(place.folder()).expect("ours");
    std::fs::rename(&aside, place.folder()).expect("ours");
    write(&key, &whole_key);
    assert_eq!(stored(&place.unlocked(), &ada).as_deref(), Some("token"));
}

#[test]
fn a_short_passphrase_is_not_taken() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let vaults = Vaults::open(&Paths::below(home.path()));
    let short = secret("1234567");
    let error = vaults
        .choose(Choice::Passphrase(&short), &[], Unreadable::Refuse)
        .expect_err("short");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        !home.path().join("data/vault.json").exists(),
        "nothing was chosen"
    );
}

#[test]
fn who_chose_this_session_gets_just_that() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let vaults = Vaults::open(&Paths::below(home.path()));
    let ada = name("acme.example", "ada");
    vaults
        .choose(Choice::Session, &[], Unreadable::Refuse)
        .expect("chosen");
    assert_eq!(vaults.state(), VaultState::SessionOnly);
    put(&vaults, &ada, "token");
    let again = Vaults::open(&Paths::below(home.path()));
    assert_eq!(
        again.state(),
        VaultState::SessionOnly,
        "the choice is remembered"
    );
    assert_eq!(stored(&again, &ada), None);

    // What the session knows goes along; its names need not be told.
    let passphrase = secret(PASSPHRASE);
    let moved = vaults
        .choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse)
        .expect("chosen");
    assert_eq!(moved.moved, std::slice::from_ref(&ada));
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
    again.unlock(&passphrase).expect("it follows");
    assert_eq!(stored(&again, &ada).as_deref(), Some("token"));
    // What is kept is not thrown away by choosing that nothing shall be.
    let left = vaults
        .choose(Choice::Session, &[], Unreadable::Refuse)
        .expect("chosen");
    assert_eq!((left.moved.len(), left.left), (0, vec![ada.clone()]));
    assert_eq!(stored(&vaults, &ada), None);
    vaults
        .choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse)
        .expect("chosen");
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
}

#[test]
fn a_locked_vault_is_left_only_when_that_is_said() {
    let place = Place::new();
    let ada = name("acme.example", "ada");
    put(&place.unlocked(), &ada, "token");
    let vaults = place.vaults();
    let error = vaults
        .choose(Choice::Session, &[], Unreadable::Refuse)
        .expect_err("nobody could read what is in it");
    assert_eq!(error.kind(), ErrorKind::VaultUnavailable);
    assert!(is_locked(&vaults), "nothing was chosen");
    vaults
        .choose(Choice::Session, &[], Unreadable::LeaveBehind)
        .expect("chosen");
    let passphrase = secret(PASSPHRASE);
    let wrong = secret("not the canary at all");
    let error = vaults
        .choose(Choice::Passphrase(&wrong), &[], Unreadable::Refuse)
        .expect_err("the vault of earlier has another passphrase");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    vaults
        .choose(Choice::Passphrase(&passphrase), &[], Unreadable::Refuse)
        .expect("chosen");
    assert_eq!(stored(&vaults, &ada).as_deref(), Some("token"));
}
