//! What a text will be read as, for those who rewrite it before it is read: where it is code, in
//! which nothing is taken in and nothing replaced, and which entries of lists it has.
//!
//! Blocks of generators hold Markdown that is indented as code would be, so a text is looked at as
//! it stands once they are rewritten.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use super::generators;
use super::marks::Beginnings;
use super::parts::source_of;
use super::tree::OPTIONS;

/// What a text will be read as.
pub(super) struct Sketch {
    /// Where signs make it code or a formula, in order: between backticks or dollar signs, between
    /// fences, and in elements of HTML whose content is not read.
    marked: Vec<Range<usize>>,
    /// Where its indentation makes it code, in order.
    indented: Vec<Range<usize>>,
    /// Entries of lists with their marks, in the order in which they begin.
    pub(super) entries: Vec<Range<usize>>,
}

impl Sketch {
    /// Looks at a text from an offset on, whose lines begin in these ways.
    pub(super) fn of(text: &str, from: usize, begun: &Beginnings) -> Self {
        let plain = generators::rewrite_begun(text, from, begun);
        let mut sketch = Self {
            marked: Vec::new(),
            indented: Vec::new(),
            entries: Vec::new(),
        };
        let events = Parser::new_ext(&plain.text[from..], OPTIONS).into_offset_iter();
        for (event, range) in events {
            let (start, end) = (from + range.start, from + range.end);
            let found = match event {
                Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => &mut sketch.marked,
                Event::Start(Tag::HtmlBlock) if is_never_read(&plain.text[start..end]) => {
                    &mut sketch.marked
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => &mut sketch.indented,
                Event::Start(Tag::Item) => &mut sketch.entries,
                _ => continue,
            };
            found.push(source_of(&plain.parts, start)..source_of(&plain.parts, end));
        }
        sketch
    }

    /// Where the code ends that signs make of what stands at an offset; none for other text.
    pub(super) fn marked_at(&self, at: usize) -> Option<usize> {
        end_of(&self.marked, at)
    }

    /// Where the code begins that signs make of what stands at an offset; none for other text.
    pub(super) fn marked_from(&self, at: usize) -> Option<usize> {
        range_at(&self.marked, at).map(|range| range.start)
    }

    /// Where the code ends that its indentation makes of what stands at an offset.
    pub(super) fn indented_at(&self, at: usize) -> Option<usize> {
        end_of(&self.indented, at)
    }

    /// Where the next code begins that signs make, from an offset on.
    pub(super) fn next_marked(&self, at: usize) -> usize {
        next_of(&self.marked, at)
    }

    /// The same of code by its indentation.
    pub(super) fn next_indented(&self, at: usize) -> usize {
        next_of(&self.indented, at)
    }
}

/// The range that an offset is in.
fn range_at(ranges: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let next = ranges.partition_point(|range| range.end <= at);
    ranges.get(next).filter(|range| range.start <= at)
}

/// Where the range ends that an offset is in.
fn end_of(ranges: &[Range<usize>], at: usize) -> Option<usize> {
    range_at(ranges, at).map(|range| range.end)
}

/// Where the next range begins, from an offset on.
fn next_of(ranges: &[Range<usize>], at: usize) -> usize {
    let next = ranges.partition_point(|range| range.start < at);
    ranges.get(next).map_or(usize::MAX, |range| range.start)
}

/// Whether a block of HTML is one of those whose content is neither Markdown nor HTML.
fn is_never_read(html: &str) -> bool {
    let name = html.trim_start().strip_prefix('<').map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric());
        rest[..end.unwrap_or(rest.len())].to_ascii_lowercase()
    });
    matches!(
        name.as_deref(),
        Some("pre" | "script" | "style" | "textarea")
    )
}
