//! The ways of draw.io's lines: where they leave one shape and come to another, the corners in
//! between, and their heads. Where an author set corners, they are followed; the others are chosen
//! here, which draw.io may do another way.

use crate::canvas::{Head, HeadStyle, Point, direction, number, polyline};

use super::model::{Cell, Cells, Room, Style};

/// The places of a line from its beginning to its end, two at least.
pub(super) fn points(cells: &Cells, line: &Cell) -> Option<Vec<Point>> {
    let style = &line.style;
    let origin = cells.origin_of(line);
    let moved = |(x, y): Point| (x + origin.0, y + origin.1);
    let between: Vec<Point> = line.geometry.points.iter().copied().map(moved).collect();
    let source = cells.shape(line.source.as_deref());
    let target = cells.shape(line.target.as_deref());
    let fixed_start = source.and_then(|(_, bounds)| fixed(style, "exit", bounds));
    let fixed_end = target.and_then(|(_, bounds)| fixed(style, "entry", bounds));
    let free_start = line.geometry.source.map(moved);
    let free_end = line.geometry.target.map(moved);
    let start_middle = fixed_start.or(source.map(|(_, bounds)| bounds.center()));
    let end_middle = fixed_end.or(target.map(|(_, bounds)| bounds.center()));
    let from = start_middle.or(free_start)?;
    let to = end_middle.or(free_end)?;
    let edge_style = style.get("edgeStyle").unwrap_or_default();
    let is_square = matches!(
        edge_style,
        "orthogonalEdgeStyle"
            | "elbowEdgeStyle"
            | "entityRelationEdgeStyle"
            | "isometricEdgeStyle"
            | "sideToSideEdgeStyle"
            | "topToBottomEdgeStyle"
            | "segmentEdgeStyle"
    );
    let mut points = if is_square {
        let start = Terminal {
            at: from,
            bounds: source.map(|(_, bounds)| bounds),
            is_fixed: fixed_start.is_some(),
        };
        let end = Terminal {
            at: to,
            bounds: target.map(|(_, bounds)| bounds),
            is_fixed: fixed_end.is_some(),
        };
        square(start, &between, end, style)
    } else {
        let mut points = vec![from];
        points.extend(between);
        points.push(to);
        let last = points.len() - 1;
        if let (Some((shape, bounds)), None) = (source, fixed_start) {
            points[0] = edge_of(shape, bounds, points[1]);
        }
        if let (Some((shape, bounds)), None) = (target, fixed_end) {
            points[last] = edge_of(shape, bounds, points[last - 1]);
        }
        points
    };
    points.dedup_by(|one, other| direction(*one, *other).is_none());
    (points.len() > 1).then_some(points)
}

/// Where a style fixes the end of a line to a shape.
fn fixed(style: &Style, end: &str, bounds: Room) -> Option<Point> {
    let part = |name: &str| style.number(&format!("{end}{name}"));
    let (across, down) = (part("X")?, part("Y")?);
    Some((
        bounds.x + across * bounds.width + part("Dx").unwrap_or(0.0),
        bounds.y + down * bounds.height + part("Dy").unwrap_or(0.0),
    ))
}

/// Where the edge of a shape is, seen from its middle towards a place.
fn edge_of(shape: &Cell, bounds: Room, towards: Point) -> Point {
    let middle = bounds.center();
    let (x, y) = (towards.0 - middle.0, towards.1 - middle.1);
    let (across, up) = (bounds.width / 2.0, bounds.height / 2.0);
    if across <= 0.0 || up <= 0.0 || (x == 0.0 && y == 0.0) {
        return middle;
    }
    let reach = match shape.style.shape() {
        "ellipse" | "doubleEllipse" => 1.0 / (x / across).hypot(y / up),
        "rhombus" => 1.0 / ((x / across).abs() + (y / up).abs()),
        _ => 1.0 / (x / across).abs().max((y / up).abs()),
    };
    // Within the shape there is no way out of it.
    let reach = reach.min(1.0);
    (middle.0 + x * reach, middle.1 + y * reach)
}

