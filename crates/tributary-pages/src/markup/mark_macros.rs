//! What files that were written for `mark` have besides its headers: storage format between their
//! Markdown, templates that a comment includes, macros (an expression, and the template that stands
//! in the place of what it finds), and people in `@{…}`.
//!
//! All of it is put into the forms that the reader of Markdown knows, before it is read. Code is left
//! alone. Templates that are files of one's own are none of ours, and are told.

mod templates;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use regex::{Captures, Regex, RegexBuilder};

use super::document::{Problem, Severity};
use super::generators::item_mark;
use super::marks::Beginnings;
use super::parts::{Making, Plain};
use super::sketch::Sketch;
use super::tree::FOREIGN;
use crate::Sentence;
use templates::{Written, inline_of, is_known, lacking, marked, mention, storage_of, values_of};

/// Macros beyond this are left out: nobody declares as many, and each looks through all of the text.
const MOST: usize = 40;
/// What an expression may take in memory.
const LARGEST: usize = 1 << 20;

/// Whether a colon or an at sign is one of what files for `mark` have, with what stands before it and
/// from it on.
pub(super) fn is_sign(before: &[u8], after: &[u8]) -> bool {
    const COLONS: [&[u8]; 6] = [
        b"<ac",
        b"</ac",
        b"<ri",
        b"Macro",
        b"<!-- Space",
        b"<!-- Title",
    ];
    match after[0] {
        b'@' => may_name_person(after),
        // Most colons stand behind other letters than those that the signs end with.
        _ if !matches!(before.last(), Some(b'c' | b'i' | b'o' | b'e')) => false,
        _ => {
            COLONS.iter().any(|sign| before.ends_with(sign))
                || before.ends_with(b"<!-- ac")
                || before.ends_with(b"nclude") && after.starts_with(b": ac:")
        }
    }
}

/// Whether a text may begin with a person in braces. Diagrams have the same sign before words that no
/// person is called by.
fn may_name_person(text: &[u8]) -> bool {
    let Some(name) = text.strip_prefix(b"@{") else {
        return false;
    };
    // What is not ASCII may be a letter.
    let is_name =
        |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_@:".contains(byte) || !byte.is_ascii();
    let length = name.iter().take_while(is_name).count();
    length > 0 && name.get(length) == Some(&b'}')
}

/// What ends the words that somebody who edits a page is to write over.
const PLACEHOLDER_END: &str = "<!-- ac:placeholder end -->";

/// Bytes that a tag may have.
const LONGEST_TAG: usize = 4096;

/// Elements between whose tags Markdown may stand.
const AROUND: [&str; 9] = [
    "ac:structured-macro",
    "ac:macro",
    "ac:rich-text-body",
    "ac:layout",
    "ac:layout-section",
    "ac:layout-cell",
    "ac:task-list",
    "ac:task",
    "ac:task-body",
];

/// Rewrites the text from an offset on, of which it is known what it has. Gives what was noticed, by
/// its offset.
pub(super) fn rewrite<'a>(
    text: &'a str,
    from: usize,
    begun: &Beginnings,
) -> (Plain<'a>, Vec<(usize, Problem)>) {
    if !begun.foreign {
        return (Plain::same(text), Vec::new());
    }
    let mut rewriter = Rewriter {
        text,
        made: Making::default(),
        macros: Vec::new(),
        problems: Vec::new(),
        has_headers: false,
        ends: None,
        last_comment: memchr::memmem::rfind(text.as_bytes(), b"-->").unwrap_or(0),
        last_placeholder: memchr::memmem::rfind(text.as_bytes(), PLACEHOLDER_END.as_bytes())
            .unwrap_or(0),
        is_layout_implied: false,
        sketch: Sketch::of(text, from, begun),
        entered: 0,
        entries: Vec::new(),
        depth: 0,
        outside: String::new(),
        is_changed: false,
    };
    rewriter.declare(from);
    rewriter.made.copy(&text[..from], 0);
    rewriter.run(from);
    let plain = match rewriter.is_changed {
        true => Plain {
            text: Cow::Owned(rewriter.made.text),
            parts: rewriter.made.parts,
        },
        false => Plain::same(text),
    };
    (plain, rewriter.problems)
}

/// An expression and what stands in the place of what it finds.
struct Macro {
    finds: Regex,
    template: String,
    values: Vec<(String, String)>,
}

