//! Folders, which have no versions and no texts: they are made, say where they came from, and are moved.

use tributary_pages::plan::Step;

use crate::confluence::{ORIGIN_PROPERTY, Written};
use crate::error::{Error, ErrorKind};
use crate::http::Fate;
use crate::publish::report::{Outcome, OutcomeKind};

use super::attachments::Sent;
use super::origins::stated;
use super::{UNTIL_FOUND, Work, finished};

impl Work {
    /// Makes a folder, and then has it say where it came from.
    pub(super) async fn create_folder(
        &self,
        index: usize,
        step: &Step,
        parent: Option<&str>,
    ) -> Result<Outcome, Error> {
        let mut tries = 0;
        let made: Written = loop {
            tries += 1;
            let creating = self.client.create_folder(&self.space, parent, &step.title);
            let failed = match creating.await {
                Ok(made) => break made,
                Err(failed) => failed,
            };
            if failed.error.kind() == ErrorKind::NotFound {
                if tries == 1 && parent.is_some_and(|parent| self.pages.is_new(parent)) {
                    tokio::time::sleep(UNTIL_FOUND).await;
                    continue;
                }
                return Err(self.not_made(step, parent, failed.error).await);
            }
            // It may be there although no answer came, or another publisher may have been first.
            let is_taken = failed.error.kind() == ErrorKind::InvalidInput
                || failed.error.kind() == ErrorKind::Conflict;
            let (false, Some(parent)) = (failed.fate == Fate::NotDone && !is_taken, parent) else {
                return Err(failed.error);
            };
            let looking = self.client.folder_below(&self.space, parent, &step.title);
            if let Some(there) = looking.await? {
                let is_ours = match self.client.stated_origin(&there.id).await? {
                    Some(says) => says == self.origin(step, &there.id),
                    // It was made a moment ago and cut short, or is somebody's who was first.
                    None => {
                        let maker = self.client.folder_maker(&there.id).await?;
                        match maker {
                            Some(maker) => maker == *self.publisher().await?,
                            None => true,
                        }
                    }
                };
                if is_ours {
                    break there;
                }
                return Err(failed.error);
            }
            if is_taken || tries == 4 {
                return Err(failed.error);
            }
        };
        self.note_made(index, step, &made.id);
        if let Err(error) = self.claim(step, &made.id).await {
            if error.kind() != ErrorKind::NotFound {
                return Err(error);
            }
            tokio::time::sleep(UNTIL_FOUND).await;
            self.claim(step, &made.id).await?;
        }
        Ok(finished(
            step,
            OutcomeKind::Created,
            &made,
            &Sent::default(),
        ))
    }

    /// Has a folder say where it came from.
    pub(super) async fn claim(&self, step: &Step, folder: &str) -> Result<(), Error> {
        let value = stated(&self.origin(step, folder));
        self.client
            .add_property(folder, ORIGIN_PROPERTY, &value)
            .await
    }

    pub(super) async fn move_folder(
        &self,
        step: &Step,
        folder: &str,
        parent: Option<&str>,
    ) -> Result<(), Error> {
        let Some(parent) = parent else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!(
                    "The folder `{title}` cannot be moved to the top of the space",
                    title = step.title
                ),
            )
            .remedy("Move it in Confluence, or publish under a page"));
        };
        Ok(self.client.move_below(folder, parent).await?)
    }
}
