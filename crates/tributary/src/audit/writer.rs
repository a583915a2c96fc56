//! From an event to the end of the log, and what the keystore is told of it.
//!
//! Every record is chained to the one before; some are signatures, and some say what the log has to
//! say about itself. Which events there are, and what becomes of one that cannot be written, is
//! decided by [`super::Audit`].

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;

use crate::error::{Error, ErrorKind};
use crate::store;
use crate::vault::Vault;

use super::anchor::{self, Head, Keys};
use super::event::{Event, LogEvent, Outcome, What};
use super::log::{self, End, Writing};
use super::record::{self, Checkpoint, Entry, RecordedActor, RecordedSource};
use super::{Clock, Moment, verify};

/// The version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Records between two checkpoints.
const CHECKPOINT_RECORDS: u64 = 64;
/// Time between two checkpoints, as long as there is something to record.
const CHECKPOINT_TIME: SignedDuration = SignedDuration::from_mins(5);
/// A file that is longer is continued in another one.
const LONGEST_FILE: u64 = 8 * 1024 * 1024;

/// What an [`super::Audit`] and its clones share.
pub(super) struct Writer {
    pub(super) folder: PathBuf,
    pub(super) vault: Option<Arc<dyn Vault>>,
    pub(super) clock: Clock,
    /// Days after which records may be removed; 0 for never.
    pub(super) days: AtomicU32,
    pub(super) os_user: String,
    pub(super) keys: Mutex<KeysState>,
    /// Where this process left off. Held while it writes.
    pub(super) end: Mutex<Option<End>>,
    /// Whether the keystore will be told soon anyway.
    pub(super) head_is_due: AtomicBool,
    /// The head whose absence this process has recorded.
    pub(super) missed: Mutex<Option<Head>>,
    pub(super) correlations: AtomicU64,
}

/// What is known of the keys in the vault.
pub(super) enum KeysState {
    /// Nobody asked the vault yet.
    NotAsked,
    /// It has them.
    There(Arc<Keys>),
    /// It did not give them, and is not asked again by this process.
    Absent,
}

impl Writer {
    /// Touches neither the folder nor the vault.
    pub(super) fn new(folder: PathBuf, vault: Option<Arc<dyn Vault>>, clock: Clock) -> Self {
        Self {
            folder,
            vault,
            clock,
            days: AtomicU32::new(0),
            os_user: os_user(),
            keys: Mutex::new(KeysState::NotAsked),
            end: Mutex::new(None),
            head_is_due: AtomicBool::new(false),
            missed: Mutex::new(None),
            correlations: AtomicU64::new(0),
        }
    }

    /// Adds an event, and what the log has to say about itself on the occasion. Says whether there
    /// was a checkpoint.
    pub(super) fn append(
        &self,
        event: Event,
        keys: Option<&Keys>,
        durable: bool,
    ) -> Result<bool, Error> {
        let mut known = lock(&self.end);
        let mut writing = log::begin(&self.folder, known.take(), LONGEST_FILE)?;
        let mut batch = Batch::new(self, keys, &writing)?;
        if let Some(torn) = writing.torn.take() {
            batch.add(Event::new(What::Log(torn.into())))?;
        }
        let before = writing.end.app_version.as_deref();
        if let Some(before) = before.filter(|before| *before != VERSION) {
            batch.add(Event::new(What::Updated {
                before: before.to_owned(),
                after: VERSION.to_owned(),
            }))?;
        }
        batch.add(event)?;
        let has_checkpoint = batch.checkpoint(&writing.end)?;
        writing.append(&batch.entries)?;
        if durable {
            writing.sync()?;
        }
        *known = writing.leave();
        Ok(has_checkpoint)
    }

    /// Finds the keys, or makes them. Blocks on the keystore.
    pub(super) fn load_keys(&self) -> Result<Arc<Keys>, Error> {
        if let KeysState::There(keys) = &*lock(&self.keys) {
            return Ok(Arc::clone(keys));
        }
        let Some(vault) = &self.vault else {
            return Err(Error::new(
                ErrorKind::VaultUnavailable,
                "There is no keystore",
            ));
        };
        let found = self.find_keys(vault.as_ref());
        let state = match &found {
            Ok(keys) => KeysState::There(Arc::clone(keys)),
            Err(_) => KeysState::Absent,
        };
        *lock(&self.keys) = state;
        found
    }

    fn find_keys(&self, vault: &dyn Vault) -> Result<Arc<Keys>, Error> {
        // A log that was begun without a keystore keeps its name.
        let install = || {
            let end = log::begin(&self.folder, None, u64::MAX)?.end;
            end.install.map_or_else(anchor::new_install, Ok)
        };
        let (keys, made) = anchor::find_or_make(vault, &self.folder, install)?;
        if made {
            let public_key = keys.public_key.clone();
            let event = Event::new(What::Log(LogEvent::KeyMade { public_key }));
            self.append(event, Some(&keys), true)?;
        } else {
            let head = anchor::head(vault, &self.folder)?;
            self.compare(head.as_ref(), &keys)?;
        }
        Ok(Arc::new(keys))
    }

