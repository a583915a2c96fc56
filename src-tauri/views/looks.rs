//! Views of what is looked at beside what it was.

use serde::Serialize;
use specta::Type;

use super::DiffLineView;
use super::visit::CommitView;

/// A file beside what it is at another branch, tag or commit.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparisonView {
    pub(crate) kind: ComparisonKindView,
    /// The commit that it is compared with.
    pub(crate) before: CommitView,
    /// Its path there, where it had another one.
    pub(crate) was: Option<String>,
    /// In bytes; none where it is not there.
    pub(crate) before_size: Option<u32>,
    pub(crate) after_size: Option<u32>,
    /// The lines that differ, with some around them.
    pub(crate) lines: Vec<DiffLineView>,
    /// Whether more lines differ than are shown.
    pub(crate) is_cut: bool,
    /// The pictures, where there are some.
    pub(crate) before_picture: Option<ComparedPictureView>,
    pub(crate) after_picture: Option<ComparedPictureView>,
}

/// What differs in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ComparisonKindView {
    Same,
    Lines,
    Pictures,
    Binary,
}

/// A picture that is compared with another one.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedPictureView {
    pub(crate) url: String,
    /// In pixels, when it says so.
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
}
