//! How things and the lines between them look.

use super::super::super::canvas::{
    Anchor, Canvas, Head as CanvasHead, HeadStyle, Paint, Point, direction, ellipse, number,
    polyline,
};
use super::super::frame::{NoteShape, note};
use super::super::shapes::{barrel, filled, person, pipe, reach, rectangle, rounded, stroke};
use super::super::words::{Words, plain};
use super::links::Head;
use super::place::{Area, Placed, Route};
use super::size::{LETTER, PAD, PART, head_size, parts, shown_stereotype};
use super::{Connection, Container, Graph, Node, Shape};

const LINE: &str = "#181818";
const FILL: &str = "#F1F1F1";

pub(super) fn draw(graph: &Graph, placed: &Placed) -> Canvas {
    let mut canvas = Canvas::new();
    // Containers are in the order in which they begin, so what holds another is before it.
    for (at, container) in graph.containers.iter().enumerate() {
        if let Some(area) = placed.containers.get(&at) {
            draw_container(&mut canvas, container, *area);
        }
    }
    for (at, line) in graph.lines.iter().enumerate() {
        if let Some(route) = placed
            .routes
            .get(&at)
            .filter(|_| !line.link.stroke.is_hidden)
        {
            draw_line(&mut canvas, line, route);
        }
    }
    for (at, node) in graph.nodes.iter().enumerate() {
        if let Some(area) = placed.nodes.get(&at) {
            draw_node(&mut canvas, graph, node, *area);
        }
    }
    canvas
}

fn draw_container(canvas: &mut Canvas, container: &Container, area: Area) {
    let place = (area.left, area.top);
    let size = (area.right - area.left, area.bottom - area.top);
    reach(canvas, place, size);
    let fill = container.color.as_deref();
    let paint = Paint {
        fill: fill.map(str::to_owned),
        dashes: container.is_region.then(|| "6 5".to_owned()),
        ..stroke(LINE, 1.0)
    };
    let words = &container.words;
    let middle = (area.left + area.right) / 2.0;
    let mut title = (middle, area.top + 5.0);
    match container.shape {
        Shape::Folder => {
            let tab = (words.width() + 16.0).min(size.0);
            let down = words.height() + 4.0;
            let points = [
                place,
                (area.left + tab, area.top),
                (
                    area.left + tab + 7.0_f64.min((size.0 - tab).max(0.0)),
                    area.top + down,
                ),
                (area.right, area.top + down),
                (area.right, area.bottom),
                (area.left, area.bottom),
            ];
            let mut path = polyline(&points);
            path.push('Z');
            canvas.path(&path, &paint);
            if !words.is_empty() {
                let line = polyline(&[(area.left, area.top + down), (area.right, area.top + down)]);
                canvas.path(&line, &stroke(LINE, 1.0));
            }
            words.draw(canvas, (area.left + 7.0, area.top + 2.0), Anchor::Start);
            return;
        }
        Shape::State | Shape::Rounded => {
            canvas.path(&rounded(place, size, 12.0), &paint);
            if container.shape == Shape::State {
                let y = area.top + words.height() + 10.0;
                canvas.path(
                    &polyline(&[(area.left, y), (area.right, y)]),
                    &stroke(LINE, 1.0),
                );
            }
        }
        Shape::Cloud => canvas.path(&rounded(place, size, 24.0), &paint),
        Shape::Database => {
            canvas.path(&barrel(place, size), &paint);
            let half = size.0 / 2.0;
            let rim = format!(
                "M{} {}A{} 6 0 0 0 {} {}",
                number(area.left),
                number(area.top + 6.0),
                number(half),
                number(area.right),
                number(area.top + 6.0)
            );
            canvas.path(&rim, &stroke(LINE, 1.0));
            title.1 += 8.0;
        }
        Shape::Node => {
            let front = front_of(area);
            block_edges(canvas, front, &paint);
            let size = (front.right - front.left, front.bottom - front.top);
            canvas.path(&rectangle((front.left, front.top), size), &paint);
            title = (title.0 - 4.0, title.1 + 8.0);
        }
        _ => canvas.path(&rectangle(place, size), &paint),
    }
    words.draw(canvas, title, Anchor::Middle);
}

/// The front of a block whose sides take the rest of an area.
fn front_of(area: Area) -> Area {
    Area {
        right: area.right - 8.0,
        top: area.top + 8.0,
        ..area
    }
}

