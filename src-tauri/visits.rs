//! The repository that is opened at a commit, and what the window is told of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tributary::browse::{self, File, Item, Past, Visit};
use tributary::hosts::{Blamed, Cache, Commit, EntryKind, Listing, USUAL_SIZE};
use tributary::preview::{as_written, visible};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::HostLook;

use crate::convert::small;
use crate::desktop::Desktop;
use crate::views::visit::{
    BlameView, BlamedView, CommitView, HostLookView, ItemKindView, ItemView, LandingView,
    LinesView, PastView, VisitView,
};
use crate::words::said;

/// The opened repository, by the id that the window knows, and what belongs to it.
#[derive(Default)]
pub(crate) struct Visits {
    cache: tokio::sync::OnceCell<Option<Cache>>,
    current: Mutex<(u64, Option<Arc<Visit>>)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desktop {
    /// What hosts said before; none when it cannot be opened, which costs requests only.
    pub(crate) async fn cache(&self) -> Option<Cache> {
        let folder = self.paths.cache.clone();
        let opening = || async {
            let opened = tokio::task::spawn_blocking(move || Cache::open(&folder, USUAL_SIZE));
            opened.await.ok().and_then(Result::ok)
        };
        self.visits.cache.get_or_init(opening).await.clone()
    }

    /// Opens what an address leads to. It is not the opened one yet.
    pub(crate) async fn look_up(
        self: &Arc<Self>,
        address: &str,
        reference: Option<&str>,
    ) -> Result<Visit, Error> {
        let accounts = self.accounts_ready().await?;
        let cache = self.cache().await;
        let reference = reference.map(as_written);
        let reference = reference.as_deref();
        browse::open(&accounts, self.http(), cache, address, reference).await
    }

    /// Makes a visit the opened one.
    pub(crate) fn enter(&self, visit: Visit) -> VisitView {
        let mut current = lock(&self.visits.current);
        let visit = Arc::new(visit);
        *current = (current.0 + 1, Some(Arc::clone(&visit)));
        view(current.0, &visit)
    }

    /// Leaves the opened one; a folder is then in front again.
    pub(crate) fn leave(&self) {
        lock(&self.visits.current).1 = None;
    }

    /// The opened one as the window shows it.
    pub(crate) fn visited(&self) -> Option<VisitView> {
        let current = lock(&self.visits.current);
        current.1.as_ref().map(|visit| view(current.0, visit))
    }

    /// The opened one, by its id.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when another one was opened since.
    pub(crate) fn visit(&self, id: &str) -> Result<Arc<Visit>, Error> {
        let current = lock(&self.visits.current);
        let is_it = current.0.to_string() == id;
        current.1.clone().filter(|_| is_it).ok_or_else(|| {
            Error::new(ErrorKind::Conflict, "This repository is not open any more")
                .remedy("Open it again")
        })
    }

    /// The opened one at the commit that its branch or tag leads to now, and whether that is another
    /// commit than before.
    pub(crate) async fn visit_now(self: &Arc<Self>, id: &str) -> Result<(Arc<Visit>, bool), Error> {
        let visit = self.visit(id)?;
        if visit.newer().await?.is_none() {
            return Ok((visit, false));
        }
        let newer = self.look_up(&visit.address, visit.reference()).await?;
        let id = self.enter(newer).id;
        Ok((self.visit(&id)?, true))
    }
}

fn view(id: u64, visit: &Visit) -> VisitView {
    let landing = &visit.landing;
    VisitView {
        id: id.to_string(),
        name: visit.name().to_owned(),
        host: visit.host().map(|base| without_scheme(base).to_owned()),
        address: visit.address.clone(),
        reference: shown_name(visit.pinned.reference.as_deref()),
        is_following: visit.is_following(),
        commit: commit(&visit.pinned.commit),
        is_offline: visit.is_offline,
        look: match visit.look() {
            HostLook::GitHub => HostLookView::Github,
            HostLook::GitLab => HostLookView::Gitlab,
            HostLook::Bitbucket => HostLookView::Bitbucket,
            HostLook::AzureDevOps => HostLookView::Azure,
        },
        landing: LandingView {
            path: landing.path.clone(),
            is_folder: landing.is_folder,
            lines: landing.lines.map(|lines| LinesView {
                first: u32::try_from(lines.first).unwrap_or(u32::MAX),
                last: u32::try_from(lines.last).unwrap_or(u32::MAX),
            }),
            trouble: landing.trouble.as_ref().map(said),
        },
    }
}

/// The name of a branch or tag as it is shown; [`Desktop::look_up`] takes it back.
fn shown_name(name: Option<&str>) -> Option<String> {
    name.map(|name| visible(name).into_owned())
}

/// An address as people read it.
pub(crate) fn without_scheme(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, rest)| rest)
}

pub(crate) fn commit(commit: &Commit) -> CommitView {
    CommitView {
        id: commit.id.clone(),
        author: visible(&commit.author).into_owned(),
        when: commit.when.map(|when| when.to_string()),
        summary: visible(&commit.summary).into_owned(),
    }
}

pub(crate) fn past(past: Past) -> PastView {
    let CommitView {
        id,
        author,
        when,
        summary,
    } = commit(&past.commit);
    PastView {
        id,
        author,
        when,
        summary,
        path: past.path,
    }
}

pub(crate) fn blame(blamed: Listing<Blamed>) -> BlameView {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut commits = Vec::new();
    let mut parts = Vec::new();
    for Blamed {
        lines,
        commit: from,
    } in blamed.items
    {
        let next = small(commits.len());
        let number = *numbers.entry(from.id.clone()).or_insert(next);
        if number == next {
            commits.push(commit(&from));
        }
        parts.push(BlamedView {
            first: lines.start + 1,
            last: lines.end,
            commit: number,
        });
    }
    BlameView {
        commits,
        parts,
        incomplete: blamed.incomplete.as_ref().map(said),
        is_remembered: blamed.is_remembered,
    }
}

pub(crate) fn kind(kind: EntryKind) -> ItemKindView {
    match kind {
        EntryKind::Folder => ItemKindView::Folder,
        EntryKind::File => ItemKindView::File,
        EntryKind::Symlink => ItemKindView::Link,
        EntryKind::Submodule => ItemKindView::Submodule,
        EntryKind::Lfs => ItemKindView::Lfs,
    }
}

pub(crate) fn item(item: &Item) -> ItemView {
    let name = item.path.rsplit('/').next().unwrap_or_default();
    ItemView {
        name: name.to_owned(),
        kind: kind(item.kind),
        size: item
            .size
            .map(|size| small(usize::try_from(size).unwrap_or(usize::MAX))),
        is_strange: item.is_strange,
    }
}

/// The contents of a file of the opened repository: at its commit, or at another one.
pub(crate) fn contents(
    desktop: &Desktop,
    id: &str,
    commit: Option<&str>,
    path: &str,
) -> Option<Vec<u8>> {
    let visit = desktop.visit(id).ok()?;
    match commit {
        Some(commit) => {
            let bytes = tauri::async_runtime::block_on(visit.bytes_at(commit, path));
            Some(bytes.ok()?.to_vec())
        }
        None => {
            let file = tauri::async_runtime::block_on(visit.file(path)).ok()?;
            let File::Contents { bytes, .. } = &*file else {
                return None;
            };
            Some(bytes.to_vec())
        }
    }
}
