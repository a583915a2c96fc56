//! The only HTTP client: agent, timeouts, redirects, retries, rate limits and the request count.
//!
//! Retries live here and nowhere else. A request that may be repeated is repeated after 429, 502,
//! 503, 504 and connection errors, waiting as the server asks, within a budget. A request that
//! must happen at most once is repeated only where it certainly was not carried out; otherwise the
//! caller is told that its [`Fate`] is unknown and looks for itself.

mod bounds;
mod connections;
mod contents;
mod limits;
mod pace;
pub(crate) mod tls;

use std::collections::{BTreeMap, HashMap};
use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use reqwest::{Method, StatusCode};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::discreet::log::{Level, log};
use crate::discreet::without;
use crate::error::{Error, ErrorKind, Remedy};
use crate::network::{Network, Route};
use crate::vault::Secret;

use bounds::{
    ATTEMPTS, LONGEST_SIGN_IN_ANSWER, LONGEST_SILENCE, LONGEST_WAIT, RENEWALS, asked_to_wait,
    backoff, wait_after,
};
use connections::Connections;
use pace::{Kept, Pace, Pass};

pub use contents::{Contents, FileOnDisk};
pub(crate) use limits::LONGEST_ASKED;
pub use limits::retry_after;

/// How requests prove who sends them.
#[derive(Debug)]
pub enum Credential {
    /// User name (Cloud: the email address) and API token or password.
    Basic {
        /// The user's name.
        user: String,
        /// The token.
        token: Secret,
        /// Whose it is, when it is an account's.
        holder: Option<Holder>,
    },
    /// A personal access token.
    Bearer {
        /// The token.
        token: Secret,
        /// Whose it is, when it is an account's.
        holder: Option<Holder>,
    },
    /// The access token of an account, which is renewed when it runs out.
    Account(Arc<dyn AccessTokens>),
}

impl Credential {
    /// The user's name with a token or password, which is nobody's account.
    pub fn basic(user: impl Into<String>, token: Secret) -> Self {
        Self::Basic {
            user: user.into(),
            token,
            holder: None,
        }
    }

    /// A token by itself, which is nobody's account.
    pub fn bearer(token: Secret) -> Self {
        Self::Bearer {
            token,
            holder: None,
        }
    }

    /// Whose access it is, when it is an account's.
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Basic { holder, .. } | Self::Bearer { holder, .. } => holder.clone(),
            Self::Account(tokens) => Some(tokens.holder()),
        }
    }
}

/// Gives the access token of an account, a fresh one when it has to.
pub trait AccessTokens: fmt::Debug + Send + Sync {
    /// The token to use now, renewed before it runs out.
    fn current(&self) -> BoxFuture<'_, Result<Arc<Secret>, Error>>;

    /// The token to use after the server refused one.
    fn instead_of<'a>(&'a self, refused: &'a Secret) -> BoxFuture<'a, Result<Arc<Secret>, Error>>;

    /// Whose token it is.
    fn holder(&self) -> Holder;
}

/// Whose access an account is, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Our id of the account.
    pub account: String,
    /// The provider's id of the user.
    pub user: String,
    /// `individual` or `managed`.
    pub mode: &'static str,
    /// What somebody does to publish with it; none where it was signed in for that.
    pub for_publishing: Option<Box<Remedy>>,
    /// What somebody does to put pages into the trash with it; none where it may, or nobody knows.
    pub for_removing: Option<Box<Remedy>>,
}

/// Is told how many bytes of a download there are, and of how many where the server says so.
pub(crate) type Tell = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

tokio::task_local! {
    /// Who wants to know how far the downloads of this task are. They are begun far below what somebody
    /// waits for, by all the ways that a file can come.
    static TOLD: Tell;
}

/// Does something, and tells how far the downloads are that it makes one after the other.
pub(crate) async fn telling<T>(tell: Tell, work: impl Future<Output = T>) -> T {
    TOLD.scope(tell, work).await
}

/// Whether a request may be sent again when its answer got lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Sending it twice does the same as once.
    Safe,
    /// It must be carried out at most once.
    Never,
}

