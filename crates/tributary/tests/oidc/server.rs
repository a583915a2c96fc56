//! The server of other people, as a process of its own, and the browser of a person who signs in.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use url::{Url, form_urlencoded};

/// The port at which a confidential client's browser comes back, and everything else it is given.
pub(crate) const SECRET: &str = "the-secret-of-the-application";

/// `oidc-provider`, running until this is dropped.
pub(crate) struct Server {
    process: Child,
    address: Url,
    client: reqwest::Client,
}

/// What the server did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Done {
    pub(crate) what: String,
    #[serde(default)]
    pub(crate) grant_type: Option<String>,
    #[serde(default)]
    pub(crate) error: Option<String>,
}

impl Server {
    /// Starts one that calls itself `issuer`, whose access tokens live so many seconds.
    pub(crate) fn start(issuer: &str, life: u64, port: u16) -> Self {
        let mut process = Command::new("node")
            .arg(source().join("server.mjs"))
            .arg(packages())
            .args([issuer, &life.to_string(), &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("no Node runs ({error}): {INSTALL}"));
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("it says its port");
        let port: u16 = line
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("the server did not start: {INSTALL}"));
        let address = format!("http://127.0.0.1:{port}/");
        Self {
            process,
            address: Url::parse(&address).expect("an address"),
            client: client(),
        }
    }

    pub(crate) fn address(&self) -> &Url {
        &self.address
    }

    /// Lets time pass there.
    pub(crate) async fn advance(&self, by: Duration) {
        let by = by.as_millis();
        self.control(&format!("control/advance?milliseconds={by}"))
            .await;
    }

    /// What it did so far.
    pub(crate) async fn events(&self) -> Vec<Done> {
        let text = self.control("control/events").await;
        serde_json::from_str(&text).expect("a list")
    }

    async fn control(&self, path: &str) -> String {
        let address = self.address.join(path).expect("an address");
        let answer = self.client.get(address).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("text")
    }

