//! Links to folders, files, lines and files of pull requests, pasted and dropped wherever somebody is in
//! the window; and those of our own kind, which the desktop opens.

use std::collections::BTreeSet;

use tributary_sandbox::signin::Product;
use tributary_sandbox::{Options, Running};

use super::{HOSTS, kinds, paste, until_source};
use crate::accounts::links::{link_opener, open_by};
use crate::accounts::stand::quit;
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::settings::open_settings;
use crate::tray::published_before;

const FILE: &str = "docs/pay.md";
/// The SHA-1 of the path, as `printf docs/pay.md | sha1sum` tells it.
const SHA1: &str = "8d7a39cc3dc93f74adfc65b8b4223dec6c7ca062";

/// And its SHA-256.
const SHA256: &str = "a8253aca884769555d57d6d0f3d0fa8ec9087268ac3459676cf5d10b6f3251df";

/// What a browser shows for a file of the first pull request, behind the host's address.
fn request_of(host: &str) -> String {
    match host {
        "github" => format!("/acme/handbook/pull/1/files#diff-{SHA256}R1"),
        "gitlab" => format!("/acme/handbook/-/merge_requests/1/diffs#{SHA1}_0_1"),
        "bitbucket" => format!("/acme/handbook/pull-requests/1/diff#chg-{FILE}"),
        "bitbucket-dc" => format!("/projects/ACME/repos/handbook/pull-requests/1/diff#{FILE}?t=1"),
        "entra" => format!("/acme/docs/_git/handbook/pullrequest/1?_a=files&path=/{FILE}"),
        _ => format!("/acme/handbook/pulls/1/files#diff-{SHA256}"),
    }
}

/// Lets a link fall onto the page, as somebody who drags it from a browser.
async fn drop(window: &Window, link: &str) {
    window.script(&format!("const data = new DataTransfer(); data.setData('text/uri-list', '{link}'); data.setData('text/plain', '{link}'); document.body.dispatchEvent(new DragEvent('drop', {{dataTransfer: data, bubbles: true, cancelable: true}}))")).await;
}

/// Has the window go to an address. That is what the engine does with one that is dropped on the frame of
/// a rendered page, whose drags come to no script of ours.
async fn go(window: &Window, address: &str) {
    window
        .script(&format!(
            "setTimeout(() => {{ location.href = '{address}'; }})"
        ))
        .await;
}

