//! All accounts of a user: which there are, which one is used where, and its credential.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use toml::Table;
use tributary_pages::markup::Flavor;
use url::Url;

use super::applications::client_secret;
use super::callback::{Came, Link};
use super::grant::Grant;
use super::loose::{site_providers, site_token_allowed};
use super::oauth::Sleep;
use super::policy::Policy;
use super::provider::{BuiltIn, Place, Providers, Sent};
use super::record::{Access, Account, Index, Keep, Mode, PublishedSource, Records, Session, Site};
use super::renew::Keeper;
use super::site::no_token;
use super::take_over;
use crate::audit::{Audit, Clock, Event, Outcome, What};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Holder, Http};
use crate::settings::{Auth, Settings, SiteSettings};
use crate::store::Paths;
use crate::vault::{Secret, SecretName, Vault};

/// How often it is written down that an account was used.
const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// What accounts stand on.
#[derive(Clone)]
pub struct Setup {
    /// The user's folders.
    pub paths: Paths,
    /// Where tokens are kept.
    pub vault: Arc<dyn Vault>,
    /// What is kept until the program ends.
    pub session: Session,
    /// Where it is recorded what is done with them.
    pub audit: Audit,
    /// The connections.
    pub http: Http,
    /// What the administrator decided.
    pub policy: Policy,
    /// What the settings change of the providers.
    pub providers: Table,
    /// The applications that come with the program.
    pub built_in: BuiltIn,
    /// The time.
    pub clock: Clock,
    /// Lets time pass between two questions to a server.
    pub sleep: Sleep,
    /// Told of each step of a renewal, and of keeping what a sign-in gave: for tests, in which
    /// processes die there.
    pub at_step: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Setup {
    /// The usual one of a user: with this machine's policy and clock.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when there is a policy that cannot be read.
    pub fn of_system(
        paths: Paths,
        settings: &Settings,
        vault: Arc<dyn Vault>,
        audit: Audit,
        http: Http,
    ) -> Result<Self, Error> {
        Ok(Self {
            paths,
            vault,
            session: Session::default(),
            audit,
            http,
            policy: Policy::of_machine()?,
            providers: settings.providers.clone(),
            built_in: BuiltIn::of_build(),
            clock: Clock::of_system(),
            sleep: Arc::new(|wait| Box::pin(tokio::time::sleep(wait))),
            at_step: Arc::new(|_| {}),
        })
    }
}

impl fmt::Debug for Setup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Setup")
    }
}

/// All accounts of a user. Clones are the same; several processes may have them at once.
#[derive(Debug, Clone)]
pub struct Accounts(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) setup: Setup,
    pub(super) providers: Providers,
    pub(super) records: Records,
    keepers: Mutex<HashMap<String, Arc<Keeper>>>,
    /// Sign-ins that wait for a link to open the program.
    waiting: Mutex<Vec<Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    provider: String,
    state: Secret,
    sender: oneshot::Sender<Came>,
}

impl Accounts {
    /// Opens them, and records when the policy is another than the last time. Blocks on the disk,
    /// and then on the keystore.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the settings or the policy change a provider in a way that
    /// does not fit; [`ErrorKind::Storage`].
    pub fn open(setup: Setup) -> Result<Self, Error> {
        let own = setup.policy.permits(&setup.providers);
        let providers = Providers::new(&[&own, &setup.policy.changes()])?;
        setup.policy.trust(&setup.http)?;
        let inner = Inner {
            records: Records::of(&setup.paths, setup.session.clone()),
            setup,
            providers,
            keepers: Mutex::default(),
            waiting: Mutex::default(),
        };
        take_over::list(&inner.setup.paths, &inner.records, inner.now())?;
        inner.notice_policy()?;
        Ok(Self(Arc::new(inner)))
    }

    /// Every provider.
    pub fn providers(&self) -> &Providers {
        &self.0.providers
    }

