//! The steps of a plan.

use tributary_pages::markup::{Access, BodyFormat, PageKind};
use tributary_pages::plan::{Refusal, Step, StepKind, TitleChoice};

use super::{conflict, problem, small};
use crate::views::step::{
    AllowedView, BodyFormatView, ContentView, MovedView, StepView, TitleToDecideView,
};
use crate::words::said;

pub(super) fn step(index: usize, step: &Step) -> StepView {
    let (kind, moves) = match &step.kind {
        StepKind::Create => ("create", false),
        StepKind::Update { moves, .. } if step.merges.is_some() => ("merge", *moves),
        StepKind::Update { moves, .. } => ("update", *moves),
        StepKind::Move { .. } => ("move", true),
        StepKind::Leave => ("leave", false),
        StepKind::Refuse { .. } => ("refuse", false),
        StepKind::Orphan => ("orphan", false),
        StepKind::Archive { .. } => ("archive", false),
        StepKind::Trash { .. } => ("trash", false),
        StepKind::Restore { .. } => ("restore", false),
    };
    let is_written = matches!(step.kind, StepKind::Create | StepKind::Update { .. });
    let restrictions = is_written.then_some(&step.restrictions);
    StepView {
        index: small(index),
        kind: kind.to_owned(),
        title: step.title.clone(),
        title_before: step.title_before().map(str::to_owned),
        path: step.path.clone(),
        depth: small(step.depth),
        url: step.url.clone(),
        moves,
        moved: step.moved.as_ref().map(|moved| MovedView {
            from: moved.from.clone(),
            to: moved.to.clone(),
        }),
        reason: match &step.kind {
            StepKind::Refuse { reason, .. } => Some(said(reason)),
            _ => None,
        },
        conflict: has_conflict(step)
            .then_some(step.conflict)
            .flatten()
            .map(conflict),
        title_choice: step.title_choice.as_ref().map(title_choice),
        holds_edit: holds_edit(step),
        attachments: step
            .attachments
            .iter()
            .map(|file| file.filename.clone())
            .collect(),
        labels: step.labels.clone(),
        takes_off: step.takes_off.labels.clone(),
        content: match step.content {
            PageKind::Page => ContentView::Page,
            PageKind::BlogPost => ContentView::BlogPost,
            PageKind::Folder => ContentView::Folder,
        },
        format: is_written.then_some(match step.format {
            BodyFormat::Storage => BodyFormatView::Storage,
            BodyFormat::Adf => BodyFormatView::Adf,
        }),
        read_by: restrictions.and_then(|who| allowed(who.read.as_ref()?)),
        edit_by: restrictions.and_then(|who| allowed(who.edit.as_ref()?)),
        problems: step.problems.iter().map(problem).collect(),
    }
}

fn title_choice(choice: &TitleChoice) -> TitleToDecideView {
    let page = choice.page.as_ref();
    TitleToDecideView {
        wanted: choice.wanted.clone(),
        is_chosen: choice.is_chosen,
        page_id: page.map(|page| page.id.clone()),
        url: page.map(|page| page.url.clone()),
    }
}

/// Whether it is still to be decided what becomes of an edit: elsewhere something else stands in the
/// way of the page first.
fn has_conflict(step: &Step) -> bool {
    match step.kind {
        StepKind::Update { .. } | StepKind::Move { .. } => true,
        StepKind::Refuse { refusal, .. } => refusal == Refusal::EditedByHand,
        _ => false,
    }
}

/// Whether what a page says stays, with an edit that its source lacks.
fn holds_edit(step: &Step) -> bool {
    let stays = matches!(step.kind, StepKind::Leave | StepKind::Move { .. });
    let marker = step.marker.as_ref();
    stays && marker.is_some_and(|marker| marker.merged.is_some())
}

/// Nothing where whoever may now may afterwards.
fn allowed(access: &Access) -> Option<AllowedView> {
    match access {
        Access::Keep => None,
        Access::Everybody => Some(AllowedView {
            everybody: true,
            users: Vec::new(),
            groups: Vec::new(),
        }),
        Access::Only { users, groups } => Some(AllowedView {
            everybody: false,
            users: users.iter().cloned().collect(),
            groups: groups.iter().cloned().collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use tributary_pages::markup::Access;

    use super::allowed;
    use crate::views::step::AllowedView;

    #[test]
    fn who_is_allowed_is_named_and_what_stays_is_not() {
        assert_eq!(allowed(&Access::Keep), None);
        let everybody = allowed(&Access::Everybody);
        assert!(everybody.is_some_and(|who| who.everybody && who.users.is_empty()));
        let only = Access::Only {
            users: ["ada".to_owned()].into(),
            groups: ["writers".to_owned()].into(),
        };
        let expected = AllowedView {
            everybody: false,
            users: vec!["ada".to_owned()],
            groups: vec!["writers".to_owned()],
        };
        assert_eq!(allowed(&only), Some(expected));
    }
}
