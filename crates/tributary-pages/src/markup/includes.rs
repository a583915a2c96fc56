//! Parts of other files that Markdown takes in, in the forms in which its publishers write it.
//!
//! - `MkDocs`: `--8<-- "path"`, between code fences too, with `:section` or lines `:3:7`; and
//!   several paths between two lines that are `--8<--`.
//! - `VitePress`: `<!--@include: ./path-->` with `#region` or lines `{3,7}`, and code as
//!   `<<< ./path#region{js}`.
//! - Docusaurus: `import Part from './_part.mdx'`, shown where `<Part />` stands alone; `{props.name}`
//!   in it is what `<Part name="words" />` gives.
//! - `mark`, and ours: `<!-- include: path -->`, which a Git host shows nothing of; lines below the
//!   path give values to the names in the text, `key: value`.
//! - Obsidian: `![[note]]` on a line of its own, all of it, what is below a heading, `![[note#part]]`,
//!   or one block, `![[note#^name]]`.
//! - PlantUML: `!include path` in a diagram; see [`diagrams`].
//!
//! A part is text: its links are those of the page that takes it in, as all of these have it.

mod diagrams;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::marks::{Beginnings, Marks};
use super::obsidian::block_name;
use super::parts::{Making, Plain};
use super::paths::{join, parent_of};
use super::sketch::Sketch;
use super::surroundings::Surroundings;
use super::template::{self, Given};
use super::{Problem, Severity};
use super::{front_matter, generators};
pub(super) use diagrams::{take_into_diagrams, take_into_pictures};

/// Files in files beyond this are not taken in.
const DEEPEST: usize = 16;
/// Files that one document takes in, counted as often as it does.
const MOST: usize = 1_000;
/// Bytes that one document takes in; a page of Confluence has about 5 MB.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A text with what it takes in.
pub(super) struct Whole<'a> {
    pub plain: Plain<'a>,
    /// What its lines begin with, from the same offset on.
    pub begun: Beginnings,
    /// What was noticed, by its offset in the source.
    pub problems: Vec<(usize, Problem)>,
    /// Paths that were looked for and are not at hand.
    pub wanted: Vec<String>,
}

/// Takes in what the text from an offset on asks for. `path` is the document's, and `lines` is where
/// the lines of its text begin.
pub(super) fn take_in<'a>(
    path: &str,
    text: &'a str,
    lines: &[usize],
    from: usize,
    surroundings: &Surroundings,
) -> Whole<'a> {
    let begun = Beginnings::of_lines(text, lines, from);
    let may_take = may_take(&text[from..], &begun);
    let mut taker = Taker::new(surroundings);
    if may_take {
        taker.made.copy(&text[..from], 0);
        taker.within.push(path.to_owned());
        let sketch = Sketch::of(&text[from..], 0, &begun);
        taker.text(&text[from..], &sketch, path, "", From::Source(from));
    }
    let (plain, begun) = match taker.is_changed {
        true => {
            let begun = Beginnings::of(&taker.made.text[from..]);
            let text = taker.made.text.into();
            let parts = taker.made.parts;
            (Plain { text, parts }, begun)
        }
        false => (Plain::same(text), begun),
    };
    Whole {
        plain,
        begun,
        problems: taker.problems,
        wanted: taker.wanted,
    }
}

/// What stands behind the path of a file that an `import` names.
static IMPORTED: LazyLock<Marks> =
    LazyLock::new(|| Marks::new(&[".md'", ".mdx'", ".md\"", ".mdx\""]));

/// Whether a text may take in anything, or have a mark that is escaped.
fn may_take(text: &str, begun: &Beginnings) -> bool {
    begun.asks || (begun.comment && begun.include) || (begun.import && IMPORTED.any_in(text))
}

