//! Which page came from which source, where its version message does not tell.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{
    self as pages, Marker, OnConflict, Origin, RemotePage, Snapshot, Sources,
};

use crate::confluence::{Client, Past, is_closed};
use crate::error::Error;
use crate::publish::PublishRequest;

/// Bodies that are looked at together, as many as one request brings on Cloud.
const BODIES_AT_ONCE: usize = 100;
/// Pages of whoever publishes here that are asked one by one whether they are this repository's where
/// nothing shows that a publish was cut short: people may have edited all that it finished, which is then
/// not much.
const FEW: usize = 4;

/// Reads what the planner wants to know of pages whose version message does not tell. Gives the list of
/// what was published, where it was read for that; `listed` is that list where it was read before.
pub(super) async fn identify(
    client: &Client,
    sources: &Sources,
    snapshot: &mut Snapshot,
    request: &PublishRequest,
    mut listed: Option<BTreeMap<String, String>>,
    tell: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Option<BTreeMap<String, String>>, Error> {
    pages::take_former(snapshot, sources);
    let names = Names(sources);
    let above = snapshot.parent.clone();
    let listed_of = |path: &str, id: &str| Origin {
        repository: sources.repository.clone(),
        path: path.to_owned(),
        page: id.to_owned(),
    };
    let mut read_list = async |above: &str| match listed.take() {
        Some(paths) => Ok(paths),
        None => names.registered(client, above).await,
    };
    let mut registered = None;
    let mut folders = snapshot.pages.iter_mut();
    if let Some(above) = &above
        && folders.any(|page| page.kind == PageKind::Folder)
    {
        // Folders have no versions that say it, so this is where it is looked first.
        let paths = read_list(above).await?;
        for page in &mut snapshot.pages {
            if page.kind == PageKind::Folder {
                let path = paths.get(&page.id);
                page.origin = path.map(|path| listed_of(path, &page.id));
            }
        }
        registered = Some(paths);
    }
    let mut wanted = pages::wanted(sources, snapshot, &request.settings);
    // Those that may be ours only if a publish was cut short.
    let mut unlisted = Vec::new();
    if !wanted.perhaps.is_empty() {
        // A space may hold thousands of pages of people, so none is asked that cannot be ours.
        if let (Some(above), None) = (&above, &registered) {
            registered = Some(read_list(above).await?);
        }
        let listed = registered.as_ref().filter(|paths| !paths.is_empty());
        let perhaps = std::mem::take(&mut wanted.perhaps);
        let is_listed = |id: &String| listed.is_some_and(|paths| paths.contains_key(id));
        let (are_listed, others): (Vec<String>, Vec<String>) =
            perhaps.into_iter().partition(is_listed);
        wanted.origins.extend(are_listed);
        if wanted.has_new {
            let others: BTreeSet<String> = others.into_iter().collect();
            let made_by_us = made_by_us(client, sources, snapshot, &others).await?;
            let is_of_others = |id: &String| others.contains(id) && !made_by_us.contains(id);
            wanted.bodies.retain(|id| !is_of_others(id));
            // Without a list: what was published before there was one.
            match listed.is_none() && wanted.needs_list {
                true => wanted.origins.extend(made_by_us),
                false => unlisted.extend(made_by_us),
            }
        }
    }
    if let (Some(above), None) = (&above, &registered)
        && wanted.origins.len() > 1
    {
        registered = Some(match read_list(above).await {
            Err(error) if is_closed(&error) => BTreeMap::new(),
            registered => registered?,
        });
    }
    if let Some(paths) = &registered {
        let told = told_by_list(paths, sources, snapshot, request);
        let is_told = |id: &String| told.contains_key(id);
        wanted.origins.retain(|id| !is_told(id));
        // What is listed was finished, and is left as it is.
        wanted.bodies.retain(|id| !is_told(id));
        for page in &mut snapshot.pages {
            if let Some(path) = told.get(&page.id) {
                page.origin = Some(listed_of(path, &page.id));
            }
        }
    }
    let ours: Vec<String> = names.all().map(str::to_owned).collect();
    let ours = &ours;
    // Before the origins: whoever publishes at the same time writes a page's origin before the
    // version that says it is finished. A page that is finished by now has its origin by now; the
    // other way round it could have neither, and would be taken for somebody else's.
    let mut unfinished: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for some in wanted.bodies.chunks(BODIES_AT_ONCE) {
        let bodies = client.bodies(some).await?;
        unfinished.extend(bodies.into_iter().filter_map(|(id, body)| {
            let said = pages::unfinished_source(&body)?;
            let path = names
                .all()
                .find_map(|name| pages::unfinished_path(&body, name));
            let source = path.as_ref().map(|path| names.source(path));
            Some((id, (source.unwrap_or(said), path)))
        }));
    }
    unlisted.retain(|id| !unfinished.contains_key(id));
    if unlisted.len() <= FEW
        || !unfinished.is_empty()
        || some_are_unlisted(&names, snapshot, registered.as_ref())
    {
        wanted.origins.append(&mut unlisted);
    }
    let total = wanted.origins.len();
    let mut done = 0;
    let mut origins = BTreeMap::new();
    let mut reading = stream::iter(wanted.origins)
        .map(|id| async move {
            let past = client.past(&id, ours).await;
            past.map(|past| (id, past))
        })
        .buffer_unordered(request.concurrency.max(1) * 2);
    let mut unknown = Vec::new();
    while let Some((id, past)) = reading.try_next().await? {
        done += 1;
        tell(done, total);
        match past {
            Past::Ours(origin) => {
                origins.insert(id, pages::present(origin, sources));
            }
            Past::Unknown => unknown.push(id),
            Past::NotOurs => {}
        }
    }
    drop(reading);
    for page in &mut snapshot.pages {
        // What an answer that got lost left is of whoever publishes.
        if page.is_empty_folder && unknown.contains(&page.id) {
            let publisher = &mut snapshot.publisher;
            page.is_empty_folder = is_ours_to_take(client, &page.id, publisher).await?;
        }
    }
    if let Some(above) = above.filter(|_| !unknown.is_empty()) {
        let paths = match &mut registered {
            Some(paths) => paths,
            none => none.insert(read_list(&above).await?),
        };
        for id in unknown {
            if let Some(path) = paths.get(&id) {
                let origin = listed_of(path, &id);
                origins.insert(id, origin);
            }
        }
    }
    for page in &mut snapshot.pages {
        if let Some(origin) = origins.remove(&page.id) {
            page.origin = Some(origin);
        }
        let Some((source, path)) = unfinished.remove(&page.id) else {
            continue;
        };
        page.unfinished = Some(source);
        if let (Some(path), None) = (path, &page.origin) {
            page.origin = Some(listed_of(&path, &page.id));
        }
    }
    // A title alone does not make a new source that of a page whose own is gone.
    let perhaps = pages::perhaps_renamed(sources, snapshot, &request.settings);
    let mut bodies = client.bodies(&perhaps).await?;
    for page in &mut snapshot.pages {
        page.body = bodies.remove(&page.id);
    }
    Ok(registered)
}

/// Of pages that no list names those that whoever publishes here made. A publish that is cut short lists
/// none of the pages that it made, and the next one may find nothing to do for them.
async fn made_by_us(
    client: &Client,
    sources: &Sources,
    snapshot: &mut Snapshot,
    pages: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    if pages.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names = Names(sources);
    let hashes: Vec<String> = names.all().map(Marker::repository_hash).collect();
    let is_ours = |page: &&RemotePage| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| hashes.contains(&marker.repository))
    };
    let ours = snapshot.pages.iter().filter(is_ours);
    let mut makers: BTreeSet<String> = ours.filter_map(|page| page.creator.clone()).collect();
    if makers.is_empty() {
        if snapshot.publisher.is_none() {
            snapshot.publisher = client.current_user().await.ok().map(|user| user.id);
        }
        makers.extend(snapshot.publisher.clone());
    }
    let of_them = snapshot.pages.iter().filter(|page| {
        let creator = page.creator.as_ref();
        pages.contains(&page.id) && creator.is_some_and(|creator| makers.contains(creator))
    });
    Ok(of_them.map(|page| page.id.clone()).collect())
}

