//! Reads the sentences of a Gantt chart.

use super::super::super::Failure;
use super::super::colors;
use super::super::frame::{Frame, Reader, words_of};
use super::super::lines::{Line, unknown, wrong};
use super::super::words::SIZE;
use super::{Anchor, Chart, MOST_DAYS, Row, Said, Task, day_of};

const MOST_TASKS: usize = 500;
const MOST_SAID: usize = 100;
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn read(reader: &mut Reader, frame: &mut Frame) -> Result<Chart, Failure> {
    let mut chart = Chart {
        begins: None,
        tasks: Vec::new(),
        rows: Vec::new(),
        closed: [false; 7],
        days: Vec::new(),
    };
    let mut last = None;
    while let Some(line) = reader.next() {
        if chart.tasks.len() > MOST_TASKS
            || chart.days.len() > MOST_SAID
            || chart.rows.len() > 1_000
        {
            return Err(wrong(line.number, "it has too much in it for a picture"));
        }
        let text = line.text.trim();
        let mut cursor = Cursor { rest: text };
        if cursor.word("printscale") || cursor.word("projectscale") {
            frame.leave_out("printscale");
        } else if let Some(inside) = text.strip_prefix("--") {
            let inside = inside.trim_matches('-').trim();
            chart
                .rows
                .push(Row::Separator(words_of(inside, SIZE, line)?));
        } else if !frame.take(line, reader)? {
            chart.sentence(&mut cursor, line, &mut last)?;
        }
    }
    Ok(chart)
}

/// What is left of a sentence.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// Reads a word, when it is the next one.
    fn word(&mut self, word: &str) -> bool {
        let is_next = self
            .rest
            .get(..word.len())
            .is_some_and(|next| next.eq_ignore_ascii_case(word));
        if !is_next {
            return false;
        }
        let after = &self.rest[word.len()..];
        if !(after.is_empty() || after.starts_with([' ', '\t', '['])) {
            return false;
        }
        self.rest = after.trim_start();
        true
    }

    fn any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.word(word))
    }

    fn sign(&mut self, sign: &str) -> bool {
        let Some(after) = self.rest.strip_prefix(sign) else {
            return false;
        };
        self.rest = after.trim_start();
        true
    }

    /// A name in brackets.
    fn name(&mut self) -> Option<&'a str> {
        let (name, after) = self.rest.strip_prefix('[')?.split_once(']')?;
        self.rest = after.trim_start();
        Some(name.trim()).filter(|name| !name.is_empty())
    }

    fn digits(&mut self) -> Option<i64> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit());
        let (digits, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let number = digits.parse().ok().filter(|_| digits.len() <= 5)?;
        self.rest = after;
        Some(number)
    }

    /// A number and a space behind it.
    fn number(&mut self) -> Option<i64> {
        let number = self.digits()?;
        self.rest = self.rest.trim_start();
        Some(number)
    }

    fn rest(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    /// The day of a date, counted from 1970.
    fn date(&mut self) -> Option<i64> {
        let before = self.rest;
        let found = self.written_date();
        if found.is_none() {
            self.rest = before;
        }
        found
    }

    fn written_date(&mut self) -> Option<i64> {
        self.word("the");
        let first = self.digits()?;
        for sign in ["-", "/"] {
            if self.sign(sign) {
                let month = self.digits()?;
                let day = self.sign(sign).then(|| self.digits())??;
                self.rest = self.rest.trim_start();
                return day_of(first, month, day);
            }
        }
        for ending in ["st", "nd", "rd", "th"] {
            if self.word(ending) {
                break;
            }
        }
        self.rest = self.rest.trim_start();
        self.word("of");
        let month = MONTHS.iter().position(|month| self.word(month))?;
        let year = self.number()?;
        day_of(year, i64::try_from(month).ok()? + 1, first)
    }

    /// So many days, a week having those on which somebody works.
    fn days(&mut self, week: i64) -> Option<i64> {
        let number = self.number()?;
        if self.any(&["days", "day"]) {
            return Some(number);
        }
        if !self.any(&["weeks", "week"]) {
            return None;
        }
        let before = self.rest;
        if self.word("and")
            && let Some(more) = self.number()
            && self.any(&["days", "day"])
        {
            return Some(number * week + more);
        }
        self.rest = before;
        Some(number * week)
    }
}

