//! Confluence's storage format.
//!
//! Alerts become the macros info (note), tip (tip), note (important, warning, with their name as
//! title) and warning (caution). Definitions become bold terms with lists, because the editors know
//! no definition lists.

mod tables;

use serde_json::{Value, json};

use super::adf_reader::{Unknown, traced_storage};
use super::content::{are_pictures, is_wordless, plain_text, trimmed};
use super::document::{
    Alignment, Block, Definition, Document, Footnote, Inline, Item, Layout, PanelKind, PictureSide,
    Place, Placed, Problem, Severity, Style, decisions,
};
use super::drawing::{Drawing, DrawingKind, formula_text, kind_of_math};
use super::drawn::{behind_signs, first_line, not_drawn};
use super::foreign::{kept_node, name, words};
use super::formats::Flavor;
use super::languages::code_language;
use super::safe::is_safe;
use super::short_forms::ShortForm;
use super::storage_tree::is_whole;
use super::title::{TitleHeading, beside_title, heading_of};
use super::vocabulary::{
    DECIDED, DECISION_ITEM, DECISION_LIST, LINE_WIDTH, MARK, alignment_style, mention_anchor,
    note_anchor,
};
use super::writing::{Body, ImageTarget, LinkTarget, Resolve, StorageOptions};
use super::xml::{Xml, is_written};
use crate::Sentence;

/// Writes a document in storage format, with every reference resolved. The content is always
/// well-formed.
pub fn write_storage(
    document: &Document,
    options: &StorageOptions<'_>,
    resolve: &dyn Resolve,
) -> Body {
    let mut writer = Writer {
        xml: Xml::with_capacity(length_of(document)),
        options,
        resolve,
        problems: Vec::new(),
        place: Place::default(),
        tasks: 0,
        in_link: false,
        layout: document.front_matter.layout,
        is_alone: false,
    };
    let mut blocks = document.blocks.as_slice();
    if options.omit_title
        && let Some(TitleHeading {
            anchor,
            content,
            rest,
        }) = heading_of(blocks)
    {
        // Links to the title's anchor lead to the top of the page.
        if writer.wants(anchor)
            || content
                .iter()
                .any(|inline| matches!(inline, Inline::Anchor(_)))
        {
            writer.xml.open("p");
            writer.anchor(anchor);
            for inline in content {
                if let Inline::Anchor(name) = inline {
                    writer.anchor(name);
                }
            }
            writer.xml.close();
        }
        writer.blocks(beside_title(blocks).as_slice());
        blocks = rest;
    }
    writer.blocks(blocks);
    if writer.xml.left_out > 0 {
        let count = writer.xml.left_out;
        writer.problems.push(Problem {
            severity: Severity::Warning,
            code: "text.control_characters",
            message: sentence!(
                "{count} control character(s) that no page can hold were left out",
                count
            ),
            line: 0,
            column: 0,
        });
    }
    Body {
        content: writer.xml.finish(),
        problems: writer.problems,
    }
}

/// About how long a document is in storage format, by the lines that it has: a text that grows while
/// it is written is copied every time.
fn length_of(document: &Document) -> usize {
    const LINE: usize = 64;
    let last = document.blocks.last().map_or(0, |last| last.place.line);
    (last as usize * LINE).clamp(1024, 256 * 1024)
}

