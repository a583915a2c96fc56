//! SVG of a repository, of which only what is drawn is left.
//!
//! The web view draws it as a picture, in which nothing runs and which asks for nothing; what could
//! do either is taken out before, so that this holds wherever the picture goes.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity, unescape_with};
use quick_xml::events::{BytesStart, Event};

use super::viewer::decode;

/// The elements of SVG that are drawn, or say how. All others go, with what is in them.
const DRAWN: [&str; 64] = [
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "font",
    "font-face",
    "g",
    "glyph",
    "hkern",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "missing-glyph",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];
/// Pictures that may stand in an SVG; another SVG may not, which would have to be looked through too.
const PICTURES: [&str; 5] = ["png", "jpeg", "jpg", "gif", "webp"];
/// What a picture becomes at most; entities could make it larger than it is.
const LARGEST: usize = 32 * 1024 * 1024;
/// How many elements may be in each other.
const DEEPEST: usize = 1000;

/// An SVG document without what runs, leads out of it or asks for something: scripts, handlers, other
/// languages, links and addresses. None for what is no well-formed document.
pub fn harmless(bytes: &[u8]) -> Option<Vec<u8>> {
    let (text, _) = decode(&Bytes::copy_from_slice(bytes))?;
    let text = str::from_utf8(&text).ok()?;
    let mut reader = Reader::from_str(text);
    let mut made = String::with_capacity(text.len());
    let mut entities: HashMap<String, String> = HashMap::new();
    // The names that elements were written with, and how many are open that were not.
    let mut open: Vec<&str> = Vec::new();
    let mut left_out = 0_usize;
    let mut styles: Option<String> = None;
    let mut has_root = false;
    loop {
        let event = reader.read_event().ok()?;
        let held = made.len() + styles.as_ref().map_or(0, String::len);
        if held > LARGEST || open.len() + left_out > DEEPEST {
            return None;
        }
        let is_element = matches!(event, Event::Start(_) | Event::Empty(_));
        // One document has one root.
        if is_element && open.is_empty() && left_out == 0 && std::mem::replace(&mut has_root, true)
        {
            return None;
        }
        let text = match event {
            Event::DocType(declared) => {
                entities.extend(declared_in(&declared));
                continue;
            }
            Event::Start(_) if left_out > 0 => {
                left_out += 1;
                continue;
            }
            Event::End(_) if left_out > 0 => {
                left_out -= 1;
                continue;
            }
            Event::Start(element) => {
                match name_of(&element, &entities).filter(|_| styles.is_none()) {
                    Some(name) => {
                        begin(&mut made, name, &element, open.is_empty(), &entities)?;
                        made.push('>');
                        open.push(name);
                        if name == "style" {
                            styles = Some(String::new());
                        }
                    }
                    None => left_out = 1,
                }
                continue;
            }
            Event::Empty(element) => {
                if left_out == 0
                    && styles.is_none()
                    && let Some(name) = name_of(&element, &entities)
                {
                    begin(&mut made, name, &element, open.is_empty(), &entities)?;
                    made.push_str("/>");
                }
                continue;
            }
            Event::End(_) => {
                let name = open.pop()?;
                // No element is left in a style: its words end with it, all of them.
                if let Some(rules) = styles.take()
                    && stays_inside(&rules)
                {
                    made.push_str(&escape(rules));
                }
                made.push_str("</");
                made.push_str(name);
                made.push('>');
                continue;
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => continue,
            Event::Text(text) => unescape_with(&text, |_| None).ok()?.into_owned(),
            Event::CData(text) => (*text).to_owned(),
            Event::GeneralRef(name) => unescaped(&format!("&{};", &*name), &entities)?.into_owned(),
        };
        if left_out > 0 || open.is_empty() {
            continue;
        }
        match &mut styles {
            Some(rules) => rules.push_str(&text),
            None => made.push_str(&escape(text)),
        }
    }
    let is_whole = open.is_empty() && left_out == 0 && !made.is_empty();
    // A number may stand for a sign that no document has.
    (is_whole && made.chars().all(is_of_xml)).then(|| made.into_bytes())
}

fn is_of_xml(sign: char) -> bool {
    match sign {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => sign >= ' ',
    }
}

/// The name that an element is written with; none for one that is left out. What a link leads to is
/// drawn, and the link goes.
fn name_of(element: &BytesStart<'_>, entities: &HashMap<String, String>) -> Option<&'static str> {
    let name = element.name();
    let name = name.as_ref();
    let name = name.strip_prefix("svg:").unwrap_or(name);
    if name == "a" {
        return Some("g");
    }
    let known = DRAWN.iter().find(|known| **known == name)?;
    // What changes over time may not change an address.
    let changes_address = (known.starts_with("animate") || *known == "set")
        && element.attributes().flatten().any(|attribute| {
            let key = attribute.key.as_ref();
            key.eq_ignore_ascii_case("attributeName")
                && unescaped(&attribute.value, entities)
                    .is_none_or(|name| name.to_ascii_lowercase().contains("href"))
        });
    (!changes_address).then_some(*known)
}

/// Writes the beginning of an element with those of its attributes that stay.
fn begin(
    made: &mut String,
    name: &str,
    element: &BytesStart<'_>,
    is_root: bool,
    entities: &HashMap<String, String>,
) -> Option<()> {
    made.push('<');
    made.push_str(name);
    if is_root {
        made.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    let mut has_href = false;
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.as_ref();
        let value = unescaped(&attribute.value, entities)?;
        let small = key.to_ascii_lowercase();
        let key = match &*small {
            "href" | "xlink:href" => {
                let is_first = !std::mem::replace(&mut has_href, true);
                let is_kept = is_first && element.name().as_ref() != "a" && is_within(&value);
                is_kept.then_some("href")
            }
            _ if matches!(key, "xml:space" | "xml:lang") => Some(key),
            _ if small.starts_with("on") || !is_name(key) || small == "xmlns" => None,
            "src" | "target" | "download" | "ping" => None,
            _ => stays_inside(&value).then_some(key),
        };
        if let Some(key) = key {
            made.push(' ');
            made.push_str(key);
            made.push_str("=\"");
            made.push_str(&escape(value));
            made.push('"');
        }
    }
    Some(())
}

/// Whether every reader takes a name for the same: some end it at a slash, and begin another one.
fn is_name(name: &str) -> bool {
    name.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Whether an address leads to a part of the document, or is a picture itself. Only what browsers take
/// for a space is one here: behind any other one the address leads beside the document.
fn is_within(address: &str) -> bool {
    let address = address.trim_matches(|sign: char| sign.is_ascii_whitespace());
    let data = address
        .get(..11)
        .filter(|start| start.eq_ignore_ascii_case("data:image/"))
        .map(|_| address[11..].to_ascii_lowercase());
    address.starts_with('#')
        || data.is_some_and(|data| {
            let mut kinds = PICTURES.iter().filter_map(|kind| data.strip_prefix(kind));
            kinds.any(|rest| rest.starts_with([';', ',']))
        })
}

/// Whether what stands in a style or an attribute names nothing outside of the document. Signs that
/// are written by their numbers could hide that.
fn stays_inside(rules: &str) -> bool {
    let small = rules.to_ascii_lowercase();
    let mut addresses = small.split("url(").skip(1);
    !small.contains(['\\'])
        && !["@import", "javascript:", "image-set(", "image(", "src("]
            .iter()
            .any(|word| small.contains(word))
        && addresses.all(|address| {
            let address = address.trim_start_matches(|sign: char| sign.is_ascii_whitespace());
            // A second quote is a part of the address.
            is_within(address.strip_prefix(['"', '\'']).unwrap_or(address))
        })
}

/// The short entities that a document declares for itself; those that name others do not count.
fn declared_in(doctype: &str) -> Vec<(String, String)> {
    let declared = doctype.split("<!ENTITY").skip(1).filter_map(|entity| {
        let (name, rest) = entity.trim_start().split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|sign| ['"', '\''].contains(sign))?;
        let (value, _) = rest[1..].split_once(quote)?;
        let is_plain = value.len() <= 1000 && !value.contains(['&', '<', '%']);
        is_plain.then(|| (name.to_owned(), value.to_owned()))
    });
    declared.collect()
}

/// What a text says; none where that is longer than anything that is shown.
fn unescaped<'t>(text: &'t str, entities: &HashMap<String, String>) -> Option<Cow<'t, str>> {
    let mut grown = 0_usize;
    let resolve = |name: &str| {
        let known = resolve_predefined_entity(name);
        let value = known.or_else(|| entities.get(name).map(String::as_str))?;
        grown += value.len();
        (grown <= LARGEST).then_some(value)
    };
    unescape_with(text, resolve).ok()
}
