//! What Pandoc, MkDocs, kramdown and Azure DevOps write in lines beyond GitHub's Markdown: `H~2~O`,
//! `x^2^`, `==marked==`, attributes in braces, and pictures with a size behind their address.
//!
//! Git hosts show the signs of these as they stand, so that a text is taken for one only where its
//! signs can hardly mean anything else. A backslash before a sign keeps it what it is.

mod abbreviations;
mod keys;

use std::borrow::Cow;
use std::ops::Range;

use super::node::{Kind, Node};
use super::tree::is_behind_backslash;
use super::tree_text::alternative;
pub(super) use abbreviations::abbreviate;
pub(super) use keys::{begins_keys, press};

/// Signs that a backslash keeps from beginning anything here.
pub(super) const SIGNS: [char; 4] = ['~', '^', '=', '{'];

/// The longest text that is raised or lowered: nobody writes longer exponents.
const LONGEST: usize = 32;

/// Which signs the texts of a tree have. Most have none, and are not gone through for them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs(u8);

impl Signs {
    const LEVEL: u8 = 1;
    const MARK: u8 = 2;
    const BRACE: u8 = 4;
    const KEYS: u8 = 8;
    const STAR: u8 = 16;

    /// What each byte says.
    const OF: [u8; 256] = {
        let mut all = [0; 256];
        all[b'~' as usize] = Self::LEVEL;
        all[b'^' as usize] = Self::LEVEL;
        all[b'=' as usize] = Self::MARK;
        all[b'{' as usize] = Self::BRACE;
        all[b'+' as usize] = Self::KEYS;
        all[b'*' as usize] = Self::STAR;
        all
    };

    /// Adds the signs of a text. Gives whether it is known that no address and no emoji is found in
    /// it, which is seen while its bytes are at hand.
    pub(super) fn add(&mut self, text: &str) -> bool {
        let seen = Seen::of(text.as_bytes());
        if seen.has_sign {
            self.add_each(text.as_bytes());
        }
        !seen.may_hold_more
    }

    fn add_each(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 |= Self::OF[usize::from(*byte)];
        }
    }

    fn has(self, sign: u8) -> bool {
        self.0 & sign != 0
    }
}

/// Bytes that are looked at together, and those behind them that tell `www.` from other words.
const BLOCK: usize = 16;
const BEHIND: usize = 3;

/// What is seen of a text at once.
struct Seen {
    has_sign: bool,
    /// Whether it has anything that an address or the shortcode of an emoji has.
    may_hold_more: bool,
}

impl Seen {
    fn of(bytes: &[u8]) -> Self {
        let mut found = Found::default();
        let mut rest = bytes;
        while let Some(block) = rest.first_chunk() {
            found.add(block);
            rest = &rest[BLOCK..];
        }
        // What is left is fewer bytes than are looked at together, and nothing stands behind it.
        let mut last = [0; 2 * BLOCK + BEHIND];
        last[..rest.len()].copy_from_slice(rest);
        if let Some(block) = last.first_chunk() {
            found.add(block);
        }
        if let Some(block) = last.last_chunk().filter(|_| rest.len() > BLOCK) {
            found.add(block);
        }
        Self {
            has_sign: found.signs != [0; BLOCK],
            may_hold_more: found.more != [0; BLOCK],
        }
    }
}

/// What was found at each place of the blocks so far.
#[derive(Default)]
struct Found {
    signs: [u8; BLOCK],
    more: [u8; BLOCK],
}

impl Found {
    /// Adds what a block has. Without a branch, so that the compiler asks it of all bytes at once; two
    /// signs that differ in one bit are found by one comparison.
    fn add(&mut self, block: &[u8; BLOCK + BEHIND]) {
        let bytes = block.iter().zip(&block[BEHIND..]);
        let found = self.signs.iter_mut().zip(&mut self.more);
        for ((byte, third), (sign, more)) in bytes.zip(found) {
            let is_pair = (*byte | 0x20 == b'~') | (*byte | 1 == b'+');
            *sign |= u8::from(is_pair | (*byte == b'=') | (*byte == b'{'));
            let is_more = (*byte == b':') | (*byte == b'@') | ((*byte == b'w') & (*third == b'.'));
            *more |= u8::from(is_more);
        }
    }
}

