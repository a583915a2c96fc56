//! From scopes to spans: one line in the colors of a theme.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use syntect::highlighting::{
    FontStyle, HighlightIterator, HighlightState, Highlighter, Style as Shade, Theme,
};
use syntect::parsing::{ParseState, ScopeStack, ScopeStackOp, SyntaxReference, SyntaxSet};

use super::{Span, Style, tables};

/// Of longer lines a part is read at a time: patterns look as far ahead as there is text, and take
/// much longer on all of it.
const PART: usize = 4096;
/// A part grows up to this where a lot is going on in it and no end of it is found; up to
/// [`FARTHEST`] where it is one text or comment, which is read as fast as it is looked through.
const LARGEST_PART: usize = 64 * 1024;
/// A part of more changes than this is no single text or comment.
const MOST_CHANGES: usize = 2048;
/// How much of what is ahead in a line a part can take.
pub(super) const FARTHEST: usize = 1024 * 1024;

/// Where a run over the lines of a file stands: all that the colors of what comes next depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    parsing: ParseState,
    scopes: ScopeStack,
    /// Whether some lines are read in two parts because of tables.
    has_tables: bool,
}

/// What was read at once: a line, or a part of a long one.
struct Part<'t> {
    text: &'t str,
    /// The same as the syntaxes saw it: with the end of the line, where it is there.
    seen: Cow<'t, str>,
    changes: Rc<Changes>,
}

impl State {
    pub(super) fn new(syntax: &SyntaxReference) -> Self {
        Self {
            parsing: ParseState::new(syntax),
            scopes: ScopeStack::new(),
            has_tables: tables::are_looked_for(syntax),
        }
    }

    /// Reads what is ahead in a line, which comes without its end, or a part of it where that is
    /// long. `is_all` says whether the line ends behind it.
    fn read<'t>(
        &mut self,
        (ahead, is_all): (&'t str, bool),
        syntaxes: &SyntaxSet,
        memory: &mut Memory,
    ) -> Part<'t> {
        if ahead.len() > PART || !is_all {
            let (length, changes) = self.read_part(ahead, is_all, syntaxes, memory);
            if length < ahead.len() || !is_all {
                let text = &ahead[..length];
                return Part {
                    text,
                    seen: Cow::Borrowed(text),
                    changes: Rc::new(changes),
                };
            }
        }
        if self.has_tables
            && let Some(length) = tables::part(ahead, &self.scopes)
        {
            let text = &ahead[..length];
            memory.parsed += length;
            let changes = self.parsing.parse_line(text, syntaxes);
            return Part {
                text,
                seen: Cow::Borrowed(text),
                changes: Rc::new(changes.unwrap_or_default()),
            };
        }
        // The syntaxes expect each line with its end.
        let seen = Cow::Owned(format!("{ahead}\n"));
        if let Some(known) = memory.recall(&self.parsing, ahead) {
            self.parsing.clone_from(&known.after);
            return Part {
                text: ahead,
                seen,
                changes: Rc::clone(&known.changes),
            };
        }
        let before = self.parsing.clone();
        memory.parsed += seen.len();
        // What a syntax cannot read stays in the colors of what is open.
        let changes = self.parsing.parse_line(&seen, syntaxes).unwrap_or_default();
        let changes = Rc::new(changes);
        memory.keep(before, ahead, &changes, &self.parsing);
        Part {
            text: ahead,
            seen,
            changes,
        }
    }

    /// Reads a part of a long line, and says how long it is; all of what is ahead, unread, where no
    /// smaller part can be read by itself.
    ///
    /// Syntaxes take the end of what they get for the end of the line, and close what ends with a
    /// line: a comment, a text whose quotation mark is missing. So a part ends where a word begins,
    /// and where the part and what follows it are read as both are together.
    fn read_part(
        &mut self,
        ahead: &str,
        is_all: bool,
        syntaxes: &SyntaxSet,
        memory: &mut Memory,
    ) -> (usize, Changes) {
        let mut read = |state: &mut ParseState, text: &str| {
            memory.parsed += text.len();
            state.parse_line(text, syntaxes).unwrap_or_default()
        };
        let mut most = PART;
        loop {
            let end = ahead.floor_char_boundary(most);
            if end == ahead.len() && is_all {
                return (end, Changes::new());
            }
            let mut after = self.parsing.clone();
            let longer = read(&mut after, &ahead[..end]);
            for length in ends(&ahead[..end], &longer) {
                let mut after = self.parsing.clone();
                let part = read(&mut after, &ahead[..length]);
                let rest = read(&mut after.clone(), &ahead[length..end]);
                let rest = rest.into_iter().map(|(at, change)| (at + length, change));
                if part.iter().cloned().chain(rest).eq(longer.iter().cloned()) {
                    self.parsing = after;
                    return (length, part);
                }
            }
            let is_busy = longer.len() > MOST_CHANGES && most >= LARGEST_PART;
            if is_busy || most >= ahead.len() {
                self.parsing = after;
                return (end, longer);
            }
            most *= 4;
        }
    }

    /// Goes past a line or a part of it, and says how much that was, in bytes.
    pub(super) fn skip(
        &mut self,
        ahead: (&str, bool),
        syntaxes: &SyntaxSet,
        memory: &mut Memory,
    ) -> usize {
        let part = self.read(ahead, syntaxes, memory);
        for (_, change) in part.changes.iter() {
            // A syntax that takes away more than there is leaves nothing to take away.
            self.scopes.apply(change).ok();
        }
        part.text.len()
    }

    /// Goes past a line or a part of it and gives it in the colors of a theme. `colors` are those of
    /// what is open at its beginning, as what was before left them; none for the first that is
    /// painted.
    pub(super) fn paint<'t>(
        &mut self,
        ahead: (&'t str, bool),
        syntaxes: &SyntaxSet,
        memory: &mut Memory,
        highlighter: &Highlighter<'_>,
        colors: &mut Option<HighlightState>,
    ) -> Vec<(Shade, &'t str)> {
        let Part {
            text,
            seen,
            changes,
        } = self.read(ahead, syntaxes, memory);
        // To work them out anew for every line takes as long as the line itself.
        let state =
            colors.get_or_insert_with(|| HighlightState::new(highlighter, self.scopes.clone()));
        let mut spans = Vec::new();
        let mut at = 0;
        for (shade, part) in HighlightIterator::new(state, &changes, &seen, highlighter) {
            let end = (at + part.len()).min(text.len());
            if let Some(part) = text.get(at..end)
                && !part.is_empty()
            {
                spans.push((shade, part));
            }
            at = end;
        }
        self.scopes.clone_from(&state.path);
        spans
    }

    /// About how much memory it takes, by the length of its description. There are at most a hundred
    /// levels, but each may keep the line that began it.
    pub(super) fn weigh(&self) -> usize {
        let mut weight = Weight(0);
        // Counting cannot fail.
        fmt::write(&mut weight, format_args!("{:?}", self.parsing)).ok();
        weight.0 + size_of::<Self>()
    }
}

