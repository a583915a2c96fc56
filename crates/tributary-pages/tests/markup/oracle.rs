//! What a reader sees of a page, beside what an independent implementation of GitHub's Markdown
//! shows (the crate `comrak`, a port of GitHub's own `cmark-gfm`).
//!
//! Both are reduced to their words in order and have to be equal, letter by letter: a space that is
//! lost between two words is a difference, how wide it is and where lines break is none. What differs
//! by intention is taken out on both sides, by rules that stand here with their reasons.

use std::collections::BTreeSet;

use dom_query::{Document, NodeRef};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use tributary_pages::markup::{
    AdfOptions, Flavor, ImageTarget, LinkTarget, Resolve, StorageOptions, read_markdown, write_adf,
    write_storage,
};

use crate::corpus::real_documents;

/// Everything is there.
struct Everything;

impl Resolve for Everything {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(format!("https://example.com/{}", target.len()))
    }

    fn image(&self, _: &str) -> ImageTarget {
        ImageTarget::Attachment {
            filename: "picture.png".to_owned(),
            width: None,
            height: None,
        }
    }
}

/// What GitHub's renderer makes of Markdown.
pub(crate) fn reference(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.shortcodes = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}

/// The words of HTML that a reader sees.
pub(crate) fn seen_of_html(html: &str) -> String {
    let document = Document::from(html);
    let mut seen = String::new();
    see(&document.root(), &mut seen);
    words(&seen)
}

/// Elements of HTML that part words. Others stand within a line, unknown ones too.
const PARTING: [&str; 38] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "listing",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// Elements of stored pages that stand within a line; the others part words.
const IN_A_LINE: [&str; 40] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
    "ac:image",
    "ac:link",
    "ac:link-body",
    "ac:emoticon",
    "ac:plain-text-link-body",
    "ri:page",
    "ri:url",
    "ri:attachment",
    "ac:inline-comment-marker",
];

fn see(node: &NodeRef<'_>, seen: &mut String) {
    if node.is_text() {
        seen.push_str(&node.text());
        return;
    }
    if let Some(name) = node.node_name() {
        let class = node.attr("class").unwrap_or_default();
        let hidden = match &*name {
            "script" | "style" | "template" | "noscript" | "head" | "title" => true,
            // The numbers of footnotes and the ways back from them stand elsewhere on a page.
            "a" => class.contains("footnote-backref"),
            "sup" => class.contains("footnote-ref"),
            // A panel says its kind by color and sign.
            "p" => class.contains("markdown-alert-title"),
            _ => false,
        };
        if hidden {
            return;
        }
    }
    let parts = node
        .node_name()
        .is_some_and(|name| PARTING.contains(&&*name));
    if parts {
        seen.push(' ');
    }
    // A link without words shows its address, so that readers can follow it.
    let is_bare = node.node_name().is_some_and(|name| &*name == "a")
        && node.text().trim().is_empty()
        && !node
            .descendants()
            .iter()
            .any(|inside| inside.has_name("img"));
    if let Some(target) = node.attr("href").filter(|_| is_bare) {
        seen.push_str(&format!("https://example.com/{}", target.len()));
    }
    // The id that documentation generators give a heading is its anchor, and no text.
    let is_heading = node
        .node_name()
        .is_some_and(|name| name.len() == 2 && name.starts_with('h') && &*name != "hr");
    let before = seen.len();
    // What mdBook's wrapper says by its attributes, mdBook and the page show.
    let is_listing = node.node_name().is_some_and(|name| &*name == "listing");
    let said = |name: &str| {
        node.attr(name)
            .filter(|value| is_listing && !value.is_empty())
    };
    seen.push_str(&said("file-name").unwrap_or_default());
    for child in node.children() {
        see(&child, seen);
    }
    if is_heading
        && let Some(open) = seen[before..].rfind("{#")
        && seen.trim_end().ends_with('}')
    {
        seen.truncate(before + open);
    }
    if let Some(number) = said("number") {
        seen.push_str(&format!("Listing {number}"));
    }
    if let Some(caption) = said("caption") {
        let colon = if said("number").is_some() { ": " } else { "" };
        seen.push_str(&format!("{colon}{}", caption.replace('`', "")));
    }
    if parts {
        seen.push(' ');
    }
}

