//! What every writer is given beside a document, and what it gives back.

use std::collections::BTreeSet;

use super::document::Problem;
use super::drawing::{Drawing, DrawingKind};
use super::formats::Flavor;
use crate::Sentence;

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
    /// Whether nodes of the Atlassian Document Format that storage format has no form for stay in
    /// what is written, as where pages are only compared.
    fn keeps_nodes(&self) -> bool {
        false
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
