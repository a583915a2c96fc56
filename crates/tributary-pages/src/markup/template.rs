//! What a repository says for all of its pages: names in double braces, and what stands above and
//! below every text.
//!
//! `{{ product }}` is what `.tributary.toml` says of `product`; `{{ hint key="F5" }}` is the snippet
//! `hint` with a word of its own; `{{ source.path }}` is known of the source. Other names stay as
//! they are written, and so does what is code: templates of other programs look the same. In a
//! header, a footer and a snippet, which are written for this, names count in code too.

pub(super) mod frame;
mod held;

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::document::{Problem, Severity};
use super::generators::item_mark;
use super::parts::{Making, Plain};
use super::surroundings::Surroundings;
use super::{generators, tree};
use crate::Sentence;

pub(super) use held::Held;

/// Words that are given where a text is used, by the names that it has for them.
pub(super) type Given = BTreeMap<String, String>;

/// Names in what names stand for, beyond which they stay as they are.
const DEEPEST: usize = 16;
/// Bytes that the names of one document become; a page of Confluence has about 5 MB.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A text whose names were filled in.
pub(super) struct Filled<'a> {
    pub plain: Plain<'a>,
    /// What was noticed, by its offset in the text.
    pub problems: Vec<(usize, Problem)>,
    /// Whether the day of the commit is in it, which changes although nothing else does.
    pub is_dated: bool,
}

/// Fills in the names of a document's text, from an offset on. `path` is the document's.
pub(super) fn fill<'a>(
    path: &str,
    text: &'a str,
    from: usize,
    surroundings: &Surroundings,
    names: Names,
) -> Filled<'a> {
    let mut filler = Filler::new(path, surroundings);
    let mut plain = Plain::same(text);
    if has_names(&text[from..], surroundings) {
        let mut made = Making::default();
        made.copy(&text[..from], 0);
        let is_changed = filler.fill(text, from, names, &mut made);
        if is_changed {
            plain = Plain {
                text: made.text.into(),
                parts: made.parts,
            };
        }
    }
    Filled {
        plain,
        problems: filler.problems,
        is_dated: filler.is_dated,
    }
}

/// Fills in the words that were given, where a text was taken in with them.
pub(super) fn with_given(text: &str, given: &Given) -> String {
    filled(text, |used| {
        // `mark` writes names with a dot.
        given.get(used.name.trim_start_matches('.')).cloned()
    })
}

/// Puts words in the place of the names in braces that have some; others stay as they are written.
fn filled(text: &str, mut words: impl FnMut(&Used<'_>) -> Option<String>) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = Used::read(rest).and_then(|used| Some((words(&used)?, used.length)));
        let length = match found {
            Some((words, length)) => {
                made.push_str(&words);
                length
            }
            None => {
                made.push_str("{{");
                2
            }
        };
        rest = &rest[length..];
    }
    made.push_str(rest);
    made
}

/// The same in a text that has other marks in the place of braces.
pub(super) fn with_given_between(text: &str, given: &Given, (open, close): (&str, &str)) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let inside = &rest[at + open.len()..];
        let line = inside.split('\n').next().unwrap_or_default();
        let words = line.split_once(close).and_then(|(name, _)| {
            let words = given.get(name.trim().trim_start_matches('.'))?;
            Some((words, name.len() + close.len()))
        });
        match words {
            Some((words, length)) => {
                made.push_str(&rest[..at]);
                made.push_str(words);
                rest = &inside[length..];
            }
            None => {
                made.push_str(&rest[..at + open.len()]);
                rest = inside;
            }
        }
    }
    made.push_str(rest);
    made
}

/// The first action in a template of Go's, such as `{{ if .x }}`, which `mark` carries out.
pub(super) fn action_in(text: &str) -> Option<&str> {
    let actions = [
        "if", "else", "end", "range", "with", "define", "template", "block",
    ];
    text.match_indices("{{").find_map(|(at, braces)| {
        let inside = &text[at + braces.len()..];
        let line = inside.split('\n').next().unwrap_or_default();
        let (words, _) = line.split_once("}}")?;
        let mut words_of = words.trim_start_matches('-').split_whitespace();
        let is_action = words_of.next().is_some_and(|word| actions.contains(&word));
        is_action.then(|| &text[at..at + braces.len() + words.len() + "}}".len()])
    })
}

/// Whether a text may hold names that stand for something.
fn has_names(text: &str, surroundings: &Surroundings) -> bool {
    let is_declared = surroundings.template.declares();
    let mut found = memchr::memmem::find_iter(text.as_bytes(), "{{");
    found.any(|at| is_declared || text[at + 2..].trim_start().starts_with("source."))
}

