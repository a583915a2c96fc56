//! The Atlassian Document Format: expected documents, the official schema, and the text of the
//! model, to the letter.
//!
//! The schema is the one the sandbox ships, which shares no code with the writer.

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_pages::markup::{
    ADF_UNFILLED, AdfOptions, AttachedFile, Block, Body, Document, ImageTarget, Inline, LinkTarget,
    Placed, Resolve, fill_adf, read_markdown, read_storage, storage_text, write_adf,
};
use tributary_sandbox::format::check_adf;

use crate::Simple;
use crate::any::pieces;
use crate::corpus::real_documents;
use crate::stored::fixtures;

fn adf(document: &Document) -> (Body, Value) {
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let body = write_adf(document, &options, &Simple);
    let content = serde_json::from_str(&body.content).expect("the content is JSON");
    (body, content)
}

/// A document as an outline: one node a line, and its text and attributes behind it.
fn outline(node: &Value, depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(node["type"].as_str().expect("every node has a type"));
    if let Some(text) = node.get("text") {
        out.push_str(&format!(" {text}"));
    }
    for (name, value) in node["attrs"].as_object().into_iter().flatten() {
        out.push_str(&format!(" {name}={value}"));
    }
    for mark in node["marks"].as_array().into_iter().flatten() {
        let name = mark["type"].as_str().expect("every mark has a type");
        out.push_str(&format!(" +{name}"));
        for (name, value) in mark["attrs"].as_object().into_iter().flatten() {
            out.push_str(&format!(" {name}={value}"));
        }
    }
    out.push('\n');
    for child in node["content"].as_array().into_iter().flatten() {
        outline(child, depth + 1, out);
    }
}

/// `NAME.md`, or of another kind, becomes `NAME.adf`; `UPDATE_FIXTURES=1` writes the latter anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn every_construct_becomes_what_its_fixture_says() {
    for (path, document) in fixtures() {
        let (body, content) = adf(&document);
        assert_eq!(check_adf(&content), Ok(()), "{}", path.display());
        let mut made = String::new();
        outline(&content, 0, &mut made);
        for problem in &body.problems {
            made.push_str(&format!(
                "{}:{} {} {}\n",
                problem.line, problem.column, problem.code, problem.message
            ));
        }
        let expected = path.with_extension("adf");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&expected, &made).expect("the fixture is written");
        }
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(known, made, "{}", path.display());
    }
}

#[test]
fn the_title_is_left_out_and_only_wanted_anchors_are_written() {
    let document = read_markdown("# Title\n\n## One\n\n## Two\n");
    let anchors = ["title", "two"].map(str::to_owned).into();
    let options = AdfOptions {
        omit_title: true,
        anchors: Some(&anchors),
    };
    let content = write_adf(&document, &options, &Simple).content;
    assert!(!content.contains("Title"), "{content}");
    for (anchor, is_there) in [("title", true), ("one", false), ("two", true)] {
        let macro_params = format!("{{\"\":{{\"value\":\"{anchor}\"}}}}");
        assert_eq!(content.contains(&macro_params), is_there, "{content}");
    }
}