/// Whether a page says that it is of a source that is published now, and is not listed: the publish that
/// wrote it was cut short before it could list what it made, or goes on. Everything that a publish finds is
/// listed by the next one that makes something.
fn some_are_unlisted(
    names: &Names<'_>,
    snapshot: &Snapshot,
    registered: Option<&BTreeMap<String, String>>,
) -> bool {
    let is_listed = |id: &String| registered.is_some_and(|paths| paths.contains_key(id));
    let documents = names.0.documents.iter();
    let here: HashSet<String> = documents
        .map(|document| names.source(&document.path))
        .collect();
    snapshot.pages.iter().any(|page| {
        let marker = page.marker.as_ref();
        marker.is_some_and(|marker| here.contains(&marker.source)) && !is_listed(&page.id)
    })
}

/// Whether an empty folder that says nothing may be one of ours that was cut short: whoever publishes
/// made it.
async fn is_ours_to_take(
    client: &Client,
    folder: &str,
    publisher: &mut Option<String>,
) -> Result<bool, Error> {
    let Some(maker) = client.folder_maker(folder).await? else {
        return Ok(true);
    };
    if publisher.is_none() {
        *publisher = Some(client.current_user().await?.id);
    }
    Ok(publisher.as_ref() == Some(&maker))
}

/// The sources of pages that a person edited, as the page above lists them; they are not asked one by
/// one. A list is not proof, because everybody who may edit the page above may write it: it is believed
/// where all that comes of it is that a page is left, and of sources that are there, because of others it
/// may say what they were called before.
fn told_by_list(
    paths: &BTreeMap<String, String>,
    sources: &Sources,
    snapshot: &Snapshot,
    request: &PublishRequest,
) -> BTreeMap<String, String> {
    let edited = snapshot.pages.iter().filter(|page| {
        let is_first = page.version == 1;
        page.kind != PageKind::Folder && page.marker.is_none() && !is_first
    });
    let listed = edited.filter_map(|page| Some((&page.id, paths.get(&page.id)?)));
    let is_left = |path: &str| request.settings.conflict(path) == OnConflict::Refuse;
    let believed = listed.filter(|(_, path)| sources.is_document(path) && is_left(path));
    believed
        .map(|(id, path)| (id.clone(), path.clone()))
        .collect()
}

/// What a repository is called, and what it was called.
pub(super) struct Names<'a>(pub(super) &'a Sources);

impl Names<'_> {
    /// Its names, the present one first.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let formerly = self.0.formerly.iter().map(String::as_str);
        std::iter::once(self.0.repository.as_str()).chain(formerly)
    }

    /// The hash of one of its sources.
    fn source(&self, path: &str) -> String {
        pages::source_hash(&self.0.repository, path)
    }

    /// The paths that pages were published from under any of its names, by page id.
    pub(super) async fn registered(
        &self,
        client: &Client,
        above: &str,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut paths = BTreeMap::new();
        for name in self.all() {
            for (id, path) in client.registered(above, name).await? {
                paths.entry(id).or_insert(path);
            }
        }
        Ok(paths)
    }
}
