//! Takes a publish back: its report becomes a plan that restores the versions it replaced.
//!
//! The plan is shown, recorded and carried out like any other, so a page that somebody changed since
//! is left as it is. Labels, content properties and the place of a page go back to what the report
//! says they were, as far as nobody changed them since; labels that people set meanwhile stay. So do
//! files that others were put in the place of, as new versions, and on Cloud the order of pages. Files that
//! a page did not have go into the trash, and pages of the trash come back. What a report does not tell is
//! said and not guessed. What an earlier try took back is left as it is by the next one.
//!
//! - `access`: who may read and edit pages.
//! - `asking`: what is asked about pages one by one.
//! - `files`: the files of pages.
//! - `half`: pages that a publish was killed at.
//! - `ranks`: where pages stood among those beside them.
//! - `staying`: pages that others keep from going back.
//! - `trashed`: pages that a publish put into the trash.

mod access;
mod asking;
mod files;
mod half;
mod ranks;
mod staying;
mod trashed;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::{BodyFormat, Flavor, PageKind, Problem, Restrictions, Severity};
use tributary_pages::plan::{
    LabelMode, Marker, Parent, Place, PlannedAttachment, PublishPlan, Refusal, RemotePage, Shelves,
    Stands, Step, StepKind, TakesOff, Text, Words, plan_of_steps, rows_of, unfinished_source,
};

use crate::Sentence;
use crate::confluence::{
    AtVersion, Attachment, Client, ORIGIN_PROPERTY, Restricted, Space, is_untold,
};
use crate::error::{Error, ErrorKind, Remedy};
use crate::store;

use super::assets::ReadFrom;
use super::before::{Before, PlaceChange};
use super::begun::Unsure;
use super::gather::{BODIES_AT_ONCE, Stored, keep_comments, read_again};
use super::known::Addresses;
use super::{OnProgress, Phase, Prepared, Progress, Source, Throttle, cancelled};
use access::Allowed;
use asking::Asking;
use trashed::{TRASHED, Trashed};

/// The report of a publish, as far as it is needed to take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The site's address.
    pub site: String,
    /// The space's key.
    pub space: String,
    source: Source,
    pages: Vec<Page>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Page {
    id: String,
    path: String,
    title: String,
    outcome: String,
    version: Option<u32>,
    /// Files that were sent with it.
    sent: u64,
    restricted: bool,
    /// What else was changed, in the report's words; none where the report does not tell.
    changed: Option<Vec<String>>,
    /// How that was before. Earlier reports do not tell.
    before: Option<Before>,
    format: BodyFormat,
    /// That it is not known how far the publish came with it.
    unsure: Option<Unsure>,
}

/// Stands for nothing that is ever published, so that the next publish looks.
const NO_FINGERPRINT: &str = "0000000000000000";

/// The values of content properties, by their keys; none for one that the page has not.
type Properties = BTreeMap<String, Option<Value>>;

/// The files of pages of which the publish changed some, by page.
type Files = BTreeMap<String, Vec<Attachment>>;

impl Page {
    /// Whether the publish wrote a version of the page that was there.
    fn has_new_version(&self, client: &Client) -> bool {
        match self.outcome.as_str() {
            "updated" => true,
            // On Cloud a place changes without one.
            "moved" => !client.moves_without_version() && self.place().is_some(),
            _ => false,
        }
    }

    fn place(&self) -> Option<&PlaceChange> {
        self.before
            .as_ref()
            .and_then(|before| before.place.as_ref())
    }
}

