//! The outlines of draw.io's shapes.

use crate::canvas::{Point, ellipse, number, polyline};

use super::model::{Room, Style};

/// What is drawn of a shape.
#[derive(Debug)]
pub(super) struct Outline {
    /// What is filled.
    pub filled: Vec<String>,
    /// What is drawn on it.
    pub strokes: Vec<String>,
    /// Where its label is, when not in all of it.
    pub label: Option<Room>,
    pub is_label_turned: bool,
    /// Whether it has neither fill nor stroke where nothing is said of them.
    pub is_bare: bool,
    /// Whether the shape is one of those that are known; else it is a box.
    pub is_known: bool,
}

impl Outline {
    fn of(path: String) -> Self {
        Self {
            filled: vec![path],
            strokes: Vec::new(),
            label: None,
            is_label_turned: false,
            is_bare: false,
            is_known: true,
        }
    }

    fn and(mut self, stroke: String) -> Self {
        self.strokes.push(stroke);
        self
    }

    fn labeled(mut self, label: Room) -> Self {
        self.label = Some(label);
        self
    }
}

/// The outline of a shape in its room. A shape that looks another way than to the right is drawn to
/// the right here, and then turned.
pub(super) fn outline(style: &Style, bounds: Room) -> Outline {
    let is_upright = matches!(style.get("direction"), Some("south" | "north"));
    let Room {
        x,
        y,
        width,
        height,
    } = match is_upright {
        true => Room::around(bounds.center(), bounds.height, bounds.width),
        false => bounds,
    };
    let (right, bottom) = (x + width, y + height);
    let (middle_x, middle_y) = (x + width / 2.0, y + height / 2.0);
    let closed = |points: &[Point]| {
        let mut path = polyline(points);
        path.push('Z');
        path
    };
    let rectangle = || closed(&[(x, y), (right, y), (right, bottom), (x, bottom)]);
    // A part of a side, or a length where the style says so.
    let size = |name: &str, usual: f64, side: f64| {
        let size = style.number(name).unwrap_or(usual);
        let is_length = style.is_set("fixedSize") || size > 1.0;
        (if is_length { size } else { size * side }).clamp(0.0, side)
    };
    let inner = |left: f64, top: f64, right: f64, bottom: f64| Room {
        x: x + left,
        y: y + top,
        width: (width - left - right).max(0.0),
        height: (height - top - bottom).max(0.0),
    };
    let shape = style.shape();
    let shape = shape
        .strip_prefix("mxgraph.flowchart.")
        .or_else(|| shape.strip_prefix("mxgraph.basic."))
        .unwrap_or(shape);
    match shape {
        "partialRectangle" => {
            let mut made = Outline::of(rectangle());
            // Of its sides only some are there.
            let sides = [
                ("top", (x, y), (right, y)),
                ("right", (right, y), (right, bottom)),
                ("bottom", (right, bottom), (x, bottom)),
                ("left", (x, bottom), (x, y)),
            ];
            let is_there = |name: &str| style.get(name) != Some("0");
            if !sides.iter().all(|(name, ..)| is_there(name)) {
                made.filled.clear();
                let sides = sides.into_iter().filter(|(name, ..)| is_there(name));
                made.strokes = sides.map(|(_, from, to)| polyline(&[from, to])).collect();
            }
            made
        }
        "text" | "group" => {
            let mut text = Outline::of(rectangle());
            text.is_bare = true;
            text
        }
        "" | "rectangle" | "rect" | "label" | "rounded" | "tableRow" => {
            if style.is_set("rounded") {
                let arc = style.number("arcSize");
                let radius = match style.is_set("absoluteArcSize") {
                    true => arc.unwrap_or(20.0) / 2.0,
                    false => width.min(height) * arc.unwrap_or(15.0) / 100.0,
                };
                return Outline::of(round(x, y, width, height, radius));
            }
            Outline::of(rectangle())
        }
        "ellipse" | "start_1" | "start_2" | "on-page_reference" => {
            Outline::of(ellipse((middle_x, middle_y), width / 2.0, height / 2.0))
        }
        "doubleEllipse" | "endState" => {
            let inset = (width.min(height) / 5.0).min(4.0);
            let (across, up) = (width / 2.0, height / 2.0);
            Outline::of(ellipse((middle_x, middle_y), across, up)).and(ellipse(
                (middle_x, middle_y),
                across - inset,
                up - inset,
            ))
        }
        "rhombus" | "decision" => Outline::of(closed(&[
            (middle_x, y),
            (right, middle_y),
            (middle_x, bottom),
            (x, middle_y),
        ])),
        "triangle" => Outline::of(closed(&[(x, y), (right, middle_y), (x, bottom)]))
            .labeled(inner(0.0, 0.0, width * 0.3, 0.0)),
        "hexagon" | "preparation" => {
            let cut = size("size", 0.25, width).min(width / 2.0);
            Outline::of(closed(&[
                (x + cut, y),
                (right - cut, y),
                (right, middle_y),
                (right - cut, bottom),
                (x + cut, bottom),
                (x, middle_y),
            ]))
        }
        "parallelogram" | "data" => {
            let cut = size("size", 0.2, width);
            Outline::of(closed(&[
                (x + cut, y),
                (right, y),
                (right - cut, bottom),
                (x, bottom),
            ]))
        }
        "trapezoid" => {
            let cut = size("size", 0.2, width).min(width / 2.0);
            Outline::of(closed(&[
                (x + cut, y),
                (right - cut, y),
                (right, bottom),
                (x, bottom),
            ]))
        }
        "manualInput" | "manual_input" => {
            let cut = size("size", 30.0, height);
            Outline::of(closed(&[
                (x, y + cut),
                (right, y),
                (right, bottom),
                (x, bottom),
            ]))
        }
        "step" => {
            let cut = size("size", 0.2, width);
            Outline::of(closed(&[
                (x, y),
                (right - cut, y),
                (right, middle_y),
                (right - cut, bottom),
                (x, bottom),
                (x + cut, middle_y),
            ]))
        }
        "offPageConnector" | "off-page_reference" => {
            let cut = size("size", 0.375, height);
            Outline::of(closed(&[
                (x, y),
                (right, y),
                (right, bottom - cut),
                (middle_x, bottom),
                (x, bottom - cut),
            ]))
        }
        "singleArrow" => {
            let head = size("arrowSize", 0.2, width);
            let shaft = height * style.number("arrowWidth").unwrap_or(0.3).clamp(0.0, 1.0);
            let (top, low) = (middle_y - shaft / 2.0, middle_y + shaft / 2.0);
            Outline::of(closed(&[
                (x, top),
                (right - head, top),
                (right - head, y),
                (right, middle_y),
                (right - head, bottom),
                (right - head, low),
                (x, low),
            ]))
        }
        "doubleArrow" => {
            let head = size("arrowSize", 0.2, width).min(width / 2.0);
            let shaft = height * style.number("arrowWidth").unwrap_or(0.3).clamp(0.0, 1.0);
            let (top, low) = (middle_y - shaft / 2.0, middle_y + shaft / 2.0);
            Outline::of(closed(&[
                (x, middle_y),
                (x + head, y),
                (x + head, top),
                (right - head, top),
                (right - head, y),
                (right, middle_y),
                (right - head, bottom),
                (right - head, low),
                (x + head, low),
                (x + head, bottom),
            ]))
        }
        "cylinder" | "cylinder2" | "cylinder3" | "datastore" | "database" | "direct_data" => {
            let lid = match style.number("size") {
                Some(size) => size,
                None => (height / 5.0).min(15.0),
            };
            let lid = lid.clamp(0.0, height / 2.0);
            let (across, lid_text) = (number(width / 2.0), number(lid));
            let (left, far) = (number(x), number(right));
            let (top, low) = (number(y + lid), number(bottom - lid));
            let body = format!(
                "M{left} {top}A{across} {lid_text} 0 0 1 {far} {top}L{far} {low}\
                 A{across} {lid_text} 0 0 1 {left} {low}Z"
            );
            let rim = format!("M{left} {top}A{across} {lid_text} 0 0 0 {far} {top}");
            Outline::of(body)
                .and(rim)
                .labeled(inner(0.0, 2.0 * lid, 0.0, 0.0))
        }
        "cloud" => {
            let at = |across: f64, down: f64| {
                format!(
                    "{} {}",
                    number(x + across * width),
                    number(y + down * height)
                )
            };
            let mut path = format!("M{}", at(0.25, 0.25));
            for [first, second, end] in [
                [(0.05, 0.25), (0.0, 0.5), (0.16, 0.55)],
                [(0.0, 0.66), (0.18, 0.9), (0.31, 0.8)],
                [(0.4, 1.0), (0.7, 1.0), (0.8, 0.8)],
                [(1.0, 0.8), (1.0, 0.6), (0.875, 0.5)],
                [(1.0, 0.3), (0.8, 0.1), (0.625, 0.2)],
                [(0.5, 0.05), (0.3, 0.05), (0.25, 0.25)],
            ] {
                let [first, second, end] =
                    [first, second, end].map(|(across, down): Point| at(across, down));
                path.push_str(&format!("C{first} {second} {end}"));
            }
            path.push('Z');
            Outline::of(path)
        }
        "actor" | "umlActor" => {
            let head = (width / 2.0).min(height / 6.0);
            let neck = y + 2.0 * head;
            let (arms, hips) = (y + height * 0.45, y + height * 0.65);
            if shape == "actor" {
                let body = format!(
                    "M{} {}C{} {} {} {} {} {}Z",
                    number(x),
                    number(bottom),
                    number(x),
                    number(y + height * 0.4),
                    number(right),
                    number(y + height * 0.4),
                    number(right),
                    number(bottom)
                );
                let mut made = Outline::of(body);
                let up = height / 4.0;
                made.filled
                    .push(ellipse((middle_x, y + up), width / 4.0, up));
                return made;
            }
            let strokes = [
                polyline(&[(middle_x, neck), (middle_x, hips)]),
                polyline(&[(x, arms), (right, arms)]),
                polyline(&[(x, bottom), (middle_x, hips), (right, bottom)]),
            ];
            let mut made = Outline::of(ellipse((middle_x, y + head), head, head));
            made.strokes.extend(strokes);
            made
        }
        "process" | "predefined_process" => {
            let inset = size("size", 0.1, width).min(width / 2.0);
            Outline::of(rectangle())
                .and(polyline(&[(x + inset, y), (x + inset, bottom)]))
                .and(polyline(&[(right - inset, y), (right - inset, bottom)]))
                .labeled(inner(inset, 0.0, inset, 0.0))
        }
        "internalStorage" | "internal_storage" => {
            let across = style.number("dx").unwrap_or(20.0).clamp(0.0, width);
            let down = style.number("dy").unwrap_or(20.0).clamp(0.0, height);
            Outline::of(rectangle())
                .and(polyline(&[(x, y + down), (right, y + down)]))
                .and(polyline(&[(x + across, y), (x + across, bottom)]))
                .labeled(inner(across, down, 0.0, 0.0))
        }
        "document" | "document2" => {
            let wave = size("size", 0.3, height);
            let path = format!(
                "M{} {}L{} {}L{} {}Q{} {} {} {}T{} {}Z",
                number(x),
                number(y),
                number(right),
                number(y),
                number(right),
                number(bottom - wave / 2.0),
                number(x + width * 0.75),
                number(bottom - wave * 1.4),
                number(middle_x),
                number(bottom - wave / 2.0),
                number(x),
                number(bottom - wave / 2.0),
            );
            Outline::of(path).labeled(inner(0.0, 0.0, 0.0, wave))
        }
        "note" | "note2" => {
            let cut = size("size", 30.0, width.min(height));
            let fold = polyline(&[(right - cut, y), (right - cut, y + cut), (right, y + cut)]);
            Outline::of(closed(&[
                (x, y),
                (right - cut, y),
                (right, y + cut),
                (right, bottom),
                (x, bottom),
            ]))
            .and(fold)
        }
        "card" => {
            let cut = size("size", 30.0, width.min(height));
            Outline::of(closed(&[
                (x + cut, y),
                (right, y),
                (right, bottom),
                (x, bottom),
                (x, y + cut),
            ]))
        }
        "cube" | "isoCube" => {
            let deep = size("size", 20.0, width.min(height));
            let front = (x + deep, y + deep);
            Outline::of(closed(&[
                (x, y),
                (right - deep, y),
                (right, y + deep),
                (right, bottom),
                (x + deep, bottom),
                (x, bottom - deep),
            ]))
            .and(polyline(&[(x + deep, bottom), front, (right, y + deep)]))
            .and(polyline(&[(x, y), front]))
            .labeled(inner(deep, deep, 0.0, 0.0))
        }
        "folder" | "umlFrame" | "package" => {
            let (tab_width, tab_height) = if shape == "umlFrame" {
                (
                    style.number("width").unwrap_or(60.0),
                    style.number("height").unwrap_or(30.0),
                )
            } else {
                (
                    style.number("tabWidth").unwrap_or(60.0),
                    style.number("tabHeight").unwrap_or(20.0),
                )
            };
            let (tab_width, tab_height) =
                (tab_width.clamp(0.0, width), tab_height.clamp(0.0, height));
            if shape == "umlFrame" {
                let tab = closed(&[
                    (x, y),
                    (x + tab_width, y),
                    (x + tab_width, y + tab_height * 0.6),
                    (x + tab_width * 0.85, y + tab_height),
                    (x, y + tab_height),
                ]);
                let mut made = Outline::of(tab).and(rectangle());
                made.label = Some(Room {
                    x,
                    y,
                    width: tab_width,
                    height: tab_height,
                });
                return made;
            }
            Outline::of(closed(&[
                (x, y),
                (x + tab_width, y),
                (x + tab_width, y + tab_height),
                (right, y + tab_height),
                (right, bottom),
                (x, bottom),
            ]))
            .and(polyline(&[
                (x, y + tab_height),
                (x + tab_width, y + tab_height),
            ]))
            .labeled(inner(0.0, tab_height, 0.0, 0.0))
        }
        "swimlane" | "table" => {
            let start = style.number("startSize").unwrap_or(23.0);
            if style.get("horizontal") == Some("0") {
                let start = start.clamp(0.0, width);
                let mut made = Outline::of(closed(&[
                    (x, y),
                    (x + start, y),
                    (x + start, bottom),
                    (x, bottom),
                ]))
                .and(rectangle())
                .labeled(inner(0.0, 0.0, width - start, 0.0));
                made.is_label_turned = true;
                return made;
            }
            let start = start.clamp(0.0, height);
            Outline::of(closed(&[
                (x, y),
                (right, y),
                (right, y + start),
                (x, y + start),
            ]))
            .and(rectangle())
            .labeled(inner(0.0, 0.0, 0.0, height - start))
        }
        "umlLifeline" => {
            let head = size("size", 40.0, height);
            Outline::of(closed(&[
                (x, y),
                (right, y),
                (right, y + head),
                (x, y + head),
            ]))
            .and(polyline(&[(middle_x, y + head), (middle_x, bottom)]))
            .labeled(inner(0.0, 0.0, 0.0, height - head))
        }
        "component" | "module" => {
            let jut = style.number("jettyWidth").unwrap_or(20.0).clamp(0.0, width);
            let high = style
                .number("jettyHeight")
                .unwrap_or(10.0)
                .clamp(0.0, height / 4.0);
            let left = x + jut / 2.0;
            let mut made = Outline::of(closed(&[
                (left, y),
                (right, y),
                (right, bottom),
                (left, bottom),
            ]))
            .labeled(inner(jut, 0.0, 0.0, 0.0));
            for top in [y + high, y + 3.0 * high] {
                made.filled.push(closed(&[
                    (x, top),
                    (x + jut, top),
                    (x + jut, top + high),
                    (x, top + high),
                ]));
            }
            made
        }
        "delay" | "terminator" => {
            if shape == "terminator" {
                return Outline::of(round(x, y, width, height, height / 2.0));
            }
            let bend = (width / 2.0).min(height / 2.0);
            Outline::of(format!(
                "M{} {}L{} {}A{} {} 0 0 1 {} {}L{} {}Z",
                number(x),
                number(y),
                number(right - bend),
                number(y),
                number(bend),
                number(height / 2.0),
                number(right - bend),
                number(bottom),
                number(x),
                number(bottom)
            ))
        }
        "callout" => {
            let tail = size("size", 30.0, height);
            let at = style.number("position").unwrap_or(0.5).clamp(0.0, 1.0) * width;
            let base = style.number("base").unwrap_or(20.0).clamp(0.0, width);
            let tip = style.number("position2").unwrap_or(0.5).clamp(0.0, 1.0) * width;
            let low = bottom - tail;
            Outline::of(closed(&[
                (x, y),
                (right, y),
                (right, low),
                ((x + at + base).min(right), low),
                (x + tip, bottom),
                (x + at.min(width), low),
                (x, low),
            ]))
            .labeled(inner(0.0, 0.0, 0.0, tail))
        }
        "line" => {
            let mut made = Outline::of(String::new());
            made.filled.clear();
            made.and(polyline(&[(x, middle_y), (right, middle_y)]))
        }
        "or" | "and" | "summing_function" | "orEllipse" | "sumEllipse" => {
            Outline::of(ellipse((middle_x, middle_y), width / 2.0, height / 2.0))
                .and(polyline(&[(x, middle_y), (right, middle_y)]))
                .and(polyline(&[(middle_x, y), (middle_x, bottom)]))
        }
        "curlyBracket" => {
            let mut made = Outline::of(String::new());
            made.filled.clear();
            made.and(format!(
                "M{} {}Q{} {} {} {}T{} {}Q{} {} {} {}T{} {}",
                number(right),
                number(y),
                number(middle_x),
                number(y),
                number(middle_x),
                number(y + height / 4.0),
                number(x),
                number(middle_y),
                number(middle_x),
                number(middle_y),
                number(middle_x),
                number(y + height * 0.75),
                number(right),
                number(bottom)
            ))
        }
        _ => Outline {
            is_known: false,
            ..Outline::of(rectangle())
        },
    }
}

/// A rectangle with round corners.
fn round(x: f64, y: f64, width: f64, height: f64, radius: f64) -> String {
    let radius = radius.clamp(0.0, width.min(height) / 2.0);
    let (right, bottom) = (number(x + width), number(y + height));
    let arc = |x: &str, y: &str| format!("A{0} {0} 0 0 1 {x} {y}", number(radius));
    let (near_x, far_x) = (number(x + radius), number(x + width - radius));
    let (near_y, far_y) = (number(y + radius), number(y + height - radius));
    let (x, y) = (number(x), number(y));
    format!(
        "M{near_x} {y}L{far_x} {y}{}L{right} {far_y}{}L{near_x} {bottom}{}L{x} {near_y}{}Z",
        arc(&right, &near_y),
        arc(&far_x, &bottom),
        arc(&x, &far_y),
        arc(&near_x, &y)
    )
}
