//! A reader: opens addresses and looks at what comes.

use reqwest::{Client, StatusCode};
use tributary_sandbox::signin::Product;
use tributary_sandbox::state::Store;
use tributary_sandbox::{Control, Options, Running, start};

pub(crate) struct Reader {
    running: Running,
    client: Client,
}

/// What came for an address.
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) media_type: String,
    pub(crate) policy: String,
    pub(crate) html: String,
}

impl Reader {
    pub(crate) async fn start() -> Self {
        // A second test in the same process finds the provider installed; that is no failure.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let running = start(Options::default()).await.expect("the sandbox starts");
        #[expect(
            clippy::disallowed_methods,
            reason = "a test reads pages as a stranger, not through our own client"
        )]
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { running, client }
    }

    pub(crate) fn control(&self) -> &Control {
        self.running.control()
    }

    pub(crate) fn store(&self, product: Product) -> &Store {
        self.control().store(product)
    }

    pub(crate) async fn open(&self, path: &str) -> Seen {
        let answer = self
            .client
            .get(format!("{}{path}", self.running.base_url()))
            .send()
            .await
            .expect("an answer");
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        Seen {
            status: answer.status(),
            media_type: header("content-type"),
            policy: header("content-security-policy"),
            html: String::from_utf8_lossy(&answer.bytes().await.expect("a body")).into_owned(),
        }
    }

    /// What the API says about something, asked as the author.
    pub(crate) async fn ask(&self, path: &str) -> serde_json::Value {
        let request = self
            .client
            .get(format!("{}{path}", self.running.base_url()));
        let answer = request
            .basic_auth("author@example.com", Some("sandbox-token"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Makes a page and gives its id.
    pub(crate) fn write(
        &self,
        product: Product,
        parent: Option<&str>,
        title: &str,
        storage: &str,
    ) -> String {
        tributary_sandbox::format::check_storage(storage)
            .expect("tests write what the server would take");
        self.control()
            .create_page_by_hand(product, "DOCS", parent, title, storage)
            .expect("a new page")
    }
}

impl Seen {
    #[track_caller]
    pub(crate) fn shows(&self, expected: &str) -> &Self {
        assert!(
            self.html.contains(expected),
            "{expected:?} is not on the page: {}",
            self.html
        );
        self
    }

    #[track_caller]
    pub(crate) fn hides(&self, unexpected: &str) -> &Self {
        assert!(
            !self.html.contains(unexpected),
            "{unexpected:?} is on the page: {}",
            self.html
        );
        self
    }
}
