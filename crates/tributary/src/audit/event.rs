//! What can happen, as types: an event that is not here cannot be recorded.
//!
//! An event names its subject by ids, hosts, titles and paths. There is no place in it for a
//! token, a code, a verifier, the body of a page or the contents of a file.
//!
//! Nothing here says that somebody looked at a token: no command and no screen shows one, and what
//! is known about it besides is in lists that are read without the vault.

use std::fmt;

use super::record::{Change, CredentialMark, Object};

/// Something that happened, or is about to.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub(super) what: What,
    pub(super) by: Actor,
    pub(super) outcome: Outcome,
    pub(super) reason: Option<String>,
    pub(super) correlation: Option<Correlation>,
    pub(super) credential: Option<CredentialMark>,
}

/// On whose behalf it happened, as far as it is known. The operating system's user is added when
/// the event is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// Our id of the account whose credential was used.
    pub account: Option<String>,
    /// The provider's id, such as `confluence-cloud`.
    pub provider: Option<String>,
    /// The user, by the provider's own id or name.
    pub user: Option<String>,
    /// `individual` or `managed`.
    pub mode: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is about to be tried; another event with the same correlation says how it ended.
    Attempt,
    /// It was done.
    Success,
    /// It was tried and did not succeed.
    Failure,
    /// It was not tried, because a rule or the other side forbids it.
    Refused,
    /// A person stopped it.
    Cancelled,
    /// It was tried, and whether it took effect is not known.
    Unknown,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] = [
        Self::Attempt,
        Self::Success,
        Self::Failure,
        Self::Refused,
        Self::Cancelled,
        Self::Unknown,
    ];

    /// The word in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome a word in the log stands for.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Ties together the events of one operation: a sign-in, a publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correlation(pub(super) String);

impl fmt::Display for Correlation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An account, by what is not secret about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName {
    /// Our id, or the address of the site when it has none.
    pub id: String,
    /// The provider's id, such as `gitlab`.
    pub provider: String,
    /// The host, such as `gitlab.example.com`.
    pub host: String,
}

/// What is done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageEffect {
    /// It is made.
    Create,
    /// It gets a new version.
    Update,
    /// It is put below another page.
    Move,
    /// It is archived.
    Archive,
    /// It is put into the trash.
    Trash,
    /// It is taken out of the trash.
    Restore,
}

/// A page, by what identifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageName {
    /// The site's host.
    pub host: String,
    /// The page's id, once it has one.
    pub id: Option<String>,
    /// The space's key.
    pub space: String,
    /// The title.
    pub title: String,
    /// The source's path in its repository.
    pub source: String,
}

