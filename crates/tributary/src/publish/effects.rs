//! What a step of a plan does to its page: one effect after the other, each recorded, so that
//! wherever it breaks off the next publish ends in the right state. Every write names the version it
//! expects, so an edit made since the plan is a conflict and never lost.
//!
//! - `attachments`: sends the files of a page.
//! - `folders`: makes folders and moves them.
//! - `latest`: writes over what was on top a moment ago.
//! - `origins`: notes where pages came from.
//! - `restoring`: takes pages out of the trash.

mod attachments;
mod folders;
mod latest;
mod origins;
mod restoring;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, mpsc};
use tributary_pages::markup::{BodyFormat, Flavor, PageKind, Problem, Severity, without_unfilled};
use tributary_pages::plan::{
    LabelMode, Marker, Place, Refusal, Step, StepKind, base_hash, unfinished_adf, unfinished_body,
    unfinished_source,
};

use crate::Sentence;
use crate::audit::PageEffect;
use crate::confluence::{
    Client, MadeWith, NewPage, NewVersion, ORIGIN_PROPERTY, RestrictionChange, Space, WriteError,
    Written,
};
use crate::error::{Error, ErrorKind};
use crate::http::Fate;

use super::assets::ReadFrom;
use super::before::{Before, PlaceChange, PropertyChange, Stood};
use super::begun::Begun;
use super::fresh::Fresh;
use super::gather::{read_again, read_only};
use super::known::{FileIds, Pages};
use super::report::{Outcome, OutcomeKind, Source, outcome};
use super::schedule::Beside;
use super::trail::{Trail, effect_of};
use super::{Prepared, merging};
use attachments::{FILES_IN_MEMORY, Sent};

/// How long it is waited before something that was just made and was not found is asked for once more.
const UNTIL_FOUND: Duration = Duration::from_secs(1);

/// What the steps of a plan need to be carried out.
pub(super) struct Work {
    pub(super) client: Client,
    space: Space,
    files: ReadFrom,
    source: Source,
    concurrency: usize,
    minor_edit: bool,
    /// One permit for each megabyte of [`FILES_IN_MEMORY`].
    room: Semaphore,
    trail: Arc<Trail>,
    /// Where it is noted what is done, when the report is to be kept.
    begun: Option<Arc<Begun>>,
    /// Where a step under way says how far it is.
    tell: mpsc::UnboundedSender<Told>,
    /// The ids of pages, for the bodies that have to name them.
    pub(super) pages: Pages,
    /// The id of whoever publishes, once it was needed.
    publisher: OnceCell<String>,
    /// What is on top of the pages that are about to be written.
    fresh: Fresh,
    /// The pages that are no source's any more, with what may list them as that.
    given_back: BTreeMap<String, Vec<(String, PageKind)>>,
    /// Hashes of what sources said when pages were published that are merged now, by page id.
    merged_from: BTreeMap<String, String>,
}

/// What a step under way tells.
pub(super) enum Told {
    /// Its page is made, with this id, and not yet complete.
    Made(usize, String),
    /// It waits for pages that it links to.
    Waits,
}

impl Work {
    pub(super) fn new(
        prepared: &Prepared,
        client: Client,
        trail: Arc<Trail>,
        begun: Option<Arc<Begun>>,
        tell: mpsc::UnboundedSender<Told>,
    ) -> Self {
        let concurrency = prepared.requests_under_way.max(1);
        Self {
            client,
            space: prepared.space.clone(),
            files: prepared.files.clone(),
            source: prepared.source.clone(),
            concurrency,
            minor_edit: prepared.plan.minor_edit,
            room: Semaphore::new(FILES_IN_MEMORY as usize),
            trail,
            begun,
            tell,
            pages: Pages::new(prepared.addresses.clone(), &prepared.plan.steps),
            publisher: OnceCell::new(),
            given_back: prepared.given_back.clone(),
            merged_from: prepared
                .edited
                .iter()
                .filter_map(|(id, page)| Some((id.clone(), base_hash(&page.edited.as_ref()?.base))))
                .collect(),
            fresh: Fresh::new(&prepared.plan.steps, &prepared.client, concurrency * 2),
        }
    }

