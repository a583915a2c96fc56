//! The tray icon, driven as a desktop drives it: over D-Bus.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tributary::discreet::log::tail;
use tributary_sandbox::sample::documents;

use crate::accounts::stand::paths;
use crate::desktop::{Desktop, on_a_desktop, program, until};
use crate::previews::git;
use crate::starts::{Registered, tray_host_with};

/// A running program, ended when the test ends.
pub(crate) struct Program(pub(crate) Child);

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts the program with its words kept for the test.
pub(crate) fn start(arguments: &[&str]) -> Program {
    let child = Command::new(program())
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn();
    Program(child.expect("the program starts"))
}

fn gdbus(arguments: &[&str]) -> String {
    let called = Command::new("gdbus")
        .args(arguments)
        .stderr(Stdio::null())
        .output();
    String::from_utf8_lossy(&called.expect("gdbus is here").stdout).into_owned()
}

fn names() -> String {
    gdbus(&[
        "call",
        "--session",
        "--dest",
        "org.freedesktop.DBus",
        "--object-path",
        "/org/freedesktop/DBus",
        "--method",
        "org.freedesktop.DBus.ListNames",
    ])
}

/// Waits until no program of ours runs, so that the next start is a first one.
pub(crate) async fn until_ended() {
    until("the end of the program", async || {
        (!names().contains("SingleInstance")).then_some(())
    })
    .await;
}

/// Finds the bus name and the menu of the tray item that a process shows.
pub(crate) async fn menu() -> (String, String) {
    until("a tray item", async || {
        let names = names();
        for name in names.split('\'').filter(|name| name.starts_with(':')) {
            let tree = gdbus(&[
                "introspect",
                "--session",
                "--dest",
                name,
                "--object-path",
                "/org/ayatana/NotificationItem",
                "--recurse",
                "--only-properties",
            ]);
            let path = tree.split_whitespace().find(|word| {
                word.starts_with("/org/ayatana/NotificationItem/") && word.ends_with("/Menu")
            });
            if let Some(path) = path {
                return Some((name.to_owned(), path.to_owned()));
            }
        }
        None
    })
    .await
}

pub(crate) fn layout(name: &str, path: &str) -> String {
    gdbus(&[
        "call",
        "--session",
        "--dest",
        name,
        "--object-path",
        path,
        "--method",
        "com.canonical.dbusmenu.GetLayout",
        "--",
        "0",
        "-1",
        "[]",
    ])
}

/// The number of the entry with a label.
pub(crate) fn entry(layout: &str, label: &str) -> Option<(String, bool)> {
    let at = layout.find(&format!("'label': <'{label}'>"))?;
    let before = &layout[..at];
    let open = before.rfind("<(")?;
    let number = before[open + 2..].split(',').next()?.trim().to_owned();
    let end = layout[at..].find("<(").map_or(layout.len(), |end| at + end);
    let disabled = layout[open..end].contains("'enabled': <false>");
    Some((number, !disabled))
}

/// Clicks an entry. The menu is made anew whenever something changes, and an entry that went away
/// between looking and clicking takes no click, which its answer tells; a program that ends by it may
/// be gone before it answers.
pub(crate) async fn click(name: &str, path: &str, label: &str) {
    click_below(name, path, "", label).await;
}

/// The first entry with a label behind another one, such as in the menu of that.
pub(crate) fn entry_below(layout: &str, above: &str, label: &str) -> Option<(String, bool)> {
    let at = match above {
        "" => 0,
        above => layout.find(&format!("'label': <'{above}'>"))?,
    };
    entry(&layout[at..], label)
}

/// The same for the first entry with that label behind another one.
pub(crate) async fn click_below(name: &str, path: &str, above: &str, label: &str) {
    until(label, async || {
        let (number, _) = entry_below(&layout(name, path), above, label)?;
        let answer = gdbus(&[
            "call",
            "--session",
            "--dest",
            name,
            "--object-path",
            path,
            "--method",
            "com.canonical.dbusmenu.Event",
            "--",
            &number,
            "clicked",
            "<''>",
            "0",
        ]);
        let is_gone = || !names().contains(&format!("'{name}'"));
        (answer.contains("()") || is_gone()).then_some(())
    })
    .await;
}

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
    std::fs::write(path, text).expect("the file is written");
}

