//! Pages in the Atlassian Document Format, by way of Markdown: whatever people's editors may put into
//! one says the same when it was pulled into Markdown and written again.

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_pages::markup::{
    AdfOptions, Flavor, StoredTargets, adf_to_storage, read_markdown, read_storage, write_adf,
    write_markdown,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::adf::letters;
use crate::storage;

/// The maker of an extension that Confluence itself has not.
const OURS: &str = "com.example";

/// What a reader sees of a document, and which days, people and addresses it names.
fn seen(node: &Value, out: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    let told = match node["type"].as_str().unwrap_or_default() {
        "text" => node["text"].as_str().unwrap_or_default(),
        "expand" | "nestedExpand" => attribute("title"),
        "media" | "mediaInline" => attribute("alt"),
        "status" | "emoji" | "placeholder" => attribute("text"),
        "inlineExtension" if attribute("extensionType") == OURS => attribute("extensionKey"),
        "date" => attribute("timestamp"),
        "mention" => attribute("id"),
        "inlineCard" => attribute("url"),
        _ => "",
    };
    out.push_str(told);
    for child in node["content"].as_array().into_iter().flatten() {
        seen(child, out);
    }
}

fn letters_of(document: &Value) -> String {
    let mut text = String::new();
    seen(document, &mut text);
    letters(&text)
}

/// Words, and what Markdown, its publishers and we ourselves take for something else.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "word",
        "two words",
        "a*b*",
        "**",
        "_",
        "__a__",
        "<x>",
        "<b>",
        "</p>",
        "<",
        ">",
        "[TOC]",
        "[[_LISTING_]]",
        "[a](b)",
        "![a](b)",
        "[a][b]",
        "[a]: b",
        "- x",
        "+ x",
        "1. x",
        "2) x",
        "# x",
        "x #",
        "> x",
        "`x`",
        "``",
        "|",
        "a | b",
        "<> x",
        "<>",
        "@{x}",
        "@ada",
        ":tada:",
        ":",
        ": x",
        "$x$",
        "$$",
        "\\",
        "\\*",
        "&amp;",
        "&",
        "http://a.b",
        "www.a.b",
        "x@y.de",
        "a_b_c",
        "==m==",
        "x^2^",
        "H~2~O",
        "~~x~~",
        "~",
        "{{x}}",
        "{x}",
        "--8<-- \"x\"",
        "<<< x",
        "!!! note",
        "??? x",
        ":::",
        "===",
        "---",
        "[ ] x",
        "[x] x",
        "<!-- c -->",
        "-->",
        "```",
        "~~~",
        "[^1]",
        "{=confluence}",
        "{#id}",
        "{.c}",
        "ünï",
        "日本",
        "a\u{a0}b",
        "\u{200b}",
        "🚀",
        "☐ x",
        "☑ x",
        "import X from 'x.md'",
        "a\u{301}",
        "NOTE:",
        "[!NOTE]",
        "!",
        "#",
        "=",
        "-",
        "+",
        "*",
        ".",
        "1.",
        "(c)",
        "\"q\"",
        "'",
        "%",
        "]]>",
    ]);
    (word, "[ ]?", "[ ]?").prop_map(|(word, before, after)| format!("{before}{word}{after}"))
}

/// The title of a section that opens. In Markdown it is HTML, in which MkDocs' signs are read too.
fn title() -> impl Strategy<Value = String> {
    words().prop_filter("signs of its own", |title| {
        !title.contains(['=', '^', '~', '{'])
    })
}

fn marked() -> impl Strategy<Value = Value> {
    let mark = prop::sample::select(vec![
        json!({"type": "em"}),
        json!({"type": "strong"}),
        json!({"type": "strike"}),
        json!({"type": "underline"}),
        json!({"type": "subsup", "attrs": {"type": "sub"}}),
        json!({"type": "subsup", "attrs": {"type": "sup"}}),
        json!({"type": "textColor", "attrs": {"color": "#ff5630"}}),
        json!({"type": "backgroundColor", "attrs": {"color": "#fedec8"}}),
        json!({"type": "link", "attrs": {"href": "https://example.com/a_(b)?c=d&e"}}),
    ]);
    let plain = (words(), prop::collection::vec(mark, 0..3)).prop_map(|(text, marks)| {
        let mut own: Vec<Value> = Vec::new();
        for mark in marks {
            if own.iter().all(|known| known["type"] != mark["type"]) {
                own.push(mark);
            }
        }
        match own.is_empty() {
            true => json!({"type": "text", "text": text}),
            false => json!({"type": "text", "text": text, "marks": own}),
        }
    });
    let code =
        words().prop_map(|text| json!({"type": "text", "text": text, "marks": [{"type": "code"}]}));
    prop_oneof![6 => plain, 1 => code]
}

