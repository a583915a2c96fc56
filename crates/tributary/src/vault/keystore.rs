//! The system's keystore, tried out before it is trusted.
//!
//! Every call runs on a thread of its own with a time limit: a locked Secret Service answers only
//! when somebody answers its prompt, and its client may not run inside an async function.

use std::collections::HashMap;
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime};

use keyring_core::api::CredentialStoreApi;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Forgotten, Secret, SecretName, Vault, VaultState, session_vault};
use crate::error::{Error, ErrorKind};

type Store = Arc<dyn CredentialStoreApi + Send + Sync>;

/// The application under which the keystore files our entries.
const SERVICE: &str = "tributary";
/// How long the first contact may take.
const PROBE_LIMIT: Duration = Duration::from_secs(4);
/// How long a call may take when the keystore was there: time to type a password at its prompt.
const CALL_LIMIT: Duration = Duration::from_secs(60);
/// Windows takes 2560 bytes in one entry, as UTF-16; what is longer goes into several.
const LONGEST_ENTRY: usize = 1200;
/// Starts an entry that says where the rest is. No token contains a control character.
const PARTS_MARK: &str = "\u{1}parts ";

/// Opens the system's keystore, or a vault for this session when there is none that works.
///
/// Works means: a secret was written, read and removed. Takes a few seconds at most.
pub fn open_vault() -> (Box<dyn Vault>, VaultState) {
    match on_thread(PROBE_LIMIT, probe) {
        Some(Ok(store)) => {
            let state = VaultState::Available {
                name: platform::NAME.to_owned(),
            };
            (Box::new(Keystore { store }), state)
        }
        Some(Err(error)) => (session_vault(), state_of(&error)),
        None => {
            let state = VaultState::Locked {
                reason: format!("{} is locked and waits for its password", platform::NAME),
                remedy: "Answer its prompt, or unlock it in your keystore program, and try again; \
                    until then tokens are kept for this session only"
                    .to_owned(),
            };
            (session_vault(), state)
        }
    }
}

struct Keystore {
    store: Store,
}

impl Vault for Keystore {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        let doing = format!("The token `{name}` could not be put into the keystore");
        let (store, name) = (self.store.clone(), name.clone());
        let secret = Zeroizing::new(secret.expose().to_owned());
        within_limit(&doing, move || put(&store, &name, &secret))
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        let doing = format!("The token `{name}` could not be read from the keystore");
        let (store, name) = (self.store.clone(), name.clone());
        let found = within_limit(&doing, move || get(&store, &name))?;
        Ok(found.map(Secret))
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        let doing = format!("The token `{name}` could not be removed from the keystore");
        let (store, name) = (self.store.clone(), name.clone());
        within_limit(&doing, move || forget(&store, &name))
    }
}

fn put(store: &Store, name: &SecretName, secret: &str) -> keyring_core::Result<()> {
    let before = parts_of(store, name)?;
    if secret.len() <= LONGEST_ENTRY && !secret.starts_with(PARTS_MARK) {
        entry(store, name)?.set_password(secret)?;
        return remove_parts(store, name, 0, before);
    }
    let parts = split(secret);
    for (number, part) in parts.iter().enumerate() {
        entry(store, &name.part(number + 1))?.set_password(part)?;
    }
    // The mark comes last: until then a reader finds the old secret or a hash that does not fit.
    let mark = format!("{PARTS_MARK}{} {}", parts.len(), fingerprint(secret));
    entry(store, name)?.set_password(&mark)?;
    remove_parts(store, name, parts.len(), before)
}

fn get(store: &Store, name: &SecretName) -> keyring_core::Result<Option<Zeroizing<String>>> {
    let Some(found) = read(store, name)? else {
        return Ok(None);
    };
    let Some((count, expected)) = read_mark(&found) else {
        return Ok(Some(found));
    };
    let mut secret = Zeroizing::new(String::with_capacity(count * LONGEST_ENTRY));
    for number in 1..=count {
        if let Some(part) = read(store, &name.part(number))? {
            secret.push_str(&part);
        }
    }
    if fingerprint(&secret) != expected {
        let reason = "its parts do not belong together; sign in again".to_owned();
        return Err(keyring_core::Error::BadStoreFormat(reason));
    }
    Ok(Some(secret))
}

fn forget(store: &Store, name: &SecretName) -> keyring_core::Result<Forgotten> {
    let before = parts_of(store, name)?;
    let forgotten = remove(store, name)?;
    remove_parts(store, name, 0, before)?;
    Ok(forgotten)
}

fn entry(store: &Store, name: &SecretName) -> keyring_core::Result<keyring_core::Entry> {
    let label = format!("Tributary: {name}");
    let labeled = HashMap::from([("label", label.as_str())]);
    store.build(
        SERVICE,
        name.as_str(),
        platform::HAS_LABELS.then_some(&labeled),
    )
}

