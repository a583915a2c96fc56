//! Files of repositories that are saved on this machine, through the system's dialog.

use std::path::Path;

use tributary_sandbox::Options;

use crate::desktop::{Desktop, Window, on_a_desktop, until};
use crate::hosts::{HOSTS, commit, find_path, until_source};
use crate::screen::Screen;

/// Saves what is in front into a file that is chosen in the system's dialog.
async fn save(window: &Window, screen: &Screen, into: &Path) -> Vec<u8> {
    // The dialog keeps the command from answering, so its button is not waited for.
    window.click("[data-testid='save-button']").await;
    let dialog = screen.until_titled("Save the file").await;
    screen.type_into(dialog, &into.display().to_string());
    window.until_script(&format!("return document.querySelector(\"[data-testid='saved']\")?.textContent.includes('is saved as {}') ?? false", into.display())).await;
    until("the saved file", async || std::fs::read(into).ok()).await
}

#[test]
fn any_file_is_saved_also_one_that_is_too_large_to_be_shown() {
    on_a_desktop(
        "hosts::saving::any_file_is_saved_also_one_that_is_too_large_to_be_shown",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let large = "A line of a very long file.\n".repeat(1_000_000);
            commit(&sandbox, "Too large to be shown", "docs/large.md", &large);
            let window = desktop.window(&[]).await;
            let screen = Screen::open();
            let host = &HOSTS[1];
            host.sign_in(&window, &sandbox).await;
            host.open(&window, &sandbox).await;
            until_source(&window, "How we work at Acme").await;

            // What Git LFS keeps, and not the pointer to it.
            find_path(&window, "tour", "assets/tour.mp4").await;
            let saved = save(&window, &screen, &desktop.home.join("tour.mp4")).await;
            assert_eq!(saved, b"A large file, as far as Git is concerned.\n");

            find_path(&window, "large", "docs/large.md").await;
            window.until_script("return document.querySelector(\"[data-testid='visit'] [data-testid='error']\")?.textContent.includes('Save it to look at it') ?? false").await;
            let saved = save(&window, &screen, &desktop.home.join("large.md")).await;
            assert!(saved == large.as_bytes(), "{} bytes", saved.len());

            // Where nothing can be written, nothing is left, and it is said.
            window.click("[data-testid='save-button']").await;
            let dialog = screen.until_titled("Save the file").await;
            screen.type_into(dialog, "/proc/nothing-can-be-made-here.md");
            window.until_script("return [...document.querySelectorAll(\"[data-testid='error']\")].some((said) => said.textContent.includes('/proc/nothing-can-be-made-here.md'))").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
