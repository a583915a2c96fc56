use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio_util::sync::CancellationToken;
use tributary::account::Policy;
use tributary::http::{Call, Http, Payload, Repeat};
use tributary::network::{
    ManualProxy, Network, NetworkSettings, ProxyChoice, identity_for, identity_name, password_name,
    read_identity,
};
use tributary::settings::{RepositorySettings, Settings};
use tributary::store::{Paths, write_atomically};
use tributary::vault::{Secret, Vault, session_vault};
use tributary::{Error, ErrorKind};
use tributary_testbed::company::{
    Authority, Protocol, Proxy, answer, serve_many, serve_plainly, serve_secured,
};

/// A company with its authority in a file, and a place for secrets.
pub(crate) struct Company {
    pub(crate) home: tempfile::TempDir,
    pub(crate) authority: Authority,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) settings: NetworkSettings,
}

impl Company {
    pub(crate) fn new() -> Self {
        let authority = Authority::new("Acme Authority");
        let company = Self {
            home: tempfile::tempdir().expect("a folder"),
            authority,
            vault: Arc::from(session_vault()),
            settings: NetworkSettings::default(),
        };
        let file = company.put("acme.pem", company.authority.pem().as_bytes());
        let settings = NetworkSettings {
            ca_files: vec![file],
            ..NetworkSettings::default()
        };
        Self {
            settings,
            ..company
        }
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.home.path().join(name);
        write_atomically(&file, bytes).expect("it is written");
        file
    }

    pub(crate) fn network(&self) -> Result<Arc<Network>, Error> {
        let vault = Arc::clone(&self.vault);
        Network::new(self.settings.clone(), &move || Ok(Arc::clone(&vault))).map(Arc::new)
    }

    pub(crate) fn http(&self) -> Http {
        let network = self.network().expect("it fits");
        Http::over(network, Duration::from_secs(20)).expect("a client")
    }

    pub(crate) fn through(&mut self, address: &str, user: Option<&str>, exceptions: &[&str]) {
        self.settings.proxy = ProxyChoice::Manual(ManualProxy {
            address: ManualProxy::read_address(address).expect("an address"),
            user: user.map(str::to_owned),
            exceptions: exceptions.iter().map(|text| (*text).to_owned()).collect(),
        });
    }

    /// Serves a greeting behind TLS in a name; gives the port.
    pub(crate) fn serve(&self, name: &str) -> u16 {
        serve_secured(&self.authority.vouch(name), None, greeting())
    }
}

pub(crate) fn greeting() -> tributary_testbed::company::Answers {
    Arc::new(|_| answer("200 OK", "", "hello"))
}

pub(crate) async fn get(http: &Http, address: &str) -> Result<String, Error> {
    let call = Call {
        method: Method::GET,
        url: address.parse().expect("an address"),
        endpoint: "/",
        credential: None,
        payload: Payload::None,
        repeat: Repeat::Never,
        headers: HeaderMap::new(),
        most: None,
    };
    let reply = http.send(call).await?;
    Ok(format!(
        "{} {}",
        reply.status.as_u16(),
        String::from_utf8_lossy(&reply.body)
    ))
}

