//! Finds words in a file, as it is shown.

use bytes::Bytes;

use super::LARGEST_TEXT;
use super::paint::visible;
use super::viewer::decode;

/// Where words stand in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Occurrences {
    /// The first of them, from the top.
    pub places: Vec<Occurrence>,
    /// How many there are in all.
    pub total: usize,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The line, counted from 0.
    pub line: u32,
    /// The first character of the line as it is shown, counted from 0.
    pub first: u32,
    /// The character behind the last.
    pub end: u32,
}

/// Finds words, at most `most` places of them. Capital letters are told from small ones only where
/// the words have some. In what is no text, or too large to be shown, there are none.
pub fn find(bytes: &[u8], words: &str, most: usize) -> Occurrences {
    let mut found = Occurrences::default();
    let ignores_case = !words.chars().any(char::is_uppercase);
    let fold = |letter: char| match ignores_case {
        // One for one, so that places stay what they are.
        true => letter.to_lowercase().next().unwrap_or(letter),
        false => letter,
    };
    let words: Vec<char> = words.chars().map(fold).collect();
    if bytes.len() as u64 > LARGEST_TEXT {
        return found;
    }
    let decoded = decode(&Bytes::copy_from_slice(bytes));
    let text = decoded
        .as_ref()
        .and_then(|(text, _)| str::from_utf8(text).ok());
    let Some(text) = text else { return found };
    let Some(initial) = words.first() else {
        return found;
    };
    let mut letters = Vec::new();
    for (line, text) in text.lines().enumerate() {
        letters.clear();
        letters.extend(visible(text).chars().map(fold));
        let mut at = 0;
        while let Some(ahead) = letters[at..].iter().position(|letter| letter == initial) {
            let first = at + ahead;
            if !letters[first..].starts_with(&words) {
                at = first + 1;
                continue;
            }
            at = first + words.len();
            found.total += 1;
            let place = [line, first, at].map(u32::try_from);
            if let ([Ok(line), Ok(first), Ok(end)], true) = (place, found.places.len() < most) {
                found.places.push(Occurrence { line, first, end });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn words_are_found_where_they_are_shown() {
        let places = |text: &str, words: &str| {
            let found = find(text.as_bytes(), words, 10);
            assert_eq!(found.places.len(), found.total);
            let place = |place: &super::Occurrence| (place.line, place.first, place.end);
            found.places.iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(places("Größe\ngröße", "größe"), [(0, 0, 5), (1, 0, 5)]);
        assert_eq!(places("Größe\ngröße", "Größe"), [(0, 0, 5)]);
        assert_eq!(places("aaaa", "aa"), [(0, 0, 2), (0, 2, 4)]);
        assert_eq!(places("a\r\nb", "b"), [(1, 0, 1)]);
        // Bytes that are shown as something else are counted as what is shown.
        assert_eq!(places("\u{1b}b", "b"), [(0, 1, 2)]);
        assert_eq!(places("\u{202e}b", "b"), [(0, 8, 9)]);
        assert_eq!(places("a", ""), []);
        assert_eq!(places("a\0b", "a"), [], "that is no text");
        let found = find("x ".repeat(1000).as_bytes(), "x", 3);
        assert_eq!((found.places.len(), found.total), (3, 1000));
    }
}
