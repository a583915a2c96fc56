//! What a reader is told of storage format that the model has no form for.

use super::adf_foreign::kept_node;
use super::adf_reader::kept_name;
use super::adf_writer::text_in;
use super::storage_text::storage_text;
use crate::Sentence;

/// What it is called: `the macro "status"`, or the element's name.
pub(super) fn name(start: &str) -> Sentence {
    if let Some(kept) = kept_name(start) {
        return kept;
    }
    let tag = start.split('>').next().unwrap_or_default();
    let element = tag
        .trim_start()
        .trim_start_matches('<')
        .split(|letter: char| letter.is_whitespace() || letter == '/')
        .next()
        .unwrap_or_default();
    if !matches!(element, "ac:structured-macro" | "ac:macro") {
        return format!("`{element}`").into();
    }
    let named = tag.split_once("ac:name=").map(|(_, rest)| rest);
    let value = named.and_then(|rest| {
        let quote = rest.chars().next()?;
        rest[quote.len_utf8()..].split(quote).next()
    });
    let name = html_escape::decode_html_entities(value.unwrap_or_default());
    sentence!("the macro `{name}`", name)
}

/// The words of it that a reader sees, in one line.
pub(super) fn words(start: &str) -> String {
    if let Some(node) = kept_node(start) {
        return text_in(&node);
    }
    let text = storage_text(start);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
