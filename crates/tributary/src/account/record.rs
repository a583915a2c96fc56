//! Which accounts there are: `accounts.json`, in which nothing is secret, so that listing never
//! unlocks anything.
//!
//! Several processes share the file. Whoever changes it reads it again under a lock first.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::provider::{Provider, Purpose, Sent};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::Holder;
use crate::store::{Paths, lock, read_if_there, write_private};
use crate::vault::{SecretName, Vault, session_vault};

/// The form of the file that this version writes.
const FORMAT: &str = "tributary.accounts/1";

/// Whose access is used for a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Every user signs in.
    Individual,
    /// One credential that the administrator configured.
    Managed,
}

impl Mode {
    /// The word in files and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Managed => "managed",
        }
    }

    /// What people call it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Individual => "Individual Access",
            Self::Managed => "Managed Access",
        }
    }

    /// The same, to be said in another language.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Individual => sentence!("Individual Access"),
            Self::Managed => sentence!("Managed Access"),
        }
    }
}

/// Whose credential it is, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's own id, which does not change.
    pub id: String,
    /// The name shown to people.
    pub name: String,
}

/// What an account's access rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Access {
    /// A grant that a person gave an application.
    Grant {
        /// The application.
        client_id: String,
        /// The address the browser came back to, which some servers want to hear again at every
        /// renewal; none for a grant that was given by a code typed elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redirect: Option<String>,
    },
    /// An application of a service account, which needs no person.
    Service {
        /// The application.
        client_id: String,
    },
    /// A token made by hand.
    Token {
        /// `api_token`, `personal_access_token`, `access_token` or `password`.
        kind: String,
        /// How it is sent.
        sent: Sent,
        /// The name that is sent along; the repository by which it proves itself, where it belongs
        /// to no person.
        #[serde(default)]
        user: String,
        /// The repository at which it is tried with its user, where nothing else tells whether it is
        /// good.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        tried_at: String,
    },
}

impl Access {
    /// The kind in the audit log.
    pub fn kind(&self) -> &str {
        match self {
            Self::Grant { .. } => "oauth",
            Self::Service { .. } => "client_credentials",
            Self::Token { kind, .. } => kind,
        }
    }
}

/// A Confluence site that an account reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The address as a person sees it.
    pub url: Url,
    /// The gateway to its API, when requests go there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<Url>,
}

/// For how long an account is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Keep {
    /// Until somebody signs it out.
    #[default]
    Lasting,
    /// Until the program ends; no other one sees it.
    Session,
}

/// An account: somebody's access at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Our id.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// The place's address.
    pub base: String,
    /// Whose access it is.
    pub mode: Mode,
    /// Who it is there.
    pub user: Identity,
    /// What it rests on.
    pub access: Access,
    /// What it was asked for.
    pub purpose: Purpose,
    /// The scopes that were granted; empty where the provider does not say.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The Confluence sites it reaches.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// When it was signed in, the last time.
    pub signed_in: Timestamp,
    /// When its credential was used, to the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Timestamp>,
    /// When it ends whatever is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// Why somebody has to sign in again, when somebody has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_out: Option<String>,
    /// For how long it is kept. Only those that last are written down.
    #[serde(skip)]
    pub keep: Keep,
    /// Whether its token may still be where earlier versions kept tokens of sites.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) was_of_site: bool,
}

impl Account {
    /// The repository at which it is tried, where nothing else tells whether it is good.
    pub fn tried_at(&self) -> Option<&str> {
        match &self.access {
            Access::Token { tried_at, .. } if !tried_at.is_empty() => Some(tried_at),
            _ => None,
        }
    }

    /// Where its credential is in the vault.
    pub(super) fn secret_name(&self) -> SecretName {
        let tenant = format!("{} {} {}", self.provider, self.base, self.mode.name());
        SecretName::account(&tenant, &self.id)
    }

    /// Where an earlier version kept its token, when it may be there still.
    pub(super) fn old_secret_name(&self) -> Option<SecretName> {
        let Access::Token { user, .. } = &self.access else {
            return None;
        };
        let site = self.sites.first().filter(|_| self.was_of_site)?;
        Some(SecretName::site_token(&site.url, user))
    }

