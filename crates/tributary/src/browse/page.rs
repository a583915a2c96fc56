//! A file of a visit as the page it becomes, and as its host shows it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tributary_pages::markup::{HostLook, Surroundings, has_host_look};
use tributary_pages::plan::Preview;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::hosts::{Dialect, EntryKind, Urgency};
use crate::publish::{Known, Reading, has_page, host_look_of_reading, page_of_reading};
use crate::settings::RepositorySettings;

use super::{File, Index, Item, Visit};

/// As many folders as are listed for one file where a host tells few paths at once; a file that names
/// more of them is better off with a list of all paths.
const MOST_FOLDERS: usize = 50;

/// Reads the bytes of a file, with what it takes in.
type Read = Arc<dyn Fn(Vec<u8>, &mut dyn FnMut(&str) -> Option<Vec<u8>>) -> Reading + Send + Sync>;

impl Visit {
    /// A file as the page it becomes, or as what it holds; see [`crate::publish::page_alone`]. None for what is
    /// source only, and for what is no file. `server` draws the diagrams that are not drawn here,
    /// `image_address` makes the address under which a picture
    /// of the visit is shown.
    ///
    /// Of the other files only the paths are read, and those that the file takes in.
    ///
    /// # Errors
    /// As [`Visit::file`], [`Visit::find`] and [`crate::publish::page_alone`].
    pub fn page<'a>(
        self: &'a Arc<Self>,
        path: &'a str,
        server: Option<Url>,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> BoxFuture<'a, Result<Option<Preview>, Error>> {
        // Boxed here, where it is plain that it may go to another thread.
        Box::pin(self.page_of(path, server, image_address))
    }

    async fn page_of(
        self: &Arc<Self>,
        path: &str,
        server: Option<Url>,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> Result<Option<Preview>, Error> {
        if !has_page(path) {
            return Ok(None);
        }
        let Some(bytes) = self.bytes_of(path).await? else {
            return Ok(None);
        };
        // A mistake in the repository's file is told when it is published.
        let said = RepositorySettings::at(&self.pinned)
            .await
            .unwrap_or_default();
        let looks = RepositorySettings::looks(said, server);
        let surroundings = Surroundings::of_repository(looks.template, self.pinned.facts());
        let links = self.pinned.links(&self.real_path(path));
        let (file, drawings) = (path.to_owned(), looks.drawings);
        let read: Read = {
            let (file, surroundings, links) = (file.clone(), surroundings.clone(), links.clone());
            let drawings = drawings.clone();
            Arc::new(move |bytes, read_more| {
                let known = Known {
                    surroundings: &surroundings,
                    links: &links,
                    drawings: &drawings,
                };
                Reading::of(&file, bytes, &known, read_more)
            })
        };
        let (reading, files) = self.read_with_named(path, bytes, read).await?;
        let (visit, here) = (Arc::clone(self), Handle::current());
        let rendering = tokio::task::spawn_blocking(move || {
            let known = Known {
                surroundings: &surroundings,
                links: &links,
                drawings: &drawings,
            };
            let mut read_more = |path: &str| visit.taken_in(path, &here);
            let files = files.into_iter();
            page_of_reading(
                &file,
                reading,
                files,
                &known,
                &mut read_more,
                &image_address,
            )
        });
        rendering.await.map_err(broke_off)?
    }

    /// As which host its files are shown: as the one that it is at, where that does something
    /// otherwise than GitHub as far as is known.
    pub fn look(&self) -> HostLook {
        match self.link.as_ref().and_then(|link| link.dialect) {
            Some(Dialect::GitLab) => HostLook::GitLab,
            Some(Dialect::Bitbucket | Dialect::BitbucketDataCenter) => HostLook::Bitbucket,
            Some(Dialect::AzureDevOps) => HostLook::AzureDevOps,
            Some(Dialect::GitHub | Dialect::Gitea) | None => HostLook::GitHub,
        }
    }

    /// A file as its host shows it; see [`crate::publish::host_look`]. None for what a host shows the source of, and
    /// for what is no file.
    ///
    /// # Errors
    /// As [`Visit::file`], [`Visit::find`] and [`crate::publish::host_look`].
    pub async fn host_look(
        self: &Arc<Self>,
        path: &str,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> Result<Option<Preview>, Error> {
        if !has_host_look(path) {
            return Ok(None);
        }
        let Some(bytes) = self.bytes_of(path).await? else {
            return Ok(None);
        };
        let (file, look) = (path.to_owned(), self.look());
        let read: Read = Arc::new(move |bytes, _| Reading::for_host_look(&file, bytes, look));
        let (reading, files) = self.read_with_named(path, bytes, read).await?;
        let path = path.to_owned();
        let rendering = tokio::task::spawn_blocking(move || {
            host_look_of_reading(&path, reading, files.into_iter(), &image_address)
        });
        rendering.await.map_err(broke_off)?
    }

    /// Reads a file, and gives with it the files that matter for how it looks: all of them where they
    /// are known or come in few answers, and otherwise those in the folders that it names and stands in.
    /// It is read again only where it takes in what was not known before.
    async fn read_with_named(
        self: &Arc<Self>,
        path: &str,
        bytes: Vec<u8>,
        read: Read,
    ) -> Result<(Reading, Vec<String>), Error> {
        let mut reading: Option<Reading> = None;
        let mut listed: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        // What tells of a folder's pages is in it, and above.
        let mut wanted: Vec<String> = vec![String::new()];
        wanted.extend(
            path.match_indices('/')
                .map(|(end, _)| path[..end].to_owned()),
        );
        while !self.index.initialized()
            && !self.pinned.repository.lists_at_once()
            && listed.len() + wanted.len() <= MOST_FOLDERS
        {
            for folder in std::mem::take(&mut wanted) {
                let items = self.folder(&folder, Urgency::Waited).await?.items;
                listed.insert(folder, items);
            }
            let known: Vec<String> = files_in(&listed).collect();
            let now = self.read_knowing(&known, reading.take(), &bytes, &read);
            let named = reading.insert(now.await?).names();
            let Some(named) = named else {
                break;
            };
            wanted = named
                .iter()
                .filter_map(|name| unlisted(&listed, name))
                .collect();
            wanted.sort();
            wanted.dedup();
            if wanted.is_empty()
                && let Some(reading) = reading.take()
            {
                return Ok((reading, known));
            }
        }
        let all = files_of(self.index().await?);
        let reading = self.read_knowing(&all, reading, &bytes, &read).await?;
        Ok((reading, all))
    }

    /// Reads a file where these are known, unless it was read before and would be the same.
    async fn read_knowing(
        self: &Arc<Self>,
        files: &[String],
        before: Option<Reading>,
        bytes: &[u8],
        read: &Read,
    ) -> Result<Reading, Error> {
        if let Some(before) = before.filter(|before| !before.lacks_one_of(files.iter())) {
            return Ok(before);
        }
        let (visit, here, read) = (Arc::clone(self), Handle::current(), Arc::clone(read));
        let (files, bytes): (HashSet<String>, _) =
            (files.iter().cloned().collect(), bytes.to_vec());
        let reading = tokio::task::spawn_blocking(move || {
            read(bytes, &mut |path| {
                let is_known = files.contains(path);
                is_known.then(|| visit.taken_in(path, &here)).flatten()
            })
        });
        reading.await.map_err(broke_off)
    }

    /// The contents of a file that another one takes in. Blocks on the host.
    fn taken_in(&self, path: &str, here: &Handle) -> Option<Vec<u8>> {
        match here.block_on(self.file(path)) {
            Ok(file) => match &*file {
                File::Contents { bytes, .. } => Some(bytes.to_vec()),
                _ => None,
            },
            Err(error) => {
                tracing::debug!(error = error.chain(), "a file is not taken in");
                None
            }
        }
    }

    /// What is in a file, when all of it is there.
    async fn bytes_of(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(match &*self.file(path).await? {
            File::Contents {
                bytes,
                unresolved: None,
                ..
            } => Some(bytes.to_vec()),
            _ => None,
        })
    }
}

/// The paths of all that is no folder.
fn files_of(index: &Index) -> Vec<String> {
    let files = index.items.iter();
    let files = files.filter(|(_, kind)| *kind != EntryKind::Folder);
    files.map(|(path, _)| path.clone()).collect()
}

/// The paths of all that was listed; of a folder, with a slash behind it.
fn files_in(listed: &BTreeMap<String, Vec<Item>>) -> impl Iterator<Item = String> {
    listed.values().flatten().map(|item| match item.kind {
        EntryKind::Folder => format!("{}/", item.path),
        _ => item.path.clone(),
    })
}

/// The first folder on the way to a path that is there and was not listed yet; written in any case,
/// as links are followed.
fn unlisted(listed: &BTreeMap<String, Vec<Item>>, path: &str) -> Option<String> {
    let mut folder = "";
    for part in path.trim_end_matches('/').split('/') {
        let Some(items) = listed.get(folder) else {
            return Some(folder.to_owned());
        };
        let mut folders = items.iter().filter(|item| item.kind == EntryKind::Folder);
        let name = |item: &Item| {
            item.path
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_lowercase()
        };
        let exact = folders.clone().find(|item| {
            let known = item
                .path
                .strip_prefix(folder)
                .map(|rest| rest.trim_start_matches('/'));
            known == Some(part)
        });
        let found = exact.or_else(|| folders.find(|item| name(item) == part.to_lowercase()));
        match found {
            Some(item) => folder = &item.path,
            None => return None,
        }
    }
    (!listed.contains_key(folder)).then(|| folder.to_owned())
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "Rendering a page broke off").caused_by(error)
}
