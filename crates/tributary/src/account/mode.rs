//! Changing whose access is used: for a whole place (its mode), or for what one account published
//! (when its owner leaves).
//!
//! Both are looked at first and done afterwards. Nothing is taken away before the access that takes
//! its place was shown to reach what was published. Pages that were published keep their content
//! either way: it is Confluence's.

use futures_util::future::join_all;
use url::Url;

use super::accounts::{Accounts, Inner, blocking, same_address, space_key};
use super::health::HealthState;
use super::identity;
use super::provider::{Place, Product, Purpose};
use super::record::{Account, Index, Mode, PublishedSource};
use super::sign_out::Revoked;
use crate::Sentence;
use crate::audit::{Event, What};
use crate::error::{Error, ErrorKind, Remedy};
use crate::settings::{Auth, SiteSettings};

/// How many sources are tried at once.
const AT_ONCE: usize = 8;

/// Something that was published, and whether an account can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// What was published.
    pub source: PublishedSource,
    /// The account that would be used.
    pub by: Option<Account>,
    /// Why it cannot be read; none when it can.
    pub trouble: Option<Sentence>,
}

/// What changing the mode of a place would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModeSwitch {
    /// The place.
    pub place: Place,
    /// The mode now.
    pub before: Mode,
    /// The mode afterwards.
    pub after: Mode,
    /// Everything that was published there.
    pub reach: Vec<Reach>,
    /// The accounts that will be used.
    pub used: Vec<Account>,
    /// The accounts that will be signed out.
    pub leaving: Vec<Account>,
}

impl ModeSwitch {
    /// What the new access cannot read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Reach> {
        self.reach.iter().filter(|reach| reach.trouble.is_some())
    }
}

/// What became of an account that had to leave.
#[derive(Debug)]
pub struct Left {
    /// The account.
    pub account: Account,
    /// What became of its access, or why it is still there.
    pub result: Result<Revoked, Error>,
}

/// What moving an account's sources to another would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentMove {
    /// The account that leaves.
    pub from: Account,
    /// The account that takes over.
    pub to: Account,
    /// What it holds, and whether the other one can read it.
    pub reach: Vec<Reach>,
}