/// What the lines of a file did that were read before. Files repeat themselves: between a sixth of
/// their bytes (JavaScript) and more than half (YAML) are lines that stood in the same place
/// before, and to read one takes a thousand times as long as to look it up.
#[derive(Default)]
pub(super) struct Memory {
    lines: HashMap<Box<str>, Vec<Known>>,
    weight: usize,
    /// How many bytes patterns were looked for in, so far.
    pub(super) parsed: usize,
}

/// Where a line changes what is open in it, in bytes from its beginning.
type Changes = Vec<(usize, ScopeStackOp)>;

/// Where a part of a text can end, the farthest first: where a word begins that stands no deeper
/// than what is open at the end, since what ends with a line was begun behind such a place; and
/// behind a blank, for text in which nothing changes.
fn ends(text: &str, changes: &Changes) -> Vec<usize> {
    /// What follows so near the end may say nothing about what is before.
    const MARGIN: usize = 64;
    const LEAST: usize = 1024;
    /// Each is a part that may have to be read anew.
    const TRIED: usize = 2;
    let last = text.floor_char_boundary(text.len().saturating_sub(MARGIN));
    let mut depth = 0_i64;
    let mut before = Vec::with_capacity(changes.len());
    for (at, change) in changes {
        before.push((*at, depth, matches!(change, ScopeStackOp::Push(_))));
        match change {
            ScopeStackOp::Push(_) => depth += 1,
            ScopeStackOp::Pop(many) => depth -= i64::try_from(*many).unwrap_or(i64::MAX),
            _ => {}
        }
    }
    let mut found: Vec<usize> = Vec::new();
    for (at, depth_there, begins) in before.into_iter().rev() {
        let is_far = (LEAST..last).contains(&at);
        if begins && is_far && depth_there <= depth && found.last() != Some(&at) {
            found.push(at);
            // What was tried and is too deep still has something around it.
            depth = depth_there - 1;
            if found.len() == TRIED {
                break;
            }
        }
    }
    let blank = text[..last].rfind([' ', '\t']).map(|at| at + 1);
    found.extend(blank.filter(|at| *at >= LEAST));
    found
}

/// What a line did in the place where it stood.
struct Known {
    before: ParseState,
    changes: Rc<Changes>,
    after: ParseState,
}

