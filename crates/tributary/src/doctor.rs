//! What is missing on this machine, and which step on the way to a server fails.
//!
//! [`machine`] looks at what is here, [`server`] goes the way to one address, step by step, and
//! [`account`] asks there whose access it is. Each step is told as soon as it is known. No step
//! holds a secret.

mod machine;
mod probe;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION};
use tributary_pages::markup::Flavor;
use url::Url;

use crate::Sentence;
use crate::account::{Account, Accounts, HealthState, connect};
use crate::discreet::redact;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Http, Reply};
use crate::settings::SiteSettings;

pub use machine::{Machine, diagnostics, machine};

/// How far a clock may be off before signing in suffers, in seconds.
const SKEW: i64 = 300;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The user's settings.
    Settings,
    /// The administrator's policy.
    Policy,
    /// The folder for what must not be lost.
    Data,
    /// The folder for what can be fetched again.
    Cache,
    /// Room on the disk.
    Disk,
    /// Where secrets are kept.
    Keystore,
    /// Git's own program.
    Git,
    /// A screen.
    Display,
    /// The session's bus.
    SessionBus,
    /// Links that open the program.
    Links,
    /// The proxy and the certificates that were chosen.
    Network,
    /// The addresses of a name.
    Name,
    /// The proxy on the way.
    Proxy,
    /// The connection.
    Connect,
    /// The secured connection.
    Tls,
    /// The answer.
    Http,
    /// The interface that is spoken to.
    Api,
    /// This machine's clock beside the server's.
    Clock,
    /// Whose access it is.
    SignIn,
}

impl Check {
    /// The word for it in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Policy => "policy",
            Self::Data => "data",
            Self::Cache => "cache",
            Self::Disk => "disk",
            Self::Keystore => "keystore",
            Self::Git => "git",
            Self::Display => "display",
            Self::SessionBus => "session-bus",
            Self::Links => "links",
            Self::Network => "network",
            Self::Name => "name",
            Self::Proxy => "proxy",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Http => "http",
            Self::Api => "api",
            Self::Clock => "clock",
            Self::SignIn => "sign-in",
        }
    }

    /// What a person calls it.
    pub fn in_words(self) -> Sentence {
        match self {
            Self::Settings => sentence!("Settings"),
            Self::Policy => sentence!("Policy"),
            Self::Data => sentence!("Data folder"),
            Self::Cache => sentence!("Cache folder"),
            Self::Disk => sentence!("Disk"),
            Self::Keystore => sentence!("Keystore"),
            Self::Git => sentence!("Git"),
            Self::Display => sentence!("Display"),
            Self::SessionBus => sentence!("D-Bus session"),
            Self::Links => sentence!("Links"),
            Self::Network => sentence!("Network settings"),
            Self::Name => sentence!("Name"),
            Self::Proxy => sentence!("Proxy"),
            Self::Connect => sentence!("Connection"),
            Self::Tls => sentence!("TLS"),
            Self::Http => sentence!("Answer"),
            Self::Api => sentence!("Interface"),
            Self::Clock => sentence!("Clock"),
            Self::SignIn => sentence!("Sign-in"),
        }
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// As it should.
    Fine,
    /// It works, and somebody should know something.
    Notice,
    /// It does not work.
    Failed(ErrorKind),
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The server it is about; none for this machine.
    pub subject: Option<String>,
    /// What was looked at.
    pub check: Check,
    /// How it went.
    pub state: State,
    /// What was found.
    pub message: Sentence,
    /// What somebody can do.
    pub remedy: Option<Remedy>,
}

impl Step {
    fn fine(check: Check, message: impl Into<Sentence>) -> Self {
        Self {
            subject: None,
            check,
            state: State::Fine,
            message: message.into(),
            remedy: None,
        }
    }

    fn notice(check: Check, message: impl Into<Sentence>, remedy: impl Into<Remedy>) -> Self {
        Self {
            state: State::Notice,
            remedy: Some(remedy.into()),
            ..Self::fine(check, message)
        }
    }

    fn failed(
        check: Check,
        kind: ErrorKind,
        message: impl Into<Sentence>,
        remedy: impl Into<Remedy>,
    ) -> Self {
        Self {
            state: State::Failed(kind),
            remedy: Some(remedy.into()),
            ..Self::fine(check, message)
        }
    }

    /// A step that broke off with an error.
    pub fn of_error(check: Check, error: &Error) -> Self {
        Self {
            subject: None,
            check,
            state: State::Failed(error.kind()),
            message: error.sentence_with_causes().changed_by(&redact),
            remedy: error.way_out().cloned(),
        }
    }

    /// The same about a server.
    #[must_use]
    pub fn about(self, subject: &str) -> Self {
        Self {
            subject: Some(subject.to_owned()),
            ..self
        }
    }

    /// Whether nothing has to be done.
    pub fn is_fine(&self) -> bool {
        !matches!(self.state, State::Failed(_))
    }
}