impl Macro {
    /// What it finds first from an offset on.
    fn find(&self, piece: &str, from: usize) -> Option<Found> {
        let mut at = from;
        while at <= piece.len() {
            let found = self.finds.captures_at(piece, at)?;
            let whole = found.get(0)?;
            // Nothing has nothing in its place.
            if !whole.is_empty()
                && let Some(written) = written(&self.template, &self.values, &found)
            {
                return Some(Found {
                    start: whole.start(),
                    end: whole.end(),
                    written,
                });
            }
            let step = piece[whole.end()..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
            at = whole.end().max(at) + if whole.is_empty() { step } else { 0 };
        }
        None
    }
}

/// What was found in a piece of text, and what stands in its place.
struct Found {
    start: usize,
    end: usize,
    written: Written,
}

struct Rewriter<'t> {
    text: &'t str,
    made: Making,
    macros: Vec<Macro>,
    problems: Vec<(usize, Problem)>,
    /// Whether the file has a header of `mark`: what other texts may mean otherwise is read in no
    /// other.
    has_headers: bool,
    /// Where elements of each name end for the last time; none before it was looked.
    ends: Option<HashMap<&'t str, usize>>,
    /// Code and formulas, and entries of lists, as the reader of Markdown finds them.
    sketch: Sketch,
    /// How many entries of lists were entered so far.
    entered: usize,
    /// Those that are open, the innermost last.
    entries: Vec<Entry>,
    /// Where the last comment ends.
    last_comment: usize,
    /// Where the last placeholder ends.
    last_placeholder: usize,
    /// Whether the row of columns that is open has a layout around it that nobody wrote.
    is_layout_implied: bool,
    /// How many elements are open that Markdown stands in.
    depth: usize,
    /// What lines begin with around the outermost of these.
    outside: String,
    is_changed: bool,
}

/// An entry of a list.
struct Entry {
    /// Where its mark begins, and where its text does.
    start: usize,
    text: usize,
    end: usize,
    /// What its further lines begin with, once somebody asked.
    prefix: Option<String>,
}

impl<'t> Rewriter<'t> {
    fn warn(&mut self, at: usize, message: Sentence) {
        let problem = Problem {
            severity: Severity::Warning,
            code: "directive.unsupported",
            message,
            line: 0,
            column: 0,
        };
        self.problems.push((at, problem));
    }

    /// Reads the comments that declare macros, and whether there are headers.
    fn declare(&mut self, from: usize) {
        let text = self.text;
        let mut at = from;
        // Where the line begins that a comment begins in, and the end that is next.
        let (mut line, mut seen, mut end) = (from, from, from);
        while let Some(open) = text[at..].find("<!--").map(|open| at + open) {
            line = text[seen..open]
                .rfind('\n')
                .map_or(line, |before| seen + before + 1);
            seen = open;
            if let Some(code) = self.code_at(open) {
                at = code;
                continue;
            }
            if end < open + 4 {
                let Some(next) = text[open..].find("-->") else {
                    return;
                };
                end = open + next;
            }
            at = end + 3;
            if text[..open].ends_with('\\') {
                at = open + 4;
                continue;
            }
            let words = text[open + 4..end].trim();
            let header = ["Space:", "Title:", "Parent:"];
            self.has_headers |= header.iter().any(|header| words.starts_with(header));
            let Some(expression) = words.strip_prefix("Macro:") else {
                continue;
            };
            // Within a line it is somebody's example of one, such as code.
            if !text[line..open].trim().is_empty() {
                at = open + 4;
                continue;
            }
            let mut lines = expression.lines();
            let expression = lines.next().unwrap_or_default().trim().to_owned();
            // A template of its own has a sign before its name that would be a comment of YAML.
            let is_template = |line: &&str| {
                let key = line.trim_start().get(.."template:".len());
                key.is_some_and(|key| key.eq_ignore_ascii_case("template:"))
            };
            let (named, rest): (Vec<&str>, Vec<&str>) = lines.partition(is_template);
            let template = named.first().and_then(|line| line.split_once(':'));
            let template = template.map_or("", |(_, name)| name.trim().trim_matches(['"', '\'']));
            let template = template.to_owned();
            let values = values_of(&rest);
            if !is_known(&template, &values) {
                self.warn(
                    open,
                    sentence!(
                        "the macro `{expression}` has the template `{template}`, which has no form \
                         here, so what it finds stays as it is written",
                        expression,
                        template
                    ),
                );
                continue;
            }
            let compiled = RegexBuilder::new(&expression)
                .size_limit(LARGEST)
                .multi_line(true)
                .build();
            match compiled {
                Ok(finds) if self.macros.len() < MOST => self.macros.push(Macro {
                    finds,
                    template,
                    values,
                }),
                _ => self.warn(
                    open,
                    sentence!(
                        "the expression `{expression}` of this macro cannot be used, so what it \
                         finds stays as it is written",
                        expression
                    ),
                ),
            }
        }
    }

