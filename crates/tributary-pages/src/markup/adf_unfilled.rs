//! What stands in a body in the Atlassian Document Format for what only Confluence knows, and how
//! it is filled in.
//!
//! A link to a page needs the page's address and an attached picture needs its file's id, and
//! neither exists before both are in Confluence. Until then a link leads to the page's title or the
//! file's name below a domain that leads nowhere, and a picture has its file's name as id.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

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
    let rest = address.strip_prefix("https://")?;
    let rest = rest.strip_prefix(ADF_UNFILLED)?.strip_prefix('/')?;
    if let Some(name) = rest.strip_prefix("file/") {
        return Some(file(&decoded(name)?)?.address);
    }
    let rest = rest.strip_prefix("page/")?;
    let (rest, anchor) = match rest.split_once('#') {
        Some((rest, anchor)) => (rest, Some(anchor)),
        None => (rest, None),
    };
    let (title, space) = match rest.split_once("?space=") {
        Some((title, space)) => (title, Some(decoded(space)?)),
        None => (rest, None),
    };
    let mut filled = page(&decoded(title)?, space.as_deref())?;
    if let Some(anchor) = anchor {
        filled.push('#');
        filled.push_str(anchor);
    }
    Some(filled)
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::{filled, page_address};

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
