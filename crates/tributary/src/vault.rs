//! Where tokens are kept: the system's keystore, or this session only.
//!
//! The keystore is the Secret Service on Linux, the Keychain on macOS and the Credential Manager
//! on Windows. Its absence is a state with a reason and a remedy, never a reason to write a token
//! into a file. Which token belongs to whom is decided in [`crate::account`].

mod hardening;
mod keystore;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use url::Url;
use zeroize::Zeroizing;

use crate::error::Error;

pub use hardening::harden_process;
pub use keystore::open_vault;

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
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("****")
    }
}

/// The name of a secret in the vault. Not secret itself: keystore programs show it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretName(String);

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
        let user = user.trim();
        Self(match user {
            "" => format!("confluence {address}"),
            user => format!("confluence {address} {user}"),
        })
    }

    /// What the audit log in a folder keeps here: its keys, or the head that shows a cut.
    pub(crate) fn audit(part: &str, folder: &Path) -> Self {
        Self(format!("audit {part} {}", folder.display()))
    }

    /// The name as keystore programs show it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, number: usize) -> Self {
        Self(format!("{} part {number}", self.0))
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
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
    /// [`crate::ErrorKind::VaultUnavailable`] when the keystore is gone or locked.
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

/// Whether the system's keystore can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultState {
    /// A secret was written, read and removed.
    Available {
        /// The keystore's name.
        name: String,
    },
    /// There is none.
    Unavailable {
        /// What is missing, as a sentence.
        reason: String,
        /// What the person can do.
        remedy: String,
    },
    /// There is one, but it waits to be unlocked.
    Locked {
        /// What it waits for, as a sentence.
        reason: String,
        /// What the person can do.
        remedy: String,
    },
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
