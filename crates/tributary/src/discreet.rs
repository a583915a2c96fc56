//! What may be said where anybody could read it: in records, logs and the last words of a program.

pub mod log;

use std::backtrace::Backtrace;
use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use url::form_urlencoded;

use crate::vault::Secret;

/// How many lines are remembered.
const NOTES: usize = 40;

/// What went wrong since the program was started, the latest last.
static NOTED: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Where the last words of a crash are written; nowhere unless somebody said so.
static CRASHES: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Remembers that something went wrong, without what looks like a credential, and writes it into the
/// log.
pub fn note(text: &str) {
    log::log(log::Level::Errors, text);
    let mut line = format!("{} {}", Timestamp::now(), text.replace(['\r', '\n'], " "));
    redact(&mut line);
    let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    if noted.len() == NOTES {
        noted.pop_front();
    }
    noted.push_back(line);
}

/// Says on standard error that something went wrong for which nobody waits, and notes it: whoever starts
/// a program from a menu sees nothing of what it says there.
pub fn complain(text: &str) {
    let mut said = text.to_owned();
    redact(&mut said);
    // Nobody may be listening, which is no reason to end.
    writeln!(std::io::stderr(), "{said}").ok();
    note(text);
}

/// What was remembered.
pub fn noted() -> Vec<String> {
    let noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    noted.iter().cloned().collect()
}

/// Writes the last words of a crash into a folder from now on, or nowhere.
pub fn write_crashes_to(folder: Option<PathBuf>) {
    *CRASHES.lock().unwrap_or_else(PoisonError::into_inner) = folder;
}

/// Writes down where a panic was and by which functions it came there. Neither its message nor any
/// value is in it.
fn write_crash(folder: &Path, place: Option<&Location<'_>>) -> std::io::Result<PathBuf> {
    let now = Timestamp::now();
    let mut text = format!(
        "Tributary {} on {} ({})\n{now}\n{}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        place.map(ToString::to_string).unwrap_or_default(),
        Backtrace::force_capture(),
    );
    redact(&mut text);
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("crash-{}.txt", now.as_millisecond()));
    // Each crash has a file of its own; none is written over.
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)?;
    opened.write_all(text.as_bytes())?;
    Ok(file)
}

/// Says of a panic from here on where it was, in a plain sentence on standard error, and nothing of
/// what it holds: the message of a panic can quote whatever was at hand.
pub fn tell_panics_discreetly() {
    std::panic::set_hook(Box::new(|panic| {
        // Nobody may be listening, which is no reason to panic again.
        let mut said = std::io::stderr();
        writeln!(said, "{}", last_words(panic.location())).ok();
        let folder = CRASHES.lock().ok().and_then(|folder| folder.clone());
        if let Some(Ok(file)) = folder.map(|folder| write_crash(&folder, panic.location())) {
            writeln!(said, "What a report needs is in {}", file.display()).ok();
        }
    }));
}

fn last_words(place: Option<&Location<'_>>) -> String {
    let place = place
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    format!(
        "error: Something happened in Tributary that must not happen{place}. Please report it, with \
         what you did before."
    )
}

/// How the variables begin that tell this program something.
const VARIABLES: &str = "TRIBUTARY_";

/// Keeps from a program that is started what this one was told in its variables. Tokens and
/// passphrases are among it, and the variables of a browser can be read by every program of the user
/// for as long as it runs.
pub fn keep_variables_from(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(VARIABLES) {
            command.env_remove(name);
        }
    }
}

/// A server's words without the secrets that it was sent and repeats, however they are written in an
/// address.
pub(crate) fn without(words: &str, secrets: &[Secret]) -> String {
    let secrets = secrets.iter().filter(|secret| !secret.expose().is_empty());
    secrets.fold(words.to_owned(), |words, secret| {
        let encoded: String = form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
        words
            .replace(secret.expose(), "****")
            .replace(&encoded, "****")
    })
}

