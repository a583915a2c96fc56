//! Marks by which a text is known to hold something, before it is gone through.

use memchr::memmem::Finder;

/// Marks that are looked for in every text. What is needed to look for them is made once.
pub(super) struct Marks(Vec<Finder<'static>>);

impl Marks {
    pub(super) fn new(marks: &[&'static str]) -> Self {
        Self(marks.iter().map(|mark| Finder::new(*mark)).collect())
    }

    /// Whether a text has one of the marks.
    pub(super) fn any_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        self.0.iter().any(|mark| mark.find(bytes).is_some())
    }
}

/// Whether a line of a text is such that the question about its bytes is answered with yes. The
/// bytes are without white space and the given others before it, and there is at least one.
pub(super) fn any_line(text: &str, but: u8, mut is: impl FnMut(&[u8]) -> bool) -> bool {
    let bytes = text.as_bytes();
    let is_before = |byte: u8| matches!(byte, b' ' | b'\t'..=b'\r') || byte == but;
    let mut at = 0;
    loop {
        // The end of a line is white space before the next.
        while let Some(byte) = bytes.get(at)
            && is_before(*byte)
        {
            at += 1;
        }
        let Some(first) = bytes.get(at) else {
            return false;
        };
        let length = memchr::memchr(b'\n', &bytes[at..]);
        let end = length.map_or(bytes.len(), |length| at + length);
        if first.is_ascii() {
            if is(&bytes[at..end]) {
                return true;
            }
        } else {
            // It may be white space of other scripts.
            let is_before = |letter: char| letter.is_whitespace() || letter == char::from(but);
            let line = text[at..end].trim_start_matches(is_before).as_bytes();
            if !line.is_empty() && is(line) {
                return true;
            }
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::{Marks, any_line};

    #[test]
    fn marks_are_found_anywhere_and_lines_by_how_they_begin() {
        let marks = Marks::new(&["!!! ", "--8<--"]);
        assert!(marks.any_in("a\n!!! note") && marks.any_in("--8<--"));
        assert!(!marks.any_in("!! ! --8< --"));
        let has = |text: &str| any_line(text, b'>', |line| line.starts_with(b":::"));
        for text in [
            "\u{a0}> :::",
            ":::",
            "a\n:::",
            "a\r\n > \t> ::: tip\nb",
            "\n\n  :::",
        ] {
            assert!(has(text), "{text:?}");
        }
        for text in ["", "\n", "a :::", ">\n- :::", "::"] {
            assert!(!has(text), "{text:?}");
        }
    }
}
