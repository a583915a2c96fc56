//! Looking around in a repository at a commit: what an address leads to, folders, files, finding a
//! path, history, and how far behind a published page is.
//!
//! A [`Visit`] is what somebody has in front of them. What is asked of hosts is in [`crate::hosts`],
//! colors are in [`crate::preview`].

mod comparison;
#[cfg(fuzzing)]
pub mod fuzzing;
mod names;
mod page;
mod paths;
mod submodules;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gix::bstr::{BStr, ByteSlice};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::Snippet;
use url::Url;

use crate::Sentence;
use crate::account::{Account, Accounts, PublishedSource};
use crate::error::{Error, ErrorKind};
use crate::hosts::{
    self, At, Blamed, Cache, ChangedFile, Commit, Depth, Dialect, Entry, EntryKind, Lines, Link,
    Listing, Pinned, Pointer, Repository, Target, Urgency, Version, short_name,
};
use crate::http::Http;
use crate::preview::visible;
use crate::publish::perhaps_link;

pub use comparison::{ChangedPath, Changes, Compared, Comparison};
use names::Names;
pub use paths::{Found, Hit, Paths};

/// Files whose bytes are kept, so that scrolling in one asks nobody, and how many bytes of them: two
/// of the largest, or more that are smaller.
const FILES_KEPT: usize = 8;
const BYTES_KEPT: u64 = 2 * hosts::LARGEST_BLOB;
/// As many commits as are counted of one source; so many stand for these or more.
pub const MOST_COMMITS_COUNTED: usize = 300;

/// A repository at a commit, with what somebody looks at in it.
#[derive(Debug)]
pub struct Visit {
    /// The repository, the commit, and the ref that led there.
    pub pinned: Pinned,
    /// The address it is opened at again: of the repository, without what is looked at in it.
    pub address: String,
    /// What the address leads to.
    pub landing: Landing,
    /// Whether the host could not be reached, so that only what was seen before is there.
    pub is_offline: bool,
    link: Option<Link>,
    follows: Follows,
    names: Names,
    index: OnceCell<Arc<Index>>,
    files: Mutex<VecDeque<(String, Arc<File>)>>,
}

/// What an address leads to in its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The path; empty for the root.
    pub path: String,
    /// Whether a folder is there.
    pub is_folder: bool,
    /// The marked lines.
    pub lines: Option<Lines>,
    /// Why it does not lead to what the address names, as a sentence.
    pub trouble: Option<Sentence>,
}

impl Landing {
    fn at_root(trouble: Option<Sentence>) -> Self {
        Self {
            path: String::new(),
            is_folder: true,
            lines: None,
            trouble,
        }
    }
}

/// What a visit keeps up with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Follows {
    DefaultBranch,
    Ref(String),
    /// It was opened at a commit.
    Nothing,
}

/// An entry of a folder, by names that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path. Bytes that are not UTF-8 stand in it as `\xE9`; the path leads to the entry all the
    /// same.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// The id of its contents, where that is known; of a submodule, its commit.
    pub id: Option<String>,
    /// Its size in bytes, where that is known without reading it.
    pub size: Option<u64>,
    /// Whether its name is not valid UTF-8.
    pub is_strange: bool,
}

/// What is at a path, as of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The commit that made it so.
    pub commit: Commit,
    /// What it was called then.
    pub path: String,
}

/// A file, or what stands in place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// A file.
    Contents {
        /// Its bytes; of a file in Git LFS those it stands for, unless `unresolved`.
        bytes: Bytes,
        /// What Git has in its place, for a file in Git LFS.
        pointer: Option<Pointer>,
        /// Why the bytes are those of the pointer, as a sentence.
        unresolved: Option<Sentence>,
    },
    /// A symbolic link.
    Link {
        /// Where it leads, as it is written.
        target: String,
    },
    /// Another repository.
    Submodule {
        /// Its commit, where that is known.
        commit: Option<String>,
        /// Where it is, where the repository says that of one that can be opened.
        address: Option<String>,
    },
}

/// All paths of the commit.
#[derive(Debug)]
struct Index {
    items: Vec<(String, EntryKind)>,
    paths: Paths,
    incomplete: Option<Sentence>,
}

