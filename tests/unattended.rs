//! What is published by itself, without anybody who looks at what becomes of it.

use std::process::Command;

use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Fault, FaultKind};

use crate::background::{Notifications, change, kept_up_before, until_said};
use crate::desktop::{Desktop, on_a_desktop, until};
use crate::previews::git;
use crate::tray::{click, click_below, menu, published_before, start, write};

#[test]
fn it_goes_from_its_branch_alone_and_not_amid_a_merge() {
    on_a_desktop(
        "unattended::it_goes_from_its_branch_alone_and_not_amid_a_merge",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let with = |words: &str| {
                let pages = control.pages(Product::Cloud, "DOCS").into_iter();
                pages.filter(|page| page.body.contains(words)).count()
            };
            let folder = desktop.sample();
            git(&folder, &["init", "-q", "-b", "main"]);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "First"]);
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;

            // What changed while the program did not run is not for the next hour, with a window either.
            let window = desktop.window(&[]).await;
            let tray = menu().await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            let made = control.pages(Product::Cloud, "DOCS").len();
            let trouble = "document.querySelector(\"[data-testid='home-trouble']\")";
            let until_in_the_way = async |words: &str| {
                let said = format!("return /{words}/.test({trouble}?.textContent ?? '')");
                window.until_script(&said).await;
            };
            let until_all_is_well = async || {
                let gone = format!("return {trouble} === null");
                window.until_script(&gone).await;
            };

            git(&folder, &["switch", "-qc", "draft"]);
            change(&folder, &["command-line.md"]);
            write(&folder.join("draft.md"), "# Draft\n");
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "Draft"]);
            until_in_the_way("main\\W.*draft\\W? is checked out").await;
            git(&folder, &["switch", "-q", "main"]);
            until_all_is_well().await;
            assert_eq!(with("From the tray."), 0);

            let file = folder.join("command-line.md");
            let text = std::fs::read_to_string(&file).expect("part of the sample");
            write(&file, &format!("{text}\nWords of main.\n"));
            git(&folder, &["commit", "-qam", "Main"]);
            until("the words of its branch", async || {
                (with("Words of main.") == 1).then_some(())
            })
            .await;
            let merged = Command::new("git")
                .arg("-C")
                .arg(&folder)
                .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
                .args(["merge", "-q", "draft"])
                .output();
            assert!(!merged.expect("git is here").status.success(), "a conflict");
            until_in_the_way("a merge is under way").await;
            git(&folder, &["merge", "--abort"]);
            until_all_is_well().await;
            assert_eq!((with("From the tray."), with("Words of main.")), (0, 1));
            assert_eq!(control.pages(Product::Cloud, "DOCS").len(), made);
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn it_goes_at_once_when_somebody_wants_it() {
    on_a_desktop(
        "unattended::it_goes_at_once_when_somebody_wants_it",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let folder = desktop.sample();
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let window = desktop.window(&[]).await;
            window.click("[data-testid='home-keep-up']").await;
            let tray = menu().await;
            until_said(&tray, &format!("{} pages published", documents())).await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn what_waits_for_a_decision_or_fails_is_told_once() {
    on_a_desktop(
        "unattended::what_waits_for_a_decision_or_fails_is_told_once",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let folder = desktop.sample();
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let notifications = Notifications::begin(&desktop, "Open");
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            notifications
                .until_shown("Published: handbook to DOCS|")
                .await;

            // Nothing else is to be written.
            let pages = control.pages(Product::Cloud, "DOCS");
            let page = pages
                .iter()
                .find(|page| page.title.contains("command line"));
            let id = &page.expect("a page of the sample").id;
            let edited = control.edit_page_by_hand(Product::Cloud, id, "<p>Mine.</p>");
            edited.expect("it can be edited");
            change(&folder, &["command-line.md"]);
            let decision = "Needs a decision: handbook to DOCS|1 page left|";
            notifications.until_shown(decision).await;
            until_said(&tray, "Not all published: handbook to DOCS").await;

            // It is looked at again with each save.
            let before = control.requests().len();
            change(&folder, &["command-line.md"]);
            until("another look", async || {
                (control.requests().len() > before).then_some(())
            })
            .await;
            control.add_fault(Fault {
                method: None,
                path: "/operations".to_owned(),
                // Who looks what is behind asks as well, and tells nobody.
                times: 100,
                kind: FaultKind::Status { status: 403 },
            });
            // By the next look, if not by that one.
            change(&folder, &["write/front-matter.md"]);
            notifications
                .until_shown("Not published: handbook to DOCS|")
                .await;
            let all = notifications.all();
            assert_eq!(all.matches(decision).count(), 1, "{all}");
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}

#[test]
fn what_is_saved_while_something_else_is_published_waits_for_its_end_alone() {
    on_a_desktop(
        "unattended::what_is_saved_while_something_else_is_published_waits_for_its_end_alone",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let folder = desktop.sample();
            let notes = desktop.home.join("notes");
            write(&notes.join("README.md"), "# Notes\n\nMine.\n");
            kept_up_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let paths = tributary::store::Paths::below(&desktop.home.join("tributary"));
            let mut settings = tributary::settings::Settings::load(&paths).expect("settings");
            let mut other = settings.publications[0].clone();
            other.from = tributary::settings::PublishedFrom::Folder(notes);
            other.space = "TEAM".to_owned();
            other.is_kept_up = false;
            settings.publications.push(other);
            settings.save(&paths).expect("they are written");
            let notifications = Notifications::begin(&desktop, "Open");
            let mut running = start(&["--hidden"]);
            let tray = menu().await;
            notifications
                .until_shown("Published: handbook to DOCS|")
                .await;

            // The page of the other one takes long enough for a plan of this one.
            let saved = folder.clone();
            control.meanwhile("POST", "/pages", move || {
                change(&saved, &["command-line.md"]);
            });
            control.add_fault(Fault {
                method: Some("POST".to_owned()),
                path: "/pages".to_owned(),
                times: 1,
                kind: FaultKind::Slow {
                    milliseconds: 6_000,
                },
            });
            click_below(&tray.0, &tray.1, "notes to TEAM", "Publish again").await;
            notifications
                .until_shown("Published: notes to TEAM|1 page written|")
                .await;
            notifications
                .until_shown("Published: handbook to DOCS|1 page written|")
                .await;
            click(&tray.0, &tray.1, "Quit").await;
            running.0.wait().expect("it ends");
            sandbox.stop().await;
        },
    );
}