impl Memory {
    /// A line takes about as much memory as its text, twice for what it keeps open, and this.
    const OF_ONE: usize = 512;
    /// What is kept at most, in bytes by this measure.
    const HEAVIEST: usize = 4 * 1024 * 1024;
    /// Longer lines are seldom met twice.
    const LONGEST: usize = 256;
    /// In more places than this the same line is seldom met.
    const MOST_PLACES: usize = 8;

    fn recall(&self, before: &ParseState, line: &str) -> Option<&Known> {
        let places = self.lines.get(line)?;
        places.iter().find(|known| known.before == *before)
    }

    fn keep(&mut self, before: ParseState, line: &str, changes: &Rc<Changes>, after: &ParseState) {
        if line.len() > Self::LONGEST {
            return;
        }
        // What comes is more like what came last than like what was in a part of the file long past.
        if self.weight > Self::HEAVIEST {
            *self = Self {
                parsed: self.parsed,
                ..Self::default()
            };
        }
        let places = self.lines.entry(line.into()).or_default();
        if places.len() < Self::MOST_PLACES {
            self.weight += Self::OF_ONE + line.len() + size_of_val(changes.as_slice());
            places.push(Known {
                before,
                changes: Rc::clone(changes),
                after: after.clone(),
            });
        }
    }
}

/// Counts what is written.
struct Weight(usize);

impl fmt::Write for Weight {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Gives each look a number.
pub(super) struct Palette {
    pub(super) styles: Vec<Style>,
    numbers: HashMap<(u8, u8, u8, u8), u16>,
}

impl Palette {
    pub(super) fn new(theme: &Theme) -> Self {
        let mut palette = Self {
            styles: Vec::new(),
            numbers: HashMap::new(),
        };
        palette.number(Highlighter::new(theme).get_default());
        palette
    }

    fn number(&mut self, shade: Shade) -> u16 {
        let color = shade.foreground;
        let key = (color.r, color.g, color.b, shade.font_style.bits());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        // A theme has some dozens of looks; plain text stands in should one ever have more.
        let Ok(number) = u16::try_from(self.styles.len()) else {
            return 0;
        };
        self.styles.push(Style {
            color: hex((color.r, color.g, color.b)),
            bold: shade.font_style.contains(FontStyle::BOLD),
            italic: shade.font_style.contains(FontStyle::ITALIC),
            underline: shade.font_style.contains(FontStyle::UNDERLINE),
        });
        self.numbers.insert(key, number);
        number
    }

    /// Neighbors that look the same become one span.
    pub(super) fn spans(&mut self, parts: Vec<(Shade, &str)>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::with_capacity(parts.len());
        for (shade, text) in parts {
            let style = self.number(shade);
            let text = visible(text);
            match spans.last_mut() {
                Some(last) if last.style == style => last.text.push_str(&text),
                _ => spans.push(Span {
                    text: text.into_owned(),
                    style,
                }),
            }
        }
        spans
    }
}

pub(super) fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Makes signs visible that would steer a terminal, hide, or turn the direction of the text. Text is
/// one line: the ends of lines are such signs too.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            // The pictures of the control characters stand in their order.
            '\0'..='\u{1f}' if character != '\t' => {
                shown.push(char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            '\u{7f}' => shown.push('\u{2421}'),
            character if is_treacherous(character) => shown.push_str(&format!("⟨U+{code:04X}⟩")),
            character => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// The name that [`visible`] shows so: of a branch, which has no other control characters.
pub fn as_written(shown: &str) -> String {
    let mut written = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some((before, behind)) = rest.split_once("⟨U+") {
        let sign = behind.split_once('⟩').and_then(|(code, behind)| {
            let code = u32::from_str_radix(code, 16).ok()?;
            let sign = char::from_u32(code).filter(|sign| is_treacherous(*sign))?;
            Some((sign, behind))
        });
        written.push_str(before);
        rest = match sign {
            Some((sign, behind)) => {
                written.push(sign);
                behind
            }
            None => {
                written.push_str("⟨U+");
                behind
            }
        };
    }
    written.push_str(rest);
    written
}

fn is_treacherous(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\n'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{as_written, visible};

    #[test]
    fn a_name_that_is_shown_otherwise_leads_back_to_itself() {
        for name in [
            "main",
            "feature/\u{202e}x\u{2066}y",
            "⟨U+0041⟩",
            "⟨U+",
            "a⟨U+202",
            "⟨U+⟨U+x⟩",
        ] {
            assert_eq!(as_written(&visible(name)), name);
        }
        assert_eq!(visible("a\u{202e}b"), "a⟨U+202E⟩b");
    }
}
