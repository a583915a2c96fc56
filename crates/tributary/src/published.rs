//! Everything that was published from Git to a site: which pages, from where, and how they stand
//! against their sources.
//!
//! [`list`] asks Confluence alone, with bulk listings: a page is ours by its marker or its origin
//! property, and a marker's message names source and commit. [`find_source`] knows where a
//! repository can be read, [`compare`] asks it what happened to the sources since, and
//! [`compare_by_plan`] does so where there are no commits. [`Reopened`] plans pages again that were
//! published. Nothing is written anywhere.

mod again;
mod needed;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use gix::bstr::{BStr, BString, ByteSlice};
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{Flavor, PageKind, Snippet};
use tributary_pages::plan::{Marker, Origin, Refusal, RemotePage, StepKind};

use crate::account::{Account, Accounts};
use crate::browse::{Behind, behind};
use crate::confluence::{Client, Past, Space};
use crate::error::{Error, ErrorKind};
use crate::hosts::{
    self, Cache, Commit, Depth, Dialect, Entry, Link, Listing, Pinned, Repository, Urgency,
};
use crate::http::Http;
use crate::publish::{PublishRequest, plan};
use crate::repository;
use crate::settings::{PublishedFrom, RepositorySettings, Settings};

pub use again::{ConfigurePart, Part, Reopened, Site, covering, is_at};

/// Spaces that are listed at once.
const SPACES_AT_ONCE: usize = 4;
/// Questions about single pages under way at once.
const PAGES_AT_ONCE: usize = 8;
/// Pages of one repository in one space that are asked what it is called: those on top.
const TOPS_ASKED: usize = 3;
/// The most pages of unknown origin that are asked for it one by one.
const MOST_ASKED: usize = 250;
/// The most commits that sources are compared with at a host: each is two requests or so. A page keeps the
/// commit of its last change, so that a tree has ever more of them the longer it is written.
const MOST_COMPARED: usize = 200;
/// Commits that sources are compared with at once.
const COMMITS_AT_ONCE: usize = 8;
/// The most sources of one repository whose commits are counted.
pub const MOST_COUNTED: usize = 200;

/// A page that was published from Git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPage {
    /// The page's id.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// The page's link in the browser.
    pub url: String,
    /// The id of the page above it, where there is one.
    pub parent_id: Option<String>,
    /// The key of its space.
    pub space_key: String,
    /// The name of its space.
    pub space_name: String,
    /// The version on top.
    pub version: u32,
    /// The identity of the repository it was published from; none when nothing tells it any more.
    pub repository: Option<String>,
    /// The source's path; a generated folder page's ends in `/`. None when nothing tells it.
    pub path: Option<String>,
    /// The beginning of the commit that the version on top was published from, where it names one.
    pub commit: Option<String>,
    /// The branch or tag that this commit was found by, where the version names one.
    pub branch: Option<String>,
    /// Whether a person wrote the version on top.
    pub is_edited: bool,
}

/// What was found on a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPages {
    /// The pages, by space, repository and path.
    pub pages: Vec<PublishedPage>,
    /// Pages beside ours whose version on top is a person's and that were too many to be asked
    /// whether they were ours once.
    pub not_asked: usize,
}

/// How a published page stands against its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The source did not change since.
    Current,
    /// The source changed since, in so many commits where they were counted;
    /// [`crate::browse::MOST_COMMITS_COUNTED`] stands for these or more.
    Behind(Option<usize>),
    /// The source is not there any more.
    SourceGone,
    /// The commit it was published from is not known here.
    Unknown,
    /// Nobody looked: its host was asked about as many others as it is asked about at once.
    NotReached,
}

