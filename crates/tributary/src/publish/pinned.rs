//! Reads the sources from a repository at a commit, wherever it is, as from a working copy of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::iter;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use gix::bstr::{BStr, ByteSlice};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tributary_pages::markup::{Snippet, Surroundings};
use tributary_pages::plan::{Sources, assets};

use crate::error::{Error, ErrorKind};
use crate::hosts::{
    Depth, Entry, EntryKind, LARGEST_BLOB, LARGEST_SENT, Pinned, Repository, ToSend, Urgency,
    too_large,
};

use crate::store;

use super::assets::{ReadFrom, look_at};
use super::drawings::draw_files;
use super::gather::{
    Found, Patterns, Read, choose, folder_of, is_below, put_asset, refuse_title, understand,
};
use super::{PublishRequest, Skipped};

/// Files asked for at once; the account's queue lets fewer through.
const AT_ONCE: usize = 8;
/// No system takes a symbolic link that leads to a longer path.
const LONGEST_TARGET: usize = 4096;
/// Links that lead to links are followed so far.
const LONGEST_CHAIN: usize = 8;

/// The files of a repository at a commit.
#[derive(Debug)]
pub(super) struct AtCommit {
    repository: Repository,
    commit: String,
    /// What is read for each path; of a symbolic link, what it leads to.
    entries: BTreeMap<String, Entry>,
}

impl AtCommit {
    /// Those of some commits, given by the beginnings of their ids, that came after this one.
    pub(super) async fn newer(
        &self,
        commits: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        self.repository.newer(&self.commit, commits).await
    }

    /// Whether a path is that of a symbolic link, whose contents are another file's.
    pub(super) fn is_link(&self, path: &str) -> bool {
        let entry = self.entries.get(path);
        entry.is_some_and(|entry| entry.path != path)
    }

    /// A document or what it takes in, which is in memory while it is understood.
    pub(super) async fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let listed = self.entries.get(path).and_then(|entry| entry.size);
        if listed.is_some_and(|size| size > LARGEST_BLOB) {
            return Err(too_large(path.as_bytes().as_bstr(), listed));
        }
        let contents = self.to_send(path).await?;
        let path = path.to_owned();
        let reading = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            let mut file = contents.open()?.take(LARGEST_BLOB + 1);
            file.read_to_end(&mut bytes).map(|_| bytes)
        });
        let read = reading.await.map_err(|error| {
            Error::new(
                ErrorKind::Bug,
                sentence!("Reading `{path}` broke off", path),
            )
            .caused_by(error)
        })?;
        let bytes = read.map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                sentence!("`{path}` cannot be read", path),
            )
            .caused_by(error)
        })?;
        if bytes.len() as u64 > LARGEST_BLOB {
            return Err(too_large(path.as_bytes().as_bstr(), None));
        }
        Ok(bytes)
    }

    /// A file that is attached, in memory only when it is small.
    pub(super) async fn to_send(&self, path: &str) -> Result<ToSend, Error> {
        let mut contents = self.as_listed(path).await?;
        if self.repository.tells_links() {
            return Ok(contents);
        }
        let mut at = path.to_owned();
        for _ in 0..LONGEST_CHAIN {
            let ToSend::Held(bytes) = &contents else {
                break;
            };
            let Some(target) = self.led_to(&at, bytes) else {
                break;
            };
            contents = self.as_listed(&target).await?;
            at = target;
        }
        Ok(contents)
    }

    /// Where a file leads that is a symbolic link by all that can be seen.
    fn led_to(&self, path: &str, bytes: &[u8]) -> Option<String> {
        perhaps_link(path, bytes).filter(|target| self.entries.contains_key(target))
    }

    async fn as_listed(&self, path: &str) -> Result<ToSend, Error> {
        let entry = self.entries.get(path).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, sentence!("There is no `{path}`", path))
        })?;
        self.repository
            .to_send(&self.commit, entry, Urgency::Patient)
            .await
    }

    /// Fetches many files at once where the host can. What goes wrong is met again, and told, when
    /// they are read one by one.
    async fn fetch_ahead(&self, paths: &[String]) {
        let entries: Vec<&Entry> = paths
            .iter()
            .filter_map(|path| self.entries.get(path))
            .collect();
        let fetching = self
            .repository
            .fetch_ahead(&self.commit, &entries, Urgency::Patient);
        match fetching.await {
            Ok(fetched) => tracing::debug!(fetched, "files were fetched ahead"),
            Err(error) => tracing::debug!(error = error.chain(), "nothing was fetched ahead"),
        }
    }
}

