//! Takes pages out of the trash, and sees to it that each is what it was.
//!
//! Neither product says what a page is like that is restored: whether that is a version, which would have
//! no marker of ours, and where it stands. So it is looked at, and what is missing is put right.

use tributary_pages::markup::{Problem, Severity};
use tributary_pages::plan::{Place, Step};

use crate::Sentence;
use crate::confluence::{Found, NewVersion, Status};
use crate::error::{Error, ErrorKind};
use crate::http::Fate;
use crate::publish::before::{Before, PlaceChange, Stood};
use crate::publish::gather::read_again;
use crate::publish::report::{Outcome, OutcomeKind, outcome};

use super::{Filled, Work, known_id};

const AGAIN: &str = "Take the publish back again; the plan will show what changed";

impl Work {
    /// Takes the page of a step out of the trash, unless an earlier try did, and gives it its marker and
    /// its place again.
    pub(super) async fn restore(
        &self,
        step: &Step,
        expected: u32,
        moves: bool,
        parent: Option<&str>,
    ) -> Result<Outcome, Error> {
        let id = known_id(step)?;
        let body = Filled {
            text: read_again(step.adf.as_ref().unwrap_or(&step.body))?.into_owned(),
            marker: step.marker.clone(),
            problems: Vec::new(),
        };
        let there = self.current(step, id, expected, &body).await?;
        let mut ended = outcome(step, OutcomeKind::Restored, None);
        ended.url = Some(there.page.url.clone());
        let is_elsewhere = moves && there.page.parent_id.as_deref() != parent;
        if is_elsewhere && parent.is_none() {
            ended.problems.push(stays(&sentence!(
                "it was at the top of the space, and can only be put below a page"
            )));
        }
        // Beside another page it is below the same page as that.
        let is_put_beside = step.place.as_ref().is_some_and(Place::is_beside);
        let back = parent.filter(|_| is_elsewhere && !is_put_beside);
        let version = match self.put_right(step, &there, back, &body).await {
            Err(error) if error.kind() == ErrorKind::NotFound && back.is_some() => {
                ended.problems.push(stays(&sentence!(
                    "the page that it was below is not there any more"
                )));
                self.put_right(step, &there, None, &body).await?
            }
            settled => settled?,
        };
        ended.version = Some(version);
        Ok(ended)
    }

    /// Where a page is that is about to go away: nothing else tells it afterwards.
    pub(super) fn before_it_goes(&self, step: &Step) -> Before {
        let is_cloud = self.client.moves_without_version();
        Before {
            place: Some(PlaceChange {
                from: step.stands.below.clone(),
                position: step.stands.position.filter(|_| !is_cloud),
                to: None,
            }),
            stood: is_cloud.then(|| Stood {
                behind: step.stands.behind.clone(),
                put: None,
                below: None,
            }),
            ..Before::default()
        }
    }

    /// The page once it is current.
    async fn current(
        &self,
        step: &Step,
        id: &str,
        expected: u32,
        body: &Filled,
    ) -> Result<Found, Error> {
        let before = self.client.whereabouts(id).await?;
        let mut restored = None;
        let mut refused = None;
        match before.map(|before| (before.status, before.page.version)) {
            Some((Status::InTrash, version)) if version == expected => {
                let message = body.message(step);
                let version = NewVersion {
                    id,
                    number: expected + 1,
                    space: &self.space,
                    parent: None,
                    position: None,
                    title: &step.title,
                    body: &body.text,
                    format: step.format,
                    message: &message,
                    minor_edit: self.minor_edit,
                };
                match self.client.restore(&version).await {
                    Ok(written) => restored = Some(written.version),
                    // It may have been done all the same.
                    Err(failed)
                        if failed.fate == Fate::Unknown
                            || failed.error.kind() == ErrorKind::Conflict =>
                    {
                        refused = Some(failed.error);
                    }
                    Err(failed) => return Err(failed.error),
                }
            }
            Some((Status::InTrash, _)) => return Err(changed(step)),
            Some((Status::Current, _)) => {}
            Some((Status::Otherwise, _)) | None => return Err(gone(step)),
        }
        let there = self.client.whereabouts(id).await?;
        let there = there.filter(|there| there.status == Status::Current);
        let Some(there) = there else {
            return Err(refused.unwrap_or_else(|| gone(step)));
        };
        let (version, marker) = (there.page.version, &there.page.marker);
        let is_as_it_was = match version.checked_sub(expected) {
            Some(0) => true,
            // What restored it may have made a version that says nothing, and so does an edit.
            Some(1) if marker.is_none() => {
                restored == Some(version) || self.says(id, step.format, &body.text).await?
            }
            // The version with our marker comes after that.
            Some(1 | 2) => *marker == body.marker,
            _ => false,
        };
        match is_as_it_was {
            true => Ok(there),
            false => Err(changed(step)),
        }
    }

    /// Gives a restored page the marker that says whose it is, and puts it below a page and among those
    /// beside it, where it is not. Gives the version on top.
    async fn put_right(
        &self,
        step: &Step,
        there: &Found,
        back: Option<&str>,
        body: &Filled,
    ) -> Result<u32, Error> {
        let page = &there.page;
        let is_in_order = match step.place {
            Some(Place::Numbered(position)) => page.position == Some(position),
            _ => true,
        };
        if page.marker == body.marker && is_in_order {
            let Some(back) = back else {
                return Ok(page.version);
            };
            if self.client.moves_without_version() {
                match self.client.move_below(&page.id, back).await {
                    Ok(()) => return Ok(page.version),
                    // It moves with a version too, as on Data Center.
                    Err(failed) if failed.is_withdrawn => {}
                    Err(failed) => return Err(failed.error),
                }
            }
        }
        let writing = self.write(&self.client, step, &page.id, page.version, back, body);
        Ok(writing.await?.version)
    }
}

fn stays(why: &Sentence) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "undo.place",
        message: sentence!("the page stays where it is: {why}", why),
        line: 0,
        column: 0,
    }
}

fn changed(step: &Step) -> Error {
    let title = &step.title;
    Error::new(
        ErrorKind::Conflict,
        sentence!("somebody changed `{title}` meanwhile", title),
    )
    .remedy(AGAIN)
}

fn gone(step: &Step) -> Error {
    let title = &step.title;
    Error::new(
        ErrorKind::NotFound,
        sentence!("`{title}` is not in the trash of the space any more", title),
    )
    .remedy(AGAIN)
}