#[test]
fn a_link_that_is_dropped_on_a_rendered_page_is_opened_and_the_window_stays() {
    on_a_desktop(
        "hosts::links::a_link_that_is_dropped_on_a_rendered_page_is_opened_and_the_window_stays",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            let host = &HOSTS[5];
            host.sign_in(&window, &sandbox).await;
            host.open(&window, &sandbox).await;
            until_source(&window, "How we work at Acme").await;
            window.find("preview").await;
            let own = window.script("return location.href").await;
            window.script("window.stays = true").await;

            // What is no repository says so, as when it is pasted.
            go(&window, &format!("{}/", sandbox.base_url())).await;
            window.find("unopened").await;
            let link = format!(
                "{}/acme/handbook/src/branch/feature/pay-grades/{FILE}#L1-L3",
                host.base(&sandbox)
            );
            go(&window, &link).await;
            until_pay(&window, "1,2,3").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='unopened']\") === null",
                )
                .await;
            let stays = window.script("return window.stays === true").await;
            assert_eq!(stays, true, "it is the same page of ours all the time");
            assert_eq!(window.script("return location.href").await, own);
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn a_link_to_a_file_of_a_pull_request_leads_to_it_at_every_host_from_every_screen() {
    on_a_desktop(
        "hosts::links::a_link_to_a_file_of_a_pull_request_leads_to_it_at_every_host_from_every_screen",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            // Where somebody is when the link comes.
            let screens = [
                "start",
                "accounts",
                "publications",
                "audit",
                "settings",
                "publish",
            ];
            for (host, screen) in HOSTS.iter().zip(screens) {
                eprintln!("{} from {screen}", host.name);
                host.sign_in(&window, &sandbox).await;
                match screen {
                    "start" => {}
                    "settings" => open_settings(&window).await,
                    "publish" => window.click("[data-testid='publish-tab']").await,
                    _ => {
                        window
                            .click(&format!("[data-testid='{screen}-button']"))
                            .await;
                    }
                }
                let link = format!("{}{}", host.base(&sandbox), request_of(host.name));
                match host.name {
                    "gitlab" | "bitbucket-dc" => drop(&window, &link).await,
                    _ => paste(&window, &link).await,
                }
                window.until_script("return document.querySelector(\"[data-testid='path']\")?.checkVisibility() && document.querySelector(\"[data-testid='path']\").textContent === 'pay.md'").await;
                until_source(&window, "Pay grades").await;
                let stays =
                    "return document.querySelector(\"[data-testid='look-for-newer']\") === null";
                assert_eq!(window.script(stays).await, true, "it stays at the commit");
                // The last one comes while a repository is open.
                if screen != "settings" {
                    window.click("[data-testid='open-another']").await;
                }
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// Links as each host shows them, behind its address: to a folder at a branch that has a slash in its name,
/// to a file at a tag, and to lines of a file at that branch.
fn links_of(host: &str) -> [&'static str; 3] {
    match host {
        "github" => [
            "/acme/handbook/tree/feature/pay-grades/docs",
            "/acme/handbook/blob/v1.0/docs/greetings.md",
            "/acme/handbook/blob/feature/pay-grades/docs/pay.md?plain=1#L1-L3",
        ],
        "gitlab" => [
            "/acme/handbook/-/tree/feature/pay-grades/docs?ref_type=heads",
            "/acme/handbook/-/blob/v1.0/docs/greetings.md?ref_type=tags",
            "/acme/handbook/-/blob/feature/pay-grades/docs/pay.md?plain=1#L1-3",
        ],
        "bitbucket" => [
            "/acme/handbook/src/feature/pay-grades/docs/",
            "/acme/handbook/src/v1.0/docs/greetings.md",
            "/acme/handbook/src/feature/pay-grades/docs/pay.md#lines-1:3",
        ],
        "bitbucket-dc" => [
            "/projects/ACME/repos/handbook/browse/docs?at=refs%2Fheads%2Ffeature%2Fpay-grades",
            "/projects/ACME/repos/handbook/browse/docs/greetings.md?at=refs%2Ftags%2Fv1.0",
            "/projects/ACME/repos/handbook/browse/docs/pay.md?at=refs%2Fheads%2Ffeature%2Fpay-grades#1-3",
        ],
        "entra" => [
            "/acme/docs/_git/handbook?path=/docs&version=GBfeature%2Fpay-grades",
            "/acme/docs/_git/handbook?path=/docs/greetings.md&version=GTv1.0",
            "/acme/docs/_git/handbook?path=/docs/pay.md&version=GBfeature%2Fpay-grades&line=1&lineEnd=4&lineStartColumn=1&lineEndColumn=1",
        ],
        _ => [
            "/acme/handbook/src/branch/feature/pay-grades/docs",
            "/acme/handbook/src/tag/v1.0/docs/greetings.md",
            "/acme/handbook/src/branch/feature/pay-grades/docs/pay.md?display=source#L1-L3",
        ],
    }
}

/// Waits until the window shows a file or folder of this name at a branch or tag; gives the commit.
async fn until_at(window: &Window, name: &str, reference: &str) -> String {
    window.until_script(&format!("const said = (id) => document.querySelector(`[data-testid='${{id}}']`)?.textContent ?? ''; return said('path') === '{name}' && said('ref-button').includes('{reference}')")).await;
    let commit = window
        .script("return document.querySelector(\"[data-testid='visit']\").dataset.commit")
        .await;
    commit.as_str().expect("a commit").to_owned()
}

#[test]
fn links_to_a_folder_a_file_and_lines_lead_there_from_every_host_pasted_and_dropped() {
    on_a_desktop(
        "hosts::links::links_to_a_folder_a_file_and_lines_lead_there_from_every_host_pasted_and_dropped",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let window = desktop.window(&[]).await;
            // The hosts have the same repository, so that its branch and its tag are these at each.
            let mut commits = BTreeSet::new();
            for host in HOSTS {
                host.sign_in(&window, &sandbox).await;
                let base = host.base(&sandbox);
                let [folder, file, lines] = links_of(host.name).map(|link| format!("{base}{link}"));
                for way in ["pasted", "dropped"] {
                    eprintln!("{} {way}", host.name);
                    let give = async |link: &str| match way {
                        "pasted" => paste(&window, link).await,
                        _ => drop(&window, link).await,
                    };
                    give(&folder).await;
                    let branch = until_at(&window, "docs", "feature/pay-grades").await;
                    window.until_script("return document.querySelector(\"[data-testid='visit'] [data-testid='source']\") === null && document.querySelector(\"[data-testid='landing-trouble']\") === null").await;
                    give(&file).await;
                    let tag = until_at(&window, "greetings.md", "v1.0").await;
                    until_source(&window, "We greet each other in the morning").await;
                    give(&lines).await;
                    until_pay(&window, "1,2,3").await;
                    let again = until_at(&window, "pay.md", "feature/pay-grades").await;
                    assert_eq!(again, branch, "{}", host.name);
                    commits.insert((branch, tag));
                }
                window.click("[data-testid='open-another']").await;
            }
            assert_eq!(commits.len(), 1, "{commits:?}");
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// A submodule leads to its repository at its commit; and what a host has beside a repository's files
/// opens the repository, and says that it is none of them.
#[test]
fn a_submodule_leads_to_its_repository_and_an_issue_says_that_it_is_no_file() {
    on_a_desktop(
        "hosts::links::a_submodule_leads_to_its_repository_and_an_issue_says_that_it_is_no_file",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let everybody = sandbox.control().accounts();
            assert!(everybody.set_public("acme/handbook", true).expect("set"));
            let there = super::commit(&sandbox, "Then", "then.md", "# As it was then\n");
            super::commit(&sandbox, "Now", "now.md", "# Now\n");
            let folder = crate::previews::folder(&desktop);
            let git = |arguments: &[&str]| crate::previews::git(&folder, arguments);
            crate::previews::write(&folder.join("README.md"), "# With a theme\n");
            let address = format!("{}/hosts/gitea/acme/handbook.git", sandbox.base_url());
            let modules = format!("[submodule \"theme\"]\n\tpath = theme\n\turl = {address}\n");
            crate::previews::write(&folder.join(".gitmodules"), modules);
            git(&["add", "-A"]);
            let entry = format!("160000,{there},theme");
            git(&["update-index", "--add", "--cacheinfo", &entry]);
            git(&["commit", "-qm", "A theme"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "With a theme").await;
            window
                .click("[data-testid='tree-item'][data-path='theme']")
                .await;
            window.click("[data-testid='open-submodule']").await;
            window.until_script(&format!("return document.querySelector(\"[data-testid='visit']\")?.dataset.commit === '{there}'")).await;
            until_source(&window, "How we work at Acme").await;
            window.click("[data-testid='open-another']").await;

            let host = &HOSTS[1];
            host.sign_in(&window, &sandbox).await;
            paste(
                &window,
                &format!("{}/acme/handbook/-/issues/3", host.base(&sandbox)),
            )
            .await;
            window.until_script("return document.querySelector(\"[data-testid='visit']\")?.textContent.includes('issues/3 is at the host') ?? false").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// A link to lines of a file of the handbook, at a branch of the sandbox's host.
fn link_to_lines(sandbox: &Running, repository: &str, reference: &str, lines: &str) -> String {
    let place = sandbox.base_url().trim_start_matches("http://");
    format!(
        "tributary://open?host={place}&repo=hosts/{repository}&ref={reference}&path={FILE}&lines={lines}"
    )
}

/// Waits until the window shows the pay grades, with these lines marked.
async fn until_pay(window: &Window, lines: &str) {
    window.until_script("return document.querySelector(\"[data-testid='path']\")?.checkVisibility() && document.querySelector(\"[data-testid='path']\").textContent === 'pay.md'").await;
    until_source(window, "Pay grades").await;
    window.until_script(&format!("return [...document.querySelectorAll('[data-chosen]')].map((line) => line.dataset.line).join() === '{lines}'")).await;
    let asks = window
        .script("return document.querySelector(\"[data-testid='link-dialog']\") !== null")
        .await;
    assert_eq!(asks, false, "somebody is signed in there");
}

#[test]
fn a_link_of_ours_shows_the_lines_of_a_file_at_every_host_and_starts_the_program_there() {
    on_a_desktop(
        "hosts::links::a_link_of_ours_shows_the_lines_of_a_file_at_every_host_and_starts_the_program_there",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let opener = link_opener(&desktop);
            let window = desktop.window(&[]).await;
            let mut last = String::new();
            for host in HOSTS {
                eprintln!("{}", host.name);
                host.sign_in(&window, &sandbox).await;
                let repository = match host.name {
                    "bitbucket-dc" => "projects/ACME/repos/handbook",
                    "entra" => "acme/docs/_git/handbook",
                    _ => "acme/handbook",
                };
                let repository = format!("{}/{repository}", host.name);
                let link =
                    |lines: &str| link_to_lines(&sandbox, &repository, "feature/pay-grades", lines);
                open_by(&opener, &link("1-3"));
                until_pay(&window, "1,2,3").await;
                window
                    .until_script(
                        "return document.querySelector(\"[data-testid='ref-button']\")\
                         ?.textContent.includes('feature/pay-grades') ?? false",
                    )
                    .await;
                // The same file at another line, where it is shown already.
                last = link("3");
                open_by(&opener, &last);
                until_pay(&window, "3").await;
                window.click("[data-testid='open-another']").await;
            }
            quit(window).await;

            // Nothing runs, and the desktop starts the program by the link.
            let window = desktop.driven(&opener, &[&last], &[]).await;
            until_pay(&window, "3").await;
            quit(window).await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn a_link_of_ours_to_a_publication_asks_plans_and_writes_only_what_is_confirmed() {
    on_a_desktop(
        "hosts::links::a_link_of_ours_to_a_publication_asks_plans_and_writes_only_what_is_confirmed",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let control = sandbox.control();
            let folder = crate::previews::folder(&desktop);
            crate::previews::write(
                &folder.join("README.md"),
                "# Notes\n\nWhat is to be known.\n",
            );
            published_before(&desktop, &sandbox.cloud_url(), &folder).await;
            let opener = link_opener(&desktop);
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            let place = sandbox.base_url().trim_start_matches("http://");
            let link = format!("tributary://open?site={place}&space=DOCS");

            let asked = async |window: &Window| {
                let words = window.text("link-dialog").await;
                for named in ["publish repository to", "DOCS", place] {
                    assert!(words.contains(named), "{words}");
                }
            };
            open_by(&opener, &link);
            asked(&window).await;
            assert_eq!(control.writes().len(), 0, "nobody agreed");
            window.pictures(&desktop, "link-publication").await;
            window.click("[data-testid='link-leave']").await;
            window
                .until_script("return !document.querySelector(\"[data-testid='link-dialog']\")")
                .await;
            assert_eq!(control.writes().len(), 0, "nobody agreed");

            open_by(&opener, &link);
            asked(&window).await;
            window.click("[data-testid='link-open']").await;
            kinds(&window, "create").await;
            assert_eq!(control.writes().len(), 0, "nobody confirmed the plan");
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let written = || {
                let pages = control.pages(Product::Cloud, "DOCS");
                pages.into_iter().map(|page| page.body).collect::<String>()
            };
            assert!(written().contains("What is to be known."), "{}", written());
            quit(window).await;

            // Nothing runs, and the desktop starts the program by the link.
            crate::previews::write(&folder.join("README.md"), "# Notes\n\nWhat came later.\n");
            control.clear_requests();
            let window = desktop.driven(&opener, &[&link], &[]).await;
            asked(&window).await;
            window.click("[data-testid='link-open']").await;
            kinds(&window, "update").await;
            assert_eq!(control.writes().len(), 0, "nobody confirmed the plan");
            assert!(!written().contains("What came later."));
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            assert!(written().contains("What came later."), "{}", written());
            quit(window).await;
            sandbox.stop().await;
        },
    );
}
