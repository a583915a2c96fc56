//! Links and pictures, and where they lead.

use super::super::document::{Inline, PictureSide, Place, Reference, ReferenceKind};
use super::super::drawing::{DrawingKind, drawing_of_picture};
use super::super::foreign;
use super::super::storage_tree::Id;
use super::super::targets::{target_of_image, target_of_link};
use super::super::writing::{ImageTarget, LinkTarget};
use super::{Drawn, Reader};

impl Reader<'_, '_> {
    pub(super) fn address(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let found = tree.attribute(id, "href").map(|href| {
            // Confluence writes anchors of the page both ways.
            match href.strip_prefix('#') {
                Some(anchor) => LinkTarget::Anchor(
                    percent_encoding::percent_decode_str(anchor)
                        .decode_utf8_lossy()
                        .into_owned(),
                ),
                None => LinkTarget::Url(href.to_owned()),
            }
        });
        let target = found.as_ref().and_then(target_of_link);
        let holds_blocks = tree.children(id).any(|child| self.is_block(child));
        let Some(target) = target.filter(|_| !holds_blocks) else {
            return self.keep_around_inline(id, content);
        };
        let form = tree.attribute(id, "data-card-appearance");
        if matches!(form, Some("block" | "embed")) && self.keeps.drawings == Drawn::AsItStands {
            return self.keep_inline(id, content);
        }
        self.note_attributes(id, &["href", "title", "rel", "target"]);
        let title = tree.attribute(id, "title").unwrap_or_default().to_owned();
        let inner = self.link_body(id);
        self.push_link(id, target, title, inner, content);
    }

    pub(super) fn push_link(
        &mut self,
        id: Id,
        target: String,
        title: String,
        inner: Vec<Inline>,
        content: &mut Vec<Inline>,
    ) {
        let place = self.place(id);
        self.refer(ReferenceKind::Link, &target, place);
        content.push(Inline::Link {
            target,
            title,
            content: inner,
            place,
        });
    }

    pub(super) fn refer(&mut self, kind: ReferenceKind, target: &str, place: Place) {
        let Place { line, column } = place;
        self.document.references.push(Reference {
            kind,
            target: target.to_owned(),
            line,
            column,
        });
    }

    pub(super) fn link_body(&mut self, id: Id) -> Vec<Inline> {
        let outer = std::mem::replace(&mut self.in_link, true);
        let inner = self.inlines(id);
        self.in_link = outer;
        inner
    }

    pub(super) fn link(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let Some((target, shown, body)) = self.link_parts(id) else {
            return self.keep_inline(id, content);
        };
        self.note_attributes(id, &["ac:anchor"]);
        let inner = match body {
            Some(body) if tree.name(body) == "ac:link-body" => self.link_body(body),
            Some(body) => vec![Inline::Text(tree.text_of(body))],
            // Confluence shows what it leads to.
            None => vec![Inline::Text(shown)],
        };
        self.push_link(id, target, String::new(), inner, content);
    }

    /// Where a link leads, what that is called, and what holds its text; none when the model
    /// cannot say so.
    pub(super) fn link_parts(&self, id: Id) -> Option<(String, String, Option<Id>)> {
        let tree = self.tree;
        let anchor = tree.attribute(id, "ac:anchor").map(str::to_owned);
        let mut resource = None;
        let mut body = None;
        for part in tree.elements(id)? {
            match tree.name(part) {
                "ri:page" | "ri:attachment" if resource.is_none() => resource = Some(part),
                "ac:link-body" | "ac:plain-text-link-body" if body.is_none() => body = Some(part),
                _ => return None,
            }
        }
        if let Some(body) = body {
            let blocks = tree.children(body).any(|child| self.is_block(child));
            let plain = tree.name(body) == "ac:plain-text-link-body";
            if blocks || (plain && tree.only_text(body).is_none()) {
                return None;
            }
        }
        let link = match resource {
            None => LinkTarget::Anchor(anchor?),
            Some(resource) => {
                let known = |name: &&str| {
                    matches!(
                        *name,
                        "ri:content-title" | "ri:space-key" | "ri:filename" | "ri:version-at-save"
                    )
                };
                let mut names = tree.attributes(resource).iter().map(|(name, _)| name);
                if !names.all(known) || tree.children(resource).next().is_some() {
                    return None;
                }
                if tree.name(resource) == "ri:page" {
                    LinkTarget::Page {
                        title: tree.attribute(resource, "ri:content-title")?.to_owned(),
                        space: tree.attribute(resource, "ri:space-key").map(str::to_owned),
                        anchor,
                    }
                } else if anchor.is_none() {
                    let filename = tree.attribute(resource, "ri:filename")?.to_owned();
                    LinkTarget::Attachment { filename }
                } else {
                    return None;
                }
            }
        };
        let target = target_of_link(&link)?;
        let shown = match link {
            LinkTarget::Page { title, .. } => title,
            LinkTarget::Attachment { filename } => filename,
            LinkTarget::Anchor(anchor) => anchor,
            LinkTarget::Url(_) | LinkTarget::Missing { .. } => return None,
        };
        Some((target, shown, body))
    }

