//! Where secrets are kept: the system's keystore, a vault behind a passphrase, or this session only.
//!
//! - [`Vaults`]: which of the three was chosen, and whether it can be used.
//! - `choice`: the choice, remembered.
//! - `keystore`: the Secret Service on Linux, the Keychain on macOS, the Credential Manager on
//!   Windows.
//! - `passphrase`: files of our own; `seal` is the cryptography.
//! - [`harden_process`]: no memory dumps.
//!
//! A place that is absent, locked, damaged or not the one it was is a state with a reason and a
//! remedy. It is never a reason to begin anew, to write a secret anywhere in plain text, to keep it
//! somewhere else than was chosen, or to delete anything. Which secret belongs to whom is decided
//! in [`crate::account`].

mod choice;
mod hardening;
mod keystore;
mod passphrase;
mod seal;
mod vaults;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use subtle::ConstantTimeEq;
use url::Url;
use zeroize::Zeroizing;

use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};

pub use choice::Backend;
pub use hardening::harden_process;
pub use vaults::{
    Choice, LOCK_AFTER_MINUTES, Moved, PASSPHRASE_VARIABLE, Surroundings, Unreadable, Vaults,
    open_vault,
};

/// A token, password or key. Overwritten in memory when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret in.
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The secret itself, for the header or keystore call right beside this one.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is this text. Takes as long for one that differs in its first letter as for one
    /// that differs in its last.
    pub fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("****")
    }
}

/// The name of a secret in the vault, and the tenant it belongs to. Neither is secret: keystore
/// programs show names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName {
    name: String,
    tenant: String,
}

impl SecretName {
    /// The token of a Confluence site for one of its users; the user is empty when the token
    /// alone says who it is.
    pub fn site_token(site: &Url, user: &str) -> Self {
        let mut site = site.clone();
        // Neither can fail for the http addresses that sites have; a site that has neither host
        // nor user information keeps its name.
        site.set_username("").ok();
        site.set_password(None).ok();
        site.set_query(None);
        site.set_fragment(None);
        let address = site.as_str().trim_end_matches('/');
        let tenant = format!("confluence {address}");
        Self {
            name: match user.trim() {
                "" => tenant.clone(),
                user => format!("{tenant} {user}"),
            },
            tenant,
        }
    }

    /// What is kept for an account, by its id. The tenant is the place the account is at, and how
    /// access is granted there, such as `gitlab gitlab.example.com managed`.
    pub fn account(tenant: &str, id: &str) -> Self {
        Self {
            name: format!("account {id}"),
            tenant: tenant.to_owned(),
        }
    }

    /// What the audit log in a folder keeps here: its keys, or the head that shows a cut.
    pub(crate) fn audit(part: &str, folder: &Path) -> Self {
        Self {
            name: format!("audit {part} {}", folder.display()),
            tenant: "audit".to_owned(),
        }
    }

    /// What is kept for reaching servers: the password for a proxy, a certificate with its key.
    pub(crate) fn network(part: &str) -> Self {
        Self {
            name: format!("network {part}"),
            tenant: "network".to_owned(),
        }
    }

    /// What the vault itself keeps here.
    fn of_vault(part: &str) -> Self {
        Self {
            name: part.to_owned(),
            tenant: "vault".to_owned(),
        }
    }

    /// The name as keystore programs show it.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whose secret it is: those of different tenants are never sealed with the same key.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

/// What forgetting a secret found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgotten {
    /// It was there and is gone.
    Removed,
    /// There was none of that name.
    WasNotThere,
}

/// Keeps secrets for this application, by name. Calls block; from async code, use
/// `spawn_blocking`.
pub trait Vault: Send + Sync {
    /// Keeps a secret, in the place of one with the same name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::VaultUnavailable`] when the vault is gone, locked or another one, and
    /// [`crate::ErrorKind::Storage`] when its files are damaged.
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error>;

    /// Finds a secret.
    ///
    /// # Errors
    /// The same as [`Vault::put`].
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error>;

    /// Removes a secret.
    ///
    /// # Errors
    /// The same as [`Vault::put`].
    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error>;
}

/// Whether the place that was chosen for secrets can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultState {
    /// It can, and what is put there outlives the program.
    Available {
        /// Its name.
        name: String,
    },
    /// The person chose that secrets are forgotten when the program ends.
    SessionOnly,
    /// It is not there.
    Unavailable {
        /// What is missing, as a sentence.
        reason: Sentence,
        /// What the person can do.
        remedy: Remedy,
    },
    /// It waits to be unlocked.
    Locked {
        /// What it waits for, as a sentence.
        reason: Sentence,
        /// What the person can do.
        remedy: Remedy,
    },
    /// There is another one in the place of the one that was used.
    Changed {
        /// What is different, as a sentence.
        reason: Sentence,
        /// What the person can do.
        remedy: Remedy,
    },
    /// What was written for it cannot be read.
    Damaged {
        /// What is wrong, as a sentence.
        reason: Sentence,
        /// What the person can do.
        remedy: Remedy,
    },
}

impl VaultState {
    /// Why it cannot be used, and what the person can do; none when it can.
    pub fn trouble(&self) -> Option<(&Sentence, &Remedy)> {
        match self {
            Self::Available { .. } | Self::SessionOnly => None,
            Self::Unavailable { reason, remedy }
            | Self::Locked { reason, remedy }
            | Self::Changed { reason, remedy }
            | Self::Damaged { reason, remedy } => Some((reason, remedy)),
        }
    }

    /// Whether what is put there now will be found by the next start of the program.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Available { .. })
    }

    /// The error of whoever wanted to use it regardless.
    fn into_error(self, doing: impl Into<Sentence>) -> Error {
        let error = Error::new(ErrorKind::VaultUnavailable, doing);
        match self.trouble() {
            Some((reason, remedy)) => error.remedy(remedy.clone()).caused_by(reason.as_str()),
            None => error,
        }
    }
}

/// A vault that forgets everything when the program ends.
pub fn session_vault() -> Box<dyn Vault> {
    Box::new(SessionVault::default())
}

#[derive(Default)]
struct SessionVault {
    secrets: Mutex<HashMap<SecretName, Zeroizing<String>>>,
}

impl Vault for SessionVault {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(name.clone(), secret.0.clone());
        Ok(())
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).map(|secret| Secret(secret.clone())))
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match secrets.remove(name) {
            Some(_) => Forgotten::Removed,
            None => Forgotten::WasNotThere,
        })
    }
}

impl SessionVault {
    /// Everything that is kept here.
    fn names(&self) -> Vec<SecretName> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.keys().cloned().collect()
    }
}
