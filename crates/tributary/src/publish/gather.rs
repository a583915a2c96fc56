//! Reads the sources and takes the snapshot, then lets the planner decide.
//!
//! - `documents`: which files are documents, and what is read out of them.
//! - `origins`: which page came from which source.
//! - `others`: what other publishers and people did to pages of the sources.
//! - `parent`: the page or folder to publish below.

mod documents;
mod origins;
mod others;
mod parent;
mod restricted;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{
    BodyFormat, Flavor, PageKind, Problem, Severity, Snippet, Surroundings, carry_comments,
};
use tributary_pages::plan::{
    self as pages, Bodies, FilesByHand, Marker, PublishPlan, RemotePage, Shelves, Snapshot,
    Sources, Step, StepKind, Text,
};

use crate::confluence::{Client, Space, is_closed};
use crate::error::{Error, ErrorKind, Remedy};
use crate::hosts::Pinned;
use crate::repository::{self, EntryKind, Repository};
use crate::store;

use super::assets::{ReadFrom, look_at, opened};
use super::drawings::draw_files;
use super::known::Addresses;
use super::pinned;
use super::{
    OnProgress, Phase, Prepared, Progress, PublishRequest, Skipped, Source, Throttle, cancelled,
    merging, renamed, stopped,
};

pub(super) use documents::{
    Found, LARGEST_DOCUMENT, Patterns, choose, is_below, put_asset, understand, understood,
};
use origins::{Names, identify};

/// Everything read from the repository.
#[derive(Debug)]
pub struct Gathered {
    /// The repository.
    pub repository: Repository,
    /// What planning needs of it.
    pub sources: Sources,
    /// Files that were left out.
    pub skipped: Vec<Skipped>,
}

/// Decides what a publish would do; changes nothing.
///
/// # Errors
/// When the paths cannot be read, the site cannot be reached, the credential is not accepted, or
/// space or parent are not there. Trouble with single files is part of the plan instead.
pub async fn plan(
    client: &Client,
    request: &PublishRequest,
    progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    plan_of(client, request, None, progress, cancel).await
}

/// Like [`plan`], from a repository at a commit, wherever it is; no clone is made. The paths of
/// the request are relative to the repository's root.
///
/// # Errors
/// The same, and when the host does not list everything: what it left out would be taken for
/// deleted.
pub async fn plan_at(
    client: &Client,
    request: &PublishRequest,
    pinned: &Pinned,
    progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    plan_of(client, request, Some(pinned), progress, cancel).await
}

