//! Names in texts of another markup than Markdown, whose parser knows nothing of them.
//!
//! While such a text is read, a letter that no text has stands for each name. In the tree that was
//! read, it becomes what the name stands for, which is Markdown there too; in code it becomes the
//! name again, as it is written.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::markup::Problem;
use crate::markup::node::{Kind, Node};
use crate::markup::parts::{Making, Plain};
use crate::markup::surroundings::Surroundings;
use crate::markup::tree::{self, Masked};

use super::{Filler, Given, Used, escaped, has_names};

/// The letters that stand for names: those of a plane that is set aside for private use.
const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0xF_FFFD;
/// The byte that each of them begins with in UTF-8.
const LEAD: u8 = 0xF3;

/// The names of a document and of what it takes in.
#[derive(Debug)]
pub(in crate::markup) struct Held {
    surroundings: Surroundings,
    names: RefCell<Vec<Name>>,
}

#[derive(Debug)]
struct Name {
    /// As it stands in the source.
    written: String,
    means: Means,
}

#[derive(Debug)]
enum Means {
    /// What the name between the braces stands for.
    Name,
    /// What this variable stands for, in code too, because AsciiDoc's attributes do.
    Variable(String),
    /// These words: the name was escaped, or the source has such a letter of its own.
    Words(String),
}

/// What names became, by their letters.
pub(in crate::markup) struct Became {
    shown: Vec<Shown>,
    /// What was noticed, by its offset in what was parsed.
    pub problems: Vec<(usize, Problem)>,
    /// Whether the day of the commit is in it.
    pub is_dated: bool,
}

enum Shown {
    /// It does not stand in text.
    Nowhere,
    Words(String),
    Markdown(String),
}

impl Held {
    pub(in crate::markup) fn new(surroundings: &Surroundings) -> Self {
        Self {
            surroundings: surroundings.clone(),
            names: RefCell::default(),
        }
    }

    /// The text with a letter in the place of each name, from an offset on.
    pub(in crate::markup) fn hold<'t>(&self, text: &'t str, from: usize) -> Plain<'t> {
        let has_names = has_names(&text[from..], &self.surroundings);
        if !has_names && memchr::memchr(LEAD, text.as_bytes()).is_none() {
            return Plain::same(text);
        }
        let mut made = Making::default();
        made.copy(&text[..from], 0);
        let (mut copied, mut look) = (from, from);
        let mut is_changed = false;
        while let Some(at) = memchr::memchr2(b'{', LEAD, &text.as_bytes()[look..]) {
            let at = look + at;
            look = at + 1;
            let Some((start, end, name)) = self.name_at(text, at, has_names) else {
                continue;
            };
            let Some(letter) = self.letter(name) else {
                break;
            };
            made.copy(&text[copied..start], copied);
            made.insert(letter.encode_utf8(&mut [0; 4]), start);
            (copied, look) = (end, end);
            is_changed = true;
        }
        if !is_changed {
            return Plain::same(text);
        }
        made.copy(&text[copied..], copied);
        Plain {
            text: made.text.into(),
            parts: made.parts,
        }
    }

    /// The name that begins at an offset, with where it begins and ends.
    fn name_at(&self, text: &str, at: usize, has_names: bool) -> Option<(usize, usize, Name)> {
        let rest = &text[at..];
        if let Some(letter) = rest.chars().next().filter(|letter| is_letter(*letter)) {
            let written = letter.to_string();
            let means = Means::Words(written.clone());
            return Some((at, at + letter.len_utf8(), Name { written, means }));
        }
        let used = Used::read(rest).filter(|_| has_names)?;
        let end = at + used.length;
        let is_known = Filler::new("", &self.surroundings).knows(&used);
        let (start, means) = match text[..at].chars().next_back() {
            // `${{ … }}` is a workflow's.
            Some('$') => return None,
            Some('\\') if is_known => (at - 1, Means::Words(rest[..used.length].to_owned())),
            Some('\\') => return None,
            _ if is_known || self.surroundings.template.declares() => (at, Means::Name),
            _ => return None,
        };
        let written = text[start..end].to_owned();
        Some((start, end, Name { written, means }))
    }

    /// The letter for a name; none when all stand for others.
    fn letter(&self, name: Name) -> Option<char> {
        let mut names = self.names.borrow_mut();
        let number = u32::try_from(names.len()).ok()?;
        let letter = char::from_u32(FIRST + number).filter(|letter| is_letter(*letter))?;
        names.push(name);
        Some(letter)
    }

    /// The repository's variables as AsciiDoc has attributes: their names, and their texts or the
    /// letters that stand for them.
    pub(in crate::markup) fn attributes(&self) -> Vec<(String, String)> {
        let template = self.surroundings.template.clone();
        let named = template.variables.iter().filter(|(name, _)| {
            let first = name.bytes().next().unwrap_or_default();
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            name.bytes().all(is_name) && first != b'-'
        });
        let mut attributes = Vec::new();
        for (name, text) in named {
            let value = if are_words(text) {
                text.clone()
            } else {
                let means = Means::Variable(name.clone());
                let written = format!("{{{name}}}");
                match self.letter(Name { written, means }) {
                    Some(letter) => letter.to_string(),
                    None => break,
                }
            };
            attributes.push((name.to_ascii_lowercase(), value));
        }
        attributes
    }

    /// A text with names as they are written.
    pub(in crate::markup) fn written<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let names = self.names.borrow();
        replaced(text, |number| {
            names.get(number).map_or("", |name| &name.written)
        })
    }

    /// Finds out what the names in a tree stand for, and puts that in where nothing but words can
    /// stand. `path` is the document's.
    pub(in crate::markup) fn become_of(&self, root: &mut Node<'_>, path: &str) -> Became {
        let names = self.names.borrow();
        let mut finder = Finder {
            filler: Filler::new(path, &self.surroundings),
            became: names.iter().map(|_| None).collect(),
            names: &names,
        };
        if !names.is_empty() {
            finder.node(root);
        }
        let Finder { filler, became, .. } = finder;
        Became {
            shown: became
                .into_iter()
                .map(|shown| shown.unwrap_or(Shown::Nowhere))
                .collect(),
            problems: filler.problems,
            is_dated: filler.is_dated,
        }
    }
}

