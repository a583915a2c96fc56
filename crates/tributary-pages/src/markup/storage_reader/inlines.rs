//! Lines of text, and the styles in them.

use super::super::colors::{Colors, END_TAG};
use super::super::document::{Inline, Style};
use super::super::html_around::is_html;
use super::super::html_tags::style_of;
use super::super::short_forms::ShortForm;
use super::super::storage_tree::{Id, Kind, is_space, is_whole};
use super::super::vocabulary::MARK;
use super::macros::anchor_of;
use super::{BOOKKEEPING, DEEPEST, Reader};

impl Reader<'_, '_> {
    pub(super) fn inlines(&mut self, parent: Id) -> Vec<Inline> {
        self.depth += 1;
        let mut content = Vec::new();
        for child in self.tree.children(parent) {
            self.inline(child, &mut content);
        }
        self.depth -= 1;
        content
    }

    pub(super) fn inline(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        match &tree.nodes[id].kind {
            Kind::Text(text) => return push_text(content, text),
            Kind::Verbatim(text) => return push_text(content, text),
            Kind::Element { .. } => {}
        }
        if self.depth >= DEEPEST || self.is_block(id) {
            return self.keep_inline(id, content);
        }
        let name = tree.name(id);
        match name {
            "br" => {
                content.push(Inline::Break);
                let inner = self.inlines(id);
                content.extend(inner);
            }
            "code" => match tree.only_text(id) {
                Some(text) => content.push(Inline::Code(text)),
                None => self.styled(Style::Code, id, content),
            },
            "sup" => match self.mention(id) {
                Some(mention) => content.push(mention),
                None => self.styled(Style::Superscript, id, content),
            },
            "span" => self.span(id, content),
            "a" => self.address(id, content),
            "ac:link" => match self.parted_mention(id, content.last()) {
                // The anchor before it is a part of it.
                Some(mention) => {
                    content.pop();
                    self.document.anchors.pop();
                    content.push(mention);
                }
                None => self.link(id, content),
            },
            "ac:image" => self.image(id, content),
            "ac:inline-comment-marker" if self.keeps.comments => {
                self.keep_around_inline(id, content);
            }
            "ac:inline-comment-marker" => {
                let inner = self.inlines(id);
                extend(content, inner);
            }
            "abbr" => self.keep_around_inline(id, content),
            "ac:emoticon" => {
                let shown = tree.attribute(id, "ac:emoji-fallback");
                match shown.filter(|shown| emojis::get(shown).is_some()) {
                    Some(emoji) => push_text(content, emoji),
                    None => self.keep_inline(id, content),
                }
            }
            "ac:structured-macro" => match anchor_of(tree, id) {
                Some(anchor) => {
                    self.document.anchors.push(anchor.clone());
                    content.push(Inline::Anchor(anchor));
                }
                None => self.keep_inline(id, content),
            },
            name => match style_of(name) {
                Some(style) => self.styled(style, id, content),
                None => self.keep_inline(id, content),
            },
        }
    }

    pub(super) fn styled(&mut self, style: Style, id: Id, content: &mut Vec<Inline>) {
        if self.tree.children(id).any(|child| self.is_block(child)) {
            return self.keep_inline(id, content);
        }
        let read: &[&str] = if style == Style::Mark {
            &["style"]
        } else {
            &[]
        };
        self.note_attributes(id, read);
        let inner = self.inlines(id);
        content.push(Inline::Styled(style, inner));
    }

    /// Keeps an element as it stands, or its text when it cannot be written so.
    pub(super) fn keep_inline(&mut self, id: Id, content: &mut Vec<Inline>) {
        if self.tree.nodes[id].sound {
            let start = self.tree.source(id).to_owned();
            if ShortForm::of_storage(&start).is_none() {
                self.warn_kept(id);
            }
            content.push(Inline::Foreign {
                start,
                content: Vec::new(),
                end: String::new(),
            });
        } else if self.depth < DEEPEST {
            let inner = self.inlines(id);
            extend(content, inner);
        } else {
            push_text(content, &self.tree.text_of(id));
        }
    }

    /// Keeps an element as it stands around the text that it holds.
    pub(super) fn keep_around_inline(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let (start, end) = tree.tags(id);
        let holds_blocks = tree.children(id).any(|child| self.is_block(child));
        if holds_blocks || end.is_empty() || !is_whole(start, end) {
            return self.keep_inline(id, content);
        }
        if !is_html(start, end) {
            self.warn_kept(id);
        }
        let inner = self.inlines(id);
        content.push(Inline::Foreign {
            start: start.to_owned(),
            content: inner,
            end: end.to_owned(),
        });
    }

    pub(super) fn span(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        match tree.attributes(id) {
            [("style", style)] if style == MARK => self.styled(Style::Mark, id, content),
            [("style", style)]
                if Colors::of_style(style).is_some_and(|colors| colors.style() == *style)
                    && tree.tags(id).1 == END_TAG
                    && !tree.children(id).any(|child| self.is_block(child)) =>
            {
                let start = Colors::of_style(style).unwrap_or_default().start_tag();
                let inner = self.inlines(id);
                content.push(Inline::Foreign {
                    start,
                    content: inner,
                    end: END_TAG.to_owned(),
                });
            }
            [] if self.in_link => self.styled(Style::Small, id, content),
            attributes
                if attributes
                    .iter()
                    .all(|(name, _)| BOOKKEEPING.contains(name) || name.starts_with("data-"))
                    && !tree.children(id).any(|child| self.is_block(child)) =>
            {
                let inner = self.inlines(id);
                extend(content, inner);
            }
            _ => self.keep_around_inline(id, content),
        }
    }
}

pub(super) fn push_text(content: &mut Vec<Inline>, text: &str) {
    match content.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => content.push(Inline::Text(text.to_owned())),
    }
}

/// Adds inlines, joining text to text.
pub(super) fn extend(content: &mut Vec<Inline>, more: Vec<Inline>) {
    for inline in more {
        match inline {
            Inline::Text(text) => push_text(content, &text),
            other => content.push(other),
        }
    }
}

/// Takes the white space between elements away from both ends.
pub(super) fn trim(content: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = content.last_mut() {
        text.truncate(text.trim_end_matches(is_space).len());
        if text.is_empty() {
            content.pop();
        }
    }
    if let Some(Inline::Text(text)) = content.first_mut() {
        let blank = text.len() - text.trim_start_matches(is_space).len();
        text.drain(..blank);
        if text.is_empty() {
            content.remove(0);
        }
    }
}
