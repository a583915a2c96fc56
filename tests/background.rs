//! What goes on without the window: notifications in a real service, starting with the desktop, and
//! waiting while the battery is saved.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tributary::updates::{Channel, Schedule};
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Server;
use tributary_testbed::company::Authority;
use tributary_testbed::downloads::{Downloads, program as image};

use crate::accounts::stand;
use crate::desktop::{Desktop, on_a_desktop, program, until};
use crate::previews::git;
use crate::screen::Screen;
use crate::starts::tray_host;
use crate::tray::{
    Program, click, click_below, entry, entry_below, layout, menu, published_before, start,
    until_ended, write,
};
use crate::updates;

/// The notifications of the desktop, as `dunst` shows them.
pub(crate) struct Notifications {
    /// A line for each that was shown: its title, its text, and how far something is.
    shown: PathBuf,
    _service: Program,
}

impl Notifications {
    /// Starts the service, which tells a script of everything that it puts on the screen, and which
    /// answers its own menu with the line that has some words.
    pub(crate) fn begin(desktop: &Desktop, chosen: &str) -> Self {
        use std::os::unix::fs::PermissionsExt;

        let shown = desktop.home.join("notifications");
        let script = desktop.home.join("told");
        let line = "$DUNST_SUMMARY|$DUNST_BODY|$DUNST_PROGRESS";
        write(
            &script,
            &format!(
                "#!/bin/sh\nprintf '%s\\n' \"{line}\" >> '{}'\n",
                shown.display()
            ),
        );
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&script, executable).expect("it is ours");
        let settings = desktop.home.join("dunstrc");
        write(
            &settings,
            &format!(
                "[global]\ndmenu = /usr/bin/grep '{chosen}'\nenable_recursive_icon_lookup = false\n\
                 always_run_script = true\n[all]\nsummary = *\nscript = {}\ntimeout = 0\n",
                script.display()
            ),
        );
        let service = Command::new("dunst")
            .arg("-conf")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let service = Program(service.expect("install the package dunst"));
        let there = Command::new("gdbus")
            .args(["wait", "--session", "--timeout", "20"])
            .arg("org.freedesktop.Notifications")
            .status();
        assert!(there.expect("gdbus is here").success(), "the service runs");
        Self {
            shown,
            _service: service,
        }
    }

    pub(crate) fn all(&self) -> String {
        std::fs::read_to_string(&self.shown).unwrap_or_default()
    }

    pub(crate) async fn until_shown(&self, words: &str) -> String {
        until(words, async || {
            let all = self.all();
            all.contains(words).then_some(all)
        })
        .await
    }

    fn control(arguments: &[&str]) {
        let done = Command::new("dunstctl").args(arguments).status();
        assert!(done.expect("dunst is here").success(), "{arguments:?}");
    }
}

pub(crate) async fn until_said(tray: &(String, String), words: &str) -> String {
    until(words, async || {
        let now = layout(&tray.0, &tray.1);
        now.contains(words).then_some(now)
    })
    .await
}

/// Starts the program where the browser writes down what it is to open.
fn start_with_browser(desktop: &Desktop, arguments: &[&str]) -> Program {
    let others = std::env::var("PATH").unwrap_or_default();
    let folders = format!("{}:{others}", desktop.home.join("bin").display());
    let child = Command::new(program())
        .args(arguments)
        .env("PATH", folders)
        .spawn();
    Program(child.expect("the program starts"))
}

/// Settings with a folder that is published by itself.
pub(crate) async fn kept_up_before(desktop: &Desktop, site: &str, folder: &Path) {
    published_before(desktop, site, folder).await;
    let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
    let mut settings = tributary::settings::Settings::load(&paths).expect("settings");
    settings.publications[0].is_pinned = true;
    settings.publications[0].is_kept_up = true;
    settings.save(&paths).expect("they are written");
}

pub(crate) fn change(folder: &Path, files: &[&str]) {
    for file in files {
        let text = std::fs::read_to_string(folder.join(file)).expect("part of the sample");
        write(&folder.join(file), &format!("{text}\nFrom the tray.\n"));
    }
}

