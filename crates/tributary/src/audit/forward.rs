//! Sends records to a syslog server: RFC 5424 messages over TCP (RFC 6587, octet counting) or TLS
//! (RFC 5425).
//!
//! The log itself is the buffer. A thread follows it from the last record that was delivered, and
//! while the server cannot be reached the log only grows; nobody waits. Syslog has no
//! acknowledgements: a record counts as delivered when the connection was still whole after it was
//! sent. A batch whose connection broke is sent again, so that a record may arrive twice; its
//! number and hash tell. Beside `http` this is the only place that opens a connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde::{Deserialize, Serialize};

use super::export::{self, syslog};
use super::log::{Segment, segments};
use super::record::Entry;
use crate::error::{Error, ErrorKind};
use crate::settings::{ForwardSettings, Transport};
use crate::store;

/// How long a connection may take to come about, and a message to be taken.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the log is looked at for what other processes recorded.
const LOOK: Duration = Duration::from_secs(2);
/// The longest wait before a server that could not be reached is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Records that are sent in one go.
const BATCH: usize = 64;

/// Follows a log and sends it on, on a thread of its own.
#[derive(Debug)]
pub struct Forwarder {
    orders: Sender<Order>,
    state: Arc<Mutex<Forwarded>>,
    ended: Receiver<()>,
}

/// How far forwarding has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forwarded {
    /// The last record that was delivered.
    pub delivered: u64,
    /// How many records wait.
    pub waiting: u64,
    /// Why they wait, when something went wrong.
    pub error: Option<String>,
}

enum Order {
    /// Send what there is, then end.
    Finish,
}

/// Which record was delivered last, and where to.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Cursor {
    to: String,
    delivered: u64,
}

impl Forwarder {
    pub(super) fn start(folder: PathBuf, settings: ForwardSettings) -> Self {
        let (orders, received) = channel();
        let (end, ended) = channel();
        let state = Arc::new(Mutex::new(Forwarded::default()));
        let told = Arc::clone(&state);
        let spawned = std::thread::Builder::new()
            .name("audit-forward".to_owned())
            .spawn(move || {
                let mut follower = Follower::new(folder, settings, told);
                follower.follow(&received);
                // Nobody may be waiting any more.
                end.send(()).ok();
            });
        if let Err(error) = spawned {
            lock(&state).error = Some(format!("no thread could be started: {error}"));
        }
        Self {
            orders,
            state,
            ended,
        }
    }

    /// How far it has come.
    pub fn state(&self) -> Forwarded {
        lock(&self.state).clone()
    }

    /// Sends what is recorded by now, for at most so long, and ends. What is left is sent by the
    /// next one that starts, in whichever process.
    pub fn finish(self, limit: Duration) -> Forwarded {
        // A thread that ended already has nobody to take the order.
        self.orders.send(Order::Finish).ok();
        match self.ended.recv_timeout(limit) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {}
            Err(RecvTimeoutError::Timeout) => {
                let mut state = lock(&self.state);
                let timed_out = || "the server did not take them in time".to_owned();
                state.error.get_or_insert_with(timed_out);
            }
        }
        self.state()
    }
}

/// How far forwarding has come, as the last process that forwarded left it.
pub(super) fn state(folder: &Path, settings: &ForwardSettings) -> Result<Forwarded, Error> {
    let delivered = read_cursor(folder, settings)?.delivered;
    let waiting = Position::after(folder, delivered)?.count(folder)?;
    Ok(Forwarded {
        delivered,
        waiting,
        error: None,
    })
}

struct Follower {
    folder: PathBuf,
    settings: ForwardSettings,
    state: Arc<Mutex<Forwarded>>,
    connection: Option<Connection>,
    /// Where to go on reading.
    position: Option<Position>,
    /// The last record that was sent, and perhaps lost with the connection.
    sent: u64,
    /// The last record that was delivered.
    delivered: u64,
}

impl Follower {
    fn new(folder: PathBuf, settings: ForwardSettings, state: Arc<Mutex<Forwarded>>) -> Self {
        Self {
            folder,
            settings,
            state,
            connection: None,
            position: None,
            sent: 0,
            delivered: 0,
        }
    }

