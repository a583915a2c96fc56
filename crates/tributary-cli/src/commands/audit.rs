//! `tributary audit`: the record of who did what.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use tributary::audit::{
    Anchoring, Audit, Entry, Filter, Form, Forwarded, Forwarder, Outcome, Sender, Verification,
};
use tributary::settings::{ForwardSettings, Settings};
use tributary::store::{Paths, write_private};
use tributary::{Error, ErrorKind};

use super::blocking;
use super::given::{is_unattended, token_from_stdin};
use super::opened::{lasting, log};
use crate::output::{Exit, Output, visible};

/// How long a whole log may take to be sent.
const FORWARD_LIMIT: Duration = Duration::from_secs(300);

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the records, the latest last
    List(List),
    /// Look whether anybody changed the log; exit code 1 when somebody did
    Verify,
    /// Give the records to other programs
    Export(Export),
    /// Send what waits to the syslog server in the settings, and say how far that has come
    Forward(Forward),
}

/// Which records.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Only from then on: a date, a time, or an age such as `7d` or `12h`
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Only before then
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
    /// Only this action, or all that begin with it: `publish`, `token.add`, `sign_in`
    #[arg(long, value_name = "ACTION")]
    pub event: Option<String>,
    /// Only of accounts with this in their id or user
    #[arg(long, value_name = "TEXT")]
    pub account: Option<String>,
    /// Only what ended so
    #[arg(long, value_parser = outcome_parser())]
    pub outcome: Option<Outcome>,
    /// Only of this operation: the text behind `operation` in the list
    #[arg(long, value_name = "ID")]
    pub operation: Option<String>,
    /// Only what was done with the token on standard input
    #[arg(long)]
    pub token_stdin: bool,
}

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub which: Which,
    /// Only the latest so many
    #[arg(long, value_name = "N")]
    pub last: Option<usize>,
}

/// What to export, and how.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The form
    #[arg(long, value_enum)]
    pub to: FormName,
    #[command(flatten)]
    pub which: Which,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Whether to send.
#[derive(Debug, Args)]
pub(crate) struct Forward {
    /// Send nothing; only say what waits
    #[arg(long)]
    pub status: bool,
}

/// The forms, as arguments name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormName {
    /// The log's own records, one JSON object per line
    Jsonl,
    /// Comma-separated values for spreadsheets
    Csv,
    /// Common Event Format
    Cef,
    /// Open Cybersecurity Schema Framework 1.5, one JSON object per line
    Ocsf,
    /// Syslog messages (RFC 5424), one per line
    Syslog,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Jsonl => Self::JsonLines,
            FormName::Csv => Self::Csv,
            FormName::Cef => Self::Cef,
            FormName::Ocsf => Self::Ocsf,
            FormName::Syslog => Self::Syslog,
        }
    }
}

/// Takes the names that the records themselves use.
fn outcome_parser() -> impl TypedValueParser<Value = Outcome> {
    let names = Outcome::ALL.map(Outcome::name);
    PossibleValuesParser::new(names).try_map(|name| Outcome::of(&name).ok_or("unknown"))
}

impl Command {
    /// Whether records go to standard output as they are.
    pub(crate) fn prints_result(&self) -> bool {
        matches!(self, Self::Export(_))
    }

    /// Whether the command leaves a record.
    pub(crate) fn records(&self) -> bool {
        matches!(self, Self::Verify | Self::Export(_))
    }
}

/// Sends records on while a command runs.
pub(crate) struct Forwarding {
    forwarder: Forwarder,
    settings: ForwardSettings,
}

impl Forwarding {
    /// Begins, when the settings name a server. Settings that cannot be read are told by the
    /// command itself.
    pub(crate) fn begin() -> Option<Self> {
        let settings = Settings::load(&Paths::of_user().ok()?)
            .ok()?
            .audit
            .forward?;
        let forwarder = log(None).ok()?.forward(&settings);
        Some(Self {
            forwarder,
            settings,
        })
    }

    /// Gives the server the seconds that the settings allow, and says what is left.
    pub(crate) fn end(self, output: &Output) {
        let limit = Duration::from_secs(u64::from(self.settings.wait_seconds));
        tell_forwarded(&self.forwarder.finish(limit), output);
    }
}

fn tell_forwarded(done: &Forwarded, output: &Output) {
    if let Some(error) = &done.error {
        output.error_text(&format!(
            "{} audit records wait to be sent on: {}",
            done.waiting,
            visible(error)
        ));
    }
}

/// The user's log. Unattended runs bring their token along and get a log without a keystore, as
/// they get everything else.
pub(crate) async fn open() -> Result<Audit, Error> {
    if is_unattended() {
        return log(None);
    }
    anchored().await
}

/// The user's log, with the keystore whenever there is one.
async fn anchored() -> Result<Audit, Error> {
    blocking(|| {
        let (vault, state) = super::vault::open()?;
        log(lasting(&vault, &state))
    })
    .await
}

/// Carries the command out.
pub(crate) async fn run(command: &Command, output: &Output) -> Result<Exit, Error> {
    let audit = anchored().await?;
    match command {
        Command::List(options) => list(options, audit, output).await,
        Command::Verify => verify(audit, output).await,
        Command::Export(options) => export(options, audit, output).await,
        Command::Forward(options) => forward(options, audit, output).await,
    }
}

async fn list(options: &List, audit: Audit, output: &Output) -> Result<Exit, Error> {
    let entries = chosen(&options.which, &audit).await?;
    let from = options
        .last
        .map_or(0, |last| entries.len().saturating_sub(last));
    let entries = &entries[from..];
    for entry in entries {
        output.say(&line(entry));
    }
    if entries.is_empty() {
        output.say("No records");
    }
    if output.is_json() {
        output.json(&json!({"schema": "tributary.audit/1", "entries": entries}))?;
    }
    Ok(Exit::Done)
}