/// Puts what is written in these ways into the tree, as the HTML that says the same.
pub(super) fn extend(source: &str, signs: Signs, root: &mut Node<'_>) {
    if signs.has(Signs::LEVEL | Signs::MARK | Signs::BRACE) {
        walk(source, signs, root);
    }
    if signs.has(Signs::BRACE) {
        name_blocks(source, root);
    }
}

/// Puts the anchor before a block whose attributes stand on the line right below it, as kramdown
/// has them. Those below an empty line are the next block's.
fn name_blocks(source: &str, parent: &mut Node<'_>) {
    let mut index = 0;
    while index < parent.children.len() {
        let child = &mut parent.children[index];
        name_blocks(source, child);
        let at = child.at;
        if holds_contents(child) {
            let text = node(Kind::Text(Cow::Borrowed("[TOC]")), at, Vec::new());
            *child = node(Kind::Paragraph, at, vec![text]);
        } else if let Some(anchor) = take_row(child).and_then(|given| anchor_of(given, at)) {
            let anchor = node(Kind::Paragraph, at, vec![anchor]);
            parent.children.insert(index, anchor);
            index += 1;
        }
        let child = &parent.children[index];
        let is_named = index > 0
            && matches!(child.kind, Kind::Paragraph)
            && matches!(child.children.as_slice(), [only] if is_anchor(only))
            && is_right_below(source, child.at);
        if is_named {
            parent.children.swap(index - 1, index);
        }
        index += 1;
    }
}

/// What kramdown's own attributes begin with, which hardly anything else does.
const KRAMDOWN: &str = "{:";

/// Bytes that what asks for the table of contents has at most.
const LONGEST_KRAMDOWN: usize = 64;

/// Whether a text begins with the line that says of the list above it that the table of contents
/// stands in its place.
pub(super) fn asks_for_contents(text: &str) -> bool {
    let Some(inner) = text.strip_prefix(KRAMDOWN) else {
        return false;
    };
    let near = &inner.as_bytes()[..inner.len().min(LONGEST_KRAMDOWN)];
    let Some(end) = memchr::memchr(b'}', near) else {
        return false;
    };
    let behind = inner[end + 1..].trim_start_matches([' ', '\t']);
    let is_alone = behind.is_empty() || behind.starts_with('\n');
    is_alone && inner[..end].split_whitespace().any(|word| word == "toc")
}

/// Whether a list is one whose last line asks for the table of contents. Of more than one entry, the
/// others would be lost.
fn holds_contents(list: &Node<'_>) -> bool {
    let [entry] = list.children.as_slice() else {
        return false;
    };
    let line = match entry.children.as_slice() {
        [paragraph] if matches!(paragraph.kind, Kind::Paragraph) => &paragraph.children,
        children => children,
    };
    let text = line.last().and_then(text_of).unwrap_or_default();
    let last = text.rsplit('\n').next().unwrap_or_default();
    let has_words = line.len() > 1 || last.len() < text.len();
    matches!(list.kind, Kind::List(_)) && has_words && asks_for_contents(last.trim())
}

/// Takes the attributes away that kramdown has on the line below a table, which to Markdown are its
/// last row.
fn take_row(table: &mut Node<'_>) -> Option<Attributes> {
    let row = table.children.last()?;
    if !matches!(table.kind, Kind::Table(_)) || !matches!(row.kind, Kind::TableRow) {
        return None;
    }
    let (first, others) = row.children.split_first()?;
    let text = text_of(first)?.trim();
    let (given, length) = attributes(text).filter(|_| text.starts_with(KRAMDOWN))?;
    let is_alone = length == text.len() && others.iter().all(|cell| cell.children.is_empty());
    if !is_alone || others.iter().any(is_plain) {
        return None;
    }
    table.children.pop();
    Some(given)
}