/// What a request carries.
#[derive(Debug, Clone)]
pub enum Payload {
    /// Nothing.
    None,
    /// A JSON document.
    Json(Bytes),
    /// A file with text fields beside it, as `multipart/form-data`.
    File {
        /// The file's name.
        filename: String,
        /// The file's media type.
        media_type: String,
        /// The contents.
        contents: Contents,
        /// Names and values of the other fields.
        fields: Vec<(&'static str, String)>,
    },
}

/// One request.
#[derive(Debug)]
pub struct Call<'a> {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The path without its variable parts, under which the request is counted.
    pub endpoint: &'static str,
    /// Who sends it.
    pub credential: Option<&'a Credential>,
    /// What it carries.
    pub payload: Payload,
    /// Whether it may be sent again.
    pub repeat: Repeat,
    /// Headers beside those that every request has.
    pub headers: HeaderMap,
    /// The most bytes of the answer that are read.
    pub most: Option<u64>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Reply {
    /// Who answered: where redirects led to that were followed.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, unless it was cut.
    pub body: Bytes,
    /// Whether there was more of the body than the call wanted; what is here is of no use then.
    pub is_cut: bool,
}

impl Reply {
    /// Whether it is JSON that breaks off, although it claims to be whole.
    fn ends_too_early(&self) -> bool {
        let kind = self.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok());
        let json = |body| serde_json::from_slice::<serde::de::IgnoredAny>(body);
        !self.is_cut
            && self.status.is_success()
            && !self.body.is_empty()
            && kind.is_some_and(|kind| kind.starts_with("application/json"))
            && json(&self.body).is_err_and(|error| error.is_eof())
    }
}

/// What is known about a request that got no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server did not carry it out.
    NotDone,
    /// The server may have carried it out.
    Unknown,
    /// It was not sent, because the moment had passed until which what it says is good.
    TooLate,
}

/// A request without a usable answer.
#[derive(Debug)]
pub struct Unanswered {
    /// What happened.
    pub error: Error,
    /// Whether the request may have been carried out.
    pub fate: Fate,
}

impl From<Unanswered> for Error {
    fn from(unanswered: Unanswered) -> Self {
        unanswered.error
    }
}

/// How many requests were sent, and how much they carried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests sent, repetitions included.
    pub total: u64,
    /// Requests by method and endpoint.
    pub by_endpoint: BTreeMap<String, u64>,
    /// How many of them were repetitions.
    pub retries: u64,
    /// Bytes of bodies sent.
    pub bytes_sent: u64,
    /// Bytes of bodies received, after decompression.
    pub bytes_received: u64,
}

impl Traffic {
    /// Counts what another part of the same operation sent.
    pub(crate) fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.retries += other.retries;
        self.bytes_sent += other.bytes_sent;
        self.bytes_received += other.bytes_received;
        for (endpoint, count) in &other.by_endpoint {
            *self.by_endpoint.entry(endpoint.clone()).or_default() += count;
        }
    }
}

type Paces = Mutex<HashMap<String, Arc<Pace>>>;

/// What all have in common who ask a server as one account, each for himself.
#[derive(Debug)]
struct InCommon {
    paces: Weak<Paces>,
    limit: Weak<Semaphore>,
}

/// By account and server.
static IN_COMMON: LazyLock<Mutex<HashMap<String, InCommon>>> = LazyLock::new(Mutex::default);

/// The client. Cheap to clone; clones share connections and pauses, and count on their own only
/// after [`Http::for_operation`].
#[derive(Debug, Clone)]
pub struct Http {
    /// Clones share them, so that a change of the network reaches all of them.
    connections: Arc<RwLock<Connections>>,
    longest_silence: Duration,
    traffic: Arc<Mutex<Traffic>>,
    /// How fast each server is asked, by whose limit it is.
    paces: Arc<Paces>,
    /// Whether a refusal because of a server's limit is given back at once.
    gives_limits_back: bool,
    /// The moment after which nothing is sent any more.
    not_after: Option<Instant>,
    limit: Arc<Semaphore>,
    cancel: CancellationToken,
}

/// Requests under way at once when nobody says otherwise.
pub const CONCURRENCY: usize = 8;
/// The most requests that a publish has under way at once when nobody says otherwise: it begins with
/// [`CONCURRENCY`], and takes more while the server answers as fast as before and refuses nothing.
pub const PUBLISH_CONCURRENCY: usize = 32;

/// The most that is read of what a sign-in server says.
const LONGEST_SIGN_IN: u64 = 256 * 1024;
/// The endpoint under which it is asked whose an account is.
pub(crate) const ACCOUNT: &str = "account";

