//! What is here, on this machine.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{Check, State, Step};
use crate::Sentence;
use crate::account::Policy;
use crate::discreet::redact;
use crate::error::{Error, ErrorKind};
use crate::network::ProxyChoice;
use crate::network::ways::shown;
use crate::settings::Settings;
use crate::store::{Paths, write_atomically};
use crate::vault::VaultState;

/// The least room on a disk that is no reason to worry, in bytes.
#[cfg(unix)]
const ROOM: u64 = 200 * 1024 * 1024;

/// What was read of this machine.
#[derive(Debug)]
pub struct Machine {
    /// The user's settings; the usual ones where they cannot be read.
    pub settings: Settings,
    /// The administrator's policy; none where it cannot be read.
    pub policy: Option<Policy>,
    /// What was found.
    pub steps: Vec<Step>,
}

/// Looks at this machine: files, folders, programs, the desktop. Blocks on all of them; `keystore`
/// asks for the place for secrets.
pub fn machine(
    paths: &Paths,
    policy: &dyn Fn() -> Result<Policy, Error>,
    keystore: &dyn Fn() -> Result<VaultState, Error>,
) -> Machine {
    let mut steps = Vec::new();
    let settings = match Settings::load(paths) {
        Ok(settings) => {
            let file = Settings::file(paths);
            let message = match file.exists() {
                true => Sentence::from(file.display().to_string()),
                false => sentence!("{file}, not there yet", file = file.display()),
            };
            steps.push(Step::fine(Check::Settings, message));
            settings
        }
        Err(error) => {
            steps.push(Step::of_error(Check::Settings, &error));
            Settings::default()
        }
    };
    let policy = match policy() {
        Ok(policy) => {
            let path = policy.path().display();
            let message = match policy.is_there() {
                true => Sentence::from(path.to_string()),
                false => sentence!("none; it would be {path}", path),
            };
            steps.push(Step::fine(Check::Policy, message));
            Some(policy)
        }
        Err(error) => {
            let mut step = Step::of_error(Check::Policy, &error);
            step.state = State::Failed(ErrorKind::InvalidInput);
            steps.push(step);
            None
        }
    };
    steps.push(writable(Check::Data, &paths.data));
    steps.push(writable(Check::Cache, &paths.cache));
    steps.extend(room(&paths.data));
    steps.push(kept(keystore()));
    steps.push(git());
    steps.extend(desktop());
    Machine {
        settings,
        policy,
        steps,
    }
}

