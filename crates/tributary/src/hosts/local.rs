//! A repository on this machine, read through its objects: bare or not, whatever is checked out.

use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet, hash_map};
use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::object::tree::EntryKind as Mode;
use jiff::Timestamp;

use super::lfs::{self, LONGEST_POINTER, Pointer};
use super::naming::{Named, Resolved};
use super::sent::ToSend;
use super::{
    Blamed, Blob, Commit, Depth, Entry, EntryKind, LARGEST_BLOB, LastChange, Listing, RefKind,
    Reference, past, short, too_large,
};
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::repository::{References, commit_beginning_with, not_understood};

/// Where a repository is. It is opened for each question: what is open belongs to one thread.
#[derive(Debug, Clone)]
pub(super) struct Local {
    git: PathBuf,
}

impl Local {
    /// Opens the repository a path belongs to, and tells the address of its remote.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<String>), Error> {
        let folder = match path.parent() {
            Some(parent) if path.is_file() => parent,
            _ => path,
        };
        let git = gix::discover(folder).map_err(|error| {
            let kind = if folder.exists() {
                ErrorKind::Storage
            } else {
                ErrorKind::NotFound
            };
            Error::new(
                kind,
                sentence!(
                    "There is no Git repository at `{path}`",
                    path = path.display()
                ),
            )
            .remedy("Check the path")
            .caused_by(error)
        })?;
        References::of(&git).map_err(|error| not_understood(path, error))?;
        let address = crate::repository::remote_address(&git);
        let git = git.git_dir().to_path_buf();
        Ok((Self { git }, address))
    }

    /// The address of its remote.
    pub(super) fn remote_address(&self) -> Option<String> {
        crate::repository::remote_address(&self.git().ok()?)
    }

    /// The bare repository in a folder.
    pub(super) fn at(folder: &Path) -> Self {
        Self {
            git: folder.to_path_buf(),
        }
    }

    /// Those of some objects that are not here.
    pub(super) fn missing(&self, mut ids: Vec<String>) -> Result<Vec<String>, Error> {
        let git = self.git()?;
        ids.retain(|id| ObjectId::from_hex(id.as_bytes()).is_ok_and(|id| !has(&git, id)));
        Ok(ids)
    }

    /// Whether all commits up to one are here, of which those up to some others are known to be.
    pub(super) fn has_all_up_to(
        &self,
        commit: &str,
        whole: &HashSet<String>,
    ) -> Result<bool, Error> {
        let git = self.git()?;
        let mut open = vec![object_id(commit)?];
        let mut seen = HashSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) || whole.contains(&id.to_string()) {
                continue;
            }
            let Ok(commit) = git.find_commit(id) else {
                return Ok(false);
            };
            open.extend(commit.parent_ids().map(gix::Id::detach));
        }
        Ok(true)
    }

    /// The id of the contents of a file or link at a commit; none for anything else.
    pub(super) fn id_of(&self, commit: &str, path: &BStr) -> Result<Option<String>, Error> {
        let found = lookup(&self.git()?, commit, path)?;
        Ok(found
            .filter(|(mode, _)| matches!(mode, Mode::Blob | Mode::BlobExecutable | Mode::Link))
            .map(|(_, id)| id.to_string()))
    }

    /// The bytes that Git has of a file at a commit, when they are no more than so many.
    pub(super) fn bytes_of(&self, commit: &str, path: &BStr, most: u64) -> Result<Vec<u8>, Error> {
        contents(&self.git()?, commit, path, most)
    }

    /// The commit before another, the first where several were merged.
    pub(super) fn first_parent(&self, commit: &str) -> Result<Option<String>, Error> {
        let git = self.git()?;
        let commit = git.find_commit(object_id(commit)?).map_err(unreadable)?;
        let parent = commit.parent_ids().next().map(gix::Id::detach);
        // The commits before a shallow clone's first are not there.
        Ok(parent
            .filter(|parent| git.has_object(parent))
            .map(|parent| parent.to_string()))
    }

    /// Those of some commits that came after another one, as far as they are here.
    pub(super) fn newer(
        &self,
        than: &str,
        commits: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        Ok(crate::repository::newer(&self.git()?, than, commits))
    }

    fn git(&self) -> Result<gix::Repository, Error> {
        gix::open(&self.git).map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                sentence!(
                    "The Git repository `{git}` cannot be opened",
                    git = self.git.display()
                ),
            )
            .caused_by(error)
        })
    }

    /// The folder that it is: with its files, or a bare one.
    pub(super) fn folder(&self) -> PathBuf {
        let git = self.git().ok();
        let folder = git
            .as_ref()
            .and_then(|git| git.workdir())
            .unwrap_or(&self.git);
        fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf())
    }

    /// What the folder is called, without the ending of bare repositories.
    pub(super) fn folder_name(&self) -> String {
        let folder = self.folder();
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".git").unwrap_or(&name);
        if name.is_empty() {
            "repository".to_owned()
        } else {
            name.to_owned()
        }
    }

    pub(super) fn refs(&self, kind: RefKind) -> Result<Listing<Reference>, Error> {
        let git = self.git()?;
        let prefix = kind.folder();
        let names = References::of(&git).map_err(unreadable)?;
        let mut all = names.all(prefix).map_err(unreadable)?;
        if kind == RefKind::Branch {
            // A clone has the branches of others too, as `origin/main`; `origin/HEAD` is one of them.
            all.extend(names.all("refs/remotes/").map_err(unreadable)?);
        }
        let mut items = Vec::new();
        for (full, commit) in all {
            let of_others = full.strip_prefix("refs/remotes/");
            if of_others.is_some_and(|name| name.ends_with("/HEAD")) {
                continue;
            }
            let name = full.strip_prefix(prefix).or(of_others).unwrap_or(&full);
            let name = name.to_owned();
            items.push(Reference {
                kind,
                name,
                commit: commit.map(|id| id.to_string()),
            });
        }
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Listing::whole(items))
    }

    pub(super) fn look_up(&self, name: Option<&str>) -> Result<Resolved, Error> {
        let git = self.git()?;
        let missing = |cause: gix::Error| {
            let what = match name {
                Some(name) => sentence!("There is no branch, tag or commit `{name}`", name),
                None => Sentence::from("The repository has no commit yet"),
            };
            let error = Error::new(ErrorKind::NotFound, what).caused_by(cause);
            match name.is_some_and(|name| name.contains(['~', '^'])) {
                true => error.remedy(
                    "`~` and `^` after a name are not understood; give the id of the commit, which \
                     `git rev-parse` tells",
                ),
                false => error.remedy("`git branch --all` and `git tag` list what there is"),
            }
        };
        let names = References::of(&git).map_err(unreadable)?;
        let (id, branch) = match name {
            Some(name) => {
                let none = || missing(gix::Error::from(gix::error::message("it is nowhere")));
                (named(&git, &names, name).ok_or_else(none)?, None)
            }
            None => (names.head_id().map_err(missing)?, names.head_name()),
        };
        let commit = git
            .find_object(id)
            .and_then(|object| object.peel_to_commit())
            .map_err(|error| match name {
                // A tag can be of a folder or of a file.
                Some(name) => Error::new(
                    ErrorKind::NotFound,
                    sentence!("`{name}` leads to no commit", name),
                )
                .remedy("Choose a branch, or a tag of a commit")
                .caused_by(error),
                None => missing(error),
            });
        Ok(Resolved {
            commit: commit_of(&commit?)?,
            branch,
            is_remembered: Some(false),
        })
    }

    pub(super) fn tree(
        &self,
        commit: &str,
        folder: &BStr,
        depth: Depth,
    ) -> Result<Listing<Entry>, Error> {
        let git = self.git()?;
        let tree = match lookup(&git, commit, folder)? {
            Some((Mode::Tree, id)) => id,
            Some(_) => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("`{folder}` is not a folder", folder),
                ));
            }
            None => return Err(no_such(commit, folder)),
        };
        let mut items = Vec::new();
        let mut open = vec![(folder.to_owned(), tree)];
        while let Some((above, id)) = open.pop() {
            let tree = git
                .find_tree(id)
                .map_err(|error| not_read(&git, Some(id), above.as_ref(), error))?;
            for entry in tree.iter() {
                let entry = entry.map_err(unreadable)?;
                let mut path = above.clone();
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(entry.filename());
                let id = entry.object_id();
                let (kind, size) = match (entry.kind(), depth) {
                    (Mode::Tree, Depth::All) => {
                        open.push((path, id));
                        continue;
                    }
                    (Mode::Tree, Depth::Children) => (EntryKind::Folder, None),
                    (Mode::Link, _) => (EntryKind::Symlink, None),
                    (Mode::Commit, _) => (EntryKind::Submodule, None),
                    (Mode::Blob | Mode::BlobExecutable, Depth::All) => (EntryKind::File, None),
                    (Mode::Blob | Mode::BlobExecutable, Depth::Children) => looked_at(&git, id),
                };
                items.push(Entry {
                    path,
                    kind,
                    id: Some(id.to_string()),
                    size,
                });
            }
        }
        Ok(Listing::whole(items))
    }

    /// What is saved of a file: what it stands for, where `git lfs` has fetched that, and the pointer
    /// where it has not; else what Git has, up to so many bytes.
    pub(super) fn to_save(
        &self,
        commit: &str,
        path: &BStr,
        most: u64,
    ) -> Result<(ToSend, Option<Pointer>), Error> {
        let git = self.git()?;
        let bytes = contents(&git, commit, path, most)?;
        let Some(pointer) = Pointer::read(&bytes) else {
            return Ok((ToSend::Held(bytes.into()), None));
        };
        let kept = git.common_dir().join(pointer.place());
        let is_kept = fs::File::open(&kept).and_then(|mut file| pointer.is_in(&mut file));
        Ok(match is_kept {
            Ok(true) => (ToSend::Kept(kept), None),
            Ok(false) | Err(_) => (ToSend::Held(bytes.into()), Some(pointer)),
        })
    }

    pub(super) fn blob(&self, commit: &str, path: &BStr) -> Result<Blob, Error> {
        let git = self.git()?;
        let bytes = contents(&git, commit, path, LARGEST_BLOB)?;
        let Some(pointer) = Pointer::read(&bytes) else {
            return Ok(Blob::plain(bytes));
        };
        if pointer.size > LARGEST_BLOB {
            return Err(too_large(path, Some(pointer.size)));
        }
        // Where `git lfs` keeps what it has fetched.
        let kept = git.common_dir().join(pointer.place());
        let stored = fs::metadata(&kept)
            .ok()
            .filter(|metadata| metadata.len() == pointer.size)
            .and_then(|_| fs::read(&kept).ok())
            .filter(|stored| pointer.stands_for(stored));
        Ok(match stored {
            Some(stored) => Blob {
                bytes: stored.into(),
                pointer: Some(pointer),
                unresolved: None,
            },
            None => Blob {
                bytes: bytes.into(),
                pointer: Some(pointer),
                unresolved: Some(lfs::not_here(path)),
            },
        })
    }

    /// Goes back as `git log PATH` does: through a merge only on the side that the path came from.
    pub(super) fn history(
        &self,
        commit: &str,
        path: &BStr,
        most: usize,
    ) -> Result<Listing<Commit>, Error> {
        let git = self.git()?;
        let start = object_id(commit)?;
        let mut open = BinaryHeap::new();
        let mut seen = HashSet::from([start]);
        open.push((time_of(&git, start)?, start));
        let mut items = Vec::new();
        while let Some((_, id)) = open.pop() {
            if items.len() == most {
                return Ok(Listing {
                    items,
                    incomplete: Some(sentence!(
                        "Older commits than these {most} were not looked at",
                        most
                    )),
                    is_remembered: false,
                });
            }
            let commit = git.find_commit(id).map_err(unreadable)?;
            let here = found_at(&git, &commit, path)?;
            let mut parents = Vec::new();
            let mut same = None;
            for parent in commit.parent_ids() {
                // The commits before a shallow clone's first are not there.
                let Ok(before) = git.find_commit(parent.detach()) else {
                    continue;
                };
                if found_at(&git, &before, path)? == here {
                    same = Some(before.id);
                    break;
                }
                parents.push(before.id);
            }
            let follow = match same {
                Some(parent) => vec![parent],
                None => {
                    if here.is_some() || !parents.is_empty() {
                        items.push(commit_of(&commit)?);
                    }
                    parents
                }
            };
            for parent in follow {
                if seen.insert(parent) {
                    open.push((time_of(&git, parent)?, parent));
                }
            }
        }
        Ok(Listing::whole(items))
    }
}