impl Http {
    /// Builds the client over the network of this process: by itself the platform's trust store and
    /// proxy settings.
    pub fn new() -> Result<Self, Error> {
        Self::over(Network::of_process(), LONGEST_SILENCE)
    }

    /// The same, giving a server up that says nothing for `longest_silence`.
    pub fn with_patience(longest_silence: Duration) -> Result<Self, Error> {
        Self::over(Network::of_process(), longest_silence)
    }

    /// Builds the client over a network.
    pub fn over(network: Arc<Network>, longest_silence: Duration) -> Result<Self, Error> {
        static PROVIDER: OnceLock<()> = OnceLock::new();
        PROVIDER.get_or_init(|| {
            // Another part of the process may have installed one; either serves.
            if rustls::crypto::ring::default_provider()
                .install_default()
                .is_err()
            {
                tracing::debug!("a TLS provider was installed before");
            }
        });
        Ok(Self {
            connections: Arc::new(RwLock::new(Connections::new(
                longest_silence,
                network,
                HashMap::new(),
            )?)),
            longest_silence,
            traffic: Arc::default(),
            paces: Arc::default(),
            gives_limits_back: false,
            not_after: None,
            limit: Arc::new(Semaphore::new(CONCURRENCY)),
            cancel: CancellationToken::new(),
        })
    }

    /// The same connections for one operation: with a count of its own, at most `concurrency`
    /// requests under way, and waits that are given up when `cancel` is.
    #[must_use]
    pub fn for_operation(&self, concurrency: usize, cancel: CancellationToken) -> Self {
        let limit = Arc::new(Semaphore::new(concurrency.clamp(1, 64)));
        Self {
            traffic: Arc::default(),
            limit,
            cancel,
            ..self.clone()
        }
    }

    /// The same connections for one account: its limits hold nobody else up.
    #[must_use]
    pub fn for_account(&self, concurrency: usize) -> Self {
        Self {
            paces: Arc::default(),
            ..self.for_operation(concurrency, self.cancel.clone())
        }
    }

    /// The same for an account at a server that several parts of this process ask as, each for itself:
    /// so many requests of all of them are under way at once, and what the server says of its limits
    /// holds for all.
    #[must_use]
    pub(crate) fn for_account_at(
        &self,
        url: &Url,
        credential: Option<&Credential>,
        concurrency: usize,
    ) -> Self {
        let own = self.for_account(concurrency);
        let whose = limits::whose(url, credential);
        let mut known = IN_COMMON.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known
            .get(&whose)
            .and_then(|found| Some((found.paces.upgrade()?, found.limit.upgrade()?)));
        if let Some((paces, limit)) = found {
            return Self {
                paces,
                limit,
                ..own
            };
        }
        known.retain(|_, found| found.limit.strong_count() > 0);
        let begun = InCommon {
            paces: Arc::downgrade(&own.paces),
            limit: Arc::downgrade(&own.limit),
        };
        known.insert(whose, begun);
        own
    }

    /// The same connections, for who keeps to a server's limits in a queue of his own: a refusal
    /// because of them is given back at once, and sent again when that queue says.
    #[must_use]
    pub(crate) fn giving_limits_back(self) -> Self {
        Self {
            gives_limits_back: true,
            ..self
        }
    }

    /// The same connections, for a request that says what was good at some time: when its turn comes after
    /// this moment, it is not sent, and its fate is [`Fate::TooLate`]. One that may have been carried out is
    /// sent again all the same.
    #[must_use]
    pub(crate) fn not_after(self, moment: Instant) -> Self {
        Self {
            not_after: Some(moment),
            ..self
        }
    }