/// Takes out what looks like a credential. None should be in a record or a log; the message of an
/// error that some server made up is the way by which one could come.
pub fn redact(value: &mut String) {
    /// How the tokens of GitHub, GitLab, Atlassian and of anybody who uses JWTs begin.
    const PREFIXES: [&str; 9] = [
        "gho_",
        "ghu_",
        "ghr_",
        "ghp_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "ATATT",
        "ATCTT",
    ];
    const BEFORE: [&str; 9] = [
        "code=",
        "token=",
        "code_verifier=",
        "client_secret=",
        "password=",
        "Bearer ",
        "Basic ",
        "bearer ",
        "basic ",
    ];
    let mut places: Vec<usize> = Vec::new();
    for prefix in PREFIXES.iter().chain(&["eyJ"]) {
        places.extend(value.match_indices(prefix).map(|(at, _)| at));
    }
    for before in BEFORE {
        places.extend(
            value
                .match_indices(before)
                .map(|(at, found)| at + found.len()),
        );
    }
    // From the end, so that the places before stay where they are.
    places.sort_unstable_by(|a, b| b.cmp(a));
    for at in places {
        let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~+/=*".contains(byte);
        let length = value.as_bytes()[at..]
            .iter()
            .take_while(|byte| is_of_token(byte))
            .count();
        let token = &value.as_bytes()[at..at + length];
        // A star is where a part of it was taken out already. Without a digit, short ones are
        // words: "Basic authentication".
        if length >= 20
            || (length >= 8
                && token
                    .iter()
                    .any(|byte| byte.is_ascii_digit() || *byte == b'*'))
        {
            value.replace_range(at..at + length, "****");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::log::{Level, log_to, tail};
    use super::{complain, noted, redact, tell_panics_discreetly, without};
    use crate::vault::Secret;

    /// Set for the process that panics.
    const PANICS: &str = "TRIBUTARY_TEST_PANICS";

    /// Set for the process that complains; where its log is.
    const COMPLAINS: &str = "TRIBUTARY_TEST_COMPLAINS";

    #[test]
    fn a_complaint_is_on_standard_error_and_in_the_log_without_a_credential() {
        if let Some(folder) = std::env::var_os(COMPLAINS) {
            log_to(folder.into(), Level::Errors);
            complain("error: refused: token=canary-of-a-complaint");
            assert!(noted().iter().any(|line| line.contains("error: refused")));
            return;
        }
        let home = tempfile::tempdir().expect("a folder");
        let name =
            "discreet::tests::a_complaint_is_on_standard_error_and_in_the_log_without_a_credential";
        let ended = Command::new(std::env::current_exe().expect("this test"))
            .args([name, "--exact", "--nocapture"])
            .env(COMPLAINS, home.path())
            .output()
            .expect("it starts");
        assert!(ended.status.success(), "{ended:?}");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        let logged = tail(home.path());
        for words in [said, logged] {
            assert!(words.contains("error: refused: token=****"), "{words}");
            assert!(!words.contains("canary"), "{words}");
        }
    }

    #[test]
    fn the_last_words_of_a_panic_say_where_it_was_and_nothing_of_what_it_holds() {
        if std::env::var_os(PANICS).is_some() {
            tell_panics_discreetly();
            panic!("the token was canary-{}", "of-a-panic");
        }
        let this = std::env::current_exe().expect("this test");
        let name = "discreet::tests::the_last_words_of_a_panic_say_where_it_was_and_nothing_of_what_it_holds";
        let ended = Command::new(this)
            .args([name, "--exact", "--nocapture"])
            .env(PANICS, "1")
            .output()
            .expect("it starts");
        assert!(!ended.status.success(), "{ended:?}");
        let said = format!("{ended:?}");
        assert!(!said.contains("of-a-panic"), "{said}");
        let words = "error: Something happened in Tributary that must not happen at ";
        assert!(
            said.contains(words) && said.contains("discreet.rs:"),
            "{said}"
        );
    }

    /// Set to the folder for crashes, for the process that panics.
    const CRASHES: &str = "TRIBUTARY_TEST_CRASHES";

    #[test]
    fn a_crash_is_written_down_only_where_somebody_said_so() {
        if let Some(folder) = std::env::var_os(CRASHES) {
            tell_panics_discreetly();
            let folder = std::path::PathBuf::from(folder);
            super::write_crashes_to((folder.file_name() != Some("off".as_ref())).then_some(folder));
            panic!("the token was canary-{}", "of-a-crash");
        }
        let home = tempfile::tempdir().expect("a folder");
        let this = std::env::current_exe().expect("this test");
        let name = "discreet::tests::a_crash_is_written_down_only_where_somebody_said_so";
        for (folder, count) in [("crashes", 1), ("off", 0)] {
            let folder = home.path().join(folder);
            let ended = Command::new(&this)
                .args([name, "--exact", "--nocapture"])
                .env(CRASHES, &folder)
                .output()
                .expect("it starts");
            assert!(!ended.status.success(), "{ended:?}");
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let texts: Vec<String> = files
                .map(|file| std::fs::read_to_string(file.path()).expect("text"))
                .collect();
            assert_eq!(texts.len(), count, "{ended:?}");
            for text in texts {
                assert!(
                    text.contains("discreet.rs:") && !text.contains("of-a-crash"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn what_is_noted_is_the_latest_and_holds_no_credential() {
        for number in 0..100 {
            super::note(&format!(
                "number {number}: Bearer ghp_0123456789abcdef0123\nnext"
            ));
        }
        let noted = noted();
        assert_eq!(noted.len(), super::NOTES);
        assert!(
            noted[super::NOTES - 1].ends_with("number 99: Bearer **** next"),
            "{noted:?}"
        );
    }

    #[test]
    fn what_a_server_repeats_is_not_passed_on() {
        let secrets = ["a/b+c==", "plain", ""].map(|secret| Secret::new(secret.to_owned()));
        let said = "No a/b+c== (a%2Fb%2Bc%3D%3D), nor plain.";
        assert_eq!(without(said, &secrets), "No **** (****), nor ****.");
        assert_eq!(without("Expired.", &secrets), "Expired.");
    }

    #[test]
    fn what_looks_like_a_credential_is_taken_out_and_words_stay() {
        for (text, expected) in [
            (
                "the server said ghp_0123456789abcdef0123, no",
                "the server said ****, no",
            ),
            (
                "GET /cb?code=4/0AbCdEfGh&state=1 failed",
                "GET /cb?code=****&state=1 failed",
            ),
            (
                "access_token=eyJhbGciOi.J9.x refresh_token=abcdefgh1",
                "access_token=**** refresh_token=****",
            ),
            (
                "Authorization: Bearer ATATT3xFfGF0.abc_def=A1",
                "Authorization: Bearer ****",
            ),
            ("ghp_0123456789abcdef0123ghp_0123456789abcdef0123", "****"),
            ("its token is gone; code=7", "its token is gone; code=7"),
            ("Basic authentication is off", "Basic authentication is off"),
            ("„Größe“ glpat-ünïcode", "„Größe“ glpat-ünïcode"),
        ] {
            let mut value = text.to_owned();
            redact(&mut value);
            assert_eq!(value, expected);
        }
    }
}
