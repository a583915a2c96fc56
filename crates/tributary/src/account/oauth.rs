//! The protocol: what is asked of a sign-in server, and what its answers mean.
//!
//! The messages are the crate `oauth2`'s. What vendors do differently is put right on the way to it
//! and back, in [`carry`]; what a server says of itself is read in [`described`]. Nothing here opens
//! a browser, waits for one, or keeps anything.

mod carry;
mod described;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, Client, ClientId,
    ClientSecret as OauthSecret, CsrfToken, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, RevocationUrl, Scope, StandardDeviceAuthorizationResponse,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use url::Url;

use carry::{Carrier, Undelivered, undelivered};

pub(super) use described::{Challenge, Described};

use super::grant::{Grant, Which};
use super::provider::{ClientAuth, Place};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::Http;
use crate::vault::Secret;

/// The longest code that a person is asked to type.
const LONGEST_USER_CODE: usize = 40;
/// The longest a device code is waited for, whatever the server says: RFC 8628, section 5.4, has
/// somebody else's code in mind that a person is talked into typing.
pub(super) const LONGEST_DEVICE_WAIT: Duration = Duration::from_secs(15 * 60);

/// What servers say beside the standard fields.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Beside {
    #[serde(default)]
    refresh_token_expires_in: Option<u64>,
}

impl ExtraTokenFields for Beside {}

type Answer = StandardTokenResponse<Beside, BasicTokenType>;
type Introspection =
    oauth2::StandardTokenIntrospectionResponse<oauth2::EmptyExtraTokenFields, BasicTokenType>;
type Protocol = Client<
    BasicErrorResponse,
    Answer,
    Introspection,
    StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A sign-in server, spoken to as one application.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) place: Place,
    pub(super) http: Http,
    pub(super) client_id: String,
    pub(super) client_secret: Option<Arc<Secret>>,
}

/// What a server granted.
#[derive(Debug)]
pub(super) struct Granted {
    pub(super) grant: Grant,
    /// The scopes; none when the server does not say, which means those that were asked for.
    pub(super) scopes: Option<Vec<String>>,
    /// After how many seconds the grant ends.
    pub(super) ends_in: Option<u64>,
}

/// Where a person has to go, and what has to come back.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) url: Url,
    /// 256 bits at random, for this attempt alone.
    pub(super) state: Secret,
    verifier: PkceCodeVerifier,
    pub(super) redirect: String,
}

/// What a person types elsewhere.
#[derive(Debug)]
pub(super) struct Device {
    details: StandardDeviceAuthorizationResponse,
}

impl Device {
    pub(super) fn user_code(&self) -> &str {
        self.details.user_code().secret()
    }

    pub(super) fn page(&self) -> &str {
        self.details.verification_uri().as_str()
    }

    pub(super) fn lives(&self) -> Duration {
        self.details.expires_in().min(LONGEST_DEVICE_WAIT)
    }
}

/// Why a server gave nothing.
#[derive(Debug)]
pub(super) enum Denied {
    /// It said no, with a word of the standard's.
    Refused { word: String, error: Error },
    /// Its answer got lost: it may have done it.
    Lost(Error),
    /// It was not reached, or could not.
    Unreached(Error),
}

impl Denied {
    /// Whether the grant is over and somebody has to sign in again.
    pub(super) fn is_over(&self) -> bool {
        // `unauthorized_client` is what Atlassian says of a refresh token that is over, and
        // `bad_refresh_token` is GitHub's word.
        matches!(self, Self::Refused { word, .. }
            if matches!(word.as_str(), "invalid_grant" | "unauthorized_client" | "bad_refresh_token"))
    }

    /// The same after an answer got lost, of a server that takes a refresh token once: nobody
    /// withdrew the access.
    pub(super) fn after_loss(self, host: &str) -> Self {
        match self {
            Self::Refused { word, error } if word == "invalid_grant" => Self::Refused {
                word,
                error: Error::new(
                    ErrorKind::SignedOut,
                    sentence!("The answer of `{host}` to a renewal got lost, and it renews each access once", host),
                )
                .remedy("Sign in again")
                .caused_by(error),
            },
            other => other,
        }
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused { error, .. } | Denied::Lost(error) | Denied::Unreached(error) => error,
        }
    }
}

/// Waits; for tests, which let time pass otherwise.
pub(super) type Sleep = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

impl Server {
    pub(super) fn of(
        place: Place,
        http: Http,
        client_id: &str,
        client_secret: Option<&Secret>,
    ) -> Self {
        let own = |secret: &Secret| Arc::new(Secret::new(secret.expose().to_owned()));
        Self {
            place,
            http,
            client_id: client_id.to_owned(),
            client_secret: client_secret.map(own),
        }
    }

