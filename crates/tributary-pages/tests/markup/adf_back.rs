//! The Atlassian Document Format, read: what the writer wrote comes back, and what people's editors
//! and Confluence itself put in is kept.

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_pages::markup::{
    AdfOptions, Document, Flavor, LinkTarget, adf_to_storage, read_markdown, read_storage,
    storage_to_adf, unfill_adf, write_adf, write_markdown,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::Simple;
use crate::adf::{letters, text_of_adf};
use crate::any::pieces;
use crate::corpus::real_documents;
use crate::stored::{fixtures, stored, stored_pieces};

fn text(document: &str) -> String {
    let document: Value = serde_json::from_str(document).expect("the content is JSON");
    let mut found = String::new();
    text_of_adf(&document, &mut found);
    letters(&found)
}

/// What is written of a document is well-formed storage format when it is read, and says the same
/// when that is written again. By that a link that shows the title of its page gets it as its words;
/// then all stays as it is.
fn comes_back(document: &Document) -> Result<(), TestCaseError> {
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let written = write_adf(document, &options, &Simple).content;
    let Some(storage) = adf_to_storage(&written) else {
        return Err(TestCaseError::fail("it is no document"));
    };
    prop_assert_eq!(check_storage(&storage), Ok(()), "{}", storage);
    let again = storage_to_adf(&storage).content;
    let value: Value = serde_json::from_str(&again).expect("the content is JSON");
    prop_assert_eq!(check_adf(&value), Ok(()), "{}", again);
    let settled = adf_to_storage(&again).unwrap_or_default();
    if !written.contains("inlineCard") {
        prop_assert_eq!(text(&written), text(&again), "{}\n{}", written, storage);
        prop_assert_eq!(&storage, &settled, "{}\n{}", written, again);
    }
    let last = storage_to_adf(&settled).content;
    let settled = Some(settled);
    prop_assert_eq!(settled, adf_to_storage(&last), "{}", last);
    Ok(())
}

#[test]
fn every_construct_comes_back() {
    for (path, document) in fixtures() {
        if let Err(fault) = comes_back(&document) {
            panic!("{}: {fault}", path.display());
        }
    }
}

#[test]
fn real_documents_come_back() {
    let Some(found) = real_documents("md") else {
        return;
    };
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        if let Err(fault) = comes_back(&read_markdown(&text)) {
            panic!("{}: {fault}", path.display());
        }
    }
    println!("{} documents came back", found.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_come_back(text in pieces()) {
        comes_back(&read_markdown(&text))?;
    }

    #[test]
    fn any_stored_page_becomes_a_valid_document(page in stored_pieces()) {
        let written = storage_to_adf(&page).content;
        let value: Value = serde_json::from_str(&written).expect("the content is JSON");
        prop_assert_eq!(check_adf(&value), Ok(()), "{}", written);
        let storage = adf_to_storage(&written).unwrap_or_default();
        prop_assert_eq!(check_storage(&storage), Ok(()), "{}", storage);
    }

    #[test]
    fn any_json_is_read_without_a_panic(value in any_value()) {
        let document = json!({"type": "doc", "version": 1, "content": [value]}).to_string();
        let storage = adf_to_storage(&document).expect("it calls itself a document");
        read_storage(&storage);
        let again = storage_to_adf(&storage).content;
        prop_assert!(serde_json::from_str::<Value>(&again).is_ok());
    }
}

/// Nodes of every kind in every kind, whatever the schema says.
fn any_value() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "paragraph",
        "heading",
        "text",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "blockTaskItem",
        "panel",
        "expand",
        "table",
        "tableRow",
        "tableCell",
        "mediaSingle",
        "media",
        "mediaInline",
        "extension",
        "bodiedExtension",
        "inlineExtension",
        "status",
        "date",
        "mention",
        "emoji",
        "inlineCard",
        "layoutSection",
        "codeBlock",
        "rule",
    ]);
    let leaf = (kind.clone(), ".{0,12}").prop_map(|(kind, text)| {
        json!({
            "type": kind,
            "text": text,
            "attrs": {
                "level": 2, "timestamp": text, "id": text, "url": text, "text": text,
                "extensionKey": "toc", "extensionType": "com.atlassian.confluence.macro.core",
                "parameters": {"macroParams": {"": {"value": text}}},
            },
            "marks": [{"type": "link", "attrs": {"href": text}}, {"type": "strong"}],
        })
    });
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (kind.clone(), prop::collection::vec(inner, 0..4)).prop_map(|(kind, content)| {
            json!({"type": kind, "content": content, "attrs": {"type": "external", "order": 3}})
        })
    })
}

