//! What has to be asked of pages before planning can tell whose they are.

use std::collections::{BTreeSet, HashSet};

use crate::markup::{Flavor, PageKind};
use crate::plan::hierarchy::Bond;
use crate::plan::links::wanted_anchors;
use crate::plan::order::Order;
use crate::plan::renames::{self, Renames};
use crate::plan::snapshot::{Marker, RemotePage, Snapshot};
use crate::plan::sources::Sources;
use crate::plan::step::PlanSettings;

use super::{Work, arrange_first, pages_below, published};

/// What has to be read of some pages before planning can tell whose they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The pages of which it has to be asked where they came from.
    pub origins: Vec<String>,
    /// The pages whose body is needed, to see whether their creation was cut short.
    pub bodies: Vec<String>,
    /// Pages of which it has to be asked too where they came from, when they may be this
    /// repository's: those that the list of what was published names.
    pub perhaps: Vec<String>,
    /// Whether it has to be asked of all of those where there is no such list.
    pub needs_list: bool,
    /// Whether one of those that the list does not name may be the page of a source that has none: a
    /// publish that was cut short lists nothing.
    pub has_new: bool,
}

/// Names the pages whose version on top does not say whose they are, and that matter: those whose
/// title a new source wants, those that front matter names, those that a part of the repository stands
/// below, those of this repository whose source was not found, and, of the others that a person edited,
/// those that were published once.
///
/// A page whose version on top carries our marker needs no look, so a second publish of an
/// untouched tree gets an empty answer.
pub fn wanted(sources: &Sources, snapshot: &Snapshot, settings: &PlanSettings) -> Wanted {
    let tree = arrange_first(sources, snapshot, settings);
    let repository = Marker::repository_hash(&sources.repository);
    let bound: HashSet<usize> = tree.nodes.iter().filter_map(|node| node.remote).collect();
    let new: HashSet<String> = tree
        .nodes
        .iter()
        .filter(|node| node.bond == Bond::New)
        .flat_map(|node| [node.wanted_title.to_lowercase(), node.title.to_lowercase()])
        .collect();
    // Who names a page need not be the first to publish it: what is on top of it then may be a
    // person's edit of what we wrote.
    let linked: HashSet<usize> = tree
        .nodes
        .iter()
        .filter(|node| node.bond == Bond::Linked)
        .filter_map(|node| node.remote)
        .collect();
    let below = pages_below(snapshot);
    // Of a part of the repository, what stands below the page of a folder above it stays there. Nothing
    // new need be there for that.
    let stands_above: HashSet<&str> = match sources.selected.iter().any(String::is_empty) {
        true => HashSet::new(),
        false => (0..tree.nodes.len())
            .filter(|node| tree.parent_page(*node).is_none())
            .filter_map(|node| {
                snapshot.pages[tree.nodes[node].remote?]
                    .parent_id
                    .as_deref()
            })
            .filter(|id| below.contains(id))
            .collect(),
    };
    let mut wanted = Wanted::default();
    for (at, page) in snapshot.pages.iter().enumerate() {
        if page.origin.is_some() || snapshot.parent.as_ref() == Some(&page.id) {
            continue;
        }
        if page.kind == PageKind::Folder {
            // The list of what was published does not have it: a publish broke off, or it is
            // somebody else's, which an empty one that would be taken up may be too.
            if new.contains(&page.title.to_lowercase()) || linked.contains(&at) {
                wanted.origins.push(page.id.clone());
            }
            continue;
        }
        match &page.marker {
            // Ours, and its source was not found: its path says whether it is an orphan.
            Some(marker) => {
                if marker.repository == repository
                    && !bound.contains(&at)
                    && page.path_in(&sources.repository).is_none()
                {
                    wanted.origins.push(page.id.clone());
                }
            }
            // We put a second version on every page we create, so one that is at its first is a
            // person's, or one of ours that was cut short.
            None if page.version == 1 => {
                let is_below = below.contains(page.id.as_str());
                let is_named = new.contains(&page.title.to_lowercase());
                let may_be_ours = match (&snapshot.publisher, &page.maker) {
                    // Its source may be gone by now, with nothing new beside it.
                    (Some(publisher), Some(maker)) => publisher == maker,
                    _ => !new.is_empty(),
                };
                if is_named || is_below && may_be_ours {
                    wanted.bodies.push(page.id.clone());
                }
            }
            None => {
                let is_below = below.contains(page.id.as_str());
                let is_named = linked.contains(&at)
                    || new.contains(&page.title.to_lowercase())
                    || stands_above.contains(page.id.as_str());
                if is_named {
                    wanted.origins.push(page.id.clone());
                } else if is_below {
                    wanted.perhaps.push(page.id.clone());
                }
                let may_be_new = is_below && !new.is_empty();
                if snapshot.flavor == Flavor::Cloud && (is_named || may_be_new) {
                    // Somebody may have edited it before it was finished.
                    wanted.bodies.push(page.id.clone());
                }
            }
        }
    }
    let is_ours = |page: &RemotePage| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| marker.repository == repository)
    };
    wanted.has_new = !wanted.perhaps.is_empty() && !new.is_empty();
    wanted.needs_list =
        !wanted.perhaps.is_empty() && !new.is_empty() && snapshot.pages.iter().any(is_ours);
    wanted
}

/// The paths of the sources that have no page yet, as far as is known before they are compared with pages
/// whose sources are gone.
pub fn new_sources(
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> BTreeSet<String> {
    let tree = arrange_first(sources, snapshot, settings);
    let new = tree.nodes.into_iter().filter(|node| node.bond == Bond::New);
    new.map(|node| node.path).collect()
}

/// Whether it matters who publishes: pages at their first version are people's, or ones of whoever
/// publishes that were cut short. Most spaces hold many of people, whose bodies are not read.
pub fn needs_publisher(snapshot: &Snapshot) -> bool {
    let below = pages_below(snapshot);
    let may_be_cut_short = |page: &RemotePage| {
        page.version == 1
            && page.kind != PageKind::Folder
            && page.marker.is_none()
            && page.maker.is_some()
            && below.contains(page.id.as_str())
    };
    snapshot.pages.iter().any(may_be_cut_short)
}

/// Names the pages whose source is gone and that may be those of new sources with their titles, when
/// only their bodies tell, see [`RemotePage::body`]. Asked once it is known where pages came from.
pub fn perhaps_renamed(
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> Vec<String> {
    let tree = arrange_first(sources, snapshot, settings);
    if !renames::are_possible(&tree, sources, snapshot) {
        return Vec::new();
    }
    let order = Order {
        places: Vec::new(),
        made_after: Vec::new(),
    };
    // What a source says depends neither on places nor on order.
    let work = Work {
        sources,
        snapshot,
        settings,
        tree: &tree,
        anchors: &wanted_anchors(sources),
        parents: &[],
        order: &order,
        published: &published(snapshot),
        renames: &Renames::default(),
        newer: None,
        other_branch: None,
    };
    let perhaps = renames::perhaps(&tree, sources, snapshot, &work);
    let pages = perhaps.into_iter().map(|at| snapshot.pages[at].id.clone());
    pages.collect()
}
