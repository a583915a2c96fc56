//! What comes back from pages: the messages and anchors by which a page is known again, which anybody
//! can write at Confluence, and edits that go into the sources. And pictures that are in a source.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tributary_pages::markup::{Flavor, read_markdown, storage_text};
use tributary_pages::plan::{
    Marker, Words, base_hash, embedded_bytes, source_hash, take_over, unfinished_adf,
    unfinished_body, unfinished_path, unfinished_source,
};

use crate::common::{Target, joined, parts, text, within_time};
use crate::holds;

pub const TARGETS: [Target; 3] = [
    Target {
        name: "version-messages",
        longest: 8192,
        run: messages,
        seeds,
        words: WORDS,
    },
    Target {
        name: "taken-over",
        longest: 2048,
        run: taken_over,
        seeds: taken_over_seeds,
        words: EDITS,
    },
    Target {
        name: "embedded-pictures",
        longest: 1024,
        run: embedded,
        seeds: || {
            let addresses = [
                "data:image/png;base64,aGk=",
                "DATA:image/PNG; base64,aG\n k",
                "data:image/svg+xml,%3Csvg%2F%3E",
                "data:text/html,<script>",
            ];
            addresses
                .map(|address| address.as_bytes().to_vec())
                .to_vec()
        },
        words: &[
            "data:",
            "image/png",
            "image/svg+xml",
            ";base64",
            ";charset=utf-8",
            ",",
            "%3C",
            "=",
            "%",
        ],
    },
];

const REPOSITORY: &str = "git.acme.com/acme/handbook";

/// A message or a body; or, in parts, an opening, a path and a branch that a message is made of.
fn messages(bytes: &[u8]) {
    match &parts(bytes)[..] {
        [opening, path, branch] => written(opening, path, branch),
        _ => read(&text(bytes)),
    }
}

/// Whatever somebody wrote there.
fn read(message: &str) {
    let (marker, words) = within_time(message.len(), || {
        let marker = Marker::find(message);
        let words = Words::find(message);
        if let (Some(marker), Some(words)) = (&marker, &words) {
            words.path(REPOSITORY, &marker.source);
            words.path_said(REPOSITORY, &marker.source);
        }
        unfinished_source(message);
        unfinished_path(message, REPOSITORY);
        (marker, words)
    });
    assert_eq!(marker.is_some(), words.is_some(), "{message}");
    let (Some(marker), Some(words)) = (marker, words) else {
        return;
    };
    assert_eq!(Marker::find(&marker.to_string()).as_ref(), Some(&marker));
    let again = format!("{words} {marker}");
    assert_eq!(Words::find(&again).as_ref(), Some(&words), "{message}");
    if let Some(path) = words.path(REPOSITORY, &marker.source) {
        assert_eq!(source_hash(REPOSITORY, path), marker.source);
    }
    if let Some(commit) = words.commit() {
        let mut digits = commit.bytes();
        assert!(commit.len() == 12 && digits.all(|digit| digit.is_ascii_hexdigit()));
    }
    let mut branch = words.branch().unwrap_or("main").chars();
    assert!(branch.all(|sign| sign != ' '), "{message}");
}

/// What this program writes is read as what it was.
fn written(opening: &str, path: &str, branch: &str) {
    let commit = "0123456789abcdef".repeat(3);
    let marker = Marker {
        repository: Marker::repository_hash(REPOSITORY),
        source: source_hash(REPOSITORY, path),
        fingerprint: base_hash(opening),
        merged: (branch.len() % 2 == 0).then(|| base_hash(path)),
    };
    let words = Words::new(opening, path, Some(&commit), Some(branch));
    let message = format!("{words} {marker}");
    let found = within_time(message.len(), || Words::find(&message));
    assert_eq!(Marker::find(&message).as_ref(), Some(&marker), "{message}");
    let found = found.unwrap_or_else(|| panic!("{message} has no words"));
    // One that is too long is cut, and is no whole path then.
    if path.chars().count() <= 100 && !path.is_empty() && path == path.trim() {
        let read = found.path(REPOSITORY, &marker.source);
        assert_eq!(read, Some(path), "{message}");
    }
    let body = format!("<p>{}</p>", opening.replace(['<', '&'], ""));
    let body = unfinished_body(&body, &marker.source, path);
    assert_eq!(unfinished_source(&body).as_ref(), Some(&marker.source));
    let path_of = unfinished_path(&body, REPOSITORY);
    assert_eq!(path_of.as_deref(), Some(path), "{body}");
    let adf = unfinished_adf("{\"content\":[]}", &marker.source, path);
    let path_of = unfinished_path(&adf, REPOSITORY);
    assert_eq!(path_of.as_deref(), Some(path), "{adf}");
}

