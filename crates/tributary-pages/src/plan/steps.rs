//! Decides the step of every page.
//!
//! - `away`: pages that are not where this publish would have them.
//! - `live`: live docs of Cloud.
//! - `parents`: below what each page goes.
//! - `titles`: what is to be decided where another page has a title.
//! - `wanted`: what has to be asked before.

mod away;
mod live;
mod parents;
mod titles;
mod wanted;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::thread;

use crate::Sentence;
use crate::markup::{
    self, Access, AdfOptions, Body, BodyFormat, Document, Editor, Flavor, PageKind, Problem,
    Restrictions, Severity, StorageOptions,
};

use super::elsewhere::FoldersElsewhere;
use super::hierarchy::{Bond, Node, Refused, Tree, arrange};
use super::links::{PageLinks, Published, lacking, wanted_anchors};
use super::merge;
use super::moved::note_moves;
use super::order::{self, Order, Place};
use super::orphans::orphans;
use super::prints::{digest, fingerprint};
use super::renames::{self, Renames};
use super::snapshot::{Marker, RemotePage, Snapshot, Words, source_hash};
use super::sources::Sources;
use super::step::{
    Bodies, LabelMode, OnConflict, OnTitle, PageWidth, Parent, PlanSettings, PlannedAttachment,
    PublishPlan, Refusal, Stands, Step, StepKind, TakesOff,
};
use super::texts::Text;

use parents::{is_in_place, keep_places, parent_of, refuse_below_themselves, refuse_circles};
pub use wanted::{Wanted, needs_publisher, new_sources, perhaps_renamed, wanted};

/// The largest body that is sent; Confluence refuses bodies of about 5 MB.
const LARGEST_BODY: usize = 5 * 1024 * 1024;

/// The titles of pages by the sources that they were published from, whatever is published now.
fn published(snapshot: &Snapshot) -> Published {
    let pages = snapshot.pages.iter();
    pages
        .filter(|page| page.kind == PageKind::Page)
        .filter_map(|page| Some((page.marker.as_ref()?.source.clone(), page.title.clone())))
        .collect()
}