/// The words of a text. Boxes are left out: a list of tasks and other entries has them as
/// letters on a page, and as fields in HTML.
fn words(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|letter| letter.is_whitespace() || !letter.is_control())
        .filter(|letter| !matches!(letter, '☐' | '☑'))
        .collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    words.join(" ")
}

/// Whether an element of a stored page parts the words around it, which what is in a macro of a line
/// does not.
fn parts_words(name: &str, macros: &[String]) -> bool {
    let is_inline = |inside: &String| ["anchor", "status"].contains(&inside.as_str());
    !IN_A_LINE.contains(&name) && !macros.last().is_some_and(is_inline)
}

/// The words of a stored page that a reader sees.
fn seen_of_storage(page: &str) -> String {
    let wrapped = format!("<page>{page}</page>");
    let mut reader = Reader::from_str(&wrapped);
    let mut seen = String::new();
    // How deep in what is not shown, and the macros around.
    let mut hidden = 0_usize;
    let mut macros: Vec<String> = Vec::new();
    loop {
        match reader.read_event().expect("the page is well-formed") {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                let value = |wanted: &str| {
                    let attribute = start.try_get_attribute(wanted).ok().flatten();
                    attribute.map(|found| found.value.into_owned())
                };
                if name == "ac:structured-macro" {
                    macros.push(value("ac:name").unwrap_or_default());
                }
                let shown_title = name == "ac:parameter"
                    && value("ac:name").as_deref() == Some("title")
                    && macros.last().is_some_and(|inside| {
                        ["expand", "status", "code"].contains(&inside.as_str())
                    });
                let is_hidden = (name == "ac:parameter" && !shown_title)
                    || ["ac:task-id", "ac:task-status", "ac:task-uuid"].contains(&name.as_str())
                    // The numbers of footnotes and the ways back from them.
                    || (name == "ac:link"
                        && value("ac:anchor").is_some_and(|anchor| anchor.starts_with("footnote-")));
                if hidden > 0 || is_hidden {
                    hidden += 1;
                }
                if parts_words(&name, &macros) {
                    seen.push(' ');
                }
            }
            Event::End(end) => {
                if parts_words(end.name().as_ref(), &macros) {
                    seen.push(' ');
                }
                if end.name().as_ref() == "ac:structured-macro" {
                    macros.pop();
                }
                hidden = hidden.saturating_sub(1);
            }
            Event::Empty(tag) if !IN_A_LINE.contains(&tag.name().as_ref()) => seen.push(' '),
            Event::Text(text) if hidden == 0 => {
                seen.push_str(&text.into_inner());
            }
            Event::CData(text) if hidden == 0 => {
                seen.push_str(&html_escape::encode_text(&text.into_inner()));
            }
            Event::GeneralRef(entity) if hidden == 0 => {
                seen.push_str(&format!("&{};", entity.into_inner()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    words(&html_escape::decode_html_entities(&seen))
}

/// The words of a document of Atlassian's format that a reader sees.
fn seen_of_adf(document: &str) -> String {
    let document: Value = serde_json::from_str(document).expect("it is JSON");
    let mut seen = String::new();
    see_adf(&document, &mut seen);
    words(&seen)
}

fn see_adf(node: &Value, seen: &mut String) {
    let is_footnote = node["marks"].as_array().into_iter().flatten().any(|mark| {
        mark["attrs"]["href"]
            .as_str()
            .is_some_and(|href| href.starts_with("#footnote-"))
    });
    // A picture's title has no other place in this format than its caption.
    if is_footnote || node["type"] == "caption" {
        return;
    }
    for text in [&node["text"], &node["attrs"]["title"]] {
        seen.push_str(text.as_str().unwrap_or_default());
    }
    if ["status", "emoji", "mention"].contains(&node["type"].as_str().unwrap_or_default()) {
        seen.push_str(node["attrs"]["text"].as_str().unwrap_or_default());
    }
    let in_a_line = [
        "text",
        "emoji",
        "mention",
        "status",
        "date",
        "inlineExtension",
        "mediaInline",
    ];
    let parts = !in_a_line.contains(&node["type"].as_str().unwrap_or_default());
    if parts {
        seen.push(' ');
    }
    for child in node["content"].as_array().into_iter().flatten() {
        see_adf(child, seen);
    }
    if parts {
        seen.push(' ');
    }
}

/// The pages a document becomes, by their format.
fn pages(text: &str) -> Vec<(&'static str, String)> {
    let document = read_markdown(text);
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: Some(&BTreeSet::new()),
    };
    let storage = write_storage(&document, &options, &Everything).content;
    let options = AdfOptions {
        omit_title: false,
        anchors: Some(&BTreeSet::new()),
    };
    let adf = write_adf(&document, &options, &Everything).content;
    vec![
        ("storage", seen_of_storage(&storage)),
        ("adf", seen_of_adf(&adf)),
    ]
}

/// Where two texts differ, with what stands around.
pub(crate) fn difference(reference: &str, page: &str) -> Option<String> {
    if reference == page {
        return None;
    }
    let diff = similar::TextDiff::from_chars(reference, page);
    let mut told = String::new();
    for group in diff.grouped_ops(12).into_iter().take(4) {
        told.push_str("  …");
        for change in group
            .iter()
            .flat_map(|operation| diff.iter_changes(operation))
        {
            match change.tag() {
                similar::ChangeTag::Equal => told.push_str(change.value()),
                similar::ChangeTag::Delete => {
                    told.push_str(&format!("⟦-{}⟧", change.value()));
                }
                similar::ChangeTag::Insert => {
                    told.push_str(&format!("⟦+{}⟧", change.value()));
                }
            }
        }
        told.push_str("…\n");
    }
    Some(told)
}

#[test]
fn real_pages_say_letter_by_letter_what_github_s_renderer_shows() {
    let Some(found) = real_documents("md") else {
        return;
    };
    let mut differing = Vec::new();
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        let expected = seen_of_html(&reference(&text));
        for (format, page) in pages(&text) {
            if let Some(told) = difference(&expected, &page) {
                differing.push(format!("{} ({format})\n{told}", path.display()));
            }
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

/// The examples of CommonMark's specification: number, Markdown, HTML.
pub(crate) fn examples() -> Vec<(usize, String, String)> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        std::path::PathBuf::from,
    );
    let path = target.join("conversion-suite/node_modules/commonmark-spec/spec.txt");
    let text = std::fs::read_to_string(&path)
        .expect("the specification is beside the build; `scripts/test` puts it there");
    let fence = "`".repeat(32);
    let mut found = Vec::new();
    for part in text.split(&format!("{fence} example\n")).skip(1) {
        let (example, _) = part.split_once(&format!("{fence}\n")).expect("it ends");
        let (markdown, html) = example.split_once("\n.\n").unwrap_or_else(|| {
            let markdown = example.strip_prefix(".\n").expect("an empty example");
            ("", markdown)
        });
        let plain = |text: &str| text.replace('→', "\t");
        found.push((
            found.len() + 1,
            format!("{}\n", plain(markdown)),
            plain(html),
        ));
    }
    assert_eq!(found.len(), 652);
    found
}

/// Examples whose page shows other letters than the specification's HTML, and why.
const BY_INTENTION: [(&[usize], &str); 3] = [
    (
        &[150, 163, 171, 201, 491, 524, 536, 613, 614, 615, 617, 623],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (
        &[156, 157, 158],
        "a tag that nothing ends is shown, because a browser would swallow the text behind it",
    ),
    (
        &[187, 344, 476, 477, 630, 631, 642, 643],
        "a link without words that nothing ends has no address to show on the page",
    ),
];

/// Every example's page says what its HTML does, but those that are listed; and these differ.
fn keep_their_text(examples: &[(usize, String, String)], listed: &[(&[usize], &str)]) {
    let mut differing = Vec::new();
    let mut numbers = BTreeSet::new();
    let intended: BTreeSet<usize> = listed
        .iter()
        .flat_map(|(numbers, _)| numbers.iter().copied())
        .collect();
    for (number, markdown, html) in examples {
        let expected = seen_of_html(html);
        for (format, page) in pages(markdown) {
            if let Some(told) = difference(&expected, &page) {
                numbers.insert(*number);
                if !intended.contains(number) {
                    differing.push(format!("{number} ({format}) {markdown:?}\n{told}"));
                }
            }
        }
    }
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
    assert_eq!(numbers, intended, "what is listed as intended differs");
}

#[test]
fn every_example_of_commonmark_keeps_its_text() {
    keep_their_text(&examples(), &BY_INTENTION);
}

/// The examples of a suite of GitHub's, which is under a license that keeps it out of the
/// repository, so that it is read where it is beside it.
pub(crate) fn examples_of_github(name: &str) -> Option<Vec<(usize, String, String)>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("../../../shared/specs/markdown").join(name);
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: GitHub's examples are not here");
        return None;
    };
    let read: Value = serde_json::from_str(&text).expect("the examples are JSON");
    let read = read.as_array().expect("they are a list").iter();
    let found = read.enumerate().map(|(at, example)| {
        let text = |name: &str| example[name].as_str().expect("it is text").to_owned();
        (at + 1, text("markdown"), text("html"))
    });
    Some(found.collect())
}

/// Examples of GitHub's specification whose page shows other letters, and why.
const BY_INTENTION_OF_GITHUB: [(&[usize], &str); 5] = [
    (
        &[120, 133, 170, 500, 532, 544, 632, 633, 634, 636, 642],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (
        &[126, 127, 128],
        "a tag that nothing ends is shown, because a browser would swallow the text behind it",
    ),
    (
        &[156, 354, 485, 486, 650, 651, 663, 664],
        "a link without words that nothing ends has no address to show on the page",
    ),
    (
        &[645, 646],
        "a comment is what CommonMark takes for one since",
    ),
    (&[653], "a style is left out, and told"),
];

#[test]
fn every_example_of_github_s_specification_keeps_its_text() {
    let Some(found) = examples_of_github("gfm-spec.json") else {
        return;
    };
    assert_eq!(found.len(), 673);
    keep_their_text(&found, &BY_INTENTION_OF_GITHUB);
}

/// Examples of the tests of GitHub's extensions whose page shows other letters, and why.
const BY_INTENTION_OF_EXTENSIONS: [(&[usize], &str); 3] = [
    (&[20], "the reference asks only that nothing crashes"),
    (
        &[22],
        "a tag that is no HTML is shown, because it is a placeholder or a type more often than not",
    ),
    (&[23], "a footnote that nothing mentions is shown"),
];

#[test]
fn every_example_of_github_s_extensions_keeps_its_text() {
    let Some(found) = examples_of_github("gfm-extensions.json") else {
        return;
    };
    assert_eq!(found.len(), 28);
    keep_their_text(&found, &BY_INTENTION_OF_EXTENSIONS);
}

#[test]
fn what_github_adds_keeps_its_text() {
    let mut differing = Vec::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/markup");
    for name in ["alerts", "links", "lists", "tables", "tasks", "text"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.md")));
        let text = text.expect("the fixture is read");
        let expected = seen_of_html(&reference(&text));
        assert!(!expected.is_empty(), "{name}");
        for (format, page) in pages(&text) {
            if let Some(told) = difference(&expected, &page) {
                differing.push(format!("{name} ({format})\n{told}"));
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