    /// Records for good when the log is not what the keystore knows it to be: writing on would
    /// otherwise make the keystore forget what it knew.
    fn compare(&self, head: Option<&Head>, keys: &Keys) -> Result<(), Error> {
        let Some(head) = head else { return Ok(()) };
        let found = {
            let mut known = lock(&self.end);
            let mut writing = log::begin(&self.folder, known.take(), LONGEST_FILE)?;
            let there = writing.hash_at(head.seq)?;
            let found = writing.end.seq;
            *known = writing.leave();
            if there.as_deref() == Some(head.hash.as_str()) {
                return Ok(());
            }
            found
        };
        if lock(&self.missed).replace(head.clone()).as_ref() == Some(head) {
            return Ok(());
        }
        tracing::warn!(
            "The audit log in `{}` was changed or cut short: the keystore knows record {}, and \
             it is not there. Run `tributary audit verify`",
            self.folder.display(),
            head.seq
        );
        let event = What::Log(LogEvent::Mismatch {
            expected: head.seq,
            found: found.min(head.seq),
        });
        let event = Event::new(event).outcome(Outcome::Failure);
        self.append(event, Some(keys), true)?;
        Ok(())
    }

    pub(super) fn sync(&self) -> Result<(), Error> {
        if log::segments(&self.folder)?.is_empty() {
            return Ok(());
        }
        let mut known = lock(&self.end);
        let writing = log::begin(&self.folder, known.take(), LONGEST_FILE)?;
        writing.sync()?;
        *known = writing.leave();
        Ok(())
    }

    /// Tells the keystore how far the log has come. Blocks on the keystore.
    pub(super) fn tell_keystore(&self) -> Result<(), Error> {
        if !self.head_is_due.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let Some(vault) = self.vault.as_deref() else {
            return Ok(());
        };
        let keys = self.load_keys()?;
        // One process at a time, so that an older head never takes the place of a newer one.
        let _locked = store::lock(&self.folder.join("head.lock"))?;
        let before = anchor::head(vault, &self.folder)?;
        self.compare(before.as_ref(), &keys)?;
        let removed = self.choose_old(&keys)?;
        let mut known = lock(&self.end);
        let writing = log::begin(&self.folder, known.take(), LONGEST_FILE)?;
        if writing.end.seq == 0 {
            return Ok(());
        }
        // The keystore must not know of a record that a loss of power would take away.
        writing.sync()?;
        let (first, first_prev) = match (&removed, before) {
            (Some(removed), _) => (removed.through + 1, removed.hash.clone()),
            (None, Some(before)) => (before.first, before.first_prev),
            (None, None) => (1, record::BEGINNING.to_owned()),
        };
        let head = Head {
            seq: writing.end.seq,
            hash: writing.end.hash.clone(),
            first,
            first_prev,
        };
        *known = writing.leave();
        drop(known);
        anchor::put_head(vault, &self.folder, &head)?;
        for path in removed.iter().flat_map(|removed| &removed.files) {
            store::remove(path)?;
        }
        Ok(())
    }

    /// Finds the files whose records are all older than is wanted, and records that they go.
    fn choose_old(&self, keys: &Keys) -> Result<Option<Removed>, Error> {
        let days = self.days.load(Ordering::Relaxed);
        if days == 0 {
            return Ok(None);
        }
        let segments = log::segments(&self.folder)?;
        let age = SignedDuration::from_hours(24 * i64::from(days));
        let Ok(limit) = self.clock.now().wall.checked_sub(age) else {
            return Ok(None);
        };
        let mut removed: Option<Removed> = None;
        // The last file is the one that is written to.
        for segment in segments.iter().rev().skip(1).rev() {
            let bytes = store::read_if_there(&segment.path)?.unwrap_or_default();
            let lines = bytes.split(|byte| *byte == b'\n').rev();
            let mut entries = lines.filter_map(|line| serde_json::from_slice::<Entry>(line).ok());
            let Some(last) = entries.next().filter(|last| last.ts < limit) else {
                break;
            };
            let mut files = removed.map_or_else(Vec::new, |removed| removed.files);
            files.push(segment.path.clone());
            removed = Some(Removed {
                through: last.seq,
                hash: last.hash,
                files,
            });
        }
        if let Some(removed) = &removed {
            let event = What::Log(LogEvent::Removed {
                through: removed.through,
                hash: removed.hash.clone(),
            });
            self.append(Event::new(event), Some(keys), true)?;
        }
        Ok(removed)
    }