fn document(content: &Value) -> String {
    json!({"type": "doc", "version": 1, "content": content}).to_string()
}

fn back(content: &Value) -> Value {
    let storage = adf_to_storage(&document(content)).expect("a document");
    assert_eq!(check_storage(&storage), Ok(()), "{storage}");
    let again: Value =
        serde_json::from_str(&storage_to_adf(&storage).content).expect("the content is JSON");
    assert_eq!(check_adf(&again), Ok(()), "{again}");
    again["content"].clone()
}

#[test]
fn what_people_put_in_stays() {
    let inline = json!([{"type": "paragraph", "content": [
        {"type": "text", "text": "by "},
        {"type": "mention", "attrs": {"id": "712020:ab"}},
        {"type": "text", "text": " on "},
        {"type": "date", "attrs": {"timestamp": "1709164800000"}},
        {"type": "text", "text": " "},
        {"type": "status", "attrs": {"color": "green", "text": "DONE"}},
        {"type": "text", "text": " "},
        {"type": "emoji", "attrs": {"id": "atlassian-x", "shortName": ":x:"}},
        {"type": "text", "text": " "},
        {"type": "placeholder", "attrs": {"text": "Say it"}},
        {"type": "text", "text": " "},
        {"type": "text", "text": "commented", "marks": [
            {"type": "annotation", "attrs": {"annotationType": "inlineComment", "id": "c-1"}},
        ]},
    ]}]);
    assert_eq!(back(&inline), inline);
    let blocks = json!([
        {"type": "decisionList", "attrs": {"localId": "a"}, "content": [
            {"type": "decisionItem", "attrs": {"localId": "b", "state": "OPEN"}, "content": [
                {"type": "text", "text": "We do"},
            ]},
        ]},
        {"type": "layoutSection", "content": [
            {"type": "layoutColumn", "attrs": {"width": 50}, "content": [{"type": "paragraph"}]},
            {"type": "layoutColumn", "attrs": {"width": 50}, "content": [{"type": "paragraph"}]},
        ]},
        {"type": "panel", "attrs": {"panelType": "custom", "panelColor": "#ff0000"}, "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "own"}]},
        ]},
        // A picture of another page.
        {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [
            {"type": "media", "attrs": {"collection": "contentId-9", "id": "x", "type": "file"}},
        ]},
    ]);
    assert_eq!(back(&blocks), blocks);
    let excerpt = json!([{
        "type": "bodiedExtension",
        "attrs": {
            "extensionKey": "excerpt",
            "extensionType": "com.atlassian.confluence.macro.core",
            "layout": "default",
            "parameters": {
                "macroMetadata": {"schemaVersion": {"value": "1"}, "title": "excerpt"},
                "macroParams": {"hidden": {"value": "true"}},
            },
        },
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": "In short"}]}],
    }]);
    assert_eq!(back(&excerpt), excerpt);
}