    /// What was sent so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sends what belongs to signing in, once, and gives the answer whatever its status; again only
    /// where nothing of it was written, because the connection went before. No
    /// redirect is followed: a server that answers 307 would get the tokens sent elsewhere.
    pub(crate) async fn send_straight(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<Reply, Unanswered> {
        let (parts, body) = request.into_parts();
        let call = Call {
            method: parts.method,
            url: Url::parse(&parts.uri.to_string()).map_err(|error| Unanswered {
                error: Error::new(ErrorKind::Bug, "The sign-in server's address is none")
                    .caused_by(error),
                fate: Fate::NotDone,
            })?,
            endpoint: "sign-in",
            credential: None,
            payload: Payload::None,
            repeat: Repeat::Never,
            headers: HeaderMap::new(),
            most: Some(LONGEST_SIGN_IN),
        };
        self.find_ways(&call.url).await?;
        let mut attempt = 1;
        loop {
            self.count(&call, attempt > 1, body.len() as u64);
            let clients = self.clients(&call.url).map_err(not_sent)?;
            let request = clients
                .straight
                .request(call.method.clone(), call.url.clone())
                .headers(parts.headers.clone())
                .timeout(LONGEST_SIGN_IN_ANSWER)
                .body(body.clone());
            let outcome = self.answer(&call, request, None).await;
            match &outcome {
                // Nothing of it was written yet, so that sending it now is sending it once.
                Err(unanswered) if attempt < ATTEMPTS && never_began(&unanswered.error) => {
                    self.sleep(backoff(attempt), &call).await?;
                    attempt += 1;
                }
                _ => return outcome,
            }
        }
    }

    /// Sends a request, again where that is safe, and gives the answer whatever its status.
    pub async fn send(&self, call: Call<'_>) -> Result<Reply, Unanswered> {
        self.send_into(call, None).await
    }

    /// As [`Http::send`], but the body of a success goes to a file, which is emptied before, and
    /// not through memory.
    pub(crate) async fn download(
        &self,
        call: Call<'_>,
        file: &mut tokio::fs::File,
    ) -> Result<Reply, Unanswered> {
        self.send_into(call, Some(file)).await
    }

    async fn send_into(
        &self,
        call: Call<'_>,
        mut file: Option<&mut tokio::fs::File>,
    ) -> Result<Reply, Unanswered> {
        let mut attempt = 1;
        let mut refused: Option<Arc<Secret>> = None;
        let mut renewals = 0;
        let mut may_be_done = false;
        self.find_ways(&call.url).await?;
        loop {
            // The semaphore is never closed; were it, the request would go out unlimited.
            let permit = self.limit.acquire().await.ok();
            let pass = self.pass(&call).await?;
            let token = access_token(&call, refused.as_deref()).await?;
            if !may_be_done && self.not_after.is_some_and(|moment| Instant::now() > moment) {
                return Err(Unanswered {
                    fate: Fate::TooLate,
                    ..given_up(&call)
                });
            }
            let way = self
                .network()
                .ways()
                .and_then(|ways| ways.current(&call.url));
            let outcome = self
                .send_once(&call, token.as_deref(), attempt > 1, file.as_deref_mut())
                .await;
            if let Ok(reply) = &outcome {
                let wait = asked_to_wait(reply, attempt);
                if reply.status == StatusCode::TOO_MANY_REQUESTS && self.gives_limits_back {
                    return outcome;
                }
                match &pass {
                    None => {}
                    Some(pass) if reply.status != StatusCode::TOO_MANY_REQUESTS => {
                        pass.answered(call.endpoint, reply.status, &reply.headers);
                    }
                    Some(pass) => {
                        // The limit is the account's, so every other request to this server waits
                        // too.
                        let told = limits::asked_to_wait(&reply.headers);
                        pass.refused(wait, told);
                    }
                }
            }
            drop((pass, permit));
            may_be_done |= match &outcome {
                Ok(reply) => reply.status.is_server_error(),
                Err(unanswered) => unanswered.fate == Fate::Unknown,
            };
            if let (Ok(reply), Some(token), true) = (&outcome, &token, renewals < RENEWALS)
                && reply.status == StatusCode::UNAUTHORIZED
                && !lacks_scope(reply)
            {
                // Refused before any work was done, so safe to repeat for every request.
                (refused, renewals) = (Some(Arc::clone(token)), renewals + 1);
                continue;
            }
            if let (Err(unanswered), Some(way)) = (&outcome, &way)
                && unanswered.fate == Fate::NotDone
                && self
                    .network()
                    .ways()
                    .is_some_and(|ways| ways.has_left(&call.url, way))
            {
                // There is another way, which costs no wait and is no second attempt at the first.
                continue;
            }
            let last = attempt == ATTEMPTS;
            let wait = match &outcome {
                // Its turn comes when the server takes requests again.
                Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => {
                    if last || asked_to_wait(reply, attempt) > LONGEST_WAIT {
                        return outcome;
                    }
                    Duration::ZERO
                }
                Ok(reply) => match wait_after(reply, &call, attempt, last) {
                    Some(wait) => wait,
                    None => return outcome,
                },
                Err(unanswered) if last || unanswered.gives_up(attempt) => return outcome,
                Err(Unanswered {
                    fate: Fate::Unknown,
                    ..
                }) if call.repeat == Repeat::Never => {
                    return outcome;
                }
                Err(_) => backoff(attempt),
            };
            self.sleep(wait, &call).await?;
            attempt += 1;
        }
    }

    /// Waits for a request's turn at its server; none for who keeps to its limits in a queue of his
    /// own, which knows better who waits and who can.
    async fn pass(&self, call: &Call<'_>) -> Result<Option<Pass>, Unanswered> {
        if self.gives_limits_back {
            return Ok(None);
        }
        let pace = {
            let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
            let whose = limits::whose(&call.url, call.credential);
            Arc::clone(paces.entry(whose).or_default())
        };
        match pace.enter(&self.cancel).await {
            Ok(pass) => Ok(Some(pass)),
            Err(Kept::Away(wait)) => Err(not_sent(
                Error::new(
                    ErrorKind::RateLimited,
                    sentence!(
                        "{host} takes no more requests for a while",
                        host = host_of(&call.url)
                    ),
                )
                .remedy("Try again later")
                .after(Some(wait)),
            )),
            Err(Kept::Cancelled) => Err(given_up(call)),
        }
    }

    async fn sleep(&self, wait: Duration, call: &Call<'_>) -> Result<(), Unanswered> {
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.cancel.cancelled() => Err(given_up(call)),
        }
    }

