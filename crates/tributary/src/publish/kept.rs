//! Pictures of diagrams and formulas that were drawn, kept on disk for the next start.
//!
//! A file for each, named after everything that the picture depends on. Several processes may use
//! the folder at once: a file is written whole under another name first, and whoever finds one that
//! is damaged, or gone, draws again. It can be deleted at any time. What a server drew is not kept,
//! because nobody knows when that server begins to draw otherwise.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use tributary_diagrams::{EDITION, Kind, Picture};

use crate::error::Error;
use crate::store::{Paths, read_if_there, remove, write_made_private};

/// What the pictures of a user take on disk, unless told otherwise.
pub const DRAWINGS_SIZE: u64 = 64 * 1024 * 1024;

/// Digits of a hash before what it is the hash of.
const DIGITS: usize = 64;

static KEPT: RwLock<Option<Kept>> = RwLock::new(None);

/// Keeps what is drawn from now on among what can be fetched or made again. Until then, and where
/// the folder cannot be written to, pictures are kept in memory alone.
pub fn keep_drawings(paths: &Paths) {
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    *kept = Some(Kept::new(folder_of(paths), DRAWINGS_SIZE));
}

/// Takes all that were kept off the disk; what is drawn later is kept again. Blocks on the disk.
///
/// # Errors
/// [`crate::ErrorKind::Storage`] when one of them cannot be removed.
pub fn forget_drawings(paths: &Paths) -> Result<(), Error> {
    let folder = folder_of(paths);
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    for entry in Kept::new(folder.clone(), DRAWINGS_SIZE).entries() {
        remove(&entry.path)?;
    }
    // What this process knew of its size is no more.
    if kept.as_ref().is_some_and(|kept| kept.folder == folder) {
        *kept = Some(Kept::new(folder, DRAWINGS_SIZE));
    }
    Ok(())
}

fn folder_of(paths: &Paths) -> PathBuf {
    paths.cache.join("drawings")
}

/// What is kept of a source.
pub(super) fn load(kind: Kind, source: &str) -> Option<Vec<u8>> {
    let kept = KEPT.read().unwrap_or_else(PoisonError::into_inner);
    kept.as_ref()?.load(kind, source)
}

/// Keeps a picture of a source.
pub(super) fn keep(kind: Kind, source: &str, picture: &Picture) {
    let kept = KEPT.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = kept.as_ref() {
        kept.keep(kind, source, &picture.to_bytes());
    }
}

/// A folder of pictures.
struct Kept {
    folder: PathBuf,
    most: u64,
    /// What is in the folder, as far as this process knows; read when it first writes.
    size: OnceLock<AtomicU64>,
}

/// A file of the folder.
struct Entry {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

impl Kept {
    fn new(folder: PathBuf, most: u64) -> Self {
        Self {
            folder,
            most,
            size: OnceLock::new(),
        }
    }

    fn path(&self, kind: Kind, source: &str) -> PathBuf {
        let of = format!("{EDITION}\n{}\n{source}", kind.word());
        self.folder.join(digest(of.as_bytes()))
    }

    fn load(&self, kind: Kind, source: &str) -> Option<Vec<u8>> {
        let path = self.path(kind, source);
        let bytes = read_if_there(&path).ok().flatten()?;
        let (hash, picture) = bytes.split_at_checked(DIGITS)?;
        if digest(picture).as_bytes() != hash {
            tracing::warn!(path = %path.display(), "a picture that was kept is damaged");
            return None;
        }
        self.touch(&path);
        Some(picture.to_vec())
    }

