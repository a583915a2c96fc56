//! Marks by which a text is known to hold something, before it is gone through.

use memchr::memmem::Finder;

use super::{generators, includes, mark_macros};

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

/// What the lines of a text begin with, and what stands in them, that could mean something to one of
/// the publishers whose forms are read. Most texts have nothing of it, which is seen by going through
/// them twice: once for their lines, and once for the few signs that all other marks have.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginnings {
    /// A mark that takes in a file, or one that is kept from it.
    pub(super) asks: bool,
    /// A comment, which may take in a file.
    pub(super) comment: bool,
    /// An `import`.
    pub(super) import: bool,
    /// A mark of a block, be it in a quotation.
    pub(super) block: bool,
    /// What takes in a file where it stands in a comment.
    pub(super) include: bool,
    /// A sign of what files for `mark` have.
    pub(super) foreign: bool,
    /// The beginning of what is left out.
    pub(super) skip: bool,
}

impl Beginnings {
    /// What the lines of a text begin with.
    pub(super) fn of(text: &str) -> Self {
        Self::of_lines(text, &line_starts(text), 0)
    }

    /// What the lines of a text begin with from an offset on. `starts` is where all lines begin.
    pub(super) fn of_lines(text: &str, starts: &[usize], from: usize) -> Self {
        let mut found = Self::default();
        let behind = starts.partition_point(|start| *start <= from);
        each_line(text, from, &starts[behind..], |line, is_quoted| {
            if !is_quoted {
                includes::note_beginning(line, &mut found);
            }
            found.block |= generators::begins_block(line);
        });
        found.note_marks(&text.as_bytes()[from..]);
        found
    }

    /// Notes what stands anywhere in a text.
    fn note_marks(&mut self, text: &[u8]) {
        for at in memchr::memchr3_iter(b':', b'@', b'!', text) {
            let (before, after) = text.split_at(at);
            match after[0] {
                b'!' => self.skip |= generators::begins_skipped(before, after),
                sign => {
                    self.foreign |= mark_macros::is_sign(before, after);
                    self.include |= sign == b':' && includes::is_include(before);
                }
            }
        }
    }
}

/// The offsets at which the lines of a text begin; the first is where it begins itself.
pub(super) fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::with_capacity(text.len() / 32 + 1);
    starts.push(0);
    starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    starts
}

/// Visits the lines of a text from an offset on, behind which others begin, if they may begin with
/// anything that is noted: as bytes without the white space before them. One that is quoted is
/// visited once more without the signs of that.
fn each_line(text: &str, from: usize, behind: &[usize], mut visit: impl FnMut(&[u8], bool)) {
    let bytes = text.as_bytes();
    let mut next = from;
    for behind in behind.iter().copied().chain([bytes.len() + 1]) {
        let (start, end) = (next, behind - 1);
        next = behind;
        let says = |byte: &u8| FIRST[usize::from(*byte)];
        let mut line = bytes[start..end].iter();
        let Some(blank) = line.position(|byte| says(byte) != First::Blank) else {
            continue;
        };
        let first = says(&bytes[start + blank]);
        if first == First::Word {
            continue;
        }
        if first == First::Noted {
            visit(&bytes[start + blank..end], false);
            continue;
        }
        // What is not ASCII may be white space of other scripts.
        let line = text[start..end].trim_start();
        let inside =
            line.trim_start_matches(|letter: char| letter == '>' || letter.is_whitespace());
        if !line.is_empty() {
            visit(line.as_bytes(), false);
        }
        if inside.len() < line.len() && !inside.is_empty() {
            visit(inside.as_bytes(), true);
        }
    }
}

/// What a byte says that a line begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// Nothing: white space.
    Blank,
    /// That nothing of it is noted.
    Word,
    /// That it may begin with anything that is noted.
    Noted,
    /// That it is quoted, or that its white space is not all ASCII.
    Quoted,
}

/// What each byte says that a line begins with.
const FIRST: [First; 256] = {
    let mut all = [First::Word; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = First::of(byte as u8);
        byte += 1;
    }
    all
};

