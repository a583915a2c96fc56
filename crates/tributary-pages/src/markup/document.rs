//! The model of a document: blocks that hold inlines, with their places in the source.

use std::collections::BTreeMap;

use serde_json::Value;

use super::drawing::DrawingKind;
use super::formats::{BodyFormat, Editor};
use super::restrictions::Restrictions;
use crate::Sentence;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// What the block at the top of the file says.
    pub front_matter: FrontMatter,
    /// The text of the level-1 heading that comes first, if one does.
    pub title: Option<String>,
    /// The content.
    pub blocks: Vec<Placed<Block>>,
    /// Every link and picture, in the order of the source, repetitions included.
    pub references: Vec<Reference>,
    /// Every diagram and formula, in the order of the source, repetitions included.
    pub drawings: Vec<(DrawingKind, String)>,
    /// The anchors that links can lead to: headings as GitHub names them, and explicit ones.
    pub anchors: Vec<String>,
    /// Those of them that the author wrote down: the page has them whether anything here links to
    /// them or not, because others may.
    pub written_anchors: Vec<String>,
    /// What was noticed while reading.
    pub problems: Vec<Problem>,
    /// Paths, from the repository's root, of other files that this one takes in and that were not
    /// at hand.
    pub wanted: Vec<String>,
    /// Whether it shows the day of the commit, which changes although nothing else of it does.
    pub is_dated: bool,
}

impl Document {
    /// Where blocks go that stand above the text: below its title, which becomes the page's.
    pub(super) fn below_title(&self) -> usize {
        let first = self.blocks.first();
        let is_title = |first: &Placed<Block>| matches!(first.is, Block::Heading { level: 1, .. });
        usize::from(self.title.is_some() && first.is_some_and(is_title))
    }
}

/// What a file becomes in Confluence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PageKind {
    /// A page, which has a place in the tree of its space.
    #[default]
    Page,
    /// A blog post, which has a day instead.
    BlogPost,
    /// A folder of Cloud, which holds pages and says nothing itself: what a directory without a page
    /// of its own can become. No file is one.
    Folder,
}

/// What the block at the top of a file says.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatter {
    /// The page's title.
    pub title: Option<String>,
    /// Labels, in the form that Confluence takes.
    pub labels: Vec<String>,
    /// Title or id of the page above.
    pub parent: Option<String>,
    /// The space's key.
    pub space: Option<String>,
    /// The page to write to.
    pub page_id: Option<String>,
    /// The format that the page is sent in, where it is another than its neighbors'.
    pub format: Option<BodyFormat>,
    /// The editor that opens the page, when it says one.
    pub editor: Option<Editor>,
    /// Content properties.
    pub properties: BTreeMap<String, Value>,
    /// What the file becomes.
    pub kind: PageKind,
    /// The day a blog post is of, as `2026-01-31`.
    pub posted: Option<String>,
    /// Who may read and edit the page.
    pub restrictions: Restrictions,
    /// How its pictures and tables stand on the page.
    pub layout: Layout,
    /// What stands beside its text, in Markdown; empty once it is among the blocks.
    pub sidebar: Option<String>,
    /// Files that the page gets as attachments, whether anything on it leads to them or not; as
    /// links name files.
    pub attachments: Vec<String>,
    /// Where each of them is named; empty where that is not known.
    pub attachment_places: Vec<Place>,
    /// Keys of the front matter that are shown on the page, with their values.
    pub shown: Vec<(String, Value)>,
    /// Whether the file is to be published at all.
    pub publish: bool,
    /// Everything else; and, as they are written, the keys whose values have a form of their own.
    pub other: BTreeMap<String, Value>,
}

impl FrontMatter {
    /// Whether the page stays below the one that people put it below, while its file does not move.
    pub fn keeps_place(&self) -> bool {
        const KEYS: [&str; 3] = ["keep_place", "keep-place", "connie-dont-change-parent-page"];
        self.other.iter().any(|(key, value)| {
            KEYS.iter().any(|known| key.eq_ignore_ascii_case(known)) && *value == Value::Bool(true)
        })
    }
}

