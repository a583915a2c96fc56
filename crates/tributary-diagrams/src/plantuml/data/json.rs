//! Reads JSON, in the order of its keys and with its numbers as they are written.

use super::super::super::Failure;
use super::super::lines::{Line, wrong};
use super::{DEEPEST, MOST_VALUES, Value, too_deep, too_much};

struct Letters<'a> {
    lines: &'a [&'a Line],
    line: usize,
    /// What is left of the line.
    rest: &'a str,
    values: usize,
}

pub(super) fn read(lines: &[&Line]) -> Result<Value, Failure> {
    let mut letters = Letters {
        lines,
        line: 0,
        rest: lines.first().map_or("", |line| line.text.as_str()),
        values: 0,
    };
    let value = letters.value(0)?;
    match letters.next() {
        None => Ok(value),
        Some(_) => Err(letters.wrong()),
    }
}

impl<'a> Letters<'a> {
    fn number(&self) -> u32 {
        let last = self.line.min(self.lines.len().saturating_sub(1));
        self.lines.get(last).map_or(1, |line| line.number)
    }

    fn wrong(&self) -> Failure {
        let words: String = self.rest.trim().chars().take(40).collect();
        wrong(self.number(), format!("it is no JSON at `{words}`"))
    }

    /// The next letter that is no white space, which is not read.
    fn next(&mut self) -> Option<char> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(letter) = self.rest.chars().next() {
                return Some(letter);
            }
            if self.line + 1 >= self.lines.len() {
                return None;
            }
            self.line += 1;
            self.rest = &self.lines[self.line].text;
        }
    }

    fn sign(&mut self, sign: char) -> bool {
        if self.next() != Some(sign) {
            return false;
        }
        self.rest = &self.rest[sign.len_utf8()..];
        true
    }

    fn value(&mut self, depth: usize) -> Result<Value, Failure> {
        if depth > DEEPEST {
            return Err(too_deep(self.number()));
        }
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(too_much(self.number()));
        }
        match self.next() {
            Some('{') => {
                self.sign('{');
                let mut members = Vec::new();
                if self.sign('}') {
                    return Ok(Value::Object(members));
                }
                loop {
                    if self.next() != Some('"') {
                        return Err(self.wrong());
                    }
                    let key = self.text()?;
                    if !self.sign(':') {
                        return Err(self.wrong());
                    }
                    members.push((key, self.value(depth + 1)?));
                    if self.sign('}') {
                        return Ok(Value::Object(members));
                    }
                    if !self.sign(',') {
                        return Err(self.wrong());
                    }
                }
            }
            Some('[') => {
                self.sign('[');
                let mut values = Vec::new();
                if self.sign(']') {
                    return Ok(Value::Array(values));
                }
                loop {
                    values.push(self.value(depth + 1)?);
                    if self.sign(']') {
                        return Ok(Value::Array(values));
                    }
                    if !self.sign(',') {
                        return Err(self.wrong());
                    }
                }
            }
            Some('"') => Ok(Value::Text(self.text()?)),
            Some(_) => {
                let end = self.rest.find(|letter: char| {
                    !(letter.is_ascii_alphanumeric() || "+-.".contains(letter))
                });
                let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
                let is_literal = matches!(word, "true" | "false" | "null")
                    || word.starts_with(|first: char| first == '-' || first.is_ascii_digit())
                        && serde_json::from_str::<serde_json::Number>(word).is_ok();
                if !is_literal {
                    return Err(self.wrong());
                }
                self.rest = rest;
                Ok(Value::Literal(word.to_owned()))
            }
            None => Err(wrong(self.number(), "the JSON has no end")),
        }
    }

    /// A text in quotes, which ends on its line.
    fn text(&mut self) -> Result<String, Failure> {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        loop {
            match bytes.get(at) {
                Some(b'\\') => at += 2,
                Some(b'"') => break,
                Some(_) => at += 1,
                None => return Err(self.wrong()),
            }
        }
        let text = serde_json::from_str(&self.rest[..=at]).map_err(|_| self.wrong())?;
        self.rest = &self.rest[at + 1..];
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::{Line, read};

    fn value(text: &str) -> Option<Value> {
        let lines: Vec<Line> = (1..)
            .zip(text.lines())
            .map(|(number, text)| Line {
                number,
                text: text.to_owned(),
            })
            .collect();
        read(&lines.iter().collect::<Vec<_>>()).ok()
    }

    #[test]
    fn json_keeps_its_order_and_its_numbers() {
        let text = |text: &str| Value::Text(text.to_owned());
        let literal = |text: &str| Value::Literal(text.to_owned());
        let read =
            value("{\"b\": [1.50, -2e3,\n \"\\u00e4\\n\"], \"a\": {}, \"b\": null}").unwrap();
        let wanted = Value::Object(vec![
            (
                "b".to_owned(),
                Value::Array(vec![literal("1.50"), literal("-2e3"), text("\u{e4}\n")]),
            ),
            ("a".to_owned(), Value::Object(Vec::new())),
            ("b".to_owned(), literal("null")),
        ]);
        assert_eq!(read, wanted);
        for wrong in [
            "{",
            "[1,]",
            "{a: 1}",
            "01",
            "tru",
            "[1] 2",
            "\"a",
            "\"\\x\"",
            "{\"a\" 1}",
            "",
            "1e",
        ] {
            assert_eq!(value(wrong), None, "{wrong}");
        }
    }
}