/// The tree before anything was refused or found under another name.
pub(super) fn arrange_first(
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> Tree {
    let (refused, renames) = (Refused::new(), Renames::default());
    arrange(sources, snapshot, settings, &refused, &renames)
}

/// The ids of the pages below the target's parent; all of them when the target is the space.
pub(super) fn pages_below(snapshot: &Snapshot) -> HashSet<&str> {
    let Some(parent) = &snapshot.parent else {
        return snapshot.pages.iter().map(|page| page.id.as_str()).collect();
    };
    let mut children: HashMap<&str, Vec<&str>> = HashMap::new();
    for page in &snapshot.pages {
        if let Some(above) = &page.parent_id {
            children.entry(above).or_default().push(&page.id);
        }
    }
    let mut below = HashSet::new();
    let mut next = vec![parent.as_str()];
    while let Some(id) = next.pop() {
        for child in children.get(id).into_iter().flatten() {
            if below.insert(*child) {
                next.push(child);
            }
        }
    }
    below
}

/// Decides what to do with every page.
///
/// The same sources, snapshot and settings give the same plan, whatever order things came in.
pub fn plan(sources: &Sources, snapshot: &Snapshot, settings: &PlanSettings) -> PublishPlan {
    let anchors = wanted_anchors(sources);
    let published = published(snapshot);
    let elsewhere = FoldersElsewhere::new(sources, snapshot);
    let newer = sources.newer_here(snapshot);
    let other_branch = match settings.keep_branch {
        true => sources.other_branch_here(snapshot),
        false => None,
    };
    let mut refused = Refused::new();
    let mut renames = Renames::default();
    let mut is_followed = false;
    let (tree, mut steps) = loop {
        let tree = arrange(sources, snapshot, settings, &refused, &renames);
        let mut parents: Vec<Placed> = (0..tree.nodes.len())
            .map(|node| parent_of(&tree, node, sources, snapshot, &elsewhere))
            .collect();
        keep_places(&tree, sources, snapshot, settings.keep_place, &mut parents);
        refuse_circles(&mut parents);
        refuse_below_themselves(&tree, snapshot, &mut parents);
        let order = match settings.keep_order {
            true => Order::as_it_is(&tree),
            false => order::order(&tree, sources, snapshot, &parents, |node| {
                is_in_place(&tree, snapshot, &parents, node)
            }),
        };
        let work = Work {
            sources,
            snapshot,
            settings,
            tree: &tree,
            anchors: &anchors,
            parents: &parents,
            order: &order,
            published: &published,
            renames: &renames,
            newer,
            other_branch,
        };
        if !is_followed {
            is_followed = true;
            let found = renames::follow(&tree, sources, snapshot, &work);
            if !found.is_empty() {
                renames = found;
                continue;
            }
        }
        let steps = work.steps();
        // Some are refused only when they are converted or merged. Their pages keep the titles they
        // have, or are not made at all, and links and other titles went by what they were to be.
        let late = work.refused_late(&steps);
        if late.is_empty() {
            break (tree, steps);
        }
        refused.extend(late);
    };
    match settings.only {
        None => steps.extend(orphans(&steps, &tree, sources, snapshot, settings)),
        // Whose source is gone cannot be chosen by its source.
        Some(_) => steps = chosen(steps),
    }
    name_repository(&mut steps, sources, snapshot);
    order::note_where_they_stand(&mut steps, snapshot);
    note_moves(&mut steps, &snapshot.pages);
    sealed(steps, settings.minor_edit)
}

/// Lets the first page of a repository in a space say in full which one it is. Messages have only a
/// hash of it, and whoever looks at all that was published may never have heard of it.
fn name_repository(steps: &mut [Step], sources: &Sources, snapshot: &Snapshot) {
    let hash = Marker::repository_hash(&sources.repository);
    let former: HashSet<&str> = snapshot
        .pages
        .iter()
        .filter(|page| page.is_former)
        .map(|page| page.id.as_str())
        .collect();
    let says_so = |page: &RemotePage| {
        let marker = page.marker.as_ref();
        !page.is_former && marker.is_some_and(|marker| marker.repository == hash)
    };
    if former.is_empty() && snapshot.pages.iter().any(says_so) {
        return;
    }
    // As long as pages have its former name, one that gets the new one says it: the publish that
    // wrote the first of them may have broken off.
    let first = steps.iter_mut().find(|step| match &step.kind {
        StepKind::Create => step.content == PageKind::Page && former.is_empty(),
        StepKind::Update { .. } => {
            let id = step.page_id.as_deref();
            id.is_some_and(|id| former.contains(id))
        }
        _ => false,
    });
    if let Some(first) = first {
        first.writes_origin = true;
    }
}

/// Leaves the pages that were not chosen, and leaves out those that are not there.
fn chosen(steps: Vec<Step>) -> Vec<Step> {
    let is_chosen = |step: &Step| {
        !matches!(
            step.kind,
            StepKind::Refuse {
                refusal: Refusal::NotChosen,
                ..
            }
        )
    };
    let stays = |step: &Step| is_chosen(step) || step.page_id.is_some();
    let mut next = 0;
    let places: Vec<Option<usize>> = steps
        .iter()
        .map(|step| {
            stays(step).then(|| {
                next += 1;
                next - 1
            })
        })
        .collect();
    // One that is left out gives its place to what it would stand behind.
    let behind: Vec<Option<usize>> = steps
        .iter()
        .map(|step| match step.place {
            Some(Place::After(other)) => Some(other),
            _ => step.made_after,
        })
        .collect();
    let stands_there = |at: usize| {
        let all = std::iter::successors(Some(at), |at| behind[*at]);
        all.take(behind.len()).find_map(|at| places[at])
    };
    let moved = |mut step: Step| {
        step.place = match step.place {
            Some(Place::After(other)) => stands_there(other).map(Place::After),
            Some(Place::Before(other)) => places[other].map(Place::Before),
            place => place,
        };
        step.made_after = step.made_after.and_then(stands_there);
        // What is written goes below pages that are there or are made, and after steps that write.
        if let Parent::Step(above) = step.parent {
            step.parent = places[above].map_or(Parent::Top, Parent::Step);
        }
        step.after = step.after.and_then(|other| places[other]);
        if !is_chosen(&step) {
            step.kind = StepKind::Leave;
        }
        step
    };
    steps.into_iter().filter(stays).map(moved).collect()
}

/// A plan of steps that were not made from sources, for these pages.
pub fn plan_of_steps(mut steps: Vec<Step>, pages: &[RemotePage]) -> PublishPlan {
    note_moves(&mut steps, pages);
    sealed(steps, false)
}

fn sealed(steps: Vec<Step>, minor_edit: bool) -> PublishPlan {
    PublishPlan {
        digest: digest(&steps, minor_edit),
        steps,
        minor_edit,
    }
}

/// Where a page goes, or why it cannot.
pub(super) type Placed = Result<Parent, (Refusal, Sentence)>;

struct Work<'a> {
    sources: &'a Sources,
    snapshot: &'a Snapshot,
    settings: &'a PlanSettings,
    tree: &'a Tree,
    anchors: &'a BTreeMap<&'a str, BTreeSet<String>>,
    parents: &'a [Placed],
    order: &'a Order,
    published: &'a Published,
    renames: &'a Renames,
    /// The newer commit that something within these sources was published from.
    newer: Option<&'a str>,
    /// The branch that all of these sources stay with, where it is another one than theirs.
    other_branch: Option<&'a str>,
}