impl First {
    const fn of(byte: u8) -> Self {
        match byte {
            b' ' | b'\t'..=b'\r' => Self::Blank,
            b'>' | 0x80.. => Self::Quoted,
            _ if is_noted(byte) => Self::Noted,
            _ => Self::Word,
        }
    }
}

/// Whether a line that begins with a byte may begin with anything that is noted.
const fn is_noted(first: u8) -> bool {
    includes::begins_mark(first) || generators::begins_mark(first)
}

#[cfg(test)]
mod tests {
    use super::{Beginnings, Marks, generators, includes, is_noted};

    #[test]
    fn marks_are_found_anywhere() {
        let marks = Marks::new(&["!!! ", "--8<--"]);
        assert!(marks.any_in("a\n!!! note") && marks.any_in("--8<--"));
        assert!(!marks.any_in("!! ! --8< --"));
    }

    #[test]
    fn a_line_is_looked_at_if_its_first_byte_may_begin_what_is_noted() {
        let rests = [
            "", "8<-", "-8<-", "<<", "!--", "mport a", "::", "!!", "??", "== \"a\"", ";-8<-",
        ];
        let mut noted = 0;
        for first in 0..128_u8 {
            for rest in rests {
                let line = format!("{}{rest}", char::from(first));
                let mut found = Beginnings::default();
                includes::note_beginning(line.as_bytes(), &mut found);
                let is_any = found != Beginnings::default();
                if is_any || generators::begins_block(line.as_bytes()) {
                    noted += 1;
                    assert!(is_noted(first), "{line:?}");
                }
            }
        }
        assert!(noted > 10, "{noted}");
    }

    #[test]
    fn lines_are_known_by_how_they_begin() {
        let nothing = Beginnings::default();
        let block = Beginnings {
            block: true,
            ..nothing
        };
        for text in [
            "\u{a0}> :::",
            ":::",
            "a\n:::",
            "a\r\n > \t> ::: tip\nb",
            "\n\n  :::",
            "> \u{a0}> === \"Tab\"",
            "??? note",
            ">\n!!! note",
            "a\n  <TabItem value=\"b\">",
        ] {
            assert_eq!(Beginnings::of(text), block, "{text:?}");
        }
        for text in [
            "",
            "\n",
            "a :::",
            ">\n- a",
            "> --8<-- \"a\"",
            "> import a",
            "=== a",
        ] {
            assert_eq!(Beginnings::of(text), nothing, "{text:?}");
        }
        for text in ["a\n  -8<- b", "\u{2003};--8<--", "<<< ./a.js"] {
            let asks = true;
            assert_eq!(
                Beginnings::of(text),
                Beginnings { asks, ..nothing },
                "{text:?}"
            );
        }
        for text in ["a <ac:b", "</ac:b>", "<ri:", "Macro:", "a @{b}"] {
            let foreign = true;
            assert_eq!(
                Beginnings::of(text),
                Beginnings { foreign, ..nothing },
                "{text:?}"
            );
        }
        for text in [
            "ac: ri: macro: @ {",
            "nclude ac:",
            "A@{ shape: rect }",
            "a @{} @{b @{c",
            "a <!-- b",
            "<!- include: b",
        ] {
            assert_eq!(Beginnings::of(text), nothing, "{text:?}");
        }
        let (include, foreign, skip) = (true, true, true);
        for (text, expected) in [
            ("a <!--\n INCLUDE: b", Beginnings { include, ..nothing }),
            (
                "a <!--@include: ac:",
                Beginnings {
                    include,
                    foreign,
                    ..nothing
                },
            ),
            (
                "a <!-- confluence-skip-start -->",
                Beginnings { skip, ..nothing },
            ),
        ] {
            assert_eq!(Beginnings::of(text), expected, "{text:?}");
        }
        for text in [";a", "-- 8<", ";; b"] {
            assert_eq!(Beginnings::of(text), nothing, "{text:?}");
        }
        let (comment, import) = (true, true);
        let both = "<!-- a -->\n>\n import A from './a.md'";
        let expected = Beginnings {
            comment,
            import,
            ..nothing
        };
        assert_eq!(Beginnings::of(both), expected);
    }
}
