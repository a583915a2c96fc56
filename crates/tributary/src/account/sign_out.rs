//! Signing out: making tokens useless where the provider can, forgetting them here, and saying
//! which of the two happened.

use std::sync::Arc;

use super::accounts::{Accounts, blocking};
use super::applications::{application_key, client_secret};
use super::grant::{Grant, Which};
use super::identity;
use super::oauth::{Denied, Server};
use super::record::{Access, Account, Index, Mode};
use crate::Sentence;
use crate::audit::{Event, Outcome, What};
use crate::error::{Error, ErrorKind};
use crate::http::Credential;
use crate::store::{FileLock, lock};
use crate::vault::Secret;

/// What became of the access at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revoked {
    /// The provider was told, and takes neither what renews it nor what was given any more.
    Yes,
    /// The provider was told and renews it no more; what was given last is good until it ends.
    UntilItEnds {
        /// How many minutes that is, where it is known.
        minutes: Option<u64>,
    },
    /// The provider was told and says that it made it useless, which nobody could check.
    Unchecked {
        /// Why not.
        reason: String,
    },
    /// The provider has no way to be told by this program; a person withdraws it there.
    ByHand {
        /// Where.
        page: String,
    },
    /// The provider could not be told.
    Failed {
        /// Why.
        reason: String,
        /// Where a person withdraws it.
        page: String,
    },
}

/// What a token that was withdrawn is still good for.
enum Tried {
    /// Nothing.
    Nothing,
    /// The access token is taken; nothing renews it.
    Access,
    /// New tokens are given for it.
    Everything,
    /// Nobody knows.
    Unknown(String),
}

impl Revoked {
    /// What happened, as a sentence for people.
    pub fn in_words(&self) -> String {
        self.sentence().to_string()
    }

    /// The same, to be said in another language.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Yes => sentence!("The access is gone here and useless everywhere."),
            Self::UntilItEnds { minutes } => match minutes {
                Some(1) => sentence!(
                    "The access is gone here and is not renewed any more. What was given last is \
                     still good at the provider for another minute"
                ),
                Some(minutes) => sentence!(
                    "The access is gone here and is not renewed any more. What was given last is \
                     still good at the provider for another {minutes} minutes",
                    minutes
                ),
                None => sentence!(
                    "The access is gone here and is not renewed any more. What was given last is \
                     still good at the provider until it ends"
                ),
            },
            Self::Unchecked { reason } => sentence!(
                "The access is gone here. The provider says that it made it useless; whether it \
                 did could not be checked ({reason})",
                reason
            ),
            Self::ByHand { page } => sentence!(
                "The access is gone here. The provider cannot be told to withdraw it; do it \
                 yourself at {page}",
                page
            ),
            Self::Failed { reason, page } => sentence!(
                "The access is gone here, but it was not withdrawn ({reason}). Do it yourself at \
                 {page}",
                reason,
                page
            ),
        }
    }
}

impl Accounts {
    /// Signs an account out: asks the provider to make its tokens useless, then forgets them and
    /// the account, whatever the provider said.
    ///
    /// # Errors
    /// [`crate::ErrorKind::VaultUnavailable`] or [`crate::ErrorKind::Storage`] when the tokens
    /// could not be forgotten or that could not be recorded: then the account is still there.
    pub async fn sign_out(&self, account: &Account) -> Result<Revoked, Error> {
        let left = || {
            Event::new(What::SignedOut {
                account: account.audited(),
            })
            .by(account.actor())
        };
        self.record(left().outcome(Outcome::Attempt)).await?;
        let (inner, id) = (Arc::clone(&self.0), account.id.clone());
        // Whoever renews is waited for: what he was given is what has to be withdrawn.
        let locked = blocking(move || lock(&inner.lock_of(&id))).await?;
        let revoked = self.revoke(account).await?;
        let (accounts, gone, event) = (self.clone(), account.clone(), left());
        blocking(move || accounts.forget(&gone, event, locked)).await?;
        Ok(revoked)
    }

