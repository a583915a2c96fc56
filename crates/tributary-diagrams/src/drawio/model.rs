//! What a file of draw.io says: pages, and on each of them cells with a style and a place.

use std::collections::HashMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use resvg::usvg::roxmltree::{Document, Node};

use crate::Failure;
use crate::canvas::{Point, color_of};

/// The largest page, in bytes, once it is inflated. A few hundred bytes can say gigabytes.
const LARGEST_PAGE: u64 = 8 * 1024 * 1024;
/// Pages of a file that are drawn.
const MOST_PAGES: usize = 50;

/// A page, as the file holds it.
pub(super) struct Page {
    pub name: String,
    /// The XML of its cells.
    pub model: String,
    pub background: Option<String>,
}

/// The pages of a file.
pub(super) fn pages(source: &str) -> Result<Vec<Page>, Failure> {
    let document = parse(source)?;
    let root = document.root_element();
    let mut pages = Vec::new();
    match root.tag_name().name() {
        "mxGraphModel" => pages.push((String::new(), source[root.range()].to_owned())),
        "mxfile" => {
            let diagrams = root.children().filter(|node| node.has_tag_name("diagram"));
            for diagram in diagrams.take(MOST_PAGES) {
                let name = diagram.attribute("name").unwrap_or_default().to_owned();
                let model = diagram
                    .children()
                    .find(|node| node.has_tag_name("mxGraphModel"));
                let model = match model {
                    Some(model) => source[model.range()].to_owned(),
                    None => inflated(diagram.text().unwrap_or_default())?,
                };
                pages.push((name, model));
            }
        }
        _ => return Err(Failure::new("it is no file of draw.io")),
    }
    let made = pages.into_iter().map(|(name, model)| {
        let background = parse(&model).ok().and_then(|document| {
            let color = document.root_element().attribute("background")?;
            color_of(color)
        });
        Page {
            name,
            model,
            background,
        }
    });
    Ok(made.collect())
}

/// Files of XML that name entities of their own are not read: a few lines of them can say
/// gigabytes.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Failure> {
    Document::parse(text).map_err(|error| {
        let place = error.pos();
        Failure {
            line: Some(place.row),
            column: Some(place.col),
            ..Failure::new(format!("it cannot be read: {error}"))
        }
    })
}

/// A page in the form in which draw.io keeps it small: percent-encoded, deflated, in base 64.
fn inflated(text: &str) -> Result<String, Failure> {
    let wrong = || Failure::new("one of its pages cannot be read");
    let letters: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(letters).map_err(|_| wrong())?;
    let mut whole = Vec::new();
    DeflateDecoder::new(bytes.as_slice())
        .take(LARGEST_PAGE + 1)
        .read_to_end(&mut whole)
        .map_err(|_| wrong())?;
    if whole.len() as u64 > LARGEST_PAGE {
        return Err(Failure::new("one of its pages is too large to be drawn"));
    }
    let text = percent_encoding::percent_decode(&whole).decode_utf8();
    text.map(|text| text.into_owned()).map_err(|_| wrong())
}

/// The room that a shape takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Room {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Room {
    pub(super) fn around((x, y): Point, width: f64, height: f64) -> Self {
        Self {
            x: x - width / 2.0,
            y: y - height / 2.0,
            width,
            height,
        }
    }

    pub(super) fn center(&self) -> Point {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// The corners, turned around the middle by degrees.
    pub(super) fn corners_turned(&self, degrees: f64) -> [Point; 4] {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let middle = self.center();
        let turned = |(x, y): Point| {
            let (x, y) = (x - middle.0, y - middle.1);
            (
                middle.0 + x * cosine - y * sine,
                middle.1 + x * sine + y * cosine,
            )
        };
        [
            turned((self.x, self.y)),
            turned((self.right(), self.y)),
            turned((self.right(), self.bottom())),
            turned((self.x, self.bottom())),
        ]
    }
}

/// Words with values, as `rounded=1;fillColor=#fff`; a word without one is a shape.
#[derive(Debug, Default)]
pub(super) struct Style {
    values: HashMap<String, String>,
    shape: String,
}

