//! The parts of a document in the Atlassian Document Format: nodes, styles, lines of text.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
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
    pub(super) marks: Vec<Mark>,
    pub(super) text: String,
    pub(super) content: Vec<Node>,
    /// All of it, for a node that was kept as it stands.
    pub(super) raw: Option<Box<Value>>,
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

    /// The name of the anchor that it is; none for any other node, other macros of a line included.
    fn anchor(&self) -> Option<&Value> {
        match (self.kind, self.attributes.as_slice()) {
            (ANCHOR, [(_, name)]) => Some(name),
            _ => None,
        }
    }

    /// Whether it is an anchor, be it one that a stored page has as a macro: it shows nothing. Other
    /// macros of a line show something.
    fn is_anchor(&self) -> bool {
        let key = || {
            self.attributes
                .iter()
                .find(|(name, _)| *name == "extensionKey")
        };
        self.anchor().is_some() || key().is_some_and(|(_, key)| key == "anchor")
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

/// What the kind of a node says that links can lead to.
const ANCHOR: &str = "inlineExtension";

/// Written as it stands, without a tree of values that would be made only to be written.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(raw) = &self.raw {
            return raw.serialize(serializer);
        }
        if let Some(name) = self.anchor() {
            return Anchor::named(name).serialize(serializer);
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

/// A style of text, a link or an alignment: its name, and the attributes that it has in the order of
/// the alphabet. A page has as many of these as words that are marked, and a tree of values for each
/// would take more memory than everything else of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub(super) kind: &'static str,
    attributes: Vec<(&'static str, Value)>,
}

impl Mark {
    /// One that is nothing but its name.
    pub(super) fn plain(kind: &'static str) -> Self {
        let attributes = Vec::new();
        Self { kind, attributes }
    }

    pub(super) fn with(kind: &'static str, name: &'static str, value: impl Into<Value>) -> Self {
        let attributes = vec![(name, value.into())];
        Self { kind, attributes }
    }

    pub(super) fn and(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        if !self.attributes.is_empty() {
            object.serialize_entry("attrs", &Attributes(&self.attributes))?;
        }
        object.serialize_entry("type", self.kind)?;
        object.end()
    }
}

/// The macro that stands for an anchor, of which long pages have more than of all others: written
/// without a tree of values, its keys in the order of the alphabet.
#[derive(Serialize)]
struct Anchor<'n> {
    attrs: AnchorAttributes<'n>,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorAttributes<'n> {
    extension_key: &'static str,
    extension_type: &'static str,
    parameters: AnchorParameters<'n>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnchorParameters<'n> {
    macro_metadata: Metadata,
    macro_params: Named<'n>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    schema_version: Said<&'static str>,
    title: &'static str,
}

/// The macro's one parameter, which has no name.
#[derive(Serialize)]
struct Named<'n> {
    #[serde(rename = "")]
    name: Said<&'n Value>,
}

#[derive(Serialize)]
struct Said<T> {
    value: T,
}

impl<'n> Anchor<'n> {
    fn named(name: &'n Value) -> Self {
        let metadata = Metadata {
            schema_version: Said { value: "1" },
            title: "Anchor",
        };
        Self {
            attrs: AnchorAttributes {
                extension_key: "anchor",
                extension_type: MACRO,
                parameters: AnchorParameters {
                    macro_metadata: metadata,
                    macro_params: Named {
                        name: Said { value: name },
                    },
                },
            },
            kind: ANCHOR,
        }
    }
}

/// A place that links can lead to.
pub(super) fn anchor_of(name: String) -> Node {
    Node {
        kind: ANCHOR,
        attributes: vec![("name", name.into())],
        ..Node::default()
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

    pub(super) fn link(&self) -> Option<Mark> {
        let (address, title) = self.link.as_ref()?;
        let link = Mark::with("link", "href", address.as_str());
        Some(match title.as_str() {
            "" => link,
            title => link.and("title", title),
        })
    }

    fn values(&self) -> Vec<Mark> {
        let mut values: Vec<Mark> = self.link().into_iter().collect();
        values.extend(self.comments.iter().map(|id| {
            Mark::with("annotation", "annotationType", "inlineComment").and("id", id.as_str())
        }));
        if self.code {
            values.push(Mark::plain("code"));
            return values;
        }
        let plain = [
            (self.emphasis, "em"),
            (self.strong, "strong"),
            (self.strike, "strike"),
            (self.underline, "underline"),
        ];
        for (_, name) in plain.iter().filter(|(is_set, _)| *is_set) {
            values.push(Mark::plain(name));
        }
        if let Some(script) = self.script {
            values.push(Mark::with("subsup", "type", script));
        }
        if let Some(color) = self.colors.text {
            values.push(Mark::with("textColor", "color", hexadecimal(color)));
        }
        if let Some(color) = self.colors.behind {
            let color = hexadecimal(color);
            values.push(Mark::with("backgroundColor", "color", color));
        } else if self.highlighted {
            values.push(Mark::with("backgroundColor", "color", "#FFF0B3"));
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
        let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc);
        let mut words = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            let length = rest.bytes().position(is_space).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(length);
            words.push_str(word);
            self.in_words |= !word.is_empty();
            // A space of ASCII, of whatever kind, is one byte.
            let Some(behind) = behind.get(1..) else { break };
            if marks.code || self.in_words {
                words.push(' ');
                self.in_words = marks.code;
            }
            rest = behind;
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
        self.in_words |= !node.is_anchor();
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
            && !last.marks.iter().any(|mark| mark.kind == "code")
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

/// What the type of every macro says.
const MACRO: &str = "com.atlassian.confluence.macro.core";

/// A macro that stands on its own lines.
pub(super) fn macro_node(kind: &'static str, name: &str, title: &str, parameters: &Value) -> Node {
    let node = Node::new(kind)
        .with("extensionKey", name)
        .with("extensionType", MACRO)
        .with("layout", "default");
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