impl Local {
    /// With which commit each line came, as `git blame` tells it.
    pub(super) fn blame(&self, commit: &str, path: &BStr) -> Result<Listing<Blamed>, Error> {
        let blob = self.blob(commit, path)?;
        let (git, start) = (self.git()?, object_id(commit)?);
        if past::is_binary(&blob.bytes) {
            return Err(past::no_lines(path));
        }
        let options = gix::repository::blame_file::Options {
            rewrites: Some(gix::diff::Rewrites::default()),
            ..Default::default()
        };
        // Any of the earlier contents can be what was left out.
        let unread = |error| not_read(&git, None, path, error);
        let outcome = git.blame_file(path, start, options).map_err(unread)?;
        let mut commits = HashMap::new();
        let mut lines = Vec::new();
        for entry in &outcome.entries {
            let commit = match commits.entry(entry.commit_id) {
                hash_map::Entry::Occupied(known) => known.into_mut(),
                hash_map::Entry::Vacant(new) => {
                    let commit = git.find_commit(entry.commit_id).map_err(unreadable)?;
                    new.insert(commit_of(&commit)?)
                }
            };
            lines.extend(entry.range_in_blamed_file().map(|_| commit.clone()));
        }
        Ok(Listing::whole(past::neighbors(lines.into_iter().map(Some))))
    }

