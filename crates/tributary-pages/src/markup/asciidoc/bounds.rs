//! What a file may have, so that the parser does not take minutes for it: some of what it does
//! takes time with the square of how often something stands in a file.

use std::collections::{HashMap, HashSet};

use crate::Sentence;

/// What looking for the ends of styles may cost, and for the blocks that attributes are of: for each
/// sign that could begin a style, the parser goes over what is left of the paragraph. So much is a few
/// tenths of a second, ...
const LEAST_WORK: usize = 8_000_000;
/// ... and for each byte of a file so much more.
const WORK_PER_BYTE: usize = 40;
/// How much longer the parser takes for a byte of a line of attributes than for one of a paragraph.
const WORK_OF_ATTRIBUTES: usize = 4;

/// What the cells of tables may cost: for each, the parser counts the lines of its table before it, which
/// takes some 5 ns for a line. So many lines, ...
const LEAST_ROWS: usize = 30_000_000;
/// ... and for each byte of a file so many more.
const ROWS_PER_BYTE: usize = 170;
/// How many addresses take as long as a sign that could begin a style: the letters before each in its line
/// are counted, and no more.
const ADDRESSES_OF_A_SIGN: usize = 256;

/// What a document has more of than anybody writes, and more than the parser takes without minutes
/// of work: it goes over a row once for each cell, and over its table as well, over the ids for each
/// section, over a paragraph for each sign that could mean a style, over a line for each address, and
/// over lines of attributes for each that has no block. What it would tell of is counted by [`Told`].
pub(super) fn too_much(text: &str) -> Option<Sentence> {
    let (mut sections, mut headings) = (0, Headings::new(text));
    let mut work = LEAST_WORK + WORK_PER_BYTE * text.len();
    // What is between empty lines, or a part of it that is a paragraph by itself.
    let (mut signs, mut bytes) = (0, 0);
    let (mut begins, mut in_list, mut in_table) = (true, false, false);
    // What is left for cells, and the lines of the table so far.
    let mut rows_left = LEAST_ROWS + ROWS_PER_BYTE * text.len();
    let mut rows = 0;
    // Bytes of the lines of attributes that no block follows yet.
    let mut attributes = 0;
    // The line that ends what is shown as it stands, where nothing is looked for.
    let mut until = None;
    for line in text.lines() {
        let bare = line.trim_end();
        match until {
            Some(end) if bare == end => {
                until = None;
                begins = true;
                continue;
            }
            Some(_) => continue,
            None => {
                let sign = bare.chars().next().unwrap_or_default();
                if bare.len() >= 4 && "-.+/".contains(sign) && bare.chars().all(|next| next == sign)
                {
                    until = Some(bare);
                    continue;
                }
            }
        }
        if bare.starts_with('[') && bare.ends_with(']') {
            attributes += bare.len();
            let Some(left) = work.checked_sub(WORK_OF_ATTRIBUTES * attributes) else {
                return Some(sentence!(
                    "more lines of attributes stand in a row than are tried"
                ));
            };
            work = left;
        } else {
            attributes = 0;
        }
        let cells = memchr::memchr_iter(b'|', line.as_bytes()).count();
        if cells > 5_000 {
            return Some(sentence!("a row of a table has more than 5,000 cells"));
        }
        rows = if in_table { rows + 1 } else { 0 };
        let Some(left) = rows_left.checked_sub(cells * rows) else {
            return Some(sentence!("tables have more cells than are counted"));
        };
        rows_left = left;
        let heading = heading_of(line);
        sections += usize::from(heading.is_some() || line.starts_with("=="));
        if sections > 2_000 {
            return Some(sentence!("there are more than 2,000 sections"));
        }
        if heading.is_some_and(|title| !headings.add(title)) {
            return Some(sentence!(
                "more headings have the same words than are told apart"
            ));
        }
        if bare.is_empty() || bare == "|===" {
            in_table ^= bare == "|===";
            begins = true;
            continue;
        }
        let is_entry = begins_entry(bare);
        if begins {
            in_list = is_entry;
        }
        // Within a paragraph, what would begin an entry is text.
        if begins || in_list && is_entry || in_table && bare.contains('|') {
            (signs, bytes) = (0, 0);
        }
        begins = false;
        let is_sign = |byte: &u8| b"*_`#^~+<({[".contains(byte);
        // Two dollars show what is between as it stands, and one is a dollar. What is drawn as another
        // letter makes the paragraph anew, which costs a quarter of that.
        let more = bare.bytes().filter(is_sign).count()
            + bare.matches("$$").count()
            + bare.matches("://").count() / ADDRESSES_OF_A_SIGN
            + redrawn(bare).div_ceil(4);
        // As if each sign had all that comes before it and behind it to go over.
        let spent = signs * bare.len() + more * (bytes + bare.len());
        (signs, bytes) = (signs + more, bytes + bare.len());
        let Some(left) = work.checked_sub(spent) else {
            return Some(sentence!(
                "long paragraphs have more signs that could mean a style than are tried"
            ));
        };
        work = left;
    }
    None
}

