//! The Atlassian Document Format as an author writes it down: in a fenced block a node, several in
//! an array, or a document; in a line a node.
//!
//! It goes to a page in that format as it is, so it is held against Atlassian's own schema before
//! (`adf-schema.json`, version 57.7.22, Apache-2.0, the license beside it). For every other target
//! it is read as a page in that format is, as far as the model has forms for it.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};

use super::document::{Place, Problem, Severity};
use super::running::node_runs;
use super::safe::is_safe;
use crate::Sentence;

/// What marks code as nodes of the format: after a fence, or right after code in a line.
pub(super) const ADF: &str = "{=adf}";

/// Whether what stands after a fence marks the code as nodes of the format; `adf` is how
/// `markdown-confluence` does.
pub(super) fn is_adf(info: &str) -> bool {
    matches!(info.trim(), ADF | "adf")
}

/// Why a text is no part of a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    message: Sentence,
    /// Line and column in the text, both from 1, where it is no JSON.
    at: Option<(usize, usize)>,
}

impl Fault {
    /// The fault as a problem of code in a line that begins at a place.
    pub(super) fn in_line(self, place: Place) -> Problem {
        Self { at: None, ..self }.at(place)
    }

    /// The fault as a problem of a block that begins at a place, with its fence.
    pub(super) fn at(self, place: Place) -> Problem {
        let (line, column) = match self.at {
            Some((line, column)) => (
                place.line.saturating_add(u32::try_from(line).unwrap_or(0)),
                u32::try_from(column).unwrap_or(1).max(1),
            ),
            None => (place.line, place.column),
        };
        Problem {
            severity: Severity::Warning,
            code: "adf.not_valid",
            message: sentence!(
                "this is no part of a document in the Atlassian Document Format, so it is shown as \
                 code: {message}",
                message = self.message
            ),
            line,
            column,
        }
    }
}

/// How many nodes, and in how many levels, what may not stand is explained by the schema itself. Each
/// alternative for a node is tried with all that the node holds, and tells of all of it, so that a level
/// more takes ten times as long and as much memory.
const EXPLAINED: (usize, usize) = (12, 4);

/// Whether it is to be said what is wrong with a text. To find it takes some milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Told,
    Untold,
}

/// The nodes that a text holds.
pub(super) fn nodes_of(text: &str, why: Why) -> Result<Vec<Value>, Fault> {
    let nodes = match parsed(text)? {
        Value::Array(nodes) => nodes,
        Value::Object(mut document) if document.get("type") == Some(&json!("doc")) => {
            match document.remove("content") {
                Some(Value::Array(nodes)) => nodes,
                _ => Vec::new(),
            }
        }
        node => vec![node],
    };
    checked(nodes, why)
}

/// The nodes that are a value, when a document may hold it.
pub(super) fn valid_nodes(node: Value) -> Option<Vec<Value>> {
    checked(vec![node], Why::Untold).ok()
}

/// The paragraph that a text is alone in, which is a node of a line.
pub(super) fn paragraph_around(text: &str, why: Why) -> Result<Vec<Value>, Fault> {
    let content = [parsed(text)?];
    checked(
        vec![json!({ "type": "paragraph", "content": content })],
        why,
    )
}

/// The same nodes, when none of them is a macro that runs something. Those of a page that Confluence
/// has are not asked.
pub(super) fn harmless(nodes: Vec<Value>) -> Result<Vec<Value>, Fault> {
    if nodes.iter().any(node_runs) {
        return Err(Fault {
            message: sentence!("it has a macro that would run something"),
            at: None,
        });
    }
    Ok(nodes)
}

fn parsed(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let told = error.to_string();
        // The place is that of the problem.
        let (message, _) = told.rsplit_once(" at line ").unwrap_or((&told, ""));
        Fault {
            message: message.to_owned().into(),
            at: Some((error.line(), error.column())),
        }
    })
}

/// The same nodes, when a document may hold them.
fn checked(nodes: Vec<Value>, why: Why) -> Result<Vec<Value>, Fault> {
    let plain = |message: Sentence| Fault { message, at: None };
    if nodes.is_empty() {
        return Err(plain(sentence!("it holds nothing")));
    }
    let document = json!({ "type": "doc", "version": 1, "content": nodes });
    if !validator().is_valid(&document) {
        return Err(plain(match why {
            Why::Told => explained(&document),
            Why::Untold => sentence!("the schema has no such node, or not there"),
        }));
    }
    if let Some(address) = unsafe_address(&document) {
        return Err(plain(sentence!(
            "the address `{address}` would run something",
            address
        )));
    }
    Ok(nodes)
}

