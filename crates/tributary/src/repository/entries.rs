//! Lists the files of a repository as Git and a careful reader see them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use gix::bstr::ByteSlice;
use ignore::WalkBuilder;

use super::{Repository, is_inside};
use crate::Sentence;
use crate::error::{Error, ErrorKind};

/// A file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path relative to the root, with `/` between the parts.
    pub path: String,
    /// Its size in bytes; that of what a link leads to.
    pub size: u64,
    /// What it is.
    pub kind: EntryKind,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// An ordinary file.
    File,
    /// A symbolic link to a file.
    Symlink {
        /// Where it leads, as it is written in the link.
        target: String,
        /// Whether that is inside the repository. If not, it is listed and never followed.
        inside: bool,
    },
}

/// Something that is not listed, or listed and not to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its path; signs that are not Unicode are replaced.
    pub path: String,
    /// Why, as a sentence about the path.
    pub reason: Sentence,
}

/// Whether folders whose names begin with a dot are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// Only where the listing begins in one.
    LeaveOut,
    /// Everywhere; `.git` never is.
    Include,
}

/// Folders deeper than this are left out; no repository that people made is.
const DEEPEST: usize = 64;

/// What was found at one path.
enum Found {
    Listed(Entry),
    Link { target: PathBuf },
}

pub(super) fn list(
    repository: &Repository,
    below: &Path,
    hidden: Hidden,
) -> Result<(Vec<Entry>, Vec<Skipped>), Error> {
    let below = normal(below)?;
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut skipped = Vec::new();
    for entry in walk(&repository.root, &below, hidden) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                skipped.push(unreadable(&repository.root, &error));
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        look_at(repository, entry.path(), &mut found, &mut skipped);
    }
    if repository.is_git {
        add_tracked(repository, &below, hidden, &mut found, &mut skipped);
    }
    let mut entries = follow_folders(found, &mut skipped);
    entries.retain(|entry| is_below(&entry.path, &below));
    entries.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    skipped.retain(|skipped| is_below(&skipped.path, &below));
    skipped.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    Ok((entries, skipped))
}

/// The walk respects `.gitignore` files, which everybody shares, and no settings of this machine:
/// the same commit lists the same files everywhere.
fn walk(root: &Path, below: &str, hidden: Hidden) -> ignore::Walk {
    let asked = root.join(below);
    WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .git_ignore(true)
        .require_git(false)
        .max_depth(Some(DEEPEST))
        .filter_entry(move |entry| {
            let name = entry.file_name();
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let asked_for = asked.starts_with(entry.path());
            name != ".git"
                && (hidden == Hidden::Include || !is_folder || !is_hidden(name) || asked_for)
        })
        .build()
}

/// Files that `.gitignore` names but Git tracks all the same belong to the repository.
fn add_tracked(
    repository: &Repository,
    below: &str,
    hidden: Hidden,
    found: &mut BTreeMap<String, Found>,
    skipped: &mut Vec<Skipped>,
) {
    let Some(index) = gix::open(&repository.root)
        .ok()
        .and_then(|git| git.index_or_empty().ok())
    else {
        return;
    };
    for entry in index.entries() {
        let Ok(path) = entry.path(&index).to_str() else {
            continue;
        };
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let unasked = folders.strip_prefix(below).unwrap_or(folders);
        let in_hidden = unasked
            .split('/')
            .any(|folder| is_hidden(OsStr::new(folder)));
        let left_out = in_hidden && hidden == Hidden::LeaveOut;
        let full = repository.root.join(path);
        let listed = found.contains_key(path) || skipped.iter().any(|other| other.path == path);
        if listed || left_out || !is_below(path, below) || full.symlink_metadata().is_err() {
            continue;
        }
        // Submodules are tracked as a commit and are folders here.
        if !full.is_dir() || full.is_symlink() {
            look_at(repository, &full, found, skipped);
        }
    }
}

fn look_at(
    repository: &Repository,
    full: &Path,
    found: &mut BTreeMap<String, Found>,
    skipped: &mut Vec<Skipped>,
) {
    let relative = full.strip_prefix(&repository.root).unwrap_or(full);
    let Some(path) = slashed(relative) else {
        let path = relative.to_string_lossy().replace('\\', "/");
        let reason = sentence!(
            "the name `{path}` is not valid UTF-8; rename the file",
            path
        );
        skipped.push(Skipped { path, reason });
        return;
    };
    let metadata = match fs::symlink_metadata(full) {
        Ok(metadata) => metadata,
        Err(error) => {
            let reason = sentence!("`{path}` cannot be read: {error}", path, error);
            skipped.push(Skipped { path, reason });
            return;
        }
    };
    if metadata.is_symlink() {
        look_at_link(repository, full, path, found, skipped);
    } else if metadata.is_file() {
        let entry = Entry {
            path: path.clone(),
            size: metadata.len(),
            kind: EntryKind::File,
        };
        found.insert(path, Found::Listed(entry));
    } else if metadata.is_dir() {
        if relative.components().count() == DEEPEST {
            let reason = sentence!(
                "`{path}` is more than {deepest} folders deep",
                path,
                deepest = DEEPEST
            );
            skipped.push(Skipped { path, reason });
        }
    } else {
        let reason = sentence!(
            "`{path}` is neither a file nor a folder; devices, sockets and pipes are not read",
            path
        );
        skipped.push(Skipped { path, reason });
    }
}

