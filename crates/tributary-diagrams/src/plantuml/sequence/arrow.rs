//! Lines that say that somebody says something to somebody.

use super::super::colors;
use super::super::frame::quoted;
use super::super::stroke::Stroke;

/// The head of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    None,
    Full,
    /// Two strokes.
    Thin,
    /// The part above or below the line, full or as one stroke.
    Half {
        is_upper: bool,
        is_thin: bool,
    },
}

/// What stands at the end of an arrow besides its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    None,
    Circle,
    Cross,
}

/// A line between two participants, from the first to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) start: (Head, Mark),
    pub(super) end: (Head, Mark),
    pub(super) stroke: Stroke,
}

impl Arrow {
    pub(super) fn answer() -> Self {
        Self {
            start: (Head::None, Mark::None),
            end: (Head::Full, Mark::None),
            stroke: Stroke {
                is_dashed: true,
                ..Stroke::default()
            },
        }
    }

    /// Whether it leads to the one that is named first.
    pub(super) fn is_backward(&self) -> bool {
        self.end.0 == Head::None && self.start.0 != Head::None
    }

    pub(super) fn reversed(self) -> Self {
        Self {
            start: self.end,
            end: self.start,
            ..self
        }
    }
}

/// What is named at one end of an arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The edge of the picture.
    Edge,
    /// A short way off.
    Near,
    Name {
        code: String,
        shown: Option<String>,
    },
}

/// Signs after the one that is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Suffix {
    Activate(Option<String>),
    Deactivate,
    Create,
    Destroy,
}

#[derive(Debug)]
pub(super) struct Found {
    pub(super) left: End,
    pub(super) right: End,
    pub(super) arrow: Arrow,
    pub(super) suffixes: Vec<Suffix>,
    pub(super) words: String,
}

/// Reads a line as a message; none when it is none.
pub(super) fn message(text: &str) -> Option<Found> {
    let (left, rest) = left_end(text)?;
    let (arrow, rest) = arrow(rest.trim_start())?;
    let (right, rest) = right_end(rest.trim_start())?;
    let mut rest = rest.trim_start();
    let mut suffixes = Vec::new();
    loop {
        let (suffix, after) = if let Some(after) = rest.strip_prefix("++") {
            let after = after.trim_start();
            let end = match after.starts_with('#') {
                true => after
                    .find(|letter: char| letter.is_whitespace() || letter == ':')
                    .unwrap_or(after.len()),
                false => 0,
            };
            (Suffix::Activate(colors::of(&after[..end])), &after[end..])
        } else if let Some(after) = rest.strip_prefix("--") {
            (Suffix::Deactivate, after)
        } else if let Some(after) = rest.strip_prefix("**") {
            (Suffix::Create, after)
        } else if let Some(after) = rest.strip_prefix("!!") {
            (Suffix::Destroy, after)
        } else {
            break;
        };
        suffixes.push(suffix);
        rest = after.trim_start();
    }
    let words = match rest.strip_prefix(':') {
        Some(words) => words.trim(),
        None if rest.is_empty() => "",
        None => return None,
    };
    Some(Found {
        left,
        right,
        arrow,
        suffixes,
        words: words.to_owned(),
    })
}

fn left_end(text: &str) -> Option<(End, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        return Some((End::Edge, rest));
    }
    if let Some(rest) = text.strip_prefix('?') {
        return Some((End::Near, rest));
    }
    if text.starts_with(['-', '<']) {
        return Some((End::Edge, text));
    }
    named(text)
}

fn right_end(text: &str) -> Option<(End, &str)> {
    if let Some(rest) = text.strip_prefix(']') {
        return Some((End::Edge, rest));
    }
    if let Some(rest) = text.strip_prefix('?') {
        return Some((End::Near, rest));
    }
    named(text)
}

fn named(text: &str) -> Option<(End, &str)> {
    let (first, rest) = quoted_or_plain(text)?;
    let after = rest.trim_start();
    let second = after
        .get(..3)
        .filter(|word| word.eq_ignore_ascii_case("as "));
    match second {
        Some(_) => {
            let (second, rest) = quoted_or_plain(after[3..].trim_start())?;
            let (code, shown) = match text.starts_with('"') {
                true => (second, first),
                false => (first, second),
            };
            let shown = Some(shown);
            Some((End::Name { code, shown }, rest))
        }
        None => Some((
            End::Name {
                code: first,
                shown: None,
            },
            rest,
        )),
    }
}

fn quoted_or_plain(text: &str) -> Option<(String, &str)> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        return (!name.is_empty()).then(|| (name.to_owned(), rest));
    }
    let end = text.find(|letter: char| !(letter.is_alphanumeric() || "_.@$".contains(letter)));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (!name.is_empty()).then(|| (name.to_owned(), rest))
}

