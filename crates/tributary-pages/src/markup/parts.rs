//! Texts that are made of parts of a source, and which places of it the parts are from.

use std::borrow::Cow;
use std::ops::Range;

/// A text that was made of a source.
pub(super) struct Plain<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Which places of the source its parts are from, in order; none when it is the source.
    pub parts: Vec<Part>,
}

/// A part of a rewritten text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it begins in the rewritten text.
    pub at: usize,
    /// Where it begins in the source.
    pub source: usize,
    /// Whether it stands in the source as it is; else all of it is said by that one place.
    pub is_copy: bool,
}

impl<'a> Plain<'a> {
    /// A text as it is.
    pub(super) fn same(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            parts: Vec::new(),
        }
    }
}

/// A text that is being made.
#[derive(Default)]
pub(super) struct Making {
    pub text: String,
    pub parts: Vec<Part>,
}

impl Making {
    /// Goes on with a piece of the source that stands at an offset.
    pub(super) fn copy(&mut self, piece: &str, source: usize) {
        if piece.is_empty() {
            return;
        }
        let goes_on = self.parts.last().is_some_and(|part| {
            part.is_copy && part.source + (self.text.len() - part.at) == source
        });
        if !goes_on {
            self.begin(source, true);
        }
        self.text.push_str(piece);
    }

    /// Goes on with words that an offset of the source stands for.
    pub(super) fn insert(&mut self, words: &str, source: usize) {
        if words.is_empty() {
            return;
        }
        self.begin(source, false);
        self.text.push_str(words);
    }

    /// Goes on with a range of a text that was made of the source itself, in these parts.
    pub(super) fn add(&mut self, text: &str, range: Range<usize>, parts: &[Part]) {
        let mut at = range.start;
        let mut next = parts.partition_point(|part| part.at <= at);
        while at < range.end {
            let end = parts.get(next).map_or(range.end, |part| part.at);
            let end = end.min(range.end);
            let (piece, source) = (&text[at..end], source_of(parts, at));
            match next.checked_sub(1).map(|last| parts[last].is_copy) {
                Some(false) => self.insert(piece, source),
                _ => self.copy(piece, source),
            }
            at = end;
            next += 1;
        }
    }

    fn begin(&mut self, source: usize, is_copy: bool) {
        self.parts.push(Part {
            at: self.text.len(),
            source,
            is_copy,
        });
    }
}

/// Where an offset of a text that was made of parts stands in its source.
pub(super) fn source_of(parts: &[Part], at: usize) -> usize {
    let next = parts.partition_point(|part| part.at <= at);
    match next.checked_sub(1).map(|last| parts[last]) {
        Some(part) if part.is_copy => part.source + (at - part.at),
        Some(part) => part.source,
        None => at,
    }
}

/// The parts of a text that was made of another, `first`, which was made of the source itself:
/// where they are in the source.
pub(super) fn compose(first: Vec<Part>, then: Vec<Part>) -> Vec<Part> {
    if first.is_empty() {
        return then;
    }
    if then.is_empty() {
        return first;
    }
    let mut made = Vec::with_capacity(first.len() + then.len());
    for (position, part) in then.iter().enumerate() {
        let next = first.partition_point(|known| known.at <= part.source);
        let before = next.checked_sub(1).map(|at| first[at]);
        let (source, is_copy) = match before {
            Some(known) if known.is_copy => (known.source + (part.source - known.at), true),
            Some(known) => (known.source, false),
            None => (part.source, true),
        };
        made.push(Part {
            at: part.at,
            source,
            is_copy: is_copy && part.is_copy,
        });
        if !part.is_copy {
            continue;
        }
        let length = then
            .get(position + 1)
            .map_or(usize::MAX, |after| after.at - part.at);
        let inside = first[next..].iter();
        for known in inside.take_while(|known| known.at - part.source < length) {
            made.push(Part {
                at: part.at + (known.at - part.source),
                ..*known
            });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{Making, compose, source_of};

    #[test]
    fn two_turns_lead_back_to_where_each_letter_was() {
        // `abcdef` becomes `abXXef`, of which that becomes `aYXeYf`.
        let mut first = Making::default();
        first.copy("ab", 0);
        first.insert("XX", 2);
        first.copy("ef", 4);
        let mut then = Making::default();
        then.copy("a", 0);
        then.insert("Y", 1);
        then.copy("Xe", 3);
        then.insert("Y", 5);
        then.copy("f", 5);
        assert_eq!(then.text, "aYXeYf");
        let whole = compose(first.parts, then.parts);
        let places: Vec<usize> = (0..6).map(|at| source_of(&whole, at)).collect();
        assert_eq!(places, [0, 1, 2, 4, 5, 5]);
        // A part of it behind other words leads there too.
        let mut added = Making::default();
        added.insert("> ", 0);
        added.add("aYXeYf", 1..4, &whole);
        assert_eq!(added.text, "> YXe");
        let places: Vec<usize> = (0..5).map(|at| source_of(&added.parts, at)).collect();
        assert_eq!(places, [0, 0, 1, 2, 4]);
    }
}
