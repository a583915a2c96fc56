//! What documentation generators and other publishers add to Markdown, put into forms that the
//! reader of Markdown knows.
//!
//! `MkDocs` and Docusaurus mark blocks by lines of their own (`!!! note`, `=== "Tab"`, `:::tip`),
//! which to a reader of plain Markdown are text or code. They become elements around the same
//! Markdown, before it is read, so that links and footnotes reach across them. Regions that
//! `md2conf` and `mark` leave out are left out. A text that has none of this is not copied.

mod elements;
mod kinds;
mod quoted;

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::marks::Beginnings;
use super::parts::{Making, Plain};
use elements::{begins_element, last_ends};
use kinds::{colon_words, element_of, kind_and_title, known, words_in_marks};
use quoted::Quoted;

pub(super) use kinds::{capital, is_named_by_panel, panel_of};

/// What the comments say between which text is left out, in pairs.
const SKIPPED: [(&str, &str); 2] = [
    ("confluence-skip-start", "confluence-skip-end"),
    ("ac:ignore", "ac:ignore end"),
];
/// Bytes that one of these comments has at most behind its sign.
const LONGEST_MARK: usize = 64;

/// The fence that is put around a diagram between colons; diagrams have no such line.
const DRAWN: &str = "~~~~~~~~";

/// The line before and behind a quotation, as GitLab has it.
const QUOTE: &str = ">>>";

/// Blocks in blocks beyond this are text: nobody writes them.
const DEEPEST: usize = 40;

/// Rewrites the text from an offset on.
pub(super) fn rewrite(text: &str, from: usize) -> Plain<'_> {
    rewrite_begun(text, from, &Beginnings::of(&text[from..]))
}

/// Rewrites the text from an offset on, whose lines begin in these ways.
pub(super) fn rewrite_begun<'a>(text: &'a str, from: usize, begun: &Beginnings) -> Plain<'a> {
    rewrite_quoted(text, from, begun, 0)
}

/// The same of a text that stands in so many quotations.
fn rewrite_quoted<'a>(text: &'a str, from: usize, begun: &Beginnings, quotes: usize) -> Plain<'a> {
    if !begun.block && !begun.skip {
        return Plain::same(text);
    }
    // White space of other scripts may stand before what a mark says.
    let may_skip = begun.skip || !text.is_ascii();
    let mut rewriter = Rewriter {
        made: Making::default(),
        open: Vec::new(),
        fence: None,
        html: None,
        may_be_code: true,
        items: Vec::new(),
        last_close: last_colon_close(text),
        last_ends: last_ends(text),
        is_quoting: false,
        last_quote: last_line(text, QUOTE),
        skipping: None,
        drawing: None,
        quotes,
        quoted: None,
        may_skip,
        last_skip_ends: match may_skip {
            true => last_skip_ends(text),
            false => [0; 2],
        },
        is_changed: false,
    };
    rewriter.made.copy(&text[..from], 0);
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        rewriter.line(line, at);
        at += line.len();
    }
    rewriter.end_quoted();
    while !rewriter.open.is_empty() {
        rewriter.close(at);
    }
    if !rewriter.is_changed {
        return Plain::same(text);
    }
    Plain {
        text: Cow::Owned(rewriter.made.text),
        parts: rewriter.made.parts,
    }
}

/// Whether the mark of what is left out begins right before an exclamation mark.
pub(super) fn begins_skipped(before: &[u8], after: &[u8]) -> bool {
    let Some(words) = after
        .strip_prefix(b"!--")
        .filter(|_| before.ends_with(b"<"))
    else {
        return false;
    };
    let words = words.trim_ascii_start();
    SKIPPED.iter().any(|(start, _)| {
        let begun = words.get(..start.len());
        begun.is_some_and(|begun| begun.eq_ignore_ascii_case(start.as_bytes()))
    })
}

/// The attribute by which `MkDocs` knows that what stands in an element is Markdown.
const MARKDOWN_INSIDE: &str = " markdown";

/// What finds the attribute, made once.
static INSIDE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARKDOWN_INSIDE));

