//! Which new source is one that went away, under another name.
//!
//! A page follows its source where what the source says tells it, and nothing else could be meant:
//! the same title and the same or much of the same text, or all of the same text under another
//! title. A title alone tells nothing: `# Overview` and `# Notes` stand in many files. What may be a
//! rename and is not certain becomes a new page, and the plan says so.
//!
//! Only pages take part whose source is known, was within what is published, and is gone from the
//! repository. One whose source is merely published by another command is somebody else's.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::markup::{PageKind, Snippet, storage_text};

use super::hierarchy::{Bond, Node, Tree};
use super::links::parent_of;
use super::snapshot::{RemotePage, Snapshot};
use super::sources::Sources;
use super::step::Refusal;

/// What became of the sources that have no page.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Pages by the nodes that are theirs now: indexes into the snapshot and the tree.
    pub(super) pages: BTreeMap<usize, usize>,
    /// Pages by the nodes that may be theirs, or may not.
    pub(super) unsure: BTreeMap<usize, usize>,
}

impl Renames {
    /// Whether there is nothing to follow and nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.unsure.is_empty()
    }

    /// How a page and the source that it follows come together.
    pub(super) fn bond(page: &RemotePage) -> Bond {
        if page.marker.is_some() || page.is_cut_short() {
            Bond::Renamed
        } else {
            Bond::EditedByHand
        }
    }
}

/// What a source would become, as far as it tells whose page is whose.
pub(super) trait Reads {
    /// The text that a source becomes.
    fn text(&self, node: usize) -> String;
    /// Its fingerprint under each of these titles.
    fn fingerprints(&self, node: usize, titles: &[&str]) -> Vec<String>;
}

/// The most pairs of a new source and a page without one that are compared by all of their text.
/// More are no renames but another tree.
const MOST_PAIRS: usize = 10_000;

/// Whether there are sources without a page and pages without a source.
pub(super) fn are_possible(tree: &Tree, sources: &Sources, snapshot: &Snapshot) -> bool {
    new_nodes(tree, sources).next().is_some() && !lost(tree, sources, snapshot).is_empty()
}

/// The pages whose source is gone, with a title that a source without a page wants, when nothing but
/// their bodies can tell whether they belong together.
pub(super) fn perhaps(
    tree: &Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    read: &dyn Reads,
) -> BTreeSet<usize> {
    let lost = lost(tree, sources, snapshot);
    let by_title = by_title(&lost, snapshot);
    let pairs = new_nodes(tree, sources).filter_map(|node| {
        let wanted = tree.nodes[node].wanted_title.to_lowercase();
        Some((node, *by_title.get(&wanted)?))
    });
    pairs
        .filter(|(node, at)| !is_alike(tree, *node, &snapshot.pages[*at], sources, read))
        .map(|(_, at)| at)
        .collect()
}

/// Pages by their titles, which are unique whatever their case.
fn by_title(pages: &[usize], snapshot: &Snapshot) -> HashMap<String, usize> {
    let pages = pages.iter();
    pages
        .map(|at| (snapshot.pages[*at].title.to_lowercase(), *at))
        .collect()
}

/// Finds the pages of renamed sources.
pub(super) fn follow(
    tree: &Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    read: &dyn Reads,
) -> Renames {
    let mut lost = lost(tree, sources, snapshot);
    let mut new: Vec<usize> = new_nodes(tree, sources).collect();
    let mut found = Renames::default();
    if lost.is_empty() || new.is_empty() {
        return found;
    }
    // The same title, which is unique among pages and may not be among sources.
    let by_title = by_title(&lost, snapshot);
    let mut alike: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in &new {
        let wanted = tree.nodes[*node].wanted_title.to_lowercase();
        let Some(at) = by_title.get(&wanted) else {
            continue;
        };
        found.unsure.insert(*node, *at);
        if is_alike(tree, *node, &snapshot.pages[*at], sources, read) {
            alike.entry(*at).or_default().push(*node);
        }
    }
    for (at, nodes) in alike {
        if let [node] = nodes[..] {
            found.pages.insert(node, at);
        }
    }
    let taken: BTreeSet<usize> = found.pages.values().copied().collect();
    lost.retain(|at| !taken.contains(at));
    new.retain(|node| !found.pages.contains_key(node));
    by_text(tree, snapshot, &lost, &new, read, &mut found);
    let followed: BTreeSet<usize> = found.pages.values().copied().collect();
    let Renames { pages, unsure } = &mut found;
    unsure.retain(|node, at| !pages.contains_key(node) && !followed.contains(at));
    found
}

