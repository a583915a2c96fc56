//! Repositories at Git hosts, and on this machine, read at any commit without a clone.
//!
//! - [`Link`]: an address as a person copies it, understood, and the lasting address back, which
//!   `permalink` writes.
//! - [`Repository`]: refs, trees, files and history of one repository, wherever it is. A ref is
//!   resolved to a commit once; everything else is asked by commit.
//! - [`Host`]: a Git host as one account sees it. `github`, `gitlab`, `bitbucket`, `data_center`,
//!   `azure` and `gitea` know what to ask of each; `host` asks it, in the order of `queue`, and [`Cache`]
//!   keeps the answers; `refusals` says what those mean that are none; `hosted` is a repository there,
//!   `contents` its files.
//! - `archive`: many files in one answer.
//! - `past`: lines that differ, who wrote a line, what changed last.
//! - `renames`: files that were called otherwise before.
//! - `opening`: from an address to a repository at a commit; `naming`: what the name of a ref means.
//! - `remote`: repositories at any Git server, in Git's own protocol, which is in `wire`; the
//!   room they take, in `fetched`; what their servers told last, in `remembered`.
//! - `ssh_offer`: with which keys SSH asks a server.
//! - `any_server`: who is signed in to such a server, and whether one is at an address.
//! - `local`: repositories on this machine, bare ones too; `lfs`: files that Git keeps elsewhere.
//!
//! Nothing is ever written to a repository. Which files are published is decided in
//! [`crate::publish`].

mod any_server;
mod archive;
mod azure;
mod bitbucket;
mod cache;
mod contents;
mod data_center;
mod fetched;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gitea;
mod github;
mod gitlab;
mod host;
mod hosted;
mod lfs;
mod link;
mod local;
mod naming;
mod opening;
mod past;
mod permalink;
mod queue;
mod refusals;
mod remembered;
mod remote;
mod renames;
mod sent;
mod ssh_offer;
mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use gix::bstr::{BStr, BString, ByteSlice};
use jiff::Timestamp;
use tributary_pages::markup::{RepositoryFacts, SourceLinks};

use crate::Sentence;
use crate::account::Accounts;
use crate::error::{Error, ErrorKind};
use crate::http::{Credential, Http};

use naming::Resolved;

pub use any_server::{Asking, known_repositories};
pub(crate) use any_server::{account_at, address_at_server};
pub use cache::{Cache, USUAL_SIZE};
#[cfg(test)]
pub(crate) use fetched::mark as mark_used;
pub use host::{Host, Listed};
pub(crate) use lfs::LONGEST_POINTER;
pub use lfs::Pointer;
pub use link::{At, ChangedFile, Dialect, Lines, Link, Target};
pub use opening::{is_address, open};
use opening::{listed, provider_at};
pub(crate) use opening::{not_asked, open_as, open_seen, read_link};
pub use past::{Blamed, Difference, Hunk, LastChange, Side};
pub use remote::Ssh;
pub use renames::Version;
pub(crate) use sent::{LARGEST_HELD, LARGEST_SENT, ToSend, too_large};

/// The largest file that is read; more would not be looked at, and hosts stop there too.
pub const LARGEST_BLOB: u64 = 25 * 1024 * 1024;

/// A repository, at a host or on this machine. Clones are the same.
#[derive(Debug, Clone)]
pub struct Repository {
    /// What a person calls it.
    pub name: String,
    /// What it is called in the pages published from it, the same however it is read.
    pub identity: String,
    /// What it was called before, as far as its host says so: pages of those names are its own.
    pub formerly: Vec<String>,
    link: Option<Link>,
    source: Source,
    /// Where a repository on this machine has the files that Git LFS keeps elsewhere.
    elsewhere: Option<lfs::Elsewhere>,
}

#[derive(Debug, Clone)]
enum Source {
    Local(local::Local),
    Hosted(hosted::Hosted),
    Remote(remote::Remote),
}

/// A branch or tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Which of the two.
    pub kind: RefKind,
    /// Its name without `refs/heads/` or `refs/tags/`.
    pub name: String,
    /// The commit it leads to, where the host says so.
    pub commit: Option<String>,
}

/// What a ref is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// It moves.
    Branch,
    /// It stays.
    Tag,
}

