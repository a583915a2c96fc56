//! What is written of inputs that readers are known to stumble over grows as they do, and is no
//! deeper than others can read. How long it takes is measured by `benches/growth`.

pub(crate) mod pieces;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use tributary_pages::markup::{
    AdfOptions, Document, Flavor, adf_to_storage, merge_storage, read_data, read_storage,
    storage_to_adf, write_adf, write_markdown,
};
use tributary_sandbox::format::{check_adf, check_storage};

use crate::stored::stored;
use crate::{Simple, read_alone, stored_document};
use pieces::{ADF, ASCIIDOC, DATA, MARKDOWN, Piece, STORAGE, repeated};

const SIZE: usize = 3 * 1024;

/// What came of an input, counted: bytes that were written, and things that were noticed.
#[derive(Debug, Default)]
struct Made {
    storage: usize,
    adf: usize,
    markdown: usize,
    problems: usize,
}

/// Elements in elements of a body.
fn depth(body: &str) -> usize {
    let mut reader = Reader::from_str(body);
    let (mut depth, mut deepest) = (0_usize, 0);
    loop {
        match reader.read_event().expect("it is well-formed") {
            Event::Eof => return deepest,
            Event::Start(_) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
}

fn of_document(document: &Document, name: &str) -> Made {
    let page = stored_document(document, Flavor::Cloud);
    assert_eq!(check_storage(&page.content), Ok(()), "{name}");
    assert!(
        depth(&page.content) < 1_000,
        "{name}: {}",
        depth(&page.content)
    );
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    let adf = write_adf(document, &options, &Simple);
    // Reading fails where the nesting is deeper than readers of JSON take.
    let content: Value = serde_json::from_str(&adf.content).expect("it is JSON");
    assert_eq!(check_adf(&content), Ok(()), "{name}");
    Made {
        storage: page.content.len(),
        adf: adf.content.len(),
        markdown: write_markdown(document).len(),
        problems: document.problems.len() + page.problems.len() + adf.problems.len(),
    }
}

fn of_page(page: &str) -> Made {
    let document = read_storage(page);
    let written = stored(&document, Flavor::Cloud);
    assert!(
        depth(&written.content) < 1_000,
        "{}",
        depth(&written.content)
    );
    let adf = storage_to_adf(page).content;
    serde_json::from_str::<Value>(&adf).expect("it is JSON");
    Made {
        storage: written.content.len(),
        adf: adf.len(),
        markdown: write_markdown(&document).len(),
        problems: document.problems.len() + written.problems.len(),
    }
}

/// Twice the input makes little more than twice of everything.
fn grows_as_its_input(reader: &str, pieces: &[Piece], make: impl Fn(&str, &str) -> Made) {
    for piece in pieces {
        let name = format!("{reader}: {}", piece.0);
        let [once, twice] = [SIZE, 2 * SIZE].map(|size| make(&repeated(piece, size), &name));
        for (what, once, twice, more) in [
            ("storage", once.storage, twice.storage, 2 * SIZE),
            ("ADF", once.adf, twice.adf, 2 * SIZE),
            ("Markdown", once.markdown, twice.markdown, 2 * SIZE),
            ("problems", once.problems, twice.problems, 100),
        ] {
            // Numbers have more digits, and an even count of signs may mean another thing than an
            // odd one.
            let most = once * 5 / 2 + more;
            assert!(twice <= most, "{name}: {what} from {once} to {twice}");
        }
    }
}

#[test]
fn what_is_written_grows_as_what_is_read() {
    grows_as_its_input("Markdown", &MARKDOWN, |text, name| {
        of_document(&read_alone("a.md", text), name)
    });
    grows_as_its_input("AsciiDoc", &ASCIIDOC, |text, name| {
        of_document(&read_alone("a.adoc", text), name)
    });
    for path in ["a.json", "a.yaml", "a.toml"] {
        grows_as_its_input(path, &DATA, |text, name| {
            of_document(&read_data(path, text).expect("it holds data"), name)
        });
    }
    grows_as_its_input("storage", &STORAGE, |text, _| of_page(text));
}

#[test]
fn pages_in_adf_and_merged_ones_do_too() {
    grows_as_its_input("ADF", &ADF, |text, _| {
        let text = text.trim_end_matches(',');
        let document = format!(r#"{{"type":"doc","version":1,"content":[{text}]}}"#);
        // Deeper than readers of JSON take it is no document.
        let page = adf_to_storage(&document).unwrap_or_default();
        of_page(&page)
    });
    grows_as_its_input("merging", &STORAGE, |text, _| {
        let [ours, theirs] = ["x", "y"].map(|word| format!("{text}<p>{word}</p>"));
        let merged = merge_storage(text, &ours, &theirs, Flavor::Cloud);
        Made {
            storage: merged.map_or(0, |merged| merged.body.len()),
            ..Made::default()
        }
    });
}
