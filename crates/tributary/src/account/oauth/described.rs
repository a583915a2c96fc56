//! What a server says of itself (RFC 8414), and what follows for a sign-in there.

use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::Server;
use crate::error::{Error, ErrorKind};

impl Server {
    /// What the server's description of itself says against signing in here.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when it does not know the PKCE that protects the sign-in, or calls
    /// itself something else than was expected.
    pub(in crate::account) async fn described(&self) -> Result<Described, Error> {
        let Some(url) = self.place.metadata()? else {
            return Ok(Described {
                issuer: self.place.provider().issuer.clone(),
                names_itself: self.place.provider().issuer.is_some(),
                challenge: if self.place.names_plain() {
                    Challenge::Plain
                } else {
                    Challenge::Sha256
                },
            });
        };
        let request = http::Request::get(url.as_str()).header(ACCEPT, "application/json");
        let request = request.body(Vec::new()).map_err(|error| {
            Error::new(ErrorKind::Bug, "The request could not be made").caused_by(error)
        })?;
        let reply = self.http.send_straight(request).await?;
        let host = self.place.host();
        if reply.is_cut {
            return Err(Error::new(
                ErrorKind::Offline,
                sentence!("`{host}` answered with more than this can be", host),
            )
            .remedy("Check the address `metadata` of the provider in the settings"));
        }
        let metadata: Metadata = if reply.status.is_success() {
            serde_json::from_slice(&reply.body).ok()
        } else {
            None
        }
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{host}` does not describe its sign-in", host),
            )
            .remedy("Check the address `metadata` of the provider in the settings")
        })?;
        let methods = metadata
            .code_challenge_methods_supported
            .unwrap_or_default();
        let knows = |wanted: &str| methods.iter().any(|method| method == wanted);
        let provider = self.place.provider();
        let challenge = if knows("S256") || !provider.expects_s256() {
            Challenge::Sha256
        } else if provider.may_be_plain() && knows("plain") {
            Challenge::Plain
        } else {
            return Err(Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "`{host}` says that it cannot protect a sign-in with PKCE and S256",
                    host
                ),
            )
            .remedy(
                "Nothing was sent. Ask whoever runs the server; if this was different before, \
                 somebody may stand between you and the server",
            ));
        };
        let expected = self.place.provider().issuer.as_ref();
        if expected.is_some_and(|expected| Some(expected) != metadata.issuer.as_ref()) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "`{host}` calls itself something else than the settings say",
                    host
                ),
            )
            .remedy("Nothing was sent. Check the address `issuer` of the provider"));
        }
        Ok(Described {
            names_itself: metadata.authorization_response_iss_parameter_supported,
            issuer: metadata.issuer,
            challenge,
        })
    }
}

/// What a server says of itself (RFC 8414).
#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    issuer: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// How a sign-in proves that it is the one that began (RFC 7636).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::account) enum Challenge {
    /// By what only its verifier hashes to.
    Sha256,
    /// By the verifier itself, which whoever sees the address of the browser sees too.
    Plain,
}

/// What matters of it for a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) struct Described {
    pub(in crate::account) issuer: Option<String>,
    /// Whether it says in its answer who it is (RFC 9207).
    pub(in crate::account) names_itself: bool,
    pub(in crate::account) challenge: Challenge,
}

impl Described {
    /// Whether an answer can be this server's.
    pub(in crate::account) fn fits(&self, named: Option<&str>) -> bool {
        match (named, &self.issuer) {
            (Some(named), Some(issuer)) => named == issuer,
            (None, _) => !self.names_itself,
            // It names itself, and nobody knows what it should be called.
            (Some(_), None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Challenge, Described};

    #[test]
    fn an_answer_has_to_be_the_servers() {
        let described = |issuer: Option<&str>, names_itself| Described {
            issuer: issuer.map(str::to_owned),
            names_itself,
            challenge: Challenge::Sha256,
        };
        let honest = described(Some("https://a.example"), true);
        assert!(honest.fits(Some("https://a.example")));
        assert!(
            !honest.fits(Some("https://a.example/")),
            "compared letter by letter"
        );
        assert!(!honest.fits(Some("https://evil.example")));
        assert!(!honest.fits(None), "what it promised is missing");
        let silent = described(Some("https://a.example"), false);
        assert!(silent.fits(None));
        assert!(!silent.fits(Some("https://evil.example")));
        assert!(described(None, false).fits(None));
    }
}
