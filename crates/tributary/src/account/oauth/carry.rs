//! Carrying the standard's messages to a server and its answers back. What vendors do differently is
//! put right here, in one function each way, so that everything behind sees RFC 6749, 7009, 7636 and
//! 8628.

use std::error::Error as StdError;
use std::fmt;

use futures_util::future::BoxFuture;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::{Denied, Server};
use crate::account::provider::Body;
use crate::discreet::without;
use crate::error::{Error, ErrorKind};
use crate::http::{Fate, Reply, Unanswered};
use crate::vault::Secret;

/// The fields of messages in which secrets are.
const SECRET_FIELDS: [&str; 6] = [
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "token",
];

/// What the crate sends its messages with.
pub(super) struct Carrier<'a> {
    pub(super) server: &'a Server,
    /// Where to, when that is not the address of the message.
    pub(super) to: Option<&'a Url>,
}

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = Undelivered;
    type Future = BoxFuture<'c, Result<HttpResponse, Undelivered>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.server.carry(self.to, request))
    }
}

impl Server {
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
        let sent = self.secrets_in(&request);
        let request = self.in_its_words(&address, request).map_err(|error| {
            let broken = Error::new(ErrorKind::Bug, "The request could not be made");
            Undelivered(Denied::Unreached(broken.caused_by(error)))
        })?;
        let reply = self.http.send_straight(request).await;
        let reply = reply.map_err(|error| Undelivered(undelivered(error)))?;
        self.in_standard_words(&reply, &sent)
    }

    /// The secrets in a message of the standard's form, and what proves which application sends it.
    fn secrets_in(&self, request: &HttpRequest) -> Vec<Secret> {
        let mut secrets: Vec<Secret> = form_urlencoded::parse(request.body())
            .filter(|(name, value)| SECRET_FIELDS.contains(&name.as_ref()) && !value.is_empty())
            .map(|(_, value)| Secret::new(value.into_owned()))
            .collect();
        let own = self.client_secret.iter();
        secrets.extend(own.map(|own| Secret::new(own.expose().to_owned())));
        let proof = request.headers().get(AUTHORIZATION);
        let proof = proof.and_then(|proof| proof.to_str().ok()?.split_once(' '));
        secrets.extend(proof.map(|(_, proof)| Secret::new(proof.to_owned())));
        secrets
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
                sentence!(
                    "`{host}` wants the sign-in sent somewhere else, which was not done",
                    host
                ),
            )
            .remedy("Check the address of the provider in the settings");
            return Err(Undelivered(Denied::Unreached(error)));
        }
        if reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS {
            let error = Error::new(
                ErrorKind::Offline,
                sentence!(
                    "`{host}` cannot answer now ({status})",
                    host,
                    status = reply.status.as_u16()
                ),
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
                    sentence!(
                        "`{host}` answered in a way that no sign-in server should ({status})",
                        host,
                        status = reply.status.as_u16()
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

/// A message that brought no answer.
#[derive(Debug)]
pub(super) struct Undelivered(pub(super) Denied);

impl fmt::Display for Undelivered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the sign-in server gave no answer")
    }
}

impl StdError for Undelivered {}

pub(super) fn undelivered(unanswered: Unanswered) -> Denied {
    match unanswered.fate {
        Fate::NotDone | Fate::TooLate => Denied::Unreached(unanswered.error),
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