/// Paths that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPaths {
    /// The best first.
    pub best: Vec<FoundPath>,
    /// How many fit.
    pub fitting: usize,
    /// How many there are.
    pub all: usize,
    /// Why some may be missing, as a sentence.
    pub incomplete: Option<Sentence>,
}

/// A path that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPath {
    /// The path.
    pub path: String,
    /// What it leads to.
    pub kind: EntryKind,
    /// The ranges of characters that fit.
    pub ranges: Vec<(u32, u32)>,
}

/// How many commits changed a source since a page was published from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// So many; [`MOST_COMMITS_COUNTED`] stands for these or more.
    Commits(usize),
    /// The page's commit is in no history any more.
    Unknown,
}

impl File {
    /// How much memory its bytes take.
    fn size(&self) -> u64 {
        match self {
            Self::Contents { bytes, .. } => bytes.len() as u64,
            Self::Link { .. } | Self::Submodule { .. } => 0,
        }
    }
}

/// How many files stay, by their sizes: the one in front, whatever its size is, and as many of those
/// before it as there is room for.
fn kept_of(sizes: impl Iterator<Item = u64>) -> usize {
    let mut room = BYTES_KEPT;
    let fits = sizes.take(FILES_KEPT).take_while(|size| {
        let is_room = *size <= room;
        room = room.saturating_sub(*size);
        is_room
    });
    fits.count().max(1)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens what an address leads to: of a repository, file, folder, commit or pull request at a host,
/// or a folder on this machine. With a ref, that is opened instead of what the address shows.
///
/// # Errors
/// As [`hosts::open`]. A path that is not there is no error: the visit is at the root and says so.
pub fn open<'a>(
    accounts: &'a Accounts,
    http: &'a Http,
    cache: Option<Cache>,
    address: &'a str,
    reference: Option<&'a str>,
) -> BoxFuture<'a, Result<Visit, Error>> {
    // Boxed here, where it is plain that it may go to another thread.
    Box::pin(open_now(accounts, http, cache, address, reference))
}

async fn open_now(
    accounts: &Accounts,
    http: &Http,
    cache: Option<Cache>,
    address: &str,
    reference: Option<&str>,
) -> Result<Visit, Error> {
    let address = address.trim();
    let urgency = Urgency::Waited;
    let opened = hosts::open_seen(accounts, http, cache, address, reference, None, urgency);
    let (pinned, is_remembered) = opened.await?;
    let all = accounts.clone();
    let listed = tokio::task::spawn_blocking(move || all.list()).await;
    let listed = listed
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
        })
        .flatten()?;
    let mut link = hosts::read_link(&listed, address);
    if let (Some(link), Some(name)) = (&mut link, pinned.repository.name_at_host()) {
        // A pull request may lead into a fork, which is what is open then.
        name.clone_into(&mut link.repository);
    }
    // Hosts that cannot be reached answer from what they said before.
    let is_offline = match is_remembered {
        Some(is_remembered) => is_remembered,
        None => pinned.repository.is_away().await,
    };
    let follows = match (reference, &link) {
        (Some(name), _) if is_commit(name, &pinned.commit) => Follows::Nothing,
        (Some(name), _) => Follows::Ref(name.to_owned()),
        (None, link) => follows(link.as_ref(), &pinned),
    };
    let mut visit = Visit {
        address: opened_again_at(link.as_ref(), address),
        landing: Landing {
            path: String::new(),
            is_folder: true,
            lines: None,
            trouble: None,
        },
        is_offline,
        link,
        follows,
        names: Names::default(),
        index: OnceCell::new(),
        files: Mutex::default(),
        pinned,
    };
    visit.landing = visit.land().await?;
    Ok(visit)
}

/// The address of the repository alone, which opens it again. Of a Git server of which nothing else is
/// known only the one that Git takes does.
fn opened_again_at(link: Option<&Link>, address: &str) -> String {
    match link {
        Some(link) if link.dialect.is_some() => link.web(),
        Some(_) => without_user(address),
        None => address.to_owned(),
    }
}

