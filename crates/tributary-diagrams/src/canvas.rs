//! What diagrams that people draw by hand are made of, as SVG: outlines, lines with heads, text.

use quick_xml::escape::escape;

use super::Failure;

/// Farther from the middle than this nothing is drawn: it is a mistake, and no page would hold it.
const FARTHEST: f64 = 100_000.0;
/// The height of a line of text, of its size.
pub(crate) const LINE_HEIGHT: f64 = 1.2;

/// A place, or a direction.
pub(crate) type Point = (f64, f64);

/// How an outline looks.
#[derive(Debug, Clone)]
pub(crate) struct Paint {
    pub(crate) fill: Option<String>,
    pub(crate) stroke: Option<String>,
    pub(crate) width: f64,
    /// Lengths of dashes and gaps.
    pub(crate) dashes: Option<String>,
    /// From 0 to 1.
    pub(crate) opacity: f64,
}

/// How a piece of text looks.
#[derive(Debug, Clone)]
pub(crate) struct Font {
    pub(crate) size: f64,
    pub(crate) color: String,
    pub(crate) family: &'static str,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underlined: bool,
    pub(crate) opacity: f64,
}

/// Which part of a line of text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The head of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// A triangle whose back is bent in.
    Classic,
    Block,
    /// Two strokes.
    Open,
    Oval,
    Diamond,
    /// A stroke across.
    Bar,
    /// Two strokes that cross.
    Cross,
    /// Three strokes that spread towards the end, as in diagrams of data.
    Crowfoot,
}

/// A head with its looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadStyle {
    pub(crate) head: Head,
    pub(crate) size: f64,
    pub(crate) filled: bool,
    /// A stroke or circle behind it, as in diagrams of data: one, or none at all.
    pub(crate) behind: Option<Head>,
}

