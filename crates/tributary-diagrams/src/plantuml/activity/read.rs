//! Reads the lines of an activity.

use super::super::super::Failure;
use super::super::colors;
use super::super::frame::{Frame, Reader, unquoted, words_of};
use super::super::lines::{Line, unknown, wrong};
use super::super::words::{SIZE, Words};
use super::{
    Action, Activity, Around, Arrow, Block, Branch, Joint, Lane, Note, Shape, Step, Test, What,
};

const MOST_STEPS: usize = 3_000;
const MOST_LANES: usize = 60;
/// How deep what parts the flow may be in one another.
const DEEPEST: usize = 50;
/// The size of letters beside lines.
const SMALL: f64 = 12.0;
/// The signs that may end an action, with what they make of it.
const ENDS: [(char, Shape); 8] = [
    (';', Shape::Plain),
    ('|', Shape::Procedure),
    ('<', Shape::Input),
    ('>', Shape::Output),
    ('/', Shape::Save),
    ('\\', Shape::Load),
    (']', Shape::Task),
    ('}', Shape::Continuous),
];

/// What was begun and has no end yet.
#[derive(Debug)]
enum Begun {
    If {
        done: Vec<Branch>,
        /// Of the branch that is read now.
        test: Option<Test>,
        before: Words,
        label: Words,
    },
    Switch {
        test: Test,
        done: Vec<Branch>,
        /// Of the case that is read now.
        label: Option<Words>,
    },
    While {
        test: Test,
        yes: Words,
        back: Option<Action>,
    },
    Repeat {
        first: Option<Action>,
        back: Option<Action>,
    },
    Parallel {
        begin: Joint,
        done: Vec<Block>,
    },
    Group {
        around: Around,
        words: Words,
        color: Option<String>,
        has_braces: bool,
    },
}

#[derive(Debug)]
struct Open {
    begun: Begun,
    /// Where it began.
    line: u32,
    words: String,
    lane: usize,
    arrow: Option<Arrow>,
    notes: Vec<Note>,
    block: Block,
}

#[derive(Debug)]
struct Parser {
    root: Block,
    open: Vec<Open>,
    lanes: Vec<Lane>,
    lane: usize,
    steps: usize,
}

pub(super) fn read(reader: &mut Reader, frame: &mut Frame) -> Result<Activity, Failure> {
    let mut parser = Parser {
        root: Block::default(),
        open: Vec::new(),
        lanes: Vec::new(),
        lane: 0,
        steps: 0,
    };
    while let Some(line) = reader.next() {
        if parser.steps > MOST_STEPS {
            return Err(wrong(line.number, "it has too much in it for a picture"));
        }
        if !frame.take(line, reader)? {
            parser.line(line, reader)?;
        }
    }
    if let Some(open) = parser.open.last() {
        let what = format!("`{}` has no end", open.words);
        return Err(wrong(open.line, what));
    }
    Ok(Activity {
        root: parser.root,
        lanes: parser.lanes,
    })
}

impl Parser {
    fn line(&mut self, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let text = line.text.trim();
        // A letter in a circle looks like the beginning of an action, when it has a color.
        if self.spot(text, line)? {
            return Ok(());
        }
        if let Some((color, rest)) = colored(text)
            && rest.starts_with(':')
        {
            let action = self.action(rest, color, line, reader)?;
            self.push(What::Action(action));
            return Ok(());
        }
        if text.starts_with('|') {
            return self.lane(text, line).ok_or_else(|| unknown(line))?;
        }
        if text.starts_with('-') {
            return self.arrow(text, line, reader);
        }
        if self.plain(text, line)? || self.group(text, line)? {
            return Ok(());
        }
        if let Some(note) = note_of(text, line, reader)? {
            self.note(note);
            return Ok(());
        }
        self.parting(text, line, reader)
    }

    fn block(&mut self) -> &mut Block {
        match self.open.last_mut() {
            Some(open) => &mut open.block,
            None => &mut self.root,
        }
    }

