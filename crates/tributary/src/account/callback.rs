//! Where the browser comes back to: a listener on this machine for one sign-in, and deep links.
//!
//! The listener is bound before the browser opens and closed as soon as the answer is there
//! (RFC 8252, sections 7.3 and 8.3). Whatever comes without the state of this sign-in is turned
//! away and changes nothing, so that nobody can end a sign-in who did not begin it. The page the
//! person sees is always the same and repeats nothing of the request.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use url::{Url, form_urlencoded};

use super::provider::Redirect;
use crate::error::{Error, ErrorKind, Remedy};
use crate::vault::Secret;

/// The most of a request that is read.
const LONGEST_REQUEST: usize = 8 * 1024;
/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Connections at once; a browser needs one or two.
const CONNECTIONS: usize = 16;
const HEADERS: usize = 64;
/// The longest deep link that is looked at.
const LONGEST_LINK: usize = 8 * 1024;

/// How the path ends to which a browser is sent on, so that no code stays in its address.
const DONE: &str = "/done";

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Tributary</title>\
<h1>You can go back to Tributary</h1>\
<p>It says there whether the sign-in worked. This page can be closed.</p></html>\n";

/// What came back for a sign-in.
#[derive(Debug)]
pub(super) struct Came {
    /// The code, or the word with which it was refused.
    pub(super) answer: Result<Secret, String>,
    /// Who the server says it is (RFC 9207).
    pub(super) issuer: Option<String>,
}

/// Reads the answer in a query, if it is the one to this state.
fn answer(query: &str, state: &Secret) -> Option<Came> {
    let (mut code, mut error, mut issuer, mut states) = (None, None, None, Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "state" => states.push(value.into_owned()),
            "code" if code.is_none() => code = Some(value.into_owned()),
            "error" if error.is_none() => error = Some(value.into_owned()),
            "iss" if issuer.is_none() => issuer = Some(value.into_owned()),
            _ => {}
        }
    }
    let [given] = states.as_slice() else {
        return None;
    };
    if !state.is(given) {
        return None;
    }
    let answer = match (code, error) {
        (_, Some(error)) => Err(error),
        (Some(code), None) if !code.is_empty() => Ok(Secret::new(code)),
        _ => return None,
    };
    Some(Came { answer, issuer })
}

/// A listener that waits for one browser.
#[derive(Debug)]
pub(super) struct Loopback {
    listener: TcpListener,
    host: String,
    port: u16,
    path: String,
}

impl Loopback {
    /// Takes a port, on this machine only.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when every port that is registered is taken.
    pub(super) fn open(redirect: &Redirect, path: String) -> Result<Self, Error> {
        let any = [0];
        let ports = if redirect.ports.is_empty() {
            &any[..]
        } else {
            &redirect.ports[..]
        };
        let mut trouble = None;
        for port in ports {
            match listen(*port) {
                Ok((listener, port)) => {
                    return Ok(Self {
                        listener,
                        host: redirect.host.clone(),
                        port,
                        path,
                    });
                }
                Err(error) => trouble = Some(error),
            }
        }
        let ports: Vec<String> = redirect.ports.iter().map(u16::to_string).collect();
        let error = Error::new(
            ErrorKind::Conflict,
            sentence!(
                "The browser could not come back: another program uses the port {ports}",
                ports = ports.join(" or ")
            ),
        )
        .remedy(Remedy::of_each(
            "Close that program and try again, or sign in another way: with a code (`--device`) \
             or a token (`--token-stdin`)",
            "Close that program and try again, or sign in another way: with a code or a token",
        ));
        Err(match trouble {
            Some(trouble) => error.caused_by(trouble),
            None => error,
        })
    }

    /// The redirect address.
    pub(super) fn address(&self) -> String {
        format!("http://{}:{}{}", self.host, self.port, self.path)
    }

