//! Other files of the repository, of which a document takes in parts.
//!
//! Reading has no effects, so it cannot open them. The caller hands in the texts that it has; a
//! document names those that it wanted and that were not among them, and the caller reads again
//! with more.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts of other files of the repository, by their path from its root.
#[derive(Debug, Clone, Default)]
pub struct OtherFiles {
    texts: Arc<BTreeMap<String, String>>,
}

impl OtherFiles {
    /// The text of a file, when it is at hand.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Whether nothing is at hand.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

impl FromIterator<(String, String)> for OtherFiles {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(texts: I) -> Self {
        Self {
            texts: Arc::new(texts.into_iter().collect()),
        }
    }
}