impl Became {
    /// The Markdown that names became, ready to be read.
    pub(in crate::markup) fn masked(&self) -> Vec<Option<Masked<'_>>> {
        let masked = self.shown.iter().map(|shown| match shown {
            Shown::Markdown(text) => Some(tree::mask(text)),
            _ => None,
        });
        masked.collect()
    }

    /// Puts what names became into the text of a tree.
    pub(in crate::markup) fn put<'a>(
        &'a self,
        root: &mut Node<'a>,
        masked: &'a [Option<Masked<'_>>],
    ) {
        if self.shown.is_empty() {
            return;
        }
        let mut children = Vec::with_capacity(root.children.len());
        for mut child in std::mem::take(&mut root.children) {
            let text: &str = match &child.kind {
                Kind::Plain(text) => text,
                Kind::Text(text) => text,
                _ => {
                    self.put(&mut child, masked);
                    children.push(child);
                    continue;
                }
            };
            if !text.contains(is_letter) {
                children.push(child);
                continue;
            }
            let is_plain = matches!(child.kind, Kind::Plain(_));
            let piece = |text: &str| {
                let kind = match is_plain {
                    true => Kind::Plain(text.to_owned()),
                    false => Kind::Text(text.to_owned().into()),
                };
                (!text.is_empty()).then_some(Node::new(kind, child.at, Vec::new()))
            };
            let mut rest = text;
            while let Some(at) = rest.find(is_letter) {
                children.extend(piece(&rest[..at]));
                let letter = rest[at..].chars().next().unwrap_or_default();
                rest = &rest[at + letter.len_utf8()..];
                let number = number_of(letter);
                if let Some(Shown::Words(words)) = self.shown.get(number) {
                    let words = Kind::Plain(words.clone());
                    children.push(Node::new(words, child.at, Vec::new()));
                }
                if let Some(Some(masked)) = masked.get(number) {
                    let mut read = tree::grow(masked, 0).0.children;
                    // One paragraph is part of the line; blocks stand beside it.
                    if let [only] = read.as_mut_slice()
                        && matches!(only.kind, Kind::Paragraph)
                    {
                        read = std::mem::take(&mut only.children);
                    }
                    settle(&mut read, child.at);
                    children.extend(read);
                }
            }
            children.extend(piece(rest));
        }
        root.children = children;
    }
}

struct Finder<'h> {
    names: &'h [Name],
    filler: Filler<'h>,
    became: Vec<Option<Shown>>,
}