impl Undone {
    /// Reads a report that `tributary publish --report` wrote.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is not one.
    pub fn read(report: &[u8]) -> Result<Self, Error> {
        let wrong = |what: Sentence| {
            Error::new(
                ErrorKind::InvalidInput,
                sentence!("The file is no report of a publish: {what}", what).with("what", what),
            )
            .remedy(Remedy::of_each(
                "Name a file that `tributary publish --report FILE` wrote",
                "Name the report of a publish",
            ))
        };
        let report: Value =
            serde_json::from_slice(report).map_err(|error| wrong(error.to_string().into()))?;
        if report["schema"] != "tributary.report/1" {
            return Err(wrong(Sentence::from(
                "its schema is not `tributary.report/1`",
            )));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (Some(site), Some(space), Some(outcomes)) = (
            text(&report["site"]),
            text(&report["space"]),
            report["outcomes"].as_array(),
        ) else {
            return Err(wrong(Sentence::from(
                "it lacks its site, space or outcomes",
            )));
        };
        let pages = outcomes.iter().filter_map(|outcome| {
            let changed: Option<Vec<String>> = outcome["changed"].as_array().map(|changed| {
                let names = changed.iter().filter_map(Value::as_str);
                names.map(str::to_owned).collect()
            });
            let names = changed.as_deref().unwrap_or_default();
            let before = outcome["before"].as_object();
            let before = before.map(|_| Before::read(&outcome["before"], names));
            let unsure = Unsure::read(outcome);
            // One that was perhaps made is looked for.
            let id = text(&outcome["page_id"]).or_else(|| unsure.as_ref().map(|_| String::new()));
            Some(Page {
                id: id?,
                unsure,
                path: text(&outcome["source"]).unwrap_or_default(),
                title: text(&outcome["title"]).unwrap_or_default(),
                outcome: text(&outcome["outcome"]).unwrap_or_default(),
                // The first version of a page is 1; none is before it.
                version: outcome["version"]
                    .as_u64()
                    .and_then(|version| u32::try_from(version).ok())
                    .filter(|version| *version > 0),
                sent: outcome["attachments"]["uploaded"].as_u64().unwrap_or(0),
                restricted: outcome["restricted"] == true,
                changed,
                before,
                format: match outcome["format"] == "adf" {
                    true => BodyFormat::Adf,
                    false => BodyFormat::Storage,
                },
            })
        });
        Ok(Self {
            pages: pages.collect(),
            source: Source {
                repository: text(&report["source"]["repository"]).unwrap_or_default(),
                reference: text(&report["source"]["ref"]),
                commit: text(&report["source"]["commit"]),
            },
            site,
            space,
        })
    }
}

/// Decides what taking a publish back would do; changes nothing. Carried out by
/// [`apply`](super::apply()).
///
/// # Errors
/// When the site cannot be reached, or does not have the space.
pub async fn plan_undo(
    client: &Client,
    undone: &Undone,
    concurrency: usize,
    progress: OnProgress<'_>,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let began = std::time::Instant::now();
    let throttle = Throttle::new(progress);
    let tell = |phase, done, total| {
        throttle.tell(Progress {
            phase,
            done,
            total,
            current: None,
        });
    };
    let http = client.http().for_operation(concurrency, cancel.clone());
    let client = client.with_http(http);
    let space = client.space(&undone.space).await?;
    let pages = client
        .pages(&space, &|count| tell(Phase::Snapshot, count, 0))
        .await?;
    let is_listed = |page: &Page| pages.iter().any(|listed| listed.id == page.id);
    let has_others = !undone.pages.iter().all(is_listed);
    let posts = match has_others {
        true => client.blog_posts(&space).await?,
        false => Vec::new(),
    };
    let mut pages: Vec<RemotePage> = pages.into_iter().chain(posts).collect();
    if client.flavor() == Flavor::Cloud {
        let unlisted: Vec<&Page> = undone
            .pages
            .iter()
            .filter(|page| page.path.ends_with('/') && !page.id.is_empty())
            .filter(|page| page.outcome != TRASHED)
            .filter(|page| pages.iter().all(|listed| listed.id != page.id))
            .collect();
        for folder in unlisted {
            let looking = || client.folder_by_id(&space, &folder.id);
            pages.extend(asking::twice(looking).await?);
        }
    }
    cancelled(cancel)?;
    let undone = &half::looked_at(&client, undone, &pages).await?;
    let there: HashMap<&str, &RemotePage> =
        pages.iter().map(|page| (page.id.as_str(), page)).collect();
    // What a page said before, of those whose version on top is the one that was published.
    let wanted: Vec<(&str, u32, BodyFormat)> = undone
        .pages
        .iter()
        .filter(|page| page.has_new_version(&client))
        .filter_map(|page| Some((page.id.as_str(), page.version?, page.format)))
        .filter(|(id, version, _)| there.get(id).is_some_and(|page| page.version == *version))
        .collect();
    let has_adf = undone.pages.iter().any(|page| {
        page.format == BodyFormat::Adf
            && (page.outcome == TRASHED || wanted.iter().any(|(id, ..)| *id == page.id))
    });
    let addresses = match has_adf {
        true => Addresses::new(&client, &space, &pages),
        false => Addresses::default(),
    };
    let shelves = store::shelves();
    let mut asking = Asking::new(concurrency);
    let before = {
        let (client, addresses, shelves) = (&client, &addresses, &shelves);
        let asked = wanted
            .iter()
            .map(|(id, version, format)| ((*id).to_owned(), (version - 1, *format)));
        let reading = move |id: String, (version, format): (u32, BodyFormat)| async move {
            before(client, addresses, shelves, &id, version, format).await
        };
        asking.each(asked.collect(), reading).await?
    };
    let before: BTreeMap<String, Option<Was>> =
        before.into_iter().map(|(id, _, was)| (id, was)).collect();
    cancelled(cancel)?;
    let trashed = trashed::looked_for(
        &client,
        &space,
        undone,
        &there,
        &addresses,
        &shelves,
        &mut asking,
    )
    .await?;
    cancelled(cancel)?;
    let wanted_ids: HashSet<&str> = wanted.iter().map(|(id, ..)| *id).collect();
    let beside = beside_now(&client, undone, &wanted_ids, &there, &mut asking).await?;
    cancelled(cancel)?;
    let formats = wanted
        .iter()
        .map(|(id, _, format)| ((*id).to_owned(), *format));
    let formats: HashMap<String, BodyFormat> = formats.collect();
    let stored = Stored {
        client: &client,
        addresses: &addresses,
        formats: &formats,
        concurrency: concurrency.max(1),
    };
    let shown = wanted.iter().filter_map(|(id, ..)| there.get(id).copied());
    let now = shown_now(&stored, &shelves, shown, &mut asking).await?;
    cancelled(cancel)?;

    tell(Phase::Planning, 0, 1);
    let known = Known {
        pages: trashed::parents_first(&undone.pages),
        repository: &undone.source.repository,
        there: &there,
        before: &before,
        beside: &beside,
        trashed: &trashed,
        unread: &asking.unread,
        moves_without_version: client.moves_without_version(),
        may_take_files: client.is_for_removing().is_ok(),
    };
    let mut steps = staying::settled(&known);
    for step in &mut steps {
        let body = step.page_id.as_ref().and_then(|id| now.get(id));
        if let (StepKind::Update { .. }, Some(body)) = (&step.kind, body) {
            keep_comments(step, &read_again(body)?, &shelves)?;
        }
        files::name_going(step)?;
    }
    trashed::put_back(&mut steps, &undone.pages, &there, &rows_of(&pages));
    if client.moves_without_version() {
        ranks::restore(&mut steps, &undone.pages, &pages);
    }
    let repository = &undone.source.repository;
    let given_back = given_back(&client, &space, repository, &steps, &there).await?;
    tell(Phase::Planning, 1, 1);
    let plan: PublishPlan = plan_of_steps(steps, &pages);
    Ok(Prepared {
        plan,
        client,
        space,
        files: ReadFrom::Nowhere,
        source: undone.source.clone(),
        skipped: Vec::new(),
        before: now,
        edited: BTreeMap::new(),
        addresses,
        given_back,
        register: None,
        folder: None,
        under_way: None,
        requests_under_way: concurrency,
        verify: false,
        planned_in: began.elapsed(),
        keeping: None,
    })
}

/// The pages that were not this repository's before they were published, with what is above each.
async fn given_back(
    client: &Client,
    space: &Space,
    repository: &str,
    steps: &[Step],
    there: &HashMap<&str, &RemotePage>,
) -> Result<BTreeMap<String, Vec<(String, PageKind)>>, Error> {
    let hash = Marker::repository_hash(repository);
    let ours = [repository.to_owned()];
    let mut given_back = BTreeMap::new();
    for step in steps {
        let (
            StepKind::Update {
                expected_version, ..
            },
            Some(id),
        ) = (&step.kind, &step.page_id)
        else {
            continue;
        };
        let is_marked = step.marker.as_ref().is_some_and(|is| is.repository == hash);
        let mut unsaid = step.takes_off.properties.iter();
        if is_marked || unsaid.all(|key| key != ORIGIN_PROPERTY) {
            continue;
        }
        let looking = || client.was_not_ours(id, *expected_version, &ours);
        if !asking::twice(looking).await? {
            continue;
        }
        let above = |id: &String| there.get(id.as_str())?.parent_id.clone();
        let above = std::iter::successors(above(id), above).take(there.len());
        let kind = |id: String| {
            // What is above pages and in no listing is a folder.
            let kind = there
                .get(id.as_str())
                .map_or(PageKind::Folder, |page| page.kind);
            (id, kind)
        };
        let home = space.home.clone().map(|home| (home, PageKind::Page));
        let mut all: Vec<(String, PageKind)> = above.map(kind).collect();
        all.extend(home.filter(|home| !all.contains(home)));
        given_back.insert(id.clone(), all);
    }
    Ok(given_back)
}

/// What pages have beside their texts by now, as far as the publish changed it: what somebody set since is
/// theirs.
#[derive(Default)]
struct BesideNow {
    properties: BTreeMap<String, Properties>,
    files: Files,
    allowed: Allowed,
}

async fn beside_now(
    client: &Client,
    undone: &Undone,
    wanted: &HashSet<&str>,
    there: &HashMap<&str, &RemotePage>,
    asking: &mut Asking,
) -> Result<BesideNow, Error> {
    let mut now = BesideNow::default();
    let half_taken = undone.pages.iter();
    let half_taken = half_taken.filter(|page| files::may_be_left(page, there));
    let half_taken: Vec<&str> = half_taken.map(|page| page.id.as_str()).collect();
    let pages = undone.pages.iter();
    let pages = pages.filter(|page| wanted.contains(page.id.as_str()));
    let changed: Vec<(&Page, &Before)> = pages
        .filter_map(|page| Some((page, page.before.as_ref()?)))
        .collect();
    let keys = changed.iter().flat_map(|(page, before)| {
        let keys = before.properties.keys();
        keys.map(move |key| (page.id.clone(), key.clone()))
    });
    let reading =
        move |id: String, key: String| async move { client.property_value(&id, &key).await };
    for (id, key, value) in asking.each(keys.collect(), reading).await? {
        now.properties.entry(id).or_default().insert(key, value);
    }
    let of_files = changed
        .iter()
        .filter(|(_, before)| files::has_changed(before));
    let of_files = of_files.map(|(page, _)| page.id.as_str());
    let of_files = of_files.chain(half_taken).map(|id| (id.to_owned(), ()));
    let reading = move |id: String, ()| async move { client.attachments(&id).await };
    for (id, (), files) in asking.each(of_files.collect(), reading).await? {
        now.files.insert(id, files);
    }
    let of_access = changed
        .iter()
        .filter(|(_, before)| before.restrictions.is_some());
    let of_access = of_access.map(|(page, _)| (page.id.clone(), ()));
    let reading = move |id: String, ()| async move {
        match client.restricted(&id).await {
            Ok(allowed) => Ok(Some(allowed)),
            Err(error) if is_untold(&error) => Ok(None),
            Err(error) => Err(error),
        }
    };
    for (id, (), allowed) in asking.each(of_access.collect(), reading).await? {
        now.allowed.extend(allowed.map(|allowed| (id, allowed)));
    }
    Ok(now)
}

/// What pages say by now, put away: for the differences, and for the comments in them.
async fn shown_now<'a>(
    stored: &Stored<'_>,
    shelves: &Shelves,
    pages: impl Iterator<Item = &'a RemotePage>,
    asking: &mut Asking,
) -> Result<BTreeMap<String, Text>, Error> {
    // Those that one request can ask for together.
    let mut alike: BTreeMap<(bool, bool), Vec<(PageKind, String)>> = BTreeMap::new();
    for page in pages.filter(|page| !asking.unread.contains_key(&page.id)) {
        let is_adf = stored.format(&page.id) == BodyFormat::Adf;
        let some = alike.entry((is_adf, page.kind == PageKind::BlogPost));
        some.or_default().push((page.kind, page.id.clone()));
    }
    let parts = alike.values().flat_map(|some| some.chunks(BODIES_AT_ONCE));
    let mut now = BTreeMap::new();
    for part in parts {
        // Each of them is asked for by itself only where one of them cannot be read.
        if let Ok(read) = stored.onto(shelves, part.to_vec()).await {
            now.extend(read);
            continue;
        }
        let asked = part.iter().map(|(kind, id)| (id.clone(), *kind));
        let reading = move |id: String, kind: PageKind| stored.onto(shelves, vec![(kind, id)]);
        for (_, _, read) in asking.each(asked.collect(), reading).await? {
            now.extend(read);
        }
    }
    Ok(now)
}

