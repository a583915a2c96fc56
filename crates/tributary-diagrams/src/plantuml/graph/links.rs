//! Lines that connect two things.

use super::super::frame::{quoted, unquoted};
use super::super::stroke::Stroke;
use super::{Family, Shape};

/// What stands at an end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    None,
    Open,
    /// A triangle that is not filled.
    Triangle,
    Composition,
    Aggregation,
    /// A circle with a cross, for what is inside of another.
    Plus,
    Cross,
    Square,
    Circle,
    /// How many in diagrams of data: none or one, one, none or many, one or many, many.
    ZeroOrOne,
    One,
    ZeroOrMany,
    OneOrMany,
    Many,
}

/// Where the second thing is, seen from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Left,
    Right,
    Up,
    Down,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) from: Head,
    pub(super) to: Head,
    pub(super) way: Way,
    /// How many ranks are between the two.
    pub(super) length: usize,
    pub(super) stroke: Stroke,
}

impl Link {
    fn plain() -> Self {
        Self {
            from: Head::None,
            to: Head::None,
            way: Way::Down,
            length: 1,
            stroke: Stroke::default(),
        }
    }

    /// From a parent to what inherits from it.
    pub(super) fn inherits(is_dashed: bool) -> Self {
        Self {
            from: Head::Triangle,
            stroke: Stroke {
                is_dashed,
                ..Stroke::default()
            },
            ..Self::plain()
        }
    }

    /// From a thing to its note.
    pub(super) fn of_note(way: Way) -> Self {
        Self {
            way,
            stroke: Stroke {
                is_dashed: true,
                ..Stroke::default()
            },
            ..Self::plain()
        }
    }
}

/// A thing as it is named at the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) name: String,
    /// What its brackets say that it is.
    pub(super) shape: Option<Shape>,
    /// Where states begin and end.
    pub(super) is_point: bool,
}

impl Reference {
    pub(super) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            shape: None,
            is_point: false,
        }
    }
}

#[derive(Debug)]
pub(super) struct Found {
    pub(super) left: Reference,
    pub(super) right: Reference,
    pub(super) link: Link,
    pub(super) label: String,
    pub(super) left_label: String,
    pub(super) right_label: String,
}

/// Reads a line as a connection; none when it is none.
pub(super) fn read(text: &str, family: Family) -> Option<Found> {
    let (left, rest) = reference(text, family)?;
    let (left_label, rest) = label(rest.trim_start());
    let (link, rest) = whole_link(rest.trim_start())?;
    let (right_label, rest) = match label(rest.trim_start()) {
        // In quotes it may be the name.
        (Some(inside), after) if reference(after.trim_start(), family).is_some() => {
            (Some(inside), after)
        }
        _ => (None, rest),
    };
    let (right, rest) = reference(rest.trim_start(), family)?;
    Some(Found {
        left_label: left_label.unwrap_or_default(),
        right_label: right_label.unwrap_or_default(),
        ..labelled(left, right, link, rest)?
    })
}

/// A line with both ends, of which the label is to be read.
pub(super) fn labelled(left: Reference, right: Reference, link: Link, rest: &str) -> Option<Found> {
    let rest = rest.trim();
    let label = match rest.strip_prefix(':') {
        Some(label) => label.trim(),
        None if rest.is_empty() => "",
        None => return None,
    };
    Some(Found {
        left,
        right,
        link,
        label: unquoted(label).to_owned(),
        left_label: String::new(),
        right_label: String::new(),
    })
}

fn label(text: &str) -> (Option<String>, &str) {
    match quoted(text) {
        Some((inside, rest)) => (Some(inside.to_owned()), rest),
        None => (None, text),
    }
}