    fn push(&mut self, what: What) {
        let lane = self.lane;
        let arrow = self.block().arrow.take();
        self.step(what, lane, arrow, Vec::new());
    }

    fn step(&mut self, what: What, lane: usize, arrow: Option<Arrow>, mut notes: Vec<Note>) {
        self.steps += 1;
        let end_lane = self.lane;
        let block = self.block();
        if block.steps.is_empty() {
            notes.append(&mut block.notes);
        }
        block.steps.push(Step {
            what,
            lane,
            end_lane,
            arrow,
            notes,
            is_detached: false,
        });
    }

    fn begin(&mut self, begun: Begun, line: &Line) -> Result<(), Failure> {
        if self.open.len() >= DEEPEST {
            return Err(wrong(line.number, "it is nested too deeply"));
        }
        self.steps += 1;
        let arrow = self.block().arrow.take();
        self.open.push(Open {
            begun,
            line: line.number,
            words: line.text.trim().chars().take(60).collect(),
            lane: self.lane,
            arrow,
            notes: Vec::new(),
            block: Block::default(),
        });
        Ok(())
    }

    /// Ends what was begun last, as what it has become.
    fn end(
        &mut self,
        line: &Line,
        made: impl FnOnce(Begun, Block) -> Option<What>,
    ) -> Result<(), Failure> {
        let open = self.open.pop().ok_or_else(|| unknown(line))?;
        let what = made(open.begun, open.block).ok_or_else(|| unknown(line))?;
        self.step(what, open.lane, open.arrow, open.notes);
        Ok(())
    }

    /// A note belongs to the step before it, or to what asks which way to go.
    fn note(&mut self, note: Note) {
        let asks = self.open.last_mut().filter(|open| {
            let is_asking = !matches!(open.begun, Begun::Parallel { .. } | Begun::Group { .. });
            is_asking && open.block.steps.is_empty()
        });
        if let Some(open) = asks {
            open.notes.push(note);
            return;
        }
        let block = self.block();
        match block.steps.last_mut() {
            Some(step) => step.notes.push(note),
            None => block.notes.push(note),
        }
    }

    /// Reads an action whose color was read, over as many lines as it takes.
    fn action(
        &mut self,
        text: &str,
        color: Option<String>,
        line: &Line,
        reader: &mut Reader,
    ) -> Result<Action, Failure> {
        let mut said = text[1..].to_owned();
        let (mut end, mut shape) = ended(&said).unwrap_or((usize::MAX, Shape::Plain));
        while end == usize::MAX {
            let Some(next) = reader.any() else {
                return Err(wrong(
                    line.number,
                    "the `;` that ends the action is missing",
                ));
            };
            said.push('\n');
            let next = next.text.trim();
            if let Some((length, found)) = ended(next) {
                end = said.len() + length;
                shape = found;
            }
            said.push_str(next);
            if said.len() > 20_000 {
                return Err(wrong(line.number, "the action has too many words"));
            }
        }
        said.truncate(end);
        Ok(Action {
            words: words_of(said.trim(), SIZE, line)?,
            shape,
            color,
        })
    }

    /// A swimlane, from which on steps stand in it.
    fn lane(&mut self, text: &str, line: &Line) -> Option<Result<(), Failure>> {
        let parts: Vec<&str> = text[1..].split('|').collect();
        let (color, name, label) = match parts.as_slice() {
            [name, label] => (None, *name, *label),
            [color, name, label] => {
                let color = color.trim();
                (Some(colors::of(color.strip_prefix('#')?)?), *name, *label)
            }
            _ => return None,
        };
        let (name, label) = (name.trim(), label.trim());
        if name.is_empty() {
            return None;
        }
        let known = self.lanes.iter().position(|lane| lane.name == name);
        let at = match known {
            Some(at) => at,
            None if self.lanes.is_empty() && self.steps > 0 => {
                let what = "the first swimlane stands behind steps, which are in none";
                return Some(Err(wrong(line.number, what)));
            }
            None if self.lanes.len() >= MOST_LANES => {
                return Some(Err(wrong(line.number, "it has too many swimlanes")));
            }
            None => {
                let words = match words_of(name, SIZE + 3.0, line) {
                    Ok(words) => words,
                    Err(failure) => return Some(Err(failure)),
                };
                self.lanes.push(Lane {
                    name: name.to_owned(),
                    words,
                    color: None,
                });
                self.lanes.len() - 1
            }
        };
        if color.is_some() {
            self.lanes[at].color = color;
        }
        if !label.is_empty() {
            self.lanes[at].words = match words_of(label, SIZE + 3.0, line) {
                Ok(words) => words,
                Err(failure) => return Some(Err(failure)),
            };
        }
        self.lane = at;
        Some(Ok(()))
    }