    /// Where the code ends that an offset is in; none for other text. Unless elements are open, whose
    /// content is indented as their author likes, indentation makes code, too.
    fn code_at(&self, at: usize) -> Option<usize> {
        let indented = || match self.depth {
            0 => self.sketch.indented_at(at),
            _ => None,
        };
        self.sketch.marked_at(at).or_else(indented)
    }

    /// Where the next code begins from an offset on.
    fn next_code(&self, at: usize) -> usize {
        let marked = self.sketch.next_marked(at);
        match self.depth {
            0 => marked.min(self.sketch.next_indented(at)),
            _ => marked,
        }
    }

    fn run(&mut self, from: usize) {
        let text = self.text;
        let mut fence: Option<(u8, usize)> = None;
        let (mut at, mut begins) = (from, from);
        while at < text.len() {
            if text[..at].ends_with('\n') {
                begins = at;
            }
            // Code as the reader finds it, wherever it begins; what begins within storage format is
            // a part of that.
            if fence.is_none()
                && let Some(end) = self.code_at(at)
            {
                self.made.copy(&text[at..end], at);
                at = end;
                continue;
            }
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            let end = match fence {
                None => end.min(self.next_code(at)),
                Some(_) => end,
            };
            let line = &text[at..end];
            let bare = line.trim_start_matches([' ', '\t', '>']);
            let letter = bare.as_bytes().first().copied().unwrap_or_default();
            let length = bare.bytes().take_while(|byte| *byte == letter).count();
            let is_whole = at == begins;
            let is_fence = is_whole
                && matches!(letter, b'`' | b'~')
                && length >= 3
                && (letter == b'~' || !bare[length..].contains('`'));
            let in_code = match fence {
                Some((open, least)) => {
                    if is_fence
                        && letter == open
                        && length >= least
                        && bare[length..].trim().is_empty()
                    {
                        fence = None;
                    }
                    true
                }
                None if is_fence => {
                    fence = Some((letter, length));
                    true
                }
                None => false,
            };
            if in_code {
                self.made.copy(line, at);
                at = end;
                continue;
            }
            if self.has_headers
                && is_whole
                && let Some(kind) = boxed(&text[from..at], line)
            {
                self.is_changed = true;
                self.made.insert(&format!("> [!{kind}]\n"), at);
            }
            at = self.line(begins, at, end);
        }
    }

    /// Goes through a line that is no code; gives where to go on, which is behind it or behind what
    /// begins in it.
    fn line(&mut self, begins: usize, from: usize, end: usize) -> usize {
        let text = self.text;
        let mut at = from;
        let mut plain = from;
        while at < end {
            match text.as_bytes()[at] {
                b'\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
                b'`' => {
                    let run = text[at..end]
                        .bytes()
                        .take_while(|byte| *byte == b'`')
                        .count();
                    let ticks = &text[at..at + run];
                    let close = text[at + run..end].find(ticks);
                    self.plain(begins, plain..at);
                    let next = close.map_or(at + run, |close| at + run + close + run);
                    self.made.copy(&text[at..next], at);
                    at = next;
                    plain = at;
                }
                b'<' if at < self.last_comment && text[at..].starts_with("<!--") => {
                    let Some(close) = text[at..].find("-->") else {
                        break;
                    };
                    self.plain(begins, plain..at);
                    let place = at..at + close + 3;
                    let next = match self.include(begins, place.clone()) {
                        true => Some(place.end),
                        false => self.structure(begins, place.clone()),
                    };
                    let next = next.unwrap_or_else(|| {
                        self.made.copy(&text[place.clone()], at);
                        place.end
                    });
                    if next > end {
                        return next;
                    }
                    at = next;
                    plain = at;
                }
                b'<' => match self.storage_at(at) {
                    Some(storage) => {
                        self.plain(begins, plain..at);
                        at = storage.end;
                        plain = at;
                        self.storage(&text[storage.clone()], storage, begins);
                        if at >= end {
                            // The rest of the line where it ends is a line of its own.
                            return at;
                        }
                    }
                    None => at += 1,
                },
                _ => at += 1,
            }
        }
        let at = at.clamp(plain, end.max(plain));
        self.plain(begins, plain..at.max(end));
        at.max(end)
    }

