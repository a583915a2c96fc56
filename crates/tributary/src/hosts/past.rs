//! What became of files over time: lines that differ, who wrote a line, what changed last.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use gix::bstr::{BStr, BString, ByteSlice};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices_deadline, group_diff_ops};

use super::hosted::is_changed;
use super::{
    Blob, Change, ChangeKind, Commit, Depth, Listing, Repository, Source, Urgency, blocking,
};
use crate::error::{Error, ErrorKind};

/// Lines around a change that are shown with it.
const AROUND: usize = 3;
/// After this long a difference is no longer made as small as it could be.
const LONG_ENOUGH: Duration = Duration::from_secs(2);
/// How many versions of a file are fetched to find out who wrote which line.
const MOST_VERSIONS: usize = 50;
/// How many files of a folder are asked about one by one, where the host has no better question.
const MOST_ONE_BY_ONE: usize = 100;
/// Questions to a host under way at once; its queue bounds them too.
const AT_ONCE: usize = 4;

/// What differs in a file from one commit to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The places where lines differ, in order; none when only the name or the mode does.
    Lines(Vec<Hunk>),
    /// One of the two is no text.
    Binary,
}

/// A place where lines differ, with some lines around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The lines before, counted from 0.
    pub before: Range<u32>,
    /// The lines after, counted from 0.
    pub after: Range<u32>,
    /// The lines of both without their ends, what is gone before what is new.
    pub lines: Vec<(Side, String)>,
}

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Both,
    /// In the file before.
    Before,
    /// In the file after.
    After,
}

/// Lines that came with one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    /// The lines, counted from 0.
    pub lines: Range<u32>,
    /// The commit.
    pub commit: Commit,
}

/// The commit that changed something last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// A file or folder, by its path from the root.
    pub path: BString,
    /// The commit.
    pub commit: Commit,
}

