//! Descriptions of interfaces (OpenAPI 3.0 and 3.1, and Swagger 2.0 before them) and of data (JSON
//! Schema) as pages.
//!
//! They are walked as plain values, and not read into types: what a description has too much, or
//! wrong, costs a type all of it and a page one cell; references go to other files by the same
//! lookup as what AsciiDoc includes; and JSON Schema is a part of it either way.

mod made;
mod rest;
mod swagger;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::document::{Document, Problem, Severity};
use super::lower::lower;
use super::node::{Kind, Node};
use super::paths::{join, parent_of};
use super::places::Places;
use super::surroundings::Surroundings;
use super::tree;
use crate::Sentence;
use rest::{needs, of_flow, of_path};
use swagger::Old;
use values::{anchor_of, entries, list, owned, shown, unescaped, word, yes};

/// Properties of properties are shown so deep; a page is no wider.
const DEEPEST: usize = 6;
/// Rows of tables that one page gets; Confluence takes about 5 MB.
const MOST_ROWS: usize = 20_000;
/// Alternatives that the types of one page name, as many as there are in the largest descriptions.
const MOST_ALTERNATIVES: usize = 100_000;
/// The parts of a description that are shown where they are used, or in sections of their own.
const PLACED_COMPONENTS: [&str; 10] = [
    "schemas",
    "securitySchemes",
    "parameters",
    "requestBodies",
    "responses",
    "headers",
    "examples",
    "links",
    "callbacks",
    "pathItems",
];
/// References that lead to references are followed so far.
const LONGEST_CHAIN: usize = 16;

/// The methods that a path can have, in the order that people look for them.
const METHODS: [&str; 9] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace", "query",
];

/// Reads a description, when the text is one.
pub(super) fn read(path: &str, text: &str, others: &Surroundings) -> Option<Document> {
    // Most files are none, and are not taken apart to learn it.
    let signs = ["openapi", "swagger", "json-schema.org"];
    if !signs.iter().any(|sign| text.contains(sign)) {
        return None;
    }
    let root = parse(text)?;
    let (root, old) = match swagger::is_old(&root) {
        true => {
            let (root, old) = Old::lift(root);
            (root, Some(old))
        }
        false => (root, None),
    };
    let has = |key: &str, start: &str| {
        let value = root.get(key).and_then(Value::as_str);
        value.is_some_and(|value| value.starts_with(start))
    };
    let is_interface = old.is_some() || has("openapi", "3.");
    let is_schema = root
        .get("$schema")
        .and_then(Value::as_str)
        .is_some_and(|schema| schema.contains("//json-schema.org/"));
    if !is_interface && !is_schema {
        return None;
    }
    let mut page = Page {
        text,
        path,
        root: &root,
        old,
        others,
        files: BTreeMap::new(),
        at: 0,
        rows: 0,
        alternatives: 0,
        told: BTreeSet::new(),
        wanted: Vec::new(),
        problems: Vec::new(),
    };
    let children = if is_interface {
        page.interface()
    } else {
        page.data()
    };
    let (wanted, problems) = (page.wanted, page.problems);
    let places = Places::new(text);
    let mut told: Vec<Problem> = problems
        .into_iter()
        .map(|(at, code, message)| {
            let place = places.of(at);
            Problem {
                severity: Severity::Warning,
                code,
                message,
                line: place.line,
                column: place.column,
            }
        })
        .collect();
    let mut document = lower(places, node(Kind::Root, 0, children));
    told.append(&mut document.problems);
    told.sort_by_key(|problem| (problem.line, problem.column));
    document.problems = told;
    document.wanted = wanted;
    Some(document)
}

fn parse(text: &str) -> Option<Value> {
    match text.trim_start().starts_with('{') {
        true => serde_json::from_str(text).ok(),
        false => serde_saphyr::from_str(text).ok(),
    }
}

/// A value and the file that it stands in; empty for the file that is read.
#[derive(Debug, Clone)]
struct Found {
    value: Value,
    file: String,
    /// What it is called, and whether this page has a heading for it.
    name: Option<(String, bool)>,
}