/// Whether what stands before a colon may be what a comment begins with that takes in a file.
pub(super) fn is_include(before: &[u8]) -> bool {
    let Some((before, word)) = before.split_last_chunk::<7>() else {
        return false;
    };
    if !(word.ends_with(b"nclude") || word.ends_with(b"NCLUDE")) {
        return false;
    }
    let before = before.strip_suffix(b"@").unwrap_or(before).trim_ascii_end();
    // What is not ASCII may be white space of other scripts.
    before.ends_with(b"<!--")
        || before
            .last()
            .is_some_and(|last| !(b' '..0x80).contains(last))
}

/// Whether a byte begins anything that [`note_beginning`] notes.
pub(super) const fn begins_mark(first: u8) -> bool {
    matches!(first, b'!' | b'-' | b';' | b'<' | b'i')
}

/// Notes what a line begins with that takes in a file, or could.
pub(super) fn note_beginning(line: &[u8], begun: &mut Beginnings) {
    match line[0] {
        // Semicolons keep a mark from being one; many languages begin a comment with them.
        b'-' | b';' => {
            let escapes = line.iter().take_while(|byte| **byte == b';').count();
            let mark = &line[escapes..];
            let dashes = mark.iter().take_while(|byte| **byte == b'-').count();
            begun.asks |= dashes > 0 && mark[dashes..].starts_with(b"8<-");
        }
        b'<' => {
            begun.comment |= line.starts_with(b"<!--");
            begun.asks |= line.starts_with(b"<<<");
        }
        b'!' => begun.asks |= line.starts_with(b"![[") || line.starts_with(b"!include"),
        b'i' => begun.import |= line.starts_with(b"import "),
        _ => {}
    }
}

/// Where a text that is gone through is from.
#[derive(Clone, Copy)]
enum From {
    /// The document, from this offset on.
    Source(usize),
    /// A file that was taken in at this offset of the document.
    Taken(usize),
}

impl From {
    /// The offset in the document of a byte of the text.
    fn at(self, offset: usize) -> usize {
        match self {
            Self::Source(start) => start + offset,
            Self::Taken(at) => at,
        }
    }
}

/// What a line asks for.
struct Ask<'t> {
    /// The path as it is written.
    target: &'t str,
    part: Part<'t>,
    /// Which folders the path may start from.
    base: Base,
    form: Form<'t>,
    /// Values for the names in the text.
    given: Given,
}