    /// Waits for the answer to this state, turning everything else away. Cancelled by dropping.
    pub(super) async fn wait(self, state: &Secret) -> Came {
        let (sender, mut receiver) = mpsc::channel::<(String, TcpStream)>(1);
        let rules = Arc::new(Rules {
            // A browser says the name it was given; a page elsewhere that had its own name point
            // here says that name.
            hosts: vec![format!("{}:{}", self.host, self.port)],
            path: self.path,
        });
        let mut connections = JoinSet::new();
        let mut open: VecDeque<AbortHandle> = VecDeque::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((stream, from)) = accepted else { continue };
                    if !from.ip().is_loopback() {
                        continue;
                    }
                    open.retain(|connection| !connection.is_finished());
                    if open.len() >= CONNECTIONS
                        && let Some(oldest) = open.pop_front()
                    {
                        // Who says nothing makes room: a browser speaks at once.
                        oldest.abort();
                    }
                    let (rules, sender) = (Arc::clone(&rules), sender.clone());
                    open.push_back(connections.spawn(async move {
                        // Whoever takes longer loses the connection, and nothing else happens.
                        tokio::time::timeout(PATIENCE, serve(stream, &rules, &sender)).await.ok();
                    }));
                }
                Some((query, stream)) = receiver.recv() => {
                    let came = answer(&query, state);
                    match came {
                        Some(came) => {
                            // The browser is told where to go, then may fetch the page that holds
                            // nothing; the listener stays for that alone, and for a moment.
                            let left = Left { listener: self.listener, rules };
                            tokio::spawn(left.say_goodbye(stream));
                            return came;
                        }
                        None => {
                            connections.spawn(async move {
                                tokio::time::timeout(PATIENCE, say(stream, Say::No)).await.ok();
                            });
                        }
                    }
                }
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
            }
        }
    }
}

/// What is left of a listener once the answer came.
struct Left {
    listener: TcpListener,
    rules: Arc<Rules>,
}

impl Left {
    async fn say_goodbye(self, stream: TcpStream) {
        let path = format!("{}{DONE}", self.rules.path);
        let goodbye = async {
            say(stream, Say::Onward(&path)).await;
            let (sender, mut nobody) = mpsc::channel(1);
            nobody.close();
            // Until the page was fetched once; whoever says nothing keeps it from nobody.
            let mut serving = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((stream, _)) = self.listener.accept(), if serving.len() < CONNECTIONS => {
                        let (rules, sender) = (Arc::clone(&self.rules), sender.clone());
                        serving.spawn(async move { serve(stream, &rules, &sender).await });
                    }
                    Some(served) = serving.join_next() => {
                        if matches!(served, Ok(Served::Page)) {
                            break;
                        }
                    }
                }
            }
        };
        // A browser that never asks keeps the port no longer than this.
        tokio::time::timeout(PATIENCE, goodbye).await.ok();
    }
}

