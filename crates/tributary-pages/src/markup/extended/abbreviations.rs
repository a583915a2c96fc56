//! Abbreviations as Markdown Extra and `MkDocs` have them: a line `*[HTML]: HyperText Markup Language`
//! says what the word stands for wherever the text has it, and is not shown.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::node::{Kind, Node};
use super::{Signs, is_break, node, part, text_of};

/// Bytes that an abbreviation has at most.
const LONGEST: usize = 100;
/// Abbreviations beyond this are text: each is looked for wherever a word begins.
const MOST: usize = 300;

/// Takes the lines away that say what abbreviations stand for, and puts that around each of them.
pub(in super::super) fn abbreviate(source: &str, from: usize, signs: Signs, root: &mut Node<'_>) {
    // What is declared stands in a text with its sign, of which most have none.
    if !signs.has(Signs::STAR) {
        return;
    }
    let body = &source[from..];
    let mut signs = memchr::memmem::find_iter(body.as_bytes(), b"*[");
    // In a list or a quotation, something stands before it.
    let begins = |at: usize| at == 0 || matches!(body.as_bytes()[at - 1], b'\n' | b' ' | b'\t');
    if !signs.any(|at| begins(at) && declared(&body[at..]).is_some()) {
        return;
    }
    let mut known = Known::default();
    known.take(source, root);
    if known.count > 0 {
        for words in known.words.values_mut() {
            words.sort_by_key(|(word, _)| Reverse(word.len()));
        }
        known.put(root);
    }
}

/// The word that a text declares at its beginning, and what follows the colon.
fn declared(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("*[")?;
    let near = &inside.as_bytes()[..inside.len().min(LONGEST)];
    let end = memchr::memchr(b']', near)?;
    let word = inside[..end].trim();
    let rest = inside[end + 1..].strip_prefix(':')?;
    (!word.is_empty() && !word.contains(['\n', '[', '*'])).then_some((word, rest))
}

/// Abbreviations and what they stand for.
#[derive(Default)]
struct Known {
    /// By their first letter.
    words: BTreeMap<char, Vec<(String, String)>>,
    count: usize,
}

impl Known {
    /// Takes what the paragraphs of a tree declare.
    fn take(&mut self, source: &str, parent: &mut Node<'_>) {
        if matches!(parent.kind, Kind::Paragraph) {
            while self.count < MOST && self.take_line(source, parent) {}
        }
        for child in &mut parent.children {
            self.take(source, child);
        }
    }

    /// Takes the line that a paragraph begins with, if it declares anything.
    fn take_line(&mut self, source: &str, paragraph: &mut Node<'_>) -> bool {
        let is_whole = paragraph.children.get(1).is_none_or(is_break);
        let Some(Node {
            kind: Kind::Text(text),
            at,
            ..
        }) = paragraph.children.first_mut()
        else {
            return false;
        };
        // A text that is not what its source has there has escapes, which keep it what it is.
        let Cow::Borrowed(whole) = *text else {
            return false;
        };
        let is_escaped = *at > 0 && source.as_bytes().get(*at - 1) == Some(&b'\\');
        let Some((word, rest)) = declared(whole.trim_start()).filter(|_| !is_escaped) else {
            return false;
        };
        let end = rest.find('\n');
        let words = rest[..end.unwrap_or(rest.len())].trim();
        // What is more than words on the line would be lost.
        if words.is_empty() || end.is_none() && !is_whole {
            return false;
        }
        let Some(first) = word.chars().next() else {
            return false;
        };
        let known = self.words.entry(first).or_default();
        if !known.iter().any(|(one, _)| one == word) {
            known.push((word.to_owned(), words.to_owned()));
            self.count += 1;
        }
        let taken = whole.len() - rest.len() + end.map_or(rest.len(), |end| end + 1);
        *at += taken;
        *text = Cow::Borrowed(&whole[taken..]);
        if whole.len() == taken {
            paragraph.children.remove(0);
            if paragraph.children.first().is_some_and(is_break) {
                paragraph.children.remove(0);
            }
        }
        true
    }

    /// Puts what they stand for around those in a tree. A heading has words alone, which are its name.
    fn put(&self, parent: &mut Node<'_>) {
        let is_left = match &parent.kind {
            Kind::Heading(_) => true,
            Kind::Element { name, .. } => {
                matches!(name.as_str(), "abbr" | "code" | "pre" | "kbd" | "samp")
            }
            _ => false,
        };
        if is_left {
            return;
        }
        let is_row = matches!(parent.kind, Kind::TableHead | Kind::TableRow);
        let has_one = |child: &Node<'_>| text_of(child).is_some_and(|text| self.is_in(text));
        for child in &mut parent.children {
            // A cell that is nothing but text may become several nodes.
            if is_row && has_one(child) {
                let at = child.at;
                let text = std::mem::replace(child, node(Kind::TableCell, at, Vec::new()));
                child.children.push(text);
            }
            self.put(child);
        }
        if !is_row && parent.children.iter().any(has_one) {
            for child in std::mem::take(&mut parent.children) {
                self.cut(child, &mut parent.children);
            }
        }
    }

    fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// The first abbreviation from an offset on: where it begins and ends, and what it stands for.
    fn find(&self, text: &str, from: usize) -> Option<(usize, usize, &str)> {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let mut before = text[..from].chars().next_back();
        for (at, letter) in text[from..].char_indices() {
            let rest = &text[from + at..];
            let known = match before.replace(letter).is_some_and(is_word) {
                true => None,
                false => self.words.get(&letter),
            };
            for (word, words) in known.into_iter().flatten() {
                if let Some(behind) = rest.strip_prefix(word.as_str())
                    && !behind.starts_with(is_word)
                {
                    return Some((from + at, text.len() - behind.len(), words));
                }
            }
        }
        None
    }

    /// Cuts a text where it has abbreviations.
    fn cut<'a>(&self, child: Node<'a>, into: &mut Vec<Node<'a>>) {
        let Kind::Text(text) = &child.kind else {
            return into.push(child);
        };
        let mut begun = 0;
        while let Some((start, end, words)) = self.find(text, begun) {
            if begun < start {
                let before = Kind::Text(part(text, begun..start));
                into.push(node(before, child.at + begun, Vec::new()));
            }
            let word = Kind::Text(part(text, start..end));
            let word = node(word, child.at + start, Vec::new());
            let kind = Kind::Element {
                name: "abbr".to_owned(),
                attributes: vec![("title".to_owned(), words.to_owned())],
            };
            into.push(node(kind, child.at + start, vec![word]));
            begun = end;
        }
        if begun == 0 {
            into.push(child);
        } else if begun < text.len() {
            let rest = Kind::Text(part(text, begun..text.len()));
            into.push(node(rest, child.at + begun, Vec::new()));
        }
    }
}