impl Repository {
    /// The lines that differ in one file, which [`Repository::compare`] of the same commits named.
    ///
    /// # Errors
    /// As [`Repository::blob`].
    pub async fn difference(
        &self,
        before: &str,
        after: &str,
        change: &Change,
    ) -> Result<Difference, Error> {
        let path = change.path.as_bstr();
        let (old, new) = match &change.kind {
            ChangeKind::Added => (None, Some(path)),
            ChangeKind::Removed => (Some(path), None),
            ChangeKind::Modified => (Some(path), Some(path)),
            ChangeKind::Renamed { from } => (Some(from.as_bstr()), Some(path)),
        };
        let read = async |commit: &str, path: Option<&BStr>| match path {
            Some(path) => match self.blob(commit, path, Urgency::Waited).await {
                Ok(Blob { bytes, .. }) => Ok(bytes),
                // A submodule has no lines, and neither has what it took the place of.
                Err(error) if error.kind() == ErrorKind::InvalidInput => Ok("\0".into()),
                Err(error) => Err(error),
            },
            None => Ok(bytes::Bytes::new()),
        };
        let (old, new) = (read(before, old).await?, read(after, new).await?);
        if is_binary(&old) || is_binary(&new) {
            return Ok(Difference::Binary);
        }
        let comparing = tokio::task::spawn_blocking(move || hunks(&old, &new));
        let hunks = comparing.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Comparing the file broke off").caused_by(error)
        })?;
        Ok(Difference::Lines(hunks))
    }

    /// With which commit each line of a file came, the lines in order.
    ///
    /// On this machine Git's history tells, at GitLab the host does. Elsewhere it is computed from
    /// the newest versions of the file, by the names that it had too: a line that went and came back
    /// is told as of when it first came.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::InvalidInput`] for what has no lines.
    pub async fn blame(&self, commit: &str, path: &BStr) -> Result<Listing<Blamed>, Error> {
        match &self.source {
            Source::Local(local) => {
                let (commit, path) = (commit.to_owned(), path.to_owned());
                blocking(local, move |local| local.blame(&commit, path.as_ref())).await
            }
            // Contents are not here; the few that are looked at are fetched.
            Source::Remote(_) => self.blame_by_versions(commit, path).await,
            Source::Hosted(hosted) => match hosted.blame(commit, path).await? {
                Some(blamed) => Ok(blamed),
                None => self.blame_by_versions(commit, path).await,
            },
        }
    }

    /// The same for a file as it is on the disk now, above a commit: lines that are in no commit yet
    /// are in none of the items.
    ///
    /// # Errors
    /// As [`Repository::blame`].
    pub async fn blame_above(
        &self,
        commit: &str,
        path: &BStr,
        now: &[u8],
    ) -> Result<Listing<Blamed>, Error> {
        if is_binary(now) {
            return Err(no_lines(path));
        }
        let blamed = self.blame(commit, path).await?;
        let then = self.blob(commit, path, Urgency::Waited).await?.bytes;
        // Git may write other line ends to the disk than it keeps.
        let [then, now] = [&then, now].map(|text| {
            let lines = text.lines();
            lines.map(<[u8]>::trim_end).collect::<Vec<_>>()
        });
        let mut origin: Vec<Option<&Commit>> = vec![None; now.len()];
        let came_with = |line: usize| {
            let is_there =
                |part: &&Blamed| u32::try_from(line).is_ok_and(|line| part.lines.contains(&line));
            blamed.items.iter().find(is_there).map(|part| &part.commit)
        };
        for operation in operations(&then, &now) {
            if let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = operation
            {
                for at in 0..len {
                    origin[new_index + at] = came_with(old_index + at);
                }
            }
        }
        Ok(Listing {
            items: neighbors(origin.into_iter().map(Option::<&Commit>::cloned)),
            incomplete: blamed.incomplete,
            is_remembered: blamed.is_remembered,
        })
    }

    async fn blame_by_versions(&self, commit: &str, path: &BStr) -> Result<Listing<Blamed>, Error> {
        let now = self.blob(commit, path, Urgency::Waited).await?.bytes;
        if is_binary(&now) {
            return Err(no_lines(path));
        }
        let history = self.versions(commit, path, MOST_VERSIONS).await?;
        let Some(newest) = history.items.first() else {
            return Err(Error::new(
                ErrorKind::Bug,
                sentence!("The host knows no commit that changed `{path}`", path),
            ));
        };
        let older: Vec<_> = history.items[1..]
            .iter()
            .map(|version| self.blob(&version.commit.id, version.path.as_bstr(), Urgency::Waited))
            .collect();
        let older = stream::iter(older)
            .buffered(AT_ONCE)
            .map(|read| match read {
                Ok(blob) => Ok(blob.bytes),
                // It was not there then, or was something else.
                Err(error)
                    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) =>
                {
                    Ok(bytes::Bytes::new())
                }
                Err(error) => Err(error),
            });
        let older: Vec<bytes::Bytes> = older.try_collect().await?;
        let lines = lines_of(&now);
        // The oldest version that has a line is the one it came with.
        let mut origin = vec![&newest.commit; lines.len()];
        for (version, text) in history.items[1..].iter().zip(&older) {
            for operation in operations(&lines_of(text), &lines) {
                if let DiffOp::Equal { new_index, len, .. } = operation {
                    origin[new_index..new_index + len].fill(&version.commit);
                }
            }
        }
        Ok(Listing {
            items: neighbors(origin.into_iter().cloned().map(Some)),
            incomplete: history.incomplete.map(|_| {
                sentence!(
                    "Only the newest {most} versions were looked at; lines may be older than the \
                     oldest of them",
                    most = MOST_VERSIONS
                )
            }),
            is_remembered: history.is_remembered,
        })
    }

    /// The commit that changed each thing in a folder last, sorted by path, with as few questions
    /// as the host allows.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such folder.
    pub async fn last_commits(
        &self,
        commit: &str,
        folder: &BStr,
    ) -> Result<Listing<LastChange>, Error> {
        let hosted = match &self.source {
            Source::Local(local) => {
                let (commit, folder) = (commit.to_owned(), folder.to_owned());
                let found = blocking(local, move |local| {
                    local.last_commits(&commit, folder.as_ref())
                });
                return found.await.map(sorted);
            }
            Source::Remote(remote) => {
                remote.need_history(commit).await?;
                let (commit, folder) = (commit.to_owned(), folder.to_owned());
                let found = blocking(&remote.local, move |local| {
                    local.last_commits(&commit, folder.as_ref())
                });
                return found.await.map(sorted);
            }
            Source::Hosted(hosted) => hosted,
        };
        if let Some(found) = hosted.last_commits(commit, folder).await? {
            return Ok(sorted(found));
        }
        let children = self
            .tree(commit, folder, Depth::Children, Urgency::Waited)
            .await?;
        let all = children.items.len();
        let asking: Vec<_> = children
            .items
            .into_iter()
            .take(MOST_ONE_BY_ONE)
            // Of a name that hosts have no form for they tell nothing, and all history would have to
            // be fetched for it.
            .filter(|entry| entry.path.to_str().is_ok() && !is_changed(entry.path.as_bstr()))
            .map(|entry| async move {
                let commit = self.last_commit(commit, entry.path.as_ref()).await?;
                Ok::<_, Error>(LastChange {
                    path: entry.path,
                    commit,
                })
            })
            .collect();
        let items = stream::iter(asking).buffered(AT_ONCE).try_collect().await?;
        Ok(sorted(Listing {
            items,
            incomplete: children.incomplete.or_else(|| {
                (all > MOST_ONE_BY_ONE).then(|| {
                    sentence!(
                        "Only the first {most} of {all} were asked for",
                        most = MOST_ONE_BY_ONE,
                        all
                    )
                })
            }),
            is_remembered: children.is_remembered,
        }))
    }
}

