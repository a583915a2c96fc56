//! What every diagram may have around it: a title, lines above and below, a legend. And how lines
//! are read one after the other.

use super::super::Failure;
use super::super::canvas::{Anchor, Canvas, Point, polyline};
use super::lines::{Line, unknown, wrong};
use super::shapes::{filled, reach, rectangle, stroke};
use super::words::{SIZE, Words, plain};

/// Room between the diagram and what is around it.
const BETWEEN: f64 = 10.0;

/// Lines, one after the other.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    lines: &'a [Line],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lines: &'a [Line]) -> Self {
        Self { lines, at: 0 }
    }

    /// The next line that is not empty.
    pub(super) fn next(&mut self) -> Option<&'a Line> {
        loop {
            let line = self.lines.get(self.at)?;
            self.at += 1;
            if !line.text.trim().is_empty() {
                return Some(line);
            }
        }
    }

    /// The next line, which may be empty.
    pub(super) fn any(&mut self) -> Option<&'a Line> {
        let line = self.lines.get(self.at)?;
        self.at += 1;
        Some(line)
    }

    /// The text up to a line that ends it, which is read too.
    pub(super) fn until(
        &mut self,
        begun: &Line,
        is_end: impl Fn(&str) -> bool,
    ) -> Result<String, Failure> {
        let mut texts: Vec<&str> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            self.at += 1;
            if is_end(&line.text.trim().to_ascii_lowercase()) {
                return Ok(texts.join("\n"));
            }
            texts.push(line.text.trim());
        }
        let words: String = begun.text.trim().chars().take(60).collect();
        Err(wrong(begun.number, format!("`{words}` has no end")))
    }
}

/// Reads a label at a line.
pub(super) fn words_of(text: &str, size: f64, line: &Line) -> Result<Words, Failure> {
    Words::read(text, &plain(size))
        .map_err(|what| wrong(line.number, format!("Tributary does not draw {what}")))
}

/// What is around a diagram.
#[derive(Debug, Default)]
pub(super) struct Frame {
    title: Option<Words>,
    header: Option<Words>,
    footer: Option<Words>,
    caption: Option<Words>,
    legend: Option<Words>,
    /// Commands for its looks, which has the looks of all pictures here.
    pub(super) left_out: Vec<String>,
}

