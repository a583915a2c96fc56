//! As whom a text is read: as those who publish it, or as a Git host.

use super::drawing::DrawingKind;

/// As which Git host Markdown is read. All show what GitHub documents of its renderer, but for what is
/// said here; more that they do otherwise is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum HostLook {
    /// GitHub, and every host of which nothing else is known.
    #[default]
    GitHub,
    /// GitLab fills in the contents where a line is `[[_TOC_]]` or `[TOC]`.
    GitLab,
    /// Bitbucket shows no HTML: its tags are words. That they are not left out instead is documented
    /// of Data Center, and assumed of Cloud, whose documentation says that it takes none.
    Bitbucket,
    /// Azure DevOps takes lines between `::: mermaid` and `:::` for a diagram too.
    AzureDevOps,
}

/// As whom a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As those who publish it, with all that they add.
    #[default]
    Published,
    /// As a Git host shows it.
    Host(HostLook),
}

impl Dialect {
    /// Whether a Git host reads it.
    pub(super) fn is_host(self) -> bool {
        matches!(self, Self::Host(_))
    }

    /// The dialect of what is no Markdown file. What hosts do otherwise is known of Markdown alone.
    pub(super) fn beside_markdown(self) -> Self {
        match self {
            Self::Published => self,
            Self::Host(_) => Self::Host(HostLook::GitHub),
        }
    }

    /// Whether HTML means something, or is words.
    pub(super) fn has_html(self) -> bool {
        self != Self::Host(HostLook::Bitbucket)
    }

    /// Whether a diagram or formula is drawn, and not shown as its source.
    pub(super) fn draws(self, kind: DrawingKind) -> bool {
        match self {
            Self::Published => true,
            Self::Host(_) => matches!(
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
