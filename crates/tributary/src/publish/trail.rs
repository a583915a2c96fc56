//! What a publish leaves in the audit log: a record before and after each effect, and around all.
//!
//! Nothing is written to Confluence that was not recorded first. When the record of an effect that
//! took place cannot be kept, the publish ends: [`Trail::broken`] says why.

use std::sync::{Arc, Mutex, PoisonError};

use tributary_pages::markup::Flavor;
use tributary_pages::plan::{Step, StepKind};
use url::Url;

use super::Prepared;
use super::report::{Outcome as Ended, OutcomeKind, PublishReport};
use crate::Sentence;
use crate::audit::{
    Actor, Audit, Correlation, CredentialMark, Event, Outcome, PageEffect, PageName, What,
};
use crate::confluence::Client;
use crate::error::{Error, ErrorKind};
use crate::http::Credential;

/// The records of one publish.
pub(super) struct Trail {
    audit: Audit,
    run: Correlation,
    actor: Actor,
    host: String,
    space: String,
    digest: String,
    planned: Vec<(&'static str, usize)>,
    credential: Arc<Credential>,
    /// Asking for the mark asks the keystore the first time, so it waits for [`Trail::begin`].
    mark: Option<CredentialMark>,
    broken: Mutex<Option<Sentence>>,
}

/// Records that a plan was made. When that cannot be recorded it is no reason to show no plan, but
/// one to warn.
///
/// # Errors
/// [`ErrorKind::Storage`] when it could not be recorded.
pub fn record_plan(prepared: &Prepared, audit: &Audit) -> Result<(), Error> {
    let what = What::Planned {
        host: host(&prepared.client),
        space: prepared.space.key.clone(),
        digest: prepared.plan.digest.clone(),
        counts: planned(prepared),
    };
    audit.note(Event::new(what).by(actor(&prepared.client)))
}

impl Trail {
    pub(super) fn new(prepared: &Prepared, audit: &Audit) -> Self {
        Self {
            audit: audit.clone(),
            run: audit.correlation(),
            actor: actor(&prepared.client),
            host: host(&prepared.client),
            space: prepared.space.key.clone(),
            digest: prepared.plan.digest.clone(),
            planned: planned(prepared),
            credential: Arc::clone(prepared.client.credential()),
            mark: None,
            broken: Mutex::new(None),
        }
    }

    /// Records that the plan is going to be carried out, and waits for the disk. Blocks, also on
    /// the keystore.
    pub(super) fn begin(mut self) -> Result<Self, Error> {
        self.mark = match self.credential.as_ref() {
            Credential::Basic { token, .. } | Credential::Bearer { token, .. } => {
                self.audit.mark(token)
            }
            // Its tokens change while this runs; the account says whose they are.
            Credential::Account(_) => None,
        };
        self.record_run(self.planned.clone(), Outcome::Attempt, None)?;
        self.audit.sync()?;
        Ok(self)
    }

    /// Records how it ended, and waits for the disk and the keystore. Blocks.
    pub(super) fn end(&self, report: &PublishReport) -> Result<(), Error> {
        let counts = OutcomeKind::ALL.iter();
        let counts = counts.map(|kind| (kind.name(), report.count(*kind)));
        let (outcome, reason) = match &report.stopped_by {
            Some((_, reason)) => (Outcome::Failure, Some(reason.to_string())),
            None if report.cancelled => (Outcome::Cancelled, None),
            None if report.is_complete() => (Outcome::Success, None),
            None => (Outcome::Failure, None),
        };
        self.record_run(counts.collect(), outcome, reason)?;
        self.audit.settle()
    }