/// Reads the name of a thing at the beginning of a text.
pub(super) fn reference(text: &str, family: Family) -> Option<(Reference, &str)> {
    if family == Family::State
        && let Some(rest) = text.strip_prefix("[*]")
    {
        let point = Reference {
            name: String::new(),
            shape: None,
            is_point: true,
        };
        return Some((point, rest));
    }
    if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        return Some((Reference::named(name), rest));
    }
    if family == Family::Description {
        if let Some(rest) = text.strip_prefix("()") {
            let (mut reference, rest) = reference(rest.trim_start(), Family::Class)?;
            reference.shape = Some(Shape::Circle);
            return Some((reference, rest));
        }
        let brackets = [
            ('[', ']', Shape::Component),
            ('(', ')', Shape::UseCase),
            (':', ':', Shape::Actor),
        ];
        for (open, close, shape) in brackets {
            if let Some(inside) = text.strip_prefix(open) {
                let (name, rest) = inside.split_once(close)?;
                let name = unquoted(name.trim());
                // Where states, and activities in their form from before, begin and end: neither
                // components nor use cases.
                let is_point = matches!((open, name), ('[', "*") | ('(', "*" | "*top"));
                if name.is_empty() || is_point {
                    return None;
                }
                let found = Reference {
                    name: name.to_owned(),
                    shape: Some(shape),
                    is_point: false,
                };
                return Some((found, rest));
            }
        }
    }
    let mut end = 0;
    let bytes = text.as_bytes();
    for (at, letter) in text.char_indices() {
        // Two colons lead to a member, and one to the label.
        let is_inner = letter == ':' && bytes.get(at + 1) == Some(&b':')
            || letter == ':' && at > 0 && bytes[at - 1] == b':';
        // A dot within a name is one only before a letter.
        let is_dot = letter == '.'
            && text[at + 1..]
                .chars()
                .next()
                .is_some_and(|next| next.is_alphanumeric() || next == '_');
        if !(letter.is_alphanumeric()
            || letter == '_'
            || letter == '$'
            || letter == '@'
            || is_dot
            || is_inner)
        {
            break;
        }
        end = at + letter.len_utf8();
    }
    let (name, rest) = text.split_at(end);
    let name = match name.split_once("::") {
        Some((thing, _)) if family == Family::Class => thing,
        _ => name,
    };
    (!name.is_empty()).then(|| (Reference::named(name), rest))
}

/// Heads as they stand at the left and at the right, the longer before the shorter. Those of letters
/// need room beside them, or they are part of a name.
const LEFT: [(&str, Head); 15] = [
    ("<|", Head::Triangle),
    ("^", Head::Triangle),
    ("}o", Head::ZeroOrMany),
    ("}|", Head::OneOrMany),
    ("||", Head::One),
    ("|o", Head::ZeroOrOne),
    ("}", Head::Many),
    ("<<", Head::Open),
    ("<", Head::Open),
    ("*", Head::Composition),
    ("o", Head::Aggregation),
    ("+", Head::Plus),
    ("x", Head::Cross),
    ("#", Head::Square),
    ("0", Head::Circle),
];
const RIGHT: [(&str, Head); 15] = [
    ("|>", Head::Triangle),
    ("^", Head::Triangle),
    ("o{", Head::ZeroOrMany),
    ("|{", Head::OneOrMany),
    ("||", Head::One),
    ("o|", Head::ZeroOrOne),
    ("{", Head::Many),
    (">>", Head::Open),
    (">", Head::Open),
    ("*", Head::Composition),
    ("o", Head::Aggregation),
    ("+", Head::Plus),
    ("x", Head::Cross),
    ("#", Head::Square),
    ("0", Head::Circle),
];

