//! What a command is given beside its arguments: tokens, in the environment or on standard input.

use std::io::{Read, stdin};

use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

/// The variable with the token for sites.
pub(crate) const TOKEN: &str = "TRIBUTARY_TOKEN";

/// Whether tokens come from the environment, so that neither accounts nor keystore matter.
pub(crate) fn is_unattended() -> bool {
    std::env::vars_os().any(|(name, token)| {
        let name = name.to_string_lossy();
        let is_token = name == TOKEN || name.starts_with(&variable(TOKEN, ""));
        is_token && !token.is_empty()
    })
}

/// The name of an environment variable for one target: `TRIBUTARY_SITE` becomes
/// `TRIBUTARY_SITE_INTRANET`.
pub(crate) fn variable(name: &str, target: &str) -> String {
    format!("{name}_{}", target.to_uppercase().replace('-', "_"))
}

/// The token for Git hosts that the environment has.
pub(crate) fn git_token() -> Option<String> {
    let token = std::env::var("TRIBUTARY_GIT_TOKEN").ok();
    token.filter(|token| !token.is_empty())
}

/// Whether the token for Git hosts comes from the environment, so that no account is used there.
pub(crate) fn is_unattended_at_hosts() -> bool {
    git_token().is_some()
}

/// Reads a token from standard input.
pub(crate) fn token_from_stdin() -> Result<Secret, Error> {
    let mut text = String::new();
    let read = stdin().take(64 * 1024).read_to_string(&mut text);
    read.map_err(not_read)?;
    Ok(Secret::new(text.trim().to_owned()))
}

/// That nothing came from there.
pub(crate) fn not_read(error: std::io::Error) -> Error {
    Error::new(ErrorKind::InvalidInput, "The token could not be read").caused_by(error)
}