#[test]
fn pictures_in_a_line_stay_there_in_their_size() {
    let picture = |id: &str, width: u32, height: u32| {
        json!({"type": "mediaInline", "attrs": {
            "alt": id, "collection": "tributary", "height": height, "id": id, "type": "image", "width": width,
        }})
    };
    let space = || json!({"type": "text", "text": " "});
    let text = r#"See $a+b$ and ![i](pic.png){width=30 height=20}"#;
    let written = write_adf(
        &read_markdown(text),
        &AdfOptions {
            omit_title: false,
            anchors: None,
        },
        &Simple,
    );
    let written: Value = serde_json::from_str(&written.content).expect("the content is JSON");
    let collection = find_collection(&written).expect("a picture in a line");
    let mut lines = json!([
        {"type": "paragraph", "content": [picture("x.png", 43, 18), space(), picture("y.png", 8, 9)]},
        {"type": "paragraph", "content": [{"type": "text", "text": "See "}, picture("z.png", 30, 20)]},
    ]);
    for line in lines.as_array_mut().expect("lines") {
        for node in line["content"].as_array_mut().expect("nodes") {
            if node["type"] == "mediaInline" {
                node["attrs"]["collection"] = json!(collection);
            }
        }
    }
    assert_eq!(back(&lines), lines);
    let storage = adf_to_storage(&document(&lines)).expect("a document");
    assert!(
        storage.contains(r#"ac:width="43" ac:height="18""#),
        "{storage}"
    );
    let markdown = write_markdown(&read_storage(&storage));
    assert!(markdown.contains(r#"width="30" height="20""#), "{markdown}");
}

/// The collection of a picture that the page itself is to have.
fn find_collection(node: &Value) -> Option<String> {
    if node["type"] == "mediaInline" {
        return node["attrs"]["collection"].as_str().map(str::to_owned);
    }
    node["content"].as_array()?.iter().find_map(find_collection)
}

/// Columns are read in both formats, whoever made them, and what stands in them with them.
#[test]
fn sections_in_columns_are_read_in_both_formats() {
    let column = |width: Value, text: &str| {
        json!({"type": "layoutColumn", "attrs": {"width": width}, "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": text}]},
            {"type": "table", "content": [{"type": "tableRow", "content": [
                {"type": "tableCell", "content": [{"type": "paragraph"}]},
            ]}]},
        ]})
    };
    let section = |columns: Value| json!({"type": "layoutSection", "content": columns});
    let sections = json!([
        section(json!([column(json!(50), "One"), column(json!(50), "Two")])),
        section(json!([
            column(json!(25), "Three"),
            column(json!(50), "Four"),
            column(json!(25), "Five"),
        ])),
        {"type": "paragraph", "content": [{"type": "text", "text": "Between"}]},
        {
            "type": "layoutSection",
            "marks": [{"type": "breakout", "attrs": {"mode": "wide"}}],
            "content": [column(json!(66.66), "Six"), column(json!(33.33), "Seven")],
        },
    ]);
    assert_eq!(back(&sections), sections);
    let storage = adf_to_storage(&document(&sections)).expect("a document");
    assert_eq!(storage.matches("<ac:layout>").count(), 2, "{storage}");
    for part in [
        "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell><h2>One</h2>",
        "<ac:layout-section ac:type=\"three_with_sidebars\">",
        "</ac:layout><p>Between</p><ac:layout><ac:layout-section ac:type=\"two_right_sidebar\" ac:breakout-mode=\"wide\">",
    ] {
        assert!(storage.contains(part), "{part} in {storage}");
    }
    // As Markdown they are headings and tables between the marks of storage format.
    let markdown = write_markdown(&read_storage(&storage));
    assert!(markdown.contains("\n## Seven\n"), "{markdown}");
    let options = AdfOptions {
        omit_title: false,
        anchors: Some(&std::collections::BTreeSet::new()),
    };
    let written = write_adf(&read_markdown(&markdown), &options, &Simple).content;
    let written: Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(written["content"], sections);
    // Widths that storage format has no word for, and what it has none for, stay as they are.
    let own = json!([section(json!([
        column(json!(40), "A"),
        column(json!(60), "B")
    ]))]);
    assert_eq!(back(&own), own);
    // A single column stays one in storage format and Markdown, which nobody can leave but ADF.
    let single = section(
        json!([{"type": "layoutColumn", "attrs": {"width": 100}, "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "x"}]},
        ]}]),
    );
    let storage = adf_to_storage(&document(&json!([
        single,
        section(json!([column(json!(50), "One"), column(json!(50), "Two"),]))
    ])))
    .expect("a document");
    assert!(
        storage.starts_with(
            "<ac:layout><ac:layout-section ac:type=\"single\"><ac:layout-cell><p>x</p>\
             </ac:layout-cell></ac:layout-section><ac:layout-section ac:type=\"two_equal\">"
        ),
        "{storage}"
    );
    let markdown = write_markdown(&read_storage(&storage));
    let written = stored(&read_markdown(&markdown), Flavor::Cloud).content;
    assert_eq!(
        written.matches("ac:type=\"single\"").count(),
        1,
        "{written}"
    );
    // In ADF what is in it stands alone, which is told where it begins.
    let body = write_adf(&read_markdown(&markdown), &options, &Simple);
    let told: Vec<_> = body
        .problems
        .iter()
        .map(|told| (told.code, told.line))
        .collect();
    assert_eq!(told, [("block.changed", 5)], "{markdown}");
    // It looks the same, unless it was wider than the text.
    assert!(body.problems[0].is_note(), "{:?}", body.problems);
    let wide = storage.replace(
        "ac:type=\"single\"",
        "ac:type=\"single\" ac:breakout-mode=\"wide\"",
    );
    assert!(!storage_to_adf(&wide).problems[0].is_note(), "{wide}");
    // A single column is what stands in it, and five stand one below the other.
    let cells = |kind: &str, count: usize| {
        let cells = "<ac:layout-cell><p>x</p></ac:layout-cell>".repeat(count);
        format!(
            "<ac:layout><ac:layout-section ac:type=\"{kind}\">{cells}</ac:layout-section></ac:layout>"
        )
    };
    for (kind, count, told) in [("single", 1, 1), ("five_equal", 5, 1)] {
        let body = storage_to_adf(&cells(kind, count));
        assert_eq!(body.content.matches("paragraph").count(), count);
        assert!(!body.content.contains("layout"), "{}", body.content);
        assert_eq!(body.problems.len(), told, "{:?}", body.problems);
    }
}

