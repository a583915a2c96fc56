//! Below what each page goes, or why it cannot.

use crate::Sentence;
use crate::markup::PageKind;
use crate::plan::elsewhere::FoldersElsewhere;
use crate::plan::hierarchy::{Bond, Tree};
use crate::plan::snapshot::{RemotePage, Snapshot};
use crate::plan::sources::Sources;
use crate::plan::step::{Parent, Refusal};
use std::collections::HashMap;

use super::Placed;

pub(super) fn parent_of(
    tree: &Tree,
    node: usize,
    sources: &Sources,
    snapshot: &Snapshot,
    elsewhere: &FoldersElsewhere<'_>,
) -> Placed {
    let not_found = |reason| Err((Refusal::ParentNotFound, reason));
    let document = tree.nodes[node]
        .document
        .map(|at| &sources.documents[at].document);
    if tree.nodes[node].kind == PageKind::BlogPost {
        let said = document.and_then(|document| document.front_matter.parent.as_ref());
        return match said {
            Some(wanted) => not_found(sentence!(
                "its front matter names the parent `{wanted}`, and a blog post has no page above \
                 it; remove the line, or the `type`",
                wanted
            )),
            None => Ok(Parent::Top),
        };
    }
    if let Some(wanted) = document.and_then(|document| document.front_matter.parent.as_deref()) {
        let lower = wanted.to_lowercase();
        let planned = tree.nodes.iter().position(|other| {
            other.kind != PageKind::BlogPost && other.title.to_lowercase() == lower
        });
        if let Some(other) = planned
            && tree.nodes[other].refusal.is_none()
        {
            // A parent that stands below the page itself would close a circle.
            let mut above = Some(other);
            while let Some(at) = above {
                if at == node {
                    return not_found(sentence!(
                        "its front matter names the parent `{wanted}`, which is \
                                        below the page itself",
                        wanted
                    ));
                }
                above = tree.nodes[at].parent;
            }
            return Ok(Parent::Step(other));
        }
        let existing = snapshot
            .pages
            .iter()
            .filter(|page| page.kind != PageKind::BlogPost)
            .find(|page| page.id == wanted || page.title.to_lowercase() == lower);
        let later = planned.filter(|other| tree.nodes[*other].is_to_come());
        return match existing {
            None if let Some(other) = later => Err(not_chosen(&[&tree.nodes[other].path])),
            Some(page) => Ok(Parent::Page(page.id.clone())),
            None => not_found(sentence!(
                "its front matter names the parent `{wanted}`, which is not in the space \
                 `{space_key}`; create that page first or correct the name",
                wanted,
                space_key = snapshot.space_key
            )),
        };
    }
    let missing = tree.to_come_above(node);
    if !missing.is_empty() && !tree.nodes[node].is_not_chosen() {
        // At another place it would have to be moved later, and its links and title may change.
        return Err(not_chosen(&missing));
    }
    Ok(match tree.parent_page(node) {
        Some(above) if tree.nodes[above].refusal.is_none() => Parent::Step(above),
        Some(above) => match tree.nodes[above].remote {
            Some(at) => Parent::Page(snapshot.pages[at].id.clone()),
            None => top(snapshot),
        },
        None => elsewhere
            .above(tree, node, snapshot)
            .map_or_else(|| top(snapshot), |page| Parent::Page(page.id.clone())),
    })
}

/// The refusal of a page that has none above it as long as these sources are not published.
fn not_chosen(above: &[&str]) -> (Refusal, Sentence) {
    let above: Vec<String> = above.iter().map(|path| format!("`{path}`")).collect();
    let paths = above.join(", ");
    let reason = match above.len() {
        1 => sentence!(
            "the page of {paths} above it is not there yet, and not among those that are \
             published now; publish it too",
            paths
        ),
        _ => sentence!(
            "the pages of {paths} above it are not there yet, and not among those that are \
             published now; publish them too",
            paths
        ),
    };
    (Refusal::ParentNotChosen, reason)
}

/// Lets pages be where people put them: below another page than their sources say, while those did not
/// move. Only those whose front matter says so, unless it is said for all; a parent that front matter
/// names counts all the same.
pub(super) fn keep_places(
    tree: &Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    all: bool,
    parents: &mut [Placed],
) {
    let says_so = |at: usize| sources.documents[at].document.front_matter.keeps_place();
    if !all && !(0..sources.documents.len()).any(says_so) {
        return;
    }
    let nodes: HashMap<&str, usize> = tree
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| Some((snapshot.pages[node.remote?].id.as_str(), at)))
        .collect();
    for (node, parent) in tree.nodes.iter().zip(parents) {
        let says_parent = node.document.is_some_and(|at| {
            let front = &sources.documents[at].document.front_matter;
            front.parent.is_some()
        });
        let Some(page) = node.remote.map(|at| &snapshot.pages[at]) else {
            continue;
        };
        if !all && !node.document.is_some_and(says_so) {
            continue;
        }
        let is_where_it_was = node.bond == Bond::Ours
            || page.source_in(&sources.repository) == Some(node.path.as_str());
        if says_parent || !is_where_it_was || node.kind == PageKind::BlogPost || parent.is_err() {
            continue;
        }
        *parent = Ok(match page.parent_id.as_deref() {
            None => Parent::Top,
            Some(above) => match nodes.get(above) {
                Some(above) => Parent::Step(*above),
                None => Parent::Page(above.to_owned()),
            },
        });
    }
}

