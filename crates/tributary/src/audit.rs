//! The record of who did what: append-only lines, chained, signed, and anchored in the keystore.
//!
//! - `event`: what can be recorded.
//! - `record`: the form of a record and its hash.
//! - `log`: the files.
//! - `anchor`: the keys and the head in the keystore.
//! - `verify`: finding what was changed.
//! - `export`: the forms that other programs read.
//! - `forward`: sending records to a syslog server.
//!
//! An event is a line in the log before its effect begins and another when it ended. What may not
//! happen unrecorded does not happen when [`Audit::record`] fails. Deciding what to do about that
//! is up to who asked; what a log cannot prove is said in the guide.

mod anchor;
mod event;
mod export;
mod forward;
mod log;
mod record;
mod verify;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{self, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, ErrorKind};
use crate::settings::ForwardSettings;
use crate::store::{self, Paths};
use crate::vault::{Secret, Vault};

use anchor::{Head, Keys};
use log::{End, Writing};

pub use event::{
    AccountName, Actor, Correlation, Event, LogEvent, Outcome, PageEffect, PageName, What,
};
pub use export::{Form, Sender};
pub use forward::{Forwarded, Forwarder};
pub use record::{
    Change, Checkpoint, CredentialMark, Entry, Object, RecordedActor, RecordedSource,
};
pub use verify::{Anchoring, Fault, Verification};

/// The version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Records between two checkpoints.
const CHECKPOINT_RECORDS: u64 = 64;
/// Time between two checkpoints, as long as there is something to record.
const CHECKPOINT_TIME: SignedDuration = SignedDuration::from_mins(5);
/// A file that is longer is continued in another one.
const LONGEST_FILE: u64 = 8 * 1024 * 1024;
/// How long a record waits for the keystore. It has its own, longer limit; a record that is not
/// signed in time is signed by a later checkpoint.
const KEYSTORE_PATIENCE: Duration = Duration::from_secs(10);

/// The audit log of an installation. Clones write to the same log; so may other processes.
#[derive(Clone)]
pub struct Audit {
    inner: Arc<Inner>,
    worker: Arc<OnceLock<Option<Mutex<mpsc::Sender<Job>>>>>,
}

type Job = Box<dyn FnOnce(&Inner) + Send>;

/// What time it is, by the clock on the wall and by one that nobody can set.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The time of day.
    pub wall: Timestamp,
    /// How long the program has been running.
    pub running: Duration,
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    pub fn of_system() -> Self {
        let began = Instant::now();
        Self::new(move || Moment {
            wall: Timestamp::now(),
            running: began.elapsed(),
        })
    }

    /// A clock that says what a function says.
    pub fn new(tell: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    fn now(&self) -> Moment {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Audit({})", self.inner.folder.display())
    }
}

struct Inner {
    folder: PathBuf,
    vault: Option<Arc<dyn Vault>>,
    clock: Clock,
    /// Days after which records may be removed; 0 for never.
    days: AtomicU32,
    os_user: String,
    keys: Mutex<KeysState>,
    /// Where this process left off. Held while it writes.
    end: Mutex<Option<End>>,
    /// Whether the keystore will be told soon anyway.
    head_is_due: AtomicBool,
    /// The head whose absence this process has recorded.
    missed: Mutex<Option<Head>>,
    correlations: AtomicU64,
}

enum KeysState {
    NotAsked,
    There(Arc<Keys>),
    Absent,
}

