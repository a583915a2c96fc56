//! What stands beside the text of a page, as `mark` has it: `<!-- Sidebar: words -->`.

use super::document::{Block, Document, Place, Placed, put_blocks_at};
use super::markdown::read_beside;

/// Where front matter says it; the comment is told no nearer.
const PLACE: Place = Place { line: 1, column: 1 };

/// Puts the sidebar of a document into a column at the right of its text, as `mark` does. Where the
/// text has columns of its own it stands below them, because no columns stand in a column.
pub(super) fn put_beside(document: &mut Document) {
    let Some(text) = document.front_matter.sidebar.take() else {
        return;
    };
    let mut beside = read_beside(&text);
    put_blocks_at(&mut beside.blocks, PLACE);
    for problem in &mut beside.problems {
        (problem.line, problem.column) = (PLACE.line, PLACE.column);
    }
    for reference in &mut beside.references {
        (reference.line, reference.column) = (PLACE.line, PLACE.column);
    }
    document.problems.append(&mut beside.problems);
    document.references.append(&mut beside.references);
    document.drawings.append(&mut beside.drawings);
    document.anchors.append(&mut beside.anchors);
    document.written_anchors.append(&mut beside.written_anchors);
    if document.blocks.iter().any(has_columns) {
        document.blocks.append(&mut beside.blocks);
        return;
    }
    let text = document.blocks.split_off(document.below_title());
    let columns = [text, beside.blocks].map(|blocks| within("ac:layout-cell", blocks));
    let section = within(
        "ac:layout-section ac:type=\"two_right_sidebar\"",
        columns.into(),
    );
    document.blocks.push(within("ac:layout", vec![section]));
}

/// Whether a block is in columns, or begins some.
fn has_columns(block: &Placed<Block>) -> bool {
    match &block.is {
        Block::Foreign { start, .. } => start.trim_start().starts_with("<ac:layout"),
        Block::Adf { nodes, .. } => nodes.iter().any(|node| node["type"] == "layoutSection"),
        _ => false,
    }
}

/// Blocks in an element of storage format, whose name comes first in its tag.
fn within(tag: &str, blocks: Vec<Placed<Block>>) -> Placed<Block> {
    let name = tag.split(' ').next().unwrap_or(tag);
    let is = Block::Foreign {
        start: format!("<{tag}>"),
        blocks,
        end: format!("</{name}>"),
    };
    Placed { place: PLACE, is }
}
