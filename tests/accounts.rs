//! Accounts in the real window, against the sandbox's sign-in servers. The test is the person at the
//! browser.

mod access;
mod canary;
mod device;
pub(crate) mod links;
mod mistaken;
mod overview;
mod policy;
mod service;
pub(crate) mod stand;
pub(crate) mod vault;

use std::process::Command;

use tributary::vault::{Choice, Secret, Unreadable, Vaults};
use tributary_sandbox::sample::documents;
use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    GITLAB_REDIRECT, allow, begin_sign_in, between, data_center, fetch, fill_in_token, go_and_done,
    host_of, page, paths, quit, register, sandbox, token_of, window_at_accounts, with_names,
};
use crate::desktop::{Desktop, free_port, on_a_desktop, until};
use crate::tray::{click, entry, layout, menu, picture, shape};

const PASSPHRASE: &str = "a passphrase that is long enough";

#[test]
fn signing_in_through_the_browser_and_out_again() {
    on_a_desktop(
        "accounts::signing_in_through_the_browser_and_out_again",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let opened = desktop.browser();
            let window = window_at_accounts(&desktop).await;
            window.find("accounts-empty").await;
            let host = host_of(&sandbox, "gitlab");
            begin_sign_in(&window, "gitlab", &host).await;
            // Nothing is registered yet, and what to register is what the server expects.
            assert_eq!(window.text("sign-in-redirect").await, GITLAB_REDIRECT);
            window
                .click("[aria-label='Copy the redirect address']")
                .await;
            window.until_script("return document.querySelector(\"[aria-label='Copy the redirect address']\").textContent.trim() === 'Copied'").await;
            window.type_into("sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-progress']\")?.dataset.at === 'browser'").await;
            let back = allow(&opened).await;
            let landed = fetch(&["--location", &back]);
            assert!(landed.contains("You can go back to Tributary"), "{landed}");
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            assert!(!result.contains("Not granted"), "{result}");
            window.click("[data-testid='sign-in-done']").await;
            // Whose it is was asked already.
            window.until_states("ok").await;
            let code = between(&back, "code=", "&");
            assert!(!page(&window).await.contains(code), "the page has the code");

            let (bus, path) = menu().await;
            let until_said = async |words: &str| {
                until(words, async || entry(&layout(&bus, &path), words)).await;
            };
            until_said("Nothing published yet").await;
            let item = path.strip_suffix("/Menu").expect("the item has the menu");
            let idle = until("the picture of the tray", async || {
                picture(&bus, item).map(|now| shape(&now))
            })
            .await;
            let until_picture_is_idle = async |is_idle: bool| {
                until("the picture of the state", async || {
                    let now = shape(&picture(&bus, item)?);
                    ((now == idle) == is_idle).then_some(())
                })
                .await;
            };

            // The person withdraws it elsewhere: whoever looks is told, with the way out.
            sandbox.control().accounts().revoke_all();
            window.click("[data-testid='accounts-check']").await;
            window.until_states("needsSignIn").await;
            until_said("Sign-in needed").await;
            // By a shape as well: colors are not told apart by everybody.
            until_picture_is_idle(false).await;
            assert_eq!(window.text("account-remedy").await, "Sign in again");
            window.click("[data-testid='account-remedy']").await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in again as alice"), "{result}");
            window.click("[data-testid='sign-in-done']").await;
            window.click("[data-testid='accounts-check']").await;
            window.until_states("ok").await;
            until_said("Nothing published yet").await;
            until_picture_is_idle(true).await;

            window.click("[data-testid='account-sign-out']").await;
            window.click("[data-testid='sign-out-confirm']").await;
            let said = window.text("signed-out").await;
            assert!(said.contains("useless everywhere"), "{said}");
            window.find("accounts-empty").await;
            let kept = Command::new("secret-tool")
                .args(["search", "--all", "service", "tributary"])
                .output()
                .expect("secret-tool is here");
            let kept = String::from_utf8_lossy(&kept.stdout);
            assert!(!kept.contains("gitlab"), "the keystore has it: {kept}");
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn a_site_is_published_to_with_an_account() {
    on_a_desktop(
        "accounts::a_site_is_published_to_with_an_account",
        async |desktop: Desktop| {
            let secret = "application-secret";
            let (redirect, sandbox) = data_center(&desktop, free_port(), secret).await;
            let opened = desktop.browser();
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='accounts-button']").await;
            begin_sign_in(
                &window,
                "confluence-data-center",
                &sandbox.data_center_url(),
            )
            .await;
            assert_eq!(window.text("sign-in-redirect").await, redirect);
            window.type_into("sign-in-client-id", "own").await;
            window.type_into("sign-in-client-secret", secret).await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            window.click("[data-testid='sign-in-done']").await;
            assert!(!page(&window).await.contains(secret), "the page has it");

            window.click("[data-testid='publish-tab']").await;
            window.until_script("return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let pages = sandbox
                .control()
                .pages(tributary_sandbox::signin::Product::DataCenter, "DOCS");
            assert_eq!(pages.len(), documents() + 1, "ours and the home page");
            window.click("[data-testid='accounts-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='account']\")?.textContent.includes('last used') ?? false").await;

            // Who leaves takes the application along, and its secret leaves the keystore.
            let kept = || {
                let found = Command::new("secret-tool")
                    .args(["search", "--all", "--unlock", "service", "tributary"])
                    .output();
                String::from_utf8_lossy(&found.expect("secret-tool is here").stdout).into_owned()
            };
            window.click("[data-testid='account-sign-out']").await;
            window.click("[data-testid='sign-out-confirm']").await;
            window.find("signed-out").await;
            assert!(kept().contains(secret), "it is kept for the next sign-in");
            begin_sign_in(
                &window,
                "confluence-data-center",
                &sandbox.data_center_url(),
            )
            .await;
            window.click("[data-testid='sign-in-forget']").await;
            window.click("[data-testid='sign-in-forget-now']").await;
            assert_eq!(
                window.text("sign-in-redirect").await,
                redirect,
                "from the beginning"
            );
            assert!(!kept().contains(secret), "the keystore has it: {}", kept());
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn an_access_that_ends_soon_is_announced_in_the_window_and_in_the_tray() {
    on_a_desktop(
        "accounts::an_access_that_ends_soon_is_announced_in_the_window_and_in_the_tray",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let token = token_of(&sandbox, Server::Gitlab, "alice");
            let window = desktop.window(&[]).await;
            let (bus, path) = menu().await;
            window.click("[data-testid='accounts-button']").await;
            let host = host_of(&sandbox, "gitlab");
            fill_in_token(&window, "gitlab", &host, &token).await;
            let soon = window.script("const day = new Date(Date.now() + 9.5 * 86400000); return day.toISOString().slice(0, 10)").await;
            window
                .choose("sign-in-ends", soon.as_str().expect("a day"))
                .await;
            window.click("[data-testid='sign-in-go']").await;
            window.find("sign-in-result").await;
            window.click("[data-testid='sign-in-done']").await;
            assert!(!page(&window).await.contains(&token), "the page has it");
            window.click("[data-testid='accounts-check']").await;
            window.until_states("expiring").await;
            window.click("[data-testid='accounts-close']").await;
            let said = window.text("attention").await;
            assert!(
                said.contains("ends in 9 days") || said.contains("ends in 10 days"),
                "{said}"
            );
            until("the words in the tray", async || {
                layout(&bus, &path).contains("`alice`").then_some(())
            })
            .await;
            // It can be used for as long; that there is something to do is said in the line of the state too.
            let state = entry(&layout(&bus, &path), "An account needs attention");
            assert!(state.is_some_and(|(_, enabled)| !enabled));

            // From the tray it is one click to the accounts.
            let label = layout(&bus, &path);
            let label = label
                .split("'label': <'")
                .filter_map(|rest| rest.split('\'').next())
                .find(|label| label.contains("`alice`"));
            click(&bus, &path, label.expect("its words")).await;
            window.find("account").await;
            quit(window).await;

            // The next start announces it without anybody asking, and without the server.
            sandbox.stop().await;
            let window = desktop.window(&[]).await;
            let said = window.text("attention").await;
            assert!(said.contains("alice"), "{said}");
            window.close().await;
        },
    );
}

#[test]
fn a_locked_vault_and_a_server_that_is_away_are_told_from_an_access_that_is_over() {
    on_a_desktop(
        "accounts::a_locked_vault_and_a_server_that_is_away_are_told_from_an_access_that_is_over",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let token = token_of(&sandbox, Server::Gitlab, "alice");
            let window = window_at_accounts(&desktop).await;
            let host = host_of(&sandbox, "gitlab");
            fill_in_token(&window, "gitlab", &host, &token).await;
            go_and_done(&window).await;
            window.until_states("ok").await;

            // Somebody chooses a vault behind a passphrase, which is locked for the window.
            let paths = paths(&desktop);
            let passphrase = Secret::new(PASSPHRASE.to_owned());
            let vaults = Vaults::open(&paths);
            let names = tributary::account::secret_names(&paths).expect("the list");
            let moved = tokio::task::spawn_blocking(move || {
                let choice = Choice::Passphrase(&passphrase);
                vaults.choose(choice, &names, Unreadable::Refuse)
            });
            moved.await.expect("no panic").expect("it is moved");
            window.click("[data-testid='account-check']").await;
            window.until_states("locked").await;
            window.click("[data-testid='accounts-close']").await;
            let said = window.text("attention").await;
            assert!(said.contains("locked"), "{said}");
            window.click("[data-testid='attention-show']").await;
            window.find("unlock").await;
            assert_eq!(window.text("account-remedy").await, "Unlock");
            window.type_into("unlock-passphrase", PASSPHRASE).await;
            window.click("[data-testid='unlock-go']").await;
            window.until_states("ok").await;
            window
                .until_script("return document.querySelector(\"[data-testid='unlock']\") === null")
                .await;
            assert!(!page(&window).await.contains(PASSPHRASE), "the page has it");

            sandbox.stop().await;
            window.click("[data-testid='account-check']").await;
            window.until_states("offline").await;
            assert_eq!(window.text("account-remedy").await, "Check again");
            window.click("[data-testid='accounts-close']").await;
            // The window has asked again what wants attention, and nothing does.
            window.until_script("return document.querySelector(\"[data-testid='accounts']\") === null && document.querySelector(\"[data-testid='attention']\") === null").await;
            window.close().await;
        },
    );
}

#[test]
fn of_two_accounts_at_one_place_one_is_used_first() {
    on_a_desktop(
        "accounts::of_two_accounts_at_one_place_one_is_used_first",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let window = window_at_accounts(&desktop).await;
            for user in ["alice", "bob"] {
                let token = token_of(&sandbox, Server::Gitlab, user);
                fill_in_token(&window, "gitlab", &host_of(&sandbox, "gitlab"), &token).await;
                go_and_done(&window).await;
            }
            let first = |user: &str| {
                format!(
                    "return [...document.querySelectorAll(\"[data-testid='account']\")].filter((row) => row.textContent.includes('used first')).map((row) => row.querySelector(\"[data-testid='account-user']\").textContent).join() === '{user}'"
                )
            };
            window.until_script(&first("alice")).await;
            let choose = async |select: &str, user: &str| {
                window.script(&format!("const field = document.querySelector(\"{select}\"); field.value = [...field.options].find((one) => one.textContent === '{user}').value; field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
            };
            choose("[data-testid='choice-place']", "bob").await;
            window.until_script(&first("bob")).await;

            // For one repository it is the other one: what is opened there is read as her.
            window.click("[data-testid='choice-more']").await;
            window.type_into("choice-name", "acme/handbook").await;
            choose("[data-testid='choice-account']", "alice").await;
            window.click("[data-testid='choice-add']").await;
            window.until_script("return document.querySelector(\"[data-name='acme/handbook'] select\")?.selectedOptions[0].textContent === 'alice'").await;
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "choices").await;
            let address = format!("{}/acme/handbook", host_of(&sandbox, "gitlab"));
            let opened = window.script(&format!("return await window.__TAURI_INTERNALS__.invoke('open_visit', {{address: '{address}', reference: null}}).then((visit) => visit.id, (refused) => JSON.stringify(refused))")).await;
            let reads = async || {
                let used = window.script(&format!("return await window.__TAURI_INTERNALS__.invoke('show_used', {{siteUrl: null, spaceKey: '', visit: {opened}}}).then((used) => used.reads?.user, (refused) => JSON.stringify(refused))")).await;
                used.as_str().unwrap_or_default().to_owned()
            };
            assert_eq!(reads().await, "alice");
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn pictures_of_accounts_can_be_made() {
    on_a_desktop(
        "accounts::pictures_of_accounts_can_be_made",
        async |desktop: Desktop| {
            let (secret, back) = ("application-secret", free_port());
            let (_, sandbox) = data_center(&desktop, back, secret).await;
            let opened = desktop.browser();
            let window = window_at_accounts(&desktop).await;
            begin_sign_in(
                &window,
                "confluence-data-center",
                &sandbox.data_center_url(),
            )
            .await;
            window.find("sign-in-register").await;
            with_names(&window, &sandbox, back).await;
            window.pictures(&desktop, "sign-in").await;
            window
                .choose("sign-in-host", &sandbox.data_center_url())
                .await;
            window.type_into("sign-in-client-id", "own").await;
            window.type_into("sign-in-client-secret", secret).await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            window.click("[data-testid='sign-in-done']").await;

            for (provider, server, ends) in [
                ("gitlab", Server::Gitlab, true),
                ("gitea", Server::Gitea, false),
            ] {
                let token = token_of(&sandbox, server, "alice");
                fill_in_token(&window, provider, &host_of(&sandbox, provider), &token).await;
                if ends {
                    let soon = window.script("return new Date(Date.now() + 12.5 * 86400000).toISOString().slice(0, 10)").await;
                    window
                        .choose("sign-in-ends", soon.as_str().expect("a day"))
                        .await;
                }
                window.click("[data-testid='sign-in-go']").await;
                window.find("sign-in-result").await;
                window.click("[data-testid='sign-in-done']").await;
                if !ends {
                    sandbox.control().accounts().expire(&token);
                }
            }
            register(&sandbox, Server::Gitlab, "", None);
            window.click("[data-testid='sign-in-button']").await;
            window.choose("sign-in-provider", "gitlab").await;
            window.click("[data-testid='sign-in-way-device']").await;
            let host = host_of(&sandbox, "gitlab");
            window.type_into("sign-in-host", &host).await;
            window.choose("sign-in-host", &host).await;
            window.type_into("sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            window.find("sign-in-code").await;
            with_names(&window, &sandbox, back).await;
            window.pictures(&desktop, "sign-in-code").await;
            window.click("[data-testid='sign-in-cancel']").await;
            window.find("sign-in-go").await;
            window
                .click("[data-testid='sign-in-dialog'] form .buttons button")
                .await;
            window.click("[data-testid='accounts-check']").await;
            window.until_states("ok,needsSignIn,expiring").await;
            with_names(&window, &sandbox, back).await;
            window.pictures(&desktop, "accounts").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
