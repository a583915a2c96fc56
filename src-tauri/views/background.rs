//! What goes on without the window, as it shows and changes it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What goes on without the window.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackgroundView {
    /// Whether the program starts with the desktop, hidden in the tray.
    pub(crate) autostart: bool,
    /// Whether the folders of pinned publications are watched.
    pub(crate) watch: bool,
    /// Whether nobody looks by the clock what is behind.
    pub(crate) pause: bool,
    pub(crate) notifications: NotificationsView,
}

/// What the desktop shows notifications of.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotificationsView {
    pub(crate) publishing: bool,
    pub(crate) behind: bool,
    pub(crate) accounts: bool,
}
