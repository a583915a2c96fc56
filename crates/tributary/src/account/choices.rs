//! Which of several accounts is used: at a host or site, and for one repository or space of it.

use std::collections::BTreeSet;

use url::Url;

use super::accounts::{Accounts, Inner, place_key, preferred, same_address, site_key, space_key};
use super::provider::{Place, Product};
use super::record::{Account, Index};
use crate::audit::{Event, What};
use crate::error::{Error, ErrorKind};

/// A place where more than one account could be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The provider.
    pub provider: String,
    /// The address: of the host, or of the Confluence site.
    pub base: String,
    /// The repository or the space; none for all of the host or site.
    pub name: Option<String>,
    /// The accounts that could be used, the one first that is used where nobody chose.
    pub able: Vec<Account>,
    /// The one that is used.
    pub used: Account,
    /// Whether somebody chose it for this, instead of for all around it or for nothing.
    pub is_chosen: bool,
}

/// A host or a Confluence site.
enum Around {
    Host(Place),
    Site(Place, Url),
}

impl Around {
    fn base(&self) -> &str {
        match self {
            Self::Host(place) => place.base(),
            Self::Site(_, url) => url.as_str().trim_end_matches('/'),
        }
    }

    fn place(&self) -> &Place {
        match self {
            Self::Host(place) | Self::Site(place, _) => place,
        }
    }

    /// The key under which it is remembered what somebody chose.
    fn key(&self, name: Option<&str>) -> String {
        match (self, name) {
            (Self::Host(place), None) => place_key(place),
            (Self::Host(place), Some(name)) => format!("{} {name}", place_key(place)),
            (Self::Site(_, url), None) => site_key(url),
            (Self::Site(_, url), Some(space)) => space_key(url, space),
        }
    }

    /// The accounts that could be used.
    fn able<'a>(&self, inner: &Inner, index: &'a Index) -> Vec<&'a Account> {
        match self {
            Self::Host(place) => inner.able_at_place(index, place),
            Self::Site(_, url) => inner.able_at_site(index, url),
        }
    }

    /// The repositories or spaces that something was published from or to, and those for which
    /// somebody chose.
    fn names(&self, index: &Index) -> BTreeSet<String> {
        let published = index.sources.iter().filter(|source| match self {
            Self::Host(place) => {
                source.provider == place.provider().id() && source.base == place.base()
            }
            Self::Site(_, url) => {
                Url::parse(&source.base).is_ok_and(|base| same_address(&base, url))
            }
        });
        let published = published.map(|source| match self {
            Self::Host(_) => source.name.clone(),
            // However it was written, it is one space.
            Self::Site(..) => source.name.to_uppercase(),
        });
        let beginning = format!("{} ", self.key(None));
        let chosen = index.preferred.keys();
        let chosen = chosen.filter_map(|key| key.strip_prefix(&beginning));
        published.chain(chosen.map(str::to_owned)).collect()
    }
}

