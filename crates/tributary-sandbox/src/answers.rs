//! Requests as the dialects see them, and what they answer.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::signin::{Grant, User};

/// Who sends a request.
#[derive(Debug, Clone)]
pub(crate) enum Actor {
    /// Nobody: no credential, or (on Data Center) a wrong one.
    Anonymous,
    /// A wrong credential, where the product tells it from none.
    Wrong,
    /// The user, by user name and token or personal access token: may do everything.
    User(User),
    /// An application in the user's name, within its scopes.
    Granted(Grant),
}

impl Actor {
    /// The account id, for the record of who did what.
    pub(crate) fn account_id(&self) -> &str {
        match self {
            Self::User(user) => &user.account_id,
            Self::Granted(grant) => &grant.user.account_id,
            Self::Anonymous | Self::Wrong => "anonymous",
        }
    }

    /// Whether somebody is behind it.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::User(_) | Self::Granted(_))
    }
}

/// A request, read whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub method: Method,
    /// The path's parts behind the API's root, decoded.
    pub parts: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub actor: Actor,
    /// The server's own address.
    pub base: String,
}

impl Request {
    /// A value of the query.
    pub(crate) fn query(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a key, whether repeated or joined by commas.
    pub(crate) fn all(&self, key: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(known, _)| known == key);
        values
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Answer::bad(&format!("Unable to parse the request body: {error}")))
    }

    /// A limit from the query, clamped.
    pub(crate) fn limit(&self, default: usize, most: usize) -> usize {
        let asked = self.query("limit").and_then(|limit| limit.parse().ok());
        asked.unwrap_or(default).clamp(1, most)
    }
}

/// An answer in the making. As an error it ends a request early.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: AnswerBody,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// What an answer carries.
#[derive(Debug)]
pub(crate) enum AnswerBody {
    /// JSON.
    Json(Value),
    /// An error, whose shape depends on the dialect.
    Error(String),
    /// A file.
    File { media_type: String, bytes: Vec<u8> },
    /// Nothing.
    Empty,
}

/// What most functions of the dialects give.
pub(crate) type Outcome = Result<Answer, Answer>;

impl Answer {
    pub(crate) fn json(value: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: AnswerBody::Json(value),
            headers: Vec::new(),
        }
    }

    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: AnswerBody::Empty,
            headers: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn error(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            body: AnswerBody::Error(message.to_owned()),
            headers: Vec::new(),
        }
    }

    pub(crate) fn bad(message: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: &str) -> Self {
        Self::error(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn forbidden(message: &str) -> Self {
        Self::error(StatusCode::FORBIDDEN, message)
    }

    pub(crate) fn conflict(message: &str) -> Self {
        Self::error(StatusCode::CONFLICT, message)
    }

    /// Writes the answer. `errors_as_list` is v2's form of errors; the other is v1's.
    pub(crate) fn into_response(self, errors_as_list: bool) -> Response {
        let (media_type, bytes) = match self.body {
            AnswerBody::Json(value) => (
                "application/json".to_owned(),
                value.to_string().into_bytes(),
            ),
            AnswerBody::Error(message) => {
                let code = self.status.as_u16();
                let name = self.status.canonical_reason().unwrap_or("Error");
                let value = if errors_as_list {
                    json!({"errors": [{
                        "status": code,
                        "code": name.to_uppercase().replace(' ', "_"),
                        "title": message,
                        "detail": null,
                    }]})
                } else {
                    json!({
                        "statusCode": code,
                        "data": {"authorized": code != 401 && code != 403, "valid": code != 400, "errors": [], "successful": false},
                        "message": message,
                    })
                };
                (
                    "application/json".to_owned(),
                    value.to_string().into_bytes(),
                )
            }
            AnswerBody::File { media_type, bytes } => (media_type, bytes),
            AnswerBody::Empty => (String::new(), Vec::new()),
        };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.status;
        if let Ok(value) = HeaderValue::from_str(&media_type)
            && !media_type.is_empty()
        {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<rusqlite::Error> for Answer {
    fn from(error: rusqlite::Error) -> Self {
        Self::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            &format!("The sandbox's database failed: {error}"),
        )
    }
}

/// Reads an id from a path or document.
pub(crate) fn id_of(text: &str) -> Result<i64, Answer> {
    let digits = text.strip_prefix("att").unwrap_or(text);
    digits
        .parse()
        .map_err(|_| Answer::bad(&format!("`{text}` is not an id")))
}

/// A text in a document, empty when it is not there.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// An id in a document, which may be a number or a text.
pub(crate) fn id_in(value: &Value, pointer: &str) -> Result<Option<i64>, Answer> {
    match value.pointer(pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_i64()),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => id_of(text).map(Some),
        Some(_) => Err(Answer::bad(&format!("`{pointer}` is not an id"))),
    }
}

/// Encodes a title for the web link, as both products do.
pub(crate) fn plussed(title: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PART: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(title, PART)
        .to_string()
        .replace("%20", "+")
}