/// An end of a line.
#[derive(Clone, Copy)]
struct Terminal {
    at: Point,
    bounds: Option<Room>,
    is_fixed: bool,
}

/// The side of a shape that a line leaves by, as the direction away from it.
fn side_of(terminal: Terminal) -> Option<Point> {
    let bounds = terminal.bounds.filter(|_| terminal.is_fixed)?;
    let (x, y) = terminal.at;
    let near = |one: f64, other: f64| (one - other).abs() < 0.5;
    if near(x, bounds.x) {
        Some((-1.0, 0.0))
    } else if near(x, bounds.right()) {
        Some((1.0, 0.0))
    } else if near(y, bounds.y) {
        Some((0.0, -1.0))
    } else if near(y, bounds.bottom()) {
        Some((0.0, 1.0))
    } else {
        None
    }
}

/// A way of lines that run across or down.
fn square(start: Terminal, between: &[Point], end: Terminal, style: &Style) -> Vec<Point> {
    if between.is_empty() {
        return direct(start, end, style);
    }
    // From each place to the next, first along the one before.
    let first = leave(start, between[0]);
    let last = leave(end, between[between.len() - 1]);
    let mut points = vec![first];
    let mut is_across = match side_of(start) {
        Some((across, _)) => across != 0.0,
        None => is_flat(first, between[0]),
    };
    for place in between.iter().copied().chain([last]) {
        let before = points[points.len() - 1];
        let (x, y) = ((before.0 - place.0).abs(), (before.1 - place.1).abs());
        if x > 0.5 && y > 0.5 {
            let corner = match is_across {
                true => (place.0, before.1),
                false => (before.0, place.1),
            };
            points.push(corner);
            is_across = !is_across;
        } else if x > 0.5 || y > 0.5 {
            is_across = x > y;
        }
        points.push(place);
        // What follows a place turns there, unless it goes straight on.
        is_across = !is_across;
    }
    points
}

fn is_flat(from: Point, to: Point) -> bool {
    (to.0 - from.0).abs() >= (to.1 - from.1).abs()
}

/// Where a line leaves a shape when it goes to a place: straight, where the place is beside it.
fn leave(terminal: Terminal, to: Point) -> Point {
    let Some(bounds) = terminal.bounds.filter(|_| !terminal.is_fixed) else {
        return terminal.at;
    };
    if to.0 >= bounds.x && to.0 <= bounds.right() {
        let is_below = to.1 > bounds.center().1;
        let y = if is_below { bounds.bottom() } else { bounds.y };
        return (to.0, y);
    }
    if to.1 >= bounds.y && to.1 <= bounds.bottom() {
        let is_right = to.0 > bounds.center().0;
        let x = if is_right { bounds.right() } else { bounds.x };
        return (x, to.1);
    }
    let is_right = to.0 > bounds.center().0;
    let x = if is_right { bounds.right() } else { bounds.x };
    (x, bounds.center().1)
}