/// Lists the pages of some spaces that were published from Git.
///
/// Costs a listing for every 250 pages and one for every 250 blog posts of a space, a question for every repository that is not among the
/// `known` identities, and one for each page that a person may have edited: a second or later
/// version without our marker that is beside, above or below a page of ours. `progress` is told
/// the number of pages read so far in one of the spaces.
///
/// # Errors
/// Any error of asking Confluence.
pub fn list<'a>(
    client: &'a Client,
    spaces: &'a [Space],
    known: &'a [String],
    progress: &'a (dyn Fn(usize) + Send + Sync),
) -> BoxFuture<'a, Result<PublishedPages, Error>> {
    // Boxed here, where it is plain that it may go to another thread.
    Box::pin(list_now(client, spaces, known, progress))
}

async fn list_now(
    client: &Client,
    spaces: &[Space],
    known: &[String],
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<PublishedPages, Error> {
    let held: Vec<(Space, Vec<RemotePage>)> = stream::iter(spaces.to_vec())
        .map(|space| async move {
            let (mut pages, posts) =
                tokio::try_join!(client.pages(&space, progress), client.blog_posts(&space))?;
            pages.extend(posts);
            Ok::<_, Error>((space, pages))
        })
        .buffered(SPACES_AT_ONCE)
        .try_collect()
        .await?;

    // A repository that nobody here knows is named by a property: of any of its pages on Data
    // Center, of the first one on Cloud, which is on top of the others unless somebody moved it.
    let mut identities: BTreeMap<String, String> = known
        .iter()
        .map(|identity| (Marker::repository_hash(identity), identity.clone()))
        .collect();
    let mut strangers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, pages) in &held {
        let from: HashMap<&str, &str> = pages
            .iter()
            .filter_map(|page| Some((page.id.as_str(), page.marker.as_ref()?.repository.as_str())))
            .collect();
        for page in pages {
            let Some(repository) = from.get(page.id.as_str()) else {
                continue;
            };
            let above = page.parent_id.as_deref().and_then(|above| from.get(above));
            let asked = strangers.entry(repository).or_default();
            if !identities.contains_key(*repository)
                && above != Some(repository)
                && asked.len() < TOPS_ASKED
            {
                asked.push(&page.id);
            }
        }
    }
    let strangers = strangers.into_values();
    let strangers: Vec<Vec<String>> = strangers
        .map(|tops| tops.into_iter().map(str::to_owned).collect())
        .collect();
    let stated: Vec<Option<Origin>> = stream::iter(strangers)
        .map(|tops| async move {
            for page in tops {
                if let Some(origin) = client.stated_origin(&page).await? {
                    return Ok::<_, Error>(Some(origin));
                }
            }
            Ok(None)
        })
        .buffer_unordered(PAGES_AT_ONCE)
        .try_collect()
        .await?;
    for origin in stated.into_iter().flatten() {
        identities.insert(
            Marker::repository_hash(&origin.repository),
            origin.repository,
        );
    }

    // Then the pages of which no message says enough.
    let mut wanted: Vec<String> = Vec::new();
    for (_, pages) in &held {
        let mut unsaid: Vec<String> = pages
            .iter()
            .filter(|page| {
                let marker = page.marker.as_ref();
                let is_known =
                    marker.is_some_and(|marker| identities.contains_key(&marker.repository));
                is_known && said(page, &identities).is_none()
            })
            .map(|page| page.id.clone())
            .collect();
        wanted.append(&mut unsaid);
        wanted.extend(perhaps_edited(pages).map(|page| page.id.clone()));
    }
    let not_asked = wanted.len().saturating_sub(MOST_ASKED);
    wanted.truncate(MOST_ASKED);
    let repositories: Vec<String> = identities.values().cloned().collect();
    let pasts = pasts(client, &wanted, &repositories).await?;
    let untold = pasts.iter().filter(|(_, past)| *past == Past::Unknown);
    let untold: HashSet<String> = untold.map(|(id, _)| id.clone()).collect();
    let told = pasts.into_iter();
    let mut origins: HashMap<String, Origin> = told
        .filter_map(|(id, past)| Some((id, past.origin()?)))
        .collect();
    origins.extend(registered(client, &held, &untold).await?);

    let mut found = Vec::new();
    for (space, pages) in held {
        for page in pages {
            let is_edited = page.marker.is_none();
            let commit = page.published_commit().map(str::to_owned);
            let branch = page.published_branch().map(str::to_owned);
            let origin = origins.get(&page.id).filter(|origin| {
                // A copy of a page has the original's property.
                origin.page.is_empty() || origin.page == page.id
            });
            let (repository, path) = match (said(&page, &identities), origin) {
                (Some((repository, path)), _) => (Some(repository), Some(path)),
                (None, Some(origin)) => {
                    (Some(origin.repository.clone()), Some(origin.path.clone()))
                }
                (None, None) if is_edited => continue,
                (None, None) => (None, None),
            };
            found.push(PublishedPage {
                id: page.id,
                title: page.title,
                url: page.url,
                parent_id: page.parent_id,
                space_key: space.key.clone(),
                space_name: space.name.clone(),
                version: page.version,
                repository,
                path,
                commit,
                branch,
                is_edited,
            });
        }
    }
    found.sort_by(|a, b| {
        let place = |page: &PublishedPage| {
            (
                page.space_key.clone(),
                page.repository.clone(),
                page.path.clone(),
            )
        };
        place(a).cmp(&place(b))
    });
    Ok(PublishedPages {
        pages: found,
        not_asked,
    })
}

