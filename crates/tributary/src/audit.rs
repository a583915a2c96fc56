//! The record of who did what: append-only lines, chained, signed, and anchored in the keystore.
//!
//! - `event`: what can be recorded.
//! - `record`: the form of a record and its hash.
//! - `log`: the files.
//! - `writer`: from an event to the end of the log, and what the keystore is told of it.
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
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, ErrorKind};
use crate::settings::ForwardSettings;
use crate::store::{self, Paths};
use crate::vault::{Backend, Secret, SecretName, Vault, Vaults};

use anchor::Keys;
use writer::{KeysState, Writer, lock};

pub use event::{
    AccountName, Actor, Correlation, Event, LogEvent, Outcome, PageEffect, PageName, What,
};
pub use export::{Form, Sender};
pub use forward::{Forwarded, Forwarder};
pub use record::{
    Change, Checkpoint, CredentialMark, Entry, Object, RecordedActor, RecordedSource,
};
pub use verify::{Anchoring, Fault, Verification};

/// How long a record waits for the keystore. It has its own, longer limit; a record that is not
/// signed in time is signed by a later checkpoint.
const KEYSTORE_PATIENCE: Duration = Duration::from_secs(10);

/// The audit log of an installation. Clones write to the same log; so may other processes.
#[derive(Clone)]
pub struct Audit {
    writer: Arc<Writer>,
    worker: Arc<OnceLock<Option<Mutex<mpsc::Sender<Job>>>>>,
}

type Job = Box<dyn FnOnce(&Writer) + Send>;

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

    /// The time now.
    pub fn now(&self) -> Moment {
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
        write!(formatter, "Audit({})", self.writer.folder.display())
    }
}

impl Audit {
    /// The log of the user whose folders these are. Touches neither the folder nor the keystore
    /// before something is recorded or read.
    ///
    /// `vault` is one that outlives the program; without one the records are chained but not
    /// signed, and [`Audit::verify`] says so.
    pub fn open(paths: &Paths, vault: Option<Arc<dyn Vault>>, clock: Clock) -> Self {
        Self {
            writer: Arc::new(Writer::new(paths.data.join("audit"), vault, clock)),
            worker: Arc::default(),
        }
    }

    /// Allows records to be removed once they are so many days old; none keeps them all, which is
    /// the rule until this is called.
    pub fn keep_for(&self, days: Option<u32>) {
        self.writer.days.store(days.unwrap_or(0), Ordering::Relaxed);
    }

    /// Records from now on when the passphrase vault locks itself because nobody used it, as long as
    /// this log is open.
    pub fn watch(&self, vaults: &Vaults) {
        // Not itself: its writer has the vault, which would have it then.
        let writer = Arc::downgrade(&self.writer);
        vaults.when_it_locks_itself(move || {
            let Some(writer) = writer.upgrade() else {
                return;
            };
            let audit = Self {
                writer,
                worker: Arc::default(),
            };
            let locked = Event::new(What::VaultLocked {
                vault: Backend::Passphrase.name().to_owned(),
            });
            let locked = locked.because(Outcome::Success, "Nobody used it for a while");
            if let Err(error) = audit.record(locked) {
                tracing::error!("{}", error.chain());
            }
        });
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        &self.writer.folder
    }

    /// What the vault keeps for this log, to move it to another place.
    pub fn secret_names(&self) -> Vec<SecretName> {
        anchor::names(&self.writer.folder)
    }

    /// A tie for the events of one operation.
    pub fn correlation(&self) -> Correlation {
        let number = self.writer.correlations.fetch_add(1, Ordering::Relaxed);
        let now = self.writer.clock.now().wall.as_nanosecond();
        let process = std::process::id();
        let text = format!("{} {process} {now} {number}", self.writer.folder.display());
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
        let written = self.writer.append(event, keys.as_deref(), durable);
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
        self.writer.sync().map_err(|error| not_recorded(&error))
    }

