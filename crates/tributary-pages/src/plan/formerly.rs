//! Pages that were published while the repository was called otherwise.
//!
//! A marker holds hashes of the repository's name, so those of a former name say nothing of the
//! present one. What they stand for is found out once, and planning then sees pages of the present
//! name alone. Each such page is written once, so that it says its new name itself and nobody has to
//! remember the old one for ever.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::hierarchy::Bond;
use super::snapshot::{Marker, Origin, RemotePage, Snapshot, source_hash};
use super::sources::Sources;
use super::step::PlanSettings;
use super::steps::arrange_first;

/// Takes the pages that were published under a former name for those of the repository's own.
pub fn take_former(snapshot: &mut Snapshot, sources: &Sources) {
    for former in &sources.formerly {
        let hash = Marker::repository_hash(former);
        let is_its = |page: &RemotePage| {
            let marker = page.marker.as_ref();
            marker.is_some_and(|marker| marker.repository == hash)
        };
        if !snapshot.pages.iter().any(is_its) {
            continue;
        }
        // A message names no path that is too long for it; its hash still tells one that is there.
        let paths: HashMap<String, &str> = sources
            .all_paths()
            .map(|path| (source_hash(former, path), path))
            .collect();
        // Who published under the new name before anybody said that it is one has both.
        let markers = snapshot
            .pages
            .iter()
            .filter_map(|page| page.marker.as_ref());
        let mut taken: HashSet<String> = markers.map(|marker| marker.source.clone()).collect();
        for page in snapshot.pages.iter_mut().filter(|page| is_its(page)) {
            let Some(marker) = &page.marker else { continue };
            let said = page.path_in(former).map(str::to_owned);
            let path = said.or_else(|| paths.get(&marker.source).map(|path| (*path).to_owned()));
            let Some(source) = path.map(|path| source_hash(&sources.repository, &path)) else {
                continue;
            };
            if let Some(marker) = page
                .marker
                .as_mut()
                .filter(|_| taken.insert(source.clone()))
            {
                marker.repository = Marker::repository_hash(&sources.repository);
                marker.source = source;
                page.is_former = true;
            }
        }
    }
}

/// What a page's origin is called now, when it is one of a former name.
pub fn present(origin: Origin, sources: &Sources) -> Origin {
    match sources.formerly.contains(&origin.repository) {
        true => Origin {
            repository: sources.repository.clone(),
            ..origin
        },
        false => origin,
    }
}

/// Another repository that has pages here which this one would make again: of the same paths, with
/// the same titles. It may be this one under another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    /// The digits that stand for it, see [`Marker::repository_hash`].
    pub repository: String,
    /// Those of its pages, by their ids.
    pub pages: Vec<String>,
}

/// Finds the repositories whose pages would be made again, with how many sources have no page yet.
/// None for a repository that everything of has a page.
pub fn namesakes(
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> (Vec<Namesake>, usize) {
    let ours = Marker::repository_hash(&sources.repository);
    let is_other = |page: &&RemotePage| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| marker.repository != ours)
    };
    if !snapshot.pages.iter().any(|page| is_other(&page)) {
        return (Vec::new(), 0);
    }
    let tree = arrange_first(sources, snapshot, settings);
    let new: HashMap<&str, String> = tree
        .nodes
        .iter()
        .filter(|node| node.bond == Bond::New && node.document.is_some())
        .map(|node| (node.path.as_str(), node.wanted_title.to_lowercase()))
        .collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for page in snapshot.pages.iter().filter(is_other) {
        let (Some(marker), Some(words)) = (&page.marker, &page.words) else {
            continue;
        };
        let title = page.title.to_lowercase();
        if words.may_name().any(|path| new.get(path) == Some(&title)) {
            let pages = found.entry(&marker.repository).or_default();
            pages.push(page.id.clone());
        }
    }
    let namesakes = found.into_iter().map(|(repository, pages)| Namesake {
        repository: repository.to_owned(),
        pages,
    });
    (namesakes.collect(), new.len())
}
