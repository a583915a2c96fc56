//! From the library's types to views.

use tributary::audit::{Audit, Entry, Verification};
use tributary::publish::{Outcome, Phase, Prepared, Progress, PublishReport};
use tributary::repository::Repository;
use tributary::settings::{Auth, SiteSettings};
use tributary::vault::VaultState;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{Flavor, Problem, Severity};
use tributary_pages::plan::{DiffKind, DiffLine, Step, StepKind};

use crate::views::{
    AuditChangeView, AuditEntryView, AuditVerificationView, AuditView, CodeView, CommandError,
    DiffLineView, KeptView, KeystoreView, OutcomeView, PlanView, ProblemView, ProgressView,
    ReportView, RepositoryView, SeverityView, SiteView, SkippedView, StepView,
};

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        let code = match error.kind() {
            ErrorKind::SignedOut => CodeView::SignedOut,
            ErrorKind::Forbidden => CodeView::Forbidden,
            ErrorKind::NotFound => CodeView::NotFound,
            ErrorKind::Conflict => CodeView::Conflict,
            ErrorKind::RateLimited => CodeView::RateLimited,
            ErrorKind::Offline => CodeView::Offline,
            ErrorKind::VaultUnavailable => CodeView::VaultUnavailable,
            ErrorKind::InvalidInput | ErrorKind::Storage => CodeView::InvalidInput,
            ErrorKind::Bug => CodeView::Bug,
        };
        Self {
            code,
            message: error.to_string(),
            remedy: error.remedy_text().map(str::to_owned),
        }
    }
}

/// A count as JavaScript takes it.
pub(crate) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(crate) fn repository(repository: &Repository, documents: usize) -> RepositoryView {
    let head = repository.head.as_ref();
    RepositoryView {
        path: repository.root.display().to_string(),
        name: repository.name.clone(),
        is_git: repository.is_git,
        branch: head.and_then(|head| head.branch.clone()),
        short_commit: head.map(|head| head.commit.chars().take(8).collect()),
        web_url: repository.web.clone(),
        documents: small(documents),
    }
}

pub(crate) fn keystore(state: &VaultState) -> KeystoreView {
    if let VaultState::Available { name } = state {
        return KeystoreView {
            available: true,
            name: name.clone(),
            message: format!("Tokens are kept in {name}."),
            remedy: String::new(),
        };
    }
    let (message, remedy) = state.trouble().unwrap_or((
        "Tokens are kept for this session only, as you chose",
        "Choose a lasting place with `tributary vault choose`",
    ));
    KeystoreView {
        available: false,
        name: String::new(),
        message: message.to_owned(),
        remedy: remedy.to_owned(),
    }
}

pub(crate) fn site(site: &SiteSettings, is_sandbox: bool, kept_in: KeptView) -> SiteView {
    let host = site.url.host_str().unwrap_or_default();
    let port = site
        .url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    SiteView {
        url: site.url.to_string(),
        name: if is_sandbox {
            "Sandbox".to_owned()
        } else {
            format!("{host}{port}")
        },
        product: match site.flavor {
            Some(Flavor::Cloud) => "Cloud".to_owned(),
            Some(Flavor::DataCenter) => "Data Center".to_owned(),
            None => "Confluence".to_owned(),
        },
        user: match &site.auth {
            Auth::Basic { user } => user.clone(),
            Auth::Bearer => "personal access token".to_owned(),
        },
        is_sandbox,
        kept_in,
    }
}

pub(crate) fn problem(problem: &Problem) -> ProblemView {
    ProblemView {
        severity: match problem.severity {
            Severity::Warning => SeverityView::Warning,
            Severity::Error => SeverityView::Error,
        },
        code: problem.code.to_owned(),
        message: problem.message.clone(),
        line: problem.line,
        column: problem.column,
    }
}

pub(crate) fn progress(progress: &Progress) -> ProgressView {
    ProgressView {
        phase: match progress.phase {
            Phase::Reading => "reading",
            Phase::Snapshot => "snapshot",
            Phase::Planning => "planning",
            Phase::Publishing => "publishing",
        }
        .to_owned(),
        done: small(progress.done),
        total: small(progress.total),
        current: progress.current.clone(),
    }
}

pub(crate) fn plan(id: String, prepared: &Prepared) -> PlanView {
    let steps = prepared.plan.steps.iter().enumerate();
    PlanView {
        id,
        digest: prepared.plan.digest.clone(),
        steps: steps.map(|(index, one)| step(index, one)).collect(),
        skipped: prepared
            .skipped
            .iter()
            .map(|left| SkippedView {
                path: left.path.clone(),
                reason: left.reason.clone(),
            })
            .collect(),
        site_url: prepared.client.site().to_owned(),
        space: prepared.space.key.clone(),
    }
}

