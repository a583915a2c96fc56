//! What stands in a body in the Atlassian Document Format for what only Confluence knows, and how
//! it is filled in.
//!
//! A link to a page needs the page's address and an attached picture needs its file's id, and
//! neither exists before both are in Confluence. Until then a link leads to the page's title or the
//! file's name below a domain that leads nowhere, and a picture has its file's name as id. A page
//! that is read has the same said of it again, so that it can be compared with what was written.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::writing::LinkTarget;

/// Stands in a body for what only Confluence knows: as the domain of the address of a page or a
/// file, and as the collection of a picture, whose id is then the name of its file. The domain is
/// reserved for names that lead nowhere.
pub const ADF_UNFILLED: &str = "tributary.invalid";

/// A file as Confluence knows it once it is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Where a reader gets it.
    pub address: String,
    /// The id under which pictures are shown.
    pub id: String,
    /// The collection that the id belongs to.
    pub collection: String,
}

/// Puts what Confluence knows into a body. `page` tells the address of a page from its title and,
/// where it is in another space, that space's key; `file` tells of a file that is attached to the
/// page itself. What they do not know stays as it is.
pub fn fill_adf(
    content: &str,
    page: &dyn Fn(&str, Option<&str>) -> Option<String>,
    file: &dyn Fn(&str) -> Option<AttachedFile>,
) -> String {
    let Ok(mut document) = serde_json::from_str(content) else {
        return content.to_owned();
    };
    fill(&mut document, page, file);
    document.to_string()
}

/// Takes out of a body what only Confluence knows: the other way round of [`fill_adf`]. `link` tells
/// what an address, without its fragment, leads to; `file` the name of an attached file by its id.
pub fn unfill_adf(
    content: &str,
    link: &dyn Fn(&str) -> Option<LinkTarget>,
    file: &dyn Fn(&str) -> Option<String>,
) -> String {
    let Ok(mut document) = serde_json::from_str(content) else {
        return content.to_owned();
    };
    unfill(&mut document, link, file);
    document.to_string()
}

/// A body without what is not filled in: links are their words, pictures the names of their files.
/// So nobody who opens a page that is still being published is led to nowhere.
pub fn without_unfilled(content: &str) -> String {
    if !content.contains(ADF_UNFILLED) {
        return content.to_owned();
    }
    let Ok(mut document) = serde_json::from_str(content) else {
        return content.to_owned();
    };
    plain(&mut document);
    document.to_string()
}

/// The titles of the pages of the same space that a body needs the addresses of.
pub fn pages_wanted(content: &str) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for (at, start) in content.match_indices(PAGE) {
        let rest = &content[at + start.len()..];
        // Neither is in an encoded title, and one of them ends it.
        let end = rest.find(['"', '#', '?']).unwrap_or(rest.len());
        if !rest[end..].starts_with('?')
            && let Some(title) = decoded(&rest[..end])
        {
            wanted.insert(title.into_owned());
        }
    }
    wanted
}

/// How the addresses of pages begin until they are filled in.
const PAGE: &str = "https://tributary.invalid/page/";

/// What an address that is not filled in leads to; none for any other address.
pub(super) fn unfilled(address: &str) -> Option<LinkTarget> {
    if let Some(anchor) = address.strip_prefix('#') {
        let anchor = anchor.to_owned();
        return Some(LinkTarget::Anchor(anchor));
    }
    let rest = address.strip_prefix("https://")?;
    let rest = rest.strip_prefix(ADF_UNFILLED)?.strip_prefix('/')?;
    if let Some(name) = rest.strip_prefix("file/") {
        let filename = decoded(name)?.into_owned();
        return Some(LinkTarget::Attachment { filename });
    }
    let rest = rest.strip_prefix("page/")?;
    let (rest, anchor) = match rest.split_once('#') {
        Some((rest, anchor)) => (rest, Some(anchor.to_owned())),
        None => (rest, None),
    };
    let (title, space) = match rest.split_once("?space=") {
        Some((title, space)) => (title, Some(decoded(space)?.into_owned())),
        None => (rest, None),
    };
    Some(LinkTarget::Page {
        title: decoded(title)?.into_owned(),
        space,
        anchor,
    })
}

/// Where a link to a page leads until it is filled in.
pub(super) fn page_address(title: &str, space: Option<&str>, anchor: Option<&str>) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let mut address = format!("https://{ADF_UNFILLED}/page/{}", encoded(title));
    if let Some(space) = space {
        address.push_str(&format!("?space={}", encoded(space)));
    }
    if let Some(anchor) = anchor {
        address.push_str(&format!("#{anchor}"));
    }
    address
}

/// Where a link to an attached file leads until it is filled in.
pub(super) fn file_address(filename: &str) -> String {
    let name = utf8_percent_encode(filename, NON_ALPHANUMERIC);
    format!("https://{ADF_UNFILLED}/file/{name}")
}

fn fill(
    value: &mut Value,
    page: &dyn Fn(&str, Option<&str>) -> Option<String>,
    file: &dyn Fn(&str) -> Option<AttachedFile>,
) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, page, file)),
        Value::Object(object) => {
            if object
                .get("collection")
                .is_some_and(|it| it == ADF_UNFILLED)
                && let Some(known) = object.get("id").and_then(Value::as_str).and_then(file)
            {
                object.insert("id".to_owned(), known.id.into());
                object.insert("collection".to_owned(), known.collection.into());
            }
            // The links of text and pictures, and smart links.
            for name in ["href", "url"] {
                if let Some(Value::String(address)) = object.get_mut(name)
                    && let Some(filled) = filled(address, page, file)
                {
                    *address = filled;
                }
            }
            for (_, value) in object.iter_mut() {
                fill(value, page, file);
            }
        }
        _ => {}
    }
}

