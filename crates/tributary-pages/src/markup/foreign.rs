//! What a reader is told of storage format that the model has no form for.

use std::borrow::Cow;

use serde_json::Value;

use super::adf_raw::ADF;
use super::storage_text::storage_text;
use super::storage_tree::{child, grow, is_whole, macro_name, only_element, parameters};
use super::tree::FOREIGN;
use super::vocabulary::{KEPT, KEPT_NODE};
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

/// What a fragment of a line is as code in Markdown, and what marks the code as it.
pub(super) fn as_code(start: &str) -> (Cow<'_, str>, &'static str) {
    match kept_node(start) {
        Some(node) => (node.to_string().into(), ADF),
        None => (start.into(), FOREIGN),
    }
}

/// The node, as it stands, that a fragment keeps.
pub(super) fn kept_node(start: &str) -> Option<Value> {
    // Most of a page is none, and is not taken apart to learn it.
    if !start.contains(KEPT) || !is_whole(start, "") {
        return None;
    }
    let tree = grow(start);
    let id = only_element(&tree)?;
    if macro_name(&tree, id)? != KEPT {
        return None;
    }
    let text = match child(&tree, id, "ac:plain-text-body") {
        Some(body) => tree.text_of(body),
        None => {
            parameters(&tree, id)
                .find(|(name, _)| *name == KEPT_NODE)?
                .1
        }
    };
    serde_json::from_str(&text).ok()
}

/// What a node is called that was kept as it stands; none for any other part of a page.
fn kept_name(start: &str) -> Option<Sentence> {
    let kind = kept_node(start)?["type"].as_str()?.to_owned();
    Some(format!("`{kind}`").into())
}

/// The text that a node shows which was kept as it stands.
pub(super) fn text_in(raw: &Value) -> String {
    let said = raw["attrs"]["text"].as_str().unwrap_or_default();
    let own = raw["text"].as_str().unwrap_or(said);
    let inner = raw["content"].as_array().into_iter().flatten().map(text_in);
    let words = std::iter::once(own.to_owned()).chain(inner);
    words
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
