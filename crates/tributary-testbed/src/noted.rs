//! The secrets that go over a wire, noted by whoever stands in between.

use std::collections::BTreeSet;
use std::sync::Mutex;

use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, Uri};
use base64::Engine as _;
use serde_json::Value;
use url::{Url, form_urlencoded};

/// The fields of requests and answers in which secrets are.
const FIELDS: [&str; 9] = [
    "access_token",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "id_token",
    "refresh_token",
    "state",
    "token",
];

/// Every secret that went by, in either direction.
#[derive(Debug, Default)]
pub struct Noted(Mutex<BTreeSet<String>>);

impl Noted {
    /// All of them.
    pub fn all(&self) -> BTreeSet<String> {
        self.0.lock().expect("no test panicked").clone()
    }

    /// Notes what a request brings: in its address, its form and as the proof of who sends it.
    pub fn request(&self, address: &Uri, headers: &HeaderMap, body: &[u8]) {
        self.form(address.query().unwrap_or_default().as_bytes());
        self.form(body);
        self.proof(headers);
    }

    /// Notes what an answer brings: in its fields, and in where it sends the browser.
    pub fn answer(&self, headers: &HeaderMap, body: &[u8]) {
        let object: serde_json::Map<String, Value> =
            serde_json::from_slice(body).unwrap_or_default();
        let texts = object.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            _ => None,
        });
        self.pairs(texts);
        let to = headers.get(LOCATION).and_then(|to| to.to_str().ok());
        let to = to.and_then(|to| Url::parse(to).ok());
        if let Some(back) = to.filter(|to| to.path().starts_with("/callback/")) {
            self.form(back.query().unwrap_or_default().as_bytes());
        }
    }

    fn form(&self, form: &[u8]) {
        self.pairs(form_urlencoded::parse(form).into_owned());
    }

    fn pairs(&self, pairs: impl Iterator<Item = (String, String)>) {
        let found = pairs.filter(|(name, _)| FIELDS.contains(&name.as_str()));
        let mut noted = self.0.lock().expect("no test panicked");
        noted.extend(found.map(|(_, value)| value));
    }

    /// What a header proves who sends it with, as it is sent and as it is meant.
    fn proof(&self, headers: &HeaderMap) {
        let sent = headers
            .get(AUTHORIZATION)
            .and_then(|sent| sent.to_str().ok());
        let Some((kind, sent)) = sent.and_then(|sent| sent.split_once(' ')) else {
            return;
        };
        let mut noted = self.0.lock().expect("no test panicked");
        noted.insert(sent.to_owned());
        if kind == "Basic" {
            let meant = base64::engine::general_purpose::STANDARD.decode(sent);
            let meant = String::from_utf8(meant.expect("base64")).expect("text");
            noted.extend(meant.split_once(':').map(|(_, secret)| secret.to_owned()));
        }
    }
}
