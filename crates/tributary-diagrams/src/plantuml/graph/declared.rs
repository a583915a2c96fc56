//! What stands after the word of a kind: a name, another one, and what is said of the thing.

use super::super::super::Failure;
use super::super::colors;
use super::super::frame::quoted;
use super::super::lines::{Line, unknown};
use super::{Family, links};

/// What a declaration says.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) shown: String,
    pub(super) generic: Option<String>,
    pub(super) stereotype: Option<String>,
    pub(super) color: Option<String>,
    pub(super) parents: Vec<(String, bool)>,
    pub(super) opens: bool,
}

impl Declared {
    pub(super) fn read(text: &str, line: &Line) -> Result<Self, Failure> {
        let mut made = Self::default();
        let (first, is_quoted, rest) = declared_name(text).ok_or_else(|| unknown(line))?;
        made.name.clone_from(&first);
        made.shown = first;
        made.first(is_quoted, rest, line)?;
        Ok(made)
    }

    fn first(&mut self, is_quoted: bool, rest: &str, line: &Line) -> Result<(), Failure> {
        let rest = rest.trim_start();
        let rest = match rest.strip_prefix('<').filter(|rest| !rest.starts_with('<')) {
            Some(inside) if !is_quoted || self.generic.is_none() => {
                let end = closing(inside).ok_or_else(|| unknown(line))?;
                self.generic = Some(inside[..end].to_owned());
                inside[end + 1..].trim_start()
            }
            _ => rest,
        };
        let second = rest
            .get(..3)
            .filter(|word| word.eq_ignore_ascii_case("as "))
            .map(|_| rest[3..].trim_start());
        match second {
            Some(second) => {
                let (word, second_quoted, rest) =
                    declared_name(second).ok_or_else(|| unknown(line))?;
                if second_quoted && !is_quoted {
                    self.shown = word;
                } else {
                    self.name = word;
                }
                self.rest(rest, line)
            }
            None => self.rest(rest, line),
        }
    }

    /// What comes after the name.
    pub(super) fn rest(&mut self, rest: &str, line: &Line) -> Result<(), Failure> {
        let mut rest = rest.trim();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix("<<") {
                let (inside, after) = inside.split_once(">>").ok_or_else(|| unknown(line))?;
                let mut inside = inside.trim();
                // A letter in a circle of its own before it.
                if let Some((spot, named)) = inside
                    .strip_prefix('(')
                    .and_then(|rest| rest.split_once(')'))
                {
                    if spot.contains('$') {
                        return Err(unknown(line));
                    }
                    inside = named.trim();
                }
                if inside.starts_with('$') {
                    return Err(unknown(line));
                }
                if !inside.is_empty() {
                    let one = format!("\u{ab}{inside}\u{bb}");
                    self.stereotype = Some(match self.stereotype.take() {
                        Some(before) => format!("{before}\\n{one}"),
                        None => one,
                    });
                }
                rest = after.trim_start();
            } else if let Some(inside) = rest.strip_prefix("[[") {
                // Where it leads: a picture leads nowhere.
                let (_, after) = inside.split_once("]]").ok_or_else(|| unknown(line))?;
                rest = after.trim_start();
            } else if rest.starts_with('<') && self.generic.is_none() {
                let inside = &rest[1..];
                let end = closing(inside).ok_or_else(|| unknown(line))?;
                self.generic = Some(inside[..end].to_owned());
                rest = inside[end + 1..].trim_start();
            } else if rest.starts_with('#') {
                let end = rest
                    .find(|letter: char| letter.is_whitespace() || letter == '{')
                    .unwrap_or(rest.len());
                self.color = colors::of(&rest[..end]);
                rest = rest[end..].trim_start();
            } else if rest == "{" {
                self.opens = true;
                rest = "";
            } else if rest == "{}" || rest == "{ }" {
                rest = "";
            } else if let Some(after) = keyword(rest, "extends") {
                rest = self.parents(after, false, line)?;
            } else if let Some(after) = keyword(rest, "implements") {
                rest = self.parents(after, true, line)?;
            } else if let Some(after) = keyword(rest, "as") {
                let (word, is_quoted, after) = match after.starts_with(['(', '[', ':']) {
                    true => {
                        let (reference, after) = links::reference(after, Family::Description)
                            .ok_or_else(|| unknown(line))?;
                        (reference.name, false, after)
                    }
                    false => declared_name(after).ok_or_else(|| unknown(line))?,
                };
                if is_quoted {
                    self.shown = word;
                } else {
                    self.name = word;
                }
                rest = after.trim_start();
            } else {
                return Err(unknown(line));
            }
        }
        Ok(())
    }

    fn parents<'a>(
        &mut self,
        text: &'a str,
        is_dashed: bool,
        line: &Line,
    ) -> Result<&'a str, Failure> {
        let mut rest = text.trim_start();
        loop {
            let (name, _, after) = declared_name(rest).ok_or_else(|| unknown(line))?;
            let mut after = after.trim_start();
            if let Some(inside) = after
                .strip_prefix('<')
                .filter(|rest| !rest.starts_with('<'))
            {
                let end = closing(inside).ok_or_else(|| unknown(line))?;
                after = inside[end + 1..].trim_start();
            }
            self.parents.push((name, is_dashed));
            match after.strip_prefix(',') {
                Some(next) => rest = next.trim_start(),
                None => return Ok(after),
            }
        }
    }
}

fn keyword<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let found = text.get(..word.len())?;
    let rest = text[word.len()..].trim_start();
    (found.eq_ignore_ascii_case(word) && text[word.len()..].starts_with(char::is_whitespace))
        .then_some(rest)
}

/// Where what an angle bracket opens is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// A name in quotes, in the brackets of its shape, or plain.
fn declared_name(text: &str) -> Option<(String, bool, &str)> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        return Some((name.to_owned(), true, rest));
    }
    for (open, close) in [('[', ']'), ('(', ')'), (':', ':')] {
        if let Some(inside) = text.strip_prefix(open) {
            let (name, rest) = inside.split_once(close)?;
            return (!name.trim().is_empty()).then(|| (name.trim().to_owned(), false, rest));
        }
    }
    let end = text.find(|letter: char| letter.is_whitespace() || "\"<{#,".contains(letter));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (!name.is_empty()).then(|| (name.to_owned(), false, rest))
}
