//! The form of a record: one canonical JSON object per line, chained by SHA-256.
//!
//! Canonical means RFC 8785. `hash` is the SHA-256 of the text of `prev` followed by the record
//! without `hash`, so that anybody with a JSON library can compute the chain again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::event::Outcome;
use crate::discreet::redact;
use crate::error::{Error, ErrorKind};

/// The form that this version writes.
pub(super) const VERSION: u64 = 1;
/// What the first record of a log has before it.
pub(super) const BEGINNING: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";
/// How every record begins: `action` sorts first.
const BEGIN: &str = "{\"action\":\"";
/// No value in a record is longer, so that no line grows without bound.
const LONGEST_VALUE: usize = 2000;

/// A record of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The form's version.
    pub v: u64,
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// When, in UTC.
    #[serde(with = "nanoseconds")]
    pub ts: Timestamp,
    /// Microseconds since the program that wrote it began, by a clock that nobody can set.
    pub mono: u64,
    /// Which installation's log it belongs to.
    pub install: String,
    /// Who.
    pub actor: RecordedActor,
    /// What was done, such as `publish.update`.
    pub action: String,
    /// To what.
    pub object: Object,
    /// How it ended; [`Outcome`] has the words.
    pub outcome: String,
    /// Why it ended so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// What changed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub changes: Vec<Change>,
    /// What ties the records of one operation together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub corr: Option<String>,
    /// Which program wrote it.
    pub source: RecordedSource,
    /// Which credential was used, when one was and the keystore has a key to mark it with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cred: Option<CredentialMark>,
    /// The signature under the records so far.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub checkpoint: Option<Checkpoint>,
    /// The hash of the record before.
    pub prev: String,
    /// SHA-256 over `prev` and this record.
    #[serde(default)]
    pub hash: String,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordedActor {
    /// The operating system's user.
    pub os_user: String,
    /// Our id of the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account_id: Option<String>,
    /// The provider's id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub provider: Option<String>,
    /// The user there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub provider_user: Option<String>,
    /// The access mode.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mode: Option<String>,
}

/// What it was done to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Object {
    /// Its kind: `account`, `page`, `space`, `policy`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The host it is on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<String>,
    /// The provider it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub provider: Option<String>,
    /// Its version afterwards.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<u32>,
}

/// A value that is said, or that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The value's name.
    pub name: String,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<String>,
}

/// Which program wrote a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RecordedSource {
    /// Its process.
    pub pid: u32,
    /// Its version.
    pub app_version: String,
}

/// What tells one credential from another without saying anything about either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialMark {
    /// Which key made the mark.
    pub key_id: String,
    /// HMAC-SHA256 of the credential under a key that only the keystore has.
    pub fp: String,
}

/// A signature under everything before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The last record it covers.
    pub seq: u64,
    /// That record's hash.
    pub hash: String,
    /// When it was signed.
    pub time: String,
    /// How many records were added since the checkpoint before.
    pub count: u64,
    /// The Ed25519 public key, in hexadecimal.
    pub public_key: String,
    /// The Ed25519 signature, in hexadecimal.
    pub signature: String,
}

impl Checkpoint {
    /// What is signed: the statement with what it is for, so that it means nothing elsewhere.
    pub(super) fn statement(&self, install: &str) -> String {
        format!(
            "tributary audit checkpoint 1\n{install}\n{}\n{}\n{}\n{}\n",
            self.seq, self.hash, self.time, self.count
        )
    }
}

impl Entry {
    /// The outcome, when this version knows the word.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::of(&self.outcome)
    }

    /// A value that was said or that a change led to.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.changes.iter().find(|change| change.name == name)?;
        found.after.as_deref()
    }

    /// Makes the values fit to be kept, and fills in the hash.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        let mut values: Vec<&mut String> = vec![&mut self.object.id];
        values.extend(self.object.host.as_mut());
        values.extend(self.reason.as_mut());
        values.extend(self.actor.provider_user.as_mut());
        for change in &mut self.changes {
            values.extend(change.before.as_mut());
            values.extend(change.after.as_mut());
        }
        for value in values {
            redact(value);
            shorten(value);
        }
        self.hash = String::new();
        let mut value = serde_json::to_value(&*self).map_err(broken)?;
        self.hash = hash_of(&mut value)?;
        Ok(())
    }

    /// The record as it stands in the log, without the end of the line.
    ///
    /// # Errors
    /// [`ErrorKind::Bug`] when it cannot be put into the canonical form.
    pub fn to_line(&self) -> Result<String, Error> {
        serde_json_canonicalizer::to_string(self).map_err(broken)
    }
}

/// The hash that a record should have; takes the one it has out of the value.
pub(super) fn hash_of(value: &mut Value) -> Result<String, Error> {
    if let Some(fields) = value.as_object_mut() {
        fields.remove("hash");
    }
    let previous = value.get("prev").and_then(Value::as_str);
    let mut hasher = Sha256::new();
    hasher.update(previous.unwrap_or_default());
    hasher.update(serde_json_canonicalizer::to_vec(value).map_err(broken)?);
    Ok(hex(&hasher.finalize()))
}

/// Whether a line is the beginning of a record, as a crash leaves it: the text of a record that
/// ends too early, or the zeros that some file systems put where lost bytes were.
pub(super) fn is_cut_short(line: &[u8]) -> bool {
    let zeros = line.iter().rev().take_while(|byte| **byte == 0).count();
    let written = &line[..line.len() - zeros];
    let text = match std::str::from_utf8(written) {
        Ok(text) => text,
        // A character may be cut as well.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&written[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    if text.is_empty() {
        return !line.is_empty();
    }
    (text.starts_with(BEGIN) || BEGIN.starts_with(text))
        && serde_json::from_str::<Value>(text).is_err_and(|error| error.is_eof())
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn shorten(value: &mut String) {
    if value.len() > LONGEST_VALUE {
        let mut end = LONGEST_VALUE;
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        value.truncate(end);
        value.push('…');
    }
}

fn broken(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Bug, "A record could not be put into its form").caused_by(error)
}

/// Points in time with nine digits after the second, so that every record has the same form.
mod nanoseconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{time:.9}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
