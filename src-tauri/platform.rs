//! What systems expect of a window, as far as the program and not its page does it: what closing it
//! means. What the page does is in `ui/src/platform.ts`.

use serde::Serialize;
use specta::Type;

/// A family of systems with customs of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Platform {
    Linux,
    Macos,
    Windows,
}

/// What closing the window does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// The program runs on, and brings the window back when it is asked to.
    Hides,
    /// The program ends.
    Quits,
}

impl Platform {
    /// The one that this program was built for.
    pub(crate) const HERE: Self = if cfg!(target_os = "macos") {
        Self::Macos
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Linux
    };

    /// Whether a person can choose what closing does. On macOS programs run on without a window, and
    /// their icon in the Dock brings it back.
    pub(crate) fn asks_what_closing_does(self) -> bool {
        self != Self::Macos
    }

    /// Whether a click on the icon in the tray opens the window, and another button its menu, which begins
    /// with what the icon does. Elsewhere every click opens the menu; on Linux programs hear of none.
    pub(crate) fn opens_by_tray_icon(self) -> bool {
        self == Self::Windows
    }

    /// The message for ending the program, in the menu of the tray.
    pub(crate) fn quit_in_tray(self) -> &'static str {
        match self {
            Self::Windows => "tray-exit",
            Self::Linux | Self::Macos => "tray-quit",
        }
    }

    /// What closing the window does, by whether an icon in the tray is seen and whether somebody chose
    /// that it ends the program. Where nothing would bring it back, a window is never hidden.
    pub(crate) fn closing(self, has_tray: bool, quits: bool) -> Closing {
        let hides = match self {
            Self::Macos => true,
            Self::Linux | Self::Windows => has_tray && !quits,
        };
        if hides {
            Closing::Hides
        } else {
            Closing::Quits
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Closing, Platform};
    use crate::words::Spoken;

    #[test]
    fn the_tray_has_the_customs_of_its_system() {
        for (platform, by_icon, quit) in [
            (Platform::Linux, false, "Quit"),
            (Platform::Macos, false, "Quit"),
            (Platform::Windows, true, "Exit"),
        ] {
            assert_eq!(platform.opens_by_tray_icon(), by_icon, "{platform:?}");
            let words = Spoken::English.say(platform.quit_in_tray());
            assert_eq!(words, quit, "{platform:?}");
        }
    }

    #[test]
    fn closing_hides_only_what_something_brings_back() {
        for platform in [Platform::Linux, Platform::Windows] {
            for (has_tray, quits, expected) in [
                (true, false, Closing::Hides),
                (true, true, Closing::Quits),
                (false, false, Closing::Quits),
                (false, true, Closing::Quits),
            ] {
                let closing = platform.closing(has_tray, quits);
                assert_eq!(closing, expected, "{platform:?} {has_tray} {quits}");
            }
            assert!(platform.asks_what_closing_does());
        }
        for (has_tray, quits) in [(true, true), (true, false), (false, true), (false, false)] {
            let closing = Platform::Macos.closing(has_tray, quits);
            assert_eq!(closing, Closing::Hides, "the Dock brings it back");
        }
        assert!(!Platform::Macos.asks_what_closing_does());
    }
}
