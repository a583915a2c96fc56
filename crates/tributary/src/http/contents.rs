//! The contents of files that are sent.
//!
//! What is on disk is read as it is sent, a little at a time, and anew for each try. It is checked
//! on the way: the last part is held back until all of it is known to be what was meant.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tokio::io::AsyncReadExt;

/// How much of a file is in memory at once.
const AT_ONCE: u64 = 64 * 1024;

/// The contents of a file that is sent.
#[derive(Debug, Clone)]
pub enum Contents {
    /// In memory.
    Held(Bytes),
    /// On this machine's disk.
    OnDisk(FileOnDisk),
}

/// A file that is read as it is sent.
#[derive(Debug, Clone)]
pub struct FileOnDisk {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its contents, in lower-case hexadecimal.
    pub sha256: String,
    /// Its name goes when nobody holds this any more; none where the file stays by itself.
    pub kept_by: Option<Arc<TempPath>>,
}

impl Contents {
    /// The size in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::OnDisk(file) => file.size,
        }
    }

    /// The body of one try.
    pub(super) async fn body(&self) -> io::Result<reqwest::Body> {
        match self {
            Self::Held(bytes) => Ok(reqwest::Body::from(bytes.clone())),
            Self::OnDisk(file) => Ok(reqwest::Body::wrap_stream(file.parts().await?)),
        }
    }
}

impl FileOnDisk {
    /// Whether the file is what it was meant to be. Blocks on the disk.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_as_meant(&self) -> io::Result<bool> {
        let mut file = std::fs::File::open(&self.path)?;
        let mut hash = Sha256::new();
        let mut size = 0;
        let mut part = vec![0; 64 * 1024];
        loop {
            let count = file.read(&mut part)?;
            if count == 0 {
                return Ok(size == self.size && hex(hash) == self.sha256);
            }
            size += count as u64;
            hash.update(&part[..count]);
        }
    }

    /// The contents, part by part.
    async fn parts(&self) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let reading = Reading {
            file: tokio::fs::File::open(&self.path).await?,
            path: self.path.clone(),
            left: self.size,
            hash: Sha256::new(),
            sha256: self.sha256.clone(),
        };
        Ok(stream::try_unfold(reading, Reading::part))
    }
}

struct Reading {
    file: tokio::fs::File,
    path: PathBuf,
    left: u64,
    hash: Sha256,
    sha256: String,
}

impl Reading {
    async fn part(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.left == 0 {
            return Ok(None);
        }
        let most = usize::try_from(self.left.min(AT_ONCE)).unwrap_or(usize::MAX);
        let mut part = vec![0; most];
        let count = self.file.read(&mut part).await?;
        part.truncate(count);
        self.left -= count as u64;
        self.hash.update(&part);
        let is_last = self.left == 0;
        if count == 0 || (is_last && hex(self.hash.clone()) != self.sha256) {
            return Err(changed(&self.path));
        }
        Ok(Some((Bytes::from(part), self)))
    }
}

fn changed(path: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("`{}` changed while it was being sent", path.display()),
    )
}

fn hex(hash: Sha256) -> String {
    let digits = hash.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::{AT_ONCE, FileOnDisk, Sha256, hex};
    use sha2::Digest;

    #[tokio::test]
    async fn a_file_is_read_in_small_parts_and_never_sent_whole_when_it_is_another() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("large");
        let meant: Vec<u8> = (0..1_000_003_u32).map(|at| at.to_le_bytes()[0]).collect();
        let file = FileOnDisk {
            path: path.clone(),
            size: meant.len() as u64,
            sha256: hex(Sha256::new_with_prefix(&meant)),
            kept_by: None,
        };
        let put = |contents: &[u8]| {
            crate::store::write_atomically(&path, contents).expect("the folder is ours");
        };
        let mut longer = meant.clone();
        longer.push(7);
        // What was added behind its end belongs to another file.
        for contents in [&meant, &longer] {
            put(contents);
            let parts: Vec<_> = file
                .parts()
                .await
                .expect("it opens")
                .try_collect()
                .await
                .expect("it is what was meant");
            assert!(parts.iter().all(|part| part.len() as u64 <= AT_ONCE));
            assert_eq!(parts.concat(), meant);
        }
        assert!(!file.is_as_meant().expect("readable"), "it is longer");
        let mut other = meant.clone();
        other[9] ^= 1;
        for contents in [&other[..], &meant[..500_000], &[][..]] {
            put(contents);
            assert!(!file.is_as_meant().expect("readable"));
            let mut sent = 0;
            let parts = file.parts().await.expect("it opens");
            let ended = parts
                .try_for_each(|part| {
                    sent += part.len();
                    std::future::ready(Ok(()))
                })
                .await;
            assert!(ended.is_err(), "{} bytes", contents.len());
            assert!(sent < meant.len(), "the whole of it was sent");
        }
    }
}