    /// The place, as keys in the file name it.
    pub(super) fn place_key(&self) -> String {
        format!("{} {}", self.provider, self.base)
    }

    /// The host, with the port where it is not the usual one.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.base).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or(&self.base);
        match url.as_ref().and_then(Url::port) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// What it is called in the audit log.
    pub fn audited(&self) -> crate::audit::AccountName {
        crate::audit::AccountName {
            id: self.id.clone(),
            provider: self.provider.clone(),
            host: self.host(),
        }
    }

    /// Whose access it is, for whoever uses its credential.
    pub(super) fn holder(&self, provider: &Provider) -> Holder {
        let lacks_removing = !self.only_reads() && provider.lacks_removing(&self.scopes);
        Holder {
            account: self.id.clone(),
            user: self.user.id.clone(),
            mode: self.mode.name(),
            for_publishing: self
                .only_reads()
                .then(|| Box::new(self.sign_in_for_publishing())),
            for_removing: lacks_removing.then(|| Box::new(self.sign_in_for_removing())),
        }
    }

    /// Whether it was signed in for reading only where one can publish.
    fn only_reads(&self) -> bool {
        self.purpose == Purpose::Read && !self.sites.is_empty()
    }

    /// The command that signs it in again, for no more than it was signed in for.
    pub(super) fn login_again(&self) -> String {
        let no_more = match self.purpose {
            Purpose::Read if self.only_reads() => " --read-only",
            Purpose::Read | Purpose::Publish => "",
            Purpose::Remove => " --trash",
        };
        format!("{}{no_more}", self.login_for_all())
    }

    fn login_for_all(&self) -> String {
        format!(
            "tributary login {} --host {} --again {}",
            self.provider, self.base, self.id
        )
    }

    fn sign_in_for_publishing(&self) -> Remedy {
        Remedy::of_each(
            format!(
                "Sign in again for publishing: `{login_for_all}`, without `--read-only`",
                login_for_all = self.login_for_all()
            ),
            "Choose `Sign in for publishing\u{2026}` beside it under Accounts",
        )
    }

    fn sign_in_for_removing(&self) -> Remedy {
        Remedy::of_each(
            format!(
                "Sign in again for that too: `{login_for_all} --trash`",
                login_for_all = self.login_for_all()
            ),
            "Sign in once more under Accounts, and choose `May put pages into the trash`",
        )
    }

    /// On whose behalf things are done with it, for the audit log.
    pub fn actor(&self) -> crate::audit::Actor {
        crate::audit::Actor {
            account: Some(self.id.clone()),
            provider: Some(self.provider.clone()),
            user: Some(self.user.id.clone()),
            mode: Some(self.mode.name().to_owned()),
        }
    }
}

/// An application that somebody registered with a provider for this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Registered {
    pub(super) client_id: String,
    pub(super) has_secret: bool,
    /// The applications before it whose secrets may be in the vault still, because whoever wanted
    /// to remove them died.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) replaced: Vec<String>,
}

/// Something that was published and has to stay readable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublishedSource {
    /// The account that was used; empty for a token that came along with the run.
    pub account: String,
    /// The provider's id.
    pub provider: String,
    /// The Confluence site's address, or the Git host's.
    pub base: String,
    /// The space's key, or the repository's name.
    pub name: String,
}

impl PublishedSource {
    /// Whether it is the same thing, with whatever account.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.provider == other.provider && self.base == other.base && self.name == other.name
    }

    /// What it is called in the audit log.
    pub(super) fn audited(&self) -> String {
        format!("{} {}", self.base, self.name)
    }
}

/// All that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Index {
    format: String,
    pub(super) accounts: Vec<Account>,
    /// By place.
    pub(super) registered: BTreeMap<String, Registered>,
    /// Which account is used first, by place, by site or by repository.
    pub(super) preferred: BTreeMap<String, String>,
    /// The mode of each place where somebody chose one, by `Place::mode_key`.
    pub(super) modes: BTreeMap<String, Mode>,
    pub(super) sources: Vec<PublishedSource>,
    /// The sites, with their users, whose tokens are accounts by now: what the vault would call
    /// them.
    pub(super) taken_over: BTreeSet<String>,
    /// SHA-256 of the policy that was in force last.
    pub(super) policy: Option<String>,
}

