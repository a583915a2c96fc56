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

use super::vaults::Surroundings;
use super::{Forgotten, Secret, SecretName, Vault, VaultState};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};

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
/// The sets of parts, of which one is in use. The last is how parts were named before there were
/// sets; nothing is written to it.
const SETS: [&str; 3] = ["a", "b", ""];

/// The system's keystore. Clones speak to the same one.
#[derive(Clone)]
pub(super) struct Keystore {
    store: Store,
    surroundings: Surroundings,
}

impl Keystore {
    /// Finds the keystore, if it works: a secret was written, read and removed. Takes a few
    /// seconds at most.
    pub(super) fn open(surroundings: &Surroundings) -> Result<Self, VaultState> {
        match on_thread(PROBE_LIMIT, probe) {
            Some(Ok(store)) => Ok(Self {
                store,
                surroundings: surroundings.clone(),
            }),
            Some(Err(error)) => Err(state_of(&error)),
            None => Err(VaultState::Locked {
                reason: sentence!(
                    "{keystore} is locked and waits for its password",
                    keystore = platform::NAME
                ),
                remedy: Remedy::from(
                    "Answer its prompt, or unlock it in your keystore program, and try again",
                )
                .or(elsewhere()),
            }),
        }
    }

    /// What this system calls it.
    pub(super) fn name() -> &'static str {
        platform::NAME
    }
}

/// What else a person can do.
pub(super) fn elsewhere() -> Remedy {
    Remedy::of_each(
        "choose another place with `tributary vault choose passphrase`, or `session` to keep \
         tokens for this session only",
        "choose another place for tokens",
    )
}

/// What to do about a keystore that is not there.
fn install() -> Remedy {
    let command = format!(
        "{}; or give the token in `TRIBUTARY_TOKEN`",
        platform::install()
    );
    Remedy::of_each(command, platform::install())
}

impl Vault for Keystore {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        let doing = sentence!(
            "The token `{name}` could not be put into the keystore",
            name
        );
        let (store, name) = (self.store.clone(), name.clone());
        let secret = Zeroizing::new(secret.expose().to_owned());
        let step = self.surroundings.at_step.clone();
        within_limit(&doing, move || put(&store, name.as_str(), &secret, &*step))
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        let doing = sentence!(
            "The token `{name}` could not be read from the keystore",
            name
        );
        let (store, name) = (self.store.clone(), name.clone());
        let found = within_limit(&doing, move || get(&store, name.as_str()))?;
        Ok(found.map(Secret))
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        let doing = sentence!(
            "The token `{name}` could not be removed from the keystore",
            name
        );
        let (store, name) = (self.store.clone(), name.clone());
        let step = self.surroundings.at_step.clone();
        within_limit(&doing, move || forget(&store, name.as_str(), &*step))
    }
}

/// The secret and how it is laid out: in one entry, or in an entry that says how many parts of
/// which set belong together. There are two sets, and a new secret goes into the one that is not
/// in use: whatever happens before the entry says otherwise, the old secret is whole.
fn put(store: &Store, name: &str, secret: &str, step: &dyn Fn(&str)) -> keyring_core::Result<()> {
    let used = read(store, name)?.and_then(|found| Mark::read(&found));
    step("keystore begun");
    if secret.len() <= LONGEST_ENTRY && !secret.starts_with(PARTS_MARK) {
        entry(store, name)?.set_password(secret)?;
        step("keystore written");
        return SETS
            .iter()
            .try_for_each(|set| remove_parts(store, name, set, 0, step));
    }
    let set = match &used {
        Some(mark) if mark.set == SETS[0] => SETS[1],
        _ => SETS[0],
    };
    let parts = split(secret);
    for (number, part) in parts.iter().enumerate() {
        entry(store, &part_name(name, set, number + 1))?.set_password(part)?;
        step("keystore part");
    }
    let mark = format!("{PARTS_MARK}{} {} {set}", parts.len(), fingerprint(secret));
    entry(store, name)?.set_password(&mark)?;
    step("keystore written");
    for other in SETS {
        let kept = if other == set { parts.len() } else { 0 };
        remove_parts(store, name, other, kept, step)?;
    }
    Ok(())
}

