//! Waits until the sources of a publish change: a saved file, a commit, or a name that leads elsewhere.
//!
//! Where Git keeps names outside of what is watched, that is watched too: one more folder of a repository
//! (`git worktree`) has a file in place of `.git`, and a folder inside of a repository has neither.
//!
//! Says only that something changed, never what: the next plan finds that out, and does so even
//! when the system has dropped events.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{Receiver, channel};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, ErrorKind};

/// How long it must be quiet before a change counts as finished: editors write a file in several
/// steps, and a checkout writes many.
const QUIET: Duration = Duration::from_millis(300);

/// Folders whose changes are never a change of documentation.
const NEVER: [&str; 3] = ["node_modules", "target", ".venv"];

/// A repository that is watched for changes. Dropping it ends the watch.
#[derive(Debug)]
pub struct Watch {
    // Held because dropping it ends the watch.
    _watcher: RecommendedWatcher,
    events: Receiver<()>,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Something below the watched paths changed, and it has been quiet since.
    Yes,
    /// The wait was given up.
    Cancelled,
}

impl Watch {
    /// Watches the root of a repository or folder. What changes from now on is noticed, also
    /// while nobody waits.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the system cannot watch it, for example because its limit of
    /// watched folders is reached.
    pub fn over(root: &Path) -> Result<Self, Error> {
        let failed =
            |error: notify::Error| {
                Error::new(
                ErrorKind::Storage,
                sentence!("`{root}` cannot be watched for changes", root = root.display()),
            )
            .remedy(
                "On Linux, raise `fs.inotify.max_user_watches`; or publish without watching, for \
                 example from a commit hook",
            )
            .caused_by(error)
            };
        // One waiting notice stands for any number of changes.
        let (notice, events) = channel(1);
        let places = Places::of(root);
        let names = places.names();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error means that events were lost, so something may have changed.
            if event.is_err() || event.is_ok_and(|event| matters(&places, &event)) {
                notice.try_send(()).ok();
            }
        })
        .map_err(failed)?;
        watcher
            .watch(root, RecursiveMode::Recursive)
            .map_err(failed)?;
        for (folder, mode) in names {
            watcher.watch(&folder, mode).map_err(failed)?;
        }
        Ok(Self {
            _watcher: watcher,
            events,
        })
    }

    /// Waits for a change, and then until it has been quiet for a moment.
    pub async fn changed(&mut self, cancel: &CancellationToken) -> Changed {
        let first = tokio::select! {
            event = self.events.recv() => event,
            () = cancel.cancelled() => None,
        };
        if first.is_none() {
            return Changed::Cancelled;
        }
        loop {
            tokio::select! {
                event = self.events.recv() => if event.is_none() { return Changed::Yes },
                () = tokio::time::sleep(QUIET) => return Changed::Yes,
                () = cancel.cancelled() => return Changed::Cancelled,
            }
        }
    }
}

/// What is watched.
#[derive(Debug)]
struct Places {
    root: PathBuf,
    /// Git's folder and the one that it shares with other folders of its repository, where they are not
    /// below the root.
    git: Option<(PathBuf, PathBuf)>,
}

impl Places {
    fn of(root: &Path) -> Self {
        let outside = || {
            let git = gix::discover(root).ok()?;
            let full = |folder: &Path| fs::canonicalize(folder).ok();
            let (own, shared) = (full(git.git_dir())?, full(git.common_dir())?);
            // A folder that is watched twice is told under one of its names alone.
            (!shared.starts_with(full(root)?)).then_some((own, shared))
        };
        Self {
            root: root.to_path_buf(),
            git: outside(),
        }
    }

    /// The folders that names are kept in, where they are not below the root: beside what is checked out
    /// and the packed names, each in a file or all in tables.
    fn names(&self) -> Vec<(PathBuf, RecursiveMode)> {
        let Some((own, shared)) = &self.git else {
            return Vec::new();
        };
        let mut folders = BTreeMap::from([(shared.join("refs"), RecursiveMode::Recursive)]);
        for folder in [own, shared] {
            for folder in [folder.clone(), folder.join("reftable")] {
                folders.insert(folder, RecursiveMode::NonRecursive);
            }
        }
        folders.retain(|folder, _| folder.is_dir());
        folders.into_iter().collect()
    }

