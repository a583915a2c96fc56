//! What other publishers and people did to the pages of the sources: published a newer commit, or took a
//! page out of the space.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use tributary_pages::plan::{
    self as pages, Elsewhere, Marker, PublishPlan, RemotePage, Snapshot, Sources, Step, StepKind,
};

use crate::confluence::{Client, Space, is_closed};
use crate::error::{Error, ErrorKind};

use super::Names;
use crate::publish::PublishRequest;
use crate::publish::assets::ReadFrom;

/// The commits that pages were published from and that came after the one that is published now, as far
/// as the clone knows: a second publisher may have been faster. Asks nothing of any server.
pub(super) async fn newer_commits(
    files: &ReadFrom,
    sources: &Sources,
    snapshot: &Snapshot,
) -> Result<BTreeSet<String>, Error> {
    let ReadFrom::Folder(repository) = files else {
        return Ok(BTreeSet::new());
    };
    let hash = Marker::repository_hash(&sources.repository);
    let ours = snapshot.pages.iter().filter(|page| {
        let marker = page.marker.as_ref();
        match marker {
            Some(marker) => marker.repository == hash,
            // Below a person's version is one of ours, where that was read.
            None => page.edited.is_some(),
        }
    });
    let commits = ours.filter_map(RemotePage::published_commit);
    let now = sources.commit.as_deref().unwrap_or_default();
    let commits = commits.filter(|commit| !now.starts_with(commit));
    let commits: BTreeSet<String> = commits.map(str::to_owned).collect();
    if commits.is_empty() {
        return Ok(commits);
    }
    let repository = Arc::clone(repository);
    let looking = tokio::task::spawn_blocking(move || repository.newer(&commits));
    looking.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the history broke off").caused_by(error)
    })
}

/// The same of a repository at a host, for the pages that a plan would write or take away: the host is asked
/// once for each commit that one of them was published from, and not for those it was `asked` about.
pub(super) async fn newer_at_host(
    files: &ReadFrom,
    sources: &Sources,
    plan: &PublishPlan,
    asked: &mut BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    let ReadFrom::Commit(at) = files else {
        return Ok(BTreeSet::new());
    };
    let now = sources.commit.as_deref().unwrap_or_default();
    let changes = |step: &&Step| {
        matches!(
            step.kind,
            StepKind::Update { .. }
                | StepKind::Move { .. }
                | StepKind::Archive { .. }
                | StepKind::Trash { .. }
        )
    };
    let changed = plan.steps.iter().filter(changes);
    let commits = changed.filter_map(|step| step.published_commit.clone());
    let commits = commits.filter(|commit| !now.starts_with(commit));
    let commits: BTreeSet<String> = commits
        .filter(|commit| asked.insert(commit.clone()))
        .collect();
    match commits.is_empty() {
        true => Ok(commits),
        false => at.newer(&commits).await,
    }
}

/// Whether blog posts may be among what was published whose sources are gone: something is listed that is no
/// page of the space.
pub(super) fn may_be_posts(
    listed: &BTreeMap<String, String>,
    sources: &Sources,
    pages: &[RemotePage],
) -> bool {
    let here: HashSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    listed.iter().any(|(id, path)| {
        !path.ends_with('/') && !here.contains(id.as_str()) && !sources.is_document(path)
    })
}

/// The pages that new sources had before, when those are not in the space any more: somebody moved them
/// to another one, archived them or put them into the trash. Asks for the list of what was published
/// where something is new, and for those pages where there are some.
pub(super) async fn elsewhere(
    client: &Client,
    sources: &Sources,
    snapshot: &Snapshot,
    request: &PublishRequest,
    space: &Space,
    registered: Option<BTreeMap<String, String>>,
) -> Result<BTreeMap<String, Elsewhere>, Error> {
    let new = pages::new_sources(sources, snapshot, &request.settings);
    let (Some(above), false) = (&snapshot.parent, new.is_empty()) else {
        return Ok(BTreeMap::new());
    };
    let registered = match registered {
        Some(registered) => registered,
        None => match Names(sources).registered(client, above).await {
            Err(error) if is_closed(&error) => BTreeMap::new(),
            registered => registered?,
        },
    };
    let here: HashSet<&str> = snapshot.pages.iter().map(|page| page.id.as_str()).collect();
    // Who may edit the page above may have written anything there.
    let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit());
    let is_missing = |(id, path): &(&String, &String)| {
        new.contains(*path) && is_id(id) && !here.contains(id.as_str())
    };
    let missing: Vec<String> = registered
        .iter()
        .filter(is_missing)
        .map(|(id, _)| id.clone())
        .collect();
    let mut by_path: BTreeMap<String, Elsewhere> = BTreeMap::new();
    for (id, found) in client.elsewhere(&missing, space).await? {
        let Some(path) = registered.get(&id) else {
            continue;
        };
        let known = by_path.get(path);
        if known.is_none_or(|known| found.place < known.place) {
            by_path.insert(path.clone(), found);
        }
    }
    Ok(by_path)
}
