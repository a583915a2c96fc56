//! A local Git repository or folder as a tree of source files, read and never written.
//!
//! Nothing outside the root is read, whatever links say, and no `git` is run. Which of the files
//! are published is decided in [`crate::publish`].

mod entries;
mod references;
mod remote;

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::object::Kind;
use gix::state::InProgress;
use gix::traverse::commit::simple::CommitTimeOrder;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{RepositoryFacts, Snippet, SourceLinks};

use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::{Lines, Link};
use crate::store::copy_made;

pub use entries::{Entry, EntryKind, Hidden, Skipped};
pub(crate) use references::References;
pub(crate) use remote::read as remote;

/// The most that [`Repository::read`] takes into memory.
const LARGEST_FILE: u64 = 200 * 1024 * 1024;

/// What the full names of branches begin with.
const BRANCHES: &str = "refs/heads/";
/// And those of branches of remotes, as they were when somebody fetched.
const REMOTES: &str = "refs/remotes/";

/// Seconds that the clocks of people who commit may differ by.
const CLOCKS_DIFFER: i64 = 24 * 60 * 60;

/// A working copy of a Git repository, or a plain folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The folder that holds everything, links resolved.
    pub root: PathBuf,
    /// What a person calls it: the last part of the remote's address, else the folder's name.
    pub name: String,
    /// What it is called in the pages published from it, the same on every machine: the remote's
    /// host and path, such as `github.com/acme/handbook`, else the folder's name.
    pub identity: String,
    /// What is checked out; none in a plain folder and before the first commit.
    pub head: Option<Head>,
    /// The repository's address in a browser, when the kind of host is known.
    pub web: Option<String>,
    /// Whether there is a Git repository at all.
    pub is_git: bool,
    /// Whether nothing but the folder's name says what it is called, which another folder can have
    /// too.
    pub is_called_by_folder: bool,
    link: Option<Link>,
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The branch, unless a commit is checked out by itself.
    pub branch: Option<String>,
    /// The commit's full id.
    pub commit: String,
    /// When it was committed.
    pub when: Option<Timestamp>,
}

/// Opens the repository that a file or folder belongs to.
///
/// # Errors
/// [`ErrorKind::NotFound`] when there is nothing at the path, [`ErrorKind::InvalidInput`] for a
/// bare repository, [`ErrorKind::Storage`] when it cannot be read.
pub fn open(path: &Path) -> Result<Repository, Error> {
    let (file, _) = without_lines(path);
    let full = fs::canonicalize(&file).map_err(|error| not_opened(path, error))?;
    let folder = match full.parent() {
        Some(parent) if !full.is_dir() => parent.to_path_buf(),
        _ => full,
    };
    match gix::discover(&folder) {
        Ok(git) => of_git(&git, path),
        // Without a repository above it, a folder stands for itself.
        Err(_) if !has_git_above(&folder) => Ok(of_folder(&folder)),
        Err(error) => Err(Error::new(
            ErrorKind::Storage,
            sentence!(
                "The Git repository of `{path}` cannot be opened",
                path = path.display()
            ),
        )
        .remedy("Check it with `git status`, or publish a copy without its `.git` folder")
        .caused_by(error)),
    }
}

/// The file that a path names, and the lines of it where it names some, as in `src/main.rs#L10-L20`.
/// A file that is really called so is that file.
pub fn without_lines(path: &Path) -> (PathBuf, Option<Snippet>) {
    let named = path.to_str().and_then(Snippet::of_path);
    match named.filter(|_| !path.exists()) {
        Some(snippet) => (PathBuf::from(&snippet.file), Some(snippet)),
        None => (path.to_owned(), None),
    }
}

impl Repository {
    /// Lists the files below a folder given relative to the root, sorted by path, and what was
    /// left out with the reason. Hidden folders are left out unless `below` leads into one.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] when the root cannot be read.
    pub fn entries(&self, below: &Path) -> Result<(Vec<Entry>, Vec<Skipped>), Error> {
        entries::list(self, below, Hidden::LeaveOut)
    }

    /// Like [`Repository::entries`], saying whether files in hidden folders belong to it.
    ///
    /// # Errors
    /// The same.
    pub fn entries_with(
        &self,
        below: &Path,
        hidden: Hidden,
    ) -> Result<(Vec<Entry>, Vec<Skipped>), Error> {
        entries::list(self, below, hidden)
    }