/// Whether a node stands for a cell that holds nothing but text or code.
fn is_plain(cell: &Node<'_>) -> bool {
    matches!(cell.kind, Kind::Text(_) | Kind::InlineCode(_))
}

/// The anchor that attributes name.
fn anchor_of<'a>(given: Attributes, at: usize) -> Option<Node<'a>> {
    let id = given.into_iter().find(|(name, _)| name == "id")?;
    let name = "span".to_owned();
    let attributes = vec![id];
    Some(node(Kind::Element { name, attributes }, at, Vec::new()))
}

fn is_anchor(node: &Node<'_>) -> bool {
    matches!(&node.kind, Kind::Element { name, .. } if name == "span") && node.children.is_empty()
}

/// Whether the line above the one that an offset is in says anything.
fn is_right_below(source: &str, at: usize) -> bool {
    let before = source.get(..at).unwrap_or_default();
    let mut lines = before.rsplit('\n').skip(1);
    lines.next().is_some_and(|line| !line.trim().is_empty())
}

/// Strikes out what stands between two single tildes within a word, as GitHub does: the parser takes
/// them for marks only where words begin and end.
pub(super) fn strike(source: &str, root: &mut Node<'_>) {
    if memchr::memchr(b'~', source.as_bytes()).is_some() {
        strike_in(root);
    }
}

fn strike_in(parent: &mut Node<'_>) {
    let is_row = matches!(parent.kind, Kind::TableHead | Kind::TableRow);
    for child in &mut parent.children {
        if is_row && text_of(child).is_some_and(|text| text.contains('~')) {
            let at = child.at;
            let text = std::mem::replace(child, node(Kind::TableCell, at, Vec::new()));
            child.children.push(text);
        }
        strike_in(child);
    }
    let mut texts = parent.children.iter().filter_map(text_of);
    if !is_row && texts.any(|text| text.matches('~').nth(1).is_some()) {
        let children = std::mem::take(&mut parent.children);
        for child in children {
            cut(child, &['~'], struck, |_| "del", &mut parent.children);
        }
    }
}

/// How long what a tilde strikes out is, up to the next one, by the rules for marks of Markdown.
fn struck(before: &str, rest: &str) -> Option<usize> {
    let inner = &rest[1..];
    let end = inner.find('~')?;
    let (text, after) = (&inner[..end], &inner[end + 1..]);
    let is_single = !before.ends_with('~') && !after.starts_with('~');
    let flanks = |beside: Option<char>, inside: Option<char>| {
        let apart = |letter: char| letter.is_whitespace() || letter.is_ascii_punctuation();
        inside.is_some_and(|inside| {
            !inside.is_whitespace() && (!inside.is_ascii_punctuation() || beside.is_none_or(apart))
        })
    };
    let begins = flanks(before.chars().next_back(), text.chars().next());
    let ends = flanks(after.chars().next(), text.chars().next_back());
    (is_single && begins && ends).then_some(end)
}

