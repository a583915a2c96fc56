//! Descriptions of interfaces and of data.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_pages::markup::{Document, Flavor, Surroundings, read_source, storage_text};
use tributary_sandbox::format::check_storage;

use crate::{read_alone, stored_document};

fn page(document: &Document) -> String {
    let body = stored_document(document, Flavor::Cloud).content;
    let checked = check_storage(&body);
    let checked = checked.map_err(|error| error.chars().take(300).collect::<String>());
    assert_eq!(checked, Ok(()));
    body
}

fn seen(document: &Document) -> String {
    storage_text(&page(document))
}

#[test]
fn what_describes_nothing_is_shown_as_it_stands() {
    for text in [
        "openapi: 2.0\n",
        "openapi: 2.0.0\n",
        "name: openapi: 3.0\n",
        "swagger: '2.0'\n",
        "swagger: 1.2\npaths: {}\n",
        "swagger: 2.1.4\npaths: {data: /var}\n",
        "# openapi: 3.0.0\nlist: [1]\n",
        "{\"openapi\": 3",
    ] {
        let document = read_alone("a.yaml", text);
        assert_eq!(
            document.front_matter.title.as_deref(),
            Some("a.yaml"),
            "{text}"
        );
        assert!(page(&document).contains("CDATA"), "{text}");
    }
    let rust = read_alone("a.rs", "openapi: 3.0.0\ninfo: {title: T}\n");
    assert_eq!(rust.title, None);
    let json = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {} });
    let document = read_alone("a.json", &json.to_string());
    assert_eq!(document.title.as_deref(), Some("T"));
}

#[test]
fn references_go_over_files_and_end() {
    let text = "openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: 'paths/a.yaml'\n  \
                /b:\n    get:\n      responses:\n        '200': {$ref: '../../secret.yaml'}\n        \
                '404': {$ref: '#/nowhere'}\n        '500': {$ref: '#/components/responses/Loop'}\n\
                components:\n  responses:\n    Loop: {$ref: '#/components/responses/Loop'}\n";
    let alone = read_alone("api/main.yaml", text);
    assert_eq!(alone.wanted, ["api/paths/a.yaml"]);
    let files: Surroundings = [
        (
            "api/paths/a.yaml",
            "get:\n  summary: From afar\n  responses:\n    '200':\n      description: Good\n      \
             content:\n        application/json:\n          schema: {$ref: '../thing.json#/Thing'}\n",
        ),
        (
            "api/thing.json",
            "{\"Thing\": {\"type\": \"object\", \"properties\": {\"size\": {\"type\": \"integer\"}, \
             \"inner\": {\"$ref\": \"#/Thing\"}}}}",
        ),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect();
    // What a file asks for is known when it was read.
    let document = read_source("api/main.yaml", text, &files);
    assert!(document.wanted.is_empty());
    let seen = seen(&document);
    for shown in ["GET /a", "From afar", "size", "integer", "inner", "GET /b"] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    let told: Vec<&str> = document
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told.iter()
            .any(|message| message.contains("outside the repository"))
    );
    assert!(
        told.iter()
            .any(|message| message.contains("leads to itself"))
    );
    assert!(
        document.problems.iter().all(|problem| problem.line == 6),
        "{:?}",
        document.problems
    );
}

#[test]
fn a_schema_of_data_is_a_page() {
    let text = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings",
        "description": "What can be *set*.",
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": { "type": "string", "pattern": "^a" },
            "tree": { "$ref": "#/$defs/Tree" }
        },
        "$defs": { "Tree": { "properties": { "child": { "$ref": "#/$defs/Tree" } } } }
    });
    let document = read_alone("settings.json", &text.to_string());
    assert_eq!(document.title.as_deref(), Some("Settings"));
    let seen = seen(&document);
    for shown in [
        "What can be set.",
        "| name | string | yes |",
        "Pattern: ^a.",
        "Tree",
        "child",
    ] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    assert!(
        document
            .references
            .iter()
            .any(|reference| reference.target == "#api-Tree")
    );
    assert!(document.anchors.iter().any(|anchor| anchor == "api-Tree"));
}

