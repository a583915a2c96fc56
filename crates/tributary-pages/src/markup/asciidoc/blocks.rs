//! Blocks of AsciiDoc: sections, lists, tables, what stands between delimiters.

use std::collections::HashMap;

use asciidoc_parser::HasSpan;
use asciidoc_parser::attributes::Attrlist;
use asciidoc_parser::blocks::{
    AdmonitionBlock, AdmonitionVariant, Block, BreakType, ColumnStyle, CompoundDelimitedContext,
    FindBlocks, HorizontalAlignment, IsBlock, ListBlock, ListItem, ListItemMarker, ListType,
    MediaBlock, MediaType, QuoteBlock, QuoteType, SectionBlock, SectionType, SimpleBlockStyle,
    TableBlock, TableCell, TableCellContent, TableRow, VerticalAlignment,
};
use asciidoc_parser::content::Content;
use asciidoc_parser::document::{Attribute, Document as Parsed, InterpretedValue, TocMode};
use pulldown_cmark::BlockQuoteKind;

use crate::markup::drawing::DrawingKind;
use crate::markup::node::{Kind, Node};
use crate::markup::storage_tree;
use crate::markup::tree::{MADE, Mixed, mix};
use crate::markup::vocabulary::LINE_WIDTH;

use super::nodes::{decoded, element, node, picture, plain, verbatim};

