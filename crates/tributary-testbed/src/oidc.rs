//! The authorization server of other people (npm `oidc-provider`), as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use url::Url;

use crate::browser::{client, form};

/// The application without a secret, whose browser comes back to any port of this machine.
pub const PUBLIC: &str = "public";
/// The application with a secret, whose browser comes back to the port that the server was given.
pub const CONFIDENTIAL: &str = "confidential";
/// The secret of that application.
pub const SECRET: &str = "the-secret-of-the-application";

/// `oidc-provider`, running until this is dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    address: Url,
    client: reqwest::Client,
}

/// What the server did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Done {
    /// `grant`, `grant refused`, `revoked` or `authorization refused`.
    pub what: String,
    /// For what tokens were asked, where they were.
    #[serde(default)]
    pub grant_type: Option<String>,
    /// The server's word for what was wrong.
    #[serde(default)]
    pub error: Option<String>,
    /// The access token that was given.
    #[serde(default)]
    pub given: Option<Life>,
    /// The access token whose place it took.
    #[serde(default)]
    pub replaced: Option<Life>,
}

/// The life of an access token, in milliseconds of the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Life {
    /// When it was given.
    pub issued: u64,
    /// From when on it is refused; the server counts whole seconds.
    pub ends: u64,
}

impl Server {
    /// Starts one that calls itself `issuer`, whose access tokens live `life` seconds. `port` is
    /// where the browser of the application with a secret comes back to.
    ///
    /// # Panics
    /// When Node or the server's packages are not there.
    pub fn start(issuer: &str, life: u64, port: u16) -> Self {
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

    /// Where it listens.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Lets time pass there.
    pub async fn advance(&self, by: Duration) {
        let by = by.as_millis();
        self.control(&format!("control/advance?milliseconds={by}"))
            .await;
    }

    /// What it did so far.
    pub async fn events(&self) -> Vec<Done> {
        let text = self.control("control/events").await;
        serde_json::from_str(&text).expect("a list")
    }

    async fn control(&self, path: &str) -> String {
        let address = self.address.join(path).expect("an address");
        let answer = self.client.get(address).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("text")
    }

    /// How often it renewed tokens, and how often it refused to.
    pub async fn renewals(&self) -> (usize, usize) {
        let events = self.events().await;
        let count = |what: &str| {
            let fits = events.iter().filter(|done| {
                done.what == what && done.grant_type.as_deref() == Some("refresh_token")
            });
            fits.count()
        };
        (count("grant"), count("grant refused"))
    }

    /// The access tokens that were renewed, each with the one that took its place.
    pub async fn renewed(&self) -> Vec<(Life, Life)> {
        let events = self.events().await.into_iter();
        events
            .filter_map(|done| Some((done.replaced?, done.given?)))
            .collect()
    }

    /// Whether an access token is good there, by RFC 7662.
    pub async fn is_active(&self, token: &str) -> bool {
        self.whose(token).await.is_some()
    }

    /// Whose access a token is there; nobody's when it is not good.
    pub async fn whose(&self, token: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Introspected {
            // Missing in the refusal to look at an identity token.
            #[serde(default)]
            active: bool,
            #[serde(default)]
            sub: String,
        }
        let address = self.address.join("token/introspection");
        let answer = self
            .client
            .post(address.expect("an address"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(&[("client_id", PUBLIC), ("token", token)]))
            .send()
            .await
            .expect("an answer");
        let text = answer.text().await.expect("text");
        let introspected: Introspected = serde_json::from_str(&text).expect("an introspection");
        introspected.active.then_some(introspected.sub)
    }

    /// Sends a form to the token address, past everything that stands in front of the server.
    pub async fn token(&self, sent: String) -> (StatusCode, String) {
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("server")
}

/// Where `scripts/test` puts the packages.
fn packages() -> PathBuf {
    let packages = crate::target().join("oidc-server");
    assert!(
        packages.join("node_modules/oidc-provider").is_dir(),
        "the authorization server is not installed: {INSTALL}"
    );
    packages
}
