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

/// The problems of a picture that lacks something of its source: one of shapes, one of looks.
pub(crate) fn simplified(kind: DrawingKind, picture: &DrawingPicture, at: Place) -> Vec<Problem> {
    lacking(kind, picture, |_| at)
}

/// The same of a source in a fenced block, each at the line of what is left out first.
pub(crate) fn simplified_in_block(
    kind: DrawingKind,
    picture: &DrawingPicture,
    source: &str,
    fence: Place,
) -> Vec<Problem> {
    lacking(kind, picture, |first| {
        let first = first.to_ascii_lowercase();
        let begins = |line: &str| line.trim_start().to_ascii_lowercase().starts_with(&first);
        let has = |line: &str| line.to_ascii_lowercase().contains(&first);
        let before = source.lines().position(begins);
        let before = before.or_else(|| source.lines().position(has)).unwrap_or(0);
        let mut at = first_line(fence);
        at.line += u32::try_from(before).unwrap_or(0);
        at
    })
}

/// What a picture lacks, at the place of what is left out first of each sort.
fn lacking(
    kind: DrawingKind,
    picture: &DrawingPicture,
    place: impl Fn(&str) -> Place,
) -> Vec<Problem> {
    let names = picture.left_out.iter().map(String::as_str);
    let (looks, shapes): (Vec<&str>, Vec<&str>) = names.partition(|name| is_look(kind, name));
    let mut problems = Vec::new();
    if let Some((&first, more)) = shapes.split_first() {
        let at = place(first);
        problems.push(Problem {
            severity: Severity::Warning,
            code: "diagram.simplified",
            message: sentence!(
                "the {noun} has shapes that are not known here and are boxes with their labels in \
                 its picture: `{first}`{more}",
                noun = kind.noun(),
                first,
                more = and_more(more)
            ),
            line: at.line,
            column: at.column,
        });
    }
    if let Some((&first, more)) = looks.split_first() {
        let at = place(first);
        problems.push(Problem {
            // The picture says what the source does, as every diagram that is drawn here.
            severity: Severity::Note,
            code: "diagram.plain",
            message: sentence!(
                "the {noun} says how it looks, and its picture does not follow: `{first}`{more}",
                noun = kind.noun(),
                first,
                more = and_more(more)
            ),
            line: at.line,
            column: at.column,
        });
    }
    problems
}

/// Whether what a picture lacks says how it would look, and nothing else.
fn is_look(kind: DrawingKind, name: &str) -> bool {
    match kind {
        DrawingKind::PlantUml | DrawingKind::Graphviz => true,
        // Marks in words, another way to lay it out, the direction of a timeline.
        DrawingKind::Mermaid => {
            let is_mark = name.starts_with(['*', '_', '<', '$']) && name != "<img";
            is_mark || matches!(name, "elk" | "TD")
        }
        _ => false,
    }
}

fn and_more(more: &[&str]) -> Sentence {
    match more.len() {
        0 => Sentence::default(),
        count => sentence!(" and {count} more", count),
    }
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
