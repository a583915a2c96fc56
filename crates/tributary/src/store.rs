//! The only file writer, and where the user's files are.
//!
//! A file is written beside its place, synced and renamed, so that a reader sees the old contents
//! or the new, never a part; a log is only ever added to. What the files mean is decided elsewhere.

mod append;
mod shelf;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};
use tokio_util::sync::CancellationToken;

use crate::error::{Error, ErrorKind, Remedy};

pub use shelf::shelves;

pub use append::{FileLock, GrowingFile, files_in, lock, read_from, remove, try_lock};

/// As many bytes are copied before it is looked whether somebody wants the rest.
const PART: u64 = 1024 * 1024;

/// The folders that belong to this application and this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// What the user decided: `settings.toml`.
    pub config: PathBuf,
    /// What must not be lost: the audit log, the sandbox's data.
    pub data: PathBuf,
    /// What can be deleted at any time.
    pub cache: PathBuf,
    /// What is kept of how the program fared: the log.
    pub state: PathBuf,
}

impl Paths {
    /// Finds the folders of the user who runs the program.
    ///
    /// `TRIBUTARY_HOME` puts all of them below one folder, for portable use. Otherwise they are the
    /// XDG folders, or what macOS and Windows have in their place. Nothing is created.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the user has no home folder.
    pub fn of_user() -> Result<Self, Error> {
        Self::from_environment(&|name| std::env::var_os(name), std::env::home_dir())
    }

    /// The folders below one folder, as `TRIBUTARY_HOME` names it.
    pub fn below(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
            cache: home.join("cache"),
            state: home.join("state"),
        }
    }

    fn from_environment(
        variable: &dyn Fn(&str) -> Option<std::ffi::OsString>,
        home: Option<PathBuf>,
    ) -> Result<Self, Error> {
        // A relative folder would move with the working directory; XDG says to ignore it.
        let folder = |name| {
            variable(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        if let Some(portable) = variable("TRIBUTARY_HOME").filter(|value| !value.is_empty()) {
            let portable = std::path::absolute(portable).map_err(|error| {
                Error::new(ErrorKind::Storage, "`TRIBUTARY_HOME` is not a folder")
                    .remedy("Give an absolute path")
                    .caused_by(error)
            })?;
            return Ok(Self::below(&portable));
        }
        let home = home.filter(|home| home.is_absolute()).ok_or_else(|| {
            Error::new(ErrorKind::Storage, "This user has no home folder")
                .remedy("Set `TRIBUTARY_HOME` to a folder that Tributary may write to")
        });
        if cfg!(windows) {
            let roaming = folder("APPDATA");
            let local = folder("LOCALAPPDATA");
            let roaming = match roaming {
                Some(roaming) => roaming,
                None => home
                    .as_ref()
                    .map_err(no_home)?
                    .join("AppData")
                    .join("Roaming"),
            };
            let local = match local {
                Some(local) => local,
                None => home?.join("AppData").join("Local"),
            };
            return Ok(Self {
                config: roaming.join("Tributary"),
                data: local.join("Tributary").join("data"),
                cache: local.join("Tributary").join("cache"),
                state: local.join("Tributary").join("state"),
            });
        }
        if cfg!(target_os = "macos") {
            let library = home?.join("Library");
            let support = library.join("Application Support").join("Tributary");
            return Ok(Self {
                config: support.clone(),
                data: support.join("data"),
                cache: library.join("Caches").join("Tributary"),
                state: library.join("Logs").join("Tributary"),
            });
        }
        let xdg = |name, otherwise: &str| match folder(name) {
            Some(folder) => Ok::<PathBuf, Error>(folder.join("tributary")),
            None => Ok(home
                .as_ref()
                .map_err(no_home)?
                .join(otherwise)
                .join("tributary")),
        };
        Ok(Self {
            config: xdg("XDG_CONFIG_HOME", ".config")?,
            data: xdg("XDG_DATA_HOME", ".local/share")?,
            cache: xdg("XDG_CACHE_HOME", ".cache")?,
            state: xdg("XDG_STATE_HOME", ".local/state")?,
        })
    }
}

fn no_home(error: &Error) -> Error {
    let remedy = error.way_out().cloned();
    Error::new(error.kind(), error.sentence().clone())
        .remedy(remedy.unwrap_or_else(|| Remedy::from("Set `TRIBUTARY_HOME`")))
}

/// Puts a file in its place, all or nothing, creating the folders above it.
///
/// An existing file keeps its permissions; a symbolic link stays, and what it points to changes.
///
/// # Errors
/// [`ErrorKind::Storage`] when the file cannot be written; what was there before is still there.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(path, bytes, Access::AsBefore, Lasting::Now).map_err(|error| not_written(path, error))
}

