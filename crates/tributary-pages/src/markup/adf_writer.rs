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

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::adf::{Line, Marks, Node, bold_text, macro_node, paragraph_of};
use super::adf_foreign;
use super::adf_layout::{self, Section, sections_of};
use super::adf_unfilled::{ADF_UNFILLED, file_address, page_address};
use super::colors::Colors;
use super::document::{
    Alignment, Block, Cell, Definition, Document, Footnote, Inline, Item, Layout, PanelKind, Place,
    Placed, Problem, Row, Severity, Style,
};
use super::drawing::{
    Drawing, DrawingKind, DrawingPicture, behind_signs, first_line, formula_text, kind_of_math,
    not_drawn,
};
use super::foreign::{name, words};
use super::languages::code_language;
use super::storage_reader::read_to_rewrite;
use super::storage_writer::{
    image_source, is_safe, is_wordless, mention_anchor, note_anchor, size_of,
};
use super::targets::StoredTargets;
use super::xml::is_allowed;
use super::{AdfOptions, Body, Flavor, ImageTarget, LinkTarget, Resolve};

/// Lists that hold more levels of lists than this are not put into another: readers of JSON refuse
/// what is nested too deeply, and a level of a list is four of JSON.
const DEEPEST_LIST: usize = 12;

/// Writes a document in the Atlassian Document Format, with every reference resolved. The content
/// is JSON that always satisfies the official schema.
pub fn write_adf(document: &Document, options: &AdfOptions<'_>, resolve: &dyn Resolve) -> Body {
    let mut writer = Writer {
        options,
        resolve,
        problems: Vec::new(),
        place: Place::default(),
        in_cell: false,
        layout: document.front_matter.layout,
        local_ids: HashMap::new(),
        styles_lost: Lost::default(),
        alignments_lost: Lost::default(),
        left_out: 0,
    };
    let mut blocks = document.blocks.as_slice();
    let mut nodes = Vec::new();
    if options.omit_title
        && let Some((first, rest)) = blocks.split_first()
        && let Block::Heading {
            level: 1,
            content,
            anchor,
        } = &first.is
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
        blocks = rest;
    }
    nodes.extend(writer.blocks(blocks));
    let content = json!({
        "content": nodes.into_iter().map(Node::into_json).collect::<Vec<_>>(),
        "type": "doc",
        "version": 1,
    });
    Body {
        content: content.to_string(),
        problems: writer.all_problems(),
    }
}

/// Writes a page in storage format, with the markers of its inline comments, in the Atlassian
/// Document Format. Its anchors are those that it has.
pub fn storage_to_adf(storage: &str) -> Body {
    let document = read_to_rewrite(storage);
    let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
    let options = AdfOptions {
        omit_title: false,
        anchors: Some(&anchors),
    };
    write_adf(&document, &options, &StoredTargets)
}

/// What holds blocks, and not every block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Item,
    Task,
    Quote,
    Panel,
    Expand,
    Cell,
    Macro,
    Column,
}

impl Container {
    /// Whether a node may stand in it as it is.
    fn holds(self, kind: &str) -> bool {
        if self == Container::Column {
            return adf_layout::holds(kind);
        }
        match kind {
            "paragraph" | "bulletList" | "orderedList" | "codeBlock" | "mediaSingle"
            | "extension" => self != Container::Task,
            "taskList" => self != Container::Quote,
            "heading" | "rule" | "blockCard" | "decisionList" | "mediaGroup" => matches!(
                self,
                Container::Panel | Container::Expand | Container::Cell | Container::Macro
            ),
            "panel" | "blockquote" | "embedCard" => {
                matches!(self, Container::Expand | Container::Cell | Container::Macro)
            }
            "nestedExpand" => matches!(self, Container::Expand | Container::Cell),
            "table" => matches!(self, Container::Expand | Container::Macro),
            _ => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Container::Item => "list item",
            Container::Task => "task",
            Container::Quote => "quotation",
            Container::Panel => "panel",
            Container::Expand => "section that opens",
            Container::Cell => "table cell",
            Container::Macro => "macro",
            Container::Column => "column",
        }
    }
}

/// Where a node goes.
enum Fit {
    /// Into the container, in this form.
    Inside(Vec<Node>),
    /// After the container, as it is.
    After(Node),
}

