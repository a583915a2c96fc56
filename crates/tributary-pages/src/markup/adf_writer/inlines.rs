//! Lines of text: styles, links, and what stands in words.

use super::super::adf::{Line, Marks, Node};
use super::super::adf_foreign;
use super::super::adf_unfilled::{file_address, page_address};
use super::super::colors::Colors;
use super::super::content::{is_wordless, plain_text};
use super::super::document::{Inline, Place, Style};
use super::super::drawing::{formula_text, kind_of_math};
use super::super::drawn::behind_signs;
use super::super::foreign::words;
use super::super::formats::Flavor;
use super::super::html_around::{Direction, words_of_abbreviation};
use super::super::safe::is_safe;
use super::super::short_forms::ShortForm;
use super::super::storage_writer::not_known;
use super::super::vocabulary::{mention_anchor, note_anchor};
use super::super::writing::LinkTarget;
use super::Writer;

impl Writer<'_> {
    pub(super) fn inlines(&mut self, content: &[Inline], marks: &Marks, line: &mut Line) {
        for inline in content {
            self.inline(inline, marks, line);
        }
    }

    pub(super) fn inline(&mut self, inline: &Inline, marks: &Marks, line: &mut Line) {
        match inline {
            Inline::Text(text) => self.text(text, marks, line),
            Inline::Code(code) => {
                let marks = Marks {
                    code: true,
                    ..marks.clone()
                };
                self.text(code, &marks, line);
            }
            Inline::Styled(style, content) => {
                let marks = self.styled(*style, marks);
                self.inlines(content, &marks, line);
            }
            Inline::Link {
                target,
                title,
                content,
                place,
            } => self.link(target, title, content, *place, marks, line),
            Inline::Image { .. } => self.image(inline, marks, line),
            Inline::Math {
                source,
                displayed,
                place,
            } => {
                let at = behind_signs(*place, *displayed);
                match self.drawing(kind_of_math(*displayed), source, at) {
                    Some(picture) => {
                        let size = (Some(picture.width), Some(picture.height));
                        let name = &picture.filename;
                        let mut node = self.file("mediaInline", "image", source, name, size);
                        node.marks.extend(marks.link());
                        line.node(node);
                    }
                    None => self.text(&formula_text(source, *displayed), marks, line),
                }
            }
            Inline::Break => line.line_break(),
            Inline::Anchor(name) => self.anchor(name, line),
            Inline::Foreign {
                start,
                content,
                end,
            } => {
                if let Some(comment) = adf_foreign::comment(start, end) {
                    let mut marks = marks.clone();
                    marks.comments.push(comment);
                    self.inlines(content, &marks, line);
                } else if let Some(colors) = Colors::of_tags(start, end) {
                    let mut marks = marks.clone();
                    marks.colors.text = colors.text.or(marks.colors.text);
                    marks.colors.behind = colors.behind.or(marks.colors.behind);
                    self.inlines(content, &marks, line);
                } else if let Some(words) = words_of_abbreviation(start, end) {
                    self.abbreviation(&words, content, marks, line);
                } else if let Some(direction) = Direction::of_tags(start, end) {
                    self.text(direction.sign(), marks, line);
                    self.inlines(content, marks, line);
                    self.text(Direction::SIGN_END, marks, line);
                } else if end.is_empty()
                    && let Some(node) = adf_foreign::inline(start)
                {
                    line.node(node);
                } else {
                    if let Some(id) = ShortForm::stranger(start, Flavor::Cloud) {
                        let message = not_known(&id, Flavor::Cloud);
                        self.warn(self.place, "mention.unknown", message);
                    }
                    if content.is_empty() || !end.is_empty() {
                        self.text(&words(start), marks, line);
                    }
                    self.inlines(content, marks, line);
                }
            }
            Inline::FootnoteMention { number, mention } => {
                let mut marks = Marks {
                    script: Some("sup"),
                    ..marks.clone()
                };
                if marks.link.is_none() {
                    self.anchor_always(&mention_anchor(*number, *mention), line);
                    marks.link = Some((format!("#{}", note_anchor(*number)), String::new()));
                }
                line.text(&number.to_string(), &marks);
            }
        }
    }

    /// An abbreviation, with what it stands for in parentheses where it stands first: nothing is shown
    /// in ADF when it is pointed at.
    fn abbreviation(&mut self, words: &str, content: &[Inline], marks: &Marks, line: &mut Line) {
        self.inlines(content, marks, line);
        let of = plain_text(content);
        if of.contains(words) || !self.explained.insert((of, words.to_owned())) {
            return;
        }
        self.abbreviations.add(self.place);
        self.text(&format!(" ({words})"), marks, line);
    }

    pub(super) fn text(&mut self, text: &str, marks: &Marks, line: &mut Line) {
        if marks.code && marks.is_styled() {
            self.styles_lost.add(self.place);
        }
        let text = self.clean(text);
        line.text(&text, marks);
    }

    pub(super) fn styled(&mut self, style: Style, marks: &Marks) -> Marks {
        let mut marks = marks.clone();
        match style {
            Style::Emphasis => marks.emphasis = true,
            Style::Strong => marks.strong = true,
            Style::Strike => marks.strike = true,
            Style::Underline => marks.underline = true,
            Style::Mark => marks.highlighted = true,
            Style::Code | Style::Keyboard => marks.code = true,
            Style::Subscript | Style::Superscript => {
                // Text is either above or below the line.
                if marks.script.is_some() {
                    self.styles_lost.add(self.place);
                }
                let is_below = style == Style::Subscript;
                marks.script = Some(if is_below { "sub" } else { "sup" });
            }
            Style::Small => self.styles_lost.add(self.place),
        }
        marks
    }

    pub(super) fn link(
        &mut self,
        target: &str,
        title: &str,
        content: &[Inline],
        place: Place,
        marks: &Marks,
        line: &mut Line,
    ) {
        if marks.link.is_some() {
            // A link in a link: HTML allows no such thing, and the outer one is kept.
            self.inlines(content, marks, line);
            return;
        }
        let is_empty = is_wordless(content);
        let (address, instead) = match self.resolve.link(target) {
            LinkTarget::Url(url) if is_safe(&url) => (Some(url.trim().to_owned()), url),
            LinkTarget::Url(url) => {
                self.warn(
                    place,
                    "link.unsafe",
                    sentence!(
                        "the link to `{url}` would run something, so only its text is kept",
                        url
                    ),
                );
                self.inlines(content, marks, line);
                return;
            }
            LinkTarget::Missing { reason } => {
                self.warn(
                    place,
                    "link.target_missing",
                    sentence!(
                        "the link `{target}` leads nowhere: {reason}. Its text is kept",
                        target,
                        reason
                    ),
                );
                (None, target.to_owned())
            }
            LinkTarget::Page {
                title,
                space,
                anchor,
            } => {
                let address = page_address(&title, space.as_deref(), anchor.as_deref());
                if is_empty && !marks.code {
                    let card = Node::new("inlineCard").with("url", address);
                    line.node(card);
                    self.inlines(content, marks, line);
                    return;
                }
                (Some(address), title)
            }
            LinkTarget::Anchor(anchor) => (Some(format!("#{anchor}")), anchor),
            LinkTarget::Attachment { filename } => (Some(file_address(&filename)), filename),
        };
        let marks = Marks {
            link: address.map(|address| {
                let title = self.clean(title).into_owned();
                (self.clean(&address).into_owned(), title)
            }),
            ..marks.clone()
        };
        if is_empty {
            self.text(&instead, &marks, line);
        }
        self.inlines(content, &marks, line);
    }
}
