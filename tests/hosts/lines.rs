//! Lines of files in the real window: who wrote them.

use std::process::Command;

use tributary_sandbox::Options;

use super::{GitHost, HOSTS, commit, find_path, kinds, publish, until_source};
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::window::{published_address, read_page};

/// The lines at which a commit is said, with its author and the beginning of its name for screen
/// readers.
async fn until_blamed(window: &Window, wanted: &[(u32, &str, &str)]) {
    let wanted: Vec<String> = wanted
        .iter()
        .map(|(line, commit, summary)| format!("{line} {commit} {summary}"))
        .collect();
    let wanted = wanted.join("|");
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='blame-part']\")].map((part) => [part.dataset.blame, part.dataset.commit, part.title].join(' ')).join('|') === '{wanted}'")).await;
}

/// At every host: GitLab tells who wrote a line, and at the others it is computed from the versions of the
/// file. In a clone Git's history tells.
#[test]
fn who_wrote_a_line_is_shown_when_asked_for_and_leads_to_its_commit() {
    on_a_desktop(
        "hosts::lines::who_wrote_a_line_is_shown_when_asked_for_and_leads_to_its_commit",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let first = "#!/bin/sh\nset -e\nmake\nmake check\n";
            let start = commit(&sandbox, "Build it", "build.sh", first);
            let second = first.replace("set -e", "set -eu");
            let safer = commit(&sandbox, "Be strict", "build.sh", &second);
            let parts = [
                (1, start.as_str(), "Build it"),
                (2, safer.as_str(), "Be strict"),
                (3, start.as_str(), "Build it"),
            ];
            let window = desktop.window(&[]).await;
            for host in HOSTS {
                eprintln!("{}", host.name);
                host.sign_in(&window, &sandbox).await;
                host.open(&window, &sandbox).await;
                until_source(&window, "How we work at Acme").await;
                find_path(&window, "build", "build.sh").await;
                until_source(&window, "set -eu").await;
                window.click("[data-testid='blame-button']").await;
                until_blamed(&window, &parts).await;
                let name = window.script("return document.querySelector(\"[data-testid='blame-part']\").getAttribute('aria-label')").await;
                let name = name.as_str().expect("a name").to_lowercase();
                assert!(
                    name.starts_with("bob") && name.ends_with(": build it, line 1"),
                    "{name}"
                );
                // The columns stand beside each other, and the line below its number's.
                let apart = window.script("const box = (part) => part.getBoundingClientRect(); const line = document.querySelector('[data-line=\"2\"]'); const [cell, number, text] = ['.cell', '.number', '.text'].map((part) => box(line.querySelector(part))); return cell.right <= number.left + 1 && number.right <= text.left + 1 && cell.height <= box(line).height").await;
                assert_eq!(apart, true);
                window.click("[data-testid='blame-button']").await;
                window
                    .until_script(
                        "return document.querySelector(\"[data-testid='blame-part']\") === null",
                    )
                    .await;
                window.click("[data-testid='open-another']").await;
            }

            // In a clone, by keyboard: Tab reaches one of them, and the arrows the others.
            let everybody = sandbox.control().accounts();
            assert!(everybody.set_public("acme/handbook", true).expect("set"));
            let address = format!("{}/hosts/gitea/acme/handbook.git", sandbox.base_url());
            let clone = desktop.home.join("handbook");
            let shown = clone.display().to_string();
            let cloned = Command::new("git")
                .args(["clone", "--quiet", &address, &shown])
                .status();
            assert!(cloned.expect("git is here").success());
            window.type_into("open-path", &shown).await;
            window.click("[data-testid='open-button']").await;
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "How we work at Acme").await;
            find_path(&window, "build", "build.sh").await;
            until_source(&window, "set -eu").await;
            window.click("[data-testid='blame-button']").await;
            until_blamed(&window, &parts).await;
            window
                .round(
                    "blame",
                    &["blame-button", "Source of build.sh", "blame-part"],
                )
                .await;
            window
                .script(
                    "document.querySelector(\"[data-testid='blame-part'][tabindex='0']\").focus()",
                )
                .await;
            for key in ["\u{e015}", "\u{e015}", "\u{e007}"] {
                let focused = window.client.active_element().await.expect("a focus");
                focused.send_keys(key).await.expect("the key");
            }
            window
                .until_script(&format!(
                    "return document.querySelector(\"[data-testid='visit']\").dataset.commit === '{start}'"
                ))
                .await;
            until_source(&window, "set -e").await;
            until_blamed(&window, &parts[..1]).await;

            // A file of another kind has no lines that anybody wrote.
            find_path(&window, "tour", "assets/tour.mp4").await;
            until_source(&window, "A large file").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// Marked lines of a file at GitHub or Bitbucket Cloud become a page, which is found again, is behind when
/// its file changes, and stays when the folder is published.
fn published_by_lines(name: &str, host: &GitHost) {
    on_a_desktop(name, async |desktop: Desktop| {
        let sandbox = tributary_sandbox::start(Options::default()).await;
        let sandbox = sandbox.expect("a sandbox");
        let text = "#!/bin/sh\nset -e\nmake\nmake check\n";
        let first = commit(&sandbox, "Build it", "tools/build.sh", text);
        let window = desktop.window(&[]).await;
        host.sign_in(&window, &sandbox).await;
        host.open(&window, &sandbox).await;
        until_source(&window, "How we work at Acme").await;
        find_path(&window, "build", "tools/build.sh").await;
        until_source(&window, "make check").await;
        window.script("document.querySelector(\"[data-line='3'] .number\").click(); document.querySelector(\"[data-line='4'] .number\").dispatchEvent(new MouseEvent('click', {shiftKey: true, bubbles: true}))").await;
        window.until_script("return document.querySelector(\"[data-testid='snippet']\")?.textContent.includes('--8<-- \"tools/build.sh:3:4\"') ?? false").await;
        window.click("[data-testid='publish-lines']").await;
        let from = window.text("publish-source").await;
        assert!(from.contains("tools/build.sh#L3-L4"), "{from}");
        window.click("[data-testid='start-sandbox']").await;
        window
            .until_script(
                "return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'",
            )
            .await;
        window.type_into("lines-title", "How it is built").await;
        window.click("[data-testid='plan-button']").await;
        kinds(&window, "create").await;
        publish(&window, "created").await;
        let read = read_page(&published_address(&window).await);
        assert!(read.contains("How it is built"), "{read}");
        // As each host writes it.
        let link = match host.name {
            "github" => format!("/acme/handbook/blob/{first}/tools/build.sh#L3-L4"),
            _ => format!("/acme/handbook/src/{first}/tools/build.sh#lines-3:4"),
        };
        assert!(
            read.contains(&link) && read.contains("make check"),
            "{read}"
        );

        // Its file changes above the lines, so that others stand there now.
        let now = text.replace("set -e\n", "set -eu\nset -x\n");
        commit(&sandbox, "Say what is done", "tools/build.sh", &now);
        window.script("const field = document.querySelector(\"[data-testid='lines-title']\"); field.value = ''; field.dispatchEvent(new Event('input', {bubbles: true}))").await;
        window.click("[data-testid='plan-button']").await;
        kinds(&window, "update").await;
        window.until_script("return document.querySelector(\"[data-testid='behind']\")?.textContent === '1 commit behind' && document.querySelector(\"[data-testid='plan-step']\").dataset.title === 'How it is built'").await;
        publish(&window, "updated").await;

        // The folder is published beside it.
        commit(&sandbox, "Tell of it", "tools/README.md", "# Tools\n");
        window.click("[data-testid='browse-tab']").await;
        window
            .click("[data-testid='visit'] nav .crumb:nth-of-type(2)")
            .await;
        window.click("[data-testid='publish-this']").await;
        window.click("[data-testid='plan-button']").await;
        kinds(&window, "create").await;
        window.close().await;
        sandbox.stop().await;
    });
}

#[test]
fn marked_lines_at_github_become_a_page_of_their_own() {
    published_by_lines(
        "hosts::lines::marked_lines_at_github_become_a_page_of_their_own",
        &HOSTS[0],
    );
}

#[test]
fn marked_lines_at_bitbucket_become_a_page_of_their_own() {
    published_by_lines(
        "hosts::lines::marked_lines_at_bitbucket_become_a_page_of_their_own",
        &HOSTS[2],
    );
}

/// In a folder that is open as it is on the disk, lines are told up to its commit; those that nobody
/// committed say so.
#[test]
fn who_wrote_a_line_is_shown_in_an_opened_folder_too() {
    on_a_desktop(
        "hosts::lines::who_wrote_a_line_is_shown_in_an_opened_folder_too",
        async |desktop: Desktop| {
            let folder = crate::previews::folder(&desktop);
            let git = |arguments: &[&str]| crate::previews::git(&folder, arguments);
            let id = || {
                let told = Command::new("git")
                    .arg("-C")
                    .arg(&folder)
                    .args(["rev-parse", "HEAD"])
                    .output();
                let told = told.expect("git is here").stdout;
                String::from_utf8_lossy(&told).trim().to_owned()
            };
            let write = |name: &str, text: &str| crate::previews::write(&folder.join(name), text);
            write("README.md", "# Read me\n");
            write("make.sh", "#!/bin/sh\nset -e\nmake\nmake check\n");
            git(&["add", "-A"]);
            git(&["commit", "-qm", "Build it"]);
            let start = id();
            git(&["mv", "make.sh", "build.sh"]);
            git(&["commit", "-qm", "Call it so"]);
            write("build.sh", "#!/bin/sh\nset -eu\nmake\nmake check\n");
            git(&["commit", "-qam", "Be strict"]);
            let safer = id();
            write(
                "build.sh",
                "#!/bin/sh\nset -eu\nmake\nmake test\nmake check\n",
            );
            write("new.sh", "make\n");
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            crate::previews::choose(&window, "build.sh").await;
            window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('make test') ?? false").await;
            window.click("[data-testid='blame-button']").await;
            let parts = [
                (1, start.as_str(), "Build it"),
                (2, safer.as_str(), "Be strict"),
                (3, start.as_str(), "Build it"),
                (5, start.as_str(), "Build it"),
            ];
            until_blamed(&window, &parts).await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='blame-none']\")].map((said) => `${said.closest('[data-line]').dataset.line} ${said.textContent}`).join() === '4 Not committed yet'").await;
            crate::previews::choose(&window, "new.sh").await;
            window.until_script("return document.querySelector(\"[data-testid='blame-said']\")?.textContent.includes('is in no commit yet') ?? false").await;

            // The commit opens, with the file under the name that it had.
            crate::previews::choose(&window, "build.sh").await;
            until_blamed(&window, &parts).await;
            window.click("[data-blame='1']").await;
            window.until_script(&format!("const visit = document.querySelector(\"[data-testid='visit']\"); return visit?.dataset.commit === '{start}' && visit.querySelector(\"[data-testid='source']\")?.textContent.includes('set -e') && visit.querySelector('.path')?.textContent.includes('make.sh')")).await;
            window.close().await;
        },
    );
}