/// Reads what was parsed into a tree.
pub(super) struct Reader<'s> {
    parsed: &'s Parsed<'static>,
    pub source: &'s str,
    /// The folder of the pictures, as the attribute `imagesdir` says it at this place.
    pub pictures: String,
    /// The language of code that names none.
    language: String,
    /// Whether formulas that do not say it are LaTeX, as the attribute `stem` says it.
    has_latex: bool,
    appendices: u8,
    /// What numbered pictures are called; empty when they have no numbers.
    figure: String,
    /// The number of the last picture that has one.
    last_figure: usize,
    /// How many pictures have their title in the macro: the parser does not count these.
    more_figures: usize,
    /// Footnotes in the order of the text, each with its text.
    pub notes: Vec<Node<'static>>,
    pub notes_by_id: HashMap<String, String>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(parsed: &'s Parsed<'static>) -> Self {
        Self {
            parsed,
            source: parsed.span().data(),
            pictures: String::new(),
            language: String::new(),
            has_latex: false,
            appendices: 0,
            figure: "Figure".to_owned(),
            last_figure: 0,
            more_figures: 0,
            notes: Vec::new(),
            notes_by_id: HashMap::new(),
        }
    }

    /// The whole document.
    pub(super) fn root(mut self) -> Node<'static> {
        let parsed = self.parsed;
        let mut children = Vec::new();
        let header = parsed.header();
        for attribute in header.attributes() {
            self.set(attribute);
        }
        if let (Some(title), Some(source)) = (header.title(), header.title_source()) {
            let at = self.at(source, 0);
            let words = html(title, at);
            children.push(heading(1, header.id(), true, words, at));
            children.extend(self.imprint(at));
        }
        let mode = parsed.toc_mode();
        if matches!(
            mode,
            TocMode::Auto | TocMode::Left | TocMode::Right | TocMode::Top
        ) {
            children.push(table_of_contents(0));
        }
        for block in parsed.child_blocks() {
            self.block(block, 0, &mut children);
            if mode == TocMode::Preamble && matches!(block, Block::Preamble(_)) {
                children.push(table_of_contents(0));
            }
        }
        if mode == TocMode::Bottom {
            children.push(table_of_contents(0));
        }
        children.append(&mut self.notes);
        node(Kind::Root, 0, children)
    }

    fn set(&mut self, attribute: &Attribute<'_>) {
        let value = match attribute.value() {
            InterpretedValue::Value(value) => value.clone(),
            InterpretedValue::Set | InterpretedValue::Unset => String::new(),
        };
        match attribute.name().data() {
            "imagesdir" => self.pictures = value,
            "source-language" => self.language = value,
            "figure-caption" => self.figure = value,
            "stem" => self.has_latex = matches!(value.as_str(), "latexmath" | "tex" | "latex"),
            _ => {}
        }
    }

    fn blocks<'b>(
        &mut self,
        blocks: impl Iterator<Item = &'b Block<'b>>,
        outer: usize,
    ) -> Vec<Node<'static>> {
        let mut nodes = Vec::new();
        for block in blocks {
            self.block(block, outer, &mut nodes);
        }
        nodes
    }

    /// Who wrote the document, and which revision of it this is: the lines below its title.
    fn imprint(&self, at: usize) -> Option<Node<'static>> {
        let header = self.parsed.header();
        let mut line: Vec<Node<'static>> = Vec::new();
        let dot = |line: &mut Vec<Node<'static>>| {
            if !line.is_empty() {
                line.push(plain(" \u{b7} ".to_owned(), at));
            }
        };
        for author in header.authors() {
            dot(&mut line);
            line.push(plain(author.name().to_owned(), at));
            if let Some(email) = author.email() {
                line.push(plain(" ".to_owned(), at));
                let words = plain(email.to_owned(), at);
                let is_address = email.contains("://");
                let target = match is_address {
                    true => email.to_owned(),
                    false => format!("mailto:{email}"),
                };
                line.push(element("a", &[("href", &target)], vec![words], at));
            }
        }
        if let Some(revision) = header.revision_line() {
            dot(&mut line);
            let version = revision
                .revnumber()
                .map(|number| format!("Version {number}"));
            let date = Some(revision.revdate()).filter(|date| !date.is_empty());
            let said: Vec<String> = version.into_iter().chain(date.map(str::to_owned)).collect();
            let mut said = said.join(", ");
            if let Some(remark) = revision.revremark() {
                said = format!("{said}: {remark}");
            }
            line.push(plain(said, at));
        }
        (!line.is_empty()).then(|| node(Kind::Paragraph, at, line))
    }

    /// Adds a block. `outer` is where it stands, when its text was made and stands nowhere.
    fn block<'b>(&mut self, block: &'b Block<'b>, outer: usize, nodes: &mut Vec<Node<'static>>) {
        let at = self.at(block.span(), outer);
        if let Some(id) = block.id()
            && !matches!(block, Block::Section(_))
        {
            nodes.push(element("a", &[("id", id)], Vec::new(), at));
        }
        match block {
            Block::DocumentAttribute(attribute) => self.set(attribute),
            Block::Preamble(preamble) => {
                let inner = self.blocks(preamble.child_blocks(), at);
                nodes.extend(inner);
            }
            Block::Section(section) => self.section(section, at, nodes),
            Block::Simple(simple) => {
                let at = self.at(simple.content().original(), at);
                if simple.style() == SimpleBlockStyle::Paragraph
                    && let Some(picture) = drawn_file(simple.content(), at)
                {
                    nodes.push(picture);
                    return self.title_above(block, at, nodes);
                }
                let context = match simple.style() {
                    // Indented lines say so without a style.
                    SimpleBlockStyle::Literal => "literal".into(),
                    SimpleBlockStyle::Listing | SimpleBlockStyle::Source => "listing".into(),
                    SimpleBlockStyle::Paragraph => block.resolved_context(),
                };
                self.content(block, &context, simple.content(), at, nodes);
            }
            Block::RawDelimited(raw) => {
                let at = self.at(raw.span(), at);
                self.content(block, &block.resolved_context(), raw.content(), at, nodes);
            }
            Block::List(list) => self.list(block, list, at, nodes),
            Block::ListItem(item) => {
                let inner = self.blocks(item.child_blocks(), at);
                nodes.extend(inner);
            }
            Block::CompoundDelimited(compound) => {
                let inner = self.blocks(compound.child_blocks(), at);
                let context = compound.context_kind();
                if context == CompoundDelimitedContext::Example
                    && compound.has_option("collapsible")
                {
                    let title = self.title(block, at);
                    let title = if title.is_empty() {
                        vec![plain("Details".to_owned(), at)]
                    } else {
                        title
                    };
                    let mut children = vec![element("summary", &[], title, at)];
                    children.extend(inner);
                    nodes.push(element("details", &[], children, at));
                    return;
                }
                let is_quote = context == CompoundDelimitedContext::Sidebar
                    || compound.declared_style() == Some("abstract");
                self.framed(block, inner, is_quote, at, nodes);
            }
            Block::Admonition(admonition) => self.admonition(block, admonition, at, nodes),
            Block::Quote(quote) => self.quote(block, quote, at, nodes),
            Block::Table(table) => self.table(block, table, at, nodes),
            Block::Media(media) => self.media(media, at, nodes),
            Block::Break(line) => {
                // Paper has pages; a page of Confluence has one.
                if line.type_() == BreakType::Thematic {
                    nodes.push(node(Kind::Rule, at, Vec::new()));
                }
            }
            Block::Toc(_) => nodes.push(table_of_contents(at)),
            // What a newer parser knows stays as its text.
            other => {
                let text = other.span().data().to_owned();
                nodes.push(node(Kind::Paragraph, at, vec![plain(text, at)]));
            }
        }
    }

    fn section<'b>(
        &mut self,
        section: &'b SectionBlock<'b>,
        outer: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let at = self.at(section.section_title_source(), outer);
        // The parser keeps of a heading what it would look like, and not what it is made of.
        let mut words = html(section.section_title(), at);
        let is_appendix = section.section_type() == SectionType::Appendix;
        if is_appendix && section.declared_style() == Some("appendix") {
            // Appendices have letters, also where no section has a number.
            let letter = char::from(b'A' + self.appendices.min(25));
            self.appendices = self.appendices.saturating_add(1);
            words.insert(0, plain(format!("Appendix {letter}: "), at));
        } else if let Some(number) = section.section_number() {
            words.insert(0, plain(format!("{number}. "), at));
        }
        let level = u8::try_from(section.level() + 1).unwrap_or(6).clamp(1, 6);
        let own = section.attrlist().and_then(|list| list.id());
        let is_written = section.anchor().is_some() || own.is_some();
        nodes.push(heading(level, section.id(), is_written, words, at));
        let inner = self.blocks(section.child_blocks(), at);
        nodes.extend(inner);
    }

    /// A block that holds lines: which it is, its style says.
    fn content<'b>(
        &mut self,
        block: &'b Block<'b>,
        context: &str,
        content: &Content<'_>,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let style = block.declared_style().unwrap_or_default();
        match context {
            "comment" => {}
            "pass" => {
                self.title_above(block, at, nodes);
                nodes.extend(passed(content, at));
            }
            "stem" => {
                self.title_above(block, at, nodes);
                let info = match style {
                    "latexmath" => "math",
                    "stem" if self.has_latex => "math",
                    _ => "asciimath",
                };
                nodes.push(code(info, verbatim(content.inlines()), at));
            }
            "listing" | "literal" => {
                let attributes = block.attrlist();
                let named =
                    attributes.and_then(|all| all.named_or_positional_attribute("language", 2));
                // A listing that names a language is source, also without the word.
                let has_language = !self.language.is_empty()
                    || attributes.is_some_and(|all| all.nth_attribute(2).is_some());
                let is_source =
                    style == "source" || style.is_empty() && context == "listing" && has_language;
                let language = match style {
                    _ if is_source => named.map_or(self.language.as_str(), |named| named.value()),
                    // Languages of diagrams are styles.
                    "listing" | "literal" | "" => named
                        .filter(|named| named.name().is_some())
                        .map_or("", |named| named.value()),
                    style => style,
                };
                let language = if is_source || is_diagram(language) || style == "listing" {
                    language
                } else {
                    ""
                };
                let first = attributes.filter(|_| is_source).and_then(first_line);
                let info = match first.filter(|_| !language.is_empty()) {
                    Some(first) => format!("{language} linenums=\"{first}\""),
                    None => language.to_owned(),
                };
                let listing = code(&info, verbatim(content.inlines()), at);
                let title = self.plain_title(block, at);
                nodes.push(match title.as_str() {
                    "" => listing,
                    title => element("listing", &[("title", title)], vec![listing], at),
                });
            }
            context => {
                let is_diagram = is_diagram(style);
                if is_diagram {
                    nodes.push(code(style, verbatim(content.inlines()), at));
                    return;
                }
                let lines = self.line(content.inlines(), at);
                let inner = vec![node(Kind::Paragraph, at, lines)];
                let is_quote = context == "sidebar" || style == "abstract";
                self.framed(block, inner, is_quote, at, nodes);
            }
        }
    }

    /// Blocks with a title above, in a frame when there is one for them.
    fn framed<'b>(
        &mut self,
        block: &'b Block<'b>,
        inner: Vec<Node<'static>>,
        is_quote: bool,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let mut all = Vec::new();
        self.title_above(block, at, &mut all);
        all.extend(inner);
        if is_quote {
            nodes.push(node(Kind::Quote(None), at, all));
        } else {
            nodes.extend(all);
        }
    }

    fn list<'b>(
        &mut self,
        block: &'b Block<'b>,
        list: &'b ListBlock<'b>,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        self.title_above(block, at, nodes);
        let items = list.child_blocks().filter_map(|item| match item {
            Block::ListItem(item) => Some(item),
            _ => None,
        });
        if list.type_() == ListType::Description {
            let mut entries = Vec::new();
            for item in items {
                self.definition(item, at, &mut entries);
            }
            nodes.push(node(Kind::Definitions, at, entries));
            return;
        }
        let start = match list.type_() {
            ListType::Ordered | ListType::Callout => Some(
                list.start()
                    .map_or(1, |start| u64::try_from(start).unwrap_or(1)),
            ),
            _ => None,
        };
        let mut children = Vec::new();
        for item in items {
            let at = self.at(item.span(), at);
            let mut inner = self.blocks(item.child_blocks(), at);
            // The parser goes on with a list where Asciidoctor begins another one in it.
            if matches!(item.list_item_marker(), ListItemMarker::DefinedTerm { .. }) {
                let mut entries = Vec::new();
                self.definition(item, at, &mut entries);
                inner = vec![node(Kind::Definitions, at, entries)];
            }
            if let Some(title) = item.title_content() {
                let words = self.content_of(title, at);
                inner.insert(0, element("figcaption", &[], words, at));
            }
            if let Some(is_done) = item.checkbox() {
                let task = node(Kind::Task(is_done), at, Vec::new());
                match inner.first_mut() {
                    Some(first) if matches!(first.kind, Kind::Paragraph) => {
                        first.children.insert(0, task);
                    }
                    _ => inner.insert(0, node(Kind::Paragraph, at, vec![task])),
                }
            }
            children.push(node(Kind::Item, at, inner));
        }
        nodes.push(node(Kind::List(start), at, children));
    }

    fn definition<'b>(
        &mut self,
        item: &'b ListItem<'b>,
        outer: usize,
        entries: &mut Vec<Node<'static>>,
    ) {
        let at = self.at(item.span(), outer);
        if let ListItemMarker::DefinedTerm { term, .. } = item.list_item_marker() {
            let words = self.content_of(&term, at);
            entries.push(node(Kind::Term, at, words));
        }
        let meaning = self.blocks(item.child_blocks(), at);
        if !meaning.is_empty() {
            entries.push(node(Kind::Definition, at, meaning));
        }
    }

    fn admonition<'b>(
        &mut self,
        block: &'b Block<'b>,
        admonition: &'b AdmonitionBlock<'b>,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let kind = match admonition.variant() {
            AdmonitionVariant::Note => BlockQuoteKind::Note,
            AdmonitionVariant::Tip => BlockQuoteKind::Tip,
            AdmonitionVariant::Important => BlockQuoteKind::Important,
            AdmonitionVariant::Warning => BlockQuoteKind::Warning,
            AdmonitionVariant::Caution => BlockQuoteKind::Caution,
        };
        let mut inner = Vec::new();
        self.title_above(block, at, &mut inner);
        if let Some(content) = admonition.content() {
            let lines = self.line(content.inlines(), self.at(content.original(), at));
            inner.push(node(Kind::Paragraph, at, lines));
        }
        inner.extend(self.blocks(admonition.child_blocks(), at));
        nodes.push(node(Kind::Quote(Some(kind)), at, inner));
    }

    fn quote<'b>(
        &mut self,
        block: &'b Block<'b>,
        quote: &'b QuoteBlock<'b>,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let mut inner = Vec::new();
        self.title_above(block, at, &mut inner);
        if let Some(content) = quote.content() {
            let at = self.at(content.original(), at);
            let mut lines = self.line(content.inlines(), at);
            if quote.type_() == QuoteType::Verse {
                lines = kept_lines(lines);
            }
            inner.push(node(Kind::Paragraph, at, lines));
        }
        inner.extend(self.blocks(quote.blocks().iter(), at));
        let by = [quote.attribution(), quote.citetitle()];
        let by: Vec<&str> = by.into_iter().flatten().collect();
        if !by.is_empty() {
            let words = html(&format!("\u{2014} {}", by.join(", ")), at);
            inner.push(node(Kind::Paragraph, at, words));
        }
        nodes.push(node(Kind::Quote(None), at, inner));
    }

    fn table<'b>(
        &mut self,
        block: &'b Block<'b>,
        table: &'b TableBlock<'b>,
        at: usize,
        nodes: &mut Vec<Node<'static>>,
    ) {
        self.title_above(block, at, nodes);
        let mut parts = Vec::new();
        let widths = widths(table);
        if !widths.is_empty() {
            let column = |width: u32| element("col", &[("width", &width.to_string())], vec![], at);
            let columns = widths.into_iter().map(column).collect();
            parts.push(element("colgroup", &[], columns, at));
        }
        let heads = table.header_row().into_iter();
        let head: Vec<Node<'static>> = heads.map(|row| self.row(row, true, at)).collect();
        if !head.is_empty() {
            parts.push(element("thead", &[], head, at));
        }
        let rows = table.body_rows().iter().chain(table.footer_row());
        let body = rows.map(|row| self.row(row, false, at)).collect();
        parts.push(element("tbody", &[], body, at));
        nodes.push(element("table", &[], parts, at));
    }

    fn row(&mut self, row: &TableRow<'_>, is_head: bool, outer: usize) -> Node<'static> {
        let first = row.cells().first();
        let at = first.map_or(outer, |cell| self.at(cell.span(), outer));
        let cells = row.cells().iter().map(|cell| self.cell(cell, is_head, at));
        let cells = cells.collect();
        element("tr", &[], cells, at)
    }

    fn cell(&mut self, cell: &TableCell<'_>, is_head: bool, outer: usize) -> Node<'static> {
        let at = self.at(cell.span(), outer);
        let inner = match cell.content() {
            TableCellContent::AsciiDoc(inner) => {
                let mut nodes = Vec::new();
                if let Some(title) = inner.title() {
                    let words = html(title, at);
                    let strong = node(Kind::Strong, at, words);
                    nodes.push(node(Kind::Paragraph, at, vec![strong]));
                }
                // Attributes that are set in a cell hold there.
                let outside = (self.pictures.clone(), self.language.clone());
                nodes.extend(self.blocks(inner.blocks().iter(), at));
                (self.pictures, self.language) = outside;
                nodes
            }
            TableCellContent::Simple(content) if cell.style() == ColumnStyle::Literal => {
                vec![code("", verbatim(content.inlines()), at)]
            }
            TableCellContent::Simple(content) => {
                let style = match cell.style() {
                    ColumnStyle::Emphasis => Some(Kind::Emphasis),
                    ColumnStyle::Strong => Some(Kind::Strong),
                    ColumnStyle::Monospace => Some(Kind::Element {
                        name: "code".to_owned(),
                        attributes: Vec::new(),
                    }),
                    _ => None,
                };
                let lines = self.line(content.inlines(), at);
                match style {
                    Some(kind) if !lines.is_empty() => vec![node(kind, at, lines)],
                    _ => paragraphs(lines, at),
                }
            }
        };
        let name = if is_head || cell.style() == ColumnStyle::Header {
            "th"
        } else {
            "td"
        };
        let (columns, rows) = (cell.colspan().to_string(), cell.rowspan().to_string());
        let mut attributes = vec![("colspan", columns.as_str()), ("rowspan", rows.as_str())];
        match cell.h_align() {
            HorizontalAlignment::Center => attributes.push(("align", "center")),
            HorizontalAlignment::Right => attributes.push(("align", "right")),
            _ => {}
        }
        match cell.v_align() {
            VerticalAlignment::Middle => attributes.push(("valign", "middle")),
            VerticalAlignment::Bottom => attributes.push(("valign", "bottom")),
            _ => {}
        }
        element(name, &attributes, inner, at)
    }

    fn media<'b>(&mut self, media: &'b MediaBlock<'b>, at: usize, nodes: &mut Vec<Node<'static>>) {
        let at = media.target().map_or(at, |target| self.at(*target, at));
        let own = media.macro_attrlist();
        let get = |name: &str, position: usize| {
            let own = own.named_or_positional_attribute(name, position);
            own.or_else(|| media.attrlist()?.named_attribute(name))
                .map(|value| value.value())
                .filter(|value| !value.is_empty())
        };
        let target = self.picture(media.resolved_target());
        if media.type_() == MediaType::Image {
            let alt = get("alt", 1).map_or_else(|| name_of(&target), decoded);
            let size = [("width", get("width", 2)), ("height", get("height", 3))];
            let image = picture(&target, &alt, None, &size, get("link", 99), at);
            nodes.push(node(Kind::Paragraph, at, vec![image]));
        } else {
            let id = media.resolved_target();
            let address = match get("poster", 1) {
                Some("youtube") => format!("https://www.youtube.com/watch?v={id}"),
                Some("vimeo") => format!("https://vimeo.com/{id}"),
                _ => target,
            };
            let name = if media.type_() == MediaType::Audio {
                "audio"
            } else {
                "video"
            };
            let clip = element(name, &[("src", &address)], Vec::new(), at);
            nodes.push(node(Kind::Paragraph, at, vec![clip]));
        }
        let words = self.media_title(media, at);
        if !words.is_empty() {
            nodes.push(element("figcaption", &[], words, at));
        }
    }

    /// The words of a title of media, with the number that a picture has. What its macro says counts
    /// before what stands above it.
    fn media_title<'b>(&mut self, media: &'b MediaBlock<'b>, at: usize) -> Vec<Node<'static>> {
        let own = media.macro_attrlist();
        let named = own.named_attribute("title").map(|title| title.value());
        let mut words = match (named, media.title_content()) {
            (Some(named), _) if !named.is_empty() => vec![plain(decoded(named), at)],
            (_, Some(title)) => {
                let at = self.at(title.original(), at);
                self.content_of(title, at)
            }
            _ => return Vec::new(),
        };
        let is_counted = media.title_content().is_some() || media.type_() != MediaType::Image;
        let caption = match (media.caption(), media.number()) {
            (Some(caption), Some(number)) => {
                self.last_figure = number + self.more_figures;
                let end = format!("{number}. ");
                match caption.strip_suffix(&end) {
                    Some(label) => Some(format!("{label}{}. ", self.last_figure)),
                    None => Some(caption.to_owned()),
                }
            }
            (Some(caption), None) => Some(caption.to_owned()),
            (None, _) if is_counted => None,
            (None, _) => match own.named_attribute("caption") {
                Some(caption) => Some(caption.value().to_owned()),
                None if self.figure.is_empty() => None,
                None => {
                    self.more_figures += 1;
                    self.last_figure += 1;
                    Some(format!("{} {}. ", self.figure, self.last_figure))
                }
            },
        };
        if let Some(caption) = caption.filter(|caption| !caption.is_empty()) {
            words.insert(0, plain(decoded(&caption), at));
        }
        words
    }

    /// The words of a block's title, with the number that it has.
    fn title<'b>(&mut self, block: &'b Block<'b>, at: usize) -> Vec<Node<'static>> {
        let Some(title) = block.title_content() else {
            return Vec::new();
        };
        let at = self.at(title.original(), at);
        let mut words = self.content_of(title, at);
        let caption = match block {
            Block::Table(table) => table.caption(),
            block => block.caption(),
        };
        if let Some(caption) = caption {
            words.insert(0, plain(decoded(caption), at));
        }
        words
    }

    /// A block's title, where only text can stand.
    fn plain_title<'b>(&self, block: &'b Block<'b>, _: usize) -> String {
        let Some(title) = block.title_content() else {
            return String::new();
        };
        let caption = block.caption().unwrap_or_default();
        format!("{}{}", decoded(caption), verbatim(title.inlines()))
    }

    /// The nodes of what stands in one line.
    fn content_of(&mut self, content: &Content<'_>, at: usize) -> Vec<Node<'static>> {
        match content.inlines() {
            // Of what it moved, the parser keeps no more than the looks.
            [] => html(content.rendered_html(), at),
            inlines => self.line(inlines, at),
        }
    }

    fn title_above<'b>(&mut self, block: &'b Block<'b>, at: usize, nodes: &mut Vec<Node<'static>>) {
        let words = self.title(block, at);
        if !words.is_empty() {
            nodes.push(element("figcaption", &[], words, at));
        }
    }
}

