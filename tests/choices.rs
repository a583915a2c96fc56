//! What somebody chooses in a plan, in the real window: the pages that are written, and the pages that go.

use std::path::Path;

use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::targets::{titles, write};

/// The kinds of what the plan shows, sorted.
async fn kinds(window: &Window) -> String {
    let found = window
        .script(
            "return [...document.querySelectorAll(\"[data-testid='plan-step']\")]\
             .map((step) => step.dataset.kind).sort().join()",
        )
        .await;
    found.as_str().expect("words").to_owned()
}

async fn until_kinds(window: &Window, wanted: &str) {
    window
        .until_script(&format!(
            "return [...document.querySelectorAll(\"[data-testid='plan-step']\")]\
             .map((step) => step.dataset.kind).sort().join() === '{wanted}'"
        ))
        .await;
}

/// The titles of the pages of these files, of all that stand in the space.
fn ours(site: &str) -> Vec<String> {
    let mut found = titles(site, "DOCS");
    found.retain(|title| title.starts_with("Part "));
    found.sort();
    found
}

fn remove(folder: &Path, path: &str) {
    std::fs::remove_file(folder.join(path)).expect("the file goes");
}

#[test]
fn what_is_unchecked_is_left_and_what_is_gone_goes_once_somebody_says_so() {
    on_a_desktop(
        "choices::what_is_unchecked_is_left_and_what_is_gone_goes_once_somebody_says_so",
        async |desktop: Desktop| {
            let folder = desktop.home.join("parts");
            for part in ["a", "b", "c", "d"] {
                let title = part.to_uppercase();
                write(
                    &folder,
                    &format!("{part}.md"),
                    &format!("# Part {title}\n\nSaid.\n"),
                );
            }
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window
                .until_script("return (document.querySelector(\"[data-testid='space-select']\")?.value ?? '') === 'DOCS'")
                .await;
            let site = window
                .script("return document.querySelector(\"[data-testid='site-select']\").value")
                .await;
            let site = site.as_str().expect("an address").trim_end_matches('/');
            window.click("[data-testid='plan-button']").await;
            until_kinds(&window, "create,create,create,create").await;
            window
                .click("[data-testid='plan-step'][data-title='Part D'] [data-testid='plan-check']")
                .await;
            window.click("[data-testid='plan-pick']").await;
            until_kinds(&window, "create,create,create").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            assert_eq!(ours(site), ["Part A", "Part B", "Part C"]);

            // The fourth is published, and then three of four files are gone.
            window.click("[data-testid='plan-button']").await;
            until_kinds(&window, "create").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            assert_eq!(ours(site).len(), 4);
            for part in ["b.md", "c.md", "d.md"] {
                remove(&folder, part);
            }
            window.click("aside summary").await;
            let orphans = window.find("publish-orphan").await;
            orphans.select_by_value("trash").await.expect("a choice");
            window.click("[data-testid='plan-button']").await;
            until_kinds(&window, "orphan,orphan,orphan").await;
            window.find("plan-too-many").await;
            window.pictures(&desktop, "too-many-orphans").await;
            assert_eq!(ours(site).len(), 4, "nothing went by planning");
            window.click("[data-testid='plan-let-go']").await;
            until_kinds(&window, "trash,trash,trash").await;
            assert_eq!(kinds(&window).await, "trash,trash,trash");
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            assert_eq!(ours(site), ["Part A"]);
            window.close().await;
        },
    );
}