    /// Carries a step out between its two records.
    pub(super) async fn run(
        &self,
        index: usize,
        step: &Step,
        parent: Option<String>,
    ) -> Result<Outcome, Error> {
        let Some(effect) = effect_of(step) else {
            return self.carry_out(index, step, None).await;
        };
        self.trail.before(step, effect)?;
        if let Some(begun) = &self.begun {
            begun.begins(index, step, &self.place_then(step, parent.as_deref()));
        }
        let result = self.carry_out(index, step, parent.as_deref()).await;
        self.trail.after(step, effect, &result);
        self.note_end(index, &result);
        if let Some(id) = &step.page_id {
            self.fresh.ended(id);
        }
        result
    }

    /// How the place of a page changes when a step is carried out.
    fn place_then(&self, step: &Step, parent: Option<&str>) -> Before {
        let moves = match step.kind {
            StepKind::Update { moves, .. } => moves,
            StepKind::Move { .. } => true,
            StepKind::Trash { .. } => return self.before_it_goes(step),
            _ => return Before::default(),
        };
        Before {
            place: moved(step, moves, parent),
            stood: moves.then(|| self.stood(step)).flatten(),
            ..Before::default()
        }
    }

    /// Tells everybody that a page is there.
    fn note_made(&self, index: usize, step: &Step, id: &str) {
        if let Some(begun) = &self.begun {
            begun.made(index, id);
        }
        self.pages.made(&step.title, id);
        // Nobody listens any more when publishing was stopped.
        self.tell.send(Told::Made(index, id.to_owned())).ok();
    }

    fn note_end(&self, index: usize, result: &Result<Outcome, Error>) {
        if let (Some(begun), Ok(ended)) = (&self.begun, result) {
            begun.ended(index, ended);
        }
    }

    /// Puts a page beside another, between two records.
    pub(super) async fn arrange(
        &self,
        index: usize,
        step: &Step,
        place: &Beside,
        before: Option<Outcome>,
    ) -> Result<Outcome, Error> {
        self.trail.before(step, PageEffect::Move)?;
        let moving = || {
            self.client
                .move_beside(&place.page, place.side, &place.beside)
        };
        let mut result = moving().await;
        let is_new = self.pages.is_new(&place.page) || self.pages.is_new(&place.beside);
        if is_new && matches!(&result, Err(error) if error.kind() == ErrorKind::NotFound) {
            tokio::time::sleep(UNTIL_FOUND).await;
            result = moving().await;
        }
        let result = result.map(|()| {
            let mut ended = before.unwrap_or_else(|| outcome(step, OutcomeKind::Moved, None));
            let is_new = matches!(ended.kind, OutcomeKind::Created | OutcomeKind::Restored);
            if !is_new {
                ended.before.reordered = true;
                ended.before.stood = Some(Stood {
                    behind: step.stands.behind.clone(),
                    put: Some((place.side, place.beside.clone())),
                    below: place.below.clone(),
                });
                // The page beside it may be below another page than it was.
                if let Some(parent) = &place.below
                    && step.stands.below.as_ref() != Some(parent)
                    && ended.before.place.is_none()
                {
                    ended.before.place = moved(step, true, Some(parent));
                }
            }
            ended
        });
        self.trail.after(step, PageEffect::Move, &result);
        self.note_end(index, &result);
        result
    }

