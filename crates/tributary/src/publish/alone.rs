//! One file as the page it becomes, without reading the other documents of its repository.

use std::collections::BTreeSet;
use std::iter;
use std::path::Path;

use tributary_pages::markup::{
    Block, DrawingKind, SourceKind, SourceLinks, Surroundings, holds_data, read_data,
};
use tributary_pages::plan::{DrawingSettings, Preview, Sources, assets, preview_alone};

use crate::error::{Error, ErrorKind};

use super::drawings::{draw_each, draw_files};
use super::gather::{Found, Patterns, choose, look_at, put_asset, understand};

/// What is known of a file besides its bytes.
#[derive(Debug)]
pub struct Known<'a> {
    /// What is known of its repository.
    pub surroundings: &'a Surroundings,
    /// Where it is in a browser.
    pub links: &'a SourceLinks,
    /// What becomes of diagrams and formulas.
    pub drawings: &'a DrawingSettings,
}

/// Renders a file: a document as Confluence will show it, values as a tree, a diagram as its
/// picture. None for a file that is source and nothing else. Blocks while pictures are drawn.
///
/// `files` are the paths of all files of the repository, `read_more` reads those that the file takes
/// in, and `image_address` makes the address under which a picture of the repository is shown.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it is no text, or too large for a page.
pub fn page_alone(
    path: &str,
    bytes: Vec<u8>,
    files: impl Iterator<Item = String>,
    known: &Known<'_>,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    image_address: &dyn Fn(&str) -> String,
) -> Result<Option<Preview>, Error> {
    if !has_page(path) {
        return Ok(None);
    }
    let found = files.map(|path| Found {
        path,
        size: 0,
        unusable: None,
    });
    let all = Patterns::new(Path::new(""), &[], &[])?;
    let selected = vec![path.to_owned()];
    // Links lead to files here, not to where a host shows them.
    let chosen = choose(found, iter::empty(), &selected, &all, &|_| None);
    let sources = Sources {
        selected,
        ..Sources::default()
    };
    let read = vec![(path.to_owned(), Ok(bytes))];
    let (mut sources, _) = understand(
        chosen,
        read,
        known.surroundings,
        &|_, _| known.links.clone(),
        sources,
        known.drawings,
        read_more,
    );
    if let Some(file) = sources.unreadable.first() {
        return Err(Error::new(ErrorKind::InvalidInput, file.message.clone()));
    }
    look_at_diagrams(&mut sources, known.drawings, read_more);
    let Some(source) = sources.document(path) else {
        return Ok(None);
    };
    let mut document = source.whole();
    if SourceKind::of_path(path) == SourceKind::Code
        && let [block] = document.blocks.as_slice()
        && let Block::Code { text, .. } = &block.is
    {
        // Source that describes no interface: its values, or the picture it is the source of.
        let Some(data) = read_data(path, text) else {
            return Ok(None);
        };
        document = data;
        // Somebody who looks at a diagram wants to see it, whatever pages have instead.
        let wanted: BTreeSet<(DrawingKind, String)> = document.drawings.iter().cloned().collect();
        sources.drawings = draw_each(wanted, &DrawingSettings::default());
    }
    Ok(Some(preview_alone(
        &sources,
        path,
        &document,
        image_address,
    )))
}

/// Draws the diagrams in files of their own that the file shows as pictures.
fn look_at_diagrams(
    sources: &mut Sources,
    settings: &DrawingSettings,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) {
    for path in assets(sources) {
        if DrawingKind::of_path(&path).is_some()
            && let Some(bytes) = read_more(&path)
        {
            let looked_at = look_at(&path, bytes.len() as u64, || Ok(bytes));
            put_asset(sources, &path, looked_at);
        }
    }
    draw_files(sources, settings);
}

/// Whether a file may have a page, as its name says. Others need not be read to learn it.
pub fn has_page(path: &str) -> bool {
    SourceKind::of_path(path) != SourceKind::Code || holds_data(path)
}
