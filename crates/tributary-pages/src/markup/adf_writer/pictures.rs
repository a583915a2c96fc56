//! Pictures, in lines and on lines of their own, and those of diagrams and formulas.

use super::super::adf::{Line, Mark, Marks, Node};
use super::super::adf_unfilled::ADF_UNFILLED;
use super::super::document::{Alignment, Inline, PictureSide, Place};
use super::super::drawing::{DrawingKind, DrawingPicture};
use super::super::drawn::drawn_picture;
use super::super::storage_writer::{image_source, size_of};
use super::super::vocabulary::{BORDER_COLOR, BORDER_SIZE};
use super::super::writing::ImageTarget;
use super::Writer;

/// A picture with the link around it.
pub(super) struct Picture<'d> {
    pub(super) image: &'d Inline,
    pub(super) link: Option<&'d Inline>,
}

impl Picture<'_> {
    /// Whether text stands beside it.
    pub(super) fn is_wrapped(&self) -> bool {
        matches!(
            self.image,
            Inline::Image {
                side: Some(PictureSide::WrapLeft | PictureSide::WrapRight),
                ..
            }
        )
    }
}

impl Writer<'_> {
    pub(super) fn shows(&self, picture: &Picture<'_>) -> bool {
        match picture.image {
            Inline::Image { target, .. } => !matches!(
                image_source(self.resolve, target),
                ImageTarget::Missing { .. }
            ),
            _ => false,
        }
    }

    /// The picture of a diagram or formula, where it has one. Macros with a text as body are of
    /// storage format alone.
    pub(super) fn drawing(
        &mut self,
        kind: DrawingKind,
        source: &str,
        at: Place,
    ) -> Option<DrawingPicture> {
        drawn_picture(self.resolve, kind, source, at, &mut self.problems)
    }

    /// A picture in a line of text. Only attached ones can stand there.
    pub(super) fn image(&mut self, image: &Inline, marks: &Marks, line: &mut Line) {
        let Inline::Image {
            target,
            title,
            alt,
            width,
            height,
            place,
            ..
        } = image
        else {
            return;
        };
        let shown: String = target.chars().take(200).collect();
        match image_source(self.resolve, target) {
            ImageTarget::Missing { reason } => {
                self.warn(
                    *place,
                    "image.missing",
                    sentence!(
                        "the picture `{shown}` cannot be shown: {reason}. Its description is kept",
                        shown,
                        reason
                    ),
                );
                let words = match alt.trim() {
                    "" => shown,
                    alt => format!("{alt} ({shown})"),
                };
                self.text(&words, marks, line);
            }
            ImageTarget::Attachment {
                filename,
                width: own_width,
                height: own_height,
            } => {
                let alt = match (alt.is_empty(), title.is_empty()) {
                    (_, true) => alt.clone(),
                    (true, false) => title.clone(),
                    (false, false) => format!("{alt}: {title}"),
                };
                let size = (width.or(own_width), height.or(own_height));
                let mut node = self.file("mediaInline", "image", &alt, &filename, size);
                node.marks.extend(marks.link());
                line.node(node);
            }
            ImageTarget::Url(url) => {
                self.warn(
                    *place,
                    "image.link",
                    sentence!(
                        "Confluence's editor shows the picture `{shown}` only on a line of its \
                         own; here it becomes a link",
                        shown
                    ),
                );
                let link = match &marks.link {
                    Some(link) => link.clone(),
                    None => {
                        let title = self.clean(title).into_owned();
                        (self.clean(url.trim()).into_owned(), title)
                    }
                };
                let marks = Marks {
                    link: Some(link),
                    ..marks.clone()
                };
                let words = if alt.trim().is_empty() { &shown } else { alt };
                self.text(words, &marks, line);
            }
        }
    }

    /// A picture on a line of its own.
    pub(super) fn media_single(&mut self, picture: &Picture<'_>, alignment: Alignment) -> Node {
        let mut single = Node::new("mediaSingle");
        let Inline::Image {
            target,
            title,
            alt,
            width,
            percent,
            height,
            side,
            has_border,
            ..
        } = picture.image
        else {
            return single;
        };
        let layout = match (side, alignment) {
            (Some(side), _) => side.name(),
            (None, Alignment::None) => side_of(self.layout.pictures),
            (None, alignment) => side_of(alignment),
        };
        single = single.with("layout", layout);
        let source = image_source(self.resolve, target);
        let (file, file_height) = match &source {
            ImageTarget::Attachment { width, height, .. } => (*width, *height),
            _ => (None, None),
        };
        let mut size = size_of(self.resolve, target, (*width, *height));
        // The node has no height of its own, so one that is alone becomes the width that it means.
        if let ((None, Some(height)), Some(wide), Some(high)) = (size, file, file_height)
            && high > 0
        {
            let width = u64::from(height) * u64::from(wide) / u64::from(high);
            size.0 = u32::try_from(width).ok();
        }
        if let Some(width) = self.layout.shown(size, file).0 {
            single = single.with("width", width).with("widthType", "pixel");
        } else if let Some(percent) = percent {
            single = single
                .with("width", *percent)
                .with("widthType", "percentage");
        }
        let mut media = match source {
            ImageTarget::Attachment {
                filename,
                width: own_width,
                height: own_height,
            } => {
                // The proportions are the file's; the size that is wanted is in the node around.
                let size = match (own_width, own_height) {
                    (Some(_), Some(_)) => (own_width, own_height),
                    _ => (*width, *height),
                };
                self.file("media", "file", alt, &filename, size)
            }
            ImageTarget::Url(url) => {
                let mut node = Node::new("media");
                if !alt.is_empty() {
                    node = node.with("alt", self.clean(alt));
                }
                if let Some(height) = height {
                    node = node.with("height", *height);
                }
                node = node
                    .with("type", "external")
                    .with("url", self.clean(url.trim()));
                if let Some(width) = width {
                    node = node.with("width", *width);
                }
                node
            }
            // Only pictures that can be shown come here.
            ImageTarget::Missing { .. } => return single,
        };
        if let Some(Inline::Link {
            target,
            title,
            place,
            ..
        }) = picture.link
        {
            // The link's words are the picture, so what is written of it is its address only.
            let mut line = Line::default();
            let words = [Inline::Text("picture".to_owned())];
            self.link(target, title, &words, *place, &Marks::default(), &mut line);
            media
                .marks
                .extend(line.nodes.into_iter().flat_map(|node| node.marks));
        }
        if *has_border {
            let border = Mark::with("border", "color", BORDER_COLOR);
            media.marks.push(border.and("size", BORDER_SIZE));
        }
        single.content.push(media);
        if !title.is_empty() {
            let mut line = Line::default();
            self.text(title, &Marks::default(), &mut line);
            single.content.push(Node::holding("caption", line.finish()));
        }
        single
    }

    /// A picture that is attached to the page.
    pub(super) fn file(
        &mut self,
        kind: &'static str,
        form: &'static str,
        alt: &str,
        filename: &str,
        (width, height): (Option<u32>, Option<u32>),
    ) -> Node {
        let mut node = Node::new(kind);
        if !alt.is_empty() {
            node = node.with("alt", self.clean(alt));
        }
        node = node.with("collection", ADF_UNFILLED);
        if let Some(height) = height {
            node = node.with("height", height);
        }
        node = node.with("id", self.clean(filename)).with("type", form);
        if let Some(width) = width {
            node = node.with("width", width);
        }
        node
    }
}

