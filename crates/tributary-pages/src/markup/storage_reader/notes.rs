//! Footnotes as the writer writes them: their mentions, and their list.

use super::super::document::{Alignment, Block, Footnote, Inline, Placed};
use super::super::storage_tree::{Id, Kind};
use super::super::vocabulary::{mention_anchor, note_anchor};
use super::Reader;
use super::macros::anchor_of;

impl Reader<'_, '_> {
    /// The notes that follow a line across the page, as we write them, and their list.
    pub(super) fn footnotes(&mut self, rule: Id) -> Option<(Block, Id)> {
        let tree = self.tree;
        let mut siblings = tree.siblings_after(rule, 0);
        let list = siblings.find(|id| !tree.is_blank(*id))?;
        let plain = tree.attributes(rule).is_empty() && tree.attributes(list).is_empty();
        if tree.name(list) != "ol" || !plain {
            return None;
        }
        let items = tree.elements(list)?;
        // First whether all of it is notes, because reading has effects.
        let mut notes = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let number = at + 1;
            let paragraph = tree.children(*item).next()?;
            let plain = tree.name(*item) == "li"
                && tree.name(paragraph) == "p"
                && tree.attributes(paragraph).is_empty();
            let parts: Vec<Id> = tree.children(paragraph).collect();
            let (anchor, rest) = parts.split_first()?;
            if !plain || anchor_of(tree, *anchor)? != note_anchor(number) {
                return None;
            }
            // At the end are links back, each behind a space.
            let mut links = Vec::new();
            for link in rest.iter().rev().step_by(2) {
                let back = tree.name(*link) == "ac:link" && tree.text_of(*link) == "↩";
                let to = tree.attribute(*link, "ac:anchor").filter(|_| back);
                match to
                    .and_then(|to| to.strip_prefix(&format!("{}-mention-", note_anchor(number))))
                {
                    Some(mention) => links.push(mention.parse::<usize>().ok()?),
                    None => break,
                }
            }
            let mentions = links.len();
            if !links.iter().rev().copied().eq(1..=mentions) {
                return None;
            }
            let between = (1..=mentions).all(|back| {
                let before = rest.len().checked_sub(2 * back).map(|at| rest[at]);
                before.is_none_or(|before| match &tree.nodes[before].kind {
                    Kind::Text(text) if back < mentions => text == " ",
                    Kind::Text(text) => text.ends_with(' '),
                    _ => false,
                })
            });
            if !between {
                return None;
            }
            // The spaces between them are text of its own, but the first may end the note's text.
            let end = rest.len() - (2 * mentions).saturating_sub(1).min(rest.len());
            notes.push((number, *item, paragraph, rest[..end].to_vec(), mentions));
        }
        if notes.is_empty() {
            return None;
        }
        let mut made = Vec::new();
        for (number, item, paragraph, parts, mentions) in notes {
            let place = self.place(paragraph);
            let mut content = Vec::new();
            self.depth += 1;
            for part in parts {
                self.inline(part, &mut content);
            }
            self.depth -= 1;
            if mentions > 0
                && let Some(Inline::Text(text)) = content.last_mut()
            {
                text.truncate(text.strip_suffix(' ').unwrap_or(text).len());
                if text.is_empty() {
                    content.pop();
                }
            }
            let mut rest = Vec::new();
            for child in tree.children(item).skip(1) {
                if self.is_block(child) {
                    self.block(child, &mut rest);
                } else {
                    self.flush(&mut vec![child], &mut rest);
                }
            }
            // Without text of its own, the note begins with another block than a paragraph.
            let begins_otherwise = rest
                .first()
                .is_none_or(|block| !matches!(block.is, Block::Paragraph { .. }));
            let mut blocks = Vec::new();
            if !content.is_empty() || !begins_otherwise {
                let alignment = Alignment::None;
                let is = Block::Paragraph { content, alignment };
                blocks.push(Placed { place, is });
            }
            blocks.extend(rest);
            made.push(Footnote {
                number,
                blocks,
                mentions,
            });
        }
        Some((Block::Footnotes(made), list))
    }

    /// The number of a footnote, as we write it.
    pub(super) fn mention(&self, id: Id) -> Option<Inline> {
        let tree = self.tree;
        let parts: Vec<Id> = tree.children(id).collect();
        let [anchor, link] = parts.as_slice() else {
            return None;
        };
        let (number, mention) = mentioned(&anchor_of(tree, *anchor)?)?;
        let found = self.leads_to_note(*link, number);
        found.then_some(Inline::FootnoteMention { number, mention })
    }

    /// The number of a footnote as the Atlassian Document Format has it: behind its anchor, and raised
    /// within the link.
    pub(super) fn parted_mention(&self, link: Id, before: Option<&Inline>) -> Option<Inline> {
        let tree = self.tree;
        let Inline::Anchor(name) = before? else {
            return None;
        };
        let (number, mention) = mentioned(name)?;
        let [body] = *tree.elements(link)? else {
            return None;
        };
        let [raised] = *tree.elements(body)? else {
            return None;
        };
        let found = tree.name(body) == "ac:link-body"
            && tree.name(raised) == "sup"
            && self.leads_to_note(link, number);
        found.then_some(Inline::FootnoteMention { number, mention })
    }

    /// Whether an element is the link to a note that shows nothing but its number.
    fn leads_to_note(&self, link: Id, number: usize) -> bool {
        let tree = self.tree;
        tree.name(link) == "ac:link"
            && tree.attribute(link, "ac:anchor") == Some(&note_anchor(number))
            && tree.text_of(link) == number.to_string()
    }
}

/// The note that an anchor's name says is mentioned, and which of its mentions that is.
fn mentioned(name: &str) -> Option<(usize, usize)> {
    let (number, mention) = name.strip_prefix("footnote-")?.split_once("-mention-")?;
    let (number, mention) = (number.parse().ok()?, mention.parse().ok()?);
    (name == mention_anchor(number, mention)).then_some((number, mention))
}