/// The sides of a block that is seen from above and the right.
fn block_edges(canvas: &mut Canvas, area: Area, paint: &Paint) {
    let Area {
        left,
        top,
        right,
        bottom,
    } = area;
    let mut path = polyline(&[
        (left, top),
        (left + 8.0, top - 8.0),
        (right + 8.0, top - 8.0),
        (right + 8.0, bottom - 8.0),
        (right, bottom),
        (right, top),
    ]);
    path.push('Z');
    canvas.path(&path, paint);
    let edge = polyline(&[(right, top), (right + 8.0, top - 8.0)]);
    canvas.path(&edge, &stroke(LINE, 1.0));
    canvas.reach((right + 8.0, top - 8.0));
}

fn draw_line(canvas: &mut Canvas, line: &Connection, route: &Route) {
    let (Some(first), Some(last)) = (route.points.first(), route.points.last()) else {
        return;
    };
    let link = &line.link;
    let paint = Paint {
        dashes: (link.stroke.is_dashed || link.stroke.is_dotted).then(|| "5 4".to_owned()),
        ..stroke(
            link.stroke.color.as_deref().unwrap_or(LINE),
            if link.stroke.is_bold { 2.0 } else { 1.0 },
        )
    };
    for point in &route.points {
        canvas.reach(*point);
    }
    let count = route.points.len();
    let mut path = format!("M{} {}", number(first.0), number(first.1));
    for curve in route.points[1..].chunks_exact(3) {
        path.push('C');
        for (x, y) in curve {
            path.push_str(&format!("{} {} ", number(*x), number(*y)));
        }
    }
    canvas.path(&path, &paint);
    if count > 1 {
        head(
            canvas,
            *first,
            before(&route.points, true),
            link.from,
            &paint,
        );
        head(canvas, *last, before(&route.points, false), link.to, &paint);
    }
    for (words, place) in [
        (&line.label, route.label),
        (&line.from_label, route.from_label),
        (&line.to_label, route.to_label),
    ] {
        if let (false, Some((x, y))) = (words.is_empty(), place) {
            words.draw(canvas, (x, y - words.height() / 2.0), Anchor::Middle);
        }
    }
}

/// The place that a line comes to one of its ends from.
fn before(points: &[Point], is_start: bool) -> Point {
    let mut ordered: Vec<Point> = points.to_vec();
    if is_start {
        ordered.reverse();
    }
    let end = ordered[ordered.len() - 1];
    let found = ordered
        .iter()
        .rev()
        .find(|point| direction(**point, end).is_some());
    found.copied().unwrap_or(end)
}

fn head(canvas: &mut Canvas, end: Point, from: Point, kind: Head, paint: &Paint) {
    let solid = Paint {
        dashes: None,
        ..paint.clone()
    };
    let style = |head: CanvasHead, size: f64, is_filled: bool| HeadStyle {
        head,
        size,
        filled: is_filled,
        behind: None,
    };
    let with = |head: CanvasHead, behind: CanvasHead| HeadStyle {
        behind: Some(behind),
        ..style(head, 9.0, false)
    };
    let style = match kind {
        Head::None => return,
        Head::Open => style(CanvasHead::Classic, 10.0, true),
        Head::Triangle => style(CanvasHead::Block, 14.0, false),
        Head::Composition => style(CanvasHead::Diamond, 8.0, true),
        Head::Aggregation => style(CanvasHead::Diamond, 8.0, false),
        Head::Cross => style(CanvasHead::Cross, 8.0, false),
        Head::Circle => style(CanvasHead::Oval, 8.0, false),
        Head::Many => style(CanvasHead::Crowfoot, 9.0, false),
        Head::ZeroOrOne => with(CanvasHead::Bar, CanvasHead::Oval),
        Head::One => with(CanvasHead::Bar, CanvasHead::Bar),
        Head::ZeroOrMany => with(CanvasHead::Crowfoot, CanvasHead::Oval),
        Head::OneOrMany => with(CanvasHead::Crowfoot, CanvasHead::Bar),
        Head::Plus | Head::Square => {
            let Some(along) = direction(from, end) else {
                return;
            };
            let middle = (end.0 - along.0 * 7.0, end.1 - along.1 * 7.0);
            let white = Paint {
                fill: Some("#FFFFFF".to_owned()),
                ..solid.clone()
            };
            if kind == Head::Square {
                let corner = (middle.0 - 5.0, middle.1 - 5.0);
                canvas.path(&rectangle(corner, (10.0, 10.0)), &white);
                return;
            }
            canvas.path(&ellipse(middle, 7.0, 7.0), &white);
            let (x, y) = middle;
            let across = polyline(&[(x - 7.0, y), (x + 7.0, y)]);
            let up = polyline(&[(x, y - 7.0), (x, y + 7.0)]);
            canvas.path(&format!("{across}{up}"), &solid);
            return;
        }
    };
    canvas.head(end, from, style, &solid);
}

