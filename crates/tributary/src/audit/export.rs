//! The log in the forms that other programs read.
//!
//! - JSON Lines: the records as they stand in the log; the chain can be computed from them.
//! - CSV for people: text that a spreadsheet would take for a formula begins with `'`.
//! - CEF, version 0, as ArcSight's implementation standard describes it.
//! - OCSF 1.5.0: classes 3001, 3002, 3004 and 6002, checked against the published schema in tests.
//! - Syslog messages by RFC 5424, facility 13 (log audit).
//!
//! Every form but CSV carries the whole record, so that nothing is lost on the way.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::event::Outcome;
use super::record::{Entry, Object};
use crate::error::{Error, ErrorKind};

/// The OCSF version that exports follow.
const OCSF: &str = "1.5.0";
/// RFC 5612 sets this enterprise number aside for examples; nobody has assigned Tributary one.
pub(super) const ENTERPRISE: u32 = 32473;

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The log's own form.
    JsonLines,
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Common Event Format.
    Cef,
    /// Open Cybersecurity Schema Framework, one JSON object per line.
    Ocsf,
    /// RFC 5424, one message per line.
    Syslog,
}

impl Form {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Cef => "cef",
            Self::Ocsf => "ocsf",
            Self::Syslog => "syslog",
        }
    }
}

/// Who a syslog message says it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// This machine's name.
    pub host: String,
    /// The private enterprise number under which the structured data stands.
    pub enterprise: u32,
}

impl Default for Sender {
    fn default() -> Self {
        Self {
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            enterprise: ENTERPRISE,
        }
    }
}

/// Puts records into a form.
pub(super) fn export(entries: &[Entry], form: Form, sender: &Sender) -> Result<String, Error> {
    if form == Form::Csv {
        return csv(entries);
    }
    let mut text = String::new();
    for entry in entries {
        text.push_str(&match form {
            Form::JsonLines | Form::Csv => entry.to_line()?,
            Form::Cef => cef(entry)?,
            Form::Ocsf => ocsf(entry)?.to_string(),
            Form::Syslog => syslog(entry, sender)?,
        });
        text.push('\n');
    }
    Ok(text)
}

/// What an action is called, and its place in OCSF: class, activity, the activity's name.
struct Meaning {
    title: &'static str,
    class: Class,
    activity: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    AccountChange,
    Authentication,
    EntityManagement,
    ApplicationLifecycle,
}

impl Class {
    /// The class's number, its name, its category's number and its category's name.
    fn ids(self) -> (u32, &'static str, u32, &'static str) {
        const IAM: &str = "Identity & Access Management";
        match self {
            Self::AccountChange => (3001, "Account Change", 3, IAM),
            Self::Authentication => (3002, "Authentication", 3, IAM),
            Self::EntityManagement => (3004, "Entity Management", 3, IAM),
            Self::ApplicationLifecycle => {
                (6002, "Application Lifecycle", 6, "Application Activity")
            }
        }
    }
}

/// What OCSF has no number for.
const OTHER: u32 = 99;

