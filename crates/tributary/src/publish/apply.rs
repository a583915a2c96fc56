//! Carries out a plan: many pages at once, one effect after the other within a page.
//!
//! A page waits for the page above it, and for a page that has to give up its title first. What a
//! step needs was all decided by the plan. Every write names the version it expects, so an edit
//! made since the plan is a conflict and never lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::stream::FuturesUnordered;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use tokio::sync::{OnceCell, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{BodyFormat, PageKind, Problem, Severity, without_unfilled};
use tributary_pages::plan::{
    LabelMode, Marker, Origin, Place, PlannedAttachment, Refusal, Step, StepKind, unfinished_adf,
    unfinished_body, unfinished_source,
};

use crate::audit::{Audit, PageEffect};
use crate::confluence::{
    Client, NewPage, NewVersion, ORIGIN_PROPERTY, Space, Upload, Written, is_closed,
};
use crate::error::{Error, ErrorKind};
use crate::http::Fate;

use super::fresh::Fresh;
use super::gather::{ReadFrom, read_only};
use super::known::{FileIds, Pages};
use super::report::{ChangedBeside, Outcome, OutcomeKind, PublishReport, Source};
use super::schedule::{Beside, Job, Schedule, writes};
use super::trail::{Trail, effect_of};
use super::{OnProgress, Phase, Prepared, Progress, Throttle, merging, verify};

/// Megabytes of files that are in memory at once, over all pages; a larger file is alone.
const FILES_IN_MEMORY: u32 = 64;
/// Failures to reach the server, one after the other, after which the rest is not tried.
const PATIENCE: u32 = 5;

