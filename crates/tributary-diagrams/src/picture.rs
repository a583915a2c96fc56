//! Pictures in the form to be attached.
//!
//! What a library drew is read and written anew from its shapes. What is left out that way needs
//! no list: scripts, styles, links, HTML, pictures from elsewhere, and fonts, because letters are
//! shapes too. Confluence shows an SVG as a picture of its own making, on a server without the
//! fonts that text would ask for.

use std::borrow::Cow;

use resvg::{tiny_skia, usvg};

use super::{Failure, Kind, fonts};

/// How much larger a PNG is than it is shown, so that it is sharp on screens with small pixels.
pub const SCALE: f32 = 2.0;
/// The longest side, in pixels as shown.
const LONGEST: f32 = 16_000.0;
/// The largest PNG, in its own pixels.
const LARGEST: f32 = 24_000_000.0;
/// The largest area as shown: its PNG has half the resolution then.
const LARGEST_SHOWN: f32 = LARGEST * 4.0;
/// The largest SVG, in bytes, as drawn and as written.
const LONGEST_SVG: usize = 16 * 1024 * 1024;
/// The most bytes of text in one place, and the most places with text. Shaping takes time that
/// cannot be cut short.
const LONGEST_TEXT: usize = 8_000;
const MOST_TEXTS: usize = 5_000;
/// How far shapes may reach beyond their picture on a side, besides a quarter of it.
const MOST_BEYOND: f32 = 200.0;
/// What stays as it is in the part of an address that draw.io keeps a drawing in.
const IN_ADDRESS: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'(')
    .remove(b')');
/// The element and the keyword under which a picture holds its source.
const SOURCE: &str = "tributary-source";

/// What a library drew.
pub(crate) struct Drawn {
    pub(crate) svg: String,
    /// Pixels below the line of text that it stands in, margins of the SVG's own included.
    pub(crate) below: f32,
    /// Pixels of room to add around it.
    pub(crate) margin: f32,
    /// Shapes that are not known, which are boxes with their labels.
    pub(crate) left_out: Vec<String>,
}

/// A picture of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    kind: Kind,
    source: String,
    svg: String,
    width: f32,
    height: f32,
    below: f32,
    left_out: Vec<String>,
}

impl Picture {
    /// Names of the shapes in the source that are not known here: each is a box with its label.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The width as shown, in pixels of CSS.
    pub fn width(&self) -> f32 {
        self.width
    }

    /// The height as shown, in pixels of CSS.
    pub fn height(&self) -> f32 {
        self.height
    }

    /// How much of the height is below the line that a formula stands in, in pixels of CSS; of all
    /// other kinds the room at the bottom.
    pub fn below_baseline(&self) -> f32 {
        self.below
    }

    /// The picture as SVG, with its source in `metadata`. It is on white, because Confluence has a
    /// dark theme and diagrams are drawn in dark lines.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The picture as PNG of [`SCALE`] times its size, smaller where that would be too large, with
    /// its source in a text chunk.
    ///
    /// # Errors
    /// When there is not enough memory for it.
    pub fn png(&self) -> Result<Vec<u8>, Failure> {
        let failed = |error: &dyn std::fmt::Display| {
            Failure::new(format!("its picture could not be written: {error}"))
        };
        let unknown = fonts::Unknown::default();
        let options = fonts::options(&unknown)?;
        let tree = usvg::Tree::from_str(&self.svg, &options).map_err(|e| failed(&e))?;
        let scale = SCALE.min((LARGEST / (self.width * self.height)).sqrt());
        let pixels = |side: f32| (side * scale).ceil().max(1.0) as u32;
        let mut map = tiny_skia::Pixmap::new(pixels(self.width), pixels(self.height))
            .ok_or_else(|| failed(&"it has no size"))?;
        map.fill(tiny_skia::Color::WHITE);
        resvg::render(
            &tree,
            tiny_skia::Transform::from_scale(scale, scale),
            &mut map.as_mut(),
        );
        // On white nothing is left to shine through.
        let opaque: Vec<u8> = map
            .pixels()
            .iter()
            .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, map.width(), map.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder
            .add_itxt_chunk(
                SOURCE.to_owned(),
                format!("{}\n{}", self.kind.word(), self.source),
            )
            .map_err(|error| failed(&error))?;
        if self.kind == Kind::DrawIo {
            // So draw.io opens the picture as the drawing that it is.
            let address = percent_encoding::utf8_percent_encode(&self.source, IN_ADDRESS);
            encoder
                .add_text_chunk("mxfile".to_owned(), address.to_string())
                .map_err(|error| failed(&error))?;
        }
        let mut writer = encoder.write_header().map_err(|error| failed(&error))?;
        writer
            .write_image_data(&opaque)
            .map_err(|error| failed(&error))?;
        writer.finish().map_err(|error| failed(&error))?;
        Ok(bytes)
    }
}