#[test]
fn a_space_stands_behind_whatever_shows_something_in_a_line() {
    let texts = |text: &str| {
        let (_, content) = adf(&read_markdown(text));
        let line = content["content"][0]["content"].as_array().cloned();
        let nodes = line.unwrap_or_default().into_iter();
        let shown = nodes.map(|node| match node["text"].as_str() {
            Some(text) => text.to_owned(),
            None => format!("<{}>", node["type"].as_str().unwrap_or_default()),
        });
        shown.collect::<Vec<_>>()
    };
    assert_eq!(
        texts("see [O](confluence:jira/OPS-7) text"),
        ["see ", "<inlineExtension>", " text"]
    );
    assert_eq!(
        texts("[O](confluence:jira/OPS-7) text"),
        ["<inlineExtension>", " text"]
    );
    // An anchor shows nothing, whoever wrote it.
    assert_eq!(
        texts("a <a name=\"x\"></a> b"),
        ["a ", "<inlineExtension>", "b"]
    );
    let stored = "`<ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">y</ac:parameter></ac:structured-macro>`{=confluence}";
    assert_eq!(
        texts(&format!("a {stored} b")),
        ["a ", "<inlineExtension>", "b"]
    );
}

#[test]
fn a_task_keeps_its_id_when_others_are_added() {
    let ids = |text: &str| -> Vec<String> {
        let (_, content) = adf(&read_markdown(text));
        let tasks = content["content"][0]["content"].as_array().expect("tasks");
        let id = |task: &Value| task["attrs"]["localId"].as_str().map(str::to_owned);
        tasks.iter().filter_map(id).collect()
    };
    let before = ids("- [ ] one\n- [ ] two\n- [x] two\n");
    let after = ids("- [ ] new\n- [x] one\n- [ ] two\n- [x] two\n");
    assert_eq!(before, after[1..]);
    let unique: std::collections::BTreeSet<&String> = after.iter().collect();
    assert_eq!(unique.len(), 4, "{after:?}");
}

#[test]
fn what_only_confluence_knows_is_filled_in() {
    let text = "[page](other.md) [part](other.md#a&b) [](other.md) [file](file.zip)\n\n\
                ![picture](pic.png)\n\n[![in a link](pic.png)](other.md) words\n\n\
                [theirs](https://tributary.invalid/elsewhere) [web](https://example.com)\n";
    let (body, _) = adf(&read_markdown(text));
    let page = |title: &str, space: Option<&str>| {
        assert_eq!((title, space), ("Other & more", None));
        Some("https://acme.example/wiki/pages/7".to_owned())
    };
    let file = |name: &str| {
        Some(AttachedFile {
            address: format!("https://acme.example/wiki/download/{name}"),
            id: format!("id-of-{name}"),
            collection: "contentId-1".to_owned(),
        })
    };
    let filled = fill_adf(&body.content, &page, &file);
    let content: Value = serde_json::from_str(&filled).expect("the content is JSON");
    assert_eq!(check_adf(&content), Ok(()));
    for (part, count) in [
        ("\"https://acme.example/wiki/pages/7\"", 3),
        ("\"https://acme.example/wiki/pages/7#a&b\"", 1),
        ("\"https://acme.example/wiki/download/file.zip\"", 1),
        ("\"id\":\"id-of-pic.png\"", 2),
        ("\"collection\":\"contentId-1\"", 2),
        ("\"https://tributary.invalid/elsewhere\"", 1),
        (ADF_UNFILLED, 1),
    ] {
        assert_eq!(filled.matches(part).count(), count, "{part} in {filled}");
    }
    let untouched = fill_adf(&body.content, &|_, _| None, &|_| None);
    assert_eq!(untouched, body.content, "what nobody knows stays");
}

/// The text of a document in the format, as its reader sees it.
pub(crate) fn text_of_adf(node: &Value, out: &mut String) {
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    match node["type"].as_str().unwrap_or_default() {
        "text" => out.push_str(node["text"].as_str().unwrap_or_default()),
        "expand" | "nestedExpand" => out.push_str(attribute("title")),
        "media" | "mediaInline" => out.push_str(attribute("alt")),
        "status" => out.push_str(attribute("text")),
        _ => {}
    }
    for child in node["content"].as_array().into_iter().flatten() {
        text_of_adf(child, out);
    }
}

/// The text of the model, written down from the model alone.
fn text_of_blocks(blocks: &[Placed<Block>], out: &mut String) {
    for block in blocks {
        match &block.is {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                text_of_inlines(content, false, out);
            }
            Block::List { items, .. } => {
                for item in items {
                    text_of_blocks(&item.blocks, out);
                }
            }
            Block::Table { head, body, .. } => {
                for cell in head.iter().chain(body).flat_map(|row| &row.cells) {
                    text_of_blocks(&cell.blocks, out);
                }
            }
            Block::Code { title, text, .. } => {
                out.push_str(title.as_deref().unwrap_or_default());
                out.push_str(text);
            }
            Block::Expand { title, blocks } => {
                out.push_str(title);
                text_of_blocks(blocks, out);
            }
            Block::Quote(blocks) | Block::Panel { blocks, .. } | Block::Excerpt { blocks, .. } => {
                text_of_blocks(blocks, out);
            }
            Block::Definitions(entries) => {
                for entry in entries {
                    text_of_inlines(&entry.term, false, out);
                    for meaning in &entry.meanings {
                        text_of_blocks(meaning, out);
                    }
                }
            }
            Block::Footnotes(notes) => {
                for note in notes {
                    text_of_blocks(&note.blocks, out);
                }
            }
            Block::Adf { nodes, .. } => nodes.iter().for_each(|node| text_of_adf(node, out)),
            Block::Foreign { start, blocks, .. } => {
                out.push_str(&storage_text(start));
                text_of_blocks(blocks, out);
            }
            Block::Rule | Block::TableOfContents => {}
        }
    }
}

fn text_of_inlines(content: &[Inline], in_link: bool, out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Math {
                source, displayed, ..
            } => {
                let signs = if *displayed { "$$" } else { "$" };
                out.push_str(&format!("{signs}{source}{signs}"));
            }
            Inline::Styled(_, content) => text_of_inlines(content, in_link, out),
            Inline::Link {
                target, content, ..
            } => {
                let leads_to = Simple.link(target);
                let is_link = match &leads_to {
                    LinkTarget::Url(url) => !url.starts_with("javascript"),
                    LinkTarget::Missing { .. } => false,
                    _ => true,
                };
                // A link without words shows what it leads to, once.
                if !in_link && is_wordless(content) {
                    match leads_to {
                        LinkTarget::Url(url) if is_link => out.push_str(&url),
                        LinkTarget::Anchor(anchor) => out.push_str(&anchor),
                        LinkTarget::Attachment { filename } => out.push_str(&filename),
                        LinkTarget::Missing { .. } => out.push_str(target),
                        LinkTarget::Page { .. } | LinkTarget::Url(_) => {}
                    }
                }
                text_of_inlines(content, in_link || is_link, out);
            }
            Inline::Image { target, alt, .. } => match Simple.image(target) {
                ImageTarget::Missing { .. } if alt.is_empty() => out.push_str(target),
                ImageTarget::Missing { .. } => out.push_str(&format!("{alt} ({target})")),
                _ => out.push_str(alt),
            },
            Inline::FootnoteMention { number, .. } => out.push_str(&number.to_string()),
            Inline::Foreign { start, content, .. } => {
                out.push_str(&storage_text(start));
                text_of_inlines(content, in_link, out);
            }
            Inline::Break | Inline::Anchor(_) => {}
        }
    }
}

fn is_wordless(content: &[Inline]) -> bool {
    content.iter().all(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Math { source: text, .. } => {
            text.trim().is_empty()
        }
        Inline::Styled(_, content) | Inline::Link { content, .. } => is_wordless(content),
        Inline::Image { .. } | Inline::FootnoteMention { .. } | Inline::Foreign { .. } => false,
        Inline::Break | Inline::Anchor(_) => true,
    })
}

/// Letters alone: without white space, control characters, and the signs that the writer adds for
/// boxes, ways back from footnotes, the cells of tables in tables and the direction of text.
pub(crate) fn letters(text: &str) -> String {
    let is_kept = |letter: &char| {
        !letter.is_whitespace()
            && !letter.is_control()
            && !"☐☑↩|\u{2066}\u{2067}\u{2069}\u{fffe}\u{ffff}".contains(*letter)
    };
    text.chars().filter(is_kept).collect()
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    let document = read_markdown(text);
    let (body, content) = adf(&document);
    prop_assert_eq!(check_adf(&content), Ok(()), "{}", body.content);
    let (mut expected, mut found) = (String::new(), String::new());
    text_of_blocks(&document.blocks, &mut expected);
    text_of_adf(&content, &mut found);
    prop_assert_eq!(letters(&expected), letters(&found), "{}", body.content);
    for problem in &body.problems {
        prop_assert!(
            problem.line > 0 || problem.code == "text.control_characters",
            "a problem names its line: {:?}",
            problem
        );
    }
    Ok(())
}

/// Every picture is a file of 200 by 100 pixels.
struct Sized;

impl Resolve for Sized {
    fn link(&self, target: &str) -> LinkTarget {
        Simple.link(target)
    }

    fn image(&self, _: &str) -> ImageTarget {
        ImageTarget::Attachment {
            filename: "a.png".to_owned(),
            width: Some(200),
            height: Some(100),
        }
    }
}

#[test]
fn a_picture_has_the_proportions_of_its_file_and_the_width_that_is_wanted() {
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let document = read_markdown("<img src=\"a.png\" width=\"50\" height=\"70\">\n");
    let body = write_adf(&document, &options, &Sized).content;
    let content: Value = serde_json::from_str(&body).expect("the content is JSON");
    let single = &content["content"][0];
    assert_eq!(single["attrs"]["width"], 50, "{body}");
    let media = &single["content"][0]["attrs"];
    assert_eq!(
        (&media["width"], &media["height"]),
        (&200.into(), &100.into())
    );
}

/// A number stands there although what it numbers stands after it; a bullet would stand for nothing.
#[test]
fn a_number_counts_though_its_entry_is_moved() {
    let entries = |text: &str| {
        let (_, content) = adf(&read_markdown(text));
        assert_eq!(check_adf(&content), Ok(()), "{content}");
        let mut shown = String::new();
        outline(&content, 0, &mut shown);
        let orders = shown.lines().filter(|line| line.contains("orderedList"));
        let orders: Vec<String> = orders.map(|line| line.trim().to_owned()).collect();
        (shown.matches("listItem").count(), orders)
    };
    let numbered = entries("1. one\n2. | A |\n   |---|\n   | b |\n3. three\n");
    let orders = ["orderedList order=1", "orderedList order=3"].map(str::to_owned);
    assert_eq!(numbered, (3, orders.to_vec()));
    let bullets = entries("- one\n- | A |\n  |---|\n  | b |\n- three\n");
    assert_eq!(bullets, (2, Vec::new()));
}

/// Whole paragraphs are small outside of quotations alone, and there the loss is told.
#[test]
fn a_small_paragraph_that_cannot_be_small_is_told() {
    let small = |text: &str| {
        let (body, content) = adf(&read_markdown(text));
        assert_eq!(check_adf(&content), Ok(()), "{content}");
        let told = body
            .problems
            .iter()
            .map(|problem| (problem.code, problem.line));
        let told: Vec<(&str, u32)> = told.collect();
        (body.content.contains("fontSize"), told)
    };
    assert_eq!(small("<small>Words</small>\n"), (true, vec![]));
    let quoted = small("Text.\n\n> <small>Words</small>\n");
    assert_eq!(quoted, (false, vec![("text.style", 3)]));
}

/// A section that opens holds no macro with a body, and shows its title once all the same.
#[test]
fn a_title_is_shown_once_whatever_stands_in_its_section() {
    for (inside, expected) in [
        (
            "<!-- excerpt -->\n\nA\n\n<!-- /excerpt -->",
            ["paragraph", "bodiedExtension"].as_slice(),
        ),
        (
            "Z\n\n<!-- excerpt -->\n\nA\n\n<!-- /excerpt -->\n\nB",
            &["expand", "bodiedExtension", "expand"],
        ),
    ] {
        let text = format!("<details><summary>Open</summary>\n\n{inside}\n\n</details>\n");
        let (body, content) = adf(&read_markdown(&text));
        assert_eq!(check_adf(&content), Ok(()));
        let nodes = content["content"].as_array().expect("nodes");
        let kinds: Vec<&str> = nodes
            .iter()
            .filter_map(|node| node["type"].as_str())
            .collect();
        assert_eq!(kinds, expected);
        assert_eq!(body.content.matches("Open").count(), 1, "{}", body.content);
    }
}

/// Nodes that an author wrote down go to a page in their own format as they are.
#[test]
fn nodes_of_an_author_are_written_as_they_are() {
    let node = serde_json::json!({
        "attrs": { "isNumberColumnEnabled": true, "layout": "wide", "width": 960 },
        "content": [{
            "content": [{
                "attrs": { "background": "#deebff", "colwidth": [320] },
                "content": [{ "type": "paragraph" }],
                "type": "tableCell",
            }],
            "type": "tableRow",
        }],
        "type": "table",
    });
    let (body, content) = adf(&read_markdown(&format!("Before\n\n```adf\n{node}\n```\n")));
    assert_eq!(body.problems, []);
    assert_eq!(check_adf(&content), Ok(()));
    assert_eq!(content["content"][1], node);
}

/// The schema's own words for a fault grow tenfold with each level, up to more memory than there is.
#[test]
fn nodes_that_are_wrong_deep_inside_are_told_with_their_place() {
    let mut node = json!({ "type": "x" });
    for _ in 0..15 {
        let words = json!({ "type": "paragraph", "content": [{ "type": "text", "text": "a" }] });
        let item = json!({ "type": "listItem", "content": [words, node] });
        node = json!({ "type": "bulletList", "content": [item] });
    }
    let fence = format!("```{{=adf}}\n{node}\n```\n\n");
    let document = read_markdown(&fence.repeat(30));
    assert_eq!(document.problems.len(), 30);
    let place = "/content/0/content/1".repeat(15);
    for (number, problem) in document.problems.iter().enumerate() {
        assert_eq!(problem.code, "adf.not_valid");
        let told = format!("at `/content/0{place}`, `x` may not stand as it is");
        // Of the twentieth on it is not said any more.
        assert_eq!(problem.message.contains(&told), number < 20, "{problem:?}");
    }
    // The same of a page that Confluence has: what has no form is kept.
    let stored = r#"<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="x"><ac:adf-content>A</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><p>A</p></ac:adf-fallback></ac:adf-extension>"#;
    let read = read_storage(&stored.repeat(200));
    assert!(
        read.problems
            .iter()
            .all(|problem| problem.code == "storage.kept")
    );
}

/// What the sandbox's check refuses, the reader refuses, and says where.
#[test]
fn nodes_that_no_document_can_hold_are_told() {
    for (node, told) in [
        ("{}", "at `/content/0`"),
        ("[]", "it holds nothing"),
        (
            r#"{"type": "heading", "attrs": {"level": 7}}"#,
            "at `/content/0/attrs/level`",
        ),
        (r#"{"type": "heading"}"#, "\"attrs\" is a required property"),
        (r#"{"type": "text", "text": "x"}"#, "`text` may not stand"),
        (
            r#"{"type": "panel", "attrs": {"panelType": "info"}, "content": [{"type": "table", "content": []}]}"#,
            "at `/content/0/content/0`, `table` may not stand",
        ),
        (
            r#"{"type": "paragraph", "content": [{"type": "inlineCard", "attrs": {"url": "javascript:x"}}]}"#,
            "`javascript:x` would run something",
        ),
    ] {
        let document = read_markdown(&format!("Text\n\n```{{=adf}}\n{node}\n```\n"));
        let [problem] = document.problems.as_slice() else {
            panic!("{node}: {:?}", document.problems);
        };
        assert_eq!((problem.code, problem.line), ("adf.not_valid", 3), "{node}");
        assert!(
            problem.message.contains(told),
            "{node}: {}",
            problem.message
        );
        assert!(matches!(&document.blocks[1].is, Block::Code { text, .. } if text == node));
    }
    let broken = read_markdown("```adf\n{\"type\":\n  oops}\n```\n");
    let place = (broken.problems[0].line, broken.problems[0].column);
    assert_eq!(place, (3, 3), "{:?}", broken.problems);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_become_a_document_that_says_everything(text in pieces()) {
        holds(&text)?;
    }

    #[test]
    fn any_text_becomes_a_document_that_says_everything(text in "\\PC{0,300}") {
        holds(&text)?;
    }

    #[test]
    fn anything_in_anything_becomes_a_document_that_says_everything(text in nested()) {
        holds(&text)?;
    }
}

