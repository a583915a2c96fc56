//! Files of a repository that are sent on, as attachments are. Small ones are in memory; of larger ones
//! at a host no more than a part is there at once: they are on disk from the first byte to the last.
//!
//! What was fetched stays in a folder of the cache, where what was used longest ago goes first. Whoever
//! sends one has a name of it for himself, so that it may go from the cache meanwhile.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use gix::bstr::{BStr, ByteSlice};
use reqwest::header::HeaderMap;
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tokio_util::sync::CancellationToken;

use super::cache::{Cache, Kept};
use super::host::{Ask, Expected};
use super::hosted::{Hosted, is_away, missing_path, unicode};
use super::lfs::{self, Pointer, Through};
use super::refusals::is_too_much;
use super::{Blob, Entry, EntryKind, LARGEST_BLOB, Repository, Source, Urgency};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Tell, telling};
use crate::repository::kind_of;
use crate::store::copy_made;

/// A larger file of a host is never in memory as a whole.
pub(crate) const LARGEST_HELD: u64 = 1024 * 1024;
/// The largest file that is sent on; Confluence takes no larger ones unless its administrator allows
/// more.
pub(crate) const LARGEST_SENT: u64 = 100 * 1024 * 1024;
/// The largest file that is saved; those of packs have no more room either.
pub(crate) const LARGEST_SAVED: u64 = 2 * 1024 * 1024 * 1024;
/// The beginning of the names of files that somebody sends at the moment.
const TAKEN: &str = "taken-";
/// Nobody sends a file for as long as this: what is still there was left by a process that ended.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that is sent on.
#[derive(Debug, Clone)]
pub(crate) enum ToSend {
    /// In memory.
    Held(Bytes),
    /// On disk, under a name that goes when nobody has this any more.
    OnDisk(Arc<TempPath>),
    /// On disk, where it stays.
    Kept(PathBuf),
}

impl ToSend {
    /// The contents, to be read from their beginning. Blocks on the disk.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::Held(bytes) => Box::new(io::Cursor::new(bytes.clone())),
            Self::OnDisk(path) => Box::new(File::open(path.as_ref() as &Path)?),
            Self::Kept(path) => Box::new(File::open(path)?),
        })
    }
}

impl Repository {
    /// The contents of something that was listed, to be sent on: larger ones than
    /// [`super::LARGEST_BLOB`] too where a host has them, and then not in memory.
    ///
    /// # Errors
    /// As [`Repository::blob`], and [`ErrorKind::NotFound`] for what Git LFS keeps and does not give.
    pub(crate) async fn to_send(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<ToSend, Error> {
        match &self.source {
            Source::Hosted(hosted) => {
                let asked = hosted.to_send(commit, entry, urgency, LARGEST_SENT).await;
                self.or_from_named_server(asked, commit, entry, urgency)
                    .await
            }
            Source::Local(_) | Source::Remote(_) => {
                given(self.blob_of(commit, entry, urgency).await?)
            }
        }
    }
}

impl Repository {
    /// Writes what is at a path into a file of this machine, also what is too large to be looked at:
    /// no more of it than a part is in memory, unless Git itself has it in a repository on this
    /// machine. Gives its size in bytes.
    ///
    /// # Errors
    /// As [`Repository::blob`]; [`ErrorKind::Storage`] when the file cannot be written.
    pub async fn save(&self, commit: &str, path: &BStr, into: &Path) -> Result<u64, Error> {
        let entry = self.entry(commit, path, Urgency::Waited).await?;
        let contents = self.to_save(commit, &entry).await?;
        let written = copied(contents, into, &CancellationToken::new()).await?;
        Ok(written.unwrap_or_default())
    }

    /// The same of something that was listed, for somebody who sees how far it is, and may want it no
    /// longer: `tell` is told how many bytes came, and of how many where that is known. Gives none when
    /// it was cancelled, and then the file is as it was.
    ///
    /// # Errors
    /// As [`Repository::save`].
    pub(crate) async fn save_for(
        &self,
        (commit, entry): (&str, &Entry),
        into: &Path,
        tell: Tell,
        cancel: &CancellationToken,
    ) -> Result<Option<u64>, Error> {
        let contents = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(None),
            contents = telling(tell, self.to_save(commit, entry)) => contents?,
        };
        copied(contents, into, cancel).await
    }