#[test]
fn notifications_tell_how_a_publish_goes_and_lead_to_its_page() {
    on_a_desktop(
        "background::notifications_tell_how_a_publish_goes_and_lead_to_its_page",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let opened = desktop.browser();
            let screen = Screen::open();
            let mut running = start_with_browser(&desktop, &["--hidden"]);
            let tray = menu().await;

            click(&tray.0, &tray.1, "Publish again").await;
            let all = notifications
                .until_shown(&format!(
                    "Published: handbook to DOCS|{} pages written|",
                    documents()
                ))
                .await;
            assert!(
                all.contains("Publishing handbook to DOCS|"),
                "how it went: {all}"
            );
            // A click on it.
            Notifications::control(&["action"]);
            until("the page in the browser", async || {
                let seen = std::fs::read_to_string(&opened).unwrap_or_default();
                seen.contains("/spaces/DOCS/pages/").then_some(())
            })
            .await;

            // Where somebody has to decide, it leads to the window.
            let product = tributary_sandbox::signin::Product::Cloud;
            let pages = sandbox.control().pages(product, "DOCS");
            let page = pages
                .iter()
                .find(|page| page.title.contains("command line"));
            let id = &page.expect("a page of the sample").id;
            let edited = sandbox
                .control()
                .edit_page_by_hand(product, id, "<p>Mine.</p>");
            edited.expect("it can be edited");
            change(&folder, &["command-line.md", "write/front-matter.md"]);
            click(&tray.0, &tray.1, "Publish again").await;
            notifications
                .until_shown("Needs a decision: handbook to DOCS|1 page written, 1 page left|")
                .await;
            assert!(screen.is_hidden(), "nobody asked for the window yet");
            Notifications::control(&["action"]);
            let window = screen.until_shown().await;

            // Whoever looks at the window is told there, and what was shown is taken back.
            until("the notification to be taken back", async || {
                // A window that is only just made misses the first time.
                screen.look_away();
                screen.look_at(window);
                let count = Command::new("dunstctl")
                    .args(["count", "displayed"])
                    .output();
                let count = count.expect("dunst is here").stdout;
                (String::from_utf8_lossy(&count).trim() == "0").then_some(())
            })
            .await;
            let before = notifications.all();
            change(&folder, &["write/front-matter.md"]);
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, "1 published, 1 needs attention").await;
            until("another try", async || {
                entry(&layout(&tray.0, &tray.1), "Publish again").filter(|(_, enabled)| *enabled)
            })
            .await;
            screen.look_away();
            sandbox.control().add_fault(tributary_sandbox::Fault {
                method: None,
                path: "/operations".to_owned(),
                // Who looks what is behind asks as well, and tells nobody.
                times: 100,
                kind: tributary_sandbox::FaultKind::Status { status: 403 },
            });
            click(&tray.0, &tray.1, "Publish again").await;
            let all = notifications
                .until_shown("Not published: handbook to DOCS|")
                .await;
            let since = all.strip_prefix(&before).expect("lines are added");
            assert!(!since.contains("Needs a decision"), "{since}");

            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}

#[test]
fn the_first_closing_into_the_tray_is_told_and_no_other() {
    on_a_desktop(
        "background::the_first_closing_into_the_tray_is_told_and_no_other",
        async |desktop: Desktop| {
            let _host = tray_host().await;
            let notifications = Notifications::begin(&desktop, "Settings");
            let screen = Screen::open();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            let tray = menu().await;
            screen.close(window);
            let told = "Tributary stays in the tray|";
            notifications.until_shown(told).await;
            screen.until_hidden().await;
            // A click on it.
            Notifications::control(&["action"]);
            let window = screen.until_shown().await;
            screen.close(window);
            screen.until_hidden().await;
            // What is said later comes later, so that nothing is on its way any more.
            click(&tray.0, &tray.1, "Publish the copied link").await;
            let all = notifications
                .until_shown("The copied link was not published|")
                .await;
            assert_eq!(all.matches(told).count(), 1, "{all}");
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            until_ended().await;

            // Nor by the next start. What is said in the same words is another notification only once the
            // first is put away.
            Notifications::control(&["close-all"]);
            let before = notifications.all();
            let mut running = start(&[]);
            let window = screen.until_shown().await;
            let tray = menu().await;
            screen.close(window);
            screen.until_hidden().await;
            click(&tray.0, &tray.1, "Publish the copied link").await;
            let all = until("the copied link again", async || {
                let all = notifications.all();
                let since = all.strip_prefix(&before)?.to_owned();
                since
                    .contains("The copied link was not published|")
                    .then_some(all)
            })
            .await;
            assert_eq!(all.matches(told).count(), 1, "{all}");
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
        },
    );
}

