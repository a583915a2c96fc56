//! What was published, as the window shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::edit::{ConflictChoiceView, TitleChoiceView};
use crate::views::publish::PublishOptionsView;

/// The pages of a site that were published from Git.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishedView {
    pub(crate) pages: Vec<PublishedPageView>,
    /// The keys of the spaces that were looked in.
    pub(crate) spaces: Vec<String>,
    /// Whether those are all that can be seen.
    pub(crate) is_everywhere: bool,
    /// Pages of people that were too many to be asked whether they were published once.
    pub(crate) not_asked: u32,
}

/// A page that was published from Git.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishedPageView {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) space_key: String,
    pub(crate) space_name: String,
    pub(crate) version: u32,
    /// Its identity; none when nothing tells it any more.
    pub(crate) repository: Option<String>,
    pub(crate) path: Option<String>,
    /// The beginning of the commit's id.
    pub(crate) commit: Option<String>,
    pub(crate) is_edited: bool,
    /// The id of the publication that publishes it again, where one is remembered.
    pub(crate) publication: Option<String>,
    /// Whose access is used for publishing to its space; nobody's in the sandbox.
    pub(crate) account: Option<String>,
}

/// How a page stands against its source.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StandingView {
    pub(crate) page_id: String,
    pub(crate) kind: StandingKindView,
    /// In how many commits the source changed, where they were counted.
    pub(crate) commits: Option<u32>,
    /// The branch that the page is compared with and published from again, where it is not the one that
    /// its repository is opened at.
    pub(crate) branch: Option<String>,
}

/// The ways in which a page can stand against its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum StandingKindView {
    Current,
    Behind,
    SourceGone,
    Unknown,
    /// Nobody looked: its host was asked about too many others.
    NotReached,
}

/// Where a repository can be opened: one of the two.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourcePlaceView {
    pub(crate) folder: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) reference: Option<String>,
}

/// A publication that is remembered.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The folder or address.
    pub(crate) place: String,
    /// What of it; all when none.
    pub(crate) path: Option<String>,
    pub(crate) site_name: String,
    pub(crate) site_url: String,
    pub(crate) in_sandbox: bool,
    pub(crate) space: String,
    /// RFC 3339, in UTC.
    pub(crate) when: Option<String>,
    pub(crate) is_pinned: bool,
    /// Whether it is published again by itself when something of it changed.
    pub(crate) is_kept_up: bool,
    /// Why it is not on its pages as a whole since it was published last; none where it is, and of a
    /// publish before this start.
    pub(crate) trouble: Option<String>,
}

/// What a publication is made of, and where it goes.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicationTargetView {
    pub(crate) source: SourcePlaceView,
    /// What of it; all when empty.
    pub(crate) path: String,
    pub(crate) site_url: String,
    pub(crate) space_key: String,
    pub(crate) parent_id: Option<String>,
    /// How its pages were made when it was published last.
    pub(crate) options: PublishOptionsView,
}

/// What of a remembered publication is published again.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgainView {
    /// The publication's id.
    pub(crate) publication: String,
    /// The branch it is published from, where that is not the one its repository is opened at.
    pub(crate) branch: Option<String>,
    /// The sources whose pages are written; all when empty.
    pub(crate) only: Vec<String>,
    /// What becomes of some pages that somebody edited, instead of what is set.
    pub(crate) conflicts: Vec<ConflictChoiceView>,
    /// What was decided about titles that other pages have.
    pub(crate) titles: Vec<TitleChoiceView>,
    /// Whether somebody said that the sources of pages are really gone, however many they are.
    pub(crate) orphans_are_gone: bool,
    /// The ids of the plans that are shown beside this one; every other is forgotten.
    pub(crate) beside: Vec<String>,
}
