//! Where the nodes of a document in the Atlassian Document Format stand in its JSON, and what of them
//! has no form where it is read to.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::document::{Place, Problem, Severity};
use super::places::Places;
use super::places::more;

/// What is noted of a document while it is read.
#[derive(Default)]
pub(super) struct Trace {
    /// Where each node begins, by its address in memory: a document is not changed while it is read.
    places: HashMap<*const Value, usize>,
    /// Where the node that is being read begins.
    at: usize,
    /// Where nodes begin, by the offset at which they are written.
    written: Vec<(usize, usize)>,
    /// Which attribute or mark of which kind of node has no form, and where.
    lost: Vec<(String, String, usize)>,
    /// How many of them there were before the node that is being read.
    before: usize,
}

impl Trace {
    /// One for a document, with the text that it was read of.
    pub(super) fn of(document: &Value, text: &str) -> Self {
        let mut trace = Self::default();
        let mut scan = Scan {
            text,
            at: 0,
            places: &mut trace.places,
        };
        scan.value(Some(document));
        trace
    }

    /// Notes that a node is written at an offset, and what of it has no form.
    pub(super) fn enter(&mut self, node: &Value, offset: usize) {
        if let Some(at) = self.places.get(&std::ptr::from_ref(node)) {
            self.at = *at;
            self.written.push((offset, *at));
        }
        self.before = self.lost.len();
        let kind = node["type"].as_str().unwrap_or_default();
        let Some((attributes, marks)) = forms_of(kind) else {
            return;
        };
        for (name, value) in node["attrs"].as_object().into_iter().flatten() {
            if !attributes.contains(&name.as_str()) && !says_nothing(name, value) {
                self.lose(kind, name);
            }
        }
        for mark in node["marks"].as_array().into_iter().flatten() {
            let name = mark["type"].as_str().unwrap_or_default();
            if !marks.contains(&name) {
                self.lose(kind, name);
            }
        }
    }

    /// Notes that something of the node that is being read has no form.
    pub(super) fn lose(&mut self, kind: &str, name: &str) {
        self.lost.push((kind.to_owned(), name.to_owned(), self.at));
    }

    /// The node that is being read is kept as it stands, with all of its attributes.
    pub(super) fn keep(&mut self) {
        self.lost.truncate(self.before);
    }

    /// Where each part of what was written comes from, and what has no form in it.
    pub(super) fn finish(self, text: &str) -> (Vec<(usize, Place)>, Vec<Problem>) {
        let places = Places::new(text);
        let written = self.written.into_iter();
        let written = written.map(|(offset, at)| (offset, places.of(at)));
        let written = written.collect();
        let mut lost: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
        for (kind, name, at) in self.lost {
            lost.entry((kind, name)).or_insert((at, 0)).1 += 1;
        }
        let problems = lost.into_iter().map(|((kind, name), (at, count))| {
            let place = places.of(at);
            Problem {
                severity: Severity::Warning,
                code: "storage.detail_lost",
                message: sentence!(
                    "`{name}` of {owner} has no form here{more}",
                    name,
                    owner = format!("`{kind}`"),
                    more = more(count)
                ),
                line: place.line,
                column: place.column,
            }
        });
        (written, problems.collect())
    }
}

