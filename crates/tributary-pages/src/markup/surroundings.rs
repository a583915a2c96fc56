//! What surrounds a document: other files of the repository, of which it takes in parts, and what
//! the repository says for all of its pages.
//!
//! Reading has no effects, so it cannot open files. The caller hands in the texts that it has; a
//! document names those that it wanted and that were not among them, and the caller reads again
//! with more.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dialect::{Dialect, HostLook};
use super::snippet::Snippet;

/// What surrounds a document.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    texts: Arc<BTreeMap<String, String>>,
    pub(super) template: Arc<PageTemplate>,
    pub(super) repository: Arc<RepositoryFacts>,
    pub(super) links: SourceLinks,
    /// The lines that the text is, when it is not all of its file.
    pub(crate) snippet: Option<Arc<Snippet>>,
    pub(super) dialect: Dialect,
}

/// What a repository adds to its pages, as `.tributary.toml` declares it. All of it is Markdown
/// with names in double braces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageTemplate {
    /// What stands above the text of every page.
    pub header: Option<String>,
    /// What stands below it.
    pub footer: Option<String>,
    /// What names stand for, in every text.
    pub variables: BTreeMap<String, String>,
    /// Texts with places for words of their own, which are given where they are used.
    pub snippets: BTreeMap<String, String>,
}

/// What is known of the repository that a document is in, for the names that begin with `source.`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// The repository's name, for people.
    pub name: String,
    /// The branch or tag that was read, where there is one.
    pub reference: Option<String>,
    /// The commit that was read, by its full id.
    pub commit: Option<String>,
    /// The day of that commit, as in `2026-11-28`.
    pub date: Option<String>,
}

/// Where a document's source is in a browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceLinks {
    /// Its text at the commit.
    pub view: Option<String>,
    /// The host's editor, on the branch.
    pub edit: Option<String>,
}

impl PageTemplate {
    /// Whether it gives names a meaning.
    pub(super) fn declares(&self) -> bool {
        !self.variables.is_empty() || !self.snippets.is_empty()
    }
}

impl Surroundings {
    /// What the repository says for all of its pages.
    pub fn of_repository(template: PageTemplate, repository: RepositoryFacts) -> Self {
        Self {
            template: Arc::new(template),
            repository: Arc::new(repository),
            ..Self::default()
        }
    }

    /// What surrounds a file that is read as a Git host reads it: nothing of the repository is known,
    /// and what publishers add to its markup means nothing.
    pub fn of_host(look: HostLook) -> Self {
        Self {
            dialect: Dialect::Host(look),
            ..Self::default()
        }
    }

    /// Whether a file is read as a Git host reads it.
    pub(crate) fn is_of_host(&self) -> bool {
        self.dialect.is_host()
    }

    /// The same with these texts of other files, by their path from the repository's root.
    pub fn with_texts(&self, texts: impl Into<Arc<BTreeMap<String, String>>>) -> Self {
        Self {
            texts: texts.into(),
            ..self.clone()
        }
    }

    /// The same for a document whose source is there.
    pub fn with_links(&self, links: SourceLinks) -> Self {
        Self {
            links,
            ..self.clone()
        }
    }

    /// The same for a text that is only some lines of its file.
    pub fn with_snippet(&self, snippet: Option<Snippet>) -> Self {
        Self {
            snippet: snippet.map(Arc::new),
            ..self.clone()
        }
    }

    /// The same on no particular day.
    pub(crate) fn undated(&self) -> Self {
        let repository = RepositoryFacts {
            date: Some(String::new()),
            ..(*self.repository).clone()
        };
        Self {
            repository: Arc::new(repository),
            ..self.clone()
        }
    }

    /// The text of a file, when it is at hand.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Surroundings {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(texts: I) -> Self {
        Self::default().with_texts(texts.into_iter().collect::<BTreeMap<_, _>>())
    }
}
