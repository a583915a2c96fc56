//! What both formats share while a body is drawn: the page around it, and where the drawing starts.

use std::collections::HashMap;

use super::html::{error_box, escape};
use super::outline::Outline;
use super::{Body, Links, draw_adf, draw_storage, xml};

/// Bodies inside bodies inside bodies: a page that includes itself must end somewhere.
const DEEPEST_INCLUDE: usize = 3;

/// The state of one drawing.
pub(super) struct Page<'a> {
    pub(super) links: &'a dyn Links,
    pub(super) outline: &'a Outline,
    /// Which heading of the outline an element is, by the element's identity.
    pub(super) headings: HashMap<usize, usize>,
    depth: usize,
}

impl Page<'_> {
    /// Whether another page may still be drawn inside this one.
    pub(super) fn may_include(&self) -> bool {
        self.depth < DEEPEST_INCLUDE
    }

    /// Draws another page's body inside this one.
    pub(super) fn draw_inside(&self, body: Body<'_>, links: &dyn Links) -> String {
        draw(body, links, self.depth + 1)
    }

    /// The same drawing, with the surroundings of another page; its headings get no anchors here.
    pub(super) fn of_another<'b>(&self, links: &'b dyn Links, outline: &'b Outline) -> Page<'b> {
        Page {
            links,
            outline,
            headings: HashMap::new(),
            depth: self.depth + 1,
        }
    }

    /// The opening of a heading with both its anchors, for the element with this identity.
    pub(super) fn heading_open(&self, identity: usize, level: u8) -> String {
        match self
            .headings
            .get(&identity)
            .and_then(|index| self.outline.headings.get(*index))
        {
            Some(heading) => format!(
                "<h{level} id=\"{}\"><span class=\"anchor\" id=\"{}\"></span>",
                escape(&heading.id),
                escape(&heading.legacy)
            ),
            None => format!("<h{level}>"),
        }
    }

    /// A link to a place on this page, marked when the place does not exist.
    pub(super) fn anchor_link(&self, anchor: &str, inner_html: &str) -> String {
        let class = if self.outline.reaches(anchor) {
            ""
        } else {
            " class=\"broken-anchor\""
        };
        format!(
            "<a href=\"#{}\"{class}>{inner_html}</a>",
            escape(&super::outline::anchor_id(anchor))
        )
    }
}

/// Tells elements of an unchanging tree apart, by where they are in memory.
pub(super) fn identity<T>(element: &T) -> usize {
    std::ptr::from_ref(element).addr()
}

/// Draws a whole body.
pub(super) fn draw(body: Body<'_>, links: &dyn Links, depth: usize) -> String {
    let mut outline = Outline::new(&links.title());
    let mut headings = HashMap::new();
    match body {
        Body::Storage(source) => match xml::parse(source) {
            Ok(nodes) => {
                draw_storage::find_headings(&nodes, &mut outline, &mut headings);
                let page = Page {
                    links,
                    outline: &outline,
                    headings,
                    depth,
                };
                draw_storage::nodes(&nodes, &page)
            }
            Err(fault) => format!(
                "{}<pre>{}</pre>",
                error_box(&format!(
                    "This body is not well-formed, row {}, column {}: {}",
                    fault.at.row, fault.at.column, fault.message
                )),
                escape(source)
            ),
        },
        Body::Adf(document) => {
            draw_adf::find_headings(document, &mut outline, &mut headings);
            let page = Page {
                links,
                outline: &outline,
                headings,
                depth,
            };
            draw_adf::document(document, &page)
        }
    }
}