/// Like [`write_atomically`], but only this user may read the file and enter the folder if it is
/// new.
///
/// # Errors
/// The same.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(path, bytes, Access::OwnerOnly, Lasting::Now).map_err(|error| not_written(path, error))
}

/// Like [`write_atomically`], for what can be made again at any time: a reader sees all or nothing
/// of it, but after a power cut it may be missing. Many times as fast for many files.
///
/// # Errors
/// The same.
pub fn write_made(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(path, bytes, Access::AsBefore, Lasting::WhenTheSystemSyncs)
        .map_err(|error| not_written(path, error))
}

/// The same for what is read part by part, however much it is. Gives how many bytes there were, and
/// none when it was cancelled meanwhile: what was there before is still there then.
///
/// # Errors
/// The same, and when the contents cannot be read.
pub(crate) fn copy_made(
    path: &Path,
    from: &mut dyn Read,
    cancel: &CancellationToken,
) -> Result<Option<u64>, Error> {
    let mut copy = || {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut file = temporary(folder.unwrap_or(Path::new(".")), path, Access::AsBefore)?;
        let mut written = 0;
        loop {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            match io::copy(&mut Read::take(&mut *from, PART), file.as_file_mut())? {
                0 => break,
                count => written += count,
            }
        }
        file.persist(path)?;
        Ok(Some(written))
    };
    copy().map_err(|error| not_written(path, error))
}

/// The same for what only this user may read.
///
/// # Errors
/// The same.
pub(crate) fn write_made_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(path, bytes, Access::OwnerOnly, Lasting::WhenTheSystemSyncs)
        .map_err(|error| not_written(path, error))
}

/// A file beside another, which it may take the place of. Unless it does, it is gone when this is
/// dropped.
#[derive(Debug)]
pub(crate) struct Successor {
    file: NamedTempFile,
    of: PathBuf,
}

impl Successor {
    /// Begins an empty one for a file that is there.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when nothing can be written beside it.
    pub(crate) fn of(path: &Path) -> Result<Self, Error> {
        let begin = || {
            let of = fs::canonicalize(path)?;
            let folder = of.parent().unwrap_or(Path::new("."));
            let file = temporary(folder, &of, Access::AsBefore)?;
            Ok(Self { file, of })
        };
        begin().map_err(|error| not_written(path, error))
    }

    /// The file, to write and to read.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub(crate) fn handle(&self) -> Result<fs::File, Error> {
        let again = self.file.as_file().try_clone();
        again.map_err(|error| not_written(&self.of, error))
    }

    /// Takes the place of the other file, with its permissions, all or nothing.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`]; what was there before is still there.
    pub(crate) fn take_its_place(self) -> Result<(), Error> {
        let Self { file, of } = self;
        let take = || {
            file.as_file().sync_all()?;
            file.persist(&of).map_err(|error| error.error)?;
            sync_folder(of.parent().unwrap_or(Path::new(".")))
        };
        take().map_err(|error| not_written(&of, error))
    }
}

/// How many bytes the files below a folder have; none where it is not there.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// Reads a file that may not exist.
///
/// # Errors
/// [`ErrorKind::Storage`] when it exists and cannot be read.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(
            ErrorKind::Storage,
            sentence!("`{path}` could not be read", path = path.display()),
        )
        .remedy("Check the permissions of the file and of the folders above it")
        .caused_by(error)),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    AsBefore,
    OwnerOnly,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lasting {
    Now,
    WhenTheSystemSyncs,
}

