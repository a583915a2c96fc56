//! What hosts answered, kept on disk: what can never change for good, the rest until asked again.
//!
//! One SQLite database that several processes may use at once and that can be deleted at any time.
//! When it grows too large, what was used longest ago goes first. A cache that fails costs
//! requests, never an answer.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::fetched;
use super::sent::Large;
use crate::error::{Error, ErrorKind};
use crate::store::write_private;

/// What the caches of a user hold together, unless told otherwise.
pub const USUAL_SIZE: u64 = 512 * 1024 * 1024;

/// A cache of answers. Clones are the same.
#[derive(Clone)]
pub struct Cache {
    connection: Arc<Mutex<Connection>>,
    most: u64,
    folder: PathBuf,
}

impl fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cache")
    }
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) etag: Option<String>,
    /// Where the next page is, when a header said so.
    pub(super) next: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Whether what SQLite says is about what is in the file, and not about the machine or another
/// process. What it cannot make sense of, such as a file of a later form or tables of somebody
/// else's, it calls an error of no kind.
fn is_damaged(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{SqlInputError, SqliteFailure};
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, Unknown};
    match error {
        SqliteFailure(why, _) | SqlInputError { error: why, .. } => {
            matches!(why.code, DatabaseCorrupt | NotADatabase | Unknown)
        }
        _ => false,
    }
}

impl Cache {
    /// Opens the cache in a folder, which holds at most so many bytes of answers. A damaged one is
    /// replaced. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the folder cannot be written to.
    pub fn open(folder: &Path, most: u64) -> Result<Self, Error> {
        let file = folder.join("hosts.sqlite");
        let failed = |error: rusqlite::Error| {
            Error::new(
                ErrorKind::Storage,
                sentence!("The cache `{file}` cannot be opened", file = file.display()),
            )
            .remedy("Delete the file; it holds nothing that cannot be fetched again")
            .caused_by(error)
        };
        let connection = match connect(&file)? {
            Ok(connection) => connection,
            Err(error) if is_damaged(&error) => {
                for name in ["hosts.sqlite", "hosts.sqlite-wal", "hosts.sqlite-shm"] {
                    crate::store::remove(&folder.join(name))?;
                }
                connect(&file)?.map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            most,
            folder: folder.to_path_buf(),
        })
    }

