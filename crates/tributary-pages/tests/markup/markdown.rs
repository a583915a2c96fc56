//! Markdown written, and read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;
use tributary_pages::markup::{
    Alignment, Block, Document, Flavor, Inline, Place, Placed, StorageOptions, StoredTargets,
    Style, Surroundings, read_markdown, read_source, read_storage, storage_text, write_markdown,
    write_storage,
};

use crate::any::pieces;
use crate::stored::{fixtures, foreign_pages};
use crate::{storage, stored_document, words};

/// A document without places, and without white space that no reader sees.
fn plain(document: &Document) -> String {
    let mut blocks = document.blocks.clone();
    let shown = format!("{blocks:?}");
    let anchors: BTreeSet<&str> = shown
        .split("Anchor(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    plain_blocks(&mut blocks);
    let mut matter = document.front_matter.clone();
    matter.attachment_places.clear();
    format!("{blocks:?}\n{anchors:?}\n{matter:?}")
}

fn plain_blocks(blocks: &mut Vec<Placed<Block>>) {
    for block in blocks.iter_mut() {
        block.place = Place::default();
        match &mut block.is {
            Block::Heading {
                content, anchor, ..
            } => {
                plain_line(content);
                // What is left of white space alone leads nowhere, numbered or not.
                let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                *anchor = match anchor.trim_start_matches('-') {
                    rest if rest.len() < anchor.len() && is_number(rest) => String::new(),
                    rest => rest.trim_end_matches('-').to_owned(),
                };
            }
            Block::Paragraph { content, .. } => plain_line(content),
            Block::List { items, .. } => {
                for item in items {
                    plain_blocks(&mut item.blocks);
                }
            }
            Block::Table { head, body, .. } => {
                for cell in head.iter_mut().chain(body).flat_map(|row| &mut row.cells) {
                    plain_blocks(&mut cell.blocks);
                    // A page says how text is aligned, not how a cell without any is.
                    if cell.blocks.is_empty() {
                        cell.alignment = Alignment::None;
                    }
                }
            }
            Block::Quote(blocks)
            | Block::Panel { blocks, .. }
            | Block::Expand { blocks, .. }
            | Block::Excerpt { blocks, .. } => plain_blocks(blocks),
            Block::Foreign { start, blocks, .. } => {
                *start = without_books(start);
                plain_blocks(blocks);
            }
            Block::Definitions(entries) => {
                for entry in entries.iter_mut() {
                    plain_line(&mut entry.term);
                    for meaning in &mut entry.meanings {
                        plain_blocks(meaning);
                    }
                }
                entries.retain(|entry| !entry.term.is_empty() || !entry.meanings.is_empty());
            }
            Block::Footnotes(notes) => {
                for note in notes {
                    plain_blocks(&mut note.blocks);
                }
            }
            // What it is in the model has places too.
            Block::Adf { blocks, .. } => *blocks = None,
            Block::Code { .. } | Block::Rule | Block::TableOfContents => {}
        }
    }
    blocks.retain(|block| match &block.is {
        Block::Paragraph { content, .. } => !content.is_empty(),
        Block::Definitions(entries) => !entries.is_empty(),
        _ => true,
    });
}

/// Storage format without what Confluence keeps its books with, which short forms do not have.
fn without_books(start: &str) -> String {
    let mut start = start.to_owned();
    for name in ["ac:schema-version", "ac:macro-id", "ac:local-id"] {
        while let Some(from) = start.find(&format!(" {name}=\"")) {
            let value = from + name.len() + 3;
            let end = start[value..].find('"').expect("the value ends") + value + 1;
            start.replace_range(from..end, "");
        }
    }
    start
}

/// Folds white space as a browser does.
fn plain_line(content: &mut Vec<Inline>) {
    fold(content, &mut true);
    strip(content, &mut true);
    clean(content);
    while let Some(last) = content.last_mut() {
        match last {
            Inline::Break => {}
            Inline::Text(text) => {
                text.truncate(text.trim_end().len());
                if !text.is_empty() {
                    break;
                }
            }
            _ => break,
        }
        content.pop();
    }
    while let Some(first) = content.first_mut() {
        match first {
            Inline::Break => {}
            Inline::Text(text) => {
                *text = text.trim_start().to_owned();
                if !text.is_empty() {
                    break;
                }
            }
            _ => break,
        }
        content.remove(0);
    }
}

/// Leaves one space of each run, and none at the beginning of a line.
fn fold(content: &mut [Inline], after_space: &mut bool) {
    for inline in content {
        match inline {
            Inline::Styled(_, content)
            | Inline::Foreign { content, .. }
            | Inline::Link { content, .. } => fold(content, after_space),
            Inline::Text(text) => {
                let mut folded = String::new();
                // No page can hold control characters.
                for letter in text.chars() {
                    let blank = letter.is_whitespace() && letter != '\u{a0}';
                    if blank && !*after_space {
                        folded.push(' ');
                    } else if !blank && !letter.is_control() {
                        folded.push(letter);
                    }
                    *after_space = blank || (*after_space && letter.is_control());
                }
                *text = folded;
            }
            Inline::Code(code) => {
                *code = code.replace('\n', " ");
                *after_space &= code.is_empty();
            }
            Inline::Break => *after_space = true,
            Inline::Anchor(_) => {}
            Inline::Image { .. } | Inline::Math { .. } | Inline::FootnoteMention { .. } => {
                *after_space = false;
            }
        }
    }
}

/// Leaves no space at the end of a line, and no break at the end of all.
fn strip(content: &mut Vec<Inline>, before_end: &mut bool) {
    let mut last = *before_end;
    for at in (0..content.len()).rev() {
        match &mut content[at] {
            Inline::Styled(_, content)
            | Inline::Foreign { content, .. }
            | Inline::Link { content, .. } => strip(content, before_end),
            Inline::Text(text) => {
                if *before_end {
                    *text = text.trim_end_matches(' ').to_owned();
                }
                *before_end &= text.is_empty();
            }
            Inline::Break => *before_end = true,
            Inline::Code(code) => *before_end &= code.is_empty(),
            Inline::Anchor(_) => {}
            Inline::Image { .. } | Inline::Math { .. } | Inline::FootnoteMention { .. } => {
                *before_end = false;
            }
        }
        if last && content[at] == Inline::Break {
            content.remove(at);
        } else {
            last &= says_nothing(&content[at]);
        }
    }
}

fn says_nothing(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) | Inline::Code(text) => text.is_empty(),
        Inline::Styled(_, content) => content.iter().all(says_nothing),
        _ => false,
    }
}