    /// Reads a file, given by its path relative to the root.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the path leaves the root, also through a link, or the file
    /// is too large; [`ErrorKind::NotFound`] when there is none.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        self.read_at_most(path, LARGEST_FILE)
    }

    /// Reads a file of at most so many bytes.
    ///
    /// # Errors
    /// The same as [`Repository::read`].
    pub fn read_at_most(&self, path: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let (full, metadata) = self.ordinary(path)?;
        if metadata.len() > limit {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "`{path}` has {size} bytes; at most {limit} are read",
                    path,
                    size = metadata.len(),
                    limit
                ),
            )
            .remedy("Make the file smaller, or leave it out"));
        }
        fs::read(&full).map_err(|error| unreadable(path, error))
    }

    /// Opens a file to read it part by part.
    ///
    /// # Errors
    /// The same as [`Repository::read`], but for large files.
    pub fn open_file(&self, path: &str) -> Result<fs::File, Error> {
        let (full, _) = self.ordinary(path)?;
        fs::File::open(&full).map_err(|error| unreadable(path, error))
    }

    /// Writes a file into another one, however large it is. Gives its size, and none when it was
    /// cancelled meanwhile: then nothing was written.
    ///
    /// # Errors
    /// The same as [`Repository::open_file`], and [`ErrorKind::Storage`] when it cannot be written.
    pub fn save(
        &self,
        path: &str,
        into: &Path,
        cancel: &CancellationToken,
    ) -> Result<Option<u64>, Error> {
        copy_made(into, &mut self.open_file(path)?, cancel)
    }

    /// Where an ordinary file is, and what the system says of it.
    fn ordinary(&self, path: &str) -> Result<(PathBuf, fs::Metadata), Error> {
        let full = self.locate(path)?;
        let metadata = fs::metadata(&full).map_err(|error| unreadable(path, error))?;
        if !metadata.is_file() {
            let what = if metadata.is_dir() {
                Sentence::from("a folder")
            } else {
                Sentence::from("not an ordinary file")
            };
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{path}` is {what}", path, what).with("what", what),
            ));
        }
        Ok((full, metadata))
    }

    /// The address of a file or folder at the commit that is checked out, when the kind of host is
    /// known.
    pub fn permalink(&self, path: &str) -> Option<String> {
        self.permalink_to(path, None)
    }

    fn permalink_to(&self, path: &str, lines: Option<Lines>) -> Option<String> {
        let head = self.head.as_ref()?;
        let path = path.as_bytes().as_bstr();
        self.link.as_ref()?.permalink(&head.commit, path, lines)
    }

    /// Where a file is in a browser: at the commit that is checked out, and in the host's editor on
    /// its branch.
    pub fn links(&self, path: &str) -> SourceLinks {
        self.links_to(path, None)
    }

    /// The same of lines of a file.
    pub fn links_to(&self, path: &str, lines: Option<Lines>) -> SourceLinks {
        let branch = self.head.as_ref().and_then(|head| head.branch.as_deref());
        let link = self.link.as_ref();
        SourceLinks {
            view: self.permalink_to(path, lines),
            edit: branch.and_then(|branch| link?.edit_link(branch, path.as_bytes().as_bstr())),
        }
    }

    /// What is known of it, for texts that name it.
    pub fn facts(&self) -> RepositoryFacts {
        let head = self.head.as_ref();
        let when = head.and_then(|head| head.when);
        RepositoryFacts {
            name: self.name.clone(),
            reference: head.and_then(|head| head.branch.clone()),
            commit: head.map(|head| head.commit.clone()),
            date: when.map(|when| when.strftime("%F").to_string()),
        }
    }

    /// Whether the contents differ from what the commit has at this path; none when there is no
    /// commit to compare with.
    pub fn is_modified(&self, path: &str, contents: &[u8]) -> Option<bool> {
        let git = gix::open(&self.root).ok()?;
        let head = References::of(&git).ok()?.head_id().ok()?;
        let tree = git.find_commit(head).ok()?.tree().ok()?;
        let committed = tree
            .lookup_entry_by_path(path)
            .ok()?
            .map(|entry| entry.object_id());
        Some(committed.map(|id| id.to_string()) != Some(blob_id(contents, git.object_hash())))
    }

    /// What is being done to the working copy, so that some of its files may be of one state and others of
    /// another: a command of Git that is at work or waits for somebody, or one that has put another commit
    /// there since the repository was opened. As a sentence goes on with it.
    pub fn under_way(&self) -> Option<Sentence> {
        if !self.is_git {
            return None;
        }
        let git = gix::open(&self.root).ok()?;
        if git.path().join("index.lock").exists() {
            return Some(sentence!("Git is at work (there is an `index.lock`)"));
        }
        let now = References::of(&git).and_then(|names| names.head_id());
        let now = now.ok().map(|id| id.to_string());
        if now.as_ref() != self.head.as_ref().map(|head| &head.commit) {
            return Some(sentence!("another commit was checked out meanwhile"));
        }
        Some(match git.state()? {
            InProgress::Merge => sentence!("a merge is under way"),
            InProgress::CherryPick | InProgress::CherryPickSequence => {
                sentence!("a cherry-pick is under way")
            }
            InProgress::Revert | InProgress::RevertSequence => sentence!("a revert is under way"),
            InProgress::Bisect => sentence!("a bisection is under way"),
            InProgress::ApplyMailbox
            | InProgress::ApplyMailboxRebase
            | InProgress::Rebase
            | InProgress::RebaseInteractive => sentence!("a rebase is under way"),
        })
    }

    /// The branches that are there beside the one that is checked out, here or at a remote as far as is known.
    pub(crate) fn branches_beside(&self) -> BTreeSet<String> {
        let Some(git) = gix::open(&self.root).ok().filter(|_| self.is_git) else {
            return BTreeSet::new();
        };
        let Ok(names) = References::of(&git) else {
            return BTreeSet::new();
        };
        let ours = self.head.as_ref().and_then(|head| head.branch.as_deref());
        let all = |prefix: &str| names.all(prefix).unwrap_or_default().into_iter();
        let here =
            all(BRANCHES).filter_map(|(name, _)| Some(name.strip_prefix(BRANCHES)?.to_owned()));
        let at_remotes = all(REMOTES).filter_map(|(name, _)| {
            let (_, branch) = name.strip_prefix(REMOTES)?.split_once('/')?;
            Some(branch.to_owned())
        });
        let beside = here.chain(at_remotes);
        beside.filter(|name| Some(name.as_str()) != ours).collect()
    }

    /// Those of some commits, given by the beginnings of their ids, that came after the one that is
    /// checked out. Those that the clone does not have are not known, and not among them.
    pub(crate) fn newer(&self, commits: &BTreeSet<String>) -> BTreeSet<String> {
        let git = gix::open(&self.root).ok();
        match (git, &self.head) {
            (Some(git), Some(head)) => newer(&git, &head.commit, commits),
            _ => BTreeSet::new(),
        }
    }

    /// Where a file really is, once it is certain that this is inside the root.
    ///
    /// # Errors
    /// The same as [`Repository::read`], but for its size.
    pub fn locate(&self, path: &str) -> Result<PathBuf, Error> {
        let leaves = || {
            Error::new(ErrorKind::InvalidInput, sentence!("`{path}` is not inside the repository", path))
                .remedy("Name files relative to the repository's root; links that leave it are not followed")
        };
        let relative = Path::new(path);
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(leaves());
        }
        let full =
            fs::canonicalize(self.root.join(relative)).map_err(|error| unreadable(path, error))?;
        if is_inside(&self.root, &full) {
            Ok(full)
        } else {
            Err(leaves())
        }
    }
}

/// Those of some commits, given by the beginnings of their ids, that have another one among those before
/// them.
pub(crate) fn newer(
    git: &gix::Repository,
    than: &str,
    commits: &BTreeSet<String>,
) -> BTreeSet<String> {
    let Ok(than) = ObjectId::from_hex(than.as_bytes()) else {
        return BTreeSet::new();
    };
    let Some(made) = git.find_commit(than).ok().and_then(|it| it.time().ok()) else {
        return BTreeSet::new();
    };
    // Most are older, and then this ends at once.
    let sorting = gix::revision::walk::Sorting::ByCommitTimeCutoff {
        order: CommitTimeOrder::NewestFirst,
        seconds: made.seconds - CLOCKS_DIFFER,
    };
    let is_newer = |beginning: &&String| {
        let Some(found) = commit_beginning_with(git, beginning) else {
            return false;
        };
        let Ok(mut walk) = git.rev_walk([found]).sorting(sorting).all() else {
            return false;
        };
        found != than && walk.any(|commit| commit.is_ok_and(|commit| commit.id == than))
    };
    commits.iter().filter(is_newer).cloned().collect()
}

/// The only commit whose id begins so, also when that of a file's contents does.
pub(crate) fn commit_beginning_with(git: &gix::Repository, id: &str) -> Option<ObjectId> {
    // Digits alone do not tell of which kind of id they are the first.
    let full = format!("{id:0<length$}", length = git.object_hash().len_in_hex());
    let full = ObjectId::from_hex(full.as_bytes()).ok()?;
    let beginning = gix::hash::Prefix::new(&full, id.len()).ok()?;
    let mut known = HashSet::new();
    git.objects
        .lookup_prefix(beginning, Some(&mut known))
        .ok()?;
    let mut commits: Vec<ObjectId> = known
        .into_iter()
        .filter(|id| {
            let header = git.find_header(*id);
            header.is_ok_and(|header| matches!(header.kind(), Kind::Commit | Kind::Tag))
        })
        .filter_map(|id| Some(git.find_object(id).ok()?.peel_to_commit().ok()?.id))
        .collect();
    commits.sort_unstable();
    commits.dedup();
    match commits.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The id that Git gives to a file with these contents, in a repository whose ids are of this kind.
pub fn blob_id(contents: &[u8], kind: gix::hash::Kind) -> String {
    gix::objs::compute_hash(kind, Kind::Blob, contents)
        .map(|id| id.to_string())
        .unwrap_or_default()
}

/// The kind of a full id, which its length tells.
pub(crate) fn kind_of(id: &str) -> gix::hash::Kind {
    gix::hash::Kind::from_hex_len(id.len()).unwrap_or(gix::hash::Kind::Sha1)
}

/// Whether a path with its links resolved is below the root and not in Git's own folder.
fn is_inside(root: &Path, full: &Path) -> bool {
    let Ok(relative) = full.strip_prefix(root) else {
        return false;
    };
    !relative.components().any(|part| part.as_os_str() == ".git")
}

fn of_folder(folder: &Path) -> Repository {
    let name = folder_name(folder);
    Repository {
        root: folder.to_path_buf(),
        identity: name.clone(),
        name,
        head: None,
        web: None,
        is_git: false,
        is_called_by_folder: true,
        link: None,
    }
}

fn of_git(git: &gix::Repository, path: &Path) -> Result<Repository, Error> {
    let root = git.workdir().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{path}` is a bare repository, without files to read",
                path = path.display()
            ),
        )
        .remedy("Check it out with `git clone` or `git worktree add`, and name that folder")
    })?;
    let root = fs::canonicalize(root).map_err(|error| not_opened(path, error))?;
    let folder = folder_name(&root);
    let remote = remote_address(git).map(|address| remote::read(&address));
    let names = References::of(git).map_err(|error| not_understood(path, error))?;
    let commit = names.head_id().ok();
    let committed = commit.and_then(|id| git.find_commit(id).ok()?.time().ok());
    let when = committed.and_then(|time| Timestamp::from_second(time.seconds).ok());
    let commit = commit.map(|id| id.to_string());
    let branch = names.head_name();
    let known = remote.as_ref();
    Ok(Repository {
        root,
        name: known.map_or(&folder, |remote| &remote.name).clone(),
        identity: known.map_or(&folder, |remote| &remote.identity).clone(),
        head: commit.map(|commit| Head {
            branch,
            commit,
            when,
        }),
        web: known.and_then(|remote| remote.link.as_ref()).map(Link::web),
        is_git: true,
        is_called_by_folder: known.is_none(),
        link: remote.and_then(|remote| remote.link),
    })
}

