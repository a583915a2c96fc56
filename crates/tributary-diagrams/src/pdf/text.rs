//! The words of a page and where they stand, for whoever selects or hears them.

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect};

/// As many characters of a page are given.
const MOST_CHARACTERS: usize = 100_000;

/// Words that stand beside each other on a page. Places are shares of the page's width and height.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// How far from the left they begin.
    pub left: f64,
    /// How far from the top they begin.
    pub top: f64,
    /// How wide they are.
    pub width: f64,
    /// How high their letters are.
    pub height: f64,
}

/// Reads the words of a page.
pub(super) fn words(page: &Page<'_>, settings: &InterpreterSettings) -> Vec<Words> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let transform: Affine = page.initial_transform(true).to_kurbo();
    let target = Rect::new(0.0, 0.0, width, height);
    let mut context = Context::new(transform, target, &cache, page.xref(), settings.clone());
    let mut reader = Reader::default();
    interpret_page(page, &mut context, &mut reader);
    let lines = reader.lines.into_iter().filter(|line| {
        let is_somewhere = [line.left, line.end, line.baseline, line.size];
        !line.text.trim().is_empty() && is_somewhere.into_iter().all(f64::is_finite)
    });
    lines
        .map(|line| Words {
            left: line.left / width,
            // Letters stand on their line, and reach below it by about a fifth.
            top: (line.baseline - line.size * 0.8) / height,
            width: (line.end - line.left).max(0.0) / width,
            height: line.size / height,
            text: line.text,
        })
        .collect()
}

/// A device that draws nothing.
#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    characters: usize,
}

/// Whether a letter may be among what somebody copies. A file says itself which letter each of its
/// shapes is: one that ends up in a terminal must not be an order to it, and none may turn the
/// direction of what stands behind it.
fn is_shown(letter: char) -> bool {
    let turns = matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns
}

/// Words on one line, in points.
struct Line {
    text: String,
    left: f64,
    end: f64,
    baseline: f64,
    size: f64,
}

impl Reader {
    fn read(&mut self, letters: &str, begin: Point, end: Point, size: f64) {
        self.characters += letters.len();
        if self.characters > MOST_CHARACTERS {
            return;
        }
        if let Some(line) = self.lines.last_mut() {
            let gap = begin.x - line.end;
            let goes_on = (begin.y - line.baseline).abs() < 0.2 * size
                && (size - line.size).abs() < 0.5 * size
                && (-0.5 * size..2.0 * size).contains(&gap);
            if goes_on {
                // Many writers move on between words, and write no space.
                if gap > 0.15 * size && !line.text.ends_with(' ') && !letters.starts_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(letters);
                line.end = line.end.max(end.x);
                return;
            }
        }
        self.lines.push(Line {
            text: letters.to_owned(),
            left: begin.x,
            end: end.x,
            baseline: begin.y,
            size,
        });
    }
}

impl<'a> Device<'a> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let mut letters = match glyph.as_unicode() {
                Some(BfString::Char(letter)) => letter.to_string(),
                Some(BfString::String(letters)) => letters,
                None => continue,
            };
            letters.retain(is_shown);
            if letters.is_empty() {
                continue;
            }
            let place = props.transform * glyph.transform();
            // Letters are drawn on a square of a thousand.
            let begin = place * Point::ORIGIN;
            let advance = match &**glyph {
                Glyph::Outline(glyph) => glyph.advance_width(),
                Glyph::Type3(glyph) => glyph.advance_width(),
            };
            let advance = advance.map_or(500.0, f64::from);
            let size = (place * Point::new(0.0, 1000.0)).distance(begin);
            self.read(&letters, begin, place * Point::new(advance, 0.0), size);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
