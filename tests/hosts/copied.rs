//! Links into repositories that come from outside the window: copied, and published from the tray, or
//! given to a second start. And what else the tray's menu does: the source, and the clock.

use tributary::settings::Settings;
use tributary_sandbox::Options;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use super::{HOSTS, Place, commit, kinds, publish};
use crate::accounts::stand::paths;
use crate::desktop::{Desktop, on_a_desktop, until};
use crate::tray::{click, menu, start};
use crate::window::{published_address, read_page};

#[test]
fn the_tray_publishes_a_copied_link_and_leaves_another_branch_to_be_decided() {
    on_a_desktop(
        "hosts::copied::the_tray_publishes_a_copied_link_and_leaves_another_branch_to_be_decided",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            let host = HOSTS.iter().find(|host| host.name == "gitea");
            let host = host.expect("one of them");
            let place = Place {
                name: host.name,
                base: None,
            };
            place.write(&sandbox, "first");
            host.sign_in(&window, &sandbox).await;
            host.open(&window, &sandbox).await;
            window
                .click("[data-testid='tree-item'][data-path='from-gitea']")
                .await;
            window.click("[data-testid='publish-this']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            kinds(&window, "create").await;
            publish(&window, "created").await;
            let page = published_address(&window).await;
            let published = || read_page(&page);

            // What was published from the default branch is known by that branch's name.
            let web = format!("{}/acme/handbook/src/branch", host.base(&sandbox));
            let mut clipboard = arboard::Clipboard::new().expect("a clipboard");
            place.write(&sandbox, "second");
            clipboard
                .set_text(format!("{web}/main/{}", place.page()))
                .expect("copied");
            let (bus, path) = menu().await;
            click(&bus, &path, "Publish the copied link").await;
            until("the publish from the tray", async || {
                published().contains("The second edition").then_some(())
            })
            .await;

            // Another branch is another thing to publish, and the window opens on it.
            let made = sandbox.control().accounts().commit(&Commit {
                repository: "acme/handbook".to_owned(),
                branch: "feature/other".to_owned(),
                from: Some("main".to_owned()),
                message: "Write otherwise".to_owned(),
                author: "bob".to_owned(),
                date: None,
                edits: vec![FileEdit::Write {
                    path: place.page(),
                    text: "# Written for gitea\n\nAn edition that nobody agreed to.\n".to_owned(),
                }],
            });
            made.expect("a commit");
            clipboard
                .set_text(format!("{web}/feature/other/{}", place.page()))
                .expect("copied");
            click(&bus, &path, "Publish the copied link").await;
            window.until_script("return document.querySelector(\"[data-testid='publish-source']\")?.textContent.includes('feature/other') ?? false").await;
            let stays = published();
            assert!(stays.contains("The second edition"), "{stays}");

            // The source of what was published is what the window shows, at its own branch.
            commit(&sandbox, "Something else", "other.md", "# Other\n");
            click(&bus, &path, "Open source").await;
            window.until_script("return document.querySelector(\"[data-testid='ref-button']\")?.checkVisibility() && document.querySelector(\"[data-testid='ref-button']\").textContent.includes('main')").await;

            // A second start with an address opens it, as pasting it would.
            let _second = start(&[&format!("{web}/feature/other/{}", place.page())]);
            window.until_script("return document.querySelector(\"[data-testid='ref-button']\")?.checkVisibility() && document.querySelector(\"[data-testid='ref-button']\").textContent.includes('feature/other')").await;

            click(&bus, &path, "Pause looking").await;
            until("nobody who looks by the clock", || async {
                let settings = Settings::load(&paths(&desktop)).expect("the settings");
                settings.pauses_looking.then_some(())
            })
            .await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
