//! The readers, each with what it is given and what it begins with.

use tributary_pages::markup::{
    Flavor, PageTemplate, RepositoryFacts, Surroundings, carry_comments, holds_data, read_data,
    read_markdown, read_source,
};

use crate::common::{Target, contents, files, joined, parts, text, within_time};
use crate::holds;

const FIXTURES: &str = "crates/tributary-pages/tests/fixtures/markup";
const STORED: &str = "crates/tributary-pages/tests/fixtures/stored";
const CORPUS: &str = "../shared/corpus";

pub const TARGETS: [Target; 17] = [
    Target {
        name: "markdown",
        longest: 4096,
        run: markdown,
        seeds: markdown_seeds,
        words: MARKDOWN,
    },
    Target {
        name: "front-matter",
        longest: 1024,
        run: front_matter,
        seeds: front_matter_seeds,
        words: FRONT_MATTER,
    },
    Target {
        name: "template",
        longest: 2048,
        run: template,
        seeds: template_seeds,
        words: TEMPLATE,
    },
    Target {
        name: "asciidoc",
        longest: 4096,
        run: asciidoc,
        seeds: || contents(FIXTURES, &[".adoc"]),
        words: ASCIIDOC,
    },
    Target {
        name: "notebook",
        longest: 4096,
        run: notebook,
        seeds: notebook_seeds,
        words: NOTEBOOK,
    },
    Target {
        name: "openapi",
        longest: 4096,
        run: openapi,
        seeds: openapi_seeds,
        words: OPENAPI,
    },
    Target {
        name: "values",
        longest: 1024,
        run: values,
        seeds: || {
            let tables = [
                "a,b\n1,\"2\"\n",
                "a\tb\n1\t\"2\n3\"\n",
                "\u{feff}x;y\n,,,\n",
            ];
            tables.map(|table| table.as_bytes().to_vec()).to_vec()
        },
        words: &["\"", "\"\"", ",", "\t", "\r\n", ";", "|", "\u{feff}"],
    },
    Target {
        name: "data",
        longest: 2048,
        run: data,
        seeds: data_seeds,
        words: DATA,
    },
    Target {
        name: "storage",
        longest: 4096,
        run: |bytes| holds::of_page(&text(bytes)),
        seeds: stored_seeds,
        words: STORAGE,
    },
    Target {
        name: "adf",
        longest: 4096,
        run: |bytes| holds::of_adf(&text(bytes)),
        seeds: || {
            contents(FIXTURES, &[".md"])
                .iter()
                .map(|page| adf_of(page))
                .collect()
        },
        words: ADF,
    },
    Target {
        name: "merge",
        longest: 3072,
        run: merge,
        seeds: merge_seeds,
        words: MARKDOWN,
    },
    Target {
        name: "comments",
        longest: 2048,
        run: comments,
        seeds: comments_seeds,
        words: STORAGE,
    },
    Target {
        name: "growth-markdown",
        longest: 96,
        run: |bytes| {
            grown(bytes, |page| {
                let document = read_markdown(page);
                holds::storage(&document, Flavor::Cloud);
            })
        },
        seeds: growth_seeds,
        words: MARKDOWN,
    },
    Target {
        name: "growth-asciidoc",
        longest: 96,
        run: |bytes| {
            grown(bytes, |page| {
                let document = read_source("a.adoc", page, &Surroundings::default());
                holds::storage(&document, Flavor::Cloud);
            })
        },
        seeds: growth_seeds,
        words: ASCIIDOC,
    },
    Target {
        name: "growth-storage",
        longest: 96,
        run: |bytes| {
            grown(bytes, |page| {
                let document = tributary_pages::markup::read_storage(page);
                holds::stored(&document, Flavor::Cloud);
            })
        },
        seeds: growth_seeds,
        words: STORAGE,
    },
    Target {
        name: "growth-written",
        longest: 96,
        run: |bytes| {
            grown(bytes, |page| {
                let document = tributary_pages::markup::read_storage(page);
                let written = tributary_pages::markup::write_markdown(&document);
                drop(read_markdown(&written));
                tributary_pages::markup::storage_to_adf(page);
            })
        },
        seeds: growth_seeds,
        words: STORAGE,
    },
    Target {
        name: "growth-data",
        longest: 96,
        run: |bytes| {
            grown(bytes, |page| {
                for path in ["a.yaml", "a.json", "a.toml"] {
                    drop(read_data(path, page));
                }
                drop(read_source(
                    "a.md",
                    &format!("---\n{page}\n---\n"),
                    &Surroundings::default(),
                ));
            })
        },
        seeds: growth_seeds,
        words: DATA,
    },
];

