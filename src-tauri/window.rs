//! The one window.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};
use tributary::discreet::complain;
use tributary::store::{Paths, write_private};

use crate::desktop::Desktop;
use crate::navigation;
use crate::notices::Notices;
use crate::platform::Platform;
use crate::views::{SceneView, ScreenView};

/// The window's name, which the capability names too.
const LABEL: &str = "main";

/// Asks what the first screen shows while the page's own scripts are still read (`ui/src/backend/tauri.ts`
/// takes the answer): a page that asks later is drawn once without it, and that frame is the dearest of all.
const ASKS_EARLY: &str =
    "window.__TRIBUTARY_START__ = window.__TAURI_INTERNALS__.invoke('start_state');";

/// How long a window that was closed into the tray waits to be wanted again, as it was. Its page ends
/// then: WebKit wakes up ten times a minute for a page that nobody sees, and holds what it draws with.
const RESTS_AFTER: Duration = Duration::from_secs(120);

/// A page in which something would be lost, such as words that somebody typed, stays, and is asked again after
/// twice the time, and so on up to this. A plan that nobody decided about is none of it: it is handed on.
const ASKED_AT_LEAST: Duration = Duration::from_secs(60 * 60);

/// When a page that nobody sees is asked whether it may end: the waits from one time to the next, for ever.
fn waits(first: Duration) -> impl Iterator<Item = Duration> {
    let next = |wait: &Duration| Some((*wait * 2).min(ASKED_AT_LEAST.max(*wait)));
    std::iter::successors(Some(first), next)
}

/// A window that is away, of which only where somebody was and what they planned is kept.
#[derive(Default)]
pub(crate) struct Rest {
    /// Counts how often the window was hidden and shown, so that a wait from before ends nothing.
    turn: AtomicU64,
    /// Whether the window that ends now leaves the program running.
    ends: AtomicBool,
}

impl Rest {
    /// Whether it is the page that ends now, and not the program.
    pub(crate) fn is_all_that_ends(&self) -> bool {
        self.ends.swap(false, Ordering::SeqCst)
    }
}

/// The wait before a page ends: `--rest-after=SECONDS` says another in builds for development.
fn rests_after() -> Duration {
    let given = std::env::args().find_map(|argument| {
        let seconds = argument.strip_prefix("--rest-after=")?;
        Some(Duration::from_secs(seconds.parse().ok()?))
    });
    given
        .filter(|_| cfg!(debug_assertions))
        .unwrap_or(RESTS_AFTER)
}

/// Tells at the first closing that the program goes on, since nothing else shows it. On macOS everybody
/// knows it of every program.
pub(crate) fn tell_once_that_it_stays(app: &AppHandle) {
    let told = app.state::<Arc<Desktop>>().paths.data.join("told-of-tray");
    if !Platform::HERE.asks_what_closing_does() || told.exists() {
        return;
    }
    match write_private(&told, b"") {
        Ok(()) => Notices::of(app).staying(),
        // It would be said at every closing.
        Err(error) => complain(&format!(
            "warning: nobody was told that Tributary stays in the tray: {}",
            error.chain()
        )),
    }
}

/// Hides the window and has its page end after a while; false when it cannot be hidden.
pub(crate) fn hide(app: &AppHandle) -> bool {
    let is_hidden = app
        .get_webview_window(LABEL)
        .is_some_and(|window| window.hide().is_ok());
    if is_hidden {
        let turn = app.state::<Rest>().turn.fetch_add(1, Ordering::SeqCst) + 1;
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            for wait in waits(rests_after()) {
                tokio::time::sleep(wait).await;
                let is_same = app.state::<Rest>().turn.load(Ordering::SeqCst) == turn;
                if !is_same || app.get_webview_window(LABEL).is_none() {
                    break;
                }
                // The page ends itself, unless something in it would be lost: then it is asked again.
                app.emit("rest-wanted", ()).ok();
            }
        });
    }
    is_hidden
}

/// Ends the page of a window that is hidden, and keeps where somebody was in it and what they planned for
/// the next; nothing happens where it shows again, or while it has something published.
pub(crate) fn rest(app: &AppHandle, scene: SceneView) -> tauri::Result<()> {
    let desktop = app.state::<Arc<Desktop>>();
    let Some(window) = app.get_webview_window(LABEL) else {
        return Ok(());
    };
    if window.is_visible()? || desktop.is_publishing() {
        return Ok(());
    }
    desktop.keep_scene(scene);
    app.state::<Rest>().ends.store(true, Ordering::SeqCst);
    window.destroy()
}

/// Sets WebKit up for the machine, by its environment.
///
/// Its watch over the machine's memory is off, which wakes up every five seconds for as long as the
/// program runs, also when no page is left; each page minds its own memory as before. Where nothing but
/// the processor can draw, pages are not put together from layers, for which WebKit loads what imitates a
/// graphics card: scrolling takes three times as long for a frame with it, and a page 90 MB more.
///
/// Called before anything else runs, because it changes the environment; what the person set stays.
#[cfg(target_os = "linux")]
pub(crate) fn fit_to_the_machine() -> Result<(), String> {
    let mut wanted = vec!["WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR"];
    if !has_graphics_card(std::path::Path::new("/dev")) {
        wanted.push("WEBKIT_DISABLE_COMPOSITING_MODE");
    }
    wanted.into_iter().try_for_each(|name| {
        glib::setenv(name, "1", false)
            .map_err(|error| format!("`{name}` could not be set: {error}"))
    })
}