impl Accounts {
    /// Every host and site at which more than one account could be used, each followed by the
    /// repositories or spaces of it that are known. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn choices(&self) -> Result<Vec<Choice>, Error> {
        let inner = &self.0;
        let index = inner.records.read()?;
        let mut seen = BTreeSet::new();
        let mut choices = Vec::new();
        for account in &index.accounts {
            // What is not allowed, or unknown by now, is used by nobody.
            let allowed = inner.place_of(account).and_then(|place| {
                self.policy().allows_place(&place)?;
                Ok(place)
            });
            let Ok(place) = allowed else {
                continue;
            };
            let around: Vec<Around> = match place.provider().product {
                Product::Git => vec![Around::Host(place)],
                Product::Confluence => {
                    let sites = account.sites.iter();
                    sites
                        .map(|site| Around::Site(place.clone(), site.url.clone()))
                        .collect()
                }
            };
            for around in around {
                if seen.insert(around.key(None)) {
                    choices.extend(choices_at(inner, &index, &around));
                }
            }
        }
        Ok(choices)
    }

    /// Uses an account first at a host or site, or for one repository or space of it; without an
    /// account, whichever is used where nobody chose. What cannot be recorded is not chosen. Blocks on
    /// the disk.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is no repository, or the account could not be used
    /// there; [`ErrorKind::Forbidden`] by policy; [`ErrorKind::Storage`].
    pub fn choose(
        &self,
        provider: &str,
        base: &str,
        name: Option<&str>,
        account: Option<&Account>,
    ) -> Result<(), Error> {
        let inner = &self.0;
        let around = self.around(provider, base)?;
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let called = match (&around, name) {
            (Around::Host(place), Some(name)) if place.provider().is_any_git_server() => {
                place.advertised(name)?;
                place.name_of(name)
            }
            (Around::Host(place), Some(name)) => {
                place.repository(name)?;
                Some(name.to_owned())
            }
            (_, name) => name.map(str::to_owned),
        };
        let name = called.as_deref();
        let key = around.key(name);
        let index = inner.records.read()?;
        let (before, after) = (
            index.preferred.get(&key),
            account.map(|account| &account.id),
        );
        if before == after {
            return Ok(());
        }
        let chosen = Event::new(What::AccountChosen {
            provider: around.place().provider().id().to_owned(),
            base: around.base().to_owned(),
            name: name.map(str::to_owned),
            before: before.cloned(),
            after: after.cloned(),
        });
        let chosen = match account {
            Some(account) => chosen.by(account.actor()),
            None => chosen,
        };
        let audit = &inner.setup.audit;
        audit.around(chosen, || {
            inner.records.change(|index| {
                let Some(account) = account else {
                    index.preferred.remove(&key);
                    return Ok(());
                };
                let able = around.able(inner, index);
                if !able.iter().any(|known| known.id == account.id) {
                    return Err(Error::new(
                        ErrorKind::InvalidInput,
                        sentence!(
                            "The account `{user}` cannot be used at `{base}`",
                            user = account.user.name,
                            base = around.base()
                        ),
                    )
                    .remedy("Look at the list of accounts again, and choose another one"));
                }
                index.preferred.insert(key, account.id.clone());
                Ok(())
            })
        })?;
        audit.settle()
    }

    fn around(&self, provider: &str, base: &str) -> Result<Around, Error> {
        let provider = self.providers().get(provider)?;
        if provider.product == Product::Git {
            return Ok(Around::Host(self.place(provider.id(), Some(base))?));
        }
        let url = Url::parse(base).map_err(|error| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{base}` is not the address of a site", base),
            )
            .caused_by(error)
        })?;
        let index = self.0.records.read()?;
        let able = self.0.able_at_site(&index, &url);
        let Some(account) = able.iter().find(|known| known.provider == provider.id()) else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("No account reaches `{base}`", base),
            )
            .remedy("Sign in to that site"));
        };
        let place = self.place(provider.id(), Some(&account.base))?;
        Ok(Around::Site(place, url))
    }
}

fn choices_at(inner: &Inner, index: &Index, around: &Around) -> Vec<Choice> {
    let able = around.able(inner, index);
    if able.len() < 2 {
        return Vec::new();
    }
    let choice = |name: Option<&str>| {
        let (own, all) = (around.key(name), around.key(None));
        let used = preferred(index, &able, [&own, &all])?;
        Some(Choice {
            provider: around.place().provider().id().to_owned(),
            base: around.base().to_owned(),
            name: name.map(str::to_owned),
            able: able.iter().map(|account| (*account).clone()).collect(),
            is_chosen: index.preferred.get(&own) == Some(&used.id),
            used: used.clone(),
        })
    };
    let names = around.names(index);
    let of_names = names.iter().filter_map(|name| choice(Some(name)));
    choice(None).into_iter().chain(of_names).collect()
}