/// Front matter can name parents in a circle; nobody in it has a place then.
pub(super) fn refuse_circles(parents: &mut [Placed]) {
    let in_circle = |node: usize| {
        let mut above = node;
        for _ in 0..parents.len() {
            match parents[above] {
                Ok(Parent::Step(next)) => above = next,
                _ => return false,
            }
            if above == node {
                return true;
            }
        }
        false
    };
    let circle: Vec<usize> = (0..parents.len()).filter(|node| in_circle(*node)).collect();
    for node in circle {
        let reason =
            sentence!("the parents named in front matter go round in a circle; remove one of them");
        parents[node] = Err((Refusal::ParentNotFound, reason));
    }
}

/// Refuses pages that would be moved below themselves, because a page in between is refused and stays
/// below them.
pub(super) fn refuse_below_themselves(tree: &Tree, snapshot: &Snapshot, parents: &mut [Placed]) {
    let id_of = |node: usize| {
        tree.nodes[node]
            .remote
            .map(|at| snapshot.pages[at].id.as_str())
    };
    let stays = |node: usize| tree.nodes[node].refusal.is_some();
    if !(0..parents.len()).any(|node| stays(node) && id_of(node).is_some()) {
        return;
    }
    let pages: HashMap<&str, &RemotePage> = snapshot
        .pages
        .iter()
        .map(|page| (page.id.as_str(), page))
        .collect();
    let nodes: HashMap<&str, usize> = (0..parents.len())
        .filter_map(|node| Some((id_of(node)?, node)))
        .collect();
    let above_page = |id: &str| pages.get(id).and_then(|page| page.parent_id.as_deref());
    // The page that a page of a source is to be below, with its id where it is there already; the second
    // is the node that has it.
    let above = |node: usize| -> Option<(Option<&str>, Option<usize>)> {
        if stays(node) {
            let id = above_page(id_of(node)?)?;
            return Some((Some(id), nodes.get(id).copied()));
        }
        match parents[node].as_ref().ok()? {
            Parent::Top => None,
            Parent::Page(id) => Some((Some(id.as_str()), nodes.get(id.as_str()).copied())),
            Parent::Step(next) => Some((id_of(*next), Some(*next))),
        }
    };
    // What stays below a page that would be moved below it.
    let between = |node: usize| {
        let own = id_of(node)?;
        let mut at = above(node)?;
        let mut left = None;
        for _ in 0..snapshot.pages.len() + parents.len() {
            if at.0 == Some(own) {
                return left;
            }
            at = match at {
                (_, Some(next)) => {
                    left = left.or(stays(next).then_some(next));
                    above(next)?
                }
                (Some(id), None) => {
                    let id = above_page(id)?;
                    (Some(id), nodes.get(id).copied())
                }
                (None, None) => return None,
            };
        }
        None
    };
    let circles: Vec<(usize, usize)> = (0..parents.len())
        .filter(|node| !stays(*node) && !is_in_place(tree, snapshot, parents, *node))
        .filter_map(|node| Some((node, between(node)?)))
        .collect();
    for (node, left) in circles {
        let path = &tree.nodes[left].path;
        let reason = sentence!(
            "it would be below itself, because the page of `{path}` is below it and stays as it is. \
             Decide about that page first",
            path
        );
        parents[node] = Err((Refusal::ParentNotFound, reason));
    }
}

/// Whether a node's page is below the page that it is to be below.
pub(super) fn is_in_place(
    tree: &Tree,
    snapshot: &Snapshot,
    parents: &[Placed],
    node: usize,
) -> bool {
    let page = |node: usize| Some(&snapshot.pages[tree.nodes[node].remote?]);
    let Some(page_there) = page(node) else {
        return false;
    };
    match &parents[node] {
        Ok(Parent::Top) => page_there.parent_id.is_none(),
        Ok(Parent::Page(id)) => page_there.parent_id.as_ref() == Some(id),
        Ok(Parent::Step(above)) => {
            let above = page(*above).map(|above| &above.id);
            above.is_some() && above == page_there.parent_id.as_ref()
        }
        Err(_) => false,
    }
}

fn top(snapshot: &Snapshot) -> Parent {
    snapshot.parent.clone().map_or(Parent::Top, Parent::Page)
}
