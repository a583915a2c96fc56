//! Live docs of Cloud: what people write in one is there at once, and is no version of its own each time. The
//! version on top may be ours, and words of people be on it all the same. That is assumed: Atlassian's documents
//! say which pages are live docs, and nothing of their versions.

use crate::markup::{Problem, Severity};
use crate::plan::hierarchy::Node;
use crate::plan::snapshot::RemotePage;
use crate::plan::step::{OnConflict, Refusal, Step, StepKind};

use super::{Work, refuse};

impl Work<'_> {
    /// Sees to it that a page that became a live doc is written over only where that was decided.
    pub(super) fn keep_live(&self, node: &Node, page: &RemotePage, step: &mut Step) {
        let is_written = matches!(step.kind, StepKind::Update { .. });
        // Whoever names a page of people in a source means that its words go, and is told so.
        if !page.is_live || !is_written || self.is_taken_over(node, page) {
            return;
        }
        if self.settings.conflict(&node.path) == OnConflict::Overwrite {
            step.problems.push(Problem {
                severity: Severity::Warning,
                code: "page.live",
                message: sentence!(
                    "the page is a live doc in Confluence by now and is written over; of what \
                     people wrote in it since it was published, its history may have nothing"
                ),
                line: 1,
                column: 1,
            });
            return;
        }
        step.merges = None;
        step.kind = refuse(
            Refusal::EditedByHand,
            sentence!(
                "the page is a live doc in Confluence by now, of which not every edit is a \
                 version, so nothing tells whether somebody wrote in it. Take what it says over \
                 into `{path}`, and publish with conflicts set to overwrite",
                path = node.path
            ),
        );
    }
}