fn walk(source: &str, signs: Signs, parent: &mut Node<'_>) {
    let is_row = matches!(parent.kind, Kind::TableHead | Kind::TableRow);
    for child in &mut parent.children {
        // A cell that is nothing but text may become several nodes.
        if is_row && text_of(child).is_some_and(says_more) {
            let at = child.at;
            let text = std::mem::replace(child, node(Kind::TableCell, at, Vec::new()));
            child.children.push(text);
        }
        if !child.children.is_empty() {
            walk(source, signs, child);
        }
    }
    if is_row {
        return;
    }
    if signs.has(Signs::MARK) && any_text(parent, has_size) {
        let children = std::mem::take(&mut parent.children);
        for child in children {
            size(source, child, &mut parent.children);
        }
    }
    if signs.has(Signs::BRACE) {
        if matches!(
            parent.kind,
            Kind::Paragraph | Kind::Heading(_) | Kind::Item | Kind::Term
        ) {
            take_own_attributes(parent);
        }
        if matches!(parent.kind, Kind::Paragraph) {
            take_attributes_before(parent);
        }
        if any_text(parent, |text| has(text, b'{')) {
            take_attributes(&mut parent.children);
        }
    }
    if signs.has(Signs::LEVEL) && any_text(parent, has_level) {
        let children = std::mem::take(&mut parent.children);
        parent.children.reserve(children.len() + 2);
        for child in children {
            level(child, &mut parent.children);
        }
    }
    if signs.has(Signs::MARK) && any_text(parent, has_mark) {
        mark(&mut parent.children);
    }
}

fn any_text(parent: &Node<'_>, says: impl FnMut(&str) -> bool) -> bool {
    parent.children.iter().filter_map(text_of).any(says)
}

fn has(text: &str, sign: u8) -> bool {
    memchr::memchr(sign, text.as_bytes()).is_some()
}

fn text_of<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    match &node.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}

fn says_more(text: &str) -> bool {
    has_level(text) || has_mark(text) || has_size(text)
}

/// Whether a text may have a picture with a size behind its address.
fn has_size(text: &str) -> bool {
    has(text, b'=') && text.contains(" =") && text.contains("](")
}

/// Whether a text has a sign twice that raises or lowers.
fn has_level(text: &str) -> bool {
    let (mut lowers, mut raises) = (0, 0);
    memchr::memchr2_iter(b'~', b'^', text.as_bytes()).any(|at| {
        let count = match text.as_bytes()[at] {
            b'~' => &mut lowers,
            _ => &mut raises,
        };
        *count += 1;
        *count == 2
    })
}

fn has_mark(text: &str) -> bool {
    has(text, b'=') && text.contains("==")
}

fn node<'a>(kind: Kind<'a>, at: usize, children: Vec<Node<'a>>) -> Node<'a> {
    Node::new(kind, at, children)
}

fn element<'a>(name: &str, at: usize, children: Vec<Node<'a>>) -> Node<'a> {
    let kind = Kind::Element {
        name: name.to_owned(),
        attributes: Vec::new(),
    };
    node(kind, at, children)
}

/// A part of a text, which keeps what it borrows.
fn part<'a>(text: &Cow<'a, str>, range: Range<usize>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}

/// Cuts a text where something is raised or lowered in it.
fn level<'a>(child: Node<'a>, into: &mut Vec<Node<'a>>) {
    let name = |sign| if sign == b'~' { "sub" } else { "sup" };
    cut(child, &['~', '^'], leveled, name, into);
}

/// Cuts a text where signs begin something in it: `length` says how long it is, of what stands before
/// a sign and from it on, and `name` which element it is.
fn cut<'a>(
    child: Node<'a>,
    signs: &[char],
    length: fn(&str, &str) -> Option<usize>,
    name: fn(u8) -> &'static str,
    into: &mut Vec<Node<'a>>,
) {
    let Kind::Text(text) = &child.kind else {
        return into.push(child);
    };
    let mut begun = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find(signs) {
        let open = from + found;
        from = open + 1;
        let Some(length) = length(&text[..open], &text[open..]) else {
            continue;
        };
        let name = name(text.as_bytes()[open]);
        if begun < open {
            let before = Kind::Text(part(text, begun..open));
            into.push(node(before, child.at + begun, Vec::new()));
        }
        let inner = Kind::Text(part(text, open + 1..open + 1 + length));
        let inner = node(inner, child.at + open + 1, Vec::new());
        into.push(element(name, child.at + open, vec![inner]));
        begun = open + length + 2;
        from = begun;
    }
    if begun == 0 {
        into.push(child);
    } else if begun < text.len() {
        let rest = Kind::Text(part(text, begun..text.len()));
        into.push(node(rest, child.at + begun, Vec::new()));
    }
}