    /// Text without code, in which macros and people are found, of a line that begins at an offset.
    fn plain(&mut self, begins: usize, range: Range<usize>) {
        let text = self.text;
        let piece = &text[range.clone()];
        let mut at = 0;
        // What each finds next: one that finds nothing more is not asked at every other's find.
        let mut next: Vec<Option<Found>> = Vec::with_capacity(self.macros.len() + 1);
        for known in &self.macros {
            next.push(known.find(piece, at));
        }
        next.push(self.person(piece, at));
        while let Some((which, start)) = next
            .iter()
            .enumerate()
            .filter_map(|(which, found)| Some((which, found.as_ref()?.start)))
            .min_by_key(|(which, start)| (*start, *which))
        {
            if let Some(found) = next[which].take() {
                self.made.copy(&piece[at..start], range.start + at);
                let place = range.start + start..range.start + found.end;
                self.put(&found.written, begins, place);
                at = found.end;
            }
            for (other, found) in next.iter_mut().enumerate() {
                let is_past = found.as_ref().is_some_and(|found| found.start < at);
                if is_past || other == which {
                    *found = match self.macros.get(other) {
                        Some(known) => known.find(piece, at),
                        None => self.person(piece, at),
                    };
                }
            }
        }
        self.made.copy(&piece[at..], range.start + at);
    }

    /// The first person in `@{…}` from an offset on, as the short form that a mention has.
    fn person(&self, piece: &str, from: usize) -> Option<Found> {
        if !self.has_headers {
            return None;
        }
        for (start, _) in piece[from..].match_indices("@{") {
            let start = from + start;
            let name = &piece[start + 2..];
            let is_name = |letter: char| letter.is_alphanumeric() || ".-_@:".contains(letter);
            let length = name.find(|letter| !is_name(letter)).unwrap_or(name.len());
            if length > 0 && name[length..].starts_with('}') {
                return Some(Found {
                    start,
                    end: start + 2 + length + 1,
                    written: Written::line(mention(&name[..length])),
                });
            }
        }
        None
    }

    /// Writes what a comment includes, in a line that begins at an offset; says whether it includes a
    /// template that is known.
    fn include(&mut self, begins: usize, place: Range<usize>) -> bool {
        let text = self.text;
        let words = text[place.start + 4..place.end - 3].trim();
        let Some(words) = words
            .strip_prefix("Include:")
            .or_else(|| words.strip_prefix("include:"))
            .map(str::trim_start)
            .filter(|words| words.starts_with("ac:"))
        else {
            return false;
        };
        let mut lines = words.lines();
        let template = lines.next().unwrap_or_default().trim().to_owned();
        let values = values_of(&lines.collect::<Vec<_>>());
        match storage_of(&template, &values) {
            Some(written) => {
                self.put(&written, begins, place);
                true
            }
            None => {
                let why = match lacking(&template, &values) {
                    Some(key) => sentence!("it lacks `{key}`", key),
                    None => sentence!("it has no form here"),
                };
                self.warn(
                    place.start,
                    sentence!(
                        "nothing stands in the place of the template `{template}` of `mark`, because \
                         {why}",
                        template,
                        why
                    ),
                );
                false
            }
        }
    }