/// The secret, whole, also while another process replaces it: nobody locks who only reads, so that
/// an entry may be gone between being found and being read.
fn get(store: &Store, name: &str) -> keyring_core::Result<Option<Zeroizing<String>>> {
    let mut seen = None;
    let mut may_be_gone = true;
    loop {
        let found = match read(store, name) {
            Err(error) if may_be_gone && !is_locked(&error) => {
                may_be_gone = false;
                continue;
            }
            found => found?,
        };
        let Some(found) = found else {
            return Ok(None);
        };
        let Some(mark) = Mark::read(&found) else {
            return Ok(Some(found));
        };
        let mut secret = Zeroizing::new(String::with_capacity(mark.count * LONGEST_ENTRY));
        let mut failed = None;
        for number in 1..=mark.count {
            match read(store, &part_name(name, &mark.set, number)) {
                Ok(part) => secret.push_str(part.as_deref().map_or("", String::as_str)),
                Err(error) if is_locked(&error) => return Err(error),
                Err(error) => failed = Some(error),
            }
        }
        if failed.is_none() && fingerprint(&secret) == mark.fingerprint {
            return Ok(Some(secret));
        }
        // The entry says which parts there are now, unless nobody replaced it.
        if seen.as_ref() == Some(&mark) {
            return Err(failed.unwrap_or_else(|| {
                let reason = "its parts do not belong together; sign in again".to_owned();
                keyring_core::Error::BadStoreFormat(reason)
            }));
        }
        seen = Some(mark);
    }
}

fn is_locked(error: &keyring_core::Error) -> bool {
    matches!(error, keyring_core::Error::NoStorageAccess(_))
}

/// Removes the secret. Who is killed on the way leaves parts that nothing reads; they go when it is
/// removed once more, which is what is done to an account that is still listed.
fn forget(store: &Store, name: &str, step: &dyn Fn(&str)) -> keyring_core::Result<Forgotten> {
    let forgotten = remove(store, name)?;
    step("keystore removed");
    for set in SETS {
        remove_parts(store, name, set, 0, step)?;
    }
    Ok(forgotten)
}

fn entry(store: &Store, name: &str) -> keyring_core::Result<keyring_core::Entry> {
    let label = format!("Tributary: {name}");
    let labeled = HashMap::from([("label", label.as_str())]);
    store.build(SERVICE, name, platform::HAS_LABELS.then_some(&labeled))
}

