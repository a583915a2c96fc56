//! What Git LFS keeps of a repository at any Git server.

use bytes::Bytes;
use reqwest::header::HeaderMap;
use url::Url;

use super::super::lfs::{self, Pointer, Through};
use super::super::sent::ToSend;
use super::{Remote, Ssh, Way, said_over_ssh, ssh_command, way};
use crate::error::{Error, ErrorKind};
use crate::http::{Credential, Http};
use crate::store::write_atomically;

impl Remote {
    /// Fetches what a pointer stands for, and puts it where `git lfs` would.
    pub(in crate::hosts) async fn large_file(&self, pointer: &Pointer) -> Result<Bytes, Error> {
        let bytes = self.inner.way.large_file(pointer).await?;
        self.put(pointer, bytes).await
    }

    /// The same into a file, however large it is. It is not kept here.
    pub(in crate::hosts) async fn download_large_file(
        &self,
        pointer: &Pointer,
    ) -> Result<ToSend, Error> {
        let (server, http) = self.inner.way.lfs_server().await?;
        lfs::download(&server, pointer, http).await
    }

    /// Fetches what a pointer stands for from the server that the repository names, and puts it where
    /// `git lfs` would; none where that is another server than the repository's.
    pub(in crate::hosts) async fn ask_named_server(
        &self,
        named: &Url,
        pointer: &Pointer,
    ) -> Option<Result<Bytes, Error>> {
        let Way::Http {
            url,
            http,
            credential,
            ..
        } = &self.inner.way
        else {
            // What is said over SSH comes over no connection that an address of the web names.
            return None;
        };
        if url.origin() != named.origin() {
            return None;
        }
        let server = lfs::Server {
            batch: lfs::batch_of(named),
            credential: credential.as_ref(),
            headers: HeaderMap::new(),
        };
        match lfs::fetch(&server, pointer, Through::Nothing(http)).await {
            Ok(bytes) => Some(self.put(pointer, bytes).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// Puts what a pointer stands for where `git lfs` would.
    async fn put(&self, pointer: &Pointer, bytes: Bytes) -> Result<Bytes, Error> {
        let (place, kept) = (self.inner.folder.join(pointer.place()), bytes.clone());
        let writing = tokio::task::spawn_blocking(move || write_atomically(&place, &kept));
        writing.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Storing what was fetched broke off").caused_by(error)
        })??;
        Ok(bytes)
    }
}

/// Fetches what a pointer stands for from the LFS server beside a repository, by the address that
/// `git clone` takes.
pub(in crate::hosts) async fn large_file(
    address: &str,
    http: &Http,
    credential: Option<Credential>,
    pointer: &Pointer,
) -> Result<Bytes, Error> {
    way(address, http, credential, &Ssh::default())?
        .large_file(pointer)
        .await
}

/// The same into a file, however large it is.
pub(in crate::hosts) async fn download_large_file(
    address: &str,
    http: &Http,
    credential: Option<Credential>,
    pointer: &Pointer,
) -> Result<ToSend, Error> {
    let way = way(address, http, credential, &Ssh::default())?;
    let (server, http) = way.lfs_server().await?;
    lfs::download(&server, pointer, http).await
}

impl Way {
    async fn large_file(&self, pointer: &Pointer) -> Result<Bytes, Error> {
        let (server, http) = self.lfs_server().await?;
        lfs::fetch(&server, pointer, Through::Nothing(http)).await
    }

    /// The LFS server beside the repository.
    async fn lfs_server(&self) -> Result<(lfs::Server<'_>, &Http), Error> {
        Ok(match self {
            Self::Http {
                url,
                http,
                credential,
                moved,
                ..
            } => {
                let server = lfs::Server {
                    batch: lfs::beside(moved.get().map_or(url, Box::as_ref)),
                    credential: credential.as_ref(),
                    headers: HeaderMap::new(),
                };
                (server, http)
            }
            // The server says over SSH where it is asked, and with what.
            Self::Ssh {
                ssh,
                server,
                port,
                path,
                http,
            } => {
                let command = ssh_command(ssh, server, *port, "git-lfs-authenticate", path);
                let asking = tokio::task::spawn_blocking(move || said_over_ssh(command));
                let said = asking.await.map_err(|error| {
                    Error::new(ErrorKind::Bug, "Speaking with the server broke off")
                        .caused_by(error)
                })??;
                let server = lfs::Server::said(&said).ok_or_else(|| {
                    Error::new(
                        ErrorKind::NotFound,
                        sentence!(
                            "`{server}` does not say over SSH where its large files are",
                            server
                        ),
                    )
                })?;
                (server, http)
            }
        })
    }
}
