//! Lines that authors write as text, and that mean something else by convention.

use super::super::document::{Block, Inline, PanelKind, Placed, Style};

/// What Confluence fills in where a line says so: the headings, or the pages below.
pub(super) fn marked_block(line: &str) -> Option<Block> {
    Some(match line {
        "[TOC]" | "[[_TOC_]]" | "[[TOC]]" | "[toc]" => Block::TableOfContents,
        "[[_LISTING_]]" => Block::Foreign {
            start: "<ac:structured-macro ac:name=\"children\" ac:schema-version=\"2\">\
                    <ac:parameter ac:name=\"all\">true</ac:parameter></ac:structured-macro>"
                .to_owned(),
            blocks: Vec::new(),
            end: String::new(),
        },
        _ => return None,
    })
}

/// A colored status, in storage format.
pub(super) fn status(words: &str, color: &str) -> Inline {
    let words = html_escape::encode_text(words);
    // Gray is what it is without a color.
    let color = match color {
        "GRAY" => String::new(),
        color => {
            let (first, rest) = color.split_at(1);
            let color = format!("{first}{}", rest.to_ascii_lowercase());
            format!("<ac:parameter ac:name=\"colour\">{color}</ac:parameter>")
        }
    };
    Inline::Foreign {
        start: format!(
            "<ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\">\
             <ac:parameter ac:name=\"title\">{words}</ac:parameter>{color}</ac:structured-macro>"
        ),
        content: Vec::new(),
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