    fn record_run(
        &self,
        counts: Vec<(&'static str, usize)>,
        outcome: Outcome,
        reason: Option<String>,
    ) -> Result<(), Error> {
        let what = What::Published {
            host: self.host.clone(),
            space: self.space.clone(),
            digest: self.digest.clone(),
            counts,
        };
        let event = Event::new(what);
        let event = match reason {
            Some(reason) => event.because(outcome, reason),
            None => event.outcome(outcome),
        };
        self.audit.record(self.ours(event))
    }

    /// Records that a step is about to be carried out. It takes microseconds: the line is given to
    /// the system and not waited for on the disk.
    pub(super) fn before(&self, step: &Step, effect: PageEffect) -> Result<(), Error> {
        let what = self.page(step, effect, step.page_id.clone(), None, 0);
        let recorded = self
            .audit
            .record(self.ours(Event::new(what).outcome(Outcome::Attempt)));
        recorded.inspect_err(|error| self.break_off(error))
    }

    /// Records what became of a step.
    pub(super) fn after(&self, step: &Step, effect: PageEffect, result: &Result<Ended, Error>) {
        let event = match result {
            Ok(ended) => {
                let id = ended.page_id.clone();
                let after = match effect {
                    PageEffect::Create
                    | PageEffect::Update
                    | PageEffect::Move
                    | PageEffect::Restore => ended.version,
                    PageEffect::Archive | PageEffect::Trash => None,
                };
                Event::new(self.page(step, effect, id, after, ended.uploaded))
            }
            Err(error) => {
                // A server that was not heard from may have done it all the same.
                let outcome = match error.kind() {
                    ErrorKind::Offline => Outcome::Unknown,
                    _ => Outcome::Failure,
                };
                let what = self.page(step, effect, step.page_id.clone(), None, 0);
                Event::new(what).because(outcome, error.chain())
            }
        };
        if let Err(error) = self.audit.record(self.ours(event)) {
            self.break_off(&error);
        }
    }

    /// Why nothing more may be written, when that is so.
    pub(super) fn broken(&self) -> Option<Sentence> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.clone()
    }

    fn break_off(&self, error: &Error) {
        let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.get_or_insert_with(|| error.sentence_of_chain());
    }

    fn ours(&self, event: Event) -> Event {
        event
            .by(self.actor.clone())
            .part_of(&self.run)
            .with(self.mark.clone())
    }

    fn page(
        &self,
        step: &Step,
        effect: PageEffect,
        id: Option<String>,
        after: Option<u32>,
        attachments: usize,
    ) -> What {
        What::Page {
            effect,
            page: PageName {
                host: self.host.clone(),
                id,
                space: self.space.clone(),
                title: step.title.clone(),
                source: step.path.clone(),
            },
            before: match step.kind {
                StepKind::Update {
                    expected_version, ..
                }
                | StepKind::Move { expected_version }
                | StepKind::Trash { expected_version }
                | StepKind::Restore {
                    expected_version, ..
                } => Some(expected_version),
                _ => None,
            },
            after,
            attachments,
        }
    }
}

/// What a step does to its page; none when it leaves the page alone.
pub(super) fn effect_of(step: &Step) -> Option<PageEffect> {
    match step.kind {
        StepKind::Create => Some(PageEffect::Create),
        StepKind::Update { .. } => Some(PageEffect::Update),
        StepKind::Move { .. } => Some(PageEffect::Move),
        StepKind::Archive { .. } => Some(PageEffect::Archive),
        StepKind::Trash { .. } => Some(PageEffect::Trash),
        StepKind::Restore { .. } => Some(PageEffect::Restore),
        StepKind::Leave | StepKind::Refuse { .. } | StepKind::Orphan => None,
    }
}

fn planned(prepared: &Prepared) -> Vec<(&'static str, usize)> {
    let counts = prepared.plan.counts();
    vec![
        ("create", counts.create),
        ("update", counts.update),
        ("move", counts.moves),
        ("archive", counts.archive),
        ("trash", counts.trash),
        ("restore", counts.restore),
        ("unchanged", counts.leave),
        ("orphaned", counts.orphan),
        ("refused", counts.refuse),
    ]
}

fn host(client: &Client) -> String {
    let url = Url::parse(client.site()).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    });
    host.unwrap_or_else(|| client.site().to_owned())
}

fn actor(client: &Client) -> Actor {
    let provider = match client.flavor() {
        Flavor::Cloud => "confluence-cloud",
        Flavor::DataCenter => "confluence-data-center",
    };
    let provider = Some(provider.to_owned());
    match (client.credential().holder(), client.credential().as_ref()) {
        (Some(holder), _) => Actor {
            account: Some(holder.account),
            provider,
            user: Some(holder.user),
            mode: Some(holder.mode.to_owned()),
        },
        (None, credential) => Actor {
            account: Some(client.site().to_owned()),
            provider,
            user: match credential {
                Credential::Basic { user, .. } => Some(user.clone()),
                _ => None,
            },
            mode: None,
        },
    }
}