    /// Whether the policy on the disk is another than the one that was read: then they have to be
    /// opened anew. Blocks on the disk.
    pub fn is_outdated(&self) -> bool {
        let read = &self.0.setup.policy;
        match read.reload() {
            Ok(now) => now.digest() != read.digest(),
            // Opening them anew says what is wrong with it.
            Err(_) => true,
        }
    }

    /// What the administrator decided.
    pub fn policy(&self) -> &Policy {
        &self.0.setup.policy
    }

    /// Every account, in the order of signing in. Needs neither the network nor the vault.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the list cannot be read.
    pub fn list(&self) -> Result<Vec<Account>, Error> {
        Ok(self.0.records.read()?.accounts)
    }

    /// The account with an id, or with a name that only one has: of its user, or `user@host`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is none, or more than one.
    pub fn find(&self, name: &str) -> Result<Account, Error> {
        let accounts = self.list()?;
        if let Some(account) = accounts.iter().find(|account| account.id == name) {
            return Ok(account.clone());
        }
        let mut named = accounts.into_iter().filter(|account| {
            account.user.name == name
                || account.user.id == name
                || account.host() == name
                || format!("{}@{}", account.user.name, account.host()) == name
        });
        let remedy = || {
            Remedy::of_each(
                "`tributary accounts` lists them with their ids",
                "Choose one from the list",
            )
        };
        match (named.next(), named.next()) {
            (Some(account), None) => Ok(account),
            (None, _) => Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("There is no account `{name}`", name),
            )
            .remedy(remedy())),
            (Some(_), Some(_)) => Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("More than one account fits `{name}`", name),
            )
            .remedy(remedy())),
        }
    }

    /// The place of a provider at an address, as far as the policy allows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`], or [`ErrorKind::Forbidden`] by policy.
    pub fn place(&self, provider: &str, base: Option<&str>) -> Result<Place, Error> {
        let place = Place::new(self.0.providers.get(provider)?, base)?;
        self.0.setup.policy.allows_place(&place)?;
        Ok(place)
    }

    /// How access is granted at a place: by policy, by choice, or each user for himself.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn mode(&self, place: &Place) -> Result<Mode, Error> {
        let index = self.0.records.read()?;
        Ok(self.0.mode_in(&index, place))
    }

    /// The account that is used at a place: the one that was preferred for the repository or the
    /// place, else the first of the mode in force.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn for_place(
        &self,
        place: &Place,
        repository: Option<&str>,
    ) -> Result<Option<Account>, Error> {
        let index = self.0.records.read()?;
        let candidates = self.0.able_at_place(&index, place);
        let key = place_key(place);
        let of_repository = repository.map(|name| format!("{key} {name}"));
        let keys = of_repository.iter().chain([&key]);
        Ok(preferred(&index, &candidates, keys).cloned())
    }

    /// The accounts that could be used at a place, the one first that is.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn all_for_place(&self, place: &Place) -> Result<Vec<Account>, Error> {
        let index = self.0.records.read()?;
        let candidates = self.0.able_at_place(&index, place);
        let used = preferred(&index, &candidates, [&place_key(place)]).map(|used| used.id.clone());
        let mut all: Vec<Account> = candidates.into_iter().cloned().collect();
        all.sort_by_key(|account| Some(&account.id) != used.as_ref());
        Ok(all)
    }

    /// The account that is used for a Confluence site: the one that was preferred for the space or
    /// the site, else the first that may publish.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn account_for_site(
        &self,
        url: &Url,
        space: Option<&str>,
    ) -> Result<Option<Account>, Error> {
        let index = self.0.records.read()?;
        let candidates = self.0.able_at_site(&index, url);
        let of_space = space.map(|space| space_key(url, space));
        let of_site = site_key(url);
        let keys = of_space.iter().chain([&of_site]);
        Ok(preferred(&index, &candidates, keys).cloned())
    }

    /// The credential of an account. An OAuth account's is renewed as it is used.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when the policy forbids to use it, [`ErrorKind::SignedOut`] when
    /// somebody has to sign in again, [`ErrorKind::VaultUnavailable`].
    pub async fn credential(&self, account: &Account) -> Result<Credential, Error> {
        let credential = self.credential_now(account).await?;
        match credential.holder() {
            // An earlier version kept the token, and did not ask whose it is.
            Some(holder) if holder.user.is_empty() => {
                self.learn_whose(&holder.account, &credential).await?;
                self.credential_now(account).await
            }
            _ => Ok(credential),
        }
    }

    async fn credential_now(&self, account: &Account) -> Result<Credential, Error> {
        let (inner, account) = (Arc::clone(&self.0), account.clone());
        blocking(move || {
            let credential = Inner::credential(&inner, &account)?;
            inner.note_use(&account.id)?;
            Ok(credential)
        })
        .await
    }

    /// The same to look whether it works, which is no use of it.
    pub(super) async fn credential_to_check(&self, account: &Account) -> Result<Credential, Error> {
        if account.user.id.is_empty() {
            return self.credential(account).await;
        }
        let (inner, account) = (Arc::clone(&self.0), account.clone());
        blocking(move || Inner::credential(&inner, &account)).await
    }

    /// The credential for a Confluence site, and how the site is reached with it.
    ///
    /// # Errors
    /// As [`Accounts::credential`]; [`ErrorKind::SignedOut`] when there is none.
    pub async fn for_site(
        &self,
        site: &SiteSettings,
        space: Option<&str>,
    ) -> Result<(Credential, SiteSettings), Error> {
        let (accounts, wanted) = (self.clone(), site.clone());
        let space = space.map(str::to_owned);
        let account = blocking(move || accounts.account_for_site(&wanted.url, space.as_deref()));
        let Some(account) = account.await? else {
            let (inner, wanted) = (Arc::clone(&self.0), site.clone());
            return Err(blocking(move || inner.nobody_at(&wanted)).await?);
        };
        let credential = self.credential(&account).await?;
        let reached = account
            .sites
            .iter()
            .find(|known| same_address(&known.url, &site.url));
        let gateway = reached.and_then(|known| known.gateway.clone());
        let auth = match &credential {
            Credential::Basic { user, .. } => Auth::Basic { user: user.clone() },
            _ => Auth::Bearer,
        };
        let site = SiteSettings {
            auth,
            gateway: gateway.or_else(|| site.gateway.clone()),
            ..site.clone()
        };
        Ok((credential, site))
    }

    /// The Confluence sites that accounts reach, each with the account that is used there.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn reached_sites(&self) -> Result<Vec<(SiteSettings, Account)>, Error> {
        let mut reached: Vec<(SiteSettings, Account)> = Vec::new();
        for site in self.list()?.iter().flat_map(|account| &account.sites) {
            if reached
                .iter()
                .any(|(known, _)| same_address(&known.url, &site.url))
            {
                continue;
            }
            if let Some(account) = self.account_for_site(&site.url, None)? {
                reached.push((site_settings(&account, site), account));
            }
        }
        Ok(reached)
    }

    /// Gives a link that opened the program to the sign-in that waits for it. Whatever does not
    /// fit one is recorded and changes nothing; so is one that comes while the vault is locked,
    /// which could not keep what the link brings: its sign-in waits on, and the link is good once
    /// the vault is unlocked. Blocks on the disk, and on the vault for a link that fits.
    pub fn deliver(&self, link: &str) -> bool {
        let mut why = "No sign-in waits for it";
        let delivered = Link::read(link).is_some_and(|link| {
            let found = |waiting: &[Waiting]| {
                waiting.iter().enumerate().find_map(|(at, waits)| {
                    let fits = waits.provider == link.provider;
                    Some((at, fits.then(|| link.answer(&waits.state))??))
                })
            };
            let fits = found(&self.0.waiting()).is_some();
            let probe = SecretName::account("tributary", "probe");
            if fits && self.0.setup.vault.get(&probe).is_err() {
                why = "The vault is locked";
                return false;
            }
            let mut waiting = self.0.waiting();
            let found = found(&waiting);
            found.is_some_and(|(at, came)| waiting.swap_remove(at).sender.send(came).is_ok())
        });
        if !delivered {
            let shown: String = link.chars().filter(|letter| !letter.is_control()).collect();
            let shown = shown.split(['?', '#']).next().unwrap_or_default();
            let shown: String = shown.chars().take(200).collect();
            let refused = Event::new(What::LinkRefused { link: shown });
            // Only a warning is logged when even that cannot be recorded.
            self.0
                .setup
                .audit
                .record(refused.because(Outcome::Refused, why))
                .ok();
        }
        delivered
    }

    /// Waits for a link with this state to open the program.
    pub(super) fn await_link(&self, place: &Place, state: &Secret) -> oneshot::Receiver<Came> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = self.0.waiting();
        waiting.retain(|waits| !waits.sender.is_closed());
        waiting.push(Waiting {
            provider: place.provider().id().to_owned(),
            state: Secret::new(state.expose().to_owned()),
            sender,
        });
        receiver
    }

    /// What was published with whose access.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn sources(&self) -> Result<Vec<PublishedSource>, Error> {
        Ok(self.0.records.read()?.sources)
    }

    /// Remembers that a space was published to, with the account that is used for its site.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`], or [`ErrorKind::Bug`] when the site's address is none.
    pub fn remember_space(&self, site: &str, flavor: Flavor, space: &str) -> Result<(), Error> {
        let url = Url::parse(site).map_err(|error| {
            Error::new(ErrorKind::Bug, "The site's address is none").caused_by(error)
        })?;
        let account = self.account_for_site(&url, Some(space))?;
        let provider = match flavor {
            Flavor::Cloud => "confluence-cloud",
            Flavor::DataCenter => "confluence-data-center",
        };
        // What ends with the program cannot hand over anything.
        let lasting = account.filter(|account| account.keep == Keep::Lasting);
        self.remember_source(&PublishedSource {
            account: lasting.map(|account| account.id).unwrap_or_default(),
            provider: provider.to_owned(),
            base: site.trim_end_matches('/').to_owned(),
            name: space.to_owned(),
        })
    }

    /// Remembers that something was published with an account, so that it is looked at before
    /// access is granted another way.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn remember_source(&self, source: &PublishedSource) -> Result<(), Error> {
        let fits = |known: &PublishedSource| match source.account.as_str() {
            // Whoever held it before holds it still.
            "" => known.is_same(source),
            _ => known == source,
        };
        if self.0.records.read()?.sources.iter().any(fits) {
            return Ok(());
        }
        self.0.records.change(|index| {
            index.sources.retain(|known| !known.is_same(source));
            index.sources.push(source.clone());
            Ok(())
        })
    }
}

