//! A vault of our own: files that a passphrase unlocks.
//!
//! In the folder are, each a JSON document in the one form that this module writes:
//!
//! - `key.json`: the random key of the vault, sealed with the key that Argon2id makes from the
//!   passphrase and the parameters beside it. A checksum tells a damaged file from a wrong
//!   passphrase.
//! - `tenants/HASH.json`: a tenant's secrets, each sealed with the tenant's own random key under
//!   its name; that key is sealed with the vault's, under the tenant's name and everything else
//!   the file says. Every write is a new generation, sealed throughout.
//! - `index.json`: the generation of every tenant, sealed with the vault's key: a file of an
//!   older generation, put back into its place, is refused.
//! - `*.previous`: what the file beside it said before, until the new one was read back.
//! - `locked`: changes when all processes are to lock the vault.
//!
//! A secret is written in steps, and after every one of them the vault holds the old secret or
//! the new one: the tenant's file is replaced first and the index told after, so that a file may
//! be one generation ahead of the index, which the next one who looks puts right. Removing a
//! tenant's last secret goes the other way round and removes the tenant's key with the file.
//!
//! What it cannot see: all the files put back together, as they were at another time, while no
//! program has the vault open. There is nothing outside of the folder that would know better.
//!
//! The caller holds the lock that processes share. What a state means to a person, and moving
//! secrets between vaults, is decided in [`super::vaults`].

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::seal::{Derivation, Key, context, digest, random_name};
use super::vaults::Surroundings;
use super::{Forgotten, Secret, SecretName, VaultState};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::store::{files_in, read_if_there, remove, write_private};

/// What the vault is called.
pub(super) const NAME: &str = "Passphrase vault";
const KEY_FORMAT: &str = "tributary.vault.key/1";
const TENANT_FORMAT: &str = "tributary.vault.tenant/1";
const INDEX_FORMAT: &str = "tributary.vault.index/1";
/// NIST SP 800-63B, section 3.1.1.2, asks for as many of what a person chooses.
const SHORTEST_PASSPHRASE: usize = 8;
/// How long the thread that locks the vault waits before it looks at the time again: a machine
/// that slept must not keep a vault open for long after it wakes up.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

pub(super) struct PassphraseVault {
    folder: PathBuf,
    surroundings: Surroundings,
    opened: Mutex<Option<Opened>>,
    /// Told when the vault has locked itself because nobody used it.
    told: Mutex<Option<Told>>,
}

type Told = Arc<dyn Fn() + Send + Sync>;