/// The nodes of text that the parser gives as HTML.
fn html(text: &str, at: usize) -> Vec<Node<'static>> {
    let text = text.to_owned();
    mix(vec![Mixed::Html { text, at }])
}

fn heading(
    level: u8,
    id: Option<&str>,
    is_written: bool,
    words: Vec<Node<'static>>,
    at: usize,
) -> Node<'static> {
    let mut attributes: Vec<(&str, &str)> = id.map(|id| ("id", id)).into_iter().collect();
    if !is_written {
        attributes.push((MADE, ""));
    }
    element(&format!("h{level}"), &attributes, words, at)
}

fn code(language: &str, text: String, at: usize) -> Node<'static> {
    let info = language.to_owned().into();
    node(Kind::Code { info, text }, at, Vec::new())
}

/// The number of the first line of code whose lines are to have numbers.
fn first_line(attributes: &Attrlist<'_>) -> Option<u32> {
    let is_numbered = attributes.has_option("linenums")
        || attributes
            .named_or_positional_attribute("linenums", 3)
            .is_some();
    let start = attributes.named_attribute("start");
    let start = start.and_then(|start| start.value().parse().ok());
    is_numbered.then(|| start.unwrap_or(1))
}

/// The widths of a table's columns in pixels; none where all are the same, or one is as wide as what
/// it holds.
fn widths(table: &TableBlock<'_>) -> Vec<u32> {
    let columns = table.columns();
    let widths: Vec<usize> = columns.iter().map(|column| column.width()).collect();
    let is_told = widths.iter().any(|width| *width != widths[0])
        && !columns.iter().any(|column| column.is_autowidth());
    let parts = widths
        .iter()
        .fold(0_usize, |sum, width| sum.saturating_add(*width));
    if !is_told || parts == 0 {
        return Vec::new();
    }
    let whole = LINE_WIDTH as usize * table.width().unwrap_or(100) / 100;
    let of_whole = |width: usize| {
        let width = whole.saturating_mul(width) / parts;
        u32::try_from(width).unwrap_or(0).max(1)
    };
    widths.into_iter().map(of_whole).collect()
}

