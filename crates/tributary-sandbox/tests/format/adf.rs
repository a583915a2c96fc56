//! ADF against the official schema.

use std::path::Path;

use serde_json::{Value, json};
use tributary_sandbox::format::check_adf;

fn doc(content: impl Into<Value>) -> Value {
    let content = content.into();
    json!({"version": 1, "type": "doc", "content": content})
}

fn paragraph(text: &str) -> Value {
    json!({"type": "paragraph", "content": [{"type": "text", "text": text}]})
}

#[test]
fn documents_of_every_kind_of_node_are_accepted() {
    for document in [
        doc(json!([])),
        doc(json!([paragraph("x"), {"type": "rule"}])),
        doc(
            json!([{"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "h"}]}]),
        ),
        doc(
            json!([{"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph("x")]}]}]),
        ),
        doc(
            json!([{"type": "codeBlock", "attrs": {"language": "rust"}, "content": [{"type": "text", "text": "x"}]}]),
        ),
        doc(
            json!([{"type": "panel", "attrs": {"panelType": "info"}, "content": [paragraph("x")]}]),
        ),
        doc(json!([{"type": "expand", "attrs": {"title": "t"}, "content": [paragraph("x")]}])),
        doc(
            json!([{"type": "taskList", "attrs": {"localId": "l"}, "content": [
            {"type": "taskItem", "attrs": {"localId": "i", "state": "DONE"}, "content": [{"type": "text", "text": "x"}]}]}]),
        ),
        doc(
            json!([{"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [
            {"type": "media", "attrs": {"type": "file", "id": "f", "collection": "contentId-1"}}]}]),
        ),
        doc(
            json!([{"type": "table", "content": [{"type": "tableRow", "content": [
            {"type": "tableHeader", "content": [paragraph("x")]}]}]}]),
        ),
        doc(json!([{"type": "extension", "attrs": {
            "extensionType": "com.atlassian.confluence.macro.core", "extensionKey": "toc"}}])),
    ] {
        assert_eq!(check_adf(&document), Ok(()), "{document}");
    }
}

#[test]
fn documents_that_break_the_schema_are_refused_with_the_place() {
    for (document, place) in [
        (json!({"type": "doc", "content": []}), "`/`"),
        (
            json!({"version": 2, "type": "doc", "content": []}),
            "`/version`",
        ),
        (
            doc(json!([{"type": "listItem", "content": [paragraph("x")]}])),
            "`/content/0",
        ),
        (
            doc(json!([{"type": "heading", "attrs": {"level": 9}}])),
            "`/content/0/attrs/level`",
        ),
        (
            doc(json!([{"type": "paragraph", "content": [{"type": "text", "text": ""}]}])),
            "`/content/0/content/0/text`",
        ),
        (
            doc(
                json!([{"type": "panel", "attrs": {"panelType": "loud"}, "content": [paragraph("x")]}]),
            ),
            "`/content/0/attrs/panelType`",
        ),
        (
            doc(
                json!([{"type": "panel", "attrs": {"panelType": "info"}, "content": [
            {"type": "table", "content": []}]}]),
            ),
            "`/content/0/content/0",
        ),
        (
            doc(json!([{"type": "paragraph", "content": [
            {"type": "text", "text": "x", "marks": [{"type": "link", "attrs": {}}]}]}])),
            "`/content/0/content/0/marks/0/attrs`",
        ),
    ] {
        let message = check_adf(&document).expect_err("the document breaks the schema");
        assert!(message.starts_with("Invalid ADF document at "), "{message}");
        assert!(
            message.contains(place),
            "expected the place {place} in: {message}"
        );
    }
}

#[test]
fn the_sample_drawn_by_atlassians_own_renderer_is_accepted() {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/tools/atlassian-renderer/sample.adf.json"
    ));
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: the shared sample document is not here");
        return;
    };
    let sample: Value = serde_json::from_str(&text).expect("the sample is JSON");
    assert_eq!(check_adf(&sample), Ok(()));
}
