//! What Obsidian has in its notes that no reader sees: comments between `%%`, and the names of blocks,
//! ` ^name` at their end, which become anchors.

use std::borrow::Cow;

use super::marks::Beginnings;
use super::parts::{Making, Plain};
use super::sketch::Sketch;

const COMMENT: &str = "%%";

/// Whether the keys at the head of a note are those by which Obsidian's publisher is told what to
/// do. Elsewhere two signs of per cent are text.
pub(super) fn is_note(head: &str) -> bool {
    head.lines().any(|line| line.starts_with("connie-"))
}

/// Leaves comments out of a text, from an offset on, and makes anchors of the names of blocks. Code
/// keeps both.
pub(super) fn strip(text: &str, from: usize) -> Plain<'_> {
    let rest = &text[from..];
    let sketch = Sketch::of(text, from, &Beginnings::of(rest));
    let is_code = |at: usize| sketch.marked_at(at).or(sketch.indented_at(at)).is_some();
    let mut made = Making::default();
    made.copy(&text[..from], 0);
    let mut copied = from;
    let mut at = from;
    for line in rest.split_inclusive('\n') {
        let begins = at;
        at += line.len();
        let mut look = begins.max(copied);
        while let Some(open) = text
            .get(look..at)
            .and_then(|part| part.find(COMMENT))
            .map(|found| look + found)
        {
            let inside = open + COMMENT.len();
            let close = text[inside..].find(COMMENT).map(|close| inside + close);
            match close {
                Some(close) if !is_code(open) => {
                    made.copy(&text[copied..open], copied);
                    copied = close + COMMENT.len();
                    look = copied;
                }
                _ => look = inside,
            }
        }
        let end = begins + line.trim_end().len();
        if let Some(name) = block_name(line)
            && end - name.len() > copied
            && !is_code(end - 1)
        {
            let mark = end - name.len() - 1;
            made.copy(&text[copied..mark], copied);
            made.insert(&format!("<a id=\"{name}\"></a>"), mark);
            copied = end;
        }
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

/// The name of the block that ends with a line.
pub(super) fn block_name(line: &str) -> Option<&str> {
    let (before, name) = line.trim_end().rsplit_once('^')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
    (is_name && is_apart).then_some(name)
}
