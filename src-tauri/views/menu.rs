//! The commands of the window, as it tells them for the bar at the top of the screen.

use serde::Deserialize;
use specta::Type;

/// Commands that belong together.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MenuGroupView {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) commands: Vec<MenuCommandView>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MenuCommandView {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The keys that do it, as the window writes them (`Mod+Shift+K`); empty for none.
    pub(crate) shortcut: String,
    pub(crate) is_enabled: bool,
    /// Whether it is what is in force, of several of which one is; nothing for all others.
    pub(crate) is_chosen: Option<bool>,
}
