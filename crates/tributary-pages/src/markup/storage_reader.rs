//! Storage format, back into the model.
//!
//! What [`super::write_storage`] writes is read so that it is written the same again. Of what others
//! wrote, everything that the model has a form for gets that form; what it has no form for stays as
//! it stands ([`Block::Foreign`], [`Inline::Foreign`]), around blocks and text that are read, so that
//! a page in columns or with colored words is still a document. Markers of inline comments are not
//! kept: [`super::carry_comments`] puts them into whatever replaces the page.

mod inlines;
mod links;
mod lists;
mod macros;
mod notes;
mod tables;

use std::collections::{BTreeMap, HashSet};

use super::adf_reader::{Unknown, traced_storage};
use super::content::plain_text;
use super::document::{Alignment, Block, Document, Inline, Place, Placed, Problem, Severity};
use super::drawing::{DrawingKind, drawing_of_picture};
use super::foreign;
use super::html_around::is_html;
use super::html_tags::is_block;
use super::places::{Places, more};
use super::slug::Slugs;
use super::storage_tree::{Id, Tree, grow, is_space, is_whole};
use super::targets::StoredTargets;
use super::title::title_of;
use super::vocabulary::alignment_style;
use super::writing::{ImageTarget, Resolve};
use crate::Sentence;
use inlines::trim;
use macros::{OUTPUT_TYPE, anchor_of};

/// Reads a body in storage format, of any origin and however broken.
///
/// Targets are those that [`super::StoredTargets`] resolves. The document's anchors are those that
/// the page has anchors for, so that writing it with them gives the page back.
pub fn read_storage(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: Drawn::Source,
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
            drawings: Drawn::AsItStands,
            comments: false,
        },
    )
}

/// Reads a page that is about to be written in storage format again: with its pictures, those of
/// diagrams and formulas too, and with the markers of its inline comments.
pub fn read_to_rewrite(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: Drawn::AsItStands,
            comments: true,
        },
    )
}

/// The same for a page that is about to be written in the Atlassian Document Format, which has a form
/// for pictures, whatever they show, and none for how storage format says it.
pub fn read_to_rewrite_as_adf(storage: &str) -> Document {
    read(
        storage,
        Keeps {
            drawings: Drawn::Picture,
            comments: true,
        },
    )
}

/// What the pictures of diagrams and formulas become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drawn {
    /// What they were drawn from.
    Source,
    /// A picture as any other.
    Picture,
    /// What they are in storage format.
    AsItStands,
}

/// What of a page stays as it is although the model has another form for it, or none.
#[derive(Debug, Clone, Copy)]
struct Keeps {
    drawings: Drawn,
    /// The markers of inline comments.
    comments: bool,
}

fn read(storage: &str, keeps: Keeps) -> Document {
    read_at(Places::new(storage), storage, keeps)
}

/// A page in the Atlassian Document Format, as storage format.
#[derive(Debug)]
pub struct AdfPage {
    /// What it says in storage format.
    pub storage: String,
    /// What of it has no form there, by its place in the document.
    problems: Vec<Problem>,
    /// Where in the document each part of the storage format comes from.
    places: Vec<(usize, Place)>,
}

impl AdfPage {
    /// Reads a document to be read on; none when it is none.
    pub fn of(content: &str) -> Option<Self> {
        Self::read_as(content, Unknown::Kept)
    }

    /// Reads a document to be what Confluence stores: with its own forms for what storage format has
    /// no other for.
    pub fn to_store(content: &str) -> Option<Self> {
        Self::read_as(content, Unknown::Stored)
    }

    fn read_as(content: &str, unknown: Unknown) -> Option<Self> {
        let (storage, places, problems) = traced_storage(content, unknown)?;
        Some(Self {
            storage,
            problems,
            places,
        })
    }

    /// As [`read_storage`] does, with the places of the document.
    pub fn read(&self) -> Document {
        self.read_with(Drawn::Source, false)
    }

    /// As [`read_to_rewrite`] does, with the places of the document.
    pub fn read_to_rewrite(&self) -> Document {
        self.read_with(Drawn::AsItStands, true)
    }

    /// As [`read_to_rewrite_as_adf`] does, with the places of the document.
    pub fn read_to_rewrite_as_adf(&self) -> Document {
        self.read_with(Drawn::Picture, true)
    }

    fn read_with(&self, drawings: Drawn, comments: bool) -> Document {
        let places = Places::of_another(&self.storage, self.places.clone());
        let mut document = read_at(places, &self.storage, Keeps { drawings, comments });
        document.problems.extend(self.problems.iter().cloned());
        document
            .problems
            .sort_by_key(|problem| (problem.line, problem.column));
        document
    }
}

