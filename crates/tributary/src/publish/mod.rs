//! Publishing: gather, plan, apply, report.
//!
//! - [`gather`]: reads the sources and takes the snapshot.
//! - `assets`: the files that are attached to pages.
//! - `before`: what a publish changed beside texts, and how that was before.
//! - `begun`: the report of a publish while it goes on.
//! - `alone`: a single file as its page, for whoever looks at it.
//! - `drawings`: draws the documents' diagrams and formulas.
//! - `pinned`: reads them from a repository at a commit, without a clone.
//! - [`apply`](mod@apply): carries out a plan, many pages at once.
//! - `effects`: what each step does to its page, one effect after the other.
//! - `fresh`: pages right before they are written.
//! - `kept`: pictures of diagrams and formulas on disk, for the next start.
//! - `known`: the ids that a body in Cloud's own format has to name.
//! - `merging`: what a page said before somebody edited it.
//! - `past`: the reports of the last publishes, each of which can be taken back.
//! - `schedule`: when each step of a plan may begin.
//! - `pull`: what people wrote on pages, back into the sources.
//! - `renamed`: what a repository was called that seems to be new.
//! - `repeat`: when a publish is done again by the clock.
//! - [`report`]: what became of every page.
//! - `undo`: a report becomes a plan that takes it back.
//! - `verify`: reads again what was written.
//! - `targets`: the places that a repository is published to.
//! - `trail`: what the audit log is told.
//! - [`watch`]: waits until the sources change.
//!
//! Nothing here decides what a page says or whether it is written; `tributary_pages::plan` does.

mod alone;
mod apply;
mod assets;
mod before;
mod begun;
mod drawings;
mod effects;
mod fresh;
mod gather;
mod kept;
mod known;
mod merging;
mod past;
mod pinned;
mod pull;
mod renamed;
mod repeat;
mod report;
mod schedule;
mod served;
mod targets;
mod trail;
mod undo;
mod verify;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{
    DiffLine, PlanSettings, PublishPlan, Refusal, RemotePage, Step, StepKind, Text, diff,
    diff_titles,
};

use crate::Sentence;
use crate::confluence::{Client, Space};
use crate::error::Error;

pub use alone::{Known, has_page, host_look, page_alone};
pub(crate) use alone::{Reading, host_look_of_reading, page_of_reading};
pub use apply::apply;
pub use before::{Before, FileChange, PlaceChange, PropertyChange, Stood};
pub use gather::{Gathered, plan, plan_at, sources, sources_named};
pub use kept::{DRAWINGS_SIZE, forget_drawings, keep_drawings};
pub use past::{PastReport, PastReports};
pub(crate) use pinned::perhaps_link;
pub use pull::{Fetched, Pulled, PulledFile, commit_to_branch, fetch_edited, pull, pull_fetched};
pub use repeat::{Repeat, Waited, wait_until};
pub use report::{Outcome, OutcomeKind, PublishReport, Source, problem_json};
pub use targets::{Chosen, Configure, Place, target_at, targets, targets_at};
pub use trail::record_plan;
pub use undo::{Undone, plan_undo};
pub use watch::{Changed, Watch};

/// What to publish, and where to.
#[derive(Debug, Clone)]
pub struct PublishRequest {
    /// Files and folders on this machine, all in one repository; with [`plan_at`] relative to its
    /// root. One that ends in lines, as in `src/main.rs#L10-L20`, is those lines of a file.
    pub paths: Vec<PathBuf>,
    /// The space's key.
    pub space: String,
    /// The page to publish under, by id or title; the space's home page when none.
    pub parent: Option<String>,
    /// Which files below the paths are published; all Markdown files when empty. Patterns as in
    /// `.gitignore`.
    pub include: Vec<String>,
    /// Which files are left out.
    pub exclude: Vec<String>,
    /// Conflicts, orphans, message, labels.
    pub settings: PlanSettings,
    /// Requests under way at once.
    pub concurrency: usize,
    /// Whether what was written is read again and compared with what was sent.
    pub verify: bool,
}

/// A plan with what is needed to show it and to carry it out.
#[derive(Debug)]
pub struct Prepared {
    /// What will happen.
    pub plan: PublishPlan,
    /// The site.
    pub client: Client,
    /// The space.
    pub space: Space,
    /// What was published from.
    pub source: Source,
    /// Files that were left out, with the reason.
    pub skipped: Vec<Skipped>,
    /// The bodies, as they are, of the pages that will get a new version.
    before: BTreeMap<String, Text>,
    /// The pages that a person edited, by their ids.
    edited: BTreeMap<String, RemotePage>,
    /// Where the pages are that bodies may lead to, for a plan that writes ids.
    addresses: known::Addresses,
    /// The pages that are no source's any more, because a publish that took them over is taken back, with
    /// what is above each and may list it.
    given_back: BTreeMap<String, Vec<(String, PageKind)>>,
    /// The page that lists where the others came from.
    register: Option<String>,
    /// Which folder it was published from, where that is to be noted.
    folder: Option<renamed::FolderNote>,
    files: assets::ReadFrom,
    /// What was being done to the working copy while its files were read.
    under_way: Option<Sentence>,
    requests_under_way: usize,
    verify: bool,
    /// How long planning took.
    planned_in: Duration,
    /// Where its report is kept.
    keeping: Option<past::Keeping>,
}

/// A file that was left out of a publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Path relative to the repository's root.
    pub path: String,
    /// Why.
    pub reason: Sentence,
}

impl Prepared {
    /// What was being done to the working copy while its files were read, such as a merge, as a sentence goes
    /// on with it: they may be of one state and others of another, with the marks of a conflict in them.
    pub fn under_way(&self) -> Option<&Sentence> {
        self.under_way.as_ref()
    }