const USER: &str = "author@example.com";

/// What a publish from the window left behind in an earlier version: a connected site with a token
/// of its own, and the last publication.
pub(crate) async fn published_before(desktop: &Desktop, site: &str, folder: &Path) {
    let mut settings = tributary::settings::Settings::default();
    let url = url::Url::parse(site).expect("an address");
    settings.remember_site(tributary::settings::SiteSettings {
        url: url.clone(),
        flavor: Some(tributary_pages::markup::Flavor::Cloud),
        auth: tributary::settings::Auth::Basic {
            user: USER.to_owned(),
        },
        gateway: None,
    });
    settings.remember_publication(tributary::settings::Publication {
        from: tributary::settings::PublishedFrom::Folder(folder.to_path_buf()),
        paths: Vec::new(),
        site: url.clone(),
        in_sandbox: false,
        space: "DOCS".to_owned(),
        parent: None,
        when: None,
        is_pinned: false,
        is_kept_up: false,
        titles: BTreeMap::new(),
        options: tributary::settings::Layer::default(),
        page: None,
    });
    let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
    settings.save(&paths).expect("the settings are written");
    let name = tributary::vault::SecretName::site_token(&url, USER);
    tokio::task::spawn_blocking(move || {
        let (vault, state) = tributary::vault::open_vault();
        assert!(
            matches!(state, tributary::vault::VaultState::Available { .. }),
            "{state:?}"
        );
        vault.put(
            &name,
            &tributary::vault::Secret::new("sandbox-token".to_owned()),
        )
    })
    .await
    .expect("the keystore answers")
    .expect("the token is kept");
}

fn settings_of(desktop: &Desktop) -> tributary::settings::Settings {
    tributary::settings::Settings::load(&paths(desktop)).expect("the settings are read")
}

