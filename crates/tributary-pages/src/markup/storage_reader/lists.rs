//! Lists of entries and of tasks.

use super::super::document::{Alignment, Block, Inline, Item, Placed, decisions};
use super::super::storage_tree::Id;
use super::super::vocabulary::{DECIDED, DECISION_ITEM, DECISION_LIST};
use super::Reader;

impl Reader<'_, '_> {
    pub(super) fn list(&mut self, id: Id, numbered: bool) -> Block {
        let tree = self.tree;
        self.note_attributes(id, &["start"]);
        let start = numbered.then(|| {
            let start = tree.attribute(id, "start");
            start
                .and_then(|start| start.trim().parse().ok())
                .unwrap_or(1)
        });
        let mut items: Vec<Item> = Vec::new();
        for child in tree.children(id) {
            if tree.name(child) == "li" {
                self.note_attributes(child, &[]);
                let blocks = self.blocks_or_none(child);
                items.push(Item {
                    checked: None,
                    is_decision: false,
                    blocks,
                });
            } else if !tree.is_blank(child) {
                // A list right in a list belongs to the entry before it.
                let mut blocks = Vec::new();
                // Lists right in lists nest as those in entries do.
                self.depth += 1;
                if self.is_block(child) {
                    self.block(child, &mut blocks);
                } else {
                    self.flush(&mut vec![child], &mut blocks);
                }
                self.depth -= 1;
                match items.last_mut() {
                    Some(item) => item.blocks.extend(blocks),
                    None => items.push(Item {
                        checked: None,
                        is_decision: false,
                        blocks,
                    }),
                }
            }
        }
        // Signs are how a box is written where a task list could not be.
        let all = items.iter().all(|item| sign(item).is_some());
        if numbered || !all {
            for item in &mut items {
                if let Some(done) = sign(item) {
                    take_sign(item, done);
                }
            }
        }
        let class = tree.attribute(id, "class").unwrap_or_default();
        let are_decisions = class.split_whitespace().any(|name| name == DECISION_LIST);
        let list = |items| Block::List { start, items };
        if !are_decisions {
            return list(items);
        }
        let decided = items.iter().map(|item| Item {
            is_decision: true,
            ..item.clone()
        });
        let decided: Vec<Item> = decided.collect();
        match decisions(start, &decided).is_some() {
            true => list(decided),
            false => list(items),
        }
    }

    /// Decisions as Cloud has them: those that were made, each of one line.
    pub(super) fn decisions(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let is_node = |id: Id, kind: &str| {
            tree.name(id) == "ac:adf-node" && tree.attribute(id, "type") == Some(kind)
        };
        let parts = tree.elements(id)?;
        let (list, rest) = parts.split_first()?;
        let is_list = is_node(*list, DECISION_LIST)
            && rest
                .iter()
                .all(|part| tree.name(*part) == "ac:adf-fallback");
        if !is_list {
            return None;
        }
        let mut lines = Vec::new();
        for item in tree.elements(*list)? {
            if tree.name(item) == "ac:adf-attribute" {
                continue;
            }
            if !is_node(item, DECISION_ITEM) {
                return None;
            }
            let mut line = None;
            for part in tree.elements(item)? {
                let key = tree.attribute(part, "key");
                match tree.name(part) {
                    "ac:adf-attribute" if key == Some("state") => {
                        (tree.text_of(part).trim() == DECIDED).then_some(())?;
                    }
                    "ac:adf-attribute" => {}
                    "ac:adf-content" if line.is_none() => line = Some(part),
                    _ => return None,
                }
            }
            let is_line = |part: &Id| !tree.children(*part).any(|child| self.is_block(child));
            lines.push(line.filter(is_line)?);
        }
        if lines.is_empty() {
            return None;
        }
        self.note_attributes(id, &[]);
        let items = lines.into_iter().map(|line| Item {
            checked: None,
            is_decision: true,
            blocks: self.task_body(line),
        });
        let items = items.collect();
        Some(Block::List { start: None, items })
    }

    pub(super) fn tasks(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let tasks = tree.elements(id)?;
        let mut items = Vec::new();
        for task in &tasks {
            let parts = tree.elements(*task)?;
            let known = parts.iter().all(|part| {
                matches!(
                    tree.name(*part),
                    "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:task-body"
                )
            });
            if tree.name(*task) != "ac:task" || !known {
                return None;
            }
        }
        self.note_attributes(id, &[]);
        for task in tasks {
            let mut checked = false;
            let mut blocks = Vec::new();
            for part in tree.elements(task)? {
                match tree.name(part) {
                    "ac:task-status" => checked = tree.text_of(part).trim() == "complete",
                    "ac:task-body" => blocks.extend(self.task_body(part)),
                    _ => {}
                }
            }
            items.push(Item {
                checked: Some(checked),
                is_decision: false,
                blocks,
            });
        }
        Some(Block::List { start: None, items })
    }

    pub(super) fn task_body(&mut self, id: Id) -> Vec<Placed<Block>> {
        let tree = self.tree;
        if tree.children(id).any(|child| self.is_block(child)) {
            return self.blocks(id);
        }
        if tree.children(id).all(|child| tree.is_blank(child)) {
            return Vec::new();
        }
        let place = self.place(id);
        let content = self.inlines(id);
        let alignment = Alignment::None;
        vec![Placed {
            place,
            is: Block::Paragraph { content, alignment },
        }]
    }
}

/// Whether an entry begins with the sign of a box, and whether that is ticked.
pub(super) fn sign(item: &Item) -> Option<bool> {
    match item.blocks.first().map(|block| &block.is) {
        Some(Block::Paragraph {
            content,
            alignment: Alignment::None,
        }) => match content.first() {
            Some(Inline::Text(text)) if text.starts_with("☑ ") => Some(true),
            Some(Inline::Text(text)) if text.starts_with("☐ ") => Some(false),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn take_sign(item: &mut Item, done: bool) {
    item.checked = Some(done);
    let Some(Placed {
        is: Block::Paragraph { content, .. },
        ..
    }) = item.blocks.first_mut()
    else {
        return;
    };
    if let Some(Inline::Text(text)) = content.first_mut() {
        text.drain(.."☑ ".len());
        if text.is_empty() {
            content.remove(0);
        }
    }
    let next = item.blocks.get(1).map(|block| &block.is);
    let alone =
        matches!(&item.blocks[0].is, Block::Paragraph { content, .. } if content.is_empty());
    if alone && !matches!(next, Some(Block::Paragraph { .. })) {
        item.blocks.remove(0);
    }
}
