//! The preview: HTML that looks like the page Confluence will show.
//!
//! Only known elements and attributes are written, so what a hostile repository holds cannot do
//! anything here. Every block carries `data-line`, the line of the source it begins at, for
//! scrolling source and page together.

use super::content::{are_pictures, is_wordless};
use super::document::{
    Alignment, Block, Cell, Definition, Document, Inline, Item, Layout, PanelKind, Place, Placed,
    Problem, Severity, Style,
};
use super::drawing::{DrawingKind, DrawingPicture, formula_text, kind_of_math};
use super::drawn::{behind_signs, drawn_picture, first_line};
use super::foreign::{name, words};
use super::html_around::{Direction, words_of_abbreviation};
use super::safe::is_safe;
use super::title::{TitleHeading, beside_title, heading_of};
use super::vocabulary::{mention_anchor, note_anchor};
use super::writing::{Body, HtmlOptions, ImageTarget, LinkTarget, Resolve};
use super::xml::Xml;
use crate::Sentence;

/// Writes a document as HTML for the preview, with every reference resolved.
pub fn write_html(document: &Document, options: &HtmlOptions, resolve: &dyn Resolve) -> Body {
    let mut writer = Writer {
        xml: Xml::with_capacity(16 * 1024),
        resolve,
        layout: document.front_matter.layout,
        problems: Vec::new(),
    };
    let mut blocks = document.blocks.as_slice();
    if options.omit_title
        && let Some(TitleHeading { rest, .. }) = heading_of(blocks)
    {
        writer.blocks(beside_title(blocks).as_slice());
        blocks = rest;
    }
    writer.blocks(blocks);
    Body {
        content: writer.xml.finish(),
        problems: writer.problems,
    }
}

/// What Confluence calls a section that has no title.
const EXPAND: &str = "Click here to expand";

struct Writer<'a> {
    xml: Xml,
    resolve: &'a dyn Resolve,
    layout: Layout,
    problems: Vec<Problem>,
}