/// Whether a line that begins with a bracket may be the tag of an element that Markdown stands in: it has
/// the attribute, which comments that name a tool for Markdown have not.
fn may_hold_markdown(line: &[u8]) -> bool {
    let found = INSIDE.find(line);
    let after = found.and_then(|at| line.get(at + MARKDOWN_INSIDE.len()));
    matches!(after, Some(b'>' | b' ' | b'='))
}

/// Whether a line is the tag of an element that Markdown stands in.
fn holds_markdown(bare: &str) -> bool {
    let is_alone = || bare.find('>') == Some(bare.len() - 1) && !bare.ends_with("/>");
    bare.starts_with('<') && is_alone() && may_hold_markdown(bare.as_bytes())
}

/// A comment by which something is left out.
#[derive(Clone, Copy)]
struct SkipMark {
    /// Which of [`SKIPPED`] it belongs to.
    pair: usize,
    is_start: bool,
    /// From its first sign to its last.
    length: usize,
}

impl SkipMark {
    /// The one that a text begins with.
    fn of(text: &str) -> Option<Self> {
        let inside = text.strip_prefix("<!--")?;
        let near = &inside.as_bytes()[..inside.len().min(LONGEST_MARK)];
        let length = memchr::memmem::find(near, b"-->")?;
        let (pair, is_start) = skip_words(&inside[..length])?;
        Some(Self {
            pair,
            is_start,
            length: "<!---->".len() + length,
        })
    }

    /// Those of a text with their offsets, code or not.
    fn all_in(text: &str) -> impl Iterator<Item = (usize, Self)> {
        let signs = memchr::memmem::find_iter(text.as_bytes(), b"<!--");
        signs.filter_map(|at| Some((at, Self::of(&text[at..])?)))
    }
}

/// Which of [`SKIPPED`] a comment belongs to by what it says, and whether it is the first of the two.
fn skip_words(says: &str) -> Option<(usize, bool)> {
    let says = says.trim_start();
    let is = |mark: &str| {
        // Most comments are told from a mark by their first letter.
        let (first, wanted) = (says.as_bytes().first(), mark.as_bytes().first());
        if !first
            .zip(wanted)
            .is_some_and(|(first, wanted)| first.eq_ignore_ascii_case(wanted))
        {
            return false;
        }
        let mut words = says.split_whitespace();
        let same = mark.split(' ').all(|wanted| {
            let word = words.next();
            word.is_some_and(|word| word.eq_ignore_ascii_case(wanted))
        });
        same && words.next().is_none()
    };
    let mut pairs = SKIPPED.iter().enumerate();
    pairs.find_map(|(pair, (start, end))| match (is(start), is(end)) {
        (false, false) => None,
        (is_start, _) => Some((pair, is_start)),
    })
}

/// Whether a comment is a mark of what is left out. One that is still in the text has no other one
/// that it belongs to.
pub(super) fn is_skip_mark(says: &str) -> bool {
    skip_words(says).is_some()
}

/// The offsets of the last marks that end what is left out.
fn last_skip_ends(text: &str) -> [usize; 2] {
    let mut last = [0; 2];
    for (at, mark) in SkipMark::all_in(text) {
        if !mark.is_start {
            last[mark.pair] = at;
        }
    }
    last
}

/// Whether a byte begins anything that [`begins_block`] takes for the beginning of a block.
pub(super) const fn begins_mark(first: u8) -> bool {
    matches!(first, b':' | b'!' | b'?' | b'=')
}

/// Whether a line, without what stands before its first word, may begin a block.
pub(super) fn begins_block(line: &[u8]) -> bool {
    match line[0] {
        b':' => true,
        b'!' => line.starts_with(b"!!!"),
        b'?' => line.starts_with(b"???"),
        b'=' => line.starts_with(b"===") && line.contains(&b'"'),
        b'>' => line.trim_ascii_end() == QUOTE.as_bytes(),
        b'<' => begins_element(line) || may_hold_markdown(line),
        _ => false,
    }
}

