//! Whether accounts still work, found out by asking who they are.

use jiff::{SignedDuration, Timestamp};

use super::accounts::{Accounts, blocking};
use super::identity;
use super::keep::missing;
use super::record::{Access, Account};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::Credential;

/// How long before its end an access is announced to be ending.
const ANNOUNCED: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthState {
    /// It works.
    Ok,
    /// It works, and ends soon whatever is done.
    Expiring,
    /// Somebody has to sign in again.
    NeedsSignIn,
    /// It works, and lacks something that it was asked for.
    MissingScope,
    /// The credential is somebody else's.
    WrongUser,
    /// The place where its tokens are kept cannot be used now.
    Locked,
    /// The provider does not answer, which says nothing about the account.
    Offline,
    /// The policy forbids to use it.
    Forbidden,
}

impl HealthState {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Expiring => "expiring",
            Self::NeedsSignIn => "needs sign-in",
            Self::MissingScope => "missing scope",
            Self::WrongUser => "wrong user",
            Self::Locked => "locked",
            Self::Offline => "offline",
            Self::Forbidden => "forbidden",
        }
    }

    /// Whether somebody has to do something.
    pub fn wants_attention(self) -> bool {
        !matches!(self, Self::Ok | Self::Offline)
    }
}

/// How an account is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The account.
    pub account: Account,
    /// The state.
    pub state: HealthState,
    /// What was found, as a sentence.
    pub message: Sentence,
    /// What the person can do.
    pub remedy: Option<Remedy>,
}

impl Accounts {
    /// Asks the provider of an account whose it is.
    pub async fn check_health(&self, account: &Account) -> Health {
        let health = |state, message: Sentence, remedy: Option<Remedy>| Health {
            account: account.clone(),
            state,
            message,
            remedy,
        };
        let failed = |error: &Error| {
            let state = match error.kind() {
                ErrorKind::SignedOut => HealthState::NeedsSignIn,
                ErrorKind::VaultUnavailable | ErrorKind::Storage => HealthState::Locked,
                ErrorKind::Forbidden => HealthState::Forbidden,
                // Nothing here can make it work but signing in anew, another way perhaps.
                ErrorKind::InvalidInput => HealthState::NeedsSignIn,
                _ => HealthState::Offline,
            };
            let remedy = error.way_out().cloned();
            health(state, error.sentence().clone(), remedy)
        };
        let sign_in = || {
            let command = format!("Sign in again: `{}`", account.login_again());
            Remedy::of_each(command, "Sign in again")
        };
        let credential = match self.credential_to_check(account).await {
            Ok(credential) => credential,
            Err(error) => return failed(&error),
        };
        let place = match self.0.place_of(account) {
            Ok(place) => place,
            Err(error) => return failed(&error),
        };
        let http = &self.0.setup.http;
        let is_service = matches!(account.access, Access::Service { .. });
        // The policy was asked above: what is forbidden now is a server's word, which is odd and
        // says nothing about the account.
        let odd = |error: &Error| match error.kind() {
            ErrorKind::Forbidden => {
                let remedy = error.way_out().cloned();
                health(HealthState::Offline, error.sentence().clone(), remedy)
            }
            _ => failed(error),
        };
        if let Credential::Account(tokens) = &credential
            && let Err(error) = tokens.current().await
        {
            return odd(&error);
        }
        let ask = || identity::who(http, &place, &account.access, &credential, &account.sites);
        let mut who = ask().await;
        if let (Err(error), Credential::Account(tokens)) = (&who, &credential)
            && error.kind() == ErrorKind::SignedOut
        {
            // Some say so with a status that a renewal does not notice.
            let renewed = match tokens.current().await {
                Ok(token) => tokens.instead_of(&token).await,
                Err(error) => Err(error),
            };
            match renewed {
                Ok(_) => who = ask().await,
                Err(error) => return odd(&error),
            }
        }
        match who {
            Ok(user) if user.id != account.user.id && !is_unknown(account) => {
                let message = sentence!(
                    "The access is `{user}`'s, and the account is `{other}`'s",
                    user = user.name,
                    other = account.user.name
                );
                return health(HealthState::WrongUser, message, Some(sign_in()));
            }
            Ok(_) => {}
            // A service account may lack the right to ask who it is. That a site lets it in shows
            // that it is good; that it has a token which did not run out shows nothing.
            Err(error) if is_service && error.kind() == ErrorKind::Forbidden => {}
            Err(error)
                if is_service
                    && error.kind() == ErrorKind::SignedOut
                    && identity::lets_in(http, &place, &credential).await => {}
            Err(error) if error.kind() == ErrorKind::Forbidden => {
                return health(
                    HealthState::MissingScope,
                    error.sentence().clone(),
                    Some(sign_in()),
                );
            }
            Err(error) if error.kind() == ErrorKind::SignedOut => {
                return health(
                    HealthState::NeedsSignIn,
                    error.sentence().clone(),
                    Some(sign_in()),
                );
            }
            Err(error) => return failed(&error),
        }
        // What a renewal changed meanwhile counts.
        let (accounts, id) = (self.clone(), account.id.clone());
        let now = self.0.now();
        let fresh = blocking(move || accounts.list()).await.unwrap_or_default();
        let fresh = fresh.into_iter().find(|known| known.id == id);
        let account = fresh.as_ref().unwrap_or(account);
        let health = |state, message, remedy| Health {
            account: account.clone(),
            state,
            message,
            remedy,
        };
        let is_token = matches!(account.access, Access::Token { .. });
        let lacks = match account.access {
            Access::Token { .. } => {
                let (sites, purpose) = (&account.sites, account.purpose);
                match identity::lacking(http, &place, &credential, sites, purpose).await {
                    Ok(lacks) => lacks,
                    Err(error) => return failed(&error),
                }
            }
            _ if account.scopes.is_empty() => Vec::new(),
            _ => missing(&place.provider().scopes(account.purpose), &account.scopes),
        };
        if !lacks.is_empty() {
            let lacks = lacks.join(", ");
            let remedy = match is_token {
                true => Remedy::of_each(
                    format!(
                        "Make a token that has it. {} with the new one",
                        sign_in().for_command()
                    ),
                    "Make a token that has it, and sign in again with the new one",
                ),
                false => sign_in(),
            };
            let message = sentence!("It was not granted {lacks}", lacks);
            return health(HealthState::MissingScope, message, Some(remedy));
        }
        match ending_soon(account, now) {
            Some(days) => {
                let message = end_in_words(days);
                let remedy = match account.access {
                    Access::Token { .. } => Remedy::of_each(
                        format!("{} with a new token", sign_in().for_command()),
                        "Sign in again with a new token",
                    ),
                    _ => sign_in(),
                };
                health(HealthState::Expiring, message, Some(remedy))
            }
            None => health(
                HealthState::Ok,
                sentence!("Signed in as {user}", user = account.user.name),
                None,
            ),
        }
    }