#[test]
fn the_tray_publishes_again_and_quits() {
    on_a_desktop(
        "tray::the_tray_publishes_again_and_quits",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            // As somebody chose in the window when it was published from there.
            let mut settings = settings_of(&desktop);
            settings.publications[0].options.title_prefix = Some("Handbook: ".to_owned());
            settings.save(&paths(&desktop)).expect("they are written");
            let mut running = start(&[]);
            let (bus, path) = menu().await;
            let first = until("the menu", async || {
                let now = layout(&bus, &path);
                now.contains("Publish again").then_some(now)
            })
            .await;
            for label in ["Ready", "Publish again", "Open Tributary", "Quit"] {
                assert!(entry(&first, label).is_some(), "{label}: {first}");
            }
            assert!(entry(&first, "Publish again").is_some_and(|(_, enabled)| enabled));

            click(&bus, &path, "Publish again").await;
            until("the state in the menu", async || {
                layout(&bus, &path)
                    .contains(&format!("{} pages published", documents()))
                    .then_some(())
            })
            .await;
            let control = sandbox.control();
            let product = tributary_sandbox::signin::Product::Cloud;
            assert_eq!(control.pages(product, "DOCS").len(), documents() + 1);
            write(
                &folder.join("command-line.md"),
                "# The command line\n\nFrom the tray.\n",
            );
            click(&bus, &path, "Publish again").await;
            until("one page", async || {
                layout(&bus, &path)
                    .contains("1 page published")
                    .then_some(())
            })
            .await;
            let pages = control.pages(product, "DOCS");
            let mut written = pages.iter();
            let written = written.find(|page| page.body.contains("From the tray."));
            let title = written.map(|page| page.title.as_str());
            assert_eq!(title, Some("Handbook: The command line"));
            let kept = settings_of(&desktop).publications.remove(0).options;
            assert_eq!(kept.title_prefix.as_deref(), Some("Handbook: "));

            click(&bus, &path, "Quit").await;
            until("the end of the program", async || {
                running.0.try_wait().ok().flatten()
            })
            .await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn a_publish_that_fails_is_said_and_can_be_tried_again() {
    on_a_desktop(
        "tray::a_publish_that_fails_is_said_and_can_be_tried_again",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let _running = start(&[]);
            let (bus, path) = menu().await;
            sandbox.control().add_fault(tributary_sandbox::Fault {
                method: None,
                path: "/operations".to_owned(),
                times: 1,
                kind: tributary_sandbox::FaultKind::Status { status: 403 },
            });
            click(&bus, &path, "Publish again").await;
            until("the failure in the menu", async || {
                layout(&bus, &path).contains("Not published").then_some(())
            })
            .await;
            // The menu has its first words; the log has all of them, also where nobody has a terminal.
            until("the failure in the log", async || {
                let logged = tail(&paths(&desktop).state.join("logs"));
                logged.contains(" errors error: ").then_some(())
            })
            .await;
            until("another try", async || {
                entry(&layout(&bus, &path), "Publish again").filter(|(_, enabled)| *enabled)
            })
            .await;
            click(&bus, &path, "Publish again").await;
            until("the state in the menu", async || {
                layout(&bus, &path)
                    .contains(&format!("{} pages published", documents()))
                    .then_some(())
            })
            .await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn the_window_and_the_tray_publish_one_after_the_other() {
    on_a_desktop(
        "tray::the_window_and_the_tray_publish_one_after_the_other",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            let (bus, path) = menu().await;

            // Slow enough that the tray's publish is still under way when the window asks.
            let control = sandbox.control();
            control.set_latency(std::time::Duration::from_millis(700));
            click(&bus, &path, "Publish again").await;
            until("the publish", async || {
                layout(&bus, &path).contains("Publishing").then_some(())
            })
            .await;
            let state = layout(&bus, &path);
            assert!(
                entry(&state, "Publish again").is_some_and(|(_, enabled)| !enabled),
                "a second one is not offered: {state}"
            );
            window.click("[data-testid='publish-button']").await;
            let said = window.find("error").await.text().await.expect("words");
            assert!(said.contains("under way"), "{said}");

            // Cancel reaches the publish that runs, wherever it was started.
            window.click("[data-testid='cancel-elsewhere']").await;
            control.set_latency(std::time::Duration::ZERO);
            until("the end of the publish", async || {
                entry(&layout(&bus, &path), "Publish again").filter(|(_, enabled)| *enabled)
            })
            .await;
            let product = tributary_sandbox::signin::Product::Cloud;
            let pages = control.pages(product, "DOCS").len();
            assert!(pages <= documents(), "the rest was not reached: {pages}");
            // The window says that it has ended.
            window.until_script("return document.querySelector(\"[data-testid='publishing-elsewhere']\") === null").await;
            click(&bus, &path, "Publish again").await;
            until("the whole", async || {
                (control.pages(product, "DOCS").len() == documents() + 1).then_some(())
            })
            .await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn one_click_leaves_what_somebody_edited_whatever_is_set() {
    on_a_desktop(
        "tray::one_click_leaves_what_somebody_edited_whatever_is_set",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let (control, product) = (sandbox.control(), tributary_sandbox::signin::Product::Cloud);
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let kept = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&kept).expect("settings");
            settings.publish.on_conflict = Some(tributary_pages::plan::OnConflict::Overwrite);
            settings.save(&kept).expect("they are written");
            let _running = start(&["--hidden"]);
            let (bus, path) = menu().await;
            let until_said = async |words: &str| {
                until(words, async || {
                    layout(&bus, &path).contains(words).then_some(())
                })
                .await;
                until("the next try", async || {
                    entry(&layout(&bus, &path), "Publish again").filter(|(_, enabled)| *enabled)
                })
                .await;
            };
            until_said("handbook to DOCS").await;
            click(&bus, &path, "Publish again").await;
            until_said(&format!("{} pages published", documents())).await;

            let edited = || {
                let pages = control.pages(product, "DOCS").into_iter();
                let mut pages = pages.filter(|page| page.title.contains("command line"));
                pages.next().expect("a page of the sample")
            };
            control
                .edit_page_by_hand(product, &edited().id, "<p>Mine.</p>")
                .expect("it can be edited");
            for file in ["command-line.md", "write/front-matter.md"] {
                let text = std::fs::read_to_string(folder.join(file)).expect("part of the sample");
                write(&folder.join(file), &format!("{text}\nFrom the tray.\n"));
            }
            click(&bus, &path, "Publish again").await;
            until_said("1 published, 1 needs attention").await;
            assert_eq!(edited().body, "<p>Mine.</p>");
            sandbox.stop().await;
        },
    );
}

/// Waits until there is nothing to publish that is behind.
async fn until_nothing_is_behind(bus: &str, path: &str) {
    until("nothing left that is behind", async || {
        let entry = entry(&layout(bus, path), "Publish what is behind");
        entry.is_some_and(|(_, enabled)| !enabled).then_some(())
    })
    .await;
}

#[test]
fn what_is_behind_is_published_from_its_branch_while_another_one_is_checked_out() {
    on_a_desktop(
        "tray::what_is_behind_is_published_from_its_branch_while_another_one_is_checked_out",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            git(&folder, &["init", "-q", "-b", "main"]);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "First"]);
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let child = Command::new(program()).spawn();
            let _running = Program(child.expect("the program starts"));
            let (bus, path) = menu().await;
            let until_said = async |words: &str| {
                until(words, async || {
                    let now = layout(&bus, &path);
                    now.contains(words).then_some(now)
                })
                .await
            };
            until_said("Recent publications").await;
            click(&bus, &path, "Publish again").await;
            until_said(&format!("{} pages published", documents())).await;

            let append = |file: &str, words: &str| {
                let text = std::fs::read_to_string(folder.join(file)).expect("part of the sample");
                write(&folder.join(file), &format!("{text}\n{words}\n"));
                git(&folder, &["commit", "-qam", words]);
            };
            git(&folder, &["switch", "-qc", "draft"]);
            append("command-line.md", "Nobody is to see this draft.");
            append("write/front-matter.md", "Nor this draft.");
            git(&folder, &["switch", "-q", "main"]);
            append("command-line.md", "Newer on the branch of the page.");
            git(&folder, &["switch", "-q", "draft"]);

            click(&bus, &path, "Look what is behind").await;
            until_said("1 page is behind").await;
            click(&bus, &path, "Publish what is behind (1)").await;
            until_said("1 page published").await;
            until_nothing_is_behind(&bus, &path).await;
            let product = tributary_sandbox::signin::Product::Cloud;
            let pages = sandbox.control().pages(product, "DOCS");
            let with = |words: &str| {
                pages
                    .iter()
                    .filter(|page| page.body.contains(words))
                    .count()
            };
            assert_eq!(with("Newer on the branch of the page."), 1);
            assert_eq!(with("this draft."), 0);
            sandbox.stop().await;
        },
    );
}

#[test]
fn the_tray_tells_what_is_behind_and_publishes_all_of_it() {
    on_a_desktop(
        "tray::the_tray_tells_what_is_behind_and_publishes_all_of_it",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let opened = desktop.browser();
            let others = std::env::var("PATH").unwrap_or_default();
            let folders = format!("{}:{others}", desktop.home.join("bin").display());
            let child = Command::new(program()).env("PATH", folders).spawn();
            let _running = Program(child.expect("the program starts"));
            let (bus, path) = menu().await;
            let until_said = async |words: &str| {
                until(words, async || {
                    let now = layout(&bus, &path);
                    now.contains(words).then_some(now)
                })
                .await
            };
            let first = until_said("Recent publications").await;
            assert!(entry(&first, "handbook to DOCS").is_some(), "{first}");
            assert!(
                entry(&first, "Publish what is behind").is_some_and(|(_, enabled)| !enabled),
                "nobody looked yet: {first}"
            );
            click(&bus, &path, "Publish again").await;
            until_said(&format!("{} pages published", documents())).await;
            click(&bus, &path, "Look what is behind").await;
            until_said("Nothing is behind").await;

            for file in ["command-line.md", "write/front-matter.md"] {
                let text = std::fs::read_to_string(folder.join(file)).expect("part of the sample");
                write(&folder.join(file), &format!("{text}\nFrom the tray.\n"));
            }
            click(&bus, &path, "Look what is behind").await;
            let now = until_said("2 pages are behind").await;
            assert!(
                entry(&now, "Publish what is behind (2)").is_some_and(|(_, enabled)| enabled),
                "{now}"
            );
            click(&bus, &path, "Publish what is behind (2)").await;
            until_said("2 pages published").await;
            // What is behind is counted anew once the publication is remembered, which is later.
            until_nothing_is_behind(&bus, &path).await;
            let product = tributary_sandbox::signin::Product::Cloud;
            let pages = sandbox.control().pages(product, "DOCS");
            let written = pages
                .iter()
                .filter(|page| page.body.contains("From the tray."));
            assert_eq!(written.count(), 2);

            // Its first page opens in the browser.
            click(&bus, &path, "Open page").await;
            until("the page in the browser", async || {
                let seen = std::fs::read_to_string(&opened).unwrap_or_default();
                seen.contains("/spaces/DOCS/pages/").then_some(())
            })
            .await;
            sandbox.stop().await;
        },
    );
}