/// That it is not known where branches and tags lead to.
pub(crate) fn not_understood(path: &Path, error: gix::Error) -> Error {
    Error::new(
        ErrorKind::Storage,
        sentence!(
            "The branches of the Git repository at `{path}` cannot be read",
            path = path.display()
        ),
    )
    .remedy("Check it with `git refs verify`; `git refs migrate --ref-format=files` turns tables into files")
    .caused_by(error)
}

/// The address of `origin`, else of the only remote.
pub(crate) fn remote_address(git: &gix::Repository) -> Option<String> {
    let config = git.config_snapshot();
    let address = |name: &gix::bstr::BStr| {
        let url = config.plumbing().string_by("remote", Some(name), "url")?;
        Some(url.to_str_lossy().into_owned())
    };
    if let Some(origin) = address("origin".into()) {
        return Some(origin);
    }
    let names = git.remote_names();
    match names.len() {
        1 => names.iter().next().and_then(|name| address(name.as_ref())),
        _ => None,
    }
}

fn folder_name(folder: &Path) -> String {
    match folder.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => "files".to_owned(),
    }
}

fn has_git_above(folder: &Path) -> bool {
    folder.ancestors().any(|above| above.join(".git").exists())
}

fn not_opened(path: &Path, error: std::io::Error) -> Error {
    let (kind, remedy) = match error.kind() {
        std::io::ErrorKind::NotFound => (ErrorKind::NotFound, "Check the path"),
        _ => (ErrorKind::Storage, "Check the permissions of the folder"),
    };
    Error::new(
        kind,
        sentence!("`{path}` cannot be opened", path = path.display()),
    )
    .remedy(remedy)
    .caused_by(error)
}

fn unreadable(path: &str, error: std::io::Error) -> Error {
    let (kind, remedy) = match error.kind() {
        std::io::ErrorKind::NotFound => (ErrorKind::NotFound, "Check the path"),
        _ => (ErrorKind::Storage, "Check the permissions of the file"),
    };
    Error::new(kind, sentence!("`{path}` could not be read", path))
        .remedy(remedy)
        .caused_by(error)
}
