//! The one door to a body's text: nothing gets into it but escaped, or checked to be well-formed.

/// Writes elements, attributes and text so that the result is well-formed whatever they hold.
#[derive(Debug, Default)]
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
    tag_unfinished: bool,
    /// Characters that XML cannot hold and that were left out.
    pub(super) left_out: usize,
}

impl Xml {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Begins an element; attributes may follow. Put where it is called, so that the name is one
    /// whose length the compiler knows.
    #[inline]
    pub(super) fn open(&mut self, name: &'static str) -> &mut Self {
        self.finish_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.tag_unfinished = true;
        self
    }

    /// Adds an attribute to the element that was just begun.
    pub(super) fn attr(&mut self, name: &'static str, value: &str) -> &mut Self {
        debug_assert!(self.tag_unfinished, "attributes come right after `open`");
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(value, true);
        self.out.push('"');
        self
    }

    /// Ends the innermost element.
    pub(super) fn close(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.tag_unfinished {
            self.out.push_str(" />");
            self.tag_unfinished = false;
        } else {
            // The ends of most elements are copied as one text, whose length the compiler knows.
            match name {
                "p" => self.out.push_str("</p>"),
                "a" => self.out.push_str("</a>"),
                "li" => self.out.push_str("</li>"),
                "td" => self.out.push_str("</td>"),
                "th" => self.out.push_str("</th>"),
                "tr" => self.out.push_str("</tr>"),
                "code" => self.out.push_str("</code>"),
                "strong" => self.out.push_str("</strong>"),
                _ => {
                    self.out.push_str("</");
                    self.out.push_str(name);
                    self.out.push('>');
                }
            }
        }
    }

    /// An element with text in it.
    pub(super) fn element(&mut self, name: &'static str, text: &str) {
        self.open(name);
        self.text(text);
        self.close();
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        if self.tag_unfinished && is_written(text) {
            self.finish_tag();
        }
        self.escape(text, false);
    }

    /// Adds text as it is, for bodies in which white space counts.
    pub(super) fn cdata(&mut self, text: &str) {
        self.finish_tag();
        self.out.push_str("<![CDATA[");
        let from = self.out.len();
        if are_allowed(text) {
            self.out.push_str(text);
        } else {
            self.left_out += text.chars().filter(|letter| !is_allowed(*letter)).count();
            self.out
                .extend(text.chars().filter(|letter| is_allowed(*letter)));
        }
        if memchr::memmem::find(&self.out.as_bytes()[from..], b"]]>").is_some() {
            let split = self.out[from..].replace("]]>", "]]]]><![CDATA[>");
            self.out.truncate(from);
            self.out.push_str(&split);
        }
        self.out.push_str("]]>");
    }

    /// Adds one side of a fragment that [`super::storage_tree::is_whole`] as it stands.
    pub(super) fn whole(&mut self, fragment: &str) {
        if !fragment.is_empty() {
            self.finish_tag();
            self.out.push_str(fragment);
        }
    }

    /// Whether an element can still be given attributes; for HTML, which has no empty elements of
    /// the kind XML has, the tag is finished by force.
    pub(super) fn finish_tag(&mut self) {
        if self.tag_unfinished {
            self.out.push('>');
            self.tag_unfinished = false;
        }
    }

    /// How much was written.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// The text, with every open element ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn escape(&mut self, text: &str, in_attribute: bool) {
        if in_attribute {
            self.escape_but::<true>(text);
        } else {
            self.escape_but::<false>(text);
        }
    }

    fn escape_but<const IN_ATTRIBUTE: bool>(&mut self, text: &str) {
        // Most text has nothing to escape and goes in as a whole.
        match first_special::<IN_ATTRIBUTE>(text.as_bytes()) {
            None => self.out.push_str(text),
            Some(first) => self.escape_from::<IN_ATTRIBUTE>(text, first),
        }
    }

    /// Adds a text in which the first byte that may need something done stands at an offset.
    fn escape_from<const IN_ATTRIBUTE: bool>(&mut self, text: &str, first: usize) {
        let bytes = text.as_bytes();
        let mut from = 0;
        let mut next = Some(first);
        while let Some(at) = next {
            let (entity, length) = match bytes[at] {
                b'&' => (Some("&amp;"), 1),
                b'<' => (Some("&lt;"), 1),
                b'>' => (Some("&gt;"), 1),
                b'"' => (Some("&quot;"), 1),
                b'\n' => (Some("&#10;"), 1),
                // U+FFFE and U+FFFF, the only other characters of Rust's that XML refuses.
                0xef => match bytes.get(at + 1..at + 3) {
                    Some([0xbf, 0xbe | 0xbf]) => (Some(""), 3),
                    _ => (None, 1),
                },
                _ => (Some(""), 1),
            };
            let look = at + length;
            if let Some(entity) = entity {
                self.out.push_str(&text[from..at]);
                self.out.push_str(entity);
                self.left_out += usize::from(entity.is_empty());
                from = look;
            }
            next = first_special::<IN_ATTRIBUTE>(&bytes[look..]).map(|found| look + found);
        }
        self.out.push_str(&text[from..]);
    }
}

