//! A file of a visit as the page it becomes, and as its host shows it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tributary_pages::markup::{Surroundings, has_host_look};
use tributary_pages::plan::Preview;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::hosts::EntryKind;
use crate::publish::{Known, has_page, host_look, page_alone};
use crate::settings::RepositorySettings;

use super::{File, Index, Visit};

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
        let Some(bytes) = self.bytes_of(path).await? else {
            return Ok(None);
        };
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
            page_alone(
                &path,
                bytes,
                files_of(&index),
                &Known {
                    surroundings: &surroundings,
                    links: &links,
                    drawings: &looks.drawings,
                },
                &mut read_more,
                &image_address,
            )
        });
        rendering.await.map_err(broke_off)?
    }

    /// A file as its host shows it; see [`host_look`]. None for what a host shows the source of, and
    /// for what is no file.
    ///
    /// # Errors
    /// As [`Visit::file`], [`Visit::find`] and [`host_look`].
    pub async fn host_look(
        &self,
        path: &str,
        image_address: impl Fn(&str) -> String + Send + 'static,
    ) -> Result<Option<Preview>, Error> {
        if !has_host_look(path) {
            return Ok(None);
        }
        let Some(bytes) = self.bytes_of(path).await? else {
            return Ok(None);
        };
        let (index, path) = (Arc::clone(self.index().await?), path.to_owned());
        let rendering = tokio::task::spawn_blocking(move || {
            host_look(&path, bytes, files_of(&index), &image_address)
        });
        rendering.await.map_err(broke_off)?
    }

    /// What is in a file, when all of it is there.
    async fn bytes_of(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(match &*self.file(path).await? {
            File::Contents {
                bytes,
                unresolved: None,
                ..
            } => Some(bytes.to_vec()),
            _ => None,
        })
    }
}

/// The paths of all that is no folder.
fn files_of(index: &Index) -> impl Iterator<Item = String> {
    let files = index.items.iter();
    let files = files.filter(|(_, kind)| *kind != EntryKind::Folder);
    files.map(|(path, _)| path.clone())
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "Rendering a page broke off").caused_by(error)
}
