//! What people wrote on published pages: looked at, and taken back into the sources.

use std::path::Path;
use std::sync::Arc;

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tributary::publish::{commit_to_branch, fetch_edited, plan, plan_at, pull, pull_fetched};
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
    let mut wanted = planned.request.clone();
    wanted.settings.only = Some([path.clone()].into());
    wanted.settings.merges_again = true;
    let merged = (path.clone(), OnConflict::Merge);
    wanted.settings.on_conflict_of.extend([merged]);
    let folder = match &planned.what {
        What::Publication(publication) => match &publication.from {
            PublishedFrom::Folder(folder) => Some(folder.clone()),
            PublishedFrom::Repository { .. } => None,
        },
        What::TakingBack => None,
    };
    let cancel = desktop.begin("pull");
    let client = &planned.prepared.client;
    let (repository, mut pulled) = match (&planned.pinned, folder) {
        // It is not on this machine, or another branch than the one that is checked out.
        (Some(pinned), _) => {
            let prepared = plan_at(client, &wanted, pinned, &|_| {}, &cancel).await?;
            let fetched = fetch_edited(&prepared).await?;
            let pulled = blocking(move || pull_fetched(&prepared, &fetched)).await?;
            (None, pulled)
        }
        (None, Some(folder)) => {
            let prepared = plan(client, &wanted, &|_| {}, &cancel).await?;
            let (repository, pulled) = blocking(move || {
                let repository = repository::open(&folder)?;
                let pulled = pull(&prepared, &repository)?;
                Ok((repository, pulled))
            })
            .await?;
            (Some(repository), pulled)
        }
        (None, None) => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "A publish that is taken back has no source that an edit could go into",
            )
            .remedy("Plan the source again, and take the edit there")
            .into());
        }
    };
    pulled.files.retain(|file| file.path == path);
    let can_commit = repository.is_some();
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
            can_commit,
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
        can_commit,
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
    blocking(move || {
        let repository = taken.repository.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                "There is no repository on this machine to commit to",
            )
            .remedy("Save the edit as a patch")
        })?;
        commit_to_branch(repository, &taken.pulled, branch.trim())
    })
    .await
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
