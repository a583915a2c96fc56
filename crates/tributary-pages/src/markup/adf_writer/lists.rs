//! Lists of entries, and of tasks.

use sha2::{Digest, Sha256};

use super::super::adf::{Line, Marks, Node, paragraph_of};
use super::super::document::{Alignment, Block, Inline, Item, Place, Placed, decisions};
use super::super::vocabulary::DECIDED;
use super::Writer;
use super::containers::{Container, Fit};

impl Writer<'_> {
    pub(super) fn list(&mut self, start: Option<u64>, items: &[Item]) -> Vec<Node> {
        if start.is_none() && items.iter().all(|item| item.checked.is_some()) {
            return self.tasks(items);
        }
        if let Some(lines) = decisions(start, items) {
            return vec![self.decisions(&lines)];
        }
        let place = self.place;
        let mut written = Vec::with_capacity(items.len());
        for item in items {
            written.push(match item.sign() {
                None => self.blocks(&item.blocks),
                Some(sign) => self.signed(sign, &item.blocks),
            });
        }
        self.list_of(start, written, place)
    }

    fn decisions(&mut self, lines: &[&[Inline]]) -> Node {
        let place = self.place;
        let mut items = Vec::with_capacity(lines.len());
        for content in lines {
            let mut line = Line::default();
            self.inlines(content, &Marks::default(), &mut line);
            let content = line.finish();
            let words: String = content.iter().map(|node| node.text.as_str()).collect();
            let id = self.local_id(&words);
            let item = Node::holding("decisionItem", content);
            items.push(item.with("localId", id).with("state", DECIDED));
        }
        let id = self.local_id("decisions");
        let list = Node::holding("decisionList", items);
        list.with("localId", id).at(place)
    }

    /// An entry with a sign in a list that is not all of its kind, which a list of that kind could
    /// not hold.
    pub(super) fn signed(&mut self, sign: &'static str, blocks: &[Placed<Block>]) -> Vec<Node> {
        if let Some((first, rest)) = blocks.split_first()
            && let Block::Paragraph { content, alignment } = &first.is
        {
            self.place = first.place;
            let mut nodes = self.paragraph(sign, content, *alignment);
            nodes.extend(self.blocks(rest));
            return nodes;
        }
        let mut nodes = self.paragraph(sign, &[], Alignment::None);
        nodes.extend(self.blocks(blocks));
        nodes
    }

    /// A list of entries. What an entry cannot hold stands after it, with what follows in the
    /// entry, and the list goes on behind it.
    pub(super) fn list_of(
        &mut self,
        start: Option<u64>,
        items: Vec<Vec<Node>>,
        place: Place,
    ) -> Vec<Node> {
        let mut all = Vec::new();
        let mut entries: Vec<Node> = Vec::new();
        let mut first = start;
        for (at, nodes) in items.into_iter().enumerate() {
            let mut content: Vec<Node> = Vec::new();
            let mut after: Vec<Node> = Vec::new();
            for node in nodes {
                if !after.is_empty() {
                    after.push(node);
                    continue;
                }
                match self.fit(Container::Item, node) {
                    Fit::AsItIs(node) => content.push(node),
                    Fit::Inside(nodes) => content.extend(nodes),
                    Fit::After(node) => after.push(self.moved(Container::Item, node)),
                }
            }
            // A number counts even when nothing stands behind it; a bullet does not.
            if content.is_empty() && (start.is_some() || after.is_empty()) {
                content.push(paragraph_of(Vec::new()));
            }
            if !content.is_empty() {
                entries.push(Node::holding("listItem", content));
            }
            if !after.is_empty() {
                all.extend(list_node(first, std::mem::take(&mut entries), place));
                all.append(&mut after);
                first = start.map(|start| start.saturating_add(at as u64 + 1));
            }
        }
        all.extend(list_node(first, entries, place));
        all
    }

    /// A list of tasks. A task holds text only, so its paragraphs become one; other tasks stand
    /// below it, and everything else after it.
    pub(super) fn tasks(&mut self, items: &[Item]) -> Vec<Node> {
        let place = self.place;
        let mut all = Vec::new();
        let mut tasks: Vec<Node> = Vec::new();
        for item in items {
            let mut line = Line::default();
            let mut below: Vec<Node> = Vec::new();
            let mut after: Vec<Node> = Vec::new();
            for block in &item.blocks {
                if below.is_empty() && after.is_empty() {
                    match &block.is {
                        Block::Paragraph { content, .. } => {
                            self.place = block.place;
                            line.line_break();
                            self.inlines(content, &Marks::default(), &mut line);
                            continue;
                        }
                        Block::Heading {
                            content, anchor, ..
                        } => {
                            self.place = block.place;
                            self.warn(
                                block.place,
                                "block.changed",
                                sentence!(
                                    "Confluence's editor has no heading in a task, so it is bold \
                                     text"
                                ),
                            );
                            line.line_break();
                            self.anchor(anchor, &mut line);
                            let strong = Marks {
                                strong: true,
                                ..Marks::default()
                            };
                            self.inlines(content, &strong, &mut line);
                            continue;
                        }
                        _ => {}
                    }
                }
                for node in self.block(block) {
                    if !after.is_empty() {
                        after.push(node);
                        continue;
                    }
                    match self.fit(Container::Task, node) {
                        Fit::AsItIs(node) => below.push(node),
                        Fit::Inside(nodes) => below.extend(nodes),
                        Fit::After(node) => after.push(self.moved(Container::Task, node)),
                    }
                }
            }
            let state = if item.checked == Some(true) {
                "DONE"
            } else {
                "TODO"
            };
            let content = line.finish();
            let words: String = content.iter().map(|node| node.text.as_str()).collect();
            let id = self.local_id(&words);
            let task = Node::holding("taskItem", content);
            tasks.push(task.with("localId", id).with("state", state));
            tasks.append(&mut below);
            if !after.is_empty() {
                let tasks = std::mem::take(&mut tasks);
                all.extend(self.task_list(tasks, place));
                all.append(&mut after);
            }
        }
        all.extend(self.task_list(tasks, place));
        all
    }

    pub(super) fn task_list(&mut self, tasks: Vec<Node>, place: Place) -> Option<Node> {
        if tasks.is_empty() {
            return None;
        }
        let id = self.local_id("list");
        let list = Node::holding("taskList", tasks);
        Some(list.with("localId", id).at(place))
    }

    /// An id in the form of a UUID. It comes from the words and not from the position, so that a
    /// task is still the same one when others are added above it.
    pub(super) fn local_id(&mut self, words: &str) -> String {
        let count = self.local_ids.entry(words.to_owned()).or_default();
        *count += 1;
        let mut hash = Sha256::new();
        hash.update(format!("{count}:{words}"));
        let mut id = String::with_capacity(36);
        for (at, byte) in hash.finalize().iter().take(16).enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            id.push_str(&format!("{byte:02x}"));
        }
        id
    }
}

pub(super) fn list_node(first: Option<u64>, entries: Vec<Node>, place: Place) -> Option<Node> {
    if entries.is_empty() {
        return None;
    }
    let list = match first {
        None => Node::holding("bulletList", entries),
        Some(first) => Node::holding("orderedList", entries).with("order", first),
    };
    Some(list.at(place))
}