    /// What `.lfsconfig` may name another server for than the one beside the repository.
    async fn or_from_named_server(
        &self,
        asked: Result<ToSend, Error>,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<ToSend, Error> {
        match asked {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match self.blob_of(commit, entry, urgency).await {
                    Ok(blob) if blob.pointer.is_some() => given(blob),
                    _ => Err(error),
                }
            }
            asked => asked,
        }
    }

    async fn to_save(&self, commit: &str, entry: &Entry) -> Result<ToSend, Error> {
        let path = entry.path.as_bstr();
        let local = match &self.source {
            Source::Hosted(hosted) => {
                let urgency = Urgency::Waited;
                let asked = hosted.to_send(commit, entry, urgency, LARGEST_SAVED).await;
                let asked = self.or_from_named_server(asked, commit, entry, urgency);
                return asked.await;
            }
            Source::Local(local) => local,
            Source::Remote(remote) => {
                remote.need_blob(commit, path).await?;
                &remote.local
            }
        };
        let (at, wanted) = (commit.to_owned(), entry.path.clone());
        let looking = super::blocking(local, move |local| {
            local.to_save(&at, wanted.as_ref(), LARGEST_SENT)
        });
        let (contents, pointer) = looking.await?;
        let Some(pointer) = pointer else {
            return Ok(contents);
        };
        if pointer.size <= LARGEST_BLOB {
            return given(self.blob_of(commit, entry, Urgency::Waited).await?);
        }
        if pointer.size > LARGEST_SAVED {
            return Err(no_room_for(path, LARGEST_SAVED));
        }
        let fetched = match (&self.source, &self.elsewhere) {
            (Source::Remote(remote), _) => remote.download_large_file(&pointer).await,
            (_, Some(elsewhere)) => elsewhere.download(&pointer).await,
            (_, None) => return Err(Error::new(ErrorKind::NotFound, lfs::not_here(path))),
        };
        fetched.map_err(|error| match is_away(&error) {
            true => error,
            false => Error::new(ErrorKind::NotFound, lfs::not_fetched(path, &error)),
        })
    }
}

/// Copies contents into a file, which is there in whole or not at all.
async fn copied(
    contents: ToSend,
    into: &Path,
    cancel: &CancellationToken,
) -> Result<Option<u64>, Error> {
    let (into, cancel) = (into.to_owned(), cancel.clone());
    let writing = tokio::task::spawn_blocking(move || {
        let mut from = contents.open().map_err(|error| {
            Error::new(ErrorKind::Storage, "it cannot be opened").caused_by(error)
        })?;
        copy_made(&into, &mut from, &cancel)
    });
    writing
        .await
        .map_err(|error| Error::new(ErrorKind::Bug, "Saving a file broke off").caused_by(error))?
}

fn given(blob: Blob) -> Result<ToSend, Error> {
    match blob.unresolved {
        Some(why) => Err(Error::new(ErrorKind::NotFound, why)),
        None => Ok(ToSend::Held(blob.bytes)),
    }
}

impl Hosted {
    async fn to_send(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
        most: u64,
    ) -> Result<ToSend, Error> {
        let path = entry.path.as_bstr();
        let is_small = entry.size.is_some_and(|size| size <= LARGEST_HELD);
        if is_small && entry.kind != EntryKind::Lfs {
            let (bytes, pointer) = self.in_git(commit, entry, urgency).await?;
            return match pointer {
                None => Ok(ToSend::Held(bytes)),
                Some(pointer) => {
                    let sent = self.large_to_send(commit, entry, &pointer, urgency, most);
                    sent.await
                }
            };
        }
        let Some(key) = self.key_of(commit, entry) else {
            return given(self.blob(commit, entry, urgency).await?);
        };
        let id = entry.id.as_deref().unwrap_or_default();
        let ask = self.raw(commit, unicode(path)?, id, urgency);
        let sent = self.on_disk(&ask, &key, HeaderMap::new(), (true, most));
        let sent = sent.await;
        let missing = missing_path(&self.name, commit, path);
        let sent = self.explained(sent, Some(missing)).await;
        let sent = sent.map_err(|error| too_much(path, most, error))?;
        match &sent {
            ToSend::Held(bytes) if let Some(pointer) = Pointer::read(bytes) => {
                let sent = self.large_to_send(commit, entry, &pointer, urgency, most);
                sent.await
            }
            _ => Ok(sent),
        }
    }