fn sorted(mut listing: Listing<LastChange>) -> Listing<LastChange> {
    listing.items.sort_by(|a, b| a.path.cmp(&b.path));
    listing
}

pub(super) fn no_lines(path: &BStr) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!("`{path}` is no text, so nobody wrote its lines", path),
    )
    .remedy("`history` tells its commits")
}

pub(super) fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}

/// Lines that follow each other and came together become one item, those of no commit none.
pub(super) fn neighbors(lines: impl Iterator<Item = Option<Commit>>) -> Vec<Blamed> {
    let mut items: Vec<Blamed> = Vec::new();
    for (number, commit) in (0_u32..).zip(lines) {
        let Some(commit) = commit else {
            continue;
        };
        match items.last_mut() {
            Some(last) if last.commit.id == commit.id && last.lines.end == number => {
                last.lines.end = number + 1;
            }
            _ => items.push(Blamed {
                lines: number..number + 1,
                commit,
            }),
        }
    }
    items
}

fn lines_of(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

fn operations(old: &[&[u8]], new: &[&[u8]]) -> Vec<DiffOp> {
    let until = Some(Instant::now() + LONG_ENOUGH);
    capture_diff_slices_deadline(Algorithm::Myers, old, new, until)
}

fn hunks(old: &[u8], new: &[u8]) -> Vec<Hunk> {
    let (old, new) = (lines_of(old), lines_of(new));
    // Files are far smaller than four billion lines.
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let mut hunks = Vec::new();
    for group in group_diff_ops(operations(&old, &new), AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let lines = group
            .iter()
            .flat_map(|part| part.iter_changes(&old[..], &new[..]));
        let lines = lines.map(|change| {
            let side = match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Before,
                ChangeTag::Insert => Side::After,
            };
            let line = change
                .value()
                .trim_end_with(|end| matches!(end, '\n' | '\r'));
            (side, line.to_str_lossy().into_owned())
        });
        hunks.push(Hunk {
            before: number(first.old_range().start)..number(last.old_range().end),
            after: number(first.new_range().start)..number(last.new_range().end),
            lines: lines.collect(),
        });
    }
    hunks
}
