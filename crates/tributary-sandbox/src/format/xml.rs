//! A strict reader of the XML that storage format is made of.
//!
//! Owns well-formedness and the place (row and column) of every fault. Knows nothing of which
//! elements Confluence has: that is `rules`. It is written by hand and not on an XML crate so that
//! the stand-in does not forgive what the client's own XML crate forgives: a bare `&`, `--` in a
//! comment, a control character, `]]>` in text.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Where something stands in the source: both count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) row: usize,
    pub(super) column: usize,
}

/// Why a text is not what it should be, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) at: Position,
}

/// One element with its resolved attributes and its content.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
    pub(super) at: Position,
}

/// A piece of content. Comments are checked and dropped.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Element(Element),
    Text { text: String, at: Position },
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The child elements, without the text between them.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> + Clone {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text { .. } => None,
        })
    }

    /// The first child element of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// All text below this element, in order.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        collect_text(&self.children, &mut out);
        out
    }
}

fn collect_text(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text { text, .. } => out.push_str(text),
            Node::Element(element) => collect_text(&element.children, out),
        }
    }
}

/// Deeper nesting than this is refused. Assumed: the real limit is unknown; this one keeps every
/// walk over the tree well inside a thread's stack.
const DEEPEST: usize = 200;

/// Reads a fragment: any number of elements and text side by side, as a page body is.
pub(super) fn parse(source: &str) -> Result<Vec<Node>, Fault> {
    let mut reader = Reader {
        rest: source,
        row: 1,
        column: 1,
    };
    let mut open: Vec<Element> = Vec::new();
    let mut content: Vec<Vec<Node>> = vec![Vec::new()];
    loop {
        let at = reader.position();
        if reader.rest.is_empty() {
            return match open.last() {
                Some(element) => Err(Fault {
                    message: format!(
                        "Unexpected EOF; was expecting a close tag for element <{}>",
                        element.name
                    ),
                    at,
                }),
                None => Ok(content.pop().unwrap_or_default()),
            };
        }
        if reader.eat("</") {
            let name = reader.name()?;
            reader.spaces();
            reader.expect('>', "in end tag Expected '>'.")?;
            let Some(mut element) = open.pop() else {
                return Err(Fault {
                    message: format!("Unexpected close tag </{name}>; no element is open."),
                    at,
                });
            };
            if element.name != name {
                return Err(Fault {
                    message: format!(
                        "Unexpected close tag </{name}>; expected </{}>.",
                        element.name
                    ),
                    at,
                });
            }
            element.children = content.pop().unwrap_or_default();
            push(&mut content, Node::Element(element));
        } else if reader.eat("<!--") {
            reader.comment(at)?;
        } else if reader.eat("<![CDATA[") {
            let text = reader.cdata(at)?;
            push(&mut content, Node::Text { text, at });
        } else if reader.rest.starts_with("<!") || reader.rest.starts_with("<?") {
            // Assumed: a document type or a processing instruction has no place in a body; the
            // real parser reads the body inside a document of its own, where neither may stand.
            return Err(Fault {
                message:
                    "A document type declaration or processing instruction is not allowed here"
                        .to_owned(),
                at,
            });
        } else if reader.eat("<") {
            if open.len() >= DEEPEST {
                return Err(Fault {
                    message: format!("Elements are nested deeper than {DEEPEST} levels"),
                    at,
                });
            }
            let (element, closed) = reader.start_tag(at)?;
            if closed {
                push(&mut content, Node::Element(element));
            } else {
                open.push(element);
                content.push(Vec::new());
            }
        } else {
            let text = reader.text()?;
            push(&mut content, Node::Text { text, at });
        }
    }
}

fn push(content: &mut [Vec<Node>], node: Node) {
    if let Some(siblings) = content.last_mut() {
        siblings.push(node);
    }
}

struct Reader<'a> {
    rest: &'a str,
    row: usize,
    column: usize,
}