fn look_at_link(
    repository: &Repository,
    full: &Path,
    path: String,
    found: &mut BTreeMap<String, Found>,
    skipped: &mut Vec<Skipped>,
) {
    let written = fs::read_link(full)
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let resolved = match fs::canonicalize(full) {
        Ok(resolved) => resolved,
        Err(error) => {
            let reason = sentence!(
                "`{path}` is a symbolic link to `{written}`, which cannot be opened: {error}",
                path,
                written,
                error
            );
            skipped.push(Skipped { path, reason });
            return;
        }
    };
    let inside = is_inside(&repository.root, &resolved);
    if inside && resolved.is_dir() {
        let target = resolved
            .strip_prefix(&repository.root)
            .unwrap_or(&resolved)
            .to_path_buf();
        found.insert(path, Found::Link { target });
        return;
    }
    let metadata = if inside {
        fs::metadata(&resolved).ok()
    } else {
        None
    };
    if inside && !metadata.as_ref().is_some_and(fs::Metadata::is_file) {
        let reason = sentence!(
            "`{path}` is a symbolic link to `{written}`, which is not a file",
            path,
            written
        );
        skipped.push(Skipped { path, reason });
        return;
    }
    if !inside {
        let reason = sentence!(
            "`{path}` is a symbolic link to `{written}`, outside the repository; it is not followed",
            path,
            written
        );
        skipped.push(Skipped {
            path: path.clone(),
            reason,
        });
    }
    let size = metadata.map_or(0, |metadata| metadata.len());
    let kind = EntryKind::Symlink {
        target: written,
        inside,
    };
    found.insert(path.clone(), Found::Listed(Entry { path, size, kind }));
}

/// Puts what linked folders hold below the links. Links inside them are listed where they are and
/// not followed a second time, so there is no way to go in circles.
fn follow_folders(found: BTreeMap<String, Found>, skipped: &mut Vec<Skipped>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(found.len());
    let mut links = Vec::new();
    for (path, found) in found {
        match found {
            Found::Listed(entry) => entries.push(entry),
            Found::Link { target } => links.push((path, slashed(&target).unwrap_or_default())),
        }
    }
    let real = entries.len();
    for (path, target) in links {
        if target.is_empty() || path.starts_with(&format!("{target}/")) {
            let reason = sentence!(
                "`{path}` is a symbolic link to a folder it is in; it is not followed",
                path
            );
            skipped.push(Skipped { path, reason });
            continue;
        }
        let inside = format!("{target}/");
        for number in 0..real {
            let Some(rest) = entries[number].path.strip_prefix(&inside) else {
                continue;
            };
            let copy = Entry {
                path: format!("{path}/{rest}"),
                ..entries[number].clone()
            };
            entries.push(copy);
        }
    }
    entries
}

fn unreadable(root: &Path, error: &ignore::Error) -> Skipped {
    let mut inner = error;
    let mut path = None;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(
                    at.strip_prefix(root)
                        .unwrap_or(at)
                        .to_string_lossy()
                        .into_owned(),
                );
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err;
            }
            _ => break,
        }
    }
    let path = path.unwrap_or_default().replace('\\', "/");
    let reason = sentence!("`{path}` cannot be read: {error}", path, error = inner);
    Skipped { path, reason }
}

fn normal(below: &Path) -> Result<String, Error> {
    let inside = below
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let parts: PathBuf = below
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect();
    match slashed(&parts) {
        Some(path) if inside => Ok(path),
        _ => Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{below}` is not a folder of the repository",
                below = below.display()
            ),
        )
        .remedy("Name it relative to the repository's root")),
    }
}

/// A relative path with `/` between its parts; none when it is not Unicode.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    Some(parts?.join("/"))
}

fn is_below(path: &str, below: &str) -> bool {
    below.is_empty()
        || path == below
        || path
            .strip_prefix(below)
            .is_some_and(|rest| rest.starts_with('/'))
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}
