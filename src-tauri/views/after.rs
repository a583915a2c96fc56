//! What can be done after a publish, as the window shows it.

use serde::Serialize;
use specta::Type;

/// A publish that can be taken back.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PastReportView {
    pub(crate) id: String,
    pub(crate) finished: String,
    pub(crate) space: String,
    /// The identity of the repository that the pages came from.
    pub(crate) repository: String,
    pub(crate) created: u32,
    /// Pages that were there before.
    pub(crate) changed: u32,
    /// Whether it took another one back.
    pub(crate) takes_back: bool,
    /// Whether nobody began it: a file was saved, or it was time.
    pub(crate) is_by_itself: bool,
    /// Whether it was taken back.
    pub(crate) is_taken_back: bool,
}

/// What was found of the links of published pages.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckedLinksView {
    /// Pages that were read.
    pub(crate) pages: u32,
    /// Links that were looked at.
    pub(crate) checked: u32,
    /// Links of which it is not known where they lead.
    pub(crate) not_checked: u32,
    pub(crate) broken: Vec<BrokenLinkView>,
}

/// A link that leads nowhere.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrokenLinkView {
    /// The page that has it.
    pub(crate) page_id: String,
    pub(crate) target: String,
    pub(crate) reason: String,
}
