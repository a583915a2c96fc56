//! What people write in labels: lines, marks for bold and the like, and a few tags.

use super::super::canvas::{Anchor, Canvas, Font, Point, polyline, width_of};
use super::colors;
use super::shapes::{filled, rectangle, stroke};

/// The size of letters, unless it is said otherwise.
pub(super) const SIZE: f64 = 13.0;
/// The height of a line, of the size of its letters.
const LINE: f64 = 1.3;
/// Sizes that somebody can ask for.
const SIZES: std::ops::RangeInclusive<f64> = 4.0..=100.0;
/// How widths of Liberation Sans are counted: thousandths of its size, from the space on.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Letters that look alike.
#[derive(Debug, Clone)]
pub(super) struct Run {
    text: String,
    font: Font,
    struck: bool,
    /// How far above the line it stands.
    rise: f64,
}

/// One line of a label.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Runs {
        indent: f64,
        runs: Vec<Run>,
    },
    /// A line across.
    Rule,
    /// Rows of cells that stand below each other.
    Table(Vec<Vec<Cell>>),
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    words: Words,
    color: Option<String>,
}

/// A label.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) lines: Vec<Line>,
    size: f64,
}

/// The looks of plain text of a size.
pub(super) fn plain(size: f64) -> Font {
    Font {
        size,
        color: "#000000".to_owned(),
        family: super::super::fonts::PLAIN,
        bold: false,
        italic: false,
        underlined: false,
        opacity: 1.0,
    }
}

impl Words {
    /// Reads a label; what it has that is not drawn here is the error.
    pub(super) fn read(text: &str, font: &Font) -> Result<Self, String> {
        let mut state = vec![Look {
            tag: String::new(),
            font: font.clone(),
            struck: false,
            rise: 0.0,
        }];
        let mut lines = Vec::new();
        let mut numbers: Vec<usize> = Vec::new();
        for line in split(text) {
            let trimmed = line.trim();
            if let Some(rule) = rule_of(trimmed) {
                lines.push(rule);
                continue;
            }
            if trimmed.len() > 2 && trimmed.starts_with('|') && trimmed.ends_with('|') {
                let row = row_of(trimmed, font)?;
                match lines.last_mut() {
                    Some(Line::Table(rows)) => rows.push(row),
                    _ => lines.push(Line::Table(vec![row])),
                }
                continue;
            }
            let is_colored = trimmed.starts_with("<#") && trimmed.ends_with('|');
            if is_colored || trimmed.starts_with("{{") || trimmed.starts_with("<code>") {
                return Err(format!("`{trimmed}` in a label"));
            }
            let (indent, sign, rest, is_heading) = block_of(&line, &mut numbers);
            let base = state.clone();
            if is_heading && let Some(look) = state.last_mut() {
                look.font.bold = true;
                look.font.size += 2.0;
            }
            let mut runs = Vec::new();
            if !sign.is_empty() {
                runs.push(Run {
                    text: sign,
                    font: font.clone(),
                    struck: false,
                    rise: 0.0,
                });
            }
            read_line(&rest, &mut state, &mut runs)?;
            if is_heading {
                state = base;
            }
            lines.push(Line::Runs { indent, runs });
        }
        Ok(Self {
            lines,
            size: font.size,
        })
    }

    /// Makes all of it bold.
    pub(super) fn embolden(&mut self) {
        self.change(|font| font.bold = true);
    }

    /// Makes all of it italic.
    pub(super) fn slant(&mut self) {
        self.change(|font| font.italic = true);
    }

    /// Underlines all of it.
    pub(super) fn underline(&mut self) {
        self.change(|font| font.underlined = true);
    }

    fn change(&mut self, change: fn(&mut Font)) {
        for line in &mut self.lines {
            match line {
                Line::Rule => {}
                Line::Runs { runs, .. } => runs.iter_mut().for_each(|run| change(&mut run.font)),
                Line::Table(rows) => {
                    let cells = rows.iter_mut().flatten();
                    cells.for_each(|cell| cell.words.change(change));
                }
            }
        }
    }