/// The repository and path that the version on top names.
fn said(page: &RemotePage, identities: &BTreeMap<String, String>) -> Option<(String, String)> {
    let marker = page.marker.as_ref()?;
    let repository = identities.get(&marker.repository)?;
    let path = page.path_in(repository)?;
    Some((repository.clone(), path.to_owned()))
}

/// The pages whose version on top is a person's and that stand among ours. One at its first version
/// was never ours: we put a second on every page we make.
fn perhaps_edited(pages: &[RemotePage]) -> impl Iterator<Item = &RemotePage> {
    let ours = || pages.iter().filter(|page| page.marker.is_some());
    let ids: HashSet<&str> = ours().map(|page| page.id.as_str()).collect();
    let above: HashSet<Option<&str>> = ours().map(|page| page.parent_id.as_deref()).collect();
    pages.iter().filter(move |page| {
        let parent = page.parent_id.as_deref();
        let is_among = above.contains(&parent)
            || above.contains(&Some(page.id.as_str()))
            || parent.is_some_and(|parent| ids.contains(parent))
            // A blog post stands nowhere.
            || page.kind == PageKind::BlogPost && !ids.is_empty();
        page.marker.is_none() && page.version > 1 && is_among
    })
}

async fn pasts(
    client: &Client,
    pages: &[String],
    repositories: &[String],
) -> Result<Vec<(String, Past)>, Error> {
    stream::iter(pages.to_vec())
        .map(|id| async move {
            let past = client.past(&id, repositories).await;
            past.map(|past| (id, past))
        })
        .buffer_unordered(PAGES_AT_ONCE)
        .try_collect()
        .await
}