/// Which part of a file is asked for.
enum Part<'t> {
    All,
    Section(&'t str),
    /// What is below a heading, with it.
    Below(&'t str),
    /// The block with a name.
    Block(&'t str),
    /// Ranges of lines, from 1, both ends included; no end means the last.
    Lines(Vec<(usize, Option<usize>)>),
}

/// Which folders a path may start from.
#[derive(Clone, Copy)]
enum Base {
    /// That of the file that asks, then the repository's root.
    Here,
    /// The root, and then every folder down to the file that asks: publishers start from the one
    /// that has their own settings.
    Above,
    /// That of the file that asks, and then every folder up to the root, for a name without an
    /// ending.
    Beside,
}

/// What becomes of the text.
enum Form<'t> {
    Markdown,
    /// As it stands; what surrounds it says what it is.
    Bare,
    /// A block of code with these words behind its fence.
    Code(Option<&'t str>),
    /// Markdown in which these words have names that begin with `props.`.
    Element(Given),
}

struct Taker<'s> {
    surroundings: &'s Surroundings,
    made: Making,
    problems: Vec<(usize, Problem)>,
    wanted: Vec<String>,
    /// Names that stand for files, by `import`.
    imports: Vec<(String, String)>,
    /// The files that are being taken in, the document first.
    within: Vec<String>,
    /// The diagram that took in files last.
    diagram: Option<diagrams::Diagram>,
    taken: usize,
    bytes: usize,
    is_changed: bool,
}

impl<'s> Taker<'s> {
    fn new(surroundings: &'s Surroundings) -> Self {
        Self {
            surroundings,
            made: Making::default(),
            problems: Vec::new(),
            wanted: Vec::new(),
            imports: Vec::new(),
            within: Vec::new(),
            diagram: None,
            taken: 0,
            bytes: 0,
            is_changed: false,
        }
    }

    /// Goes through a text, line by line.
    fn text(&mut self, text: &str, sketch: &Sketch, path: &str, indent: &str, from: From) {
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let line = &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)];
            let begins = at + line.len() - line.trim_start().len();
            let in_code =
                sketch.marked_at(begins).is_some() || sketch.indented_at(begins).is_some();
            let fence = match diagrams::may_take(line) {
                true => sketch.marked_from(begins),
                false => None,
            };
            if let Some(fence) = fence.filter(|fence| diagrams::is_plantuml(&text[*fence..]))
                && self.take_into_diagram(line, (path, fence), indent, from.at(at))
            {
                self.is_changed = true;
                at += line.len();
                continue;
            }
            let length = self.asked(rest, line, path, indent, from.at(at), in_code);
            if let Some(length) = length {
                self.is_changed = true;
                at += length;
                continue;
            }
            // A mark that is escaped is shown.
            let shown = escaped_mark(line);
            let line_at = from.at(at);
            if !line.trim().is_empty() {
                self.made.insert(indent, line_at);
            }
            match (from, shown) {
                (From::Source(_), None) => self.made.copy(line, line_at),
                (From::Source(_), Some(mark)) => {
                    self.is_changed = true;
                    self.made.copy(&line[..mark], line_at);
                    self.made.copy(&line[mark + 1..], line_at + mark + 1);
                }
                (From::Taken(_), None) => self.made.insert(line, line_at),
                (From::Taken(_), Some(mark)) => {
                    self.made.insert(&line[..mark], line_at);
                    self.made.insert(&line[mark + 1..], line_at);
                }
            }
            at += line.len();
        }
    }

    /// Takes in what a line asks for. Gives how much of the text asked for it; none when it asks
    /// for nothing, or for what cannot be taken in.
    fn asked(
        &mut self,
        rest: &str,
        line: &str,
        path: &str,
        outer: &str,
        at: usize,
        in_code: bool,
    ) -> Option<usize> {
        let indent = &line[..line.len() - line.trim_start().len()];
        let bare = line.trim();
        let inner = format!("{outer}{indent}");
        if let Some(mark) = snippet_mark(bare) {
            if !mark.is_empty() {
                let ask = snippet(unquoted(mark)?, in_code)?;
                return self.take(&ask, path, &inner, at).then_some(line.len());
            }
            // Several paths, until the same mark.
            let mut length = line.len();
            let mut asks = Vec::new();
            for listed in rest[line.len()..].split_inclusive('\n') {
                length += listed.len();
                let listed = listed.trim();
                if snippet_mark(listed).is_some_and(str::is_empty) {
                    let mut is_taken = true;
                    for ask in asks {
                        is_taken &= self.take(&ask, path, &inner, at);
                    }
                    return is_taken.then_some(length);
                }
                if !listed.is_empty() && !listed.starts_with(';') {
                    asks.push(snippet(listed, in_code)?);
                }
            }
            return None;
        }
        if in_code {
            return None;
        }
        if let Some(target) = bare.strip_prefix("<<<").map(str::trim)
            && !target.is_empty()
            && line.starts_with("<<<")
        {
            return self
                .take(&code_import(target), path, &inner, at)
                .then_some(line.len());
        }
        if bare.starts_with("<!--") {
            let (comment, length) = comment(rest, line)?;
            let ask = included(comment)?;
            return self.take(&ask, path, &inner, at).then_some(length);
        }
        if let Some(ask) = embedded(bare) {
            return self.take(&ask, path, &inner, at).then_some(line.len());
        }
        if let Some((name, target)) = import(bare) {
            // Where it is shown tells when it is not there.
            let found = self.find(target, path, Base::Here).is_some();
            self.imports.push((name.to_owned(), target.to_owned()));
            return found.then_some(line.len());
        }
        let (name, props) = element(bare)?;
        let known = self.imports.iter().rev().find(|(known, _)| known == name);
        let (_, target) = known?.clone();
        let ask = Ask {
            target: &target,
            part: Part::All,
            base: Base::Here,
            form: Form::Element(props),
            given: Given::default(),
        };
        self.take(&ask, path, &inner, at).then_some(line.len())
    }

    /// The path and text of a target.
    fn find(&mut self, target: &str, path: &str, base: Base) -> Option<(String, String)> {
        let surroundings = self.surroundings;
        let candidates = candidates(target, path, base);
        let found = candidates
            .iter()
            .find_map(|path| Some((path.clone(), surroundings.text(path)?.to_owned())));
        if found.is_none() {
            for candidate in candidates {
                if !self.wanted.contains(&candidate) {
                    self.wanted.push(candidate);
                }
            }
        }
        found
    }

    /// Takes in what is asked for; false, and a problem, when that cannot be.
    fn take(&mut self, ask: &Ask<'_>, path: &str, indent: &str, at: usize) -> bool {
        let refused = match self.find(ask.target, path, ask.base) {
            None => sentence!("the repository has no such text file"),
            Some((found, _)) if self.within.contains(&found) => sentence!("it takes in itself"),
            Some(_) if self.within.len() > DEEPEST => {
                sentence!("files take in files too many times over")
            }
            Some((_, text)) if self.taken == MOST || self.bytes + text.len() > MOST_BYTES => {
                sentence!("this document takes in more than a page can hold")
            }
            Some((found, text)) => match part_of(&text, &ask.part) {
                None => sentence!("the file has no such section"),
                Some(part) => {
                    self.taken += 1;
                    self.bytes += part.len();
                    self.put(&part, &found, ask, indent, at);
                    return true;
                }
            },
        };
        self.problems.push((
            at,
            Problem {
                severity: Severity::Warning,
                code: "include.not_taken",
                message: sentence!(
                    "`{target}` is not taken in, and the line stays: {refused}",
                    target = ask.target,
                    refused
                ),
                line: 0,
                column: 0,
            },
        ));
        false
    }

    fn put(&mut self, part: &str, path: &str, ask: &Ask<'_>, indent: &str, at: usize) {
        if let Form::Code(words) = &ask.form {
            let part = without_margin(part);
            let longest = part
                .split('\n')
                .map(|line| line.trim_start())
                .map(|line| line.bytes().take_while(|byte| *byte == b'`').count());
            let fence = "`".repeat(longest.max().unwrap_or(0).max(2) + 1);
            let ending = path
                .rsplit('/')
                .next()
                .and_then(|name| name.rsplit_once('.'));
            let language = words.unwrap_or_else(|| ending.map_or("", |(_, ending)| ending));
            self.made
                .insert(&format!("{indent}{fence}{language}\n"), at);
            self.lines(&part, indent, at);
            self.made.insert(&format!("{indent}{fence}\n"), at);
            return;
        }
        let filled;
        let part = if ask.given.is_empty() {
            part
        } else {
            filled = match ask.given.get(DELIMITERS) {
                None => template::with_given(part, &ask.given),
                Some(said) => match delimiters(said) {
                    Some(marks) => template::with_given_between(part, &ask.given, marks),
                    None => part.to_owned(),
                },
            };
            if let Some(action) = template::action_in(&filled) {
                self.problems.push((at, not_carried_out(path, action)));
            }
            &filled
        };
        let with_words;
        let part = match &ask.form {
            Form::Element(props) => {
                with_words = with_props(part, props);
                with_words.as_str()
            }
            _ => part,
        };
        match ask.form {
            Form::Bare => self.lines(part, indent, at),
            _ => {
                self.within.push(path.to_owned());
                let part = &part[front_matter::split(part).1..];
                let sketch = Sketch::of(part, 0, &Beginnings::of(part));
                self.text(part, &sketch, path, indent, From::Taken(at));
                self.within.pop();
            }
        }
        if !self.made.text.ends_with('\n') {
            self.made.insert("\n", at);
        }
    }

    fn lines(&mut self, part: &str, indent: &str, at: usize) {
        for line in part.split_inclusive('\n') {
            if !line.trim().is_empty() {
                self.made.insert(indent, at);
            }
            self.made.insert(line, at);
        }
        if !part.is_empty() && !part.ends_with('\n') {
            self.made.insert("\n", at);
        }
    }
}

