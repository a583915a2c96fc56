//! What is on the disk, as the window shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where the program keeps what, and how much room what can be made again takes.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StorageView {
    /// What can be fetched or made again, in kilobytes.
    pub(crate) held: u32,
    /// The most that it may take.
    pub(crate) most: u32,
    pub(crate) folders: Vec<StoredView>,
}

/// A folder, and what is in it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredView {
    pub(crate) what: StoredKindView,
    pub(crate) path: String,
}

/// What a folder holds.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum StoredKindView {
    Settings,
    Data,
    Cache,
    Log,
}
