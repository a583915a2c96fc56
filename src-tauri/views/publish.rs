//! What the window asks of a publish.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::edit::{ConflictChoiceView, TitleChoiceView};
use crate::views::settings::{ConflictView, EditorView, WidthView};
use crate::views::step::BodyFormatView;

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
    pub(crate) options: PublishOptionsView,
}

/// How the pages of a publication are made; as the repository and the settings say where none.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishOptionsView {
    /// Whether a page whose title another one has is refused, instead of getting another title.
    pub(crate) refuses_titles: Option<bool>,
    /// What stands before every title.
    pub(crate) title_prefix: Option<String>,
    /// Labels for every page.
    pub(crate) labels: Option<Vec<String>>,
    /// Whether labels that only the page has are taken off.
    pub(crate) sets_labels: Option<bool>,
    /// Whether watchers are not told of new versions, where the product can.
    pub(crate) minor_edit: Option<bool>,
    pub(crate) page_width: Option<WidthView>,
    pub(crate) editor: Option<EditorView>,
    pub(crate) format: Option<BodyFormatView>,
    /// Whether directories without a page become folders of Cloud.
    pub(crate) folders: Option<bool>,
    /// Whether pages stay where they are among those beside them.
    pub(crate) keep_order: Option<bool>,
    /// Whether pages stay below the page that people put them below.
    pub(crate) keep_place: Option<bool>,
    /// Whether what was written is read again.
    pub(crate) verify: Option<bool>,
    /// Whether a page with a problem is refused.
    pub(crate) strict: Option<bool>,
}

/// What becomes of pages whose source is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OrphanView {
    Report,
    Archive,
    Trash,
}
