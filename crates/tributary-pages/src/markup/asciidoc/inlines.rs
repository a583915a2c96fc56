//! Lines of AsciiDoc: styles, links, pictures, notes.

use asciidoc_parser::inlines::{
    Footnote, Image, InlineNode, RawForm, Ref, RefVariant, Stem, StemNotation, StyleVariant,
    Styled, Ui, UiKind,
};
use asciidoc_parser::{HasSpan, Span};

use crate::markup::node::{Kind, Node};
use crate::markup::tree::{Mixed, mix};

use super::blocks::Reader;
use super::nodes::{
    UNRESOLVED, character, decoded, element, expression, node, picture, plain, unresolved, verbatim,
};

impl<'s> Reader<'s> {
    /// The nodes of a line. `outer` is where it stands, for parts that stand nowhere themselves.
    pub(super) fn line(&mut self, inlines: &[InlineNode<'_>], outer: usize) -> Vec<Node<'static>> {
        let mut pieces = Vec::with_capacity(inlines.len());
        for inline in inlines {
            self.inline(inline, outer, &mut pieces);
        }
        join_references(&mut pieces);
        if pieces
            .iter()
            .any(|piece| matches!(piece, Mixed::Html { .. }))
        {
            return mix(pieces);
        }
        let nodes = pieces.into_iter().filter_map(|piece| match piece {
            Mixed::Node(node) => Some(node),
            Mixed::Html { .. } => None,
        });
        nodes.collect()
    }

    /// The offset of something in what was parsed. What was made, and does not stand there, stands
    /// where `outer` does.
    pub(super) fn at(&self, span: Span<'_>, outer: usize) -> usize {
        let start = self.source.as_ptr() as usize;
        let at = span.data().as_ptr() as usize;
        match at.checked_sub(start) {
            Some(offset) if offset <= self.source.len() => offset,
            _ => outer,
        }
    }

    fn inline(&mut self, inline: &InlineNode<'_>, outer: usize, pieces: &mut Vec<Mixed<'static>>) {
        let at = self.at(inline.span(), outer);
        let mut put = |node| pieces.push(Mixed::Node(node));
        match inline {
            InlineNode::Text { value, .. } => self.text(value, at, pieces),
            InlineNode::CharRef { value, .. } => put(plain(character(value), at)),
            InlineNode::Raw { value, form, .. } => match form {
                RawForm::Escaped => put(plain(value.to_string(), at)),
                RawForm::AsIs => pieces.push(Mixed::Html {
                    text: value.to_string(),
                    at,
                }),
            },
            InlineNode::Styled(styled) => self.styled(styled, at, pieces),
            InlineNode::Ref(reference) => {
                let node = self.reference(reference, at);
                put(node);
            }
            InlineNode::Image(image) => put(self.image(image, at)),
            InlineNode::Footnote(note) => {
                let node = self.footnote(note, at);
                put(node);
            }
            InlineNode::Anchor(anchor) => put(element("a", &[("id", &anchor.id)], Vec::new(), at)),
            InlineNode::Ui(ui) => put(interface(ui, at)),
            InlineNode::IndexTerm(term) => {
                for node in self.line(&term.children, at) {
                    pieces.push(Mixed::Node(node));
                }
            }
            InlineNode::Callout(_) => put(plain(verbatim(std::slice::from_ref(inline)), at)),
            InlineNode::Stem(stem) => put(formula(stem, at)),
            InlineNode::LineBreak { .. } => put(node(Kind::Break, at, Vec::new())),
        }
    }

    fn text(&mut self, text: &str, at: usize, pieces: &mut Vec<Mixed<'static>>) {
        let mut rest = text;
        while let Some(found) = rest.find(UNRESOLVED) {
            let Some((directive, target, length)) = unresolved(&rest[found..]) else {
                break;
            };
            if found > 0 {
                pieces.push(Mixed::Node(plain(rest[..found].to_owned(), at)));
            }
            let link = Kind::Link {
                target: target.to_owned(),
                title: "".into(),
            };
            let words = plain(directive.to_owned(), at);
            pieces.push(Mixed::Node(node(link, at, vec![words])));
            rest = &rest[found + length..];
        }
        if !rest.is_empty() {
            pieces.push(Mixed::Node(plain(rest.to_owned(), at)));
        }
    }

    fn styled(&mut self, styled: &Styled<'_>, at: usize, pieces: &mut Vec<Mixed<'static>>) {
        let mut put = |node| pieces.push(Mixed::Node(node));
        if let Some(id) = &styled.id {
            put(element("a", &[("id", id)], Vec::new(), at));
        }
        let quotes = match styled.variant {
            StyleVariant::DoubleQuote => Some(("\u{201c}", "\u{201d}")),
            StyleVariant::SingleQuote => Some(("\u{2018}", "\u{2019}")),
            _ => None,
        };
        let inside = self.line(&styled.children, at);
        // A role may stand first and alone, as `[line-through]#words#`.
        let first = styled.attrs.nth_attribute(1);
        let first = first.and_then(|first| first.block_style()).unwrap_or("");
        let has_role = |wanted: &str| {
            styled.roles.iter().any(|role| &**role == wanted)
                || first.split(' ').any(|role| role == wanted)
        };
        let name = match styled.variant {
            StyleVariant::Strong => return put(node(Kind::Strong, at, inside)),
            StyleVariant::Emphasis => return put(node(Kind::Emphasis, at, inside)),
            StyleVariant::Code => {
                let is_text = |node: &Node<'_>| matches!(node.kind, Kind::Plain(_));
                if inside.iter().all(is_text) {
                    let code = verbatim(&styled.children);
                    return put(node(Kind::InlineCode(code.into()), at, Vec::new()));
                }
                "code"
            }
            StyleVariant::Superscript => "sup",
            StyleVariant::Subscript => "sub",
            _ if has_role("line-through") => "s",
            _ if has_role("underline") => "u",
            _ if has_role("small") => "small",
            // A role says how the words look, and then they are not marked.
            StyleVariant::Mark if styled.roles.is_empty() => "mark",
            _ => "",
        };
        if let Some((open, _)) = quotes {
            put(plain(open.to_owned(), at));
        }
        if name.is_empty() {
            inside.into_iter().for_each(&mut put);
        } else {
            put(element(name, &[], inside, at));
        }
        if let Some((_, close)) = quotes {
            put(plain(close.to_owned(), at));
        }
    }

    fn reference(&mut self, reference: &Ref<'_>, at: usize) -> Node<'static> {
        let mut children = self.line(&reference.children, at);
        let target = match reference.variant {
            RefVariant::Link => reference.target.to_string(),
            RefVariant::Xref => target_of(reference),
        };
        if children.is_empty() {
            let known = reference
                .resolved
                .as_ref()
                .and_then(|known| known.text.clone());
            let text = match (known, &reference.derived) {
                (Some(text), _) => text,
                // Another document is called by its title once all are known; here by its name.
                (None, Some(derived)) if derived.href != "#" => {
                    let path = target.split('#').next().unwrap_or_default();
                    html_escape::encode_text(path.strip_suffix(".adoc").unwrap_or(path)).into()
                }
                (None, Some(derived)) => derived.text.clone(),
                (None, None) => html_escape::encode_text(target.trim_start_matches('#')).into(),
            };
            children = mix(vec![Mixed::Html { text, at }]);
        }
        if target == "#" {
            return element("span", &[], children, at);
        }
        let title = reference.attrs.named_attribute("title");
        let title = title.map_or_else(String::new, |title| title.value().to_owned());
        let kind = Kind::Link {
            target,
            title: title.into(),
        };
        node(kind, at, children)
    }

    fn image(&self, image: &Image<'_>, at: usize) -> Node<'static> {
        if image.is_icon {
            // Without a font of icons they are their names, as in Asciidoctor.
            let name = image.alt.as_deref().unwrap_or(&image.target);
            return plain(format!("[{}]", decoded(name)), at);
        }
        let get = |name: &str| image.attrs.named_attribute(name).map(|value| value.value());
        let target = self.picture(&image.target);
        let alt = image.alt.as_deref().unwrap_or_default();
        let size = [
            ("width", image.width.as_deref()),
            ("height", image.height.as_deref()),
        ];
        let link = get("link");
        picture(&target, &decoded(alt), get("title"), &size, link, at)
    }

    /// Where a picture stands, which the document may keep in a folder of its own.
    pub(super) fn picture(&self, target: &str) -> String {
        let target = decoded(target);
        let folder = self.pictures.trim_end_matches('/');
        let is_whole = target.starts_with('/') || target.starts_with("data:");
        if folder.is_empty() || is_whole || target.contains("://") {
            return target;
        }
        format!("{folder}/{target}")
    }

    fn footnote(&mut self, note: &Footnote<'_>, at: usize) -> Node<'static> {
        let id = note.id.as_deref().unwrap_or_default();
        let label = if note.is_reference {
            match self.notes_by_id.get(id) {
                Some(label) => label.clone(),
                None => return plain(format!("[{id}]"), at),
            }
        } else {
            let label = (self.notes.len() + 1).to_string();
            if !id.is_empty() {
                self.notes_by_id.insert(id.to_owned(), label.clone());
            }
            // Its place is taken before its text is read, which may hold notes too.
            let place = self.notes.len();
            let kind = Kind::Footnote(label.clone().into());
            self.notes.push(node(kind, at, Vec::new()));
            let says = self.line(&note.children, at);
            self.notes[place].children = vec![node(Kind::Paragraph, at, says)];
            label
        };
        node(Kind::FootnoteMention(label.into()), at, Vec::new())
    }
}

/// Puts character references together that the parser cut in two, as it does in the value of an
/// attribute.
fn join_references(pieces: &mut Vec<Mixed<'static>>) {
    let mut at = 0;
    while at + 1 < pieces.len() {
        if let [Mixed::Html { text: sign, .. }, Mixed::Node(next)] = &pieces[at..at + 2]
            && sign == "&"
            && let Kind::Plain(text) = &next.kind
            && let Some(end) = text.find(';')
            && text[..end]
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        {
            let whole = decoded(&format!("&{}", &text[..=end]));
            let joined = plain(format!("{whole}{}", &text[end + 1..]), next.at);
            pieces.splice(at..at + 2, [Mixed::Node(joined)]);
        }
        at += 1;
    }
}

/// Where a cross-reference leads: an anchor here, or a file with an anchor. The parser gives the
/// address of what would be made of that file, and here files are wanted.
fn target_of(reference: &Ref<'_>) -> String {
    let written = decoded(&reference.target);
    let Some(derived) = &reference.derived else {
        let href = reference.resolved.as_ref().map(|known| known.href.as_str());
        let href = href.map_or_else(|| format!("#{}", written.trim_start_matches('#')), decoded);
        return href;
    };
    if derived.href == "#" {
        return "#".to_owned();
    }
    let (path, anchor) = match written.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (written.as_str(), None),
    };
    let made = decoded(derived.href.split('#').next().unwrap_or_default());
    let is_source = [".adoc", ".asciidoc", ".asc", ".ad"]
        .iter()
        .any(|ending| path.ends_with(ending));
    let path = if is_source || made.ends_with(path) {
        path.to_owned()
    } else {
        format!("{path}.adoc")
    };
    match anchor {
        Some(anchor) if !anchor.is_empty() => format!("{path}#{anchor}"),
        _ => path,
    }
}

/// A formula. In AsciiMath it is code, which says what it means to those who know the notation.
fn formula(stem: &Stem<'_>, at: usize) -> Node<'static> {
    let source = expression(stem).into();
    let kind = match stem.notation {
        StemNotation::LatexMath => Kind::Math {
            source,
            displayed: false,
        },
        StemNotation::AsciiMath => Kind::InlineCode(source),
    };
    node(kind, at, Vec::new())
}

/// Keys, buttons and menus.
fn interface(ui: &Ui<'_>, at: usize) -> Node<'static> {
    let words = |text: &str| vec![plain(decoded(text), at)];
    match &ui.kind {
        UiKind::Keyboard(keys) => {
            let mut shown = Vec::new();
            for key in keys {
                if !shown.is_empty() {
                    shown.push(plain("+".to_owned(), at));
                }
                shown.push(element("kbd", &[], words(key), at));
            }
            element("span", &[], shown, at)
        }
        UiKind::Button(label) => node(Kind::Strong, at, words(&format!("[{label}]"))),
        UiKind::Menu {
            menu,
            submenus,
            item,
        } => {
            let mut path = vec![&**menu];
            path.extend(submenus.iter().map(|name| &**name));
            path.extend(item.as_deref());
            node(Kind::Strong, at, words(&path.join(" \u{203a} ")))
        }
    }
}
