//! From the tree of Markdown and HTML to the model.
//!
//! Everything that HTML allows and the model does not is restructured here: blocks inside inline
//! elements, text beside blocks, tables without rows. Text is never dropped; what changes its form
//! in a way a reader would notice is reported.
mod adf_block;
mod conventions;
mod elements;
mod footnotes;
mod info;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::adf_raw::is_adf;
use super::content::is_wordless;
use super::content::{is_white, plain_text, trimmed};
use super::dialect::Dialect;
use super::document::{
    Alignment, Block, Cell, CellLook, Definition, Document, Inline, Item, Place, Placed, Problem,
    Reference, ReferenceKind, Row, Severity, Style, TableLook, size_behind,
};
use super::drawing::{DrawingKind, kind_of_math};
use super::html_tags::{is_block, is_title, style_of};
use super::node::{Kind, Node};
use super::places::Places;
use super::running::storage_runs;
use super::short_forms::ShortForm;
use super::slug::Slugs;
use super::targets::target_of_link;
use super::title::title_of;
use super::tree::{EXCERPT, MADE, STATUS, is_foreign, is_layout};
use super::tree_text::alternative;
use super::writing::LinkTarget;
use crate::Sentence;
use adf_block::{block_of, line_of};
use conventions::{
    begins_callout, callout, code_of, gitlab_alert, head_of_rows, marked_block, panel_kind, short,
    take_decision, take_task,
};
use footnotes::holds_footnote;
use info::{Info, read_info};
pub(super) use text::find_mail;
use text::{
    Addresses, may_hold_more, push_text, take_heading_id, trim, with_emoji, with_shortcodes,
};

/// Makes the model of a tree.
pub(super) fn lower<'a>(places: Places<'a>, root: Node<'a>) -> Document {
    lower_as(places, root, Dialect::Published)
}

/// Makes the model of a tree that was written in a dialect.
pub(super) fn lower_as<'a>(places: Places<'a>, root: Node<'a>, dialect: Dialect) -> Document {
    let mut lower = Lower {
        places,
        dialect,
        document: Document::default(),
        slugs: Slugs::default(),
        emoji: None,
        definitions: BTreeMap::new(),
        numbers: Vec::new(),
        number_of: BTreeMap::new(),
        known_anchors: BTreeSet::new(),
        anchors_seen: 0,
        carried: Vec::new(),
        in_link: 0,
    };
    let mut root = root;
    if holds_footnote(&root) {
        lower.collect_footnotes(&mut root);
    }
    let mut blocks = lower.blocks(root.children, Alignment::None);
    lower.add_footnotes(&mut blocks);
    if !lower.carried.is_empty() {
        let content = lower.take_carried();
        let place = Place { line: 1, column: 1 };
        blocks.push(Placed {
            place,
            is: Block::Paragraph {
                content,
                alignment: Alignment::None,
            },
        });
    }
    let mut document = lower.document;
    document.title = title_of(&blocks);
    document.blocks = blocks;
    document
}

struct Lower<'a> {
    places: Places<'a>,
    dialect: Dialect,
    document: Document,
    slugs: Slugs,
    /// The emoji of the heading that is read, and the shortcodes that they were.
    emoji: Option<Vec<(&'static str, String)>>,
    definitions: BTreeMap<String, Vec<Node<'a>>>,
    /// Labels of footnotes in the order of their first mention, and how often they were.
    numbers: Vec<(String, usize)>,
    /// Where each label is among them.
    number_of: BTreeMap<String, usize>,
    /// The first of the document's anchors, and how many these are: they are looked through for an
    /// id, of which most texts have none.
    known_anchors: BTreeSet<String>,
    anchors_seen: usize,
    /// Anchors that wait for the next text to stand in.
    carried: Vec<String>,
    in_link: usize,
}

impl<'a> Lower<'a> {
    fn place(&self, at: usize) -> Place {
        self.places.of(at)
    }

    fn is_published(&self) -> bool {
        self.dialect == Dialect::Published
    }

