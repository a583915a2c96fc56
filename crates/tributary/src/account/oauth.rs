//! The protocol: what is asked of a sign-in server, and what its answers mean.
//!
//! The messages are the crate `oauth2`'s. What vendors do differently is put right on the way to it
//! and back, in [`carry`], so that everything behind sees RFC 6749, 7009, 7636 and 8628. Nothing
//! here opens a browser, waits for one, or keeps anything.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, Client, ClientId,
    ClientSecret as OauthSecret, CsrfToken, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, RevocationUrl, Scope, StandardDeviceAuthorizationResponse,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::grant::Grant;
use super::provider::{Body, ClientAuth, Place};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Fate, Http, Reply, Unanswered};
use crate::vault::Secret;

/// The longest code that a person is asked to type.
const LONGEST_USER_CODE: usize = 40;
/// The fields of messages in which secrets are.
const SECRET_FIELDS: [&str; 6] = [
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "token",
];
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

    /// What the server's description of itself says against signing in here.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when it does not know the PKCE that protects the sign-in, or calls
    /// itself something else than was expected.
    pub(super) async fn described(&self) -> Result<Described, Error> {
        let Some(url) = self.place.metadata()? else {
            return Ok(Described {
                issuer: self.place.provider().issuer.clone(),
                names_itself: self.place.provider().issuer.is_some(),
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
                format!("`{host}` answered with more than this can be"),
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
                format!("`{host}` does not describe its sign-in"),
            )
            .remedy("Check the address `metadata` of the provider in the settings")
        })?;
        let methods = metadata
            .code_challenge_methods_supported
            .unwrap_or_default();
        if self.place.provider().expects_s256() && !methods.iter().any(|method| method == "S256") {
            return Err(Error::new(
                ErrorKind::Forbidden,
                format!("`{host}` says that it cannot protect a sign-in with PKCE and S256"),
            )
            .remedy(
                "Nothing was sent. Ask whoever runs the server; if this was different before, \
                 somebody may stand between you and the server",
            ));
        }
        let expected = self.place.provider().issuer.as_ref();
        if expected.is_some_and(|expected| Some(expected) != metadata.issuer.as_ref()) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                format!("`{host}` calls itself something else than the settings say"),
            )
            .remedy("Nothing was sent. Check the address `issuer` of the provider"));
        }
        Ok(Described {
            names_itself: metadata.authorization_response_iss_parameter_supported,
            issuer: metadata.issuer,
        })
    }

    /// Makes the address to open in the browser.
    pub(super) fn question(&self, redirect: &str, scopes: &[String]) -> Result<Question, Error> {
        let client = self
            .protocol()?
            .set_auth_uri(AuthUrl::from_url(self.place.authorize()?))
            .set_redirect_uri(redirect_url(redirect)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
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
                format!(
                    "`{}` wants a code typed that is none, or on a page that no browser should open",
                    self.place.host()
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
    pub(super) async fn revoke(&self, token: &Secret) -> Result<bool, Denied> {
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
        let token = RefreshToken::new(token.expose().to_owned());
        let request = client
            .revoke_token(StandardRevocableToken::RefreshToken(token))
            .map_err(|error| {
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
                format!(
                    "`{}` gave a token of a kind that is not known",
                    self.place.host()
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
                format!("`{host}` answered in a way that no sign-in server should"),
            )),
            RequestTokenError::Other(_) => Denied::Refused {
                word: "expired_token".to_owned(),
                error: self.said_no("expired_token", None),
            },
        }
    }

    fn said_no(&self, word: &str, more: Option<&str>) -> Error {
        let host = self.place.host();
        let name = &self.place.provider().name;
        let (kind, what, remedy): (_, _, Remedy) = match word {
            "access_denied" => (
                ErrorKind::Forbidden,
                format!("`{host}` was told not to allow it"),
                "Sign in again and choose to allow it".into(),
            ),
            "expired_token" => (
                ErrorKind::SignedOut,
                format!("Nobody answered at `{host}` in time"),
                "Begin again, and type the new code".into(),
            ),
            "invalid_client" | "incorrect_client_credentials" | "401" => (
                ErrorKind::SignedOut,
                format!("`{host}` does not know the application, or not with this secret"),
                format!("Check the client id and secret that are registered with {name}").into(),
            ),
            "invalid_scope" => (
                ErrorKind::InvalidInput,
                format!("`{host}` does not give the application what was asked for"),
                "Check which scopes the application is registered with".into(),
            ),
            "redirect_uri_mismatch" => (
                ErrorKind::InvalidInput,
                format!("`{host}` knows the application with another redirect address"),
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
                format!("`{host}` does not accept the sign-in any more"),
                "Sign in again".into(),
            ),
            "device_flow_disabled" => (
                ErrorKind::InvalidInput,
                format!("The application may not sign in with a code at `{host}`"),
                "Switch the device flow on where the application is registered, or sign in \
                 through the browser"
                    .into(),
            ),
            _ => (
                ErrorKind::Forbidden,
                format!("`{host}` refused: {}", plain(word)),
                format!("Check how the application is registered with {name}").into(),
            ),
        };
        let error = Error::new(kind, what).remedy(remedy);
        match more.map(plain).filter(|more| !more.is_empty()) {
            Some(more) => error.caused_by(more),
            None => error,
        }
    }

    /// Takes a message to the server, and its answer back.
    async fn carry(
        &self,
        to: Option<&Url>,
        request: HttpRequest,
    ) -> Result<HttpResponse, Undelivered> {
        let address = match to {
            Some(to) => Ok(to.clone()),
            None => Url::parse(&request.uri().to_string()),
        };
        let address = address.map_err(|error| {
            let broken = Error::new(ErrorKind::Bug, "The sign-in server's address is none");
            Undelivered(Denied::Unreached(broken.caused_by(error)))
        })?;
        let sent = secrets_in(&request);
        let request = self.in_its_words(&address, request).map_err(|error| {
            let broken = Error::new(ErrorKind::Bug, "The request could not be made");
            Undelivered(Denied::Unreached(broken.caused_by(error)))
        })?;
        let reply = self.http.send_straight(request).await;
        let reply = reply.map_err(|error| Undelivered(undelivered(error)))?;
        self.in_standard_words(&reply, &sent)
    }

    /// Puts a standard message into the form that the server reads.
    fn in_its_words(
        &self,
        address: &Url,
        request: HttpRequest,
    ) -> Result<HttpRequest, http::Error> {
        let (parts, mut body) = request.into_parts();
        let mut out = http::Request::builder()
            .method(Method::POST)
            .uri(address.as_str());
        if self.place.provider().body == Body::Json {
            let object: Map<String, Value> = form_urlencoded::parse(&body)
                .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
                .collect();
            body = Value::Object(object).to_string().into_bytes();
            out = out.header(CONTENT_TYPE, "application/json");
        } else {
            out = out.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(basic) = parts.headers.get(AUTHORIZATION) {
            let mut basic = basic.clone();
            basic.set_sensitive(true);
            out = out.header(AUTHORIZATION, basic);
        }
        out.header(ACCEPT, "application/json").body(body)
    }

    /// Puts the server's answer into the standard's form, and takes out of its words what it was
    /// sent: they are shown and recorded.
    fn in_standard_words(
        &self,
        reply: &Reply,
        sent: &[Secret],
    ) -> Result<HttpResponse, Undelivered> {
        let host = self.place.host();
        if reply.status.is_redirection() {
            let error = Error::new(
                ErrorKind::Forbidden,
                format!("`{host}` wants the sign-in sent somewhere else, which was not done"),
            )
            .remedy("Check the address of the provider in the settings");
            return Err(Undelivered(Denied::Unreached(error)));
        }
        if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS {
            let error = Error::new(
                ErrorKind::Offline,
                format!("`{host}` cannot answer now ({})", reply.status.as_u16()),
            )
            .remedy("Try again later")
            .after(crate::http::retry_after(&reply.headers));
            // A server that failed may have done it before.
            return Err(Undelivered(if reply.status.is_server_error() {
                Denied::Lost(error)
            } else {
                Denied::Unreached(error)
            }));
        }
        let read: Option<Map<String, Value>> = serde_json::from_slice(&reply.body).ok();
        let mut status = reply.status;
        let Some(mut answer) = read else {
            // RFC 7009 has answers without a body. A page is no answer of a sign-in server: it may
            // be a proxy's, and nobody knows what became of the request.
            if reply.is_cut || !reply.body.iter().all(u8::is_ascii_whitespace) {
                let error = Error::new(
                    ErrorKind::Offline,
                    format!(
                        "`{host}` answered in a way that no sign-in server should ({})",
                        reply.status.as_u16()
                    ),
                )
                .remedy("Check the address and the network; a page to log in at may be in between");
                return Err(Undelivered(Denied::Lost(error)));
            }
            let (status, body) = if status.is_success() {
                (StatusCode::OK, "{}".to_owned())
            } else {
                let word = serde_json::json!({"error": status.as_str()});
                (StatusCode::BAD_REQUEST, word.to_string())
            };
            return Ok(response(status, body));
        };
        if answer.contains_key("error") && !answer.contains_key("access_token") {
            // GitHub says no with 200.
            status = StatusCode::BAD_REQUEST;
        } else if !status.is_success() {
            answer.insert("error".to_owned(), status.as_str().into());
            status = StatusCode::BAD_REQUEST;
        } else if status != StatusCode::OK {
            status = StatusCode::OK;
        }
        for words in ["error", "error_description"] {
            if let Some(Value::String(words)) = answer.get_mut(words) {
                *words = without(words, sent);
            }
        }
        // Bitbucket's name until 2026.
        if let Some(scopes) = answer.remove("scopes") {
            answer.entry("scope").or_insert(scopes);
        }
        match answer.get("scope") {
            Some(Value::String(scope)) if scope.contains(',') => {
                let scope = scope.replace(',', " ");
                answer.insert("scope".to_owned(), scope.into());
            }
            Some(Value::String(_)) => {}
            Some(_) => {
                answer.remove("scope");
            }
            None => {}
        }
        for number in ["expires_in", "refresh_token_expires_in", "interval"] {
            if let Some(Value::String(text)) = answer.get(number) {
                let number_read: Option<u64> = text.parse().ok();
                let value = number_read.map_or(Value::Null, Value::from);
                answer.insert(number.to_owned(), value);
            }
        }
        Ok(response(status, Value::Object(answer).to_string()))
    }
}

/// What the crate sends its messages with.
struct Carrier<'a> {
    server: &'a Server,
    /// Where to, when that is not the address of the message.
    to: Option<&'a Url>,
}

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = Undelivered;
    type Future = BoxFuture<'c, Result<HttpResponse, Undelivered>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.server.carry(self.to, request))
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

/// What matters of it when the browser comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) issuer: Option<String>,
    /// Whether it says in its answer who it is (RFC 9207).
    pub(super) names_itself: bool,
}

impl Described {
    /// Whether an answer can be this server's.
    pub(super) fn fits(&self, named: Option<&str>) -> bool {
        match (named, &self.issuer) {
            (Some(named), Some(issuer)) => named == issuer,
            (None, _) => !self.names_itself,
            // It names itself, and nobody knows what it should be called.
            (Some(_), None) => true,
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

/// A message that brought no answer.
#[derive(Debug)]
struct Undelivered(Denied);

impl fmt::Display for Undelivered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the sign-in server gave no answer")
    }
}

impl StdError for Undelivered {}

fn undelivered(unanswered: Unanswered) -> Denied {
    match unanswered.fate {
        Fate::NotDone => Denied::Unreached(unanswered.error),
        Fate::Unknown => Denied::Lost(unanswered.error),
    }
}

fn response(status: StatusCode, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(body.into_bytes());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// The secrets in a message of the standard's form.
fn secrets_in(request: &HttpRequest) -> Vec<Secret> {
    form_urlencoded::parse(request.body())
        .filter(|(name, value)| SECRET_FIELDS.contains(&name.as_ref()) && !value.is_empty())
        .map(|(_, value)| Secret::new(value.into_owned()))
        .collect()
}

/// A server's words without the secrets it repeats, however they are written in an address.
fn without(words: &str, secrets: &[Secret]) -> String {
    secrets.iter().fold(words.to_owned(), |words, secret| {
        let encoded: String = form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
        words
            .replace(secret.expose(), "****")
            .replace(&encoded, "****")
    })
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

#[cfg(test)]
mod tests {
    use super::{Described, without};
    use crate::vault::Secret;

    #[test]
    fn what_a_server_repeats_is_not_passed_on() {
        let secrets = ["a/b+c==", "plain"].map(|secret| Secret::new(secret.to_owned()));
        let said = "No a/b+c== (a%2Fb%2Bc%3D%3D), nor plain.";
        assert_eq!(without(said, &secrets), "No **** (****), nor ****.");
        assert_eq!(without("Expired.", &secrets), "Expired.");
    }

    #[test]
    fn an_answer_has_to_be_the_servers() {
        let described = |issuer: Option<&str>, names_itself| Described {
            issuer: issuer.map(str::to_owned),
            names_itself,
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