/// Every account, for who only lists them.
///
/// # Errors
/// [`ErrorKind::Storage`] when the list cannot be read, [`ErrorKind::InvalidInput`] when the
/// settings cannot.
pub fn known(paths: &Paths) -> Result<Vec<Account>, Error> {
    let records = Records::of(paths, Session::default());
    take_over::list(paths, &records, Timestamp::now())?;
    Ok(records.read()?.accounts)
}

/// What is recorded in the audit log of the accounts that people mean by a text: the ids of those
/// whose user or host has it in the name, and whatever else has the text itself.
///
/// # Errors
/// [`ErrorKind::Storage`] when the list cannot be read.
pub fn recorded_as(paths: &Paths, text: &str) -> Result<Vec<String>, Error> {
    let words = text.to_lowercase();
    let is_meant = |account: &Account| {
        let named = format!("{}@{}", account.user.name, account.host());
        named.to_lowercase().contains(&words)
    };
    let meant = known(paths)?.into_iter().filter(is_meant);
    let ids = meant.map(|account| account.id);
    Ok(ids.chain([text.to_owned()]).collect())
}

/// Forgets the sites that nobody reaches any more now that an account is gone; whether there were any.
pub fn forget_sites(settings: &mut Settings, left: &[Account], gone: &Account) -> bool {
    let before = settings.sites.len();
    for site in &gone.sites {
        let mut others = left.iter().flat_map(|account| &account.sites);
        if !others.any(|other| same_address(&other.url, &site.url)) {
            settings.forget_site(&site.url);
        }
    }
    settings.sites.len() != before
}