    async fn carry_out(
        &self,
        index: usize,
        step: &Step,
        parent: Option<&str>,
    ) -> Result<Outcome, Error> {
        match &step.kind {
            StepKind::Leave => {
                let mut ended = outcome(step, OutcomeKind::Unchanged, None);
                ended.kept = step.attachments.len();
                Ok(ended)
            }
            StepKind::Refuse { refusal, reason } => {
                let kind = match refusal {
                    Refusal::EditedByHand => OutcomeKind::Conflict,
                    _ => OutcomeKind::Refused,
                };
                Ok(outcome(step, kind, Some(reason.clone())))
            }
            StepKind::Orphan => Ok(outcome(
                step,
                OutcomeKind::Orphaned,
                Some(sentence!("its source `{path}` is gone", path = step.path)),
            )),
            StepKind::Create if step.content == PageKind::Folder => {
                self.create_folder(index, step, parent).await
            }
            StepKind::Create => self.create(index, step, parent).await,
            StepKind::Update { moves, .. } if step.content == PageKind::Folder => {
                let id = known_id(step)?;
                if *moves {
                    self.move_folder(step, id, parent).await?;
                }
                self.claim(step, id).await?;
                Ok(outcome(step, OutcomeKind::Updated, None))
            }
            StepKind::Move { .. } if step.content == PageKind::Folder => {
                self.move_folder(step, known_id(step)?, parent).await?;
                let mut ended = outcome(step, OutcomeKind::Moved, None);
                ended.before.place = moved(step, true, parent);
                Ok(ended)
            }
            StepKind::Update {
                expected_version,
                moves,
            } => {
                let id = known_id(step)?;
                let looking = self.fresh.step(&self.client, step, id, *expected_version);
                let looked = looking.await?;
                self.unlist(id).await?;
                if let Some(base) = &looked.step.merges {
                    merging::keep(&self.client, id, &read_again(base)?).await?;
                }
                let mut sent = self.complete(&looked.step, id, None).await?;
                // Noted before they go, so that taking this back knows which files its text may lack.
                let going = looked.step.takes_off.files.iter();
                sent.before.files_taken = going.map(|file| file.filename.clone()).collect();
                if let Some(begun) = &self.begun {
                    begun.changed(index, sent.uploaded, sent.restricted, &sent.before);
                }
                let parent = if *moves { parent } else { None };
                let writing = self.write_latest(step, looked, id, *expected_version, parent, &sent);
                let (step, body, written) = writing.await?;
                let step = &step;
                if let Some(base) = &step.merges {
                    // Taking this publish back needs what the version before it was merged from. What
                    // cannot be tidied up now is when the page is merged the next time.
                    let hash = base_hash(&read_again(base)?);
                    let from = self.merged_from.get(id).map(String::as_str);
                    let needed: Vec<&str> = from.into_iter().chain([hash.as_str()]).collect();
                    merging::forget_others(&self.client, id, &needed).await.ok();
                }
                let mut ended = finished(step, OutcomeKind::Updated, &written, &sent);
                ended.before.place = moved(step, *moves, parent);
                if *moves {
                    ended.before.stood = self.stood(step);
                }
                ended.problems.extend(body.problems);
                ended.problems.extend(self.take_files_off(step, id).await);
                if step.merges.is_some() {
                    ended.reason = Some(sentence!("merged with what somebody wrote in Confluence"));
                }
                Ok(ended)
            }
            StepKind::Move { expected_version } => {
                let id = known_id(step)?;
                match parent {
                    Some(parent) if self.client.moves_without_version() => {
                        match self.client.move_below(id, parent).await {
                            Ok(()) => {}
                            // It moves with a version too, as on Data Center.
                            Err(failed) if failed.is_withdrawn => {
                                let moving =
                                    self.move_by_version(step, id, *expected_version, Some(parent));
                                return moving.await;
                            }
                            Err(failed) => return Err(failed.error),
                        }
                        let mut ended = outcome(step, OutcomeKind::Moved, None);
                        ended.before.place = moved(step, true, Some(parent));
                        ended.before.stood = self.stood(step);
                        Ok(ended)
                    }
                    parent => {
                        self.move_by_version(step, id, *expected_version, parent)
                            .await
                    }
                }
            }
            StepKind::Archive { expected_version } => {
                if self.still_lonely(step, *expected_version).await? {
                    self.client.archive(known_id(step)?).await?;
                }
                Ok(outcome(
                    step,
                    OutcomeKind::Archived,
                    Some(self.why_it_goes()),
                ))
            }
            StepKind::Trash { expected_version } => {
                if self.still_lonely(step, *expected_version).await? {
                    self.client.trash(known_id(step)?).await?;
                }
                let mut ended = outcome(step, OutcomeKind::Trashed, Some(self.why_it_goes()));
                ended.before = self.before_it_goes(step);
                Ok(ended)
            }
            StepKind::Restore {
                expected_version,
                moves,
            } => self.restore(step, *expected_version, *moves, parent).await,
        }
    }

