//! The window itself: its start, theme, and links that leave it.

use std::sync::Arc;

use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;
use tributary::discreet::complain;
use tributary::settings::Theme;
use tributary::{Error, ErrorKind};
use url::Url;

use crate::commands::repository::view;
use crate::commands::settings::{defaults_view, spoken_view, window_view};
use crate::convert;
use crate::desktop::Desktop;
use crate::platform::Platform;
use crate::publications::{id_of, view as view_of};
use crate::theme::Appearance;
use crate::views::settings::{AppearanceView, PseudoView};
use crate::views::{CommandError, RecentView, SceneView, StartView, ThemeView};
use crate::work::blocking;
use crate::{window, words};

/// Everything the window needs when it opens.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_state(
    desktop: State<'_, Arc<Desktop>>,
) -> Result<StartView, CommandError> {
    let desktop = Arc::clone(&desktop);
    blocking(move || {
        let settings = desktop.settings();
        let (_, vault) = desktop.vault();
        // Opened with the window, so that what waits from earlier is sent on.
        desktop.audit();
        Ok(StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            theme: match settings.appearance {
                Theme::System => ThemeView::System,
                Theme::Light => ThemeView::Light,
                Theme::Dark => ThemeView::Dark,
            },
            window: window_view(&settings.window),
            system_language: spoken_view(words::system()),
            pseudo: pseudo(std::env::args()),
            publish_defaults: defaults_view(&settings.publish),
            recent: settings
                .recent
                .iter()
                .filter(|path| path.is_dir())
                .map(|path| RecentView {
                    path: path.display().to_string(),
                    name: path
                        .file_name()
                        .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
                })
                .collect(),
            opened: desktop.opened().map(|opened| view(&opened)),
            visit: desktop.visited(),
            keystore: convert::keystore(&vault, desktop.can_unlock(&vault)),
            publications: {
                let all = settings.publications.iter();
                let mut all: Vec<_> = all
                    .map(|one| view_of(one, desktop.behind.trouble(&id_of(one))))
                    .collect();
                all.sort_by_key(|one| !one.is_pinned);
                all
            },
            sandbox: desktop.sandbox_site().map(|site| convert::sandbox(&site)),
            publishing: desktop.is_publishing(),
            trouble: desktop.take_trouble().map(CommandError::from),
            scene: desktop.take_scene(),
            platform: Platform::HERE,
            attention: {
                let wanted = desktop.attention().into_iter();
                wanted.map(|one| one.words).collect()
            },
            is_palette_wanted: desktop.take_palette(),
        })
    })
    .await
}

/// What the window is to speak whatever is chosen: `--language=pseudo` or `--language=pseudo-rtl` on
/// the command line, in builds for development alone.
fn pseudo(arguments: impl Iterator<Item = String>) -> Option<PseudoView> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let given = |argument: String| match argument.strip_prefix("--language=")? {
        "pseudo" => Some(PseudoView::Pseudo),
        "pseudo-rtl" => Some(PseudoView::PseudoRtl),
        _ => None,
    };
    arguments.skip(1).find_map(given)
}

/// Remembers how the window is to look.
#[tauri::command]
#[specta::specta]
pub(crate) fn set_theme(
    desktop: State<'_, Arc<Desktop>>,
    theme: ThemeView,
) -> Result<(), CommandError> {
    let theme = match theme {
        ThemeView::System => Theme::System,
        ThemeView::Light => Theme::Light,
        ThemeView::Dark => Theme::Dark,
    };
    Ok(desktop.change_settings(|settings| settings.appearance = theme)?)
}

/// How the desktop looks, which engines do not tell everywhere. Asks nobody.
#[tauri::command]
#[specta::specta]
pub(crate) fn show_appearance(appearance: State<'_, Appearance>) -> AppearanceView {
    appearance.now()
}

/// Ends the page of the hidden window, which says where the next is to begin.
#[tauri::command]
#[specta::specta]
pub(crate) fn rest(app: AppHandle, scene: SceneView) {
    if let Err(error) = window::rest(&app, scene) {
        complain(&format!(
            "warning: the hidden window could not be ended: {error}"
        ));
    }
}

/// Ends the program, whose window would only hide where a tray is seen.
#[tauri::command]
#[specta::specta]
pub(crate) fn quit(app: AppHandle) {
    app.exit(0);
}

/// Closes the window, as its frame does: what that means is the platform's custom and somebody's choice.
#[tauri::command]
#[specta::specta]
pub(crate) fn close_window(window: tauri::WebviewWindow) -> Result<(), CommandError> {
    window.close().map_err(|error| {
        Error::new(ErrorKind::Bug, "The window could not be closed")
            .caused_by(error)
            .into()
    })
}

/// Opens a web address in the system's browser; nothing but a web address.
#[tauri::command]
#[specta::specta]
pub(crate) fn open_link(app: AppHandle, url: String) -> Result<(), CommandError> {
    let refused = || {
        Error::new(
            ErrorKind::InvalidInput,
            tributary::sentence!("`{url}` is not a web address", url),
        )
        .remedy("Only http and https links are opened")
    };
    let parsed = Url::parse(&url).map_err(|_| refused())?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(refused().into());
    }
    Ok(open_in_browser(&app, &parsed)?)
}

/// Opens an address in the system's browser.
pub(crate) fn open_in_browser(app: &AppHandle, address: &Url) -> Result<(), Error> {
    let opened = app.opener().open_url(address.as_str(), None::<&str>);
    opened.map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "No browser could be opened")
            .remedy(tributary::sentence!("Open {address} yourself", address))
            .caused_by(error)
    })
}
