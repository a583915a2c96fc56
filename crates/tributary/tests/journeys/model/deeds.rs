//! What publishers do beside a plain publish: take one back, publish an older commit, and get killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tokio_util::sync::CancellationToken;
use tributary::publish::{
    Outcome, OutcomeKind, PublishReport, PublishRequest, Undone, apply, plan_undo,
};
use tributary_pages::plan::{OnConflict, OnOrphan, StepKind};
use tributary_sandbox::HeldPage;
use tributary_sandbox::signin::Product;

use super::{Model, by_id, git};
use crate::Journey;

/// A publish, with what the pages were before it.
pub(super) struct Last {
    report: String,
    gone: BTreeSet<String>,
    /// The pages as a reader goes through them.
    pages: Vec<HeldPage>,
    before: BTreeMap<String, HeldPage>,
    held: Held,
}

/// What had to hold of pages at a moment.
#[derive(Clone)]
pub(super) struct Held {
    by_hand: BTreeMap<String, BTreeSet<String>>,
    renamed: BTreeSet<String>,
    named: BTreeSet<String>,
    pictures_by_hand: BTreeMap<String, String>,
    pages: BTreeMap<String, String>,
}

impl Last {
    pub(super) fn new(report: &PublishReport, pages: Vec<HeldPage>, held: Held) -> Self {
        let outcomes = report.outcomes.iter();
        let gone = outcomes.filter(|ended| ended.kind == OutcomeKind::Trashed);
        Self {
            report: report.to_json().to_string(),
            gone: gone.filter_map(|ended| ended.page_id.clone()).collect(),
            before: by_id(pages.clone()),
            pages,
            held,
        }
    }
}

impl Model {
    pub(super) fn held(&self) -> Held {
        Held {
            by_hand: self.by_hand.clone(),
            renamed: self.renamed.clone(),
            named: self.named.clone(),
            pictures_by_hand: self.pictures_by_hand.clone(),
            pages: self.pages.clone(),
        }
    }

    pub(super) fn tell_of(&mut self, report: &PublishReport) {
        for outcome in &report.outcomes {
            let Outcome { source, title, .. } = outcome;
            let (kind, reason) = (outcome.kind.name(), &outcome.reason);
            let codes = outcome.problems.iter().map(|problem| problem.code);
            let codes: Vec<&str> = codes.collect();
            self.tell(&format!(
                "    {source}: `{title}` {kind} {reason:?} {codes:?}"
            ));
        }
    }

    /// Notes which commit the pages of a publish say now.
    pub(super) fn note_commit(&mut self, report: &PublishReport, at: usize) {
        for ended in &report.outcomes {
            if let (OutcomeKind::Created | OutcomeKind::Updated, Some(id)) =
                (ended.kind, &ended.page_id)
            {
                self.published_at.insert(id.clone(), at);
            }
        }
    }

    /// The same folder at an earlier commit, as a slower publisher has it.
    pub(super) async fn publish_older(&mut self, journey: &Journey, folder: &Path) {
        if self.commits.len() < 2 {
            return;
        }
        let at = self.dice.below(self.commits.len() - 1);
        let older = self.commits[at].clone();
        git(folder, &["checkout", "--quiet", "--detach", &older]);
        let mut request = Journey::request(folder);
        request.settings.on_conflict = [OnConflict::Refuse, OnConflict::Merge][self.dice.below(2)];
        request.settings.on_orphan = [OnOrphan::Report, OnOrphan::Trash][self.dice.below(2)];
        request.settings.orphan_limit = 100;
        self.tell(&format!(
            "somebody publishes the older commit {at}, {older}"
        ));
        let before = by_id(journey.pages());
        let report = journey.publish_as(&request).await;
        let after = by_id(journey.pages());
        self.tell_of(&report);
        git(folder, &["checkout", "--quiet", "main"]);

        let is_newer = |id: &&String| self.published_at.get(*id).is_some_and(|page| *page > at);
        let newer: Vec<&String> = before.keys().filter(is_newer).collect();
        for id in &newer {
            let (was, is) = (&before[*id], after.get(*id));
            let is = is.unwrap_or_else(|| panic!("{id}, of a newer commit, went away"));
            let of = |page: &HeldPage| (page.body.clone(), page.title.clone(), page.version);
            assert_eq!(of(was), of(is), "{id} is of a newer commit");
            assert_eq!(was.attachments, is.attachments, "{id} is of a newer commit");
        }
        // Pages with a person's version on top are not asked one by one what was below it.
        let says_so =
            |id: &&&String| !self.by_hand.contains_key(**id) && !self.renamed.contains(**id);
        if newer.iter().any(|id| says_so(&id)) {
            assert_eq!(report.count(OutcomeKind::Trashed), 0, "may have a source");
            assert_eq!(report.count(OutcomeKind::Created), 0, "may have a page");
        }
        self.note_commit(&report, at);
        for ended in &report.outcomes {
            let Some(id) = ended.page_id.clone() else {
                continue;
            };
            match ended.kind {
                OutcomeKind::Created | OutcomeKind::Updated => {
                    self.named.remove(&id);
                    self.renamed.remove(&id);
                    self.pages.retain(|_, known| *known != id);
                    self.pages.insert(ended.source.clone(), id);
                }
                OutcomeKind::Trashed => {
                    assert!(!self.by_hand.contains_key(&id), "{id} was edited");
                    self.forget(&id);
                }
                _ => {}
            }
        }
        self.check_people(&before, &after);
        self.last = None;
        self.is_untouched = false;
    }

