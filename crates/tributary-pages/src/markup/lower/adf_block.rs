//! A block of nodes of the Atlassian Document Format that an author wrote down.

use serde_json::{Value, json};

use super::super::adf_raw::nodes_of;
use super::super::adf_reader::adf_to_storage;
use super::super::document::{Block, Document, Place, Problem, Reference, put_blocks_at};
use super::super::storage_reader::read_storage;
use super::super::vocabulary::KEPT;

/// The block that a text is, with what the page links to in it noted in a document.
pub(super) fn block_of(
    text: String,
    place: Place,
    document: &mut Document,
) -> Result<Block, Problem> {
    let nodes = nodes_of(&text).map_err(|fault| fault.at(place))?;
    let blocks = carried(&nodes).map(|mut read| {
        put_blocks_at(&mut read.blocks, place);
        document
            .references
            .extend(read.references.into_iter().map(|reference| Reference {
                line: place.line,
                column: place.column,
                ..reference
            }));
        read.blocks
    });
    Ok(Block::Adf {
        source: text,
        nodes,
        blocks,
    })
}

/// The nodes in the model; none when it has no form for one of them.
fn carried(nodes: &[Value]) -> Option<Document> {
    let document = json!({ "type": "doc", "version": 1, "content": nodes });
    let storage = adf_to_storage(&document.to_string())?;
    // In an attribute or a text the quotes would be written otherwise.
    let is_kept = storage.contains(&format!("ac:name=\"{KEPT}\""));
    (!is_kept).then(|| read_storage(&storage))
}
