//! What a hostile repository has in its names, and how large it says its pictures are, in the real
//! window; and what one of two accounts may not see.

use std::path::Path;
use std::process::Command;

use tributary_sandbox::Options;

use super::{HOSTS, go_to, until_source};
use crate::accounts::stand::fill_in_token;
use crate::desktop::{Desktop, Window, on_a_desktop};
use crate::previews::{choose, folder, write};

/// A sign that turns the text behind it around.
const TURNS: &str = "\u{202e}";
/// The head of a picture of 60,000 times 60,000 pixels: 14 GB once it is unpacked.
const VAST: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0\x80\xd2\x75\x42";

/// Everything that is said in the window, to the eye or to a screen reader.
const SAID: &str = "const said = [document.title]; \
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT); \
    while (walk.nextNode()) { const node = walk.currentNode; if (node.nodeType === 3) said.push(node.data); else for (const name of ['title', 'aria-label', 'alt', 'placeholder']) said.push(node.getAttribute(name) ?? ''); if (node.value !== undefined) said.push(String(node.value)); } \
    const hidden = said.filter((words) => /[\\u200b\\u202a-\\u202e]/.test(words)); \
    const all = said.join('\\n');";

/// Waits until something is said, and looks that nothing is said with a sign that hides.
async fn until_said(window: &Window, place: &str, words: &str) {
    window
        .until_script(&format!("{SAID} return all.includes('{words}')"))
        .await;
    let hidden = window.script(&format!("{SAID} return hidden")).await;
    assert_eq!(hidden, serde_json::json!([]), "{place}");
}

fn git(folder: &Path, arguments: &[&str]) {
    let eve = format!("user.name=Eve{TURNS}nosdrawkcab");
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", &eve, "-c", "user.email=eve@example.com"])
        .args(arguments)
        .output();
    let done = done.expect("git is here");
    assert!(done.status.success(), "{arguments:?}: {done:?}");
}

#[test]
fn signs_that_turn_or_hide_a_name_are_seen_wherever_it_stands() {
    on_a_desktop(
        "hosts::names::signs_that_turn_or_hide_a_name_are_seen_wherever_it_stands",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            std::fs::create_dir(folder.join("docs")).expect("the folder is made");
            write(&folder.join("README.md"), "# Read me\n");
            let name = format!("docs/invoice{TURNS}dm.exe.md");
            write(&folder.join(&name), "# Invoice\n\nPay at once.\n");
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", &format!("Pay{TURNS} on sight")]);
            git(&folder, &["branch", &format!("safe{TURNS}efasnu")]);
            git(&folder, &["tag", &format!("v1{TURNS}0.2")]);
            let window = desktop.window(&[&folder.display().to_string()]).await;

            // In the folder: its tree and the path of what is shown.
            window.find("tree").await;
            until_said(&window, "the tree of the folder", "Read me").await;
            window.script("const field = document.querySelector(\"[data-testid='filter']\"); field.value = 'invoice'; field.dispatchEvent(new Event('input', {bubbles: true}))").await;
            window.until_script("const row = [...document.querySelectorAll('[data-path]')].find((row) => row.dataset.path.includes('invoice')); row?.click(); return row !== undefined").await;
            until_said(&window, "the file of the folder", "Pay at once").await;
            until_said(&window, "its name", "\u{27e8}U+202E\u{27e9}dm.exe.md").await;
            window.click("[data-testid='blame-button']").await;
            until_said(&window, "its lines", "Eve\u{27e8}U+202E\u{27e9}").await;
            window.click("[data-testid='blame-button']").await;

            // At its commit: the found row, the path, the last change, the history, the lines.
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "Read me").await;
            window.script("const field = document.querySelector(\"[data-testid='filter']\"); field.value = 'invoice'; field.dispatchEvent(new Event('input', {bubbles: true}))").await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='tree-item']\")].some((row) => row.dataset.path.includes('invoice'))").await;
            until_said(&window, "what was found", "\u{27e8}U+202E\u{27e9}dm.exe.md").await;
            window.script("[...document.querySelectorAll(\"[data-testid='tree-item']\")].find((row) => row.dataset.path.includes('invoice')).click()").await;
            until_source(&window, "Pay at once").await;
            until_said(&window, "the last change", "Eve\u{27e8}U+202E\u{27e9}").await;
            window.click("[data-testid='history-button']").await;
            until_said(&window, "the history", "Pay\u{27e8}U+202E\u{27e9} on sight").await;
            window.click("[data-testid='history-button']").await;
            window.click("[data-testid='blame-button']").await;
            window.find("blame-part").await;
            until_said(&window, "the lines", "Pay at once").await;

            // The names of branches and tags, which lead where they lead all the same.
            window.click("[data-testid='ref-button']").await;
            window.click("[data-testid='ref-branch']").await;
            until_said(&window, "the branches", "safe\u{27e8}U+202E\u{27e9}efasnu").await;
            window.click("[data-testid='ref-tag']").await;
            until_said(&window, "the tags", "v1\u{27e8}U+202E\u{27e9}0.2").await;
            window
                .script("document.querySelector(\"[data-testid='ref-item']\").click()")
                .await;
            window.until_script("return document.querySelector(\"[data-testid='ref-button']\").textContent.includes('v1')").await;
            until_said(
                &window,
                "the tag that is shown",
                "v1\u{27e8}U+202E\u{27e9}0.2",
            )
            .await;
            until_source(&window, "Pay at once").await;
            window.close().await;
        },
    );
}