/// The picture that a line is which names a diagram's file, as Asciidoctor Diagram has it
/// (`plantuml::flow.puml[]`).
fn drawn_file(content: &Content<'_>, at: usize) -> Option<Node<'static>> {
    // Most paragraphs are no such line, and are not put together to learn it.
    if !content.original().data().contains("::") {
        return None;
    }
    let line = verbatim(content.inlines());
    let (name, rest) = line.split_once("::")?;
    let (target, attributes) = rest.strip_suffix(']')?.split_once('[')?;
    let is_one = is_diagram(name)
        && DrawingKind::of_path(target).is_some()
        && !target.contains(char::is_whitespace);
    if !is_one {
        return None;
    }
    let words = attributes.split_once("alt=\"").map(|(_, rest)| rest);
    let words = words.and_then(|rest| rest.split('"').next());
    let alt = words.map_or_else(|| name_of(target), str::to_owned);
    let image = picture(target, &alt, None, &[], None, at);
    Some(node(Kind::Paragraph, at, vec![image]))
}

/// What Confluence fills in; [`super::super::lower`] knows it by these words.
fn table_of_contents(at: usize) -> Node<'static> {
    let words = plain("[TOC]".to_owned(), at);
    node(Kind::Paragraph, at, vec![words])
}

/// What the author passes through: storage format when it is that and fits, else HTML.
fn passed(content: &Content<'_>, at: usize) -> Vec<Node<'static>> {
    let text = verbatim(content.inlines());
    let is_storage = text.contains("<ac:") || text.contains("<ri:");
    if is_storage
        && let Some(balance) = storage_tree::balance(&text)
        && balance.opens.is_empty()
        && balance.closes.is_empty()
    {
        let start = text.trim().to_owned().into();
        let kind = Kind::Foreign {
            start,
            end: "".into(),
        };
        return vec![node(kind, at, Vec::new())];
    }
    html(&text, at)
}

/// Whether a style names a language that diagrams are written in.
fn is_diagram(style: &str) -> bool {
    matches!(
        style,
        "mermaid"
            | "plantuml"
            | "graphviz"
            | "dot"
            | "ditaa"
            | "d2"
            | "blockdiag"
            | "seqdiag"
            | "actdiag"
            | "nwdiag"
            | "bpmn"
            | "bytefield"
            | "erd"
            | "nomnoml"
            | "pikchr"
            | "structurizr"
            | "svgbob"
            | "vega"
            | "vegalite"
            | "wavedrom"
    )
}

/// What a picture without words is called: its file's name, as Asciidoctor makes it readable.
fn name_of(target: &str) -> String {
    let name = target.rsplit('/').next().unwrap_or(target);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.replace(['-', '_'], " ")
}

/// Lines that stay lines, with what they are indented by.
fn kept_lines(nodes: Vec<Node<'static>>) -> Vec<Node<'static>> {
    let mut kept = Vec::new();
    for mut node in nodes {
        let Kind::Plain(text) = &node.kind else {
            node.children = kept_lines(node.children);
            kept.push(node);
            continue;
        };
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                kept.push(self::node(Kind::Break, node.at, Vec::new()));
            }
            let words = line.trim_start_matches(' ');
            let indent = "\u{a0}".repeat(line.len() - words.len());
            if !line.is_empty() {
                kept.push(plain(format!("{indent}{words}"), node.at));
            }
        }
    }
    kept
}

/// The paragraphs of a cell, which blank lines separate.
fn paragraphs(nodes: Vec<Node<'static>>, at: usize) -> Vec<Node<'static>> {
    let mut all = vec![Vec::new()];
    for node in nodes {
        let Kind::Plain(text) = &node.kind else {
            if let Some(last) = all.last_mut() {
                last.push(node);
            }
            continue;
        };
        for (number, part) in text.split("\n\n").enumerate() {
            if number > 0 {
                all.push(Vec::new());
            }
            if let Some(last) = all.last_mut()
                && !part.is_empty()
            {
                last.push(plain(part.to_owned(), node.at));
            }
        }
    }
    all.retain(|lines| !lines.is_empty());
    let made = all
        .into_iter()
        .map(|lines| node(Kind::Paragraph, at, lines));
    made.collect()
}