/// How often something in a line could be drawn as another letter: apostrophes, dashes, ellipses,
/// arrows and references to characters.
fn redrawn(line: &str) -> usize {
    let pairs = ["--", "...", "->", "=>", "&"];
    let pairs = pairs.iter().map(|sign| line.matches(sign).count());
    pairs.sum::<usize>() + memchr::memchr_iter(b'\'', line.as_bytes()).count()
}

/// Whether a line begins an entry of a list, where there is one.
fn begins_entry(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(['*', '-', '.']);
    let after_number = line.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
    let is_marked = rest.len() < line.len() && rest.starts_with(' ');
    let number = &line[..line.len() - after_number.len()];
    let is_number =
        number.len() == 1 || number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty();
    let is_numbered = is_number && after_number.starts_with(". ");
    let callout = line.strip_prefix('<');
    let is_callout = callout.is_some_and(|rest| {
        let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
        rest.starts_with("> ")
    });
    is_marked || is_numbered || is_callout || line.contains(":: ") || line.ends_with("::")
}

/// How many headings that say the same come before others, which each of them costs: the parser
/// counts up from one until it has an id for it that no other has.
const LEAST_REPEATED: usize = 60_000;
/// ... and for each byte of a file so many more.
const REPEATED_PER_BYTE: usize = 10;

/// The headings of a file, by what their ids are made of.
struct Headings {
    seen: HashMap<String, usize>,
    left: usize,
}

impl Headings {
    fn new(text: &str) -> Self {
        Self {
            seen: HashMap::new(),
            left: LEAST_REPEATED + REPEATED_PER_BYTE * text.len(),
        }
    }

    /// Adds a heading, and tells whether that is still few enough.
    fn add(&mut self, title: &str) -> bool {
        // Where something may become other words, nobody knows which.
        let words = match title.contains(['{', '&', '[', ']', '<', '+', ':']) {
            true => String::new(),
            false => {
                let letters = title.chars().filter(|letter| letter.is_alphanumeric());
                letters.flat_map(char::to_lowercase).collect()
            }
        };
        let before = self.seen.entry(words).or_default();
        let left = self.left.checked_sub(*before);
        *before += 1;
        self.left = left.unwrap_or_default();
        left.is_some()
    }
}

/// The words of a line that is a heading at any level, as AsciiDoc and as Markdown write it.
fn heading_of(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| "=#".contains(*sign))?;
    let title = line.trim_start_matches(sign);
    let level = line.len() - title.len();
    (level <= 6 && title.starts_with([' ', '\t'])).then_some(title)
}

