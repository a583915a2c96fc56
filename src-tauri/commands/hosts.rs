//! Repositories at Git hosts, and on this machine at a commit: choosing one and looking around.

use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::account::{Account, Accounts, Product};
use tributary::browse::{Behind, Visit, behind, blame_in_folder};
use tributary::hosts::{
    Asking, Host, Lines, Link, RefKind, Target, Urgency, is_address, known_repositories,
};
use tributary::preview::visible;
use tributary::{Error, ErrorKind, sentence};
use tributary_pages::plan::StepKind;

use crate::commands::repository::expand;
use crate::convert::{self, small};
use crate::desktop::Desktop;
use crate::views::CommandError;
use crate::views::visit::{
    BehindView, BlameView, CommitView, FolderView, FoundPathView, FoundView, GitHostView,
    HistoryView, LinesView, ListedView, RefKindView, ReferencesView, RepositoriesView, VisitView,
    VisitedView,
};
use crate::visits::{blame, commit, item, kind, past, without_scheme};
use crate::words::{said, told};
use crate::work::blocking;

/// As many paths as a person looks through.
const PATHS_SHOWN: usize = 200;

/// As many branches or tags as a person looks through; a clone may have tens of thousands.
const REFS_SHOWN: usize = 200;

/// The Git hosts that somebody is signed in to, once for each account that can be used there; the one
/// first that is used where nobody chose another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_hosts(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<GitHostView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    blocking(move || {
        let mut hosts: Vec<GitHostView> = Vec::new();
        for account in accounts.list()? {
            let is_same =
                |host: &GitHostView| host.base == account.base && host.provider == account.provider;
            if hosts.iter().any(is_same) {
                continue;
            }
            // What the policy forbids is not offered; the accounts say why.
            let Ok(place) = accounts.place(&account.provider, Some(&account.base)) else {
                continue;
            };
            if place.provider().product != Product::Git {
                continue;
            }
            for (number, able) in accounts.all_for_place(&place)?.into_iter().enumerate() {
                hosts.push(GitHostView {
                    base: able.base.clone(),
                    host: able.host(),
                    provider: able.provider.clone(),
                    provider_name: told(&place.provider().name),
                    health: desktop.health_of(&able.id),
                    account: able.id,
                    user: able.user.name,
                    is_used: number == 0,
                });
            }
        }
        Ok(hosts)
    })
    .await
}

/// The repositories of an account at its host whose names have a text in them, those used last first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_repositories(
    desktop: State<'_, Arc<Desktop>>,
    account: String,
    search: String,
) -> Result<RepositoriesView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let accounts = desktop.accounts_ready().await?;
    let all = accounts.clone();
    let (place, account) = blocking(move || {
        let mut known = all.list()?.into_iter();
        let account = known.find(|known| known.id == account).ok_or_else(|| {
            Error::new(
                ErrorKind::SignedOut,
                "This account is not signed in any more",
            )
            .remedy("Sign in first")
        })?;
        Ok((all.place(&account.provider, Some(&account.base))?, account))
    })
    .await?;
    if place.provider().is_any_git_server() {
        return Ok(known_at(&desktop, &accounts, &account, search.trim()));
    }
    let cache = desktop.cache().await;
    let host = Host::of_one(&accounts, place, &account, desktop.http(), cache).await?;
    let listing = host.repositories(search.trim()).await?;
    let items = listing.items.into_iter().map(|listed| {
        let link = Link {
            dialect: Some(host.dialect()),
            base: host.place().base().trim_end_matches('/').to_owned(),
            repository: listed.name.clone(),
            target: Target::Repository,
        };
        ListedView {
            address: link.web(),
            name: listed.name,
            description: listed.description,
        }
    });
    Ok(RepositoriesView {
        items: items.collect(),
        incomplete: listing.incomplete.as_ref().map(said),
        is_remembered: listing.is_remembered,
    })
}