/// Blocks in blocks in blocks, of every kind in every kind.
fn nested() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "words **bold `code`** ~~struck~~",
        "# heading",
        "```rust title=\"a.rs\"\nlet x;\n```",
        "| a | b |\n|---|:-:|\n| c | d |",
        "![alt](pic.png)",
        "words ![alt](pic.png) and ![other](https://example.com/a.png \"title\") [](other.md)",
        "words\n![alt](pic.png)\nmore",
        "---",
        "[TOC]",
        "- [ ] task\n- [x] done\n\n  more",
        "Term\n: Meaning",
        "<p align=\"center\">centered <small>small</small></p>",
        "<small>small</small>",
        "word[^1]",
    ]);
    let any = leaf.prop_map(str::to_owned);
    let indented = |first: &str, rest: &str, text: &str| {
        let mut out = String::new();
        for (at, line) in text.lines().enumerate() {
            out.push_str(if at == 0 { first } else { rest });
            out.push_str(line);
            out.push('\n');
        }
        out
    };
    let nested = any.prop_recursive(5, 24, 3, move |inner| {
        let several = prop::collection::vec(inner, 1..4).prop_map(|parts| parts.join("\n\n"));
        (several, 0..9_u8).prop_map(move |(text, kind)| match kind {
            0 => indented("- ", "  ", &text),
            1 => indented("7. ", "   ", &text),
            2 => indented("- [x] task\n\n  ", "  ", &text),
            3 => indented("> ", "> ", &text),
            4 => indented("> [!WARNING]\n> ", "> ", &text),
            7 => format!("<!-- excerpt -->\n\n{text}\n\n<!-- /excerpt -->"),
            5 => format!("<details><summary>open</summary>\n\n{text}\n\n</details>"),
            6 => {
                format!("<table><tr><th>x</th><td align=\"right\">\n\n{text}\n\n</td></tr></table>")
            }
            _ => format!("Term\n: {}", indented("", "  ", &text)),
        })
    });
    nested.prop_map(|text| format!("{text}\n\n[^1]: > quoted\n"))
}