fn read(store: &Store, name: &str) -> keyring_core::Result<Option<Zeroizing<String>>> {
    match entry(store, name)?.get_password() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(store: &Store, name: &str) -> keyring_core::Result<Forgotten> {
    match entry(store, name)?.delete_credential() {
        Ok(()) => Ok(Forgotten::Removed),
        Err(keyring_core::Error::NoEntry) => Ok(Forgotten::WasNotThere),
        Err(error) => Err(error),
    }
}

fn part_name(name: &str, set: &str, number: usize) -> String {
    format!("{name} part {set}{number}")
}

/// Removes the parts of a set behind the first so many, the last one first: what is left when the
/// process is killed can be found from the front again.
fn remove_parts(
    store: &Store,
    name: &str,
    set: &str,
    kept: usize,
    step: &dyn Fn(&str),
) -> keyring_core::Result<()> {
    let mut last = kept;
    while read(store, &part_name(name, set, last + 1))?.is_some() {
        last += 1;
    }
    for number in (kept + 1..=last).rev() {
        remove(store, &part_name(name, set, number))?;
        step("keystore part removed");
    }
    Ok(())
}

/// What an entry says whose secret is in parts.
#[derive(PartialEq, Eq)]
struct Mark {
    count: usize,
    fingerprint: String,
    set: String,
}

impl Mark {
    fn read(found: &str) -> Option<Self> {
        let mut words = found.strip_prefix(PARTS_MARK)?.split(' ');
        Some(Self {
            count: words.next()?.parse().ok()?,
            fingerprint: words.next()?.to_owned(),
            // Before there were sets, parts had only a number.
            set: words.next().unwrap_or_default().to_owned(),
        })
    }
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
    let name = format!("probe {}-{nonce}", std::process::id());
    let canary = format!("canary {nonce}");
    put(&store, &name, &canary, &|_| {})?;
    let found = get(&store, &name);
    let removed = forget(&store, &name, &|_| {})?;
    if found?.as_ref().map(|found| found.as_str()) != Some(canary.as_str())
        || removed != Forgotten::Removed
    {
        let reason = "it did not give back what was put into it".to_owned();
        return Err(keyring_core::Error::NotSupportedByStore(reason));
    }
    Ok(store)
}

fn state_of(error: &keyring_core::Error) -> VaultState {
    let reason = sentence!(
        "No {keystore} answers on this machine ({error})",
        keystore = platform::NAME,
        error
    );
    match error {
        keyring_core::Error::NoStorageAccess(_) => VaultState::Locked {
            reason: sentence!(
                "{keystore} has no unlocked keyring ({error})",
                keystore = platform::NAME,
                error
            ),
            remedy: Remedy::from(platform::unlock()).or(elsewhere()),
        },
        _ => VaultState::Unavailable {
            reason,
            remedy: install().or(elsewhere()),
        },
    }
}

fn within_limit<T: Send + 'static>(
    doing: &Sentence,
    call: impl FnOnce() -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let error = |kind| Error::new(kind, doing.clone());
    match on_thread(CALL_LIMIT, call) {
        Some(Ok(value)) => Ok(value),
        Some(Err(cause @ keyring_core::Error::NoStorageAccess(_))) => {
            Err(error(ErrorKind::VaultUnavailable)
                .remedy(platform::unlock())
                .caused_by(cause))
        }
        Some(Err(cause @ keyring_core::Error::BadStoreFormat(_))) => {
            Err(error(ErrorKind::SignedOut)
                .remedy("Sign in again")
                .caused_by(cause))
        }
        Some(Err(cause)) => Err(error(ErrorKind::VaultUnavailable)
            .remedy(install())
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
    /// How it is unlocked.
    pub(super) fn unlock() -> crate::Sentence {
        sentence!(
            "Unlock the login keyring (sign in to the desktop, or open \
        Passwords and Keys or KWalletManager), then try again"
        )
    }
    /// How it gets there.
    pub(super) fn install() -> crate::Sentence {
        sentence!(
            "Install and start a keyring such as gnome-keyring or \
        KWallet in a desktop session"
        )
    }

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use super::Store;

    pub(super) const NAME: &str = "Keychain";
    pub(super) const HAS_LABELS: bool = false;
    /// How it is unlocked.
    pub(super) fn unlock() -> crate::Sentence {
        sentence!("Unlock the login keychain in Keychain Access, then try again")
    }
    /// How it gets there.
    pub(super) fn install() -> crate::Sentence {
        sentence!("Check the login keychain in Keychain Access")
    }

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }
}

#[cfg(windows)]
mod platform {
    use super::Store;

    pub(super) const NAME: &str = "Credential Manager";
    pub(super) const HAS_LABELS: bool = false;
    /// How it is unlocked.
    pub(super) fn unlock() -> crate::Sentence {
        sentence!("Sign in to Windows with this user, then try again")
    }
    /// How it gets there.
    pub(super) fn install() -> crate::Sentence {
        sentence!(
            "Check that the Credential Manager service (VaultSvc) \
        runs"
        )
    }

    pub(super) fn store() -> keyring_core::Result<Store> {
        Ok(windows_native_keyring_store::Store::new()?)
    }
}
