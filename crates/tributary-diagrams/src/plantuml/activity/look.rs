//! Draws the tiles of an activity.

use super::super::super::canvas::{
    Anchor, Canvas, Head, HeadStyle, Paint, Point, ellipse, polyline,
};
use super::super::frame::{NoteShape, note};
use super::super::shapes::{filled, reach, rectangle, rounded, stroke};
use super::super::words::Words;
use super::tile::{Item, Place, Sign, Tile};
use super::{Activity, Around, Shape, Stroke};

const LINE: &str = "#181818";
const FILL: &str = "#F1F1F1";
/// Room at the sides of a swimlane, and around its title.
const SIDE: f64 = 14.0;

/// Where the axes of swimlanes are, and where each begins and ends.
struct Lanes {
    axes: Vec<f64>,
    edges: Vec<(f64, f64)>,
}

impl Lanes {
    fn of(activity: &Activity, tile: &Tile) -> Self {
        let mut made = Self {
            axes: Vec::new(),
            edges: Vec::new(),
        };
        let mut x = 0.0;
        for at in 0..activity.lanes.len().max(1) {
            let (left, right) = tile.span(at);
            let title = activity
                .lanes
                .get(at)
                .map_or(0.0, |lane| lane.words.width());
            let own = right - left + 2.0 * SIDE;
            let width = own.max(title + 2.0 * SIDE);
            made.axes.push(x + (width - own) / 2.0 + SIDE - left);
            made.edges.push((x, x + width));
            x += width;
        }
        made
    }

    fn x(&self, place: Place) -> f64 {
        self.axes.get(place.lane).copied().unwrap_or(0.0) + place.x
    }
}

pub(super) fn draw(activity: &Activity, tile: &Tile) -> Canvas {
    let mut canvas = Canvas::new();
    let lanes = Lanes::of(activity, tile);
    if !activity.lanes.is_empty() {
        draw_lanes(&mut canvas, activity, &lanes, tile.height);
    }
    for item in &tile.items {
        if let Item::Frame {
            around,
            words,
            color,
            from,
            to,
            y,
            height,
        } = item
        {
            let (left, right) = (lanes.x(*from), lanes.x(*to));
            let size = (right - left, *height);
            draw_frame(&mut canvas, *around, words, *color, (left, *y), size);
        }
    }
    for item in &tile.items {
        match item {
            Item::Line {
                points,
                stroke,
                has_head,
            } => draw_line(&mut canvas, &lanes, points, *stroke, *has_head),
            Item::Link { from, to } => {
                let points = [*from, *to].map(|(place, y)| (lanes.x(place), y));
                let paint = Paint {
                    dashes: Some("4 4".to_owned()),
                    ..stroke(LINE, 0.7)
                };
                canvas.path(&polyline(&points), &paint);
            }
            _ => {}
        }
    }
    for item in &tile.items {
        match item {
            Item::Bar {
                from,
                to,
                y,
                height,
            } => {
                let (left, right) = (lanes.x(*from), lanes.x(*to));
                let size = (right - left, *height);
                canvas.path(&rectangle((left, *y), size), &filled(LINE, LINE));
                reach(&mut canvas, (left, *y), size);
            }
            Item::Sign {
                sign,
                words,
                color,
                place,
                y,
                size,
            } => draw_sign(
                &mut canvas,
                *sign,
                (*words, *color),
                (lanes.x(*place), *y),
                *size,
            ),
            Item::Note {
                note: said,
                place,
                y,
            } => {
                let at = (lanes.x(*place), *y);
                let size = super::super::frame::note_size(&said.words);
                let color = said.color.as_deref();
                note(&mut canvas, &said.words, at, size, NoteShape::Folded, color);
            }
            _ => {}
        }
    }
    for item in &tile.items {
        if let Item::Label {
            words,
            place,
            y,
            is_end,
        } = item
        {
            let anchor = if *is_end { Anchor::End } else { Anchor::Start };
            words.draw(&mut canvas, (lanes.x(*place), *y), anchor);
        }
    }
    canvas
}