/// Where pages came from whose versions of ours were deleted, as a page above them lists it. Only
/// Cloud has such lists: on Data Center each page says it itself.
async fn registered(
    client: &Client,
    held: &[(Space, Vec<RemotePage>)],
    untold: &HashSet<String>,
) -> Result<HashMap<String, Origin>, Error> {
    if untold.is_empty() || client.flavor() != Flavor::Cloud {
        return Ok(HashMap::new());
    }
    let mut above: BTreeSet<String> = BTreeSet::new();
    let mut listed: HashSet<&str> = HashSet::new();
    for (_, pages) in held {
        listed.extend(pages.iter().map(|page| page.id.as_str()));
        let parents: HashMap<&str, &str> = pages
            .iter()
            .filter_map(|page| Some((page.id.as_str(), page.parent_id.as_deref()?)))
            .collect();
        for page in pages.iter().filter(|page| untold.contains(&page.id)) {
            let mut at = page.id.as_str();
            // What was gone through already is not gone through again, however pages stand.
            while let Some(parent) = parents.get(at)
                && above.insert((*parent).to_owned())
            {
                at = parent;
            }
        }
    }
    let lists: Vec<Vec<Origin>> = stream::iter(above.into_iter().take(MOST_ASKED))
        .map(|above| {
            // What is above pages and in no listing is a folder.
            let kind = match listed.contains(above.as_str()) {
                true => PageKind::Page,
                false => PageKind::Folder,
            };
            async move { client.registered_by_all(&above, kind).await }
        })
        .buffer_unordered(PAGES_AT_ONCE)
        .try_collect()
        .await?;
    let listed = lists.into_iter().flatten();
    Ok(listed
        .filter(|origin| untold.contains(&origin.page))
        .map(|origin| (origin.page.clone(), origin))
        .collect())
}

/// What a repository is called in the pages published from it. Blocks on the disk.
pub fn identity_of(from: &PublishedFrom, accounts: &[Account]) -> Option<String> {
    let of_folder = |folder: &Path| {
        // A file that cannot be read is told where it is published.
        let said = RepositorySettings::find(folder).ok().flatten();
        if let Some(name) = said.and_then(|file| file.repository.name) {
            return Some(name);
        }
        let opened = repository::open(folder).map(|opened| opened.identity);
        // A bare repository has no files to look at, and can be published from all the same.
        let opened = opened.or_else(|_| Repository::local(folder).map(|opened| opened.identity));
        opened.ok()
    };
    match from {
        PublishedFrom::Folder(folder) => of_folder(folder),
        PublishedFrom::Repository { address, .. } => match hosts::read_link(accounts, address) {
            Some(link) => Some(link.identity()),
            None => of_folder(Path::new(address)),
        },
    }
}

/// Where a repository can be read: where it was published from last, in a folder that was opened, at
/// a host that somebody is signed in to, or at one that everybody knows. Nowhere else: whoever may
/// edit a page chooses what it is called. Blocks on the disk.
pub fn find_source(
    identity: &str,
    settings: &Settings,
    accounts: &[Account],
) -> Option<PublishedFrom> {
    let published = settings.publications.iter().map(|one| one.from.clone());
    let recent = settings.recent.iter().cloned().map(PublishedFrom::Folder);
    let is_it = |from: &PublishedFrom| identity_of(from, accounts).as_deref() == Some(identity);
    let at_host = |address: String| PublishedFrom::Repository {
        address,
        reference: None,
    };
    published.chain(recent).find(is_it).or_else(|| {
        let at_account = accounts.iter().find_map(|account| {
            let dialect = Dialect::of_provider(&account.provider)?;
            Link::of_identity(identity, &account.base, dialect)
        });
        let by_name = || {
            let (host, _) = identity.split_once('/')?;
            Link::of_identity(
                identity,
                &format!("https://{host}"),
                Dialect::of_host(host)?,
            )
        };
        let at_server = || hosts::address_at_server(accounts, identity);
        let address = at_account.map(|link| link.web()).or_else(at_server);
        let address = address.or_else(|| by_name().map(|link| link.web()));
        address.map(at_host)
    })
}