    /// Text that has no marks.
    pub(super) fn verbatim(text: &str, font: &Font) -> Self {
        let lines = text.split('\n').map(|line| Line::Runs {
            indent: 0.0,
            runs: vec![Run {
                text: line.to_owned(),
                font: font.clone(),
                struck: false,
                rise: 0.0,
            }],
        });
        Self {
            lines: lines.collect(),
            size: font.size,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.width() <= 0.0
    }

    pub(super) fn width(&self) -> f64 {
        self.lines.iter().map(line_width).fold(0.0, f64::max)
    }

    pub(super) fn height(&self) -> f64 {
        self.lines.iter().map(|line| self.line_height(line)).sum()
    }

    fn line_height(&self, line: &Line) -> f64 {
        match line {
            Line::Rule => 8.0,
            Line::Table(rows) => rows.iter().map(|row| row_height(row)).sum(),
            Line::Runs { runs, .. } => {
                let sizes = runs.iter().map(|run| run.font.size);
                sizes.fold(self.size, f64::max) * LINE
            }
        }
    }

    /// Draws the label below a place, which is its left edge, its middle or its right one.
    pub(super) fn draw(&self, canvas: &mut Canvas, (x, y): Point, anchor: Anchor) {
        let width = self.width();
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let mut y = y;
        for line in &self.lines {
            let height = self.line_height(line);
            self.draw_line(canvas, line, (left, y), anchor, width);
            y += height;
        }
    }

    fn draw_line(
        &self,
        canvas: &mut Canvas,
        line: &Line,
        (left, y): Point,
        anchor: Anchor,
        width: f64,
    ) {
        let height = self.line_height(line);
        match line {
            Line::Rule => {
                let middle = y + height / 2.0;
                let path = polyline(&[(left, middle), (left + width, middle)]);
                canvas.path(&path, &stroke("#888888", 1.0));
            }
            Line::Table(rows) => {
                let from = match anchor {
                    Anchor::Start => left,
                    Anchor::Middle => left + (width - line_width(line)) / 2.0,
                    Anchor::End => left + width - line_width(line),
                };
                draw_table(canvas, rows, (from, y));
            }
            Line::Runs { indent, runs } => {
                let own = line_width(line);
                let from = match anchor {
                    Anchor::Start => left + indent,
                    Anchor::Middle => left + (width - own) / 2.0 + indent,
                    Anchor::End => left + width - own + indent,
                };
                let base = y + height * 0.78;
                let pieces: Vec<(&str, &Font, f64)> = runs
                    .iter()
                    .map(|run| (run.text.as_str(), &run.font, run.rise))
                    .collect();
                canvas.line_of_text(&pieces, (from, base), own - indent);
                let mut at = from;
                for run in runs {
                    let width = advance(&run.text, &run.font);
                    if run.struck {
                        let middle = base - run.font.size * 0.3;
                        let path = polyline(&[(at, middle), (at + width, middle)]);
                        canvas.path(&path, &stroke(&run.font.color, 1.0));
                    }
                    at += width;
                }
            }
        }
    }
}

/// Looks that last until their tag ends.
#[derive(Debug, Clone)]
struct Look {
    tag: String,
    font: Font,
    struck: bool,
    rise: f64,
}

fn line_width(line: &Line) -> f64 {
    match line {
        Line::Rule => 0.0,
        Line::Table(rows) => columns(rows).iter().sum(),
        Line::Runs { indent, runs } => {
            let widths = runs.iter().map(|run| advance(&run.text, &run.font));
            indent + widths.sum::<f64>()
        }
    }
}

/// Room beside the words of a cell.
const CELL: f64 = 5.0;

/// The cells of a row, of which those with a sign are headings, and which may begin with a color.
fn row_of(line: &str, font: &Font) -> Result<Vec<Cell>, String> {
    let inside = line.trim_matches('|');
    let cells = inside.split('|').map(|cell| {
        let cell = cell.trim();
        let (cell, is_heading) = match cell.strip_prefix('=') {
            Some(rest) => (rest.trim(), true),
            None => (cell, false),
        };
        let (cell, color) = match cell
            .strip_prefix("<#")
            .and_then(|rest| rest.split_once('>'))
        {
            Some((color, rest)) => (rest.trim(), colors::of(color)),
            None => (cell, None),
        };
        let mut words = Words::read(cell, font)?;
        if is_heading {
            words.embolden();
        }
        Ok(Cell { words, color })
    });
    cells.collect()
}

fn row_height(row: &[Cell]) -> f64 {
    let heights = row.iter().map(|cell| cell.words.height());
    heights.fold(0.0, f64::max)
}

/// The widths of the columns of a table.
fn columns(rows: &[Vec<Cell>]) -> Vec<f64> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.words.width()).fold(0.0, f64::max) + 2.0 * CELL
    };
    (0..count).map(width).collect()
}