impl Style {
    fn read(text: &str) -> Self {
        let mut style = Self::default();
        for word in text
            .split(';')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match word.split_once('=') {
                Some((name, value)) => {
                    style.values.insert(name.to_owned(), value.to_owned());
                }
                None if style.shape.is_empty() => word.clone_into(&mut style.shape),
                None => {}
            }
        }
        if let Some(shape) = style.values.get("shape") {
            style.shape.clone_from(shape);
        }
        style
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        let number: f64 = self.get(name)?.parse().ok()?;
        (number.is_finite() && number.abs() < 100_000.0).then_some(number)
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        self.get(name) == Some("1")
    }

    /// The name of its shape; empty for a rectangle.
    pub(super) fn shape(&self) -> &str {
        &self.shape
    }
}

/// A shape, a line, or a layer of them.
#[derive(Debug)]
pub(super) struct Cell {
    pub id: String,
    pub parent: String,
    pub label: String,
    pub style: Style,
    pub is_vertex: bool,
    pub is_edge: bool,
    pub source: Option<String>,
    pub target: Option<String>,
    pub geometry: Geometry,
    pub is_visible: bool,
}

/// Where a cell is.
#[derive(Debug, Default)]
pub(super) struct Geometry {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub is_relative: bool,
    pub offset: Option<Point>,
    pub source: Option<Point>,
    pub target: Option<Point>,
    pub points: Vec<Point>,
}

/// The cells of a page.
#[derive(Debug)]
pub(super) struct Cells {
    pub cells: Vec<Cell>,
    pub by_id: HashMap<String, usize>,
    /// The cells in the order in which they are drawn.
    pub order: Vec<usize>,
    /// Where what is in a cell counts its places from.
    pub origins: Vec<Point>,
    pub bounds: Vec<Option<Room>>,
}

impl Cells {
    pub(super) fn in_order(&self) -> impl Iterator<Item = usize> + use<'_> {
        self.order.iter().copied()
    }

    pub(super) fn bounds(&self, at: usize) -> Option<Room> {
        self.bounds[at]
    }

    /// The shape that a line begins or ends at.
    pub(super) fn shape(&self, id: Option<&str>) -> Option<(&Cell, Room)> {
        let at = *self.by_id.get(id?)?;
        Some((&self.cells[at], self.bounds[at]?))
    }

    /// Where a line counts the places of its points from.
    pub(super) fn origin_of(&self, cell: &Cell) -> Point {
        let at = self.by_id.get(&cell.id);
        at.map_or((0.0, 0.0), |at| self.origins[*at])
    }

    /// Whether a cell is words on a line.
    pub(super) fn is_label_of_line(&self, at: usize) -> bool {
        let parent = self.by_id.get(&self.cells[at].parent);
        parent.is_some_and(|parent| self.cells[*parent].is_edge)
    }
}

/// The cell of an element, which may be wrapped in one that holds its label.
pub(super) fn cell_of(node: Node<'_, '_>) -> Option<Cell> {
    let (cell, around) = match node.tag_name().name() {
        "mxCell" => (node, None),
        _ => {
            let cell = node.children().find(|node| node.has_tag_name("mxCell"))?;
            (cell, Some(node))
        }
    };
    let own = |name: &str| cell.attribute(name).map(str::to_owned);
    let id = around.unwrap_or(cell).attribute("id").unwrap_or_default();
    let label = match around {
        Some(around) => around.attribute("label"),
        None => cell.attribute("value"),
    };
    let mut style = Style::read(cell.attribute("style").unwrap_or_default());
    let label = label.unwrap_or_default();
    let label = if style.is_set("html") {
        let (words, size) = words_of(label);
        if let Some(size) = size {
            style.values.insert("fontSize".to_owned(), size);
        }
        words
    } else {
        label.to_owned()
    };
    let geometry = cell
        .children()
        .find(|node| node.has_tag_name("mxGeometry"))
        .map(geometry_of)
        .unwrap_or_default();
    Some(Cell {
        id: id.to_owned(),
        parent: own("parent").unwrap_or_default(),
        label,
        style,
        is_vertex: cell.attribute("vertex") == Some("1"),
        is_edge: cell.attribute("edge") == Some("1"),
        source: own("source"),
        target: own("target"),
        geometry,
        is_visible: cell.attribute("visible") != Some("0"),
    })
}

