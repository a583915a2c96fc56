//! The Atlassian Document Format.
//!
//! Its schema is strict about what stands in what, so a block that its container cannot hold is
//! moved or takes the nearest form that may stand there; the order of the text never changes. What
//! a list item, a quotation or a panel cannot hold stands after it, and the container goes on
//! behind it, a numbered list with the next number.
//!
//! Some constructs always change their form, as they do in storage format: alerts become the
//! panels info (note), success (tip), note (important), warning and error (caution), definitions
//! become bold terms with lists, and the title of code is a bold line above it. The words shown
//! when a picture is pointed at become its caption. No smart links are made of addresses, because
//! they show another text than the author's; only a link to a page that has no text becomes one.
//!
//! What only Confluence knows, the addresses of pages and the ids of files, is filled in later:
//! [`super::fill_adf`].

mod containers;
mod inlines;
mod lists;
mod pictures;
mod tables;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::json;

use super::adf::{Line, Mark, Marks, Node, anchor_of, bold_text, macro_node, paragraph_of};
use super::adf_foreign;
use super::adf_layout::{Section, sections_of};
use super::document::put_blocks_at;
use super::document::{
    Alignment, Block, Definition, Document, Footnote, Inline, Layout, PanelKind, Place, Placed,
    Problem, Severity, Style,
};
use super::drawing::DrawingKind;
use super::drawn::first_line;
use super::foreign::{name, words};
use super::formats::Flavor;
use super::html_around::Direction;
use super::languages::code_language;
use super::storage_reader::read_to_rewrite_as_adf;
use super::storage_tree::is_whole;
use super::targets::StoredTargets;
use super::title::{TitleHeading, beside_title, heading_of};
use super::vocabulary::{mention_anchor, note_anchor};
use super::writing::{AdfOptions, Body, Resolve};
use super::xml::{are_allowed, is_allowed};
use crate::Sentence;
use containers::{Container, Fit};
use pictures::{Picture, is_blank, is_on_own_line, pictures_of, side_of};

/// Writes a document in the Atlassian Document Format, with every reference resolved. The content
/// is JSON that always satisfies the official schema.
pub fn write_adf(document: &Document, options: &AdfOptions<'_>, resolve: &dyn Resolve) -> Body {
    let mut writer = Writer {
        options,
        resolve,
        problems: Vec::new(),
        place: Place::default(),
        in_cell: false,
        in_written: false,
        layout: document.front_matter.layout,
        local_ids: HashMap::new(),
        styles_lost: Lost::default(),
        alignments_lost: Lost::default(),
        directions_lost: Lost::default(),
        explained: BTreeSet::new(),
        abbreviations: Lost::default(),
        scopes_lost: Lost::default(),
        single_columns: Lost::default(),
        is_narrower: false,
        left_out: 0,
    };
    let mut blocks = document.blocks.as_slice();
    let mut nodes = Vec::new();
    if options.omit_title
        && let Some(TitleHeading {
            anchor,
            content,
            rest,
        }) = heading_of(blocks)
    {
        // Links to the title's anchor lead to the top of the page.
        let mut line = Line::default();
        writer.anchor(anchor, &mut line);
        for inline in content {
            if let Inline::Anchor(name) = inline {
                writer.anchor(name, &mut line);
            }
        }
        if !line.nodes.is_empty() {
            nodes.push(paragraph_of(line.finish()));
        }
        nodes.extend(writer.blocks(beside_title(blocks).as_slice()));
        blocks = rest;
    }
    nodes.extend(writer.blocks(blocks));
    let whole = Whole {
        content: nodes,
        kind: "doc",
        version: 1,
    };
    Body {
        content: serde_json::to_string(&whole).expect("all keys are text"),
        problems: writer.all_problems(),
    }
}

/// A document, its keys in the order of the alphabet.
#[derive(Serialize)]
struct Whole {
    content: Vec<Node>,
    #[serde(rename = "type")]
    kind: &'static str,
    version: u8,
}

/// Writes a page in storage format, with the markers of its inline comments, in the Atlassian
/// Document Format. Its anchors are those that it has.
pub fn storage_to_adf(storage: &str) -> Body {
    let document = read_to_rewrite_as_adf(storage);
    let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
    let options = AdfOptions {
        omit_title: false,
        anchors: Some(&anchors),
    };
    write_adf(&document, &options, &StoredTargets)
}

