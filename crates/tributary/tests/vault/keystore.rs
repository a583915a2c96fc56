//! Tokens in a real Secret Service, in private D-Bus sessions.
//!
//! A test that needs a session runs itself again inside one.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::store::Paths;
use tributary::vault::{
    Choice, Forgotten, Secret, SecretName, Unreadable, Vault, VaultState, Vaults, open_vault,
    session_vault,
};
use url::Url;

/// Says to a test that it runs inside its session.
const INSIDE: &str = "TRIBUTARY_TEST_SESSION";

/// What the machine looks like to the test.
#[derive(Clone, Copy)]
enum Session {
    /// gnome-keyring runs and is unlocked.
    Unlocked,
    /// gnome-keyring runs; nobody ever gave it a password, and there is nowhere to ask.
    NeverUnlocked,
    /// The keyring was locked again, and its prompt waits for an answer that does not come.
    Waiting,
    /// There is a bus with nobody on it.
    BusWithoutKeystore,
    /// There is no bus.
    NoBus,
}

/// Commands that make the session what it should be and then run the test.
const UNLOCK: &str = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
const START: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null";
const READY: &str = "gdbus wait --session --timeout 20 org.freedesktop.secrets";
const LOCK: &str = "gdbus call --session --dest org.freedesktop.secrets \
    --object-path /org/freedesktop/secrets --method org.freedesktop.Secret.Service.Lock \
    \"['/org/freedesktop/secrets/collection/login']\" >/dev/null";

/// Runs the body of the named test inside a session.
fn inside(session: Session, test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        body();
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let program = std::env::current_exe().expect("the test's own path is known");
    let steps = match session {
        Session::Unlocked => vec![UNLOCK, READY],
        Session::NeverUnlocked => vec![START, READY],
        Session::Waiting => vec![UNLOCK, READY, LOCK],
        Session::BusWithoutKeystore | Session::NoBus => Vec::new(),
    };
    let script = format!("set -e\n{}\nexec \"$0\" \"$@\"\n", steps.join("\n"));
    let mut command = match session {
        Session::NoBus => Command::new("sh"),
        _ => {
            let mut command = Command::new("dbus-run-session");
            let configuration = bus_configuration(&home, session);
            command
                .arg("--config-file")
                .arg(configuration)
                .args(["--", "sh"]);
            command
        }
    };
    command
        .args(["-c", &script])
        .arg(program)
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    let output = command.output().expect(
        "a private D-Bus session needs the programs of the packages `dbus`, `gnome-keyring` and \
         `libglib2.0-bin`; `./scripts/test` installs them",
    );
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "inside the session:\n{said}\n{complained}"
    );
    assert!(
        said.contains("1 passed"),
        "the test did not run inside the session:\n{said}"
    );
}

/// A bus that starts nothing by itself, except a prompter that never shows anything.
fn bus_configuration(home: &TempDir, session: Session) -> std::path::PathBuf {
    let services = home.path().join("services");
    fs::create_dir_all(&services).expect("the temporary folder is ours");
    if let Session::Waiting = session {
        let prompter = "[D-BUS Service]
Name=org.gnome.keyring.SystemPrompter
\
            Exec=/bin/sh -c \"exec sleep 10 >/dev/null 2>&1\"
";
        write(&services.join("prompter.service"), prompter);
    }
    let path = home.path().join("session.conf");
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig>\
         <type>session</type><listen>unix:tmpdir=/tmp</listen><servicedir>{}</servicedir>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n",
        services.display()
    );
    write(&path, &text);
    path
}

fn write(path: &Path, text: &str) {
    tributary::store::write_atomically(path, text.as_bytes()).expect("the folder is ours");
}

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
