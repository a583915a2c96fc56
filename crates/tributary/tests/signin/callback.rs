//! The listener for the browser: who may end a sign-in, and who sees what.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tributary::account::{Progress, SignIn, SignedIn, Way};
use tributary::audit::Filter;
use tributary::vault::{Forgotten, Secret, SecretName, Vault};
use tributary::{Error, ErrorKind};
use tributary_testbed::browser::between;
use tributary_testbed::consent::{answered, decide};
use url::Url;

use crate::{World, kind};

/// A sign-in that waits for its browser.
struct Waiting {
    ended: tokio::task::JoinHandle<Result<SignedIn, Error>>,
    /// The address that the browser is sent to.
    url: String,
    /// Where it is to come back to.
    redirect: Url,
    state: String,
}

async fn begin(world: &World, id: &str) -> Waiting {
    begin_with(world, world.wish(id, Way::Browser)).await
}

async fn begin_with(world: &World, wish: SignIn) -> Waiting {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let accounts = world.accounts.clone();
    let ended = tokio::spawn(async move {
        let progress = |progress: Progress| {
            if let Progress::Browser { url } = progress {
                sender.send(url).expect("the test listens");
            }
        };
        accounts
            .sign_in(wish, &progress, &CancellationToken::new())
            .await
    });
    let url = receiver.recv().await.expect("an address to open");
    let parsed = Url::parse(&url).expect("an address");
    let value = |name: &str| {
        let found = parsed.query_pairs().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .expect("it is there")
    };
    assert_eq!(value("code_challenge_method"), "S256");
    assert_eq!(value("code_challenge").len(), 43, "a SHA-256 in base64url");
    assert!(value("state").len() >= 43, "256 bits");
    Waiting {
        redirect: Url::parse(&value("redirect_uri")).expect("an address"),
        state: value("state"),
        ended,
        url,
    }
}

impl Waiting {
    fn port(&self) -> u16 {
        self.redirect.port().expect("a port")
    }

