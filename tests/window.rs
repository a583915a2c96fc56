//! The real window, from opening a repository to reading the published page.

use std::path::Path;
use std::process::Command;

use tributary_sandbox::sample::documents;

use crate::desktop::{Desktop, Window, on_a_desktop, program, until};
use crate::settings::open_settings;
use crate::traces::{files_with, told_by_processes};

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("the file is written");
}

/// What a reader gets at an address: fetched by a program that is none of ours.
pub(crate) fn read_page(address: &str) -> String {
    let answer = Command::new("curl")
        .args(["--silent", "--fail", address])
        .output();
    let answer = answer.expect("curl is here");
    assert!(answer.status.success(), "{address} does not answer");
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

/// Where the first page of a report is.
pub(crate) async fn published_address(window: &Window) -> String {
    let address = window.find("page-link").await.attr("data-url").await;
    address.expect("an attribute").expect("an address")
}

pub(crate) async fn open_folder(window: &Window, folder: &Path) {
    let field = window.find("open-path").await;
    field
        .send_keys(&folder.display().to_string())
        .await
        .expect("the path is typed");
    window.click("[data-testid='open-button']").await;
    window.find("tree").await;
}

pub(crate) async fn plan(window: &Window) {
    window.click("[data-testid='plan-button']").await;
    window.find("plan-step").await;
}

async fn publish(window: &Window) {
    window.click("[data-testid='publish-button']").await;
    window.find("report").await;
}

async fn outcomes(window: &Window) -> Vec<String> {
    let found = window
        .script(
            "return [...document.querySelectorAll(\"[data-testid='report-row']\")]\
             .map((row) => row.dataset.outcome)",
        )
        .await;
    serde_json::from_value(found).expect("names")
}

#[test]
fn from_a_repository_to_the_published_page() {
    on_a_desktop(
        "window::from_a_repository_to_the_published_page",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[]).await;
            open_folder(&window, &folder).await;
            window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('Tributary takes documentation') ?? false").await;
            window.until_script("return document.querySelector('iframe')?.contentDocument?.body?.textContent.includes('Three things are different') ?? false").await;
            // A picture of the repository is drawn, and nothing in the frame may run.
            window.until_script("return (document.querySelector('iframe')?.contentDocument?.querySelector('img')?.naturalWidth ?? 0) > 0").await;

            // Whoever clicks on the page keeps the window's keys: on to the next pane, and the palette.
            window.click("[data-testid='preview']").await;
            window
                .until_script("return document.activeElement?.querySelector('iframe') != null && document.activeElement.getAttribute('role') === 'region'")
                .await;
            let press = async |keys: &str| {
                window
                    .script(&format!("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{{keys}, bubbles: true, cancelable: true}}))"))
                    .await;
            };
            press("key: 'End'").await;
            window
                .until_script("return document.querySelector('iframe').contentDocument.scrollingElement.scrollTop > 0")
                .await;
            press("key: 'F6'").await;
            window
                .until_script("return document.activeElement?.getAttribute('role') === 'tree'")
                .await;
            press("key: 'k', ctrlKey: true").await;
            let palette = window.find("palette-words").await;
            palette.send_keys("\u{e00c}").await.expect("Escape");
            window
                .until_script("return document.querySelector('[data-testid=palette]') === null")
                .await;

            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            window.click("[data-testid='diff-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='step-diff']\")?.textContent.includes('Tributary takes documentation') ?? false").await;
            publish(&window).await;
            let all = outcomes(&window).await;
            assert_eq!(all, vec!["created"; documents()]);
            let address = window
                .find("page-link")
                .await
                .attr("data-url")
                .await
                .expect("a link");
            let address = address.expect("the page's address");
            let page = read_page(&address);
            assert!(
                page.contains("Three things are different"),
                "a reader sees the page"
            );
            assert!(!page.contains("broken-link") && !page.contains("broken-image"));

            write(
                &folder.join("command-line.md"),
                "# The command line\n\nRewritten in a test.\n",
            );
            window.click("[data-testid='plan-button']").await;
            window.until_script("return [...document.querySelectorAll(\"[data-testid='plan-step']\")].map((step) => step.dataset.kind).join() === 'update'").await;
            publish(&window).await;
            // What stayed as it is comes when it is asked for.
            assert_eq!(outcomes(&window).await, ["updated"]);
            let unchanged = "[data-testid='report-chip'][data-outcome='unchanged']";
            window.click(unchanged).await;
            window
                .until_script(&format!(
                    "return document.querySelectorAll(\"[data-testid='report-row'][data-outcome='unchanged']\").length === {0} \
                     && document.querySelectorAll(\"[data-testid='report-row']\").length === {0}",
                    documents() - 1
                ))
                .await;
            window.close().await;
        },
    );
}

