//! Carries out a plan: many pages at once, one effect after the other within a page.
//!
//! A page waits for the page above it, and for a page that has to give up its title first. What a
//! step needs was all decided by the plan. Here it is decided when a step begins and when no more
//! do; what a step does to its page is in `effects`.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tributary_pages::plan::StepKind;

use crate::Sentence;
use crate::audit::Audit;
use crate::discreet::complain;
use crate::error::{Error, ErrorKind};

use super::begun::Begun;
use super::effects::{Told, Work};
use super::report::PublishReport;
use super::schedule::{Job, Schedule, writes};
use super::trail::Trail;
use super::verify::Reread;
use super::{OnProgress, Phase, Prepared, Progress, Throttle};

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
    let noting = begin_noting(prepared, started, total);
    let begun = noting.as_ref().map(|(_, begun)| Arc::clone(begun));
    let concurrency = prepared.requests_under_way.max(1);
    let planned = prepared.client.http().traffic();
    let http = prepared
        .client
        .http()
        .for_operation(concurrency, cancel.clone());
    let (tell, mut told) = mpsc::unbounded_channel();
    let client = prepared.client.with_http(http.clone());
    let work = Work::new(prepared, client, Arc::clone(&trail), begun, tell);
    let steps = &prepared.plan.steps;
    let mut state = Schedule::new(steps);
    let throttle = Throttle::new(progress);
    let mut done = 0;
    let mut failures_in_a_row = 0;
    let mut stopped_by: Option<(ErrorKind, Sentence)> = None;
    let mut reread = Reread::default();
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
                Err(left) => {
                    let ended = state.not_done(index, left);
                    state.finish(index, ended);
                    continue;
                }
            };
            // What became of the page when it was written, for one that is only put in its place.
            let before = state.ended(index).cloned();
            running.push(async move {
                let result = match job {
                    Job::CarryOut { parent } => work.run(index, step, parent).await,
                    Job::Arrange(place) => work.arrange(index, step, &place, before).await,
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
        // A page may have been made and its step have ended since the last look: the pages below it
        // need its id even where the step failed.
        while let Ok(told) = told.try_recv() {
            if let Told::Made(index, id) = told {
                state.page_is_made(index, id);
            }
        }
        let Some((index, result)) = ended else {
            if stop {
                break;
            }
            if state.has_ready() || state.hold_nothing_back() || state.begin_arranging() {
                continue;
            }
            // Pages go only where what was written is there as it was sent.
            if prepared.verify
                && state.has_removals()
                && let Err(error) = reread.read(&work, steps, state.all_ended()).await
            {
                stopped_by = Some(not_read_again(&error));
                continue;
            }
            if !state.let_pages_go(reread.is_wrong()) {
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
                    stopped_by = Some((error.kind(), error.sentence_of_chain()));
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
        (Some((_, reason)), _) => sentence!("publishing stopped before: {reason}", reason),
        (None, true) => sentence!("publishing was cancelled before"),
        (None, false) => sentence!("the page above it was not published"),
    };
    let mut outcomes = state.outcomes(&why);
    if !cancelled
        && let Some(above) = &prepared.register
        && let Err(error) = work
            .register(above, prepared.folder.as_ref(), steps, &outcomes)
            .await
        && stopped_by.is_none()
    {
        stopped_by = Some((
            error.kind(),
            sentence!(
                "which pages were made could not be noted: {why}",
                why = error.sentence_of_chain()
            ),
        ));
    }
    if prepared.verify
        && !cancelled
        && let Err(error) = reread
            .read(&work, steps, outcomes.iter().enumerate().collect())
            .await
        && stopped_by.is_none()
    {
        stopped_by = Some(not_read_again(&error));
    }
    reread.tell(&mut outcomes);
    let mut traffic = http.traffic();
    traffic.add(&planned);
    let mut report = PublishReport {
        started,
        planned_in: prepared.planned_in,
        finished: Timestamp::now(),
        site: prepared.client.site().to_owned(),
        space: prepared.space.key.clone(),
        source: prepared.source.clone(),
        outcomes,
        traffic,
        cancelled,
        stopped_by,
        links: None,
        kept: None,
    };
    if let (Some((id, _)), Some(keeping)) = (noting, prepared.keeping.clone()) {
        let ended = report.clone();
        let keeping = move || keeping.reports.end(&id, &ended, &keeping);
        let kept = tokio::task::spawn_blocking(keeping).await;
        // Everything is as published without it.
        report.kept = kept.map_err(broke_off).flatten().unwrap_or_else(|error| {
            complain(&format!("the report is not kept: {}", error.chain()));
            None
        });
    } else if total == 0
        && report.is_complete()
        && let Some(keeping) = prepared.keeping.clone()
        && let Some(of) = keeping.takes_back
        && !of.is_empty()
    {
        // All of it went back with an earlier try.
        let (reports, finished) = (keeping.reports, report.finished);
        let noting = move || reports.was_taken_back(&of, finished);
        let told = tokio::task::spawn_blocking(noting).await;
        if let Err(error) = told.map_err(broke_off).flatten() {
            complain(&format!(
                "that the publish was taken back is not noted: {}",
                error.chain()
            ));
        }
    }
    if total > 0 {
        let ended = report.clone();
        let told = tokio::task::spawn_blocking(move || trail.end(&ended)).await;
        // The pages are written; that their end could not be recorded must not go unseen.
        if let Err(error) = told.map_err(broke_off).flatten()
            && report.stopped_by.is_none()
        {
            report.stopped_by = Some((error.kind(), error.sentence_of_chain()));
        }
    }
    Ok(report)
}

fn not_read_again(error: &Error) -> (ErrorKind, Sentence) {
    let why = sentence!(
        "what was written could not be read again: {why}",
        why = error.sentence_of_chain()
    );
    (error.kind(), why)
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

/// Begins to note what is done, where the report is to be kept.
fn begin_noting(
    prepared: &Prepared,
    started: Timestamp,
    total: usize,
) -> Option<(String, Arc<Begun>)> {
    let keeping = prepared.keeping.as_ref().filter(|_| total > 0)?;
    match keeping.reports.begin(prepared, keeping, started) {
        Ok((id, begun)) => Some((id, Arc::new(begun))),
        Err(error) => {
            complain(&format!(
                "what is published is not noted: {}",
                error.chain()
            ));
            None
        }
    }
}

fn broke_off(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::Bug, "Writing the audit log broke off").caused_by(error)
}
