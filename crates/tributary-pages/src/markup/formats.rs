//! The products, formats and editors that a page is for.

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