/// What follows a mark of scissors, `--8<--`.
fn snippet_mark(bare: &str) -> Option<&str> {
    let after = bare.trim_start_matches('-');
    let rest = after.strip_prefix("8<")?;
    let words = rest.trim_start_matches('-');
    let is_mark = after.len() < bare.len() && words.len() < rest.len();
    (is_mark && (words.is_empty() || words.starts_with([' ', '\t']))).then(|| words.trim())
}

/// Whether a line, without what stands before its first word, would be taken for one that takes in
/// a file, or for one that is kept from it.
pub(super) fn asks(line: &str) -> bool {
    let bare = line.trim();
    bare.starts_with("<<<") || snippet_mark(bare.trim_start_matches(';')).is_some()
}

/// Code whose lines take in nothing when they are read as Markdown.
pub(super) fn kept_from_asking(code: &str) -> Cow<'_, str> {
    let is_mark = |line: &str| snippet_mark(line.trim().trim_start_matches(';')).is_some();
    if !code.contains("8<") || !code.lines().any(is_mark) {
        return Cow::Borrowed(code);
    }
    let lines = code.split_inclusive('\n').map(|line| match is_mark(line) {
        true => {
            let begin = line.len() - line.trim_start().len();
            format!("{};{}", &line[..begin], &line[begin..])
        }
        false => line.to_owned(),
    });
    Cow::Owned(lines.collect())
}