/// A page at the version that was replaced, with what it said then put away.
struct Was {
    title: String,
    marker: Option<Marker>,
    words: Option<Words>,
    /// What is shown of it, in storage format, where the server still has it.
    body: Option<Text>,
    /// What is sent of a page in ADF: the version as it was.
    adf: Option<Text>,
    /// The source that the body of a version names at which a publish was killed.
    unfinished: Option<String>,
}

async fn before(
    client: &Client,
    addresses: &Addresses,
    shelves: &Shelves,
    id: &str,
    version: u32,
    format: BodyFormat,
) -> Result<Option<Was>, Error> {
    let was = match client.at_version(id, version, format).await {
        Ok(was) => was,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let was = self::was(client, addresses, shelves, id, format, was).await?;
    Ok(Some(was))
}

/// Puts away what a page said at a version.
async fn was(
    client: &Client,
    addresses: &Addresses,
    shelves: &Shelves,
    id: &str,
    format: BodyFormat,
    was: AtVersion,
) -> Result<Was, Error> {
    let (body, adf) = match (format, was.body) {
        (BodyFormat::Adf, Some(sent)) => {
            let read = addresses.read(client, format, id, sent.clone()).await?;
            (Some(read), Some(shelves.put(sent)))
        }
        (_, body) => (body, None),
    };
    Ok(Was {
        title: was.title,
        marker: was.marker,
        words: was.words,
        unfinished: body.as_deref().and_then(unfinished_source),
        body: body.map(|body| shelves.put(body)),
        adf,
    })
}

/// What was found out about the pages of a publish that is to be taken back, by their ids.
struct Known<'a> {
    /// The pages in the order of their steps.
    pages: Vec<&'a Page>,
    repository: &'a str,
    there: &'a HashMap<&'a str, &'a RemotePage>,
    before: &'a BTreeMap<String, Option<Was>>,
    beside: &'a BesideNow,
    trashed: &'a BTreeMap<String, Trashed>,
    /// Why pages could not be read.
    unread: &'a BTreeMap<String, Sentence>,
    moves_without_version: bool,
    may_take_files: bool,
}

