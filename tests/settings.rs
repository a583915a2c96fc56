//! Settings in the real window: seen at once, kept for the next start, heeded by a publish.

use std::process::Command;

use crate::accounts::stand::quit;
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::published_address;

pub(crate) async fn choose(window: &Window, field: &str, value: &str) {
    window.find(field).await;
    window
        .script(&format!(
            "const field = document.querySelector(\"[data-testid='{field}']\");\
             field.value = '{value}'; field.dispatchEvent(new Event('change', {{bubbles: true}}))"
        ))
        .await;
}

pub(crate) async fn open_settings(window: &Window) {
    let body = window.find_css("body").await;
    // Ctrl and comma, and the key of Ctrl let go.
    body.send_keys("\u{e009},\u{e000}").await.expect("keys");
    window.find("settings").await;
}

#[test]
fn settings_are_seen_at_once_kept_and_heeded() {
    on_a_desktop(
        "settings::settings_are_seen_at_once_kept_and_heeded",
        async |desktop: Desktop| {
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            open_settings(&window).await;
            window.pictures(&desktop, "settings").await;
            choose(&window, "settings-contrast", "yes").await;
            window
                .until_script("return document.documentElement.dataset.contrast === 'more'")
                .await;
            window.pictures(&desktop, "contrast").await;
            choose(&window, "settings-width", "full").await;
            window
                .click("[data-command='audit'] [data-testid='shortcut-keys']")
                .await;
            let waiting = window
                .find_css("[data-command='audit'] [data-testid='shortcut-keys']")
                .await;
            waiting
                .send_keys("\u{e009}\u{e008}l\u{e000}")
                .await
                .expect("keys");
            window
                .until_script(
                    "return document.querySelector(\"[data-command='audit'] [data-testid='shortcut-keys']\").textContent === 'Ctrl+Shift+L'",
                )
                .await;
            // Last, since the driver clicks where things would be without it.
            let width = "return window.innerWidth";
            let before = window.script(width).await.as_u64().expect("a width");
            choose(&window, "settings-zoom", "125").await;
            window
                .until_script(&format!(
                    "return Math.abs(innerWidth * 1.25 - {before}) < 4"
                ))
                .await;
            quit(window).await;

            let window = desktop.window(&[&folder]).await;
            window
                .until_script(&format!(
                    "return document.documentElement.dataset.contrast === 'more' \
                     && Math.abs(innerWidth * 1.25 - {before}) < 4"
                ))
                .await;
            window.find("tree").await;
            let body = window.find_css("body").await;
            body.send_keys("\u{e009}\u{e008}l\u{e000}")
                .await
                .expect("keys");
            window.find("audit").await;
            body.send_keys("\u{e009}0\u{e000}").await.expect("keys");
            window
                .until_script(&format!("return innerWidth === {before}"))
                .await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'")
                .await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let address = published_address(&window).await;
            let (site, rest) = address.split_once("/spaces/").expect("a page of a space");
            let id = rest.split('/').nth(2).expect("the page's id");
            let asked = format!("{site}/api/v2/pages/{id}/properties");
            let answer = Command::new("curl")
                .args([
                    "--silent",
                    "--fail",
                    "--user",
                    "author@example.com:sandbox-token",
                ])
                .arg(&asked)
                .output()
                .expect("curl is here");
            let properties = String::from_utf8_lossy(&answer.stdout).into_owned();
            assert!(
                properties.contains("content-appearance-published")
                    && properties.contains("full-width"),
                "{asked}: {properties}"
            );
            window.close().await;
        },
    );
}
