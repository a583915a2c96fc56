//! What single generators and hosts have beyond GitHub's Markdown: what becomes of it, and what only
//! looks like it.

use tributary_pages::markup::{
    Block, Flavor, Placed, Surroundings, read_markdown, read_source, read_storage, write_markdown,
};
use tributary_sandbox::format::check_storage;

use crate::{storage, stored_document};

/// The page that a text becomes, on which there is nothing to be told.
fn page(text: &str) -> String {
    let body = storage(text, Flavor::Cloud);
    assert_eq!(body.problems, [], "{text}");
    assert_eq!(check_storage(&body.content), Ok(()), "{text}");
    body.content
}

const CONTENTS: &str = "<p><ac:structured-macro ac:name=\"toc\" ac:schema-version=\"1\" /></p>";

#[test]
fn lines_of_attributes_in_kramdown_s_way_are_no_text() {
    for (text, expected) in [
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n{: .wide }\n",
            "<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>\
             <tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>",
        ),
        (
            "- one\n- two\n{: .plain}\n",
            "<ul><li><p>one</p></li><li><p>two</p></li></ul>",
        ),
        ("- one\n  {: .plain}\n", "<ul><li><p>one</p></li></ul>"),
        ("{: .note }\nWords\n", "<p>Words</p>"),
        ("{:.no_toc}\n\nWords\n", "<p>Words</p>"),
        ("* TOC\n{:toc}\n", CONTENTS),
        ("1. Contents\n   {: .x toc }\n", CONTENTS),
    ] {
        assert_eq!(page(text), expected, "{text}");
    }
    let named = page("[to](#t)\n\n| a |\n|---|\n| 1 |\n{: #t}\n");
    let anchored = "<ac:parameter ac:name=\"\">t</ac:parameter></ac:structured-macro>a</p></th>";
    assert!(named.contains(anchored), "{named}");
    // Nothing of a list is lost for the table of contents, and code and escapes are what they were.
    for text in [
        "* one\n* TOC\n{:toc}\n",
        "* words {:toc}\n",
        "* `{:toc}`\n",
        "* TOC\n\\{:toc}\n",
        "| a |\n|---|\n| {x} |\n",
        "| a | b |\n|---|---|\n| {: .x} | 2 |\n",
    ] {
        assert!(page(text).contains('{'), "{text}");
    }
}

#[test]
fn pictures_and_lists_of_azure_devops_are_what_they_are_there() {
    let sized = |size: &str| {
        format!(
            "<ac:image ac:alt=\"A plan\"{size}>\
             <ri:attachment ri:filename=\"pic.png\" /></ac:image>"
        )
    };
    for (text, size) in [
        (
            "![A plan](pic.png =300x200)",
            " ac:width=\"300\" ac:height=\"200\"",
        ),
        ("![A plan](pic.png =300x)", " ac:width=\"300\""),
        ("![A plan](pic.png  =x200 )", " ac:height=\"200\""),
    ] {
        assert_eq!(page(text), format!("<p>{}</p>", sized(size)), "{text}");
        let between = page(&format!("see {text} there\n\n| a |\n|---|\n| {text} |\n"));
        let expected = format!("<p>see {} there</p>", sized(size));
        assert!(between.contains(&expected), "{between}");
        let expected = format!("<td><p>{}</p></td>", sized(size));
        assert!(between.contains(&expected), "{between}");
    }
    let below = page("[[_TOSP_]]\n");
    assert_eq!(below, page("[[_LISTING_]]\n"));
    assert!(below.contains("ac:name=\"children\""), "{below}");
    // Code, escapes, and what has no size.
    for text in [
        "`![a](pic.png =3x4)`",
        "\\![a](pic.png =3x4)",
        "!\\[a](pic.png =3x4)",
        "![a](pic.png =x)",
        "![a](pic.png =3)",
        "![a](pic.png=3x4 = 5)",
        "![](pic.png =3x4",
    ] {
        assert!(!page(text).contains("ac:image"), "{text}");
    }
}