/// Everything that is recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A person set out to sign in.
    SignInStarted {
        /// The account; its id may not be known yet.
        account: AccountName,
        /// The flow: `browser`, `device`, `token`, `client_credentials`.
        method: String,
    },
    /// A sign-in ended.
    SignedIn {
        /// The account.
        account: AccountName,
        /// The flow.
        method: String,
        /// The scopes that were granted.
        scopes: Vec<String>,
    },
    /// A grant was renewed, or could not be.
    Refreshed {
        /// The account.
        account: AccountName,
    },
    /// An account's grant covers something else now.
    ScopesChanged {
        /// The account.
        account: AccountName,
        /// The scopes before.
        before: Vec<String>,
        /// The scopes after.
        after: Vec<String>,
    },
    /// An account was signed out of here.
    SignedOut {
        /// The account.
        account: AccountName,
    },
    /// The provider was asked to make a credential useless.
    Revoked {
        /// The account.
        account: AccountName,
        /// Which: `access_token`, `refresh_token`, `grant`.
        which: String,
    },
    /// A token was put into the keystore.
    TokenAdded {
        /// The account.
        account: AccountName,
        /// The kind: `api_token`, `personal_access_token`, `oauth`.
        kind: String,
    },
    /// A token took another's place.
    TokenReplaced {
        /// The account.
        account: AccountName,
        /// The kind of the new one.
        kind: String,
    },
    /// A token was removed from the keystore.
    TokenRemoved {
        /// The account.
        account: AccountName,
        /// The kind.
        kind: String,
    },
    /// The access mode of a provider's host changed.
    ModeSwitched {
        /// The provider's id.
        provider: String,
        /// The host.
        host: String,
        /// The mode before.
        before: String,
        /// The mode after.
        after: String,
    },
    /// A published source moved from one account to another.
    ConsentMoved {
        /// The account that leaves.
        from: AccountName,
        /// The account that takes over.
        to: AccountName,
        /// The source.
        source: String,
    },
    /// Somebody chose which account is used at a host or site, or for one repository or space of it.
    AccountChosen {
        /// The provider's id.
        provider: String,
        /// The address of the host or site.
        base: String,
        /// The repository or space; none for all of it.
        name: Option<String>,
        /// The account that had been chosen, by our id; none when nobody had.
        before: Option<String>,
        /// The account that is chosen now; none for whichever is used where nobody chooses.
        after: Option<String>,
    },
    /// The administrator's policy was read and is in force.
    PolicyLoaded {
        /// SHA-256 of the file.
        digest: String,
    },
    /// The administrator's policy is another than before.
    PolicyChanged {
        /// SHA-256 of the file before; none when there was none.
        before: Option<String>,
        /// SHA-256 of the file now; none when it is gone.
        after: Option<String>,
    },
    /// Secrets are kept somewhere else now.
    VaultChanged {
        /// Where they were kept.
        before: String,
        /// Where they are kept.
        after: String,
    },
    /// The vault was locked.
    VaultLocked {
        /// Its name.
        vault: String,
    },
    /// The vault was unlocked, or not.
    VaultUnlocked {
        /// Its name.
        vault: String,
    },
    /// This log was exported.
    Exported {
        /// The form.
        form: String,
        /// How many records.
        records: u64,
    },
    /// This log was verified.
    Verified {
        /// The records that were looked at.
        records: u64,
        /// The first bad record, when there is one.
        first_bad: Option<u64>,
    },
    /// Another version of this program was installed.
    Updated {
        /// The version before.
        before: String,
        /// The version now.
        after: String,
    },
    /// A plan was made.
    Planned {
        /// The site's host.
        host: String,
        /// The space's key.
        space: String,
        /// The plan's digest.
        digest: String,
        /// How many steps of each kind.
        counts: Vec<(&'static str, usize)>,
    },
    /// A plan is carried out; recorded when it begins and when it ends.
    Published {
        /// The site's host.
        host: String,
        /// The space's key.
        space: String,
        /// The plan's digest.
        digest: String,
        /// How many steps of each kind, or how many ended in which way.
        counts: Vec<(&'static str, usize)>,
    },
    /// Something is done to a page; recorded before and after.
    Page {
        /// What.
        effect: PageEffect,
        /// The page.
        page: PageName,
        /// Its version before.
        before: Option<u32>,
        /// Its version after.
        after: Option<u32>,
        /// How many files were sent along, when that is known.
        attachments: usize,
    },
    /// Somebody allowed a preview to get its pictures from other servers, which learn of it.
    PicturesAllowed {
        /// The servers.
        hosts: Vec<String>,
        /// How many pictures.
        pictures: usize,
    },
    /// A link that opened the program was not followed.
    LinkRefused {
        /// Where it pointed, without its query.
        link: String,
    },
    /// Anything about this log itself.
    #[doc(hidden)]
    Log(LogEvent),
}

/// What the log records about itself.
#[derive(Debug, Clone, PartialEq)]
pub enum LogEvent {
    /// The keystore got a key for this log.
    KeyMade {
        /// The public key that checks its signatures, in hexadecimal.
        public_key: String,
    },
    /// A line that a crash cut short was found and closed.
    Recovered {
        /// How long the rest of the line is.
        bytes: usize,
        /// SHA-256 of the rest of the line.
        digest: String,
    },
    /// What the keystore knows of this log does not fit what is in it.
    Mismatch {
        /// The last record that the keystore knows of.
        expected: u64,
        /// The last record that was found in its place.
        found: u64,
    },
    /// Old records were removed, as the settings say.
    Removed {
        /// The last of them.
        through: u64,
        /// Its hash.
        hash: String,
    },
    /// The records so far are signed.
    Checkpoint,
}

impl Event {
    /// An event that was a success.
    pub fn new(what: What) -> Self {
        Self {
            what,
            by: Actor::default(),
            outcome: Outcome::Success,
            reason: None,
            correlation: None,
            credential: None,
        }
    }

    /// Says on whose behalf it happened.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.by = actor;
        self
    }

    /// Says how it ended.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// Says how it ended and why.
    #[must_use]
    pub fn because(mut self, outcome: Outcome, reason: impl Into<String>) -> Self {
        self.outcome = outcome;
        self.reason = Some(reason.into());
        self
    }

    /// Ties it to the other events of its operation.
    #[must_use]
    pub fn part_of(mut self, correlation: &Correlation) -> Self {
        self.correlation = Some(correlation.clone());
        self
    }

    /// Names the credential that was used, by its mark.
    #[must_use]
    pub fn with(mut self, credential: Option<CredentialMark>) -> Self {
        self.credential = credential;
        self
    }
}

