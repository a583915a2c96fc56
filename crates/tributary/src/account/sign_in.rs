//! Signing in: through the browser, with a code, as a service account, or with a token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use tokio_util::sync::CancellationToken;

use super::accounts::{Accounts, Inner, blocking, place_key, token_credential};
use super::callback::{Came, Loopback};
use super::grant::Grant;
use super::health::is_unknown;
use super::identity;
use super::oauth::{Denied, Described, Granted, LONGEST_DEVICE_WAIT, Question, Server};
use super::provider::{ClientSecret, Place, Purpose, RevokeEnds};
use super::record::{Access, Account, Identity, Mode, Site};
use super::renew::{after, same_scopes};
use crate::audit::{AccountName, Correlation, Event, Outcome, What};
use crate::error::{Error, ErrorKind};
use crate::http::Credential;
use crate::vault::Secret;

/// How long a browser is waited for.
const BROWSER_LIMIT: Duration = Duration::from_secs(10 * 60);
const DAY: u64 = 24 * 60 * 60;
/// Why somebody has to sign in again whose sign-in never ended.
const CUT_SHORT: &str = "The sign-in was cut short before it ended";

/// A sign-in to be made.
#[derive(Debug)]
pub struct SignIn {
    /// Where.
    pub place: Place,
    /// How.
    pub way: Way,
    /// For what.
    pub purpose: Purpose,
    /// Whose access it will be.
    pub mode: Mode,
    /// The account that signs in again: it has to be the same person.
    pub again: Option<String>,
}

/// A way to sign in.
#[derive(Debug)]
pub enum Way {
    /// Through the browser of this machine.
    Browser,
    /// With a code that is typed on any machine.
    Device,
    /// As the service account that the registered application belongs to.
    Service,
    /// With a token that was made by hand.
    Token {
        /// The token.
        token: Secret,
        /// `api_token` or `personal_access_token`; the place's first kind when not said.
        kind: Option<String>,
        /// Whose it is, where that is sent along.
        user: String,
        /// When it ends, as its owner says.
        ends: Option<Timestamp>,
    },
}

impl Way {
    /// The word in the audit log.
    fn name(&self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Device => "device",
            Self::Service => "client_credentials",
            Self::Token { .. } => "token",
        }
    }
}

/// How far a sign-in has come. What it brings is for the person alone: printing it for a log leaves
/// that out.
#[derive(Clone, PartialEq, Eq)]
pub enum Progress {
    /// This address is to be opened in the browser; the answer is waited for.
    Browser {
        /// The address.
        url: String,
    },
    /// This code is to be typed.
    Code {
        /// The code.
        code: String,
        /// Where.
        page: String,
        /// For how many minutes it is good.
        minutes: u64,
    },
    /// The answer came, and is being looked at.
    Checking,
}

impl fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Browser { .. } => "Browser { .. }",
            Self::Code { .. } => "Code { .. }",
            Self::Checking => "Checking",
        })
    }
}

/// A sign-in that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The scopes that were asked for and not granted.
    pub missing: Vec<String>,
    /// Whether the account was there before.
    pub is_known: bool,
}

/// What a provider gave.
struct Given {
    granted: Granted,
    access: Access,
    ends: Option<Timestamp>,
}

