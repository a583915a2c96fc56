//! The lines of a source, without comments and with what its preprocessor makes of them. A command
//! of the preprocessor that is not known here, or would read another file, is a failure.

use std::collections::HashMap;

use super::super::Failure;

/// How often one line may be made anew from definitions.
const MOST_PASSES: usize = 16;
/// How long a line may become by definitions, in bytes.
const LONGEST_LINE: usize = 20_000;

/// A line with its number in the source, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u32,
    pub(super) text: String,
}

/// A diagram in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// What stands after `@start`.
    pub(super) kind: String,
    pub(super) lines: Vec<Line>,
}

/// A failure at a line.
pub(super) fn wrong(line: u32, message: impl Into<String>) -> Failure {
    Failure {
        line: Some(line),
        ..Failure::new(message)
    }
}

/// How the failure of a line that is not understood begins.
const UNKNOWN: &str = "Tributary does not understand `";

/// The failure of a line that is not understood.
pub(super) fn unknown(line: &Line) -> Failure {
    let words: String = line.text.trim().chars().take(80).collect();
    wrong(line.number, format!("{UNKNOWN}{words}`"))
}

/// Whether a failure says no more than that its line is not understood.
pub(super) fn is_unknown(failure: &Failure) -> bool {
    failure.message.starts_with(UNKNOWN)
}

/// The diagrams of a source. One that has no `@start` is a diagram as a whole.
pub(super) fn blocks(source: &str) -> Result<Vec<Block>, Failure> {
    let numbered: Vec<Line> = (1..)
        .zip(source.lines())
        .map(|(number, text)| Line {
            number,
            text: text.to_owned(),
        })
        .collect();
    let starts = |line: &Line| line.text.trim_start().starts_with("@start");
    if !numbered.iter().any(starts) {
        return Ok(vec![Block {
            kind: "uml".to_owned(),
            lines: numbered,
        }]);
    }
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in numbered {
        let word = line.text.trim();
        if let Some(kind) = word.strip_prefix("@start") {
            if open.is_some() {
                return Err(unknown(&line));
            }
            let end = kind.find(|letter: char| !letter.is_ascii_alphanumeric());
            open = Some(Block {
                kind: kind[..end.unwrap_or(kind.len())].to_owned(),
                lines: Vec::new(),
            });
        } else if word.starts_with("@end") {
            blocks.extend(open.take());
        } else if let Some(block) = &mut open {
            block.lines.push(line);
        }
    }
    blocks.extend(open);
    Ok(blocks)
}

/// What the preprocessor leaves of lines.
pub(super) fn processed(lines: Vec<Line>) -> Result<Vec<Line>, Failure> {
    let mut definitions = Definitions::default();
    // Whether each branch that is open is taken.
    let mut branches: Vec<bool> = Vec::new();
    let mut made = Vec::new();
    for line in joined(without_comments(lines)) {
        let trimmed = line.text.trim();
        if !trimmed.starts_with('!') || trimmed.starts_with("!!") {
            if branches.iter().all(|taken| *taken) {
                let text = definitions.apply(&line)?;
                if let Some(called) = called(&text) {
                    let what = format!("`{called}` asks PlantUML for a value");
                    return Err(wrong(line.number, what));
                }
                made.push(Line {
                    number: line.number,
                    text,
                });
            }
            continue;
        }
        let (word, rest) = match trimmed.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            None => (trimmed, ""),
        };
        match word {
            "!ifdef" => branches.push(definitions.has(rest)),
            "!ifndef" => branches.push(!definitions.has(rest)),
            "!else" if rest.is_empty() => match branches.last_mut() {
                Some(taken) => *taken = !*taken,
                None => return Err(unknown(&line)),
            },
            "!endif" => {
                if branches.pop().is_none() {
                    return Err(unknown(&line));
                }
            }
            "!if" | "!elseif" | "!while" | "!foreach" => return Err(unknown(&line)),
            _ if branches.contains(&false) => {}
            // How it looks, and which program lays it out.
            "!theme" | "!pragma" => {}
            "!include" | "!includeurl" | "!include_once" | "!include_many" | "!includesub"
            | "!includedef" | "!import" => {
                return Err(wrong(
                    line.number,
                    format!("`{trimmed}` reads another file, which Tributary does not"),
                ));
            }
            "!define" => definitions.define(rest).ok_or_else(|| unknown(&line))?,
            "!undef" | "!undefine" => definitions.remove(rest),
            _ => {
                let text = trimmed.trim_start_matches('!');
                let text = text
                    .strip_prefix("global ")
                    .or_else(|| text.strip_prefix("local "))
                    .unwrap_or(text);
                let text = Line {
                    number: line.number,
                    text: text.trim().to_owned(),
                };
                definitions.set(&text).ok_or_else(|| unknown(&line))??;
            }
        }
    }
    if branches.is_empty() {
        Ok(made)
    } else {
        Err(Failure::new("an `!endif` is missing"))
    }
}