/// Carries out a plan. `digest` is that of the plan that was shown; another plan is not applied.
///
/// Once `cancel` is cancelled no further step begins; what was not begun is reported as not
/// reached.
///
/// Every effect is recorded in `audit` before it begins and when it ended. What cannot be recorded
/// is not done.
///
/// # Errors
/// [`ErrorKind::Conflict`] when the digest is another plan's, [`ErrorKind::Forbidden`] when the
/// account was signed in for reading only, or may not do what the plan does, [`ErrorKind::Storage`] when the
/// audit log cannot be written before anything else is. Everything else that goes wrong is in the
/// report.
pub async fn apply(
    prepared: &Prepared,
    digest: &str,
    audit: &Audit,
    progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<PublishReport, Error> {
    if digest != prepared.plan.digest {
        return Err(Error::new(
            ErrorKind::Conflict,
            "The plan is not the one that was shown",
        )
        .remedy("Look at the new plan and publish again"));
    }
    prepared.client.is_for_publishing()?;
    let mut steps = prepared.plan.steps.iter();
    if steps.any(|step| matches!(step.kind, StepKind::Trash { .. })) {
        prepared.client.is_for_removing()?;
    }
    let started = Timestamp::now();
    let total = prepared
        .plan
        .steps
        .iter()
        .filter(|step| writes(step))
        .count();
    let trail = begin_trail(prepared, audit, total).await?;
    let concurrency = prepared.requests_under_way.max(1);
    let planned = prepared.client.http().traffic();
    let http = prepared
        .client
        .http()
        .for_operation(concurrency, cancel.clone());
    let (tell, mut told) = mpsc::unbounded_channel();
    let work = Work {
        client: prepared.client.with_http(http.clone()),
        space: prepared.space.clone(),
        files: prepared.files.clone(),
        source: prepared.source.clone(),
        concurrency,
        minor_edit: prepared.plan.minor_edit,
        room: Semaphore::new(FILES_IN_MEMORY as usize),
        trail: Arc::clone(&trail),
        tell,
        pages: Pages::new(prepared.addresses.clone(), &prepared.plan.steps),
        publisher: OnceCell::new(),
        fresh: Fresh::new(&prepared.plan.steps, &prepared.client, concurrency * 2),
    };
    let steps = &prepared.plan.steps;
    let mut state = Schedule::new(steps);
    let throttle = Throttle::new(progress);
    let mut done = 0;
    let mut failures_in_a_row = 0;
    let mut stopped_by: Option<(ErrorKind, String)> = None;
    throttle.tell(Progress {
        phase: Phase::Publishing,
        done,
        total,
        current: None,
    });

    let mut running = FuturesUnordered::new();
    loop {
        let stop = cancel.is_cancelled() || stopped_by.is_some();
        // More steps than requests may be under way, so that no permit waits for a step.
        // Those that wait for other pages ask for nothing.
        while !stop && running.len() < concurrency * 2 + work.pages.waiting() {
            let Some(index) = state.next() else { break };
            let step = &steps[index];
            let work = &work;
            let job = match state.job(index) {
                Ok(job) => job,
                Err(reason) => {
                    let ended = state.not_done(index, reason);
                    state.finish(index, ended);
                    continue;
                }
            };
            // What became of the page when it was written, for one that is only put in its place.
            let before = state.ended(index).cloned();
            running.push(async move {
                let result = match job {
                    Job::CarryOut { parent } => work.run(index, step, parent).await,
                    Job::Arrange(place) => work.arrange(step, &place, before).await,
                };
                (index, result)
            });
        }
        let all_wait = !running.is_empty() && running.len() == work.pages.waiting();
        if all_wait && told.is_empty() {
            if !stop && state.hold_nothing_back() {
                continue;
            }
            // Those that they wait for were not made, or wait for them.
            work.pages.wait_no_longer();
        }
        let ended = tokio::select! {
            biased;
            Some(told) = told.recv() => {
                if let Told::Made(index, id) = told {
                    state.page_is_made(index, id);
                }
                continue;
            }
            ended = running.next() => ended,
        };
        let Some((index, result)) = ended else {
            if stop
                || !(state.has_ready()
                    || state.hold_nothing_back()
                    || state.begin_arranging()
                    || state.let_pages_go())
            {
                break;
            }
            continue;
        };
        let step = &steps[index];
        done += usize::from(writes(step) && state.ended(index).is_none());
        let ended = match result {
            Ok(ended) => {
                failures_in_a_row = 0;
                ended
            }
            Err(error) => {
                match error.kind() {
                    ErrorKind::Offline => failures_in_a_row += 1,
                    ErrorKind::SignedOut | ErrorKind::RateLimited => failures_in_a_row = PATIENCE,
                    ErrorKind::Forbidden if step.kind == StepKind::Create => {
                        failures_in_a_row = PATIENCE;
                    }
                    _ => failures_in_a_row = 0,
                }
                if failures_in_a_row >= PATIENCE && stopped_by.is_none() {
                    stopped_by = Some((error.kind(), error.chain()));
                }
                state.failed(index, &error)
            }
        };
        if let Some(reason) = trail.broken()
            && stopped_by.is_none()
        {
            stopped_by = Some((ErrorKind::Storage, reason));
        }
        throttle.tell(Progress {
            phase: Phase::Publishing,
            done,
            total,
            current: Some(step.title.clone()),
        });
        state.finish(index, ended);
    }
    throttle.tell(Progress {
        phase: Phase::Publishing,
        done,
        total,
        current: None,
    });

    let cancelled = cancel.is_cancelled();
    let why = match (&stopped_by, cancelled) {
        (Some((_, reason)), _) => format!("publishing stopped before: {reason}"),
        (None, true) => "publishing was cancelled before".to_owned(),
        (None, false) => "the page above it was not published".to_owned(),
    };
    let mut outcomes = state.outcomes(&why);
    if !cancelled
        && let Some(above) = &prepared.register
        && let Err(error) = work.register(above, steps, &outcomes).await
        && stopped_by.is_none()
    {
        stopped_by = Some((
            error.kind(),
            format!(
                "which pages were made could not be noted: {}",
                error.chain()
            ),
        ));
    }
    if prepared.verify
        && !cancelled
        && let Err(error) =
            verify::verify(&work.client, &work.pages.known(), steps, &mut outcomes).await
        && stopped_by.is_none()
    {
        stopped_by = Some((
            error.kind(),
            format!(
                "what was written could not be read again: {}",
                error.chain()
            ),
        ));
    }
    let mut traffic = http.traffic();
    traffic.add(&planned);
    let mut report = PublishReport {
        started,
        finished: Timestamp::now(),
        site: work.client.site().to_owned(),
        space: work.space.key.clone(),
        source: work.source.clone(),
        outcomes,
        traffic,
        cancelled,
        stopped_by,
        links: None,
    };
    if total > 0 {
        let ended = report.clone();
        let told = tokio::task::spawn_blocking(move || trail.end(&ended)).await;
        // The pages are written; that their end could not be recorded must not go unseen.
        if let Err(error) = told.map_err(broke_off).flatten()
            && report.stopped_by.is_none()
        {
            report.stopped_by = Some((error.kind(), error.chain()));
        }
    }
    Ok(report)
}

/// Records that the plan is going to be carried out; a plan that changes nothing leaves nothing.
async fn begin_trail(
    prepared: &Prepared,
    audit: &Audit,
    total: usize,
) -> Result<Arc<Trail>, Error> {
    let trail = Trail::new(prepared, audit);
    if total == 0 {
        return Ok(Arc::new(trail));
    }
    let begun = tokio::task::spawn_blocking(move || trail.begin()).await;
    Ok(Arc::new(begun.map_err(broke_off).flatten()?))
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "Writing the audit log broke off").caused_by(error)
}