/// Cuts a text into its words and what `next` finds between them: where that is, looked for from an offset
/// on, and what it becomes. A text that is not what its source has there has escapes, which keep it what it
/// is.
fn cut_by<'a>(
    child: Node<'a>,
    into: &mut Vec<Node<'a>>,
    next: impl Fn(&'a str, usize) -> Option<(Range<usize>, Vec<Node<'a>>)>,
) {
    let Kind::Text(Cow::Borrowed(text)) = &child.kind else {
        return into.push(child);
    };
    let text = *text;
    let words = |range: Range<usize>| {
        let at = child.at + range.start;
        node(Kind::Text(Cow::Borrowed(&text[range])), at, Vec::new())
    };
    let mut begun = 0;
    while let Some((found, mut made)) = next(text, begun) {
        if begun < found.start {
            into.push(words(begun..found.start));
        }
        into.append(&mut made);
        begun = found.end;
    }
    if begun == 0 {
        into.push(child);
    } else if begun < text.len() {
        into.push(words(begun..text.len()));
    }
}

/// Cuts a text where it has a picture with a size behind its address, as Azure DevOps writes it:
/// `![Plan](plan.png =300x200)`. To Markdown, that is no picture.
fn size<'a>(source: &str, child: Node<'a>, into: &mut Vec<Node<'a>>) {
    let begins = child.at;
    cut_by(child, into, |text, from| {
        let found = text[from..].match_indices("![");
        found.map(|(found, _)| from + found).find_map(|open| {
            let at = begins + open;
            let picture = sized_picture(&text[open..], at);
            let (picture, length) = picture.filter(|_| !is_behind_backslash(source, at))?;
            Some((open..open + length, vec![picture]))
        })
    });
}

/// The picture with a size that a text begins with, and how long it is.
fn sized_picture<'a>(text: &str, at: usize) -> Option<(Node<'a>, usize)> {
    let inside = text.strip_prefix("![")?;
    let (words, rest) = inside.split_at(inside.find(['[', ']', '\n'])?);
    let rest = rest.strip_prefix("](")?;
    let (target, rest) = rest.split_at(rest.find(['[', '(', ')', ' ', '\n'])?);
    let is_size = |letter: char| letter.is_ascii_digit() || letter == '%';
    let rest = rest.trim_start_matches(' ').strip_prefix('=')?;
    let (width, rest) = rest.split_at(rest.find(|letter| !is_size(letter))?);
    let rest = rest.strip_prefix('x')?;
    let (height, rest) = rest.split_at(rest.find(|letter| !is_size(letter))?);
    let rest = rest.trim_start_matches(' ').strip_prefix(')')?;
    if target.is_empty() || (width.is_empty() && height.is_empty()) {
        return None;
    }
    let attributes = [
        ("src", target),
        ("alt", words),
        ("width", width),
        ("height", height),
    ];
    let given = attributes
        .into_iter()
        .filter(|(_, value)| !value.is_empty());
    let attributes = given
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let name = "img".to_owned();
    let picture = node(Kind::Element { name, attributes }, at, Vec::new());
    Some((picture, text.len() - rest.len()))
}

/// How long what is raised or lowered is, if a sign right behind a word begins it: the same sign
/// ends it, and nothing but what exponents and indices are made of stands between.
fn leveled(before: &str, rest: &str) -> Option<usize> {
    let is_base = |letter: char| letter.is_alphanumeric() || ")]".contains(letter);
    let sign = rest.chars().next()?;
    if !before.ends_with(is_base) {
        return None;
    }
    let inner = &rest[1..];
    let end =
        inner.find(|letter: char| !letter.is_alphanumeric() && !"+-−.,*()".contains(letter))?;
    let fits = (1..=LONGEST).contains(&end) && inner[end..].starts_with(sign);
    // Two signs are another mark.
    (fits && !inner[end + 1..].starts_with(sign)).then_some(end)
}

