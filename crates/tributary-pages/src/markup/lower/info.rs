//! What stands behind the fence of a block of code.
//!
//! The language comes first, as Git hosts, mdBook (`rust,ignore`), Pandoc (`{.python}`) and `mark`
//! (`bash collapse title Its words`) write it. Then come title, numbers of lines and whether the
//! block is closed at first, in the words of several documentation generators.

use std::borrow::Cow;

use super::super::extended::attributes;

/// What the words behind a fence say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    pub language: Option<String>,
    pub title: Option<String>,
    /// The number of the first line, when lines are numbered.
    pub first_line: Option<u32>,
    /// Whether a reader opens the block first.
    pub is_collapsed: bool,
    /// The first of the options that say how the block looks and that Confluence has no form for.
    pub without_form: Option<String>,
    /// The anchor that the block is given.
    pub id: Option<String>,
}

/// Reads them.
pub(super) fn read_info(info: &str) -> Info {
    let info = info.trim();
    // Most say a language and nothing else.
    if !info.contains(|letter: char| letter.is_whitespace() || "={:,".contains(letter)) {
        return alone(info);
    }
    let (info, id) = named(info);
    let (words, title) = titled(&info);
    let (language, rest) = language_of(&words);
    Info {
        id,
        language,
        title,
        first_line: first_line(&words).or_else(|| number(rest)),
        is_collapsed: is_collapsed(rest),
        without_form: without_form(rest),
    }
}

/// Takes the id away that stands in braces, as Pandoc has it: `{#listing .python}`.
fn named(info: &str) -> (Cow<'_, str>, Option<String>) {
    let braces = info.match_indices('{');
    let found = braces.filter(|_| info.contains('#')).find_map(|(at, _)| {
        let (given, _) = attributes(&info[at..])?;
        let (_, id) = given.into_iter().find(|(name, _)| name == "id")?;
        Some((at, id))
    });
    match found {
        Some((at, id)) => {
            let (before, braces) = info.split_at(at);
            let rest = braces.replacen(&format!("#{id}"), "", 1);
            (format!("{before}{rest}").into(), Some(id))
        }
        None => (info.into(), None),
    }
}

/// The only word behind a fence.
fn alone(word: &str) -> Info {
    if word == "collapse" {
        return Info {
            is_collapsed: true,
            ..Info::default()
        };
    }
    let (language, rest) = language_of(word);
    Info {
        language,
        without_form: without_form(rest),
        ..Info::default()
    }
}

/// Takes the title away: the value of `title=`, words in brackets, or what follows the word `title`, as `mark` has it.
fn titled(info: &str) -> (Cow<'_, str>, Option<String>) {
    let keys = ["title=", "filename=", "file="];
    for key in keys.into_iter().filter(|_| info.contains('=')) {
        if let Some(at) = info.find(key) {
            let value = &info[at + key.len()..];
            let (value, rest) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    inner.split_once(quote).unwrap_or((inner, ""))
                }
                _ => value.split_at(value.find([' ', ',', '}']).unwrap_or(value.len())),
            };
            let title = (!value.is_empty()).then(|| value.to_owned());
            return (format!("{} {rest}", &info[..at]).into(), title);
        }
    }
    // `VitePress` names the tabs of its code groups so.
    if let Some((before, rest)) = info.split_once('[')
        && before.ends_with(|letter: char| letter.is_whitespace())
        && let Some((title, rest)) = rest.split_once(']')
        && !title.trim().is_empty()
    {
        let title = Some(title.trim().to_owned());
        return (format!("{before}{rest}").into(), title);
    }
    let mut words = info.match_indices("title");
    let found = words.find(|(at, word)| {
        let (before, after) = (&info[..*at], &info[at + word.len()..]);
        (before.is_empty() || before.ends_with(char::is_whitespace))
            && after.starts_with(char::is_whitespace)
    });
    match found {
        Some((at, word)) => {
            let title = info[at + word.len()..].trim();
            let title = (!title.is_empty()).then(|| title.to_owned());
            (info[..at].into(), title)
        }
        None => (info.into(), None),
    }
}