fn name_of(kind: &str) -> &'static str {
    match kind {
        "bulletList" | "orderedList" => "list",
        "taskList" => "list of tasks",
        "codeBlock" => "block of code",
        "mediaSingle" => "picture",
        "extension" | "bodiedExtension" => "macro",
        "heading" => "heading",
        "rule" => "line",
        "panel" => "panel",
        "blockquote" => "quotation",
        "expand" | "nestedExpand" => "section that opens",
        "table" => "table",
        "layoutSection" => "section in columns",
        "kept" => "part of its own kind",
        _ => "paragraph",
    }
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

/// A picture with the link around it.
struct Picture<'d> {
    image: &'d Inline,
    link: Option<&'d Inline>,
}

struct Writer<'a> {
    options: &'a AdfOptions<'a>,
    resolve: &'a dyn Resolve,
    problems: Vec<Problem>,
    place: Place,
    in_cell: bool,
    layout: Layout,
    local_ids: HashMap<String, usize>,
    styles_lost: Lost,
    alignments_lost: Lost,
    /// Characters that no page can hold and that were left out.
    left_out: usize,
}

impl Writer<'_> {
    fn warn(&mut self, place: Place, code: &'static str, message: String) {
        let Place { line, column } = place;
        self.problems.push(Problem {
            severity: Severity::Warning,
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
                format!(
                    "{count} piece(s) of text lose a style, the first one here: in Confluence's \
                     editor code has no other style, and only whole paragraphs are small"
                ),
            );
        }
        let Lost { count, first } = self.alignments_lost;
        if count > 0 {
            self.warn(
                first,
                "text.alignment",
                format!(
                    "{count} paragraph(s) are not aligned as written, the first one here: \
                     Confluence's editor aligns text in table cells and outside of everything else"
                ),
            );
        }
        if self.left_out > 0 {
            let count = self.left_out;
            self.warn(
                Place::default(),
                "text.control_characters",
                format!("{count} control character(s) that no page can hold were left out"),
            );
        }
        self.problems
    }

    /// Text without the characters that no page can hold.
    fn clean(&mut self, text: &str) -> String {
        let kept: String = text.chars().filter(|letter| is_allowed(*letter)).collect();
        if kept.len() < text.len() {
            self.left_out += text.chars().filter(|letter| !is_allowed(*letter)).count();
        }
        kept
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
            } => {
                let mut line = Line::default();
                self.anchor(anchor, &mut line);
                self.inlines(content, &Marks::default(), &mut line);
                let heading = Node::holding("heading", line.finish());
                vec![heading.with("level", (*level).clamp(1, 6)).at(place)]
            }
            Block::Paragraph { content, alignment } => self.paragraph("", content, *alignment),
            Block::List { start, items } => self.list(*start, items),
            Block::Table { head, body } => self.table(head, body),
            Block::Code {
                language,
                title,
                first_line: number,
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
                                "the lines of this code are numbered from 1: the Cloud editor has \
                                 no other numbers for them"
                                    .to_owned(),
                            );
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
                "Confluence's editor has no excerpt in a table cell, so it is what it holds"
                    .to_owned(),
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
        if blocks.is_empty()
            && end.is_empty()
            && let Some(node) = adf_foreign::block(start)
        {
            return vec![node.at(place)];
        }
        if !self.in_cell
            && let Some(sections) = sections_of(start, blocks, end)
        {
            let sections = sections.into_iter();
            return sections
                .flat_map(|section| self.columns(&section, place))
                .collect();
        }
        // A macro with a body stands outside of everything else.
        if !self.in_cell
            && let Some(node) = adf_foreign::bodied(start, end)
        {
            let nodes = self.blocks(blocks);
            return self.split(Container::Macro, nodes, place, &node);
        }
        self.warn(
            place,
            "block.changed",
            format!(
                "{} stands as its text, because ADF has no form for it",
                name(start)
            ),
        );
        let said = self.clean(&words(start));
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
        if widths.is_none() && section.columns.len() > 1 {
            let count = section.columns.len();
            self.warn(
                place,
                "block.changed",
                format!("ADF has no section of {count} columns, so they stand one below the other"),
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
            let attributes = match width {
                Some(width) => json!({ "mode": mode, "width": width }),
                None => json!({ "mode": mode }),
            };
            node.marks
                .push(json!({ "attrs": attributes, "type": "breakout" }));
        }
        after.insert(0, node);
        after
    }

    /// Puts nodes into a container like `empty`; where one cannot stand in it, the container ends,
    /// and goes on after it.
    fn split(
        &mut self,
        container: Container,
        nodes: Vec<Node>,
        place: Place,
        empty: &Node,
    ) -> Vec<Node> {
        let mut all = Vec::new();
        let mut inside: Vec<Node> = Vec::new();
        let mut empty = empty.clone();
        // A container says its title once, however often it goes on.
        let take_title = |empty: &mut Node| title_of(empty).map(std::mem::take).unwrap_or_default();
        for node in nodes {
            match self.fit(container, node) {
                Fit::Inside(nodes) => inside.extend(nodes),
                Fit::After(node) => {
                    if inside.is_empty() {
                        // The title stands before what the container begins with.
                        let title = take_title(&mut empty);
                        if !title.is_empty() {
                            all.push(bold_text(&title).at(place));
                        }
                    } else {
                        let content = std::mem::take(&mut inside);
                        all.push(Node {
                            content,
                            place,
                            ..empty.clone()
                        });
                        take_title(&mut empty);
                    }
                    all.push(self.moved(container, node));
                }
            }
        }
        if all.is_empty() && inside.is_empty() {
            inside.push(paragraph_of(Vec::new()));
        }
        if !inside.is_empty() {
            all.push(Node {
                content: inside,
                place,
                ..empty
            });
        }
        all
    }

    /// Tells that a node stands after the container that it was written in.
    fn moved(&mut self, container: Container, mut node: Node) -> Node {
        if !node.told {
            node.told = true;
            let (what, container) = (name_of(node.kind), container.name());
            self.warn(
                node.place,
                "block.moved",
                format!(
                    "Confluence's editor has no {what} in a {container}, so it stands after it"
                ),
            );
        }
        node
    }

    /// Gives a node the form in which it can stand in a container.
    fn fit(&mut self, container: Container, mut node: Node) -> Fit {
        if node.kind == "paragraph" {
            let keeps = |mark: &Value| match container {
                Container::Cell | Container::Column => true,
                Container::Quote => false,
                _ => mark["type"] == "fontSize",
            };
            for mark in node.marks.iter().filter(|mark| !keeps(mark)) {
                if mark["type"] == "fontSize" {
                    self.styles_lost.add(node.place);
                } else {
                    self.alignments_lost.add(node.place);
                }
            }
            node.marks.retain(keeps);
        }
        if container.holds(node.kind) {
            let is_deep = matches!(container, Container::Item | Container::Task)
                && node.lists() >= DEEPEST_LIST;
            return if is_deep {
                Fit::After(node)
            } else {
                Fit::Inside(vec![node])
            };
        }
        if let Some(raw) = &node.raw {
            if container == Container::Column && raw["type"].as_str().is_some_and(adf_layout::holds)
            {
                return Fit::Inside(vec![node]);
            }
            if container != Container::Cell {
                return Fit::After(node);
            }
            self.warn(
                node.place,
                "block.changed",
                format!(
                    "Confluence's editor has no {} in a table cell, so it stands as its text",
                    name_of(node.kind)
                ),
            );
            let mut line = Line::default();
            line.text(&text_in(raw), &Marks::default());
            return Fit::Inside(vec![paragraph_of(line.finish())]);
        }
        match (container, node.kind) {
            (Container::Item | Container::Quote, "heading") => {
                self.warn(
                    node.place,
                    "block.changed",
                    format!(
                        "Confluence's editor has no heading in a {}, so it is a bold line",
                        container.name()
                    ),
                );
                Fit::Inside(vec![bold_line(node)])
            }
            (Container::Quote, "taskList") => {
                self.warn(
                    node.place,
                    "block.changed",
                    "Confluence's editor has no tasks in a quotation, so they are entries with a \
                     box"
                    .to_owned(),
                );
                Fit::Inside(vec![without_tasks(node)])
            }
            (Container::Expand | Container::Cell, "expand") => {
                Fit::Inside(self.nested_expand(node))
            }
            (Container::Macro, "expand") => Fit::Inside(self.opened(node)),
            _ => Fit::After(node),
        }
    }

    /// A section that opens, in another or in a table cell. It cannot hold everything that one
    /// outside of them can.
    fn nested_expand(&mut self, mut node: Node) -> Vec<Node> {
        let fits = |inner: &Node| !matches!(inner.kind, "table" | "nestedExpand");
        if node.content.iter().all(fits) {
            node.kind = "nestedExpand";
            return vec![node];
        }
        self.opened(node)
    }

    /// A section that opens where none can, or none that holds as much: it is always open.
    fn opened(&mut self, mut node: Node) -> Vec<Node> {
        self.warn(
            node.place,
            "block.changed",
            "Confluence's editor has no tables and no further sections in a section that is \
             inside another, so this one is always open"
                .to_owned(),
        );
        let title = node.attributes.iter().find(|(name, _)| *name == "title");
        let title = title.and_then(|(_, title)| title.as_str());
        let mut nodes = Vec::with_capacity(node.content.len() + 1);
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            nodes.push(bold_text(title).at(node.place));
        }
        nodes.append(&mut node.content);
        nodes
    }

    /// A paragraph, and the pictures that stand on lines of their own in it.
    fn paragraph(&mut self, sign: &str, content: &[Inline], alignment: Alignment) -> Vec<Node> {
        let place = self.place;
        let mut marks: Vec<Value> = Vec::new();
        match alignment {
            // Text stands at the left where nothing else is said.
            Alignment::None | Alignment::Left => {}
            Alignment::Center => {
                marks.push(json!({ "attrs": { "align": "center" }, "type": "alignment" }));
            }
            Alignment::Right => {
                marks.push(json!({ "attrs": { "align": "end" }, "type": "alignment" }));
            }
        }
        let content = match content {
            [Inline::Styled(Style::Small, inner)] => {
                marks.push(json!({ "attrs": { "fontSize": "small" }, "type": "fontSize" }));
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
            let on_own_lines = !pictures.is_empty()
                && (only_pictures || is_on_own_line(content, at))
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

    fn list(&mut self, start: Option<u64>, items: &[Item]) -> Vec<Node> {
        if start.is_none() && items.iter().all(|item| item.checked.is_some()) {
            return self.tasks(items);
        }
        let place = self.place;
        let mut written = Vec::with_capacity(items.len());
        for item in items {
            written.push(match item.checked {
                None => self.blocks(&item.blocks),
                Some(done) => self.ticked(done, &item.blocks),
            });
        }
        self.list_of(start, written, place)
    }

    /// An entry with a box in a list that is not all tasks, which a task list could not hold.
    fn ticked(&mut self, done: bool, blocks: &[Placed<Block>]) -> Vec<Node> {
        let sign = sign_of(done);
        if let Some((first, rest)) = blocks.split_first()
            && let Block::Paragraph { content, alignment } = &first.is
        {
            self.place = first.place;
            let mut nodes = self.paragraph(sign, content, *alignment);
            nodes.extend(self.blocks(rest));
            return nodes;
        }
        let mut nodes = self.paragraph(sign, &[], Alignment::None);
        nodes.extend(self.blocks(blocks));
        nodes
    }

    /// A list of entries. What an entry cannot hold stands after it, with what follows in the
    /// entry, and the list goes on behind it.
    fn list_of(&mut self, start: Option<u64>, items: Vec<Vec<Node>>, place: Place) -> Vec<Node> {
        let mut all = Vec::new();
        let mut entries: Vec<Node> = Vec::new();
        let mut first = start;
        for (at, nodes) in items.into_iter().enumerate() {
            let mut content: Vec<Node> = Vec::new();
            let mut after: Vec<Node> = Vec::new();
            for node in nodes {
                if !after.is_empty() {
                    after.push(node);
                    continue;
                }
                match self.fit(Container::Item, node) {
                    Fit::Inside(nodes) => content.extend(nodes),
                    Fit::After(node) => after.push(self.moved(Container::Item, node)),
                }
            }
            // A number counts even when nothing stands behind it; a bullet does not.
            if content.is_empty() && (start.is_some() || after.is_empty()) {
                content.push(paragraph_of(Vec::new()));
            }
            if !content.is_empty() {
                entries.push(Node::holding("listItem", content));
            }
            if !after.is_empty() {
                all.extend(list_node(first, std::mem::take(&mut entries), place));
                all.append(&mut after);
                first = start.map(|start| start.saturating_add(at as u64 + 1));
            }
        }
        all.extend(list_node(first, entries, place));
        all
    }

    /// A list of tasks. A task holds text only, so its paragraphs become one; other tasks stand
    /// below it, and everything else after it.
    fn tasks(&mut self, items: &[Item]) -> Vec<Node> {
        let place = self.place;
        let mut all = Vec::new();
        let mut tasks: Vec<Node> = Vec::new();
        for item in items {
            let mut line = Line::default();
            let mut below: Vec<Node> = Vec::new();
            let mut after: Vec<Node> = Vec::new();
            for block in &item.blocks {
                if below.is_empty() && after.is_empty() {
                    match &block.is {
                        Block::Paragraph { content, .. } => {
                            self.place = block.place;
                            line.line_break();
                            self.inlines(content, &Marks::default(), &mut line);
                            continue;
                        }
                        Block::Heading {
                            content, anchor, ..
                        } => {
                            self.place = block.place;
                            self.warn(
                                block.place,
                                "block.changed",
                                "Confluence's editor has no heading in a task, so it is bold text"
                                    .to_owned(),
                            );
                            line.line_break();
                            self.anchor(anchor, &mut line);
                            let strong = Marks {
                                strong: true,
                                ..Marks::default()
                            };
                            self.inlines(content, &strong, &mut line);
                            continue;
                        }
                        _ => {}
                    }
                }
                for node in self.block(block) {
                    if !after.is_empty() {
                        after.push(node);
                        continue;
                    }
                    match self.fit(Container::Task, node) {
                        Fit::Inside(nodes) => below.extend(nodes),
                        Fit::After(node) => after.push(self.moved(Container::Task, node)),
                    }
                }
            }
            let state = if item.checked == Some(true) {
                "DONE"
            } else {
                "TODO"
            };
            let content = line.finish();
            let words: String = content.iter().map(|node| node.text.as_str()).collect();
            let id = self.local_id(&words);
            let task = Node::holding("taskItem", content);
            tasks.push(task.with("localId", id).with("state", state));
            tasks.append(&mut below);
            if !after.is_empty() {
                let tasks = std::mem::take(&mut tasks);
                all.extend(self.task_list(tasks, place));
                all.append(&mut after);
            }
        }
        all.extend(self.task_list(tasks, place));
        all
    }

    fn task_list(&mut self, tasks: Vec<Node>, place: Place) -> Option<Node> {
        if tasks.is_empty() {
            return None;
        }
        let id = self.local_id("list");
        let list = Node::holding("taskList", tasks);
        Some(list.with("localId", id).at(place))
    }

    /// An id in the form of a UUID. It comes from the words and not from the position, so that a
    /// task is still the same one when others are added above it.
    fn local_id(&mut self, words: &str) -> String {
        let count = self.local_ids.entry(words.to_owned()).or_default();
        *count += 1;
        let mut hash = Sha256::new();
        hash.update(format!("{count}:{words}"));
        let mut id = String::with_capacity(36);
        for (at, byte) in hash.finalize().iter().take(16).enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                id.push('-');
            }
            id.push_str(&format!("{byte:02x}"));
        }
        id
    }

    fn table(&mut self, head: &[Row], body: &[Row]) -> Vec<Node> {
        let place = self.place;
        if self.in_cell {
            self.warn(
                place,
                "block.changed",
                "Confluence's editor has no table in a table cell, so its rows are lines of text"
                    .to_owned(),
            );
            let rows = head.iter().chain(body);
            return rows.flat_map(|row| self.row_as_text(row)).collect();
        }
        let mut rows = Vec::with_capacity(head.len() + body.len());
        self.in_cell = true;
        for row in head.iter().chain(body) {
            let mut cells: Vec<Node> = row.cells.iter().map(|cell| self.cell(cell)).collect();
            if cells.is_empty() {
                cells.push(Node::holding("tableCell", vec![paragraph_of(Vec::new())]));
            }
            rows.push(Node::holding("tableRow", cells));
        }
        self.in_cell = false;
        if rows.is_empty() {
            return Vec::new();
        }
        let mut table = Node::holding("table", rows).at(place);
        if self.layout.fixed_columns {
            table = table.with("displayMode", "fixed");
        }
        if self.layout.tables_left {
            table = table.with("layout", "align-start");
        }
        if let Some(width) = self.layout.table_width {
            table = table.with("width", width);
        }
        vec![table]
    }

    fn cell(&mut self, cell: &Cell) -> Node {
        let mut nodes = Vec::with_capacity(cell.blocks.len());
        for block in &cell.blocks {
            match &block.is {
                Block::Paragraph { content, alignment } => {
                    self.place = block.place;
                    let own = *alignment != Alignment::None;
                    let alignment = if own { *alignment } else { cell.alignment };
                    nodes.extend(self.paragraph("", content, alignment));
                }
                _ => nodes.extend(self.block(block)),
            }
        }
        let mut content = Vec::with_capacity(nodes.len());
        for node in nodes {
            match self.fit(Container::Cell, node) {
                Fit::Inside(nodes) => content.extend(nodes),
                // Tables are text already, so there is nothing that a cell cannot hold.
                Fit::After(node) => content.push(node),
            }
        }
        if content.is_empty() {
            content.push(paragraph_of(Vec::new()));
        }
        let kind = if cell.is_head {
            "tableHeader"
        } else {
            "tableCell"
        };
        let mut node = Node::holding(kind, content);
        if cell.columns > 1 {
            node = node.with("colspan", cell.columns);
        }
        if cell.rows > 1 {
            node = node.with("rowspan", cell.rows);
        }
        node
    }

    /// A row of a table in a table: one line when its cells are lines, else all their blocks.
    fn row_as_text(&mut self, row: &Row) -> Vec<Node> {
        let is_line = |cell: &Cell| {
            let mut blocks = cell.blocks.iter();
            blocks.all(|block| matches!(block.is, Block::Paragraph { .. })) && cell.blocks.len() < 2
        };
        if !row.cells.iter().all(is_line) {
            let blocks = row.cells.iter().flat_map(|cell| &cell.blocks);
            return blocks.flat_map(|block| self.block(block)).collect();
        }
        let place = self.place;
        let mut line = Line::default();
        for (at, cell) in row.cells.iter().enumerate() {
            if at > 0 {
                line.text(" | ", &Marks::default());
            }
            let marks = Marks {
                strong: cell.is_head,
                ..Marks::default()
            };
            for block in &cell.blocks {
                if let Block::Paragraph { content, .. } = &block.is {
                    self.place = block.place;
                    self.inlines(content, &marks, &mut line);
                }
            }
        }
        vec![paragraph_of(line.finish()).at(place)]
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
                text,
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
        // The macro's one parameter has no name.
        let parameters = json!({ "": { "value": name } });
        line.node(macro_node(
            "inlineExtension",
            "anchor",
            "Anchor",
            &parameters,
        ));
    }

    fn inlines(&mut self, content: &[Inline], marks: &Marks, line: &mut Line) {
        for inline in content {
            self.inline(inline, marks, line);
        }
    }

    fn inline(&mut self, inline: &Inline, marks: &Marks, line: &mut Line) {
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
                } else if content.is_empty()
                    && let Some(node) = adf_foreign::inline(start)
                {
                    line.node(node);
                } else {
                    self.text(&words(start), marks, line);
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

    fn text(&mut self, text: &str, marks: &Marks, line: &mut Line) {
        if marks.code && marks.is_styled() {
            self.styles_lost.add(self.place);
        }
        let text = self.clean(text);
        line.text(&text, marks);
    }

    fn styled(&mut self, style: Style, marks: &Marks) -> Marks {
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

    fn link(
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
                    format!("the link to `{url}` would run something, so only its text is kept"),
                );
                self.inlines(content, marks, line);
                return;
            }
            LinkTarget::Missing { reason } => {
                self.warn(
                    place,
                    "link.target_missing",
                    format!("the link `{target}` leads nowhere: {reason}. Its text is kept"),
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
            link: address.map(|address| (self.clean(&address), self.clean(title))),
            ..marks.clone()
        };
        if is_empty {
            self.text(&instead, &marks, line);
        }
        self.inlines(content, &marks, line);
    }

    fn shows(&self, picture: &Picture<'_>) -> bool {
        match picture.image {
            Inline::Image { target, .. } => !matches!(
                image_source(self.resolve, target),
                ImageTarget::Missing { .. }
            ),
            _ => false,
        }
    }

    /// The picture of a diagram or formula, where it has one. Macros with a text as body are of
    /// storage format alone.
    fn drawing(&mut self, kind: DrawingKind, source: &str, at: Place) -> Option<DrawingPicture> {
        match self.resolve.drawing(kind, source) {
            Drawing::Picture(picture) => Some(picture),
            Drawing::Failed {
                message,
                line,
                column,
            } => {
                let problem = not_drawn(kind, &message, at, (line, column));
                self.problems.push(problem);
                None
            }
            Drawing::Source | Drawing::Macro { .. } => None,
        }
    }

    /// A picture in a line of text. Only attached ones can stand there.
    fn image(&mut self, image: &Inline, marks: &Marks, line: &mut Line) {
        let Inline::Image {
            target,
            title,
            alt,
            width,
            height,
            place,
        } = image
        else {
            return;
        };
        let shown: String = target.chars().take(200).collect();
        match image_source(self.resolve, target) {
            ImageTarget::Missing { reason } => {
                self.warn(
                    *place,
                    "image.missing",
                    format!(
                        "the picture `{shown}` cannot be shown: {reason}. Its description is kept"
                    ),
                );
                let words = match alt.trim() {
                    "" => shown,
                    alt => format!("{alt} ({shown})"),
                };
                self.text(&words, marks, line);
            }
            ImageTarget::Attachment {
                filename,
                width: own_width,
                height: own_height,
            } => {
                let alt = match (alt.is_empty(), title.is_empty()) {
                    (_, true) => alt.clone(),
                    (true, false) => title.clone(),
                    (false, false) => format!("{alt}: {title}"),
                };
                let size = (width.or(own_width), height.or(own_height));
                let mut node = self.file("mediaInline", "image", &alt, &filename, size);
                node.marks.extend(marks.link());
                line.node(node);
            }
            ImageTarget::Url(url) => {
                self.warn(
                    *place,
                    "image.link",
                    format!(
                        "Confluence's editor shows the picture `{shown}` only on a line of its \
                         own; here it becomes a link"
                    ),
                );
                let link = match &marks.link {
                    Some(link) => link.clone(),
                    None => (self.clean(url.trim()), self.clean(title)),
                };
                let marks = Marks {
                    link: Some(link),
                    ..marks.clone()
                };
                let words = if alt.trim().is_empty() { &shown } else { alt };
                self.text(words, &marks, line);
            }
        }
    }

    /// A picture on a line of its own.
    fn media_single(&mut self, picture: &Picture<'_>, alignment: Alignment) -> Node {
        let mut single = Node::new("mediaSingle");
        let Inline::Image {
            target,
            title,
            alt,
            width,
            height,
            ..
        } = picture.image
        else {
            return single;
        };
        let side = match alignment {
            Alignment::None => self.layout.pictures,
            alignment => alignment,
        };
        single = single.with("layout", side_of(side));
        let source = image_source(self.resolve, target);
        let file = match &source {
            ImageTarget::Attachment { width, .. } => *width,
            _ => None,
        };
        let size = size_of(self.resolve, target, (*width, *height));
        if let Some(width) = self.layout.shown(size, file).0 {
            single = single.with("width", width).with("widthType", "pixel");
        }
        let mut media = match source {
            ImageTarget::Attachment {
                filename,
                width: own_width,
                height: own_height,
            } => {
                // The proportions are the file's; the size that is wanted is in the node around.
                let size = match (own_width, own_height) {
                    (Some(_), Some(_)) => (own_width, own_height),
                    _ => (*width, *height),
                };
                self.file("media", "file", alt, &filename, size)
            }
            ImageTarget::Url(url) => {
                let mut node = Node::new("media");
                if !alt.is_empty() {
                    node = node.with("alt", self.clean(alt));
                }
                if let Some(height) = height {
                    node = node.with("height", *height);
                }
                node = node
                    .with("type", "external")
                    .with("url", self.clean(url.trim()));
                if let Some(width) = width {
                    node = node.with("width", *width);
                }
                node
            }
            // Only pictures that can be shown come here.
            ImageTarget::Missing { .. } => return single,
        };
        if let Some(Inline::Link {
            target,
            title,
            place,
            ..
        }) = picture.link
        {
            // The link's words are the picture, so what is written of it is its address only.
            let mut line = Line::default();
            let words = [Inline::Text("picture".to_owned())];
            self.link(target, title, &words, *place, &Marks::default(), &mut line);
            media
                .marks
                .extend(line.nodes.into_iter().flat_map(|node| node.marks));
        }
        single.content.push(media);
        if !title.is_empty() {
            let mut line = Line::default();
            self.text(title, &Marks::default(), &mut line);
            single.content.push(Node::holding("caption", line.finish()));
        }
        single
    }

    /// A picture that is attached to the page.
    fn file(
        &mut self,
        kind: &'static str,
        form: &'static str,
        alt: &str,
        filename: &str,
        (width, height): (Option<u32>, Option<u32>),
    ) -> Node {
        let mut node = Node::new(kind);
        if !alt.is_empty() {
            node = node.with("alt", self.clean(alt));
        }
        node = node.with("collection", ADF_UNFILLED);
        if let Some(height) = height {
            node = node.with("height", height);
        }
        node = node.with("id", self.clean(filename)).with("type", form);
        if let Some(width) = width {
            node = node.with("width", width);
        }
        node
    }
}

/// Where a picture stands. As Confluence's storage format has them, they stand at the left.
fn side_of(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::None | Alignment::Left => "align-start",
        Alignment::Center => "center",
        Alignment::Right => "align-end",
    }
}

