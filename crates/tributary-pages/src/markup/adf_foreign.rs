//! What storage format has and the model has no form for, as nodes of the Atlassian Document
//! Format: macros, statuses, dates, people, emoji, and the nodes that were kept as they stand.

use serde_json::{Map, Value, json};

use super::adf::Node;
use super::adf_stored::stored_node;
use super::days::moment_of;
use super::emoticons::Emoticon;
use super::storage_tree::{Id, Tree, grow, is_whole};
use super::storage_tree::{child, macro_name, only_element, parameters};
use super::vocabulary::{CUSTOM_PANEL, KEPT, KEPT_NODE, MACROS, PLAIN_BODY};

/// The block that a fragment is which holds no blocks of the model; none when the format has no
/// node for it.
pub(super) fn block(start: &str) -> Option<Node> {
    if !is_whole(start, "") {
        return None;
    }
    let tree = grow(start);
    let id = only_element(&tree)?;
    // A macro without a body stands in a paragraph where it was written by us.
    let id = match tree.name(id) {
        "p" if tree.attributes(id).is_empty() => tree.elements(id)?.first().copied()?,
        _ => id,
    };
    if tree.name(id) == "ac:adf-extension" {
        return stored_node(&tree, id).and_then(raw);
    }
    let name = macro_name(&tree, id)?;
    if name == KEPT {
        return kept(&tree, id);
    }
    if name == "status" || child(&tree, id, "ac:rich-text-body").is_some() {
        return None;
    }
    Some(extension("extension", name, &tree, id))
}

/// The node, still empty, of a macro whose body holds blocks of the model.
pub(super) fn bodied(start: &str, end: &str) -> Option<Node> {
    let body = start.strip_suffix("<ac:rich-text-body>")?;
    let closing = end.strip_prefix("</ac:rich-text-body>")?;
    let whole = format!("{body}{closing}");
    if !is_whole(&whole, "") {
        return None;
    }
    let tree = grow(&whole);
    let id = only_element(&tree)?;
    let name = macro_name(&tree, id)?;
    custom_panel(name, &tree, id).or_else(|| Some(extension("bodiedExtension", name, &tree, id)))
}

/// The panel in colors of its own that a macro is; none when it says more than such a panel can.
fn custom_panel(name: &str, tree: &Tree<'_>, id: Id) -> Option<Node> {
    if name != "panel" {
        return None;
    }
    let mut node = Node::new("panel");
    let mut said: Vec<(&str, String)> = Vec::new();
    for (name, value) in parameters(tree, id).filter(|(_, value)| !value.is_empty()) {
        let known = CUSTOM_PANEL.iter().find(|(known, _)| *known == name);
        said.push((known?.1, value));
    }
    for (_, attribute) in CUSTOM_PANEL {
        if let Some((_, value)) = said.iter().find(|(name, _)| *name == attribute) {
            node = node.with(attribute, value.as_str());
        }
    }
    Some(node.with("panelType", "custom"))
}