struct Writer<'a> {
    xml: Xml,
    options: &'a StorageOptions<'a>,
    resolve: &'a dyn Resolve,
    problems: Vec<Problem>,
    place: Place,
    tasks: usize,
    in_link: bool,
    layout: Layout,
    /// Whether what is written is pictures and nothing else in its paragraph.
    is_alone: bool,
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

    fn wants(&self, anchor: &str) -> bool {
        self.options
            .anchors
            .is_none_or(|wanted| wanted.contains(anchor))
    }

    fn open_macro(&mut self, name: &str) {
        self.xml
            .open("ac:structured-macro")
            .attr("ac:name", name)
            .attr("ac:schema-version", "1");
    }

    fn parameter(&mut self, name: &str, value: &str) {
        self.xml.open("ac:parameter").attr("ac:name", name);
        self.xml.text(value);
        self.xml.close();
    }

    fn anchor(&mut self, name: &str) {
        if self.wants(name) {
            self.anchor_always(name);
        }
    }

    fn anchor_always(&mut self, name: &str) {
        self.open_macro("anchor");
        self.parameter("", name);
        self.xml.close();
    }

    fn blocks(&mut self, blocks: &[Placed<Block>]) {
        for block in blocks {
            self.place = block.place;
            self.block(&block.is);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading {
                level,
                content,
                anchor,
                alignment,
            } => {
                self.xml.open(match level {
                    1 => "h1",
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                });
                if let Some(style) = alignment_style(*alignment) {
                    self.xml.attr("style", style);
                }
                self.anchor(anchor);
                self.inlines(content);
                self.xml.close();
            }
            Block::Paragraph { content, alignment } => self.paragraph(content, *alignment),
            Block::List { start, items } => self.list(*start, items),
            Block::Table { head, body, look } => self.table(head, body, look),
            Block::Code {
                language,
                title,
                first_line: number,
                is_collapsed,
                text,
            } => {
                let kind = language.as_deref().and_then(DrawingKind::of_language);
                let at = first_line(self.place);
                let title = title.as_deref();
                let drawn = match kind {
                    Some(kind) => self.drawing(kind, text, title, at, true),
                    None => false,
                };
                if !drawn {
                    let numbers = (*number, *is_collapsed);
                    self.code(language.as_deref(), title, numbers, text);
                }
            }
            Block::Quote(blocks) => {
                self.xml.open("blockquote");
                self.blocks_or_empty(blocks);
                self.xml.close();
            }
            Block::Panel { kind, blocks } => {
                let (name, title) = match kind {
                    PanelKind::Note => ("info", None),
                    PanelKind::Tip => ("tip", None),
                    PanelKind::Important => ("note", Some("Important")),
                    PanelKind::Warning => ("note", Some("Warning")),
                    PanelKind::Caution => ("warning", None),
                };
                self.open_macro(name);
                if let Some(title) = title {
                    self.parameter("title", title);
                }
                self.rich_body(blocks);
                self.xml.close();
            }
            Block::Expand { title, blocks } => {
                self.open_macro("expand");
                if is_written(title) {
                    self.parameter("title", title);
                }
                self.rich_body(blocks);
                self.xml.close();
            }
            Block::Excerpt { is_hidden, blocks } => {
                self.open_macro("excerpt");
                if *is_hidden {
                    self.parameter("hidden", "true");
                }
                self.rich_body(blocks);
                self.xml.close();
            }
            Block::Definitions(entries) => {
                for Definition {
                    term,
                    meanings: definitions,
                } in entries
                {
                    if !term.is_empty() {
                        self.xml.open("p");
                        self.xml.open("strong");
                        self.inlines(term);
                        self.xml.close();
                        self.xml.close();
                    }
                    if !definitions.is_empty() {
                        self.xml.open("ul");
                        for definition in definitions {
                            self.xml.open("li");
                            self.blocks_or_empty(definition);
                            self.xml.close();
                        }
                        self.xml.close();
                    }
                }
            }
            Block::Rule => {
                self.xml.open("hr");
                self.xml.close();
            }
            Block::TableOfContents => {
                self.xml.open("p");
                self.open_macro("toc");
                self.xml.close();
                self.xml.close();
            }
            Block::Footnotes(notes) => self.footnotes(notes),
            Block::Adf {
                blocks: Some(blocks),
                ..
            } => self.blocks(blocks),
            Block::Adf {
                source,
                blocks: None,
                ..
            } => {
                self.warn(
                    self.place,
                    "adf.not_in_storage",
                    sentence!(
                        "this part in the Atlassian Document Format has no form in storage \
                         format, so it is shown as code"
                    ),
                );
                self.code(Some("json"), None, (None, false), source);
            }
            Block::Foreign { start, blocks, end } => {
                if is_whole(start, end) {
                    self.xml.whole(start);
                    self.blocks(blocks);
                    self.xml.whole(end);
                    return;
                }
                self.warn_foreign(start);
                let content = vec![Inline::Text(words(start))];
                self.paragraph(&content, Alignment::None);
                self.blocks(blocks);
            }
        }
    }

    fn warn_foreign(&mut self, start: &str) {
        self.warn(
            self.place,
            "storage.not_well_formed",
            sentence!(
                "{name} is not well-formed or would run something, so only its text is kept",
                name = name(start)
            ),
        );
    }

    fn blocks_or_empty(&mut self, blocks: &[Placed<Block>]) {
        if blocks.is_empty() {
            self.xml.open("p");
            self.xml.close();
        } else {
            self.blocks(blocks);
        }
    }

    fn rich_body(&mut self, blocks: &[Placed<Block>]) {
        self.xml.open("ac:rich-text-body");
        self.blocks_or_empty(blocks);
        self.xml.close();
    }

    fn paragraph(&mut self, content: &[Inline], alignment: Alignment) {
        self.xml.open("p");
        if let Some(style) = alignment_style(alignment) {
            self.xml.attr("style", style);
        }
        self.is_alone = alignment == Alignment::None && are_pictures(content);
        self.inlines(content);
        self.is_alone = false;
        self.xml.close();
    }

    fn list(&mut self, start: Option<u64>, items: &[Item]) {
        let tasks = start.is_none() && items.iter().all(|item| item.checked.is_some());
        if tasks {
            self.xml.open("ac:task-list");
            for item in items {
                self.tasks += 1;
                let number = self.tasks.to_string();
                self.xml.open("ac:task");
                self.xml.element("ac:task-id", &number);
                let done = item.checked == Some(true);
                self.xml.element(
                    "ac:task-status",
                    if done { "complete" } else { "incomplete" },
                );
                self.xml.open("ac:task-body");
                match item.blocks.split_first() {
                    Some((
                        Placed {
                            is: Block::Paragraph { content, .. },
                            ..
                        },
                        rest,
                    )) => {
                        if rest.is_empty() {
                            self.inlines(content);
                        } else {
                            self.blocks(&item.blocks);
                        }
                    }
                    _ => self.blocks(&item.blocks),
                }
                self.xml.close();
                self.xml.close();
            }
            self.xml.close();
            return;
        }
        if let Some(lines) = decisions(start, items) {
            return self.decisions(&lines);
        }
        match start {
            None => self.xml.open("ul"),
            Some(1) => self.xml.open("ol"),
            Some(start) => self.xml.open("ol").attr("start", &start.to_string()),
        };
        for item in items {
            self.xml.open("li");
            match item.sign() {
                None => self.blocks_or_empty(&item.blocks),
                Some(sign) => self.signed(sign, &item.blocks),
            }
            self.xml.close();
        }
        self.xml.close();
    }

    /// Decisions. Cloud has its editor's own list of them, and what stands in its stead where a page
    /// has the editor of before; Data Center has the latter.
    fn decisions(&mut self, lines: &[&[Inline]]) {
        let is_cloud = self.options.flavor == Flavor::Cloud;
        if is_cloud {
            self.xml.open("ac:adf-extension");
            self.xml.open("ac:adf-node").attr("type", DECISION_LIST);
            for line in lines {
                self.xml.open("ac:adf-node").attr("type", DECISION_ITEM);
                self.xml.open("ac:adf-attribute").attr("key", "state");
                self.xml.text(DECIDED);
                self.xml.close();
                self.xml.open("ac:adf-content");
                self.inlines(line);
                self.xml.finish_tag();
                self.xml.close();
                self.xml.close();
            }
            self.xml.close();
            self.xml.open("ac:adf-fallback");
        }
        self.xml.open("ul").attr("class", DECISION_LIST);
        for line in lines {
            self.xml.open("li");
            match is_cloud {
                // Anchors and pictures stand in the list itself, and would be there twice.
                true => self.xml.text(&plain_text(line)),
                false => self.inlines(line),
            }
            self.xml.finish_tag();
            self.xml.close();
        }
        self.xml.close();
        if is_cloud {
            self.xml.close();
            self.xml.close();
        }
    }

    /// An entry with a sign in a list that is not all of its kind, which a list of that kind could
    /// not hold.
    fn signed(&mut self, sign: &str, blocks: &[Placed<Block>]) {
        self.xml.open("p");
        self.xml.text(sign);
        match blocks.split_first() {
            Some((
                Placed {
                    is: Block::Paragraph { content, .. },
                    ..
                },
                rest,
            )) => {
                self.inlines(content);
                self.xml.close();
                self.blocks(rest);
            }
            _ => {
                self.xml.close();
                self.blocks(blocks);
            }
        }
    }

    fn code(
        &mut self,
        language: Option<&str>,
        title: Option<&str>,
        (first_line, is_collapsed): (Option<u32>, bool),
        text: &str,
    ) {
        let flavor: Flavor = self.options.flavor;
        self.open_macro("code");
        if let Some(language) = language {
            let known = code_language(flavor, language);
            self.parameter("language", known.unwrap_or("text"));
        }
        if let Some(title) = title.filter(|title| is_written(title)) {
            self.parameter("title", title);
        }
        if let Some(first_line) = first_line {
            self.parameter("linenumbers", "true");
            if first_line != 1 {
                self.parameter("firstline", &first_line.to_string());
            }
        }
        if is_collapsed {
            self.parameter("collapse", "true");
        }
        self.xml.open("ac:plain-text-body");
        self.xml.cdata(text);
        self.xml.close();
        self.xml.close();
    }

    fn footnotes(&mut self, notes: &[Footnote]) {
        self.xml.open("hr");
        self.xml.close();
        self.xml.open("ol");
        for note in notes {
            self.xml.open("li");
            self.xml.open("p");
            self.anchor_always(&note_anchor(note.number));
            let rest = match note.blocks.split_first() {
                Some((
                    Placed {
                        is: Block::Paragraph { content, .. },
                        place,
                    },
                    rest,
                )) => {
                    self.place = *place;
                    self.inlines(content);
                    rest
                }
                _ => note.blocks.as_slice(),
            };
            for mention in 1..=note.mentions {
                self.xml.text(" ");
                self.link_to_anchor(&mention_anchor(note.number, mention), "↩");
            }
            self.xml.close();
            self.blocks(rest);
            self.xml.close();
        }
        self.xml.close();
    }

    fn link_to_anchor(&mut self, anchor: &str, words: &str) {
        self.xml.open("ac:link").attr("ac:anchor", anchor);
        self.xml.element("ac:link-body", words);
        self.xml.close();
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
            Inline::Styled(style, content) => self.styled(*style, content),
            Inline::Link {
                target,
                title,
                content,
                place,
            } => {
                self.link(target, title, content, *place);
            }
            Inline::Image { .. } => self.image(inline),
            Inline::Math {
                source,
                displayed,
                place,
            } => {
                let at = behind_signs(*place, *displayed);
                if !self.drawing(kind_of_math(*displayed), source, None, at, false) {
                    self.xml.text(&formula_text(source, *displayed));
                }
            }
            Inline::Break => {
                self.xml.open("br");
                self.xml.close();
            }
            Inline::Anchor(name) => {
                if !self.in_link {
                    self.anchor(name);
                }
            }
            Inline::FootnoteMention { number, mention } => {
                let words = number.to_string();
                self.xml.open("sup");
                if self.in_link {
                    self.xml.text(&words);
                } else {
                    self.anchor_always(&mention_anchor(*number, *mention));
                    self.link_to_anchor(&note_anchor(*number), &words);
                }
                self.xml.close();
            }
            Inline::Foreign {
                start,
                content,
                end,
            } => self.foreign(start, content, end),
        }
    }

    fn foreign(&mut self, start: &str, content: &[Inline], end: &str) {
        if let Some(id) = ShortForm::stranger(start, self.options.flavor) {
            self.warn(
                self.place,
                "mention.unknown",
                not_known(&id, self.options.flavor),
            );
            match content {
                [] => self.xml.text(&words(start)),
                words => self.inlines(words),
            }
            return;
        }
        if !self.resolve.keeps_nodes()
            && let Some(node) = kept_node(start)
        {
            return self.node_in_line(&node);
        }
        if is_whole(start, end) {
            self.xml.whole(start);
            // The words of an author for what Confluence shows itself.
            if !end.is_empty() {
                self.inlines(content);
            }
            self.xml.whole(end);
            return;
        }
        self.warn_foreign(start);
        self.xml.text(&words(start));
        self.inlines(content);
    }

    /// Writes what Confluence stores for a node of a line, or the text that it shows.
    fn node_in_line(&mut self, node: &Value) {
        let document = json!({
            "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": [node] }],
        });
        let written = traced_storage(&document.to_string(), Unknown::Stored);
        let (storage, _, lost) = written.unwrap_or_default();
        if !lost.is_empty() {
            self.warn(
                self.place,
                "adf.not_in_storage",
                sentence!(
                    "`{kind}` of the Atlassian Document Format has no form in storage format in a \
                     line, so it is the text that it shows",
                    kind = node["type"].as_str().unwrap_or_default().to_owned()
                ),
            );
        }
        // One that shows nothing is an empty paragraph.
        let line = storage.strip_prefix("<p>").unwrap_or_default();
        self.xml
            .whole(line.strip_suffix("</p>").unwrap_or_default());
    }

    fn styled(&mut self, style: Style, content: &[Inline]) {
        match style {
            Style::Emphasis => self.xml.open("em"),
            Style::Strong => self.xml.open("strong"),
            Style::Strike => self.xml.open("s"),
            Style::Underline => self.xml.open("u"),
            Style::Subscript => self.xml.open("sub"),
            Style::Superscript => self.xml.open("sup"),
            Style::Code | Style::Keyboard => self.xml.open("code"),
            Style::Small if self.in_link => self.xml.open("span"),
            Style::Small => self.xml.open("small"),
            Style::Mark => self.xml.open("span").attr("style", MARK),
        };
        self.inlines(content);
        self.xml.close();
    }

    fn link(&mut self, target: &str, title: &str, content: &[Inline], place: Place) {
        if self.in_link {
            // A link in a link: HTML allows no such thing, and the outer one is kept.
            self.inlines(content);
            return;
        }
        let is_empty = is_wordless(content);
        match self.resolve.link(target) {
            LinkTarget::Url(url) if is_safe(&url) => {
                self.xml.open("a").attr("href", trimmed(&url));
                if is_written(title) {
                    self.xml.attr("title", title);
                }
                self.in_link = true;
                if is_empty {
                    self.xml.text(&url);
                } else {
                    self.inlines(content);
                }
                self.in_link = false;
                self.xml.close();
            }
            LinkTarget::Url(url) => {
                self.warn(
                    place,
                    "link.unsafe",
                    sentence!(
                        "the link to `{url}` would run something, so only its text is kept",
                        url
                    ),
                );
                self.inlines(content);
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
                if is_empty {
                    self.xml.text(target);
                } else {
                    self.inlines(content);
                }
            }
            LinkTarget::Page {
                title: page,
                space,
                anchor,
            } => {
                self.xml.open("ac:link");
                if let Some(anchor) = &anchor {
                    self.xml.attr("ac:anchor", anchor);
                }
                self.xml.open("ri:page");
                if let Some(space) = &space {
                    self.xml.attr("ri:space-key", space);
                }
                self.xml.attr("ri:content-title", &page);
                self.xml.close();
                self.link_body(content, if is_empty { Some(&page) } else { None });
                self.xml.close();
            }
            LinkTarget::Anchor(anchor) => {
                self.xml.open("ac:link").attr("ac:anchor", &anchor);
                self.link_body(content, if is_empty { Some(&anchor) } else { None });
                self.xml.close();
            }
            LinkTarget::Attachment { filename } => {
                self.xml.open("ac:link");
                self.xml
                    .open("ri:attachment")
                    .attr("ri:filename", &filename);
                self.xml.close();
                self.link_body(content, if is_empty { Some(&filename) } else { None });
                self.xml.close();
            }
        }
    }

    fn link_body(&mut self, content: &[Inline], instead: Option<&str>) {
        self.xml.open("ac:link-body");
        self.in_link = true;
        match instead {
            Some(words) => self.xml.text(words),
            None => self.inlines(content),
        }
        self.in_link = false;
        self.xml.close();
    }

    /// Writes what a diagram or formula becomes; says whether it becomes anything but its source.
    /// The picture of a block has a paragraph of its own, or it would stand beside the next one.
    fn drawing(
        &mut self,
        kind: DrawingKind,
        source: &str,
        title: Option<&str>,
        at: Place,
        is_block: bool,
    ) -> bool {
        let title = title.filter(|title| is_written(title));
        match self.resolve.drawing(kind, source) {
            Drawing::Source => return false,
            Drawing::Failed {
                message,
                line,
                column,
            } => {
                let problem = not_drawn(kind, &message, at, (line, column));
                self.problems.push(problem);
                return false;
            }
            Drawing::Macro { name } => {
                self.open_macro(&name);
                if let Some(title) = title {
                    self.parameter("title", title);
                }
                self.xml.open("ac:plain-text-body");
                self.xml.cdata(source);
                self.xml.close();
            }
            Drawing::Picture(picture) => {
                if is_block {
                    self.xml.open("p");
                }
                self.xml.open("ac:image").attr("ac:alt", source);
                if let Some(title) = title {
                    self.xml.attr("ac:title", title);
                }
                if picture.below > 0 {
                    let style = format!("vertical-align: -{}px;", picture.below);
                    self.xml.attr("ac:style", &style);
                }
                if is_block {
                    self.picture_side(None);
                }
                let size = (Some(picture.width), Some(picture.height));
                self.size(self.layout.shown(size, None));
                self.xml
                    .open("ri:attachment")
                    .attr("ri:filename", &picture.filename);
                self.xml.close();
                if is_block {
                    self.xml.close();
                }
            }
        }
        self.xml.close();
        true
    }

    /// Says where a picture stands that has a line of its own.
    fn picture_side(&mut self, own: Option<PictureSide>) {
        if let Some(side) = own.or_else(|| self.layout.picture_side()) {
            self.xml
                .attr("ac:align", side.align())
                .attr("ac:layout", side.name());
        }
    }

    fn size(&mut self, (width, height): (Option<u32>, Option<u32>)) {
        if let Some(width) = width {
            self.xml.attr("ac:width", &width.to_string());
        }
        if let Some(height) = height {
            self.xml.attr("ac:height", &height.to_string());
        }
    }

    fn image(&mut self, image: &Inline) {
        let Inline::Image {
            target,
            title,
            alt,
            width,
            percent,
            height,
            side,
            has_border,
            is_in_line,
            place,
        } = image
        else {
            return;
        };
        let source = image_source(self.resolve, target);
        if let ImageTarget::Missing { reason } = &source {
            let shown: String = target.chars().take(200).collect();
            self.warn(
                *place,
                "image.missing",
                sentence!(
                    "the picture `{shown}` cannot be shown: {reason}. Its description is kept",
                    shown,
                    reason
                ),
            );
            match alt.trim() {
                "" => self.xml.text(&shown),
                alt => self.xml.text(&format!("{alt} ({shown})")),
            }
            return;
        }
        self.xml.open("ac:image");
        if is_written(alt) {
            self.xml.attr("ac:alt", alt);
        }
        if is_written(title) {
            self.xml.attr("ac:title", title);
        }
        if self.is_alone || side.is_some() {
            self.picture_side(*side);
        }
        if *has_border {
            self.xml.attr("ac:border", "true");
        }
        if *is_in_line {
            self.xml.attr("ac:inline", "true");
        }
        let file = match &source {
            ImageTarget::Attachment { width, .. } => *width,
            _ => None,
        };
        let of_line = percent.map(|percent| LINE_WIDTH * percent / 100);
        let size = size_of(self.resolve, target, (width.or(of_line), *height));
        self.size(self.layout.shown(size, file));
        match source {
            ImageTarget::Attachment { filename, .. } => {
                self.xml
                    .open("ri:attachment")
                    .attr("ri:filename", &filename);
            }
            ImageTarget::Url(url) => {
                self.xml.open("ri:url").attr("ri:value", trimmed(&url));
            }
            ImageTarget::Missing { .. } => {}
        }
        self.xml.close();
        self.xml.close();
    }
}

