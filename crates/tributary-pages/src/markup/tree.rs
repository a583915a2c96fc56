//! Markdown and the HTML in it, as one tree.
//!
//! Markdown's blocks and HTML's elements interleave freely (`<details>`, then Markdown, then
//! `</details>`), so both are put into one tree first, and [`super::lower`] makes the model of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag};

use super::adf_raw::ADF;
use super::dialect::Dialect;
use super::extended;
use super::html_tags::{self, Piece};
use super::node::{Kind, Node};
use super::storage_tree;

/// What marks code as storage format: after a fence, or right after code in a line (Pandoc's way
/// of marking what is in the format of one target).
pub(super) const FOREIGN: &str = "{=confluence}";

/// Whether what stands after a fence marks the code as storage format; `csf` is how `md2conf` does.
pub(super) fn is_foreign(info: &str) -> bool {
    matches!(info.trim(), FOREIGN | "csf")
}

/// Whether a text right after code in a line says that it is in the format of a target.
pub(super) fn marks_code(text: &str) -> bool {
    text.starts_with(FOREIGN) || text.starts_with(ADF)
}

/// The name of the element that an excerpt is, which no tag can have.
pub(super) const EXCERPT: &str = "<!-- excerpt -->";

/// The attribute of an excerpt that the page itself does not show.
pub(super) const HIDDEN: &str = "hidden";

/// The attribute of an element whose id no author wrote.
pub(super) const MADE: &str = "tributary-made";

/// The attribute of an excerpt whose end was met.
pub(super) const ENDED: &str = "ended";

/// The colors that a status has.
const STATUS_COLORS: [&str; 6] = ["GRAY", "PURPLE", "BLUE", "RED", "YELLOW", "GREEN"];

/// Nesting beyond this is flattened: nobody writes it, and it would exhaust the stack.
const DEEPEST: usize = 120;

/// A comment of HTML.
#[derive(Debug)]
pub(super) struct Comment {
    /// Offset in the source.
    pub at: usize,
    /// What it says, without white space around it.
    pub says: String,
    /// Whether nothing but comments stands before it.
    pub leads: bool,
}

/// Whether the source has a backslash right before an offset.
pub(super) fn is_behind_backslash(source: &str, at: usize) -> bool {
    at > 0 && source.as_bytes().get(at - 1) == Some(&b'\\')
}

/// Whether a text begins with a colon that the source has a backslash before.
fn is_escaped_colon(source: &str, text: &str, at: usize) -> bool {
    text.starts_with(':') && is_behind_backslash(source, at)
}

/// Whether a text begins with a sign of [`extended`] that the source has a backslash before.
fn is_escaped_sign(source: &str, text: &str, at: usize) -> bool {
    is_behind_backslash(source, at) && text.starts_with(extended::SIGNS)
}

/// Whether a text begins with a bracket that the source has a backslash before: two of them would
/// begin a name that is followed.
fn is_escaped_bracket(source: &str, text: &str, at: usize) -> bool {
    text.starts_with('[') && is_behind_backslash(source, at)
}

/// The name of the reference that stands for a colored status, as `md2conf` writes it:
/// `![Done][STATUS-GREEN]`.
pub(super) const STATUS: &str = "STATUS-";

pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_MATH);

/// Reads the text from an offset on: the tree, and the comments in it.
pub(super) fn grow<'a>(masked: &'a Masked<'_>, from: usize) -> (Node<'a>, Vec<Comment>) {
    // Hiding dollar signs needs readings of their own, and few texts need it.
    let dialect = masked.dialect;
    let untouched = Hidden::nothing(masked.text);
    if let Some(grown) = grow_unless(&untouched, masked.text, from, dialect, true) {
        return grown;
    }
    let hidden = masked.hidden.get_or_init(|| hide(masked.text, from));
    grow_unless(hidden, &hidden.text, from, dialect, false)
        .unwrap_or_else(|| (node(Kind::Root, from), Vec::new()))
}

