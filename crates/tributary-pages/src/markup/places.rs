//! Where in a source an offset stands.

use super::document::Place;
use super::parts::Part;

/// Bytes between two places whose characters were counted.
const STEP: usize = 1024;

/// The lines of a source, and what is needed to tell columns in lines of any length.
pub(super) struct Places<'a> {
    text: &'a str,
    /// Offsets at which lines begin.
    lines: Vec<usize>,
    /// How many characters begin before each multiple of [`STEP`].
    characters: Vec<usize>,
    /// The number of the line that was asked for last.
    line: std::cell::Cell<usize>,
    /// Where the parts of the text that is asked about stand in the source; none when it is it.
    parts: Vec<Part>,
}

impl<'a> Places<'a> {
    /// The places of a source.
    pub(super) fn new(text: &'a str) -> Self {
        Self::of_parts(text, Vec::new())
    }

    /// The places of a source, asked for by offsets in a text that was made of its parts.
    pub(super) fn of_parts(text: &'a str, parts: Vec<Part>) -> Self {
        let mut before = 0;
        let characters = text.as_bytes().chunks(STEP).map(|chunk| {
            let start = before;
            before += begins(chunk);
            start
        });
        Self {
            characters: characters.collect(),
            lines: std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
                .collect(),
            line: std::cell::Cell::new(1),
            text,
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
        let at = self.source(at);
        // What is asked for mostly stands on the line asked for last, or soon after it.
        let near = self.line.get();
        let is_on = |line: usize| {
            self.lines[line - 1] <= at && self.lines.get(line).is_none_or(|next| at < *next)
        };
        let last = (near + 4).min(self.lines.len());
        let line = (near..=last)
            .find(|line| is_on(*line))
            .unwrap_or_else(|| self.lines.partition_point(|start| *start <= at).max(1));
        self.line.set(line);
        let start = self.lines[line - 1];
        let end = at.min(self.text.len());
        let column = if end - start < STEP {
            begins(&self.text.as_bytes()[start..end])
        } else {
            // Pages that Confluence stores are one line, however long.
            self.before(end) - self.before(start)
        };
        Place {
            line: small(line),
            column: small(column + 1),
        }
    }

    /// The offset in the source.
    fn source(&self, at: usize) -> usize {
        let next = self.parts.partition_point(|part| part.at <= at);
        match next.checked_sub(1).and_then(|last| self.parts.get(last)) {
            Some(part) if part.is_copy => part.source + (at - part.at),
            Some(part) => part.source,
            None => at,
        }
    }

    /// How many characters begin before an offset.
    fn before(&self, at: usize) -> usize {
        let step = (at / STEP).min(self.characters.len().saturating_sub(1));
        let known = self.characters.get(step).copied().unwrap_or(0);
        known + begins(&self.text.as_bytes()[step * STEP..at])
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
}