/// A picture that grows with what is drawn on it.
#[derive(Debug)]
pub(crate) struct Canvas {
    svg: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Canvas {
    pub(crate) fn new() -> Self {
        Self {
            svg: String::new(),
            left: f64::INFINITY,
            top: f64::INFINITY,
            right: f64::NEG_INFINITY,
            bottom: f64::NEG_INFINITY,
        }
    }

    pub(crate) fn left(&self) -> f64 {
        if self.left.is_finite() {
            self.left
        } else {
            0.0
        }
    }

    pub(crate) fn top(&self) -> f64 {
        if self.top.is_finite() { self.top } else { 0.0 }
    }

    /// Puts another canvas below what is drawn, at its left edge.
    pub(crate) fn put_below(&mut self, other: Self, between: f64) {
        if !other.left.is_finite() {
            return;
        }
        if !self.left.is_finite() {
            *self = other;
            return;
        }
        let (right, down) = (self.left - other.left, self.bottom + between - other.top);
        self.svg.push_str(&format!(
            "<g transform=\"translate({} {})\">{}</g>",
            number(right),
            number(down),
            other.svg
        ));
        self.right = self.right.max(other.right + right);
        self.bottom = other.bottom + down;
    }

    /// Makes room for a place.
    pub(crate) fn reach(&mut self, (x, y): Point) {
        if x.abs() <= FARTHEST && y.abs() <= FARTHEST {
            self.left = self.left.min(x);
            self.right = self.right.max(x);
            self.top = self.top.min(y);
            self.bottom = self.bottom.max(y);
        }
    }

    /// Begins a group that is turned around a place, by degrees.
    pub(crate) fn turn(&mut self, degrees: f64, (x, y): Point) {
        self.svg.push_str(&format!(
            "<g transform=\"rotate({} {} {})\">",
            number(degrees),
            number(x),
            number(y)
        ));
    }

    pub(crate) fn end_turn(&mut self) {
        self.svg.push_str("</g>");
    }

    /// Draws a path in the notation of SVG.
    pub(crate) fn path(&mut self, path: &str, paint: &Paint) {
        if paint.fill.is_none() && paint.stroke.is_none() {
            return;
        }
        let fill = paint.fill.as_deref().unwrap_or("none");
        let stroke = paint.stroke.as_deref().unwrap_or("none");
        self.svg.push_str(&format!(
            "<path d=\"{path}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\" \
             stroke-linejoin=\"round\"",
            escape(fill),
            escape(stroke),
            number(paint.width)
        ));
        if let Some(dashes) = &paint.dashes {
            self.svg
                .push_str(&format!(" stroke-dasharray=\"{}\"", escape(dashes)));
        }
        if paint.opacity < 1.0 {
            self.svg
                .push_str(&format!(" opacity=\"{}\"", number(paint.opacity)));
        }
        self.svg.push_str("/>");
    }

    /// Draws one line of text whose letters stand on a line through a place.
    pub(crate) fn text(&mut self, line: &str, (x, y): Point, anchor: Anchor, font: &Font) {
        if line.trim().is_empty() {
            return;
        }
        let width = width_of(line, font);
        let from = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        self.reach((from, y - font.size));
        self.reach((from + width, y + font.size * 0.3));
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{}\" fill=\"{}\" \
             text-anchor=\"{anchor}\"",
            number(x),
            number(y),
            font.family,
            number(font.size),
            escape(&font.color)
        ));
        self.svg.push_str(&emphasis(font));
        if font.opacity < 1.0 {
            self.svg
                .push_str(&format!(" opacity=\"{}\"", number(font.opacity)));
        }
        self.svg.push('>');
        self.svg.push_str(&escape(line));
        self.svg.push_str("</text>");
    }

    /// Draws one line of text in several looks, from a place on; `width` is what it is known to take.
    /// Each piece stands so much above the line.
    pub(crate) fn line_of_text(
        &mut self,
        pieces: &[(&str, &Font, f64)],
        (x, y): Point,
        width: f64,
    ) {
        if pieces.iter().all(|(text, _, _)| text.trim().is_empty()) {
            return;
        }
        let size = pieces.iter().map(|(_, font, _)| font.size);
        let size = size.fold(0.0, f64::max);
        self.reach((x, y - size));
        self.reach((x + width, y + size * 0.3));
        self.svg.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" xml:space=\"preserve\">",
            number(x),
            number(y)
        ));
        let mut height = 0.0;
        for (text, font, rise) in pieces {
            let down = height - rise;
            height = *rise;
            self.svg.push_str(&format!(
                "<tspan dy=\"{}\" font-family=\"{}\" font-size=\"{}\" fill=\"{}\"",
                number(down),
                font.family,
                number(font.size),
                escape(&font.color)
            ));
            self.svg.push_str(&emphasis(font));
            self.svg.push('>');
            self.svg.push_str(&escape(*text));
            self.svg.push_str("</tspan>");
        }
        self.svg.push_str("</text>");
    }

    /// Puts another canvas over what is drawn, at the same places.
    pub(crate) fn put_over(&mut self, other: &Self) {
        self.svg.push_str(&other.svg);
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }

    /// Left, top, right and bottom of what is drawn; none while it is nothing.
    pub(crate) fn bounds(&self) -> Option<(f64, f64, f64, f64)> {
        self.left
            .is_finite()
            .then_some((self.left, self.top, self.right, self.bottom))
    }

    /// Draws the head of a line that comes to an end from somewhere. Gives where the line itself
    /// ends, so that it does not show through.
    pub(crate) fn head(
        &mut self,
        end: Point,
        from: Point,
        style: HeadStyle,
        paint: &Paint,
    ) -> Point {
        let Some(along) = direction(from, end) else {
            return end;
        };
        let size = style.size + paint.width;
        let back = |length: f64| (end.0 - along.0 * length, end.1 - along.1 * length);
        let beside = |place: Point, by: f64| (place.0 - along.1 * by, place.1 + along.0 * by);
        let half = size / 2.0;
        let solid = Paint {
            fill: match style.filled {
                true => paint.stroke.clone(),
                false => Some("#ffffff".to_owned()),
            },
            dashes: None,
            ..paint.clone()
        };
        let strokes = Paint {
            fill: None,
            ..solid.clone()
        };
        let outline = |points: &[Point]| {
            let mut path = polyline(points);
            path.push('Z');
            path
        };
        let mut ends = end;
        match style.head {
            Head::Classic => {
                let notch = back(size * 0.75);
                let sides = [beside(back(size), half), beside(back(size), -half)];
                self.path(&outline(&[end, sides[0], notch, sides[1]]), &solid);
                ends = notch;
            }
            Head::Block => {
                let sides = [beside(back(size), half), beside(back(size), -half)];
                self.path(&outline(&[end, sides[0], sides[1]]), &solid);
                ends = back(size);
            }
            Head::Open => {
                let sides = [beside(back(size), half), beside(back(size), -half)];
                self.path(&polyline(&[sides[0], end, sides[1]]), &strokes);
            }
            Head::Oval => {
                self.path(&ellipse(back(half), half, half), &solid);
                ends = back(size);
            }
            Head::Diamond => {
                let middle = back(size);
                let points = [
                    end,
                    beside(middle, half * 1.1),
                    back(size * 2.0),
                    beside(middle, -half * 1.1),
                ];
                self.path(&outline(&points), &solid);
                ends = back(size * 2.0);
            }
            Head::Bar => {
                let at = back(half);
                self.path(&polyline(&[beside(at, half), beside(at, -half)]), &strokes);
            }
            Head::Cross => {
                let (near, far) = (end, back(size));
                let first = polyline(&[beside(near, half), beside(far, -half)]);
                let second = polyline(&[beside(near, -half), beside(far, half)]);
                self.path(&format!("{first}{second}"), &strokes);
            }
            Head::Crowfoot => {
                let at = back(size);
                let foot = [beside(end, half), at, beside(end, -half)];
                self.path(&polyline(&foot), &strokes);
            }
        }
        if let Some(behind) = style.behind {
            let plain = HeadStyle {
                head: behind,
                behind: None,
                filled: false,
                ..style
            };
            self.head(back(size), from, plain, paint);
        }
        for place in [beside(end, half), beside(end, -half)] {
            self.reach(place);
        }
        ends
    }

    /// The whole picture.
    pub(crate) fn finish(self, background: Option<&str>) -> Result<String, Failure> {
        if !self.left.is_finite() {
            return Err(Failure::new("it shows nothing"));
        }
        let (width, height) = (
            (self.right - self.left).max(1.0),
            (self.bottom - self.top).max(1.0),
        );
        let view = format!(
            "{} {} {} {}",
            number(self.left),
            number(self.top),
            number(width),
            number(height)
        );
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
             viewBox=\"{view}\">",
            number(width),
            number(height)
        );
        if let Some(color) = background {
            svg.push_str(&format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
                number(self.left),
                number(self.top),
                number(width),
                number(height),
                escape(color)
            ));
        }
        svg.push_str(&self.svg);
        svg.push_str("</svg>");
        Ok(svg)
    }
}

