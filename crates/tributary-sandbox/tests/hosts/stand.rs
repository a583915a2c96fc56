//! A running sandbox, and a client that shares nothing with ours.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tributary_sandbox::signin::{Accounts, Server};
use tributary_sandbox::{Options, Running, start};

pub(crate) struct Stand {
    pub(crate) sandbox: Running,
    http: reqwest::Client,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a header of text"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The address that `Link` has for the next page.
    pub(crate) fn next(&self) -> Option<String> {
        self.header("link")
            .split(",")
            .map(str::trim)
            .find_map(|link| {
                let (url, rel) = link.split_once(">; ")?;
                (rel == "rel=\"next\"").then(|| url.trim_start_matches('<').to_owned())
            })
    }
}

/// The scopes that suffice for everything that is read.
fn scopes(server: Server) -> &'static [&'static str] {
    match server {
        Server::Github => &["repo"],
        Server::Gitlab => &["read_api", "read_repository", "read_user"],
        Server::Bitbucket => &[
            "read:repository:bitbucket",
            "read:user:bitbucket",
            "read:workspace:bitbucket",
        ],
        Server::Entra => &["vso.code", "vso.profile", "vso.project"],
        Server::Gitea => &["read:repository", "read:user"],
        _ => &["REPO_READ"],
    }
}

pub(crate) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

impl Stand {
    #[expect(
        clippy::disallowed_methods,
        reason = "the sandbox is tested with a client of its own"
    )]
    pub(crate) async fn new() -> Self {
        // Installing it a second time is refused, and the first serves.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let sandbox = start(Options::default()).await.expect("a sandbox");
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { sandbox, http }
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        self.sandbox.control().accounts()
    }

    /// A personal token with every scope for reading.
    pub(crate) fn token(&self, server: Server, person: &str) -> String {
        let token = self
            .accounts()
            .issue_personal(server, person, scopes(server), None);
        token.expect("a person")
    }

    /// The header by which somebody reads a host's API.
    pub(crate) fn as_person(&self, server: Server, person: &str) -> String {
        let token = self.token(server, person);
        match server {
            Server::Bitbucket => basic(&format!("{person}@example.com"), &token),
            Server::Entra => basic("", &token),
            _ => format!("Bearer {token}"),
        }
    }

    /// Asks for a path below `/hosts/`, or a whole address.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.sandbox.base_url())
        };
        let method = method.parse().expect("a method");
        let mut request = self
            .http
            .request(method, address)
            .header("user-agent", "tests")
            .body(body);
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.expect("an answer");
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            bytes: answer.bytes().await.expect("a body").to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, authorization: &str) -> Answer {
        self.send("GET", path, &[("authorization", authorization)], Vec::new())
            .await
    }

    /// Uses a control.
    pub(crate) async fn hand(&self, name: &str, body: Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.send(
            "POST",
            &format!("/_sandbox/hosts/{name}"),
            &kind,
            body.to_string().into_bytes(),
        )
        .await
    }

    /// Makes a commit in the handbook; its hash comes back.
    pub(crate) async fn commit(&self, branch: &str, edits: Value) -> String {
        let wanted = json!({"repository": "acme/handbook", "branch": branch, "edits": edits});
        let made = self.hand("commits", wanted).await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["commit"].as_str().expect("a hash").to_owned()
    }
}

/// The item of a list whose `key` is `value`.
pub(crate) fn entry<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    let items = list.as_array().expect("a list");
    let found = items.iter().find(|item| item[key] == value);
    found.unwrap_or_else(|| panic!("{key} {value} in {list}"))
}

/// What the items of a list have as `key`.
pub(crate) fn names(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    let name = |item: &Value| {
        item[key]
            .as_str()
            .unwrap_or_else(|| panic!("{key} in {item}"))
            .to_owned()
    };
    items.iter().map(name).collect()
}