/// Makes a picture of what was drawn.
pub(crate) fn finish(kind: Kind, source: String, drawn: &Drawn) -> Result<Picture, Failure> {
    if drawn.svg.len() > LONGEST_SVG {
        return Err(too_large());
    }
    check_text(&drawn.svg)?;
    let noted = fonts::Unknown::default();
    let tree = usvg::Tree::from_str(&drawn.svg, &fonts::options(&noted)?)
        .map_err(|error| Failure::new(format!("its picture could not be read: {error}")))?;
    let unknown = letters_without_font(&tree, &noted);
    // A text that is to be read is better than a picture that lacks some of it; a file of shapes is
    // nothing that people read.
    let is_text = !matches!(kind, Kind::DrawIo | Kind::Excalidraw | Kind::Other(_));
    if let Some(first) = unknown.first()
        && is_text
    {
        let failure = Failure::new(format!("no font here has its letter `{first}`"));
        return Err(match source.find(first.as_str()) {
            Some(at) => failure.at(&source, at),
            None => failure,
        });
    }
    let size = tree.size();
    // Some diagrams have labels that reach beyond the size that they claim.
    let shapes_box = tree.root().abs_stroke_bounding_box();
    let beyond = |reach: f32, side: f32| reach.clamp(0.0, MOST_BEYOND + side / 4.0).ceil();
    let left = drawn.margin + beyond(-shapes_box.left(), size.width());
    let right = drawn.margin + beyond(shapes_box.right() - size.width(), size.width());
    let top = drawn.margin + beyond(-shapes_box.top(), size.height());
    let bottom = drawn.margin + beyond(shapes_box.bottom() - size.height(), size.height());
    let width = left + size.width() + right;
    let height = top + size.height() + bottom;
    if width > LONGEST || height > LONGEST || width * height > LARGEST_SHOWN {
        return Err(too_large());
    }
    let written = tree.to_string(&usvg::WriteOptions {
        coordinates_precision: 3,
        transforms_precision: 5,
        indent: usvg::Indent::None,
        attributes_indent: usvg::Indent::None,
        ..usvg::WriteOptions::default()
    });
    // The outermost element is written here, with what a picture has besides its shapes.
    let shapes = written
        .split_once("<svg")
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or("", |(root, rest)| match root.ends_with('/') {
            true => "",
            false => rest.trim_end().trim_end_matches("</svg>"),
        });
    if shapes.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    let (x, y, word) = (-left, -top, kind.word());
    // In this form draw.io opens the picture as the drawing that it is.
    let editable = match kind {
        Kind::DrawIo => format!(" content=\"{}\"", escaped(&source).replace('\n', "&#10;")),
        _ => String::new(),
    };
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"{x} {y} {width} {height}\"{editable}>\
         <metadata id=\"{SOURCE}\" class=\"{word}\">"
    );
    svg.push_str(&escaped(&source));
    svg.push_str("</metadata>");
    svg.push_str(&format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>"
    ));
    svg.push_str(shapes);
    svg.push_str("</svg>\n");
    if svg.len() > LONGEST_SVG {
        return Err(too_large());
    }
    Ok(Picture {
        kind,
        source,
        svg,
        width,
        height,
        below: drawn.below + bottom,
        left_out: drawn
            .left_out
            .iter()
            .chain(&unknown)
            .take(20)
            .map(|name| one_word(name))
            .collect(),
    })
}