/// Where a picture stands. As Confluence's storage format has them, they stand at the left.
pub(super) fn side_of(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::None | Alignment::Left => "align-start",
        Alignment::Center => "center",
        Alignment::Right => "align-end",
    }
}

/// Whether nothing of an inline is seen, however it stands between pictures.
pub(super) fn is_blank(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break | Inline::Anchor(_) => true,
        _ => false,
    }
}

/// The pictures that an inline consists of; none when it holds anything else.
pub(super) fn pictures_of(inline: &Inline) -> Vec<Picture<'_>> {
    let mut pictures = Vec::new();
    if add_pictures(inline, None, &mut pictures) {
        pictures
    } else {
        Vec::new()
    }
}

pub(super) fn add_pictures<'d>(
    inline: &'d Inline,
    link: Option<&'d Inline>,
    pictures: &mut Vec<Picture<'d>>,
) -> bool {
    match inline {
        Inline::Image {
            is_in_line: true, ..
        } => false,
        Inline::Image { .. } => {
            pictures.push(Picture {
                image: inline,
                link,
            });
            true
        }
        // A link in a link may lead elsewhere, and one without a picture shows its target.
        Inline::Link { content, .. } if link.is_none() => {
            let before = pictures.len();
            let are_pictures = content
                .iter()
                .all(|inner| add_pictures(inner, Some(inline), pictures));
            are_pictures && pictures.len() > before
        }
        Inline::Styled(_, content) => content
            .iter()
            .all(|inner| add_pictures(inner, link, pictures)),
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        _ => false,
    }
}

/// Whether nothing else stands on the line of the source, or of the page, that an inline is on.
pub(super) fn is_on_own_line(content: &[Inline], at: usize) -> bool {
    let ends_before = match at.checked_sub(1).map(|before| &content[before]) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text(text)) => text.trim_end_matches([' ', '\t']).ends_with('\n'),
        Some(_) => false,
    };
    let begins_after = match content.get(at + 1) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text(text)) => text.trim_start_matches([' ', '\t']).starts_with('\n'),
        Some(_) => false,
    };
    ends_before && begins_after
}
