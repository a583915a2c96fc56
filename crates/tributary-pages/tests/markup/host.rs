//! What a Git host shows of a file, beside the page that it becomes.

use std::collections::BTreeMap;

use tributary_pages::markup::{
    Document, Drawing, DrawingKind, HostLook, HtmlOptions, ImageTarget, LinkTarget, Resolve,
    Surroundings, has_host_look, read_source, write_html,
};

use crate::corpus::real_documents;
use crate::oracle::{difference, examples, reference, seen_of_html};
use crate::{Simple, read_alone};

/// As [`crate::oracle`] has it: everything is there.
struct Everything;

impl Resolve for Everything {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(format!("https://example.com/{}", target.len()))
    }

    fn image(&self, _: &str) -> ImageTarget {
        ImageTarget::Url("https://example.com/picture.png".to_owned())
    }
}

fn of_host(path: &str, text: &str) -> Document {
    read_source(path, text, &Surroundings::of_host(HostLook::GitHub))
}

/// Markdown as a host shows it.
fn shown_at(look: HostLook, text: &str) -> String {
    let document = read_source("a.md", text, &Surroundings::of_host(look));
    html_of(&document, &Drawn)
}

fn html_of(document: &Document, resolve: &dyn Resolve) -> String {
    write_html(document, &HtmlOptions { omit_title: false }, resolve).content
}

/// The look of a host, without what its style sheet hides and what the reference has elsewhere.
fn seen(text: &str) -> String {
    let html = html_of(&of_host("a.md", text), &Everything);
    let page = dom_query::Document::from(html.as_str());
    page.select(".code-title, sup > a, ol.footnotes a[href^=\"#footnote-\"]")
        .remove();
    shown(&page.html())
}

/// What a reference shows, without what no host shows: links without words, and mdBook's listings as
/// mdBook understands them.
fn shown(html: &str) -> String {
    let html = html
        .replace("<Listing", "<x-listing")
        .replace("</Listing", "</x-listing");
    let page = dom_query::Document::from(html.as_str());
    for link in page.select("a").nodes() {
        if link.text().trim().is_empty()
            && !link.descendants().iter().any(|one| one.has_name("img"))
        {
            link.remove_from_parent();
        }
    }
    seen_of_html(&page.html())
}

#[test]
fn every_example_of_commonmark_says_what_its_html_says() {
    let mut differing = BTreeMap::new();
    for (number, markdown, html) in examples() {
        if let Some(told) = difference(&shown(&html), &seen(&markdown)) {
            differing.insert(number, format!("{number} {markdown:?}\n{told}"));
        }
    }
    let found: Vec<usize> = differing.keys().copied().collect();
    let told: Vec<_> = differing.values().map(String::as_str).collect();
    // A tag that nothing ends is shown, because a browser would swallow the text behind it.
    assert_eq!(found, [156, 157, 158], "{}", told.join("\n"));
}

/// Takes front matter away, which the reference does not show.
fn without_front_matter(text: &str) -> &str {
    let rest = text.strip_prefix("---\n").and_then(|rest| {
        let (_, rest) = rest.split_once("\n---\n")?;
        Some(rest)
    });
    rest.unwrap_or(text)
}

#[test]
fn what_publishers_add_is_words_to_github_s_renderer_and_to_the_look_of_a_host() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut texts = vec![folder.join("host.md")];
    let others = std::fs::read_dir(folder.join("markup")).expect("the fixtures are there");
    texts.extend(others.flatten().map(|entry| entry.path()));
    let mut differing = Vec::new();
    let mut count = 0;
    for path in texts {
        // A footnote in a link is none that HTML has.
        let is_none = path.ends_with("footnote-in-link.md");
        if is_none || path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the fixture is read");
        // The reference knows no formulas, and what folds has words of the browser's where it says
        // none.
        let text = text.replace("\\,", "").replace(
            "<details>\n\nFolded",
            "<details>\n<summary>Fold</summary>\n\nFolded",
        );
        let text = without_front_matter(&text);
        count += 1;
        if let Some(told) = difference(&shown(&reference(text)), &seen(text)) {
            differing.push(format!("{}\n{told}", path.display()));
        }
    }
    assert!(count > 20, "{count} fixtures");
    assert!(
        differing.is_empty(),
        "{} of {count} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

#[test]
fn real_pages_look_letter_by_letter_as_github_s_renderer_shows_them() {
    let Some(found) = real_documents("md") else {
        return;
    };
    let mut differing = Vec::new();
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        let text = without_front_matter(&text);
        if let Some(told) = difference(&shown(&reference(text)), &seen(text)) {
            differing.push(format!("{}\n{told}", path.display()));
        }
    }
    println!("{} documents", found.len());
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}

/// Draws whatever it is asked for.
struct Drawn;