fn draw_lanes(canvas: &mut Canvas, activity: &Activity, lanes: &Lanes, height: f64) {
    let heights = activity.lanes.iter().map(|lane| lane.words.height());
    let title = heights.fold(0.0, f64::max);
    let (top, bottom) = (-title - 2.0 * SIDE, height + SIDE);
    for (lane, (left, right)) in activity.lanes.iter().zip(&lanes.edges) {
        let size = (right - left, bottom - top);
        if let Some(color) = &lane.color {
            let paint = Paint {
                stroke: None,
                ..filled(color, LINE)
            };
            canvas.path(&rectangle((*left, top), size), &paint);
        }
        reach(canvas, (*left, top), size);
    }
    for (lane, (left, right)) in activity.lanes.iter().zip(&lanes.edges) {
        let middle = (left + right) / 2.0;
        lane.words
            .draw(canvas, (middle, top + SIDE / 2.0), Anchor::Middle);
    }
    let first = lanes.edges.first().map(|(left, _)| *left);
    for x in first
        .into_iter()
        .chain(lanes.edges.iter().map(|edge| edge.1))
    {
        canvas.path(&polyline(&[(x, top), (x, bottom)]), &stroke(LINE, 1.5));
    }
}

fn draw_frame(
    canvas: &mut Canvas,
    around: Around,
    words: &Words,
    color: Option<&str>,
    place: Point,
    size: (f64, f64),
) {
    let paint = Paint {
        fill: color.map(str::to_owned),
        ..stroke(LINE, 1.2)
    };
    reach(canvas, place, size);
    let (x, y) = place;
    let (right, bottom) = (x + size.0, y + size.1);
    let (width, height) = (words.width() + 14.0, words.height() + 6.0);
    let mut title = (x + 7.0, y + 3.0);
    match around {
        Around::Card => canvas.path(&rounded(place, size, 10.0), &paint),
        Around::Package => {
            let tab = [
                (x, y),
                (x + width, y),
                (x + width + 7.0, y + height),
                (right.max(x + width + 7.0), y + height),
                (right, bottom),
                (x, bottom),
            ];
            let mut path = polyline(&tab);
            path.push('Z');
            canvas.path(&path, &paint);
            let below = polyline(&[(x, y + height), (x + width + 7.0, y + height)]);
            canvas.path(&below, &stroke(LINE, 1.2));
        }
        Around::Partition | Around::Rectangle => {
            canvas.path(&rectangle(place, size), &paint);
            if around == Around::Partition && !words.is_empty() {
                let tab = [
                    (x, y + height),
                    (x + width - 6.0, y + height),
                    (x + width, y + height - 6.0),
                    (x + width, y),
                ];
                canvas.path(&polyline(&tab), &stroke(LINE, 1.2));
            }
        }
    }
    if around == Around::Card || around == Around::Rectangle {
        title.0 += 2.0;
    }
    words.draw(canvas, title, Anchor::Start);
}

fn draw_line(
    canvas: &mut Canvas,
    lanes: &Lanes,
    points: &[(Place, f64)],
    stroke: Option<&Stroke>,
    has_head: bool,
) {
    let plain = Stroke::default();
    let look = stroke.unwrap_or(&plain);
    let mut points: Vec<Point> = points
        .iter()
        .map(|(place, y)| (lanes.x(*place), *y))
        .collect();
    points.dedup();
    for point in &points {
        canvas.reach(*point);
    }
    if look.is_hidden || points.len() < 2 {
        return;
    }
    let paint = paint_of(look);
    if has_head {
        let (end, from) = (points[points.len() - 1], points[points.len() - 2]);
        let style = HeadStyle {
            head: Head::Classic,
            size: 8.0,
            filled: true,
            behind: None,
        };
        let last = points.len() - 1;
        points[last] = canvas.head(end, from, style, &paint);
    }
    canvas.path(&polyline(&points), &paint);
}

fn paint_of(look: &Stroke) -> Paint {
    let dashes = match (look.is_dotted, look.is_dashed) {
        (true, _) => Some("1 3"),
        (_, true) => Some("5 4"),
        _ => None,
    };
    Paint {
        dashes: dashes.map(str::to_owned),
        ..stroke(
            look.color.as_deref().unwrap_or(LINE),
            if look.is_bold { 2.0 } else { 1.0 },
        )
    }
}

