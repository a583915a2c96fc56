//! Sections in columns: `ac:layout` of storage format, and `layoutSection` of the Atlassian Document
//! Format.
//!
//! One names the kind of a section, the other the width of each column. A section whose columns
//! have other widths than those of a kind is no section of storage format.

use serde_json::{Number, Value};

use super::document::{Block, Place, Placed};
use super::storage_tree::grow;

/// The kinds of sections, with the width of each column in hundredths of a percent.
const KINDS: [(&str, &[u32]); 8] = [
    (SINGLE, &[10000]),
    ("two_equal", &[5000, 5000]),
    ("two_left_sidebar", &[3333, 6666]),
    ("two_right_sidebar", &[6666, 3333]),
    ("three_equal", &[3333, 3333, 3333]),
    ("three_with_sidebars", &[2500, 5000, 2500]),
    ("three_left_sidebars", &[2500, 2500, 5000]),
    ("three_right_sidebars", &[5000, 2500, 2500]),
];

/// The kind that has one column. The schema of ADF has two and three, as its editor draws them.
const SINGLE: &str = "single";

/// A width in percent, without a fraction where it has none.
fn percent(hundredths: u32) -> Option<Number> {
    if hundredths.is_multiple_of(100) {
        return Some((hundredths / 100).into());
    }
    Number::from_f64(f64::from(hundredths) / 100.0)
}

/// A section of a page, and the blocks in each of its columns.
#[derive(Debug, Default)]
pub(super) struct Section<'d> {
    kind: String,
    /// Where it begins, where that is known.
    pub(super) place: Option<Place>,
    /// How far it reaches beyond the text, and how far in pixels.
    pub(super) breakout: Option<(String, Option<Number>)>,
    pub(super) columns: Vec<Vec<&'d Placed<Block>>>,
}

impl Section<'_> {
    /// The width of each column; none where the format has no such section.
    pub(super) fn widths(&self) -> Option<Vec<Number>> {
        let count = self.columns.len();
        let fits = |kind: &str, widths: &[u32]| kind != SINGLE && widths.len() == count;
        let known = KINDS.iter().filter(|(kind, widths)| fits(kind, widths));
        let (_, widths) = known
            .clone()
            .find(|(kind, _)| *kind == self.kind)
            .or_else(|| known.clone().next())?;
        widths.iter().map(|width| percent(*width)).collect()
    }
}

/// The sections that a part of a stored page is; none when it is anything else, too.
pub(super) fn sections_of<'d>(
    start: &str,
    blocks: &'d [Placed<Block>],
    end: &str,
) -> Option<Vec<Section<'d>>> {
    if !begins(start) {
        return None;
    }
    let mut layout = Layout::default();
    layout.walk(start, blocks, end)?;
    (!layout.in_section && !layout.sections.is_empty()).then_some(layout.sections)
}

/// Whether a part of a stored page begins sections.
fn begins(start: &str) -> bool {
    start.trim_start().starts_with("<ac:layout")
}

#[derive(Default)]
struct Layout<'d> {
    sections: Vec<Section<'d>>,
    /// Where the part begins that is gone through.
    place: Option<Place>,
    in_section: bool,
    in_column: bool,
}

impl<'d> Layout<'d> {
    fn walk(&mut self, start: &str, blocks: &'d [Placed<Block>], end: &str) -> Option<()> {
        self.tags(start)?;
        for block in blocks {
            match &block.is {
                Block::Foreign { start, blocks, end } if begins(start) => {
                    self.place = Some(block.place);
                    self.walk(start, blocks, end)?;
                }
                _ => self
                    .sections
                    .last_mut()
                    .filter(|_| self.in_column)?
                    .columns
                    .last_mut()?
                    .push(block),
            }
        }
        self.tags(end)
    }