    /// Why nothing is written, where that is for another branch being checked out than the one that all of it
    /// is kept to; see [`PlanSettings::keep_branch`].
    pub fn waits_for_branch(&self) -> Option<&Sentence> {
        if self.plan.counts().writes() > 0 {
            return None;
        }
        let steps = self.plan.steps.iter();
        let mut refused = steps.filter_map(|step| match &step.kind {
            StepKind::Refuse { reason, .. } => Some((step, reason)),
            _ => None,
        });
        let (first, reason) = refused.next()?;
        let is_all = is_of_other(first) && refused.all(|(step, _)| is_of_other(step));
        is_all.then_some(reason)
    }

    /// The sources but for those whose pages are kept to another branch, where something else is written. Whoever
    /// plans again for these alone hears nothing of the others, which are published from their branch.
    pub fn of_this_branch(&self) -> Option<BTreeSet<String>> {
        let steps = self.plan.steps.iter();
        let (others, own): (Vec<&Step>, Vec<&Step>) = steps.partition(|step| is_of_other(step));
        let are_apart = !others.is_empty() && self.plan.counts().writes() > 0;
        are_apart.then(|| own.into_iter().map(|step| step.path.clone()).collect())
    }

    /// Has the report kept when the plan is carried out, so that the publish can be taken back, as far as it
    /// came when the program is killed meanwhile. `takes_back` is the kept publish that this one takes back,
    /// by what it is asked for by; empty for one that is not kept.
    pub fn keep_report(
        &mut self,
        reports: PastReports,
        in_sandbox: bool,
        takes_back: Option<&str>,
    ) {
        self.keeping = Some(past::Keeping {
            reports,
            in_sandbox,
            takes_back: takes_back.map(str::to_owned),
        });
    }

    /// What a step would change on its page, its title first, as lines a person can read.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) when the texts cannot be read from where they
    /// were put away.
    pub fn diff(&self, step: &Step) -> Result<Vec<DiffLine>, Error> {
        let before = match step.kind {
            StepKind::Create | StepKind::Restore { .. } => None,
            StepKind::Update { .. } => step.page_id.as_ref().and_then(|id| self.before.get(id)),
            _ => return Ok(Vec::new()),
        };
        let before = before.map(gather::read_again).transpose()?;
        let body = gather::read_again(&step.body)?;
        let titles = step.title_before();
        let mut lines = titles.map_or_else(Vec::new, |before| diff_titles(before, &step.title));
        lines.extend(diff(&before.unwrap_or_default(), &body));
        Ok(lines)
    }

    /// What somebody changed on a page since its source was published, its title first, as lines a
    /// person can read.
    /// None for a page that nobody edited, and where what the source said then is not there any more.
    ///
    /// # Errors
    /// Any error of reading the page and its versions.
    pub async fn edit_of(&self, step: &Step) -> Result<Option<Vec<DiffLine>>, Error> {
        let page = step.page_id.as_ref().and_then(|id| self.edited.get(id));
        let Some(page) = page else {
            return Ok(None);
        };
        let read;
        let edited = match &page.edited {
            Some(edited) => edited,
            None => {
                let one = std::slice::from_ref(&page.id);
                let mut bodies = self.client.bodies_in(step.format, one).await?;
                let Some(body) = bodies.remove(&page.id) else {
                    return Ok(None);
                };
                let addresses = &self.addresses;
                let found = merging::edited(&self.client, page, step.format, addresses, body);
                let Some(found) = found.await? else {
                    return Ok(None);
                };
                read = found;
                &read
            }
        };
        let mut lines = diff_titles(&edited.base_title, &page.title);
        lines.extend(diff(&edited.base, &edited.body));
        Ok(Some(lines))
    }
}

/// Whether a page is kept to another branch than the one that is checked out.
fn is_of_other(step: &Step) -> bool {
    matches!(
        step.kind,
        StepKind::Refuse {
            refusal: Refusal::OtherBranch,
            ..
        }
    )
}

/// How far an operation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Parts that are done.
    pub done: usize,
    /// All parts; 0 while their number is not known.
    pub total: usize,
    /// What was worked on last: a path or title.
    pub current: Option<String>,
}

/// The parts of a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Files are read and converted.
    Reading,
    /// Confluence is asked what it holds.
    Snapshot,
    /// The plan is made.
    Planning,
    /// Pages are written.
    Publishing,
}

/// Where progress is told. Called from any thread, at most ten times a second for a phase.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Lets through the first and last word of a phase, and ten a second in between.
struct Throttle<'a> {
    tell: OnProgress<'a>,
    last: Mutex<Option<(Phase, Instant)>>,
}

impl<'a> Throttle<'a> {
    fn new(tell: OnProgress<'a>) -> Self {
        Self {
            tell,
            last: Mutex::new(None),
        }
    }

    fn tell(&self, progress: Progress) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = last.is_some_and(|(phase, when)| {
            phase == progress.phase && when.elapsed() < Duration::from_millis(100)
        });
        if recent && progress.done != progress.total {
            return;
        }
        *last = Some((progress.phase, Instant::now()));
        drop(last);
        (self.tell)(progress);
    }
}

/// Ends an operation that its user stopped before anything was written.
fn cancelled(cancel: &CancellationToken) -> Result<(), Error> {
    if cancel.is_cancelled() {
        return Err(stopped());
    }
    Ok(())
}

fn stopped() -> Error {
    Error::new(
        crate::ErrorKind::InvalidInput,
        "Cancelled before anything was written",
    )
}