    /// How the line to the next step looks, and what is said beside it.
    fn arrow(&mut self, text: &str, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let mut arrow = Arrow::default();
        let mut rest = &text[1..];
        if let Some(inside) = rest.strip_prefix('[') {
            let (looks, after) = inside.split_once(']').ok_or_else(|| unknown(line))?;
            arrow.stroke.read(looks).ok_or_else(|| unknown(line))?;
            rest = after.strip_prefix('-').unwrap_or(after);
        }
        let rest = rest.strip_prefix('>').ok_or_else(|| unknown(line))?.trim();
        if !rest.is_empty() {
            let mut said = rest.to_owned();
            while !said.ends_with(';') {
                let Some(next) = reader.any() else {
                    return Err(wrong(line.number, "the `;` that ends the arrow is missing"));
                };
                said.push('\n');
                said.push_str(next.text.trim());
            }
            said.pop();
            arrow.words = Some(words_of(said.trim(), SMALL, line)?);
        }
        if self.block().arrow.is_some() {
            return Err(unknown(line));
        }
        self.block().arrow = Some(arrow);
        Ok(())
    }

    fn spot(&mut self, text: &str, line: &Line) -> Result<bool, Failure> {
        let (color, rest) = match text.split_once(':') {
            Some((color, rest)) if color.starts_with('#') => (colors::of(color), rest),
            _ => (None, text),
        };
        let inside = rest
            .trim_end_matches(';')
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let Some(inside) = inside.filter(|inside| inside.chars().count() == 1) else {
            return Ok(false);
        };
        let words = words_of(inside, SIZE, line)?;
        self.push(What::Spot(words, color));
        Ok(true)
    }

