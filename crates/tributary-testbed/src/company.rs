//! A company's network: its own authority, servers behind TLS, and a proxy in between.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// What TLS begins with.
const TLS: u8 = 0x16;

/// Somebody who vouches for servers and for people.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate with its key.
#[derive(Debug)]
pub struct Vouched {
    /// The certificate, in DER.
    pub certificate: Vec<u8>,
    /// The key, in DER: PKCS#8.
    pub key: Vec<u8>,
    /// Both, in PEM.
    pub pem: String,
}

impl Authority {
    /// One that nobody knows yet.
    ///
    /// # Panics
    /// When no key can be made.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = called(name);
        let key = KeyPair::generate().expect("a key");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key).expect("it signs itself"),
        }
    }

    /// Its certificate in PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Vouches for a server or a person.
    ///
    /// # Panics
    /// When the name is none.
    pub fn vouch(&self, name: &str) -> Vouched {
        self.vouch_until(name, 2096)
    }

    /// The same, until the beginning of a year.
    ///
    /// # Panics
    /// When the name is none.
    pub fn vouch_until(&self, name: &str, year: i32) -> Vouched {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.distinguished_name = called(name);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("it signs");
        Vouched {
            certificate: certificate.der().to_vec(),
            pem: format!("{}{}", certificate.pem(), key.serialize_pem()),
            key: key.serialize_der(),
        }
    }
}

fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    called.push(DnType::CommonName, name);
    called
}

/// What a server answers to the head of a request.
pub type Answers = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// An answer with a status, headers and a body, which ends the connection.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// Serves behind TLS on this machine until the process ends; gives the port. Who is to show a
/// certificate, shows one that `people` vouches for.
///
/// # Panics
/// When the certificate does not fit its key.
pub fn serve_secured(server: &Vouched, people: Option<&Authority>, answers: Answers) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("usual versions");
    let builder = match people {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            let der = CertificateDer::from(authority.issuer.der().to_vec());
            roots.add(der).expect("an authority");
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            builder.with_client_cert_verifier(verifier.expect("an authority"))
        }
    };
    let config = Arc::new(shown(builder, server));
    listen(move |socket| {
        let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        let mut stream = StreamOwned::new(session, socket);
        // Who does not trust us, or is not trusted, goes away here.
        if let Some(head) = head_of(&mut stream) {
            stream.write_all(answers(&head).as_bytes()).ok();
        }
        stream.conn.send_close_notify();
        stream.flush().ok();
        // What was sent meanwhile is read to its end: a socket that closes before it takes back what
        // it said last, which is why somebody was turned away.
        stream.sock.shutdown(Shutdown::Write).ok();
        std::io::copy(&mut stream.sock, &mut std::io::sink()).ok();
    })
}

fn shown(
    builder: rustls::ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>,
    server: &Vouched,
) -> ServerConfig {
    let chain = vec![CertificateDer::from(server.certificate.clone())];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.key.clone()));
    builder.with_single_cert(chain, key).expect("they fit")
}

/// What a server counted.
#[derive(Debug, Default)]
pub struct Counted {
    /// Connections that were made to it.
    pub connections: AtomicUsize,
    /// Requests that it answered.
    pub requests: AtomicUsize,
}

/// How a server speaks that keeps connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// One request after the other.
    Http1,
    /// Many at once.
    Http2,
}

/// Serves a greeting behind TLS on this machine until the process ends, in the one protocol that it
/// offers, and keeps connections; gives the port and what it counts.
///
/// # Panics
/// When the certificate does not fit its key.
pub fn serve_many(server: &Vouched, protocol: Protocol) -> (u16, Arc<Counted>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("usual versions")
        .with_no_client_auth();
    let mut config = shown(builder, server);
    config.alpn_protocols = vec![match protocol {
        Protocol::Http1 => b"http/1.1".to_vec(),
        Protocol::Http2 => b"h2".to_vec(),
    }];
    let config = Arc::new(config);
    let counted: Arc<Counted> = Arc::default();
    let counts = Arc::clone(&counted);
    let port = listen(move |socket| {
        counts.connections.fetch_add(1, Ordering::Relaxed);
        let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        let mut stream = StreamOwned::new(session, socket);
        // It goes on until the other side is gone.
        match protocol {
            Protocol::Http1 => {
                while head_of(&mut stream).is_some() {
                    counts.requests.fetch_add(1, Ordering::Relaxed);
                    let said = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
                    if stream.write_all(said).is_err() {
                        return;
                    }
                }
            }
            Protocol::Http2 => {
                frames(&mut stream, &counts).ok();
            }
        }
    });
    (port, counted)
}

