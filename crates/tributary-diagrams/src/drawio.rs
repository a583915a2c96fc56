//! Files of draw.io: shapes and lines at places that their author chose, so nothing is laid out.
//!
//! [`model`] reads a file, [`outline`] has the shapes and [`route`] the ways of lines. Shapes of
//! draw.io's many libraries are not here: one that is not known is a box with its label, and the
//! picture says so ([`Drawn::left_out`]).

mod model;
mod outline;
mod places;
mod route;

use super::Failure;
use super::canvas::{
    Anchor, Canvas, Font, LINE_HEIGHT, Paint, color_of, family_of, number, polyline, width_of,
    wrapped,
};
use super::picture::Drawn;

use model::{Cell, Cells, Room, Style, pages};
use outline::outline;

/// Room around the drawing in pixels.
const MARGIN: f32 = 8.0;
/// Room between two pages of a file.
const BETWEEN: f64 = 40.0;
/// The size of letters that say nothing of it.
const TEXT_SIZE: f64 = 12.0;

/// The file's text, whether it is one of draw.io.
pub(crate) fn draw(source: &str) -> Result<Drawn, Failure> {
    let pages = pages(source)?;
    let mut canvas = Canvas::new();
    let mut left_out = Vec::new();
    let has_names = pages.len() > 1;
    for page in &pages {
        let cells = Cells::read(&page.model)?;
        let mut own = Canvas::new();
        let mut drawing = Drawing {
            cells: &cells,
            canvas: &mut own,
            left_out: &mut left_out,
        };
        drawing.all();
        if has_names {
            let font = Font {
                size: TEXT_SIZE * 1.25,
                color: "#000000".to_owned(),
                family: super::fonts::PLAIN,
                bold: true,
                italic: false,
                underlined: false,
                opacity: 1.0,
            };
            let place = (own.left(), own.top() - TEXT_SIZE);
            own.text(&page.name, place, Anchor::Start, &font);
        }
        canvas.put_below(own, BETWEEN);
    }
    let background = pages.iter().find_map(|page| page.background.clone());
    Ok(Drawn {
        svg: canvas.finish(background.as_deref())?,
        below: 0.0,
        margin: MARGIN,
        left_out,
    })
}

struct Drawing<'d> {
    cells: &'d Cells,
    canvas: &'d mut Canvas,
    left_out: &'d mut Vec<String>,
}

