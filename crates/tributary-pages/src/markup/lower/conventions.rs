//! Lines that authors write as text, and that mean something else by convention.

use std::borrow::Cow;

use super::super::content::plain_text;
use super::super::dialect::{Dialect, HostLook};
use super::super::document::{Alignment, Block, DECISION, Inline, PanelKind, Placed, Row, Style};
use super::super::generators::panel_of;
use super::super::generators::{capital, is_named_by_panel};
use super::super::node::{Kind, Node};
use super::super::short_forms::ShortForm;
use super::super::title::{beside, words_of};
use super::{Lower, is_inline, trim};

/// What is filled in where a line says so: by Confluence the headings or the pages below, by GitLab the
/// headings.
pub(super) fn marked_block(line: &str, dialect: Dialect) -> Option<Block> {
    if dialect.is_host() {
        let is_filled = dialect == Dialect::Host(HostLook::GitLab)
            && matches!(line, "[[_TOC_]]" | "[TOC]" | "[toc]");
        return is_filled.then_some(Block::TableOfContents);
    }
    Some(match line {
        "[TOC]" | "[[_TOC_]]" | "[[TOC]]" | "[toc]" | "[[toc]]" => Block::TableOfContents,
        "[[_LISTING_]]" | "[[_TOSP_]]" => Block::Foreign {
            start: ShortForm::Listing.storage(),
            blocks: Vec::new(),
            end: String::new(),
        },
        _ => return None,
    })
}

/// Storage format that is not let through, as the code that it is.
pub(super) fn code_of(mut text: String) -> Block {
    if text.ends_with('\n') {
        text.pop();
    }
    Block::Code {
        language: None,
        title: None,
        first_line: None,
        is_collapsed: false,
        text,
    }
}

/// Storage format in a line, with the words that its author wrote for it where those say more than
/// the form itself.
pub(super) fn short(form: &ShortForm, words: Vec<Inline>) -> Inline {
    let written = plain_text(&words);
    let said = written.trim();
    let is_said = said.is_empty() || said == form.words();
    Inline::Foreign {
        start: form.storage(),
        content: if is_said { Vec::new() } else { words },
        end: String::new(),
    }
}

/// The panel that a quotation is whose first line is `NOTE:` or the like, as GitLab's own
/// documentation writes it. The word stays, in bold.
pub(super) fn gitlab_alert(blocks: &mut [Placed<Block>]) -> Option<PanelKind> {
    let Some(Block::Paragraph { content, .. }) = blocks.first_mut().map(|first| &mut first.is)
    else {
        return None;
    };
    let Some(Inline::Text(text)) = content.first_mut() else {
        return None;
    };
    let (word, rest) = text.split_once('\n')?;
    let kind = match word.trim_end() {
        "NOTE:" | "FLAG:" | "DISCLAIMER:" => PanelKind::Note,
        "WARNING:" => PanelKind::Warning,
        _ => return None,
    };
    let word = vec![Inline::Text(word.trim_end().to_owned())];
    *text = format!("\n{rest}");
    content.insert(0, Inline::Styled(Style::Strong, word));
    Some(kind)
}

/// Whether a quotation may be a callout of Obsidian: it begins with a bracket that no backslash keeps
/// from meaning something.
pub(super) fn begins_callout(quote: &Node<'_>) -> bool {
    let first = quote.children.first();
    let line = first.filter(|first| matches!(first.kind, Kind::Paragraph));
    let text = line.and_then(|line| line.children.first());
    text.is_some_and(|text| matches!(&text.kind, Kind::Text(text) if text.starts_with('[')))
}

/// A quotation whose first line is a callout of Obsidian's, as `[!faq]- Why this way?`: a panel with
/// that title, or what a reader opens where a sign behind the brackets folds it.
pub(super) fn callout(mut blocks: Vec<Placed<Block>>) -> Block {
    let Some((kind, is_folded)) = take_callout(&mut blocks) else {
        return Block::Quote(blocks);
    };
    let place = blocks.first().map(|first| first.place).unwrap_or_default();
    let Some(Block::Paragraph { content, .. }) = blocks.first_mut().map(|first| &mut first.is)
    else {
        return Block::Quote(blocks);
    };
    let mut title = take_line(content);
    trim(&mut title);
    trim(content);
    if content.is_empty() {
        blocks.remove(0);
    }
    if is_folded {
        blocks.splice(0..0, beside(&title, place));
        let title = words_of(&title).unwrap_or_else(|| capital(&kind));
        return Block::Expand { title, blocks };
    }
    let panel = panel_of(&kind);
    if title.is_empty() && panel.is_some() && !is_named_by_panel(&kind) {
        title.push(Inline::Text(capital(&kind)));
    }
    if !title.is_empty() {
        let is = Block::Paragraph {
            content: vec![Inline::Styled(Style::Strong, title)],
            alignment: Alignment::None,
        };
        blocks.insert(0, Placed { place, is });
    }
    match panel {
        Some(kind) => Block::Panel { kind, blocks },
        None => Block::Quote(blocks),
    }
}