/// Where names count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// In all but code and formulas.
    InText,
    /// In code too, because the text was written for them. What it refers to is from the
    /// repository's root.
    Everywhere,
}

/// A name in double braces as it is used.
struct Used<'t> {
    name: &'t str,
    given: Given,
    /// From the first brace to the last.
    length: usize,
}

impl<'t> Used<'t> {
    /// Reads a name at the beginning of a text, which are two braces.
    fn read(text: &'t str) -> Option<Self> {
        let inside = text.strip_prefix("{{")?.trim_start_matches([' ', '\t']);
        let end = inside.find(|letter: char| {
            !(letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
        })?;
        let (name, mut rest) = inside.split_at(end);
        let mut given = Given::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("}}") {
                return (!name.is_empty()).then(|| Self {
                    name,
                    given,
                    length: text.len() - after.len(),
                });
            }
            let (key, after) = rest.split_once('=')?;
            let key = key.trim_end();
            if key.is_empty() || key.contains(|letter: char| !is_key(letter)) {
                return None;
            }
            let after = after.trim_start();
            let quote = after
                .chars()
                .next()
                .filter(|letter| "\"'".contains(*letter))?;
            let (words, after) = after[1..].split_once(quote)?;
            given.insert(key.to_owned(), words.to_owned());
            rest = after;
        }
    }
}

/// Whether a text begins with a name in double braces.
pub(super) fn begins_name(text: &str) -> bool {
    text.starts_with("{{") && Used::read(text).is_some()
}

fn is_key(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// What a name stands for.
enum Meaning {
    /// Markdown.
    Text(String),
    /// Words that are no Markdown.
    Words(String),
}

struct Filler<'s> {
    path: &'s str,
    surroundings: &'s Surroundings,
    problems: Vec<(usize, Problem)>,
    is_dated: bool,
    /// The names that are being filled in.
    within: Vec<String>,
    bytes: usize,
}

impl<'s> Filler<'s> {
    fn new(path: &'s str, surroundings: &'s Surroundings) -> Self {
        Self {
            path,
            surroundings,
            problems: Vec::new(),
            is_dated: false,
            within: Vec::new(),
            bytes: 0,
        }
    }

    /// Puts a text together from an offset on; says whether it changed.
    fn fill(&mut self, text: &str, from: usize, names: Names, made: &mut Making) -> bool {
        let kept = kept_in(text, from);
        let kind_at = |at: usize| {
            let next = kept.partition_point(|(range, _)| range.start <= at);
            let (range, kind) = kept.get(next.checked_sub(1)?)?;
            (at < range.end).then_some(*kind)
        };
        let finder = memchr::memmem::Finder::new("{{");
        let mut lines: Option<Lines<'_>> = None;
        let mut is_changed = false;
        let mut copied = from;
        let mut look = from;
        while let Some(at) = finder.find(&text.as_bytes()[look..]).map(|at| look + at) {
            look = at + 2;
            let kind = kind_at(at);
            let before = text[..at].chars().next_back();
            if kind == Some(Kept::Code) && names == Names::InText {
                continue;
            }
            // `${{ … }}` is a workflow's.
            let Some(used) = Used::read(&text[at..]).filter(|_| before != Some('$')) else {
                continue;
            };
            let end = at + used.length;
            if before == Some('\\') && kind.is_none() {
                if self.knows(&used) {
                    made.copy(&text[copied..at - 1], copied);
                    copied = at;
                    is_changed = true;
                }
                look = end;
                continue;
            }
            let Some(words) = self.words(&used, at, kind) else {
                continue;
            };
            if words.contains('\n') && kind.is_none() {
                let lines = lines.get_or_insert_with(|| Lines::of(text, from));
                match lines.around(at, end) {
                    Some(around) => {
                        let start = around.start.max(copied);
                        made.copy(&text[copied..start], copied);
                        made.insert(&around.put(&words), at);
                        (copied, look) = (end, end);
                        is_changed = true;
                        continue;
                    }
                    None => self.problems.push((at, amid(&used))),
                }
            }
            made.copy(&text[copied..at], copied);
            made.insert(&words, at);
            (copied, look) = (end, end);
            is_changed = true;
        }
        made.copy(&text[copied..], copied);
        is_changed
    }

    fn knows(&self, used: &Used<'_>) -> bool {
        let template = &self.surroundings.template;
        template.variables.contains_key(used.name)
            || template.snippets.contains_key(used.name)
            || used.name.starts_with("source.")
    }