impl renames::Reads for Work<'_> {
    fn text(&self, node: usize) -> String {
        let read = self.content(node);
        read.map_or_else(
            |_| String::new(),
            |(_, bodies, _)| markup::storage_text(&bodies.storage),
        )
    }

    fn fingerprints(&self, node: usize, titles: &[&str]) -> Vec<String> {
        // A source that cannot be read any more is refused when its turn comes.
        let Ok((mut step, bodies, undated)) = self.content(node) else {
            return Vec::new();
        };
        let body = undated.as_deref().unwrap_or_else(|| bodies.sent());
        let titles = titles.iter();
        titles
            .map(|title| {
                (*title).clone_into(&mut step.title);
                // Lines of a file follow no rename.
                fingerprint(&step, body, self.sources.commit.as_deref(), None)
            })
            .collect()
    }
}

impl Work<'_> {
    /// The step of every node, made on all processors.
    fn steps(&self) -> Vec<Step> {
        let nodes: Vec<usize> = (0..self.tree.nodes.len()).collect();
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = nodes.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let running: Vec<_> = nodes
                .chunks(share)
                .map(|chunk| {
                    scope.spawn(move || {
                        let steps = chunk.iter().map(|node| self.step(*node));
                        steps.collect::<Vec<_>>()
                    })
                })
                .collect();
            running
                .into_iter()
                .flat_map(|worker| {
                    worker
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        })
    }

    /// The nodes that were refused after the tree was arranged, and that the tree has to be arranged
    /// without: those that get no page, and those whose page does not get its new title.
    fn refused_late(&self, steps: &[Step]) -> Refused {
        let nodes = self.tree.nodes.iter().enumerate();
        let late = nodes.filter_map(|(at, node)| {
            let StepKind::Refuse { refusal, reason } = &steps[at].kind else {
                return None;
            };
            let keeps_title = node
                .remote
                .is_some_and(|remote| self.snapshot.pages[remote].title == node.title);
            (node.refusal.is_none() && !keeps_title).then(|| (at, (*refusal, reason.clone())))
        });
        late.collect()
    }

    fn step(&self, index: usize) -> Step {
        let mut step = self.decided(index);
        step.problems
            .extend(self.published_twice(&self.tree.nodes[index]));
        step
    }

    /// The step, without what is said of other pages than its own.
    fn decided(&self, index: usize) -> Step {
        let node = &self.tree.nodes[index];
        let remote = node.remote.map(|at| &self.snapshot.pages[at]);
        let mut step = self.blank(node, remote);
        match &self.parents[index] {
            Ok(parent) => step.parent = parent.clone(),
            Err((refusal, reason)) => step.kind = refuse(*refusal, reason.clone()),
        }
        step.after = node.after;
        step.title_choice = self.title_choice(node);
        step.format = match node.document {
            Some(at) => {
                let document = &self.sources.documents[at].document;
                self.format(document, &mut step.problems)
            }
            None => self.settings.format,
        };
        if let Some((refusal, reason)) = &node.refusal {
            step.kind = refuse(*refusal, reason.clone());
        }
        if let StepKind::Refuse { .. } = step.kind {
            return step;
        }
        if node.kind == PageKind::Folder {
            step.kind = self.folder(index, remote);
            self.keep_branch(remote, &mut step);
            return step;
        }
        if node.is_directory() && self.settings.folders && self.snapshot.flavor != Flavor::Cloud {
            step.problems.push(Problem {
                severity: Severity::Warning,
                code: "folder.cloud_only",
                message: sentence!(
                    "the directory gets a page that lists what is below it: folders are for \
                          Cloud, and the site is Data Center"
                ),
                line: 1,
                column: 1,
            });
        }
        let (mut bodies, undated) = match self.fill(node, &mut step) {
            Ok(filled) => filled,
            Err(error) => {
                let reason = sentence!(
                    "what `{path}` says could not be read again: {error}",
                    path = step.path,
                    error
                );
                step.kind = refuse(Refusal::Unreadable, reason);
                return step;
            }
        };
        let size = bodies.sent().len();
        if size > LARGEST_BODY {
            let megabytes = size.div_ceil(1024 * 1024);
            step.kind = refuse(
                Refusal::BodyTooLarge,
                sentence!(
                    "its page would have {megabytes} MB; Confluence takes 5 MB. Split the file",
                    megabytes
                ),
            );
            return step;
        }
        let edition = node
            .document
            .and_then(|at| self.sources.documents[at].edition.as_deref());
        step.marker = Some(Marker {
            repository: Marker::repository_hash(&self.sources.repository),
            source: source_hash(&self.sources.repository, &step.path),
            fingerprint: fingerprint(
                &step,
                undated.as_deref().unwrap_or_else(|| bodies.sent()),
                self.sources.commit.as_deref(),
                edition,
            ),
            merged: None,
        });
        let is_made = remote.is_none_or(|page| page.unfinished.is_some());
        if is_made && step.restrictions.hides() && self.snapshot.flavor == Flavor::Cloud {
            // It is made so that only we see and edit it, which nobody asked for beyond reading.
            let edit = step.restrictions.edit.take();
            let edit = edit.filter(|access| *access != Access::Keep);
            step.restrictions.edit = Some(edit.unwrap_or(Access::Everybody));
        }
        if node.title != node.wanted_title {
            if self.settings.on_title == OnTitle::Refuse && self.tree.is_title_taken(node) {
                step.kind = refuse(Refusal::TitleTaken, self.why_not_titled(node));
                return step;
            }
            step.problems.push(self.titled_otherwise(node));
        }
        if let Some(at) = self.renames.unsure.get(&index) {
            step.problems.push(self.may_be_renamed(node, *at));
        }
        let is_unknown = |problem: &&Problem| problem.code == "front_matter.restrictions";
        if let Some(unknown) = step.problems.iter().find(is_unknown) {
            // Published to everybody, it could not be taken back.
            step.kind = refuse(Refusal::UnknownRestrictions, unknown.message.clone());
            return step;
        }
        if self.settings.strict
            && let Some(first) = step.problems.iter().find(|problem| !problem.is_note())
        {
            let problems = step.problems.iter();
            let count = problems.filter(|problem| !problem.is_note()).count();
            let place = match first.line {
                0 => Sentence::default(),
                line => sentence!(" (line {line})", line),
            };
            let all = match count {
                1 => sentence!("{count} problem", count),
                _ => sentence!("{count} problems", count),
            };
            step.kind = refuse(
                Refusal::HasProblems,
                sentence!(
                    "{all}, and none are allowed: {message}{place}",
                    all,
                    message = first.message,
                    place
                ),
            );
            return step;
        }
        step.place = self.order.places[index].clone();
        step.made_after = self.order.made_after[index];
        step.kind = self.kind(index, remote, &step, &bodies);
        if let (StepKind::Leave, Some(planned)) = (&step.kind, &mut step.marker)
            && let Some(there) = remote.and_then(|page| page.marker.as_ref())
        {
            // The page stays, with what was merged into it.
            planned.merged.clone_from(&there.merged);
        }
        if let Some(page) = remote
            && matches!(step.kind, StepKind::Update { .. } | StepKind::Move { .. })
        {
            self.keep_edit(node, page, &mut step, &mut bodies);
            self.keep_files(node, page, &mut step);
            self.keep_newer(node, page, &mut step);
            self.keep_branch(remote, &mut step);
            self.keep_live(node, page, &mut step);
            if !is_refused(&step) {
                step.problems.extend(self.takes_over(node, page));
                step.problems.extend(self.moves_away(index, page));
            }
        }
        if step.kind == StepKind::Create {
            self.keep_elsewhere(node, &mut step);
            self.keep_unmade(node, &mut step);
            self.keep_branch(None, &mut step);
        }
        let is_taken_over = remote.is_some_and(|page| self.is_taken_over(node, page));
        step.overwrites_files =
            is_taken_over || self.settings.conflict(&node.path) == OnConflict::Overwrite;
        // Data Center takes it along with the page. Cloud needs a request for it, and has the
        // versions' messages, which name the source unless its path is too long, and the page above
        // all, which lists them.
        let says_itself = || {
            self.snapshot.flavor == Flavor::DataCenter
                || !Words::hold(&node.path)
                || self.snapshot.parent.is_none()
        };
        step.writes_origin = match (&step.kind, remote) {
            (StepKind::Create, _) => says_itself(),
            // A complete page of ours has a marker, and needs no more.
            (StepKind::Update { .. }, Some(page)) => {
                node.bond != Bond::Ours || page.marker.is_none() || page.is_former && says_itself()
            }
            _ => false,
        };
        // Most pages of a large tree are left.
        if step.kind != StepKind::Leave && !is_refused(&step) {
            step.keep(bodies, &self.sources.shelves);
        }
        step
    }

    /// What a node becomes, whatever page it has: a step with all that its fingerprint stands for,
    /// its body, and that on no particular day where it depends on the day.
    fn content(&self, index: usize) -> io::Result<(Step, Bodies, Option<String>)> {
        let node = &self.tree.nodes[index];
        let mut step = self.blank(node, None);
        if let Some(at) = node.document {
            let document = &self.sources.documents[at].document;
            step.format = self.format(document, &mut step.problems);
        } else {
            step.format = self.settings.format;
        }
        let (bodies, undated) = self.fill(node, &mut step)?;
        Ok((step, bodies, undated))
    }

    /// Converts a node's source into its step and body; gives the body that it would have on no
    /// particular day too, where it says which day it is.
    fn fill(&self, node: &Node, step: &mut Step) -> io::Result<(Bodies, Option<String>)> {
        let mut undated = None;
        let bodies = match node.document {
            Some(at) => {
                let source = &self.sources.documents[at];
                let bodies = self.convert(step, &source.whole()?);
                if source.document.is_dated {
                    let written = self.body(&step.path, &source.undated()?, step.format);
                    let Bodies { storage, adf } = written.bodies;
                    undated = Some(adf.unwrap_or(storage));
                }
                bodies
            }
            None => Bodies::of_storage(FOLDER_BODY.to_owned(), step.format),
        };
        self.set_appearance(node, step);
        step.restrictions = self.restrictions(node);
        step.label_mode = self.settings.label_mode;
        Ok((bodies, undated))
    }

    /// What becomes of a folder, which has a place and nothing else.
    fn folder(&self, index: usize, remote: Option<&RemotePage>) -> StepKind {
        let Some(folder) = remote else {
            return StepKind::Create;
        };
        let in_place = is_in_place(self.tree, self.snapshot, self.parents, index);
        let expected_version = folder.version;
        match (self.tree.nodes[index].bond, in_place) {
            (Bond::Ours, true) => StepKind::Leave,
            (Bond::Ours, false) => StepKind::Move { expected_version },
            // It does not say yet where it came from.
            (_, in_place) => StepKind::Update {
                expected_version,
                moves: !in_place,
            },
        }
    }

    fn blank(&self, node: &Node, remote: Option<&RemotePage>) -> Step {
        let opening = self
            .settings
            .message
            .as_deref()
            .unwrap_or("Published from Git");
        let (commit, branch) = (&self.sources.commit, &self.sources.branch);
        let message = Words::new(opening, &node.path, commit.as_deref(), branch.as_deref());
        let front = node
            .document
            .map(|at| &self.sources.documents[at].document.front_matter);
        Step {
            content: node.kind,
            posted: front
                .filter(|_| node.kind == PageKind::BlogPost)
                .and_then(|front| front.posted.clone()),
            kind: StepKind::Leave,
            path: node.path.clone(),
            title: node.title.clone(),
            title_choice: None,
            parent: Parent::Top,
            depth: node.depth,
            after: None,
            place: None,
            made_after: None,
            page_id: remote.map(|page| page.id.clone()),
            url: remote.map(|page| page.url.clone()),
            published_commit: remote
                .and_then(RemotePage::published_commit)
                .map(str::to_owned),
            body: Text::default(),
            adf: None,
            format: BodyFormat::default(),
            attachments: Vec::new(),
            labels: Vec::new(),
            label_mode: LabelMode::default(),
            restrictions: Restrictions::default(),
            properties: BTreeMap::new(),
            takes_off: TakesOff::default(),
            stands: remote.map(Stands::of).unwrap_or_default(),
            moved: None,
            message,
            marker: None,
            merges: None,
            conflict: (node.bond == Bond::EditedByHand).then(|| self.settings.conflict(&node.path)),
            overwrites_files: false,
            writes_origin: false,
            problems: Vec::new(),
        }
    }

    /// What a document becomes, and the files that go with it.
    fn body(&self, path: &str, document: &Document, format: BodyFormat) -> Written {
        let (links, attachments) =
            PageLinks::new(self.sources, self.tree, path, document, self.published);
        let none = BTreeSet::new();
        let anchors = Some(self.anchors.get(path).unwrap_or(&none));
        let omit_title = omits_title(document);
        let (bodies, mut problems) = match format {
            BodyFormat::Storage => {
                let options = StorageOptions {
                    flavor: self.snapshot.flavor,
                    omit_title,
                    anchors,
                };
                let Body { content, problems } = markup::write_storage(document, &options, &links);
                let bodies = Bodies {
                    storage: content,
                    adf: None,
                };
                (bodies, problems)
            }
            BodyFormat::Adf => {
                let options = AdfOptions {
                    omit_title,
                    anchors,
                };
                let Body { content, problems } = markup::write_adf(document, &options, &links);
                (Bodies::of_adf(content), problems)
            }
        };
        problems.extend(lacking(self.sources, path, document));
        Written {
            bodies,
            attachments,
            problems,
        }
    }

    /// The format of a document's page. Only Cloud has another than storage format, and a
    /// repository may be published to both.
    fn format(&self, document: &Document, problems: &mut Vec<Problem>) -> BodyFormat {
        let wanted = document.front_matter.format.unwrap_or(self.settings.format);
        if wanted == BodyFormat::Adf && self.snapshot.flavor == Flavor::DataCenter {
            problems.push(Problem {
                severity: Severity::Warning,
                code: "format.cloud_only",
                message: sentence!(
                    "the page is sent in storage format: `format: adf` is for Cloud, and the \
                          site is Data Center"
                ),
                line: 1,
                column: 1,
            });
            return BodyFormat::Storage;
        }
        wanted
    }

    fn convert(&self, step: &mut Step, document: &Document) -> Bodies {
        let written = self.body(&step.path, document, step.format);
        step.attachments = written.attachments;
        step.problems.extend(document.problems.iter().cloned());
        step.problems.extend(written.problems);
        step.problems
            .sort_by_key(|problem| (problem.line, problem.column));
        let mut labels: Vec<String> = self.settings.labels.clone();
        labels.extend(document.front_matter.labels.iter().cloned());
        labels.sort();
        labels.dedup();
        step.labels = labels;
        step.properties
            .clone_from(&document.front_matter.properties);
        written.bodies
    }

    /// Who may read and edit a page. A generated folder page is one of the repository too.
    fn restrictions(&self, node: &Node) -> Restrictions {
        let said = match node.document {
            Some(at) => {
                let document = &self.sources.documents[at].document;
                document.front_matter.restrictions.clone()
            }
            None => Restrictions::default(),
        };
        said.over(&self.settings.restrictions)
    }

    /// Sets the width and the editor, unless the front matter's properties say otherwise.
    fn set_appearance(&self, node: &Node, step: &mut Step) {
        let said = node.document.and_then(|at| {
            let document = &self.sources.documents[at].document;
            document.front_matter.editor
        });
        // Data Center has one editor.
        let editor = said
            .or(self.settings.editor)
            .filter(|_| self.snapshot.flavor == Flavor::Cloud);
        let width = self.settings.page_width.map(PageWidth::value);
        let set = [
            ("content-appearance-published", width),
            ("content-appearance-draft", width),
            ("editor", editor.map(Editor::value)),
        ];
        for (key, value) in set {
            if let Some(value) = value {
                let properties = step.properties.entry(key.to_owned());
                properties.or_insert_with(|| value.into());
            }
        }
    }

    /// Sees to it that a page keeps the files that people put in the place of its own. Files are
    /// not merged.
    fn keep_files(&self, node: &Node, page: &RemotePage, step: &mut Step) {
        let is_ours = page.came_from(&self.sources.repository);
        let [first, ..] = &page.files.replaced[..] else {
            return;
        };
        let is_overwritten = self.settings.conflict(&node.path) == OnConflict::Overwrite;
        if !is_ours || is_refused(step) || is_overwritten {
            return;
        }
        step.kind = refuse(
            Refusal::EditedByHand,
            sentence!(
                "somebody replaced the file `{first}` of the page in Confluence. Take it over for \
                 `{path}`, or publish with conflicts set to overwrite",
                first,
                path = node.path
            ),
        );
    }

    /// Sees to it that a page keeps what a person wrote, unless it is to be written over.
    fn keep_edit(&self, node: &Node, page: &RemotePage, step: &mut Step, bodies: &mut Bodies) {
        let is_merged = page
            .marker
            .as_ref()
            .is_some_and(|marker| marker.merged.is_some());
        if node.bond != Bond::EditedByHand && !is_merged {
            return;
        }
        let version = page.version;
        let on_conflict = self.settings.conflict(&node.path);
        step.conflict = Some(on_conflict);
        match (on_conflict, &page.edited) {
            (OnConflict::Overwrite, _) => {}
            (OnConflict::Merge, Some(edited)) => {
                // It tells the lines of what both changed, which is said without them otherwise.
                let document = node
                    .document
                    .and_then(|at| self.sources.documents[at].whole().ok());
                let ours = merge::merge(
                    step,
                    bodies,
                    edited,
                    version,
                    document.as_ref(),
                    self.snapshot.flavor,
                );
                step.merges = ours.map(|ours| self.sources.shelves.put(ours));
            }
            (OnConflict::Merge, None) => {
                step.kind = refuse(
                    Refusal::EditedByHand,
                    sentence!(
                        "the page (version {version}) holds words that somebody wrote in \
                         Confluence, and what the source said then is not there any more, so the \
                         two cannot be merged. Take the words over into `{path}`, and publish with \
                         conflicts set to overwrite",
                        version,
                        path = step.path
                    ),
                );
            }
            (OnConflict::Refuse, _) => {
                step.kind = refuse(
                    Refusal::EditedByHand,
                    sentence!(
                        "the page (version {version}) holds words that somebody wrote in \
                         Confluence and that were merged. Publish with conflicts set to merge to \
                         keep them, or to overwrite",
                        version
                    ),
                );
            }
        }
    }

    /// Says that a source may be one that is gone, under a name of its own now.
    fn may_be_renamed(&self, node: &Node, page: usize) -> Problem {
        let page = &self.snapshot.pages[page];
        let path = page.source_in(&self.sources.repository);
        Problem {
            severity: Severity::Warning,
            code: "page.perhaps_renamed",
            message: sentence!(
                "`{path}` may be `{former}`, which is gone, under another name; what the two say \
                 does not tell. It gets a page of its own. If it is, write `page_id: {id}` into \
                 its front matter, and it keeps the page `{title}`",
                path = node.path,
                former = path.unwrap_or_default(),
                id = page.id,
                title = page.title
            ),
            line: 1,
            column: 1,
        }
    }

    /// Whether the front matter names a page that was not this repository's.
    fn is_taken_over(&self, node: &Node, page: &RemotePage) -> bool {
        node.bond == Bond::Linked && !page.came_from(&self.sources.repository)
    }

    /// Says that a page which was not this repository's is written over, because the front matter
    /// names it.
    fn takes_over(&self, node: &Node, page: &RemotePage) -> Option<Problem> {
        if !self.is_taken_over(node, page) {
            return None;
        }
        let whose = match page.marker {
            Some(_) => sentence!("was published from another repository"),
            None => sentence!("people wrote in Confluence"),
        };
        let RemotePage { title, version, .. } = page;
        let message = match self.settings.pages_of.contains_key(&node.path) {
            true => sentence!(
                "it is linked to the page `{title}` (version {version}), which {whose}: the \
                 source's words take the place of all that it says. What it says now stays in its \
                 history",
                title,
                version,
                whose
            ),
            false => sentence!(
                "the front matter names the page `{title}` (version {version}), which {whose}: \
                 the source's words take the place of all that it says. What it says now stays in \
                 its history",
                title,
                version,
                whose
            ),
        };
        Some(Problem {
            severity: Severity::Warning,
            code: "page.taken_over",
            message,
            line: 1,
            column: 1,
        })
    }

    fn kind(
        &self,
        index: usize,
        remote: Option<&RemotePage>,
        step: &Step,
        bodies: &Bodies,
    ) -> StepKind {
        let Some(page) = remote else {
            return StepKind::Create;
        };
        let node = &self.tree.nodes[index];
        let in_place = is_in_place(self.tree, self.snapshot, self.parents, index);
        let expected_version = page.version;
        let as_published = node.bond == Bond::Ours
            && match (&page.marker, &step.marker) {
                (Some(there), Some(planned)) => there.is_of_same_source(planned),
                _ => false,
            };
        // A link in this format leads to a page by its id, and one that is gone comes back with
        // another.
        let as_published =
            as_published && !self.links_to_new(bodies) && page.files.is_empty() && !page.is_former;
        let marker = page.marker.as_ref();
        let is_merged = marker.is_some_and(|marker| marker.merged.is_some());
        let as_published = as_published && !(is_merged && self.settings.merges_again);
        match (as_published, in_place) {
            (true, true) if step.place.is_none() => StepKind::Leave,
            (true, _) => StepKind::Move { expected_version },
            (false, _) => StepKind::Update {
                expected_version,
                moves: !in_place,
            },
        }
    }
}

