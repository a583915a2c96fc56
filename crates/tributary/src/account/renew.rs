//! Keeping an account's access token fresh: one renewal at a time, for all tasks and processes.
//!
//! Whoever renews holds a lock of the operating system from reading the tokens to having saved the
//! new ones, because a refresh token that is used twice can end the whole grant. New tokens are in
//! the vault before anybody uses them.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::accounts::{Inner, blocking, not_signed_in};
use super::grant::Grant;
use super::oauth::{Denied, Granted, Server};
use super::provider::{Place, Rotation};
use super::record::{Access, Account};
use crate::audit::{Event, Outcome, What};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{AccessTokens, Holder};
use crate::store::{FileLock, lock};
use crate::vault::Secret;

/// How long a renewal that failed is not tried again.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a token is used whose life nobody knows, before the vault is asked again.
const UNKNOWN_LIFE: Duration = Duration::from_secs(5 * 60);
const DAY: u64 = 24 * 60 * 60;

/// Keeps the tokens of one account.
pub(super) struct Keeper {
    inner: Arc<Inner>,
    id: String,
    holder: std::sync::Mutex<Holder>,
    held: Mutex<Held>,
    /// At which part of its life a token is renewed, in thousandths.
    renewed_at: u64,
}

#[derive(Default)]
struct Held {
    token: Option<Arc<Secret>>,
    /// Until when it is used without a look, by the clock that nobody can set.
    until: Duration,
    /// When renewing may be tried again, and what was wrong with it.
    failed: Option<(Duration, ErrorKind, String)>,
    /// New tokens that the vault did not take. The server has forgotten those before them.
    unsaved: Option<Arc<Granted>>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Keeper({})", self.id)
    }
}

impl AccessTokens for Keeper {
    fn current(&self) -> BoxFuture<'_, Result<Arc<Secret>, Error>> {
        async move {
            let mut held = self.held.lock().await;
            if let Some(token) = &held.token
                && self.inner.running() < held.until
            {
                return Ok(Arc::clone(token));
            }
            self.renew(&mut held, None).await
        }
        .boxed()
    }

    fn instead_of<'a>(&'a self, refused: &'a Secret) -> BoxFuture<'a, Result<Arc<Secret>, Error>> {
        async move {
            let mut held = self.held.lock().await;
            if let Some(token) = &held.token
                && !same(token, refused)
                && self.inner.running() < held.until
            {
                return Ok(Arc::clone(token));
            }
            self.renew(&mut held, Some(refused)).await
        }
        .boxed()
    }

    fn holder(&self) -> Holder {
        self.known_holder().clone()
    }
}

impl Keeper {
    pub(super) fn new(inner: Arc<Inner>, account: &Account, holder: Holder) -> Self {
        // Between 75 and 85 of a hundred, so that several programs do not ask at once.
        let random = RandomState::new().build_hasher().finish() % 100;
        Self {
            inner,
            id: account.id.clone(),
            holder: std::sync::Mutex::new(holder),
            held: Mutex::default(),
            renewed_at: 750 + random,
        }
    }

    /// Learns whose access it is now.
    pub(super) fn is_held_by(&self, holder: Holder) {
        *self.known_holder() = holder;
    }