    /// Writes the storage format that a comment stands for, as `<!-- ac:layout-cell -->` does; gives
    /// where the text goes on. None for a comment that stands for none.
    fn structure(&mut self, begins: usize, place: Range<usize>) -> Option<usize> {
        let text = self.text;
        let words = text[place.start + 4..place.end - 3].split_whitespace();
        let words: Vec<&str> = words.collect();
        let (name, rest) = words.split_first()?;
        let code = match (name.strip_prefix("ac:")?, rest) {
            ("placeholder", []) if place.end <= self.last_placeholder => {
                let end = place.end + text[place.end..].find(PLACEHOLDER_END)?;
                let words = html_escape::encode_text(text[place.end..end].trim());
                let code = format!("<ac:placeholder>{words}</ac:placeholder>");
                self.is_changed = true;
                self.made.insert(&marked(&code), place.start);
                return Some(end + PLACEHOLDER_END.len());
            }
            // Outside of a layout a row of columns is one by itself.
            ("layout-section", []) => self.section("single"),
            ("layout-section", [kind]) if kind.starts_with("type:") => {
                let kind = &kind["type:".len()..];
                let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
                if kind.is_empty() || !kind.bytes().all(is_word) {
                    return None;
                }
                self.section(kind)
            }
            ("layout-section", ["end"]) => match std::mem::take(&mut self.is_layout_implied) {
                true => "</ac:layout-section></ac:layout>".to_owned(),
                false => "</ac:layout-section>".to_owned(),
            },
            (name @ ("layout" | "layout-cell"), []) => format!("<ac:{name}>"),
            (name @ ("layout" | "layout-cell"), ["end"]) => format!("</ac:{name}>"),
            // What is left out is left out later.
            ("ignore", _) => return None,
            (name, _) => {
                let message = sentence!(
                    "the comment `ac:{name}` of `mark` has no meaning here and changes nothing on \
                     the page",
                    name
                );
                self.warn(place.start, message);
                return None;
            }
        };
        self.storage(&code, place.clone(), begins);
        Some(place.end)
    }

    fn section(&mut self, kind: &str) -> String {
        self.is_layout_implied = self.depth == 0;
        let layout = if self.is_layout_implied {
            "<ac:layout>"
        } else {
            ""
        };
        format!("{layout}<ac:layout-section ac:type=\"{kind}\">")
    }

    /// Writes what stands in the place of a macro in a line that begins at an offset.
    fn put(&mut self, written: &Written, begins: usize, place: Range<usize>) {
        match &written.block {
            Some(block) if self.begins_line(begins, place.start) && self.ends_line(place.end) => {
                let prefix = self.around(begins, place.start);
                self.block(block, &prefix, place.start);
            }
            _ => {
                self.is_changed = true;
                self.made.insert(&written.line, place.start);
            }
        }
    }

    /// Writes lines that are a block of their own and begin with what the containers want of them.
    fn block(&mut self, block: &str, prefix: &str, at: usize) {
        self.is_changed = true;
        let mut made = String::new();
        // The first line of an entry is that of its mark.
        if self.entries.last().is_none_or(|entry| entry.text != at) {
            made.push_str(&format!("\n{prefix}\n{prefix}"));
        }
        for line in block.lines() {
            made.push_str(&format!("{line}\n{prefix}"));
        }
        made.push_str(&format!("\n{prefix}"));
        self.made.insert(&made, at);
    }

    /// Whether nothing but the marks of quotations and lists stands before an offset of a line.
    fn begins_line(&mut self, begins: usize, at: usize) -> bool {
        self.enter_entries(at);
        let entry = self.entries.last().map_or(begins, |entry| entry.text);
        is_marks(self.text.get(entry.max(begins)..at).unwrap_or_default())
    }

    fn ends_line(&self, at: usize) -> bool {
        let rest = self.text[at..].split('\n').next();
        rest.is_none_or(|rest| rest.trim().is_empty())
    }

    /// Enters the entries of lists that an offset is in, and leaves those that end before it.
    fn enter_entries(&mut self, at: usize) {
        while let Some(entry) = self.sketch.entries.get(self.entered)
            && entry.start <= at
        {
            self.entered += 1;
            while self
                .entries
                .last()
                .is_some_and(|open| open.end <= entry.start)
            {
                self.entries.pop();
            }
            let mark = &self.text[entry.clone()];
            // The reader has the spaces before a mark in the entry.
            let indent = mark.len() - mark.trim_start_matches([' ', '\t']).len();
            let mark = &mark[indent..];
            // What stands five spaces behind its mark is code that begins one behind it.
            let width = item_mark(mark).unwrap_or_else(|| {
                let end = mark.find(|letter: char| !letter.is_ascii_digit());
                end.unwrap_or(0) + 2
            });
            self.entries.push(Entry {
                start: entry.start,
                text: (entry.start + indent + width).min(entry.end),
                end: entry.end,
                prefix: None,
            });
        }
        while self.entries.last().is_some_and(|entry| entry.end <= at) {
            self.entries.pop();
        }
    }