/// What says how text is aligned. It stands at the left where nothing else is said.
fn alignment_mark(alignment: Alignment) -> Option<Mark> {
    let side = match alignment {
        Alignment::None | Alignment::Left => return None,
        Alignment::Center => "center",
        Alignment::Right => "end",
    };
    Some(Mark::with("alignment", "align", side))
}

/// How often something small was lost, and where first: one problem tells of all.
#[derive(Debug, Default)]
struct Lost {
    count: usize,
    first: Place,
}

impl Lost {
    fn add(&mut self, place: Place) {
        if self.count == 0 {
            self.first = place;
        }
        self.count += 1;
    }
}

struct Writer<'a> {
    options: &'a AdfOptions<'a>,
    resolve: &'a dyn Resolve,
    problems: Vec<Problem>,
    place: Place,
    in_cell: bool,
    /// Whether storage format is written that was read of what an author wrote down.
    in_written: bool,
    layout: Layout,
    local_ids: HashMap<String, usize>,
    styles_lost: Lost,
    alignments_lost: Lost,
    /// Parts whose text runs from right to left.
    directions_lost: Lost,
    /// Abbreviations that were explained, and what they stand for.
    explained: BTreeSet<(String, String)>,
    /// The same, where they stand.
    abbreviations: Lost,
    /// Cells that head others than where they stand says.
    scopes_lost: Lost,
    /// Sections of one column.
    single_columns: Lost,
    /// Whether one of them reached beyond the text.
    is_narrower: bool,
    /// Characters that no page can hold and that were left out.
    left_out: usize,
}