    /// The commit that changed each thing in a folder last, in one walk for all of them.
    pub(super) fn last_commits(
        &self,
        commit: &str,
        folder: &BStr,
    ) -> Result<Listing<LastChange>, Error> {
        let (git, start) = (self.git()?, object_id(commit)?);
        let children = self.tree(commit, folder, Depth::Children)?.items;
        let mut open = BinaryHeap::from([(time_of(&git, start)?, start)]);
        let all: Vec<BString> = children.into_iter().map(|child| child.path).collect();
        let mut pending = HashMap::from([(start, all)]);
        let mut items = Vec::new();
        while let Some((_, id)) = open.pop() {
            let Some(paths) = pending.remove(&id) else {
                continue;
            };
            let commit = git.find_commit(id).map_err(unreadable)?;
            let mut parents = Vec::new();
            for parent in commit.parent_ids() {
                // The commits before a shallow clone's first are not there.
                if let Ok(parent) = git.find_commit(parent.detach()) {
                    parents.push(parent);
                }
            }
            for path in paths {
                let here = found_at(&git, &commit, path.as_ref())?;
                let mut came_from = None;
                for parent in &parents {
                    if found_at(&git, parent, path.as_ref())? == here {
                        came_from = Some(parent.id);
                        break;
                    }
                }
                match came_from {
                    Some(parent) => {
                        let waiting = pending.entry(parent).or_default();
                        if waiting.is_empty() {
                            open.push((time_of(&git, parent)?, parent));
                        }
                        waiting.push(path);
                    }
                    None => items.push(LastChange {
                        path,
                        commit: commit_of(&commit)?,
                    }),
                }
            }
        }
        Ok(Listing::whole(items))
    }
}