/// Reads a line between two names.
pub(super) fn whole_link(text: &str) -> Option<(Link, &str)> {
    let mut made = Link::plain();
    let mut rest = text;
    for (sign, head) in LEFT {
        if let Some(after) = rest.strip_prefix(sign)
            && after.starts_with(['-', '.', '=', '~'])
        {
            made.from = head;
            rest = after;
            break;
        }
    }
    let mut strokes = 0;
    let mut body = None;
    let mut way = None;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '-' | '.' | '=' | '~' => {
                strokes += 1;
                body.get_or_insert(letter);
                rest = &rest[1..];
            }
            '[' if strokes > 0 => {
                let (looks, after) = rest[1..].split_once(']')?;
                // That it has no say in the places of things is of no matter here.
                let looks = looks
                    .split([',', ';'])
                    .filter(|look| look.trim() != "norank");
                for look in looks {
                    made.stroke.read(look)?;
                }
                rest = after;
            }
            letter if letter.is_ascii_alphabetic() && strokes > 0 && way.is_none() => {
                let end = rest.find(|letter: char| !letter.is_ascii_alphabetic());
                let end = end.unwrap_or(rest.len());
                // It goes on with the line, or it is a name.
                if !rest[end..].starts_with(['-', '.', '=', '~', '[']) {
                    break;
                }
                way = Some(match &rest[..end] {
                    "left" | "le" | "l" => Way::Left,
                    "right" | "ri" | "r" => Way::Right,
                    "up" | "u" => Way::Up,
                    "down" | "do" | "d" => Way::Down,
                    _ => break,
                });
                rest = &rest[end..];
            }
            _ => break,
        }
    }
    let body = body?;
    made.stroke.is_dashed |= matches!(body, '.' | '~');
    made.stroke.is_bold |= body == '=';
    for (sign, head) in RIGHT {
        if let Some(after) = rest.strip_prefix(sign) {
            let is_letter = sign.ends_with(|letter: char| letter.is_alphanumeric());
            if is_letter && !after.starts_with([' ', '\t', '"', '[', '(', ':']) {
                continue;
            }
            made.to = head;
            rest = after;
            break;
        }
    }
    made.way = way.unwrap_or(match strokes {
        1 => Way::Right,
        _ => Way::Down,
    });
    made.length = (strokes - 1).clamp(1, 10);
    Some((made, rest))
}

#[cfg(test)]
mod tests {
    use super::{Family, Head, Way, read};

    #[test]
    fn every_line_that_there_is_is_read() {
        for (text, from, to, way) in [
            ("A <|-- B", Head::Triangle, Head::None, Way::Down),
            ("A<|--B", Head::Triangle, Head::None, Way::Down),
            ("A ..|> B", Head::None, Head::Triangle, Way::Down),
            ("A *-- B", Head::Composition, Head::None, Way::Down),
            ("A o-- B", Head::Aggregation, Head::None, Way::Down),
            ("A --o B", Head::None, Head::Aggregation, Way::Down),
            ("A --other", Head::None, Head::None, Way::Down),
            ("A --+ B", Head::None, Head::Plus, Way::Down),
            ("A -> B", Head::None, Head::Open, Way::Right),
            ("A -left-> B : x", Head::None, Head::Open, Way::Left),
            ("A -u- B", Head::None, Head::None, Way::Up),
            (
                "A \"1\" *-[#red]-> \"n\" B",
                Head::Composition,
                Head::Open,
                Way::Down,
            ),
            ("A ||--o{ B", Head::One, Head::ZeroOrMany, Way::Down),
            ("A }|..|| B", Head::OneOrMany, Head::One, Way::Down),
            ("a.b.C --> \"D e\" : f", Head::None, Head::Open, Way::Down),
        ] {
            let found = read(text, Family::Class).unwrap_or_else(|| panic!("{text}"));
            let link = (found.link.from, found.link.to, found.link.way);
            assert_eq!(link, (from, to, way), "{text}");
        }
        let found = read("A \"1\" --> \"n\" B : many", Family::Class).unwrap();
        assert_eq!(
            (found.left_label.as_str(), found.right_label.as_str()),
            ("1", "n")
        );
        assert_eq!(
            (found.right.name.as_str(), found.label.as_str()),
            ("B", "many")
        );
        assert!(read("[a b] ..> (c) : d", Family::Description).is_some());
        assert!(read("[*] --> A", Family::State).is_some());
        for none in ["class A", "A", "A : b", "A -- ", "(A, B) .. C", "A -[x] B"] {
            assert!(read(none, Family::Class).is_none(), "{none}");
        }
    }
}
