//! The applications that this program signs in as: registered by people with a provider, named by
//! the settings, or put in when the program was built.

use std::sync::Arc;

use super::accounts::{Accounts, Inner, place_key};
use super::provider::{ClientSecret, Place, Purpose};
use super::record::{Index, Mode, Registered};
use crate::audit::{AccountName, Event, What};
use crate::error::{Error, ErrorKind, Remedy};
use crate::vault::{Secret, SecretName};

impl Accounts {
    /// The application that signs in at a place for a mode, with its secret. Blocks on the vault.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] with what to register when there is none.
    pub(super) fn application(
        &self,
        place: &Place,
        mode: Mode,
        purpose: Purpose,
        needs_secret: bool,
    ) -> Result<(String, Option<Arc<Secret>>), Error> {
        let inner = &self.0;
        let provider = place.provider();
        let Some(known) = inner.known_application(&inner.records.read()?, place, mode) else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "No application is registered with `{host}` for Tributary yet",
                    host = place.host()
                ),
            )
            .remedy(Remedy::of_each(
                how_to_register(place, purpose),
                "Register one as it is shown where one signs in; or use a token",
            )));
        };
        let secret = match known.secret {
            // The broker adds its own; nobody else's goes there.
            _ if provider.secret == ClientSecret::Broker => None,
            Kept::Nowhere => None,
            Kept::InVault(name) => inner.setup.vault.get(&name)?.map(Arc::new),
            Kept::BuiltIn(secret) => Some(secret),
        };
        if secret.is_none() && needs_secret {
            let managed = if mode == Mode::Managed {
                " --managed"
            } else {
                ""
            };
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "{provider} wants the secret of the application too",
                    provider = provider.name
                ),
            )
            .remedy(Remedy::of_each(
                format!(
                    "Give it with `--client-id {client_id}{managed} --client-secret-stdin`",
                    client_id = known.client_id
                ),
                "Sign in with another application, and give its secret too",
            )));
        }
        Ok((known.client_id, secret))
    }

    /// Whether there is an application that can sign in at a place for a mode: one that the policy
    /// or the settings name, one that was registered, or one that was put in when this program was
    /// built. Does not ask the vault for its secret.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn has_application(&self, place: &Place, mode: Mode) -> Result<bool, Error> {
        let index = self.0.records.read()?;
        Ok(self.0.known_application(&index, place, mode).is_some())
    }

    /// Keeps the application that somebody registered at a place. The one for Individual Access
    /// serves Managed Access too, as long as that has none of its own. Blocks on the vault.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when the policy names another one, [`ErrorKind::VaultUnavailable`],
    /// [`ErrorKind::Storage`].
    pub fn register(
        &self,
        place: &Place,
        mode: Mode,
        client_id: &str,
        secret: Option<&Secret>,
    ) -> Result<(), Error> {
        let client_id = client_id.trim();
        if client_id.is_empty() || client_id.chars().any(char::is_whitespace) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "That is not the id of an application",
            )
            .remedy("Copy it from the page where the application is registered"));
        }
        let secret = secret.filter(|secret| !secret.expose().is_empty());
        self.policy().allows_application(place, mode, client_id)?;
        let key = application_key(&place_key(place), mode);
        let inner = &self.0;
        let account = audited(place, client_id);
        let kind = KIND.to_owned();
        let event = match inner.records.read()?.registered.contains_key(&key) {
            true => What::TokenReplaced { account, kind },
            false => What::TokenAdded { account, kind },
        };
        inner.setup.audit.around(Event::new(event), || {
            // Listed before it is kept: who dies in between leaves no secret that nobody lists.
            let before = inner.records.change(|index| {
                let before = index.registered.get(&key).cloned();
                let mut registered = Registered {
                    client_id: client_id.to_owned(),
                    has_secret: secret.is_some(),
                    replaced: Vec::new(),
                };
                if let Some(before) = &before {
                    registered.replaced.clone_from(&before.replaced);
                    if before.has_secret && (before.client_id != client_id || secret.is_none()) {
                        registered.replaced.push(before.client_id.clone());
                    }
                }
                // What is kept anew is not what was replaced.
                let has_it = |id: &String| id == client_id && secret.is_some();
                registered.replaced.retain(|id| !has_it(id));
                index.registered.insert(key.clone(), registered);
                Ok(before)
            })?;
            if let Some(secret) = secret {
                let name = client_secret(&key, client_id);
                let kept = inner.setup.vault.put(&name, secret);
                inner.at_step("secret kept");
                if let Err(error) = kept {
                    inner.put_back(&key, client_id, before)?;
                    return Err(error);
                }
            }
            inner.forget_replaced(&key)
        })
    }

    /// The id of the application that somebody registered at a place for a mode, and that
    /// [`Accounts::unregister`] would forget. What the policy or the settings name, or what came
    /// with this program, is not among it.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn registered(&self, place: &Place, mode: Mode) -> Result<Option<String>, Error> {
        let key = application_key(&place_key(place), mode);
        let index = self.0.records.read()?;
        Ok(index.registered.get(&key).map(|it| it.client_id.clone()))
    }

    /// Forgets the application that somebody registered at a place for a mode, with its secret and
    /// those of the applications before it; gives its id. Accounts that signed in with it have what
    /// they need to be renewed, until they sign out. Blocks on the vault.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when none was registered, [`ErrorKind::VaultUnavailable`],
    /// [`ErrorKind::Storage`]: then it is still listed.
    pub fn unregister(&self, place: &Place, mode: Mode) -> Result<String, Error> {
        let key = application_key(&place_key(place), mode);
        let inner = &self.0;
        let Some(known) = inner.records.read()?.registered.remove(&key) else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "No application was registered with `{host}` for {mode}",
                    host = place.host(),
                    mode = mode.in_words()
                ),
            )
            .remedy("Nothing has to be removed"));
        };
        let removed = What::TokenRemoved {
            account: audited(place, &known.client_id),
            kind: KIND.to_owned(),
        };
        inner.setup.audit.around(Event::new(removed), || {
            inner.records.change(|index| {
                // One that was registered meanwhile stays.
                if index.registered.get(&key) != Some(&known) {
                    return Ok(());
                }
                // Before the record is written, so that nobody who dies in between leaves a secret
                // that is not listed.
                let own = known.has_secret.then_some(&known.client_id);
                for id in own.into_iter().chain(&known.replaced) {
                    inner.setup.vault.forget(&client_secret(&key, id))?;
                }
                index.registered.remove(&key);
                Ok(())
            })
        })?;
        inner.setup.audit.settle()?;
        Ok(known.client_id)
    }
}

