//! Signing in: through the browser, with a code, as a service account, or with a token.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::accounts::{Accounts, Inner, blocking};
use super::callback::{Came, Loopback};
use super::grant::Grant;
use super::keep::{Given, Wanted};
use super::oauth::{Denied, Described, Granted, LONGEST_DEVICE_WAIT, Question, Server, Sleep};
use super::provider::{ClientSecret, Place, Product, Provider, Purpose, Sent, TokenKind};
use super::record::{Access, Account, Keep, Mode};
use super::renew::grant_ends;
use crate::audit::{AccountName, Correlation, Event, Outcome, What};
use crate::error::{Error, ErrorKind, Remedy};
use crate::vault::Secret;

/// How long a browser is waited for.
const BROWSER_LIMIT: Duration = Duration::from_secs(10 * 60);

/// The kind of what people sign in with at any Git server.
const PASSWORD: &str = "password";

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
        /// `api_token`, `personal_access_token` or `access_token`; the place's first kind when not
        /// said.
        kind: Option<String>,
        /// Whose it is, where that is sent along; a repository that it may read, where it belongs to
        /// no person.
        user: String,
        /// When it ends, as its owner says.
        ends: Option<Timestamp>,
    },
    /// With a user's password, or a token that is sent in its place, at any Git server.
    Password {
        /// Whose.
        user: String,
        /// The password.
        password: Secret,
        /// A repository there that not everybody may read, at which they are tried; the one that they
        /// were tried at before when signing in again without one.
        repository: String,
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
            Self::Password { .. } => "password",
        }
    }

    /// Of which kind it is, as far as that is said, and when it ends, where it is given by hand.
    fn given(&self) -> Option<(Option<&str>, Option<Timestamp>)> {
        match self {
            Self::Token { kind, ends, .. } => Some((kind.as_deref(), *ends)),
            Self::Password { ends, .. } => Some((None, *ends)),
            Self::Browser | Self::Device | Self::Service => None,
        }
    }
}

/// What only who connects a site can choose.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Particulars {
    /// How the token is sent, where the provider takes it in more ways than its usual one.
    pub(super) sent: Option<Sent>,
    pub(super) keep: Keep,
}

/// What a token is, and how it is sent.
struct TokenForm<'p> {
    kind: String,
    sent: Sent,
    /// The provider's own kind; none for what its servers take beside that, as a password.
    known: Option<&'p TokenKind>,
}

impl<'p> TokenForm<'p> {
    fn of(place: &'p Place, kind: Option<&str>, sent: Option<Sent>) -> Result<Self, Error> {
        let tokens = &place.provider().tokens;
        let known = tokens.iter().find(|known| {
            kind.is_none_or(|kind| kind == known.kind) && sent.is_none_or(|sent| sent == known.sent)
        });
        match (known, kind, sent) {
            (Some(known), _, _) => Ok(Self {
                kind: known.kind.clone(),
                sent: known.sent,
                known: Some(known),
            }),
            (None, None, Some(sent)) => Ok(Self {
                kind: match sent {
                    Sent::Basic => "api_token".to_owned(),
                    Sent::Bearer => "personal_access_token".to_owned(),
                },
                sent,
                known: None,
            }),
            (None, ..) => {
                let kinds: Vec<&str> = tokens.iter().map(|known| known.kind.as_str()).collect();
                Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "{provider} has no tokens of that kind",
                        provider = place.provider().name
                    ),
                )
                .remedy(sentence!("Choose one of {kinds}", kinds = kinds.join(", "))))
            }
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

