//! What stands between the program and the server, and misbehaves when it is told to.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use base64::Engine as _;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tributary_testbed::browser;
use tributary_testbed::forward::{self, Answer, forwarded, taken};
use tributary_testbed::noted::Noted;
use url::{Url, form_urlencoded};

/// What is done to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trick {
    /// The browser is sent back with a state of somebody else's.
    WrongState,
    /// The answer says that another server gave it.
    WrongIssuer,
    /// The answer does not say which server gave it.
    NoIssuer,
    /// The answer brings another code.
    AnotherCode(String),
    /// The server's description of itself knows these ways of PKCE.
    Pkce(&'static [&'static str]),
    /// The server's description of itself has another name in it.
    AnotherName,
    /// What is sent to this path is to be sent to another server.
    Elsewhere(&'static str, Url),
    /// The server does it, and its answer to this path gets lost.
    Lost(&'static str),
    /// The tokens that are given at this path are held back until they are let go.
    Held(&'static str),
    /// The answer to this path has no end.
    Endless(&'static str),
    /// The server does it, and says that it failed.
    FailsAfter(&'static str, u16),
    /// The server is not asked, and this status is the answer.
    Fails(&'static str, u16),
    /// The server is not asked, and this is the answer, with 200.
    Pretends(&'static str, &'static str),
    /// The proof of the sign-in is somebody else's.
    WrongVerifier,
    /// The scopes in the token answer are these.
    Less(&'static str),
    /// The answer to this path has another text in this field.
    Says(&'static str, &'static str, String),
    /// Whoever asks for tokens is to ask less often.
    SlowDown,
    /// The server refuses with this word, and repeats what it was sent: the form, and who sent it.
    Echo(&'static str, &'static str),
}

/// A message on its way to the server.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Seen {
    /// A field of the form that was sent.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(self.body.as_bytes());
        let found = fields.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }
}

#[derive(Default)]
struct Shared {
    /// The server behind; none for a server that answers nothing itself.
    behind: Mutex<Option<Url>>,
    tricks: Mutex<Vec<Trick>>,
    seen: Mutex<Vec<Seen>>,
    noted: Noted,
    /// How much of answers without end was taken.
    taken: AtomicUsize,
    held: Notify,
    let_go: Notify,
}

/// A server that listens on this machine until it is dropped.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    address: Url,
    running: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Proxy {
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let router = Router::new()
            .fallback(answer)
            .with_state((Arc::clone(&shared), browser::client()));
        let running = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            shared,
            address: Url::parse(&format!("http://{address}/")).expect("an address"),
            running,
        }
    }

    /// The address without a slash at its end.
    pub(crate) fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    pub(crate) fn stand_before(&self, server: &Url) {
        *self.shared.behind.lock().expect("no test panicked") = Some(server.clone());
    }

    /// Plays a trick once; again when it is told again.
    pub(crate) fn play(&self, trick: Trick) {
        let mut tricks = self.shared.tricks.lock().expect("no test panicked");
        tricks.push(trick);
    }

    /// Whether every trick was played.
    pub(crate) fn is_honest(&self) -> bool {
        let tricks = self.shared.tricks.lock().expect("no test panicked");
        tricks.is_empty()
    }

    pub(crate) fn behave(&self) {
        let mut tricks = self.shared.tricks.lock().expect("no test panicked");
        tricks.clear();
    }

    /// Everything that came.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().expect("no test panicked").clone()
    }

    /// Every secret that went through, in either direction.
    pub(crate) fn secrets(&self) -> BTreeSet<String> {
        self.shared.noted.all()
    }

    /// How many bytes of answers without end were taken.
    pub(crate) fn taken(&self) -> usize {
        self.shared.taken.load(Ordering::SeqCst)
    }

    /// Waits until an answer is held back.
    pub(crate) async fn held(&self) {
        self.shared.held.notified().await;
    }

    /// Lets the answer go that is held back.
    pub(crate) fn let_go(&self) {
        self.shared.let_go.notify_one();
    }

    /// What came to a path.
    pub(crate) fn seen_at(&self, path: &str) -> Vec<Seen> {
        let seen = self.seen().into_iter();
        seen.filter(|seen| seen.path == path).collect()
    }
}

impl Shared {
    fn trick<T>(&self, fits: impl Fn(&Trick) -> Option<T>) -> Option<T> {
        let mut tricks = self.tricks.lock().expect("no test panicked");
        let (at, found) = tricks
            .iter()
            .enumerate()
            .find_map(|(at, trick)| Some((at, fits(trick)?)))?;
        tricks.remove(at);
        Some(found)
    }
}

async fn answer(
    State((shared, client)): State<(Arc<Shared>, reqwest::Client)>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = taken(request).await;
    let path = parts.uri.path().to_owned();
    let mut sent = String::from_utf8(body.to_vec()).expect("text");
    shared.seen.lock().expect("no test panicked").push(Seen {
        path: path.clone(),
        body: sent.clone(),
    });
    let noted = &shared.noted;
    noted.request(&parts.uri, &parts.headers, sent.as_bytes());
    if let Some(early) = instead(&shared, &path, &parts.headers, &sent) {
        return early;
    }
    let behind = shared.behind.lock().expect("no test panicked").clone();
    let Some(behind) = behind else {
        return status(404);
    };
    if path == "/token" && sent.contains("code_verifier") {
        let wrong = shared.trick(|trick| (*trick == Trick::WrongVerifier).then_some(()));
        if wrong.is_some() {
            let fields = form_urlencoded::parse(sent.as_bytes()).map(|(name, value)| {
                let value = if name == "code_verifier" {
                    "w".repeat(43)
                } else {
                    value.into_owned()
                };
                (name.into_owned(), value)
            });
            let fields: Vec<(String, String)> = fields.collect();
            let mut form = form_urlencoded::Serializer::new(String::new());
            sent = form.extend_pairs(fields).finish();
        }
    }
    match forwarded(&client, &behind, parts, sent.into()).await {
        Some(answer) => {
            let is_held = shared.trick(|trick| {
                let is_given = answer.status.is_success();
                matches!(trick, Trick::Held(at) if *at == path && is_given).then_some(())
            });
            if is_held.is_some() {
                shared.held.notify_one();
                shared.let_go.notified().await;
            }
            afterwards(&shared, &path, answer.status, answer.headers, answer.body)
        }
        None => status(502),
    }
}

/// What is answered without asking the server.
fn instead(shared: &Shared, path: &str, headers: &HeaderMap, sent: &str) -> Option<Response<Body>> {
    let elsewhere = shared.trick(|trick| match trick {
        Trick::Elsewhere(at, to) if *at == path => Some(to.clone()),
        _ => None,
    });
    if let Some(to) = elsewhere {
        let to = to.join(path).expect("an address");
        let mut answer = status(307);
        let to = HeaderValue::from_str(to.as_str()).expect("an address");
        answer.headers_mut().insert(LOCATION, to);
        return Some(answer);
    }
    let fails = shared.trick(|trick| match trick {
        Trick::Fails(at, code) if *at == path => Some(*code),
        _ => None,
    });
    if let Some(code) = fails {
        return Some(status(code));
    }
    let pretended = shared.trick(|trick| match trick {
        Trick::Pretends(at, text) if *at == path => Some(*text),
        _ => None,
    });
    if let Some(text) = pretended {
        return Some(Response::new(Body::from(text)));
    }
    let echo = shared.trick(|trick| match trick {
        Trick::Echo(at, word) if *at == path => Some(*word),
        _ => None,
    });
    if let Some(word) = echo {
        let fields = form_urlencoded::parse(sent.as_bytes());
        let fields = fields.map(|(name, value)| format!("{name} {value}"));
        let proof = headers.get(AUTHORIZATION);
        let proof = proof.map(|proof| proof.to_str().expect("text").to_owned());
        let meant = proof
            .as_deref()
            .and_then(|proof| proof.strip_prefix("Basic "));
        let meant = meant.map(|proof| {
            let meant = base64::engine::general_purpose::STANDARD.decode(proof);
            String::from_utf8(meant.expect("base64")).expect("text")
        });
        let fields: Vec<String> = fields.chain(proof.clone()).chain(meant).collect();
        let fields = fields.join(", ");
        let said = if path.starts_with("/rest/") {
            serde_json::json!({"message": format!("no good: {fields}")})
        } else if word == "itself" {
            serde_json::json!({"error": format!("no good: {fields}")})
        } else {
            serde_json::json!({"error": word, "error_description": format!("no good: {fields}")})
        };
        let mut answer = Response::new(Body::from(said.to_string()));
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        return Some(answer);
    }
    if path == "/token" && sent.contains("device_code") {
        shared.trick(|trick| (*trick == Trick::SlowDown).then_some(()))?;
        let mut answer = Response::new(Body::from(r#"{"error":"slow_down"}"#));
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        return Some(answer);
    }
    None
}

/// What becomes of the server's answer.
fn afterwards(
    shared: &Arc<Shared>,
    path: &str,
    code: StatusCode,
    mut headers: HeaderMap,
    mut body: Bytes,
) -> Response<Body> {
    shared.noted.answer(&headers, &body);
    let is_lost = shared.trick(|trick| match trick {
        Trick::Lost(at) if *at == path => Some(()),
        _ => None,
    });
    if is_lost.is_some() {
        let broken: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionReset.into());
        let broken = futures_util::stream::once(std::future::ready(broken));
        return Response::new(Body::from_stream(broken));
    }
    let is_endless = shared.trick(|trick| match trick {
        Trick::Endless(at) if *at == path => Some(()),
        _ => None,
    });
    if is_endless.is_some() {
        let shared = Arc::clone(shared);
        let endless = futures_util::stream::unfold((), move |()| {
            shared.taken.fetch_add(1 << 16, Ordering::SeqCst);
            std::future::ready(Some((Ok::<_, io::Error>(vec![b' '; 1 << 16]), ())))
        });
        return Response::new(Body::from_stream(endless));
    }
    let fails = shared.trick(|trick| match trick {
        Trick::FailsAfter(at, code) if *at == path => Some(*code),
        _ => None,
    });
    if let Some(code) = fails {
        return status(code);
    }
    if path == "/.well-known/openid-configuration" {
        body = described(shared, &body);
    }
    if path == "/token" && code.is_success() {
        let less = shared.trick(|trick| match trick {
            Trick::Less(scopes) => Some(*scopes),
            _ => None,
        });
        if let Some(scopes) = less {
            body = changed(&body, |answer| answer["scope"] = scopes.into());
        }
    }
    let says = shared.trick(|trick| match trick {
        Trick::Says(at, field, text) if *at == path => Some((*field, text.clone())),
        _ => None,
    });
    if let Some((field, text)) = says {
        body = changed(&body, |answer| answer[field] = text.into());
    }
    let back = headers
        .get(LOCATION)
        .and_then(|location| Url::parse(location.to_str().ok()?).ok());
    if let Some(back) = back.filter(|back| back.path().starts_with("/callback/")) {
        let back = sent_back(shared, back);
        let back = HeaderValue::from_str(back.as_str()).expect("an address");
        headers.insert(LOCATION, back);
    }
    let answer = Answer {
        status: code,
        headers,
        body,
    };
    answer.into()
}

fn described(shared: &Shared, body: &Bytes) -> Bytes {
    let methods = shared.trick(|trick| match trick {
        Trick::Pkce(methods) => Some(*methods),
        _ => None,
    });
    let name = shared.trick(|trick| (*trick == Trick::AnotherName).then_some(()));
    changed(body, |metadata| {
        if let Some(methods) = methods {
            metadata["code_challenge_methods_supported"] = methods.into();
        }
        if name.is_some() {
            metadata["issuer"] = "https://evil.example".into();
        }
    })
}

/// The address that the browser is sent back to.
fn sent_back(shared: &Shared, mut back: Url) -> Url {
    let trick = shared.trick(|trick| match trick {
        Trick::WrongState | Trick::WrongIssuer | Trick::NoIssuer | Trick::AnotherCode(_) => {
            Some(trick.clone())
        }
        _ => None,
    });
    let Some(trick) = trick else {
        return back;
    };
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    back.query_pairs_mut().clear();
    for (name, value) in pairs {
        let value = match (name.as_str(), &trick) {
            ("iss", Trick::NoIssuer) => continue,
            ("iss", Trick::WrongIssuer) => "https://evil.example".to_owned(),
            ("state", Trick::WrongState) => "w".repeat(value.len()),
            ("code", Trick::AnotherCode(code)) => code.clone(),
            _ => value,
        };
        back.query_pairs_mut().append_pair(&name, &value);
    }
    back
}

fn changed(body: &Bytes, change: impl FnOnce(&mut Value)) -> Bytes {
    let mut json: Value = serde_json::from_slice(body).expect("JSON");
    change(&mut json);
    json.to_string().into()
}

fn status(code: u16) -> Response<Body> {
    forward::status(StatusCode::from_u16(code).expect("a status"))
}