    /// A step of one word.
    fn plain(&mut self, text: &str, line: &Line) -> Result<bool, Failure> {
        match text.trim_end_matches(';').trim() {
            "start" => self.push(What::Start),
            "stop" => self.push(What::Stop),
            "end" => self.push(What::End),
            "break" => {
                let is_inside = self
                    .open
                    .iter()
                    .any(|open| matches!(open.begun, Begun::While { .. } | Begun::Repeat { .. }));
                if !is_inside {
                    return Err(wrong(line.number, "`break` is in nothing that is repeated"));
                }
                self.push(What::Break);
            }
            "detach" | "kill" => {
                let block = self.block();
                match block.steps.last_mut() {
                    Some(step) => step.is_detached = true,
                    None => block.is_detached = true,
                }
                // What would lead on leads nowhere.
                block.arrow = None;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What stands around steps.
    fn group(&mut self, text: &str, line: &Line) -> Result<bool, Failure> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (around, has_braces) = match word {
            "partition" => (Around::Partition, true),
            "package" => (Around::Package, true),
            "rectangle" => (Around::Rectangle, true),
            "card" => (Around::Card, true),
            "group" => (Around::Partition, false),
            _ if is_word(text, "end", "group")
                || is_word(text, "end", "partition")
                || text == "}" =>
            {
                let is_brace = !is_word(text, "end", "group");
                let made = |begun, block| match begun {
                    Begun::Group {
                        around,
                        words,
                        color,
                        has_braces,
                    } if has_braces == is_brace => Some(What::Group {
                        around,
                        words,
                        color,
                        block,
                    }),
                    _ => None,
                };
                self.end(line, made)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        let rest = rest.trim();
        let rest = match (has_braces, rest.strip_suffix('{')) {
            (true, Some(rest)) => rest.trim(),
            (false, Some(_)) => return Err(unknown(line)),
            _ => rest,
        };
        let mut color = None;
        let mut name = rest;
        if let Some((first, after)) = rest.split_once(char::is_whitespace)
            && first.starts_with('#')
        {
            color = Some(colors::of(first).ok_or_else(|| unknown(line))?);
            name = after.trim();
        } else if let Some((before, last)) = rest.rsplit_once(char::is_whitespace)
            && last.starts_with('#')
        {
            color = Some(colors::of(last).ok_or_else(|| unknown(line))?);
            name = before.trim();
        }
        let mut words = words_of(unquoted(name), SIZE, line)?;
        words.embolden();
        let begun = Begun::Group {
            around,
            words,
            color,
            has_braces,
        };
        self.begin(begun, line)?;
        Ok(true)
    }

    /// What parts the flow, and what joins it.
    fn parting(&mut self, text: &str, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let none = words_of("", SMALL, line)?;
        let (color, rest) = match colored(text) {
            Some((color, rest)) => (color, rest),
            None => return Err(unknown(line)),
        };
        let rest = rest.trim_end_matches(';').trim();
        if let Some(asked) = word(rest, "if") {
            let (test, label) = asked_then(asked).ok_or_else(|| unknown(line))?;
            let begun = Begun::If {
                done: Vec::new(),
                test: Some(self.test(test, color, line)?),
                before: none,
                label: words_of(label, SMALL, line)?,
            };
            return self.begin(begun, line);
        }
        // A label of the line that comes to it may stand before.
        let (before, asked) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((before, asked)) => (before, asked.trim()),
            None => ("", rest),
        };
        if let Some(asked) = words_after(asked, "else", "if") {
            let (test, label) = asked_then(asked).ok_or_else(|| unknown(line))?;
            let test = self.test(test, color, line)?;
            let (before, label) = (
                words_of(before, SMALL, line)?,
                words_of(label, SMALL, line)?,
            );
            return self.branch(Some(test), before, label, line);
        }
        let may_be_colored = ["while", "switch", "repeat"];
        if color.is_some() && !may_be_colored.iter().any(|word| rest.starts_with(word)) {
            return Err(unknown(line));
        }
        if is_word(rest, "end", "if") {
            return self.end(line, |begun, block| match begun {
                Begun::If {
                    mut done,
                    test,
                    before,
                    label,
                } => {
                    let is_open = test.is_some();
                    done.push(Branch {
                        test,
                        before,
                        label,
                        block,
                    });
                    if is_open {
                        done.push(Branch {
                            test: None,
                            before: none.clone(),
                            label: none,
                            block: Block::default(),
                        });
                    }
                    Some(What::If(done))
                }
                _ => None,
            });
        }
        if let Some(label) = word(rest, "else") {
            let label = label_of(label).ok_or_else(|| unknown(line))?;
            let label = words_of(label, SMALL, line)?;
            return self.branch(None, none, label, line);
        }
        if let Some(asked) = word(rest, "switch") {
            let test = inside(asked, |rest| rest.is_empty().then_some(()))
                .ok_or_else(|| unknown(line))?
                .0;
            let begun = Begun::Switch {
                test: self.test(test, color, line)?,
                done: Vec::new(),
                label: None,
            };
            return self.begin(begun, line);
        }
        if let Some(label) = word(rest, "case") {
            let label = label_of(label).ok_or_else(|| unknown(line))?;
            let label = words_of(label, SMALL, line)?;
            return self.case(Some(label), line);
        }
        if is_word(rest, "end", "switch") {
            self.case(None, line)?;
            return self.end(line, |begun, _| match begun {
                Begun::Switch { test, done, .. } => Some(What::Switch(test, done)),
                _ => None,
            });
        }
        if let Some(asked) = word(rest, "while") {
            let (test, yes) = inside(asked, is_label).ok_or_else(|| unknown(line))?;
            let begun = Begun::While {
                test: self.test(test, color, line)?,
                yes: words_of(yes, SMALL, line)?,
                back: None,
            };
            return self.begin(begun, line);
        }
        if let Some(label) = words_after(rest, "end", "while") {
            let label = label_of(label).ok_or_else(|| unknown(line))?;
            let no = words_of(label, SMALL, line)?;
            return self.end(line, |begun, block| match begun {
                Begun::While { test, yes, back } => Some(What::While {
                    test,
                    yes,
                    no,
                    block,
                    back,
                }),
                _ => None,
            });
        }
        if let Some(asked) = words_after(rest, "repeat", "while") {
            let (test, (yes, no)) = match asked.is_empty() {
                true => ("", ("", "")),
                false => inside(asked, is_not).ok_or_else(|| unknown(line))?,
            };
            let test = self.test(test, color, line)?;
            let (yes, no) = (words_of(yes, SMALL, line)?, words_of(no, SMALL, line)?);
            return self.end(line, |begun, block| match begun {
                Begun::Repeat { first, back } => Some(What::Repeat {
                    first,
                    block,
                    back,
                    test,
                    yes,
                    no,
                }),
                _ => None,
            });
        }
        self.of_words(text, line, reader, &none)
    }

    /// What has no test.
    fn of_words(
        &mut self,
        text: &str,
        line: &Line,
        reader: &mut Reader,
        none: &Words,
    ) -> Result<(), Failure> {
        let bare = text.trim_end_matches(';').trim();
        if let Some(rest) = word(text, "repeat") {
            let first = match rest {
                "" | ";" => None,
                rest => {
                    let (color, rest) = colored(rest)
                        .filter(|(_, rest)| rest.starts_with(':'))
                        .ok_or_else(|| unknown(line))?;
                    Some(self.action(rest, color, line, reader)?)
                }
            };
            return self.begin(Begun::Repeat { first, back: None }, line);
        }
        if let Some(rest) = text.strip_prefix("backward") {
            let (color, rest) = colored(rest.trim())
                .filter(|(_, rest)| rest.starts_with(':'))
                .ok_or_else(|| unknown(line))?;
            let action = self.action(rest, color, line, reader)?;
            return match self.open.last_mut().map(|open| &mut open.begun) {
                Some(Begun::Repeat { back, .. } | Begun::While { back, .. }) if back.is_none() => {
                    *back = Some(action);
                    Ok(())
                }
                _ => Err(unknown(line)),
            };
        }
        for (name, joint) in [("fork", Joint::Bar), ("split", Joint::Line)] {
            if bare == name {
                let begun = Begun::Parallel {
                    begin: joint,
                    done: Vec::new(),
                };
                return self.begin(begun, line);
            }
            if is_word(bare, name, "again") {
                let open = self.open.last_mut().ok_or_else(|| unknown(line))?;
                return match &mut open.begun {
                    Begun::Parallel { begin, done } if *begin == joint => {
                        done.push(std::mem::take(&mut open.block));
                        Ok(())
                    }
                    _ => Err(unknown(line)),
                };
            }
            let ended = words_after(bare, "end", name).or_else(|| words_after(bare, name, "end"));
            let merged = words_after(bare, "end", "merge").filter(|_| joint == Joint::Bar);
            let (Some(label), end) = (match (ended, merged) {
                (Some(label), _) => (Some(label), joint),
                (None, label) => (label, Joint::Diamond),
            }) else {
                continue;
            };
            let is_label = label.is_empty()
                || joint == Joint::Bar && label.starts_with('{') && label.ends_with('}');
            if !is_label {
                return Err(unknown(line));
            }
            let label = match label {
                "" => none.clone(),
                label => words_of(label, SMALL, line)?,
            };
            return self.end(line, |begun, block| match begun {
                Begun::Parallel { begin, mut done } if begin == joint => {
                    done.push(block);
                    Some(What::Parallel {
                        begin,
                        blocks: done,
                        end,
                        label,
                    })
                }
                _ => None,
            });
        }
        Err(unknown(line))
    }

    fn test(&self, text: &str, color: Option<String>, line: &Line) -> Result<Test, Failure> {
        Ok(Test {
            words: words_of(text.trim(), SMALL, line)?,
            color,
            lane: self.lane,
        })
    }

    /// Ends the branch that is read and begins another one.
    fn branch(
        &mut self,
        next: Option<Test>,
        next_before: Words,
        next_label: Words,
        line: &Line,
    ) -> Result<(), Failure> {
        let open = self.open.last_mut().ok_or_else(|| unknown(line))?;
        match &mut open.begun {
            Begun::If {
                done,
                test: test @ Some(_),
                before,
                label,
            } => {
                done.push(Branch {
                    test: test.take(),
                    before: std::mem::replace(before, next_before),
                    label: std::mem::replace(label, next_label),
                    block: std::mem::take(&mut open.block),
                });
                *test = next;
                Ok(())
            }
            _ => Err(unknown(line)),
        }
    }

    /// Ends the case that is read, if there is one, and begins another one.
    fn case(&mut self, next: Option<Words>, line: &Line) -> Result<(), Failure> {
        let open = self.open.last_mut().ok_or_else(|| unknown(line))?;
        let Begun::Switch { done, label, .. } = &mut open.begun else {
            return Err(unknown(line));
        };
        let block = std::mem::take(&mut open.block);
        match (label.take(), next.is_none()) {
            (Some(said), _) => done.push(Branch {
                test: None,
                before: words_of("", SMALL, line)?,
                label: said,
                block,
            }),
            // Steps before the first case belong to none.
            (None, _) if !block.steps.is_empty() => return Err(unknown(line)),
            (None, true) => return Err(wrong(line.number, "the `switch` has no `case`")),
            (None, false) => {}
        }
        *label = next;
        Ok(())
    }
}

/// A color before something, up to a colon or the end of its word.
fn colored(text: &str) -> Option<(Option<String>, &str)> {
    if !text.starts_with('#') {
        return Some((None, text));
    }
    let end = text.find([':', ' ', '\t'])?;
    let color = colors::of(&text[..end])?;
    let rest = &text[end..];
    // The colon begins an action, and parts a color from a word.
    let is_word = rest.strip_prefix(':').filter(|rest| {
        ["if", "while", "switch", "repeat", "else"]
            .iter()
            .any(|word| {
                rest.strip_prefix(word)
                    .is_some_and(|rest| rest.trim_start().starts_with(['(', 'i', 'w']))
            })
            && !rest.ends_with(';')
    });
    Some((Some(color), is_word.unwrap_or(rest).trim_start()))
}

/// What comes after a word.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let is_end = rest.is_empty() || rest.starts_with([' ', '\t', '(', ';', ':', '#', '{']);
    is_end.then(|| rest.trim())
}

/// What comes after two words that may be written as one.
fn words_after<'a>(text: &'a str, first: &str, second: &str) -> Option<&'a str> {
    word(text.strip_prefix(first)?.trim_start(), second)
}