/// Puts what stands between two pairs of equals signs into an element, in one text or over several
/// nodes beside each other.
fn mark(children: &mut Vec<Node<'_>>) {
    let mut open: Option<(usize, usize)> = None;
    let mut index = 0;
    while index < children.len() {
        let mut from = match open {
            Some((at, sign)) if at == index => sign + 2,
            _ => 0,
        };
        while let Some(text) = text_of(&children[index])
            && let Some(found) = text[from..].find("==")
        {
            let sign = from + found;
            let longer = text[sign + 2..].starts_with('=') || text[..sign].ends_with('=');
            let before = text[..sign].chars().next_back();
            let after = text[sign + 2..].chars().next();
            // A node beside the text is what the mark is around, or what stands before it.
            let begins = before.is_none_or(|letter| !letter.is_alphanumeric())
                && match after {
                    Some(letter) => letter.is_alphanumeric() || "\"'([“‘".contains(letter),
                    None => children.get(index + 1).is_some_and(|next| !is_break(next)),
                };
            let ends = after.is_none_or(|letter| !letter.is_alphanumeric())
                && match before {
                    Some(letter) => letter.is_alphanumeric() || "\"')].!?%”’".contains(letter),
                    None => index > 0 && !is_break(&children[index - 1]),
                };
            if longer {
                from = sign
                    + text[sign..]
                        .find(|letter| letter != '=')
                        .unwrap_or(text.len() - sign);
            } else if let (Some((first, start)), true) = (open, ends) {
                let around = wrap(children, (first, start), (index, sign));
                open = None;
                index = around;
                break;
            } else {
                if begins && open.is_none() {
                    open = Some((index, sign));
                }
                from = sign + 2;
            }
        }
        index += 1;
    }
}

fn is_break(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::SoftBreak | Kind::Break)
}

/// Wraps what stands between two places, and gives the index of the node that holds it.
fn wrap(children: &mut Vec<Node<'_>>, open: (usize, usize), close: (usize, usize)) -> usize {
    let ((first, start), (last, end)) = (open, close);
    let taken: Vec<Node<'_>> = children.drain(first..=last).collect();
    let at = taken.first().map_or(0, |node| node.at + start);
    let count = taken.len();
    let mut outside = Vec::new();
    let mut inside = Vec::new();
    let mut behind = Vec::new();
    for (index, child) in taken.into_iter().enumerate() {
        let Kind::Text(text) = &child.kind else {
            inside.push(child);
            continue;
        };
        let from = if index == 0 { start + 2 } else { 0 };
        let to = if index + 1 == count { end } else { text.len() };
        let piece = |range: Range<usize>| {
            let at = child.at + range.start;
            node(Kind::Text(part(text, range)), at, Vec::new())
        };
        if index == 0 && start > 0 {
            outside.push(piece(0..start));
        }
        if from < to {
            inside.push(piece(from..to));
        }
        if index + 1 == count && end + 2 < text.len() {
            behind.push(piece(end + 2..text.len()));
        }
    }
    let holder = first + outside.len();
    outside.push(element("mark", at, inside));
    outside.append(&mut behind);
    children.splice(first..first, outside);
    holder
}

/// What stands in braces: names and values, `id` and `class` among them.
type Attributes = Vec<(String, String)>;

