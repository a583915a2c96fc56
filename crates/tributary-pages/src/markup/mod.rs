//! Source files become documents, documents become bodies.
//!
//! In reading order:
//!
//! - [`Document`]: the model that every reader makes and every writer takes.
//! - [`read_source`]: a file, as what its name says it is ([`SourceKind`]).
//! - [`read_data`]: a file that becomes no page, as a tree of its values or as its diagram.
//! - [`read_markdown`]: GitHub-flavored Markdown with the HTML that such files contain.
//! - [`read_storage`]: Confluence's storage format, whoever wrote it.
//! - [`write_storage`], [`write_adf`], [`write_markdown`], [`write_html`]: Confluence's storage
//!   format, the Atlassian Document Format, Markdown, and the preview.
//! - [`fill_adf`], [`unfill_adf`]: put the addresses and ids that only Confluence knows into a
//!   body, and take them out.
//! - [`adf_to_storage`], [`storage_to_adf`]: one of Confluence's two formats as the other.
//! - [`storage_text`]: what a reader sees of a stored page, for differences.
//! - [`carry_comments`]: inline comments keep their place when a body is replaced.
//! - [`merge_storage`]: two changes of one page become one page, or the places they disagree on.
//!
//! Reading and writing never fail. What cannot be kept in form is kept as text, and a [`Problem`]
//! tells the line and column.

mod adf;
mod adf_foreign;
mod adf_layout;
mod adf_places;
mod adf_raw;
mod adf_reader;
mod adf_stored;
mod adf_unfilled;
mod adf_writer;
mod asciidoc;
mod colors;
mod comments;
mod content;
mod data;
mod days;
mod dialect;
mod document;
mod drawing;
mod drawn;
mod emoticons;
mod extended;
mod foreign;
mod formats;
mod front_matter;
mod generators;
mod host;
mod html_around;
mod html_tags;
mod html_writer;
mod includes;
mod inline_notes;
mod languages;
mod lower;
mod mark_macros;
mod markdown;
mod markdown_inline;
mod markdown_writer;
mod marks;
mod mdx;
mod merge;
mod node;
mod notebook;
mod obsidian;
mod openapi;
mod parts;

pub(crate) mod paths;
mod places;
mod plain;
mod restrictions;
mod running;
mod safe;
mod short_forms;
mod sidebar;
mod sketch;
mod slug;
mod snippet;
mod source_kind;
mod storage_reader;
mod storage_text;
mod storage_tree;
mod storage_writer;
mod stored_links;
mod stored_pictures;
mod surroundings;
mod targets;
mod template;
mod title;
mod tree;
mod tree_text;
mod vocabulary;
mod writing;
mod xml;

use markdown::read_markdown_in;
use source_kind::ending;
use template::{Names, frame};

pub use adf_reader::adf_to_storage;
pub use adf_unfilled::{
    ADF_UNFILLED, AttachedFile, fill_adf, pages_wanted, unfill_adf, without_unfilled,
};
pub use adf_writer::{storage_to_adf, write_adf};
pub use comments::{Carried, carry_comments};
pub use data::{holds_data, read_data};
pub use dialect::HostLook;
pub use document::{
    Alignment, Block, Cell, CellLook, Definition, Document, Footnote, FrontMatter, Inline, Item,
    Layout, PageKind, PanelKind, PictureSide, Place, Placed, Problem, Reference, ReferenceKind,
    Row, Severity, Style, TableLook,
};
pub(crate) use document::{each_line, each_placed_block, each_placed_line, size_behind, size_of};
pub use drawing::{Drawing, DrawingKind, DrawingPicture, drawing_name};
pub(crate) use drawn::{simplified, simplified_in_block};
pub use formats::{BodyFormat, Editor, Flavor};
pub use host::has_host_look;
pub use html_writer::write_html;
pub use markdown::read_markdown;
pub use markdown_writer::{write_markdown, write_markdown_of_page};
pub use merge::{Disagreement, Merged, merge_storage};
pub use restrictions::{Access, Restrictions};
pub use slug::heading_anchor;
pub use snippet::Snippet;
pub(crate) use snippet::digest_of;
pub use source_kind::{SourceKind, is_page};
pub use storage_reader::{AdfPage, read_storage, read_to_rewrite, read_to_rewrite_as_adf};
pub use storage_text::storage_text;
pub use storage_writer::write_storage;
pub use stored_links::{StoredLink, StoredLinks, stored_links};
pub use stored_pictures::StoredPictures;
pub use surroundings::{PageTemplate, RepositoryFacts, SourceLinks, Surroundings};
pub use targets::{StoredTargets, page_of_target};
pub use writing::{
    AdfOptions, Body, HtmlOptions, ImageTarget, LinkTarget, Resolve, StorageOptions,
};

/// Reads a file as what its name says it is. Every text is a document. What it takes in from other
/// files of the repository is looked for in its surroundings; what it does not find there, the
/// document tells ([`Document::wanted`]).
pub fn read_source(path: &str, text: &str, surroundings: &Surroundings) -> Document {
    let mut document = match &surroundings.snippet {
        Some(snippet) => plain::read_lines(snippet, text, surroundings),
        None => read_alone(path, text, surroundings),
    };
    if !surroundings.is_of_host() {
        includes::take_into_pictures(path, &mut document, surroundings);
        sidebar::put_beside(&mut document);
    }
    frame::fill_title(&mut document, path, surroundings);
    frame::frame(&mut document, path, surroundings);
    document
}

/// Reads a file without what stands above and below every page.
fn read_alone(path: &str, text: &str, surroundings: &Surroundings) -> Document {
    let mut document = match SourceKind::of_path(path) {
        SourceKind::Markdown => return read_markdown_in(path, text, surroundings, Names::InText),
        SourceKind::AsciiDoc => return asciidoc::read(path, text, surroundings),
        SourceKind::Notebook => return notebook::read(path, text, surroundings),
        SourceKind::Values => {
            let is_tabbed = ending(path).as_deref() == Some("tsv");
            plain::read_values(text, if is_tabbed { b'\t' } else { b',' })
        }
        SourceKind::Code => {
            let ending = ending(path);
            let may_describe = matches!(ending.as_deref(), Some("yaml" | "yml" | "json"));
            let described = may_describe
                .then(|| openapi::read(path, text, surroundings))
                .flatten();
            match described {
                Some(document) => return document,
                None => plain::read_code(text, ending.as_deref()),
            }
        }
    };
    // Its name is how people speak of it.
    let name = path.rsplit('/').next().unwrap_or(path);
    document.front_matter.title = Some(name.to_owned());
    document
}
