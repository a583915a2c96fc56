//! What a Git host shows of a file, beside the page that publishing makes of it.
//!
//! It is what GitHub documents of its renderer: GitHub-flavored Markdown with alerts, footnotes,
//! emoji, formulas and Mermaid, and front matter as a table. What MkDocs, Docusaurus, `md2conf` and
//! this program add to that are words to a host, and are left as they stand; the readers ask
//! [`Dialect`] where the two part. What other hosts do otherwise is [`HostLook`]'s.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Map, Value};

use super::content::plain_text;
use super::dialect::{Dialect, HostLook};
use super::document::{
    Alignment, Block, Cell, CellLook, Document, Inline, Item, Place, Placed, Row, TableLook,
    each_placed_block,
};
use super::drawing::DrawingKind;
use super::lower::lower_as;
use super::places::Places;
use super::source_kind::SourceKind;
use super::{front_matter, tree};

/// Front matter in front matter beyond this is text: nobody writes it.
const DEEPEST: usize = 8;
/// So often the contents are filled in. Nobody asks for them more often, and each names every heading.
const MOST_CONTENTS: usize = 10;

/// Whether a Git host shows more of such a file than its source.
pub fn has_host_look(path: &str) -> bool {
    match SourceKind::of_path(path) {
        SourceKind::Code => DrawingKind::of_path(path) == Some(DrawingKind::Mermaid),
        _ => true,
    }
}

/// Reads Markdown as a host does.
pub(super) fn read_markdown(text: &str, look: HostLook) -> Document {
    let (said, rest) = front_matter::of_host(text).unwrap_or_default();
    let fenced = match look {
        HostLook::AzureDevOps => with_fences(text, rest),
        HostLook::GitHub | HostLook::GitLab | HostLook::Bitbucket => Cow::Borrowed(text),
    };
    let masked = tree::mask_as(&fenced, Dialect::Host(look));
    let (root, _) = tree::grow(&masked, rest);
    let mut document = lower_as(Places::new(text), root, Dialect::Host(look));
    if look == HostLook::GitLab {
        fill_contents(&mut document.blocks);
    }
    if !said.is_empty() {
        document.blocks.insert(0, placed(table(said, DEEPEST)));
        document.title = None;
    }
    document
}

/// A text in which lines between `::: mermaid` and `:::` are code between fences, which is as long, so
/// that every place stays what it is. What nothing ends, and what stands in code, is left.
fn with_fences(text: &str, from: usize) -> Cow<'_, str> {
    if !text[from..].contains(":::") {
        return Cow::Borrowed(text);
    }
    let mut codes = Parser::new_ext(&text[from..], tree::OPTIONS)
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Start(Tag::CodeBlock(_))))
        .map(|(_, range)| from + range.start..from + range.end)
        .peekable();
    let mut made = text.as_bytes().to_vec();
    // Where the colons of one that is open are, and whether a line of it begins as code would.
    let mut open: Option<(Range<usize>, bool)> = None;
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let colons = colons_of(line).map(|(colons, behind)| {
            let colons = start + colons.start..start + colons.end;
            (colons, behind)
        });
        match (&mut open, colons) {
            (None, Some((colons, "mermaid"))) => {
                while codes.next_if(|code| code.end <= colons.start).is_some() {}
                if codes.peek().is_none_or(|code| code.start > colons.start) {
                    open = Some((colons, false));
                }
            }
            (Some((begun, holds_fence)), Some((colons, ""))) if colons.len() >= begun.len() => {
                let sign = if *holds_fence { b'~' } else { b'`' };
                made[begun.clone()].fill(sign);
                made[colons].fill(sign);
                open = None;
            }
            (Some((_, holds_fence)), _) => *holds_fence |= line.trim_start().starts_with("```"),
            (None, _) => {}
        }
    }
    // Signs of one byte took the place of signs of one byte.
    String::from_utf8(made).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Where the colons are that a line begins with as a fence would, and what is behind them.
fn colons_of(line: &str) -> Option<(Range<usize>, &str)> {
    let start = line.len() - line.trim_start_matches(' ').len();
    let rest = line[start..].trim_start_matches(':');
    let end = line.len() - rest.len();
    (start <= 3 && end - start >= 3).then(|| (start..end, rest.trim()))
}