/// The attributes that a text begins with, and how long they are: `{#id .class name=value}`, with
/// or without the colon that kramdown wants.
pub(super) fn attributes(text: &str) -> Option<(Attributes, usize)> {
    let inner = text.strip_prefix('{')?;
    let mut rest = inner.strip_prefix(':').unwrap_or(inner);
    let mut found = Attributes::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if let Some(after) = rest.strip_prefix('}') {
            return (!found.is_empty()).then_some((found, text.len() - after.len()));
        }
        let is_name = |letter: char| letter.is_alphanumeric() || "-_:".contains(letter);
        let short = [('#', "id"), ('.', "class")];
        if let Some((sign, name)) = short.iter().find(|(sign, _)| rest.starts_with(*sign)) {
            let named = &rest[sign.len_utf8()..];
            let end = named.find(|letter| !is_name(letter)).unwrap_or(named.len());
            if end == 0 {
                return None;
            }
            found.push(((*name).to_owned(), named[..end].to_owned()));
            rest = &named[end..];
        } else {
            let end = rest
                .find(|letter| !is_name(letter))
                .filter(|end| *end > 0)?;
            let value = rest[end..].strip_prefix('=')?;
            let quote = value.chars().next().filter(|first| "\"'".contains(*first));
            let (said, after) = match quote {
                Some(quote) => value[1..].split_once(quote)?,
                None => {
                    let end = value.find([' ', '\t', '}']).filter(|end| *end > 0)?;
                    value.split_at(end)
                }
            };
            found.push((rest[..end].to_owned(), said.to_owned()));
            rest = after;
        }
        if !rest.starts_with([' ', '\t', '}']) {
            return None;
        }
    }
}

/// Gives nodes the attributes that stand right behind them.
fn take_attributes(children: &mut Vec<Node<'_>>) {
    let mut index = 1;
    while index < children.len() {
        let of = &children[index - 1].kind;
        let can = matches!(
            of,
            Kind::Link { .. }
                | Kind::Image { .. }
                | Kind::InlineCode(_)
                | Kind::Emphasis
                | Kind::Strong
                | Kind::Strike
        );
        if can
            && let Kind::Text(text) = &mut children[index].kind
            && let Some((given, length)) = attributes(text)
        {
            let rest = part(text, length..text.len());
            *text = rest;
            children[index].at += length;
            if text_of(&children[index]).is_some_and(str::is_empty) {
                children.remove(index);
            }
            give(&mut children[index - 1], given);
        }
        index += 1;
    }
}

/// Attributes on a node of a line: a size is one of a picture, an id is an anchor.
fn give(to: &mut Node<'_>, given: Attributes) {
    let sizes: Attributes = given
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "width" | "height"))
        .cloned()
        .collect();
    let id = given.into_iter().find(|(name, _)| name == "id");
    if let Kind::Image { target, title } = &to.kind
        && !sizes.is_empty()
    {
        let mut attributes = vec![
            ("src".to_owned(), target.clone()),
            ("alt".to_owned(), alternative(&to.children)),
        ];
        if !title.is_empty() {
            attributes.push(("title".to_owned(), title.to_string()));
        }
        attributes.extend(sizes);
        let name = "img".to_owned();
        let image = Kind::Element { name, attributes };
        *to = node(image, to.at, Vec::new());
    }
    if let Some(id) = id {
        let at = to.at;
        let inner = std::mem::replace(to, element("span", at, Vec::new()));
        let name = "span".to_owned();
        let attributes = vec![id];
        *to = node(Kind::Element { name, attributes }, at, vec![inner]);
    }
}