/// Where the semicolon is that keeps a mark of scissors from being one.
fn escaped_mark(line: &str) -> Option<usize> {
    let bare = line.trim_start();
    let unescaped = bare.strip_prefix(';')?;
    snippet_mark(unescaped.trim_end().trim_start_matches(';'))?;
    Some(line.len() - bare.len())
}

fn unquoted(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|letter| "\"'".contains(*letter))?;
    let inside = text[1..].strip_suffix(quote)?;
    (!inside.is_empty()).then_some(inside)
}

/// `path`, `path:section`, `path:3`, `path:3:7`, `path:3:7,12:14`.
fn snippet(written: &str, in_code: bool) -> Option<Ask<'_>> {
    if written.contains("://") {
        return None;
    }
    let (target, part) = match written.split_once(':') {
        None => (written, Part::All),
        Some((target, part)) => {
            let ranges: Option<Vec<(usize, Option<usize>)>> = part
                .split(',')
                .map(|range| {
                    let (first, last) = match range.split_once(':') {
                        Some((first, last)) => (first, last),
                        None => (range, ""),
                    };
                    let number = |text: &str| text.trim().parse::<usize>().ok();
                    let first = if first.is_empty() {
                        Some(1)
                    } else {
                        number(first)
                    }?;
                    let last = if last.is_empty() {
                        None
                    } else {
                        Some(number(last)?)
                    };
                    Some((first, last))
                })
                .collect();
            (target, ranges.map_or(Part::Section(part), Part::Lines))
        }
    };
    Some(Ask {
        target,
        part,
        base: Base::Above,
        form: if in_code { Form::Bare } else { Form::Markdown },
        given: Given::default(),
    })
}

/// `path#region{words}`, and a title in brackets, which is dropped.
fn code_import(written: &str) -> Ask<'_> {
    let (written, words) = match written.split_once('{') {
        Some((target, rest)) => (target.trim(), Some(rest.split('}').next().unwrap_or(rest))),
        None => (written.split('[').next().unwrap_or(written).trim(), None),
    };
    let (target, part) = section_of(written);
    // Highlighted lines come first in the braces, the language last.
    let language = words
        .and_then(|words| words.split_whitespace().last())
        .filter(|word| !word.starts_with(|letter: char| letter.is_ascii_digit() || letter == ':'));
    Ask {
        target,
        part,
        base: Base::Here,
        form: Form::Code(language),
        given: Given::default(),
    }
}