fn meaning(action: &str) -> Meaning {
    use Class::{AccountChange, ApplicationLifecycle, Authentication, EntityManagement};

    let (title, class, activity) = match action {
        "sign_in.start" => ("Sign-in started", Authentication, OTHER),
        "sign_in" => ("Signed in", Authentication, 1),
        "sign_out" => ("Signed out", Authentication, 2),
        "credential.refresh" => ("Grant refreshed", Authentication, OTHER),
        "credential.scopes" => ("Scopes changed", AccountChange, OTHER),
        "credential.revoke" => ("Credential revoked", AccountChange, OTHER),
        "token.add" => ("Token added", AccountChange, OTHER),
        "token.replace" => ("Token replaced", AccountChange, OTHER),
        "token.remove" => ("Token removed", AccountChange, OTHER),
        "mode.switch" => ("Access mode switched", EntityManagement, 3),
        "consent.move" => ("Consent moved", EntityManagement, 3),
        "account.choose" => ("Account chosen", EntityManagement, 3),
        "policy.load" => ("Policy loaded", EntityManagement, 2),
        "policy.change" => ("Policy changed", EntityManagement, 3),
        "vault.change" => ("Vault changed", EntityManagement, 3),
        "vault.lock" => ("Vault locked", EntityManagement, OTHER),
        "vault.unlock" => ("Vault unlocked", EntityManagement, OTHER),
        "app.update" => ("Program updated", ApplicationLifecycle, 8),
        "publish.plan" => ("Publish planned", EntityManagement, 2),
        "publish.run" => ("Published", EntityManagement, OTHER),
        "publish.create" => ("Page created", EntityManagement, 1),
        "publish.update" => ("Page updated", EntityManagement, 3),
        "publish.move" => ("Page moved", EntityManagement, 5),
        "publish.archive" => ("Page archived", EntityManagement, 11),
        "publish.trash" => ("Page put into the trash", EntityManagement, 4),
        "publish.restore" => ("Page taken out of the trash", EntityManagement, 10),
        "preview.allow" => ("Pictures of other servers allowed", EntityManagement, OTHER),
        "link.refuse" => ("Link refused", EntityManagement, OTHER),
        "audit.export" => ("Audit log exported", EntityManagement, 2),
        "audit.verify" => ("Audit log verified", EntityManagement, 2),
        "audit.key" => ("Audit key made", EntityManagement, OTHER),
        "audit.recover" => ("Torn record explained", EntityManagement, OTHER),
        "audit.mismatch" => ("Audit log found changed", EntityManagement, OTHER),
        "audit.remove" => ("Old records removed", EntityManagement, 4),
        "audit.checkpoint" => ("Records signed", EntityManagement, OTHER),
        _ => ("Something else", EntityManagement, OTHER),
    };
    Meaning {
        title,
        class,
        activity,
    }
}

/// How much a record matters, from 0 (look at it when you like) to 3 (look now).
fn weight(entry: &Entry) -> u8 {
    if entry.action == "audit.mismatch" {
        return 3;
    }
    match entry.outcome() {
        Some(Outcome::Success | Outcome::Attempt | Outcome::Cancelled) => {
            u8::from(entry.action.starts_with("token.") || entry.action == "mode.switch")
        }
        Some(Outcome::Failure | Outcome::Refused | Outcome::Unknown) | None => 2,
    }
}

/// What happened, in words.
fn sentence(entry: &Entry) -> String {
    let object = &entry.object;
    let name = entry.value("title").unwrap_or(&object.id);
    let mut text = format!("{}: {} {name}", meaning(&entry.action).title, object.kind);
    if let Some(host) = &object.host {
        text.push_str(" on ");
        text.push_str(host);
    }
    text.push_str(&format!(" ({})", entry.outcome));
    text
}

fn csv(entries: &[Entry]) -> Result<String, Error> {
    let broken = |error: csv::Error| {
        Error::new(ErrorKind::Bug, "The records could not be put into CSV").caused_by(error)
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "seq",
            "time",
            "action",
            "outcome",
            "reason",
            "object_type",
            "object_id",
            "object_host",
            "object_provider",
            "object_version",
            "account_id",
            "provider",
            "provider_user",
            "mode",
            "os_user",
            "changes",
            "operation",
            "credential_key",
            "credential",
            "pid",
            "app_version",
            "mono",
            "install",
            "prev",
            "hash",
        ])
        .map_err(broken)?;
    for entry in entries {
        let (object, actor) = (&entry.object, &entry.actor);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let changes = if entry.changes.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&entry.changes).unwrap_or_default()
        };
        let cells = [
            entry.seq.to_string(),
            format!("{:.9}", entry.ts),
            entry.action.clone(),
            entry.outcome.clone(),
            text(&entry.reason),
            object.kind.clone(),
            object.id.clone(),
            text(&object.host),
            text(&object.provider),
            object
                .version
                .map(|version| version.to_string())
                .unwrap_or_default(),
            text(&actor.account_id),
            text(&actor.provider),
            text(&actor.provider_user),
            text(&actor.mode),
            actor.os_user.clone(),
            changes,
            text(&entry.corr),
            entry
                .cred
                .as_ref()
                .map(|mark| mark.key_id.clone())
                .unwrap_or_default(),
            entry
                .cred
                .as_ref()
                .map(|mark| mark.fp.clone())
                .unwrap_or_default(),
            entry.source.pid.to_string(),
            entry.source.app_version.clone(),
            entry.mono.to_string(),
            entry.install.clone(),
            entry.prev.clone(),
            entry.hash.clone(),
        ];
        writer
            .write_record(cells.iter().map(|cell| harmless(cell)))
            .map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| {
        Error::new(ErrorKind::Bug, "The records could not be put into CSV")
            .caused_by(error.to_string())
    })?;
    String::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::Bug, "The records could not be put into CSV").caused_by(error)
    })
}