fn draw_node(canvas: &mut Canvas, graph: &Graph, node: &Node, area: Area) {
    let place = (area.left, area.top);
    let size = (area.right - area.left, area.bottom - area.top);
    let middle = (
        (area.left + area.right) / 2.0,
        (area.top + area.bottom) / 2.0,
    );
    let fill = node.color.as_deref().unwrap_or(FILL);
    let paint = filled(fill, LINE);
    let lines = stroke(LINE, 1.0);
    reach(canvas, place, size);
    let head = head_size(graph, node);
    let mut words_at = (middle.0, middle.1 - head.1 / 2.0);
    match node.shape {
        Shape::Class(letter) => {
            draw_class(canvas, graph, node, area, letter);
            return;
        }
        Shape::State => {
            canvas.path(&rounded(place, size, 12.0), &paint);
            if !node.members.is_empty() {
                words_at.1 = area.top + PAD - 2.0;
                let mut y = words_at.1 + head.1 + PART;
                canvas.path(&polyline(&[(area.left, y), (area.right, y)]), &lines);
                y += PART;
                for member in &node.members {
                    member
                        .words()
                        .draw(canvas, (area.left + PAD, y), Anchor::Start);
                    y += member.words().height();
                }
            }
        }
        Shape::Actor => {
            person(canvas, (middle.0, area.top), &paint);
            words_at.1 = area.bottom - head.1;
        }
        Shape::Circle => {
            canvas.path(&ellipse((middle.0, area.top + 9.0), 8.0, 8.0), &paint);
            words_at.1 = area.bottom - head.1;
        }
        Shape::Boundary | Shape::Control | Shape::Entity => {
            let center = (middle.0, area.top + 18.0);
            canvas.path(&ellipse(center, 12.0, 12.0), &paint);
            let (x, y) = center;
            let more = match node.shape {
                Shape::Boundary => {
                    let bar = polyline(&[(x - 24.0, y - 12.0), (x - 24.0, y + 12.0)]);
                    format!("{bar}{}", polyline(&[(x - 24.0, y), (x - 12.0, y)]))
                }
                Shape::Control => {
                    polyline(&[(x + 5.0, y - 17.0), (x - 2.0, y - 12.0), (x + 5.0, y - 7.0)])
                }
                _ => polyline(&[(x - 12.0, y + 13.0), (x + 12.0, y + 13.0)]),
            };
            canvas.path(&more, &lines);
            words_at.1 = area.bottom - head.1;
        }
        Shape::UseCase => canvas.path(&ellipse(middle, size.0 / 2.0, size.1 / 2.0), &paint),
        Shape::Component => {
            canvas.path(&rectangle(place, size), &paint);
            let (x, y) = (area.right - 18.0, area.top + 5.0);
            canvas.path(&rectangle((x, y), (13.0, 9.0)), &paint);
            canvas.path(&rectangle((x - 3.0, y + 1.5), (6.0, 2.0)), &paint);
            canvas.path(&rectangle((x - 3.0, y + 5.0), (6.0, 2.0)), &paint);
            words_at.0 -= 4.0;
            words_at.1 += 3.0;
        }
        Shape::Database => {
            canvas.path(&barrel(place, size), &paint);
            let rim = format!(
                "M{} {}A{} 6 0 0 0 {} {}",
                number(area.left),
                number(area.top + 6.0),
                number(size.0 / 2.0),
                number(area.right),
                number(area.top + 6.0)
            );
            canvas.path(&rim, &lines);
            words_at.1 += 5.0;
        }
        Shape::Cloud => canvas.path(&cloud(area), &paint),
        Shape::Node => {
            let front = front_of(area);
            let front_size = (front.right - front.left, front.bottom - front.top);
            block_edges(canvas, front, &paint);
            canvas.path(&rectangle((front.left, front.top), front_size), &paint);
            words_at = (words_at.0 - 4.0, words_at.1 + 4.0);
        }
        Shape::Collections => {
            let one = (size.0 - 5.0, size.1 - 5.0);
            canvas.path(&rectangle((area.left + 5.0, area.top), one), &paint);
            canvas.path(&rectangle((area.left, area.top + 5.0), one), &paint);
            words_at = (words_at.0 - 2.0, words_at.1 + 2.0);
        }
        Shape::Folder => {
            let tab = (size.0 * 0.4).min(40.0);
            let points = [
                place,
                (area.left + tab, area.top),
                (area.left + tab + 5.0, area.top + 8.0),
                (area.right, area.top + 8.0),
                (area.right, area.bottom),
                (area.left, area.bottom),
            ];
            let mut path = polyline(&points);
            path.push('Z');
            canvas.path(&path, &paint);
            let line = polyline(&[
                (area.left, area.top + 8.0),
                (area.left + tab + 5.0, area.top + 8.0),
            ]);
            canvas.path(&line, &lines);
            words_at.1 += 4.0;
        }
        Shape::Frame => {
            canvas.path(&rectangle(place, size), &paint);
            let tab = polyline(&[
                (area.left, area.top + 9.0),
                (area.left + 24.0, area.top + 9.0),
                (area.left + 30.0, area.top + 3.0),
                (area.left + 30.0, area.top),
            ]);
            canvas.path(&tab, &lines);
            words_at.1 += 4.0;
        }
        Shape::File => {
            note(canvas, &empty(), place, size, NoteShape::Folded, Some(fill));
        }
        Shape::Artifact => {
            canvas.path(&rectangle(place, size), &paint);
            let corner = (area.right - 15.0, area.top + 4.0);
            note(
                canvas,
                &empty(),
                corner,
                (11.0, 13.0),
                NoteShape::Rectangle,
                Some(fill),
            );
            words_at.0 -= 5.0;
        }
        Shape::Queue => {
            canvas.path(&pipe(place, size), &paint);
            let rim = format!(
                "M{} {}A7 {} 0 0 0 {} {}",
                number(area.right - 7.0),
                number(area.top),
                number(size.1 / 2.0),
                number(area.right - 7.0),
                number(area.bottom)
            );
            canvas.path(&rim, &lines);
            words_at.0 -= 4.0;
        }
        Shape::Stack => {
            let inner = (area.left + 10.0, area.top);
            canvas.path(&rectangle(inner, (size.0 - 20.0, size.1)), &paint);
            let sides = [
                polyline(&[place, inner]),
                polyline(&[(area.left, area.bottom), (area.left + 10.0, area.bottom)]),
                polyline(&[(area.right - 10.0, area.top), (area.right, area.top)]),
                polyline(&[(area.right - 10.0, area.bottom), (area.right, area.bottom)]),
            ];
            canvas.path(&sides.concat(), &lines);
        }
        Shape::Storage => canvas.path(&rounded(place, size, 30.0), &paint),
        Shape::Hexagon => {
            note(
                canvas,
                &empty(),
                place,
                size,
                NoteShape::Hexagon,
                Some(fill),
            );
        }
        Shape::Rectangle => canvas.path(&rectangle(place, size), &paint),
        Shape::Rounded => canvas.path(&rounded(place, size, 6.0), &paint),
        Shape::Note => {
            let color = node.color.as_deref();
            note(canvas, &node.words, place, size, NoteShape::Folded, color);
            return;
        }
        Shape::Start => canvas.path(&ellipse(middle, 10.0, 10.0), &filled(LINE, LINE)),
        Shape::End => {
            canvas.path(&ellipse(middle, 11.0, 11.0), &filled("#FFFFFF", LINE));
            canvas.path(&ellipse(middle, 6.0, 6.0), &filled(LINE, LINE));
        }
        Shape::Choice => {
            let points = [
                (middle.0, area.top),
                (area.right, middle.1),
                (middle.0, area.bottom),
                (area.left, middle.1),
            ];
            let mut path = polyline(&points);
            path.push('Z');
            canvas.path(&path, &paint);
        }
        Shape::Bar => canvas.path(&rectangle(place, size), &filled("#555555", "#555555")),
        Shape::Joint => canvas.path(&ellipse(middle, 2.0, 2.0), &filled(LINE, LINE)),
        Shape::Point | Shape::Label => {}
    }
    if let Some(stereotype) = shown_stereotype(graph, node) {
        stereotype.draw(canvas, words_at, Anchor::Middle);
        words_at.1 += stereotype.height();
    }
    node.words.draw(canvas, words_at, Anchor::Middle);
}