async fn export(options: &Export, audit: Audit, output: &Output) -> Result<Exit, Error> {
    let filter = filter(&options.which, &audit).await?;
    let form = Form::from(options.to);
    let exported = blocking(move || audit.export(&filter, form, &Sender::default())).await?;
    match &options.out {
        Some(path) => {
            write_private(path, exported.as_bytes())?;
            output.say(&format!("Exported to `{}`", path.display()));
        }
        None => output.result(exported.as_bytes())?,
    }
    Ok(Exit::Done)
}

async fn forward(options: &Forward, audit: Audit, output: &Output) -> Result<Exit, Error> {
    let settings = Settings::load(&Paths::of_user()?)?.audit.forward;
    let settings = settings.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "The settings name no server to send the audit log to",
        )
        .remedy(
            "Set `to` in the table `audit.forward`, for example to `tls://syslog.example.com:6514`",
        )
    })?;
    let (wanted, status) = (settings.clone(), options.status);
    let done = blocking(move || {
        if status {
            return audit.forwarded(&wanted);
        }
        Ok(audit.forward(&wanted).finish(FORWARD_LIMIT))
    })
    .await?;
    output.say(&format!(
        "{settings} has the records up to {}; {} wait",
        done.delivered, done.waiting
    ));
    tell_forwarded(&done, output);
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.audit_forward/1",
            "to": settings.to_string(),
            "delivered": done.delivered,
            "waiting": done.waiting,
            "error": done.error,
        }))?;
    }
    Ok(match done.error {
        Some(_) => Exit::Unreachable,
        None => Exit::Done,
    })
}

/// The records that the options ask for.
async fn chosen(which: &Which, audit: &Audit) -> Result<Vec<Entry>, Error> {
    let filter = filter(which, audit).await?;
    let audit = audit.clone();
    blocking(move || audit.entries(&filter)).await
}

async fn filter(which: &Which, audit: &Audit) -> Result<Filter, Error> {
    let when = |text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| audit.point_in_time(text)).transpose()
    };
    let mut filter = Filter {
        since: when(&which.since)?,
        until: when(&which.until)?,
        action: which.event.clone(),
        accounts: match which.account.clone() {
            Some(account) => {
                blocking(move || tributary::account::recorded_as(&Paths::of_user()?, &account))
                    .await?
            }
            None => Vec::new(),
        },
        outcome: which.outcome,
        correlation: which.operation.clone(),
        credential: None,
    };
    let token = if which.token_stdin {
        Some(token_from_stdin()?)
    } else {
        None
    };
    let audit = audit.clone();
    blocking(move || {
        if let Some(token) = token {
            let mark = audit.mark(&token).ok_or_else(|| {
                Error::new(
                    ErrorKind::VaultUnavailable,
                    "Without a keystore no token can be looked for in the audit log",
                )
                .remedy("Leave `--token-stdin` out, or unlock the keystore")
            })?;
            filter.credential = Some(mark);
        }
        Ok(filter)
    })
    .await
}

async fn verify(audit: Audit, output: &Output) -> Result<Exit, Error> {
    let found = blocking(move || audit.inspect()).await?;
    for sentence in found.in_words() {
        output.say(&visible(&sentence));
    }
    if output.is_json() {
        output.json(&to_json(&found))?;
    }
    Ok(if found.is_intact() {
        Exit::Done
    } else {
        Exit::Attention
    })
}

fn to_json(found: &Verification) -> Value {
    let fault = found.fault.as_ref().map(|fault| {
        json!({"seq": fault.seq, "file": fault.file, "line": fault.line, "what": fault.what})
    });
    let anchoring = match &found.anchoring {
        Anchoring::Keystore { public_key, head } => {
            json!({"by": "keystore", "public_key": public_key, "head": head})
        }
        Anchoring::ChainOnly { reason } => json!({"by": "chain", "reason": reason}),
    };
    json!({
        "schema": "tributary.audit_verification/1",
        "intact": found.is_intact(),
        "records": found.records,
        "last": found.last,
        "hash": found.hash,
        "signed_through": found.signed_through,
        "anchoring": anchoring,
        "fault": fault,
        "torn": found.torn,
        "notices": found.notices,
    })
}

/// A record on one line. What it holds came from servers and repositories, so it is shown in a way
/// that a terminal takes for nothing but text.
fn line(entry: &Entry) -> String {
    let object = &entry.object;
    let mut text = format!(
        "{:.0}  {:<9} {:<20} {}",
        entry.ts, entry.outcome, entry.action, object.kind
    );
    for part in [Some(&object.id), object.host.as_ref()]
        .into_iter()
        .flatten()
    {
        if !part.is_empty() {
            text.push(' ');
            text.push_str(part);
        }
    }
    for change in &entry.changes {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        text.push_str(&match (before, after) {
            (Some(before), after) => {
                format!("; {} {before} → {}", change.name, after.unwrap_or("none"))
            }
            (None, after) => format!("; {} {}", change.name, after.unwrap_or_default()),
        });
    }
    let actor = &entry.actor;
    let user = actor.provider_user.as_deref().unwrap_or(&actor.os_user);
    text.push_str(&format!("; by {user}"));
    if let Some(corr) = &entry.corr {
        text.push_str(&format!("; operation {corr}"));
    }
    if let Some(reason) = &entry.reason {
        text.push_str(&format!("; {reason}"));
    }
    visible(&text).into_owned()
}