impl Index {
    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub(super) fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// The mode that is in force when no policy says otherwise, by the key of a place's mode.
    pub(super) fn mode(&self, key: &str) -> Mode {
        self.modes.get(key).copied().unwrap_or(Mode::Individual)
    }
}

/// What is kept until the program ends: accounts, their tokens, and where they are used first. Clones
/// are the same.
#[derive(Clone)]
pub struct Session {
    pub(super) vault: Arc<dyn Vault>,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    accounts: Vec<Account>,
    /// As [`Index::preferred`], before which it goes.
    preferred: BTreeMap<String, String>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            vault: Arc::from(session_vault()),
            held: Arc::default(),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Session")
    }
}

impl Session {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file, and what is kept beside it until the program ends.
#[derive(Debug, Clone)]
pub(super) struct Records {
    file: PathBuf,
    lock: PathBuf,
    session: Session,
}

impl Records {
    pub(super) fn of(paths: &Paths, session: Session) -> Self {
        Self {
            file: paths.data.join("accounts.json"),
            lock: paths.data.join("accounts.lock"),
            session,
        }
    }

    /// Reads what is remembered.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be read, or is not what this version writes: then
    /// nothing may be written over it.
    pub(super) fn read(&self) -> Result<Index, Error> {
        Ok(self.with_session(self.read_lasting()?))
    }

    fn with_session(&self, mut index: Index) -> Index {
        let held = self.session.held();
        index.accounts.extend(held.accounts.iter().cloned());
        index.preferred.extend(held.preferred.clone());
        index
    }

    fn read_lasting(&self) -> Result<Index, Error> {
        let Some(bytes) = read_if_there(&self.file)? else {
            return Ok(Index::default());
        };
        let damaged = |why: Sentence| {
            Error::new(
                ErrorKind::Storage,
                sentence!(
                    "`{file}`, the list of accounts, cannot be read: {why}",
                    file = self.file.display(),
                    why
                )
                .with("why", why),
            )
            .remedy(
                "Restore the file, or use the version of Tributary that wrote it; without the \
                 file every account has to sign in again",
            )
        };
        let index: Index = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(Sentence::from("it is not well-formed")).caused_by(error))?;
        if index.format != FORMAT {
            return Err(damaged(Sentence::from("another version wrote it")));
        }
        Ok(index)
    }

    /// Changes what is remembered. Blocks on the lock and the disk.
    ///
    /// # Errors
    /// As [`Records::read`], and whatever the change gives: then nothing is written.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&mut Index) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let _locked = lock(&self.lock)?;
        let written = self.read_lasting()?;
        let before = self.with_session(written.clone());
        let mut index = before.clone();
        let changed = change(&mut index)?;
        if index != before {
            FORMAT.clone_into(&mut index.format);
            let mut held = self.session.held();
            let now = part(&mut index, written.preferred, &held);
            write(&self.file, &index)?;
            *held = now;
        }
        Ok(changed)
    }
}

/// Takes out what ends with the program. Where an account of the session is used first, or was, the
/// one that was written down is used again afterwards.
fn part(index: &mut Index, written: BTreeMap<String, String>, before: &Held) -> Held {
    let accounts = std::mem::take(&mut index.accounts).into_iter();
    let (lasting, accounts): (Vec<Account>, Vec<Account>) =
        accounts.partition(|account| account.keep == Keep::Lasting);
    let is_of_session = |id: &String| accounts.iter().any(|account| account.id == *id);
    let preferred = std::mem::take(&mut index.preferred).into_iter();
    let (of_session, mut preferred): (BTreeMap<_, _>, BTreeMap<_, _>) =
        preferred.partition(|(_, id)| is_of_session(id));
    for (key, id) in written {
        let was_hidden = before.preferred.contains_key(&key) || of_session.contains_key(&key);
        if was_hidden && lasting.iter().any(|account| account.id == id) {
            preferred.entry(key).or_insert(id);
        }
    }
    index.accounts = lasting;
    index.preferred = preferred;
    Held {
        accounts,
        preferred: of_session,
    }
}

fn write(file: &Path, index: &Index) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(index).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            "The list of accounts could not be written down",
        )
        .caused_by(error)
    })?;
    write_private(file, format!("{text}\n").as_bytes())
}