fn is_word(text: &str, first: &str, second: &str) -> bool {
    words_after(text, first, second) == Some("")
}

/// What is in parentheses: up to the first that is followed by what may follow.
fn inside<'a, T>(text: &'a str, rest: impl Fn(&'a str) -> Option<T>) -> Option<(&'a str, T)> {
    let text = text.strip_prefix('(')?;
    text.match_indices(')')
        .find_map(|(at, _)| Some((&text[..at], rest(text[at + 1..].trim_start())?)))
}

/// A label in parentheses, or none.
fn label_of(text: &str) -> Option<&str> {
    match text {
        "" => Some(""),
        text => text.strip_prefix('(')?.strip_suffix(')'),
    }
}

/// What is asked and when the first branch is taken.
fn asked_then(text: &str) -> Option<(&str, &str)> {
    inside(text, |rest| {
        if rest.is_empty() {
            return Some("");
        }
        if let Some(label) = word(rest, "then") {
            return label_of(label);
        }
        let value = ["is", "equals", "equal"]
            .iter()
            .find_map(|is| word(rest, is))?;
        let value = value.strip_suffix("then").unwrap_or(value).trim_end();
        label_of(value).filter(|value| !value.is_empty())
    })
}

fn is_label(rest: &str) -> Option<&str> {
    match rest {
        "" => Some(""),
        rest => {
            let value = ["is", "equals", "equal"]
                .iter()
                .find_map(|is| word(rest, is))?;
            label_of(value)
        }
    }
}

