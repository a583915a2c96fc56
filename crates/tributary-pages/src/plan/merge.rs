//! A step that keeps what a person wrote on its page.

use crate::Sentence;
use crate::markup::{Block, Disagreement, Document, Flavor, Inline, Placed, merge_storage};

use super::snapshot::{Edited, base_hash};
use super::step::{Bodies, Refusal, Step, StepKind};

/// Puts the person's words into the step's body, which is what the source alone becomes, or refuses
/// the step where both changed the same. Gives what the source alone becomes where the page says
/// more.
pub(super) fn merge(
    step: &mut Step,
    bodies: &mut Bodies,
    edited: &Edited,
    version: u32,
    document: Option<&Document>,
    flavor: Flavor,
) -> Option<String> {
    if bodies.storage.len() > LARGEST_BASE {
        step.kind = StepKind::Refuse {
            refusal: Refusal::EditedByHand,
            reason: sentence!(
                "somebody edited the page in Confluence (version {version}), and it is too large \
                 to be merged. Take the edit over into `{path}`, or publish with conflicts set to \
                 overwrite",
                version,
                path = step.path
            ),
        };
        return None;
    }
    match merge_storage(&edited.base, &bodies.storage, &edited.body, flavor) {
        Ok(merged) => {
            // A page that says no more than its source is like any other.
            let says_more = merged.body != bodies.storage;
            let ours = says_more.then(|| {
                let merged = Bodies::of_storage(merged.body, step.format);
                std::mem::replace(bodies, merged).storage
            });
            if let Some(ours) = &ours {
                if let Some(marker) = &mut step.marker {
                    marker.merged = Some(base_hash(ours));
                }
                step.message.add_merged();
            }
            step.problems
                .extend(merged.problems.into_iter().map(|mut problem| {
                    // Its place is one in the stored page, where nobody looks.
                    (problem.line, problem.column) = (0, 0);
                    problem
                }));
            if let StepKind::Move { expected_version } = step.kind {
                step.kind = StepKind::Update {
                    expected_version,
                    moves: true,
                };
            }
            ours
        }
        Err(disagreements) => {
            let places = disagreements
                .iter()
                .take(SHOWN)
                .map(|place| describe(place, &step.path, document))
                .reduce(|before, place| sentence!("{before}; {place}", before, place))
                .unwrap_or_default();
            let more = match disagreements.len().saturating_sub(SHOWN) {
                0 => Sentence::default(),
                count => sentence!("; and {count} more", count),
            };
            step.kind = StepKind::Refuse {
                refusal: Refusal::EditedByHand,
                reason: sentence!(
                    "somebody edited the page in Confluence (version {version}) where the source \
                     changed too: {places}{more}. Take the edit over into `{path}`, or publish \
                     with conflicts set to overwrite",
                    version,
                    places,
                    more,
                    path = step.path
                ),
            };
            None
        }
    }
}

/// The largest body that is kept beside a page, as some sixty content properties.
const LARGEST_BASE: usize = 700_000;

/// Places that a reason names; a person solves one after the other.
const SHOWN: usize = 5;

fn describe(place: &Disagreement, path: &str, document: Option<&Document>) -> Sentence {
    let line = document.and_then(|document| line_of(document, place));
    let source = match line {
        Some(line) => sentence!("line {line} of `{path}`", line, path),
        None => format!("`{path}`").into(),
    };
    let below = if place.headings.is_empty() {
        sentence!("at the top of the page")
    } else {
        sentence!("below `{headings}`", headings = place.headings.join(" › "))
    };
    let says = |text: &str| match text {
        "" => sentence!("nothing"),
        text => format!("`{text}`").into(),
    };
    sentence!(
        "{below} the page says {theirs}, and {source} {ours}",
        below,
        theirs = says(&place.theirs),
        source,
        ours = says(&place.ours)
    )
}

/// The line of the source in which our words of the place stand: the first below its heading.
fn line_of(document: &Document, place: &Disagreement) -> Option<u32> {
    let mut lines = Vec::new();
    add_lines(&document.blocks, &mut lines);
    let heading = place.headings.last().and_then(|heading| {
        lines
            .iter()
            .position(|(_, is_heading, text)| *is_heading && text == heading)
    });
    let below = &lines[heading.unwrap_or(0)..];
    let words = place.ours.trim_end_matches('…');
    let (line, ..) = below
        .iter()
        .find(|(_, _, text)| !words.is_empty() && text.contains(words))
        .or_else(|| heading.and(below.first()))?;
    Some(*line)
}

/// Line, whether it is a heading, and text of every block that has text of its own.
fn add_lines(blocks: &[Placed<Block>], lines: &mut Vec<(u32, bool, String)>) {
    for Placed { place, is } in blocks {
        let mut text = String::new();
        match is {
            Block::Heading { content, .. } | Block::Paragraph { content, .. } => {
                add_text(content, &mut text);
            }
            Block::Code { text: code, .. } => text.push_str(code),
            Block::List { items, .. } => {
                items.iter().for_each(|item| add_lines(&item.blocks, lines));
            }
            Block::Table { head, body, .. } => {
                let cells = head.iter().chain(body).flat_map(|row| &row.cells);
                cells.for_each(|cell| add_lines(&cell.blocks, lines));
            }
            Block::Quote(blocks)
            | Block::Panel { blocks, .. }
            | Block::Expand { blocks, .. }
            | Block::Excerpt { blocks, .. }
            | Block::Foreign { blocks, .. } => add_lines(blocks, lines),
            Block::Definitions(entries) => {
                for meaning in entries.iter().flat_map(|entry| &entry.meanings) {
                    add_lines(meaning, lines);
                }
            }
            Block::Footnotes(notes) => {
                notes.iter().for_each(|note| add_lines(&note.blocks, lines));
            }
            Block::Adf { blocks, .. } => {
                add_lines(blocks.as_deref().unwrap_or_default(), lines);
            }
            Block::Rule | Block::TableOfContents => {}
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if !words.is_empty() {
            let is_heading = matches!(is, Block::Heading { .. });
            lines.push((place.line, is_heading, words.join(" ")));
        }
    }
}

fn add_text(content: &[Inline], text: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(more) | Inline::Code(more) | Inline::Math { source: more, .. } => {
                text.push_str(more);
            }
            Inline::Styled(_, content)
            | Inline::Link { content, .. }
            | Inline::Foreign { content, .. } => add_text(content, text),
            Inline::Break => text.push(' '),
            Inline::Image { .. } | Inline::Anchor(_) | Inline::FootnoteMention { .. } => {}
        }
    }
}
