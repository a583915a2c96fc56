//! Many files in one answer: the archive of a folder, taken apart into the cache of answers.
//!
//! Nothing of an archive is ever written under a name that it tells. Its files are recognized by
//! the ids of their contents, so that neither what stands in it as a path nor what the host made
//! of the contents on the way (line ends, `export-subst`) can pass for a file of the repository.
//! Where a host tells no ids, only paths that were listed count.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};

use gix::bstr::{BStr, BString, ByteSlice};
use tar::EntryType;

use super::cache::{Cache, Kept};
use super::hosted::Hosted;
use super::sent::{Large, blob_id_of};
use super::{ChangeKind, Depth, Dialect, Entry, LARGEST_HELD, LARGEST_SENT, Urgency, azure};
use crate::error::{Error, ErrorKind};
use crate::repository::{blob_id, kind_of};

/// Fewer files than this are asked for one by one.
const WORTH_IT: usize = 20;
/// As many files have to be saved for a comparison with what was read last.
const WORTH_COMPARING: usize = 4;
/// A whole repository is fetched for some of its files when all of it is as small as this,
const SMALL_ARCHIVE: u64 = 4 * 1024 * 1024;
/// or when it is at most so many times as large as they are.
const MOST_AROUND: u64 = 8;
/// Larger archives are not fetched to the end.
pub(super) const LARGEST_ARCHIVE: u64 = 128 * 1024 * 1024;
/// Of what an archive unpacks to, no more is looked at.
const MOST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Nor more files than this.
const MOST_FILES: usize = 500_000;

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    TarGz,
    Zip,
}

/// Which archive to ask for.
struct Wanted {
    url: url::Url,
    packing: Packing,
    /// Whether its files are recognized by path.
    by_path: bool,
}

