//! What is told of diagrams and formulas when a page is written: the picture that one became, or why
//! it has none.

use super::document::{Place, Problem, Severity};
use super::drawing::{Drawing, DrawingKind, DrawingPicture};
use super::writing::Resolve;
use crate::Sentence;

/// The problem of a source that is shown because it cannot be drawn. `at` is where the source
/// begins: for a fenced block its first line, whose column says nothing.
pub(super) fn not_drawn(
    kind: DrawingKind,
    message: &str,
    at: Place,
    (line, column): (Option<u32>, Option<u32>),
) -> Problem {
    let line = line.unwrap_or(1).max(1);
    let column = match (line, column) {
        (1, column) if at.column > 1 => at.column + column.map_or(0, |column| column - 1),
        (_, column) => column.unwrap_or(1),
    };
    let noun = kind.noun();
    Problem {
        severity: Severity::Warning,
        code: "diagram.not_drawn",
        message: sentence!(
            "the {noun} cannot be drawn: {message}. Its source is shown instead",
            noun,
            message
        ),
        line: at.line + line - 1,
        column,
    }
}

/// The picture that a diagram or formula becomes where pictures are all that is shown of them; what
/// cannot be drawn is told.
pub(super) fn drawn_picture(
    resolve: &dyn Resolve,
    kind: DrawingKind,
    source: &str,
    at: Place,
    problems: &mut Vec<Problem>,
) -> Option<DrawingPicture> {
    match resolve.drawing(kind, source) {
        Drawing::Picture(picture) => Some(picture),
        Drawing::Failed {
            message,
            line,
            column,
        } => {
            problems.push(not_drawn(kind, &message, at, (line, column)));
            None
        }
        Drawing::Source | Drawing::Macro { .. } => None,
    }
}

/// The problem of a picture that lacks shapes of its source; none for one that lacks none.
pub(crate) fn simplified(
    kind: DrawingKind,
    picture: &DrawingPicture,
    at: Place,
) -> Option<Problem> {
    let (first, more) = picture.left_out.split_first()?;
    let more = match more.len() {
        0 => Sentence::default(),
        count => sentence!(" and {count} more", count),
    };
    if matches!(kind, DrawingKind::PlantUml | DrawingKind::Graphviz) {
        return Some(Problem {
            // The picture says what the source does, as every diagram that is drawn here.
            severity: Severity::Note,
            code: "diagram.plain",
            message: sentence!(
                "the {noun} says how it looks, and its picture does not follow: `{first}`{more}",
                noun = kind.noun(),
                first,
                more
            ),
            line: at.line,
            column: at.column,
        });
    }
    Some(Problem {
        severity: Severity::Warning,
        code: "diagram.simplified",
        message: sentence!(
            "the {noun} has shapes that are not known here and are boxes with their labels in its \
             picture: `{first}`{more}",
            noun = kind.noun(),
            first,
            more
        ),
        line: at.line,
        column: at.column,
    })
}

/// The same of a source in a fenced block, at the line of what is left out first.
pub(crate) fn simplified_in_block(
    kind: DrawingKind,
    picture: &DrawingPicture,
    source: &str,
    fence: Place,
) -> Option<Problem> {
    let first = picture.left_out.first()?.to_ascii_lowercase();
    let begins = |line: &str| line.trim_start().to_ascii_lowercase().starts_with(&first);
    let has = |line: &str| line.to_ascii_lowercase().contains(&first);
    let before = source.lines().position(begins);
    let before = before.or_else(|| source.lines().position(has)).unwrap_or(0);
    let mut at = first_line(fence);
    at.line += u32::try_from(before).unwrap_or(0);
    simplified(kind, picture, at)
}

/// Where the source of a fenced block begins: on the line after its fence.
pub(super) fn first_line(fence: Place) -> Place {
    Place {
        line: fence.line + 1,
        column: 1,
    }
}

/// Where the source of a formula begins: behind its signs.
pub(super) fn behind_signs(at: Place, displayed: bool) -> Place {
    Place {
        line: at.line,
        column: at.column + if displayed { 2 } else { 1 },
    }
}