/// Takes away the brackets that a callout begins with; gives its kind, and whether it is folded.
fn take_callout(blocks: &mut [Placed<Block>]) -> Option<(String, bool)> {
    let Block::Paragraph { content, .. } = &mut blocks.first_mut()?.is else {
        return None;
    };
    let Inline::Text(text) = content.first_mut()? else {
        return None;
    };
    let (inside, rest) = text.strip_prefix("[!")?.split_once(']')?;
    // Behind a bar are words for themes.
    let kind = inside.split('|').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    if panel_of(&kind).is_none() && !matches!(kind.as_str(), "quote" | "cite") {
        return None;
    }
    let unfolded = rest.strip_prefix(['-', '+']);
    let title = unfolded.unwrap_or(rest);
    if !title.is_empty() && !title.starts_with([' ', '\t', '\n']) {
        return None;
    }
    let (title, is_folded) = (title.to_owned(), unfolded.is_some());
    *text = title;
    Some((kind, is_folded))
}

/// Takes the first line off a text.
fn take_line(content: &mut Vec<Inline>) -> Vec<Inline> {
    let mut line = Vec::new();
    let mut rest = std::mem::take(content).into_iter();
    for inline in rest.by_ref() {
        match inline {
            Inline::Break => break,
            Inline::Text(text) => match text.split_once('\n') {
                Some((before, after)) => {
                    line.push(Inline::Text(before.to_owned()));
                    content.push(Inline::Text(after.to_owned()));
                    break;
                }
                None => line.push(Inline::Text(text)),
            },
            inline => line.push(inline),
        }
    }
    content.extend(rest);
    line
}

impl<'a> Lower<'a> {
    /// Whether entries are decisions, each of one line. One that is none makes the list one like any
    /// other: people write these signs for other things, too.
    pub(super) fn are_decisions(&self, entries: &[Node<'a>]) -> bool {
        let is_one = |entry: &Node<'a>| {
            let line = match entry.children.as_slice() {
                [paragraph] if matches!(paragraph.kind, Kind::Paragraph) => &paragraph.children,
                children => children,
            };
            let begins = |first: &Node<'a>| match &first.kind {
                Kind::Text(text) => {
                    (text.starts_with(DECISION) || *text == DECISION.trim_end())
                        && !self.places.is_escaped(first.at)
                }
                _ => false,
            };
            line.first().is_some_and(begins) && line.iter().all(is_inline)
        };
        self.is_published() && entries.iter().all(is_one)
    }
}

/// Takes away what an entry begins with that is a decision.
pub(super) fn take_decision(item: &mut Node<'_>) {
    let holder = match item.children.first_mut() {
        Some(first) if matches!(first.kind, Kind::Paragraph) => first,
        _ => item,
    };
    if let Some(Node {
        kind: Kind::Text(text),
        at,
        ..
    }) = holder.children.first_mut()
    {
        let length = DECISION.len().min(text.len());
        match text {
            Cow::Borrowed(borrowed) => *borrowed = &borrowed[length..],
            Cow::Owned(owned) => drop(owned.drain(..length)),
        }
        *at += length;
    }
}

pub(super) fn take_task(item: &mut Node<'_>) -> Option<bool> {
    let holder = match item.children.first_mut() {
        Some(first) if matches!(first.kind, Kind::Paragraph) => first,
        _ => item,
    };
    match holder.children.first() {
        Some(Node {
            kind: Kind::Task(checked),
            ..
        }) => {
            let checked = *checked;
            holder.children.remove(0);
            Some(checked)
        }
        _ => None,
    }
}

/// Takes out a second column that has neither a name nor anything in it: in this way authors say
/// that what stands before it heads its row, for which Markdown has no sign.
pub(super) fn head_of_rows(head: &mut [Row], body: &mut [Row]) {
    let parts = |row: &Row| row.cells.len() > 2 && row.cells[1].blocks.is_empty();
    if body.is_empty() || !head.iter().chain(body.iter()).all(parts) {
        return;
    }
    for row in head.iter_mut().chain(body) {
        row.cells.remove(1);
        row.cells[0].is_head = true;
    }
}

pub(super) fn panel_kind(kind: pulldown_cmark::BlockQuoteKind) -> PanelKind {
    use pulldown_cmark::BlockQuoteKind;
    match kind {
        BlockQuoteKind::Note => PanelKind::Note,
        BlockQuoteKind::Tip => PanelKind::Tip,
        BlockQuoteKind::Important => PanelKind::Important,
        BlockQuoteKind::Warning => PanelKind::Warning,
        BlockQuoteKind::Caution => PanelKind::Caution,
    }
}
