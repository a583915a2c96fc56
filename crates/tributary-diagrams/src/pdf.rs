//! The pages of a PDF as pictures, with their text.
//!
//! hayro reads and draws them in this process. Files come from strangers, so what one unpacks to is
//! weighed before it is read (`weigh.rs`), a page is drawn like a diagram, on a thread of its own
//! that may take some time and whose panic ends there, and a picture has a greatest size. What is
//! encrypted is not opened: what it unpacks to cannot be weighed.

mod text;
mod weigh;

use std::fmt;
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{self, LoadPdfError, PdfData};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::{Failure, bounded};

pub use text::Words;

/// Pages behind these are not shown.
pub const MOST_PAGES: usize = 2_000;
/// The widest picture of a page, in pixels.
const WIDEST: u32 = 4_096;
/// The most pixels that a picture of a page has.
const MOST_PIXELS: f32 = 16_000_000.0;
/// The longest side of a picture of a page, below what the library counts with.
const LONGEST: f32 = 32_000.0;
/// How far the head of a file may be from its beginning.
const HEAD: usize = 1_024;

/// A PDF that was found to be readable. Clones are the same.
#[derive(Clone)]
pub struct Pdf {
    data: PdfData,
    pages: Arc<[Size]>,
    total: usize,
}

/// How large a page is, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

/// A page as it looks.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnPage {
    /// Its picture, on white.
    pub png: Vec<u8>,
    /// The width of the picture in pixels.
    pub width: u32,
    /// The height of the picture in pixels.
    pub height: u32,
    /// Its words, in the order in which they are drawn.
    pub words: Vec<Words>,
}

impl fmt::Debug for Pdf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Pdf");
        shown.field("total", &self.total).finish_non_exhaustive()
    }
}

/// Whether a file says of itself that it is a PDF.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    memchr::memmem::find(head, b"%PDF-").is_some()
}

impl Pdf {
    /// Reads a file as far as its list of pages.
    ///
    /// # Errors
    /// When it is encrypted, damaged or has no pages, or would unpack to more than is drawn.
    pub fn open(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Result<Self, Failure> {
        let data = PdfData::from(Arc::new(bytes));
        bounded::run(move || {
            weigh::weigh(data.as_ref())?;
            let pdf = load(&data)?;
            weigh::weigh_pictures(&pdf)?;
            let pages = pdf.pages();
            if pages.is_empty() {
                return Err(Failure::new("it has no pages"));
            }
            Ok(Self {
                pages: pages.iter().take(MOST_PAGES).map(size).collect(),
                total: pages.len(),
                data,
            })
        })
    }

    /// How large its pages are, those that are shown.
    pub fn pages(&self) -> &[Size] {
        &self.pages
    }

    /// How many pages it has, also those that are not shown.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Draws a page, counted from 0, as wide as so many pixels. It is smaller when it would be too
    /// large.
    ///
    /// # Errors
    /// When there is no such page, and when drawing it takes too long or breaks down.
    pub fn draw(&self, number: usize, width: u32) -> Result<DrawnPage, Failure> {
        let missing = move || Failure::new(format!("it has no page {}", number + 1));
        let size = *self.pages.get(number).ok_or_else(missing)?;
        let data = self.data.clone();
        bounded::run(move || {
            let pdf = load(&data)?;
            let page = pdf.pages().get(number).ok_or_else(missing)?;
            draw(page, size, width)
        })
    }
}

fn load(data: &PdfData) -> Result<hayro_syntax::Pdf, Failure> {
    hayro_syntax::Pdf::new(data.clone()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => weigh::encrypted(),
        LoadPdfError::Invalid => Failure::new("it is damaged, or not complete"),
    })
}

fn size(page: &Page<'_>) -> Size {
    let (width, height) = page.render_dimensions();
    // What a file says of its pages may be no size at all.
    let sound = |length: f32| {
        let length = if length.is_finite() { length } else { 1.0 };
        length.clamp(1.0, 20_000.0)
    };
    Size {
        width: sound(width),
        height: sound(height),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a width in pixels is far below what would lose any"
)]
fn draw(page: &Page<'_>, size: Size, width: u32) -> Result<DrawnPage, Failure> {
    let wanted = width.clamp(16, WIDEST) as f32 / size.width;
    let most = (MOST_PIXELS / (size.width * size.height)).sqrt();
    let highest = LONGEST / size.width.max(size.height);
    let scale = wanted.min(most).min(highest);
    let settings = InterpreterSettings::default();
    let words = text::words(page, &settings);
    let at_least_one = |length: f32| (1.01 / length).max(scale);
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: at_least_one(size.width),
            y_scale: at_least_one(size.height),
            bg_color: WHITE,
        },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    Ok(DrawnPage {
        png: png(pixmap.data_as_u8_slice(), width, height)?,
        width,
        height,
        words,
    })
}

/// Writes pixels that nothing shines through.
fn png(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Failure> {
    let mut rows = Vec::with_capacity(pixels.len() / 4 * 3);
    for pixel in pixels.chunks_exact(4) {
        rows.extend_from_slice(&pixel[..3]);
    }
    let unwritten = |error: png::EncodingError| Failure::new(error.to_string());
    let mut written = Vec::new();
    let mut encoder = png::Encoder::new(&mut written, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(unwritten)?;
    writer.write_image_data(&rows).map_err(unwritten)?;
    writer.finish().map_err(unwritten)?;
    Ok(written)
}
