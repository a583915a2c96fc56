//! Where in a source an offset stands.

use std::cell::{Cell, OnceCell};

use super::document::Place;
use super::parts::{Part, source_of};

/// Bytes between two places whose characters were counted.
const STEP: usize = 1024;
/// Bytes that are gone through to find a place although all lines are known.
const FAR: usize = 4096;

/// The lines of a source, and what is needed to tell columns in lines of any length.
pub(super) struct Places<'a> {
    text: &'a str,
    /// Whether every character is one byte, so that columns need no counting.
    is_ascii: bool,
    /// The place that was asked for last.
    near: Cell<Near>,
    /// What tells of places that are before it, made when one is asked for.
    table: OnceCell<Table>,
    /// Where the parts of the text that is asked about stand in the source; none when it is it.
    parts: Vec<Part>,
}

/// A place that is known.
#[derive(Clone, Copy)]
struct Near {
    /// Its offset.
    at: usize,
    /// The offset at which its line begins.
    start: usize,
    /// The number of its line, from 1.
    line: usize,
    /// How many characters stand before it on its line.
    column: usize,
}

/// What tells of any place.
struct Table {
    /// Offsets at which lines begin.
    lines: Vec<usize>,
    /// How many characters begin before each multiple of [`STEP`].
    characters: Vec<usize>,
}

impl Table {
    fn new(text: &[u8]) -> Self {
        let mut before = 0;
        let characters = text.chunks(STEP).map(|chunk| {
            let start = before;
            before += begins(chunk);
            start
        });
        Self {
            characters: characters.collect(),
            lines: std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', text).map(|at| at + 1))
                .collect(),
        }
    }

    fn find(&self, text: &[u8], at: usize) -> Near {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines[line - 1];
        let column = if at - start < STEP {
            begins(&text[start..at])
        } else {
            // Pages that Confluence stores are one line, however long.
            self.before(text, at) - self.before(text, start)
        };
        Near {
            at,
            start,
            line,
            column,
        }
    }

    /// How many characters begin before an offset.
    fn before(&self, text: &[u8], at: usize) -> usize {
        let step = (at / STEP).min(self.characters.len().saturating_sub(1));
        let known = self.characters.get(step).copied().unwrap_or(0);
        known + begins(&text[step * STEP..at])
    }
}

impl<'a> Places<'a> {
    /// The places of a source.
    pub(super) fn new(text: &'a str) -> Self {
        Self::of_parts(text, Vec::new())
    }

    /// The places of a source, asked for by offsets in a text that was made of its parts.
    pub(super) fn of_parts(text: &'a str, parts: Vec<Part>) -> Self {
        Self {
            text,
            is_ascii: text.is_ascii(),
            near: Cell::new(Near {
                at: 0,
                start: 0,
                line: 1,
                column: 0,
            }),
            table: OnceCell::new(),
            parts,
        }
    }

    /// Whether what stands at an offset is escaped.
    pub(super) fn is_escaped(&self, at: usize) -> bool {
        let at = self.source(at);
        let bytes = self.text.as_bytes();
        // Text that begins with an escape begins at the backslash or behind it.
        bytes.get(at) == Some(&b'\\') || (at > 0 && bytes.get(at - 1) == Some(&b'\\'))
    }

    /// The line and column of an offset.
    pub(super) fn of(&self, at: usize) -> Place {
        let end = self.source(at).min(self.text.len());
        let found = self.find(end);
        self.near.set(found);
        Place {
            line: small(found.line),
            column: small(found.column + 1),
        }
    }

    fn find(&self, at: usize) -> Near {
        let text = self.text.as_bytes();
        let near = self.near.get();
        // A block is asked for more than once.
        if near.at == at {
            return near;
        }
        // What is asked for mostly stands behind what was asked for last, so that all of the text
        // is gone through once.
        if near.at <= at && (at - near.at < FAR || self.table.get().is_none()) {
            let between = &text[near.at..at];
            let Some(last) = memchr::memrchr(b'\n', between) else {
                let column = near.column + self.count(between);
                return Near { at, column, ..near };
            };
            let start = near.at + last + 1;
            return Near {
                at,
                start,
                line: near.line + memchr::memchr_iter(b'\n', &between[..=last]).count(),
                column: self.count(&text[start..at]),
            };
        }
        if near.start <= at && at - near.start < STEP {
            let column = self.count(&text[near.start..at]);
            return Near { at, column, ..near };
        }
        let table = self.table.get_or_init(|| Table::new(text));
        table.find(text, at)
    }

    /// How many characters begin in a part of the source.
    fn count(&self, bytes: &[u8]) -> usize {
        match self.is_ascii {
            true => bytes.len(),
            false => begins(bytes),
        }
    }

    /// The offset in the source.
    fn source(&self, at: usize) -> usize {
        source_of(&self.parts, at)
    }
}

/// How many characters begin in some bytes of UTF-8.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{FAR, Place, Places};

    #[test]
    fn columns_count_characters_in_short_and_long_lines() {
        let text = format!("ä\nb{}\nc", "ü".repeat(5000));
        let places = Places::new(&text);
        for (at, line, column) in [
            (0, 1, 1),
            (2, 1, 2),
            (3, 2, 1),
            (4, 2, 2),
            (4 + 2 * 4000, 2, 4002),
            (text.len() - 1, 3, 1),
            (text.len(), 3, 2),
            (0, 1, 1),
        ] {
            assert_eq!(places.of(at), Place { line, column }, "{at}");
        }
    }

    #[test]
    fn places_are_the_same_in_whatever_order_they_are_asked_for() {
        let plain = "one\n\nlonger than the others\n".repeat(FAR / 10);
        let odd = plain.replace("than", "größer als");
        for text in [&plain, &odd] {
            let mut offsets: Vec<usize> = (0..text.len()).step_by(17).collect();
            offsets.push(text.len());
            let expected = |at: usize| {
                let before = &text.as_bytes()[..at];
                let start = before.iter().rposition(|byte| *byte == b'\n');
                let line = before.iter().filter(|byte| **byte == b'\n').count();
                let is_begin = |byte: &&u8| (**byte & 0xc0) != 0x80;
                let on_line = &before[start.map_or(0, |start| start + 1)..];
                Place {
                    line: line as u32 + 1,
                    column: on_line.iter().filter(is_begin).count() as u32 + 1,
                }
            };
            let places = Places::new(text);
            let far = offsets.len() / 2;
            let turns = (0..offsets.len()).map(|turn| (turn * far + turn / 2) % offsets.len());
            for at in turns.map(|turn| offsets[turn]) {
                assert_eq!(places.of(at), expected(at), "{at}");
            }
            let places = Places::new(text);
            for at in offsets.iter().rev().chain(&offsets).copied() {
                assert_eq!(places.of(at), expected(at), "{at}");
            }
        }
    }
}