    /// Waits until everything recorded so far would survive a loss of power, and until the
    /// keystore knows how far the log has come. Old records are removed on this occasion.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the disk does not take it. A keystore that does not answer is
    /// no error: a later call tells it.
    pub fn settle(&self) -> Result<(), Error> {
        let settled = self.sync();
        if self.writer.vault.is_some() {
            self.writer.head_is_due.store(true, Ordering::Release);
            let told = self.on_worker(KEYSTORE_PATIENCE, Writer::tell_keystore);
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
        for segment in log::segments(&self.writer.folder)? {
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
        Forwarder::start(self.writer.folder.clone(), settings.clone())
    }

    /// How far forwarding to a server has come, without sending anything.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when a file cannot be read.
    pub fn forwarded(&self, settings: &ForwardSettings) -> Result<Forwarded, Error> {
        forward::state(&self.writer.folder, settings)
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
            self.writer.clock.now().wall.checked_sub(age).ok()
        };
        let time = || text.parse().ok();
        let date = || format!("{text}T00:00:00Z").parse().ok();
        time().or_else(date).or_else(age).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{text}` is not a point in time", text),
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
        let writer = &self.writer;
        let anchoring = self.on_worker(Duration::from_secs(70), Writer::anchoring);
        let anchoring = anchoring.unwrap_or_else(|| verify::Known::Nothing {
            reason: "the keystore did not answer".to_owned(),
        });
        let files = {
            // Nobody writes while the files are opened; what is added later is another matter.
            let _locked = if writer.folder.is_dir() {
                log::lock(&writer.folder).ok()
            } else {
                None
            };
            let mut files = Vec::new();
            for segment in log::segments(&writer.folder)? {
                let bytes = store::read_if_there(&segment.path)?.unwrap_or_default();
                files.push((segment, bytes));
            }
            files
        };
        Ok(verify::verify(&files, &anchoring))
    }

    /// Does what [`Audit::verify`] does, and records that somebody looked and what they found.
    ///
    /// # Errors
    /// Those of [`Audit::verify`].
    pub fn inspect(&self) -> Result<Verification, Error> {
        let found = self.verify()?;
        // Looking is not worth beginning a log for.
        if found.records > 0 || !found.is_intact() {
            let outcome = if found.is_intact() {
                Outcome::Success
            } else {
                Outcome::Failure
            };
            let what = What::Verified {
                records: found.records,
                first_bad: found.fault.as_ref().map(|fault| fault.seq),
            };
            self.record(Event::new(what).outcome(outcome))?;
        }
        Ok(found)
    }

    fn keys(&self) -> Option<Arc<Keys>> {
        self.writer.vault.as_ref()?;
        if let KeysState::There(keys) = &*lock(&self.writer.keys) {
            return Some(Arc::clone(keys));
        }
        if matches!(*lock(&self.writer.keys), KeysState::Absent) {
            return None;
        }
        let found = self.on_worker(KEYSTORE_PATIENCE, Writer::load_keys);
        match found {
            Some(Ok(keys)) => Some(keys),
            Some(Err(error)) => {
                tracing::warn!("{}", error.chain());
                None
            }
            None => {
                let mut state = lock(&self.writer.keys);
                if matches!(*state, KeysState::NotAsked) {
                    *state = KeysState::Absent;
                }
                None
            }
        }
    }

    fn tell_keystore_soon(&self) {
        if self.writer.vault.is_none() || self.writer.head_is_due.swap(true, Ordering::AcqRel) {
            return;
        }
        self.send(Box::new(|writer| {
            if let Err(error) = writer.tell_keystore() {
                tracing::warn!("{}", error.chain());
            }
        }));
    }

    /// Runs something on the thread that may wait for the keystore; none when that took too long.
    fn on_worker<T: Send + 'static>(
        &self,
        limit: Duration,
        run: impl FnOnce(&Writer) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = channel();
        self.send(Box::new(move |writer| {
            // Nobody listens any more when the limit has passed.
            answer.send(run(writer)).ok();
        }));
        answered.recv_timeout(limit).ok()
    }

    fn send(&self, job: Job) {
        let worker = self.worker.get_or_init(|| {
            let (sender, jobs) = channel::<Job>();
            let writer = Arc::clone(&self.writer);
            let spawned = std::thread::Builder::new()
                .name("audit".to_owned())
                .spawn(move || jobs.iter().for_each(|job| job(&writer)));
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
    /// Parts of the account, of the user there, or of the account that is the object: one of them is
    /// enough, and none lets all through. [`crate::account::recorded_as`] knows them by name.
    pub accounts: Vec<String>,
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
        let account = |wanted: &String| {
            let actor = &entry.actor;
            let object = (entry.object.kind == "account").then_some(&entry.object.id);
            let mut names = actor
                .account_id
                .iter()
                .chain(&actor.provider_user)
                .chain(object);
            names.any(|name| name.contains(wanted.as_str()))
        };
        self.since.is_none_or(|since| entry.ts >= since)
            && self.until.is_none_or(|until| entry.ts < until)
            && self.action.as_deref().is_none_or(action)
            && (self.accounts.is_empty() || self.accounts.iter().any(account))
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
