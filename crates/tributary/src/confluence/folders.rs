//! Folders of Cloud, which hold pages and say nothing themselves.
//!
//! They are in none of the listings of a space, so those below a page are read from the list of all
//! that is below it. They can be made, moved and put into the trash; their title cannot be changed.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tributary_pages::markup::{Flavor, PageKind};
use tributary_pages::plan::RemotePage;

use super::cloud::PER_LISTING;
use super::{Client, MadeWith, Space, WriteError, Written, remote_page};
use crate::error::{Error, ErrorKind};

/// The deepest level that one listing reaches.
const DEPTH: u32 = 10;
/// Folders that are asked for one by one at once.
const AT_ONCE: usize = 4;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescendantReply {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(rename = "type", default)]
    kind: String,
    parent_id: Option<String>,
    #[serde(default)]
    depth: u32,
    child_position: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FolderReply {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    status: String,
    parent_id: Option<String>,
    position: Option<i64>,
    space_id: Option<String>,
    author_id: Option<String>,
}

impl Client {
    /// The folders below a page or folder, or those that pages of a space are in where no page is given, as
    /// pages of a snapshot. `pages` are those of the space.
    pub async fn folders(
        &self,
        space: &Space,
        above: Option<&str>,
        pages: &[RemotePage],
    ) -> Result<Vec<RemotePage>, Error> {
        let mut folders = Vec::new();
        let mut parents: HashSet<String> = HashSet::new();
        let mut deepest = 0;
        if let Some(above) = above {
            let (collection, endpoint) = match self.kind_of(above) {
                PageKind::Folder => ("folders", "/api/v2/folders/{id}/descendants"),
                PageKind::Page | PageKind::BlogPost => ("pages", "/api/v2/pages/{id}/descendants"),
            };
            self.listing(
                &format!(
                    "/api/v2/{collection}/{above}/descendants?limit={PER_LISTING}&depth={DEPTH}"
                ),
                endpoint,
                |part: Vec<DescendantReply>, _| {
                    for found in part {
                        parents.extend(found.parent_id.clone());
                        deepest = deepest.max(found.depth);
                        if found.kind == "folder" {
                            folders.push(self.folder(
                                space,
                                found.id,
                                found.title,
                                found.parent_id,
                                found.child_position,
                            ));
                        }
                    }
                },
            )
            .await?;
        }
        if above.is_none() || deepest >= DEPTH {
            self.folders_above(space, pages, &mut folders).await?;
        }
        parents.extend(pages.iter().filter_map(|page| page.parent_id.clone()));
        parents.extend(folders.iter().filter_map(|folder| folder.parent_id.clone()));
        for folder in &mut folders {
            folder.is_empty_folder = !parents.contains(&folder.id);
            self.is_of_kind(&folder.id, PageKind::Folder);
        }
        Ok(folders)
    }

    /// Asks for the folders that pages are in and that no listing had.
    async fn folders_above(
        &self,
        space: &Space,
        pages: &[RemotePage],
        folders: &mut Vec<RemotePage>,
    ) -> Result<(), Error> {
        let mut known: HashSet<String> = pages
            .iter()
            .chain(folders.iter())
            .map(|page| page.id.clone())
            .collect();
        let mut wanted: Vec<String> = pages
            .iter()
            .chain(folders.iter())
            .filter_map(|page| page.parent_id.clone())
            .collect();
        loop {
            wanted.retain(|id| known.insert(id.clone()));
            if wanted.is_empty() {
                return Ok(());
            }
            let found: Vec<Option<RemotePage>> = stream::iter(std::mem::take(&mut wanted))
                .map(|id| async move { self.folder_by_id(space, &id).await })
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
            for folder in found.into_iter().flatten() {
                wanted.extend(folder.parent_id.clone());
                folders.push(folder);
            }
        }
    }

