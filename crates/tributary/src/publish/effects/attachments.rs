//! Sends the files of a page: compared by hash first, many at once, few of them in memory. Takes those off
//! again that a publish put there which is taken back.

use futures_util::{StreamExt, TryStreamExt, stream};
use tributary_pages::markup::{BodyFormat, Problem, Severity};
use tributary_pages::plan::{MadeOf, PlannedAttachment, Step};

use crate::Sentence;
use crate::confluence::{Attachment, Upload, attachment_comment};
use crate::error::{Error, ErrorKind};
use crate::http::Contents;

use super::Work;
use crate::publish::before::{Before, FileChange};
use crate::publish::gather::read_again;
use crate::publish::known::FileIds;

/// Megabytes of files that are in memory at once, over all pages; a larger file is alone.
pub(super) const FILES_IN_MEMORY: u32 = 64;

/// How many of a page's files were sent, and how many were there already.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) uploaded: usize,
    pub(super) kept: usize,
    /// The ids of all of them, where the body has to name them.
    pub(super) ids: FileIds,
    /// Files of people that were written over because they have the names of ours.
    pub(super) replaced: Vec<String>,
    /// Whether it was changed who may read or edit the page.
    pub(super) restricted: bool,
    /// What was changed beside files, and how that was before.
    pub(super) before: Before,
}

/// The files of a page as they are before any is sent, and what is to be sent.
#[derive(Default)]
pub(super) struct ToSend<'a> {
    there: Vec<Attachment>,
    /// Those that the page does not have as they are now, with the ids of what they replace.
    missing: Vec<(&'a PlannedAttachment, Option<String>)>,
    replaced: Vec<String>,
    before: Before,
    /// Whether the page shows any files.
    has_files: bool,
}