fn seeds() -> Vec<Vec<u8>> {
    let source = source_hash(REPOSITORY, "docs/a.md");
    let marker = format!(
        "[tributary {} {source} 0123456789abcdef]",
        Marker::repository_hash(REPOSITORY)
    );
    let body = unfinished_body("<p>a</p>", &source, "docs/a.md");
    vec![
        joined(&["Published from Git", "docs/a.md", "main"]),
        joined(&["A: b", "docs/a: b at 0123456789ab on x.md", "feature/x"]),
        joined(&["x", &"docs/".repeat(30), ""]),
        format!("Published from Git: docs/a.md at 0123456789ab on main {marker}").into_bytes(),
        format!("x: docs/a.md, merged with an edit {marker}").into_bytes(),
        format!("{}docs/a.md {marker}", ": ".repeat(2000)).into_bytes(),
        body.into_bytes(),
    ]
}

const WORDS: &[&str] = &[
    "\u{1e}",
    ": ",
    " at ",
    " on ",
    "0123456789ab",
    ", merged with an edit",
    "[tributary ",
    "]",
    "tributary-unfinished-",
    "-",
    "%2F",
    "%",
    "<",
    "\"",
    " ",
    "\u{a0}",
];

/// The first part is a source; the second is what its page says now, or nothing, where one word of the
/// page is another.
fn taken_over(bytes: &[u8]) {
    const WORD: &str = "zebra";
    const OTHER: &str = "giraffe";
    let parts = parts(bytes);
    let source = &*parts[0];
    let ours = holds::storage(&read_markdown(source), Flavor::Cloud);
    let targets = |_: &str| None;
    let size = bytes.len().max(ours.len());
    let untouched = within_time(size, || take_over(source, &ours, &ours, &targets));
    assert_eq!(untouched.text, source, "nobody edited it");
    assert!(untouched.is_certain, "{source}");
    let merged = match parts.get(1) {
        Some(page) => page.clone(),
        None => ours.replace(WORD, OTHER),
    };
    let size = size.max(merged.len());
    let taken = within_time(size, || take_over(source, &ours, &merged, &targets));
    let now = storage_text(&merged);
    // A word that is half of it strong is not edited.
    let is_edited = now.contains(OTHER) && !now.contains(WORD);
    if parts.len() == 1 && taken.is_certain && is_edited {
        let page = holds::storage(&read_markdown(&taken.text), Flavor::Cloud);
        let said = storage_text(&page);
        assert!(
            said.contains(OTHER) && !said.contains(WORD),
            "{source}\n{}",
            taken.text
        );
    }
}

fn taken_over_seeds() -> Vec<Vec<u8>> {
    let sources = [
        "---\ntitle: A\n---\n\n# A\n\nFirst words\nof two zebra lines.\n\n* one\n* two\n",
        "Setext\n------\n\n_Last_ [zebra](b.md) words.\n\n| a | b |\n|---|---|\n| zebra | 2 |\n",
        "> [!NOTE]\n> A zebra.\n\n```rust\nlet zebra = 1;\n```\n\n1. one\n   - zebra\n",
        "A\\\nzebra  \nb\n\n<!-- zebra -->\n\n[^1]: zebra\n\nx[^1]\n",
    ];
    let mut seeds: Vec<Vec<u8>> = sources.map(|source| source.as_bytes().to_vec()).to_vec();
    seeds.push(joined(&[
        sources[0],
        "<p>First words of two lines.</p><ul><li><p>one</p></li><li><p>three</p></li></ul><p>new</p>",
    ]));
    seeds.push(joined(&[
        sources[1],
        "<h2>Setext</h2><p>Words with <a href=\"https://a\">a link</a>.</p><table><tbody><tr><td><p>1</p></td></tr></tbody></table>",
    ]));
    seeds
}

const EDITS: &[&str] = &[
    "\u{1e}",
    "zebra",
    "giraffe",
    "\n",
    "\n\n",
    "# ",
    "---\n",
    "* ",
    "1. ",
    "> ",
    "```\n",
    "`",
    "_",
    "**",
    "[a](b.md)",
    "![a](b.png)",
    "| a |\n|---|\n",
    "<!-- ",
    " -->",
    "\\",
    "<p>",
    "</p>",
    "<ul><li>",
    "</li></ul>",
    "<h1>",
    "</h1>",
    "<strong>",
    "</strong>",
    "<a href=\"",
    "&nbsp;",
];

/// A picture that is in an address, as a notebook or an editor puts it there.
fn embedded(bytes: &[u8]) {
    // Bytes that are no text are longer as text.
    let address = text(bytes);
    let found = within_time(bytes.len(), || embedded_bytes(&address));
    if let Some(found) = found {
        assert!(!found.is_empty() && found.len() <= address.len());
    }
    let written = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    let read = embedded_bytes(&written).unwrap_or_default();
    assert_eq!(read, bytes, "{written}");
}
