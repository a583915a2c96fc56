//! Real documents: every body is taken, and no word is lost.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};
use tributary_pages::markup::{Flavor, read_markdown, read_storage};
use tributary_sandbox::format::{check_storage, storage_text};

use crate::markdown::{is_pulled_as_it_is, is_read_as_written};
use crate::stored::stored;
use crate::{storage, words};

/// The files with an ending below a folder.
fn documents(folder: &Path, wanted: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            documents(&path, wanted, found);
        } else if path.extension().is_some_and(|ending| ending == wanted) {
            found.push(path);
        }
    }
    found.sort();
}

/// Real documents with an ending, where there are some: in the folder that `TRIBUTARY_CORPUS` names, or in the one
/// that is shared beside the repository; says so where there are none.
pub(crate) fn real_documents(ending: &str) -> Option<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("TRIBUTARY_CORPUS").map_or(beside, PathBuf::from);
    let mut found = Vec::new();
    documents(&folder, ending, &mut found);
    if found.is_empty() {
        println!("skipped: the shared corpus is not here");
        return None;
    }
    Some(found)
}

/// The words a reader of a Git host sees: the reference renderer's HTML without its tags.
fn reference_words(text: &str) -> BTreeMap<String, usize> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new_ext(text, options));
    words(&seen(&rendered))
}

/// What a reader sees of HTML.
pub(crate) fn seen(html: &str) -> String {
    let mut seen = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        seen.push_str(&rest[..open]);
        let tag = &rest[open..];
        let hidden = ["<script", "<style", "<!--"]
            .iter()
            .find(|start| tag.starts_with(**start));
        let end = match hidden {
            Some(&"<!--") => tag.find("-->").map(|end| end + 3),
            Some(start) => tag.find(&format!("</{}", &start[1..])),
            None => tag.find('>').map(|end| end + 1),
        };
        // Tags within a line cut no word.
        let name = tag.trim_start_matches(['<', '/']);
        let name = name
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let within = [
            "a", "b", "code", "del", "em", "i", "ins", "kbd", "s", "small", "span", "strong",
            "sub", "u",
        ];
        if !within.contains(&name) {
            seen.push(' ');
        }
        let Some(end) = end.filter(|end| *end > 0) else {
            break;
        };
        rest = &tag[end..];
    }
    if !rest.starts_with('<') {
        seen.push_str(rest);
    }
    html_escape::decode_html_entities(&seen).into_owned()
}

/// The words of a page in storage format.
pub(crate) fn page_words(page: &str) -> BTreeMap<String, usize> {
    let mut shown = storage_text(page);
    // The titles of panels and expand sections are seen too.
    for title in page.split("ac:name=\"title\">").skip(1) {
        shown.push(' ');
        let title = title.split('<').next().unwrap_or_default();
        shown.push_str(&html_escape::decode_html_entities(title));
    }
    words(&shown)
}

/// Words that the reference has and the page has not, beyond what a problem tells of.
fn lost(text: &str) -> Vec<String> {
    let document = read_markdown(text);
    let body = storage(text, Flavor::Cloud);
    let kept = page_words(&body.content);
    // Front matter is no text; the reference renderer does not know it.
    let from = text.len() - text_after_front_matter(text).len();
    let mut missing = Vec::new();
    for (word, count) in reference_words(&text[from..]) {
        let have = kept.get(&word).copied().unwrap_or(0);
        // Emoji shortcodes become emoji; their letters go.
        let is_id = text.contains(&format!("{{#{word}}}"));
        let emoji = is_id || text.contains(&format!(":{word}:")) || word.contains('_');
        // Alternative texts of pictures, titles of panels and numbers of footnotes differ in place.
        if have < count && !emoji && word.parse::<u32>().is_err() {
            let told = document
                .problems
                .iter()
                .chain(&body.problems)
                .any(|problem| problem.message.contains(&word));
            if !told {
                missing.push(format!("{word} ({have} of {count})"));
            }
        }
    }
    missing
}

fn text_after_front_matter(text: &str) -> &str {
    match text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
    {
        Some((_, rest)) => rest,
        None => text,
    }
}

#[test]
fn no_word_of_the_fixtures_is_lost() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/markup");
    let mut found = Vec::new();
    documents(&folder, "md", &mut found);
    for path in found {
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        // These are about what the reference renderer does not know.
        let beyond = [
            "book",
            "constructs",
            "control",
            "extended",
            "foreign",
            "layouts",
            "generators",
            "macros",
            "mark",
            "passthrough",
            "publishers",
        ];
        if name.starts_with("front-") || beyond.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the fixture is read");
        assert_eq!(lost(&text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn real_documents_are_taken_whole() {
    let Some(found) = real_documents("md") else {
        return;
    };
    let mut problems: BTreeMap<&str, usize> = BTreeMap::new();
    let mut losses = Vec::new();
    for path in &found {
        let text = std::fs::read_to_string(path).expect("the document is read");
        for flavor in [Flavor::Cloud, Flavor::DataCenter] {
            let body = storage(&text, flavor);
            assert_eq!(check_storage(&body.content), Ok(()), "{}", path.display());
            assert!(!body.content.contains("<h7"));
        }
        for problem in &read_markdown(&text).problems {
            *problems.entry(problem.code).or_default() += 1;
        }
        let missing = lost(&text);
        if !missing.is_empty() {
            losses.push(format!(
                "{}: {missing:?}",
                path.file_name().unwrap_or_default().display()
            ));
        }
    }
    println!(
        "{} documents, problems of reading {problems:?}",
        found.len()
    );
    assert!(
        losses.is_empty(),
        "{} documents lost words:\n{}",
        losses.len(),
        losses.join("\n")
    );
}

#[test]
fn real_documents_come_back_from_pages_and_from_markdown() {
    let Some(found) = real_documents("md") else {
        return;
    };
    for path in &found {
        let name = path.display();
        let text = std::fs::read_to_string(path).expect("the document is read");
        let page = storage(&text, Flavor::Cloud).content;
        let document = read_storage(&page);
        assert_eq!(stored(&document, Flavor::Cloud).content, page, "{name}");
        if let Err(fault) = is_read_as_written(&text).and_then(|()| is_pulled_as_it_is(&text)) {
            panic!("{name}: {fault}");
        }
    }
    println!("{} documents came back", found.len());
}