/// The attributes of what stands out.
fn emphasis(font: &Font) -> String {
    let attributes = [
        (font.bold, " font-weight=\"bold\""),
        (font.italic, " font-style=\"italic\""),
        (font.underlined, " text-decoration=\"underline\""),
    ];
    let set = attributes.iter().filter(|(is_set, _)| *is_set);
    set.map(|(_, attribute)| *attribute).collect()
}

/// A number as SVG writes it. What is none is nought, and what is too far is at the edge.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let rounded = (value.clamp(-FARTHEST, FARTHEST) * 100.0).round() / 100.0;
    // There is no nought below nought.
    format!("{}", rounded + 0.0)
}

/// Lines through points.
pub(crate) fn polyline(points: &[Point]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        path.push(if at == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{} {}", number(*x), number(*y)));
    }
    path
}

/// An ellipse around a place.
pub(crate) fn ellipse((x, y): Point, across: f64, up: f64) -> String {
    let (x, y, across, up) = (x, y, across.abs(), up.abs());
    let (from, to) = (number(x - across), number(x + across));
    let (y, across, up) = (number(y), number(across), number(up));
    format!("M{from} {y}A{across} {up} 0 1 1 {to} {y}A{across} {up} 0 1 1 {from} {y}Z")
}

/// The direction from one place to another, of length one; none when they are the same.
pub(crate) fn direction(from: Point, to: Point) -> Option<Point> {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = x.hypot(y);
    (length.is_finite() && length > 1e-6).then(|| (x / length, y / length))
}

