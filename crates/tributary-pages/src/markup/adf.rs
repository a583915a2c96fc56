//! The parts of a document in the Atlassian Document Format: nodes, styles, lines of text.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::colors::{Colors, hexadecimal};
use super::document::Place;

/// A node that is not yet in its place. Blocks know where they come from in the source.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Node {
    pub(super) kind: &'static str,
    /// In the order of the alphabet, as all keys are, so that a body does not depend on how
    /// `serde_json` keeps the keys of objects.
    pub(super) attributes: Vec<(&'static str, Value)>,
    pub(super) marks: Vec<Value>,
    pub(super) text: String,
    pub(super) content: Vec<Node>,
    /// All of it, for a node that was kept as it stands.
    pub(super) raw: Option<Value>,
    pub(super) place: Place,
    /// Whether a problem tells already that it does not stand where it was written.
    pub(super) told: bool,
}

impl Node {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    pub(super) fn holding(kind: &'static str, content: Vec<Node>) -> Self {
        Self {
            kind,
            content,
            ..Self::default()
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// How many lists are nested in it, itself included.
    pub(super) fn lists(&self) -> usize {
        let own = usize::from(matches!(
            self.kind,
            "bulletList" | "orderedList" | "taskList"
        ));
        own + self.content.iter().map(Node::lists).max().unwrap_or(0)
    }
}

/// Written as it stands, without a tree of values that would be made only to be written.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(raw) = &self.raw {
            return raw.serialize(serializer);
        }
        let mut object = serializer.serialize_map(None)?;
        if !self.attributes.is_empty() {
            object.serialize_entry("attrs", &Attributes(&self.attributes))?;
        }
        if !self.content.is_empty() {
            object.serialize_entry("content", &self.content)?;
        }
        if !self.marks.is_empty() {
            object.serialize_entry("marks", &self.marks)?;
        }
        if !self.text.is_empty() {
            object.serialize_entry("text", &self.text)?;
        }
        object.serialize_entry("type", self.kind)?;
        object.end()
    }
}

/// The attributes of a node, each of another name.
struct Attributes<'n>(&'n [(&'static str, Value)]);

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

pub(super) fn paragraph_of(content: Vec<Node>) -> Node {
    Node::holding("paragraph", content)
}

/// The styles of a piece of text.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub(super) strong: bool,
    pub(super) emphasis: bool,
    pub(super) strike: bool,
    pub(super) underline: bool,
    pub(super) highlighted: bool,
    pub(super) colors: Colors,
    pub(super) code: bool,
    pub(super) script: Option<&'static str>,
    /// Address and title of the link around it.
    pub(super) link: Option<(String, String)>,
    /// The inline comments on it.
    pub(super) comments: Vec<String>,
}

impl Marks {
    /// Whether it has a style that code cannot have.
    pub(super) fn is_styled(&self) -> bool {
        self.strong
            || self.emphasis
            || self.strike
            || self.underline
            || self.highlighted
            || self.colors != Colors::default()
            || self.script.is_some()
    }

    pub(super) fn link(&self) -> Option<Value> {
        let (address, title) = self.link.as_ref()?;
        let attributes = if title.is_empty() {
            json!({ "href": address })
        } else {
            json!({ "href": address, "title": title })
        };
        Some(json!({ "attrs": attributes, "type": "link" }))
    }

    fn values(&self) -> Vec<Value> {
        let mut values: Vec<Value> = self.link().into_iter().collect();
        values.extend(self.comments.iter().map(|id| {
            let attributes = json!({ "annotationType": "inlineComment", "id": id });
            json!({ "attrs": attributes, "type": "annotation" })
        }));
        if self.code {
            values.push(json!({ "type": "code" }));
            return values;
        }
        let plain = [
            (self.emphasis, "em"),
            (self.strong, "strong"),
            (self.strike, "strike"),
            (self.underline, "underline"),
        ];
        for (_, name) in plain.iter().filter(|(is_set, _)| *is_set) {
            values.push(json!({ "type": name }));
        }
        if let Some(script) = self.script {
            values.push(json!({ "attrs": { "type": script }, "type": "subsup" }));
        }
        if let Some(color) = self.colors.text {
            let color = hexadecimal(color);
            values.push(json!({ "attrs": { "color": color }, "type": "textColor" }));
        }
        if let Some(color) = self.colors.behind {
            let color = hexadecimal(color);
            values.push(json!({ "attrs": { "color": color }, "type": "backgroundColor" }));
        } else if self.highlighted {
            values.push(json!({ "attrs": { "color": "#FFF0B3" }, "type": "backgroundColor" }));
        }
        values
    }
}

/// A line of text that is being written. Readers of the format show white space as it is, so it is
/// written as HTML would show it.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) nodes: Vec<Node>,
    /// Whether the last character is no white space, so that a space may follow.
    in_words: bool,
}

impl Line {
    pub(super) fn text(&mut self, text: &str, marks: &Marks) {
        let mut words = String::with_capacity(text.len());
        for letter in text.chars() {
            if !matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                words.push(letter);
                self.in_words = true;
            } else if marks.code {
                words.push(' ');
                self.in_words = true;
            } else if self.in_words {
                words.push(' ');
                self.in_words = false;
            }
        }
        if words.is_empty() {
            return;
        }
        let marks = marks.values();
        match self.nodes.last_mut() {
            Some(last) if last.kind == "text" && last.marks == marks => last.text.push_str(&words),
            _ => self.nodes.push(Node {
                kind: "text",
                marks,
                text: words,
                ..Node::default()
            }),
        }
    }

    pub(super) fn node(&mut self, node: Node) {
        self.in_words |= node.kind != "inlineExtension";
        self.nodes.push(node);
    }

    pub(super) fn line_break(&mut self) {
        self.trim();
        if !self.nodes.is_empty() {
            self.nodes.push(Node::new("hardBreak"));
        }
        self.in_words = false;
    }

    /// Takes the space at the end away.
    fn trim(&mut self) {
        if let Some(last) = self.nodes.last_mut()
            && last.kind == "text"
            && !last.marks.iter().any(|mark| mark["type"] == "code")
        {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            if last.text.is_empty() {
                self.nodes.pop();
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Node> {
        self.trim();
        while self
            .nodes
            .last()
            .is_some_and(|last| last.kind == "hardBreak")
        {
            self.nodes.pop();
            self.trim();
        }
        self.nodes
    }
}

pub(super) fn macro_node(kind: &'static str, name: &str, title: &str, parameters: &Value) -> Node {
    let mut node = Node::new(kind)
        .with("extensionKey", name)
        .with("extensionType", "com.atlassian.confluence.macro.core");
    if kind != "inlineExtension" {
        node = node.with("layout", "default");
    }
    node.with(
        "parameters",
        json!({
            "macroMetadata": { "schemaVersion": { "value": "1" }, "title": title },
            "macroParams": parameters,
        }),
    )
}

pub(super) fn bold_text(text: &str) -> Node {
    let mut line = Line::default();
    let strong = Marks {
        strong: true,
        ..Marks::default()
    };
    line.text(text, &strong);
    paragraph_of(line.finish())
}
