//! What people wrote on published pages: looked at, and taken back into the sources.

use std::path::Path;
use std::sync::Arc;

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tributary::publish::{commit_to_branch, plan, pull};
use tributary::repository;
use tributary::settings::PublishedFrom;
use tributary::store::write_made;
use tributary::{Error, ErrorKind, sentence};
use tributary_pages::plan::OnConflict;

use crate::commands::publish::step_of;
use crate::convert;
use crate::desktop::Desktop;
use crate::plans::{TakenEdit, What};
use crate::views::edit::TakenEditView;
use crate::views::{CommandError, DiffLineView};
use crate::words::said;
use crate::work::blocking;

/// What somebody changed on the page of a step since its source was published; nothing where that
/// cannot be told any more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_edit(
    desktop: State<'_, Arc<Desktop>>,
    plan_id: String,
    index: u32,
) -> Result<Option<Vec<DiffLineView>>, CommandError> {
    let planned = desktop.plans.get(&plan_id)?;
    let step = step_of(&planned.prepared, index)?;
    let edit = planned.prepared.edit_of(step).await?;
    Ok(edit.map(|lines| lines.into_iter().map(convert::diff_line).collect()))
}

/// What the edit of the page of a step makes of its source; changes nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_pull(
    desktop: State<'_, Arc<Desktop>>,
    plan_id: String,
    index: u32,
) -> Result<TakenEditView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let planned = desktop.plans.get(&plan_id)?;
    let path = step_of(&planned.prepared, index)?.path.clone();
    let of = match &planned.what {
        What::Publication(publication) => Some(&publication.from),
        What::TakingBack => None,
    };
    let Some(PublishedFrom::Folder(folder)) = of else {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Edits are taken into a folder on this machine",
        )
        .remedy("Open a clone of the repository as a folder")
        .into());
    };
    let mut wanted = planned.request.clone();
    if wanted.paths.iter().any(|path| path.is_relative()) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "The page is published from another branch than the one that is checked out",
        )
        .remedy("Check that branch out, and plan the page again")
        .into());
    }
    wanted.settings.only = Some([path.clone()].into());
    wanted.settings.merges_again = true;
    let merged = (path.clone(), OnConflict::Merge);
    wanted.settings.on_conflict_of.extend([merged]);
    let cancel = desktop.begin("pull");
    let prepared = plan(&planned.prepared.client, &wanted, &|_| {}, &cancel).await?;
    let (folder, of_path) = (folder.clone(), path.clone());
    let (repository, mut pulled) = blocking(move || {
        let repository = repository::open(&folder)?;
        let mut pulled = pull(&prepared, &repository)?;
        pulled.files.retain(|file| file.path == of_path);
        Ok((repository, pulled))
    })
    .await?;
    let left = pulled.left.drain(..).find(|left| left.path == path);
    let stem = Path::new(&path).file_stem().unwrap_or_default();
    let branch = format!("edit-of-{}", stem.to_string_lossy().replace(' ', "-"));
    let Some(file) = pulled.files.first() else {
        let left = left.map_or_else(
            || sentence!("nobody edited the page any more than its source says"),
            |left| left.reason,
        );
        return Ok(TakenEditView {
            id: None,
            lines: Vec::new(),
            is_certain: false,
            left: Some(said(&left)),
            branch,
        });
    };
    let lines = file.diff().into_iter().map(convert::diff_line).collect();
    let is_certain = file.is_certain;
    let id = desktop.edits.keep(TakenEdit { pulled, repository });
    Ok(TakenEditView {
        id: Some(id),
        lines,
        is_certain,
        left: None,
        branch,
    })
}

/// Makes a commit of the edit that was looked at, on a new branch. What is checked out stays as it
/// is. Gives the commit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn commit_pull(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    branch: String,
) -> Result<String, CommandError> {
    let taken = desktop.edits.get(&id)?;
    blocking(move || commit_to_branch(&taken.repository, &taken.pulled, branch.trim())).await
}

/// Writes the edit that was looked at as a patch to a file that is chosen in the system's dialog,
/// and gives its path; nothing when none was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_pull(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    branch: String,
) -> Result<Option<String>, CommandError> {
    let taken = desktop.edits.get(&id)?;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    app.dialog()
        .file()
        .set_title(desktop.spoken().say("dialog-patch"))
        .set_file_name(format!("{branch}.patch"))
        .save_file(move |chosen| {
            // The window may be gone before the dialog is answered.
            sender.send(chosen).ok();
        });
    let chosen = receiver.await.ok().flatten();
    let Some(path) = chosen.and_then(|chosen| chosen.into_path().ok()) else {
        return Ok(None);
    };
    blocking(move || {
        write_made(&path, taken.pulled.patch().as_bytes())?;
        Ok(Some(path.display().to_string()))
    })
    .await
}
