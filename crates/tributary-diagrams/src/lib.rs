//! Draws Mermaid, PlantUML, Graphviz, LaTeX and the files of draw.io and Excalidraw: source in, picture
//! out, in this process.
//!
//! No other program, no browser, no network, no files: what is drawn with is compiled in (see
//! `assets/README.md`). In reading order:
//!
//! - [`draw`] makes a [`Picture`] of a source, or says where the source is wrong; [`redraw`] makes
//!   one of what a server drew.
//! - [`Picture::svg`] and [`Picture::png`] give it in the form to be attached; both carry the
//!   source, and [`source_of`] reads it back.
//!
//! Sources come from strangers. One is drawn within a time, a memory and a size, on a thread of
//! its own whose panic ends there; a picture has no script, no link, no text in a font that the
//! reader would have to have, and nothing that would be loaded from elsewhere, because every
//! picture is written anew from shapes (see [`picture`]).

mod bounded;
mod cache;
mod canvas;
mod drawio;
mod excalidraw;
mod fonts;
mod graphviz;
mod math;
mod mermaid;
pub mod pdf;
pub mod picture;
mod plantuml;

use std::sync::Arc;

use thiserror::Error;

pub use picture::{Picture, source_of};

/// Changes when the same source is to be drawn differently. It is part of what a picture is
/// recognized by, so a change sends every picture of every page again.
pub const EDITION: u32 = 2;

/// The longest source that is drawn, in bytes. Mermaid's own limit is 50,000.
pub const LONGEST_SOURCE: usize = 100_000;

/// The longest file of draw.io or Excalidraw that is drawn, in bytes: a program wrote it, and not
/// briefly.
pub const LONGEST_FILE: usize = 4_000_000;

/// What a source is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Mermaid, all kinds of diagrams but those that need ELK's layout.
    Mermaid,
    /// Graphviz' language DOT.
    Graphviz,
    /// PlantUML, those of its diagrams of which every line is understood.
    PlantUml,
    /// LaTeX in a line of text.
    Formula,
    /// LaTeX on lines of its own.
    Equation,
    /// A file of draw.io.
    DrawIo,
    /// A file of Excalidraw.
    Excalidraw,
    /// Another language, by its word, which somebody else draws; see [`redraw`].
    Other(&'static str),
}

impl Kind {
    /// Every kind that is drawn here.
    pub const ALL: [Self; 7] = [
        Self::Mermaid,
        Self::Graphviz,
        Self::PlantUml,
        Self::Formula,
        Self::Equation,
        Self::DrawIo,
        Self::Excalidraw,
    ];

    /// The word for it in a picture.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Graphviz => "graphviz",
            Self::PlantUml => "plantuml",
            Self::Formula => "formula",
            Self::Equation => "equation",
            Self::DrawIo => "drawio",
            Self::Excalidraw => "excalidraw",
            Self::Other(word) => word,
        }
    }

    /// The kind that is drawn here, of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Why a source was not drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Failure {
    /// What is wrong with which part, for people; one line.
    pub message: String,
    /// The line of the source, counted from 1, where it is known.
    pub line: Option<u32>,
    /// The column in that line, counted from 1 in characters, where it is known.
    pub column: Option<u32>,
}