/// The title of a section that opens.
fn title_of(node: &mut Node) -> Option<&mut String> {
    let mut attributes = node.attributes.iter_mut();
    match attributes.find(|(name, _)| *name == "title") {
        Some((_, Value::String(title))) => Some(title),
        _ => None,
    }
}

fn list_node(first: Option<u64>, entries: Vec<Node>, place: Place) -> Option<Node> {
    if entries.is_empty() {
        return None;
    }
    let list = match first {
        None => Node::holding("bulletList", entries),
        Some(first) => Node::holding("orderedList", entries).with("order", first),
    };
    Some(list.at(place))
}

/// The text that a node shows which was kept as it stands.
fn text_in(raw: &Value) -> String {
    let own = raw["text"].as_str().unwrap_or_default();
    let inner = raw["content"].as_array().into_iter().flatten().map(text_in);
    let words = std::iter::once(own.to_owned()).chain(inner);
    words
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn sign_of(done: bool) -> &'static str {
    if done { "☑ " } else { "☐ " }
}

/// A heading as a paragraph.
fn bold_line(heading: Node) -> Node {
    let mut content = heading.content;
    for node in &mut content {
        let has = |name: &str| node.marks.iter().any(|mark| mark["type"] == name);
        if node.kind == "text" && !has("code") && !has("strong") {
            node.marks.push(json!({ "type": "strong" }));
        }
    }
    paragraph_of(content).at(heading.place)
}