    fn known_holder(&self) -> MutexGuard<'_, Holder> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds a token that can be used: the vault's, or a new one.
    async fn renew(&self, held: &mut Held, refused: Option<&Secret>) -> Result<Arc<Secret>, Error> {
        let (inner, id, unsaved) = (
            Arc::clone(&self.inner),
            self.id.clone(),
            held.unsaved.clone(),
        );
        let (lock, account, grant) = blocking(move || inner.locked(&id, unsaved)).await?;
        if grant.is_saved {
            held.unsaved = None;
        }
        let grant = grant.grant;
        let now = self.inner.now();
        let is_new = refused.is_none_or(|refused| !same(&grant.access, refused));
        if is_new && self.is_fresh(&grant, now) {
            return Ok(self.hold(held, &grant, now));
        }
        let failed = held.failed.clone();
        if let Some((until, kind, why)) = failed
            && self.inner.running() < until
        {
            // It was tried a moment ago; a server in trouble is not helped by more requests.
            return self.use_up(held, &grant, now, is_new).ok_or_else(|| {
                Error::new(
                    kind,
                    sentence!(
                        "The access to `{host}` could not be renewed",
                        host = account.host()
                    ),
                )
                .remedy("Try again in a moment")
                .caused_by(why)
            });
        }
        let asked = Renewal {
            inner: Arc::clone(&self.inner),
            account,
            grant,
        };
        // In a task of its own: whoever waits for it may be dropped, and the server has forgotten
        // the old tokens by then.
        let renewed = tokio::spawn(asked.run(lock)).await;
        // Without the cause, which can quote what was at hand.
        let (grant, result) = renewed.map_err(|_| {
            Error::new(ErrorKind::Bug, "The renewal of an access broke off").remedy(
                Remedy::of_each(
                    "Try again; `tributary health` says whether the access still works",
                    "Check whether the access still works",
                ),
            )
        })?;
        match result {
            Ok(renewed) => {
                held.failed = None;
                let token = self.hold(held, &renewed.granted.grant, self.inner.now());
                held.unsaved = (!renewed.is_saved).then_some(renewed.granted);
                Ok(token)
            }
            Err(Failed::Over(error)) => {
                held.unsaved = None;
                Err(error)
            }
            Err(Failed::Now(error)) => {
                let until = self.inner.running() + PATIENCE;
                held.failed = Some((until, error.kind(), error.chain()));
                self.use_up(held, &grant, now, is_new).ok_or(error)
            }
        }
    }

    /// Whether a token has enough of its life left not to be renewed yet.
    fn is_fresh(&self, grant: &Grant, now: Timestamp) -> bool {
        let Some(left) = grant.left(now) else {
            return true;
        };
        left > self.spare(grant)
    }

    /// How many milliseconds before its end a token is renewed.
    fn spare(&self, grant: &Grant) -> i64 {
        let spare = grant
            .lives
            .unwrap_or(0)
            .saturating_mul(1000 - self.renewed_at);
        i64::try_from(spare).unwrap_or(i64::MAX)
    }

    fn hold(&self, held: &mut Held, grant: &Grant, now: Timestamp) -> Arc<Secret> {
        let usable = match grant.left(now) {
            Some(left) => {
                let usable = u64::try_from(left - self.spare(grant)).unwrap_or(0);
                Duration::from_millis(usable)
            }
            None => UNKNOWN_LIFE,
        };
        let token = Arc::new(Secret::new(grant.access.expose().to_owned()));
        held.until = self.inner.running() + usable;
        held.token = Some(Arc::clone(&token));
        token
    }

    /// The old token, as long as it is good, when there is no new one.
    fn use_up(
        &self,
        held: &mut Held,
        grant: &Grant,
        now: Timestamp,
        is_new: bool,
    ) -> Option<Arc<Secret>> {
        let is_good = grant.left(now).is_none_or(|left| left > 0);
        if !is_new || !is_good {
            return None;
        }
        let token = self.hold(held, grant, now);
        held.until = self.inner.running() + PATIENCE;
        Some(token)
    }
}

/// One renewal, from asking to having saved.
struct Renewal {
    inner: Arc<Inner>,
    account: Account,
    grant: Grant,
}

/// New tokens.
struct Renewed {
    granted: Arc<Granted>,
    is_saved: bool,
}

impl Renewal {
    /// Asks the server for new tokens and puts them into the vault, with the lock held throughout.
    /// Gives the old ones back.
    async fn run(self, lock: FileLock) -> (Grant, Result<Renewed, Failed>) {
        let result = self.ask_and_save(lock).await;
        (self.grant, result)
    }

