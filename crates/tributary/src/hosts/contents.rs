//! The contents of files at a Git host, those in Git LFS too.

use bytes::Bytes;
use gix::bstr::ByteSlice;
use reqwest::header::HeaderMap;
use url::Url;

use super::host::{Ask, Expected, Keep};
use super::hosted::{Hosted, below, is_away, is_changed, missing_path};
use super::lfs::{Pointer, Through, not_fetched};
use super::refusals::is_too_much;
use super::{Blob, Dialect, Entry, EntryKind, LARGEST_BLOB, Urgency, azure, gitea, lfs, too_large};
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::http::Credential;
use crate::vault::Secret;

impl Hosted {
    pub(super) async fn blob(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<Blob, Error> {
        let path = entry.path.as_bstr();
        let (bytes, pointer) = self.in_git(commit, entry, urgency).await?;
        let Some(pointer) = pointer else {
            return Ok(Blob::plain(bytes));
        };
        if pointer.size > LARGEST_BLOB {
            return Err(too_large(path, Some(pointer.size)));
        }
        match self.stored(commit, entry, &pointer, urgency).await {
            Ok(stored) => Ok(Blob {
                bytes: stored,
                pointer: Some(pointer),
                unresolved: None,
            }),
            Err(error) if is_away(&error) => Err(error),
            Err(error) => Ok(Blob {
                bytes,
                pointer: Some(pointer),
                unresolved: Some(not_fetched(path, &error)),
            }),
        }
    }

    /// The bytes that Git has of a file, and the pointer that they are, if they are one.
    pub(super) async fn in_git(
        &self,
        commit: &str,
        entry: &Entry,
        urgency: Urgency,
    ) -> Result<(Bytes, Option<Pointer>), Error> {
        let path = entry.path.as_bstr();
        if let EntryKind::Folder | EntryKind::Submodule = entry.kind {
            let what = if entry.kind == EntryKind::Folder {
                Sentence::from("a folder")
            } else {
                Sentence::from("a submodule")
            };
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{path}` is {what}", path, what).with("what", what),
            ));
        }
        if entry.size.is_some_and(|size| size > LARGEST_BLOB) {
            return Err(too_large(path, entry.size));
        }
        let id = entry.id.as_deref().unwrap_or_default();
        // A name that is no UTF-8, and what the host says in place of it, is none that it could be
        // asked for by.
        let is_askable = path.to_str().is_ok() && !is_changed(entry.path.as_bstr());
        let found = match self.host.0.dialect {
            Dialect::Gitea if !is_askable && !id.is_empty() => {
                gitea::by_id(self, id, urgency).await
            }
            Dialect::Bitbucket | Dialect::BitbucketDataCenter if path.to_str().is_err() => {
                self.contents_by_git(commit, path, urgency).await
            }
            _ => {
                // Whoever has ids asks by them alone.
                let text = path.to_str().unwrap_or_default();
                let found = self.host.fetch(&self.raw(commit, text, id, urgency)).await;
                found.map(|answer| answer.body)
            }
        };
        let found = found.map_err(|error| match is_too_much(&error) {
            true => too_large(path, None).caused_by(error),
            false => error,
        });
        let missing = missing_path(&self.name, commit, path);
        let bytes = self.explained(found, Some(missing)).await?;
        let pointer = match entry.kind {
            EntryKind::Symlink => None,
            _ => Pointer::read(&bytes),
        };
        Ok((bytes, pointer))
    }

    /// Under what the contents of a file are kept; none for what has no contents to ask for.
    pub(super) fn key_of(&self, commit: &str, entry: &Entry) -> Option<String> {
        let is_file = matches!(entry.kind, EntryKind::File | EntryKind::Lfs);
        let path = entry.path.to_str().ok().filter(|_| is_file)?;
        let id = entry.id.as_deref().unwrap_or_default();
        Some(self.host.key(&self.raw(commit, path, id, Urgency::Waited)))
    }

    /// How the host gives the bytes that Git has.
    pub(super) fn raw<'a>(
        &self,
        commit: &str,
        path: &str,
        id: &'a str,
        urgency: Urgency,
    ) -> Ask<'a> {
        let parts: Vec<&str> = path.split('/').collect();
        let (url, accept) = match self.host.0.dialect {
            Dialect::GitHub => (
                self.url(&["git", "blobs", id], &[]),
                "application/vnd.github.raw+json",
            ),
            Dialect::GitLab => (self.url(&["repository", "blobs", id, "raw"], &[]), "*/*"),
            Dialect::Bitbucket => (
                self.url(&[&["src", commit][..], &parts].concat(), &[]),
                "*/*",
            ),
            Dialect::BitbucketDataCenter => (
                self.url(&[&["raw"][..], &parts].concat(), &[("at", commit)]),
                "*/*",
            ),
            Dialect::AzureDevOps => (
                self.url(
                    &["blobs", id],
                    &azure::with_version(self, &[("$format", "octetstream")]),
                ),
                "application/octet-stream",
            ),
            Dialect::Gitea => (
                self.url(&[&["raw"][..], &parts].concat(), &[("ref", commit)]),
                "*/*",
            ),
        };
        // The same contents at another commit or path are known by their id.
        let known_as = match self.host.0.dialect {
            Dialect::Gitea | Dialect::BitbucketDataCenter if !id.is_empty() => {
                Some(self.url(&["git", "blobs", id], &[]))
            }
            _ => None,
        };
        Ask {
            url,
            accept,
            endpoint: "file",
            keep: Keep::Forever,
            urgency,
            expected: Expected::Blob(id),
            known_as,
        }
    }

    /// Fetches what a pointer stands for.
    async fn stored(
        &self,
        commit: &str,
        entry: &Entry,
        pointer: &Pointer,
        urgency: Urgency,
    ) -> Result<Bytes, Error> {
        match self.resolved(commit, entry, pointer, urgency) {
            Some(ask) => Ok(self.host.fetch(&ask).await?.body),
            None => self.ask_lfs_server(pointer, urgency).await,
        }
    }

    /// How the host gives what a pointer stands for; none where its LFS server has to be asked, as for
    /// a name that the host cannot be asked for.
    pub(super) fn resolved<'a>(
        &self,
        commit: &str,
        entry: &Entry,
        pointer: &'a Pointer,
        urgency: Urgency,
    ) -> Option<Ask<'a>> {
        let path = entry.path.to_str().ok()?;
        let id = entry.id.as_deref().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let url = match self.host.0.dialect {
            Dialect::GitLab => self.url(
                &["repository", "files", path, "raw"],
                &[("ref", commit), ("lfs", "true")],
            ),
            Dialect::AzureDevOps => self.url(
                &["blobs", id],
                &azure::with_version(self, &[("$format", "octetstream"), ("resolveLfs", "true")]),
            ),
            Dialect::Gitea => self.url(&[&["media"][..], &parts].concat(), &[("ref", commit)]),
            Dialect::GitHub | Dialect::Bitbucket | Dialect::BitbucketDataCenter => return None,
        };
        Some(Ask {
            url,
            accept: "*/*",
            endpoint: "file in LFS",
            keep: Keep::Forever,
            urgency,
            expected: Expected::Lfs(pointer),
            known_as: None,
        })
    }

    /// Asks the LFS server beside the repository, which every host has.
    pub(super) async fn ask_lfs_server(
        &self,
        pointer: &Pointer,
        urgency: Urgency,
    ) -> Result<Bytes, Error> {
        let (url, key) = self.lfs_server(pointer)?;
        lfs::kept(self.host.cache(), &key, pointer, async || {
            let credential = self.as_git_sends_it().await?;
            let server = lfs::Server {
                batch: url.clone(),
                credential: credential.as_ref(),
                headers: HeaderMap::new(),
            };
            let through = Through::Host(&self.host, self.urgency(urgency));
            lfs::fetch(&server, pointer, through).await
        })
        .await
    }

    /// Where the LFS server beside the repository is asked, and under what is kept what it gives.
    pub(super) fn lfs_server(&self, pointer: &Pointer) -> Result<(Url, String), Error> {
        let inner = &self.host.0;
        let (owner, name) = self.name.rsplit_once('/').unwrap_or(("", &self.name));
        let base = Url::parse(inner.place.base()).map_err(|_| self.host.cannot_say())?;
        let git = format!("{name}.git");
        let mut parts: Vec<&str> = owner.split('/').filter(|part| !part.is_empty()).collect();
        match inner.dialect {
            Dialect::BitbucketDataCenter => parts.insert(0, "scm"),
            Dialect::AzureDevOps => parts.push("_git"),
            _ => {}
        }
        parts.extend([&*git, "info", "lfs", "objects", "batch"]);
        let url = below(&base, &parts, &[]);
        let key = self.host.key_of_large_file(&url, &pointer.oid);
        Ok((url, key))
    }

    /// Git's own addresses take tokens as passwords only, some with a name that says what it is.
    pub(super) async fn as_git_sends_it(&self) -> Result<Option<Credential>, Error> {
        let dialect = self.host.0.dialect;
        let token = match &self.host.0.credential {
            None => return Ok(None),
            Some(Credential::Basic { user, token, .. }) => {
                let token = Secret::new(token.expose().to_owned());
                let user = match dialect {
                    // The API takes the person's address, and Git does not.
                    Dialect::Bitbucket => "x-bitbucket-api-token-auth",
                    _ => user,
                };
                return Ok(Some(Credential::basic(user, token)));
            }
            Some(Credential::Bearer { token, .. }) => Secret::new(token.expose().to_owned()),
            Some(Credential::Account(tokens)) => {
                Secret::new(tokens.current().await?.expose().to_owned())
            }
        };
        Ok(Some(match dialect {
            Dialect::BitbucketDataCenter => Credential::bearer(token),
            Dialect::Bitbucket => Credential::basic("x-token-auth", token),
            Dialect::GitLab => Credential::basic("oauth2", token),
            _ => Credential::basic("x-access-token", token),
        }))
    }
}