/// The repositories that are known of a Git server which lists none.
fn known_at(
    desktop: &Desktop,
    accounts: &Accounts,
    account: &Account,
    search: &str,
) -> RepositoriesView {
    let search = search.to_lowercase();
    let known = known_repositories(accounts, account, &desktop.settings().visited);
    let fitting = known
        .into_iter()
        .filter(|(name, _)| name.to_lowercase().contains(&search));
    let items = fitting.map(|(name, address)| ListedView {
        address,
        name,
        description: String::new(),
    });
    RepositoriesView {
        items: items.collect(),
        incomplete: Some(said(&sentence!(
            "A Git server does not say which repositories it has: open another one by its address"
        ))),
        is_remembered: false,
    }
}

/// The repositories opened last.
#[tauri::command]
#[specta::specta]
pub(crate) fn list_visited(desktop: State<'_, Arc<Desktop>>) -> Vec<VisitedView> {
    let visited = desktop.settings().visited.into_iter();
    let view = |address: String| {
        let shown = without_scheme(&address).trim_end_matches('/');
        let (place, name) = shown.rsplit_once('/').unwrap_or(("", shown));
        VisitedView {
            name: name.to_owned(),
            place: place.to_owned(),
            address,
        }
    };
    visited.map(view).collect()
}

/// Opens what an address leads to, or a repository on this machine; at a ref instead of what the
/// address shows when one is given. What was open before stays when that fails.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_visit(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    address: String,
    reference: Option<String>,
) -> Result<VisitView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let is_address = is_address(&address);
    let address = match is_address {
        true => address,
        false => expand(&address)?.display().to_string(),
    };
    let visit = match desktop.look_up(&address, reference.as_deref()).await {
        Ok(visit) => visit,
        Err(error) => {
            let is_asked = error.kind() == ErrorKind::SignedOut;
            let accounts = desktop.accounts_ready().await?;
            let asking = blocking(move || Asking::of(&accounts, &address)).await?;
            return Err(CommandError {
                asking: asking
                    .filter(|_| is_asked)
                    .map(convert::asking)
                    .map(Box::new),
                ..error.into()
            });
        }
    };
    let at_host = visit.host().is_some() && is_address;
    let remembered = visit.address.clone();
    let view = desktop.enter(visit);
    let kept = Arc::clone(&desktop);
    if at_host {
        blocking(move || kept.change_settings(|settings| settings.remember_visit(&remembered)))
            .await?;
    }
    app.emit("visit-changed", ()).ok();
    Ok(view)
}

/// Leaves the opened repository; the folder that was open before is in front again.
#[tauri::command]
#[specta::specta]
pub(crate) fn close_visit(app: AppHandle, desktop: State<'_, Arc<Desktop>>) {
    desktop.leave();
    app.emit("visit-changed", ()).ok();
}

/// Where the branch or tag leads now, when that is another commit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_newer(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
) -> Result<Option<CommitView>, CommandError> {
    let visit = desktop.visit(&id)?;
    Ok(visit.newer().await?.as_ref().map(commit))
}

/// The branches or tags whose names begin with a text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_references(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    kind: RefKindView,
    beginning: String,
) -> Result<ReferencesView, CommandError> {
    let visit = desktop.visit(&id)?;
    let kind = match kind {
        RefKindView::Branch => RefKind::Branch,
        RefKindView::Tag => RefKind::Tag,
    };
    let repository = &visit.pinned.repository;
    let listing = repository.refs(kind, &beginning, Urgency::Waited).await?;
    let listing = listing.at_most(REFS_SHOWN);
    Ok(ReferencesView {
        names: listing
            .items
            .into_iter()
            .map(|found| visible(&found.name).into_owned())
            .collect(),
        incomplete: listing.incomplete.as_ref().map(said),
        is_remembered: listing.is_remembered,
    })
}