#[test]
fn what_fell_behind_is_told_once_wanted_and_published_from_there() {
    on_a_desktop(
        "background::what_fell_behind_is_told_once_wanted_and_published_from_there",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            click(&tray.0, &tray.1, "Publish again").await;
            notifications
                .until_shown("Published: handbook to DOCS|")
                .await;
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            until_ended().await;

            // A start without a window looks by itself.
            change(&folder, &["command-line.md", "write/front-matter.md"]);
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            notifications.until_shown("2 pages are behind|").await;
            Notifications::control(&["context"]);
            notifications
                .until_shown("Published: handbook to DOCS|2 pages written|")
                .await;
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            until_ended().await;

            // Nobody wants to know any more; of publishing they do, in another language.
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("settings");
            settings.notifications.behind = false;
            settings.window.language = tributary::settings::Language::German;
            settings.save(&paths).expect("they are written");
            let before = notifications.all();
            change(&folder, &["command-line.md"]);
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            until_said(&tray, "1 Seite ist veraltet").await;
            click(&tray.0, &tray.1, "Veraltetes veröffentlichen (1)").await;
            let all = notifications
                .until_shown("Veröffentlicht: handbook nach DOCS|1 Seite geschrieben|")
                .await;
            let since = all.strip_prefix(&before).expect("lines are added");
            assert!(!since.contains("veraltet"), "{since}");
            click(&tray.0, &tray.1, "Beenden").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}

#[test]
fn it_starts_with_the_desktop_once_that_is_wanted() {
    on_a_desktop(
        "background::it_starts_with_the_desktop_once_that_is_wanted",
        async |desktop: Desktop| {
            let file = desktop
                .home
                .join(".config/autostart/tributary-desktop.desktop");
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window.find("settings").await;
            let autostart = window.find("settings-autostart").await;
            let is_on =
                "return document.querySelector(\"[data-testid='settings-autostart']\").checked";
            assert_eq!(
                window.script(is_on).await,
                false,
                "off unless somebody wants it"
            );
            assert!(!file.exists());
            autostart.click().await.expect("a click");
            let text = until("the file", async || std::fs::read_to_string(&file).ok()).await;
            assert!(
                text.contains(&format!("\nExec=\"{}\" --hidden\n", program())),
                "{text}"
            );
            let valid = Command::new("desktop-file-validate").arg(&file).status();
            assert!(valid.expect("it is here").success(), "{text}");
            window.click("[data-testid='settings-notify-behind']").await;
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            until("the setting", async || {
                let now = tributary::settings::Settings::load(&paths).ok()?;
                (!now.notifications.behind && now.notifications.publishing).then_some(())
            })
            .await;
            // The end of the session alone may leave the program in the tray.
            let (bus, path) = menu().await;
            click(&bus, &path, "Quit").await;
            until_ended().await;
            window.close().await;

            // As a desktop does at its start.
            let launched = Command::new("gio")
                .arg("launch")
                .arg(&file)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            assert!(launched.expect("gio is here").success());
            let screen = Screen::open();
            let tray = menu().await;
            assert!(screen.is_hidden(), "without a window");
            // Nor does another start of that kind bring one; one by hand does.
            let start_again = |arguments: &[&str]| {
                let ended = Command::new(program()).args(arguments).status();
                assert!(ended.expect("it starts").success());
            };
            start_again(&["--hidden"]);
            assert!(screen.is_hidden(), "without a window, still");
            start_again(&[]);
            screen.until_shown().await;
            click(&tray.0, &tray.1, "Quit").await;
            until_ended().await;

            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009},\u{e000}").await.expect("keys");
            window.find("settings-autostart").await;
            assert_eq!(window.script(is_on).await, true, "it is kept");
            window.click("[data-testid='settings-autostart']").await;
            until("the file to be gone", async || {
                (!file.exists()).then_some(())
            })
            .await;
            window.close().await;
        },
    );
}

