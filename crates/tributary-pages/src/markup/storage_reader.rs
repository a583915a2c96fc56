//! Storage format, back into the model.
//!
//! What [`super::write_storage`] writes is read so that it is written the same again. Of what others
//! wrote, everything that the model has a form for gets that form; what it has no form for stays as
//! it stands ([`Block::Foreign`], [`Inline::Foreign`]), around blocks and text that are read, so that
//! a page in columns or with colored words is still a document. Markers of inline comments are not
//! kept: [`super::carry_comments`] puts them into whatever replaces the page.

use std::collections::{BTreeMap, HashSet};

use super::colors::{Colors, END_TAG};
use super::document::{
    Alignment, Block, Cell, Document, Footnote, Inline, Item, PanelKind, Place, Placed, Problem,
    Reference, ReferenceKind, Row, Severity, Style,
};
use super::drawing::{DrawingKind, drawing_of_picture};
use super::foreign;
use super::html_tags::is_block;
use super::lower::{plain_text, style_of, title_of};
use super::places::Places;
use super::slug::Slugs;
use super::storage_tree::{Id, Kind, Tree, grow, is_space, is_whole};
use super::storage_writer::{MARK, alignment_style, mention_anchor, note_anchor};
use super::targets::{StoredTargets, target_of_image, target_of_link};
use super::{ImageTarget, LinkTarget, Resolve};

/// Reads a body in storage format, of any origin and however broken.
///
/// Targets are those that [`super::StoredTargets`] resolves. The document's anchors are those that
/// the page has anchors for, so that writing it with them gives the page back.
pub fn read_storage(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: false,
            comments: false,
        },
    )
}

/// Reads a page whose diagrams and formulas are to stay the pictures that they are: what writes
/// them again does not know how large they are.
pub(super) fn read_with_pictures(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: true,
            comments: false,
        },
    )
}

/// Reads a page that is about to be written in another format: with its pictures, and with the
/// markers of its inline comments.
pub(super) fn read_to_rewrite(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: true,
            comments: true,
        },
    )
}

/// What of a page stays as it is although the model has another form for it, or none.
#[derive(Debug, Clone, Copy)]
struct Keeps {
    /// The pictures of diagrams and formulas, which otherwise become what they were drawn from.
    drawings: bool,
    /// The markers of inline comments.
    comments: bool,
}

fn read(storage: &str, keeps: Keeps) -> Document {
    let tree = grow(storage);
    let mut reader = Reader {
        named: (0..tree.nodes.len())
            .filter_map(|id| anchor_of(&tree, id))
            .collect(),
        places: Places::new(storage),
        tree: &tree,
        document: Document::default(),
        slugs: Slugs::default(),
        lost: BTreeMap::new(),
        depth: 0,
        in_link: false,
        keeps,
    };
    let blocks = reader.blocks(0);
    reader.report();
    let mut document = reader.document;
    document.title = title_of(&blocks);
    document.blocks = blocks;
    document
        .problems
        .sort_by_key(|problem| (problem.line, problem.column));
    document
}

/// Nesting beyond this is kept as it stands: nobody writes it, and it would exhaust the stack.
const DEEPEST: usize = 120;

/// Attributes with which Confluence keeps its books, and which no reader sees.
const BOOKKEEPING: [&str; 9] = [
    "class",
    "local-id",
    "ac:local-id",
    "ac:macro-id",
    "ac:task-list-id",
    "ac:schema-version",
    "ac:name",
    "ri:version-at-save",
    "ac:original-width",
];

/// Macros that the model has forms for.
const KNOWN_MACROS: [&str; 8] = [
    "code", "info", "tip", "note", "warning", "expand", "toc", "excerpt",
];

/// The parameter in which Confluence notes whether a macro stands in a line.
const OUTPUT_TYPE: &str = "atlassian-macro-output-type";

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    places: Places<'a>,
    document: Document,
    /// The names of all anchors on the page.
    named: HashSet<String>,
    slugs: Slugs,
    /// Attributes and parameters that the model has no form for: where first, and how often.
    lost: BTreeMap<(String, String), (Place, usize)>,
    depth: usize,
    in_link: bool,
    keeps: Keeps,
}

impl Reader<'_, '_> {
    fn place(&self, id: Id) -> Place {
        self.places.of(self.tree.nodes[id].from)
    }

    fn warn(&mut self, place: Place, code: &'static str, message: String) {
        let Place { line, column } = place;
        self.document.problems.push(Problem {
            severity: Severity::Warning,
            code,
            message,
            line,
            column,
        });
    }

    fn report(&mut self) {
        if let Some((at, count)) = self.tree.faults {
            let place = self.places.of(at);
            self.warn(
                place,
                "storage.not_well_formed",
                format!(
                    "the page is not well-formed here{}; its text is kept",
                    more(count)
                ),
            );
        }
        for ((owner, name), (place, count)) in std::mem::take(&mut self.lost) {
            self.warn(
                place,
                "storage.detail_lost",
                format!("`{name}` of {owner} has no form here{}", more(count)),
            );
        }
    }

