//! When each step of a plan may begin.
//!
//! A page waits for the page above it, and for a page that has to give up its title first. Pages
//! are put beside each other once all are written, and go away last of all.

use std::collections::{BTreeMap, HashMap};

use tributary_pages::markup::{BodyFormat, Problem, Severity};
use tributary_pages::plan::{Parent, Place, Step, StepKind};

use crate::Sentence;
use crate::confluence::Side;
use crate::error::Error;

use super::report::{Outcome, OutcomeKind, failed, outcome};

/// Which steps may begin, and what became of those that ended.
pub(super) struct Schedule<'a> {
    steps: &'a [Step],
    ready: Vec<usize>,
    waiting: Vec<usize>,
    unblocks: Vec<Vec<usize>>,
    /// The steps that wait only until this one's page is made, because its last version may have to
    /// wait for theirs.
    below: Vec<Vec<usize>>,
    /// The pages that were made, before their steps ended.
    made: BTreeMap<usize, String>,
    /// The step whose page is held back until this one's is made.
    makes_way: Vec<Option<usize>>,
    /// Whether the step waits for a page that is to be made before its own.
    held_back: Vec<bool>,
    /// Rows of pages that are put beside each other, each after the one before it in its row, once
    /// everything that writes them has ended.
    rows: Vec<Vec<usize>>,
    /// The row that each page stands in, and where, while pages are arranged.
    next_in_row: BTreeMap<usize, Option<usize>>,
    is_arranging: bool,
    /// The steps that wait for a page that goes away, which comes last, and are put beside others once
    /// they are done.
    arranged_late: Vec<usize>,
    /// The steps that take pages away. They come last, so that pages have moved out from below
    /// those, and not at all when something before failed.
    removals: Vec<usize>,
    ended: BTreeMap<usize, Outcome>,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(steps: &'a [Step]) -> Self {
        let mut schedule = Self {
            steps,
            ready: Vec::new(),
            waiting: vec![0; steps.len()],
            unblocks: vec![Vec::new(); steps.len()],
            below: vec![Vec::new(); steps.len()],
            made: BTreeMap::new(),
            makes_way: vec![None; steps.len()],
            held_back: vec![false; steps.len()],
            rows: rows(steps),
            next_in_row: BTreeMap::new(),
            is_arranging: false,
            arranged_late: Vec::new(),
            removals: (0..steps.len()).filter(|at| removes(&steps[*at])).collect(),
            ended: BTreeMap::new(),
        };
        let going: BTreeMap<&str, usize> = schedule
            .removals
            .iter()
            .filter_map(|at| Some((steps[*at].page_id.as_deref()?, *at)))
            .collect();
        for (index, step) in steps.iter().enumerate() {
            // A page that stays where it is, or is not written, waits for nothing; one that is only
            // put beside another is there, and has its turn when everything is written.
            let waits = writes(step) && !is_arranged_only(step);
            let above = match step.parent {
                Parent::Step(above) if !is_arranged_only(&steps[above]) => Some(above),
                _ => None,
            };
            schedule.hold_back(index);
            // A page that links by id to one below it waits for that one. One of the trash links to nothing
            // that is not there, and nothing goes below it before it is back.
            let links =
                |above: usize| steps[above].format == BodyFormat::Adf && !restores(&steps[above]);
            let (above, there) = match above {
                Some(above) if links(above) => (None, Some(above)),
                above => (above, None),
            };
            if let Some(there) = there.filter(|there| waits && steps[*there].page_id.is_none()) {
                schedule.waiting[index] += 1;
                schedule.below[there].push(index);
            }
            for before in above.into_iter().chain(step.after).filter(|_| waits) {
                schedule.waiting[index] += 1;
                schedule.unblocks[before].push(index);
            }
            // One that waits for a page that goes away leaves the page above it as late as that.
            if let Some(after) = step.after.filter(|after| waits && removes(&steps[*after]))
                && let Some(above) = step.stands.below.as_deref()
                && let Some(above) = going.get(above).filter(|above| **above != after)
            {
                schedule.waiting[*above] += 1;
                schedule.unblocks[index].push(*above);
            }
            if removes(step)
                && let Parent::Page(above) = &step.parent
                && let Some(above) = going.get(above.as_str())
            {
                // The pages below go first.
                schedule.waiting[*above] += 1;
                schedule.unblocks[index].push(*above);
            }
        }
        // A stack gives the last first, so begin at the end: pages go in the plan's order.
        schedule.ready = (0..steps.len())
            .rev()
            .filter(|at| schedule.is_free(*at))
            .filter(|at| !removes(&steps[*at]) && !is_arranged_only(&steps[*at]))
            .collect();
        schedule
    }

    /// Holds a new page back until the one is made that is to stand before it. Some are not made
    /// after all, because they could not be converted; then it is the one before those.
    fn hold_back(&mut self, index: usize) {
        let mut before = self.steps[index].made_after;
        while let Some(at) = before
            && self.steps[at].kind != StepKind::Create
        {
            before = self.steps[at].made_after;
        }
        if let Some(before) = before
            && self.steps[index].kind == StepKind::Create
        {
            self.makes_way[before] = Some(index);
            self.held_back[index] = true;
        }
    }

    fn is_free(&self, index: usize) -> bool {
        self.waiting[index] == 0 && !self.held_back[index]
    }

    /// Lets the pages be made that only waited until this one's is there.
    pub(super) fn page_is_made(&mut self, index: usize, id: String) {
        self.made.insert(index, id);
        self.make_way(index);
        self.unblock_below(index);
    }

    fn unblock_below(&mut self, index: usize) {
        for next in std::mem::take(&mut self.below[index]) {
            self.waiting[next] -= 1;
            if self.is_free(next) {
                self.ready.push(next);
            }
        }
    }

    /// Lets the page be made that is to stand after this one.
    fn make_way(&mut self, index: usize) {
        if let Some(next) = self.makes_way[index].take() {
            self.held_back[next] = false;
            if self.waiting[next] == 0 {
                self.ready.push(next);
            }
        }
    }

    /// Lets everything begin that only waits so that it stands in order; false when there is
    /// nothing. Pages may wait for each other in a circle, by their order and by their parents.
    pub(super) fn hold_nothing_back(&mut self) -> bool {
        for index in 0..self.steps.len() {
            if std::mem::take(&mut self.held_back[index]) && self.waiting[index] == 0 {
                self.ready.push(index);
            }
        }
        self.has_ready()
    }

    /// Begins to put pages beside each other, once they have all been written; false when there is
    /// nothing to do.
    pub(super) fn begin_arranging(&mut self) -> bool {
        self.is_arranging = true;
        for mut row in std::mem::take(&mut self.rows).into_iter().rev() {
            row.retain(|index| {
                let is_in_turn =
                    is_arranged_only(&self.steps[*index]) || self.ended.contains_key(index);
                if !is_in_turn {
                    self.arranged_late.push(*index);
                }
                is_in_turn
            });
            self.ready.extend(row.first());
            for (at, index) in row.iter().enumerate() {
                self.next_in_row.insert(*index, row.get(at + 1).copied());
            }
        }
        self.has_ready()
    }

    /// What became of the steps that ended so far.
    pub(super) fn all_ended(&self) -> Vec<(usize, &Outcome)> {
        let ended = self.ended.iter();
        ended.map(|(at, outcome)| (*at, outcome)).collect()
    }

    /// Whether there are pages that go away when everything else has ended.
    pub(super) fn has_removals(&self) -> bool {
        !self.removals.is_empty()
    }

    /// What became of a step so far.
    pub(super) fn ended(&self, index: usize) -> Option<&Outcome> {
        self.ended.get(&index)
    }

    /// What is to be done next for a step, or why it cannot be.
    pub(super) fn job(&self, index: usize) -> Result<Job, Left> {
        let step = &self.steps[index];
        let id = |at: usize| {
            let ended = self.ended.get(&at).and_then(|ended| ended.page_id.clone());
            ended.or_else(|| self.steps[at].page_id.clone())
        };
        let below = || match self.parent_of(step) {
            Err(why) if is_arranged_only(step) => Err(why),
            parent => Ok(parent.ok().flatten()),
        };
        // One that still waits for a page that goes away is written first.
        let has_turn = self.ended.contains_key(&index) || is_arranged_only(step);
        let has_turn = self.is_arranging && has_turn;
        let place = step.place.as_ref().filter(|_| has_turn);
        let (side, sibling) = match place {
            Some(Place::After(sibling)) => (Side::After, *sibling),
            Some(Place::Before(sibling)) => (Side::Before, *sibling),
            Some(Place::AfterPage(beside) | Place::BeforePage(beside)) => {
                let side = match place {
                    Some(Place::AfterPage(_)) => Side::After,
                    _ => Side::Before,
                };
                let page = id(index).filter(|_| self.is_written(index));
                let page = page.ok_or_else(|| Sentence::from("it was not written"))?;
                return Ok(Job::Arrange(Beside {
                    page,
                    side,
                    beside: beside.clone(),
                    below: below()?,
                }));
            }
            Some(Place::Numbered(_)) | None => {
                if let Some(left) = step.after.and_then(|at| self.left_by_title_of(at)) {
                    return Err(left);
                }
                let parent = self.parent_of(step)?;
                return Ok(Job::CarryOut { parent });
            }
        };
        match (id(index), id(sibling)) {
            (Some(page), Some(beside)) if self.is_written(index) && self.is_written(sibling) => {
                Ok(Job::Arrange(Beside {
                    page,
                    side,
                    beside,
                    below: below()?,
                }))
            }
            _ => {
                let title = &self.steps[sibling].title;
                let reason = sentence!("the page beside it, `{title}`, was not published", title);
                Err(reason.into())
            }
        }
    }

    /// Whether what a step was to do was done, or nothing is known to the contrary.
    fn is_written(&self, index: usize) -> bool {
        self.ended.get(&index).is_none_or(|ended| {
            !matches!(
                ended.kind,
                OutcomeKind::Failed | OutcomeKind::Conflict | OutcomeKind::NotReached
            )
        })
    }

    /// Why a step is left that waited for another one's page to give its title up; none where that was
    /// done.
    fn left_by_title_of(&self, at: usize) -> Option<Left> {
        let path = &self.steps[at].path;
        let kind = match self.ended.get(&at)?.kind {
            OutcomeKind::Conflict | OutcomeKind::Refused => OutcomeKind::Refused,
            OutcomeKind::Failed | OutcomeKind::NotReached => OutcomeKind::NotReached,
            _ => return None,
        };
        let reason = match kind {
            OutcomeKind::Refused => sentence!(
                "its title is still that of the page of `{path}`, which was left as it is. Decide \
                 about that page first, or give this one another title",
                path
            ),
            _ => sentence!(
                "its title is still that of the page of `{path}`, which was not published",
                path
            ),
        };
        Some(Left { kind, reason })
    }

    /// The outcome of a step of which something was not done.
    pub(super) fn not_done(&self, index: usize, left: Left) -> Outcome {
        match self.ended.get(&index) {
            Some(ended) => out_of_order(ended.clone(), &left.reason),
            None => outcome(&self.steps[index], left.kind, Some(left.reason)),
        }
    }

    /// The outcome of a step that failed.
    pub(super) fn failed(&self, index: usize, error: &Error) -> Outcome {
        match self.ended.get(&index) {
            Some(ended) => out_of_order(ended.clone(), &error.sentence_of_chain()),
            None => failed(&self.steps[index], error),
        }
    }

    /// Begins with the steps that take pages away, once everything else has ended; false when
    /// there are none. After a failure they are not done: what looks like a page whose source is
    /// gone may be one half of a change whose other half failed; `is_wrong` tells of a failure that is in
    /// no outcome yet.
    pub(super) fn let_pages_go(&mut self, is_wrong: bool) -> bool {
        let removals = std::mem::take(&mut self.removals);
        let failed = self.ended.iter().any(|(at, outcome)| {
            writes(&self.steps[*at])
                && matches!(
                    outcome.kind,
                    OutcomeKind::Failed | OutcomeKind::Conflict | OutcomeKind::NotReached
                )
        });
        if failed || is_wrong {
            let why =
                sentence!("its source is gone; it stays because not everything else was published");
            for at in removals {
                let kept = outcome(&self.steps[at], OutcomeKind::Orphaned, Some(why.clone()));
                self.ended.insert(at, kept);
            }
            return false;
        }
        self.ready = removals
            .into_iter()
            .rev()
            .filter(|at| self.is_free(*at))
            .collect();
        self.has_ready()
    }

    pub(super) fn next(&mut self) -> Option<usize> {
        self.ready.pop()
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(super) fn finish(&mut self, index: usize, outcome: Outcome) {
        self.ended.insert(index, outcome);
        if self.is_arranging {
            self.ready.extend(self.next_in_row.remove(&index).flatten());
            if let Some(at) = self.arranged_late.iter().position(|late| *late == index) {
                self.arranged_late.swap_remove(at);
                self.ready.push(index);
            }
        }
        self.make_way(index);
        self.unblock_below(index);
        for next in std::mem::take(&mut self.unblocks[index]) {
            self.waiting[next] -= 1;
            if self.is_free(next) {
                self.ready.push(next);
            }
        }
    }

    /// The id of the page above, or why there is none.
    fn parent_of(&self, step: &Step) -> Result<Option<String>, Sentence> {
        match &step.parent {
            Parent::Top => Ok(None),
            Parent::Page(id) => Ok(Some(id.clone())),
            Parent::Step(above) if restores(&self.steps[*above]) && !restores(step) => {
                let title = &self.steps[*above].title;
                match self.is_written(*above) {
                    true => Ok(self.steps[*above].page_id.clone()),
                    false => Err(sentence!(
                        "the page that it was below, `{title}`, did not come back from the trash",
                        title
                    )),
                }
            }
            Parent::Step(above) => {
                let known = self
                    .ended
                    .get(above)
                    .and_then(|outcome| outcome.page_id.clone());
                let known = known
                    .or_else(|| self.made.get(above).cloned())
                    .or_else(|| self.steps[*above].page_id.clone());
                if known.is_none() && writes(step) {
                    let title = &self.steps[*above].title;
                    return Err(sentence!(
                        "the page above it, `{title}`, was not published",
                        title
                    ));
                }
                Ok(known)
            }
        }
    }

    pub(super) fn outcomes(mut self, why_not: &Sentence) -> Vec<Outcome> {
        let steps = self.steps.iter().enumerate();
        steps
            .map(|(index, step)| {
                self.ended.remove(&index).unwrap_or_else(|| {
                    outcome(step, OutcomeKind::NotReached, Some(why_not.clone()))
                })
            })
            .collect()
    }
}