impl Accounts {
    /// Signs in, and keeps the account. Nothing is kept before it is known whose it is. Given up
    /// when `cancel` is.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] by policy or by the person, [`ErrorKind::InvalidInput`] when an
    /// application has to be registered first, [`ErrorKind::Conflict`] when it was somebody else
    /// who signed in, [`ErrorKind::VaultUnavailable`], [`ErrorKind::Offline`].
    pub async fn sign_in(
        &self,
        sign_in: SignIn,
        progress: &(dyn Fn(Progress) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<SignedIn, Error> {
        let run = self.0.setup.audit.correlation();
        let name = AccountName {
            id: sign_in.again.clone().unwrap_or_default(),
            provider: sign_in.place.provider().id().to_owned(),
            host: sign_in.place.host(),
        };
        let method = sign_in.way.name();
        let (again, purpose, mode) = (sign_in.again.clone(), sign_in.purpose, sign_in.mode);
        let place = sign_in.place.clone();
        let result = self.allow(&sign_in);
        let result = match result {
            Ok(()) => {
                self.record_policy(&run).await?;
                let started = What::SignInStarted {
                    account: name.clone(),
                    method: method.to_owned(),
                };
                let started = Event::new(started).outcome(Outcome::Attempt).part_of(&run);
                self.record(started).await?;
                tokio::select! {
                    result = self.obtain(sign_in, progress) => result,
                    () = cancel.cancelled() => Err(cancelled()),
                }
            }
            Err(error) => Err(error),
        };
        let result = match result {
            Ok(given) => {
                progress(Progress::Checking);
                let wanted = Wanted {
                    place,
                    purpose,
                    mode,
                    again,
                    method,
                };
                self.keep_or_give_back(wanted, given, &run).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            let ended = Event::new(What::SignedIn {
                account: name,
                method: method.to_owned(),
                scopes: Vec::new(),
            });
            let outcome = match error.kind() {
                _ if cancel.is_cancelled() => Outcome::Cancelled,
                ErrorKind::Forbidden => Outcome::Refused,
                _ => Outcome::Failure,
            };
            self.record(ended.because(outcome, error.chain()).part_of(&run))
                .await?;
        }
        result
    }

    /// Records under which policy somebody signs in.
    async fn record_policy(&self, run: &Correlation) -> Result<(), Error> {
        match self.policy().digest() {
            Some(digest) => {
                let loaded = What::PolicyLoaded {
                    digest: digest.to_owned(),
                };
                self.record(Event::new(loaded).part_of(run)).await
            }
            None => Ok(()),
        }
    }

    fn allow(&self, sign_in: &SignIn) -> Result<(), Error> {
        let policy = self.policy();
        let provider = sign_in.place.provider();
        policy.allows_place(&sign_in.place)?;
        policy.allows_mode(provider, sign_in.mode)?;
        let Way::Token { kind, ends, .. } = &sign_in.way else {
            return policy.allows_purpose(provider, sign_in.purpose);
        };
        let Some(known) = provider
            .tokens
            .iter()
            .find(|known| kind.as_ref().is_none_or(|kind| *kind == known.kind))
        else {
            let kinds: Vec<&str> = provider
                .tokens
                .iter()
                .map(|known| known.kind.as_str())
                .collect();
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{} has no tokens of that kind", provider.name),
            )
            .remedy(format!("Choose one of {}", kinds.join(", "))));
        };
        let now = self.0.now();
        if ends.is_some_and(|ends| ends <= now) {
            return Err(
                Error::new(ErrorKind::InvalidInput, "The token has ended already")
                    .remedy("Make a new one"),
            );
        }
        policy.allows_token(provider, &known.kind, now, *ends, now)
    }

    /// Gets a credential from the provider, or takes the one that was given.
    async fn obtain(
        &self,
        sign_in: SignIn,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Given, Error> {
        let SignIn {
            place,
            way,
            purpose,
            ..
        } = sign_in;
        let scopes = place.provider().scopes(purpose);
        match way {
            Way::Token {
                token,
                kind,
                user,
                ends,
            } => self.take_token(&place, &token, kind.as_deref(), &user, ends),
            Way::Service => {
                if !place.provider().has_service_accounts() {
                    return Err(Error::new(
                        ErrorKind::InvalidInput,
                        format!(
                            "{} has no service accounts with OAuth",
                            place.provider().name
                        ),
                    )
                    .remedy("Sign in with a token of the technical user: `--token-stdin`"));
                }
                let server = self.server(&place, purpose, true).await?;
                let granted = server.serve(&scopes, self.0.now()).await?;
                Ok(Given {
                    granted,
                    access: Access::Service {
                        client_id: server.client_id,
                    },
                    ends: None,
                })
            }
            Way::Device => {
                place.device()?;
                let needs = place.provider().secret == ClientSecret::Needed;
                let mut server = self.server(&place, purpose, needs).await?;
                if place.provider().secret == ClientSecret::ForBrowser {
                    server.client_secret = None;
                }
                let device = server.device(&scopes).await?;
                progress(Progress::Code {
                    code: device.user_code().to_owned(),
                    page: device.page().to_owned(),
                    minutes: device.lives().as_secs() / 60,
                });
                let waits = server.device_done(&device, &self.0.setup.sleep, self.0.now());
                // The crate counts by the wall's clock, which can be set back.
                let granted = tokio::time::timeout(LONGEST_DEVICE_WAIT, waits).await;
                let granted = granted.map_err(|_| nobody_came(&place))??;
                Ok(self.given(granted, &place, server.client_id, None))
            }
            Way::Browser => {
                let needs = matches!(
                    place.provider().secret,
                    ClientSecret::Needed | ClientSecret::ForBrowser
                );
                let server = self.server(&place, purpose, needs).await?;
                let described = server.described().await?;
                let redirect = place.provider().redirect.as_ref().ok_or_else(|| {
                    Error::new(
                        ErrorKind::InvalidInput,
                        format!(
                            "{} has no sign-in through the browser",
                            place.provider().name
                        ),
                    )
                    .remedy("Sign in with a token: `--token-stdin`")
                })?;
                // Before the browser opens: whoever has the port would get the code.
                let (came, question) = if redirect.is_link() {
                    let question =
                        server.question(&redirect.link(place.provider().id()), &scopes)?;
                    let link = self.await_link(&place, &question.state);
                    progress(Progress::Browser {
                        url: question.url.to_string(),
                    });
                    let came = async move { link.await.ok() };
                    (
                        tokio::time::timeout(BROWSER_LIMIT, came)
                            .await
                            .ok()
                            .flatten(),
                        question,
                    )
                } else {
                    let loopback = Loopback::open(redirect, place.redirect_path())?;
                    let question = server.question(&loopback.address(), &scopes)?;
                    progress(Progress::Browser {
                        url: question.url.to_string(),
                    });
                    let came = loopback.wait(&question.state);
                    (
                        tokio::time::timeout(BROWSER_LIMIT, came).await.ok(),
                        question,
                    )
                };
                let came = came.ok_or_else(|| nobody_came(&place))?;
                let redirect = Some(question.redirect.clone());
                let granted = self.redeem(&server, &described, came, question).await?;
                Ok(self.given(granted, &place, server.client_id, redirect))
            }
        }
    }

    async fn redeem(
        &self,
        server: &Server,
        described: &Described,
        came: Came,
        question: Question,
    ) -> Result<Granted, Error> {
        let host = server.place.host();
        if !described.fits(came.issuer.as_deref()) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                format!("The answer did not come from `{host}`, and was not used"),
            )
            .remedy("Sign in again; if it happens again, tell whoever runs the server"));
        }
        let code = came.answer.map_err(|word| {
            let said = if word == "access_denied" {
                format!("`{host}` was told not to allow it")
            } else {
                let word: String = word
                    .chars()
                    .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                    .take(60)
                    .collect();
                format!("`{host}` refused the sign-in: {word}")
            };
            Error::new(ErrorKind::Forbidden, said).remedy("Sign in again and choose to allow it")
        })?;
        Ok(server.redeem(&code, question, self.0.now()).await?)
    }

    fn given(
        &self,
        granted: Granted,
        place: &Place,
        client_id: String,
        redirect: Option<String>,
    ) -> Given {
        let now = self.0.now();
        let longest = place
            .provider()
            .longest_days
            .map(|days| u64::from(days) * DAY);
        let seconds = granted.ends_in.or(longest);
        Given {
            ends: seconds.and_then(|seconds| after(now, seconds)),
            granted,
            access: Access::Grant {
                client_id,
                redirect,
            },
        }
    }

    fn take_token(
        &self,
        place: &Place,
        token: &Secret,
        kind: Option<&str>,
        user: &str,
        ends: Option<Timestamp>,
    ) -> Result<Given, Error> {
        let known = place
            .provider()
            .tokens
            .iter()
            .find(|known| kind.is_none_or(|kind| kind == known.kind));
        let Some(known) = known else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "There are no such tokens",
            ));
        };
        let text = token.expose().trim();
        if text.is_empty()
            || text
                .chars()
                .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return Err(Error::new(ErrorKind::InvalidInput, "That is not a token")
                .remedy(format!("Make one at {}", place.token_page(known))));
        }
        if let (Some(words), true) = (&known.user, user.trim().is_empty()) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("The token is sent with {words}, and none was given"),
            )
            .remedy("Add `--user`"));
        }
        let now = self.0.now();
        let token = Secret::new(text.to_owned());
        Ok(Given {
            granted: Granted {
                grant: Grant::of_token(token, now),
                scopes: None,
                ends_in: None,
            },
            access: Access::Token {
                kind: known.kind.clone(),
                sent: known.sent,
                user: user.trim().to_owned(),
            },
            ends,
        })
    }

    async fn server(&self, place: &Place, purpose: Purpose, needs: bool) -> Result<Server, Error> {
        // Before anybody is asked to register something for a way that is not there.
        place.token()?;
        let (accounts, at) = (self.clone(), place.clone());
        let found = blocking(move || accounts.application(&at, purpose, needs)).await?;
        Ok(Server {
            place: place.clone(),
            http: self.0.setup.http.clone(),
            client_id: found.0,
            client_secret: found.1,
        })
    }

    /// Keeps what was granted, or makes it useless where it could not be kept and the provider can
    /// do that without ending anything else.
    async fn keep_or_give_back(
        &self,
        wanted: Wanted,
        given: Given,
        run: &Correlation,
    ) -> Result<SignedIn, Error> {
        let own = |secret: &Secret| Secret::new(secret.expose().to_owned());
        let unkept = match &given.access {
            Access::Grant { client_id, .. } => {
                let grant = &given.granted.grant;
                let token = own(grant.refresh.as_ref().unwrap_or(&grant.access));
                Some((
                    client_id.clone(),
                    grant.client_secret.as_ref().map(own),
                    token,
                ))
            }
            Access::Service { .. } | Access::Token { .. } => None,
        };
        let place = wanted.place.clone();
        let kept = self.keep(wanted, given, run).await;
        if let (Err(_), Some((client_id, secret, token))) = (&kept, unkept) {
            self.revoke_alone(place, &client_id, secret.as_ref(), &token)
                .await;
        }
        kept
    }

    /// Finds out whose credential it is, and keeps it.
    async fn keep(
        &self,
        wanted: Wanted,
        given: Given,
        run: &Correlation,
    ) -> Result<SignedIn, Error> {
        let now = self.0.now();
        let place = &wanted.place;
        let access = given.granted.grant.access.expose().to_owned();
        let credential = match &given.access {
            Access::Token { sent, user, .. } => token_credential(*sent, user, Secret::new(access)),
            Access::Grant { .. } | Access::Service { .. } => Credential::Bearer {
                token: Secret::new(access),
            },
        };
        let http = &self.0.setup.http;
        let mut sites = identity::sites(http, place, &credential).await?;
        let user = match self
            .identity(place, &given.access, &credential, &sites)
            .await
        {
            Err(error)
                if error.kind() == ErrorKind::SignedOut
                    && matches!(given.access, Access::Token { .. }) =>
            {
                // Not the site's, or one with scopes, which is the gateway's.
                let Some(site) = identity::by_gateway(http, place).await? else {
                    return Err(error);
                };
                sites = vec![site];
                self.identity(place, &given.access, &credential, &sites)
                    .await?
            }
            user => user?,
        };
        self.0.allows_sites(place, &sites)?;
        let asked = place.provider().scopes(wanted.purpose);
        let scopes = match (&given.granted.scopes, &given.access) {
            (Some(scopes), _) => scopes.clone(),
            (None, Access::Token { .. }) => Vec::new(),
            // RFC 6749, section 5.1: without a word it is what was asked for. GitHub Apps have
            // rights instead of scopes, and say so with an empty word.
            (None, _) => asked.clone(),
        };
        self.policy().allows_scopes(place.provider(), &scopes)?;
        let missing: Vec<String> = match &given.granted.scopes {
            Some(granted) => missing(&asked, granted),
            None => Vec::new(),
        };
        let account = Account {
            id: wanted.again.clone().unwrap_or_default(),
            provider: place.provider().id().to_owned(),
            base: place.base().to_owned(),
            mode: wanted.mode,
            user,
            access: given.access,
            purpose: wanted.purpose,
            scopes,
            sites,
            signed_in: now,
            last_used: None,
            ends: given.ends,
            signed_out: None,
        };
        let (accounts, run) = (self.clone(), run.clone());
        let (grant, method) = (given.granted.grant, wanted.method);
        let again = wanted.again.is_some();
        let key = place_key(place);
        let kept = blocking(move || accounts.put(account, &grant, method, again, &key, &run));
        let (account, is_known, old) = kept.await?;
        if let Some(old) = old {
            self.revoke_replaced(&account, &old).await;
        }
        Ok(SignedIn {
            account,
            missing,
            is_known,
        })
    }

    async fn identity(
        &self,
        place: &Place,
        access: &Access,
        credential: &Credential,
        sites: &[Site],
    ) -> Result<Identity, Error> {
        match (
            identity::who(&self.0.setup.http, place, credential, sites).await,
            access,
        ) {
            // Service accounts may lack the right to ask who they are; that a site lets them in
            // shows that the credential is good.
            (Err(error), Access::Service { client_id })
                if matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::SignedOut)
                    && sites.iter().any(|site| site.gateway.is_some()) =>
            {
                Ok(Identity {
                    id: client_id.clone(),
                    name: "service account".to_owned(),
                })
            }
            (who, _) => who,
        }
    }

    /// Puts an account and its tokens where they belong; gives the tokens it had before. Blocks.
    fn put(
        &self,
        mut account: Account,
        grant: &Grant,
        method: &str,
        again: bool,
        key: &str,
        run: &Correlation,
    ) -> Result<(Account, bool, Option<Grant>), Error> {
        let inner = &self.0;
        let index = inner.records.read()?;
        let before = if again {
            let known = index.account(&account.id).ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidInput,
                    "The account to sign in again is gone",
                )
                .remedy("Sign in anew")
            })?;
            not_another(known, &account)?;
            Some(known)
        } else {
            index.accounts.iter().find(|known| {
                known.place_key() == key
                    && known.mode == account.mode
                    && known.user.id == account.user.id
            })
        };
        let is_known = before.is_some();
        account.id = match before {
            Some(known) => known.id.clone(),
            None => random_id()?,
        };
        // Renewals elsewhere wait until the new tokens are there, and the old ones are the last.
        let _locked = crate::store::lock(&inner.lock_of(&account.id))?;
        let (old, event) = match before {
            Some(known) => (
                inner.grant_of(known).ok(),
                What::TokenReplaced {
                    account: account.audited(),
                    kind: account.access.kind().to_owned(),
                },
            ),
            None => (
                None,
                What::TokenAdded {
                    account: account.audited(),
                    kind: account.access.kind().to_owned(),
                },
            ),
        };
        if let (Some(known), Some(old), Access::Token { .. }) = (before, &old, &account.access)
            && old.access.is(grant.access.expose())
        {
            // The same token is as old as it was: giving it again makes it no younger.
            account.signed_in = known.signed_in;
        }
        let audit = &inner.setup.audit;
        let mark = audit.mark(&grant.access);
        let stored = Event::new(event)
            .by(account.actor())
            .with(mark.clone())
            .part_of(run);
        audit.around(stored, || {
            let secret = grant.to_secret()?;
            inner.keep_tokens(&account, &secret, is_known)?;
            inner.records.change(|index| {
                match index.account_mut(&account.id) {
                    Some(known) => {
                        account.last_used = known.last_used;
                        *known = account.clone();
                    }
                    None => index.accounts.push(account.clone()),
                }
                Ok(())
            })
        })?;
        // Whoever uses the account takes the new tokens.
        inner.forget_keeper(&account.id);
        if let Some(known) = before
            && !same_scopes(&known.scopes, &account.scopes)
        {
            let changed = What::ScopesChanged {
                account: account.audited(),
                before: known.scopes.clone(),
                after: account.scopes.clone(),
            };
            audit.record(Event::new(changed).by(account.actor()).part_of(run))?;
        }
        let signed_in = What::SignedIn {
            account: account.audited(),
            method: method.to_owned(),
            scopes: account.scopes.clone(),
        };
        let signed_in = Event::new(signed_in).by(account.actor()).with(mark);
        audit.record(signed_in.part_of(run))?;
        audit.settle()?;
        Ok((account, is_known, old))
    }

    /// Makes the tokens useless that an account had before. They are forgotten here either way.
    async fn revoke_replaced(&self, account: &Account, old: &Grant) {
        let (Access::Grant { client_id, .. }, Some(token)) = (&account.access, &old.refresh) else {
            return;
        };
        let Ok(place) = self.0.place_of(account) else {
            return;
        };
        self.revoke_alone(place, client_id, old.client_secret.as_ref(), token)
            .await;
    }

    /// Makes tokens useless that nobody has any more, where the provider does that without ending
    /// with them what another sign-in gave.
    async fn revoke_alone(
        &self,
        place: Place,
        client_id: &str,
        client_secret: Option<&Secret>,
        token: &Secret,
    ) {
        if place.provider().revoke_ends != RevokeEnds::SignIn {
            return;
        }
        let http = self.0.setup.http.clone();
        let server = Server::of(place, http, client_id, client_secret);
        if let Err(denied) = server.revoke(token).await {
            tracing::warn!("{}", Error::from(denied).chain());
        }
    }

    pub(super) async fn record(&self, event: Event) -> Result<(), Error> {
        let inner: Arc<Inner> = Arc::clone(&self.0);
        blocking(move || inner.setup.audit.record(event)).await
    }
}

