//! Files of Excalidraw: elements at places that their author chose, drawn with straight lines where
//! Excalidraw draws as if by hand.

use serde_json::Value;

use super::Failure;
use super::canvas::{
    Anchor, Canvas, Font, Head, HeadStyle, Paint, Point, color_of, ellipse, number, polyline,
};
use super::picture::Drawn;

/// Room around the drawing in pixels.
const MARGIN: f32 = 10.0;
/// Elements that are drawn.
const MOST_ELEMENTS: usize = 20_000;
/// Points of one line that are drawn.
const MOST_POINTS: usize = 20_000;
/// The height of a line of text, of its size.
const LINE_HEIGHT: f64 = 1.25;

pub(crate) fn draw(source: &str) -> Result<Drawn, Failure> {
    let file: Value = serde_json::from_str(source).map_err(|error| Failure {
        line: u32::try_from(error.line()).ok(),
        column: u32::try_from(error.column()).ok(),
        ..Failure::new(format!("it cannot be read: {error}"))
    })?;
    let elements = file["elements"]
        .as_array()
        .ok_or_else(|| Failure::new("it is no file of Excalidraw"))?;
    if elements.len() > MOST_ELEMENTS {
        return Err(Failure::new("it has too many elements for a picture"));
    }
    let mut drawing = Drawing {
        canvas: Canvas::new(),
        left_out: Vec::new(),
    };
    for element in elements {
        if element["isDeleted"] != Value::Bool(true) {
            drawing.element(element);
        }
    }
    let background = file["appState"]["viewBackgroundColor"].as_str();
    Ok(Drawn {
        svg: drawing
            .canvas
            .finish(background.and_then(color_of).as_deref())?,
        below: 0.0,
        margin: MARGIN,
        left_out: drawing.left_out,
    })
}

struct Drawing {
    canvas: Canvas,
    left_out: Vec<String>,
}

impl Drawing {
    fn element(&mut self, element: &Value) {
        let (x, y) = (length(element, "x"), length(element, "y"));
        let (width, height) = (length(element, "width"), length(element, "height"));
        let (right, bottom) = (x + width, y + height);
        let middle = (x + width / 2.0, y + height / 2.0);
        let turn = length(element, "angle").to_degrees();
        let kind = element["type"].as_str().unwrap_or_default();
        let paint = paint_of(element);
        if turn != 0.0 {
            self.canvas.turn(turn, middle);
        }
        let corners = [(x, y), (right, y), (right, bottom), (x, bottom)];
        let is_round = element["roundness"].is_object();
        match kind {
            "rectangle" => {
                let radius = match is_round {
                    true => (width.min(height) * 0.25).min(32.0),
                    false => 0.0,
                };
                self.outline(&cut(&corners, radius), &corners, &paint);
            }
            "diamond" => {
                let points = [
                    (middle.0, y),
                    (right, middle.1),
                    (middle.0, bottom),
                    (x, middle.1),
                ];
                let radius = if is_round {
                    width.min(height) * 0.1
                } else {
                    0.0
                };
                self.outline(&cut(&points, radius), &points, &paint);
            }
            "ellipse" => {
                let path = ellipse(middle, width / 2.0, height / 2.0);
                self.outline(&path, &corners, &paint);
            }
            "line" | "arrow" | "freedraw" => self.line(element, (x, y), kind, is_round, &paint),
            "text" => self.text(element, (x, y), (width, height), &paint),
            "frame" | "magicframe" => {
                let frame = Paint {
                    fill: None,
                    stroke: Some("#bbbbbb".to_owned()),
                    width: 1.0,
                    dashes: None,
                    opacity: 1.0,
                };
                self.outline(&cut(&corners, 8.0), &corners, &frame);
                let name = element["name"].as_str().unwrap_or("Frame");
                let font = font_of(14.0, "#999999".to_owned(), super::fonts::PLAIN, 1.0);
                self.canvas.text(name, (x, y - 6.0), Anchor::Start, &font);
            }
            // Its words are elements of their own.
            "selection" => {}
            _ => {
                let name = match kind {
                    "" => "?",
                    kind => kind,
                };
                if !self.left_out.iter().any(|known| known == name) {
                    self.left_out.push(name.to_owned());
                }
                let frame = Paint {
                    stroke: paint.stroke.clone().or_else(|| Some("#868e96".to_owned())),
                    ..paint.clone()
                };
                self.outline(&cut(&corners, 0.0), &corners, &frame);
                let font = font_of(14.0, "#1e1e1e".to_owned(), super::fonts::PLAIN, 1.0);
                let words = element["link"].as_str().unwrap_or(name);
                self.canvas.text(words, middle, Anchor::Middle, &font);
            }
        }
        if turn != 0.0 {
            self.canvas.end_turn();
            let (sine, cosine) = turn.to_radians().sin_cos();
            for (x, y) in corners {
                let (x, y) = (x - middle.0, y - middle.1);
                self.canvas.reach((
                    middle.0 + x * cosine - y * sine,
                    middle.1 + x * sine + y * cosine,
                ));
            }
        }
    }

