//! Tags in raw HTML: finding them, and knowing which are HTML at all.

use super::document::Style;

/// A piece of raw HTML.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece<'a> {
    /// Text, entities not decoded.
    Text(&'a str),
    /// A start tag.
    Open {
        name: String,
        attributes: Vec<(String, String)>,
        raw: &'a str,
        closes_itself: bool,
    },
    /// An end tag.
    Close { name: String, raw: &'a str },
    /// What a comment says, which no reader sees.
    Comment(&'a str),
    /// A declaration or processing instruction, which no reader sees.
    Hidden,
}

/// Cuts raw HTML into pieces, each with its offset. A `<` that begins no tag is text.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = (usize, Piece<'_>)> {
    let bytes = html.as_bytes();
    let (mut text_from, mut at) = (0, 0);
    // A tag that was found behind a text.
    let mut behind = None;
    std::iter::from_fn(move || {
        if behind.is_some() {
            return behind.take();
        }
        let mut text_to = bytes.len();
        while let Some(next) = memchr::memchr(b'<', &bytes[at..]) {
            let start = at + next;
            if let Some((piece, length)) = tag(&html[start..]) {
                at = start + length;
                behind = Some((start, piece));
                text_to = start;
                break;
            }
            at = start + 1;
        }
        let text = text_from..text_to;
        text_from = if behind.is_some() { at } else { text_to };
        match text.is_empty() {
            true => behind.take(),
            false => Some((text.start, Piece::Text(&html[text]))),
        }
    })
}

fn tag(html: &str) -> Option<(Piece<'_>, usize)> {
    let rest = &html[1..];
    if let Some(comment) = rest.strip_prefix("!--") {
        let mut ends = memchr::memchr_iter(b'>', comment.as_bytes());
        let end = ends.find(|end| comment[..*end].ends_with("--"));
        let length = end.map(|end| end - 2);
        let end = length.map_or(html.len(), |length| length + 7);
        let says = &comment[..length.unwrap_or(comment.len())];
        return Some((Piece::Comment(says), end));
    }
    if rest.starts_with(['!', '?']) {
        let end = html.find('>').map_or(html.len(), |end| end + 1);
        return Some((Piece::Hidden, end));
    }
    let closing = rest.starts_with('/');
    let name_from = if closing { 2 } else { 1 };
    let name_length = html[name_from..]
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !"-:_.".contains(letter))
        .unwrap_or(html.len() - name_from);
    let name = &html[name_from..name_from + name_length];
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let (attributes, closes_itself, end) = attributes(html, name_from + name_length)?;
    let raw = &html[..end];
    let name = name.to_ascii_lowercase();
    let piece = if closing {
        Piece::Close { name, raw }
    } else {
        Piece::Open {
            name,
            attributes,
            raw,
            closes_itself,
        }
    };
    Some((piece, end))
}

type Attributes = Vec<(String, String)>;

fn attributes(html: &str, from: usize) -> Option<(Attributes, bool, usize)> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = from;
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        match *bytes.get(at)? {
            b'>' => return Some((found, false, at + 1)),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some((found, true, at + 2)),
            b'/' => at += 1,
            b'<' => return None,
            _ => {
                let name_from = at;
                while bytes
                    .get(at)
                    .is_some_and(|byte| !byte.is_ascii_whitespace() && !b"=>/<\"'".contains(byte))
                {
                    at += 1;
                }
                if at == name_from {
                    // A stray quotation mark: no attribute of anything that is HTML.
                    return None;
                }
                let name = html[name_from..at].to_ascii_lowercase();
                let mut look = at;
                while bytes.get(look).is_some_and(u8::is_ascii_whitespace) {
                    look += 1;
                }
                let mut value = "";
                if bytes.get(look) == Some(&b'=') {
                    look += 1;
                    while bytes.get(look).is_some_and(u8::is_ascii_whitespace) {
                        look += 1;
                    }
                    match bytes.get(look)? {
                        quote @ (b'"' | b'\'') => {
                            let end = html[look + 1..].find(char::from(*quote))?;
                            value = &html[look + 1..look + 1 + end];
                            at = look + end + 2;
                        }
                        _ => {
                            let end = html[look..].find(|letter: char| {
                                letter.is_ascii_whitespace() || "<>".contains(letter)
                            })?;
                            // No value without quotes has it, and what begins with each of many
                            // such signs would be looked through to the end.
                            if bytes[look + end] == b'<' {
                                return None;
                            }
                            value = &html[look..look + end];
                            at = look + end;
                        }
                    }
                }
                found.push((name, html_escape::decode_html_entities(value).into_owned()));
            }
        }
    }
}

/// Elements without content.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether a tag is HTML, as opposed to a placeholder such as `<your-name>` or a type such as
/// `<T>`.
pub(super) fn is_known(name: &str) -> bool {
    is_void(name)
        || is_block(name)
        || matches!(
            name,
            "a" | "abbr"
                | "acronym"
                | "audio"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "button"
                | "canvas"
                | "cite"
                | "code"
                | "data"
                | "del"
                | "dfn"
                | "em"
                | "font"
                | "i"
                | "iframe"
                | "ins"
                | "kbd"
                | "label"
                | "map"
                | "mark"
                | "math"
                | "meter"
                | "nobr"
                | "object"
                | "output"
                | "picture"
                | "progress"
                | "q"
                | "rp"
                | "rt"
                | "ruby"
                | "s"
                | "samp"
                | "select"
                | "option"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "svg"
                | "time"
                | "tt"
                | "u"
                | "var"
                | "video"
                | "script"
                | "style"
                | "noscript"
                | "template"
        )
}

/// Whether a tag is that of a page's title, which Git hosts show as text although it is HTML.
pub(super) fn is_title(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']).as_bytes();
    name.get(..5)
        .is_some_and(|name| name.eq_ignore_ascii_case(b"title"))
}

/// Elements that stand on their own lines.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "colgroup"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// The open elements that a start tag ends, because HTML lets authors leave out their end tags.
pub(super) fn ends_before(opening: &str, open: &str) -> bool {
    match opening {
        "li" => open == "li",
        "dt" | "dd" => matches!(open, "dt" | "dd"),
        "tr" => matches!(open, "tr" | "td" | "th"),
        "td" | "th" => matches!(open, "td" | "th"),
        "tbody" | "tfoot" | "thead" => matches!(open, "tbody" | "thead" | "tr" | "td" | "th"),
        "option" => open == "option",
        opening if is_block(opening) => open == "p",
        _ => false,
    }
}

/// The style that an element gives its text.
pub(super) fn style_of(name: &str) -> Option<Style> {
    Some(match name {
        "b" | "strong" => Style::Strong,
        "i" | "em" | "cite" | "dfn" | "var" => Style::Emphasis,
        "s" | "del" | "strike" => Style::Strike,
        "u" | "ins" => Style::Underline,
        "sub" => Style::Subscript,
        "sup" => Style::Superscript,
        "small" => Style::Small,
        "code" | "tt" | "samp" => Style::Code,
        "kbd" => Style::Keyboard,
        "mark" => Style::Mark,
        _ => return None,
    })
}