impl Known<'_> {
    /// What taking each page back means when these stay as they are, for the reasons given.
    fn steps(&self, staying: &BTreeMap<String, Sentence>) -> Vec<Step> {
        let none = Properties::new();
        let come_back: HashSet<&str> = self
            .trashed
            .iter()
            .filter(|(id, is)| matches!(is, Trashed::AsItWas(..)) && !staying.contains_key(*id))
            .map(|(id, _)| id.as_str())
            .collect();
        let step = |page: &&Page| {
            let now = Now {
                remote: self.there.get(page.id.as_str()).copied(),
                there: self.there,
                come_back: &come_back,
                stays: staying.get(&page.id),
                properties: self.beside.properties.get(&page.id).unwrap_or(&none),
                files: self.beside.files.get(&page.id).map_or(&[], Vec::as_slice),
                restricted: self.beside.allowed.get(&page.id),
                trashed: self.trashed.get(&page.id),
                unread: self.unread.get(&page.id),
                moves_without_version: self.moves_without_version,
                may_take_files: self.may_take_files,
            };
            let was = self.before.get(&page.id).and_then(Option::as_ref);
            step(page, &now, was, self.repository)
        };
        self.pages.iter().filter_map(step).collect()
    }
}

/// A page as it is when a publish is to be taken back.
struct Now<'a> {
    remote: Option<&'a RemotePage>,
    there: &'a HashMap<&'a str, &'a RemotePage>,
    /// The pages that are taken out of the trash.
    come_back: &'a HashSet<&'a str>,
    /// Why the page has to stay as it is, where other pages keep it.
    stays: Option<&'a Sentence>,
    properties: &'a Properties,
    files: &'a [Attachment],
    /// Who may read and edit it, where that changed and the site tells it.
    restricted: Option<&'a Restricted>,
    /// What is known of it, if the publish put it into the trash.
    trashed: Option<&'a Trashed>,
    /// Why it could not be read, where it could not.
    unread: Option<&'a Sentence>,
    moves_without_version: bool,
    /// Whether the account may put files into the trash, as far as is known.
    may_take_files: bool,
}