    /// Whether what is published can change with a path.
    fn matters(&self, path: &Path) -> bool {
        if let Some((own, shared)) = &self.git {
            // The own folder may be inside of the shared one, whose `HEAD` is another folder's.
            if let Ok(inside) = path.strip_prefix(own) {
                return is_head(inside) || is_name(inside);
            }
            if let Ok(inside) = path.strip_prefix(shared) {
                return is_name(inside);
            }
        }
        path_matters(path.strip_prefix(&self.root).unwrap_or(path))
    }
}

/// Whether an event can change what is published.
fn matters(places: &Places, event: &Event) -> bool {
    let reads_only = matches!(
        event.kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))
    );
    !reads_only && event.paths.iter().any(|path| places.matters(path))
}

/// Whether a path inside of `.git` tells what is checked out, or what is being done to it: a merge, a rebase and
/// the like, which end without a change of any file where somebody gives them up.
fn is_head(inside: &Path) -> bool {
    let tells = [
        "HEAD",
        "MERGE_HEAD",
        "CHERRY_PICK_HEAD",
        "REVERT_HEAD",
        "BISECT_LOG",
        "rebase-merge",
        "rebase-apply",
    ];
    tells.iter().any(|name| inside == Path::new(name))
}

/// Whether a path inside of `.git` tells what names lead to: a file each, all in one, or in tables.
fn is_name(inside: &Path) -> bool {
    let kept = ["refs/heads", "refs/tags", "refs/remotes", "reftable"];
    inside == Path::new("packed-refs")
        || kept.iter().any(|folder| inside.starts_with(folder))
            && inside.extension().is_none_or(|end| end != "lock")
}

/// Inside `.git` only what a commit, a checkout or a fetch moves matters: reading a repository may refresh
/// its index, which would make every publish cause the next.
fn path_matters(path: &Path) -> bool {
    let parts: PathBuf = path.components().collect();
    if let Ok(inside) = parts.strip_prefix(".git") {
        return is_head(inside) || is_name(inside);
    }
    !path
        .iter()
        .any(|part| NEVER.iter().any(|never| part == *never))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Places, path_matters};

    #[test]
    fn a_commit_matters_and_the_index_does_not() {
        for (path, expected) in [
            ("docs/intro.md", true),
            (".tributary.toml", true),
            (".github/README.md", true),
            (".git/HEAD", true),
            (".git/MERGE_HEAD", true),
            (".git/rebase-merge", true),
            (".git/rebase-merge/done", false),
            (".git/ORIG_HEAD", false),
            (".git/refs/heads/main", true),
            (".git/refs/heads/main.lock", false),
            (".git/refs/heads/feature/x", true),
            (".git/refs/tags/v1", true),
            (".git/refs/remotes/origin/main", true),
            (".git/packed-refs", true),
            (".git/packed-refs.lock", false),
            (".git/reftable/tables.list", true),
            (".git/refs/stash", false),
            (".git/index", false),
            (".git/objects/ab/cd", false),
            ("node_modules/a/README.md", false),
        ] {
            assert_eq!(path_matters(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn names_of_a_folder_whose_git_is_elsewhere_matter_and_what_others_check_out_does_not() {
        let shared = PathBuf::from("/home/ada/handbook/.git");
        let places = Places {
            root: PathBuf::from("/home/ada/draft"),
            git: Some((shared.join("worktrees/draft"), shared)),
        };
        for (path, expected) in [
            ("draft/docs/intro.md", true),
            ("handbook/.git/worktrees/draft/HEAD", true),
            ("handbook/.git/worktrees/draft/MERGE_HEAD", true),
            ("handbook/.git/worktrees/other/MERGE_HEAD", false),
            ("handbook/.git/worktrees/draft/index", false),
            ("handbook/.git/worktrees/other/HEAD", false),
            ("handbook/.git/HEAD", false),
            ("handbook/.git/index", false),
            ("handbook/.git/refs/heads/main", true),
            ("handbook/.git/refs/heads/main.lock", false),
            ("handbook/.git/refs/tags/v1", true),
            ("handbook/.git/packed-refs", true),
            ("handbook/.git/reftable/tables.list", true),
        ] {
            let path = Path::new("/home/ada").join(path);
            assert_eq!(places.matters(&path), expected, "{}", path.display());
        }
    }
}
