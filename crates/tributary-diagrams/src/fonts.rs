//! The fonts that are compiled in, for measuring and for drawing alike.

use std::sync::{LazyLock, Mutex, PoisonError};

use merman::OperationControl;
use merman::svg::export::{NativeFontContext, NativeFontLimits};
use resvg::usvg;

use super::Failure;

/// The first is the one for text that asks for no other; a letter that a font lacks is taken from
/// the first of the others that has it.
const FONTS: [&[u8]; 12] = [
    include_bytes!("../assets/fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../assets/fonts/LiberationSans-Bold.ttf"),
    include_bytes!("../assets/fonts/LiberationSans-Italic.ttf"),
    include_bytes!("../assets/fonts/LiberationSerif-Regular.ttf"),
    include_bytes!("../assets/fonts/LiberationSerif-Bold.ttf"),
    include_bytes!("../assets/fonts/LiberationSerif-Italic.ttf"),
    include_bytes!("../assets/fonts/LiberationMono-Regular.ttf"),
    include_bytes!("../assets/fonts/LiberationMono-Bold.ttf"),
    include_bytes!("../assets/fonts/DejaVuSans.ttf"),
    include_bytes!("../assets/fonts/DroidSansFallbackFull.ttf"),
    include_bytes!("../assets/fonts/NotoEmoji-Regular.ttf"),
    include_bytes!("../assets/fonts/Sunflower-Medium.ttf"),
];

/// The name of the font for text that asks for no other.
pub(crate) const PLAIN: &str = "Liberation Sans";

static CONTEXT: LazyLock<Result<NativeFontContext, String>> = LazyLock::new(|| {
    NativeFontContext::from_font_bytes(
        FONTS.map(<[u8]>::to_vec),
        NativeFontLimits::default(),
        &OperationControl::new(),
    )
    .map_err(|error| error.to_string())
});

/// The fonts as Mermaid's layout measures with them.
pub(crate) fn context() -> Result<&'static NativeFontContext, Failure> {
    CONTEXT
        .as_ref()
        .map_err(|error| Failure::new(format!("the fonts could not be read: {error}")))
}

/// Letters that were looked for in every font and found in none.
///
/// A text of nothing else vanishes from the picture, so that they are noted where they are looked for.
#[derive(Default)]
pub(crate) struct Unknown(Mutex<Vec<char>>);

impl Unknown {
    pub(crate) fn letters(&self) -> Vec<char> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.clone()
    }
}

/// Options for reading an SVG: our fonts, no files, no pictures from elsewhere.
pub(crate) fn options(unknown: &Unknown) -> Result<usvg::Options<'_>, Failure> {
    let mut options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    context()?.apply_to_usvg_options(&mut options);
    PLAIN.clone_into(&mut options.font_family);
    // The one that comes with the measuring leaves out fonts that are all signs, so emoji.
    let known = usvg::FontResolver::default_fallback_selector();
    options.font_resolver.select_fallback = Box::new(move |letter, tried, fonts| {
        // A letter that no font has would end the search, and the other letters of its text that
        // the first font lacks would go with it. So the search goes on with what was not tried.
        let next = known(letter, tried, fonts).or_else(|| {
            let untried = fonts.faces().find(|face| !tried.contains(&face.id));
            untried.map(|face| face.id)
        });
        if next.is_none() {
            let mut noted = unknown.0.lock().unwrap_or_else(PoisonError::into_inner);
            noted.push(letter);
        }
        next
    });
    Ok(options)
}
