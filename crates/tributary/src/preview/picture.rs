//! Recognizes pictures by their contents; names promise nothing.

use imagesize::ImageType;

/// What a picture says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its media type.
    pub media_type: &'static str,
    /// Width and height in pixels, when it says so.
    pub dimensions: Option<(u32, u32)>,
}

/// The most pixels that a picture may have to be drawn here. A web view takes four bytes for each, of
/// a file that may be a thousand times smaller.
const MOST_PIXELS: u64 = 100_000_000;

impl Picture {
    /// Whether it is small enough to be given to what draws it. A file of some kilobytes can unpack
    /// to more memory than a machine has.
    pub fn can_be_drawn(&self) -> bool {
        // Lines and surfaces are drawn as large as they are shown.
        let is_drawing = self.media_type == "image/svg+xml";
        is_drawing
            || self.dimensions.is_none_or(|(width, height)| {
                u64::from(width).saturating_mul(u64::from(height)) <= MOST_PIXELS
            })
    }
}

/// Recognizes a picture in one of the forms that browsers and Confluence show.
pub fn picture(bytes: &[u8]) -> Option<Picture> {
    let media_type = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Gif) => "image/gif",
        Ok(ImageType::Webp) => "image/webp",
        Ok(ImageType::Bmp) => "image/bmp",
        Ok(ImageType::Ico) => "image/x-icon",
        Ok(ImageType::Tiff) => "image/tiff",
        Ok(ImageType::Heif(imagesize::Compression::Av1)) => "image/avif",
        Ok(ImageType::Heif(_)) => "image/heic",
        _ => return vector_picture(bytes),
    };
    // A picture that does not say how large it is was cut off or is none.
    let size = imagesize::blob_size(bytes).ok()?;
    let dimensions = u32::try_from(size.width)
        .ok()
        .zip(u32::try_from(size.height).ok());
    let dimensions = dimensions.filter(|(width, height)| *width > 0 && *height > 0)?;
    Some(Picture {
        media_type,
        dimensions: Some(dimensions),
    })
}

/// An SVG document is recognized by its root element, behind declaration, comments and doctype.
fn vector_picture(bytes: &[u8]) -> Option<Picture> {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    let head = String::from_utf8_lossy(head);
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!DOCTYPE") {
            if rest
                .find('[')
                .is_some_and(|open| rest.find('>').is_some_and(|end| open < end))
            {
                "]>"
            } else {
                ">"
            }
        } else {
            break;
        };
        rest = rest[rest.find(end)? + end.len()..].trim_start();
    }
    let root = rest.strip_prefix('<')?;
    let name_end = root.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    if root[..name_end].rsplit(':').next() != Some("svg") {
        return None;
    }
    // A file without an end is cut off.
    let tail = &bytes[bytes.len().saturating_sub(64)..];
    let tail = String::from_utf8_lossy(tail);
    if !tail.trim_end().ends_with('>') {
        return None;
    }
    let attributes = &root[name_end..root.find('>')?];
    Some(Picture {
        media_type: "image/svg+xml",
        dimensions: dimensions(attributes),
    })
}

/// Width and height, else those of the view box.
fn dimensions(attributes: &str) -> Option<(u32, u32)> {
    let pixels = |text: &str| {
        let number: f64 = text.trim().trim_end_matches("px").trim_end().parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is checked right here"
        )]
        let whole = (1.0..=65_536.0)
            .contains(&number)
            .then(|| number.round() as u32);
        whole
    };
    let length = |name| attribute(attributes, name).and_then(pixels);
    if let (Some(width), Some(height)) = (length("width"), length("height")) {
        return Some((width, height));
    }
    let view = attribute(attributes, "viewBox")?;
    let parts: Vec<&str> = view
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|part| !part.is_empty())
        .collect();
    match parts[..] {
        [_, _, width, height] => Some((pixels(width)?, pixels(height)?)),
        _ => None,
    }
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + name.len()..].trim_start();
        let value = after.strip_prefix('=').map(str::trim_start);
        if before.is_none_or(char::is_whitespace)
            && let Some(value) = value
            && let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\''))
        {
            return value[1..].split(quote).next();
        }
        rest = &rest[at + name.len()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_small_file_that_unpacks_to_gigabytes_is_told_and_not_drawn() {
        let png = |width: u32, height: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
            bytes.extend([8, 6, 0, 0, 0]);
            picture(&bytes).expect("a picture")
        };
        assert!(png(10_000, 10_000).can_be_drawn());
        let bomb = png(60_000, 60_000);
        assert!(!bomb.can_be_drawn());
        assert_eq!(bomb.dimensions, Some((60_000, 60_000)));
        assert!(!png(u32::MAX, u32::MAX).can_be_drawn());
        let drawing = picture(b"<svg width='60000' height='60000'></svg>");
        assert!(drawing.expect("a picture").can_be_drawn());
    }
}
