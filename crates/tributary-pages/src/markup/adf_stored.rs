//! Nodes of the Atlassian Document Format as Confluence puts them into storage format:
//! `ac:adf-extension`, whose names have hyphens where those of the nodes have capitals.

use serde_json::{Map, Value, json};

use super::adf_raw::valid_nodes;
use super::adf_writer::storage_to_adf;
use super::storage_tree::{Id, Tree};

/// `panelType` as `panel-type`.
pub(super) fn kebab(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            written.push('-');
        }
        written.push(letter.to_ascii_lowercase());
    }
    written
}

/// `panel-type` as `panelType`.
fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut written, part| {
        let mut letters = part.chars();
        written.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        written.push_str(letters.as_str());
        written
    })
}

/// The node that an `ac:adf-extension` holds, where the format has such a node.
pub(super) fn stored_node(tree: &Tree<'_>, id: Id) -> Option<Value> {
    let node = tree
        .children(id)
        .find(|child| tree.name(*child) == "ac:adf-node")?;
    // Storage format does not say which of its texts are numbers, and the schema does.
    [true, false].into_iter().find_map(|reads_numbers| {
        let node = node_of(tree, node, reads_numbers)?;
        valid_nodes(node)?.into_iter().next()
    })
}

fn node_of(tree: &Tree<'_>, id: Id, reads_numbers: bool) -> Option<Value> {
    let kind = camel(tree.attribute(id, "type")?);
    let mut attributes = Map::new();
    let mut content = Vec::new();
    for part in tree.children(id) {
        match tree.name(part) {
            "ac:adf-attribute" => {
                let key = camel(tree.attribute(part, "key")?);
                attributes.insert(key, value_of(tree, part, reads_numbers));
            }
            "ac:adf-content" => {
                let node = &tree.nodes[part];
                let inner = &tree.text[node.inner_from..node.inner_to];
                let read: Value = serde_json::from_str(&storage_to_adf(inner).content).ok()?;
                content.extend(read["content"].as_array()?.iter().cloned());
            }
            "ac:adf-node" => content.push(node_of(tree, part, reads_numbers)?),
            _ if tree.is_blank(part) => {}
            _ => return None,
        }
    }
    if matches!(kind.as_str(), "decisionItem" | "taskItem" | "caption")
        && let [paragraph] = content.as_slice()
    {
        content = paragraph["content"].as_array().cloned().unwrap_or_default();
    }
    let mut node = json!({ "type": kind });
    if !attributes.is_empty() {
        node["attrs"] = Value::Object(attributes);
    }
    if !content.is_empty() {
        node["content"] = Value::Array(content);
    }
    Some(node)
}

fn value_of(tree: &Tree<'_>, id: Id, reads_numbers: bool) -> Value {
    let parameters = tree
        .children(id)
        .filter(|child| tree.name(*child) == "ac:adf-parameter");
    let parameters: Map<String, Value> = parameters
        .filter_map(|child| {
            let key = camel(tree.attribute(child, "key")?);
            Some((key, value_of(tree, child, reads_numbers)))
        })
        .collect();
    if !parameters.is_empty() {
        return Value::Object(parameters);
    }
    let text = tree.text_of(id);
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => value,
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) if reads_numbers => value,
        _ => Value::String(text),
    }
}
