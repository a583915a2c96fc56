//! What a host's refusals mean, in words that say what to do.

use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use url::Url;

use super::Host;
use super::queue::Taken;
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::Reply;

/// Why an answer that was cut off is none: it went on.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the answer was cut off")
    }
}

impl std::error::Error for CutOff {}

/// Whether something failed because a host sent more than is read, and not for what it said.
pub(super) fn is_too_much(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<CutOff>())
}

/// Whether GitHub says that it leaves out what organizations with single sign-on keep from the token.
pub(super) fn is_partial(headers: &HeaderMap) -> bool {
    let said = headers.get("x-github-sso").map(HeaderValue::as_bytes);
    said.is_some_and(|said| said.starts_with(b"partial-results"))
}

impl Host {
    /// What a status that is none of success means.
    pub(super) fn refusal(&self, reply: &Reply) -> Error {
        let host = self.0.place.host();
        let error = match reply.status.as_u16() {
            401 => return self.signed_out(),
            403 if let Some(address) = self.sso(&reply.headers) => Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "`{host}` shows this only to tokens that its organization let in",
                    host
                ),
            )
            .remedy(sentence!(
                "Let the account's token in at {address}, and try again",
                address
            )),
            403 => Error::new(
                ErrorKind::Forbidden,
                sentence!("`{host}` does not allow this", host),
            )
            .remedy("Check the rights of the account and the scopes of its token"),
            404 | 410 => Error::new(
                ErrorKind::NotFound,
                sentence!("`{host}` does not have this", host),
            ),
            409 => Error::new(ErrorKind::NotFound, "The repository has no commit yet"),
            429 => Error::new(
                ErrorKind::RateLimited,
                sentence!("`{host}` takes no more requests for a while", host),
            )
            .remedy("Try again later")
            .after(crate::http::retry_after(&reply.headers)),
            300..=399 => Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "`{host}` leads to another host, where no credential is sent",
                    host
                ),
            )
            .remedy("Give the new address"),
            500..=599 => Error::new(
                ErrorKind::Offline,
                sentence!("`{host}` does not work now", host),
            )
            .remedy("Try again later"),
            _ => Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{host}` refused the question", host),
            ),
        };
        let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let said = ["/message", "/error/message", "/errors/0/message", "/error"]
            .iter()
            .find_map(|at| json.pointer(at)?.as_str());
        let said: String = said
            .unwrap_or_default()
            .chars()
            .filter(|letter| !letter.is_control())
            .take(200)
            .collect();
        error.caused_by(format!("HTTP {} {said}", reply.status.as_u16()))
    }

    /// Where somebody lets a token in to an organization with single sign-on, as GitHub says it:
    /// `X-GitHub-SSO: required; url=…`. An address anywhere else is none of its own.
    fn sso(&self, headers: &HeaderMap) -> Option<Url> {
        let said = headers.get("x-github-sso")?.to_str().ok()?;
        let (_, address) = said.strip_prefix("required;")?.split_once("url=")?;
        let url = Url::parse(address.trim()).ok()?;
        let ours = Url::parse(self.0.place.base()).ok()?;
        (url.origin() == ours.origin()).then_some(url)
    }

    /// Says that an answer was cut off, being more than is read of it: [`is_too_much`].
    pub(super) fn sent_too_much(&self) -> Error {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{host}` sent more than is read",
                host = self.0.place.host()
            ),
        )
        .caused_by(CutOff)
    }

    pub(super) fn signed_out(&self) -> Error {
        let place = &self.0.place;
        Error::new(
            ErrorKind::SignedOut,
            match &self.0.credential {
                Some(_) => sentence!(
                    "`{host}` does not accept the account's access",
                    host = place.host()
                ),
                None => sentence!(
                    "`{host}` shows this only to people who sign in",
                    host = place.host()
                ),
            },
        )
        .remedy(Remedy::of_each(
            format!(
                "`tributary login {provider} --host {base}` signs in",
                provider = place.provider().id(),
                base = place.base()
            ),
            "Sign in there",
        ))
    }

    pub(super) fn cannot_say(&self) -> Error {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "`{host}` answered in a form that is not its own",
                host = self.0.place.host()
            ),
        )
        .remedy("Check that the address is that of the host, and not of a page before it")
    }

    pub(super) fn sent_others(&self) -> Error {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "`{host}` sent other contents than it had named by their hash",
                host = self.0.place.host()
            ),
        )
        .remedy("Try again; if it stays so, something on the way changes files")
    }

    pub(super) fn limited(&self, wait: Duration) -> Error {
        Error::new(
            ErrorKind::RateLimited,
            sentence!(
                "`{host}` takes no more requests for a while",
                host = self.0.place.host()
            ),
        )
        .remedy(again_in(wait))
        .after(Some(wait))
    }
}

/// How a host took a request, by its answer. Limits on how fast it is asked come with either status,
/// and without a header that tells of them.
pub(super) fn taken(status: u16, body: &[u8]) -> Taken {
    let beginning = String::from_utf8_lossy(&body[..body.len().min(2000)]).to_ascii_lowercase();
    let says = |words: &str| beginning.contains(words);
    match status {
        429 => Taken::TooFast,
        403 if says("secondary rate limit") || says("abuse detection") => Taken::TooFast,
        403 => Taken::Refused,
        _ => Taken::Well,
    }
}

/// How long a wait is, for people: never less than it is.
fn again_in(wait: Duration) -> Sentence {
    let seconds = wait.as_secs_f64().ceil().max(1.0);
    let (number, one, many) = match seconds {
        seconds if seconds < 100.0 => (seconds, sentence!("second"), sentence!("seconds")),
        seconds if seconds < 100.0 * 60.0 => (
            (seconds / 60.0).ceil(),
            sentence!("minute"),
            sentence!("minutes"),
        ),
        seconds => (
            (seconds / 3600.0).ceil(),
            sentence!("hour"),
            sentence!("hours"),
        ),
    };
    let unit = if number == 1.0 { one } else { many };
    sentence!("Try again in {number} {unit}", number, unit).with("unit", unit)
}

#[cfg(test)]
mod tests {
    use super::{Taken, taken};

    #[test]
    fn a_limit_on_how_fast_one_asks_is_told_from_a_right_that_is_missing() {
        let secondary = br#"{"message": "You have exceeded a secondary rate limit. Please wait."}"#;
        let missing = br#"{"message": "Resource not accessible by personal access token"}"#;
        for (status, body, expected) in [
            (403, &secondary[..], Taken::TooFast),
            (403, missing, Taken::Refused),
            (429, missing, Taken::TooFast),
            (200, secondary, Taken::Well),
            (404, missing, Taken::Well),
        ] {
            assert_eq!(taken(status, body), expected, "{status}");
        }
    }
}