    fn outline(&mut self, path: &str, reaches: &[Point], paint: &Paint) {
        for point in reaches {
            self.canvas.reach(*point);
        }
        self.canvas.path(path, paint);
    }

    fn line(&mut self, element: &Value, origin: Point, kind: &str, is_round: bool, paint: &Paint) {
        let points = element["points"].as_array().map_or(&[][..], Vec::as_slice);
        let points: Vec<Point> = points
            .iter()
            .take(MOST_POINTS)
            .filter_map(|point| {
                let x = point.get(0)?.as_f64()?;
                let y = point.get(1)?.as_f64()?;
                Some((origin.0 + x, origin.1 + y))
            })
            .collect();
        if points.len() < 2 {
            return;
        }
        for point in &points {
            self.canvas.reach(*point);
        }
        let last = points.len() - 1;
        let is_closed = points[0] == points[last];
        let mut ends = points.clone();
        let head = |named: &Value| {
            let (head, filled, behind) = match named.as_str()? {
                "arrow" => (Head::Open, true, None),
                "triangle" => (Head::Block, true, None),
                "triangle_outline" => (Head::Block, false, None),
                "dot" | "circle" => (Head::Oval, true, None),
                "circle_outline" => (Head::Oval, false, None),
                "diamond" => (Head::Diamond, true, None),
                "diamond_outline" => (Head::Diamond, false, None),
                "bar" | "crowfoot_one" => (Head::Bar, true, None),
                "crowfoot_many" => (Head::Crowfoot, true, None),
                "crowfoot_one_or_many" => (Head::Crowfoot, true, Some(Head::Bar)),
                _ => (Head::Open, true, None),
            };
            Some(HeadStyle {
                head,
                size: 10.0 + 2.0 * paint.width,
                filled,
                behind,
            })
        };
        if let Some(style) = head(&element["endArrowhead"]) {
            ends[last] = self
                .canvas
                .head(points[last], points[last - 1], style, paint);
        }
        if let Some(style) = head(&element["startArrowhead"]) {
            ends[0] = self.canvas.head(points[0], points[1], style, paint);
        }
        let mut path = match is_round && kind != "freedraw" && last > 1 {
            true => smooth(&ends),
            false => polyline(&ends),
        };
        let mut paint = paint.clone();
        if is_closed {
            path.push('Z');
        } else {
            paint.fill = None;
        }
        self.canvas.path(&path, &paint);
    }

