//! Blocks in quotations: the text of one is rewritten without its marks, and gets them back.

use std::borrow::Cow;

use super::{QUOTE, Rewriter, begins_block, indentation, leading, rewrite_quoted, without_quotes};
use crate::markup::marks::Beginnings;
use crate::markup::parts::{Making, compose, source_of};

/// Blocks in more quotations than these are text: nobody writes them.
const MOST: usize = 8;

/// A quotation from the line on that begins a block in it.
pub(super) struct Quoted {
    /// Columns before its marks.
    indent: usize,
    /// How many marks its lines have.
    marks: usize,
    /// Its text without them.
    inside: Making,
}

impl Rewriter {
    /// Begins to gather a quotation, if a line of one begins a block in it.
    pub(super) fn begins_quoted(&mut self, rest: &str, at: usize) -> bool {
        let bare = rest.trim_start_matches([' ', '\t']);
        let (inside, marks) = without_quotes(bare, usize::MAX);
        if marks == 0 || inside.is_empty() || self.quotes + marks > MOST {
            return false;
        }
        // One colon begins no block.
        let is_text = inside.starts_with(':') && !inside.starts_with(":::");
        if is_text || !begins_block(inside.as_bytes()) {
            return false;
        }
        let Some(text) = behind_marks(bare, marks).filter(|text| indentation(text) < 4) else {
            return false;
        };
        let mut inside = Making::default();
        inside.copy(text, at + rest.len() - text.len());
        self.quoted = Some(Quoted {
            indent: indentation(rest),
            marks,
            inside,
        });
        true
    }

    /// Gathers a line that goes on with the quotation.
    pub(super) fn goes_on_quoted(&mut self, line: &str, at: usize) -> bool {
        let margin = self.margin();
        let Some(quoted) = &mut self.quoted else {
            return false;
        };
        let rest = &line[leading(line, margin)..];
        let columns = quoted.indent..quoted.indent + 4;
        let is_there = indentation(line) >= margin && columns.contains(&indentation(rest));
        if !is_there || rest.trim() == QUOTE {
            return false;
        }
        let bare = rest.trim_start_matches([' ', '\t']);
        let Some(text) = behind_marks(bare, quoted.marks) else {
            return false;
        };
        quoted.inside.copy(text, at + line.len() - text.len());
        true
    }

    /// Goes on with what was gathered, rewritten, behind its marks.
    pub(super) fn end_quoted(&mut self) {
        let Some(quoted) = self.quoted.take() else {
            return;
        };
        let begun = Beginnings::of(&quoted.inside.text);
        let quotes = self.quotes + quoted.marks;
        let rewritten = rewrite_quoted(&quoted.inside.text, 0, &begun, quotes);
        self.is_changed |= matches!(rewritten.text, Cow::Owned(_));
        let begins_element = rewritten.text.starts_with('<')
            && rewritten.parts.first().is_some_and(|part| !part.is_copy);
        let parts = compose(quoted.inside.parts, rewritten.parts);
        let marks = " ".repeat(quoted.indent) + &"> ".repeat(quoted.marks);
        let blank = marks.trim_end();
        // An element is none right behind a paragraph.
        if begins_element {
            self.made
                .insert(&format!("{blank}\n"), source_of(&parts, 0));
        }
        let text = &rewritten.text;
        let mut begins = 0;
        for line in text.split_inclusive('\n') {
            let ends = begins + line.len();
            let is_blank = line.trim_end_matches(['\r', '\n']).is_empty();
            let before = if is_blank { blank } else { marks.as_str() };
            self.made.insert(before, source_of(&parts, begins));
            self.made.add(text, begins..ends, &parts);
            begins = ends;
        }
    }
}

/// What stands behind so many marks of quotations, each with the space behind it.
fn behind_marks(text: &str, marks: usize) -> Option<&str> {
    let mut text = text;
    for _ in 0..marks {
        let bare = text.trim_start_matches(' ');
        let inside = bare
            .strip_prefix('>')
            .filter(|_| text.len() - bare.len() < 4)?;
        text = inside.strip_prefix(' ').unwrap_or(inside);
    }
    Some(text)
}