    /// Notes the attributes of an element that are not among those that were read.
    fn note_attributes(&mut self, id: Id, read: &[&str]) {
        let tree = self.tree;
        for (name, value) in tree.attributes(id) {
            let colors = *name == "data-highlight-colour";
            let kept = read.contains(name)
                || BOOKKEEPING.contains(name)
                || (name.starts_with("data-") && !colors)
                || value.is_empty();
            if !kept {
                let owner = foreign::name(tree.tags(id).0);
                self.note_lost(owner, name, id);
            }
        }
    }

    fn note_lost(&mut self, owner: String, name: &str, id: Id) {
        let place = self.place(id);
        let lost = self.lost.entry((owner, name.to_owned()));
        lost.or_insert((place, 0)).1 += 1;
    }

    /// Whether a node stands on lines of its own.
    fn is_block(&self, id: Id) -> bool {
        let tree = self.tree;
        match tree.name(id) {
            "" => false,
            "ac:structured-macro" | "ac:macro" => {
                let known = tree.attribute(id, "ac:name");
                known.is_some_and(|name| KNOWN_MACROS.contains(&name))
                    || tree.children(id).any(|child| {
                        matches!(tree.name(child), "ac:rich-text-body" | "ac:plain-text-body")
                    })
            }
            "ac:task-list" | "ac:layout" | "ac:layout-section" | "ac:layout-cell"
            | "ac:rich-text-body" | "ac:task" | "ac:adf-extension" => true,
            name => is_block(name),
        }
    }

    fn blocks(&mut self, parent: Id) -> Vec<Placed<Block>> {
        let tree = self.tree;
        self.depth += 1;
        let mut blocks = Vec::new();
        let mut run: Vec<Id> = Vec::new();
        let mut after_notes = 0;
        for child in tree.children(parent) {
            if child < after_notes {
                continue;
            }
            if !self.is_block(child) {
                run.push(child);
                continue;
            }
            self.flush(&mut run, &mut blocks);
            if parent == 0
                && tree.name(child) == "hr"
                && let Some((notes, list)) = self.footnotes(child)
            {
                let place = self.place(child);
                blocks.push(Placed { place, is: notes });
                after_notes = list + 1;
                continue;
            }
            self.block(child, &mut blocks);
        }
        self.flush(&mut run, &mut blocks);
        self.depth -= 1;
        blocks
    }

    /// The blocks of an element that is written with an empty paragraph when it holds none.
    fn blocks_or_none(&mut self, parent: Id) -> Vec<Placed<Block>> {
        let mut blocks = self.blocks(parent);
        if let [
            Placed {
                is:
                    Block::Paragraph {
                        content,
                        alignment: Alignment::None,
                    },
                ..
            },
        ] = blocks.as_slice()
            && content.is_empty()
        {
            blocks.clear();
        }
        blocks
    }

    /// Makes a paragraph of text that stands beside blocks.
    fn flush(&mut self, run: &mut Vec<Id>, blocks: &mut Vec<Placed<Block>>) {
        let run = std::mem::take(run);
        let tree = self.tree;
        let Some(first) = run.iter().copied().find(|id| !tree.is_blank(*id)) else {
            return;
        };
        let mut content = Vec::new();
        for id in &run {
            self.inline(*id, &mut content);
        }
        trim(&mut content);
        if content.is_empty() {
            return;
        }
        let place = self.place(first);
        let foreign_only = content.iter().all(|inline| match inline {
            Inline::Foreign { content, .. } => content.is_empty(),
            Inline::Text(text) => text.trim_matches(is_space).is_empty(),
            _ => false,
        });
        if !foreign_only {
            let is = match self.diagram(&content) {
                Some(diagram) => diagram,
                None => Block::Paragraph {
                    content,
                    alignment: Alignment::None,
                },
            };
            return blocks.push(Placed { place, is });
        }
        for inline in content {
            if let Inline::Foreign { start, end, .. } = inline {
                let inner = Vec::new();
                let is = Block::Foreign {
                    start,
                    blocks: inner,
                    end,
                };
                blocks.push(Placed { place, is });
            }
        }
    }