    async fn send_once(
        &self,
        call: &Call<'_>,
        access: Option<&Secret>,
        again: bool,
        file: Option<&mut tokio::fs::File>,
    ) -> Result<Reply, Unanswered> {
        let client = self.clients(&call.url).map_err(not_sent)?.usual;
        let mut request = client.request(call.method.clone(), call.url.clone());
        if call.endpoint == ACCOUNT {
            // A person waits for it; a server that sends a byte now and then keeps nobody waiting.
            request = request.timeout(LONGEST_SIGN_IN_ANSWER);
        }
        request = match (call.credential, access) {
            // The client marks these headers as sensitive, so they are never printed.
            (Some(Credential::Basic { user, token, .. }), _) => {
                request.basic_auth(user, Some(token.expose()))
            }
            (Some(Credential::Bearer { token, .. }), _) => request.bearer_auth(token.expose()),
            (Some(Credential::Account(_)), Some(token)) => request.bearer_auth(token.expose()),
            (Some(Credential::Account(_)) | None, _) => request,
        };
        let mut sent = 0;
        request = match &call.payload {
            Payload::None => request,
            Payload::Json(json) => {
                sent = json.len() as u64;
                request
                    .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                    .body(json.clone())
            }
            Payload::File {
                filename,
                media_type,
                contents,
                fields,
            } => {
                let length = contents.size();
                sent = length;
                let body = contents.body().await.map_err(|error| Unanswered {
                    error: Error::new(
                        ErrorKind::Storage,
                        sentence!("`{filename}` could not be read to be sent", filename),
                    )
                    .caused_by(error),
                    fate: Fate::NotDone,
                })?;
                let part = reqwest::multipart::Part::stream_with_length(body, length)
                    .file_name(filename.clone())
                    .mime_str(media_type)
                    .map_err(|error| Unanswered {
                        error: Error::new(
                            ErrorKind::Bug,
                            sentence!("`{media_type}` is not a media type", media_type),
                        )
                        .caused_by(error),
                        fate: Fate::NotDone,
                    })?;
                let mut form = reqwest::multipart::Form::new();
                for (name, value) in fields {
                    form = form.text(*name, value.clone());
                }
                // Confluence refuses uploads without this header as forged (XSRF).
                request
                    .header("X-Atlassian-Token", "nocheck")
                    .multipart(form.part("file", part))
            }
        };
        self.count(call, again, sent);
        let request = request.headers(call.headers.clone());
        let mut reply = self.answer(call, request, file).await?;
        if reply.ends_too_early() {
            // Something between us and the server lost the rest and did not say so.
            return Err(Unanswered {
                error: Error::new(
                    ErrorKind::Offline,
                    sentence!(
                        "The answer of {url} ended too early",
                        url = host_of(&call.url)
                    ),
                )
                .remedy("Try again; when it stays, look at the proxy in between"),
                fate: Fate::Unknown,
            });
        }
        if !reply.status.is_success() && !reply.body.is_empty() {
            // Why it refused is shown and recorded, and it may repeat what it was sent.
            let words = String::from_utf8_lossy(&reply.body);
            reply.body = without(&words, &secrets_of(call, access)).into();
        }
        Ok(reply)
    }

