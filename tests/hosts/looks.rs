//! A file as its host shows it, where hosts do it otherwise.

use tributary_sandbox::Options;

use super::{HOSTS, commit, find_path};
use crate::desktop::{Desktop, on_a_desktop};

const TEXT: &str = "# Looks\n\n[[_TOC_]]\n\nA <b>bold</b> word.\n\n## Tides\n\n\
    ::: mermaid\ngraph LR\n  A --> B\n:::\n";

#[test]
fn a_file_is_shown_as_the_host_does_that_it_is_at() {
    on_a_desktop(
        "hosts::looks::a_file_is_shown_as_the_host_does_that_it_is_at",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            commit(&sandbox, "Looks", "looks.md", TEXT);
            let window = desktop.window(&[]).await;
            let mut is_wanted = false;
            for host in HOSTS {
                let (gitlab, azure) = (host.name == "gitlab", host.name == "entra");
                let bitbucket = host.name.starts_with("bitbucket");
                eprintln!("{}", host.name);
                host.sign_in(&window, &sandbox).await;
                host.open(&window, &sandbox).await;
                find_path(&window, "looks", "looks.md").await;
                if !is_wanted {
                    // Beside the page, and for the next host too.
                    window.click("[data-testid='view-host']").await;
                    is_wanted = true;
                }
                window.until_script("return document.querySelector(\"[data-testid='preview-host']\")?.contentDocument?.body?.textContent.includes('Tides') ?? false").await;
                let seen = window.script("const body = document.querySelector(\"[data-testid='preview-host']\").contentDocument.body; \
                    const words = body.textContent; \
                    return [words.includes('[[TOC]]'), body.querySelector('a[href]') !== null, \
                        words.includes('<b>bold</b>'), body.querySelector('strong') !== null, \
                        words.includes('::: mermaid'), body.querySelector('img') !== null]").await;
                assert_eq!(
                    seen,
                    serde_json::json!([!gitlab, gitlab, bitbucket, !bitbucket, !azure, azure]),
                    "{}",
                    host.name
                );
                let is_another = gitlab || bitbucket || azure;
                let called = if is_another {
                    "Host's look"
                } else {
                    "GitHub's look"
                };
                assert_eq!(window.text("view-host").await, called, "{}", host.name);
                window.click("[data-testid='open-another']").await;
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}