#[test]
fn a_wrong_folder_is_said_and_the_tree_is_used_by_keyboard() {
    on_a_desktop(
        "window::a_wrong_folder_is_said_and_the_tree_is_used_by_keyboard",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[]).await;
            let field = window.find("open-path").await;
            field
                .send_keys("/nowhere/at/all")
                .await
                .expect("the path is typed");
            window.click("[data-testid='open-button']").await;
            let said = window.find("error").await.text().await.expect("words");
            assert!(said.contains("/nowhere/at/all"), "{said}");

            window
                .script("document.querySelector(\"[data-testid='open-path']\").value = ''")
                .await;
            window
                .find("open-path")
                .await
                .clear()
                .await
                .expect("the field is emptied");
            open_folder(&window, &folder).await;
            window
                .until_script("return document.querySelector(\"[data-path='start']\") !== null")
                .await;
            window
                .script("document.querySelector(\"[data-testid='tree']\").focus()")
                .await;
            let tree = window.find("tree").await;
            // Home, down to the folder `start`, open it, down to its second file, choose it.
            tree.send_keys("\u{e011}\u{e015}\u{e014}\u{e015}\u{e015}\u{e007}")
                .await
                .expect("keys");
            window.until_script("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('A site is the address of Confluence') ?? false").await;
            window.close().await;
        },
    );
}

#[test]
fn what_an_editor_saves_is_seen_where_somebody_is() {
    on_a_desktop(
        "window::what_an_editor_saves_is_seen_where_somebody_is",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let text = |changed: &str| {
                let parts = (1..=150).map(|part| match part {
                    90 => format!("Part {part} is {changed}.\n\n"),
                    _ => format!("Part {part} of it.\n\n"),
                });
                format!("# Long\n\n{}", parts.collect::<String>())
            };
            write(&folder.join("long.md"), &text("as it was"));
            let window = desktop.window(&[]).await;
            open_folder(&window, &folder).await;
            window.click("[data-path='long.md']").await;
            let shows = async |what: &str| {
                window.until_script(&format!("return document.querySelector(\"[data-testid='source']\")?.textContent.includes('{what}') ?? false")).await;
                window.until_script(&format!("return document.querySelector('iframe')?.contentDocument?.body?.textContent.includes('{what}') ?? false")).await;
            };
            window.until_script("return document.querySelector('iframe')?.contentDocument?.body?.textContent.includes('Part 150') ?? false").await;
            // Both are scrolled together, and then stay where they are.
            window
                .script(
                    "document.querySelector(\"[data-testid='source'] .lines\").scrollTop = 3400",
                )
                .await;
            shows("as it was").await;
            window.until_script("return document.querySelector('iframe').contentDocument.scrollingElement.scrollTop > 500").await;
            let places = "[document.querySelector(\"[data-testid='source'] .lines\").scrollTop, document.querySelector('iframe').contentDocument.scrollingElement.scrollTop]";
            let before = window.script(&format!("return {places}")).await;

            write(&folder.join("long.md"), &text("another now"));
            write(&folder.join("added.md"), "# Added\n");
            shows("another now").await;
            window
                .until_script(&format!("return JSON.stringify({places}) === '{before}'"))
                .await;
            window
                .until_script("return document.querySelector(\"[data-path='added.md']\") !== null")
                .await;
            window.close().await;
        },
    );
}

