//! Storage format read back: what we write is read as it was, and of what others wrote nothing is
//! lost.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use tributary_pages::markup::{
    AdfOptions, Block, Body, Document, Flavor, HtmlOptions, Inline, Placed, StorageOptions,
    StoredTargets, carry_comments, read_markdown, read_storage, write_adf, write_html,
    write_markdown, write_markdown_of_page, write_storage,
};

use tributary_sandbox::format::{check_storage, storage_text};

use crate::any::pieces;
use crate::{read_alone, storage, stored_document, words};

/// Writes a document that was read from a page, with the anchors that the page has.
pub(crate) fn stored(document: &Document, flavor: Flavor) -> Body {
    let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
    let options = StorageOptions {
        flavor,
        omit_title: false,
        anchors: Some(&anchors),
    };
    write_storage(document, &options, &StoredTargets)
}

/// Every source of the fixtures, and what is read of it.
pub(crate) fn fixtures() -> Vec<(PathBuf, Document)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/markup");
    let entries = std::fs::read_dir(folder).expect("the fixtures are there");
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            !path
                .extension()
                .is_some_and(|ending| ending == "xml" || ending == "adf")
        })
        .collect();
    found.sort();
    assert!(found.len() >= 14);
    let read = found.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path).expect("the fixture is read");
        let document = read_alone(&path.to_string_lossy(), &text);
        (path, document)
    });
    read.collect()
}

#[test]
fn the_fixtures_are_written_as_they_were() {
    for (path, source) in fixtures() {
        for flavor in [Flavor::Cloud, Flavor::DataCenter] {
            let page = stored_document(&source, flavor).content;
            let document = read_storage(&page);
            assert_eq!(
                stored(&document, flavor).content,
                page,
                "{}",
                path.display()
            );
            let told = document.problems.iter();
            let unexpected = told
                .filter(|problem| problem.code != "storage.kept")
                .count();
            assert_eq!(unexpected, 0, "{}", path.display());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_page_of_ours_is_written_as_it_was(text in pieces()) {
        for flavor in [Flavor::Cloud, Flavor::DataCenter] {
            let page = storage(&text, flavor).content;
            prop_assert_eq!(stored(&read_storage(&page), flavor).content, page);
        }
    }
}

/// Every hand-written page of the fixtures, as others than we write them.
pub(crate) fn foreign_pages() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/stored");
    let entries = std::fs::read_dir(folder).expect("the fixtures are there");
    let mut found: Vec<(String, String)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "xml"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("the page is read");
            (name.into_owned(), text)
        })
        .collect();
    found.sort();
    assert!(found.len() >= 12);
    found
}

/// What a document keeps as it stands.
fn kept(blocks: &[Placed<Block>], found: &mut Vec<String>) {
    fn inlines(content: &[Inline], found: &mut Vec<String>) {
        for inline in content {
            match inline {
                Inline::Foreign {
                    start,
                    content,
                    end,
                } => {
                    found.extend([start.clone(), end.clone()]);
                    inlines(content, found);
                }
                Inline::Styled(_, content) | Inline::Link { content, .. } => {
                    inlines(content, found);
                }
                _ => {}
            }
        }
    }
    for block in blocks {
        match &block.is {
            Block::Foreign { start, blocks, end } => {
                found.extend([start.clone(), end.clone()]);
                kept(blocks, found);
            }
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                inlines(content, found);
            }
            Block::List { items, .. } => {
                for item in items {
                    kept(&item.blocks, found);
                }
            }
            Block::Table { head, body, .. } => {
                for cell in head.iter().chain(body).flat_map(|row| &row.cells) {
                    kept(&cell.blocks, found);
                }
            }
            Block::Quote(blocks)
            | Block::Panel { blocks, .. }
            | Block::Expand { blocks, .. }
            | Block::Excerpt { blocks, .. } => {
                kept(blocks, found);
            }
            _ => {}
        }
    }
}

/// Words that a page has and another has not, or not as often.
fn missing(page: &str, written: &str) -> Vec<String> {
    let have = words(&seen(written));
    words(&seen(page))
        .into_iter()
        .filter(|(word, count)| have.get(word).copied().unwrap_or(0) < *count)
        .map(|(word, _)| word)
        .collect()
}