    /// Lets go of everything in a folder that a cache keeps there, but for what may be in use. Another
    /// process may use it meanwhile. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the disk refuses.
    pub fn clear(folder: &Path, most: u64) -> Result<(), Error> {
        fetched::prune(&folder.join("git"), 0);
        Large::in_folder(folder, 0).prune();
        if !folder.join("hosts.sqlite").exists() {
            return Ok(());
        }
        let cache = Self::open(folder, most)?;
        let connection = cache
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // What is deleted leaves its room in the file until that is written anew.
        let cleared =
            connection.execute_batch("DELETE FROM kept; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
        cleared.map_err(|error| {
            Error::new(ErrorKind::Storage, "The cache could not be cleared")
                .remedy("Close other windows and commands of Tributary, and try again")
                .caused_by(error)
        })
    }

    /// The folder it is in, where other things may be kept that can be fetched again.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where repositories are kept that were fetched by Git, which have as much room as the answers:
    /// those that were not used for longest go. Blocks on the disk.
    pub(super) fn git_folder(&self) -> PathBuf {
        let folder = self.folder.join("git");
        fetched::prune(&folder, self.most);
        folder
    }

    /// As much as it holds.
    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// The answer under a key.
    pub(super) async fn get(&self, key: &str) -> Option<Kept> {
        let key = digest(key);
        self.run(move |connection, _| {
            let found = connection
                .prepare_cached("SELECT etag, next, body FROM kept WHERE key = ?1")?
                .query_row([&key[..]], |row| {
                    Ok(Kept {
                        etag: row.get(0)?,
                        next: row.get(1)?,
                        body: row.get(2)?,
                    })
                })
                .optional()?;
            if found.is_some() {
                connection.execute(
                    "UPDATE kept SET used = (SELECT max(used) FROM kept) + 1 WHERE key = ?1",
                    [&key[..]],
                )?;
            }
            Ok(found)
        })
        .await
        .flatten()
    }

    /// The answer under a key, unless it is larger than so many bytes: then it is not read at all.
    pub(super) async fn get_at_most(&self, key: &str, most: u64) -> Option<Kept> {
        let known = digest(key);
        let most = most.cast_signed();
        let is_small = self.run(move |connection, _| {
            connection
                .prepare_cached("SELECT 1 FROM kept WHERE key = ?1 AND size <= ?2")?
                .exists(params![&known[..], most])
        });
        match is_small.await {
            Some(true) => self.get(key).await,
            _ => None,
        }
    }

    /// Whether there is an answer under a key.
    pub(super) async fn has(&self, key: &str) -> bool {
        let key = digest(key);
        let found = self.run(move |connection, _| {
            connection
                .prepare_cached("SELECT 1 FROM kept WHERE key = ?1")?
                .exists([&key[..]])
        });
        found.await.unwrap_or_default()
    }

    /// Keeps an answer, and lets go of others when there is no room.
    pub(super) async fn put(&self, key: &str, kept: Kept) {
        let key = digest(key);
        self.run(move |connection, most| write(connection, most, key, &kept))
            .await;
    }

    /// The same where blocking on the disk holds nothing up.
    pub(super) fn put_now(&self, key: &str, kept: &Kept) {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = write(&mut connection, self.most.cast_signed(), digest(key), kept) {
            tracing::warn!(%error, "the cache of the Git hosts failed");
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Option<T> {
        let cache = self.clone();
        let ended = tokio::task::spawn_blocking(move || {
            let mut connection = cache
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            run(&mut connection, cache.most.cast_signed())
        });
        match ended.await {
            Ok(Ok(value)) => Some(value),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the cache of the Git hosts failed");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the cache of the Git hosts broke off");
                None
            }
        }
    }
}

fn write(
    connection: &mut Connection,
    most: i64,
    key: [u8; 32],
    kept: &Kept,
) -> rusqlite::Result<()> {
    let size = i64::try_from(kept.body.len()).unwrap_or(i64::MAX);
    if size > most {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM kept WHERE key = ?1", [&key[..]])?;
    transaction.execute(
        "INSERT INTO kept (key, etag, next, body, size, used) VALUES
         (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(used), 0) + 1 FROM kept))",
        params![&key[..], kept.etag, kept.next, kept.body, size],
    )?;
    let held = || transaction.query_row("SELECT size FROM held", [], |row| row.get(0));
    let mut all: i64 = held()?;
    while all > most {
        transaction.execute(
            "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT 16)
             AND key <> ?1",
            [&key[..]],
        )?;
        let left: i64 = held()?;
        if left == all {
            break;
        }
        all = left;
    }
    transaction.commit()
}

fn connect(file: &PathBuf) -> Result<rusqlite::Result<Connection>, Error> {
    if fs::metadata(file).is_err() {
        // SQLite would let everybody read it.
        write_private(file, b"")?;
    }
    Ok(Connection::open(file).and_then(|connection| {
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // After a power cut the newest answers may be gone, which costs a request each.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(
            "BEGIN IMMEDIATE;
             CREATE TABLE IF NOT EXISTS kept (
                 key BLOB PRIMARY KEY, etag TEXT, next TEXT, body BLOB NOT NULL,
                 size INTEGER NOT NULL, used INTEGER NOT NULL);
             CREATE INDEX IF NOT EXISTS kept_used ON kept (used);
             CREATE TABLE IF NOT EXISTS held (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER);
             INSERT OR IGNORE INTO held VALUES (1, 0);
             CREATE TRIGGER IF NOT EXISTS kept_more AFTER INSERT ON kept BEGIN
                 UPDATE held SET size = size + new.size; END;
             CREATE TRIGGER IF NOT EXISTS kept_less AFTER DELETE ON kept BEGIN
                 UPDATE held SET size = size - old.size; END;
             COMMIT;",
        )?;
        Ok(connection)
    }))
}

