//! Where in a source an offset stands.

use std::cell::{Cell, OnceCell};

use super::document::Place;
use super::marks::line_starts;
use super::parts::{Part, source_of};
use crate::Sentence;

/// Bytes between two places whose characters were counted.
const STEP: usize = 1024;
/// Lines that are gone through one by one before the rest is searched.
const FAR: usize = 16;

/// The lines of a source, and what is needed to tell columns in lines of any length.
pub(super) struct Places<'a> {
    text: &'a str,
    /// Whether every character is one byte, so that columns need no counting.
    is_ascii: bool,
    /// The place that was asked for last.
    near: Cell<Near>,
    /// Where the lines begin, looked for when a place is asked for.
    lines: OnceCell<Vec<usize>>,
    /// What tells of places in long lines, made when one is asked for.
    characters: OnceCell<Characters>,
    /// Where the parts of the text that is asked about stand in the source; none when it is it.
    parts: Vec<Part>,
    /// The places that offsets are given from on, of a text that nobody wrote; none when it is one
    /// that somebody did.
    given: Vec<(usize, Place)>,
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

/// What tells of places in long lines.
struct Characters {
    /// How many characters begin before each multiple of [`STEP`].
    before: Vec<usize>,
}

impl Characters {
    fn new(text: &[u8]) -> Self {
        let mut before = 0;
        let all = text.chunks(STEP).map(|chunk| {
            let start = before;
            before += begins(chunk);
            start
        });
        Self {
            before: all.collect(),
        }
    }

    /// How many characters begin before an offset.
    fn before(&self, text: &[u8], at: usize) -> usize {
        let step = (at / STEP).min(self.before.len().saturating_sub(1));
        let known = self.before.get(step).copied().unwrap_or(0);
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
            lines: OnceCell::new(),
            characters: OnceCell::new(),
            parts,
            given: Vec::new(),
        }
    }

    /// The same, where it is known already where the lines of the source begin.
    pub(super) fn with_lines(self, starts: Vec<usize>) -> Self {
        Self {
            lines: OnceCell::from(starts),
            ..self
        }
    }

    /// The places, in another text, of what a text was made of: each holds from its offset on.
    pub(super) fn of_another(text: &'a str, given: Vec<(usize, Place)>) -> Self {
        Self {
            given,
            ..Self::new(text)
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
        if !self.given.is_empty() {
            let before = self.given.partition_point(|(from, _)| *from <= at);
            let found = self.given.get(before.saturating_sub(1));
            return found.map_or(Place { line: 1, column: 1 }, |(_, place)| *place);
        }
        let end = self.source(at).min(self.text.len());
        let found = self.find(end);
        self.near.set(found);
        Place {
            line: small(found.line),
            column: small(found.column + 1),
        }
    }

    fn find(&self, at: usize) -> Near {
        let near = self.near.get();
        // A block is asked for more than once.
        if near.at == at {
            return near;
        }
        let lines = self.lines.get_or_init(|| line_starts(self.text));
        let (line, start) = match near.start <= at {
            true => line_from(lines, near.line, at),
            false => line_of(lines, at),
        };
        let column = match self.is_ascii {
            true => at - start,
            false => self.column(near, start, at),
        };
        Near {
            at,
            start,
            line,
            column,
        }
    }

    /// How many characters stand before an offset on the line that begins at another.
    fn column(&self, near: Near, start: usize, at: usize) -> usize {
        let text = self.text.as_bytes();
        if near.start == start && near.at <= at && at - near.at < STEP {
            near.column + begins(&text[near.at..at])
        } else if at - start < STEP {
            begins(&text[start..at])
        } else {
            // Pages that Confluence stores are one line, however long.
            let characters = self.characters.get_or_init(|| Characters::new(text));
            characters.before(text, at) - characters.before(text, start)
        }
    }

    /// The offset in the source.
    fn source(&self, at: usize) -> usize {
        source_of(&self.parts, at)
    }
}

/// The number of the line that an offset is on, and where it begins, from a line on that begins at
/// the offset or before it. What is asked for mostly stands right behind what was asked for last.
fn line_from(lines: &[usize], from: usize, at: usize) -> (usize, usize) {
    let behind = lines[from..].iter().take(FAR + 1);
    match behind.take_while(|start| **start <= at).count() {
        passed @ 0..=FAR => (from + passed, lines[from + passed - 1]),
        _ => line_of(lines, at),
    }
}

/// The number of the line that an offset is on, and where it begins.
fn line_of(lines: &[usize], at: usize) -> (usize, usize) {
    let line = lines.partition_point(|start| *start <= at).max(1);
    (line, lines[line - 1])
}

/// How many characters begin in some bytes of UTF-8.
fn begins(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// How often something occurs elsewhere, in words.
pub(super) fn more(count: usize) -> Sentence {
    match count {
        0 | 1 => Sentence::default(),
        count => sentence!(" and in {count} more places", count = count - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Places};

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
        let plain = "one\n\nlonger than the others\n".repeat(400);
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
            // Jumps over about as many lines as are gone through one by one.
            for step in 6..12 {
                let places = Places::new(text);
                for at in offsets.iter().step_by(step).copied() {
                    assert_eq!(places.of(at), expected(at), "{at}, {step}");
                }
            }
            let places = Places::new(text);
            for at in offsets.iter().rev().chain(&offsets).copied() {
                assert_eq!(places.of(at), expected(at), "{at}");
            }
        }
    }
}
