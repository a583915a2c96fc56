//! Starting with the desktop, and notifications.

use std::sync::Arc;

use tauri::{AppHandle, State};
use tributary::settings::NotificationSettings;

use crate::autostart;
use crate::desktop::Desktop;
use crate::platform::Platform;
use crate::tray::Tray;
use crate::views::CommandError;
use crate::views::background::{BackgroundView, NotificationsView};
use crate::watching;
use crate::work::blocking;

/// What goes on without the window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_background(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
) -> Result<BackgroundView, CommandError> {
    let settings = desktop.settings();
    let wanted = settings.notifications;
    Ok(BackgroundView {
        autostart: blocking(autostart::is_on).await?,
        watch: settings.watches_folders,
        pause: settings.pauses_looking,
        every: settings.looks_every.into(),
        quits_when_closed: settings.quits_when_closed,
        has_tray: blocking(move || Ok(Tray::of(&app).is_seen())).await?,
        asks_what_closing_does: Platform::HERE.asks_what_closing_does(),
        notifications: NotificationsView {
            publishing: wanted.publishing,
            behind: wanted.behind,
            accounts: wanted.accounts,
        },
    })
}

/// Changes it, and gives what is in force then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_background(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    background: BackgroundView,
) -> Result<BackgroundView, CommandError> {
    let BackgroundView {
        autostart,
        watch,
        pause,
        every,
        quits_when_closed,
        notifications,
        ..
    } = background;
    desktop.change_settings(|settings| {
        settings.watches_folders = watch;
        settings.pauses_looking = pause;
        settings.looks_every = every.into();
        settings.quits_when_closed = quits_when_closed;
        settings.notifications = NotificationSettings {
            publishing: notifications.publishing,
            behind: notifications.behind,
            accounts: notifications.accounts,
        };
    })?;
    desktop.behind.reschedule();
    watching::follow(&app);
    Tray::of(&app).paused(pause);
    blocking(move || {
        // What is as it is wanted stays as somebody may have edited it.
        if autostart::is_on()? != autostart {
            autostart::set(autostart)?;
        }
        Ok(())
    })
    .await?;
    show_background(app, desktop).await
}