    /// Writes a page as it is planned, in its new place.
    async fn move_by_version(
        &self,
        step: &Step,
        id: &str,
        expected: u32,
        parent: Option<&str>,
    ) -> Result<Outcome, Error> {
        let looked = self.fresh.step(&self.client, step, id, expected).await?;
        // The Atlassian Document Format names files by their ids.
        let sent = match &looked.step.adf {
            Some(_) => {
                let files = self.look_at_files(&looked.step, id, false).await?;
                self.send_files(&looked.step, id, files).await?
            }
            None => Sent::default(),
        };
        let writing = self.write_latest(step, looked, id, expected, parent, &sent);
        let (step, body, written) = writing.await?;
        let step = &step;
        let mut ended = finished(step, OutcomeKind::Moved, &written, &sent);
        ended.before.place = moved(step, true, parent);
        ended.problems.extend(body.problems);
        Ok(ended)
    }

    /// Where a page stands that is moved below another, on a product that keeps it.
    fn stood(&self, step: &Step) -> Option<Stood> {
        self.client.moves_without_version().then(|| Stood {
            behind: step.stands.behind.clone(),
            put: None,
            below: None,
        })
    }

    /// Whether a publish is taken back: that needs nothing of the files.
    fn takes_back(&self) -> bool {
        matches!(self.files, ReadFrom::Nowhere)
    }

    fn why_it_goes(&self) -> Sentence {
        match self.takes_back() {
            true => sentence!("the publish that put it there was taken back"),
            false => sentence!("its source is gone"),
        }
    }

    /// Looks once more at a page that is to go away, because the server takes it whatever happened
    /// to it since the plan: nobody may have edited it or put a page below it. Tells whether it is
    /// still there.
    async fn still_lonely(&self, step: &Step, expected: u32) -> Result<bool, Error> {
        let id = known_id(step)?;
        let conflict = |what: Sentence| {
            Error::new(
                ErrorKind::Conflict,
                sentence!("`{title}` stays: {what}", title = step.title, what).with("what", what),
            )
            .remedy(match self.takes_back() {
                true => "Take the publish back again; the plan will show what changed",
                false => "Publish again; the plan will show what changed",
            })
        };
        if step.content == PageKind::Folder {
            let there = self.client.folder_by_id(&self.space, id).await?;
            return match there {
                Some(_) if self.client.has_children(id).await? => Err(conflict(Sentence::from(
                    "somebody put something into it meanwhile",
                ))),
                there => Ok(there.is_some()),
            };
        }
        // By its id: somebody may have given it another title, and it is theirs all the same.
        let (version, has_children) =
            tokio::try_join!(self.client.version_now(id), self.client.has_children(id))?;
        match version {
            // Gone already, which is what was wanted.
            None => Ok(false),
            Some(version) if version != expected => {
                Err(conflict(Sentence::from("somebody changed it meanwhile")))
            }
            Some(_) if has_children => Err(conflict(Sentence::from(
                "somebody put a page below it meanwhile",
            ))),
            Some(_) => Ok(true),
        }
    }

