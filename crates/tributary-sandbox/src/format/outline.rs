//! The headings and anchors of a body, found before it is drawn.
//!
//! The table of contents stands before the headings it lists, and a link may point below itself,
//! so both need to know them first.

use std::collections::HashSet;

/// A heading as the table of contents shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) text: String,
    /// The anchor of the current editor: the words joined by hyphens.
    pub(super) id: String,
    /// The anchor of the legacy editor: page title, hyphen, heading, all without spaces.
    pub(super) legacy: String,
}

/// All headings in order, and every anchor a link on the page can reach.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    anchors: HashSet<String>,
    title: String,
}

impl Outline {
    pub(super) fn new(title: &str) -> Self {
        Self {
            title: without_spaces(title),
            ..Self::default()
        }
    }

    pub(super) fn heading(&mut self, level: u8, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = self.unused(&anchor_id(&text));
        let legacy = self.unused(&format!("{}-{}", self.title, without_spaces(&text)));
        self.headings.push(Heading {
            level,
            text,
            id,
            legacy,
        });
    }

    /// An anchor set by hand; its ids, current and legacy.
    pub(super) fn anchor(&mut self, name: &str) {
        let [id, legacy] = self.anchor_ids(name);
        self.anchors.insert(id);
        self.anchors.insert(legacy);
    }

    pub(super) fn anchor_ids(&self, name: &str) -> [String; 2] {
        [
            anchor_id(name),
            format!("{}-{}", self.title, without_spaces(name)),
        ]
    }

    /// Whether a link to this anchor on the same page arrives somewhere.
    pub(super) fn reaches(&self, anchor: &str) -> bool {
        let name = anchor_id(anchor);
        self.anchors.contains(&name)
            || self.anchors.contains(anchor)
            || self
                .anchors
                .contains(&format!("{}-{}", self.title, without_spaces(anchor)))
    }

    fn unused(&mut self, id: &str) -> String {
        // Repeated headings get `.1`, `.2`, … in both editors.
        let mut candidate = id.to_owned();
        let mut number = 0;
        while !self.anchors.insert(candidate.clone()) {
            number += 1;
            candidate = format!("{id}.{number}");
        }
        candidate
    }
}

/// The id a name gets in the page: spaces become hyphens, nothing else changes.
pub(super) fn anchor_id(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

fn without_spaces(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}