fn markdown(bytes: &[u8]) {
    let parts = parts(bytes);
    let (page, others) = parts.split_first().expect("a split gives one part");
    let others = others.iter().enumerate();
    let texts = others.map(|(number, text)| (format!("docs/{number}.md"), text.clone()));
    let surroundings: Surroundings = texts.collect();
    let document = within_time(bytes.len(), || {
        read_source("docs/a.md", page, &surroundings)
    });
    holds::of_source(&document, bytes.len());
}

fn markdown_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents(FIXTURES, &[".md"]);
    seeds.extend(contents("docs/guide", &[".md"]));
    seeds.extend(contents(STORED, &[".md"]));
    // One of ten: the fuzzer takes its time for each when it begins.
    seeds.extend(contents(CORPUS, &[".md"]).into_iter().step_by(10));
    seeds.push(joined(&["{!0.md!}\n--8<-- \"1.md\"\n", "# One\n", "two\n"]));
    seeds.push(joined(&[
        "<!-- Include: docs/0.md -->\n![[1]]\n[[1|one]]\n",
        "# One\n{!docs/1.md!}\n",
        "two\n",
    ]));
    seeds
}

fn front_matter(bytes: &[u8]) {
    let text = text(bytes);
    for page in [
        format!("---\n{text}\n---\nText\n"),
        format!("+++\n{text}\n+++\nText\n"),
        format!("{{{text}}}\nText\n"),
        format!("<!-- {text} -->\nText\n"),
    ] {
        let document = within_time(page.len(), || {
            read_source("a.md", &page, &Surroundings::default())
        });
        holds::of_source(&document, page.len());
    }
    let page = format!("{text}\n\nText\n");
    let document = within_time(page.len(), || {
        read_source("a.adoc", &page, &Surroundings::default())
    });
    holds::of_source(&document, page.len());
}

fn front_matter_seeds() -> Vec<Vec<u8>> {
    let pages = contents(
        FIXTURES,
        &["front-yaml.md", "front-toml.md", "front-json.md"],
    );
    let inside = pages.iter().map(|page| {
        let text = text(page);
        let lines = text.lines().skip(1);
        let end = |line: &&str| !matches!(*line, "---" | "+++" | "}");
        lines.take_while(end).collect::<Vec<&str>>().join("\n")
    });
    let mut seeds: Vec<Vec<u8>> = inside.map(String::into_bytes).collect();
    for text in [
        "title: A\nlabels: [a, b]\nconfluence:\n  space: DOC\n  parent: Home\n",
        "Space: DOC\nParent: A\nTitle: B\nLabel: c",
        "confluence-page-id: 123",
        "connie-page-id: 12\nconnie-title: x\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        ":toc:\n:author: Ada <ada@acme.com>\n:a: {a}\n",
    ] {
        seeds.push(text.as_bytes().to_vec());
    }
    seeds
}

fn template(bytes: &[u8]) {
    let parts = parts(bytes);
    let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
    let some = |at: usize| parts.get(at).cloned().filter(|text| !text.is_empty());
    let template = PageTemplate {
        header: some(1),
        footer: some(2),
        variables: [("name".to_owned(), part(3)), ("n".to_owned(), part(4))].into(),
        snippets: [("box".to_owned(), part(5)), ("b".to_owned(), part(6))].into(),
    };
    let facts = RepositoryFacts {
        name: "handbook".to_owned(),
        reference: Some("main".to_owned()),
        commit: Some("a".repeat(40)),
        date: Some("2026-11-28".to_owned()),
    };
    let surroundings = Surroundings::of_repository(template, facts);
    for path in ["docs/a.md", "docs/a.adoc"] {
        let document = within_time(bytes.len(), || read_source(path, &part(0), &surroundings));
        // What stands in a snippet stands on the page as often as it is used.
        holds::of_source(&document, bytes.len().max(64 * 1024));
    }
}

