//! PlantUML, as far as every line of a source is understood. What is not is a failure that names the
//! line, so that no diagram is drawn that says something else than its source.
//!
//! In reading order: `lines` takes the source apart, `preprocessor` works its definitions in, `c4` knows
//! the macros of a library, `frame` what every diagram may have around it, then there is a file for
//! each family: `sequence`, `graph` with what Graphviz lays out, `activity`, `tree` with maps of
//! thoughts and work, `gantt` and `data`.

mod activity;
mod c4;
mod colors;
mod data;
mod frame;
mod gantt;
mod graph;
mod lines;
mod preprocessor;
mod sequence;
mod shapes;
mod stroke;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use super::Failure;
use super::canvas::Canvas;
use super::picture::Drawn;
use frame::{Frame, Reader};
use lines::{Block, Line, is_unknown, read, wrong};
use preprocessor::processed;

/// Room around a diagram in pixels.
const MARGIN: f32 = 10.0;
/// Room between two diagrams of one source.
const BETWEEN: f64 = 24.0;
/// Lines that are read.
const MOST_LINES: usize = 5_000;

pub(crate) fn draw(source: &str) -> Result<Drawn, Failure> {
    let mut canvas = Canvas::new();
    let mut left_out = Vec::new();
    for block in read(source)? {
        let (drawn, more) = draw_block(block)?;
        canvas.put_below(drawn, BETWEEN);
        left_out.extend(more);
    }
    left_out.sort();
    left_out.dedup();
    Ok(Drawn {
        svg: canvas.finish(None)?,
        below: 0.0,
        margin: MARGIN,
        left_out,
    })
}

/// One diagram, and what of its looks is left out.
fn draw_block(block: Block) -> Result<(Canvas, Vec<String>), Failure> {
    let first = block.lines.first().map_or(1, |line| line.number);
    let kind = block.kind.as_str();
    let is_known = matches!(kind, "uml" | "mindmap" | "wbs" | "json" | "yaml" | "gantt");
    if !is_known {
        return Err(wrong(
            first.saturating_sub(1).max(1),
            format!("Tributary draws no `@start{kind}`"),
        ));
    }
    let architecture = c4::included(&block.lines).filter(|_| kind == "uml");
    let lines = processed(block.lines)?;
    if lines.len() > MOST_LINES {
        return Err(Failure::new("it has too many lines for a picture"));
    }
    if let Some(is_numbered) = architecture {
        let (lines, looks) = c4::described(lines, is_numbered)?;
        let (canvas, mut left_out) = attempt(&lines, |reader, frame| {
            graph::draw(reader, frame, graph::Family::Description)
        })?;
        left_out.extend(looks);
        return Ok((canvas, left_out));
    }
    match kind {
        "mindmap" => attempt(&lines, |reader, frame| {
            tree::draw(reader, frame, tree::Kind::Mind)
        }),
        "wbs" => attempt(&lines, |reader, frame| {
            tree::draw(reader, frame, tree::Kind::Work)
        }),
        "gantt" => attempt(&lines, gantt::draw),
        "json" => attempt(&lines, |reader, frame| {
            data::draw(reader, frame, data::Kind::Json)
        }),
        "yaml" => attempt(&lines, |reader, frame| {
            data::draw(reader, frame, data::Kind::Yaml)
        }),
        _ => draw_any(&lines),
    }
}

/// A diagram that does not say of which family it is. Each family is tried in the order in which
/// PlantUML tries them; when none understands all lines, the one speaks that came farthest.
fn draw_any(lines: &[Line]) -> Result<(Canvas, Vec<String>), Failure> {
    let mut farthest: Option<Failure> = None;
    type Draw = fn(&mut Reader, &mut Frame) -> Result<Canvas, Failure>;
    let families: [Draw; 5] = [
        sequence::draw,
        |reader, frame| graph::draw(reader, frame, graph::Family::Class),
        |reader, frame| graph::draw(reader, frame, graph::Family::Description),
        |reader, frame| graph::draw(reader, frame, graph::Family::State),
        activity::draw,
    ];
    for family in families {
        match attempt(lines, family) {
            Ok(drawn) => return Ok(drawn),
            Err(failure) => {
                // At the same line the one that knows more of it.
                let is_farther = farthest.as_ref().is_none_or(|farthest| {
                    failure.line > farthest.line
                        || failure.line == farthest.line
                            && is_unknown(farthest)
                            && !is_unknown(&failure)
                });
                if is_farther {
                    farthest = Some(failure);
                }
            }
        }
    }
    Err(farthest.unwrap_or_else(|| Failure::new("it shows nothing")))
}

fn attempt(
    lines: &[Line],
    draw: impl FnOnce(&mut Reader, &mut Frame) -> Result<Canvas, Failure>,
) -> Result<(Canvas, Vec<String>), Failure> {
    let mut reader = Reader::new(lines);
    let mut frame = Frame::default();
    let canvas = draw(&mut reader, &mut frame)?;
    let canvas = frame.around(canvas)?;
    Ok((canvas, frame.left_out))
}