async fn plan_of(
    client: &Client,
    request: &PublishRequest,
    pinned: Option<&Pinned>,
    progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let began = Instant::now();
    let throttle = Throttle::new(progress);
    let tell = |phase, done, total| {
        throttle.tell(Progress {
            phase,
            done,
            total,
            current: None,
        });
    };
    tell(Phase::Reading, 0, 0);
    let http = client
        .http()
        .for_operation(request.concurrency, cancel.clone());
    let client = client.with_http(http);

    // Files are read while the server is asked what it holds.
    let reading = async {
        match pinned {
            Some(pinned) => {
                let told = |done, total| tell(Phase::Reading, done, total);
                // Nothing is written yet, so waiting for a host may end anywhere.
                tokio::select! {
                    read = pinned::sources(request, pinned, &told) => read,
                    () = cancel.cancelled() => Err(stopped()),
                }
            }
            None => {
                let gathered = sources_here(request).await?;
                let head = gathered.repository.head.as_ref();
                Ok(Read {
                    reference: head.and_then(|head| head.branch.clone()),
                    files: ReadFrom::Folder(Arc::new(gathered.repository)),
                    sources: gathered.sources,
                    skipped: gathered.skipped,
                })
            }
        }
    };
    let holding = async {
        client.is_for_publishing()?;
        is_short(request.settings.message.as_deref())?;
        takes(request.settings.format, &client)?;
        let space = client.space(&request.space).await?;
        let told = |count| tell(Phase::Snapshot, count, 0);
        let (may_create, remote) =
            tokio::try_join!(client.may_create_pages(&space), client.pages(&space, &told))?;
        if !may_create {
            return Err(read_only(&client, &space));
        }
        Ok((space, remote))
    };
    let (gathered, held) = tokio::join!(reading, holding);
    let mut gathered = gathered?;
    let (space, mut remote) = held?;
    cancelled(cancel)?;

    let parent = match &request.parent {
        Some(named) => Some(parent::find(&client, named, &space, &remote).await?),
        None => space.home.clone(),
    };
    let is_post =
        |source: &pages::SourceDocument| source.document.front_matter.kind == PageKind::BlogPost;
    let mut listed = None;
    let mut has_posts = gathered.sources.documents.iter().any(is_post);
    if let (false, Some(above)) = (has_posts, &parent) {
        // The last one may be gone from the sources. A space may hold thousands of people's, so they are
        // listed only where that may be.
        listed = match Names(&gathered.sources).registered(&client, above).await {
            Err(error) if is_closed(&error) => None,
            paths => Some(paths?),
        };
        let listed = listed.as_ref();
        has_posts =
            listed.is_some_and(|paths| others::may_be_posts(paths, &gathered.sources, &remote));
    }
    if has_posts {
        remote.extend(client.blog_posts(&space).await?);
    }
    let above = parent.clone();
    if may_hold_folders(
        &client,
        request,
        &gathered.sources,
        &remote,
        parent.as_deref(),
    ) {
        let folders = client.folders(&space, above.as_deref(), &remote).await?;
        remote.extend(folders);
    }
    let mut snapshot = Snapshot {
        flavor: client.flavor(),
        space_key: space.key.clone(),
        space_id: space.id.clone(),
        parent,
        pages: remote,
        publisher: None,
        elsewhere: BTreeMap::new(),
    };
    if pages::needs_publisher(&snapshot) {
        // Where it is not told, they are read as long as something is new.
        let publisher = client.current_user().await.ok();
        snapshot.publisher = publisher.map(|publisher| publisher.id);
    }
    pages::take_former(&mut snapshot, &gathered.sources);
    let found = renamed::former_names(&client, request, &gathered.sources, &snapshot, pinned);
    let found = found.await?;
    if !found.is_empty() {
        listed = None;
    }
    gathered.sources.formerly.extend(found);
    let folder = renamed::same_folder(&client, &gathered.sources, &space, &snapshot).await?;
    let registered = identify(
        &client,
        &gathered.sources,
        &mut snapshot,
        request,
        listed.clone(),
        &|done, total| {
            tell(Phase::Snapshot, done, total);
        },
    )
    .await?;
    snapshot.elsewhere = others::elsewhere(
        &client,
        &gathered.sources,
        &snapshot,
        request,
        &space,
        registered.or(listed),
    )
    .await?;
    cancelled(cancel)?;

    tell(Phase::Planning, 0, 1);
    let Read {
        files,
        mut sources,
        skipped,
        reference,
    } = gathered;
    sources.newer = others::newer_commits(&files, &sources, &snapshot).await?;
    let source = Source {
        repository: sources.repository.clone(),
        reference,
        commit: sources.commit.clone(),
    };
    let under_way = sources.under_way.clone();
    let settings = request.settings.clone();
    let shelves = sources.shelves.clone();
    let (mut sources, settings) = (Arc::new(sources), Arc::new(settings));
    let planning = |sources: &Arc<Sources>, snapshot: Snapshot| {
        let (sources, settings) = (Arc::clone(sources), Arc::clone(&settings));
        let planning = tokio::task::spawn_blocking(move || {
            let plan = pages::plan(&sources, &snapshot, &settings);
            (plan, snapshot)
        });
        async {
            planning
                .await
                .map_err(|error| Error::new(ErrorKind::Bug, "Planning broke off").caused_by(error))
        }
    };
    let (mut plan, mut snapshot) = planning(&sources, snapshot).await?;
    let mut asked = BTreeSet::new();
    let newer = others::newer_at_host(&files, &sources, &plan, &mut asked).await?;
    if !newer.is_empty() {
        Arc::make_mut(&mut sources).newer = newer;
        (plan, snapshot) = planning(&sources, snapshot).await?;
    }
    if request.verify {
        let mut files = files_by_hand(&client, &plan.steps, request.concurrency).await?;
        cancelled(cancel)?;
        if !files.is_empty() {
            for page in &mut snapshot.pages {
                page.files = files.remove(&page.id).unwrap_or_default();
            }
            (plan, snapshot) = planning(&sources, snapshot).await?;
        }
    }
    let is_adf = |step: &Step| step.format == BodyFormat::Adf;
    let addresses = if plan.steps.iter().any(is_adf) {
        Addresses::new(&client, &space, &snapshot.pages)
    } else {
        Addresses::default()
    };
    let formats: HashMap<String, BodyFormat> = plan
        .steps
        .iter()
        .filter_map(|step| Some((step.page_id.clone()?, step.format)))
        .collect();
    let to_merge = plan.to_merge();
    if !to_merge.is_empty() {
        let read = Stored {
            client: &client,
            addresses: &addresses,
            formats: &formats,
            concurrency: request.concurrency.max(1),
        };
        read.edits(&mut snapshot, &to_merge).await?;
        cancelled(cancel)?;
        // What stands below the edits may be of a newer commit too.
        let newer = others::newer_commits(&files, &sources, &snapshot).await?;
        Arc::make_mut(&mut sources).newer.extend(newer);
        (plan, snapshot) = planning(&sources, snapshot).await?;
        let newer = others::newer_at_host(&files, &sources, &plan, &mut asked).await?;
        if !newer.is_empty() {
            Arc::make_mut(&mut sources).newer.extend(newer);
            (plan, snapshot) = planning(&sources, snapshot).await?;
        }
    }
    let edited = edited(&plan, snapshot);

    // The pages as they are, for the differences and for what a new version would lose. On Data
    // Center a move is a new version too.
    let moves_rewrite = !client.moves_without_version();
    let rewrites = |kind: &StepKind| match kind {
        StepKind::Update { .. } => true,
        StepKind::Move { .. } => moves_rewrite,
        _ => false,
    };
    let updated = plan.steps.iter().filter(|step| rewrites(&step.kind));
    let updated: Vec<(PageKind, String)> = updated
        .filter_map(|step| Some((step.content, step.page_id.clone()?)))
        .collect();
    let read = Stored {
        client: &client,
        addresses: &addresses,
        formats: &formats,
        concurrency: request.concurrency.max(1),
    };
    let before = read.onto(&shelves, updated).await?;
    for step in &mut plan.steps {
        let body = step.page_id.as_ref().and_then(|id| before.get(id));
        if rewrites(&step.kind)
            && let Some(body) = body
        {
            keep_comments(step, &read_again(body)?, &shelves)?;
        }
    }
    restricted::name_taken_off(&client, &mut plan.steps, request.concurrency).await?;
    cancelled(cancel)?;
    tell(Phase::Planning, 1, 1);
    Ok(Prepared {
        plan,
        client,
        space,
        files,
        source,
        skipped,
        before,
        edited,
        addresses,
        given_back: BTreeMap::new(),
        register: above,
        folder,
        under_way,
        requests_under_way: request.concurrency,
        verify: request.verify,
        planned_in: began.elapsed(),
        keeping: None,
    })
}