    /// What a pointer stands for.
    async fn large_to_send(
        &self,
        commit: &str,
        entry: &Entry,
        pointer: &Pointer,
        urgency: Urgency,
        most: u64,
    ) -> Result<ToSend, Error> {
        let path = entry.path.as_bstr();
        if pointer.size <= LARGEST_HELD {
            return given(self.blob(commit, entry, urgency).await?);
        }
        if pointer.size > most {
            return Err(no_room_for(path, most));
        }
        let sent = self.fetched_to_send(commit, entry, pointer, urgency, most);
        sent.await.map_err(|error| match is_away(&error) {
            true => error,
            false => Error::new(ErrorKind::NotFound, lfs::not_fetched(path, &error)),
        })
    }

    async fn fetched_to_send(
        &self,
        commit: &str,
        entry: &Entry,
        pointer: &Pointer,
        urgency: Urgency,
        most: u64,
    ) -> Result<ToSend, Error> {
        if let Some(ask) = self.resolved(commit, entry, pointer, urgency) {
            let key = self.host.key(&ask);
            return self
                .on_disk(&ask, &key, HeaderMap::new(), (false, most))
                .await;
        }
        self.sent_by_lfs_server(pointer, urgency, most).await
    }

    /// What a pointer stands for, from the LFS server beside the repository.
    pub(super) async fn sent_by_lfs_server(
        &self,
        pointer: &Pointer,
        urgency: Urgency,
        most: u64,
    ) -> Result<ToSend, Error> {
        let (batch, key) = self.lfs_server(pointer)?;
        let key = lfs::key(&key);
        if let Some(taken) = self.taken(&key, Expected::Lfs(pointer)).await? {
            return Ok(taken);
        }
        let credential = self.as_git_sends_it().await?;
        let server = lfs::Server {
            batch,
            credential: credential.as_ref(),
            headers: HeaderMap::new(),
        };
        let urgency = self.urgency(urgency);
        let through = Through::Host(&self.host, urgency);
        let (url, headers) = lfs::locate(&server, pointer, through).await?;
        let ask = lfs::question(url, pointer, urgency);
        self.on_disk(&ask, &key, headers, (false, most)).await
    }

    /// What was fetched before, if it is still what it was.
    async fn taken(&self, key: &str, expected: Expected<'_>) -> Result<Option<ToSend>, Error> {
        let Some(files) = self.host.cache().map(Large::of) else {
            return Ok(None);
        };
        let (key, check) = (key.to_owned(), Check::of(expected));
        blocking(move || {
            let Some(taken) = files.take(&key) else {
                return Ok(None);
            };
            let is_it = File::open(&taken).and_then(|mut file| check.is(&mut file))?;
            if !is_it {
                // Somebody changed the cache.
                files.forget(&key);
            }
            Ok(is_it.then(|| ToSend::OnDisk(Arc::new(taken))))
        })
        .await
    }