impl Inner {
    /// Puts the tokens of an account into the vault. A new account is listed before, as one whose
    /// sign-in was cut short: whoever dies from here on leaves no tokens that nobody lists, and
    /// signing that account out withdraws them.
    fn keep_tokens(&self, account: &Account, secret: &Secret, is_known: bool) -> Result<(), Error> {
        if !is_known {
            let begun = Account {
                signed_out: Some(CUT_SHORT.to_owned()),
                ..account.clone()
            };
            self.records.change(|index| {
                index.accounts.push(begun);
                Ok(())
            })?;
        }
        let name = account.secret_name();
        let kept = self.setup.vault.put(&name, secret);
        self.at_step("tokens kept");
        if kept.is_err() && !is_known {
            // What may be there all the same stays listed.
            let undone = self.setup.vault.forget(&name).and_then(|_| {
                self.records.change(|index| {
                    index.accounts.retain(|known| known.id != account.id);
                    Ok(())
                })
            });
            if let Err(error) = undone {
                tracing::warn!("{}", error.chain());
            }
        }
        kept
    }
}

/// What is to become of a credential.
struct Wanted {
    place: Place,
    purpose: Purpose,
    mode: Mode,
    again: Option<String>,
    method: &'static str,
}

impl From<Denied> for Box<Error> {
    fn from(denied: Denied) -> Self {
        Self::new(denied.into())
    }
}

