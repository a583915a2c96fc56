//! Which place for secrets was chosen, whether it can be used, and moving to another one.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::choice::{self, Backend, Leaving, Remembered};
use super::keystore::{Keystore, elsewhere};
use super::passphrase::PassphraseVault;
use super::seal::random_name;
use super::{Forgotten, Secret, SecretName, SessionVault, Vault, VaultState};
use crate::Sentence;
use crate::error::{Error, ErrorKind, Remedy};
use crate::store::{FileLock, Paths, lock};

/// The variable with the passphrase of the passphrase vault, where nobody can be asked for it.
pub const PASSPHRASE_VARIABLE: &str = "TRIBUTARY_VAULT_PASSPHRASE";
/// After how many minutes without use the passphrase vault locks itself, unless chosen otherwise.
pub const LOCK_AFTER_MINUTES: u32 = 10;

/// The places for this user's secrets, of which one is chosen. Clones share what is unlocked;
/// several processes share the places.
#[derive(Clone)]
pub struct Vaults(Arc<Inner>);

struct Inner {
    /// Where the choice is remembered.
    file: PathBuf,
    /// The lock of whoever writes.
    lock: PathBuf,
    surroundings: Surroundings,
    /// The keystore that answered, and the mark that was found in it.
    keystore: Mutex<Option<(Keystore, Option<String>)>>,
    passphrase: Arc<PassphraseVault>,
    session: SessionVault,
}

/// The time, and what happens between the steps of a write: for tests, which let hours pass and
/// processes die.
#[derive(Clone)]
pub struct Surroundings {
    /// How long ago some fixed moment was, also while the machine slept.
    pub running: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// Called with the name of each step that was just made.
    pub at_step: Arc<dyn Fn(&str) + Send + Sync>,
}

/// A place to choose.
#[derive(Debug, Clone, Copy)]
pub enum Choice<'a> {
    /// The system's keystore.
    Keystore,
    /// Files that this passphrase unlocks. If there is such a vault from earlier, it has to be its
    /// passphrase.
    Passphrase(&'a Secret),
    /// The memory of the program.
    Session,
}

/// What to do about secrets in a place that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Choose nothing else before they can be.
    Refuse,
    /// Leave them where they are, and begin without them.
    LeaveBehind,
}

/// What became of the secrets when another place was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moved {
    /// These are in the new place, and only there.
    pub moved: Vec<SecretName>,
    /// These are still in the old place: because they could not be removed from it, or because
    /// nothing is moved into a place that forgets.
    pub left: Vec<SecretName>,
    /// Where a vault that could not be opened was put.
    pub set_aside: Option<PathBuf>,
}

/// A place that can be used.
enum Usable {
    Keystore(Keystore),
    Passphrase,
    Session,
}

/// Opens the place that was chosen for secrets, with the passphrase in the environment if it has
/// one. Takes a few seconds at most.
///
/// What the state does not say can be used gives errors and nothing else.
pub fn open_vault() -> (Box<dyn Vault>, VaultState) {
    let paths = match Paths::of_user() {
        Ok(paths) => paths,
        Err(error) => {
            let state = VaultState::Unavailable {
                reason: error.sentence().clone(),
                remedy: error.way_out().cloned().unwrap_or_else(elsewhere),
            };
            return (Box::new(Nowhere(state.clone())), state);
        }
    };
    let vaults = Vaults::open(&paths);
    let state = match vaults.unlock_from_environment() {
        Ok(_) => vaults.state(),
        Err(error) => VaultState::Locked {
            reason: error.sentence().clone(),
            remedy: error.way_out().cloned().unwrap_or_else(elsewhere),
        },
    };
    (Box::new(vaults), state)
}

impl Vaults {
    /// The places of the user whose folders these are. Nothing is asked or written before it is
    /// used.
    pub fn open(paths: &Paths) -> Self {
        Self::open_in(paths, Surroundings::of_system())
    }

    /// The same, with another time.
    pub fn open_in(paths: &Paths, surroundings: Surroundings) -> Self {
        let folder = paths.data.join("vault");
        Self(Arc::new(Inner {
            file: paths.data.join("vault.json"),
            lock: paths.data.join("vault.lock"),
            keystore: Mutex::new(None),
            passphrase: Arc::new(PassphraseVault::new(folder, surroundings.clone())),
            session: SessionVault::default(),
            surroundings,
        }))
    }

