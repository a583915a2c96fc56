//! The first publish in the real window: three steps from a fresh start to a page in the sandbox.

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::{published_address, read_page};

async fn is_at(window: &Window, step: u8) {
    let ready = format!(
        "const tour = document.querySelector(\"[data-testid='tour']\");\
         return tour?.dataset.step === '{step}' && tour.querySelector(\"[data-testid='tour-next']\").ariaDisabled !== 'true'"
    );
    window.until_script(&ready).await;
}

#[test]
fn three_steps_lead_from_a_fresh_start_to_a_page_in_the_sandbox() {
    on_a_desktop(
        "tour::three_steps_lead_from_a_fresh_start_to_a_page_in_the_sandbox",
        async |desktop: Desktop| {
            let window = desktop.window(&[]).await;
            window.click("[data-testid='try-sandbox']").await;
            is_at(&window, 1).await;
            window
                .round("the first step", &["tour-next", "tour-skip", "tour-end"])
                .await;
            window.pictures(&desktop, "tour-files").await;
            window.click("[data-testid='tour-next']").await;
            is_at(&window, 2).await;
            window.find("plan-step").await;
            window.pictures(&desktop, "tour-plan").await;
            window.click("[data-testid='tour-next']").await;
            is_at(&window, 3).await;
            window.pictures(&desktop, "tour-report").await;
            let address = published_address(&window).await;
            let page = read_page(&address);
            assert!(
                page.contains("Three things are different"),
                "a reader sees the page"
            );
            window.click("[data-testid='tour-end']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='tour']\") === null")
                .await;
            window.find("report").await;
            window.close().await;
        },
    );
}

#[test]
fn whoever_skips_every_step_has_written_nothing_and_may_begin_again() {
    on_a_desktop(
        "tour::whoever_skips_every_step_has_written_nothing_and_may_begin_again",
        async |desktop: Desktop| {
            let window = desktop.window(&[]).await;
            window.click("[data-testid='try-sandbox']").await;
            is_at(&window, 1).await;
            let held = async || {
                let ask = "const { invoke } = window.__TAURI_INTERNALS__;\
                     const [{ url }] = await invoke('list_sites');\
                     const there = await invoke('list_pages', {siteUrl: url, spaceKey: 'DOCS'});\
                     const { pages } = await invoke('list_published', {siteUrl: url, everywhere: true});\
                     return {there: there.map(({ title }) => title), published: pages.length}";
                window.script(ask).await
            };
            let before = held().await;
            assert_eq!(before["published"], 0, "{before}");

            for step in ["2", "3"] {
                window.click("[data-testid='tour-skip']").await;
                // There is nothing that it could go on with: no plan, no page.
                window
                    .until_script(&format!(
                        "const tour = document.querySelector(\"[data-testid='tour']\");\
                         return tour.dataset.step === '{step}' && tour.querySelector(\"[data-testid='tour-next']\").ariaDisabled === 'true'"
                    ))
                    .await;
            }
            window.pictures(&desktop, "tour-skipped").await;
            let left = "return ['tour-skip', 'plan-step', 'report'].filter((id) => document.querySelector(`[data-testid='${id}']`) !== null)";
            assert_eq!(window.script(left).await, serde_json::json!([]));
            window.click("[data-testid='tour-end']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='tour']\") === null")
                .await;
            assert_eq!(held().await, before, "nothing was written");

            window.click("[data-testid='open-another']").await;
            window.click("[data-testid='try-sandbox']").await;
            is_at(&window, 1).await;
            window.close().await;
        },
    );
}