/// The excerpt of a page, wherever it was made.
#[test]
fn an_excerpt_is_pulled_as_the_comments_around_it() {
    for (parameters, markdown) in [
        ("", "<!-- excerpt -->\n\nIn *short*\n\n<!-- /excerpt -->\n"),
        (
            "<ac:parameter ac:name=\"hidden\">true</ac:parameter>\
             <ac:parameter ac:name=\"atlassian-macro-output-type\">BLOCK</ac:parameter>",
            "<!-- excerpt hidden -->\n\nIn *short*\n\n<!-- /excerpt -->\n",
        ),
    ] {
        let page = format!(
            "<ac:structured-macro ac:name=\"excerpt\" ac:schema-version=\"1\" ac:macro-id=\"7\">{parameters}\
             <ac:rich-text-body><p>In <em>short</em></p></ac:rich-text-body></ac:structured-macro>"
        );
        let document = read_storage(&page);
        assert_eq!(document.problems, []);
        assert_eq!(write_markdown(&document), markdown);
        let again = adf_to_storage(&storage_to_adf(&page).content).expect("a document");
        assert_eq!(write_markdown(&read_storage(&again)), markdown);
    }
    // One of several has a name, by which other pages ask for it.
    let named = "<ac:structured-macro ac:name=\"excerpt\"><ac:parameter ac:name=\"name\">a</ac:parameter>\
                 <ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>";
    assert!(write_markdown(&read_storage(named)).contains("ac:name=\"name\">a<"));
}

/// What storage format has no form for is pulled as the fenced block that writes it again.
#[test]
fn a_kept_node_is_pulled_as_a_block_of_its_own_format() {
    let nodes = json!([
        {"type": "decisionList", "attrs": {"localId": "a"}, "content": [
            {"type": "decisionItem", "attrs": {"localId": "b", "state": "OPEN"}, "content": [
                {"type": "text", "text": "We do"},
            ]},
        ]},
        {"type": "paragraph", "content": [{"type": "text", "text": "Words"}]},
    ]);
    let storage = adf_to_storage(&document(&nodes)).expect("a document");
    let markdown = write_markdown(&read_storage(&storage));
    assert!(markdown.starts_with("```{=adf}\n{\n  \""), "{markdown}");
    let read = read_markdown(&markdown);
    assert_eq!(read.problems, []);
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let written: Value =
        serde_json::from_str(&write_adf(&read, &options, &Simple).content).expect("it is JSON");
    assert_eq!(written["content"], nodes);
}

#[test]
fn footnotes_are_pulled_as_footnotes() {
    let text = "a[^1] b[^1], c[^2]\n\n[^1]: Note *x*.\n\n[^2]: Other.\n";
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let written = write_adf(&read_markdown(text), &options, &Simple).content;
    let storage = adf_to_storage(&written).expect("it is a document");
    assert_eq!(write_markdown(&read_storage(&storage)), text);
    // Whoever changed what a number leads to has a link.
    let other = storage.replace("<sup>1</sup>", "<sup>one</sup>");
    let pulled = write_markdown(&read_storage(&other));
    assert!(pulled.contains("[<sup>one</sup>](#footnote-1)"), "{pulled}");
}