/// A site that an account reaches. Through which gateway is the account's own: another one may be
/// used for a space.
pub fn site_settings(account: &Account, site: &Site) -> SiteSettings {
    let auth = match &account.access {
        Access::Token {
            sent: Sent::Basic,
            user,
            ..
        } => Auth::Basic { user: user.clone() },
        _ => Auth::Bearer,
    };
    SiteSettings {
        url: site.url.clone(),
        flavor: match account.provider.as_str() {
            "confluence-cloud" => Some(Flavor::Cloud),
            "confluence-data-center" => Some(Flavor::DataCenter),
            _ => None,
        },
        auth,
        gateway: None,
    }
}

/// What the vault keeps for accounts, to move it to another place.
///
/// # Errors
/// As [`known`].
pub fn secret_names(paths: &Paths) -> Result<Vec<SecretName>, Error> {
    let records = Records::of(paths, Session::default());
    take_over::list(paths, &records, Timestamp::now())?;
    let index = records.read()?;
    let mut names: Vec<SecretName> = index.accounts.iter().map(Account::secret_name).collect();
    names.extend(index.accounts.iter().filter_map(Account::old_secret_name));
    for (place, registered) in &index.registered {
        let own = registered.has_secret.then_some(&registered.client_id);
        let ids = own.into_iter().chain(&registered.replaced);
        names.extend(ids.map(|id| client_secret(place, id)));
    }
    Ok(names)
}

