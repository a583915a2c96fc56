//! Files that are attached to pages: looked at when a publish is planned, and read again when they are
//! sent. A file on this machine is never in memory as a whole, nor is a large one of a Git host.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tempfile::TempPath;
use tributary_pages::markup::DrawingKind;
use tributary_pages::plan::{self as pages, Asset, MadeOf, PlannedAttachment};

use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::hosts::{LARGEST_HELD, LARGEST_SENT, LONGEST_POINTER, Pointer, ToSend};
use crate::http::{Contents, FileOnDisk};
use crate::repository::Repository;

use super::drawings::bytes_of;
use super::pinned::AtCommit;

/// The most that Confluence takes as an attachment unless its administrator allows more.
const LARGEST_ATTACHMENT: u64 = LARGEST_SENT;

/// The beginning of a file that says what it is: a picture's form and size, and all of a drawing that
/// is not too long to be drawn.
const SAYS_WHAT_IT_IS: usize = tributary_diagrams::LONGEST_FILE + 1;

/// Opens a file that will be attached, unless it is what Git LFS has in the place of one.
pub(super) fn opened(repository: &Repository, path: &str) -> Result<impl Read + use<>, Error> {
    let mut beginning = repository.open_file(path)?.take(LONGEST_POINTER as u64 + 1);
    let mut head = Vec::new();
    beginning.read_to_end(&mut head).map_err(|error| {
        Error::new(
            ErrorKind::Storage,
            sentence!("`{path}` cannot be read", path),
        )
        .caused_by(error)
    })?;
    match Pointer::read(&head) {
        None => Ok(io::Cursor::new(head).chain(beginning.into_inner())),
        // A page would get the text that Git has in place of the file.
        Some(_) => Err(
            Error::new(ErrorKind::NotFound, "it is in Git LFS and was not fetched")
                .remedy("`git lfs pull` fetches it"),
        ),
    }
}

/// Hashes a file that will be attached and checks that it is what its name says. Of the file no more
/// is in memory at once than says what it is.
pub(super) fn look_at<R: Read>(
    path: &str,
    size: u64,
    open: impl FnOnce() -> Result<R, Error>,
) -> Result<Asset, Sentence> {
    if size > LARGEST_ATTACHMENT {
        let megabytes = size.div_ceil(1024 * 1024);
        return Err(sentence!(
            "`{path}` has {megabytes} MB; Confluence takes attachments of at most 100 MB",
            path,
            megabytes
        ));
    }
    let mut file = open().map_err(|error| {
        let why = error.sentence_of_chain();
        sentence!("`{path}` could not be read: {why}", path, why)
    })?;
    let mut hash = Sha256::new();
    let mut read: u64 = 0;
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        let count = match file.read(&mut part) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(sentence!(
                    "`{path}` could not be read: {why}",
                    path,
                    why = error
                ));
            }
        };
        hash.update(&part[..count]);
        read += count as u64;
        let kept = count.min(SAYS_WHAT_IT_IS - bytes.len());
        bytes.extend_from_slice(&part[..kept]);
    }
    let hash = hash.finalize();
    let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let picture = crate::preview::picture(&bytes);
    let promised = media_type_of_name(path);
    let diagram = DrawingKind::of_path(path).map(|kind| {
        // Of one that is too long enough is kept to be told so.
        let most = bytes.len().min(tributary_diagrams::LONGEST_FILE + 1);
        let source = String::from_utf8_lossy(&bytes[..most]).into_owned();
        (kind, source)
    });
    let (media_type, dimensions, genuine) = match (picture, promised) {
        (Some(picture), _) => (picture.media_type.to_owned(), picture.dimensions, true),
        (None, Some(promised)) => (promised.to_owned(), None, !promised.starts_with("image/")),
        (None, None) => ("application/octet-stream".to_owned(), None, true),
    };
    Ok(Asset {
        sha256,
        size: read,
        media_type,
        dimensions,
        genuine,
        diagram,
    })
}

fn media_type_of_name(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "ico" => "image/x-icon",
        "avif" => "image/avif",
        "tif" | "tiff" => "image/tiff",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "json" => "application/json",
        "csv" => "text/csv",
        "txt" | "md" | "log" => "text/plain",
        "html" | "htm" => "text/html",
        "mp4" => "video/mp4",
        _ => return None,
    })
}

