//! Data as tables that lead to each other: JSON, and YAML as far as its forms have one meaning.

mod json;
mod yaml;

use super::super::Failure;
use super::super::canvas::{Anchor, Canvas, Head, HeadStyle, Point, ellipse, number, polyline};
use super::frame::{Frame, Reader};
use super::lines::{Line, unknown, wrong};
use super::shapes::{filled, reach, rectangle, rounded, stroke};
use super::words::{SIZE, Words, plain};

const LINE: &str = "#181818";
const FILL: &str = "#F1F1F1";
const MARKED: &str = "#CCFF02";
const PAD: f64 = 6.0;
/// Between a table and those that it leads to, and between those.
const AWAY: f64 = 50.0;
const APART: f64 = 14.0;
/// The room of the sign that leads on.
const DOT: f64 = 12.0;
const MOST_VALUES: usize = 2_000;
/// How deep values may be in one another.
const DEEPEST: usize = 60;

/// Commands that a line with a colon may be as well as a key.
const COMMANDS: [&str; 7] = [
    "title",
    "header",
    "footer",
    "caption",
    "legend",
    "skinparam",
    "scale",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Yaml,
}

#[derive(Debug, PartialEq)]
enum Value {
    Text(String),
    /// What is no text: a number, a truth, nothing.
    Literal(String),
    Object(Vec<(String, Value)>),
    Array(Vec<Value>),
}

/// A row of a table: what it is called, what it says, or where it leads.
#[derive(Debug)]
struct Row {
    key: Option<Words>,
    value: Words,
    child: Option<Box<Table>>,
    is_marked: bool,
}

#[derive(Debug)]
struct Table {
    rows: Vec<Row>,
    /// The widths of keys and of values.
    widths: (f64, f64),
    height: f64,
    /// The height with all that it leads to.
    whole: f64,
}

pub(super) fn draw(reader: &mut Reader, frame: &mut Frame, kind: Kind) -> Result<Canvas, Failure> {
    let mut marks: Vec<Vec<String>> = Vec::new();
    let mut lines: Vec<&Line> = Vec::new();
    while let Some(line) = reader.any() {
        let text = line.text.trim();
        let is_before = lines.is_empty();
        if is_before && text.is_empty() {
            continue;
        }
        if is_before && let Some(path) = text.strip_prefix("#highlight") {
            marks.push(path_of(path).ok_or_else(|| unknown(line))?);
            continue;
        }
        // A key of YAML may be called like a command.
        let is_key = kind == Kind::Yaml && text.contains(':');
        if is_before && !is_key && frame.take(line, reader)? {
            continue;
        }
        let first = text.split_whitespace().next().unwrap_or_default();
        if is_before && is_key && COMMANDS.contains(&first) {
            return Err(unknown(line));
        }
        lines.push(line);
    }
    if lines.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    let value = match kind {
        Kind::Json => json::read(&lines)?,
        Kind::Yaml => yaml::read(&lines)?,
    };
    let mut found = vec![false; marks.len()];
    let paths: Vec<(usize, &[String])> = marks
        .iter()
        .enumerate()
        .map(|(at, path)| (at, path.as_slice()))
        .collect();
    let table = Table::of(&value, &paths, &mut found)?;
    if let Some(at) = found.iter().position(|found| !found) {
        let path = marks[at].join("\" / \"");
        return Err(Failure::new(format!("there is no \"{path}\" to highlight")));
    }
    let mut canvas = Canvas::new();
    table.draw(&mut canvas, (0.0, 0.0));
    Ok(canvas)
}

/// Names in quotes with slashes between.
fn path_of(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim();
    let mut path = Vec::new();
    loop {
        let inside = rest.strip_prefix('"')?;
        let (name, after) = inside.split_once('"')?;
        path.push(name.to_owned());
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(path);
        }
        rest = rest.strip_prefix('/')?.trim_start();
    }
}

/// Words as they are, without marks.
fn verbatim(text: &str, is_slanted: bool, is_bold: bool) -> Words {
    let mut words = Words::verbatim(text, &plain(SIZE));
    if is_slanted {
        words.slant();
    }
    if is_bold {
        words.embolden();
    }
    words
}