/// What the audit log calls the secret of an application.
const KIND: &str = "application";

/// What the audit log calls an application.
fn audited(place: &Place, client_id: &str) -> AccountName {
    AccountName {
        id: client_id.to_owned(),
        provider: place.provider().id().to_owned(),
        host: place.host(),
    }
}

/// An application that can sign in somewhere.
struct Known {
    client_id: String,
    secret: Kept,
}

/// Where the secret of an application is.
enum Kept {
    Nowhere,
    InVault(SecretName),
    BuiltIn(Arc<Secret>),
}

impl Inner {
    /// The application that signs in at a place for a mode. What the policy names goes before what
    /// was registered, and that before what the settings name; what is of the mode itself goes
    /// before what is of Individual Access, which serves both; and last comes what was put in when
    /// this program was built.
    fn known_application(&self, index: &Index, place: &Place, mode: Mode) -> Option<Known> {
        let provider = place.provider();
        let of_both = [mode, Mode::Individual];
        let keys = of_both.map(|mode| application_key(&place_key(place), mode));
        let with_secret = |client_id: String| {
            let registered = keys
                .iter()
                .filter_map(|key| Some((key, index.registered.get(key)?)));
            let mut kept = registered
                .filter(|(_, known)| known.has_secret && known.client_id == client_id)
                .map(|(key, known)| Kept::InVault(client_secret(key, &known.client_id)));
            Known {
                secret: kept.next().unwrap_or(Kept::Nowhere),
                client_id,
            }
        };
        for (mode, key) in of_both.iter().zip(&keys) {
            let by_policy = self.setup.policy.application(place, *mode);
            let registered = || {
                index
                    .registered
                    .get(key)
                    .map(|known| known.client_id.as_str())
            };
            let by_settings = || provider.application(&place.host(), *mode);
            let named = by_policy.or_else(registered).or_else(by_settings);
            if let Some(client_id) = named {
                return Some(with_secret(client_id.to_owned()));
            }
        }
        if let Some(client_id) = provider.client_id() {
            return Some(Known {
                client_id: client_id.to_owned(),
                secret: Kept::Nowhere,
            });
        }
        // It is registered at the provider's usual address, and no other server gets its secret.
        let built_in = self.setup.built_in.of(provider.id());
        let (client_id, secret) = built_in.filter(|_| place.is_usual())?;
        Some(Known {
            client_id: client_id.clone(),
            secret: secret.clone().map_or(Kept::Nowhere, Kept::BuiltIn),
        })
    }

