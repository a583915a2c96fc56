//! Records reach a syslog server over TCP and TLS, and wait while it is away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tributary::audit::{Audit, Filter, Form};
use tributary::settings::{ForwardSettings, Transport};

use crate::{Place, page, put};

/// Long enough for anything on this machine; nothing waits that long unless it fails.
const LIMIT: Duration = Duration::from_secs(60);

fn settings(transport: Transport, port: u16) -> ForwardSettings {
    ForwardSettings {
        transport,
        host: "localhost".to_owned(),
        port,
        ca_file: None,
        enterprise: None,
        wait_seconds: 5,
    }
}

fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

#[test]
fn a_cursor_behind_all_records_leaves_none_to_wait() {
    let place = Place::new();
    let audit = place.audit();
    audit.record(page(1)).expect("recorded");
    audit.settle().expect("written");
    let settings = settings(Transport::Tcp, 514);
    let all = audit.forwarded(&settings).expect("readable").waiting;
    assert!(all > 0);
    for (delivered, waiting) in [("1", all - 1), ("18446744073709551615", 0), ("-1", all)] {
        let cursor = format!("{{\"to\":\"{settings}\",\"delivered\":{delivered}}}");
        put(&place.folder().join("forward.json"), cursor.as_bytes());
        let state = audit.forwarded(&settings).expect("readable");
        assert_eq!(state.waiting, waiting, "{delivered}");
    }
}

/// Reads octet-counted messages (RFC 6587, 3.4.1) until the other side ends, or so many.
fn messages(stream: impl Read, most: usize, to: &Sender<String>) {
    let mut reader = BufReader::new(stream);
    for _ in 0..most {
        let mut count = Vec::new();
        let read = reader.read_until(b' ', &mut count).unwrap_or(0);
        if read == 0 {
            return;
        }
        let count = String::from_utf8(count).expect("digits");
        let count: usize = count.trim_end().parse().expect("a length");
        let mut message = vec![0; count];
        if reader.read_exact(&mut message).is_err() {
            return;
        }
        // Nobody listens any more when the test has seen enough.
        to.send(String::from_utf8(message).expect("ASCII")).ok();
    }
}

/// A server that takes connections one after the other; of the first it takes only so many
/// messages before it breaks it.
fn serve(listener: TcpListener, first: usize, tls: Option<Arc<ServerConfig>>) -> Receiver<String> {
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let stream = stream.expect("a connection");
            let most = if number == 0 { first } else { usize::MAX };
            match &tls {
                None => messages(stream, most, &sender),
                Some(config) => {
                    let Some(stream) = secured(stream, config) else {
                        continue;
                    };
                    messages(stream, most, &sender);
                }
            }
        }
    });
    received
}

fn secured(
    mut stream: TcpStream,
    config: &Arc<ServerConfig>,
) -> Option<StreamOwned<ServerConnection, TcpStream>> {
    let mut connection = ServerConnection::new(Arc::clone(config)).expect("a configuration");
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).ok()?;
    }
    Some(StreamOwned::new(connection, stream))
}

fn lines(audit: &Audit) -> Vec<String> {
    let exported = audit.export(
        &Filter::default(),
        Form::Syslog,
        &tributary::audit::Sender::default(),
    );
    exported
        .expect("exported")
        .lines()
        .map(str::to_owned)
        .collect()
}

fn take(received: &Receiver<String>, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            received
                .recv_timeout(LIMIT)
                .unwrap_or_else(|_| panic!("message {number} of {count} did not come"))
        })
        .collect()
}

#[test]
fn every_record_arrives_over_tcp_as_it_is_exported_and_only_once() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    for number in 0..150 {
        audit.record(page(number)).expect("recorded");
    }
    let (listener, port) = listen();
    let received = serve(listener, usize::MAX, None);
    let settings = settings(Transport::Tcp, port);
    assert_eq!(audit.forwarded(&settings).expect("readable").waiting, 150);
    let forwarder = audit.forward(&settings);
    // What is recorded while it runs goes along.
    audit.record(page(150)).expect("recorded");
    let done = forwarder.finish(LIMIT);
    assert_eq!((done.delivered, done.waiting, done.error), (151, 0, None));
    let got = take(&received, 151);
    assert_eq!(got, lines(&audit)[..151]);

    // Another process goes on where that one ended.
    let done = place
        .audit_without_keystore()
        .forward(&settings)
        .finish(LIMIT);
    assert_eq!(done.delivered, 152, "the export was recorded");
    assert!(take(&received, 1)[0].contains("audit.export"));
    assert_eq!(audit.forwarded(&settings).expect("readable").waiting, 0);
    assert!(received.try_recv().is_err(), "nothing came twice");
}