    fn follow(&mut self, orders: &Receiver<Order>) {
        let mut wait = Duration::from_secs(1);
        let mut finishing = false;
        loop {
            let next = match self.round(finishing) {
                Ok(()) if finishing => return,
                Ok(()) => {
                    wait = Duration::from_secs(1);
                    LOOK
                }
                Err(error) => {
                    self.connection = None;
                    self.position = None;
                    let waiting = Position::after(&self.folder, self.delivered)
                        .and_then(|position| position.count(&self.folder));
                    let mut state = lock(&self.state);
                    state.waiting = waiting.unwrap_or(state.waiting);
                    state.error = Some(error.chain());
                    drop(state);
                    // Who waits for the end learns at once that the server is away.
                    if finishing {
                        return;
                    }
                    wait = (wait * 2).min(LONGEST_WAIT);
                    wait
                }
            };
            match orders.recv_timeout(next) {
                Ok(Order::Finish) => finishing = true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Delivers what there is now.
    fn round(&mut self, finishing: bool) -> Result<(), Error> {
        if segments(&self.folder)?.is_empty() {
            return Ok(());
        }
        // One process forwards; the others leave it to that one.
        let Some(_locked) = store::try_lock(&self.folder.join("forward.lock"))? else {
            return Ok(());
        };
        let cursor = read_cursor(&self.folder, &self.settings)?;
        if self.position.is_none() || cursor.delivered > self.delivered {
            self.delivered = cursor.delivered;
            self.sent = cursor.delivered;
            self.position = Some(Position::after(&self.folder, cursor.delivered)?);
        }
        if let Some(connection) = &mut self.connection
            && self.sent > self.delivered
        {
            connection
                .is_whole()
                .map_err(|error| self.unreachable(error))?;
            // At the end the other side is waited for, which says more.
            if !finishing {
                self.settle()?;
            }
        }
        loop {
            let Some(position) = &mut self.position else {
                return Ok(());
            };
            let batch = position.next(&self.folder)?;
            let Some(last) = batch.last().map(|entry| entry.seq) else {
                break;
            };
            self.send(&batch)?;
            self.sent = last;
            lock(&self.state).waiting = 0;
        }
        if finishing && let Some(connection) = self.connection.take() {
            connection
                .close()
                .map_err(|error| self.unreachable(error))?;
            self.settle()?;
        }
        let mut state = lock(&self.state);
        state.error = None;
        state.delivered = self.delivered;
        Ok(())
    }

    fn send(&mut self, batch: &[Entry]) -> Result<(), Error> {
        lock(&self.state).waiting = batch.len() as u64;
        let sender = export::Sender {
            enterprise: self.settings.enterprise.unwrap_or(export::ENTERPRISE),
            ..export::Sender::default()
        };
        let mut bytes = Vec::new();
        for entry in batch {
            let message = syslog(entry, &sender)?;
            // RFC 6587, 3.4.1 and RFC 5425, 4.3: the length in octets, a space, the message.
            bytes.extend(message.len().to_string().bytes());
            bytes.push(b' ');
            bytes.extend(message.bytes());
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                let connected = Connection::open(&self.settings);
                let connected = connected.map_err(|error| self.unreachable(error))?;
                self.connection.insert(connected)
            }
        };
        let sent = connection.is_whole().and_then(|()| connection.send(&bytes));
        sent.map_err(|error| self.unreachable(error))
    }

    /// What was sent counts as delivered.
    fn settle(&mut self) -> Result<(), Error> {
        if self.sent == self.delivered {
            return Ok(());
        }
        self.delivered = self.sent;
        let cursor = Cursor {
            to: self.settings.to_string(),
            delivered: self.delivered,
        };
        let text = serde_json::to_string(&cursor).map_err(|error| {
            Error::new(ErrorKind::Bug, "The cursor could not be written down").caused_by(error)
        })?;
        store::write_private(&cursor_file(&self.folder), text.as_bytes())
    }

    fn unreachable(&self, error: io::Error) -> Error {
        Error::new(
            ErrorKind::Offline,
            sentence!("The syslog server `{settings}` did not take the records", settings = self.settings),
        )
        .remedy("Check `audit.forward` in the settings and that the server listens; the records wait in the log")
        .caused_by(error)
    }
}

fn cursor_file(folder: &Path) -> PathBuf {
    folder.join("forward.json")
}

/// The cursor of this server. Another server gets everything from the beginning.
fn read_cursor(folder: &Path, settings: &ForwardSettings) -> Result<Cursor, Error> {
    let bytes = store::read_if_there(&cursor_file(folder))?.unwrap_or_default();
    let cursor: Cursor = serde_json::from_slice(&bytes).unwrap_or_default();
    let to = settings.to_string();
    if cursor.to == to {
        return Ok(cursor);
    }
    Ok(Cursor { to, delivered: 0 })
}

/// A place in the files of a log.
struct Position {
    segment: Option<Segment>,
    offset: u64,
    after: u64,
}

impl Position {
    /// The place behind a record.
    fn after(folder: &Path, seq: u64) -> Result<Self, Error> {
        let segments = segments(folder)?;
        let within = segments
            .iter()
            .rev()
            .find(|segment| segment.first <= seq.saturating_add(1));
        Ok(Self {
            segment: within.or(segments.first()).cloned(),
            offset: 0,
            after: seq,
        })
    }

    fn count(mut self, folder: &Path) -> Result<u64, Error> {
        let mut count = 0;
        loop {
            match self.next(folder)?.len() as u64 {
                0 => return Ok(count),
                more => count += more,
            }
        }
    }

    /// The next records, if any.
    fn next(&mut self, folder: &Path) -> Result<Vec<Entry>, Error> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(segment) = self.segment.clone() else {
                break;
            };
            let bytes = store::read_from(&segment.path, self.offset)?;
            let ended = self.take(&bytes, &mut batch);
            if ended {
                let segments = segments(folder)?;
                let next = segments.iter().find(|next| next.first > segment.first);
                let Some(next) = next.filter(|_| batch.len() < BATCH) else {
                    break;
                };
                self.segment = Some(next.clone());
                self.offset = 0;
            }
        }
        Ok(batch)
    }