fn draw_table(canvas: &mut Canvas, rows: &[Vec<Cell>], (left, top): Point) {
    let columns = columns(rows);
    let right = left + columns.iter().sum::<f64>();
    let line = stroke("#181818", 0.7);
    let mut y = top;
    for row in rows {
        canvas.path(&polyline(&[(left, y), (right, y)]), &line);
        let mut x = left;
        for (cell, width) in row.iter().zip(&columns) {
            if let Some(color) = &cell.color {
                let area = rectangle((x, y), (*width, row_height(row)));
                canvas.path(&area, &filled(color, "#181818"));
            }
            cell.words.draw(canvas, (x + CELL, y), Anchor::Start);
            x += width;
        }
        y += row_height(row);
    }
    canvas.path(&polyline(&[(left, y), (right, y)]), &line);
    let mut x = left;
    for width in columns.into_iter().chain([0.0]) {
        canvas.path(&polyline(&[(x, top), (x, y)]), &line);
        x += width;
    }
    canvas.reach((right, y));
}

/// How wide a text is.
fn advance(text: &str, font: &Font) -> f64 {
    if font.family.contains("Mono") {
        return width_of(text, font);
    }
    let mut buffer = [0; 4];
    let widths = text.chars().map(|letter| {
        let place = (letter as usize)
            .checked_sub(32)
            .and_then(|at| WIDTHS.get(at));
        match place {
            Some(width) => {
                let bolder = if font.bold { 1.09 } else { 1.0 };
                f64::from(*width) / 1000.0 * font.size * bolder
            }
            None => width_of(letter.encode_utf8(&mut buffer), font),
        }
    });
    widths.sum()
}