/// The first address in a document that a page may not lead to.
fn unsafe_address(value: &Value) -> Option<&str> {
    match value {
        Value::Array(values) => values.iter().find_map(unsafe_address),
        Value::Object(object) => object.iter().find_map(|(name, value)| match value {
            Value::String(address) if name == "href" || name == "url" => {
                (!is_safe(address)).then_some(address.as_str())
            }
            value => unsafe_address(value),
        }),
        _ => None,
    }
}

fn validator() -> &'static Validator {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        let schema: Value = serde_json::from_str(include_str!("adf-schema.json"))
            .expect("the schema in the source tree is JSON");
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .build(&schema)
            .expect("the schema in the source tree is one of draft 4")
    })
}

/// What is wrong with a document, and where.
fn explained(document: &Value) -> Sentence {
    let (most, deepest) = EXPLAINED;
    if is_small(document, &mut most.saturating_add(1), deepest)
        && let Err(error) = validator().validate(document)
    {
        return cause(&error);
    }
    let (path, node) = wrong_part(document, String::new());
    let kind = node["type"].as_str().unwrap_or("nothing");
    sentence!("at `{path}`, `{kind}` may not stand as it is", path, kind)
}

/// Whether a node has few others in it, in few levels.
fn is_small(node: &Value, left: &mut usize, levels: usize) -> bool {
    let Some(fewer) = left.checked_sub(1) else {
        return false;
    };
    *left = fewer;
    let content = node["content"].as_array().filter(|nodes| !nodes.is_empty());
    content.is_none_or(|nodes| {
        let mut nodes = nodes.iter();
        levels > 0 && nodes.all(|inner| is_small(inner, left, levels - 1))
    })
}

/// The innermost node that may not stand even where its kind may, and its path.
fn wrong_part(node: &Value, path: String) -> (String, &Value) {
    let content = node["content"].as_array().into_iter().flatten();
    for (number, inner) in content.enumerate() {
        if around(inner).is_some_and(|document| !validator().is_valid(&document)) {
            return wrong_part(inner, format!("{path}/content/{number}"));
        }
    }
    (path, node)
}

/// The least document that a node of its kind may be part of; none of kinds that stand in others of
/// which that is not said here.
fn around(node: &Value) -> Option<Value> {
    let holds = |kind: &str, inner: &Value| json!({ "type": kind, "content": [inner] });
    let row = |cell: &Value| holds("table", &holds("tableRow", cell));
    let block = match node["type"].as_str().unwrap_or_default() {
        "listItem" => holds("bulletList", node),
        "decisionItem" => {
            json!({ "type": "decisionList", "attrs": { "localId": "" }, "content": [node] })
        }
        "taskItem" => {
            json!({ "type": "taskList", "attrs": { "localId": "" }, "content": [node] })
        }
        "tableRow" => holds("table", node),
        "tableCell" | "tableHeader" => row(node),
        "nestedExpand" => row(&holds("tableCell", node)),
        "text" | "hardBreak" | "mention" | "emoji" | "date" | "status" | "inlineCard"
        | "placeholder" | "inlineExtension" | "mediaInline" => holds("paragraph", node),
        "blockTaskItem" | "caption" | "layoutColumn" | "media" => return None,
        _ => node.clone(),
    };
    Some(json!({ "type": "doc", "version": 1, "content": [block] }))
}

/// What is wrong, and where. A node has to fit one of many alternatives: those for other kinds of
/// nodes say nothing of it, and of the rest the one that it fits best tells.
fn cause(error: &ValidationError<'_>) -> Sentence {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        let words: String = error.to_string().chars().take(200).collect();
        return sentence!("at `{path}`, {words}", path = error.instance_path(), words);
    };
    let of_its_kind = context
        .iter()
        .filter(|faults| !faults.iter().any(|fault| is_of_other_kind(fault, error)));
    let best = of_its_kind.min_by_key(|faults| faults.len());
    match best.and_then(|faults| faults.first()) {
        Some(fault) => cause(fault),
        None => {
            let kind = error.instance()["type"].as_str().unwrap_or("nothing");
            sentence!(
                "at `{path}`, `{kind}` may not stand",
                path = error.instance_path(),
                kind
            )
        }
    }
}

/// Whether an alternative is one for another kind of node than there is.
fn is_of_other_kind(fault: &ValidationError<'_>, of: &ValidationError<'_>) -> bool {
    match fault.kind() {
        ValidationErrorKind::Enum { .. } => {
            fault.instance_path().to_string() == format!("{}/type", of.instance_path())
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            fault.instance_path() == of.instance_path()
                && context
                    .iter()
                    .all(|faults| faults.iter().any(|inner| is_of_other_kind(inner, of)))
        }
        _ => false,
    }
}
