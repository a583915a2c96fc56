//! The words that settings have for choices.

use tributary_pages::markup::{BodyFormat, Editor};
use tributary_pages::plan::{LabelMode, OnConflict, OnOrphan, PageWidth};

pub(super) const CONFLICTS: [(&str, OnConflict); 3] = [
    ("refuse", OnConflict::Refuse),
    ("overwrite", OnConflict::Overwrite),
    ("merge", OnConflict::Merge),
];
pub(super) const YES_OR_NO: [(&str, bool); 2] = [("true", true), ("false", false)];
pub(super) const ORPHANS: [(&str, OnOrphan); 3] = [
    ("report", OnOrphan::Report),
    ("archive", OnOrphan::Archive),
    ("trash", OnOrphan::Trash),
];
pub(super) const LABEL_MODES: [(&str, LabelMode); 2] =
    [("append", LabelMode::Append), ("set", LabelMode::Set)];
pub(super) const WIDTHS: [(&str, PageWidth); 3] = [
    ("default", PageWidth::Default),
    ("full-width", PageWidth::Full),
    ("max", PageWidth::Max),
];
pub(super) const FORMATS: [(&str, BodyFormat); 2] =
    [("storage", BodyFormat::Storage), ("adf", BodyFormat::Adf)];
pub(super) const EDITORS: [(&str, Editor); 2] = [("new", Editor::New), ("legacy", Editor::Legacy)];