/// Reads a text. If `refuses`, only until something was taken for a formula that is none: none
/// then.
fn grow_unless<'a>(
    hidden: &Hidden<'_>,
    text: &'a str,
    from: usize,
    dialect: Dialect,
    refuses: bool,
) -> Option<(Node<'a>, Vec<Comment>)> {
    let is_published = dialect == Dialect::Published;
    let mut builder = Builder::new(text, from, dialect);
    let mut code: Option<(usize, CowStr<'_>, String)> = None;
    let mut block: Option<(usize, String)> = None;
    let status = |link: pulldown_cmark::BrokenLink<'_>| {
        let color = link.reference.strip_prefix(STATUS)?;
        let is_color = is_published
            && STATUS_COLORS.contains(&color)
            && text[from..][link.span].starts_with('!');
        is_color.then(|| (format!("{STATUS}{color}").into(), CowStr::Borrowed("")))
    };
    let options = match dialect {
        Dialect::Published => OPTIONS,
        // No host takes a colon at the beginning of a line for a definition.
        Dialect::Host(_) => OPTIONS.difference(Options::ENABLE_DEFINITION_LIST),
    };
    let parser = Parser::new_with_broken_link_callback(&text[from..], options, Some(status))
        .into_offset_iter();
    for (mut event, range) in parser {
        let at = from + range.start;
        if let Some(sign) = hidden.sign {
            event = Hidden::with_dollars(event, sign);
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => CowStr::Borrowed(""),
                };
                // Its lines come one by one, and together are no longer than the block.
                code = Some((at, info, String::with_capacity(range.len())));
            }
            Event::Text(more) if code.is_some() => {
                if let Some((_, _, text)) = &mut code {
                    text.push_str(&more);
                }
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => {
                if let Some((at, info, mut text)) = code.take() {
                    if is_published && is_foreign(&info) {
                        text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
                        builder.foreign(text.into(), info, at, false);
                    } else {
                        builder.leaf(Kind::Code { info, text }, at);
                    }
                }
            }
            Event::Start(tag) => {
                if let Some(kind) = kind_of(tag) {
                    builder.open(kind, at);
                }
            }
            Event::End(end) => {
                use pulldown_cmark::TagEnd;
                if matches!(end, TagEnd::HtmlBlock)
                    && let Some((at, whole)) = block.take()
                {
                    match dialect.has_html() {
                        true => builder.html(&whole, at, true),
                        false => {
                            builder.open(Kind::Paragraph, at);
                            builder.leaf(Kind::Plain(whole.trim_end().to_owned()), at);
                            builder.close_markdown();
                        }
                    }
                }
                if !matches!(end, TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) {
                    builder.close_markdown();
                }
            }
            Event::Text(text) => match builder.take_marked(&text, at) {
                Some((code, code_at)) if text.starts_with(ADF) => {
                    builder.leaf(Kind::Adf(code), code_at);
                    builder.text(text[ADF.len()..].to_owned().into(), at + ADF.len());
                }
                Some((code, code_at)) => {
                    builder.foreign(code, CowStr::Borrowed(FOREIGN), code_at, true);
                    builder.text(text[FOREIGN.len()..].to_owned().into(), at + FOREIGN.len());
                }
                None if !is_behind_backslash(builder.source, at) => builder.text(text, at),
                None if is_escaped_colon(builder.source, &text, at) => {
                    // A shortcode that was not meant as one, as `:tada<wbr>:` is.
                    builder.text(":".into(), at);
                    builder.html("<wbr>", at, false);
                    builder.text(text[1..].to_owned().into(), at + 1);
                }
                None if is_published && is_escaped_bracket(builder.source, &text, at) => {
                    builder.leaf(Kind::Plain("[".to_owned()), at);
                    builder.text(text[1..].to_owned().into(), at + 1);
                }
                None if is_escaped_sign(builder.source, &text, at) => {
                    let sign = text.chars().next().map_or(0, char::len_utf8);
                    builder.leaf(Kind::Plain(text[..sign].to_owned()), at);
                    builder.text(text[sign..].to_owned().into(), at + sign);
                }
                None => builder.text(text, at),
            },
            Event::Code(text) => builder.leaf(Kind::InlineCode(text), at),
            Event::DisplayMath(source) => {
                let displayed = true;
                builder.leaf(Kind::Math { source, displayed }, at);
            }
            Event::InlineMath(source) => {
                if refuses && is_no_formula(text, at, from + range.end) {
                    return None;
                }
                let source = without_backticks(source);
                let displayed = false;
                builder.leaf(Kind::Math { source, displayed }, at);
            }
            Event::Html(line) => {
                // A block comes line by line, and a comment or tag may go over several.
                match &mut block {
                    Some((_, whole)) => whole.push_str(&line),
                    None => block = Some((at, line.into_string())),
                }
            }
            Event::InlineHtml(tag) if dialect.has_html() => builder.html(&tag, at, false),
            Event::InlineHtml(tag) => builder.leaf(Kind::Plain(tag.into_string()), at),
            Event::FootnoteReference(label) => builder.leaf(Kind::FootnoteMention(label), at),
            Event::SoftBreak => builder.soft_break(at),
            Event::HardBreak => builder.leaf(Kind::Break, at),
            Event::Rule => builder.leaf(Kind::Rule, at),
            Event::TaskListMarker(checked) => builder.leaf(Kind::Task(checked), at),
        }
    }
    let (mut root, comments, signs) = builder.finish();
    match dialect {
        Dialect::Published => {
            extended::extend(text, signs, &mut root);
            extended::press(text, from, signs, &mut root);
            extended::abbreviate(text, from, signs, &mut root);
        }
        Dialect::Host(_) => extended::strike(&text[from..], &mut root),
    }
    Some((root, comments))
}