impl Reader<'_> {
    fn position(&self) -> Position {
        Position {
            row: self.row,
            column: self.column,
        }
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault {
            message: message.into(),
            at: self.position(),
        })
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        let ends_line = next == '\n' || (next == '\r' && !self.rest.starts_with('\n'));
        if ends_line {
            self.row += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(next)
    }

    fn eat(&mut self, literal: &str) -> bool {
        let found = self.rest.starts_with(literal);
        if found {
            for _ in literal.chars() {
                self.bump();
            }
        }
        found
    }

    fn spaces(&mut self) -> bool {
        let mut any = false;
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.bump();
            any = true;
        }
        any
    }

    fn unexpected<T>(&self, context: &str) -> Result<T, Fault> {
        match self.peek() {
            Some(found) => self.fault(format!(
                "Unexpected character {found:?} (code {}) {context}",
                u32::from(found)
            )),
            None => self.fault(format!("Unexpected EOF {context}")),
        }
    }

    fn expect(&mut self, wanted: char, context: &str) -> Result<(), Fault> {
        if self.peek() == Some(wanted) {
            self.bump();
            return Ok(());
        }
        self.unexpected(context)
    }

    /// Takes one character of content, refusing those XML cannot hold at all.
    fn content_char(&mut self) -> Result<Option<char>, Fault> {
        match self.peek() {
            Some(found) if !is_xml_char(found) => self.fault(illegal(found)),
            _ => Ok(self.bump()),
        }
    }

    fn name(&mut self) -> Result<String, Fault> {
        match self.peek() {
            Some(first) if is_name_start(first) => {}
            _ => return self.unexpected("(expected a name start character)"),
        }
        let mut name = String::new();
        while let Some(next) = self.peek() {
            if !(is_name_start(next) || matches!(next, '-' | '.' | ':' | '0'..='9' | '\u{b7}')) {
                break;
            }
            name.push(next);
            self.bump();
        }
        let prefix = name.split_once(':').map(|(prefix, _)| prefix);
        if let Some(prefix) = prefix
            && !matches!(prefix, "ac" | "ri" | "at" | "xml" | "xmlns")
        {
            return self.fault(format!("Undeclared namespace prefix \"{prefix}\""));
        }
        Ok(name)
    }

    /// Reads what follows `<`; says whether the element closed itself with `/>`.
    fn start_tag(&mut self, at: Position) -> Result<(Element, bool), Fault> {
        let name = self.name()?;
        let mut element = Element {
            name,
            attributes: Vec::new(),
            children: Vec::new(),
            at,
        };
        loop {
            let spaced = self.spaces();
            if self.eat("/>") {
                return Ok((element, true));
            }
            if self.eat(">") {
                return Ok((element, false));
            }
            if !spaced {
                return self.unexpected("excepted space, or '>' or \"/>\"");
            }
            let name_at = self.position();
            let name = self.name()?;
            self.spaces();
            self.expect('=', "expected '='")?;
            self.spaces();
            let value = self.attribute_value()?;
            if element.attribute(&name).is_some() {
                return Err(Fault {
                    message: format!("Duplicate attribute '{name}'."),
                    at: name_at,
                });
            }
            element.attributes.push((name, value));
        }
    }

    fn attribute_value(&mut self) -> Result<String, Fault> {
        let Some(quote @ ('"' | '\'')) = self.peek() else {
            return self.unexpected("in start tag Expected a quote");
        };
        self.bump();
        let mut value = String::new();
        loop {
            match self.peek() {
                None => return self.fault("Unexpected EOF in attribute value"),
                Some('<') => return self.unexpected("in attribute value"),
                Some('&') => value.push_str(&self.reference()?),
                Some(found) if found == quote => {
                    self.bump();
                    return Ok(value);
                }
                Some(_) => match self.content_char()? {
                    // XML 1.0 §3.3.3: white space in an attribute reads as spaces.
                    Some('\n' | '\r' | '\t') => value.push(' '),
                    Some(found) => value.push(found),
                    None => {}
                },
            }
        }
    }

    fn text(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None | Some('<') => return Ok(text),
                Some('&') => text.push_str(&self.reference()?),
                Some(']') if self.rest.starts_with("]]>") => {
                    return self.fault(
                        "String \"]]>\" not allowed in textual content, except as the end marker of CDATA section",
                    );
                }
                Some(_) => match self.content_char()? {
                    // XML 1.0 §2.11: line ends reach the application as line feeds.
                    Some('\r') if self.rest.starts_with('\n') => {}
                    Some('\r') => text.push('\n'),
                    Some(found) => text.push(found),
                    None => {}
                },
            }
        }
    }

    fn reference(&mut self) -> Result<String, Fault> {
        let at = self.position();
        self.bump();
        if self.eat("#") {
            return self.character_reference(at);
        }
        if !self.peek().is_some_and(is_name_start) {
            return self.unexpected("(expected a name start character)");
        }
        let mut name = String::new();
        while let Some(next) = self.peek() {
            if !(next.is_alphanumeric() || matches!(next, '_' | '-' | '.')) {
                break;
            }
            name.push(next);
            self.bump();
        }
        if self.peek() != Some(';') {
            let shown = match self.peek() {
                Some(found) => format!("character {found:?} (code {})", u32::from(found)),
                None => "EOF".to_owned(),
            };
            return self.fault(format!(
                "Unexpected {shown}; expected a semi-colon after the reference for entity '{name}'"
            ));
        }
        self.bump();
        match entity(&name) {
            Some(character) => Ok(character.to_string()),
            None => Err(Fault {
                message: format!("Undeclared general entity \"{name}\""),
                at,
            }),
        }
    }

    fn character_reference(&mut self, at: Position) -> Result<String, Fault> {
        let radix = if self.eat("x") { 16 } else { 10 };
        let mut code: u32 = 0;
        let mut digits = 0;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(radix)) {
            code = code.saturating_mul(radix).saturating_add(digit);
            digits += 1;
            self.bump();
        }
        if digits == 0 || self.peek() != Some(';') {
            return self.unexpected("in character entity; expected digits and a semi-colon");
        }
        self.bump();
        match char::from_u32(code).filter(|found| is_xml_char(*found)) {
            Some(found) => Ok(found.to_string()),
            None => Err(Fault {
                message: format!("Illegal character entity: expansion character (code {code:#x})"),
                at,
            }),
        }
    }

    fn comment(&mut self, at: Position) -> Result<(), Fault> {
        loop {
            if self.rest.starts_with("--") {
                let here = self.position();
                if self.eat("-->") {
                    return Ok(());
                }
                return Err(Fault {
                    message: "String '--' not allowed in comment (missing '>'?)".to_owned(),
                    at: here,
                });
            }
            if self.content_char()?.is_none() {
                return Err(Fault {
                    message: "Unexpected EOF in comment".to_owned(),
                    at,
                });
            }
        }
    }

    fn cdata(&mut self, at: Position) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            if self.eat("]]>") {
                return Ok(text);
            }
            match self.content_char()? {
                Some('\r') if self.rest.starts_with('\n') => {}
                Some('\r') => text.push('\n'),
                Some(found) => text.push(found),
                None => {
                    return Err(Fault {
                        message: "Unexpected EOF in CDATA section".to_owned(),
                        at,
                    });
                }
            }
        }
    }
}

fn illegal(found: char) -> String {
    if found == '\0' {
        "Illegal character (NULL, unicode 0) encountered: not valid in any content".to_owned()
    } else {
        format!("Illegal character ((CTRL-CHAR, code {}))", u32::from(found))
    }
}

fn is_xml_char(found: char) -> bool {
    matches!(found, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_name_start(found: char) -> bool {
    found.is_ascii_alphabetic()
        || found == '_'
        || matches!(found, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{3001}'..='\u{d7ff}')
}

/// The character a named entity stands for: XML's five and those of HTML 4, which Confluence
/// declares for every body.
fn entity(name: &str) -> Option<char> {
    static ENTITIES: OnceLock<HashMap<&'static str, char>> = OnceLock::new();
    ENTITIES
        .get_or_init(|| {
            include_str!("entities.txt")
                .lines()
                .filter_map(|line| line.split_once(' '))
                .filter_map(|(name, code)| Some((name, char::from_u32(code.parse().ok()?)?)))
                .collect()
        })
        .get(name)
        .copied()
}
