//! What may be said where anybody could read it: in records, logs and the last words of a program.

use std::io::Write as _;
use std::panic::Location;
use std::process::Command;

use url::form_urlencoded;

use crate::vault::Secret;

/// Says of a panic from here on where it was, in a plain sentence on standard error, and nothing of
/// what it holds: the message of a panic can quote whatever was at hand.
pub fn tell_panics_discreetly() {
    std::panic::set_hook(Box::new(|panic| {
        // Nobody may be listening, which is no reason to panic again.
        writeln!(std::io::stderr(), "{}", last_words(panic.location())).ok();
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

    use super::{redact, tell_panics_discreetly, without};
    use crate::vault::Secret;

    /// Set for the process that panics.
    const PANICS: &str = "TRIBUTARY_TEST_PANICS";

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