#[test]
fn a_picture_that_says_it_is_vast_is_told_and_not_drawn() {
    on_a_desktop(
        "hosts::names::a_picture_that_says_it_is_vast_is_told_and_not_drawn",
        async |desktop: Desktop| {
            let folder = folder(&desktop);
            let page = "# A poster\n\n![The poster](vast.png)\n\nThe end of it.\n";
            write(&folder.join("README.md"), page);
            write(&folder.join("vast.png"), VAST);
            git(&folder, &["add", "-A"]);
            git(&folder, &["commit", "-qm", "A poster"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.find("tree").await;
            // On the page there is no picture, and the rest of it is.
            let told = "const page = document.querySelector(\"[data-testid='preview']\")?.contentDocument; return page?.body?.textContent.includes('The end of it') && page.readyState === 'complete' && [...page.images].every((picture) => picture.complete && picture.naturalWidth === 0)";
            window.until_script(told).await;
            let looked = "const shown = document.querySelector('.picture'); return (shown?.textContent.includes('60,000') || shown?.textContent.includes('60000')) && shown.querySelector('img') === null";
            choose(&window, "vast.png").await;
            window.until_script(looked).await;
            choose(&window, "README.md").await;
            window.until_script(told).await;
            window.click("[data-testid='commits-button']").await;
            until_source(&window, "A poster").await;
            window.until_script(told).await;
            window
                .click("[data-testid='tree-item'][data-path='vast.png']")
                .await;
            window.until_script(looked).await;
            window.close().await;
        },
    );
}

#[test]
fn of_two_accounts_at_a_host_each_opens_what_it_may_see() {
    on_a_desktop(
        "hosts::names::of_two_accounts_at_a_host_each_opens_what_it_may_see",
        async |desktop: Desktop| {
            let sandbox = tributary_sandbox::start(Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            let host = &HOSTS[1];
            let base = host.base(&sandbox);
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            // Bob is used where nobody chose; only Alice may see `acme/secret-plans`.
            for person in ["bob", "alice"] {
                let servers = sandbox.control().accounts();
                let token = servers.issue_personal(host.server, person, host.scopes, None);
                let token = token.expect("a token");
                fill_in_token(&window, host.provider, &base, &token).await;
                window.click("[data-testid='sign-in-go']").await;
                window.click("[data-testid='sign-in-done']").await;
            }
            window.click("[data-testid='accounts-close']").await;
            let listed = async |person: &str, names: &str| {
                window.find("host-select").await;
                window.until_script(&format!("return [...document.querySelector(\"[data-testid='host-select']\").options].some((option) => option.textContent.toLowerCase().includes('{person}'))")).await;
                window.script(&format!("const field = document.querySelector(\"[data-testid='host-select']\"); field.value = [...field.options].find((option) => option.textContent.toLowerCase().includes('{person}')).value; field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
                window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='repository']\")].map((one) => one.dataset.name).sort().join() === '{names}'")).await;
            };
            listed("bob", "acme/handbook").await;

            // By its address it is looked for as Bob, who is told who else is signed in.
            super::paste(&window, &format!("{base}/acme/secret-plans")).await;
            window.until_script("return document.querySelector(\"[data-testid='unopened']\")?.textContent.toLowerCase().includes('alice') ?? false").await;

            listed("alice", "acme/handbook,acme/secret-plans").await;
            window
                .click("[data-testid='repository'][data-name='acme/secret-plans']")
                .await;
            window.find("visit").await;
            window.until_script("return document.querySelectorAll(\"[data-testid='visit'] [data-testid='tree-item']\").length > 0").await;
            window.click("[data-testid='open-another']").await;

            // What was opened out of her list is hers from then on, by its address too.
            listed("bob", "acme/handbook").await;
            super::paste(&window, &format!("{base}/acme/secret-plans")).await;
            window.find("visit").await;
            window.click("[data-testid='open-another']").await;
            window
                .click("[data-testid='repository'][data-name='acme/handbook']")
                .await;
            until_source(&window, "How we work at Acme").await;
            go_to(&window, "tag", "v1.0").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
