//! Descriptions in the form before OpenAPI 3, Swagger 2.0, brought into the form that the page is made
//! from: schemas, parameters and answers to where that form has them, what is sent and given with its
//! media types, the address of three keys in one. References stay as they are written, and are led to
//! where their part is now.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::METHODS;
use super::values::{list, unescaped, word};

/// As many bytes may be written down again where many operations share them: media types, and
/// parameters that are parts of a form.
const MOST_REPEATED: usize = 4 * 1024 * 1024;

/// The keys of a parameter or header that say what its values are, as a schema says it.
const OF_VALUES: [&str; 17] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
];

/// Where parts were, and where they are now.
const MOVED: [(&str, &str); 4] = [
    ("definitions", "schemas"),
    ("parameters", "parameters"),
    ("responses", "responses"),
    ("securityDefinitions", "securitySchemes"),
];

/// The media types of a form.
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// Whether a description has that form. Who writes YAML often leaves out the quotes of the version, and
/// other files have versions of a program of that name.
pub(super) fn is_old(root: &Value) -> bool {
    word(&root["swagger"]).is_some_and(|version| version == "2.0")
        && (root["paths"].is_object() || root["definitions"].is_object())
}

/// What a description in that form says for all of its operations.
#[derive(Debug)]
pub(super) struct Old {
    /// The media types of what is sent, and of those the ones of forms.
    consumes: Rc<str>,
    forms: Rc<str>,
    /// Those of what is given.
    produces: Rc<str>,
    /// How many bytes may still be repeated.
    room: usize,
}

/// The parameters of one operation, or of all at a path, by what becomes of them.
#[derive(Debug, Default)]
struct Sorted {
    /// What is sent as a whole.
    body: Option<Value>,
    /// The fields of a form, with their names.
    fields: Vec<(String, Map<String, Value>)>,
    /// All others.
    others: Vec<Value>,
}

impl Old {
    /// Brings a whole description into the later form.
    pub(super) fn lift(root: Value) -> (Value, Self) {
        let mut forms = list(&root["consumes"]);
        forms.retain(|media| FORMS.contains(&media.as_str()));
        let mut old = Self {
            consumes: joined(&root["consumes"]),
            forms: forms.join(", ").into(),
            produces: joined(&root["produces"]),
            room: MOST_REPEATED,
        };
        let Value::Object(mut root) = root else {
            return (root, old);
        };
        root.remove("swagger");
        let servers = servers(&mut root);
        if !servers.is_empty() {
            root.insert("servers".to_owned(), Value::Array(servers));
        }
        let mut components = Map::new();
        for (before, now) in MOVED {
            if let Some(parts) = root.remove(before) {
                components.insert(now.to_owned(), parts);
            }
        }
        let parameters = components.get("parameters").cloned().unwrap_or_default();
        for item in of(root.get_mut("paths")) {
            old.item(item, &parameters);
        }
        for parameter in of(components.get_mut("parameters")) {
            old.parameter(parameter);
        }
        for response in of(components.get_mut("responses")) {
            let produces = Rc::clone(&old.produces);
            old.response(response, &produces);
        }
        for scheme in of(components.get_mut("securitySchemes")) {
            security(scheme);
        }
        root.insert("components".to_owned(), Value::Object(components));
        (Value::Object(root), old)
    }

    /// Brings a part of another file into the later form. Which part it is, its keys tell: only a path
    /// has methods, only a parameter says where it is sent, and only an answer has a schema of itself.
    pub(super) fn lift_part(&mut self, mut part: Value, file: &Value) -> Value {
        let has = |key: &str| part.get(key).is_some();
        if METHODS
            .iter()
            .any(|method| part[*method]["responses"].is_object())
        {
            self.item(&mut part, &file["parameters"]);
        } else if part["in"].is_string() && !has("content") {
            self.parameter(&mut part);
        } else if has("description") && (has("schema") || has("headers")) && !has("content") {
            let produces = Rc::clone(&self.produces);
            self.response(&mut part, &produces);
        }
        part
    }

    /// Whether so many bytes may be repeated once more.
    fn may_repeat(&mut self, bytes: usize) -> bool {
        match self.room.checked_sub(bytes) {
            Some(room) => self.room = room,
            None => self.room = 0,
        }
        self.room > 0
    }

