//! The tray icon: what is going on, publish again, open, quit. Never the only way to anything.

use std::path::Path;
use std::sync::Arc;

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Emitter, Manager, Wry};
use tributary::Error;
use tributary::publish::{OutcomeKind, Phase, Progress, PublishReport};

use crate::commands::publish::again;
use crate::desktop::Desktop;
use crate::window;

const ID: &str = "main";

/// The menu entries that change. Without a tray, changes go nowhere.
#[derive(Clone, Default)]
pub(crate) struct Tray(Option<Entries>);

#[derive(Clone)]
struct Entries {
    state: MenuItem<Wry>,
    again: MenuItem<Wry>,
    accounts: MenuItem<Wry>,
}

impl Tray {
    /// The application's tray.
    pub(crate) fn of(app: &AppHandle) -> Self {
        app.try_state::<Self>()
            .map(|tray| tray.inner().clone())
            .unwrap_or_default()
    }

    /// Whether somebody can see it, so that a hidden window can be brought back.
    pub(crate) fn is_seen(&self) -> bool {
        self.0.is_some() && host_is_there()
    }

    fn say(&self, state: &str) {
        if let Some(entries) = &self.0 {
            // A tray that its host has dropped cannot show anything.
            entries.state.set_text(state).ok();
        }
    }

    /// Shows that a publish has begun; a second one cannot.
    pub(crate) fn begun(&self) {
        self.say("Looking…");
        self.enable_again(false);
    }

    fn enable_again(&self, enabled: bool) {
        if let Some(entries) = &self.0 {
            // The same as for the text.
            entries.again.set_enabled(enabled).ok();
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
            Phase::Reading | Phase::Snapshot => self.say("Looking…"),
            Phase::Planning => self.say("Planning…"),
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
        self.enable_again(true);
    }

    /// Shows what somebody has to do about accounts.
    pub(crate) fn accounts(&self, app: &AppHandle, attention: &[String]) {
        let Some(entries) = &self.0 else { return };
        let (entry, tooltip) = match attention {
            [] => ("Accounts".to_owned(), "Tributary".to_owned()),
            [one] => (one.clone(), format!("Tributary: {one}")),
            [first, others @ ..] => {
                let said = format!("{first}, and {} more", others.len());
                (said.clone(), format!("Tributary: {said}"))
            }
        };
        // The same as for the text above; not every desktop has tooltips either.
        entries.accounts.set_text(entry).ok();
        if let Some(icon) = app.tray_by_id(ID) {
            icon.set_tooltip(Some(tooltip)).ok();
        }
    }

    /// Shows that a publish did not work. It can be tried again.
    pub(crate) fn failed(&self, error: &Error) {
        self.enable_again(true);
        let message: String = error.to_string().chars().take(80).collect();
        self.say(&format!("Not published: {message}"));
    }
}

/// Puts the icon into the tray, where the desktop has the library for it.
pub(crate) fn build(app: &AppHandle, desktop: &Arc<Desktop>) -> tauri::Result<Tray> {
    if !library_is_there() {
        return Ok(Tray::default());
    }
    let last = desktop.settings().last_publication().cloned();
    let idle = if last.is_some() {
        "Ready"
    } else {
        "Nothing published yet"
    };
    let state = MenuItem::with_id(app, "state", idle, false, None::<&str>)?;
    let again_item =
        MenuItem::with_id(app, "again", "Publish again", last.is_some(), None::<&str>)?;
    let accounts = MenuItem::with_id(app, "accounts", "Accounts", true, None::<&str>)?;
    let open = MenuItem::with_id(app, "open", "Open Tributary", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let separator = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(
        app,
        &[&state, &separator, &again_item, &accounts, &open, &quit],
    )?;
    let icon = Image::from_bytes(include_bytes!("../icons/32x32.png"))?;
    let held = Arc::clone(desktop);
    TrayIconBuilder::with_id(ID)
        .icon(icon)
        .tooltip("Tributary")
        .menu(&menu)
        .show_menu_on_left_click(true)
        .on_menu_event(move |app, event| match event.id().as_ref() {
            "again" => publish_again(app, &held),
            "accounts" => {
                window::show(app);
                app.emit("accounts-wanted", ()).ok();
            }
            "open" => window::show(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(Tray(Some(Entries {
        state,
        again: again_item,
        accounts,
    })))
}

fn publish_again(app: &AppHandle, desktop: &Arc<Desktop>) {
    let (app, desktop) = (app.clone(), Arc::clone(desktop));
    tauri::async_runtime::spawn(async move {
        // The tray's state line shows how it went; the window's terminal has the whole chain.
        if let Err(error) = again(&app, &desktop, Box::new(|_: Progress| {})).await {
            eprintln!("error: {}", error.chain());
        }
    });
}

/// Whether the desktop shows tray icons. GNOME, for one, does not without an extension, and a window
/// that hides there is gone.
#[cfg(target_os = "linux")]
fn host_is_there() -> bool {
    use std::sync::mpsc;
    use std::time::Duration;

    // On a thread of its own, because a bus that hangs must not hang the window.
    let (answer, answered) = mpsc::channel();
    let asking = move || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        zbus::blocking::Proxy::new(
            &bus,
            "org.kde.StatusNotifierWatcher",
            "/StatusNotifierWatcher",
            "org.kde.StatusNotifierWatcher",
        )?
        .get_property("IsStatusNotifierHostRegistered")
    };
    std::thread::spawn(move || {
        // Nobody listens any more when the answer comes too late.
        answer.send(asking().unwrap_or(false)).ok();
    });
    answered
        .recv_timeout(Duration::from_secs(1))
        .unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn host_is_there() -> bool {
    true
}

/// The library behind trays on Linux is loaded when first used, and its binding panics when it is
/// not there.
fn library_is_there() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let folders = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];
    library_is_in(&folders.map(Path::new))
}

fn library_is_in(folders: &[&Path]) -> bool {
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
    folders.iter().any(|folder| {
        names
            .iter()
            .any(|name| folder.join(name).exists() || folder.join(&triplet).join(name).exists())
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::library_is_in;

    #[test]
    fn the_library_is_found_where_distributions_put_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let multiarch = folder
            .path()
            .join(format!("{}-linux-gnu", std::env::consts::ARCH));
        assert!(!library_is_in(&[folder.path(), Path::new("/nowhere")]));
        let link = |folder: &Path, name: &str| {
            std::fs::create_dir_all(folder).expect("the folder is ours");
            std::os::unix::fs::symlink("/bin/true", folder.join(name)).expect("links can be made");
        };
        link(&multiarch, "libayatana-appindicator3.so.0");
        assert!(
            !library_is_in(&[folder.path()]),
            "another version is another library"
        );
        link(&multiarch, "libayatana-appindicator3.so.1");
        assert!(library_is_in(&[folder.path()]));
        let plain = tempfile::tempdir().expect("a temporary folder");
        link(plain.path(), "libappindicator3.so.1");
        assert!(library_is_in(&[Path::new("/nowhere"), plain.path()]));
    }
}