/// What is known while the vault is unlocked.
struct Opened {
    /// The vault's own name, which is in every context.
    vault: String,
    key: Key,
    /// The contents of `locked` when it was unlocked.
    locked: Option<Vec<u8>>,
    /// When it was used last.
    used: Duration,
    /// After how long without use it is locked; none for never.
    lock_after: Option<Duration>,
    /// The latest change of the index that this process has seen.
    change: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    format: String,
    vault: String,
    derivation: Derivation,
    key: String,
    checksum: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantFile {
    format: String,
    tenant: String,
    generation: u64,
    key: String,
    secrets: Vec<SealedSecret>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedSecret {
    name: String,
    sealed: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexFile {
    format: String,
    vault: String,
    sealed: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    /// Counts the writes of the index.
    change: u64,
    tenants: BTreeMap<String, Known>,
}

/// What the index says of a tenant.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    generation: u64,
    /// Whether its last secret was removed in that generation.
    is_gone: bool,
}

/// A tenant's file, opened.
struct Tenant {
    generation: u64,
    key: Key,
    secrets: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

impl PassphraseVault {
    pub(super) fn new(folder: PathBuf, surroundings: Surroundings) -> Self {
        Self {
            folder,
            surroundings,
            opened: Mutex::new(None),
            told: Mutex::new(None),
        }
    }

    /// Whether it can be used.
    pub(super) fn state(&self) -> VaultState {
        let key_file = match self.read_key_file() {
            Ok(key_file) => key_file,
            Err(error) => return damaged_state(error.sentence_with_causes()),
        };
        if key_file.is_none() {
            return damaged_state(sentence!(
                "`{file}` is gone, without which the passphrase vault cannot be opened",
                file = self.key_file().display()
            ));
        }
        match &*self.still_opened() {
            Some(_) => VaultState::Available {
                name: NAME.to_owned(),
            },
            None => VaultState::Locked {
                reason: sentence!("The passphrase vault is locked"),
                remedy: Remedy::of_each(
                    format!(
                        "Unlock it with its passphrase; where nobody can be asked, set `{}`",
                        super::PASSPHRASE_VARIABLE
                    ),
                    "Unlock it with its passphrase",
                ),
            },
        }
    }

    /// Whether there is anything in the folder that must not be lost.
    pub(super) fn is_empty(&self) -> Result<bool, Error> {
        Ok(files_in(&self.tenants())?.is_empty())
    }

    /// Makes a vault. What was there before must be empty or set aside.
    pub(super) fn make(&self, passphrase: &Secret) -> Result<(), Error> {
        long_enough(passphrase)?;
        let (vault, key) = (random_name()?, Key::random()?);
        // The index first: with its key file the vault is complete.
        let mut opened = Opened {
            vault,
            key,
            locked: self.locked()?,
            used: (self.surroundings.running)(),
            lock_after: None,
            change: 0,
        };
        remove(&previous(&self.index_file()))?;
        remove(&previous(&self.key_file()))?;
        self.save_index(&mut opened, &mut Index::default())?;
        self.write_key_file(&opened.vault, &opened.key, passphrase)
    }

    /// Unlocks the vault.
    pub(super) fn unlock(
        self: &Arc<Self>,
        passphrase: &Secret,
        lock_after: Option<Duration>,
    ) -> Result<(), Error> {
        let (key_file, key) = self.open_key_file(passphrase)?;
        let mut opened = Opened {
            vault: key_file.vault,
            key,
            locked: self.locked()?,
            used: (self.surroundings.running)(),
            lock_after,
            change: 0,
        };
        let index = self.load_index(&opened)?;
        opened.change = index.change;
        self.remove_temporary()?;
        *self.opened() = Some(opened);
        if lock_after.is_some() {
            self.watch_the_time();
        }
        Ok(())
    }

    /// Forgets the key.
    pub(super) fn lock(&self) {
        *self.opened() = None;
    }

    /// Makes every process forget the key when it next looks.
    pub(super) fn lock_everywhere(&self) -> Result<(), Error> {
        self.lock();
        write_private(&self.locked_file(), random_name()?.as_bytes())
    }

    /// Says who is told, on a thread of its own, when the vault has locked itself.
    pub(super) fn tell(&self, told: Told) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }

    /// Forgets the key when the vault was not used for too long.
    pub(super) fn lock_if_idle(&self) {
        drop(self.still_opened());
    }

    /// Puts another passphrase in the place of the one that is known.
    pub(super) fn change_passphrase(&self, before: &Secret, after: &Secret) -> Result<(), Error> {
        let (key_file, key) = self.open_key_file(before)?;
        long_enough(after)?;
        self.write_key_file(&key_file.vault, &key, after)
    }

    /// Moves the folder to a name beside it, and says which.
    pub(super) fn set_aside(&self) -> Result<PathBuf, Error> {
        self.lock();
        let name = format!("vault-set-aside-{}", &random_name()?[..8]);
        let aside = self.folder.with_file_name(name);
        fs::rename(&self.folder, &aside).map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                sentence!(
                    "`{folder}` could not be renamed",
                    folder = self.folder.display()
                ),
            )
            .remedy("Check the permissions of the folder above it")
            .caused_by(error)
        })?;
        Ok(aside)
    }

    /// Removes a vault in which nothing is.
    pub(super) fn remove_empty(&self) -> Result<(), Error> {
        self.lock();
        // The key first: without it, the rest is nothing.
        for file in [self.key_file(), self.index_file()] {
            remove(&file)?;
            remove(&previous(&file))?;
        }
        remove(&self.locked_file())
    }

    pub(super) fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        self.with_opened(|opened| {
            let mut index = self.load_index(opened)?;
            let found = self.load(opened, &mut index, name.tenant())?;
            let mut tenant = match found {
                Some(tenant) => tenant,
                None => Tenant {
                    generation: index
                        .tenants
                        .get(name.tenant())
                        .map_or(0, |known| known.generation),
                    key: Key::random()?,
                    secrets: BTreeMap::new(),
                },
            };
            let secret = Zeroizing::new(secret.expose().as_bytes().to_vec());
            tenant.secrets.insert(name.as_str().to_owned(), secret);
            self.save(opened, &mut index, name.tenant(), &tenant)
        })
    }

    pub(super) fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        self.with_opened(|opened| {
            let mut index = self.load_index(opened)?;
            let Some(mut tenant) = self.load(opened, &mut index, name.tenant())? else {
                return Ok(None);
            };
            let Some(bytes) = tenant.secrets.remove(name.as_str()) else {
                return Ok(None);
            };
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| damaged(&self.tenant_file(name.tenant()), "a secret is no text"))?;
            Ok(Some(Secret::new(text.to_owned())))
        })
    }

    pub(super) fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        self.with_opened(|opened| {
            let mut index = self.load_index(opened)?;
            let Some(mut tenant) = self.load(opened, &mut index, name.tenant())? else {
                return Ok(Forgotten::WasNotThere);
            };
            if tenant.secrets.remove(name.as_str()).is_none() {
                return Ok(Forgotten::WasNotThere);
            }
            if tenant.secrets.is_empty() {
                self.shred(opened, &mut index, name.tenant(), tenant.generation)?;
            } else {
                self.save(opened, &mut index, name.tenant(), &tenant)?;
            }
            Ok(Forgotten::Removed)
        })
    }

    /// Everything that is kept here.
    pub(super) fn names(&self) -> Result<Vec<SecretName>, Error> {
        self.with_opened(|opened| {
            let mut index = self.load_index(opened)?;
            let mut names = Vec::new();
            let tenants: Vec<String> = index.tenants.keys().cloned().collect();
            for tenant in tenants {
                let found = self.load(opened, &mut index, &tenant)?;
                let secrets = found.map(|tenant| tenant.secrets).unwrap_or_default();
                names.extend(secrets.into_keys().map(|name| SecretName {
                    name,
                    tenant: tenant.clone(),
                }));
            }
            Ok(names)
        })
    }

    fn opened(&self) -> MutexGuard<'_, Option<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known, unless it is to be forgotten: then it is.
    fn still_opened(&self) -> MutexGuard<'_, Option<Opened>> {
        let mut guard = self.opened();
        let now = (self.surroundings.running)();
        let is_idle = guard.as_ref().is_some_and(|opened| opened.is_idle(now));
        let forget = guard.as_ref().is_some_and(|opened| {
            is_idle || self.locked().ok().as_ref() != Some(&opened.locked) || !self.is_same(opened)
        });
        if forget {
            *guard = None;
        }
        if is_idle {
            self.say_that_it_locked_itself();
        }
        guard
    }

    /// On a thread of its own: whoever is told may want to look at the vault, which is in use here.
    fn say_that_it_locked_itself(&self) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(told) = told.clone() else {
            return;
        };
        let spawned = std::thread::Builder::new()
            .name("vault locked".to_owned())
            .spawn(move || told());
        if let Err(error) = spawned {
            tracing::warn!("Nobody could be told that the vault locked itself: {error}");
        }
    }

    /// Whether the vault in the folder is the one that was unlocked.
    fn is_same(&self, opened: &Opened) -> bool {
        matches!(self.read_key_file(), Ok(Some(file)) if file.vault == opened.vault)
    }

    fn with_opened<T>(
        &self,
        work: impl FnOnce(&mut Opened) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut guard = self.still_opened();
        let Some(opened) = guard.as_mut() else {
            drop(guard);
            return Err(self
                .state()
                .into_error("The passphrase vault cannot be used"));
        };
        opened.used = (self.surroundings.running)();
        work(opened)
    }

    /// Locks the vault when its time has come, from a thread that ends when the vault is locked or
    /// gone.
    fn watch_the_time(self: &Arc<Self>) {
        let vault: Weak<Self> = Arc::downgrade(self);
        let watch = move || {
            while let Some(vault) = vault.upgrade() {
                let now = (vault.surroundings.running)();
                let left = match &*vault.still_opened() {
                    Some(opened) => opened.idle_in(now),
                    None => return,
                };
                drop(vault);
                let Some(left) = left else { return };
                std::thread::park_timeout(left.clamp(Duration::from_secs(1), LOOK_AGAIN));
            }
        };
        // Without the thread the vault is still locked when it is next used.
        std::thread::Builder::new()
            .name("vault lock".to_owned())
            .spawn(watch)
            .ok();
    }

    fn open_key_file(&self, passphrase: &Secret) -> Result<(KeyFile, Key), Error> {
        let path = self.key_file();
        let key_file = self
            .read_key_file()?
            .ok_or_else(|| damaged(&path, "it is gone"))?;
        let made = key_file
            .derivation
            .key(passphrase)
            .ok_or_else(|| damaged(&path, "this version cannot make its key"))?;
        let context = key_context(&key_file.vault, &key_file.derivation)?;
        let key = made.unwrap(&context, &key_file.key).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                "This is not the passphrase of the vault",
            )
            .remedy(
                "Type it again; without it nobody can read what is in the vault, and you have to \
                 sign in anew",
            )
        })?;
        Ok((key_file, key))
    }

    fn read_key_file(&self) -> Result<Option<KeyFile>, Error> {
        let path = self.key_file();
        let read = |path: &Path| -> Result<Option<Option<KeyFile>>, Error> {
            let Some(bytes) = read_if_there(path)? else {
                return Ok(None);
            };
            let file: Option<KeyFile> = canonical(&bytes);
            Ok(Some(file.filter(|file| {
                file.format == KEY_FORMAT && file.checksum().as_ref() == Some(&file.checksum)
            })))
        };
        match read(&path)? {
            Some(Some(file)) => Ok(Some(file)),
            found => match (read(&previous(&path))?, found) {
                (Some(Some(file)), _) => Ok(Some(file)),
                (_, None) => Ok(None),
                _ => Err(damaged(&path, "its checksum does not fit")),
            },
        }
    }

    fn write_key_file(&self, vault: &str, key: &Key, passphrase: &Secret) -> Result<(), Error> {
        let derivation = Derivation::new()?;
        let made = derivation.key(passphrase).ok_or_else(|| {
            Error::new(ErrorKind::Bug, "No key could be made from the passphrase")
                .remedy("Make sure that 64 MiB of memory are free")
        })?;
        let mut file = KeyFile {
            format: KEY_FORMAT.to_owned(),
            vault: vault.to_owned(),
            key: key.wrap(&made, &key_context(vault, &derivation)?)?,
            derivation,
            checksum: String::new(),
        };
        file.checksum = file.checksum().unwrap_or_default();
        self.replace(&self.key_file(), &to_json(&file)?, "key")?;
        // Read back from the file and opened, before the one before it is given up.
        self.open_key_file(passphrase)?;
        remove(&previous(&self.key_file()))
    }

    fn load_index(&self, opened: &Opened) -> Result<Index, Error> {
        let path = self.index_file();
        let open = |bytes: &[u8]| -> Option<Index> {
            let file: IndexFile = canonical(bytes)?;
            if file.format != INDEX_FORMAT || file.vault != opened.vault {
                return None;
            }
            let context = context(&[INDEX_FORMAT, &opened.vault]);
            let plain = opened.key.open(&context, &file.sealed)?;
            serde_json::from_slice(&plain).ok()
        };
        let read = |path: &Path| -> Result<Option<Index>, Error> {
            Ok(read_if_there(path)?.as_deref().and_then(open))
        };
        let index = match read(&path)? {
            Some(index) => index,
            None => read(&previous(&path))?
                .ok_or_else(|| damaged(&path, "it is not what was written"))?,
        };
        if index.change < opened.change {
            return Err(damaged(&path, "an older copy of it was put in its place"));
        }
        Ok(index)
    }

    fn save_index(&self, opened: &mut Opened, index: &mut Index) -> Result<(), Error> {
        index.change += 1;
        let plain = Zeroizing::new(to_json(&*index)?);
        let file = IndexFile {
            format: INDEX_FORMAT.to_owned(),
            vault: opened.vault.clone(),
            sealed: opened
                .key
                .seal(&context(&[INDEX_FORMAT, &opened.vault]), &plain)?,
        };
        let path = self.index_file();
        self.replace(&path, &to_json(&file)?, "index")?;
        opened.change = index.change;
        remove(&previous(&path))
    }

    /// Opens a tenant's file, and brings into order what a process that was killed left.
    fn load(
        &self,
        opened: &mut Opened,
        index: &mut Index,
        tenant: &str,
    ) -> Result<Option<Tenant>, Error> {
        let path = self.tenant_file(tenant);
        let before = previous(&path);
        let known = index.tenants.get(tenant).copied();
        let latest = known.map_or(0, |known| known.generation);
        let bytes = read_if_there(&path)?;
        let mut found = bytes
            .as_deref()
            .and_then(|bytes| open_tenant(opened, tenant, bytes));
        if found.is_none()
            && let Some(kept) = read_if_there(&before)?
            && let Some(kept_tenant) = open_tenant(opened, tenant, &kept)
            && kept_tenant.generation >= latest
        {
            write_private(&path, &kept)?;
            found = Some(kept_tenant);
        }
        let Some(found) = found else {
            return match (bytes, known) {
                (Some(_), _) => Err(damaged(&path, "it is not what was written")),
                (None, Some(Known { is_gone: false, .. })) => Err(damaged(&path, "it is gone")),
                (None, _) => {
                    remove(&before)?;
                    Ok(None)
                }
            };
        };
        let is_gone = known.is_some_and(|known| known.is_gone);
        if is_gone && found.generation <= latest {
            // The last secret was being removed when the process ended.
            remove(&before)?;
            remove(&path)?;
            return Ok(None);
        }
        if found.generation < latest {
            return Err(damaged(&path, "an older copy of it was put in its place"));
        }
        if found.generation > latest + 1 {
            let wrong = "an older copy of it was put in its place";
            return Err(damaged(&self.index_file(), wrong));
        }
        if found.generation > latest {
            index.tenants.insert(
                tenant.to_owned(),
                Known {
                    generation: found.generation,
                    is_gone: false,
                },
            );
            self.save_index(opened, index)?;
        }
        remove(&before)?;
        Ok(Some(found))
    }

    /// Writes the next generation of a tenant's file.
    fn save(
        &self,
        opened: &mut Opened,
        index: &mut Index,
        tenant: &str,
        held: &Tenant,
    ) -> Result<(), Error> {
        let generation = held.generation + 1;
        let mut secrets = Vec::with_capacity(held.secrets.len());
        for (name, secret) in &held.secrets {
            let context = secret_context(&opened.vault, tenant, name, generation);
            secrets.push(SealedSecret {
                name: name.clone(),
                sealed: held.key.seal(&context, secret)?,
            });
        }
        let context = tenant_context(&opened.vault, tenant, generation, &secrets)?;
        let file = TenantFile {
            format: TENANT_FORMAT.to_owned(),
            tenant: tenant.to_owned(),
            generation,
            key: held.key.wrap(&opened.key, &context)?,
            secrets,
        };
        let path = self.tenant_file(tenant);
        self.replace(&path, &to_json(&file)?, "tenant")?;
        let back = read_if_there(&path)?.unwrap_or_default();
        let is_whole = open_tenant(opened, tenant, &back)
            .is_some_and(|back| back.generation == generation && back.secrets == held.secrets);
        if !is_whole {
            return Err(damaged(&path, "it could not be read back"));
        }
        index.tenants.insert(
            tenant.to_owned(),
            Known {
                generation,
                is_gone: false,
            },
        );
        self.save_index(opened, index)?;
        self.step("index told");
        remove(&previous(&path))
    }

    /// Removes a tenant with its key: what copies of its secrets there may be can no longer be
    /// opened with what is in this vault.
    fn shred(
        &self,
        opened: &mut Opened,
        index: &mut Index,
        tenant: &str,
        generation: u64,
    ) -> Result<(), Error> {
        index.tenants.insert(
            tenant.to_owned(),
            Known {
                generation,
                is_gone: true,
            },
        );
        self.save_index(opened, index)?;
        self.step("tenant given up");
        let path = self.tenant_file(tenant);
        remove(&previous(&path))?;
        remove(&path)
    }

    /// Puts a file in its place. What was there before is kept beside it until the caller, who
    /// has read the new one back, removes it.
    fn replace(&self, path: &Path, bytes: &[u8], what: &str) -> Result<(), Error> {
        self.step(&format!("{what} begun"));
        if let Some(before) = read_if_there(path)? {
            write_private(&previous(path), &before)?;
            self.step(&format!("{what} kept"));
        }
        write_private(path, bytes)?;
        self.step(&format!("{what} written"));
        if read_if_there(path)?.as_deref() == Some(bytes) {
            self.step(&format!("{what} read back"));
            return Ok(());
        }
        if let Some(before) = read_if_there(&previous(path))? {
            write_private(path, &before)?;
        }
        Err(Error::new(
            ErrorKind::Storage,
            sentence!(
                "`{path}` does not hold what was written to it",
                path = path.display()
            ),
        )
        .remedy("Check the disk; what was there before is in its place again"))
    }

    fn step(&self, what: &str) {
        (self.surroundings.at_step)(what);
    }

    /// Removes what processes left that were killed while they wrote.
    fn remove_temporary(&self) -> Result<(), Error> {
        for folder in [&self.folder, &self.tenants()] {
            for file in files_in(folder)? {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                if name.starts_with(".tributary-") {
                    remove(&file)?;
                }
            }
        }
        Ok(())
    }

    fn locked(&self) -> Result<Option<Vec<u8>>, Error> {
        read_if_there(&self.locked_file())
    }

    fn key_file(&self) -> PathBuf {
        self.folder.join("key.json")
    }

    fn index_file(&self) -> PathBuf {
        self.folder.join("index.json")
    }

    fn locked_file(&self) -> PathBuf {
        self.folder.join("locked")
    }

    fn tenants(&self) -> PathBuf {
        self.folder.join("tenants")
    }

    fn tenant_file(&self, tenant: &str) -> PathBuf {
        let name = &digest(tenant.as_bytes())[..32];
        self.tenants().join(format!("{name}.json"))
    }
}

