//! As whom a text is read: as those who publish it, or as a Git host.

use super::drawing::DrawingKind;

/// As whom a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As those who publish it, with all that they add.
    #[default]
    Published,
    /// As a Git host shows it.
    Host,
}

impl Dialect {
    /// Whether a diagram or formula is drawn, and not shown as its source.
    pub(super) fn draws(self, kind: DrawingKind) -> bool {
        match self {
            Self::Published => true,
            Self::Host => matches!(
                kind,
                DrawingKind::Mermaid | DrawingKind::Formula | DrawingKind::Equation
            ),
        }
    }

    /// Whether an element of HTML gives its text a style. Hosts leave out those of looks alone.
    pub(super) fn has_style_of(self, name: &str) -> bool {
        self == Self::Published || name != "u"
    }
}