/// Looks at the files of pages that are there, and tells of those that people took away or replaced.
/// Nothing else tells: neither makes a version of the page. Costs a request for each page with files.
async fn files_by_hand(
    client: &Client,
    steps: &[Step],
    concurrency: usize,
) -> Result<BTreeMap<String, FilesByHand>, Error> {
    let is_there = |step: &&Step| {
        !step.attachments.is_empty()
            && matches!(
                step.kind,
                StepKind::Leave | StepKind::Move { .. } | StepKind::Update { .. }
            )
    };
    let asking: Vec<_> = steps
        .iter()
        .filter(is_there)
        .filter_map(|step| {
            let id = step.page_id.clone()?;
            Some(async move {
                let there = client.attachments(&id).await?;
                let mut files = FilesByHand::default();
                for planned in &step.attachments {
                    let mut known = there.iter();
                    let known = known.find(|known| known.filename == planned.filename);
                    match known.map(|known| known.sha256()) {
                        Some(Some(sha256)) if sha256 == planned.sha256 => {}
                        // What we send has its hash beside it, and what people send has not.
                        Some(None) => files.replaced.push(planned.filename.clone()),
                        Some(Some(_)) | None => files.missing.push(planned.filename.clone()),
                    }
                }
                Ok::<_, Error>((id, files))
            })
        })
        .collect();
    let looked: Vec<(String, FilesByHand)> = stream::iter(asking)
        .buffer_unordered(concurrency.max(1))
        .try_collect()
        .await?;
    let changed = looked.into_iter().filter(|(_, files)| !files.is_empty());
    Ok(changed.collect())
}

