//! Files that are not Markdown become pages too.

use proptest::prelude::*;
use serde_json::{Value, json};
use tributary_pages::markup::{Block, Document, Flavor, Inline, SourceKind, storage_text};
use tributary_sandbox::format::check_storage;

use crate::{read_alone, stored_document};

fn page(document: &Document) -> String {
    let body = stored_document(document, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    body
}

fn notebook(cells: &Value) -> String {
    let metadata = json!({ "language_info": { "name": "julia" } });
    let whole = json!({ "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5 });
    serde_json::to_string_pretty(&whole).expect("JSON is written")
}

#[test]
fn a_name_tells_what_a_file_is() {
    for (path, kind) in [
        ("docs/a.md", SourceKind::Markdown),
        ("docs/B.MARKDOWN", SourceKind::Markdown),
        ("docs/a.adoc", SourceKind::AsciiDoc),
        ("docs/a.asciidoc", SourceKind::AsciiDoc),
        ("docs/a.ASC", SourceKind::AsciiDoc),
        ("docs.md/plot.ipynb", SourceKind::Notebook),
        ("data.tsv", SourceKind::Values),
        ("src/main.rs", SourceKind::Code),
        (".md", SourceKind::Code),
        ("docs.md/LICENSE", SourceKind::Code),
    ] {
        assert_eq!(SourceKind::of_path(path), kind, "{path}");
    }
}

#[test]
fn a_notebook_shows_text_code_and_what_it_put_out() {
    let text = notebook(&json!([
        { "cell_type": "markdown", "metadata": {}, "source": ["# Waves\n", "\n", "See [below](#more)[^1] and ![p](attachment:a b.png).\n", "\n", "[^1]: The note.\n", "\n", "```\n", "left open"],
          "attachments": { "a b.png": { "image/png": "aGk=" } } },
        { "cell_type": "code", "metadata": {}, "execution_count": 1, "source": "plot(x)\n",
          "outputs": [
            { "output_type": "stream", "name": "stdout", "text": ["\u{1b}[31mred\u{1b}[0m\n", "10%\r20%\n"] },
            { "output_type": "display_data", "metadata": {}, "data": { "image/png": "aGVs\nbG8=", "text/plain": "<Figure size 640x480>" } },
            { "output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": { "text/html": ["<table><tr><td>cell</td></tr></table><script>evil()</script>"], "text/plain": "plain" } },
            { "output_type": "execute_result", "metadata": {}, "execution_count": 1, "data": { "application/json": { "a": [1] } } },
            { "output_type": "error", "ename": "Oops", "evalue": "no", "traceback": [] }
          ] },
        { "cell_type": "markdown", "metadata": {}, "source": "## More" },
        { "cell_type": "code", "metadata": { "jupyter": { "source_hidden": true }, "tags": ["remove_output"] }, "source": "hidden()", "outputs": [
            { "output_type": "stream", "name": "stdout", "text": "removed" } ] },
        { "cell_type": "code", "metadata": { "tags": ["remove-cell"] }, "source": "gone()", "outputs": [] },
        { "cell_type": "raw", "metadata": {}, "source": "raw text" },
        { "cell_type": "of the future", "source": "new text" }
    ]));
    let document = read_alone("docs/waves.ipynb", &text);
    assert_eq!(document.title.as_deref(), Some("Waves"));
    let body = page(&document);
    let seen = storage_text(&body);
    for shown in [
        "left open",
        "plot(x)",
        "red",
        "10%\n    20%",
        "cell",
        "\"a\": [",
        "Oops: no",
        "The note.",
        "hidden()",
        "raw text",
        "new text",
        "More",
    ] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    for hidden in [
        "gone()", "removed", "evil", "plain", "Figure", "\u{1b}", "[^1]",
    ] {
        assert!(!seen.contains(hidden), "{hidden:?} in {seen}");
    }
    // The fence that the first cell leaves open ends with the cell.
    assert!(body.contains("<h2>"), "{body}");
    assert!(body.contains("ac:name=\"expand\""), "{body}");
    assert!(body.contains("ac:name=\"language\">text</ac:parameter>") || body.contains("julia"));
    let pictures: Vec<&str> = document
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .filter(|target| target.starts_with("data:"))
        .collect();
    assert_eq!(
        pictures,
        [
            "data:image/png;base64,aGk=",
            "data:image/png;base64,aGVsbG8="
        ]
    );
}

#[test]
fn a_picture_of_a_notebook_has_the_size_that_its_output_says() {
    let shown = |metadata: Value| {
        let text = notebook(&json!([
            { "cell_type": "code", "metadata": {}, "source": "", "outputs": [
                { "output_type": "display_data", "metadata": metadata, "data": {
                    "image/png": "aGk=", "text/plain": "A \"plot\"" } }] }
        ]));
        let document = read_alone("a.ipynb", &text);
        let [placed] = &document.blocks[..] else {
            panic!("{:?}", document.blocks);
        };
        let Block::Paragraph { content, .. } = &placed.is else {
            panic!("{placed:?}");
        };
        match &content[..] {
            [
                Inline::Image {
                    target,
                    alt,
                    width,
                    height,
                    ..
                },
            ] => {
                assert_eq!(target, "data:image/png;base64,aGk=");
                assert_eq!(alt, "A \"plot\"");
                (*width, *height)
            }
            other => panic!("{other:?}"),
        }
    };
    let sized = json!({ "image/png": { "width": 377, "height": 264.4 } });
    assert_eq!(shown(sized), (Some(377), Some(264)));
    assert_eq!(shown(json!({ "image/png": { "width": 377 } })).0, Some(377));
    for none in [
        json!({}),
        json!({ "image/png": {} }),
        json!({ "image/png": { "width": "x", "height": -1 } }),
        json!({ "image/jpeg": { "width": 377 } }),
    ] {
        assert_eq!(shown(none), (None, None));
    }
}

#[test]
fn no_output_of_a_notebook_vanishes_without_a_word() {
    let output =
        |forms: Value| json!({ "output_type": "display_data", "metadata": {}, "data": forms });
    let seen = |forms: Value| {
        let cell = json!({ "cell_type": "code", "metadata": {}, "source": "", "outputs": [output(forms)] });
        let document = read_alone("a.ipynb", &notebook(&json!([cell])));
        let told = document.problems.iter().map(|problem| {
            assert!(problem.line > 1, "{problem:?}");
            (problem.code, problem.is_note(), problem.message.to_string())
        });
        let told: Vec<_> = told.collect();
        let pictures = document.references.iter().map(|found| found.target.clone());
        let pictures: Vec<_> = pictures.collect();
        (storage_text(&page(&document)), told, pictures)
    };
    // What a script would draw is shown by the next form.
    let script = "<div id=\"x\"></div><script>draw()</script>";
    let (text, told, _) = seen(json!({ "text/html": script, "text/plain": "<Figure 1>" }));
    assert!(text.contains("<Figure 1>"), "{text}");
    assert!(matches!(&told[..], [("notebook.output", true, said)] if said.contains("text/html")));
    // Nothing else says it.
    let (_, told, _) = seen(json!({ "text/html": script }));
    assert!(matches!(&told[..], [("html.script", ..)]), "{told:?}");
    // Data is code, whoever made it.
    let plotly = json!({ "data": [{ "y": [41, 42] }], "layout": {} });
    let (text, told, _) = seen(json!({ "application/vnd.plotly.v1+json": plotly }));
    assert!(text.contains("42"), "{text}");
    assert_eq!(told, []);
    let (text, told, _) = seen(json!({
        "application/vnd.plotly.v1+json": plotly, "text/html": script, "text/plain": "Figure()",
    }));
    assert!(text.contains("Figure()"), "{text}");
    assert!(matches!(&told[..], [("notebook.output", true, said)]
        if said.contains("plotly") && said.contains("text/html")));
    // What has no other form is named.
    for (media_type, data) in [
        ("application/pdf", json!("JVBERi0=")),
        ("application/javascript", json!("alert(1)")),
        (
            "application/vnd.jupyter.widget-view+json",
            json!({ "model_id": "a1", "version_major": 2 }),
        ),
    ] {
        let (text, told, _) = seen(json!({ media_type: data }));
        assert_eq!(text.trim(), "");
        assert!(
            matches!(&told[..], [("notebook.output", false, said)] if said.contains(media_type)),
            "{media_type}: {told:?}"
        );
    }
    let (_, told, pictures) = seen(json!({ "image/bmp": "Qk0=" }));
    assert_eq!(
        (told, pictures),
        (vec![], vec!["data:image/bmp;base64,Qk0=".to_owned()])
    );
}

#[test]
fn a_problem_in_a_notebook_has_the_place_of_its_cell() {
    let text = notebook(&json!([
        { "cell_type": "markdown", "metadata": {}, "source": "fine" },
        { "cell_type": "markdown", "metadata": {}, "source": "a <made-up> tag" }
    ]));
    let document = read_alone("a.ipynb", &text);
    let [problem] = &document.problems[..] else {
        panic!("{:?}", document.problems);
    };
    let before = text.find("made-up").expect("it is there");
    let cell = text[..before].rfind("\n    {").expect("its cell begins") + 1;
    let line = 1 + text[..cell].matches('\n').count();
    assert_eq!(problem.line as usize, line);
}

#[test]
fn an_old_notebook_and_one_that_is_none_are_shown() {
    let old = json!({ "worksheets": [ { "cells": [
        { "cell_type": "heading", "level": 2, "source": ["Old"] },
        { "cell_type": "code", "input": ["1 + 1"], "language": "python", "outputs": [
            { "output_type": "pyout", "text": ["2"] },
            { "output_type": "display_data", "png": "aGk=", "text": ["a plot"] },
            { "output_type": "pyerr", "ename": "E", "evalue": "v", "traceback": ["E: v"] } ] }
    ] } ], "metadata": { "name": "" }, "nbformat": 3, "nbformat_minor": 0 });
    let document = read_alone("old.ipynb", &old.to_string());
    let seen = storage_text(&page(&document));
    for shown in ["## Old", "1 + 1", "    2", "E: v"] {
        assert!(seen.contains(shown), "{shown:?} in {seen}");
    }
    assert_eq!(document.references.len(), 1);
    let broken = read_alone("broken.ipynb", "{\n \"cells\": [\n");
    assert_eq!(broken.problems[0].code, "notebook.unreadable");
    assert_eq!(broken.problems[0].line, 3);
    assert!(storage_text(&page(&broken)).contains("\"cells\""));
}

#[test]
fn values_become_a_table() {
    let text = "name,price,note\r\nTea,1.5,\"two\nlines, one cell\"\r\nCoffee,20%\r\n";
    let document = read_alone("list.csv", text);
    assert_eq!(document.front_matter.title.as_deref(), Some("list.csv"));
    let body = page(&document);
    assert_eq!(
        storage_text(&body),
        "| name | price | note |\n| Tea | 1.5 | two lines, one cell |\n| Coffee | 20% | |\n"
    );
    assert_eq!(body.matches("<th").count(), 3);
    assert_eq!(body.matches("text-align: right").count(), 2, "{body}");
    let told = &document.problems[0];
    assert_eq!((told.code, told.line, told.column), ("table.uneven", 4, 1));
    let told = &read_alone("more.csv", "a;b\n\n\"ü\";2\n\n\n1;2;3\n").problems[0];
    assert_eq!((told.line, told.column), (6, 1));
    assert_eq!(read_alone("even.csv", "a,b\r\n1,2\r\n").problems, []);
    // Where numbers have a comma, semicolons separate.
    let german = storage_text(&page(&read_alone("a.csv", "Ort;Wert\nUlm;1,5\n")));
    assert_eq!(german, "| Ort | Wert |\n| Ulm | 1,5 |\n");
    let tabbed = storage_text(&page(&read_alone("a.tsv", "a,b\tc\n1\t2\n")));
    assert_eq!(tabbed, "| a,b | c |\n| 1 | 2 |\n");
    assert!(read_alone("empty.csv", "").blocks.is_empty());
}

#[test]
fn a_source_file_is_shown_as_it_stands() {
    let text = "fn main() {\n    println!(\"]]> # no heading\");\n}\n";
    let document = read_alone("src/main.rs", text);
    assert_eq!(document.front_matter.title.as_deref(), Some("main.rs"));
    let body = page(&document);
    assert!(
        body.contains("ac:name=\"language\">rust</ac:parameter>"),
        "{body}"
    );
    let seen: String = storage_text(&body)
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("    ").unwrap_or(line)))
        .collect();
    assert_eq!(seen, text);
}

/// Any JSON that looks somewhat like a notebook.
fn any_notebook() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u8>().prop_map(Value::from),
        prop::sample::select(vec![
            "markdown",
            "code",
            "raw",
            "stream",
            "display_data",
            "error",
            "# Title\n",
            "```",
            "aGk=",
            "<div>",
            "</div>",
            "\u{1b}[3",
            "[x](y.md)",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        let key = prop::sample::select(vec![
            "cells",
            "cell_type",
            "source",
            "outputs",
            "output_type",
            "data",
            "text",
            "metadata",
            "tags",
            "attachments",
            "image/png",
            "text/html",
            "traceback",
            "worksheets",
            "input",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..8).prop_map(|pairs| {
                Value::Object(
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_json_becomes_a_page(cells in prop::collection::vec(any_notebook(), 0..5), whole in any_notebook()) {
        page(&read_alone("a.ipynb", &notebook(&Value::from(cells))));
        page(&read_alone("a.ipynb", &whole.to_string()));
    }

    #[test]
    fn any_values_become_a_page(text in "[a-z,;\"\n\r\t 0-9\u{0}]{0,200}") {
        page(&read_alone("a.csv", &text));
        page(&read_alone("a.tsv", &text));
        page(&read_alone("a.py", &text));
    }
}