impl What {
    /// The action's name in the log.
    pub fn action(&self) -> &'static str {
        match self {
            Self::SignInStarted { .. } => "sign_in.start",
            Self::SignedIn { .. } => "sign_in",
            Self::Refreshed { .. } => "credential.refresh",
            Self::ScopesChanged { .. } => "credential.scopes",
            Self::SignedOut { .. } => "sign_out",
            Self::Revoked { .. } => "credential.revoke",
            Self::TokenAdded { .. } => "token.add",
            Self::TokenReplaced { .. } => "token.replace",
            Self::TokenRemoved { .. } => "token.remove",
            Self::ModeSwitched { .. } => "mode.switch",
            Self::ConsentMoved { .. } => "consent.move",
            Self::AccountChosen { .. } => "account.choose",
            Self::PolicyLoaded { .. } => "policy.load",
            Self::PolicyChanged { .. } => "policy.change",
            Self::VaultChanged { .. } => "vault.change",
            Self::VaultLocked { .. } => "vault.lock",
            Self::VaultUnlocked { .. } => "vault.unlock",
            Self::Exported { .. } => "audit.export",
            Self::Verified { .. } => "audit.verify",
            Self::Updated { .. } => "app.update",
            Self::Planned { .. } => "publish.plan",
            Self::Published { .. } => "publish.run",
            Self::Page { effect, .. } => match effect {
                PageEffect::Create => "publish.create",
                PageEffect::Update => "publish.update",
                PageEffect::Move => "publish.move",
                PageEffect::Archive => "publish.archive",
                PageEffect::Trash => "publish.trash",
                PageEffect::Restore => "publish.restore",
            },
            Self::PicturesAllowed { .. } => "preview.allow",
            Self::LinkRefused { .. } => "link.refuse",
            Self::Log(event) => match event {
                LogEvent::KeyMade { .. } => "audit.key",
                LogEvent::Recovered { .. } => "audit.recover",
                LogEvent::Mismatch { .. } => "audit.mismatch",
                LogEvent::Removed { .. } => "audit.remove",
                LogEvent::Checkpoint => "audit.checkpoint",
            },
        }
    }

    /// Whether the thing must not happen when it cannot be recorded: writes to Confluence, and
    /// whatever changes a credential or who may use one. What only reads goes on with a warning.
    pub fn must_be_recorded(&self) -> bool {
        match self {
            Self::SignInStarted { .. }
            | Self::SignedIn { .. }
            | Self::Refreshed { .. }
            | Self::ScopesChanged { .. }
            | Self::SignedOut { .. }
            | Self::Revoked { .. }
            | Self::TokenAdded { .. }
            | Self::TokenReplaced { .. }
            | Self::TokenRemoved { .. }
            | Self::ModeSwitched { .. }
            | Self::ConsentMoved { .. }
            | Self::AccountChosen { .. }
            | Self::PolicyChanged { .. }
            | Self::VaultChanged { .. }
            | Self::Published { .. }
            | Self::Page { .. }
            | Self::Log(_) => true,
            Self::PolicyLoaded { .. }
            | Self::VaultLocked { .. }
            | Self::VaultUnlocked { .. }
            | Self::Exported { .. }
            | Self::Verified { .. }
            | Self::Updated { .. }
            | Self::Planned { .. }
            | Self::PicturesAllowed { .. }
            | Self::LinkRefused { .. } => false,
        }
    }

    /// Whether the record is worth waiting for the disk: changes of credentials are rare, and a
    /// publish waits by itself, once before its first write and once at its end.
    pub(super) fn is_durable_at_once(&self) -> bool {
        let of_publish = matches!(
            self,
            Self::Page { .. } | Self::Published { .. } | Self::Log(_)
        );
        self.must_be_recorded() && !of_publish
    }

    /// What it happened to, and what changed.
    pub(super) fn parts(&self) -> (Object, Vec<Change>) {
        match self {
            Self::SignInStarted { account, method } => {
                (of_account(account), vec![said("method", method)])
            }
            Self::SignedIn {
                account,
                method,
                scopes,
            } => {
                let mut changes = vec![said("method", method)];
                if !scopes.is_empty() {
                    changes.push(said("scopes", &scopes.join(" ")));
                }
                (of_account(account), changes)
            }
            Self::Refreshed { account } | Self::SignedOut { account } => {
                (of_account(account), Vec::new())
            }
            Self::ScopesChanged {
                account,
                before,
                after,
            } => {
                let change = changed("scopes", Some(&before.join(" ")), Some(&after.join(" ")));
                (of_account(account), vec![change])
            }
            Self::Revoked { account, which } => (of_account(account), vec![said("which", which)]),
            Self::TokenAdded { account, kind } | Self::TokenReplaced { account, kind } => {
                (of_account(account), vec![said("token", kind)])
            }
            Self::TokenRemoved { account, kind } => (
                of_account(account),
                vec![changed("token", Some(kind), None)],
            ),
            Self::ModeSwitched {
                provider,
                host,
                before,
                after,
            } => (
                object("provider", provider, Some(host)),
                vec![changed("mode", Some(before), Some(after))],
            ),
            Self::ConsentMoved { from, to, source } => (
                object("source", source, Some(&to.host)),
                vec![changed("account", Some(&from.id), Some(&to.id))],
            ),
            Self::AccountChosen {
                provider,
                base,
                name,
                before,
                after,
            } => {
                let what = match name {
                    Some(name) => format!("{base} {name}"),
                    None => base.clone(),
                };
                let mut source = object("source", &what, None);
                source.provider = Some(provider.clone());
                let change = changed("account", before.as_deref(), after.as_deref());
                (source, vec![change])
            }
            Self::PolicyLoaded { digest } => (
                object("policy", "policy", None),
                vec![said("sha256", digest)],
            ),
            Self::PolicyChanged { before, after } => (
                object("policy", "policy", None),
                vec![changed("sha256", before.as_deref(), after.as_deref())],
            ),
            Self::VaultChanged { before, after } => (
                object("vault", after, None),
                vec![changed("vault", Some(before), Some(after))],
            ),
            Self::VaultLocked { vault } | Self::VaultUnlocked { vault } => {
                (object("vault", vault, None), Vec::new())
            }
            Self::Exported { form, records } => (
                object("log", "audit", None),
                vec![said("form", form), said("records", &records.to_string())],
            ),
            Self::Verified { records, first_bad } => {
                let mut changes = vec![said("records", &records.to_string())];
                if let Some(first_bad) = first_bad {
                    changes.push(said("first_bad", &first_bad.to_string()));
                }
                (object("log", "audit", None), changes)
            }
            Self::Updated { before, after } => (
                object("program", "tributary", None),
                vec![changed("version", Some(before), Some(after))],
            ),
            Self::Planned {
                host,
                space,
                digest,
                counts,
            }
            | Self::Published {
                host,
                space,
                digest,
                counts,
            } => {
                let mut changes = vec![said("plan", digest)];
                changes.extend(
                    counts
                        .iter()
                        .filter(|(_, count)| *count > 0)
                        .map(|(name, count)| said(name, &count.to_string())),
                );
                (object("space", space, Some(host)), changes)
            }
            Self::Page {
                page,
                before,
                after,
                attachments,
                ..
            } => page_parts(page, *before, *after, *attachments),
            Self::PicturesAllowed { hosts, pictures } => (
                object("preview", &hosts.join(" "), None),
                vec![said("pictures", &pictures.to_string())],
            ),
            Self::LinkRefused { link } => (object("link", link, None), Vec::new()),
            Self::Log(event) => (object("log", "audit", None), log_changes(event)),
        }
    }
}

