//! Tokens in a real Secret Service, in private D-Bus sessions.

use std::process::Command;

use tributary::ErrorKind;
use tributary::store::Paths;
use tributary::vault::{
    Choice, Forgotten, Secret, SecretName, Unreadable, Vault, VaultState, Vaults, open_vault,
    session_vault,
};
use tributary_testbed::session::{Session, inside};
use url::Url;

fn name(user: &str) -> SecretName {
    let site = Url::parse("https://acme.atlassian.net/wiki/").expect("a correct address");
    SecretName::site_token(&site, user)
}

fn stored(vault: &dyn Vault, name: &SecretName) -> Option<String> {
    let found = vault.get(name).expect("the vault answers");
    found.map(|secret| secret.expose().to_owned())
}

/// What every vault promises.
fn check_keeps_secrets(vault: &dyn Vault) {
    let (ada, grace) = (name("ada@acme.com"), name("grace@acme.com"));
    assert_eq!(stored(vault, &ada), None);
    vault
        .put(&ada, &Secret::new("first".to_owned()))
        .expect("kept");
    vault
        .put(&ada, &Secret::new("second ✓".to_owned()))
        .expect("replaced");
    assert_eq!(stored(vault, &ada).as_deref(), Some("second ✓"));
    assert_eq!(
        stored(vault, &grace),
        None,
        "another user's token is another secret"
    );
    assert_eq!(vault.forget(&ada).expect("removed"), Forgotten::Removed);
    assert_eq!(
        vault.forget(&ada).expect("answered"),
        Forgotten::WasNotThere
    );
    assert_eq!(stored(vault, &ada), None);
}

/// What a vault does that is not there: it says so, and takes nothing in somewhere else, until the
/// person chooses another place.
fn check_keeps_nothing(vault: &dyn Vault) {
    let ada = name("ada@acme.com");
    let answers = [
        vault.put(&ada, &Secret::new("first".to_owned())).err(),
        vault.get(&ada).err(),
        vault.forget(&ada).err(),
    ];
    for error in answers {
        let kind = error.map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::VaultUnavailable));
    }
    let vaults = Vaults::open(&Paths::of_user().expect("there is a home folder"));
    vaults
        .choose(Choice::Session, &[], Unreadable::LeaveBehind)
        .expect("this session can always be chosen");
    assert_eq!(vaults.state(), VaultState::SessionOnly);
    check_keeps_secrets(&vaults);
}

#[test]
fn an_unlocked_keystore_keeps_tokens_for_the_next_start() {
    inside(
        Session::Unlocked,
        "keystore::an_unlocked_keystore_keeps_tokens_for_the_next_start",
        || {
            let (vault, state) = open_vault();
            assert_eq!(
                state,
                VaultState::Available {
                    name: "Secret Service".to_owned()
                }
            );
            check_keeps_secrets(&*vault);
            vault
                .put(&name("ada"), &Secret::new("kept".to_owned()))
                .expect("kept");
            drop(vault);
            let (again, _) = open_vault();
            assert_eq!(stored(&*again, &name("ada")).as_deref(), Some("kept"));
        },
    );
}

#[test]
fn tokens_longer_than_one_entry_come_back_whole() {
    inside(
        Session::Unlocked,
        "keystore::tokens_longer_than_one_entry_come_back_whole",
        || {
            let (vault, _) = open_vault();
            let name = name("ada");
            let part = SecretName::site_token(
                &Url::parse("https://acme.atlassian.net/wiki").expect("a correct address"),
                "ada part 5",
            );
            for length in [5200, 1201, 1200, 7] {
                let long: String = "abcdefghij✓".chars().cycle().take(length).collect();
                vault.put(&name, &Secret::new(long.clone())).expect("kept");
                assert_eq!(stored(&*vault, &name), Some(long), "{length} characters");
            }
            assert_eq!(
                stored(&*vault, &part),
                None,
                "no part of the longest one is left behind"
            );
            assert_eq!(vault.forget(&name).expect("removed"), Forgotten::Removed);
        },
    );
}