#[test]
fn a_token_is_in_the_keystore_and_nowhere_else() {
    on_a_desktop(
        "window::a_token_is_in_the_keystore_and_nowhere_else",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let sandbox = tributary_sandbox::start(tributary_sandbox::Options::default()).await;
            let sandbox = sandbox.expect("a sandbox");
            // Made up by the sandbox for this run, so that it can stand nowhere by chance.
            let accounts = sandbox.control().accounts();
            let token = accounts.issue(tributary_sandbox::signin::Product::DataCenter, &["WRITE"]);
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='connect-button']").await;
            window
                .choose("sign-in-provider", "confluence-data-center")
                .await;
            for (field, text) in [
                ("sign-in-host", sandbox.data_center_url()),
                ("sign-in-token", token.clone()),
            ] {
                window
                    .find(field)
                    .await
                    .send_keys(&text)
                    .await
                    .expect("the text is typed");
            }
            window.click("[data-testid='sign-in-go']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-token']\") === null && document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            publish(&window).await;

            let kept = Command::new("secret-tool")
                .args(["search", "--all", "service", "tributary"])
                .output();
            let kept = kept.expect("secret-tool is here");
            assert!(
                String::from_utf8_lossy(&kept.stdout).contains(&token),
                "the keystore has it"
            );
            let page = window.script("return document.documentElement.outerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie + [...document.querySelectorAll('input')].map((field) => field.value).join()").await;
            assert!(
                !page.as_str().expect("text").contains(&token),
                "the page has it"
            );
            // Everything below the home folder, the keyring's own file among it, which is sealed.
            let files = |words: &str| files_with(&desktop.home, words);
            assert_eq!(files(&token), "", "a file has it");
            assert!(
                files(&sandbox.data_center_url()).contains("settings.toml"),
                "what is no secret is found there"
            );
            let processes = told_by_processes();
            assert!(
                processes.iter().any(|(_, text)| text.contains(program())),
                "the program is among them"
            );
            let told = processes.iter().filter(|(_, text)| text.contains(&token));
            let told: Vec<_> = told.map(|(path, _)| path).collect();
            assert!(told.is_empty(), "{told:?} have it");

            // It is an account like any other, and goes as one.
            window.click("[data-testid='accounts-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='account']\")?.textContent.includes('Sample Author') ?? false").await;
            window.click("[data-testid='account-sign-out']").await;
            window.click("[data-testid='sign-out-confirm']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='account']\") === null")
                .await;
            let kept = Command::new("secret-tool")
                .args(["search", "--all", "service", "tributary"])
                .output();
            let kept = kept.expect("secret-tool is here");
            assert!(
                !String::from_utf8_lossy(&kept.stdout).contains(&token),
                "the keystore has it no more"
            );
            assert_eq!(
                files(&format!("url = \"{}\"", sandbox.data_center_url())),
                "",
                "nor do the settings name the site"
            );
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn the_page_runs_nothing_that_is_not_ours() {
    on_a_desktop(
        "window::the_page_runs_nothing_that_is_not_ours",
        async |desktop: Desktop| {
            let folder = desktop.home.join("hostile");
            std::fs::create_dir(&folder).expect("the folder is made");
            write(
                &folder.join("README.md"),
                "# Hostile\n\n<script>window.top.ran = 1</script><img src=x onerror=\"window.top.ran = 2\">\n\n[run](javascript:window.top.ran=3)\n\nThe end.\n",
            );
            let opened = desktop.browser();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.until_script("return document.querySelector('iframe')?.contentDocument?.body?.textContent.includes('The end.') ?? false").await;
            let evaluated = window.script("try { return String(window.eval('1 + 1')) } catch (error) { return 'refused' }").await;
            assert_eq!(evaluated, "refused");
            window.script("const script = document.createElement('script'); script.textContent = 'window.ran = 4'; document.body.append(script)").await;
            let ran = window.script("return window.ran ?? null").await;
            assert_eq!(ran, serde_json::Value::Null);
            let refused = window.script("try { await window.__TAURI_INTERNALS__.invoke('plugin:opener|open_url', {url: 'https://example.com'}); return 'allowed' } catch (error) { return 'refused' }").await;
            assert_eq!(refused, "refused", "only named commands may be called");
            // Our own command opens web addresses, and nothing else.
            for address in [
                "file:///etc/passwd",
                "javascript:alert(1)",
                "--help",
                "smb://host/share",
            ] {
                let tried = window.script(&format!("try {{ await window.__TAURI_INTERNALS__.invoke('open_link', {{url: '{address}'}}); return 'opened' }} catch (error) {{ return error.message }}")).await;
                assert!(
                    tried
                        .as_str()
                        .is_some_and(|words| words.contains("is not a web address")),
                    "{address}: {tried}"
                );
            }
            window.script("await window.__TAURI_INTERNALS__.invoke('open_link', {url: 'https://example.com/page'})").await;
            let seen = until("the browser", async || {
                std::fs::read_to_string(&opened).ok()
            })
            .await;
            assert_eq!(
                seen.trim(),
                "https://example.com/page",
                "and only that was opened"
            );
            window.close().await;
        },
    );
}

#[test]
fn the_audit_log_shows_what_was_done_and_that_it_was_changed() {
    on_a_desktop(
        "window::the_audit_log_shows_what_was_done_and_that_it_was_changed",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            publish(&window).await;

            window.click("[data-testid='audit-button']").await;
            // A record before each page and one after it, and a pair around the whole. Of the rows only
            // those that are seen are drawn.
            let shown = async |count: usize, ended: &str| {
                window
                    .until_script(&format!(
                        "const rows = [...document.querySelectorAll(\"[data-testid='audit-row']\")]; \
                         return document.querySelector(\"[data-testid='audit-count']\").textContent === '{count} of {count} records' \
                         && rows.length > 9 && rows.every((row) => row.dataset.action === 'publish.create' && '{ended}'.includes(row.dataset.outcome))"
                    ))
                    .await;
            };
            let filter = window.find("audit-action").await;
            filter.send_keys("publish.create").await.expect("typed");
            shown(2 * documents(), "attempt success").await;
            window.choose("audit-outcome", "success").await;
            shown(documents(), "success").await;
            window.click("[data-testid='audit-verify']").await;
            window.until_script("return document.querySelector(\"[data-testid='audit-verdict']\")?.dataset.intact === 'true'").await;

            // Somebody changes one record behind the program's back.
            let log = desktop
                .home
                .join("tributary/data/audit/audit-000000000001.jsonl");
            let text = std::fs::read_to_string(&log).expect("the log is there");
            assert!(text.contains("Getting started"), "{text}");
            write(
                &log,
                &text.replacen("Getting started", "Getting stopped", 1),
            );
            window.click("[data-testid='audit-verify']").await;
            window.until_script("return document.querySelector(\"[data-testid='audit-verdict']\")?.dataset.intact === 'false'").await;
            let said = window
                .find("audit-verdict")
                .await
                .text()
                .await
                .expect("words");
            assert!(said.contains("The first bad record is"), "{said}");
            window.close().await;
        },
    );
}

#[test]
fn a_small_window_cuts_nothing_off_and_the_tab_key_reaches_everything() {
    on_a_desktop(
        "window::a_small_window_cuts_nothing_off_and_the_tab_key_reaches_everything",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            window.resize(1000, 700).await;
            let wanted = [
                "audit-button",
                "menu-button",
                "try-sandbox",
                "open-path",
                "choose-button",
            ];
            window.round("start", &wanted).await;
            open_folder(&window, &folder).await;
            window.until_script("return (document.querySelector('iframe')?.contentDocument?.querySelector('img')?.naturalWidth ?? 0) > 0").await;
            let wanted = [
                // The other tab is reached by the arrow keys.
                "browse-tab",
                "filter",
                "tree",
                "Width of the file list",
                "view-source",
                "view-page",
            ];
            window.round("browse", &wanted).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            window
                .script("for (const more of document.querySelectorAll('details')) more.open = true")
                .await;
            let mut wanted = vec![
                "site-select",
                "connect-button",
                "space-select",
                "parent-select",
                "publish-orphan",
                "publish-option-minorEdit",
                "publish-option-verify",
                "plan-button",
                "publish-button",
            ];
            // Up to that of the last page.
            wanted.extend(std::iter::repeat_n("diff-button", documents()));
            window.round("publish", &wanted).await;
            open_settings(&window).await;
            window.find("cache-held").await;
            let wanted = [
                "settings-accounts",
                "settings-language",
                "settings-zoom",
                "settings-conflict",
                "settings-verify",
                "shortcut-keys",
                "settings-autostart",
                "network-save",
                "certificate-keep",
                "doctor-run",
                "update-save",
                "settings-forget",
                "diagnostics-copy",
                "cache-clear",
                "settings-reset",
            ];
            window.round("settings", &wanted).await;
            window.click("[data-testid='settings-close']").await;
            window.click("[data-testid='audit-button']").await;
            window.find("audit-row").await;
            let row = window.script("const top = (id) => document.querySelector(`[data-testid='${id}']`).getBoundingClientRect().top; return Math.abs(top('audit-close') - top('audit-verify')) < 4").await;
            assert_eq!(row, true, "the buttons stand in one row");
            let wanted = [
                "audit-verify",
                "audit-form",
                "audit-export",
                "audit-close",
                "audit-since",
                "audit-outcome",
            ];
            window.round("audit", &wanted).await;
            window.click("[data-testid='accounts-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-button']\")?.disabled === false").await;
            window
                .round("accounts", &["sign-in-button", "accounts-close"])
                .await;
            window.click("[data-testid='sign-in-button']").await;
            window.find("sign-in-register").await;
            let wanted = [
                "sign-in-provider",
                "sign-in-way-browser",
                "sign-in-read-only",
                "sign-in-register-page",
                "Copy the redirect address",
                "sign-in-client-id",
                "sign-in-client-secret",
                "sign-in-go",
            ];
            window.round("sign in", &wanted).await;
            window.close().await;
        },
    );
}