fn template_seeds() -> Vec<Vec<u8>> {
    vec![
        joined(&[
            "# {{ name }}\n\n{{> box title=\"a\" }}\n{{ box(title=\"a\") }}\n",
            "From {{ source.path }} at {{ source.commit }}",
            "[edit]({{ source.edit }}) {{ source.date }}",
            "Ada",
            "{{ name }}",
            "> [!NOTE]\n> {{ title }} {{ n }}\n",
            "{{ box }}",
        ]),
        joined(&[
            "{{ b }}",
            "",
            "",
            "a",
            "b",
            "c",
            "{{{{ n }}}}\n```\n{{ n }}\n```",
        ]),
    ]
}

fn asciidoc(bytes: &[u8]) {
    let parts = parts(bytes);
    let (page, others) = parts.split_first().expect("a split gives one part");
    let others = others.iter().enumerate();
    let texts = others.map(|(number, text)| (format!("docs/{number}.adoc"), text.clone()));
    let surroundings: Surroundings = texts.collect();
    let document = within_time(bytes.len(), || {
        read_source("docs/a.adoc", page, &surroundings)
    });
    holds::of_source(&document, bytes.len());
}

fn notebook(bytes: &[u8]) {
    let text = text(bytes);
    let document = within_time(bytes.len(), || {
        read_source("a.ipynb", &text, &Surroundings::default())
    });
    holds::of_source(&document, bytes.len());
}

fn notebook_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents("crates/tributary-pages/tests", &[".ipynb"]);
    seeds.extend(contents(FIXTURES, &[".ipynb"]));
    seeds.push(
        br##"{"nbformat":4,"metadata":{"kernelspec":{"language":"python"}},"cells":[
{"cell_type":"markdown","source":["# A\n","text ![x](attachment:a.png)"],"attachments":{"a.png":{"image/png":"iVBORw0KGgo="}}},
{"cell_type":"code","source":"print(1)","execution_count":1,"outputs":[
{"output_type":"stream","name":"stdout","text":["1\n"]},
{"output_type":"execute_result","data":{"text/html":"<table><tr><td>1</td></tr></table>","text/plain":"1"}},
{"output_type":"display_data","data":{"image/png":"iVBORw0KGgo=","image/svg+xml":"<svg/>","text/latex":"$x$","text/markdown":"*m*"}},
{"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b[31mx\u001b[0m"]}]},
{"cell_type":"raw","source":"raw"}]}"##
            .to_vec(),
    );
    seeds
}

fn openapi(bytes: &[u8]) {
    let parts = parts(bytes);
    let (page, others) = parts.split_first().expect("a split gives one part");
    let others = others.iter().enumerate();
    let texts = others.map(|(number, text)| (format!("docs/{number}.yaml"), text.clone()));
    let surroundings: Surroundings = texts.collect();
    for page in [
        page.clone(),
        format!("openapi: 3.1.0\n{page}"),
        format!("swagger: '2.0'\n{page}"),
        format!("$schema: https://json-schema.org/draft/2020-12/schema\n{page}"),
    ] {
        let document = within_time(page.len().max(4096), || {
            read_source("docs/a.yaml", &page, &surroundings)
        });
        // References show what they lead to as often as they stand there.
        holds::of_source(&document, page.len().max(64 * 1024));
    }
}

fn openapi_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents(FIXTURES, &[".yaml", ".yml"]);
    seeds.push(joined(&[
        "info: {title: A, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters:\n      - $ref: '0.yaml#/p'\n      responses:\n        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\ncomponents:\n  schemas:\n    A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}, b: {type: array, items: {enum: [1, x]}}}}\n",
        "p: {name: id, in: path, required: true, schema: {type: string}}\n",
    ]));
    seeds.push(b"type: object\n$defs: {x: {oneOf: [{type: string}, {$ref: '#/$defs/x'}]}}\nproperties: {a: {$ref: '#/$defs/x'}}\n".to_vec());
    seeds
}

fn values(bytes: &[u8]) {
    let text = text(bytes);
    for path in ["a.csv", "a.tsv", "a.rs", "a"] {
        let document = within_time(bytes.len(), || {
            read_source(path, &text, &Surroundings::default())
        });
        holds::of_source(&document, bytes.len());
    }
}