impl Audit {
    /// The log of the user whose folders these are. Touches neither the folder nor the keystore
    /// before something is recorded or read.
    ///
    /// `vault` is one that outlives the program; without one the records are chained but not
    /// signed, and [`Audit::verify`] says so.
    pub fn open(paths: &Paths, vault: Option<Arc<dyn Vault>>, clock: Clock) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder: paths.data.join("audit"),
                vault,
                clock,
                days: AtomicU32::new(0),
                os_user: os_user(),
                keys: Mutex::new(KeysState::NotAsked),
                end: Mutex::new(None),
                head_is_due: AtomicBool::new(false),
                missed: Mutex::new(None),
                correlations: AtomicU64::new(0),
            }),
            worker: Arc::default(),
        }
    }

    /// Allows records to be removed once they are so many days old; none keeps them all, which is
    /// the rule until this is called.
    pub fn keep_for(&self, days: Option<u32>) {
        self.inner.days.store(days.unwrap_or(0), Ordering::Relaxed);
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// A tie for the events of one operation.
    pub fn correlation(&self) -> Correlation {
        let number = self.inner.correlations.fetch_add(1, Ordering::Relaxed);
        let now = self.inner.clock.now().wall.as_nanosecond();
        let process = std::process::id();
        let text = format!("{} {process} {now} {number}", self.inner.folder.display());
        Correlation(record::sha256(text.as_bytes())[..16].to_owned())
    }

    /// The mark by which a credential is known in the log; none without a keystore.
    pub fn mark(&self, credential: &Secret) -> Option<CredentialMark> {
        Some(self.keys()?.mark(credential))
    }

    /// Records an event. Takes microseconds, except that a change of a credential waits for the
    /// disk, and the first record of a process for the keystore.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the event may not happen unrecorded and could not be recorded.
    /// Of other events only a warning is logged.
    pub fn record(&self, event: Event) -> Result<(), Error> {
        let must = event.what.must_be_recorded();
        match self.note(event) {
            Ok(()) => Ok(()),
            Err(error) if must => Err(error),
            Err(error) => {
                tracing::warn!("{}", error.chain());
                Ok(())
            }
        }
    }

    /// Records an event and says so when that was not possible, also when the event may go
    /// unrecorded: for who has a better place for a warning than the log of the program.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the event could not be recorded.
    pub fn note(&self, event: Event) -> Result<(), Error> {
        let durable = event.what.is_durable_at_once();
        self.write(event, durable)
    }

    /// Makes a change between two records: that it is about to be made, and how it ended. Blocks on
    /// the disk, and on whatever the change does.
    ///
    /// # Errors
    /// The change's own, or [`ErrorKind::Storage`] when it could not be recorded: then it was not
    /// made, or was made and its end is not in the log.
    pub fn around<T>(
        &self,
        event: Event,
        change: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.record(event.clone().outcome(Outcome::Attempt))?;
        let result = change();
        let ended = match &result {
            Ok(_) => event,
            Err(error) => event.because(Outcome::Failure, error.chain()),
        };
        let recorded = self.record(ended);
        let value = result?;
        recorded?;
        Ok(value)
    }

    fn write(&self, event: Event, durable: bool) -> Result<(), Error> {
        let keys = self.keys();
        let written = self.inner.append(event, keys.as_deref(), durable);
        let has_checkpoint = written.map_err(|error| not_recorded(&error))?;
        if durable || has_checkpoint {
            self.tell_keystore_soon();
        }
        Ok(())
    }

    /// Waits until everything recorded so far would survive a loss of power.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the disk does not take it.
    pub fn sync(&self) -> Result<(), Error> {
        self.inner.sync().map_err(|error| not_recorded(&error))
    }

    /// Waits until everything recorded so far would survive a loss of power, and until the
    /// keystore knows how far the log has come. Old records are removed on this occasion.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the disk does not take it. A keystore that does not answer is
    /// no error: a later call tells it.
    pub fn settle(&self) -> Result<(), Error> {
        let settled = self.sync();
        if self.inner.vault.is_some() {
            self.inner.head_is_due.store(true, Ordering::Release);
            let told = self.on_worker(KEYSTORE_PATIENCE, Inner::tell_keystore);
            match told {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::warn!("{}", error.chain()),
                None => tracing::warn!("The keystore did not take the head of the audit log yet"),
            }
        }
        settled
    }

    /// The records that a filter lets through, the oldest first. Lines that are no records are
    /// left out; [`Audit::verify`] finds them.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when a file cannot be read.
    pub fn entries(&self, filter: &Filter) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        for segment in log::segments(&self.inner.folder)? {
            let bytes = store::read_if_there(&segment.path)?.unwrap_or_default();
            entries.extend(
                bytes
                    .split(|byte| *byte == b'\n')
                    .filter_map(|line| serde_json::from_slice(line).ok())
                    .filter(|entry| filter.lets_through(entry)),
            );
        }
        Ok(entries)
    }

    /// The records that a filter lets through in a form that other programs read. That they were
    /// exported is a record too.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when a file cannot be read.
    pub fn export(&self, filter: &Filter, form: Form, sender: &Sender) -> Result<String, Error> {
        let entries = self.entries(filter)?;
        let exported = export::export(&entries, form, sender)?;
        self.record(Event::new(What::Exported {
            form: form.name().to_owned(),
            records: entries.len() as u64,
        }))?;
        Ok(exported)
    }

    /// Begins to send records to a syslog server, those that wait from earlier first.
    pub fn forward(&self, settings: &ForwardSettings) -> Forwarder {
        Forwarder::start(self.inner.folder.clone(), settings.clone())
    }

    /// How far forwarding to a server has come, without sending anything.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when a file cannot be read.
    pub fn forwarded(&self, settings: &ForwardSettings) -> Result<Forwarded, Error> {
        forward::state(&self.inner.folder, settings)
    }

    /// A point in time as a person types it: a time, a date (in UTC), or an age such as `7d`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is none of these.
    pub fn point_in_time(&self, text: &str) -> Result<Timestamp, Error> {
        let age = || {
            let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
            let number: i64 = number.parse().ok().filter(|number| *number >= 0)?;
            let hours = match unit {
                "w" => number.checked_mul(24 * 7)?,
                "d" => number.checked_mul(24)?,
                "h" => number,
                _ => return None,
            };
            let age = SignedDuration::try_from_hours(hours)?;
            self.inner.clock.now().wall.checked_sub(age).ok()
        };
        let time = || text.parse().ok();
        let date = || format!("{text}T00:00:00Z").parse().ok();
        time().or_else(date).or_else(age).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("`{text}` is not a point in time"),
            )
            .remedy(
                "Give a date such as `2026-11-27`, a time such as `2026-11-27T08:00:00Z`, or an \
                 age such as `12h`, `7d` or `2w`",
            )
        })
    }

    /// Looks at every record and at what the keystore knows of the log.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when a file cannot be read. What is wrong with the log is no error
    /// but [`Verification::fault`].
    pub fn verify(&self) -> Result<Verification, Error> {
        let inner = &self.inner;
        let anchoring = self.on_worker(Duration::from_secs(70), Inner::anchoring);
        let anchoring = anchoring.unwrap_or_else(|| verify::Known::Nothing {
            reason: "the keystore did not answer".to_owned(),
        });
        let files = {
            // Nobody writes while the files are opened; what is added later is another matter.
            let _locked = if inner.folder.is_dir() {
                log::lock(&inner.folder).ok()
            } else {
                None
            };
            let mut files = Vec::new();
            for segment in log::segments(&inner.folder)? {
                let bytes = store::read_if_there(&segment.path)?.unwrap_or_default();
                files.push((segment, bytes));
            }
            files
        };
        Ok(verify::verify(&files, &anchoring))
    }

    fn keys(&self) -> Option<Arc<Keys>> {
        self.inner.vault.as_ref()?;
        if let KeysState::There(keys) = &*lock(&self.inner.keys) {
            return Some(Arc::clone(keys));
        }
        if matches!(*lock(&self.inner.keys), KeysState::Absent) {
            return None;
        }
        let found = self.on_worker(KEYSTORE_PATIENCE, Inner::load_keys);
        match found {
            Some(Ok(keys)) => Some(keys),
            Some(Err(error)) => {
                tracing::warn!("{}", error.chain());
                None
            }
            None => {
                let mut state = lock(&self.inner.keys);
                if matches!(*state, KeysState::NotAsked) {
                    *state = KeysState::Absent;
                }
                None
            }
        }
    }

    fn tell_keystore_soon(&self) {
        if self.inner.vault.is_none() || self.inner.head_is_due.swap(true, Ordering::AcqRel) {
            return;
        }
        self.send(Box::new(|inner| {
            if let Err(error) = inner.tell_keystore() {
                tracing::warn!("{}", error.chain());
            }
        }));
    }

    /// Runs something on the thread that may wait for the keystore; none when that took too long.
    fn on_worker<T: Send + 'static>(
        &self,
        limit: Duration,
        run: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = channel();
        self.send(Box::new(move |inner| {
            // Nobody listens any more when the limit has passed.
            answer.send(run(inner)).ok();
        }));
        answered.recv_timeout(limit).ok()
    }

    fn send(&self, job: Job) {
        let worker = self.worker.get_or_init(|| {
            let (sender, jobs) = channel::<Job>();
            let inner = Arc::clone(&self.inner);
            let spawned = std::thread::Builder::new()
                .name("audit".to_owned())
                .spawn(move || jobs.iter().for_each(|job| job(&inner)));
            spawned.ok().map(|_| Mutex::new(sender))
        });
        if let Some(worker) = worker {
            // The thread ends only when the last sender is gone.
            lock(worker).send(job).ok();
        }
    }
}