impl Frame {
    /// Reads a command that every diagram has. False when it is none.
    pub(super) fn take(&mut self, line: &Line, reader: &mut Reader) -> Result<bool, Failure> {
        let text = line.text.trim();
        let lower = text.to_ascii_lowercase();
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word.to_ascii_lowercase(), rest.trim()),
            None => (lower, ""),
        };
        match word.as_str() {
            "skinparam" => {
                self.leave_out("skinparam");
                if text.ends_with('{') {
                    let mut depth = 1;
                    while depth > 0 {
                        let Some(inner) = reader.next() else {
                            return Err(wrong(line.number, "`skinparam` has no end"));
                        };
                        let inner = inner.text.trim();
                        depth += usize::from(inner.ends_with('{'));
                        depth -= usize::from(inner == "}");
                    }
                }
            }
            "<style>" => {
                self.leave_out("<style>");
                reader.until(line, |text| text == "</style>")?;
            }
            "scale" => self.leave_out("scale"),
            "skin" if is_plain_word(rest) => self.leave_out("skin"),
            // What the preprocessor passes on of it: how it is drawn.
            "!option" => self.leave_out("!option"),
            // On how many sheets it is printed.
            "page" if is_grid(rest) => self.leave_out("page"),
            // A picture leads nowhere, as with links beside a name.
            "url" if is_address(rest) => {}
            "title" => self.title = Some(block(line, rest, "title", 16.0, reader)?),
            "caption" => self.caption = Some(block(line, rest, "caption", SIZE, reader)?),
            "header" => self.header = Some(block(line, rest, "header", 11.0, reader)?),
            "footer" => self.footer = Some(block(line, rest, "footer", 11.0, reader)?),
            "left" | "right" | "center" => {
                let (what, rest) = match rest.split_once(char::is_whitespace) {
                    Some((what, rest)) => (what.to_ascii_lowercase(), rest.trim()),
                    None => (rest.to_ascii_lowercase(), ""),
                };
                match what.as_str() {
                    "header" => self.header = Some(block(line, rest, "header", 11.0, reader)?),
                    "footer" => self.footer = Some(block(line, rest, "footer", 11.0, reader)?),
                    _ => return Ok(false),
                }
            }
            "legend" => {
                let are_places = rest
                    .split_whitespace()
                    .all(|word| matches!(word, "left" | "right" | "center" | "top" | "bottom"));
                if !are_places {
                    return Err(unknown(line));
                }
                self.legend = Some(block(line, "", "legend", SIZE, reader)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Notes a command whose looks are not drawn.
    pub(super) fn leave_out(&mut self, what: &str) {
        if !self.left_out.iter().any(|known| known == what) {
            self.left_out.push(what.to_owned());
        }
    }

    /// The diagram with all that is around it.
    pub(super) fn around(&mut self, mut canvas: Canvas) -> Result<Canvas, Failure> {
        let Some((left, mut top, right, mut bottom)) = canvas.bounds() else {
            return Err(Failure::new("it shows nothing"));
        };
        let middle = (left + right) / 2.0;
        if let Some(title) = &self.title {
            let mut title = title.clone();
            title.embolden();
            top -= title.height() + BETWEEN;
            title.draw(&mut canvas, (middle, top), Anchor::Middle);
        }
        if let Some(header) = &self.header {
            top -= header.height() + BETWEEN;
            header.draw(&mut canvas, (right, top), Anchor::End);
        }
        if let Some(legend) = &self.legend {
            let place = (middle - legend.width() / 2.0 - 6.0, bottom + BETWEEN);
            let size = (legend.width() + 12.0, legend.height() + 10.0);
            canvas.path(&rectangle(place, size), &filled("#DDDDDD", "#181818"));
            reach(&mut canvas, place, size);
            legend.draw(&mut canvas, (place.0 + 6.0, place.1 + 5.0), Anchor::Start);
            bottom += BETWEEN + size.1;
        }
        for (words, anchor) in [
            (&self.caption, Anchor::Middle),
            (&self.footer, Anchor::Middle),
        ] {
            if let Some(words) = words {
                words.draw(&mut canvas, (middle, bottom + BETWEEN), anchor);
                bottom += BETWEEN + words.height();
            }
        }
        Ok(canvas)
    }
}

fn is_plain_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text is two numbers, as `2x1`.
fn is_grid(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('x')
        .is_some_and(|(across, down)| is_number(across) && is_number(down))
}

/// Whether a text is `of` or `for` a name, and where that leads.
fn is_address(text: &str) -> bool {
    let named = text.strip_prefix("of ").or(text.strip_prefix("for "));
    named.is_some_and(|text| text.contains(" is [[") && text.ends_with("]]"))
}

/// The text of a command on its own line, or on the lines up to its end.
fn block(
    line: &Line,
    rest: &str,
    name: &str,
    size: f64,
    reader: &mut Reader,
) -> Result<Words, Failure> {
    let text = if rest.is_empty() {
        let (joined, apart) = (format!("end{name}"), format!("end {name}"));
        reader.until(line, |text| text == joined || text == apart)?
    } else {
        unquoted(rest).to_owned()
    };
    words_of(&text, size, line)
}

/// A text without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .filter(|text| !text.contains('"'))
        .unwrap_or(text)
}

/// What is in the quotes at the beginning of a text, and what comes after them. Two quotes within are
/// a mark of the words, when there are two more.
pub(super) fn quoted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut at = 0;
    let mut is_marked = false;
    loop {
        let end = at + inside[at..].find('"')?;
        let rest = &inside[end + 1..];
        let is_mark = rest.starts_with('"') && (is_marked || rest[1..].contains("\"\""));
        if !is_mark {
            return Some((&inside[..end], rest));
        }
        is_marked = !is_marked;
        at = end + 2;
    }
}

/// How notes are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoteShape {
    /// A sheet with a corner folded.
    Folded,
    Hexagon,
    Rectangle,
}

/// The size of a note around its words.
pub(super) fn note_size(words: &Words) -> (f64, f64) {
    (words.width() + 24.0, words.height() + 10.0)
}

/// Draws a note at a place, in a size of at least its own.
pub(super) fn note(
    canvas: &mut Canvas,
    words: &Words,
    (x, y): Point,
    (width, height): (f64, f64),
    shape: NoteShape,
    color: Option<&str>,
) {
    let paint = filled(color.unwrap_or("#FEFFDD"), "#181818");
    let (right, bottom) = (x + width, y + height);
    let corners: Vec<Point> = match shape {
        NoteShape::Rectangle => vec![(x, y), (right, y), (right, bottom), (x, bottom)],
        NoteShape::Hexagon => {
            let middle = y + height / 2.0;
            vec![
                (x, middle),
                (x + 9.0, y),
                (right - 9.0, y),
                (right, middle),
                (right - 9.0, bottom),
                (x + 9.0, bottom),
            ]
        }
        NoteShape::Folded => vec![
            (x, y),
            (right - 10.0, y),
            (right, y + 10.0),
            (right, bottom),
            (x, bottom),
        ],
    };
    let mut path = polyline(&corners);
    path.push('Z');
    canvas.path(&path, &paint);
    if shape == NoteShape::Folded {
        let fold = polyline(&[
            (right - 10.0, y),
            (right - 10.0, y + 10.0),
            (right, y + 10.0),
        ]);
        canvas.path(&fold, &stroke("#181818", 1.0));
    }
    reach(canvas, (x, y), (width, height));
    let from = x + match shape {
        NoteShape::Hexagon => 12.0,
        _ => 7.0,
    };
    words.draw(canvas, (from, y + 5.0), Anchor::Start);
}