impl Accounts {
    /// Looks what changing the mode of a place would do: every published source is tried with the
    /// access that would be used.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] by policy; [`ErrorKind::InvalidInput`] when it has that mode
    /// already, or nobody is signed in for it yet.
    pub async fn look_at_mode(&self, place: &Place, after: Mode) -> Result<ModeSwitch, Error> {
        self.policy().allows_place(place)?;
        self.policy().allows_mode(place.provider(), after)?;
        let (accounts, at) = (self.clone(), place.clone());
        let (before, index) = blocking(move || {
            let index = accounts.0.records.read()?;
            Ok((accounts.0.mode_in(&index, &at), index))
        })
        .await?;
        // Where one mode holds for several sites it is the provider's.
        let what = match place.mode_key() == place.provider().id() {
            true => place.provider().name.clone(),
            false => place.host(),
        };
        if before == after {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{what}` has {mode} already", what, mode = after.in_words()),
            ));
        }
        let here = |mode: Mode| -> Vec<Account> {
            let accounts = index.accounts.iter();
            let accounts = accounts.filter(|account| account.mode == mode);
            let accounts = accounts.filter(|account| {
                let place_of = self.0.place_of(account);
                place_of.is_ok_and(|of| of.mode_key() == place.mode_key())
            });
            accounts.cloned().collect()
        };
        let (able, leaving) = (here(after), here(before));
        // What does not work takes nobody's place.
        let (mut used, mut lacking) = (Vec::new(), Vec::new());
        let mut trouble = None;
        for account in able {
            let health = self.check_health(&account).await;
            match health.state {
                HealthState::Ok | HealthState::Expiring => used.push(account),
                HealthState::MissingScope if place.provider().product == Product::Git => {
                    trouble = Some(format!("{}: {}", account.user.name, health.message));
                    lacking.push(account);
                }
                _ => trouble = Some(format!("{}: {}", account.user.name, health.message)),
            }
        }
        // What these cannot read is found below, repository by repository: public ones need no scope
        // at some hosts. Where nothing was published, nothing shows that they are of any use.
        if sources_at(&index, place).next().is_some() {
            used.append(&mut lacking);
        }
        if let (true, Some(trouble)) = (used.is_empty(), trouble) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "No access of {mode} to `{what}` works",
                    mode = after.in_words(),
                    what
                ),
            )
            .remedy(Remedy::of_each(
                "Nothing was changed. `tributary health` says what to do",
                "Nothing was changed. The list of accounts says what to do",
            ))
            .caused_by(trouble));
        }
        if used.is_empty() {
            let managed = if after == Mode::Managed {
                " --managed"
            } else {
                ""
            };
            return Err(Error::new(
                ErrorKind::SignedOut,
                sentence!("Nobody is signed in for {mode} of `{what}` yet", mode = after.in_words(), what),
            )
            .remedy(Remedy::of_each(
                format!("Nothing was changed. Sign in first: `tributary login {provider} --host {base}{managed}`", provider = place.provider().id(), base = place.base()),
                "Nothing was changed. Sign in first",
            )));
        }
        let mut reach = Vec::new();
        for source in sources_at(&index, place) {
            let by = best(&self.0, &index, &used, source);
            reach.push(self.reach(source, by.cloned()).await);
        }
        Ok(ModeSwitch {
            place: place.clone(),
            before,
            after,
            reach,
            used,
            leaving,
        })
    }

    /// Changes the mode of a place, as it was looked at: remembers the new one, then signs out
    /// whoever had access the old way. `despite` says that what cannot be read any more was seen
    /// and accepted.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when something cannot be read and nobody accepted that, or the mode
    /// or the accounts are others than they were; [`ErrorKind::Storage`]. Then nothing was changed.
    pub async fn change_mode(
        &self,
        switch: &ModeSwitch,
        despite: bool,
    ) -> Result<Vec<Left>, Error> {
        self.policy()
            .allows_mode(switch.place.provider(), switch.after)?;
        let unreadable = switch.unreadable().count();
        if unreadable > 0 && !despite {
            return Err(Error::new(
                ErrorKind::Conflict,
                sentence!(
                    "The new access cannot read {unreadable} of what was published",
                    unreadable
                ),
            )
            .remedy(
                "Nothing was changed. Give it the right to read them, or accept that they cannot \
                 be published again",
            ));
        }
        let (accounts, wanted) = (self.clone(), switch.clone());
        blocking(move || accounts.set_mode(&wanted)).await?;
        let mut left = Vec::new();
        for account in &switch.leaving {
            let result = self.sign_out(account).await;
            left.push(Left {
                account: account.clone(),
                result,
            });
        }
        Ok(left)
    }

    fn set_mode(&self, switch: &ModeSwitch) -> Result<(), Error> {
        let inner = &self.0;
        let switched = Event::new(What::ModeSwitched {
            provider: switch.place.provider().id().to_owned(),
            host: switch.place.host(),
            before: switch.before.name().to_owned(),
            after: switch.after.name().to_owned(),
        });
        let switched = match switch.used.first() {
            Some(account) => switched.by(account.actor()),
            None => switched,
        };
        inner.setup.audit.around(switched, || {
            inner.records.change(|index| {
                let now = inner.mode_in(index, &switch.place);
                let is_there = |account: &Account| index.account(&account.id).is_some();
                let sources = sources_at(index, &switch.place);
                let looked_at = switch.reach.iter().map(|reach| &reach.source);
                let same = sources.eq(looked_at);
                if now != switch.before || !switch.used.iter().all(is_there) || !same {
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        "The mode, its accounts or what was published changed meanwhile",
                    )
                    .remedy("Look at it again"));
                }
                index.modes.insert(switch.place.mode_key(), switch.after);
                for reach in &switch.reach {
                    let by = reach.by.as_ref().filter(|_| reach.trouble.is_none());
                    if let Some(by) = by {
                        give(inner, index, &reach.source, by);
                    }
                }
                Ok(())
            })
        })
    }

    /// Looks whether an account could take over what another one published, as far as `wanted`
    /// says so.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the two are not of one provider and mode: an account whose
    /// mode is not in force is not used, whatever was handed over to it.
    pub async fn look_at_move(
        &self,
        from: &Account,
        to: &Account,
        wanted: &(dyn Fn(&PublishedSource) -> bool + Send + Sync),
    ) -> Result<ConsentMove, Error> {
        if from.provider != to.provider || from.id == to.id {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{user}` cannot take over from `{other}`: they have to be two accounts of one provider",
                    user = to.user.name,
                    other = from.user.name
                ),
            ));
        }
        if from.mode != to.mode {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{user}` cannot take over from `{other}`: one is for {mode}, the other for {other_mode}, and only \
                     one of the two is in force", user = to.user.name, other = from.user.name, mode = to.mode.in_words(), other_mode = from.mode.in_words()),
            )
            .remedy(Remedy::of_each(
                format!("Nothing was changed. Choose an account for {in_words}; `tributary mode` changes which \
                     of the two is in force, and gives what was published to its accounts", in_words = from.mode.in_words()),
                sentence!("Nothing was changed. Choose an account for {mode}, or change the access to the \
                     other", mode = from.mode.in_words()),
            )));
        }
        let accounts = self.clone();
        let mut sources = blocking(move || accounts.sources()).await?;
        sources.retain(|source| source.account == from.id && wanted(source));
        let mut reach = Vec::new();
        // Whoever leaves can have published much, and a server answers one question in no time.
        for some in sources.chunks(AT_ONCE) {
            let tries = some
                .iter()
                .map(|source| self.reach(source, Some(to.clone())));
            reach.extend(join_all(tries).await);
        }
        Ok(ConsentMove {
            from: from.clone(),
            to: to.clone(),
            reach,
        })
    }

    /// Moves what can be read by the account that takes over; gives what was moved. The rest stays
    /// with the account that leaves.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when a source is not the leaving account's any more or the other one
    /// is gone; [`ErrorKind::Storage`] when a move could not be recorded or remembered. Those
    /// before it took place.
    pub async fn move_consent(&self, wanted: &ConsentMove) -> Result<Vec<PublishedSource>, Error> {
        let (accounts, wanted) = (self.clone(), wanted.clone());
        blocking(move || {
            let inner = &accounts.0;
            let mut moved = Vec::new();
            for reach in wanted.reach.iter().filter(|reach| reach.trouble.is_none()) {
                let source = &reach.source;
                let event = Event::new(What::ConsentMoved {
                    from: wanted.from.audited(),
                    to: wanted.to.audited(),
                    source: source.audited(),
                })
                .by(wanted.to.actor());
                inner.setup.audit.around(event, || {
                    inner.records.change(|index| {
                        let is_there = index.account(&wanted.to.id).is_some();
                        let mut known = index.sources.iter();
                        let is_held = known
                            .any(|known| known.is_same(source) && known.account == wanted.from.id);
                        if !is_there || !is_held {
                            return Err(Error::new(
                                ErrorKind::Conflict,
                                sentence!("`{source}` is not `{user}`'s any more, or `{other}` was signed out meanwhile", source = source.name, user = wanted.from.user.name, other = wanted.to.user.name),
                            )
                            .remedy("Look at it again"));
                        }
                        give(inner, index, source, &wanted.to);
                        Ok(())
                    })
                })?;
                moved.push(source.clone());
            }
            inner.setup.audit.settle()?;
            Ok(moved)
        })
        .await
    }

    /// Tries whether an account can read a source.
    async fn reach(&self, source: &PublishedSource, by: Option<Account>) -> Reach {
        let tried = match &by {
            Some(account) => self.can_read(source, account).await,
            None => Err(Error::new(
                ErrorKind::NotFound,
                sentence!("None of the accounts reaches `{base}`", base = source.base),
            )),
        };
        Reach {
            source: source.clone(),
            by,
            trouble: tried.err().map(|error| error.sentence().clone()),
        }
    }

    async fn can_read(&self, source: &PublishedSource, account: &Account) -> Result<(), Error> {
        let place = self.0.place_of(account)?;
        // A repository of the same name at another host is another one.
        if place.provider().product == Product::Git && account.base != source.base {
            return Err(Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "`{user}` does not reach `{base}`",
                    user = account.user.name,
                    base = source.base
                ),
            ));
        }
        let credential = self.credential(account).await?;
        let http = &self.0.setup.http;
        if place.provider().product == Product::Git {
            return identity::can_read(http, &place, &credential, &source.name).await;
        }
        let site = account
            .sites
            .iter()
            .find(|site| is_at(&site.url, &source.base));
        let site = site.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "`{user}` does not reach `{base}`",
                    user = account.user.name,
                    base = source.base
                ),
            )
        })?;
        let settings = SiteSettings {
            url: site.url.clone(),
            flavor: None,
            auth: Auth::Bearer,
            gateway: site.gateway.clone(),
        };
        let client = super::client(http, &settings, credential).await?;
        let space = client.space(&source.name).await?;
        if account.purpose != Purpose::Read && client.may_create_pages(&space).await? {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{user}` can read `{source}` and not publish there",
                user = account.user.name,
                source = source.name
            ),
        ))
    }
}