    /// What every line of a block has to begin with that stands at an offset of a line.
    fn around(&mut self, begins: usize, at: usize) -> String {
        let text = self.text;
        self.enter_entries(at);
        let line = &text[begins..at];
        let marks = marks_of(line);
        if self.depth > 0 {
            // What is in elements may be indented as their author likes.
            return match marks.contains('>') {
                true => marks.to_owned(),
                false => self.outside.clone(),
            };
        }
        let (mut prefix, rest) = match self.entries.last_mut() {
            Some(entry) => {
                let prefix = entry.prefix.get_or_insert_with(|| {
                    let line = text[..entry.start].rfind('\n').map_or(0, |end| end + 1);
                    let marks = text.get(line..entry.text).unwrap_or_default().chars();
                    let kept = |letter| match letter {
                        '>' | '\t' => letter,
                        _ => ' ',
                    };
                    marks.map(kept).collect()
                });
                let rest = match entry.text.checked_sub(begins) {
                    Some(before) => line.get(before..).unwrap_or_default(),
                    None => &line[marks.len().min(prefix.len())..],
                };
                (prefix.clone(), marks_of(rest))
            }
            None => (String::new(), marks),
        };
        // Deeper than its containers want it, a line would be code, unless it is in the body of a
        // generator's block.
        let is_body = (rest.len() >= 4 || rest.contains('\t')) && self.begins_block(begins);
        if rest.contains('>') || is_body {
            prefix.push_str(rest);
        }
        prefix
    }

    /// Whether what stands before a line is no paragraph that the line goes on with.
    fn begins_block(&self, begins: usize) -> bool {
        let before = self.text[..begins].trim_end_matches('\n');
        let is_parted = begins - before.len() != 1;
        let last = before.rsplit('\n').next().unwrap_or_default().trim();
        let marks = ["!!!", "???", "===", ":::"];
        is_parted || last.is_empty() || marks.iter().any(|mark| last.starts_with(mark))
    }

    /// Storage format that begins at an offset: tags, and elements that hold no Markdown.
    fn storage_at(&mut self, from: usize) -> Option<Range<usize>> {
        let mut end = self.piece(from)?;
        loop {
            let text = self.text;
            let rest = &text[end..];
            let blank = rest.len() - rest.trim_start().len();
            // A blank line ends it, so that Markdown behind it is Markdown.
            let is_parted = rest[..blank].matches('\n').count() > 1;
            if is_parted || !rest[blank..].starts_with('<') {
                break;
            }
            match self.piece(end + blank) {
                Some(next) => end = next,
                None => break,
            }
        }
        Some(from..end)
    }

    /// Where the tag or the element ends that begins at an offset.
    fn piece(&mut self, from: usize) -> Option<usize> {
        let text = self.text;
        let rest = &text[from..];
        let is_close = rest.starts_with("</");
        let name = rest.trim_start_matches(['<', '/']);
        if !name.starts_with("ac:") && !name.starts_with("ri:") {
            return None;
        }
        let length =
            name.find(|letter: char| !letter.is_ascii_alphanumeric() && !":-".contains(letter))?;
        let name = &name[..length];
        let end = from + tag_end(rest)?;
        if is_close {
            return AROUND.contains(&name).then_some(end);
        }
        if AROUND.contains(&name) || text[..end].ends_with("/>") {
            return Some(end);
        }
        // All of it, with elements of its name in it.
        let ends = self.ends.get_or_insert_with(|| last_ends(text));
        if ends.get(name).is_none_or(|last| *last < end) {
            return None;
        }
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        let mut at = end;
        let mut depth = 1;
        while depth > 0 {
            let next = text[at..].find(&close)?;
            depth += tags_in(&text[at..at + next], &open);
            depth -= 1;
            at += next + close.len();
        }
        Some(at)
    }

    /// Writes the storage format of a range as code that is marked as such: on lines of its own where Markdown may
    /// stand in it or it is a block, else in the line, which begins at an offset.
    fn storage(&mut self, code: &str, range: Range<usize>, begins: usize) {
        let (opens, closes) = tags_around(code);
        // A line would fold what is kept as it stands.
        let keeps_lines = code.split("<![CDATA[").skip(1).any(|kept| {
            let kept = kept.split("]]>").next().unwrap_or_default();
            kept.trim_end().contains('\n')
        });
        let is_block = opens != closes
            || keeps_lines
            || ((code.contains("-text-body>") || code.contains("<ac:layout"))
                && self.begins_line(begins, range.start)
                && self.ends_line(range.end));
        if is_block {
            let prefix = self.around(begins, range.start);
            let fence = "`".repeat(longest_run(code).max(2) + 1);
            // Where its further lines have what its containers want, that is none of them.
            let further: Option<Vec<&str>> = code
                .split('\n')
                .skip(1)
                .map(|line| match line.trim_end() == prefix.trim_end() {
                    true => Some(""),
                    false => line.strip_prefix(&prefix),
                })
                .collect();
            let unmarked;
            let code = match (further, code.split_once('\n')) {
                (Some(further), Some((first, _))) if !prefix.is_empty() => {
                    unmarked = format!("{first}\n{}", further.join("\n"));
                    &unmarked
                }
                _ => code,
            };
            let block = format!("{fence}{FOREIGN}\n{code}\n{fence}");
            self.block(&block, &prefix, range.start);
            if self.depth == 0 {
                self.outside = prefix;
            }
        } else {
            self.is_changed = true;
            let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
            self.made.insert(&marked(&code), range.start);
        }
        self.depth = (self.depth + opens).saturating_sub(closes);
    }
}

