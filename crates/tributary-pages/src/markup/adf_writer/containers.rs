//! What may stand in what, and the form that a node takes where it may not stand as it is.

use serde_json::Value;

use super::super::adf::{Line, Mark, Marks, Node, bold_text, paragraph_of};
use super::super::adf_layout;
use super::super::document::Place;
use super::super::foreign::text_in;
use super::Writer;

use crate::Sentence;

/// Lists that hold more levels of lists than this are not put into another: readers of JSON refuse
/// what is nested too deeply, and a level of a list is four of JSON.
pub(super) const DEEPEST_LIST: usize = 12;

/// What holds blocks, and not every block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Item,
    Task,
    Quote,
    Panel,
    Expand,
    Cell,
    Macro,
    Column,
}

/// Where a node goes.
pub(super) enum Fit {
    /// Into the container, as it is.
    AsItIs(Node),
    /// Into the container, in this form.
    Inside(Vec<Node>),
    /// After the container, as it is.
    After(Node),
}

impl Container {
    /// Whether a node may stand in it as it is.
    pub(super) fn holds(self, kind: &str) -> bool {
        if self == Container::Column {
            return adf_layout::holds(kind);
        }
        match kind {
            "paragraph" | "bulletList" | "orderedList" | "codeBlock" | "mediaSingle"
            | "extension" => self != Container::Task,
            "taskList" => self != Container::Quote,
            "heading" | "rule" | "blockCard" | "decisionList" | "mediaGroup" => matches!(
                self,
                Container::Panel | Container::Expand | Container::Cell | Container::Macro
            ),
            "panel" | "blockquote" | "embedCard" => {
                matches!(self, Container::Expand | Container::Cell | Container::Macro)
            }
            "nestedExpand" => matches!(self, Container::Expand | Container::Cell),
            "table" => matches!(self, Container::Expand | Container::Macro),
            _ => false,
        }
    }

    pub(super) fn name(self) -> Sentence {
        match self {
            Container::Item => sentence!("list item"),
            Container::Task => sentence!("task"),
            Container::Quote => sentence!("quotation"),
            Container::Panel => sentence!("panel"),
            Container::Expand => sentence!("section that opens"),
            Container::Cell => sentence!("table cell"),
            Container::Macro => sentence!("macro"),
            Container::Column => sentence!("column"),
        }
    }
}

impl Writer<'_> {
    /// Puts nodes into a container like `empty`; where one cannot stand in it, the container ends,
    /// and goes on after it.
    pub(super) fn split(
        &mut self,
        container: Container,
        nodes: Vec<Node>,
        place: Place,
        empty: &Node,
    ) -> Vec<Node> {
        let mut all = Vec::new();
        let mut inside: Vec<Node> = Vec::new();
        let mut empty = empty.clone();
        // A container says its title once, however often it goes on.
        let take_title = |empty: &mut Node| title_of(empty).map(std::mem::take).unwrap_or_default();
        for node in nodes {
            match self.fit(container, node) {
                Fit::AsItIs(node) => inside.push(node),
                Fit::Inside(nodes) => inside.extend(nodes),
                Fit::After(node) => {
                    if inside.is_empty() {
                        // The title stands before what the container begins with.
                        let title = take_title(&mut empty);
                        if !title.is_empty() {
                            all.push(bold_text(&title).at(place));
                        }
                    } else {
                        let content = std::mem::take(&mut inside);
                        all.push(Node {
                            content,
                            place,
                            ..empty.clone()
                        });
                        take_title(&mut empty);
                    }
                    all.push(self.moved(container, node));
                }
            }
        }
        if all.is_empty() && inside.is_empty() {
            inside.push(paragraph_of(Vec::new()));
        }
        if !inside.is_empty() {
            all.push(Node {
                content: inside,
                place,
                ..empty
            });
        }
        all
    }

    /// Tells that a node stands after the container that it was written in.
    pub(super) fn moved(&mut self, container: Container, mut node: Node) -> Node {
        if !node.told {
            node.told = true;
            let (what, container) = (name_of(node.kind), container.name());
            self.warn(
                node.place,
                "block.moved",
                sentence!(
                    "Confluence's editor has no {what} in a {container}, so it stands after it",
                    what,
                    container
                ),
            );
        }
        node
    }

    /// Gives a node the form in which it can stand in a container.
    pub(super) fn fit(&mut self, container: Container, mut node: Node) -> Fit {
        if matches!(node.kind, "paragraph" | "heading") {
            let keeps = |mark: &Mark| match container {
                Container::Cell | Container::Column => true,
                Container::Quote => false,
                _ => mark.kind == "fontSize",
            };
            for mark in node.marks.iter().filter(|mark| !keeps(mark)) {
                if mark.kind == "fontSize" {
                    self.styles_lost.add(node.place);
                } else {
                    self.alignments_lost.add(node.place);
                }
            }
            node.marks.retain(keeps);
        }
        if container.holds(node.kind) {
            let is_deep = matches!(container, Container::Item | Container::Task)
                && node.lists() >= DEEPEST_LIST;
            return if is_deep {
                Fit::After(node)
            } else {
                Fit::AsItIs(node)
            };
        }
        if let Some(raw) = &node.raw {
            if container == Container::Column && raw["type"].as_str().is_some_and(adf_layout::holds)
            {
                return Fit::AsItIs(node);
            }
            if container != Container::Cell {
                return Fit::After(node);
            }
            self.warn(
                node.place,
                "block.changed",
                sentence!(
                    "Confluence's editor has no {part} in a table cell, so it stands as its text",
                    part = name_of(node.kind)
                ),
            );
            let mut line = Line::default();
            line.text(&text_in(raw), &Marks::default());
            return Fit::Inside(vec![paragraph_of(line.finish())]);
        }
        match (container, node.kind) {
            (Container::Item | Container::Quote, "heading") => {
                self.warn(
                    node.place,
                    "block.changed",
                    sentence!(
                        "Confluence's editor has no heading in a {container}, so it is a bold line",
                        container = container.name()
                    ),
                );
                Fit::Inside(vec![bold_line(node)])
            }
            (Container::Quote, "taskList") => {
                self.warn(
                    node.place,
                    "block.changed",
                    sentence!(
                        "Confluence's editor has no tasks in a quotation, so they are entries \
                         with a box"
                    ),
                );
                Fit::Inside(vec![without_tasks(node)])
            }
            (Container::Expand | Container::Cell, "expand") => {
                Fit::Inside(self.nested_expand(node))
            }
            (Container::Macro, "expand") => {
                let mut inside = Vec::new();
                for inner in self.opened(node) {
                    match inner.kind {
                        "nestedExpand" => inside.append(&mut self.opened(inner)),
                        _ => inside.push(inner),
                    }
                }
                Fit::Inside(inside)
            }
            _ => Fit::After(node),
        }
    }

    /// A section that opens, in another or in a table cell. It cannot hold everything that one
    /// outside of them can.
    pub(super) fn nested_expand(&mut self, mut node: Node) -> Vec<Node> {
        let fits = |inner: &Node| !matches!(inner.kind, "table" | "nestedExpand");
        if node.content.iter().all(fits) {
            node.kind = "nestedExpand";
            return vec![node];
        }
        self.opened(node)
    }

    /// A section that opens where none can, or none that holds as much: it is always open.
    pub(super) fn opened(&mut self, mut node: Node) -> Vec<Node> {
        self.warn(
            node.place,
            "block.changed",
            sentence!(
                "Confluence's editor has no tables and no further sections in a section that is \
             inside another, so this one is always open"
            ),
        );
        let title = node.attributes.iter().find(|(name, _)| *name == "title");
        let title = title.and_then(|(_, title)| title.as_str());
        let mut nodes = Vec::with_capacity(node.content.len() + 1);
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            nodes.push(bold_text(title).at(node.place));
        }
        nodes.append(&mut node.content);
        nodes
    }
}