impl Drawing<'_> {
    fn all(&mut self) {
        for at in self.cells.in_order() {
            let cell = &self.cells.cells[at];
            if cell.is_edge {
                self.edge(cell);
            } else if cell.is_vertex {
                self.vertex(at, cell);
            }
        }
    }

    fn vertex(&mut self, at: usize, cell: &Cell) {
        let Some(bounds) = self.cells.bounds(at) else {
            return;
        };
        let style = &cell.style;
        let font = font_of(style);
        if self.cells.is_label_of_line(at) {
            // It stands in the middle of its place.
            let lines = self.lines(cell, &font, None);
            let middle = bounds.center();
            self.label_box(&lines, middle, style, &font);
            self.text_in(&lines, Room::around(middle, 0.0, 0.0), style, &font, true);
            return;
        }
        let turn = style.number("rotation").unwrap_or(0.0);
        let middle = bounds.center();
        if turn != 0.0 {
            self.canvas.turn(turn, middle);
        }
        let drawn = outline(style, bounds);
        if !drawn.is_known {
            let name = style.shape().to_owned();
            if !self.left_out.contains(&name) {
                self.left_out.push(name);
            }
        }
        let paint = paint_of(style, drawn.is_bare);
        let around = match style.get("direction") {
            Some("south") => 90.0,
            Some("west") => 180.0,
            Some("north") => -90.0,
            _ => 0.0,
        };
        if around != 0.0 {
            self.canvas.turn(around, middle);
        }
        for path in &drawn.filled {
            self.canvas.path(path, &paint);
        }
        let strokes = Paint {
            fill: None,
            ..paint.clone()
        };
        for path in &drawn.strokes {
            self.canvas.path(path, &strokes);
        }
        if around != 0.0 {
            self.canvas.end_turn();
        }
        if paint.fill.is_some() || paint.stroke.is_some() {
            for corner in bounds.corners_turned(turn) {
                self.canvas.reach(corner);
            }
        }
        let inside = drawn.label.unwrap_or(bounds);
        let wraps = style.get("whiteSpace") == Some("wrap");
        let room = inside.width - 2.0 * style.number("spacing").unwrap_or(2.0);
        let lines = self.lines(cell, &font, wraps.then_some(room.max(font.size)));
        let is_across = drawn.is_label_turned;
        if is_across {
            self.canvas.turn(-90.0, inside.center());
            let (width, height) = (inside.height, inside.width);
            let across = Room::around(inside.center(), width, height);
            self.text_in(&lines, across, style, &font, false);
            self.canvas.end_turn();
        } else {
            self.text_in(&lines, inside, style, &font, false);
        }
        if turn != 0.0 {
            self.canvas.end_turn();
        }
    }

    fn edge(&mut self, cell: &Cell) {
        let style = &cell.style;
        let Some(points) = route::points(self.cells, cell) else {
            return;
        };
        let mut paint = paint_of(style, false);
        paint.fill = None;
        paint.stroke = match style.get("strokeColor") {
            Some("none") => None,
            named => named
                .and_then(color_of)
                .or_else(|| Some("#000000".to_owned())),
        };
        let mut ends = points.clone();
        let last = ends.len() - 1;
        if let Some(head) = route::head(style, "endArrow", "classic", "endFill", "endSize") {
            ends[last] = self
                .canvas
                .head(points[last], points[last - 1], head, &paint);
        }
        if let Some(head) = route::head(style, "startArrow", "none", "startFill", "startSize") {
            ends[0] = self.canvas.head(points[0], points[1], head, &paint);
        }
        for point in &points {
            self.canvas.reach(*point);
        }
        let path = if style.is_set("curved") {
            route::curved(&ends)
        } else if style.is_set("rounded") {
            route::rounded(&ends)
        } else {
            polyline(&ends)
        };
        self.canvas.path(&path, &paint);
        let font = Font {
            size: style.number("fontSize").unwrap_or(11.0),
            ..font_of(style)
        };
        let lines = self.lines(cell, &font, None);
        if lines.iter().all(|line| line.trim().is_empty()) {
            return;
        }
        let middle = route::label_place(&points, cell);
        self.label_box(&lines, middle, style, &font);
        self.text_in(&lines, Room::around(middle, 0.0, 0.0), style, &font, true);
    }

    /// What a cell says, in lines.
    fn lines(&self, cell: &Cell, font: &Font, room: Option<f64>) -> Vec<String> {
        if cell.label.trim().is_empty() || cell.style.is_set("noLabel") {
            return Vec::new();
        }
        wrapped(&cell.label, font, room)
    }

    /// What is behind the words of a line, which it would be drawn through.
    fn label_box(&mut self, lines: &[String], middle: (f64, f64), style: &Style, font: &Font) {
        let color = match style.get("labelBackgroundColor") {
            Some("none") => return,
            named => named.and_then(color_of),
        };
        let width = lines.iter().map(|line| width_of(line, font));
        let width = width.fold(0.0, f64::max) + 2.0;
        let height = lines.len() as f64 * font.size * LINE_HEIGHT;
        let (x, y) = (middle.0 - width / 2.0, middle.1 - height / 2.0);
        let path = format!(
            "M{} {}h{}v{}h{}Z",
            number(x),
            number(y),
            number(width),
            number(height),
            number(-width)
        );
        let paint = Paint {
            fill: Some(color.unwrap_or_else(|| "#ffffff".to_owned())),
            stroke: None,
            width: 0.0,
            dashes: None,
            opacity: 1.0,
        };
        if width > 2.0 {
            self.canvas.path(&path, &paint);
        }
    }

    fn text_in(
        &mut self,
        lines: &[String],
        inside: Room,
        style: &Style,
        font: &Font,
        floats: bool,
    ) {
        if lines.is_empty() {
            return;
        }
        let spacing = style.number("spacing").unwrap_or(2.0);
        let extra = |name: &str| style.number(name).unwrap_or(0.0) + spacing;
        let mut room = inside;
        if !floats {
            match style.get("labelPosition") {
                Some("left") => room.x -= room.width,
                Some("right") => room.x += room.width,
                _ => {}
            }
            match style.get("verticalLabelPosition") {
                Some("top") => room.y -= room.height,
                Some("bottom") => room.y += room.height,
                _ => {}
            }
        }
        let (anchor, x) = match style.get("align") {
            Some("left") if !floats => (Anchor::Start, room.x + extra("spacingLeft")),
            Some("right") if !floats => {
                let x = room.x + room.width - extra("spacingRight");
                (Anchor::End, x)
            }
            _ => (Anchor::Middle, room.x + room.width / 2.0),
        };
        let line = font.size * LINE_HEIGHT;
        let height = line * lines.len() as f64;
        let top = match style.get("verticalAlign") {
            Some("top") if !floats => room.y + extra("spacingTop"),
            Some("bottom") if !floats => room.y + room.height - height - extra("spacingBottom"),
            _ => {
                let shift = style.number("spacingTop").unwrap_or(0.0)
                    - style.number("spacingBottom").unwrap_or(0.0);
                room.y + (room.height - height + shift) / 2.0
            }
        };
        for (at, text) in lines.iter().enumerate() {
            // Letters stand a little above the lower edge of their line.
            let y = top + line * (at as f64 + 0.8);
            self.canvas.text(text, (x, y), anchor, font);
        }
    }
}