/// A cell that no spreadsheet calculates: OWASP's list of first characters, and their wide forms.
fn harmless(cell: &str) -> String {
    let calculates =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if calculates {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn cef(entry: &Entry) -> Result<String, Error> {
    let meaning = meaning(&entry.action);
    let severity = [3, 5, 7, 10][usize::from(weight(entry).min(3))];
    let mut text = format!(
        "CEF:0|Tributary|Tributary|{}|{}|{}|{severity}|",
        cef_header(&entry.source.app_version),
        cef_header(&entry.action),
        cef_header(meaning.title),
    );
    let object = &entry.object;
    let time = entry.ts.as_millisecond().to_string();
    let (seq, pid) = (entry.seq.to_string(), entry.source.pid.to_string());
    let line = entry.to_line()?;
    let mark = entry.cred.as_ref().map(|mark| mark.fp.as_str());
    let mut fields: Vec<(&str, &str)> = vec![
        ("rt", &time),
        ("externalId", &seq),
        ("outcome", &entry.outcome),
        ("dvcpid", &pid),
        (
            "suser",
            entry
                .actor
                .provider_user
                .as_deref()
                .unwrap_or(&entry.actor.os_user),
        ),
        ("duser", &entry.actor.os_user),
        ("fileType", &object.kind),
        ("fileId", &object.id),
    ];
    let optional = [
        ("suid", entry.actor.account_id.as_deref()),
        ("dhost", object.host.as_deref()),
        ("fname", entry.value("title")),
        ("filePath", entry.value("source")),
        ("reason", entry.reason.as_deref()),
    ];
    fields.extend(
        optional
            .into_iter()
            .filter_map(|(key, value)| value.map(|value| (key, value))),
    );
    fields.extend([("cs1Label", "install"), ("cs1", entry.install.as_str())]);
    fields.extend([("cs2Label", "hash"), ("cs2", entry.hash.as_str())]);
    if let Some(corr) = &entry.corr {
        fields.extend([("cs3Label", "operation"), ("cs3", corr.as_str())]);
    }
    if let Some(mark) = mark {
        fields.extend([("cs4Label", "credential"), ("cs4", mark)]);
    }
    fields.extend([("cs5Label", "record"), ("cs5", line.as_str())]);
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, value)| format!("{key}={}", cef_value(value)))
        .collect();
    text.push_str(&fields.join(" "));
    Ok(text)
}

fn cef_header(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace(['\r', '\n'], " ")
}

fn cef_value(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('=', "\\=")
        .replace('\r', "\\r")
        .replace('\n', "\\n")
}

fn ocsf(entry: &Entry) -> Result<Value, Error> {
    let meaning = meaning(&entry.action);
    let (class, class_name, category, category_name) = meaning.class.ids();
    let (severity, severity_name) = [
        (1, "Informational"),
        (2, "Low"),
        (3, "Medium"),
        (5, "Critical"),
    ][usize::from(weight(entry).min(3))];
    let (status, status_name) = match entry.outcome() {
        Some(Outcome::Success) => (1, "Success"),
        Some(Outcome::Failure | Outcome::Refused) => (2, "Failure"),
        Some(Outcome::Attempt | Outcome::Cancelled) => (99, entry.outcome.as_str()),
        Some(Outcome::Unknown) | None => (0, "Unknown"),
    };
    let line = entry.to_line()?;
    let product = json!({
        "name": "Tributary",
        "vendor_name": "Tributary",
        "version": entry.source.app_version,
    });
    let mut event = json!({
        "activity_id": meaning.activity,
        "activity_name": meaning.title,
        "category_uid": category,
        "category_name": category_name,
        "class_uid": class,
        "class_name": class_name,
        "type_uid": class * 100 + meaning.activity,
        "time": entry.ts.as_millisecond(),
        "timezone_offset": 0,
        "severity_id": severity,
        "severity": severity_name,
        "status_id": status,
        "status": status_name,
        "message": sentence(entry),
        "metadata": {
            "version": OCSF,
            "product": product,
            "uid": entry.hash,
            "sequence": entry.seq,
            "event_code": entry.action,
            "original_time": format!("{:.9}", entry.ts),
            "log_name": "audit",
            "log_provider": entry.install,
        },
        "raw_data": line,
    });
    // The one class of ours in which OCSF has no place for who did it.
    if meaning.class != Class::ApplicationLifecycle {
        event["actor"] = json!({"app_name": "Tributary", "user": {"name": entry.actor.os_user}});
    }
    if let Some(corr) = &entry.corr {
        event["metadata"]["correlation_uid"] = json!(corr);
    }
    if let Some(reason) = &entry.reason {
        event["status_detail"] = json!(reason);
    }
    match meaning.class {
        Class::Authentication => {
            event["user"] = ocsf_user(entry);
            let service = entry
                .object
                .provider
                .as_ref()
                .or(entry.object.host.as_ref());
            event["service"] = json!({"name": service.unwrap_or(&entry.object.kind)});
        }
        Class::AccountChange => event["user"] = ocsf_user(entry),
        Class::EntityManagement => event["entity"] = ocsf_entity(entry, &entry.object),
        Class::ApplicationLifecycle => {
            event["app"] = json!({
                "name": "Tributary",
                "vendor_name": "Tributary",
                "version": entry.value("version"),
            });
        }
    }
    Ok(event)
}

