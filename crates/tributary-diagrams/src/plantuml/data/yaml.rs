//! Reads YAML: mappings and lists by indentation, with texts on one line. What has another meaning
//! than its words (anchors, tags, texts over lines) is a failure.

use super::super::super::Failure;
use super::super::lines::{Line, unknown, wrong};
use super::{DEEPEST, MOST_VALUES, Value, too_deep, too_much};

/// A line that is not empty: how far it is indented, and what it says.
struct Row<'a> {
    line: &'a Line,
    indent: usize,
    text: &'a str,
}

struct Rows<'a> {
    rows: Vec<Row<'a>>,
    at: usize,
}

pub(super) fn read(lines: &[&Line]) -> Result<Value, Failure> {
    let mut rows = Vec::new();
    for line in lines {
        let text = without_comment(&line.text).trim_end();
        let inner = text.trim_start_matches(' ');
        if inner.is_empty() {
            continue;
        }
        if inner.starts_with('\t') || rows.len() > MOST_VALUES {
            return Err(match inner.starts_with('\t') {
                true => wrong(line.number, "YAML is not indented by tabs"),
                false => too_much(line.number),
            });
        }
        rows.push(Row {
            line,
            indent: text.len() - inner.len(),
            text: inner,
        });
    }
    let mut rows = Rows { rows, at: 0 };
    let Some(first) = rows.rows.first() else {
        return Err(Failure::new("it shows nothing"));
    };
    let indent = first.indent;
    let value = rows.block(indent, 0)?;
    match rows.rows.get(rows.at) {
        None => Ok(value),
        Some(row) => Err(unknown(row.line)),
    }
}

/// A line without what is behind a sign that begins its comment.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '#') if before == ' ' => return &text[..at],
            // In the middle of a word it is no quote.
            (None, '"' | '\'') if " :-[{,".contains(before) => quote = Some(letter),
            (Some('"'), '"') if before == '\\' => {}
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    text
}

impl<'a> Rows<'a> {
    /// What stands from here on at this indentation.
    fn block(&mut self, indent: usize, depth: usize) -> Result<Value, Failure> {
        let row = &self.rows[self.at];
        if depth > DEEPEST {
            return Err(too_deep(row.line.number));
        }
        if item_of(row.text).is_some() {
            return self.list(indent, depth);
        }
        if entry_of(row.text).is_some() {
            return self.mapping(indent, depth);
        }
        self.at += 1;
        scalar(row.text, row.line)
    }

    fn list(&mut self, indent: usize, depth: usize) -> Result<Value, Failure> {
        let mut values = Vec::new();
        while let Some(row) = self.rows.get(self.at).filter(|row| row.indent == indent) {
            let Some((shift, rest)) = item_of(row.text) else {
                break;
            };
            let line = row.line;
            if rest.is_empty() {
                self.at += 1;
                values.push(self.below(indent, line, depth)?);
                continue;
            }
            // What is in the item begins on its line, and goes on below at the same place.
            self.rows[self.at].indent = indent + shift;
            self.rows[self.at].text = rest;
            values.push(self.block(indent + shift, depth + 1)?);
        }
        self.ends(indent)?;
        Ok(Value::Array(values))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Result<Value, Failure> {
        let mut members: Vec<(String, Value)> = Vec::new();
        while let Some(row) = self.rows.get(self.at).filter(|row| row.indent == indent) {
            let Some((key, rest)) = entry_of(row.text) else {
                break;
            };
            let line = row.line;
            let key = match scalar(key, line)? {
                Value::Text(key) | Value::Literal(key) => key,
                Value::Object(_) | Value::Array(_) => return Err(unknown(line)),
            };
            self.at += 1;
            let value = match rest.is_empty() {
                false => scalar(rest, line)?,
                // A list may stand at the place of its key.
                true => match self.rows.get(self.at) {
                    Some(next) if next.indent == indent && item_of(next.text).is_some() => {
                        self.list(indent, depth + 1)?
                    }
                    _ => self.below(indent, line, depth)?,
                },
            };
            members.push((key, value));
        }
        self.ends(indent)?;
        Ok(Value::Object(members))
    }

    /// What is indented farther than the line before it, or nothing.
    fn below(&mut self, indent: usize, line: &Line, depth: usize) -> Result<Value, Failure> {
        if depth + 1 > DEEPEST {
            return Err(too_deep(line.number));
        }
        match self.rows.get(self.at) {
            Some(next) if next.indent > indent => {
                let inner = next.indent;
                self.block(inner, depth + 1)
            }
            _ => Ok(Value::Literal(String::new())),
        }
    }

    /// The next line stands farther out, or belongs to a list whose key stands here.
    fn ends(&self, indent: usize) -> Result<(), Failure> {
        match self.rows.get(self.at) {
            Some(row) if row.indent > indent => Err(unknown(row.line)),
            _ => Ok(()),
        }
    }
}

/// What is in an item of a list, and how far to the right that begins.
fn item_of(text: &str) -> Option<(usize, &str)> {
    let rest = text.strip_prefix('-')?;
    let inner = rest.trim_start_matches(' ');
    (inner.is_empty() || inner.len() < rest.len()).then(|| (text.len() - inner.len(), inner))
}

/// A key and what stands beside it.
fn entry_of(text: &str) -> Option<(&str, &str)> {
    let from = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].find(quote)? + 2,
        _ => 0,
    };
    let ends = text[from..].match_indices(':').find(|(at, _)| {
        let rest = &text[from + at + 1..];
        rest.is_empty() || rest.starts_with(' ')
    });
    let at = from + ends?.0;
    (at > 0).then(|| (text[..at].trim_end(), text[at + 1..].trim()))
}