    /// The answer to a question, from the cache or fetched into a file. What turns out to be small is
    /// taken from where small answers are, and kept there, where it may be so.
    async fn on_disk(
        &self,
        ask: &Ask<'_>,
        key: &str,
        headers: HeaderMap,
        (may_be_small, most): (bool, u64),
    ) -> Result<ToSend, Error> {
        let cache = self.host.cache().cloned();
        if let Some(taken) = self.taken(key, ask.expected).await? {
            return Ok(taken);
        }
        if let Some(cache) = &cache
            && may_be_small
            && let Some(kept) = cache.get_at_most(key, LARGEST_HELD).await
            && ask.expected.is(&kept.body)
        {
            return Ok(ToSend::Held(kept.body.into()));
        }
        let files = cache.as_ref().map(Large::of);
        let begun = files.clone();
        let (file, name) = blocking(move || begin(begun.as_ref())).await?;
        let file = self.host.download(ask, headers, most, file).await?;
        let (key, check) = (key.to_owned(), Check::of(ask.expected));
        let fetched = blocking(move || {
            let mut file = file;
            let size = file.metadata()?.len();
            if !check.is(&mut file)? {
                return Ok(None);
            }
            if may_be_small && size <= LARGEST_HELD {
                let mut bytes = Vec::new();
                file.rewind()?;
                file.read_to_end(&mut bytes)?;
                if let Some(cache) = cache {
                    let kept = Kept {
                        etag: None,
                        next: None,
                        body: bytes.clone(),
                    };
                    cache.put_now(&key, &kept);
                }
                return Ok(Some(ToSend::Held(bytes.into())));
            }
            // One that there is no room for would push out all the others and go with them.
            if let Some(files) = files.filter(|files| size <= files.most) {
                files.keep(&key, &name);
            }
            Ok(Some(ToSend::OnDisk(Arc::new(name))))
        });
        match fetched.await? {
            Some(sent) => Ok(sent),
            None => Err(self.host.sent_others()),
        }
    }
}

/// What a file has to be, without what it was asked with.
#[derive(Debug, Clone)]
enum Check {
    Nothing,
    Blob(String),
    Lfs(Pointer),
}

impl Check {
    fn of(expected: Expected<'_>) -> Self {
        match expected {
            Expected::Anything | Expected::Blob("") => Self::Nothing,
            Expected::Blob(id) => Self::Blob(id.to_owned()),
            Expected::Lfs(pointer) => Self::Lfs(pointer.clone()),
        }
    }

    fn is(&self, file: &mut File) -> io::Result<bool> {
        Ok(match self {
            Self::Nothing => true,
            Self::Blob(id) => blob_id_of(file, kind_of(id))? == *id,
            Self::Lfs(pointer) => pointer.is_in(file)?,
        })
    }
}

/// The id that Git gives to the contents of a file, of which a part is in memory at once.
pub(super) fn blob_id_of(file: &mut File, kind: gix::hash::Kind) -> io::Result<String> {
    let head = format!("blob {}\0", file.metadata()?.len());
    let mut hash = gix::hash::hasher(kind);
    hash.update(head.as_bytes());
    parts(file, |part| hash.update(part))?;
    let id = hash.try_finalize().map_err(io::Error::other)?;
    Ok(id.to_string())
}

