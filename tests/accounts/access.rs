//! Whose access is used, and how that changes.

use tributary::account::{Accounts, PublishedSource, Setup};
use tributary::audit::{Audit, Clock};
use tributary::http::Http;
use tributary::settings::Settings;
use tributary::vault::session_vault;
use tributary_pages::markup::Flavor;
use tributary_sandbox::signin::{Product, Server};

use crate::accounts::stand::{
    GITLAB_REDIRECT, allow, begin_sign_in, choose_token, data_center, fetch, fill_in_token,
    go_and_done, host_of, paths, sandbox, token_of, window_at_accounts, with_names,
};
use crate::desktop::{Desktop, free_port, on_a_desktop};

/// The list of accounts that the window keeps, without its secrets.
async fn list_of(desktop: &Desktop) -> Accounts {
    let paths = paths(desktop);
    let opened = tokio::task::spawn_blocking(move || {
        let setup = Setup::of_system(
            paths.clone(),
            &Settings::default(),
            session_vault().into(),
            Audit::open(&paths, None, Clock::of_system()),
            Http::new().expect("a client"),
        );
        Accounts::open(setup.expect("a setup")).expect("the list")
    });
    opened.await.expect("no panic")
}

#[test]
fn the_access_is_changed_and_handed_over_after_what_is_lost_was_seen() {
    on_a_desktop(
        "accounts::access::the_access_is_changed_and_handed_over_after_what_is_lost_was_seen",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let host = host_of(&sandbox, "gitlab");
            let token = |user: &str| token_of(&sandbox, Server::Gitlab, user);
            let window = window_at_accounts(&desktop).await;
            fill_in_token(&window, "gitlab", &host, &token("alice")).await;
            go_and_done(&window).await;
            fill_in_token(&window, "gitlab", &host, &token("bob")).await;
            window.click("[data-testid='sign-in-managed']").await;
            go_and_done(&window).await;
            window.until_states("ok,ok").await;
            let accounts = list_of(&desktop).await;
            let known = accounts.list().expect("the list");
            let alice = known.iter().find(|known| known.user.name == "alice");
            let alice = alice.expect("she signed in");
            for name in ["acme/handbook", "acme/secret-plans"] {
                let source = PublishedSource {
                    account: alice.id.clone(),
                    provider: alice.provider.clone(),
                    base: alice.base.clone(),
                    name: name.to_owned(),
                };
                accounts.remember_source(&source).expect("remembered");
            }

            window.find("access").await;
            window.click("[data-testid='access-change']").await;
            let lost = window.text("reach-trouble").await;
            assert!(lost.contains("acme/secret-plans"), "{lost}");
            let kept = window.text("reach-ok").await;
            assert!(kept.contains("acme/handbook"), "{kept}");
            let leaving = window.text("access-leaving").await;
            assert!(leaving.contains("alice"), "{leaving}");
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "access").await;
            let can_be_confirmed =
                "return !document.querySelector(\"[data-testid='access-confirm']\").disabled";
            assert_eq!(window.script(can_be_confirmed).await, false, "not accepted");
            window.click("[data-testid='access-accept']").await;
            // What was shown is not what would happen by now, and is shown anew.
            let third = PublishedSource {
                account: alice.id.clone(),
                provider: alice.provider.clone(),
                base: alice.base.clone(),
                name: "acme/third".to_owned(),
            };
            accounts.remember_source(&third).expect("remembered");
            window.click("[data-testid='access-confirm']").await;
            let said = window.text("error").await;
            assert!(said.contains("Nothing was changed"), "{said}");
            window.until_script("return document.querySelectorAll(\"[data-testid='reach-trouble']\").length === 2").await;
            assert_eq!(
                window.script(can_be_confirmed).await,
                false,
                "accepted before"
            );
            window.click("[data-testid='access-accept']").await;
            window.click("[data-testid='access-confirm']").await;
            let result = window.text("access-result").await;
            assert!(result.contains("Managed Access is in force"), "{result}");
            assert!(result.contains("cannot be told to withdraw it"), "{result}");
            window.click("[data-testid='access-done']").await;
            window.until_script("return document.querySelector(\"[data-testid='access']\")?.dataset.mode === 'managed'").await;
            window.until_states("ok").await;

            // Whoever signs in now does it for everybody, and can take over.
            fill_in_token(&window, "gitlab", &host, &token("alice")).await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='sign-in-managed']\").checked",
                )
                .await;
            go_and_done(&window).await;
            window.until_states("ok,ok").await;
            let known = accounts.list().expect("the list");
            let bob = known.iter().find(|known| known.user.name == "bob");
            let bob = bob.expect("he is used now");
            for name in ["acme/secret-plans", "acme/gone"] {
                let source = PublishedSource {
                    account: bob.id.clone(),
                    provider: bob.provider.clone(),
                    base: bob.base.clone(),
                    name: name.to_owned(),
                };
                accounts.remember_source(&source).expect("remembered");
            }
            window
                .click("[data-testid='account-hand-over'][aria-label^='Hand over from bob']")
                .await;
            // All that he holds is there: alice reads all of it but the one that is no more.
            let count = window.text("hand-over-count").await;
            assert_eq!(count, "2 of 2 selected");
            let stays = window.text("reach-trouble").await;
            assert!(stays.contains("acme/gone"), "{stays}");
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "hand-over").await;
            window.type_into("hand-over-words", "PLANS").await;
            window.until_script("return document.querySelectorAll(\"[data-testid='hand-over-one']\").length === 1").await;
            window.click("[data-testid='hand-over-all']").await;
            let count = window.text("hand-over-count").await;
            assert_eq!(count, "1 of 2 selected, 1 of them not shown");
            window.click("[data-testid='hand-over-confirm']").await;
            let result = window.text("hand-over-result").await;
            assert!(result.contains("acme/handbook"), "{result}");
            assert!(!result.contains("acme/secret-plans"), "{result}");
            let known = accounts.list().expect("the list");
            let heir = known.iter().find(|known| known.user.name == "alice");
            let sources = accounts.sources().expect("the list");
            let holder = |name: &str| {
                let source = sources.iter().find(|source| source.name == name);
                source.map(|source| source.account.clone())
            };
            assert_eq!(
                holder("acme/handbook"),
                heir.map(|account| account.id.clone())
            );
            for left in ["acme/secret-plans", "acme/gone"] {
                assert_eq!(holder(left), Some(bob.id.clone()), "{left}");
            }
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn confluence_is_changed_to_managed_access_by_signing_in_where_it_is_missing() {
    on_a_desktop(
        "accounts::access::confluence_is_changed_to_managed_access_by_signing_in_where_it_is_missing",
        async |desktop: Desktop| {
            let secret = "application-secret";
            let (_, sandbox) = data_center(&desktop, free_port(), secret).await;
            let site = sandbox.data_center_url();
            let opened = desktop.browser();
            let window = window_at_accounts(&desktop).await;
            begin_sign_in(&window, "confluence-data-center", &site).await;
            window.type_into("sign-in-client-id", "own").await;
            window.type_into("sign-in-client-secret", secret).await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            window.click("[data-testid='sign-in-done']").await;
            window.until_states("ok").await;
            let accounts = list_of(&desktop).await;
            for space in ["DOCS", "GONE"] {
                let remembered = accounts.remember_space(&site, Flavor::DataCenter, space);
                remembered.expect("remembered");
            }

            // Nobody can be used for everybody yet, and one click leads to where that is mended.
            window.click("[data-testid='access-change']").await;
            let said = window.text("error").await;
            assert!(
                said.contains("Nobody is signed in for Managed Access"),
                "{said}"
            );
            assert!(
                !said.contains("tributary login"),
                "no command is named: {said}"
            );
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "access-missing").await;
            window.click("[data-testid='access-sign-in']").await;
            let filled = window.script("const field = (id) => document.querySelector(`[data-testid='${id}']`); return [field('sign-in-provider').value, field('sign-in-host').value.replace(/\\/$/, ''), field('sign-in-managed').checked]").await;
            let expected =
                serde_json::json!(["confluence-data-center", site.trim_end_matches('/'), true]);
            assert_eq!(filled, expected);
            choose_token(&window).await;
            let servers = sandbox.control().accounts();
            let technical = servers.issue(Product::DataCenter, &["WRITE"]);
            window.type_into("sign-in-token", &technical).await;
            go_and_done(&window).await;

            // It goes on with what that access reaches.
            let lost = window.text("reach-trouble").await;
            assert!(lost.contains("GONE"), "{lost}");
            let kept = window.text("reach-ok").await;
            assert!(kept.contains("DOCS"), "{kept}");
            window.click("[data-testid='access-accept']").await;
            window.click("[data-testid='access-confirm']").await;
            let result = window.text("access-result").await;
            assert!(result.contains("Managed Access is in force"), "{result}");
            assert!(result.contains("is signed out"), "{result}");
            window.click("[data-testid='access-done']").await;
            window.until_script("return document.querySelector(\"[data-testid='access']\")?.dataset.mode === 'managed'").await;
            window.until_states("ok").await;
            let account = window.text("account").await;
            assert!(
                account.contains("Managed Access, personal access token"),
                "{account}"
            );
            // What is published is published with it.
            let site_of = accounts.list().expect("the list");
            let managed: Vec<_> = site_of
                .iter()
                .map(|account| account.mode.in_words())
                .collect();
            assert_eq!(managed, ["Managed Access"]);
            window.close().await;
            sandbox.stop().await;
        },
    );
}
