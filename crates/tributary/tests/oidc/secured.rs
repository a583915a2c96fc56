//! To a server whose certificate is not good, nothing is said.
//!
//! Which authorities are trusted is the system's matter, so that the asking is done by another
//! process for which the system trusts one that was made here.

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio_util::sync::CancellationToken;
use tributary::account::{Accounts, Mode, Policy, SignIn, Way};
use tributary::audit::Clock;
use tributary::store::write_atomically;
use tributary::vault::{Secret, session_vault};
use tributary::{Error, ErrorKind};

use crate::setup;

/// The ports to ask at, separated by spaces.
const PORTS: &str = "TRIBUTARY_OIDC_TEST_PORTS";
/// The policy of the machine, where there is one.
const POLICY: &str = "TRIBUTARY_OIDC_TEST_POLICY";
const TOKEN: &str = "a-token-for-nobody-else";

/// Not a test by itself: what the other process does.
#[tokio::test(flavor = "multi_thread")]
async fn other_process() {
    let Ok(ports) = std::env::var(PORTS) else {
        return;
    };
    for port in ports.split(' ') {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (vault, clock) = (Arc::from(session_vault()), Clock::of_system());
        let server = format!("https://localhost:{port}");
        let mut setup = setup(home.path(), vault, &clock, &server, 1);
        if let Ok(policy) = std::env::var(POLICY) {
            // Under a policy the settings lead nobody elsewhere: it says where the server is.
            let mut policy: serde_json::Value = serde_json::from_str(&policy).expect("JSON");
            policy["providers"]["gitlab"]["change"] =
                serde_json::to_value(&setup.providers["gitlab"]).expect("a table");
            let file = home.path().join("policy.json");
            write_atomically(&file, policy.to_string().as_bytes()).expect("written");
            setup.policy = Policy::load(&file).expect("a policy");
        }
        let accounts = Accounts::open(setup).expect("accounts");
        let place = accounts.place("gitlab", None).expect("a place");
        accounts
            .register(&place, Mode::Individual, "public", None)
            .expect("kept");
        let way = Way::Token {
            token: Secret::new(TOKEN.to_owned()),
            kind: None,
            user: String::new(),
            ends: None,
        };
        // By the client that asks, and by the one that signs in.
        for way in [way, Way::Device] {
            let wish = SignIn {
                place: place.clone(),
                way,
                purpose: tributary::account::Purpose::Read,
                mode: Mode::Individual,
                again: None,
            };
            let cancel = CancellationToken::new();
            let ended = accounts.sign_in(wish, &|_| {}, &cancel).await;
            println!("\nat {port} {:?}", ended.map(drop).map_err(kind_of));
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over")]
fn kind_of(error: Error) -> ErrorKind {
    println!("{}", error.chain());
    error.kind()
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

/// A certificate by an authority, or by itself.
fn certified(params: &CertificateParams, by: Option<&Authority>) -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let certificate = match by {
        Some(authority) => params.signed_by(&key, authority),
        None => params.self_signed(&key),
    };
    let certificate = certificate.expect("a certificate").der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    Arc::new(config.expect("a configuration"))
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).expect("a name")
}

/// A server that notes what it can read, and answers as one that knows alice and gives no codes.
struct Listening {
    port: u16,
    read: Arc<Mutex<Vec<u8>>>,
}

fn listen(config: Option<Arc<ServerConfig>>) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let read = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&read);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, noted) = (config.clone(), Arc::clone(&noted));
            // Whoever does not trust the certificate breaks off, which is no trouble here.
            thread::spawn(move || match config {
                Some(config) => {
                    let connection = ServerConnection::new(config).expect("it fits");
                    answer(StreamOwned::new(connection, stream), &noted)
                }
                None => answer(stream, &noted),
            });
        }
    });
    Listening { port, read }
}

fn answer<S: Read + Write>(mut stream: S, noted: &Mutex<Vec<u8>>) -> io::Result<()> {
    let mut bytes: Vec<u8> = Vec::new();
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part)?;
        noted
            .lock()
            .expect("no thread panicked")
            .extend(&part[..count]);
        bytes.extend(&part[..count]);
        if count == 0 {
            return Ok(());
        }
        // The first byte of TLS, at a server that has none.
        if bytes[0] == 0x16 {
            break;
        }
    }
    let said = r#"{"sub":"alice","preferred_username":"alice","error":"access_denied"}"#;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
        said.len()
    )?;
    stream.flush()
}