/// Takes the attributes that stand at the end of a heading, or on the last line of a paragraph, an
/// entry or a term. The id of a heading is left to whoever reads headings.
fn take_own_attributes(block: &mut Node<'_>) {
    let is_heading = matches!(block.kind, Kind::Heading(_));
    let block_has_one = block.children.len() == 1;
    let follows_break = match block.children.as_slice() {
        [.., before, _] => {
            is_break(before) || text_of(before).is_some_and(|text| text.ends_with('\n'))
        }
        _ => false,
    };
    let Some(Node {
        kind: Kind::Text(text),
        ..
    }) = block.children.last_mut()
    else {
        return;
    };
    let Some(open) = text.rfind('{') else { return };
    let line = text[..open].rfind('\n').map(|at| at + 1);
    let is_alone = block_has_one && text[..open].trim().is_empty();
    let has_own_line = match line {
        Some(line) => text[line..open].trim().is_empty(),
        None => follows_break && text[..open].trim().is_empty(),
    };
    let follows_words = text[..open].ends_with(' ');
    let Some((given, length)) = attributes(&text[open..]) else {
        return;
    };
    // Attributes that give no name are taken away only where they can be nothing else.
    let names = given.iter().any(|(name, _)| name == "id");
    let is_kramdown = text[open..].starts_with(KRAMDOWN);
    let fits = match block.kind {
        Kind::Heading(_) => follows_words,
        Kind::Paragraph => {
            has_own_line || (is_alone && is_kramdown) || (names && (follows_words || is_alone))
        }
        _ => has_own_line && is_kramdown,
    };
    if !fits {
        return;
    }
    let is_last = text[open + length..].trim().is_empty();
    let id = given.into_iter().find(|(name, _)| name == "id");
    if !is_last || (is_heading && id.is_some()) {
        return;
    }
    let end = text[..open].trim_end().len();
    let rest = part(text, 0..end);
    *text = rest;
    if end == 0 {
        block.children.pop();
        block.children.pop_if(|last| is_break(last));
    }
    if let Some(anchor) = id.and_then(|id| anchor_of(vec![id], block.at))
        && !is_heading
    {
        // Behind the box of a task, which is known as one where it comes first.
        let first = block.children.first().map(|first| &first.kind);
        let index = usize::from(matches!(first, Some(Kind::Task(_))));
        block.children.insert(index, anchor);
    }
}

/// Takes the attributes that stand on the line before a paragraph's words, where kramdown takes them
/// too.
fn take_attributes_before(paragraph: &mut Node<'_>) {
    let Some(Node {
        kind: Kind::Text(text),
        at,
        ..
    }) = paragraph.children.first_mut()
    else {
        return;
    };
    let Some((given, length)) = attributes(text).filter(|_| text.starts_with(KRAMDOWN)) else {
        return;
    };
    let behind = &text[length..];
    let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    if !behind[gap..].starts_with('\n') {
        return;
    }
    let end = length + gap + 1;
    let rest = part(text, end..text.len());
    *text = rest;
    *at += end;
    if let Some(anchor) = anchor_of(given, paragraph.at) {
        paragraph.children.insert(0, anchor);
    }
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn a_sign_is_found_wherever_it_stands() {
        let signs = [
            ("~", Signs::LEVEL),
            ("^", Signs::LEVEL),
            ("=", Signs::MARK),
            ("{", Signs::BRACE),
            ("+", Signs::KEYS),
            ("*", Signs::STAR),
        ];
        for length in 0..50 {
            for at in 0..=length {
                for (sign, expected) in signs {
                    let mut found = Signs::default();
                    found.add(&"x".repeat(length));
                    assert_eq!(found.0, 0, "{length}");
                    found.add(&format!(
                        "{}{sign}{}",
                        "x".repeat(at),
                        "y".repeat(length - at)
                    ));
                    assert_eq!(found.0, expected, "{sign} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn a_text_is_known_to_be_bare_wherever_what_makes_it_more_would_stand() {
        for length in 0..50 {
            for at in 0..=length {
                let around = |sign: &str| {
                    let (before, after) = ("v".repeat(at), "x".repeat(length - at));
                    format!("{before}{sign}{after}")
                };
                for sign in [":", "@", "www."] {
                    let is_bare = Signs::default().add(&around(sign));
                    assert!(!is_bare, "{sign} at {at} of {length}");
                }
                for sign in ["", "=", "ab.", "w.", "ww."] {
                    let is_bare = Signs::default().add(&around(sign));
                    assert!(is_bare, "{sign} at {at} of {length}");
                }
            }
        }
    }
}