/// The scopes that are asked for and not there.
pub(super) fn missing(asked: &[String], granted: &[String]) -> Vec<String> {
    let last = |scope: &str| scope.rsplit('/').next().unwrap_or(scope).to_owned();
    asked
        .iter()
        // Servers do not list it among what was granted, or do not grant it as a scope.
        .filter(|scope| scope.as_str() != "offline_access")
        .filter(|scope| {
            !granted
                .iter()
                .any(|given| given == *scope || last(given) == last(scope))
        })
        .cloned()
        .collect()
}

/// Makes sure that nobody else's access takes the place of an account's.
fn not_another(known: &Account, new: &Account) -> Result<(), Error> {
    let is_same = (known.user.id == new.user.id || is_unknown(known))
        && known.provider == new.provider
        && known.base == new.base
        && known.mode == new.mode;
    if is_same {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Conflict,
        format!(
            "`{}` signed in, and the account is `{}`'s",
            new.user.name, known.user.name
        ),
    )
    .remedy(
        "Nothing was changed. Choose the right person in the browser, or sign in anew to add \
         another account",
    ))
}

fn random_id() -> Result<String, Error> {
    let mut bytes = [0_u8; 8];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::new(ErrorKind::Bug, "The system gives no random numbers"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn nobody_came(place: &Place) -> Error {
    Error::new(
        ErrorKind::SignedOut,
        format!("Nobody signed in at `{}` in time", place.host()),
    )
    .remedy("Begin again; nothing was changed")
}

fn cancelled() -> Error {
    Error::new(ErrorKind::SignedOut, "The sign-in was cancelled").remedy("Nothing was changed")
}
