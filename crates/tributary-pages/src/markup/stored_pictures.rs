//! The pictures of diagrams and formulas that a stored page has, as they are there.

use std::collections::HashMap;

use super::StoredTargets;
use super::drawing::{Drawing, DrawingKind, DrawingPicture, drawing_of_picture};
use super::storage_tree::{Id, Tree, grow};
use super::writing::{ImageTarget, LinkTarget, Resolve};

/// Resolves what [`super::read_storage`] makes of a page to what it was there: links and pictures as
/// [`StoredTargets`] does, and diagrams and formulas to the pictures that the page shows of them.
#[derive(Debug, Clone, Default)]
pub struct StoredPictures {
    drawn: HashMap<(DrawingKind, String), DrawingPicture>,
}

impl StoredPictures {
    /// Those of a page in storage format.
    pub fn of(storage: &str) -> Self {
        let tree = grow(storage);
        let images = (0..tree.nodes.len()).filter(|id| tree.name(*id) == "ac:image");
        Self {
            drawn: images.filter_map(|id| picture(&tree, id)).collect(),
        }
    }
}

fn picture(tree: &Tree<'_>, id: Id) -> Option<((DrawingKind, String), DrawingPicture)> {
    let file = tree
        .children(id)
        .find(|child| tree.name(*child) == "ri:attachment")?;
    let filename = tree.attribute(file, "ri:filename")?.to_owned();
    let alt = tree.attribute(id, "ac:alt").unwrap_or_default();
    let key = drawing_of_picture(&filename, alt)?;
    let pixels = |name: &str| tree.attribute(id, name)?.trim().parse().ok();
    // How far a formula stands below its line.
    let style = tree.attribute(id, "ac:style").unwrap_or_default();
    let below = style.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.trim().strip_prefix('-')?.strip_suffix("px")?;
        (name.trim() == "vertical-align").then(|| value.parse().ok())?
    });
    let is_svg = filename.ends_with(".svg");
    let picture = DrawingPicture {
        width: pixels("ac:width")?,
        height: pixels("ac:height")?,
        below: below.unwrap_or(0),
        sha256: String::new(),
        media_type: if is_svg { "image/svg+xml" } else { "image/png" }.to_owned(),
        address: filename.as_str().into(),
        left_out: Vec::new(),
        filename,
    };
    Some((key, picture))
}

impl Resolve for StoredPictures {
    fn link(&self, target: &str) -> LinkTarget {
        StoredTargets.link(target)
    }

    fn image(&self, target: &str) -> ImageTarget {
        StoredTargets.image(target)
    }

    fn drawing(&self, kind: DrawingKind, source: &str) -> Drawing {
        let found = self.drawn.get(&(kind, source.to_owned()));
        found.map_or(Drawing::Source, |picture| Drawing::Picture(picture.clone()))
    }
}