/// A block that is open.
struct Open {
    /// Spaces before its first line.
    indent: usize,
    end: End,
    /// How many columns further in its text stands; none until its first line is seen.
    margin: Option<usize>,
    /// The element that stands for it; none when its marks are left as they are.
    element: Option<&'static str>,
    /// The list entries that were open around it.
    items: Vec<usize>,
}

/// What ends a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The indentation of what it holds.
    Indentation,
    /// So many colons, or more.
    Colons(usize),
    /// The tag of its element.
    Tag,
}

/// A fence that is open.
struct Fence {
    letter: u8,
    length: usize,
    /// How many blocks were open at it.
    depth: usize,
    indent: usize,
    /// Where the text of its list entry begins: it ends with the entry.
    column: usize,
    /// In how many quotations it is: it ends with them.
    quotes: usize,
}

struct Rewriter {
    made: Making,
    open: Vec<Open>,
    fence: Option<Fence>,
    /// What ends the HTML that a line is in: a tag, or a blank line when empty.
    html: Option<&'static str>,
    /// Whether a line that is indented enough is code, because no paragraph stands before it.
    may_be_code: bool,
    /// Where the text of open list entries begins, in spaces from the margin of the innermost
    /// block.
    items: Vec<usize>,
    /// The offset of the last line that ends a block of colons.
    last_close: usize,
    /// The offsets of the last tags that end each of the elements that hold Markdown.
    last_ends: [usize; 3],
    /// Whether a quotation is open between two lines of its own.
    is_quoting: bool,
    /// The offset of the last line that could end one.
    last_quote: usize,
    /// Whether there may be marks of what is left out.
    may_skip: bool,
    /// The offset of the last mark of each pair that ends what is left out.
    last_skip_ends: [usize; 2],
    /// The pair between whose marks the text is.
    skipping: Option<usize>,
    /// The colons that end the diagram that the text is, as Azure DevOps has it, and the spaces before
    /// them.
    drawing: Option<(usize, usize)>,
    /// In how many quotations the text stands.
    quotes: usize,
    /// What was gathered of a quotation that is to be rewritten.
    quoted: Option<Quoted>,
    is_changed: bool,
}

impl Rewriter {
    fn line(&mut self, line: &str, at: usize) {
        if self.quoted.is_some() {
            if self.goes_on_quoted(line, at) {
                return;
            }
            self.end_quoted();
        }
        let is_blank = line.trim().is_empty();
        if !is_blank {
            let indent = indentation(line);
            while let Some(position) = self.ended_by(indent) {
                while self.open.len() > position {
                    self.close(at);
                }
            }
            self.learn_margin(indent);
        }
        let taken = leading(line, self.margin());
        let rest = &line[taken..];
        let at = at + taken;
        if self.skipping.is_some() {
            self.skip(rest, at);
            return;
        }
        if let Some((count, indent)) = self.drawing {
            let bare = rest.trim();
            if colons(bare).is_some_and(|found| found == bare.len() && found >= count) {
                self.drawing = None;
                self.insert(&format!("{}{DRAWN}\n", " ".repeat(indent)), at);
            } else {
                self.copy(rest, at);
            }
            return;
        }
        if is_blank {
            self.html = self.html.filter(|end| !end.is_empty());
            self.may_be_code = true;
            self.leave_margin();
            self.copy(rest, at);
            return;
        }
        let indent = indentation(rest);
        let bare = rest.trim();
        if self.fenced(rest, indent) {
            self.may_be_code = true;
            self.copy(rest, at);
            return;
        }
        let code_before = self.may_be_code;
        let mut columns = self.items.iter().rev().copied();
        let column = columns.find(|column| *column <= indent).unwrap_or(0);
        self.may_be_code = false;
        // Indented code ends only with a line that is not.
        if code_before && indent >= column + 4 {
            self.may_be_code = true;
        } else if self.may_skip
            && self.html.is_none_or(str::is_empty)
            && SkipMark::all_in(bare).any(|(_, mark)| mark.is_start)
        {
            self.skip(rest, at);
            return;
        }
        let is_in_markdown = self.html.is_none_or(str::is_empty);
        let quotes = self.is_quoting || at < self.last_quote;
        if bare == QUOTE && indent < 4 && quotes && is_in_markdown {
            let tag = match self.is_quoting {
                true => "</blockquote>",
                false => "<blockquote>",
            };
            self.is_quoting = !self.is_quoting;
            self.html = None;
            self.items.clear();
            self.may_be_code = true;
            return self.element(tag, 0, at);
        }
        if is_in_markdown && !self.may_be_code && self.takes_tag(bare, column, at) {
            return;
        }
        if self.is_html(bare) {
            self.copy(rest, at);
            if holds_markdown(bare) {
                // What follows a blank line is Markdown.
                self.is_changed = true;
                self.insert("\n", at);
                self.html = None;
                self.may_be_code = true;
            }
            return;
        }
        self.enter_items(rest, indent);
        let column = self.items.last().copied().unwrap_or(0);
        // Four spaces in is code.
        if indent >= column + 4 {
            self.copy(rest, at);
            return;
        }
        if let Some(count) = colons(bare)
            && bare.len() == count
            && let Some(open) = self.open.last()
            && matches!(open.end, End::Colons(wanted) if count >= wanted)
        {
            if open.element.is_some() {
                return self.close(at);
            }
            self.open.pop();
        } else if self.opens(bare, indent, at) || self.begins_quoted(rest, at) {
            return;
        }
        // A colon is text unless a space follows; to the reader of Markdown it would begin what a
        // term means, as in `:warning: Hot`.
        let (inside, _) = without_quotes(rest.trim_start(), usize::MAX);
        let mark = rest.len() - inside.len();
        self.copy(&rest[..mark], at);
        match inside.strip_prefix(':') {
            // The row of dashes of a table may begin with one.
            Some(after) if !after.starts_with([' ', '\t']) && !is_row_of_dashes(after) => {
                self.is_changed = true;
                // Not by a backslash, which says that the author wants no emoji.
                self.insert("&#58;", at + mark);
                self.copy(after, at + mark + 1);
            }
            _ => self.copy(inside, at + mark),
        }
    }