impl Now<'_> {
    /// Whether a page can go back where it was, or why it stays.
    fn may_go_back(&self, place: &PlaceChange) -> Result<(), Sentence> {
        let Some(remote) = self.remote else {
            return Ok(());
        };
        if remote.parent_id != place.to {
            return Err(sentence!("somebody moved it since"));
        }
        match &place.from {
            _ if place.from == place.to => Ok(()),
            None => Err(sentence!(
                "it was at the top of the space, and can only be put below a page"
            )),
            Some(from) if self.is_there_then(from) => Ok(()),
            Some(_) => Err(sentence!(
                "the page that it was below is not there any more"
            )),
        }
    }

    /// Whether a page is there once the publish is taken back.
    fn is_there_then(&self, page: &str) -> bool {
        self.there.contains_key(page) || self.come_back.contains(page)
    }
}

/// What of a page beside its text goes back, and what stays.
#[derive(Default)]
struct Beside<'a> {
    labels: Vec<String>,
    properties: BTreeMap<String, Value>,
    takes_off: TakesOff,
    place: Option<&'a PlaceChange>,
    files: Vec<PlannedAttachment>,
    restrictions: Restrictions,
    stays: Vec<Problem>,
}

impl<'a> Beside<'a> {
    fn of(page: &'a Page, now: &Now<'_>) -> Self {
        let mut beside = Self::default();
        let told = page.before.as_ref();
        let told = told.map_or(0, |before| before.files.len() + before.files_added.len());
        if page.sent > told as u64 {
            // Earlier reports do not tell which of them there were before.
            let words = match page.before {
                None => sentence!("files that were sent with the page stay as they are"),
                Some(_) => sentence!("files that the page did not have before stay on it"),
            };
            beside.stay("undo.attachments", words);
        }
        match &page.before {
            Some(before) => {
                beside.give_access_back(page, before, now);
                beside.go_back(before, now);
                beside.put_files_back(page, before, now);
                beside.take_files_off(before, now);
            }
            None => {
                if page.restricted {
                    beside.access_stays();
                }
                beside.stay_as_told(page);
            }
        }
        beside
    }

