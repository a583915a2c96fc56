//! What a line of the model shows: its words, and whether it has any.

use super::document::Inline;
use super::foreign::words;

/// The words of some inlines.
pub(super) fn plain_text(content: &[Inline]) -> String {
    let mut text = String::new();
    add_plain_text(content, &mut text);
    text
}

fn add_plain_text(content: &[Inline], text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(more) | Inline::Code(more) | Inline::Math { source: more, .. } => {
                text.push_str(more);
            }
            Inline::Styled(_, content) | Inline::Link { content, .. } => {
                add_plain_text(content, text);
            }
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break => text.push(' '),
            Inline::Foreign {
                start,
                content,
                end,
            } => {
                if content.is_empty() || !end.is_empty() {
                    text.push_str(&words(start));
                }
                add_plain_text(content, text);
            }
            Inline::Anchor(_) | Inline::FootnoteMention { .. } => {}
        }
    }
}

/// Whether readers see nothing of a text.
pub(super) fn is_white(text: &str) -> bool {
    !begins_in_word(text) && text.trim_start().is_empty()
}

/// A text without the white space around it, of which most have none.
pub(super) fn trimmed(text: &str) -> &str {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    match is_word(text.as_bytes().first()) && is_word(text.as_bytes().last()) {
        true => text,
        false => text.trim(),
    }
}

/// Whether the first character of a text is a visible one of ASCII, as that of most is.
pub(super) fn begins_in_word(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_graphic)
}

/// Whether a link with this content shows nothing of its own.
pub(super) fn is_wordless(content: &[Inline]) -> bool {
    content.iter().all(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Math { source: text, .. } => {
            is_white(text)
        }
        Inline::Styled(_, content) | Inline::Link { content, .. } => is_wordless(content),
        Inline::Image { .. } | Inline::FootnoteMention { .. } | Inline::Foreign { .. } => false,
        Inline::Break | Inline::Anchor(_) => true,
    })
}

/// Whether a line is pictures and nothing else.
pub(super) fn are_pictures(content: &[Inline]) -> bool {
    let mut pictures = content.iter().filter(|inline| match inline {
        Inline::Text(text) => !is_white(text),
        _ => true,
    });
    let is_picture = |inline: &Inline| match inline {
        Inline::Image { .. } => true,
        Inline::Link { content, .. } => matches!(content.as_slice(), [Inline::Image { .. }]),
        _ => false,
    };
    let first = pictures.next();
    first.is_some_and(is_picture) && pictures.all(is_picture)
}