    async fn ask_and_save(&self, lock: FileLock) -> Result<Renewed, Failed> {
        let account = &self.account;
        let renewed = Event::new(What::Refreshed {
            account: account.audited(),
        })
        .by(account.actor());
        self.record(renewed.clone().outcome(Outcome::Attempt))
            .await?;
        let asked = self.ask().await;
        self.inner.at_step("answered");
        let mut granted = match asked {
            Ok(granted) => granted,
            Err(denied) => {
                let is_over = denied.is_over();
                let error = Error::from(denied);
                self.record(renewed.because(Outcome::Failure, error.chain()))
                    .await?;
                if is_over {
                    self.sign_out(&error).await?;
                    return Err(Failed::Over(
                        not_signed_in(account, Some(&error.to_string())).caused_by(error),
                    ));
                }
                return Err(Failed::Now(error));
            }
        };
        if granted.grant.refresh.is_none() {
            // A server that gives none means the one there is.
            granted.grant.refresh = self
                .grant
                .refresh
                .as_ref()
                .map(|token| Secret::new(token.expose().to_owned()));
        }
        let (inner, account) = (Arc::clone(&self.inner), account.clone());
        let saved = blocking(move || {
            // What cannot be saved is used all the same: the server has forgotten the old tokens.
            let kept = inner.save_renewed(&account, &granted);
            if let Err(error) = &kept {
                tracing::error!("{}", error.chain());
            }
            let is_saved = kept.is_ok();
            inner.setup.audit.record(match kept {
                Ok(()) => renewed,
                Err(error) => renewed.because(Outcome::Unknown, error.chain()),
            })?;
            drop(lock);
            Ok(Renewed {
                granted: Arc::new(granted),
                is_saved,
            })
        });
        Ok(saved.await?)
    }

    async fn ask(&self) -> Result<Granted, Denied> {
        let (account, grant) = (&self.account, &self.grant);
        let place = self.inner.place_of(account).map_err(Denied::Unreached)?;
        let http = self.inner.setup.http.clone();
        let now = self.inner.now();
        match (&account.access, &grant.refresh) {
            (Access::Service { client_id }, _) => {
                let scopes = place.provider().scopes(account.purpose);
                let server = Server::of(place, http, client_id, grant.client_secret.as_ref());
                server.serve(&scopes, now).await
            }
            (
                Access::Grant {
                    client_id,
                    redirect,
                },
                Some(token),
            ) => {
                let redirect = redirect.as_deref();
                let rotation = place.provider().rotation;
                let server = Server::of(place, http, client_id, grant.client_secret.as_ref());
                self.inner.at_step("asking");
                match server.refresh(token, redirect, now).await {
                    // The server may have done it. One that allows for that gives the same again;
                    // a strict one says that it is over, and then it is.
                    Err(Denied::Lost(_)) => {
                        let again = server.refresh(token, redirect, self.inner.now()).await;
                        again.map_err(|denied| match rotation {
                            Rotation::Strict => denied.after_loss(&account.host()),
                            Rotation::None | Rotation::Leeway => denied,
                        })
                    }
                    answer => answer,
                }
            }
            (Access::Grant { .. } | Access::Token { .. }, _) => Err(Denied::Refused {
                word: "invalid_grant".to_owned(),
                error: Error::new(
                    ErrorKind::SignedOut,
                    sentence!("The access to `{host}` ran out", host = account.host()),
                )
                .remedy("Sign in again"),
            }),
        }
    }

    /// Remembers that somebody has to sign in again.
    async fn sign_out(&self, why: &Error) -> Result<(), Error> {
        let (inner, id) = (Arc::clone(&self.inner), self.account.id.clone());
        let why = why.to_string();
        blocking(move || {
            inner.records.change(|index| {
                if let Some(account) = index.account_mut(&id) {
                    account.signed_out = Some(why);
                }
                Ok(())
            })
        })
        .await
    }

    async fn record(&self, event: Event) -> Result<(), Error> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.setup.audit.record(event)).await
    }
}

/// The tokens of an account, as they are now.
struct Known {
    grant: Grant,
    /// Whether the vault has them.
    is_saved: bool,
}

/// Why there are no new tokens.
enum Failed {
    /// Somebody has to sign in again.
    Over(Error),
    /// It may work later.
    Now(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Now(error)
    }
}