    fn stay(&mut self, code: &'static str, message: Sentence) {
        self.stays.push(Problem {
            severity: Severity::Warning,
            code,
            message,
            line: 0,
            column: 0,
        });
    }

    fn go_back(&mut self, before: &'a Before, now: &Now<'_>) {
        self.labels.clone_from(&before.labels_removed);
        self.takes_off.labels.clone_from(&before.labels_added);
        for (key, change) in &before.properties {
            let is = now.properties.get(key).and_then(Option::as_ref);
            if is == change.was.as_ref() {
                continue;
            }
            if is != change.is.as_ref() {
                let words = sentence!("the property `{key}` stays: somebody set it since", key);
                self.stay("undo.properties", words);
                continue;
            }
            match &change.was {
                Some(was) => {
                    self.properties.insert(key.clone(), was.clone());
                }
                None => self.takes_off.properties.push(key.clone()),
            }
        }
        if let Some(place) = &before.place {
            match now.may_go_back(place) {
                Ok(()) if place.from == place.to && place.position.is_none() => self.stay(
                    "undo.order",
                    sentence!(
                        "where the page stands among those beside it stays: it had no number before"
                    ),
                ),
                Ok(()) => self.place = Some(place),
                Err(why) => {
                    let words = sentence!("the page stays where it is: {why}", why);
                    self.stay("undo.place", words);
                }
            }
        }
        if before.reordered && before.stood.is_none() {
            self.stay(
                "undo.order",
                sentence!(
                    "where the page stands among those beside it stays as the publish set it"
                ),
            );
        }
    }