/// The pages of a plan that a person edited, by their ids, with how they were merged where they are.
fn edited(plan: &PublishPlan, snapshot: Snapshot) -> BTreeMap<String, RemotePage> {
    let steps = plan.steps.iter();
    let conflicts: HashSet<&str> = steps
        .filter(|step| step.conflict.is_some())
        .filter_map(|step| step.page_id.as_deref())
        .collect();
    let pages = snapshot.pages.into_iter();
    pages
        .filter(|page| conflicts.contains(page.id.as_str()))
        .map(|page| (page.id.clone(), page))
        .collect()
}

/// Whether folders are to be made, or a page of this repository is in something that is no page, and
/// not what is published below.
fn may_hold_folders(
    client: &Client,
    request: &PublishRequest,
    sources: &Sources,
    pages: &[RemotePage],
    above: Option<&str>,
) -> bool {
    if client.flavor() != Flavor::Cloud {
        return false;
    }
    let ids = pages.iter().map(|page| page.id.as_str());
    let ids: HashSet<&str> = ids.chain(above).collect();
    let names: Vec<String> = Names(sources).all().map(Marker::repository_hash).collect();
    let is_in_other = |page: &RemotePage| {
        let marker = page.marker.as_ref();
        let parent = page.parent_id.as_deref();
        marker.is_some_and(|marker| names.contains(&marker.repository))
            && parent.is_some_and(|parent| !ids.contains(parent))
    };
    request.settings.folders || pages.iter().any(is_in_other)
}

/// The most letters of the words that somebody gives versions.
const LONGEST_MESSAGE: usize = 150;

/// Refuses words for versions that a server may cut: behind them stands what tells that the version is
/// ours.
fn is_short(message: Option<&str>) -> Result<(), Error> {
    let letters = message.map_or(0, |message| message.chars().count());
    if letters <= LONGEST_MESSAGE {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "The message of versions has {letters} letters, and may have {most}",
            letters,
            most = LONGEST_MESSAGE
        ),
    )
    .remedy("Give a shorter message: it is only the first words, before the file and its commit"))
}

/// Refuses a format that the site's product does not have.
fn takes(format: BodyFormat, client: &Client) -> Result<(), Error> {
    if format == BodyFormat::Storage || client.flavor() == Flavor::Cloud {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        sentence!("`{site}` is Data Center, which takes no pages in the Atlassian Document Format", site = client.site()),
    )
    .remedy(Remedy::of_each(
        "Publish with `--format storage`, and take `format = \"adf\"` out of the settings that \
         `tributary config show` names",
        "Take `format = \"adf\"` out of the repository's `.tributary.toml`, or choose a site of Cloud",
    )))
}