/// A list of tasks as a list of entries with boxes.
fn without_tasks(list: Node) -> Node {
    let mut entries: Vec<Node> = Vec::new();
    for mut node in list.content {
        if node.kind == "taskList" {
            let inner = without_tasks(node);
            match entries.last_mut() {
                Some(entry) => entry.content.push(inner),
                None => entries.push(Node::holding("listItem", vec![inner])),
            }
            continue;
        }
        let is_done = node.attributes.iter().any(|(_, value)| value == "DONE");
        let mut line = Line::default();
        line.text(sign_of(is_done), &Marks::default());
        line.nodes.append(&mut node.content);
        let paragraph = paragraph_of(line.finish());
        entries.push(Node::holding("listItem", vec![paragraph]));
    }
    Node::holding("bulletList", entries).at(list.place)
}

/// Whether nothing of an inline is seen, however it stands between pictures.
fn is_blank(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break | Inline::Anchor(_) => true,
        _ => false,
    }
}

/// The pictures that an inline consists of; none when it holds anything else.
fn pictures_of(inline: &Inline) -> Vec<Picture<'_>> {
    let mut pictures = Vec::new();
    if add_pictures(inline, None, &mut pictures) {
        pictures
    } else {
        Vec::new()
    }
}

fn add_pictures<'d>(
    inline: &'d Inline,
    link: Option<&'d Inline>,
    pictures: &mut Vec<Picture<'d>>,
) -> bool {
    match inline {
        Inline::Image { .. } => {
            pictures.push(Picture {
                image: inline,
                link,
            });
            true
        }
        // A link in a link may lead elsewhere, and one without a picture shows its target.
        Inline::Link { content, .. } if link.is_none() => {
            let before = pictures.len();
            let are_pictures = content
                .iter()
                .all(|inner| add_pictures(inner, Some(inline), pictures));
            are_pictures && pictures.len() > before
        }
        Inline::Styled(_, content) => content
            .iter()
            .all(|inner| add_pictures(inner, link, pictures)),
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        _ => false,
    }
}

/// Whether nothing else stands on the line of the source, or of the page, that an inline is on.
fn is_on_own_line(content: &[Inline], at: usize) -> bool {
    let ends_before = match at.checked_sub(1).map(|before| &content[before]) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text(text)) => text.trim_end_matches([' ', '\t']).ends_with('\n'),
        Some(_) => false,
    };
    let begins_after = match content.get(at + 1) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text(text)) => text.trim_start_matches([' ', '\t']).starts_with('\n'),
        Some(_) => false,
    };
    ends_before && begins_after
}