    /// Where the text of what is open begins.
    fn margin(&self) -> usize {
        self.open.iter().filter_map(|open| open.margin).sum()
    }

    /// The outermost open block that a line with this indentation does not belong to.
    fn ended_by(&self, indent: usize) -> Option<usize> {
        let mut margin = 0;
        for (position, open) in self.open.iter().enumerate() {
            margin += open.margin.unwrap_or(0);
            if open.end == End::Indentation && indent < open.indent + margin {
                return Some(position);
            }
        }
        None
    }

    /// Whether a line is code between fences, or a fence.
    fn fenced(&mut self, rest: &str, indent: usize) -> bool {
        if let Some(open) = &self.fence {
            let (inside, quotes) = without_quotes(rest.trim(), open.quotes);
            if quotes == open.quotes && (quotes > 0 || indent >= open.column) {
                let (letter, length) = run(inside);
                if letter == open.letter && length >= open.length && inside.len() == length {
                    self.fence = None;
                }
                return true;
            }
            self.fence = None;
        }
        let (mut inside, mut quotes, mut column) = (rest.trim(), 0, 0);
        loop {
            let (unquoted, more) = without_quotes(inside, usize::MAX);
            quotes += more;
            match item_mark(unquoted) {
                Some(mark) => {
                    column = if quotes == 0 { indent + mark } else { 0 };
                    inside = unquoted[mark..].trim_start();
                }
                None if more > 0 => inside = unquoted,
                None => match note_mark(unquoted) {
                    Some(mark) if column == 0 => {
                        column = if quotes == 0 { indent + 4 } else { 0 };
                        inside = unquoted[mark..].trim_start();
                    }
                    _ => break,
                },
            }
        }
        let (letter, length) = run(inside);
        let opens = matches!(letter, b'`' | b'~')
            && length >= 3
            && !(letter == b'`' && inside[length..].contains('`'));
        if opens {
            let column = if quotes == 0 && column == 0 {
                let items = self.items.iter().rev();
                items.copied().find(|item| *item <= indent).unwrap_or(0)
            } else {
                column
            };
            self.fence = Some(Fence {
                letter,
                length,
                depth: self.open.len(),
                indent,
                column,
                quotes,
            });
        }
        opens
    }