    async fn revoke(&self, account: &Account) -> Result<Revoked, Error> {
        let Ok(place) = self.0.place_of(account) else {
            // A provider that the settings do not have any more keeps nobody signed in.
            let page = account.base.clone();
            return Ok(Revoked::ByHand { page });
        };
        let page = match &account.access {
            // What a service account rests on is its application, and that is withdrawn there.
            Access::Service { .. } => place
                .registration(account.purpose)
                .map_or_else(|| place.manage_page(), |registering| registering.page),
            Access::Grant { .. } => place.manage_page(),
            Access::Token { kind, .. } => {
                let tokens = &place.provider().tokens;
                let known = tokens.iter().find(|known| known.kind == *kind);
                known.map_or_else(|| place.manage_page(), |known| place.token_page(known))
            }
        };
        let by_hand = Revoked::ByHand { page: page.clone() };
        let (Access::Grant { client_id, .. } | Access::Service { client_id }) = &account.access
        else {
            return Ok(by_hand);
        };
        let (inner, wanted) = (Arc::clone(&self.0), account.clone());
        let grant = match blocking(move || inner.grant_of(&wanted)).await {
            Ok(grant) => grant,
            // There is nothing to withdraw with, which is no reason to keep the account.
            Err(error) if matches!(error.kind(), ErrorKind::SignedOut | ErrorKind::Storage) => {
                return Ok(by_hand);
            }
            Err(error) => return Err(error),
        };
        let http = self.0.setup.http.clone();
        let mut server = Server::of(place, http, client_id, grant.client_secret.as_ref());
        let (token, which) = grant.withdrawn_by();
        let asked = match server.revoke(token, which).await {
            // A grant is all that the person gave the application: it is not withdrawn as long as
            // another account rests on it.
            Ok(false) if self.shares_grant(account).await? => return Ok(by_hand),
            Ok(false) => {
                if server.client_secret.is_none() {
                    let (accounts, at) = (self.clone(), server.place.clone());
                    let (mode, purpose) = (account.mode, account.purpose);
                    let found = blocking(move || accounts.application(&at, mode, purpose, false));
                    // Another application's secret withdraws nothing.
                    let own = found.await.ok().filter(|(id, _)| id == client_id);
                    server.client_secret = own.and_then(|(_, secret)| secret);
                }
                server.revoke_grant(&grant.access).await
            }
            asked => asked,
        };
        let event = Event::new(What::Revoked {
            account: account.audited(),
            which: which.name().to_owned(),
        })
        .by(account.actor());
        let is_service = matches!(account.access, Access::Service { .. });
        let (revoked, event) = match asked {
            // Its application's secret still gets new tokens.
            Ok(true) if is_service => (by_hand, event),
            Ok(true) => match self.try_withdrawn(account, &server, &grant).await {
                Tried::Nothing => (Revoked::Yes, event),
                Tried::Access => {
                    let left = grant.left(self.0.now()).filter(|left| *left > 0);
                    let left = left.and_then(|left| u64::try_from(left).ok());
                    let minutes = left.map(|left| left.div_ceil(60_000));
                    (Revoked::UntilItEnds { minutes }, event)
                }
                Tried::Unknown(reason) => (Revoked::Unchecked { reason }, event),
                Tried::Everything => {
                    let reason = format!(
                        "`{}` said that it withdrew it, and gave new access all the same",
                        server.place.host()
                    );
                    let event = event.because(Outcome::Failure, reason.clone());
                    (Revoked::Failed { reason, page }, event)
                }
            },
            Ok(false) => return Ok(by_hand),
            Err(denied) => {
                let word = matches!(denied, Denied::Lost(_));
                let reason = Error::from(denied).to_string();
                let outcome = if word {
                    Outcome::Unknown
                } else {
                    Outcome::Failure
                };
                let event = event.because(outcome, reason.clone());
                (Revoked::Failed { reason, page }, event)
            }
        };
        self.record(event).await?;
        Ok(revoked)
    }