/// Leaves out comments, and keeps the numbers of the lines.
fn without_comments(lines: Vec<Line>) -> Vec<Line> {
    let mut is_inside = false;
    let mut kept = Vec::with_capacity(lines.len());
    for line in lines {
        let mut text = String::new();
        let mut rest = line.text.as_str();
        loop {
            if is_inside {
                let Some((_, after)) = rest.split_once("'/") else {
                    break;
                };
                is_inside = false;
                rest = after;
            } else {
                // Within a line one that does not end there is text.
                let begins = rest
                    .find("/'")
                    .filter(|at| rest[at + 2..].contains("'/") || rest[..*at].trim().is_empty());
                let Some(at) = begins else {
                    text.push_str(rest);
                    break;
                };
                text.push_str(&rest[..at]);
                is_inside = true;
                rest = &rest[at + 2..];
            }
        }
        let is_comment = text.trim_start().starts_with('\'');
        let was_comment = text.trim().is_empty() && !line.text.trim().is_empty();
        if !is_comment && !was_comment {
            kept.push(Line {
                number: line.number,
                text,
            });
        }
    }
    kept
}

/// Puts lines together of which the first ends in a sign for it.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut made: Vec<Line> = Vec::with_capacity(lines.len());
    let mut goes_on = false;
    for line in lines {
        match made.last_mut() {
            Some(last) if goes_on => last.text.push_str(line.text.trim_start()),
            _ => made.push(line),
        }
        goes_on = false;
        if let Some(last) = made.last_mut()
            && last.text.ends_with('\\')
            && !last.text.ends_with("\\\\")
        {
            last.text.pop();
            goes_on = true;
        }
    }
    made
}

#[derive(Debug, Default)]
struct Definitions {
    /// Names with what stands for them. Those of variables begin with a dollar sign.
    values: HashMap<String, String>,
    /// From the longest name to the shortest.
    names: Vec<String>,
}