    /// Whether a line is HTML that is not read as Markdown.
    fn is_html(&mut self, bare: &str) -> bool {
        if self.html.is_none() {
            self.html = html_end(bare);
            if self.html.is_none() {
                return false;
            }
        }
        if let Some(end) = self.html.filter(|end| !end.is_empty())
            && bare.to_ascii_lowercase().contains(end)
        {
            self.html = None;
        }
        true
    }

    /// Remembers which list entries a line is in.
    fn enter_items(&mut self, rest: &str, indent: usize) {
        while self.items.last().is_some_and(|column| *column > indent) {
            self.items.pop();
        }
        let column = self.items.last().copied().unwrap_or(0);
        if let Some(mark) = item_mark(rest.trim_start())
            && indent < column + 4
        {
            self.items.push(indent + mark);
        }
    }

    /// Opens a block, if a line begins one.
    fn opens(&mut self, bare: &str, indent: usize, at: usize) -> bool {
        if self.open.len() >= DEEPEST {
            return false;
        }
        if let Some(rest) = bare
            .strip_prefix("!!!")
            .filter(|rest| rest.starts_with(' '))
        {
            let Some((kind, title)) = kind_and_title(rest) else {
                return false;
            };
            self.panel(&kind, title.as_deref(), indent, at);
            self.push(indent, End::Indentation, element_of(&kind));
        } else if let Some(rest) = bare
            .strip_prefix("???")
            .map(|rest| rest.strip_prefix('+').unwrap_or(rest))
            .filter(|rest| rest.starts_with(' '))
        {
            let Some((kind, title)) = kind_and_title(rest) else {
                return false;
            };
            self.expand(&title.unwrap_or_else(|| capital(&kind)), indent, at);
            self.push(indent, End::Indentation, "details");
        } else if let Some(rest) = bare
            .strip_prefix("===")
            .map(|rest| rest.strip_prefix(['!', '+']).unwrap_or(rest))
            .filter(|rest| rest.starts_with(" \""))
        {
            let Some(title) = words_in_marks(rest.trim()) else {
                return false;
            };
            let label = html_escape::encode_double_quoted_attribute(title);
            self.element(&format!("<tab label=\"{label}\">"), indent, at);
            self.push(indent, End::Indentation, "tab");
        } else if let Some(count) = colons(bare)
            && bare.len() > count
            && at < self.last_close
        {
            let (kind, title) = colon_words(&bare[count..]);
            if kind == "mermaid" {
                self.is_changed = true;
                let line = format!("{}{DRAWN}mermaid\n", " ".repeat(indent));
                self.insert(&line, at);
                self.drawing = Some((count, indent));
                return true;
            }
            match known(&kind) {
                Some("details") => {
                    let title = title.unwrap_or_else(|| capital(&kind));
                    self.expand(&title, indent, at);
                    self.push(indent, End::Colons(count), "details");
                }
                Some("tabs") => {
                    self.element("<tabs>", indent, at);
                    self.push(indent, End::Colons(count), "tabs");
                }
                Some(_) => {
                    self.panel(&kind, title.as_deref(), indent, at);
                    self.push(indent, End::Colons(count), element_of(&kind));
                }
                None => {
                    // Somebody else's: its marks stay, and its end is known.
                    self.open.push(Open {
                        indent,
                        end: End::Colons(count),
                        margin: Some(0),
                        element: None,
                        items: self.items.clone(),
                    });
                    return false;
                }
            }
        } else {
            return false;
        }
        true
    }

    fn push(&mut self, indent: usize, end: End, element: &'static str) {
        let items = self.items.clone();
        // Without its margin, what a block holds that has one begins where it does.
        if !matches!(end, End::Colons(_)) {
            self.items = vec![indent];
        }
        self.open.push(Open {
            indent,
            end,
            margin: (end == End::Indentation).then_some(4),
            element: Some(element),
            items,
        });
    }

