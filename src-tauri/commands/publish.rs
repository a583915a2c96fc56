//! Planning and publishing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, State};
use tributary::browse::published_source;
use tributary::hosts::{Pinned, Repository};
use tributary::publish::{
    OutcomeKind, Progress, PublishReport, PublishRequest, apply, plan, plan_at, record_plan,
};
use tributary::settings::{Layer, Publication, PublishedFrom, RepositorySettings};
use tributary::{Error, ErrorKind};
use tributary_pages::plan::{OnConflict, OnOrphan, PlanSettings};
use url::Url;

use crate::commands::hosts::newest;
use crate::convert;
use crate::desktop::{Desktop, Publishing, everything};
use crate::notices::Notices;
use crate::publications::id_of;
use crate::tray::Tray;
use crate::views::{
    CommandError, DiffLineView, OrphanView, PlanView, ProgressView, PublishRequestView, ReportView,
};

/// Decides what a publish would do; changes nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_publish(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    request: PublishRequestView,
    progress: Channel<ProgressView>,
) -> Result<PlanView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let space = Some(request.space_key.as_str());
    let client = desktop.client(&request.site_url, space).await?;
    let opened = match &request.visit {
        Some(id) => Some(newest(&app, &desktop, id).await?),
        None => None,
    };
    let (from, repository) = match &opened {
        Some(visit) => (
            PublishedFrom::Repository {
                address: visit.address.clone(),
                reference: visit.reference().map(str::to_owned),
            },
            Some(visit.pinned.repository.clone()),
        ),
        None => {
            let root = desktop.folder()?.gathered.repository.root.clone();
            let found = root.clone();
            let opening = tauri::async_runtime::spawn_blocking(move || Repository::local(&found));
            // A folder without Git has no commits to be behind of.
            let repository = opening.await.ok().and_then(Result::ok);
            (PublishedFrom::Folder(root), repository)
        }
    };
    let on_orphan = match request.on_orphan {
        OrphanView::Report => OnOrphan::Report,
        OrphanView::Archive => OnOrphan::Archive,
        OrphanView::Trash => OnOrphan::Trash,
    };
    let site = desktop.site_ready(&request.site_url).await?;
    let paths = request.paths.iter().map(|path| match &opened {
        Some(visit) => visit.real_path(path),
        None => path.clone(),
    });
    let publication = Publication {
        from,
        paths: paths.collect(),
        in_sandbox: desktop.is_sandbox(&site),
        site: site.url,
        space: request.space_key.clone(),
        parent: request.parent_id.clone(),
        when: None,
        is_pinned: false,
        page: None,
    };
    let message = request.message.filter(|message| !message.trim().is_empty());
    let title = request.title.map(|title| title.trim().to_owned());
    let pinned = opened.as_ref().map(|visit| &visit.pinned);
    let usual = usual(&desktop, &publication.from, pinned).await?;
    let on_conflict = match usual.settings.on_conflict {
        _ if request.overwrite => OnConflict::Overwrite,
        OnConflict::Merge => OnConflict::Merge,
        _ => OnConflict::Refuse,
    };
    let settings = PlanSettings {
        on_conflict,
        on_orphan,
        message: message.or(usual.settings.message),
        lines_title: title.filter(|title| !title.is_empty()),
        only: (!request.only.is_empty()).then(|| request.only.iter().cloned().collect()),
        ..usual.settings
    };
    let wanted = wanted(&publication, settings, &usual.layer);
    let cancel = desktop.begin("plan");
    let tell = |now: Progress| {
        // A window that is gone needs no progress.
        progress.send(convert::progress(&now)).ok();
    };
    let prepared = match &opened {
        Some(visit) => plan_at(&client, &wanted, &visit.pinned, &tell, &cancel).await?,
        None => plan(&client, &wanted, &tell, &cancel).await?,
    };
    // Publishing will say so when the log cannot be written; looking at the plan may go on.
    record_plan(&prepared, &desktop.audit_ready().await?).ok();
    let (id, prepared) = desktop.keep_plan(prepared);
    desktop.remember_pending(&id, publication);
    desktop.remember_planned(&id, repository);
    Ok(convert::plan(id, &prepared))
}

/// What a repository, and below it the user's settings, make of a publish.
pub(crate) struct Usual {
    pub settings: PlanSettings,
    pub layer: Layer,
}

