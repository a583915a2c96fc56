//! Waits until the sources of a publish change: a saved file, or a commit.
//!
//! Says only that something changed, never what: the next plan finds that out, and does so even
//! when the system has dropped events.

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
        let below = root.to_path_buf();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error means that events were lost, so something may have changed.
            if event.is_err() || event.is_ok_and(|event| matters(&below, &event)) {
                notice.try_send(()).ok();
            }
        })
        .map_err(failed)?;
        watcher
            .watch(root, RecursiveMode::Recursive)
            .map_err(failed)?;
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

/// Whether an event can change what is published.
fn matters(root: &Path, event: &Event) -> bool {
    let reads_only = matches!(
        event.kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))
    );
    !reads_only
        && event
            .paths
            .iter()
            .any(|path| path_matters(path.strip_prefix(root).unwrap_or(path)))
}

/// Inside `.git` only what a commit or a checkout moves matters: reading a repository may refresh
/// its index, which would make every publish cause the next.
fn path_matters(path: &Path) -> bool {
    let parts: PathBuf = path.components().collect();
    if let Ok(inside) = parts.strip_prefix(".git") {
        return inside == Path::new("HEAD")
            || inside.starts_with("refs/heads")
                && inside.extension().is_none_or(|end| end != "lock");
    }
    !path
        .iter()
        .any(|part| NEVER.iter().any(|never| part == *never))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::path_matters;

    #[test]
    fn a_commit_matters_and_the_index_does_not() {
        for (path, expected) in [
            ("docs/intro.md", true),
            (".tributary.toml", true),
            (".github/README.md", true),
            (".git/HEAD", true),
            (".git/refs/heads/main", true),
            (".git/refs/heads/main.lock", false),
            (".git/index", false),
            (".git/objects/ab/cd", false),
            ("node_modules/a/README.md", false),
        ] {
            assert_eq!(path_matters(Path::new(path)), expected, "{path}");
        }
    }
}
