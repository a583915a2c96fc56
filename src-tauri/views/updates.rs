//! Newer versions of this program, as the window shows them.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What is known of newer versions, and what somebody decided about them.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdatesView {
    pub(crate) chosen: NewUpdates,
    /// Who named the channel that is in force; none where there is none.
    pub(crate) named_by: Option<NamedByView>,
    /// Why nobody looks, where an administrator forbids it.
    pub(crate) forbidden: Option<String>,
    pub(crate) installed: InstalledView,
    /// The version that runs.
    pub(crate) running: String,
    /// When it was looked last.
    pub(crate) looked: Option<String>,
    /// The newer version that was found since the start.
    pub(crate) found: Option<OfferView>,
    /// The version that the next start is, where one was put in place.
    pub(crate) in_place: Option<String>,
}

/// What somebody chose. Without an address there is no channel of their own.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewUpdates {
    pub(crate) address: String,
    pub(crate) key: String,
    pub(crate) schedule: ScheduleView,
}

/// When it is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ScheduleView {
    ByHand,
    Daily,
    Weekly,
}

/// Who named a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NamedByView {
    Administrator,
    User,
    Build,
}

/// How this program came onto the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum InstalledView {
    AppImage,
    Package,
    Otherwise,
}

/// A newer version.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfferView {
    pub(crate) version: String,
    pub(crate) notes: String,
    /// The page that tells of it.
    pub(crate) page: Option<String>,
}