/// A text in which the dollar signs that are none of a formula are hidden from the parser: it takes
/// more for formulas than Git hosts do, and what it took is no markup any more.
pub(super) struct Masked<'t> {
    text: &'t str,
    dialect: Dialect,
    /// Made when the parser takes something for a formula that is none.
    hidden: OnceCell<Hidden<'t>>,
}

/// Makes a text ready to be read.
pub(super) fn mask(text: &str) -> Masked<'_> {
    mask_as(text, Dialect::Published)
}

/// Makes a text ready to be read in a dialect.
pub(super) fn mask_as(text: &str, dialect: Dialect) -> Masked<'_> {
    Masked {
        text,
        dialect,
        hidden: OnceCell::new(),
    }
}

/// A text with dollar signs hidden in it.
struct Hidden<'t> {
    text: Cow<'t, str>,
    /// What stands for a dollar sign.
    sign: Option<char>,
}

/// Hides the dollar signs from an offset on that are none of a formula. Offsets stay what they are.
fn hide(text: &str, from: usize) -> Hidden<'_> {
    let untouched = Hidden::nothing(text);
    let mut signs = memchr::memchr_iter(b'$', &text.as_bytes()[from..]);
    if signs.nth(1).is_none() {
        return untouched;
    }
    // Any character of one byte that the text does not have. One that has all of them is no text.
    let Some(sign) = ('\u{1}'..'\u{9}').find(|sign| !text.contains(*sign)) else {
        return untouched;
    };
    let mut bytes = text.as_bytes().to_vec();
    let mut masked = Cow::Borrowed(text);
    for turn in 0.. {
        let mut hidden = false;
        for (event, range) in Parser::new_ext(&masked[from..], OPTIONS).into_offset_iter() {
            let (at, end) = (from + range.start, from + range.end);
            if matches!(event, Event::InlineMath(_)) && is_no_formula(&masked, at, end) {
                bytes[at] = sign as u8;
                hidden = true;
            }
        }
        if !hidden {
            break;
        }
        if turn == 8 {
            // Every turn finds others: prose about variables, without a formula.
            for byte in bytes[from..].iter_mut().filter(|byte| **byte == b'$') {
                *byte = sign as u8;
            }
        }
        match String::from_utf8(bytes.clone()) {
            Ok(text) => masked = Cow::Owned(text),
            // One byte of ASCII was put in another's place.
            Err(_) => return untouched,
        }
    }
    Hidden {
        sign: matches!(masked, Cow::Owned(_)).then_some(sign),
        text: masked,
    }
}