    /// Takes the last publish back.
    pub(super) async fn take_back(&mut self, journey: &Journey) {
        let Some(last) = self.last.take() else {
            return;
        };
        self.tell(match self.is_untouched {
            true => "the publish is taken back at once",
            false => "the publish is taken back",
        });
        let now = by_id(journey.pages());
        let undone = Undone::read(last.report.as_bytes()).expect("a report");
        let cancel = CancellationToken::new();
        let prepared = plan_undo(&journey.client, &undone, 4, &|_| {}, &cancel).await;
        let prepared = prepared.expect("a plan");
        let digest = &prepared.plan.digest;
        let report = apply(&prepared, digest, &journey.audit, &|_| {}, &cancel).await;
        let report = report.expect("a report");
        let after = by_id(journey.pages());
        self.tell_of(&report);

        assert_eq!(report.count(OutcomeKind::Failed), 0);
        let named = self.named.clone();
        for ended in &report.outcomes {
            let Some(id) = ended.page_id.clone() else {
                continue;
            };
            match ended.kind {
                OutcomeKind::Updated | OutcomeKind::Moved => {
                    self.is_again(&id, &last.held);
                }
                OutcomeKind::Trashed => {
                    let is_edited = self.by_hand.contains_key(&id) || self.renamed.contains(&id);
                    assert!(!is_edited, "{id} was edited since");
                    self.forget(&id);
                    self.pages.retain(|_, known| *known != id);
                }
                _ => {}
            }
        }
        // A page that had been taken over is a person's again, and just changed for that.
        let again = std::mem::replace(&mut self.named, named);
        self.check_people(&now, &after);
        self.named = again;
        if self.is_untouched {
            check_as_before(&report, &last, &journey.pages(), journey.product);
        }
        self.is_untouched = false;
    }

    /// What had to hold of a page before a publish has to hold again.
    fn is_again(&mut self, id: &str, held: &Held) {
        if let Some(words) = held.by_hand.get(id) {
            let known = self.by_hand.entry(id.to_owned()).or_default();
            known.extend(words.iter().cloned());
        }
        if held.renamed.contains(id) {
            self.renamed.insert(id.to_owned());
        }
        if held.named.contains(id) {
            self.named.insert(id.to_owned());
        }
        if let Some(picture) = held.pictures_by_hand.get(id) {
            let theirs = (id.to_owned(), picture.clone());
            self.pictures_by_hand.extend([theirs]);
        }
        self.published_at.remove(id);
        self.pages.retain(|_, known| known != id);
        let earlier = held.pages.iter().filter(|(_, known)| *known == id);
        for (path, id) in earlier {
            self.pages.entry(path.clone()).or_insert_with(|| id.clone());
        }
    }