/// The outcome of a step.
pub(super) fn outcome(step: &Step, kind: OutcomeKind, reason: Option<String>) -> Outcome {
    Outcome {
        source: step.path.clone(),
        title: step.title.clone(),
        page_id: step.page_id.clone(),
        url: step.url.clone(),
        kind,
        version: match step.kind {
            StepKind::Update {
                expected_version, ..
            }
            | StepKind::Move { expected_version }
            | StepKind::Archive { expected_version }
            | StepKind::Trash { expected_version } => Some(expected_version),
            _ => None,
        },
        uploaded: 0,
        kept: 0,
        restricted: false,
        changed: Vec::new(),
        format: step.format,
        problems: step.problems.clone(),
        reason,
    }
}

/// The outcome of a step that failed.
pub(super) fn failed(step: &Step, error: &Error) -> Outcome {
    let kind = match error.kind() {
        ErrorKind::Conflict => OutcomeKind::Conflict,
        _ => OutcomeKind::Failed,
    };
    outcome(step, kind, Some(error.chain()))
}

struct Work {
    client: Client,
    space: Space,
    files: ReadFrom,
    source: Source,
    concurrency: usize,
    minor_edit: bool,
    /// One permit for each megabyte of [`FILES_IN_MEMORY`].
    room: Semaphore,
    trail: Arc<Trail>,
    /// Where a step under way says how far it is.
    tell: mpsc::UnboundedSender<Told>,
    /// The ids of pages, for the bodies that have to name them.
    pages: Pages,
    /// The id of whoever publishes, once it was needed.
    publisher: OnceCell<String>,
    /// What is on top of the pages that are about to be written.
    fresh: Fresh,
}

/// What a step under way tells.
enum Told {
    /// Its page is made, with this id, and not yet complete.
    Made(usize, String),
    /// It waits for pages that it links to.
    Waits,
}

/// How many of a page's files were sent, and how many were there already.
#[derive(Default)]
struct Sent {
    uploaded: usize,
    kept: usize,
    /// The ids of all of them, where the body has to name them.
    ids: FileIds,
    /// Whether labels were added or taken off.
    has_relabeled: bool,
}