impl Hosted {
    /// Fetches files at a commit ahead, where one request serves for many; gives how many are
    /// known now that were not.
    pub(super) async fn fetch_ahead(
        &self,
        commit: &str,
        entries: &[&Entry],
        urgency: Urgency,
    ) -> Result<usize, Error> {
        let Some(cache) = self.host.cache() else {
            return Ok(0);
        };
        let mut missing = self.unknown(commit, entries, cache).await;
        if missing.len() >= WORTH_COMPARING && !self.has_ids() {
            match self.carry_over(commit, &missing, cache).await {
                Ok(0) => {}
                Ok(_) => missing = self.unknown(commit, entries, cache).await,
                // The commit may be gone; the files are asked for.
                Err(error) => tracing::debug!(error = error.chain(), "nothing was carried over"),
            }
        }
        if !self.has_ids() {
            let kept = Kept {
                etag: None,
                next: None,
                body: commit.into(),
            };
            cache.put(&self.last_read(), kept).await;
        }
        if missing.len() < WORTH_IT {
            return Ok(0);
        }
        if !self.is_cheaper(commit, &missing, urgency).await? {
            return Ok(0);
        }
        let folder = common_folder(missing.iter().map(|(entry, _)| entry.path.as_bstr()));
        let Some(wanted) = self
            .archive_of(commit, &folder.to_str_lossy(), urgency)
            .await?
        else {
            let fetched = self.fetch_by_git(commit, missing, urgency, cache).await;
            return Ok(fetched.unwrap_or_else(|error| {
                // The access may be one to the API alone, which has all of it one by one.
                tracing::debug!(error = error.chain(), "files are not fetched by Git");
                0
            }));
        };
        let mut keys: HashMap<BString, BTreeSet<String>> = HashMap::new();
        for (entry, key) in missing {
            let name = match (&entry.id, wanted.by_path) {
                (Some(id), false) => BString::from(id.as_str()),
                (_, true) => entry.path.clone(),
                (None, false) => continue,
            };
            keys.entry(name).or_default().insert(key);
        }
        let urgency = self.urgency(urgency);
        let file = self.host.archive(wanted.url, urgency).await?;
        let cache = cache.clone();
        let taking = tokio::task::spawn_blocking(move || {
            take(&file, wanted.packing, &cache, keys, wanted.by_path)
        });
        taking.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Taking the archive apart broke off").caused_by(error)
        })?
    }

    /// Fetches files by Git's own protocol, where the host has no archive that can be relied on: all of
    /// them come at once, after the commit with its trees.
    async fn fetch_by_git(
        &self,
        commit: &str,
        missing: Vec<(&Entry, String)>,
        urgency: Urgency,
        cache: &Cache,
    ) -> Result<usize, Error> {
        let remote = self.by_git(urgency).await?;
        let paths: Vec<BString> = missing
            .iter()
            .map(|(entry, _)| entry.path.clone())
            .collect();
        if !remote.need_files(commit, paths).await? {
            return Ok(0);
        }
        let files: Vec<(BString, String)> = missing
            .into_iter()
            .map(|(entry, key)| (entry.path.clone(), key))
            .collect();
        let (at, cache) = (commit.to_owned(), cache.clone());
        super::blocking(&remote.local, move |local| {
            let mut taken = 0;
            for (path, key) in files {
                // What is too large for the cache of answers is asked for by itself, and what cannot
                // be read is met again there.
                let Ok(body) = local.bytes_of(&at, path.as_ref(), LARGEST_HELD) else {
                    continue;
                };
                let kept = Kept {
                    etag: None,
                    next: None,
                    body,
                };
                cache.put_now(&key, &kept);
                taken += 1;
            }
            Ok(taken)
        })
        .await
    }

    /// Those of some files that are not in the cache, and under what they will be.
    async fn unknown<'a>(
        &self,
        commit: &str,
        entries: &[&'a Entry],
        cache: &Cache,
    ) -> Vec<(&'a Entry, String)> {
        let mut missing = Vec::new();
        for entry in entries {
            let can_be_sent = entry.size.is_none_or(|size| size <= LARGEST_SENT);
            let Some(key) = self.key_of(commit, entry).filter(|_| can_be_sent) else {
                continue;
            };
            if !is_kept(cache, &key).await {
                missing.push((*entry, key));
            }
        }
        missing
    }

    /// Whether contents are known by their id, and not by commit and path.
    pub(super) fn has_ids(&self) -> bool {
        !matches!(
            self.host.dialect(),
            Dialect::Bitbucket | Dialect::BitbucketDataCenter
        )
    }

    fn last_read(&self) -> String {
        self.host.key_of_last_read(&self.api)
    }

    /// Takes what did not change since the commit whose files were read last from there: one
    /// comparison serves for all of them. Gives how many.
    async fn carry_over(
        &self,
        commit: &str,
        missing: &[(&Entry, String)],
        cache: &Cache,
    ) -> Result<usize, Error> {
        let Some(last) = cache.get(&self.last_read()).await else {
            return Ok(0);
        };
        let Some(last) = String::from_utf8(last.body)
            .ok()
            .filter(|last| last != commit)
        else {
            return Ok(0);
        };
        let mut kept = Vec::new();
        for (entry, key) in missing {
            let before = self.key_of(&last, entry);
            if let Some(before) = before
                && is_kept(cache, &before).await
            {
                kept.push((entry.path.as_bstr(), before, key));
            }
        }
        if kept.len() < WORTH_COMPARING {
            return Ok(0);
        }
        let Some(comparing) = self.compare(&last, commit) else {
            return Ok(0);
        };
        let compared = comparing.await?;
        if compared.incomplete.is_some() {
            return Ok(0);
        }
        let changed: BTreeSet<&BStr> = compared
            .items
            .iter()
            .flat_map(|change| {
                let from = match &change.kind {
                    ChangeKind::Renamed { from } => Some(from.as_bstr()),
                    _ => None,
                };
                [Some(change.path.as_bstr()), from].into_iter().flatten()
            })
            .collect();
        let mut carried = 0;
        for (path, before, key) in kept {
            if changed.contains(path) {
                continue;
            }
            if let Some(contents) = cache.get(&before).await {
                cache.put(key, contents).await;
                carried += 1;
            } else if Large::of(cache).carry(&before, key) {
                carried += 1;
            }
        }
        Ok(carried)
    }

    /// Whether the archive is worth it where only that of the whole repository is given: not where
    /// a few small files are beside large ones.
    async fn is_cheaper(
        &self,
        commit: &str,
        missing: &[(&Entry, String)],
        urgency: Urgency,
    ) -> Result<bool, Error> {
        if !matches!(self.host.dialect(), Dialect::GitHub | Dialect::Gitea) {
            return Ok(true);
        }
        let whole = self
            .tree(commit, BStr::new(""), Depth::All, urgency)
            .await?;
        let size = |entry: &Entry| entry.size.unwrap_or(0);
        let all: u64 = whole.items.iter().map(size).sum();
        let wanted: u64 = missing.iter().map(|(entry, _)| size(entry)).sum();
        Ok(all <= SMALL_ARCHIVE || all <= wanted.saturating_mul(MOST_AROUND))
    }

    /// The archive of a folder; none where the host has none that can be relied on.
    async fn archive_of(
        &self,
        commit: &str,
        folder: &str,
        urgency: Urgency,
    ) -> Result<Option<Wanted>, Error> {
        let (mut url, packing) = match self.host.dialect() {
            Dialect::GitHub => (self.url(&["tarball", commit], &[]), Packing::TarGz),
            Dialect::Gitea => {
                let name = format!("{commit}.tar.gz");
                (self.url(&["archive", &name], &[]), Packing::TarGz)
            }
            Dialect::GitLab => (
                self.url(&["repository", "archive.tar.gz"], &[("sha", commit)]),
                Packing::TarGz,
            ),
            Dialect::AzureDevOps => {
                let scope = format!("/{folder}");
                let query = azure::with_version(
                    self,
                    &[
                        ("scopePath", &*scope),
                        ("versionDescriptor.version", commit),
                        ("versionDescriptor.versionType", "commit"),
                        ("$format", "zip"),
                        ("download", "true"),
                    ],
                );
                (self.url(&["items"], &query), Packing::Zip)
            }
            Dialect::BitbucketDataCenter => {
                // Attributes change contents on the way, and nothing here would tell.
                let whole = self
                    .tree(commit, BStr::new(""), Depth::All, urgency)
                    .await?;
                let name = b".gitattributes";
                if whole.items.iter().any(|entry| entry.path.ends_with(name)) {
                    return Ok(None);
                }
                let query = [("at", commit), ("format", "tar.gz")];
                (self.url(&["archive"], &query), Packing::TarGz)
            }
            // Its API has none; the pages for people do, under a limit of their own.
            Dialect::Bitbucket => return Ok(None),
        };
        let dialect = self.host.dialect();
        let by_path = dialect == Dialect::BitbucketDataCenter;
        if !folder.is_empty() && (by_path || dialect == Dialect::GitLab) {
            url.query_pairs_mut().append_pair("path", folder);
        }
        Ok(Some(Wanted {
            url,
            packing,
            by_path,
        }))
    }
}

