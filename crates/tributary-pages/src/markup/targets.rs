//! What the targets of links and pictures look like in a document that came from a page.
//!
//! A document holds targets as text, as Markdown does. A file attached to the page is its name, a
//! place on the page `#anchor`, and another page `confluence:page/SPACE/Title#anchor`, the space
//! left out when it is the page's own.

use percent_encoding::percent_decode_str;

use super::writing::{ImageTarget, LinkTarget, Resolve};

/// How the targets of pages begin.
const PAGE: &str = "confluence:page/";

/// Resolves the targets that [`super::read_storage`] makes to what they were on the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct StoredTargets;

impl Resolve for StoredTargets {
    fn link(&self, target: &str) -> LinkTarget {
        if let Some(page) = page_of_target(target) {
            return page;
        }
        if let Some(anchor) = target.strip_prefix('#') {
            return LinkTarget::Anchor(decode(anchor));
        }
        if target.is_empty() || target.contains(['/', ':', '?', '#']) {
            return LinkTarget::Url(target.to_owned());
        }
        let filename = decode(target);
        LinkTarget::Attachment { filename }
    }

    fn image(&self, target: &str) -> ImageTarget {
        if target.contains([':', '/']) {
            return ImageTarget::Url(target.to_owned());
        }
        ImageTarget::Attachment {
            filename: decode(target),
            width: None,
            height: None,
        }
    }

    fn keeps_nodes(&self) -> bool {
        true
    }
}

/// The page that a target names, if it names one: `confluence:page/SPACE/Title#anchor`.
pub fn page_of_target(target: &str) -> Option<LinkTarget> {
    let rest = target.strip_prefix(PAGE)?;
    let (path, anchor) = match rest.split_once('#') {
        Some((path, anchor)) => (path, Some(decode(anchor))),
        None => (rest, None),
    };
    let (space, title) = match path.split_once('/') {
        Some((space, title)) => (Some(decode(space)), title),
        None => (None, path),
    };
    let title = decode(title);
    Some(LinkTarget::Page {
        title,
        space,
        anchor,
    })
}

/// The target of what a link of a page leads to; none when no target says the same.
pub(super) fn target_of_link(link: &LinkTarget) -> Option<String> {
    let target = match link {
        LinkTarget::Page {
            title,
            space,
            anchor,
        } => {
            let mut target = PAGE.to_owned();
            if let Some(space) = space {
                encode(space, &mut target);
                target.push('/');
            }
            encode(title, &mut target);
            if let Some(anchor) = anchor {
                target.push('#');
                encode(anchor, &mut target);
            }
            target
        }
        LinkTarget::Anchor(anchor) => {
            let mut target = "#".to_owned();
            encode(anchor, &mut target);
            target
        }
        LinkTarget::Attachment { filename } => {
            let mut target = String::new();
            encode(filename, &mut target);
            target
        }
        // An address that looks like the name of a file means the same with its folder.
        LinkTarget::Url(url) if !url.is_empty() && !url.contains(['/', ':', '?', '#']) => {
            format!("./{url}")
        }
        LinkTarget::Url(url) => url.clone(),
        LinkTarget::Missing { .. } => return None,
    };
    let is_url = matches!(link, LinkTarget::Url(_)) && !target.starts_with('#');
    let found = StoredTargets.link(&target);
    (found == *link || (is_url && found == LinkTarget::Url(target.clone()))).then_some(target)
}

/// The target of where a picture of a page comes from; none when no target says the same.
pub(super) fn target_of_image(image: &ImageTarget) -> Option<String> {
    let target = match image {
        ImageTarget::Attachment { filename, .. } => {
            let mut target = String::new();
            encode(filename, &mut target);
            target
        }
        ImageTarget::Url(url) => url.clone(),
        ImageTarget::Missing { .. } => return None,
    };
    (StoredTargets.image(&target) == *image).then_some(target)
}

/// Encodes what would not stay itself in an address. Letters of any script stay readable.
pub(super) fn encode(text: &str, target: &mut String) {
    for letter in text.chars() {
        if letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '~') {
            target.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                target.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{ImageTarget, LinkTarget, Resolve, StoredTargets, target_of_image, target_of_link};

    #[test]
    fn targets_lead_back_to_what_they_were_made_of() {
        let page = |title: &str, space: Option<&str>, anchor: Option<&str>| LinkTarget::Page {
            title: title.to_owned(),
            space: space.map(str::to_owned),
            anchor: anchor.map(str::to_owned),
        };
        for (link, expected) in [
            (page("Home", None, None), "confluence:page/Home"),
            (
                page("A/B & Größe#1", Some("~jo"), Some("a b")),
                "confluence:page/~jo/A%2FB%20%26%20Größe%231#a%20b",
            ),
            (page("", None, Some("")), "confluence:page/#"),
            (LinkTarget::Anchor("100%".to_owned()), "#100%25"),
            (
                LinkTarget::Attachment {
                    filename: "a b.zip".to_owned(),
                },
                "a%20b.zip",
            ),
            (
                LinkTarget::Url("https://example.com/a?b#c".to_owned()),
                "https://example.com/a?b#c",
            ),
            (LinkTarget::Url("/wiki/x".to_owned()), "/wiki/x"),
        ] {
            assert_eq!(target_of_link(&link).as_deref(), Some(expected));
            assert_eq!(StoredTargets.link(expected), link);
        }
        let relative = LinkTarget::Url("page.html".to_owned());
        assert_eq!(target_of_link(&relative).as_deref(), Some("./page.html"));
        for none in [
            LinkTarget::Url("confluence:page/x".to_owned()),
            LinkTarget::Url("#here".to_owned()),
            LinkTarget::Attachment {
                filename: String::new(),
            },
        ] {
            assert_eq!(target_of_link(&none), None);
        }
        let picture = ImageTarget::Attachment {
            filename: "a:b.png".to_owned(),
            width: None,
            height: None,
        };
        assert_eq!(target_of_image(&picture).as_deref(), Some("a%3Ab.png"));
    }
}