    /// Makes the address to open in the browser.
    pub(super) fn question(
        &self,
        challenge: Challenge,
        redirect: &str,
        scopes: &[String],
    ) -> Result<Question, Error> {
        let client = self
            .protocol()?
            .set_auth_uri(AuthUrl::from_url(self.place.authorize()?))
            .set_redirect_uri(redirect_url(redirect)?);
        let (challenge, verifier) = match challenge {
            Challenge::Sha256 => PkceCodeChallenge::new_random_sha256(),
            Challenge::Plain => PkceCodeChallenge::new_random_plain(),
        };
        let (url, state) = client
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Question {
            url,
            state: Secret::new(state.into_secret()),
            verifier,
            redirect: redirect.to_owned(),
        })
    }

    /// Turns what came back from the browser into tokens.
    pub(super) async fn redeem(
        &self,
        code: &Secret,
        question: Question,
        now: Timestamp,
    ) -> Result<Granted, Denied> {
        let client = self.protocol().map_err(Denied::Unreached)?;
        let redirect = redirect_url(&question.redirect).map_err(Denied::Unreached)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(question.verifier)
            .set_redirect_uri(Cow::Owned(redirect));
        let answer = request
            .request_async(&Carrier {
                server: self,
                to: None,
            })
            .await;
        self.granted(answer, now)
            .map_err(|denied| self.of_application(denied))
    }

    /// Asks for new tokens. `redirect` is the address of the sign-in, where there was one.
    pub(super) async fn refresh(
        &self,
        token: &Secret,
        redirect: Option<&str>,
        now: Timestamp,
    ) -> Result<Granted, Denied> {
        let client = self.protocol().map_err(Denied::Unreached)?;
        let token = RefreshToken::new(token.expose().to_owned());
        let mut request = client.exchange_refresh_token(&token);
        if self.place.provider().redirect_on_refresh
            && let Some(redirect) = redirect
        {
            request = request.add_extra_param("redirect_uri", redirect.to_owned());
        }
        let answer = request
            .request_async(&Carrier {
                server: self,
                to: None,
            })
            .await;
        self.granted(answer, now)
    }

    /// Signs a service account in.
    pub(super) async fn serve(&self, scopes: &[String], now: Timestamp) -> Result<Granted, Denied> {
        let client = self.protocol().map_err(Denied::Unreached)?;
        let request = client
            .exchange_client_credentials()
            .add_scopes(scopes.iter().cloned().map(Scope::new));
        let answer = request
            .request_async(&Carrier {
                server: self,
                to: None,
            })
            .await;
        self.granted(answer, now)
            .map_err(|denied| self.of_application(denied))
    }

    /// Asks for a code that a person types elsewhere.
    pub(super) async fn device(&self, scopes: &[String]) -> Result<Device, Denied> {
        let address = self.place.device().map_err(Denied::Unreached)?;
        let client = self
            .protocol()
            .map_err(Denied::Unreached)?
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(address));
        let request = client
            .exchange_device_code()
            .add_scopes(scopes.iter().cloned().map(Scope::new));
        let details = request
            .request_async(&Carrier {
                server: self,
                to: None,
            })
            .await
            .map_err(|error| self.denied(error))?;
        let device = Device { details };
        // Both are shown, and the page may be opened in the browser.
        let is_code = |code: &str| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=LONGEST_USER_CODE).contains(&code.len()) && code.bytes().all(is_plain)
        };
        if super::provider::address(device.page()).is_err() || !is_code(device.user_code()) {
            let error = Error::new(
                ErrorKind::Forbidden,
                sentence!(
                    "`{host}` wants a code typed that is none, or on a page that no browser should open",
                    host = self.place.host()
                ),
            );
            return Err(Denied::Refused {
                word: "verification_uri".to_owned(),
                error: error.remedy("Nothing was shown. Tell whoever runs the server"),
            });
        }
        Ok(device)
    }

    /// Waits until the person has typed the code and decided. Cancelled by dropping.
    pub(super) async fn device_done(
        &self,
        device: &Device,
        sleep: &Sleep,
        now: Timestamp,
    ) -> Result<Granted, Denied> {
        let client = self.protocol().map_err(Denied::Unreached)?;
        let request = client
            .exchange_device_access_token(&device.details)
            // Trouble on the way never makes it ask more often than the server wants.
            .set_max_backoff_interval(LONGEST_DEVICE_WAIT);
        let answer = request
            .request_async(
                &Carrier {
                    server: self,
                    to: None,
                },
                |wait| sleep(wait),
                Some(device.lives()),
            )
            .await;
        self.granted(answer, now)
    }

    /// Asks the server to make a token useless (RFC 7009); says whether it could be asked at all.
    pub(super) async fn revoke(&self, token: &Secret, which: Which) -> Result<bool, Denied> {
        let Some(address) = self.place.revoke().map_err(Denied::Unreached)? else {
            return Ok(false);
        };
        // The crate insists on `https` here; a server on this machine has none, and which
        // addresses are sound was decided when the place was made.
        let mut shown = address.clone();
        shown.set_scheme("https").ok();
        let client = self
            .protocol()
            .map_err(Denied::Unreached)?
            .set_revocation_url(RevocationUrl::from_url(shown));
        let token = token.expose().to_owned();
        let token: StandardRevocableToken = match which {
            Which::Access => AccessToken::new(token).into(),
            Which::Refresh => RefreshToken::new(token).into(),
        };
        let request = client.revoke_token(token).map_err(|error| {
            let broken = Error::new(ErrorKind::Bug, "The token could not be revoked");
            Denied::Unreached(broken.caused_by(error))
        })?;
        request
            .request_async(&Carrier {
                server: self,
                to: Some(&address),
            })
            .await
            .map_err(|error| self.denied(error))?;
        Ok(true)
    }

    /// Asks the server to withdraw all that was granted to the application, as its owner may.
    pub(super) async fn revoke_grant(&self, access: &Secret) -> Result<bool, Denied> {
        let address = self.place.revoke_grant(&self.client_id);
        let address = address.map_err(Denied::Unreached)?;
        let (Some(address), Some(secret)) = (address, &self.client_secret) else {
            return Ok(false);
        };
        let body = serde_json::json!({"access_token": access.expose()}).to_string();
        let name = format!("{}:{}", self.client_id, secret.expose());
        let request = http::Request::delete(address.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(
                AUTHORIZATION,
                sensitive(&format!("Basic {}", encode(&name))),
            )
            .body(body.into_bytes())
            .map_err(|error| {
                let broken = Error::new(ErrorKind::Bug, "The request could not be made");
                Denied::Unreached(broken.caused_by(error))
            })?;
        let reply = self.http.send_straight(request).await;
        match reply.map_err(undelivered)?.status {
            // 404 is no success: a wrong secret of the application is answered so too.
            status if status.is_success() => Ok(true),
            status => Err(Denied::Refused {
                word: status.as_str().to_owned(),
                error: self.said_no(status.as_str(), None),
            }),
        }
    }

    fn protocol(&self) -> Result<Protocol, Error> {
        let client = Client::new(ClientId::new(self.client_id.clone()));
        let client = match &self.client_secret {
            Some(secret) => client.set_client_secret(OauthSecret::new(secret.expose().to_owned())),
            None => client,
        };
        let how = match self.place.provider().client_auth {
            ClientAuth::Body => AuthType::RequestBody,
            ClientAuth::Basic => AuthType::BasicAuth,
        };
        Ok(client
            .set_auth_type(how)
            .set_token_uri(TokenUrl::from_url(self.place.token()?)))
    }

    fn granted(
        &self,
        answer: Result<Answer, RequestTokenError<Undelivered, impl Refusal>>,
        now: Timestamp,
    ) -> Result<Granted, Denied> {
        let answer = answer.map_err(|error| self.denied(error))?;
        let kind = answer.token_type();
        if !matches!(kind, BasicTokenType::Bearer) {
            let error = Error::new(
                ErrorKind::Bug,
                sentence!(
                    "`{host}` gave a token of a kind that is not known",
                    host = self.place.host()
                ),
            );
            return Err(Denied::Refused {
                word: "token_type".to_owned(),
                error,
            });
        }
        let own = |text: &str| Secret::new(text.to_owned());
        let scopes = answer.scopes().map(|scopes| {
            let scopes = scopes.iter().map(|scope| scope.as_str().to_owned());
            scopes.filter(|scope| !scope.is_empty()).collect::<Vec<_>>()
        });
        Ok(Granted {
            grant: Grant {
                access: own(answer.access_token().secret()),
                refresh: answer.refresh_token().map(|token| own(token.secret())),
                client_secret: self
                    .client_secret
                    .as_ref()
                    .map(|secret| own(secret.expose())),
                obtained: now,
                lives: answer.expires_in().map(|lives| lives.as_secs()),
            },
            scopes: scopes.filter(|scopes| !scopes.is_empty()),
            ends_in: answer.extra_fields().refresh_token_expires_in,
        })
    }

    fn denied(&self, error: RequestTokenError<Undelivered, impl Refusal>) -> Denied {
        let host = self.place.host();
        match error {
            RequestTokenError::ServerResponse(said) => Denied::Refused {
                error: self.said_no(&said.word(), said.more()),
                word: said.word(),
            },
            RequestTokenError::Request(Undelivered(denied)) => denied,
            // Without the cause and the text, which can hold a token.
            RequestTokenError::Parse(..) => Denied::Lost(Error::new(
                ErrorKind::Bug,
                sentence!(
                    "`{host}` answered in a way that no sign-in server should",
                    host
                ),
            )),
            RequestTokenError::Other(_) => Denied::Refused {
                word: "expired_token".to_owned(),
                error: self.said_no("expired_token", None),
            },
        }
    }

    /// Says why a credential was denied where no person is asked any more: with the word for a
    /// person's no, Atlassian means the application's secret.
    fn of_application(&self, denied: Denied) -> Denied {
        match denied {
            Denied::Refused { word, .. } if word == "access_denied" => Denied::Refused {
                error: self.said_no("invalid_client", None),
                word,
            },
            other => other,
        }
    }

    fn said_no(&self, word: &str, more: Option<&str>) -> Error {
        let host = self.place.host();
        let name = &self.place.provider().name;
        let (kind, what, remedy) = match word {
            "access_denied" => (
                ErrorKind::Forbidden,
                sentence!("`{host}` was told not to allow it", host),
                Remedy::from("Sign in again and choose to allow it"),
            ),
            "expired_token" => (
                ErrorKind::SignedOut,
                sentence!("Nobody answered at `{host}` in time", host),
                Remedy::from("Begin again, and type the new code"),
            ),
            "invalid_client" | "incorrect_client_credentials" | "401" => (
                ErrorKind::SignedOut,
                sentence!(
                    "`{host}` does not know the application, or not with this secret",
                    host
                ),
                Remedy::from(sentence!(
                    "Check the client id and secret that are registered with {name}",
                    name
                )),
            ),
            "invalid_scope" => (
                ErrorKind::InvalidInput,
                sentence!(
                    "`{host}` does not give the application what was asked for",
                    host
                ),
                Remedy::from("Check which scopes the application is registered with"),
            ),
            "redirect_uri_mismatch" => (
                ErrorKind::InvalidInput,
                sentence!(
                    "`{host}` knows the application with another redirect address",
                    host
                ),
                Remedy::of_each(
                    "Register the address that `tributary login` shows",
                    "Register the address that is shown where one signs in with another application",
                ),
            ),
            "invalid_grant"
            | "unauthorized_client"
            | "bad_refresh_token"
            | "bad_verification_code" => (
                ErrorKind::SignedOut,
                sentence!("`{host}` does not accept the sign-in any more", host),
                Remedy::from("Sign in again"),
            ),
            "device_flow_disabled" => (
                ErrorKind::InvalidInput,
                sentence!(
                    "The application may not sign in with a code at `{host}`",
                    host
                ),
                Remedy::from(
                    "Switch the device flow on where the application is registered, or sign in \
                 through the browser",
                ),
            ),
            _ => (
                ErrorKind::Forbidden,
                sentence!("`{host}` refused: {word}", host, word = plain(word)),
                Remedy::from(sentence!(
                    "Check how the application is registered with {name}",
                    name
                )),
            ),
        };
        let error = Error::new(kind, what).remedy(remedy);
        match more.map(plain).filter(|more| !more.is_empty()) {
            Some(more) => error.caused_by(more),
            None => error,
        }
    }
}

