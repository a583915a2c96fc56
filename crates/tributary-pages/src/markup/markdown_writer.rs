//! Markdown, as [`super::read_markdown`] reads it: GitHub's, with the HTML that says what Markdown
//! has no signs for.
//!
//! Reading what was written gives the same document, but for white space that no reader sees and
//! for addresses in plain text, which GitHub's Markdown makes links.

use serde_json::Value;

use super::adf_raw::ADF;
use super::colors::hexadecimal;
use super::content::plain_text;
use super::document::{
    Alignment, Block, Cell, CellLook, DECISION, Definition, Document, Footnote, FrontMatter,
    Inline, Item, PanelKind, Placed, Row, TableLook,
};
use super::foreign::kept_node;
use super::html_around::is_html;
use super::includes;
use super::markdown::read_markdown;
use super::markdown_inline::{Around, escape_html, is_lone_tag, is_unseen, write_inlines};
use super::short_forms::ShortForm;
use super::slug::Slugs;
use super::tree::FOREIGN;

/// Writes a document as Markdown.
pub fn write_markdown(document: &Document) -> String {
    let notes = document.blocks.iter().map(|block| match &block.is {
        Block::Footnotes(notes) => notes.len(),
        _ => 0,
    });
    let mut writer = Writer {
        out: String::with_capacity(4096),
        prefix: String::new(),
        lead: None,
        slugs: Slugs::default(),
        after_tag: false,
        digits: notes.sum::<usize>().to_string().len(),
    };
    writer.front_matter(&document.front_matter);
    writer.blocks(&document.blocks, false);
    writer.out
}

/// Writes what was read of a page as Markdown that becomes its body again. A text's first heading is
/// its title, so one that the body begins with stands below a block of storage format that holds
/// nothing.
pub fn write_markdown_of_page(document: &Document) -> String {
    let text = write_markdown(document);
    // What becomes the title is asked of the reader, because not all blocks leave something behind.
    if document.front_matter != FrontMatter::default() || read_markdown(&text).title.is_none() {
        return text;
    }
    format!("```{FOREIGN}\n```\n\n{text}")
}

struct Writer {
    out: String,
    /// What every line begins with here.
    prefix: String,
    /// What the next line begins with instead.
    lead: Option<String>,
    slugs: Slugs,
    /// Whether the paragraph before is a tag of HTML and nothing else.
    after_tag: bool,
    /// How many digits the labels of footnotes have: unmentioned ones are read in the order of
    /// their labels.
    digits: usize,
}

impl Writer {
    fn line(&mut self, text: &str) {
        let lead = self.lead.take();
        let start = lead.as_deref().unwrap_or(&self.prefix);
        if text.is_empty() {
            self.out.push_str(start.trim_end());
        } else {
            self.out.push_str(start);
            self.out.push_str(text);
        }
        self.out.push('\n');
    }

    fn lines(&mut self, text: &str) {
        for line in text.split('\n') {
            self.line(line);
        }
    }

    /// Does something behind a sign, with what follows indented as far.
    fn behind(&mut self, sign: &str, indent: &str, write: impl FnOnce(&mut Self)) {
        let start = self.lead.take().unwrap_or_else(|| self.prefix.clone());
        self.lead = Some(start + sign);
        let length = self.prefix.len();
        self.prefix.push_str(indent);
        let before = self.out.len();
        write(self);
        if self.out.len() == before {
            self.line("");
        }
        self.prefix.truncate(length);
    }

    fn inlines(&self, content: &[Inline], around: Around) -> String {
        let digits = self.digits;
        write_inlines(content, around, &|number| format!("{number:0digits$}"))
    }

    fn front_matter(&mut self, matter: &FrontMatter) {
        if *matter == FrontMatter::default() {
            return;
        }
        // JSON is YAML, and quotes what YAML would take for something else.
        let mut put = |name: &str, value: Value| self.out.push_str(&format!("{name}: {value}\n"));
        for (name, value) in [
            ("title", &matter.title),
            ("parent", &matter.parent),
            ("space", &matter.space),
            ("page_id", &matter.page_id),
        ] {
            if let Some(value) = value {
                put(name, value.as_str().into());
            }
        }
        if !matter.labels.is_empty() {
            put("labels", matter.labels.clone().into());
        }
        if !matter.properties.is_empty() {
            let properties = matter.properties.clone();
            put(
                "properties",
                Value::Object(properties.into_iter().collect()),
            );
        }
        if !matter.attachments.is_empty() {
            put("attachments", matter.attachments.clone().into());
        }
        if !matter.publish {
            put("publish", false.into());
        }
        for (name, value) in &matter.other {
            put(&Value::from(name.as_str()).to_string(), value.clone());
        }
        self.out = format!("---\n{}---\n\n", self.out);
    }