fn empty() -> Words {
    Words::verbatim("", &plain(1.0))
}

/// An outline of arcs.
fn cloud(area: Area) -> String {
    let Area {
        left,
        top,
        right,
        bottom,
    } = area;
    let (width, height) = (right - left, bottom - top);
    let steps = |length: f64| (length / 34.0).round().max(2.0) as usize;
    let (across, down) = (steps(width - 16.0), steps(height - 16.0));
    let (left, top, right, bottom) = (left + 8.0, top + 8.0, right - 8.0, bottom - 8.0);
    let part =
        |from: f64, to: f64, step: usize, of: usize| from + (to - from) * step as f64 / of as f64;
    let mut points = Vec::new();
    points.extend((1..=across).map(|step| (part(left, right, step, across), top)));
    points.extend((1..=down).map(|step| (right, part(top, bottom, step, down))));
    points.extend((1..=across).map(|step| (part(right, left, step, across), bottom)));
    points.extend((1..=down).map(|step| (left, part(bottom, top, step, down))));
    let mut path = format!("M{} {}", number(left), number(top));
    let mut at = (left, top);
    for (x, y) in points {
        let radius = ((x - at.0).hypot(y - at.1) / 1.8).max(1.0);
        path.push_str(&format!(
            "A{radius} {radius} 0 0 1 {} {}",
            number(x),
            number(y),
            radius = number(radius)
        ));
        at = (x, y);
    }
    path.push('Z');
    path
}