/// What a name leads to. Only names and ids are known: Git's language for revisions would give other
/// answers here than a host gives.
fn named(git: &gix::Repository, names: &References<'_>, name: &str) -> Option<ObjectId> {
    let meant = Named::meanings(name)
        .into_iter()
        .find_map(|meaning| match meaning {
            Named::Commit(id) => {
                let full = ObjectId::from_hex(id.as_bytes()).ok()?;
                match full.kind() == git.object_hash() {
                    true => git.has_object(full).then_some(full),
                    // As much of a longer id as others have in all.
                    false => commit_beginning_with(git, id),
                }
            }
            Named::Beginning(id) => commit_beginning_with(git, id),
            Named::Branch(_) | Named::Tag(_) | Named::Full(_) => names.find(&meaning.full()),
        });
    // A clone has the branches of others too, as `origin/main`.
    meant.or_else(|| names.find_any(name).filter(|_| !name.is_empty()))
}

/// Whether an object is here; one with an id of another kind is not.
fn has(git: &gix::Repository, id: ObjectId) -> bool {
    id.kind() == git.object_hash() && git.has_object(id)
}

/// What a file is beyond its mode: its size, and whether only a pointer is in Git.
fn looked_at(git: &gix::Repository, id: ObjectId) -> (EntryKind, Option<u64>) {
    let Ok(header) = git.find_header(id) else {
        // A partial clone does not have everything.
        return (EntryKind::File, None);
    };
    let size = header.size();
    let small = size <= LONGEST_POINTER as u64;
    let pointer = small
        .then(|| git.find_object(id).ok())
        .flatten()
        .and_then(|object| Pointer::read(&object.data));
    match pointer {
        Some(pointer) => (EntryKind::Lfs, Some(pointer.size)),
        None => (EntryKind::File, Some(size)),
    }
}

