//! Edits that people made on pages, and titles that their pages have: what becomes of them.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::DiffLineView;
use crate::views::settings::ConflictView;

/// What becomes of one page that somebody edited.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConflictChoiceView {
    /// The path of its source.
    pub(crate) path: String,
    pub(crate) on_conflict: ConflictView,
}

/// What was decided about the title of one page: another one, the page that has it, or none of both, for
/// what the source says.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TitleChoiceView {
    /// The path of its source.
    pub(crate) path: String,
    pub(crate) title: Option<String>,
    /// The page that the source is linked to.
    pub(crate) page_id: Option<String>,
}

/// What an edit of a page makes of its source.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TakenEditView {
    /// To keep it by; none where nothing can be taken over.
    pub(crate) id: Option<String>,
    /// What changes in the source.
    pub(crate) lines: Vec<DiffLineView>,
    /// Whether the source then says what the page says, as far as reading both again can tell.
    pub(crate) is_certain: bool,
    /// Why nothing can be taken over.
    pub(crate) left: Option<String>,
    /// A name for the branch, or for the patch.
    pub(crate) branch: String,
    /// Whether it can be committed to a branch of a repository on this machine.
    pub(crate) can_commit: bool,
}