/// A way without corners of its author.
fn direct(start: Terminal, end: Terminal, style: &Style) -> Vec<Point> {
    let empty = |at: Point| Room::around(at, 0.0, 0.0);
    let one = start.bounds.unwrap_or_else(|| empty(start.at));
    let other = end.bounds.unwrap_or_else(|| empty(end.at));
    let gap_across = (other.x - one.right()).max(one.x - other.right());
    let gap_down = (other.y - one.bottom()).max(one.y - other.bottom());
    let is_vertical = style.get("elbow") == Some("vertical")
        || style.get("edgeStyle") == Some("topToBottomEdgeStyle");
    let goes_across = match style.get("edgeStyle") {
        _ if gap_across < 0.0 && gap_down >= 0.0 => false,
        _ if gap_down < 0.0 && gap_across >= 0.0 => true,
        Some("elbowEdgeStyle" | "topToBottomEdgeStyle") => !is_vertical,
        Some("entityRelationEdgeStyle" | "sideToSideEdgeStyle") => true,
        _ => gap_across >= gap_down,
    };
    let towards = |from: Room, to: Room| {
        let ((from_x, from_y), (to_x, to_y)) = (from.center(), to.center());
        match goes_across {
            true => (if to_x >= from_x { 1.0 } else { -1.0 }, 0.0),
            false => (0.0, if to_y >= from_y { 1.0 } else { -1.0 }),
        }
    };
    let out = side_of(start).unwrap_or_else(|| towards(one, other));
    let into = side_of(end).unwrap_or_else(|| towards(other, one));
    let on_side = |terminal: Terminal, bounds: Room, side: Point| match terminal.is_fixed {
        true => terminal.at,
        false => (
            bounds.center().0 + side.0 * bounds.width / 2.0,
            bounds.center().1 + side.1 * bounds.height / 2.0,
        ),
    };
    let mut from = on_side(start, one, out);
    let mut to = on_side(end, other, into);
    // Shapes that are beside each other are joined by a straight line where that is possible.
    if out.0 != 0.0 && into.0 != 0.0 {
        let (top, low) = (one.y.max(other.y), one.bottom().min(other.bottom()));
        if top < low && !(start.is_fixed && end.is_fixed) {
            let y = match (start.is_fixed, end.is_fixed) {
                (true, _) if from.1 >= top && from.1 <= low => from.1,
                (_, true) if to.1 >= top && to.1 <= low => to.1,
                (false, false) => f64::midpoint(top, low),
                _ => f64::NAN,
            };
            if y.is_finite() {
                (from.1, to.1) = (y, y);
            }
        }
    } else if out.1 != 0.0 && into.1 != 0.0 {
        let (left, right) = (one.x.max(other.x), one.right().min(other.right()));
        if left < right && !(start.is_fixed && end.is_fixed) {
            let x = match (start.is_fixed, end.is_fixed) {
                (true, _) if from.0 >= left && from.0 <= right => from.0,
                (_, true) if to.0 >= left && to.0 <= right => to.0,
                (false, false) => f64::midpoint(left, right),
                _ => f64::NAN,
            };
            if x.is_finite() {
                (from.0, to.0) = (x, x);
            }
        }
    }
    let away = |at: Point, side: Point| (at.0 + side.0 * 20.0, at.1 + side.1 * 20.0);
    match (out.0 != 0.0, into.0 != 0.0) {
        (true, true) if out.0 != into.0 && (to.0 - from.0) * out.0 >= 0.0 => {
            let middle = f64::midpoint(from.0, to.0);
            vec![from, (middle, from.1), (middle, to.1), to]
        }
        (true, true) => {
            let (near, far) = (away(from, out), away(to, into));
            let x = match out.0 == into.0 {
                // Both on one side: around the farther one.
                true => (near.0 * out.0).max(far.0 * out.0) * out.0,
                false => near.0,
            };
            if out.0 == into.0 {
                return vec![from, (x, from.1), (x, to.1), to];
            }
            let y = f64::midpoint(from.1, to.1);
            vec![from, (x, from.1), (x, y), (far.0, y), (far.0, to.1), to]
        }
        (false, false) if out.1 != into.1 && (to.1 - from.1) * out.1 >= 0.0 => {
            let middle = f64::midpoint(from.1, to.1);
            vec![from, (from.0, middle), (to.0, middle), to]
        }
        (false, false) => {
            let (near, far) = (away(from, out), away(to, into));
            if out.1 == into.1 {
                let y = (near.1 * out.1).max(far.1 * out.1) * out.1;
                return vec![from, (from.0, y), (to.0, y), to];
            }
            let x = f64::midpoint(from.0, to.0);
            vec![from, near, (x, near.1), (x, far.1), far, to]
        }
        (true, false) => vec![from, (to.0, from.1), to],
        (false, true) => vec![from, (from.0, to.1), to],
    }
}