impl RefKind {
    /// Under what Git keeps refs of the kind.
    fn folder(self) -> &'static str {
        match self {
            Self::Branch => "refs/heads/",
            Self::Tag => "refs/tags/",
        }
    }

    /// The name that leaves no doubt which kind is meant.
    pub fn full(self, name: &str) -> String {
        format!("{}{name}", self.folder())
    }

    /// The name without its kind, when it is a full one of this kind.
    pub fn short(self, full: &str) -> Option<&str> {
        full.strip_prefix(self.folder())
    }
}

/// The name of a ref as people say it: without the kind, where it has that.
pub fn short_name(name: &str) -> &str {
    let short = RefKind::Branch
        .short(name)
        .or_else(|| RefKind::Tag.short(name));
    short.unwrap_or(name)
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its full id.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// When it was committed.
    pub when: Option<Timestamp>,
    /// The first line of its message.
    pub summary: String,
}

/// Something in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path from the root of the repository. Git's paths are bytes.
    pub path: BString,
    /// What it is.
    pub kind: EntryKind,
    /// The id of its contents, where the host tells it.
    pub id: Option<String>,
    /// Its size in bytes, where that is known without reading it.
    pub size: Option<u64>,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link; its contents are where it leads.
    Symlink,
    /// Another repository at one of its commits.
    Submodule,
    /// A file that Git LFS keeps elsewhere, where that is known without reading it.
    Lfs,
}

/// How far below a folder a listing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// What is in the folder itself.
    Children,
    /// Everything below it; without the folders, and without sizes where they cost extra.
    All,
}

/// What was listed, and whether that is all there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// What was found.
    pub items: Vec<T>,
    /// Why something may be missing, as a sentence; none when the listing is whole.
    pub incomplete: Option<Sentence>,
    /// Whether the host could not be reached, and this is what it said before.
    pub is_remembered: bool,
}

impl<T> Listing<T> {
    fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            incomplete: None,
            is_remembered: false,
        }
    }
}

/// The contents of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The bytes; of a file in Git LFS those it stands for, unless [`Blob::unresolved`].
    pub bytes: Bytes,
    /// What Git has in place of a file that Git LFS keeps elsewhere, when this is one.
    pub pointer: Option<Pointer>,
    /// Why the bytes are those of the pointer itself, as a sentence.
    pub unresolved: Option<Sentence>,
}

impl Blob {
    fn plain(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            pointer: None,
            unresolved: None,
        }
    }
}

/// A difference between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path; the new one of what was renamed.
    pub path: BString,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has other contents, or is another kind of thing.
    Modified,
    /// It was somewhere else.
    Renamed {
        /// Its path before.
        from: BString,
    },
}

/// A repository at a commit: what a publish reads.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The repository.
    pub repository: Repository,
    /// The commit.
    pub commit: Commit,
    /// The branch or tag that led there, when one did: the default branch by the name that it has,
    /// where nothing else was asked for.
    pub reference: Option<String>,
    /// The path that the address names; empty for the whole repository.
    pub path: BString,
    /// The lines of it that the address marks.
    pub lines: Option<Lines>,
}

impl Pinned {
    /// What the address names, as [`PublishRequest::paths`](crate::publish::PublishRequest::paths) has
    /// it: a path, with the lines where it marks some. None for the whole repository.
    pub fn shown(&self) -> Option<String> {
        let path = self.path.to_string();
        if path.is_empty() {
            return None;
        }
        Some(match self.lines {
            Some(Lines { first, last }) => format!("{path}#L{first}-L{last}"),
            None => path,
        })
    }

    /// What is known of the repository, for texts that name it.
    pub fn facts(&self) -> RepositoryFacts {
        RepositoryFacts {
            name: self.repository.name.clone(),
            reference: self
                .reference
                .as_deref()
                .map(|name| short_name(name).to_owned()),
            commit: Some(self.commit.id.clone()),
            date: self.commit.when.map(|when| when.strftime("%F").to_string()),
        }
    }

    /// Where a file is in a browser: at the commit, and in the host's editor on the branch.
    pub fn links(&self, path: &str) -> SourceLinks {
        self.links_to(path, None)
    }

