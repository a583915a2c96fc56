//! The files of pages: what an attachment is, and earlier versions of one.

use std::io::Read;
use std::sync::Arc;

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tributary_pages::markup::Flavor;

use super::Client;
use super::wire::encode;
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::LARGEST_SENT;
use crate::http::{Call, Contents, FileOnDisk, Payload, Repeat};

/// A file on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The attachment's id.
    pub id: String,
    /// The file's name.
    pub filename: String,
    /// The comment of its current version.
    pub comment: String,
    /// The number of its current version.
    pub version: u32,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// The id under which the Atlassian Document Format shows it. Cloud only.
    pub file_id: Option<String>,
}

impl Attachment {
    /// The SHA-256 that we wrote into the comment when we sent the file.
    pub fn sha256(&self) -> Option<&str> {
        sha256_in(&self.comment)
    }

    /// Why it is not what we put on the page under this hash and nothing else, where it is not.
    pub(crate) fn is_other_than(&self, sha256: &str) -> Option<Sentence> {
        if self.sha256() != Some(sha256) {
            return Some(sentence!("somebody put another in its place since"));
        }
        // A person's may be below it. One that was sent twice, because an answer was lost, has two as well.
        (self.version > 1).then(|| sentence!("it has versions beside the one that was sent"))
    }
}

/// The SHA-256 that a comment of ours names.
pub(crate) fn sha256_in(comment: &str) -> Option<&str> {
    let (_, digits) = comment.rsplit_once("sha256:")?;
    let is_hash = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(digits)
}

/// The comment that carries an attachment's hash.
pub(crate) fn attachment_comment(sha256: &str) -> String {
    format!("Published by Tributary, sha256:{sha256}")
}

/// A file to be sent.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name on the page.
    pub filename: String,
    /// The media type.
    pub media_type: String,
    /// SHA-256 of the contents.
    pub sha256: String,
    /// The comment of the version that it becomes.
    pub comment: String,
    /// The contents.
    pub contents: Contents,
    /// The attachment that this is a new version of.
    pub replaces: Option<String>,
}

impl Client {
    /// The contents of an attachment of a page as they were at a version, on disk until nobody holds them
    /// any more.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when the version is not there any more, and any error of asking.
    pub async fn file_at_version(
        &self,
        page: &str,
        attachment: &str,
        filename: &str,
        version: u32,
    ) -> Result<Contents, Error> {
        let (path, endpoint) = match self.flavor() {
            Flavor::Cloud => (
                format!(
                    "/rest/api/content/{page}/child/attachment/{attachment}/download?version={version}"
                ),
                "/rest/api/content/{id}/child/attachment/{id}/download",
            ),
            // It has no such request; this is where its listings say that files are.
            Flavor::DataCenter => (
                format!(
                    "/download/attachments/{page}/{}?version={version}&api=v2",
                    encode(filename)
                ),
                "/download/attachments/{id}/{filename}",
            ),
        };
        let unkept = |error: std::io::Error| {
            Error::new(
                ErrorKind::Storage,
                "There is no room for an earlier version of a file",
            )
            .remedy("Make room on the disk")
            .caused_by(error)
        };
        let broke_off = |error| {
            Error::new(
                ErrorKind::Bug,
                "Keeping an earlier version of a file broke off",
            )
            .caused_by(error)
        };
        let made = tokio::task::spawn_blocking(NamedTempFile::new).await;
        let (file, name) = made.map_err(broke_off)?.map_err(unkept)?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let mut url = self.url(&path)?;
        let mut credential = Some(self.credential().as_ref());
        // Cloud keeps files elsewhere, and says where; the credential stays here.
        for _ in 0..2 {
            let call = Call {
                method: Method::GET,
                url: url.clone(),
                endpoint,
                credential,
                payload: Payload::None,
                repeat: Repeat::Safe,
                headers: HeaderMap::new(),
                most: Some(LARGEST_SENT),
            };
            let reply = self.http().download(call, &mut file).await?;
            let to = reply.headers.get(LOCATION).and_then(|to| to.to_str().ok());
            let elsewhere = to.and_then(|to| url.join(to).ok());
            if let Some(elsewhere) = elsewhere
                && reply.status.is_redirection()
                && (elsewhere.scheme() == "https" || elsewhere.scheme() == url.scheme())
            {
                (url, credential) = (elsewhere, None);
                continue;
            }
            if reply.is_cut {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "The earlier version of `{filename}` is larger than is sent",
                        filename
                    ),
                ));
            }
            if reply.status != StatusCode::OK {
                return Err(self.refused(&reply));
            }
            let hashing = tokio::task::spawn_blocking(move || on_disk(name)).await;
            return hashing.map_err(broke_off)?.map_err(unkept);
        }
        Err(Error::new(
            ErrorKind::Bug,
            sentence!(
                "`{site}` does not say where `{filename}` is",
                site = self.site(),
                filename
            ),
        ))
    }
}

/// What a file is sent from.
fn on_disk(name: TempPath) -> std::io::Result<Contents> {
    let mut file = std::fs::File::open(&name)?;
    let (mut hash, mut size) = (Sha256::new(), 0);
    let mut part = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            break;
        }
        size += count as u64;
        hash.update(&part[..count]);
    }
    let hash = hash.finalize();
    Ok(Contents::OnDisk(FileOnDisk {
        path: name.to_path_buf(),
        size,
        sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        kept_by: Some(Arc::new(name)),
    }))
}