impl Chart {
    fn sentence(
        &mut self,
        cursor: &mut Cursor,
        line: &Line,
        last: &mut Option<usize>,
    ) -> Result<(), Failure> {
        let is_task = cursor.rest.starts_with('[') || {
            let mut ahead = Cursor { rest: cursor.rest };
            ahead.word("then")
        };
        if is_task {
            *last = Some(self.task_line(cursor, line, *last)?);
            return Ok(());
        }
        let begins = cursor.any(&["project", "the project"]) && cursor.any(&["starts", "start"]);
        if begins {
            cursor.word("on");
            let day = cursor.date().ok_or_else(|| unknown(line))?;
            if self.begins.is_some() || !self.tasks.is_empty() || !cursor.rest.is_empty() {
                return Err(unknown(line));
            }
            self.begins = Some(day);
            return Ok(());
        }
        self.of_days(cursor)
            .ok_or_else(|| unknown(line))?
            .map_err(|what| wrong(line.number, what))
    }

    /// What is said of days: that they are closed, open, or have a color.
    fn of_days(&mut self, cursor: &mut Cursor) -> Option<Result<(), &'static str>> {
        let weekday = WEEKDAYS
            .iter()
            .position(|day| cursor.word(day) || cursor.word(&format!("{day}s")));
        if let Some(day) = weekday {
            if !cursor.any(&["are", "is"]) {
                return None;
            }
            let is_closed = cursor.word("closed");
            if !is_closed && !cursor.any(&["opened", "open"]) || !cursor.rest.is_empty() {
                return None;
            }
            self.closed[day] = is_closed;
            return Some(match self.closed.contains(&false) {
                true => Ok(()),
                false => Err("no day of the week is open"),
            });
        }
        let from = cursor.date()?;
        let to = match cursor.word("to") {
            true => cursor.date()?,
            false => from,
        };
        if !cursor.any(&["are", "is"]) {
            return None;
        }
        let said = if cursor.word("closed") {
            Said::Closed
        } else if cursor.any(&["opened", "open"]) {
            Said::Open
        } else if cursor.any(&["colored in", "colored"]) {
            Said::Colored(colors::of(cursor.rest())?)
        } else {
            return None;
        };
        if !cursor.rest.is_empty() {
            return None;
        }
        let Some(begins) = self.begins else {
            return Some(Err("it says a date, but not when the project starts"));
        };
        let (from, to) = (from - begins, to - begins);
        if to < from || from.abs().max(to.abs()) > MOST_DAYS {
            return Some(Err("the days are too far from when the project starts"));
        }
        self.days.push((from, to, said));
        Some(Ok(()))
    }

    fn known(&self, name: &str) -> Option<usize> {
        self.tasks
            .iter()
            .position(|task| task.names.iter().any(|known| known == name))
    }

    /// The task of a name, made where it is new.
    fn task(&mut self, name: &str, line: &Line) -> Result<usize, Failure> {
        if let Some(known) = self.known(name) {
            return Ok(known);
        }
        self.tasks.push(Task {
            names: vec![name.to_owned()],
            words: words_of(name, SIZE, line)?,
            line: line.number,
            starts: Vec::new(),
            end: None,
            lasts: None,
            happens: None,
            color: None,
            completed: None,
        });
        let at = self.tasks.len() - 1;
        self.rows.push(Row::Task(at));
        Ok(at)
    }

    fn task_line(
        &mut self,
        cursor: &mut Cursor,
        line: &Line,
        last: Option<usize>,
    ) -> Result<usize, Failure> {
        let follows = cursor.word("then");
        let name = cursor.name().ok_or_else(|| unknown(line))?;
        let is_new = self.known(name).is_none();
        let mut at = self.task(name, line)?;
        if follows {
            let before = last.filter(|_| is_new).ok_or_else(|| unknown(line))?;
            self.tasks[at].starts.push(end_of(before));
        }
        if cursor.word("as") {
            let alias = cursor.name().ok_or_else(|| unknown(line))?;
            if self.known(alias).is_some_and(|known| known != at) {
                return Err(unknown(line));
            }
            self.tasks[at].names.push(alias.to_owned());
        }
        if cursor.rest.starts_with("->") {
            while cursor.sign("->") {
                let next = cursor.name().and_then(|name| self.known(name));
                let next = next.ok_or_else(|| unknown(line))?;
                self.tasks[next].starts.push(end_of(at));
                at = next;
            }
            return match cursor.rest.is_empty() {
                true => Ok(at),
                false => Err(unknown(line)),
            };
        }
        loop {
            self.clause(at, cursor)
                .ok_or_else(|| unknown(line))?
                .map_err(|what| wrong(line.number, what))?;
            if cursor.rest.is_empty() {
                return Ok(at);
            }
            if !cursor.word("and") {
                return Err(unknown(line));
            }
        }
    }

    /// One thing that is said of a task.
    fn clause(&mut self, at: usize, cursor: &mut Cursor) -> Option<Result<(), &'static str>> {
        const TWICE: &str = "the task says this twice";
        if cursor.any(&["lasts", "requires", "takes"]) {
            let closed = self.closed.iter().filter(|closed| **closed).count();
            let week = 7 - i64::try_from(closed).ok()?;
            let days = cursor.days(week).filter(|days| *days > 0)?;
            let is_new = self.tasks[at].lasts.replace(days).is_none();
            return Some(if is_new { Ok(()) } else { Err(TWICE) });
        }
        if cursor.any(&["starts", "start"]) {
            cursor.any(&["at", "on"]);
            return Some(
                self.anchor(cursor)?
                    .map(|anchor| self.tasks[at].starts.push(anchor)),
            );
        }
        if cursor.any(&["ends", "end"]) {
            cursor.any(&["at", "on"]);
            let anchor = match self.anchor(cursor)? {
                // It ends when that day is over.
                Ok(Anchor::Day(day)) => Anchor::Day(day + 1),
                Ok(anchor) => anchor,
                Err(what) => return Some(Err(what)),
            };
            let is_new = self.tasks[at].end.replace(anchor).is_none();
            return Some(if is_new { Ok(()) } else { Err(TWICE) });
        }
        if cursor.any(&["happens", "happen"]) {
            cursor.any(&["at", "on"]);
            let anchor = match self.anchor(cursor)? {
                // Which day that is is not clear.
                Ok(Anchor::Of { later, .. }) if later != 0 => return None,
                Ok(anchor) => anchor,
                Err(what) => return Some(Err(what)),
            };
            let task = &mut self.tasks[at];
            let is_new = task.happens.replace(anchor).is_none();
            let is_alone = task.lasts.is_none() && task.end.is_none();
            return Some(if is_new && is_alone {
                Ok(())
            } else {
                Err(TWICE)
            });
        }
        if !cursor.any(&["is", "are"]) {
            return None;
        }
        if cursor.any(&["colored in", "colored"]) {
            let end = cursor
                .rest
                .find(char::is_whitespace)
                .unwrap_or(cursor.rest.len());
            let color = colors::of(&cursor.rest[..end])?;
            cursor.rest = cursor.rest[end..].trim_start();
            self.tasks[at].color = Some(color);
            return Some(Ok(()));
        }
        let done = cursor.number().filter(|done| *done <= 100)?;
        if !cursor.sign("%") || !cursor.any(&["completed", "complete"]) {
            return None;
        }
        self.tasks[at].completed = Some(u32::try_from(done).ok()?);
        Some(Ok(()))
    }

    /// A moment: of another task, or a date.
    fn anchor(&self, cursor: &mut Cursor) -> Option<Result<Anchor, &'static str>> {
        if cursor.sign("D+") || cursor.sign("d+") {
            return Some(Ok(Anchor::Day(cursor.number()?)));
        }
        if let Some(day) = cursor.date() {
            return Some(match self.begins {
                Some(begins) => Ok(Anchor::Day(day - begins)),
                None => Err("it says a date, but not when the project starts"),
            });
        }
        let mut later = 0;
        if !cursor.rest.starts_with('[') {
            later = cursor.days(7)?;
            let is_before = cursor.word("before");
            if !is_before && !cursor.word("after") {
                return None;
            }
            later = if is_before { -later } else { later };
        }
        let task = self.known(cursor.name()?)?;
        if !cursor.sign("'s") {
            return None;
        }
        let is_end = cursor.word("end");
        if !is_end && !cursor.word("start") {
            return None;
        }
        Some(Ok(Anchor::Of {
            task,
            is_end,
            later,
        }))
    }
}

fn end_of(task: usize) -> Anchor {
    Anchor::Of {
        task,
        is_end: true,
        later: 0,
    }
}
