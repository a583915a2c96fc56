//! What can be done after a publish: take it back, and look whether the links of its pages lead
//! anywhere.

use std::sync::Arc;

use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, State};
use tributary::http::PUBLISH_CONCURRENCY;
use tributary::links::{Links, check};
use tributary::publish::{PastReport, PastReports, Progress, plan_undo, record_plan};

use crate::convert::{self, small};
use crate::desktop::{Desktop, everything, same};
use crate::plans::{Planned, What};
use crate::views::after::{BrokenLinkView, CheckedLinksView, PastReportView};
use crate::views::{CommandError, PlanView, ProgressView};
use crate::work::blocking;

/// The last publishes to a site that can be taken back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_reports(
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
) -> Result<Vec<PastReportView>, CommandError> {
    let sandbox = desktop.sandbox_site();
    let is_sandbox = sandbox.is_some_and(|sandbox| same(sandbox.url.as_str(), &site_url));
    let past = PastReports::new(&desktop.paths);
    let kept = blocking(move || past.list()).await?;
    let here = kept.into_iter().filter(|one| match one.in_sandbox {
        true => is_sandbox,
        false => !is_sandbox && same(&one.site, &site_url),
    });
    Ok(here.map(past_report).collect())
}

fn past_report(past: PastReport) -> PastReportView {
    PastReportView {
        id: past.id,
        finished: past.finished.to_string(),
        space: past.space,
        repository: past.repository,
        created: small(past.created),
        changed: small(past.changed),
        takes_back: past.takes_back,
        is_by_itself: past.by_itself,
        is_taken_back: past.taken_back.is_some(),
    }
}

/// Decides what taking a publish back would do; changes nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_taking_back(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    progress: Channel<ProgressView>,
) -> Result<PlanView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let reports = PastReports::new(&desktop.paths);
    let (past, mut undone) = blocking(move || reports.read(&id)).await?;
    if past.in_sandbox {
        undone.site = desktop.start_sandbox().await?.url.to_string();
        app.emit("sites-changed", ()).ok();
    }
    let client = desktop.client(&undone.site, Some(&undone.space)).await?;
    let cancel = desktop.begin("plan");
    let tell = |now: Progress| {
        // A window that is gone needs no progress.
        progress.send(convert::progress(&now)).ok();
    };
    let mut prepared = plan_undo(&client, &undone, PUBLISH_CONCURRENCY, &tell, &cancel).await?;
    let reports = PastReports::new(&desktop.paths);
    prepared.keep_report(reports, past.in_sandbox, Some(&past.id));
    // Publishing will say so when the log cannot be written; looking at the plan may go on.
    record_plan(&prepared, &desktop.audit_ready().await?).ok();
    let planned = Planned {
        prepared,
        request: everything(),
        what: What::TakingBack,
        repository: None,
        pinned: None,
    };
    let (id, planned) = desktop.plans.keep(planned, &[]);
    Ok(convert::plan(id, &planned.prepared))
}

/// Looks whether the links of published pages lead anywhere, within the site; `spaces` are the keys
/// of those that they are in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_links(
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
    spaces: Vec<String>,
    pages: Vec<String>,
) -> Result<CheckedLinksView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let client = desktop.client(&site_url, None).await?;
    let mut named = Vec::with_capacity(spaces.len());
    for key in &spaces {
        named.push(client.space(key).await?);
    }
    let found = check(&client, &named, &pages, Links::Internal).await?;
    let broken = found.broken.into_iter().map(|link| BrokenLinkView {
        page_id: link.page_id,
        target: link.target,
        reason: link.reason,
    });
    Ok(CheckedLinksView {
        pages: small(found.pages),
        checked: small(found.checked),
        not_checked: small(found.not_checked),
        broken: broken.collect(),
    })
}
