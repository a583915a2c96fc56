//! One file as the page it becomes, without reading the other documents of its repository, and as a
//! Git host shows it.

use std::collections::BTreeSet;
use std::iter;
use std::path::Path;

use tributary_pages::markup::{
    Block, Document, Drawing, DrawingKind, HostLook, SourceKind, SourceLinks, Surroundings,
    has_host_look, holds_data, read_data,
};
use tributary_pages::plan::{
    self as pages, DrawingSettings, Preview, Shelves, SourceDocument, SourceFile, Sources,
    Unreadable, assets, preview_alone, preview_of_host,
};

use crate::error::{Error, ErrorKind};

use super::assets::look_at;
use super::drawings::{draw_each, draw_files};
use super::gather::{Found, LARGEST_DOCUMENT, Patterns, choose, put_asset, understood};

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
    let files: BTreeSet<String> = files.collect();
    let reading = Reading::of(path, bytes, known, &mut |path| {
        files.contains(path).then(|| read_more(path)).flatten()
    });
    let files = files.into_iter();
    page_of_reading(path, reading, files, known, read_more, image_address)
}

/// The same of a file that was read before.
pub(crate) fn page_of_reading(
    path: &str,
    reading: Reading,
    files: impl Iterator<Item = String>,
    known: &Known<'_>,
    read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    image_address: &dyn Fn(&str) -> String,
) -> Result<Option<Preview>, Error> {
    let mut sources = sources_of(path, reading, files, known.drawings, read_more)?;
    look_at_diagrams(&mut sources, known.drawings, read_more);
    let document = document_of(&mut sources, path, known.drawings.server.clone());
    Ok(document.map(|document| preview_alone(&sources, path, &document, image_address)))
}

/// Renders a file as a Git host shows it: GitHub's look with what is known of another host, and nothing
/// that publishing adds. None for a file of which a host shows the source and nothing else. Blocks
/// while pictures are drawn.
///
/// # Errors
/// As [`page_alone`].
pub fn host_look(
    path: &str,
    bytes: Vec<u8>,
    files: impl Iterator<Item = String>,
    look: HostLook,
    image_address: &dyn Fn(&str) -> String,
) -> Result<Option<Preview>, Error> {
    if !has_host_look(path) {
        return Ok(None);
    }
    let reading = Reading::for_host_look(path, bytes, look);
    host_look_of_reading(path, reading, files, image_address)
}

/// The same of a file that was read before.
pub(crate) fn host_look_of_reading(
    path: &str,
    reading: Reading,
    files: impl Iterator<Item = String>,
    image_address: &dyn Fn(&str) -> String,
) -> Result<Option<Preview>, Error> {
    let drawings = DrawingSettings::default();
    let mut sources = sources_of(path, reading, files, &drawings, &mut |_| None)?;
    let document = document_of(&mut sources, path, None);
    Ok(document.map(|document| preview_of_host(&sources, path, &document, image_address)))
}

/// A file that was read, with those that it takes in. Nobody knows yet what else there is.
#[derive(Debug)]
pub(crate) struct Reading {
    path: String,
    documents: Vec<SourceDocument>,
    unreadable: Vec<Unreadable>,
    /// What it wanted to take in and did not get.
    lacks: BTreeSet<String>,
}

impl Reading {
    /// Reads a file as the page it becomes.
    pub(crate) fn of(
        path: &str,
        bytes: Vec<u8>,
        known: &Known<'_>,
        read_more: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    ) -> Self {
        tracing::debug!(path, "a file is read to be shown as a page");
        let mut reading = Self {
            path: path.to_owned(),
            documents: Vec::new(),
            unreadable: Vec::new(),
            lacks: BTreeSet::new(),
        };
        if bytes.len() as u64 > LARGEST_DOCUMENT {
            let size = bytes.len() as u64;
            reading.unreadable.push(pages::too_large(path, size));
            return reading;
        }
        let file = SourceFile {
            path: path.to_owned(),
            bytes,
            links: known.links.clone(),
            snippet: None,
        };
        let shelves = Shelves::default();
        let lacks = &mut reading.lacks;
        let read = pages::read([file], known.surroundings, &shelves, &mut |path| {
            let found = read_more(path);
            if found.is_none() {
                lacks.insert(path.to_owned());
            }
            found
        });
        (reading.documents, reading.unreadable) = read;
        reading
    }

    /// Reads a file as a Git host shows it, where nothing is taken in.
    pub(crate) fn for_host_look(path: &str, bytes: Vec<u8>, look: HostLook) -> Self {
        let known = Known {
            surroundings: &Surroundings::of_host(look),
            links: &SourceLinks::default(),
            drawings: &DrawingSettings::default(),
        };
        let mut reading = Self::of(path, bytes, &known, &mut |_| None);
        reading.lacks.clear();
        reading
    }

    /// The paths that it names, with those that are named by what it takes in: nothing else of the
    /// repository changes how it looks. None where it names others by what they are called, which can
    /// be anywhere.
    pub(crate) fn names(&self) -> Option<BTreeSet<String>> {
        pages::named_by(&self.documents, std::slice::from_ref(&self.path))
    }

    /// Whether it would be read otherwise where these files are known.
    pub(crate) fn lacks_one_of(&self, mut files: impl Iterator<Item = impl AsRef<str>>) -> bool {
        !self.lacks.is_empty() && files.any(|file| self.lacks.contains(file.as_ref()))
    }
}

/// A file that was read, with the names of the others beside it.
fn sources_of(
    path: &str,
    reading: Reading,
    files: impl Iterator<Item = String>,
    drawings: &DrawingSettings,
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
    let read = (reading.documents, reading.unreadable);
    let (sources, _) = understood(chosen, read, sources, drawings, read_more);
    match sources.unreadable.first() {
        Some(file) => Err(Error::new(ErrorKind::InvalidInput, file.message.clone())),
        None => Ok(sources),
    }
}

/// What the file says: of source that describes no interface its values, or the diagram it is the
/// source of, which the `server` of somebody's own may draw.
fn document_of(sources: &mut Sources, path: &str, server: Option<String>) -> Option<Document> {
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
    let settings = DrawingSettings {
        server,
        ..DrawingSettings::default()
    };
    sources.drawings = draw_each(wanted, &settings);
    // In a language that nobody draws it is source and nothing else.
    let is_left = |drawing: &(DrawingKind, String)| {
        let drawn = sources.drawings.get(drawing);
        matches!(drawing.0, DrawingKind::Other(_)) && matches!(drawn, None | Some(Drawing::Source))
    };
    (!data.drawings.iter().any(is_left)).then_some(data)
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
