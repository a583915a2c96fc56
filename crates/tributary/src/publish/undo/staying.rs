//! Pages that others keep from going back: another page has their title by now, or others stay below one
//! that is to go away.
//!
//! What stays because of that may keep others from going back in turn, so it is decided anew until nothing
//! more does.

use std::collections::{BTreeMap, HashMap, HashSet};

use tributary_pages::markup::PageKind;
use tributary_pages::plan::{Parent, RemotePage, Step, StepKind};

use crate::Sentence;

use super::Known;

/// The pages that are there, by their ids.
type There<'a> = HashMap<&'a str, &'a RemotePage>;

/// The steps that take a publish back, without those that cannot be done.
pub(super) fn settled(known: &Known<'_>) -> Vec<Step> {
    let mut staying: BTreeMap<String, Sentence> = BTreeMap::new();
    loop {
        let mut steps = known.steps(&staying);
        wait_for_titles(&mut steps, known.there);
        let mut more = untitled(&steps, known.there);
        more.extend(not_empty(&steps, known.there));
        if more.is_empty() {
            return steps;
        }
        staying.extend(more);
    }
}

/// Has each page that gets its title back wait for the one that has it now, where that gives it up: no two
/// pages of a space have one title. Of pages that swapped theirs one cannot wait.
fn wait_for_titles(steps: &mut [Step], there: &There<'_>) {
    let changes =
        |step: &Step| matches!(step.kind, StepKind::Update { .. } | StepKind::Trash { .. });
    let mut now: HashMap<String, usize> = HashMap::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| changes(step)) {
        let page = step.page_id.as_deref().and_then(|id| there.get(id));
        if let Some(page) = page {
            now.insert(page.title.to_lowercase(), at);
        }
    }
    for at in 0..steps.len() {
        let title = steps[at].title.to_lowercase();
        let Some(other) = now.get(&title).copied() else {
            continue;
        };
        let gives_it_up = match steps[other].kind {
            StepKind::Trash { .. } => true,
            _ => steps[other].title.to_lowercase() != title,
        };
        let mut waits_for = std::iter::successors(Some(other), |at| steps[*at].after);
        let gets_it = matches!(
            steps[at].kind,
            StepKind::Update { .. } | StepKind::Restore { .. }
        );
        if gets_it && gives_it_up && waits_for.all(|other| other != at) {
            steps[at].after = Some(other);
        }
    }
}

/// The pages whose titles others have by now that keep them.
fn untitled(steps: &[Step], there: &There<'_>) -> BTreeMap<String, Sentence> {
    let pages = there.values().filter(|page| page.kind == PageKind::Page);
    let taken: HashMap<String, &str> = pages
        .map(|page| (page.title.to_lowercase(), page.id.as_str()))
        .collect();
    let kept_by_another = |step: &Step| {
        let holder = taken.get(&step.title.to_lowercase()).copied();
        holder.is_some_and(|holder| Some(holder) != step.page_id.as_deref()) && step.after.is_none()
    };
    let why = |step: &Step| match step.kind {
        StepKind::Restore { .. } => Some(sentence!(
            "another page of the space has its title by now. Give that page another title, and take \
             the publish back again"
        )),
        StepKind::Update { .. } => Some(sentence!(
            "another page of the space has the title by now that it had, `{title}`. Give that page \
             another title, and take the publish back again",
            title = step.title
        )),
        _ => None,
    };
    let pages = steps.iter().filter(|step| step.content == PageKind::Page);
    pages
        .filter(|step| kept_by_another(step))
        .filter_map(|step| Some((step.page_id.clone()?, why(step)?)))
        .collect()
}

/// The pages that are to go to the trash although others stay below them.
fn not_empty(steps: &[Step], there: &There<'_>) -> BTreeMap<String, Sentence> {
    // What is restored although it is there goes where it was.
    let leaves = |step: &&Step| match step.kind {
        StepKind::Trash { .. } | StepKind::Restore { .. } => true,
        StepKind::Move { .. } | StepKind::Update { moves: true, .. } => {
            !matches!(&step.parent, Parent::Page(below) if step.stands.below.as_ref() == Some(below))
        }
        _ => false,
    };
    let leaving: HashSet<&str> = steps
        .iter()
        .filter(leaves)
        .filter_map(|step| step.page_id.as_deref())
        .collect();
    let mut stays_below: HashMap<&str, &str> = HashMap::new();
    for page in there.values() {
        if let Some(above) = page.parent_id.as_deref()
            && !leaving.contains(page.id.as_str())
        {
            let named = stays_below.entry(above).or_insert(&page.title);
            // One of them is named, and always the same.
            *named = (*named).min(&page.title);
        }
    }
    let going = steps
        .iter()
        .filter(|step| matches!(step.kind, StepKind::Trash { .. }));
    going
        .filter_map(|step| {
            let id = step.page_id.as_deref()?;
            let title = *stays_below.get(id)?;
            let why = sentence!(
                "the page `{title}` is below it, and stays. Move that page elsewhere, and take the \
                 publish back again",
                title
            );
            Some((id.to_owned(), why))
        })
        .collect()
}