/// The size in which a picture is shown, where it is not that of its file. Of one that is drawn, the
/// size that is not said follows from the other.
pub(super) fn size_of(
    resolve: &dyn Resolve,
    target: &str,
    said: (Option<u32>, Option<u32>),
) -> (Option<u32>, Option<u32>) {
    match (said, resolve.drawn_size(target)) {
        ((None, None), Some((width, height))) => (Some(width), Some(height)),
        _ => said,
    }
}

/// What is said of a mention of somebody whom a product cannot know by that id.
pub(super) fn not_known(id: &str, flavor: Flavor) -> Sentence {
    match flavor {
        Flavor::Cloud => sentence!(
            "`{id}` is no account id, by which Cloud knows people, so nobody is mentioned and the \
             words stay",
            id
        ),
        Flavor::DataCenter => sentence!(
            "`{id}` is an account id of Cloud, which Data Center does not know, so nobody is \
             mentioned and the words stay",
            id
        ),
    }
}

/// Where a picture on a page comes from. One that is written into the text comes from nowhere.
pub(super) fn image_source(resolve: &dyn Resolve, target: &str) -> ImageTarget {
    match resolve.image(target) {
        ImageTarget::Url(url) if !is_from_the_web(&url) => ImageTarget::Missing {
            reason: sentence!("Confluence shows no pictures that are written into the text"),
        },
        source => source,
    }
}

fn is_from_the_web(url: &str) -> bool {
    let start = trimmed(url).as_bytes().get(..4);
    start.is_some_and(|start| start.eq_ignore_ascii_case(b"http"))
}