/// Where a file leads, if it is a symbolic link: its contents are nothing but a path, without an end
/// of line. Some hosts list links as files; whether one is there tells them apart.
pub(crate) fn perhaps_link(path: &str, bytes: &[u8]) -> Option<String> {
    let written = bytes.to_str().ok().filter(|text| {
        !text.is_empty() && text.len() <= LONGEST_TARGET && !text.contains(char::is_control)
    })?;
    let links = BTreeMap::from([(path.to_owned(), written.to_owned())]);
    match lead(path, &links) {
        Lead::Inside(target) if target != path => Some(target),
        _ => None,
    }
}

/// Reads the sources.
pub(super) fn sources<'a>(
    request: &'a PublishRequest,
    pinned: &'a Pinned,
    tell: &'a (dyn Fn(usize, usize) + Send + Sync),
) -> BoxFuture<'a, Result<Read, Error>> {
    // Boxed here, where it is plain that it may go to another thread.
    Box::pin(read_all(request, pinned, tell))
}

async fn read_all(
    request: &PublishRequest,
    pinned: &Pinned,
    tell: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Read, Error> {
    // Pages say what the repository is called now, whatever name somebody knows it by.
    let pinned = &Pinned {
        repository: pinned.repository.by_present_name().await?,
        ..pinned.clone()
    };
    let (repository, commit) = (&pinned.repository, pinned.commit.id.as_str());
    let mut selected = Vec::new();
    for path in &request.paths {
        selected.push(inside(path)?);
    }
    let patterns = Patterns::new(Path::new(""), &request.include, &request.exclude)?;
    // What has no name in UTF-8 is left out whatever it is called.
    let listing = repository
        .tree_as_told(commit, BStr::new(""), Depth::All, Urgency::Patient)
        .await?;
    if let Some(why) = listing.incomplete {
        // What is left out would look deleted.
        return Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{repository}` is not listed in whole: {why}",
                repository = repository.name,
                why
            ),
        )
        .remedy("Publish from a clone"));
    }
    let (entries, skipped) = follow(repository, commit, listing.items).await?;
    let mut snippets = Vec::new();
    for (named, path) in request.paths.iter().zip(&mut selected) {
        let is_there = entries.keys().any(|known| is_below(known, path));
        // A file that is really called so is that file.
        if let Some(snippet) = Snippet::of_path(path).filter(|_| !is_there)
            && entries.contains_key(&snippet.file)
        {
            *path = snippet.path();
            snippets.push(Snippet {
                title: request.settings.lines_title.clone(),
                ..snippet
            });
            continue;
        }
        if !entries.keys().any(|known| is_below(known, path)) {
            return Err(Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "There is no `{named}` in `{repository}` at the commit `{commit}`",
                    named = named.display(),
                    repository = repository.name,
                    commit = commit.get(..10).unwrap_or(commit)
                ),
            )
            .remedy("Name files and folders relative to the repository's root"));
        }
    }
    refuse_title(request, &snippets)?;
    let found = entries.iter().map(|(path, entry)| Found {
        path: path.clone(),
        size: entry.size.unwrap_or(0),
        unusable: None,
    });
    let permalink = |path: &str| repository.permalink(commit, path.as_bytes().as_bstr(), None);
    let mut chosen = choose(found, skipped.into_iter(), &selected, &patterns, &permalink);
    chosen.add(snippets);
    let at = Arc::new(AtCommit {
        repository: repository.clone(),
        commit: commit.to_owned(),
        entries,
    });

    let documents = chosen.take_documents();
    let skipped = std::mem::take(&mut chosen.skipped);
    let all = documents.len();
    let ahead: Vec<String> = documents
        .iter()
        .map(|(_, file)| file)
        .chain(&chosen.navigation)
        .cloned()
        .collect();
    at.fetch_ahead(&ahead).await;
    let sources = Sources {
        formerly: request.settings.repository.formerly(&repository.formerly),
        repository: request.settings.repository.called(&repository.identity),
        folder: folder_of(repository.called_by_folder().as_deref(), request),
        name: repository.name.clone(),
        commit: Some(commit.to_owned()),
        branch: branch_of(pinned),
        selected,
        shelves: store::shelves(),
        ..Sources::default()
    };
    let template = request.settings.template.clone();
    let surroundings = Surroundings::of_repository(template, pinned.facts());
    let here_it_is = pinned.clone();
    let drawings = request.settings.drawings.clone();
    let (files, here) = (Arc::clone(&at), Handle::current());
    let (give, mut take) = mpsc::channel(AT_ONCE);
    // Nothing more is read for somebody who was told of an error already.
    let waiting = Arc::new(());
    let waits = Arc::downgrade(&waiting);
    let understanding = tokio::task::spawn_blocking(move || {
        let mut broken = Ok(());
        let mut read_more = |path: &str| {
            waits.upgrade()?;
            match here.block_on(files.read(path)) {
                Ok(bytes) => Some(bytes),
                Err(error) => {
                    broken = std::mem::replace(&mut broken, Ok(())).and_then(|()| stops(&error));
                    None
                }
            }
        };
        let links = |path: &str, lines| here_it_is.links_to(path, lines);
        let understood = understand(
            chosen,
            iter::from_fn(|| take.blocking_recv()),
            &surroundings,
            &links,
            sources,
            &drawings,
            &mut read_more,
        );
        broken.map(|()| understood)
    });
    let mut reading = stream::iter(documents)
        .map(|(path, file)| {
            let at = &at;
            async move { (path, at.read(&file).await) }
        })
        .buffered(AT_ONCE);
    let mut read = 0;
    while let Some((path, bytes)) = reading.next().await {
        if let Err(error) = &bytes {
            stops(error)?;
        }
        // Whoever takes them tells below why no more are taken.
        give.send((path, bytes)).await.ok();
        read += 1;
        tell(read, all);
    }
    drop((reading, give));
    let (mut sources, sizes) = understanding.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the documents broke off").caused_by(error)
    })??;
    drop(waiting);

    let needed: Vec<String> = assets(&sources).into_iter().collect();
    at.fetch_ahead(&needed).await;
    let mut looking = stream::iter(needed)
        .map(|path| async {
            let size = sizes.get(&path).copied().unwrap_or(0);
            // One that is too large to be attached is not fetched to be told so.
            let contents = match size > LARGEST_SENT {
                true => Ok(ToSend::Held(Bytes::new())),
                false => at.to_send(&path).await,
            };
            if let Err(error) = &contents {
                stops(error)?;
            }
            let named = path.clone();
            let looking = tokio::task::spawn_blocking(move || {
                look_at(&named, size, || {
                    let contents = contents?;
                    contents.open().map_err(|error| {
                        Error::new(ErrorKind::Storage, "it cannot be opened").caused_by(error)
                    })
                })
            });
            let asset = looking.await.map_err(|error| {
                Error::new(
                    ErrorKind::Bug,
                    sentence!("Reading `{path}` broke off", path),
                )
                .caused_by(error)
            })?;
            Ok::<_, Error>((path, asset))
        })
        .buffered(AT_ONCE);
    let mut looked_at = Vec::new();
    while let Some(looked) = looking.next().await {
        looked_at.push(looked?);
    }
    drop(looking);
    for (path, asset) in looked_at {
        put_asset(&mut sources, &path, asset);
    }
    let drawings = request.settings.drawings.clone();
    let drawing = tokio::task::spawn_blocking(move || {
        draw_files(&mut sources, &drawings);
        sources
    });
    let sources = drawing.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Drawing the diagrams broke off").caused_by(error)
    })?;
    Ok(Read {
        files: ReadFrom::Commit(at),
        sources,
        skipped,
        reference: pinned.reference.clone(),
    })
}

/// The name that led to the commit, unless that is the commit's own.
fn branch_of(pinned: &Pinned) -> Option<String> {
    let name = pinned.reference.as_deref()?;
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    let is_commit = name.len() >= 7 && pinned.commit.id.starts_with(&name.to_ascii_lowercase());
    (!is_commit).then(|| name.to_owned())
}

/// Trouble with the host is none of a single file: half of the files would be published as if the
/// others were broken.
fn stops(error: &Error) -> Result<(), Error> {
    match error.kind() {
        ErrorKind::Offline | ErrorKind::RateLimited | ErrorKind::SignedOut => {
            let copy = Error::new(error.kind(), error.sentence().clone());
            Err(copy
                .remedy(
                    error
                        .way_out()
                        .cloned()
                        .unwrap_or_else(|| "Try again later".into()),
                )
                .after(error.retry_after()))
        }
        _ => Ok(()),
    }
}

/// What a working copy would have as files: links followed inside the repository, nothing in
/// hidden folders. And what is left out, with the reason.
async fn follow(
    repository: &Repository,
    commit: &str,
    listed: Vec<Entry>,
) -> Result<(BTreeMap<String, Entry>, Vec<Skipped>), Error> {
    let mut entries = BTreeMap::new();
    let mut links = Vec::new();
    let mut skipped = Vec::new();
    for entry in listed {
        let Ok(path) = entry.path.to_str() else {
            let path = entry.path.to_string();
            let reason = sentence!(
                "the name `{path}` is not valid UTF-8; rename the file",
                path
            );
            skipped.push(Skipped { path, reason });
            continue;
        };
        let path = path.to_owned();
        if repository.changes_names() && path.contains(char::REPLACEMENT_CHARACTER) {
            // From a clone the same file is left out above.
            let reason = sentence!(
                "the host does not tell the name `{path}`, which is not valid UTF-8; rename the file",
                path
            );
            skipped.push(Skipped { path, reason });
            continue;
        }
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        if folders.split('/').any(|folder| folder.starts_with('.')) {
            continue;
        }
        match entry.kind {
            EntryKind::Symlink => links.push((path, entry)),
            EntryKind::Submodule => {
                let reason = sentence!(
                    "`{path}` is another repository (a submodule); it is not read",
                    path
                );
                skipped.push(Skipped { path, reason });
            }
            EntryKind::Folder => {}
            EntryKind::File | EntryKind::Lfs => {
                entries.insert(path, entry);
            }
        }
    }
    let reading = links.into_iter().map(|(path, entry)| async move {
        let blob = repository.blob_of(commit, &entry, Urgency::Patient).await?;
        Ok::<_, Error>((path, blob.bytes.to_str_lossy().into_owned()))
    });
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    let mut reading = stream::iter(reading).buffered(AT_ONCE);
    while let Some(read) = reading.next().await {
        let (path, target) = read?;
        targets.insert(path, target);
    }
    drop(reading);
    let mut followed = Vec::new();
    for (path, written) in &targets {
        match lead(path, &targets) {
            Lead::Inside(target) if entries.contains_key(&target) => {
                followed.push((path.clone(), entries[&target].clone()));
            }
            Lead::Inside(target)
                if target.is_empty() || path.starts_with(&format!("{target}/")) =>
            {
                skipped.push(Skipped {
                    reason: sentence!(
                        "`{path}` is a symbolic link to a folder it is in; it is not followed",
                        path
                    ),
                    path: path.clone(),
                });
            }
            Lead::Inside(target) => {
                let folder = format!("{target}/");
                let before = followed.len();
                for (inner, entry) in entries.range(folder.clone()..) {
                    let Some(rest) = inner.strip_prefix(&folder) else {
                        break;
                    };
                    followed.push((format!("{path}/{rest}"), entry.clone()));
                }
                if followed.len() == before {
                    skipped.push(Skipped {
                        reason: sentence!(
                            "`{path}` is a symbolic link to `{written}`, which is not there",
                            path,
                            written
                        ),
                        path: path.clone(),
                    });
                }
            }
            Lead::Outside => skipped.push(Skipped {
                reason: sentence!(
                    "`{path}` is a symbolic link to `{written}`, outside the repository; it is \
                     not followed",
                    path,
                    written
                ),
                path: path.clone(),
            }),
            Lead::Nowhere => skipped.push(Skipped {
                reason: sentence!(
                    "`{path}` is a symbolic link that leads back to itself",
                    path
                ),
                path: path.clone(),
            }),
        }
    }
    entries.extend(followed);
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((entries, skipped))
}

/// Where a symbolic link leads in the end.
#[derive(Debug, PartialEq, Eq)]
enum Lead {
    Inside(String),
    Outside,
    Nowhere,
}

fn lead(path: &str, targets: &BTreeMap<String, String>) -> Lead {
    let mut at = path.to_owned();
    for _ in 0..LONGEST_CHAIN {
        let Some(target) = targets.get(&at) else {
            return Lead::Inside(at);
        };
        if target.starts_with('/') {
            return Lead::Outside;
        }
        let mut parts: Vec<&str> = at.split('/').collect();
        parts.pop();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if parts.pop().is_none() {
                        return Lead::Outside;
                    }
                }
                name => parts.push(name),
            }
        }
        at = parts.join("/");
    }
    Lead::Nowhere
}

/// A path that was named, relative to the root.
fn inside(path: &Path) -> Result<String, Error> {
    let shown = path.to_str().map(|text| text.replace('\\', "/"));
    let mut parts = Vec::new();
    for part in shown.as_deref().unwrap_or("..").split('/') {
        match part {
            "" | "." => {}
            ".." => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "`{path}` is not inside the repository",
                        path = path.display()
                    ),
                )
                .remedy("Name files and folders relative to the repository's root"));
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Lead, lead};

    #[test]
    fn links_are_followed_inside_the_repository_only() {
        let targets: BTreeMap<String, String> = [
            ("docs/a", "b.md"),
            ("docs/up", "../README.md"),
            ("docs/twice", "up"),
            ("docs/deep/folder", "../other/./x/"),
            ("docs/out", "../../etc/passwd"),
            ("docs/root", "/etc/passwd"),
            ("docs/self", "self"),
            ("one", "two"),
            ("two", "one"),
            ("docs/back", ".."),
        ]
        .map(|(path, target)| (path.to_owned(), target.to_owned()))
        .into();
        for (path, expected) in [
            ("docs/a", Lead::Inside("docs/b.md".to_owned())),
            ("docs/up", Lead::Inside("README.md".to_owned())),
            ("docs/twice", Lead::Inside("README.md".to_owned())),
            ("docs/deep/folder", Lead::Inside("docs/other/x".to_owned())),
            ("docs/out", Lead::Outside),
            ("docs/root", Lead::Outside),
            ("docs/self", Lead::Nowhere),
            ("one", Lead::Nowhere),
            ("docs/back", Lead::Inside(String::new())),
        ] {
            assert_eq!(lead(path, &targets), expected, "{path}");
        }
    }
}