/// What was published at a place, or at all that has one mode with it.
fn sources_at<'a>(index: &'a Index, place: &Place) -> impl Iterator<Item = &'a PublishedSource> {
    let id = place.provider().id().to_owned();
    let is_all = id == place.mode_key();
    let base = place.base().to_owned();
    let sources = index.sources.iter();
    sources.filter(move |source| source.provider == id && (is_all || source.base == base))
}

/// The account of these that would be used for a source.
fn best<'a>(
    inner: &Inner,
    index: &Index,
    used: &'a [Account],
    source: &PublishedSource,
) -> Option<&'a Account> {
    let fits = |account: &&Account| {
        account.base == source.base
            || account
                .sites
                .iter()
                .any(|site| is_at(&site.url, &source.base))
    };
    let preferred = index.preferred.get(&key_of(inner, source));
    let mut fitting: Vec<&Account> = used.iter().filter(fits).collect();
    fitting.sort_by_key(|account| Some(&account.id) != preferred);
    fitting.first().copied()
}

/// Lets an account be the one that is used for a source.
fn give(inner: &Inner, index: &mut Index, source: &PublishedSource, to: &Account) {
    for known in &mut index.sources {
        if known.is_same(source) {
            known.account.clone_from(&to.id);
        }
    }
    index.preferred.insert(key_of(inner, source), to.id.clone());
}

/// The key under which it is remembered which account is used for a source.
fn key_of(inner: &Inner, source: &PublishedSource) -> String {
    let provider = inner.providers.get(&source.provider);
    let is_confluence = provider.is_ok_and(|it| it.product == Product::Confluence);
    match Url::parse(&source.base) {
        Ok(url) if is_confluence => space_key(&url, &source.name),
        _ => format!("{} {} {}", source.provider, source.base, source.name),
    }
}

fn is_at(url: &Url, base: &str) -> bool {
    Url::parse(base).is_ok_and(|base| same_address(url, &base))
}