#[test]
fn a_diagram_of_plantuml_takes_in_files_of_the_repository() {
    let others: Surroundings = [
        (
            "docs/parts/people.puml",
            "@startuml\nactor Ann\n!startsub BEA\nactor Bea\n!endsub\n@enduml\n\n\
             @startuml(id=two)\nactor Cid\n@enduml\n",
        ),
        (
            "docs/parts/all.iuml",
            "!include people.puml\n!include people.puml\nAnn -> Bea",
        ),
        ("docs/loop.puml", "!include loop.puml\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into_iter()
    .collect();
    let read = |text: &str| {
        let document = read_source("docs/page.md", text, &others);
        assert_eq!(document.problems, [], "{text}");
        document
    };
    let code_in = |blocks: &[Placed<Block>]| match &blocks[0].is {
        Block::Code { text, .. } => text.clone(),
        other => panic!("{other:?}"),
    };
    for (source, expected) in [
        (
            "!include parts/people.puml\nAnn -> Bea",
            "actor Ann\nactor Bea\nAnn -> Bea",
        ),
        (
            "!include parts/all.iuml\nnote",
            "actor Ann\nactor Bea\nAnn -> Bea\nnote",
        ),
        ("!include_once parts/people.puml!0", "actor Ann\nactor Bea"),
        (
            "!include_many parts/people.puml!1\n!include_many parts/people.puml!two",
            "actor Cid\nactor Cid",
        ),
        ("!includesub parts/people.puml!BEA", "actor Bea"),
        ("!include \"/docs/parts/people.puml!two\"", "actor Cid"),
        // What is no file of the repository, and what takes in itself.
        ("!include <C4/C4_Context>", "!include <C4/C4_Context>"),
        (
            "!include https://example.com/a.puml",
            "!include https://example.com/a.puml",
        ),
        ("!include ../../out.puml", "!include ../../out.puml"),
        (
            "!include parts/people.puml!three",
            "!include parts/people.puml!three",
        ),
        ("!include loop.puml", "!include loop.puml"),
        ("!include $name", "!include $name"),
    ] {
        let document = read(&format!("```plantuml\n{source}\n```\n"));
        assert_eq!(code_in(&document.blocks), expected, "{source}");
        assert_eq!(document.drawings[0].1, expected, "{source}");
    }
    let wanted = read("```puml\n!include gone.puml\n```\n").wanted;
    assert_eq!(wanted, ["docs/gone.puml", "gone.puml"]);
    let listed = read("- a\n\n  ```puml\n  !include parts/people.puml!two\n  ```\n");
    let Block::List { items, .. } = &listed.blocks[0].is else {
        panic!("{:?}", listed.blocks);
    };
    assert_eq!(code_in(&items[0].blocks[1..]), "actor Cid");
    let asciidoc = "[plantuml]\n----\n!include parts/people.puml\n!include gone.puml\n----\n";
    let asciidoc = read_source("docs/page.adoc", asciidoc, &others);
    let whole = "actor Ann\nactor Bea\n!include gone.puml";
    assert_eq!(code_in(&asciidoc.blocks), whole);
    assert_eq!(asciidoc.drawings[0].1, whole);
    assert_eq!(asciidoc.wanted, ["docs/gone.puml", "gone.puml"]);
    // Other code, and text.
    let other = read("```text\n!include parts/people.puml\n```\n");
    assert_eq!(code_in(&other.blocks), "!include parts/people.puml");
    let words = read("!include parts/people.puml\n");
    assert!(matches!(words.blocks[0].is, Block::Paragraph { .. }));
}

#[test]
fn a_picture_that_is_a_file_of_plantuml_takes_in_others() {
    let others: Surroundings = [
        (
            "docs/uml/flow 1.puml",
            "@startuml\n!include common.iuml\n!startsub X\nAnn -> Bea\n!endsub\n@enduml\n",
        ),
        ("docs/uml/common.iuml", "skinparam shadowing false\n"),
        ("docs/gone.puml", "!include nowhere.iuml\nAnn -> Bea\n"),
        ("plain.puml", "!include <C4/C4_Context>\nAnn -> Bea\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into_iter()
    .collect();
    let whole = "@startuml\nskinparam shadowing false\nAnn -> Bea\n@enduml";
    for (path, text) in [
        ("docs/a.md", "![The flow](uml/flow%201.puml)\n"),
        ("docs/a.md", "- ![The flow](/docs/uml/flow%201.puml)\n"),
        ("docs/a.adoc", "image::uml/flow%201.puml[The flow]\n"),
    ] {
        let document = read_source(path, text, &others);
        assert_eq!(document.drawings.len(), 1, "{text}");
        assert_eq!(document.drawings[0].1, whole, "{text}");
        assert!(document.references.is_empty(), "{text}");
        let body = stored_document(&document, Flavor::Cloud).content;
        assert!(body.contains(whole), "{text}: {body}");
    }
    // What is not at hand leaves the source, and is asked for.
    let gone = read_source("docs/a.md", "![x](gone.puml)\n", &others);
    assert_eq!(gone.drawings[0].1, "!include nowhere.iuml\nAnn -> Bea");
    assert_eq!(gone.wanted, ["docs/nowhere.iuml", "nowhere.iuml"]);
    let asked = read_source("docs/a.md", "![x](more.puml)\n", &others);
    assert_eq!(asked.wanted, ["docs/more.puml"]);
    // What takes in nothing of the repository, and what stands in a line, stay pictures.
    for text in ["![x](../plain.puml)\n", "See ![x](gone.puml).\n"] {
        let document = read_source("docs/a.md", text, &others);
        assert_eq!(document.references.len(), 1, "{text}");
        assert!(document.drawings.is_empty(), "{text}");
    }
}

#[test]
fn the_sidebar_of_mark_stands_in_a_column_at_the_right() {
    let beside = "<p>Some <strong>words</strong></p><p>More</p>";
    let columns = format!(
        "<ac:layout><ac:layout-section ac:type=\"two_right_sidebar\">\
         <ac:layout-cell><p>Text.</p></ac:layout-cell>\
         <ac:layout-cell>{beside}</ac:layout-cell></ac:layout-section></ac:layout>"
    );
    let comment = "<!-- Sidebar: <p>Some <b>words</b></p><p>More</p> -->";
    for headers in [
        format!("<!-- Space: DOCS -->\n{comment}\n"),
        format!("<!-- Layout: article -->\n{comment}\n"),
        "---\nspace: DOCS\nsidebar: \"Some **words**\\n\\nMore\"\n---\n".to_owned(),
    ] {
        let document = read_markdown(&format!("{headers}\nText.\n"));
        assert_eq!(document.problems, [], "{headers}");
        let made = page(&format!("{headers}\nText.\n"));
        assert_eq!(made, columns, "{headers}");
        let titled = page(&format!("{headers}\n# Title\n\nText.\n"));
        let above = titled.strip_suffix(&columns).expect(&headers);
        assert!(above.ends_with("Title</h1>"), "{titled}");
    }
    // No columns stand in a column.
    let own = "<!-- ac:layout-section -->\n<!-- ac:layout-cell -->\nText.\n\
               <!-- ac:layout-cell end -->\n<!-- ac:layout-section end -->\n";
    let made = page(&format!("{comment}\n\n{own}"));
    assert!(made.ends_with(&format!("</ac:layout>{beside}")), "{made}");
    // What stands beside a page has nothing beside it.
    let made = page("---\nspace: A\nsidebar: |\n  <!-- Sidebar: no -->\n  yes\n---\nText.\n");
    assert!(made.contains("yes") && !made.contains("no"), "{made}");
    // The layout alone, and folders, are told.
    for header in ["Layout: article", "Folder: Plans"] {
        let document = read_markdown(&format!("<!-- {header} -->\n\nText.\n"));
        let told: Vec<_> = document.problems.iter().map(|known| known.code).collect();
        assert_eq!(told, ["directive.unsupported"], "{header}");
    }
}

#[test]
fn quotations_that_say_what_they_are_are_boxes_in_files_for_mark() {
    let headers = "<!-- Space: DOCS -->\n<!-- Title: Written for mark -->\n\n";
    let boxed = |name: &str, says: &str| {
        format!(
            "<ac:structured-macro ac:name=\"{name}\" ac:schema-version=\"1\"><ac:rich-text-body>\
             <p>{says}</p></ac:rich-text-body></ac:structured-macro>"
        )
    };
    for (text, expected) in [
        (
            "> **Note:** Mind it.\n> And this.\n",
            boxed("info", "<strong>Note:</strong> Mind it.\nAnd this."),
        ),
        ("> info here\n", boxed("info", "info here")),
        ("Text\n> _Tip_ x\n", boxed("tip", "<em>Tip</em> x")),
    ] {
        let made = page(&format!("{headers}{text}"));
        assert!(made.ends_with(&expected), "{text}: {made}");
    }
    let warned = page(&format!("{headers}> Warning! Hot.\n"));
    assert!(warned.contains("<p>Warning! Hot.</p></ac:rich-text-body>"));
    for text in [
        "> Notebooks are quoted.\n",
        "> Words first,\n> note: then.\n",
        "> > note: in another.\n",
        "    > note: is code\n",
    ] {
        let made = page(&format!("{headers}{text}"));
        assert!(!made.contains("ac:rich-text-body"), "{text}: {made}");
    }
    // In other files it is what a Git host shows.
    let other = page("> **Note:** Mind it.\n");
    assert_eq!(
        other,
        "<blockquote><p><strong>Note:</strong> Mind it.</p></blockquote>"
    );
}

#[test]
fn elements_of_mdx_are_given_words() {
    let others: Surroundings = [(
        "docs/_part.mdx".to_owned(),
        "Hello {props.name}, {props.count} of {props.of}.\n".to_owned(),
    )]
    .into_iter()
    .collect();
    let read = |text: &str| {
        let document = read_source("docs/page.mdx", text, &others);
        let body = stored_document(&document, Flavor::Cloud);
        assert_eq!(check_storage(&body.content), Ok(()), "{text}");
        (document.problems, body.content)
    };
    let import = "import Part from './_part.mdx';\n\n";
    for (element, expected) in [
        (
            "<Part name=\"Ann & Bea\" count={3} of={all} isNew />",
            "<p>Hello Ann &amp; Bea, 3 of {props.of}.</p>",
        ),
        (
            "<Part name='Ann' of={\"four\"}></Part>",
            "<p>Hello Ann, {props.count} of four.</p>",
        ),
        (
            "<Part />",
            "<p>Hello {props.name}, {props.count} of {props.of}.</p>",
        ),
    ] {
        let (problems, page) = read(&format!("{import}{element}\n"));
        assert_eq!(problems, [], "{element}");
        assert_eq!(page, expected, "{element}");
    }
    // What stands beside it would be lost.
    let (problems, page) = read(&format!("{import}<Part name=\"a\" /> and more <Part />\n"));
    assert_eq!(problems[0].code, "html.unknown_element");
    assert!(page.contains("and more"), "{page}");

    let picture = "<ac:image ac:alt=\"A\" ac:width=\"30\">\
                   <ri:attachment ri:filename=\"pic.png\" /></ac:image>";
    for text in [
        "<img src={require('pic.png').default} alt=\"A\" width={30} />",
        "<img\n  alt={'A'} style={{ border: 0 }}\n  width={30} src={useBaseUrl(\"pic.png\")} />",
    ] {
        let (problems, page) = read(text);
        assert_eq!(problems, [], "{text}");
        assert_eq!(page, format!("<p>{picture}</p>"), "{text}");
    }
    for cards in ["<DocCardList />", "<DocCardList items={below} />"] {
        let (problems, page) = read(&format!("Words\n\n{cards}\n\nMore\n"));
        assert_eq!(problems, [], "{cards}");
        assert!(page.contains("ac:name=\"children\""), "{page}");
    }
    let (problems, _) = read("<DocCardLists />\n");
    assert_eq!(problems[0].code, "html.unknown_element");
    // Code, and text outside of a tag.
    let (_, page) = read("`<i a={1}>` and <b>x</b> and a={1}\n");
    assert_eq!(
        page,
        "<p><code>&lt;i a={1}&gt;</code> and <strong>x</strong> and a={1}</p>"
    );
}

#[test]
fn abbreviations_stand_for_what_a_line_says() {
    let html = "<abbr title=\"Hyper Text &amp; more\">HTML</abbr>";
    let declared = "*[HTML]: Hyper Text & more\n*[C++]: A language\n";
    for (text, expected) in [
        (
            "HTML, not XHTML or HTML5, and `HTML`: (HTML).",
            format!("<p>{html}, not XHTML or HTML5, and <code>HTML</code>: ({html}).</p>"),
        ),
        (
            "In **HTML** and C++",
            format!("<p>In <strong>{html}</strong> and <abbr title=\"A language\">C++</abbr></p>"),
        ),
        ("- HTML", format!("<ul><li><p>{html}</p></li></ul>")),
    ] {
        assert_eq!(page(&format!("{text}\n\n{declared}")), expected, "{text}");
        assert_eq!(page(&format!("{declared}\n{text}\n")), expected, "{text}");
    }
    let table = page(&format!("| HTML |\n|---|\n| a HTML |\n\n{declared}"));
    assert!(
        table.contains(&format!("<th><p>{html}</p></th>")),
        "{table}"
    );
    assert!(
        table.contains(&format!("<td><p>a {html}</p></td>")),
        "{table}"
    );
    let mixed = page("*[HTML]: Hyper Text & more\nOf HTML.\n");
    assert_eq!(mixed, format!("<p>Of {html}.</p>"));
    // What is more than words, escaped, empty or in the middle of a paragraph.
    for text in [
        "*[HTML]: Hyper *Text*\n",
        "\\*[HTML]: Hyper Text\n",
        "*[HTML]:\n",
        "Words\n*[HTML]: Hyper Text\n",
        "`*[HTML]: Hyper Text`\n",
    ] {
        let page = page(&format!("HTML\n\n{text}"));
        assert!(!page.contains("<abbr"), "{page}");
        assert!(page.contains("[HTML]:"), "{page}");
    }
}

#[test]
fn keys_and_what_was_inserted_are_known_by_their_signs() {
    for (text, expected) in [
        (
            "Press ++ctrl+alt+page-up++ now",
            "Press <code>Ctrl</code>+<code>Alt</code>+<code>Page Up</code> now",
        ),
        (
            "++f5++, (++cmd+k++)",
            "<code>F5</code>, (<code>Cmd</code>+<code>K</code>)",
        ),
        ("^^added words^^ here", "<u>added words</u> here"),
        ("A ^^b^^ ++esc++", "A <u>b</u> <code>Esc</code>"),
    ] {
        assert_eq!(page(text), format!("<p>{expected}</p>"), "{text}");
        let row = page(&format!("| a |\n|---|\n| {text} |\n"));
        assert!(
            row.contains(&format!("<td><p>{expected}</p></td>")),
            "{row}"
        );
    }
    for (text, expected) in [
        ("C++ and ++i++ and a++b++", "C++ and ++i++ and a++b++"),
        ("++nosuchkey++ ++ctrl++c", "++nosuchkey++ ++ctrl++c"),
        ("`++ctrl+c++`", "<code>++ctrl+c++</code>"),
        ("\\++ctrl+c++ and \\^^b^^", "++ctrl+c++ and ^^b^^"),
        ("a^^b^^ ^^ c^^ ^^^d^^^ ^^^^", "a^^b^^ ^^ c^^ ^^^d^^^ ^^^^"),
    ] {
        assert_eq!(page(text), format!("<p>{expected}</p>"), "{text}");
        // It stays so in the Markdown that a page becomes.
        let stored = read_storage(&format!("<p>{expected}</p>"));
        let markdown = write_markdown(&stored);
        assert_eq!(page(&markdown), format!("<p>{expected}</p>"), "{markdown}");
    }
}

#[test]
fn quotations_between_lines_of_their_own_are_quotations() {
    let quoted = "<blockquote><p>Said <em>so</em>.</p><ul><li><p>and</p></li></ul></blockquote>";
    for text in [
        ">>>\nSaid *so*.\n\n- and\n>>>\n",
        "\n >>>  \n\nSaid *so*.\n\n- and\n\n>>>",
    ] {
        assert_eq!(page(text), quoted, "{text}");
    }
    let twice = page("A\n>>>\nB\n>>>\nC\n\n>>>\nD\n>>>\n");
    assert_eq!(
        twice,
        "<p>A</p><blockquote><p>B</p></blockquote><p>C</p><blockquote><p>D</p></blockquote>"
    );
    // Code, and one that nothing ends.
    for text in [
        "```\n>>>\nx\n>>>\n```\n",
        "    >>>\n    x\n    >>>\n",
        ">>> x\n>>> y\n",
    ] {
        let page = page(text);
        assert!(!page.starts_with("<blockquote><p>x"), "{page}");
    }
    assert!(page(">>>\nB\n").ends_with("<p>B</p>"));
}

#[test]
fn blocks_in_quotations_are_what_they_are_outside() {
    let quoted = |text: &str| {
        let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
        format!("{}\n", lines.join("\n"))
    };
    for text in [
        "!!! note\n    In *it*.\n\n    - one\n    - two\n\nAfter.\n",
        "Words.\n!!! tip \"Title\"\n    Inside.\n",
        "??? info \"More\"\n    Hidden.\n",
        "=== \"A\"\n    `a`\n\n=== \"B\"\n    b\n",
        ":::note\nInside.\n:::\nAfter.\n",
        "> !!! note\n>     Deeper.\n",
        "!!! note\n    ```\n    !!! tip\n    ```\n",
    ] {
        let alone = page(text);
        let within = format!("<blockquote>{alone}</blockquote>");
        assert_eq!(page(&quoted(text)), within, "{text}");
        let is_read = !alone.contains("<p>!!!") && !alone.contains(":::");
        assert!(is_read, "{alone}");
    }
    // In lists and blocks, and with what stands around the quotation.
    let panel = "<blockquote><ac:structured-macro ac:name=\"info\" ac:schema-version=\"1\">\
                 <ac:rich-text-body><p>In.</p></ac:rich-text-body></ac:structured-macro>\
                 </blockquote>";
    for text in [
        "- one\n\n  > !!! note\n  >     In.\n",
        "!!! tip\n    > !!! note\n    >     In.\n\n    Words.\n",
        "Words.\n\n>!!! note\n>     In.\n\nWords.\n",
    ] {
        let page = page(text);
        assert!(page.contains(panel), "{page}");
    }
    // Code, and what only looks like a block.
    for text in [
        "> ```\n> !!! note\n>     x\n> ```\n",
        ">     !!! note\n",
        "    > !!! note\n",
        "> !!!note\n",
    ] {
        let page = page(text);
        assert!(page.contains("!!!"), "{page}");
    }
    let text = "Words.\n\n> Said\n> !!! note\n>     Now [gone](nowhere.md).\n";
    let document = read_markdown(text);
    let link = &document.references[0];
    assert_eq!((link.line, link.column), (5, 11), "{document:?}");
}

#[test]
fn elements_of_docusaurus_hold_markdown_however_it_is_indented() {
    // What is written, and the same with blank lines and without indentation.
    for (text, apart) in [
        (
            "Before\n\
             <Tabs>\n  <TabItem value=\"a\" label=\"Apple\" default>\n    An *apple*\n    \
             of old.\n  </TabItem>\n  <TabItem value=\"b\">\n\
             \n    - one\n      - two\n\n    ```js\n    x\n      y\n    ```\n\
             \n  </TabItem>\n  <TabItem value=\"c\">\n  As **far**.\n  </TabItem>\n</Tabs>\n\
             After\n",
            "Before\n\n<Tabs>\n\n<TabItem value=\"a\" label=\"Apple\">\n\nAn *apple*\nof old.\n\
             \n</TabItem>\n\n<TabItem value=\"b\">\n\n- one\n  - two\n\n```js\nx\n  y\n```\n\n\
             </TabItem>\n\n<TabItem value=\"c\">\n\nAs **far**.\n\n</TabItem>\n\n</Tabs>\n\n\
             After\n",
        ),
        (
            "- one\n\n  <Tabs>\n    <TabItem value=\"a\">\n      In *it*.\n\
             \n      1. and\n    </TabItem>\n  </Tabs>\n\n  behind\n- two\n",
            "- one\n\n  <Tabs>\n\n  <TabItem value=\"a\">\n\n  In *it*.\n\n  1. and\n\
             \n  </TabItem>\n\n  </Tabs>\n\n  behind\n- two\n",
        ),
        (
            "<Admonition type=\"tip\" title=\"Hi\">\n    In *it*.\n    :::note\n    Deeper\n    \
             :::\n</Admonition>\n",
            "<Admonition type=\"tip\" title=\"Hi\">\n\nIn *it*.\n\n:::note\n\nDeeper\n\n:::\n\n\
             </Admonition>\n",
        ),
        (
            "> <Tabs>\n>     <TabItem value=\"a\">\n>         *x*\n>     </TabItem>\n> </Tabs>\n",
            "> <Tabs>\n>\n> <TabItem value=\"a\">\n>\n> *x*\n>\n> </TabItem>\n>\n> </Tabs>\n",
        ),
        (
            ":::note\n    Indented *so*.\n\n    Twice.\n:::\n\n    code\n",
            ":::note\n\nIndented *so*.\n\nTwice.\n\n:::\n\n    code\n",
        ),
    ] {
        let made = page(text);
        assert_eq!(made, page(apart), "{text}");
        let is_read = made.contains("<em>") && !made.contains("TabItem");
        assert!(is_read, "{made}");
    }
    // Code, and what has no end.
    let fenced = page("```\n<Tabs>\n  <TabItem value=\"a\">\n```\n");
    assert!(fenced.contains("<Tabs>\n  <TabItem"), "{fenced}");
    for text in [
        ":::note\n\n    some code\n:::\n",
        "<Tabs>\n\n    some code\n",
        "    <Tabs>\n    some code\n    </Tabs>\n",
    ] {
        let page = page(text);
        assert!(page.contains("ac:name=\"code\""), "{page}");
    }
    let text = "<Tabs>\n  <TabItem value=\"a\">\n    An [l](l.md)\n  </TabItem>\n</Tabs>\n";
    let document = read_markdown(text);
    let link = &document.references[0];
    assert_eq!((link.line, link.column), (3, 8), "{document:?}");
}

#[test]
fn the_name_of_a_tab_stands_above_all_that_is_in_it() {
    let code = "<ac:plain-text-body><![CDATA[npm i]]></ac:plain-text-body></ac:structured-macro>";
    for (text, expected) in [
        (
            "=== \"npm\"\n    Run:\n\n    ```sh\n    npm i\n    ```\n",
            "<p><strong>npm</strong></p><p>Run:</p><ac:structured-macro ac:name=\"code\" \
             ac:schema-version=\"1\"><ac:parameter ac:name=\"language\">bash</ac:parameter>",
        ),
        (
            "<TabItem value=\"npm\">\n  ```sh\n  npm i\n  ```\n</TabItem>\n",
            "<ac:structured-macro ac:name=\"code\" ac:schema-version=\"1\"><ac:parameter \
             ac:name=\"language\">bash</ac:parameter><ac:parameter ac:name=\"title\">npm\
             </ac:parameter>",
        ),
    ] {
        assert_eq!(page(text), format!("{expected}{code}"), "{text}");
    }
}

#[test]
fn choices_of_a_list_are_words_apart() {
    let text =
        "Pick <select><option>one</option><option>two</option><option>three</option></select>!\n";
    let body = storage(text, Flavor::Cloud).content;
    let words: Vec<&str> = body.split_whitespace().collect();
    assert_eq!(words, ["<p>Pick", "one", "two", "three!</p>"], "{body}");
}

#[test]
fn notes_that_stand_in_their_line_are_footnotes() {
    let made = page(
        "Words.^[The *note*, with [a link](https://example.com).] More^[a second\none].\n\n- in\n",
    );
    for part in [
        "The <em>note</em>, with <a href=\"https://example.com\">a link</a>.",
        "a second one",
        "<ac:link ac:anchor=\"footnote-1\"><ac:link-body>1</ac:link-body></ac:link>",
        "<ac:link ac:anchor=\"footnote-2\"><ac:link-body>2</ac:link-body></ac:link>",
        "<ul><li><p>in</p></li></ul>",
    ] {
        assert!(made.contains(part), "{part} in {made}");
    }
    assert!(!made.contains('^') && !made.contains("tributary"), "{made}");
    for text in [
        "An expression: ^[a-z ]+$ and x^[2] and (^[b c])\n",
        "`a.^[b c]` and a\\^[b c]\n",
        "a.^[b c\n\nd] and a.^[b c\n",
        "a.^[b c]\n\n```\nnothing ends it\n",
    ] {
        assert!(page(text).contains("^["), "{text}");
    }
}