fn read_at(places: Places<'_>, storage: &str, keeps: Keeps) -> Document {
    let tree = grow(storage);
    let mut reader = Reader {
        named: (0..tree.nodes.len())
            .filter_map(|id| anchor_of(&tree, id))
            .collect(),
        places,
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

/// Attributes of those that begin so that readers do see, where the model has no form for them.
const SHOWN_DATA: [&str; 6] = [
    "data-highlight-colour",
    "data-layout",
    "data-table-width",
    "data-table-display-mode",
    "data-number-column",
    "data-card-appearance",
];

/// Macros that the model has forms for.
const KNOWN_MACROS: [&str; 8] = [
    "code", "info", "tip", "note", "warning", "expand", "toc", "excerpt",
];

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    places: Places<'a>,
    document: Document,
    /// The names of all anchors on the page.
    named: HashSet<String>,
    slugs: Slugs,
    /// Attributes and parameters that the model has no form for: where first, and how often.
    lost: BTreeMap<(Sentence, String), (Place, usize)>,
    depth: usize,
    in_link: bool,
    keeps: Keeps,
}

impl Reader<'_, '_> {
    fn place(&self, id: Id) -> Place {
        self.places.of(self.tree.nodes[id].from)
    }

    fn warn(&mut self, place: Place, code: &'static str, message: Sentence) {
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
                sentence!(
                    "the page is not well-formed here{more}; its text is kept",
                    more = more(count)
                ),
            );
        }
        for ((owner, name), (place, count)) in std::mem::take(&mut self.lost) {
            self.warn(
                place,
                "storage.detail_lost",
                sentence!(
                    "`{name}` of {owner} has no form here{more}",
                    name,
                    owner,
                    more = more(count)
                ),
            );
        }
    }

    /// Notes the attributes of an element that are not among those that were read.
    fn note_attributes(&mut self, id: Id, read: &[&str]) {
        let tree = self.tree;
        for (name, value) in tree.attributes(id) {
            let is_look = SHOWN_DATA.contains(name);
            let kept = read.contains(name)
                || BOOKKEEPING.contains(name)
                || (name.starts_with("data-") && !is_look)
                // A card in a line is a link that shows a title.
                || (*name == "data-card-appearance" && value == "inline")
                || value.is_empty();
            if !kept {
                let owner = foreign::name(tree.tags(id).0);
                self.note_lost(owner, name, id);
            }
        }
    }

    fn note_lost(&mut self, owner: Sentence, name: &str, id: Id) {
        let place = self.place(id);
        let lost = self.lost.entry((owner, name.to_owned()));
        lost.or_insert((place, 0)).1 += 1;
    }

    /// Whether a node stands on lines of its own.
    fn is_block(&self, id: Id) -> bool {
        let tree = self.tree;
        match tree.name(id) {
            "" => false,
            "ac:structured-macro" if self.is_excerpt_of_line(id) => false,
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

    /// Whether a macro is an excerpt in a line of text, which would fall apart around a block. The
    /// Atlassian Document Format has it as a block alone.
    fn is_excerpt_of_line(&self, id: Id) -> bool {
        let tree = self.tree;
        let is_of_line = |part: Id| {
            tree.attribute(part, "ac:name") == Some(OUTPUT_TYPE) && tree.text_of(part) == "INLINE"
        };
        self.keeps.drawings != Drawn::Picture
            && tree.attribute(id, "ac:name") == Some("excerpt")
            && tree.children(id).any(is_of_line)
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
            "ac:adf-extension" => match self.decisions(id) {
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
                        is_collapsed: false,
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
                if !is_html(start, end) {
                    self.warn_kept(id);
                }
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
        // The whole of it, because what it is may stand inside.
        let name = foreign::name(self.tree.source(id));
        self.warn(
            place,
            "storage.kept",
            sentence!(
                "{name} has no form here; it is kept as Confluence stores it",
                name
            ),
        );
    }

    fn heading(&mut self, level: u8, id: Id) -> Block {
        let alignment = self.alignment(id);
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
            alignment,
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
                    is_collapsed: false,
                    text: source.clone(),
                });
            }
            _ => return None,
        };
        let ImageTarget::Attachment { filename, .. } = StoredTargets.image(target) else {
            return None;
        };
        let (kind, text) =
            drawing_of_picture(&filename, alt).filter(|_| self.keeps.drawings == Drawn::Source)?;
        Some(Block::Code {
            language: Some(kind.language().to_owned()),
            title: (!title.is_empty()).then(|| title.clone()),
            first_line: None,
            is_collapsed: false,
            text,
        })
    }

    /// Reads an element's alignment, and notes what else its attributes say.
    fn alignment(&mut self, id: Id) -> Alignment {
        const CELL: [&str; 6] = [
            "style",
            "colspan",
            "rowspan",
            "data-highlight-colour",
            "scope",
            "valign",
        ];
        let style = self.tree.attribute(id, "style").unwrap_or_default();
        let words: String = style.chars().filter(|letter| !is_space(*letter)).collect();
        let declarations = || words.split(';').filter(|word| !word.is_empty());
        let known = [Alignment::Left, Alignment::Center, Alignment::Right];
        let found = known.into_iter().find(|alignment| {
            let known: String = alignment_style(*alignment)
                .unwrap_or_default()
                .chars()
                .filter(|letter| !matches!(letter, ' ' | ';'))
                .collect();
            declarations().any(|declaration| declaration == known)
        });
        // What the style says besides has no form.
        let is_all = declarations().count() == 1;
        let read: &[&str] = match found {
            Some(_) if is_all => &CELL,
            _ => &CELL[1..],
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
}