impl Failure {
    /// A failure at no particular place; of a long message the beginning.
    pub fn new(message: impl Into<String>) -> Self {
        let message: String = message.into();
        // What a library says can go over lines and quote the source at length.
        let mut words = String::new();
        for word in message.split_whitespace() {
            if words.chars().count() + word.chars().count() > 300 {
                words.push_str(" …");
                break;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.extend(word.chars().take(200));
        }
        Self {
            message: words,
            line: None,
            column: None,
        }
    }

    /// The same at an offset of the source in bytes.
    pub(crate) fn at(mut self, source: &str, offset: usize) -> Self {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &source[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        self.line = Some(count(before.matches('\n').count() + 1));
        self.column = Some(count(before[line_start..].chars().count() + 1));
        self
    }
}

/// Draws a source. The same source is drawn once as long as its picture is kept in memory; the
/// same edition of this crate draws the same picture everywhere.
///
/// # Errors
/// When the source is wrong, or would take more time, memory or room than a picture may.
pub fn draw(kind: Kind, source: &str) -> Result<Arc<Picture>, Failure> {
    draw_or_load(kind, source, || None, |_| {})
}

/// Like [`draw`], with pictures that somebody keeps outside of this process: `load` gives the bytes
/// that are kept of this kind and source, and `keep` is given those of a picture that was drawn
/// because there were none, or not of a picture of this source. Neither is asked while the picture
/// is in memory.
///
/// # Errors
/// Those of [`draw`].
pub fn draw_or_load(
    kind: Kind,
    source: &str,
    load: impl FnOnce() -> Option<Vec<u8>>,
    keep: impl FnOnce(&Picture),
) -> Result<Arc<Picture>, Failure> {
    let source = readable(kind, source)?;
    cache::once(kind, &source, || {
        let kept = load().and_then(|bytes| Picture::from_bytes(kind, &source, &bytes));
        if let Some(picture) = kept {
            return Ok(picture);
        }
        let drawn = draw_now(kind, &source)?;
        keep(&drawn);
        Ok(drawn)
    })
}

fn draw_now(kind: Kind, source: &str) -> Result<Picture, Failure> {
    let text = source.to_owned();
    bounded::run(move || {
        let drawn = match kind {
            Kind::Mermaid => mermaid::draw(&text)?,
            Kind::Graphviz => graphviz::draw(&text)?,
            Kind::PlantUml => plantuml::draw(&text)?,
            Kind::Formula | Kind::Equation => math::draw(&text, kind == Kind::Equation)?,
            Kind::DrawIo => drawio::draw(&text)?,
            Kind::Excalidraw => excalidraw::draw(&text)?,
            Kind::Other(word) => {
                return Err(Failure::new(format!("nobody here draws `{word}`")));
            }
        };
        picture::finish(kind, text, &drawn)
    })
}

/// Makes a picture of what somebody else drew of a source: `svg` asks for it, and is not asked
/// while the picture is kept in memory. As every picture, it is written anew from its shapes.
///
/// # Errors
/// What `svg` says, which is asked again the next time; and when the picture cannot be read or is
/// too large.
pub fn redraw(
    word: &'static str,
    source: &str,
    svg: impl FnOnce(&str) -> Result<String, Failure>,
) -> Result<Arc<Picture>, Failure> {
    let (kind, source) = (Kind::Other(word), readable(Kind::Other(word), source)?);
    if let Some(picture) = cache::kept(kind, &source) {
        return picture;
    }
    let svg = svg(&source)?;
    cache::once(kind, &source, || {
        let text = source.clone();
        bounded::run(move || {
            let drawn = picture::Drawn {
                svg,
                below: 0.0,
                margin: 8.0,
                left_out: Vec::new(),
            };
            picture::finish(kind, text, &drawn)
        })
    })
}

/// The source as it is drawn, unless it is too long or empty.
fn readable(kind: Kind, source: &str) -> Result<String, Failure> {
    let longest = match kind {
        Kind::DrawIo | Kind::Excalidraw => LONGEST_FILE,
        _ => LONGEST_SOURCE,
    };
    if source.len() > longest {
        return Err(Failure::new(format!(
            "it has {} KB, and at most {} KB are drawn",
            source.len().div_ceil(1000),
            longest / 1000
        )));
    }
    let source = clean(source);
    if source.trim().is_empty() {
        return Err(Failure::new("it is empty"));
    }
    Ok(source)
}

/// The source as it is drawn and kept: lines end in one way, and there is no character that XML
/// has no form for.
fn clean(source: &str) -> String {
    let text = source.replace("\r\n", "\n").replace('\r', "\n");
    let allowed = |letter: char| {
        matches!(letter, '\n' | '\t')
            || !(letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().filter(|letter| allowed(*letter)).collect()
}