impl<'t> Hidden<'t> {
    fn nothing(text: &'t str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            sign: None,
        }
    }

    /// The event with dollar signs in the place of what stands for them. Few texts have any that were
    /// hidden.
    #[cold]
    fn with_dollars<'e>(event: Event<'e>, sign: char) -> Event<'e> {
        let plain = |text: CowStr<'e>| match text.contains(sign) {
            true => text.replace(sign, "$").into(),
            false => text,
        };
        match event {
            Event::Text(text) => Event::Text(plain(text)),
            Event::Code(text) => Event::Code(plain(text)),
            Event::InlineMath(text) => Event::InlineMath(plain(text)),
            Event::DisplayMath(text) => Event::DisplayMath(plain(text)),
            Event::Html(text) => Event::Html(plain(text)),
            Event::InlineHtml(text) => Event::InlineHtml(plain(text)),
            Event::FootnoteReference(text) => Event::FootnoteReference(plain(text)),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Link {
                link_type,
                dest_url: plain(dest_url),
                title: plain(title),
                id,
            }),
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Image {
                link_type,
                dest_url: plain(dest_url),
                title: plain(title),
                id,
            }),
            // What all blocks are made of is hidden as well after the last turn.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(plain(info))))
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                Event::Start(Tag::FootnoteDefinition(plain(label)))
            }
            event => event,
        }
    }
}

/// Whether two dollar signs are not those of a formula. Git hosts want no letter, digit or other
/// dollar sign right before the first or right behind the second, so that prices and the names of
/// variables are none.
fn is_no_formula(text: &str, at: usize, end: usize) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || "_$".contains(letter);
    text[..at].ends_with(is_word) || text[end..].starts_with(is_word)
}