/// Opens a repository at the commit that its pages are compared with where they name no branch: what
/// is checked out in a folder, or the newest of the branch. None for a folder without Git, which has no commits. Where
/// nobody waits, neither does anybody for what is asked of the repository afterwards.
///
/// # Errors
/// As [`hosts::open`] and [`repository::open`].
pub async fn open_source(
    accounts: &Accounts,
    http: &Http,
    cache: Option<Cache>,
    from: &PublishedFrom,
    urgency: Urgency,
) -> Result<Option<Pinned>, Error> {
    let (address, reference) = match from {
        PublishedFrom::Folder(folder) => {
            let folder = folder.clone();
            let opening = tokio::task::spawn_blocking(move || {
                let Some(head) = repository::open(&folder)?.head else {
                    return Ok(None);
                };
                Ok::<_, Error>(Some((Repository::local(&folder)?, head.branch)))
            });
            let opened = opening.await.map_err(|error| {
                Error::new(ErrorKind::Bug, "Opening the repository broke off").caused_by(error)
            })??;
            return match opened {
                Some((repository, reference)) => {
                    let commit = repository.resolve(Some("HEAD")).await?;
                    Ok(Some(Pinned {
                        repository,
                        commit,
                        reference,
                        path: BString::default(),
                        lines: None,
                    }))
                }
                None => Ok(None),
            };
        }
        PublishedFrom::Repository { address, reference } => (address, reference.as_deref()),
    };
    let pinned = hosts::open_as(accounts, http, cache, address, reference, None, urgency).await?;
    Ok(Some(pinned))
}

/// How the pages of one repository stand against its sources, by page id: each against the branch that
/// it was published from, and those that name none, or one that is no more, against what is opened.
///
/// A page is behind when its source changed, or a file that the source names. Costs a question for every
/// other branch, the listing of its files, a comparison for every commit that was published from, and a
/// history for every source that changed; where other files changed too, the sources are read, many in one
/// request where the host can. A host is asked about so many commits and sources, those of the most pages
/// first; of the others it is told that nobody looked. What is on this machine is looked at as a whole.
///
/// # Errors
/// When the repository cannot be read.
pub async fn compare(
    opened: &Pinned,
    pages: &[PublishedPage],
) -> Result<HashMap<String, Standing>, Error> {
    let repository = &opened.repository;
    let mut by_branch: BTreeMap<Option<&str>, Vec<&PublishedPage>> = BTreeMap::new();
    for page in pages {
        by_branch
            .entry(page.branch.as_deref())
            .or_default()
            .push(page);
    }
    // Branches that are at the same commit are one.
    let mut by_commit: BTreeMap<String, Vec<&PublishedPage>> = BTreeMap::new();
    for (branch, pages) in by_branch {
        let head = match branch {
            Some(branch) if opened.reference.as_deref() != Some(branch) => {
                newest_of(repository, branch).await?
            }
            _ => None,
        };
        let head = head.map_or_else(|| opened.commit.id.clone(), |commit| commit.id);
        by_commit.entry(head).or_default().extend(pages);
    }
    let mut by_commit: Vec<(String, Vec<&PublishedPage>)> = by_commit.into_iter().collect();
    by_commit.sort_by_key(|(_, pages)| Reverse(pages.len()));
    let mut standings = HashMap::new();
    let (compared, read) = match repository.is_here() {
        true => (usize::MAX, usize::MAX),
        false => (MOST_COMPARED, needed::MOST_READ),
    };
    let mut left = Left {
        compared,
        counted: MOST_COUNTED,
        read,
    };
    for (head, pages) in by_commit {
        standings.extend(compare_at(repository, &head, &pages, &mut left).await?);
    }
    Ok(standings)
}