    /// The place that was chosen; the keystore where nobody chose. None when what was remembered
    /// cannot be read: [`Vaults::state`] says why.
    pub fn chosen(&self) -> Option<Backend> {
        let remembered = self.remembered().ok()?;
        Some(remembered.kept_in)
    }

    /// Whether the chosen place can be used. A keystore that could not is asked again, which takes
    /// a few seconds at most.
    pub fn state(&self) -> VaultState {
        let state = || {
            Ok(match self.usable(&self.remembered()?)? {
                Usable::Keystore(_) => VaultState::Available {
                    name: Keystore::name().to_owned(),
                },
                Usable::Passphrase => self.0.passphrase.state(),
                Usable::Session => VaultState::SessionOnly,
            })
        };
        state().unwrap_or_else(|trouble| trouble)
    }

    /// The chosen place as a vault. It follows when another place is chosen, by this process or
    /// another one, and works again when what was in the way is gone.
    pub fn as_vault(&self) -> Arc<dyn Vault> {
        Arc::new(self.clone())
    }

    /// Secrets that were moved to another place and are still in the old one, with that place.
    /// [`Vaults::choose`] tries again to remove them.
    pub fn left_behind(&self) -> Vec<(Backend, Vec<SecretName>)> {
        let leaving = self.remembered().map(|known| known.leaving);
        let leaving = leaving.unwrap_or_default();
        let places = leaving.iter().map(|left| (left.kept_in, left.names()));
        places.collect()
    }

    /// After how many minutes without use the passphrase vault locks itself; 0 for never.
    pub fn lock_after_minutes(&self) -> u32 {
        self.remembered()
            .map_or(LOCK_AFTER_MINUTES, |known| known.lock_after_minutes)
    }

    /// Sets after how many minutes without use the passphrase vault locks itself; 0 for never. It
    /// counts from the next time the vault is unlocked.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be remembered, [`ErrorKind::VaultUnavailable`] when
    /// what was remembered cannot be read.
    pub fn set_lock_after(&self, minutes: u32) -> Result<(), Error> {
        let _locked = self.locked()?;
        let remembered = self.remembered();
        let mut remembered = remembered
            .map_err(|state| state.into_error("When to lock the vault cannot be remembered"))?;
        remembered.lock_after_minutes = minutes;
        remembered.is_known = true;
        choice::write(&self.0.file, &remembered)
    }

    /// Unlocks the passphrase vault. Takes a good part of a second.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is not the passphrase, or no passphrase vault was
    /// chosen; [`ErrorKind::Storage`] when the vault is damaged.
    pub fn unlock(&self, passphrase: &Secret) -> Result<(), Error> {
        let remembered = self.passphrase_chosen()?;
        let _locked = self.locked()?;
        self.0.passphrase.unlock(passphrase, idle(&remembered))
    }

    /// Unlocks the passphrase vault, if it was chosen and is locked, with the passphrase in
    /// [`PASSPHRASE_VARIABLE`], and says whether it did. As the variable stays where it is, the
    /// vault then does not lock itself.
    ///
    /// # Errors
    /// As [`Vaults::unlock`].
    pub fn unlock_from_environment(&self) -> Result<bool, Error> {
        let waits = self.chosen() == Some(Backend::Passphrase)
            && matches!(self.state(), VaultState::Locked { .. });
        let Some(passphrase) = passphrase_in_environment().filter(|_| waits) else {
            return Ok(false);
        };
        let _locked = self.locked()?;
        self.0.passphrase.unlock(&passphrase, None)?;
        Ok(true)
    }

    /// Locks the passphrase vault in this process.
    pub fn lock(&self) {
        self.0.passphrase.lock();
    }

    /// Locks the passphrase vault in every process of this user.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the other processes cannot be told; this one has locked it.
    /// [`ErrorKind::InvalidInput`] when no passphrase vault was chosen.
    pub fn lock_everywhere(&self) -> Result<(), Error> {
        self.lock();
        self.passphrase_chosen()?;
        let _locked = self.locked()?;
        self.0.passphrase.lock_everywhere()
    }

    /// Says who is told when the passphrase vault has locked itself in this process because nobody
    /// used it; whoever was told before is not any more.
    pub fn when_it_locks_itself(&self, told: impl Fn() + Send + Sync + 'static) {
        self.0.passphrase.tell(Arc::new(told));
    }