#[test]
fn decisions_are_pulled_as_the_list_that_they_are() {
    let nodes = json!([
        {"type": "decisionList", "attrs": {"localId": "a"}, "content": [
            {"type": "decisionItem", "attrs": {"localId": "b", "state": "DECIDED"}, "content": [
                {"type": "text", "text": "We "},
                {"type": "text", "text": "do", "marks": [{"type": "strong"}]},
            ]},
            {"type": "decisionItem", "attrs": {"localId": "c", "state": "DECIDED"}, "content": [
                {"type": "text", "text": "<> twice"},
            ]},
        ]},
    ]);
    let storage = adf_to_storage(&document(&nodes)).expect("a document");
    let markdown = write_markdown(&read_storage(&storage));
    assert_eq!(markdown, "- <> We **do**\n- <> \\<> twice\n");
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let written = write_adf(&read_markdown(&markdown), &options, &Simple).content;
    let mut written: Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(check_adf(&written), Ok(()));
    // Confluence tells them apart by ids, which Markdown has not.
    for (at, id) in ["b", "c"].iter().enumerate() {
        written["content"][0]["content"][at]["attrs"]["localId"] = json!(id);
    }
    written["content"][0]["attrs"]["localId"] = json!("a");
    assert_eq!(written["content"], nodes);
}

#[test]
fn it_is_pulled_as_its_storage_format_is() {
    let text = "# Title\n\n> [!TIP]\n> Do **this**.\n\n1. one\n2. two\n\n- [ ] open\n  - [x] below\n\n\
                | a | b |\n|---|---|\n| c |  |\n\n```rust\nfn main() {}\n```\n\n\
                [other](other.md#part) and ![alt](pic.png)\n";
    let options = AdfOptions {
        omit_title: false,
        anchors: Some(&std::collections::BTreeSet::new()),
    };
    let written = write_adf(&read_markdown(text), &options, &Simple).content;
    let storage = adf_to_storage(&written).expect("a document");
    assert_eq!(
        write_markdown(&read_storage(&storage)),
        text.replace("other.md#part", "confluence:page/Other%20%26%20more#part")
            .replace("| c |  |", "| c | |")
            .replace("|---|---|", "| --- | --- |")
            // In a line it has a size, that of its file where none is said.
            .replace(
                "![alt](pic.png)",
                "<img src=\"pic.png\" alt=\"alt\" width=\"10\">"
            ),
    );
}

#[test]
fn what_confluence_filled_in_is_taken_out() {
    let filled = document(&json!([{"type": "paragraph", "content": [
        {"type": "inlineCard", "attrs": {"url": "https://acme.example/wiki/spaces/DOCS/pages/7"}},
        {"type": "text", "text": "part", "marks": [
            {"type": "link", "attrs": {"href": "https://acme.example/wiki/spaces/DOCS/pages/7#a"}},
        ]},
        {"type": "text", "text": "else", "marks": [
            {"type": "link", "attrs": {"href": "https://acme.example/wiki/spaces/DOCS/pages/8"}},
        ]},
        {"type": "mediaInline", "attrs": {"collection": "contentId-1", "id": "f-1", "type": "image"}},
    ]}]));
    let link = |address: &str| {
        address.ends_with("/7").then(|| LinkTarget::Page {
            title: "Seven".to_owned(),
            space: None,
            anchor: None,
        })
    };
    let file = |id: &str| (id == "f-1").then(|| "a b.png".to_owned());
    let unfilled = unfill_adf(&filled, &link, &file);
    let storage = adf_to_storage(&unfilled).expect("a document");
    assert_eq!(
        storage,
        "<p><ac:link><ri:page ri:content-title=\"Seven\" /></ac:link><ac:link ac:anchor=\"a\"><ri:page ri:content-title=\"Seven\" /><ac:link-body>part\
         </ac:link-body></ac:link><a href=\"https://acme.example/wiki/spaces/DOCS/pages/8\">else</a>\
         <ac:image ac:inline=\"true\"><ri:attachment ri:filename=\"a b.png\" /></ac:image></p>"
    );
    assert_eq!(adf_to_storage("{}"), None);
    assert_eq!(adf_to_storage("<p>x</p>"), None);
}

#[test]
fn a_macro_keeps_the_person_that_it_names() {
    for (key, id) in [
        ("ri:account-id", "5b10ac"),
        ("ri:username", "ada"),
        ("ri:userkey", "8a7f"),
    ] {
        let page = format!(
            "<ac:structured-macro ac:name=\"profile\"><ac:parameter ac:name=\"user\">\
             <ri:user {key}=\"{id}\" /></ac:parameter></ac:structured-macro>"
        );
        let document: Value =
            serde_json::from_str(&storage_to_adf(&page).content).expect("it is JSON");
        let parameters = &document["content"][0]["attrs"]["parameters"]["macroParams"];
        assert_eq!(parameters["user"]["value"], id, "{document}");
    }
}