/// The newest commit of a branch; none when there is no such branch: it was deleted, or the name was
/// a tag's, at which nothing goes on.
async fn newest_of(repository: &Repository, branch: &str) -> Result<Option<Commit>, Error> {
    match repository
        .resolve(Some(&format!("refs/heads/{branch}")))
        .await
    {
        Ok(commit) => Ok(Some(commit)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What may still be asked about the pages of a repository.
struct Left {
    compared: usize,
    counted: usize,
    read: usize,
}

async fn compare_at(
    repository: &Repository,
    now: &str,
    pages: &[&PublishedPage],
    left: &mut Left,
) -> Result<HashMap<String, Standing>, Error> {
    let root = BStr::new("");
    // No page has a source whose name is no UTF-8.
    let listing = repository
        .tree_as_told(now, root, Depth::All, Urgency::Waited)
        .await?;
    let there: BTreeSet<&BStr> = listing
        .items
        .iter()
        .map(|entry| entry.path.as_bstr())
        .collect();
    let is_there = |path: &str| {
        // A file may really be called as lines of another are.
        let is_file = there.contains(path.as_bytes().as_bstr());
        let path = if is_file {
            path
        } else {
            Snippet::file_of(path)
        };
        let bytes = path.as_bytes().as_bstr();
        match path.strip_suffix('/') {
            // The page of the root stands for all there is.
            Some("") => true,
            Some(_) => {
                let next = there.range(bytes..).next();
                next.is_some_and(|found| found.starts_with(path.as_bytes()))
            }
            None => there.contains(bytes),
        }
    };
    let entry = |path: &str| {
        let path = path.as_bytes().as_bstr();
        let at = listing
            .items
            .binary_search_by(|entry| entry.path.as_bstr().cmp(path));
        at.ok().and_then(|at| listing.items.get(at))
    };
    let sources: HashSet<&str> = pages
        .iter()
        .filter_map(|page| page.path.as_deref())
        .collect();
    let is_source = |path: &BStr| path.to_str().is_ok_and(|path| sources.contains(path));
    let mut standings = HashMap::new();
    let mut by_commit: BTreeMap<&str, Vec<(&PublishedPage, &str)>> = BTreeMap::new();
    for page in pages.iter().copied() {
        let standing = match (page.path.as_deref(), page.commit.as_deref()) {
            (Some(path), _) if !is_there(path) && listing.incomplete.is_none() => {
                Standing::SourceGone
            }
            (Some(path), Some(commit)) if !now.starts_with(commit) => {
                by_commit.entry(commit).or_default().push((page, path));
                continue;
            }
            (Some(_), Some(_)) => Standing::Current,
            _ => Standing::Unknown,
        };
        standings.insert(page.id.clone(), standing);
    }
    let (by_commit, others) = in_turn(by_commit, &mut left.compared);
    let others = others.into_iter().flat_map(|(_, pages)| pages);
    standings.extend(others.map(|(page, _)| (page.id.clone(), Standing::NotReached)));
    let mut needs = needed::Needs::new(repository, now, &listing.items, left.read);
    // What of so many commits changed is in memory together, and not what of all of them did.
    for some in by_commit.chunks(COMMITS_AT_ONCE) {
        let commits = some.iter().map(|(commit, _)| (*commit).to_owned());
        let changes = changes_since(repository, now, &listing, commits.collect()).await?;
        for ((_, pages), changed) in some.iter().zip(changes) {
            let Some((before, changed)) = changed else {
                let unknown = pages.iter().map(|(page, _)| page.id.clone());
                standings.extend(unknown.map(|id| (id, Standing::Unknown)));
                continue;
            };
            let is_changed = |path: &str| {
                let mut names = [path, Snippet::file_of(path)].into_iter();
                names.any(|path| changed.contains(path.as_bytes().as_bstr()))
            };
            let same = pages.iter().map(|(_, path)| *path);
            let same = same.filter(|path| !is_changed(path));
            let entries: Vec<&Entry> = same.filter_map(entry).collect();
            let others = changed.iter().filter(|path| !is_source(path.as_bstr()));
            let others: Vec<&str> = others.filter_map(|path| path.to_str().ok()).collect();
            let needed = needs.changed(entries, &others).await?;
            // What changed for a page: its source, or else a file that it needs.
            let what = |path: &str| match is_changed(path) {
                true => Some(path.to_owned()),
                false => needed.changed.get(path).cloned(),
            };
            let stale = pages.iter().filter_map(|(_, path)| what(path));
            let stale: BTreeSet<String> = stale.collect();
            let counted: Vec<(String, String)> = stale
                .into_iter()
                .take(left.counted)
                .map(|path| (path, before.clone()))
                .collect();
            left.counted -= counted.len();
            let counts = match counted.is_empty() {
                true => HashMap::new(),
                false => behind(repository, now, &counted).await?,
            };
            for (page, path) in pages {
                let standing = match what(path) {
                    Some(what) => Standing::Behind(match counts.get(&what) {
                        Some(Behind::Commits(count)) if *count > 0 => Some(*count),
                        _ => None,
                    }),
                    None if needed.unread.contains(*path) => Standing::NotReached,
                    None => Standing::Current,
                };
                standings.insert(page.id.clone(), standing);
            }
        }
    }
    left.read = needs.left;
    Ok(standings)
}

/// Pages of one commit, each with the path of its source.
type OfCommit<'a> = (&'a str, Vec<(&'a PublishedPage, &'a str)>);

/// The commits that there is a turn for, those of the most pages first, and the others.
fn in_turn<'a>(
    by_commit: BTreeMap<&'a str, Vec<(&'a PublishedPage, &'a str)>>,
    left: &mut usize,
) -> (Vec<OfCommit<'a>>, Vec<OfCommit<'a>>) {
    let mut all: Vec<OfCommit<'a>> = by_commit.into_iter().collect();
    all.sort_by_key(|(_, pages)| Reverse(pages.len()));
    let others = all.split_off(all.len().min(*left));
    *left -= all.len();
    (all, others)
}

/// What changed since a commit: its whole id, and the paths that are not as they were there.
type Changed = (String, HashSet<BString>);

/// The same for several commits, in their order.
fn changes_since<'a>(
    repository: &'a Repository,
    now: &'a str,
    listed: &'a Listing<Entry>,
    commits: Vec<String>,
) -> BoxFuture<'a, Result<Vec<Option<Changed>>, Error>> {
    // Boxed here, where it is plain that it may go to another thread.
    Box::pin(async move {
        stream::iter(commits)
            .map(|commit| async move { changed_since(repository, now, listed, &commit).await })
            .buffered(COMMITS_AT_ONCE)
            .try_collect()
            .await
    })
}