    /// Takes whole lines; says whether none is left.
    fn take(&mut self, bytes: &[u8], batch: &mut Vec<Entry>) -> bool {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.last() != Some(&b'\n') {
                break;
            }
            if batch.len() == BATCH {
                return false;
            }
            self.offset += line.len() as u64;
            if let Ok(entry) = serde_json::from_slice::<Entry>(line)
                && entry.seq > self.after
            {
                self.after = entry.seq;
                batch.push(entry);
            }
        }
        true
    }
}

enum Connection {
    Plain(TcpStream),
    Secure(Box<rustls::StreamOwned<ClientConnection, TcpStream>>),
}

impl Connection {
    fn open(settings: &ForwardSettings) -> io::Result<Self> {
        let addresses = (settings.host.as_str(), settings.port).to_socket_addrs()?;
        let mut reached = Err(io::Error::other("it has no address"));
        for address in addresses {
            reached = TcpStream::connect_timeout(&address, PATIENCE);
            if reached.is_ok() {
                break;
            }
        }
        let socket = reached?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        if settings.transport == Transport::Tcp {
            return Ok(Self::Plain(socket));
        }
        let name = ServerName::try_from(settings.host.clone()).map_err(io::Error::other)?;
        let client = ClientConnection::new(Arc::new(tls(settings)?), name);
        let client = client.map_err(io::Error::other)?;
        let mut stream = rustls::StreamOwned::new(client, socket);
        // The handshake happens now, so that a wrong certificate is told before anything is sent.
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self::Secure(Box::new(stream)))
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(bytes),
            Self::Secure(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }

    /// Whether the other side is still there. It has nothing to say, so whatever comes is looked
    /// at for its end only.
    fn is_whole(&mut self) -> io::Result<()> {
        let gone = || io::Error::new(io::ErrorKind::ConnectionAborted, "it closed the connection");
        self.socket().set_nonblocking(true)?;
        let looked = match self {
            Self::Plain(socket) => match socket.read(&mut [0; 512]) {
                Ok(0) => Err(gone()),
                Ok(_) => Ok(()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
                Err(error) => Err(error),
            },
            Self::Secure(stream) => loop {
                match stream.conn.read_tls(&mut stream.sock) {
                    Ok(0) => break Err(gone()),
                    Ok(_) => match stream.conn.process_new_packets() {
                        Ok(state) if state.peer_has_closed() => break Err(gone()),
                        Ok(_) => {}
                        Err(error) => break Err(io::Error::other(error)),
                    },
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break Ok(()),
                    Err(error) => break Err(error),
                }
            },
        };
        self.socket().set_nonblocking(false)?;
        looked
    }

    /// Ends the connection and waits for the other side to end it too: it has read everything then.
    fn close(mut self) -> io::Result<()> {
        if let Self::Secure(stream) = &mut self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        let socket = self.socket();
        socket.shutdown(Shutdown::Write)?;
        socket.set_read_timeout(Some(Duration::from_secs(2)))?;
        let begun = Instant::now();
        let mut bytes = [0; 512];
        while begun.elapsed() < PATIENCE {
            match (&mut &*socket).read(&mut bytes) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                // Not every server ends a connection because its client did.
                Err(error) if is_timeout(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Secure(stream) => &stream.sock,
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// Trusts the system's authorities, or only those in the file that the settings name.
fn tls(settings: &ForwardSettings) -> io::Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let Some(path) = &settings.ca_file else {
        let builder = builder.with_platform_verifier().map_err(io::Error::other)?;
        return Ok(builder.with_no_client_auth());
    };
    let bytes = std::fs::read(path).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("`{}` could not be read: {error}", path.display()),
        )
    })?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let certificate = certificate.map_err(io::Error::other)?;
        roots.add(certificate).map_err(io::Error::other)?;
    }
    if roots.is_empty() {
        let nothing = format!("`{}` holds no certificate in PEM form", path.display());
        return Err(io::Error::other(nothing));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
