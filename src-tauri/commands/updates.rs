//! Newer versions of this program.

use std::sync::Arc;

use tauri::State;
use tributary::account::Policy;
use tributary::updates::{self, Channel, Installed, Schedule};

use crate::desktop::Desktop;
use crate::updates as newer;
use crate::views::CommandError;
use crate::views::updates::{
    InstalledView, NamedByView, NewUpdates, OfferView, ScheduleView, UpdatesView,
};
use crate::work::blocking;

/// What is known of newer versions. Asks nobody.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_updates(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<UpdatesView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || Ok(view(&desktop))).await
}

/// Changes where they come from, and when it is looked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_updates(
    desktop: State<'_, Arc<Desktop>>,
    updates: NewUpdates,
) -> Result<UpdatesView, CommandError> {
    let NewUpdates {
        address,
        key,
        schedule,
    } = updates;
    let channel = match (address.trim(), key.trim()) {
        ("", "") => None,
        (address, key) => Some(Channel::read(address, key)?),
    };
    desktop.change_settings(|settings| {
        settings.updates.channel = channel;
        settings.updates.schedule = match schedule {
            ScheduleView::ByHand => Schedule::ByHand,
            ScheduleView::Daily => Schedule::Daily,
            ScheduleView::Weekly => Schedule::Weekly,
        };
    })?;
    show_updates(desktop).await
}

/// Looks whether there is a newer version.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_update(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<UpdatesView, CommandError> {
    newer::look(&desktop).await?;
    show_updates(desktop).await
}

/// Puts the newer version that was found in the place of this program. The next start is that.
#[tauri::command]
#[specta::specta]
pub(crate) async fn install_update(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<UpdatesView, CommandError> {
    newer::install(&desktop).await?;
    show_updates(desktop).await
}

fn view(desktop: &Desktop) -> UpdatesView {
    let settings = desktop.settings().updates;
    let found = Policy::of_machine().and_then(|policy| {
        let is_named = policy.updates()?.is_some();
        Ok((updates::channel(&settings, &policy)?, is_named))
    });
    let (in_force, is_of_administrator, forbidden) = match found {
        Ok((channel, is_named)) => (channel, is_named, None),
        Err(error) => (None, false, Some(crate::words::happened(&error))),
    };
    let own = settings.channel.as_ref();
    let shown = in_force.as_ref().filter(|_| is_of_administrator).or(own);
    UpdatesView {
        chosen: NewUpdates {
            address: shown
                .map(|one| one.address().to_string())
                .unwrap_or_default(),
            key: shown.map(|one| one.key().to_owned()).unwrap_or_default(),
            schedule: match settings.schedule {
                Schedule::ByHand => ScheduleView::ByHand,
                Schedule::Daily => ScheduleView::Daily,
                Schedule::Weekly => ScheduleView::Weekly,
            },
        },
        named_by: in_force
            .is_some()
            .then_some(match (is_of_administrator, own) {
                (true, _) => NamedByView::Administrator,
                (false, Some(_)) => NamedByView::User,
                (false, None) => NamedByView::Build,
            }),
        forbidden,
        installed: match Installed::of_process() {
            Installed::AppImage(_) => InstalledView::AppImage,
            Installed::Package => InstalledView::Package,
            Installed::Otherwise => InstalledView::Otherwise,
        },
        running: updates::running().to_string(),
        looked: settings.looked.map(|looked| looked.to_string()),
        found: desktop.updates.found().map(|offer| OfferView {
            version: offer.version().to_string(),
            notes: offer.notes().to_owned(),
            page: offer.page().map(ToString::to_string),
        }),
        in_place: desktop.updates.in_place(),
    }
}
