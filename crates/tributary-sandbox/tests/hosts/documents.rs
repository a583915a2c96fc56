//! The hosts' official descriptions, to hold answers against.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::stand::Stand;

/// A description: OpenAPI 3 or Swagger 2.
pub(crate) struct Document {
    whole: Value,
    name: &'static str,
}

impl Document {
    /// Opens a description, from the folder `VENDOR_SPECS` or beside the repository; says so when it
    /// is not on this machine.
    pub(crate) fn open(name: &'static str) -> Option<Self> {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
        let folder = std::env::var_os("VENDOR_SPECS").map_or(beside, PathBuf::from);
        let folder = folder.join("git-hosts");
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
            println!("skipped: the official description {name} is not here");
            return None;
        };
        let mut whole: Value = serde_json::from_str(&text).expect("the document is JSON");
        // Swagger 2 has no word for null, and its writers send it all the same.
        let swagger = whole["swagger"].is_string();
        nullable(&mut whole, swagger);
        Some(Self { whole, name })
    }

    /// Checks an answer against what the document says of the success of a `GET`.
    pub(crate) fn check(&self, template: &str, status: u16, body: &Value) {
        self.check_answer("get", template, status, body);
    }

    /// Checks an answer against what the document says of it.
    pub(crate) fn check_answer(&self, method: &str, template: &str, status: u16, body: &Value) {
        let call = &self.whole["paths"][template][method];
        assert!(call.is_object(), "{} has no {method} {template}", self.name);
        let Some(schema) = self.form(method, template, status) else {
            panic!(
                "{}: {method} {template} has no schema for {status}",
                self.name
            );
        };
        let mut whole = json!({"allOf": [schema]});
        for part in ["components", "definitions", "responses"] {
            if self.whole[part].is_object() {
                whole[part] = self.whole[part].clone();
            }
        }
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft7)
            .should_validate_formats(false)
            .build(&whole)
            .unwrap_or_else(|error| panic!("{method} {template}: {error}"));
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .take(5)
            .collect();
        assert!(
            errors.is_empty(),
            "{}: {method} {template}: {errors:#?}\n{body:#}",
            self.name
        );
    }

    /// The form that the document gives of an answer: under its status, or under that of all others.
    fn form(&self, method: &str, template: &str, status: u16) -> Option<&Value> {
        let told = &self.whole["paths"][template][method]["responses"];
        let told = told
            .get(status.to_string())
            .or_else(|| told.get("default"))?;
        let told = match told["$ref"].as_str() {
            Some(place) => self
                .whole
                .pointer(place.trim_start_matches('#'))
                .expect("what is referred to is there"),
            None => told,
        };
        let json_kind = told["content"].as_object().and_then(|kinds| {
            kinds
                .iter()
                .find(|(kind, _)| kind.starts_with("application/json"))
        });
        let schema = json_kind.map_or(&told["schema"], |(_, content)| &content["schema"]);
        // One without a word in it takes everything.
        schema
            .as_object()
            .is_some_and(|words| !words.is_empty())
            .then_some(schema)
    }

    /// Asks each of some questions: the answers have their statuses, and the form that the document
    /// has of them, or it has none, which is looked at too.
    pub(crate) async fn hold(&self, stand: &Stand, asked: &[Asked<'_>]) {
        for Asked(path, own, template, status, said) in asked {
            let answer = stand.get(path, own).await;
            assert_eq!(answer.status, *status, "{path}: {}", answer.text());
            match said {
                Said::Form => self.check(template, *status, &answer.json()),
                Said::FormBut(place) => {
                    let mut body = answer.json();
                    let (above, name) = place.rsplit_once('/').expect("a place");
                    let around = body.pointer_mut(above).and_then(Value::as_object_mut);
                    let found = around.and_then(|around| around.remove(name));
                    assert!(found.is_some(), "{path}: {place} in {}", answer.text());
                    self.check(template, *status, &body);
                }
                Said::Nothing => {
                    let form = self.form("get", template, *status);
                    assert_eq!(form, None, "{}: {template} {status}", self.name);
                }
            }
        }
    }
}

/// What a document has of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// The form of its body.
    Form,
    /// The form of its body, but for what stands at one place, which is sent in another.
    FormBut(&'static str),
    /// No form of it: not the call, not the status, or not what stands in it.
    Nothing,
}

/// A `GET`: its path, as whom it is asked, how the document calls it, the status of the answer, and
/// what the document says of that.
#[derive(Debug)]
pub(crate) struct Asked<'a>(
    pub(crate) String,
    pub(crate) &'a str,
    pub(crate) String,
    pub(crate) u16,
    pub(crate) Said,
);

/// OpenAPI 3.0 says `nullable` where JSON Schema has a type.
fn nullable(value: &mut Value, always: bool) {
    match value {
        Value::Object(map) => {
            let marked = map.remove("nullable") == Some(Value::Bool(true));
            if map.get("type") == Some(&json!("file")) {
                // Swagger's word for an upload is no type of JSON.
                map.remove("type");
            }
            if marked || always {
                if let Some(Value::String(kind)) = map.get("type").cloned() {
                    map.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = map.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            map.values_mut().for_each(|value| nullable(value, always));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| nullable(value, always)),
        _ => {}
    }
}
