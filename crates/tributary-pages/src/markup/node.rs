//! The nodes of which readers of markup make the tree of a text.

use std::borrow::Cow;

use pulldown_cmark::{BlockQuoteKind, CowStr};

/// A node of the tree.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub kind: Kind<'a>,
    /// Offset in the source.
    pub at: usize,
    /// Whether it is a text of which it is known that no address and no emoji is found in it. Any
    /// part of it is one, too.
    pub is_bare: bool,
    pub children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// A node of which nothing else is known.
    pub(super) fn new(kind: Kind<'a>, at: usize, children: Vec<Self>) -> Self {
        Self {
            kind,
            at,
            is_bare: false,
            children,
        }
    }

    /// The value of an attribute of an HTML element.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        match &self.kind {
            Kind::Element { attributes, .. } => {
                let found = attributes.iter().find(|(name, _)| name == wanted);
                found.map(|(_, value)| value.as_str())
            }
            _ => None,
        }
    }
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    Root,
    Paragraph,
    Heading(u8),
    Quote(Option<BlockQuoteKind>),
    List(Option<u64>),
    Item,
    Task(bool),
    Code {
        info: CowStr<'a>,
        text: String,
    },
    Table(Vec<pulldown_cmark::Alignment>),
    TableHead,
    TableRow,
    /// A cell; one that holds nothing but text or code is that itself.
    TableCell,
    Definitions,
    Term,
    Definition,
    Footnote(CowStr<'a>),
    FootnoteMention(CowStr<'a>),
    Emphasis,
    Strong,
    Strike,
    Link {
        target: String,
        title: CowStr<'a>,
    },
    Image {
        target: String,
        title: CowStr<'a>,
    },
    Text(Cow<'a, str>),
    /// Text of another markup than Markdown: nothing in it becomes a link or an emoji.
    Plain(String),
    InlineCode(CowStr<'a>),
    /// A formula; displayed when it was between two signs each.
    Math {
        source: CowStr<'a>,
        displayed: bool,
    },
    Break,
    SoftBreak,
    Rule,
    /// An element of HTML.
    Element {
        name: String,
        attributes: Vec<(String, String)>,
    },
    /// A tag that is no HTML, as it stands in the source.
    UnknownTag(CowStr<'a>),
    /// Storage format around blocks, or in their stead.
    Foreign {
        start: CowStr<'a>,
        end: CowStr<'a>,
    },
    /// Storage format in a line that does not fit, and is shown as the code that it is.
    Broken(CowStr<'a>),
    /// A node of the Atlassian Document Format in a line, as its author wrote it.
    Adf(CowStr<'a>),
    /// Storage format around text, or in its stead.
    ForeignInline {
        start: CowStr<'a>,
        end: CowStr<'a>,
    },
}
