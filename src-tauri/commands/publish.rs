//! Planning and publishing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tauri::ipc::Channel;
use tauri::{AppHandle, Emitter, State};
use tokio_util::sync::CancellationToken;
use tributary::browse::{Visit, published_source};
use tributary::hosts::{Pinned, Repository, Urgency};
use tributary::publish::{
    OutcomeKind, PastReports, Prepared, Progress, PublishReport, PublishRequest, apply, plan,
    plan_at, record_plan,
};
use tributary::published::Reopened;
use tributary::settings::{Layer, Publication, PublishedFrom};
use tributary::{Error, ErrorKind, Sentence};
use tributary_pages::plan::{OnConflict, OnOrphan, Step};
use url::Url;

use crate::behind;
use crate::commands::hosts::newest;
use crate::convert;
use crate::desktop::{Desktop, Publishing};
use crate::ended::Trouble;
use crate::notices::Notices;
use crate::plans::{Planned, What};
use crate::publications::id_of;
use crate::tray::Tray;
use crate::views::edit::{ConflictChoiceView, TitleChoiceView};
use crate::views::publish::PublishRequestView;
use crate::views::published::AgainView;
use crate::views::{CommandError, DiffLineView, PlanView, ProgressView, ReportView};
use crate::wanted::{paths_below, request_of, target};

/// The share of pages that may go, in percent, once somebody said that their sources are really gone.
const EVERY_ORPHAN: u8 = 100;
/// How long most commands of Git take at the very most that leave the files as they are.
const A_MOMENT: Duration = Duration::from_secs(1);

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
    let opened = match &request.visit {
        Some(id) => Some(newest(&app, &desktop, id).await?),
        None => None,
    };
    let (from, repository) = match &opened {
        Some(visit) => (published_from(visit), Some(visit.pinned.repository.clone())),
        None => {
            let root = desktop.folder()?.gathered.repository.root.clone();
            let repository = local(root.clone()).await;
            (PublishedFrom::Folder(root), repository)
        }
    };
    let pinned = opened.as_ref().map(|visit| &visit.pinned);
    let asked = Layer {
        orphan_limit: request.orphans_are_gone.then_some(EVERY_ORPHAN),
        ..convert::asked(&request)
    };
    let options = convert::options(&request.options);
    let title = request.title.map(|title| title.trim().to_owned());
    let paths = request.paths.iter().map(|path| match &opened {
        Some(visit) => visit.real_path(path),
        None => path.clone(),
    });
    let chosen: Vec<String> = paths.collect();
    let place = match &request.target {
        Some(name) => Some(target(&desktop, &from, pinned, name, &chosen, &asked).await?),
        None => None,
    };
    let (site_url, space, parent, paths) = match &place {
        Some(place) => (
            place.configuration.site_settings()?.url.to_string(),
            place.request.space.clone(),
            place.request.parent.clone(),
            paths_below(&from, &place.request),
        ),
        None => (
            request.site_url,
            request.space_key,
            request.parent_id,
            chosen,
        ),
    };
    let client = desktop.client(&site_url, Some(&space)).await?;
    let site = desktop.site_ready(&site_url).await?;
    let publication = Publication {
        from,
        paths,
        in_sandbox: desktop.is_sandbox(&site),
        site: site.url,
        space,
        parent,
        when: None,
        is_pinned: false,
        is_kept_up: false,
        titles: BTreeMap::new(),
        options,
        page: None,
    };
    let mut publication = Publication {
        titles: desktop.kept_titles(&publication),
        ..publication
    };
    let mut wanted = match place {
        Some(place) => place.request,
        None => request_of(&desktop, &publication, pinned, &asked).await?,
    };
    choose(&mut wanted, request.only, request.conflicts);
    entitle(&mut wanted, &mut publication, request.titles);
    wanted.settings.lines_title = title.filter(|title| !title.is_empty());
    let cancel = desktop.begin("plan");
    let tell = |now: Progress| {
        // A window that is gone needs no progress.
        progress.send(convert::progress(&now)).ok();
    };
    let mut prepared = match pinned {
        Some(pinned) => plan_at(&client, &wanted, pinned, &tell, &cancel).await?,
        None => plan(&client, &wanted, &tell, &cancel).await?,
    };
    let reports = PastReports::new(&desktop.paths);
    prepared.keep_report(reports, publication.in_sandbox, None);
    // Publishing will say so when the log cannot be written; looking at the plan may go on.
    record_plan(&prepared, &desktop.audit_ready().await?).ok();
    let planned = Planned {
        prepared,
        request: wanted,
        what: What::Publication(Box::new(publication)),
        repository,
        pinned: pinned.cloned(),
    };
    let (id, planned) = desktop.plans.keep(planned, &request.beside);
    Ok(convert::plan(id, &planned.prepared))
}