    /// What a name becomes; none, and mostly a problem, when it stays.
    fn words(&mut self, used: &Used<'_>, at: usize, kind: Option<Kept>) -> Option<String> {
        let stays = |why: Sentence| {
            let problem = Problem {
                severity: Severity::Warning,
                code: "name.unknown",
                message: sentence!(
                    "`{{{{ {name} }}}}` stays as it is written: {why}",
                    name = used.name,
                    why
                ),
                line: 0,
                column: 0,
            };
            (at, problem)
        };
        if !self.knows(used) && !self.surroundings.template.declares() {
            // Braces of other programs, in a repository that gives them no meaning here.
            return None;
        }
        let meaning = match self.meaning(used) {
            Ok(meaning) => meaning,
            Err(why) => {
                self.problems.push(stays(why));
                return None;
            }
        };
        let text = match meaning {
            Meaning::Words(words) => {
                return Some(match kind {
                    Some(Kept::Code) => words,
                    Some(Kept::Html) => {
                        html_escape::encode_double_quoted_attribute(&words).into_owned()
                    }
                    None => escaped(&words),
                });
            }
            Meaning::Text(text) => text,
        };
        let refused = if self.within.iter().any(|name| name == used.name) {
            Some(sentence!("it stands for itself"))
        } else if self.within.len() == DEEPEST {
            Some(sentence!("names stand for names too many times over"))
        } else if self.bytes + text.len() > MOST_BYTES {
            Some(sentence!(
                "all names of this document become more than a page can hold"
            ))
        } else {
            None
        };
        if let Some(why) = refused {
            self.problems.push(stays(why));
            return None;
        }
        self.bytes += text.len();
        self.within.push(used.name.to_owned());
        let mut made = Making::default();
        let before = self.problems.len();
        self.fill(&text, 0, Names::Everywhere, &mut made);
        self.within.pop();
        for (place, _) in &mut self.problems[before..] {
            *place = at;
        }
        Some(made.text)
    }

    fn meaning(&mut self, used: &Used<'_>) -> Result<Meaning, Sentence> {
        let template = &self.surroundings.template;
        if let Some(text) = template.variables.get(used.name) {
            return Ok(Meaning::Text(text.clone()));
        }
        if let Some(text) = template.snippets.get(used.name) {
            let given = with_given(text.trim_end(), &used.given);
            return Ok(Meaning::Text(
                generators::rewrite(&given, 0).text.into_owned(),
            ));
        }
        let Some(fact) = used.name.strip_prefix("source.") else {
            let known = template.variables.keys().chain(template.snippets.keys());
            let near = known
                .map(|known| (strsim::levenshtein(known, used.name), known))
                .min();
            return Err(match near {
                Some((letters, near)) if letters <= 2 => {
                    sentence!(
                        "`.tributary.toml` declares no such name; it has `{near}`",
                        near
                    )
                }
                _ => sentence!("`.tributary.toml` declares no such name"),
            });
        };
        let repository = &self.surroundings.repository;
        let links = &self.surroundings.links;
        let name = self.path.rsplit('/').next().unwrap_or(self.path);
        let known = match fact {
            "path" => Some(self.path.to_owned()),
            "name" => Some(name.to_owned()),
            "repository" => Some(repository.name.clone()).filter(|name| !name.is_empty()),
            "ref" => repository.reference.clone(),
            "commit" => repository
                .commit
                .as_deref()
                .map(|commit| commit[..commit.len().min(12)].to_owned()),
            "date" => {
                self.is_dated = true;
                repository.date.clone()
            }
            "url" => links.view.clone(),
            "edit_url" => links.edit.clone(),
            _ => {
                return Err(sentence!(
                    "of a source there are `path`, `name`, `repository`, `ref`, `commit`, \
                            `date`, `url` and `edit_url`"
                ));
            }
        };
        known.map(Meaning::Words).ok_or_else(|| match fact {
            "url" | "edit_url" => sentence!("the repository has no remote at a host that is known"),
            _ => sentence!("there is no commit, branch or tag to tell it"),
        })
    }
}

/// What is told of several lines that stand between words.
fn amid(used: &Used<'_>) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "name.lines",
        message: sentence!(
            "the name `{name}` stands for several lines and between words, so that its lines begin \
             where no block may; put it on a line of its own",
            name = used.name
        ),
        line: 0,
        column: 0,
    }
}

/// The lines of a text that names are used in.
struct Lines<'t> {
    text: &'t str,
    /// Its list entries, by where they begin.
    entries: Vec<Range<usize>>,
}