    /// What the words behind a fence say: the language, and a title.
    fn read_info(&self, info: &str) -> Info {
        match self.dialect {
            Dialect::Published => read_info(info),
            // To a host, the first word is the language, whatever it is.
            Dialect::Host(_) => Info {
                language: info.split_whitespace().next().map(str::to_owned),
                ..Info::default()
            },
        }
    }

    fn style_of(&self, name: &str) -> Option<Style> {
        let is_shown = self.is_published() || self.dialect.has_style_of(name);
        style_of(name).filter(|_| is_shown)
    }

    /// Notes a block of code that can be shown as a picture.
    fn drawing(&mut self, language: Option<&str>, text: &str) {
        if let Some(kind) = language.and_then(DrawingKind::of_language)
            && self.dialect.draws(kind)
        {
            self.document.drawings.push((kind, text.to_owned()));
        }
    }

    fn warn(&mut self, at: usize, code: &'static str, message: Sentence) {
        let Place { line, column } = self.place(at);
        let severity = Severity::Warning;
        self.document.problems.push(Problem {
            severity,
            code,
            message,
            line,
            column,
        });
    }

    fn warn_foreign(&mut self, at: usize) {
        self.warn(
            at,
            "storage.not_well_formed",
            sentence!(
                "this storage format is not well-formed, is not ended or would run something, so \
                 it is shown as code"
            ),
        );
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

    fn take_carried(&mut self) -> Vec<Inline> {
        std::mem::take(&mut self.carried)
            .into_iter()
            .map(Inline::Anchor)
            .collect()
    }

    fn blocks(&mut self, nodes: Vec<Node<'a>>, alignment: Alignment) -> Vec<Placed<Block>> {
        if let [alone] = nodes.as_slice()
            && let Some(content) = self.alone(alone)
        {
            let place = self.place(alone.at);
            let is = Block::Paragraph { content, alignment };
            return vec![Placed { place, is }];
        }
        if nodes.iter().all(is_inline) {
            return match begins_at(&nodes) {
                Some(at) => self.line(nodes, at, alignment),
                None => Vec::new(),
            };
        }
        let mut blocks = Vec::with_capacity(nodes.len());
        let mut pending: Vec<Node<'a>> = Vec::new();
        for node in nodes {
            if is_inline(&node) {
                pending.push(node);
                continue;
            }
            self.flush(&mut pending, alignment, &mut blocks);
            self.block(node, alignment, &mut blocks);
        }
        self.flush(&mut pending, alignment, &mut blocks);
        blocks
    }

    /// Makes a paragraph of inline nodes that stand beside blocks.
    fn flush(
        &mut self,
        pending: &mut Vec<Node<'a>>,
        alignment: Alignment,
        blocks: &mut Vec<Placed<Block>>,
    ) {
        if pending.is_empty() {
            return;
        }
        let nodes = std::mem::take(pending);
        if let Some(at) = begins_at(&nodes) {
            self.paragraph(nodes, at, alignment, blocks);
        }
    }

    /// Inline nodes alone, as in most cells and entries.
    fn line(
        &mut self,
        nodes: impl IntoIterator<Item = Node<'a>>,
        at: usize,
        alignment: Alignment,
    ) -> Vec<Placed<Block>> {
        let mut blocks = Vec::with_capacity(1);
        self.paragraph(nodes, at, alignment, &mut blocks);
        blocks
    }

    fn paragraph(
        &mut self,
        nodes: impl IntoIterator<Item = Node<'a>>,
        at: usize,
        alignment: Alignment,
        blocks: &mut Vec<Placed<Block>>,
    ) {
        let place = self.place(at);
        let mut content = self.inlines(nodes);
        trim(&mut content);
        if content
            .iter()
            .all(|inline| matches!(inline, Inline::Anchor(_)))
        {
            self.carried
                .extend(content.into_iter().filter_map(|inline| match inline {
                    Inline::Anchor(name) => Some(name),
                    _ => None,
                }));
            return;
        }
        let marked = match content.as_slice() {
            _ if self.places.is_escaped(at) => None,
            [Inline::Text(line)] => marked_block(line, self.dialect),
            // To Markdown, underscores between brackets are emphasis.
            [
                Inline::Text(open),
                Inline::Styled(Style::Emphasis, words),
                Inline::Text(close),
            ] if open == "[[" && close == "]]" => {
                marked_block(&format!("[[_{}_]]", plain_text(words)), self.dialect)
            }
            _ => None,
        };
        if let Some(is) = marked {
            blocks.push(Placed { place, is });
            return;
        }
        if !self.carried.is_empty() {
            let mut all = self.take_carried();
            all.append(&mut content);
            content = all;
        }
        blocks.push(Placed {
            place,
            is: Block::Paragraph { content, alignment },
        });
    }

    /// What a line shows that is one text or one piece of code, as most cells are, in which nothing
    /// is found: the same as [`Self::paragraph`] makes of it, without what that does for others.
    fn alone(&self, node: &Node<'a>) -> Option<Vec<Inline>> {
        if !self.carried.is_empty() {
            return None;
        }
        Some(vec![match &node.kind {
            Kind::InlineCode(code) => Inline::Code(str::to_owned(code)),
            Kind::Text(text) => {
                let bare = trimmed(text);
                if bare.is_empty() || bare.starts_with('[') {
                    return None;
                }
                if !node.is_bare && may_hold_more(text) {
                    return None;
                }
                Inline::Text(bare.to_owned())
            }
            _ => return None,
        }])
    }

    fn block(&mut self, node: Node<'a>, alignment: Alignment, blocks: &mut Vec<Placed<Block>>) {
        let place = self.place(node.at);
        let at = node.at;
        let put = |is: Block| Placed { place, is };
        match node.kind {
            Kind::Paragraph
                if let [alone] = node.children.as_slice()
                    && let Some(content) = self.alone(alone) =>
            {
                blocks.push(put(Block::Paragraph { content, alignment }));
            }
            Kind::Paragraph if node.children.iter().all(is_inline) => {
                self.paragraph(node.children, at, alignment, blocks);
            }
            Kind::Paragraph | Kind::Root | Kind::Term | Kind::Definition | Kind::Footnote(_) => {
                let inner = self.blocks(node.children, alignment);
                blocks.extend(inner);
            }
            Kind::Heading(level) => {
                let heading = self.heading(level, node.children, at, alignment);
                blocks.push(heading);
            }
            Kind::Quote(kind) => {
                let may_call = kind.is_none() && self.is_published();
                let is_callout = may_call && begins_callout(&node);
                let mut inner = self.blocks(node.children, Alignment::None);
                let kind = match kind {
                    Some(kind) => Some(panel_kind(kind)),
                    None if may_call => gitlab_alert(&mut inner),
                    None => None,
                };
                blocks.push(put(match kind {
                    Some(kind) => Block::Panel {
                        kind,
                        blocks: inner,
                    },
                    None if is_callout => callout(inner),
                    None => Block::Quote(inner),
                }));
            }
            Kind::List(start) => {
                let is_decided = start.is_none() && self.are_decisions(&node.children);
                // Not by `collect`, which would put them where the nodes were and then move them.
                let mut items = Vec::with_capacity(node.children.len());
                for item in node.children {
                    items.push(self.item(item, is_decided));
                }
                blocks.push(put(Block::List { start, items }));
            }
            Kind::Item | Kind::TableHead | Kind::TableRow | Kind::TableCell => {
                let inner = self.blocks(node.children, alignment);
                blocks.extend(inner);
            }
            Kind::Code { info, mut text } => {
                if text.ends_with('\n') {
                    text.pop();
                }
                if self.is_published() && is_foreign(&info) {
                    self.warn_foreign(at);
                }
                if self.is_published() && is_adf(&info) {
                    match block_of(text.clone(), place, &mut self.document) {
                        Ok(block) => return blocks.push(put(block)),
                        Err(problem) => self.document.problems.push(problem),
                    }
                }
                let Info {
                    language,
                    title,
                    first_line,
                    is_collapsed,
                    without_form,
                    id,
                } = self.read_info(&info);
                if let Some(id) = id.filter(|_| self.is_published()) {
                    self.note_name(&id, true);
                }
                if let Some(option) = without_form {
                    self.warn(
                        at,
                        "code.option",
                        sentence!(
                            "`{option}` behind a fence has no form in Confluence, so it is left \
                             out",
                            option
                        ),
                    );
                }
                self.drawing(language.as_deref(), &text);
                self.put_carried(place, blocks);
                blocks.push(put(Block::Code {
                    language,
                    title,
                    first_line,
                    is_collapsed,
                    text,
                }));
            }
            Kind::Table(alignments) => {
                let table = self.table(node.children, &alignments);
                blocks.push(put(table));
            }
            Kind::Definitions => {
                let entries = self.definitions_of(node.children);
                if !entries.is_empty() {
                    blocks.push(put(Block::Definitions(entries)));
                }
            }
            Kind::Rule => blocks.push(put(Block::Rule)),
            Kind::Foreign { start, end } => {
                let (start, end) = (start.into_string(), end.into_string());
                if storage_runs(&start, &end) {
                    self.warn_foreign(at);
                    blocks.push(put(code_of(start)));
                    blocks.extend(self.blocks(node.children, Alignment::None));
                    if !end.is_empty() {
                        blocks.push(put(code_of(end)));
                    }
                    return;
                }
                let inner = self.blocks(node.children, Alignment::None);
                blocks.push(put(Block::Foreign {
                    start,
                    blocks: inner,
                    end,
                }));
            }
            Kind::Link { .. } | Kind::Emphasis | Kind::Strong | Kind::Strike => {
                self.spread(node, alignment, blocks);
            }
            Kind::Element { .. } => self.element(node, alignment, blocks),
            _ => {
                // An inline node that stands where blocks are wanted.
                self.paragraph(vec![node], at, alignment, blocks);
            }
        }
    }

    /// An inline element around blocks: its style or link goes to the paragraphs inside.
    fn spread(&mut self, node: Node<'a>, alignment: Alignment, blocks: &mut Vec<Placed<Block>>) {
        let place = self.place(node.at);
        let wrap: Box<dyn Fn(Vec<Inline>) -> Inline> = match &node.kind {
            Kind::Link { target, title } => {
                let (target, title) = (target.clone(), title.to_string());
                self.refer(ReferenceKind::Link, &target, place);
                Box::new(move |content| Inline::Link {
                    target: target.clone(),
                    title: title.clone(),
                    content,
                    place,
                })
            }
            Kind::Element { name, .. } if name == "a" => match node.attribute("href") {
                Some(href) => {
                    let target = href.to_owned();
                    self.refer(ReferenceKind::Link, &target, place);
                    Box::new(move |content| Inline::Link {
                        target: target.clone(),
                        title: String::new(),
                        content,
                        place,
                    })
                }
                None => Box::new(|content| Inline::Styled(Style::Small, content)),
            },
            Kind::Element { name, .. } => match self.style_of(name) {
                Some(style) => Box::new(move |content| Inline::Styled(style, content)),
                None => {
                    let inner = self.blocks(node.children, alignment);
                    blocks.extend(inner);
                    return;
                }
            },
            Kind::Strong => Box::new(|content| Inline::Styled(Style::Strong, content)),
            Kind::Strike => Box::new(|content| Inline::Styled(Style::Strike, content)),
            _ => Box::new(|content| Inline::Styled(Style::Emphasis, content)),
        };
        let is_bare_anchor = matches!(&node.kind, Kind::Element { name, .. } if name == "a")
            && node.attribute("href").is_none();
        self.note_id(&node);
        let mut inner = self.blocks(node.children, alignment);
        for block in &mut inner {
            if let Block::Paragraph { content, .. } | Block::Heading { content, .. } = &mut block.is
                && !is_bare_anchor
            {
                let taken = std::mem::take(content);
                content.push(wrap(taken));
            }
        }
        blocks.extend(inner);
    }

    /// Remembers the `id` or `name` of an element for the next text.
    fn note_id(&mut self, node: &Node<'a>) {
        let is_link = matches!(&node.kind, Kind::Element { name, .. } if name == "a");
        let named = if is_link {
            node.attribute("name")
        } else {
            None
        };
        if let Some(id) = node.attribute("id").or(named) {
            self.note_name(id, node.attribute(MADE).is_none());
        }
    }

    /// Remembers an anchor for the next text.
    fn note_name(&mut self, id: &str, is_written: bool) {
        if !id.is_empty() && !self.knows_anchor(id) {
            self.document.anchors.push(id.to_owned());
            if is_written {
                self.document.written_anchors.push(id.to_owned());
            }
            self.carried.push(id.to_owned());
        }
    }

    /// Puts the anchors before a block that has no text to stand in.
    fn put_carried(&mut self, place: Place, blocks: &mut Vec<Placed<Block>>) {
        if !self.carried.is_empty() {
            let (content, alignment) = (self.take_carried(), Alignment::None);
            let is = Block::Paragraph { content, alignment };
            blocks.push(Placed { place, is });
        }
    }

    /// Whether the document has an anchor of this name.
    fn knows_anchor(&mut self, name: &str) -> bool {
        let new = &self.document.anchors[self.anchors_seen..];
        self.known_anchors.extend(new.iter().cloned());
        self.anchors_seen = self.document.anchors.len();
        self.known_anchors.contains(name)
    }

    fn heading(
        &mut self,
        level: u8,
        mut children: Vec<Node<'a>>,
        at: usize,
        alignment: Alignment,
    ) -> Placed<Block> {
        let place = self.place(at);
        // Before anything in it becomes an emoji or a link.
        let id = match (self.dialect, children.last_mut()) {
            (Dialect::Published, Some(last)) => take_heading_id(last),
            _ => None,
        };
        self.emoji = Some(Vec::new());
        let mut content = self.inlines(children);
        let emoji = self.emoji.take().unwrap_or_default();
        trim(&mut content);
        let anchor = match id {
            Some(id) => {
                self.document.written_anchors.push(id.clone());
                id
            }
            None => {
                let words = plain_text(&content);
                self.slugs.next(&with_shortcodes(words, &emoji))
            }
        };
        self.document.anchors.push(anchor.clone());
        self.carried.retain(|known| *known != anchor);
        if !self.carried.is_empty() {
            let mut all = self.take_carried();
            all.append(&mut content);
            content = all;
        }
        Placed {
            place,
            is: Block::Heading {
                level,
                content,
                anchor,
                alignment,
            },
        }
    }

    fn item(&mut self, mut node: Node<'a>, is_decision: bool) -> Item {
        let checked = take_task(&mut node);
        if is_decision {
            take_decision(&mut node);
        }
        let blocks = match node.kind {
            Kind::Item => self.blocks(node.children, Alignment::None),
            _ => self.blocks(vec![node], Alignment::None),
        };
        Item {
            checked,
            is_decision,
            blocks,
        }
    }

    fn table(&mut self, rows: Vec<Node<'a>>, alignments: &[pulldown_cmark::Alignment]) -> Block {
        let mut head = Vec::new();
        let mut body = Vec::with_capacity(rows.len());
        for row in rows {
            let is_head = matches!(row.kind, Kind::TableHead);
            let mut cells = Vec::with_capacity(row.children.len());
            for (column, cell) in row.children.into_iter().enumerate() {
                cells.push(Cell {
                    is_head,
                    alignment: match alignments.get(column) {
                        Some(pulldown_cmark::Alignment::Left) => Alignment::Left,
                        Some(pulldown_cmark::Alignment::Center) => Alignment::Center,
                        Some(pulldown_cmark::Alignment::Right) => Alignment::Right,
                        _ => Alignment::None,
                    },
                    columns: 1,
                    rows: 1,
                    background: None,
                    look: CellLook::default(),
                    blocks: self.in_cell(cell),
                });
            }
            if is_head { &mut head } else { &mut body }.push(Row { cells });
        }
        // Markdown has no table without a head, so authors leave it empty.
        let is_empty = |row: &Row| row.cells.iter().all(|cell| cell.blocks.is_empty());
        if !body.is_empty() && head.iter().all(is_empty) {
            head.clear();
        }
        if self.is_published() {
            head_of_rows(&mut head, &mut body);
        }
        let look = TableLook::default();
        Block::Table { head, body, look }
    }

    fn in_cell(&mut self, cell: Node<'a>) -> Vec<Placed<Block>> {
        if let Some(content) = self.alone(&cell) {
            let place = self.place(cell.at);
            let alignment = Alignment::None;
            let is = Block::Paragraph { content, alignment };
            return vec![Placed { place, is }];
        }
        match cell.kind {
            Kind::Text(_) | Kind::InlineCode(_) if is_blank(&cell) => Vec::new(),
            Kind::Text(_) | Kind::InlineCode(_) => {
                let at = cell.at;
                self.line([cell], at, Alignment::None)
            }
            _ => self.blocks(cell.children, Alignment::None),
        }
    }

    fn definitions_of(&mut self, nodes: Vec<Node<'a>>) -> Vec<Definition> {
        let mut entries: Vec<Definition> = Vec::new();
        let mut queue: std::collections::VecDeque<Node<'a>> = nodes.into();
        while let Some(node) = queue.pop_front() {
            let name = element_name(&node).map(str::to_owned);
            match (&node.kind, name.as_deref()) {
                (Kind::Term, _) | (_, Some("dt")) => {
                    let mut term = self.inlines(node.children);
                    trim(&mut term);
                    entries.push(Definition {
                        term,
                        meanings: Vec::new(),
                    });
                }
                (_, Some("div")) => {
                    for child in node.children.into_iter().rev() {
                        queue.push_front(child);
                    }
                }
                _ if is_blank(&node) => {}
                (kind, name) => {
                    let wrapped = matches!(kind, Kind::Definition) || name == Some("dd");
                    let nodes = if wrapped { node.children } else { vec![node] };
                    let definition = self.blocks(nodes, Alignment::None);
                    match entries.last_mut() {
                        Some(entry) => entry.meanings.push(definition),
                        None => entries.push(Definition {
                            term: Vec::new(),
                            meanings: vec![definition],
                        }),
                    }
                }
            }
        }
        // What says nothing is nothing.
        entries.retain(|entry| !entry.term.is_empty() || !entry.meanings.is_empty());
        entries
    }

    fn inlines(&mut self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Inline> {
        let nodes = nodes.into_iter();
        let mut content = Vec::with_capacity(nodes.size_hint().0);
        for node in nodes {
            self.inline(node, &mut content);
        }
        content
    }

    fn inline(&mut self, node: Node<'a>, content: &mut Vec<Inline>) {
        let place = self.place_of_reference(&node);
        let at = node.at;
        match node.kind {
            Kind::Text(text) => self.text(&text, node.is_bare, at, content),
            Kind::Broken(code) => {
                self.warn_foreign(at);
                content.push(Inline::Code(code.into_string()));
            }
            Kind::Adf(code) => {
                let place = self.place(at);
                match line_of(&code, place, &mut self.document) {
                    Ok(line) => content.extend(line),
                    Err(problem) => {
                        self.document.problems.push(problem);
                        content.push(Inline::Code(code.into_string()));
                    }
                }
            }
            // A bracket that is escaped is in no pair: a text of its own, so that no name is
            // found in it and the next.
            Kind::Plain(text) if text == "[" => content.push(Inline::Text(text)),
            Kind::Plain(text) => push_text(content, &text),
            Kind::SoftBreak => push_text(content, "\n"),
            Kind::Break => content.push(Inline::Break),
            Kind::InlineCode(code) => content.push(Inline::Code(code.into_string())),
            Kind::Math { source, displayed } => {
                let source = source.into_string();
                let kind = kind_of_math(displayed);
                self.document.drawings.push((kind, source.clone()));
                let place = self.place(at);
                content.push(Inline::Math {
                    source,
                    displayed,
                    place,
                });
            }
            Kind::Emphasis => self.styled(Style::Emphasis, node.children, content),
            Kind::Strong => self.styled(Style::Strong, node.children, content),
            Kind::Strike => self.styled(Style::Strike, node.children, content),
            Kind::Link { target, .. }
                if self.is_published()
                    && let Some(form) = ShortForm::of_link(&target) =>
            {
                self.in_link += 1;
                let words = self.inlines(node.children);
                self.in_link -= 1;
                content.push(short(&form, words));
            }
            // What CommonMark takes for an address between its brackets.
            Kind::Link { target, .. }
                if self.is_published()
                    && (target.starts_with("ac:") || target.starts_with("ri:"))
                    && alternative(&node.children) == target =>
            {
                self.warn_foreign(at);
                push_text(content, &format!("<{target}>"));
            }
            Kind::Link { target, .. } if self.is_published() && target.starts_with("ac:") => {
                // A page by its title, as `mark` has it; without one, by the words of the link.
                let title = match target["ac:".len()..].trim() {
                    "" => alternative(&node.children).trim().to_owned(),
                    title => percent_decode_str(title).decode_utf8_lossy().into_owned(),
                };
                let page = LinkTarget::Page {
                    title,
                    space: None,
                    anchor: None,
                };
                let target = target_of_link(&page).unwrap_or(target);
                self.link(target, String::new(), node.children, place, content);
            }
            Kind::Link { target, title } => {
                self.link(target, title.into_string(), node.children, place, content);
            }
            Kind::Image { target, .. } if target.starts_with(STATUS) => {
                let words = alternative(&node.children);
                let form = ShortForm::of_status(&words, &target[STATUS.len()..]);
                content.push(short(&form, Vec::new()));
            }
            Kind::Image { target, .. }
                if self.is_published()
                    && let Some(form) = ShortForm::of_picture(&target) =>
            {
                let words = alternative(&node.children);
                content.push(short(&form, vec![Inline::Text(words)]));
            }
            Kind::Image { target, title } => {
                self.refer(ReferenceKind::Image, &target, place);
                let mut alt = alternative(&node.children);
                let sized = match self.is_published() {
                    true => size_behind(&alt).map(|(words, size)| (words.len(), size)),
                    false => None,
                };
                let size = sized.map(|(length, size)| {
                    alt.truncate(length);
                    size
                });
                content.push(Inline::Image {
                    target,
                    title: title.into_string(),
                    alt,
                    width: size.map(|(width, _)| width),
                    percent: None,
                    height: size.and_then(|(_, height)| height),
                    side: None,
                    has_border: false,
                    is_in_line: false,
                    place,
                });
            }
            Kind::FootnoteMention(label) => self.mention(&label, at, content),
            Kind::Task(checked) => push_text(content, if checked { "☑ " } else { "☐ " }),
            Kind::UnknownTag(raw) => {
                let message = match is_title(&raw) {
                    true => sentence!("`{raw}` is shown as text, as Git hosts show it", raw),
                    false => sentence!("`{raw}` is not HTML; it is shown as text", raw),
                };
                self.warn(at, "html.unknown_element", message);
                push_text(content, &raw);
            }
            Kind::Code { text, .. } => content.push(Inline::Code(text.trim_end().to_owned())),
            Kind::Rule => content.push(Inline::Break),
            Kind::Element { .. } => self.inline_element(node, place, content),
            Kind::ForeignInline { start, end } => {
                let (start, end) = (start.into_string(), end.into_string());
                if storage_runs(&start, &end) {
                    self.warn_foreign(at);
                    content.push(Inline::Code(start));
                    content.append(&mut self.inlines(node.children));
                    if !end.is_empty() {
                        content.push(Inline::Code(end));
                    }
                    return;
                }
                let inner = self.inlines(node.children);
                content.push(Inline::Foreign {
                    start,
                    content: inner,
                    end,
                });
            }
            _ => {
                // A block where only text can stand: its text stays, on lines of its own.
                if content.last().is_some_and(|last| *last != Inline::Break) {
                    content.push(Inline::Break);
                }
                for child in node.children {
                    self.inline(child, content);
                }
            }
        }
    }

    fn place_of_reference(&self, node: &Node<'a>) -> Place {
        match node.kind {
            Kind::Link { .. } | Kind::Image { .. } | Kind::Element { .. } => self.place(node.at),
            _ => Place::default(),
        }
    }

    fn styled(&mut self, style: Style, nodes: Vec<Node<'a>>, content: &mut Vec<Inline>) {
        let inner = self.inlines(nodes);
        if !inner.is_empty() {
            content.push(Inline::Styled(style, inner));
        }
    }

    fn link(
        &mut self,
        target: String,
        title: String,
        nodes: Vec<Node<'a>>,
        place: Place,
        content: &mut Vec<Inline>,
    ) {
        self.refer(ReferenceKind::Link, &target, place);
        self.in_link += 1;
        let inner = self.inlines(nodes);
        self.in_link -= 1;
        // On a page, a link without words shows its address; a host shows nothing.
        if !self.is_published() && is_wordless(&inner) {
            content.extend(inner);
            return;
        }
        content.push(Inline::Link {
            target,
            title,
            content: inner,
            place,
        });
    }

    /// Text, with the addresses in it made links and emoji shortcodes made emoji, as GitHub does.
    fn text(&mut self, text: &str, is_bare: bool, at: usize, content: &mut Vec<Inline>) {
        let is_after_bracket =
            |last: &Inline| matches!(last, Inline::Text(before) if before.ends_with('['));
        if text.starts_with('[') && content.last().is_some_and(is_after_bracket) {
            content.push(Inline::Text(String::new()));
        }
        if is_bare || !may_hold_more(text) {
            push_text(content, text);
            return;
        }
        if self.in_link > 0 {
            push_text(content, &with_emoji(text, &mut self.emoji));
            return;
        }
        let mut told = 0;
        for (start, end, target) in Addresses::of(text) {
            if start > told {
                push_text(content, &with_emoji(&text[told..start], &mut self.emoji));
            }
            let place = self.place(at + start);
            self.refer(ReferenceKind::Link, &target, place);
            content.push(Inline::Link {
                target,
                title: String::new(),
                content: vec![Inline::Text(text[start..end].to_owned())],
                place,
            });
            told = end;
        }
        if told < text.len() {
            push_text(content, &with_emoji(&text[told..], &mut self.emoji));
        }
    }
}

/// Where the first of some inline nodes stands that shows anything.
fn begins_at(nodes: &[Node<'_>]) -> Option<usize> {
    let first = nodes.iter().find(|node| !is_blank(node))?;
    Some(first.at)
}

fn element_name<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.kind {
        Kind::Element { name, .. } => Some(name),
        _ => None,
    }
}

fn is_blank(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Text(text) => is_white(text),
        Kind::Plain(text) => is_white(text),
        Kind::SoftBreak | Kind::Break => true,
        _ => false,
    }
}

/// Whether a node, with all it holds, can stand in a line of text.
fn is_inline(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Text(_)
        | Kind::Plain(_)
        | Kind::InlineCode(_)
        | Kind::Broken(_)
        | Kind::Adf(_)
        | Kind::Math { .. }
        | Kind::Break
        | Kind::SoftBreak
        | Kind::FootnoteMention(_)
        | Kind::Task(_)
        | Kind::UnknownTag(_)
        | Kind::Image { .. } => true,
        Kind::Emphasis
        | Kind::Strong
        | Kind::Strike
        | Kind::Link { .. }
        | Kind::ForeignInline { .. } => node.children.iter().all(is_inline),
        Kind::Element { name, .. } => {
            !is_block(name)
                && !is_layout(name)
                && name != EXCERPT
                && node.children.iter().all(is_inline)
        }
        _ => false,
    }
}