/// A no in the standard's words, whichever of its sections it comes from.
trait Refusal: oauth2::ErrorResponse + 'static {
    fn word(&self) -> String;
    fn more(&self) -> Option<&str>;
}

impl<T: oauth2::ErrorResponseType + fmt::Display + 'static> Refusal
    for oauth2::StandardErrorResponse<T>
{
    fn word(&self) -> String {
        self.error().to_string()
    }

    fn more(&self) -> Option<&str> {
        self.error_description().map(String::as_str)
    }
}

fn redirect_url(text: &str) -> Result<RedirectUrl, Error> {
    RedirectUrl::new(text.to_owned()).map_err(|error| {
        Error::new(ErrorKind::Bug, "The redirect address is none").caused_by(error)
    })
}

fn sensitive(text: &str) -> HeaderValue {
    // Base64 has only letters that headers may have.
    let value = HeaderValue::from_str(text);
    let mut value = value.unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

fn encode(text: &str) -> String {
    use base64::Engine as _;

    base64::engine::general_purpose::STANDARD.encode(text)
}

/// What a server says, for people: short, and without what could steer a terminal or turn the
/// direction of reading.
pub(super) fn plain(text: &str) -> String {
    let steers = |letter: char| {
        let turns = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        letter.is_control() || turns
    };
    text.chars()
        .filter(|letter| !steers(*letter))
        .take(200)
        .collect()
}