/// The alert that a quotation at the margin is whose first word says what it is, as `mark` has it. The
/// word stays.
fn boxed(before: &str, line: &str) -> Option<&'static str> {
    let above = before.lines().next_back().unwrap_or_default();
    if above.trim_start().starts_with('>') {
        return None;
    }
    let words = line.strip_prefix('>')?.trim_start();
    let words = words.trim_start_matches(['*', '_']);
    let end = words.find(|letter: char| !letter.is_alphanumeric());
    let word = words[..end.unwrap_or(words.len())].to_ascii_lowercase();
    Some(match word.as_str() {
        "info" | "note" => "NOTE",
        "tip" => "TIP",
        "warn" | "warning" => "WARNING",
        _ => return None,
    })
}

/// The marks of quotations and the spaces that a text begins with.
fn marks_of(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches([' ', '\t', '>']).len()]
}

fn is_marks(text: &str) -> bool {
    marks_of(text).len() == text.len()
}

/// Where a tag ends.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().take(LONGEST_TAG).enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => return Some(at + 1),
            (b'<', None) if at > 0 => return None,
            _ => {}
        }
    }
    None
}

/// Where each name's last closing tag begins.
fn last_ends(text: &str) -> HashMap<&str, usize> {
    let ends = text.match_indices("</").filter_map(|(at, _)| {
        let name = &text[at + 2..];
        let length = name.find('>').filter(|length| *length < LONGEST_TAG)?;
        Some((&name[..length], at))
    });
    ends.collect()
}

/// How many elements that Markdown may stand in a text opens, and how many it closes. Those that end
/// themselves do neither, and what is kept as it stands has none.
fn tags_around(code: &str) -> (usize, usize) {
    let (mut opens, mut closes) = (0, 0);
    let mut at = 0;
    while let Some(next) = code[at..].find('<').map(|next| at + next) {
        let rest = &code[next..];
        if rest.starts_with("<![CDATA[") {
            let Some(end) = rest.find("]]>") else {
                break;
            };
            at = next + end + 3;
            continue;
        }
        let name = rest.trim_start_matches(['<', '/']);
        let is_around = AROUND.iter().any(|known| {
            let after = name
                .strip_prefix(known)
                .and_then(|after| after.chars().next());
            after.is_some_and(|after| !after.is_ascii_alphanumeric() && after != '-')
        });
        let length = tag_end(rest).unwrap_or(1);
        if is_around && rest.starts_with("</") {
            closes += 1;
        } else if is_around && !rest[..length].ends_with("/>") {
            opens += 1;
        }
        at = next + length;
    }
    (opens, closes)
}

/// How often a tag that begins so stands in a text.
fn tags_in(text: &str, start: &str) -> usize {
    let found = text.match_indices(start);
    let is_name = |after: char| after.is_ascii_alphanumeric() || after == '-';
    found
        .filter(|(at, _)| !text[at + start.len()..].starts_with(is_name))
        .count()
}

fn longest_run(code: &str) -> usize {
    let runs = code.split(|letter| letter != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// What stands in the place of what a macro found.
fn written(template: &str, values: &[(String, String)], found: &Captures<'_>) -> Option<Written> {
    let values: Vec<(String, String)> = values
        .iter()
        .map(|(key, value)| {
            let mut filled = String::new();
            found.expand(value, &mut filled);
            (key.clone(), filled)
        })
        .collect();
    match template.strip_prefix('#') {
        Some(name) => inline_of(name, &values),
        None => storage_of(template, &values),
    }
}