#[test]
fn every_alternative_of_a_type_is_named() {
    let named = |count: usize| {
        let parts =
            (0..count).map(|number| json!({ "type": "string", "format": format!("f{number}") }));
        let parts: Vec<Value> = parts.collect();
        let text = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": { "choice": { "oneOf": parts } }
        });
        read_alone("choice.json", &text.to_string())
    };
    let document = named(25);
    assert_eq!(document.problems, []);
    let words = seen(&document);
    assert_eq!(words.matches("string (f").count(), 25, "{words}");
    assert!(words.contains("string (f23) or string (f24)"), "{words}");
    // What no reader would read is counted.
    let document = named(100_007);
    let told: Vec<_> = document
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(told, ["openapi.too_much"]);
    assert!(seen(&document).contains("string (f99999) or 7 more"));
}

#[test]
fn hostile_descriptions_end_soon() {
    // Each schema has two of the next, so that all of them together are more than any page.
    let mut schemas = serde_json::Map::new();
    for number in 0..60 {
        let next = json!({ "$ref": format!("other.json#/s{}", number + 1) });
        schemas.insert(
            format!("s{number}"),
            json!({ "properties": { "a": next, "b": next, "c": next, "d": next, "e": next, "f": next, "g": next } }),
        );
    }
    let others: Surroundings = [("other.json".to_owned(), Value::Object(schemas).to_string())]
        .into_iter()
        .collect();
    let text = json!({
        "openapi": "3.0.0", "info": { "title": "T" },
        "paths": { "/a": { "post": { "requestBody": { "content": { "x/y": {
            "schema": { "$ref": "other.json#/s0" } } } } } } }
    });
    let document = read_source("a.json", &text.to_string(), &others);
    page(&document);
    assert_eq!(document.problems[0].code, "openapi.too_much");
    let mut deep = json!({ "type": "string" });
    for _ in 0..60 {
        deep = json!({ "type": "array", "items": deep, "properties": { "p": deep } });
        if deep.to_string().len() > 100_000 {
            break;
        }
    }
    let text = json!({ "openapi": "3.0.0", "components": { "schemas": { "Deep": deep } } });
    page(&read_alone("a.json", &text.to_string()));
}

/// Any value that looks somewhat like a description.
fn any_part() -> impl Strategy<Value = Value> {
    let words = vec![
        "object",
        "array",
        "string",
        "query",
        "#/components/schemas/A",
        "#/paths",
        "x.yaml#/a",
        "../../y",
        "**b**",
        "<script>",
        "```",
        "]]>",
        "apiKey",
        "",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        prop::sample::select(words).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        let keys = vec![
            "get",
            "post",
            "parameters",
            "responses",
            "200",
            "content",
            "a/b",
            "schema",
            "$ref",
            "type",
            "properties",
            "items",
            "allOf",
            "oneOf",
            "required",
            "enum",
            "description",
            "summary",
            "tags",
            "name",
            "in",
            "example",
            "examples",
            "value",
            "headers",
            "security",
            "requestBody",
            "callbacks",
            "variables",
            "url",
            "flows",
            "scopes",
            "additionalProperties",
            "operationId",
            "externalDocs",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(keys), inner), 0..8).prop_map(|pairs| {
                let pairs = pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value));
                Value::Object(pairs.collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_description_becomes_a_page(item in any_part(), schema in any_part(), more in any_part()) {
        let text = json!({
            "openapi": "3.1.0", "info": more, "servers": [more], "tags": [more],
            "paths": { "/a": item, "/b": { "get": item } }, "webhooks": { "w": item },
            "components": { "schemas": { "A": schema, "B": more }, "securitySchemes": { "S": more } }
        });
        page(&read_alone("a.json", &text.to_string()));
        let text = json!({
            "swagger": "2.0", "info": more, "host": more, "basePath": more, "schemes": more,
            "consumes": more, "produces": more, "paths": { "/a": item, "/b": { "get": item } },
            "definitions": { "A": schema }, "parameters": { "P": more }, "responses": { "R": item },
            "securityDefinitions": { "S": more }
        });
        page(&read_alone("a.json", &text.to_string()));
        let schema = json!({ "$schema": "http://json-schema.org/draft-07/schema#", "properties": schema, "items": more });
        page(&read_alone("a.json", &schema.to_string()));
    }
}

#[test]
fn the_vendors_descriptions_become_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs");
    let mut found = 0;
    for part in ["confluence", "git-hosts"] {
        let entries = std::fs::read_dir(folder.join(part))
            .into_iter()
            .flatten()
            .flatten();
        for entry in entries {
            let path = entry.path();
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let document = read_alone(&name, &text);
            let Some(paths) = serde_json::from_str::<Value>(&text)
                .ok()
                .filter(|root| root["openapi"].is_string() || root["swagger"].is_string())
                .and_then(|root| root["paths"].as_object().cloned())
            else {
                continue;
            };
            found += 1;
            let body = page(&document);
            let plain = html_escape::decode_html_entities(&body);
            for path in paths.keys() {
                assert!(plain.contains(path.as_str()), "{path} of {name}");
            }
            let missing: Vec<_> = document
                .problems
                .iter()
                .filter(|problem| problem.code == "reference.missing")
                .collect();
            assert!(missing.is_empty(), "{name}: {missing:?}");
        }
    }
    if found == 0 {
        println!("skipped: the shared specifications are not here");
    }
}

