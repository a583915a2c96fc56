//! What links from elsewhere name: shown, asked about, and opened by a person's word.

use std::sync::Arc;

use tauri::{AppHandle, Emitter, State};
use tributary::opening::{self, Wanted};
use tributary::{Error, ErrorKind};

use crate::desktop::Desktop;
use crate::navigation::Dropped;
use crate::publications::id_of;
use crate::views::CommandError;
use crate::views::visit::{VisitView, WantedView};
use crate::work::blocking;

/// What a link names that nobody has opened yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_wanted(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<Option<WantedView>, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let Some((id, wanted)) = desktop.wanted() else {
            return Ok(None);
        };
        let settings = desktop.settings();
        Ok(match wanted {
            Wanted::File(file) => Some(WantedView {
                id,
                publication: None,
                is_known: file.is_of_known_host(&desktop.accounts()?.list()?, &settings),
                place: file.host.clone(),
                space: None,
                name: match file.path.as_str() {
                    "" => file.repository.clone(),
                    path => format!("{}/{path}", file.repository),
                },
            }),
            Wanted::Publication { site, space } => {
                let known = opening::publication(&settings, &site, &space);
                known.map(|known| WantedView {
                    id,
                    publication: Some(id_of(known)),
                    is_known: true,
                    place: site,
                    space: Some(space),
                    name: known.from.name().to_owned(),
                })
            }
        })
    })
    .await
}

/// Opens the file that a link names. At a host that nobody was at before, only when somebody agreed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_wanted(
    app: AppHandle,
    desktop: State<'_, Arc<Desktop>>,
    id: String,
    agreed: bool,
) -> Result<VisitView, CommandError> {
    let desktop = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    let file = blocking(move || {
        let Wanted::File(file) = held.take_wanted(&id)? else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "This link names no file",
            ));
        };
        if !agreed && !file.is_of_known_host(&held.accounts()?.list()?, &held.settings()) {
            return Err(Error::new(
                ErrorKind::Forbidden,
                tributary::sentence!("Nobody agreed to ask `{host}`", host = file.host),
            ));
        }
        Ok(file)
    })
    .await?;
    let reference = file.reference.as_deref();
    let mut visit = desktop.look_up(&file.address(), reference).await?;
    visit.lead_to(&file.path, file.lines).await?;
    let remembered = visit.address.clone();
    let view = desktop.enter(visit);
    let kept = Arc::clone(&desktop);
    blocking(move || kept.change_settings(|settings| settings.remember_visit(&remembered))).await?;
    app.emit("visit-changed", ()).ok();
    Ok(view)
}

/// Forgets what a link named: it was opened another way, or nobody wants it.
#[tauri::command]
#[specta::specta]
pub(crate) fn dismiss_wanted(
    desktop: State<'_, Arc<Desktop>>,
    id: String,
) -> Result<(), CommandError> {
    desktop.take_wanted(&id)?;
    Ok(())
}

/// Takes the link that was dropped on a rendered page, which cannot tell of it, and that no page has
/// opened yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_dropped(
    dropped: State<'_, Dropped>,
) -> Result<Option<String>, CommandError> {
    Ok(dropped.take())
}