impl Inner {
    /// Reads an account and its tokens under its lock. Blocks until no other process renews them.
    /// Tokens that the vault did not take before are put there first, unless somebody has signed
    /// in again since.
    fn locked(
        &self,
        id: &str,
        unsaved: Option<Arc<Granted>>,
    ) -> Result<(FileLock, Account, Known), Error> {
        let lock = lock(&self.lock_of(id))?;
        let index = self.records.read()?;
        let gone = || {
            Error::new(ErrorKind::SignedOut, "The account was signed out").remedy("Sign in again")
        };
        let account = index.account(id).cloned().ok_or_else(gone)?;
        if let Some(why) = &account.signed_out {
            return Err(not_signed_in(&account, Some(why)));
        }
        let known = match unsaved {
            Some(unsaved) if account.signed_in <= unsaved.grant.obtained => Known {
                grant: unsaved.grant.copy(),
                is_saved: match self.save_renewed(&account, &unsaved) {
                    Ok(()) => true,
                    Err(error) => {
                        tracing::error!("{}", error.chain());
                        false
                    }
                },
            },
            _ => Known {
                grant: self.grant_of(&account)?,
                is_saved: true,
            },
        };
        Ok((lock, account, known))
    }

    /// Puts new tokens into the vault and makes sure that they are there.
    fn save_renewed(&self, account: &Account, granted: &Granted) -> Result<(), Error> {
        let secret = granted.grant.to_secret()?;
        let name = account.secret_name();
        self.setup.vault.put(&name, &secret)?;
        self.at_step("saved");
        let back = self.setup.vault.get(&name)?;
        if !back.is_some_and(|back| same(&back, &secret)) {
            return Err(Error::new(
                ErrorKind::VaultUnavailable,
                sentence!(
                    "The vault did not keep the new access to `{host}`",
                    host = account.host()
                ),
            )
            .remedy("It is good until the program ends; then sign in again"));
        }
        self.at_step("checked");
        let now = self.now();
        let scopes = granted.scopes.clone();
        let before = account.scopes.clone();
        let ends = match (&account.access, self.place_of(account)) {
            (Access::Grant { .. }, Ok(place)) => {
                grant_ends(&place, account.signed_in, now, granted.ends_in)
            }
            _ => granted.ends_in.and_then(|seconds| after(now, seconds)),
        };
        let ends = ends.filter(|ends| account.ends.as_ref() != Some(ends));
        let changed = scopes.filter(|scopes| !same_scopes(scopes, &before));
        if changed.is_none() && ends.is_none() {
            return Ok(());
        }
        self.records.change(|index| {
            if let Some(known) = index.account_mut(&account.id) {
                if let Some(scopes) = &changed {
                    known.scopes.clone_from(scopes);
                }
                known.ends = ends.or(known.ends);
            }
            Ok(())
        })?;
        match changed {
            Some(after) => self.setup.audit.record(
                Event::new(What::ScopesChanged {
                    account: account.audited(),
                    before,
                    after,
                })
                .by(account.actor()),
            ),
            None => Ok(()),
        }
    }
}

/// When a grant ends: so long from now as the server says, and no later than it can have lived since
/// it began, whatever the server says.
pub(super) fn grant_ends(
    place: &Place,
    began: Timestamp,
    now: Timestamp,
    ends_in: Option<u64>,
) -> Option<Timestamp> {
    let longest = place.provider().longest_days;
    let longest = longest.and_then(|days| after(began, u64::from(days) * DAY));
    let said = ends_in.and_then(|seconds| after(now, seconds));
    said.into_iter().chain(longest).min()
}

/// So many seconds later.
pub(super) fn after(now: Timestamp, seconds: u64) -> Option<Timestamp> {
    let seconds = i64::try_from(seconds).ok()?;
    now.checked_add(SignedDuration::from_secs(seconds)).ok()
}

fn same(a: &Secret, b: &Secret) -> bool {
    a.is(b.expose())
}

/// Whether two lists of scopes say the same, in whatever order.
pub(super) fn same_scopes(a: &[String], b: &[String]) -> bool {
    let sorted = |scopes: &[String]| {
        let mut scopes = scopes.to_vec();
        scopes.sort();
        scopes.dedup();
        scopes
    };
    sorted(a) == sorted(b)
}