/// The formula of GitHub's and GitLab's other form, which has backticks inside of the signs.
fn without_backticks(source: CowStr<'_>) -> CowStr<'_> {
    let inner = source
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    match inner {
        Some(inner) => inner.trim().to_owned().into(),
        None => source,
    }
}

/// A node, or a piece of HTML that may begin or end elements around the nodes beside it.
pub(super) enum Mixed<'a> {
    Node(Node<'a>),
    Html { text: String, at: usize },
}

/// Puts nodes and the HTML between them into one tree.
pub(super) fn mix(pieces: Vec<Mixed<'_>>) -> Vec<Node<'_>> {
    let mut builder = Builder::new("", 0, Dialect::Published);
    for piece in pieces {
        match piece {
            Mixed::Node(node) => builder.add(node),
            Mixed::Html { text, at } => builder.html(&text, at, false),
        }
    }
    builder.finish().0.children
}

fn kind_of(tag: Tag<'_>) -> Option<Kind<'_>> {
    Some(match tag {
        Tag::Paragraph => Kind::Paragraph,
        Tag::Heading { level, .. } => Kind::Heading(level as u8),
        Tag::BlockQuote(kind) => Kind::Quote(kind),
        Tag::List(start) => Kind::List(start),
        Tag::Item => Kind::Item,
        Tag::FootnoteDefinition(label) => Kind::Footnote(label),
        Tag::DefinitionList => Kind::Definitions,
        Tag::DefinitionListTitle => Kind::Term,
        Tag::DefinitionListDefinition => Kind::Definition,
        Tag::Table(alignments) => Kind::Table(alignments),
        Tag::TableHead => Kind::TableHead,
        Tag::TableRow => Kind::TableRow,
        Tag::TableCell => Kind::TableCell,
        Tag::Emphasis => Kind::Emphasis,
        Tag::Strong => Kind::Strong,
        Tag::Strikethrough => Kind::Strike,
        Tag::Link {
            dest_url,
            title,
            link_type,
            ..
        } => {
            let is_mail = link_type == pulldown_cmark::LinkType::Email;
            Kind::Link {
                target: match is_mail {
                    true => format!("mailto:{dest_url}"),
                    false => dest_url.into_string(),
                },
                title,
            }
        }
        Tag::Image {
            dest_url, title, ..
        } => Kind::Image {
            target: dest_url.into_string(),
            title,
        },
        Tag::Subscript | Tag::Superscript => Kind::Emphasis,
        Tag::HtmlBlock | Tag::MetadataBlock(_) | Tag::CodeBlock(_) => return None,
    })
}

/// Whether a node is nothing but text or code.
fn is_plain(node: &Node<'_>) -> bool {
    matches!(node.kind, Kind::Text(_) | Kind::InlineCode(_))
}

/// A node without children.
fn node(kind: Kind<'_>, at: usize) -> Node<'_> {
    Node::new(kind, at, Vec::new())
}

struct Builder<'a> {
    source: &'a str,
    /// Which of the nodes are open, the innermost last. Those behind it are its children.
    frames: Vec<usize>,
    /// Nodes whose parents are still open, in order, each behind its parent. They are moved into a
    /// parent all at once, which spares every parent the growing, and a parent stays where it is.
    done: Vec<Node<'a>>,
    /// Markdown containers that were not opened because they are too deep.
    too_deep: usize,
    comments: Vec<Comment>,
    /// How many of the first nodes are known to be blank.
    blank: usize,
    /// What the texts of all nodes that ended may have that is written beyond GitHub's Markdown.
    signs: extended::Signs,
    dialect: Dialect,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, from: usize, dialect: Dialect) -> Self {
        let mut builder = Self {
            source,
            dialect,
            frames: Vec::with_capacity(16),
            // About as many as blocks stand side by side in such a text, so that few are moved as
            // there are more of them.
            done: Vec::with_capacity(32 + (source.len() - from) / 128),
            too_deep: 0,
            comments: Vec::new(),
            // The root, which says nothing.
            blank: 1,
            signs: extended::Signs::default(),
        };
        builder.begin(Kind::Root, from);
        builder
    }

    fn open(&mut self, kind: Kind<'a>, at: usize) {
        if self.frames.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        self.begin(kind, at);
    }

    fn begin(&mut self, kind: Kind<'a>, at: usize) {
        self.frames.push(self.done.len());
        self.leaf(kind, at);
    }

    /// The innermost of what is open.
    fn top(&self) -> Option<&Kind<'a>> {
        self.open_kinds().next()
    }

    /// What is open, the innermost first.
    fn open_kinds(&self) -> impl Iterator<Item = &Kind<'a>> {
        self.frames.iter().rev().map(|open| &self.done[*open].kind)
    }

    /// The last child so far of what is open.
    fn last_child(&mut self) -> Option<&mut Node<'a>> {
        let first = self.frames.last()? + 1;
        self.done.get_mut(first..)?.last_mut()
    }

    /// Adds text to the text before it: it comes in pieces, and addresses in it are found in the
    /// whole.
    fn text(&mut self, more: CowStr<'a>, at: usize) {
        if more.is_empty() {
            return;
        }
        let more = match more {
            CowStr::Borrowed(more) => Cow::Borrowed(more),
            other => Cow::Owned(other.into_string()),
        };
        let source = self.source;
        let Some(Node {
            kind: Kind::Text(before),
            at: start,
            ..
        }) = self.last_child()
        else {
            self.leaf(Kind::Text(more), at);
            return;
        };
        // Pieces that stand side by side in the source are one piece of it.
        if let (Cow::Borrowed(first), Cow::Borrowed(second)) = (&*before, &more)
            && *start + first.len() == at
            && let Some(whole) = source.get(*start..at + second.len())
            && std::ptr::eq(whole.as_ptr(), first.as_ptr())
            && std::ptr::eq(whole[first.len()..].as_ptr(), second.as_ptr())
        {
            *before = Cow::Borrowed(whole);
        } else if before.ends_with('\n') {
            // What the next line begins with is left out, so that its places are others.
            self.leaf(Kind::Text(more), at);
        } else {
            before.to_mut().push_str(&more);
        }
    }

    /// Adds the end of a line, which belongs to the text before it when that reaches up to it.
    fn soft_break(&mut self, at: usize) {
        let source = self.source;
        if let Some(Node {
            kind: Kind::Text(Cow::Borrowed(before)),
            at: start,
            ..
        }) = self.last_child()
            && *start + before.len() == at
            && let Some(whole) = source.get(*start..=at)
            && whole.ends_with('\n')
            && std::ptr::eq(whole.as_ptr(), before.as_ptr())
        {
            *before = whole;
        } else {
            self.leaf(Kind::SoftBreak, at);
        }
    }

    /// Takes back the code right before a text that marks it as what only Confluence has.
    fn take_marked(&mut self, text: &str, at: usize) -> Option<(CowStr<'a>, usize)> {
        if self.dialect.is_host() || !marks_code(text) || !self.source[..at].ends_with('`') {
            return None;
        }
        if !matches!(self.last_child()?.kind, Kind::InlineCode(_)) {
            return None;
        }
        match self.done.pop()? {
            Node {
                kind: Kind::InlineCode(code),
                at,
                ..
            } => Some((code, at)),
            _ => None,
        }
    }

    /// Adds storage format that is whole, begins what another piece ends, or ends what another
    /// piece began. Any other is code as it stands.
    fn foreign(&mut self, code: CowStr<'a>, info: CowStr<'a>, at: usize, in_line: bool) {
        let make = |start, end| match in_line {
            true => Kind::ForeignInline { start, end },
            false => Kind::Foreign { start, end },
        };
        match storage_tree::balance(&code) {
            Some(balance) if balance.closes.is_empty() && balance.opens.is_empty() => {
                return self.leaf(make(code, CowStr::Borrowed("")), at);
            }
            Some(mut balance) if balance.closes.is_empty() && self.frames.len() < DEEPEST => {
                // While it is open, its end is the names that it waits for.
                balance.opens.reverse();
                let awaited = balance.opens.join(" ").into();
                return self.begin(make(code, awaited), at);
            }
            Some(balance) if balance.opens.is_empty() => {
                let fits = match self.top() {
                    Some(Kind::ForeignInline { end, .. }) if in_line => {
                        balance.closes.join(" ") == end.as_ref()
                    }
                    Some(Kind::Foreign { end, .. }) if !in_line => {
                        balance.closes.join(" ") == end.as_ref()
                    }
                    _ => false,
                };
                if fits
                    && let Some(top) = self.frames.pop()
                    && let Kind::Foreign { end, .. } | Kind::ForeignInline { end, .. } =
                        &mut self.done[top].kind
                {
                    *end = code;
                    return self.end(top);
                }
            }
            _ => {}
        }
        self.literal(code, info, at, in_line);
    }

    /// Storage format that does not fit, as the code that it is.
    fn literal(&mut self, code: CowStr<'a>, info: CowStr<'a>, at: usize, in_line: bool) {
        if in_line {
            self.leaf(Kind::Broken(code), at);
        } else {
            let text = code.into_string();
            self.leaf(Kind::Code { info, text }, at);
        }
    }

    fn leaf(&mut self, kind: Kind<'a>, at: usize) {
        self.add(node(kind, at));
    }

    fn add(&mut self, node: Node<'a>) {
        self.done.push(node);
    }

    /// Notes the signs of the texts behind a node, now that nothing is added to them any more: they
    /// came in more pieces than they are.
    fn note_signs(&mut self, top: usize) {
        for node in &mut self.done[top + 1..] {
            if let Kind::Text(text) = &node.kind {
                node.is_bare = self.signs.add(text);
            }
        }
    }

    /// Gives what was open the nodes behind it.
    fn end(&mut self, top: usize) {
        match &self.done[top + 1..] {
            [] => {}
            // What is alone in a cell stands for the cell, of which there are more than of all
            // else. Its signs are noted with its row.
            [alone] if matches!(self.done[top].kind, Kind::TableCell) && is_plain(alone) => {
                self.done.swap_remove(top);
            }
            _ => {
                self.note_signs(top);
                self.done[top].children = self.done.split_off(top + 1);
            }
        }
    }

    fn pop(&mut self) {
        if self.frames.len() > 1
            && let Some(top) = self.frames.pop()
        {
            let node = &mut self.done[top];
            // Storage format that nothing ends is code, before what stood after it.
            let (start, in_line) = match &mut node.kind {
                Kind::Foreign { start, .. } => (start, false),
                Kind::ForeignInline { start, .. } => (start, true),
                _ => return self.end(top),
            };
            let (start, at) = (std::mem::replace(start, CowStr::Borrowed("")), node.at);
            let mut children = self.done.split_off(top + 1);
            self.done.truncate(top);
            self.literal(start, CowStr::Borrowed(FOREIGN), at, in_line);
            self.done.append(&mut children);
        }
    }

    /// Ends the innermost Markdown container, and the elements left open in it.
    fn close_markdown(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        while matches!(
            self.top(),
            Some(Kind::Element { .. } | Kind::Foreign { .. } | Kind::ForeignInline { .. })
        ) {
            self.pop();
        }
        self.pop();
    }

    /// Adds HTML, which stands on lines of its own or in a line.
    fn html(&mut self, html: &str, base: usize, on_own_lines: bool) {
        // To a host, a comment is nothing but a comment.
        let may_mark = on_own_lines && self.dialect == Dialect::Published;
        let mut skipping: Option<String> = None;
        for (offset, piece) in html_tags::pieces(html) {
            let at = base + offset;
            if let Some(name) = &skipping {
                if matches!(&piece, Piece::Close { name: closed, .. } if closed == name) {
                    skipping = None;
                }
                continue;
            }
            match piece {
                Piece::Hidden => {}
                Piece::Comment(says) => {
                    let leads = self.frames.len() == 1 && self.is_blank_so_far();
                    let says = says.trim().to_owned();
                    match says.as_str() {
                        "excerpt" | "excerpt hidden" if may_mark => {
                            self.begin_excerpt(says.ends_with(HIDDEN), at);
                        }
                        "/excerpt" if may_mark && self.close_element(EXCERPT) => {
                            if let Some(Node {
                                kind: Kind::Element { attributes, .. },
                                ..
                            }) = self.done.last_mut()
                            {
                                attributes.push((ENDED.to_owned(), String::new()));
                            }
                        }
                        _ => {}
                    }
                    self.comments.push(Comment { at, says, leads });
                }
                Piece::Text(text) => {
                    let text = html_escape::decode_html_entities(text).into_owned();
                    self.leaf(Kind::Text(text.into()), at);
                }
                // The parts of a drawing or formula are many, and none is shown.
                Piece::Open { name, .. } | Piece::Close { name, .. }
                    if self.in_drawing() && !matches!(name.as_str(), "svg" | "math") => {}
                // Hosts show what stands in such an element, and nothing of the element.
                Piece::Open { name, .. } | Piece::Close { name, .. }
                    if self.dialect.is_host() && !html_tags::is_known(&name) => {}
                Piece::Open { name, raw, .. }
                    if !html_tags::is_known(&name) && !is_layout(&name) =>
                {
                    self.leaf(Kind::UnknownTag(raw.to_owned().into()), at);
                }
                Piece::Open { name, .. } if matches!(name.as_str(), "script" | "style") => {
                    self.leaf(
                        Kind::Element {
                            name: name.clone(),
                            attributes: Vec::new(),
                        },
                        at,
                    );
                    skipping = Some(name);
                }
                Piece::Open {
                    name,
                    attributes,
                    closes_itself,
                    ..
                } => {
                    self.end_before(&name);
                    let leaf = html_tags::is_void(&name) || closes_itself;
                    let kind = Kind::Element { name, attributes };
                    if leaf || self.frames.len() >= DEEPEST {
                        self.leaf(kind, at);
                    } else {
                        self.begin(kind, at);
                    }
                }
                // As browsers read it, but not as the end that XML wants of one.
                Piece::Close { name, .. } if name == "br" => {
                    let is_ended = self.last_child().is_some_and(
                        |last| matches!(&last.kind, Kind::Element { name, .. } if name == "br"),
                    );
                    if !is_ended {
                        let attributes = Vec::new();
                        self.leaf(Kind::Element { name, attributes }, at);
                    }
                }
                Piece::Close { name, raw } => {
                    if self.close_element(&name) || html_tags::is_known(&name) || is_layout(&name) {
                        continue;
                    }
                    self.leaf(Kind::UnknownTag(raw.to_owned().into()), at);
                }
            }
        }
    }

    /// Whether nothing was shown so far, at the outermost level.
    fn is_blank_so_far(&mut self) -> bool {
        let is_blank =
            |node: &Node<'_>| matches!(&node.kind, Kind::Text(text) if text.trim().is_empty());
        let new = &self.done[self.blank.min(self.done.len())..];
        // What is not blank is met again at once by the next that asks.
        self.blank += new.iter().take_while(|node| is_blank(node)).count();
        self.blank == self.done.len()
    }

    /// Begins an excerpt. One that nothing ends is what it would be without the comment.
    fn begin_excerpt(&mut self, is_hidden: bool, at: usize) {
        if self.frames.len() >= DEEPEST {
            return;
        }
        let hidden = is_hidden.then(|| (HIDDEN.to_owned(), String::new()));
        let kind = Kind::Element {
            name: EXCERPT.to_owned(),
            attributes: hidden.into_iter().collect(),
        };
        self.begin(kind, at);
    }

    /// Whether a drawing or a formula in HTML is open in the innermost Markdown container.
    fn in_drawing(&self) -> bool {
        let mut elements = self.open_kinds().map_while(|kind| match kind {
            Kind::Element { name, .. } => Some(name.as_str()),
            _ => None,
        });
        elements.any(|name| matches!(name, "svg" | "math"))
    }

    fn end_before(&mut self, opening: &str) {
        while let Some(Kind::Element { name, .. }) = self.top() {
            if !html_tags::ends_before(opening, name) {
                return;
            }
            self.pop();
        }
    }

    /// Ends an HTML element, if it is open in the innermost Markdown container.
    fn close_element(&mut self, wanted: &str) -> bool {
        let depth = self
            .open_kinds()
            .take_while(|kind| matches!(kind, Kind::Element { .. }))
            .position(|kind| matches!(kind, Kind::Element { name, .. } if name == wanted));
        let Some(depth) = depth else { return false };
        for _ in 0..=depth {
            self.pop();
        }
        true
    }

    /// The tree, the comments in it, and the signs that its texts may have.
    fn finish(mut self) -> (Node<'a>, Vec<Comment>, extended::Signs) {
        while self.frames.len() > 1 {
            self.pop();
        }
        self.note_signs(0);
        let at = self.done.first().map_or(0, |root| root.at);
        let root = Node::new(Kind::Root, at, self.done.split_off(1));
        (root, self.comments, self.signs)
    }
}

/// Elements of documentation generators that wrap Markdown and are not HTML: their content stays,
/// and the words in their attributes are shown.
pub(super) fn is_layout(name: &str) -> bool {
    matches!(
        name,
        "listing" | "tabs" | "tabitem" | "tab" | "admonition" | "figure-caption"
    )
}

#[cfg(test)]
mod tests {
    use crate::markup::markdown::read_markdown;

    #[test]
    fn an_address_has_its_place_on_whatever_line_of_a_text_it_stands() {
        let text = "one https://a.example\ntwo https://b.example\n   three https://c.example\n\n\
                    > four\n> https://d.example\n\n- five\n  https://e.example\nhttps://f.example\n";
        let document = read_markdown(text);
        let places: Vec<(u32, u32)> = document
            .references
            .iter()
            .map(|reference| (reference.line, reference.column))
            .collect();
        assert_eq!(places, [(1, 5), (2, 5), (3, 10), (6, 3), (9, 3), (10, 1)]);
    }
}