    /// Writes blocks, with blank lines between them unless they are tight.
    fn blocks(&mut self, blocks: &[Placed<Block>], tight: bool) {
        self.after_tag = false;
        let mut written: Option<(&Block, bool)> = None;
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            let block = &block.is;
            let mark = self.out.len();
            if written.is_some() && !tight {
                self.line("");
            }
            let begun = self.out.len();
            let mut other_sign = false;
            let mut count = 1;
            match (block, written) {
                (Block::Paragraph { alignment, .. } | Block::Heading { alignment, .. }, _)
                    if *alignment != Alignment::None =>
                {
                    let same = |block: &&Placed<Block>| matches!(&block.is, Block::Paragraph { alignment: other, .. } | Block::Heading { alignment: other, .. } if other == alignment);
                    count = blocks[at..].iter().take_while(same).count();
                    self.aligned(&blocks[at..at + count], *alignment);
                }
                (Block::List { start, items }, before) => {
                    // Two lists with one sign would be one list.
                    if let Some((Block::List { start: last, .. }, sign)) = before
                        && last.is_some() == start.is_some()
                    {
                        other_sign = !sign;
                    }
                    self.list(*start, items, other_sign);
                }
                (Block::Definitions(entries), before) => {
                    let after_others = matches!(before, Some((Block::Definitions(_), _)));
                    self.definitions(entries, after_others);
                }
                // A line at the top would begin front matter, and after text a heading.
                (Block::Rule, None) => self.line("***"),
                (Block::Rule, Some(_)) => self.line("---"),
                (block, _) => self.block(block),
            }
            if self.out.len() == begun {
                self.out.truncate(mark);
            } else {
                written = Some((block, other_sign));
                self.after_tag &= matches!(block, Block::Paragraph { .. });
            }
            at += count;
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading {
                level,
                content,
                anchor,
                ..
            } => self.heading(*level, content, anchor),
            Block::Paragraph { content, .. } => {
                let text = self.inlines(content, Around::Paragraph);
                self.paragraph(text);
            }
            Block::Table { head, body, look } => {
                if *look != TableLook::default() || !self.pipe_table(head, body) {
                    self.html_table(head, body, look);
                }
            }
            Block::Code {
                language,
                title,
                first_line,
                is_collapsed,
                text,
            } => {
                let mut info = info(language.as_deref(), title.as_deref(), *first_line);
                if *is_collapsed {
                    info.push_str(if info.is_empty() {
                        "collapse"
                    } else {
                        " collapse"
                    });
                }
                self.fenced(&info, text);
            }
            Block::Quote(blocks) => {
                self.behind("> ", "> ", |writer| writer.blocks(blocks, false));
            }
            Block::Panel { kind, blocks } => {
                let name = match kind {
                    PanelKind::Note => "[!NOTE]",
                    PanelKind::Tip => "[!TIP]",
                    PanelKind::Important => "[!IMPORTANT]",
                    PanelKind::Warning => "[!WARNING]",
                    PanelKind::Caution => "[!CAUTION]",
                };
                self.behind("> ", "> ", |writer| {
                    writer.line(name);
                    let first = blocks.first().map(|block| &block.is);
                    if !matches!(first, None | Some(Block::Paragraph { .. })) {
                        writer.line("");
                    }
                    writer.blocks(blocks, false);
                });
            }
            Block::Expand { title, blocks } => {
                self.line("<details>");
                if !title.trim().is_empty() {
                    let words: Vec<&str> = title.split_whitespace().collect();
                    let title = escape_html(&words.join(" "));
                    self.line(&format!("<summary>{title}</summary>"));
                }
                self.between(blocks);
                self.line("</details>");
            }
            Block::Excerpt { is_hidden, blocks } => {
                self.line(match is_hidden {
                    true => "<!-- excerpt hidden -->",
                    false => "<!-- excerpt -->",
                });
                self.between(blocks);
                self.line("<!-- /excerpt -->");
            }
            Block::TableOfContents => self.line("[TOC]"),
            Block::Footnotes(notes) => self.footnotes(notes),
            Block::Adf { source, .. } => self.fenced(ADF, source),
            Block::Foreign { start, .. }
                if ShortForm::of_storage(start) == Some(ShortForm::Listing) =>
            {
                self.line("[[_LISTING_]]");
            }
            Block::Foreign { start, blocks, end } if is_html(start, end) => {
                self.line(start);
                self.between(blocks);
                self.line(end);
            }
            Block::Foreign { start, blocks, end } => {
                if let Some(node) = kept_node(start)
                    && let Ok(source) = serde_json::to_string_pretty(&node)
                {
                    return self.fenced(ADF, &source);
                }
                self.fenced(FOREIGN, start);
                if !end.is_empty() {
                    self.between(blocks);
                    self.fenced(FOREIGN, end);
                }
            }
            // Written by `blocks`, because what they are depends on what stands before them.
            Block::List { .. } | Block::Definitions(_) | Block::Rule => {}
        }
    }

    fn paragraph(&mut self, mut text: String) {
        if text.is_empty() {
            return;
        }
        // Tags alone on their lines are HTML, and one paragraph of it.
        let is_tag = is_lone_tag(&text);
        if is_tag && self.after_tag {
            text.push_str("<wbr>");
        }
        self.after_tag = is_tag && !self.after_tag;
        self.lines(&text);
    }

    /// Blocks between two lines that are no Markdown.
    fn between(&mut self, blocks: &[Placed<Block>]) {
        self.line("");
        let before = self.out.len();
        self.blocks(blocks, false);
        if self.out.len() > before {
            self.line("");
        }
    }

    fn heading(&mut self, level: u8, content: &[Inline], anchor: &str) {
        let mut text = self.inlines(content, Around::Line);
        let words = plain_text(content);
        let words: Vec<&str> = words.split([' ', '\t', '\n', '\r']).collect();
        let words = words.join(" ");
        let fits = anchor
            .chars()
            .all(|letter| !letter.is_whitespace() && !letter.is_control() && letter != '{')
            && !anchor.is_empty();
        if fits && (self.slugs.peek(&words) != anchor || words.trim_end().ends_with('}')) {
            let id = Inline::Text(format!(" {{#{anchor}}}"));
            let shown = self.inlines(&[Inline::Text(".".to_owned()), id], Around::Line);
            // These braces are meant as what they are, and nothing in them is an emoji or a link.
            let shown = shown[1..].replacen("\\{#", "{#", 1);
            let mut from = 0;
            for (at, mark) in shown.match_indices("<wbr>") {
                text.push_str(&shown[from..at]);
                from = at;
                if !shown[..at].ends_with('\\') {
                    from += mark.len();
                }
            }
            text.push_str(&shown[from..]);
        } else {
            self.slugs.next(&words);
            if text.ends_with('#') && !text.ends_with("\\#") {
                text.insert(text.len() - 1, '\\');
            }
        }
        let signs = "#".repeat(usize::from(level.clamp(1, 6)));
        self.line(format!("{signs} {text}").trim_end());
    }

    fn aligned(&mut self, blocks: &[Placed<Block>], alignment: Alignment) {
        let shows = |block: &Placed<Block>| match &block.is {
            Block::Paragraph { content, .. } => {
                !self.inlines(content, Around::Paragraph).is_empty()
            }
            _ => true,
        };
        if !blocks.iter().any(shows) {
            return;
        }
        let name = attribute(alignment);
        self.line(&format!("<div{name}>"));
        self.after_tag = false;
        for block in blocks {
            match &block.is {
                Block::Heading {
                    level,
                    content,
                    anchor,
                    ..
                } => {
                    self.line("");
                    self.heading(*level, content, anchor);
                    self.after_tag = false;
                }
                Block::Paragraph { content, .. } => {
                    let text = self.inlines(content, Around::Paragraph);
                    if !text.is_empty() {
                        self.line("");
                        self.paragraph(text);
                    }
                }
                _ => {}
            }
        }
        self.after_tag = false;
        self.line("");
        self.line("</div>");
    }

    fn fenced(&mut self, info: &str, text: &str) {
        let sign = if info.contains('`') { '~' } else { '`' };
        let mut longest = 2;
        let mut run = 0;
        for letter in text.chars() {
            run = if letter == sign { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let fence = sign.to_string().repeat(longest + 1);
        self.line(&format!("{fence}{info}"));
        if !text.is_empty() {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            // In quotations nothing asks for a file.
            match self.prefix.contains('>') {
                true => self.lines(&text),
                false => self.lines(&includes::kept_from_asking(&text)),
            }
        }
        self.line(&fence);
    }

    fn list(&mut self, start: Option<u64>, items: &[Item], other_sign: bool) {
        const MOST: u64 = 999_999_999;
        let count = u64::try_from(items.len()).unwrap_or(MOST);
        if let Some(start) = start
            && start.saturating_add(count) > MOST
        {
            self.line(&format!("<ol start=\"{start}\">"));
            for item in items {
                self.line("<li>");
                self.between(&item.blocks);
                self.line("</li>");
            }
            return self.line("</ol>");
        }
        let tight = items.iter().all(is_tight);
        for (at, item) in items.iter().enumerate() {
            if at > 0 && !tight {
                self.line("");
            }
            let sign = match start {
                None if other_sign => "* ".to_owned(),
                None => "- ".to_owned(),
                Some(start) => {
                    let number = start + u64::try_from(at).unwrap_or(0);
                    let sign = if other_sign { ')' } else { '.' };
                    format!("{number}{sign} ")
                }
            };
            let indent = " ".repeat(sign.len());
            self.behind(&sign, &indent, |writer| writer.item(item, tight));
        }
    }

    fn item(&mut self, item: &Item, tight: bool) {
        let first = item.blocks.first().map(|block| &block.is);
        let plain = matches!(
            first,
            Some(Block::Paragraph {
                alignment: Alignment::None,
                ..
            })
        );
        let sign = match item.checked {
            Some(true) => "[x] ",
            Some(false) => "[ ] ",
            None if item.is_decision => DECISION,
            None => {
                // What shows nothing is not written, and the marks of lists in lists beside each
                // other are a line across the page.
                let mut shown = item.blocks.iter().map(|block| &block.is).filter(
                    |is| !matches!(is, Block::Paragraph { content, .. } if is_unseen(content)),
                );
                let stays = match shown.next() {
                    Some(Block::Paragraph { alignment, .. }) => *alignment == Alignment::None,
                    first => matches!(first, Some(Block::Heading { .. } | Block::Code { .. })),
                };
                if !stays && !item.blocks.is_empty() {
                    self.line("");
                }
                return self.blocks(&item.blocks, tight);
            }
        };
        let text = match item.blocks.first().map(|block| &block.is) {
            Some(Block::Paragraph { content, .. }) if plain => {
                self.inlines(content, Around::Paragraph)
            }
            _ => String::new(),
        };
        // A box needs something behind it, be it nothing that is seen.
        let shown = if text.is_empty() { "<wbr>" } else { &text };
        self.lines(&format!("{sign}{shown}"));
        let rest = if plain {
            &item.blocks[1..]
        } else {
            &item.blocks
        };
        let before = self.out.len();
        if !tight && !rest.is_empty() {
            self.line("");
        }
        let begun = self.out.len();
        self.blocks(rest, tight);
        if self.out.len() == begun {
            self.out.truncate(before);
        }
    }

    fn definitions(&mut self, entries: &[Definition], after_others: bool) {
        let plain = |entry: &Definition| {
            let one = |meaning: &Vec<Placed<Block>>| match meaning.as_slice() {
                [
                    Placed {
                        is:
                            Block::Paragraph {
                                content,
                                alignment: Alignment::None,
                            },
                        ..
                    },
                ] => !self.inlines(content, Around::Paragraph).is_empty(),
                _ => false,
            };
            let term = self.inlines(&entry.term, Around::Line);
            !term.is_empty()
                && !is_lone_tag(&term)
                && !entry.meanings.is_empty()
                && entry.meanings.iter().all(one)
        };
        if !after_others && entries.iter().all(plain) {
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    self.line("");
                }
                let term = self.inlines(&entry.term, Around::Line);
                self.line(&term);
                for meaning in &entry.meanings {
                    self.behind(": ", "  ", |writer| writer.blocks(meaning, false));
                }
            }
            return;
        }
        self.line("<dl>");
        for (at, entry) in entries.iter().enumerate() {
            let term = self.inlines(&entry.term, Around::Line);
            if term.is_empty() && at > 0 {
                // Its meanings are not those of the term before it.
                self.line("<dt></dt>");
            } else if !term.is_empty() {
                self.line("<dt>");
                self.line("");
                self.line(&term);
                self.line("");
                self.line("</dt>");
            }
            for meaning in &entry.meanings {
                self.line("<dd>");
                self.between(meaning);
                self.line("</dd>");
            }
        }
        self.line("</dl>");
    }

    fn footnotes(&mut self, notes: &[Footnote]) {
        let digits = self.digits;
        for (at, note) in notes.iter().enumerate() {
            if at > 0 {
                self.line("");
            }
            let sign = format!("[^{:0digits$}]: ", note.number);
            let plain = matches!(
                note.blocks.first().map(|block| &block.is),
                None | Some(Block::Paragraph {
                    alignment: Alignment::None,
                    ..
                })
            );
            self.behind(&sign, "    ", |writer| {
                if !plain {
                    writer.line("");
                }
                writer.blocks(&note.blocks, false);
            });
        }
    }

    /// Writes a table with bars, if it is one that can be.
    fn pipe_table(&mut self, head: &[Row], body: &[Row]) -> bool {
        // Markdown has no table without a head; one that says nothing is none.
        let columns = match (head, body) {
            ([], [first, ..]) => first.cells.len(),
            ([first], _) if !first.cells.iter().all(is_empty) => first.cells.len(),
            _ => return false,
        };
        let plain = |cell: &Cell| {
            cell.columns == 1
                && cell.rows == 1
                && cell.background.is_none()
                && cell.look == CellLook::default()
                && match cell.blocks.as_slice() {
                    [] => true,
                    [only] => matches!(
                        &only.is,
                        Block::Paragraph {
                            alignment: Alignment::None,
                            ..
                        }
                    ),
                    _ => false,
                }
        };
        let rows_fit = head
            .iter()
            .chain(body)
            .all(|row| row.cells.len() == columns && row.cells.iter().all(plain));
        let heads = head
            .iter()
            .flat_map(|row| &row.cells)
            .all(|cell| cell.is_head)
            && !body
                .iter()
                .flat_map(|row| &row.cells)
                .any(|cell| cell.is_head);
        if columns == 0 || !rows_fit || !heads {
            return false;
        }
        // An empty second column would say that the first heads its rows.
        let mut rows = head.iter().chain(body);
        if columns > 2 && !body.is_empty() && rows.all(|row| is_empty(&row.cells[1])) {
            return false;
        }
        // An empty cell fits any alignment.
        let mut alignments: Vec<Option<Alignment>> = vec![None; columns];
        for row in head.iter().chain(body) {
            for (cell, alignment) in row.cells.iter().zip(&mut alignments) {
                let counts = !is_empty(cell) || cell.alignment != Alignment::None;
                match alignment {
                    Some(known) if counts && *known != cell.alignment => return false,
                    None if counts => *alignment = Some(cell.alignment),
                    _ => {}
                }
            }
        }
        match head {
            [first, ..] => self.row(first),
            [] => self.line(&format!("{}|", "|   ".repeat(columns))),
        }
        let signs = alignments.iter().map(|alignment| match alignment {
            Some(Alignment::Left) => ":--",
            Some(Alignment::Center) => ":-:",
            Some(Alignment::Right) => "--:",
            _ => "---",
        });
        let signs: Vec<&str> = signs.collect();
        self.line(&format!("| {} |", signs.join(" | ")));
        for row in body {
            self.row(row);
        }
        true
    }

    fn row(&mut self, row: &Row) {
        let mut line = "|".to_owned();
        for cell in &row.cells {
            if let Some(Placed {
                is: Block::Paragraph { content, .. },
                ..
            }) = cell.blocks.first()
            {
                line.push(' ');
                line.push_str(&self.inlines(content, Around::Cell));
            }
            line.push_str(" |");
        }
        self.line(&line);
    }

    fn html_table(&mut self, head: &[Row], body: &[Row], look: &TableLook) {
        if head.is_empty() && body.is_empty() {
            return;
        }
        let mut tag = "<table".to_owned();
        if let Some(layout) = &look.layout {
            tag.push_str(&format!(" data-layout=\"{}\"", escape_html(layout)));
        }
        if look.fixed_columns {
            tag.push_str(" data-table-display-mode=\"fixed\"");
        }
        if let Some(width) = look.width {
            tag.push_str(&format!(" width=\"{width}\""));
        }
        if look.numbered {
            tag.push_str(" data-number-column=\"true\"");
        }
        self.line(&format!("{tag}>"));
        if !look.columns.is_empty() {
            self.line("<colgroup>");
            for width in &look.columns {
                match width {
                    0 => self.line("<col>"),
                    width => self.line(&format!("<col width=\"{width}\">")),
                }
            }
            self.line("</colgroup>");
        }
        for (rows, part) in [(head, "thead"), (body, "tbody")] {
            let heads =
                |row: &Row| !row.cells.is_empty() && row.cells.iter().all(|cell| cell.is_head);
            let named = part == "thead" && !rows.iter().all(heads);
            if named {
                self.line(&format!("<{part}>"));
            }
            for row in rows {
                self.line("<tr>");
                for cell in &row.cells {
                    self.html_cell(cell);
                }
                self.line("</tr>");
            }
            if named {
                self.line(&format!("</{part}>"));
            }
        }
        self.line("</table>");
    }

    fn html_cell(&mut self, cell: &Cell) {
        let name = if cell.is_head { "th" } else { "td" };
        let mut tag = format!("<{name}");
        for (name, span) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
            if span > 1 {
                tag.push_str(&format!(" {name}=\"{span}\""));
            }
        }
        tag.push_str(attribute(cell.alignment));
        if let Some(color) = cell.background {
            tag.push_str(&format!(" bgcolor=\"{}\"", hexadecimal(color)));
        }
        for (name, said) in cell.look.attributes() {
            tag.push_str(&format!(" {name}=\"{said}\""));
        }
        if is_empty(cell) {
            return self.line(&format!("{tag}></{name}>"));
        }
        self.line(&format!("{tag}>"));
        self.between(&cell.blocks);
        self.line(&format!("</{name}>"));
    }
}

