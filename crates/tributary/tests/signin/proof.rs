//! PKCE where a server knows less than `S256`: `plain` is sent where somebody declared it, and never
//! because something failed.

use tributary::ErrorKind;
use tributary::account::Way;
use tributary_testbed::consent::answered;
use url::Url;

use crate::{World, kind};

/// A world in which the settings say something more.
async fn with(settings: &str) -> World {
    let mut world = World::new().await;
    let more: toml::Table = toml::from_str(settings).expect("TOML");
    for (id, change) in more {
        let known = world.setup.providers.entry(&id);
        let known = known.or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let known = known.as_table_mut().expect("a table");
        known.extend(change.as_table().expect("a table").clone());
    }
    world.accounts = world.another_process();
    world
}

fn host(world: &World) -> String {
    let address = Url::parse(world.sandbox.base_url()).expect("an address");
    let port = address.port().expect("a port");
    format!("{}:{port}", address.host_str().expect("a host"))
}

/// The address that the browser is sent to, and how the sign-in ends when the person says yes.
async fn signs_in(
    world: &World,
    id: &str,
) -> (Url, Result<tributary::account::SignedIn, tributary::Error>) {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let accounts = world.accounts.clone();
    let wish = world.wish(id, Way::Browser);
    let cancel = tokio_util::sync::CancellationToken::new();
    let given_up = cancel.clone();
    let ended = tokio::spawn(async move {
        let progress = |progress| {
            if let tributary::account::Progress::Browser { url } = progress {
                sender.send(url).expect("the test listens");
            }
        };
        accounts.sign_in(wish, &progress, &cancel).await
    });
    let Some(url) = receiver.recv().await else {
        panic!("no browser was opened: {:?}", ended.await);
    };
    // Whether the server asks the person, or sends the browser back at once with what is wrong.
    let asked = world.browser.get(&url).send().await.expect("an answer");
    let back = match asked.headers().get("location") {
        Some(back) => back.to_str().expect("text").to_owned(),
        None => answered(&world.browser, &url, "allow").await,
    };
    if world.browser.get(&back).send().await.is_err() {
        given_up.cancel();
    }
    let url = Url::parse(&url).expect("an address");
    (url, ended.await.expect("it ended"))
}

fn sent(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(key, _)| key == name);
    found.expect("it is sent").1.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_s256_is_not_asked_again_with_less() {
    let world = World::new().await;
    let (id, server) = (
        "confluence-data-center",
        tributary_sandbox::signin::Server::DataCenter,
    );
    world.sandbox.control().accounts().know_plain_alone(server);
    world.give_application(id);
    let (url, ended) = signs_in(&world, id).await;
    assert_eq!(sent(&url, "code_challenge_method"), "S256");
    assert!(ended.is_err(), "{ended:?}");
    assert!(world.accounts.list().expect("readable").is_empty());
    // It was asked once, and the browser was sent there once.
    let asked = world.sandbox.control().requests();
    let asked = asked.iter().map(|logged| &*logged.path);
    let asked: Vec<&str> = asked.filter(|path| path.contains("/oauth2/")).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].contains("code_challenge_method=S256"), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_is_sent_where_it_is_declared_and_nowhere_else() {
    let declared = |id: &str, host: &str| format!("[{id}]\npkce_plain_at = [\"{host}\"]\n");
    let id = "confluence-data-center";
    // The address of the sandbox is known once it runs.
    let mut world = World::new().await;
    let server = tributary_sandbox::signin::Server::DataCenter;
    world.sandbox.control().accounts().know_plain_alone(server);
    world.give_application(id);
    let here: toml::Table = toml::from_str(&declared(id, &host(&world))).expect("TOML");
    let known = world.setup.providers[id].as_table_mut().expect("a table");
    known.extend(here[id].as_table().expect("a table").clone());
    world.accounts = world.another_process();
    let (url, ended) = signs_in(&world, id).await;
    assert_eq!(sent(&url, "code_challenge_method"), "plain");
    assert!(sent(&url, "code_challenge").len() >= 43, "256 bits");
    let account = ended
        .unwrap_or_else(|error| panic!("{}", error.chain()))
        .account;
    assert_eq!(
        account.user.name,
        world.sandbox.control().accounts().user().name
    );
    // Another host of the same product.
    let world = with(&declared(id, "elsewhere.example")).await;
    world.give_application(id);
    let (url, ended) = signs_in(&world, id).await;
    assert_eq!(sent(&url, "code_challenge_method"), "S256");
    assert!(ended.is_ok(), "{ended:?}");
    // Another product's documentation knows no `plain`, whatever the settings say.
    let mut world = World::new().await;
    let here: toml::Table = toml::from_str(&declared("gitlab", &host(&world))).expect("TOML");
    world.setup.providers.extend(here);
    world.accounts = world.another_process();
    world.give_application("gitlab");
    let (url, ended) = signs_in(&world, "gitlab").await;
    assert_eq!(sent(&url, "code_challenge_method"), "S256");
    assert!(ended.is_ok(), "{ended:?}");
}

/// A server that describes the one in the sandbox as knowing these ways.
async fn describing(methods: &'static [&'static str]) -> String {
    let text = serde_json::json!({"code_challenge_methods_supported": methods}).to_string();
    let router = axum::Router::new().fallback(move || async move { text });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/metadata")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_of_itself_decides_between_s256_plain_and_nothing() {
    let server = tributary_sandbox::signin::Server::DataCenter;
    for (id, methods, expected) in [
        ("confluence-data-center", &["plain"][..], Some("plain")),
        ("confluence-data-center", &["plain", "S256"], Some("S256")),
        ("confluence-data-center", &[], None),
        ("gitlab", &["plain"], None),
    ] {
        let settings = format!("[{id}]\nmetadata = \"{}\"\n", describing(methods).await);
        let world = with(&settings).await;
        world.give_application(id);
        let Some(expected) = expected else {
            let wish = world.wish(id, Way::Browser);
            let cancel = tokio_util::sync::CancellationToken::new();
            // Whoever opens a browser all the same is not waited for.
            let opened = cancel.clone();
            let refused = world
                .accounts
                .sign_in(wish, &move |_| opened.cancel(), &cancel)
                .await;
            assert_eq!(kind(refused), ErrorKind::Forbidden, "{id} {methods:?}");
            continue;
        };
        if expected == "plain" {
            world.sandbox.control().accounts().know_plain_alone(server);
        }
        let (url, ended) = signs_in(&world, id).await;
        assert_eq!(sent(&url, "code_challenge_method"), expected, "{methods:?}");
        ended.unwrap_or_else(|error| panic!("{methods:?}: {}", error.chain()));
    }
}
