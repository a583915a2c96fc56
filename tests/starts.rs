//! How the program starts, starts a second time, hides and ends.

use std::io::{BufRead, BufReader};
use std::process::Command;
use std::sync::{Arc, Mutex};

use tributary_sandbox::sample::documents;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::Value;

use crate::accounts::stand::paths;
use crate::desktop::{Desktop, on_a_desktop, program, until};
use crate::screen::Screen;
use crate::tray::{click, layout, menu, start, write};

/// What was registered at a desktop's tray: by whom on the bus, and what they called it.
pub(crate) type Registered = Arc<Mutex<Vec<(String, String)>>>;

/// A desktop that shows tray icons, as far as a program can ask.
struct Watcher(Registered);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[expect(clippy::needless_pass_by_value, reason = "shaped by the interface")]
    fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        let sender = header.sender().map(ToString::to_string);
        let item = (sender.unwrap_or_default(), service.to_owned());
        self.0.lock().expect("nobody panicked").push(item);
    }

    #[zbus(property)]
    #[expect(clippy::unused_self, reason = "shaped by the interface")]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

pub(crate) async fn tray_host() -> zbus::Connection {
    tray_host_with(&Registered::default()).await
}

/// The same, which keeps what is registered.
pub(crate) async fn tray_host_with(registered: &Registered) -> zbus::Connection {
    let watcher = Watcher(Arc::clone(registered));
    zbus::connection::Builder::session()
        .expect("a bus")
        .name("org.kde.StatusNotifierWatcher")
        .expect("the name is free")
        .serve_at("/StatusNotifierWatcher", watcher)
        .expect("the path is free")
        .build()
        .await
        .expect("a tray host")
}

/// A desktop whose portal says how it looks, by the numbers of its specification.
struct Portal {
    scheme: u32,
    contrast: u32,
    motion: u32,
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Portal {
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<Value<'static>> {
        let number = match (namespace, key) {
            ("org.freedesktop.appearance", "color-scheme") => self.scheme,
            ("org.freedesktop.appearance", "contrast") => self.contrast,
            ("org.freedesktop.appearance", "reduced-motion") => self.motion,
            _ => return Err(zbus::fdo::Error::UnknownProperty(key.to_owned())),
        };
        Ok(Value::new(Value::new(number)))
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}

#[test]
fn the_window_looks_as_the_desktop_says_it_does() {
    on_a_desktop(
        "starts::the_window_looks_as_the_desktop_says_it_does",
        async |desktop: Desktop| {
            const PATH: &str = "/org/freedesktop/portal/desktop";
            let looks = Portal {
                scheme: 1,
                contrast: 1,
                motion: 1,
            };
            let portal = zbus::connection::Builder::session()
                .and_then(|bus| bus.name("org.freedesktop.portal.Desktop"))
                .and_then(|bus| bus.serve_at(PATH, looks))
                .expect("the name is free");
            let portal = portal.build().await.expect("a portal");
            let window = desktop.window(&[]).await;
            let is = async |theme: &str, contrast: &str, motion: &str| {
                window
                    .until_script(&format!(
                        "const {{theme, contrast, motion}} = document.documentElement.dataset;\
                         return theme === '{theme}' && contrast === '{contrast}'\
                         && motion === '{motion}'"
                    ))
                    .await;
            };
            is("dark", "more", "reduced").await;
            let emitter = SignalEmitter::new(&portal, PATH).expect("a path");
            for (key, number, theme, contrast, motion) in [
                ("color-scheme", 2u32, "light", "more", "reduced"),
                ("color-scheme", 1, "dark", "more", "reduced"),
                ("contrast", 0, "dark", "usual", "reduced"),
                ("contrast", 1, "dark", "more", "reduced"),
                // Which says nothing yet, and is no preference.
                ("contrast", 2, "dark", "usual", "reduced"),
                ("reduced-motion", 0, "dark", "usual", "usual"),
                ("reduced-motion", 1, "dark", "usual", "reduced"),
                ("color-scheme", 0, "light", "usual", "reduced"),
            ] {
                let value = Value::new(number);
                Portal::setting_changed(&emitter, "org.freedesktop.appearance", key, value)
                    .await
                    .expect("sent");
                is(theme, contrast, motion).await;
            }
            window.close().await;
        },
    );
}

#[test]
fn closing_hides_the_window_where_the_tray_is_seen() {
    on_a_desktop(
        "starts::closing_hides_the_window_where_the_tray_is_seen",
        async |_: Desktop| {
            let _host = tray_host().await;
            let screen = Screen::open();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            let (bus, path) = menu().await;
            screen.close(window);
            screen.until_hidden().await;
            assert!(
                running.0.try_wait().expect("it is ours").is_none(),
                "it goes on in the tray"
            );
            click(&bus, &path, "Open Tributary").await;
            screen.until_shown().await;
            click(&bus, &path, "Quit").await;
            let ended = running.0.wait().expect("it ends");
            assert!(ended.success(), "{ended}");
        },
    );
}

#[test]
fn closing_quits_where_somebody_chose_that_it_does() {
    on_a_desktop(
        "starts::closing_quits_where_somebody_chose_that_it_does",
        async |desktop: Desktop| {
            let _host = tray_host().await;
            let settings = desktop.home.join("tributary/config/settings.toml");
            let text = b"[background]\nquit_when_closed = true\n";
            tributary::store::write_atomically(&settings, text).expect("the folder is ours");
            let screen = Screen::open();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            menu().await;
            screen.close(window);
            let ended = running.0.wait().expect("it ends");
            assert!(ended.success(), "{ended}");
        },
    );
}

#[test]
fn the_tray_opens_the_window_at_the_settings_and_at_the_search() {
    on_a_desktop(
        "starts::the_tray_opens_the_window_at_the_settings_and_at_the_search",
        async |desktop: Desktop| {
            let _host = tray_host().await;
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            let (bus, path) = menu().await;
            click(&bus, &path, "Settings…").await;
            window.find("settings").await;
            click(&bus, &path, "Search…").await;
            window.find("palette-words").await;
            window.close().await;
        },
    );
}

#[test]
fn control_and_w_close_the_window_into_the_tray() {
    on_a_desktop(
        "starts::control_and_w_close_the_window_into_the_tray",
        async |desktop: Desktop| {
            let _host = tray_host().await;
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            let (bus, path) = menu().await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009}w\u{e000}").await.expect("keys");
            window.until_script("return document.hidden").await;
            // The program runs on, and has it back.
            click(&bus, &path, "Open Tributary").await;
            window.until_script("return !document.hidden").await;
            window.close().await;
        },
    );
}