    /// Follows tags that nothing but white space stands between.
    fn tags(&mut self, mut fragment: &str) -> Option<()> {
        loop {
            fragment = fragment.trim_start();
            if fragment.is_empty() {
                return Some(());
            }
            let (tag, rest) = fragment.split_at(fragment.find('>')? + 1);
            fragment = rest;
            let name = tag
                .trim_start_matches(['<', '/'])
                .split([' ', '\t', '\n', '\r', '/', '>'])
                .next()?;
            if !tag.starts_with("</") {
                self.open(name, tag)?;
            }
            if tag.starts_with("</") || tag.ends_with("/>") {
                self.close(name)?;
            }
        }
    }

    fn open(&mut self, name: &str, tag: &str) -> Option<()> {
        match name {
            "ac:layout" if !self.in_section => {}
            "ac:layout-section" if !self.in_section => {
                let whole = match tag.ends_with("/>") {
                    true => tag.to_owned(),
                    false => format!("{tag}</{name}>"),
                };
                let tree = grow(&whole);
                let id = *tree.elements(0)?.first()?;
                let mode = tree.attribute(id, "ac:breakout-mode");
                let mode = mode.filter(|mode| matches!(*mode, "wide" | "full-width"));
                let width = tree.attribute(id, "ac:breakout-width");
                let width = width.and_then(|width| width.parse().ok());
                self.in_section = true;
                self.sections.push(Section {
                    kind: tree.attribute(id, "ac:type").unwrap_or_default().to_owned(),
                    place: self.place,
                    breakout: mode.map(|mode| (mode.to_owned(), width)),
                    columns: Vec::new(),
                });
            }
            "ac:layout-cell" if self.in_section && !self.in_column => {
                self.in_column = true;
                self.sections.last_mut()?.columns.push(Vec::new());
            }
            _ => return None,
        }
        Some(())
    }

    fn close(&mut self, name: &str) -> Option<()> {
        match name {
            "ac:layout" if !self.in_section => {}
            "ac:layout-section" if self.in_section && !self.in_column => self.in_section = false,
            "ac:layout-cell" if self.in_column => self.in_column = false,
            _ => return None,
        }
        Some(())
    }
}

/// What storage format says of a section that ADF has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) kind: &'static str,
    pub(super) breakout_mode: Option<String>,
    pub(super) breakout_width: Option<String>,
}

/// What storage format says of a node; none when it is no section, or has what storage format has
/// no word for.
pub(super) fn stored(node: &Value) -> Option<Stored> {
    if node["type"] != "layoutSection" {
        return None;
    }
    let columns = node["content"].as_array()?;
    let mut widths = Vec::with_capacity(columns.len());
    for column in columns {
        let attributes = column["attrs"].as_object()?;
        let mut names = attributes.keys().map(String::as_str);
        if column["type"] != "layoutColumn"
            || !names.all(|name| matches!(name, "width" | "localId"))
        {
            return None;
        }
        widths.push(attributes.get("width")?.as_f64()?);
    }
    let fits = |known: &[u32]| {
        known.len() == widths.len()
            && known.iter().zip(&widths).all(|(known, width)| {
                // A third is written with more digits or fewer.
                (f64::from(*known) / 100.0 - width).abs() < 0.5
            })
    };
    let (kind, _) = KINDS.iter().find(|(_, known)| fits(known))?;
    let mut stored = Stored {
        kind,
        breakout_mode: None,
        breakout_width: None,
    };
    for mark in node["marks"].as_array().into_iter().flatten() {
        if mark["type"] != "breakout" {
            return None;
        }
        stored.breakout_mode = mark["attrs"]["mode"].as_str().map(str::to_owned);
        stored.breakout_width = mark["attrs"]["width"]
            .as_f64()
            .map(|width| width.to_string());
    }
    Some(stored)
}

/// Whether a node that is written as it stands may stand in a column.
pub(super) fn holds(kind: &str) -> bool {
    matches!(
        kind,
        "blockCard"
            | "paragraph"
            | "mediaSingle"
            | "codeBlock"
            | "taskList"
            | "bulletList"
            | "orderedList"
            | "heading"
            | "mediaGroup"
            | "decisionList"
            | "rule"
            | "panel"
            | "blockquote"
            | "extension"
            | "embedCard"
            | "table"
            | "expand"
            | "bodiedExtension"
    )
}