fn draw_class(canvas: &mut Canvas, graph: &Graph, node: &Node, area: Area, letter: Option<char>) {
    let place = (area.left, area.top);
    let size = (area.right - area.left, area.bottom - area.top);
    let fill = node.color.as_deref().unwrap_or(FILL);
    canvas.path(&rounded(place, size, 3.0), &filled(fill, LINE));
    let (width, height) = head_size(graph, node);
    let letter = letter.filter(|_| !graph.hides.letters);
    let beside = if letter.is_some() {
        2.0 * LETTER + 8.0
    } else {
        0.0
    };
    let top = height.max(beside) + 8.0;
    let left = area.left + (size.0 - width - beside) / 2.0;
    if let Some(letter) = letter {
        let color = match letter {
            'A' => "#A9DCDF",
            'I' => "#B4A7E5",
            'E' => "#EB937F",
            '@' => "#E3664A",
            _ => "#ADD1B2",
        };
        let middle = (left + LETTER, area.top + top / 2.0);
        canvas.path(&ellipse(middle, LETTER, LETTER), &filled(color, LINE));
        let mut sign = Words::verbatim(&letter.to_string(), &plain(13.0));
        sign.embolden();
        let at = (middle.0, middle.1 - sign.height() / 2.0);
        sign.draw(canvas, at, Anchor::Middle);
    }
    let middle = left + beside + width / 2.0;
    let mut y = area.top + (top - height) / 2.0;
    if let Some(stereotype) = shown_stereotype(graph, node) {
        stereotype.draw(canvas, (middle, y), Anchor::Middle);
        y += stereotype.height();
    }
    node.words.draw(canvas, (middle, y), Anchor::Middle);
    y = area.top + top;
    let line = stroke(LINE, 0.8);
    for (title, members) in parts(graph, node) {
        let middle = (area.left + area.right) / 2.0;
        match title.filter(|title| !title.is_empty()) {
            Some(title) => {
                let row = y + title.height() / 2.0 + PART / 2.0;
                let half = title.width() / 2.0 + 4.0;
                canvas.path(&polyline(&[(area.left, row), (middle - half, row)]), &line);
                canvas.path(&polyline(&[(middle + half, row), (area.right, row)]), &line);
                title.draw(canvas, (middle, y + PART / 2.0), Anchor::Middle);
                y += title.height();
            }
            None => canvas.path(&polyline(&[(area.left, y), (area.right, y)]), &line),
        }
        y += PART;
        for words in members {
            words.draw(canvas, (area.left + PAD / 2.0 + 1.0, y), Anchor::Start);
            y += words.height();
        }
        y += PART;
    }
}
