//! The repositories that the hosts have: the two of [`super::seed`], made at first use, and those
//! that were attached.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use super::{Repository, seed};

/// A repository with the name hosts know it by.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) owner: String,
    pub(crate) name: String,
    /// The number that hosts know it by.
    pub(crate) number: usize,
    /// Whether everybody may read it.
    pub(crate) public: bool,
    pub(crate) repository: Repository,
    /// Whether it was attached, and must not be written to.
    pub(crate) attached: bool,
}

impl Held {
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }
}

/// All repositories of a sandbox; every host has the same.
#[derive(Debug, Default)]
pub(crate) struct Repositories {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Where the sandbox keeps its state, when it does.
    kept: Option<PathBuf>,
    /// Goes away with the sandbox.
    temporary: Option<TempDir>,
    held: Vec<Held>,
    /// Names that were given up, with the number of the repository that had it.
    renamed: Vec<(String, usize)>,
    /// Whether the seeds are there.
    made: bool,
}

/// The repositories that are there from the start.
pub(crate) const SEEDS: [(&str, &str); 2] = [("acme", "handbook"), ("acme", "secret-plans")];

impl Repositories {
    /// Keeps the repositories in a folder instead of a temporary one.
    pub(crate) fn keep_in(&self, folder: &Path) {
        self.lock().kept = Some(folder.to_owned());
    }

    /// Every repository, in the order of its numbers.
    pub(crate) fn all(&self) -> io::Result<Vec<Held>> {
        let mut state = self.lock();
        state.make()?;
        Ok(state.held.clone())
    }

    /// The repository of a name; upper and lower case are the same.
    pub(crate) fn find(&self, full_name: &str) -> io::Result<Option<Held>> {
        let all = self.all()?;
        Ok(all
            .into_iter()
            .find(|held| held.full_name().eq_ignore_ascii_case(full_name)))
    }

    /// The name of a repository as it is written, without making any.
    pub(crate) fn known(&self, full_name: &str) -> Option<String> {
        let state = self.lock();
        let seeds = SEEDS.iter().map(|(owner, name)| format!("{owner}/{name}"));
        seeds
            .chain(state.held.iter().map(Held::full_name))
            .find(|known| known.eq_ignore_ascii_case(full_name))
    }

    /// Adds a repository that lies somewhere else on this machine, or an empty one of our own, or
    /// replaces the place of one with the same name.
    pub(crate) fn attach(&self, full_name: &str, place: Option<&Path>) -> io::Result<()> {
        let refused = |reason: &str| io::Error::new(io::ErrorKind::InvalidInput, reason.to_owned());
        let Some((owner, name)) = full_name.split_once('/').filter(|(owner, name)| {
            let plain = |part: &str| {
                !part.is_empty()
                    && !part.starts_with('.')
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            };
            plain(owner) && plain(name)
        }) else {
            return Err(refused("a repository's name is `owner/name`"));
        };
        let mut state = self.lock();
        state.make()?;
        let repository = match place {
            Some(place) => attached(place)?,
            None => state.made_once(owner, name, seed::empty)?,
        };
        let at = state
            .held
            .iter()
            .position(|held| held.full_name().eq_ignore_ascii_case(full_name));
        let number = at.unwrap_or(state.held.len()) + 101;
        let held = Held {
            owner: owner.to_owned(),
            name: name.to_owned(),
            number,
            public: false,
            repository,
            attached: place.is_some(),
        };
        match at {
            Some(at) => state.held[at] = held,
            None => state.held.push(held),
        }
        Ok(())
    }

    /// Opens a repository to everybody, or closes it; whether there is one.
    pub(crate) fn set_public(&self, full_name: &str, public: bool) -> io::Result<bool> {
        let mut state = self.lock();
        state.make()?;
        let found = state
            .held
            .iter_mut()
            .find(|held| held.full_name().eq_ignore_ascii_case(full_name));
        Ok(found.map(|held| held.public = public).is_some())
    }

    /// Gives a repository another name; whether there is one, and the name is free.
    pub(crate) fn rename(&self, full_name: &str, new_name: &str) -> io::Result<bool> {
        let Some((owner, name)) = new_name.split_once('/') else {
            return Ok(false);
        };
        let mut state = self.lock();
        state.make()?;
        let is_called = |held: &Held, name: &str| held.full_name().eq_ignore_ascii_case(name);
        if state.held.iter().any(|held| is_called(held, new_name)) {
            return Ok(false);
        }
        let found = state
            .held
            .iter_mut()
            .find(|held| is_called(held, full_name));
        let Some(held) = found else { return Ok(false) };
        let before = (held.full_name(), held.number);
        (held.owner, held.name) = (owner.to_owned(), name.to_owned());
        state.renamed.push(before);
        Ok(true)
    }

    /// The repository that had a name which none has now.
    pub(crate) fn renamed(&self, full_name: &str) -> io::Result<Option<Held>> {
        if self.find(full_name)?.is_some() {
            return Ok(None);
        }
        let state = self.lock();
        let mut renamed = state.renamed.iter().rev();
        let number = renamed
            .find(|(name, _)| name.eq_ignore_ascii_case(full_name))
            .map(|(_, number)| *number);
        let mut held = state.held.iter();
        Ok(held.find(|held| Some(held.number) == number).cloned())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock can leave the list half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn make(&mut self) -> io::Result<()> {
        if self.made {
            return Ok(());
        }
        for (at, (owner, name)) in SEEDS.into_iter().enumerate() {
            let repository = self.made_once(owner, name, |folder| seed::make(folder, name))?;
            self.held.push(Held {
                owner: owner.to_owned(),
                name: name.to_owned(),
                number: at + 101,
                public: false,
                repository,
                attached: false,
            });
        }
        self.made = true;
        Ok(())
    }

    /// Makes a repository where it is not there from an earlier start.
    fn made_once(
        &mut self,
        owner: &str,
        name: &str,
        make: impl FnOnce(&Path) -> io::Result<Repository>,
    ) -> io::Result<Repository> {
        let folder = match (&self.kept, &self.temporary) {
            (Some(kept), _) => kept.clone(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => {
                let made = tempfile::Builder::new()
                    .prefix("tributary-sandbox-git-")
                    .tempdir()?;
                self.temporary.insert(made).path().to_owned()
            }
        };
        let owned = folder.join(owner);
        let done = owned.join(format!("{name}.git"));
        if !done.exists() {
            // Under another name first, so that one that was not finished is made anew.
            let begun = owned.join(format!("{name}.git.begun"));
            if begun.exists() {
                std::fs::remove_dir_all(&begun)?;
            }
            make(&begun)?;
            std::fs::rename(&begun, &done)?;
        }
        Ok(Repository { folder: done })
    }
}

/// The repository of a folder: bare, or a clone with files.
fn attached(place: &Path) -> io::Result<Repository> {
    let inner = place.join(".git");
    // A linked working tree has a file there that names the place.
    let folder = if inner.is_file() {
        let told = std::fs::read_to_string(&inner)?;
        let named = told.trim().strip_prefix("gitdir: ").unwrap_or_default();
        place.join(named)
    } else if inner.is_dir() {
        inner
    } else {
        place.to_owned()
    };
    super::run(&folder, &["rev-parse", "--git-dir"], b"")?;
    Ok(Repository { folder })
}
