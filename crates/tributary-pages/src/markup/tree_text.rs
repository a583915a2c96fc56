//! The text that is below nodes of a tree, without their forms.

use super::foreign::words;
use super::node::{Kind, Node};

/// The text below some nodes as it is written.
pub(super) fn alternative(nodes: &[Node<'_>]) -> String {
    // Most are one text, which does not grow.
    if let [
        Node {
            kind: Kind::Text(alone),
            ..
        },
    ] = nodes
    {
        return str::to_owned(alone);
    }
    let mut text = String::new();
    for node in nodes {
        raw_text(node, &mut text);
    }
    text
}

/// The text below a node as it is written, line breaks kept.
pub(super) fn raw_text(node: &Node<'_>, text: &mut String) {
    match &node.kind {
        Kind::Text(more) => text.push_str(more),
        Kind::Plain(more) => text.push_str(more),
        Kind::InlineCode(more) | Kind::Broken(more) | Kind::Adf(more) => text.push_str(more),
        Kind::Math { source, .. } => text.push_str(source),
        Kind::Code { text: more, .. } => text.push_str(more),
        Kind::Foreign { start, .. } | Kind::ForeignInline { start, .. } => {
            text.push_str(&words(start));
        }
        Kind::SoftBreak | Kind::Break => text.push('\n'),
        Kind::UnknownTag(raw) => text.push_str(raw),
        Kind::Element { name, .. } if name == "br" => text.push('\n'),
        Kind::Paragraph if !text.is_empty() => text.push_str("\n\n"),
        _ => {}
    }
    for child in &node.children {
        raw_text(child, text);
    }
}
