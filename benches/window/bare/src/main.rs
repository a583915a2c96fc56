//! A Tauri window that does nothing. `--hidden` shows a tray icon in its place.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{WebviewUrl, WebviewWindowBuilder, WindowEvent};

fn main() {
    let hidden = std::env::args().any(|argument| argument == "--hidden");
    let ran = tauri::Builder::default()
        .setup(move |app| {
            let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
            let menu = Menu::with_items(app, &[&quit])?;
            let tray = TrayIconBuilder::new().menu(&menu);
            match app.default_window_icon() {
                Some(icon) => tray.icon(icon.clone()),
                None => tray,
            }
            .build(app)?;
            if !hidden {
                WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                    .title("Bare")
                    .inner_size(1280.0, 820.0)
                    .build()?;
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            // As the program does where a tray is seen.
            if let WindowEvent::CloseRequested { api, .. } = event
                && window.hide().is_ok()
            {
                api.prevent_close();
            }
        })
        .run(tauri::generate_context!());
    if let Err(error) = ran {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
