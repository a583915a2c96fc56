//! What holds for everything that is read and written.
//!
//! The checkers of both formats are the sandbox's, which shares no code with the writers; HTML is
//! looked at with a parser of browsers' HTML.

use std::collections::{BTreeMap, BTreeSet};

use dom_query::{Document as Html, NodeRef};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use tributary_pages::markup::{
    AdfOptions, Document, Flavor, HtmlOptions, ImageTarget, LinkTarget, Resolve, StorageOptions,
    StoredTargets, adf_to_storage, fill_adf, merge_storage, pages_wanted, read_markdown,
    read_storage, storage_text, storage_to_adf, stored_links, unfill_adf, without_unfilled,
    write_adf, write_html, write_markdown, write_storage,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::common::within_time;

/// Resolves targets by simple rules, as a repository with a few files would.
struct Simple;

impl Resolve for Simple {
    fn link(&self, target: &str) -> LinkTarget {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let anchor = (!anchor.is_empty()).then(|| anchor.to_owned());
        match (path, anchor) {
            ("", Some(anchor)) => LinkTarget::Anchor(anchor),
            ("other.md", anchor) => LinkTarget::Page {
                title: "Other & more".to_owned(),
                space: None,
                anchor,
            },
            ("file.zip", _) => LinkTarget::Attachment {
                filename: "file.zip".to_owned(),
            },
            (path, _) if path.contains(':') => LinkTarget::Url(target.to_owned()),
            _ => LinkTarget::Missing {
                reason: format!("`{path}` does not exist").into(),
            },
        }
    }

    fn image(&self, target: &str) -> ImageTarget {
        match target {
            "pic.png" => ImageTarget::Attachment {
                filename: "pic.png".to_owned(),
                width: Some(10),
                height: None,
            },
            target if target.starts_with("http") => ImageTarget::Url(target.to_owned()),
            _ => ImageTarget::Missing {
                reason: format!("`{target}` does not exist").into(),
            },
        }
    }
}

/// A document in storage format.
pub fn storage(document: &Document, flavor: Flavor) -> String {
    let options = StorageOptions {
        flavor,
        omit_title: false,
        anchors: None,
    };
    write_storage(document, &options, &Simple).content
}

/// A document that was read from a page, in storage format.
pub fn stored(document: &Document, flavor: Flavor) -> String {
    let anchors: BTreeSet<String> = document.anchors.iter().cloned().collect();
    let options = StorageOptions {
        flavor,
        omit_title: false,
        anchors: Some(&anchors),
    };
    write_storage(document, &options, &StoredTargets).content
}

fn adf(document: &Document) -> String {
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    write_adf(document, &options, &Simple).content
}

fn html(document: &Document) -> String {
    let options = HtmlOptions { omit_title: false };
    write_html(document, &options, &Simple).content
}

/// Holds for what was read of a file: `size` is the file's.
pub fn of_source(document: &Document, size: usize) {
    for flavor in [Flavor::Cloud, Flavor::DataCenter] {
        let page = within_time(size, || storage(document, flavor));
        let is_ours = is_taken(&page, document);
        let again = within_time(size.max(page.len()), || {
            stored(&read_storage(&page), flavor)
        });
        // What an author put there in storage format may be written otherwise once: a rule in a paragraph
        // stands between two when it is read, words outside of every paragraph stand in one, and a comment
        // is nowhere. After that it stays.
        let is_kept =
            again == page || is_authors(document) && stored(&read_storage(&again), flavor) == again;
        assert!(
            is_kept || !is_ours,
            "it is read and written as it was: {again}\n{page}"
        );
        storage_text(&page);
        stored_links(&page);
    }
    let content = within_time(size, || adf(document));
    adf_of_ours(&content, document);
    let shown = within_time(size, || html(document));
    nothing_runs(&shown);
    let written = within_time(size, || write_markdown(document));
    within_time(size.max(written.len()), || read_markdown(&written));
}

/// A body of ours is storage format that Confluence takes. What an author put there in storage
/// format is held to being well-formed only: which of it may stand where Confluence says itself.
/// Says whether all of it stands where it may.
fn is_taken(page: &str, document: &Document) -> bool {
    let checked = check_storage(page);
    if let Err(error) = &checked {
        assert!(
            is_authors(document) && is_well_formed(page),
            "{error}: {page}"
        );
    }
    checked.is_ok()
}

/// Whether an author put storage format there.
fn is_authors(document: &Document) -> bool {
    format!("{:?}", document.blocks).contains("Foreign {")
}

fn adf_of_ours(content: &str, document: &Document) {
    let value: Value = serde_json::from_str(content).expect("it is JSON");
    assert_eq!(check_adf(&value), Ok(()), "{content}");
    let back = within_time(content.len(), || adf_to_storage(content));
    let back = back.expect("it is a document");
    is_taken(&back, document);
    pages_wanted(content);
    for filled in [
        fill_adf(
            content,
            &|title, _| Some(format!("https://wiki/{}", title.len())),
            &|_| None,
        ),
        without_unfilled(content),
    ] {
        let value: Value = serde_json::from_str(&filled).expect("it is JSON");
        assert_eq!(check_adf(&value), Ok(()), "{filled}");
    }
}

/// Holds for any text that is taken for a stored page.
pub fn of_page(page: &str) {
    let document = within_time(page.len(), || read_storage(page));
    let written = within_time(page.len(), || stored(&document, Flavor::Cloud));
    assert!(is_well_formed(&written), "{written}");
    storage_text(page);
    stored_links(page);
    let content = within_time(page.len(), || storage_to_adf(page)).content;
    let value: Value = serde_json::from_str(&content).expect("it is JSON");
    let shown = within_time(page.len(), || {
        let options = HtmlOptions { omit_title: false };
        write_html(&document, &options, &StoredTargets).content
    });
    nothing_runs(&shown);
    let markdown = within_time(page.len(), || write_markdown(&document));
    within_time(markdown.len(), || read_markdown(&markdown));
    // What Confluence takes it takes again.
    if check_storage(page).is_ok() {
        assert_eq!(check_storage(&written), Ok(()), "{written}");
        assert_eq!(check_adf(&value), Ok(()), "{content}");
        let again = stored(&read_storage(&written), Flavor::Cloud);
        assert_eq!(again, written);
        let (had, has) = (words(&storage_text(page)), words(&storage_text(&written)));
        for (word, count) in had {
            let kept = has.get(&word).copied().unwrap_or(0);
            assert!(kept >= count, "lost {word:?} of {page} in {written}");
        }
    }
}

/// Holds for any text that is taken for a page in ADF.
pub fn of_adf(content: &str) {
    let unfilled = within_time(content.len(), || {
        unfill_adf(content, &|_| None, &|id| Some(format!("{id}.png")))
    });
    for content in [content, &unfilled] {
        pages_wanted(content);
        without_unfilled(content);
        let Some(page) = within_time(content.len(), || adf_to_storage(content)) else {
            continue;
        };
        assert!(is_well_formed(&page), "{page}");
        let document = within_time(page.len(), || read_storage(&page));
        write_markdown(&document);
        let again = within_time(page.len(), || storage_to_adf(&page)).content;
        let again: Value = serde_json::from_str(&again).expect("it is JSON");
        let given: Value = serde_json::from_str(content).expect("it was a document");
        if check_adf(&given).is_ok() {
            assert_eq!(check_storage(&page), Ok(()), "{page}");
            assert_eq!(check_adf(&again), Ok(()), "{page}\n{again}");
        }
    }
}

/// Holds for three bodies of one page.
pub fn of_merge(base: &str, ours: &str, theirs: &str) {
    let size = base.len() + ours.len() + theirs.len();
    let merge = |base: &str, ours: &str, theirs: &str| {
        let merged = within_time(size, || merge_storage(base, ours, theirs, Flavor::Cloud));
        merged.map(|merged| merged.body)
    };
    if let Ok(body) = merge(base, ours, theirs) {
        assert!(is_well_formed(&body), "{body}");
        if [base, ours, theirs]
            .iter()
            .all(|page| check_storage(page).is_ok())
        {
            assert_eq!(check_storage(&body), Ok(()), "{body}");
            no_word_is_lost(base, ours, theirs, &body);
        }
    }
    // What one side left alone is as the other has it.
    let normal = stored(&read_storage(theirs), Flavor::Cloud);
    for (base, ours, theirs) in [(base, base, theirs), (base, theirs, base)] {
        if check_storage(base).is_ok() && check_storage(theirs).is_ok() {
            assert_eq!(merge(base, ours, theirs).as_ref(), Ok(&normal));
        }
    }
}

fn no_word_is_lost(base: &str, ours: &str, theirs: &str, merged: &str) {
    let counts = [base, ours, theirs, merged].map(|page| words(&storage_text(page)));
    let all: BTreeSet<&String> = counts.iter().flat_map(|words| words.keys()).collect();
    for word in all {
        let [base, ours, theirs, merged] = counts
            .each_ref()
            .map(|words| words.get(word).copied().unwrap_or(0));
        if base == 0 {
            assert!(merged >= ours.max(theirs), "lost {word}");
        }
        // Each side may have taken out another of several.
        let left = (ours + theirs).saturating_sub(base);
        assert!(merged >= left.min(ours.min(theirs)), "lost {word}");
        assert!(merged <= ours + theirs, "made up {word}");
    }
}

/// The words of a text with how often each occurs.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for word in text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        *counted.entry(word.to_owned()).or_default() += 1;
    }
    counted
}

