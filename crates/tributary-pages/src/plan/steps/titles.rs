//! Titles that other pages of the space have. Confluence allows each only once, so who keeps it, and what
//! becomes of the other page, is somebody's to decide.

use crate::Sentence;
use crate::markup::{PageKind, Problem, Severity};
use crate::plan::hierarchy::Node;
use crate::plan::snapshot::RemotePage;
use crate::plan::step::{Refusal, TitleChoice, TitleHolder};

use super::Work;

impl Work<'_> {
    /// What is to be decided about the title of a node, or was. A folder of Confluence has neither words
    /// that could be linked to a file nor a title that could be changed.
    pub(super) fn title_choice(&self, node: &Node) -> Option<TitleChoice> {
        let is_refused = matches!(node.refusal, Some((Refusal::TitleTaken, _)));
        let is_decided = node.refusal.is_none() || is_refused;
        let is_taken = is_refused || self.tree.is_title_taken(node);
        let is_chosen = node.passed_over.is_some();
        if node.kind == PageKind::Folder || !is_decided || !is_taken && !is_chosen {
            return None;
        }
        let wanted = node.passed_over.as_ref().unwrap_or(&node.wanted_title);
        let holder = self.other_with(node, wanted);
        Some(TitleChoice {
            wanted: wanted.clone(),
            is_chosen,
            page: holder.map(|page| TitleHolder {
                id: page.id.clone(),
                url: page.url.clone(),
            }),
        })
    }

    /// Why a page is left as it is, or not made, when its title is not to be another one.
    pub(super) fn why_not_titled(&self, node: &Node) -> Sentence {
        let wanted_title = &node.wanted_title;
        match self.other_with(node, wanted_title) {
            Some(RemotePage { id, .. }) => sentence!(
                "another page of the space has the title `{wanted_title}`. Give that page or this \
                 source another title, or link the source to that page with `page_id: {id}` in its \
                 front matter",
                wanted_title,
                id
            ),
            None => sentence!(
                "another page of the space has the title `{wanted_title}`. Give that page or this \
                 source another title",
                wanted_title
            ),
        }
    }

    /// Says that a page gets another title than is wanted for it.
    pub(super) fn titled_otherwise(&self, node: &Node) -> Problem {
        let Node {
            wanted_title,
            title,
            ..
        } = node;
        let message = match self.other_with(node, wanted_title) {
            Some(RemotePage { id, .. }) => sentence!(
                "another page of the space has the title `{wanted_title}`, so this one is \
                 published as `{title}`. Set a `title` in the front matter to choose another, or \
                 `page_id: {id}` to write to that page",
                wanted_title,
                title,
                id
            ),
            None => sentence!(
                "another page of the space has the title `{wanted_title}`, so this one is \
                 published as `{title}`. Set a `title` in the front matter to choose another",
                wanted_title,
                title
            ),
        };
        Problem {
            severity: Severity::Warning,
            code: "title.taken",
            message,
            line: 1,
            column: 1,
        }
    }

    /// The page with a title that a source could be linked to: one that is no source's, while this one
    /// has none. What is published below stays what it is.
    fn other_with(&self, node: &Node, title: &str) -> Option<&RemotePage> {
        let page = &self.snapshot.pages[self.tree.other_with_title(title)?];
        let could_be_its = node.remote.is_none()
            && node.document.is_some()
            && page.kind == node.kind
            && self.snapshot.parent.as_ref() != Some(&page.id);
        could_be_its.then_some(page)
    }
}