pub(super) fn name_of(kind: &str) -> Sentence {
    match kind {
        "bulletList" | "orderedList" => sentence!("list"),
        "taskList" => sentence!("list of tasks"),
        "decisionList" => sentence!("list of decisions"),
        "codeBlock" => sentence!("block of code"),
        "mediaSingle" => sentence!("picture"),
        "extension" | "bodiedExtension" => sentence!("macro"),
        "heading" => sentence!("heading"),
        "rule" => sentence!("line"),
        "panel" => sentence!("panel"),
        "blockquote" => sentence!("quotation"),
        "expand" | "nestedExpand" => sentence!("section that opens"),
        "table" => sentence!("table"),
        "layoutSection" => sentence!("section in columns"),
        "kept" => sentence!("part of its own kind"),
        _ => sentence!("paragraph"),
    }
}

/// The title of a section that opens.
pub(super) fn title_of(node: &mut Node) -> Option<&mut String> {
    let mut attributes = node.attributes.iter_mut();
    match attributes.find(|(name, _)| *name == "title") {
        Some((_, Value::String(title))) => Some(title),
        _ => None,
    }
}

/// A heading as a paragraph.
pub(super) fn bold_line(heading: Node) -> Node {
    let mut content = heading.content;
    for node in &mut content {
        let has = |name: &str| node.marks.iter().any(|mark| mark.kind == name);
        if node.kind == "text" && !has("code") && !has("strong") {
            node.marks.push(Mark::plain("strong"));
        }
    }
    paragraph_of(content).at(heading.place)
}

/// A list of tasks as a list of entries with boxes.
pub(super) fn without_tasks(list: Node) -> Node {
    let mut entries: Vec<Node> = Vec::new();
    for mut node in list.content {
        if node.kind == "taskList" {
            let inner = without_tasks(node);
            match entries.last_mut() {
                Some(entry) => entry.content.push(inner),
                None => entries.push(Node::holding("listItem", vec![inner])),
            }
            continue;
        }
        let is_done = node.attributes.iter().any(|(_, value)| value == "DONE");
        let mut line = Line::default();
        line.text(sign_of(is_done), &Marks::default());
        line.nodes.append(&mut node.content);
        let paragraph = paragraph_of(line.finish());
        entries.push(Node::holding("listItem", vec![paragraph]));
    }
    Node::holding("bulletList", entries).at(list.place)
}

pub(super) fn sign_of(done: bool) -> &'static str {
    if done { "☑ " } else { "☐ " }
}
