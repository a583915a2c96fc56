//! The way to a server below HTTP, step by step. What the HTTP client does in one go is done here
//! once more, so that it can be said which part fails; both follow the same [`Network`].

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use rustls_platform_verifier::Verifier;
use url::Url;

use super::{Check, Step, proxy_wants_user};
use crate::Sentence;
use crate::error::{ErrorKind, Remedy};
use crate::http::Http;
use crate::http::tls::{Refusal, refusal};
use crate::network::{ProxyChoice, Route, place_of};

/// The longest that is waited for one step.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest head of an answer of a proxy.
const LONGEST_HEAD: usize = 16 * 1024;
/// How many days before its end a certificate is worth a word.
const ANNOUNCED: i64 = 14;

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// Goes there; says whether a request can follow.
pub(super) fn probe(http: &Http, url: &Url, tell: &mut dyn FnMut(Step)) -> bool {
    let network = http.network();
    let route = network.route(url);
    let by = match (
        network.is_by_policy(),
        &network.settings().proxy,
        network.ways(),
    ) {
        (_, _, Some(ways)) => ways.told_by(),
        (true, _, _) => sentence!("as the policy of this machine says"),
        (_, ProxyChoice::System, _) => sentence!("as the system says"),
        (_, ProxyChoice::None | ProxyChoice::Manual(_) | ProxyChoice::Script(_), _) => {
            sentence!("as you chose")
        }
    };
    let first = match &route {
        Route::Direct => url.clone(),
        Route::Via { proxy } => {
            let place = place_of(proxy);
            tell(Step::fine(
                Check::Proxy,
                sentence!("through `{place}`, {by}", place, by).with("by", by.clone()),
            ));
            proxy.clone()
        }
    };
    if route == Route::Direct {
        tell(Step::fine(
            Check::Proxy,
            sentence!("none, {by}", by).with("by", by.clone()),
        ));
    }
    let Some(addresses) = resolve(&first, tell) else {
        return false;
    };
    let Some(socket) = connect(&first, &addresses, tell) else {
        return false;
    };
    if first.scheme().starts_with("socks") {
        // It asks for the server itself, which the request that follows has it do.
        return true;
    }
    let mut stream: Box<dyn Stream> = Box::new(socket);
    if matches!(route, Route::Via { .. }) {
        if first.scheme() == "https" {
            match secure(http, &first, stream, tell) {
                Some(secured) => stream = secured,
                None => return false,
            }
        }
        if url.scheme() == "https" && !tunnel(http, url, &mut stream, tell) {
            return false;
        }
    }
    url.scheme() != "https" || secure(http, url, stream, tell).is_some()
}

fn port_of(url: &Url) -> u16 {
    url.port_or_known_default().unwrap_or(443)
}

fn resolve(url: &Url, tell: &mut dyn FnMut(Step)) -> Option<Vec<SocketAddr>> {
    let host = url.host_str().unwrap_or_default();
    let found = (host.trim_matches(['[', ']']), port_of(url)).to_socket_addrs();
    let addresses: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
    if addresses.is_empty() {
        tell(Step::failed(
            Check::Name,
            ErrorKind::Offline,
            sentence!("`{host}` has no address", host),
            "Look at the spelling, and whether this machine is in the network, or the VPN, that \
             knows the name",
        ));
        return None;
    }
    let mut shown: Vec<String> = addresses
        .iter()
        .map(|address| address.ip().to_string())
        .collect();
    shown.dedup();
    let message = sentence!("`{host}` is at {shown}", host, shown = shown.join(", "));
    tell(Step::fine(Check::Name, message));
    Some(addresses)
}

fn connect(url: &Url, addresses: &[SocketAddr], tell: &mut dyn FnMut(Step)) -> Option<TcpStream> {
    let mut refused = io::Error::other("it has no address");
    for address in addresses {
        let opened = TcpStream::connect_timeout(address, PATIENCE).and_then(|socket| {
            socket.set_read_timeout(Some(PATIENCE))?;
            socket.set_write_timeout(Some(PATIENCE))?;
            Ok(socket)
        });
        match opened {
            Ok(socket) => {
                tell(Step::fine(
                    Check::Connect,
                    sentence!("to {address}", address),
                ));
                return Some(socket);
            }
            Err(error) => refused = error,
        }
    }
    let port = port_of(url);
    let what = match refused.kind() {
        io::ErrorKind::ConnectionRefused => {
            sentence!("nobody listens at port {port}: {refused}", port, refused)
        }
        io::ErrorKind::TimedOut => {
            sentence!("nobody answers at port {port}: {refused}", port, refused)
        }
        _ => sentence!("no connection to port {port}: {refused}", port, refused),
    };
    tell(Step::failed(
        Check::Connect,
        ErrorKind::Offline,
        what,
        "Look at the address and its port; a firewall, or a server that does not run, looks the same",
    ));
    None
}

