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
mod extended;
mod foreign;
mod front_matter;
mod generators;
mod host;
mod html_tags;
mod html_writer;
mod includes;
mod languages;
mod lower;
mod mark_macros;
mod markdown_inline;
mod markdown_writer;
mod marks;
mod mdx;
mod merge;
mod notebook;
mod openapi;
mod parts;

pub(crate) mod paths;
mod places;
mod plain;
mod restrictions;
mod safe;
mod short_forms;
mod sketch;
mod slug;
mod snippet;
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
mod xml;

use std::borrow::Cow;
use std::collections::BTreeSet;

use dialect::Dialect;
use parts::Plain;
use places::Places;
use template::Names;

use crate::Sentence;

pub use adf_reader::adf_to_storage;
pub use adf_unfilled::{
    ADF_UNFILLED, AttachedFile, fill_adf, pages_wanted, unfill_adf, without_unfilled,
};
pub use adf_writer::{storage_to_adf, write_adf};
pub use comments::{Carried, carry_comments};
pub use data::{holds_data, read_data};
pub use document::{
    Alignment, Block, Cell, Definition, Document, Footnote, FrontMatter, Inline, Item, Layout,
    PageKind, PanelKind, PictureSide, Place, Placed, Problem, Reference, ReferenceKind, Row,
    Severity, Style, TableLook,
};
pub(crate) use document::{each_line, size_behind, size_of};
pub(crate) use drawing::simplified;
pub use drawing::{Drawing, DrawingKind, DrawingPicture, drawing_name};
pub use host::has_host_look;
pub use html_writer::write_html;
pub use markdown_writer::write_markdown;
pub use merge::{Disagreement, Merged, merge_storage};
pub use restrictions::{Access, Restrictions};
pub use slug::heading_anchor;
pub use snippet::Snippet;
pub(crate) use snippet::digest_of;
pub use storage_reader::{AdfPage, read_storage, read_to_rewrite, read_to_rewrite_as_adf};
pub use storage_text::storage_text;
pub use storage_writer::write_storage;
pub use stored_links::{StoredLink, StoredLinks, stored_links};
pub use stored_pictures::StoredPictures;
pub use surroundings::{PageTemplate, RepositoryFacts, SourceLinks, Surroundings};
pub use targets::{StoredTargets, page_of_target};

/// What a file is to a reader of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// Markdown.
    Markdown,
    /// AsciiDoc.
    AsciiDoc,
    /// A Jupyter notebook.
    Notebook,
    /// Values between separators, a row on each line.
    Values,
    /// Source code, or any other text, which is shown as it stands.
    Code,
}

impl SourceKind {
    /// What the name of a file says that it is.
    pub fn of_path(path: &str) -> Self {
        match ending(path).as_deref() {
            Some("md" | "markdown" | "mdown" | "mkd" | "mdx") => Self::Markdown,
            Some("adoc" | "asciidoc" | "asc") => Self::AsciiDoc,
            Some("ipynb") => Self::Notebook,
            Some("csv" | "tsv") => Self::Values,
            _ => Self::Code,
        }
    }

    /// Whether such files are written to be read as pages. Others become pages only when somebody
    /// names them.
    pub fn is_documentation(self) -> bool {
        matches!(self, Self::Markdown | Self::AsciiDoc | Self::Notebook)
    }
}