/// What counting lines for what the parser tells of may cost: it counts the lines before each such
/// thing anew, which takes up to 80 ns for a line where nothing is optimized. So many lines ...
const LEAST_LINES: usize = 200_000;
/// ... and for each byte of a file so many more.
const LINES_PER_BYTE: usize = 30;
/// The same where files are taken in, of which is known how often something stands in them and not
/// where: nobody is kept from taking in what a long page of many names is made of.
const LEAST_LINES_WITH_OTHERS: usize = 2_000_000;
const LINES_PER_BYTE_WITH_OTHERS: usize = 400;

/// What the parser may have to tell of in what it reads: attributes without a value, conditions
/// that do not fit, files that are not there, ids and footnotes that are wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    bytes: usize,
    lines: usize,
    names: usize,
    others: usize,
    /// Conditions that begin, which are told of behind the last line where they do not end.
    open: usize,
    /// Lines before names, all together, and before everything else.
    before_names: usize,
    before_others: usize,
    /// Ids that something may have.
    ids: HashSet<String>,
}

impl Told {
    /// Adds what stands in a text.
    pub(super) fn add(&mut self, text: &str) {
        self.bytes += text.len();
        // Conditions in comments are none, and which comments are some depends on conditions.
        let may_begin_comment = |line: &str| {
            let may_say_so = line.contains("comment") || line.contains('{');
            line.starts_with("////") || line.starts_with('[') && may_say_so
        };
        let has_no_comments = !text.lines().any(may_begin_comment);
        let mut open = Vec::new();
        for line in text.lines() {
            let condition = Condition::of(line);
            let is_left_out = condition.is_some();
            let others = match condition {
                // What `ifeval` asks may be no question.
                Some(Condition::Begins(name)) => {
                    open.push(name);
                    usize::from(name.is_none())
                }
                Some(Condition::Ends(name)) => {
                    let begun = open.last().copied();
                    let fits = begun.is_some_and(|begun| name.is_empty() || begun == Some(name));
                    let fits = fits && has_no_comments;
                    if fits {
                        open.pop();
                    }
                    usize::from(!fits)
                }
                None => others(line) + self.repeated_ids(line),
            };
            let names = names(line);
            self.names += names;
            self.others += others;
            self.before_names += names * self.lines;
            self.before_others += others * self.lines;
            self.lines += usize::from(!is_left_out);
        }
        self.open += open.len();
    }

    /// Whether attributes without a value can be told of in a file by itself.
    pub(super) fn has_few_names(&self) -> bool {
        self.before_names <= LEAST_LINES + LINES_PER_BYTE * self.bytes
    }

    /// What a file by itself has more of than can be told of.
    pub(super) fn too_many(&self) -> Option<Sentence> {
        let before = self.before_others + self.open * self.lines;
        (before > LEAST_LINES + LINES_PER_BYTE * self.bytes).then(|| {
            sentence!("there are more conditions, inclusions and repeated ids than are counted")
        })
    }

    /// Whether a file with all that it takes in can be told of. `with_names` says whether
    /// attributes are.
    pub(super) fn is_little(&self, with_names: bool) -> bool {
        let names = if with_names { self.names } else { 0 };
        let lines = (names + self.others + self.open).saturating_mul(self.lines);
        lines <= LEAST_LINES_WITH_OTHERS + LINES_PER_BYTE_WITH_OTHERS * self.bytes
    }

    /// How many anchors of a line have an id that is there already, or could be.
    fn repeated_ids(&mut self, line: &str) -> usize {
        let mut repeated = 0;
        for sign in ["[[", "anchor:", "#", "id="] {
            for (at, _) in line.match_indices(sign) {
                if sign == "#" && !is_in_brackets(line, at) {
                    continue;
                }
                let rest = &line[at + sign.len()..];
                let longest = rest.char_indices().take(LONGEST_ID);
                let last = longest.last();
                let end = last.map_or(0, |(at, letter)| at + letter.len_utf8());
                let rest = rest[..end].trim_start_matches(['[', '"', '\'']);
                let ends = |letter: char| " ],[.%\"'#".contains(letter);
                let id = rest.split(ends).next().unwrap_or_default();
                if id.is_empty() {
                    continue;
                }
                // What an attribute says, and what the parser makes of a heading, is not known.
                let is_known = id.contains('{') || id.starts_with('_') || self.ids.contains(id);
                repeated += usize::from(is_known && ["[[", "anchor:"].contains(&sign));
                if !is_known {
                    self.ids.insert(id.to_owned());
                }
            }
        }
        repeated
    }
}