/// The label of the way back and of the way on.
fn is_not(rest: &str) -> Option<(&str, &str)> {
    if rest.is_empty() {
        return Some(("", ""));
    }
    if let Some(no) = word(rest, "not") {
        return Some(("", label_of(no)?));
    }
    let value = ["is", "equals", "equal"]
        .iter()
        .find_map(|is| word(rest, is))?;
    inside(value, |rest| match word(rest, "not") {
        Some(no) => label_of(no),
        None => rest.is_empty().then_some(""),
    })
}

/// Where the words of an action end, with the shape that their end says. A bar that has another one
/// before it is of a table, and an angle bracket may be of a tag.
fn ended(text: &str) -> Option<(usize, Shape)> {
    let text = text.trim_end();
    if let Some((before, kind)) = text
        .strip_suffix(">>")
        .and_then(|text| text.rsplit_once("<<"))
        && let Some(before) = before.trim_end().strip_suffix(';')
    {
        let shape = match kind.trim() {
            "input" => Shape::Input,
            "output" => Shape::Output,
            "procedure" => Shape::Procedure,
            "save" => Shape::Save,
            "load" => Shape::Load,
            "task" => Shape::Task,
            "continuous" => Shape::Continuous,
            _ => return None,
        };
        return Some((before.len(), shape));
    }
    let last = text.chars().next_back()?;
    let before = &text[..text.len() - last.len_utf8()];
    let (_, shape) = ENDS.iter().find(|(sign, _)| *sign == last)?;
    let is_end = match last {
        ';' => true,
        '|' => !before.contains('|'),
        '>' => {
            let inside = before.rsplit_once('<').map(|(_, inside)| inside);
            !before.ends_with('>')
                && !inside.is_some_and(|inside| {
                    !inside.is_empty() && !inside.contains(char::is_whitespace)
                        || inside.starts_with("img")
                })
        }
        _ => !before.ends_with(['/', '|', '<', '>', '}', ']', '\\']),
    };
    is_end.then_some((before.len(), *shape))
}

fn note_of(text: &str, line: &Line, reader: &mut Reader) -> Result<Option<Note>, Failure> {
    let (is_floating, rest) = match word(text, "floating") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let Some(rest) = word(rest, "note") else {
        return Ok(None);
    };
    let (head, said) = match rest.split_once(':') {
        Some((head, said)) => (head.trim(), Some(said.trim())),
        None => (rest, None),
    };
    let mut is_left = true;
    let mut color = None;
    for part in head.split_whitespace() {
        match part {
            "left" => is_left = true,
            "right" => is_left = false,
            part if part.starts_with('#') => {
                color = Some(colors::of(part).ok_or_else(|| unknown(line))?);
            }
            _ => return Err(unknown(line)),
        }
    }
    let text = match said {
        Some(said) => said.to_owned(),
        None => reader.until(line, |text| text == "end note" || text == "endnote")?,
    };
    Ok(Some(Note {
        words: words_of(&text, SIZE, line)?,
        is_left,
        is_floating,
        color,
    }))
}
