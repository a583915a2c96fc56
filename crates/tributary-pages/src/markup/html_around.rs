//! Elements of HTML around text that storage format has too: an abbreviation with what it stands for,
//! and the direction in which text runs.
//!
//! Git hosts show both. The model has no form of its own for them: they are storage format around
//! text or blocks, always in the tags that are made here, which Markdown takes as they stand.

use super::colors::Colors;
use super::document::{Alignment, Block, Inline, Placed, each_block};
use super::node::{Kind, Node};

/// The end of an abbreviation.
pub(super) const ABBREVIATION_END: &str = "</abbr>";

/// The beginning of an abbreviation that stands for these words.
pub(super) fn abbreviation(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = html_escape::encode_double_quoted_attribute(&words).replace('|', "&#124;");
    format!("<abbr title=\"{words}\">")
}

/// What the abbreviation between these tags stands for; none where they are others.
pub(super) fn words_of_abbreviation(start: &str, end: &str) -> Option<String> {
    let words = start.strip_prefix("<abbr title=\"")?.strip_suffix("\">")?;
    let words = html_escape::decode_html_entities(words).into_owned();
    let is_one = end == ABBREVIATION_END && !words.trim().is_empty();
    (is_one && abbreviation(&words) == start).then_some(words)
}

/// The direction in which text runs, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// As Hebrew and Arabic.
    RightToLeft,
    /// As Latin.
    LeftToRight,
}

impl Direction {
    const ALL: [Self; 2] = [Self::RightToLeft, Self::LeftToRight];

    /// What HTML calls it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::RightToLeft => "rtl",
            Self::LeftToRight => "ltr",
        }
    }

    /// The sign of Unicode that begins text in this direction, which [`Direction::SIGN_END`] ends.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::RightToLeft => "\u{2067}",
            Self::LeftToRight => "\u{2066}",
        }
    }

    /// The sign of Unicode that ends text in a direction.
    pub(super) const SIGN_END: &'static str = "\u{2069}";

    /// The tags around what runs in this direction: blocks in a `div`, text in a `span`.
    pub(super) fn tags(self, name: &str) -> (String, String) {
        let word = self.word();
        (format!("<{name} dir=\"{word}\">"), format!("</{name}>"))
    }

    /// The direction of what stands between these tags.
    pub(super) fn of_tags(start: &str, end: &str) -> Option<Self> {
        if !start.contains(" dir=") {
            return None;
        }
        Self::ALL.into_iter().find(|direction| {
            let are_these = |name: &str| {
                let (begins, ends) = direction.tags(name);
                begins == start && ends == end
            };
            are_these("div") || are_these("span")
        })
    }

    /// Takes the direction away that an element says its text has.
    pub(super) fn take(node: &mut Node<'_>) -> Option<Self> {
        let Kind::Element { attributes, .. } = &mut node.kind else {
            return None;
        };
        let at = attributes.iter().position(|(name, _)| name == "dir")?;
        let (_, word) = attributes.remove(at);
        let word = word.trim();
        let mut all = Self::ALL.into_iter();
        all.find(|direction| direction.word().eq_ignore_ascii_case(word))
    }

    /// Puts blocks between the tags that say their direction. A heading that comes first can be the
    /// title of the page and stays before them.
    pub(super) fn around(self, mut blocks: Vec<Placed<Block>>) -> Vec<Placed<Block>> {
        let is_title = |block: &Placed<Block>| matches!(block.is, Block::Heading { level: 1, .. });
        let titles = usize::from(blocks.first().is_some_and(is_title));
        let inner = blocks.split_off(titles);
        if let Some(first) = inner.first() {
            let place = first.place;
            let (start, end) = self.tags("div");
            let is = Block::Foreign {
                start,
                blocks: inner,
                end,
            };
            blocks.push(Placed { place, is });
        }
        blocks
    }

    /// The same blocks where only text can have a direction: its lines in signs of Unicode, and at
    /// the side where they begin.
    pub(super) fn in_signs(self, blocks: &[Placed<Block>]) -> Vec<Placed<Block>> {
        let mut blocks = blocks.to_vec();
        each_block(&mut blocks, &mut |block| {
            if let Block::Heading {
                content, alignment, ..
            }
            | Block::Paragraph { content, alignment } = block
            {
                if *alignment == Alignment::None && self == Self::RightToLeft {
                    *alignment = Alignment::Right;
                }
                let is_text = |inline: &Inline| matches!(inline, Inline::Text(_));
                let has_picture = content
                    .iter()
                    .any(|inline| matches!(inline, Inline::Image { .. }));
                if content.iter().any(is_text) && !has_picture {
                    content.insert(0, Inline::Text(self.sign().to_owned()));
                    content.push(Inline::Text(Self::SIGN_END.to_owned()));
                }
            }
        });
        blocks
    }
}

/// Whether tags are ones that Markdown takes as they stand: those made here, and those of colors.
pub(super) fn is_html(start: &str, end: &str) -> bool {
    Colors::of_tags(start, end).is_some_and(|colors| colors.start_tag() == *start)
        || words_of_abbreviation(start, end).is_some()
        || Direction::of_tags(start, end).is_some()
}
