//! Values as descriptions have them, and nodes that stand for them.

use serde_json::Value;

use super::super::node::{Kind, Node};
use super::node;

/// A node that borrows nothing, and stands somewhere else.
pub(super) fn owned(old: Node<'_>, at: usize) -> Node<'static> {
    let text = |text: pulldown_cmark::CowStr<'_>| text.into_string().into();
    let kind = match old.kind {
        Kind::Root => Kind::Root,
        Kind::Paragraph => Kind::Paragraph,
        // The page has headings of its own, which these stand below.
        Kind::Heading(level) => Kind::Heading((level + 3).min(6)),
        Kind::Quote(kind) => Kind::Quote(kind),
        Kind::List(start) => Kind::List(start),
        Kind::Item => Kind::Item,
        Kind::Task(is_done) => Kind::Task(is_done),
        Kind::Code { info, text: code } => Kind::Code {
            info: text(info),
            text: code,
        },
        Kind::Table(columns) => Kind::Table(columns),
        Kind::TableHead => Kind::TableHead,
        Kind::TableRow => Kind::TableRow,
        Kind::TableCell => Kind::TableCell,
        Kind::Definitions => Kind::Definitions,
        Kind::Term => Kind::Term,
        Kind::Definition => Kind::Definition,
        Kind::Footnote(label) => Kind::Footnote(text(label)),
        Kind::FootnoteMention(label) => Kind::FootnoteMention(text(label)),
        Kind::Emphasis => Kind::Emphasis,
        Kind::Strong => Kind::Strong,
        Kind::Strike => Kind::Strike,
        Kind::Link { target, title } => Kind::Link {
            target,
            title: text(title),
        },
        Kind::Image { target, title } => Kind::Image {
            target,
            title: text(title),
        },
        Kind::Text(words) => Kind::Text(words.into_owned().into()),
        Kind::Plain(words) => Kind::Plain(words),
        Kind::InlineCode(code) => Kind::InlineCode(text(code)),
        Kind::Broken(code) => Kind::Broken(text(code)),
        Kind::Adf(code) => Kind::Adf(text(code)),
        Kind::Math { source, displayed } => Kind::Math {
            source: text(source),
            displayed,
        },
        Kind::Break => Kind::Break,
        Kind::SoftBreak => Kind::SoftBreak,
        Kind::Rule => Kind::Rule,
        Kind::Element { name, attributes } => Kind::Element { name, attributes },
        Kind::UnknownTag(raw) => Kind::UnknownTag(text(raw)),
        Kind::Foreign { start, end } => Kind::Foreign {
            start: text(start),
            end: text(end),
        },
        Kind::ForeignInline { start, end } => Kind::ForeignInline {
            start: text(start),
            end: text(end),
        },
    };
    let children = old.children.into_iter().map(|child| owned(child, at));
    node(kind, at, children.collect())
}

/// The anchor of what has a name.
pub(super) fn anchor_of(name: &str) -> String {
    let safe = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(safe).collect();
    format!("api-{name}")
}

/// A part of a pointer as it was before it was escaped (RFC 6901).
pub(super) fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

pub(super) fn list(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    values.filter_map(shown).collect()
}

pub(super) fn yes(value: &Value) -> &'static str {
    if *value == Value::Bool(true) {
        "yes"
    } else {
        ""
    }
}