fn writable(check: Check, folder: &Path) -> Step {
    let probe = folder.join("doctor-probe");
    let tried = write_atomically(&probe, b"probe");
    match tried {
        Ok(()) => match std::fs::remove_file(&probe) {
            Ok(()) => Step::fine(check, folder.display().to_string()),
            Err(error) => Step::failed(
                check,
                ErrorKind::Storage,
                sentence!("{folder}: {error}", folder = folder.display(), error),
                "Make the folder writable for yourself",
            ),
        },
        Err(error) => Step::of_error(check, &error),
    }
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<Step> {
    let found = rustix::fs::statvfs(folder).ok()?;
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    Some(step_of_room(free))
}

#[cfg(unix)]
fn step_of_room(free: u64) -> Step {
    let megabytes = free / (1024 * 1024);
    match free < ROOM {
        false if megabytes > 1024 => Step::fine(
            Check::Disk,
            sentence!("{free} GB are free", free = megabytes / 1024),
        ),
        false => Step::fine(
            Check::Disk,
            sentence!("{free} MB are free", free = megabytes),
        ),
        true => Step::failed(
            Check::Disk,
            ErrorKind::Storage,
            sentence!("only {free} MB are free", free = megabytes),
            "Make room on the disk; the cache can be deleted",
        ),
    }
}

/// No safe library of ours asks Windows.
#[cfg(not(unix))]
fn room(_folder: &Path) -> Option<Step> {
    None
}

fn kept(state: Result<VaultState, Error>) -> Step {
    let state = match state {
        Ok(state) => state,
        Err(error) => return Step::of_error(Check::Keystore, &error),
    };
    match (&state, state.trouble()) {
        (_, Some((reason, remedy))) => Step::failed(
            Check::Keystore,
            ErrorKind::VaultUnavailable,
            reason.clone(),
            remedy.clone(),
        ),
        (VaultState::Available { name }, None) => Step::fine(Check::Keystore, name.clone()),
        (_, None) => Step::fine(Check::Keystore, "none; tokens are kept for a session only"),
    }
}

fn git() -> Step {
    let said = Command::new("git")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    match said {
        Ok(said) if said.status.success() => {
            let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
            Step::fine(Check::Git, version)
        }
        _ => Step::fine(Check::Git, "not found; nothing here needs it"),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn desktop() -> Vec<Step> {
    let is_set = |names: &[&str]| {
        let mut names = names.iter();
        names.any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    };
    let says = |is_there, lack: Sentence| match is_there {
        true => sentence!("present"),
        false => lack,
    };
    let has_display = is_set(&["DISPLAY", "WAYLAND_DISPLAY"]);
    let has_bus = is_set(&["DBUS_SESSION_BUS_ADDRESS"]);
    let mut steps = vec![
        Step::fine(
            Check::Display,
            says(
                has_display,
                sentence!("none; the command works without, the window needs one"),
            ),
        ),
        Step::fine(
            Check::SessionBus,
            says(has_bus, sentence!("none; the keystore needs one on Linux")),
        ),
    ];
    if has_display {
        let said = Command::new("xdg-mime")
            .args(["query", "default", "x-scheme-handler/tributary"])
            .stdin(Stdio::null())
            .output();
        let said = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
        steps.push(match said {
            Ok(program) if !program.is_empty() => Step::fine(
                Check::Links,
                sentence!("`tributary:` is opened by {program}", program),
            ),
            _ => Step::notice(
                Check::Links,
                "no program is registered for links that begin with `tributary:`",
                "Install the package of your system; it registers the window for them",
            ),
        });
    }
    steps
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn desktop() -> Vec<Step> {
    Vec::new()
}

/// All that somebody who helps wants to know, as a text without secrets: the version, the system,
/// what was decided, what was found, and the last lines of a log.
pub fn diagnostics(settings: &Settings, steps: &[Step], log: &[String]) -> String {
    let mut text = String::new();
    let mut say = |line: String| {
        let mut line = line.replace(['\r', '\n'], " ");
        redact(&mut line);
        // Writing to a text cannot fail.
        writeln!(text, "{line}").ok();
    };
    say(format!("Tributary {}", env!("CARGO_PKG_VERSION")));
    let (system, kind) = (std::env::consts::OS, std::env::consts::ARCH);
    say(format!("System: {} ({system}, {kind})", system_name()));
    say(String::new());
    say("Settings".to_owned());
    for (name, value) in decided(settings) {
        say(format!("  {name}: {value}"));
    }
    say(String::new());
    say("What was found".to_owned());
    for step in steps {
        let sign = match step.state {
            State::Fine => "ok",
            State::Notice => "note",
            State::Failed(_) => "failed",
        };
        let about = step.subject.as_deref().unwrap_or("this machine");
        let what = step.check.in_words();
        say(format!("  {sign:<6} {about}: {what}: {}", step.message));
    }
    if !log.is_empty() {
        say(String::new());
        say("Last lines of the log".to_owned());
        for line in log {
            say(format!("  {line}"));
        }
    }
    text
}

fn system_name() -> String {
    let read = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = read
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim_matches('"').to_owned());
    name.unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// What of the settings helps to understand a trouble. Names of people, folders and pages do not.
fn decided(settings: &Settings) -> Vec<(&'static str, String)> {
    let network = &settings.network;
    let proxy = match &network.proxy {
        ProxyChoice::System => "as the system says".to_owned(),
        ProxyChoice::None => "none".to_owned(),
        ProxyChoice::Script(address) => format!("as the script `{}` says", shown(address)),
        ProxyChoice::Manual(proxy) => {
            let user = if proxy.user.is_some() {
                ", with a user"
            } else {
                ""
            };
            let exceptions = proxy.exceptions.len();
            format!("{}{user}, {exceptions} exceptions", proxy.place())
        }
    };
    let sites = settings.sites.iter();
    let sites: Vec<String> = sites.map(|site| super::shown(&site.url)).collect();
    vec![
        ("proxy", proxy),
        ("certificate files", network.ca_files.len().to_string()),
        ("client certificates", network.certificate_hosts.join(", ")),
        ("sites", sites.join(", ")),
        ("theme", format!("{:?}", settings.appearance).to_lowercase()),
        ("zoom", format!("{} %", settings.window.zoom)),
        (
            "audit forwarding",
            settings.audit.forward.is_some().to_string(),
        ),
        ("crash reports", settings.crash_reports.to_string()),
        (
            "changed providers",
            settings
                .providers
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
        ),
    ]
}

#[cfg(all(test, unix))]
mod tests {
    use super::{ROOM, State, step_of_room};

    #[test]
    fn room_is_told_in_the_unit_that_is_read_at_once() {
        const MB: u64 = 1024 * 1024;
        for (free, expected) in [
            (38_070 * MB, "37 GB are free"),
            (1025 * MB, "1 GB are free"),
            (1024 * MB, "1024 MB are free"),
            (ROOM, "200 MB are free"),
        ] {
            let step = step_of_room(free);
            assert_eq!(step.message.as_str(), expected);
            assert!(step.is_fine());
        }
        let step = step_of_room(ROOM - 1);
        assert_eq!(step.message.as_str(), "only 199 MB are free");
        assert!(matches!(step.state, State::Failed(_)));
        assert!(step.remedy.is_some());
    }
}