/// About how wide a text is: pictures are drawn where there is no other measure.
pub(crate) fn width_of(text: &str, font: &Font) -> f64 {
    let is_mono = font.family.contains("Mono");
    let letters = text.chars().map(|letter| match letter {
        _ if is_mono => 0.6,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | ' ' => 0.28,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.33,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.86,
        'A'..='Z' => 0.69,
        ' '..='~' => 0.56,
        // Latin, Greek and Cyrillic letters; all else is about as wide as high.
        '\u{a0}'..='\u{52f}' => 0.58,
        _ => 1.0,
    });
    let width: f64 = letters.sum::<f64>() * font.size;
    if font.bold { width * 1.07 } else { width }
}

/// A text in lines of a width: words that are longer stay whole.
pub(crate) fn wrapped(text: &str, font: &Font, width: Option<f64>) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let Some(width) = width else {
            lines.push(line.to_owned());
            continue;
        };
        let mut made = String::new();
        for word in line.split_whitespace() {
            let longer = match made.is_empty() {
                true => word.to_owned(),
                false => format!("{made} {word}"),
            };
            if !made.is_empty() && width_of(&longer, font) > width {
                lines.push(std::mem::take(&mut made));
                word.clone_into(&mut made);
            } else {
                made = longer;
            }
        }
        lines.push(made);
    }
    lines
}

/// A color that SVG has; none for what is no color. Only names, digits and parts in parentheses
/// come through, and nothing that would be loaded.
pub(crate) fn color_of(written: &str) -> Option<String> {
    let written = written.trim();
    // One for light surroundings and one for dark ones.
    let written = match written.strip_prefix("light-dark(") {
        Some(both) => {
            let mut depth = 0;
            let end = both.find(|letter| {
                match letter {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                (letter == ',' && depth == 0) || depth < 0
            });
            both[..end.unwrap_or(both.len())].trim()
        }
        None => written,
    };
    if let Some(digits) = written.strip_prefix('#') {
        let is_color = matches!(digits.len(), 3 | 4 | 6 | 8)
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        return is_color.then(|| written.to_ascii_lowercase());
    }
    if let Some(parts) = written
        .strip_prefix("rgb(")
        .or_else(|| written.strip_prefix("rgba("))
    {
        let parts = parts.strip_suffix(')')?;
        let is_part = |letter: char| letter.is_ascii_digit() || " ,.%/".contains(letter);
        return parts.chars().all(is_part).then(|| written.to_owned());
    }
    let is_name = !written.is_empty()
        && written.len() < 24
        && written.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_none = ["none", "transparent", "inherit", "default"]
        .iter()
        .any(|word| written.eq_ignore_ascii_case(word));
    (is_name && !is_none).then(|| written.to_ascii_lowercase())
}

/// The font of ours that is nearest to one.
pub(crate) fn family_of(named: &str) -> &'static str {
    let named = named.to_ascii_lowercase();
    let is_any = |words: &[&str]| words.iter().any(|word| named.contains(word));
    if is_any(&["courier", "mono", "consol", "menlo", "cascadia"]) {
        "Liberation Mono"
    } else if is_any(&["times", "georgia", "garamond", "palatino"])
        || (named.contains("serif") && !named.contains("sans"))
    {
        "Liberation Serif"
    } else {
        super::fonts::PLAIN
    }
}