impl Default for FrontMatter {
    fn default() -> Self {
        Self {
            title: None,
            labels: Vec::new(),
            parent: None,
            space: None,
            page_id: None,
            format: None,
            editor: None,
            properties: BTreeMap::new(),
            kind: PageKind::default(),
            posted: None,
            restrictions: Restrictions::default(),
            layout: Layout::default(),
            sidebar: None,
            attachments: Vec::new(),
            attachment_places: Vec::new(),
            shown: Vec::new(),
            publish: true,
            other: BTreeMap::new(),
        }
    }
}

/// How the pictures and tables of a page stand on it, where they say nothing themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where a picture stands that has a line of its own.
    pub pictures: Alignment,
    /// How wide a picture is shown at most, in pixels.
    pub picture_width: Option<u32>,
    /// Whether tables stand at the left, and not in the middle.
    pub tables_left: bool,
    /// How wide tables are, in pixels.
    pub table_width: Option<u32>,
    /// Whether columns keep their width on small screens.
    pub fixed_columns: bool,
}

impl Layout {
    /// Where a picture stands that has a line of its own and says nothing itself.
    pub(super) fn picture_side(&self) -> Option<PictureSide> {
        match self.pictures {
            Alignment::None => None,
            Alignment::Left => Some(PictureSide::Start),
            Alignment::Center => Some(PictureSide::Center),
            Alignment::Right => Some(PictureSide::End),
        }
    }

    /// The size that a picture is shown in. `file` is the width that its file has.
    pub(super) fn shown(
        &self,
        (width, height): (Option<u32>, Option<u32>),
        file: Option<u32>,
    ) -> (Option<u32>, Option<u32>) {
        match (self.picture_width, width.or(file)) {
            (Some(most), Some(wide)) if wide > most => {
                // The height follows, so that nothing is stretched.
                let scaled = |height: u32| u64::from(height) * u64::from(most) / u64::from(wide);
                let height = height.filter(|_| width.is_some());
                let height = height.and_then(|height| u32::try_from(scaled(height)).ok());
                (Some(most), height.map(|height| height.max(1)))
            }
            _ => (width, height),
        }
    }
}

/// The size that a picture is shown in by its words, as Obsidian has it: `100` or `100x50`.
pub(crate) fn size_of(words: &str) -> Option<(u32, Option<u32>)> {
    let pixels = |words: &str| {
        let is_number = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
        let number = words.parse().ok().filter(|_| is_number)?;
        (1..20_000).contains(&number).then_some(number)
    };
    match words.split_once('x') {
        Some((width, height)) => Some((pixels(width)?, Some(pixels(height)?))),
        None => Some((pixels(words)?, None)),
    }
}

/// The words for a picture before its size, and the size, where a bar parts them.
pub(crate) fn size_behind(words: &str) -> Option<(&str, (u32, Option<u32>))> {
    let bar = memchr::memrchr(b'|', words.as_bytes())?;
    let (words, size) = (&words[..bar], &words[bar + 1..]);
    Some((words.trim_end(), size_of(size.trim())?))
}

/// A line and a column of the source, both counted from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// Something with its place in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub is: T,
}

/// A reference to something outside the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Link or picture.
    pub kind: ReferenceKind,
    /// The target as written, with entities decoded.
    pub target: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

/// Link or picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A link.
    Link,
    /// A picture.
    Image,
}

/// Something that could not be kept in form, or is probably a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code such as `link.target_missing`.
    pub code: &'static str,
    /// What happened, to which thing.
    pub message: Sentence,
    /// The line, counted from 1; 0 when it is about the whole page.
    pub line: u32,
    /// The column, counted from 1; 0 when it is about the whole page.
    pub column: u32,
}