    /// Tries to do with withdrawn tokens what somebody would who had stolen them: a server's word
    /// for it is no proof.
    async fn try_withdrawn(&self, account: &Account, server: &Server, grant: &Grant) -> Tried {
        if let (Some(refresh), Access::Grant { redirect, .. }) = (&grant.refresh, &account.access) {
            let now = self.0.now();
            match server.refresh(refresh, redirect.as_deref(), now).await {
                Ok(_) => return Tried::Everything,
                Err(denied) if denied.is_over() => {}
                Err(denied) => return Tried::Unknown(Error::from(denied).to_string()),
            }
        }
        let tried = self.try_access(account, server, grant).await;
        // Some servers withdraw what renews an access and leave what it gave; then that is
        // withdrawn by itself, which RFC 7009 (section 2) lets a server refuse.
        match (tried, &grant.refresh) {
            (Tried::Access, Some(_)) => match server.revoke(&grant.access, Which::Access).await {
                Ok(true) => self.try_access(account, server, grant).await,
                Ok(false) | Err(_) => Tried::Access,
            },
            (tried, _) => tried,
        }
    }

    /// Tries whether an access token is still taken.
    async fn try_access(&self, account: &Account, server: &Server, grant: &Grant) -> Tried {
        let credential = Credential::bearer(Secret::new(grant.access.expose().to_owned()));
        let who = identity::who(
            &server.http,
            &server.place,
            &account.access,
            &credential,
            &account.sites,
        );
        match who.await {
            Ok(_) => Tried::Access,
            Err(error) if error.kind() == ErrorKind::SignedOut => Tried::Nothing,
            Err(error) => Tried::Unknown(error.to_string()),
        }
    }

    /// Whether another account rests on what the same person gave the same application.
    async fn shares_grant(&self, account: &Account) -> Result<bool, Error> {
        let (accounts, account) = (self.clone(), account.clone());
        blocking(move || {
            let index = accounts.0.records.read()?;
            let application = |access: &Access| match access {
                Access::Grant { client_id, .. } => Some(client_id.clone()),
                Access::Service { .. } | Access::Token { .. } => None,
            };
            let wanted = application(&account.access);
            Ok(index.accounts.iter().any(|other| {
                other.id != account.id
                    && other.place_key() == account.place_key()
                    && other.user.id == account.user.id
                    && application(&other.access) == wanted
            }))
        })
        .await
    }

    /// Forgets an account and its tokens, and lets go of its lock then. Blocks.
    fn forget(&self, account: &Account, left: Event, locked: FileLock) -> Result<(), Error> {
        let inner = &self.0;
        let removed = What::TokenRemoved {
            account: account.audited(),
            kind: account.access.kind().to_owned(),
        };
        let removed = Event::new(removed).by(account.actor());
        inner.setup.audit.around(removed, || {
            inner.vault_of(account).forget(&account.secret_name())?;
            if let Some(old) = account.old_secret_name() {
                inner.setup.vault.forget(&old)?;
            }
            inner.records.change(|index| {
                index.accounts.retain(|known| known.id != account.id);
                index.preferred.retain(|_, id| *id != account.id);
                Ok(())
            })?;
            self.forget_application(account)
        })?;
        drop(locked);
        inner.forget_keeper(&account.id);
        inner.setup.audit.record(left)?;
        inner.setup.audit.settle()
    }

    /// Forgets the application of a service account that nobody uses any more: its secret is all
    /// that it takes to sign in.
    fn forget_application(&self, account: &Account) -> Result<(), Error> {
        let Access::Service { client_id } = &account.access else {
            return Ok(());
        };
        let inner = &self.0;
        let key = account.place_key();
        let is_used = |index: &Index| {
            index.accounts.iter().any(|other| {
                let id = match &other.access {
                    Access::Grant { client_id, .. } | Access::Service { client_id } => client_id,
                    Access::Token { .. } => return false,
                };
                other.place_key() == key && id == client_id
            })
        };
        if is_used(&inner.records.read()?) {
            return Ok(());
        }
        for mode in [Mode::Managed, Mode::Individual] {
            let key = application_key(&key, mode);
            // Before the record, so that nobody who dies in between leaves a secret that is not
            // listed.
            inner.setup.vault.forget(&client_secret(&key, client_id))?;
            inner.records.change(|index| {
                let registered = index.registered.get(&key);
                let is_it = registered.is_some_and(|known| known.client_id == *client_id);
                if is_it && !is_used(index) {
                    index.registered.remove(&key);
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