#[test]
fn a_server_without_a_good_certificate_is_told_nothing() {
    let (ours, others) = (authority(), authority());
    let mut ended = named("localhost");
    ended.not_before = date_time_ymd(2020, 1, 1);
    ended.not_after = date_time_ymd(2021, 1, 1);
    let mut begins_later = named("localhost");
    begins_later.not_before = date_time_ymd(2999, 1, 1);
    begins_later.not_after = date_time_ymd(3000, 1, 1);
    let good = listen(Some(certified(&named("localhost"), Some(&ours))));
    let bad = [
        ("ended", Some(certified(&ended, Some(&ours)))),
        ("begins later", Some(certified(&begins_later, Some(&ours)))),
        (
            "another's name",
            Some(certified(&named("elsewhere.example"), Some(&ours))),
        ),
        (
            "another authority",
            Some(certified(&named("localhost"), Some(&others))),
        ),
        ("by itself", Some(certified(&named("localhost"), None))),
        ("none", None),
    ]
    .map(|(name, config)| (name, listen(config)));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let trusted = folder.path().join("authority.pem");
    write_atomically(&trusted, ours.pem().as_bytes()).expect("written");
    let ports = bad.iter().map(|(_, server)| server.port.to_string());
    let ports: Vec<String> = ports.chain([good.port.to_string()]).collect();
    let output = Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "secured::other_process", "--nocapture"])
        .env(PORTS, ports.join(" "))
        .env("SSL_CERT_FILE", &trusted)
        .env_remove("SSL_CERT_DIR")
        .env("NO_PROXY", "localhost")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let outcomes = |port: u16| {
        let start = format!("at {port} ");
        let lines = said.lines().filter_map(|line| line.strip_prefix(&start));
        lines.collect::<Vec<_>>()
    };
    for (name, server) in &bad {
        let expected = ["Err(Offline)", "Err(Offline)"];
        assert_eq!(outcomes(server.port), expected, "{name}: {said}");
        let read = server.read.lock().expect("no thread panicked").clone();
        let read = String::from_utf8_lossy(&read).into_owned();
        assert!(!read.contains("HTTP"), "{name} was told {read}");
        assert!(!read.contains(TOKEN), "{name} was told {read}");
    }
    // So that the others say something.
    assert_eq!(outcomes(good.port), ["Ok(())", "Err(Forbidden)"], "{said}");
    let read = good.read.lock().expect("no thread panicked").clone();
    let read = String::from_utf8_lossy(&read).into_owned();
    assert!(read.contains(TOKEN) && read.contains("/device/auth"));
}

/// The administrator names an authority for a host: it vouches for that host and for no other one.
#[test]
fn an_authority_of_the_policy_vouches_for_its_host_alone() {
    let ours = authority();
    let [named_by_policy, other] =
        [(); 2].map(|()| listen(Some(certified(&named("localhost"), Some(&ours)))));
    let by_nobody = listen(Some(certified(&named("localhost"), None)));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pem = folder.path().join("authority.pem");
    write_atomically(&pem, ours.pem().as_bytes()).expect("written");
    let policy = serde_json::json!({"version": 1, "authorities": {
        format!("localhost:{}", named_by_policy.port): pem,
        format!("localhost:{}", by_nobody.port): pem,
    }});
    let ports = [&named_by_policy, &other, &by_nobody].map(|server| server.port.to_string());
    let nobody = folder.path().join("nobody.pem");
    write_atomically(&nobody, authority().pem().as_bytes()).expect("written");
    let output = Command::new(std::env::current_exe().expect("a program"))
        .args(["--exact", "secured::other_process", "--nocapture"])
        .env(PORTS, ports.join(" "))
        .env(POLICY, policy.to_string())
        .env("SSL_CERT_FILE", &nobody)
        .env_remove("SSL_CERT_DIR")
        .env("NO_PROXY", "localhost")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let said_at = |server: &Listening| {
        let start = format!("at {} ", server.port);
        let lines = said.lines().filter_map(|line| line.strip_prefix(&start));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        said_at(&named_by_policy),
        ["Ok(())", "Err(Forbidden)"],
        "{said}"
    );
    for server in [&other, &by_nobody] {
        assert_eq!(said_at(server), ["Err(Offline)", "Err(Offline)"], "{said}");
        let read = server.read.lock().expect("no thread panicked").clone();
        assert!(!String::from_utf8_lossy(&read).contains("HTTP"), "{said}");
    }
}
