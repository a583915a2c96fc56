//! What is hard to show in the real window, and what of a repository stays there when its host is away: at
//! hosts that tell it in three ways.

use tributary_sandbox::Options;

use super::{GitHost, HOSTS, find_path, paste, until_source};
use crate::desktop::{Desktop, on_a_desktop};

/// What is shown at GitHub, GitLab or Bitbucket Cloud, until the host is away and afterwards.
fn shown_truthfully(name: &str, host: &GitHost) {
    on_a_desktop(name, async |desktop: Desktop| {
        let sandbox = tributary_sandbox::start(Options::default()).await;
        let sandbox = sandbox.expect("a sandbox");
        let many = sandbox
            .control()
            .accounts()
            .add_files("acme/handbook", "many", 5_000);
        many.expect("a commit");
        let window = desktop.window(&[]).await;
        host.sign_in(&window, &sandbox).await;
        host.open(&window, &sandbox).await;
        until_source(&window, "How we work at Acme").await;
        let (files, submodule) = match host.name {
            "github" => ("blob/main", "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c"),
            "gitlab" => ("-/blob/main", "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c"),
            // Its listings do not say at which commit.
            _ => ("src/main", "This is another repository"),
        };
        for (words, path, said) in [
            ("first-day", "docs/first-day.md", "It leads to welcome.md"),
            ("vendor", "vendor/theme", submodule),
            (
                "tour",
                "assets/tour.mp4",
                "A large file, as far as Git is concerned.",
            ),
            ("empty", "docs/empty.md", "This file is empty."),
        ] {
            find_path(&window, words, path).await;
            window.until_script(&format!("return document.querySelector(\"[data-testid='source']\")?.innerText.replaceAll(/\\s+/g, ' ').includes('{said}') ?? false")).await;
        }
        find_path(&window, "first-day", "docs/first-day.md").await;
        window.click("[data-testid='follow-link']").await;
        until_source(&window, "Your first day").await;

        // Of a folder with thousands of files only the rows in front are made.
        window.click("[data-path='many']").await;
        window
            .until_script("return document.querySelectorAll(\"[data-path^='many/']\").length > 10")
            .await;
        let rows = window
            .script("return document.querySelectorAll(\"[data-testid='tree-item']\").length")
            .await;
        assert!(rows.as_u64().is_some_and(|rows| rows < 120), "{rows}");

        // What nobody has is told from what one may not see.
        let base = host.base(&sandbox);
        let gone = format!("{base}/acme/handbook/{files}/docs/gone.md");
        paste(&window, &gone).await;
        let said = window.text("landing-trouble").await;
        assert!(said.contains("docs/gone.md"), "{said}");
        sandbox
            .control()
            .accounts()
            .set_access(host.server, "acme/secret-plans", "alice", false);
        paste(&window, &format!("{base}/acme/secret-plans")).await;
        window.until_script("return document.querySelector(\"[data-testid='unopened'] [data-testid='error']\")?.dataset.code === 'forbidden'").await;
        window.script("[...document.querySelectorAll(\"[data-testid='unopened'] button\")].at(-1).click()").await;

        find_path(&window, "welcome", "docs/welcome.md").await;
        until_source(&window, "Your first day").await;
        sandbox.stop().await;
        window.click("[data-testid='look-for-newer']").await;
        let said = window.text("offline").await;
        assert!(said.contains("could not be reached"), "{said}");
        find_path(&window, "empty", "docs/empty.md").await;
        window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('This file is empty') ?? false").await;
        find_path(&window, "greetings", "docs/greetings.md").await;
        window.until_script("return document.querySelector(\"[data-testid='visit'] [data-testid='error']\")?.dataset.code === 'offline'").await;

        // A new start without the network still has what was seen.
        window.click("[data-testid='open-another']").await;
        window.find("repositories-remembered").await;
        window
            .click("[data-testid='repository'][data-name$='handbook']")
            .await;
        window.find("offline").await;
        until_source(&window, "How we work at Acme").await;
        window.close().await;
    });
}

#[test]
fn what_github_has_is_shown_truthfully_and_stays_when_it_is_away() {
    shown_truthfully(
        "hosts::truth::what_github_has_is_shown_truthfully_and_stays_when_it_is_away",
        &HOSTS[0],
    );
}

#[test]
fn what_gitlab_has_is_shown_truthfully_and_stays_when_it_is_away() {
    shown_truthfully(
        "hosts::truth::what_gitlab_has_is_shown_truthfully_and_stays_when_it_is_away",
        &HOSTS[1],
    );
}

#[test]
fn what_bitbucket_has_is_shown_truthfully_and_stays_when_it_is_away() {
    shown_truthfully(
        "hosts::truth::what_bitbucket_has_is_shown_truthfully_and_stays_when_it_is_away",
        &HOSTS[2],
    );
}
