//! Keys as `MkDocs` has them, `++ctrl+alt+del++`, and what was inserted, `^^words^^`.

use std::borrow::Cow;

use super::super::node::{Kind, Node};
use super::super::tree::is_behind_backslash;
use super::{Signs, cut_by, element, node, text_of};

/// Bytes that keys have at most between their signs.
const LONGEST: usize = 60;

/// Keys that have a name. Letters, digits and `f1` to `f24` are known besides.
const NAMES: [&str; 46] = [
    "alt",
    "altgr",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "backspace",
    "break",
    "caps-lock",
    "cmd",
    "command",
    "comma",
    "control",
    "ctrl",
    "del",
    "delete",
    "down",
    "end",
    "enter",
    "esc",
    "escape",
    "fn",
    "home",
    "insert",
    "left",
    "menu",
    "meta",
    "minus",
    "num-lock",
    "option",
    "page-down",
    "page-up",
    "pause",
    "period",
    "pg-down",
    "pg-up",
    "plus",
    "print-screen",
    "return",
    "right",
    "shift",
    "slash",
    "space",
    "tab",
    "up",
    "win",
];

/// Puts keys and what was inserted into the elements of HTML that say the same.
pub(in super::super) fn press(source: &str, from: usize, signs: Signs, root: &mut Node<'_>) {
    // Most texts have no such sign, which spares looking through code and addresses for two of them.
    if !signs.has(Signs::KEYS | Signs::LEVEL) {
        return;
    }
    let body = &source.as_bytes()[from..];
    if memchr::memmem::find(body, b"++").is_some() || memchr::memmem::find(body, b"^^").is_some() {
        walk(source, root);
    }
}

/// Whether a text begins with keys between their signs.
pub(in super::super) fn begins_keys(text: &str) -> bool {
    keys(text).is_some()
}

/// The keys that a text begins with, and how long they are with their signs.
fn keys(text: &str) -> Option<(Vec<String>, usize)> {
    let inside = text.strip_prefix("++")?;
    let near = &inside.as_bytes()[..inside.len().min(LONGEST)];
    let end = memchr::memmem::find(near, b"++")?;
    let names: Vec<&str> = inside[..end].split('+').collect();
    // A letter alone is rather a variable that is counted up and down.
    let are_known = names.iter().all(|name| is_key(name, names.len() > 1));
    let behind = &inside[end + 2..];
    let is_apart = !behind.starts_with(|letter: char| letter.is_alphanumeric() || letter == '+');
    let shown = names.iter().map(|name| shown(name)).collect();
    (are_known && is_apart).then_some((shown, end + 4))
}

fn is_key(name: &str, is_with_others: bool) -> bool {
    let mut letters = name.chars();
    let is_letter = match (letters.next(), letters.next()) {
        (Some(letter), None) => letter.is_ascii_alphanumeric(),
        _ => false,
    };
    let number = name
        .strip_prefix('f')
        .and_then(|rest| rest.parse::<u8>().ok());
    (is_letter && is_with_others)
        || number.is_some_and(|number| (1..=24).contains(&number))
        || NAMES.contains(&name)
}

/// What a key is called on the page: `page-up` is Page Up.
fn shown(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What was inserted at the beginning of a text, and how long it is with its signs.
fn inserted(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("^^")?;
    let words = &inside[..inside.find(['^', '\n'])?];
    let is_ended =
        inside[words.len()..].starts_with("^^") && !inside[words.len() + 2..].starts_with('^');
    let is_said = !words.is_empty() && words.trim() == words;
    (is_ended && is_said).then_some((words, words.len() + 4))
}

fn walk(source: &str, parent: &mut Node<'_>) {
    if let Kind::Element { name, .. } = &parent.kind
        && matches!(name.as_str(), "code" | "pre" | "kbd" | "samp")
    {
        return;
    }
    let is_row = matches!(parent.kind, Kind::TableHead | Kind::TableRow);
    for child in &mut parent.children {
        // A cell that is nothing but text may become several nodes.
        if is_row && text_of(child).is_some_and(may_say) {
            let at = child.at;
            let text = std::mem::replace(child, node(Kind::TableCell, at, Vec::new()));
            child.children.push(text);
        }
        walk(source, child);
    }
    let mut texts = parent.children.iter().filter_map(text_of);
    if !is_row && texts.any(may_say) {
        for child in std::mem::take(&mut parent.children) {
            cut(source, child, &mut parent.children);
        }
    }
}

fn may_say(text: &str) -> bool {
    text.contains("++") || text.contains("^^")
}

/// Where the next of the signs is from an offset on.
fn next_sign(text: &str, from: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[from..];
    let mut signs = memchr::memchr2_iter(b'+', b'^', bytes);
    let found = signs.find(|at| bytes.get(at + 1) == Some(&bytes[*at]))?;
    Some(from + found)
}

/// Cuts a text where it has keys or what was inserted.
fn cut<'a>(source: &str, child: Node<'a>, into: &mut Vec<Node<'a>>) {
    let begins = child.at;
    cut_by(child, into, |text, mut from| {
        while let Some(open) = next_sign(text, from) {
            let at = begins + open;
            let before = text[..open].chars().next_back();
            let is_apart =
                before.is_none_or(|before| !before.is_alphanumeric() && !"+^".contains(before));
            from = open + 2;
            if is_apart
                && !is_behind_backslash(source, at)
                && let Some((made, length)) = made_of(&text[open..], at)
            {
                return Some((open..open + length, made));
            }
        }
        None
    });
}

/// What a text that stands at an offset begins with, and how long it is.
fn made_of(text: &str, at: usize) -> Option<(Vec<Node<'_>>, usize)> {
    if let Some((names, length)) = keys(text) {
        let mut made = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            if index > 0 {
                made.push(node(Kind::Text(Cow::Borrowed("+")), at, Vec::new()));
            }
            let name = node(Kind::Plain(name), at, Vec::new());
            made.push(element("kbd", at, vec![name]));
        }
        return Some((made, length));
    }
    let (words, length) = inserted(text)?;
    let words = node(Kind::Text(Cow::Borrowed(words)), at + 2, Vec::new());
    Some((vec![element("ins", at, vec![words])], length))
}
