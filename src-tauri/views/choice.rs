//! Which of several accounts is used.

use serde::Serialize;
use specta::Type;

use super::ModeView;

/// A host or site at which more than one account could be used, or one repository or space of it.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChoiceView {
    pub(crate) provider: String,
    /// The address, to choose there.
    pub(crate) base: String,
    /// Without `https://`.
    pub(crate) place: String,
    /// The repository or the space; none for all of the host or site.
    pub(crate) name: Option<String>,
    /// The accounts that could be used, the one first that is used where nobody chose.
    pub(crate) able: Vec<AbleView>,
    /// The id of the one that is used.
    pub(crate) used: String,
    /// Whether somebody chose it for exactly this.
    pub(crate) is_chosen: bool,
}

/// An account that could be used.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AbleView {
    pub(crate) id: String,
    pub(crate) user: String,
    /// What it rests on, where another one has the same user.
    pub(crate) access: Option<String>,
}

/// Whose access is used for publishing something somewhere.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedView {
    /// Of the site; none where no account is.
    pub(crate) publishes: Option<UsedAccountView>,
    /// Of the repository that is published from; none where no account is.
    pub(crate) reads: Option<UsedAccountView>,
}

/// An account that is used.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedAccountView {
    pub(crate) user: String,
    pub(crate) host: String,
    /// Whose access it is.
    pub(crate) mode: ModeView,
    /// Whether another account could be used in its place.
    pub(crate) is_one_of_several: bool,
}
