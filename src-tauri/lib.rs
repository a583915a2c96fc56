//! The Tributary window and tray: a shell around the library `tributary`.
//!
//! In reading order: [`commands`] lists what the window may call, [`views`] what crosses to it,
//! [`desktop`] what is held in between, [`tray`], [`window`] and [`scheme`] the rest. A command's
//! body says which library function it calls; anything longer belongs into the library.

mod commands;
mod convert;
mod desktop;
mod scheme;
mod tray;
mod views;
mod window;
mod work;

use std::path::PathBuf;
use std::sync::Arc;

use tauri::{Manager, RunEvent, WindowEvent};

use crate::desktop::Desktop;
use crate::tray::Tray;

/// Writes the TypeScript bindings of all commands.
///
/// # Errors
/// When the file cannot be written.
pub fn export_bindings(path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let header =
        "// Generated from src-tauri/ by `cargo test bindings`. Do not edit.\n// eslint-disable\n";
    let language = specta_typescript::Typescript::default().header(header);
    commands::builder().export(language, path)?;
    Ok(())
}

/// Runs the application until it is quit.
///
/// `tributary-desktop [PATH] [--sandbox]` opens a folder, or the sandbox with the sample.
pub fn run() {
    let desktop = match Desktop::open() {
        Ok(desktop) => Arc::new(desktop),
        Err(error) => {
            eprintln!("error: {}", error.chain());
            std::process::exit(2);
        }
    };
    let builder = commands::builder();
    let pictures = Arc::clone(&desktop);
    let held = Arc::clone(&desktop);
    let application = tauri::Builder::default()
        // First, so that a second start only shows the window of the first.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            window::show(app);
            let held = Arc::clone(&app.state::<Arc<Desktop>>());
            open_named(&held, &arguments);
        }))
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("repository", move |_, request, responder| {
            let desktop = Arc::clone(&pictures);
            let path = request.uri().path().to_owned();
            tauri::async_runtime::spawn_blocking(move || {
                responder.respond(scheme::serve(&desktop, &path));
            });
        })
        .manage(Arc::clone(&desktop))
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            let arguments: Vec<String> = std::env::args().collect();
            open_named(&held, &arguments);
            let tray = tray::build(app.handle(), &held)?;
            app.manage(tray);
            window::build(app.handle())?;
            Ok(())
        })
        .on_window_event(|window, event| {
            // With a tray the window only hides; without one, closing it quits.
            if let WindowEvent::CloseRequested { api, .. } = event
                && Tray::of(window.app_handle()).is_there()
                && window.hide().is_ok()
            {
                api.prevent_close();
            }
        })
        .build(tauri::generate_context!());
    match application {
        Ok(application) => application.run(|app, event| {
            if let RunEvent::ExitRequested { .. } = event {
                // What has begun is finished by the server; nothing new begins.
                app.state::<Arc<Desktop>>().cancel("publish");
            }
        }),
        Err(error) => {
            eprintln!("error: the window could not be opened: {error}");
            std::process::exit(1);
        }
    }
}

/// Opens what the command line names.
fn open_named(desktop: &Arc<Desktop>, arguments: &[String]) {
    let with_sandbox = arguments.iter().any(|argument| argument == "--sandbox");
    let folder = arguments
        .iter()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let opened = match (folder, with_sandbox) {
        (Some(folder), _) => desktop.open_folder(PathBuf::from(folder)).map(|_| ()),
        (None, true) => desktop
            .sample()
            .and_then(|folder| desktop.open_folder(folder))
            .map(|_| ()),
        (None, false) => Ok(()),
    };
    if let Err(error) = opened {
        eprintln!("error: {}", error.chain());
    }
    if with_sandbox {
        let desktop = Arc::clone(desktop);
        let started = tauri::async_runtime::block_on(async move { desktop.start_sandbox().await });
        if let Err(error) = started {
            eprintln!("error: {}", error.chain());
        }
    }
}