    /// Makes the page with its content, then everything that needs its id, then the version that
    /// carries our marker and so says that the page is complete.
    async fn create(
        &self,
        index: usize,
        step: &Step,
        parent: Option<&str>,
    ) -> Result<Outcome, Error> {
        let source = step
            .marker
            .as_ref()
            .map(|marker| marker.source.as_str())
            .unwrap_or_default();
        let first = match &step.adf {
            // Data Center makes no page that only its author sees: what not everybody may read comes
            // with the last version, after the restrictions.
            None if step.restrictions.hides() && self.client.flavor() == Flavor::DataCenter => {
                unfinished_body("", source, &step.path)
            }
            None => unfinished_body(&read_again(&step.body)?, source, &step.path),
            Some(adf) => {
                // Neither its files nor all of the pages that it leads to are there yet.
                let filled = self.pages.fill(&read_again(adf)?, None, &FileIds::new());
                unfinished_adf(&without_unfilled(&filled), source, &step.path)
            }
        };
        let origin = self.origin(step, "");
        let hides = step.restrictions.hides();
        let none = BTreeMap::new();
        let page = NewPage {
            space: &self.space,
            parent,
            title: &step.title,
            body: &first,
            format: step.format,
            origin: &origin,
            // What says something of a page that not everybody may read waits for its restrictions.
            labels: if hides { &[] } else { &step.labels },
            properties: if hides { &none } else { &step.properties },
            private: hides,
            kind: step.content,
            posted: step.posted.as_deref(),
        };
        let mut tries = 0;
        let created: Written = loop {
            tries += 1;
            let failed = match self.client.create(&page).await {
                Ok(created) => break created,
                Err(failed) => failed,
            };
            if failed.error.kind() == ErrorKind::NotFound {
                if tries == 1 && parent.is_some_and(|parent| self.pages.is_new(parent)) {
                    tokio::time::sleep(UNTIL_FOUND).await;
                    continue;
                }
                return Err(self.not_made(step, parent, failed.error).await);
            }
            if failed.fate == Fate::NotDone || tries == 4 {
                return Err(self.not_first(step, source, failed.error).await);
            }
            // The page may be there although no answer came: look before making it again.
            let there = self
                .client
                .page_by_title(&self.space, &step.title, step.content)
                .await?;
            if let Some(there) = there {
                let body = self.client.bodies(std::slice::from_ref(&there.id)).await?;
                let found = body.get(&there.id).and_then(|body| unfinished_source(body));
                if there.version == 1 && found.as_deref() == Some(source) {
                    break Written {
                        id: there.id,
                        version: there.version,
                        url: there.url,
                        made_with: MadeWith::default(),
                    };
                }
                return Err(self.not_first(step, source, failed.error).await);
            }
        };
        self.note_made(index, step, &created.id);
        let made = Made {
            has_origin: created.made_with.properties,
            has_properties: created.made_with.properties && !hides,
            has_labels: created.made_with.labels && !hides,
        };
        match self.finish(step, &created, Some(made)).await {
            // Cloud may not find everywhere at once what was just made. What was done of it is looked at then.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                tokio::time::sleep(UNTIL_FOUND).await;
                self.finish(step, &created, None).await
            }
            ended => ended,
        }
    }

    /// Completes a page that was made and writes the version that says so. `made` says what it has, when
    /// nothing was added to it yet.
    async fn finish(
        &self,
        step: &Step,
        created: &Written,
        made: Option<Made>,
    ) -> Result<Outcome, Error> {
        let sent = self.complete(step, &created.id, made).await?;
        let body = self.body(step, &created.id, &sent).await?;
        let (id, version) = (&created.id, created.version);
        let writing = self.write(&self.client, step, id, version, None, &body);
        let written = writing.await?;
        let mut ended = finished(step, OutcomeKind::Created, &written, &sent);
        ended.problems.extend(body.problems);
        Ok(ended)
    }

    /// Why a page was not made, which may be that another publisher of the same sources made it since the
    /// plan. It is left to the next publish, because the other one may still be at it.
    async fn not_first(&self, step: &Step, source: &str, error: Error) -> Error {
        let is_taken = matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Conflict);
        if !is_taken || source.is_empty() {
            return error;
        }
        let looking = self
            .client
            .page_by_title(&self.space, &step.title, step.content);
        let Ok(Some(there)) = looking.await else {
            return error;
        };
        let is_its = match &there.marker {
            Some(marker) => marker.source == source,
            None => {
                let reading = self.client.bodies(std::slice::from_ref(&there.id));
                let said = reading.await.ok().and_then(|mut all| all.remove(&there.id));
                said.and_then(|body| unfinished_source(&body)).as_deref() == Some(source)
            }
        };
        if !is_its {
            return error;
        }
        Error::new(
            ErrorKind::Conflict,
            sentence!(
                "Another publisher made `{title}` in the meantime",
                title = step.title
            ),
        )
        .remedy("Publish again; what the other one did is kept")
    }

    /// Why a page was not made that was answered to be not found: the page above it is gone, or, as v2 has
    /// it, the right to create pages is missing.
    async fn not_made(&self, step: &Step, parent: Option<&str>, error: Error) -> Error {
        let is_folder = async |id: &str| {
            let there = self.client.folder_by_id(&self.space, id).await;
            self.client.flavor() == Flavor::Cloud && !matches!(there, Ok(None))
        };
        if let Some(parent) = parent
            && let Ok(None) = self.client.version_now(parent).await
            && !is_folder(parent).await
        {
            return Error::new(
                ErrorKind::NotFound,
                sentence!(
                    "The page that `{title}` was to be made below is not there any more",
                    title = step.title
                ),
            )
            .remedy("Publish again; the plan will show what changed")
            .caused_by(error);
        }
        read_only(&self.client, &self.space).caused_by(error)
    }

    /// The body as it is sent, once everything is there that it has to name.
    async fn body(&self, step: &Step, page: &str, sent: &Sent) -> Result<Filled, Error> {
        let Some(adf) = &step.adf else {
            return Filled::as_planned(step);
        };
        let adf = &read_again(adf)?;
        let waits = || {
            self.tell.send(Told::Waits).ok();
        };
        let missing = self.pages.wait_for(adf, waits).await;
        let filled = self.pages.fill(adf, Some(page), &sent.ids);
        let mut body = Filled {
            text: without_unfilled(&filled),
            marker: step.marker.clone(),
            problems: Vec::new(),
        };
        if missing.is_empty() {
            return Ok(body);
        }
        body.marker = body.marker.map(of_no_source);
        body.problems = missing
            .into_iter()
            .map(|title| Problem {
                severity: Severity::Warning,
                code: "link.page_not_made",
                message: sentence!(
                    "the link to `{title}` is only its text, because that page was not made. \
                     Publish again",
                    title
                ),
                line: 0,
                column: 0,
            })
            .collect();
        Ok(body)
    }

    /// Files, labels and properties: everything that has to be there before the version that says
    /// the page is complete.
    async fn complete(
        &self,
        step: &Step,
        page: &str,
        created: Option<Made>,
    ) -> Result<Sent, Error> {
        // Before anything is changed: a file of somebody's makes the page a conflict.
        let files = self.look_at_files(step, page, created.is_some()).await?;
        // Before anything that a reader could see.
        let restrictions = self.restrict(step, page, created.is_some()).await?;
        let mut sent = self.send_files(step, page, files).await?;
        let is_other = |change: &RestrictionChange| change.was != change.is;
        // Where it is not told how it was, it may be another.
        sent.restricted =
            !step.restrictions.declared().is_empty() && restrictions.as_ref().is_none_or(is_other);
        let origin = async {
            if !step.writes_origin || created.is_some_and(|made| made.has_origin) {
                return Ok(None);
            }
            self.state_origin(step, page, created.is_some()).await
        };
        let labels = async {
            let is_set = step.label_mode == LabelMode::Set && created.is_none();
            let goes = &step.takes_off.labels;
            let has_all = created.is_some_and(|made| made.has_labels);
            if has_all || step.labels.is_empty() && goes.is_empty() && !is_set {
                return Ok((Vec::new(), Vec::new()));
            }
            let mut missing = step.labels.clone();
            let mut removed = Vec::new();
            if created.is_none() {
                let there = self.client.labels(page).await?;
                missing.retain(|label| !there.contains(label));
                removed.extend(there);
                removed
                    .retain(|label| goes.contains(label) || is_set && !step.labels.contains(label));
                for label in &removed {
                    self.client.remove_label(page, label).await?;
                }
            }
            if !missing.is_empty() {
                self.client.add_labels(page, &missing).await?;
            }
            Ok((missing, removed))
        };
        let properties = async {
            let mut changed = BTreeMap::new();
            if created.is_some_and(|made| made.has_properties) {
                return Ok(changed);
            }
            for (key, value) in &step.properties {
                if created.is_some() {
                    self.client.add_property(page, key, value).await?;
                    continue;
                }
                let was = self.client.set_property(page, key, value).await?;
                let is = Some(value.clone());
                if was != is {
                    changed.insert(key.clone(), PropertyChange { was, is });
                }
            }
            for key in &step.takes_off.properties {
                let was = self.client.remove_property(page, key).await?;
                if was.is_some() {
                    changed.insert(key.clone(), PropertyChange { was, is: None });
                }
            }
            Ok::<_, Error>(changed)
        };
        let (origin, (labels_added, labels_removed), mut properties) =
            tokio::try_join!(origin, labels, properties)?;
        properties.extend(origin.map(|change| (ORIGIN_PROPERTY.to_owned(), change)));
        sent.before = Before {
            labels_added,
            labels_removed,
            properties,
            restrictions: restrictions.filter(is_other),
            ..sent.before
        };
        Ok(sent)
    }

    /// The id of whoever publishes, asked for once.
    async fn publisher(&self) -> Result<&String, Error> {
        let asking = self
            .publisher
            .get_or_try_init(|| async { self.client.current_user().await.map(|user| user.id) });
        asking.await
    }

    /// Restricts a page as its source says, and never so that we could not write it any more. Tells what
    /// that changes, as far as the site does.
    async fn restrict(
        &self,
        step: &Step,
        page: &str,
        is_new: bool,
    ) -> Result<Option<RestrictionChange>, Error> {
        if step.restrictions.declared().is_empty() {
            return Ok(None);
        }
        let publisher = self.publisher().await?;
        let restrictions = &step.restrictions;
        let restricting = self.client.restrict(page, restrictions, publisher, is_new);
        restricting.await.map_err(|error| {
            let failed = Error::new(
                error.kind(),
                sentence!("`{title}` could not be restricted", title = step.title),
            );
            let remedy = error.way_out().cloned();
            let failed = failed.caused_by(error);
            match remedy {
                Some(remedy) => failed.remedy(remedy),
                None => failed,
            }
        })
    }

    /// Writes a page once more as it is, with a marker that no source has. Gives the version.
    pub(super) async fn mark_incomplete(
        &self,
        step: &Step,
        id: &str,
        expected: u32,
        text: String,
    ) -> Result<Option<u32>, Error> {
        let body = Filled {
            text,
            marker: step.marker.clone().map(of_no_source),
            problems: Vec::new(),
        };
        self.trail.before(step, PageEffect::Update)?;
        let writing = self.write(&self.client, step, id, expected, None, &body);
        let writing = writing.await.map_err(Error::from);
        let sent = Sent::default();
        let result = writing.map(|written| finished(step, OutcomeKind::Updated, &written, &sent));
        self.trail.after(step, PageEffect::Update, &result);
        result.map(|ended| ended.version)
    }

    /// Writes the version after `expected`, with our marker in its message.
    async fn write(
        &self,
        client: &Client,
        step: &Step,
        id: &str,
        expected: u32,
        parent: Option<&str>,
        body: &Filled,
    ) -> Result<Written, WriteError> {
        let message = body.message(step);
        let version = NewVersion {
            id,
            number: expected + 1,
            space: &self.space,
            parent,
            position: match step.place {
                Some(Place::Numbered(position)) => Some(position),
                _ => None,
            },
            title: &step.title,
            body: &body.text,
            format: step.format,
            message: &message,
            minor_edit: self.minor_edit,
        };
        let failed = match client.update(&version).await {
            Ok(written) => return Ok(written),
            Err(failed) => failed,
        };
        if failed.error.kind() == ErrorKind::Conflict || failed.fate == Fate::Unknown {
            // An earlier sending may have got through although its answer did not; our own
            // marker on exactly the next version says so. What gives a page back to a person carries
            // none; then it is ours when it says what was sent.
            let there = self
                .client
                .page_by_title(&self.space, &step.title, step.content)
                .await?;
            if let Some(there) = there
                && there.id == id
                && there.version == version.number
                && there.marker == body.marker
                && (body.marker.is_some() || self.says(id, step.format, &body.text).await?)
            {
                return Ok(Written {
                    id: there.id,
                    version: there.version,
                    url: there.url,
                    made_with: MadeWith::default(),
                });
            }
        }
        Err(failed)
    }

    /// Whether a page has this very body.
    async fn says(&self, id: &str, format: BodyFormat, body: &str) -> Result<bool, Error> {
        let one = [id.to_owned()];
        let there = self.client.bodies_in(format, &one).await?;
        Ok(there.get(id).is_some_and(|there| there == body))
    }
}