pub(super) fn sha256_of(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    parts(file, |part| hash.update(part))?;
    let hash = hash.finalize();
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Goes through a file from its beginning.
fn parts(file: &mut File, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    file.rewind()?;
    let mut part = vec![0; 64 * 1024];
    loop {
        match file.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&part[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A file to fetch into: beside those that are kept, where there are any.
pub(super) fn begin(files: Option<&Large>) -> io::Result<(File, TempPath)> {
    let made = match files {
        Some(files) => files.begin()?,
        None => NamedTempFile::new()?,
    };
    Ok(made.into_parts())
}

/// The large files of a cache, in a folder of their own.
#[derive(Debug, Clone)]
pub(super) struct Large {
    folder: PathBuf,
    most: u64,
}

impl Large {
    pub(super) fn of(cache: &Cache) -> Self {
        Self::in_folder(cache.folder(), cache.most())
    }

    /// Those of the cache in a folder, which hold at most so many bytes.
    pub(super) fn in_folder(cache: &Path, most: u64) -> Self {
        Self {
            folder: cache.join("large"),
            most,
        }
    }

    fn place(&self, key: &str) -> PathBuf {
        let name = super::cache::digest(key);
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(name)
    }

    /// A file that becomes one of them when it is kept.
    pub(super) fn begin(&self) -> io::Result<NamedTempFile> {
        fs::create_dir_all(&self.folder)?;
        tempfile::Builder::new()
            .prefix(TAKEN)
            .tempfile_in(&self.folder)
    }

    /// Whether there is one under a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.place(key).is_file()
    }

    /// Another name for what is kept under a key.
    fn take(&self, key: &str) -> Option<TempPath> {
        let place = self.place(key);
        let now = fs::FileTimes::new().set_modified(SystemTime::now());
        let used = File::options().append(true).open(&place);
        let used = used.and_then(|file| file.set_times(now));
        let taken = used.and_then(|()| self.begin()).and_then(|made| {
            let (_, name) = made.into_parts();
            same(&place, &name)?;
            Ok(name)
        });
        match taken {
            Ok(name) => Some(name),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%error, "a large file that was kept cannot be used");
                None
            }
        }
    }

    /// Keeps a file under a key, and lets go of others when there is no room. A file that cannot be
    /// kept costs a request the next time.
    pub(super) fn keep(&self, key: &str, name: &Path) {
        if let Err(error) = same(name, &self.place(key)) {
            tracing::warn!(%error, "a large file cannot be kept");
        }
        self.prune();
    }

    /// Keeps what is under one key under another too.
    pub(super) fn carry(&self, from: &str, to: &str) -> bool {
        self.take(from).is_some_and(|name| {
            self.keep(to, &name);
            true
        })
    }

    fn forget(&self, key: &str) {
        if let Err(error) = fs::remove_file(self.place(key)) {
            tracing::warn!(%error, "a large file stays in the cache");
        }
    }

    /// Lets go of those used longest ago that there is no room for; of none that is being used.
    pub(super) fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let (mut held, mut all) = (0, Vec::new());
        for entry in entries.flatten() {
            let Ok(about) = entry.metadata() else {
                continue;
            };
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if entry.file_name().to_string_lossy().starts_with(TAKEN) {
                let rests = SystemTime::now().duration_since(used).unwrap_or_default();
                if rests > LEFT_BEHIND {
                    remove(&entry.path());
                }
                continue;
            }
            held += about.len();
            all.push((used, about.len(), entry.path()));
        }
        all.sort();
        for (_, size, path) in all {
            if held <= self.most {
                return;
            }
            remove(&path);
            held -= size;
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, "a large file stays in the cache");
    }
}

/// Gives a file a second name, or copies it where a disk knows no such thing. What had the name goes.
fn same(from: &Path, to: &Path) -> io::Result<()> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    match fs::hard_link(from, to) {
        Err(error)
            if error.kind() != io::ErrorKind::NotFound
                && error.kind() != io::ErrorKind::AlreadyExists =>
        {
            fs::copy(from, to).map(drop)
        }
        // Another process kept the same meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| {
        Error::new(ErrorKind::Bug, "Keeping a large file broke off").caused_by(error)
    })?;
    done.map_err(|error| {
        Error::new(ErrorKind::Storage, "A large file cannot be kept on disk")
            .remedy("Make room on the disk")
            .caused_by(error)
    })
}

/// Says of which file more was sent than is sent on.
fn too_much(path: &BStr, most: u64, error: Error) -> Error {
    match is_too_much(&error) {
        true => no_room_for(path, most).caused_by(error),
        false => error,
    }
}

fn no_room_for(path: &BStr, most: u64) -> Error {
    if most == LARGEST_SAVED {
        return Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{path}` is larger than the 2 GB that are saved of a file",
                path
            ),
        )
        .remedy("Clone the repository, or save it at the host");
    }
    Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "`{path}` is larger than the 100 MB that Confluence takes of an attachment",
            path
        ),
    )
    .remedy("Leave it out")
}

/// Says that a file is larger than what is read of one to be looked at or understood.
pub(crate) fn too_large(path: &BStr, size: Option<u64>) -> Error {
    let what = match size {
        Some(size) => sentence!(
            "`{path}` has {size} bytes and is larger than the 25 MB that are read of a file",
            path,
            size
        ),
        None => sentence!(
            "`{path}` is larger than the 25 MB that are read of a file",
            path
        ),
    };
    Error::new(ErrorKind::InvalidInput, what).remedy(Remedy::of_each(
        "`tributary preview --repo ADDRESS --ref REF PATH --save-to FILE` saves it",
        "Save it to look at it, or leave it out of what is published",
    ))
}