impl Resolve for Drawn {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(target.to_owned())
    }

    fn image(&self, target: &str) -> ImageTarget {
        Simple.image(target)
    }

    fn drawing(&self, _: DrawingKind, _: &str) -> Drawing {
        Drawing::Source
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn every_construct_looks_as_its_fixture_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = std::fs::read_to_string(folder.join("host.md")).expect("the fixture is read");
    let document = of_host("host.md", &text);
    let mut made = html_of(&document, &Drawn).replace("><", ">\n<");
    made.push('\n');
    let expected = folder.join("host.html");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(&expected, &made).expect("the fixture is written");
    }
    let known = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(known, made);
    // What a host draws, and no other: the rest is shown as its source.
    let drawn: Vec<DrawingKind> = document.drawings.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(drawn, [DrawingKind::Formula, DrawingKind::Mermaid]);
    // The page of the same file says all of it otherwise.
    let files: Surroundings = [("parts/tide.md".to_owned(), "Tides come.\n".to_owned())]
        .into_iter()
        .collect();
    let page = html_of(&read_source("host.md", &text, &files), &Drawn);
    for words in [
        "!!! warning",
        ":::",
        "{#harbor}",
        "x^2^",
        "==marked==",
        "[TOC]",
        "--8&lt;--",
    ] {
        assert!(made.contains(words), "{words} is words to a host");
        assert!(!page.contains(words), "{words} is none on the page");
    }
    assert!(
        made.contains("<th>title</th>") || made.contains("<th>\ntitle"),
        "{made}"
    );
}

#[test]
fn asciidoc_notebooks_and_tables_look_as_hosts_show_them() {
    let text = "= Harbor\n:ship: Anna\n\nifdef::env-github[]\nOn a host.\nendif::[]\n\
        ifndef::env-github[]\nOn a page.\nendif::[]\n\nThe {ship}.\n\n\
        include::parts/tide.adoc[]\n\nNOTE: Mind it.\n\nstem:[a^2]\n";
    let files: Surroundings = [("parts/tide.adoc".to_owned(), "Tides come.\n".to_owned())]
        .into_iter()
        .collect();
    let page = html_of(&read_source("a.adoc", text, &files), &Drawn);
    let document = of_host("a.adoc", text);
    let look = html_of(&document, &Drawn);
    assert!(
        page.contains("On a page.") && page.contains("Tides come."),
        "{page}"
    );
    assert!(
        look.contains("On a host.") && !look.contains("On a page."),
        "{look}"
    );
    assert!(
        look.contains("The Anna.") && look.contains("Mind it."),
        "{look}"
    );
    assert!(look.contains("<a href=\"parts/tide.adoc\">"), "{look}");
    assert!(
        document.wanted.is_empty() && document.drawings.is_empty(),
        "{document:?}"
    );

    let notebook = r##"{"cells": [
        {"cell_type": "raw", "source": "---\ntitle: Tides\n---"},
        {"cell_type": "markdown", "source": "# Tides\n\n!!! note\n    Twice a day.\n\n{{ x }}"},
        {"cell_type": "code", "metadata": {"tags": ["hide-input"]}, "source": "tide()",
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "high"}]}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"##;
    let look = html_of(&of_host("a.ipynb", notebook), &Drawn);
    let page = html_of(&read_alone("a.ipynb", notebook), &Drawn);
    assert!(
        look.contains("title: Tides") && look.contains("!!! note"),
        "{look}"
    );
    assert!(look.contains("tide()") && look.contains("high"), "{look}");
    assert!(
        !look.contains("<details") && page.contains("<details"),
        "{look}\n{page}"
    );
    assert!(
        !page.contains("title: Tides") && !page.contains("!!! note"),
        "{page}"
    );

    let look = html_of(&of_host("a.csv", "a,b\n1,2\n"), &Drawn);
    assert!(look.contains(">2</td>"), "{look}");
    for (path, has) in [
        ("a.md", true),
        ("a.adoc", true),
        ("a.ipynb", true),
        ("a.csv", true),
        ("a.mmd", true),
        ("a.dot", false),
        ("a.yaml", false),
        ("a.drawio", false),
        ("a.rs", false),
    ] {
        assert_eq!(has_host_look(path), has, "{path}");
    }
}

const LOOKS: [HostLook; 4] = [
    HostLook::GitHub,
    HostLook::GitLab,
    HostLook::Bitbucket,
    HostLook::AzureDevOps,
];

#[test]
fn gitlab_fills_in_the_contents_where_a_line_asks_for_them() {
    let text = "# Harbor\n\n[[_TOC_]]\n\n## Low *tide*\n\n### Ships\n\n## Fish\n\n[TOC]\n\n\
        Not [TOC] here, nor `[[_TOC_]]`.\n\n\\[TOC]\n\n> [TOC]\n\n[[_LISTING_]]\n";
    for look in LOOKS {
        let html = shown_at(look, text);
        let page = dom_query::Document::from(html.as_str());
        let links = |place: &str| {
            page.select(&format!("{place} > a, {place} > span > a"))
                .length()
        };
        let words = page.select("body").text().to_string();
        if look != HostLook::GitLab {
            assert_eq!(page.select("a").length(), 0, "{look:?}: {html}");
            assert!(
                words.contains("[[_TOC_]]") && words.contains("[TOC]"),
                "{html}"
            );
            continue;
        }
        // In each of three places: one heading above, two below it, one below the first of these.
        assert_eq!(page.select("a").length(), 12, "{html}");
        assert_eq!(page.select("a[href='#ships']").length(), 3, "{html}");
        assert_eq!(
            page.select("a[href='#low-tide']").first().text().trim(),
            "Low tide"
        );
        assert_eq!(links("li li"), 9, "those below the first: {html}");
        assert_eq!(links("li li li"), 3, "{html}");
        for left in ["Not [TOC] here, nor [[_TOC_]].", "[[LISTING]]"] {
            assert!(words.contains(left), "{left}: {words}");
        }
    }
    // However often somebody asks for them.
    let many = format!("# A\n\n{}", "[TOC]\n\n".repeat(1000));
    let html = shown_at(HostLook::GitLab, &many);
    assert_eq!(html.matches("<a ").count(), 10);
}

