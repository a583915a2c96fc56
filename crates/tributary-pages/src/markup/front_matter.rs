//! The block at the top of a file: YAML between `---`, TOML between `+++`, or JSON in braces.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{FrontMatter, Problem, Severity};

/// Splits off the front matter. Gives what it says, the offset at which the text begins, and what
/// was odd.
pub(super) fn split(text: &str) -> (FrontMatter, usize, Vec<Problem>) {
    let mut problems = Vec::new();
    let Some((block, rest, format)) = find(text) else {
        return (FrontMatter::default(), 0, problems);
    };
    let read = match format {
        Format::Yaml => serde_saphyr::from_str::<Value>(block).map_err(|error| error.to_string()),
        Format::Toml => toml::from_str::<Value>(block).map_err(|error| error.message().to_owned()),
        Format::Json => serde_json::from_str::<Value>(block).map_err(|error| error.to_string()),
    };
    let map = match read {
        Ok(Value::Object(map)) => map,
        // Two rules with nothing but text between them are two rules.
        Ok(Value::Null) if block.trim().is_empty() => serde_json::Map::new(),
        Ok(_) => return (FrontMatter::default(), 0, problems),
        Err(reason) => {
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            problems.push(problem(
                "front_matter.unreadable",
                format!("the front matter cannot be read, so it stays in the text: {reason}"),
            ));
            return (FrontMatter::default(), 0, problems);
        }
    };
    let matter = understand(map, &mut problems);
    (matter, rest, problems)
}

enum Format {
    Yaml,
    Toml,
    Json,
}

fn find(text: &str) -> Option<(&str, usize, Format)> {
    for (fence, format) in [("---", Format::Yaml), ("+++", Format::Toml)] {
        let Some(after) = text.strip_prefix(fence) else {
            continue;
        };
        let line_end = after.find('\n')?;
        if !after[..line_end].trim().is_empty() {
            continue;
        }
        let from = fence.len() + line_end + 1;
        let mut at = from;
        for line in text[from..].split_inclusive('\n') {
            let bare = line.trim_end();
            if bare == fence || (bare == "..." && fence == "---") {
                return Some((&text[from..at], at + line.len(), format));
            }
            at += line.len();
        }
        return None;
    }
    if text.starts_with("{\n") || text.starts_with("{\r\n") {
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        if let Some(Ok(Value::Object(_))) = stream.next() {
            let end = stream.byte_offset();
            return Some((&text[..end], end, Format::Json));
        }
    }
    None
}

fn problem(code: &'static str, message: String) -> Problem {
    Problem {
        severity: Severity::Warning,
        code,
        message,
        line: 1,
        column: 1,
    }
}

fn understand(map: serde_json::Map<String, Value>, problems: &mut Vec<Problem>) -> FrontMatter {
    let mut matter = FrontMatter::default();
    let mut other = BTreeMap::new();
    for (key, value) in map {
        match key.to_ascii_lowercase().as_str() {
            "title" => matter.title = word(&value).filter(|title| !title.trim().is_empty()),
            "parent" => matter.parent = word(&value),
            "space" => matter.space = word(&value),
            "page_id" | "page-id" | "confluence-page-id" | "confluence_page_id"
            | "connie-page-id" => matter.page_id = word(&value),
            "labels" | "tags" => {
                for label in words(&value) {
                    add_label(&label, &mut matter.labels, problems);
                }
            }
            "properties" => match value {
                Value::Object(properties) => matter.properties = properties.into_iter().collect(),
                _ => problems.push(problem(
                    "front_matter.properties",
                    "`properties` is not a map of names to values, so it is left out".to_owned(),
                )),
            },
            "publish" | "synchronized" | "connie-publish" => {
                matter.publish = value != Value::Bool(false);
            }
            "draft" => matter.publish = value != Value::Bool(true),
            _ => {
                other.insert(key, value);
            }
        }
    }
    matter.other = other;
    matter
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(word).collect(),
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        value => word(value).into_iter().collect(),
    }
}

/// Confluence stores labels in lower case, without spaces and some punctuation, up to 255 letters.
fn add_label(label: &str, labels: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let mut made = String::new();
    for letter in label.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            letter if letter.is_whitespace() => made.push('-'),
            ':' | ';' | ',' | '.' | '?' | '&' | '[' | ']' | '(' | ')' | '#' | '^' | '*' | '@'
            | '!' | '<' | '>' | '\'' | '"' | '/' | '\\' => made.push('-'),
            letter if letter.is_control() => {}
            letter => made.push(letter),
        }
    }
    let made: String = made.trim_matches('-').chars().take(255).collect();
    if made != label.trim() {
        problems.push(problem(
            "label.changed",
            format!("the label `{label}` becomes `{made}`, because Confluence takes no other form"),
        ));
    }
    if !made.is_empty() && !labels.contains(&made) {
        labels.push(made);
    }
}
