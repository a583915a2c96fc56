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

/// Whether somebody has the window before them.
pub(crate) fn is_looked_at(app: &AppHandle) -> bool {
    // What a window that is on its way out says is no.
    app.get_webview_window(LABEL).is_some_and(|window| {
        window.is_visible().unwrap_or(false)
            && window.is_focused().unwrap_or(false)
            && !window.is_minimized().unwrap_or(false)
    })
}

/// Shows the window and puts it in front; makes it where the program started without one.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A window manager may refuse any of these; the window is shown as well as it lets us.
        window.unminimize().ok();
        window.show().ok();
        window.set_focus().ok();
    } else {
        // Not from within an event, where Windows would wait for itself.
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Err(error) = build(&app) {
                eprintln!("the window could not be opened: {error}");
            }
        });
    }
}