impl Inner {
    pub(super) fn running(&self) -> Duration {
        self.setup.clock.now().running
    }

    pub(super) fn now(&self) -> Timestamp {
        self.setup.clock.now().wall
    }

    pub(super) fn at_step(&self, step: &str) {
        (self.setup.at_step)(step);
    }

    pub(super) fn lock_of(&self, id: &str) -> PathBuf {
        self.setup
            .paths
            .data
            .join("accounts")
            .join(format!("{id}.lock"))
    }

    pub(super) fn place_of(&self, account: &Account) -> Result<Place, Error> {
        Place::new(self.providers.get(&account.provider)?, Some(&account.base))
    }

    pub(super) fn mode_in(&self, index: &Index, place: &Place) -> Mode {
        let locked = self.setup.policy.locked_mode(place.provider());
        locked.unwrap_or_else(|| index.mode(&place.mode_key()))
    }

    /// The accounts that could be used at a place, the one first that is used where nobody chose.
    pub(super) fn able_at_place<'a>(&self, index: &'a Index, place: &Place) -> Vec<&'a Account> {
        let (key, mode) = (place_key(place), self.mode_in(index, place));
        let fits = |account: &&Account| account.place_key() == key && account.mode == mode;
        index.accounts.iter().filter(fits).collect()
    }

    /// The same for a Confluence site.
    pub(super) fn able_at_site<'a>(&self, index: &'a Index, url: &Url) -> Vec<&'a Account> {
        let fits = |account: &&Account| {
            let mut sites = account.sites.iter();
            sites.any(|site| same_address(&site.url, url))
                && self
                    .place_of(account)
                    .is_ok_and(|place| self.mode_in(index, &place) == account.mode)
        };
        let mut able: Vec<&Account> = index.accounts.iter().filter(fits).collect();
        // One that may publish goes before one that only reads.
        able.sort_by_key(|account| std::cmp::Reverse(account.purpose));
        able
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn forget_keeper(&self, id: &str) {
        let mut keepers = self.keepers.lock().unwrap_or_else(PoisonError::into_inner);
        keepers.remove(id);
    }

    /// What the policy says against using an account.
    pub(super) fn allows(&self, account: &Account) -> Result<(), Error> {
        let place = self.place_of(account)?;
        let policy = &self.setup.policy;
        policy.allows_place(&place)?;
        policy.allows_mode(place.provider(), account.mode)?;
        policy.allows_scopes(place.provider(), &account.scopes)?;
        self.allows_sites(&place, &account.sites)?;
        let is_token = matches!(account.access, Access::Token { .. });
        if is_token {
            policy.allows_token(
                place.provider(),
                account.access.kind(),
                account.signed_in,
                account.ends,
                self.now(),
            )
        } else {
            policy.allows_purpose(place.provider(), account.purpose)
        }
    }

    /// What the policy says against the sites that an account reaches.
    pub(super) fn allows_sites(&self, place: &Place, sites: &[Site]) -> Result<(), Error> {
        for site in sites {
            let host = site.url.host_str().unwrap_or_default();
            let host = match site.url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            };
            self.setup.policy.allows_host(place.provider(), &host)?;
        }
        Ok(())
    }

    /// Where the tokens of an account are.
    pub(super) fn vault_of(&self, account: &Account) -> &dyn Vault {
        match account.keep {
            Keep::Lasting => self.setup.vault.as_ref(),
            Keep::Session => self.setup.session.vault.as_ref(),
        }
    }

    /// Says that nobody has access to a site.
    fn nobody_at(&self, site: &SiteSettings) -> Result<Error, Error> {
        let (policy, token) = (&self.setup.policy, (Mode::Individual, None));
        site_token_allowed(policy, &self.providers, site, token, self.now())?;
        let index = self.records.read()?;
        for id in site_providers(site) {
            let place = Place::new(self.providers.get(id)?, Some(site.url.as_str()))?;
            if self.mode_in(&index, &place) == Mode::Managed {
                return Ok(Error::new(
                    ErrorKind::SignedOut,
                    sentence!(
                        "{mode} is in force for {provider}, and no account of it reaches `{url}`",
                        mode = Mode::Managed.in_words(),
                        provider = place.provider().name,
                        url = site.url
                    ),
                )
                .remedy(Remedy::of_each(
                    format!(
                        "Sign in for it with `tributary login {id} --managed`, or ask whoever \
                         set it up"
                    ),
                    "Sign in for everybody who uses this installation, or ask whoever set it up",
                )));
            }
        }
        Ok(no_token(&site.url))
    }

    /// The tokens of an account. Blocks on the vault.
    pub(super) fn grant_of(&self, account: &Account) -> Result<Grant, Error> {
        match self.vault_of(account).get(&account.secret_name())? {
            Some(secret) => Grant::from_secret(&secret),
            None => Err(not_signed_in(
                account,
                Some("The vault has nothing for the account"),
            )),
        }
    }

    fn credential(inner: &Arc<Self>, account: &Account) -> Result<Credential, Error> {
        // As it is now: another process may have signed it out or in again.
        let index = inner.records.read()?;
        let Some(account) = index.account(&account.id) else {
            return Err(not_signed_in(account, Some("The account was signed out")));
        };
        inner.allows(account)?;
        if account.was_of_site && !inner.take_token_over(account)? {
            let site = account.sites.first();
            return Err(match site {
                Some(site) => no_token(&site.url),
                None => not_signed_in(account, None),
            });
        }
        if let Some(why) = &account.signed_out {
            return Err(not_signed_in(account, Some(why)));
        }
        let holder = account.holder(inner.place_of(account)?.provider());
        match &account.access {
            Access::Token { sent, user, .. } => {
                let token = inner.grant_of(account)?.access;
                Ok(token_credential(*sent, user, token, Some(holder)))
            }
            Access::Grant { .. } | Access::Service { .. } => {
                let mut keepers = inner.keepers.lock().unwrap_or_else(PoisonError::into_inner);
                let keeper = keepers.entry(account.id.clone()).or_insert_with(|| {
                    Arc::new(Keeper::new(Arc::clone(inner), account, holder.clone()))
                });
                // Another process may have signed it in again, for something else.
                keeper.is_held_by(holder);
                Ok(Credential::Account(Arc::clone(keeper) as _))
            }
        }
    }

    fn note_use(&self, id: &str) -> Result<(), Error> {
        let now = self.now();
        let index = self.records.read()?;
        let used = index.account(id).and_then(|account| account.last_used);
        if used.is_some_and(|used| now.duration_since(used).abs() < USED_EVERY) {
            return Ok(());
        }
        self.records.change(|index| {
            if let Some(known) = index.account_mut(id) {
                known.last_used = Some(now);
            }
            Ok(())
        })
    }

    /// Records that a policy is in force that was not when this program ran last.
    fn notice_policy(&self) -> Result<(), Error> {
        let now = self.setup.policy.digest().map(str::to_owned);
        let before = self.records.read()?.policy;
        if before == now {
            return Ok(());
        }
        let changed = What::PolicyChanged {
            before,
            after: now.clone(),
        };
        self.setup.audit.record(Event::new(changed))?;
        self.records.change(|index| {
            index.policy = now;
            Ok(())
        })
    }
}

