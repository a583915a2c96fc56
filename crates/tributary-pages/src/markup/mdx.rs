//! What MDX has between its Markdown that no reader sees: the modules that it imports and exports, and
//! comments in braces. Elements in it are read as those of HTML are.

use std::borrow::Cow;

use super::marks::Beginnings;
use super::parts::{Making, Plain};
use super::sketch::Sketch;

const OPEN: &str = "{/*";
const CLOSE: &str = "*/}";

/// Leaves it out of a text, from an offset on. Code keeps it.
pub(super) fn strip(text: &str, from: usize) -> Plain<'_> {
    let rest = &text[from..];
    let comments = rest.match_indices(OPEN).map(|(at, _)| from + at);
    let mut lines = Vec::new();
    let mut at = from;
    for line in rest.split_inclusive('\n') {
        if line.starts_with("import ") || line.starts_with("export ") {
            lines.push(at);
        }
        at += line.len();
    }
    let mut found: Vec<usize> = comments.chain(lines).collect();
    if found.is_empty() {
        return Plain::same(text);
    }
    found.sort_unstable();
    let sketch = Sketch::of(text, from, &Beginnings::of(rest));
    let is_code = |at: usize| sketch.marked_at(at).or(sketch.indented_at(at)).is_some();
    let mut made = Making::default();
    made.copy(&text[..from], 0);
    let mut copied = from;
    for at in found {
        if at < copied || is_code(at) {
            continue;
        }
        let end = match text[at..].starts_with(OPEN) {
            true => text[at..].find(CLOSE).map(|end| at + end + CLOSE.len()),
            // Modules go on to the next blank line, and begin behind one.
            false if at == copied || text[..at].ends_with("\n\n") => {
                let end = text[at..].find("\n\n").map(|end| at + end + 1);
                Some(end.unwrap_or(text.len()))
            }
            false => None,
        };
        let Some(end) = end else { continue };
        made.copy(&text[copied..at], copied);
        copied = end;
    }
    if copied == from {
        return Plain::same(text);
    }
    made.copy(&text[copied..], copied);
    Plain {
        text: Cow::Owned(made.text),
        parts: made.parts,
    }
}