/// Bodies that are read before the first of them is put away: whole requests of both products.
pub(super) const BODIES_AT_ONCE: usize = 100;

/// Reads pages as they are, in the format that each will be written in.
pub(super) struct Stored<'a> {
    pub(super) client: &'a Client,
    pub(super) addresses: &'a Addresses,
    /// How pages are written, by page id; those that are missing in storage format.
    pub(super) formats: &'a HashMap<String, BodyFormat>,
    pub(super) concurrency: usize,
}

impl Stored<'_> {
    /// The format that a page will be written in.
    pub(super) fn format(&self, page: &str) -> BodyFormat {
        self.formats.get(page).copied().unwrap_or_default()
    }

    /// Bodies as they were read, by page id.
    async fn as_read(&self, pages: &[String]) -> Result<BTreeMap<String, String>, Error> {
        let (adf, storage): (Vec<String>, Vec<String>) = pages
            .iter()
            .cloned()
            .partition(|page| self.format(page) == BodyFormat::Adf);
        let mut bodies = self.client.bodies(&storage).await?;
        bodies.extend(self.client.bodies_in(BodyFormat::Adf, &adf).await?);
        Ok(bodies)
    }

    /// Bodies as storage format, by page id, on shelves. A few are in memory at once.
    pub(super) async fn onto(
        &self,
        shelves: &Shelves,
        pages: Vec<(PageKind, String)>,
    ) -> Result<BTreeMap<String, Text>, Error> {
        // Those that one request can ask for together.
        let mut alike: BTreeMap<(bool, bool), Vec<String>> = BTreeMap::new();
        for (kind, page) in pages {
            let is_adf = self.format(&page) == BodyFormat::Adf;
            let some = alike.entry((is_adf, kind == PageKind::BlogPost));
            some.or_default().push(page);
        }
        let parts = alike.values().flat_map(|some| some.chunks(BODIES_AT_ONCE));
        let mut put = BTreeMap::new();
        for part in parts {
            let bodies = self.as_read(part).await?;
            let mut read = stream::iter(bodies)
                .map(|(page, body)| async move {
                    let format = self.format(&page);
                    let read = self.addresses.read(self.client, format, &page, body);
                    Ok::<_, Error>((page.clone(), read.await?))
                })
                .buffer_unordered(self.concurrency);
            while let Some((page, body)) = read.try_next().await? {
                put.insert(page, shelves.put(body));
            }
        }
        Ok(put)
    }

    /// Reads of the pages in conflict what is needed to merge them.
    async fn edits(&self, snapshot: &mut Snapshot, conflicts: &[String]) -> Result<(), Error> {
        let mut bodies = self.as_read(conflicts).await?;
        let wanted: Vec<(usize, RemotePage, String)> = snapshot
            .pages
            .iter()
            .enumerate()
            .filter_map(|(at, page)| Some((at, page.clone(), bodies.remove(&page.id)?)))
            .collect();
        let read: Vec<_> = stream::iter(wanted)
            .map(|(at, page, body)| async move {
                let format = self.format(&page.id);
                let edited =
                    merging::edited(self.client, &page, format, self.addresses, body).await?;
                Ok::<_, Error>((at, edited))
            })
            .buffer_unordered(self.concurrency)
            .try_collect()
            .await?;
        for (at, edited) in read {
            snapshot.pages[at].edited = edited;
        }
        Ok(())
    }
}