fn inline() -> impl Strategy<Value = Value> {
    let other = prop::sample::select(vec![
        json!({"type": "hardBreak"}),
        json!({"type": "status", "attrs": {"text": "IN_WORK *x*", "color": "red"}}),
        json!({"type": "date", "attrs": {"timestamp": "1795824000000"}}),
        json!({"type": "mention", "attrs": {"id": "5b10ac8d82e05b22cc7d4ef5"}}),
        json!({"type": "emoji", "attrs": {"shortName": ":rocket:", "text": "🚀"}}),
        json!({"type": "inlineCard", "attrs": {"url": "https://example.com/card_1"}}),
        json!({"type": "placeholder", "attrs": {"text": "Say `it` | now"}}),
        json!({"type": "inlineExtension", "attrs": {
            "extensionType": OURS, "extensionKey": "chart", "parameters": {"a": "$1$ <b>"},
        }}),
    ]);
    prop_oneof![5 => marked(), 1 => other]
}

fn line() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(inline(), 0..5)
}

fn paragraph() -> impl Strategy<Value = Value> {
    line().prop_map(|content| json!({"type": "paragraph", "content": content}))
}

fn code() -> impl Strategy<Value = Value> {
    prop::collection::vec(words(), 0..4).prop_map(|lines| {
        let text = lines.join("\n");
        match text.is_empty() {
            true => json!({"type": "codeBlock"}),
            false => json!({"type": "codeBlock", "attrs": {"language": "rust"},
                "content": [{"type": "text", "text": text}]}),
        }
    })
}

/// Blocks that may stand in entries of lists.
fn entry() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![4 => paragraph(), 1 => code()];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let entries = prop::collection::vec(prop::collection::vec(inner, 1..3), 1..3);
        (entries, any::<bool>()).prop_map(|(entries, is_numbered)| {
            let entries = entries.into_iter().map(|mut content| {
                // An entry begins with text or code.
                if !matches!(content[0]["type"].as_str(), Some("paragraph" | "codeBlock")) {
                    content.insert(0, json!({"type": "paragraph"}));
                }
                json!({"type": "listItem", "content": content})
            });
            let entries: Vec<Value> = entries.collect();
            match is_numbered {
                true => json!({"type": "orderedList", "attrs": {"order": 3}, "content": entries}),
                false => json!({"type": "bulletList", "content": entries}),
            }
        })
    })
}

/// Blocks that may stand in most others.
fn block() -> impl Strategy<Value = Value> {
    let heading = (line(), 1..7).prop_map(
        |(content, level)| json!({"type": "heading", "attrs": {"level": level}, "content": content}),
    );
    let tasks = prop::collection::vec((line(), any::<bool>()), 1..4).prop_map(|tasks| {
        let tasks = tasks.into_iter().map(|(content, is_done)| {
            let state = if is_done { "DONE" } else { "TODO" };
            json!({"type": "taskItem", "attrs": {"localId": "a", "state": state}, "content": content})
        });
        let tasks: Vec<Value> = tasks.collect();
        json!({"type": "taskList", "attrs": {"localId": "a"}, "content": tasks})
    });
    let decisions = prop::collection::vec(line(), 1..4).prop_map(|lines| {
        let items = lines.into_iter().map(|content| {
            json!({"type": "decisionItem", "attrs": {"localId": "a", "state": "DECIDED"},
                "content": content})
        });
        let items: Vec<Value> = items.collect();
        json!({"type": "decisionList", "attrs": {"localId": "a"}, "content": items})
    });
    let rule = Just(json!({"type": "rule"}));
    prop_oneof![4 => entry(), 1 => heading, 1 => tasks, 1 => decisions, 1 => rule]
}

