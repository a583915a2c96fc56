//! What the window asks of a publish.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::edit::{ConflictChoiceView, TitleChoiceView};
use crate::views::settings::ConflictView;

/// What to publish, and where to.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishRequestView {
    /// The id of the opened repository at a commit; the opened folder when none.
    pub(crate) visit: Option<String>,
    /// Relative to the opened folder, or to the root of the repository; empty for everything.
    pub(crate) paths: Vec<String>,
    /// Where to, unless a target says it.
    pub(crate) site_url: String,
    pub(crate) space_key: String,
    pub(crate) parent_id: Option<String>,
    /// The target of the repository's `.tributary.toml` that is published to.
    pub(crate) target: Option<String>,
    /// What becomes of pages that somebody edited; as the repository and the settings say when none.
    pub(crate) on_conflict: Option<ConflictView>,
    /// What becomes of some of them instead.
    pub(crate) conflicts: Vec<ConflictChoiceView>,
    /// What was decided about titles that other pages have.
    pub(crate) titles: Vec<TitleChoiceView>,
    /// What becomes of pages whose source is gone; as the repository and the settings say when none.
    pub(crate) on_orphan: Option<OrphanView>,
    /// Whether somebody said that these are really gone, however many they are.
    pub(crate) orphans_are_gone: bool,
    pub(crate) message: Option<String>,
    /// The title of the page that lines of a file become; without one it keeps the title it has.
    pub(crate) title: Option<String>,
    /// The sources whose pages are written; all when empty.
    pub(crate) only: Vec<String>,
    /// The ids of the plans that are shown beside this one; every other is forgotten.
    pub(crate) beside: Vec<String>,
}

/// What becomes of pages whose source is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OrphanView {
    Report,
    Archive,
    Trash,
}