fn read(store: &Store, name: &SecretName) -> keyring_core::Result<Option<Zeroizing<String>>> {
    match entry(store, name)?.get_password() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(store: &Store, name: &SecretName) -> keyring_core::Result<Forgotten> {
    match entry(store, name)?.delete_credential() {
        Ok(()) => Ok(Forgotten::Removed),
        Err(keyring_core::Error::NoEntry) => Ok(Forgotten::WasNotThere),
        Err(error) => Err(error),
    }
}

/// How many parts the secret of this name has now.
fn parts_of(store: &Store, name: &SecretName) -> keyring_core::Result<usize> {
    let found = read(store, name)?;
    Ok(found
        .and_then(|found| read_mark(&found).map(|(count, _)| count))
        .unwrap_or(0))
}

fn remove_parts(
    store: &Store,
    name: &SecretName,
    kept: usize,
    before: usize,
) -> keyring_core::Result<()> {
    for number in kept + 1..=before {
        remove(store, &name.part(number))?;
    }
    Ok(())
}

fn read_mark(found: &str) -> Option<(usize, String)> {
    let (count, hash) = found.strip_prefix(PARTS_MARK)?.split_once(' ')?;
    Some((count.parse().ok()?, hash.to_owned()))
}

fn split(secret: &str) -> Vec<Zeroizing<String>> {
    let mut parts = vec![Zeroizing::new(String::with_capacity(LONGEST_ENTRY))];
    for character in secret.chars() {
        if parts
            .last()
            .is_some_and(|part| part.len() + character.len_utf8() > LONGEST_ENTRY)
        {
            parts.push(Zeroizing::new(String::with_capacity(LONGEST_ENTRY)));
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Connects, then writes, reads and removes an entry: a keystore that was never unlocked answers
/// a mere question with "no such entry", as if all were well.
fn probe() -> keyring_core::Result<Store> {
    let store = platform::store()?;
    let nonce = SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_nanos());
    let name = SecretName(format!("probe {}-{nonce}", std::process::id()));
    let canary = format!("canary {nonce}");
    put(&store, &name, &canary)?;
    let found = get(&store, &name);
    let removed = forget(&store, &name)?;
    if found?.as_ref().map(|found| found.as_str()) != Some(canary.as_str())
        || removed != Forgotten::Removed
    {
        let reason = "it did not give back what was put into it".to_owned();
        return Err(keyring_core::Error::NotSupportedByStore(reason));
    }
    Ok(store)
}

fn state_of(error: &keyring_core::Error) -> VaultState {
    let reason = format!("No {} answers on this machine ({error})", platform::NAME);
    match error {
        keyring_core::Error::NoStorageAccess(_) => VaultState::Locked {
            reason: format!("{} has no unlocked keyring ({error})", platform::NAME),
            remedy: platform::UNLOCK.to_owned(),
        },
        _ => VaultState::Unavailable {
            reason,
            remedy: platform::INSTALL.to_owned(),
        },
    }
}

fn within_limit<T: Send + 'static>(
    doing: &str,
    call: impl FnOnce() -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let error = |kind| Error::new(kind, doing);
    match on_thread(CALL_LIMIT, call) {
        Some(Ok(value)) => Ok(value),
        Some(Err(cause @ keyring_core::Error::NoStorageAccess(_))) => {
            Err(error(ErrorKind::VaultUnavailable)
                .remedy(platform::UNLOCK)
                .caused_by(cause))
        }
        Some(Err(cause @ keyring_core::Error::BadStoreFormat(_))) => {
            Err(error(ErrorKind::SignedOut)
                .remedy("Sign in again")
                .caused_by(cause))
        }
        Some(Err(cause)) => Err(error(ErrorKind::VaultUnavailable)
            .remedy(platform::INSTALL)
            .caused_by(cause)),
        None => Err(error(ErrorKind::VaultUnavailable)
            .remedy("Answer the keystore's prompt and try again")
            .caused_by("it did not answer in time")),
    }
}

/// Runs a call that may block for good; none when it did not end within the limit.
fn on_thread<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let spawned = std::thread::Builder::new()
        .name("keystore".to_owned())
        .spawn(move || {
            // Nobody listens any more when the limit has passed.
            sender.send(call()).ok();
        });
    spawned.ok()?;
    receiver.recv_timeout(limit).ok()
}

#[cfg(all(unix, not(target_os = "macos")))]
mod platform {
    use super::Store;

    pub(super) const NAME: &str = "Secret Service";
    pub(super) const HAS_LABELS: bool = true;
    pub(super) const UNLOCK: &str = "Unlock the login keyring (sign in to the desktop, or open \
        Passwords and Keys or KWalletManager), then try again; until then tokens are kept for \
        this session only";
    pub(super) const INSTALL: &str = "Install and start a keyring such as gnome-keyring or \
        KWallet in a desktop session; until then tokens are kept for this session only, or come \
        from `TRIBUTARY_TOKEN`";

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use super::Store;

    pub(super) const NAME: &str = "Keychain";
    pub(super) const HAS_LABELS: bool = false;
    pub(super) const UNLOCK: &str = "Unlock the login keychain in Keychain Access, then try again; \
        until then tokens are kept for this session only";
    pub(super) const INSTALL: &str = "Check the login keychain in Keychain Access; until then \
        tokens are kept for this session only, or come from `TRIBUTARY_TOKEN`";

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }
}

#[cfg(windows)]
mod platform {
    use super::Store;

    pub(super) const NAME: &str = "Credential Manager";
    pub(super) const HAS_LABELS: bool = false;
    pub(super) const UNLOCK: &str = "Sign in to Windows with this user, then try again; until then \
        tokens are kept for this session only";
    pub(super) const INSTALL: &str = "Check that the Credential Manager service (VaultSvc) runs; \
        until then tokens are kept for this session only, or come from `TRIBUTARY_TOKEN`";

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(windows_native_keyring_store::Store::new()?)
    }
}