/// Told of each step.
pub type OnStep<'a> = &'a mut (dyn FnMut(Step) + Send);

/// What is expected at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Any server at all.
    Anything,
    /// Confluence, of whichever kind.
    Confluence(Option<Flavor>),
}

/// Goes the way to a server, up to its answer. Says whether it got there.
pub async fn server(http: &Http, url: &Url, expected: Expected, on_step: OnStep<'_>) -> bool {
    let subject = shown(url);
    let mut tell = |step: Step| on_step(step.about(&subject));
    if let Err(unanswered) = http.find_ways(url).await {
        tell(Step::of_error(Check::Proxy, &unanswered.error));
        return false;
    }
    let (asked, probed) = (http.clone(), url.clone());
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let probing = tokio::task::spawn_blocking(move || {
        probe::probe(&asked, &probed, &mut |step| {
            // Nobody listens any more when the asking was given up.
            sender.send(step).ok();
        })
    });
    while let Some(step) = receiver.recv().await {
        tell(step);
    }
    if !probing.await.unwrap_or(false) {
        return false;
    }
    let reply = match get(http, url).await {
        Ok(reply) => reply,
        Err(error) => {
            tell(Step::of_error(Check::Http, &error));
            return false;
        }
    };
    let is_good = tell_answer(url, &reply, &mut tell);
    tell_clock(&reply.headers, &mut tell);
    match expected {
        Expected::Confluence(flavor) if is_good => tell_api(http, url, flavor, &mut tell).await,
        _ => is_good,
    }
}

/// The address of a server as somebody typed it, with or without its beginning.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it is none.
pub fn address(typed: &str) -> Result<Url, Error> {
    let typed = typed.trim();
    let full = match typed.contains("://") {
        true => typed.to_owned(),
        false => format!("https://{typed}"),
    };
    let url = Url::parse(&full).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "That is not the address of a server",
        )
        .remedy("Give it as a browser shows it, for example `https://wiki.acme.com`")
    })
}

/// Goes the way to every server of every account, and asks there whose access it is.
///
/// # Errors
/// [`ErrorKind::Storage`] when the accounts cannot be listed.
pub async fn all(http: &Http, accounts: &Accounts, on_step: OnStep<'_>) -> Result<(), Error> {
    let known = accounts.clone();
    let listed = tokio::task::spawn_blocking(move || known.list()).await;
    let listed = listed.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
    })??;
    let mut asked: Vec<(Url, bool)> = Vec::new();
    for one in &listed {
        let sites = one.sites.iter().map(|site| {
            let flavor = crate::account::site_settings(one, site).flavor;
            (site.url.clone(), Expected::Confluence(flavor))
        });
        let mut servers: Vec<(Url, Expected)> = sites.collect();
        if servers.is_empty() {
            let base = Url::parse(&one.base).ok();
            servers.extend(base.map(|base| (base, Expected::Anything)));
        }
        let mut is_reached = true;
        for (url, expected) in servers {
            let known = asked.iter().find(|(known, _)| *known == url);
            let reached = match known {
                Some((_, reached)) => *reached,
                None => {
                    let reached = server(http, &url, expected, on_step).await;
                    asked.push((url, reached));
                    reached
                }
            };
            is_reached &= reached;
        }
        if is_reached {
            account(accounts, one, on_step).await;
        }
    }
    Ok(())
}

/// Asks a server whose access an account is.
pub async fn account(accounts: &Accounts, account: &Account, on_step: OnStep<'_>) {
    let health = accounts.check_health(account).await;
    let kind = match health.state {
        HealthState::Ok => None,
        HealthState::Expiring => {
            let mut step = Step::fine(Check::SignIn, health.message);
            (step.state, step.remedy) = (State::Notice, health.remedy);
            on_step(step.about(&account.base));
            return;
        }
        HealthState::NeedsSignIn | HealthState::WrongUser => Some(ErrorKind::SignedOut),
        HealthState::MissingScope | HealthState::Forbidden => Some(ErrorKind::Forbidden),
        HealthState::Locked => Some(ErrorKind::VaultUnavailable),
        HealthState::Offline => Some(ErrorKind::Offline),
    };
    let step = match kind {
        None => Step::fine(
            Check::SignIn,
            sentence!("signed in as {user}", user = account.user.name),
        ),
        Some(kind) => Step {
            state: State::Failed(kind),
            remedy: health.remedy,
            ..Step::fine(Check::SignIn, health.message)
        },
    };
    on_step(step.about(&account.base));
}

/// Asks a site whose access a credential is.
pub async fn site(http: &Http, site: &SiteSettings, credential: Credential, on_step: OnStep<'_>) {
    let step = match connect(http, site, credential).await {
        Ok(connected) => Step::fine(
            Check::SignIn,
            sentence!("signed in as {user}", user = connected.user.name),
        ),
        Err(error) => Step::of_error(Check::SignIn, &error),
    };
    on_step(step.about(&shown(&site.url)));
}