/// Puts the inline comments of a page into its next body, and says which lose their place.
pub(super) fn keep_comments(step: &mut Step, page: &str, shelves: &Shelves) -> Result<(), Error> {
    let body = read_again(&step.body)?;
    let carried = carry_comments(page, &body);
    if carried.body != body {
        drop(body);
        step.keep(Bodies::of_storage(carried.body, step.format), shelves);
    }
    for words in carried.lost {
        let shown: String = words.chars().take(80).collect();
        let lost = Problem {
            severity: Severity::Warning,
            code: "comment.anchor_lost",
            message: sentence!(
                "the inline comment on `{shown}` stays with the page, but loses its place: these \
                 words are no longer there, or not where it can be told which of them are meant",
                shown
            ),
            line: 0,
            column: 0,
        };
        // The plan may have said it already.
        if !step.problems.contains(&lost) {
            step.problems.push(lost);
        }
    }
    Ok(())
}

/// A text that was put away.
pub(super) fn read_again(text: &Text) -> Result<Cow<'_, str>, Error> {
    text.read().map_err(|error| {
        Error::new(
            ErrorKind::Storage,
            "A text that was put into a temporary file could not be read again",
        )
        .remedy("Look after the disk of the folder for temporary files, and publish again")
        .caused_by(error)
    })
}

pub(super) fn read_only(client: &Client, space: &Space) -> Error {
    Error::new(
        ErrorKind::Forbidden,
        sentence!(
            "You may not create pages in the space `{key}` of `{site}`",
            key = space.key,
            site = client.site()
        ),
    )
    .remedy("Ask the space's administrator for the right to add pages, or choose another space")
}

/// The sources that somebody means by these names, relative to the repository's root: a file by its
/// path, and a folder by the page that it has. None where there is none among what is published.
/// Asks nothing of Confluence.
///
/// # Errors
/// Any error of reading the sources.
pub async fn sources_named(
    request: &PublishRequest,
    pinned: Option<&Pinned>,
    names: &[String],
) -> Result<Vec<Option<String>>, Error> {
    let sources = match pinned {
        Some(pinned) => pinned::sources(request, pinned, &|_, _| {}).await?.sources,
        None => sources_here(request).await?.sources,
    };
    Ok(pages::sources_named(&sources, names))
}

async fn sources_here(request: &PublishRequest) -> Result<Gathered, Error> {
    let request = request.clone();
    let reading = tokio::task::spawn_blocking(move || sources(&request)).await;
    reading.map_err(|error| {
        Error::new(ErrorKind::Bug, "Reading the files broke off").caused_by(error)
    })?
}