/// A text on one line.
fn scalar(text: &str, line: &Line) -> Result<Value, Failure> {
    if text.starts_with('"') {
        let is_whole = text.len() > 1 && text.ends_with('"');
        let read = serde_json::from_str(text).ok().filter(|_| is_whole);
        return read.map(Value::Text).ok_or_else(|| unknown(line));
    }
    if let Some(inside) = text.strip_prefix('\'') {
        let inside = inside.strip_suffix('\'').ok_or_else(|| unknown(line))?;
        let is_one = !inside.replace("''", "").contains('\'');
        return match is_one {
            true => Ok(Value::Text(inside.replace("''", "'"))),
            false => Err(unknown(line)),
        };
    }
    match text {
        "{}" => return Ok(Value::Object(Vec::new())),
        "[]" => return Ok(Value::Array(Vec::new())),
        "true" | "false" | "null" | "~" => return Ok(Value::Literal(text.to_owned())),
        _ => {}
    }
    let is_special = text.starts_with([
        '[', ']', '{', '}', '&', '*', '!', '|', '>', '%', '@', '`', ',',
    ]) || text == "-"
        || text.starts_with("- ")
        || text.starts_with("? ")
        || text.starts_with("--- ")
        || matches!(text, "---" | "...")
        || text.contains(": ")
        || text.ends_with(':');
    if is_special {
        return Err(unknown(line));
    }
    let is_number =
        text.parse::<f64>().is_ok() && text.contains(|letter: char| letter.is_ascii_digit());
    Ok(match is_number {
        true => Value::Literal(text.to_owned()),
        false => Value::Text(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::{Line, read};

    fn value(text: &str) -> Result<Value, Option<u32>> {
        let lines: Vec<Line> = (1..)
            .zip(text.lines())
            .map(|(number, text)| Line {
                number,
                text: text.to_owned(),
            })
            .collect();
        read(&lines.iter().collect::<Vec<_>>()).map_err(|failure| failure.line)
    }

    #[test]
    fn yaml_is_mappings_lists_and_texts() {
        let text = |text: &str| Value::Text(text.to_owned());
        let literal = |text: &str| Value::Literal(text.to_owned());
        let read = value(
            "# whose\nb: it's a:b # said\n\"c d\": \"x\\ty\"\na:\n- 1\n- k: 'it''s'\n  l: true\n\
             - - u\n  - v\ne:\n  f:\n  g: []\n",
        );
        let object = |members: Vec<(&str, Value)>| {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            )
        };
        let wanted = object(vec![
            ("b", text("it's a:b")),
            ("c d", text("x\ty")),
            (
                "a",
                Value::Array(vec![
                    literal("1"),
                    object(vec![("k", text("it's")), ("l", literal("true"))]),
                    Value::Array(vec![text("u"), text("v")]),
                ]),
            ),
            (
                "e",
                object(vec![("f", literal("")), ("g", Value::Array(Vec::new()))]),
            ),
        ]);
        assert_eq!(read, Ok(wanted));
        for (wrong, line) in [
            ("a: &b c", 1),
            ("a: |\n  b", 1),
            ("a: *b", 1),
            ("a: [1, 2]", 1),
            ("a: {b: c}", 1),
            ("a: b: c", 1),
            ("a: b\n  c", 2),
            ("a: b\n  c: d", 2),
            ("- a\nb: c", 2),
            ("a:\n\t- b", 2),
            ("a: !x y", 1),
            ("a\nb", 2),
            ("---\na: b", 1),
            ("a: \"b", 1),
        ] {
            assert_eq!(value(wrong), Err(Some(line)), "{wrong}");
        }
    }
}
