//! Which pages came from which sources, kept with the page or folder that they were published below.
//!
//! A page whose version on top is a person's says where it came from when it is asked for its older
//! versions or its property, one request for each page; and on Cloud those versions can be deleted.
//! So the page that a repository is published below has content properties that list them:
//! `tributary.pages.HASH.0`, `.1`, …, where HASH stands for the repository. All of them are read
//! with one request, and only where pages are there that may have been ours.
//! `docs/decisions/0002-state-in-version-messages.md` argues this.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tributary_pages::markup::{Flavor, PageKind};
use tributary_pages::plan::{Marker, Origin};

use super::wire::Property;
use super::{Client, may_be_done};
use crate::error::{Error, ErrorKind};

/// Bytes of JSON in one property; Confluence takes 32 KB.
const LARGEST: usize = 28_000;
/// The most properties of one listing.
const PER_LISTING: usize = 250;

/// One property of the register.
struct Part {
    key: String,
    property: Option<Property>,
    pages: BTreeMap<String, String>,
    size: usize,
    is_changed: bool,
}

impl Part {
    fn add(&mut self, id: &str, path: &str) {
        self.size += size_of(id, path);
        self.pages.insert(id.to_owned(), path.to_owned());
        self.is_changed = true;
    }
}

/// Bytes that a page adds: two texts as JSON, a colon and a comma.
fn size_of(id: &str, path: &str) -> usize {
    json!(id).to_string().len() + json!(path).to_string().len() + 2
}

impl Client {
    /// The paths that pages were published from, by page id, as the page above them all lists them.
    pub async fn registered(
        &self,
        above: &str,
        repository: &str,
    ) -> Result<BTreeMap<String, String>, Error> {
        let parts = self.parts(above, repository).await?;
        Ok(parts.into_iter().flat_map(|part| part.pages).collect())
    }

    /// Where pages came from that a page or folder lists, of every repository that was published below
    /// it. Of one that is not to be seen nothing.
    pub async fn registered_by_all(
        &self,
        above: &str,
        kind: PageKind,
    ) -> Result<Vec<Origin>, Error> {
        self.is_of_kind(above, kind);
        let mut origins = Vec::new();
        let listing = self.properties(above, |found| {
            for Property { key, value, .. } in found {
                // Everybody who may edit the page may change its properties.
                let repository = value["repository"].as_str().unwrap_or_default();
                if !key.starts_with(&prefix(repository)) {
                    continue;
                }
                let pages = value["pages"].as_object().into_iter().flatten();
                origins.extend(pages.filter_map(|(page, path)| {
                    Some(Origin {
                        repository: repository.to_owned(),
                        path: path.as_str()?.to_owned(),
                        page: page.clone(),
                    })
                }));
            }
        });
        match listing.await {
            Err(error) if !is_closed(&error) => Err(error),
            _ => Ok(origins),
        }
    }