/// Where the files of a publish are. They are read again for each upload, so that none stays in
/// memory between planning and sending; those on this machine's disk and large ones of a host are never
/// there in whole.
#[derive(Debug, Clone)]
pub(super) enum ReadFrom {
    /// A working copy or a folder.
    Folder(Arc<Repository>),
    /// A repository at a commit.
    Commit(Arc<AtCommit>),
    /// Nowhere: the plan sends no files.
    Nowhere,
}

impl ReadFrom {
    /// How many bytes of a file that will be attached are in memory while it is sent.
    pub(super) fn held_bytes(&self, planned: &PlannedAttachment) -> u64 {
        match (self, &planned.made) {
            // It is read as it is sent.
            (Self::Folder(_), None) => 0,
            (Self::Commit(_), None) if planned.size > LARGEST_HELD => 0,
            (_, Some(MadeOf::Version { .. })) => 0,
            _ => planned.size,
        }
    }

    /// What a file that will be attached is sent from: it must be what was planned. Draws a
    /// picture.
    pub(super) async fn asset(&self, planned: &PlannedAttachment) -> Result<Contents, Error> {
        match (self, &planned.made) {
            (Self::Folder(repository), None) => {
                let (repository, path) = (Arc::clone(repository), planned.path.clone());
                as_planned(planned, move || repository.locate(&path), None).await
            }
            (Self::Commit(at), None) => match at.to_send(&planned.path).await? {
                ToSend::OnDisk(place) => {
                    let path = place.to_path_buf();
                    as_planned(planned, move || Ok(path), Some(place)).await
                }
                ToSend::Kept(path) => as_planned(planned, move || Ok(path), None).await,
                ToSend::Held(bytes) if sha256_of(&bytes) == planned.sha256 => {
                    Ok(Contents::Held(bytes))
                }
                ToSend::Held(_) => Err(changed(&planned.path)),
            },
            _ => self
                .bytes(planned)
                .await
                .map(|bytes| Contents::Held(bytes.into())),
        }
    }

    async fn bytes(&self, planned: &PlannedAttachment) -> Result<Vec<u8>, Error> {
        let path = &planned.path;
        match planned.made.clone() {
            Some(MadeOf::Drawing(kind, source)) => {
                let media_type = planned.media_type.clone();
                let sha256 = planned.sha256.clone();
                let drawing = tokio::task::spawn_blocking(move || {
                    bytes_of(kind, &source, &media_type, &sha256)
                });
                drawing.await.map_err(|error| {
                    Error::new(
                        ErrorKind::Bug,
                        sentence!("Drawing a picture of `{path}` broke off", path),
                    )
                    .caused_by(error)
                })?
            }
            Some(MadeOf::Address(address)) => pages::embedded_bytes(&address).ok_or_else(|| {
                Error::new(
                    ErrorKind::Bug,
                    sentence!("A picture in `{path}` cannot be read again", path),
                )
            }),
            Some(MadeOf::Version { .. }) | None => Err(Error::new(
                ErrorKind::Bug,
                sentence!("`{path}` is sent by a plan without files", path),
            )),
        }
    }
}

/// A file on disk, once it is certain that it is what was planned. It stays there as long as somebody
/// holds what it is `kept_by`.
async fn as_planned(
    planned: &PlannedAttachment,
    locate: impl FnOnce() -> Result<PathBuf, Error> + Send + 'static,
    kept_by: Option<Arc<TempPath>>,
) -> Result<Contents, Error> {
    let (path, planned) = (planned.path.clone(), planned.clone());
    let looking = tokio::task::spawn_blocking(move || {
        let file = FileOnDisk {
            path: locate()?,
            size: planned.size,
            sha256: planned.sha256,
            kept_by,
        };
        let is_as_planned = file.is_as_meant().map_err(|error| {
            Error::new(
                ErrorKind::Storage,
                sentence!("`{path}` cannot be read", path = planned.path),
            )
            .caused_by(error)
        })?;
        match is_as_planned {
            true => Ok(file),
            false => Err(changed(&planned.path)),
        }
    });
    let file = looking.await.map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            sentence!("Reading `{path}` broke off", path),
        )
        .caused_by(error)
    })?;
    file.map(Contents::OnDisk)
}

fn sha256_of(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn changed(path: &str) -> Error {
    Error::new(
        ErrorKind::Conflict,
        sentence!("`{path}` changed while it was being published", path),
    )
    .remedy("Publish again")
}
