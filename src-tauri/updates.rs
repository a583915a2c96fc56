//! Newer versions of this program: what was found of them, and looking by the clock where somebody
//! wants that.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tauri::{AppHandle, Emitter, Manager};
use tributary::account::Policy;
use tributary::updates::{self, Found, Installed, Offer};
use tributary::{Error, ErrorKind};

use crate::desktop::Desktop;
use crate::notices::Notices;
use crate::power;
use crate::views::CommandError;
use crate::work::blocking;

/// What was found since the start.
#[derive(Default)]
pub(crate) struct Updates {
    found: Mutex<Option<Offer>>,
    in_place: Mutex<Option<String>>,
}

impl Updates {
    /// The newer version that was found last.
    pub(crate) fn found(&self) -> Option<Offer> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.clone()
    }

    /// The version that the next start is.
    pub(crate) fn in_place(&self) -> Option<String> {
        let in_place = self.in_place.lock().unwrap_or_else(PoisonError::into_inner);
        in_place.clone()
    }

    fn keep(&self, offer: Option<Offer>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = offer;
    }
}

/// Looks whether there is a newer version, and keeps what is found and when it was looked.
///
/// # Errors
/// As [`updates::channel`] and [`updates::look`]; [`ErrorKind::InvalidInput`] where there is no
/// channel.
pub(crate) async fn look(desktop: &Arc<Desktop>) -> Result<(), CommandError> {
    let settings = desktop.settings().updates;
    let channel = blocking(move || updates::channel(&settings, &Policy::of_machine()?)).await?;
    let channel = channel.ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidInput,
            "It is not said where newer versions come from",
        )
        .remedy("Give an address and a key under Settings, Updates")
    })?;
    // What fails is tried again when it is due the next time, and not at every occasion.
    desktop.change_settings(|settings| settings.updates.looked = Some(Timestamp::now()))?;
    let found = updates::look(desktop.http(), &channel, &updates::running()).await?;
    desktop.updates.keep(match found {
        Found::Newer(offer) => Some(offer),
        Found::Nothing => None,
    });
    Ok(())
}

/// Puts what was found in the place of this program.
///
/// # Errors
/// As [`updates::install`]; [`ErrorKind::Conflict`] when nothing was found.
pub(crate) async fn install(desktop: &Arc<Desktop>) -> Result<(), CommandError> {
    let settings = desktop.settings().updates;
    // An administrator may have forbidden it since.
    blocking(move || updates::channel(&settings, &Policy::of_machine()?)).await?;
    let offer = desktop.updates.found().ok_or_else(|| {
        Error::new(ErrorKind::Conflict, "No newer version was found")
            .remedy("Look for one once more")
    })?;
    updates::install(desktop.http(), &offer, &Installed::of_process()).await?;
    let mut in_place = desktop
        .updates
        .in_place
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    *in_place = Some(offer.version().to_string());
    Ok(())
}

/// Looks once at the start, where it is due.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if is_due(&app.state::<Arc<Desktop>>()) {
            power::until_not_saved(|| {}).await;
            look_if_due(&app).await;
        }
    });
}

/// Looks where somebody wants that by the clock and it is time. What is found is told once.
pub(crate) async fn look_if_due(app: &AppHandle) {
    let desktop = Arc::clone(&app.state::<Arc<Desktop>>());
    if !is_due(&desktop) {
        return;
    }
    let before = desktop.updates.found();
    if look(&desktop).await.is_err() {
        // It is in the diagnostics. Whoever looks by hand is told; here nobody asked.
        return;
    }
    let found = desktop.updates.found();
    if let Some(offer) = found.filter(|found| before.as_ref() != Some(found)) {
        Notices::of(app).update(&offer.version().to_string());
        // A window that is not there yet will ask by itself.
        app.emit("update-found", ()).ok();
    }
}

fn is_due(desktop: &Desktop) -> bool {
    desktop.settings().updates.is_due(Timestamp::now())
}