/// Letters that would be drawn as a box, because none of the fonts has them.
fn letters_without_font(tree: &usvg::Tree, noted: &fonts::Unknown) -> Vec<String> {
    let mut found: Vec<String> = noted.letters().iter().map(char::to_string).collect();
    let mut open = vec![tree.root()];
    while let Some(group) = open.pop() {
        for node in group.children() {
            match node {
                usvg::Node::Group(inner) => open.push(inner),
                usvg::Node::Text(text) => {
                    let spans = text.layouted().iter();
                    let glyphs = spans.flat_map(|span| &span.positioned_glyphs);
                    let missing = glyphs.filter(|glyph| glyph.id.0 == 0);
                    found.extend(missing.map(|glyph| glyph.text.trim().to_owned()));
                }
                _ => {}
            }
        }
    }
    found.retain(|letters| !letters.trim().is_empty());
    found.sort();
    found.dedup();
    found
}

/// A name as one word, of which nobody needs more than the beginning.
fn one_word(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_whitespace());
    let made: String = letters.take(80).collect();
    match made.is_empty() {
        true => "?".to_owned(),
        false => made,
    }
}

/// Refuses more text than a page has.
fn check_text(svg: &str) -> Result<(), Failure> {
    let mut texts = 0;
    for piece in svg.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text);
        if text.len() > LONGEST_TEXT && !piece.starts_with("style") {
            return Err(Failure::new("one of its labels is too long for a picture"));
        }
        texts += usize::from(!text.trim().is_empty());
    }
    if texts > MOST_TEXTS {
        return Err(Failure::new("it has too many labels for a picture"));
    }
    Ok(())
}

fn too_large() -> Failure {
    Failure::new("its picture would be too large for a page")
}

fn escaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::escape(text)
}

impl Picture {
    /// All of it as bytes, to be kept outside of this process.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A float is written so that it is read as the same.
        let mut sizes = format!("{:?} {:?} {:?}", self.width, self.height, self.below);
        for name in &self.left_out {
            sizes.push(' ');
            sizes.push_str(name);
        }
        sizes.push('\n');
        let mut bytes = sizes.into_bytes();
        bytes.extend_from_slice(self.svg.as_bytes());
        bytes
    }

    /// A picture that was kept. None when the bytes are not those of a picture of this source.
    pub(crate) fn from_bytes(kind: Kind, source: &str, bytes: &[u8]) -> Option<Self> {
        let (sizes, svg) = str::from_utf8(bytes).ok()?.split_once('\n')?;
        let mut words = sizes.split(' ');
        let mut size = || {
            let size: f32 = words.next()?.parse().ok()?;
            size.is_finite().then_some(size)
        };
        let (width, height, below) = (size()?, size()?, size()?);
        let left_out: Vec<String> = words.map(str::to_owned).collect();
        let is_its = source_of(svg.as_bytes()).as_ref() == Some(&(kind, source.to_owned()));
        (is_its && width > 0.0 && height > 0.0).then(|| Self {
            kind,
            source: source.to_owned(),
            svg: svg.to_owned(),
            width,
            height,
            below,
            left_out,
        })
    }
}

/// The source that an attached picture was drawn from, SVG or PNG; none when it holds none, so
/// when it is no picture of ours.
pub fn source_of(picture: &[u8]) -> Option<(Kind, String)> {
    if picture.starts_with(b"\x89PNG") {
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture))
            .read_info()
            .ok()?;
        let chunks = &reader.info().utf8_text;
        let found = chunks.iter().find(|chunk| chunk.keyword == SOURCE);
        let text = match found {
            Some(chunk) => chunk.get_text().ok()?,
            None => {
                // Others write such chunks after the pixels.
                reader.finish().ok()?;
                let chunks = &reader.info().utf8_text;
                chunks
                    .iter()
                    .find(|chunk| chunk.keyword == SOURCE)?
                    .get_text()
                    .ok()?
            }
        };
        let (word, source) = text.split_once('\n')?;
        return Some((Kind::of_word(word)?, source.to_owned()));
    }
    let document = usvg::roxmltree::Document::parse(str::from_utf8(picture).ok()?).ok()?;
    let metadata = document
        .root_element()
        .children()
        .find(|node| node.has_tag_name("metadata") && node.attribute("id") == Some(SOURCE))?;
    let kind = Kind::of_word(metadata.attribute("class")?)?;
    Some((kind, metadata.text()?.to_owned()))
}