/// The lines of a label: the source has no other way to begin a new one than two signs.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut put = |letter: char| {
            if let Some(line) = lines.last_mut() {
                line.push(letter);
            }
        };
        match (letter, letters.peek()) {
            ('\\', Some('n' | 'l' | 'r')) => {
                letters.next();
                lines.push(String::new());
            }
            ('\\', Some('t')) => {
                letters.next();
                (0..4).for_each(|_| put(' '));
            }
            ('\\', Some('\\')) => {
                letters.next();
                put('\\');
            }
            ('\n', _) => lines.push(String::new()),
            (letter, _) => put(letter),
        }
    }
    // A tag that does the same.
    let breaks = ["<br>", "<br/>", "<br />"];
    lines
        .into_iter()
        .flat_map(|line| {
            let mut line = line;
            for tag in breaks {
                line = line.replace(tag, "\n");
            }
            line.split('\n').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

fn rule_of(line: &str) -> Option<Line> {
    let is_rule = line.len() >= 4
        && ["-", "=", "_", "."]
            .iter()
            .any(|sign| line.replace(sign, "").is_empty());
    is_rule.then_some(Line::Rule)
}

/// What stands before a line in a list, and the rest of it; whether it is a heading.
fn block_of(line: &str, numbers: &mut Vec<usize>) -> (f64, String, String, bool) {
    let trimmed = line.trim_start();
    let counted = |sign: char| {
        let count = trimmed.chars().take_while(|letter| *letter == sign).count();
        let rest = &trimmed[count..];
        (count > 0 && count < 7 && rest.starts_with(' ')).then(|| (count, rest.trim_start()))
    };
    if let Some((level, rest)) = counted('*') {
        numbers.clear();
        let indent = 14.0 * (level - 1) as f64 + 4.0;
        return (indent, "\u{2022} ".to_owned(), rest.to_owned(), false);
    }
    if let Some((level, rest)) = counted('#') {
        numbers.resize(level, 0);
        if let Some(number) = numbers.last_mut() {
            *number += 1;
        }
        let number = numbers.last().copied().unwrap_or(1);
        let indent = 14.0 * (level - 1) as f64 + 4.0;
        return (indent, format!("{number}. "), rest.to_owned(), false);
    }
    numbers.clear();
    match counted('=') {
        Some((_, rest)) => (0.0, String::new(), rest.to_owned(), true),
        None => (0.0, String::new(), line.to_owned(), false),
    }
}

/// Marks that begin and end with the same signs.
const MARKS: [&str; 6] = ["**", "//", "__", "--", "~~", "\"\""];

fn read_line(line: &str, state: &mut Vec<Look>, runs: &mut Vec<Run>) -> Result<(), String> {
    let depth_before_marks = state.len();
    let mut rest = line;
    let mut before = ' ';
    let mut held = String::new();
    while let Some(letter) = rest.chars().next() {
        if letter == '~' && rest.len() > 1 {
            // The sign after it is itself.
            let next = rest[1..].chars().next().unwrap_or(' ');
            if "*/_-\"~<[".contains(next) {
                held.push(next);
                rest = &rest[1 + next.len_utf8()..];
                before = next;
                continue;
            }
        }
        let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
        if let Some(mark) = mark {
            let is_open = state[depth_before_marks.min(state.len())..]
                .iter()
                .any(|look| look.tag == *mark);
            if is_open && !(before == ':' && *mark == "//") {
                flush(&mut held, state, runs);
                end(state, mark);
                rest = &rest[mark.len()..];
                continue;
            }
            if !is_open && before != ':' && closes(&rest[mark.len()..], mark) {
                flush(&mut held, state, runs);
                begin(state, mark, |look| match *mark {
                    "**" => look.font.bold = true,
                    "//" => look.font.italic = true,
                    "__" | "~~" => look.font.underlined = true,
                    "--" => look.struck = true,
                    _ => look.font.family = "Liberation Mono",
                });
                rest = &rest[mark.len()..];
                continue;
            }
        }
        if let Some(after) = rest.strip_prefix("[[")
            && let Some(end) = after.find("]]")
        {
            held.push_str(link_words(&after[..end]));
            rest = &after[end + 2..];
            before = ']';
            continue;
        }
        if letter == '<'
            && let Some(length) = tag(rest, &mut held, state, runs)?
        {
            rest = &rest[length..];
            before = '>';
            continue;
        }
        held.push(letter);
        before = letter;
        rest = &rest[letter.len_utf8()..];
    }
    flush(&mut held, state, runs);
    state.retain(|look| !MARKS.contains(&look.tag.as_str()));
    Ok(())
}

/// Whether a mark ends in the rest of its line, with something inside.
fn closes(rest: &str, mark: &str) -> bool {
    let mut from = 0;
    while let Some(at) = rest[from..].find(mark) {
        let at = from + at;
        if at > 0 && !(mark == "//" && rest[..at].ends_with(':')) {
            return true;
        }
        from = at + mark.len();
    }
    false
}

/// What is read of a link: its words, or its address when it has none.
fn link_words(inside: &str) -> &str {
    let inside = inside.trim();
    // What is shown when the mouse is over it stands in braces.
    if let (Some(open), Some(close)) = (inside.find('{'), inside.rfind('}'))
        && open < close
    {
        return match inside[close + 1..].trim() {
            "" => inside[..open].trim(),
            words => words,
        };
    }
    match inside.split_once(char::is_whitespace) {
        Some((_, words)) => words.trim(),
        None => inside,
    }
}

fn flush(held: &mut String, state: &[Look], runs: &mut Vec<Run>) {
    if let (false, Some(look)) = (held.is_empty(), state.last()) {
        runs.push(Run {
            text: std::mem::take(held),
            font: look.font.clone(),
            struck: look.struck,
            rise: look.rise,
        });
    }
}

fn begin(state: &mut Vec<Look>, tag: &str, change: impl FnOnce(&mut Look)) {
    if let Some(look) = state.last() {
        let mut look = look.clone();
        tag.clone_into(&mut look.tag);
        change(&mut look);
        state.push(look);
    }
}

fn end(state: &mut Vec<Look>, tag: &str) {
    if let Some(at) = state.iter().rposition(|look| look.tag == tag) {
        state.remove(at.max(1).min(state.len() - 1));
    }
}

/// Reads a tag at the beginning of a text. Gives its length, and none when it is no tag but a sign.
fn tag(
    rest: &str,
    held: &mut String,
    state: &mut Vec<Look>,
    runs: &mut Vec<Run>,
) -> Result<Option<usize>, String> {
    let Some(close) = rest.find('>') else {
        return Ok(None);
    };
    let inside = &rest[1..close];
    let lower = inside.to_ascii_lowercase();
    let (name, value) = match lower.split_once([':', '=', ' ']) {
        Some((name, value)) => (name, value.trim()),
        None => (lower.as_str(), ""),
    };
    if let Some(name) = name.strip_prefix('/') {
        if state.iter().any(|look| look.tag == name) {
            flush(held, state, runs);
            end(state, name);
            return Ok(Some(close + 1));
        }
        let is_known = matches!(
            name,
            "b" | "i" | "u" | "s" | "color" | "font" | "size" | "back" | "sub" | "sup"
        );
        return Ok(is_known.then_some(close + 1));
    }
    let is_picture = matches!(name, "img" | "math" | "latex")
        || name.starts_with(['&', '$'])
        || name.starts_with(':') && inside.ends_with(':');
    // A colon as first letter is split off above.
    if is_picture || (name.is_empty() && value.ends_with(':') && value.len() > 1) {
        return Err(format!("`<{inside}>` in a label"));
    }
    let change: Box<dyn FnOnce(&mut Look)> = match name {
        "b" => Box::new(|look| look.font.bold = true),
        "i" => Box::new(|look| look.font.italic = true),
        "u" | "w" => Box::new(|look| look.font.underlined = true),
        "s" | "strike" => Box::new(|look| look.struck = true),
        "color" | "font" => {
            let value = value
                .trim_start_matches("color")
                .trim_start_matches(['=', ' ']);
            let color = colors::of(value.trim_matches('"'));
            Box::new(move |look| {
                if let Some(color) = color {
                    look.font.color = color;
                }
            })
        }
        "size" => {
            let size: f64 = value.parse().unwrap_or(SIZE);
            Box::new(move |look| look.font.size = size.clamp(*SIZES.start(), *SIZES.end()))
        }
        "sub" | "sup" => {
            let part = if name == "sub" { -0.25 } else { 0.35 };
            Box::new(move |look| {
                look.rise += look.font.size * part;
                look.font.size *= 0.75;
            })
        }
        "back" | "plain" => Box::new(|_| {}),
        _ => return Ok(None),
    };
    flush(held, state, runs);
    begin(state, name, change);
    Ok(Some(close + 1))
}