    fn item(&mut self, item: &mut Value, known: &Value) {
        let Value::Object(item) = item else {
            return;
        };
        let mut shared = self.sorted(item.remove("parameters"), known);
        if !shared.others.is_empty() {
            let others = std::mem::take(&mut shared.others);
            item.insert("parameters".to_owned(), Value::Array(others));
        }
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                self.operation(operation, &shared, known);
            }
        }
    }

    fn operation(&mut self, operation: &mut Map<String, Value>, shared: &Sorted, known: &Value) {
        let mut own = self.sorted(operation.remove("parameters"), known);
        let consumes = operation.get("consumes").map(joined);
        if let Some(body) = own.body.take().or_else(|| shared.body.clone()) {
            let is_elsewhere = body.get("$ref").is_some();
            let sent = match is_elsewhere {
                true => body,
                false => self.body(body, consumes.as_deref()),
            };
            operation.insert("requestBody".to_owned(), sent);
            // Of one that stands elsewhere, its place says the media types of all.
            if !is_elsewhere {
                operation.remove("consumes");
            }
            // A form beside it is against the rules, and is shown all the same.
            let fields = own.fields.drain(..);
            own.others.extend(fields.map(|(name, field)| {
                let mut field = Value::Object(field);
                field["name"] = Value::String(name);
                field["in"] = json!("formData");
                parameter_in_place(&mut field);
                field
            }));
        } else {
            let said: BTreeSet<String> = own.fields.iter().map(|(name, _)| name.clone()).collect();
            let more = shared.fields.iter();
            let more = more.filter(|(name, _)| !said.contains(name));
            own.fields.extend(more.cloned());
            if !own.fields.is_empty() {
                let sent = self.form(std::mem::take(&mut own.fields), consumes.as_deref());
                operation.insert("requestBody".to_owned(), sent);
                operation.remove("consumes");
            }
        }
        if !own.others.is_empty() {
            operation.insert("parameters".to_owned(), Value::Array(own.others));
        }
        let produces = operation.get("produces").map(joined);
        let produces = produces.unwrap_or_else(|| Rc::clone(&self.produces));
        let mut are_said = false;
        for response in of(operation.get_mut("responses")) {
            are_said |= self.response(response, &produces);
        }
        if are_said {
            operation.remove("produces");
        }
    }

    /// Parts the parameters of an operation, or of a path. One that stands elsewhere in the file is
    /// what it leads to.
    fn sorted(&mut self, parameters: Option<Value>, known: &Value) -> Sorted {
        let mut sorted = Sorted::default();
        let Some(Value::Array(parameters)) = parameters else {
            sorted.others.extend(parameters);
            return sorted;
        };
        for mut parameter in parameters {
            let leads = word(&parameter["$ref"]);
            let leads = leads.and_then(|target| {
                let name = target.strip_prefix("#/parameters/")?;
                known.get(unescaped(name))
            });
            let place = leads.unwrap_or(&parameter)["in"].as_str();
            match (place, leads) {
                (Some("body"), _) if sorted.body.is_none() => sorted.body = Some(parameter),
                (Some("formData"), Some(field)) => {
                    match self.room > 0 && self.may_repeat(field.to_string().len()) {
                        true => sorted.fields.extend(field_of(field.clone())),
                        false => sorted.others.push(parameter),
                    }
                }
                (Some("formData"), None) => sorted.fields.extend(field_of(parameter)),
                (_, Some(_)) => sorted.others.push(parameter),
                (_, None) => {
                    self.parameter(&mut parameter);
                    sorted.others.push(parameter);
                }
            }
        }
        sorted
    }

    /// One that stands by itself: what is sent as a whole becomes that, every other says what its
    /// values are by a schema.
    fn parameter(&mut self, parameter: &mut Value) {
        match parameter["in"].as_str() {
            Some("body") => *parameter = self.body(parameter.take(), None),
            _ => parameter_in_place(parameter),
        }
    }

    /// What is sent as a whole.
    fn body(&mut self, body: Value, consumes: Option<&str>) -> Value {
        let Value::Object(mut body) = body else {
            return body;
        };
        body.remove("in");
        // It goes by no name when it is sent, and most are called so.
        if body.get("name").is_some_and(|name| name == "body") {
            body.remove("name");
        }
        let mut media = Map::new();
        media.extend(
            body.remove("schema")
                .map(|schema| ("schema".to_owned(), schema)),
        );
        let common = Rc::clone(&self.consumes);
        let content = self.content(consumes.unwrap_or(&common), media);
        body.insert("content".to_owned(), content);
        Value::Object(body)
    }

    /// The fields of a form as what is sent.
    fn form(&mut self, fields: Vec<(String, Map<String, Value>)>, consumes: Option<&str>) -> Value {
        let has_files = fields
            .iter()
            .any(|(_, field)| field.get("type").is_some_and(|kind| kind == "file"));
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (name, mut field) in fields {
            if field.remove("required") == Some(Value::Bool(true)) {
                required.push(Value::String(name.clone()));
            }
            properties.insert(name, Value::Object(field));
        }
        let mut schema = object([
            ("type", json!("object")),
            ("properties", Value::Object(properties)),
        ]);
        if !required.is_empty() {
            schema["required"] = Value::Array(required);
        }
        let common = Rc::clone(&self.forms);
        let usual = match common.is_empty() {
            true => FORMS[usize::from(has_files)],
            false => &*common,
        };
        let media = Map::from_iter([("schema".to_owned(), schema)]);
        let content = self.content(consumes.unwrap_or(usual), media);
        object([("content", content)])
    }

    /// Brings an answer into the later form; gives whether the media types are said there.
    fn response(&mut self, response: &mut Value, produces: &str) -> bool {
        let Value::Object(response) = response else {
            return false;
        };
        for header in of(response.get_mut("headers")) {
            parameter_in_place(header);
        }
        let mut media = Map::new();
        media.extend(
            response
                .remove("schema")
                .map(|schema| ("schema".to_owned(), schema)),
        );
        if let Some(Value::Object(examples)) = response.get_mut("examples") {
            let examples = std::mem::take(examples).into_iter();
            // Each is called by its media type.
            let examples = examples.map(|(media, value)| (media, object([("value", value)])));
            media.insert("examples".to_owned(), Value::Object(examples.collect()));
            response.remove("examples");
        }
        if media.is_empty() {
            return false;
        }
        response.insert("content".to_owned(), self.content(produces, media));
        true
    }

    /// What is sent or given, the same in each of its media types, which are said together.
    fn content(&mut self, all: &str, media: Map<String, Value>) -> Value {
        let name = match !all.is_empty() && self.may_repeat(all.len()) {
            true => all,
            false => "*/*",
        };
        object([(name, Value::Object(media))])
    }
}