/// What a reader sees, titles of panels and words of statuses included.
fn seen(page: &str) -> String {
    let mut seen = storage_text(page);
    // Inside CDATA a tag is text.
    let parts = page.split("<![CDATA[").enumerate();
    let tags: Vec<&str> = parts
        .map(|(at, part)| match part.split_once("]]>") {
            Some((_, tags)) if at > 0 => tags,
            _ => part,
        })
        .collect();
    for title in tags.concat().split("ac:name=\"title\">").skip(1) {
        seen.push(' ');
        let title = title.split('<').next().unwrap_or_default();
        seen.push_str(&html_escape::decode_html_entities(title));
    }
    seen
}

#[test]
fn no_word_of_foreign_pages_is_lost_and_what_is_kept_stands_as_it_was() {
    for (name, page) in foreign_pages() {
        let document = read_storage(&page);
        let written = stored(&document, Flavor::Cloud);
        assert_eq!(check_storage(&written.content), Ok(()), "{name}");
        assert_eq!(written.problems, [], "{name}");
        // The sandbox sees nothing of a page that is not well-formed.
        let whole = check_storage(&page).is_ok();
        assert_eq!(whole, name != "broken", "{name}");
        assert_eq!(
            missing(&page, &written.content),
            Vec::<String>::new(),
            "{name}"
        );
        let mut parts = Vec::new();
        kept(&document.blocks, &mut parts);
        for part in &parts {
            assert!(page.contains(part), "{name}: {part}");
            assert!(written.content.contains(part), "{name}: {part}");
        }
        let problems = document.problems.iter();
        let told = problems
            .filter(|problem| problem.code == "storage.kept")
            .count();
        // What has a form in Markdown is not told.
        let has_form = |part: &&String| {
            [
                "<span style=\"color: rgb(",
                "<time datetime=",
                "<ac:link><ri:user ri:account-id=\"5f1a:77-42\"",
                "<ac:structured-macro ac:name=\"status\"",
                "<ac:structured-macro ac:name=\"jira\"",
                "<ac:structured-macro ac:name=\"children\"",
            ]
            .iter()
            .any(|start| part.starts_with(start))
        };
        let kept = parts.len() / 2 - parts.iter().filter(has_form).count();
        assert_eq!(told, kept, "{name}: what is kept is told");
        let again = read_storage(&written.content);
        assert_eq!(
            stored(&again, Flavor::Cloud).content,
            written.content,
            "{name}"
        );
    }
}

#[test]
fn text_of_broken_pages_is_kept() {
    let (_, page) = foreign_pages()
        .into_iter()
        .find(|(name, _)| name == "broken")
        .expect("the page is there");
    let document = read_storage(&page);
    let written = stored(&document, Flavor::Cloud).content;
    let shown = words(&tributary_pages::markup::storage_text(&written));
    for word in [
        "One", "bold", "both", "a", "b", "c", "unknown", "after", "x", "y", "kept", "words",
        "unclosed",
    ] {
        assert!(shown.contains_key(word), "{word}: {written}");
    }
    let problem = &document.problems[0];
    assert_eq!(
        (problem.code, problem.line),
        ("storage.not_well_formed", 1),
        "{problem:?}"
    );
}

#[test]
fn the_lines_that_a_body_is_laid_out_in_are_no_words() {
    let page = "<p>to<ac:link>\n<ri:page ri:content-title=\"Guide\" />\n<ac:link-body>gether\
                </ac:link-body>\n</ac:link>, a <ac:link>\n<ri:page ri:content-title=\"Page\" />\n\
                </ac:link> and <ac:structured-macro ac:name=\"status\">\n<ac:parameter \
                ac:name=\"title\">Done</ac:parameter>\n</ac:structured-macro>.</p>";
    let text = tributary_pages::markup::storage_text(page);
    assert_eq!(text, "together, a Page and [Done].\n");
}

#[test]
fn comments_find_their_words_after_reading() {
    let (_, page) = foreign_pages()
        .into_iter()
        .find(|(name, _)| name == "comments")
        .expect("the page is there");
    let written = stored(&read_storage(&page), Flavor::Cloud).content;
    assert!(!written.contains("inline-comment-marker"));
    assert_eq!(carry_comments(&page, &written).body, page.trim_end());
}

#[test]
fn places_of_problems_are_lines_and_columns() {
    let page = "<p>ä</p>\n<p>ü <ac:emoticon ac:name=\"x\" /></p>";
    let problems = read_storage(page).problems;
    let found: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code, problem.line, problem.column))
        .collect();
    assert_eq!(found, [("storage.kept", 2, 6)]);
    assert_eq!(
        problems[0].message,
        "`ac:emoticon` has no form here; it is kept as Confluence stores it"
    );
}