    /// The same of lines of a file.
    pub fn links_to(&self, path: &str, lines: Option<Lines>) -> SourceLinks {
        let path = path.as_bytes().as_bstr();
        // At a tag there is nothing to edit.
        let branch = self
            .reference
            .as_deref()
            .filter(|name| RefKind::Tag.short(name).is_none());
        SourceLinks {
            view: self.repository.permalink(&self.commit.id, path, lines),
            edit: branch.and_then(|branch| self.repository.edit_link(branch, path)),
        }
    }

    /// The contents of a file at the commit; none when there is no such file.
    ///
    /// # Errors
    /// As [`Repository::blob`].
    pub async fn file(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = path.as_bytes().as_bstr();
        let read = self.repository.blob(&self.commit.id, path, Urgency::Waited);
        match read.await {
            Ok(blob) => Ok(Some(blob.bytes.to_vec())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Who waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// A person, now: a long limit is told, not waited for.
    Waited,
    /// A person who sees how far something long is, and would rather wait than begin anew.
    Patient,
    /// Nobody: whatever a person waits for goes first.
    Background,
}

impl Repository {
    /// Opens the repository that a folder belongs to, or a bare one. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, [`ErrorKind::Storage`] when it cannot be read.
    pub fn local(path: &Path) -> Result<Self, Error> {
        let (local, address) = local::Local::open(path)?;
        let folder = local.folder_name();
        let remote = address.map(|address| crate::repository::remote(&address));
        let link = remote.as_ref().and_then(|remote| remote.link.clone());
        Ok(Self {
            name: remote.as_ref().map_or(&folder, |known| &known.name).clone(),
            identity: remote
                .as_ref()
                .map_or(&folder, |known| &known.identity)
                .clone(),
            formerly: Vec::new(),
            link,
            source: Source::Local(local),
            elsewhere: None,
        })
    }

    /// Lets what Git LFS keeps elsewhere be fetched where the clone came from, with the account that
    /// is used there.
    fn with_large_files(mut self, accounts: &Accounts, http: &Http, cache: Option<Cache>) -> Self {
        if let Source::Local(local) = &self.source
            && let Some(address) = local.remote_address()
        {
            self.elsewhere = Some(lfs::Elsewhere {
                address,
                accounts: accounts.clone(),
                http: http.clone(),
                cache,
            });
        }
        self
    }

    /// A repository at a host, by the name the host gives it. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is no name of a repository there.
    pub fn hosted(host: &Host, name: &str) -> Result<Self, Error> {
        let link = Link {
            dialect: Some(host.dialect()),
            base: host.place().base().to_owned(),
            repository: name.to_owned(),
            target: Target::Repository,
        };
        let called = name.rsplit('/').next().unwrap_or(name);
        Ok(Self {
            name: called.to_owned(),
            identity: link.identity(),
            formerly: Vec::new(),
            link: Some(link),
            source: Source::Hosted(hosted::Hosted::new(host, name)?),
            elsewhere: None,
        })
    }

    /// The repository by the name that its host gives it now, where that is another one than it was
    /// opened by: it was renamed or moved. May cost a question.
    ///
    /// # Errors
    /// Any error of asking the host.
    pub async fn by_present_name(&self) -> Result<Self, Error> {
        let Source::Hosted(hosted) = &self.source else {
            return Ok(self.clone());
        };
        let name = hosted.name_now().await?;
        let mut now = Self::hosted(&hosted.host, &name)?;
        if now.identity == self.identity {
            return Ok(self.clone());
        }
        now.formerly = vec![self.identity.clone()];
        Ok(now)
    }

    /// The folder on this machine whose name is all that says what it is called. Blocks on the disk.
    pub(crate) fn called_by_folder(&self) -> Option<PathBuf> {
        match &self.source {
            Source::Local(local) if local.remote_address().is_none() => Some(local.folder()),
            _ => None,
        }
    }

    /// Whether a name that another repository was called by leads to this one, as its host says.
    ///
    /// # Errors
    /// Any error of asking the host, but that nothing is there.
    pub(crate) async fn was_called(&self, identity: &str) -> Result<bool, Error> {
        let Source::Hosted(hosted) = &self.source else {
            return Ok(false);
        };
        let base = hosted.host.place().base();
        let Some(link) = Link::of_identity(identity, base, hosted.host.dialect()) else {
            return Ok(false);
        };
        let other = Self::hosted(&hosted.host, &link.repository)?;
        match other.by_present_name().await {
            Ok(now) => Ok(now.identity == self.identity),
            Err(error) if is_closed(error.kind()) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The same, for whom nobody waits: whatever a person waits for goes first, and a part of what a
    /// host allows in an hour is left to people.
    fn in_background(mut self) -> Self {
        self.source = match self.source {
            Source::Hosted(hosted) => Source::Hosted(hosted.in_background()),
            other => other,
        };
        self
    }

    /// A repository at any Git server, by the address that `git clone` takes: `https://…`,
    /// `ssh://…` or `user@server:path`. What is read of it is kept below a folder, and without one
    /// for as long as the repository is open. Nothing is asked yet. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is no such address, [`ErrorKind::Storage`].
    pub fn remote(
        address: &str,
        http: &Http,
        credential: Option<Credential>,
        ssh: &Ssh,
        keep: Option<&Path>,
    ) -> Result<Self, Error> {
        let remote = remote::Remote::open(address, http, credential, ssh, keep)?;
        let known = crate::repository::remote(address);
        Ok(Self {
            name: known.name,
            identity: known.identity,
            formerly: Vec::new(),
            link: known.link,
            source: Source::Remote(remote),
            elsewhere: None,
        })
    }

    /// What an address of this repository shows: the commit, and the path in it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when no ref fits.
    pub async fn follow(&self, link: &Link) -> Result<(Commit, BString), Error> {
        let (found, path, _) = self.lead(link).await?;
        Ok((found.commit, path))
    }

    /// The commit at the end of a pull request, and the repository that it is in: this one, or the
    /// fork that it comes from where the host shows its commits there only.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, [`ErrorKind::InvalidInput`] where there cannot be
    /// any.
    pub async fn pull_request(&self, number: u64) -> Result<(Self, Commit), Error> {
        let (repository, found) = self.changed_by(number).await?;
        Ok((repository, found.commit))
    }

    async fn changed_by(&self, number: u64) -> Result<(Self, Resolved), Error> {
        let Source::Hosted(hosted) = &self.source else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "Pull requests are at the host, and not in the repository",
            ));
        };
        let (found, fork) = hosted.pull_request(number).await?;
        let repository = match fork {
            Some(fork) => Self::hosted(&hosted.host, &fork)?,
            None => self.clone(),
        };
        Ok((repository, found))
    }

    /// The repository as its host names it; none on this machine and at a Git server.
    pub(crate) fn name_at_host(&self) -> Option<&str> {
        match &self.source {
            Source::Hosted(hosted) => Some(&hosted.name),
            Source::Local(_) | Source::Remote(_) => None,
        }
    }

    /// The address that the repository is cloned from, from which others may be named on: those of
    /// its submodules. None where it was cloned from nowhere.
    pub(crate) fn clone_address(&self) -> Option<String> {
        match &self.source {
            Source::Local(local) => local.remote_address(),
            Source::Remote(_) => None,
            Source::Hosted(_) => {
                let link = self.link.as_ref()?;
                Some(match link.dialect {
                    // Its projects and repositories stand elsewhere for people than for Git.
                    Some(Dialect::BitbucketDataCenter) => {
                        format!("{}/scm/{}.git", link.base, link.repository)
                    }
                    _ => link.web(),
                })
            }
        }
    }

    /// Like [`Repository::follow`], with the ref that the address names.
    async fn lead(&self, link: &Link) -> Result<(Resolved, BString, Option<String>), Error> {
        let (at, path) = match &link.target {
            Target::Repository | Target::Elsewhere(_) => (At::Default, BString::default()),
            Target::Commit(id) => (At::Commit(id.clone()), BString::default()),
            Target::Path { at, path, .. } => (at.clone(), path.clone()),
            Target::PullRequest { number, file, .. } => {
                let path = match file {
                    Some(ChangedFile::Path(path)) => path.clone(),
                    _ => BString::default(),
                };
                return Ok((self.changed_by(*number).await?.1, path, None));
            }
        };
        match at {
            At::Undecided(kind) => {
                let (found, name, path) = self.decide(link, kind).await?;
                Ok((found, path, Some(name)))
            }
            At::Default => Ok((self.look_up(None).await?, path, None)),
            At::Commit(id) => Ok((self.look_up(Some(&id)).await?, path, None)),
            At::Ref(name) => {
                let found = self.look_up(Some(&name)).await?;
                Ok((found, path, Some(naming::sufficient(&name).to_owned())))
            }
        }
    }

    /// Whether the host cannot be reached now, so that only what was seen before is there. Costs a
    /// question.
    pub(crate) async fn is_away(&self) -> bool {
        match &self.source {
            Source::Local(_) => false,
            Source::Remote(_) => match self.look_up(None).await {
                Ok(found) => found.is_remembered == Some(true),
                Err(error) => hosted::is_away(&error),
            },
            Source::Hosted(hosted) => hosted.is_away().await,
        }
    }

    /// The lasting address of a file or folder at a commit, when the kind of host is known.
    pub fn permalink(&self, commit: &str, path: &BStr, lines: Option<Lines>) -> Option<String> {
        self.link.as_ref()?.permalink(commit, path, lines)
    }

    /// The address of the host's editor for a file of a branch, when the kind of host is known.
    pub fn edit_link(&self, branch: &str, path: &BStr) -> Option<String> {
        self.link.as_ref()?.edit_link(branch, path)
    }

    /// The branches or tags whose names have a text in them, in whichever letters; those that begin
    /// with it come first.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub async fn refs(
        &self,
        kind: RefKind,
        text: &str,
        urgency: Urgency,
    ) -> Result<Listing<Reference>, Error> {
        let mut listing = match &self.source {
            Source::Local(local) => blocking(local, move |local| local.refs(kind)).await?,
            Source::Remote(remote) => remote.refs(kind).await?,
            Source::Hosted(hosted) => hosted.refs(kind, text, urgency).await?,
        };
        let text = text.to_lowercase();
        let at = |found: &Reference| found.name.to_lowercase().find(&text);
        listing.items.retain(|found| at(found).is_some());
        listing.items.sort_by_key(|found| at(found) != Some(0));
        Ok(listing)
    }

    /// What is in a folder at a commit, sorted by path; the root when the path is empty. Names are
    /// those that the repository has, also where a host has no form for them.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such folder.
    pub async fn tree(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Listing<Entry>, Error> {
        let listing = self.tree_as_told(commit, folder, depth, urgency).await?;
        let Source::Hosted(hosted) = &self.source else {
            return Ok(listing);
        };
        let named = hosted.with_names(commit, folder, depth, urgency, listing);
        let mut listing = named.await?;
        listing.items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listing)
    }

    /// The same with names as a host tells them, which costs no more than it tells: for whoever has
    /// no use for files whose names are no UTF-8.
    pub(crate) async fn tree_as_told(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
        urgency: Urgency,
    ) -> Result<Listing<Entry>, Error> {
        let (commit, folder) = (commit.to_owned(), folder.to_owned());
        let mut listing = match &self.source {
            Source::Local(local) => {
                blocking(local, move |local| {
                    local.tree(&commit, folder.as_ref(), depth)
                })
                .await?
            }
            Source::Remote(remote) => {
                remote.need(&commit).await?;
                blocking(&remote.local, move |local| {
                    local.tree(&commit, folder.as_ref(), depth)
                })
                .await?
            }
            Source::Hosted(hosted) => {
                hosted
                    .tree(&commit, folder.as_ref(), depth, urgency)
                    .await?
            }
        };
        listing.items.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listing)
    }