    async fn answer(
        &self,
        call: &Call<'_>,
        request: reqwest::RequestBuilder,
        file: Option<&mut tokio::fs::File>,
    ) -> Result<Reply, Unanswered> {
        let url = &call.url;
        let way = self.network().ways().and_then(|ways| ways.current(url));
        let unanswered = |error: reqwest::Error| {
            let refusal = tls::refusal(&error);
            let fate = if error.is_connect()
                || error.is_builder()
                || refusal.is_some()
                || never_began(&error)
            {
                Fate::NotDone
            } else {
                Fate::Unknown
            };
            let host = host_of(url);
            let through = match self.network().route(url) {
                Route::Via { proxy } => Some(host_of(&proxy)),
                Route::Direct => None,
            };
            let usual =
                || Remedy::from("Check the address, the network and the proxy, then try again");
            let (what, remedy) = if let Some(refusal) = refusal {
                (refusal.in_words(&host), refusal.remedy())
            } else if error.is_timeout() {
                (sentence!("{host} did not answer in time", host), usual())
            } else if error.is_connect() {
                if let Some(ways) = self.network().ways() {
                    ways.go_on(url, way.as_ref());
                }
                let what = match through {
                    None => sentence!("{host} could not be reached", host),
                    Some(proxy) => sentence!(
                        "{host} could not be reached through the proxy {proxy}",
                        host,
                        proxy
                    ),
                };
                (what, usual())
            } else {
                (
                    sentence!("The connection to {host} broke off", host),
                    usual(),
                )
            };
            Unanswered {
                error: Error::new(ErrorKind::Offline, what)
                    .remedy(remedy)
                    .caused_by(error.without_url()),
                fate,
            }
        };
        let begun = Instant::now();
        let mut response = request.send().await.map_err(unanswered)?;
        let url = response.url().clone();
        let status = response.status();
        log(
            Level::Everything,
            &format!(
                "{} {} {} in {} ms",
                call.method,
                host_of(&url),
                status.as_u16(),
                begun.elapsed().as_millis()
            ),
        );
        let headers = response.headers().clone();
        let most = call.most.unwrap_or(u64::MAX);
        let whole = response.content_length();
        let mut is_cut = whole.is_some_and(|length| length > most);
        let mut length = 0;
        let body = if let Some(file) = file.filter(|_| status.is_success()) {
            let unwritten = |error: std::io::Error| Unanswered {
                error: Error::new(ErrorKind::Storage, "What was sent cannot be kept")
                    .remedy("Make room on the disk")
                    .caused_by(error),
                fate: Fate::Unknown,
            };
            file.rewind().await.map_err(unwritten)?;
            file.set_len(0).await.map_err(unwritten)?;
            while !is_cut && let Some(part) = response.chunk().await.map_err(unanswered)? {
                length += part.len() as u64;
                is_cut = length > most;
                file.write_all(&part).await.map_err(unwritten)?;
                // Where nobody asked, nobody is told.
                TOLD.try_with(|tell| tell(length, whole)).ok();
            }
            file.flush().await.map_err(unwritten)?;
            Bytes::new()
        } else if call.most.is_none() {
            response.bytes().await.map_err(unanswered)?
        } else {
            let mut read = Vec::new();
            while !is_cut && let Some(part) = response.chunk().await.map_err(unanswered)? {
                read.extend_from_slice(&part);
                is_cut = read.len() as u64 > most;
            }
            Bytes::from(read)
        };
        self.traffic
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .bytes_received += body.len() as u64 + length;
        Ok(Reply {
            url,
            status,
            headers,
            body,
            is_cut,
        })
    }