/// Reads an arrow at the beginning of a text.
fn arrow(text: &str) -> Option<(Arrow, &str)> {
    let mut rest = text;
    let mut start_mark = Mark::None;
    if let Some(after) = rest.strip_prefix('o')
        && after.starts_with(['<', '-', '\\', '/'])
    {
        start_mark = Mark::Circle;
        rest = after;
    } else if let Some(after) = rest.strip_prefix('x')
        && after.starts_with(['<', '-', '\\', '/'])
    {
        start_mark = Mark::Cross;
        rest = after;
    }
    let heads = [
        ("<<", Head::Thin),
        ("<", Head::Full),
        ("\\\\", half(false, true)),
        ("\\", half(false, false)),
        ("//", half(true, true)),
        ("/", half(true, false)),
    ];
    let (start_head, mut rest) = head(rest, &heads);
    let mut made = Arrow {
        start: (start_head, start_mark),
        end: (Head::None, Mark::None),
        stroke: Stroke::default(),
    };
    let mut strokes = 0;
    loop {
        if let Some(after) = rest.strip_prefix('-') {
            strokes += 1;
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('[') {
            let (looks, after) = inside.split_once(']')?;
            made.stroke.read(looks)?;
            rest = after;
        } else {
            break;
        }
    }
    if strokes == 0 {
        return None;
    }
    made.stroke.is_dashed |= strokes > 1;
    let heads = [
        (">>", Head::Thin),
        (">", Head::Full),
        ("\\\\", half(true, true)),
        ("\\", half(true, false)),
        ("//", half(false, true)),
        ("/", half(false, false)),
    ];
    let (end_head, after) = head(rest, &heads);
    rest = after;
    let mut end_mark = Mark::None;
    for (sign, mark) in [('o', Mark::Circle), ('x', Mark::Cross)] {
        if let Some(after) = rest.strip_prefix(sign)
            && after.starts_with([' ', '\t', ']', '"'])
        {
            end_mark = mark;
            rest = after;
            break;
        }
    }
    made.end = (end_head, end_mark);
    let has_end = start_head != Head::None
        || end_head != Head::None
        || start_mark == Mark::Cross
        || end_mark == Mark::Cross;
    has_end.then_some((made, rest))
}

fn half(is_upper: bool, is_thin: bool) -> Head {
    Head::Half { is_upper, is_thin }
}

fn head<'a>(text: &'a str, heads: &[(&str, Head)]) -> (Head, &'a str) {
    let found = heads
        .iter()
        .find_map(|(sign, head)| Some((*head, text.strip_prefix(sign)?)));
    found.unwrap_or((Head::None, text))
}

#[cfg(test)]
mod tests {
    use super::{End, Head, Mark, Suffix, message};

    fn named(end: &End) -> &str {
        match end {
            End::Name { code, .. } => code,
            End::Edge => "[",
            End::Near => "?",
        }
    }

    #[test]
    fn every_arrow_that_there_is_is_read() {
        let full = (Head::Full, Mark::None);
        let none = (Head::None, Mark::None);
        for (text, left, right, start, end) in [
            ("A->B", "A", "B", none, full),
            ("A -> B : x", "A", "B", none, full),
            ("A-->B:x", "A", "B", none, full),
            ("A <- B", "A", "B", full, none),
            ("A ->> B", "A", "B", none, (Head::Thin, Mark::None)),
            ("A ->x B", "A", "B", none, (Head::Full, Mark::Cross)),
            ("A ->o B", "A", "B", none, (Head::Full, Mark::Circle)),
            ("A <->o B", "A", "B", full, (Head::Full, Mark::Circle)),
            ("A -[#red,dashed]> B", "A", "B", none, full),
            ("A ->office", "A", "office", none, full),
            ("[-> A: x", "[", "A", none, full),
            ("A ->]", "A", "[", none, full),
            ("?-> A", "?", "A", none, full),
            ("A ->?", "A", "?", none, full),
            ("-> A", "[", "A", none, full),
            ("\"a b\" -> \"c d\"", "a b", "c d", none, full),
            ("\"a b\" as C -> D", "C", "D", none, full),
            ("ä.b@c -> 漢", "ä.b@c", "漢", none, full),
        ] {
            let found = message(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (named(&found.left), named(&found.right)),
                (left, right),
                "{text}"
            );
            assert_eq!((found.arrow.start, found.arrow.end), (start, end), "{text}");
        }
        let found = message("A -\\ B").unwrap();
        let upper = Head::Half {
            is_upper: true,
            is_thin: false,
        };
        assert_eq!(found.arrow.end.0, upper);
        let found = message("A -> B --++ #gold : c").unwrap();
        let on = Suffix::Activate(Some("gold".to_owned()));
        assert_eq!(found.suffixes, [Suffix::Deactivate, on]);
        assert_eq!(found.words, "c");
    }

    #[test]
    fn what_is_no_message_is_none() {
        for text in [
            "A -- B",
            "A",
            "[*] --> B",
            "(a) -> b",
            "A ..> B",
            "A -> B C",
            "[a] -> b",
            "A -> ",
            ":a: -> b",
            "A *-- B",
            "A -[#red B",
            "",
        ] {
            assert!(message(text).is_none(), "{text}");
        }
    }
}