/// A heading, as the contents name it.
struct Named {
    level: u8,
    words: String,
    anchor: String,
}

/// Fills in the contents where the text asks for them.
fn fill_contents(blocks: &mut [Placed<Block>]) {
    let (mut headings, mut is_asked) = (Vec::new(), false);
    each_placed_block(blocks, &mut |block| match &block.is {
        Block::Heading {
            level,
            content,
            anchor,
            ..
        } => headings.push(Named {
            level: *level,
            words: plain_text(content),
            anchor: anchor.clone(),
        }),
        Block::TableOfContents => is_asked = true,
        _ => {}
    });
    if !is_asked {
        return;
    }
    let mut left = MOST_CONTENTS;
    each_placed_block(blocks, &mut |block| {
        if block.is == Block::TableOfContents && left > 0 {
            block.is = contents(&headings, block.place);
            left -= 1;
        }
    });
}

/// A list of headings, those of a lower rank below the one that they follow.
fn contents(headings: &[Named], place: Place) -> Block {
    let mut items = Vec::new();
    let mut rest = headings;
    while let [first, behind @ ..] = rest {
        let below = behind.iter().take_while(|one| one.level > first.level);
        let (below, after) = behind.split_at(below.count());
        let link = Inline::Link {
            target: format!("#{}", first.anchor),
            title: String::new(),
            content: vec![Inline::Text(first.words.clone())],
            place,
        };
        let is = Block::Paragraph {
            content: vec![link],
            alignment: Alignment::None,
        };
        let mut blocks = vec![Placed { place, is }];
        if !below.is_empty() {
            let is = contents(below, place);
            blocks.push(Placed { place, is });
        }
        items.push(Item {
            checked: None,
            is_decision: false,
            blocks,
        });
        rest = after;
    }
    Block::List { start: None, items }
}

/// Puts what a page shows of its front matter above its text, as a host does with all of it.
pub(super) fn show_front_matter(document: &mut Document) {
    let shown = std::mem::take(&mut document.front_matter.shown);
    if !shown.is_empty() {
        let shown = table(shown.into_iter().collect(), DEEPEST);
        document
            .blocks
            .insert(document.below_title(), placed(shown));
    }
}

fn placed(is: Block) -> Placed<Block> {
    let place = Place { line: 1, column: 1 };
    Placed { place, is }
}

/// What front matter says, names above their values.
fn table(said: Map<String, Value>, depth: usize) -> Block {
    let (names, values): (Vec<_>, Vec<_>) = said.into_iter().unzip();
    let cell = |is_head: bool, blocks| Cell {
        is_head,
        alignment: Alignment::None,
        columns: 1,
        rows: 1,
        background: None,
        look: CellLook::default(),
        blocks,
    };
    let heads = names.into_iter().map(|name| cell(true, vec![words(name)]));
    let values = values.into_iter();
    let values = values.map(|value| cell(false, shown(value, depth)));
    Block::Table {
        head: vec![Row {
            cells: heads.collect(),
        }],
        body: vec![Row {
            cells: values.collect(),
        }],
        look: TableLook::default(),
    }
}

/// A value, in a cell.
fn shown(value: Value, depth: usize) -> Vec<Placed<Block>> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![words(text)],
        Value::Array(values) if depth > 0 && !values.is_empty() => {
            let cells = values.into_iter().map(|value| Cell {
                is_head: false,
                alignment: Alignment::None,
                columns: 1,
                rows: 1,
                background: None,
                look: CellLook::default(),
                blocks: shown(value, depth - 1),
            });
            vec![placed(Block::Table {
                head: Vec::new(),
                body: vec![Row {
                    cells: cells.collect(),
                }],
                look: TableLook::default(),
            })]
        }
        Value::Object(said) if depth > 0 && !said.is_empty() => {
            vec![placed(table(said, depth - 1))]
        }
        other => vec![words(other.to_string())],
    }
}

fn words(text: String) -> Placed<Block> {
    placed(Block::Paragraph {
        content: vec![Inline::Text(text)],
        alignment: Alignment::None,
    })
}
