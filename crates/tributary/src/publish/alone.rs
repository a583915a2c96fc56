//! One file as the page it becomes, without reading the other documents of its repository, and as a
//! Git host shows it.

use std::collections::BTreeSet;
use std::iter;
use std::path::Path;

use tributary_pages::markup::{
    Block, Document, DrawingKind, SourceKind, SourceLinks, Surroundings, has_host_look, holds_data,
    read_data,
};
use tributary_pages::plan::{
    self as pages, DrawingSettings, Preview, Shelves, SourceFile, Sources, assets, preview_alone,
    preview_of_host,
};

use crate::error::{Error, ErrorKind};

use super::assets::look_at;
use super::drawings::{draw_each, draw_files};
use super::gather::{Found, Patterns, choose, put_asset, understand};

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
    let mut sources = read_one(path, bytes, files, known, read_more)?;
    look_at_diagrams(&mut sources, known.drawings, read_more);
    let document = document_of(&mut sources, path);
    Ok(document.map(|document| preview_alone(&sources, path, &document, image_address)))
}

/// Renders a file as a Git host shows it: GitHub's look, with nothing that publishing adds. None for
/// a file of which a host shows the source and nothing else. Blocks while pictures are drawn.
///
/// # Errors
/// As [`page_alone`].
pub fn host_look(
    path: &str,
    bytes: Vec<u8>,
    files: impl Iterator<Item = String>,
    image_address: &dyn Fn(&str) -> String,
) -> Result<Option<Preview>, Error> {
    if !has_host_look(path) {
        return Ok(None);
    }
    let known = Known {
        surroundings: &Surroundings::of_host(),
        links: &SourceLinks::default(),
        drawings: &DrawingSettings::default(),
    };
    let mut sources = read_one(path, bytes, files, &known, &mut |_| None)?;
    let document = document_of(&mut sources, path);
    Ok(document.map(|document| preview_of_host(&sources, path, &document, image_address)))
}

/// The paths that a file names, with those that are named by what it takes in: nothing else of the
/// repository changes how it looks. None where it names others by what they are called, which can be
/// anywhere.
pub(crate) fn named_by(
    path: &str,
    bytes: Vec<u8>,
    surroundings: &Surroundings,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Option<BTreeSet<String>> {
    let file = SourceFile {
        path: path.to_owned(),
        bytes,
        links: SourceLinks::default(),
        snippet: None,
    };
    let (documents, _) = pages::read([file], surroundings, &Shelves::default(), read_more);
    pages::named_by(&documents, &[path.to_owned()])
}

/// Reads one file, with the names of the others beside it.
fn read_one(
    path: &str,
    bytes: Vec<u8>,
    files: impl Iterator<Item = String>,
    known: &Known<'_>,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Sources, Error> {
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
    let (sources, _) = understand(
        chosen,
        read,
        known.surroundings,
        &|_, _| known.links.clone(),
        sources,
        known.drawings,
        read_more,
    );
    match sources.unreadable.first() {
        Some(file) => Err(Error::new(ErrorKind::InvalidInput, file.message.clone())),
        None => Ok(sources),
    }
}

/// What the file says: of source that describes no interface its values, or the diagram it is the
/// source of.
fn document_of(sources: &mut Sources, path: &str) -> Option<Document> {
    let document = sources.document(path)?.whole().ok()?;
    if SourceKind::of_path(path) != SourceKind::Code {
        return Some(document);
    }
    let [block] = document.blocks.as_slice() else {
        return Some(document);
    };
    let Block::Code { text, .. } = &block.is else {
        return Some(document);
    };
    let data = read_data(path, text)?;
    // Somebody who looks at a diagram wants to see it, whatever pages have instead.
    let wanted: BTreeSet<(DrawingKind, String)> = data.drawings.iter().cloned().collect();
    sources.drawings = draw_each(wanted, &DrawingSettings::default());
    Some(data)
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
            let looked_at = look_at(&path, bytes.len() as u64, || Ok(&bytes[..]));
            put_asset(sources, &path, looked_at);
        }
    }
    draw_files(sources, settings);
}

/// Whether a file may have a page, as its name says. Others need not be read to learn it.
pub fn has_page(path: &str) -> bool {
    SourceKind::of_path(path) != SourceKind::Code || holds_data(path)
}