/// What a publish from somewhere is like unless somebody says otherwise.
pub(crate) async fn usual(
    desktop: &Desktop,
    from: &PublishedFrom,
    pinned: Option<&Pinned>,
) -> Result<Usual, Error> {
    let said = match (from, pinned) {
        (_, Some(pinned)) => RepositorySettings::at(pinned).await?,
        (PublishedFrom::Folder(folder), None) => RepositorySettings::find(folder)?,
        (PublishedFrom::Repository { .. }, None) => None,
    };
    let defaults = desktop.settings().publish;
    let layer = match &said {
        Some(said) => said.publish.clone().over(&defaults),
        None => defaults,
    };
    let looks = desktop.looks(said);
    let settings = PlanSettings {
        on_conflict: layer.on_conflict.unwrap_or(looks.on_conflict),
        on_orphan: layer.on_orphan.unwrap_or(looks.on_orphan),
        orphan_limit: layer.orphan_limit.unwrap_or(looks.orphan_limit),
        message: layer.message.clone(),
        labels: layer.labels.clone().unwrap_or_default(),
        minor_edit: layer.minor_edit.unwrap_or(looks.minor_edit),
        label_mode: layer.label_mode.unwrap_or(looks.label_mode),
        page_width: layer.page_width,
        folders: layer.folders.unwrap_or(looks.folders),
        format: layer.format.unwrap_or(looks.format),
        strict: layer.strict.unwrap_or(looks.strict),
        ..looks
    };
    Ok(Usual { settings, layer })
}

/// What a publication asks for.
pub(crate) fn wanted(
    publication: &Publication,
    settings: PlanSettings,
    layer: &Layer,
) -> PublishRequest {
    let built_in = everything();
    let root = match &publication.from {
        PublishedFrom::Folder(folder) => folder.as_path(),
        PublishedFrom::Repository { .. } => Path::new(""),
    };
    let paths: Vec<PathBuf> = if publication.paths.is_empty() {
        vec![root.to_path_buf()]
    } else {
        let paths = publication.paths.iter();
        paths.map(|path| root.join(path)).collect()
    };
    PublishRequest {
        paths,
        space: publication.space.clone(),
        parent: publication.parent.clone(),
        include: layer.include.clone().unwrap_or_default(),
        exclude: layer.exclude.clone().unwrap_or_default(),
        settings,
        concurrency: layer.concurrency.unwrap_or(built_in.concurrency),
        verify: layer.verify.unwrap_or(built_in.verify),
    }
}

/// What a step of a plan would change on its page.
#[tauri::command]
#[specta::specta]
pub(crate) fn step_diff(
    desktop: State<'_, Arc<Desktop>>,
    plan_id: String,
    index: u32,
) -> Result<Vec<DiffLineView>, CommandError> {
    let prepared = desktop.plan(&plan_id)?;
    let step = usize::try_from(index)
        .ok()
        .and_then(|index| prepared.plan.steps.get(index));
    let step = step.ok_or_else(|| Error::new(ErrorKind::NotFound, "The plan has no such step"))?;
    Ok(prepared
        .diff(step)
        .into_iter()
        .map(convert::diff_line)
        .collect())
}

/// Carries out the plan that was shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn apply_plan(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    plan_id: String,
    digest: String,
    progress: Channel<ProgressView>,
) -> Result<ReportView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let prepared = desktop.plan(&plan_id)?;
    let publishing = begin(&app, &desktop)?;
    let tray = Tray::of(&app);
    let tell = |now: Progress| {
        tray.publishing(&now);
        progress.send(convert::progress(&now)).ok();
    };
    let applied = async {
        let audit = desktop.audit_ready().await?;
        apply(&prepared, &digest, &audit, &tell, &publishing.cancel).await
    }
    .await;
    end(&app, &desktop, publishing);
    let report = match applied {
        Ok(report) => report,
        Err(error) => {
            tray.failed(&app, &error);
            if let Some(publication) = desktop.take_pending(&plan_id) {
                Notices::of(&app).not_published(&publication, &error);
                // It can be tried again.
                desktop.remember_pending(&plan_id, publication);
            }
            return Err(error.into());
        }
    };
    desktop.drop_plan(&plan_id);
    Tray::of(&app).published(&app, &report);
    if let Some(publication) = desktop.take_pending(&plan_id) {
        Notices::of(&app).published(&publication, &report);
        remember(&app, &desktop, publication, &report).await?;
    }
    Ok(convert::report(&report))
}

/// Takes the right to publish, and says so in the tray and in the window.
fn begin(app: &AppHandle, desktop: &Desktop) -> Result<Publishing, Error> {
    let publishing = desktop.begin_publish()?;
    desktop.behind.turn();
    Tray::of(app).begun(app);
    // A window that is not there yet will ask by itself; the same below.
    app.emit("publication-changed", ()).ok();
    Ok(publishing)
}