    fn panel(&mut self, kind: &str, title: Option<&str>, indent: usize, at: usize) {
        let element = element_of(kind);
        let start = match element {
            "admonition" => format!("<admonition type=\"{kind}\">"),
            element => format!("<{element}>"),
        };
        self.element(&start, indent, at);
        let title = match title {
            Some(title) => title.to_owned(),
            None if is_named_by_panel(kind) => String::new(),
            None => capital(kind),
        };
        if !title.trim().is_empty() {
            let line = format!("<strong>{title}</strong>\n\n");
            self.insert(&" ".repeat(indent), at);
            self.insert(&line, at);
        }
    }

    fn expand(&mut self, title: &str, indent: usize, at: usize) {
        // The line of a section that opens is plain text.
        let title = title.replace('`', "").replace("**", "");
        let title = html_escape::encode_text(&title);
        self.element(&format!("<details><summary>{title}</summary>"), indent, at);
    }

    /// A tag on a line of its own.
    fn element(&mut self, tag: &str, indent: usize, at: usize) {
        self.is_changed = true;
        let gap = if self.made.text.ends_with("\n\n") || self.made.text.is_empty() {
            ""
        } else if self.made.text.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        let line = format!("{gap}{}{tag}\n\n", " ".repeat(indent));
        self.insert(&line, at);
    }

    /// Ends the innermost block.
    fn close(&mut self, at: usize) {
        // A fence that was opened inside ends with it.
        if let Some(fence) = &self.fence
            && fence.depth >= self.open.len()
        {
            let mark = char::from(fence.letter).to_string().repeat(fence.length);
            let line = format!("{}{mark}\n", " ".repeat(fence.indent));
            self.fence = None;
            if !self.made.text.ends_with('\n') {
                self.insert("\n", at);
            }
            self.insert(&line, at);
        }
        let Some(open) = self.open.pop() else { return };
        self.items = open.items;
        if let Some(element) = open.element {
            self.element(&format!("</{element}>"), open.indent, at);
        }
    }

    /// Leaves out what stands between the marks.
    fn skip(&mut self, line: &str, at: usize) {
        self.is_changed = true;
        let mut from = 0;
        loop {
            if let Some(pair) = self.skipping {
                let mut marks = SkipMark::all_in(&line[from..]);
                let end = marks.find(|(_, mark)| mark.pair == pair && !mark.is_start);
                let Some((end, mark)) = end else {
                    return;
                };
                from += end + mark.length;
                self.skipping = None;
            } else {
                // Without an end it leaves out nothing.
                let start = mark_outside_code(&line[from..])
                    .filter(|(start, mark)| at + from + start < self.last_skip_ends[mark.pair]);
                let Some((start, mark)) = start else {
                    // A line that held nothing else is no line.
                    if from == 0
                        || !line[from..].trim().is_empty()
                        || !self.made.text.ends_with('\n')
                    {
                        self.copy(&line[from..], at + from);
                    }
                    return;
                };
                self.copy(&line[from..from + start], at + from);
                from += start + mark.length;
                self.skipping = Some(mark.pair);
            }
        }
    }

    fn copy(&mut self, text: &str, source: usize) {
        self.made.copy(text, source);
    }

    fn insert(&mut self, text: &str, source: usize) {
        self.made.insert(text, source);
    }
}

/// The letter that a text begins with, and how often it stands there.
fn run(text: &str) -> (u8, usize) {
    let letter = text.bytes().next().unwrap_or(b' ');
    (
        letter,
        text.bytes().take_while(|byte| *byte == letter).count(),
    )
}

/// Where the mark of what is left out begins that is not code: not between two runs of as many
/// backticks. Those behind a backslash begin none, and a run that nothing ends is text.
fn mark_outside_code(line: &str) -> Option<(usize, SkipMark)> {
    let bytes = line.as_bytes();
    // Lengths of runs that nothing ends, so that each is looked for once.
    let mut endless: Vec<usize> = Vec::new();
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'\\', b'`', b'<', bytes.get(at..)?)?;
        if let Some(mark) = SkipMark::of(&line[at..]).filter(|mark| mark.is_start) {
            return Some((at, mark));
        }
        let length = match bytes[at] {
            b'`' => run(&line[at..]).1,
            // What is behind a backslash may be a letter of several bytes.
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii) => 2,
            _ => 1,
        };
        let begins_code = bytes[at] == b'`' && !endless.contains(&length);
        at += length;
        if begins_code {
            match end_of_code(line, at, length) {
                Some(end) => at = end,
                None => endless.push(length),
            }
        }
    }
}

