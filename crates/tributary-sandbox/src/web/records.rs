//! What these pages read, and the addresses of one site in one dialect.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::links::PageLinks;
use super::stored::Stored;
use super::view::{FileLine, VersionLine};
use crate::format::{File, render_adf, render_storage};
use crate::signin::{Product, User};
use crate::state::Store;

/// What stays as it is in a segment of an address.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A space.
#[derive(Debug, Clone)]
pub(crate) struct SpaceRecord {
    /// The key, such as `DOCS`.
    pub(crate) key: String,
    /// The name readers see.
    pub(crate) name: String,
    /// The page a reader of the space lands on.
    pub(crate) home_id: Option<String>,
}

/// A page as it is now.
#[derive(Debug, Clone)]
pub(crate) struct PageRecord {
    /// The content id.
    pub(crate) id: String,
    /// The key of its space.
    pub(crate) space_key: String,
    /// Whether it is a folder, which has no body.
    pub(crate) folder: bool,
    /// The title.
    pub(crate) title: String,
    /// The page or folder it stands under.
    pub(crate) parent_id: Option<String>,
    /// `current`, `trashed`, `archived` or `draft`.
    pub(crate) status: String,
    /// The number of its current version.
    pub(crate) version: u64,
    /// The body in the format it was written in.
    pub(crate) body: Body,
}

/// A body in the format it was written in.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// Storage format.
    Storage(String),
    /// An ADF document.
    Adf(Value),
}

/// One entry of a space's tree.
#[derive(Debug, Clone)]
pub(crate) struct TreeRecord {
    /// The content id.
    pub(crate) id: String,
    /// What it stands under.
    pub(crate) parent_id: Option<String>,
    /// The title.
    pub(crate) title: String,
    /// Whether it is a folder, which has no body.
    pub(crate) folder: bool,
}

/// One version of a page.
#[derive(Debug, Clone)]
pub(crate) struct VersionRecord {
    /// Its number, from one.
    pub(crate) number: u64,
    /// Who made it.
    pub(crate) author: String,
    /// When, as an RFC 3339 timestamp.
    pub(crate) when: String,
    /// What the author said about it.
    pub(crate) message: String,
}

/// One file of a page.
#[derive(Debug, Clone)]
pub(crate) struct FileRecord {
    /// The page it belongs to.
    pub(crate) page_id: String,
    /// The file name.
    pub(crate) name: String,
    /// The media type.
    pub(crate) media_type: String,
    /// The size in bytes.
    pub(crate) size: u64,
    /// The number of its current version.
    pub(crate) version: u64,
    /// What was said when it was uploaded.
    pub(crate) comment: String,
}

/// One site: where its pages come from and which addresses they have.
#[derive(Clone)]
pub(crate) struct Site {
    pub(super) product: Product,
    pub(super) base: &'static str,
    pub(super) name: &'static str,
    pub(super) source: Stored,
    origin: String,
}

impl Site {
    /// The site that a store holds, on `origin`; `user` is who signs in there, if that is known.
    pub(crate) fn new(product: Product, store: &Store, origin: &str, user: Option<&User>) -> Self {
        let (base, name) = match product {
            Product::Cloud => ("/wiki", "Confluence Cloud"),
            Product::DataCenter => ("/confluence", "Confluence Data Center"),
        };
        Self {
            product,
            base,
            name,
            source: Stored::new(store, user),
            origin: origin.to_owned(),
        }
    }

    /// The web link of a page, as the API gives it, from the site's root.
    pub(crate) fn page_href(&self, space_key: &str, id: &str, title: &str) -> String {
        let key = encoded(space_key);
        match self.product {
            // Browsers take segments of dots, even encoded, for steps up the path.
            Product::Cloud if title.chars().all(|c| c == '.') => {
                format!("{}/spaces/{key}/pages/{}", self.base, encoded(id))
            }
            Product::Cloud => {
                format!(
                    "{}/spaces/{key}/pages/{}/{}",
                    self.base,
                    encoded(id),
                    plussed(title)
                )
            }
            // A title that a path cannot carry safely is addressed by the page's id.
            Product::DataCenter if is_plain(title) => {
                format!("{}/display/{key}/{}", self.base, plussed(title))
            }
            Product::DataCenter => {
                format!("{}/pages/viewpage.action?pageId={}", self.base, encoded(id))
            }
        }
    }

