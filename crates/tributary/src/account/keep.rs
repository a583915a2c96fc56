//! Keeping what a sign-in gave: whose it is, whether it may be, and what becomes of what cannot
//! be kept or was replaced.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

use super::accounts::{Accounts, Inner, blocking, place_key, token_credential};
use super::grant::{Grant, Which};
use super::health::is_unknown;
use super::identity;
use super::oauth::{Granted, Server};
use super::provider::{Place, Purpose, RevokeEnds};
use super::record::{Access, Account, Identity, Keep, Mode, Site};
use super::renew::same_scopes;
use super::sign_in::SignedIn;
use crate::audit::{Correlation, Event, What};
use crate::error::{Error, ErrorKind};
use crate::http::Credential;
use crate::vault::Secret;

/// Why somebody has to sign in again whose sign-in never ended.
const CUT_SHORT: &str = "The sign-in was cut short before it ended";

/// What a provider gave.
pub(super) struct Given {
    pub(super) granted: Granted,
    pub(super) access: Access,
    pub(super) ends: Option<Timestamp>,
}

/// What an account had before.
struct Replaced {
    access: Access,
    grant: Grant,
}

/// What is to become of a credential.
pub(super) struct Wanted {
    pub(super) place: Place,
    pub(super) purpose: Purpose,
    pub(super) mode: Mode,
    pub(super) again: Option<String>,
    pub(super) method: &'static str,
    pub(super) keep: Keep,
}

/// What withdraws a grant that may not be kept.
struct Unkept {
    client_id: String,
    client_secret: Option<Secret>,
    token: Secret,
    which: Which,
}

impl Unkept {
    /// None for what no sign-in gave.
    fn of(given: &Given) -> Option<Self> {
        let own = |secret: &Secret| Secret::new(secret.expose().to_owned());
        let Access::Grant { client_id, .. } = &given.access else {
            return None;
        };
        let grant = &given.granted.grant;
        let (token, which) = grant.withdrawn_by();
        Some(Self {
            client_id: client_id.clone(),
            client_secret: grant.client_secret.as_ref().map(own),
            token: own(token),
            which,
        })
    }
}

impl Accounts {
    /// Keeps what was granted, or makes it useless where it could not be kept and the provider can
    /// do that without ending anything else.
    pub(super) async fn keep_or_give_back(
        &self,
        wanted: Wanted,
        given: Given,
        run: &Correlation,
    ) -> Result<SignedIn, Error> {
        let place = wanted.place.clone();
        let unkept = Unkept::of(&given);
        let kept = self.keep(wanted, given, run).await;
        if let (Err(_), Some(unkept)) = (&kept, unkept) {
            self.revoke_unkept(place, &unkept).await;
        }
        kept
    }

    /// Makes what was granted useless, as nobody keeps it; says whether there is nothing left of it.
    pub(super) async fn give_back(&self, place: Place, given: &Given) -> bool {
        match Unkept::of(given) {
            Some(unkept) => self.revoke_unkept(place, &unkept).await,
            None => true,
        }
    }