    /// Sends bytes to the listener; gives the answer.
    async fn raw(&self, request: String) -> String {
        let port = self.port();
        let sent = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
            // A listener that has heard enough may close before it read everything.
            stream.write_all(request.as_bytes()).ok();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).ok();
            String::from_utf8_lossy(&answer).into_owned()
        });
        sent.await.expect("the request was sent")
    }

    fn get(&self, target: &str) -> String {
        format!(
            "GET {target} HTTP/1.1\r\nHost: {}:{}\r\n\r\n",
            self.redirect.host_str().expect("a host"),
            self.port()
        )
    }

    async fn finish(self, world: &World) -> SignedIn {
        decide(&world.browser, &self.url, "allow").await;
        let ended = self.ended.await.expect("it ended");
        ended.unwrap_or_else(|error| panic!("{}", error.chain()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_wrong_answers_do_not_stop_the_right_one() {
    let world = World::new().await;
    world.give_application("gitlab");
    let waiting = begin(&world, "gitlab").await;
    let path = waiting.redirect.path().to_owned();
    let before = world.setup.http.traffic().total;
    for round in 0..10 {
        for query in [
            format!("code=stolen&state=wrong{round}"),
            "code=stolen".to_owned(),
            "error=access_denied&state=wrong".to_owned(),
            format!("state={}", waiting.state),
            format!("code=a&state={}&state=b", waiting.state),
        ] {
            let answer = waiting.raw(waiting.get(&format!("{path}?{query}"))).await;
            assert!(answer.starts_with("HTTP/1.1 400"), "{query}: {answer}");
            assert!(!answer.contains("stolen"), "nothing is repeated: {answer}");
        }
    }
    assert_eq!(
        world.setup.http.traffic().total,
        before,
        "no code that was not ours was taken anywhere"
    );
    let signed_in = waiting.finish(&world).await;
    assert_eq!(signed_in.account.user.name, "alice");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_browser_that_comes_back_is_heard() {
    let world = World::new().await;
    world.give_application("gitlab");
    let waiting = begin(&world, "gitlab").await;
    let (path, port) = (waiting.redirect.path().to_owned(), waiting.port());
    let target = format!("{path}?code=x&state={}", waiting.state);
    let host = format!("127.0.0.1:{port}");
    let request = |method: &str, target: &str, headers: &str| {
        format!("{method} {target} HTTP/1.1\r\n{headers}\r\n")
    };
    let long = "x".repeat(9000);
    for (what, sent) in [
        (
            "another name",
            request("GET", &target, &format!("Host: evil.example:{port}\r\n")),
        ),
        ("no name", request("GET", &target, "")),
        (
            "the name without the port",
            request("GET", &target, "Host: 127.0.0.1\r\n"),
        ),
        (
            "localhost",
            request("GET", &target, &format!("Host: localhost:{port}\r\n")),
        ),
        (
            "two names",
            request("GET", &target, &format!("Host: {host}\r\nHost: {host}\r\n")),
        ),
        (
            "POST",
            request("POST", &target, &format!("Host: {host}\r\n")),
        ),
        (
            "HEAD",
            request("HEAD", &target, &format!("Host: {host}\r\n")),
        ),
        (
            "a page elsewhere",
            request(
                "GET",
                &target,
                &format!("Host: {host}\r\nOrigin: https://evil.example\r\n"),
            ),
        ),
        (
            "another path",
            request(
                "GET",
                &format!("/callback/github?code=x&state={}", waiting.state),
                &format!("Host: {host}\r\n"),
            ),
        ),
        (
            "a path below",
            request(
                "GET",
                &format!("{path}/more?code=x&state={}", waiting.state),
                &format!("Host: {host}\r\n"),
            ),
        ),
        (
            "too long",
            request(
                "GET",
                &target,
                &format!("Host: {host}\r\nX-Long: {long}\r\n"),
            ),
        ),
        ("no HTTP", "\u{1}\u{2}\u{3}\r\n\r\n".to_owned()),
    ] {
        let answer = waiting.raw(sent).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
        assert!(!answer.to_lowercase().contains("access-control"), "{what}");
    }
    waiting.finish(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_little_or_nothing_keeps_nobody_waiting() {
    let world = World::new().await;
    world.give_application("gitlab");
    let waiting = begin(&world, "gitlab").await;
    let port = waiting.port();
    // Who keeps saying a little has no longer than who says nothing: it is the whole request that
    // has to be there in time. What comes back is looked for after every byte.
    let mut dripping = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    dripping
        .write_all(b"GET /callback/gitlab?state=")
        .expect("sent");
    let dripped = tokio::task::spawn_blocking(move || {
        let patience = Duration::from_millis(50);
        dripping.set_read_timeout(Some(patience)).expect("a socket");
        (0..400).find(|_| {
            let is_open = dripping.write_all(b"x").is_ok();
            let waits = [std::io::ErrorKind::WouldBlock, std::io::ErrorKind::TimedOut];
            match dripping.read(&mut [0; 16]) {
                Ok(0) => true,
                Ok(_) => panic!("half a request was answered"),
                Err(error) => !is_open || !waits.contains(&error.kind()),
            }
        })
    });
    let dripped = dripped.await.expect("no panic");
    assert!(dripped.is_some(), "the connection is open still");
    // More than are served at once; each holds its connection open and says nothing more.
    let mut silent = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.write_all(b"GET /callback").expect("sent");
        silent.push(stream);
    }
    waiting.finish(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_always_the_same_and_says_nothing_of_the_request() {
    let world = World::new().await;
    world.give_application("gitlab");
    let mut pages = Vec::new();
    for decision in ["allow", "deny"] {
        let waiting = begin(&world, "gitlab").await;
        let back = answered(&world.browser, &waiting.url, decision).await;
        let back = format!("{back}&error_description=%3Cscript%3Ealert(1)%3C/script%3E");
        let target = Url::parse(&back).expect("an address");
        let target = format!("{}?{}", target.path(), target.query().expect("an answer"));
        let onward = waiting.raw(waiting.get(&target)).await;
        assert!(onward.starts_with("HTTP/1.1 303"), "{onward}");
        let clean = between(&onward, "Location: ", "\r\n").expect("a clean address");
        let page = waiting.raw(waiting.get(&clean)).await;
        for header in [
            "content-security-policy: default-src 'none'",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
        ] {
            assert!(page.to_lowercase().contains(header), "{header}: {page}");
        }
        assert!(!page.contains("script"), "{page}");
        pages.push(page);
        let ended = waiting.ended.await.expect("it ended");
        assert_eq!(ended.is_ok(), decision == "allow");
    }
    assert_eq!(pages[0], pages[1], "byte for byte, whatever happened");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_good_once() {
    let world = World::new().await;
    world.give_application("gitlab");
    let waiting = begin(&world, "gitlab").await;
    let back = answered(&world.browser, &waiting.url, "allow").await;
    let first = world.browser.get(&back).send().await.expect("an answer");
    assert_eq!(first.status(), 303);
    let signed_in = waiting.ended.await.expect("it ended");
    let account = signed_in.expect("signed in").account;
    let requests = world.setup.http.traffic().total;
    match world.browser.get(&back).send().await {
        // The listener is still there for the page.
        Ok(again) => assert_eq!(again.status(), 400),
        // Or gone already.
        Err(error) => assert!(error.is_connect() || error.is_request(), "{error}"),
    }
    assert_eq!(
        world.setup.http.traffic().total,
        requests,
        "nothing was asked"
    );
    // The next sign-in does not take it either.
    let next = begin(&world, "gitlab").await;
    let mut replayed = Url::parse(&back).expect("an address");
    replayed.set_port(Some(next.port())).expect("a port");
    let again = world.browser.get(replayed).send().await.expect("an answer");
    assert_eq!(again.status(), 400);
    assert_eq!(next.finish(&world).await.account.id, account.id);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_listener_is_on_this_machine_alone() {
    let world = World::new().await;
    for id in ["gitlab", "bitbucket", "azure-devops"] {
        world.give_application(id);
        let waiting = begin(&world, id).await;
        let port = format!(":{:04X}", waiting.port());
        let listening: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                fields.get(1).is_some_and(|local| local.ends_with(&port))
                    && fields.get(3) == Some(&"0A")
            })
            .collect();
        assert_eq!(listening.len(), 1, "{id}: {listening:?}");
        assert!(listening[0].contains("0100007F:"), "{id}: {listening:?}");
        waiting.finish(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_opens_no_browser() {
    let world = World::new().await;
    world.give_application("bitbucket");
    let registered = world
        .place("bitbucket")
        .registration(tributary::account::Purpose::Read);
    let registered = registered.expect("a way to register").redirects;
    let port = Url::parse(&registered[0])
        .expect("an address")
        .port()
        .expect("a port");
    let _taken = TcpListener::bind(("127.0.0.1", port)).expect("it is free");
    let opened = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&opened);
    let progress = move |_| seen.store(true, Ordering::SeqCst);
    let wish = world.wish("bitbucket", Way::Browser);
    let error = world
        .accounts
        .sign_in(wish, &progress, &CancellationToken::new())
        .await
        .expect_err("the port is taken");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    assert!(
        error
            .remedy_text()
            .is_some_and(|remedy| remedy.contains("--token-stdin"))
    );
    assert!(!opened.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_nobody_waits_for_change_nothing() {
    let world = World::new().await;
    let long = format!(
        "tributary://oauth/gitlab?code={}&state=x",
        "a".repeat(1 << 20)
    );
    for link in [
        "tributary://oauth/gitlab?code=x&state=y",
        "tributary://oauth/../../etc/passwd",
        "tributary://elsewhere/gitlab?code=x",
        "https://oauth/gitlab?code=x&state=y",
        "tributary:oauth",
        "--flag",
        "",
        "tributary://oauth/gitlab?code=\u{1b}[2J&state=\r\n",
        &long,
    ] {
        assert!(!world.accounts.deliver(link), "{link:.60}");
    }
    let refused = world.actions();
    let refused = refused.iter().filter(|(action, _)| action == "link.refuse");
    assert_eq!(refused.count(), 9);
    assert_eq!(world.setup.http.traffic().total, 0);
    assert!(world.accounts.list().expect("readable").is_empty());
    let files = world.files();
    let logged = files.iter().any(|(_, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        text.contains("code=") || bytes.len() > 512 * 1024
    });
    assert!(!logged, "neither a code nor a megabyte is written down");
}

/// A world in which GitLab's browser comes back by a link.
async fn with_links() -> World {
    let mut world = World::new().await;
    let link = "[gitlab.redirect]\nhost = \"tributary\"\n";
    let change: toml::Table = toml::from_str(link).expect("TOML");
    let gitlab = change["gitlab"].clone();
    world.setup.providers.insert("gitlab".to_owned(), gitlab);
    world.accounts = world.another_process();
    world
        .sandbox
        .control()
        .accounts()
        .register(tributary_sandbox::signin::Application {
            client_id: "own".to_owned(),
            client_secret: String::new(),
            name: "Tributary".to_owned(),
            redirect_uris: vec!["tributary://oauth/gitlab".to_owned()],
            server: tributary_sandbox::signin::Server::Gitlab,
            service_scopes: Vec::new(),
            public: true,
            device_flow: false,
            github_app: false,
        });
    world.give_application("gitlab");
    world
}

/// A vault that can be locked.
struct Lockable {
    inside: Arc<dyn Vault>,
    is_locked: AtomicBool,
}

impl Lockable {
    fn open(&self) -> Result<&dyn Vault, Error> {
        if self.is_locked.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::VaultUnavailable, "It is locked"));
        }
        Ok(&*self.inside)
    }
}

impl Vault for Lockable {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        self.open()?.put(name, secret)
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        self.open()?.get(name)
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        self.open()?.forget(name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_comes_while_the_vault_is_locked_waits_until_it_is_not() {
    let mut world = with_links().await;
    let vault = Arc::new(Lockable {
        inside: Arc::clone(&world.setup.vault),
        is_locked: AtomicBool::new(false),
    });
    world.setup.vault = Arc::clone(&vault) as Arc<dyn Vault>;
    world.accounts = world.another_process();
    let waiting = begin(&world, "gitlab").await;
    let back = answered(&world.browser, &waiting.url, "allow").await;
    vault.is_locked.store(true, Ordering::SeqCst);
    let before = world.setup.http.traffic().total;
    for _ in 0..2 {
        assert!(!world.accounts.deliver(&back), "nothing could be kept");
    }
    assert!(!waiting.ended.is_finished(), "it waits on");
    assert_eq!(world.setup.http.traffic().total, before, "no code was used");
    assert!(world.accounts.list().expect("readable").is_empty());
    let refused = world.audit.entries(&Filter::default()).expect("readable");
    let refused = refused.iter().filter(|entry| entry.action == "link.refuse");
    let reasons: Vec<_> = refused.map(|entry| entry.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("The vault is locked"); 2]);
    // Unlocked again, the same link is good, and good once.
    vault.is_locked.store(false, Ordering::SeqCst);
    assert!(world.accounts.deliver(&back));
    assert!(!world.accounts.deliver(&back));
    let ended = waiting.ended.await.expect("it ended");
    assert_eq!(ended.expect("signed in").account.user.name, "alice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_brings_the_answer_where_the_provider_wants_one() {
    let world = with_links().await;
    let waiting = begin(&world, "gitlab").await;
    assert_eq!(waiting.redirect.as_str(), "tributary://oauth/gitlab");
    let back = answered(&world.browser, &waiting.url, "allow").await;
    assert!(back.starts_with("tributary://oauth/gitlab?"), "{back}");
    let forged = "tributary://oauth/gitlab?code=stolen&state=guessed";
    assert!(!world.accounts.deliver(forged));
    let other = back.replace("oauth/gitlab", "oauth/github");
    assert!(!world.accounts.deliver(&other), "another provider's link");
    // What readers of addresses take out leaves the right state behind; no browser sends it.
    let (address, query) = back.split_once("state=").expect("it says the state");
    for sign in ["\n", "\t", "\r\n", "\0"] {
        let broken = format!("{address}state={sign}{query}");
        assert!(!world.accounts.deliver(&broken), "{broken:?}");
    }
    assert!(world.accounts.deliver(&back));
    assert!(!world.accounts.deliver(&back), "a link is good once");
    let ended = waiting.ended.await.expect("it ended");
    assert_eq!(ended.expect("signed in").account.user.name, "alice");
    let late = begin(&world, "gitlab").await;
    let back = answered(&world.browser, &late.url, "allow").await;
    late.ended.abort();
    // An aborted sign-in is dropped at its next await.
    assert!(late.ended.await.is_err());
    assert!(!world.accounts.deliver(&back), "nobody waits any more");
    let denied = begin(&world, "gitlab").await;
    let back = answered(&world.browser, &denied.url, "deny").await;
    assert!(world.accounts.deliver(&back));
    let ended = tokio::time::timeout(Duration::from_secs(30), denied.ended).await;
    assert_eq!(
        kind(ended.expect("at once").expect("it ended")),
        ErrorKind::Forbidden
    );
}