    /// The address of a folder; only Cloud has folders.
    pub(super) fn folder_href(&self, space_key: &str, id: &str) -> String {
        format!(
            "{}/spaces/{}/folder/{}",
            self.base,
            encoded(space_key),
            encoded(id)
        )
    }

    /// The address a client is given for this site.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.origin, self.base)
    }

    /// What a page stands under, from the top down.
    pub(super) fn ancestors(&self, page: &PageRecord) -> Vec<PageRecord> {
        let mut above = Vec::new();
        let mut parent = page.parent_id.clone();
        while let Some(found) = parent.and_then(|id| self.source.page(&id)) {
            // A tree has no cycles; should the state have one, the page is still served.
            if above.iter().any(|known: &PageRecord| known.id == found.id) {
                break;
            }
            parent = found.parent_id.clone();
            above.push(found);
        }
        above.reverse();
        above
    }

    /// Draws a body that belongs to a page; it may be an older one than the page has now.
    pub(super) fn draw(&self, page: PageRecord, body: &Body) -> String {
        let links = PageLinks::of(self.clone(), page);
        match body {
            Body::Storage(text) => render_storage(text, &links),
            Body::Adf(document) => render_adf(document, &links),
        }
    }

    pub(super) fn version_line(&self, id: &str, version: &VersionRecord) -> VersionLine {
        VersionLine {
            number: version.number,
            author: version.author.clone(),
            when: version.when.clone(),
            message: version.message.clone(),
            href: format!(
                "{}/pages/viewpage.action?pageId={}&pageVersion={}",
                self.base,
                encoded(id),
                version.number
            ),
        }
    }

    pub(super) fn file_lines(&self, id: &str) -> Vec<FileLine> {
        self.source
            .files(id)
            .into_iter()
            .map(|found| FileLine {
                href: self.file_href(&found),
                name: found.name,
                media_type: found.media_type,
                size: found.size,
                version: found.version,
                comment: found.comment,
            })
            .collect()
    }

    pub(super) fn file(&self, found: FileRecord) -> File {
        File {
            href: self.file_href(&found),
            name: found.name,
            media_type: found.media_type,
            size: found.size,
        }
    }

    fn file_href(&self, file: &FileRecord) -> String {
        format!(
            "{}/download/attachments/{}/{}",
            self.base,
            encoded(&file.page_id),
            encoded(&file.name)
        )
    }

    /// The address of a space.
    pub(super) fn space_href(&self, key: &str) -> String {
        match self.product {
            Product::Cloud => format!("{}/spaces/{}/overview", self.base, encoded(key)),
            Product::DataCenter => format!("{}/display/{}", self.base, encoded(key)),
        }
    }

    /// The id of the page that an address of this site leads to.
    pub(super) fn id_in(&self, url: &str) -> Option<String> {
        let path = url.strip_prefix(self.origin.as_str()).unwrap_or(url);
        let path = path.strip_prefix(self.base)?;
        let id = match path.split_once("/pages/") {
            Some((_, rest)) if rest.starts_with("viewpage.action") => rest.split_once("pageId=")?.1,
            Some((_, rest)) => rest,
            None => return self.id_of_titled(path),
        };
        let id: String = id.chars().take_while(char::is_ascii_digit).collect();
        (!id.is_empty()).then_some(id)
    }

    fn id_of_titled(&self, path: &str) -> Option<String> {
        let (key, title) = path.strip_prefix("/display/")?.split_once('/')?;
        let title = title
            .split(['#', '?'])
            .next()
            .unwrap_or_default()
            .replace('+', " ");
        let title = percent_encoding::percent_decode_str(&title)
            .decode_utf8()
            .ok()?;
        self.source.page_by_title(key, &title).map(|page| page.id)
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

fn plussed(title: &str) -> String {
    encoded(title).replace("%20", "+")
}

fn is_plain(title: &str) -> bool {
    !title.is_empty()
        && title
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " -_.".contains(c))
        && !title.starts_with('.')
}
