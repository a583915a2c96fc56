//! What a Git host shows of a file, beside the page that publishing makes of it.
//!
//! It is what GitHub documents of its renderer: GitHub-flavored Markdown with alerts, footnotes,
//! emoji, formulas and Mermaid, and front matter as a table. What MkDocs, Docusaurus, `md2conf` and
//! this program add to that are words to a host, and are left as they stand; the readers ask
//! [`Dialect`] where the two part.

use serde_json::{Map, Value};

use super::dialect::Dialect;
use super::document::{
    Alignment, Block, Cell, CellLook, Document, Inline, Place, Placed, Row, TableLook,
};
use super::drawing::DrawingKind;
use super::lower::lower_as;
use super::places::Places;
use super::source_kind::SourceKind;
use super::{front_matter, tree};

/// Front matter in front matter beyond this is text: nobody writes it.
const DEEPEST: usize = 8;

/// Whether a Git host shows more of such a file than its source.
pub fn has_host_look(path: &str) -> bool {
    match SourceKind::of_path(path) {
        SourceKind::Code => DrawingKind::of_path(path) == Some(DrawingKind::Mermaid),
        _ => true,
    }
}

/// Reads Markdown as a host does.
pub(super) fn read_markdown(text: &str) -> Document {
    let (said, rest) = front_matter::of_host(text).unwrap_or_default();
    let masked = tree::mask_as(text, Dialect::Host);
    let (root, _) = tree::grow(&masked, rest);
    let mut document = lower_as(Places::new(text), root, Dialect::Host);
    if !said.is_empty() {
        document.blocks.insert(0, placed(table(said, DEEPEST)));
        document.title = None;
    }
    document
}

/// Puts what a page shows of its front matter above its text, as a host does with all of it.
pub(super) fn show_front_matter(document: &mut Document) {
    let shown = std::mem::take(&mut document.front_matter.shown);
    if !shown.is_empty() {
        let shown = table(shown.into_iter().collect(), DEEPEST);
        document
            .blocks
            .insert(document.below_title(), placed(shown));
    }
}

fn placed(is: Block) -> Placed<Block> {
    let place = Place { line: 1, column: 1 };
    Placed { place, is }
}

/// What front matter says, names above their values.
fn table(said: Map<String, Value>, depth: usize) -> Block {
    let (names, values): (Vec<_>, Vec<_>) = said.into_iter().unzip();
    let cell = |is_head: bool, blocks| Cell {
        is_head,
        alignment: Alignment::None,
        columns: 1,
        rows: 1,
        background: None,
        look: CellLook::default(),
        blocks,
    };
    let heads = names.into_iter().map(|name| cell(true, vec![words(name)]));
    let values = values.into_iter();
    let values = values.map(|value| cell(false, shown(value, depth)));
    Block::Table {
        head: vec![Row {
            cells: heads.collect(),
        }],
        body: vec![Row {
            cells: values.collect(),
        }],
        look: TableLook::default(),
    }
}

/// A value, in a cell.
fn shown(value: Value, depth: usize) -> Vec<Placed<Block>> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![words(text)],
        Value::Array(values) if depth > 0 && !values.is_empty() => {
            let cells = values.into_iter().map(|value| Cell {
                is_head: false,
                alignment: Alignment::None,
                columns: 1,
                rows: 1,
                background: None,
                look: CellLook::default(),
                blocks: shown(value, depth - 1),
            });
            vec![placed(Block::Table {
                head: Vec::new(),
                body: vec![Row {
                    cells: cells.collect(),
                }],
                look: TableLook::default(),
            })]
        }
        Value::Object(said) if depth > 0 && !said.is_empty() => {
            vec![placed(table(said, depth - 1))]
        }
        other => vec![words(other.to_string())],
    }
}

fn words(text: String) -> Placed<Block> {
    placed(Block::Paragraph {
        content: vec![Inline::Text(text)],
        alignment: Alignment::None,
    })
}
