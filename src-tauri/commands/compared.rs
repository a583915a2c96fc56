//! What differs between the opened repository and another branch, tag or commit of it: the files,
//! and one of them beside what it is there.

use std::borrow::Cow;
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
use crate::words::said;

/// As many lines of a difference are shown.
const LINES_SHOWN: usize = 5_000;
/// As many bytes of a line are shown, and as many of them before where it begins to differ: a whole
/// file may be one line.
const LINE_SHOWN: usize = 4_000;
const BEFORE_SHOWN: usize = 400;

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
        incomplete: incomplete.as_ref().map(said),
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
        let begin = begins_to_differ(&hunk.lines);
        for ((side, text), begin) in hunk.lines.into_iter().zip(begin) {
            let kind = match side {
                Side::Both => "same",
                Side::Before => "removed",
                Side::After => "added",
            };
            shown.push(line(kind, visible(&around(&text, begin)).into_owned()));
        }
        if shown.len() > LINES_SHOWN {
            break;
        }
    }
    shown
}

/// Where each line begins to differ from the one that took its place; at its beginning where none
/// did.
fn begins_to_differ(lines: &[(Side, String)]) -> Vec<usize> {
    let mut begin = vec![0; lines.len()];
    let mut at = 0;
    for run in lines.chunk_by(|(one, _), (other, _)| (*one == Side::Both) == (*other == Side::Both))
    {
        let added = run.iter().position(|(side, _)| *side == Side::After);
        let added = added.unwrap_or(run.len());
        let (old, new) = run.split_at(added);
        for (number, ((_, old), (_, new))) in old.iter().zip(new).enumerate() {
            let same = old.bytes().zip(new.bytes());
            let same = same.take_while(|(old, new)| old == new).count();
            (begin[at + number], begin[at + added + number]) = (same, same);
        }
        at += run.len();
    }
    begin
}

/// As much of a line as is shown, around where it begins to differ.
fn around(text: &str, begin: usize) -> Cow<'_, str> {
    if text.len() <= LINE_SHOWN {
        return Cow::Borrowed(text);
    }
    let first = begin.saturating_sub(BEFORE_SHOWN);
    let first = text.floor_char_boundary(first.min(text.len() - LINE_SHOWN));
    let end = text.floor_char_boundary(first + LINE_SHOWN);
    let sign = |is_cut: bool| if is_cut { "…" } else { "" };
    let (before, after) = (sign(first > 0), sign(end < text.len()));
    Cow::Owned(format!("{before}{}{after}", &text[first..end]))
}

#[cfg(test)]
mod tests {
    use tributary::hosts::{Hunk, Side};

    use super::{LINE_SHOWN, lines};

    #[test]
    fn of_a_line_as_long_as_a_file_what_differs_is_shown() {
        let (before, after) = ("ä".repeat(400_000), "z".repeat(400_000));
        let line = |word: &str| format!("{before}{word}{after}");
        let short = |side| (side, "short".to_owned());
        let hunk = Hunk {
            before: 0..3,
            after: 0..3,
            lines: vec![
                short(Side::Both),
                (Side::Before, line("old")),
                (Side::Before, "x".repeat(LINE_SHOWN + 1)),
                (Side::After, line("new")),
                short(Side::Both),
            ],
        };
        let shown = lines(vec![hunk]);
        let shown: Vec<(&str, &str)> = shown
            .iter()
            .map(|line| (line.kind.as_str(), line.text.as_str()))
            .collect();
        assert_eq!(shown[0], ("same", "short"));
        for (at, kind, word) in [(1, "removed", "äoldz"), (3, "added", "änewz")] {
            assert_eq!(shown[at].0, kind);
            assert!(shown[at].1.contains(word), "{:.40}", shown[at].1);
            assert!(shown[at].1.starts_with("…ä") && shown[at].1.ends_with("z…"));
            assert!(shown[at].1.len() < LINE_SHOWN + 10);
        }
        assert!(shown[2].1.starts_with("xxx") && shown[2].1.ends_with("x…"));
        assert_eq!(shown[4], ("same", "short"));
    }
}