/// Whether a body is well-formed, whatever its elements mean.
fn is_well_formed(body: &str) -> bool {
    let mut reader = Reader::from_str(body);
    reader.config_mut().check_comments = true;
    let mut open = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return open == 0,
            Ok(Event::Start(start)) if start.attributes().all(|found| found.is_ok()) => open += 1,
            Ok(Event::Empty(start)) if start.attributes().all(|found| found.is_ok()) => {}
            Ok(Event::End(_)) => open -= 1,
            Ok(Event::Text(text)) if !text.contains("]]>") => {}
            Ok(Event::CData(_) | Event::GeneralRef(_) | Event::Comment(_)) => {}
            _ => return false,
        }
    }
}

fn well_written(page: &str) -> Result<(), TestCaseError> {
    let document = read_storage(page);
    let written = stored(&document, Flavor::Cloud).content;
    let start: String = page.chars().take(80).collect();
    prop_assert!(is_well_formed(&written), "{}", start);
    // What Confluence takes it takes again.
    if page.len() < 10_000 && check_storage(page).is_ok() {
        prop_assert_eq!(check_storage(&written), Ok(()), "{}", start);
        prop_assert_eq!(missing(page, &written), Vec::<String>::new(), "{}", start);
        let again = stored(&read_storage(&written), Flavor::Cloud).content;
        prop_assert_eq!(again, written, "{}", start);
    }
    Ok(())
}

/// Pieces that pages are made of, put together at random, mostly into what is not well-formed.
pub(crate) fn stored_pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<h2>",
        "</h2>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<ol start=\"3\">",
        "</ol>",
        "<table>",
        "<tbody>",
        "<tr>",
        "<td>",
        "</td>",
        "<th colspan=\"2\">",
        "</th>",
        "</tr>",
        "</tbody>",
        "</table>",
        "<td />",
        "<td valign=\"middle\">",
        "<div dir=\"rtl\">",
        "</div>",
        "<abbr title=\"a\">",
        "</abbr>",
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "<code>",
        "</code>",
        "<br />",
        "<ac:emoticon ac:name=\"tick\" />",
        "<br>",
        "<hr />",
        "<a href=\"https://e.org\">",
        "</a>",
        "<a href=\"javascript:x\">",
        "<ac:link ac:anchor=\"x\">",
        "<ac:link-body>",
        "</ac:link-body>",
        "</ac:link>",
        "<ri:page ri:content-title=\"T\" />",
        "<ri:attachment ri:filename=\"f.png\" />",
        "<ac:image>",
        "</ac:image>",
        "<ac:structured-macro ac:name=\"code\">",
        "<ac:structured-macro ac:name=\"info\">",
        "<ac:structured-macro ac:name=\"panel\">",
        "<ac:structured-macro ac:name=\"anchor\">",
        "<ac:structured-macro ac:name=\"toc\" />",
        "<ac:parameter ac:name=\"\">",
        "<ac:parameter ac:name=\"title\">",
        "</ac:parameter>",
        "<ac:rich-text-body>",
        "</ac:rich-text-body>",
        "<ac:plain-text-body>",
        "</ac:plain-text-body>",
        "</ac:structured-macro>",
        "<![CDATA[x]]>",
        "<![CDATA[",
        "]]>",
        "<ac:task-list>",
        "<ac:task>",
        "<ac:task-status>",
        "complete",
        "</ac:task-status>",
        "<ac:task-body>",
        "</ac:task-body>",
        "</ac:task>",
        "</ac:task-list>",
        "<ac:layout>",
        "<ac:layout-section>",
        "<ac:layout-cell>",
        "</ac:layout-cell>",
        "</ac:layout-section>",
        "</ac:layout>",
        "<ac:emoticon ac:name=\"x\" />",
        "<time datetime=\"2026-01-01\" />",
        "<span>",
        "<span style=\"color: red;\">",
        "</span>",
        "<blockquote>",
        "</blockquote>",
        "<sup>",
        "</sup>",
        "footnote-1",
        "footnote-1-mention-1",
        "☑ ",
        "text",
        " ",
        "\n",
        "&amp;",
        "&",
        "<",
        "&nbsp;",
        "&x;",
        "\u{1}",
        "<!-- c -->",
        "<script>",
        "</script>",
        "<x y=\"1\" z>",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_stored_pieces_are_read_and_written(page in stored_pieces()) {
        well_written(&page)?;
    }

    #[test]
    fn any_text_is_read_as_a_page(page in "\\PC{0,200}") {
        well_written(&page)?;
    }
}

