//! Footnotes: those that are mentioned, in the order of their first mention, and the others behind them.

use super::super::document::{Alignment, Block, Footnote, Inline, Place, Placed};
use super::super::node::{Kind, Node};
use super::Lower;
use super::text::push_text;

impl<'a> Lower<'a> {
    pub(super) fn collect_footnotes(&mut self, node: &mut Node<'a>) {
        let mut kept = Vec::with_capacity(node.children.len());
        for mut child in std::mem::take(&mut node.children) {
            if may_hold_footnotes(&child) {
                self.collect_footnotes(&mut child);
            }
            match &child.kind {
                Kind::Footnote(label) if !self.definitions.contains_key(label.as_ref()) => {
                    self.definitions.insert(label.to_string(), child.children);
                }
                _ => kept.push(child),
            }
        }
        node.children = kept;
    }

    pub(super) fn add_footnotes(&mut self, blocks: &mut Vec<Placed<Block>>) {
        let mut notes = Vec::new();
        let mut next = 0;
        loop {
            // A footnote may mention others, which then get the next numbers.
            while next < self.numbers.len() {
                let label = self.numbers[next].0.clone();
                let nodes = self.definitions.remove(&label).unwrap_or_default();
                let blocks = self.blocks(nodes, Alignment::None);
                next += 1;
                notes.push((next, blocks));
            }
            // A footnote that nobody mentions is kept on a page, and no host shows it.
            let Some((label, _)) = self
                .definitions
                .first_key_value()
                .filter(|_| self.is_published())
            else {
                break;
            };
            let label = label.clone();
            self.number(label);
        }
        if notes.is_empty() {
            return;
        }
        let place = notes
            .iter()
            .find_map(|(_, blocks)| blocks.first().map(|block| block.place))
            .unwrap_or(Place { line: 1, column: 1 });
        let notes = notes
            .into_iter()
            .map(|(number, blocks)| Footnote {
                number,
                blocks,
                mentions: self.numbers[number - 1].1,
            })
            .collect();
        blocks.push(Placed {
            place,
            is: Block::Footnotes(notes),
        });
    }

    /// Gives a footnote the next number; says where it is among these.
    fn number(&mut self, label: String) -> usize {
        let index = self.numbers.len();
        self.number_of.insert(label.clone(), index);
        self.numbers.push((label, 0));
        index
    }

    pub(super) fn mention(&mut self, label: &str, at: usize, content: &mut Vec<Inline>) {
        let index = match self.number_of.get(label) {
            Some(index) => *index,
            None if self.definitions.contains_key(label) => self.number(label.to_owned()),
            None => {
                self.warn(
                    at,
                    "footnote.missing",
                    sentence!("the footnote `{label}` has no text", label),
                );
                push_text(content, &format!("[^{label}]"));
                return;
            }
        };
        self.numbers[index].1 += 1;
        let mention = self.numbers[index].1;
        content.push(Inline::FootnoteMention {
            number: index + 1,
            mention,
        });
    }
}

/// Whether the definitions of footnotes are looked for in a node.
fn may_hold_footnotes(node: &Node<'_>) -> bool {
    matches!(
        node.kind,
        Kind::Quote(_) | Kind::Item | Kind::List(_) | Kind::Element { .. }
    )
}

/// Whether there is a definition of a footnote in a node, at whatever depth. Texts without one, which
/// are most, need not be put together anew.
pub(super) fn holds_footnote(node: &Node<'_>) -> bool {
    node.children.iter().any(|child| {
        matches!(child.kind, Kind::Footnote(_))
            || (may_hold_footnotes(child) && holds_footnote(child))
    })
}