/// The attributes and marks of a kind of node that have a form in storage format; none for kinds that
/// are kept as they stand.
fn forms_of(kind: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match kind {
        "paragraph" => (&[], &["alignment", "fontSize"]),
        "heading" => (&["level"], &["alignment"]),
        "orderedList" => (&["order"], &[]),
        "bulletList" | "listItem" | "blockquote" | "rule" | "tableRow" | "taskList"
        | "decisionList" | "caption" => (&[], &[]),
        "hardBreak" => (&["text"], &[]),
        "layoutSection" => (&[], &["breakout"]),
        "layoutColumn" => (&["width"], &[]),
        "taskItem" | "blockTaskItem" | "decisionItem" => (&["state"], &[]),
        "panel" => (
            &[
                "panelType",
                "panelColor",
                "panelIcon",
                "panelIconId",
                "panelIconText",
            ],
            &[],
        ),
        "expand" | "nestedExpand" => (&["title"], &[]),
        "codeBlock" => (&["language"], &[]),
        "table" => (
            &["layout", "width", "displayMode", "isNumberColumnEnabled"],
            &[],
        ),
        "tableCell" | "tableHeader" => (
            &["colspan", "rowspan", "background", "colwidth", "valign"],
            &[],
        ),
        "mediaSingle" => (&["layout", "width", "widthType"], &["link"]),
        "media" | "mediaInline" => (
            &["alt", "url", "type", "id", "collection", "width", "height"],
            &["link", "border"],
        ),
        "extension" | "bodiedExtension" | "inlineExtension" => {
            (&["extensionKey", "extensionType", "parameters"], &[])
        }
        "status" => (&["text", "color"], &[]),
        "date" => (&["timestamp"], &[]),
        // Confluence knows their name by their id.
        "mention" => (&["id", "text", "accessLevel"], &["annotation"]),
        "emoji" => (&["id", "shortName", "text"], &["annotation"]),
        "inlineCard" => (&["url"], &["annotation"]),
        "text" => (
            &[],
            &[
                "link",
                "annotation",
                "em",
                "strong",
                "strike",
                "underline",
                "subsup",
                "code",
                "textColor",
                "backgroundColor",
            ],
        ),
        _ => return None,
    })
}

/// Whether an attribute is one with which Confluence keeps its books, or says what is so anyway.
fn says_nothing(name: &str, value: &Value) -> bool {
    let is_book =
        matches!(name, "localId" | "uniqueId" | "occurrenceKey") || name.starts_with("__");
    let is_plain = match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(word) => matches!(
            (name, word.as_str()),
            (_, "") | ("layout" | "userType", "default" | "DEFAULT") | ("valign", "top")
        ),
        _ => false,
    };
    is_book || is_plain
}

/// A text in JSON, gone through beside the value that was read of it.
struct Scan<'t, 'p> {
    text: &'t str,
    at: usize,
    places: &'p mut HashMap<*const Value, usize>,
}

impl<'t> Scan<'t, '_> {
    fn next(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn value(&mut self, value: Option<&Value>) {
        match self.next() {
            Some(b'{') => self.object(value),
            Some(b'[') => self.array(value),
            Some(b'"') => {
                self.string();
            }
            Some(_) => {
                let rest = &self.text[self.at..];
                let ends = |letter: char| ",]}".contains(letter) || letter.is_whitespace();
                self.at += rest.find(ends).unwrap_or(rest.len()).max(1);
            }
            None => {}
        }
    }

    fn object(&mut self, value: Option<&Value>) {
        if let Some(value) = value {
            self.places.insert(std::ptr::from_ref(value), self.at);
        }
        self.at += 1;
        loop {
            match self.next() {
                Some(b'"') => {
                    let key = self.string();
                    if self.next() == Some(b':') {
                        self.at += 1;
                    }
                    self.value(value.and_then(|value| value.get(key)));
                }
                Some(b',') => self.at += 1,
                Some(b'}') | None => break,
                Some(_) => return,
            }
        }
        self.at += 1;
    }

    fn array(&mut self, value: Option<&Value>) {
        self.at += 1;
        let mut index = 0;
        loop {
            match self.next() {
                Some(b',') => self.at += 1,
                Some(b']') | None => break,
                Some(_) => {
                    self.value(value.and_then(|value| value.get(index)));
                    index += 1;
                }
            }
        }
        self.at += 1;
    }

    /// The text between two quotes, as it is written: the names that nodes have need no escapes.
    fn string(&mut self) -> &'t str {
        let from = self.at + 1;
        let text = self.text;
        let bytes = text.as_bytes();
        let mut to = from;
        while let Some(byte) = bytes.get(to) {
            match byte {
                b'"' => break,
                b'\\' => to += 2,
                _ => to += 1,
            }
        }
        let to = to.min(bytes.len());
        self.at = to + 1;
        text.get(from..to).unwrap_or_default()
    }
}
