//! Where pages stood among those beside them before a publish, on Cloud: each goes behind the page again
//! that it was behind, as far as nobody changed the order since.

use std::collections::{BTreeMap, HashMap, HashSet};

use tributary_pages::markup::{PageKind, Problem, Severity};
use tributary_pages::plan::{Parent, Place, RemotePage, Step, StepKind, rows_of};

use crate::Sentence;
use crate::confluence::Side;
use crate::publish::before::{PlaceChange, Stood};

use super::Page;
use super::half::NOT_WRITTEN;

/// Has the steps of pages that stood elsewhere put them there again.
pub(super) fn restore(steps: &mut [Step], pages: &[Page], there: &[RemotePage]) {
    let rows = rows_of(there);
    let stood: BTreeMap<&str, (&Stood, Option<&PlaceChange>)> = pages
        .iter()
        .filter_map(|page| {
            let stood = page.before.as_ref()?.stood.as_ref()?;
            Some((page.id.as_str(), (stood, page.place())))
        })
        .collect();
    for step in steps.iter_mut() {
        if matches!(step.kind, StepKind::Trash { .. }) {
            let id = step.page_id.as_deref().unwrap_or_default();
            step.stands.behind = before_it(&rows, step.stands.below.as_deref(), id);
        }
    }
    // One that is where it was went back with an earlier try, of which no version tells.
    let moved = pages.iter().filter(|page| page.outcome == "moved");
    let moved: HashMap<&str, &Page> = moved.map(|page| (page.id.as_str(), page)).collect();
    let refused = steps.iter_mut();
    for step in refused.filter(|step| matches!(step.kind, StepKind::Refuse { .. })) {
        let below = step.stands.below.as_deref();
        let is_where_it_was = |id: &str| {
            let place = moved.get(id).and_then(|page| page.place());
            let is_back =
                place.is_some_and(|place| place.from != place.to && place.from.as_deref() == below);
            let is_there = rows.get(&below).is_some_and(|row| row.contains(&id));
            let is_behind = stood
                .get(id)
                .is_none_or(|(stood, _)| before_it(&rows, below, id) == stood.behind);
            is_back && is_there && is_behind
        };
        if step.page_id.as_deref().is_some_and(is_where_it_was) {
            step.kind = StepKind::Leave;
        }
    }
    // One that an earlier try took back is not written, and that try may have ended before its place.
    let unwritten = pages.iter().filter(|page| page.outcome == NOT_WRITTEN);
    let unwritten: HashSet<&str> = unwritten.map(|page| page.id.as_str()).collect();
    let left = steps.iter_mut();
    for step in left.filter(|step| step.kind == StepKind::Leave) {
        let below = step.stands.below.as_deref();
        let is_elsewhere = |id: &str| {
            let stood = stood.get(id).filter(|_| !unwritten.contains(id));
            stood.is_some_and(|(stood, place)| {
                let is_back = place.is_none_or(|place| place.from.as_deref() == below);
                is_back && before_it(&rows, below, id) != stood.behind
            })
        };
        if step.page_id.as_deref().is_some_and(is_elsewhere) {
            let why = sentence!(
                "an earlier try put back what the page says, so that it is not written again"
            );
            step.problems.push(stays(&why));
        }
    }
    let changes = |step: &Step| {
        matches!(
            step.kind,
            StepKind::Update { .. } | StepKind::Move { .. } | StepKind::Restore { .. }
        )
    };
    // Those that go back, with the page that they are below then.
    let mut going: HashMap<String, (usize, Option<String>)> = HashMap::new();
    let mut staying: Vec<(usize, Sentence)> = Vec::new();
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| changes(step)) {
        let Some((id, (stood, place))) = step
            .page_id
            .as_deref()
            .and_then(|id| Some((id, *stood.get(id)?)))
        else {
            continue;
        };
        let below = match &step.parent {
            Parent::Page(parent) => Some(parent.clone()),
            Parent::Step(above) => steps[*above].page_id.clone(),
            Parent::Top => None,
        };
        if let StepKind::Restore { moves, .. } = step.kind {
            // One that waits until another goes comes back when everything else has its place.
            let is_page = step.content == PageKind::Page;
            if moves && is_page && step.after.is_none() {
                going.insert(id.to_owned(), (index, below));
            }
            continue;
        }
        // One that does not go back below its page keeps where it stands there, too.
        if place.is_some_and(|place| place.from != below) {
            continue;
        }
        // One that somebody put below another page stands where they put it.
        let put_below = match place {
            Some(place) => Some(place.to.as_ref()),
            None => stood.below.as_ref().map(Some),
        };
        if put_below.is_some_and(|below| below != step.stands.below.as_ref()) {
            if place.is_none() {
                staying.push((index, sentence!("somebody moved it since")));
            }
            continue;
        }
        let row = rows.get(&step.stands.below.as_deref());
        let at = row.and_then(|row| row.iter().position(|beside| *beside == id));
        let (Some(row), Some(at)) = (row, at) else {
            continue;
        };
        let beside = |side: Side| match side {
            Side::After => at.checked_sub(1).and_then(|before| row.get(before)),
            Side::Before => row.get(at + 1),
        };
        let is_as_put = |(side, page): &(Side, String)| beside(*side) == Some(&page.as_str());
        match &stood.put {
            Some(put) if !is_as_put(put) => {
                staying.push((
                    index,
                    sentence!("somebody changed the order of the pages beside it since"),
                ));
            }
            _ => {
                going.insert(id.to_owned(), (index, below));
            }
        }
    }
    let mut places: Vec<(usize, Place)> = Vec::new();
    for (id, (index, below)) in &going {
        let Some((stood, _)) = stood.get(id.as_str()) else {
            continue;
        };
        let row = rows.get(&below.as_deref()).map_or(&[][..], Vec::as_slice);
        let place = match &stood.behind {
            Some(behind) => match going.get(behind) {
                Some((other, above)) if above == below => Some(Place::After(*other)),
                // It goes elsewhere, or is elsewhere.
                Some(_) => None,
                None if row.contains(&behind.as_str()) => Some(Place::AfterPage(behind.clone())),
                None => None,
            },
            // The first goes before the first of those that stay.
            None => {
                let mut stays = row.iter().filter(|beside| !going.contains_key(**beside));
                stays
                    .next()
                    .map(|first| Place::BeforePage((*first).to_owned()))
            }
        };
        match place {
            Some(place) => places.push((*index, place)),
            None if stood.behind.is_some() => {
                staying.push((
                    *index,
                    sentence!("the page that it was behind is not there any more"),
                ));
            }
            // It is alone there.
            None => {}
        }
    }
    for (id, (index, _)) in &going {
        let stands = &mut steps[*index].stands;
        stands.behind = before_it(&rows, stands.below.as_deref(), id);
    }
    for (index, place) in places {
        steps[index].place = Some(place);
    }
    for (index, why) in staying {
        steps[index].problems.push(stays(&why));
    }
    // One that was only put beside another, and stays, is not written.
    for step in steps.iter_mut() {
        let is_there = match &step.parent {
            Parent::Page(parent) => step.stands.below.as_ref() == Some(parent),
            Parent::Top => step.stands.below.is_none(),
            Parent::Step(_) => false,
        };
        if matches!(step.kind, StepKind::Move { .. }) && is_there && step.place.is_none() {
            step.kind = StepKind::Leave;
        }
    }
}

fn stays(why: &Sentence) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "undo.order",
        message: sentence!(
            "where the page stands among those beside it stays: {why}",
            why
        ),
        line: 0,
        column: 0,
    }
}

/// The page that a page stands right behind, of those below the same page.
pub(super) fn before_it(
    rows: &HashMap<Option<&str>, Vec<&str>>,
    below: Option<&str>,
    page: &str,
) -> Option<String> {
    let row = rows.get(&below)?;
    let at = row.iter().position(|beside| *beside == page)?;
    Some((*row.get(at.checked_sub(1)?)?).to_owned())
}