    /// Locks the passphrase vault when it was not used for too long. A thread does this too.
    pub fn lock_if_idle(&self) {
        self.0.passphrase.lock_if_idle();
    }

    /// Puts another passphrase in the place of the one that is known. What the vault holds is
    /// sealed with keys that stay the same: who has a copy of its files and the passphrase of that
    /// time can read the copy.
    ///
    /// # Errors
    /// As [`Vaults::unlock`], and [`ErrorKind::InvalidInput`] when the new one is too short.
    pub fn change_passphrase(&self, before: &Secret, after: &Secret) -> Result<(), Error> {
        self.passphrase_chosen()?;
        let _locked = self.locked()?;
        self.0.passphrase.change_passphrase(before, after)
    }

    /// Chooses a place and moves secrets there: those that are named, as far as there are such,
    /// and all that a place knows by itself. They are removed from the old place after the new one
    /// gave them back and the choice was remembered, so that whatever happens, one place has them.
    ///
    /// # Errors
    /// [`ErrorKind::VaultUnavailable`] when the new place cannot be used, or the old one not be
    /// read and [`Unreadable::Refuse`] was said; [`ErrorKind::InvalidInput`] when the passphrase
    /// is too short or not the one of the vault that is there; [`ErrorKind::Storage`]. Then
    /// nothing was chosen or removed.
    pub fn choose(
        &self,
        choice: Choice<'_>,
        names: &[SecretName],
        unreadable: Unreadable,
    ) -> Result<Moved, Error> {
        let _locked = self.locked()?;
        let before = self.remembered();
        let is_new = matches!(&before, Ok(known) if !known.is_known);
        let source = if is_new && names.is_empty() {
            // There is nothing to move, and no reason to have a keystore ask for its password.
            None
        } else {
            let found = match &before {
                Ok(known) => self.usable(known),
                Err(state) => Err(state.clone()),
            };
            match found {
                Ok(source) => Some(source),
                // Nobody chose it and nothing was put there, so that nothing is left behind.
                Err(_) if is_new || unreadable == Unreadable::LeaveBehind => None,
                Err(state) => return Err(not_readable(&state)),
            }
        };
        let known = before.ok();
        let was_in = known.as_ref().map(|known| known.kept_in);
        let leaving = known.as_ref().map_or(&[][..], |known| &known.leaving);
        let mut moved = Moved::default();
        let mut after = Remembered {
            is_known: true,
            kept_in: choice.backend(),
            mark: None,
            lock_after_minutes: self.lock_after_minutes(),
            leaving: self.finish(leaving),
        };
        if let (Some(known), Some(_), false) = (&known, &source, is_new)
            && known.kept_in == after.kept_in
        {
            if let Choice::Passphrase(passphrase) = choice {
                self.0.passphrase.unlock(passphrase, idle(known))?;
            }
            after.mark.clone_from(&known.mark);
            choice::write(&self.0.file, &after)?;
            return Ok(moved);
        }
        // What could not be removed from the place that is chosen now is what is kept there.
        after.leaving.retain(|left| left.kept_in != after.kept_in);
        let target = self.prepare(choice, &mut after, unreadable, &mut moved)?;
        let (Some(source), Some(was_in)) = (source, was_in.filter(|old| *old != after.kept_in))
        else {
            choice::write(&self.0.file, &after)?;
            return Ok(moved);
        };
        let names = self.all_names(&source, names)?;
        self.copy(&source, &target, &names, &mut moved)?;
        self.step("copied");
        let others = after.leaving.clone();
        after.leaving.push(Leaving::new(was_in, &moved.moved));
        choice::write(&self.0.file, &after)?;
        self.step("chosen");
        let failed = self.remove_from(&source, &moved.moved);
        if let (Usable::Keystore(keystore), Some(mark)) = (&source, known.and_then(|it| it.mark)) {
            // Nothing looks for it any more; that it stays would harm nobody.
            keystore.forget(&mark_name(&mark)).ok();
        }
        after.leaving = others;
        if !failed.is_empty() {
            after.leaving.push(Leaving::new(was_in, &failed));
        }
        choice::write(&self.0.file, &after)?;
        moved.moved.retain(|name| !failed.contains(name));
        moved.left.extend(failed);
        Ok(moved)
    }