    fn count(&self, call: &Call<'_>, again: bool, sent: u64) {
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.total += 1;
        traffic.retries += u64::from(again);
        traffic.bytes_sent += sent;
        *traffic
            .by_endpoint
            .entry(format!("{} {}", call.method, call.endpoint))
            .or_default() += 1;
    }
}

/// Whether the connection was gone before the request was written to it. A server of TLS 1.3 turns a
/// client away after the client takes the handshake for done, so that the reason may be lost with
/// such a connection, and is told by the next one.
fn never_began(error: &dyn StdError) -> bool {
    let mut causes = std::iter::successors(error.source(), |&error| error.source());
    causes.any(|error| {
        let error = error.downcast_ref::<hyper::Error>();
        error.is_some_and(hyper::Error::is_canceled)
    })
}

/// What proves whose request it is, as it is meant and as it is sent.
fn secrets_of(call: &Call<'_>, access: Option<&Secret>) -> Vec<Secret> {
    use base64::Engine as _;

    let copy = |secret: &Secret| Secret::new(secret.expose().to_owned());
    match (call.credential, access) {
        (Some(Credential::Basic { user, token, .. }), _) => {
            let sent = format!("{user}:{}", token.expose());
            let sent = base64::engine::general_purpose::STANDARD.encode(sent);
            vec![Secret::new(sent), copy(token)]
        }
        (Some(Credential::Bearer { token, .. }), _) => vec![copy(token)],
        (Some(Credential::Account(_)), Some(token)) => vec![copy(token)],
        (Some(Credential::Account(_)) | None, _) => Vec::new(),
    }
}

/// The end of a request that could not begin.
fn not_sent(error: Error) -> Unanswered {
    Unanswered {
        error,
        fate: Fate::NotDone,
    }
}

/// The end of a request that was waiting when its operation was cancelled.
fn given_up(call: &Call<'_>) -> Unanswered {
    Unanswered {
        error: Error::new(
            ErrorKind::Offline,
            sentence!(
                "Waiting to send {endpoint} was cancelled",
                endpoint = call.endpoint
            ),
        ),
        fate: Fate::NotDone,
    }
}

/// The access token to send along, where an account gives one; another than `refused`.
async fn access_token(
    call: &Call<'_>,
    refused: Option<&Secret>,
) -> Result<Option<Arc<Secret>>, Unanswered> {
    let Some(Credential::Account(tokens)) = call.credential else {
        return Ok(None);
    };
    let token = match refused {
        Some(refused) => tokens.instead_of(refused).await,
        None => tokens.current().await,
    };
    token.map(Some).map_err(|error| Unanswered {
        error,
        fate: Fate::NotDone,
    })
}

/// Host and port, as messages name them.
fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the server");
    match url.port() {
        Some(port) => format!("`{host}:{port}`"),
        None => format!("`{host}`"),
    }
}

/// Whether a server says that a token is good and may not do this, which no new one mends: RFC 6750,
/// section 3.1, or the words of Atlassian's gateway.
pub(crate) fn lacks_scope(reply: &Reply) -> bool {
    let said = reply.headers.get(WWW_AUTHENTICATE);
    let said = said.and_then(|value| value.to_str().ok());
    said.is_some_and(|value| value.contains("insufficient_scope"))
        || std::str::from_utf8(&reply.body).is_ok_and(|text| text.contains("scope does not match"))
}

/// Learns from an answer's headers how fast a server may be asked, for the fuzzer.
#[cfg(fuzzing)]
pub(crate) fn pace_of(headers: &HeaderMap) {
    pace::learn(headers);
}

#[cfg(test)]
mod tests {
    use super::{Call, HeaderMap, Http, Method, Payload, Repeat, Url};

    #[tokio::test]
    async fn who_keeps_to_limits_in_a_queue_waits_for_no_other_pace() {
        let call = Call {
            method: Method::GET,
            url: Url::parse("https://git.example.com/a").expect("an address"),
            endpoint: "a test",
            credential: None,
            payload: Payload::None,
            repeat: Repeat::Safe,
            headers: HeaderMap::new(),
            most: None,
        };
        let http = Http::new().expect("a client").for_account(4);
        assert!(http.pass(&call).await.is_ok_and(|pass| pass.is_some()));
        let http = http.giving_limits_back();
        assert!(http.pass(&call).await.is_ok_and(|pass| pass.is_none()));
    }
}
