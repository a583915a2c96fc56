//! What was published: the pages of a site, and the publications that are remembered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::confluence::{Client, Space};
use tributary::hosts::Urgency;
use tributary::published::{
    PublishedPage, Reopened, Standing, compare, compare_by_plan, covering, find_source,
    identity_of, is_at, list,
};
use tributary::settings::{Layer, Publication, PublishedFrom};
use tributary::{Error, ErrorKind};

use crate::behind::{self, ByBranch};
use crate::convert::{options_view, small};
use crate::desktop::Desktop;
use crate::publications::id_of;
use crate::tray::Tray;
use crate::views::CommandError;
use crate::views::published::{
    PublicationTargetView, PublishedPageView, PublishedView, SourcePlaceView, StandingKindView,
    StandingView,
};
use crate::wanted::request_of;
use crate::watching;

/// The pages of a site that were published from Git: in the spaces that were published to from
/// here, or in all of them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_published(
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
    everywhere: bool,
) -> Result<PublishedView, CommandError> {
    let desktop = Arc::clone(&desktop);
    Ok(list_at(&desktop, &site_url, everywhere).await?)
}

/// The same for whoever looks without a window.
pub(crate) async fn list_at(
    desktop: &Arc<Desktop>,
    site_url: &str,
    everywhere: bool,
) -> Result<PublishedView, Error> {
    let client = desktop.client(site_url, None).await?;
    let all = client.spaces().await?;
    let known = spaces_published_to(desktop, site_url).await?;
    let chosen: Vec<Space> = all
        .iter()
        .filter(|space| known.contains(&space.key))
        .cloned()
        .collect();
    // Where nobody published from here, somebody else may have.
    let everywhere = everywhere || chosen.is_empty();
    let spaces = if everywhere { &all } else { &chosen };
    let here = Arc::clone(desktop);
    let reading = tokio::task::spawn_blocking(move || here.identified_publications()).await;
    let publications = reading.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the publications broke off").caused_by(error)
    })??;
    let identities: Vec<String> = publications.iter().map(|(_, name)| name.clone()).collect();
    let found = list(&client, spaces, &identities, &|_| {}).await?;
    let is_sandbox = desktop.is_sandbox(&desktop.site_ready(site_url).await?);
    let keys: BTreeSet<String> = found
        .pages
        .iter()
        .map(|one| one.space_key.clone())
        .collect();
    let used = accounts_of(desktop, site_url, keys).await?;
    let pages = found.pages.iter().map(|page| PublishedPageView {
        id: page.id.clone(),
        title: page.title.clone(),
        url: page.url.clone(),
        space_key: page.space_key.clone(),
        space_name: page.space_name.clone(),
        version: page.version,
        repository: page.repository.clone(),
        path: page.path.clone(),
        commit: page.commit.clone(),
        is_edited: page.is_edited,
        publication: covering(&publications, page, site_url, is_sandbox).map(id_of),
        account: used.get(&page.space_key).cloned(),
    });
    let pages: Vec<PublishedPageView> = pages.collect();
    let belong = pages.iter().map(|page| page.publication.clone());
    let belong: Vec<Option<String>> = belong.collect();
    let view = PublishedView {
        pages,
        spaces: spaces.iter().map(|space| space.key.clone()).collect(),
        is_everywhere: spaces.len() == all.len(),
        not_asked: small(found.not_asked),
    };
    let listed = found.pages.into_iter().zip(belong).collect();
    desktop.remember_published(site_url, listed);
    Ok(view)
}

/// Whose access is used for publishing to spaces of a site, by their keys.
async fn accounts_of(
    desktop: &Arc<Desktop>,
    site_url: &str,
    spaces: BTreeSet<String>,
) -> Result<HashMap<String, String>, Error> {
    let (desktop, site) = (Arc::clone(desktop), site_url.to_owned());
    let asking = tokio::task::spawn_blocking(move || {
        let mut used = HashMap::new();
        for space in spaces {
            if let Some(account) = desktop.account_at(&site, &space)? {
                used.insert(space, account.user.name.clone());
            }
        }
        Ok(used)
    });
    asking.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
    })?
}