impl Opened {
    fn is_idle(&self, now: Duration) -> bool {
        self.idle_in(now).is_some_and(|left| left.is_zero())
    }

    /// How long until it has not been used for too long.
    fn idle_in(&self, now: Duration) -> Option<Duration> {
        Some(
            self.lock_after?
                .saturating_sub(now.saturating_sub(self.used)),
        )
    }
}

impl KeyFile {
    /// SHA-256 of the file as it is without this.
    fn checksum(&self) -> Option<String> {
        let without = Self {
            checksum: String::new(),
            ..self.clone()
        };
        Some(digest(&to_json(&without).ok()?))
    }
}

fn open_tenant(opened: &Opened, tenant: &str, bytes: &[u8]) -> Option<Tenant> {
    let file: TenantFile = canonical(bytes)?;
    if file.format != TENANT_FORMAT || file.tenant != tenant {
        return None;
    }
    let generation = file.generation;
    let context = tenant_context(&opened.vault, tenant, generation, &file.secrets).ok()?;
    let key = opened.key.unwrap(&context, &file.key)?;
    let mut secrets = BTreeMap::new();
    for SealedSecret { name, sealed } in file.secrets {
        let context = secret_context(&opened.vault, tenant, &name, generation);
        let secret = key.open(&context, &sealed)?;
        secrets.insert(name, secret);
    }
    Some(Tenant {
        generation,
        key,
        secrets,
    })
}