const DATA_PATHS: &[&str] = &[
    "a.json", "a.jsonl", "a.yaml", "a.toml", "a.mmd", "a.puml", "a.gv",
];

fn data(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let path = DATA_PATHS[usize::from(*kind) % DATA_PATHS.len()];
    assert!(holds_data(path));
    let text = text(rest);
    let document = within_time(rest.len(), || read_data(path, &text)).expect("it holds data");
    // Anchors and references of YAML say much in few words.
    holds::of_source(&document, rest.len().max(256 * 1024));
}

fn data_seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    let examples = [
        ("\0", "{\"a\":[1,2,{\"b\":null}],\"c\":\"x\"}"),
        ("\u{1}", "{\"a\":1}\n[2]\n\"x\"\n"),
        (
            "\u{2}",
            "a: &a [1, 2]\nb: *a\nc: |\n  text\n? x\n: y\n<<: {d: 1}\n",
        ),
        (
            "\u{3}",
            "a = 1\n[b]\nc = [1, 2]\n[[d]]\ne = 2026-11-28T00:00:00Z\n",
        ),
        ("\u{4}", "flowchart TD\na-->b\n"),
        ("\u{5}", "@startuml\n!include a.puml\nA -> B\n@enduml\n"),
        ("\u{6}", "digraph { a -> b }"),
    ];
    for (kind, text) in examples {
        seeds.push([kind.as_bytes(), text.as_bytes()].concat());
    }
    for file in files("crates/tributary-pages/tests", &[".yaml", ".json"]) {
        if let Ok(bytes) = std::fs::read(&file) {
            let kind = if file.extension().is_some_and(|ending| ending == "json") {
                0
            } else {
                2
            };
            seeds.push([&[kind], &bytes[..]].concat());
        }
    }
    seeds
}

fn page_of(markdown: &[u8]) -> String {
    holds::storage(&read_markdown(&text(markdown)), Flavor::Cloud)
}

fn adf_of(markdown: &[u8]) -> Vec<u8> {
    let page = page_of(markdown);
    let written = tributary_pages::markup::storage_to_adf(&page).content;
    written.into_bytes()
}

fn stored_seeds() -> Vec<Vec<u8>> {
    let mut seeds = contents(STORED, &[".xml"]);
    seeds.extend(contents(FIXTURES, &[".xml"]));
    seeds
}

fn merge(bytes: &[u8]) {
    let parts = parts(bytes);
    let [base, ours, theirs, ..] = &parts[..] else {
        return;
    };
    let is_stored = base.starts_with('<');
    let page = |text: &String| match is_stored {
        true => text.clone(),
        false => page_of(text.as_bytes()),
    };
    holds::of_merge(&page(base), &page(ours), &page(theirs));
}

fn merge_seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![
        joined(&[
            "# A\n\nOne *thing*.\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "# A\n\nOne *other* thing.\n\n- a\n- x\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            "# B\n\nOne *thing* more.\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n",
        ]),
        joined(&["a b c", "a x c", "a b c d"]),
        joined(&["> [!TIP]\n> a\n", "> [!TIP]\n> b\n", "```sh\nx\n```\n"]),
    ];
    for page in contents(STORED, &[".xml"]) {
        let page = text(&page).into_owned();
        let page: String = page.chars().take(900).collect();
        seeds.push(joined(&[&page, &page.replace("the", "a"), &page]));
    }
    seeds
}

fn comments(bytes: &[u8]) {
    let parts = parts(bytes);
    let [current, new, ..] = &parts[..] else {
        return;
    };
    let carried = within_time(bytes.len(), || carry_comments(current, new));
    if holds::is_well_formed(new) {
        assert!(holds::is_well_formed(&carried.body), "{}", carried.body);
    }
}

fn comments_seeds() -> Vec<Vec<u8>> {
    let marked = "<p>The words <ac:inline-comment-marker ac:ref=\"a-b\">that somebody commented on</ac:inline-comment-marker> are here.</p>";
    vec![
        joined(&[
            marked,
            "<p>The words that somebody commented on are here.</p>",
        ]),
        joined(&[
            marked,
            "<h1>New</h1><p>The <b>words</b> that some<i>body com</i>mented on are here.</p>",
        ]),
    ]
}