/// The keys of the spaces of a site that were published to from here.
async fn spaces_published_to(desktop: &Arc<Desktop>, site_url: &str) -> Result<Vec<String>, Error> {
    let desktop = Arc::clone(desktop);
    let site = site_url.trim_end_matches('/').to_owned();
    let asking = tokio::task::spawn_blocking(move || {
        let sources = desktop.accounts()?.sources()?.into_iter();
        let remembered = sources.filter(|source| source.base == site);
        let mut keys: Vec<String> = remembered.map(|source| source.name).collect();
        let publications = desktop.settings().publications.into_iter();
        let here = publications
            .filter(|one| !one.in_sandbox && one.site.as_str().trim_end_matches('/') == site);
        keys.extend(here.map(|one| one.space));
        Ok(keys)
    });
    asking.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading what was published broke off").caused_by(error)
    })?
}

/// How the pages of one repository that were listed last stand against its sources.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_published(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    site_url: String,
    repository: String,
) -> Result<Vec<StandingView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    let waited = Urgency::Waited;
    Ok(compare_at(&app, &desktop, &site_url, &repository, waited).await?)
}

/// The same for whoever looks without a window; the tray tells what is behind.
pub(crate) async fn compare_at(
    app: &AppHandle,
    desktop: &Arc<Desktop>,
    site_url: &str,
    repository: &str,
    urgency: Urgency,
) -> Result<Vec<StandingView>, Error> {
    let turns = desktop.behind.turns();
    let mut listed = desktop.published(site_url);
    listed.retain(|(page, _)| page.repository.as_deref() == Some(repository));
    let pages: Vec<PublishedPage> = listed.iter().map(|(page, _)| page.clone()).collect();
    let from = source_of(desktop, repository).await?;
    let accounts = desktop.accounts_ready().await?;
    let cache = desktop.cache().await;
    let reopened = Reopened::open(&accounts, desktop.http(), cache, from, urgency).await?;
    let standings = match &reopened.opened {
        Some(opened) => compare(opened, &pages).await?,
        None => compare_as_it_is(desktop, site_url, &reopened.from).await?,
    };
    let mut seen: BTreeMap<String, ByBranch> = BTreeMap::new();
    let mut branches: HashMap<&str, String> = HashMap::new();
    for (page, publication) in &listed {
        let branch = reopened.branch_beside(page);
        if let Some(branch) = &branch {
            branches.insert(&page.id, branch.clone());
        }
        let Some(id) = publication else { continue };
        let behind = seen.entry(id.clone()).or_default();
        // Somebody has to decide about an edit; publishing again does not.
        if matches!(standings.get(&page.id), Some(Standing::Behind(_)))
            && !page.is_edited
            && let Some(path) = &page.path
        {
            behind.entry(branch).or_default().insert(path.clone());
        }
    }
    if desktop.behind.keep(turns, desktop.is_publishing(), seen) {
        Tray::of(app).behind(app, desktop.behind.total());
    }
    let view = |(page_id, standing): (String, Standing)| {
        let (kind, commits) = match standing {
            Standing::Current => (StandingKindView::Current, None),
            Standing::Behind(commits) => (StandingKindView::Behind, commits.map(small)),
            Standing::SourceGone => (StandingKindView::SourceGone, None),
            Standing::Unknown => (StandingKindView::Unknown, None),
            Standing::NotReached => (StandingKindView::NotReached, None),
        };
        StandingView {
            branch: branches.get(page_id.as_str()).cloned(),
            page_id,
            kind,
            commits,
        }
    };
    Ok(standings.into_iter().map(view).collect())
}