    /// The accounts that nobody used for so many days, with how many it were: an access that nobody
    /// needs is one that nobody misses when it is stolen. Looking whether it works is no use. Needs
    /// neither the network nor the vault.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read.
    pub fn unused(&self, after_days: u32) -> Result<Vec<(Account, i64)>, Error> {
        let now = self.0.now();
        let accounts = self.list()?.into_iter();
        Ok(accounts
            .filter(|account| account.signed_out.is_none())
            .filter_map(|account| {
                let days = unused(&account, after_days, now)?;
                Some((account, days))
            })
            .collect())
    }

    /// The accounts whose access ends within 14 days whatever is done, with the days that are
    /// left. Needs neither the network nor the vault.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read.
    pub fn ending_soon(&self) -> Result<Vec<(Account, i64)>, Error> {
        let now = self.0.now();
        let accounts = self.list()?.into_iter();
        Ok(accounts
            .filter_map(|account| {
                let days = ending_soon(&account, now)?;
                Some((account, days))
            })
            .collect())
    }
}

/// Whether nobody used an account for so many days, and for how many.
fn unused(account: &Account, after_days: u32, now: Timestamp) -> Option<i64> {
    let last = account.last_used.max(Some(account.signed_in))?;
    let days = now.duration_since(last).as_hours().div_euclid(24);
    (days >= i64::from(after_days)).then_some(days)
}

/// A sentence for the days that [`Accounts::unused`] tells.
pub fn unused_in_words(days: i64) -> String {
    format!("Nobody used it for {days} days; sign it out if it is not needed any more")
}

/// A sentence for the days that [`Accounts::ending_soon`] tells.
pub fn end_in_words(days: i64) -> Sentence {
    match days {
        ..0 => sentence!("The access has ended"),
        0 => sentence!("The access ends within a day"),
        1 => sentence!("The access ends in 1 day"),
        days => sentence!("The access ends in {days} days", days),
    }
}

/// Whether it is not known whose the account is: an earlier version did not ask, or nobody could say
/// who a service account is when it signed in, so that it goes by the id of its application.
pub(super) fn is_unknown(account: &Account) -> bool {
    account.user.id.is_empty()
        || matches!(&account.access, Access::Service { client_id } if account.user.id == *client_id)
}

fn ending_soon(account: &Account, now: Timestamp) -> Option<i64> {
    let left = account.ends?.duration_since(now);
    (left <= ANNOUNCED).then(|| left.as_hours().div_euclid(24))
}