struct Page<'a> {
    text: &'a str,
    path: &'a str,
    root: &'a Value,
    /// For a description in the form before this one, what it says for all of its operations.
    old: Option<Old>,
    others: &'a Surroundings,
    /// Other files that were taken apart.
    files: BTreeMap<String, Option<Value>>,
    /// Where the part that is being read stands.
    at: usize,
    rows: usize,
    /// How many alternatives its types name.
    alternatives: usize,
    /// References that were told of.
    told: BTreeSet<String>,
    wanted: Vec<String>,
    problems: Vec<(usize, &'static str, Sentence)>,
}

impl Page<'_> {
    fn interface(&mut self) -> Vec<Node<'static>> {
        let root = self.root;
        let info = &root["info"];
        let mut nodes = Vec::new();
        let title = word(&info["title"]).unwrap_or_else(|| "Interface".to_owned());
        nodes.push(self.heading(1, &title, None));
        let mut facts = Vec::new();
        if let Some(version) = word(&info["version"]) {
            facts.push(format!("Version {version}"));
        }
        facts.extend(word(&info["license"]["name"]).map(|name| format!("License: {name}")));
        facts.extend(word(&info["contact"]["name"]).map(|name| format!("Contact: {name}")));
        facts.extend(word(&info["contact"]["email"]));
        if !facts.is_empty() {
            nodes.push(self.paragraph(&facts.join(" \u{b7} ")));
        }
        self.describe(info, &mut nodes);
        let placed = ["title", "version", "description", "license", "contact"];
        self.rest(info, &placed, &mut nodes);
        self.rest(&info["license"], &["name"], &mut nodes);
        self.rest(&info["contact"], &["name", "email"], &mut nodes);
        self.external(root, &mut nodes);
        let placed = [
            "openapi",
            "info",
            "externalDocs",
            "servers",
            "security",
            "tags",
            "paths",
            "webhooks",
            "components",
        ];
        self.rest(root, &placed, &mut nodes);
        self.servers(&root["servers"], &mut nodes);
        self.schemes(&root["components"]["securitySchemes"], &mut nodes);
        self.operations(&mut nodes);
        if let Some(hooks) = root["webhooks"].as_object() {
            nodes.push(self.heading(2, "Webhooks", None));
            for (name, item) in hooks {
                self.item(name, item, &mut nodes);
            }
        }
        if let Some(schemas) = root["components"]["schemas"].as_object() {
            self.schemas(schemas, &mut nodes);
        }
        let components = &root["components"];
        self.unused(components, &mut nodes);
        self.rest(components, &PLACED_COMPONENTS, &mut nodes);
        nodes
    }

    fn data(&mut self) -> Vec<Node<'static>> {
        let root = self.root;
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        let title = word(&root["title"]).unwrap_or_else(|| name.to_owned());
        let mut nodes = vec![self.heading(1, &title, None)];
        self.whole_schema(root, &title, &mut nodes);
        for key in ["$defs", "definitions"] {
            if let Some(schemas) = root[key].as_object() {
                self.schemas(schemas, &mut nodes);
            }
        }
        nodes
    }

    fn schemas(&mut self, schemas: &Map<String, Value>, nodes: &mut Vec<Node<'static>>) {
        nodes.push(self.heading(2, "Schemas", None));
        for (name, schema) in schemas {
            self.stand_at(name);
            nodes.push(self.heading(3, name, Some(&anchor_of(name))));
            self.whole_schema(schema, name, nodes);
        }
    }

    /// Goes to where a key stands in the source.
    fn stand_at(&mut self, key: &str) {
        let quoted = format!("{key}\":");
        let bare = format!("{key}:");
        let found = self.text.find(&quoted).or_else(|| self.text.find(&bare));
        self.at = found.unwrap_or(self.at);
    }

    fn servers(&mut self, servers: &Value, nodes: &mut Vec<Node<'static>>) {
        let Some(servers) = servers.as_array().filter(|servers| !servers.is_empty()) else {
            return;
        };
        nodes.push(self.heading(2, "Servers", None));
        let mut items = Vec::new();
        for server in servers {
            let mut line = vec![self.code(&word(&server["url"]).unwrap_or_default())];
            line.extend(self.described(server));
            line.extend(self.rest_in_line(server, &["url", "description", "variables"]));
            let mut inside = vec![node(Kind::Paragraph, self.at, line)];
            let rows: Vec<Vec<Vec<Node<'static>>>> = entries(&server["variables"])
                .map(|(name, variable)| {
                    let choices = list(&variable["enum"]).join(", ");
                    let mut says = self.described(variable);
                    let placed = ["default", "enum", "description"];
                    says.extend(self.rest_in_line(variable, &placed));
                    vec![
                        vec![self.code(name)],
                        vec![self.words(&word(&variable["default"]).unwrap_or_default())],
                        vec![self.words(&choices)],
                        says,
                    ]
                })
                .collect();
            inside.extend(self.table(&["Variable", "Default", "Choices", "Description"], rows));
            items.push(node(Kind::Item, self.at, inside));
        }
        nodes.push(node(Kind::List(None), self.at, items));
    }

    fn schemes(&mut self, schemes: &Value, nodes: &mut Vec<Node<'static>>) {
        let mut rows = Vec::new();
        for (name, scheme) in entries(schemes) {
            let scheme = self.follow(scheme, "").value;
            let kind = word(&scheme["type"]).unwrap_or_default();
            let mut how: Vec<String> = ["scheme", "in", "name", "bearerFormat", "openIdConnectUrl"]
                .iter()
                .filter_map(|key| word(&scheme[*key]))
                .collect();
            let flows = entries(&scheme["flows"]);
            how.extend(flows.map(|(flow, says)| format!("{flow}: {}", of_flow(says))));
            let mut says = self.described(&scheme);
            let placed = [
                "type",
                "scheme",
                "in",
                "name",
                "bearerFormat",
                "openIdConnectUrl",
                "flows",
                "description",
            ];
            says.extend(self.rest_in_line(&scheme, &placed));
            rows.push(vec![
                vec![self.code(name)],
                vec![self.words(&kind)],
                self.linked(&how.join("; ")),
                says,
            ]);
        }
        if !rows.is_empty() {
            nodes.push(self.heading(2, "Authorization", None));
            nodes.extend(self.table(&["Name", "Type", "How", "Description"], rows));
        }
    }

    /// The operations, below the first of their tags.
    fn operations(&mut self, nodes: &mut Vec<Node<'static>>) {
        let root = self.root;
        let mut by_tag: BTreeMap<String, Vec<(&String, &Value)>> = BTreeMap::new();
        let known: Vec<String> = root["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|tag| word(&tag["name"]))
            .collect();
        for (path, item) in entries(&root["paths"]) {
            // A path stands below one tag, with all that can be done there.
            let first = METHODS.iter().find_map(|method| {
                let tags = item.get(*method)?.get("tags")?.as_array()?;
                word(tags.first()?)
            });
            by_tag
                .entry(first.unwrap_or_default())
                .or_default()
                .push((path, item));
        }
        let others: Vec<String> = by_tag
            .keys()
            .filter(|tag| !known.contains(tag))
            .cloned()
            .collect();
        for tag in known.into_iter().chain(others) {
            let mut says = root["tags"].as_array().into_iter().flatten();
            let says = says.find(|says| word(&says["name"]).as_ref() == Some(&tag));
            let items = by_tag.remove(&tag).unwrap_or_default();
            if items.is_empty() && says.is_none() {
                continue;
            }
            let title = if tag.is_empty() { "Operations" } else { &tag };
            nodes.push(self.heading(2, title, None));
            if let Some(says) = says {
                self.describe(says, nodes);
                self.external(says, nodes);
                self.rest(says, &["name", "description", "externalDocs"], nodes);
            }
            for (path, item) in items {
                self.item(path, item, nodes);
            }
        }
    }

    fn item(&mut self, path: &str, item: &Value, nodes: &mut Vec<Node<'static>>) {
        self.stand_at(path);
        let Found {
            value: item, file, ..
        } = self.follow(item, "");
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let title = format!("{} {path}", method.to_uppercase());
            self.operation((3, &title), &item, operation, &file, nodes);
        }
    }

    fn operation(
        &mut self,
        (level, title): (u8, &str),
        item: &Value,
        operation: &Value,
        file: &str,
        nodes: &mut Vec<Node<'static>>,
    ) {
        let id = word(&operation["operationId"]).map(|id| anchor_of(&id));
        nodes.push(self.heading(level, title, id.as_deref()));
        if operation["deprecated"] == Value::Bool(true) {
            nodes.push(self.strong("Deprecated"));
        }
        if let Some(summary) = word(&operation["summary"]).or_else(|| word(&item["summary"])) {
            nodes.push(self.strong(&summary));
        }
        self.describe(operation, nodes);
        self.external(operation, nodes);
        self.describe(item, nodes);
        self.rest(item, &of_path(item, operation), nodes);
        self.own_servers(item, nodes);
        self.own_servers(operation, nodes);
        let mut placed = vec![
            "summary",
            "description",
            "deprecated",
            "externalDocs",
            "security",
            "servers",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
        ];
        // The page stands below the first tag.
        if list(&operation["tags"]).len() < 2 {
            placed.push("tags");
        }
        self.rest(operation, &placed, nodes);
        let security = operation.get("security").unwrap_or(&self.root["security"]);
        if let Some(needs) = needs(security) {
            nodes.push(self.paragraph(&format!("Authorization: {needs}")));
        }

        let mut rows = Vec::new();
        let own = operation["parameters"].as_array().into_iter().flatten();
        let shared = item["parameters"].as_array().into_iter().flatten();
        let mut seen: BTreeSet<(Option<String>, Option<String>)> = BTreeSet::new();
        for parameter in own.chain(shared) {
            let Found { value, file, .. } = self.follow(parameter, file);
            // What an operation says of a parameter goes before what its path says.
            if !seen.insert((word(&value["name"]), word(&value["in"]))) {
                continue;
            }
            let schema = value.get("schema").cloned().unwrap_or_else(|| {
                let content = entries(&value["content"]).next();
                content.map_or(Value::Null, |(_, media)| media["schema"].clone())
            });
            let kind = self.type_of(&schema, &file, 0);
            let mut says = self.described(&value);
            says.extend(self.said_of_schema(&schema));
            // The first of its media types is that of the schema.
            let forms = entries(&value["content"]);
            for (media_type, media) in forms {
                says.push(self.words(" "));
                says.push(self.code(media_type));
                says.push(self.words("."));
                says.extend(self.rest_in_line(media, &["schema"]));
            }
            let placed = ["name", "in", "required", "description", "schema", "content"];
            says.extend(self.rest_in_line(&value, &placed));
            rows.push(vec![
                vec![self.code(&word(&value["name"]).unwrap_or_default())],
                vec![self.words(&word(&value["in"]).unwrap_or_default())],
                kind,
                vec![self.words(yes(&value["required"]))],
                says,
            ]);
        }
        nodes.extend(self.table(
            &["Parameter", "In", "Type", "Required", "Description"],
            rows,
        ));

        if let Some(body) = operation.get("requestBody") {
            let Found { value, file, .. } = self.follow(body, file);
            let is_required = value["required"] == Value::Bool(true);
            nodes.push(self.strong(if is_required {
                "Request body (required)"
            } else {
                "Request body"
            }));
            self.describe(&value, nodes);
            self.rest(&value, &["description", "required", "content"], nodes);
            self.content(&value["content"], &file, nodes);
        }
        for (status, response) in entries(&operation["responses"]) {
            let Found { value, file, .. } = self.follow(response, file);
            nodes.push(self.strong(&format!("Response {status}")));
            self.describe(&value, nodes);
            let mut rows = Vec::new();
            for (name, header) in entries(&value["headers"]) {
                let Found { value, file, .. } = self.follow(header, &file);
                let kind = self.type_of(&value["schema"], &file, 0);
                let mut says = self.described(&value);
                says.extend(self.said_of_schema(&value["schema"]));
                says.extend(self.rest_in_line(&value, &["description", "schema"]));
                rows.push(vec![vec![self.code(name)], kind, says]);
            }
            nodes.extend(self.table(&["Header", "Type", "Description"], rows));
            self.content(&value["content"], &file, nodes);
            self.links(&value["links"], &file, nodes);
            let placed = ["description", "headers", "content", "links"];
            self.rest(&value, &placed, nodes);
        }
        for (name, callback) in entries(&operation["callbacks"]) {
            let Found {
                value: callback,
                file,
                ..
            } = self.follow(callback, file);
            for (address, item) in entries(&callback) {
                let Found {
                    value: item, file, ..
                } = self.follow(item, &file);
                for method in METHODS {
                    let Some(call) = item.get(method).filter(|_| level < 6) else {
                        continue;
                    };
                    let method = method.to_uppercase();
                    let title = format!("Callback {name}: {method} {address}");
                    self.operation((level + 1, &title), &item, call, &file, nodes);
                }
            }
        }
    }

    /// What is sent, in each of its forms.
    fn content(&mut self, content: &Value, file: &str, nodes: &mut Vec<Node<'static>>) {
        for (media_type, media) in entries(content) {
            let mut line = vec![self.code(media_type), self.words(": ")];
            line.extend(self.type_of(&media["schema"], file, 0));
            line.extend(self.beside_reference(&media["schema"]));
            let Found { value, file, name } = self.follow(&media["schema"], file);
            if !matches!(name, Some((_, true))) {
                line.extend(self.said_of_schema(&value));
            }
            nodes.push(node(Kind::Paragraph, self.at, line));
            // What has a heading of its own is shown there.
            if !matches!(name, Some((_, true))) {
                nodes.extend(self.properties(&value, &file));
            }
            self.examples(media, nodes);
            self.rest(media, &["schema", "example", "examples"], nodes);
        }
    }

    fn examples(&mut self, holder: &Value, nodes: &mut Vec<Node<'static>>) {
        if let Some(example) = holder.get("example") {
            nodes.push(self.strong("Example"));
            nodes.push(self.example(example));
        }
        match &holder["examples"] {
            Value::Array(all) => {
                for example in all {
                    nodes.push(self.strong("Example"));
                    nodes.push(self.example(example));
                }
            }
            all => {
                for (name, example) in entries(all) {
                    let example = self.follow(example, "").value;
                    let title = match word(&example["summary"]) {
                        Some(summary) => format!("Example {name}: {summary}"),
                        None => format!("Example {name}"),
                    };
                    nodes.push(self.strong(&title));
                    self.describe(&example, nodes);
                    if let Some(value) = example.get("value") {
                        nodes.push(self.example(value));
                    }
                    self.rest(&example, &["summary", "description", "value"], nodes);
                }
            }
        }
    }

    fn example(&self, example: &Value) -> Node<'static> {
        let (info, text) = match example {
            Value::String(text) => ("", text.clone()),
            value => (
                "json",
                serde_json::to_string_pretty(value).unwrap_or_default(),
            ),
        };
        let info = info.to_owned().into();
        node(Kind::Code { info, text }, self.at, Vec::new())
    }

    /// A schema with its own heading.
    fn whole_schema(&mut self, schema: &Value, name: &str, nodes: &mut Vec<Node<'static>>) {
        self.describe(schema, nodes);
        self.external(schema, nodes);
        let mut line = vec![self.words("Type: ")];
        line.extend(self.type_of(schema, "", 0));
        line.extend(self.limits(schema));
        let mut placed = vec!["example", "externalDocs"];
        if schema["examples"].is_array() {
            placed.push("examples");
        }
        if word(&schema["title"]).as_deref() == Some(name) {
            placed.push("title");
        }
        // Those of the file itself have headings.
        if std::ptr::eq(schema, self.root) {
            placed.extend(["$defs", "definitions"]);
        }
        line.extend(self.rest_of_schema(schema, &placed));
        nodes.push(node(Kind::Paragraph, self.at, line));
        nodes.extend(self.properties(schema, ""));
        self.examples(schema, nodes);
    }

    /// The table of a schema's properties, those of its properties among them.
    fn properties(&mut self, schema: &Value, file: &str) -> Option<Node<'static>> {
        let mut rows = Vec::new();
        let mut above = Vec::new();
        self.rows_of(schema, file, "", &mut above, &mut rows);
        self.table(&["Property", "Type", "Required", "Description"], rows)
    }

    fn rows_of(
        &mut self,
        schema: &Value,
        file: &str,
        prefix: &str,
        above: &mut Vec<String>,
        rows: &mut Vec<Vec<Vec<Node<'static>>>>,
    ) {
        if above.len() >= DEEPEST {
            let has_more = ["properties", "items", "additionalProperties", "allOf"];
            if has_more.iter().any(|key| schema.get(*key).is_some()) {
                self.tell_depth(prefix);
            }
            return;
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                // What it has of another is its own; what it may be, and what a property is, the
                // column of types says.
                let is_named = part.get("$ref").is_some()
                    && matches!(self.follow(part, file).name, Some((_, true)));
                if is_named && (key != "allOf" || !prefix.is_empty()) {
                    continue;
                }
                self.rows_below(part, file, prefix, above, rows);
            }
        }
        let required = list(&schema["required"]);
        for (name, property) in entries(&schema["properties"]) {
            if self.rows >= MOST_ROWS {
                if self.told.insert(String::new()) {
                    let message = sentence!(
                        "the page has {most} rows of tables already, so the others are left out",
                        most = MOST_ROWS
                    );
                    self.problems.push((self.at, "openapi.too_much", message));
                }
                return;
            }
            self.rows += 1;
            let path = format!("{prefix}{name}");
            let kind = self.type_of(property, file, 0);
            let found = self.follow(property, file);
            let mut says = self.described(property);
            if says.is_empty() {
                says = self.described(&found.value);
            }
            says.extend(self.beside_reference(property));
            says.extend(self.limits(&found.value));
            // What has a heading of its own says the rest there.
            if !matches!(found.name, Some((_, true))) {
                says.extend(self.rest_of_schema(&found.value, &[]));
            }
            let is_required = required.iter().any(|known| known == name);
            rows.push(vec![
                vec![self.code(&path)],
                kind,
                vec![self.words(if is_required { "yes" } else { "" })],
                says,
            ]);
            if !matches!(found.name, Some((_, true))) {
                self.rows_below(property, file, &format!("{path}."), above, rows);
            }
        }
        if schema.get("items").is_some_and(Value::is_object) {
            let bare = prefix.trim_end_matches('.');
            self.rows_below(&schema["items"], file, &format!("{bare}[]."), above, rows);
        }
        if schema["additionalProperties"].is_object() {
            let more = &schema["additionalProperties"];
            self.rows_below(more, file, &format!("{prefix}*."), above, rows);
        }
    }

    fn tell_depth(&mut self, prefix: &str) {
        if self.told.insert(format!("{prefix} deep")) {
            let message = sentence!(
                "properties of `{path}` are left out: a table has {most} levels of them at most",
                path = prefix.trim_end_matches('.').to_owned(),
                most = DEEPEST
            );
            self.problems.push((self.at, "openapi.too_much", message));
        }
    }

    /// The rows of what a schema leads to, unless it is above already.
    fn rows_below(
        &mut self,
        schema: &Value,
        file: &str,
        prefix: &str,
        above: &mut Vec<String>,
        rows: &mut Vec<Vec<Vec<Node<'static>>>>,
    ) {
        let key = word(&schema["$ref"]).unwrap_or_default();
        let key = if key.is_empty() {
            prefix.to_owned()
        } else {
            format!("{file} {key}")
        };
        if above.contains(&key) {
            return;
        }
        let found = self.follow(schema, file);
        // What has a heading of its own is shown there, unless it says what this is itself.
        if matches!(found.name, Some((_, true))) && prefix.ends_with("[].") {
            return;
        }
        above.push(key);
        self.rows_of(&found.value, &found.file, prefix, above, rows);
        above.pop();
    }

    /// What a schema is, in one line.
    fn type_of(&mut self, schema: &Value, file: &str, depth: usize) -> Vec<Node<'static>> {
        if depth > DEEPEST {
            return vec![self.words("\u{2026}")];
        }
        if schema.get("$ref").is_some() {
            let found = self.follow(schema, file);
            return match found.name {
                Some((name, true)) => {
                    let kind = Kind::Link {
                        target: format!("#{}", anchor_of(&name)),
                        title: "".into(),
                    };
                    vec![node(kind, self.at, vec![self.words(&name)])]
                }
                Some((name, false)) => vec![self.words(&name)],
                None => self.type_of(&found.value, &found.file, depth + 1),
            };
        }
        for (key, between) in [("allOf", " and "), ("oneOf", " or "), ("anyOf", " or ")] {
            let parts = schema[key].as_array().filter(|parts| !parts.is_empty());
            if let Some(parts) = parts {
                let mut line = Vec::new();
                for (shown, part) in parts.iter().enumerate() {
                    if shown > 0 {
                        line.push(self.words(between));
                    }
                    if self.alternatives >= MOST_ALTERNATIVES {
                        line.push(self.alternatives_left_out(parts.len() - shown));
                        break;
                    }
                    self.alternatives += 1;
                    line.extend(self.type_of(part, file, depth + 1));
                }
                return line;
            }
        }
        let mut names = list(&schema["type"]);
        names.extend(word(&schema["type"]));
        if schema["nullable"] == Value::Bool(true) {
            names.push("null".to_owned());
        }
        if names.is_empty() {
            names.push(match schema {
                Value::Bool(false) => "nothing".to_owned(),
                schema if schema.get("properties").is_some() => "object".to_owned(),
                schema if schema.get("items").is_some() => "array".to_owned(),
                _ => "any".to_owned(),
            });
        }
        let mut text = names.join(" or ");
        if let Some(format) = word(&schema["format"]) {
            text = format!("{text} ({format})");
        }
        let mut line = vec![self.words(&text)];
        if schema.get("items").is_some_and(Value::is_object) {
            line.push(self.words(" of "));
            line.extend(self.type_of(&schema["items"], file, depth + 1));
        } else if schema["additionalProperties"].is_object() {
            line.push(self.words(" with values of "));
            line.extend(self.type_of(&schema["additionalProperties"], file, depth + 1));
        }
        line
    }

    /// What stands for alternatives that are one page's too many.
    fn alternatives_left_out(&mut self, count: usize) -> Node<'static> {
        if self.told.insert("alternatives".to_owned()) {
            let message = sentence!(
                "the page names {most} alternatives of types already, so the others are counted",
                most = MOST_ALTERNATIVES
            );
            self.problems.push((self.at, "openapi.too_much", message));
        }
        self.words(&format!("{count} more"))
    }

    /// What values a schema allows.
    fn limits(&self, schema: &Value) -> Vec<Node<'static>> {
        let mut said = Vec::new();
        let choices = list(&schema["enum"]);
        if !choices.is_empty() {
            said.push(format!("One of: {}.", choices.join(", ")));
        }
        for (key, name) in [
            ("const", "Always"),
            ("default", "Default"),
            ("minimum", "At least"),
            ("exclusiveMinimum", "Above"),
            ("maximum", "At most"),
            ("exclusiveMaximum", "Below"),
            ("minLength", "Shortest"),
            ("maxLength", "Longest"),
            ("minItems", "Fewest"),
            ("maxItems", "Most"),
            ("pattern", "Pattern"),
        ] {
            said.extend(shown(&schema[key]).map(|value| format!("{name}: {value}.")));
        }
        if schema["readOnly"] == Value::Bool(true) {
            said.push("Read only.".to_owned());
        }
        if schema["writeOnly"] == Value::Bool(true) {
            said.push("Write only.".to_owned());
        }
        if schema["deprecated"] == Value::Bool(true) {
            said.push("Deprecated.".to_owned());
        }
        if said.is_empty() {
            return Vec::new();
        }
        vec![self.words(&format!(" {}", said.join(" ")))]
    }

    /// What a value is that may be a reference.
    fn follow(&mut self, value: &Value, file: &str) -> Found {
        let mut found = Found {
            value: value.clone(),
            file: file.to_owned(),
            name: None,
        };
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = found.value.get("$ref").and_then(Value::as_str) else {
                return found;
            };
            let reference = reference.to_owned();
            let (path, pointer) = match reference.split_once('#') {
                Some((path, pointer)) => (path, pointer),
                None => (reference.as_str(), ""),
            };
            let file = if path.is_empty() {
                found.file.clone()
            } else {
                let from = if found.file.is_empty() {
                    self.path
                } else {
                    &found.file
                };
                let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
                match join(parent_of(from), &decoded) {
                    Some(file) if !path.contains("://") && !path.starts_with('/') => file,
                    _ => {
                        return self.lost(
                            found,
                            &reference,
                            &sentence!("it is outside the repository"),
                        );
                    }
                }
            };
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let name = match name.is_empty() {
                true => path.rsplit('/').next().unwrap_or_default().to_owned(),
                false => unescaped(name),
            };
            let Some(value) = self.pointed(&file, pointer) else {
                return self.lost(found, &reference, &sentence!("nothing is there"));
            };
            let is_here = file.is_empty()
                && ["/components/schemas/", "/$defs/", "/definitions/"]
                    .iter()
                    .any(|start| {
                        pointer
                            .strip_prefix(start)
                            .is_some_and(|rest| !rest.contains('/'))
                    });
            found = Found {
                value,
                file,
                name: found.name.or(Some((name, is_here))),
            };
        }
        let circle = word(&found.value["$ref"]).unwrap_or_default();
        self.lost(found, &circle, &sentence!("it leads to itself"))
    }

    fn lost(&mut self, found: Found, reference: &str, reason: &Sentence) -> Found {
        if self.told.insert(reference.to_owned()) {
            let message = sentence!(
                "`{reference}` cannot be followed, because {reason}",
                reference,
                reason
            );
            self.problems.push((self.at, "reference.missing", message));
        }
        let name = found
            .name
            .map_or_else(|| reference.to_owned(), |(name, _)| name);
        Found {
            value: Value::Null,
            file: found.file,
            name: Some((name, false)),
        }
    }

    /// What stands at a place of a file, which is taken apart once.
    fn pointed(&mut self, file: &str, pointer: &str) -> Option<Value> {
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        if file.is_empty() {
            let pointer = match self.old {
                Some(_) => swagger::place(&pointer),
                None => pointer,
            };
            return self.root.pointer(&pointer).cloned();
        }
        if !self.files.contains_key(file) {
            let read = match self.others.text(file) {
                Some(text) => parse(text),
                None => {
                    self.wanted.push(file.to_owned());
                    None
                }
            };
            self.files.insert(file.to_owned(), read);
        }
        let read = self.files.get(file)?.as_ref()?;
        let found = read.pointer(&pointer)?.clone();
        Some(match &mut self.old {
            Some(old) => old.lift_part(found, read),
            None => found,
        })
    }

    fn describe(&self, holder: &Value, nodes: &mut Vec<Node<'static>>) {
        nodes.extend(self.described(holder));
    }

    /// What a description says, which is Markdown.
    fn described(&self, holder: &Value) -> Vec<Node<'static>> {
        let Some(text) = word(&holder["description"]) else {
            return Vec::new();
        };
        let masked = tree::mask(&text);
        let grown = tree::grow(&masked, 0).0;
        let nodes = grown.children.into_iter();
        nodes.map(|node| owned(node, self.at)).collect()
    }

    fn external(&self, holder: &Value, nodes: &mut Vec<Node<'static>>) {
        let Some(target) = word(&holder["externalDocs"]["url"]) else {
            return;
        };
        let words = word(&holder["externalDocs"]["description"]).unwrap_or_else(|| target.clone());
        let kind = Kind::Link {
            target,
            title: "".into(),
        };
        let link = node(kind, self.at, vec![self.words(&words)]);
        nodes.push(node(Kind::Paragraph, self.at, vec![link]));
    }
}

fn node(kind: Kind<'static>, at: usize, children: Vec<Node<'static>>) -> Node<'static> {
    Node::new(kind, at, children)
}
