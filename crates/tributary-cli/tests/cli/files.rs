//! Convert and preview: no server, no credential.

use std::fs;

use tributary::store::write_atomically;

use crate::stand::Stand;

#[test]
fn one_file_is_converted_to_standard_output() {
    let stand = Stand::new(&[(
        "a.md",
        "# Alpha\n\nSome *words* & `code`, see [below](#part).\n\n## Part\n\n- [x] done\n- [ ] open\n\n```rust\nfn main() {}\n```\n",
    )]);
    let storage = stand.run(&["convert", "a.md"]).ended(0);
    insta::assert_snapshot!("convert_storage", storage.stdout);
    let html = stand.run(&["convert", "a.md", "--to", "html"]).ended(0);
    assert!(html.stdout.contains("<em>words</em>"), "{}", html.stdout);
    let text = stand.run(&["convert", "a.md", "--to", "text"]).ended(0);
    assert!(text.stdout.contains("Some words & code"), "{}", text.stdout);
    assert!(!text.stdout.contains('<'), "{}", text.stdout);
    assert_eq!(
        stand.control().requests().len(),
        0,
        "nothing is asked of any server"
    );
}

#[test]
fn a_file_is_converted_to_adf_that_cloud_takes() {
    let stand = Stand::new(&[
        (
            "a.md",
            "# Alpha\n\nSome *words*, see [Beta](b.md).\n\n- text\n\n  | a |\n  |---|\n  | b |\n",
        ),
        ("b.md", "# Beta\n"),
    ]);
    let adf = stand.run(&["convert", "a.md", "--to", "adf"]).ended(0);
    let document: serde_json::Value = serde_json::from_str(&adf.stdout).expect("JSON");
    assert_eq!(tributary_sandbox::format::check_adf(&document), Ok(()));
    let kinds: Vec<&str> = document["content"]
        .as_array()
        .expect("a list of nodes")
        .iter()
        .filter_map(|node| node["type"].as_str())
        .collect();
    assert_eq!(kinds, ["paragraph", "bulletList", "table"]);
    assert!(
        adf.stderr.contains("a.md:7:3") && adf.stderr.contains("table"),
        "what moved is told with its place: {adf:?}"
    );
    let out = stand.home().join("out");
    let folder = ["convert", ".", "--to", "adf", "--out"];
    let folder = [&folder[..], &[out.to_str().expect("Unicode")]].concat();
    let both = stand.run(&folder).ended(0);
    assert!(both.stderr.contains("tributary.invalid"), "{both:?}");
    for file in ["a.json", "b.json"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let refused = ["convert", "a.md", "--to", "adf", "--flavor", "data-center"];
    stand
        .run(&refused)
        .ended(2)
        .says(&["Data Center", "--to storage"]);
}

#[test]
fn what_is_converted_is_one_json_document_for_machines() {
    let stand = Stand::new(&[
        ("a.md", "# A\n\nText with <made-up>.\n"),
        ("b.md", "# B\n\nText.\n"),
        ("page.xml", "<p>Words</p>"),
    ]);
    let made = stand.run(&["convert", ".", "--json", "--strict"]).ended(1);
    let made: serde_json::Value = serde_json::from_str(&made.stdout).expect("it is JSON");
    let [first, second] = &made["pages"].as_array().expect("pages")[..] else {
        panic!("{made}");
    };
    assert_eq!(first["source"], "a.md");
    assert!(first["content"].is_null(), "{first}");
    assert_eq!(first["problems"][0]["code"], "html.unknown_element");
    assert_eq!(first["problems"][0]["line"], 3);
    assert_eq!(second["content"], "<p>Text.</p>");
    assert_eq!(second["problems"], serde_json::json!([]));
    let stored = [
        "convert", "--from", "storage", "--to", "markdown", "page.xml", "--json",
    ];
    let made = stand.run(&stored).ended(0);
    let made: serde_json::Value = serde_json::from_str(&made.stdout).expect("it is JSON");
    assert_eq!(made["pages"][0]["content"], "Words\n");
}

#[test]
fn a_tree_is_converted_into_a_folder_and_problems_are_told() {
    let stand = Stand::new(&[
        ("README.md", "# Top\n"),
        ("guide/a.md", "# Alpha\n\n[gone](nowhere.md)\n"),
        ("guide/b.md", "# Beta\n"),
    ]);
    let both = stand.run(&["convert", "."]).ended(2);
    both.says(&["3 files", "--out DIR"]);
    let out = stand.home().join("out");
    let converted = stand.run(&["convert", ".", "--out", out.to_str().expect("Unicode")]);
    assert!(matches!(converted.code, 0 | 1), "{converted:?}");
    assert!(
        converted.stderr.contains("guide/a.md:3:1"),
        "problems name their place: {converted:?}"
    );
    for file in ["README.xml", "guide/a.xml", "guide/b.xml"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let strict = stand.home().join("strict");
    let arguments = [
        "convert",
        ".",
        "--strict",
        "--out",
        strict.to_str().expect("Unicode"),
    ];
    stand
        .run(&arguments)
        .ended(1)
        .says(&["link.target_missing"]);
    assert!(strict.join("guide/b.xml").is_file() && !strict.join("guide/a.xml").exists());
    let beta = fs::read_to_string(out.join("guide/a.xml")).expect("readable");
    assert!(beta.contains("gone"), "the words stay: {beta}");
}

#[test]
fn a_file_that_names_its_page_is_converted_without_confluence() {
    let text = "---\nspace: DOCS\nparent: Above\n---\n<!-- confluence-page-id: 4711 -->\n\nText.\n";
    let stand = Stand::new(&[("a.md", text)]);
    let converted = stand.run(&["convert", "a.md"]).ended(0);
    assert_eq!(converted.stdout, "<p>Text.</p>\n");
}

#[test]
fn nothing_but_what_is_ours_stands_on_standard_error() {
    let stand = Stand::new(&[("a.md", "# A\n\n$x = \\text{ä, Ж, 中, 🚀}$\n")]);
    let converted = stand.run(&["convert", "a.md"]).ended(0);
    assert!(converted.stdout.contains("<ac:image"), "{converted:?}");
    assert_eq!(converted.stderr, "");
}

#[test]
fn a_page_in_adf_is_told_by_its_own_lines_and_stored_without_a_macro_of_ours() {
    let page = "{\"type\":\"doc\",\"version\":1,\"content\":[\n\
                {\"type\":\"blockCard\",\"attrs\":{\"url\":\"https://example.com/\"}},\n\
                {\"type\":\"codeBlock\",\"attrs\":{\"wrap\":true},\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}";
    let stand = Stand::new(&[("page.json", page)]);
    let convert = |to| stand.run(&["convert", "--from", "adf", "--to", to, "page.json"]);
    let markdown = convert("markdown").ended(0);
    for told in [
        "page.json:2:1",
        "`blockCard`",
        "page.json:3:1",
        "`wrap` of `codeBlock`",
    ] {
        assert!(markdown.stderr.contains(told), "{told}: {markdown:?}");
    }
    let stored = convert("storage").ended(0);
    assert!(
        stored.stdout.contains("data-card-appearance=\"block\"")
            && !stored.stdout.contains("tributary"),
        "{stored:?}"
    );
    let adf = convert("adf").ended(0);
    assert!(adf.stdout.contains("blockCard"), "{adf:?}");
}

#[test]
fn a_stored_page_becomes_markdown_and_the_same_page_again() {
    let page = "<h2>State</h2><p>It is <ac:structured-macro ac:name=\"status\">\
                <ac:parameter ac:name=\"title\">Done</ac:parameter>\
                <ac:parameter ac:name=\"subtle\">true</ac:parameter></ac:structured-macro>, see \
                <ac:link><ri:page ri:space-key=\"OPS\" ri:content-title=\"Run book\" />\
                <ac:link-body>there</ac:link-body></ac:link>.</p>";
    let stand = Stand::new(&[("page.xml", page), ("a.md", "*  one\n*  two\n")]);
    let markdown = stand
        .run(&[
            "convert", "--from", "storage", "--to", "markdown", "page.xml",
        ])
        .ended(0);
    assert_eq!(
        markdown.stdout,
        "## State\n\nIt is `<ac:structured-macro ac:name=\"status\"><ac:parameter \
         ac:name=\"title\">Done</ac:parameter><ac:parameter \
         ac:name=\"subtle\">true</ac:parameter></ac:structured-macro>`{=confluence}, see \
         [there](confluence:page/OPS/Run%20book).\n"
    );
    assert!(
        markdown.stderr.contains("page.xml:1:24") && markdown.stderr.contains("storage.kept"),
        "what Markdown has no form for is told: {markdown:?}"
    );
    let out = stand.home().join("pulled");
    stand
        .run(&[
            "convert",
            "--from",
            "storage",
            "--to",
            "markdown",
            "page.xml",
            "--out",
            out.to_str().expect("Unicode"),
        ])
        .ended(0);
    let pulled = out.join("page.md");
    let again = stand
        .run(&["convert", pulled.to_str().expect("Unicode")])
        .ended(0);
    assert_eq!(again.stdout.trim_end(), page, "nothing of the page is lost");
    for (format, expected) in [
        ("storage", page),
        ("text", "## State\nIt is [Done], see there.\n"),
        ("html", "class=\"foreign\""),
    ] {
        let made = stand
            .run(&["convert", "--from", "storage", "--to", format, "page.xml"])
            .ended(0);
        assert!(made.stdout.contains(expected), "{format}: {}", made.stdout);
    }
    let tidy = stand.run(&["convert", "--to", "markdown", "a.md"]).ended(0);
    assert_eq!(tidy.stdout, "- one\n- two\n");
    for (arguments, words) in [
        (
            &["convert", "--from", "storage", "gone.xml"][..],
            "gone.xml",
        ),
        (&["convert", "--from", "storage", "."][..], "folder"),
    ] {
        stand.run(arguments).ended(2).says(&[words]);
    }
}

#[test]
fn a_page_that_begins_with_a_heading_still_does_after_it_was_markdown() {
    let page = "<h1>State</h1><p>All is well.</p>";
    let stand = Stand::new(&[("page.xml", page)]);
    let markdown = stand
        .run(&[
            "convert", "--from", "storage", "--to", "markdown", "page.xml",
        ])
        .ended(0);
    stand.put("page.md", &markdown.stdout);
    let again = stand.run(&["convert", "page.md"]).ended(0);
    assert_eq!(again.stdout.trim_end(), page);
}

/// What was drawn is a picture on the page, and neither its source nor code in another copy of it.
#[test]
fn a_page_with_drawings_becomes_the_same_page_again() {
    let text = "A formula $x^2$ here.\n\n$$\ny = 1\n$$\n\n```mermaid\ngraph TD; A-->B\n```\n";
    let stand = Stand::new(&[("a.md", text)]);
    let page = stand.run(&["convert", "a.md"]).ended(0).stdout;
    assert_eq!(page.matches("<ac:image").count(), 3, "{page}");
    stand.put("page.xml", &page);
    let convert = |from: &str, to: &str, file: &str| {
        let run = stand.run(&["convert", "--from", from, "--to", to, file]);
        run.ended(0).stdout
    };
    assert_eq!(convert("storage", "storage", "page.xml"), page);
    let adf = stand.run(&["convert", "--to", "adf", "a.md"]).ended(0);
    stand.put("page.json", &adf.stdout);
    // An equation stands in a line of its own there, and stays in it.
    for (from, file, in_lines) in [("adf", "page.json", 2), ("storage", "page.xml", 1)] {
        let made = convert(from, "adf", file);
        for name in ["formula-", "equation-", "mermaid-"] {
            assert_eq!(made.matches(name).count(), 1, "{from}, {name}: {made}");
        }
        assert!(
            !made.contains("codeBlock") && !made.contains("$x^2$") && !made.contains("!["),
            "{from}: {made}"
        );
        assert_eq!(
            made.matches("mediaInline").count(),
            in_lines,
            "{from}: {made}"
        );
        assert_eq!(
            made.matches("mediaSingle").count(),
            3 - in_lines,
            "{from}: {made}"
        );
    }
    let markdown = convert("storage", "markdown", "page.xml");
    assert!(
        markdown.contains("$x^2$") && markdown.contains("graph TD"),
        "{markdown}"
    );
}

#[test]
fn a_page_in_adf_becomes_markdown_and_the_same_page_again() {
    let text = "## State\n\n- [x] <span style=\"color: rgb(255,86,48);\">done</span>\n- [ ] open\n\n\
                > [!NOTE]\n> A *note*.\n\n| A | B |\n| --- | --: |\n| 1 | 2 |\n";
    let stand = Stand::new(&[("a.md", text), ("b.json", "[]")]);
    let page = stand
        .run(&["convert", "--to", "adf", "a.md"])
        .ended(0)
        .stdout;
    stand.put("page.json", &page);
    let convert = |to: &str| {
        let run = stand.run(&["convert", "--from", "adf", "--to", to, "page.json"]);
        run.ended(0).stdout
    };
    assert_eq!(convert("markdown"), text);
    assert_eq!(convert("adf"), page);
    assert!(convert("text").contains("[x] done"));
    let refused = stand.run(&["convert", "--from", "adf", "b.json"]).ended(2);
    refused.says(&["b.json", "no page in the Atlassian Document Format"]);
}

#[test]
fn a_file_is_previewed_for_terminal_browser_and_program() {
    let stand = Stand::new(&[
        ("a.rs", "// one\nfn two() {}\nlet three = \"<b>\";\n"),
        ("b.bin", "a\0b"),
    ]);
    let ansi = stand.run(&["preview", "a.rs", "--lines", "2-3"]).ended(0);
    assert!(
        ansi.stdout.contains("\u{1b}[38;2;") && !ansi.stdout.contains("one"),
        "{ansi:?}"
    );
    let html = stand
        .run(&["preview", "a.rs", "--to", "html", "--theme", "light"])
        .ended(0);
    assert!(
        html.stdout.contains("&lt;b&gt;") && html.stdout.contains("data-line=\"1\""),
        "{html:?}"
    );
    let json = stand
        .run(&["preview", "a.rs", "--to", "json", "--lines", "2"])
        .ended(0)
        .json();
    assert_eq!(
        (json["language"].as_str(), json["first_line"].as_u64()),
        (Some("Rust"), Some(2))
    );
    assert_eq!(json["lines"].as_array().map(Vec::len), Some(1));
    let theme = "<plist version=\"1.0\"><dict><key>settings</key><array><dict><key>settings</key><dict>\
        <key>foreground</key><string>#010203</string></dict></dict></array></dict></plist>";
    let own = stand.home().join("config/highlighting");
    fs::create_dir_all(&own).expect("the folder is ours");
    write_atomically(&own.join("mine.tmTheme"), theme.as_bytes()).expect("the folder is ours");
    write_atomically(&own.join("x.sublime-syntax"), b"name: X").expect("the folder is ours");
    let mine = stand.run(&["preview", "a.rs", "--to", "html", "--theme", "mine"]);
    let mine = mine.ended(0);
    assert!(mine.stdout.contains("#010203"), "{mine:?}");
    mine.says(&["x.sublime-syntax", "cannot be used"]);
    stand
        .run(&["preview", "a.rs", "--theme", "high-contrast-dark"])
        .ended(0);
    stand
        .run(&["preview", "a.rs", "--theme", "absent"])
        .ended(2)
        .says(&["absent", "high-contrast-light", "mine"]);
    stand
        .run(&["preview", "b.bin"])
        .ended(2)
        .says(&["b.bin", "--to json"]);
    assert_eq!(
        stand
            .run(&["preview", "b.bin", "--to", "json"])
            .ended(0)
            .json()["kind"],
        "binary"
    );
}

#[test]
fn of_a_pdf_the_preview_tells_the_pages_or_why_it_cannot_be_opened() {
    let pdf = include_str!("../../../../tests/hostile/attack.pdf");
    let locked = pdf.replace("/Root 1 0 R", "/Root 1 0 R /Encrypt 9 0 R");
    let stand = Stand::new(&[("plan.pdf", pdf), ("locked.pdf", &locked)]);
    let told = stand
        .run(&["preview", "plan.pdf", "--to", "json"])
        .ended(0)
        .json();
    assert_eq!(told["kind"], "pdf");
    assert_eq!(told["size"], pdf.len());
    let sizes = serde_json::json!([{ "width": 595.0, "height": 842.0 }]);
    assert_eq!(told["pages"], sizes);
    stand
        .run(&["preview", "locked.pdf", "--to", "json"])
        .ended(2)
        .says(&["This PDF cannot be shown", "encrypted"]);
    stand
        .run(&["preview", "plan.pdf"])
        .ended(2)
        .says(&["plan.pdf", "--to json"]);
}

#[test]
fn two_changes_of_a_stored_page_are_merged() {
    let stand = Stand::new(&[
        ("base.xml", "<h2>Ports</h2><p>One two three four five.</p>"),
        ("ours.xml", "<h2>Ports</h2><p>One 2 three four five.</p>"),
        ("theirs.xml", "<h2>Ports</h2><p>One two three four 5.</p>"),
        ("other.xml", "<h2>Ports</h2><p>One II three four five.</p>"),
    ]);
    let merged = stand
        .run(&["merge", "base.xml", "ours.xml", "theirs.xml"])
        .ended(0);
    assert_eq!(merged.stdout, "<h2>Ports</h2><p>One 2 three four 5.</p>\n");
    let disagree = [
        "merge",
        "base.xml",
        "ours.xml",
        "other.xml",
        "--out",
        "out.xml",
    ];
    let told = stand.run(&disagree).ended(1);
    told.says(&["ours.xml:1:15", "`two` below `Ports`", "`2` and `II`"]);
    assert!(!stand.docs().join("out.xml").exists());
    let written = [
        "merge",
        "base.xml",
        "ours.xml",
        "theirs.xml",
        "--out",
        "out.xml",
    ];
    assert_eq!(stand.run(&written).ended(0).stdout, "");
    let out = fs::read_to_string(stand.docs().join("out.xml")).expect("written");
    assert!(out.contains("One 2 three four 5."), "{out}");
    stand
        .run(&["merge", "base.xml", "ours.xml", "none.xml"])
        .ended(2)
        .says(&["none.xml", "does not exist"]);
}
