//! Everybody at a glance: who is signed in where, what each may, when it was used and ends.

use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    GITLAB_REDIRECT, allow, begin_sign_in, fetch, fill_in_token, go_and_done, host_of, register,
    sandbox, settings, token_of, window_at_accounts, with_names,
};
use crate::desktop::{Desktop, Window, on_a_desktop, until};
use crate::tray::{layout, menu};

async fn sign_in_by_browser(window: &Window, desktop: &Desktop, provider: &str, host: &str) {
    let opened = desktop.browser();
    begin_sign_in(window, provider, host).await;
    window.type_into("sign-in-client-id", "own").await;
    window.click("[data-testid='sign-in-go']").await;
    fetch(&["--location", &allow(&opened).await]);
    window.click("[data-testid='sign-in-done']").await;
}

/// What a column says of the account with a provider.
async fn cell(window: &Window, provider: &str, column: &str) -> String {
    let told = window.script(&format!("const row = document.querySelector(\"[data-testid='account'][data-provider='{provider}']\"); const heads = [...row.closest('table').querySelectorAll('th')].map((head) => head.textContent.trim()); return row.cells[heads.indexOf('{column}')].textContent.replace(/\\s+/g, ' ').trim()")).await;
    told.as_str().expect("words").to_owned()
}

#[test]
fn the_end_of_a_grant_is_announced_fourteen_days_ahead_and_no_earlier() {
    on_a_desktop(
        "accounts::overview::the_end_of_a_grant_is_announced_fourteen_days_ahead_and_no_earlier",
        async |desktop: Desktop| {
            // As at providers whose grants end whatever is done: one in time, and one too early.
            settings(
                &desktop,
                "[gitlab]\nlongest_days = 14\n[gitea]\nlongest_days = 15\n",
            );
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            register(
                &sandbox,
                Server::Gitea,
                "http://127.0.0.1/callback/gitea",
                None,
            );
            let window = window_at_accounts(&desktop).await;
            let (bus, path) = menu().await;
            for provider in ["gitlab", "gitea"] {
                sign_in_by_browser(&window, &desktop, provider, &host_of(&sandbox, provider)).await;
            }
            window.until_states("ok,expiring").await;
            window.click("[data-testid='accounts-close']").await;
            let announced = window.text("attention").await;
            assert!(announced.contains("ends in 13 days"), "{announced}");
            assert!(
                announced.contains(&host_of(&sandbox, "gitlab")[7..20]),
                "{announced}"
            );
            let sentences = "return document.querySelector(\"[data-testid='attention']\").textContent.split('The access of').length - 1";
            assert_eq!(window.script(sentences).await, 1, "{announced}");
            until("the words in the tray", async || {
                layout(&bus, &path)
                    .contains("ends in 13 days")
                    .then_some(())
            })
            .await;

            // It ends whatever is done: another access token, which is got silently, moves nothing.
            sandbox.control().accounts().expire_all();
            window.click("[data-testid='accounts-button']").await;
            window.until_states("ok,expiring").await;
            let before = cell(&window, "gitlab", "Ends").await;
            assert!(before.starts_with("ends on"), "{before}");
            window.click("[data-testid='accounts-check']").await;
            window.until_states("ok,expiring").await;
            assert_eq!(cell(&window, "gitlab", "Ends").await, before);
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn who_may_what_and_until_when_is_read_in_columns_and_in_cards() {
    on_a_desktop(
        "accounts::overview::who_may_what_and_until_when_is_read_in_columns_and_in_cards",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let window = window_at_accounts(&desktop).await;
            sign_in_by_browser(&window, &desktop, "gitlab", &host_of(&sandbox, "gitlab")).await;
            let token = token_of(&sandbox, Server::Gitea, "bob");
            fill_in_token(&window, "gitea", &host_of(&sandbox, "gitea"), &token).await;
            window.choose("sign-in-ends", "2036-01-31").await;
            go_and_done(&window).await;
            window.until_states("ok,ok").await;
            let account = cell(&window, "gitlab", "Account").await;
            assert!(account.contains("alice"), "{account}");
            assert_eq!(
                cell(&window, "gitlab", "Access").await,
                "Individual Access, signed in through the browser"
            );
            let may = cell(&window, "gitlab", "May").await;
            assert!(may.contains("reads only 3 scopes read_api"), "{may}");
            assert!(
                cell(&window, "gitlab", "Last used")
                    .await
                    .starts_with("last used")
            );
            assert_eq!(cell(&window, "gitlab", "Ends").await, "no fixed end");
            let ends = cell(&window, "gitea", "Ends").await;
            assert!(
                ends.starts_with("ends on") && ends.contains("2036"),
                "{ends}"
            );
            // The columns of every provider stand below each other.
            let edges = "return new Set([...document.querySelectorAll(\"[data-testid='account-ends']\")].map((part) => Math.round(part.getBoundingClientRect().left))).size";
            assert_eq!(window.script(edges).await, 1);
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "overview").await;

            window.resize(900, 600).await;
            let wide = "const rows = document.querySelector('.rows'); return rows.scrollWidth <= rows.clientWidth && [...document.querySelectorAll('td')].every((part) => part.scrollWidth <= part.clientWidth + 1)";
            assert_eq!(window.script(wide).await, true, "nothing is cut off");
            let label = "return getComputedStyle(document.querySelector(\"[data-testid='account-used'] .label\")).position";
            assert_eq!(
                window.script(label).await,
                "static",
                "it says what the day is"
            );
            window
                .round("accounts", &["account-check", "account-sign-out"])
                .await;
            window.pictures(&desktop, "overview-small").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