impl Writer<'_> {
    fn warn(&mut self, place: Place, code: &'static str, message: Sentence) {
        let Place { line, column } = place;
        self.problems.push(Problem {
            severity: Severity::Warning,
            code,
            message,
            line,
            column,
        });
    }

    fn open(&mut self, name: &'static str, place: Place) -> &mut Xml {
        self.xml
            .open(name)
            .attr("data-line", &place.line.to_string())
    }

    /// Ends an element that HTML does not let be empty.
    fn close(&mut self) {
        self.xml.finish_tag();
        self.xml.close();
    }

    fn blocks(&mut self, blocks: &[Placed<Block>]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Placed<Block>) {
        let place = block.place;
        match &block.is {
            Block::Heading {
                level,
                content,
                anchor,
                alignment,
            } => {
                let name = match level {
                    1 => "h1",
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                self.open(name, place).attr("id", anchor);
                self.align(*alignment);
                self.inlines(content);
                self.close();
            }
            Block::Paragraph { content, alignment } => {
                self.open("p", place);
                self.align(match alignment {
                    Alignment::None if are_pictures(content) => self.layout.pictures,
                    alignment => *alignment,
                });
                self.inlines(content);
                self.close();
            }
            Block::List { start, items } => self.list(*start, items, place),
            Block::Table { head, body, look } => {
                let look = look.on(self.layout);
                self.open("table", place);
                if let Some(width) = look.width {
                    self.xml.attr("width", &width.to_string());
                }
                if !look.columns.is_empty() {
                    self.xml.open("colgroup");
                    for width in &look.columns {
                        self.xml.open("col");
                        if *width > 0 {
                            self.xml.attr("width", &width.to_string());
                        }
                        self.xml.close();
                    }
                    self.close();
                }
                self.xml.open("tbody");
                for row in head.iter().chain(body) {
                    self.xml.open("tr");
                    for cell in &row.cells {
                        self.cell(cell);
                    }
                    self.close();
                }
                self.close();
                self.close();
            }
            Block::Code {
                language,
                title,
                first_line: number,
                is_collapsed,
                text,
            } => {
                let kind = language.as_deref().and_then(DrawingKind::of_language);
                let at = first_line(place);
                if let Some(picture) = kind.and_then(|kind| self.drawing(kind, text, at)) {
                    self.open("p", place);
                    self.picture(&picture, text);
                    return self.close();
                }
                if *is_collapsed {
                    self.open("details", place);
                    let title = title.as_deref().unwrap_or(EXPAND);
                    self.xml.element("summary", title);
                }
                let title = title.as_ref().filter(|_| !is_collapsed);
                self.open("div", place).attr("class", "code");
                if title.is_some() || language.is_some() {
                    self.xml.open("div").attr("class", "code-title");
                    self.xml.text(title.map_or("", String::as_str));
                    if let Some(language) = language {
                        self.xml.open("span").attr("class", "code-language");
                        self.xml.text(language);
                        self.close();
                    }
                    self.close();
                }
                if let Some(first) = number {
                    self.xml.open("pre").attr("class", "code-numbers");
                    let count = u32::try_from(text.lines().count().max(1)).unwrap_or(u32::MAX);
                    let last = first.saturating_add(count - 1);
                    let numbers: Vec<String> =
                        (*first..=last).map(|number| number.to_string()).collect();
                    self.xml.text(&numbers.join("\n"));
                    self.close();
                }
                self.xml.open("pre");
                self.xml.open("code");
                // Only a line break right after `<pre>` would be swallowed, and this is in `code`.
                self.xml.text(text);
                self.close();
                self.close();
                self.close();
                if *is_collapsed {
                    self.close();
                }
            }
            Block::Quote(blocks) => {
                self.open("blockquote", place);
                self.blocks(blocks);
                self.close();
            }
            Block::Panel { kind, blocks } => {
                let (class, name) = match kind {
                    PanelKind::Note => ("panel panel-info", "Note"),
                    PanelKind::Tip => ("panel panel-tip", "Tip"),
                    PanelKind::Important => ("panel panel-note", "Important"),
                    PanelKind::Warning => ("panel panel-note", "Warning"),
                    PanelKind::Caution => ("panel panel-warning", "Caution"),
                };
                self.open("div", place)
                    .attr("class", class)
                    .attr("aria-label", name);
                self.blocks(blocks);
                self.close();
            }
            Block::Expand { title, blocks } => {
                self.open("details", place);
                let title = if title.is_empty() { EXPAND } else { title };
                self.xml.element("summary", title);
                self.blocks(blocks);
                self.close();
            }
            Block::Definitions(entries) => {
                self.open("dl", place);
                for Definition {
                    term,
                    meanings: definitions,
                } in entries
                {
                    self.xml.open("dt");
                    self.inlines(term);
                    self.close();
                    for definition in definitions {
                        self.xml.open("dd");
                        self.blocks(definition);
                        self.close();
                    }
                }
                self.close();
            }
            Block::Rule => {
                self.open("hr", place);
                self.xml.close();
            }
            Block::TableOfContents => {
                self.open("p", place).attr("class", "toc");
                self.xml.text("Table of contents");
                self.close();
            }
            Block::Footnotes(notes) => {
                self.open("ol", place).attr("class", "footnotes");
                for note in notes {
                    self.xml.open("li").attr("id", &note_anchor(note.number));
                    self.blocks(&note.blocks);
                    for mention in 1..=note.mentions {
                        let target = format!("#{}", mention_anchor(note.number, mention));
                        self.xml.open("a").attr("href", &target);
                        self.xml.text("↩");
                        self.close();
                    }
                    self.close();
                }
                self.close();
            }
            Block::Excerpt { is_hidden, blocks } => {
                let name = if *is_hidden {
                    "hidden excerpt"
                } else {
                    "excerpt"
                };
                self.open("div", place)
                    .attr("class", "panel foreign")
                    .attr("aria-label", name);
                self.xml.open("div").attr("class", "code-title");
                self.xml.text(name);
                self.close();
                self.blocks(blocks);
                self.close();
            }
            Block::Adf {
                blocks: Some(blocks),
                ..
            } => self.blocks(blocks),
            Block::Adf {
                source,
                blocks: None,
                ..
            } => {
                let is = Block::Code {
                    language: Some("json".to_owned()),
                    title: None,
                    first_line: None,
                    is_collapsed: false,
                    text: source.clone(),
                };
                self.block(&Placed { place, is });
            }
            Block::Foreign { start, blocks, end }
                if let Some(direction) = Direction::of_tags(start, end) =>
            {
                self.open("div", place).attr("dir", direction.word());
                self.blocks(blocks);
                self.close();
            }
            Block::Foreign { start, blocks, .. } => {
                // It only keeps a heading from being the title.
                if start.trim().is_empty() && blocks.is_empty() {
                    return;
                }
                let name = name(start);
                self.open("div", place)
                    .attr("class", "panel foreign")
                    .attr("aria-label", &name);
                self.xml.open("div").attr("class", "code-title");
                self.xml.text(&name);
                self.close();
                let words = words(start);
                if !words.is_empty() {
                    self.xml.element("p", &words);
                }
                self.blocks(blocks);
                self.close();
            }
        }
    }

    fn align(&mut self, alignment: Alignment) {
        let class = match alignment {
            Alignment::None => return,
            Alignment::Left => "left",
            Alignment::Center => "center",
            Alignment::Right => "right",
        };
        self.xml.attr("class", class);
    }

    fn list(&mut self, start: Option<u64>, items: &[Item], place: Place) {
        match start {
            None => {
                self.open("ul", place);
                // Both have signs in the place of bullets.
                if items.iter().all(|item| item.sign().is_some()) {
                    self.xml.attr("class", "tasks");
                }
            }
            Some(1) => {
                self.open("ol", place);
            }
            Some(start) => {
                self.open("ol", place).attr("start", &start.to_string());
            }
        }
        for item in items {
            self.xml.open("li");
            if let Some(sign) = item.sign() {
                self.xml.text(sign);
            }
            match item.blocks.split_first() {
                Some((
                    Placed {
                        is: Block::Paragraph { content, .. },
                        place,
                    },
                    rest,
                )) => {
                    self.open("span", *place);
                    self.inlines(content);
                    self.close();
                    self.blocks(rest);
                }
                _ => self.blocks(&item.blocks),
            }
            self.close();
        }
        self.close();
    }

    fn cell(&mut self, cell: &Cell) {
        self.xml.open(if cell.is_head { "th" } else { "td" });
        if cell.columns > 1 {
            self.xml.attr("colspan", &cell.columns.to_string());
        }
        if cell.rows > 1 {
            self.xml.attr("rowspan", &cell.rows.to_string());
        }
        self.align(cell.alignment);
        for (name, said) in cell.look.attributes() {
            self.xml.attr(name, said);
        }
        match cell.blocks.as_slice() {
            [
                Placed {
                    is: Block::Paragraph { content, .. },
                    ..
                },
            ] => self.inlines(content),
            blocks => self.blocks(blocks),
        }
        self.close();
    }

    fn inlines(&mut self, content: &[Inline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.xml.text(text),
            Inline::Code(code) => self.xml.element("code", code),
            Inline::Styled(style, content) => {
                self.xml.open(match style {
                    Style::Emphasis => "em",
                    Style::Strong => "strong",
                    Style::Strike => "s",
                    Style::Underline => "u",
                    Style::Subscript => "sub",
                    Style::Superscript => "sup",
                    Style::Small => "small",
                    Style::Code => "code",
                    Style::Keyboard => "kbd",
                    Style::Mark => "mark",
                });
                self.inlines(content);
                self.close();
            }
            Inline::Link {
                target,
                title,
                content,
                place,
            } => {
                self.link(target, title, content, *place);
            }
            Inline::Image {
                target,
                title,
                alt,
                width,
                percent,
                height,
                side,
                place,
                ..
            } => match self.resolve.image(target) {
                ImageTarget::Url(url) if is_safe(&url) || is_picture(&url) => {
                    self.xml.open("img").attr("src", &url).attr("alt", alt);
                    if !title.is_empty() {
                        self.xml.attr("title", title);
                    }
                    if let Some(side) = side {
                        self.xml.attr("class", side.name());
                    }
                    let (width, height) = self.layout.shown((*width, *height), None);
                    if let Some(percent) = percent.filter(|_| width.is_none()) {
                        self.xml.attr("width", &format!("{percent}%"));
                    }
                    for (name, size) in [("width", width), ("height", height)] {
                        if let Some(size) = size {
                            self.xml.attr(name, &size.to_string());
                        }
                    }
                    self.xml.close();
                }
                found => {
                    let reason = match found {
                        ImageTarget::Missing { reason } => reason,
                        _ => sentence!("its address is none of a picture"),
                    };
                    let shown: String = target.chars().take(200).collect();
                    self.warn(
                        *place,
                        "image.missing",
                        sentence!(
                            "the picture `{shown}` cannot be shown: {reason}",
                            shown,
                            reason
                        ),
                    );
                    self.xml.open("span").attr("class", "missing");
                    self.xml.text(if alt.is_empty() { &shown } else { alt });
                    self.close();
                }
            },
            Inline::Math {
                source,
                displayed,
                place,
            } => {
                let at = behind_signs(*place, *displayed);
                match self.drawing(kind_of_math(*displayed), source, at) {
                    Some(picture) => self.picture(&picture, source),
                    None => self.xml.text(&formula_text(source, *displayed)),
                }
            }
            Inline::Break => {
                self.xml.open("br");
                self.xml.close();
            }
            Inline::Anchor(name) => {
                self.xml.open("span").attr("id", name);
                self.close();
            }
            Inline::FootnoteMention { number, mention } => {
                let target = format!("#{}", note_anchor(*number));
                self.xml
                    .open("sup")
                    .attr("id", &mention_anchor(*number, *mention));
                self.xml.open("a").attr("href", &target);
                self.xml.text(&number.to_string());
                self.close();
                self.close();
            }
            Inline::Foreign {
                start,
                content,
                end,
            } => {
                if let Some(words) = words_of_abbreviation(start, end) {
                    self.xml.open("abbr").attr("title", &words);
                } else if let Some(direction) = Direction::of_tags(start, end) {
                    self.xml.open("span").attr("dir", direction.word());
                } else {
                    self.xml
                        .open("span")
                        .attr("class", "foreign")
                        .attr("title", &name(start));
                }
                if content.is_empty() || !end.is_empty() {
                    self.xml.text(&words(start));
                }
                self.inlines(content);
                self.close();
            }
        }
    }

    /// The picture of a diagram or formula, where it has one.
    fn drawing(&mut self, kind: DrawingKind, source: &str, at: Place) -> Option<DrawingPicture> {
        drawn_picture(self.resolve, kind, source, at, &mut self.problems)
    }

    fn picture(&mut self, picture: &DrawingPicture, source: &str) {
        self.xml
            .open("img")
            .attr("src", &picture.address)
            .attr("alt", source)
            .attr("width", &picture.width.to_string())
            .attr("height", &picture.height.to_string());
        self.xml.close();
    }

    fn link(&mut self, target: &str, title: &str, content: &[Inline], place: Place) {
        let address = match self.resolve.link(target) {
            LinkTarget::Url(url) if is_safe(&url) => Ok(url),
            LinkTarget::Url(url) => {
                self.warn(
                    place,
                    "link.unsafe",
                    sentence!("the link to `{url}` would run something", url),
                );
                Err("unsafe")
            }
            LinkTarget::Anchor(anchor) => Ok(format!("#{anchor}")),
            LinkTarget::Page { .. } | LinkTarget::Attachment { .. } => Ok(target.to_owned()),
            LinkTarget::Missing { reason } => {
                self.warn(
                    place,
                    "link.target_missing",
                    sentence!(
                        "the link `{target}` leads nowhere: {reason}",
                        target,
                        reason
                    ),
                );
                Err("missing")
            }
        };
        match address {
            Ok(address) => {
                self.xml.open("a").attr("href", &address);
                if !title.is_empty() {
                    self.xml.attr("title", title);
                }
            }
            Err(class) => {
                self.xml.open("span").attr("class", class);
            }
        }
        if is_wordless(content) {
            self.xml.text(target);
        }
        self.inlines(content);
        self.close();
    }
}

/// Whether an address carries a picture itself. Pictures run nothing, wherever they come from.
fn is_picture(address: &str) -> bool {
    let Some((scheme, rest)) = address.trim().split_once(':') else {
        return false;
    };
    let media_type = rest.split([',', ';']).next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("data")
        && ["png", "jpeg", "gif", "webp", "svg+xml", "bmp"]
            .iter()
            .any(|known| media_type.eq_ignore_ascii_case(&format!("image/{known}")))
}
