//! What was published, in the real window: listed, filtered, and published again by choice.

use std::path::Path;

use tributary_sandbox::Options;

use crate::desktop::{Desktop, Window, free_port, on_a_desktop, until};
use crate::tray::published_before;

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write(folder: &Path, path: &str, text: &str) {
    std::fs::write(folder.join(path), text).expect("the file is written");
}

/// Waits until so many pages stand in each state, as `state:count` sorted by state.
async fn until_states(window: &Window, expected: &str) {
    window
        .until_script(&format!(
            "const counts = {{}};\
             for (const row of document.querySelectorAll(\"[data-testid='published-row']\")) {{\
               counts[row.dataset.state] = (counts[row.dataset.state] ?? 0) + 1;\
             }}\
             return Object.keys(counts).sort().map((state) => `${{state}}:${{counts[state]}}`).join() === '{expected}'"
        ))
        .await;
}

/// Opens the sample, starts the sandbox and publishes everything to it.
async fn publish_sample(window: &Window) {
    window.click("[data-testid='publish-tab']").await;
    window.click("[data-testid='start-sandbox']").await;
    window
        .until_script(
            "return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'",
        )
        .await;
    window.click("[data-testid='plan-button']").await;
    window.find("plan-step").await;
    window.click("[data-testid='publish-button']").await;
    window.find("report").await;
}

#[test]
fn what_is_behind_is_found_and_published_again_by_choice() {
    on_a_desktop(
        "publications::what_is_behind_is_found_and_published_again_by_choice",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            // Nothing leads to it, so that only its own page changes when it goes.
            write(
                &folder,
                "write/short-lived.md",
                "# Short-lived\n\nFor a while.\n",
            );
            let window = desktop.window(&[&folder.display().to_string()]).await;
            let all = tributary_sandbox::sample::documents() + 1;
            publish_sample(&window).await;
            window.click("[data-testid='publications-button']").await;
            until_states(&window, &format!("current:{all}")).await;

            for path in ["command-line.md", "write/front-matter.md"] {
                let before =
                    std::fs::read_to_string(folder.join(path)).expect("part of the sample");
                write(&folder, path, &format!("{before}\nRewritten in a test.\n"));
            }
            std::fs::remove_file(folder.join("write/short-lived.md")).expect("it is there");
            window.click("[data-testid='published-refresh']").await;
            until_states(&window, &format!("behind:2,current:{},gone:1", all - 3)).await;
            window.pictures(&desktop, "publications").await;

            window
                .click("[data-testid='published-chip'][data-state='behind']")
                .await;
            until_states(&window, "behind:2").await;
            window
                .click("[data-testid='published-row'][data-path='command-line.md'] .check")
                .await;
            window.click("[data-testid='republish']").await;
            // The other one that is behind, and the page whose source is gone, stay as they are.
            window
                .until_script(
                    "return [...document.querySelectorAll(\"[data-testid='plan-step']\")]\
                     .map((step) => step.dataset.kind).join() === 'update'",
                )
                .await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            window.click("[data-testid='publications-button']").await;
            until_states(&window, &format!("behind:1,current:{},gone:1", all - 2)).await;

            // The start screen says the same, and plans all of it.
            window.click("[data-testid='publications-close']").await;
            window.click("[data-testid='open-another']").await;
            window
                .until_script(
                    "const said = document.querySelector(\"[data-testid='home-publication']\")\
                     ?.textContent ?? '';\
                     return said.includes('1 page behind') && said.includes('1 source gone')",
                )
                .await;
            window.click("[data-testid='home-pin']").await;
            window
                .find_css("[data-testid='home-publication'][data-pinned='true']")
                .await;
            window.pictures(&desktop, "home").await;
            window.click("[data-testid='home-plan']").await;
            window
                .until_script(
                    "return [...document.querySelectorAll(\"[data-testid='plan-step']\")]\
                     .map((step) => step.dataset.kind).sort().join() === 'orphan,update'",
                )
                .await;

            window.click("[data-testid='publications-button']").await;
            window
                .click("[data-testid='published-row'][data-path='write/front-matter.md']")
                .await;
            window.click("[data-testid='published-source']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='source']\")\
                     ?.textContent.includes('A block at the top') ?? false",
                )
                .await;
            window.close().await;
        },
    );
}

