//! The one window.

use std::sync::Arc;

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::desktop::Desktop;

/// The window's name, which the capability names too.
const LABEL: &str = "main";

/// Makes the window.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Tributary")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        // Links are dropped on the page; the shell would keep every drop to itself.
        .disable_drag_drop_handler()
        .build()?;
    let settings = app.state::<Arc<Desktop>>().settings();
    zoom(app, settings.window.zoom);
    Ok(())
}

/// Shows everything in the window larger or smaller, in percent.
pub(crate) fn zoom(app: &AppHandle, percent: u16) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window that is on its way out needs no zoom.
        window.set_zoom(f64::from(percent) / 100.0).ok();
    }
}

/// Shows the window and puts it in front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window manager may refuse any of these; the window is shown as well as it lets us.
        window.unminimize().ok();
        window.show().ok();
        window.set_focus().ok();
    } else if let Err(error) = build(app) {
        eprintln!("the window could not be opened: {error}");
    }
}
