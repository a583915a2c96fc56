//! Anchors of headings, as GitHub makes them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The anchors that the headings of one document have so far. In order, and not by hashes: there are
/// few, and a hash that nobody can foresee costs more than looking for a word among them.
#[derive(Debug, Default)]
pub(super) struct Slugs(BTreeMap<String, usize>);

impl Slugs {
    /// The anchor that the next heading would get: one that is taken gets a number.
    pub(super) fn peek(&self, text: &str) -> String {
        let slug = heading_anchor(text);
        match self.0.get(&slug) {
            None => slug,
            Some(count) => format!("{slug}-{}", count + 1),
        }
    }

    /// The anchor of the next heading.
    pub(super) fn next(&mut self, text: &str) -> String {
        let anchor = match self.0.entry(heading_anchor(text)) {
            Entry::Vacant(place) => {
                let anchor = place.key().clone();
                place.insert(0);
                return anchor;
            }
            Entry::Occupied(mut known) => {
                *known.get_mut() += 1;
                format!("{}-{}", known.key(), known.get())
            }
        };
        self.0.insert(anchor.clone(), 0);
        anchor
    }
}

/// The anchor of a heading with this text: lower case, spaces to hyphens, and everything but
/// letters, digits, hyphens and underscores left out (the rules of `github-slugger`).
pub fn heading_anchor(text: &str) -> String {
    let mut anchor = String::with_capacity(text.len());
    let is_kept = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    let mut rest = text.trim();
    loop {
        // What stays as it is goes in at once.
        let kept = rest.bytes().take_while(is_kept).count();
        anchor.push_str(&rest[..kept]);
        let mut letters = rest[kept..].chars();
        let Some(letter) = letters.next() else { break };
        rest = letters.as_str();
        match letter {
            ' ' => anchor.push('-'),
            'A'..='Z' => anchor.push(letter.to_ascii_lowercase()),
            '\0'..='\x7f' => {}
            letter if letter.is_alphanumeric() => anchor.extend(letter.to_lowercase()),
            // Marks that combine with the letter before them are part of the word.
            letter if is_combining(letter) => anchor.push(letter),
            _ => {}
        }
    }
    anchor
}

fn is_combining(letter: char) -> bool {
    matches!(u32::from(letter), 0x300..=0x36f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0x3099..=0x309a)
}

#[cfg(test)]
mod tests {
    use super::heading_anchor;

    #[test]
    fn anchors_are_githubs() {
        for (text, anchor) in [
            ("Getting started", "getting-started"),
            ("What's new in 2.0?", "whats-new-in-20"),
            ("`code` & more", "code--more"),
            ("Größe_und-Maß", "größe_und-maß"),
            ("  spaces  ", "spaces"),
        ] {
            assert_eq!(heading_anchor(text), anchor);
        }
    }
}