    /// Whether an access token is good there, by RFC 7662.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        #[derive(Deserialize)]
        struct Introspected {
            // Missing in the refusal to look at an identity token.
            #[serde(default)]
            active: bool,
        }
        let address = self.address.join("token/introspection");
        let answer = self
            .client
            .post(address.expect("an address"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&[("client_id", "public"), ("token", token)]))
            .send()
            .await
            .expect("an answer");
        let text = answer.text().await.expect("text");
        let introspected: Introspected = serde_json::from_str(&text).expect("an introspection");
        introspected.active
    }

    /// Sends a form to the token address, past everything that stands in front of the server.
    pub(crate) async fn token(&self, sent: String) -> (StatusCode, String) {
        let address = self.address.join("token").expect("an address");
        let answer = self
            .client
            .post(address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(sent)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.text().await.expect("text"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A process that is gone already is what is wanted.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

const INSTALL: &str = "run `scripts/test`, which installs the server's packages below `target`";

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc/server")
}

/// Where `scripts/test` puts the packages.
fn packages() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // As the shell that installed them took it: from the root of the repository.
    let target = root.join(target.unwrap_or_else(|| PathBuf::from("target")));
    let packages = target.join("oidc-server");
    assert!(
        packages.join("node_modules/oidc-provider").is_dir(),
        "the authorization server is not installed: {INSTALL}"
    );
    packages
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A client of the tests', which follows no redirect by itself.
pub(crate) fn client() -> reqwest::Client {
    // It installs what TLS needs in this process.
    tributary::http::Http::new().expect("a client");
    #[expect(
        clippy::disallowed_methods,
        reason = "it is the person's browser and the attacker's, not our client"
    )]
    let builder = reqwest::Client::builder();
    builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

/// What a person does with what is shown to him.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision {
    Allow,
    Deny,
    /// Allows one scope of those that are asked for, and `openid`.
    Only(&'static str),
}

/// A browser with cookies.
pub(crate) struct Browser {
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A page, or where to go instead.
struct Page {
    status: StatusCode,
    location: Option<Url>,
    text: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self {
            client: client(),
            cookies: Mutex::default(),
        }
    }

    /// Signs in at the address that the program opened, and decides; gives the address that the
    /// server sends the browser back to.
    pub(crate) async fn decide(&self, url: &str, person: &str, decision: Decision) -> Url {
        let url = Url::parse(url).expect("an address");
        let (end, _) = self.walk(url, person, decision).await;
        assert!(end.path().starts_with("/callback/"), "{end}");
        end
    }

    /// Goes back to the program with an answer; gives the status it was met with.
    pub(crate) async fn land(&self, answer: Url) -> StatusCode {
        self.send(self.client.get(answer.clone()), &answer)
            .await
            .status
    }

    /// Types a code, signs in and decides.
    pub(crate) async fn type_code(&self, page: &str, code: &str, person: &str, decision: Decision) {
        let page = Url::parse(page).expect("an address");
        let shown = self.get(&page).await;
        let xsrf = between(&shown.text, "name=\"xsrf\" value=\"", "\"")
            .unwrap_or_else(|| panic!("{page} answered {}: {}", shown.status, shown.text));
        let shown = self
            .post(&page, &[("xsrf", &xsrf), ("user_code", code)])
            .await;
        let is_shown = shown.text.contains("confirm");
        assert!(
            is_shown,
            "{} {:?}: {}",
            shown.status, shown.location, shown.text
        );
        let last = if matches!(decision, Decision::Deny) {
            ("abort", "yes")
        } else {
            ("confirm", "yes")
        };
        let fields = [("xsrf", xsrf.as_str()), ("user_code", code), last];
        let decided = self.post(&page, &fields).await;
        let Some(next) = decided.location else {
            assert!(decided.text.contains("interrupted"), "{}", decided.text);
            return;
        };
        let (_, end) = self.walk(next, person, decision).await;
        assert!(end.text.contains("Sign-in Success"), "{}", end.text);
    }

    /// Goes where it is sent until it comes to the program, or to a page.
    async fn walk(&self, from: Url, person: &str, decision: Decision) -> (Url, Page) {
        let mut url = from;
        for _ in 0..12 {
            let page = if url.path().starts_with("/interaction/") {
                let said = match decision {
                    Decision::Deny => "deny",
                    Decision::Allow | Decision::Only(_) => "allow",
                };
                let only;
                let mut fields = vec![("person", person), ("decision", said)];
                if let Decision::Only(scope) = decision {
                    only = format!("openid {scope}");
                    fields.push(("only", &only));
                }
                self.post(&url, &fields).await
            } else {
                self.get(&url).await
            };
            match &page.location {
                Some(next) if next.path().starts_with("/callback/") => return (next.clone(), page),
                Some(next) => url = next.clone(),
                None => return (url, page),
            }
        }
        panic!("{url} leads nowhere");
    }

    async fn get(&self, url: &Url) -> Page {
        self.send(self.client.get(url.clone()), url).await
    }

    async fn post(&self, url: &Url, fields: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(fields));
        self.send(request, url).await
    }

    async fn send(&self, request: RequestBuilder, url: &Url) -> Page {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().expect("no test panicked");
            let cookies = cookies.iter();
            cookies
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        let request = request.header(COOKIE, cookies.join("; "));
        let answer = request.send().await.expect("an answer");
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("text").split(';').next();
            let (name, value) = cookie
                .and_then(|cookie| cookie.split_once('='))
                .expect("a cookie");
            let mut cookies = self.cookies.lock().expect("no test panicked");
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = answer.headers().get(LOCATION).map(|location| {
            let location = location.to_str().expect("text");
            url.join(location).expect("an address")
        });
        Page {
            status: answer.status(),
            location,
            text: answer.text().await.expect("text"),
        }
    }
}

pub(crate) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let from = text.find(before)? + before.len();
    let to = text[from..].find(after)? + from;
    Some(text[from..to].to_owned())
}
