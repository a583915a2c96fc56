//! Files that only grow, and the locks by which several processes share a folder.
//!
//! A line is given to the system in one write at the end of the file. What lines mean, and how a
//! torn one is told, is decided by who writes them.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Access, create_folder, not_written, sync_folder};
use crate::error::{Error, ErrorKind};

/// A lock of the operating system on a file; it ends with the value, or with the process.
#[derive(Debug)]
pub struct FileLock {
    // The system lets go of the lock when the file is closed.
    _file: File,
}

/// Waits until no other process, and no other holder in this one, has the lock.
///
/// # Errors
/// [`ErrorKind::Storage`] when the lock's file cannot be made or the system knows no locks there.
pub fn lock(path: &Path) -> Result<FileLock, Error> {
    let file = lock_file(path).map_err(|error| not_locked(path, error))?;
    file.lock().map_err(|error| not_locked(path, error))?;
    Ok(FileLock { _file: file })
}

/// Takes the lock if nobody has it.
///
/// # Errors
/// As [`lock`].
pub fn try_lock(path: &Path) -> Result<Option<FileLock>, Error> {
    let file = lock_file(path).map_err(|error| not_locked(path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(FileLock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(not_locked(path, error)),
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        create_folder(folder, Access::OwnerOnly)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    private(&mut options).open(path)
}

fn not_locked(path: &Path, error: io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        sentence!("`{path}` could not be locked", path = path.display()),
    )
    .remedy("Check the permissions of the folder; on a network drive, set `TRIBUTARY_HOME` to a local one")
    .caused_by(error)
}

/// A file of this user that is only ever added to.
#[derive(Debug)]
pub struct GrowingFile {
    path: PathBuf,
    file: File,
}

impl GrowingFile {
    /// Opens the file, making it when it is not there.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be opened for writing.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let open = || {
            let mut options = OpenOptions::new();
            options.read(true).append(true).create(true);
            private(&mut options).open(path)
        };
        Ok(Self {
            file: open().map_err(|error| not_written(path, error))?,
            path: path.to_path_buf(),
        })
    }

    /// How long it is, in bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the system does not say.
    pub fn length(&self) -> Result<u64, Error> {
        let metadata = self.file.metadata();
        Ok(metadata.map_err(|error| self.not_written(error))?.len())
    }

    /// The last bytes, at most so many.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when it cannot be read.
    pub fn tail(&mut self, most: u64) -> Result<Vec<u8>, Error> {
        let from = self.length()?.saturating_sub(most);
        let mut read = || {
            self.file.seek(SeekFrom::Start(from))?;
            let mut bytes = Vec::new();
            self.file.read_to_end(&mut bytes)?;
            Ok::<_, io::Error>(bytes)
        };
        read().map_err(|error| self.not_written(error))
    }

    /// Adds bytes at the end. They outlive this process, but not a loss of power before
    /// [`GrowingFile::sync`].
    ///
    /// # Errors
    /// [`ErrorKind::Storage`]; a part of the bytes may have been written.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(bytes)
            .map_err(|error| self.not_written(error))
    }

    /// Waits until what was added would survive a loss of power.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the system could not promise it.
    pub fn sync(&self) -> Result<(), Error> {
        let sync = || {
            self.file.sync_data()?;
            // A file that was just made is durable only with its folder.
            self.path.parent().map_or(Ok(()), sync_folder)
        };
        sync().map_err(|error| self.not_written(error))
    }

    fn not_written(&self, error: io::Error) -> Error {
        not_written(&self.path, error)
    }
}

/// Reads a file from a byte on; nothing when it ends before, or is not there.
///
/// # Errors
/// [`ErrorKind::Storage`] when it cannot be read.
pub fn read_from(path: &Path, offset: u64) -> Result<Vec<u8>, Error> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::new(
            ErrorKind::Storage,
            sentence!("`{path}` could not be read", path = path.display()),
        )
        .remedy("Check the permissions of the file and of the folders above it")
        .caused_by(error)),
        Ok(bytes) => Ok(bytes),
    }
}

/// The files of a folder that may not exist, in the order of their names.
///
/// # Errors
/// [`ErrorKind::Storage`] when the folder exists and cannot be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
        files.sort();
        Ok::<_, io::Error>(files)
    };
    match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::new(
            ErrorKind::Storage,
            sentence!("`{folder}` could not be read", folder = folder.display()),
        )
        .remedy("Check the permissions of the folder and of the folders above it")
        .caused_by(error)),
        Ok(files) => Ok(files),
    }
}

/// Removes a file.
///
/// # Errors
/// [`ErrorKind::Storage`] when it is still there.
pub fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::new(
            ErrorKind::Storage,
            sentence!("`{path}` could not be removed", path = path.display()),
        )
        .remedy("Check the permissions of the folder")
        .caused_by(error)),
        _ => Ok(()),
    }
}

/// Only this user may read a file that is made.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