fn draw_sign(
    canvas: &mut Canvas,
    sign: Sign,
    (words, color): (Option<&Words>, Option<&str>),
    (x, y): Point,
    (width, height): (f64, f64),
) {
    let paint = filled(color.unwrap_or(FILL), LINE);
    let lines = stroke(LINE, 1.0);
    let place = (x - width / 2.0, y);
    let (left, right, bottom) = (place.0, x + width / 2.0, y + height);
    let (middle, half) = ((x, y + height / 2.0), width / 2.0);
    reach(canvas, place, (width, height));
    let outline = |points: &[Point]| {
        let mut path = polyline(points);
        path.push('Z');
        path
    };
    let mut shift = 0.0;
    match sign {
        Sign::Start => {
            canvas.path(&ellipse(middle, half, half), &filled(LINE, LINE));
        }
        Sign::Stop => {
            canvas.path(&ellipse(middle, half, half), &filled("#FFFFFF", LINE));
            canvas.path(
                &ellipse(middle, half - 5.0, half - 5.0),
                &filled(LINE, LINE),
            );
        }
        Sign::End => {
            let bold = Paint {
                width: 1.8,
                ..filled("#FFFFFF", LINE)
            };
            canvas.path(&ellipse(middle, half - 0.5, half - 0.5), &bold);
            let arm = half * 0.6;
            let (a, b) = (middle.0 - arm, middle.0 + arm);
            let (c, d) = (middle.1 - arm, middle.1 + arm);
            let cross = format!(
                "{}{}",
                polyline(&[(a, c), (b, d)]),
                polyline(&[(a, d), (b, c)])
            );
            canvas.path(&cross, &stroke(LINE, 1.8));
        }
        Sign::Spot => canvas.path(&ellipse(middle, half, half), &paint),
        Sign::Merge => {
            let corners = [(x, y), (right, middle.1), (x, bottom), (left, middle.1)];
            canvas.path(&outline(&corners), &paint);
        }
        Sign::Test => {
            let tip = 12.0_f64.min(half);
            let corners = [
                (left + tip, y),
                (right - tip, y),
                (right, middle.1),
                (right - tip, bottom),
                (left + tip, bottom),
                (left, middle.1),
            ];
            canvas.path(&outline(&corners), &paint);
        }
        Sign::Action(shape) => {
            shift = draw_action(canvas, shape, place, (width, height), &paint, &lines);
        }
    }
    if let Some(words) = words {
        let at = (x + shift, middle.1 - words.height() / 2.0);
        words.draw(canvas, at, Anchor::Middle);
    }
}

/// Gives how far the words are to the right of the middle.
fn draw_action(
    canvas: &mut Canvas,
    shape: Shape,
    (x, y): Point,
    (width, height): (f64, f64),
    paint: &Paint,
    lines: &Paint,
) -> f64 {
    let (right, bottom, middle) = (x + width, y + height, y + height / 2.0);
    let mut outline = |points: &[Point]| {
        let mut path = polyline(points);
        path.push('Z');
        canvas.path(&path, paint);
    };
    match shape {
        Shape::Plain => {
            canvas.path(&rounded((x, y), (width, height), 12.0), paint);
            0.0
        }
        Shape::Task => {
            outline(&[(x, y), (right, y), (right, bottom), (x, bottom)]);
            0.0
        }
        Shape::Procedure => {
            outline(&[(x, y), (right, y), (right, bottom), (x, bottom)]);
            for side in [x + 5.0, right - 5.0] {
                canvas.path(&polyline(&[(side, y), (side, bottom)]), lines);
            }
            0.0
        }
        Shape::Input => {
            outline(&[
                (x, y),
                (right, y),
                (right - 10.0, middle),
                (right, bottom),
                (x, bottom),
            ]);
            -5.0
        }
        Shape::Output => {
            outline(&[
                (x, y),
                (right - 10.0, y),
                (right, middle),
                (right - 10.0, bottom),
                (x, bottom),
            ]);
            -4.0
        }
        Shape::Save => {
            outline(&[
                (x + 10.0, y),
                (right, y),
                (right - 10.0, bottom),
                (x, bottom),
            ]);
            0.0
        }
        Shape::Load => {
            outline(&[
                (x, y),
                (right - 10.0, y),
                (right, bottom),
                (x + 10.0, bottom),
            ]);
            0.0
        }
        Shape::Continuous => {
            let fill = Paint {
                stroke: None,
                ..paint.clone()
            };
            let (one, other) = (x + 9.0, right - 9.0);
            let corners = [
                (one, y),
                (other, y),
                (right, middle),
                (other, bottom),
                (one, bottom),
                (x, middle),
            ];
            canvas.path(&polyline(&corners), &fill);
            for (near, far) in [(one, x), (other, right)] {
                let side = polyline(&[(near, y), (far, middle), (near, bottom)]);
                canvas.path(&side, lines);
            }
            0.0
        }
    }
}