fn write(path: &Path, bytes: &[u8], access: Access, lasting: Lasting) -> io::Result<()> {
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(_) => path.to_path_buf(),
    };
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    create_folder(folder, access)?;
    let mut file = temporary(folder, &target, access)?;
    file.write_all(bytes)?;
    if lasting == Lasting::WhenTheSystemSyncs {
        return file.persist(&target).map(drop).map_err(|error| error.error);
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder)
}

#[cfg(unix)]
fn create_folder(folder: &Path, access: Access) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    let mode = if access == Access::OwnerOnly {
        0o700
    } else {
        0o777
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path, _: Access) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn temporary(folder: &Path, target: &Path, access: Access) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;

    // Without a word about permissions a temporary file is for its owner only.
    if access == Access::OwnerOnly {
        return Builder::new().prefix(".tributary-").tempfile_in(folder);
    }
    let before = fs::metadata(target)
        .map(|metadata| metadata.permissions())
        .ok();
    // The mode a new file asks for; the system takes away what the user's mask forbids.
    let usual = fs::Permissions::from_mode(0o666);
    let file = Builder::new()
        .prefix(".tributary-")
        .permissions(usual)
        .tempfile_in(folder)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before)?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn temporary(folder: &Path, _: &Path, _: Access) -> io::Result<NamedTempFile> {
    Builder::new().prefix(".tributary-").tempfile_in(folder)
}

/// The new name is durable only when the folder is synced too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn not_written(path: &Path, error: io::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        sentence!("`{path}` could not be written", path = path.display()),
    )
    .remedy("Check the permissions of the folder and the space left on the disk")
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use super::{Paths, read_if_there, write_atomically, write_private};

    fn paths(variables: &[(&str, &str)]) -> Option<Paths> {
        let find = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        let home = find("HOME").map(PathBuf::from);
        Paths::from_environment(&find, home).ok()
    }

    #[test]
    fn one_variable_moves_every_folder() {
        let found = paths(&[("TRIBUTARY_HOME", "/portable"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(found, Some(Paths::below(Path::new("/portable"))));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn folders_follow_xdg_and_ignore_what_is_relative() {
        let found = paths(&[("HOME", "/home/ada"), ("XDG_CACHE_HOME", "relative")]);
        let found = found.expect("there is a home folder");
        assert_eq!(found.config, Path::new("/home/ada/.config/tributary"));
        assert_eq!(found.cache, Path::new("/home/ada/.cache/tributary"));
        assert_eq!(
            paths(&[]),
            None,
            "without a home folder there is nowhere to write"
        );
    }

    #[test]
    fn a_failed_write_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("new/deep/file");
        write_atomically(&path, b"first").expect("folders are created");
        let below_a_file = path.join("impossible");
        let error = write_atomically(&below_a_file, b"second").expect_err("a file is no folder");
        assert!(error.chain().contains("impossible"), "{}", error.chain());
        assert_eq!(
            read_if_there(&path).expect("readable"),
            Some(b"first".to_vec())
        );
        let names = std::fs::read_dir(folder.path().join("new/deep"))
            .expect("readable")
            .count();
        assert_eq!(names, 1, "nothing temporary is left behind");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_private_files_are_private() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a temporary folder");
        let mode = |path: &Path| {
            std::fs::metadata(path)
                .expect("the file is there")
                .permissions()
                .mode()
                & 0o777
        };
        let script = folder.path().join("script");
        write_atomically(&script, b"1").expect("writable");
        let executable = std::fs::Permissions::from_mode(0o750);
        std::fs::set_permissions(&script, executable).expect("it is ours");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&script, &link).expect("links can be made");
        write_atomically(&link, b"2").expect("writable");
        assert_eq!(mode(&script), 0o750);
        assert_eq!(
            std::fs::read(&script).expect("readable"),
            b"2",
            "written through the link"
        );
        let private = folder.path().join("private");
        write_private(&private, b"1").expect("writable");
        assert_eq!(mode(&private), 0o600);
    }
}