/// Whether contents were fetched before, small or large.
async fn is_kept(cache: &Cache, key: &str) -> bool {
    cache.has(key).await || Large::of(cache).has(key)
}

/// The deepest folder that all paths are in; empty for the root.
fn common_folder<'a>(paths: impl Iterator<Item = &'a BStr>) -> BString {
    let folder = |path: &'a BStr| path.rfind_byte(b'/').map_or(&path[..0], |end| &path[..end]);
    let mut common: Option<&[u8]> = None;
    for path in paths {
        let mut known = common.unwrap_or_else(|| folder(path));
        let is_below = |folder: &[u8]| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with(b"/"))
        };
        while !known.is_empty() && !is_below(known) {
            known = folder(known.as_bstr());
        }
        common = Some(known);
    }
    common.unwrap_or_default().into()
}

/// Puts the files of an archive whose names or ids are wanted into the cache.
fn take(
    file: &File,
    packing: Packing,
    cache: &Cache,
    mut keys: HashMap<BString, BTreeSet<String>>,
    by_path: bool,
) -> Result<usize, Error> {
    let mut taken = 0;
    let large = Large::of(cache);
    let some_id = keys.keys().next().map(ToString::to_string);
    let kind = kind_of(&some_id.unwrap_or_default());
    let read = files(BufReader::new(file), packing, &mut |path, contents| {
        let mut bytes = Vec::new();
        contents.take(LARGEST_HELD + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_HELD {
            let mut begun = large.begin()?;
            let mut whole = io::Cursor::new(bytes).chain(contents.take(LARGEST_SENT));
            io::copy(&mut whole, begun.as_file_mut())?;
            let id;
            let name = if by_path {
                path
            } else {
                id = blob_id_of(begun.as_file_mut(), kind)?;
                id.as_bytes().as_bstr()
            };
            for key in keys.remove(name).into_iter().flatten() {
                large.keep(&key, begun.path());
                taken += 1;
            }
            return Ok(());
        }
        let id;
        let name = if by_path {
            path
        } else {
            id = blob_id(&bytes, kind);
            id.as_bytes().as_bstr()
        };
        let kept = Kept {
            etag: None,
            next: None,
            body: bytes,
        };
        for key in keys.remove(name).into_iter().flatten() {
            cache.put_now(&key, &kept);
            taken += 1;
        }
        Ok(())
    });
    read.map_err(|error| {
        Error::new(ErrorKind::Bug, "The host's archive cannot be read").caused_by(error)
    })?;
    Ok(taken)
}

/// Goes through the plain files of an archive that are not too large to be sent on, with their paths;
/// the folder that some hosts put around them is left in. Links and devices are passed over, and so is
/// everything behind the limits.
pub(super) fn files(
    archive: impl Read + Seek,
    packing: Packing,
    visit: &mut dyn FnMut(&BStr, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    match packing {
        Packing::TarGz => {
            let unpacked = flate2::read::MultiGzDecoder::new(archive).take(MOST_UNPACKED);
            let mut archive = tar::Archive::new(unpacked);
            for entry in archive.entries()?.take(MOST_FILES) {
                let mut entry = entry?;
                let is_file = entry.header().entry_type() == EntryType::Regular;
                if !is_file || entry.size() > LARGEST_SENT {
                    continue;
                }
                let path = BString::from(entry.path_bytes().into_owned());
                visit(path.as_ref(), &mut entry)?;
            }
        }
        Packing::Zip => {
            let mut archive = zip::ZipArchive::new(archive)?;
            let mut left = MOST_UNPACKED;
            for number in 0..archive.len().min(MOST_FILES) {
                let entry = archive.by_index(number)?;
                if !entry.is_file() || entry.size() > LARGEST_SENT {
                    continue;
                }
                let path = BString::from(entry.name_raw());
                // What an entry says of its size need not be so.
                let most = left.min(LARGEST_SENT + 1);
                let mut contents = entry.take(most);
                visit(path.as_ref(), &mut contents)?;
                left -= most - contents.limit();
                if left == 0 {
                    break;
                }
            }
        }
    }
    Ok(())
}