fn key_context(vault: &str, derivation: &Derivation) -> Result<Vec<u8>, Error> {
    let derivation = digest(&to_json(derivation)?);
    Ok(context(&[KEY_FORMAT, vault, &derivation]))
}

fn tenant_context(
    vault: &str,
    tenant: &str,
    generation: u64,
    secrets: &[SealedSecret],
) -> Result<Vec<u8>, Error> {
    let secrets = digest(&to_json(&secrets)?);
    let generation = generation.to_string();
    Ok(context(&[
        TENANT_FORMAT,
        vault,
        tenant,
        &generation,
        &secrets,
    ]))
}

fn secret_context(vault: &str, tenant: &str, name: &str, generation: u64) -> Vec<u8> {
    let generation = generation.to_string();
    context(&[TENANT_FORMAT, vault, tenant, name, &generation])
}

/// Reads a document, if it has exactly the form in which it is written: whatever else would mean
/// the same was not written by us.
fn canonical<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    (to_json(&read).ok()? == bytes).then_some(read)
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            "A file of the passphrase vault could not be made",
        )
        .caused_by(error)
    })
}

fn previous(path: &Path) -> PathBuf {
    path.with_extension("previous")
}

fn long_enough(passphrase: &Secret) -> Result<(), Error> {
    if passphrase.expose().chars().count() >= SHORTEST_PASSPHRASE {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "The passphrase has fewer than {least} characters",
            least = SHORTEST_PASSPHRASE
        ),
    )
    .remedy("Choose a longer one; several words that do not belong together are best"))
}

fn damaged(path: &Path, what: &str) -> Error {
    Error::new(
        ErrorKind::Storage,
        sentence!(
            "`{path}` in the passphrase vault cannot be used",
            path = path.display()
        ),
    )
    .remedy(help())
    .caused_by(what)
}

fn damaged_state(reason: Sentence) -> VaultState {
    VaultState::Damaged {
        reason,
        remedy: help(),
    }
}

/// What to do about a damaged file.
fn help() -> Remedy {
    Remedy::of_each(
        "Restore the whole folder from a backup; or choose the place for secrets anew with \
         `tributary vault choose` and sign in again, where nothing is deleted",
        "Restore the whole folder from a backup; or choose the place for tokens anew and sign in \
         again, where nothing is deleted",
    )
}
