//! The others alone with the allocator of the system, which their own programs take their memory
//! from, for a profiler: `convert-bench` runs all with the allocator of the product.
//!
//!     valgrind --tool=callgrind benches/convert/target/release/as-they-come FOLDER ROUNDS confmark
//!     valgrind --tool=callgrind benches/convert/target/release/as-they-come FOLDER ROUNDS html

#[path = "../files.rs"]
mod files;

use pulldown_cmark::{Options, Parser};

fn confmark(text: &str) -> usize {
    confmark::Document::from_markdown(text).to_confluence().len()
}

fn html(text: &str) -> usize {
    let mut made = String::new();
    pulldown_cmark::html::push_html(&mut made, Parser::new_ext(text, Options::all()));
    made.len()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder of Markdown files");
    let rounds: usize = arguments.next().and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
    let convert = match arguments.next().as_deref() {
        Some("html") => html,
        _ => confmark as fn(&str) -> usize,
    };
    let files = files::read(&folder);
    println!("{} files", files.len());
    let made: usize = (0..rounds).flat_map(|_| &files).map(|(_, text)| convert(text)).sum();
    println!("{made} bytes written");
}