fn step(index: usize, step: &Step) -> StepView {
    let (kind, moves) = match &step.kind {
        StepKind::Create => ("create", false),
        StepKind::Update { moves, .. } => ("update", *moves),
        StepKind::Move { .. } => ("move", true),
        StepKind::Leave => ("leave", false),
        StepKind::Refuse { .. } => ("refuse", false),
        StepKind::Orphan => ("orphan", false),
        StepKind::Archive => ("archive", false),
        StepKind::Trash { .. } => ("trash", false),
    };
    StepView {
        index: small(index),
        kind: kind.to_owned(),
        title: step.title.clone(),
        path: step.path.clone(),
        depth: small(step.depth),
        url: step.url.clone(),
        moves,
        reason: match &step.kind {
            StepKind::Refuse { reason, .. } => Some(reason.clone()),
            _ => None,
        },
        attachments: step
            .attachments
            .iter()
            .map(|file| file.filename.clone())
            .collect(),
        labels: step.labels.clone(),
        problems: step.problems.iter().map(problem).collect(),
    }
}

pub(crate) fn diff_line(line: DiffLine) -> DiffLineView {
    DiffLineView {
        kind: match line.kind {
            DiffKind::Same => "same",
            DiffKind::Added => "added",
            DiffKind::Removed => "removed",
            DiffKind::Gap => "gap",
        }
        .to_owned(),
        text: line.text,
        emphasis: line.emphasis,
    }
}

pub(crate) fn report(report: &PublishReport) -> ReportView {
    ReportView {
        outcomes: report.outcomes.iter().map(outcome).collect(),
        cancelled: report.cancelled,
        stopped_by: report.stopped_by.as_ref().map(|(_, reason)| reason.clone()),
        milliseconds: u32::try_from(report.finished.duration_since(report.started).as_millis())
            .unwrap_or(u32::MAX),
        requests: u32::try_from(report.traffic.total).unwrap_or(u32::MAX),
        site_url: report.site.clone(),
        space: report.space.clone(),
    }
}

fn outcome(outcome: &Outcome) -> OutcomeView {
    OutcomeView {
        path: outcome.source.clone(),
        title: outcome.title.clone(),
        outcome: outcome.kind.name().to_owned(),
        needs_attention: outcome.kind.needs_attention(),
        url: outcome.url.clone(),
        version: outcome.version,
        uploaded: small(outcome.uploaded),
        reason: outcome.reason.clone(),
        problems: outcome.problems.iter().map(problem).collect(),
    }
}

/// Records of the audit log, the latest first.
pub(crate) fn audit(audit: &Audit, entries: &[Entry], most: u32) -> AuditView {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    AuditView {
        folder: audit.folder().display().to_string(),
        total: small(entries.len()),
        entries: entries.iter().rev().take(most).map(audit_entry).collect(),
    }
}

fn audit_entry(entry: &Entry) -> AuditEntryView {
    let actor = &entry.actor;
    let who = match &actor.provider_user {
        Some(user) => format!("{user} ({})", actor.os_user),
        None => actor.os_user.clone(),
    };
    let object = &entry.object;
    // People know a page by its title; its id is of use where there is none.
    let id = match entry.value("title") {
        Some(title) => format!("“{title}”"),
        None => object.id.clone(),
    };
    let object = match &object.host {
        Some(host) => format!("{} {id} on {host}", object.kind),
        None => format!("{} {id}", object.kind),
    };
    AuditEntryView {
        number: entry.seq.to_string(),
        when: entry.ts.to_string(),
        action: entry.action.clone(),
        outcome: entry.outcome.clone(),
        who,
        object: object.trim().to_owned(),
        reason: entry.reason.clone(),
        changes: entry
            .changes
            .iter()
            .map(|change| AuditChangeView {
                name: change.name.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            })
            .collect(),
        operation: entry.corr.clone(),
        credential: entry.cred.as_ref().map(|mark| mark.fp.clone()),
    }
}

/// What verifying the audit log found.
pub(crate) fn verification(found: &Verification) -> AuditVerificationView {
    let mut sentences = found.in_words().into_iter();
    AuditVerificationView {
        intact: found.is_intact(),
        message: sentences.next().unwrap_or_default(),
        details: sentences.collect(),
    }
}