#[test]
fn a_heading_that_a_page_begins_with_is_no_title_of_its_markdown() {
    for page in [
        "<h1>H</h1><p>x</p>",
        "<h1>One <strong>b</strong></h1><h1>Two</h1>",
        "<h1 style=\"text-align: center;\">H</h1><p>x</p>",
    ] {
        let markdown = write_markdown_of_page(&read_storage(page));
        let mut document = read_markdown(&markdown);
        assert_eq!(document.title, None, "{markdown}");
        assert_eq!(write_markdown_of_page(&document), markdown);
        // Nothing links to its headings.
        document.anchors.clear();
        let again = stored(&document, Flavor::Cloud).content;
        assert_eq!(again, page, "{markdown}");
        let anchors = BTreeSet::new();
        let options = AdfOptions {
            omit_title: true,
            anchors: Some(&anchors),
        };
        let adf = write_adf(&document, &options, &StoredTargets);
        assert!(adf.problems.is_empty(), "{:?}", adf.problems);
        let adf: serde_json::Value = serde_json::from_str(&adf.content).expect("JSON");
        assert_eq!(adf["content"][0]["type"], "heading", "{adf}");
        let options = HtmlOptions { omit_title: true };
        let html = write_html(&document, &options, &StoredTargets).content;
        assert!(
            html.contains("<h1") && !html.contains("foreign"),
            "what keeps the heading is not seen: {html}"
        );
    }
    // Any other page is written as it was.
    for page in ["<p>x</p><h1>H</h1>", "<h2>H</h2>", "<h1></h1><p>x</p>"] {
        let document = read_storage(page);
        let plain = write_markdown(&document);
        assert_eq!(write_markdown_of_page(&document), plain);
    }
}

#[test]
fn names_of_attributes_may_be_anything() {
    // Their second byte need not begin a letter.
    for name in ["\u{202e}colspan", "oñclick", "größe", "\u{10ffff}"] {
        let page = format!(
            "<table><tbody><tr><td {name}=\"2\">the text of the cell</td></tr></tbody></table>"
        );
        let document = format!("{:?}", read_storage(&page));
        assert!(
            document.contains("the text of the cell"),
            "{name}: {document}"
        );
    }
}

#[test]
fn hostile_pages_end_soon() {
    for (piece, count) in [
        ("<p>", 30_000),
        ("<b>", 30_000),
        ("<ul><li>", 15_000),
        ("<ul>", 15_000),
        ("<ol><x>", 6_000),
        ("<ul><ol></p>", 6_000),
        ("<blockquote>", 15_000),
        ("<x>", 30_000),
        ("</p>", 30_000),
        ("<b></i>", 15_000),
        ("<br>", 15_000),
        ("<hr />", 15_000),
        ("<![CDATA[", 15_000),
        ("<!--", 15_000),
        ("&", 60_000),
        ("&amp;", 30_000),
        ("<", 60_000),
        ("<a href=\"", 15_000),
        ("<a x=\"1\" ", 6_000),
        (
            "<ac:structured-macro ac:name=\"panel\"><ac:rich-text-body>",
            6_000,
        ),
        (
            "<ac:structured-macro ac:name=\"anchor\"><ac:parameter>",
            6_000,
        ),
        ("<ac:task-list><ac:task><ac:task-body>", 6_000),
        ("<table><tr><td>", 6_000),
        ("<span style=\"x\">", 15_000),
        ("<h2>x</h2>", 6_000),
        ("<ol><li><p>", 6_000),
    ] {
        let page = piece.repeat(count);
        well_written(&page).unwrap_or_else(|fault| panic!("{piece}: {fault}"));
        // The same, ended in order.
        let names: Vec<&str> = piece
            .split('<')
            .skip(1)
            .filter_map(|tag| tag.split([' ', '>']).next())
            .filter(|name| !name.starts_with(['/', '!']) && !name.is_empty())
            .collect();
        if !page.contains("/>") && piece.ends_with('>') && names.len() < 4 {
            let ends: String = names
                .iter()
                .rev()
                .map(|name| format!("</{name}>"))
                .collect();
            let whole = format!("{page}text{}", ends.repeat(count));
            well_written(&whole).unwrap_or_else(|fault| panic!("{piece}, ended: {fault}"));
        }
    }
}
