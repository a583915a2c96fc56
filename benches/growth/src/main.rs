//! CPU time against size, for inputs that readers are known to stumble over.
//!
//!     cargo run --release --manifest-path benches/growth/Cargo.toml [-- WORD]
//!
//! Every input doubles from 32 KB to 1 MB. What is read is written too, since a page is both. The
//! last column says how much longer the largest takes than one of half its size: 2 is linear, 4
//! would be quadratic. With a word, only what has it in its name is measured.

#[path = "../../../crates/tributary-pages/tests/markup/growth/pieces.rs"]
mod pieces;

use std::time::Duration;

use cpu_time::ThreadTime;
use pieces::{ADF, ASCIIDOC, DATA, MARKDOWN, Piece, STORAGE, repeated};
use tributary_pages::markup::{
    AdfOptions, Document, Flavor, ImageTarget, LinkTarget, Resolve, StorageOptions, Surroundings,
    adf_to_storage, carry_comments, merge_storage, read_data, read_source, read_storage,
    storage_to_adf, write_adf, write_markdown, write_storage,
};

// The allocator that the product uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 6] = [32, 64, 128, 256, 512, 1024];

struct AsWritten;

impl Resolve for AsWritten {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(target.to_owned())
    }
    fn image(&self, target: &str) -> ImageTarget {
        ImageTarget::Url(target.to_owned())
    }
}

fn written(document: &Document) -> String {
    let options = StorageOptions {
        flavor: Flavor::Cloud,
        omit_title: false,
        anchors: None,
    };
    let page = write_storage(document, &options, &AsWritten).content;
    let options = AdfOptions {
        omit_title: false,
        anchors: None,
    };
    write_adf(document, &options, &AsWritten);
    page
}

/// The fastest of three, in CPU time: what else the machine does counts for nobody.
fn fastest(text: &str, read: impl Fn(&str)) -> Duration {
    let once = || {
        let began = ThreadTime::now();
        read(text);
        began.elapsed()
    };
    let first = once();
    // What takes so long is told by one run.
    if first > Duration::from_secs(2) {
        return first;
    }
    first.min(once()).min(once())
}

fn measure(reader: &str, pieces: &[Piece], wanted: Option<&str>, read: impl Fn(&str)) -> usize {
    let mut worse = 0;
    for piece in pieces {
        let name = format!("{reader}: {}", piece.0);
        if wanted.is_some_and(|word| !name.contains(word)) {
            continue;
        }
        let mut times: Vec<f64> = Vec::new();
        for size in SIZES {
            let text = repeated(piece, size * 1024);
            times.push(fastest(&text, &read).as_secs_f64() * 1000.0);
            // A minute for one row is enough to see it.
            if times.last().is_some_and(|time| *time > 20_000.0) {
                break;
            }
        }
        let last = times.len() - 1;
        let growth = times[last] / times[last - 1].max(0.001);
        let per_megabyte = times[last] * 1024.0 / SIZES[last] as f64;
        let cells: Vec<String> = times.iter().map(|time| format!("{time:.1}")).collect();
        println!("| {name} | {} | {growth:.1} |", cells.join(" | "));
        worse += usize::from(per_megabyte > 1000.0 || growth > 3.0 && times[last] > 50.0);
    }
    worse
}

fn main() {
    let wanted = std::env::args().nth(1);
    let wanted = wanted.as_deref();
    let sizes: Vec<String> = SIZES.iter().map(|size| format!("{size} KB")).collect();
    println!("| CPU ms | {} | growth |", sizes.join(" | "));
    println!("|---|{}--:|", "--:|".repeat(SIZES.len()));
    let alone = Surroundings::default();
    let mut worse = measure("Markdown", &MARKDOWN, wanted, |text| {
        written(&read_source("a.md", text, &alone));
    });
    worse += measure("AsciiDoc", &ASCIIDOC, wanted, |text| {
        written(&read_source("a.adoc", text, &alone));
    });
    worse += measure("storage", &STORAGE, wanted, |text| {
        let document = read_storage(text);
        written(&document);
        write_markdown(&document);
    });
    worse += measure("storage to ADF", &STORAGE, wanted, |text| {
        storage_to_adf(text);
    });
    worse += measure("merging", &STORAGE[..10], wanted, |text| {
        let [ours, theirs] = ["x", "y"].map(|word| format!("{text}<p>{word}</p>"));
        drop(merge_storage(text, &ours, &theirs, Flavor::Cloud));
    });
    worse += measure("comments", &STORAGE[..10], wanted, |text| {
        let marked = format!(
            "<p><ac:inline-comment-marker ac:ref=\"r\">some words</ac:inline-comment-marker></p>{text}"
        );
        carry_comments(&marked, &format!("{text}<p>some words</p>"));
    });
    worse += measure("ADF", &ADF, wanted, |text| {
        let text = text.trim_end_matches(',');
        let document = format!(r#"{{"type":"doc","version":1,"content":[{text}]}}"#);
        adf_to_storage(&document);
    });
    for path in ["a.json", "a.yaml", "a.toml"] {
        let reader = &path[2..];
        worse += measure(reader, &DATA, wanted, |text| {
            if let Some(document) = read_data(path, text) {
                written(&document);
            }
        });
    }
    worse += measure(
        "CSV",
        &[("many rows", "", "a,b\n", ""), ("quotes", "", "\"", "")],
        wanted,
        |text| {
            written(&read_source("a.csv", text, &alone));
        },
    );
    println!("\n{worse} take more than a second per megabyte, or grow by more than 3");
}