/// The credential that a token made by hand is.
pub(super) fn token_credential(
    sent: Sent,
    user: &str,
    token: Secret,
    holder: Option<Holder>,
) -> Credential {
    match sent {
        Sent::Basic => Credential::Basic {
            user: user.to_owned(),
            token,
            holder,
        },
        Sent::Bearer => Credential::Bearer { token, holder },
    }
}

/// Says that somebody has to sign in again.
pub(super) fn not_signed_in(account: &Account, why: Option<&str>) -> Error {
    let error = Error::new(
        ErrorKind::SignedOut,
        sentence!(
            "The access of `{user}` to `{host}` is over",
            user = account.user.name,
            host = account.host()
        ),
    )
    .remedy(Remedy::of_each(
        format!(
            "Sign in again in the window, or with `{login_again}`",
            login_again = account.login_again()
        ),
        "Sign in again",
    ));
    match why {
        Some(why) => error.caused_by(why.to_owned()),
        None => error,
    }
}

pub(super) fn place_key(place: &Place) -> String {
    format!("{} {}", place.provider().id(), place.base())
}

pub(super) fn site_key(url: &Url) -> String {
    format!("site {}", url.as_str().trim_end_matches('/'))
}

/// The key under which it is remembered which account is used for a space.
pub(super) fn space_key(url: &Url, space: &str) -> String {
    format!("{} {}", site_key(url), space.to_uppercase())
}

pub(super) fn same_address(a: &Url, b: &Url) -> bool {
    a.as_str().trim_end_matches('/') == b.as_str().trim_end_matches('/')
}

/// The account of these that somebody chose by the first of these keys, else the first of them.
pub(super) fn preferred<'a, 'k>(
    index: &Index,
    candidates: &[&'a Account],
    keys: impl IntoIterator<Item = &'k String>,
) -> Option<&'a Account> {
    for key in keys {
        if let Some(id) = index.preferred.get(key)
            && let Some(account) = candidates.iter().find(|account| account.id == *id)
        {
            return Some(account);
        }
    }
    candidates.first().copied()
}

/// Runs what blocks where it may.
pub(super) async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let ended = tokio::task::spawn_blocking(run).await;
    // Without the cause, which can quote what was at hand.
    ended
        .map_err(|_| Error::new(ErrorKind::Bug, "An account's work broke off"))
        .flatten()
}