    /// Notes that a file was used, so that others leave before it. One that cannot be touched
    /// leaves a little early.
    fn touch(&self, path: &Path) {
        let touched = fs::File::options()
            .append(true)
            .open(path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        if let Err(error) = touched {
            tracing::debug!(%error, path = %path.display(), "its use is not noted");
        }
    }

    fn keep(&self, kind: Kind, source: &str, picture: &[u8]) {
        let mut bytes = digest(picture).into_bytes();
        bytes.extend_from_slice(picture);
        let added = bytes.len() as u64;
        if added > self.most {
            return;
        }
        let size = self.size.get_or_init(|| {
            let entries = self.entries();
            AtomicU64::new(entries.iter().map(|entry| entry.size).sum())
        });
        if size.fetch_add(added, Ordering::Relaxed) + added > self.most {
            size.store(self.make_room(added) + added, Ordering::Relaxed);
        }
        if let Err(error) = write_made_private(&self.path(kind, source), &bytes) {
            tracing::warn!(%error, "a picture cannot be kept");
        }
    }

    /// Takes files away, those first that were used longest ago, until a quarter is free. Gives the
    /// size of what stays.
    fn make_room(&self, wanted: u64) -> u64 {
        let mut entries = self.entries();
        entries.sort_by_key(|entry| entry.used);
        let mut size: u64 = entries.iter().map(|entry| entry.size).sum();
        let most = (self.most / 4 * 3).min(self.most.saturating_sub(wanted));
        for entry in entries {
            if size <= most {
                break;
            }
            // Somebody else may have taken it.
            if fs::remove_file(&entry.path).is_ok() || !entry.path.exists() {
                size -= entry.size;
            }
        }
        size
    }

    fn entries(&self) -> Vec<Entry> {
        let found = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        found
            .filter_map(|entry| {
                let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Entry {
                    path: entry.path(),
                    size: about.len(),
                    used: about.modified().ok()?,
                })
            })
            .collect()
    }
}

fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::thread;

    use tributary_diagrams::Kind;

    use super::{DIGITS, Kept, write_made_private};

    const KIND: Kind = Kind::Mermaid;

    #[test]
    fn what_is_kept_is_found_by_its_kind_and_source() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::new(folder.path().join("drawings"), 1 << 20);
        assert_eq!(kept.load(KIND, "a"), None);
        kept.keep(KIND, "a", b"picture");
        let again = Kept::new(folder.path().join("drawings"), 1 << 20);
        assert_eq!(again.load(KIND, "a").as_deref(), Some(&b"picture"[..]));
        assert_eq!(again.load(KIND, "b"), None);
        assert_eq!(again.load(Kind::Graphviz, "a"), None);
    }

    #[test]
    fn a_damaged_file_is_none_and_is_written_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::new(folder.path().to_path_buf(), 1 << 20);
        kept.keep(KIND, "a", b"picture");
        let path = kept.path(KIND, "a");
        let whole = std::fs::read(&path).expect("it is there");
        for broken in [
            Vec::new(),
            whole[..DIGITS - 1].to_vec(),
            whole[..whole.len() - 1].to_vec(),
            [&whole[..], b"x"].concat(),
        ] {
            write_made_private(&path, &broken).expect("it is written");
            assert_eq!(kept.load(KIND, "a"), None);
        }
        kept.keep(KIND, "a", b"picture");
        assert_eq!(kept.load(KIND, "a").as_deref(), Some(&b"picture"[..]));
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let each = 1000 - DIGITS;
        let kept = Kept::new(folder.path().to_path_buf(), 10_000);
        kept.keep(KIND, "used", &vec![0; each]);
        for number in 0..50 {
            kept.keep(KIND, &number.to_string(), &vec![0; each]);
            assert!(kept.load(KIND, "used").is_some(), "it was used last");
            let there: u64 = kept.entries().iter().map(|entry| entry.size).sum();
            assert!(there <= 10_000, "{there}");
        }
        assert!(kept.load(KIND, "49").is_some() && kept.load(KIND, "0").is_none());
        kept.keep(KIND, "huge", &vec![0; 20_000]);
        assert!(kept.load(KIND, "huge").is_none());
        // What others wrote is counted by a process that begins.
        let other = Kept::new(folder.path().to_path_buf(), 10_000);
        other.keep(KIND, "more", b"x");
        let size = other
            .size
            .get()
            .expect("it was read")
            .load(Ordering::Relaxed);
        let there: u64 = kept.entries().iter().map(|entry| entry.size).sum();
        assert_eq!(size, there);
    }

    #[test]
    fn many_at_once_find_whole_pictures_or_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        thread::scope(|scope| {
            for writer in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    // Each is as a process of its own, and all together have too little room.
                    let kept = Kept::new(folder.to_path_buf(), 40_000);
                    for number in 0..100 {
                        let source = (number % 20 + writer).to_string();
                        let picture = source.repeat(2000);
                        if let Some(found) = kept.load(KIND, &source) {
                            assert_eq!(found, picture.as_bytes());
                        }
                        kept.keep(KIND, &source, picture.as_bytes());
                    }
                });
            }
        });
    }
}