fn attribute(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::None => "",
        Alignment::Left => " align=\"left\"",
        Alignment::Center => " align=\"center\"",
        Alignment::Right => " align=\"right\"",
    }
}

/// Whether readers see nothing in a cell.
fn is_empty(cell: &Cell) -> bool {
    cell.blocks.iter().all(|block| match &block.is {
        Block::Paragraph { content, .. } => is_unseen(content),
        _ => false,
    })
}

/// Whether an entry needs no blank lines: a paragraph, and perhaps a list that is like it.
fn is_tight(item: &Item) -> bool {
    let plain = |block: &Block| {
        matches!(
            block,
            Block::Paragraph { content, alignment: Alignment::None } if !is_unseen(content)
        )
    };
    match item.blocks.as_slice() {
        [] => true,
        [only] => plain(&only.is),
        [text, list] => match &list.is {
            // Only a list that begins at 1, and with something, can follow text without a blank
            // line.
            Block::List { start, items } => {
                plain(&text.is)
                    && matches!(start, None | Some(1))
                    && items
                        .first()
                        .is_some_and(|first| !first.blocks.is_empty() && is_tight(first))
                    && items.iter().all(is_tight)
            }
            _ => false,
        },
        _ => false,
    }
}

/// What stands after a fence: the language, and a title.
fn info(language: Option<&str>, title: Option<&str>, first_line: Option<u32>) -> String {
    let mut info = String::new();
    let odd = |letter: char| letter.is_whitespace() || ",;:{}[(=".contains(letter);
    if let Some(language) = language
        && !language.contains(odd)
        && !language.starts_with('.')
    {
        push_info(language, &mut info);
    }
    if let Some(title) = title {
        let words: Vec<&str> = title.split_whitespace().collect();
        let title = words.join(" ");
        let (quote, title) = if !title.contains('"') {
            ('"', title)
        } else {
            ('\'', title.replace('\'', "\u{2019}"))
        };
        if !info.is_empty() {
            info.push(' ');
        }
        info.push_str("title=");
        info.push(quote);
        push_info(&title, &mut info);
        info.push(quote);
    }
    if let Some(first_line) = first_line {
        if !info.is_empty() {
            info.push(' ');
        }
        info.push_str("linenums=\"");
        info.push_str(&first_line.to_string());
        info.push('"');
    }
    info
}

fn push_info(text: &str, info: &mut String) {
    for letter in text.chars() {
        if matches!(letter, '\\' | '&') {
            info.push('\\');
        }
        info.push(letter);
    }
}
