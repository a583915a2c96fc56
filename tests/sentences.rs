//! That every sentence of the library and of the shell has German words, and that the German catalogue
//! has nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What sentences are given to. All that is written in their arguments is read by people, but for the
/// first of two ways out, which is the command's.
const SAID_BY: [&str; 10] = [
    "Error::new(",
    "Remedy::of_each(",
    "Self::of_each(",
    "Remedy::from(",
    ".remedy(",
    "Step::fine(",
    "Step::notice(",
    "Step::failed(",
    "sentence!(",
    "Sentence::from(",
];
/// What makes a text that is no pattern.
const NOT_SAID_BY: [&str; 4] = ["format!(", "join(", "expect(", "contains("];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// Where a literal that begins here ends.
fn end_of_literal(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from + 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// A letter in single quotes, which may be a bracket or a quote, is passed over.
fn after_letter(text: &str, from: usize) -> usize {
    let rest: Vec<char> = text[from..].chars().take(4).collect();
    match rest.as_slice() {
        ['\'', '\\', letter, '\''] => from + 3 + letter.len_utf8(),
        ['\'', letter, '\'', ..] => from + 2 + letter.len_utf8(),
        _ => from + 1,
    }
}

/// The arguments behind an opening bracket, each by itself.
fn arguments(text: &str, opening: usize) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut begin) = (opening, 0, opening + 1);
    let mut found = Vec::new();
    loop {
        match bytes[at] {
            b'"' => at = end_of_literal(text, at),
            b'\'' => at = after_letter(text, at),
            b'/' if bytes[at + 1] == b'/' => {
                at += text[at..].find('\n').expect("the line ends");
            }
            b'(' | b'[' | b'{' => (depth, at) = (depth + 1, at + 1),
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    found.push(&text[begin..at]);
                    return found;
                }
                at += 1;
            }
            b',' if depth == 1 => {
                found.push(&text[begin..at]);
                (at, begin) = (at + 1, at + 1);
            }
            _ => at += 1,
        }
    }
}

/// A literal as the program has it.
fn unescaped(literal: &str) -> String {
    let mut lines = literal.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let whole = lines.fold(first, |whole, line| whole + line.trim_start());
    whole
        .replace("\\u{2026}", "…")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\")
}

/// The patterns of a file, by their codes.
fn patterns(text: &str) -> BTreeMap<String, String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut found = BTreeMap::new();
    for said_by in SAID_BY {
        for (at, _) in text.match_indices(said_by) {
            let arguments = arguments(text, at + said_by.len() - 1);
            let read: &[&str] = match said_by {
                "sentence!(" => &arguments[..1],
                "Error::new(" | "Remedy::of_each(" | "Self::of_each(" => {
                    arguments.get(1..2).unwrap_or_default()
                }
                _ => &arguments,
            };
            for argument in read {
                let mut begin = 0;
                while let Some(quote) = argument[begin..].find('"').map(|quote| begin + quote) {
                    // Two ways out have arguments of their own, which are read by themselves.
                    let inner = argument[begin..quote].find("of_each(");
                    if let Some(inner) = inner.map(|inner| begin + inner + "of_each".len()) {
                        let all: usize = self::arguments(argument, inner)
                            .iter()
                            .map(|one| one.len() + 1)
                            .sum();
                        begin = inner + 1 + all;
                        continue;
                    }
                    let end = end_of_literal(argument, quote);
                    let before = argument[..quote].trim_end();
                    let pattern = unescaped(&argument[quote + 1..end - 1]);
                    let is_said = said_by == "sentence!(" || pattern.contains(' ');
                    if is_said && !NOT_SAID_BY.iter().any(|by| before.ends_with(by)) {
                        found.insert(tributary::code(&pattern), pattern);
                    }
                    begin = end;
                }
            }
        }
    }
    found
}

/// The names that are put into a pattern, or into a message of a catalogue behind `$`.
fn names(text: &str, opening: &str) -> BTreeSet<String> {
    let parts = text.split(opening).skip(1);
    let names = parts.map(|part| {
        let is_of_name = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
        part.chars().take_while(is_of_name).collect::<String>()
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_sentence_has_german_words_and_is_given_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut said = BTreeMap::new();
    for folder in ["crates/tributary/src", "src-tauri"] {
        for file in sources(&root.join(folder)) {
            // Where patterns are taken as they come.
            if file.ends_with("sentence.rs") || file.ends_with("src-tauri/words.rs") {
                continue;
            }
            said.extend(patterns(&std::fs::read_to_string(file).expect("a source")));
        }
    }
    assert!(said.len() > 700, "{} are found", said.len());
    let catalogue = std::fs::read_to_string(root.join("locales/de/library.ftl"));
    let catalogue = catalogue.expect("the German catalogue");
    let german: BTreeMap<&str, &str> = catalogue
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .collect();
    let lacking: Vec<&String> = said
        .iter()
        .filter(|(code, _)| !german.contains_key(code.as_str()))
        .map(|(_, pattern)| pattern)
        .collect();
    assert!(lacking.is_empty(), "without German words: {lacking:#?}");
    let unsaid: Vec<&&str> = german
        .keys()
        .filter(|code| !said.contains_key(**code))
        .collect();
    assert!(unsaid.is_empty(), "nobody says: {unsaid:#?}");
    for (code, pattern) in &said {
        let (wanted, found) = (names(pattern, "{"), names(german[code.as_str()], "$"));
        assert_eq!(wanted, found, "what is put into `{code}`");
    }
}