    /// A folder, unless it is in the trash or not to be seen.
    pub async fn folder_by_id(&self, space: &Space, id: &str) -> Result<Option<RemotePage>, Error> {
        let found = self.folder_now(id).await?;
        Ok(found.map(|found| {
            self.folder(
                space,
                found.id,
                found.title,
                found.parent_id,
                found.position,
            )
        }))
    }

    /// Whether a space has a folder of this id.
    pub async fn has_folder(&self, space: &Space, id: &str) -> Result<bool, Error> {
        let found = self.folder_now(id).await?;
        Ok(found.is_some_and(|found| found.space_id.is_none_or(|its| its == space.id)))
    }

    /// Who made a folder, where the server says so.
    pub async fn folder_maker(&self, id: &str) -> Result<Option<String>, Error> {
        let found = self.folder_now(id).await?;
        Ok(found.and_then(|found| found.author_id))
    }

    /// Whether a folder is in the trash.
    pub(crate) async fn has_trashed_folder(&self, id: &str) -> Result<bool, Error> {
        if self.flavor() == Flavor::DataCenter {
            return Ok(false);
        }
        let found = self.folder_anywhere(id).await?;
        Ok(found.is_some_and(|found| found.status == "trashed"))
    }

    async fn folder_now(&self, id: &str) -> Result<Option<FolderReply>, Error> {
        let found = self.folder_anywhere(id).await?;
        Ok(found.filter(|found| found.status == "current"))
    }

    async fn folder_anywhere(&self, id: &str) -> Result<Option<FolderReply>, Error> {
        let path = format!("/api/v2/folders/{id}");
        let found: FolderReply = match self.get(&path, "/api/v2/folders/{id}").await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        self.is_of_kind(&found.id, PageKind::Folder);
        Ok(Some(found))
    }

    fn folder(
        &self,
        space: &Space,
        id: String,
        title: String,
        parent: Option<String>,
        position: Option<i64>,
    ) -> RemotePage {
        let url = self.folder_url(space, &id);
        remote_page(PageKind::Folder, id, title, parent, position, 1, None, url)
    }

    /// A folder's address in the browser.
    fn folder_url(&self, space: &Space, id: &str) -> String {
        format!("{}/spaces/{}/folder/{id}", self.site(), space.key)
    }

    /// Makes a folder.
    pub async fn create_folder(
        &self,
        space: &Space,
        parent: Option<&str>,
        title: &str,
    ) -> Result<Written, WriteError> {
        let mut body = json!({"spaceId": space.id, "title": title});
        if let Some(parent) = parent {
            body["parentId"] = json!(parent);
        }
        let path = "/api/v2/folders";
        let made: FolderReply = self.send_json(Method::POST, path, path, &body).await?;
        self.is_of_kind(&made.id, PageKind::Folder);
        Ok(self.written_folder(space, made.id))
    }

    /// The folder with a title right below a page or folder.
    pub async fn folder_below(
        &self,
        space: &Space,
        parent: &str,
        title: &str,
    ) -> Result<Option<Written>, Error> {
        let (collection, endpoint) = match self.kind_of(parent) {
            PageKind::Folder => ("folders", "/api/v2/folders/{id}/direct-children"),
            PageKind::Page | PageKind::BlogPost => ("pages", "/api/v2/pages/{id}/direct-children"),
        };
        let path = format!("/api/v2/{collection}/{parent}/direct-children?limit={PER_LISTING}");
        let mut found = None;
        self.listing(&path, endpoint, |part: Vec<DescendantReply>, _| {
            let mut part = part.into_iter();
            let wanted = part.find(|child| child.kind == "folder" && child.title == title);
            if let Some(child) = wanted {
                found = Some(child.id);
            }
        })
        .await?;
        if let Some(id) = &found {
            self.is_of_kind(id, PageKind::Folder);
        }
        Ok(found.map(|id| self.written_folder(space, id)))
    }

    fn written_folder(&self, space: &Space, id: String) -> Written {
        Written {
            url: self.folder_url(space, &id),
            id,
            version: 1,
            made_with: MadeWith::default(),
        }
    }
}
