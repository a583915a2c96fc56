//! The hosts' official descriptions, to hold answers against.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

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
        let call = &self.whole["paths"][template]["get"];
        assert!(call.is_object(), "{} has no GET {template}", self.name);
        let told = &call["responses"][status.to_string()];
        let told = match told["$ref"].as_str() {
            Some(place) => self
                .whole
                .pointer(place.trim_start_matches('#'))
                .expect("what is referred to is there"),
            None => told,
        };
        assert!(
            told.is_object(),
            "GET {template} is not said to answer {status}"
        );
        let json_kind = told["content"].as_object().and_then(|kinds| {
            kinds
                .iter()
                .find(|(kind, _)| kind.starts_with("application/json"))
        });
        let schema = json_kind.map_or(&told["schema"], |(_, content)| &content["schema"]);
        assert!(
            schema.is_object(),
            "{}: GET {template} has no schema for {status}",
            self.name
        );
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
            .unwrap_or_else(|error| panic!("GET {template}: {error}"));
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .take(5)
            .collect();
        assert!(
            errors.is_empty(),
            "{}: GET {template}: {errors:#?}\n{body:#}",
            self.name
        );
    }
}

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