    pub(super) fn image(&mut self, id: Id, content: &mut Vec<Inline>) {
        let tree = self.tree;
        let size = |name: &str| match tree.attribute(id, name) {
            None => Some(None),
            Some(size) => {
                let number = size.trim().trim_end_matches("px").parse().ok();
                number.map(Some)
            }
        };
        let mut parts = tree.elements(id).unwrap_or_default();
        // Where storage format is written again the caption stays as it is; in the other format it is
        // what the words become that are shown when a picture is pointed at.
        let caption = match parts.as_slice() {
            [_, caption]
                if tree.name(*caption) == "ac:caption" && self.keeps.drawings == Drawn::Picture =>
            {
                parts.pop()
            }
            _ => None,
        };
        let source = match Some(parts.as_slice()) {
            Some([only]) if tree.children(*only).next().is_none() => match tree.name(*only) {
                "ri:attachment" => {
                    tree.attribute(*only, "ri:filename")
                        .map(|name| ImageTarget::Attachment {
                            filename: name.to_owned(),
                            width: None,
                            height: None,
                        })
                }
                "ri:url" => tree
                    .attribute(*only, "ri:value")
                    .filter(|url| url.to_ascii_lowercase().starts_with("http"))
                    .map(|url| ImageTarget::Url(url.to_owned())),
                _ => None,
            },
            _ => None,
        };
        let drawn = match &source {
            Some(ImageTarget::Attachment { filename, .. }) => {
                let alt = tree.attribute(id, "ac:alt").unwrap_or_default();
                drawing_of_picture(filename, alt)
            }
            _ => None,
        };
        if drawn.is_some() && self.keeps.drawings == Drawn::AsItStands {
            return self.keep_inline(id, content);
        }
        if self.keeps.drawings == Drawn::Source
            && let Some((kind @ (DrawingKind::Formula | DrawingKind::Equation), source)) = drawn
        {
            let place = self.place(id);
            let displayed = kind == DrawingKind::Equation;
            self.document.drawings.push((kind, source.clone()));
            return content.push(Inline::Math {
                source,
                displayed,
                place,
            });
        }
        let target = source.as_ref().and_then(target_of_image);
        let (Some(target), Some(width), Some(height)) =
            (target, size("ac:width"), size("ac:height"))
        else {
            return self.keep_inline(id, content);
        };
        self.note_attributes(
            id,
            &[
                "ac:alt",
                "ac:title",
                "ac:width",
                "ac:height",
                "ac:original-height",
                "ac:thumbnail",
                "ac:align",
                "ac:layout",
                "ac:border",
                "ac:inline",
            ],
        );
        let side = tree.attribute(id, "ac:layout");
        let side = side.and_then(PictureSide::of_name);
        let side = side.or_else(|| match tree.attribute(id, "ac:align")? {
            "left" => Some(PictureSide::Start),
            "center" => Some(PictureSide::Center),
            "right" => Some(PictureSide::End),
            _ => None,
        });
        let place = self.place(id);
        self.refer(ReferenceKind::Image, &target, place);
        let word = |name: &str| tree.attribute(id, name).unwrap_or_default().to_owned();
        let mut title = word("ac:title");
        if let Some(caption) = caption {
            let said = tree.text_of(caption);
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_plain = |part: Id| {
                let line = tree.name(part) == "p";
                line && tree.children(part).all(|inner| tree.name(inner).is_empty())
            };
            let is_lost = !title.is_empty() && title != said;
            if is_lost || !tree.children(caption).all(is_plain) {
                self.note_lost(foreign::name("<ac:image>"), "ac:caption", caption);
            }
            if !said.is_empty() {
                title = said;
            }
        }
        content.push(Inline::Image {
            target,
            title,
            alt: word("ac:alt"),
            width,
            percent: None,
            height,
            side,
            has_border: tree.attribute(id, "ac:border") == Some("true"),
            // One of the web cannot stand in a line.
            is_in_line: tree.attribute(id, "ac:inline") == Some("true")
                && matches!(source, Some(ImageTarget::Attachment { .. })),
            place,
        });
    }
}