/// Where code ends that a run of backticks begins.
fn end_of_code(line: &str, mut from: usize, length: usize) -> Option<usize> {
    loop {
        from += memchr::memchr(b'`', line.as_bytes().get(from..)?)?;
        let found = run(&line[from..]).1;
        from += found;
        if found == length {
            return Some(from);
        }
    }
}

/// Takes marks of quotations off a line, as many as there are up to a number.
fn without_quotes(mut text: &str, most: usize) -> (&str, usize) {
    let mut taken = 0;
    while taken < most
        && let Some(rest) = text.strip_prefix('>')
    {
        text = rest.trim_start();
        taken += 1;
    }
    (text, taken)
}

/// The length of the mark of a list entry and the spaces behind it.
pub(super) fn item_mark(bare: &str) -> Option<usize> {
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match bare.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..10).contains(&digits) => digits + 1,
        _ => return None,
    };
    let spaces = bare[mark..]
        .bytes()
        .take_while(|byte| *byte == b' ')
        .count();
    (1..=4).contains(&spaces).then_some(mark + spaces)
}

/// The length of the mark of a footnote's text.
fn note_mark(bare: &str) -> Option<usize> {
    let label = bare.strip_prefix("[^")?;
    let length = label.find(|letter: char| letter == ']' || letter.is_whitespace())?;
    label[length..].starts_with("]:").then_some(length + 4)
}

/// What ends the HTML that a line begins, by the rules of CommonMark; a blank line when empty.
fn html_end(bare: &str) -> Option<&'static str> {
    let rest = bare.strip_prefix('<')?;
    let name: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    Some(match name.as_str() {
        "pre" => "</pre>",
        "script" => "</script>",
        "style" => "</style>",
        "textarea" => "</textarea>",
        _ if rest.starts_with("!--") => "-->",
        _ if rest.starts_with('/') || !name.is_empty() => "",
        _ => return None,
    })
}

/// Spaces before a line, a tab going to the next multiple of four.
fn indentation(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// How many bytes of white space make so many columns.
fn leading(line: &str, columns: usize) -> usize {
    let mut seen = 0;
    let mut taken = 0;
    for byte in line.bytes() {
        if seen >= columns {
            break;
        }
        match byte {
            b' ' => seen += 1,
            b'\t' => seen += 4 - seen % 4,
            _ => break,
        }
        taken += 1;
    }
    taken
}

/// How many colons a line begins with, when it may mark a block.
fn colons(bare: &str) -> Option<usize> {
    let count = bare.bytes().take_while(|byte| *byte == b':').count();
    (count >= 3).then_some(count)
}

/// Whether nothing but what a table's row of dashes is made of follows a colon.
fn is_row_of_dashes(after: &str) -> bool {
    after.starts_with('-')
        && after
            .trim_end()
            .bytes()
            .all(|byte| b"-:| \t".contains(&byte))
}

/// Where the last line begins that is nothing but these signs.
fn last_line(text: &str, signs: &str) -> usize {
    let mut found = text.rmatch_indices(signs).filter_map(|(at, _)| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let behind = text[at + signs.len()..].trim_start_matches([' ', '\t', '\r']);
        let begins = before.is_empty() || before.ends_with('\n');
        let ends = behind.is_empty() || behind.starts_with('\n');
        (begins && ends).then_some(before.len())
    });
    found.next().unwrap_or(0)
}

/// The offset of the last line that is nothing but colons.
fn last_colon_close(text: &str) -> usize {
    let mut end = text.len();
    for line in text.rsplit('\n') {
        let start = end - line.len();
        let bare = line.trim();
        if colons(bare).is_some_and(|count| count == bare.len()) {
            return start;
        }
        end = start.saturating_sub(1);
    }
    0
}