/// An address without what could be a secret in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Neither can fail for addresses with a host.
    url.set_username("").ok();
    url.set_password(None).ok();
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

async fn get(http: &Http, url: &Url) -> Result<Reply, Error> {
    let request = http::Request::get(url.as_str())
        .header(ACCEPT, "application/json, text/html;q=0.5")
        .body(Vec::new())
        .map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "That is no address").caused_by(error)
        })?;
    Ok(http.send_straight(request).await?)
}

fn header(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn tell_answer(url: &Url, reply: &Reply, tell: &mut impl FnMut(Step)) -> bool {
    let status = reply.status;
    let code = status.as_u16();
    if status.is_server_error() {
        tell(Step::failed(
            Check::Http,
            ErrorKind::Offline,
            sentence!(
                "it answers, and says that it does not work: {status}",
                status
            ),
            "Try again later; when it stays, tell whoever runs the server or the proxy before it",
        ));
        return false;
    }
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        tell(proxy_wants_user());
        return false;
    }
    if status.is_redirection() {
        let location = url.join(header(&reply.headers, LOCATION)).ok();
        let elsewhere = location.filter(|location| location.host_str() != url.host_str());
        if let Some(elsewhere) = elsewhere {
            let host = elsewhere.host_str().unwrap_or_default();
            tell(Step::notice(
                Check::Http,
                sentence!(
                    "it answers, and leads elsewhere: {code}, to `{host}`",
                    code,
                    host
                ),
                "If you do not know that host, your network may want you to sign in first: open the \
                 address in a browser",
            ));
            return true;
        }
    }
    tell(Step::fine(
        Check::Http,
        sentence!("it answers: {status}", status),
    ));
    true
}

fn proxy_wants_user() -> Step {
    Step::failed(
        Check::Proxy,
        ErrorKind::Offline,
        "the proxy wants to know who asks, and does not accept what it was told",
        Remedy::of_each(
            "Name the user with `tributary network proxy ADDRESS --user NAME`, and give the \
             password with `tributary network password`",
            "Give the user and the password of the proxy under Settings, Network",
        ),
    )
}

fn tell_clock(headers: &HeaderMap, tell: &mut impl FnMut(Step)) {
    let date = header(headers, DATE);
    let Ok(theirs) = rfc2822::parse(date) else {
        return;
    };
    let apart = Timestamp::now().as_second() - theirs.timestamp().as_second();
    if apart.abs() <= SKEW {
        let message = sentence!(
            "{seconds} seconds apart from the server's",
            seconds = apart.abs()
        );
        return tell(Step::fine(Check::Clock, message));
    }
    let minutes = apart.abs() / 60;
    tell(Step::failed(
        Check::Clock,
        ErrorKind::InvalidInput,
        match apart > 0 {
            true => sentence!(
                "this machine's clock is {minutes} minutes ahead of the server's",
                minutes
            ),
            false => sentence!(
                "this machine's clock is {minutes} minutes behind the server's",
                minutes
            ),
        },
        "Set the clock; signing in fails while it is wrong",
    ));
}

/// Asks for what every Confluence answers, whoever asks.
async fn tell_api(
    http: &Http,
    url: &Url,
    flavor: Option<Flavor>,
    tell: &mut impl FnMut(Step),
) -> bool {
    let base = url.as_str().trim_end_matches('/');
    let interfaces = [
        (
            Flavor::Cloud,
            "/api/v2/spaces?limit=1",
            "Confluence Cloud, version 2",
        ),
        (
            Flavor::DataCenter,
            "/rest/api/space?limit=1",
            "Confluence Data Center, version 1",
        ),
    ];
    let mut is_page = false;
    for (of, path, name) in interfaces {
        if flavor.is_some_and(|flavor| flavor != of) {
            continue;
        }
        let asked = Url::parse(&format!("{base}{path}")).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, "That is no address").caused_by(error)
        });
        let reply = match asked {
            Ok(asked) => get(http, &asked).await,
            Err(error) => Err(error),
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                tell(Step::of_error(Check::Api, &error));
                return false;
            }
        };
        let is_json = header(&reply.headers, CONTENT_TYPE).starts_with("application/json");
        let wants_user = matches!(
            reply.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        );
        // Cloud hides from strangers that there is anything, in the words of its interface.
        if is_json || wants_user {
            tell(Step::fine(Check::Api, name));
            return true;
        }
        is_page |= reply.status.is_success() && !is_json;
    }
    tell(if is_page {
        Step::failed(
            Check::Api,
            ErrorKind::Offline,
            "a web page answers where Confluence's interface should: a page of your network to \
             sign in at, or another server",
            "Open the address in a browser, and sign in to the network there; then look at the \
             address",
        )
    } else {
        Step::failed(
            Check::Api,
            ErrorKind::InvalidInput,
            "no Confluence answers at this address",
            "Give the address as the browser shows it, up to `/wiki` on Cloud",
        )
    });
    false
}