impl Work<'_> {
    /// Whether a body leads by its id to a page that is about to be made.
    fn links_to_new(&self, bodies: &Bodies) -> bool {
        let Some(adf) = &bodies.adf else { return false };
        let wanted = markup::pages_wanted(adf);
        let is_new = |node: &Node| node.remote.is_none() && node.refusal.is_none();
        !wanted.is_empty()
            && self
                .tree
                .nodes
                .iter()
                .any(|node| is_new(node) && wanted.contains(&node.title))
    }
}

/// What a document becomes, and what was noticed on the way.
struct Written {
    bodies: Bodies,
    attachments: Vec<PlannedAttachment>,
    problems: Vec<Problem>,
}

/// The first heading is left out when it is the page's title already.
pub(super) fn omits_title(document: &Document) -> bool {
    match (&document.front_matter.title, &document.title) {
        (Some(stated), Some(heading)) => stated.trim() == heading.trim(),
        (None, Some(_)) => true,
        _ => false,
    }
}

fn is_refused(step: &Step) -> bool {
    matches!(step.kind, StepKind::Refuse { .. })
}

fn refuse(refusal: Refusal, reason: Sentence) -> StepKind {
    StepKind::Refuse { refusal, reason }
}

/// A generated folder page lists the pages below it.
const FOLDER_BODY: &str = "<p><ac:structured-macro ac:name=\"children\" ac:schema-version=\"2\">\
    <ac:parameter ac:name=\"all\">true</ac:parameter></ac:structured-macro></p>";
