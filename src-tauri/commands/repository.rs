//! The opened folder: its files, their source and the pages they become.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tributary::repository::EntryKind;
use tributary::{Error, ErrorKind, sentence};
use tributary_pages::markup::SourceKind;

use crate::convert::repository;
use crate::desktop::{Desktop, Opened};
use crate::views::{CommandError, FileKindView, FileView, RepositoryView};
use crate::watching;
use crate::words::said;
use crate::work::blocking;

/// The opened folder as the window shows it.
pub(crate) fn view(opened: &Opened) -> RepositoryView {
    repository(
        &opened.gathered.repository,
        opened.gathered.sources.documents.len(),
    )
}

/// Lets the user choose a folder in the system's dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Option<String>, CommandError> {
    let title = desktop.spoken().say("dialog-folder");
    let dialog = app.dialog().file().set_title(title);
    Ok(chosen(|answer| dialog.pick_folder(answer)).await)
}

/// The path that is chosen in a dialog of the system, which `ask` opens; none when nothing is.
pub(crate) async fn chosen(
    ask: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>),
) -> Option<String> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    ask(Box::new(move |chosen| {
        // The window may be gone before the dialog is answered.
        sender.send(chosen).ok();
    }));
    let path = receiver.await.ok().flatten()?.into_path().ok()?;
    Some(path.display().to_string())
}

/// Opens a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    path: String,
) -> Result<RepositoryView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let opened = blocking(move || desktop.open_folder(expand(&path)?)).await?;
    app.emit("folder-changed", ()).ok();
    Ok(view(&opened))
}

/// Opens the sample repository.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sample(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<RepositoryView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let opened = blocking(move || {
        let folder = desktop.sample()?;
        desktop.open_folder(folder)
    });
    Ok(view(&*opened.await?))
}

/// A path as a person types it: `~` is the home folder.
pub(crate) fn expand(typed: &str) -> Result<PathBuf, Error> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "No folder was named")
            .remedy("Type a path or choose a folder"));
    }
    let home = std::env::var_os("HOME");
    Ok(match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(typed),
    })
}

/// Lists the files of the opened folder as they are now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_files(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Vec<FileView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    desktop.expect_files(&app);
    // Before it is read: what changes while it is read is read again.
    watching::follow_shown(&app);
    blocking(move || {
        let opened = desktop.read_again()?;
        let gathered = &opened.gathered;
        let (entries, skipped) = gathered.repository.entries(Path::new(""))?;
        let mut files: Vec<FileView> = entries
            .into_iter()
            .map(|entry| FileView {
                kind: kind_of(&entry.path),
                size: u32::try_from(entry.size).unwrap_or(u32::MAX),
                skipped: match entry.kind {
                    EntryKind::Symlink { inside: false, .. } => Some(said(&sentence!(
                        "a symbolic link that leaves the repository"
                    ))),
                    _ => None,
                },
                path: entry.path,
            })
            .collect();
        files.extend(skipped.into_iter().map(|left| FileView {
            kind: FileKindView::Other,
            size: 0,
            path: left.path,
            skipped: Some(said(&left.reason)),
        }));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    })
    .await
}

fn kind_of(path: &str) -> FileKindView {
    let ending = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match ending.as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "bmp" | "ico" | "avif" => {
            FileKindView::Image
        }
        _ if SourceKind::of_path(path) != SourceKind::Code => FileKindView::Document,
        _ => FileKindView::Other,
    }
}
