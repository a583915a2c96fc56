//! The tray icon: what is going on, publish again, open, quit. Never the only way to anything.

use std::path::Path;
use std::sync::Arc;

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry};
use tributary::Error;
use tributary::publish::{OutcomeKind, Phase, Progress, PublishReport};

use crate::commands::publish::again;
use crate::desktop::Desktop;
use crate::window;

/// The menu entries that change. Without a tray, changes go nowhere.
#[derive(Clone, Default)]
pub(crate) struct Tray(Option<Entries>);

#[derive(Clone)]
struct Entries {
    state: MenuItem<Wry>,
    again: MenuItem<Wry>,
}

impl Tray {
    /// The application's tray.
    pub(crate) fn of(app: &AppHandle) -> Self {
        app.try_state::<Self>()
            .map(|tray| tray.inner().clone())
            .unwrap_or_default()
    }

    /// Whether there is one.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn say(&self, state: &str) {
        if let Some(entries) = &self.0 {
            // A tray that its host has dropped cannot show anything.
            entries.state.set_text(state).ok();
        }
    }

    /// Shows how far a publish is.
    pub(crate) fn publishing(&self, progress: &Progress) {
        match progress.phase {
            Phase::Publishing => {
                self.say(&format!(
                    "Publishing {} of {}",
                    progress.done, progress.total
                ));
            }
            _ => self.say("Planning…"),
        }
    }

    /// Shows what became of a publish.
    pub(crate) fn published(&self, report: &PublishReport) {
        let written = report.count(OutcomeKind::Created)
            + report.count(OutcomeKind::Updated)
            + report.count(OutcomeKind::Moved);
        let attention = report
            .outcomes
            .iter()
            .filter(|outcome| outcome.kind.needs_attention())
            .count();
        self.say(&match (written, attention) {
            (0, 0) => "Up to date".to_owned(),
            (1, 0) => "1 page published".to_owned(),
            (written, 0) => format!("{written} pages published"),
            (written, attention) => format!("{written} published, {attention} need attention"),
        });
        if let Some(entries) = &self.0 {
            entries.again.set_enabled(true).ok();
        }
    }

    /// Shows that a publish did not work.
    pub(crate) fn failed(&self, error: &Error) {
        let message: String = error.to_string().chars().take(80).collect();
        self.say(&format!("Not published: {message}"));
    }
}

/// Puts the icon into the tray, where the desktop has the library for it.
pub(crate) fn build(app: &AppHandle, desktop: &Arc<Desktop>) -> tauri::Result<Tray> {
    if !library_is_there() {
        return Ok(Tray::default());
    }
    let last = desktop.settings().last_publication;
    let idle = if last.is_some() {
        "Ready"
    } else {
        "Nothing published yet"
    };
    let state = MenuItem::with_id(app, "state", idle, false, None::<&str>)?;
    let again_item =
        MenuItem::with_id(app, "again", "Publish again", last.is_some(), None::<&str>)?;
    let open = MenuItem::with_id(app, "open", "Open Tributary", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let separator = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&state, &separator, &again_item, &open, &quit])?;
    let icon = Image::from_bytes(include_bytes!("../icons/32x32.png"))?;
    let held = Arc::clone(desktop);
    TrayIconBuilder::with_id("main")
        .icon(icon)
        .tooltip("Tributary")
        .menu(&menu)
        .show_menu_on_left_click(true)
        .on_menu_event(move |app, event| match event.id().as_ref() {
            "again" => publish_again(app, &held),
            "open" => window::show(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(Tray(Some(Entries {
        state,
        again: again_item,
    })))
}

fn publish_again(app: &AppHandle, desktop: &Arc<Desktop>) {
    let (app, desktop) = (app.clone(), Arc::clone(desktop));
    tauri::async_runtime::spawn(async move {
        if let Err(error) = again(&app, &desktop, Box::new(|_: Progress| {})).await {
            Tray::of(&app).failed(&error);
        }
    });
}

/// The library behind trays on Linux is loaded when first used, and its binding panics when it is
/// not there.
fn library_is_there() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
    let folders = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];
    folders.iter().any(|folder| {
        let folder = Path::new(folder);
        names
            .iter()
            .any(|name| folder.join(name).exists() || folder.join(&triplet).join(name).exists())
    })
}