/// A commit of which the beginning is known, and the paths that are not as they were there; none
/// when there is no such commit, or not all of it can be told.
async fn changed_since(
    repository: &Repository,
    now: &str,
    listed: &Listing<Entry>,
    commit: &str,
) -> Result<Option<Changed>, Error> {
    let before = match repository.commit_up_to(now, commit).await {
        Ok(before) => before.id,
        // History was written anew since.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let compared = repository
        .changed_paths_to(&before, now, Some(listed))
        .await?;
    if compared.incomplete.is_some() {
        return Ok(None);
    }
    Ok(Some((before, compared.items.into_iter().collect())))
}

/// How pages stand against a folder's sources as they are, by page id: what a publish would do with
/// them. For folders without Git, whose pages name no commit.
///
/// # Errors
/// As [`plan`].
pub async fn compare_by_plan(
    client: &Client,
    request: &PublishRequest,
    cancel: &CancellationToken,
) -> Result<HashMap<String, Standing>, Error> {
    let prepared = plan(client, request, &|_| {}, cancel).await?;
    let steps = prepared.plan.steps.into_iter();
    let standing = |kind: &StepKind| match kind {
        StepKind::Leave => Some(Standing::Current),
        StepKind::Update { .. } | StepKind::Move { .. } => Some(Standing::Behind(None)),
        StepKind::Orphan | StepKind::Archive { .. } | StepKind::Trash { .. } => {
            Some(Standing::SourceGone)
        }
        // What the edit hides is not known before somebody decides about it.
        StepKind::Refuse {
            refusal: Refusal::EditedByHand | Refusal::PublishedNewer,
            ..
        } => Some(Standing::Unknown),
        StepKind::Refuse { .. } => Some(Standing::Behind(None)),
        // No plan of sources restores a page.
        StepKind::Create | StepKind::Restore { .. } => None,
    };
    Ok(steps
        .filter_map(|step| Some((step.page_id?, standing(&step.kind)?)))
        .collect())
}