/// Reads a piece repeated up to a size at which anything that grows with the square of it takes
/// far longer than it may: what stands before it, the piece, and what stands behind as often.
fn grown(bytes: &[u8], read: impl Fn(&str)) {
    const SIZE: usize = 48 * 1024;
    let parts = parts(bytes);
    let part = |at: usize| parts.get(at).map_or("", String::as_str);
    let (before, piece, behind) = match parts.len() {
        1 => ("", part(0), ""),
        _ => (part(0), part(1), part(2)),
    };
    if piece.is_empty() {
        return;
    }
    let times = SIZE / (piece.len() + behind.len());
    let page = format!("{before}{}{}", piece.repeat(times), behind.repeat(times));
    within_time(page.len(), || read(&page));
}

fn growth_seeds() -> Vec<Vec<u8>> {
    let pieces = [
        "[",
        "![",
        "](",
        "[a](",
        "*a ",
        "a**b",
        "_a ",
        "`",
        "``a`",
        "> ",
        "- ",
        "1. ",
        "&",
        "<",
        "<b>",
        "<div>",
        "<!--",
        "<a href=\"",
        "[^a]",
        "[^a]: b\n",
        "[a]: b\n",
        "| a ",
        "|-\n",
        "a:b",
        "https://",
        "www.",
        "a@b.c ",
        "~~a",
        "$a",
        "==a",
        "{{a}}",
        ":a:",
        "\\",
        "<p>",
        "</p>",
        "<ul><li>",
        "* a\n",
        "** a\n",
        "====\n",
        "|===\n",
        "[[a]]",
        "((a))",
        "{a}",
        "include::a[]\n",
        "ifdef::a[]\n",
        "<ac:link>",
        "<![CDATA[",
        "- a: ",
        "[",
        "{",
        "{\"a\":",
        "a.",
        "&a [*a",
        "!!! note\n    ",
        ":::a\n",
        "<td>",
        "\t",
        " ",
        "\n",
        "a",
        "#",
        "# a\n",
        "Term\n: x\n",
        "---\n",
        "- [ ] ",
        "\"",
        "'",
        "(",
        "a\n\n",
    ];
    let mut seeds: Vec<Vec<u8>> = pieces
        .iter()
        .map(|piece| piece.as_bytes().to_vec())
        .collect();
    for (before, piece, behind) in [
        ("", "[", "]"),
        ("", "<ul><li>", "</li></ul>"),
        ("", "*a **a ", ""),
        ("a\n", "[a][", "]"),
        ("", "(", ")"),
        ("", "{\"a\":", "}"),
        ("[a]: b\n", "[a]", ""),
        ("|a\n|-\n", "x\n", ""),
        ("", "<p>a</p>", ""),
    ] {
        seeds.push(joined(&[before, piece, behind]));
    }
    seeds
}

