//! The place that was chosen for secrets, remembered in `vault.json`. Nothing in it is secret.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{SecretName, VaultState};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::store::{read_if_there, write_private};

/// The form of the file that this version writes.
const FORMAT: &str = "tributary.vault/1";

/// A place for secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// The system's keystore.
    Keystore,
    /// Files that a passphrase unlocks.
    Passphrase,
    /// The memory of the program.
    Session,
}

impl Backend {
    /// What it is called in arguments and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keystore => "keystore",
            Self::Passphrase => "passphrase",
            Self::Session => "session",
        }
    }

    /// What people call it.
    pub fn in_words(self) -> Sentence {
        match self {
            Self::Keystore => sentence!("the keystore"),
            Self::Passphrase => sentence!("a passphrase vault"),
            Self::Session => sentence!("the memory of this session"),
        }
    }
}

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remembered {
    /// Whether anything was remembered at all, or this is where everybody begins.
    pub(super) is_known: bool,
    pub(super) kept_in: Backend,
    /// The name of an entry that only the keystore has in which secrets were put.
    pub(super) mark: Option<String>,
    /// After how many minutes without use the passphrase vault locks itself; 0 for never.
    pub(super) lock_after_minutes: u32,
    /// What was moved away and may still be in its old place.
    pub(super) leaving: Vec<Leaving>,
}

/// Secrets whose copy in an old place is still to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaving {
    pub(super) kept_in: Backend,
    names: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    name: String,
    tenant: String,
}

impl Leaving {
    pub(super) fn new(kept_in: Backend, names: &[SecretName]) -> Self {
        let names = names.iter().map(|SecretName { name, tenant }| Name {
            name: name.clone(),
            tenant: tenant.clone(),
        });
        Self {
            kept_in,
            names: names.collect(),
        }
    }

    pub(super) fn names(&self) -> Vec<SecretName> {
        let names = self.names.iter().map(|Name { name, tenant }| SecretName {
            name: name.clone(),
            tenant: tenant.clone(),
        });
        names.collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    kept_in: Backend,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
    lock_after_minutes: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    leaving: Vec<Leaving>,
}

/// Reads what is remembered. A file that cannot be read is a state like a locked keystore: who
/// knows what it said.
pub(super) fn read(path: &Path, lock_after_minutes: u32) -> Result<Remembered, VaultState> {
    let bytes = read_if_there(path).map_err(|error| VaultState::Unavailable {
        reason: error.sentence_with_causes(),
        remedy: Remedy::from("Make the file readable for yourself, and try again"),
    })?;
    let Some(bytes) = bytes else {
        return Ok(Remembered {
            is_known: false,
            kept_in: Backend::Keystore,
            mark: None,
            lock_after_minutes,
            leaving: Vec::new(),
        });
    };
    let read: Option<File> = serde_json::from_slice(&bytes).ok();
    match read.filter(|file| file.format == FORMAT) {
        Some(file) => Ok(Remembered {
            is_known: true,
            kept_in: file.kept_in,
            mark: file.mark,
            lock_after_minutes: file.lock_after_minutes,
            leaving: file.leaving,
        }),
        None => Err(VaultState::Damaged {
            reason: sentence!(
                "`{file}`, which says where secrets are kept, is not what this version of Tributary \
                 writes",
                file = path.display()
            ),
            remedy: Remedy::of_each(
                "Restore the file or use the version that wrote it; or choose the place anew \
                 with `tributary vault choose`, where nothing is deleted",
                "Restore the file or use the version that wrote it; or choose the place anew, \
                 where nothing is deleted",
            ),
        }),
    }
}

/// Remembers.
pub(super) fn write(path: &Path, remembered: &Remembered) -> Result<(), Error> {
    let file = File {
        format: FORMAT.to_owned(),
        kept_in: remembered.kept_in,
        mark: remembered.mark.clone(),
        lock_after_minutes: remembered.lock_after_minutes,
        leaving: remembered.leaving.clone(),
    };
    let text = serde_json::to_string_pretty(&file).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            "Where secrets are kept could not be written down",
        )
        .caused_by(error)
    })?;
    write_private(path, format!("{text}\n").as_bytes())
}