fn font_of(style: &Style) -> Font {
    let bits = style.number("fontStyle").unwrap_or(0.0).clamp(0.0, 15.0) as u8;
    let color = style.get("fontColor").and_then(color_of);
    let opacity = style.number("textOpacity").unwrap_or(100.0) / 100.0;
    Font {
        size: style
            .number("fontSize")
            .unwrap_or(TEXT_SIZE)
            .clamp(1.0, 500.0),
        color: color.unwrap_or_else(|| "#000000".to_owned()),
        family: family_of(style.get("fontFamily").unwrap_or_default()),
        bold: bits & 1 != 0,
        italic: bits & 2 != 0,
        underlined: bits & 4 != 0,
        opacity: opacity.clamp(0.0, 1.0),
    }
}

/// How an outline looks. `is_bare` is one that has neither fill nor stroke where nothing is said.
fn paint_of(style: &Style, is_bare: bool) -> Paint {
    let color = |name: &str, usual: &str| match style.get(name) {
        Some("none") => None,
        None if is_bare => None,
        named => named.and_then(color_of).or_else(|| Some(usual.to_owned())),
    };
    let width = style.number("strokeWidth").unwrap_or(1.0).clamp(0.0, 100.0);
    let dashes = style.is_set("dashed").then(|| {
        let pattern = style.get("dashPattern").unwrap_or("3 3");
        let lengths: Vec<f64> = pattern
            .split_whitespace()
            .filter_map(|length| length.parse().ok())
            .filter(|length: &f64| *length > 0.0 && *length < 1_000.0)
            .take(8)
            .collect();
        let lengths = if lengths.is_empty() {
            vec![3.0, 3.0]
        } else {
            lengths
        };
        let scaled = lengths.iter().map(|length| number(length * width.max(1.0)));
        scaled.collect::<Vec<_>>().join(" ")
    });
    Paint {
        fill: color("fillColor", "#ffffff"),
        stroke: color("strokeColor", "#000000"),
        width,
        dashes,
        opacity: (style.number("opacity").unwrap_or(100.0) / 100.0).clamp(0.0, 1.0),
    }
}