/// What a page was made with already.
#[derive(Clone, Copy)]
struct Made {
    has_origin: bool,
    /// Its other content properties.
    has_properties: bool,
    has_labels: bool,
}

/// The marker of a page that is not as it should be: whatever the next publish would make of its source,
/// it is not this.
fn of_no_source(marker: Marker) -> Marker {
    Marker {
        fingerprint: "0".repeat(marker.fingerprint.len()),
        ..marker
    }
}

/// A body as it is sent, with the marker that says so.
struct Filled {
    text: String,
    marker: Option<Marker>,
    problems: Vec<Problem>,
}

impl Filled {
    /// The message of the version with this body: its words, and our marker where it has one.
    fn message(&self, step: &Step) -> String {
        match &self.marker {
            Some(marker) => format!("{} {marker}", step.message),
            None => step.message.to_string(),
        }
    }

    /// What the plan says, which names nothing that only Confluence knows.
    fn as_planned(step: &Step) -> Result<Self, Error> {
        Ok(Self {
            text: read_again(&step.body)?.into_owned(),
            marker: step.marker.clone(),
            problems: Vec::new(),
        })
    }
}

/// Says that a file of somebody's was written over, as was asked for. It makes no version of the page, so
/// a plan does not see it unless it looks, see `--verify`.
fn written_over(filename: &String) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "file.written_over",
        message: sentence!(
            "somebody had put a file of their own in the place of `{filename}` on the page; it is the \
             source's now, and theirs is among the versions of the attachment",
            filename
        ),
        line: 0,
        column: 0,
    }
}

