//! PDFs as they are looked at: drawn by [`tributary_diagrams::pdf`], in words of this program.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use tributary_diagrams::Failure;
pub use tributary_diagrams::pdf::{DrawnPage, MOST_PAGES, Pdf, Size, Words, is_pdf};

use super::visible;
use crate::Sentence;
use crate::error::{Error, ErrorKind};

/// Reads a PDF as far as its list of pages. Blocks while it does.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it is encrypted, damaged, or would unpack to more than is drawn.
pub fn open(bytes: &Bytes) -> Result<Pdf, Error> {
    Pdf::open(bytes.clone()).map_err(|failure| refused(Sentence::from("This PDF"), &failure))
}

/// How large its pages are, in points, as JSON.
pub fn pages_to_json(pdf: &Pdf) -> Value {
    let sizes = pdf.pages().iter();
    sizes
        .map(|size| json!({ "width": size.width, "height": size.height }))
        .collect()
}

/// Draws a page, counted from 0, as wide as so many pixels. Blocks while it does. In its words, signs
/// that hide or turn text are made visible.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when there is no such page, or drawing it takes too long or breaks
/// down.
pub fn draw(pdf: &Pdf, number: usize, width: u32) -> Result<DrawnPage, Error> {
    let mut page = pdf
        .draw(number, width)
        .map_err(|failure| refused(sentence!("Page {page}", page = number + 1), &failure))?;
    for words in &mut page.words {
        words.text = visible(&words.text).into_owned();
    }
    Ok(page)
}

/// An address that carries a picture in PNG.
pub fn carried(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

/// That something of a PDF cannot be shown.
pub(super) fn refused(what: Sentence, failure: &Failure) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!("{what} cannot be shown: {failure}", what, failure).with("what", what),
    )
    .remedy("Save the file and open it in a PDF viewer")
}