#[test]
fn a_watched_folder_is_behind_as_soon_as_a_file_is_saved() {
    on_a_desktop(
        "background::a_watched_folder_is_behind_as_soon_as_a_file_is_saved",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("they are read");
            settings.watches_folders = true;
            settings.publications[0].is_pinned = true;
            settings.save(&paths).expect("they are written");
            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let mut running = start_with_browser(&desktop, &["--hidden"]);
            let tray = menu().await;
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            let written = |sandbox: &tributary_sandbox::Running| {
                let product = tributary_sandbox::signin::Product::Cloud;
                sandbox.control().pages(product, "DOCS").len()
            };
            let before = written(&sandbox);

            // Without an hour in between, and without anybody who asks.
            change(&folder, &["command-line.md"]);
            until_said(&tray, "1 page is behind").await;
            notifications.until_shown("1 page is behind").await;
            change(&folder, &["command-line.md", "start/README.md"]);
            until_said(&tray, "2 pages are behind").await;
            // It is shown, and somebody decides.
            assert_eq!(written(&sandbox), before);
            click(&tray.0, &tray.1, "Quit").await;
            until_ended().await;
            running.0.wait().expect("it ended");
            sandbox.stop().await;
        },
    );
}

/// A folder of a repository that is published from `main` and watched, while `draft` is checked out in it, and
/// another one of the repository in which somebody commits to `main`.
async fn a_commit_to_another_branch_is_seen(desktop: &Desktop, watched: &Path, other: &Path) {
    let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
    let sandbox = sandbox.expect("a sandbox");
    published_before(desktop, &sandbox.cloud_url(), watched).await;
    let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
    let mut settings = tributary::settings::Settings::load(&paths).expect("they are read");
    settings.watches_folders = true;
    settings.publications[0].is_pinned = true;
    settings.save(&paths).expect("they are written");
    let mut running = start_with_browser(desktop, &["--hidden"]);
    let tray = menu().await;
    click(&tray.0, &tray.1, "Publish again").await;
    until_said(&tray, &format!("{} pages published", documents())).await;
    git(watched, &["switch", "-q", "-c", "draft"]);
    git(other, &["switch", "-q", "main"]);

    // Nobody asks, and no file of the watched folder changes.
    change(other, &["command-line.md"]);
    git(
        other,
        &["commit", "-qam", "Newer on the branch of the page"],
    );
    until_said(&tray, "1 page is behind").await;
    // Names that are packed are followed too.
    git(other, &["pack-refs", "--all"]);
    change(other, &["start/README.md"]);
    git(other, &["commit", "-qam", "Newer once more"]);
    until_said(&tray, "2 pages are behind").await;
    click(&tray.0, &tray.1, "Quit").await;
    running.0.wait().expect("it ends");
    sandbox.stop().await;
}

/// A repository in the folder of the sample, and one more folder of it.
fn with_worktree(desktop: &Desktop) -> (PathBuf, PathBuf) {
    let folder = desktop.sample();
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-qm", "First"]);
    git(
        &folder,
        &["worktree", "add", "-q", "--detach", "../worktree"],
    );
    let worktree = folder.with_file_name("worktree");
    (folder, worktree)
}

#[test]
fn a_commit_to_another_branch_than_is_checked_out_is_behind_where_it_is_watched() {
    on_a_desktop(
        "background::a_commit_to_another_branch_than_is_checked_out_is_behind_where_it_is_watched",
        async |desktop: Desktop| {
            let (folder, worktree) = with_worktree(&desktop);
            a_commit_to_another_branch_is_seen(&desktop, &folder, &worktree).await;
        },
    );
}

