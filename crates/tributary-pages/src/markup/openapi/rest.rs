//! What a description says that the page has no place of its own for: every other key of it, with
//! its value, so that nothing of a description is missing on its page.

use serde_json::Value;

use super::super::node::{Kind, Node};
use super::{METHODS, Page, entries, list, node, shown, word};

/// The keys of a schema that its type, its limits and the rows of its properties say.
const OF_SCHEMA: [&str; 25] = [
    "$ref",
    "$schema",
    "type",
    "format",
    "nullable",
    "items",
    "properties",
    "required",
    "allOf",
    "oneOf",
    "anyOf",
    "description",
    "enum",
    "const",
    "default",
    "minimum",
    "exclusiveMinimum",
    "maximum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "readOnly",
];

/// Those that are said where they are true.
const FLAGS: [&str; 4] = ["nullable", "readOnly", "writeOnly", "deprecated"];

/// The parts of a description that are shown where something leads to them, and how one of each is
/// called.
const COMPONENTS: [(&str, &str); 8] = [
    ("parameters", "Parameter"),
    ("requestBodies", "Request body"),
    ("responses", "Response"),
    ("headers", "Header"),
    ("examples", "Example"),
    ("links", "Link"),
    ("callbacks", "Callback"),
    ("pathItems", "Path"),
];

impl Page<'_> {
    /// Words of which those that are addresses lead there, as readers of Markdown have them.
    pub(super) fn linked(&self, text: &str) -> Vec<Node<'static>> {
        let mut nodes = Vec::new();
        let mut rest = text;
        while let Some(at) = ["https://", "http://"]
            .iter()
            .filter_map(|begin| rest.find(begin))
            .min()
        {
            let (before, from) = rest.split_at(at);
            let end = from.find(char::is_whitespace).unwrap_or(from.len());
            let address = from[..end].trim_end_matches([';', ',', '.', ')']);
            if !before.is_empty() {
                nodes.push(self.words(before));
            }
            let kind = Kind::Link {
                target: address.to_owned(),
                title: "".into(),
            };
            nodes.push(node(kind, self.at, vec![self.words(address)]));
            rest = &from[address.len()..];
        }
        if !rest.is_empty() {
            nodes.push(self.words(rest));
        }
        nodes
    }

    /// What else something says, each key with its value.
    fn others(&self, holder: &Value, placed: &[&str]) -> Vec<Vec<Node<'static>>> {
        let rest = entries(holder).filter(|(key, _)| !placed.contains(&key.as_str()));
        rest.map(|(key, value)| {
            let mut line = vec![self.code(key), self.words(": ")];
            match value {
                Value::Object(_) | Value::Array(_) => line.push(self.code(&value.to_string())),
                value => {
                    let says = shown(value).unwrap_or_else(|| "null".to_owned());
                    line.extend(self.linked(&says));
                }
            }
            line
        })
        .collect()
    }

    /// What else something says, as a list.
    pub(super) fn rest(&self, holder: &Value, placed: &[&str], nodes: &mut Vec<Node<'static>>) {
        let items: Vec<Node<'static>> = self
            .others(holder, placed)
            .into_iter()
            .map(|line| {
                let paragraph = node(Kind::Paragraph, self.at, line);
                node(Kind::Item, self.at, vec![paragraph])
            })
            .collect();
        if !items.is_empty() {
            nodes.push(node(Kind::List(None), self.at, items));
        }
    }

    /// The same within a line.
    pub(super) fn rest_in_line(&self, holder: &Value, placed: &[&str]) -> Vec<Node<'static>> {
        let mut said = Vec::new();
        for line in self.others(holder, placed) {
            said.push(self.words(" "));
            said.extend(line);
            said.push(self.words("."));
        }
        said
    }

    /// What a schema says beside its type and its limits, and what is said of those that it is made
    /// of where they have no heading.
    pub(super) fn rest_of_schema(&self, schema: &Value, placed: &[&str]) -> Vec<Node<'static>> {
        let mut all = OF_SCHEMA.to_vec();
        all.extend(placed);
        // A flag that is not set says nothing; of values that nothing is said of, the type does.
        all.extend(FLAGS.iter().filter(|flag| schema[**flag].is_boolean()));
        if schema["additionalProperties"].is_object() {
            all.push("additionalProperties");
        }
        if !schema["items"].is_object() {
            all.retain(|key| *key != "items");
        }
        let mut said = self.rest_in_line(schema, &all);
        let mut within = |title: String, inner: &Value| {
            if inner.get("$ref").is_some() {
                return;
            }
            let line = self.said_of_schema(inner);
            if !line.is_empty() {
                said.push(self.words(&title));
                said.extend(line);
            }
        };
        if schema["items"].is_object() {
            within(" Each: ".to_owned(), &schema["items"]);
        }
        if schema["additionalProperties"].is_object() {
            within(" Each value: ".to_owned(), &schema["additionalProperties"]);
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let parts = schema[key].as_array().into_iter().flatten();
            for (at, part) in parts.enumerate() {
                within(format!(" Part {}: ", at + 1), part);
            }
        }
        said
    }

    /// All that a schema says in words which has no heading of its own.
    pub(super) fn said_of_schema(&self, schema: &Value) -> Vec<Node<'static>> {
        let words = self.described(schema);
        let mut said = match words.is_empty() {
            true => Vec::new(),
            false => vec![self.words(" ")],
        };
        said.extend(words);
        said.extend(self.limits(schema));
        said.extend(self.rest_of_schema(schema, &[]));
        said
    }

    /// What a reference says beside where it leads.
    pub(super) fn beside_reference(&self, value: &Value) -> Vec<Node<'static>> {
        if value.get("$ref").is_none() {
            return Vec::new();
        }
        let mut said = self.limits(value);
        said.extend(self.rest_of_schema(value, &[]));
        said
    }

    /// The servers of one path or operation, in a line.
    pub(super) fn own_servers(&self, holder: &Value, nodes: &mut Vec<Node<'static>>) {
        for server in holder["servers"].as_array().into_iter().flatten() {
            let url = word(&server["url"]).unwrap_or_default();
            let mut line = vec![self.words("Server: "), self.code(&url), self.words(" ")];
            line.extend(self.rest_in_line(server, &["url", "description"]));
            let paragraph = node(Kind::Paragraph, self.at, line);
            nodes.push(paragraph);
            self.describe(server, nodes);
        }
    }

    /// Where an answer leads on.
    pub(super) fn links(&mut self, links: &Value, file: &str, nodes: &mut Vec<Node<'static>>) {
        for (name, link) in entries(links) {
            let link = self.follow(link, file).value;
            nodes.push(self.strong(&format!("Link {name}")));
            self.describe(&link, nodes);
            self.rest(&link, &["description"], nodes);
        }
    }

    /// The parts that nothing in the file leads to, which would be shown nowhere.
    pub(super) fn unused(&mut self, components: &Value, nodes: &mut Vec<Node<'static>>) {
        let mut found = Vec::new();
        for (section, title) in COMPONENTS {
            for (name, part) in entries(&components[section]) {
                let pointer = name.replace('~', "~0").replace('/', "~1");
                // Both are called there as they are in the earlier form.
                let pointer = match self.old {
                    Some(_) => format!("#/{section}/{pointer}"),
                    None => format!("#/components/{section}/{pointer}"),
                };
                let leads = |end: &str| self.text.contains(&format!("{pointer}{end}"));
                if ["'", "\"", "\n", "\r", " ", "}", ","]
                    .into_iter()
                    .any(leads)
                {
                    continue;
                }
                self.stand_at(name);
                found.push(self.strong(&format!("{title} {name}")));
                let part = self.follow(part, "").value;
                self.describe(&part, &mut found);
                self.rest(&part, &["description"], &mut found);
            }
        }
        if !found.is_empty() {
            nodes.push(self.heading(2, "Other components", None));
            nodes.append(&mut found);
        }
    }
}