    /// Removes what an earlier move left in its old place, and gives what is still there.
    fn finish(&self, leaving: &[Leaving]) -> Vec<Leaving> {
        let mut still = Vec::new();
        for left in leaving {
            let names = left.names();
            let place = match left.kept_in {
                Backend::Keystore => Keystore::open(&self.0.surroundings)
                    .ok()
                    .map(Usable::Keystore),
                Backend::Passphrase => Some(Usable::Passphrase),
                // It ended with the program.
                Backend::Session => continue,
            };
            let failed = place.map_or_else(|| names.clone(), |old| self.remove_from(&old, &names));
            if !failed.is_empty() {
                still.push(Leaving::new(left.kept_in, &failed));
            }
        }
        still
    }

    /// Makes the new place ready.
    fn prepare(
        &self,
        choice: Choice<'_>,
        after: &mut Remembered,
        unreadable: Unreadable,
        moved: &mut Moved,
    ) -> Result<Usable, Error> {
        match choice {
            Choice::Session => Ok(Usable::Session),
            Choice::Keystore => {
                let found = Keystore::open(&self.0.surroundings);
                let keystore = found.map_err(|state| {
                    state.into_error("The keystore cannot be chosen as it is now")
                })?;
                let mark = put_mark(&keystore)?;
                *self.keystore() = Some((keystore.clone(), Some(mark.clone())));
                after.mark = Some(mark);
                Ok(Usable::Keystore(keystore))
            }
            Choice::Passphrase(passphrase) => {
                let vault = &self.0.passphrase;
                let state = vault.state();
                let is_damaged = matches!(state, VaultState::Damaged { .. });
                if vault.is_empty()? {
                    vault.make(passphrase)?;
                } else if is_damaged && unreadable == Unreadable::LeaveBehind {
                    moved.set_aside = Some(vault.set_aside()?);
                    vault.make(passphrase)?;
                } else if is_damaged {
                    return Err(not_readable(&state));
                }
                vault.unlock(passphrase, idle(after))?;
                Ok(Usable::Passphrase)
            }
        }
    }

    /// The names that the caller knows and those that the place knows.
    fn all_names(&self, place: &Usable, names: &[SecretName]) -> Result<Vec<SecretName>, Error> {
        let mut all = names.to_vec();
        all.extend(match place {
            Usable::Keystore(_) => Vec::new(),
            Usable::Passphrase => self.0.passphrase.names()?,
            Usable::Session => self.0.session.names(),
        });
        all.sort();
        all.dedup();
        Ok(all)
    }

    fn copy(
        &self,
        source: &Usable,
        target: &Usable,
        names: &[SecretName],
        moved: &mut Moved,
    ) -> Result<(), Error> {
        for name in names {
            let Some(secret) = self.get_from(source, name)? else {
                continue;
            };
            // Who chose to have everything forgotten did not choose to lose what is kept.
            if let Usable::Session = target {
                moved.left.push(name.clone());
                continue;
            }
            self.put_into(target, name, &secret)?;
            let back = self.get_from(target, name)?;
            if back.as_ref().map(Secret::expose) != Some(secret.expose()) {
                return Err(Error::new(
                    ErrorKind::VaultUnavailable,
                    sentence!("`{name}` did not come back from its new place", name),
                )
                .remedy("Try again, or choose another place; nothing was removed"));
            }
            moved.moved.push(name.clone());
        }
        Ok(())
    }

    /// Removes secrets and gives those that are still there.
    fn remove_from(&self, place: &Usable, names: &[SecretName]) -> Vec<SecretName> {
        let mut failed = Vec::new();
        for name in names {
            if let Err(error) = self.forget_in(place, name) {
                tracing::warn!("{}", error.chain());
                failed.push(name.clone());
            }
        }
        if let (Usable::Passphrase, Ok(true)) = (place, self.0.passphrase.is_empty())
            && let Err(error) = self.0.passphrase.remove_empty()
        {
            tracing::warn!("{}", error.chain());
        }
        failed
    }

    fn put_into(&self, place: &Usable, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        match place {
            Usable::Keystore(keystore) => keystore.put(name, secret),
            Usable::Passphrase => self.0.passphrase.put(name, secret),
            Usable::Session => self.0.session.put(name, secret),
        }
    }

