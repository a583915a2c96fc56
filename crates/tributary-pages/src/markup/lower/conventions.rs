//! Lines that authors write as text, and that mean something else by convention.

use percent_encoding::percent_decode_str;

use super::super::document::{Block, Inline, PanelKind, Placed, Style};
use super::super::{LinkTarget, page_of_target};

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

/// What a link with an address of Confluence's own stands for: a person who is mentioned, or an
/// issue of Jira. `confluence:user/ID`, `confluence:jira/KEY-1`.
pub(super) fn linked(target: &str) -> Option<Inline> {
    if let Some(id) = target.strip_prefix("confluence:user/") {
        let id = percent_decode_str(id).decode_utf8().ok()?;
        if id.trim().is_empty() {
            return None;
        }
        let digits = id.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Cloud knows people by account ids, Data Center by keys or by the names they sign in with.
        let name = match id.len() {
            24 if digits => "ri:account-id",
            _ if id.contains(':') => "ri:account-id",
            32 if digits => "ri:userkey",
            _ => "ri:username",
        };
        let id = html_escape::encode_double_quoted_attribute(&id);
        return Some(foreign(format!(
            "<ac:link><ri:user {name}=\"{id}\" /></ac:link>"
        )));
    }
    let key = target.strip_prefix("confluence:jira/")?;
    let (project, number) = key.rsplit_once('-')?;
    let is_project = project.starts_with(|first: char| first.is_ascii_uppercase())
        && project
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_project && is_number).then(|| {
        foreign(format!(
            "<ac:structured-macro ac:name=\"jira\" ac:schema-version=\"1\">\
             <ac:parameter ac:name=\"key\">{key}</ac:parameter></ac:structured-macro>"
        ))
    })
}

/// What a picture with an address of Confluence's own stands for: another page that is shown here,
/// or its excerpt. `confluence:page/SPACE/Title`, `confluence:excerpt/Title`.
pub(super) fn shown(target: &str) -> Option<Inline> {
    let (name, page) = match target.strip_prefix("confluence:excerpt/") {
        Some(page) => ("excerpt-include", format!("confluence:page/{page}")),
        None => ("include", target.to_owned()),
    };
    let LinkTarget::Page { title, space, .. } = page_of_target(&page)? else {
        return None;
    };
    if title.trim().is_empty() {
        return None;
    }
    let attribute = |name: &str, value: &str| {
        let value = html_escape::encode_double_quoted_attribute(value);
        format!(" {name}=\"{value}\"")
    };
    let space = space.map_or_else(String::new, |space| attribute("ri:space-key", &space));
    let title = attribute("ri:content-title", &title);
    Some(foreign(format!(
        "<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\">\
         <ac:parameter ac:name=\"\"><ac:link><ri:page{space}{title} /></ac:link></ac:parameter>\
         </ac:structured-macro>"
    )))
}

/// A day, by the element that HTML has for it.
pub(super) fn day(written: &str) -> Option<Inline> {
    let written = written.trim();
    let is_digit = |at: usize| written.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let is_day = written.len() == 10
        && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
        && written[4..].starts_with('-')
        && written[7..].starts_with('-');
    is_day.then(|| foreign(format!("<time datetime=\"{written}\" />")))
}

fn foreign(start: String) -> Inline {
    Inline::Foreign {
        start,
        content: Vec::new(),
        end: String::new(),
    }
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