/// Leaves of a publish the sources that were chosen, all of them where none was, and decides what
/// becomes of edits of their pages.
fn choose(wanted: &mut PublishRequest, only: Vec<String>, conflicts: Vec<ConflictChoiceView>) {
    let choices = conflicts.into_iter();
    wanted.settings.on_conflict_of = choices
        .map(|choice| (choice.path, convert::on_conflict(choice.on_conflict)))
        .collect();
    wanted.settings.only = (!only.is_empty()).then(|| only.into_iter().collect());
}

/// Decides about titles that other pages have. Those that are chosen are kept with the publication; a
/// source that is linked to a page is known by that page from then on.
fn entitle(
    wanted: &mut PublishRequest,
    publication: &mut Publication,
    titles: Vec<TitleChoiceView>,
) {
    let (settings, kept) = (&mut wanted.settings, &mut publication.titles);
    for TitleChoiceView {
        path,
        title,
        page_id,
    } in titles
    {
        kept.remove(&path);
        settings.titles_of.remove(&path);
        let title = title.map(|title| title.trim().to_owned());
        if let Some(page) = page_id {
            settings.pages_of.insert(path, page);
        } else if let Some(title) = title.filter(|title| !title.is_empty()) {
            kept.insert(path, title);
        }
    }
    settings.titles_of.extend(kept.clone());
}

/// The repository of a folder. One without Git has no commits to be behind of.
async fn local(root: PathBuf) -> Option<Repository> {
    let opening = tauri::async_runtime::spawn_blocking(move || Repository::local(&root));
    opening.await.ok().and_then(Result::ok)
}

/// What of a publication is published again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The branch it is published from, where that is not the one its repository is opened at.
    pub(crate) branch: Option<String>,
    /// The sources; all of them where none is named.
    pub(crate) only: Vec<String>,
    /// Whether pages are kept to the branch that they were published from.
    pub(crate) keeps_branch: bool,
}

/// Decides what publishing a remembered publication again would do, or some sources of it, wherever
/// they are, from the branch that they were published from where that is another one; changes
/// nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_publication(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    part: AgainView,
    progress: Channel<ProgressView>,
) -> Result<PlanView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let mut publication = desktop.publication(&part.publication)?;
    let cancel = desktop.begin("plan");
    let tell = |now: Progress| {
        progress.send(convert::progress(&now)).ok();
    };
    let pinned = go_to(&app, &desktop, &mut publication, part.branch.as_deref()).await?;
    let pinned = pinned.as_ref();
    let asked = Layer {
        orphan_limit: part.orphans_are_gone.then_some(EVERY_ORPHAN),
        ..Layer::default()
    };
    let mut request = request_of(&desktop, &publication, pinned, &asked).await?;
    choose(&mut request, part.only, part.conflicts);
    entitle(&mut request, &mut publication, part.titles);
    let planning = plan_there(&desktop, &publication, pinned, &request, &tell, &cancel);
    let mut prepared = planning.await?;
    let reports = PastReports::new(&desktop.paths);
    prepared.keep_report(reports, publication.in_sandbox, None);
    record_plan(&prepared, &desktop.audit_ready().await?).ok();
    let repository = match (pinned, &publication.from) {
        (Some(pinned), _) => Some(pinned.repository.clone()),
        (None, PublishedFrom::Folder(root)) => local(root.clone()).await,
        (None, PublishedFrom::Repository { .. }) => None,
    };
    let planned = Planned {
        prepared,
        request,
        what: What::Publication(Box::new(publication)),
        repository,
        pinned: pinned.cloned(),
    };
    let (id, planned) = desktop.plans.keep(planned, &part.beside);
    Ok(convert::plan(id, &planned.prepared))
}