/// Reads the documentation files and what they refer to.
///
/// # Errors
/// When a path does not exist, the paths are in different repositories, or a pattern is wrong.
pub fn sources(request: &PublishRequest) -> Result<Gathered, Error> {
    let first = request.paths.first().ok_or_else(|| {
        Error::new(ErrorKind::InvalidInput, "Nothing to publish was named")
            .remedy("Name a folder or file")
    })?;
    let repository = repository::open(first)?;
    let under_way = repository.under_way();
    let mut selected = Vec::new();
    let mut snippets = Vec::new();
    for path in &request.paths {
        let (file, lines) = repository::without_lines(path);
        let file = inside(&repository, &file)?;
        match lines {
            Some(lines) => {
                let snippet = Snippet {
                    file,
                    title: request.settings.lines_title.clone(),
                    ..lines
                };
                selected.push(snippet.path());
                snippets.push(snippet);
            }
            None => selected.push(file),
        }
    }
    refuse_title(request, &snippets)?;
    let patterns = Patterns::new(&repository.root, &request.include, &request.exclude)?;
    let (entries, left_out) = repository.entries(Path::new(""))?;
    let found = entries.into_iter().map(|entry| Found {
        unusable: match entry.kind {
            EntryKind::Symlink { inside: false, .. } => Some(sentence!(
                "`{path}` is a symbolic link that leaves the repository; it is not followed",
                path = entry.path
            )),
            _ => None,
        },
        path: entry.path,
        size: entry.size,
    });
    let left_out = left_out.into_iter().map(|left| Skipped {
        path: left.path,
        reason: left.reason,
    });
    let permalink = |path: &str| repository.permalink(path);
    let mut chosen = choose(found, left_out, &selected, &patterns, &permalink);
    chosen.add(snippets);
    let read = chosen.take_documents().into_iter().map(|(path, file)| {
        let bytes = repository.read(&file);
        (path, bytes)
    });
    let skipped = std::mem::take(&mut chosen.skipped);
    let links = |path: &str, lines| repository.links_to(path, lines);
    let (mut sources, sizes) = understand(
        chosen,
        read,
        &Surroundings::of_repository(request.settings.template.clone(), repository.facts()),
        &links,
        Sources {
            formerly: request.settings.repository.formerly(&[]),
            repository: request.settings.repository.called(&repository.identity),
            folder: folder_of(
                repository
                    .is_called_by_folder
                    .then_some(repository.root.as_path()),
                request,
            ),
            name: repository.name.clone(),
            commit: repository.head.as_ref().map(|head| head.commit.clone()),
            branch: repository
                .head
                .as_ref()
                .and_then(|head| head.branch.clone()),
            beside: match request.settings.keep_branch {
                true => repository.branches_beside(),
                false => BTreeSet::new(),
            },
            selected,
            shelves: store::shelves(),
            ..Sources::default()
        },
        &request.settings.drawings,
        &mut |path| repository.read(path).ok(),
    );
    for path in pages::assets(&sources) {
        let size = sizes.get(&path).copied().unwrap_or(0);
        let looked_at = look_at(&path, size, || opened(&repository, &path));
        put_asset(&mut sources, &path, looked_at);
    }
    draw_files(&mut sources, &request.settings.drawings);
    // Before and after: it may have begun or ended while the files were read.
    sources.under_way = under_way.or_else(|| repository.under_way());
    Ok(Gathered {
        repository,
        sources,
        skipped,
    })
}

/// Which folder a repository is, when it is called by its folder's name and says no other.
pub(super) fn folder_of(called_by: Option<&Path>, request: &PublishRequest) -> Option<String> {
    let called_by = called_by.filter(|_| request.settings.repository.name.is_none());
    // Nobody needs to read in Confluence how folders are called on this machine.
    called_by.map(renamed::digits_of)
}

/// Says that other pages have their titles from their sources.
pub(super) fn refuse_title(request: &PublishRequest, snippets: &[Snippet]) -> Result<(), Error> {
    match &request.settings.lines_title {
        Some(title) if snippets.is_empty() => Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "The title `{title}` is given, and no lines of a file to be called so",
                title
            ),
        )
        .remedy("Set the title in the front matter of a file, or name lines: `PATH#L10-L20`")),
        _ => Ok(()),
    }
}

/// The path of a named file or folder, relative to the repository's root.
fn inside(repository: &Repository, path: &Path) -> Result<String, Error> {
    let outside = || {
        Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{path}` is not in the repository `{root}`",
                path = path.display(),
                root = repository.root.display()
            ),
        )
        .remedy("Publish each repository on its own")
    };
    let full: PathBuf = path.canonicalize().map_err(|error| {
        Error::new(
            ErrorKind::NotFound,
            sentence!("`{path}` cannot be opened", path = path.display()),
        )
        .remedy("Check the path")
        .caused_by(error)
    })?;
    let root = repository.root.canonicalize().map_err(|_| outside())?;
    let relative = full.strip_prefix(&root).map_err(|_| outside())?;
    let parts: Option<Vec<&str>> = relative
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    Ok(parts.ok_or_else(outside)?.join("/"))
}

/// Everything that was read for a plan.
pub(super) struct Read {
    pub(super) files: ReadFrom,
    pub(super) sources: Sources,
    pub(super) skipped: Vec<Skipped>,
    pub(super) reference: Option<String>,
}
