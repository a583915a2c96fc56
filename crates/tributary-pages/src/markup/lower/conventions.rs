//! Lines that authors write as text, and that mean something else by convention.

use super::super::document::{Block, Inline, PanelKind, Placed, Style};
use super::super::short_forms::ShortForm;
use super::plain_text;

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
