//! What is on the disk: where, how much, and letting go of what can be made again.

use std::path::PathBuf;
use std::sync::Arc;

use tauri::State;
use tributary::{Error, ErrorKind, cached, sentence};

use crate::convert::small;
use crate::desktop::Desktop;
use crate::views::CommandError;
use crate::views::storage::{StorageView, StoredKindView, StoredView};
use crate::work::blocking;

/// Where the program keeps what, and how much room what can be made again takes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_storage(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<StorageView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || Ok(view(&desktop, cached::held(&desktop.paths)))).await
}

/// Lets go of what can be fetched or made again, but for what may be in use; gives what is there then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_cache(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<StorageView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let held = cached::clear(&desktop.paths)?;
        Ok(view(&desktop, held))
    })
    .await
}

/// Opens a folder of the program in the file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_stored(
    desktop: State<'_, Arc<Desktop>>,
    what: StoredKindView,
) -> Result<(), CommandError> {
    let folder = folder_of(&desktop, what);
    blocking(move || {
        let broken = |error: std::io::Error| {
            Error::new(
                ErrorKind::Storage,
                sentence!("`{folder}` could not be opened", folder = folder.display()),
            )
            .caused_by(error)
        };
        // Nothing may have been written yet.
        std::fs::create_dir_all(&folder).map_err(broken)?;
        tauri_plugin_opener::open_path(&folder, None::<&str>)
            .map_err(|error| broken(std::io::Error::other(error)))
    })
    .await
}

fn folder_of(desktop: &Desktop, what: StoredKindView) -> PathBuf {
    match what {
        StoredKindView::Settings => desktop.paths.config.clone(),
        StoredKindView::Data => desktop.paths.data.clone(),
        StoredKindView::Cache => desktop.paths.cache.clone(),
        StoredKindView::Log => desktop.log_folder(),
    }
}

fn view(desktop: &Desktop, held: u64) -> StorageView {
    let kilobytes = |bytes: u64| small(usize::try_from(bytes.div_ceil(1024)).unwrap_or(usize::MAX));
    let all = [
        StoredKindView::Settings,
        StoredKindView::Data,
        StoredKindView::Cache,
        StoredKindView::Log,
    ];
    StorageView {
        held: kilobytes(held),
        most: kilobytes(cached::MOST),
        folders: all
            .map(|what| StoredView {
                what,
                path: folder_of(desktop, what).display().to_string(),
            })
            .into(),
    }
}
