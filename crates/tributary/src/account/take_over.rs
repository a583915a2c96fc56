//! Tokens that earlier versions kept for one Confluence site by itself become accounts.
//!
//! Two steps, so that nothing waits for the keystore or the network before it has to, and nothing
//! is lost whenever the program ends. Listing: every site in the settings that had a token is an
//! account from then on, whose token is where it was. Moving: whoever uses the account first puts
//! the token where those of accounts are. Whose it is, is asked of the site after that.

use jiff::Timestamp;
use tributary_pages::markup::Flavor;

use super::accounts::{Accounts, Inner, blocking};
use super::grant::Grant;
use super::identity;
use super::keep::random_id;
use super::provider::{Purpose, Sent};
use super::record::{Access, Account, Identity, Index, Keep, Mode, Records, Site};
use super::site::audited;
use crate::audit::{Event, What};
use crate::error::Error;
use crate::http::Credential;
use crate::settings::{Auth, Settings, SiteSettings};
use crate::store::{Paths, lock};
use crate::vault::SecretName;

/// Lists the sites whose tokens are no accounts yet. Needs neither the network nor the vault.
pub(super) fn list(paths: &Paths, records: &Records, now: Timestamp) -> Result<(), Error> {
    let settings = Settings::load(paths)?;
    // Whoever kept a token had found out which product it is for; others were written by hand.
    let sites = settings.sites.iter().filter(|site| site.flavor.is_some());
    let known = records.read()?.taken_over;
    let new: Vec<&SiteSettings> = sites
        .filter(|site| !known.contains(old_name(site).as_str()))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    records.change(|index| {
        for site in new {
            if !is_listed(index, site) {
                let account = account(site, now)?;
                for source in &mut index.sources {
                    if source.account.is_empty() && source.base == account.base {
                        source.account.clone_from(&account.id);
                    }
                }
                index.accounts.push(account);
            }
        }
        Ok(())
    })
}

/// Remembers that what is kept for a site is an account; whether it was remembered already.
pub(super) fn is_listed(index: &mut Index, site: &SiteSettings) -> bool {
    !index.taken_over.insert(old_name(site).as_str().to_owned())
}

fn old_name(site: &SiteSettings) -> SecretName {
    let user = match &site.auth {
        Auth::Basic { user } => user.as_str(),
        Auth::Bearer => "",
    };
    SecretName::site_token(&site.url, user)
}

fn account(site: &SiteSettings, now: Timestamp) -> Result<Account, Error> {
    let (_, kind) = audited(site);
    let (sent, user) = match &site.auth {
        Auth::Basic { user } => (Sent::Basic, user.clone()),
        Auth::Bearer => (Sent::Bearer, String::new()),
    };
    let shown = match user.as_str() {
        "" => "not asked yet".to_owned(),
        user => user.to_owned(),
    };
    let provider = match site.flavor {
        Some(Flavor::Cloud) => "confluence-cloud",
        _ => "confluence-data-center",
    };
    Ok(Account {
        id: random_id()?,
        provider: provider.to_owned(),
        base: site.url.as_str().trim_end_matches('/').to_owned(),
        mode: Mode::Individual,
        user: Identity {
            id: String::new(),
            name: shown,
        },
        access: Access::Token {
            kind,
            sent,
            user,
            tried_at: String::new(),
        },
        purpose: Purpose::Publish,
        scopes: Vec::new(),
        sites: vec![Site {
            url: site.url.clone(),
            gateway: site.gateway.clone(),
        }],
        signed_in: now,
        last_used: None,
        ends: None,
        signed_out: None,
        keep: Keep::Lasting,
        was_of_site: true,
    })
}

impl Inner {
    /// Puts the token of an account where those of accounts are; whether there is one. An account
    /// whose site never had a token is no more. Blocks on the vault.
    pub(super) fn take_token_over(&self, account: &Account) -> Result<bool, Error> {
        let _locked = lock(&self.lock_of(&account.id))?;
        // Another process may have done it meanwhile.
        let index = self.records.read()?;
        let Some(account) = index.account(&account.id) else {
            return Ok(false);
        };
        let Some(old) = account.old_secret_name() else {
            return Ok(true);
        };
        let (vault, audit) = (&self.setup.vault, &self.setup.audit);
        let name = account.secret_name();
        let kind = || account.access.kind().to_owned();
        let is_there = match vault.get(&old)? {
            Some(token) => {
                let mark = audit.mark(&token);
                let grant = Grant::of_token(token, self.now()).to_secret()?;
                let (kind_of_old, account_of_old) = (kind(), account.audited());
                let added = Event::new(What::TokenAdded {
                    account: account.audited(),
                    kind: kind(),
                });
                let added = added.by(account.actor()).with(mark.clone());
                audit.around(added, || vault.put(&name, &grant))?;
                self.at_step("token taken over");
                let removed = Event::new(What::TokenRemoved {
                    account: crate::audit::AccountName {
                        id: account.base.clone(),
                        ..account_of_old
                    },
                    kind: kind_of_old,
                });
                audit.around(removed.with(mark), || vault.forget(&old))?;
                self.at_step("old token forgotten");
                audit.settle()?;
                true
            }
            // It was put there before whoever did it died.
            None => vault.get(&name)?.is_some(),
        };
        self.records.change(|index| {
            if is_there {
                if let Some(known) = index.account_mut(&account.id) {
                    known.was_of_site = false;
                }
            } else {
                index.accounts.retain(|known| known.id != account.id);
            }
            Ok(())
        })?;
        Ok(is_there)
    }
}

impl Accounts {
    /// Asks whose a token is that an earlier version kept, and remembers it. A site that does not
    /// say now is asked the next time.
    pub(super) async fn learn_whose(&self, id: &str, credential: &Credential) -> Result<(), Error> {
        let (accounts, wanted) = (self.clone(), id.to_owned());
        let account = blocking(move || {
            let index = accounts.0.records.read()?;
            Ok(index.account(&wanted).cloned())
        })
        .await?;
        let Some(account) = account else {
            return Ok(());
        };
        let place = self.0.place_of(&account)?;
        let http = &self.0.setup.http;
        let who = identity::who(http, &place, &account.access, credential, &account.sites);
        let user = match who.await {
            Ok(user) => user,
            Err(error) => {
                tracing::info!("{}", error.chain());
                return Ok(());
            }
        };
        let accounts = self.clone();
        blocking(move || {
            accounts.0.records.change(|index| {
                if let Some(known) = index.account_mut(&account.id) {
                    known.user = user;
                }
                Ok(())
            })
        })
        .await
    }
}