impl Finder<'_> {
    fn node(&mut self, node: &mut Node<'_>) {
        match &mut node.kind {
            Kind::Plain(text) => {
                let numbers: Vec<usize> = numbers_in(text).collect();
                for number in numbers {
                    self.resolve(number, node.at);
                }
            }
            Kind::Text(text) => {
                let numbers: Vec<usize> = numbers_in(text).collect();
                for number in numbers {
                    self.resolve(number, node.at);
                }
            }
            Kind::Code { info, text } => {
                self.in_code(text);
                let mut words = info.to_string();
                if self.in_code(&mut words) {
                    *info = words.into();
                }
            }
            Kind::InlineCode(text) | Kind::Math { source: text, .. } => {
                let mut words = text.to_string();
                if self.in_code(&mut words) {
                    *text = words.into();
                }
            }
            Kind::Link { target, title } | Kind::Image { target, title } => {
                self.in_words(target, node.at);
                let mut words = title.to_string();
                if self.in_words(&mut words, node.at) {
                    *title = words.into();
                }
            }
            Kind::Element { attributes, .. } => {
                for (_, value) in attributes {
                    self.in_words(value, node.at);
                }
            }
            Kind::Foreign { start, end } | Kind::ForeignInline { start, end } => {
                for part in [start, end] {
                    let mut words = part.to_string();
                    if self.in_code(&mut words) {
                        *part = words.into();
                    }
                }
            }
            _ => {}
        }
        for child in &mut node.children {
            self.node(child);
        }
    }

    /// What a name becomes in text; it is told once what is wrong with it.
    fn resolve(&mut self, number: usize, at: usize) {
        let (Some(name), Some(None)) = (self.names.get(number), self.became.get(number)) else {
            return;
        };
        let used = match &name.means {
            Means::Words(words) => {
                self.became[number] = Some(Shown::Words(words.clone()));
                return;
            }
            Means::Name => Used::read(&name.written),
            Means::Variable(variable) => Some(Used {
                name: variable,
                given: Given::new(),
                length: 0,
            }),
        };
        let words = used.and_then(|used| self.filler.words(&used, at, None));
        self.became[number] = Some(match words {
            Some(text) => Shown::Markdown(text),
            None => Shown::Words(name.written.clone()),
        });
    }

    /// Puts names back where code stands. Gives whether there were any.
    fn in_code(&mut self, text: &mut String) -> bool {
        for number in numbers_in(text).collect::<Vec<_>>() {
            if let Some(Means::Variable(_)) = self.names.get(number).map(|name| &name.means) {
                self.resolve(number, 0);
            }
        }
        let made = replaced(text, |number| match self.names.get(number) {
            Some(name) if matches!(name.means, Means::Variable(_)) => self.words_of(number),
            Some(name) => name.written.clone(),
            None => String::new(),
        });
        take(made.into_owned(), text)
    }

    /// Puts the words of names in where there is no markup. Gives whether there were any.
    fn in_words(&mut self, text: &mut String, at: usize) -> bool {
        for number in numbers_in(text).collect::<Vec<_>>() {
            self.resolve(number, at);
        }
        let made = replaced(text, |number| self.words_of(number));
        take(made.into_owned(), text)
    }

    fn words_of(&self, number: usize) -> String {
        match self.became.get(number) {
            Some(Some(Shown::Words(words))) => words.clone(),
            Some(Some(Shown::Markdown(text))) => {
                let masked = tree::mask(text);
                let (root, _) = tree::grow(&masked, 0);
                let mut words = String::new();
                add_words(&root, &mut words);
                words
            }
            _ => {
                let name = self.names.get(number);
                name.map_or_else(String::new, |name| name.written.clone())
            }
        }
    }
}

/// Puts a text in the place of another; gives whether they differ.
fn take(made: String, text: &mut String) -> bool {
    let is_changed = made != *text;
    *text = made;
    is_changed
}

fn is_letter(letter: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(letter))
}

fn number_of(letter: char) -> usize {
    usize::try_from(u32::from(letter).saturating_sub(FIRST)).unwrap_or(usize::MAX)
}

fn numbers_in(text: &str) -> impl Iterator<Item = usize> {
    text.chars()
        .filter(|letter| is_letter(*letter))
        .map(number_of)
}

fn replaced<'t, W: AsRef<str>>(text: &'t str, words: impl Fn(usize) -> W) -> Cow<'t, str> {
    if !text.contains(is_letter) {
        return Cow::Borrowed(text);
    }
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_letter(letter) {
            true => made.push_str(words(number_of(letter)).as_ref()),
            false => made.push(letter),
        }
    }
    Cow::Owned(made)
}

/// Whether a variable's Markdown is nothing but words, which mean the same in AsciiDoc.
fn are_words(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || " .,/:@%-".contains(letter);
    text.chars().all(is_plain)
        && text.starts_with(char::is_alphanumeric)
        && text.trim() == text
        && escaped(text) == text
        // What either markup makes something of: dashes, an ellipsis, a list.
        && !["--", "..", ". ", "  ", "::"].iter().any(|sign| text.contains(sign))
}

/// The words of nodes.
fn add_words(node: &Node<'_>, words: &mut String) {
    match &node.kind {
        Kind::Plain(text) => words.push_str(text),
        Kind::Text(text) => words.push_str(text),
        Kind::InlineCode(text) => words.push_str(text),
        Kind::Math { source, .. } => words.push_str(source),
        Kind::Code { text, .. } => words.push_str(text),
        Kind::Break | Kind::SoftBreak => words.push(' '),
        _ => {}
    }
    for child in &node.children {
        add_words(child, words);
    }
}

/// Lets nodes that were made stand where the name does that they were made of.
fn settle(nodes: &mut [Node<'_>], at: usize) {
    for node in nodes {
        node.at = at;
        settle(&mut node.children, at);
    }
}
