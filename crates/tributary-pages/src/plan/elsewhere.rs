//! Pages of folders that another publish of the same repository has.
//!
//! Who publishes one folder or one file of a repository, all of which was published before, means
//! the pages where they are: below the page of the folder above. Each publish would otherwise move
//! them to the top, and the next one of all back.

use std::collections::HashMap;

use crate::markup::PageKind;

use super::hierarchy::Tree;
use super::links::parent_of;
use super::renames::folder_of;
use super::snapshot::{RemotePage, Snapshot};
use super::sources::Sources;
use super::steps::pages_below;

/// The pages of folders by the folders' paths, as far as they stand below the target.
pub(super) struct FoldersElsewhere<'a> {
    pages: HashMap<&'a str, &'a RemotePage>,
    by_id: HashMap<&'a str, &'a RemotePage>,
}

impl<'a> FoldersElsewhere<'a> {
    pub(super) fn new(sources: &'a Sources, snapshot: &'a Snapshot) -> Self {
        let mut pages = HashMap::new();
        let mut by_id = HashMap::new();
        // Of all that there is nothing is above.
        if sources.selected.iter().any(String::is_empty) {
            return Self { pages, by_id };
        }
        by_id.extend(snapshot.pages.iter().map(|page| (page.id.as_str(), page)));
        let below = pages_below(snapshot);
        for page in &snapshot.pages {
            let Some(path) = page.source_in(&sources.repository) else {
                continue;
            };
            let beside = [".md", ".adoc"]
                .iter()
                .find_map(|ending| path.strip_suffix(ending))
                .filter(|folder| sources.files.contains(&format!("{folder}/")));
            let Some(folder) = folder_of(path).or(beside) else {
                continue;
            };
            if page.kind != PageKind::BlogPost && below.contains(page.id.as_str()) {
                pages.insert(folder, page);
            }
        }
        Self { pages, by_id }
    }

    /// The page that a node at the top of what was selected stands below, or is to.
    pub(super) fn above(
        &self,
        tree: &Tree,
        node: usize,
        snapshot: &Snapshot,
    ) -> Option<&'a RemotePage> {
        if self.pages.is_empty() {
            return None;
        }
        let is_in_tree = |page: &RemotePage| {
            let mut bound = tree.nodes.iter().filter_map(|node| node.remote);
            bound.any(|at| snapshot.pages[at].id == page.id)
        };
        let node = &tree.nodes[node];
        let there = node.remote.map(|at| &snapshot.pages[at]);
        let path = node.path.trim_end_matches('/');
        let own = folder_of(&node.path);
        let mut nearest = None;
        let mut folder = own.unwrap_or(path);
        while !folder.is_empty() {
            folder = parent_of(folder);
            let Some(page) = self.pages.get(folder).copied() else {
                continue;
            };
            if is_in_tree(page) || there.is_some_and(|there| self.is_below(page, there)) {
                continue;
            }
            if there.and_then(|there| there.parent_id.as_ref()) == Some(&page.id) {
                return Some(page);
            }
            // What stands for all of the repository may have been published for itself.
            if !folder.is_empty() {
                nearest = nearest.or(Some(page));
            }
        }
        nearest
    }

    /// Whether a page is another, or below it.
    fn is_below(&self, page: &RemotePage, other: &RemotePage) -> bool {
        let mut at = Some(page);
        // Pages do not stand in circles, whatever a server says.
        for _ in 0..=self.by_id.len() {
            let Some(page) = at else { return false };
            if page.id == other.id {
                return true;
            }
            let above = page.parent_id.as_deref();
            at = above.and_then(|id| self.by_id.get(id).copied());
        }
        false
    }
}
