//! Files of pages: those that others were put in the place of are sent again, and those that a page did not
//! have go into the trash.
//!
//! A file goes only where it is what the publish sent, in its only version. It goes after the page says
//! again what it said before, so that no text shows a file that is gone; a try that breaks off between the
//! two leaves files that the next one names.

use std::collections::HashMap;

use tributary_pages::markup::{Problem, Severity};
use tributary_pages::plan::{AddedFile, MadeOf, PlannedAttachment, RemotePage, Step};

use crate::Sentence;
use crate::confluence::sha256_in;
use crate::error::Error;
use crate::publish::before::Before;
use crate::publish::gather::read_again;

use super::{Beside, NO_FINGERPRINT, Now, Page};

/// Whether the publish changed something about the files of a page that has to be looked at.
pub(super) fn has_changed(before: &Before) -> bool {
    !(before.files.is_empty() && before.files_added.is_empty() && before.files_taken.is_empty())
}

/// Names the files that go from a page. Those stay that the version shows which comes back: somebody had
/// taken them off the page, and the publish put them there again.
pub(super) fn name_going(step: &mut Step) -> Result<(), Error> {
    if step.takes_off.files.is_empty() {
        return Ok(());
    }
    let body = read_again(&step.body)?;
    let is_shown = |file: &AddedFile| {
        let name = file.filename.replace('&', "&amp;").replace('<', "&lt;");
        body.contains(&format!("\"{}\"", name.replace('"', "&quot;")))
    };
    let all = std::mem::take(&mut step.takes_off.files);
    let (stay, go): (Vec<_>, Vec<_>) = all.into_iter().partition(is_shown);
    if let Some(marker) = step.marker.as_mut().filter(|_| !stay.is_empty()) {
        // They may be others than that version was published with.
        NO_FINGERPRINT.clone_into(&mut marker.fingerprint);
    }
    let stay = stay.iter().map(|file| {
        let why = sentence!("the version that comes back shows it");
        let name = &file.filename;
        let words = sentence!("the file `{name}` stays: {why}", name, why);
        problem(Severity::Warning, "undo.attachments", words)
    });
    step.problems.extend(stay);
    let named = go.iter().map(|file| {
        let words = sentence!(
            "the file `{name}` goes to the trash: the page did not have it before",
            name = file.filename
        );
        problem(Severity::Note, "undo.file_goes", words)
    });
    step.problems.extend(named);
    step.takes_off.files = go;
    Ok(())
}

fn problem(severity: Severity, code: &'static str, message: Sentence) -> Problem {
    Problem {
        severity,
        code,
        message,
        line: 0,
        column: 0,
    }
}

/// Whether an earlier try may have left files on a page that had gone back.
pub(super) fn may_be_left(page: &Page, there: &HashMap<&str, &RemotePage>) -> bool {
    let before = page.before.as_ref();
    let has_added = before.is_some_and(|before| !before.files_added.is_empty());
    let next = page.version.and_then(|version| version.checked_add(1));
    let remote = there.get(page.id.as_str());
    has_added && remote.is_some_and(|remote| Some(remote.version) == next)
}

impl Beside<'_> {
    /// Puts the versions of files on top again that others were put in the place of.
    pub(super) fn put_files_back(&mut self, page: &Page, before: &Before, now: &Now<'_>) {
        for (name, change) in &before.files {
            let there = now.files.iter().find(|file| file.filename == *name);
            let was = sha256_in(&change.comment);
            let why = match there {
                None => sentence!("it is not on the page any more"),
                // An earlier try put it back, and did not come as far as the page's text.
                Some(file) if was.is_some() && file.sha256() == was => continue,
                Some(file) if file.sha256() != Some(&change.is) => {
                    sentence!("somebody put another in its place since")
                }
                Some(_) => {
                    self.files.push(PlannedAttachment {
                        filename: name.clone(),
                        path: page.path.clone(),
                        // A person's file has no hash beside it.
                        sha256: was.unwrap_or_default().to_owned(),
                        size: change.size,
                        media_type: change.media_type.clone(),
                        made: Some(MadeOf::Version {
                            page: page.id.clone(),
                            attachment: change.attachment.clone(),
                            number: change.version,
                            comment: change.comment.clone(),
                        }),
                    });
                    continue;
                }
            };
            self.stay(
                "undo.attachments",
                sentence!("the file `{name}` stays: {why}", name, why),
            );
        }
    }

    /// Has the files go that the page did not have before, as far as they are what the publish sent.
    pub(super) fn take_files_off(&mut self, before: &Before, now: &Now<'_>) {
        for (name, sha256) in &before.files_added {
            // One that is not there any more is where it is to be.
            let Some(there) = now.files.iter().find(|file| file.filename == *name) else {
                continue;
            };
            let why = match there.is_other_than(sha256) {
                Some(why) => why,
                None if !now.may_take_files => sentence!(
                    "the account was not allowed to put anything into the trash. Sign in for that \
                     too before you take the publish back"
                ),
                None => {
                    self.takes_off.files.push(AddedFile {
                        filename: name.clone(),
                        attachment: there.id.clone(),
                        sha256: sha256.clone(),
                    });
                    continue;
                }
            };
            self.stay(
                "undo.attachments",
                sentence!("the file `{name}` stays: {why}", name, why),
            );
        }
        for name in &before.files_taken {
            if now.files.iter().all(|file| file.filename != *name) {
                self.stay(
                    "undo.attachments",
                    sentence!(
                        "the file `{name}` is in the trash since the publish was taken back, and \
                         is sent again by the next publish of the page's source",
                        name
                    ),
                );
            }
        }
    }

    /// Names the files that are on a page still which an earlier try took back.
    pub(super) fn name_files_left(&mut self, page: &Page, now: &Now<'_>) {
        let added = page.before.iter().flat_map(|before| &before.files_added);
        for (name, sha256) in added {
            let mut there = now.files.iter();
            if there.any(|file| file.filename == *name && file.is_other_than(sha256).is_none()) {
                self.stay(
                    "undo.attachments",
                    sentence!(
                        "the file `{name}` is on the page still, which did not have it before: an \
                         earlier try to take the publish back left it there. Take it away in \
                         Confluence where the page does not show it",
                        name
                    ),
                );
            }
        }
    }
}