/// What is done for a step.
pub(super) enum Job {
    /// Its page is written.
    CarryOut { parent: Option<String> },
    /// Its page is put beside another.
    Arrange(Beside),
}

/// What becomes of a step that is not carried out, and why it is not.
pub(super) struct Left {
    kind: OutcomeKind,
    reason: Sentence,
}

impl From<Sentence> for Left {
    fn from(reason: Sentence) -> Self {
        Self {
            kind: OutcomeKind::NotReached,
            reason,
        }
    }
}

/// Where a page is put.
pub(super) struct Beside {
    pub(super) page: String,
    pub(super) side: Side,
    pub(super) beside: String,
    /// The page that both are below then, as far as there is one.
    pub(super) below: Option<String>,
}

/// Whether a step does nothing but put its page beside another, which is done when everything else
/// is written.
fn is_arranged_only(step: &Step) -> bool {
    let is_beside = step.place.as_ref().is_some_and(Place::is_beside);
    is_beside && matches!(step.kind, StepKind::Move { .. })
}

/// The rows of pages that are put beside each other: each page after the one that its place names, and
/// all that are below one page in one row. A server that numbers the pages below a page anew with each
/// move may take two moves at once for something else than either.
fn rows(steps: &[Step]) -> Vec<Vec<usize>> {
    let is_arranged =
        |step: &Step| writes(step) && step.place.as_ref().is_some_and(Place::is_beside);
    let mut next: BTreeMap<usize, usize> = BTreeMap::new();
    let mut first = Vec::new();
    for (index, step) in steps
        .iter()
        .enumerate()
        .filter(|(_, step)| is_arranged(step))
    {
        match step.place {
            Some(Place::After(before)) if is_arranged(&steps[before]) => {
                next.insert(before, index);
            }
            _ => first.push(index),
        }
    }
    let mut all: Vec<Vec<usize>> = Vec::new();
    let mut below: HashMap<&Parent, usize> = HashMap::new();
    for first in first {
        let row = std::iter::successors(Some(first), |index| next.get(index).copied());
        let at = *below.entry(&steps[first].parent).or_insert_with(|| {
            all.push(Vec::new());
            all.len() - 1
        });
        all[at].extend(row);
    }
    all
}

/// A page that was written, and is not where it should be among the pages beside it.
fn out_of_order(mut ended: Outcome, reason: &Sentence) -> Outcome {
    ended.problems.push(Problem {
        severity: Severity::Warning,
        code: "order.not_set",
        message: sentence!(
            "the page was published, and is not in its place among the pages beside it: {reason}. \
             Publish again",
            reason
        ),
        line: 0,
        column: 0,
    });
    ended
}

/// Whether a step takes a page out of the trash.
fn restores(step: &Step) -> bool {
    matches!(step.kind, StepKind::Restore { .. })
}

/// Whether a step takes a page away.
fn removes(step: &Step) -> bool {
    matches!(step.kind, StepKind::Archive { .. } | StepKind::Trash { .. })
}

/// Whether a step changes anything at the server.
pub(super) fn writes(step: &Step) -> bool {
    !matches!(
        step.kind,
        StepKind::Leave | StepKind::Refuse { .. } | StepKind::Orphan
    )
}
