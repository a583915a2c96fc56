//! The bar of menus at the top of the screen, where the system has one.

use tauri::{AppHandle, State};
use tributary::{Error, ErrorKind};

use crate::menu::{self, Chosen};
use crate::views::CommandError;
use crate::views::menu::MenuGroupView;

/// Has the bar at the top of the screen say these commands. Where the system has no such bar, nothing
/// happens.
#[tauri::command]
#[specta::specta]
pub(crate) async fn tell_menu(
    app: AppHandle,
    groups: Vec<MenuGroupView>,
) -> Result<(), CommandError> {
    menu::tell(&app, &groups).map_err(|error| {
        Error::new(ErrorKind::Bug, "The menu could not be made")
            .caused_by(error)
            .into()
    })
}

/// Takes the command that was chosen in that bar and that no page has carried out yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_command(
    chosen: State<'_, Chosen>,
) -> Result<Option<String>, CommandError> {
    Ok(chosen.take())
}