    /// What a report names without saying how it was.
    fn stay_as_told(&mut self, page: &Page) {
        let all = [
            (
                "labels",
                "undo.labels",
                sentence!(
                    "labels that the publish put on the page or took off it stay as they are"
                ),
            ),
            (
                "properties",
                "undo.properties",
                sentence!("content properties stay as the publish set them"),
            ),
            (
                "place",
                "undo.place",
                sentence!("the page stays where the publish moved it"),
            ),
            (
                "order",
                "undo.order",
                sentence!(
                    "where the page stands among those beside it stays as the publish set it"
                ),
            ),
        ];
        for (name, code, message) in all {
            if page.changed.iter().flatten().any(|changed| changed == name) {
                self.stay(code, message);
            }
        }
    }
}

/// What taking the outcome of one page back means; nothing for a page that was left.
fn step(page: &Page, now: &Now<'_>, was: Option<&Was>, repository: &str) -> Option<Step> {
    let remote = now.remote;
    let (was, in_trash) = match now.trashed {
        Some(Trashed::AsItWas(kind, url, was)) => (Some(was.as_ref()), Some((*kind, url.clone()))),
        _ => (was, None),
    };
    let refuse = |refusal, reason| StepKind::Refuse { refusal, reason };
    let cannot = |reason: Sentence| refuse(Refusal::CannotBeUndone, reason);
    let is_on_top = remote.is_some_and(|remote| Some(remote.version) == page.version);
    let is_taken_back = remote.is_some_and(|remote| is_taken_back(page, remote, now));
    let body = was.and_then(|was| was.body.clone());
    let expected_version = page.version.unwrap_or_default();
    let is_done = matches!(
        page.outcome.as_str(),
        "created" | "updated" | "moved" | "restored"
    );
    let mut beside = match page.outcome.as_str() {
        "updated" | "moved" => Beside::of(page, now),
        half::NOT_WRITTEN => half::beside(),
        _ => Beside::default(),
    };
    let moves = beside.place.is_some_and(|place| place.from != place.to);
    let is_reordered = page
        .before
        .as_ref()
        .is_some_and(|before| before.stood.is_some());
    let kind = match page.outcome.as_str() {
        "moved" if page.place().is_none() && !is_reordered => cannot(sentence!(
            "the report does not say where it was before. Move it back in Confluence"
        )),
        _ if is_done && remote.is_none() => cannot(sentence!("the page is not there any more")),
        _ if is_taken_back => StepKind::Leave,
        _ if is_done && !is_on_top => refuse(
            Refusal::EditedByHand,
            sentence!(
                "the page was changed since. Compare the versions in its history, and restore one there"
            ),
        ),
        _ if now.unread.is_some() => cannot(sentence!(
            "it could not be read: {why}. Take the publish back again, which leaves what went back",
            why = now.unread.cloned().unwrap_or_default()
        )),
        _ if now.stays.is_some() => cannot(now.stays.cloned().unwrap_or_default()),
        "created" | "restored" => StepKind::Trash { expected_version },
        "moved" if beside.place.is_none() && page.place().is_some() => {
            let why = beside.stays.first().map(|stays| stays.message.clone());
            cannot(why.unwrap_or_default())
        }
        "moved" if now.moves_without_version => StepKind::Move { expected_version },
        "updated" | "moved" if body.is_none() => cannot(sentence!(
            "the version that was replaced is not there any more"
        )),
        "updated" | "moved" => StepKind::Update {
            expected_version,
            moves,
        },
        half::NOT_WRITTEN => StepKind::Leave,
        "archived" => cannot(sentence!("it was archived. Restore it in Confluence")),
        TRASHED => trashed::kind(page, now.trashed),
        _ => return None,
    };
    if is_taken_back || matches!(kind, StepKind::Refuse { .. }) {
        beside = Beside::default();
    }
    if is_taken_back {
        beside.name_files_left(page, now);
    }
    // Whose the version was, it is again: ours, or a person's. What stays beside the text is not
    // what the version's fingerprint stands for, so the next publish has to look.
    let mut marker = was.and_then(|was| was.marker.clone());
    if marker.is_none() {
        // A version that a publish was killed at says only in its body that it is ours.
        let source = was.and_then(|was| was.unfinished.clone());
        marker = source.map(|source| Marker {
            repository: Marker::repository_hash(repository),
            source,
            fingerprint: NO_FINGERPRINT.to_owned(),
            merged: None,
        });
    }
    let is_restored = matches!(kind, StepKind::Restore { .. });
    if let Some(marker) = &mut marker
        && !(beside.stays.is_empty() && page.changed.is_some() || is_restored)
    {
        NO_FINGERPRINT.clone_into(&mut marker.fingerprint);
    }
    // The source may have moved with that publish. Only the path that the marker stands for finds
    // the page again.
    let said = was.and_then(|was| {
        let (marker, words) = (was.marker.as_ref()?, was.words.as_ref()?);
        words.path_said(repository, &marker.source)
    });
    let stands = remote.map(Stands::of).unwrap_or_default();
    let back = beside.place.and_then(|place| place.from.clone());
    let parent = back.or_else(|| stands.below.clone());
    let again = match is_restored {
        true => expected_version,
        false => expected_version.saturating_sub(1),
    };
    let adf = match kind {
        StepKind::Update { .. } | StepKind::Restore { .. } => was.and_then(|was| was.adf.clone()),
        _ => None,
    };
    Some(Step {
        content: match (remote, &in_trash) {
            (Some(remote), _) => remote.kind,
            (None, Some((kind, _))) => *kind,
            (None, None) => PageKind::Page,
        },
        posted: None,
        kind,
        path: page.path.clone(),
        title: was.map_or_else(|| page.title.clone(), |was| was.title.clone()),
        title_choice: None,
        parent: parent.map_or(Parent::Top, Parent::Page),
        depth: 0,
        after: None,
        place: beside
            .place
            .and_then(|place| place.position)
            .map(Place::Numbered),
        made_after: None,
        page_id: Some(page.id.clone()),
        url: match remote {
            Some(remote) => Some(remote.url.clone()),
            None => in_trash.map(|(_, url)| url),
        },
        published_commit: remote
            .and_then(RemotePage::published_commit)
            .map(str::to_owned),
        body: body.unwrap_or_default(),
        adf,
        format: page.format,
        attachments: beside.files,
        labels: beside.labels,
        label_mode: LabelMode::Append,
        restrictions: beside.restrictions,
        properties: beside.properties,
        takes_off: beside.takes_off,
        stands,
        moved: None,
        message: Words::again(again, said.unwrap_or(&page.path)),
        marker,
        merges: None,
        conflict: None,
        overwrites_files: false,
        writes_origin: false,
        problems: beside.stays,
    })
}

/// Whether an earlier try took a page back: its version on top says that it is the one again that the
/// publish replaced. The text is what is written last.
fn is_taken_back(page: &Page, remote: &RemotePage, now: &Now<'_>) -> bool {
    let writes = match page.outcome.as_str() {
        "updated" => true,
        "moved" => !now.moves_without_version && page.place().is_some(),
        _ => false,
    };
    let Some(version) = page.version.filter(|_| writes) else {
        return false;
    };
    let ours = remote.words.as_ref().and_then(Words::brings_back);
    remote.version == version + 1 && ours.or(remote.again) == Some(version.saturating_sub(1))
}
