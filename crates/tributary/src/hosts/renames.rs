//! Files that were called otherwise before: in the history of a file, and between two commits.
//!
//! Git keeps no renames. Where a host tells them it is asked; elsewhere two listings are compared:
//! what went and what came with the same contents is the same file, and so is what is alike by at
//! least half, as `git diff` has it.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use gix::bstr::{BStr, BString, ByteSlice};

use super::{
    Change, ChangeKind, Commit, Depth, Entry, EntryKind, Listing, Repository, Source, Urgency,
    differences,
};
use crate::Sentence;
use crate::error::{Error, ErrorKind};

/// As often as one file is followed to another name.
const MOST_NAMES: usize = 10;
/// Files that are read to find out which of them are alike. With more, only those that kept their
/// name are looked at, and with more of those none.
const MOST_READ: usize = 40;
/// Larger files are only known again when nothing in them changed.
const LARGEST_READ: u64 = 1024 * 1024;
/// Questions to a host under way at once; its queue bounds them too.
const AT_ONCE: usize = 4;

/// A file as of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The commit that made it so.
    pub commit: Commit,
    /// What the file was called then.
    pub path: BString,
}

impl Repository {
    /// The newest commits up to one that changed a file, newest first, also those from when it was
    /// called otherwise. [`Repository::history`] costs less and knows one name.
    ///
    /// # Errors
    /// When the repository cannot be read. Where only earlier names cannot be asked for, that is why
    /// the listing is incomplete.
    pub async fn versions(
        &self,
        commit: &str,
        path: &BStr,
        most: usize,
    ) -> Result<Listing<Version>, Error> {
        let mut found = Listing::whole(Vec::new());
        let (mut commit, mut path) = (commit.to_owned(), path.to_owned());
        for _ in 0..MOST_NAMES {
            let left = most.saturating_sub(found.items.len());
            let part = match self.history(&commit, path.as_bstr(), left).await {
                Ok(part) => part,
                Err(error) if found.items.is_empty() => return Err(error),
                Err(error) => {
                    found.incomplete = Some(unknown(path.as_bstr(), &error));
                    break;
                }
            };
            found.is_remembered |= part.is_remembered;
            found.incomplete = part.incomplete;
            let oldest = part.items.last().map(|commit| commit.id.clone());
            found
                .items
                .extend(part.items.into_iter().map(|commit| Version {
                    commit,
                    path: path.clone(),
                }));
            if found.items.len() >= most && found.incomplete.is_none() {
                found.incomplete = Some(sentence!(
                    "Older commits than these {most} were not looked at",
                    most
                ));
            }
            let Some(oldest) = oldest.filter(|_| found.incomplete.is_none()) else {
                break;
            };
            match self.called_before(&oldest, path.as_bstr()).await {
                Ok(Some(before)) => (commit, path) = before,
                Ok(None) => break,
                // What was seen stays readable, without the network too.
                Err(error) => {
                    found.incomplete = Some(unknown(path.as_bstr(), &error));
                    break;
                }
            }
        }
        Ok(found)
    }

    /// The commit before one, and what a file that is new in it was called there; none when it was
    /// nothing.
    async fn called_before(
        &self,
        commit: &str,
        path: &BStr,
    ) -> Result<Option<(String, BString)>, Error> {
        let Some(parent) = self.first_parent(commit).await? else {
            return Ok(None);
        };
        let told = match &self.source {
            Source::Hosted(hosted) => hosted.changes_of(&parent, commit).await?,
            Source::Local(_) | Source::Remote(_) => None,
        };
        let changes = match told {
            Some(told) => told,
            None => self.compare(&parent, commit).await?.items,
        };
        let from = changes.into_iter().find_map(|change| match change.kind {
            ChangeKind::Renamed { from } if change.path == path => Some(from),
            _ => None,
        });
        Ok(from.map(|from| (parent, from)))
    }

    async fn first_parent(&self, commit: &str) -> Result<Option<String>, Error> {
        let local = match &self.source {
            Source::Local(local) => local,
            Source::Remote(remote) => &remote.local,
            Source::Hosted(hosted) => return hosted.first_parent(commit).await,
        };
        let commit = commit.to_owned();
        super::blocking(local, move |local| local.first_parent(&commit)).await
    }

