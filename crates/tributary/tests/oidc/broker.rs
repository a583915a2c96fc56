//! A broker: a server of the administrator at the token address, which alone has the secret of the
//! application.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderValue, Response};
use base64::Engine as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tributary::account::{Accounts, Mode, Place, Revoked, Setup, SignIn, Way};
use tributary::vault::Secret;
use tributary_testbed::browser::{Browser, Decision, client};
use tributary_testbed::forward::{forwarded, taken};
use tributary_testbed::oidc::{CONFIDENTIAL, SECRET};
use url::{Url, form_urlencoded};

use crate::{HOUR, World, sign_in, token};

/// What came to the broker: the path, the proof of who sends it, and the form.
#[derive(Debug, Clone)]
struct Came {
    path: String,
    proof: Option<HeaderValue>,
    form: String,
}

impl Came {
    fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(self.form.as_bytes());
        let found = fields.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }
}

#[derive(Clone)]
struct Shared {
    behind: Url,
    client: reqwest::Client,
    came: Arc<Mutex<Vec<Came>>>,
}

/// The broker, running until this is dropped.
struct Broker {
    address: String,
    came: Arc<Mutex<Vec<Came>>>,
    running: JoinHandle<()>,
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Broker {
    async fn start(behind: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Shared {
            behind: Url::parse(behind).expect("an address"),
            client: client(),
            came: Arc::default(),
        };
        let came = Arc::clone(&shared.came);
        let router = Router::new().fallback(add_secret).with_state(shared);
        let running = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            address: format!("http://{address}"),
            came,
            running,
        }
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().expect("no test panicked").clone()
    }
}

/// Sends on what came, with the secret.
async fn add_secret(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let (mut parts, body) = taken(request).await;
    let came = Came {
        path: parts.uri.path().to_owned(),
        proof: parts.headers.get(AUTHORIZATION).cloned(),
        form: String::from_utf8(body.to_vec()).expect("text"),
    };
    shared.came.lock().expect("no test panicked").push(came);
    let pair = format!("{CONFIDENTIAL}:{SECRET}");
    let proof = base64::engine::general_purpose::STANDARD.encode(pair);
    let proof = HeaderValue::from_str(&format!("Basic {proof}")).expect("a header");
    parts.headers.insert(AUTHORIZATION, proof);
    // The server is asked by its own name.
    parts.headers.remove(HOST);
    let answer = forwarded(&shared.client, &shared.behind, parts, body).await;
    answer.expect("the server is there").into()
}

/// The accounts of somebody who gave the program a secret before there was a broker, and the place.
fn behind(world: &World, server: &str) -> (Accounts, Place) {
    let mut providers = world.setup.providers.clone();
    let change = format!(
        "token = \"{server}/token\"\nrevoke = \"{server}/token/revocation\"\nsecret = \"broker\"\n"
    );
    let change: toml::Table = toml::from_str(&change).expect("TOML");
    let bitbucket = providers["bitbucket"].as_table_mut().expect("a table");
    bitbucket.extend(change);
    let accounts = Accounts::open(Setup {
        providers,
        ..world.setup.clone()
    });
    let accounts = accounts.expect("accounts");
    let place = accounts.place("bitbucket", Some(world.proxy.address()));
    let place = place.expect("a place");
    let before = Secret::new("the secret of before".to_owned());
    let kept = accounts.register(&place, Mode::Individual, CONFIDENTIAL, Some(&before));
    kept.expect("kept");
    (accounts, place)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_adds_the_secret_that_the_program_never_has() {
    let world = World::new().await;
    let broker = Broker::start(world.proxy.address()).await;
    let (accounts, place) = behind(&world, &broker.address);
    let wish = SignIn {
        place,
        ..world.wish("bitbucket", Way::Browser)
    };
    let browser = Arc::new(Browser::new());
    let signed_in = sign_in(&accounts, &browser, wish, "alice", Decision::Allow).await;
    let account = signed_in
        .unwrap_or_else(|error| panic!("{}", error.chain()))
        .account;
    let first = token(&accounts, &account).await.expect("a token");
    assert!(world.server.is_active(&first).await);
    world.pass(std::time::Duration::from_secs(HOUR)).await;
    let second = token(&accounts, &account).await.expect("a token");
    assert_ne!(first, second, "it was renewed");
    assert!(world.server.is_active(&second).await);
    let revoked = accounts.sign_out(&account).await.expect("signed out");
    assert_eq!(revoked, Revoked::Yes);
    assert!(!world.server.is_active(&second).await);

    let came = broker.came();
    let paths: Vec<&str> = came.iter().map(|came| &*came.path).collect();
    // The last one tries whether what was withdrawn is.
    assert_eq!(paths, ["/token", "/token", "/token/revocation", "/token"]);
    for came in &came {
        assert_eq!(came.field("client_id").as_deref(), Some(CONFIDENTIAL));
        assert_eq!(came.field("client_secret"), None, "{}", came.path);
        assert_eq!(came.proof, None, "{}", came.path);
    }
}

/// What the server says to whoever comes without the broker, so that the test above says something.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_broker_the_server_gives_nothing() {
    let world = World::new().await;
    let (accounts, place) = behind(&world, world.proxy.address());
    let wish = SignIn {
        place,
        ..world.wish("bitbucket", Way::Browser)
    };
    let browser = Arc::new(Browser::new());
    let refused = sign_in(&accounts, &browser, wish, "alice", Decision::Allow).await;
    refused.expect_err("it is refused");
    let events = world.server.events().await;
    let last = events.last().and_then(|event| event.error.clone());
    assert_eq!(last.as_deref(), Some("invalid_client"), "{events:?}");
}