#[test]
fn html_is_words_at_bitbucket() {
    let text = "A <b>bold</b> word<br>here <!-- a note -->.\n\n<details>\n<summary>More</summary>\n\n\
        **Strong** text.\n\n</details>\n\n<script>run()</script>\n\n<!-- nothing -->\n\n\
        `<i>`, 1 &lt; 2, :tada<wbr>:\n";
    for look in LOOKS {
        let html = shown_at(look, text);
        let page = dom_query::Document::from(html.as_str());
        let words = page.select("body").text().to_string();
        assert!(
            page.select("p > strong").text().contains("Strong"),
            "{look:?}: {html}"
        );
        assert!(words.contains("1 < 2"), "{look:?}: {words}");
        assert!(!html.contains("<script"), "{look:?}: {html}");
        let is_bitbucket = look == HostLook::Bitbucket;
        for shown in [
            "A <b>bold</b> word<br>here <!-- a note -->.",
            "<details>",
            "<summary>More</summary>",
            "</details>",
            "<script>run()</script>",
            "<!-- nothing -->",
        ] {
            assert_eq!(
                words.contains(shown),
                is_bitbucket,
                "{look:?} {shown}: {words}"
            );
        }
        assert_eq!(
            page.select("details").exists(),
            !is_bitbucket,
            "{look:?}: {html}"
        );
    }
}

#[test]
fn azure_devops_draws_mermaid_between_colons_too() {
    let text = "Before\n::: mermaid\ngraph TD\n\n    A --> B\n:::\n\n  ::::mermaid\n  graph LR\n:::\n  \
        C --> D\n  ::::\n\n~~~\n::: mermaid\ngraph\n:::\n~~~\n\n::: video\n:::\n\n\
        ```mermaid\ngraph BT\n```\n\n# After\n\n::: mermaid\nnever ended\n";
    // The end of its last line is no part of it.
    let mermaid = |source: &str| {
        (
            DrawingKind::Mermaid,
            source.trim_end_matches('\n').to_owned(),
        )
    };
    let azure = Surroundings::of_host(HostLook::AzureDevOps);
    let fenced = read_source("a.md", ":::mermaid\n```\n:::\n", &azure);
    assert_eq!(fenced.drawings, [mermaid("```")]);
    for look in LOOKS {
        let document = read_source("a.md", text, &Surroundings::of_host(look));
        let html = html_of(&document, &Drawn);
        assert!(
            html.contains("never ended") && html.contains("::: video"),
            "{html}"
        );
        if look != HostLook::AzureDevOps {
            assert_eq!(document.drawings, [mermaid("graph BT\n")], "{look:?}");
            continue;
        }
        assert_eq!(
            document.drawings,
            [
                mermaid("graph TD\n\n    A --> B\n"),
                mermaid("graph LR\n:::\nC --> D\n"),
                mermaid("graph BT\n"),
            ]
        );
        let page = dom_query::Document::from(html.as_str());
        // What stands in code is code, and places are those of the text.
        assert!(html.contains("::: mermaid\ngraph\n:::"), "{html}");
        let line = text
            .lines()
            .position(|line| line == "# After")
            .expect("it is there")
            + 1;
        let after = page.select("h1").first().attr("data-line");
        assert_eq!(after.as_deref(), Some(&*line.to_string()), "{html}");
    }
}

/// What hosts do otherwise is known of Markdown files alone.
#[test]
fn what_is_no_markdown_looks_the_same_at_every_host() {
    let notebook = r##"{"cells": [{"cell_type": "markdown", "source": "[TOC]\n\n<b>Bold</b>\n\n::: mermaid\ngraph\n:::"}],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"##;
    for (path, text) in [
        ("a.ipynb", notebook),
        ("a.adoc", "= A\n\n[TOC]\n\n++++\n<b>Bold</b>\n++++\n"),
        ("a.csv", "a,b\n[TOC],<b>\n"),
    ] {
        let shown = LOOKS.map(|look| {
            let document = read_source(path, text, &Surroundings::of_host(look));
            html_of(&document, &Drawn)
        });
        assert!(
            shown.iter().all(|one| *one == shown[0]),
            "{path}: {shown:?}"
        );
    }
}