    fn get_from(&self, place: &Usable, name: &SecretName) -> Result<Option<Secret>, Error> {
        match place {
            Usable::Keystore(keystore) => keystore.get(name),
            Usable::Passphrase => self.0.passphrase.get(name),
            Usable::Session => self.0.session.get(name),
        }
    }

    fn forget_in(&self, place: &Usable, name: &SecretName) -> Result<Forgotten, Error> {
        match place {
            Usable::Keystore(keystore) => keystore.forget(name),
            Usable::Passphrase => self.0.passphrase.forget(name),
            Usable::Session => self.0.session.forget(name),
        }
    }

    fn remembered(&self) -> Result<Remembered, VaultState> {
        choice::read(&self.0.file, LOCK_AFTER_MINUTES)
    }

    /// The place that was chosen, if it can be used.
    fn usable(&self, remembered: &Remembered) -> Result<Usable, VaultState> {
        match remembered.kept_in {
            Backend::Session => Ok(Usable::Session),
            Backend::Keystore => self.usable_keystore(remembered).map(Usable::Keystore),
            Backend::Passphrase => match self.0.passphrase.state() {
                VaultState::Available { .. } => Ok(Usable::Passphrase),
                trouble => Err(trouble),
            },
        }
    }

    /// The keystore, if it is the one in which secrets were put.
    fn usable_keystore(&self, remembered: &Remembered) -> Result<Keystore, VaultState> {
        let mut known = self.keystore();
        if let Some((keystore, mark)) = &*known
            && *mark == remembered.mark
        {
            return Ok(keystore.clone());
        }
        let keystore = match known.take() {
            Some((keystore, _)) => keystore,
            None => Keystore::open(&self.0.surroundings)?,
        };
        if let Some(mark) = &remembered.mark {
            let found =
                keystore
                    .get(&mark_name(mark))
                    .map_err(|error| VaultState::Unavailable {
                        reason: error.sentence_with_causes(),
                        remedy: Remedy::from("Try again").or(elsewhere()),
                    })?;
            if found.is_none() {
                return Err(VaultState::Changed {
                    reason: sentence!(
                        "{keystore} is not the one in which the tokens were put",
                        keystore = Keystore::name()
                    ),
                    remedy: Remedy::of_each(
                        "Unlock or start the keystore that was used before; or begin with this \
                         one, `tributary vault choose keystore --leave-behind`, and sign in again",
                        "Unlock or start the keystore that was used before; or choose this one \
                         anew and sign in again",
                    ),
                });
            }
        }
        *known = Some((keystore.clone(), remembered.mark.clone()));
        Ok(keystore)
    }

    /// Remembers the keystore in which the first secret is about to be put.
    fn remember_keystore(&self, keystore: &Keystore, known: Remembered) -> Result<(), Error> {
        if known.mark.is_some() {
            return Ok(());
        }
        let mark = put_mark(keystore)?;
        let known = Remembered {
            is_known: true,
            mark: Some(mark.clone()),
            ..known
        };
        choice::write(&self.0.file, &known)?;
        *self.keystore() = Some((keystore.clone(), Some(mark)));
        Ok(())
    }

    /// Does something with the chosen place, under the lock where files of ours or several entries
    /// are concerned.
    fn with_place<T>(
        &self,
        doing: &Sentence,
        writes: bool,
        work: impl FnOnce(&Usable) -> Result<T, Error>,
    ) -> Result<T, Error> {
        loop {
            let trouble = |state: VaultState| state.into_error(doing.clone());
            let remembered = self.remembered().map_err(trouble)?;
            let place = self.usable(&remembered).map_err(trouble)?;
            let locks = match &place {
                Usable::Keystore(_) => writes,
                Usable::Passphrase => true,
                Usable::Session => false,
            };
            let locked = if locks { Some(self.locked()?) } else { None };
            let chosen_now = self.remembered().map_err(trouble)?;
            if (chosen_now.kept_in, &chosen_now.mark) != (remembered.kept_in, &remembered.mark) {
                // Another place was chosen meanwhile.
                continue;
            }
            if let (Usable::Keystore(keystore), true) = (&place, writes) {
                self.remember_keystore(keystore, chosen_now)?;
            }
            let done = work(&place);
            drop(locked);
            if let (Usable::Keystore(_), Err(error)) = (&place, &done)
                && error.kind() == ErrorKind::VaultUnavailable
            {
                // The next one looks whether it is still there.
                *self.keystore() = None;
            }
            return done;
        }
    }