    /// Lists pages with the paths that they are published from, and lists others no longer. What
    /// another publisher lists at the same time stays.
    pub async fn register(
        &self,
        above: &str,
        repository: &str,
        there: &BTreeMap<String, String>,
        gone: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.register_once(above, repository, there, gone).await {
                // It may have got through, or somebody else was first: look again.
                Err(error) if may_be_done(&error) && tries < 4 => {}
                other => return other,
            }
        }
    }

    /// Lists a page no longer, should this page or folder list it. One that is not to be seen or changed
    /// stays as it is.
    pub(crate) async fn unlist(
        &self,
        page: &str,
        above: &str,
        kind: PageKind,
        repository: &str,
    ) -> Result<(), Error> {
        self.is_of_kind(above, kind);
        let unlisting = async {
            if self.registered(above, repository).await?.contains_key(page) {
                let gone = BTreeSet::from([page.to_owned()]);
                self.register(above, repository, &BTreeMap::new(), &gone)
                    .await?;
            }
            Ok(())
        };
        match unlisting.await {
            Err(error) if is_closed(&error) => Ok(()),
            ended => ended,
        }
    }

    /// Which folder a repository was published from that is called by its folder's name.
    pub async fn registered_folder(
        &self,
        above: &str,
        repository: &str,
    ) -> Result<Option<String>, Error> {
        match self.property(above, &folder_key(repository)).await {
            Ok(property) => Ok(property
                .filter(|property| property.value["repository"] == repository)
                .and_then(|property| property.value["folder"].as_str().map(str::to_owned))),
            Err(error) if is_closed(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Notes that.
    pub async fn register_folder(
        &self,
        above: &str,
        repository: &str,
        folder: &str,
    ) -> Result<(), Error> {
        let value = json!({"repository": repository, "folder": folder});
        self.set_property(above, &folder_key(repository), &value)
            .await
            .map(drop)
    }

    async fn register_once(
        &self,
        above: &str,
        repository: &str,
        there: &BTreeMap<String, String>,
        gone: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let mut parts = self.parts(above, repository).await?;
        for part in &mut parts {
            let known = part.pages.len();
            part.pages.retain(|id, _| !gone.contains(id));
            part.is_changed = part.pages.len() < known;
        }
        for (id, path) in there {
            let holder = parts.iter_mut().find(|part| part.pages.contains_key(id));
            match holder {
                Some(part) if part.pages.get(id) == Some(path) => {}
                Some(part) => part.add(id, path),
                None => {
                    let has_room = |part: &&mut Part| part.size + size_of(id, path) <= LARGEST;
                    match parts.iter_mut().find(has_room) {
                        Some(part) => part.add(id, path),
                        None => {
                            let mut part = Part::new(free_key(repository, &parts), repository);
                            part.add(id, path);
                            parts.push(part);
                        }
                    }
                }
            }
        }
        for part in parts.into_iter().filter(|part| part.is_changed) {
            let value = json!({"repository": repository, "pages": part.pages});
            match self.flavor {
                Flavor::Cloud => {
                    self.cloud_set_property(above, &part.key, &value, part.property)
                        .await?;
                }
                Flavor::DataCenter => {
                    self.data_center_set_property(above, &part.key, &value, part.property)
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn parts(&self, above: &str, repository: &str) -> Result<Vec<Part>, Error> {
        let prefix = prefix(repository);
        let mut parts = Vec::new();
        let read = |found: Vec<Property>| {
            let of_register = found
                .into_iter()
                .filter(|property| property.key.starts_with(&prefix));
            parts.extend(of_register.map(|property| {
                let mut part = Part::new(property.key.clone(), repository);
                // Everybody who may edit the page may change its properties.
                let is_ours = property.value["repository"] == repository;
                let pages = property.value["pages"].as_object().filter(|_| is_ours);
                for (id, path) in pages.into_iter().flatten() {
                    if let Value::String(path) = path {
                        part.add(id, path);
                    }
                }
                part.is_changed = false;
                part.property = Some(property);
                part
            }));
        };
        self.properties(above, read).await?;
        Ok(parts)
    }
}

impl Client {
    /// Removes the content properties of a page that somebody names by their keys.
    pub async fn remove_properties(
        &self,
        page: &str,
        is_named: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let mut named = Vec::new();
        self.properties(page, |found| {
            named.extend(found.into_iter().filter(|property| is_named(&property.key)));
        })
        .await?;
        for property in named {
            match self.flavor {
                Flavor::Cloud => self.cloud_remove_property(page, &property).await?,
                Flavor::DataCenter => {
                    self.data_center_remove_property(page, &property.key)
                        .await?;
                }
            }
        }
        Ok(())
    }

    /// Reads all content properties of a page or folder.
    async fn properties(
        &self,
        page: &str,
        mut each: impl FnMut(Vec<Property>),
    ) -> Result<(), Error> {
        match self.flavor {
            Flavor::Cloud => {
                let (collection, (endpoint, _)) = (self.collection(page), self.properties_of(page));
                self.listing(
                    &format!("/api/v2/{collection}/{page}/properties?limit={PER_LISTING}"),
                    endpoint,
                    |found, _| each(found),
                )
                .await
            }
            Flavor::DataCenter => {
                self.numbered_listing(
                    &format!("/rest/api/content/{page}/property"),
                    "/rest/api/content/{id}/property",
                    |found, _| each(found),
                )
                .await
            }
        }
    }
}

impl Part {
    fn new(key: String, repository: &str) -> Self {
        Self {
            key,
            property: None,
            pages: BTreeMap::new(),
            size: json!({"repository": repository, "pages": {}})
                .to_string()
                .len(),
            is_changed: false,
        }
    }
}

fn folder_key(repository: &str) -> String {
    format!("tributary.folder.{}", Marker::repository_hash(repository))
}

fn prefix(repository: &str) -> String {
    format!("tributary.pages.{}.", Marker::repository_hash(repository))
}

fn free_key(repository: &str, parts: &[Part]) -> String {
    let prefix = prefix(repository);
    let keys = (0..=parts.len()).map(|number| format!("{prefix}{number}"));
    let mut free = keys.filter(|key| parts.iter().all(|part| part.key != *key));
    // One more than there are parts cannot all be taken.
    free.next().unwrap_or(prefix)
}

/// Whether a page's properties may not be written, or the page is not to be seen.
pub(crate) fn is_closed(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound)
}