/// What Git itself has of a file, up to so many bytes.
fn contents(git: &gix::Repository, commit: &str, path: &BStr, most: u64) -> Result<Vec<u8>, Error> {
    let id = match lookup(git, commit, path)? {
        Some((Mode::Blob | Mode::BlobExecutable | Mode::Link, id)) => id,
        Some((kind, _)) => {
            let what = if kind == Mode::Commit {
                Sentence::from("a submodule")
            } else {
                Sentence::from("a folder")
            };
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{path}` is {what}", path, what).with("what", what),
            ));
        }
        None => return Err(no_such(commit, path)),
    };
    let unread = |error| not_read(git, Some(id), path, error);
    let size = git.find_header(id).map_err(unread)?.size();
    if size > most {
        return Err(too_large(path, Some(size)));
    }
    let mut object = git.find_object(id).map_err(unread)?;
    Ok(std::mem::take(&mut object.data))
}

fn object_id(commit: &str) -> Result<ObjectId, Error> {
    ObjectId::from_hex(commit.as_bytes()).map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{commit}` is not the full id of a commit", commit),
        )
        .remedy("Resolve the name first")
        .caused_by(error)
    })
}

/// What a path is at a commit; the root when it is empty.
fn lookup(
    git: &gix::Repository,
    commit: &str,
    path: &BStr,
) -> Result<Option<(Mode, ObjectId)>, Error> {
    let commit = git.find_commit(object_id(commit)?).map_err(|error| {
        Error::new(
            ErrorKind::NotFound,
            sentence!(
                "The repository has no commit `{commit}`",
                commit = short(commit)
            ),
        )
        .caused_by(error)
    })?;
    found_at(git, &commit, path)
}

fn found_at(
    git: &gix::Repository,
    commit: &gix::Commit<'_>,
    path: &BStr,
) -> Result<Option<(Mode, ObjectId)>, Error> {
    let mut found = (Mode::Tree, commit.tree_id().map_err(unreadable)?.detach());
    if path.is_empty() {
        return Ok(Some(found));
    }
    for name in path.split(|byte| *byte == b'/') {
        if found.0 != Mode::Tree {
            return Ok(None);
        }
        let tree = git
            .find_tree(found.1)
            .map_err(|error| not_read(git, Some(found.1), path, error))?;
        match tree.find_entry(name) {
            Some(entry) => found = (entry.kind(), entry.object_id()),
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

fn time_of(git: &gix::Repository, id: ObjectId) -> Result<i64, Error> {
    let commit = git.find_commit(id).map_err(unreadable)?;
    Ok(commit.time().map_or(0, |time| time.seconds))
}

fn commit_of(commit: &gix::Commit<'_>) -> Result<Commit, Error> {
    let decoded = commit.decode().map_err(unreadable)?;
    let author = decoded.author().map_err(unreadable)?;
    let summary = decoded.message.lines().next().unwrap_or_default();
    let time = commit.time().ok();
    Ok(Commit {
        id: commit.id.to_string(),
        author: author.name.to_str_lossy().trim().to_owned(),
        when: time.and_then(|time| Timestamp::from_second(time.seconds).ok()),
        summary: BString::from(summary).to_string(),
    })
}

/// Why something of a path cannot be read: a clone can leave it out until it is needed, and it is Git
/// that fetches it then.
fn not_read(git: &gix::Repository, id: Option<ObjectId>, path: &BStr, error: gix::Error) -> Error {
    let config = git.config_snapshot();
    let remotes = git.remote_names();
    let is_partial = config.string("extensions.partialClone").is_some()
        || remotes.iter().any(|name| {
            let key = format!("remote.{name}.promisor");
            config.boolean(key.as_str()) == Some(true)
        });
    if !is_partial || id.is_some_and(|id| git.has_object(id)) {
        return unreadable(error);
    }
    let path = if path.is_empty() { "/".into() } else { path };
    Error::new(
        ErrorKind::Storage,
        sentence!("`{path}` was left out when the repository was cloned, as `git clone --filter` does", path),
    )
    .remedy("`git fetch --refetch --no-filter` fetches what was left out, or open the repository at its Git host")
    .caused_by(error)
}

fn no_such(commit: &str, path: &BStr) -> Error {
    Error::new(
        ErrorKind::NotFound,
        sentence!(
            "There is no `{path}` at the commit `{commit}`",
            path,
            commit = short(commit)
        ),
    )
    .remedy("Check the path, or choose another branch")
}

fn unreadable(error: gix::Error) -> Error {
    Error::new(ErrorKind::Storage, "The Git repository cannot be read")
        .remedy("Check it with `git fsck`")
        .caused_by(error)
}
