//! The diagrams of a source and their lines, without comments.

use super::super::Failure;

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
fn blocks(source: &str) -> Result<Vec<Block>, Failure> {
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

/// The diagrams of a source, with lines as they are written but for comments.
pub(super) fn read(source: &str) -> Result<Vec<Block>, Failure> {
    let mut blocks = blocks(source)?;
    for block in &mut blocks {
        block.lines = joined(without_comments(std::mem::take(&mut block.lines)));
    }
    Ok(blocks)
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

#[cfg(test)]
mod tests {
    use super::blocks;

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