fn outer() -> impl Strategy<Value = Value> {
    let blocks = || prop::collection::vec(block(), 1..4);
    let panel = (blocks(), prop::sample::select(vec!["info", "note", "error", "success"]))
        .prop_map(|(content, kind)| json!({"type": "panel", "attrs": {"panelType": kind}, "content": content}));
    let expand = (blocks(), title()).prop_map(
        |(content, title)| json!({"type": "expand", "attrs": {"title": title}, "content": content}),
    );
    let quote = prop::collection::vec(entry(), 1..3)
        .prop_map(|content| json!({"type": "blockquote", "content": content}));
    let cell =
        (prop::collection::vec(block(), 1..3), any::<bool>()).prop_map(|(content, is_head)| {
            let kind = if is_head { "tableHeader" } else { "tableCell" };
            json!({"type": kind, "attrs": {}, "content": content})
        });
    let row = prop::collection::vec(cell, 2)
        .prop_map(|cells| json!({"type": "tableRow", "content": cells}));
    let table =
        prop::collection::vec(row, 1..4).prop_map(|rows| json!({"type": "table", "content": rows}));
    let columns = (blocks(), blocks()).prop_map(|(left, right)| {
        let column =
            |content| json!({"type": "layoutColumn", "attrs": {"width": 50}, "content": content});
        json!({"type": "layoutSection", "content": [column(left), column(right)]})
    });
    prop_oneof![4 => block(), 1 => panel, 1 => expand, 1 => quote, 1 => table, 1 => columns]
}

/// What a document says again when it was pulled into Markdown, and that Markdown.
fn by_way_of_markdown(document: &Value) -> (Value, String) {
    let storage = adf_to_storage(&document.to_string()).unwrap_or_default();
    let markdown = write_markdown(&read_storage(&storage));
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let written = write_adf(&read_markdown(&markdown), &options, &StoredTargets).content;
    let again = serde_json::from_str(&written).expect("the content is JSON");
    (again, markdown)
}

#[test]
fn a_node_of_a_line_without_a_form_is_the_same_node_again() {
    let nodes = [
        json!({"type": "placeholder", "attrs": {"text": "Say it"}}),
        json!({"type": "inlineExtension", "attrs": {"extensionType": "com.example",
            "extensionKey": "chart", "text": "a chart", "parameters": {"a": 1}}}),
        json!({"type": "mediaInline", "attrs": {"type": "file", "id": "u", "collection": "c"}}),
    ];
    let content: Vec<Value> = nodes
        .into_iter()
        .flat_map(|node| [json!({"type": "text", "text": "- "}), node])
        .collect();
    let document = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": content},
        {"type": "table", "content": [{"type": "tableRow", "content": [
            {"type": "tableCell", "attrs": {}, "content": [{"type": "paragraph", "content": [
                {"type": "placeholder", "attrs": {"text": "a | b"}},
            ]}]},
        ]}]},
    ]});
    assert_eq!(check_adf(&document), Ok(()));
    let (again, markdown) = by_way_of_markdown(&document);
    assert_eq!(again["content"][0], document["content"][0], "{markdown}");
    assert_eq!(letters_of(&again), letters_of(&document), "{markdown}");
    assert_eq!(markdown.matches("`{=adf}").count(), 4, "{markdown}");
    assert!(!markdown.contains("tributary-adf"), "{markdown}");
    // Storage format has a form for one of them, and for the others what they show.
    let body = storage(&markdown, Flavor::Cloud);
    assert_eq!(check_storage(&body.content), Ok(()), "{}", body.content);
    assert!(
        body.content
            .starts_with("<p>- <ac:placeholder>Say it</ac:placeholder>- a chart- </p>"),
        "{}",
        body.content
    );
    let told = body.problems.iter();
    let told: Vec<_> = told.map(|told| (told.code, told.line)).collect();
    assert_eq!(told, [("adf.not_in_storage", 1), ("adf.not_in_storage", 1)]);
}

#[test]
fn a_line_of_adf_that_is_none_is_code_and_told_with_its_place() {
    for text in [
        "x `{\"type\": \"rule\"}`{=adf} y",
        "x `{\"type\":}`{=adf} y",
    ] {
        let document = read_markdown(text);
        let told: Vec<_> = document
            .problems
            .iter()
            .map(|told| (told.code, told.line, told.column))
            .collect();
        assert_eq!(told, [("adf.not_valid", 1, 3)], "{text}");
        let body = storage(text, Flavor::Cloud).content;
        assert!(body.contains("<code>{"), "{body}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_document_says_the_same_by_way_of_markdown(
        content in prop::collection::vec(outer(), 1..4),
    ) {
        let document = json!({"type": "doc", "version": 1, "content": content});
        prop_assert_eq!(check_adf(&document), Ok(()), "{}", document);
        let (again, markdown) = by_way_of_markdown(&document);
        prop_assert_eq!(check_adf(&again), Ok(()), "{}", again);
        prop_assert_eq!(letters_of(&document), letters_of(&again), "{}", markdown);
    }
}