#[test]
fn a_commit_is_behind_where_one_more_folder_of_a_repository_is_watched() {
    on_a_desktop(
        "background::a_commit_is_behind_where_one_more_folder_of_a_repository_is_watched",
        async |desktop: Desktop| {
            let (folder, worktree) = with_worktree(&desktop);
            git(&folder, &["switch", "-q", "--detach"]);
            git(&worktree, &["switch", "-q", "main"]);
            a_commit_to_another_branch_is_seen(&desktop, &worktree, &folder).await;
        },
    );
}

/// What tells whether the battery is saved, on the bus of the test.
struct Power {
    bus: String,
    _service: Program,
}

impl Power {
    /// Begins with the battery saved. The service is of the system, as python-dbusmock imitates it.
    fn saving() -> Self {
        let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").expect("a bus");
        let service = Command::new("/usr/bin/python3")
            .args(["-m", "dbusmock", "--template", "power_profiles_daemon"])
            .args(["--parameters", "{\"ActiveProfile\": \"power-saver\"}"])
            .env("DBUS_SYSTEM_BUS_ADDRESS", &bus)
            .stdout(Stdio::null())
            .spawn();
        let service = Program(service.expect("Debian's python3 is here"));
        let there = Command::new("gdbus")
            .args(["wait", "--session", "--timeout", "20"])
            .arg("net.hadess.PowerProfiles")
            .status();
        assert!(
            there.expect("gdbus is here").success(),
            "install the package python3-dbusmock"
        );
        Self {
            bus,
            _service: service,
        }
    }

    /// Starts the program where it is told.
    fn start(&self) -> Program {
        let child = Command::new(program())
            .arg("--hidden")
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus)
            .spawn();
        Program(child.expect("the program starts"))
    }

    /// Has the battery not be saved any more.
    fn is_enough() {
        let changed = Command::new("gdbus")
            .args(["call", "--session", "--dest", "net.hadess.PowerProfiles"])
            .args(["--object-path", "/net/hadess/PowerProfiles", "--method"])
            .args([
                "org.freedesktop.DBus.Mock.UpdateProperties",
                "net.hadess.PowerProfiles",
            ])
            .arg("{'ActiveProfile': <'balanced'>}")
            .stdout(Stdio::null())
            .status();
        assert!(changed.expect("gdbus is here").success());
    }
}