    async fn revoke_unkept(&self, place: Place, unkept: &Unkept) -> bool {
        let secret = unkept.client_secret.as_ref();
        self.revoke_alone(
            place,
            &unkept.client_id,
            secret,
            &unkept.token,
            unkept.which,
        )
        .await
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
            Access::Token { sent, user, .. } => {
                token_credential(*sent, user, Secret::new(access), None)
            }
            Access::Grant { .. } | Access::Service { .. } => {
                Credential::bearer(Secret::new(access))
            }
        };
        let http = &self.0.setup.http;
        let mut sites = match given.access {
            // A token says nothing about sites: it is good at the one it was tried at.
            Access::Token { .. } => identity::site_itself(place)?,
            _ => identity::sites(http, place, &credential).await?,
        };
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
            keep: wanted.keep,
            was_of_site: false,
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
            identity::who(&self.0.setup.http, place, access, credential, sites).await,
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
    ) -> Result<(Account, bool, Option<Replaced>), Error> {
        let inner = &self.0;
        self.take_over_what_fits(&account, key)?;
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
            account.keep = known.keep;
            Some(known)
        } else {
            let mut known = index.accounts.iter();
            known.find(|known| is_same_person(known, &account, key))
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
        let replaced = before.zip(old).map(|(known, grant)| Replaced {
            access: known.access.clone(),
            grant,
        });
        Ok((account, is_known, replaced))
    }

    /// Finds out whose token it is that an earlier version kept for a site, before another one of
    /// the same person takes its place.
    fn take_over_what_fits(&self, account: &Account, key: &str) -> Result<(), Error> {
        let index = self.0.records.read()?;
        let fits = |known: &&Account| {
            known.was_of_site && (known.id == account.id || is_same_person(known, account, key))
        };
        for known in index.accounts.iter().filter(fits) {
            self.0.take_token_over(known)?;
        }
        Ok(())
    }

    /// Makes the tokens useless that an account had before. They are forgotten here either way.
    async fn revoke_replaced(&self, account: &Account, old: &Replaced) {
        let Replaced { access, grant } = old;
        let (Access::Grant { client_id, .. }, Some(token)) = (access, &grant.refresh) else {
            return;
        };
        let Ok(place) = self.0.place_of(account) else {
            return;
        };
        let secret = grant.client_secret.as_ref();
        self.revoke_alone(place, client_id, secret, token, Which::Refresh)
            .await;
    }

    /// Makes tokens useless that nobody has any more, where the provider does that without ending
    /// with them what another sign-in gave. Says whether it did.
    async fn revoke_alone(
        &self,
        place: Place,
        client_id: &str,
        client_secret: Option<&Secret>,
        token: &Secret,
        which: Which,
    ) -> bool {
        if place.provider().revoke_ends != RevokeEnds::SignIn {
            return false;
        }
        let http = self.0.setup.http.clone();
        let server = Server::of(place, http, client_id, client_secret);
        match server.revoke(token, which).await {
            Ok(was_told) => was_told,
            Err(denied) => {
                tracing::warn!("{}", Error::from(denied).chain());
                false
            }
        }
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
        let vault = self.vault_of(account);
        let kept = vault.put(&name, secret);
        self.at_step("tokens kept");
        if kept.is_err() && !is_known {
            // What may be there all the same stays listed.
            let undone = vault.forget(&name).and_then(|_| {
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

/// Whether a credential takes the place of the one that an account has.
fn is_same_person(known: &Account, new: &Account, key: &str) -> bool {
    let is_same = match (&known.access, &new.access) {
        // Nobody was asked yet whose it is; what is sent along tells.
        (Access::Token { user, .. }, Access::Token { user: sent, .. })
            if known.user.id.is_empty() =>
        {
            user == sent
        }
        _ => known.user.id == new.user.id,
    };
    is_same && known.place_key() == key && known.mode == new.mode && known.keep == new.keep
}

/// Makes sure that nobody else's access takes the place of an account's, nor the same person's at
/// another tenant: one who has to sign in again for a site is easily led to choose another.
fn not_another(known: &Account, new: &Account) -> Result<(), Error> {
    let is_there = |site: &Site| new.sites.iter().any(|other| is_same_site(site, other));
    if let Some(gone) = known.sites.iter().find(|site| !is_there(site)) {
        return Err(Error::new(
            ErrorKind::Conflict,
            sentence!(
                "The new access does not reach `{url}`, which the account is for",
                url = gone.url
            ),
        )
        .remedy(
            "Nothing was changed. Choose that site in the browser; or sign in anew, not again, to \
             use other sites from now on",
        ));
    }
    let is_same = (known.user.id == new.user.id || is_unknown(known))
        && known.provider == new.provider
        && known.base == new.base
        && known.mode == new.mode;
    if is_same {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Conflict,
        sentence!(
            "`{user}` signed in, and the account is `{other}`'s",
            user = new.user.name,
            other = known.user.name
        ),
    )
    .remedy(
        "Nothing was changed. Choose the right person in the browser, or sign in anew to add \
         another account",
    ))
}

/// Whether two are one tenant: by its id at the gateway, where both have one, because an address
/// can become another's.
fn is_same_site(one: &Site, other: &Site) -> bool {
    match (&one.gateway, &other.gateway) {
        (Some(one), Some(other)) => one == other,
        _ => one.url == other.url,
    }
}

pub(super) fn random_id() -> Result<String, Error> {
    let mut bytes = [0_u8; 8];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::new(ErrorKind::Bug, "The system gives no random numbers"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