fn geometry_of(node: Node<'_, '_>) -> Geometry {
    let mut geometry = Geometry {
        x: length(node, "x"),
        y: length(node, "y"),
        width: length(node, "width"),
        height: length(node, "height"),
        is_relative: node.attribute("relative") == Some("1"),
        ..Geometry::default()
    };
    for child in node.children().filter(Node::is_element) {
        let point = (length(child, "x"), length(child, "y"));
        match (child.tag_name().name(), child.attribute("as")) {
            ("mxPoint", Some("offset")) => geometry.offset = Some(point),
            ("mxPoint", Some("sourcePoint")) => geometry.source = Some(point),
            ("mxPoint", Some("targetPoint")) => geometry.target = Some(point),
            ("Array", Some("points")) => {
                let points = child.children().filter(Node::is_element).take(1_000);
                geometry.points = points
                    .map(|point| (length(point, "x"), length(point, "y")))
                    .collect();
            }
            _ => {}
        }
    }
    geometry
}

fn length(node: Node<'_, '_>, name: &str) -> f64 {
    let number = node.attribute(name).and_then(|number| number.parse().ok());
    number
        .filter(|number: &f64| number.is_finite() && number.abs() < 1e6)
        .unwrap_or(0.0)
}

/// The words of a label in HTML, in lines, and the size of its letters where it begins with one.
fn words_of(html: &str) -> (String, Option<String>) {
    let mut words = String::new();
    let mut size = None;
    let mut rest = html;
    let new_line = |words: &mut String| {
        if !words.is_empty() && !words.ends_with('\n') {
            words.push('\n');
        }
    };
    while let Some(open) = rest.find('<') {
        words.push_str(&decoded(&rest[..open]));
        let Some(length) = rest[open..].find('>') else {
            rest = &rest[open..];
            break;
        };
        let tag = &rest[open + 1..open + length];
        rest = &rest[open + length + 1..];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .flat_map(char::to_lowercase)
            .collect();
        if words.trim().is_empty()
            && let Some(at) = tag.find("font-size:")
        {
            let digits = tag[at + "font-size:".len()..].trim_start();
            let end = digits.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
            let digits = &digits[..end.unwrap_or(digits.len())];
            size = (!digits.is_empty()).then(|| digits.to_owned());
        }
        match name.as_str() {
            "br" => words.push('\n'),
            "hr" | "div" | "p" | "tr" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4"
            | "h5" | "h6" | "blockquote" => new_line(&mut words),
            "li" if !tag.starts_with('/') => {
                new_line(&mut words);
                words.push_str("\u{2022} ");
            }
            "td" | "th" if tag.starts_with('/') => words.push(' '),
            _ => {}
        }
    }
    words.push_str(&decoded(rest));
    let lines: Vec<String> = words
        .trim_matches(['\n', ' '])
        .split('\n')
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    (lines.join("\n"), size)
}

/// Text without the references that HTML writes characters by.
fn decoded(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        made.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = rest[1..].find(';').filter(|end| *end < 12).and_then(|end| {
            let name = &rest[1..=end];
            let letter = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                _ => {
                    let digits = name.strip_prefix('#')?;
                    let number = match digits.strip_prefix(['x', 'X']) {
                        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                        None => digits.parse().ok()?,
                    };
                    char::from_u32(number).filter(|letter| !letter.is_control())?
                }
            };
            Some((letter, end + 2))
        });
        match known {
            Some((letter, length)) => {
                made.push(letter);
                rest = &rest[length..];
            }
            None => {
                made.push('&');
                rest = &rest[1..];
            }
        }
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::words_of;

    #[test]
    fn labels_in_html_are_lines_of_words() {
        let words = |html: &str| words_of(html).0;
        assert_eq!(
            words("a &amp;&nbsp;b &#x41;&#66; &odd; & c"),
            "a & b AB &odd; & c"
        );
        assert_eq!(
            words("<div>one</div><div><b>two</b><br>three</div><ul><li>x</li><li>y</li></ul>"),
            "one\ntwo\nthree\n\u{2022} x\n\u{2022} y"
        );
        assert_eq!(words("a < b"), "a < b");
        let (text, size) = words_of("<font style=\"font-size: 18px;\">Big</font>");
        assert_eq!((text.as_str(), size.as_deref()), ("Big", Some("18")));
    }
}