#[test]
fn nothing_goes_by_the_clock_while_the_battery_is_saved() {
    on_a_desktop(
        "background::nothing_goes_by_the_clock_while_the_battery_is_saved",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let company = Authority::new("Acme Authority");
            let downloads = Downloads::new(&company);
            downloads.offer("99.0.0", &image("the newer version"));
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("settings");
            updates::reach(&desktop, &company, &downloads, &mut settings);
            let channel = Channel::read(&downloads.address(), &downloads.key());
            settings.updates.channel = Some(channel.expect("an address and a key"));
            settings.updates.schedule = Schedule::Daily;
            settings.save(&paths).expect("they are written");
            let power = Power::saving();
            let _running = power.start();
            let tray = menu().await;
            until_said(&tray, "Not looking in power-saving mode").await;
            assert_eq!(
                sandbox.control().requests().len(),
                0,
                "nobody was asked anything"
            );
            // What somebody asks for is done.
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            // Newer versions were due since the start.
            assert_eq!(downloads.asked(), Vec::<String>::new());
            change(&folder, &["command-line.md"]);

            Power::is_enough();
            // As soon as it is not any more, without an hour in between.
            until_said(&tray, "1 page is behind").await;
            until("newer versions to be looked for", async || {
                (!downloads.asked().is_empty()).then_some(())
            })
            .await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn publications_by_themselves_saved_files_and_accounts_wait_for_the_battery_too() {
    on_a_desktop(
        "background::publications_by_themselves_saved_files_and_accounts_wait_for_the_battery_too",
        async |desktop: Desktop| {
            let sandbox = stand::sandbox(Server::Gitlab, stand::GITLAB_REDIRECT, None).await;
            let control = sandbox.control();
            let (host, token) = (
                stand::host_of(&sandbox, "gitlab"),
                stand::token_of(&sandbox, Server::Gitlab, "alice"),
            );
            let window = stand::window_at_accounts(&desktop).await;
            stand::fill_in_token(&window, "gitlab", &host, &token).await;
            stand::go_and_done(&window).await;
            stand::quit(window).await;
            let folder = desktop.sample();
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;
            control.clear_requests();
            let power = Power::saving();
            let _running = power.start();
            let tray = menu().await;
            until_said(&tray, "Not looking in power-saving mode").await;
            assert_eq!(control.requests().len(), 0, "nobody was asked");
            // What somebody asks for is done, and said in the place of that.
            click(&tray.0, &tray.1, "Look what is behind").await;
            until_said(&tray, "Nothing is behind").await;
            change(&folder, &["command-line.md"]);
            // Said anew by what was told of the saved file, and waits with it.
            until_said(&tray, "Not looking in power-saving mode").await;
            let product = tributary_sandbox::signin::Product::Cloud;
            assert_eq!(control.pages(product, "DOCS").len(), 1, "as it was before");
            let is_host_asked = || {
                let asked = control.requests();
                let mut asked = asked.iter();
                asked.any(|one| one.path.starts_with("/hosts/gitlab/"))
            };
            assert!(!is_host_asked());
            Power::is_enough();
            until_said(&tray, &format!("{} pages published", documents())).await;
            until("the host of the account to be asked", async || {
                is_host_asked().then_some(())
            })
            .await;
            let pages = control.pages(product, "DOCS").into_iter();
            let changed = pages.filter(|page| page.body.contains("From the tray."));
            assert_eq!(changed.count(), 1, "as it was saved meanwhile");
            sandbox.stop().await;
        },
    );
}

#[test]
fn of_several_publications_what_one_left_is_told_at_the_end_and_seen_in_the_window() {
    on_a_desktop(
        "background::of_several_publications_what_one_left_is_told_at_the_end_and_seen_in_the_window",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let (control, product) = (sandbox.control(), tributary_sandbox::signin::Product::Cloud);
            let folder = desktop.sample();
            let notes = desktop.home.join("notes");
            write(&notes.join("README.md"), "# Notes\n\nMine.\n");
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("they are read");
            let mut other = settings.publications[0].clone();
            other.from = tributary::settings::PublishedFrom::Folder(notes.clone());
            other.space = "TEAM".to_owned();
            settings.publications.push(other);
            settings.save(&paths).expect("they are written");

            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let screen = Screen::open();
            let window = desktop.window(&[]).await;
            window.find("home-publications").await;
            let tray = menu().await;
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            click_below(&tray.0, &tray.1, "notes to TEAM", "Publish again").await;
            until_said(&tray, "1 page published").await;

            // The one that is published first may not be written to any more, and the other one may.
            change(&folder, &["command-line.md"]);
            change(&notes, &["README.md"]);
            click(&tray.0, &tray.1, "Look what is behind").await;
            until_said(&tray, "2 pages are behind").await;
            assert!(control.set_read_only(product, "TEAM", true));
            screen.look_away();
            click(&tray.0, &tray.1, "Publish what is behind (2)").await;
            let all = notifications
                .until_shown("Not everything was published|1 page written\nnotes to TEAM: ")
                .await;
            assert!(!all.contains("Not published: notes"), "told once: {all}");
            let said = until_said(&tray, "Not all published: notes to TEAM").await;
            assert!(!said.contains("1 page published"), "{said}");
            let written = |space: &str| {
                let pages = control.pages(product, space).into_iter();
                pages
                    .filter(|page| page.body.contains("From the tray."))
                    .count()
            };
            assert_eq!((written("DOCS"), written("TEAM")), (1, 0));
            // What is counted anew afterwards is in the entry, and takes nobody's words away.
            let left = until("the rest", async || {
                let now = layout(&tray.0, &tray.1);
                let (_, enabled) = entry(&now, "Publish what is behind (1)")?;
                enabled.then_some(now)
            })
            .await;
            assert!(left.contains("Not all published: notes to TEAM"), "{left}");
            Notifications::control(&["action"]);
            let said = window.find("published-left").await.text().await;
            let said = said.expect("words");
            assert!(said.contains("notes was not published to TEAM"), "{said}");

            // It may again, and what somebody edited meanwhile is left to be decided.
            assert!(control.set_read_only(product, "TEAM", false));
            change(&folder, &["command-line.md"]);
            click(&tray.0, &tray.1, "Look what is behind").await;
            until_said(&tray, "2 pages are behind").await;
            let pages = control.pages(product, "DOCS");
            let page = pages
                .iter()
                .find(|page| page.title.contains("command line"));
            let id = &page.expect("a page of the sample").id;
            let edited = control.edit_page_by_hand(product, id, "<p>Mine.</p>");
            edited.expect("it can be edited");
            screen.look_away();
            click(&tray.0, &tray.1, "Publish what is behind (2)").await;
            notifications
                .until_shown(
                    "Not everything was published|1 page written\nhandbook to DOCS: 1 page left",
                )
                .await;
            until_said(&tray, "Not all published: handbook to DOCS").await;
            assert_eq!(written("TEAM"), 1);
            window
                .until_script("const left = [...document.querySelectorAll(\"[data-testid='published-left']\")]; return left.length === 1 && left[0].textContent.includes('handbook was not published to DOCS')")
                .await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn what_cannot_be_begun_meanwhile_takes_no_word_away_of_a_publish_under_way() {
    on_a_desktop(
        "background::what_cannot_be_begun_meanwhile_takes_no_word_away_of_a_publish_under_way",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            // Whether it can be published again by both entries; none while a menu is made anew.
            let again = || {
                let now = layout(&tray.0, &tray.1);
                let can = |above: &str| Some(entry_below(&now, above, "Publish again")?.1);
                Some((can("")?, can("handbook to DOCS")?))
            };
            until_said(&tray, "handbook to DOCS").await;
            assert_eq!(again(), Some((true, true)));

            // Slow enough to be under way still when something else is asked for.
            control.set_latency(std::time::Duration::from_millis(700));
            click(&tray.0, &tray.1, "Publish again").await;
            until_said(&tray, "Publishing ").await;
            assert_eq!(again(), Some((false, false)));
            // Nobody copied anything.
            click(&tray.0, &tray.1, "Publish the copied link").await;
            notifications
                .until_shown("The copied link was not published|No link was copied")
                .await;
            let now = layout(&tray.0, &tray.1);
            assert!(now.contains("Publishing "), "it goes on: {now}");
            assert!(!now.contains("Not published"), "{now}");
            assert_eq!(again(), Some((false, false)));
            control.set_latency(std::time::Duration::ZERO);
            until_said(&tray, &format!("{} pages published", documents())).await;
            until("another try", async || {
                (again() == Some((true, true))).then_some(())
            })
            .await;

            // Where nothing else goes on, the tray says it too.
            click(&tray.0, &tray.1, "Publish the copied link").await;
            until_said(&tray, "Not published: No link was copied").await;
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}

#[test]
fn what_is_published_by_itself_is_as_soon_as_a_file_is_saved_and_no_edit_is_lost() {
    on_a_desktop(
        "background::what_is_published_by_itself_is_as_soon_as_a_file_is_saved_and_no_edit_is_lost",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("settings");
            // Nobody looks at what would be lost, so it is not written over whatever is set.
            settings.publish.on_conflict = Some(tributary_pages::plan::OnConflict::Overwrite);
            settings.save(&paths).expect("they are written");
            let notifications = Notifications::begin(&desktop, "Publish what is behind");
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            // By the clock, which begins with the start.
            notifications
                .until_shown(&format!(
                    "Published: handbook to DOCS|{} pages written|",
                    documents()
                ))
                .await;

            // As soon as a file is saved; what somebody wrote stays.
            let product = tributary_sandbox::signin::Product::Cloud;
            let control = sandbox.control();
            let edited = || {
                let pages = control.pages(product, "DOCS").into_iter();
                let mut pages = pages.filter(|page| page.title.contains("command line"));
                pages.next().expect("a page of the sample")
            };
            control
                .edit_page_by_hand(product, &edited().id, "<p>Mine.</p>")
                .expect("it can be edited");
            change(&folder, &["command-line.md"]);
            change(&folder, &["write/front-matter.md"]);
            notifications
                .until_shown("Needs a decision: handbook to DOCS|1 page written, 1 page left|")
                .await;
            assert_eq!(edited().body, "<p>Mine.</p>");
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}
