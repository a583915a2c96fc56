//! A file of a visit as the page it becomes.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tributary_pages::markup::Surroundings;
use tributary_pages::plan::Preview;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::hosts::EntryKind;
use crate::publish::{Known, has_page, page_alone};
use crate::settings::RepositorySettings;

use super::{File, Visit};

impl Visit {
    /// A file as the page it becomes, or as what it holds; see [`page_alone`]. None for what is
    /// source only, and for what is no file. `server` draws the diagrams that are not drawn here,
    /// `image_address` makes the address under which a picture
    /// of the visit is shown.
    ///
    /// Of the other files only the paths are read, and those that the file takes in.
    ///
    /// # Errors
    /// As [`Visit::file`], [`Visit::find`] and [`page_alone`].
    pub fn page<'a>(
        self: &'a Arc<Self>,
        path: &'a str,
        server: Option<Url>,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> BoxFuture<'a, Result<Option<Preview>, Error>> {
        // Boxed here, where it is plain that it may go to another thread.
        Box::pin(self.page_of(path, server, image_address))
    }

    async fn page_of(
        self: &Arc<Self>,
        path: &str,
        server: Option<Url>,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> Result<Option<Preview>, Error> {
        if !has_page(path) {
            return Ok(None);
        }
        let file = self.file(path).await?;
        let File::Contents {
            bytes,
            unresolved: None,
            ..
        } = &*file
        else {
            return Ok(None);
        };
        let bytes = bytes.to_vec();
        // A mistake in the repository's file is told when it is published.
        let said = RepositorySettings::at(&self.pinned)
            .await
            .unwrap_or_default();
        let looks = RepositorySettings::looks(said, server);
        let surroundings = Surroundings::of_repository(looks.template, self.pinned.facts());
        let links = self.pinned.links(&self.real_path(path));
        let index = Arc::clone(self.index().await?);
        let (visit, path, here) = (Arc::clone(self), path.to_owned(), Handle::current());
        let rendering = tokio::task::spawn_blocking(move || {
            let mut read_more = |path: &str| match here.block_on(visit.file(path)) {
                Ok(file) => match &*file {
                    File::Contents { bytes, .. } => Some(bytes.to_vec()),
                    _ => None,
                },
                Err(error) => {
                    tracing::debug!(error = error.chain(), "a file is not taken in");
                    None
                }
            };
            let files = index
                .items
                .iter()
                .filter(|(_, kind)| *kind != EntryKind::Folder);
            page_alone(
                &path,
                bytes,
                files.map(|(path, _)| path.clone()),
                &Known {
                    surroundings: &surroundings,
                    links: &links,
                    drawings: &looks.drawings,
                },
                &mut read_more,
                &image_address,
            )
        });
        rendering.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Rendering a page broke off").caused_by(error)
        })?
    }
}