    fn text(&mut self, element: &Value, (x, y): Point, (width, height): Point, paint: &Paint) {
        let text = element["text"].as_str().unwrap_or_default();
        let size = element["fontSize"].as_f64().unwrap_or(20.0);
        let size = size.clamp(1.0, 500.0);
        let family = match element["fontFamily"].as_u64() {
            Some(3 | 8) => "Liberation Mono",
            _ => super::fonts::PLAIN,
        };
        let color = paint.stroke.clone().unwrap_or_else(|| "#1e1e1e".to_owned());
        let font = font_of(size, color, family, paint.opacity);
        let (anchor, x) = match element["textAlign"].as_str() {
            Some("center") => (Anchor::Middle, x + width / 2.0),
            Some("right") => (Anchor::End, x + width),
            _ => (Anchor::Start, x),
        };
        let lines: Vec<&str> = text.split('\n').collect();
        let line = match height > 0.0 {
            true => height / lines.len() as f64,
            false => size * LINE_HEIGHT,
        };
        for (at, words) in lines.iter().enumerate() {
            let y = y + line * at as f64 + line / 2.0 + size * 0.35;
            self.canvas.text(words, (x, y), anchor, &font);
        }
    }
}

fn font_of(size: f64, color: String, family: &'static str, opacity: f64) -> Font {
    Font {
        size,
        color,
        family,
        bold: false,
        italic: false,
        underlined: false,
        opacity,
    }
}

fn length(element: &Value, name: &str) -> f64 {
    let number = element[name].as_f64().unwrap_or(0.0);
    if number.is_finite() { number } else { 0.0 }
}

fn paint_of(element: &Value) -> Paint {
    let color = |name: &str| element[name].as_str().and_then(color_of);
    let width = element["strokeWidth"].as_f64().unwrap_or(2.0);
    let width = width.clamp(0.1, 100.0);
    let dashes = match element["strokeStyle"].as_str() {
        Some("dashed") => Some(format!("8 {}", number(8.0 + width))),
        Some("dotted") => Some(format!("{} {}", number(width), number(5.0 + width))),
        _ => None,
    };
    Paint {
        fill: color("backgroundColor"),
        stroke: color("strokeColor"),
        width,
        dashes,
        opacity: (element["opacity"].as_f64().unwrap_or(100.0) / 100.0).clamp(0.0, 1.0),
    }
}

/// An outline through points whose corners are round.
fn cut(points: &[Point], radius: f64) -> String {
    let count = points.len();
    let mut path = String::new();
    for at in 0..count {
        let before = points[(at + count - 1) % count];
        let corner = points[at];
        let after = points[(at + 1) % count];
        let towards = |to: Point| {
            let (x, y) = (to.0 - corner.0, to.1 - corner.1);
            let length = x.hypot(y).max(1e-6);
            let part = (radius / length).min(0.5);
            (corner.0 + x * part, corner.1 + y * part)
        };
        let (from, to) = (towards(before), towards(after));
        path.push(if at == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{} {}", number(from.0), number(from.1)));
        if radius > 0.0 {
            path.push_str(&format!(
                "Q{} {} {} {}",
                number(corner.0),
                number(corner.1),
                number(to.0),
                number(to.1)
            ));
        }
    }
    path.push('Z');
    path
}

/// A line that goes through all of its points without a corner.
fn smooth(points: &[Point]) -> String {
    let mut path = polyline(&points[..1]);
    let last = points.len() - 1;
    for at in 0..last {
        let before = points[at.saturating_sub(1)];
        let (from, to) = (points[at], points[at + 1]);
        let after = points[(at + 2).min(last)];
        // As a spline of Catmull and Rom has it.
        let first = (
            from.0 + (to.0 - before.0) / 6.0,
            from.1 + (to.1 - before.1) / 6.0,
        );
        let second = (
            to.0 - (after.0 - from.0) / 6.0,
            to.1 - (after.1 - from.1) / 6.0,
        );
        path.push_str(&format!(
            "C{} {} {} {} {} {}",
            number(first.0),
            number(first.1),
            number(second.0),
            number(second.1),
            number(to.0),
            number(to.1)
        ));
    }
    path
}
