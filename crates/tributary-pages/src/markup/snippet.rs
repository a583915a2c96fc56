//! Lines of a file that are a page by themselves, wherever in the repository the file is.
//!
//! Their source is named by the file's path and the lines, as Git hosts name them in addresses:
//! `src/main.rs#L10-L20`. Two ranges of one file are two sources, so they become two pages.

use sha2::{Digest, Sha256};

/// Lines of a file, counted from 1, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The file's path relative to the repository's root, separated by `/`.
    pub file: String,
    /// The first line.
    pub first: u32,
    /// The last line.
    pub last: u32,
    /// The title of its page, when somebody chose one.
    pub title: Option<String>,
}

impl Snippet {
    /// The lines that a source's name stands for, when it ends as such names do: `#L10`,
    /// `#L10-L20` or `#L10-20`.
    pub fn of_path(path: &str) -> Option<Self> {
        let (file, lines) = path.rsplit_once("#L")?;
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse::<u32>().ok()?;
            (digits && number > 0).then_some(number)
        };
        let first = number(first)?;
        let last = number(last.strip_prefix('L').unwrap_or(last))?;
        (!file.is_empty() && !file.ends_with('/')).then(|| Self {
            file: file.to_owned(),
            first: first.min(last),
            last: first.max(last),
            title: None,
        })
    }

    /// The name of this source: one for the same lines, however they were written.
    pub fn path(&self) -> String {
        if self.first == self.last {
            format!("{}#L{}", self.file, self.first)
        } else {
            format!("{}#L{}-L{}", self.file, self.first, self.last)
        }
    }

    /// The path of the file that a source is in: of lines that of their file, of any other its own.
    pub fn file_of(path: &str) -> &str {
        match Self::of_path(path) {
            Some(snippet) => &path[..snippet.file.len()],
            None => path,
        }
    }

    /// The lines out of a file's contents; none when it ends before them. What is missing at the end
    /// of a range is left out.
    pub(crate) fn cut<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let mut start = None;
        let (mut at, mut number) = (0, 1);
        while at < bytes.len() && number <= self.last {
            if number == self.first {
                start = Some(at);
            }
            let end = memchr::memchr(b'\n', &bytes[at..]);
            at = end.map_or(bytes.len(), |end| at + end + 1);
            number += 1;
        }
        Some(&bytes[start?..at])
    }

    pub(super) fn in_words(&self) -> String {
        if self.first == self.last {
            format!("line {}", self.first)
        } else {
            format!("lines {} to {}", self.first, self.last)
        }
    }
}

/// Stands for all of a file, so that a page of some of its lines is known to be of another edition
/// of it.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Snippet;

    #[test]
    fn lines_are_named_in_one_way_and_read_in_every() {
        for (written, named) in [
            ("src/main.rs#L10-L20", "src/main.rs#L10-L20"),
            ("src/main.rs#L10-20", "src/main.rs#L10-L20"),
            ("src/main.rs#L20-L10", "src/main.rs#L10-L20"),
            ("a#L1#L7", "a#L1#L7"),
            ("a#L7-L7", "a#L7"),
        ] {
            let snippet = Snippet::of_path(written).expect("lines");
            assert_eq!(snippet.path(), named, "{written}");
            assert_eq!(Snippet::file_of(written), snippet.file, "{written}");
        }
        for none in [
            "a", "a#L", "a#L0", "a#L1-", "a#L+1", "a#L1-L2x", "#L1", "a/#L1", "a#10", "",
        ] {
            assert_eq!(Snippet::of_path(none), None, "{none}");
            assert_eq!(Snippet::file_of(none), none);
        }
    }

    #[test]
    fn lines_are_cut_out_of_any_bytes() {
        let cut = |range: &str, text: &[u8]| {
            let snippet = Snippet::of_path(&format!("a#L{range}")).expect("lines");
            snippet.cut(text).map(<[u8]>::to_vec)
        };
        let text = b"one\r\ntwo\nthree";
        for (range, expected) in [
            ("1", Some(&b"one\r\n"[..])),
            ("2-L3", Some(b"two\nthree")),
            ("2-L9", Some(b"two\nthree")),
            ("3", Some(b"three")),
            ("4", None),
        ] {
            assert_eq!(cut(range, text).as_deref(), expected, "{range}");
        }
        assert_eq!(cut("1", b""), None);
        assert_eq!(
            cut("2", b"one\n"),
            None,
            "there is no line behind the last end"
        );
        assert_eq!(cut("1", b"\xff\n").as_deref(), Some(&b"\xff\n"[..]));
    }
}