fn section_of(written: &str) -> (&str, Part<'_>) {
    match written.split_once('#') {
        Some((target, section)) if !section.is_empty() => (target, Part::Section(section)),
        _ => (written, Part::All),
    }
}

/// The longest comment that may ask for a file. The end of each would be looked for in all that is left
/// of a text where none has one.
const LONGEST_COMMENT: usize = 10_000;

/// A comment that may ask for a file, where it begins on a line and ends one, and how long it is with
/// that line.
fn comment<'t>(rest: &'t str, line: &str) -> Option<(&'t str, usize)> {
    let start = line.find("<!--")? + 4;
    let says = rest[start..].trim_start();
    let says = says.strip_prefix('@').unwrap_or(says);
    says.get(..8)
        .filter(|mark| mark.eq_ignore_ascii_case("include:"))?;
    let near = &rest.as_bytes()[start..rest.len().min(start + LONGEST_COMMENT)];
    let end = memchr::memmem::find(near, b"-->")? + start;
    let after = &rest[end + 3..];
    let line_end = after.find('\n').map_or(after.len(), |at| at + 1);
    let stands_alone = after[..line_end].trim().is_empty();
    stands_alone.then_some((&rest[start..end], end + 3 + line_end))
}

/// What a comment asks for.
fn included(comment: &str) -> Option<Ask<'_>> {
    let words = comment.trim();
    let words = words.strip_prefix('@').unwrap_or(words);
    let (mark, words) = (words.get(..8)?, words.get(8..)?);
    // A template of `mark`'s own is no file.
    if words.trim_start().starts_with("ac:") {
        return None;
    }
    if !mark.eq_ignore_ascii_case("include:") {
        return None;
    }
    let mut lines = words.trim().lines();
    let written = lines.next()?.trim();
    let (written, range) = match written
        .strip_suffix('}')
        .and_then(|rest| rest.split_once('{'))
    {
        Some((target, range)) => {
            let (first, last) = range.split_once(',').unwrap_or((range, range));
            let number = |text: &str| text.trim().parse::<usize>().ok();
            let last = if last.trim().is_empty() {
                None
            } else {
                Some(number(last)?)
            };
            (target.trim(), Some((number(first).unwrap_or(1), last)))
        }
        None => (written, None),
    };
    let (target, section) = section_of(written);
    let part = range.map_or(section, |range| Part::Lines(vec![range]));
    let given = lines.filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        let value = value.trim();
        let value = unquoted(value).unwrap_or(value);
        Some((key.trim().to_owned(), value.to_owned()))
    });
    Some(Ask {
        target,
        part,
        base: Base::Here,
        form: Form::Markdown,
        given: given.collect(),
    })
}

/// The key by which `mark` is told what stands in the place of braces.
const DELIMITERS: &str = "Delims";

/// The marks that a template has in the place of braces, as `"<<", ">>"` says; none where it has none.
fn delimiters(said: &str) -> Option<(&str, &str)> {
    let (open, close) = said.split_once(',')?;
    let open = open.trim().trim_matches(['"', '\'']);
    let close = close.trim().trim_matches(['"', '\'']);
    (!open.is_empty() && !close.is_empty()).then_some((open, close))
}

/// What is told of an action in a template, as `{{ if .x }}` is.
fn not_carried_out(path: &str, action: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "directive.unsupported",
        message: sentence!(
            "`{action}` in `{path}` is not carried out and stays as it is written: only names in \
             braces are filled in",
            action,
            path
        ),
        line: 0,
        column: 0,
    }
}

/// `import Name from './path.mdx';`
fn import(bare: &str) -> Option<(&str, &str)> {
    let rest = bare.strip_prefix("import ")?;
    let (name, rest) = rest.split_once(" from ")?;
    let name = name.trim();
    let is_name = name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let target = unquoted(rest.trim().trim_end_matches(';').trim_end())?;
    let is_text = target.ends_with(".md") || target.ends_with(".mdx");
    (is_name && is_text).then_some((name, target))
}