/// Media types in one line.
fn joined(all: &Value) -> Rc<str> {
    list(all).join(", ").into()
}

/// Where a pointer of the earlier form leads to now.
pub(super) fn place(pointer: &str) -> Cow<'_, str> {
    for (before, now) in MOVED {
        let rest = pointer.strip_prefix('/');
        let rest = rest.and_then(|rest| rest.strip_prefix(before));
        if let Some(rest) = rest.filter(|rest| rest.starts_with('/')) {
            return Cow::Owned(format!("/components/{now}{rest}"));
        }
    }
    Cow::Borrowed(pointer)
}

/// An object of a few values.
fn object<const COUNT: usize>(entries: [(&str, Value); COUNT]) -> Value {
    let entries = entries.map(|(key, value)| (key.to_owned(), value));
    Value::Object(entries.into_iter().collect())
}

/// The values of an object, to be changed.
fn of(holder: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    let holder = holder.and_then(Value::as_object_mut);
    holder.into_iter().flat_map(Map::values_mut)
}

/// Puts what a parameter or header says of its values into a schema of it.
fn parameter_in_place(parameter: &mut Value) {
    let Value::Object(parameter) = parameter else {
        return;
    };
    if parameter.contains_key("schema") {
        return;
    }
    let said = OF_VALUES
        .iter()
        .filter_map(|key| parameter.remove_entry(*key));
    let schema: Map<String, Value> = said.collect();
    if !schema.is_empty() {
        parameter.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// A field of a form: what it says of its values is its schema already.
fn field_of(field: Value) -> Option<(String, Map<String, Value>)> {
    let Value::Object(mut field) = field else {
        return None;
    };
    let name = field.remove("name").and_then(|name| word(&name));
    field.remove("in");
    Some((name.unwrap_or_default(), field))
}

/// The addresses that three keys make.
fn servers(root: &mut Map<String, Value>) -> Vec<Value> {
    let has = |key: &str| root.get(key).and_then(word);
    let (host, path) = (has("host"), has("basePath").unwrap_or_default());
    if host.is_none() && path.is_empty() {
        return Vec::new();
    }
    let schemes = root.get("schemes").map(list).unwrap_or_default();
    let urls = match host {
        // Without a host, it is the one that the description comes from; schemes stay what they say.
        None => vec![path],
        Some(host) if schemes.is_empty() => vec![format!("//{host}{path}")],
        Some(host) => {
            let urls = schemes.iter();
            let urls = urls.map(|scheme| format!("{scheme}://{host}{path}"));
            let urls = urls.collect();
            root.remove("schemes");
            urls
        }
    };
    root.remove("host");
    root.remove("basePath");
    urls.into_iter().map(|url| json!({ "url": url })).collect()
}

/// A way to sign in, by its later name.
fn security(scheme: &mut Value) {
    let Value::Object(scheme) = scheme else {
        return;
    };
    match scheme.get("type").and_then(Value::as_str) {
        Some("basic") => {
            scheme.insert("type".to_owned(), json!("http"));
            scheme.insert("scheme".to_owned(), json!("basic"));
        }
        Some("oauth2") => {
            let flow = scheme.remove("flow").as_ref().and_then(word);
            let flow = match flow.as_deref() {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some(other) => other,
                None => return,
            };
            let said = ["authorizationUrl", "tokenUrl", "scopes"];
            let said = said.into_iter().filter_map(|key| scheme.remove_entry(key));
            let said: Map<String, Value> = said.collect();
            let flows = object([(flow, Value::Object(said))]);
            scheme.insert("flows".to_owned(), flows);
        }
        _ => {}
    }
}