impl Definitions {
    fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn put(&mut self, name: &str, value: String) {
        if self.values.insert(name.to_owned(), value).is_none() {
            self.names.push(name.to_owned());
            self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
    }

    fn remove(&mut self, name: &str) {
        self.values.remove(name);
        self.names.retain(|known| known != name);
    }

    /// A name and its text. One with arguments is not known here.
    fn define(&mut self, rest: &str) -> Option<()> {
        let (name, value) = match rest.split_once(char::is_whitespace) {
            Some((name, value)) => (name, value.trim()),
            None => (rest, ""),
        };
        let is_name = !name.is_empty() && name.chars().all(is_letter);
        is_name.then(|| self.put(name, value.to_owned()))
    }

    /// A variable and its value, which is a number or text, or both together with others.
    fn set(&mut self, line: &Line) -> Option<Result<(), Failure>> {
        let (name, value) = line.text.split_once('=')?;
        let only_first = name.ends_with('?');
        let name = name.trim_end_matches('?').trim();
        let is_name = name.len() > 1
            && name.starts_with('$')
            && name[1..]
                .chars()
                .all(|letter| letter != '$' && is_letter(letter));
        if !is_name {
            return None;
        }
        let mut made = String::new();
        for part in parts_of(value)? {
            let part = part.trim();
            let quoted = ['"', '\''].iter().find_map(|quote| {
                part.strip_prefix(*quote)?
                    .strip_suffix(*quote)
                    .filter(|inside| !inside.contains(*quote))
            });
            match (quoted, self.values.get(part)) {
                (Some(text), _) => made.push_str(text),
                (None, Some(value)) if part.starts_with('$') => made.push_str(value),
                // Sums are not counted.
                _ if part.parse::<i64>().is_ok() && made.is_empty() && !value.contains('+') => {
                    made.push_str(part);
                }
                _ => return None,
            }
        }
        let made = Line {
            number: line.number,
            text: made,
        };
        if only_first && self.has(name) {
            return Some(Ok(()));
        }
        Some(self.apply(&made).map(|value| self.put(name, value)))
    }

    /// A line with all that is defined put in its place.
    fn apply(&self, line: &Line) -> Result<String, Failure> {
        let mut text = line.text.clone();
        if self.names.is_empty() {
            return Ok(text);
        }
        for _ in 0..MOST_PASSES {
            let made = self.pass(&text);
            if made.len() > LONGEST_LINE {
                return Err(wrong(line.number, "the definitions make it too long"));
            }
            if made == text {
                return Ok(text);
            }
            text = made;
        }
        Err(wrong(line.number, "its definitions do not come to an end"))
    }

    fn pass(&self, text: &str) -> String {
        let mut made = String::new();
        let mut rest = text;
        let mut before = ' ';
        while let Some(letter) = rest.chars().next() {
            let begins = letter == '$' || !is_letter(before);
            let found = self.names.iter().find(|name| {
                begins
                    && rest.starts_with(name.as_str())
                    && !rest[name.len()..].chars().next().is_some_and(is_letter)
            });
            match found {
                Some(name) => {
                    made.push_str(&self.values[name]);
                    rest = &rest[name.len()..];
                    before = 'x';
                    if made.len() > LONGEST_LINE {
                        break;
                    }
                }
                None => {
                    made.push(letter);
                    before = letter;
                    rest = &rest[letter.len_utf8()..];
                }
            }
        }
        made
    }
}

/// A function of the preprocessor, or a value that only it knows.
fn called(text: &str) -> Option<&str> {
    const VALUES: [&str; 6] = [
        "date",
        "page",
        "lastpage",
        "autonumber",
        "filename",
        "dirpath",
    ];
    text.match_indices('%').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .unwrap_or(rest.len());
        let is_call = rest[end..].starts_with('(')
            && rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let is_value = VALUES.contains(&&rest[..end]) && rest[end..].starts_with(['%', '[']);
        (is_call || is_value).then(|| &text[at..at + 1 + end])
    })
}

/// What stands between plus signs that are in no quotes.
fn parts_of(value: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut from, mut quote) = (0, None);
    for (at, letter) in value.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '+') => {
                parts.push(&value[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&value[from..]);
    quote.is_none().then_some(parts)
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::{blocks, processed};

    fn texts(source: &str) -> Result<Vec<String>, String> {
        let mut blocks = blocks(source).map_err(|failure| failure.message)?;
        let lines = processed(blocks.remove(0).lines).map_err(|failure| failure.message)?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    }

    #[test]
    fn comments_and_definitions_are_worked_in() {
        let source = "before\n@startuml x\n' no\n/' no\nno '/\n!define A b c\n!$d = \"e\" + \"f\"\n\
                      !$g = $d + \"h\"\nA -> $g: it's A, not AA /' no '/\n!ifdef A\nx\n!else\ny\n\
                      !endif\n!ifndef A\nz\n!include no\n!endif\none \\\n  two\n@enduml\nafter";
        let wanted = ["b c -> efh: it's b c, not AA ", "x", "one two"];
        assert_eq!(texts(source).unwrap(), wanted);
    }

    #[test]
    fn what_is_not_known_of_the_preprocessor_is_a_failure() {
        for wrong in [
            "!include a.puml",
            "!includeurl http://a",
            "!define F(x) x",
            "!procedure $a()",
            "!$a = %date()",
            "!$a = 1 + 1",
            "!if (1 == 1)",
            "!endif",
            "!ifdef A",
            "!x",
            "a -> b : %getenv(\"HOME\")",
            "footer %page% of 2",
        ] {
            assert!(texts(wrong).is_err(), "{wrong}");
        }
        assert!(texts("a -> b : 5% (of 10) %x").is_ok());
        assert!(texts("!define A B\n!define B A A\nA").is_err());
    }

    #[test]
    fn each_diagram_of_a_source_is_one() {
        let source = "@startuml\na\n@enduml\n@startmindmap\nb\n@endmindmap\n";
        let kinds: Vec<String> = blocks(source)
            .unwrap()
            .into_iter()
            .map(|block| block.kind)
            .collect();
        assert_eq!(kinds, ["uml", "mindmap"]);
        assert!(blocks("@startuml\n@startuml\n").is_err());
    }
}
