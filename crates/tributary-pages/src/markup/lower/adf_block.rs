//! Nodes of the Atlassian Document Format that an author wrote down, as a block or in a line.

use serde_json::{Value, json};

use super::super::adf_raw::{Why, harmless, nodes_of, paragraph_around};
use super::super::adf_reader::adf_to_storage;
use super::super::document::{
    Block, Document, Inline, Place, Placed, Problem, Reference, put_blocks_at,
};
use super::super::storage_reader::read_storage;
use super::super::vocabulary::KEPT;

/// Problems of a page beyond which it is not said any more what is wrong with each of such texts.
const EXPLAINED: usize = 20;

/// Whether it is said what is wrong with another text of a page.
fn why(document: &Document) -> Why {
    match document.problems.len() < EXPLAINED {
        true => Why::Told,
        false => Why::Untold,
    }
}

/// The block that a text is, with what the page links to in it noted in a document.
pub(super) fn block_of(
    text: String,
    place: Place,
    document: &mut Document,
) -> Result<Block, Problem> {
    let nodes = nodes_of(&text, why(document)).and_then(harmless);
    let nodes = nodes.map_err(|fault| fault.at(place))?;
    let storage = stored(&nodes).filter(|storage| {
        // In an attribute or a text the quotes would be written otherwise.
        !storage.contains(&format!("ac:name=\"{KEPT}\""))
    });
    let blocks = storage.map(|storage| read_at(&storage, place, document));
    Ok(Block::Adf {
        source: text,
        nodes,
        blocks,
    })
}

/// What a text in a line is, which is kept as it stands where the model has no form for it.
pub(super) fn line_of(
    text: &str,
    place: Place,
    document: &mut Document,
) -> Result<Vec<Inline>, Problem> {
    let nodes = paragraph_around(text, why(document)).and_then(harmless);
    let nodes = nodes.map_err(|fault| fault.in_line(place))?;
    let storage = stored(&nodes).unwrap_or_default();
    let blocks = read_at(&storage, place, document).into_iter();
    let lines = blocks.filter_map(|block| match block.is {
        Block::Paragraph { content, .. } => Some(content),
        _ => None,
    });
    Ok(lines.flatten().collect())
}

fn stored(nodes: &[Value]) -> Option<String> {
    let document = json!({ "type": "doc", "version": 1, "content": nodes });
    adf_to_storage(&document.to_string())
}

/// The blocks that were written down at a place, with what they lead to noted in the document.
fn read_at(storage: &str, place: Place, document: &mut Document) -> Vec<Placed<Block>> {
    let mut read = read_storage(storage);
    put_blocks_at(&mut read.blocks, place);
    let references = read.references.into_iter();
    document
        .references
        .extend(references.map(|reference| Reference {
            line: place.line,
            column: place.column,
            ..reference
        }));
    read.blocks
}