impl Problem {
    /// Whether a page that may have no problems may have this one.
    pub fn is_note(&self) -> bool {
        self.severity == Severity::Note
    }

    /// The same at a place.
    pub(super) fn at(self, place: Place) -> Self {
        Self {
            line: place.line,
            column: place.column,
            ..self
        }
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The page says everything, in a form that it was given here, and nothing is wrong with its
    /// source: what allows no problems allows it.
    Note,
    /// The page says everything, perhaps in another form.
    Warning,
    /// The page would say something wrong.
    Error,
}

/// A part of the page that stands on its own lines.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The text.
        content: Vec<Inline>,
        /// The anchor, as GitHub names it.
        anchor: String,
        /// How it is aligned, where HTML says so.
        alignment: Alignment,
    },
    /// A paragraph.
    Paragraph {
        /// The text.
        content: Vec<Inline>,
        /// How it is aligned, where HTML says so.
        alignment: Alignment,
    },
    /// A list.
    List {
        /// The first number of a numbered list; none for bullets.
        start: Option<u64>,
        /// The entries.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// Rows of head cells.
        head: Vec<Row>,
        /// The other rows.
        body: Vec<Row>,
        /// How it stands on the page, where it says so itself.
        look: TableLook,
    },
    /// Preformatted text.
    Code {
        /// The language as the source names it.
        language: Option<String>,
        /// A title.
        title: Option<String>,
        /// The number of its first line, when its lines are numbered.
        first_line: Option<u32>,
        /// Whether a reader opens it first.
        is_collapsed: bool,
        /// The text, without the last line break.
        text: String,
    },
    /// A quotation.
    Quote(Vec<Placed<Block>>),
    /// A colored panel.
    Panel {
        /// Which.
        kind: PanelKind,
        /// What it holds.
        blocks: Vec<Placed<Block>>,
    },
    /// A section that a reader opens.
    Expand {
        /// The line that is always shown.
        title: String,
        /// What it holds.
        blocks: Vec<Placed<Block>>,
    },
    /// What other pages show of this one.
    Excerpt {
        /// Whether this page does not show it.
        is_hidden: bool,
        /// What it holds.
        blocks: Vec<Placed<Block>>,
    },
    /// Terms and their definitions.
    Definitions(Vec<Definition>),
    /// A line across the page.
    Rule,
    /// A list of the page's headings.
    TableOfContents,
    /// The notes, by number.
    Footnotes(Vec<Footnote>),
    /// Nodes of the Atlassian Document Format that an author wrote down as they are.
    Adf {
        /// The text of the author.
        source: String,
        /// The nodes, each of which may stand in a document.
        nodes: Vec<Value>,
        /// The same in the model, where it has forms for all of it.
        blocks: Option<Vec<Placed<Block>>>,
    },
    /// A part of a stored page that the model has no form for.
    Foreign {
        /// The storage format before the blocks, as it stands; all of it when it holds none.
        start: String,
        /// What it holds.
        blocks: Vec<Placed<Block>>,
        /// The storage format after the blocks.
        end: String,
    },
}

/// A footnote.
#[derive(Debug, Clone, PartialEq)]
pub struct Footnote {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub blocks: Vec<Placed<Block>>,
    /// How often the text refers to it.
    pub mentions: usize,
}

/// A term and what it means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definition {
    /// The term.
    pub term: Vec<Inline>,
    /// Its meanings.
    pub meanings: Vec<Vec<Placed<Block>>>,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Whether it is a task, and done.
    pub checked: Option<bool>,
    /// Whether it is a decision.
    pub is_decision: bool,
    /// What it holds.
    pub blocks: Vec<Placed<Block>>,
}

impl Item {
    /// What an entry begins with whose list cannot hold it as what it is.
    pub(super) fn sign(&self) -> Option<&'static str> {
        match self.checked {
            Some(true) => Some("☑ "),
            Some(false) => Some("☐ "),
            None => self.is_decision.then_some(DECISION),
        }
    }
}