/// The node that a fragment of a line is; none when the format has none for it.
pub(super) fn inline(start: &str) -> Option<Node> {
    if !is_whole(start, "") {
        return None;
    }
    let tree = grow(start);
    let id = only_element(&tree)?;
    let attribute = |name: &str| {
        let value = tree.attribute(id, name)?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    match tree.name(id) {
        "time" => {
            let moment = moment_of(&attribute("datetime")?)?;
            Some(Node::new("date").with("timestamp", moment.to_string()))
        }
        "ac:emoticon" => {
            let (name, short) = (attribute("ac:name"), attribute("ac:emoji-shortname"));
            let (id, shown) = (attribute("ac:emoji-id"), attribute("ac:emoji-fallback"));
            let named = name.as_deref().unwrap_or_default();
            let known = Emoticon::of(named, short.as_deref(), id.as_deref());
            // The editor of before says its name and nothing else.
            let is_bare = short.is_none() && id.is_none();
            let sign = known.filter(|known| is_bare && !known.is_own());
            let sign = sign.map(|known| known.sign.to_owned());
            let mut node = Node::new("emoji");
            if let Some(id) = id.or_else(|| known.map(|known| known.id.to_owned())) {
                node = node.with("id", id);
            }
            let short = short.or_else(|| known.map(Emoticon::short_name));
            let short = short.or_else(|| name.map(|name| format!(":{name}:")));
            node = node.with("shortName", short?);
            if let Some(shown) = shown.or(sign) {
                node = node.with("text", shown);
            }
            Some(node)
        }
        "ac:link" => {
            let user = child(&tree, id, "ri:user")?;
            let account = tree.attribute(user, "ri:account-id")?;
            (!account.is_empty()).then(|| Node::new("mention").with("id", account))
        }
        _ => match macro_name(&tree, id)? {
            KEPT => kept(&tree, id),
            "status" => {
                let parameter = |name: &str| {
                    let found = parameters(&tree, id).find(|(known, _)| *known == name);
                    found.map(|(_, value)| value)
                };
                let words = parameter("title").filter(|words| !words.is_empty())?;
                let color = match parameter("colour").unwrap_or_default().as_str() {
                    "Red" => "red",
                    "Yellow" => "yellow",
                    "Green" => "green",
                    "Blue" => "blue",
                    "Purple" => "purple",
                    _ => "neutral",
                };
                Some(Node::new("status").with("color", color).with("text", words))
            }
            name if child(&tree, id, "ac:rich-text-body").is_none() => {
                Some(extension("inlineExtension", name, &tree, id))
            }
            _ => None,
        },
    }
}

/// The comment that a fragment marks the beginning of the words of.
pub(super) fn comment(start: &str, end: &str) -> Option<String> {
    if end != "</ac:inline-comment-marker>" {
        return None;
    }
    let whole = format!("{start}{end}");
    let tree = grow(&whole);
    let id = only_element(&tree)?;
    let reference = tree.attribute(id, "ac:ref")?;
    (!reference.is_empty()).then(|| reference.to_owned())
}

fn extension(kind: &'static str, name: &str, tree: &Tree<'_>, id: Id) -> Node {
    let mut given: Map<String, Value> = parameters(tree, id)
        .map(|(name, value)| (name.to_owned(), json!({ "value": value })))
        .collect();
    if let Some(body) = child(tree, id, "ac:plain-text-body") {
        let text = tree.text_of(body);
        given.insert(PLAIN_BODY.to_owned(), json!({ "value": text }));
    }
    let version = tree.attribute(id, "ac:schema-version").unwrap_or("1");
    let mut node = Node::new(kind)
        .with("extensionKey", name)
        .with("extensionType", MACROS);
    if kind != "inlineExtension" {
        node = node.with("layout", "default");
    }
    node.with(
        "parameters",
        json!({
            "macroMetadata": { "schemaVersion": { "value": version }, "title": name },
            "macroParams": given,
        }),
    )
}

/// A node that was kept as it stands.
fn kept(tree: &Tree<'_>, id: Id) -> Option<Node> {
    let text = match child(tree, id, "ac:plain-text-body") {
        Some(body) => tree.text_of(body),
        None => parameters(tree, id).find(|(name, _)| *name == KEPT_NODE)?.1,
    };
    serde_json::from_str(&text).ok().and_then(raw)
}

/// A node that is written as it stands.
pub(super) fn raw(node: Value) -> Option<Node> {
    // Its kind says where it may stand.
    let kind = match node["type"].as_str()? {
        "blockCard" => "blockCard",
        "embedCard" => "embedCard",
        "decisionList" => "decisionList",
        "mediaGroup" => "mediaGroup",
        "mediaSingle" => "mediaSingle",
        "extension" => "extension",
        "bodiedExtension" => "bodiedExtension",
        "panel" => "panel",
        "table" => "table",
        "expand" => "expand",
        "rule" => "rule",
        _ => "kept",
    };
    Some(Node {
        kind,
        raw: Some(Box::new(node)),
        ..Node::default()
    })
}
