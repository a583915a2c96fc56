//! That every sentence of the libraries and of the shell has German words, and that the German catalogue
//! has nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What sentences are given to. All that is written in their arguments is read by people, but for the
/// first of two ways out, which is the command's.
const SAID_BY: [&str; 12] = [
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
    // What is wrong in a file of settings.
    ".wrong(",
    // What was noticed in a document.
    ".warn(",
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

/// Behind what begins here and may hold brackets that mean nothing: a literal, a letter, a remark.
fn after(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'"' => end_of_literal(text, at),
        b'\'' => after_letter(text, at),
        b'/' if bytes[at + 1] == b'/' => at + text[at..].find('\n').expect("the line ends"),
        _ => at + 1,
    }
}

/// The arguments behind an opening bracket, each by itself.
fn arguments(text: &str, opening: usize) -> Vec<&str> {
    let (mut at, mut depth, mut begin) = (opening, 0, opening + 1);
    let mut found = Vec::new();
    loop {
        match text.as_bytes()[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    found.push(&text[begin..at]);
                    return found;
                }
            }
            b',' if depth == 1 => {
                found.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        at = after(text, at);
    }
}

/// The statement that begins here.
fn statement(text: &str, from: usize) -> &str {
    let (mut at, mut depth) = (from, 0);
    loop {
        match text.as_bytes()[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b';' if depth == 0 => return &text[from..at],
            _ => {}
        }
        at = after(text, at);
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

/// Those arguments of what is found at a place that are sentences.
fn said<'a>(text: &'a str, at: usize, said_by: &str) -> Vec<&'a str> {
    let arguments = arguments(text, at + said_by.len() - 1);
    match said_by {
        "sentence!(" => arguments[..1].to_vec(),
        "Error::new(" | "Remedy::of_each(" | "Self::of_each(" => {
            arguments.get(1..2).unwrap_or_default().to_vec()
        }
        _ => arguments,
    }
}

