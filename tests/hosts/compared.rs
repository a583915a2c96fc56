//! Files in the real window beside what they were, at every Git host: their lines, their pictures, and
//! which of a folder differ.

use tributary_sandbox::signin::hosts::{Commit, FileEdit};
use tributary_sandbox::{Options, Running};

use super::{HOSTS, find_path, until_source};
use crate::desktop::{Desktop, Window, on_a_desktop};

/// Pictures of one color in PNG, of 12 × 9 and of 24 × 9 pixels.
const NARROW: &str = "iVBORw0KGgoAAAANSUhEUgAAAAwAAAAJCAIAAACJ2loDAAAAE0lEQVR42mNYECBCEDGMKiJKEQCXfm2xk58tUAAAAABJRU5ErkJggg==";
const WIDE: &str = "iVBORw0KGgoAAAANSUhEUgAAABgAAAAJCAIAAACnn3uRAAAAFUlEQVR42mPQWCBCFcQwatCoQVRAAFMzuaE14BSgAAAAAElFTkSuQmCC";

/// Commits a file of text below `compared`, and what else is given.
fn commit(sandbox: &Running, message: &str, plan: &str, more: Vec<FileEdit>) -> String {
    let mut edits = vec![FileEdit::Write {
        path: "compared/plan.md".to_owned(),
        text: format!("# Plan\n\n{plan}\n"),
    }];
    edits.extend(more);
    let made = sandbox.control().accounts().commit(&Commit {
        repository: "acme/handbook".to_owned(),
        branch: "main".to_owned(),
        from: None,
        message: message.to_owned(),
        author: "bob".to_owned(),
        date: None,
        edits,
    });
    made.expect("a commit")
}

fn picture(base64: &str) -> FileEdit {
    FileEdit::WriteBytes {
        path: "compared/map.png".to_owned(),
        base64: base64.to_owned(),
    }
}

/// Compares what is shown with the tag.
async fn with_the_tag(window: &Window) {
    window.click("[data-testid='compare-with-button']").await;
    window.click("[data-testid='compare-with-tag']").await;
    window
        .click("[data-testid='compare-with-item'][data-name='before']")
        .await;
}

/// Waits until the lines that differ have the first words and not the others.
async fn until_differs(window: &Window, with: &str, without: &str) {
    window.until_script(&format!("const lines = document.querySelector(\"[data-testid='step-diff']\")?.textContent ?? ''; return lines.includes('One, two and three.') && lines.includes('{with}') && !lines.includes('{without}')")).await;
}

/// Waits until the files that differ are these.
async fn until_changed(window: &Window, paths: &str) {
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='changed-files'] [data-testid='tree-item']\")].map((row) => row.dataset.path).join() === '{paths}'")).await;
}

#[test]
fn a_file_a_picture_and_a_folder_are_compared_with_what_they_were_at_every_host() {
    on_a_desktop(
        "hosts::compared::a_file_a_picture_and_a_folder_are_compared_with_what_they_were_at_every_host",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let first = commit(&sandbox, "Plan", "Only one.", vec![picture(NARROW)]);
            let tagged = sandbox.control().accounts().set_reference(
                "acme/handbook",
                "refs/tags/before",
                Some(&first),
            );
            tagged.expect("a tag");
            let new = FileEdit::Write {
                path: "compared/new.md".to_owned(),
                text: "# New\n".to_owned(),
            };
            let more = vec![picture(WIDE), new];
            commit(&sandbox, "Plan more", "One and two.", more);
            commit(&sandbox, "Plan all", "One, two and three.", Vec::new());
            let window = desktop.window(&[]).await;
            for host in HOSTS {
                eprintln!("{}", host.name);
                host.sign_in(&window, &sandbox).await;
                host.open(&window, &sandbox).await;
                until_source(&window, "How we work at Acme").await;
                find_path(&window, "plan", "compared/plan.md").await;
                until_source(&window, "One, two and three.").await;
                // What the last change did comes first.
                window.click("[data-testid='compare-button']").await;
                until_differs(&window, "One and two.", "Only one.").await;
                with_the_tag(&window).await;
                until_differs(&window, "Only one.", "One and two.").await;

                find_path(&window, "map", "compared/map.png").await;
                window.until_script("const images = [...document.querySelectorAll(\"[data-testid='picture-comparison'] img\")]; return images.length === 2 && images.every((image) => image.complete) && images[0].naturalWidth === 12 && images[1].naturalWidth === 24").await;
                for (side, size) in [("before", "12 × 9 pixels"), ("after", "24 × 9 pixels")] {
                    let said = window.text(&format!("picture-{side}")).await;
                    assert!(said.contains(size), "{}: {said}", host.name);
                }

                // Of the folder, what its last change did, and then all since the tag.
                window
                    .click("[data-testid='visit'] nav .crumb:nth-of-type(2)")
                    .await;
                until_changed(&window, "compared/plan.md").await;
                with_the_tag(&window).await;
                let all = "compared/map.png,compared/new.md,compared/plan.md";
                until_changed(&window, all).await;
                window.click("[data-testid='open-another']").await;
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}