/// Which records to give.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
    /// An action, or the first words of several: `publish` stands for `publish.create` too.
    pub action: Option<String>,
    /// A part of the account, of the user there, or of the account that is the object.
    pub account: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What ties an operation together.
    pub correlation: Option<String>,
    /// The mark of a credential.
    pub credential: Option<CredentialMark>,
}

impl Filter {
    /// Whether a record is one of those.
    pub fn lets_through(&self, entry: &Entry) -> bool {
        let action = |wanted: &str| {
            let rest = entry.action.strip_prefix(wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let account = |wanted: &str| {
            let actor = &entry.actor;
            let object = (entry.object.kind == "account").then_some(&entry.object.id);
            let mut names = actor
                .account_id
                .iter()
                .chain(&actor.provider_user)
                .chain(object);
            names.any(|name| name.contains(wanted))
        };
        self.since.is_none_or(|since| entry.ts >= since)
            && self.until.is_none_or(|until| entry.ts < until)
            && self.action.as_deref().is_none_or(action)
            && self.account.as_deref().is_none_or(account)
            && self
                .outcome
                .is_none_or(|outcome| entry.outcome == outcome.name())
            && self
                .correlation
                .as_ref()
                .is_none_or(|wanted| entry.corr.as_ref() == Some(wanted))
            && self
                .credential
                .as_ref()
                .is_none_or(|wanted| entry.cred.as_ref() == Some(wanted))
    }
}

impl Inner {
    /// Adds an event, and what the log has to say about itself on the occasion. Says whether there
    /// was a checkpoint.
    fn append(&self, event: Event, keys: Option<&Keys>, durable: bool) -> Result<bool, Error> {
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
    fn load_keys(&self) -> Result<Arc<Keys>, Error> {
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

    fn sync(&self) -> Result<(), Error> {
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
    fn tell_keystore(&self) -> Result<(), Error> {
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
    fn anchoring(&self) -> verify::Known {
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
    inner: &'a Inner,
    keys: Option<&'a Keys>,
    now: Moment,
    install: String,
    seq: u64,
    hash: String,
    entries: Vec<Entry>,
}

impl<'a> Batch<'a> {
    fn new(inner: &'a Inner, keys: Option<&'a Keys>, writing: &Writing<'_>) -> Result<Self, Error> {
        let install = match (keys, &writing.end.install) {
            (Some(keys), _) => keys.install.clone(),
            (None, Some(install)) => install.clone(),
            (None, None) => anchor::new_install()?,
        };
        Ok(Self {
            inner,
            keys,
            now: inner.clock.now(),
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
                os_user: self.inner.os_user.clone(),
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
fn os_user() -> String {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_recorded(error: &Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        "The audit log could not be written, and nothing is published or signed in without it",
    )
    .remedy(
        "Make its folder writable and free some space on its disk, then try again; \
         `TRIBUTARY_HOME` names another place for Tributary's files",
    )
    .caused_by(error.chain())
}