/// The end of the day on which a token ends, as its owner says it: `YYYY-MM-DD`, or nothing.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when that is not a day.
pub fn end_of_day(day: Option<&str>) -> Result<Option<Timestamp>, Error> {
    let day = day.map(str::trim).filter(|day| !day.is_empty());
    let ends = day.map(|day| {
        format!("{day}T23:59:59Z").parse().map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{day}` is not a day", day),
            )
            .remedy("Give it as year, month and day: `2027-01-31`")
            .caused_by(error)
        })
    });
    ends.transpose()
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
        let particulars = Particulars::default();
        self.sign_in_as(sign_in, particulars, progress, cancel)
            .await
    }

    pub(super) async fn sign_in_as(
        &self,
        sign_in: SignIn,
        particulars: Particulars,
        progress: &(dyn Fn(Progress) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<SignedIn, Error> {
        let Particulars { sent, keep } = particulars;
        let run = self.0.setup.audit.correlation();
        let name = AccountName {
            id: sign_in.again.clone().unwrap_or_default(),
            provider: sign_in.place.provider().id().to_owned(),
            host: sign_in.place.host(),
        };
        let method = sign_in.way.name();
        let (again, purpose, mode) = (sign_in.again.clone(), sign_in.purpose, sign_in.mode);
        let place = sign_in.place.clone();
        let result = self.allow(&sign_in, sent);
        let result = match result {
            Ok(()) => {
                self.record_policy(&run).await?;
                let started = What::SignInStarted {
                    account: name.clone(),
                    method: method.to_owned(),
                };
                let started = Event::new(started).outcome(Outcome::Attempt).part_of(&run);
                self.record(started).await?;
                self.obtain_unless(cancel, sign_in, sent, progress).await
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
                    keep,
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

    /// Gets a credential, unless that is cancelled. What the provider is giving at that moment is
    /// waited for and given back: who went away would leave a grant there that nobody knows of.
    async fn obtain_unless(
        &self,
        cancel: &CancellationToken,
        sign_in: SignIn,
        sent: Option<Sent>,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Given, Error> {
        let place = sign_in.place.clone();
        let is_giving = watch::Sender::new(false);
        let mut obtained = pin!(self.obtain(sign_in, sent, progress, &is_giving));
        let given = tokio::select! {
            given = &mut obtained => Some(given),
            () = cancel.cancelled() => {
                let mut watched = is_giving.subscribe();
                tokio::select! {
                    biased;
                    given = &mut obtained => Some(given),
                    _ = watched.wait_for(|is_giving| !is_giving) => None,
                }
            }
        };
        match given {
            Some(given) if !cancel.is_cancelled() => given,
            Some(Ok(given)) if !self.give_back(place.clone(), &given).await => Err(cancelled()
                .remedy(sentence!("Nothing was kept here. `{host}` had given access already, and does not let this \
                     program take it back: withdraw it at {manage_page}", host = place.host(), manage_page = place.manage_page()))),
            _ => Err(cancelled()),
        }
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

    fn allow(&self, sign_in: &SignIn, sent: Option<Sent>) -> Result<(), Error> {
        let policy = self.policy();
        let provider = sign_in.place.provider();
        policy.allows_place(&sign_in.place)?;
        policy.allows_mode(provider, sign_in.mode)?;
        if provider.is_any_git_server()
            && let Some(known) = self.usual_at(&sign_in.place)
        {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{host}` is {known}, which is signed in to as such",
                    host = sign_in.place.host(),
                    known = known.name
                ),
            )
            .remedy(Remedy::of_each(
                format!("Sign in with `tributary login {id}`", id = known.id()),
                sentence!("Choose {known} as the provider", known = known.name),
            )));
        }
        // What it says of the product that is there holds for whoever calls that by another name.
        if provider.is_any_git_server() {
            policy.allows_any_server(provider, &sign_in.place.host())?;
        }
        let Some((kind, ends)) = sign_in.way.given() else {
            return policy.allows_purpose(provider, sign_in.purpose);
        };
        let form = TokenForm::of(&sign_in.place, kind, sent)?;
        let now = self.0.now();
        if ends.is_some_and(|ends| ends <= now) {
            return Err(
                Error::new(ErrorKind::InvalidInput, "The token has ended already")
                    .remedy("Make a new one"),
            );
        }
        policy.allows_token(provider, &form.kind, now, ends, now)
    }

    /// The Git host that is known to be at an address.
    fn usual_at(&self, place: &Place) -> Option<Arc<Provider>> {
        let at = self.providers().all().find(|known| {
            let usual = Place::new(Arc::clone(known), Some(place.base()));
            known.product == Product::Git && usual.is_ok_and(|usual| usual.is_usual())
        });
        at.cloned()
    }

    /// Gets a credential from the provider, or takes the one that was given. `is_giving` is true
    /// from where the provider may give one until it answered.
    async fn obtain(
        &self,
        sign_in: SignIn,
        sent: Option<Sent>,
        progress: &(dyn Fn(Progress) + Send + Sync),
        is_giving: &watch::Sender<bool>,
    ) -> Result<Given, Error> {
        let SignIn {
            place,
            way,
            purpose,
            mode,
            again,
        } = sign_in;
        let scopes = place.provider().scopes(purpose);
        match way {
            Way::Token {
                token,
                kind,
                user,
                ends,
            } => {
                if let Some(words) = &place.provider().proven_at {
                    return Err(untried(words));
                }
                let form = TokenForm::of(&place, kind.as_deref(), sent)?;
                self.take_token(&place, &token, form, &user, ends)
            }
            Way::Password {
                user,
                password,
                repository,
                ends,
            } => {
                let Some(words) = place.provider().proven_at.as_deref() else {
                    return Err(Error::new(
                        ErrorKind::InvalidInput,
                        sentence!(
                            "{provider} takes no passwords",
                            provider = place.provider().name
                        ),
                    )
                    .remedy(super::with_a_token()));
                };
                let repository = match (repository.trim(), again) {
                    ("", Some(again)) => self.tried_before(again).await?,
                    (named, _) => named.to_owned(),
                };
                if repository.is_empty() {
                    return Err(untried(words));
                }
                place.advertised(&repository)?;
                let path = place.path_of(&repository).unwrap_or(repository);
                let form = TokenForm::of(&place, None, sent)?;
                let mut given = self.take_token(&place, &password, form, &user, ends)?;
                if let Access::Token { tried_at, .. } = &mut given.access {
                    *tried_at = path;
                }
                Ok(given)
            }
            Way::Service => {
                if !place.provider().has_service_accounts() {
                    return Err(Error::new(
                        ErrorKind::InvalidInput,
                        sentence!(
                            "{provider} has no service accounts with OAuth",
                            provider = place.provider().name
                        ),
                    )
                    .remedy(Remedy::of_each(
                        "Sign in with a token of the technical user: `--token-stdin`",
                        "Sign in with a token of the technical user",
                    )));
                }
                let server = self.server(&place, mode, purpose, true).await?;
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
                let mut server = self.server(&place, mode, purpose, needs).await?;
                if place.provider().secret == ClientSecret::ForBrowser {
                    server.client_secret = None;
                }
                let device = server.device(&scopes).await?;
                progress(Progress::Code {
                    code: device.user_code().to_owned(),
                    page: device.page().to_owned(),
                    minutes: device.lives().as_secs() / 60,
                });
                let (wait, asks) = (Arc::clone(&self.0.setup.sleep), is_giving.clone());
                let sleep: Sleep = Arc::new(move |long| {
                    let (waited, asks) = (wait(long), asks.clone());
                    Box::pin(async move {
                        asks.send_replace(false);
                        waited.await;
                        asks.send_replace(true);
                    })
                });
                is_giving.send_replace(true);
                let waits = server.device_done(&device, &sleep, self.0.now());
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
                let server = self.server(&place, mode, purpose, needs).await?;
                let described = server.described().await?;
                let challenge = described.challenge;
                let redirect = place.provider().redirect.as_ref().ok_or_else(|| {
                    Error::new(
                        ErrorKind::InvalidInput,
                        sentence!(
                            "{provider} has no sign-in through the browser",
                            provider = place.provider().name
                        ),
                    )
                    .remedy(super::with_a_token())
                })?;
                // Before the browser opens: whoever has the port would get the code.
                let (came, question) = if redirect.is_link() {
                    let question = server.question(
                        challenge,
                        &redirect.link(place.provider().id()),
                        &scopes,
                    )?;
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
                    let question = server.question(challenge, &loopback.address(), &scopes)?;
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
                is_giving.send_replace(true);
                let granted = self.redeem(&server, &described, came, question).await?;
                Ok(self.given(granted, &place, server.client_id, redirect))
            }
        }
    }

    /// Where an account's password was tried before.
    async fn tried_before(&self, id: String) -> Result<String, Error> {
        let accounts = self.clone();
        let listed = blocking(move || accounts.list()).await?;
        let known = listed.into_iter().find(|account| account.id == id);
        Ok(match known.map(|account| account.access) {
            Some(Access::Token { tried_at, .. }) => tried_at,
            _ => String::new(),
        })
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
                sentence!(
                    "The answer did not come from `{host}`, and was not used",
                    host
                ),
            )
            .remedy("Sign in again; if it happens again, tell whoever runs the server"));
        }
        let code = came.answer.map_err(|word| {
            let said = if word == "access_denied" {
                sentence!("`{host}` was told not to allow it", host)
            } else {
                let word: String = word
                    .chars()
                    .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                    .take(60)
                    .collect();
                sentence!("`{host}` refused the sign-in: {word}", host, word)
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
        Given {
            ends: grant_ends(place, now, now, granted.ends_in),
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
        form: TokenForm<'_>,
        user: &str,
        ends: Option<Timestamp>,
    ) -> Result<Given, Error> {
        let is_password = form.kind == PASSWORD;
        // A password may have words, and begin and end with spaces.
        let text = match is_password {
            true => token.expose(),
            false => token.expose().trim(),
        };
        let is_token = form.known.is_some() && !is_password;
        let is_wrong = |letter: char| letter.is_control() || (is_token && letter.is_whitespace());
        if is_password && (text.is_empty() || text.chars().any(is_wrong)) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "That is no password: it is empty, or has signs that nobody can type",
            )
            .remedy("Give the password or token that `git` asks for there"));
        }
        if text.is_empty() || text.chars().any(is_wrong) {
            let error = Error::new(ErrorKind::InvalidInput, "That is not a token");
            return Err(match form.known.or(place.provider().tokens.first()) {
                Some(known) => error.remedy(sentence!(
                    "Make one at {token_page}",
                    token_page = place.token_page(known)
                )),
                None => error,
            });
        }
        let words = form.known.and_then(|known| known.user.as_deref());
        if let (Some(words), true) = (words, user.trim().is_empty()) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                match is_password {
                    true => sentence!(
                        "The password is sent with {words}, and none was given",
                        words
                    ),
                    false => sentence!("The token is sent with {words}, and none was given", words),
                },
            )
            .remedy(Remedy::of_each(
                "Add `--user`",
                match is_password {
                    true => "Fill it in above the password",
                    false => "Fill it in above the token",
                },
            )));
        }
        if let Some(owned) = form.known.and_then(|known| known.owned.as_ref()) {
            let named = place.repository(user.trim());
            named.map_err(|error| {
                Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "The token is tried at {words}, and none was given",
                        words = owned.words
                    ),
                )
                .remedy(Remedy::of_each(
                    "Add `--repository WORKSPACE/REPOSITORY`",
                    "Fill it in above the token",
                ))
                .caused_by(error)
            })?;
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
                kind: form.kind,
                sent: form.sent,
                user: user.trim().to_owned(),
                tried_at: String::new(),
            },
            ends,
        })
    }

    async fn server(
        &self,
        place: &Place,
        mode: Mode,
        purpose: Purpose,
        needs: bool,
    ) -> Result<Server, Error> {
        // Before anybody is asked to register something for a way that is not there.
        place.token()?;
        let (accounts, at) = (self.clone(), place.clone());
        let found = blocking(move || accounts.application(&at, mode, purpose, needs)).await?;
        Ok(Server {
            place: place.clone(),
            http: self.0.setup.http.clone(),
            client_id: found.0,
            client_secret: found.1,
        })
    }

    pub(super) async fn record(&self, event: Event) -> Result<(), Error> {
        let inner: Arc<Inner> = Arc::clone(&self.0);
        blocking(move || inner.setup.audit.record(event)).await
    }
}

impl From<Denied> for Box<Error> {
    fn from(denied: Denied) -> Self {
        Self::new(denied.into())
    }
}

fn untried(words: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "The user name and the password are tried at {words}, and none was given",
            words
        ),
    )
    .remedy(Remedy::of_each(
        "Add `--user NAME --repository PATH`",
        "Fill it in above the password",
    ))
}

fn nobody_came(place: &Place) -> Error {
    Error::new(
        ErrorKind::SignedOut,
        sentence!("Nobody signed in at `{host}` in time", host = place.host()),
    )
    .remedy("Begin again; nothing was changed")
}

fn cancelled() -> Error {
    Error::new(ErrorKind::SignedOut, "The sign-in was cancelled").remedy("Nothing was changed")
}
