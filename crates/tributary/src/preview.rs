//! What a file looks like: lines with syntax highlighting, or what kind of picture it is.
//!
//! - [`OpenFiles`]: the files that somebody looks at, kept open and read on as they are reached.
//! - [`Viewer`]: a file that is open; what is on the screen gets its colors first.
//! - [`Looks`]: the languages and themes there are, those of a person too.
//! - [`highlight`]: both for one look at a file.
//!
//! Nothing is read but a folder of a person's own syntaxes and themes, and pictures of other servers
//! when somebody wants them ([`pictures_from_elsewhere`]); files are read in [`crate::repository`],
//! pages are rendered in `tributary_pages`. What comes out can be shown as
//! it is: signs that would steer a terminal or turn the direction of text are made visible.

pub mod document;
mod elsewhere;
mod find;
mod language;
mod looks;
mod more;
mod opened;
mod own;
mod paint;
mod picture;
mod render;
mod tables;
mod text;
mod vector;
mod viewer;

use std::ops::Range;

use bytes::Bytes;

use crate::Sentence;

pub use elsewhere::{picture_from_elsewhere, pictures_from_elsewhere};
pub use find::{Occurrence, Occurrences, find};
pub use looks::Looks;
pub use opened::{OpenFile, OpenFiles};
pub use own::Unusable;
pub use paint::{as_written, visible};
pub use picture::{Picture, picture};
pub use render::{to_ansi, to_html, to_json, to_text};
pub use vector::harmless as harmless_svg;
pub use viewer::{Swept, Viewer};

/// Larger text files than this are not shown; of a repository's files no larger ones are read.
pub const LARGEST_TEXT: u64 = crate::hosts::LARGEST_BLOB;

/// The folder beside the settings where a person's own languages and themes are, for
/// [`Looks::with_folder`].
pub const OWN_HIGHLIGHTING: &str = "highlighting";

/// Which colors to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HighlightTheme<'a> {
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
    /// On white, with a contrast of 7 and more.
    HighContrastLight,
    /// On black, with a contrast of 7 and more.
    HighContrastDark,
    /// One of [`Looks::themes`]; for any other name the dark one.
    Named(&'a str),
}

impl HighlightTheme<'static> {
    /// The themes that are built in, with their names in settings and options.
    pub const BUILT_IN: [(&'static str, Self); 4] = [
        ("light", Self::Light),
        ("dark", Self::Dark),
        ("high-contrast-light", Self::HighContrastLight),
        ("high-contrast-dark", Self::HighContrastDark),
    ];

    /// The one that goes with a window.
    pub fn of_window(is_dark: bool, has_high_contrast: bool) -> Self {
        match (is_dark, has_high_contrast) {
            (false, false) => Self::Light,
            (true, false) => Self::Dark,
            (false, true) => Self::HighContrastLight,
            (true, true) => Self::HighContrastDark,
        }
    }

    /// The one that is built in under a name.
    pub fn built_in(name: &str) -> Option<Self> {
        let mut known = Self::BUILT_IN.into_iter();
        known.find_map(|(known, theme)| (known == name).then_some(theme))
    }
}

/// What a file looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Text.
    Text(Highlighted),
    /// A picture.
    Image {
        /// Its media type, as its contents say.
        media_type: &'static str,
        /// Its width in pixels, when it is known.
        width: Option<u32>,
        /// Its height in pixels, when it is known.
        height: Option<u32>,
        /// Its size in bytes.
        size: u64,
    },
    /// A PDF, whose pages [`document`] draws.
    Pdf {
        /// Its size in bytes.
        size: u64,
    },
    /// None of these.
    Binary {
        /// Its size in bytes.
        size: u64,
    },
    /// Text that is too large to show.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The size that is shown at most.
        limit: u64,
    },
}

/// Lines of text with their colors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlighted {
    /// The language's name.
    pub language: String,
    /// The styles that spans refer to by number. The first is that of plain text.
    pub palette: Vec<Style>,
    /// The background, as `#rrggbb`.
    pub background: String,
    /// The lines that were asked for, as far as there are any; their rows, where these were.
    pub lines: Vec<Vec<Span>>,
    /// How many characters of its line are before each of them: some only where a row is not the
    /// first one of its line.
    pub columns: Vec<u32>,
    /// How many lines the file has.
    pub total_lines: u32,
    /// How many rows these are, where each long line is several.
    pub total_rows: u32,
    /// The number of the line that the first of `lines` is or is in, counted from 0.
    pub first_line: u32,
    /// The number of the row that the first of `lines` is or begins with, counted from 0.
    pub first_row: u32,
    /// Whether the colors are those of a start some lines above, and may change when they are
    /// asked for again behind [`Viewer::sweep`].
    pub is_guessed: bool,
    /// What is not shown as it is in the file, as sentences.
    pub notes: Vec<Sentence>,
}

/// A line that is shown in several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongLine {
    /// Its number, counted from 0.
    pub line: u32,
    /// How many rows it has.
    pub rows: u32,
}

/// How a span looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Style {
    /// The color, as `#rrggbb`.
    pub color: String,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
    /// Whether it is underlined.
    pub underline: bool,
}

/// A part of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text, free of control characters other than tabs.
    pub text: String,
    /// The number of its style in the palette.
    pub style: u16,
}

/// Shows the lines of a file whose numbers, counted from 0, are in the range, with what is built in.
///
/// As [`Viewer::rows`] of a file that was just opened, with long lines in one.
pub fn highlight(
    path: &str,
    bytes: &[u8],
    theme: HighlightTheme<'_>,
    lines: Range<u32>,
) -> Preview {
    let bytes = Bytes::copy_from_slice(bytes);
    highlight_with(&Looks::built_in(), path, &bytes, theme, lines)
}

/// As [`highlight`], with what somebody added to what is built in.
pub fn highlight_with(
    looks: &Looks,
    path: &str,
    bytes: &Bytes,
    theme: HighlightTheme<'_>,
    lines: Range<u32>,
) -> Preview {
    viewer::once(looks, path, bytes, lines, theme)
}

/// How many languages are known without anybody's own.
pub fn languages() -> usize {
    Looks::built_in().languages().len()
}
