//! The heading that is the page's title, which its body leaves out: what its words are, and what it
//! holds that no title can.

use super::content::plain_text;
use super::document::{Alignment, Block, Inline, Place, Placed};

/// The text of the level-1 heading that comes first, if one does.
pub(super) fn title_of(blocks: &[Placed<Block>]) -> Option<String> {
    let content = heading_of(blocks)?.content;
    words_of(content)
}

/// The words of a line that becomes plain text, in one line. Those in the stead of pictures count
/// only where there are no others.
pub(super) fn words_of(content: &[Inline]) -> Option<String> {
    let mut own = content.to_vec();
    leave_out_pictures(&mut own);
    let words = |content: &[Inline]| {
        let words = plain_text(content);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!words.is_empty()).then_some(words)
    };
    words(&own).or_else(|| words(content))
}

/// The heading that is the title, and the blocks behind it.
pub(super) struct TitleHeading<'a> {
    pub anchor: &'a str,
    pub content: &'a [Inline],
    pub rest: &'a [Placed<Block>],
}

/// The heading that is the title, where a page begins with one.
pub(super) fn heading_of(blocks: &[Placed<Block>]) -> Option<TitleHeading<'_>> {
    let (first, rest) = blocks.split_first()?;
    match &first.is {
        Block::Heading {
            level: 1,
            content,
            anchor,
            ..
        } => Some(TitleHeading {
            anchor,
            content,
            rest,
        }),
        _ => None,
    }
}

/// What the heading holds besides words, as a paragraph that stands below the title: pictures,
/// links, formulas, numbers of footnotes and what is Confluence's own.
pub(super) fn beside_title(blocks: &[Placed<Block>]) -> Option<Placed<Block>> {
    let content = heading_of(blocks)?.content;
    beside(content, blocks.first()?.place)
}

/// What a line that becomes plain text holds besides words, as a paragraph.
pub(super) fn beside(content: &[Inline], place: Place) -> Option<Placed<Block>> {
    let mut found = Vec::new();
    add_beside(content, &mut found);
    if found.is_empty() {
        return None;
    }
    let mut content = Vec::with_capacity(found.len() * 2);
    for inline in found {
        if !content.is_empty() {
            content.push(Inline::Text(" ".to_owned()));
        }
        content.push(inline);
    }
    let alignment = Alignment::None;
    Some(Placed {
        place,
        is: Block::Paragraph { content, alignment },
    })
}

fn add_beside(content: &[Inline], found: &mut Vec<Inline>) {
    for inline in content {
        match inline {
            // An address that is its own words is there with them.
            Inline::Link {
                target, content, ..
            } if matches!(content.as_slice(), [Inline::Text(words)] if target.ends_with(words.as_str())) =>
                {}
            Inline::Image { .. }
            | Inline::Link { .. }
            | Inline::Math { .. }
            | Inline::FootnoteMention { .. } => found.push(inline.clone()),
            Inline::Foreign { end, .. } if end.is_empty() => found.push(inline.clone()),
            Inline::Styled(_, content) | Inline::Foreign { content, .. } => {
                add_beside(content, found);
            }
            // A title has the words, and anchors are written by themselves.
            Inline::Text(_) | Inline::Code(_) | Inline::Break | Inline::Anchor(_) => {}
        }
    }
}

fn leave_out_pictures(content: &mut Vec<Inline>) {
    content.retain(|inline| !matches!(inline, Inline::Image { .. }));
    for inline in content {
        if let Inline::Styled(_, content)
        | Inline::Link { content, .. }
        | Inline::Foreign { content, .. } = inline
        {
            leave_out_pictures(content);
        }
    }
}