/// Where words on a line stand: as far along it as their place says, from one end (-1) to the other,
/// and as far beside it.
pub(super) fn label_place(points: &[Point], cell: &Cell) -> Point {
    let lengths: Vec<f64> = points
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
        .collect();
    let whole: f64 = lengths.iter().sum();
    let geometry = &cell.geometry;
    let mut left = whole * (geometry.x.clamp(-1.0, 1.0) + 1.0) / 2.0;
    let mut place = points[points.len() - 1];
    for (pair, length) in points.windows(2).zip(&lengths) {
        if left <= *length && *length > 0.0 {
            let part = left / length;
            let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let beside = geometry.y;
            place = (
                pair[0].0 + x * part + y / length * beside,
                pair[0].1 + y * part - x / length * beside,
            );
            break;
        }
        left -= length;
    }
    let (right, down) = geometry.offset.unwrap_or_default();
    (place.0 + right, place.1 + down)
}

/// The head at an end of a line.
pub(super) fn head(
    style: &Style,
    name: &str,
    usual: &str,
    fill: &str,
    size: &str,
) -> Option<HeadStyle> {
    let named = style.get(name).unwrap_or(usual);
    let filled = style.get(fill) != Some("0");
    let made = |head: Head, behind: Option<Head>| {
        Some(HeadStyle {
            head,
            size: style.number(size).unwrap_or(6.0).clamp(0.0, 100.0),
            filled,
            behind,
        })
    };
    match named {
        "none" | "" => None,
        "block" | "blockThin" | "manyOptional" => made(Head::Block, None),
        "open" | "openThin" | "openAsync" | "async" => made(Head::Open, None),
        "oval" | "circle" | "circlePlus" | "halfCircle" => made(Head::Oval, None),
        "diamond" | "diamondThin" | "box" => made(Head::Diamond, None),
        "dash" | "ERone" => made(Head::Bar, None),
        "ERmandOne" => made(Head::Bar, Some(Head::Bar)),
        "ERzeroToOne" => made(Head::Bar, Some(Head::Oval)),
        "ERmany" => made(Head::Crowfoot, None),
        "ERoneToMany" => made(Head::Crowfoot, Some(Head::Bar)),
        "ERzeroToMany" => made(Head::Crowfoot, Some(Head::Oval)),
        "cross" => made(Head::Cross, None),
        _ => made(Head::Classic, None),
    }
}

/// A line whose corners are round.
pub(super) fn rounded(points: &[Point]) -> String {
    let mut path = polyline(&points[..1]);
    for corner in points.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        let (Some(come), Some(go)) = (direction(before, at), direction(at, after)) else {
            continue;
        };
        let length = |one: Point, other: Point| (other.0 - one.0).hypot(other.1 - one.1);
        let radius = 10_f64
            .min(length(before, at) / 2.0)
            .min(length(at, after) / 2.0);
        path.push_str(&format!(
            "L{} {}Q{} {} {} {}",
            number(at.0 - come.0 * radius),
            number(at.1 - come.1 * radius),
            number(at.0),
            number(at.1),
            number(at.0 + go.0 * radius),
            number(at.1 + go.1 * radius)
        ));
    }
    let (x, y) = points[points.len() - 1];
    path.push_str(&format!("L{} {}", number(x), number(y)));
    path
}

/// A line that bends towards its corners.
pub(super) fn curved(points: &[Point]) -> String {
    let mut path = polyline(&points[..1]);
    let last = points.len() - 1;
    if last == 1 {
        return polyline(points);
    }
    for at in 1..last {
        let (x, y) = points[at];
        let (next_x, next_y) = points[at + 1];
        let (end_x, end_y) = match at + 1 == last {
            true => (next_x, next_y),
            false => (f64::midpoint(x, next_x), f64::midpoint(y, next_y)),
        };
        path.push_str(&format!(
            "Q{} {} {} {}",
            number(x),
            number(y),
            number(end_x),
            number(end_y)
        ));
    }
    path
}
