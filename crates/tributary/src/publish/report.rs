//! What became of every page.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tributary_pages::markup::{BodyFormat, Problem, Severity};
use tributary_pages::plan::{Step, StepKind};

use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::http::Traffic;
use crate::links::CheckedLinks;

use super::before::Before;

/// Where the pages came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The repository's identity.
    pub repository: String,
    /// The branch or tag.
    pub reference: Option<String>,
    /// The commit.
    pub commit: Option<String>,
}

/// The account of one publish.
#[derive(Debug, Clone)]
pub struct PublishReport {
    /// When it began.
    pub started: Timestamp,
    /// How long planning took, before it began.
    pub planned_in: Duration,
    /// When it ended.
    pub finished: Timestamp,
    /// The site's address.
    pub site: String,
    /// The space's key.
    pub space: String,
    /// Where the pages came from.
    pub source: Source,
    /// One entry per page.
    pub outcomes: Vec<Outcome>,
    /// What was sent.
    pub traffic: Traffic,
    /// Whether its user stopped it.
    pub cancelled: bool,
    /// What stopped it early, if anything did.
    pub stopped_by: Option<(ErrorKind, Sentence)>,
    /// Whether the links of the published pages lead anywhere, where that was looked at.
    pub links: Option<CheckedLinks>,
    /// What the report is asked for by among those that are kept, when it is kept.
    pub kept: Option<String>,
}

/// What became of one page.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The source's path.
    pub source: String,
    /// The page's title.
    pub title: String,
    /// The page's id, when it exists.
    pub page_id: Option<String>,
    /// The page's link in the browser, when it exists.
    pub url: Option<String>,
    /// What became of it.
    pub kind: OutcomeKind,
    /// The version on top, when it is known.
    pub version: Option<u32>,
    /// Attachments that were sent.
    pub uploaded: usize,
    /// Attachments that Confluence had already.
    pub kept: usize,
    /// Whether it was set who may read or edit the page.
    pub restricted: bool,
    /// What was changed of a page that was there, beside its text.
    pub before: Before,
    /// The format that the page is in.
    pub format: BodyFormat,
    /// What was noticed on the way.
    pub problems: Vec<Problem>,
    /// Why, for everything that is not plain success.
    pub reason: Option<Sentence>,
}

/// The possible ends of a step. Closed: scripts rely on the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the names say it, and `name` is what the report shows"
)]
pub enum OutcomeKind {
    Created,
    Updated,
    Moved,
    Unchanged,
    Conflict,
    Orphaned,
    Archived,
    Trashed,
    Restored,
    Refused,
    Failed,
    NotReached,
}

impl OutcomeKind {
    /// Every kind, in the order reports list them.
    pub const ALL: [Self; 12] = [
        Self::Created,
        Self::Updated,
        Self::Moved,
        Self::Unchanged,
        Self::Conflict,
        Self::Orphaned,
        Self::Archived,
        Self::Trashed,
        Self::Restored,
        Self::Refused,
        Self::Failed,
        Self::NotReached,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Moved => "moved",
            Self::Unchanged => "unchanged",
            Self::Conflict => "conflict",
            Self::Orphaned => "orphaned",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
            Self::Restored => "restored",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
        }
    }

    /// Whether a person has to do something about it.
    pub fn needs_attention(self) -> bool {
        matches!(
            self,
            Self::Conflict | Self::Refused | Self::Failed | Self::NotReached
        )
    }
}

impl Source {
    /// As reports have it.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "repository": self.repository,
            "ref": self.reference,
            "commit": self.commit,
        })
    }
}

impl PublishReport {
    /// How many pages ended in a way.
    pub fn count(&self, kind: OutcomeKind) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.kind == kind)
            .count()
    }

    /// How long it took, with its planning and without the time that somebody looked at the plan.
    pub fn took(&self) -> Duration {
        let carried_out = self.finished.duration_since(self.started);
        self.planned_in + carried_out.unsigned_abs()
    }

    /// Adds what was found of the published pages' links, and what finding it cost.
    pub fn add_links(&mut self, links: CheckedLinks) {
        self.traffic.add(&links.traffic);
        self.links = Some(links);
    }

    /// Whether everything that was asked for was done.
    pub fn is_complete(&self) -> bool {
        let has_broken = self
            .links
            .as_ref()
            .is_some_and(|links| !links.broken.is_empty());
        !self.cancelled
            && self.stopped_by.is_none()
            && !has_broken
            && !self
                .outcomes
                .iter()
                .any(|outcome| outcome.kind.needs_attention())
    }

    /// The report as JSON, in the shape of `docs/schemas/report.schema.json`.
    pub fn to_json(&self) -> Value {
        let outcomes: Vec<Value> = self.outcomes.iter().map(Outcome::to_json).collect();
        let counts: serde_json::Map<String, Value> = OutcomeKind::ALL
            .iter()
            .map(|kind| (kind.name().to_owned(), json!(self.count(*kind))))
            .collect();
        let mut report = json!({
            "schema": "tributary.report/1",
            "started": self.started.to_string(),
            "finished": self.finished.to_string(),
            "site": self.site,
            "space": self.space,
            "source": self.source.to_json(),
            "outcomes": outcomes,
            "counts": counts,
            "cancelled": self.cancelled,
            "stopped_by": self.stopped_by.as_ref().map(|(_, reason)| reason.as_str()),
            "requests": {
                "total": self.traffic.total,
                "by_endpoint": self.traffic.by_endpoint,
                "retries": self.traffic.retries,
                "bytes_sent": self.traffic.bytes_sent,
                "bytes_received": self.traffic.bytes_received,
            },
        });
        if let Some(links) = &self.links {
            report["links"] = links.to_json();
        }
        report
    }
}

impl Outcome {
    /// As reports have it.
    pub(super) fn to_json(&self) -> Value {
        let mut shown = json!({
            "source": self.source,
            "title": self.title,
            "page_id": self.page_id,
            "url": self.url,
            "outcome": self.kind.name(),
            "version": self.version,
            "attachments": {"uploaded": self.uploaded, "unchanged": self.kept},
            "problems": self.problems.iter().map(problem_json).collect::<Vec<_>>(),
            "reason": self.reason.as_deref(),
        });
        if self.restricted {
            shown["restricted"] = json!(true);
        }
        if matches!(self.kind, OutcomeKind::Updated | OutcomeKind::Moved) {
            if self.before != Before::default() {
                shown["before"] = self.before.to_json();
            }
            shown["changed"] = self.before.names().into();
        }
        // Where a page was that is in the trash is not to be seen any more.
        if self.kind == OutcomeKind::Trashed && self.before.place.is_some() {
            shown["before"] = self.before.to_json();
        }
        if self.format == BodyFormat::Adf {
            shown["format"] = json!("adf");
        }
        shown
    }
}

/// The outcome of a step.
pub(super) fn outcome(step: &Step, kind: OutcomeKind, reason: Option<Sentence>) -> Outcome {
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
            | StepKind::Trash { expected_version }
            | StepKind::Restore {
                expected_version, ..
            } => Some(expected_version),
            _ => None,
        },
        uploaded: 0,
        kept: 0,
        restricted: false,
        before: Before::default(),
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
    outcome(step, kind, Some(error.sentence_of_chain()))
}

/// A problem for machines, as reports and plans show it: `severity`, `code`, `message`, `line` and `column`,
/// both counted from 1, and 0 where it is of the whole page.
pub fn problem_json(problem: &Problem) -> Value {
    let severity = match problem.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({
        "severity": severity,
        "code": problem.code,
        "message": problem.message.as_str(),
        "line": problem.line,
        "column": problem.column,
    })
}
