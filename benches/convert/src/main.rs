//! Files per CPU second of conversion in one thread: ours, the crate confmark, and bare
//! pulldown-cmark to HTML, on the same files in one process.
//!
//!     cargo run --release --manifest-path benches/convert/Cargo.toml -- FOLDER
//!
//! With `--alone ROUNDS` behind the folder, ours alone runs, for a profiler; with `--alone ROUNDS adf`,
//! it writes the Atlassian Document Format, and with `--alone ROUNDS confmark` or `html`, that crate
//! or bare pulldown-cmark runs instead. With `--prints`, it says of every file, with either end of
//! lines, what ours reads and writes of it in all formats, as hashes: what makes conversion faster
//! changes none of them.
//!
//! All run with the allocator that the product uses. `as-they-come` runs the others with the
//! system's, as their own programs do.

mod files;

use std::hash::{DefaultHasher, Hash, Hasher};

use cpu_time::ProcessTime;

use tributary_pages::markup::{
    AdfOptions, Flavor, HostLook, HtmlOptions, ImageTarget, LinkTarget, Resolve, StorageOptions, Surroundings,
    read_markdown, read_source, write_adf, write_html, write_markdown, write_storage,
};

// The allocator that the product uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct AsWritten;

impl Resolve for AsWritten {
    fn link(&self, target: &str) -> LinkTarget {
        LinkTarget::Url(target.to_owned())
    }
    fn image(&self, target: &str) -> ImageTarget {
        ImageTarget::Url(target.to_owned())
    }
}

/// What is read of a text, and what is written of that, as hashes.
fn prints(text: &str) -> String {
    fn hash(of: &impl std::fmt::Debug) -> String {
        let mut hasher = DefaultHasher::new();
        format!("{of:?}").hash(&mut hasher);
        format!(" {:016x}", hasher.finish())
    }
    let on_host = read_source("a.md", text, &Surroundings::of_host(HostLook::GitHub));
    let mut all = String::new();
    for document in [&read_markdown(text), &on_host] {
        all.push_str(&hash(document));
        for flavor in [Flavor::Cloud, Flavor::DataCenter] {
            let options = StorageOptions { flavor, omit_title: false, anchors: None };
            all.push_str(&hash(&write_storage(document, &options, &AsWritten)));
        }
        let options = AdfOptions { omit_title: false, anchors: None };
        all.push_str(&hash(&write_adf(document, &options, &AsWritten)));
        let options = HtmlOptions { omit_title: false };
        all.push_str(&hash(&write_html(document, &options, &AsWritten)));
        all.push_str(&hash(&write_markdown(document)));
    }
    all
}

/// A converter: its name, and how many bytes it makes of a text.
type Converter<'a> = (&'static str, &'a dyn Fn(&str) -> usize);

/// Rounds over all files. The converters take turns, so that what else the machine does meets all.
const ROUNDS: usize = 21;

/// The fastest round of each converter over all files, in CPU seconds: what else the machine does
/// counts for nobody.
fn fastest(texts: &[String], converters: &[Converter<'_>]) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; converters.len()];
    for _ in 0..ROUNDS {
        for ((_, convert), best) in converters.iter().zip(&mut best) {
            let began = ProcessTime::now();
            let made: usize = texts.iter().map(|text| convert(text)).sum();
            assert!(made > 0);
            *best = best.min(began.elapsed().as_secs_f64());
        }
    }
    best
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder of Markdown files");
    let (paths, texts): (Vec<_>, Vec<_>) = files::read(&folder).into_iter().unzip();
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} files, {:.1} MB", texts.len(), bytes as f64 / 1e6);
    if std::env::args().nth(2).is_some_and(|argument| argument == "--prints") {
        for (path, text) in paths.iter().zip(&texts) {
            let unix = text.replace("\r\n", "\n");
            let windows = unix.replace('\n', "\r\n");
            println!("{}{}{}", path.display(), prints(&unix), prints(&windows));
        }
        return;
    }
    let options = StorageOptions { flavor: Flavor::Cloud, omit_title: true, anchors: None };
    let ours = |text: &str| {
        write_storage(&read_markdown(text), &options, &AsWritten).content.len()
    };
    let theirs = |text: &str| confmark::Document::from_markdown(text).to_confluence().len();
    let bare = |text: &str| {
        let mut made = String::new();
        let options = pulldown_cmark::Options::all();
        pulldown_cmark::html::push_html(&mut made, pulldown_cmark::Parser::new_ext(text, options));
        made.len()
    };
    if std::env::args().nth(2).is_some_and(|argument| argument == "--alone") {
        let rounds = std::env::args().nth(3).and_then(|rounds| rounds.parse().ok()).unwrap_or(1);
        let options = AdfOptions { omit_title: true, anchors: None };
        let adf = |text: &str| write_adf(&read_markdown(text), &options, &AsWritten).content.len();
        let write: &dyn Fn(&str) -> usize = match std::env::args().nth(4).as_deref() {
            Some("adf") => &adf,
            Some("confmark") => &theirs,
            Some("html") => &bare,
            _ => &ours,
        };
        let made: usize = (0..rounds).flat_map(|_| &texts).map(|text| write(text)).sum();
        println!("{made} bytes written");
        return;
    }
    let converters: [Converter<'_>; 3] =
        [("tributary", &ours), ("confmark 0.6.0", &theirs), ("pulldown-cmark to HTML", &bare)];
    let seconds = fastest(&texts, &converters);
    for ((name, _), taken) in converters.iter().zip(&seconds) {
        println!(
            "{name:<24} {:>9.0} files/CPU s {:>8.1} MB/CPU s  tributary is {:.2} times as fast",
            texts.len() as f64 / taken,
            bytes as f64 / 1e6 / taken,
            taken / seconds[0]
        );
    }
}