fn filled(
    address: &str,
    page: &dyn Fn(&str, Option<&str>) -> Option<String>,
    file: &dyn Fn(&str) -> Option<AttachedFile>,
) -> Option<String> {
    match unfilled(address)? {
        LinkTarget::Attachment { filename } => Some(file(&filename)?.address),
        LinkTarget::Page {
            title,
            space,
            anchor,
        } => {
            let mut filled = page(&title, space.as_deref())?;
            if let Some(anchor) = anchor {
                filled.push('#');
                filled.push_str(&anchor);
            }
            Some(filled)
        }
        _ => None,
    }
}

fn unfill(
    value: &mut Value,
    link: &dyn Fn(&str) -> Option<LinkTarget>,
    file: &dyn Fn(&str) -> Option<String>,
) {
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| unfill(value, link, file)),
        Value::Object(object) => {
            if object.contains_key("collection")
                && let Some(name) = object.get("id").and_then(Value::as_str).and_then(file)
            {
                object.insert("id".to_owned(), name.into());
                object.insert("collection".to_owned(), ADF_UNFILLED.into());
            }
            for name in ["href", "url"] {
                let Some(Value::String(address)) = object.get_mut(name) else {
                    continue;
                };
                let (before, fragment) = match address.split_once('#') {
                    Some((before, fragment)) => (before, Some(fragment)),
                    None => (address.as_str(), None),
                };
                match link(before) {
                    Some(LinkTarget::Page { title, space, .. }) => {
                        *address = page_address(&title, space.as_deref(), fragment);
                    }
                    Some(LinkTarget::Attachment { filename }) => {
                        *address = file_address(&filename);
                    }
                    _ => {}
                }
            }
            for (_, value) in object.iter_mut() {
                unfill(value, link, file);
            }
        }
        _ => {}
    }
}

/// Turns into words what leads nowhere, as [`without_unfilled`] says.
fn plain(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Object(object) => {
            let leads_nowhere = |value: Option<&Value>| {
                let address = value.and_then(Value::as_str);
                address.is_some_and(|address| address.contains(ADF_UNFILLED))
            };
            if let Some(Value::Array(marks)) = object.get_mut("marks") {
                marks.retain(|mark| !leads_nowhere(mark["attrs"].get("href")));
                if marks.is_empty() {
                    object.remove("marks");
                }
            }
            let is_unfilled = |node: &Value| node["attrs"]["collection"] == ADF_UNFILLED;
            let node = Value::Object(std::mem::take(object));
            let named = |node: &Value| {
                let name = node["attrs"]["id"].as_str().unwrap_or_default();
                json!({ "text": name, "type": "text" })
            };
            let instead = match node["type"].as_str().unwrap_or_default() {
                "inlineCard" if leads_nowhere(node["attrs"].get("url")) => {
                    let words = match node["attrs"]["url"].as_str().and_then(unfilled) {
                        Some(LinkTarget::Page { title, .. }) => title,
                        Some(LinkTarget::Attachment { filename }) => filename,
                        _ => String::new(),
                    };
                    Some(json!({ "text": words, "type": "text" }))
                }
                "mediaInline" if is_unfilled(&node) => Some(named(&node)),
                "mediaSingle" if is_unfilled(&node["content"][0]) => {
                    let words = named(&node["content"][0]);
                    Some(json!({ "content": [words], "type": "paragraph" }))
                }
                _ => None,
            };
            *value = instead.unwrap_or(node);
            if let Value::Object(object) = value {
                for (_, value) in object.iter_mut() {
                    plain(value);
                }
            }
        }
        _ => {}
    }
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::{ADF_UNFILLED, PAGE, filled, page_address, pages_wanted, without_unfilled};

    #[test]
    fn what_is_not_filled_in_is_taken_out() {
        assert_eq!(PAGE, format!("https://{ADF_UNFILLED}/page/"));
        let body = serde_json::json!({
            "content": [
                {
                    "content": [
                        { "attrs": { "url": page_address("One \"1\"", None, None) }, "type": "inlineCard" },
                        {
                            "marks": [{ "attrs": { "href": page_address("Two", None, Some("x")) }, "type": "link" }],
                            "text": "words",
                            "type": "text",
                        },
                        {
                            "marks": [{ "attrs": { "href": page_address("Far", Some("OPS"), None) }, "type": "link" }],
                            "text": "away",
                            "type": "text",
                        },
                    ],
                    "type": "paragraph",
                },
                {
                    "content": [{
                        "attrs": { "collection": ADF_UNFILLED, "id": "a.png", "type": "file" },
                        "type": "media",
                    }],
                    "type": "mediaSingle",
                },
            ],
            "type": "doc",
            "version": 1,
        })
        .to_string();
        let wanted: Vec<String> = pages_wanted(&body).into_iter().collect();
        assert_eq!(wanted, ["One \"1\"", "Two"]);
        let plain = without_unfilled(&body);
        assert!(!plain.contains(ADF_UNFILLED), "{plain}");
        for words in ["One \\\"1\\\"", "\"words\"", "\"away\"", "\"a.png\""] {
            assert!(plain.contains(words), "{words} in {plain}");
        }
    }

    #[test]
    fn a_page_of_another_space_is_found_again() {
        let address = page_address("Ä/b?space=c#d", Some("OPS & more"), Some("part#1"));
        let page = |title: &str, space: Option<&str>| {
            assert_eq!((title, space), ("Ä/b?space=c#d", Some("OPS & more")));
            Some("https://acme.example/7".to_owned())
        };
        let known = filled(&address, &page, &|_| None);
        assert_eq!(known.as_deref(), Some("https://acme.example/7#part#1"));
    }
}