/// Drops what says nothing, and the places.
fn clean(content: &mut Vec<Inline>) {
    let mut made: Vec<Inline> = Vec::new();
    for mut inline in std::mem::take(content) {
        match &mut inline {
            Inline::Styled(_, content) => clean(content),
            Inline::Foreign { start, content, .. } => {
                *start = without_books(start);
                clean(content);
            }
            Inline::Math { place, .. } => *place = Place::default(),
            Inline::Link { content, place, .. } => {
                clean(content);
                *place = Place::default();
            }
            Inline::Image { place, alt, .. } => {
                *place = Place::default();
                *alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            _ => {}
        }
        let nothing = match &inline {
            Inline::Text(text) | Inline::Code(text) => text.is_empty(),
            Inline::Styled(_, content) => content.is_empty(),
            // An anchor without text of its own stands at the next text, wherever that is.
            Inline::Anchor(_) => true,
            _ => false,
        };
        // A page has one form for code.
        if let Inline::Styled(Style::Code | Style::Keyboard, content) = &inline
            && let [Inline::Text(text)] = content.as_slice()
        {
            inline = Inline::Code(text.clone());
        }
        if let Inline::Code(code) = &mut inline {
            *code = code.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        // An address is a link of its own accord.
        if let Inline::Link {
            target, content, ..
        } = &inline
            && let [Inline::Text(text)] = content.as_slice()
            && (target == text || target.strip_prefix("http://") == Some(text))
        {
            inline = Inline::Text(text.clone());
        }
        match (made.last_mut(), &inline) {
            _ if nothing => {}
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(text),
            _ => made.push(inline),
        }
    }
    *content = made;
}

/// Writes a document that came from a page, with all its anchors.
fn page_of(document: &Document) -> String {
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: None,
    };
    write_storage(document, &options, &StoredTargets).content
}

#[test]
fn markdown_written_is_read_as_the_same_document() {
    for (path, document) in fixtures() {
        let written = write_markdown(&document);
        let again = read_markdown(&written);
        assert_eq!(
            plain(&again),
            plain(&document),
            "{}:\n{written}",
            path.display()
        );
        assert_eq!(write_markdown(&again), written, "{}", path.display());
    }
}

#[test]
fn a_page_pulled_into_markdown_is_the_same_page() {
    for (path, source) in fixtures() {
        // No link stands in a link, so that the number in one is a number alone on the page, and
        // the footnote there does not know of it.
        if path.ends_with("footnote-in-link.md") {
            continue;
        }
        let page = read_storage(&stored_document(&source, Flavor::Cloud).content);
        let written = write_markdown(&page);
        let again = read_storage(&page_of(&read_markdown(&written)));
        assert_eq!(
            plain(&again),
            plain(&page),
            "{}:\n{written}",
            path.display()
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn foreign_pages_become_the_markdown_of_their_fixtures() {
    for (name, page) in foreign_pages() {
        let document = read_storage(&page);
        let mut made = write_markdown(&document);
        let again = read_markdown(&made);
        assert_eq!(plain(&again), plain(&document), "{name}:\n{made}");
        assert_eq!(again.problems, [], "{name}");
        assert_eq!(write_markdown(&again), made, "{name}");
        made.push_str("\n<!--\n");
        for problem in &document.problems {
            made.push_str(&format!(
                "{}:{} {} {}\n",
                problem.line, problem.column, problem.code, problem.message
            ));
        }
        made.push_str("-->\n");
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/stored")
            .join(format!("{name}.md"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(&path, &made).expect("the fixture is written");
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(known, made, "{name}");
    }
}

/// Of headings without letters, the second is numbered only where both are spelled the same.
#[test]
fn headings_without_letters_stay_what_they_are() {
    let text = "# # > <!-- excerpt -->\n\n<h2>==<!-- excerpt -->\n**";
    if let Err(fault) = is_read_as_written(text) {
        panic!("{fault}");
    }
}

/// Code about leaving something out leaves nothing out, whatever signs stand before it.
#[test]
fn marks_of_what_is_left_out_stay_code() {
    let text = "\\`\\`\\` `<!-- confluence-skip-start -->a<!-- confluence-skip-end -->`\n";
    let document = read_markdown(text);
    assert_eq!(write_markdown(&document), text);
    let shown = storage_text(&storage(text, Flavor::Cloud).content);
    assert!(shown.contains("skip-start -->a<!--"), "{shown}");
    // However many backticks are around it, and what looks like a beginning of code is none.
    for (text, is_code) in [
        (
            "```` <!-- confluence-skip-start -->a<!-- confluence-skip-end -->``` ````\n",
            true,
        ),
        (
            "``b` <!-- confluence-skip-start -->a<!-- confluence-skip-end -->``\n",
            true,
        ),
        (
            "`b` <!-- confluence-skip-start -->a<!-- confluence-skip-end --> `c`\n",
            false,
        ),
        (
            "5\\` b <!-- confluence-skip-start -->a<!-- confluence-skip-end --> c\n",
            false,
        ),
        (
            "5` b <!-- confluence-skip-start -->a<!-- confluence-skip-end --> c\n",
            false,
        ),
    ] {
        let shown = storage_text(&storage(text, Flavor::Cloud).content);
        assert_eq!(shown.contains("-->a<!--"), is_code, "{text}: {shown}");
        assert_eq!(shown.contains("skip-end"), is_code, "{text}: {shown}");
        if let Err(fault) = is_read_as_written(text) {
            panic!("{text}: {fault}");
        }
    }
    let heading = "<h2>---\n\n[^1]: note\n```\n<!-- confluence-skip-start --><!-- confluence-skip-end -->```\n";
    if let Err(fault) = is_read_as_written(heading) {
        panic!("{fault}");
    }
}

/// An underscore right beside a dollar sign makes no formula of what is between two of these.
#[test]
fn formulas_stay_formulas_in_emphasis() {
    for text in [
        "<a href=\"x\">---\n**$x$*",
        "\\**$x$*",
        "\\**$x$ and $y$*",
        "\\**a $x$*",
        "_$5_ and *5$*",
    ] {
        if let Err(fault) = is_read_as_written(text).and_then(|()| is_pulled_as_it_is(text)) {
            panic!("{text}: {fault}");
        }
    }
    let written = write_markdown(&read_markdown("\\**$x$*\n"));
    assert_eq!(written, "\\*<em>$x$</em>\n");
}

#[test]
fn markdown_is_written_as_an_author_would() {
    for text in [
        "# Title\n\nText with *emphasis*, **strong**, ~~struck~~ and `code`.\n",
        "**_both_** and _**both**_, *a **b** c* and **a *b* c**.\n",
        "in*si*de *in*side snake_case\\_ \\*stars\\* 2 * 3 C:\\dir\n",
        "- one\n- two\n  - nested\n- three\n\n* another list\n",
        "1. one\n\n2. two\n\n   with a second paragraph\n\n3. three\n",
        "- [x] done\n- [ ] open\n",
        "| A | B |\n| --- | :-: |\n| `a\\|b` | c<br>d |\n| | e |\n",
        "> quoted\n>\n> > twice\n\n> [!NOTE]\n> noted\n",
        "```rust title=\"main.rs\"\nfn main() {}\n```\n",
        "[link](a.md \"Title\") ![alt](b.png) <https://example.com> <me@example.com>\n",
        "[spaced](<a b.md>) [balanced](a_(b)) [not](a\\(b)\n",
        "Note[^1].\n\n[^1]: The note.\n\n    And more.\n",
        "<details>\n<summary>More</summary>\n\nInside.\n\n</details>\n",
        "Term\n: Meaning\n\nOther\n: One\n: Two\n",
        "First\\\nsecond\nthird\n\n---\n\n[TOC]\n\n\\[TOC]\n",
        "## Named {#id}\n\n## Named\n\n<a name=\"here\"></a>Here.\n",
        "---\ntitle: \"A: b\"\nparent: \"Home\"\npage_id: \"7\"\nlabels: [\"a\",\"b\"]\nproperties: {\"x\":{\"y\":[1,null]}}\npublish: false\n\"sidebar_position\": 3\n---\n\nText.\n",
        "\\# \\[a] \\<b> a & b &nbsp;\\&amp; :rocket<wbr>:\n\n1\\. x\n\n\\- y\n\n\\---\n",
    ] {
        let written = write_markdown(&read_markdown(text));
        assert_eq!(written, text);
    }
}

/// Pieces of lines, whose meaning depends on what stands beside them.
fn marks() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "*",
        "**",
        "***",
        "_",
        "__",
        "~~",
        "~",
        "^",
        "a^b^",
        "==",
        "=",
        "{.c}",
        "{#i}",
        "{: width=3}",
        "{:toc}",
        "++ctrl+c++",
        "^^b^^",
        "`",
        "``",
        "\\",
        "\\*",
        "&lt;",
        "&#42;",
        "&amp;lt;",
        "&",
        ";",
        "<em>",
        "</em>",
        "<strong>",
        "</strong>",
        "<s>",
        "</s>",
        "<u>",
        "</u>",
        "<sub>",
        "</sub>",
        "<code>",
        "</code>",
        "<kbd>",
        "</kbd>",
        "<mark>",
        "</mark>",
        "<small>",
        "</small>",
        "<span>",
        "</span>",
        "<br>",
        "<wbr>",
        "[",
        "]",
        "(",
        ")",
        "[x](",
        "](y)",
        "![",
        "[a](https://e.org/b_c)",
        "[^1]",
        "\n[^1]: note\n",
        "\n\n[^2]: *n*\n",
        "!",
        "\"",
        "'",
        ".",
        ",",
        "a",
        "b c",
        "word",
        "7",
        "1. ",
        "2) ",
        "- ",
        "+ ",
        "* ",
        "# ",
        "## x #",
        "#",
        "=",
        "===",
        "---",
        "\n",
        "\n",
        "\n\n",
        " ",
        "  ",
        "  \n",
        "\t",
        "\u{a0}",
        "\u{1f680}",
        "é",
        ":rocket:",
        ":",
        "{#id}",
        "{",
        "}",
        "[TOC]",
        "<",
        ">",
        "> ",
        "|",
        "||",
        "| a | b |\n|:-|-|\n",
        "`<ac:emoticon ac:name=\"x\" />`{=confluence}",
        "`<span style=\"x\">`{=confluence}",
        "`</span>`{=confluence}",
        "{=confluence}",
        "`x`{=confluence}",
        "\n```{=confluence}\n<ac:structured-macro ac:name=\"panel\"><ac:rich-text-body>\n```\n",
        "\n```{=confluence}\n</ac:rich-text-body></ac:structured-macro>\n```\n",
        "\n```{=confluence}\n<hr />\n```\n",
        "<https://example.com>",
        "<me@example.com>",
        "www.example.com",
        "https://example.com/x.",
        "<img src=\"p.png\" width=\"3\" alt=\"a|b\">",
        "<a name=\"q\"></a>",
        "<a href=\"x\">",
        "</a>",
        "\n<div align=\"center\">\n\n",
        "\n</div>\n",
        "<table><tr><td colspan=\"2\" align=\"right\">",
        "<th>",
        "</table>",
        "<ol start=\"7\">",
        "<ol start=\"9999999999\">",
        "<li>",
        "</ol>",
        "    ",
        "- [x] ",
        "- [ ] ",
        "1. [ ] ",
        "\nTerm\n: ",
        "\n: ",
        "<dl><dt>t<dd>",
        "</dl>",
        "~~~ sh title=\"a b\"\n",
        "\n~~~\n",
        "> [!TIP]\n> ",
        "<details><summary>s",
        "</summary>",
        "</details>",
        "<!-- c -->",
        "::",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|parts| parts.concat())
}

/// Markdown without what has no form in Markdown.
fn sayable(text: &str) -> String {
    // What no page can hold is not written, and where it stood an address may begin.
    let text = text.replace(['\0', '\u{1b}', '\u{ffff}'], "");
    // A title has no footnotes, but they count.
    match text.contains("<summary>") {
        true => text.replace("[^1]", "1").replace("[^2]", "2"),
        false => text,
    }
}

pub(crate) fn is_read_as_written(text: &str) -> Result<(), TestCaseError> {
    let document = read_markdown(&sayable(text));
    let written = write_markdown(&document);
    let again = read_markdown(&written);
    prop_assert_eq!(plain(&again), plain(&document), "{}", written);
    Ok(())
}

pub(crate) fn is_pulled_as_it_is(text: &str) -> Result<(), TestCaseError> {
    let pull = |page: &Document| read_storage(&page_of(&read_markdown(&write_markdown(page))));
    let mut page = read_storage(&storage(&sayable(text), Flavor::Cloud).content);
    if page.anchors.iter().any(String::is_empty) {
        // Markdown cannot say that a heading has an anchor without a name.
        page = pull(&page);
    }
    let written = write_markdown(&page);
    let again = read_storage(&page_of(&read_markdown(&written)));
    prop_assert_eq!(plain(&again), plain(&page), "{}", written);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_markdown_is_written_as_it_is_read(text in pieces()) {
        is_read_as_written(&text)?;
    }

    #[test]
    fn any_line_is_written_as_it_is_read(text in marks()) {
        is_read_as_written(&text)?;
    }

    #[test]
    fn any_page_is_pulled_as_it_is(text in prop_oneof![pieces(), marks()]) {
        is_pulled_as_it_is(&text)?;
    }
}

#[test]
fn hostile_documents_are_written_soon() {
    for (piece, count) in [
        ("> ", 6_000),
        ("- ", 6_000),
        ("1. ", 6_000),
        ("*a ", 20_000),
        ("**a*", 20_000),
        ("<b>", 6_000),
        ("<u>x ", 6_000),
        ("<div>", 6_000),
        ("<details>", 6_000),
        ("<table><tr><td>", 6_000),
        ("[a](b) ", 20_000),
        (":a", 50_000),
        ("a:rocket", 20_000),
        ("`a` ", 20_000),
        ("a^2^", 20_000),
        ("a~", 20_000),
        ("==a", 20_000),
        ("==a== ", 20_000),
        ("*a*==b ", 10_000),
        ("*a*{.b}", 20_000),
        ("{.b ", 20_000),
        ("&amp;", 50_000),
        ("`<b>`{=confluence}x", 6_000),
        ("`<b>`{=confluence}`</b>`{=confluence}", 6_000),
        ("\n```{=confluence}\n<b>\n```\n", 6_000),
        ("# a\n", 20_000),
        ("- a\n\n* b\n\n", 6_000),
        ("[^a]", 20_000),
    ] {
        let document = read_markdown(&piece.repeat(count));
        let again = read_markdown(&write_markdown(&document));
        // What is nested deeper than anybody nests may end otherwise, but not without its words.
        let seen = |document: &Document| words(&storage_text(&page_of(document)));
        assert_eq!(seen(&again), seen(&document), "{piece}");
    }
    for (start, end) in [
        ("<blockquote>", "</blockquote>"),
        ("<ul><li>", "</li></ul>"),
        ("<strong>", "</strong>"),
        ("<span style=\"x\">", "</span>"),
        ("<ac:layout-cell>", "</ac:layout-cell>"),
        ("<table><tbody><tr><td>", "</td></tr></tbody></table>"),
    ] {
        let page = format!("{}text{}", start.repeat(6_000), end.repeat(6_000));
        assert!(
            write_markdown(&read_storage(&page)).contains("text"),
            "{start}"
        );
    }
}

#[test]
fn an_empty_second_column_of_a_page_makes_no_heads_of_its_rows() {
    let page = "<table><tbody><tr><td><p>a</p></td><td></td><td><p>b</p></td></tr></tbody></table>";
    let document = read_storage(page);
    let again = read_markdown(&write_markdown(&document));
    assert_eq!(plain(&again), plain(&document));
}

/// What somebody writes on a page is text in its source, and never a request for another file.
#[test]
fn text_of_a_page_takes_in_no_file_of_the_repository() {
    let texts = BTreeMap::from([("b.md".to_owned(), "secret\n".to_owned())]);
    let surroundings = Surroundings::default().with_texts(texts);
    for said in [
        "--8<-- \"b.md\"",
        "-8<- \"b.md\"",
        "--8<--\nb.md\n--8<--",
        ";--8<-- \"b.md\"",
        "<<< ./b.md",
        "<!-- include: b.md -->",
        "<!--@include: ./b.md-->",
        "import B from './b.md'\n\n<B />",
    ] {
        let lines = html_escape::encode_text(said).replace('\n', "<br />");
        for page in [
            format!("<p>{lines}</p>"),
            format!("<p>before<br />{lines}</p>"),
            format!("<ul><li><p>one</p><p>{lines}</p></li></ul>"),
            format!(
                "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[  {said}\n]]>\
                 </ac:plain-text-body></ac:structured-macro>"
            ),
            format!("<ac:unknown><![CDATA[\n{said}\n]]></ac:unknown>"),
        ] {
            let document = read_storage(&page);
            let written = write_markdown(&document);
            let again = read_source("a.md", &written, &surroundings);
            assert!(again.wanted.is_empty(), "{page}\n{written}");
            let shown = page_of(&again);
            assert!(!shown.contains("secret"), "{page}\n{written}");
            assert_eq!(
                storage_text(&shown),
                storage_text(&page_of(&document)),
                "{page}\n{written}"
            );
        }
    }
}

#[test]
fn a_name_in_braces_is_written_as_the_text_that_it_is() {
    let page = read_storage("<p>use {{ product }} and ${{ secret }}, {{ a b }}</p>");
    let written = write_markdown(&page);
    assert_eq!(
        written.trim_end(),
        "use \\{{ product }} and ${{ secret }}, {{ a b }}"
    );
    let again = read_markdown(&written);
    assert_eq!(plain(&again), plain(&page));
    // And again from there.
    assert_eq!(write_markdown(&again), written);
}

#[test]
fn the_size_behind_a_bar_is_the_picture_s() {
    let body = storage(
        "![A plan|100x50](pic.png) ![|30](pic.png) ![a|b](pic.png)",
        Flavor::Cloud,
    );
    for part in [
        "ac:alt=\"A plan\" ac:width=\"100\" ac:height=\"50\"",
        "<ac:image ac:width=\"30\">",
        "ac:alt=\"a|b\">",
    ] {
        assert!(body.content.contains(part), "{part}: {}", body.content);
    }
    // Words of a picture that look like it stay words.
    let page = read_markdown("<img src=\"pic.png\" alt=\"a|100\">");
    assert_eq!(plain(&read_markdown(&write_markdown(&page))), plain(&page));
}

/// The id of a block of code, of a paragraph and of what stands above its attributes is an anchor on
/// the page, before what it names, and links lead there.
#[test]
fn ids_of_blocks_are_anchors_before_them() {
    let anchor = |name: &str| {
        format!(
            "<ac:structured-macro ac:name=\"anchor\" ac:schema-version=\"1\">\
             <ac:parameter ac:name=\"\">{name}</ac:parameter></ac:structured-macro>"
        )
    };
    let code = "<ac:structured-macro ac:name=\"code\"";
    for (text, expected) in [
        (
            "```js {#a}\nx\n```\n",
            format!("<p>{}</p>{code}", anchor("a")),
        ),
        (
            "``` {#a .js title=\"T\"}\nx\n```\n",
            format!("<p>{}</p>{code}", anchor("a")),
        ),
        (
            "```js\nx\n```\n{: #a}\n",
            format!("<p>{}</p>{code}", anchor("a")),
        ),
        (
            "<pre id=\"a\">x</pre>\n",
            format!("<p>{}</p>{code}", anchor("a")),
        ),
        (
            "Before.\n\nLast words. {#a}\n",
            format!("<p>{}Last words.</p>", anchor("a")),
        ),
        ("Words\n{#a}\n", format!("<p>{}Words</p>", anchor("a"))),
        ("{#a}\n\nNext\n", format!("<p>{}Next</p>", anchor("a"))),
    ] {
        let text = format!("[to](#a)\n\n{text}");
        let body = storage(&text, Flavor::Cloud);
        assert_eq!(body.problems, [], "{text}");
        assert!(body.content.contains(&expected), "{text}: {}", body.content);
        assert!(
            body.content.contains("<ac:link ac:anchor=\"a\">"),
            "{}",
            body.content
        );
        assert!(
            !body.content.contains('#') && !body.content.contains('{'),
            "{}",
            body.content
        );
    }
    let language = |text: &str| match &read_markdown(text).blocks[..] {
        [
            ..,
            Placed {
                is: Block::Code { language, .. },
                ..
            },
        ] => language.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(language("``` {#a .js}\nx\n```\n").as_deref(), Some("js"));
    assert_eq!(language("``` {#a}\nx\n```\n"), None);
    // Classes alone, and braces in words, are words.
    for text in ["Words {.a}", "Words{#a}", "In {#a} words"] {
        let body = storage(text, Flavor::Cloud).content;
        assert_eq!(body, format!("<p>{text}</p>"));
    }
}

/// A value without quotes has no `<` in it, in CommonMark as here: the tag is text.
#[test]
fn a_tag_whose_value_has_the_sign_of_another_is_text() {
    let text = "<div>\n<a href=b<c>words</a>\n</div>\n";
    let body = storage(text, Flavor::Cloud).content;
    assert!(body.contains("&lt;a href=b"), "{body}");
    assert!(body.contains("words"), "{body}");
    let body = storage("<div>\n<a href=b>words</a>\n</div>\n", Flavor::Cloud).content;
    assert!(!body.contains("&lt;"), "{body}");
}