fn page_parts(
    page: &PageName,
    before: Option<u32>,
    after: Option<u32>,
    attachments: usize,
) -> (Object, Vec<Change>) {
    let mut named = object(
        "page",
        page.id.as_deref().unwrap_or_default(),
        Some(&page.host),
    );
    named.version = after.or(before);
    let text = |version: Option<u32>| version.map(|version| version.to_string());
    let mut changes = vec![
        said("space", &page.space),
        said("title", &page.title),
        said("source", &page.source),
    ];
    if before.is_some() || after.is_some() {
        let (before, after) = (text(before), text(after));
        changes.push(changed("version", before.as_deref(), after.as_deref()));
    }
    if attachments > 0 {
        changes.push(said("attachments", &attachments.to_string()));
    }
    (named, changes)
}

fn log_changes(event: &LogEvent) -> Vec<Change> {
    match event {
        LogEvent::KeyMade { public_key } => vec![said("public_key", public_key)],
        LogEvent::Recovered { bytes, digest } => {
            vec![said("bytes", &bytes.to_string()), said("sha256", digest)]
        }
        LogEvent::Mismatch { expected, found } => vec![
            said("expected", &expected.to_string()),
            said("found", &found.to_string()),
        ],
        LogEvent::Removed { through, hash } => {
            vec![said("through", &through.to_string()), said("hash", hash)]
        }
        LogEvent::Checkpoint => Vec::new(),
    }
}

fn of_account(account: &AccountName) -> Object {
    let mut object = object("account", &account.id, Some(&account.host));
    object.provider = Some(account.provider.clone());
    object
}

fn object(kind: &str, id: &str, host: Option<&str>) -> Object {
    Object {
        kind: kind.to_owned(),
        id: id.to_owned(),
        host: host.map(str::to_owned),
        provider: None,
        version: None,
    }
}

fn said(name: &str, after: &str) -> Change {
    changed(name, None, Some(after))
}

fn changed(name: &str, before: Option<&str>, after: Option<&str>) -> Change {
    Change {
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    }
}
