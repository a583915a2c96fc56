//! Views of what is looked at by its pages and beside what it was.

use serde::Serialize;
use specta::Type;

use super::DiffLineView;
use super::visit::CommitView;

/// How large a page of a PDF is, in points.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageSizeView {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A page of a PDF.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PdfPageView {
    /// Its picture, as an address that carries it.
    pub(crate) picture: String,
    pub(crate) words: Vec<PdfWordsView>,
}

/// Words on a page of a PDF. Places are hundred-thousandths of its width and height.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PdfWordsView {
    pub(crate) text: String,
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

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

/// The files that differ between the commit that is shown and another one.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangesView {
    /// The commit that they are compared with.
    pub(crate) before: CommitView,
    /// By path; the first ones where there are more.
    pub(crate) files: Vec<ChangedPathView>,
    /// How many there are.
    pub(crate) total: u32,
    /// Why some may be missing, as a sentence.
    pub(crate) incomplete: Option<String>,
}

/// A file that differs.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedPathView {
    pub(crate) path: String,
    pub(crate) kind: ChangeKindView,
    /// Its path there, where it had another one.
    pub(crate) was: Option<String>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ChangeKindView {
    Added,
    Removed,
    Modified,
    Renamed,
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
