//! What differs between the commit of a visit and another branch, tag or commit: the files, and one
//! of them beside what it is there.

use bytes::Bytes;
use gix::bstr::{BStr, BString, ByteSlice};

use super::Visit;
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::{Change, ChangeKind, Commit, Difference, Hunk, Urgency};
use crate::preview::{Picture, picture};

/// A file at two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The commit that it is compared with.
    pub before: Commit,
    /// Its path there, where it had another one.
    pub was: Option<String>,
    /// How many bytes it has there; none when it is not there.
    pub before_size: Option<u64>,
    /// How many bytes it has here; none when it is not there.
    pub after_size: Option<u64>,
    /// What differs.
    pub comparison: Comparison,
}

/// What differs in a file between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing.
    Same,
    /// Lines.
    Lines(Vec<Hunk>),
    /// Of what is a picture on one side at least, what each side says of itself.
    Pictures {
        /// There.
        before: Option<Picture>,
        /// Here.
        after: Option<Picture>,
    },
    /// What has no lines to compare.
    Binary,
}

/// The files that differ from another commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The commit that they are compared with.
    pub before: Commit,
    /// The files, by path.
    pub files: Vec<ChangedPath>,
    /// Why some may be missing, as a sentence.
    pub incomplete: Option<Sentence>,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPath {
    /// Its path; of one that is gone, the path that it had.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// Its path there, where it had another one.
    pub was: Option<String>,
}

impl Visit {
    /// The files in a folder, or that were in it, that differ from what they are at a branch, tag or
    /// commit; of the whole repository when the path is empty.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for a ref that is not there; else as
    /// [`Repository::compare`](crate::hosts::Repository::compare).
    pub async fn changes(&self, reference: &str, folder: &str) -> Result<Changes, Error> {
        let repository = &self.pinned.repository;
        let before = repository.resolve(Some(reference)).await?;
        let found = repository.compare(&before.id, &self.commit()).await?;
        let folder = self.names.bytes(folder);
        let is_in = |path: &BStr| {
            let rest = path.strip_prefix(folder.as_slice());
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with(b"/"))
        };
        let changed = found.items.into_iter().filter(|change| match &change.kind {
            ChangeKind::Renamed { from } => is_in(change.path.as_bstr()) || is_in(from.as_bstr()),
            ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => {
                is_in(change.path.as_bstr())
            }
        });
        let shown = |path: &BString| self.names.shown(path.as_bstr()).0;
        let mut files: Vec<ChangedPath> = changed
            .map(|Change { path, kind }| ChangedPath {
                path: shown(&path),
                was: match &kind {
                    ChangeKind::Renamed { from } => Some(shown(from)),
                    ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => None,
                },
                kind,
            })
            .collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(Changes {
            before,
            files,
            incomplete: found.incomplete,
        })
    }

    /// Compares a file with what it is at a branch, tag or commit. One that had another name there
    /// is found by it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] for a ref that is not there, and for a path that is at neither;
    /// else as [`Repository::blob`](crate::hosts::Repository::blob).
    pub async fn compare(&self, reference: &str, path: &str) -> Result<Compared, Error> {
        let repository = &self.pinned.repository;
        let before = repository.resolve(Some(reference)).await?;
        let here = self.names.bytes(path);
        let new = self.blob_at(&self.commit(), here.as_bstr()).await?;
        let mut was = None;
        let mut old = self.blob_at(&before.id, here.as_bstr()).await?;
        if old.is_none() && new.is_some() {
            was = self.name_before(&before, here.as_bstr()).await?;
            if let Some(was) = &was {
                old = self.blob_at(&before.id, was.as_bstr()).await?;
            }
        }
        if old.is_none() && new.is_none() {
            return Err(self.missing(path));
        }
        let kind = match (&old, &new, &was) {
            (None, _, _) => ChangeKind::Added,
            (_, None, _) => ChangeKind::Removed,
            (_, _, Some(from)) => ChangeKind::Renamed { from: from.clone() },
            _ => ChangeKind::Modified,
        };
        let seen = |bytes: &Option<Bytes>| bytes.as_deref().and_then(picture);
        let (before_picture, after_picture) = (seen(&old), seen(&new));
        let comparison = if old == new {
            Comparison::Same
        } else if before_picture.is_some() || after_picture.is_some() {
            Comparison::Pictures {
                before: before_picture,
                after: after_picture,
            }
        } else {
            let change = Change { path: here, kind };
            let now = self.commit();
            match repository.difference(&before.id, &now, &change).await? {
                Difference::Lines(hunks) => Comparison::Lines(hunks),
                Difference::Binary => Comparison::Binary,
            }
        };
        let size = |bytes: &Option<Bytes>| bytes.as_ref().map(|bytes| bytes.len() as u64);
        Ok(Compared {
            before_size: size(&old),
            after_size: size(&new),
            was: was.map(|was| self.names.shown(was.as_bstr()).0),
            before,
            comparison,
        })
    }

    /// What a file is at another commit of the repository.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] and those of asking for it.
    pub async fn bytes_at(&self, commit: &str, path: &str) -> Result<Bytes, Error> {
        let path = self.names.bytes(path);
        let repository = &self.pinned.repository;
        let blob = repository.blob(commit, path.as_bstr(), Urgency::Waited);
        Ok(blob.await?.bytes)
    }

    /// The bytes of a file; none when there is no such file.
    async fn blob_at(&self, commit: &str, path: &BStr) -> Result<Option<Bytes>, Error> {
        let repository = &self.pinned.repository;
        match repository.blob(commit, path, Urgency::Waited).await {
            Ok(blob) => Ok(Some(blob.bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The path that a file of this commit had at an earlier one.
    async fn name_before(&self, before: &Commit, path: &BStr) -> Result<Option<BString>, Error> {
        let repository = &self.pinned.repository;
        let changes = repository.compare(&before.id, &self.commit()).await?;
        let change = changes.items.into_iter().find(|change| change.path == path);
        Ok(change.and_then(|change| match change.kind {
            ChangeKind::Renamed { from } => Some(from),
            ChangeKind::Added | ChangeKind::Removed | ChangeKind::Modified => None,
        }))
    }
}