/// Answers every request of an HTTP/2 connection with a greeting: as much of RFC 9113 as requests without
/// a body need.
fn frames(stream: &mut (impl Read + Write), counts: &Counted) -> std::io::Result<()> {
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    const PING: u8 = 6;
    const GOAWAY: u8 = 7;
    const ENDS_STREAM: u8 = 1;
    const ENDS_HEADERS: u8 = 4;
    const ACKNOWLEDGES: u8 = 1;
    let frame = |kind: u8, flags: u8, of: [u8; 4], payload: &[u8]| {
        let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
        [&length[1..], &[kind, flags], &of, payload].concat()
    };
    let mut preface = [0; 24];
    stream.read_exact(&mut preface)?;
    stream.write_all(&frame(SETTINGS, 0, [0; 4], &[]))?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags, of) = (head[3], head[4], [head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; usize::try_from(length).expect("it fits")];
        stream.read_exact(&mut payload)?;
        match kind {
            SETTINGS if flags & ACKNOWLEDGES == 0 => {
                stream.write_all(&frame(SETTINGS, ACKNOWLEDGES, [0; 4], &[]))?;
            }
            PING if flags & ACKNOWLEDGES == 0 => {
                stream.write_all(&frame(PING, ACKNOWLEDGES, [0; 4], &payload))?;
            }
            HEADERS if flags & ENDS_STREAM != 0 => {
                counts.requests.fetch_add(1, Ordering::Relaxed);
                // The one byte is `:status 200` in the table that everybody has.
                let said = [
                    frame(HEADERS, ENDS_HEADERS, of, &[0x88]),
                    frame(DATA, ENDS_STREAM, of, b"hello"),
                ];
                stream.write_all(&said.concat())?;
            }
            GOAWAY => return Ok(()),
            _ => {}
        }
    }
}

/// Serves in the clear on this machine until the process ends; gives the port.
pub fn serve_plainly(answers: Answers) -> u16 {
    listen(move |mut socket| {
        let answer = match head_of(&mut socket) {
            Some(head) => answers(&head),
            None => answer("400 Bad Request", "", ""),
        };
        socket.write_all(answer.as_bytes()).ok();
    })
}

/// A proxy that leads every host to one port of this machine.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// One that leads to a port. With `wants`, only for who sends just that as
    /// `Proxy-Authorization`.
    pub fn to(port: u16, wants: Option<&str>) -> Self {
        let wants = wants.map(|wants| format!("proxy-authorization: {wants}"));
        Self::answering(move |head| {
            let lets_in = |wanted: &String| {
                let mut lines = head.lines();
                lines.any(|line| {
                    let (line, wanted) = (line.split_once(": "), wanted.split_once(": "));
                    matches!((line, wanted), (Some(a), Some(b)) if a.0.eq_ignore_ascii_case(b.0) && a.1 == b.1)
                })
            };
            match wants.as_ref().is_none_or(lets_in) {
                true => Ok(port),
                false => Err(answer(
                    "407 Proxy Authentication Required",
                    "proxy-authenticate: Basic realm=\"proxy\"\r\n",
                    "",
                )),
            }
        })
    }

    /// One that lets nobody through.
    pub fn refusing() -> Self {
        Self::answering(|_| Err(answer("403 Forbidden", "", "Not from here.")))
    }

    fn answering(lead: impl Fn(&str) -> Result<u16, String> + Send + Sync + 'static) -> Self {
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&heads);
        let port = listen(move |mut socket| {
            let Some(head) = head_of(&mut socket) else {
                return;
            };
            let mut heads = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heads.push(head.clone());
            drop(heads);
            let port = match lead(&head) {
                Ok(port) => port,
                Err(refusal) => {
                    socket.write_all(refusal.as_bytes()).ok();
                    return;
                }
            };
            let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)) else {
                let refusal = answer("502 Bad Gateway", "", "");
                socket.write_all(refusal.as_bytes()).ok();
                return;
            };
            let begun = match head.starts_with("CONNECT ") {
                true => socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n"),
                false => server.write_all(head.as_bytes()),
            };
            if begun.is_err() {
                return;
            }
            let (Ok(mut up), Ok(mut onward)) = (socket.try_clone(), server.try_clone()) else {
                return;
            };
            thread::spawn(move || {
                std::io::copy(&mut up, &mut onward).ok();
                onward.shutdown(Shutdown::Write).ok();
            });
            std::io::copy(&mut server, &mut socket).ok();
            socket.shutdown(Shutdown::Write).ok();
        });
        Self { port, heads }
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The heads of the requests that came.
    pub fn heads(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        heads.clone()
    }
}

fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(socket));
        }
    });
    port
}

/// The head of a request, with the empty line at its end; none when it ends before, or is no text.
fn head_of(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    // One byte at a time: what comes behind is not ours.
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 || !byte.is_ascii() || byte[0] == TLS {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}