/// Whether a machine with these devices has one that draws: a render node of the kernel, NVIDIA's own, or
/// that of Windows' Subsystem for Linux.
#[cfg(target_os = "linux")]
fn has_graphics_card(devices: &std::path::Path) -> bool {
    let is_there = |folder: &std::path::Path, begin: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name());
        names.any(|name| name.to_string_lossy().starts_with(begin))
    };
    is_there(&devices.join("dri"), "renderD")
        || is_there(devices, "nvidia0")
        || devices.join("dxg").exists()
}

/// What of the window is remembered; whether it shows is decided by how the program starts.
const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED)
    .union(StateFlags::FULLSCREEN);

/// Where it is kept, beside the settings.
fn kept_in(paths: &Paths) -> PathBuf {
    paths.data.join("window.json")
}

/// Remembers where the window is and how large, from one start to the next. A window that would be on
/// no screen stands where the desktop puts it.
pub(crate) fn remembered(paths: &Paths) -> TauriPlugin<Wry> {
    let builder = tauri_plugin_window_state::Builder::new().with_state_flags(REMEMBERED);
    // A path that is no text stays with the plugin's own name, in the folder of the program's settings.
    match kept_in(paths).to_str() {
        Some(file) => builder.with_filename(file).build(),
        None => builder.build(),
    }
}

/// Writes down how the window is, as it is about to be closed.
pub(crate) fn remember(app: &AppHandle) {
    let file = kept_in(&app.state::<Arc<Desktop>>().paths);
    // The plugin makes no folder but its own.
    let made = match file.exists() {
        true => Ok(()),
        false => write_private(&file, b"{}").map_err(|error| error.chain()),
    };
    let written = app.save_window_state(REMEMBERED);
    if let Err(error) = made.and(written.map_err(|error| error.to_string())) {
        complain(&format!(
            "warning: how the window is could not be remembered: {error}"
        ));
    }
}

/// Makes the window.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Tributary")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        // Links are dropped on the page; the shell would keep every drop to itself.
        .disable_drag_drop_handler()
        .on_navigation(navigation::at_home(app.clone()))
        .initialization_script(ASKS_EARLY)
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

/// Shows the window with accounts in front.
pub(crate) fn show_accounts(app: &AppHandle) {
    show_with(app, "accounts-wanted", |desktop| {
        desktop.keep_scene(SceneView::over(ScreenView::Accounts));
    });
}

/// Shows the window with what was published in front, and what of it is left.
pub(crate) fn show_publications(app: &AppHandle) {
    show_with(app, "publications-wanted", |desktop| {
        desktop.keep_scene(SceneView::over(ScreenView::Publications));
    });
}

/// Shows the window with the settings in front.
pub(crate) fn show_settings(app: &AppHandle) {
    show_with(app, "settings-wanted", |desktop| {
        desktop.keep_scene(SceneView::over(ScreenView::Settings));
    });
}

/// Shows the window with what finds everything in front.
pub(crate) fn show_search(app: &AppHandle) {
    show_with(app, "palette-wanted", Desktop::want_palette);
}

/// Shows the window, whose page takes the command that was chosen in the bar of menus; one that opens now
/// asks by itself.
pub(crate) fn show_for_command(app: &AppHandle) {
    show(app);
    // A page that is on its way out carries nothing out.
    app.emit("command-wanted", ()).ok();
}

/// Closes the window as its frame does, where there is one.
pub(crate) fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // One that is on its way out is closed already.
        window.close().ok();
    }
}

/// Shows the window with something in front, which its page is told by an event. Where no page listens
/// yet, the one that opens asks where it begins.
fn show_with(app: &AppHandle, event: &str, keep: impl FnOnce(&Desktop)) {
    if app.get_webview_window(LABEL).is_none() {
        keep(&app.state::<Arc<Desktop>>());
    }
    show(app);
    // A page that is on its way out needs no screen.
    app.emit(event, ()).ok();
}

/// Whether there is a window that is not put away.
pub(crate) fn is_shown(app: &AppHandle) -> bool {
    // What a window that is on its way out says is no.
    app.get_webview_window(LABEL)
        .is_some_and(|window| window.is_visible().unwrap_or(false))
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
    app.state::<Rest>().turn.fetch_add(1, Ordering::SeqCst);
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
                complain(&format!("error: the window could not be opened: {error}"));
            }
        });
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_stays_is_asked_ever_more_rarely_and_never_for_the_last_time() {
        let minutes: Vec<u64> = waits(RESTS_AFTER)
            .take(8)
            .map(|wait| wait.as_secs() / 60)
            .collect();
        assert_eq!(minutes, [2, 4, 8, 16, 32, 60, 60, 60]);
        let within_a_day = waits(RESTS_AFTER)
            .scan(Duration::ZERO, |at, wait| {
                *at += wait;
                Some(*at)
            })
            .take_while(|at| *at <= Duration::from_secs(24 * 60 * 60))
            .count();
        assert_eq!(within_a_day, 27);
        // A wait that somebody chose is kept to, however long.
        let long = Duration::from_secs(2 * 60 * 60);
        assert!(waits(long).take(3).all(|wait| wait == long));
    }

    #[test]
    fn a_machine_has_a_graphics_card_by_its_devices() {
        let devices = tempfile::tempdir().expect("a temporary folder");
        let has = || has_graphics_card(devices.path());
        assert!(!has());
        // The screen alone: what shows pictures, and draws none.
        std::fs::create_dir(devices.path().join("dri")).expect("a folder");
        std::fs::create_dir(devices.path().join("dri/card0")).expect("a file");
        assert!(!has());
        for card in ["dri/renderD128", "nvidia0", "dxg"] {
            std::fs::create_dir(devices.path().join(card)).expect("a file");
            assert!(has(), "{card}");
            std::fs::remove_dir(devices.path().join(card)).expect("a file");
        }
    }
}