#[test]
fn nobody_waits_for_a_server_that_is_away_and_nothing_is_lost() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    // A port that nobody listens on, until somebody does.
    let (listener, port) = listen();
    drop(listener);
    let settings = settings(Transport::Tcp, port);
    let forwarder = audit.forward(&settings);
    for number in 0..100 {
        audit
            .record(page(number))
            .expect("recorded although the server is away");
    }
    let done = forwarder.finish(LIMIT);
    assert_eq!((done.delivered, done.waiting), (0, 100));
    let error = done.error.expect("it says why");
    assert!(
        error.contains("did not take the records") && error.contains("audit.forward"),
        "{error}"
    );

    let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free again");
    let received = serve(listener, usize::MAX, None);
    let done = audit.forward(&settings).finish(LIMIT);
    assert_eq!((done.delivered, done.waiting, done.error), (100, 0, None));
    assert_eq!(take(&received, 100), lines(&audit)[..100]);
}

#[test]
fn a_connection_that_breaks_loses_no_record() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    for number in 0..300 {
        audit.record(page(number)).expect("recorded");
    }
    let (listener, port) = listen();
    let received = serve(listener, 70, None);
    let settings = settings(Transport::Tcp, port);
    // The first attempt ends with the broken connection, or before it is noticed.
    let mut rounds = 0;
    while audit.forwarded(&settings).expect("readable").waiting > 0 {
        audit.forward(&settings).finish(LIMIT);
        rounds += 1;
        assert!(rounds < 10, "it does not end");
    }
    let wanted = lines(&audit);
    let mut missing: Vec<&String> = wanted[..300].iter().collect();
    while !missing.is_empty() {
        let got = received.recv_timeout(LIMIT);
        let got = got.unwrap_or_else(|_| panic!("{} never came", missing.len()));
        missing.retain(|line| **line != got);
    }
}

/// An authority, and a server's certificate from it.
struct Certificates {
    _keep: tempfile::TempDir,
    ca_file: PathBuf,
    server: Arc<ServerConfig>,
}

fn certificates() -> Certificates {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let names = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = names.signed_by(&key, &authority).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        )
        .expect("a configuration");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ca_file = folder.path().join("authority.pem");
    put(&ca_file, authority.pem().as_bytes());
    Certificates {
        _keep: folder,
        ca_file,
        server: Arc::new(server),
    }
}

#[test]
fn over_tls_only_the_server_with_the_right_certificate_gets_anything() {
    let place = Place::new();
    let audit = place.audit();
    for number in 0..100 {
        audit.record(page(number)).expect("recorded");
    }
    let (right, wrong) = (certificates(), certificates());
    let (listener, port) = listen();
    let received = serve(listener, usize::MAX, Some(Arc::clone(&right.server)));
    let with = |ca_file: Option<PathBuf>, host: &str| ForwardSettings {
        ca_file,
        host: host.to_owned(),
        ..settings(Transport::Tls, port)
    };
    for refused in [
        // Another authority, the system's authorities, another name.
        with(Some(wrong.ca_file), "localhost"),
        with(None, "localhost"),
        with(Some(right.ca_file.clone()), "127.0.0.1"),
        with(
            Some(place.home.path().join("no-such-file.pem")),
            "localhost",
        ),
    ] {
        let done = audit.forward(&refused).finish(LIMIT);
        assert_eq!(done.delivered, 0, "{refused:?}");
        assert!(done.error.is_some(), "{refused:?}");
    }
    assert!(
        received.try_recv().is_err(),
        "nothing was told to whom we do not trust"
    );

    let settings = with(Some(right.ca_file), "localhost");
    let done = audit.forward(&settings).finish(LIMIT);
    // The key's record and a checkpoint are among them: the anchor outside of this machine.
    assert_eq!((done.delivered, done.waiting, done.error), (102, 0, None));
    let got = take(&received, 102);
    assert_eq!(got, lines(&audit)[..102]);
    assert!(
        got.iter()
            .any(|message| message.contains("audit.checkpoint"))
    );
}

#[test]
fn a_plain_server_behind_a_secure_address_gets_nothing_readable() {
    let place = Place::new();
    let audit = place.audit_without_keystore();
    audit.record(page(1)).expect("recorded");
    let (listener, port) = listen();
    let (sender, seen) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut bytes = vec![0; 4096];
        let read = stream.read(&mut bytes).unwrap_or(0);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").ok();
        sender.send(bytes[..read].to_vec()).ok();
    });
    let done = audit.forward(&settings(Transport::Tls, port)).finish(LIMIT);
    assert_eq!((done.delivered, done.waiting), (0, 1));
    let seen = seen.recv_timeout(LIMIT).expect("it was spoken to");
    assert!(!String::from_utf8_lossy(&seen).contains("publish"));
}
