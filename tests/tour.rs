//! The first publish in the real window: three steps from a fresh start to a page in the sandbox.

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::read_page;

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
            let address = window.find("page-link").await.attr("data-url").await;
            let address = address.expect("a link").expect("the page's address");
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
