//! What differs between the opened repository and another branch, tag or commit of it: the files,
//! and one of them beside what it is there.

use std::sync::Arc;

use tauri::State;
use tributary::browse::{ChangedPath, Changes, Compared, Comparison};
use tributary::hosts::{ChangeKind, Hunk, Side};
use tributary::preview::{Picture, as_written, visible};

use crate::convert::small;
use crate::desktop::Desktop;
use crate::scheme::image_address;
use crate::views::looks::{
    ChangeKindView, ChangedPathView, ChangesView, ComparedPictureView, ComparisonKindView,
    ComparisonView,
};
use crate::views::{CommandError, DiffLineView};
use crate::visits::commit;

/// As many lines of a difference are shown.
const LINES_SHOWN: usize = 5_000;

/// As many files that differ cross to the window.
const FILES_SHOWN: usize = 20_000;

/// The files in a folder that differ from what they are at a branch, tag or commit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_changes(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    folder: String,
    other: String,
) -> Result<ChangesView, CommandError> {
    let visit = desktop.visit(&id)?;
    let Changes {
        before,
        files,
        incomplete,
    } = visit.changes(&as_written(&other), &folder).await?;
    let total = small(files.len());
    let file = |ChangedPath { path, kind, was }| ChangedPathView {
        path,
        kind: match kind {
            ChangeKind::Added => ChangeKindView::Added,
            ChangeKind::Removed => ChangeKindView::Removed,
            ChangeKind::Modified => ChangeKindView::Modified,
            ChangeKind::Renamed { .. } => ChangeKindView::Renamed,
        },
        was,
    };
    Ok(ChangesView {
        before: commit(&before),
        files: files.into_iter().take(FILES_SHOWN).map(file).collect(),
        total,
        incomplete,
    })
}

/// Compares a file with what it is at a branch, tag or commit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_file(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    path: String,
    other: String,
) -> Result<ComparisonView, CommandError> {
    let visit = desktop.visit(&id)?;
    let Compared {
        before,
        was,
        before_size,
        after_size,
        comparison,
    } = visit.compare(&as_written(&other), &path).await?;
    let bytes =
        |size: Option<u64>| size.map(|size| small(usize::try_from(size).unwrap_or(usize::MAX)));
    let mut view = ComparisonView {
        kind: ComparisonKindView::Same,
        before: commit(&before),
        was: was.clone(),
        before_size: bytes(before_size),
        after_size: bytes(after_size),
        lines: Vec::new(),
        is_cut: false,
        before_picture: None,
        after_picture: None,
    };
    match comparison {
        Comparison::Same => {}
        Comparison::Binary => view.kind = ComparisonKindView::Binary,
        Comparison::Lines(hunks) => {
            view.kind = ComparisonKindView::Lines;
            view.lines = lines(hunks);
            view.is_cut = view.lines.len() > LINES_SHOWN;
            view.lines.truncate(LINES_SHOWN);
        }
        Comparison::Pictures {
            before: old,
            after: new,
        } => {
            view.kind = ComparisonKindView::Pictures;
            let shown = |picture: Picture, url: String| ComparedPictureView {
                url,
                width: picture.dimensions.map(|(width, _)| width),
                height: picture.dimensions.map(|(_, height)| height),
            };
            let address = image_address(was.as_deref().unwrap_or(&path));
            view.before_picture = old.map(|picture| {
                shown(
                    picture,
                    format!("{address}?visit={id}&commit={}", before.id),
                )
            });
            let address = image_address(&path);
            view.after_picture = new.map(|picture| shown(picture, format!("{address}?visit={id}")));
        }
    }
    Ok(view)
}

/// The lines of all places, with how many lines are the same in between.
fn lines(hunks: Vec<Hunk>) -> Vec<DiffLineView> {
    let line = |kind: &str, text: String| DiffLineView {
        kind: kind.to_owned(),
        text,
        emphasis: Vec::new(),
    };
    let mut shown = Vec::new();
    let mut seen = 0;
    for hunk in hunks {
        if hunk.after.start > seen {
            shown.push(line("gap", (hunk.after.start - seen).to_string()));
        }
        seen = hunk.after.end;
        for (side, text) in hunk.lines {
            let kind = match side {
                Side::Both => "same",
                Side::Before => "removed",
                Side::After => "added",
            };
            shown.push(line(kind, visible(&text).into_owned()));
        }
        if shown.len() > LINES_SHOWN {
            break;
        }
    }
    shown
}
