//! The applications that this program signs in as: registered by people with a provider, named by
//! the settings, or put in when the program was built.

use std::sync::Arc;

use super::accounts::{Accounts, Inner, place_key};
use super::provider::{Place, Purpose};
use super::record::Registered;
use crate::audit::{AccountName, Event, What};
use crate::error::{Error, ErrorKind};
use crate::vault::{Secret, SecretName};

impl Accounts {
    /// The application that signs in at a place: the one that was registered, or was put in when
    /// this program was built. Blocks on the vault.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] with what to register when there is none.
    pub(super) fn application(
        &self,
        place: &Place,
        purpose: Purpose,
        needs_secret: bool,
    ) -> Result<(String, Option<Arc<Secret>>), Error> {
        let index = self.0.records.read()?;
        let found = match index.registered.get(&place_key(place)) {
            Some(registered) if registered.has_secret => {
                let name = client_secret_name(place, &registered.client_id);
                let secret = self.0.setup.vault.get(&name)?;
                Some((registered.client_id.clone(), secret))
            }
            Some(registered) => Some((registered.client_id.clone(), None)),
            None => place
                .provider()
                .shipped_client()
                .map(|(id, secret)| (id, secret.map(Secret::new))),
        };
        let provider = place.provider();
        match found {
            Some((id, secret)) if secret.is_some() || !needs_secret => {
                Ok((id, secret.map(Arc::new)))
            }
            Some(_) => Err(Error::new(
                ErrorKind::InvalidInput,
                format!("{} wants the secret of the application too", provider.name),
            )
            .remedy("Give it with `--client-id ID --client-secret-stdin`")),
            None => Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "No application is registered with `{}` for Tributary yet",
                    place.host()
                ),
            )
            .remedy(how_to_register(place, purpose))),
        }
    }

    /// Whether there is an application that can sign in at a place: one that was registered, or was
    /// put in when this program was built. Does not ask the vault for its secret.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn has_application(&self, place: &Place) -> Result<bool, Error> {
        let index = self.0.records.read()?;
        Ok(index.registered.contains_key(&place_key(place))
            || place.provider().shipped_client().is_some())
    }

    /// Keeps the application that somebody registered at a place. Blocks on the vault.
    ///
    /// # Errors
    /// [`ErrorKind::VaultUnavailable`], [`ErrorKind::Storage`].
    pub fn register(
        &self,
        place: &Place,
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
        let key = place_key(place);
        let added = What::TokenAdded {
            account: AccountName {
                id: client_id.to_owned(),
                provider: place.provider().id().to_owned(),
                host: place.host(),
            },
            kind: "application".to_owned(),
        };
        let inner = &self.0;
        inner.setup.audit.around(Event::new(added), || {
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
                    inner.unregister(&key, client_id, before)?;
                    return Err(error);
                }
            }
            inner.forget_replaced(&key)
        })
    }
}

impl Inner {
    /// Puts back the application that there was before one whose secret could not be kept.
    fn unregister(
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
        return "Sign in with a token: `--token-stdin`".to_owned();
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

pub(super) fn client_secret_name(place: &Place, client_id: &str) -> SecretName {
    client_secret(&place_key(place), client_id)
}

pub(super) fn client_secret(place: &str, client_id: &str) -> SecretName {
    SecretName::account(place, &format!("application {client_id}"))
}
