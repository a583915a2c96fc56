//! What the links in a page's body lead to, answered from the state.

use crate::format::{Branch, File, Included, Links, Target};
use crate::signin::Product;
use crate::state::{Page, Store};

use super::records::{Body, PageRecord, Site};

/// The surroundings of one page.
pub(crate) struct PageLinks {
    site: Site,
    page: PageRecord,
}

impl PageLinks {
    /// The surroundings of a page as the API draws it, on `origin`.
    pub(crate) fn new(store: &Store, product: Product, origin: &str, page: &Page) -> Self {
        let site = Site::new(product, store, origin, None);
        let page = site.source.record(page.clone());
        Self::of(site, page)
    }

    pub(super) fn of(site: Site, page: PageRecord) -> Self {
        Self { site, page }
    }

    fn find(&self, space: Option<&str>, title: &str) -> Option<PageRecord> {
        self.site
            .source
            .page_by_title(space.unwrap_or(&self.page.space_key), title)
    }

    fn target(&self, page: &PageRecord) -> Target {
        Target {
            title: page.title.clone(),
            href: self.site.page_href(&page.space_key, &page.id, &page.title),
        }
    }

    fn branches(&self, parent: &str, space_key: &str) -> Vec<Branch> {
        let entries = self.site.source.tree(space_key);
        below(&self.site, space_key, &entries, parent)
    }
}

fn below(
    site: &Site,
    space_key: &str,
    entries: &[super::records::TreeRecord],
    parent: &str,
) -> Vec<Branch> {
    entries
        .iter()
        .filter(|entry| entry.parent_id.as_deref() == Some(parent))
        .map(|entry| Branch {
            page: Target {
                title: entry.title.clone(),
                href: site.page_href(space_key, &entry.id, &entry.title),
            },
            children: below(site, space_key, entries, &entry.id),
        })
        .collect()
}

impl Links for PageLinks {
    fn title(&self) -> String {
        self.page.title.clone()
    }

    fn page(&self, space: Option<&str>, title: &str) -> Option<Target> {
        self.find(space, title).map(|page| self.target(&page))
    }

    fn content(&self, id: &str) -> Option<Target> {
        self.site.source.page(id).map(|page| self.target(&page))
    }

    fn page_at(&self, url: &str) -> Option<Target> {
        let id = self.site.id_in(url)?;
        self.content(&id)
    }

    fn space(&self, key: &str) -> Option<Target> {
        let space = self.site.source.space(key)?;
        Some(Target {
            title: space.name,
            href: self.site.space_href(&space.key),
        })
    }

    fn user(&self, id: &str) -> Option<String> {
        self.site.source.user_name(id)
    }

    fn attachment(&self, owner: Option<(Option<&str>, &str)>, name: &str) -> Option<File> {
        let owner = match owner {
            Some((space, title)) => self.find(space, title)?.id,
            None => self.page.id.clone(),
        };
        self.site
            .source
            .file(&owner, name)
            .map(|file| self.site.file(file))
    }

    fn media(&self, file_id: &str) -> Option<File> {
        self.site
            .source
            .file_by_media_id(file_id)
            .map(|file| self.site.file(file))
    }

    fn attachments(&self) -> Vec<File> {
        self.site
            .source
            .files(&self.page.id)
            .into_iter()
            .map(|file| self.site.file(file))
            .collect()
    }

    fn children(&self, of: Option<(Option<&str>, &str)>) -> Vec<Branch> {
        match of {
            None => self.branches(&self.page.id, &self.page.space_key),
            Some((space, title)) => self
                .find(space, title)
                .map(|page| self.branches(&page.id, &page.space_key))
                .unwrap_or_default(),
        }
    }

    fn include(&self, space: Option<&str>, title: &str) -> Option<Included<'_>> {
        let page = self.find(space, title)?;
        let (storage, adf) = match &page.body {
            Body::Storage(text) => (Some(text.clone()), None),
            Body::Adf(document) => (None, Some(document.clone())),
        };
        Some(Included {
            storage,
            adf,
            target: self.target(&page),
            links: Box::new(Self::of(self.site.clone(), page)),
        })
    }
}