#[test]
fn pictures_of_each_screen_can_be_made() {
    on_a_desktop(
        "window::pictures_of_each_screen_can_be_made",
        async |desktop: Desktop| {
            let folder = desktop.sample();
            let window = desktop.window(&[]).await;
            window.find("open-path").await;
            let both = async |name: &str| window.pictures(&desktop, name).await;
            both("start").await;
            open_folder(&window, &folder).await;
            window.until_script("return (document.querySelector('iframe')?.contentDocument?.querySelector('img')?.naturalWidth ?? 0) > 0").await;
            both("browse").await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            plan(&window).await;
            publish(&window).await;
            both("report").await;
            write(
                &folder.join("README.md"),
                "---\nlabels: [tributary, guide]\n---\n# Tributary guide\n\nTributary takes documentation from Git to Confluence. You write Markdown next to your code.\n\nSee [the command line](command-line.md) and [what is gone](gone.md).\n",
            );
            write(&folder.join("news.md"), "# News\n\nA page that is new.\n");
            window
                .click("[data-testid='plan-button'], .summary button")
                .await;
            window
                .until_script(
                    "return document.querySelectorAll(\"[data-testid='plan-step']\").length >= 2",
                )
                .await;
            window
                .click("[data-kind='update'] [data-testid='diff-button']")
                .await;
            window.until_script("return document.querySelector(\"[data-testid='step-diff']\")?.textContent.includes('next to your code') ?? false").await;
            both("plan").await;
            window.click("[data-testid='audit-button']").await;
            window.find("audit-row").await;
            window.click("[data-testid='audit-verify']").await;
            window.find("audit-verdict").await;
            window.click("[data-testid='audit-row'] button").await;
            // The folder is this run's.
            window.script("document.querySelector('.where').textContent = 'Kept in ~/.local/share/tributary/audit'").await;
            both("audit").await;
            window.close().await;
        },
    );
}