/// Has a proxy lead to a server.
fn tunnel(
    http: &Http,
    url: &Url,
    stream: &mut Box<dyn Stream>,
    tell: &mut dyn FnMut(Step),
) -> bool {
    let target = format!("{}:{}", url.host_str().unwrap_or_default(), port_of(url));
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(proof) = http.network().proxy_authorization(url) {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(proof.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let answered = stream
        .write_all(&request)
        .and_then(|()| stream.flush())
        .and_then(|()| status_of(stream));
    let remedy = || Remedy::from("Ask whoever runs the proxy, or choose another way");
    let step = match answered {
        Ok(200..=299) => {
            tell(Step::fine(
                Check::Proxy,
                sentence!("it leads to `{target}`", target),
            ));
            return true;
        }
        Ok(407) => proxy_wants_user(),
        Ok(status) => Step::failed(
            Check::Proxy,
            ErrorKind::Offline,
            sentence!(
                "the proxy refuses to lead to `{target}`: {status}",
                target,
                status
            ),
            remedy(),
        ),
        Err(error) => Step::failed(
            Check::Proxy,
            ErrorKind::Offline,
            sentence!("what answers there is no proxy: {error}", error),
            remedy(),
        ),
    };
    tell(step);
    false
}

fn status_of(stream: &mut Box<dyn Stream>) -> io::Result<u16> {
    let mut head = Vec::new();
    let mut byte = [0];
    // One byte at a time: what comes behind belongs to the server.
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        if stream.read(&mut byte)? == 0 {
            return Err(io::Error::other("it closed the connection"));
        }
        head.push(byte[0]);
    }
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    response.parse(&head).map_err(io::Error::other)?;
    response
        .code
        .ok_or_else(|| io::Error::other("its answer has no status"))
}

/// Secures a connection, and tells who vouches for the server.
fn secure(
    http: &Http,
    url: &Url,
    mut stream: Box<dyn Stream>,
    tell: &mut dyn FnMut(Step),
) -> Option<Box<dyn Stream>> {
    let host = url.host_str().unwrap_or_default();
    let seen = Arc::new(Mutex::new(None));
    let begun = begin(http, url, &seen);
    let mut session = match begun {
        Ok(session) => session,
        Err(error) => {
            let message = sentence!("it cannot begin: {error}", error);
            let remedy =
                Remedy::from("Look at the address, and at the certificates under network settings");
            tell(Step::failed(
                Check::Tls,
                ErrorKind::InvalidInput,
                message,
                remedy,
            ));
            return None;
        }
    };
    let mut ended = Ok(());
    while ended.is_ok() && session.is_handshaking() {
        ended = session.complete_io(&mut stream).map(drop);
    }
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    let certificate = seen.as_deref().and_then(Certificate::read);
    match (ended, certificate) {
        (Ok(()), certificate) => {
            let days = certificate.as_ref().map(|found| found.days_left);
            let says = match certificate {
                Some(found) => found.in_words(),
                None => sentence!("it is secured"),
            };
            tell(match days {
                Some(days) if days < ANNOUNCED => Step::notice(
                    Check::Tls,
                    says,
                    "Tell whoever runs the server that its certificate ends soon",
                ),
                _ => Step::fine(Check::Tls, says),
            });
            Some(Box::new(StreamOwned::new(session, stream)))
        }
        (Err(error), certificate) => {
            let refusal: Option<Refusal> = refusal(&error);
            let place = format!("`{host}`");
            let mut message = match refusal {
                Some(refusal) => refusal.in_words(&place),
                None => sentence!("it broke off: {error}", error),
            };
            if let Some(found) = certificate {
                let found = found.in_words();
                message = sentence!("{message}; {found}", message, found)
                    .with("message", message.clone())
                    .with("found", found);
            }
            let remedy = match refusal {
                Some(refusal) => refusal.remedy(),
                None => Remedy::from(
                    "Something on the way may break secured connections: a firewall, or a proxy \
                     that wants to be told",
                ),
            };
            tell(Step::failed(
                Check::Tls,
                ErrorKind::Offline,
                message,
                remedy,
            ));
            None
        }
    }
}

type Seen = Arc<Mutex<Option<Vec<u8>>>>;

fn begin(http: &Http, url: &Url, seen: &Seen) -> Result<ClientConnection, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(http.authorities(url), Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Noting {
            verifier,
            seen: Arc::clone(seen),
        }));
    let network = http.network();
    let identity = network.identities().get(&place_of(url));
    let config = match identity.and_then(|identity| identity.for_tls()) {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
        None => builder.with_no_client_auth(),
    };
    let host = url.host_str().unwrap_or_default();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
    let name = name.map_err(|error| rustls::Error::General(error.to_string()))?;
    ClientConnection::new(Arc::new(config), name)
}

/// The platform's verifier, which notes what it was shown. It accepts what that accepts, and no more.
#[derive(Debug)]
struct Noting {
    verifier: Verifier,
    seen: Seen,
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// What a person wants to know of a certificate.
struct Certificate {
    subject: String,
    issuer: String,
    ends: String,
    days_left: i64,
}

impl Certificate {
    fn read(der: &[u8]) -> Option<Self> {
        let (_, parsed) = x509_parser::parse_x509_certificate(der).ok()?;
        let ends = Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?;
        let left = ends.as_second() - Timestamp::now().as_second();
        Some(Self {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            ends: ends.strftime("%Y-%m-%d").to_string(),
            days_left: left.div_euclid(24 * 60 * 60),
        })
    }

    fn in_words(&self) -> Sentence {
        let Self {
            subject,
            issuer,
            ends,
            ..
        } = self;
        match (subject == issuer, self.days_left < 0) {
            (true, true) => sentence!(
                "its certificate is signed by itself ({subject}) and ended {ends}",
                subject,
                ends
            ),
            (true, false) => sentence!(
                "its certificate is signed by itself ({subject}) and ends {ends}",
                subject,
                ends
            ),
            (false, true) => {
                sentence!(
                    "its certificate is by {issuer} and ended {ends}",
                    issuer,
                    ends
                )
            }
            (false, false) => {
                sentence!(
                    "its certificate is by {issuer} and ends {ends}",
                    issuer,
                    ends
                )
            }
        }
    }
}