/// The same text to the letter, under another title.
fn by_text(
    tree: &Tree,
    snapshot: &Snapshot,
    lost: &[usize],
    new: &[usize],
    read: &dyn Reads,
    found: &mut Renames,
) {
    // All pages that stand for directories say the same.
    let new: Vec<usize> = new
        .iter()
        .copied()
        .filter(|node| tree.nodes[*node].document.is_some())
        .collect();
    let lost: Vec<(usize, &str, &str)> = lost
        .iter()
        .filter_map(|at| {
            let page = &snapshot.pages[*at];
            let marker = page.marker.as_ref()?;
            Some((*at, page.title.as_str(), marker.fingerprint.as_str()))
        })
        .collect();
    if lost.is_empty() || new.len() * lost.len() > MOST_PAIRS {
        return;
    }
    let titles: Vec<&str> = lost.iter().map(|(_, title, _)| *title).collect();
    let mut of_node: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut of_page: BTreeMap<usize, usize> = BTreeMap::new();
    for node in new {
        let prints = read.fingerprints(node, &titles);
        let same = lost.iter().zip(prints);
        let same: Vec<usize> = same
            .filter(|((_, _, there), print)| there == print)
            .map(|((at, ..), _)| *at)
            .collect();
        // That two files say nothing does not make them one.
        if same.is_empty() || read.text(node).trim().is_empty() {
            continue;
        }
        for at in &same {
            *of_page.entry(*at).or_default() += 1;
        }
        of_node.insert(node, same);
    }
    for (node, same) in of_node {
        match same[..] {
            [at] if of_page[&at] == 1 => {
                found.pages.insert(node, at);
            }
            _ => {
                found.unsure.entry(node).or_insert(same[0]);
            }
        }
    }
}

/// Whether a page says what a source does that has the same title.
fn is_alike(
    tree: &Tree,
    node: usize,
    page: &RemotePage,
    sources: &Sources,
    read: &dyn Reads,
) -> bool {
    let path = page.source_in(&sources.repository).unwrap_or_default();
    if folder_of(path).is_some_and(|folder| folder_of(&tree.nodes[node].path) == Some(folder)) {
        // It is the page of its folder still, whether or not that has a file for it.
        return true;
    }
    if let Some(marker) = &page.marker
        && read.fingerprints(node, &[&page.title]).first() == Some(&marker.fingerprint)
    {
        return true;
    }
    let body = page.body.as_deref();
    body.is_some_and(|body| are_alike(&storage_text(body), &read.text(node)))
}

/// The folder whose page a source is by its name.
pub(super) fn folder_of(path: &str) -> Option<&str> {
    if let Some(folder) = path.strip_suffix('/') {
        return Some(folder);
    }
    super::hierarchy::is_index(path).then(|| parent_of(path))
}

/// Whether at least half of the pairs of words of two texts are in both. Pairs, because any two
/// texts of one language have half of their words in common.
fn are_alike(one: &str, other: &str) -> bool {
    let pairs = |text: &str| {
        let mut pairs: HashMap<(String, String), usize> = HashMap::new();
        let mut before = String::new();
        let words = text.split_whitespace().map(str::to_owned);
        for word in words.chain([String::new()]) {
            *pairs.entry((before, word.clone())).or_default() += 1;
            before = word;
        }
        pairs
    };
    let (one, other) = (pairs(one), pairs(other));
    let common: usize = one
        .iter()
        .map(|(pair, count)| other.get(pair).map_or(0, |there| *count.min(there)))
        .sum();
    let all: usize = one.values().sum::<usize>() + other.values().sum::<usize>();
    common * 4 >= all
}

/// The nodes that have no page and want one.
fn new_nodes<'a>(tree: &'a Tree, sources: &'a Sources) -> impl Iterator<Item = usize> + 'a {
    let nodes = tree.nodes.iter().enumerate();
    let is_new = move |node: &Node| {
        let names_page = node.document.is_some_and(|at| {
            let source = &sources.documents[at];
            // Lines of a file are what they are: others of the same title are others.
            source.document.front_matter.page_id.is_some() || source.snippet().is_some()
        });
        let is_refused = node
            .refusal
            .as_ref()
            .is_some_and(|(refusal, _)| *refusal != Refusal::NotChosen);
        node.remote.is_none() && !is_refused && !names_page && node.kind == PageKind::Page
    };
    nodes
        .filter(move |(_, node)| is_new(node))
        .map(|(at, _)| at)
}

/// The pages whose source is known, was within what is published, and is gone.
fn lost(tree: &Tree, sources: &Sources, snapshot: &Snapshot) -> Vec<usize> {
    let bound: HashSet<usize> = tree.nodes.iter().filter_map(|node| node.remote).collect();
    let paths: HashSet<&str> = tree.nodes.iter().map(|node| node.path.as_str()).collect();
    let is_lost = |page: &RemotePage| {
        let Some(path) = page.source_in(&sources.repository) else {
            return false;
        };
        // A folder has a page only when the tree has.
        let is_there = paths.contains(path) || !path.ends_with('/') && sources.files.contains(path);
        page.kind == PageKind::Page
            && !is_there
            && Snippet::of_path(path).is_none()
            && sources.selects(path)
            && sources.unusable_above(path).is_none()
    };
    let pages = snapshot.pages.iter().enumerate();
    pages
        .filter(|(at, page)| !bound.contains(at) && is_lost(page))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn texts_are_alike_by_what_they_say_and_not_by_their_language() {
        let text = "Put the key into the lock and turn it to the left until you hear a click. \
                    Then open the door and walk in.";
        let edited = text.replace("to the left", "twice to the right");
        let other = "The pump is in the cellar and has to be cleaned in the spring. Take the lid \
                     off and put the filter into the water.";
        assert!(are_alike(text, text));
        assert!(are_alike(text, &edited));
        assert!(!are_alike(text, other));
        assert!(are_alike("", ""));
        assert!(!are_alike(text, ""));
    }
}