/// The name of an element without anything in it, and the words that it is given: `<Name />`,
/// `<Name words="some"></Name>`.
fn element(bare: &str) -> Option<(&str, Given)> {
    let inside = bare.strip_prefix('<')?;
    let end = inside.find(|letter: char| !letter.is_ascii_alphanumeric())?;
    let (name, rest) = inside.split_at(end);
    if !name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
        return None;
    }
    let said = rest
        .strip_suffix("/>")
        .or_else(|| rest.strip_suffix(&format!("></{name}>")))?;
    Some((name, props(said)?))
}

/// The words that an element is given, as `name="words" number={3} is_large`; none where something
/// else stands there. What would have to be worked out is given nothing.
fn props(said: &str) -> Option<Given> {
    let mut found = Given::new();
    let mut rest = said;
    while !rest.trim_start().is_empty() {
        // A space parts each from what stands before it.
        let named = rest.strip_prefix([' ', '\t'])?.trim_start();
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        let end = named.find(|letter| !is_name(letter)).unwrap_or(named.len());
        let (name, after) = named.split_at(end);
        if name.is_empty() {
            return None;
        }
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let (words, behind) = match value.strip_prefix('{') {
            Some(inside) => {
                let (inside, behind) = inside.split_once('}')?;
                let inside = inside.trim();
                let is_number = inside
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.');
                (unquoted(inside).or(is_number.then_some(inside)), behind)
            }
            None => {
                let quote = value
                    .chars()
                    .next()
                    .filter(|quote| "\"'".contains(*quote))?;
                let (words, behind) = value[1..].split_once(quote)?;
                (Some(words), behind)
            }
        };
        if let Some(words) = words {
            found.insert(name.to_owned(), words.to_owned());
        }
        rest = behind;
    }
    Some(found)
}

/// A text with words in the place of their names.
fn with_props(text: &str, props: &Given) -> String {
    let mut made = text.to_owned();
    for (name, words) in props {
        made = made.replace(&format!("{{props.{name}}}"), words);
    }
    made
}

/// What `![[note#part|words]]` asks for. A picture stays one.
fn embedded(bare: &str) -> Option<Ask<'_>> {
    let inside = bare.strip_prefix("![[")?.strip_suffix("]]")?;
    if inside.contains(['[', ']']) {
        return None;
    }
    let (named, _) = inside.split_once('|').unwrap_or((inside, ""));
    let (target, part) = match named.split_once('#') {
        None => (named, Part::All),
        Some((target, part)) => match part.rsplit('#').next().unwrap_or(part).trim() {
            part if part.starts_with('^') => (target, Part::Block(&part[1..])),
            part => (target, Part::Below(part)),
        },
    };
    let target = target.trim();
    let target = target.strip_suffix(".md").unwrap_or(target);
    let is_other_file = target.rsplit_once('.').is_some_and(|(_, ending)| {
        (2..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    });
    (!target.is_empty() && !is_other_file).then_some(Ask {
        target,
        part,
        base: Base::Beside,
        form: Form::Markdown,
        given: Given::default(),
    })
}

/// The paths that a target can mean, the likeliest first.
fn candidates(target: &str, path: &str, base: Base) -> Vec<String> {
    let here = parent_of(path);
    let above = |target: &str| {
        let ends = here.match_indices('/').map(|(at, _)| at);
        let folders = std::iter::once("")
            .chain(ends.map(|at| &here[..at]))
            .chain([here]);
        folders.filter_map(|folder| join(folder, target)).collect()
    };
    // The folder of the publisher's own settings.
    for mark in ["@site/", "@/"] {
        if let Some(rest) = target.strip_prefix(mark) {
            return above(rest);
        }
    }
    if let Some(rest) = target.strip_prefix('/') {
        return join("", rest).into_iter().collect();
    }
    let mut found: Vec<String> = match base {
        Base::Here => [join(here, target), join("", target)]
            .into_iter()
            .flatten()
            .collect(),
        Base::Above => above(target),
        Base::Beside => {
            let mut found = above(&format!("{target}.md"));
            found.reverse();
            found
        }
    };
    found.dedup();
    found
}