/// What a decision begins with in Markdown: what people type for one in Confluence's editor.
pub(super) const DECISION: &str = "<> ";

/// The lines of a list whose entries are all decisions, of which each has one; none for any other.
pub(super) fn decisions(start: Option<u64>, items: &[Item]) -> Option<Vec<&[Inline]>> {
    fn line(item: &Item) -> Option<&[Inline]> {
        match item.blocks.as_slice() {
            _ if !item.is_decision || item.checked.is_some() => None,
            [] => Some(&[]),
            [
                Placed {
                    is:
                        Block::Paragraph {
                            content,
                            alignment: Alignment::None,
                        },
                    ..
                },
            ] => Some(content),
            _ => None,
        }
    }
    match start {
        None if !items.is_empty() => items.iter().map(line).collect(),
        _ => None,
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Whether it heads its row or column.
    pub is_head: bool,
    /// How it is aligned.
    pub alignment: Alignment,
    /// Columns it spans.
    pub columns: u32,
    /// Rows it spans.
    pub rows: u32,
    /// The color behind it, as red, green and blue.
    pub background: Option<[u8; 3]>,
    /// What hardly any cell says of itself.
    pub look: CellLook,
    /// What it holds.
    pub blocks: Vec<Placed<Block>>,
}

/// How high the text of a cell stands, and what the cell heads, where it says so itself; in the words
/// of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellLook {
    /// How high its text stands: `top`, `middle` or `bottom`.
    pub height: Option<&'static str>,
    /// What it heads: `col`, `row`, `colgroup` or `rowgroup`.
    pub scope: Option<&'static str>,
}

impl CellLook {
    /// The same from the words of attributes; what is none of the words says nothing.
    pub(super) fn of(height: Option<&str>, scope: Option<&str>) -> Self {
        let known = |words: &'static [&'static str], said: Option<&str>| {
            let said = said?.trim();
            let mut words = words.iter();
            words.find(|word| word.eq_ignore_ascii_case(said)).copied()
        };
        Self {
            height: known(&["top", "middle", "bottom"], height),
            scope: known(&["col", "row", "colgroup", "rowgroup"], scope),
        }
    }

    /// The attributes that say it in HTML and storage format.
    pub(super) fn attributes(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let said = [("scope", self.scope), ("valign", self.height)];
        said.into_iter()
            .filter_map(|(name, said)| said.map(|said| (name, said)))
    }
}

/// How text is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alignment {
    /// As its surroundings are.
    #[default]
    None,
    /// To the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// How a table stands on its page, where it says so itself and not the whole page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableLook {
    /// Where it stands or how far it reaches, in Confluence's words: `wide`, `align-start`.
    pub layout: Option<String>,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Whether its columns keep their width on small screens.
    pub fixed_columns: bool,
    /// Whether its rows are numbered.
    pub numbered: bool,
    /// The widths of its columns in pixels; empty where none is told, 0 for one that is not.
    pub columns: Vec<u32>,
}

impl TableLook {
    /// How it stands on a page whose tables stand as the page says where they say nothing.
    pub(super) fn on(&self, page: Layout) -> Self {
        let left = || page.tables_left.then(|| "align-start".to_owned());
        Self {
            layout: self.layout.clone().or_else(left),
            width: self.width.or(page.table_width),
            fixed_columns: self.fixed_columns || page.fixed_columns,
            ..self.clone()
        }
    }

    /// The widths of the columns that a cell spans which begins at one; none where one of them has
    /// none.
    pub(super) fn widths(&self, from: usize, count: u32) -> Option<&[u32]> {
        let to = from + usize::try_from(count).ok()?;
        let widths = self.columns.get(from..to)?;
        (!widths.contains(&0)).then_some(widths)
    }
}