/// What is in a folder; the root for an empty path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_folder(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    folder: String,
) -> Result<FolderView, CommandError> {
    desktop.expect_files(&app);
    let visit = desktop.visit(&id)?;
    let listing = visit.folder(&folder, Urgency::Waited).await?;
    Ok(FolderView {
        items: listing.items.iter().map(item).collect(),
        incomplete: listing.incomplete.as_ref().map(said),
    })
}

/// The paths of the whole repository that fit what was typed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_paths(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    words: String,
) -> Result<FoundView, CommandError> {
    let visit = desktop.visit(&id)?;
    let found = visit.find(&words, PATHS_SHOWN).await?;
    let best = found.best.into_iter().map(|found| FoundPathView {
        path: found.path,
        kind: kind(found.kind),
        ranges: found.ranges,
    });
    Ok(FoundView {
        best: best.collect(),
        fitting: small(found.fitting),
        all: small(found.all),
        incomplete: found.incomplete.as_ref().map(said),
    })
}

/// The newest commits that changed a path, newest first, by the names that a file had too; all
/// commits for an empty path.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_history(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    path: String,
    most: u32,
) -> Result<HistoryView, CommandError> {
    let visit = desktop.visit(&id)?;
    let most = usize::try_from(most.min(200)).unwrap_or(1);
    let listing = visit.history(&path, most).await?;
    Ok(HistoryView {
        items: listing.items.into_iter().map(past).collect(),
        incomplete: listing.incomplete.as_ref().map(said),
        is_remembered: listing.is_remembered,
    })
}

/// With which commit each line of a file came; of one in the opened folder, lines that are in no
/// commit yet came with none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_blame(
    desktop: State<'_, Arc<Desktop>>,
    id: Option<String>,
    path: String,
) -> Result<BlameView, CommandError> {
    if let Some(id) = id {
        let visit = desktop.visit(&id)?;
        return Ok(blame(visit.blame(&path).await?));
    }
    let held = Arc::clone(&desktop);
    let opened = blocking(move || Ok(held.folder()?.gathered.repository.clone())).await?;
    Ok(blame(blame_in_folder(opened, &path).await?))
}

/// The lasting address of a path and of lines in it; none for a repository that is at no host.
#[tauri::command]
#[specta::specta]
pub(crate) fn make_permalink(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    path: String,
    lines: Option<LinesView>,
) -> Result<Option<String>, CommandError> {
    let visit = desktop.visit(&id)?;
    let lines = lines.and_then(|lines| Lines::new(lines.first.into(), lines.last.into()));
    Ok(visit.permalink(&path, lines))
}

/// How many commits changed the sources of the pages that a plan writes anew, since they were
/// published.
#[tauri::command]
#[specta::specta]
pub(crate) async fn count_behind(
    desktop: State<'_, Arc<Desktop>>,
    plan_id: String,
) -> Result<Vec<BehindView>, CommandError> {
    let planned = desktop.plans.get(&plan_id)?;
    let prepared = &planned.prepared;
    let (Some(repository), Some(now)) = (&planned.repository, &prepared.source.commit) else {
        return Ok(Vec::new());
    };
    let stale = prepared.plan.steps.iter().filter_map(|step| {
        let commit = step.published_commit.clone()?;
        matches!(step.kind, StepKind::Update { .. }).then(|| (step.path.clone(), commit))
    });
    let stale: Vec<(String, String)> = stale.collect();
    let counted = behind(repository, now, &stale).await?;
    let view = |(path, _): (String, String)| BehindView {
        commits: match counted.get(&path) {
            Some(Behind::Commits(count)) => Some(small(*count)),
            Some(Behind::Unknown) | None => None,
        },
        path,
    };
    Ok(stale.into_iter().map(view).collect())
}

/// Reads again what a branch or tag leads to, and says so in the window when it is another commit.
pub(crate) async fn newest(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    id: &str,
) -> Result<Arc<Visit>, Error> {
    let (visit, is_another) = desktop.visit_now(id).await?;
    if is_another {
        app.emit("visit-changed", ()).ok();
    }
    Ok(visit)
}
