//! Keeps the inline comments of a page in their place when its body is replaced.
//!
//! Confluence anchors an inline comment with `ac:inline-comment-marker` elements around words of
//! the body, so a body without them cuts every comment loose. Here the markers of the page as it
//! is are put around the same words of the body that will be written. A comment on words that are
//! gone, or that stand in several places equally well, is named instead of guessed at.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::Event;

/// A body with the comments of the page that it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The body, with the markers that found their place.
    pub body: String,
    /// How many comments kept their place.
    pub kept: usize,
    /// The words of the comments that did not.
    pub lost: Vec<String>,
}

/// Letters on each side of a comment that are compared to tell equal words apart.
const CONTEXT: usize = 48;
/// Letters that a comment's words and their surroundings must have in common with their new place:
/// a single "the" that is left somewhere is not what was commented on.
const LEAST_ALIKE: usize = 12;
/// Letters of words that are what was commented on wherever they stand, when they stand once before and
/// after: a name is, and "the" is not.
const LEAST_NAME: usize = 4;

/// Puts the inline comments of `current`, the page as it is, into `new`, a body of ours.
pub fn carry_comments(current: &str, new: &str) -> Carried {
    if !current.contains("<ac:inline-comment-marker") {
        return Carried {
            body: new.to_owned(),
            kept: 0,
            lost: Vec::new(),
        };
    }
    let before = Text::read(current);
    let after = Text::read(new);
    let mut placed: Vec<Placed> = Vec::new();
    let mut kept: Vec<&str> = Vec::new();
    let mut lost: Vec<(&str, String)> = Vec::new();
    let there: HashSet<&str> = after
        .comments
        .iter()
        .map(|comment| comment.reference.as_str())
        .collect();
    for comment in &before.comments {
        // What is kept of a page as it stands has its comments with it.
        if there.contains(comment.reference.as_str()) {
            kept.push(&comment.reference);
            continue;
        }
        let words: String = before.letters[comment.start..comment.end].iter().collect();
        let found = place(&before.letters, comment, &after.letters);
        match found {
            Some((start, end)) => {
                placed.push(Placed {
                    reference: comment.reference.clone(),
                    start,
                    end,
                });
                kept.push(&comment.reference);
            }
            // Nothing was marked, so there is nothing to lose.
            None if words.trim().is_empty() => {}
            None => lost.push((&comment.reference, words.trim().to_owned())),
        }
    }
    // A comment over several elements has several markers; one that found its place keeps it.
    lost.retain(|(reference, _)| !kept.contains(reference));
    kept.sort_unstable();
    kept.dedup();
    Carried {
        kept: kept.len(),
        lost: lost.into_iter().map(|(_, words)| words).collect(),
        body: insert(new, &after, &placed),
    }
}

/// The visible letters of a body, with spaces folded, and where each stands.
#[derive(Default)]
struct Text {
    letters: Vec<char>,
    /// The bytes of the body that each letter is written with; none for the breaks between blocks.
    places: Vec<Option<(usize, usize)>>,
    comments: Vec<Comment>,
}

/// A marker: the letters from `start` to before `end`.
struct Comment {
    reference: String,
    start: usize,
    end: usize,
}

/// A marker in the new body.
struct Placed {
    reference: String,
    start: usize,
    end: usize,
}

/// Elements whose text is not part of what a reader can comment on.
const NOT_TEXT: [&str; 8] = [
    "ac:adf-attribute",
    "ac:adf-fallback",
    "ac:parameter",
    "ac:plain-text-body",
    "ac:plain-text-link-body",
    "ac:task-id",
    "ac:task-status",
    "ac:placeholder",
];

/// Elements that stand inside a line of text; every other one ends it.
const INSIDE_LINES: [&str; 18] = [
    "a",
    "strong",
    "b",
    "em",
    "i",
    "u",
    "s",
    "del",
    "code",
    "sub",
    "sup",
    "small",
    "big",
    "span",
    "ac:link",
    "ac:link-body",
    "ac:inline-comment-marker",
    "time",
];