/// Gives it back, and says so in the window.
fn end(app: &AppHandle, desktop: &Desktop, publishing: Publishing) {
    drop(publishing);
    desktop.behind.turn();
    app.emit("publication-changed", ()).ok();
}

/// Remembers a publication, to publish it again, and with whose access it was made.
async fn remember(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    publication: Publication,
    report: &PublishReport,
) -> Result<(), Error> {
    if !publication.in_sandbox {
        let space = publication.space.clone();
        desktop
            .remember_space(publication.site.as_str(), space)
            .await?;
    }
    if let PublishedFrom::Repository { address, .. } = &publication.from {
        let (accounts, address) = (desktop.accounts_ready().await?, address.clone());
        let remembering = tauri::async_runtime::spawn_blocking(move || {
            match published_source(&accounts, &address)? {
                Some(source) => accounts.remember_source(&source),
                None => Ok(()),
            }
        });
        remembering.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "Remembering the repository broke off").caused_by(error)
        })??;
    }
    let written = report.count(OutcomeKind::Updated) + report.count(OutcomeKind::Moved);
    desktop.behind.written(&id_of(&publication), written);
    let page = report.outcomes.iter().find_map(|page| page.url.as_deref());
    let page = page.and_then(|page| Url::parse(page).ok());
    desktop.change_settings(|settings| {
        settings.remember_publication(Publication {
            when: Some(report.finished),
            page,
            ..publication
        });
    })?;
    let tray = Tray::of(app);
    tray.behind(app, desktop.behind.total());
    tray.recent(app, &desktop.settings().publications);
    app.emit("publication-changed", ()).ok();
    Ok(())
}

/// Publishes what was published last once more: plans anew and applies. Refused pages stay refused.
#[tauri::command]
#[specta::specta]
pub(crate) async fn publish_again(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    progress: Channel<ProgressView>,
) -> Result<ReportView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let tell = move |now: Progress| {
        progress.send(convert::progress(&now)).ok();
    };
    let report = again(&app, &desktop, Box::new(tell)).await?;
    Ok(convert::report(&report))
}

/// The same for the tray, which shows how it goes and how it ended.
pub(crate) async fn again(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
) -> Result<PublishReport, Error> {
    let publication = desktop.settings().last_publication().cloned();
    let publication = publication.ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "Nothing was published yet")
            .remedy("Publish once from the window; then it can be repeated")
    })?;
    publish_now(app, desktop, publication, tell).await
}

/// Plans and applies a publication; what the plan refuses stays refused.
pub(crate) async fn publish_now(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    mut publication: Publication,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
) -> Result<PublishReport, Error> {
    let publishing = begin(app, desktop)?;
    let tray = Tray::of(app);
    let published = async {
        if publication.in_sandbox {
            publication.site = desktop.start_sandbox().await?.url;
            app.emit("sites-changed", ()).ok();
        }
        let space = Some(publication.space.as_str());
        let client = desktop.client(publication.site.as_str(), space).await?;
        let visit = match &publication.from {
            PublishedFrom::Folder(_) => None,
            PublishedFrom::Repository { address, reference } => {
                Some(desktop.look_up(address, reference.as_deref()).await?)
            }
        };
        let pinned = visit.as_ref().map(|visit| &visit.pinned);
        let usual = usual(desktop, &publication.from, pinned).await?;
        let wanted = wanted(&publication, usual.settings, &usual.layer);
        let tell = |now: Progress| {
            tray.publishing(&now);
            tell(now);
        };
        let cancel = &publishing.cancel;
        let prepared = match pinned {
            None => plan(&client, &wanted, &tell, cancel).await?,
            Some(pinned) => plan_at(&client, &wanted, pinned, &tell, cancel).await?,
        };
        let audit = desktop.audit_ready().await?;
        let digest = &prepared.plan.digest;
        apply(&prepared, digest, &audit, &tell, &publishing.cancel).await
    }
    .await;
    end(app, desktop, publishing);
    match published {
        Ok(report) => {
            tray.published(app, &report);
            Notices::of(app).published(&publication, &report);
            remember(app, desktop, publication, &report).await?;
            Ok(report)
        }
        Err(error) => {
            tray.failed(app, &error);
            Notices::of(app).not_published(&publication, &error);
            Err(error)
        }
    }
}

/// Stops an operation: `plan`, `publish` or `sign-in`. A write that has begun is finished.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel(desktop: State<'_, Arc<Desktop>>, operation: String) {
    desktop.cancel(&operation);
}