/// Where tables can stand, and how far they can reach, in Confluence's words.
pub(super) fn is_table_layout(word: &str) -> bool {
    matches!(
        word,
        "wide" | "full-width" | "center" | "align-end" | "align-start"
    )
}

/// A number of pixels as HTML and styles write it.
pub(super) fn pixels(written: &str) -> Option<u32> {
    let written = written.trim();
    let number = written.strip_suffix("px").unwrap_or(written).trim();
    let number: f64 = number.parse().ok()?;
    (1.0..20_000.0)
        .contains(&number)
        .then(|| number.round() as u32)
}

/// Where a picture stands, and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureSide {
    /// At the beginning of the line.
    Start,
    /// In the middle.
    Center,
    /// At the end of the line.
    End,
    /// At the left, with text beside it.
    WrapLeft,
    /// At the right, with text beside it.
    WrapRight,
    /// Wider than the text.
    Wide,
    /// As wide as the page.
    FullWidth,
}

impl PictureSide {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Start, "align-start"),
        (Self::Center, "center"),
        (Self::End, "align-end"),
        (Self::WrapLeft, "wrap-left"),
        (Self::WrapRight, "wrap-right"),
        (Self::Wide, "wide"),
        (Self::FullWidth, "full-width"),
    ];

    /// What Confluence calls it.
    pub(super) fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(side, _)| *side == self);
        found.map_or("", |(_, name)| name)
    }

    /// What Confluence means by a name.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(side, _)| *side)
    }

    /// What storage format says beside it, for the editor of before.
    pub(super) fn align(self) -> &'static str {
        match self {
            Self::Start | Self::WrapLeft => "left",
            Self::End | Self::WrapRight => "right",
            Self::Center | Self::Wide | Self::FullWidth => "center",
        }
    }
}

/// The kinds of alerts that GitHub knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelKind {
    /// `[!NOTE]`
    Note,
    /// `[!TIP]`
    Tip,
    /// `[!IMPORTANT]`
    Important,
    /// `[!WARNING]`
    Warning,
    /// `[!CAUTION]`
    Caution,
}

/// A part of a line of text.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Text in the type of code.
    Code(String),
    /// Text in another style.
    Styled(Style, Vec<Inline>),
    /// A link.
    Link {
        /// The target as written.
        target: String,
        /// The words shown when pointed at.
        title: String,
        /// The text.
        content: Vec<Inline>,
        /// Where it begins.
        place: Place,
    },
    /// A picture.
    Image {
        /// The target as written.
        target: String,
        /// The words shown when pointed at.
        title: String,
        /// The words in its stead.
        alt: String,
        /// Width in pixels.
        width: Option<u32>,
        /// Width in per cent of the line that it may take, where none is told in pixels.
        percent: Option<u32>,
        /// Height in pixels.
        height: Option<u32>,
        /// Where it stands, where it says so itself.
        side: Option<PictureSide>,
        /// Whether a line is drawn around it.
        has_border: bool,
        /// Whether it stands in its line although nothing else does.
        is_in_line: bool,
        /// Where it begins.
        place: Place,
    },
    /// A formula in LaTeX.
    Math {
        /// The LaTeX between the signs.
        source: String,
        /// Whether it stands by itself, as between `$$`.
        displayed: bool,
        /// Where it begins.
        place: Place,
    },
    /// A line break that the author wants.
    Break,
    /// A place that links can lead to.
    Anchor(String),
    /// The number of a footnote.
    FootnoteMention {
        /// The footnote's number.
        number: usize,
        /// Which mention of it this is, from 1.
        mention: usize,
    },
    /// A part of a stored line that the model has no form for.
    Foreign {
        /// The storage format before the text, as it stands; all of it when it holds none.
        start: String,
        /// What it holds. Where nothing ends it, the words that its author wrote for it, which stand
        /// in its stead where it cannot be shown.
        content: Vec<Inline>,
        /// The storage format after the text.
        end: String,
    },
}

