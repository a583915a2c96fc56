//! The user's settings, as the window shows and changes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::publish::OrphanView;

/// What somebody can decide in the window, beside light and dark.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingsView {
    pub(crate) window: WindowView,
    pub(crate) publish: PublishDefaultsView,
}

/// What is particular about the window.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WindowView {
    pub(crate) language: LanguageView,
    /// As the desktop wants it when none.
    pub(crate) high_contrast: Option<bool>,
    /// The name of the theme of code; the one that goes with the window when none.
    pub(crate) code_theme: Option<String>,
    /// As the desktop wants it when none.
    pub(crate) reduced_motion: Option<bool>,
    /// In percent.
    pub(crate) zoom: u16,
    /// What is shown of a file: one or two, the one that was chosen last at the end.
    pub(crate) panes: Vec<PaneView>,
    /// By the names of commands; empty for none.
    pub(crate) shortcuts: BTreeMap<String, String>,
}

/// How the desktop looks, beside its colors, as far as it told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppearanceView {
    pub(crate) more_contrast: bool,
    pub(crate) less_motion: bool,
}

/// Something that is shown of a file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PaneView {
    Source,
    Host,
    Page,
}

/// The themes of code that there are beside those built in, and what they are made of.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CodeThemesView {
    /// The folder that a person's own are read from.
    pub(crate) folder: String,
    /// The names of the own ones.
    pub(crate) own: Vec<String>,
    /// How many languages are known, the own ones too.
    pub(crate) languages: u32,
    /// The files that cannot be used.
    pub(crate) unusable: Vec<UnusableView>,
}

/// A file that cannot be used as a theme or a language.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnusableView {
    pub(crate) file: String,
    pub(crate) why: String,
    pub(crate) remedy: String,
}

/// What somebody wants to be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LanguageView {
    System,
    En,
    De,
}

/// What the desktop speaks, of the languages that there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SpokenView {
    En,
    De,
}

/// English with accents and longer by a third, from left to right or from right to left: for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PseudoView {
    Pseudo,
    PseudoRtl,
}

/// What a publish is like unless somebody says otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishDefaultsView {
    pub(crate) on_conflict: ConflictView,
    pub(crate) on_orphan: OrphanView,
    /// The first words of version messages; our own when none.
    pub(crate) message: Option<String>,
    /// As pages are when none.
    pub(crate) page_width: Option<WidthView>,
    /// Whichever opens them when none.
    pub(crate) editor: Option<EditorView>,
    /// Whether labels that only the page has are taken off.
    pub(crate) sets_labels: bool,
    pub(crate) minor_edit: bool,
    /// Whether what was written is read again.
    pub(crate) verify: bool,
    /// Requests under way at once.
    pub(crate) concurrency: u16,
}

/// What becomes of a page that somebody edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ConflictView {
    Refuse,
    Overwrite,
    Merge,
}

/// Which of Cloud's editors opens pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EditorView {
    New,
    Legacy,
}

/// How wide pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WidthView {
    Default,
    Full,
    Max,
}