/// An address without what signs somebody in: it is remembered, and shown; a password in it is
/// neither.
fn without_user(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if matches!(url.scheme(), "https" | "http") => {
            // Those that have no place for one need none taken out.
            url.set_username("").ok();
            url.set_password(None).ok();
            url.to_string()
        }
        _ => address.to_owned(),
    }
}

fn follows(link: Option<&Link>, pinned: &Pinned) -> Follows {
    match link.map(|link| &link.target) {
        None | Some(Target::Repository | Target::Elsewhere(_)) => Follows::DefaultBranch,
        Some(Target::Path {
            at: At::Default, ..
        }) => Follows::DefaultBranch,
        Some(Target::Path { .. }) => match &pinned.reference {
            Some(name) if !is_commit(name, &pinned.commit) => Follows::Ref(name.clone()),
            _ => Follows::Nothing,
        },
        Some(Target::Commit(_) | Target::PullRequest { .. }) => Follows::Nothing,
    }
}

/// Whether a name is that of the commit itself.
fn is_commit(name: &str, commit: &Commit) -> bool {
    name.len() >= 7 && commit.id.starts_with(&name.to_ascii_lowercase())
}

impl Visit {
    /// Where the ref leads now, when that is another commit.
    ///
    /// # Errors
    /// [`ErrorKind::Offline`] when the host cannot be reached, and any other error of asking it.
    pub async fn newer(&self) -> Result<Option<Commit>, Error> {
        let name = match &self.follows {
            Follows::DefaultBranch => None,
            Follows::Ref(name) => Some(name.as_str()),
            Follows::Nothing => return Ok(None),
        };
        let repository = &self.pinned.repository;
        let found = repository.look_up(name).await?;
        if found.is_remembered == Some(true) {
            return Err(hosts::not_asked(self.link.as_ref()));
        }
        let now = found.commit;
        Ok((now.id != self.pinned.commit.id).then_some(now))
    }

    /// The name of the ref that is to be opened again; none for the default branch.
    pub fn reference(&self) -> Option<&str> {
        match &self.follows {
            Follows::DefaultBranch => None,
            Follows::Ref(name) => Some(name),
            Follows::Nothing => Some(&self.pinned.commit.id),
        }
    }

    /// Whether it keeps up with a branch or tag, or stays at a commit.
    pub fn is_following(&self) -> bool {
        self.follows != Follows::Nothing
    }

    /// The host's address in a browser; none on this machine.
    pub fn host(&self) -> Option<&str> {
        self.link.as_ref().map(|link| &*link.base)
    }

    /// The repository's name at its host, or on this machine.
    pub fn name(&self) -> &str {
        self.link
            .as_ref()
            .map_or(&self.pinned.repository.name, |link| &link.repository)
    }

    /// What is in a folder, folders first, then by name; the root when the path is empty.
    ///
    /// # Errors
    /// As [`Repository::tree`].
    pub async fn folder(&self, folder: &str, urgency: Urgency) -> Result<Listing<Item>, Error> {
        let path = self.names.bytes(folder);
        let listing = self
            .pinned
            .repository
            .tree(&self.commit(), path.as_bstr(), Depth::Children, urgency)
            .await?;
        let mut items: Vec<Item> = listing
            .items
            .into_iter()
            .map(|entry| self.item(entry))
            .collect();
        let place = |item: &Item| (item.kind != EntryKind::Folder, item.path.to_lowercase());
        items.sort_by_cached_key(place);
        Ok(Listing {
            items,
            incomplete: listing.incomplete,
            is_remembered: listing.is_remembered,
        })
    }

    fn item(&self, entry: Entry) -> Item {
        let (path, is_strange) = self.names.shown(entry.path.as_bstr());
        // Hosts cannot say such bytes, and put this sign in their place; it stands where Git's own
        // protocol does not tell the name either.
        let is_untold =
            self.pinned.repository.changes_names() && path.contains(char::REPLACEMENT_CHARACTER);
        Item {
            path,
            kind: entry.kind,
            id: entry.id,
            size: entry.size,
            is_strange: is_strange || is_untold,
        }
    }

