//! The words that settings have for choices.

use tributary_pages::markup::{BodyFormat, Editor};
use tributary_pages::plan::{LabelMode, OnConflict, OnOrphan, OnTitle, PageWidth};

use crate::error::Error;

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
pub(super) const TITLES: [(&str, OnTitle); 2] =
    [("rename", OnTitle::Rename), ("refuse", OnTitle::Refuse)];
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

pub(super) fn choice<T: Copy>(
    text: Option<String>,
    choices: &[(&str, T)],
    wrong: impl Fn(&str, &str) -> Error,
) -> Result<Option<T>, Error> {
    let Some(text) = text else {
        return Ok(None);
    };
    let chosen = choices
        .iter()
        .find(|(word, _)| *word == text)
        .map(|(_, value)| *value);
    chosen.map(Some).ok_or_else(|| {
        let words: Vec<String> = choices
            .iter()
            .map(|(word, _)| format!("`{word}`"))
            .collect();
        wrong(&text, &format!("one of {}", words.join(", ")))
    })
}

pub(super) fn word<T: PartialEq + Copy>(choices: &[(&str, T)], value: T) -> String {
    let found = choices.iter().find(|(_, other)| *other == value);
    found
        .map(|(word, _)| (*word).to_owned())
        .unwrap_or_default()
}