/// Letters of an id that are looked at.
const LONGEST_ID: usize = 200;

/// Whether a bracket was opened shortly before a place in a line.
fn is_in_brackets(line: &str, at: usize) -> bool {
    let before = &line.as_bytes()[at.saturating_sub(LONGEST_ID)..at];
    let bracket = before.iter().rev().find(|byte| b"[]".contains(byte));
    bracket == Some(&b'[')
}

/// How many names of attributes stand in a line.
fn names(line: &str) -> usize {
    let is_of_name = |letter: char| {
        "_-".contains(letter) || !letter.is_ascii_punctuation() && !letter.is_whitespace()
    };
    let named = line.match_indices('{').filter(|(at, _)| {
        let rest = &line[at + 1..];
        let behind = rest.trim_start_matches(is_of_name);
        behind.len() < rest.len() && behind.starts_with(['}', '\\'])
    });
    named.count()
}

/// A line of which nothing is left, because it is a condition or ends one.
enum Condition<'a> {
    /// With the attributes that it asks for; none where it asks something else.
    Begins(Option<&'a str>),
    /// With the attributes that are named there, often none.
    Ends(&'a str),
}

impl<'a> Condition<'a> {
    fn of(line: &'a str) -> Option<Self> {
        if line.starts_with("ifeval::[") && line.ends_with(']') {
            return Some(Self::Begins(None));
        }
        let (word, rest) = line.split_once("::")?;
        let name = rest.strip_suffix("[]")?;
        match word {
            _ if name.contains('[') => None,
            "ifdef" | "ifndef" if !name.is_empty() => Some(Self::Begins(Some(name))),
            "endif" => Some(Self::Ends(name)),
            _ => None,
        }
    }
}

/// What stands behind a word, wherever it is in a line.
fn behind<'a>(line: &'a str, word: &'static str) -> impl Iterator<Item = &'a str> {
    let found = line.match_indices(word);
    found.map(move |(at, word)| &line[at + word.len()..])
}

/// What else of a line the parser may have to tell of.
fn others(line: &str) -> usize {
    let line = line.to_ascii_lowercase();
    let count = |what: &str| line.matches(what).count();
    // Those that take in something, and conditions in a line or not written as they should be.
    let directives = ["ifdef::", "ifndef::", "ifeval::", "endif::", "include::"];
    let is_directive = directives.iter().any(|name| line.starts_with(name));
    // Substitutions that nobody knows.
    let macros = ["pass:", "stem:", "math:"];
    let macros = macros.map(|name| count(name) - count(&format!("{name}[")));
    let lists = behind(&line, "subs").filter(|rest| rest.trim_start().starts_with('='));
    // Footnotes that are to have their text elsewhere.
    let footnotes = behind(&line, "footnote:").filter(|rest| {
        let id = rest.find(['[', ']', ':', ' ']).unwrap_or(rest.len());
        rest[id..].starts_with("[]")
    });
    // Addresses that run something, and those that an attribute has.
    let links = behind(&line, "link").filter(|rest| {
        let address = rest.strip_prefix([':', '=']).unwrap_or_default();
        let end = address.find(['[', ']', ',', ':', '=', ' ']);
        address[..end.unwrap_or(address.len())].contains('{')
    });
    let addresses = match line.contains("link") {
        true => count("script:") + count("data:") + count("link=self"),
        false => 0,
    };
    usize::from(is_directive)
        + macros.iter().sum::<usize>()
        + lists.count()
        + footnotes.count()
        + links.count()
        + addresses
        + count("footnoteref:")
}