impl Work {
    /// Looks which files of a page are to be sent. One that a person put in the place of ours is a conflict
    /// unless it is to be written over.
    pub(super) async fn look_at_files<'a>(
        &self,
        step: &'a Step,
        page: &str,
        is_new: bool,
    ) -> Result<ToSend<'a>, Error> {
        // A body that came back from an earlier version may show files without sending any.
        let shows_files = match &step.adf {
            Some(adf) => read_again(adf)?.contains("\"collection\""),
            None => false,
        };
        if step.attachments.is_empty() && !shows_files {
            return Ok(ToSend::default());
        }
        let there = if is_new {
            Vec::new()
        } else {
            self.client.attachments(page).await?
        };
        let mut missing = Vec::new();
        let mut replaced = Vec::new();
        let mut before = Before::default();
        for planned in &step.attachments {
            let known = there
                .iter()
                .find(|known| known.filename == planned.filename);
            if known.and_then(|known| known.sha256()) != Some(planned.sha256.as_str()) {
                // What we send has its hash beside it, and what people send has not.
                if known.is_some_and(|known| known.sha256().is_none()) {
                    replaced.push(planned.filename.clone());
                }
                if let Some(known) = known {
                    let change = FileChange {
                        attachment: known.id.clone(),
                        version: known.version,
                        comment: known.comment.clone(),
                        media_type: known.media_type.clone(),
                        size: known.size,
                        is: planned.sha256.clone(),
                    };
                    before.files.insert(planned.filename.clone(), change);
                } else {
                    let (name, sha256) = (planned.filename.clone(), planned.sha256.clone());
                    before.files_added.insert(name, sha256);
                }
                missing.push((planned, known.map(|known| known.id.clone())));
            }
        }
        if let Some(first) = replaced.first()
            && !step.overwrites_files
        {
            return Err(put_by_somebody(first, step));
        }
        Ok(ToSend {
            there,
            missing,
            replaced,
            before,
            has_files: true,
        })
    }

    /// Sends the files of a page that it does not have yet.
    pub(super) async fn send_files(
        &self,
        step: &Step,
        page: &str,
        files: ToSend<'_>,
    ) -> Result<Sent, Error> {
        if !files.has_files {
            return Ok(Sent::default());
        }
        let ToSend {
            there,
            missing,
            replaced,
            before,
            ..
        } = files;
        let names_ids = step.format == BodyFormat::Adf;
        let mut ids: FileIds = there
            .iter()
            .filter(|_| names_ids)
            .filter_map(|file| Some((file.filename.clone(), file.file_id.clone()?)))
            .collect();
        let kept = step.attachments.len() - missing.len();
        let uploaded = missing.len();
        // The futures are made first and run a few at a time, so that few files are in memory.
        let mut sendings = Vec::with_capacity(uploaded);
        for (planned, replaces) in missing {
            sendings.push(async move {
                let id = self.send_file(page, planned, replaces).await?;
                Ok::<_, Error>((planned.filename.clone(), id))
            });
        }
        let sent: Vec<(String, Option<String>)> = stream::iter(sendings)
            .buffer_unordered(self.concurrency)
            .try_collect()
            .await?;
        if names_ids {
            let is_told = sent.iter().all(|(_, id)| id.is_some());
            // A new version of a file has a new id.
            ids.extend(sent.into_iter().filter_map(|(name, id)| Some((name, id?))));
            if !is_told {
                let there = self.client.attachments(page).await?;
                ids.extend(
                    there
                        .into_iter()
                        .filter_map(|file| Some((file.filename, file.file_id?))),
                );
            }
        }
        Ok(Sent {
            uploaded,
            kept,
            ids,
            replaced,
            restricted: false,
            before,
        })
    }

    /// Puts the files of a page into the trash that it did not have before the publish that is taken back,
    /// now that it says again what it said before. What is not ours any more stays, and so does what the
    /// site does not let go: that is said, and nothing of the page fails by it.
    pub(super) async fn take_files_off(&self, step: &Step, page: &str) -> Vec<Problem> {
        let going = &step.takes_off.files;
        if going.is_empty() {
            return Vec::new();
        }
        // Once more: another version of a file makes none of the page.
        let there = match self.client.attachments(page).await {
            Ok(there) => there,
            Err(error) => {
                let why = error.sentence_of_chain();
                let all = going.iter();
                return all.map(|file| stays(&file.filename, &why)).collect();
            }
        };
        let mut problems = Vec::new();
        for file in going {
            let Some(known) = there.iter().find(|known| known.id == file.attachment) else {
                // Gone already, which is what was wanted.
                continue;
            };
            let why = match known.is_other_than(&file.sha256) {
                Some(why) => why,
                None => match self.client.trash_file(page, &known.id).await {
                    Ok(()) => continue,
                    Err(error) => error.sentence_of_chain(),
                },
            };
            problems.push(stays(&file.filename, &why));
        }
        problems
    }

    async fn send_file(
        &self,
        page: &str,
        planned: &PlannedAttachment,
        replaces: Option<String>,
    ) -> Result<Option<String>, Error> {
        let held = self.files.held_bytes(planned);
        let megabytes = u32::try_from(held.div_ceil(1024 * 1024)).unwrap_or(u32::MAX);
        // Never closed; were it, the file would be sent all the same.
        let room = self.room.acquire_many(megabytes.clamp(1, FILES_IN_MEMORY));
        let _room = room.await.ok();
        let (contents, comment) = match &planned.made {
            Some(MadeOf::Version {
                page,
                attachment,
                number,
                comment,
            }) => {
                let name = &planned.filename;
                let reading = self.client.file_at_version(page, attachment, name, *number);
                let contents = reading.await?;
                if !is_whole(&contents, planned) {
                    return Err(cut_short(name));
                }
                (contents, comment.clone())
            }
            _ => (
                self.files.asset(planned).await?,
                attachment_comment(&planned.sha256),
            ),
        };
        let upload = Upload {
            filename: planned.filename.clone(),
            media_type: planned.media_type.clone(),
            sha256: planned.sha256.clone(),
            comment,
            contents,
            replaces,
        };
        let shown = match planned.made {
            Some(_) => &planned.filename,
            None => &planned.path,
        };
        self.client.upload(page, &upload).await.map_err(|error| {
            let remedy = error.way_out().cloned();
            let failed = Error::new(
                error.kind(),
                sentence!("`{shown}` could not be attached", shown),
            );
            let failed = failed.caused_by(error);
            match remedy {
                Some(remedy) => failed.remedy(remedy),
                None => failed,
            }
        })
    }
}

/// Says that a file stays on its page although a publish that put it there was taken back.
fn stays(name: &str, why: &Sentence) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "undo.attachments",
        message: sentence!("the file `{name}` stays: {why}", name, why),
        line: 0,
        column: 0,
    }
}

/// Whether an earlier version of a file came as it was. What is between us and a site may lose the rest of an
/// answer without a word, and half a file would become the version on top.
fn is_whole(contents: &Contents, planned: &PlannedAttachment) -> bool {
    let is_ours = !planned.sha256.is_empty();
    let is_other = match contents {
        Contents::OnDisk(file) => is_ours && file.sha256 != planned.sha256,
        Contents::Held(_) => false,
    };
    !is_other && (planned.size == 0 || contents.size() == planned.size)
}

fn cut_short(filename: &str) -> Error {
    Error::new(
        ErrorKind::Offline,
        sentence!(
            "The earlier version of `{filename}` did not come whole",
            filename
        ),
    )
    .remedy("Take the publish back again; when it stays, look at the proxy in between")
}

/// A file of somebody's makes no version of the page, so that only a look at the files shows it.
fn put_by_somebody(filename: &str, step: &Step) -> Error {
    Error::new(
        ErrorKind::Conflict,
        sentence!(
            "somebody put a file of their own in the place of `{filename}` on the page `{title}`",
            filename,
            title = step.title
        ),
    )
    .remedy("Take theirs over into the repository, or publish with conflicts set to overwrite")
}
