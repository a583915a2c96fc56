//! Lines that authors write as text, and that mean something else by convention.

use std::borrow::Cow;

use super::super::document::{Block, DECISION, Inline, PanelKind, Placed, Row, Style};
use super::super::short_forms::ShortForm;
use super::super::tree::{Kind, Node};
use super::{Lower, is_inline, plain_text};

/// What Confluence fills in where a line says so: the headings, or the pages below.
pub(super) fn marked_block(line: &str) -> Option<Block> {
    Some(match line {
        "[TOC]" | "[[_TOC_]]" | "[[TOC]]" | "[toc]" => Block::TableOfContents,
        "[[_LISTING_]]" => Block::Foreign {
            start: ShortForm::Listing.storage(),
            blocks: Vec::new(),
            end: String::new(),
        },
        _ => return None,
    })
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
