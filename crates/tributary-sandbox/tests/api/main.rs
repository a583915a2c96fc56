//! The API over real HTTP: what the vendor's documents say of its answers, and where it is strict.

mod documents;
mod strict;

use serde_json::Value;
use tributary_sandbox::{Options, Running, start};

/// A sandbox with a client of our own making.
pub(crate) struct Api {
    pub(crate) sandbox: Running,
    pub(crate) http: reqwest::Client,
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Api {
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
        let http = reqwest::Client::builder().build().expect("a client");
        Self { sandbox, http }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.http
            .request(method, format!("{}{path}", self.sandbox.base_url()))
            .basic_auth("author@example.com", Some("sandbox-token"))
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let text = answer.text().await.expect("a body");
        Answer {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            headers,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub(crate) async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send(self.request(method, path).json(&body)).await
    }

    pub(crate) async fn upload(
        &self,
        method: &str,
        path: &str,
        name: &str,
        bytes: &[u8],
    ) -> Answer {
        let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new()
            .part("file", part)
            .text("comment", "a comment");
        let request = self
            .request(method, path)
            .header("X-Atlassian-Token", "nocheck")
            .multipart(form);
        self.send(request).await
    }

    /// The id of the space DOCS on Cloud.
    pub(crate) async fn space(&self) -> String {
        let found = self.get("/wiki/api/v2/spaces?keys=DOCS").await;
        found.body["results"][0]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    /// Makes a page through v2 and gives its id.
    pub(crate) async fn page(&self, title: &str) -> String {
        let made = self
            .json(
                "POST",
                "/wiki/api/v2/pages",
                serde_json::json!({
                    "spaceId": self.space().await, "status": "current", "title": title,
                    "body": {"representation": "storage", "value": "<p>Text</p>"},
                }),
            )
            .await;
        assert_eq!(made.status, 200, "{}", made.body);
        made.body["id"].as_str().expect("an id").to_owned()
    }
}
