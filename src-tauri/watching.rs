//! Watching folders: those of pinned publications, where somebody wants that, so that what is behind is
//! known as soon as a file is saved, and not at the next hour; those of publications that are published by
//! themselves, so that they are then; and the one that is open, for as long as
//! its window shows, so that what is seen of it is what is there. Nothing wakes up in between but at the
//! word of the system that something changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tauri::{AppHandle, Emitter, Manager};
use tokio_util::sync::CancellationToken;
use tributary::publish::{Changed, Watch};
use tributary::settings::{Publication, PublishedFrom, Settings};

use crate::behind;
use crate::desktop::Desktop;
use crate::notices::Notices;
use crate::power;
use crate::tray::Tray;
use crate::window;
use crate::work::blocking;

/// What is watched now.
#[derive(Default)]
pub(crate) struct Watching {
    folders: Mutex<(BTreeSet<PathBuf>, CancellationToken)>,
    /// The opened folder, while its window shows.
    shown: Mutex<(Option<PathBuf>, CancellationToken)>,
    /// Held while it is looked what is behind, so that several folders do not do it at once.
    looking: tokio::sync::Mutex<()>,
}

/// The folders that are to be watched.
fn wanted(settings: &Settings) -> BTreeSet<PathBuf> {
    let is_watched =
        |one: &&Publication| one.is_kept_up || one.is_pinned && settings.watches_folders;
    let watched = settings.publications.iter().filter(is_watched);
    watched
        .filter_map(|one| match &one.from {
            PublishedFrom::Folder(folder) => Some(folder.clone()),
            PublishedFrom::Repository { .. } => None,
        })
        .collect()
}

/// Watches what is to be watched from now on, and nothing else.
pub(crate) fn follow(app: &AppHandle) {
    let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
    let wanted = wanted(&desktop.settings());
    let mut folders = desktop
        .watching
        .folders
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if folders.0 == wanted {
        return;
    }
    folders.1.cancel();
    let cancel = CancellationToken::new();
    for folder in &wanted {
        let (app, folder, cancel) = (app.clone(), folder.clone(), cancel.clone());
        tauri::async_runtime::spawn(async move { watch(&app, &folder, &cancel).await });
    }
    *folders = (wanted, cancel);
}

async fn watch(app: &AppHandle, folder: &Path, cancel: &CancellationToken) {
    let root = folder.to_path_buf();
    // It goes through all folders below. What cannot be watched is in the diagnostics, and is looked
    // at every hour like everything else.
    let Ok(mut watch) = blocking(move || Watch::over(&root)).await else {
        return;
    };
    while watch.changed(cancel).await == Changed::Yes {
        let tray = Tray::of(app);
        power::until_not_saved(|| tray.waits_for_power()).await;
        let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
        if cancel.is_cancelled() {
            return;
        }
        if desktop.settings().pauses_looking {
            continue;
        }
        behind::keep_up(app, &desktop, Some(folder)).await;
        let _looking = desktop.watching.looking.lock().await;
        let before = desktop.behind.total();
        // Whoever is offline is told when they look themselves.
        behind::look(app, &desktop).await.ok();
        let now = desktop.behind.total();
        if now > before {
            Notices::of(app).behind(now);
        }
        // A window that is not there yet will ask by itself.
        app.emit("publication-changed", ()).ok();
    }
}

/// Watches the opened folder from now on while its window shows, and tells the page of what changes in it.
/// Nothing is watched for a window that is away: its page reads the folder when it is back.
pub(crate) fn follow_shown(app: &AppHandle) {
    let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
    let folder = || Some(desktop.opened()?.gathered.repository.root.clone());
    let wanted = window::is_shown(app).then(folder).flatten();
    let mut shown = desktop
        .watching
        .shown
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if shown.0 == wanted {
        return;
    }
    shown.1.cancel();
    let cancel = CancellationToken::new();
    if let Some(folder) = wanted.clone() {
        let (app, cancel) = (app.clone(), cancel.clone());
        tauri::async_runtime::spawn(async move {
            // What cannot be watched is read when somebody comes back to the window, or asks for it.
            let Ok(mut watch) = blocking(move || Watch::over(&folder)).await else {
                return;
            };
            while watch.changed(&cancel).await == Changed::Yes {
                // A page that is on its way out shows nothing.
                app.emit("files-changed", ()).ok();
            }
        });
    }
    *shown = (wanted, cancel);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use tributary::settings::{Layer, Publication, PublishedFrom, Settings};

    use super::wanted;

    #[test]
    fn only_folders_of_pinned_publications_are_watched_and_only_where_somebody_wants_that() {
        let publication = |from: PublishedFrom, is_pinned: bool| Publication {
            from,
            paths: Vec::new(),
            site: "https://acme.atlassian.net/wiki"
                .parse()
                .expect("an address"),
            in_sandbox: false,
            space: "DOCS".to_owned(),
            parent: None,
            when: None,
            is_pinned,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        };
        let folder = |path: &str| PublishedFrom::Folder(PathBuf::from(path));
        let repository = PublishedFrom::Repository {
            address: "https://git.acme.com/docs".to_owned(),
            reference: None,
        };
        let mut settings = Settings::default();
        settings.publications = vec![
            publication(folder("/home/ada/handbook"), true),
            publication(folder("/home/ada/notes"), false),
            publication(repository, true),
        ];
        assert!(wanted(&settings).is_empty());
        settings.watches_folders = true;
        let watched =
            |settings: &Settings| -> Vec<PathBuf> { wanted(settings).into_iter().collect() };
        let handbook = [PathBuf::from("/home/ada/handbook")];
        assert_eq!(watched(&settings), handbook);
        // What is published by itself is watched whatever holds for the others.
        settings.watches_folders = false;
        for kept_up in &mut settings.publications {
            kept_up.is_kept_up = kept_up.is_pinned;
        }
        assert_eq!(watched(&settings), handbook);
    }
}
