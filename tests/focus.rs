//! Where the focus of the keyboard is in the real window, whose browser drops it to the page with
//! whatever had it.

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::open_folder;

async fn until_on(window: &Window, css: &str) {
    window
        .until_script(&format!(
            "return document.activeElement?.matches(\"{css}\") === true"
        ))
        .await;
}

/// Presses keys where the focus is.
async fn keys(window: &Window, keys: &str) {
    let focused = window.client.active_element().await.expect("a focus");
    focused.send_keys(keys).await.expect("the keys");
}

/// Presses Enter on a button, as soon as it answers.
async fn enter(window: &Window, id: &str) {
    window
        .until_script(&format!(
            "const button = document.querySelector(\"[data-testid='{id}']\"); \
             button?.focus(); return button !== null && document.activeElement === button"
        ))
        .await;
    keys(window, "\u{e007}").await;
}

#[test]
fn the_focus_is_never_dropped_to_the_page() {
    on_a_desktop(
        "focus::the_focus_is_never_dropped_to_the_page",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            open_folder(&window, &folder).await;
            until_on(&window, "main h1").await;
            window.find("tree").await;
            let tree = "[data-testid='tree']";
            window
                .script(&format!("document.querySelector(\"{tree}\").focus()"))
                .await;
            for (number, screen) in [(3, "audit"), (4, "accounts"), (5, "publications")] {
                keys(&window, &format!("\u{e009}{number}\u{e000}")).await;
                until_on(&window, &format!("[data-testid='{screen}'] h1")).await;
                enter(&window, &format!("{screen}-close")).await;
                until_on(&window, tree).await;
            }
            keys(&window, "\u{e009}3\u{e000}").await;
            until_on(&window, "[data-testid='audit'] h1").await;
            enter(&window, "audit-verify").await;
            window.find("audit-verdict").await;
            until_on(&window, "[data-testid='audit-verify']").await;
            keys(&window, "\u{e00c}").await;
            until_on(&window, tree).await;
            keys(&window, "\u{e009}2\u{e000}").await;
            until_on(&window, "main h1").await;
            enter(&window, "start-sandbox").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            enter(&window, "plan-button").await;
            window.find("plan-step").await;
            until_on(&window, "[data-testid='plan-button']").await;
            enter(&window, "publish-button").await;
            until_on(&window, "[data-testid='report'] h2").await;
            enter(&window, "open-another").await;
            until_on(&window, "main h1").await;
            window.close().await;
        },
    );
}