    fn block(&mut self, id: Id, blocks: &mut Vec<Placed<Block>>) {
        let tree = self.tree;
        if self.depth >= DEEPEST {
            return self.keep(id, blocks);
        }
        let place = self.place(id);
        let put = |is: Block| Placed { place, is };
        match tree.name(id) {
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let level = name.as_bytes()[1] - b'0';
                let heading = self.heading(level, id);
                blocks.push(put(heading));
            }
            "p" => self.paragraph(id, blocks),
            name @ ("ul" | "ol") => {
                let numbered = name == "ol";
                let list = self.list(id, numbered);
                let empty = matches!(&list, Block::List { items, .. } if items.is_empty());
                if numbered || !empty {
                    blocks.push(put(list));
                }
            }
            "ac:task-list" => match self.tasks(id) {
                Some(list) => blocks.push(put(list)),
                None => self.keep(id, blocks),
            },
            "table" => match self.table(id) {
                Some(table) => blocks.push(put(table)),
                None => self.keep(id, blocks),
            },
            "blockquote" => {
                self.note_attributes(id, &[]);
                let inner = self.blocks_or_none(id);
                blocks.push(put(Block::Quote(inner)));
            }
            "hr" => {
                self.note_attributes(id, &[]);
                blocks.push(put(Block::Rule));
            }
            "pre" => match tree.only_text(id) {
                Some(text) => {
                    self.note_attributes(id, &[]);
                    let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
                    blocks.push(put(Block::Code {
                        language: None,
                        title: None,
                        first_line: None,
                        text: text.to_owned(),
                    }));
                }
                None => self.keep(id, blocks),
            },
            "ac:structured-macro" => match self.known_macro(id) {
                Some(block) => blocks.push(put(block)),
                None => self.keep_around(id, blocks),
            },
            "ac:macro" | "ac:layout" | "ac:layout-section" | "ac:layout-cell" => {
                self.keep_around(id, blocks);
            }
            "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav"
            | "center"
                if tree.attributes(id).iter().any(|(name, value)| {
                    !BOOKKEEPING.contains(name) && !name.starts_with("data-") && !value.is_empty()
                }) =>
            {
                self.keep_around(id, blocks);
            }
            // A wrapper without a meaning of its own, or a part of something that is not around it.
            "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav"
            | "center" | "li" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th"
            | "ac:rich-text-body" | "ac:task" | "html" | "body" => {
                let inner = self.blocks(id);
                blocks.extend(inner);
            }
            _ => self.keep(id, blocks),
        }
    }

    /// Keeps an element as it stands, or its text when it cannot be written so.
    fn keep(&mut self, id: Id, blocks: &mut Vec<Placed<Block>>) {
        let place = self.place(id);
        let is = if self.tree.nodes[id].sound {
            self.warn_kept(id);
            Block::Foreign {
                start: self.tree.source(id).to_owned(),
                blocks: Vec::new(),
                end: String::new(),
            }
        } else if self.depth < DEEPEST {
            let inner = self.blocks(id);
            return blocks.extend(inner);
        } else {
            let text = self.tree.text_of(id);
            if text.trim_matches(is_space).is_empty() {
                return;
            }
            let content = vec![Inline::Text(text)];
            let alignment = Alignment::None;
            Block::Paragraph { content, alignment }
        };
        blocks.push(Placed { place, is });
    }

    /// Keeps an element as it stands around the blocks that it holds, if it holds any.
    fn keep_around(&mut self, id: Id, blocks: &mut Vec<Placed<Block>>) {
        let tree = self.tree;
        let body = match tree.name(id) {
            "ac:structured-macro" | "ac:macro" => {
                let children = tree.elements(id).unwrap_or_default();
                let bodies = children
                    .iter()
                    .filter(|child| tree.name(**child) == "ac:rich-text-body");
                let last = children.last().copied();
                last.filter(|last| tree.name(*last) == "ac:rich-text-body" && bodies.count() == 1)
            }
            name => {
                let holds_blocks = tree.children(id).any(|child| self.is_block(child));
                (name.starts_with("ac:") || holds_blocks).then_some(id)
            }
        };
        let node = |id: Id| &tree.nodes[id];
        let around = body.map(|body| {
            let start = &tree.text[node(id).from..node(body).inner_from];
            let end = &tree.text[node(body).inner_to..node(id).to];
            (body, start, end)
        });
        match around {
            Some((body, start, end)) if !end.is_empty() && is_whole(start, end) => {
                self.warn_kept(id);
                let place = self.place(id);
                let inner = self.blocks(body);
                let is = Block::Foreign {
                    start: start.to_owned(),
                    blocks: inner,
                    end: end.to_owned(),
                };
                blocks.push(Placed { place, is });
            }
            _ => self.keep(id, blocks),
        }
    }

    fn warn_kept(&mut self, id: Id) {
        let place = self.place(id);
        let name = foreign::name(self.tree.tags(id).0);
        self.warn(
            place,
            "storage.kept",
            format!("{name} has no form here; it is kept as Confluence stores it"),
        );
    }

    fn heading(&mut self, level: u8, id: Id) -> Block {
        self.note_attributes(id, &[]);
        let tree = self.tree;
        let mut content = Vec::new();
        let mut own = None;
        self.depth += 1;
        for (at, child) in tree.children(id).enumerate() {
            match anchor_of(tree, child) {
                Some(name) if at == 0 => {
                    self.document.anchors.push(name.clone());
                    own = Some(name);
                }
                _ => self.inline(child, &mut content),
            }
        }
        self.depth -= 1;
        let anchor = match own {
            Some(anchor) => anchor,
            // The page has no anchor here, and must not seem to have another's.
            None => loop {
                let slug = self.slugs.next(&plain_text(&content));
                if !self.named.contains(&slug) {
                    break slug;
                }
            },
        };
        Block::Heading {
            level,
            content,
            anchor,
        }
    }

    fn paragraph(&mut self, id: Id, blocks: &mut Vec<Placed<Block>>) {
        let tree = self.tree;
        let place = self.place(id);
        if let Some([only]) = tree.elements(id).as_deref()
            && self.is_contents(*only)
        {
            let is = Block::TableOfContents;
            return blocks.push(Placed { place, is });
        }
        if tree.children(id).any(|child| self.is_block(child)) {
            let inner = self.blocks(id);
            return blocks.extend(inner);
        }
        let alignment = self.alignment(id);
        let content = self.inlines(id);
        let is = match self.diagram(&content) {
            Some(diagram) => diagram,
            None => Block::Paragraph { content, alignment },
        };
        blocks.push(Placed { place, is });
    }

    /// The diagram that a paragraph shows and nothing else.
    fn diagram(&self, content: &[Inline]) -> Option<Block> {
        let (target, title, alt) = match content {
            [
                Inline::Image {
                    target, title, alt, ..
                },
            ] => (target, title, alt),
            [
                Inline::Math {
                    source,
                    displayed: true,
                    ..
                },
            ] => {
                return Some(Block::Code {
                    language: Some(DrawingKind::Equation.language().to_owned()),
                    title: None,
                    first_line: None,
                    text: source.clone(),
                });
            }
            _ => return None,
        };
        let ImageTarget::Attachment { filename, .. } = StoredTargets.image(target) else {
            return None;
        };
        let (kind, text) = drawing_of_picture(&filename, alt).filter(|_| !self.keeps.drawings)?;
        Some(Block::Code {
            language: Some(kind.language().to_owned()),
            title: (!title.is_empty()).then(|| title.clone()),
            first_line: None,
            text,
        })
    }

    /// Reads an element's alignment, and notes what else its attributes say.
    fn alignment(&mut self, id: Id) -> Alignment {
        let style = self.tree.attribute(id, "style").unwrap_or_default();
        let words: String = style.chars().filter(|letter| !is_space(*letter)).collect();
        let known = [Alignment::Left, Alignment::Center, Alignment::Right];
        let found = known.into_iter().find(|alignment| {
            let known: String = alignment_style(*alignment)
                .unwrap_or_default()
                .chars()
                .filter(|letter| !matches!(letter, ' ' | ';'))
                .collect();
            words.trim_end_matches(';') == known
        });
        let read: &[&str] = match found {
            Some(_) => &["style", "colspan", "rowspan"],
            None => &["colspan", "rowspan"],
        };
        self.note_attributes(id, read);
        found.unwrap_or_default()
    }

    /// Whether an element is the table of contents as we write it.
    fn is_contents(&self, id: Id) -> bool {
        self.tree.attribute(id, "ac:name") == Some("toc")
            && self.tree.name(id) == "ac:structured-macro"
            && self.tree.children(id).next().is_none()
    }

    fn list(&mut self, id: Id, numbered: bool) -> Block {
        let tree = self.tree;
        self.note_attributes(id, &["start"]);
        let start = numbered.then(|| {
            let start = tree.attribute(id, "start");
            start
                .and_then(|start| start.trim().parse().ok())
                .unwrap_or(1)
        });
        let mut items: Vec<Item> = Vec::new();
        for child in tree.children(id) {
            if tree.name(child) == "li" {
                self.note_attributes(child, &[]);
                let blocks = self.blocks_or_none(child);
                items.push(Item {
                    checked: None,
                    blocks,
                });
            } else if !tree.is_blank(child) {
                // A list right in a list belongs to the entry before it.
                let mut blocks = Vec::new();
                // Lists right in lists nest as those in entries do.
                self.depth += 1;
                if self.is_block(child) {
                    self.block(child, &mut blocks);
                } else {
                    self.flush(&mut vec![child], &mut blocks);
                }
                self.depth -= 1;
                match items.last_mut() {
                    Some(item) => item.blocks.extend(blocks),
                    None => items.push(Item {
                        checked: None,
                        blocks,
                    }),
                }
            }
        }
        // Signs are how a box is written where a task list could not be.
        let all = items.iter().all(|item| sign(item).is_some());
        if numbered || !all {
            for item in &mut items {
                if let Some(done) = sign(item) {
                    take_sign(item, done);
                }
            }
        }
        Block::List { start, items }
    }

    fn tasks(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let tasks = tree.elements(id)?;
        let mut items = Vec::new();
        for task in &tasks {
            let parts = tree.elements(*task)?;
            let known = parts.iter().all(|part| {
                matches!(
                    tree.name(*part),
                    "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:task-body"
                )
            });
            if tree.name(*task) != "ac:task" || !known {
                return None;
            }
        }
        self.note_attributes(id, &[]);
        for task in tasks {
            let mut checked = false;
            let mut blocks = Vec::new();
            for part in tree.elements(task)? {
                match tree.name(part) {
                    "ac:task-status" => checked = tree.text_of(part).trim() == "complete",
                    "ac:task-body" => blocks.extend(self.task_body(part)),
                    _ => {}
                }
            }
            items.push(Item {
                checked: Some(checked),
                blocks,
            });
        }
        Some(Block::List { start: None, items })
    }

    fn task_body(&mut self, id: Id) -> Vec<Placed<Block>> {
        let tree = self.tree;
        if tree.children(id).any(|child| self.is_block(child)) {
            return self.blocks(id);
        }
        if tree.children(id).all(|child| tree.is_blank(child)) {
            return Vec::new();
        }
        let place = self.place(id);
        let content = self.inlines(id);
        let alignment = Alignment::None;
        vec![Placed {
            place,
            is: Block::Paragraph { content, alignment },
        }]
    }

    /// A table; none when it holds what a table of the model cannot.
    fn table(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let mut rows: Vec<(Id, bool)> = Vec::new();
        let mut columns = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "tr" => rows.push((part, false)),
                "colgroup" | "col" => columns = Some(part),
                name @ ("thead" | "tbody" | "tfoot") => {
                    let inside = tree.elements(part)?;
                    rows.extend(inside.into_iter().map(|row| (row, name == "thead")));
                }
                _ => return None,
            }
        }
        let mut read: Vec<(Vec<Id>, bool)> = Vec::new();
        for (row, in_head) in &rows {
            let cells = tree.elements(*row)?;
            let known = |cell: &Id| matches!(tree.name(*cell), "td" | "th");
            if tree.name(*row) != "tr" || !cells.iter().all(known) {
                return None;
            }
            read.push((cells, *in_head));
        }
        if let Some(columns) = columns {
            self.note_lost("`table`".to_owned(), "colgroup", columns);
        }
        self.note_attributes(id, &[]);
        let mut head = Vec::new();
        let mut body = Vec::new();
        for (cells, in_head) in read {
            let none = match cells.as_slice() {
                // A row without cells is written with one that has nothing at all.
                [only] => matches!(
                    &tree.nodes[*only].kind,
                    Kind::Element { name: "td", attributes, is_empty: true } if attributes.is_empty()
                ),
                _ => false,
            };
            let cells: Vec<Cell> = if none {
                Vec::new()
            } else {
                cells.into_iter().map(|cell| self.cell(cell)).collect()
            };
            let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.is_head);
            if body.is_empty() && (in_head || all_heads) {
                &mut head
            } else {
                &mut body
            }
            .push(Row { cells });
        }
        Some(Block::Table { head, body })
    }

    fn cell(&mut self, id: Id) -> Cell {
        let tree = self.tree;
        let span = |name: &str| {
            let number = tree.attribute(id, name);
            let number = number.and_then(|number| number.trim().parse().ok());
            number.filter(|number| *number > 0).unwrap_or(1)
        };
        let (columns, rows) = (span("colspan"), span("rowspan"));
        let mut alignment = self.alignment(id);
        let mut blocks = self.blocks(id);
        // A cell's alignment is written at its paragraphs.
        let own = |block: &Placed<Block>| match &block.is {
            Block::Paragraph { alignment, .. } => Some(*alignment),
            _ => None,
        };
        let mut alignments = blocks.iter().filter_map(own);
        if alignment == Alignment::None
            && let Some(first) = alignments.next()
            && first != Alignment::None
            && alignments.all(|other| other == first)
        {
            alignment = first;
            for block in &mut blocks {
                if let Block::Paragraph { alignment, .. } = &mut block.is {
                    *alignment = Alignment::None;
                }
            }
        }
        Cell {
            is_head: tree.name(id) == "th",
            alignment,
            columns,
            rows,
            blocks,
        }
    }

    /// A macro that the model has a form for.
    fn known_macro(&mut self, id: Id) -> Option<Block> {
        let tree = self.tree;
        let name = tree.attribute(id, "ac:name")?.to_owned();
        let mut parameters: Vec<(String, String, Id)> = Vec::new();
        let mut body = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "ac:parameter" => {
                    let key = tree.attribute(part, "ac:name").unwrap_or_default();
                    let value = tree.only_text(part)?;
                    parameters.push((key.to_owned(), value, part));
                }
                "ac:rich-text-body" | "ac:plain-text-body" if body.is_none() => body = Some(part),
                _ => return None,
            }
        }
        let body_is = |wanted: &str| body.is_none_or(|body| tree.name(body) == wanted);
        let plain = name == "code";
        let known = match name.as_str() {
            "toc" => body.is_none() && parameters.is_empty(),
            "code" => {
                body_is("ac:plain-text-body")
                    && body.is_none_or(|body| tree.only_text(body).is_some())
            }
            // One that has a name is one of several, and one in a line is no block.
            "excerpt" => {
                body_is("ac:rich-text-body")
                    && parameters.iter().all(|(name, value, _)| {
                        matches!(
                            (name.as_str(), value.as_str()),
                            ("hidden", "true" | "false") | (OUTPUT_TYPE, "BLOCK")
                        )
                    })
            }
            name => KNOWN_MACROS.contains(&name) && body_is("ac:rich-text-body"),
        };
        if !known {
            return None;
        }
        self.note_attributes(id, &[]);
        if name == "excerpt" {
            let is_hidden = parameters
                .iter()
                .any(|(name, value, _)| name == "hidden" && value == "true");
            let blocks = body.map_or_else(Vec::new, |body| self.blocks_or_none(body));
            return Some(Block::Excerpt { is_hidden, blocks });
        }
        let mut title = None;
        let mut language = None;
        let (mut is_numbered, mut first_line) = (false, None);
        for (key, value, part) in parameters {
            match key.as_str() {
                "linenumbers" if plain && matches!(&*value, "true" | "false") => {
                    is_numbered = value == "true";
                }
                "firstline" if plain && value.parse::<u32>().is_ok() => {
                    first_line = value.parse().ok();
                }
                "title" if !value.is_empty() => title = Some(value),
                "language" if plain && !value.is_empty() => language = Some(value),
                "title" | "language" => {}
                key => self.note_lost(format!("the macro `{name}`"), key, part),
            }
        }
        if name == "toc" {
            return Some(Block::TableOfContents);
        }
        if plain {
            return Some(Block::Code {
                language,
                title,
                first_line: is_numbered.then_some(first_line.unwrap_or(1)),
                text: body.map(|body| tree.text_of(body)).unwrap_or_default(),
            });
        }
        let mut blocks = body.map_or_else(Vec::new, |body| self.blocks_or_none(body));
        if name == "expand" {
            let title = title.unwrap_or_default();
            return Some(Block::Expand { title, blocks });
        }
        let (kind, own_title) = match (name.as_str(), title.as_deref()) {
            ("info", _) => (PanelKind::Note, false),
            ("tip", _) => (PanelKind::Tip, false),
            ("warning", _) => (PanelKind::Caution, false),
            (_, Some("Important")) => (PanelKind::Important, true),
            (_, title) => (PanelKind::Warning, title == Some("Warning")),
        };
        if let Some(title) = title
            && !own_title
        {
            let place = self.place(id);
            self.warn(
                place,
                "storage.panel_title",
                format!("the panel's title `{title}` becomes its first line"),
            );
            let strong = Inline::Styled(Style::Strong, vec![Inline::Text(title)]);
            let is = Block::Paragraph {
                content: vec![strong],
                alignment: Alignment::None,
            };
            blocks.insert(0, Placed { place, is });
        }
        Some(Block::Panel { kind, blocks })
    }

    /// The notes that follow a line across the page, as we write them, and their list.
    fn footnotes(&mut self, rule: Id) -> Option<(Block, Id)> {
        let tree = self.tree;
        let mut siblings = tree.siblings_after(rule, 0);
        let list = siblings.find(|id| !tree.is_blank(*id))?;
        let plain = tree.attributes(rule).is_empty() && tree.attributes(list).is_empty();
        if tree.name(list) != "ol" || !plain {
            return None;
        }
        let items = tree.elements(list)?;
        // First whether all of it is notes, because reading has effects.
        let mut notes = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let number = at + 1;
            let paragraph = tree.children(*item).next()?;
            let plain = tree.name(*item) == "li"
                && tree.name(paragraph) == "p"
                && tree.attributes(paragraph).is_empty();
            let parts: Vec<Id> = tree.children(paragraph).collect();
            let (anchor, rest) = parts.split_first()?;
            if !plain || anchor_of(tree, *anchor)? != note_anchor(number) {
                return None;
            }
            // At the end are links back, each behind a space.
            let mut links = Vec::new();
            for link in rest.iter().rev().step_by(2) {
                let back = tree.name(*link) == "ac:link" && tree.text_of(*link) == "↩";
                let to = tree.attribute(*link, "ac:anchor").filter(|_| back);
                match to
                    .and_then(|to| to.strip_prefix(&format!("{}-mention-", note_anchor(number))))
                {
                    Some(mention) => links.push(mention.parse::<usize>().ok()?),
                    None => break,
                }
            }
            let mentions = links.len();
            if !links.iter().rev().copied().eq(1..=mentions) {
                return None;
            }
            let between = (1..=mentions).all(|back| {
                let before = rest.len().checked_sub(2 * back).map(|at| rest[at]);
                before.is_none_or(|before| match &tree.nodes[before].kind {
                    Kind::Text(text) if back < mentions => text == " ",
                    Kind::Text(text) => text.ends_with(' '),
                    _ => false,
                })
            });
            if !between {
                return None;
            }
            // The spaces between them are text of its own, but the first may end the note's text.
            let end = rest.len() - (2 * mentions).saturating_sub(1).min(rest.len());
            notes.push((number, *item, paragraph, rest[..end].to_vec(), mentions));
        }
        if notes.is_empty() {
            return None;
        }
        let mut made = Vec::new();
        for (number, item, paragraph, parts, mentions) in notes {
            let place = self.place(paragraph);
            let mut content = Vec::new();
            self.depth += 1;
            for part in parts {
                self.inline(part, &mut content);
            }
            self.depth -= 1;
            if mentions > 0
                && let Some(Inline::Text(text)) = content.last_mut()
            {
                text.truncate(text.strip_suffix(' ').unwrap_or(text).len());
                if text.is_empty() {
                    content.pop();
                }
            }
            let mut rest = Vec::new();
            for child in tree.children(item).skip(1) {
                if self.is_block(child) {
                    self.block(child, &mut rest);
                } else {
                    self.flush(&mut vec![child], &mut rest);
                }
            }
            // Without text of its own, the note begins with another block than a paragraph.
            let begins_otherwise = rest
                .first()
                .is_none_or(|block| !matches!(block.is, Block::Paragraph { .. }));
            let mut blocks = Vec::new();
            if !content.is_empty() || !begins_otherwise {
                let alignment = Alignment::None;
                let is = Block::Paragraph { content, alignment };
                blocks.push(Placed { place, is });
            }
            blocks.extend(rest);
            made.push(Footnote {
                number,
                blocks,
                mentions,
            });
        }
        Some((Block::Footnotes(made), list))
    }

    fn inlines(&mut self, parent: Id) -> Vec<Inline> {
        self.depth += 1;
        let mut content = Vec::new();
        for child in self.tree.children(parent) {
            self.inline(child, &mut content);
        }
        self.depth -= 1;
        content
    }

    fn inline(&mut self, id: Id, content: &mut Vec<Inline>) {
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
            "ac:link" => self.link(id, content),
            "ac:image" => self.image(id, content),
            "ac:inline-comment-marker" if self.keeps.comments => {
                self.keep_around_inline(id, content);
            }
            "ac:inline-comment-marker" => {
                let inner = self.inlines(id);
                extend(content, inner);
            }
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

    fn styled(&mut self, style: Style, id: Id, content: &mut Vec<Inline>) {
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
    fn keep_inline(&mut self, id: Id, content: &mut Vec<Inline>) {
        if self.tree.nodes[id].sound {
            self.warn_kept(id);
            content.push(Inline::Foreign {
                start: self.tree.source(id).to_owned(),
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
    fn keep_around_inline(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let (start, end) = tree.tags(id);
        let holds_blocks = tree.children(id).any(|child| self.is_block(child));
        if holds_blocks || end.is_empty() || !is_whole(start, end) {
            return self.keep_inline(id, content);
        }
        self.warn_kept(id);
        let inner = self.inlines(id);
        content.push(Inline::Foreign {
            start: start.to_owned(),
            content: inner,
            end: end.to_owned(),
        });
    }

    fn span(&mut self, id: Id, content: &mut Vec<Inline>) {
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

    fn address(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let found = tree.attribute(id, "href").map(|href| {
            // Confluence writes anchors of the page both ways.
            match href.strip_prefix('#') {
                Some(anchor) => LinkTarget::Anchor(
                    percent_encoding::percent_decode_str(anchor)
                        .decode_utf8_lossy()
                        .into_owned(),
                ),
                None => LinkTarget::Url(href.to_owned()),
            }
        });
        let target = found.as_ref().and_then(target_of_link);
        let holds_blocks = tree.children(id).any(|child| self.is_block(child));
        let Some(target) = target.filter(|_| !holds_blocks) else {
            return self.keep_around_inline(id, content);
        };
        self.note_attributes(id, &["href", "title", "rel", "target"]);
        let title = tree.attribute(id, "title").unwrap_or_default().to_owned();
        let inner = self.link_body(id);
        self.push_link(id, target, title, inner, content);
    }

    fn push_link(
        &mut self,
        id: Id,
        target: String,
        title: String,
        inner: Vec<Inline>,
        content: &mut Vec<Inline>,
    ) {
        let place = self.place(id);
        self.refer(ReferenceKind::Link, &target, place);
        content.push(Inline::Link {
            target,
            title,
            content: inner,
            place,
        });
    }

    fn refer(&mut self, kind: ReferenceKind, target: &str, place: Place) {
        let Place { line, column } = place;
        self.document.references.push(Reference {
            kind,
            target: target.to_owned(),
            line,
            column,
        });
    }

    fn link_body(&mut self, id: Id) -> Vec<Inline> {
        let outer = std::mem::replace(&mut self.in_link, true);
        let inner = self.inlines(id);
        self.in_link = outer;
        inner
    }

    fn link(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let Some((target, shown, body)) = self.link_parts(id) else {
            return self.keep_inline(id, content);
        };
        self.note_attributes(id, &["ac:anchor"]);
        let inner = match body {
            Some(body) if tree.name(body) == "ac:link-body" => self.link_body(body),
            Some(body) => vec![Inline::Text(tree.text_of(body))],
            // Confluence shows what it leads to.
            None => vec![Inline::Text(shown)],
        };
        self.push_link(id, target, String::new(), inner, content);
    }

    /// Where a link leads, what that is called, and what holds its text; none when the model
    /// cannot say so.
    fn link_parts(&self, id: Id) -> Option<(String, String, Option<Id>)> {
        let tree = self.tree;
        let anchor = tree.attribute(id, "ac:anchor").map(str::to_owned);
        let mut resource = None;
        let mut body = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "ri:page" | "ri:attachment" if resource.is_none() => resource = Some(part),
                "ac:link-body" | "ac:plain-text-link-body" if body.is_none() => body = Some(part),
                _ => return None,
            }
        }
        if let Some(body) = body {
            let blocks = tree.children(body).any(|child| self.is_block(child));
            let plain = tree.name(body) == "ac:plain-text-link-body";
            if blocks || (plain && tree.only_text(body).is_none()) {
                return None;
            }
        }
        let link = match resource {
            None => LinkTarget::Anchor(anchor?),
            Some(resource) => {
                let known = |name: &&str| {
                    matches!(
                        *name,
                        "ri:content-title" | "ri:space-key" | "ri:filename" | "ri:version-at-save"
                    )
                };
                let mut names = tree.attributes(resource).iter().map(|(name, _)| name);
                if !names.all(known) || tree.children(resource).next().is_some() {
                    return None;
                }
                if tree.name(resource) == "ri:page" {
                    LinkTarget::Page {
                        title: tree.attribute(resource, "ri:content-title")?.to_owned(),
                        space: tree.attribute(resource, "ri:space-key").map(str::to_owned),
                        anchor,
                    }
                } else if anchor.is_none() {
                    let filename = tree.attribute(resource, "ri:filename")?.to_owned();
                    LinkTarget::Attachment { filename }
                } else {
                    return None;
                }
            }
        };
        let target = target_of_link(&link)?;
        let shown = match link {
            LinkTarget::Page { title, .. } => title,
            LinkTarget::Attachment { filename } => filename,
            LinkTarget::Anchor(anchor) => anchor,
            LinkTarget::Url(_) | LinkTarget::Missing { .. } => return None,
        };
        Some((target, shown, body))
    }

    fn image(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let size = |name: &str| match tree.attribute(id, name) {
            None => Some(None),
            Some(size) => {
                let number = size.trim().trim_end_matches("px").parse().ok();
                number.map(Some)
            }
        };
        let source = match tree.elements(id).as_deref() {
            Some([only]) if tree.children(*only).next().is_none() => match tree.name(*only) {
                "ri:attachment" => {
                    tree.attribute(*only, "ri:filename")
                        .map(|name| ImageTarget::Attachment {
                            filename: name.to_owned(),
                            width: None,
                            height: None,
                        })
                }
                "ri:url" => tree
                    .attribute(*only, "ri:value")
                    .filter(|url| url.to_ascii_lowercase().starts_with("http"))
                    .map(|url| ImageTarget::Url(url.to_owned())),
                _ => None,
            },
            _ => None,
        };
        let drawn = match &source {
            Some(ImageTarget::Attachment { filename, .. }) => {
                let alt = tree.attribute(id, "ac:alt").unwrap_or_default();
                drawing_of_picture(filename, alt)
            }
            _ => None,
        };
        if drawn.is_some() && self.keeps.drawings {
            return self.keep_inline(id, content);
        }
        if let Some((kind @ (DrawingKind::Formula | DrawingKind::Equation), source)) = drawn {
            let place = self.place(id);
            let displayed = kind == DrawingKind::Equation;
            self.document.drawings.push((kind, source.clone()));
            return content.push(Inline::Math {
                source,
                displayed,
                place,
            });
        }
        let target = source.as_ref().and_then(target_of_image);
        let (Some(target), Some(width), Some(height)) =
            (target, size("ac:width"), size("ac:height"))
        else {
            return self.keep_inline(id, content);
        };
        self.note_attributes(
            id,
            &[
                "ac:alt",
                "ac:title",
                "ac:width",
                "ac:height",
                "ac:original-height",
                "ac:thumbnail",
            ],
        );
        let place = self.place(id);
        self.refer(ReferenceKind::Image, &target, place);
        let word = |name: &str| tree.attribute(id, name).unwrap_or_default().to_owned();
        content.push(Inline::Image {
            target,
            title: word("ac:title"),
            alt: word("ac:alt"),
            width,
            height,
            place,
        });
    }

    /// The number of a footnote, as we write it.
    fn mention(&self, id: Id) -> Option<Inline> {
        let tree = self.tree;
        let parts: Vec<Id> = tree.children(id).collect();
        let [anchor, link] = parts.as_slice() else {
            return None;
        };
        let name = anchor_of(tree, *anchor)?;
        let (number, mention) = name.strip_prefix("footnote-")?.split_once("-mention-")?;
        let (number, mention) = (number.parse().ok()?, mention.parse().ok()?);
        let found = name == mention_anchor(number, mention)
            && tree.name(*link) == "ac:link"
            && tree.attribute(*link, "ac:anchor") == Some(&note_anchor(number))
            && tree.text_of(*link) == number.to_string();
        found.then_some(Inline::FootnoteMention { number, mention })
    }
}

/// The name of an anchor macro.
fn anchor_of(tree: &Tree<'_>, id: Id) -> Option<String> {
    if tree.name(id) != "ac:structured-macro" || tree.attribute(id, "ac:name") != Some("anchor") {
        return None;
    }
    let parts = tree.elements(id)?;
    let [parameter] = parts.as_slice() else {
        return None;
    };
    let named = tree.name(*parameter) == "ac:parameter"
        && matches!(tree.attribute(*parameter, "ac:name"), None | Some(""));
    tree.only_text(*parameter).filter(|_| named)
}

/// Whether an entry begins with the sign of a box, and whether that is ticked.
fn sign(item: &Item) -> Option<bool> {
    match item.blocks.first().map(|block| &block.is) {
        Some(Block::Paragraph {
            content,
            alignment: Alignment::None,
        }) => match content.first() {
            Some(Inline::Text(text)) if text.starts_with("☑ ") => Some(true),
            Some(Inline::Text(text)) if text.starts_with("☐ ") => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn take_sign(item: &mut Item, done: bool) {
    item.checked = Some(done);
    let Some(Placed {
        is: Block::Paragraph { content, .. },
        ..
    }) = item.blocks.first_mut()
    else {
        return;
    };
    if let Some(Inline::Text(text)) = content.first_mut() {
        text.drain(.."☑ ".len());
        if text.is_empty() {
            content.remove(0);
        }
    }
    let next = item.blocks.get(1).map(|block| &block.is);
    let alone =
        matches!(&item.blocks[0].is, Block::Paragraph { content, .. } if content.is_empty());
    if alone && !matches!(next, Some(Block::Paragraph { .. })) {
        item.blocks.remove(0);
    }
}

fn push_text(content: &mut Vec<Inline>, text: &str) {
    match content.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => content.push(Inline::Text(text.to_owned())),
    }
}

/// Adds inlines, joining text to text.
fn extend(content: &mut Vec<Inline>, more: Vec<Inline>) {
    for inline in more {
        match inline {
            Inline::Text(text) => push_text(content, &text),
            other => content.push(other),
        }
    }
}

/// Takes the white space between elements away from both ends.
fn trim(content: &mut Vec<Inline>) {
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

/// How often something occurs elsewhere, in words.
fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" and in {} more places", count - 1),
    }
}
