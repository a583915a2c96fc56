//! Megabytes per CPU second of syntax highlighting: ours, the program `bat`, and tree-sitter with
//! its own highlighter, on the same files in one run; and how long until something is seen.
//!
//!     cargo run --release --manifest-path benches/highlight/Cargo.toml -- FILE…
//!
//! `bat` is taken from the path (`batcat` on Debian), and besides from the file that `BAT` names: a
//! distribution's is often years older than the grammars that both share. Each is measured as a whole
//! program; its start is measured with an empty file and taken off.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use bytes::Bytes;
use cpu_time::ProcessTime;
use tokio_util::sync::CancellationToken;
use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};
use tributary::preview::{HighlightTheme, Looks, Preview, Viewer, highlight};
use wait4::Wait4;

const ROUNDS: usize = 3;

/// The kinds of things that tree-sitter's queries name.
const NAMES: [&str; 23] = [
    "attribute", "boolean", "comment", "constant", "constant.builtin", "constructor", "embedded",
    "function", "function.builtin", "keyword", "label", "module", "number", "operator", "property",
    "punctuation", "string", "string.special", "tag", "text", "type", "variable",
    "variable.parameter",
];

/// The least of some rounds, in CPU seconds: what else the machine does counts for nobody.
fn least(mut round: impl FnMut() -> f64) -> f64 {
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn ours(path: &str, text: &[u8]) -> f64 {
    least(|| {
        let began = ProcessTime::now();
        let Preview::Text(shown) = highlight(path, text, HighlightTheme::Dark, 0..u32::MAX) else {
            panic!("{path} is no text");
        };
        assert!(!shown.lines.is_empty());
        began.elapsed().as_secs_f64()
    })
}

/// Wall time until sixty lines at the end are there, from a file that was just opened; then CPU
/// time of the sweep.
fn viewed(path: &str, text: &Bytes) -> (f64, f64) {
    let looks = Looks::built_in();
    let mut seen = f64::INFINITY;
    let swept = least(|| {
        let began = Instant::now();
        let viewer = Viewer::open(&looks, path, text);
        let total = u32::try_from(text.split(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX);
        let first = total.saturating_sub(60);
        viewer.rows(first..total, usize::MAX, HighlightTheme::Dark);
        seen = seen.min(began.elapsed().as_secs_f64());
        let began = ProcessTime::now();
        viewer.sweep(&CancellationToken::new(), |_| ());
        began.elapsed().as_secs_f64()
    });
    (seen, swept)
}

/// A program called `bat`, by what it says of itself.
struct Bat {
    program: String,
    version: String,
}

impl Bat {
    fn of(program: String) -> Option<Self> {
        let said = Command::new(&program).arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout);
        let version = said.split_whitespace().nth(1)?.to_owned();
        Some(Self { program, version })
    }

    /// Those that are here: the system's, and the one that somebody names.
    fn all() -> Vec<Self> {
        let mut of_system = ["bat", "batcat"].into_iter().map(str::to_owned);
        let named = std::env::var("BAT").ok().map(|program| {
            Self::of(program).expect("`BAT` names a program that says which version it is")
        });
        of_system.find_map(Self::of).into_iter().chain(named).collect()
    }
}

fn bat(bat: &Bat, path: &Path) -> f64 {
    let run = |path: &Path| {
        least(|| {
            let mut child = Command::new(&bat.program)
                .args(["--no-config", "--color=always", "--style=plain", "--paging=never"])
                .arg(path)
                .stdout(Stdio::null())
                .spawn()
                .expect("it was found");
            let used = child.wait4().expect("it ends").rusage;
            (used.utime + used.stime).as_secs_f64()
        })
    };
    run(path) - run(Path::new("/dev/null"))
}

/// What tree-sitter has for a language.
fn grammar(language: &str) -> Option<HighlightConfiguration> {
    let made = match language {
        "rust" => HighlightConfiguration::new(
            tree_sitter_rust::LANGUAGE.into(),
            language,
            tree_sitter_rust::HIGHLIGHTS_QUERY,
            tree_sitter_rust::INJECTIONS_QUERY,
            "",
        ),
        "javascript" => HighlightConfiguration::new(
            tree_sitter_javascript::LANGUAGE.into(),
            language,
            tree_sitter_javascript::HIGHLIGHT_QUERY,
            tree_sitter_javascript::INJECTIONS_QUERY,
            tree_sitter_javascript::LOCALS_QUERY,
        ),
        "markdown" => HighlightConfiguration::new(
            tree_sitter_md::LANGUAGE.into(),
            language,
            tree_sitter_md::HIGHLIGHT_QUERY_BLOCK,
            tree_sitter_md::INJECTION_QUERY_BLOCK,
            "",
        ),
        "markdown_inline" => HighlightConfiguration::new(
            tree_sitter_md::INLINE_LANGUAGE.into(),
            language,
            tree_sitter_md::HIGHLIGHT_QUERY_INLINE,
            tree_sitter_md::INJECTION_QUERY_INLINE,
            "",
        ),
        "yaml" => HighlightConfiguration::new(
            tree_sitter_yaml::LANGUAGE.into(),
            language,
            tree_sitter_yaml::HIGHLIGHTS_QUERY,
            "",
            "",
        ),
        _ => return None,
    };
    let mut made = made.expect("the queries fit");
    made.configure(&NAMES);
    Some(made)
}

fn tree_sitter(ending: &str, text: &[u8]) -> Option<f64> {
    let configuration = grammar(match ending {
        "rs" => "rust",
        "js" => "javascript",
        "md" => "markdown",
        "yaml" | "yml" => "yaml",
        _ => return None,
    })?;
    // Markdown has two grammars, one for blocks and one for what stands in their lines; and code of the
    // languages that are known here is read as such, as ours does it with all.
    let within = match ending {
        "md" => &["markdown_inline", "rust", "javascript", "yaml"][..],
        _ => &[],
    };
    let within: Vec<_> = within.iter().map(|language| (*language, grammar(language))).collect();
    let mut highlighter = Highlighter::new();
    Some(least(|| {
        let began = ProcessTime::now();
        let known = |wanted: &str| {
            let found = within.iter().find(|(language, _)| *language == wanted);
            found.and_then(|(_, configuration)| configuration.as_ref())
        };
        let events = highlighter.highlight(&configuration, text, None, None, known);
        let mut spans = 0;
        for event in events.expect("it is read") {
            spans += usize::from(matches!(event, Ok(HighlightEvent::Source { .. })));
        }
        assert!(spans > 0);
        began.elapsed().as_secs_f64()
    }))
}

fn main() {
    let bats = Bat::all();
    let columns = bats.iter().map(|bat| format!("bat {} | tributary is", bat.version));
    let columns: Vec<String> = columns.chain(["tree-sitter | tributary is".to_owned()]).collect();
    println!("| file | MB | tributary MB/CPU s | {} | far view, ms | sweep MB/CPU s |", columns.join(" | "));
    println!("|---|--:|--:|{}--:|--:|", "--:|--:|".repeat(columns.len()));
    for path in std::env::args().skip(1) {
        let text = Bytes::from(std::fs::read(&path).expect("a file"));
        let size = text.len() as f64 / 1e6;
        let file = Path::new(&path);
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        // What is loaded once for a language is no part of a round.
        highlight(&path, &text[..text.len().min(20_000)], HighlightTheme::Dark, 0..100);
        let own = ours(&path, &text);
        let against = |other: Option<f64>| match other {
            Some(seconds) => format!("{:.2} | {:.2} × as fast", size / seconds, seconds / own),
            None => "– | –".to_owned(),
        };
        let times = bats.iter().map(|one| Some(bat(one, file)));
        let times = times.chain([tree_sitter(ending, &text)]);
        let others: Vec<String> = times.map(against).collect();
        let (seen, swept) = viewed(&path, &text);
        println!(
            "| {} | {size:.1} | {:.2} | {} | {:.1} | {:.2} |",
            file.file_name().unwrap_or_default().to_string_lossy(),
            size / own,
            others.join(" | "),
            seen * 1e3,
            size / swept,
        );
    }
}
