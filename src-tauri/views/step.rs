//! The steps of a plan.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::ProblemView;
use crate::views::settings::ConflictView;

/// What will happen to one page.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepView {
    pub(crate) index: u32,
    pub(crate) kind: String,
    pub(crate) title: String,
    /// The title that the page has and loses.
    pub(crate) title_before: Option<String>,
    pub(crate) path: String,
    pub(crate) depth: u32,
    pub(crate) url: Option<String>,
    pub(crate) moves: bool,
    /// Below what it is and goes, where it gets another page above it.
    pub(crate) moved: Option<MovedView>,
    pub(crate) reason: Option<String>,
    /// For a page that somebody edited: what was to become of that.
    pub(crate) conflict: Option<ConflictView>,
    /// For a page whose title is another one's, or was chosen: what there is to decide.
    pub(crate) title_choice: Option<TitleToDecideView>,
    /// Whether the text of the page stays, with words that somebody wrote in Confluence and that were
    /// merged: its source lacks them.
    pub(crate) holds_edit: bool,
    pub(crate) attachments: Vec<String>,
    pub(crate) labels: Vec<String>,
    /// Labels that are taken off it.
    pub(crate) takes_off: Vec<String>,
    pub(crate) content: ContentView,
    /// The format it is written in; nothing where nothing is written.
    pub(crate) format: Option<BodyFormatView>,
    /// Who may read and edit it from then on, where that is to change.
    pub(crate) read_by: Option<AllowedView>,
    pub(crate) edit_by: Option<AllowedView>,
    pub(crate) problems: Vec<ProblemView>,
}

/// From where to where a page is moved.
#[derive(Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MovedView {
    /// The title of the page that it is below; nothing at the top of the space.
    pub(crate) from: Option<String>,
    /// The title of the page that it goes below; nothing for the top of the space.
    pub(crate) to: Option<String>,
}

/// A title that somebody has to decide about, or did.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TitleToDecideView {
    /// The title that the source asks for.
    pub(crate) wanted: String,
    /// Whether another one was chosen in its place.
    pub(crate) is_chosen: bool,
    /// The page that has it and that the source could be linked to.
    pub(crate) page_id: Option<String>,
    pub(crate) url: Option<String>,
}

/// What a step is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ContentView {
    Page,
    BlogPost,
    Folder,
}

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum BodyFormatView {
    Storage,
    Adf,
}

/// Who may do something with a page: everybody in the space, or these and whoever publishes.
#[derive(Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AllowedView {
    pub(crate) everybody: bool,
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
}