fn ocsf_user(entry: &Entry) -> Value {
    let mut user = json!({"uid": entry.object.id});
    if let Some(host) = &entry.object.host {
        user["domain"] = json!(host);
    }
    if let Some(name) = &entry.actor.provider_user {
        user["name"] = json!(name);
    }
    user
}

fn ocsf_entity(entry: &Entry, object: &Object) -> Value {
    let mut entity =
        json!({"type": object.kind, "name": entry.value("title").unwrap_or(&object.id)});
    if !object.id.is_empty() {
        entity["uid"] = json!(object.id);
    }
    if let Some(version) = object.version {
        entity["version"] = json!(version.to_string());
    }
    entity
}

/// A message without its framing.
pub(super) fn syslog(entry: &Entry, sender: &Sender) -> Result<String, Error> {
    const LOG_AUDIT: u32 = 13;
    let severity = [6, 5, 4, 2][usize::from(weight(entry).min(3))];
    // RFC 5424 has room for microseconds; the record in the message has the rest.
    let time = format!("{:.6}", entry.ts);
    let mut text = format!(
        "<{}>1 {time} {} tributary {} {} [tributary@{}",
        LOG_AUDIT * 8 + severity,
        syslog_name(&sender.host, 255),
        entry.source.pid,
        syslog_name(&entry.action, 32),
        sender.enterprise,
    );
    let seq = entry.seq.to_string();
    let object = &entry.object;
    let parameters = [
        ("seq", Some(seq.as_str())),
        ("install", Some(&entry.install)),
        ("outcome", Some(&entry.outcome)),
        ("objectType", Some(&object.kind)),
        ("objectId", Some(&object.id)),
        ("objectHost", object.host.as_deref()),
        ("account", entry.actor.account_id.as_deref()),
        ("user", entry.actor.provider_user.as_deref()),
        ("osUser", Some(&entry.actor.os_user)),
        ("operation", entry.corr.as_deref()),
        ("reason", entry.reason.as_deref()),
        ("hash", Some(&entry.hash)),
    ];
    for (name, value) in parameters {
        if let Some(value) = value {
            // Writing to a text cannot fail.
            write!(text, " {name}=\"{}\"", syslog_value(value)).ok();
        }
    }
    text.push_str("] ");
    text.push_str(&ascii(&entry.to_line()?));
    Ok(text)
}

/// A header field: printable ASCII, or the dash that stands for nothing.
fn syslog_name(name: &str, longest: usize) -> String {
    let name: String = name
        .chars()
        .map(|character| {
            if character.is_ascii_graphic() {
                character
            } else {
                '_'
            }
        })
        .take(longest)
        .collect();
    if name.is_empty() {
        "-".to_owned()
    } else {
        name
    }
}

fn syslog_value(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '\\' | ']' => text.extend(['\\', character]),
            // A receiver that reads lines must not see one end here.
            character if character.is_control() => text.push(' '),
            character => text.push(character),
        }
    }
    text
}

/// The same JSON in ASCII, so that the message needs no byte order mark: in RFC 5424 a message in
/// UTF-8 begins with one, and no JSON reader wants it. Nothing but texts has other characters.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            text.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(text, "\\u{unit:04x}").ok();
        }
    }
    text
}