#[test]
fn a_keystore_that_was_never_unlocked_is_told_from_one_that_works() {
    let test = "keystore::a_keystore_that_was_never_unlocked_is_told_from_one_that_works";
    inside(Session::NeverUnlocked, test, || {
        let (vault, state) = open_vault();
        let VaultState::Locked { reason, remedy } = state else {
            panic!("asking alone says `no entry`, as if all were well: {state:?}");
        };
        assert!(reason.contains("Secret Service"), "{reason}");
        assert!(
            remedy.for_command().contains("this session only"),
            "{remedy:?}"
        );
        assert!(!remedy.for_window().contains('`'), "{remedy:?}");
        check_keeps_nothing(&*vault);
    });
}

#[test]
fn a_prompt_that_nobody_answers_does_not_hold_the_program() {
    inside(
        Session::Waiting,
        "keystore::a_prompt_that_nobody_answers_does_not_hold_the_program",
        || {
            let (vault, state) = open_vault();
            let VaultState::Locked { reason, remedy } = state else {
                panic!("the keyring is locked: {state:?}");
            };
            assert!(reason.contains("waits"), "{reason}");
            assert!(remedy.for_command().contains("prompt"), "{remedy:?}");
            check_keeps_nothing(&*vault);
        },
    );
}

#[test]
fn a_bus_without_a_keystore_is_said_and_replaced_only_on_request() {
    inside(
        Session::BusWithoutKeystore,
        "keystore::a_bus_without_a_keystore_is_said_and_replaced_only_on_request",
        || {
            check_unavailable();
        },
    );
}

#[test]
fn a_machine_without_a_bus_is_said_and_replaced_only_on_request() {
    inside(
        Session::NoBus,
        "keystore::a_machine_without_a_bus_is_said_and_replaced_only_on_request",
        check_unavailable,
    );
}

fn check_unavailable() {
    let (vault, state) = open_vault();
    let VaultState::Unavailable { reason, remedy } = state else {
        panic!("there is no keystore: {state:?}");
    };
    assert!(reason.contains("Secret Service"), "{reason}");
    assert!(
        remedy.for_command().contains("gnome-keyring")
            && remedy.for_command().contains("TRIBUTARY_TOKEN"),
        "{remedy:?}"
    );
    assert!(
        remedy.for_window().contains("gnome-keyring") && !remedy.for_window().contains('`'),
        "{remedy:?}"
    );
    check_keeps_nothing(&*vault);
}

#[test]
fn a_keystore_that_goes_away_is_reported_as_such() {
    inside(
        Session::Unlocked,
        "keystore::a_keystore_that_goes_away_is_reported_as_such",
        || {
            let (vault, state) = open_vault();
            assert!(matches!(state, VaultState::Available { .. }), "{state:?}");
            // The bus asks the kernel who owns the name, so that no other keyring is ended.
            let gone = Command::new("sh")
            .args([
                "-c",
                "kill $(gdbus call --session --dest org.freedesktop.DBus --object-path / --method \
                 org.freedesktop.DBus.GetConnectionUnixProcessID org.freedesktop.secrets \
                 | grep -oE '[0-9]+' | tail -1)",
            ])
            .status()
            .expect("a shell");
            assert!(gone.success());
            let error = loop {
                // The daemon answers until it has ended.
                match vault.get(&name("ada")) {
                    Ok(found) => assert!(found.is_none()),
                    Err(error) => break error,
                }
            };
            assert_eq!(error.kind(), ErrorKind::VaultUnavailable);
            assert!(
                error
                    .chain()
                    .contains("confluence https://acme.atlassian.net/wiki ada")
            );
        },
    );
}

#[test]
fn names_and_secrets_show_nothing_they_should_not() {
    let site = Url::parse("https://ada:pass@Wiki.Acme.com/x/?q=1#f").expect("a correct address");
    let name = SecretName::site_token(&site, " ada ");
    assert_eq!(name.to_string(), "confluence https://wiki.acme.com/x ada");
    assert_eq!(
        SecretName::site_token(&site, "").as_str(),
        "confluence https://wiki.acme.com/x"
    );
    assert_eq!(format!("{:?}", Secret::new("hidden".to_owned())), "****");
    let (one, other) = (session_vault(), session_vault());
    check_keeps_secrets(&*one);
    one.put(&name, &Secret::new("mine".to_owned()))
        .expect("kept");
    assert_eq!(stored(&*other, &name), None, "each session has its own");
}