#[test]
fn hostile_nesting_is_readable_json() {
    for text in [
        "> ".repeat(10_000),
        "- ".repeat(10_000),
        "1. ".repeat(10_000),
        "- [ ] ".repeat(500),
        "<details>".repeat(10_000),
        "<table><tr><td>".repeat(10_000),
        "<b>".repeat(10_000),
        "> - ".repeat(5_000),
    ] {
        let document = read_markdown(&format!("{text}x"));
        // Reading fails where the nesting is deeper than JSON readers take.
        let (_, content) = adf(&document);
        let start: String = text.chars().take(12).collect();
        assert_eq!(check_adf(&content), Ok(()), "{start}");
    }
}

#[test]
fn real_documents_are_valid_and_say_everything() {
    let Some(found) = real_documents("md") else {
        return;
    };
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        if let Err(error) = holds(&text) {
            panic!("{}: {error}", path.display());
        }
    }
    println!("{} documents are valid", found.len());
}

#[test]
fn a_height_alone_becomes_the_width_that_it_means() {
    struct Sized;
    impl Resolve for Sized {
        fn link(&self, target: &str) -> LinkTarget {
            Simple.link(target)
        }
        fn image(&self, _: &str) -> ImageTarget {
            ImageTarget::Attachment {
                filename: "pic.png".to_owned(),
                width: Some(400),
                height: Some(200),
            }
        }
    }
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let document = read_markdown("<img src=\"pic.png\" height=\"50\">\n");
    let content = write_adf(&document, &options, &Sized).content;
    assert!(
        content.contains("\"width\":100,\"widthType\":\"pixel\""),
        "{content}"
    );
}