/// Whether a file is written to become a page by itself. AsciiDoc files whose name begins with an
/// underscore are parts that others take in, by a convention that its publishers share.
pub fn is_page(path: &str) -> bool {
    let kind = SourceKind::of_path(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    kind.is_documentation() && !(kind == SourceKind::AsciiDoc && name.starts_with('_'))
}

/// What stands behind the last dot of a file's name, in lower case.
fn ending(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (before, ending) = name.rsplit_once('.')?;
    (!before.is_empty()).then(|| ending.to_ascii_lowercase())
}

/// Reads a file as what its name says it is. Every text is a document. What it takes in from other
/// files of the repository is looked for in its surroundings; what it does not find there, the
/// document tells ([`Document::wanted`]).
pub fn read_source(path: &str, text: &str, surroundings: &Surroundings) -> Document {
    let mut document = match &surroundings.snippet {
        Some(snippet) => snippet::read(snippet, text, surroundings),
        None => read_alone(path, text, surroundings),
    };
    template::fill_title(&mut document, path, surroundings);
    template::frame(&mut document, path, surroundings);
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

/// Reads GitHub-flavored Markdown. Every text is a document; what is odd about it is among the
/// document's problems.
pub fn read_markdown(text: &str) -> Document {
    read_markdown_in("", text, &Surroundings::default(), Names::InText)
}

/// Reads Markdown that stands at a path, or around what does, with what it takes in.
fn read_markdown_in(path: &str, text: &str, surroundings: &Surroundings, names: Names) -> Document {
    if surroundings.dialect == Dialect::Host {
        return host::read_markdown(text);
    }
    let (mut front_matter, rest, mut problems) = front_matter::split(text);
    let base = match names {
        Names::InText => path,
        Names::Everywhere => "",
    };
    let whole = includes::take_in(base, text, rest, surroundings);
    let (unmarked, noticed) = mark_macros::rewrite(&whole.plain.text, rest, &whole.begun);
    if !noticed.is_empty() {
        let places = Places::of_parts(text, whole.plain.parts.clone());
        let noticed = noticed.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    let bare = match path.ends_with(".mdx") {
        true => mdx::strip(&unmarked.text, rest),
        false => Plain::same(&unmarked.text),
    };
    let plain = match unmarked.text {
        Cow::Borrowed(_) => generators::rewrite_begun(&bare.text, rest, &whole.begun),
        // What macros made may begin blocks of its own.
        Cow::Owned(_) => generators::rewrite(&bare.text, rest),
    };
    let filled = template::fill(path, &plain.text, rest, surroundings, names);
    let masked = tree::mask(&filled.plain.text);
    let (root, comments) = tree::grow(&masked, rest);
    let parts = parts::compose(whole.plain.parts, unmarked.parts);
    let parts = parts::compose(parts, bare.parts);
    let parts = parts::compose(parts, plain.parts);
    if !filled.problems.is_empty() {
        let places = Places::of_parts(text, parts.clone());
        let noticed = filled.problems.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    if !whole.problems.is_empty() {
        let places = Places::new(text);
        let noticed = whole.problems.into_iter();
        problems.extend(noticed.map(|(at, problem)| problem.at(places.of(at))));
    }
    let places = Places::of_parts(text, parts::compose(parts, filled.plain.parts));
    problems.extend(front_matter::add_comments(
        &mut front_matter,
        &comments,
        &places,
    ));
    let mut document = lower::lower(places, root);
    document.front_matter = front_matter;
    host::show_front_matter(&mut document);
    document.wanted = whole.wanted;
    document.is_dated = filled.is_dated;
    problems.append(&mut document.problems);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    document.problems = problems;
    document
}

/// Decides what a reference in a document becomes.
pub trait Resolve {
    /// Where a link leads. `target` is as written, with entities decoded.
    fn link(&self, target: &str) -> LinkTarget;
    /// Where a picture comes from. `target` is as written, with entities decoded.
    fn image(&self, target: &str) -> ImageTarget;
    /// Width and height, as shown, of a picture that is drawn of the file that a target names; it
    /// has more pixels than that. None for a picture that is a file.
    fn drawn_size(&self, _target: &str) -> Option<(u32, u32)> {
        None
    }
    /// What becomes of a diagram or formula.
    fn drawing(&self, _kind: DrawingKind, _source: &str) -> Drawing {
        Drawing::Source
    }
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkTarget {
    /// A page, by title.
    Page {
        /// The page's title.
        title: String,
        /// The space's key, when it is another space.
        space: Option<String>,
        /// The anchor on the page.
        anchor: Option<String>,
    },
    /// An anchor on the same page.
    Anchor(String),
    /// A file attached to the page.
    Attachment {
        /// The file's name on the page.
        filename: String,
    },
    /// An address.
    Url(String),
    /// Nowhere: the text stays and the reason is reported.
    Missing {
        /// Why.
        reason: Sentence,
    },
}

/// Where a picture comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum ImageTarget {
    /// A file attached to the page.
    Attachment {
        /// The file's name on the page.
        filename: String,
        /// Its width in pixels, when known.
        width: Option<u32>,
        /// Its height in pixels, when known.
        height: Option<u32>,
    },
    /// An address.
    Url(String),
    /// Nowhere: alternative text and target stay as text and the reason is reported.
    Missing {
        /// Why.
        reason: Sentence,
    },
}

/// The two products; their storage formats differ in details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// Confluence Cloud.
    Cloud,
    /// Confluence Data Center and Server.
    DataCenter,
}

/// The two formats in which Confluence takes a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyFormat {
    /// Storage format, which both products have.
    #[default]
    Storage,
    /// The Atlassian Document Format, which only Cloud has.
    Adf,
}

/// The two editors of Cloud, one of which opens a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// The one that Cloud makes pages with.
    New,
    /// The one that it had before.
    Legacy,
}

impl Editor {
    /// The editor that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "new" => Some(Self::New),
            "legacy" => Some(Self::Legacy),
            _ => None,
        }
    }

    /// The value of the content property `editor`.
    pub(crate) fn value(self) -> &'static str {
        match self {
            Self::New => "v2",
            Self::Legacy => "v1",
        }
    }
}

/// How to write storage format.
#[derive(Debug, Clone, Copy)]
pub struct StorageOptions<'a> {
    /// The product the body is for.
    pub flavor: Flavor,
    /// Leaves out the first level-1 heading, because it is the page's title.
    pub omit_title: bool,
    /// The anchors that something links to; all of them when none.
    pub anchors: Option<&'a BTreeSet<String>>,
}

/// How to write the Atlassian Document Format, which only Cloud takes.
#[derive(Debug, Clone, Copy)]
pub struct AdfOptions<'a> {
    /// Leaves out the first level-1 heading, because it is the page's title.
    pub omit_title: bool,
    /// The anchors that something links to; all of them when none.
    pub anchors: Option<&'a BTreeSet<String>>,
}

/// How to write the preview.
#[derive(Debug, Clone, Copy)]
pub struct HtmlOptions {
    /// Leaves out the first level-1 heading, because it is the page's title.
    pub omit_title: bool,
}

/// A written body.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The text in the format that was asked for.
    pub content: String,
    /// What was noticed while writing.
    pub problems: Vec<Problem>,
}