/// A source up to its own tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// The patterns of a file, by their codes.
fn patterns(text: &str) -> BTreeMap<String, String> {
    let text = without_tests(text);
    let mut found = BTreeMap::new();
    for said_by in SAID_BY {
        for (at, _) in text.match_indices(said_by) {
            for argument in said(text, at, said_by) {
                let mut begin = 0;
                while let Some(quote) = argument[begin..].find('"').map(|quote| begin + quote) {
                    // Two ways out have arguments of their own, which are read by themselves.
                    let inner = argument[begin..quote].find("of_each(");
                    if let Some(inner) = inner.map(|inner| begin + inner + "of_each".len()) {
                        let all: usize = arguments(argument, inner)
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

/// What the file of the providers says to people, by the codes of the words: how something is made
/// there, and the names that are no product's.
fn providers_say(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut part = "";
    for line in text.lines() {
        if line.starts_with('[') {
            part = line;
        }
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let words = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let Some(words) = words else {
            continue;
        };
        let is_said = match key {
            "register_as" | "service_as" | "proven_at" | "words" | "user" => true,
            // A product is called the same everywhere.
            "name" => {
                let is_product = !words.contains(" or ") && !words.starts_with("Another ");
                part.starts_with("[[") || !is_product
            }
            _ => false,
        };
        if is_said {
            found.insert(tributary::code(words), words.to_owned());
        }
    }
    found
}

/// Whether a sentence comes out of this that is a text and no pattern.
fn is_put_together(text: &str) -> bool {
    let mut rest = text.to_owned();
    // What is put into a sentence may be any text, and two ways out are read by themselves.
    for inner in ["sentence!(", "of_each("] {
        while let Some(at) = rest.find(inner) {
            let opening = at + inner.len() - 1;
            let inside: usize = arguments(&rest, opening)
                .iter()
                .map(|one| one.len() + 1)
                .sum();
            rest.replace_range(at..=opening + inside, "");
        }
    }
    rest.contains("format!(") || rest.contains("\".to_owned()")
}

/// What a name stands for where it was last given a value, or as a parameter a type, before a place.
fn meant<'a>(text: &'a str, before: usize, name: &str) -> Option<&'a str> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if !name.chars().all(is_name) {
        return None;
    }
    let last = |sign: &str, behind: &str| text[..before].rfind(&format!("{sign}{name}{behind}"));
    let value = last("let ", " =");
    let signs = ["(", "|", ", ", "    "];
    let parameter = signs.iter().filter_map(|sign| last(sign, ": ")).max();
    if parameter < value {
        return value.map(|at| statement(text, at));
    }
    let kind = text[parameter?..].split_once(": ")?.1;
    kind.split([')', '|', ',', '\n']).next()
}

/// Sentences of a file that no catalogue can have, because they are put together as texts: where they
/// are said, in a variable, or by whoever calls a closure.
fn put_together(text: &str) -> Vec<String> {
    let text = without_tests(text);
    let mut found = Vec::new();
    for said_by in SAID_BY {
        for (at, _) in text.match_indices(said_by) {
            // The system's errors are a cause, which is passed on in its words.
            if said_by == "sentence!(" || text[..at].ends_with("io::") {
                continue;
            }
            for argument in said(text, at, said_by) {
                let name = argument.trim().trim_start_matches('&');
                let name = name.strip_suffix(".to_owned()").unwrap_or(name);
                let is_text = match meant(text, at, name) {
                    _ if is_put_together(argument) => true,
                    Some(meant) if meant.starts_with("let ") => is_put_together(meant),
                    Some(meant) => ["String", "str"].iter().any(|text| meant.ends_with(text)),
                    None => false,
                };
                if is_text {
                    found.push(format!("{said_by}{argument}"));
                }
            }
        }
    }
    found
}

#[test]
fn a_sentence_that_is_put_together_as_a_text_is_found() {
    let sources = |text: &str| put_together(text).len();
    assert_eq!(
        sources("Error::new(kind, sentence!(\"a {b}\", b = format!(\"{c}\")))"),
        0
    );
    assert_eq!(sources("Error::new(kind, format!(\"a {b}\"))"), 1);
    assert_eq!(sources("error.remedy(format!(\"a {b}\"))"), 1);
    assert_eq!(
        sources("error.remedy(Remedy::of_each(format!(\"a {b}\"), \"a b\"))"),
        0
    );
    assert_eq!(
        sources("error.remedy(Remedy::of_each(\"a b\", format!(\"a {b}\")))"),
        1
    );
    assert_eq!(
        sources("let what = format!(\"a {b}\"); Error::new(kind, what)"),
        1
    );
    assert_eq!(
        sources("let what = sentence!(\"a {b}\", b); Error::new(kind, what)"),
        0
    );
    assert_eq!(
        sources("let no = |what: &str| Error::new(kind, what.to_owned())"),
        1
    );
    assert_eq!(
        sources("let no = |what: Sentence| Error::new(kind, what)"),
        0
    );
    assert_eq!(sources("io::Error::new(kind, format!(\"a {b}\"))"), 0);
}

/// The sources whose sentences are read, by their paths.
fn read_sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "crates/tributary-pages/src",
        "crates/tributary/src",
        "src-tauri",
    ];
    let files = folders
        .iter()
        .flat_map(|folder| sources(&root.join(folder)));
    // Where patterns are taken as they come.
    let files = files.filter(|file| {
        !file.ends_with("tributary-pages/src/sentence.rs") && !file.ends_with("src-tauri/words.rs")
    });
    files
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a source");
            (file, text)
        })
        .collect()
}

#[test]
fn no_sentence_is_put_together_as_a_text() {
    let found: Vec<(PathBuf, Vec<String>)> = read_sources()
        .into_iter()
        .map(|(file, text)| (file, put_together(&text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(found.is_empty(), "say them by `sentence!`: {found:#?}");
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
    for (_, text) in read_sources() {
        said.extend(patterns(&text));
    }
    assert!(said.len() > 950, "{} are found", said.len());
    let providers = root.join("crates/tributary/src/account/providers.toml");
    let providers = providers_say(&std::fs::read_to_string(providers).expect("the providers"));
    assert!(providers.len() > 20, "{} are found", providers.len());
    said.extend(providers);
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
