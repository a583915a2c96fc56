//! What MDX has between its Markdown that no reader sees: the modules that it imports and exports, and
//! comments in braces. Elements in it are read as those of HTML are, and what their attributes have in
//! braces becomes the words that it is.

use std::borrow::Cow;

use super::marks::Beginnings;
use super::parts::{Making, Plain};
use super::sketch::Sketch;

const OPEN: &str = "{/*";
const CLOSE: &str = "*/}";
/// What Docusaurus puts the pages below in the place of.
const CARDS: &str = "<DocCardList";
/// What an attribute begins with whose value is worked out.
const WORKED_OUT: &str = "={";
/// Bytes that an attribute has at most, and the tag before it.
const LONGEST: usize = 1_000;

/// Leaves it out of a text, from an offset on. Code keeps it.
pub(super) fn strip(text: &str, from: usize) -> Plain<'_> {
    let rest = &text[from..];
    let comments = rest.match_indices(OPEN).map(|(at, _)| from + at);
    let attributes = rest.match_indices(WORKED_OUT).map(|(at, _)| from + at);
    let mut lines = Vec::new();
    let mut at = from;
    for line in rest.split_inclusive('\n') {
        let marks = ["import ", "export ", CARDS];
        if marks.iter().any(|mark| line.starts_with(mark)) {
            lines.push(at);
        }
        at += line.len();
    }
    let mut found: Vec<usize> = comments.chain(attributes).chain(lines).collect();
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
        if text[at..].starts_with(CARDS) {
            let line = text[at..].lines().next().unwrap_or_default();
            let behind = line[CARDS.len()..].trim_end();
            let ends = behind.find("/>").map(|end| end + "/>".len());
            if behind.starts_with([' ', '/']) && ends == Some(behind.len()) {
                made.copy(&text[copied..at], copied);
                made.insert("[[_LISTING_]]", at);
                copied = at + line.len();
            }
            continue;
        }
        if text[at..].starts_with(WORKED_OUT) {
            if let Some((start, words, end)) = attribute(text, at).filter(|one| one.0 >= copied) {
                made.copy(&text[copied..start], copied);
                made.insert(&words, start);
                copied = end;
            }
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

/// The attribute in a tag whose equals sign is at an offset: where it begins, how HTML has it, and where
/// it ends. One that says how something looks is left out; none where more would have to be worked out.
fn attribute(text: &str, at: usize) -> Option<(usize, String, usize)> {
    let before = &text.as_bytes()[at.saturating_sub(LONGEST)..at];
    let name_length = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    let (tag, name) = before.split_at(before.len() - name_length);
    let opens = memchr::memrchr(b'<', tag)?;
    let is_in_tag = memchr::memrchr(b'>', tag).is_none_or(|closes| closes < opens);
    if name.is_empty() || !is_in_tag || !tag.ends_with(b" ") && !tag.ends_with(b"\n") {
        return None;
    }
    let inside = &text[at + WORKED_OUT.len()..];
    let mut depth = 0_usize;
    let mut bytes = inside.bytes().take(LONGEST);
    let length = bytes.position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return true,
            b'}' => depth -= 1,
            _ => {}
        }
        false
    })?;
    let start = at - name_length;
    let end = at + WORKED_OUT.len() + length + 1;
    let name = &text[start..at];
    if name == "style" || name == "className" {
        return Some((start, String::new(), end));
    }
    let words = worked_out(inside[..length].trim())?;
    let is_plain = !words.contains(['"', '<', '>', '{', '\n']);
    is_plain.then(|| (start, format!("{name}=\"{words}\""), end))
}

/// The words that an expression is: a text, a number, or the address of a file as Docusaurus has it.
fn worked_out(expression: &str) -> Option<&str> {
    if !expression.is_empty() && expression.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(expression);
    }
    let called = expression
        .strip_suffix(".default")
        .unwrap_or(expression)
        .strip_suffix(')');
    let named = called.and_then(|called| {
        let asked = called.strip_prefix("require(");
        asked.or_else(|| called.strip_prefix("useBaseUrl("))
    });
    let quoted = named.unwrap_or(expression).trim();
    let quote = quoted
        .chars()
        .next()
        .filter(|quote| "\"'`".contains(*quote))?;
    let words = quoted[1..].strip_suffix(quote)?;
    (!words.contains(quote)).then_some(words)
}