impl Table {
    fn of(
        value: &Value,
        marks: &[(usize, &[String])],
        found: &mut [bool],
    ) -> Result<Self, Failure> {
        let mut rows = Vec::new();
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    let words = verbatim(key, false, true);
                    rows.push(Row::of(Some(words), key, value, marks, found)?);
                }
            }
            Value::Array(values) => {
                for (at, value) in values.iter().enumerate() {
                    rows.push(Row::of(None, &at.to_string(), value, marks, found)?);
                }
            }
            value => rows.push(Row::of(None, "", value, &[], found)?),
        }
        if rows.is_empty() {
            rows.push(Row {
                key: None,
                value: said(value).unwrap_or_else(|| verbatim("", false, false)),
                child: None,
                is_marked: false,
            });
        }
        let keys = rows.iter().filter_map(|row| row.key.as_ref());
        let keys = keys.map(|key| key.width() + 2.0 * PAD).fold(0.0, f64::max);
        let values = rows.iter().map(|row| match row.child {
            Some(_) => DOT + 2.0 * PAD,
            None => row.value.width() + 2.0 * PAD,
        });
        let values = values.fold(20.0, f64::max);
        let height = rows.iter().map(Row::height).sum();
        let children = rows.iter().filter_map(|row| row.child.as_ref());
        let wholes: Vec<f64> = children.map(|child| child.whole).collect();
        let below = wholes.iter().sum::<f64>() + APART * wholes.len().saturating_sub(1) as f64;
        Ok(Self {
            rows,
            widths: (keys, values),
            height,
            whole: below.max(height),
        })
    }

    /// Draws it, and all that it leads to, below a place at its left.
    fn draw(&self, canvas: &mut Canvas, (x, y): Point) {
        let (keys, values) = self.widths;
        let size = (keys + values, self.height);
        let top = y + (self.whole - self.height) / 2.0;
        canvas.path(&rounded((x, top), size, 4.0), &filled(FILL, LINE));
        reach(canvas, (x, top), size);
        let line = stroke(LINE, 0.7);
        let children = self.rows.iter().filter_map(|row| row.child.as_ref());
        let wholes: Vec<f64> = children.map(|child| child.whole).collect();
        let below = wholes.iter().sum::<f64>() + APART * wholes.len().saturating_sub(1) as f64;
        let mut child_y = y + (self.whole - below) / 2.0;
        let right = x + size.0;
        let mut row_y = top;
        for (at, row) in self.rows.iter().enumerate() {
            let height = row.height();
            if row.is_marked {
                let area = rectangle((x + 1.0, row_y + 1.0), (size.0 - 2.0, height - 2.0));
                canvas.path(&area, &filled(MARKED, MARKED));
            }
            if at > 0 {
                canvas.path(&polyline(&[(x, row_y), (right, row_y)]), &line);
            }
            if let Some(key) = &row.key {
                key.draw(canvas, (x + PAD, row_y + PAD / 2.0), Anchor::Start);
            }
            row.value
                .draw(canvas, (x + keys + PAD, row_y + PAD / 2.0), Anchor::Start);
            if let Some(child) = &row.child {
                let from = (right - PAD - DOT / 2.0, row_y + height / 2.0);
                canvas.path(&ellipse(from, 2.5, 2.5), &filled(LINE, LINE));
                let to = (right + AWAY, child_y + child.whole / 2.0);
                let bend = right + AWAY / 2.0;
                let style = HeadStyle {
                    head: Head::Classic,
                    size: 8.0,
                    filled: true,
                    behind: None,
                };
                let end = canvas.head(to, (to.0 - 1.0, to.1), style, &stroke(LINE, 1.0));
                let curve = format!(
                    "M{} {}H{}C{} {} {} {} {} {}",
                    number(from.0),
                    number(from.1),
                    number(right),
                    number(bend),
                    number(from.1),
                    number(bend),
                    number(end.1),
                    number(end.0),
                    number(end.1)
                );
                canvas.path(&curve, &stroke(LINE, 1.0));
                child.draw(canvas, (right + AWAY, child_y));
                child_y += child.whole + APART;
            }
            row_y += height;
        }
        if keys > 0.0 {
            let edge = x + keys;
            canvas.path(&polyline(&[(edge, top), (edge, top + self.height)]), &line);
        }
    }
}

impl Row {
    fn of(
        key: Option<Words>,
        name: &str,
        value: &Value,
        marks: &[(usize, &[String])],
        found: &mut [bool],
    ) -> Result<Self, Failure> {
        let mut inner: Vec<(usize, &[String])> = Vec::new();
        let mut is_marked = false;
        for (at, path) in marks {
            if let Some((first, rest)) = path.split_first()
                && first == name
            {
                match rest.is_empty() {
                    true => {
                        is_marked = true;
                        found[*at] = true;
                    }
                    false => inner.push((*at, rest)),
                }
            }
        }
        let own = said(value);
        let child = match &own {
            Some(_) => None,
            None => Some(Box::new(Table::of(value, &inner, found)?)),
        };
        Ok(Self {
            key,
            value: own.unwrap_or_else(|| verbatim("", false, false)),
            child,
            is_marked,
        })
    }

    fn height(&self) -> f64 {
        let key = self.key.as_ref().map_or(0.0, Words::height);
        key.max(self.value.height()) + PAD
    }
}

/// What stands in the row of a value itself; none for one with rows of its own.
fn said(value: &Value) -> Option<Words> {
    Some(match value {
        Value::Text(text) => verbatim(text, false, false),
        Value::Literal(text) => verbatim(text, true, false),
        Value::Object(members) if members.is_empty() => verbatim("{ }", true, false),
        Value::Array(values) if values.is_empty() => verbatim("[ ]", true, false),
        Value::Object(_) | Value::Array(_) => return None,
    })
}

fn too_deep(line: u32) -> Failure {
    wrong(line, "it is nested too deeply")
}

fn too_much(line: u32) -> Failure {
    wrong(line, "it has too much in it for a picture")
}
