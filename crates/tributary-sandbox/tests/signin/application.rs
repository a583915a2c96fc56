//! An application under test: it serves nothing, it only follows the flow by hand.

use std::collections::HashMap;

use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tributary_sandbox::signin::{Accounts, User, router};

pub(crate) const CALLBACK: &str = "http://127.0.0.1:31415/callback";

/// A running pair of sign-in servers and a browser that follows no redirect by itself.
pub(crate) struct Signin {
    pub(crate) accounts: Accounts,
    pub(crate) base: String,
    pub(crate) browser: Client,
}

impl Signin {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let base = format!(
            "http://{}",
            listener.local_addr().expect("the listener is bound")
        );
        let user = User {
            account_id: "u1".to_owned(),
            name: "Ada Author".to_owned(),
            email: "author@example.com".to_owned(),
        };
        let accounts = Accounts::new(&base, "cloud-1", user);
        let app = router::<()>(accounts.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self::at(&base, accounts)
    }

    /// The same for servers that run already.
    pub(crate) fn at(base: &str, accounts: Accounts) -> Self {
        let base = base.to_owned();
        // A second test in the same process finds the provider installed; that is no failure.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        #[expect(
            clippy::disallowed_methods,
            reason = "a test speaks to the server as a stranger, not through our own client"
        )]
        let browser = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            accounts,
            base,
            browser,
        }
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Response {
        self.browser
            .get(format!("{}{path}", self.base))
            .query(query)
            .send()
            .await
            .expect("an answer")
    }

    pub(crate) async fn get_as(&self, path: &str, bearer: &str) -> (StatusCode, Value) {
        let answer = self
            .browser
            .get(format!("{}{path}", self.base))
            .bearer_auth(bearer)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let answer = self
            .browser
            .post(format!("{}{path}", self.base))
            .json(body)
            .send()
            .await
            .expect("an answer");
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Response {
        // Written out here, because the client is built without forms.
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        self.browser
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
            .send()
            .await
            .expect("an answer")
    }

    /// Opens the consent page and clicks; gives what came back to the callback.
    pub(crate) async fn consent(
        &self,
        path: &str,
        query: &[(&str, &str)],
        decision: &str,
    ) -> HashMap<String, String> {
        let page = self.get(path, query).await;
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.expect("a page");
        let consent = between(&html, "name=\"consent\" value=\"", "\"");
        let action = between(&html, "<form method=\"post\" action=\"", "\"");
        let answer = self
            .post_form(action, &[("consent", consent), ("decision", decision)])
            .await;
        sent_back(&answer)
    }
}

/// The parameters with which a person was sent back to the application.
pub(crate) fn sent_back(answer: &Response) -> HashMap<String, String> {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let location = answer.headers()["location"].to_str().expect("an address");
    let (address, query) = location.split_once('?').expect("parameters");
    assert_eq!(address, CALLBACK);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            let value = percent_encoding::percent_decode_str(value)
                .decode_utf8_lossy()
                .into_owned();
            (name.to_owned(), value)
        })
        .collect()
}

pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text
        .split_once(before)
        .expect("the page has what comes before");
    rest.split_once(after)
        .expect("the page has what comes after")
        .0
}

fn encode(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}
