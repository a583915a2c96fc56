//! A server that answers with a function, and writes down what it was asked.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// The parts of the path, decoded.
    pub(crate) fn parts(&self) -> Vec<String> {
        let path = self.target.split('?').next().unwrap_or_default();
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        path.trim_start_matches('/')
            .split('/')
            .map(decoded)
            .collect()
    }

    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let found = pairs.into_iter().find(|(known, _)| known == name)?;
        Some(found.1.into_owned())
    }

    pub(crate) fn number(&self, name: &str) -> usize {
        self.query(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// The same address with one parameter changed.
    pub(crate) fn with(&self, base: &str, name: &str, value: usize) -> String {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (known, other) in url::form_urlencoded::parse(query.as_bytes()) {
            if known != name {
                pairs.append_pair(&known, &other);
            }
        }
        let query = pairs.append_pair(name, &value.to_string()).finish();
        format!("{base}{path}?{query}")
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(value: &Value) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: value.to_string().into_bytes(),
        }
    }

    pub(crate) fn bytes(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type".into(), "application/octet-stream".into())],
            body,
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::json(&json!({"message": "as the test wants it"}))
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// A server that answers with a function until the test ends.
pub(crate) struct Server {
    pub(crate) base: String,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(
        answer: impl Fn(&str, &Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let base = format!("http://{address}");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (answer, log, own) = (Arc::new(answer), Arc::clone(&asked), base.clone());
        let task = tokio::spawn(async move {
            loop {
                let Ok((mut stream, _)) = listener.accept().await else {
                    return;
                };
                let (answer, log, own) = (Arc::clone(&answer), Arc::clone(&log), own.clone());
                tokio::spawn(async move {
                    let Some(question) = read(&mut stream).await else {
                        return;
                    };
                    log.lock().expect("no test panicked").push(question.clone());
                    let given = tokio::task::spawn_blocking(move || answer(&own, &question)).await;
                    let given = given.unwrap_or_else(|_| Answer::status(500));
                    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", given.status);
                    for (name, value) in &given.headers {
                        write!(head, "{name}: {value}\r\n").expect("a text grows");
                    }
                    // Without a length, the end of the connection is the end of the body.
                    if !given
                        .headers
                        .iter()
                        .any(|(name, _)| name == "X-Without-Length")
                    {
                        write!(head, "Content-Length: {}\r\n", given.body.len())
                            .expect("a text grows");
                    }
                    head.push_str("\r\n");
                    // A client that has heard enough hangs up.
                    drop(stream.write_all(head.as_bytes()).await);
                    drop(stream.write_all(&given.body).await);
                });
            }
        });
        Self { base, asked, task }
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("no test panicked");
        asked.iter().map(|asked| asked.target.clone()).collect()
    }

    pub(crate) fn forget(&self) {
        self.asked.lock().expect("no test panicked").clear();
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let end = loop {
        let count = stream
            .read(&mut part)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        if let Some(end) = bytes.windows(4).position(|some| some == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        let count = stream
            .read(&mut part)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        body.extend_from_slice(&part[..count]);
    }
    Some(Asked {
        method: first.next()?.to_owned(),
        target: first.next()?.to_owned(),
        headers,
        body,
    })
}
