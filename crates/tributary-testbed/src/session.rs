//! A desktop's session: a private D-Bus with a Secret Service, or without one.
//!
//! A test that needs one runs itself again inside of it.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// Says to a test that it runs inside its session.
const INSIDE: &str = "TRIBUTARY_TEST_SESSION";

/// What the machine looks like to the test.
#[derive(Debug, Clone, Copy)]
pub enum Session {
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
///
/// # Panics
/// When the programs of a session are missing, or the test fails inside.
pub fn inside(session: Session, test: &str, body: impl FnOnce()) {
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
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes plain files, and this package has none of ours"
)]
fn bus_configuration(home: &TempDir, session: Session) -> PathBuf {
    let services = home.path().join("services");
    std::fs::create_dir_all(&services).expect("the temporary folder is ours");
    if let Session::Waiting = session {
        let prompter = "[D-BUS Service]
Name=org.gnome.keyring.SystemPrompter
\
            Exec=/bin/sh -c \"exec sleep 10 >/dev/null 2>&1\"
";
        std::fs::write(services.join("prompter.service"), prompter).expect("the folder is ours");
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
    std::fs::write(&path, &text).expect("the folder is ours");
    path
}

/// How many entries the Secret Service of this session has of a program, by the attribute that says
/// whose they are.
///
/// # Panics
/// When it does not answer.
pub fn entries_of(service: &str) -> usize {
    let found = Command::new("gdbus")
        .args(["call", "--session", "--dest", "org.freedesktop.secrets"])
        .args(["--object-path", "/org/freedesktop/secrets"])
        .args(["--method", "org.freedesktop.Secret.Service.SearchItems"])
        .arg(format!("{{'service': '{service}'}}"))
        .output()
        .expect("gdbus runs");
    assert!(found.status.success(), "it answers: {found:?}");
    let said = String::from_utf8_lossy(&found.stdout);
    said.matches("/org/freedesktop/secrets/collection/").count()
}