/// The texts, and the keys, that a description holds. Those of references lead somewhere, and one of
/// a flag that is not set says nothing.
fn said(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| said(value, found)),
        Value::Object(object) => {
            for (key, value) in object {
                if key == "$ref" {
                    continue;
                }
                // Keys that its authors made up.
                if key.starts_with("x-") || !key.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    found.push(key.clone());
                }
                said(value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[test]
fn nothing_of_a_description_is_missing_on_its_page() {
    let text = include_str!("../fixtures/openapi-all.yaml");
    let document = read_alone("api.yaml", text);
    let body = page(&document);
    let plain = html_escape::decode_html_entities(&body).into_owned();
    let description: Value = serde_saphyr::from_str(text).expect("the fixture is YAML");
    let mut wanted = Vec::new();
    said(&description, &mut wanted);
    // These say which place of the page a part has, and how a text is to be read.
    let known = ["3.1.0", "path", "http", "get", "post", "api.yaml"];
    wanted.retain(|word| !known.contains(&word.as_str()));
    assert!(wanted.len() > 150, "{}", wanted.len());
    let lost: Vec<&String> = wanted
        .iter()
        .filter(|word| !plain.contains(word.as_str()))
        .collect();
    assert_eq!(lost, Vec::<&String>::new(), "{plain}");
    for flag in [
        "Deprecated",
        "Read only.",
        "Write only.",
        "allowReserved",
        "uniqueItems: true",
        "string or null",
        "Authorization: oauth (write:pets), or none",
        "Callback onEvent: POST {$request.query.cb}",
        "Link L1",
        "Other components",
    ] {
        let seen = seen(&document);
        assert!(seen.contains(flag), "{flag:?} in {seen}");
    }
}

#[test]
fn nothing_of_a_description_in_the_form_before_is_missing_on_its_page() {
    let text = include_str!("../fixtures/swagger-all.yaml");
    let document = read_alone("api.yaml", text);
    assert_eq!(document.problems, []);
    let body = page(&document);
    let plain = html_escape::decode_html_entities(&body).into_owned();
    let description: Value = serde_saphyr::from_str(text).expect("the fixture is YAML");
    let mut wanted = Vec::new();
    said(&description, &mut wanted);
    // These say which place of the page a part has, and what a flow is called by now.
    let known = ["2.0", "body", "formData", "accessCode"];
    wanted.retain(|word| !known.contains(&word.as_str()));
    assert!(wanted.len() > 120, "{}", wanted.len());
    let lost: Vec<&String> = wanted
        .iter()
        .filter(|word| !plain.contains(word.as_str()))
        .collect();
    assert_eq!(lost, Vec::<&String>::new(), "{plain}");
    let seen = seen(&document);
    for shown in [
        "https://shop.example/v2",
        "wss://shop.example/v2",
        "| oauth | oauth2 | authorizationCode: read:pets (scopedesc)",
        "| simple | http | basic |",
        "header; X-KEY |",
        "GET /pets/{id}",
        "| id | path | integer (int64) | yes | pd At least: 1. At most: 77. |",
        "| X-Trace | header | string |",
        "| q | query | array of string |",
        "collectionFormat: multi",
        "Request body (required)",
        "application/xml: Pet",
        "application/json, application/merge-patch+json: object",
        "| color | string |",
        "multipart/form-data: object",
        "| picture | file | yes | picdesc |",
        "| note | string |",
        "application/json, text/csv: Pet",
        "Example text/csv",
        "Response 404",
        "missingdesc",
        "Other components",
        "Parameter Unused",
        "Response UnusedR",
    ] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    // What leads somewhere is shown there, and not once more.
    for shown in ["Parameter Trace", "Parameter Note", "Response Missing"] {
        assert!(!seen.contains(shown), "{shown:?} in {seen}");
    }
    let leads = |target: &str| document.references.iter().any(|one| one.target == target);
    assert!(leads("#api-Pet"));
    assert!(document.anchors.iter().any(|anchor| anchor == "api-Pet"));
}

#[test]
fn the_form_before_goes_over_files_and_ends_too() {
    // Without quotes the version is a number.
    let text = "swagger: 2.0\ninfo: {title: T, version: '1'}\nproduces: [text/x-own]\npaths:\n  /a:\n    \
                $ref: 'parts.yaml#/paths/a'\n  /b:\n    get:\n      parameters:\n        - $ref: \
                'parts.yaml#/parameters/Size'\n        - $ref: '#/parameters/Nothing'\n      \
                responses:\n        '200': {$ref: 'parts.yaml#/responses/Good'}\n        '404': \
                {description: None, schema: {$ref: '#/definitions/Nothing'}}\n";
    let parts = "paths:\n  a:\n    post:\n      parameters:\n        - {$ref: '#/parameters/Size'}\n        \
                 - {$ref: '#/parameters/Sent'}\n      responses:\n        '200': {description: From afar}\n\
                 parameters:\n  Size: {name: size, in: query, type: integer, description: How many}\n  \
                 Sent: {name: body, in: body, description: All of it, schema: {type: string}}\n\
                 responses:\n  Good: {description: Fine, schema: {type: boolean}}\n";
    let files: Surroundings = [("api/parts.yaml".to_owned(), parts.to_owned())]
        .into_iter()
        .collect();
    let document = read_source("api/main.yaml", text, &files);
    let seen = seen(&document);
    for shown in [
        "POST /a",
        "From afar",
        "| size | query | integer | | How many |",
        "All of it",
        "*/*: string",
        "text/x-own: boolean",
    ] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    assert_eq!(seen.matches("| size | query |").count(), 2, "{seen}");
    let told: Vec<&str> = document
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for reference in ["`#/parameters/Nothing`", "`#/definitions/Nothing`"] {
        assert!(told.iter().any(|told| told.contains(reference)), "{told:?}");
    }
}

/// What all operations share is written down again for each, up to a bound.
#[test]
fn what_a_description_in_the_form_before_repeats_is_bounded() {
    let long = "m".repeat(20_000);
    let mut paths = serde_json::Map::new();
    for number in 0..2_000 {
        let operation = json!({
            "parameters": [{ "$ref": "#/parameters/Field" }],
            "responses": { "200": { "description": "", "schema": { "type": "string" } } }
        });
        paths.insert(format!("/{number}"), json!({ "post": operation }));
    }
    let text = json!({
        "swagger": "2.0", "info": { "title": "T" }, "produces": [long], "paths": paths,
        "parameters": { "Field": { "name": "f", "in": "formData", "type": "string" } }
    });
    let document = read_alone("a.json", &text.to_string());
    let body = page(&document);
    assert!(body.len() < 10_000_000, "{}", body.len());
    assert!(body.contains("POST /1999"));
}