impl Text {
    /// Reads a body as far as it is well-formed.
    fn read(body: &str) -> Self {
        let mut reader = Reader::from_str(body);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        let mut text = Self::default();
        let mut silent = 0_usize;
        let mut open: Vec<(String, usize)> = Vec::new();
        loop {
            let from = position(&reader);
            let Ok(event) = reader.read_event() else {
                break;
            };
            let to = position(&reader);
            match event {
                Event::Start(start) => {
                    let name = start.name();
                    if NOT_TEXT.contains(&name.as_ref()) {
                        silent += 1;
                    } else if name.as_ref() == "ac:inline-comment-marker" {
                        let reference = start
                            .attributes()
                            .with_checks(false)
                            .flatten()
                            .find(|attribute| attribute.key.as_ref() == "ac:ref")
                            .map(|attribute| {
                                html_escape::decode_html_entities(attribute.value.as_ref())
                                    .into_owned()
                            });
                        // Confluence's are UUIDs. Any other is carried through no further.
                        let plain = reference.filter(|reference| {
                            let known = |letter: char| {
                                letter.is_ascii_alphanumeric()
                                    || matches!(letter, '-' | '_' | '.' | ':')
                            };
                            reference.chars().all(known)
                        });
                        open.push((plain.unwrap_or_default(), text.letters.len()));
                    } else if !INSIDE_LINES.contains(&name.as_ref()) {
                        text.end_line();
                    }
                }
                Event::End(end) => {
                    let name = end.name();
                    if NOT_TEXT.contains(&name.as_ref()) {
                        silent = silent.saturating_sub(1);
                    } else if name.as_ref() == "ac:inline-comment-marker" {
                        if let Some((reference, start)) = open.pop() {
                            let end = text.letters.len();
                            text.comments.push(Comment {
                                reference,
                                start,
                                end,
                            });
                        }
                    } else if !INSIDE_LINES.contains(&name.as_ref()) {
                        text.end_line();
                    }
                }
                Event::Empty(_) => text.end_line(),
                Event::Text(_) if silent == 0 => {
                    let written = body.get(from..to).unwrap_or_default();
                    for (at, letter) in written.char_indices() {
                        let start = from + at;
                        text.push(letter, start, start + letter.len_utf8());
                    }
                }
                Event::GeneralRef(_) if silent == 0 => {
                    let written = body.get(from..to).unwrap_or_default();
                    // An entity may stand for several letters; the first carries its place.
                    for letter in html_escape::decode_html_entities(written).chars() {
                        text.push(letter, from, to);
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        text
    }

    fn push(&mut self, letter: char, from: usize, to: usize) {
        // Confluence folds white space when it stores a page.
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        if letter == ' ' && matches!(self.letters.last(), Some(' ' | '\n') | None) {
            return;
        }
        self.letters.push(letter);
        self.places.push(Some((from, to)));
    }

    fn end_line(&mut self) {
        if !matches!(self.letters.last(), Some('\n') | None) {
            self.letters.push('\n');
            self.places.push(None);
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Finds the letters of a comment in other letters: where its surroundings are most alike, and among
/// equals the one that stands in the same order, as long as none was added or removed.
fn place(before: &[char], comment: &Comment, after: &[char]) -> Option<(usize, usize)> {
    let (mut start, mut end) = (comment.start, comment.end);
    // The spaces and breaks at the edges are not what was commented on.
    while start < end && before[start].is_whitespace() {
        start += 1;
    }
    while end > start && before[end - 1].is_whitespace() {
        end -= 1;
    }
    let words = &before[start..end];
    if words.is_empty() || comment.reference.is_empty() {
        return None;
    }
    let found: Vec<(usize, usize)> = occurrences(after, words)
        .map(|at| {
            let left = alike(before[..start].iter().rev(), after[..at].iter().rev());
            let right = alike(before[end..].iter(), after[at + words.len()..].iter());
            (left + right, at)
        })
        .collect();
    let best = found.iter().map(|(score, _)| *score).max()?;
    if best + words.len() < LEAST_ALIKE {
        let is_whole = |letters: &[char], at: usize| {
            let is_end = |letter: Option<&char>| !letter.is_some_and(|it| it.is_alphanumeric());
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            is_end(before) && is_end(letters.get(at + words.len()))
        };
        let is_only = words.len() >= LEAST_NAME
            && found.len() == 1
            && occurrences(before, words).nth(1).is_none()
            && is_whole(before, start)
            && is_whole(after, found[0].1);
        if !is_only {
            return None;
        }
    }
    let equal: Vec<usize> = found
        .iter()
        .filter(|(score, _)| *score == best)
        .map(|(_, at)| *at)
        .collect();
    let at = match equal.as_slice() {
        [only] => *only,
        _ => {
            let all: Vec<usize> = occurrences(before, words).collect();
            if all.len() != found.len() {
                return None;
            }
            let order = all.iter().position(|at| *at == start)?;
            found[order].1
        }
    };
    Some((at, at + words.len()))
}

/// Where some letters stand in others, each time.
fn occurrences<'a>(letters: &'a [char], words: &'a [char]) -> impl Iterator<Item = usize> + 'a {
    let first = words.first().copied();
    letters
        .iter()
        .enumerate()
        .filter(move |(_, letter)| Some(**letter) == first)
        .map(|(at, _)| at)
        .filter(move |at| letters.get(*at..at + words.len()) == Some(words))
}

/// How many letters two texts have in common from their beginning on.
fn alike<'a>(one: impl Iterator<Item = &'a char>, other: impl Iterator<Item = &'a char>) -> usize {
    one.zip(other)
        .take(CONTEXT)
        .take_while(|(one, other)| one == other)
        .count()
}

/// Writes the markers into a body. Each run of text between two tags gets markers of its own, so
/// that elements and markers never overlap.
fn insert(body: &str, text: &Text, placed: &[Placed]) -> String {
    if placed.is_empty() {
        return body.to_owned();
    }
    let mut out = String::with_capacity(body.len() + placed.len() * 128);
    let mut copied = 0;
    let mut at = 0;
    while at < text.letters.len() {
        let references = covering(placed, at);
        if references.is_empty() {
            // On to the next marker.
            let starts = placed.iter().map(|marker| marker.start);
            match starts.filter(|start| *start > at).min() {
                Some(start) => at = start,
                None => break,
            }
            continue;
        }
        let Some((from, mut to)) = text.places[at] else {
            at += 1;
            continue;
        };
        // As far as the same markers cover text that no tag interrupts.
        let mut next = at + 1;
        while let Some(Some((start, end))) = text.places.get(next) {
            let tag_between = body
                .get(to..*start)
                .is_some_and(|between| between.contains('<'));
            if tag_between || covering(placed, next) != references {
                break;
            }
            to = to.max(*end);
            next += 1;
        }
        out.push_str(&body[copied..from]);
        for reference in &references {
            out.push_str("<ac:inline-comment-marker ac:ref=\"");
            out.push_str(reference);
            out.push_str("\">");
        }
        out.push_str(&body[from..to]);
        for _ in &references {
            out.push_str("</ac:inline-comment-marker>");
        }
        copied = to;
        at = next;
    }
    out.push_str(&body[copied..]);
    out
}

/// The references of the markers around a letter.
fn covering(placed: &[Placed], letter: usize) -> Vec<&str> {
    placed
        .iter()
        .filter(|marker| (marker.start..marker.end).contains(&letter))
        .map(|marker| marker.reference.as_str())
        .collect()
}