    /// What differs in the second commit from the first, sorted by path; what was renamed is told as
    /// such, also when it was changed on the way.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub async fn compare(&self, before: &str, after: &str) -> Result<Listing<Change>, Error> {
        if let Source::Hosted(hosted) = &self.source
            && let Some(comparing) = hosted.compare(before, after)
        {
            return comparing.await;
        }
        let (old, new) = self.both(before, after).await?;
        let changes = differences(&old.items, &new.items);
        let alike = self
            .alike((before, &old.items), (after, &new.items), &changes)
            .await?;
        Ok(Listing {
            items: renamed(changes, alike),
            incomplete: old.incomplete.or(new.incomplete),
            is_remembered: old.is_remembered || new.is_remembered,
        })
    }

    /// The paths that are not the same in two commits, without telling what became of them, which
    /// is why no file is read for it.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub async fn changed_paths(
        &self,
        before: &str,
        after: &str,
    ) -> Result<Listing<BString>, Error> {
        self.changed_paths_to(before, after, None).await
    }

    /// The same for whoever has listed everything that is there at the later commit.
    pub(crate) async fn changed_paths_to(
        &self,
        before: &str,
        after: &str,
        listed: Option<&Listing<Entry>>,
    ) -> Result<Listing<BString>, Error> {
        let changes = match &self.source {
            Source::Hosted(hosted) if let Some(comparing) = hosted.compare(before, after) => {
                comparing.await?
            }
            _ => {
                // Nobody is shown these, so that names are as the host tells them.
                let root = BStr::new("");
                let listed_at = async |at| {
                    self.tree_as_told(at, root, Depth::All, Urgency::Waited)
                        .await
                };
                let old = listed_at(before).await?;
                let own;
                let new = match listed {
                    Some(listed) => listed,
                    None => {
                        own = listed_at(after).await?;
                        &own
                    }
                };
                Listing {
                    items: differences(&old.items, &new.items),
                    incomplete: old.incomplete.or_else(|| new.incomplete.clone()),
                    is_remembered: old.is_remembered || new.is_remembered,
                }
            }
        };
        let mut paths = BTreeSet::new();
        for change in changes.items {
            if let ChangeKind::Renamed { from } = change.kind {
                paths.insert(from);
            }
            paths.insert(change.path);
        }
        Ok(Listing {
            items: paths.into_iter().collect(),
            incomplete: changes.incomplete,
            is_remembered: changes.is_remembered,
        })
    }

    async fn both(
        &self,
        before: &str,
        after: &str,
    ) -> Result<(Listing<Entry>, Listing<Entry>), Error> {
        let root = BStr::new("");
        let before = self.tree(before, root, Depth::All, Urgency::Waited).await?;
        let after = self.tree(after, root, Depth::All, Urgency::Waited).await?;
        Ok((before, after))
    }

    /// Which of the files that went is which of those that came, by their contents.
    async fn alike(
        &self,
        before: (&str, &[Entry]),
        after: (&str, &[Entry]),
        changes: &[Change],
    ) -> Result<HashMap<BString, BString>, Error> {
        let gone = of_kind(before.1, changes, &ChangeKind::Removed);
        let come = of_kind(after.1, changes, &ChangeKind::Added);
        let pairs = candidates(&gone, &come);
        if pairs.is_empty() {
            return Ok(HashMap::new());
        }
        let old = self
            .read(before.0, pairs.iter().map(|(old, _)| *old))
            .await?;
        let new = self
            .read(after.0, pairs.iter().map(|(_, new)| *new))
            .await?;
        let pairs: Vec<(BString, BString)> = pairs
            .into_iter()
            .map(|(old, new)| (old.path.clone(), new.path.clone()))
            .collect();
        let matching = tokio::task::spawn_blocking(move || {
            let mut found: Vec<(f64, BString, BString)> = pairs
                .into_iter()
                .filter_map(|(from, to)| {
                    let likeness = likeness(old.get(&from)?, new.get(&to)?);
                    (likeness >= 0.5).then_some((likeness, from, to))
                })
                .collect();
            // The most alike first; of those the ones that kept their name.
            found.sort_by(|a, b| {
                let kept = |(_, from, to): &(f64, BString, BString)| {
                    name(from.as_bstr()) == name(to.as_bstr())
                };
                b.0.total_cmp(&a.0).then_with(|| kept(b).cmp(&kept(a)))
            });
            let (mut taken, mut pairs) = (BTreeSet::new(), HashMap::new());
            for (_, from, to) in found {
                if !pairs.contains_key(&to) && taken.insert(from.clone()) {
                    pairs.insert(to, from);
                }
            }
            pairs
        });
        matching.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Comparing files broke off").caused_by(error)
        })
    }

    /// The contents of files at a commit; without those that are too large.
    async fn read<'a>(
        &self,
        commit: &str,
        entries: impl Iterator<Item = &'a Entry>,
    ) -> Result<HashMap<BString, Bytes>, Error> {
        let mut wanted: Vec<&Entry> = entries.collect();
        wanted.sort_by(|a, b| a.path.cmp(&b.path));
        wanted.dedup_by(|a, b| a.path == b.path);
        self.fetch_ahead(commit, &wanted, Urgency::Waited).await?;
        let reading = wanted.into_iter().map(|entry| async move {
            match self.blob_of(commit, entry, Urgency::Waited).await {
                Ok(blob) => Ok(Some((entry.path.clone(), blob.bytes))),
                Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(None),
                Err(error) => Err(error),
            }
        });
        let reading: Vec<_> = reading.collect();
        let read: Vec<Option<(BString, Bytes)>> = stream::iter(reading)
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let small = |(_, bytes): &(BString, Bytes)| bytes.len() as u64 <= LARGEST_READ;
        Ok(read.into_iter().flatten().filter(small).collect())
    }
}