impl Writer<'_> {
    fn warn(&mut self, place: Place, code: &'static str, message: Sentence) {
        self.tell(Severity::Warning, place, code, message);
    }

    fn tell(&mut self, severity: Severity, place: Place, code: &'static str, message: Sentence) {
        let Place { line, column } = place;
        self.problems.push(Problem {
            severity,
            code,
            message,
            line,
            column,
        });
    }

    fn all_problems(mut self) -> Vec<Problem> {
        let Lost { count, first } = self.styles_lost;
        if count > 0 {
            self.warn(
                first,
                "text.style",
                sentence!(
                    "{count} piece(s) of text lose a style, the first one here: in Confluence's \
                     editor code has no other style, and only whole paragraphs are small",
                    count
                ),
            );
        }
        let Lost { count, first } = self.alignments_lost;
        if count > 0 {
            self.warn(
                first,
                "text.alignment",
                sentence!(
                    "{count} paragraph(s) are not aligned as written, the first one here: \
                     Confluence's editor aligns text in table cells and outside of everything else",
                    count
                ),
            );
        }
        let Lost { count, first } = self.directions_lost;
        if count > 0 {
            self.warn(
                first,
                "text.direction",
                sentence!(
                    "{count} part(s) run from right to left, the first one here: in ADF only their \
                     lines do, which stand at the right",
                    count
                ),
            );
        }
        let Lost { count, first } = self.abbreviations;
        if count > 0 {
            self.tell(
                Severity::Note,
                first,
                "text.abbreviation",
                sentence!(
                    "{count} abbreviation(s) have what they stand for in parentheses, the first one \
                     here: in ADF nothing is shown when text is pointed at",
                    count
                ),
            );
        }
        let Lost { count, first } = self.scopes_lost;
        if count > 0 {
            self.warn(
                first,
                "table.scope",
                sentence!(
                    "{count} cell(s) do not say what they head, the first one in this table: in \
                     ADF a cell heads what stands below or beside it",
                    count
                ),
            );
        }
        let Lost { count, first } = self.single_columns;
        if count > 0 {
            let severity = match self.is_narrower {
                true => Severity::Warning,
                false => Severity::Note,
            };
            self.tell(
                severity,
                first,
                "block.changed",
                sentence!(
                    "{count} section(s) of one column are what stands in them, the first one here: \
                     ADF has sections of two columns and three",
                    count
                ),
            );
        }
        if self.left_out > 0 {
            let count = self.left_out;
            self.warn(
                Place::default(),
                "text.control_characters",
                sentence!(
                    "{count} control character(s) that no page can hold were left out",
                    count
                ),
            );
        }
        self.problems
    }

    /// Text without the characters that no page can hold.
    fn clean<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if are_allowed(text) {
            return Cow::Borrowed(text);
        }
        self.left_out += text.chars().filter(|letter| !is_allowed(*letter)).count();
        text.chars().filter(|letter| is_allowed(*letter)).collect()
    }

    fn blocks(&mut self, blocks: &[Placed<Block>]) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(blocks.len());
        for block in blocks {
            nodes.extend(self.block(block));
        }
        nodes
    }

    fn block(&mut self, block: &Placed<Block>) -> Vec<Node> {
        let place = block.place;
        self.place = place;
        match &block.is {
            Block::Heading {
                level,
                content,
                anchor,
                alignment,
            } => {
                let mut line = Line::default();
                self.anchor(anchor, &mut line);
                self.inlines(content, &Marks::default(), &mut line);
                let mut heading = Node::holding("heading", line.finish());
                heading.marks.extend(alignment_mark(*alignment));
                vec![heading.with("level", (*level).clamp(1, 6)).at(place)]
            }
            Block::Paragraph { content, alignment } => self.paragraph("", content, *alignment),
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
                let at = first_line(place);
                match kind.and_then(|kind| self.drawing(kind, text, at)) {
                    Some(picture) => {
                        let size = (Some(picture.width), Some(picture.height));
                        let media = self.file("media", "file", text, &picture.filename, size);
                        let width = self.layout.shown(size, None).0;
                        let single = Node::holding("mediaSingle", vec![media])
                            .with("layout", side_of(self.layout.pictures))
                            .with("width", width.unwrap_or(picture.width))
                            .with("widthType", "pixel");
                        vec![single.at(place)]
                    }
                    None => {
                        if number.is_some_and(|number| number > 1) {
                            self.warn(
                                place,
                                "code.numbers",
                                sentence!(
                                    "the lines of this code are numbered from 1: the Cloud editor \
                                     has no other numbers for them"
                                ),
                            );
                        }
                        if *is_collapsed {
                            let title = self.clean(title.as_deref().unwrap_or_default());
                            let nodes = self.code(language.as_deref(), None, text);
                            let expand = Node::new("expand").with("title", title);
                            return self.split(Container::Expand, nodes, place, &expand);
                        }
                        self.code(language.as_deref(), title.as_deref(), text)
                    }
                }
            }
            Block::Quote(blocks) => {
                let nodes = self.blocks(blocks);
                self.split(Container::Quote, nodes, place, &Node::new("blockquote"))
            }
            Block::Panel { kind, blocks } => {
                let kind = match kind {
                    PanelKind::Note => "info",
                    PanelKind::Tip => "success",
                    PanelKind::Important => "note",
                    PanelKind::Warning => "warning",
                    PanelKind::Caution => "error",
                };
                let nodes = self.blocks(blocks);
                let panel = Node::new("panel").with("panelType", kind);
                self.split(Container::Panel, nodes, place, &panel)
            }
            Block::Expand { title, blocks } => {
                let title = self.clean(title);
                let nodes = self.blocks(blocks);
                let expand = Node::new("expand").with("title", title);
                self.split(Container::Expand, nodes, place, &expand)
            }
            Block::Excerpt { is_hidden, blocks } => self.excerpt(*is_hidden, blocks, place),
            Block::Definitions(entries) => self.definitions(entries),
            Block::Rule => vec![Node::new("rule").at(place)],
            Block::TableOfContents => {
                let contents = macro_node("extension", "toc", "Table of Contents", &json!({}));
                vec![contents.at(place)]
            }
            Block::Footnotes(notes) => self.footnotes(notes),
            Block::Adf { nodes, .. } => {
                let nodes = nodes.iter().cloned().filter_map(adf_foreign::raw);
                nodes.map(|node| node.at(place)).collect()
            }
            Block::Foreign { start, blocks, end } => self.foreign(start, blocks, end, place),
        }
    }

    fn excerpt(&mut self, is_hidden: bool, blocks: &[Placed<Block>], place: Place) -> Vec<Node> {
        // A macro with a body stands outside of everything else.
        if self.in_cell {
            self.warn(
                place,
                "block.changed",
                sentence!(
                    "Confluence's editor has no excerpt in a table cell, so it is what it holds"
                ),
            );
            return self.blocks(blocks);
        }
        let parameters = match is_hidden {
            true => json!({ "hidden": { "value": "true" } }),
            false => json!({}),
        };
        let nodes = self.blocks(blocks);
        let empty = macro_node("bodiedExtension", "excerpt", "excerpt", &parameters);
        self.split(Container::Macro, nodes, place, &empty)
    }

    /// Writes a part of a stored page as the node that it is, or what it says where there is none.
    fn foreign(
        &mut self,
        start: &str,
        blocks: &[Placed<Block>],
        end: &str,
        place: Place,
    ) -> Vec<Node> {
        // It only keeps a heading from being the title.
        if blocks.is_empty() && start.trim().is_empty() {
            return Vec::new();
        }
        if blocks.is_empty()
            && end.is_empty()
            && let Some(node) = adf_foreign::block(start)
        {
            return vec![node.at(place)];
        }
        if let Some(direction) = Direction::of_tags(start, end) {
            if direction == Direction::RightToLeft {
                self.directions_lost.add(place);
            }
            return self.blocks(&direction.in_signs(blocks));
        }
        // What an author wrote down may have forms here that the whole of it has not.
        if !self.in_written && blocks.is_empty() && end.is_empty() && is_whole(start, end) {
            let mut read = read_to_rewrite_as_adf(start).blocks;
            let is_other = |block: &Placed<Block>| match &block.is {
                Block::Foreign { start: inner, .. } => inner.trim() != start.trim(),
                _ => true,
            };
            if !read.is_empty() && read.iter().all(is_other) {
                put_blocks_at(&mut read, place);
                self.in_written = true;
                let nodes = self.blocks(&read);
                self.in_written = false;
                return nodes;
            }
        }
        if !self.in_cell
            && let Some(sections) = sections_of(start, blocks, end)
        {
            let sections = sections.into_iter();
            return sections
                .flat_map(|section| self.columns(&section, place))
                .collect();
        }
        // A macro with a body stands outside of everything else; a panel is none.
        if let Some(node) = adf_foreign::bodied(start, end)
            && (!self.in_cell || node.kind == "panel")
        {
            let container = match node.kind {
                "panel" => Container::Panel,
                _ => Container::Macro,
            };
            let nodes = self.blocks(blocks);
            return self.split(container, nodes, place, &node);
        }
        self.warn(
            place,
            "block.changed",
            sentence!(
                "{name} stands as its text, because ADF has no form for it",
                name = name(start)
            ),
        );
        let said = words(start);
        let said = self.clean(&said);
        let mut nodes = Vec::new();
        if !said.trim().is_empty() {
            let mut line = Line::default();
            line.text(&said, &Marks::default());
            nodes.push(Node::holding("paragraph", line.finish()).at(place));
        }
        nodes.extend(self.blocks(blocks));
        nodes
    }

    /// A section in columns. One with a single column is what stands in it.
    fn columns(&mut self, section: &Section<'_>, place: Place) -> Vec<Node> {
        let widths = section.widths();
        let place = section.place.unwrap_or(place);
        if widths.is_none() && section.columns.len() == 1 {
            self.single_columns.add(place);
            self.is_narrower |= section.breakout.is_some();
        } else if widths.is_none() {
            let count = section.columns.len();
            self.warn(
                place,
                "block.changed",
                sentence!(
                    "ADF has no section of {count} columns, so they stand one below the other",
                    count
                ),
            );
        }
        let mut after = Vec::new();
        let mut columns = Vec::with_capacity(section.columns.len());
        for (at, blocks) in section.columns.iter().enumerate() {
            let mut nodes = Vec::with_capacity(blocks.len());
            for block in blocks {
                nodes.extend(self.block(block));
            }
            let Some(width) = widths.as_ref().and_then(|widths| widths.get(at)) else {
                after.append(&mut nodes);
                continue;
            };
            let mut content = Vec::with_capacity(nodes.len());
            for node in nodes {
                match self.fit(Container::Column, node) {
                    Fit::AsItIs(node) => content.push(node),
                    Fit::Inside(nodes) => content.extend(nodes),
                    Fit::After(node) => after.push(self.moved(Container::Column, node)),
                }
            }
            if content.is_empty() {
                content.push(paragraph_of(Vec::new()));
            }
            columns.push(Node::holding("layoutColumn", content).with("width", width.clone()));
        }
        if columns.is_empty() {
            return after;
        }
        let mut node = Node::holding("layoutSection", columns).at(place);
        if let Some((mode, width)) = &section.breakout {
            let breakout = Mark::with("breakout", "mode", mode.as_str());
            node.marks.push(match width {
                Some(width) => breakout.and("width", width.clone()),
                None => breakout,
            });
        }
        after.insert(0, node);
        after
    }

    /// A paragraph, and the pictures that stand on lines of their own in it.
    fn paragraph(&mut self, sign: &str, content: &[Inline], alignment: Alignment) -> Vec<Node> {
        let place = self.place;
        let mut marks: Vec<Mark> = alignment_mark(alignment).into_iter().collect();
        let content = match content {
            [Inline::Styled(Style::Small, inner)] => {
                marks.push(Mark::with("fontSize", "fontSize", "small"));
                inner.as_slice()
            }
            content => content,
        };
        let mut nodes = Vec::new();
        let mut line = Line::default();
        line.text(sign, &Marks::default());
        let end = |line: &mut Line, nodes: &mut Vec<Node>| {
            let content = std::mem::take(line).finish();
            if !content.is_empty() {
                nodes.push(Node {
                    marks: marks.clone(),
                    ..paragraph_of(content).at(place)
                });
            }
        };
        let only_pictures = content
            .iter()
            .all(|inline| is_blank(inline) || !pictures_of(inline).is_empty());
        for (at, inline) in content.iter().enumerate() {
            let pictures = pictures_of(inline);
            // What has text beside it stands before that text.
            let is_beside = |picture: &Picture<'_>| picture.is_wrapped() && line.nodes.is_empty();
            let on_own_lines = !pictures.is_empty()
                && (only_pictures || is_on_own_line(content, at) || pictures.iter().all(is_beside))
                && pictures.iter().all(|picture| self.shows(picture));
            if on_own_lines {
                end(&mut line, &mut nodes);
                for picture in &pictures {
                    nodes.push(self.media_single(picture, alignment).at(place));
                }
            } else {
                self.inline(inline, &Marks::default(), &mut line);
            }
        }
        end(&mut line, &mut nodes);
        if nodes.is_empty() {
            nodes.push(paragraph_of(Vec::new()).at(place));
        }
        nodes
    }

    fn code(&mut self, language: Option<&str>, title: Option<&str>, text: &str) -> Vec<Node> {
        let mut nodes = Vec::new();
        if let Some(title) = title {
            let title = self.clean(title);
            nodes.push(bold_text(&title).at(self.place));
        }
        let mut node = Node::new("codeBlock").at(self.place);
        if let Some(language) = language {
            let known = code_language(Flavor::Cloud, language);
            node = node.with("language", known.unwrap_or("text"));
        }
        let text = self.clean(text);
        if !text.is_empty() {
            node.content.push(Node {
                kind: "text",
                text: text.into_owned(),
                ..Node::default()
            });
        }
        nodes.push(node);
        nodes
    }

    fn definitions(&mut self, entries: &[Definition]) -> Vec<Node> {
        let place = self.place;
        let mut nodes = Vec::new();
        for Definition { term, meanings } in entries {
            if !term.is_empty() {
                let mut line = Line::default();
                let strong = Marks {
                    strong: true,
                    ..Marks::default()
                };
                self.inlines(term, &strong, &mut line);
                nodes.push(paragraph_of(line.finish()).at(place));
            }
            let meanings = meanings.iter();
            let meanings: Vec<Vec<Node>> = meanings.map(|blocks| self.blocks(blocks)).collect();
            nodes.extend(self.list_of(None, meanings, place));
        }
        nodes
    }

    fn footnotes(&mut self, notes: &[Footnote]) -> Vec<Node> {
        let place = self.place;
        let mut items = Vec::with_capacity(notes.len());
        for note in notes {
            let mut line = Line::default();
            self.anchor_always(&note_anchor(note.number), &mut line);
            let mut own_place = place;
            let rest = match note.blocks.split_first() {
                Some((
                    Placed {
                        is: Block::Paragraph { content, .. },
                        place,
                    },
                    rest,
                )) => {
                    self.place = *place;
                    own_place = *place;
                    self.inlines(content, &Marks::default(), &mut line);
                    rest
                }
                _ => note.blocks.as_slice(),
            };
            for mention in 1..=note.mentions {
                line.text(" ", &Marks::default());
                let marks = Marks {
                    link: Some((
                        format!("#{}", mention_anchor(note.number, mention)),
                        String::new(),
                    )),
                    ..Marks::default()
                };
                line.text("↩", &marks);
            }
            let mut nodes = vec![paragraph_of(line.finish()).at(own_place)];
            nodes.extend(self.blocks(rest));
            items.push(nodes);
        }
        let mut nodes = vec![Node::new("rule").at(place)];
        nodes.extend(self.list_of(Some(1), items, place));
        nodes
    }

    fn anchor(&mut self, name: &str, line: &mut Line) {
        let wanted = self.options.anchors;
        if wanted.is_none_or(|wanted| wanted.contains(name)) {
            self.anchor_always(name, line);
        }
    }

    fn anchor_always(&mut self, name: &str, line: &mut Line) {
        let name = self.clean(name);
        line.node(anchor_of(name.into_owned()));
    }
}