/// Keys are long addresses; nothing needs to read them back.
pub(super) fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{Cache, Kept};

    fn kept(body: &[u8]) -> Kept {
        Kept {
            etag: Some("\"1\"".to_owned()),
            next: None,
            body: body.to_vec(),
        }
    }

    #[tokio::test]
    async fn answers_are_kept_by_all_processes_and_a_damaged_file_is_replaced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(folder.path(), 1 << 20).expect("a cache");
        let other = Cache::open(folder.path(), 1 << 20).expect("the same");
        cache.put("a", kept(b"one")).await;
        assert_eq!(other.get("a").await, Some(kept(b"one")));
        let writing = (0..40).map(|number| {
            let cache = if number % 2 == 0 {
                cache.clone()
            } else {
                other.clone()
            };
            async move { cache.put(&format!("k{number}"), kept(b"x")).await }
        });
        futures_util::future::join_all(writing).await;
        for number in 0..40 {
            assert!(cache.get(&format!("k{number}")).await.is_some(), "{number}");
        }
        drop((cache, other));
        let file = folder.path().join("hosts.sqlite");
        let mut later = std::fs::read(&file).expect("ours");
        // The form that its tables are described in.
        later[47] = 9;
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        let foreign = elsewhere.path().join("foreign.sqlite");
        rusqlite::Connection::open(&foreign)
            .and_then(|database| database.execute_batch("CREATE TABLE kept (other TEXT)"))
            .expect("a database");
        let foreign = std::fs::read(&foreign).expect("ours");
        for damaged in [&[7; 5000][..], &later, &foreign] {
            crate::store::write_atomically(&file, damaged).expect("ours");
            let again = Cache::open(folder.path(), 1 << 20).expect("it is replaced");
            assert_eq!(again.get("a").await, None);
            again.put("a", kept(b"two")).await;
            assert_eq!(again.get("a").await, Some(kept(b"two")));
        }
    }

    #[tokio::test]
    async fn what_is_cleared_is_gone_for_all_and_takes_no_room() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(folder.path(), 1 << 20).expect("a cache");
        for number in 0..40 {
            cache.put(&format!("k{number}"), kept(&[7; 10_000])).await;
        }
        let before = crate::store::size_of(folder.path());
        assert!(before > 400_000, "{before}");
        Cache::clear(folder.path(), 1 << 20).expect("the disk is ours");
        let after = crate::store::size_of(folder.path());
        assert!(after < 100_000, "{after}");
        assert_eq!(cache.get("k0").await, None);
        cache.put("k0", kept(b"again")).await;
        assert_eq!(cache.get("k0").await, Some(kept(b"again")));
    }

    #[tokio::test]
    async fn what_was_used_longest_ago_goes_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::open(folder.path(), 40_000).expect("a cache");
        for number in 0..40 {
            cache.put(&format!("k{number}"), kept(&[0; 1000])).await;
        }
        assert!(cache.get("k0").await.is_some(), "now it was used last");
        cache.put("large", kept(&[0; 10_000])).await;
        assert!(cache.get("k0").await.is_some());
        assert!(cache.get("large").await.is_some());
        assert!(cache.get("k1").await.is_none());
        assert!(cache.get("k39").await.is_some());
        cache.put("huge", kept(&[0; 50_000])).await;
        assert!(
            cache.get("huge").await.is_none(),
            "it alone is more than there is room for"
        );
        assert!(
            cache.get("large").await.is_some(),
            "and nothing goes for it"
        );
    }
}