#[test]
fn a_site_that_is_away_is_said_and_asked_again_once_it_is_back() {
    on_a_desktop(
        "publications::a_site_that_is_away_is_said_and_asked_again_once_it_is_back",
        async |desktop: Desktop| {
            let (port, data) = (free_port(), desktop.home.join("site"));
            let begin = async || {
                let options = || Options {
                    port,
                    data: Some(data.clone()),
                    ..Options::default()
                };
                until("the site", async || {
                    tributary_sandbox::start(options()).await.ok()
                })
                .await
            };
            let site = begin().await;
            let folder = desktop.sample();
            published_before(&desktop, &site.cloud_url(), &folder).await;
            let window = desktop.window(&[&folder.display().to_string()]).await;
            let all = tributary_sandbox::sample::documents();
            window.click("[data-testid='publish-tab']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;

            site.stop().await;
            let until_offline = async |within: &str| {
                window
                    .until_script(&format!(
                        "const error = document.querySelector(\"{within} [data-testid='error']\");\
                         return error?.dataset.code === 'offline'\
                         && error.textContent.includes('could not be reached')"
                    ))
                    .await;
            };
            window.click("[data-testid='plan-button']").await;
            until_offline(".publish").await;
            window.click("[data-testid='publications-button']").await;
            until_offline("[data-testid='publications']").await;

            let site = begin().await;
            window
                .click("[data-testid='publications'] [data-testid='trouble-retry']")
                .await;
            until_states(&window, &format!("current:{all}")).await;
            window.click("[data-testid='publications-close']").await;
            window.click(".publish [data-testid='trouble-retry']").await;
            window
                .until_script(
                    "return document.querySelector('.publish').textContent\
                     .includes('Every page says what its source says.')",
                )
                .await;

            // A plan that leaves every page as it is keeps nobody from the start screen, which says the same
            // beside what was published there.
            site.stop().await;
            window.click("[data-testid='open-another']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='home-publication'] .state .trouble\")\
                     ?.textContent.includes('could not be reached') ?? false",
                )
                .await;
            let site = begin().await;
            window.click("[data-testid='home-again']").await;
            window
                .until_script(
                    "const stands = document.querySelector(\"[data-testid='home-publication'] .state\");\
                     return stands?.querySelector('.trouble') === null\
                     && stands.textContent.includes('up to date')",
                )
                .await;
            site.stop().await;
            window.close().await;
        },
    );
}

#[test]
fn a_publish_is_taken_back_and_links_are_looked_at_in_the_window() {
    on_a_desktop(
        "publications::a_publish_is_taken_back_and_links_are_looked_at_in_the_window",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            write(&folder, "broken.md", "# Broken\n\nFirst words.\n");
            let window = desktop.window(&[&folder.display().to_string()]).await;
            publish_sample(&window).await;
            write(
                &folder,
                "broken.md",
                "# Broken\n\nSecond words.\n\n```csf\n<p><ac:link><ri:page \
                 ri:content-title=\"Nobody wrote this\"/><ac:link-body>x</ac:link-body></ac:link>\
                 </p>\n```\n",
            );
            write(&folder, "new.md", "# New\n\nMade to go.\n");
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;

            window.click("[data-testid='check-links']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='broken-link']\")\
                     ?.textContent.includes('Broken') ?? false",
                )
                .await;
            // The report is taken back from where it is shown.
            window.click("[data-testid='take-back']").await;
            window
                .until_script(
                    "return [...document.querySelectorAll(\"[data-testid='plan-step']\")]\
                     .map((step) => step.dataset.kind).sort().join() === 'trash,update'",
                )
                .await;
            window.pictures(&desktop, "taking-back").await;
            window.click("[data-testid='taking-back-apply']").await;
            window
                .until_script(
                    "return [...document.querySelectorAll(\"[data-testid='report-row']\")]\
                     .map((row) => row.dataset.outcome).sort().join() === 'trashed,updated'",
                )
                .await;
            window.click("[data-testid='taking-back-close']").await;

            // It is among the last publishes, and so is the one that took it back.
            window.click("[data-testid='publications-button']").await;
            window.click("[data-testid='published-past']").await;
            window
                .until_script(
                    "return document.querySelectorAll(\"[data-testid='past-report']\").length === 3\
                     && document.querySelectorAll(\"[data-testid='past-take-back']\").length === 2",
                )
                .await;
            window.pictures(&desktop, "last-publishes").await;
            // What was first published is still there to be taken back, but for what changed since.
            window
                .click("[data-testid='past-report']:last-child [data-testid='past-take-back']")
                .await;
            window
                .until_script(
                    "const steps = [...document.querySelectorAll(\"[data-testid='plan-step']\")];\
                     return steps.some((step) => step.dataset.kind === 'refuse'\
                       && step.dataset.title === 'Broken')\
                     && steps.some((step) => step.dataset.kind === 'trash')",
                )
                .await;
            window.close().await;
        },
    );
}

#[test]
fn everything_is_found_in_the_palette_by_keyboard() {
    on_a_desktop(
        "publications::everything_is_found_in_the_palette_by_keyboard",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            // Ctrl+K, and the key of Ctrl let go.
            body.send_keys("\u{e009}k\u{e000}").await.expect("keys");
            let words = window.find("palette-words").await;
            window.pictures(&desktop, "palette").await;
            words.send_keys("front mat").await.expect("keys");
            window
                .until_script(
                    "return [...document.querySelectorAll(\"[data-testid='palette-row']\")]\
                     .some((row) => row.textContent.includes('write/front-matter.md'))",
                )
                .await;
            words.send_keys("\u{e007}").await.expect("keys");
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='palette']\") === null \
                     && (document.querySelector(\"[data-testid='source']\")\
                     ?.textContent.includes('A block at the top') ?? false)",
                )
                .await;
            // F1 shows the keys, F10 the menu, which goes to the accounts.
            body.send_keys("\u{e031}").await.expect("keys");
            window.find("shortcut-sheet").await;
            window.pictures(&desktop, "shortcuts").await;
            body.send_keys("\u{e00c}").await.expect("keys");
            body.send_keys("\u{e03a}").await.expect("keys");
            window.find("menu").await;
            window.pictures(&desktop, "menu").await;
            window.click("[data-command='accounts']").await;
            window.find("accounts").await;
            window.close().await;
        },
    );
}
