//! From where to where pages are moved, for whoever looks at a plan.

use std::collections::HashMap;

use super::snapshot::RemotePage;
use super::step::{Moved, Parent, Step, StepKind};

/// Notes of the pages that get another page above them which that is, and which it was. One that only
/// changes its place among those beside it stays below the page that it is below.
pub(super) fn note_moves(steps: &mut [Step], pages: &[RemotePage]) {
    if !steps.iter().any(is_moved) {
        return;
    }
    let titles: HashMap<&str, &str> = pages
        .iter()
        .map(|page| (page.id.as_str(), page.title.as_str()))
        .collect();
    // What is above may be none of the pages that were listed, such as a whiteboard.
    let called = |id: &str| titles.get(id).copied().unwrap_or(id).to_owned();
    let moves: Vec<Option<Moved>> = steps
        .iter()
        .map(|step| {
            let below = step.stands.below.as_deref();
            let (id, to) = match &step.parent {
                Parent::Top => (None, None),
                Parent::Page(id) => (Some(id.as_str()), Some(called(id))),
                Parent::Step(above) => {
                    let above = &steps[*above];
                    (above.page_id.as_deref(), Some(above.title.clone()))
                }
            };
            let stays = below == id && below.is_some() == to.is_some();
            (is_moved(step) && !stays).then(|| Moved {
                from: below.map(called),
                to,
            })
        })
        .collect();
    for (step, moved) in steps.iter_mut().zip(moves) {
        step.moved = moved;
    }
}

fn is_moved(step: &Step) -> bool {
    matches!(
        step.kind,
        StepKind::Update { moves: true, .. } | StepKind::Move { .. }
    )
}