    /// The paths that have the words in them; see [`Paths::find`]. All paths are asked for at the
    /// first call.
    ///
    /// # Errors
    /// As [`Repository::tree`].
    pub async fn find(&self, words: &str, most: usize) -> Result<FoundPaths, Error> {
        let index = Arc::clone(self.index().await?);
        let words = words.to_owned();
        let finding = tokio::task::spawn_blocking(move || {
            let found = index.paths.find(&words, most);
            let best = found.best.into_iter().map(|hit| {
                let (path, kind) = &index.items[hit.number];
                FoundPath {
                    path: path.clone(),
                    kind: *kind,
                    ranges: hit.ranges,
                }
            });
            FoundPaths {
                best: best.collect(),
                fitting: found.fitting,
                all: index.items.len(),
                incomplete: index.incomplete.clone(),
            }
        });
        finding.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Finding a path broke off").caused_by(error)
        })
    }

    async fn index(&self) -> Result<&Arc<Index>, Error> {
        let reading = || async {
            let listing = self
                .pinned
                .repository
                .tree(&self.commit(), BStr::new(""), Depth::All, Urgency::Waited)
                .await?;
            let items: Vec<(String, EntryKind)> = listing
                .items
                .into_iter()
                .map(|entry| (self.names.shown(entry.path.as_bstr()).0, entry.kind))
                .collect();
            Ok(Arc::new(Index {
                paths: Paths::new(items.iter().map(|(path, _)| path.as_str())),
                items,
                incomplete: listing.incomplete,
            }))
        };
        self.index.get_or_try_init(reading).await
    }

    /// What is at a path that is no folder.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], and as [`Repository::blob`].
    pub async fn file(&self, path: &str) -> Result<Arc<File>, Error> {
        if let Some((_, file)) = lock(&self.files).iter().find(|(known, _)| known == path) {
            return Ok(Arc::clone(file));
        }
        let bytes = self.names.bytes(path);
        let entry = self.entry(bytes.as_bstr()).await?;
        let entry = entry.ok_or_else(|| self.missing(path))?;
        let file = Arc::new(match entry.kind {
            EntryKind::Submodule => File::Submodule {
                address: self.address_of_submodule(bytes.as_bstr()).await,
                commit: entry.id,
            },
            kind => {
                let blob = self
                    .pinned
                    .repository
                    .blob_of(&self.commit(), &entry, Urgency::Waited)
                    .await?;
                match kind {
                    EntryKind::Symlink => File::Link {
                        target: self.names.shown(blob.bytes.as_bstr()).0,
                    },
                    _ if self.is_link(path, &blob.bytes).await => File::Link {
                        target: self.names.shown(blob.bytes.as_bstr()).0,
                    },
                    _ => File::Contents {
                        bytes: blob.bytes,
                        pointer: blob.pointer,
                        unresolved: blob.unresolved,
                    },
                }
            }
        });
        let mut files = lock(&self.files);
        files.push_front((path.to_owned(), Arc::clone(&file)));
        let sizes = files.iter().map(|(_, file)| file.size());
        let kept = kept_of(sizes);
        files.truncate(kept);
        Ok(file)
    }

    /// Writes a file into one of this machine, also what is too large to be shown; what Git LFS keeps
    /// elsewhere is fetched. `tell` is told how many bytes came, and of how many where that is known.
    /// Gives its size, and none when it was cancelled: then nothing was written.
    ///
    /// # Errors
    /// As [`Repository::save`], and [`ErrorKind::InvalidInput`] for what is no file.
    pub async fn save(
        &self,
        path: &str,
        into: &Path,
        tell: Arc<dyn Fn(u64, Option<u64>) + Send + Sync>,
        cancel: &CancellationToken,
    ) -> Result<Option<u64>, Error> {
        let bytes = self.names.bytes(path);
        let entry = self.entry(bytes.as_bstr()).await?;
        let entry = entry.ok_or_else(|| self.missing(path))?;
        if !matches!(entry.kind, EntryKind::File | EntryKind::Lfs) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{path}` is no file that could be saved", path),
            )
            .remedy("Open what it leads to, and save that"));
        }
        let repository = &self.pinned.repository;
        let commit = self.commit();
        repository
            .save_for((&commit, &entry), into, tell, cancel)
            .await
    }

    /// Whether what is listed as a file is a symbolic link by all that can be seen, at a host that
    /// has no word for links.
    async fn is_link(&self, path: &str, bytes: &[u8]) -> bool {
        if self.pinned.repository.tells_links() {
            return false;
        }
        let Some(target) = perhaps_link(path, bytes) else {
            return false;
        };
        // What cannot be looked at is shown as what it is listed as.
        target.is_empty() || matches!(self.entry(target.as_str().into()).await, Ok(Some(_)))
    }

    /// Where the repository of a submodule is; what cannot be read names nothing.
    async fn address_of_submodule(&self, path: &BStr) -> Option<String> {
        let repository = &self.pinned.repository;
        let commit = self.commit();
        let modules = repository.blob(&commit, ".gitmodules".into(), Urgency::Waited);
        let modules = modules.await.ok()?.bytes;
        let cloned_from = repository.clone_address();
        let shown = self.host().map(|_| self.address.as_str());
        let own = cloned_from.as_deref().or(shown).map(without_user);
        submodules::address_of(&modules, path, own.as_deref())
    }

    async fn entry(&self, path: &BStr) -> Result<Option<Entry>, Error> {
        let folder = path
            .rsplit_once_str("/")
            .map_or(&b""[..], |(folder, _)| folder);
        let listing = self
            .pinned
            .repository
            .tree(
                &self.commit(),
                folder.as_bstr(),
                Depth::Children,
                Urgency::Waited,
            )
            .await;
        match listing {
            Ok(listing) => Ok(hosts::of_path(listing.items, path)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The newest commits that changed a path, by the names that a file had too; all commits for an
    /// empty one. None where only the last is asked for and all history would have to be fetched to
    /// tell it, as at a plain Git server: a person who only opens a file does not wait for that.
    ///
    /// # Errors
    /// As [`Repository::versions`].
    pub async fn history(&self, path: &str, most: usize) -> Result<Listing<Past>, Error> {
        let bytes = self.names.bytes(path);
        let repository = &self.pinned.repository;
        if most == 1 && !repository.has_history_at_hand(&self.commit(), bytes.as_bstr()) {
            return Ok(Listing {
                items: Vec::new(),
                incomplete: Some(sentence!(
                    "The history of this repository was not fetched yet"
                )),
                is_remembered: false,
            });
        }
        let found = repository
            .versions(&self.commit(), bytes.as_bstr(), most)
            .await?;
        let past = |version: Version| Past {
            path: self.names.shown(version.path.as_bstr()).0,
            commit: version.commit,
        };
        Ok(Listing {
            items: found.items.into_iter().map(past).collect(),
            incomplete: found.incomplete,
            is_remembered: found.is_remembered,
        })
    }

    /// A path as it is in the repository, of which it may be shown otherwise.
    pub fn real_path(&self, shown: &str) -> String {
        self.names.bytes(shown).to_string()
    }

    /// With which commit each line of a file came, the lines in order.
    ///
    /// # Errors
    /// As [`Repository::blame`].
    pub async fn blame(&self, path: &str) -> Result<Listing<Blamed>, Error> {
        let path = self.names.bytes(path);
        let repository = &self.pinned.repository;
        repository.blame(&self.commit(), path.as_bstr()).await
    }

    /// The lasting address of a path, and of lines in it; none for a repository that is at no host.
    pub fn permalink(&self, path: &str, lines: Option<Lines>) -> Option<String> {
        let path = self.names.bytes(path);
        let repository = &self.pinned.repository;
        repository.permalink(&self.pinned.commit.id, path.as_bstr(), lines)
    }

    fn commit(&self) -> String {
        self.pinned.commit.id.clone()
    }

    fn missing(&self, path: &str) -> Error {
        Error::new(
            ErrorKind::NotFound,
            sentence!(
                "There is no `{path}` in `{name}` at {place}",
                path,
                name = self.name(),
                place = visible(&self.place())
            ),
        )
        .remedy("Check the path, or choose another branch")
    }

    /// The ref or commit, for people.
    fn place(&self) -> String {
        match &self.pinned.reference {
            Some(name) => format!("`{}`", short_name(name)),
            None => format!("the commit `{}`", short(&self.pinned.commit.id)),
        }
    }

    /// Finds what the address names in the repository.
    async fn land(&self) -> Result<Landing, Error> {
        let (lines, file) = match self.link.as_ref().map(|link| &link.target) {
            Some(Target::Path { lines, .. }) => (*lines, None),
            Some(Target::PullRequest { lines, file, .. }) => (*lines, file.as_ref()),
            _ => (None, None),
        };
        if let Some(Target::Elsewhere(place)) = self.link.as_ref().map(|link| &link.target) {
            return Ok(Landing::at_root(Some(sentence!(
                "`{place}` is at the host, and none of the repository's files",
                place = visible(place)
            ))));
        }
        let path = match file {
            Some(ChangedFile::Hash(hash)) => match self.path_of_hash(hash).await? {
                Some(path) => path,
                None => {
                    return Ok(Landing::at_root(Some(sentence!(
                        "The file that the address names is not there after the change"
                    ))));
                }
            },
            _ => self.names.shown(self.pinned.path.as_bstr()).0,
        };
        self.landing(path, lines).await
    }

    /// Leads to a path of it, with lines there, instead of what its address names.
    ///
    /// # Errors
    /// Any of asking its host. A path that is not there is no error: it is at the root then, and
    /// says so.
    pub async fn lead_to(&mut self, path: &str, lines: Option<Lines>) -> Result<(), Error> {
        self.landing = self.landing(path.to_owned(), lines).await?;
        Ok(())
    }

    async fn landing(&self, path: String, lines: Option<Lines>) -> Result<Landing, Error> {
        if path.is_empty() {
            return Ok(Landing::at_root(None));
        }
        let bytes = self.names.bytes(&path);
        match self.entry(bytes.as_bstr()).await? {
            Some(entry) => Ok(Landing {
                path,
                is_folder: entry.kind == EntryKind::Folder,
                lines,
                trouble: None,
            }),
            None => Ok(Landing::at_root(Some(
                self.missing(&path).sentence().clone(),
            ))),
        }
    }

    /// The path that hosts name by its hash, in hexadecimal.
    async fn path_of_hash(&self, hash: &str) -> Result<Option<String>, Error> {
        let algorithm = match hash.len() {
            40 => &SHA1_FOR_LEGACY_USE_ONLY,
            _ => &SHA256,
        };
        let index = self.index().await?;
        let found = index.items.iter().find(|(path, _)| {
            let made = digest(algorithm, &self.names.bytes(path));
            let made: String = made
                .as_ref()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            made.eq_ignore_ascii_case(hash)
        });
        Ok(found.map(|(path, _)| path.clone()))
    }
}

/// What the repository at an address is to be remembered as once it was published from; none when no
/// account is used for it. Asks no host. Blocks on the disk.
///
/// # Errors
/// [`ErrorKind::Storage`].
pub fn published_source(
    accounts: &Accounts,
    address: &str,
) -> Result<Option<PublishedSource>, Error> {
    let all = accounts.list()?;
    let Some(link) = hosts::read_link(&all, address) else {
        return Ok(None);
    };
    let is_here = |account: &&Account| {
        let is_host = Dialect::of_provider(&account.provider).is_some();
        is_host && account.base.trim_end_matches('/') == link.base
    };
    let Some(here) = all.iter().find(is_here) else {
        let found = hosts::account_at(accounts, address)?;
        return Ok(found.map(|(account, path)| PublishedSource {
            account: account.id,
            provider: account.provider,
            base: account.base,
            name: path,
        }));
    };
    let place = accounts.place(&here.provider, Some(&link.base))?;
    let account = accounts.for_place(&place, Some(&link.repository))?;
    Ok(account.map(|account| PublishedSource {
        account: account.id,
        provider: account.provider,
        base: link.base,
        name: link.repository,
    }))
}

/// With which commit each line of a file came, as the file is in a folder now: lines that are in no
/// commit yet came with none.
///
/// # Errors
/// [`ErrorKind::NotFound`] when no commit has the file, or there is none; any error of reading the
/// file or the repository.
pub async fn blame_in_folder(
    opened: crate::repository::Repository,
    path: &str,
) -> Result<Listing<Blamed>, Error> {
    let named = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        let repository = Repository::local(&opened.root)?;
        Ok::<_, Error>((repository, opened.read(&named)?))
    });
    let read = reading
        .await
        .map_err(|error| Error::new(ErrorKind::Bug, "Reading the file broke off").caused_by(error));
    let (repository, now) = read.flatten()?;
    let head = repository.resolve(Some("HEAD")).await?;
    let blamed = repository.blame_above(&head.id, path.as_bytes().as_bstr(), &now);
    blamed.await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(
            ErrorKind::NotFound,
            sentence!("`{path}` is in no commit yet", path),
        )
        .remedy("Commit it, and its lines are told"),
        _ => error,
    })
}

/// How many commits changed each source, up to a commit, since the commit that its page was
/// published from, of which the beginning is known.
///
/// # Errors
/// When the repository cannot be read.
pub fn behind<'a>(
    repository: &'a Repository,
    now: &'a str,
    published: &'a [(String, String)],
) -> BoxFuture<'a, Result<HashMap<String, Behind>, Error>> {
    Box::pin(count_behind(repository, now, published))
}

async fn count_behind(
    repository: &Repository,
    now: &str,
    published: &[(String, String)],
) -> Result<HashMap<String, Behind>, Error> {
    let mut commits: HashMap<&str, Option<String>> = HashMap::new();
    let mut found = HashMap::new();
    for (path, commit) in published {
        if now.starts_with(commit) {
            found.insert(path.clone(), Behind::Commits(0));
            continue;
        }
        if !commits.contains_key(&**commit) {
            let before = match repository.commit_up_to(now, commit).await {
                Ok(before) => Some(before.id),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
            commits.insert(commit, before);
        }
        let behind = match commits.get(&**commit) {
            Some(Some(before)) => {
                Behind::Commits(count_since(repository, now, before, path).await?)
            }
            _ => Behind::Unknown,
        };
        found.insert(path.clone(), behind);
    }
    Ok(found)
}

/// Counts the commits that changed a path and that an earlier commit has not among those before it.
/// By descent and not by date: what was committed before and merged since counts too.
async fn count_since(
    repository: &Repository,
    now: &str,
    before: &str,
    path: &str,
) -> Result<usize, Error> {
    let file = Snippet::file_of(path).trim_end_matches('/');
    let path = file.as_bytes().as_bstr();
    let own = repository.history(now, path, MOST_COMMITS_COUNTED).await?;
    let mut known = ids_of(repository, before, path).await?;
    let is_later = |known: &HashSet<String>, commit: &Commit| !known.contains(&commit.id);
    if !known.is_empty() || own.incomplete.is_some() {
        return Ok(own.items.iter().filter(|one| is_later(&known, one)).count());
    }
    // It was called otherwise when it was published, and may have changed under that name too.
    let all = repository.versions(now, path, MOST_COMMITS_COUNTED).await?;
    let names: BTreeSet<&BStr> = all.items.iter().map(|one| one.path.as_bstr()).collect();
    for name in names.into_iter().filter(|name| *name != path) {
        known.extend(ids_of(repository, before, name).await?);
    }
    let later = all.items.iter().filter(|one| is_later(&known, &one.commit));
    Ok(later.count())
}

/// The newest commits up to one that changed a path; none when it was not there.
async fn ids_of(
    repository: &Repository,
    commit: &str,
    path: &BStr,
) -> Result<HashSet<String>, Error> {
    match repository.history(commit, path, MOST_COMMITS_COUNTED).await {
        Ok(found) => Ok(found.items.into_iter().map(|commit| commit.id).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}

/// The beginning of a commit's id, for people.
fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

#[cfg(test)]
mod tests {
    use super::{BYTES_KEPT, FILES_KEPT, kept_of};

    #[test]
    fn files_stay_while_there_is_room_for_them() {
        for (sizes, expected) in [
            (vec![1; 20], FILES_KEPT),
            (vec![BYTES_KEPT / 2; 20], 2),
            (vec![BYTES_KEPT + 1, 1], 1),
            (vec![1, BYTES_KEPT, 1], 1),
            (vec![0; 3], 3),
        ] {
            assert_eq!(kept_of(sizes.iter().copied()), expected, "{sizes:?}");
        }
    }
}