/// Compares a folder without Git as it is, by what publishing it again would do.
async fn compare_as_it_is(
    desktop: &Arc<Desktop>,
    site_url: &str,
    from: &PublishedFrom,
) -> Result<HashMap<String, Standing>, Error> {
    let is_sandbox = desktop.is_sandbox(&desktop.site_ready(site_url).await?);
    let publications = desktop.settings().publications.into_iter();
    let here = publications.filter(|one| one.from == *from && is_at(one, site_url, is_sandbox));
    let cancel = desktop.begin("compare");
    let mut standings = HashMap::new();
    for publication in here {
        let client: Client = desktop.client(site_url, Some(&publication.space)).await?;
        let request = request_of(desktop, &publication, None, &Layer::default()).await?;
        standings.extend(compare_by_plan(&client, &request, &cancel).await?);
    }
    Ok(standings)
}

async fn source_of(desktop: &Arc<Desktop>, identity: &str) -> Result<PublishedFrom, Error> {
    let (here, wanted) = (Arc::clone(desktop), identity.to_owned());
    let finding = tokio::task::spawn_blocking(move || {
        let accounts = here.accounts()?.list()?;
        Ok::<_, Error>(find_source(&wanted, &here.settings(), &accounts))
    });
    let found = finding.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Looking for the repository broke off").caused_by(error)
    })??;
    found.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            tributary::sentence!("Nothing tells where `{identity}` can be read", identity),
        )
        .remedy("Open its folder or its address once; then it is known")
    })
}

/// Where the repository that pages were published from can be opened.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_published_source(
    desktop: State<'_, Arc<Desktop>>,
    repository: String,
) -> Result<SourcePlaceView, CommandError> {
    let desktop = Arc::clone(&desktop);
    Ok(match source_of(&desktop, &repository).await? {
        PublishedFrom::Folder(folder) => SourcePlaceView {
            folder: Some(folder.display().to_string()),
            address: None,
            reference: None,
        },
        PublishedFrom::Repository { address, reference } => SourcePlaceView {
            folder: None,
            address: Some(address),
            reference,
        },
    })
}

/// Where a publication goes, and what it is made of; the sandbox is started for one that goes there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_publication(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
) -> Result<PublicationTargetView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let publication = desktop.publication(&id)?;
    let site_url = if publication.in_sandbox {
        let site = desktop.start_sandbox().await?;
        app.emit("sites-changed", ()).ok();
        site.url
    } else {
        publication.site.clone()
    };
    let options = options_view(&publication.options);
    let (folder, address, reference) = match publication.from {
        PublishedFrom::Folder(folder) => (Some(folder.display().to_string()), None, None),
        PublishedFrom::Repository { address, reference } => (None, Some(address), reference),
    };
    Ok(PublicationTargetView {
        source: SourcePlaceView {
            folder,
            address,
            reference,
        },
        path: publication.paths.into_iter().next().unwrap_or_default(),
        site_url: site_url.to_string(),
        space_key: publication.space,
        parent_id: publication.parent,
        options,
    })
}

/// Keeps a publication in sight, or does no longer, and has one that is in sight published by itself when
/// something of it changed.
#[tauri::command]
#[specta::specta]
pub(crate) fn pin_publication(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    pinned: bool,
    kept_up: bool,
) -> Result<(), CommandError> {
    let before = desktop.publication(&id)?;
    desktop.change_settings(|settings| {
        let mut all = settings.publications.iter_mut();
        if let Some(found) = all.find(|one| id_of(one) == id) {
            found.is_pinned = pinned;
            // What runs in the sandbox is there as long as that is.
            found.is_kept_up = pinned && kept_up && !found.in_sandbox;
        }
    })?;
    watching::follow(&app);
    // A window that is not there yet will ask by itself.
    app.emit("publication-changed", ()).ok();
    if pinned && kept_up && !before.is_kept_up {
        // What changed before is not to wait for the next change.
        behind::keep_up_soon(&app);
    }
    Ok(())
}

impl Desktop {
    /// The remembered publications with the identities of their repositories. Blocks on the disk.
    fn identified_publications(&self) -> Result<Vec<(Publication, String)>, Error> {
        let accounts = self.accounts()?.list()?;
        let all = self.settings().publications.into_iter();
        Ok(all
            .filter_map(|one| {
                let identity = identity_of(&one.from, &accounts)?;
                Some((one, identity))
            })
            .collect())
    }
}
