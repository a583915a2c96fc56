//! Nodes as AsciiDoc makes them, and the text of its inlines as it stands.

use asciidoc_parser::inlines::{CalloutGuard, CharRef, InlineNode, Stem};

use crate::markup::node::{Kind, Node};

/// What the parser puts in the place of an `include::` that it could not follow.
pub(super) const UNRESOLVED: &str = "Unresolved directive in ";

/// A node that stands somewhere.
pub(super) fn node(kind: Kind<'static>, at: usize, children: Vec<Node<'static>>) -> Node<'static> {
    Node::new(kind, at, children)
}

/// Text in which nothing becomes anything else.
pub(super) fn plain(text: String, at: usize) -> Node<'static> {
    node(Kind::Plain(text), at, Vec::new())
}

/// An element of HTML.
pub(super) fn element(
    name: &str,
    attributes: &[(&str, &str)],
    children: Vec<Node<'static>>,
    at: usize,
) -> Node<'static> {
    let attributes = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let name = name.to_owned();
    node(Kind::Element { name, attributes }, at, children)
}

/// A picture, which may lead somewhere.
pub(super) fn picture(
    target: &str,
    alt: &str,
    title: Option<&str>,
    size: &[(&str, Option<&str>)],
    link: Option<&str>,
    at: usize,
) -> Node<'static> {
    let mut attributes = vec![("src", target), ("alt", alt)];
    attributes.extend(title.map(|title| ("title", title)));
    attributes.extend(
        size.iter()
            .filter_map(|(name, value)| Some((*name, (*value)?))),
    );
    let image = element("img", &attributes, Vec::new(), at);
    match link {
        Some("self") => {
            let kind = Kind::Link {
                target: target.to_owned(),
                title: "".into(),
            };
            node(kind, at, vec![image])
        }
        Some(link) if link != "none" => {
            let kind = Kind::Link {
                target: link.to_owned(),
                title: "".into(),
            };
            node(kind, at, vec![image])
        }
        _ => image,
    }
}

/// The directive, its target and the length of what the parser says of an `include::` that it
/// could not follow.
pub(super) fn unresolved(text: &str) -> Option<(&str, &str, usize)> {
    let line = text.lines().next()?;
    let directive = &line[line.find(" - include::")? + 3..];
    let target = directive.strip_prefix("include::")?.split('[').next()?;
    Some((directive, target, line.len()))
}

pub(super) fn character(value: &CharRef<'_>) -> String {
    match value {
        CharRef::Special(character) => character.to_string(),
        CharRef::Replacement(text) => (*text).to_owned(),
        CharRef::Entity(entity) => decoded(entity),
    }
}

/// A text whose entities are the letters that they stand for.
pub(super) fn decoded(text: &str) -> String {
    html_escape::decode_html_entities(text).into_owned()
}

/// The text of lines that are shown as they stand.
pub(super) fn verbatim(inlines: &[InlineNode<'_>]) -> String {
    let mut text = String::new();
    add_verbatim(inlines, &mut text);
    // In such lines a directive stays what was written.
    let mut from = 0;
    while let Some(found) = text[from..].find(UNRESOLVED).map(|at| from + at) {
        let Some((directive, _, length)) = unresolved(&text[found..]) else {
            break;
        };
        let directive = directive.to_owned();
        text.replace_range(found..found + length, &directive);
        from = found + directive.len();
    }
    text
}

fn add_verbatim(inlines: &[InlineNode<'_>], text: &mut String) {
    for inline in inlines {
        match inline {
            InlineNode::Text { value, .. } | InlineNode::Raw { value, .. } => text.push_str(value),
            InlineNode::CharRef { value, .. } => text.push_str(&character(value)),
            InlineNode::Styled(styled) => add_verbatim(&styled.children, text),
            InlineNode::Ref(reference) if reference.children.is_empty() => {
                text.push_str(&reference.target);
            }
            InlineNode::Ref(reference) => add_verbatim(&reference.children, text),
            InlineNode::Image(image) => text.push_str(image.alt.as_deref().unwrap_or_default()),
            InlineNode::Footnote(note) => add_verbatim(&note.children, text),
            InlineNode::IndexTerm(term) => add_verbatim(&term.children, text),
            InlineNode::Callout(callout) => {
                let number = &callout.number;
                match &callout.guard {
                    CalloutGuard::LineComment(guard) => {
                        text.push_str(&format!("{guard}({number})"));
                    }
                    CalloutGuard::Xml => text.push_str(&format!("<!--({number})-->")),
                }
            }
            InlineNode::Stem(stem) => text.push_str(&expression(stem)),
            InlineNode::LineBreak { .. } => text.push('\n'),
            InlineNode::Anchor(_) | InlineNode::Ui(_) => {}
        }
    }
}

/// What a formula says.
pub(super) fn expression(stem: &Stem<'_>) -> String {
    match &stem.source_text {
        Some(source) => source.clone(),
        None => decoded(&stem.value),
    }
}