    /// What the keystore knows of the log. Blocks on the keystore.
    pub(super) fn anchoring(&self) -> verify::Known {
        let nothing = |reason: String| verify::Known::Nothing { reason };
        let Some(vault) = self.vault.as_deref() else {
            return nothing("there is no keystore".to_owned());
        };
        let known = anchor::find(vault, &self.folder)
            .and_then(|keys| Ok((keys, anchor::head(vault, &self.folder)?)));
        match known {
            Ok((Some(keys), head)) => verify::Known::Keystore {
                install: keys.install,
                public_key: keys.public_key,
                head,
            },
            Ok((None, _)) => nothing("the keystore knows nothing of this log".to_owned()),
            Err(error) => nothing(error.chain()),
        }
    }
}

struct Removed {
    through: u64,
    hash: String,
    files: Vec<PathBuf>,
}

/// Records that are written together, each chained to the one before.
struct Batch<'a> {
    writer: &'a Writer,
    keys: Option<&'a Keys>,
    now: Moment,
    install: String,
    seq: u64,
    hash: String,
    entries: Vec<Entry>,
}

impl<'a> Batch<'a> {
    fn new(
        writer: &'a Writer,
        keys: Option<&'a Keys>,
        writing: &Writing<'_>,
    ) -> Result<Self, Error> {
        let install = match (keys, &writing.end.install) {
            (Some(keys), _) => keys.install.clone(),
            (None, Some(install)) => install.clone(),
            (None, None) => anchor::new_install()?,
        };
        Ok(Self {
            writer,
            keys,
            now: writer.clock.now(),
            install,
            seq: writing.end.seq,
            hash: writing.end.hash.clone(),
            entries: Vec::new(),
        })
    }

    fn add(&mut self, event: Event) -> Result<(), Error> {
        let mut entry = self.entry(event);
        entry.close()?;
        self.seq = entry.seq;
        self.hash.clone_from(&entry.hash);
        self.entries.push(entry);
        Ok(())
    }

    /// Signs what there is when it is time to. Says whether it did.
    fn checkpoint(&mut self, end: &End) -> Result<bool, Error> {
        let Some(keys) = self.keys else {
            return Ok(false);
        };
        let due = match end.checkpoint {
            Some((seq, time)) => {
                self.seq - seq.min(self.seq) >= CHECKPOINT_RECORDS
                    || self.now.wall.duration_since(time) >= CHECKPOINT_TIME
            }
            // The first records of a log are few; what came before a checkpoint that is too far
            // back to be found is many.
            None => self.seq >= CHECKPOINT_RECORDS,
        };
        if !due {
            return Ok(false);
        }
        let mut checkpoint = Checkpoint {
            seq: self.seq,
            hash: self.hash.clone(),
            time: format!("{:.9}", self.now.wall),
            count: self.seq - end.checkpoint.map_or(0, |(seq, _)| seq.min(self.seq)),
            public_key: String::new(),
            signature: String::new(),
        };
        keys.sign(&mut checkpoint);
        let mut entry = self.entry(Event::new(What::Log(LogEvent::Checkpoint)));
        entry.checkpoint = Some(checkpoint);
        entry.close()?;
        self.entries.push(entry);
        Ok(true)
    }

    fn entry(&self, event: Event) -> Entry {
        let (object, changes) = event.what.parts();
        let running = u64::try_from(self.now.running.as_micros()).unwrap_or(u64::MAX);
        Entry {
            v: record::VERSION,
            seq: self.seq + 1,
            ts: self.now.wall,
            mono: running,
            install: self.install.clone(),
            actor: RecordedActor {
                os_user: self.writer.os_user.clone(),
                account_id: event.by.account,
                provider: event.by.provider,
                provider_user: event.by.user,
                mode: event.by.mode,
            },
            action: event.what.action().to_owned(),
            object,
            outcome: event.outcome.name().to_owned(),
            reason: event.reason,
            changes,
            corr: event.correlation.map(|correlation| correlation.0),
            source: RecordedSource {
                pid: std::process::id(),
                app_version: VERSION.to_owned(),
            },
            cred: event.credential,
            checkpoint: None,
            prev: self.hash.clone(),
            hash: String::new(),
        }
    }
}

/// The operating system's user: by name, or by number where the environment names nobody.
pub(super) fn os_user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|variable| {
        let name = std::env::var(variable).ok();
        name.filter(|name| !name.is_empty())
    });
    named
        .or_else(user_number)
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(target_os = "linux")]
fn user_number() -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    // The folder of the process belongs to the user who runs it.
    let process = std::fs::metadata("/proc/self").ok()?;
    Some(format!("uid {}", process.uid()))
}

#[cfg(not(target_os = "linux"))]
fn user_number() -> Option<String> {
    None
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