/// The processes that draw pages for a program.
pub(crate) fn pages_of(process: u32) -> usize {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).expect("it runs");
    let children: String = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok())
        .collect();
    let is_page = |child: &&str| {
        std::fs::read_to_string(format!("/proc/{child}/comm"))
            .is_ok_and(|name| name.starts_with("WebKitWebProces"))
    };
    children.split_whitespace().filter(is_page).count()
}

#[test]
fn a_window_that_stays_closed_ends_its_page_and_comes_back() {
    on_a_desktop(
        "starts::a_window_that_stays_closed_ends_its_page_and_comes_back",
        async |_: Desktop| {
            let _host = tray_host().await;
            let screen = Screen::open();
            let mut running = start(&["--rest-after=1"]);
            let process = running.0.id();
            let window = screen.until_shown().await;
            until("its page", async || (pages_of(process) == 1).then_some(())).await;
            let (bus, path) = menu().await;
            screen.close(window);
            until("its page to end", async || {
                (pages_of(process) == 0).then_some(())
            })
            .await;
            assert!(
                running.0.try_wait().expect("it is ours").is_none(),
                "it goes on in the tray"
            );
            click(&bus, &path, "Open Tributary").await;
            let window = screen.until_shown().await;
            until("a page again", async || {
                (pages_of(process) == 1).then_some(())
            })
            .await;
            screen.close(window);
            until("its page to end again", async || {
                (pages_of(process) == 0).then_some(())
            })
            .await;
            click(&bus, &path, "Quit").await;
            let ended = running.0.wait().expect("it ends");
            assert!(ended.success(), "{ended}");
        },
    );
}

#[test]
fn the_window_is_where_and_as_large_as_it_was_before() {
    on_a_desktop(
        "starts::the_window_is_where_and_as_large_as_it_was_before",
        async |desktop: Desktop| {
            let screen = Screen::open();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            assert_eq!(screen.size(window), (1280, 820), "as nobody chose it");
            let is = |window| (screen.size(window), screen.place(window));
            screen.resize(window, (1101, 702));
            screen.put(window, (83, 47));
            until("the size and the place", async || {
                (is(window) == ((1101, 702), (83, 47))).then_some(())
            })
            .await;
            screen.close(window);
            assert!(running.0.wait().expect("it ends").success());
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            until("the size and the place that it had", async || {
                (is(window) == ((1101, 702), (83, 47))).then_some(())
            })
            .await;
            screen.close(window);
            assert!(running.0.wait().expect("it ends").success());

            // It was on a screen that is not there any more.
            let kept = paths(&desktop).data.join("window.json");
            let text = std::fs::read_to_string(&kept).expect("it is kept");
            let away = text.replace("\"x\": 83", "\"x\": 4083");
            assert_ne!(away, text, "{text}");
            write(&kept, &away);
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            until("the size that it had, in sight", async || {
                let (size, (x, y)) = is(window);
                (size == (1101, 702) && (0..1280).contains(&x) && (0..820).contains(&y))
                    .then_some(())
            })
            .await;
            screen.close(window);
            assert!(running.0.wait().expect("it ends").success());
            let text = std::fs::read_to_string(&kept).expect("it is kept");
            assert!(!text.contains("\"x\": 4083"), "it stayed in sight: {text}");
        },
    );
}

