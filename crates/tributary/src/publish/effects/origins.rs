//! Notes where pages came from, for the day when the versions that say so are gone.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use tributary_pages::plan::{Origin, Step};

use crate::confluence::{ORIGIN_PROPERTY, is_closed};
use crate::error::Error;

use super::Work;
use crate::publish::before::PropertyChange;
use crate::publish::renamed::FolderNote;
use crate::publish::report::{Outcome, OutcomeKind};

impl Work {
    /// Notes where the pages came from on the page above them all, for the day when the versions
    /// that say so are deleted. Where that page may not be written, new pages say it themselves.
    pub(in crate::publish) async fn register(
        &self,
        above: &str,
        folder: Option<&FolderNote>,
        steps: &[Step],
        outcomes: &[Outcome],
    ) -> Result<(), Error> {
        let mut ours = outcomes.iter();
        if let Some(note) = folder
            && ours.any(|ended| {
                matches!(
                    ended.kind,
                    OutcomeKind::Created
                        | OutcomeKind::Updated
                        | OutcomeKind::Moved
                        | OutcomeKind::Unchanged
                )
            })
        {
            self.note_folder(note).await?;
        }
        let ended = || steps.iter().zip(outcomes);
        let is_new = |(step, ended): &(&Step, &Outcome)| match ended.kind {
            OutcomeKind::Created => true,
            // Renamed, linked, or made by a publish that broke off.
            OutcomeKind::Updated => step.writes_origin,
            _ => false,
        };
        if !ended().any(|both| is_new(&both)) {
            return Ok(());
        }
        let mut there = BTreeMap::new();
        let mut gone = BTreeSet::new();
        for (step, ended) in ended() {
            let Some(id) = &ended.page_id else { continue };
            match ended.kind {
                OutcomeKind::Archived | OutcomeKind::Trashed => {
                    gone.insert(id.clone());
                }
                OutcomeKind::Created
                | OutcomeKind::Updated
                | OutcomeKind::Moved
                | OutcomeKind::Unchanged
                | OutcomeKind::Conflict => {
                    there.insert(id.clone(), step.path.clone());
                }
                _ => {}
            }
        }
        let repository = &self.source.repository;
        let registering = self.client.register(above, repository, &there, &gone);
        match registering.await {
            Err(error) if is_closed(&error) => {}
            ended => return ended,
        }
        let alone = ended()
            .filter(|(step, ended)| ended.kind == OutcomeKind::Created && !step.writes_origin);
        let stating: Vec<_> = alone
            .filter_map(|(step, ended)| {
                let id = ended.page_id.as_deref()?;
                let value = stated(&self.origin(step, id));
                Some(async move { self.client.add_property(id, ORIGIN_PROPERTY, &value).await })
            })
            .collect();
        stream::iter(stating)
            .buffer_unordered(self.concurrency)
            .try_collect()
            .await
    }

    /// Notes which folder it was published from, at the first page where that may be written.
    async fn note_folder(&self, note: &FolderNote) -> Result<(), Error> {
        let repository = &self.source.repository;
        for place in &note.places {
            let noting = self.client.register_folder(place, repository, &note.folder);
            match noting.await {
                Err(error) if is_closed(&error) => {}
                ended => return ended,
            }
        }
        Ok(())
    }

    /// Has a page say where it came from. Tells how that changed, of one that was there.
    pub(super) async fn state_origin(
        &self,
        step: &Step,
        page: &str,
        is_new: bool,
    ) -> Result<Option<PropertyChange>, Error> {
        let value = stated(&self.origin(step, page));
        if is_new {
            let adding = self.client.add_property(page, ORIGIN_PROPERTY, &value);
            adding.await?;
            return Ok(None);
        }
        let setting = self.client.set_property(page, ORIGIN_PROPERTY, &value);
        let (was, is) = (setting.await?, Some(value));
        Ok((was != is).then_some(PropertyChange { was, is }))
    }

    /// Lists a page no longer that is no source's any more.
    pub(super) async fn unlist(&self, page: &str) -> Result<(), Error> {
        for (above, kind) in self.given_back.get(page).into_iter().flatten() {
            let repository = &self.source.repository;
            self.client.unlist(page, above, *kind, repository).await?;
        }
        Ok(())
    }

    pub(super) fn origin(&self, step: &Step, page: &str) -> Origin {
        Origin {
            repository: self.source.repository.clone(),
            path: step.path.clone(),
            page: page.to_owned(),
        }
    }
}

/// The value of a page's content property that says where it came from.
pub(super) fn stated(origin: &Origin) -> serde_json::Value {
    serde_json::json!({
        "repository": origin.repository,
        "path": origin.path,
        "page": origin.page,
    })
}