    /// Publishes, and is killed at some request.
    pub(super) async fn kill(&mut self, journey: &Journey, folder: &Path) {
        self.put(folder);
        let mut request: PublishRequest = Journey::request(folder);
        request.settings.on_conflict = [OnConflict::Refuse, OnConflict::Merge][self.dice.below(2)];
        request.settings.on_orphan = [OnOrphan::Report, OnOrphan::Trash][self.dice.below(2)];
        request.settings.orphan_limit = 100;
        let control = journey.sandbox.control();
        let team = control.pages(journey.product, "TEAM");
        let before = by_id(journey.pages());
        let prepared = journey.plan(&request).await;
        let at = 1 + self.dice.below(4 * self.sources.len() + 3);
        self.tell(&format!("a publish is killed at request {at}"));
        journey.kill_at(&prepared, at).await;
        let after = by_id(journey.pages());
        for (id, was) in &before {
            let Some(is) = after.get(id) else {
                let is_edited = self.by_hand.contains_key(id) || self.renamed.contains(id);
                assert!(!is_edited, "{id} was edited");
                self.tell(&format!("    {id} is in the trash"));
                self.forget(id);
                self.pages.retain(|_, known| known != id);
                continue;
            };
            if was != is {
                // The files of a page that is taken over are sent before the version that says so.
                self.named.remove(id);
            }
            if was.version != is.version {
                self.tell(&format!("    {id} has the version {}", is.version));
                self.renamed.remove(id);
                self.published_at.insert(id.clone(), self.commits.len() - 1);
            }
        }
        let steps = prepared.plan.steps.iter();
        for step in steps.filter(|step| matches!(step.kind, StepKind::Update { .. })) {
            let Some(id) = &step.page_id else { continue };
            let is_written = match (before.get(id), after.get(id)) {
                (Some(was), Some(is)) => was.version != is.version,
                _ => false,
            };
            if is_written {
                self.pages.retain(|_, known| known != id);
                self.pages.insert(step.path.clone(), id.clone());
            }
        }
        self.check_people(&before, &after);
        assert_eq!(team, control.pages(journey.product, "TEAM"));
        self.is_list_behind = true;
        self.last = None;
        self.is_untouched = false;
    }
}

/// Every page is what it was before the publish that was taken back; those that it made are gone, and so
/// are those that it took away.
fn check_as_before(report: &PublishReport, last: &Last, pages: &[HeldPage], product: Product) {
    let after = &by_id(pages.to_vec());
    let said = |id: &str, code: &str| {
        let mut outcomes = report.outcomes.iter();
        let ended = outcomes.find(|ended| ended.page_id.as_deref() == Some(id));
        let problems = ended.map_or(&[][..], |ended| ended.problems.as_slice());
        problems.iter().any(|problem| problem.code == code)
    };
    for (id, was) in &last.before {
        let mut outcomes = report.outcomes.iter();
        let ended = outcomes.find(|ended| ended.page_id.as_ref() == Some(id));
        let is_back = ended.is_some_and(|ended| ended.kind == OutcomeKind::Restored);
        if last.gone.contains(id) && !is_back {
            assert!(!after.contains_key(id), "{id} stays in the trash");
            continue;
        }
        let is = after.get(id).unwrap_or_else(|| panic!("{id} is gone"));
        assert_eq!((&was.title, &was.body), (&is.title, &is.body), "{id}");
        assert_eq!(was.labels, is.labels, "{id}");
        let own = |page: &HeldPage| {
            let own = page.properties.iter();
            let own = own.filter(|(key, _)| !key.starts_with("tributary."));
            own.cloned().collect::<Vec<_>>()
        };
        assert_eq!(own(was), own(is), "{id}");
        for file in &was.attachments {
            let mut files = is.attachments.iter();
            let is_as_was =
                files.any(|now| (&now.filename, &now.sha256) == (&file.filename, &file.sha256));
            assert!(is_as_was, "{}: {} of {id}", file.filename, was.title);
        }
        let is_above = |above: &String| after.contains_key(above);
        if was.parent_id.as_ref().is_some_and(is_above) && !said(id, "undo.place") {
            assert_eq!(was.parent_id, is.parent_id, "{id}");
        }
    }
    for (id, page) in after {
        assert!(
            last.before.contains_key(id),
            "`{}` ({id}) stays",
            page.title
        );
    }
    if product == Product::DataCenter {
        // Numbers that pages did not have before stay.
        return;
    }
    let before = rows(&last.pages, after);
    let now = rows(pages, &last.before);
    for (above, row) in before {
        let is_told = |id: &&String| said(id, "undo.order") || said(id, "undo.place");
        if !row.iter().any(is_told) {
            assert_eq!(Some(&row), now.get(&above), "the order below {above:?}");
        }
    }
}

/// The ids of the pages below each page in their order, of those that are there at another moment too.
fn rows<'a>(
    pages: &'a [HeldPage],
    other: &BTreeMap<String, HeldPage>,
) -> BTreeMap<Option<&'a str>, Vec<&'a String>> {
    let mut rows: BTreeMap<Option<&str>, Vec<&String>> = BTreeMap::new();
    let parent_is = |page: &HeldPage| other.get(&page.id).map(|other| &other.parent_id);
    for page in pages {
        // Below a page that went away there is nothing any more.
        if parent_is(page) == Some(&page.parent_id) {
            rows.entry(page.parent_id.as_deref())
                .or_default()
                .push(&page.id);
        }
    }
    rows
}