impl Work {
    /// Carries a step out between its two records.
    async fn run(
        &self,
        index: usize,
        step: &Step,
        parent: Option<String>,
    ) -> Result<Outcome, Error> {
        let Some(effect) = effect_of(step) else {
            return self.carry_out(index, step, None).await;
        };
        self.trail.before(step, effect)?;
        let result = self.carry_out(index, step, parent.as_deref()).await;
        self.trail.after(step, effect, &result);
        result
    }

    /// Puts a page beside another, between two records.
    async fn arrange(
        &self,
        step: &Step,
        place: &Beside,
        before: Option<Outcome>,
    ) -> Result<Outcome, Error> {
        self.trail.before(step, PageEffect::Move)?;
        let moving = self
            .client
            .move_beside(&place.page, place.side, &place.beside);
        let result = moving
            .await
            .map(|()| before.unwrap_or_else(|| outcome(step, OutcomeKind::Moved, None)));
        self.trail.after(step, PageEffect::Move, &result);
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
                Some(format!("its source `{}` is gone", step.path)),
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
                Ok(outcome(step, OutcomeKind::Moved, None))
            }
            StepKind::Update {
                expected_version,
                moves,
            } => {
                let id = known_id(step)?;
                let fresh = self.fresh.step(&self.client, step, id, *expected_version);
                let step = &fresh.await?;
                if let Some(base) = &step.merges {
                    merging::keep(&self.client, id, base).await?;
                }
                let sent = self.complete(step, id, None).await?;
                let parent = if *moves { parent } else { None };
                let body = self.body(step, id, &sent).await;
                let written = self
                    .write(step, id, *expected_version, parent, &body)
                    .await?;
                let mut ended = finished(step, OutcomeKind::Updated, &written, &sent);
                let all = [
                    (sent.has_relabeled, ChangedBeside::Labels),
                    (!step.properties.is_empty(), ChangedBeside::Properties),
                    (*moves, ChangedBeside::Place),
                ];
                let changed = all.into_iter().filter(|(is_changed, _)| *is_changed);
                ended.changed = changed.map(|(_, changed)| changed).collect();
                ended.problems.extend(body.problems);
                if step.merges.is_some() {
                    ended.reason = Some("merged with what somebody wrote in Confluence".to_owned());
                }
                Ok(ended)
            }
            StepKind::Move { expected_version } => {
                let id = known_id(step)?;
                match parent {
                    Some(parent) if self.client.moves_without_version() => {
                        self.client.move_below(id, parent).await?;
                        Ok(outcome(step, OutcomeKind::Moved, None))
                    }
                    parent => {
                        let fresh = self.fresh.step(&self.client, step, id, *expected_version);
                        let step = &fresh.await?;
                        // Only Data Center writes the page to move it, which has no other format.
                        let body = Filled::as_planned(step);
                        let written = self
                            .write(step, id, *expected_version, parent, &body)
                            .await?;
                        let sent = Sent::default();
                        Ok(finished(step, OutcomeKind::Moved, &written, &sent))
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
                    Some("its source is gone".to_owned()),
                ))
            }
            StepKind::Trash { expected_version } => {
                if self.still_lonely(step, *expected_version).await? {
                    self.client.trash(known_id(step)?).await?;
                }
                Ok(outcome(
                    step,
                    OutcomeKind::Trashed,
                    Some("its source is gone".to_owned()),
                ))
            }
        }
    }

    /// Looks once more at a page that is to go away, because the server takes it whatever happened
    /// to it since the plan: nobody may have edited it or put a page below it. Tells whether it is
    /// still there.
    async fn still_lonely(&self, step: &Step, expected: u32) -> Result<bool, Error> {
        let id = known_id(step)?;
        let conflict = |what: &str| {
            Error::new(
                ErrorKind::Conflict,
                format!("`{}` stays: {what}", step.title),
            )
            .remedy("Publish again; the plan will show what changed")
        };
        if step.content == PageKind::Folder {
            let there = self.client.folder_by_id(&self.space, id).await?;
            return match there {
                Some(_) if self.client.has_children(id).await? => {
                    Err(conflict("somebody put something into it meanwhile"))
                }
                there => Ok(there.is_some()),
            };
        }
        // By its id: somebody may have given it another title, and it is theirs all the same.
        let (version, has_children) =
            tokio::try_join!(self.client.version_now(id), self.client.has_children(id))?;
        match version {
            // Gone already, which is what was wanted.
            None => Ok(false),
            Some(version) if version != expected => Err(conflict("somebody changed it meanwhile")),
            Some(_) if has_children => Err(conflict("somebody put a page below it meanwhile")),
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
            None => unfinished_body(&step.body, source, &step.path),
            Some(adf) => {
                // Neither its files nor all of the pages that it leads to are there yet.
                let filled = self.pages.fill(adf, None, &FileIds::new());
                unfinished_adf(&without_unfilled(&filled), source, &step.path)
            }
        };
        let origin = self.origin(step, "");
        let page = NewPage {
            space: &self.space,
            parent,
            title: &step.title,
            body: &first,
            format: step.format,
            origin: &origin,
            private: step.restrictions.hides(),
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
                // v2 answers this when the right to create pages is missing.
                return Err(read_only(&self.client, &self.space).caused_by(failed.error));
            }
            if failed.fate == Fate::NotDone || tries == 4 {
                return Err(failed.error);
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
                        has_origin: false,
                    };
                }
                return Err(failed.error);
            }
        };
        // Nobody listens any more when publishing was stopped.
        self.pages.made(&step.title, &created.id);
        self.tell.send(Told::Made(index, created.id.clone())).ok();
        let sent = self.complete(step, &created.id, Some(&created)).await?;
        let body = self.body(step, &created.id, &sent).await;
        let written = self
            .write(step, &created.id, created.version, None, &body)
            .await?;
        let mut ended = finished(step, OutcomeKind::Created, &written, &sent);
        ended.problems.extend(body.problems);
        Ok(ended)
    }

    /// Makes a folder, and then has it say where it came from.
    async fn create_folder(
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
                return Err(read_only(&self.client, &self.space).caused_by(failed.error));
            }
            // It may be there although no answer came, or another publisher may have been first.
            let is_taken = failed.error.kind() == ErrorKind::InvalidInput
                || failed.error.kind() == ErrorKind::Conflict;
            let (false, Some(parent)) = (failed.fate == Fate::NotDone && !is_taken, parent) else {
                return Err(failed.error);
            };
            let looking = self.client.folder_below(&self.space, parent, &step.title);
            if let Some(there) = looking.await? {
                let says = self.client.stated_origin(&there.id).await?;
                if says.is_none_or(|says| says == self.origin(step, &there.id)) {
                    break there;
                }
                return Err(failed.error);
            }
            if is_taken || tries == 4 {
                return Err(failed.error);
            }
        };
        self.pages.made(&step.title, &made.id);
        self.tell.send(Told::Made(index, made.id.clone())).ok();
        self.claim(step, &made.id).await?;
        Ok(finished(
            step,
            OutcomeKind::Created,
            &made,
            &Sent::default(),
        ))
    }

    /// Has a folder say where it came from.
    async fn claim(&self, step: &Step, folder: &str) -> Result<(), Error> {
        let value = stated(&self.origin(step, folder));
        self.client
            .add_property(folder, ORIGIN_PROPERTY, &value)
            .await
    }

    async fn move_folder(
        &self,
        step: &Step,
        folder: &str,
        parent: Option<&str>,
    ) -> Result<(), Error> {
        let Some(parent) = parent else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "The folder `{}` cannot be moved to the top of the space",
                    step.title
                ),
            )
            .remedy("Move it in Confluence, or publish under a page"));
        };
        self.client.move_below(folder, parent).await
    }

    /// The body as it is sent, once everything is there that it has to name.
    async fn body(&self, step: &Step, page: &str, sent: &Sent) -> Filled {
        let Some(adf) = &step.adf else {
            return Filled::as_planned(step);
        };
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
            return body;
        }
        // Whatever the next publish would make of it, it is not this.
        if let Some(marker) = &mut body.marker {
            marker.fingerprint = "0".repeat(marker.fingerprint.len());
        }
        body.problems = missing
            .into_iter()
            .map(|title| Problem {
                severity: Severity::Warning,
                code: "link.page_not_made",
                message: format!(
                    "the link to `{title}` is only its text, because that page was not made. \
                     Publish again"
                ),
                line: 0,
                column: 0,
            })
            .collect();
        body
    }

    /// Notes where the pages came from on the page above them all, for the day when the versions
    /// that say so are deleted. Where that page may not be written, new pages say it themselves.
    async fn register(
        &self,
        above: &str,
        steps: &[Step],
        outcomes: &[Outcome],
    ) -> Result<(), Error> {
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

    fn origin(&self, step: &Step, page: &str) -> Origin {
        Origin {
            repository: self.source.repository.clone(),
            path: step.path.clone(),
            page: page.to_owned(),
        }
    }

    /// Files, labels and properties: everything that has to be there before the version that says
    /// the page is complete.
    async fn complete(
        &self,
        step: &Step,
        page: &str,
        created: Option<&Written>,
    ) -> Result<Sent, Error> {
        // Before anything else that a reader could see.
        self.restrict(step, page, created.is_some()).await?;
        let origin = async {
            if !step.writes_origin || created.is_some_and(|created| created.has_origin) {
                return Ok(());
            }
            let value = stated(&self.origin(step, page));
            match created {
                Some(_) => {
                    self.client
                        .add_property(page, ORIGIN_PROPERTY, &value)
                        .await
                }
                None => {
                    self.client
                        .set_property(page, ORIGIN_PROPERTY, &value)
                        .await
                }
            }
        };
        let labels = async {
            let is_set = step.label_mode == LabelMode::Set && created.is_none();
            if step.labels.is_empty() && !is_set {
                return Ok(false);
            }
            let mut missing = step.labels.clone();
            let mut has_relabeled = false;
            if created.is_none() {
                let there = self.client.labels(page).await?;
                missing.retain(|label| !there.contains(label));
                if is_set {
                    for other in there.iter().filter(|label| !step.labels.contains(label)) {
                        self.client.remove_label(page, other).await?;
                        has_relabeled = true;
                    }
                }
            }
            if missing.is_empty() {
                return Ok(has_relabeled);
            }
            self.client.add_labels(page, &missing).await?;
            Ok(true)
        };
        let properties = async {
            for (key, value) in &step.properties {
                match created {
                    Some(_) => self.client.add_property(page, key, value).await?,
                    None => self.client.set_property(page, key, value).await?,
                }
            }
            Ok::<(), Error>(())
        };
        let files = self.send_files(step, page, created.is_some());
        let ((), has_relabeled, (), sent) = tokio::try_join!(origin, labels, properties, files)?;
        Ok(Sent {
            has_relabeled,
            ..sent
        })
    }

    /// Restricts a page as its source says, and never so that we could not write it any more.
    async fn restrict(&self, step: &Step, page: &str, is_new: bool) -> Result<(), Error> {
        if step.restrictions.declared().is_empty() {
            return Ok(());
        }
        let publisher = self
            .publisher
            .get_or_try_init(|| async { self.client.current_user().await.map(|user| user.id) });
        let publisher = publisher.await?;
        let restrictions = &step.restrictions;
        let restricting = self.client.restrict(page, restrictions, publisher, is_new);
        restricting.await.map_err(|error| {
            let failed = Error::new(
                error.kind(),
                format!("`{}` could not be restricted", step.title),
            );
            let remedy = error.way_out().cloned();
            let failed = failed.caused_by(error);
            match remedy {
                Some(remedy) => failed.remedy(remedy),
                None => failed,
            }
        })
    }

    async fn send_files(&self, step: &Step, page: &str, is_new: bool) -> Result<Sent, Error> {
        // A body that came back from an earlier version may show files without sending any.
        let shows_files = step
            .adf
            .as_ref()
            .is_some_and(|adf| adf.contains("\"collection\""));
        if step.attachments.is_empty() && !shows_files {
            return Ok(Sent::default());
        }
        let there = if is_new {
            Vec::new()
        } else {
            self.client.attachments(page).await?
        };
        let mut missing = Vec::new();
        for planned in &step.attachments {
            let known = there
                .iter()
                .find(|known| known.filename == planned.filename);
            if known.and_then(|known| known.sha256()) != Some(planned.sha256.as_str()) {
                missing.push((planned, known.map(|known| known.id.clone())));
            }
        }
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
            has_relabeled: false,
        })
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
        let contents = self.files.asset(planned).await?;
        let upload = Upload {
            filename: planned.filename.clone(),
            media_type: planned.media_type.clone(),
            sha256: planned.sha256.clone(),
            contents,
            replaces,
        };
        let shown = match planned.made {
            Some(_) => &planned.filename,
            None => &planned.path,
        };
        self.client.upload(page, &upload).await.map_err(|error| {
            let remedy = error.way_out().cloned();
            let failed = Error::new(error.kind(), format!("`{shown}` could not be attached"));
            let failed = failed.caused_by(error);
            match remedy {
                Some(remedy) => failed.remedy(remedy),
                None => failed,
            }
        })
    }

    /// Writes the version after `expected`, with our marker in its message.
    async fn write(
        &self,
        step: &Step,
        id: &str,
        expected: u32,
        parent: Option<&str>,
        body: &Filled,
    ) -> Result<Written, Error> {
        let message = match &body.marker {
            Some(marker) => format!("{} {marker}", step.message),
            None => step.message.to_string(),
        };
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
        let failed = match self.client.update(&version).await {
            Ok(written) => return Ok(written),
            Err(failed) => failed,
        };
        if failed.error.kind() == ErrorKind::Conflict || failed.fate == Fate::Unknown {
            // An earlier sending may have got through although its answer did not; our own
            // marker on exactly the next version says so.
            let there = self
                .client
                .page_by_title(&self.space, &step.title, step.content)
                .await?;
            if let Some(there) = there
                && there.id == id
                && there.version == version.number
                && there.marker == body.marker
            {
                return Ok(Written {
                    id: there.id,
                    version: there.version,
                    url: there.url,
                    has_origin: true,
                });
            }
        }
        Err(failed.error)
    }
}

/// A body as it is sent, with the marker that says so.
struct Filled {
    text: String,
    marker: Option<Marker>,
    problems: Vec<Problem>,
}

impl Filled {
    /// What the plan says, which names nothing that only Confluence knows.
    fn as_planned(step: &Step) -> Self {
        Self {
            text: step.body.clone(),
            marker: step.marker.clone(),
            problems: Vec::new(),
        }
    }
}

/// The value of a page's content property that says where it came from.
fn stated(origin: &Origin) -> serde_json::Value {
    serde_json::json!({
        "repository": origin.repository,
        "path": origin.path,
        "page": origin.page,
    })
}

fn known_id(step: &Step) -> Result<&str, Error> {
    step.page_id.as_deref().ok_or_else(|| {
        Error::new(
            ErrorKind::Bug,
            format!("The plan for `{}` names no page", step.title),
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
    ended.restricted = kind != OutcomeKind::Moved && !step.restrictions.declared().is_empty();
    ended
}