/// The entries behind changes of a kind that are files with something in them.
fn of_kind<'a>(entries: &'a [Entry], changes: &[Change], kind: &ChangeKind) -> Vec<&'a Entry> {
    let paths: BTreeSet<&BString> = changes
        .iter()
        .filter(|change| change.kind == *kind)
        .map(|change| &change.path)
        .collect();
    entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::File && paths.contains(&entry.path))
        .filter(|entry| {
            entry
                .size
                .is_none_or(|size| (1..=LARGEST_READ).contains(&size))
        })
        .collect()
}

/// Which files may be the same one, so that not more of them are read than is worth it.
fn candidates<'a>(gone: &[&'a Entry], come: &[&'a Entry]) -> Vec<(&'a Entry, &'a Entry)> {
    let pairs = |fits: fn(&BStr, &BStr) -> bool| -> Vec<(&'a Entry, &'a Entry)> {
        let all = gone
            .iter()
            .flat_map(|old| come.iter().map(move |new| (*old, *new)));
        all.filter(|(old, new)| fits(old.path.as_bstr(), new.path.as_bstr()))
            .collect()
    };
    let few = |pairs: &[(&Entry, &Entry)]| {
        let files: BTreeSet<(bool, &BString)> = pairs
            .iter()
            .flat_map(|(old, new)| [(false, &old.path), (true, &new.path)])
            .collect();
        files.len() <= MOST_READ
    };
    // Otherwise only to find out how many they are would take a while.
    if gone.len().saturating_mul(come.len()) > 1_000_000 {
        return Vec::new();
    }
    let of_a_kind = pairs(|old, new| ending(old) == ending(new));
    if few(&of_a_kind) {
        return of_a_kind;
    }
    let namesakes = pairs(|old, new| name(old) == name(new));
    if few(&namesakes) {
        return namesakes;
    }
    Vec::new()
}

/// Why a history may go on further back.
fn unknown(path: &BStr, error: &Error) -> Sentence {
    let why = error.sentence();
    sentence!(
        "It is not known what else `{path}` was called before: {why}",
        path,
        why
    )
}

fn name(path: &BStr) -> &BStr {
    path.rsplit_once_str("/")
        .map_or(path, |(_, name)| name.as_bstr())
}

fn ending(path: &BStr) -> &[u8] {
    name(path).rsplit_once_str(".").map_or(b"", |(_, end)| end)
}

/// How much of the larger of two files is in both, line by line: 1 for all of it.
#[expect(
    clippy::cast_precision_loss,
    reason = "files are smaller than what a float tells apart"
)]
fn likeness(old: &[u8], new: &[u8]) -> f64 {
    let larger = old.len().max(new.len());
    if larger == 0 || old.len().min(new.len()) < larger / 2 {
        return 0.0;
    }
    let mut lines: HashMap<&[u8], usize> = HashMap::new();
    for line in old.split_inclusive(|byte| *byte == b'\n') {
        *lines.entry(line).or_default() += 1;
    }
    let mut common = 0;
    for line in new.split_inclusive(|byte| *byte == b'\n') {
        if let Some(left) = lines.get_mut(line).filter(|left| **left > 0) {
            *left -= 1;
            common += line.len();
        }
    }
    common as f64 / larger as f64
}

/// Tells pairs of what went and what came as one rename each.
fn renamed(changes: Vec<Change>, mut alike: HashMap<BString, BString>) -> Vec<Change> {
    let gone: BTreeSet<BString> = alike.values().cloned().collect();
    changes
        .into_iter()
        .filter(|change| change.kind != ChangeKind::Removed || !gone.contains(&change.path))
        .map(|change| match alike.remove(&change.path) {
            Some(from) => Change {
                kind: ChangeKind::Renamed { from },
                ..change
            },
            None => change,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn files_are_alike_by_the_lines_they_share() {
        for (old, new, expected) in [
            ("a\nb\nc\nd\n", "a\nb\nc\nd\n", 1.0),
            ("a\nb\nc\nd\n", "a\nb\nx\ny\n", 0.5),
            ("a\nb\n", "a\nb\nc\nd\n", 0.5),
            ("a\nb\n", "b\na\n", 1.0),
            // A line counts as often as it is there.
            ("a\na\na\nb\n", "a\nx\ny\nz\n", 0.25),
            ("a\n", "a\nb\nc\nd\n", 0.0),
            ("", "", 0.0),
            ("one", "two", 0.0),
        ] {
            let found = likeness(old.as_bytes(), new.as_bytes());
            assert!((found - expected).abs() < 1e-9, "{old:?} {new:?}: {found}");
        }
    }
}