    /// The contents of a file at a commit; of a symbolic link, where it leads.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::InvalidInput`] for a folder, a submodule, and a file
    /// larger than [`LARGEST_BLOB`].
    pub async fn blob(&self, commit: &str, path: &BStr, urgency: Urgency) -> Result<Blob, Error> {
        let Source::Hosted(_) = &self.source else {
            let blob = self.local_blob(commit, path).await?;
            return Ok(self.with_named_server(commit, path, blob, urgency).await);
        };
        let entry = self.entry(commit, path, urgency).await?;
        self.blob_of(commit, &entry, urgency).await
    }

    /// What its folder tells of a path: what it is, and by which id its contents are known.
    pub(crate) async fn entry(
        &self,
        commit: &str,
        path: &BStr,
        urgency: Urgency,
    ) -> Result<Entry, Error> {
        let (folder, _) = path.rsplit_once_str("/").unwrap_or((b"", path));
        let above = self
            .tree(commit, folder.as_bstr(), Depth::Children, urgency)
            .await?;
        of_path(above.items, path).ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "There is no `{path}` at the commit `{commit}`",
                    path,
                    commit = short(commit)
                ),
            )
            .remedy("Check the path, or choose another branch")
        })
    }

    /// The contents of something that was listed, with fewer questions than [`Repository::blob`].
    ///
    /// # Errors
    /// The same.
    pub async fn blob_of(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<Blob, Error> {
        let path = entry.path.as_bstr();
        let blob = match &self.source {
            Source::Local(_) | Source::Remote(_) => self.local_blob(commit, path).await,
            Source::Hosted(hosted) => hosted.blob(commit, entry, urgency).await,
        }?;
        Ok(self.with_named_server(commit, path, blob, urgency).await)
    }

    /// Fetches the contents of what was listed ahead, in one request for all of them where that is
    /// cheaper, so that [`Repository::blob_of`] finds them in the cache. Gives how many there are
    /// that were not known; none on this machine, without a cache, or for a few files.
    ///
    /// # Errors
    /// Any error of asking the host; the files can be asked for one by one all the same.
    pub async fn fetch_ahead(
        &self,
        commit: &str,
        entries: &[&Entry],
        urgency: Urgency,
    ) -> Result<usize, Error> {
        match &self.source {
            Source::Local(_) => Ok(0),
            Source::Remote(remote) => remote.need_all(entries).await,
            Source::Hosted(hosted) => hosted.fetch_ahead(commit, entries, urgency).await,
        }
    }

    async fn local_blob(&self, commit: &str, path: &BStr) -> Result<Blob, Error> {
        let local = match &self.source {
            Source::Local(local) => local,
            Source::Remote(remote) => {
                remote.need_blob(commit, path).await?;
                &remote.local
            }
            Source::Hosted(_) => {
                return Err(Error::new(
                    ErrorKind::Bug,
                    "The repository is not on this machine",
                ));
            }
        };
        let (commit, wanted) = (commit.to_owned(), path.to_owned());
        let reading = blocking(local, move |local| local.blob(&commit, wanted.as_ref()));
        let blob = reading.await?;
        let Some(pointer) = blob.pointer.as_ref().filter(|_| blob.unresolved.is_some()) else {
            return Ok(blob);
        };
        let fetched = match (&self.source, &self.elsewhere) {
            (Source::Remote(remote), _) => remote.large_file(pointer).await,
            (_, Some(elsewhere)) => elsewhere.fetch(pointer).await,
            (_, None) => return Ok(blob),
        };
        Ok(match fetched {
            Ok(bytes) => Blob {
                bytes,
                unresolved: None,
                ..blob
            },
            Err(error) => Blob {
                unresolved: Some(lfs::not_fetched(path, &error)),
                ..blob
            },
        })
    }

    /// The newest commits up to one that changed a path, newest first.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub async fn history(
        &self,
        commit: &str,
        path: &BStr,
        most: usize,
    ) -> Result<Listing<Commit>, Error> {
        let (commit, path) = (commit.to_owned(), path.to_owned());
        match &self.source {
            Source::Local(local) => {
                blocking(local, move |local| {
                    local.history(&commit, path.as_ref(), most)
                })
                .await
            }
            Source::Remote(remote) => {
                remote.need_history(&commit).await?;
                blocking(&remote.local, move |local| {
                    local.history(&commit, path.as_ref(), most)
                })
                .await
            }
            Source::Hosted(hosted) => hosted.history(&commit, path.as_ref(), most).await,
        }
    }

    /// Whether what is listed says which files are symbolic links. Bitbucket Data Center has no word
    /// for them.
    pub(crate) fn tells_links(&self) -> bool {
        let dialect = self.link.as_ref().and_then(|link| link.dialect);
        !matches!(&self.source, Source::Hosted(_)) || dialect != Some(Dialect::BitbucketDataCenter)
    }

    /// Whether a name may have another sign in it where its bytes are no UTF-8.
    pub(crate) fn changes_names(&self) -> bool {
        matches!(&self.source, Source::Hosted(_))
    }

    /// Whether all paths come in few answers however many there are; other hosts tell a hundred or a
    /// thousand at once.
    pub(crate) fn lists_at_once(&self) -> bool {
        match &self.source {
            Source::Local(_) | Source::Remote(_) => true,
            Source::Hosted(hosted) => match hosted.host.dialect() {
                Dialect::GitHub | Dialect::AzureDevOps | Dialect::BitbucketDataCenter => true,
                Dialect::GitLab | Dialect::Bitbucket | Dialect::Gitea => false,
            },
        }
    }

    /// Whether history is told without fetching it first: of a repository at a Git server all of it
    /// has to be.
    pub(crate) fn has_history_at_hand(&self, commit: &str, path: &BStr) -> bool {
        match &self.source {
            Source::Local(_) => true,
            // Of a name that it has no form for a host tells none.
            Source::Hosted(_) => path.to_str().is_ok(),
            Source::Remote(remote) => remote.has_history(commit),
        }
    }

    /// The commit that changed a path last.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when no commit did.
    pub async fn last_commit(&self, commit: &str, path: &BStr) -> Result<Commit, Error> {
        let history = self.history(commit, path, 1).await?;
        history.items.into_iter().next().ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "No commit up to `{commit}` has `{path}`",
                    commit = short(commit),
                    path
                ),
            )
            .remedy("Check the path")
        })
    }
}

