//! The room that repositories take that were fetched from Git servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::Error;
use crate::store::{size_of, write_atomically};

/// The file whose time tells when a repository was opened last.
const USED: &str = "tributary-used";
/// A repository that was used in this time may be in use now, also by another process.
const IN_USE: Duration = Duration::from_secs(60 * 60);

/// Notes that a repository is opened now. Blocks on the disk.
///
/// # Errors
/// When there is no room for it.
pub(crate) fn mark(repository: &Path) -> Result<(), Error> {
    write_atomically(&repository.join(USED), b"")
}

/// Whether it was noted when a repository was opened, as it is for those that stay.
pub(super) fn is_marked(repository: &Path) -> bool {
    repository.join(USED).exists()
}

/// Throws repositories away that were fetched below a folder, those used longest ago first, until
/// they hold no more than so many bytes; none that may be in use. Blocks on the disk.
pub(super) fn prune(folder: &Path, most: u64) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut all: Vec<(SystemTime, u64, PathBuf)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "git"))
        .map(|path| (used(&path), size_of(&path), path))
        .collect();
    all.sort();
    let mut held: u64 = all.iter().map(|(_, size, _)| size).sum();
    for (used, size, path) in all {
        let rests = SystemTime::now().duration_since(used).unwrap_or_default();
        if held <= most || rests < IN_USE {
            return;
        }
        match fs::remove_dir_all(&path) {
            Ok(()) => held = held.saturating_sub(size),
            // It is asked for again when it is needed, and costs room until then.
            Err(error) => tracing::debug!(%error, "a fetched repository stays"),
        }
    }
}

/// When a repository was opened last: its mark is written each time.
fn used(repository: &Path) -> SystemTime {
    let mark = fs::metadata(repository.join(USED));
    let at = mark.or_else(|_| fs::metadata(repository.join("HEAD")));
    at.and_then(|metadata| metadata.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use super::{IN_USE, USED, mark, prune};
    use crate::store::write_atomically;

    /// A fetched repository of a thousand bytes that was used so many hours ago.
    fn fetched(folder: &Path, name: &str, hours: u32) {
        let repository = folder.join(name);
        let pack = repository.join("objects/pack/a.pack");
        write_atomically(&pack, &[0; 1000]).expect("the folder is ours");
        mark(&repository).expect("the folder is ours");
        let when = SystemTime::now() - Duration::from_secs(60) - IN_USE * hours;
        let file = File::options()
            .write(true)
            .open(repository.join(USED))
            .expect("it is there");
        file.set_modified(when).expect("its time is set");
    }

    #[test]
    fn what_was_fetched_takes_only_so_much_room_and_what_is_in_use_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path();
        for (name, hours) in [("a.git", 3), ("b.git", 1), ("c.git", 2), ("d.git", 0)] {
            fetched(root, name, hours);
        }
        write_atomically(&root.join("other/large"), &[0; 9000]).expect("the folder is ours");
        let left = || {
            let names = ["a.git", "b.git", "c.git", "d.git", "other"];
            let there = names.into_iter().filter(|name| root.join(name).exists());
            there.collect::<Vec<_>>()
        };
        prune(root, 4000);
        assert_eq!(left(), ["a.git", "b.git", "c.git", "d.git", "other"]);
        prune(root, 2500);
        assert_eq!(left(), ["b.git", "d.git", "other"]);
        prune(root, 0);
        assert_eq!(left(), ["d.git", "other"], "it may be in use");
        assert!(
            fs::exists(root.join("other/large")).expect("readable"),
            "it is not ours"
        );
        prune(&root.join("absent"), 0);
    }
}
