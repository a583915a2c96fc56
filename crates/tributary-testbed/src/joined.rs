//! One host with the sign-in of `oidc-provider` and the API of the sandbox, as vendors have both.
//!
//! Whoever asks the API shows a token of `oidc-provider`. It is asked whose that is, and the request
//! goes on with a token of the same person that the sandbox knows; without a good one the answer is
//! 401. So an access that ran out or was revoked over there is over here too.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderValue, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tributary_sandbox::Running;
use tributary_sandbox::signin::Server as Host;
use url::Url;

use crate::browser::client;
use crate::forward::{forwarded, status, taken};
use crate::noted::Noted;
use crate::oidc::Server;

/// The people that both servers know.
const PEOPLE: [&str; 2] = ["alice", "bob"];

/// The token of the one user that the sandbox's Data Center knows.
const DATA_CENTER_TOKEN: &str = "sandbox-pat";

/// The host, running until this is dropped.
#[derive(Debug)]
pub struct Joined {
    shared: Arc<Shared>,
    address: String,
    running: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    server: Server,
    sandbox: Url,
    client: reqwest::Client,
    /// A person's token at the sandbox's GitLab.
    tokens: Vec<(&'static str, String)>,
    /// The paths that were asked, and the tokens with which.
    shown: Mutex<Vec<(String, String)>>,
    /// What nobody may find anywhere but where secrets are kept.
    noted: Noted,
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Joined {
    /// Starts one whose access tokens live `life` seconds.
    ///
    /// # Panics
    /// As [`Server::start`].
    pub async fn start(sandbox: &Running, life: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let address = format!("http://{address}");
        let people = sandbox.control().accounts();
        let scopes = ["read_user", "read_api", "read_repository"];
        let tokens = PEOPLE.map(|person| {
            let token = people.issue_personal(Host::Gitlab, person, &scopes, None);
            (person, token.expect("the sandbox knows the person"))
        });
        let shared = Arc::new(Shared {
            // Nobody comes back to the port: the application with a secret is not used here.
            server: Server::start(&address, life, 0),
            sandbox: Url::parse(sandbox.base_url()).expect("an address"),
            client: client(),
            tokens: tokens.to_vec(),
            shown: Mutex::default(),
            noted: Noted::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let running = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            shared,
            address,
            running,
        }
    }

    /// The server that people sign in at.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }

    /// The Confluence Data Center site.
    pub fn data_center(&self) -> String {
        format!("{}/confluence", self.address)
    }

    /// The GitLab host.
    pub fn gitlab(&self) -> String {
        format!("{}/hosts/gitlab", self.address)
    }

    /// The access token that was used last.
    pub fn last_shown(&self) -> Option<String> {
        self.shown_below("/").pop()
    }

    /// The access tokens that were used at addresses whose path begins so, in order and as often as
    /// they were.
    pub fn shown_below(&self, path: &str) -> Vec<String> {
        let shown = self.shared.shown.lock().expect("no test panicked");
        let fits = shown.iter().filter(|(at, _)| at.starts_with(path));
        fits.map(|(_, token)| token.clone()).collect()
    }

    /// Every secret that went over the wire so far, in either direction.
    pub fn secrets(&self) -> BTreeSet<String> {
        self.shared.noted.all()
    }

    /// What is different about the two providers, as a table of TOML for each, whose names begin
    /// with `before`. The application to register is [`crate::oidc::PUBLIC`].
    pub fn providers(&self, before: &str) -> String {
        let at = &self.address;
        let same = format!(
            "authorize = \"{at}/auth\"\nauthorize_more = {{ prompt = \"consent\" }}\n\
             token = \"{at}/token\"\ndevice = \"{at}/device/auth\"\n\
             revoke = \"{at}/token/revocation\"\nissuer = \"{at}\"\n\
             metadata = \"{at}/.well-known/openid-configuration\"\n\
             user_info = {{ url = \"{at}/me\", id = \"/sub\", name = \"/preferred_username\" }}\n\
             redirect = {{ host = \"127.0.0.1\", ports = [] }}\n\
             read = [\"openid\", \"offline_access\", \"read\"]\n"
        );
        format!(
            "[{before}confluence-data-center]\npublish_includes_read = false\n\
             publish = [\"write\"]\n{same}[{before}gitlab]\n{same}"
        )
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (mut parts, body) = taken(request).await;
    let path = parts.uri.path().to_owned();
    let is_api = path.starts_with("/confluence") || path.starts_with("/hosts/");
    // Of what is asked of an API, the proof alone is a secret: the rest is documents.
    let form: &[u8] = if is_api { &[] } else { &body };
    shared.noted.request(&parts.uri, &parts.headers, form);
    let proof = parts.headers.get(AUTHORIZATION);
    let token = proof.map(|proof| {
        let proof = proof.to_str().unwrap_or_default();
        proof.strip_prefix("Bearer ").unwrap_or_default().to_owned()
    });
    if let Some(token) = &token {
        let mut shown = shared.shown.lock().expect("no test panicked");
        shown.push((path.clone(), token.clone()));
    }
    if let (true, Some(token)) = (is_api, &token) {
        let Some(known) = shared.exchange(token, &path).await else {
            return status(StatusCode::UNAUTHORIZED);
        };
        parts.headers.insert(AUTHORIZATION, known);
    }
    let behind = if is_api {
        &shared.sandbox
    } else {
        shared.server.address()
    };
    match forwarded(&shared.client, behind, parts, body).await {
        Some(answer) => {
            if !is_api {
                shared.noted.answer(&answer.headers, &answer.body);
            }
            answer.into()
        }
        None => status(StatusCode::BAD_GATEWAY),
    }
}

impl Shared {
    /// What the sandbox knows the person by whose token was shown; none when it is not good.
    async fn exchange(&self, token: &str, path: &str) -> Option<HeaderValue> {
        let person = self.server.whose(token).await?;
        let known = if path.starts_with("/confluence") {
            DATA_CENTER_TOKEN
        } else {
            let mut tokens = self.tokens.iter();
            &tokens.find(|(name, _)| *name == person)?.1
        };
        HeaderValue::from_str(&format!("Bearer {known}")).ok()
    }
}