/// Whether a body is well-formed, whatever its elements mean.
pub fn is_well_formed(body: &str) -> bool {
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

/// Whatever was written into HTML, a browser finds nothing in it that runs or that takes over the
/// page.
pub fn nothing_runs(html: &str) {
    const NEVER: &[&str] = &[
        "script",
        "style",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "form",
        "base",
        "meta",
        "link",
        "foreignobject",
        "animate",
        "set",
        "portal",
        "template",
        "annotation-xml",
    ];
    let document = Html::fragment(html);
    for node in document.root().descendants() {
        let Some(name) = node.node_name() else {
            continue;
        };
        let name = name.to_lowercase();
        assert!(!NEVER.contains(&&*name), "<{name}> in {html}");
        for attribute in attributes(&node) {
            let (key, value) = attribute;
            assert!(!key.starts_with("on"), "{key} of <{name}> in {html}");
            assert!(key != "srcdoc" && key != "formaction", "{key} in {html}");
            // Browsers leave out white space and control characters before and in a scheme.
            let letters = value.chars().filter(|letter| !letter.is_control());
            let address: String = letters.collect::<String>().trim().to_lowercase();
            let takes_address = matches!(
                &*key,
                "href" | "src" | "xlink:href" | "action" | "poster" | "data" | "background"
            );
            let is_picture = name == "img" && address.starts_with("data:image/");
            for scheme in ["javascript:", "vbscript:", "data:"] {
                let is_one = takes_address && address.starts_with(scheme) && !is_picture;
                assert!(!is_one, "{key}={value:?} of <{name}> in {html}");
            }
        }
    }
}

fn attributes(node: &NodeRef<'_>) -> Vec<(String, String)> {
    let attributes = node.attrs().into_iter();
    attributes
        .map(|attribute| {
            let name = attribute.name.local.to_lowercase();
            (name, attribute.value.to_string())
        })
        .collect()
}
