//! What a repository adds to its pages, and what Markdown takes in from other files.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tributary_pages::markup::{
    Document, Flavor, PageTemplate, RepositoryFacts, SourceLinks, Surroundings, read_source,
    storage_text, write_markdown,
};
use tributary_sandbox::format::check_storage;

use crate::stored_document;

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(own).collect()
}

fn template(header: Option<&str>, footer: Option<&str>) -> PageTemplate {
    PageTemplate {
        header: header.map(str::to_owned),
        footer: footer.map(str::to_owned),
        variables: files(&[
            ("product", "**Tributary** 2"),
            ("chain", "{{ product }}!"),
            ("loop", "{{ loop }}"),
        ]),
        snippets: files(&[
            ("key", "press <kbd>{{ name }}</kbd>"),
            ("hint", "!!! tip \"{{ title }}\"\n    Use {{ product }}.\n"),
        ]),
    }
}

fn surroundings(template: PageTemplate, texts: &[(&str, &str)]) -> Surroundings {
    let facts = RepositoryFacts {
        name: "docs".to_owned(),
        reference: Some("main".to_owned()),
        commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        date: Some("2026-11-28".to_owned()),
    };
    Surroundings::of_repository(template, facts)
        .with_texts(files(texts))
        .with_links(SourceLinks {
            view: Some("https://example.com/a_(b)_c".to_owned()),
            edit: None,
        })
}