async fn words(http: &Http, address: &str) -> String {
    let error = get(http, address).await.expect_err(address);
    assert_eq!(error.kind(), ErrorKind::Offline);
    assert!(error.remedy_text().is_some(), "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_s_authority_is_trusted_where_somebody_said_so() {
    let company = Company::new();
    let port = company.serve("localhost");
    let address = format!("https://localhost:{port}/");
    assert_eq!(
        get(&company.http(), &address).await.expect("it answers"),
        "200 hello"
    );

    // Without it, it is nobody; a client that is there already learns of it, and so do its clones.
    let alone = Http::over(Arc::default(), Duration::from_secs(20)).expect("a client");
    assert_eq!(
        words(&alone, &address).await,
        format!("Nobody whom this machine trusts vouches for `localhost:{port}`")
    );
    let clone = alone.for_account(1);
    let network = company.network().expect("it fits");
    alone.use_network(&network).expect("a client");
    assert_eq!(
        get(&clone, &address).await.expect("it answers"),
        "200 hello"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_good_is_refused_in_words() {
    let company = Company::new();
    let http = company.http();
    let other = company.serve("wiki.acme.com");
    let ended = company.authority.vouch_until("localhost", 2001);
    let ended = serve_secured(&ended, None, greeting());
    let plain = serve_plainly(greeting());
    for (port, expected) in [
        (
            other,
            "The certificate that answers for `localhost:PORT` is another server's",
        ),
        (
            ended,
            "The certificate of `localhost:PORT` is not valid today",
        ),
        (plain, "What answers at `localhost:PORT` does not speak TLS"),
    ] {
        let said = words(&http, &format!("https://localhost:{port}/")).await;
        assert_eq!(said, expected.replace("PORT", &port.to_string()));
    }
    // Asking again would say the same.
    assert_eq!(http.traffic().retries, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_shown_to_the_host_it_is_for_and_to_no_other() {
    let mut company = Company::new();
    let people = Authority::new("Acme People");
    let server = company.authority.vouch("localhost");
    let port = serve_secured(&server, Some(&people), greeting());
    let elsewhere = serve_secured(&server, Some(&people), greeting());
    let address = format!("https://localhost:{port}/");
    let wants = format!("`localhost:{port}` wants to be shown a certificate that it knows");
    assert_eq!(words(&company.http(), &address).await, wants);

    let file = company.put("ada.pem", people.vouch("ada").pem.as_bytes());
    let (host, identity) =
        identity_for(&format!("https://LOCALHOST:{port}"), &file, None).expect("it fits");
    assert_eq!(identity.subject, "CN=ada");
    company.settings.certificate_hosts = vec![host.clone()];
    let lacking = company.network().expect_err("nothing is kept");
    assert_eq!(lacking.kind(), ErrorKind::SignedOut, "{lacking}");
    let name = identity_name(&host);
    company.vault.put(&name, identity.pem()).expect("kept");
    let http = company.http();
    assert_eq!(get(&http, &address).await.expect("it answers"), "200 hello");
    let other = words(&http, &format!("https://localhost:{elsewhere}/")).await;
    assert!(other.contains("wants to be shown a certificate"), "{other}");
}

#[test]
fn certificates_of_other_people_s_tools_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/network/people");
    let right = Secret::new("correct-horse".to_owned());
    let wrong = Secret::new("wrong-horse".to_owned());
    for name in ["locked.pem", "today.p12", "earlier.p12"] {
        let bytes = std::fs::read(folder.join(name)).expect("a file");
        let read = read_identity(&bytes, Some(&right)).expect(name);
        assert_eq!(read.subject, "CN=Ada", "{name}");
        // What is kept needs no passphrase.
        let kept = read_identity(read.pem().expose().as_bytes(), None).expect(name);
        assert_eq!(kept.subject, "CN=Ada", "{name}");
        for passphrase in [None, Some(&wrong)] {
            let error = read_identity(&bytes, passphrase).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
            assert!(error.to_string().contains("passphrase"), "{name}: {error}");
            assert!(!error.chain().contains("horse"), "{name}");
        }
        for cut in (0..bytes.len()).step_by(97) {
            read_identity(&bytes[..cut], Some(&right)).expect_err("it is not whole");
        }
    }
    let authority = Authority::new("Acme");
    let (one, other) = (authority.vouch("one"), authority.vouch("other"));
    let key = one.pem.find("-----BEGIN PRIVATE").expect("a key");
    let (certificate, _) = other
        .pem
        .split_at(other.pem.find("-----BEGIN PRIVATE").expect("a key"));
    for (text, why) in [
        (
            format!("{certificate}{}", &one.pem[key..]),
            "is not the certificate's",
        ),
        (certificate.to_owned(), "there is no key in it"),
        (one.pem[key..].to_owned(), "no certificate in it"),
    ] {
        let error = read_identity(text.as_bytes(), None).expect_err(why);
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_through_a_proxy_and_what_is_not() {
    let mut company = Company::new();
    let port = company.serve("wiki.acme.com");
    let plain = serve_plainly(greeting());
    let proxy = Proxy::to(port, None);
    company.through(&proxy.address(), None, &["*.intern.acme.com"]);
    let http = company.http();
    // The name is the proxy's to look up: here it leads nowhere.
    let answered = get(&http, "https://wiki.acme.com/").await;
    assert_eq!(answered.expect("it answers"), "200 hello");
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("CONNECT wiki.acme.com:443 "),
        "{heads:?}"
    );
    assert!(
        !heads[0].to_lowercase().contains("proxy-authorization"),
        "{heads:?}"
    );

    let here = format!("http://127.0.0.1:{plain}/");
    assert_eq!(get(&http, &here).await.expect("it answers"), "200 hello");
    words(&http, "https://git.intern.acme.com.invalid/").await;
    let before = proxy.heads().len();
    words(&http, "https://git.intern.acme.com/").await;
    assert_eq!(
        proxy.heads().len(),
        before,
        "exceptions are reached directly"
    );

    company.settings.proxy = ProxyChoice::None;
    let network = company.network().expect("it fits");
    http.use_network(&network).expect("a client");
    words(&http, "https://wiki.acme.com.invalid/").await;
    assert_eq!(proxy.heads().len(), before, "none is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_gets_the_password_that_is_for_it() {
    let mut company = Company::new();
    let port = company.serve("wiki.acme.com");
    // `ada:open sesame`, as RFC 7617 has it.
    let proxy = Proxy::to(port, Some("Basic YWRhOm9wZW4gc2VzYW1l"));
    company.through(&proxy.address(), Some("ada"), &[]);
    let error = company.network().expect_err("no password is kept");
    assert_eq!(error.kind(), ErrorKind::SignedOut);
    let ProxyChoice::Manual(named) = &company.settings.proxy else {
        panic!("it is named");
    };
    let name = password_name(named).expect("it has a user");
    let put = |password: &str| company.vault.put(&name, &Secret::new(password.to_owned()));
    put("wrong").expect("kept");
    let said = words(&company.http(), "https://wiki.acme.com/").await;
    let place = named.place();
    let expected = format!("`wiki.acme.com` could not be reached through the proxy `{place}`");
    assert_eq!(said, expected);
    put("open sesame").expect("kept");
    let answered = get(&company.http(), "https://wiki.acme.com/").await;
    assert_eq!(answered.expect("it answers"), "200 hello");
    // The server is not told.
    let other = ManualProxy {
        address: "http://other.acme.com:8080".parse().expect("an address"),
        ..named.clone()
    };
    assert_ne!(password_name(&other), Some(name));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_names_the_proxy_and_adds_authorities() {
    let company = Company::new();
    let port = company.serve("wiki.acme.com");
    let proxy = Proxy::to(port, None);
    let policy = |text: serde_json::Value| {
        let file = company.put("policy.json", text.to_string().as_bytes());
        Policy::load(&file)
    };
    let loaded = policy(serde_json::json!({
        "version": 1,
        "network": {"proxy": proxy.address(), "ca_files": [company.settings.ca_files[0]]},
    }));
    let loaded = loaded.expect("a policy");
    let own = NetworkSettings {
        proxy: ProxyChoice::None,
        ..NetworkSettings::default()
    };
    let no_vault = || Err(Error::new(ErrorKind::Bug, "no secret is needed"));
    let network = Network::of_user(&own, &loaded, &no_vault).expect("it fits");
    assert!(network.is_by_policy());
    let http = Http::over(Arc::new(network), Duration::from_secs(20)).expect("a client");
    let answered = get(&http, "https://wiki.acme.com/").await;
    assert_eq!(answered.expect("it answers"), "200 hello");
    assert_eq!(proxy.heads().len(), 1);
    for wrong in [
        serde_json::json!({"proxy": "http://a:b@proxy.acme.com"}),
        serde_json::json!({"pac": "http://acme.com/proxy.pac"}),
        serde_json::json!({"ca_files": ["relative.pem"]}),
        serde_json::json!({"ca_files": ["/not/there.pem"]}),
    ] {
        let error = policy(serde_json::json!({"version": 1, "network": wrong}));
        let error = error.expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{wrong}");
    }
}

#[test]
fn only_the_user_s_own_file_says_how_servers_are_reached() {
    let mut company = Company::new();
    company.through("https://proxy.acme.com:8443", Some("ada"), &["10.0.0.0/8"]);
    company.settings.certificate_hosts = vec!["wiki.acme.com".to_owned()];
    let paths = Paths::below(company.home.path());
    let mut settings = Settings::default();
    settings.network = company.settings.clone();
    settings.crash_reports = true;
    settings.save(&paths).expect("written");
    assert_eq!(Settings::load(&paths).expect("read"), settings);

    for (text, says) in [
        ("proxy = \"manual\"", "proxy_address"),
        ("proxy = \"pac\"", "network.proxy"),
        (
            "proxy = \"manual\"\nproxy_address = \"http://a:canary@b\"",
            "is no address",
        ),
        ("proxy_password = \"canary\"", "proxy_password"),
        ("client_certificates = [\"a b\"]", "names of hosts"),
    ] {
        let text = format!("[network]\n{text}\n");
        write_atomically(&Settings::file(&paths), text.as_bytes()).expect("written");
        let error = Settings::load(&paths).expect_err(&text);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text}");
        assert!(error.to_string().contains(says), "{error}");
    }

    let hostile = "[network]\nproxy = \"manual\"\nproxy_address = \"http://evil.example\"\n";
    let folder = company.home.path().join("repository");
    std::fs::create_dir(&folder).expect("a folder");
    write_atomically(&folder.join(".tributary.toml"), hostile.as_bytes()).expect("written");
    let refused = RepositorySettings::find(&folder);
    let error = refused.expect_err("a repository decides nothing of the kind");
    assert!(error.to_string().contains("network"), "{error}");
}

#[test]
fn a_file_that_holds_no_authority_is_named() {
    let company = Company::new();
    let damaged = company.put(
        "damaged.pem",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let empty = company.put("empty.pem", b"");
    for file in [damaged, empty, PathBuf::from("/not/there.pem")] {
        let settings = NetworkSettings {
            ca_files: vec![file.clone()],
            ..NetworkSettings::default()
        };
        let no_vault = || Err(Error::new(ErrorKind::Bug, "no secret is needed"));
        let error = Network::new(settings, &no_vault).expect_err("there is none");
        assert!(
            error.to_string().contains(&file.display().to_string()),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_kept_and_many_requests_share_one_where_the_server_offers_it() {
    let company = Company::new();
    for (protocol, at_once) in [(Protocol::Http1, 1), (Protocol::Http2, 40)] {
        let (port, counted) = serve_many(&company.authority.vouch("localhost"), protocol);
        let http = company.http().for_operation(64, CancellationToken::new());
        let address = format!("https://localhost:{port}/");
        // Which protocol it is, the first one learns.
        assert_eq!(get(&http, &address).await.expect("an answer"), "200 hello");
        let rounds = 9;
        for _ in 0..rounds {
            let asking = (0..at_once).map(|_| get(&http, &address));
            for answer in join_all(asking).await {
                assert_eq!(answer.expect("an answer"), "200 hello");
            }
        }
        let requests = counted.requests.load(Ordering::Relaxed);
        let connections = counted.connections.load(Ordering::Relaxed);
        assert_eq!(requests, 1 + rounds * at_once, "{protocol:?}");
        // In HTTP/1, the next request may come before the connection of the last one is back.
        let most = match protocol {
            Protocol::Http1 => requests / 3,
            Protocol::Http2 => 1,
        };
        assert!(
            connections <= most,
            "{protocol:?}: {connections} for {requests}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_come_compressed_where_the_server_can() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let words = "Many words. ".repeat(10_000);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(words.as_bytes()).expect("it is packed");
    let packed = packed.finish().expect("it is packed");
    let sent = packed.len();
    let serving = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("somebody asks");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).expect("a head");
            head.push(byte[0]);
        }
        let said = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        socket
            .write_all(&[said.as_bytes(), &packed].concat())
            .expect("it is read");
        String::from_utf8_lossy(&head).to_lowercase()
    });
    let read = get(&Company::new().http(), &address)
        .await
        .expect("an answer");
    assert_eq!(read, format!("200 {words}"));
    let head = serving.join().expect("it answered");
    assert!(head.contains("accept-encoding: gzip"), "{head}");
    assert!(sent * 20 < words.len(), "that is what it saves");
}