/// The styles of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Slanted.
    Emphasis,
    /// Bold.
    Strong,
    /// Struck through.
    Strike,
    /// Underlined.
    Underline,
    /// Lowered.
    Subscript,
    /// Raised.
    Superscript,
    /// Small.
    Small,
    /// Code that holds other styles.
    Code,
    /// The name of a key.
    Keyboard,
    /// Marked with color.
    Mark,
}

/// Visits every block, the ones inside others after them.
pub(crate) fn each_block(blocks: &mut [Placed<Block>], visit: &mut dyn FnMut(&mut Block)) {
    each_placed_block(blocks, &mut |block| visit(&mut block.is));
}

/// Visits every block with its place, the ones inside others after them.
pub(crate) fn each_placed_block(
    blocks: &mut [Placed<Block>],
    visit: &mut dyn FnMut(&mut Placed<Block>),
) {
    for block in blocks {
        visit(block);
        match &mut block.is {
            Block::List { items, .. } => {
                for item in items {
                    each_placed_block(&mut item.blocks, visit);
                }
            }
            Block::Table { head, body, .. } => {
                for cell in head.iter_mut().chain(body).flat_map(|row| &mut row.cells) {
                    each_placed_block(&mut cell.blocks, visit);
                }
            }
            Block::Quote(blocks)
            | Block::Panel { blocks, .. }
            | Block::Expand { blocks, .. }
            | Block::Excerpt { blocks, .. }
            | Block::Adf {
                blocks: Some(blocks),
                ..
            }
            | Block::Foreign { blocks, .. } => each_placed_block(blocks, visit),
            Block::Definitions(entries) => {
                for meaning in entries.iter_mut().flat_map(|entry| &mut entry.meanings) {
                    each_placed_block(meaning, visit);
                }
            }
            Block::Footnotes(notes) => {
                for note in notes {
                    each_placed_block(&mut note.blocks, visit);
                }
            }
            Block::Heading { .. }
            | Block::Paragraph { .. }
            | Block::Code { .. }
            | Block::Adf { blocks: None, .. }
            | Block::Rule
            | Block::TableOfContents => {}
        }
    }
}

/// Visits every line of text that stands in a block of its own.
pub(crate) fn each_line(blocks: &mut [Placed<Block>], visit: &mut dyn FnMut(&mut Vec<Inline>)) {
    each_block(blocks, &mut |block| match block {
        Block::Heading { content, .. } | Block::Paragraph { content, .. } => visit(content),
        Block::Definitions(entries) => {
            for entry in entries {
                visit(&mut entry.term);
            }
        }
        _ => {}
    });
}

/// The same with the place of the block that the line is, where it is one.
pub(crate) fn each_placed_line(
    blocks: &mut [Placed<Block>],
    visit: &mut dyn FnMut(&mut Vec<Inline>, Place),
) {
    each_placed_block(blocks, &mut |block| {
        let place = block.place;
        match &mut block.is {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                visit(content, place);
            }
            Block::Definitions(entries) => {
                for entry in entries {
                    visit(&mut entry.term, place);
                }
            }
            _ => {}
        }
    });
}

/// Gives blocks that were read of a part of a document the place of that part.
pub(super) fn put_blocks_at(blocks: &mut [Placed<Block>], place: Place) {
    each_placed_block(blocks, &mut |block| {
        block.place = place;
        match &mut block.is {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                put_at(content, place);
            }
            _ => {}
        }
    });
}

fn put_at(content: &mut [Inline], at: Place) {
    for inline in content {
        match inline {
            Inline::Link { content, place, .. } => {
                *place = at;
                put_at(content, at);
            }
            Inline::Styled(_, content) | Inline::Foreign { content, .. } => put_at(content, at),
            Inline::Image { place, .. } | Inline::Math { place, .. } => *place = at,
            _ => {}
        }
    }
}