#[test]
fn a_window_that_was_maximized_asks_to_be_so_again() {
    on_a_desktop(
        "starts::a_window_that_was_maximized_asks_to_be_so_again",
        async |desktop: Desktop| {
            let screen = Screen::open();
            screen.listen();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            screen.maximize(window);
            // Both reach the window one after the other.
            screen.close(window);
            assert!(running.0.wait().expect("it ends").success());
            let kept = paths(&desktop).data.join("window.json");
            let text = std::fs::read_to_string(&kept).expect("it is kept");
            assert!(text.contains("\"maximized\": true"), "{text}");
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            screen.until_maximized(window).await;
            screen.close(window);
            assert!(running.0.wait().expect("it ends").success());
        },
    );
}

#[test]
fn closing_quits_where_no_tray_is_seen() {
    on_a_desktop(
        "starts::closing_quits_where_no_tray_is_seen",
        async |_: Desktop| {
            let screen = Screen::open();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            screen.close(window);
            let ended = running.0.wait().expect("it ends");
            assert!(ended.success(), "{ended}");
        },
    );
}

#[test]
fn a_second_start_opens_its_folder_in_the_window_of_the_first() {
    on_a_desktop(
        "starts::a_second_start_opens_its_folder_in_the_window_of_the_first",
        async |desktop: Desktop| {
            let elsewhere = desktop.home.join("elsewhere");
            let notes = elsewhere.join("notes");
            tributary::store::write_atomically(&notes.join("README.md"), b"# Notes\n\nMine.\n")
                .expect("the folder is ours");
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            let second = |argument: &str| {
                let ended = Command::new(program())
                    .arg(argument)
                    .current_dir(&elsewhere)
                    .status();
                assert!(ended.expect("it starts").success());
            };
            // Relative to where the second was started, which the first knows nothing of.
            second("notes");
            window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('Mine.') ?? false").await;
            second("nothing-here");
            let said = window.find("error").await.text().await.expect("words");
            assert!(said.contains("nothing-here"), "{said}");
            window.close().await;
        },
    );
}

#[test]
fn the_demo_s_links_live_as_long_as_the_window_and_its_pages_outlive_it() {
    on_a_desktop(
        "starts::the_demo_s_links_live_as_long_as_the_window_and_its_pages_outlive_it",
        async |_: Desktop| {
            let screen = Screen::open();
            let mut running = start(&["--demo"]);
            let mut said = BufReader::new(running.0.stdout.take().expect("a pipe")).lines();
            let first = said.next().expect("a line").expect("text");
            assert!(first.starts_with("created"), "{first}");
            let link = first.split_whitespace().last().expect("a link").to_owned();
            screen.until_shown().await;
            let read = |link: &str| {
                let page = Command::new("curl").args(["-sf", link]).output();
                let page = page.expect("curl is here");
                (
                    page.status.success(),
                    String::from_utf8_lossy(&page.stdout).into_owned(),
                )
            };
            let (answered, page) = read(&link);
            assert!(
                answered && page.contains("Tributary guide"),
                "{link}: {page}"
            );
            let (bus, path) = menu().await;
            until("the state", async || {
                layout(&bus, &path)
                    .contains(&format!("{} pages published", documents()))
                    .then_some(())
            })
            .await;
            click(&bus, &path, "Quit").await;
            running.0.wait().expect("it ends");
            assert!(!read(&link).0, "the sandbox ended with the program");

            // The sandbox has another address now; publishing again finds its pages all the same.
            let mut running = start(&[]);
            let (bus, path) = menu().await;
            click(&bus, &path, "Publish again").await;
            until("the state", async || {
                layout(&bus, &path).contains("Up to date").then_some(())
            })
            .await;
            click(&bus, &path, "Quit").await;
            running.0.wait().expect("it ends");
        },
    );
}
