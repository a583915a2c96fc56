//! Pages that are not where this publish would have them, or say what it does not know: in another space,
//! below another page, from a newer commit, from another branch, or beside another page of their source.

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
    /// this repository's.
    pub(super) fn moves_away(&self, index: usize, page: &RemotePage) -> Option<Problem> {
        let node = &self.tree.nodes[index];
        let repository = &self.sources.repository;
        let is_moved_source = page.source_in(repository) != Some(node.path.as_str());
        if is_moved_source || is_in_place(self.tree, self.snapshot, self.parents, index) {
            return None;
        }
        let found = |id: &str| {
            let mut pages = self.snapshot.pages.iter();
            pages.find(|page| page.id == id)
        };
        let top = || sentence!("the top of the space");
        let from = match page.parent_id.as_deref() {
            None => top(),
            Some(id) => {
                let above = found(id)?;
                if above.came_from(repository) {
                    return None;
                }
                sentence!("below `{title}`", title = above.title)
            }
        };
        let to = match self.parents[index].as_ref().ok()? {
            Parent::Top => top(),
            Parent::Page(id) => sentence!("below `{title}`", title = found(id)?.title),
            Parent::Step(above) => {
                sentence!("below `{title}`", title = self.tree.nodes[*above].title)
            }
        };
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
}