/// Sees to it that a publication can be published again: starts the sandbox for one that goes there,
/// and looks up the commit of one that is from a repository, or from another branch than what is
/// opened. None for a folder as it is.
async fn go_to(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    publication: &mut Publication,
    branch: Option<&str>,
) -> Result<Option<Pinned>, Error> {
    if publication.in_sandbox {
        publication.site = desktop.start_sandbox().await?.url;
        app.emit("sites-changed", ()).ok();
    }
    if branch.is_some() {
        let accounts = desktop.accounts_ready().await?;
        let cache = desktop.cache().await;
        let (http, from) = (desktop.http(), publication.from.clone());
        let reopened = Reopened::open(&accounts, http, cache, from, Urgency::Waited).await?;
        return reopened.at_branch(branch).await;
    }
    match &publication.from {
        PublishedFrom::Folder(_) => Ok(None),
        PublishedFrom::Repository { address, reference } => {
            let visit = desktop.look_up(address, reference.as_deref()).await?;
            Ok(Some(visit.pinned))
        }
    }
}

/// Plans what a publication asks for, with the access that is used where it goes.
async fn plan_there(
    desktop: &Arc<Desktop>,
    publication: &Publication,
    pinned: Option<&Pinned>,
    request: &PublishRequest,
    tell: &(dyn Fn(Progress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let space = Some(publication.space.as_str());
    let client = desktop.client(publication.site.as_str(), space).await?;
    match pinned {
        None => plan(&client, request, tell, cancel).await,
        Some(pinned) => plan_at(&client, request, pinned, tell, cancel).await,
    }
}

/// Where what is opened at a commit is published from.
pub(crate) fn published_from(visit: &Visit) -> PublishedFrom {
    PublishedFrom::Repository {
        address: visit.address.clone(),
        reference: visit.reference().map(str::to_owned),
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
    let planned = desktop.plans.get(&plan_id)?;
    let step = step_of(&planned.prepared, index)?;
    Ok(planned
        .prepared
        .diff(step)?
        .into_iter()
        .map(convert::diff_line)
        .collect())
}

/// A step of a plan, by its number.
pub(crate) fn step_of(prepared: &Prepared, index: u32) -> Result<&Step, Error> {
    let step = usize::try_from(index)
        .ok()
        .and_then(|index| prepared.plan.steps.get(index));
    step.ok_or_else(|| Error::new(ErrorKind::NotFound, "The plan has no such step"))
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
    let planned = desktop.plans.get(&plan_id)?;
    let publishing = begin(&app, &desktop)?;
    let tray = Tray::of(&app);
    let tell = |now: Progress| {
        tray.publishing(&now);
        progress.send(convert::progress(&now)).ok();
    };
    let applied = async {
        let audit = desktop.audit_ready().await?;
        apply(
            &planned.prepared,
            &digest,
            &audit,
            &tell,
            &publishing.cancel,
        )
        .await
    }
    .await;
    end(&app, &desktop, publishing);
    let notices = Notices::of(&app);
    let report = match (applied, &planned.what) {
        (Ok(report), _) => report,
        (Err(error), what) => {
            tray.failed(&app, &error);
            if let What::Publication(publication) = what {
                notices.not_published(publication, &error);
            }
            return Err(error.into());
        }
    };
    desktop.plans.forget(&plan_id);
    tray.published(&app, &report);
    match &planned.what {
        What::Publication(publication) => {
            notices.published(publication, &report);
            remember(&app, &desktop, (**publication).clone(), &report).await?;
        }
        What::TakingBack => {
            app.emit("publication-changed", ()).ok();
        }
    }
    Ok(convert::report(&report))
}

/// Takes the right to publish, and says so in the tray and in the window.
pub(crate) fn begin(app: &AppHandle, desktop: &Desktop) -> Result<Publishing, Error> {
    let publishing = desktop.begin_publish()?;
    desktop.behind.turn();
    Tray::of(app).begun(app);
    // A window that is not there yet will ask by itself; the same below.
    app.emit("publication-changed", ()).ok();
    Ok(publishing)
}

/// Gives it back, and says so in the window.
pub(crate) fn end(app: &AppHandle, desktop: &Desktop, publishing: Publishing) {
    drop(publishing);
    desktop.behind.turn();
    app.emit("publication-changed", ()).ok();
    if desktop.behind.take_missed() {
        behind::keep_up_soon(app);
    }
}

/// Remembers a publication, to publish it again, and with whose access it was made.
pub(crate) async fn remember(
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
    stand_at(desktop, &publication, report);
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

/// Keeps how the pages of a publication stand now.
fn stand_at(desktop: &Desktop, publication: &Publication, report: &PublishReport) {
    let written = report
        .outcomes
        .iter()
        .filter(|page| matches!(page.kind, OutcomeKind::Updated | OutcomeKind::Moved));
    let written = written.map(|page| page.source.as_str());
    let id = id_of(publication);
    desktop.behind.written(&id, written);
    desktop.behind.stands(&id, Trouble::of_report(report));
}

/// Has a publish whose plan nobody looks at leave what somebody edited on a page, whatever is set: nobody
/// would see what is lost.
fn spare_edits(wanted: &mut PublishRequest) {
    let on_conflict = &mut wanted.settings.on_conflict;
    if *on_conflict == OnConflict::Overwrite {
        *on_conflict = OnConflict::Refuse;
    }
}

/// Has a publish go on from where the last one was made, and take no page away: the sources of pages may be
/// gone for as long as another branch is checked out.
fn keep_branch(wanted: &mut PublishRequest) {
    wanted.settings.keep_branch = true;
    wanted.settings.on_orphan = OnOrphan::Report;
}

/// What is in the way while a working copy is half of one state and half of another.
fn not_at_rest(prepared: &Prepared) -> Option<Sentence> {
    let what = prepared.under_way()?;
    Some(tributary::sentence!("In the working copy {what}", what))
}

/// What a publish by itself came to.
pub(crate) enum Changes {
    /// Something changed, and was published.
    Written(Box<PublishReport>),
    /// Nothing is to be written; so many pages wait for somebody to decide.
    Left(usize),
    /// It waits for the working copy: for another branch to be checked out, or for a merge to end.
    Waits(Sentence),
    /// Something else is published; it has its turn at the end of that.
    NotNow,
}

/// Publishes a publication where that writes something, from the branch that it was published from. An edit
/// that somebody made on a page is not written over, whatever is set, and no page goes: nobody looks at what
/// would be lost. It stays where it was in the list of what was published, because nobody published it.
pub(crate) async fn publish_changes(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    publication: &Publication,
) -> Result<Changes, Error> {
    let mut publication = publication.clone();
    let pinned = go_to(app, desktop, &mut publication, None).await?;
    let pinned = pinned.as_ref();
    let mut wanted = request_of(desktop, &publication, pinned, &Layer::default()).await?;
    spare_edits(&mut wanted);
    keep_branch(&mut wanted);
    let (quiet, cancel) = (|_: Progress| {}, CancellationToken::new());
    let plan_now = || plan_there(desktop, &publication, pinned, &wanted, &quiet, &cancel);
    let mut prepared = plan_now().await?;
    if prepared.under_way().is_some() {
        // What Git does beside a file that was saved changes no other, so that nothing tells its end.
        tokio::time::sleep(A_MOMENT).await;
        prepared = plan_now().await?;
    }
    if let Some(why) = not_at_rest(&prepared) {
        return Ok(Changes::Waits(why));
    }
    if let Some(why) = prepared.waits_for_branch() {
        return Ok(Changes::Waits(why.clone()));
    }
    if let Some(own) = prepared.of_this_branch() {
        // That the others wait for their branch is seen once nothing else is to be written.
        wanted.settings.only = Some(own);
        let planning = plan_there(desktop, &publication, pinned, &wanted, &quiet, &cancel);
        prepared = planning.await?;
    }
    let counts = prepared.plan.counts();
    if counts.writes() == 0 {
        return Ok(Changes::Left(counts.refuse));
    }
    let publishing = loop {
        if let Ok(publishing) = begin(app, desktop) {
            break publishing;
        }
        // Before it is asked whether the other publish goes on still, so that its end is not missed as well.
        desktop.behind.miss();
        if desktop.is_publishing() {
            return Ok(Changes::NotNow);
        }
    };
    let tray = Tray::of(app);
    let tell = |now: Progress| tray.publishing(&now);
    let reports = PastReports::new(&desktop.paths).by_itself();
    prepared.keep_report(reports, publication.in_sandbox, None);
    let applied = async {
        let audit = desktop.audit_ready().await?;
        let digest = &prepared.plan.digest;
        apply(&prepared, digest, &audit, &tell, &publishing.cancel).await
    }
    .await;
    end(app, desktop, publishing);
    let report = applied.inspect_err(|error| tray.failed(app, error))?;
    stand_at(desktop, &publication, &report);
    desktop.change_settings(|settings| {
        let mut all = settings.publications.iter_mut();
        if let Some(known) = all.find(|known| known.is_same(&publication)) {
            known.when = Some(report.finished);
        }
    })?;
    tray.behind(app, desktop.behind.total());
    Ok(Changes::Written(Box::new(report)))
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

/// Plans and applies a publication; what the plan refuses stays refused. The tray and a notification
/// tell what became of it.
pub(crate) async fn publish_now(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    mut publication: Publication,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
) -> Result<PublishReport, Error> {
    let publishing = begin(app, desktop).inspect_err(|error| {
        // Whoever pressed an entry or a button while something is published hears why nothing happens.
        Notices::of(app).not_begun(&publication, error);
    })?;
    let (part, cancel) = (Part::default(), &publishing.cancel);
    let published = carry_out(app, desktop, &mut publication, part, tell, cancel).await;
    if let Err(error) = &published {
        let trouble = Trouble::of_error(error);
        desktop.behind.stands(&id_of(&publication), Some(trouble));
    }
    end(app, desktop, publishing);
    match published {
        Ok(report) => {
            Notices::of(app).published(&publication, &report);
            Tray::of(app).published(app, &report);
            remember(app, desktop, publication, &report).await?;
            Ok(report)
        }
        Err(error) => {
            Notices::of(app).not_published(&publication, &error);
            Tray::of(app).failed(app, &error);
            Err(error)
        }
    }
}

/// Plans and applies a part of a publication for whoever has the right to publish, and tells how far it is.
/// Nobody looks at the plan, so that what somebody edited on a page is left, and nothing is published while the
/// working copy is half of one state and half of another. What became of it is told by who asked.
pub(crate) async fn carry_out(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    publication: &mut Publication,
    part: Part,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
    cancel: &CancellationToken,
) -> Result<PublishReport, Error> {
    let tray = Tray::of(app);
    let pinned = go_to(app, desktop, publication, part.branch.as_deref()).await?;
    let pinned = pinned.as_ref();
    let mut wanted = request_of(desktop, publication, pinned, &Layer::default()).await?;
    choose(&mut wanted, part.only, Vec::new());
    spare_edits(&mut wanted);
    if part.keeps_branch {
        keep_branch(&mut wanted);
    }
    let tell = |now: Progress| {
        tray.publishing(&now);
        tell(now);
    };
    let planning = plan_there(desktop, publication, pinned, &wanted, &tell, cancel);
    let mut prepared = planning.await?;
    if let Some(why) = not_at_rest(&prepared) {
        let error = Error::new(ErrorKind::Conflict, why);
        return Err(error.remedy("Publish again when that has ended"));
    }
    if let Some(own) = prepared.of_this_branch() {
        // The others are behind what is on their branch or are not, and are published from there.
        wanted.settings.only = Some(own);
        let planning = plan_there(desktop, publication, pinned, &wanted, &tell, cancel);
        prepared = planning.await?;
    }
    let reports = PastReports::new(&desktop.paths);
    prepared.keep_report(reports, publication.in_sandbox, None);
    let audit = desktop.audit_ready().await?;
    let digest = &prepared.plan.digest;
    apply(&prepared, digest, &audit, &tell, cancel).await
}

/// Stops an operation: `plan`, `publish`, `save` or `sign-in`. A write that has begun is finished.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel(desktop: State<'_, Arc<Desktop>>, operation: String) {
    desktop.cancel(&operation);
}