/// What is around a name that has a line to itself.
struct Around {
    /// Where what stands for it begins, which may be before the name.
    start: usize,
    /// What its first line begins with there.
    first: String,
    /// What its further lines begin with, so that they are in the same quotations and entries.
    prefix: String,
    /// Whether a paragraph stands right before it.
    follows_text: bool,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, from: usize) -> Self {
        let events = Parser::new_ext(&text[from..], tree::OPTIONS).into_offset_iter();
        let entries = events.filter_map(|(event, range)| match event {
            Event::Start(Tag::Item) => Some(from + range.start..from + range.end),
            _ => None,
        });
        Self {
            text,
            entries: entries.collect(),
        }
    }

    /// What is around the name in a range; none where it stands between words.
    fn around(&self, at: usize, end: usize) -> Option<Around> {
        let text = self.text;
        let line = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let rest = text[end..].split('\n').next().unwrap_or_default();
        if !rest.trim().is_empty() {
            return None;
        }
        let is_marks = |text: &str| text.chars().all(|letter| " \t>".contains(letter));
        let begun = self.entries.partition_point(|entry| entry.start <= at);
        let mut around = self.entries[..begun].iter().rev();
        let Some(entry) = around.find(|entry| at < entry.end) else {
            let own = &text[line..at];
            // Spaces alone would be none of a container's.
            let prefix = if own.contains('>') { own } else { "" };
            return is_marks(own).then(|| Around {
                start: line,
                first: prefix.to_owned(),
                prefix: prefix.to_owned(),
                follows_text: self.follows_text(line),
            });
        };
        let mark = &text[entry.clone()];
        let indent = mark.len() - mark.trim_start_matches([' ', '\t']).len();
        let width = item_mark(&mark[indent..])?;
        let inside = entry.start + indent + width;
        let entry_line = text[..entry.start].rfind('\n').map_or(0, |end| end + 1);
        let as_prefix = |letter| match letter {
            '>' | '\t' => letter,
            _ => ' ',
        };
        let mut prefix: String = text[entry_line..inside].chars().map(as_prefix).collect();
        let (start, own) = match inside >= line {
            true => (inside, text.get(inside..at)?),
            false => (line, text[line..at].get(prefix.len()..).unwrap_or_default()),
        };
        let first = if inside >= line { "" } else { prefix.as_str() };
        let mut first = first.to_owned();
        if !is_marks(&text[start..at]) {
            return None;
        }
        if own.contains('>') {
            first.push_str(own);
            prefix.push_str(own);
        }
        Some(Around {
            start,
            first,
            prefix,
            follows_text: inside < line && self.follows_text(line),
        })
    }

    /// Whether a line that is not blank stands before one that begins at an offset.
    fn follows_text(&self, line: usize) -> bool {
        let before = self.text[..line].trim_end_matches('\n');
        let last = before.rsplit('\n').next().unwrap_or_default();
        line - before.len() == 1 && !last.trim_matches([' ', '\t', '>']).is_empty()
    }
}

impl Around {
    /// Lines as they stand there.
    fn put(&self, words: &str) -> String {
        let mut made = String::with_capacity(words.len());
        // A tag on a line of its own begins no block right behind text.
        if self.follows_text && words.starts_with('<') {
            made.push_str(self.prefix.trim_end());
            made.push('\n');
        }
        for (number, line) in words.split('\n').enumerate() {
            if number > 0 {
                made.push('\n');
            }
            let before = if number == 0 {
                &self.first
            } else {
                &self.prefix
            };
            match line.is_empty() {
                true => made.push_str(before.trim_end()),
                false => {
                    made.push_str(before);
                    made.push_str(line);
                }
            }
        }
        made
    }
}

/// What keeps a part of a text from being Markdown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// Code, or a formula.
    Code,
    Html,
}

/// Where a text is no Markdown.
fn kept_in(text: &str, from: usize) -> Vec<(Range<usize>, Kept)> {
    let events = Parser::new_ext(&text[from..], tree::OPTIONS).into_offset_iter();
    let kept = events.filter_map(|(event, range)| {
        let kind = match event {
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::CodeBlock(_)) => Kept::Code,
            Event::Html(_) | Event::InlineHtml(_) => Kept::Html,
            _ => return None,
        };
        Some((from + range.start..from + range.end, kind))
    });
    kept.collect()
}

/// Words as Markdown that shows them. A target of a link is the same with these escapes.
fn escaped(words: &str) -> String {
    let mut made = String::with_capacity(words.len());
    for letter in words.chars() {
        if matches!(
            letter,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '('
                | ')'
                | '#'
                | '&'
                | '~'
                | '$'
                | '|'
                | '!'
        ) {
            made.push('\\');
        }
        made.push(letter);
    }
    made
}