/// The language, and what stands behind it.
fn language_of(info: &str) -> (Option<String>, &str) {
    let bare = info.trim_start_matches('{').trim_start();
    let bare = bare.strip_prefix('.').unwrap_or(bare);
    let end = bare.find(|letter: char| letter.is_whitespace() || ",;:{}[(".contains(letter));
    let (language, rest) = bare.split_at(end.unwrap_or(bare.len()));
    // `mark` needs no language before its words, and a dash stands for none.
    let is_none = language.is_empty()
        || language.contains('=')
        || language == "collapse"
        || language
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    match is_none {
        true if language == "-" => (None, rest),
        true => (None, info),
        false => (Some(language.to_owned()), rest),
    }
}

/// The number of the first line: `linenums="3"` of MkDocs, `showLineNumbers=3` of Docusaurus,
/// `:line-numbers=3` of VitePress, `.numberLines startFrom="3"` of Pandoc.
fn first_line(info: &str) -> Option<u32> {
    let value_of = |key: &str| {
        let at = info.find(key)?;
        let value = info[at + key.len()..].strip_prefix('=')?;
        let value = value.trim_start_matches(['"', '\'', '{']);
        let end = value.find(|letter: char| !letter.is_ascii_digit());
        value[..end.unwrap_or(value.len())].parse().ok()
    };
    if [".numberLines", ".number-lines"]
        .iter()
        .any(|class| info.contains(class))
    {
        return value_of("startFrom").or(Some(1));
    }
    let keys = ["linenums", "showLineNumbers", ":line-numbers"];
    let (key, at) = keys
        .into_iter()
        .find_map(|key| Some((key, info.find(key)?)))?;
    let rest = &info[at + key.len()..];
    if rest.starts_with('=') {
        return value_of(key);
    }
    // MkDocs has no such word without a number.
    let is_word = !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '-');
    (is_word && key != "linenums").then_some(1)
}

/// The number of the first line as `mark` writes it: a word of digits.
fn number(rest: &str) -> Option<u32> {
    let mut words = rest.split_whitespace();
    words.find_map(|word| word.parse().ok())
}

fn is_collapsed(rest: &str) -> bool {
    let mut words = rest.split([' ', '\t', '{', '}', ',']);
    words.any(|word| {
        matches!(
            word,
            "collapse"
                | "collapse=true"
                | "collapse=\"true\""
                | "code-fold=true"
                | "code-fold=\"true\""
        )
    })
}

/// The first option about looks that has no form: lines that stand out, and colors.
fn without_form(rest: &str) -> Option<String> {
    const KEYS: [&str; 4] = ["hl_lines", "highlight", "ins", "del"];
    const THEMES: [&str; 7] = [
        "confluence",
        "django",
        "eclipse",
        "emacs",
        "fadetogrey",
        "midnight",
        "rdark",
    ];
    let mut from = rest;
    while let Some(at) = from.find(|letter: char| !letter.is_whitespace()) {
        from = &from[at..];
        let quoted = from
            .find("=\"")
            .filter(|at| !from[..*at].contains(char::is_whitespace));
        let end = match (quoted, from.starts_with('{')) {
            (Some(at), _) => from[at + 2..].find('"').map(|end| at + 2 + end + 1),
            (None, true) => from.find('}').map(|end| end + 1),
            (None, false) => from.find(char::is_whitespace),
        };
        let (word, rest) = from.split_at(end.unwrap_or(from.len()));
        from = rest;
        let key = word.split('=').next().unwrap_or_default();
        let marks_lines = word.starts_with('{')
            && word.len() > 2
            && word[1..].starts_with(|letter: char| letter.is_ascii_digit())
            && word
                .chars()
                .all(|letter| letter.is_ascii_digit() || "{},- ".contains(letter));
        let is_option = (word.contains('=') && KEYS.contains(&key.trim_start_matches('{')))
            || THEMES.contains(&word.to_ascii_lowercase().as_str());
        if marks_lines || is_option {
            return Some(word.to_owned());
        }
    }
    None
}