/// The part of a text that is asked for; none when it has no such section.
fn part_of(text: &str, part: &Part<'_>) -> Option<String> {
    match part {
        Part::All => Some(without_marks(text)),
        Part::Section(name) => section(text, name),
        Part::Below(heading) => below(text, heading),
        Part::Block(name) => block(text, name),
        Part::Lines(ranges) => {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let mut made = String::new();
            for (first, last) in ranges {
                let first = first.saturating_sub(1).min(lines.len());
                let last = last.unwrap_or(lines.len()).clamp(first, lines.len());
                made.extend(lines[first..last].iter().copied());
            }
            Some(made)
        }
    }
}

/// The part of a note below a heading, with the heading.
fn below(text: &str, heading: &str) -> Option<String> {
    let mut made = String::new();
    let mut level = None;
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match fence {
            Some(open) if bare.starts_with(open) => fence = None,
            Some(_) => {}
            None => {
                fence = ["```", "~~~"]
                    .into_iter()
                    .find(|mark| bare.starts_with(mark));
            }
        }
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        let said = line[marks..].trim();
        if fence.is_none() && (1..=6).contains(&marks) && line[marks..].starts_with(' ') {
            match level {
                Some(level) if marks <= level => break,
                None if said.eq_ignore_ascii_case(heading) => level = Some(marks),
                _ => {}
            }
        }
        if level.is_some() {
            made.push_str(line);
        }
    }
    level.is_some().then_some(made)
}

/// The block of a note that has a name, without the name.
fn block(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let last = lines
        .iter()
        .position(|line| block_name(line) == Some(name))?;
    let without = |line: &str| line.trim_end().len() - name.len() - 1;
    let said = lines[last][..without(lines[last])].trim_end();
    let is_item = |line: &str| generators::item_mark(line.trim_start()).is_some();
    // A name on a line of its own is that of the block above.
    let mut end = last;
    if said.trim().is_empty() {
        while end > 0 && lines[end - 1].trim().is_empty() {
            end -= 1;
        }
    }
    let mut first = end;
    if said.trim().is_empty() || !is_item(said) {
        while first > 0 && !lines[first - 1].trim().is_empty() {
            first -= 1;
        }
    }
    let mut made = lines[first..end].concat();
    made.push_str(said);
    Some(made)
}

/// What a line says of sections: the name, and whether it begins there.
fn section_mark(line: &str) -> Option<(&str, bool)> {
    if let Some(at) = line.find("8<") {
        let rest = line[at + 2..].trim_start_matches('-').trim_start();
        for (mark, begins) in [("[start:", true), ("[end:", false)] {
            if let Some(rest) = rest.strip_prefix(mark) {
                return Some((rest.split_once(']')?.0.trim(), begins));
            }
        }
    }
    for (mark, begins) in [("#region", true), ("#endregion", false)] {
        if let Some(at) = line.find(mark) {
            let rest = line[at + mark.len()..].trim();
            let name = rest.trim_end_matches("-->").trim_end_matches("*/").trim();
            return Some((name, begins));
        }
    }
    None
}

fn without_marks(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| section_mark(line).is_none()).collect()
}

fn section(text: &str, name: &str) -> Option<String> {
    let mut made = String::new();
    let mut is_inside = false;
    let mut is_found = false;
    for line in text.split_inclusive('\n') {
        match section_mark(line) {
            Some((marked, true)) if marked == name => {
                is_inside = true;
                is_found = true;
            }
            // An end without a name ends the section that is open.
            Some((marked, false)) if marked == name || (marked.is_empty() && is_inside) => {
                is_inside = false;
            }
            Some(_) => {}
            None if is_inside => made.push_str(line),
            None => {}
        }
    }
    is_found.then_some(made)
}

/// A text without the spaces that all of its lines begin with.
fn without_margin(text: &str) -> String {
    let margin = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| line.get(margin..).unwrap_or("\n"))
        .collect()
}