fn read(text: &str, texts: &[(&str, &str)]) -> Document {
    let document = read_source(
        "docs/guide/page.md",
        text,
        &surroundings(template(None, None), texts),
    );
    let body = stored_document(&document, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    document
}

fn codes(document: &Document) -> Vec<(&str, u32)> {
    let problems = document.problems.iter();
    problems
        .map(|problem| (problem.code, problem.line))
        .collect()
}

#[test]
fn names_are_filled_in_where_text_is_and_nowhere_else() {
    let document = read(
        "# {{ product }}\n\n{{chain}} and {{ key name=\"F5\" }}, {{ key name='a_b' }}.\n\n\
         `{{ product }}`, $x_{{product}}$, ${{ product }}, \\{{ product }}\n\n\
         ```\n{{ product }}\n```\n\n[at {{ source.path }}]({{ source.url }}) \
         <a href=\"{{ source.url }}\">b</a>\n",
        &[],
    );
    assert_eq!(
        write_markdown(&document),
        "# **Tributary** 2\n\n**Tributary** 2! and press <kbd>F5</kbd>, press <kbd>a_b</kbd>.\n\n\
         `{{ product }}`, $x_{{product}}$, \\${{ product }}, \\{{ product }}\n\n\
         ```\n{{ product }}\n```\n\n[at docs/guide/page.md](https://example.com/a_(b)_c) \
         [b](https://example.com/a_(b)_c)\n"
    );
    assert_eq!(codes(&document), []);
    assert!(!document.is_dated);
}

#[test]
fn a_snippet_that_stands_alone_may_be_blocks() {
    let document = read("Before.\n\n{{ hint title=\"Do\" }}\n\nAfter.\n", &[]);
    assert_eq!(
        write_markdown(&document),
        "Before.\n\n> [!TIP]\n> **Do**\n>\n> Use **Tributary** 2.\n\nAfter.\n"
    );
}

#[test]
fn names_without_a_meaning_stay_and_are_told() {
    let document = read(
        "{{ produkt }} {{ other }} {{ source.sha }} {{ source.edit_url }}\n\n{{ loop }}\n",
        &[],
    );
    let said: Vec<&str> = document
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    for (message, part) in said.iter().zip([
        "it has `product`",
        "declares no such name",
        "there are `path`",
        "no remote",
        "stands for itself",
    ]) {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(codes(&document)[4], ("name.unknown", 3));
    assert_eq!(
        write_markdown(&document),
        "\\{{ produkt }} \\{{ other }} \\{{ source.sha }} \\{{ source.edit_url }}\n\n\\{{ loop }}\n"
    );
    // Where nothing is declared, braces are another program's.
    let alone = read_source("a.md", "{{ product }}\n", &Surroundings::default());
    assert_eq!(codes(&alone), []);
}

#[test]
fn names_that_grow_without_end_are_stopped() {
    let mut template = PageTemplate::default();
    for level in 1..12 {
        let more = format!("{{{{ n{} }}}} ", level + 1).repeat(10);
        template.variables.insert(format!("n{level}"), more);
    }
    template
        .variables
        .insert("n12".to_owned(), "word".repeat(100));
    let document = read_source("a.md", "{{ n1 }}\n", &surroundings(template, &[]));
    let told = document.problems.iter();
    assert!(
        told.clone()
            .any(|problem| problem.message.contains("more than a page can hold"))
    );
}

#[test]
fn a_header_and_a_footer_stand_around_every_text() {
    let template = template(
        Some("From [`{{ source.path }}`]({{ source.url }}), see [start](start.md)."),
        Some("---\n\n{{ source.commit }} of {{ source.ref }} on {{ source.date }} ![](/logo.png)"),
    );
    let surroundings = surroundings(template, &[]);
    let read = |path: &str, text: &str| read_source(path, text, &surroundings);
    let page = read("docs/a_b.md", "# Title\n\nText.\n");
    assert_eq!(
        write_markdown(&page),
        "# Title\n\nFrom [`docs/a_b.md`](https://example.com/a_(b)_c), see [start](/start.md).\n\n\
         Text.\n\n---\n\n0123456789ab of main on 2026-11-28 ![](/logo.png)\n"
    );
    assert_eq!(page.title.as_deref(), Some("Title"));
    assert!(page.is_dated);
    let targets: Vec<&str> = page
        .references
        .iter()
        .map(|reference| reference.target.as_str())
        .collect();
    assert_eq!(
        targets,
        ["https://example.com/a_(b)_c", "/start.md", "/logo.png"]
    );
    // Every kind of source has them, and a page may do without.
    let code = read("src/main.rs", "fn main() {}\n");
    let code = write_markdown(&code);
    let (header, text) = (code.find("From [`src/main.rs`]"), code.find("fn main"));
    assert!(header.is_some() && header < text, "{code}");
    let alone = read("a.md", "---\nheader: false\nfooter: false\n---\nText.\n");
    assert!(write_markdown(&alone).ends_with("---\n\nText.\n"));
    let problem = PageTemplate {
        header: Some("{{ source.edit_url }}".to_owned()),
        ..PageTemplate::default()
    };
    let surroundings = self::surroundings(problem, &[]);
    let page = read_source("a.md", "Text.\n", &surroundings);
    assert_eq!(codes(&page), [("name.unknown", 0)]);
    assert!(
        page.problems[0]
            .message
            .starts_with("in the header of all pages")
    );
}

#[test]
fn parts_are_taken_in_as_publishers_write_them() {
    let texts = [
        (
            "docs/parts/one.md",
            "---\ntitle: No\n---\nOne *part*.\n\n<!-- --8<-- [start:two] -->\nTwo.\n<!-- --8<-- [end:two] -->\n",
        ),
        (
            "docs/guide/near.md",
            "Near, with\n--8<-- \"parts/one.md:two\"\n",
        ),
        (
            "src/a.py",
            "import os\n# #region body\n    def a():\n        pass\n# #endregion body\n",
        ),
        ("docs/guide/given.md", "Hello {{ .who }} and {{who}}.\n"),
    ];
    for (text, expected) in [
        ("--8<-- \"parts/one.md\"\n", "One *part*.\n\nTwo.\n"),
        ("-8<- 'docs/parts/one.md:two'\n", "Two.\n"),
        ("--8<-- \"parts/one.md:4:4\"\n", "One *part*.\n"),
        (
            "--8<--\nparts/one.md:two\n; parts/gone.md\n\nnear.md:1:1\n--8<--\n",
            "Two.\nNear, with\n",
        ),
        (
            "- a\n\n    --8<-- \"near.md\"\n",
            "- a\n\n  Near, with\n  Two.\n",
        ),
        (
            "```py\n--8<-- \"src/a.py:1:1\"\n```\n",
            "```py\nimport os\n```\n",
        ),
        (";--8<-- \"parts/one.md\"\n", "\\--8<-- \"parts/one.md\"\n"),
        (
            "```\n;--8<-- \"parts/one.md\"\n```\n",
            "```\n;--8<-- \"parts/one.md\"\n```\n",
        ),
        ("<!--@include: ./near.md{1,1}-->\n", "Near, with\n"),
        ("<!-- @include: ../parts/one.md#two -->\n", "Two.\n"),
        ("<!-- include: near.md -->\n", "Near, with\nTwo.\n"),
        (
            "<!-- Include: given.md\n     who: \"you\" -->\n",
            "Hello you and you.\n",
        ),
        (
            "<<< @/src/a.py#body{1 python}\n",
            "```python\ndef a():\n    pass\n```\n",
        ),
        (
            "<<< ../../src/a.py\n",
            "```py\nimport os\n    def a():\n        pass\n```\n",
        ),
        (
            "import Part from './near.md';\n\n<Part />\n",
            "Near, with\nTwo.\n",
        ),
        (
            "```\n<!-- include: near.md -->\n```\n",
            "```\n<!-- include: near.md -->\n```\n",
        ),
    ] {
        let document = read(text, &texts);
        assert_eq!(write_markdown(&document), expected, "{text}");
        assert_eq!(codes(&document), [], "{text}");
    }
}

#[test]
fn a_note_that_obsidian_embeds_is_taken_in() {
    let texts = [
        (
            "docs/guide/A note.md",
            "---\nconnie-title: No\n---\nFirst.\n\n## Part\n\nOf the part.\n\n### Below\n\nDeep.\n\n\
             ```\n## Part\n```\n\n## Other\n\nWords ^b-1\n\n- one\n- two ^b2\n\n| t |\n|---|\n\n^b3\n",
        ),
        ("docs/above.md", "Above.\n"),
        ("docs/guide/loop.md", "![[page]]\n"),
        ("docs/guide/page.md", ""),
    ];
    for (text, expected) in [
        ("![[above]]\n", "Above.\n"),
        ("![[above.md|Named]]\n", "Above.\n"),
        (
            "![[A note#part]]\n",
            "## Part\n\nOf the part.\n\n### Below\n\nDeep.\n\n```\n## Part\n```\n",
        ),
        (
            "![[A note#Part#Below]]\n",
            "### Below\n\nDeep.\n\n```\n## Part\n```\n",
        ),
        ("![[A note#^b-1]]\n", "Words\n"),
        ("![[A note#^b2]]\n", "- two\n"),
        ("![[A note#^b3]]\n", "| t |\n| --- |\n"),
        ("`![[above]]`\n", "`![[above]]`\n"),
        ("```\n![[above]]\n```\n", "```\n![[above]]\n```\n"),
        // A picture is none.
        ("![[above.png]]\n", "!\\[\\[above.png]]\n"),
    ] {
        let document = read(text, &texts);
        assert_eq!(write_markdown(&document), expected, "{text}");
        assert_eq!(codes(&document), [], "{text}");
    }
    for (text, reason) in [
        ("Text.\n\n![[gone]]\n", "no such text file"),
        ("Text.\n\n![[loop]]\n", "takes in itself"),
        ("Text.\n\n![[above#none]]\n", "no such section"),
        ("Text.\n\n![[above#^none]]\n", "no such section"),
    ] {
        let document = read(text, &texts);
        let [problem] = &document.problems[..] else {
            panic!("{text}: {:?}", document.problems);
        };
        assert_eq!(
            (problem.code, problem.line),
            ("include.not_taken", 3),
            "{text}"
        );
        assert!(problem.message.contains(reason), "{text}: {problem:?}");
    }
}

#[test]
fn what_obsidian_hides_in_its_notes_is_hidden() {
    let note = |text: &str| read(&format!("---\nconnie-publish: true\n---\n{text}"), &[]);
    for (text, expected) in [
        ("a %%hidden%% b\n", "a  b\n"),
        ("a\n\n%%\nhidden\n\nlines\n%%\n\nb\n", "a\n\nb\n"),
        ("a %%never ends\n", "a %%never ends\n"),
        (
            "`%%code%%`\n\n```\n%%code%%\n```\n",
            "`%%code%%`\n\n```\n%%code%%\n```\n",
        ),
        ("`code ^x`\n\n2 ^ 3 a^b\n", "`code ^x`\n\n2 \\^ 3 a^b\n"),
    ] {
        let document = note(text);
        let written = write_markdown(&document);
        let body = written
            .rsplit_once("---\n")
            .map_or(&*written, |(_, body)| body);
        assert_eq!(
            body.trim_start().replace("  ", " "),
            expected.replace("  ", " "),
            "{text}"
        );
        assert_eq!(codes(&document), [], "{text}");
    }
    let document = note("Words ^block-1\n\n[to it](#block-1)\n");
    assert!(
        document.anchors.contains(&"block-1".to_owned()),
        "{:?}",
        document.anchors
    );
    assert!(!write_markdown(&document).contains('^'));
    // Elsewhere the same signs are text.
    let shown = write_markdown(&read("for %%i in %%j do ^x\n", &[]));
    assert!(
        shown.contains("%%i in %%j do") && shown.contains("^x"),
        "{shown}"
    );
}

#[test]
fn who_made_a_file_is_a_note() {
    for text in [
        "---\ngenerated-by: hand\n---\nText.\n",
        "<!-- generated-by: hand -->\n\nText.\n",
    ] {
        let document = read(text, &[]);
        let [problem] = &document.problems[..] else {
            panic!("{text}: {:?}", document.problems);
        };
        assert_eq!(
            (problem.code, problem.is_note()),
            ("directive.unsupported", true)
        );
    }
}

/// Puts lines into a container: the first line of it has the first of the marks, all others the second.
fn inside(lines: &str, first: &str, others: &str) -> String {
    let lines = lines.lines().enumerate().map(|(at, line)| match line {
        "" => format!("{}\n", others.trim_end()),
        line => format!("{}{line}\n", if at == 0 { first } else { others }),
    });
    lines.collect()
}

#[test]
fn nothing_in_code_is_taken_in_or_replaced() {
    let texts = [("docs/guide/near.md", "TAKEN\n")];
    // Each of these has something else in its place, or is left out, where it is no code.
    let directives = [
        "<!-- include: near.md -->",
        "<!--@include: ./near.md-->",
        "<<< ./near.md",
        "import Part from './near.md'\n\n<Part />",
        "<!-- Include: ac:toc -->",
        "OPS-7",
        "@{ada}",
        "<ac:emoticon ac:name=\"smile\" />",
        "{{ product }}",
        "<!-- confluence-skip-start -->\n\nleft out\n\n<!-- confluence-skip-end -->",
    ];
    let containers = [
        ("", ""),
        ("- ", "  "),
        ("1. ", "   "),
        ("> ", "> "),
        ("- > ", "  > "),
        ("> 1. ", ">    "),
        ("- - ", "    "),
        ("!!! note\n    ", "    "),
        ("=== \"Tab\"\n\n    ", "    "),
        ("- entry\n\n    !!! note\n        ", "        "),
        ("[^1]: ", "    "),
    ];
    let head = "<!-- Space: DOCS -->\n<!-- Macro: OPS-\\d+\n     Template: ac:anchor\n     Anchor: \
                ${0} -->\n\nText.[^1]\n\n";
    for directive in directives {
        let is_part = directive.contains("near.md");
        for (first, others) in containers {
            let fenced = format!("```\n{directive}\n```");
            let waved = format!("~~~~ md\nx\n\n```\n{directive}\n~~~~");
            let indented = format!("text\n\n{}", inside(directive, "    ", "    "));
            let tabbed = format!("text\n\n{}", inside(directive, "\t", "\t"));
            let mut codes = vec![fenced, waved, indented];
            // In containers, tabs are more or fewer spaces.
            codes.extend(first.is_empty().then_some(tabbed));
            // What is to be left out is rather left out of code in a quotation than shown.
            if first.contains('>') && directive.contains("skip") {
                codes.pop();
            }
            for code in codes {
                let text = format!("{head}{}", inside(&code, first, others));
                let document = read(&text, &texts);
                let shown = storage_text(&stored_document(&document, Flavor::Cloud).content);
                for line in directive.lines().filter(|line| !line.is_empty()) {
                    assert!(shown.contains(line), "{text}\n{shown}");
                }
                assert!(!shown.contains("TAKEN"), "{text}\n{shown}");
            }
            // What begins a line takes in files, behind white space alone, and some without any.
            if is_part && first.contains('>') || directive.starts_with("<<<") && !first.is_empty() {
                continue;
            }
            let text = format!(
                "{head}{}",
                inside(&format!("text\n\n{directive}"), first, others)
            );
            let shown = storage_text(&stored_document(&read(&text, &texts), Flavor::Cloud).content);
            let line = directive.lines().last().unwrap_or_default();
            assert!(!shown.contains(line), "{text}\n{shown}");
            assert_eq!(shown.contains("TAKEN"), is_part, "{text}\n{shown}");
        }
    }
    for element in ["pre", "script", "textarea"] {
        let text = format!("<{element}>\n<!-- include: near.md -->\n\n--8<--\n</{element}>\n");
        let shown = storage_text(&stored_document(&read(&text, &texts), Flavor::Cloud).content);
        assert!(!shown.contains("TAKEN"), "{text}\n{shown}");
    }
}

#[test]
fn what_cannot_be_taken_in_stays_and_says_why() {
    let texts = [
        ("docs/guide/self.md", "<!-- include: page.md -->\n"),
        ("docs/guide/page.md", "<!-- include: self.md -->\n"),
        ("docs/guide/a.md", "A.\n"),
        ("etc/passwd", "secret\n"),
    ];
    for (text, reason) in [
        ("Text.\n\n--8<-- \"gone.md\"\n", "no such text file"),
        ("Text.\n\n--8<-- \"a.md:none\"\n", "no such section"),
        (
            "Text.\n\n<!-- include: ../../../etc/passwd -->\n",
            "no such text file",
        ),
        ("Text.\n\n<!-- include: self.md -->\n", "takes in itself"),
        ("Text.\n\n<!-- include: a.md#none -->\n", "no such section"),
    ] {
        let document = read(text, &texts);
        let told: Vec<&str> = document
            .problems
            .iter()
            .filter(|problem| problem.code == "include.not_taken")
            .map(|problem| problem.message.as_str())
            .collect();
        assert_eq!(told.len(), 1, "{text}: {:?}", document.problems);
        assert!(told[0].contains(reason), "{text}: {told:?}");
        assert_eq!(document.problems[0].line, 3, "{text}");
    }
    let document = read("--8<-- \"gone.md\"\n", &[]);
    // As text, it asks for nothing any more.
    assert_eq!(write_markdown(&document), "\\--8<-- \"gone.md\"\n");
    assert_eq!(
        document.wanted,
        ["gone.md", "docs/gone.md", "docs/guide/gone.md"]
    );
    // An address is no file.
    let document = read("--8<-- \"https://example.com/a.md\"\n", &[]);
    assert!(document.wanted.is_empty() && document.problems.is_empty());
}

#[test]
fn what_follows_a_part_stands_where_it_does_in_the_source() {
    let document = read(
        "Before [a](a.md).\n\n<!-- include: part.md -->\n\n!!! note\n    In [b](b.md) {{ product }} \
         [c](c.md).\n\n[d](d.md) {{ none }}\n",
        &[("docs/guide/part.md", "One [e](e.md).\n\nTwo.\n")],
    );
    let places: Vec<(&str, u32, u32)> = document
        .references
        .iter()
        .map(|reference| (reference.target.as_str(), reference.line, reference.column))
        .collect();
    assert_eq!(
        places,
        [
            ("a.md", 1, 8),
            ("e.md", 3, 1),
            ("b.md", 6, 8),
            ("c.md", 6, 32),
            ("d.md", 8, 1),
        ]
    );
    assert_eq!(codes(&document), [("name.unknown", 8)]);
    assert_eq!(document.problems[0].column, 11);
}

proptest! {
    #[test]
    fn any_pieces_are_read(
        pieces in prop::collection::vec(
            prop_oneof![
                "\\PC{0,4}",
                prop::sample::select(vec![
                    "{{", "}}", " product ", "key name=", "\"ü\"", "'", "source.url", "\\", "$",
                    "<!--", "-->", "include:", "@Include: ", "includ\u{20ac}", "part.md", "{1,2}",
                    "#two", "--8<--", ";", " \"part.md:two\"", "<<< ", "```", "~~~", "\n", "\n\n",
                    "> ", "- ", "    ", "import Part from './part.md'", "<Part />", "[start:", "]",
                ])
                .prop_map(str::to_owned),
            ],
            0..24,
        ),
    ) {
        let text = pieces.concat();
        let texts = [("docs/guide/part.md", text.as_str())];
        read(&text, &texts);
    }
}

fn read_asciidoc(text: &str, texts: &[(&str, &str)]) -> Document {
    let surroundings = surroundings(template(None, None), texts);
    let document = read_source("docs/guide/page.adoc", text, &surroundings);
    let body = stored_document(&document, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    document
}

#[test]
fn names_mean_in_asciidoc_what_they_mean_in_markdown() {
    let document = read_asciidoc(
        "= {{ product }} guide\n:page-space: A {{ product }}\n\n\
         About *{{chain}}*, {{ key name=\"F5\" }} and \\{{ product }}, ${{ product }}.\n\n\
         `{{ product }}` {product}\n\n----\n{{ product }} \\{{ product }}\n----\n\n\
         .On {{ product }}\n[%header,cols=\"1,1\"]\n|===\n|{{product}} |b\n|c |{{ product }}\n|===\n\n\
         link:{{ source.url }}[at {{ source.path }}] image:a.png[{{ product }}]\n\n\
         {{ hint title=\"Do\" }}\n\n\
         Before {{ hint title=\"In\" }} after.\n",
        &[],
    );
    assert_eq!(
        write_markdown(&document),
        "---\nspace: \"A {{ product }}\"\n---\n\n# **Tributary** 2 guide\n\n\
         About <strong>**Tributary** 2!</strong>, press <kbd>F5</kbd> and \\{{ product }}, \
         ${{ product }}.\n\n`{{ product }}` **Tributary** 2\n\n\
         ```\n{{ product }} \\{{ product }}\n```\n\n*Table 1. On **Tributary** 2*\n\n\
         | **Tributary** 2 | b |\n| --- | --- |\n| c | **Tributary** 2 |\n\n\
         [at docs/guide/page.adoc](https://example.com/a_(b)_c) ![Tributary 2](a.png)\n\n\
         > [!TIP]\n> **Do**\n>\n> Use **Tributary** 2.\n\nBefore\n\n\
         > [!TIP]\n> **In**\n>\n> Use **Tributary** 2.\n\nafter.\n"
    );
    assert_eq!(codes(&document), []);
}

#[test]
fn a_part_that_asciidoc_takes_in_has_its_names_filled_in() {
    let document = read_asciidoc(
        "Text.\n\ninclude::part.adoc[tag=two,leveloffset=+1]\n\n{{ none }} link:d.md[d]\n",
        &[(
            "docs/guide/part.adoc",
            "= No\n\n// tag::two[]\n== {{ product }}\n\n{{ gone }}\n// end::two[]\n",
        )],
    );
    assert_eq!(
        write_markdown(&document),
        "Text.\n\n### <a name=\"_\"></a>**Tributary** 2\n\n\\{{ gone }}\n\n\\{{ none }} [d](d.md)\n"
    );
    assert_eq!(codes(&document), [("name.unknown", 3), ("name.unknown", 5)]);
    let place = &document.references[0];
    assert_eq!((place.line, place.column), (5, 12));
}

#[test]
fn a_name_in_what_is_asked_for_is_no_name_and_lines_are_taken_in() {
    let document = read_asciidoc(
        "include::{{ product }}.adoc[]\n\ninclude::part.adoc[lines=2]\n",
        &[("docs/guide/part.adoc", "One.\nTwo {{ product }}.\nThree.\n")],
    );
    assert_eq!(document.wanted, ["docs/guide/{{ product }}.adoc"]);
    assert!(write_markdown(&document).ends_with("\n\nTwo **Tributary** 2.\n"));
}

#[test]
fn letters_that_names_are_held_by_are_letters_where_the_source_has_them() {
    let own = "\u{f0000} and \u{f0001}";
    let document = read_asciidoc(
        &format!("{own} {{{{ product }}}}\n\n----\n{own}\n----\n"),
        &[],
    );
    assert_eq!(
        write_markdown(&document),
        format!("{own} **Tributary** 2\n\n```\n{own}\n```\n")
    );
    let plain = read_source("a.adoc", &format!("{own}\n"), &Surroundings::default());
    assert_eq!(write_markdown(&plain), format!("{own}\n"));
}

#[test]
fn the_day_is_told_of_asciidoc_and_notebooks_too() {
    let text = "On {{ source.date }}.\n";
    assert!(read_asciidoc(text, &[]).is_dated);
    assert!(!read_asciidoc("`{{ source.date }}`\n", &[]).is_dated);
    assert!(read_notebook(&[("markdown", text)], &[]).is_dated);
}

fn read_notebook(cells: &[(&str, &str)], texts: &[(&str, &str)]) -> Document {
    let cells: Vec<serde_json::Value> = cells
        .iter()
        .map(|(kind, source)| {
            serde_json::json!({ "cell_type": kind, "metadata": {}, "source": source, "outputs": [
                { "output_type": "display_data", "data": { "text/markdown": source } },
            ] })
        })
        .collect();
    let notebook = serde_json::json!({ "cells": cells, "metadata": {}, "nbformat": 4 });
    let text = serde_json::to_string_pretty(&notebook).expect("JSON is written");
    let surroundings = surroundings(template(None, None), texts);
    let document = read_source("docs/guide/page.ipynb", &text, &surroundings);
    let body = stored_document(&document, Flavor::Cloud).content;
    assert_eq!(check_storage(&body), Ok(()), "{body}");
    document
}

#[test]
fn text_of_a_notebook_has_names_parts_and_panels_as_markdown_has() {
    let document = read_notebook(
        &[
            (
                "markdown",
                "---\ntitle: Named\nlabels: [one]\n---\n# {{ product }}\n\n{{ key name=\"F5\" }} {{ none }}",
            ),
            (
                "markdown",
                "!!! tip \"Do\"\n    It.\n\n<!-- include: part.md -->\n",
            ),
            (
                "markdown",
                "--8<-- \"gone.md\"\n\n<!-- confluence-page-id: 7 -->",
            ),
            ("code", "{{ product }}"),
            ("raw", "{{ product }}"),
        ],
        &[("docs/guide/part.md", "One {{ product }}.\n")],
    );
    assert_eq!(
        write_markdown(&document),
        "---\ntitle: \"Named\"\npage_id: \"7\"\nlabels: [\"one\"]\n---\n\n\
         # **Tributary** 2\n\npress <kbd>F5</kbd> \\{{ none }}\n\n> [!TIP]\n> **Do**\n>\n> It.\n\n\
         One **Tributary** 2.\n\n\\--8<-- \"gone.md\"\n\n```python\n{{ product }}\n```\n\n\
         \\{{ product }}\n\n```\n{{ product }}\n```\n"
    );
    let matter = &document.front_matter;
    assert_eq!(matter.title.as_deref(), Some("Named"));
    assert_eq!(matter.labels, ["one"]);
    assert_eq!(matter.page_id.as_deref(), Some("7"));
    assert!(document.wanted.contains(&"docs/guide/gone.md".to_owned()));
    let told: Vec<&str> = document
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(told, ["name.unknown", "include.not_taken"]);
    assert!(document.problems[0].line > 1);
    // What `mark` writes above all text counts above all text.
    let marked = [
        ("markdown", "<!-- Space: DOCS -->\n\nText."),
        ("markdown", "<!-- Label: late -->\n\nMore."),
    ];
    let marked = read_notebook(&marked, &[]);
    assert_eq!(marked.front_matter.space.as_deref(), Some("DOCS"));
    assert_eq!(marked.front_matter.labels, [""; 0]);
    let raw = read_notebook(
        &[("raw", "---\ntitle: Raw\n---"), ("markdown", "Text.")],
        &[],
    );
    assert_eq!(raw.front_matter.title.as_deref(), Some("Raw"));
    assert_eq!(write_markdown(&raw), "---\ntitle: \"Raw\"\n---\n\nText.\n");
}

proptest! {
    #[test]
    fn any_pieces_of_asciidoc_with_names_are_read(
        pieces in prop::collection::vec(
            prop_oneof![
                "\\PC{0,4}",
                prop::sample::select(vec![
                    "{{", "}}", " product ", "{{ product }}", "{product}", "{{ hint title='a' }}",
                    "\"ü\"", "'", "{{ source.url }}", "\\", "$", "\u{f0000}", "\u{f0001}", "|===\n",
                    "----\n", "include::part.adoc[]\n", "= ", "== ", "* ", "`", "*", "_", "\n",
                    "\n\n", "link:", "[", "]", "NOTE: ", ":a: ", "+", "<<", ">>",
                ])
                .prop_map(str::to_owned),
            ],
            0..24,
        ),
    ) {
        let text = pieces.concat();
        let texts = [("docs/guide/part.adoc", text.as_str())];
        read_asciidoc(&text, &texts);
    }
}

#[test]
fn several_lines_stay_in_the_entry_and_the_quotation_that_they_are_used_in() {
    let shown = |text: &str| {
        let document = read(text, &[]);
        let codes: Vec<&str> = document.problems.iter().map(|found| found.code).collect();
        let body = stored_document(&document, Flavor::Cloud).content;
        (body, codes)
    };
    let name = "{{ hint title=\"T\" }}";
    let panel = "<ac:structured-macro ac:name=\"tip\"";
    for (text, around) in [
        (format!("- one\n\n  {name}\n\n  behind\n- two\n"), "<li>"),
        (format!("- {name}\n- two\n"), "<li>"),
        (
            format!("1. one\n\n   - deep\n\n     {name}\n\n   behind\n"),
            "<li>",
        ),
        (format!("1.  one\n\n    {name}\n"), "<li>"),
        (format!("1.  one\n    {name}\n"), "<li>"),
        (format!("> one\n>\n> {name}\n>\n> two\n"), "<blockquote>"),
        (format!("> - one\n>\n>   {name}\n"), "<blockquote>"),
        (format!("one\n{name}\n"), ""),
        (format!("one\n    {name}\n"), ""),
    ] {
        let (body, codes) = shown(&text);
        assert_eq!(codes, [""; 0], "{text}");
        assert!(!body.contains("admonition"), "{text}{body}");
        let at = body.find(panel).unwrap_or_else(|| panic!("{text}{body}"));
        let close = around.replace('<', "</");
        let opened = body[..at].matches(around).count();
        let closed = body[..at].matches(&close).count();
        assert!(around.is_empty() || opened > closed, "{text}{body}");
        assert!(
            !body.contains("<pre") && !body.contains("\"code\""),
            "{body}"
        );
    }
    for text in [
        format!("words {name}\n"),
        format!("{name} words\n"),
        format!("| a |\n|---|\n| {name} |\n"),
    ] {
        assert_eq!(shown(&text).1, ["name.lines"], "{text}");
    }
}

#[test]
fn a_name_in_the_title_of_the_front_matter_is_filled_in() {
    let title = |title: &str| {
        let document = read(&format!("---\ntitle: '{title}'\n---\nText\n"), &[]);
        let codes: Vec<&str> = document.problems.iter().map(|found| found.code).collect();
        (document.front_matter.title.unwrap_or_default(), codes)
    };
    assert_eq!(
        title("Using {{ product }} of {{ source.name }}"),
        ("Using Tributary 2 of page.md".to_owned(), vec![])
    );
    assert_eq!(
        title("Using {{ producd }}"),
        ("Using {{ producd }}".to_owned(), vec!["name.unknown"])
    );
    assert_eq!(title("# 1. {{x y}}").0, "# 1. {{x y}}");
}

#[test]
fn modules_and_comments_of_mdx_are_not_shown() {
    let text = "import Part from './_part.mdx';\nimport {\n  Tabs,\n} from '@theme/Tabs';\n\nexport const a = 1;\n\nShown {/* not\nthis */}here, `{/* code */}`.\n\n```js\nimport b from 'b';\n```\n\nTo\nimport it is text.\n\n{/* never ended\n";
    let words = |path: &str| {
        let document = read_source(path, text, &Surroundings::default());
        storage_text(&stored_document(&document, Flavor::Cloud).content)
    };
    assert_eq!(
        words("docs/page.mdx"),
        "Shown here, {/* code */}.\n    import b from 'b';\nTo import it is text.\n{/* never ended\n"
    );
    // To Markdown alone it is text.
    assert!(words("docs/page.md").contains("export const"));
}

#[test]
fn templates_of_mark_have_the_marks_that_they_are_told() {
    let shown = |comment: &str, part: &str| {
        let text = format!("# T\n\n<!-- Include: part.md\n{comment} -->\n");
        let document = read(&text, &[("docs/guide/part.md", part)]);
        let codes: Vec<&str> = document.problems.iter().map(|found| found.code).collect();
        let body = stored_document(&document, Flavor::Cloud).content;
        (storage_text(&body), codes)
    };
    let part = "A << .word >> and {{ .word }}, <<other>>.\n";
    assert_eq!(
        shown("     Delims: \"<<\", \">>\"\n     word: b", part).0,
        "# T\nA b and {{ .word }}, <<other>>.\n"
    );
    assert_eq!(
        shown("     Delims: none\n     word: b", part).0,
        "# T\nA << .word >> and {{ .word }}, <<other>>.\n"
    );
    let (text, codes) = shown("     word: b", "{{ if .word }}{{ .word }}{{ end }}\n");
    assert_eq!(text, "# T\n{{ if .word }}b{{ end }}\n");
    assert!(codes.contains(&"directive.unsupported"), "{codes:?}");
    assert_eq!(shown("     word: b", "{{ .word }}\n").1, [""; 0]);
}
