//! Sending on to another server what came to this one, for those that stand in between.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode};
use reqwest::Client;
use url::Url;

/// The most that is taken of one message, in bytes.
const LONGEST: usize = 64 << 20;

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers, without those of the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Takes a request apart.
///
/// # Panics
/// When it is longer than any message of a test.
pub async fn taken(request: Request) -> (Parts, Bytes) {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST).await.expect("a short message");
    (parts, body)
}

/// Sends a request on to the same path and query of another server, with the name that it was asked
/// by; none when that does not answer.
pub async fn forwarded(client: &Client, to: &Url, parts: Parts, body: Bytes) -> Option<Answer> {
    let mut address = to.clone();
    address.set_path(parts.uri.path());
    address.set_query(parts.uri.query());
    let mut headers = parts.headers;
    headers.remove(CONTENT_LENGTH);
    let request = client.request(parts.method, address);
    let answer = request.headers(headers).body(body).send().await.ok()?;
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove(TRANSFER_ENCODING);
    headers.remove(CONTENT_LENGTH);
    let body = answer.bytes().await.ok()?;
    Some(Answer {
        status,
        headers,
        body,
    })
}

/// An answer without a body.
pub fn status(code: StatusCode) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = code;
    answer
}

impl From<Answer> for Response<Body> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}