/// Whether a byte may need something done: markup, control characters, and the first byte of the
/// two characters that XML refuses. Without a branch, so that the compiler can ask it of many bytes
/// at once.
const fn is_special<const IN_ATTRIBUTE: bool>(byte: u8) -> bool {
    let is_kept = (byte == b'\t') | (byte == b'\r') | (!IN_ATTRIBUTE & (byte == b'\n'));
    // Signs that differ in one bit are found by one comparison.
    let is_angle = byte | 2 == b'>';
    let is_quoted = match IN_ATTRIBUTE {
        true => byte | 4 == b'&',
        false => byte == b'&',
    };
    ((byte < 32) & !is_kept) | is_angle | is_quoted | (byte == 0xef)
}

/// Where the first byte stands that may need something done.
fn first_special<const IN_ATTRIBUTE: bool>(bytes: &[u8]) -> Option<usize> {
    let from = match bytes.len() {
        0..8 => 0,
        8..16 => first_unclean::<8, IN_ATTRIBUTE>(bytes)?,
        _ => first_unclean::<16, IN_ATTRIBUTE>(bytes)?,
    };
    let table = if IN_ATTRIBUTE { &IN_VALUE } else { &IN_TEXT };
    let mut rest = bytes[from..].iter();
    let found = rest.position(|byte| table[usize::from(*byte)]);
    found.map(|at| from + at)
}

/// Where the first block begins that has a byte which may need something done.
fn first_unclean<const SIZE: usize, const IN_ATTRIBUTE: bool>(bytes: &[u8]) -> Option<usize> {
    let is_unclean = |block: &[u8; SIZE]| {
        block.iter().fold(false, |special, byte| {
            special | is_special::<IN_ATTRIBUTE>(*byte)
        })
    };
    let (blocks, _) = bytes.as_chunks::<SIZE>();
    match blocks.iter().position(is_unclean) {
        Some(block) => Some(block * SIZE),
        // The last block begins in the one before it, so that no byte is looked at alone.
        None => is_unclean(bytes.last_chunk()?).then_some(blocks.len() * SIZE),
    }
}

/// The bytes that may need something done in text, and in the value of an attribute.
const IN_TEXT: [bool; 256] = specials::<false>();
const IN_VALUE: [bool; 256] = specials::<true>();

const fn specials<const IN_ATTRIBUTE: bool>() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_special::<IN_ATTRIBUTE>(byte as u8);
        byte += 1;
    }
    table
}

/// Whether anything of a text can be written.
pub(super) fn is_written(text: &str) -> bool {
    text.chars().any(is_allowed)
}

/// Whether XML, in which Confluence keeps every page, can hold a character.
pub(super) fn is_allowed(letter: char) -> bool {
    !matches!(letter, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether XML can hold all characters of a text.
pub(super) fn are_allowed(text: &str) -> bool {
    // Asked of many bytes at once, the answer needs no branch, so that the compiler uses vectors.
    let is_odd = |odd: bool, byte: &u8| {
        let is_control = (*byte < 32) & (*byte != b'\t') & (*byte != b'\n') & (*byte != b'\r');
        odd | is_control | (*byte == 0xef)
    };
    let mut chunks = text.as_bytes().chunks(256);
    !chunks.any(|chunk| chunk.iter().fold(false, is_odd)) || text.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn everything_is_escaped() {
        let mut xml = Xml::default();
        xml.open("p").attr("title", "a \"b\" <c> & d\u{1}");
        xml.text("x < y & z\u{ffff}\u{0}");
        xml.cdata("a ]]> b\u{1b}");
        xml.open("br");
        xml.close();
        assert_eq!(xml.left_out, 4);
        assert_eq!(
            xml.finish(),
            "<p title=\"a &quot;b&quot; &lt;c&gt; &amp; d\">x &lt; y &amp; z\
             <![CDATA[a ]]]]><![CDATA[> b]]><br /></p>"
        );
    }

    #[test]
    fn what_is_special_is_found_wherever_it_stands() {
        for length in 0..80 {
            for at in 0..length {
                for (letter, text, value) in [
                    ("&", "&amp;", "&amp;"),
                    ("<", "&lt;", "&lt;"),
                    (">", "&gt;", "&gt;"),
                    ("\"", "\"", "&quot;"),
                    ("\n", "\n", "&#10;"),
                    ("\t", "\t", "\t"),
                    ("\r", "\r", "\r"),
                    ("\u{b}", "", ""),
                    ("\u{fffe}", "", ""),
                    ("\u{fffd}", "\u{fffd}", "\u{fffd}"),
                ] {
                    let put = |it: &str| [&"x".repeat(at), it, &"y".repeat(length - at)].concat();
                    let mut xml = Xml::default();
                    xml.open("p").attr("title", &put(letter));
                    xml.text(&put(letter));
                    let expected = format!("<p title=\"{}\">{}</p>", put(value), put(text));
                    assert_eq!(xml.finish(), expected, "{letter:?} at {at} of {length}");
                }
            }
        }
    }
}
