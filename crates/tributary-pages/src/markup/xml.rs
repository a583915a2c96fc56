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

    /// Begins an element; attributes may follow.
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
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
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
        if is_written(text) {
            self.finish_tag();
        }
        self.escape(text, false);
    }

    /// Adds text as it is, for bodies in which white space counts.
    pub(super) fn cdata(&mut self, text: &str) {
        self.finish_tag();
        self.out.push_str("<![CDATA[");
        let from = self.out.len();
        let odd = |byte: &u8| (*byte < 32 && !b"\t\n\r".contains(byte)) || *byte == 0xef;
        if !text.as_bytes().iter().any(odd) || text.chars().all(is_allowed) {
            self.out.push_str(text);
        } else {
            self.left_out += text.chars().filter(|letter| !is_allowed(*letter)).count();
            self.out
                .extend(text.chars().filter(|letter| is_allowed(*letter)));
        }
        if self.out[from..].contains("]]>") {
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

    /// The text, with every open element ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn escape(&mut self, text: &str, in_attribute: bool) {
        let bytes = text.as_bytes();
        // Most text has nothing to escape and goes in as a whole.
        let Some(first) = first_special(bytes) else {
            self.out.push_str(text);
            return;
        };
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate().skip(first) {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' if in_attribute => "&quot;",
                b'\n' if in_attribute => "&#10;",
                b'\t' | b'\n' | b'\r' => continue,
                0..=31 => "",
                // U+FFFE and U+FFFF, the only other characters of Rust's that XML refuses.
                0xef if matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])) => {
                    self.out.push_str(&text[from..at]);
                    from = at + 3;
                    self.left_out += 1;
                    continue;
                }
                _ => continue,
            };
            if at < from {
                continue;
            }
            self.out.push_str(&text[from..at]);
            self.out.push_str(entity);
            self.left_out += usize::from(entity.is_empty());
            from = at + 1;
        }
        self.out.push_str(&text[from.min(text.len())..]);
    }
}

/// Where the first byte stands that may need something done.
fn first_special(bytes: &[u8]) -> Option<usize> {
    // Asked of many bytes at once, the answer needs no branch, so that the compiler uses vectors.
    let mut clean = 0;
    for chunk in bytes.chunks_exact(32) {
        let special = chunk.iter().fold(false, |found, byte| {
            found
                | (*byte < 32)
                | (*byte == b'&')
                | (*byte == b'<')
                | (*byte == b'>')
                | (*byte == b'"')
                | (*byte == 0xef)
        });
        if special {
            break;
        }
        clean += 32;
    }
    let rest = &bytes[clean..];
    let found = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]);
    found.map(|at| clean + at)
}

/// The bytes that may need something done: markup, control characters, and the first byte of the
/// two characters that XML refuses.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 32 {
        table[at] = true;
        at += 1;
    }
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table[0xef] = true;
    table
};

/// Whether anything of a text can be written.
pub(super) fn is_written(text: &str) -> bool {
    text.chars().any(is_allowed)
}

/// Whether XML, in which Confluence keeps every page, can hold a character.
pub(super) fn is_allowed(letter: char) -> bool {
    !matches!(letter, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
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
}
