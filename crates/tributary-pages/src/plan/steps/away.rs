//! Pages that are not where this publish would have them, or say what it does not know: in another space,
//! below another page, from a newer commit, from another branch, or beside another page of their source.

use crate::Sentence;
use crate::markup::{Problem, Severity};
use crate::plan::hierarchy::Node;
use crate::plan::snapshot::{Elsewhere, ElsewherePlace, RemotePage};
use crate::plan::step::{OnConflict, Parent, Refusal, Step, StepKind};

use super::{Work, is_in_place, is_refused, refuse};

impl Work<'_> {
    /// Sees to it that a source whose page is in another space gets no second one unasked, and says so
    /// where it gets one because the first is archived or in the trash.
    pub(super) fn keep_elsewhere(&self, node: &Node, step: &mut Step) {
        let Some(Elsewhere { title, url, place }) = self.snapshot.elsewhere.get(&node.path) else {
            return;
        };
        let is_overwritten = self.settings.conflict(&node.path) == OnConflict::Overwrite;
        let is_where = match place {
            ElsewherePlace::OtherSpace if !is_overwritten => {
                step.kind = refuse(
                    Refusal::PageElsewhere,
                    sentence!(
                        "its page `{title}` is in another space by now, at {url}. Publish to that \
                         space, move the page back, or publish with conflicts set to overwrite to \
                         make another one here",
                        title,
                        url
                    ),
                );
                return;
            }
            ElsewherePlace::OtherSpace => sentence!("is in another space"),
            ElsewherePlace::Archive => sentence!("was archived"),
            ElsewherePlace::Trash => sentence!("is in the trash"),
        };
        step.problems.push(Problem {
            severity: Severity::Warning,
            code: "page.made_again",
            message: sentence!(
                "its page `{title}` {is_where}, at {url}, with the comments that it has; another \
                 one is made",
                title,
                is_where,
                url
            ),
            line: 1,
            column: 1,
        });
    }

    /// Sees to it that a page keeps what a newer commit says: whoever publishes an older one may only
    /// have been slower.
    pub(super) fn keep_newer(&self, node: &Node, page: &RemotePage, step: &mut Step) {
        let Some(newer) = self.sources.newer_than_these(page) else {
            return;
        };
        let is_overwritten = self.settings.conflict(&node.path) == OnConflict::Overwrite;
        if is_refused(step) || is_overwritten {
            return;
        }
        let ours = self.sources.commit.as_deref().unwrap_or_default();
        step.kind = refuse(
            Refusal::PublishedNewer,
            sentence!(
                "the page was published from the commit `{newer}`, which came after `{ours}`. \
                 Publish that one or a later one, or publish with conflicts set to overwrite to \
                 go back",
                newer,
                ours = ours.get(..newer.len()).unwrap_or(ours)
            ),
        );
    }

    /// Sees to it that an older commit makes no page beside those of a newer one: its source may be gone
    /// there, or may have its page under another name.
    pub(super) fn keep_unmade(&self, node: &Node, step: &mut Step) {
        let is_overwritten = self.settings.conflict(&node.path) == OnConflict::Overwrite;
        let Some(newer) = self.newer.filter(|_| !is_refused(step) && !is_overwritten) else {
            return;
        };
        let ours = self.sources.commit.as_deref().unwrap_or_default();
        step.kind = refuse(
            Refusal::PublishedNewer,
            sentence!(
                "the commit `{newer}` was published, which came after `{ours}`, and may have this page \
                 under another name or not at all. Publish that one or a later one, or publish with \
                 conflicts set to overwrite to make the page",
                newer,
                ours = ours.get(..newer.len()).unwrap_or(ours)
            ),
        );
    }

    /// Sees to it that pages which nobody looks at stay with the branch that they were published from: that
    /// another one is checked out for a while is no reason for them to say what is written there.
    pub(super) fn keep_branch(&self, page: Option<&RemotePage>, step: &mut Step) {
        if !self.settings.keep_branch || step.kind == StepKind::Leave || is_refused(step) {
            return;
        }
        let of_page = page.and_then(|page| self.sources.other_branch_of(page));
        let Some(branch) = of_page.or(self.other_branch) else {
            return;
        };
        let now = match &self.sources.branch {
            Some(ours) => sentence!("`{ours}` is checked out", ours),
            None => sentence!("no branch is checked out"),
        };
        let reason = sentence!(
            "what is published without a look at its plan goes from the branch `{branch}` alone, as \
             before, and {now}. Check that branch out, or plan it and publish to go on from here",
            branch,
            now
        );
        step.kind = refuse(Refusal::OtherBranch, reason);
    }

    /// Names the pages that were published from a source too and are none's any more, because another one is
    /// its page: nobody would see otherwise that they are kept up no longer.
    pub(super) fn published_twice(&self, node: &Node) -> Vec<Problem> {
        if node.is_not_chosen() {
            return Vec::new();
        }
        let twins = node.twins.iter().map(|at| {
            let RemotePage { title, url, .. } = &self.snapshot.pages[*at];
            Problem {
                severity: Severity::Warning,
                code: "page.twice",
                message: sentence!(
                    "the page `{title}`, at {url}, was published from `{path}` too, and is left as it \
                     is: a file has one page, which is `{page}`. Take over what only that one says, \
                     and put it into the trash, or write its id as `page_id` into the front matter",
                    title,
                    url,
                    path = node.path,
                    page = node.title
                ),
                line: 1,
                column: 1,
            }
        });
        twins.collect()
    }

    /// Says that a page is moved although its source is where it was: from below a page that is none of
    /// this repository's, or back from below another page of it.
    pub(super) fn moves_away(&self, index: usize, page: &RemotePage) -> Option<Problem> {
        let node = &self.tree.nodes[index];
        let repository = &self.sources.repository;
        let is_moved_source = page.source_in(repository) != Some(node.path.as_str());
        if is_moved_source || is_in_place(self.tree, self.snapshot, self.parents, index) {
            return None;
        }
        let from = match page.parent_id.as_deref() {
            None => sentence!("the top of the space"),
            Some(id) => {
                let above = self.found(id)?;
                if above.came_from(repository) {
                    return self.moves_back(index, above);
                }
                sentence!("below `{title}`", title = above.title)
            }
        };
        let to = self.where_it_goes(index)?;
        Some(Problem {
            severity: Severity::Warning,
            code: "page.moved_away",
            message: sentence!(
                "the page is moved from {from} to {to}: it was published to another place before, \
                 or somebody moved it. A repository has one page for each file in a space",
                from,
                to
            ),
            line: 1,
            column: 1,
        })
    }

    /// Says that a page goes back from below another page of this repository to where its file is. Below
    /// which page one was published is noted nowhere: pages move without a version. So this is said where a
    /// person is likely, because both pages stand for what is published still, the one that it goes below
    /// was there already, and its file names none.
    fn moves_back(&self, index: usize, above: &RemotePage) -> Option<Problem> {
        let document = self.tree.nodes[index].document;
        let names_parent = document.is_some_and(|at| {
            let front = &self.sources.documents[at].document.front_matter;
            front.parent.is_some()
        });
        let is_of_source = self.tree.nodes.iter().any(|node| {
            let page = node.remote.map(|at| &self.snapshot.pages[at]);
            page.is_some_and(|page| page.id == above.id)
        });
        // It cannot have been below a page that is not there yet.
        let is_new = match self.parents[index].as_ref().ok()? {
            Parent::Step(to) => self.tree.nodes[*to].remote.is_none(),
            Parent::Page(_) | Parent::Top => false,
        };
        if names_parent || !is_of_source || is_new {
            return None;
        }
        let to = self.where_it_goes(index)?;
        Some(Problem {
            severity: Severity::Warning,
            code: "page.moved_back",
            message: sentence!(
                "the page is moved back from below `{title}` to {to}, where its file is: somebody moved \
                 it in Confluence, or the repository had it there before. With `keep_place` it stays \
                 where people put it",
                title = above.title,
                to
            ),
            line: 1,
            column: 1,
        })
    }

    /// Where the page of a node is to be, in words.
    fn where_it_goes(&self, index: usize) -> Option<Sentence> {
        Some(match self.parents[index].as_ref().ok()? {
            Parent::Top => sentence!("the top of the space"),
            Parent::Page(id) => sentence!("below `{title}`", title = self.found(id)?.title),
            Parent::Step(above) => {
                sentence!("below `{title}`", title = self.tree.nodes[*above].title)
            }
        })
    }

    /// The page of the space with an id.
    fn found(&self, id: &str) -> Option<&RemotePage> {
        let mut pages = self.snapshot.pages.iter();
        pages.find(|page| page.id == id)
    }
}
