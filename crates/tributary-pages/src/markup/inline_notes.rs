//! Footnotes that stand where they are mentioned, as Pandoc, Quarto and Obsidian have them:
//! `Words.^[The note.]` They become footnotes whose text stands at the end.

use std::borrow::Cow;

use super::marks::Beginnings;
use super::parts::{Making, Plain};
use super::sketch::Sketch;

const OPEN: &str = "^[";
/// What the labels begin with, which no author writes.
const LABEL: &str = "tributary-note-";
/// Bytes that a note has at most.
const LONGEST: usize = 2_000;

/// Rewrites the text from an offset on.
pub(super) fn rewrite(text: &str, from: usize) -> Plain<'_> {
    let rest = &text[from..];
    let found = memchr::memmem::find_iter(rest.as_bytes(), OPEN.as_bytes());
    let found: Vec<usize> = found.map(|at| from + at).collect();
    if found.is_empty() || ends_in_code(text, from) {
        return Plain::same(text);
    }
    let sketch = Sketch::of(text, from, &Beginnings::of(rest));
    let is_code = |at: usize| sketch.marked_at(at).or(sketch.indented_at(at)).is_some();
    let mut made = Making::default();
    made.copy(&text[..from], 0);
    let mut copied = from;
    let mut notes: Vec<(usize, String)> = Vec::new();
    for at in found {
        if at < copied || is_code(at) || !follows_words(&text[..at]) {
            continue;
        }
        let Some(words) = note(&text[at + OPEN.len()..]) else {
            continue;
        };
        made.copy(&text[copied..at], copied);
        notes.push((at, words.replace('\n', " ")));
        made.insert(&format!("[^{LABEL}{}]", notes.len()), at);
        copied = at + OPEN.len() + words.len() + 1;
    }
    if notes.is_empty() {
        return Plain::same(text);
    }
    made.copy(&text[copied..], copied);
    for (number, (at, words)) in (1..).zip(&notes) {
        made.insert(&format!("\n\n[^{LABEL}{number}]: {}\n", words.trim()), *at);
    }
    Plain {
        text: Cow::Owned(made.text),
        parts: made.parts,
    }
}

/// Whether what is added at the end would be code, because nothing ends the code that it stands in.
fn ends_in_code(text: &str, from: usize) -> bool {
    let longer = format!("{text}\n\nx");
    let sketch = Sketch::of(&longer, from, &Beginnings::of(&longer[from..]));
    sketch.marked_at(longer.len() - 1).is_some()
}

/// Whether the sign stands right behind words: elsewhere it rather begins an expression.
fn follows_words(before: &str) -> bool {
    before.ends_with(|letter: char| letter.is_alphanumeric() || ".,;:!?)\"'*_`”’".contains(letter))
}

/// The words of a note up to the bracket that ends it. One word alone is rather an exponent.
fn note(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    let mut is_behind_line = false;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            _ if is_escaped => {}
            b'\n' if is_behind_line => return None,
            b'[' => depth += 1,
            b']' if depth == 0 => {
                let words = &text[..at];
                return words.trim().contains(char::is_whitespace).then_some(words);
            }
            b']' => depth -= 1,
            _ => {}
        }
        is_behind_line = byte == b'\n' || (is_behind_line && byte == b' ');
        is_escaped = byte == b'\\' && !is_escaped;
    }
    None
}