/// What a path says that is said with each of its operations.
pub(super) fn of_path(item: &Value, operation: &Value) -> Vec<&'static str> {
    let mut placed = vec!["$ref", "description", "parameters", "servers"];
    placed.extend(METHODS);
    if word(&operation["summary"]).is_none() {
        placed.push("summary");
    }
    if word(&item["summary"]) == word(&operation["summary"]) {
        placed.push("summary");
    }
    placed
}

/// What a flow of signing in says: its scopes with what they allow, and its addresses.
pub(super) fn of_flow(flow: &Value) -> String {
    let scopes = entries(&flow["scopes"]).map(|(scope, says)| match word(says) {
        Some(says) => format!("{scope} ({says})"),
        None => scope.clone(),
    });
    let mut said = vec![scopes.collect::<Vec<_>>().join(", ")];
    let rest = entries(flow).filter(|(key, _)| *key != "scopes");
    said.extend(rest.filter_map(|(key, value)| Some(format!("{key}: {}", shown(value)?))));
    said.retain(|part| !part.is_empty());
    said.join("; ")
}

/// Whom an operation may be asked by.
pub(super) fn needs(security: &Value) -> Option<String> {
    let all = security.as_array()?;
    let needs = all.iter().map(|all| {
        let all = entries(all).map(|(name, scopes)| match list(scopes) {
            scopes if scopes.is_empty() => name.clone(),
            scopes => format!("{name} ({})", scopes.join(", ")),
        });
        let all = all.collect::<Vec<_>>().join(" and ");
        if all.is_empty() {
            "none".to_owned()
        } else {
            all
        }
    });
    let needs = needs.collect::<Vec<_>>().join(", or ");
    Some(match needs.as_str() {
        "" => "none".to_owned(),
        _ => needs,
    })
}