const MARKDOWN: &[&str] = &[
    "# ",
    "\n\n",
    "- ",
    "  - ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "```\n",
    "```mermaid\n",
    "**",
    "~~",
    "[a](b.md)",
    "![i](pic.png)",
    "[^1]",
    "\n[^1]: ",
    "- [ ] ",
    "- [x] ",
    "| a | b |\n|---|---|\n",
    "<details>",
    "<summary>",
    "</summary>",
    "</details>",
    "<div align=\"center\">",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "<td colspan=\"2\">",
    "</td>",
    "</tr>",
    "</table>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<ol start=\"3\">",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "<hr>",
    "<img src=\"x\" onerror=\"y\">",
    "<a href=\"javascript:x\">",
    "</a>",
    "<script>",
    "</script>",
    "<style>",
    "<svg>",
    "<math>",
    "<iframe src=\"x\">",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#0;",
    "&#x202e;",
    "$x$",
    "$$\n",
    "\\(",
    "\\[",
    ":tada:",
    "https://example.com/",
    "www.a.b",
    "a@b.c",
    "!!! note\n    ",
    "??? tip \"T\"\n    ",
    "=== \"Tab\"\n    ",
    ":::tip[T]\n",
    ":::\n",
    "[[page|words]]",
    "![[1]]",
    "{!0.md!}",
    "--8<-- \"0.md\"",
    "{{ name }}",
    "{: .a #b}",
    "{#id}",
    "{=confluence}",
    "`<hr />`{=confluence}",
    "[TOC]",
    "\nTerm\n: Meaning\n",
    "H~2~O",
    "x^2^",
    "==m==",
    "<!-- Space: A -->",
    "<!-- ac:toc -->",
    "<!-- confluence-skip-start -->",
    "<kbd>",
    "<sub>",
    "<dl><dt>",
    "<dd>",
    "\r\n",
    "\u{0}",
    "\u{202e}",
    "\u{1e}",
];
const FRONT_MATTER: &[&str] = &[
    "title: ",
    "title = ",
    "\"title\": ",
    "labels: [",
    "labels = [",
    "confluence:\n  ",
    "space: ",
    "parent: ",
    "id: ",
    "date: ",
    "draft: true",
    "order: ",
    "[a]\n",
    "[[a]]\n",
    "&a ",
    "*a",
    "|\n  ",
    ">-\n  ",
    "!!str ",
    "? ",
    "<<: ",
    "- ",
    "\"\"\"",
    "'''",
    "Space: ",
    "Title: ",
    "Label: ",
    "Attachment: ",
    "Include: ",
    "Macro: ",
];
const TEMPLATE: &[&str] = &[
    "{{",
    "}}",
    "{{ name }}",
    "{{ n }}",
    "{{ box }}",
    "{{> box",
    "title=\"a\"",
    "{{ b }}",
    "{{ source.path }}",
    "{{ source.commit }}",
    "{{ source.date }}",
    "{{ source.edit }}",
    "\u{1e}",
    "`{{ n }}`",
];
const ASCIIDOC: &[&str] = &[
    "= ",
    "== ",
    "* ",
    "** ",
    ". ",
    ".. ",
    "----\n",
    "====\n",
    "....\n",
    "****\n",
    "____\n",
    "--\n",
    "++++\n",
    "////\n",
    "|===\n",
    "|",
    "a|",
    "2+|",
    ".2+|",
    "3*|",
    "[cols=\"1,2a\"]\n",
    "[source,rust]\n",
    "[NOTE]\n",
    "NOTE: ",
    "[quote, a, b]\n",
    "[%collapsible]\n",
    "[options=header]\n",
    ".Title\n",
    "term:: ",
    "+\n",
    "[[id]]",
    "[#id]",
    "<<id,words>>",
    "xref:a.adoc#b[c]",
    "link:a[b]",
    "https://a.b[c]",
    "image::a.png[]",
    "image:a.png[x,10]",
    "include::0.adoc[]\n",
    "include::0.adoc[lines=1..2,tag=a,leveloffset=+1]\n",
    "// tag::a[]\n",
    "ifdef::a[]\n",
    "ifndef::a[]\n",
    "ifeval::[1 == 1]\n",
    "endif::[]\n",
    ":a: b\n",
    ":!a:\n",
    "{a}",
    "{counter:a}",
    "footnote:[a]",
    "kbd:[a]",
    "btn:[a]",
    "menu:a[b]",
    "pass:[a]",
    "+++a+++",
    "stem:[x]",
    "`a`",
    "*a*",
    "_a_",
    "#a#",
    "^a^",
    "~a~",
    "<1>",
    "\u{1e}",
];
const NOTEBOOK: &[&str] = &[
    "\"cells\"",
    "\"cell_type\"",
    "\"markdown\"",
    "\"code\"",
    "\"raw\"",
    "\"source\"",
    "\"outputs\"",
    "\"output_type\"",
    "\"stream\"",
    "\"text\"",
    "\"execute_result\"",
    "\"display_data\"",
    "\"error\"",
    "\"data\"",
    "\"text/html\"",
    "\"text/plain\"",
    "\"image/png\"",
    "\"image/svg+xml\"",
    "\"text/latex\"",
    "\"text/markdown\"",
    "\"traceback\"",
    "\"attachments\"",
    "\"metadata\"",
    "\"nbformat\"",
    "\"worksheets\"",
    "\\u001b[31m",
    "null",
    "attachment:",
];
const OPENAPI: &[&str] = &[
    "swagger: '2.0'\n",
    "host:",
    "basePath:",
    "consumes:",
    "produces:",
    "definitions:",
    "in: body",
    "in: formData",
    "openapi: 3.0.0\n",
    "openapi: 3.1.0\n",
    "info:",
    "title:",
    "version:",
    "description:",
    "paths:",
    "/a:",
    "get:",
    "post:",
    "parameters:",
    "name:",
    "in: query",
    "required:",
    "schema:",
    "type: object",
    "type: array",
    "items:",
    "properties:",
    "$ref: '#/",
    "$ref: '0.yaml#/",
    "responses:",
    "'200':",
    "content:",
    "application/json:",
    "example:",
    "examples:",
    "requestBody:",
    "components:",
    "schemas:",
    "securitySchemes:",
    "servers:",
    "url:",
    "tags:",
    "oneOf:",
    "anyOf:",
    "allOf:",
    "not:",
    "enum:",
    "default:",
    "nullable:",
    "deprecated: true",
    "additionalProperties:",
    "$defs:",
    "$schema: https://json-schema.org/",
    "const:",
    "pattern:",
    "minimum:",
    "format:",
    "webhooks:",
    "callbacks:",
    "\u{1e}",
];
const DATA: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\":",
    "null",
    "1e999",
    "18446744073709551616",
    "-",
    "&a ",
    "*a",
    "? ",
    ": ",
    "|\n",
    ">\n",
    "!!binary ",
    "!a ",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "<<: ",
    "\"\\u0000\"",
    "\\ud800",
    "'''",
    "\"\"\"",
    "[[",
    "]]",
    "= {",
    "@startuml",
    "!include",
];
const STORAGE: &[&str] = &[
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<ul>",
    "<ol>",
    "<li>",
    "</li>",
    "</ul>",
    "</ol>",
    "<table>",
    "<tbody>",
    "<tr>",
    "<th>",
    "<td>",
    "<td colspan=\"2\">",
    "</td>",
    "</tr>",
    "</tbody>",
    "</table>",
    "<strong>",
    "</strong>",
    "<em>",
    "<code>",
    "<pre>",
    "<br />",
    "<hr />",
    "<a href=\"",
    "\">",
    "</a>",
    "<span style=\"",
    "<div class=\"",
    "<blockquote>",
    "<ac:structured-macro ac:name=\"",
    "<ac:structured-macro ac:name=\"code\">",
    "<ac:structured-macro ac:name=\"expand\">",
    "<ac:structured-macro ac:name=\"info\">",
    "<ac:structured-macro ac:name=\"anchor\">",
    "<ac:structured-macro ac:name=\"status\">",
    "<ac:structured-macro ac:name=\"toc\" />",
    "</ac:structured-macro>",
    "<ac:parameter ac:name=\"title\">",
    "<ac:parameter ac:name=\"\">",
    "</ac:parameter>",
    "<ac:rich-text-body>",
    "</ac:rich-text-body>",
    "<ac:plain-text-body>",
    "</ac:plain-text-body>",
    "<![CDATA[",
    "]]>",
    "<ac:link>",
    "<ac:link ac:anchor=\"a\">",
    "</ac:link>",
    "<ac:link-body>",
    "</ac:link-body>",
    "<ac:plain-text-link-body>",
    "</ac:plain-text-link-body>",
    "<ri:page ri:content-title=\"A\" />",
    "<ri:page ri:space-key=\"S\" ri:content-title=\"A\" />",
    "<ri:attachment ri:filename=\"a.png\" />",
    "<ri:url ri:value=\"http://a\" />",
    "<ri:user ri:account-id=\"1\" />",
    "<ac:image>",
    "<ac:image ac:width=\"1\" ac:alt=\"a\">",
    "</ac:image>",
    "<ac:task-list>",
    "<ac:task>",
    "<ac:task-id>1</ac:task-id>",
    "<ac:task-status>complete</ac:task-status>",
    "<ac:task-body>",
    "</ac:task-body>",
    "</ac:task>",
    "</ac:task-list>",
    "<ac:layout>",
    "<ac:layout-section ac:type=\"two_equal\">",
    "<ac:layout-cell>",
    "<ac:emoticon ac:name=\"smile\" />",
    "<time datetime=\"2026-11-28\" />",
    "<ac:inline-comment-marker ac:ref=\"a\">",
    "</ac:inline-comment-marker>",
    "&nbsp;",
    "&#0;",
    "<!--",
    "-->",
];
const ADF: &[&str] = &[
    "{\"type\":\"doc\",\"version\":1,\"content\":[",
    "{\"type\":\"paragraph\",\"content\":[",
    "{\"type\":\"text\",\"text\":\"a\"}",
    "{\"type\":\"heading\",\"attrs\":{\"level\":2},\"content\":[",
    "{\"type\":\"bulletList\",\"content\":[",
    "{\"type\":\"orderedList\",\"content\":[",
    "{\"type\":\"listItem\",\"content\":[",
    "{\"type\":\"taskList\",\"attrs\":{\"localId\":\"a\"},\"content\":[",
    "{\"type\":\"taskItem\",\"attrs\":{\"localId\":\"a\",\"state\":\"DONE\"},\"content\":[",
    "{\"type\":\"decisionList\",\"content\":[",
    "{\"type\":\"decisionItem\",\"content\":[",
    "{\"type\":\"panel\",\"attrs\":{\"panelType\":\"info\"},\"content\":[",
    "{\"type\":\"expand\",\"attrs\":{\"title\":\"a\"},\"content\":[",
    "{\"type\":\"nestedExpand\",\"content\":[",
    "{\"type\":\"table\",\"content\":[",
    "{\"type\":\"tableRow\",\"content\":[",
    "{\"type\":\"tableCell\",\"attrs\":{\"colspan\":2},\"content\":[",
    "{\"type\":\"tableHeader\",\"content\":[",
    "{\"type\":\"codeBlock\",\"attrs\":{\"language\":\"rust\"},\"content\":[",
    "{\"type\":\"rule\"}",
    "{\"type\":\"blockquote\",\"content\":[",
    "{\"type\":\"mediaSingle\",\"content\":[",
    "{\"type\":\"media\",\"attrs\":{\"type\":\"file\",\"id\":\"a\",\"collection\":\"b\"}}",
    "{\"type\":\"mediaInline\",\"attrs\":{\"id\":\"a\",\"collection\":\"b\"}}",
    "{\"type\":\"mediaGroup\",\"content\":[",
    "{\"type\":\"caption\",\"content\":[",
    "{\"type\":\"extension\",\"attrs\":{\"extensionType\":\"com.atlassian.confluence.macro.core\",\"extensionKey\":\"toc\"}}",
    "{\"type\":\"bodiedExtension\",\"attrs\":{",
    "{\"type\":\"inlineExtension\",\"attrs\":{",
    "\"parameters\":{\"macroParams\":{\"a\":{\"value\":\"b\"}}}",
    "{\"type\":\"status\",\"attrs\":{\"text\":\"a\",\"color\":\"red\"}}",
    "{\"type\":\"date\",\"attrs\":{\"timestamp\":\"1\"}}",
    "{\"type\":\"mention\",\"attrs\":{\"id\":\"a\",\"text\":\"@a\"}}",
    "{\"type\":\"emoji\",\"attrs\":{\"shortName\":\":a:\"}}",
    "{\"type\":\"inlineCard\",\"attrs\":{\"url\":\"http://a\"}}",
    "{\"type\":\"blockCard\",\"attrs\":{\"url\":\"http://a\"}}",
    "{\"type\":\"hardBreak\"}",
    "{\"type\":\"layoutSection\",\"content\":[",
    "{\"type\":\"layoutColumn\",\"attrs\":{\"width\":50},\"content\":[",
    "\"marks\":[{\"type\":\"strong\"}]",
    "{\"type\":\"link\",\"attrs\":{\"href\":\"http://a\"}}",
    "{\"type\":\"code\"}",
    "{\"type\":\"textColor\",\"attrs\":{\"color\":\"#000000\"}}",
    "{\"type\":\"subsup\",\"attrs\":{\"type\":\"sub\"}}",
    "{\"type\":\"annotation\",\"attrs\":{\"id\":\"a\",\"annotationType\":\"inlineComment\"}}",
    "{\"type\":\"alignment\",\"attrs\":{\"align\":\"center\"}}",
    "]}",
    "]",
    "}",
    ",",
];