    /// Puts back the application that there was before one whose secret could not be kept.
    fn put_back(
        &self,
        key: &str,
        client_id: &str,
        before: Option<Registered>,
    ) -> Result<(), Error> {
        let is_same = before.as_ref().is_some_and(|it| it.client_id == client_id);
        if !is_same {
            // What may be there all the same stays listed when it cannot be forgotten.
            let forgotten = self.setup.vault.forget(&client_secret(key, client_id));
            if let Err(error) = forgotten {
                tracing::warn!("{}", error.chain());
                return Ok(());
            }
        }
        self.records.change(|index| {
            match before {
                Some(before) => index.registered.insert(key.to_owned(), before),
                None => index.registered.remove(key),
            };
            Ok(())
        })
    }

    /// Forgets the secrets of applications at a place whose place another one took: what nothing
    /// names any more would stay in the vault for good.
    fn forget_replaced(&self, key: &str) -> Result<(), Error> {
        let index = self.records.read()?;
        let Some(registered) = index.registered.get(key) else {
            return Ok(());
        };
        if registered.replaced.is_empty() {
            return Ok(());
        }
        for id in &registered.replaced {
            self.setup.vault.forget(&client_secret(key, id))?;
        }
        self.records.change(|index| {
            if let Some(known) = index.registered.get_mut(key) {
                known
                    .replaced
                    .retain(|id| !registered.replaced.contains(id));
            }
            Ok(())
        })
    }
}

/// How to register an application at a place, as one text.
pub fn how_to_register(place: &Place, purpose: Purpose) -> String {
    let Some(registering) = place.registration(purpose) else {
        return super::with_a_token().for_command().to_owned();
    };
    let mut text = format!(
        "Register one at {}. {}: {}",
        registering.page,
        registering.steps,
        registering.redirects.join(" or ")
    );
    if !registering.scopes.is_empty() {
        text.push_str(&format!(". Scopes: {}", registering.scopes.join(" ")));
    }
    let secret = if registering.needs_secret {
        " --client-secret-stdin"
    } else {
        ""
    };
    text.push_str(&format!(
        ". Then sign in with `--client-id ID{secret}`; or use a token, `--token-stdin`"
    ));
    text
}

/// Under which key the application of a place is remembered, and whose secrets are sealed
/// together.
pub(super) fn application_key(place: &str, mode: Mode) -> String {
    match mode {
        Mode::Individual => place.to_owned(),
        Mode::Managed => format!("{place} {}", mode.name()),
    }
}

/// Where the secret of an application is in the vault, by the key of the application.
pub(super) fn client_secret(key: &str, client_id: &str) -> SecretName {
    SecretName::account(key, &format!("application {client_id}"))
}