/// What was listed by a path. One with the sign in it that hosts put where bytes are no UTF-8 is the
/// only one that it may stand for: an address of a host, or what it says of a change, has no other.
pub(crate) fn of_path(listed: Vec<Entry>, path: &BStr) -> Option<Entry> {
    let mut listed = listed;
    if let Some(at) = listed.iter().position(|entry| entry.path == path) {
        return Some(listed.swap_remove(at));
    }
    let is_meant = |entry: &Entry| {
        entry.path.to_str().is_err() && entry.path.to_str_lossy().as_bytes() == path.as_bytes()
    };
    let mut meant = listed.into_iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Whether there is nothing to see at a name.
fn is_closed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::SignedOut
    )
}

/// What differs between two listings; what went from one path to another unchanged was renamed.
fn differences(before: &[Entry], after: &[Entry]) -> Vec<Change> {
    let old: BTreeMap<&BString, &Entry> = before.iter().map(|entry| (&entry.path, entry)).collect();
    let new: BTreeMap<&BString, &Entry> = after.iter().map(|entry| (&entry.path, entry)).collect();
    let mut gone: BTreeMap<&str, Vec<&BString>> = BTreeMap::new();
    let mut changes = Vec::new();
    for (path, entry) in &old {
        match (new.get(*path), entry.id.as_deref()) {
            (None, Some(id)) => gone.entry(id).or_default().push(path),
            (None, None) => changes.push(removed(path)),
            (Some(now), _) if now.id != entry.id || now.kind != entry.kind => {
                changes.push(Change {
                    path: (*path).clone(),
                    kind: ChangeKind::Modified,
                });
            }
            (Some(_), _) => {}
        }
    }
    for (path, entry) in &new {
        if old.contains_key(*path) {
            continue;
        }
        let from = entry.id.as_deref().and_then(|id| gone.get_mut(id)?.pop());
        let kind = match from {
            Some(from) => ChangeKind::Renamed { from: from.clone() },
            None => ChangeKind::Added,
        };
        changes.push(Change {
            path: (*path).clone(),
            kind,
        });
    }
    changes.extend(gone.into_values().flatten().map(removed));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

fn removed(path: &BString) -> Change {
    Change {
        path: path.clone(),
        kind: ChangeKind::Removed,
    }
}

/// Runs what waits for the disk where that holds nothing up.
async fn blocking<T: Send + 'static>(
    local: &local::Local,
    run: impl FnOnce(&local::Local) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let local = local.clone();
    let ended = tokio::task::spawn_blocking(move || run(&local)).await;
    ended
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading the repository broke off").caused_by(error)
        })
        .flatten()
}

/// The beginning of a commit's id, for people.
fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
