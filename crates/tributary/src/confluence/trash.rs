//! What goes into the trash of a space, and what comes back from there.

use std::collections::BTreeMap;

use tributary_pages::markup::{BodyFormat, Flavor, PageKind};
use tributary_pages::plan::RemotePage;

use crate::error::Error;

use super::{Client, NewVersion, Space, WriteError, Written};

/// A page or blog post, wherever it is.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) page: RemotePage,
    pub(crate) status: Status,
    /// Its body, where that was asked for.
    pub(crate) body: Option<String>,
}

/// Whether readers of its space see a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Current,
    InTrash,
    /// It is archived or a draft.
    Otherwise,
}

impl Status {
    /// By the name that both products have for it.
    pub(super) fn named(name: Option<&str>) -> Self {
        match name {
            None | Some("current") => Self::Current,
            Some("trashed") => Self::InTrash,
            Some(_) => Self::Otherwise,
        }
    }
}

impl Client {
    /// Those of some pages and blog posts that are in the trash of a space, with their bodies in a format.
    pub(crate) async fn in_trash(
        &self,
        space: &Space,
        ids: &[String],
        format: BodyFormat,
    ) -> Result<BTreeMap<String, Found>, Error> {
        let found = match self.flavor {
            Flavor::Cloud => self.cloud_in_trash(space, ids, format).await?,
            Flavor::DataCenter => self.data_center_in_trash(space, ids).await?,
        };
        for (id, found) in &found {
            self.is_of_kind(id, found.page.kind);
        }
        Ok(found)
    }

    /// A page or blog post as it is at this moment, wherever it is; none when it was deleted for good.
    pub(crate) async fn whereabouts(&self, page: &str) -> Result<Option<Found>, Error> {
        match self.flavor {
            Flavor::Cloud => self.cloud_whereabouts(page).await,
            Flavor::DataCenter => self.data_center_whereabouts(page).await,
        }
    }

    /// Takes a page out of the trash. Both products want the number of the next version, and change nothing
    /// of the page but its status. Neither says whether that makes a version, nor where the page is then.
    pub(crate) async fn restore(&self, version: &NewVersion<'_>) -> Result<Written, WriteError> {
        match self.flavor {
            // All of what an update has is demanded, although only the status is taken.
            Flavor::Cloud => self.cloud_update(version).await,
            Flavor::DataCenter => self.data_center_restore(version).await,
        }
    }

    /// Moves a page to the space's trash.
    pub async fn trash(&self, page: &str) -> Result<(), Error> {
        match self.flavor {
            Flavor::Cloud => {
                let (path, endpoint) = match self.kind_of(page) {
                    PageKind::Page => (format!("/api/v2/pages/{page}"), "/api/v2/pages/{id}"),
                    PageKind::BlogPost => (
                        format!("/api/v2/blogposts/{page}"),
                        "/api/v2/blogposts/{id}",
                    ),
                    PageKind::Folder => (format!("/api/v2/folders/{page}"), "/api/v2/folders/{id}"),
                };
                self.delete(&path, endpoint).await
            }
            Flavor::DataCenter => {
                self.delete(
                    &format!("/rest/api/content/{page}"),
                    "/rest/api/content/{id}",
                )
                .await
            }
        }
    }

    /// Puts a file of a page into the trash; one that is not there any more is no error. Of Data Center it
    /// is assumed that the file can be restored from there: the document says only that it is deleted.
    pub(crate) async fn trash_file(&self, page: &str, attachment: &str) -> Result<(), Error> {
        let (path, endpoint) = match self.flavor {
            Flavor::Cloud => (
                format!("/api/v2/attachments/{attachment}"),
                "/api/v2/attachments/{id}",
            ),
            Flavor::DataCenter => (
                format!("/rest/api/content/{page}/child/attachment/{attachment}"),
                "/rest/api/content/{id}/child/attachment/{id}",
            ),
        };
        self.delete(&path, endpoint).await
    }
}
