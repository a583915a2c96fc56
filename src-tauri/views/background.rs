//! What goes on without the window, as it shows and changes it.

use serde::{Deserialize, Serialize};
use specta::Type;
use tributary::settings::LooksEvery;

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
    /// How often it is looked otherwise.
    pub(crate) every: LooksEveryView,
    /// Whether closing the window ends the program also where a tray is.
    pub(crate) quits_when_closed: bool,
    /// Whether an icon in the tray is seen now.
    pub(crate) has_tray: bool,
    /// Whether the system leaves it to a person what closing the window does.
    pub(crate) asks_what_closing_does: bool,
    pub(crate) notifications: NotificationsView,
}

/// The time between two looks at what is behind.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LooksEveryView {
    QuarterHour,
    Hour,
    Day,
}

impl From<LooksEvery> for LooksEveryView {
    fn from(every: LooksEvery) -> Self {
        match every {
            LooksEvery::QuarterHour => Self::QuarterHour,
            LooksEvery::Hour => Self::Hour,
            LooksEvery::Day => Self::Day,
        }
    }
}

impl From<LooksEveryView> for LooksEvery {
    fn from(every: LooksEveryView) -> Self {
        match every {
            LooksEveryView::QuarterHour => Self::QuarterHour,
            LooksEveryView::Hour => Self::Hour,
            LooksEveryView::Day => Self::Day,
        }
    }
}

/// What the desktop shows notifications of.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotificationsView {
    pub(crate) publishing: bool,
    pub(crate) behind: bool,
    pub(crate) accounts: bool,
}