/// A property of an item of the tray, as a desktop asks for it (`org.kde.StatusNotifierItem`).
fn property(name: &str, item: &str, property: &str) -> String {
    let answer = gdbus(&[
        "call",
        "--session",
        "--dest",
        name,
        "--object-path",
        item,
        "--method",
        "org.freedesktop.DBus.Properties.Get",
        "org.kde.StatusNotifierItem",
        property,
    ]);
    let value = answer.split('\'').nth(1).unwrap_or_default();
    value.to_owned()
}

/// The picture that an item names, while it is there: one is put in place of another.
pub(crate) fn picture(name: &str, item: &str) -> Option<tauri::image::Image<'static>> {
    let bytes = std::fs::read(property(name, item, "IconName")).ok()?;
    let picture = tauri::image::Image::from_bytes(&bytes).ok()?;
    Some(picture.to_owned())
}

/// What of a picture is white: the shapes that its badges have, whatever their color.
pub(crate) fn shape(picture: &tauri::image::Image<'_>) -> Vec<bool> {
    let points = picture.rgba().chunks(4);
    points.map(|point| point == [0xff; 4]).collect()
}

#[test]
fn the_item_of_the_tray_is_registered_and_its_picture_tells_the_state_by_its_shape() {
    on_a_desktop(
        "tray::the_item_of_the_tray_is_registered_and_its_picture_tells_the_state_by_its_shape",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let registered = Registered::default();
            let _host = tray_host_with(&registered).await;
            let _running = start(&["--hidden"]);
            let (bus, path) = menu().await;
            let item = path.strip_suffix("/Menu").expect("the item has the menu");
            until("the registration", async || {
                let known = registered.lock().expect("nobody panicked");
                (!known.is_empty()).then_some(())
            })
            .await;
            let known = registered.lock().expect("nobody panicked").clone();
            assert_eq!(known, [(bus.clone(), item.to_owned())]);
            assert_eq!(property(&bus, item, "Status"), "Active");
            assert_eq!(property(&bus, item, "Menu"), path);

            let until_said = async |words: &str| {
                until(words, async || {
                    let now = layout(&bus, &path);
                    now.contains(words).then_some(())
                })
                .await;
            };
            // The words come before the picture.
            let other_than = async |before: &[&Vec<bool>]| {
                until("another picture", async || {
                    let now = shape(&picture(&bus, item)?);
                    (!before.contains(&&now)).then_some(now)
                })
                .await
            };
            let same_as = async |wanted: &Vec<bool>| {
                until("the picture of before", async || {
                    (shape(&picture(&bus, item)?) == *wanted).then_some(())
                })
                .await;
            };
            until_said("Ready").await;
            let idle = other_than(&[]).await;
            control.set_latency(std::time::Duration::from_millis(700));
            click(&bus, &path, "Publish again").await;
            until_said("Publishing ").await;
            let publishing = other_than(&[&idle]).await;
            control.set_latency(std::time::Duration::ZERO);
            until_said(&format!("{} pages published", documents())).await;
            same_as(&idle).await;

            let file = folder.join("command-line.md");
            let text = std::fs::read_to_string(&file).expect("part of the sample");
            write(&file, &format!("{text}\nFrom the tray.\n"));
            click(&bus, &path, "Look what is behind").await;
            until_said("1 page is behind").await;
            let behind = other_than(&[&idle, &publishing]).await;
            let product = tributary_sandbox::signin::Product::Cloud;
            assert!(control.set_read_only(product, "DOCS", true));
            click(&bus, &path, "Publish what is behind (1)").await;
            until_said("Not published: ").await;
            let failed = other_than(&[&idle, &publishing, &behind]).await;

            // It works again, and nothing is left to be done.
            assert!(control.set_read_only(product, "DOCS", false));
            click(&bus, &path, "Publish again").await;
            until_said("1 page published").await;
            same_as(&idle).await;
            assert_ne!(failed, idle);
            sandbox.stop().await;
        },
    );
}
