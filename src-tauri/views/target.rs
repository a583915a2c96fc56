//! The targets of a repository's `.tributary.toml`.

use serde::Serialize;
use specta::Type;

use crate::views::CommandError;
use crate::views::choice::UsedAccountView;

/// The targets that a repository has.
#[derive(Debug, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetsView {
    pub(crate) targets: Vec<TargetView>,
    /// Why they cannot all be published together.
    pub(crate) trouble: Option<CommandError>,
}

/// A target.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetView {
    pub(crate) name: String,
    /// What is published there; all when empty.
    pub(crate) paths: Vec<String>,
    /// The site's address, without what every address begins with.
    pub(crate) site: Option<String>,
    pub(crate) space: Option<String>,
    /// The page above, by id or title.
    pub(crate) parent: Option<String>,
    /// Whose access is used; none in the sandbox, and where nobody is signed in.
    pub(crate) account: Option<UsedAccountView>,
    /// Why it cannot be published.
    pub(crate) trouble: Option<CommandError>,
}