    fn passphrase_chosen(&self) -> Result<Remembered, Error> {
        let remembered = self.remembered();
        let remembered = remembered.map_err(|state| {
            state.into_error("It is not known whether there is a passphrase vault")
        })?;
        if remembered.kept_in != Backend::Passphrase {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "Tokens are not kept in a passphrase vault but in `{kept_in}`",
                    kept_in = remembered.kept_in.name()
                ),
            )
            .remedy(Remedy::of_each(
                "Choose one with `tributary vault choose passphrase`",
                "Choose the passphrase vault first",
            )));
        }
        Ok(remembered)
    }

    fn locked(&self) -> Result<FileLock, Error> {
        lock(&self.0.lock)
    }

    fn keystore(&self) -> MutexGuard<'_, Option<(Keystore, Option<String>)>> {
        let guard = self.0.keystore.lock();
        guard.unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, what: &str) {
        (self.0.surroundings.at_step)(what);
    }
}

impl Vault for Vaults {
    fn put(&self, name: &SecretName, secret: &Secret) -> Result<(), Error> {
        self.with_place(&sentence!("`{name}` cannot be kept", name), true, |place| {
            self.put_into(place, name, secret)
        })
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        self.with_place(
            &sentence!("`{name}` cannot be read", name),
            false,
            |place| self.get_from(place, name),
        )
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        self.with_place(
            &sentence!("`{name}` cannot be removed", name),
            true,
            |place| self.forget_in(place, name),
        )
    }
}

impl fmt::Debug for Vaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Vaults({})", self.0.file.display())
    }
}

impl Choice<'_> {
    /// The place that is chosen.
    pub fn backend(self) -> Backend {
        match self {
            Self::Keystore => Backend::Keystore,
            Self::Passphrase(_) => Backend::Passphrase,
            Self::Session => Backend::Session,
        }
    }
}

impl Surroundings {
    /// The time of this machine; nothing happens between steps.
    pub fn of_system() -> Self {
        Self {
            running: Arc::new(running),
            at_step: Arc::new(|_| {}),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Surroundings")
    }
}

/// The time since the machine was started. The clock that Rust gives stands still on Linux while
/// the machine sleeps, and a vault must not stay open overnight in a laptop's bag.
#[cfg(target_os = "linux")]
fn running() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let now = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
fn running() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;

    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// A vault on a machine that has no folder for this user.
struct Nowhere(VaultState);

impl Nowhere {
    fn error(&self, name: &SecretName) -> Error {
        let state = self.0.clone();
        state.into_error(format!("There is no place for `{name}`"))
    }
}

impl Vault for Nowhere {
    fn put(&self, name: &SecretName, _: &Secret) -> Result<(), Error> {
        Err(self.error(name))
    }

    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        Err(self.error(name))
    }

    fn forget(&self, name: &SecretName) -> Result<Forgotten, Error> {
        Err(self.error(name))
    }
}

/// Puts an entry into a keystore by which it is known again, and gives the entry's name.
fn put_mark(keystore: &Keystore) -> Result<String, Error> {
    let mark = random_name()?;
    keystore.put(&mark_name(&mark), &Secret::new(mark.clone()))?;
    Ok(mark)
}

fn mark_name(mark: &str) -> SecretName {
    SecretName::of_vault(&format!("vault {mark}"))
}

fn passphrase_in_environment() -> Option<Secret> {
    let value = std::env::var(PASSPHRASE_VARIABLE).ok();
    value.filter(|value| !value.is_empty()).map(Secret::new)
}

fn idle(remembered: &Remembered) -> Option<Duration> {
    let minutes = u64::from(remembered.lock_after_minutes);
    (minutes > 0).then(|| Duration::from_secs(minutes * 60))
}

fn not_readable(state: &VaultState) -> Error {
    let error = Error::new(
        ErrorKind::VaultUnavailable,
        "What is kept in the place chosen so far cannot be read",
    );
    match state.trouble() {
        Some((reason, remedy)) => error
            .caused_by(reason.as_str())
            .remedy(remedy.or("leave it behind, where nothing is deleted")),
        None => error,
    }
}
