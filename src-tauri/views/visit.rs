//! Views of repositories at a commit: at Git hosts and on this machine.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::HealthView;

/// A Git host that somebody is signed in to.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GitHostView {
    pub(crate) base: String,
    pub(crate) host: String,
    pub(crate) provider: String,
    pub(crate) provider_name: String,
    pub(crate) account: String,
    /// Whose access it is.
    pub(crate) user: String,
    /// Whether this account is used there where nobody chose another.
    pub(crate) is_used: bool,
    /// How the account was when it was looked at last.
    pub(crate) health: Option<HealthView>,
}

/// Repositories of a host.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoriesView {
    pub(crate) items: Vec<ListedView>,
    /// Why some may be missing, as a sentence; the same below.
    pub(crate) incomplete: Option<String>,
    /// Whether the host could not be reached, and this is what it said before; the same below.
    pub(crate) is_remembered: bool,
}

/// A repository of a host.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedView {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) address: String,
}

/// A repository that was opened before.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VisitedView {
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) place: String,
}

/// A repository at a commit, opened.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VisitView {
    /// What other commands call it. A newer commit has another.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Without `https://`; none for a repository on this machine.
    pub(crate) host: Option<String>,
    /// Where it is opened again; on this machine its folder.
    pub(crate) address: String,
    /// The branch or tag; none for a commit.
    pub(crate) reference: Option<String>,
    /// Whether it keeps up with a branch or tag.
    pub(crate) is_following: bool,
    pub(crate) commit: CommitView,
    /// Whether the host could not be reached when it was opened.
    pub(crate) is_offline: bool,
    /// As which host its files are shown.
    pub(crate) look: HostLookView,
    pub(crate) landing: LandingView,
}

/// As which host a file is shown.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HostLookView {
    Github,
    Gitlab,
    Bitbucket,
    Azure,
}

/// What the address leads to.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LandingView {
    pub(crate) path: String,
    pub(crate) is_folder: bool,
    pub(crate) lines: Option<LinesView>,
    /// Why it leads to the root instead.
    pub(crate) trouble: Option<String>,
}

/// Lines of a file, counted from 1, both included.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LinesView {
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// A commit.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CommitView {
    pub(crate) id: String,
    pub(crate) author: String,
    /// RFC 3339, in UTC.
    pub(crate) when: Option<String>,
    pub(crate) summary: String,
}

/// Branches or tags.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferencesView {
    pub(crate) names: Vec<String>,
    pub(crate) incomplete: Option<String>,
    pub(crate) is_remembered: bool,
}

/// Which refs.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum RefKindView {
    Branch,
    Tag,
}

/// What is in a folder.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FolderView {
    /// Folders first.
    pub(crate) items: Vec<ItemView>,
    pub(crate) incomplete: Option<String>,
}

/// Something in a folder. Its name alone: a folder can have 100,000.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemView {
    pub(crate) name: String,
    pub(crate) kind: ItemKindView,
    /// In bytes, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<u32>,
    /// Whether the name is not valid UTF-8, and shown with `\xE9` for such bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_strange: bool,
}

/// What something in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ItemKindView {
    Folder,
    File,
    Link,
    Submodule,
    Lfs,
}

/// Paths that fit what was typed.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundView {
    pub(crate) best: Vec<FoundPathView>,
    pub(crate) fitting: u32,
    pub(crate) all: u32,
    pub(crate) incomplete: Option<String>,
}

/// A path that fits.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundPathView {
    pub(crate) path: String,
    pub(crate) kind: ItemKindView,
    /// Ranges of characters.
    pub(crate) ranges: Vec<(u32, u32)>,
}

/// Where words stand in a file.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OccurrencesView {
    pub(crate) places: Vec<OccurrenceView>,
    pub(crate) total: u32,
}

/// A place in a file: its line and the row it begins in, counted from 0, and the range of characters
/// of the line.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OccurrenceView {
    pub(crate) line: u32,
    pub(crate) row: u32,
    pub(crate) first: u32,
    pub(crate) end: u32,
}

/// The newest commits that changed something.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryView {
    pub(crate) items: Vec<PastView>,
    pub(crate) incomplete: Option<String>,
    pub(crate) is_remembered: bool,
}

/// A commit that changed a path.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PastView {
    pub(crate) id: String,
    pub(crate) author: String,
    /// RFC 3339, in UTC.
    pub(crate) when: Option<String>,
    pub(crate) summary: String,
    /// What the file was called then.
    pub(crate) path: String,
}

/// With which commit each line of a file came.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlameView {
    /// Each once: a file can have far more parts than commits.
    pub(crate) commits: Vec<CommitView>,
    pub(crate) parts: Vec<BlamedView>,
    pub(crate) incomplete: Option<String>,
    pub(crate) is_remembered: bool,
}

/// Lines that follow each other and came together.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BlamedView {
    /// Counted from 1, as is the last one, which is among them.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Which of the commits, counted from 0.
    pub(crate) commit: u32,
}

/// How many commits changed a source since its page was published.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BehindView {
    pub(crate) path: String,
    /// None when they could not be counted.
    pub(crate) commits: Option<u32>,
}

/// What a link names that nobody has opened yet.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WantedView {
    pub(crate) id: String,
    /// The publication that is to be published again; none for a file.
    pub(crate) publication: Option<String>,
    /// Whether somebody was at its host before.
    pub(crate) is_known: bool,
    /// The host; of a publication its site.
    pub(crate) place: String,
    /// The space that a publication goes to; none for a file.
    pub(crate) space: Option<String>,
    pub(crate) name: String,
}

/// How far the saving of a file is.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavingView {
    /// The bytes that came.
    pub(crate) bytes: u32,
    /// All of them, where it is known.
    pub(crate) total: Option<u32>,
}

/// A file that was saved.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedView {
    /// Where it is now.
    pub(crate) path: String,
    pub(crate) bytes: u32,
}
