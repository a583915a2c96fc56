//! What these pages read from a store. A store that cannot be read shows as an empty one.

use super::records::{Body, FileRecord, PageRecord, SpaceRecord, TreeRecord, VersionRecord};
use crate::format::storage_text;
use crate::signin::User;
use crate::state::{Attachment, Page, Space, Store};

/// More hits than this help nobody.
const MOST_HITS: usize = 100;

/// A store, with the names of the people in it.
#[derive(Clone)]
pub(super) struct Stored {
    store: Store,
    user: Option<User>,
}

impl Stored {
    pub(super) fn new(store: &Store, user: Option<&User>) -> Self {
        Self {
            store: store.clone(),
            user: user.cloned(),
        }
    }

    pub(super) fn spaces(&self) -> Vec<SpaceRecord> {
        let spaces = self.store.spaces().unwrap_or_default();
        spaces.into_iter().map(space).collect()
    }

    pub(super) fn space(&self, key: &str) -> Option<SpaceRecord> {
        self.store.space_by_key(key).ok()?.map(space)
    }

    pub(super) fn page_count(&self, key: &str) -> usize {
        self.tree(key).iter().filter(|entry| !entry.folder).count()
    }

    pub(super) fn page(&self, id: &str) -> Option<PageRecord> {
        let page = self.store.page(id.parse().ok()?).ok()??;
        Some(self.record(page))
    }

    pub(super) fn page_by_title(&self, space_key: &str, title: &str) -> Option<PageRecord> {
        let space = self.store.space_by_key(space_key).ok()??;
        let page = self.store.page_by_title(space.id, title).ok()??;
        Some(self.record(page))
    }

    pub(super) fn tree(&self, space_key: &str) -> Vec<TreeRecord> {
        let space = self.store.space_by_key(space_key).ok().flatten();
        let pages = space
            .and_then(|space| self.store.page_tree(space.id).ok())
            .unwrap_or_default();
        pages
            .into_iter()
            .map(|page| TreeRecord {
                id: page.id.to_string(),
                parent_id: page.parent_id.map(|id| id.to_string()),
                folder: page.kind == "folder",
                title: page.title,
            })
            .collect()
    }

    pub(super) fn versions(&self, id: &str) -> Vec<VersionRecord> {
        let versions = id
            .parse()
            .ok()
            .and_then(|id| self.store.versions(id).ok())
            .unwrap_or_default();
        versions
            .into_iter()
            .map(|version| VersionRecord {
                number: number(version.number),
                author: self.name_of(&version.author),
                when: version.created_at,
                message: version.message,
            })
            .collect()
    }

    pub(super) fn body_at(&self, id: &str, version: u64) -> Option<(String, Body)> {
        let page = self
            .store
            .page_at(id.parse().ok()?, i64::try_from(version).ok()?)
            .ok()??;
        Some((page.title.clone(), body(&page)))
    }

    pub(super) fn labels(&self, id: &str) -> Vec<String> {
        let labels = id
            .parse()
            .ok()
            .and_then(|id| self.store.labels(id).ok())
            .unwrap_or_default();
        labels.into_iter().map(|label| label.name).collect()
    }

    pub(super) fn files(&self, id: &str) -> Vec<FileRecord> {
        let files = id
            .parse()
            .ok()
            .and_then(|id| self.store.attachments(id).ok())
            .unwrap_or_default();
        files.into_iter().map(file).collect()
    }

    pub(super) fn file(&self, page_id: &str, name: &str) -> Option<FileRecord> {
        self.store
            .attachment(page_id.parse().ok()?, name)
            .ok()?
            .map(file)
    }

    pub(super) fn file_by_media_id(&self, media_id: &str) -> Option<FileRecord> {
        self.store.attachment_by_file_id(media_id).ok()?.map(file)
    }

    pub(super) fn user_name(&self, id: &str) -> Option<String> {
        let user = self.user.as_ref()?;
        (id == user.account_id || id == user.email).then(|| user.name.clone())
    }

    pub(super) fn search(&self, text: &str) -> Vec<PageRecord> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let spaces = self.store.spaces().unwrap_or_default();
        let pages = spaces
            .iter()
            .flat_map(|space| self.store.page_tree(space.id).unwrap_or_default());
        let (mut by_title, mut by_text) = (Vec::new(), Vec::new());
        for page in pages.filter(|page| page.kind == "page") {
            if page.title.to_lowercase().contains(&wanted) {
                by_title.push(page);
            } else if storage_text(&page.body).to_lowercase().contains(&wanted) {
                by_text.push(page);
            }
        }
        by_title
            .into_iter()
            .chain(by_text)
            .take(MOST_HITS)
            .map(|page| self.record(page))
            .collect()
    }

    /// What readers call an author; the store's own people, such as `somebody-else`, have no
    /// account and go by their id in words.
    fn name_of(&self, author: &str) -> String {
        self.user_name(author).unwrap_or_else(|| {
            let words = author.replace('-', " ");
            let mut letters = words.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default()
        })
    }

    pub(super) fn record(&self, page: Page) -> PageRecord {
        let space = self.store.space(page.space_id).ok().flatten();
        PageRecord {
            id: page.id.to_string(),
            space_key: space.map(|space| space.key).unwrap_or_default(),
            parent_id: page.parent_id.map(|id| id.to_string()),
            folder: page.kind == "folder",
            status: page.status.clone(),
            version: number(page.version.number),
            body: body(&page),
            title: page.title,
        }
    }
}

fn space(found: Space) -> SpaceRecord {
    SpaceRecord {
        key: found.key,
        name: found.name,
        home_id: found.home_id.map(|id| id.to_string()),
    }
}

fn body(page: &Page) -> Body {
    if page.representation == "atlas_doc_format" {
        // What is not JSON was refused when it was written; an empty document is shown for it.
        Body::Adf(serde_json::from_str(&page.body).unwrap_or_default())
    } else {
        Body::Storage(page.body.clone())
    }
}

fn file(found: Attachment) -> FileRecord {
    FileRecord {
        page_id: found.page_id.to_string(),
        name: found.filename,
        media_type: found.media_type,
        size: found.size.unsigned_abs(),
        version: number(found.version.number),
        comment: found.comment,
    }
}

fn number(value: i64) -> u64 {
    value.unsigned_abs()
}