fn listen(port: u16) -> std::io::Result<(TcpListener, u16)> {
    let socket = TcpSocket::new_v4()?;
    // On Linux this lets a port be used again right after a sign-in, and no second listener; on
    // Windows it would let another program take the port over.
    #[cfg(target_os = "linux")]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let listener = socket.listen(64)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

struct Rules {
    hosts: Vec<String>,
    path: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Served {
    Page,
    Nothing,
}

enum Say<'a> {
    /// That this is not what was waited for.
    No,
    /// To go on to the page.
    Onward(&'a str),
    /// The page.
    Page,
}

async fn serve(
    mut stream: TcpStream,
    rules: &Rules,
    sender: &mpsc::Sender<(String, TcpStream)>,
) -> Served {
    let mut bytes = Vec::with_capacity(1024);
    let target = loop {
        let mut part = [0_u8; 1024];
        let Ok(count) = stream.read(&mut part).await else {
            return Served::Nothing;
        };
        bytes.extend_from_slice(&part[..count]);
        if bytes.len() > LONGEST_REQUEST {
            break None;
        }
        match read(&bytes, rules) {
            Read::Whole(target) => break target,
            Read::Part if count > 0 => {}
            Read::Part => break None,
        }
    };
    match target {
        Some(Target::Answer(query)) => {
            if let Err(error) = sender.send((query, stream)).await {
                say(error.0.1, Say::No).await;
            }
            Served::Nothing
        }
        Some(Target::Done) => {
            say(stream, Say::Page).await;
            Served::Page
        }
        None => {
            say(stream, Say::No).await;
            Served::Nothing
        }
    }
}

enum Target {
    Answer(String),
    Done,
}

enum Read {
    /// A request that is whole, or can never become one, and what it is for.
    Whole(Option<Target>),
    /// The beginning of one.
    Part,
}

/// Reads what came of a request so far.
fn read(bytes: &[u8], rules: &Rules) -> Read {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => Read::Whole(target(&request, rules)),
        Ok(httparse::Status::Partial) => Read::Part,
        Err(_) => Read::Whole(None),
    }
}

/// Whether a request ends a sign-in, for the fuzzer.
#[cfg(fuzzing)]
pub(super) fn ends(bytes: &[u8], host: &str, path: &str, state: &Secret) -> bool {
    let rules = Rules {
        hosts: vec![host.to_owned()],
        path: path.to_owned(),
    };
    let read = read(&bytes[..bytes.len().min(LONGEST_REQUEST)], &rules);
    match read {
        Read::Whole(Some(Target::Answer(query))) => answer(&query, state).is_some(),
        Read::Whole(_) | Read::Part => false,
    }
}

/// What a request is for; none when no browser that comes back would send it.
fn target(request: &httparse::Request<'_, '_>, rules: &Rules) -> Option<Target> {
    let header = |name: &str| {
        let mut found = request
            .headers
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name));
        let first = found.next();
        (first, found.next().is_some())
    };
    let (Some(host), false) = header("host") else {
        return None;
    };
    let host = std::str::from_utf8(host.value).ok()?;
    let is_ours = rules.hosts.iter().any(|known| known == host);
    let origin = match header("origin") {
        (None, _) => true,
        (Some(origin), false) => origin.value == b"null",
        (Some(_), true) => false,
    };
    if request.method != Some("GET") || !is_ours || !origin {
        return None;
    }
    let (path, query) = request.path?.split_once('?').unwrap_or((request.path?, ""));
    if path == rules.path {
        return Some(Target::Answer(query.to_owned()));
    }
    let is_done = path.strip_suffix(DONE) == Some(rules.path.as_str()) && query.is_empty();
    is_done.then_some(Target::Done)
}

async fn say(mut stream: TcpStream, what: Say<'_>) {
    let (status, location, page) = match what {
        Say::No => ("400 Bad Request", None, ""),
        Say::Onward(path) => ("303 See Other", Some(path), ""),
        Say::Page => ("200 OK", None, PAGE),
    };
    let location = location.map_or_else(String::new, |path| format!("Location: {path}\r\n"));
    let text = format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    // A browser that is gone needs no answer.
    stream.write_all(text.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

/// What a link that opened the program brings, when it is one that can bring an answer.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) provider: String,
    pub(super) query: String,
}

impl Link {
    /// Reads `tributary://oauth/PROVIDER?code=…&state=…`; none for any other link.
    pub(super) fn read(link: &str) -> Option<Self> {
        // No server writes such signs into an address (RFC 3986; RFC 6749, appendix A, for what is
        // in this one), and a reader of addresses takes line breaks and tabs out in silence: what
        // was not the state of a sign-in would become it.
        if link.len() > LONGEST_LINK || link.contains(char::is_control) {
            return None;
        }
        let url = Url::parse(link).ok()?;
        if url.scheme() != "tributary" || url.host_str() != Some("oauth") {
            return None;
        }
        let provider = url.path().trim_start_matches('/').to_owned();
        let sound = provider
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (sound && !provider.is_empty()).then(|| Self {
            provider,
            query: url.query().unwrap_or_default().to_owned(),
        })
    }

    /// The answer it brings to this state.
    pub(super) fn answer(&self, state: &Secret) -> Option<Came> {
        answer(&self.query, state)
    }
}