/// How the place of a page changes with a step that is carried out; none when it does not.
fn moved(step: &Step, moves: bool, parent: Option<&str>) -> Option<PlaceChange> {
    let is_numbered = matches!(step.place, Some(Place::Numbered(_)));
    (moves || is_numbered).then(|| PlaceChange {
        from: step.stands.below.clone(),
        position: step.stands.position.filter(|_| is_numbered),
        to: match parent.filter(|_| moves) {
            Some(parent) => Some(parent.to_owned()),
            None => step.stands.below.clone(),
        },
    })
}

fn known_id(step: &Step) -> Result<&str, Error> {
    step.page_id.as_deref().ok_or_else(|| {
        Error::new(
            ErrorKind::Bug,
            sentence!("The plan for `{title}` names no page", title = step.title),
        )
    })
}

fn finished(step: &Step, kind: OutcomeKind, written: &Written, sent: &Sent) -> Outcome {
    let mut ended = outcome(step, kind, None);
    ended.page_id = Some(written.id.clone());
    ended.url = Some(written.url.clone());
    ended.version = Some(written.version);
    ended.uploaded = sent.uploaded;
    ended.kept = sent.kept;
    if kind != OutcomeKind::Created {
        ended.before = sent.before.clone();
    }
    ended
        .problems
        .extend(sent.replaced.iter().map(written_over));
    ended.restricted = sent.restricted;
    ended
}
