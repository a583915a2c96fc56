//! The administrator's policy, in the place where administrators put it. A namespace of the kernel's
//! has another `/etc` for the test alone.

use std::path::Path;

use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    GITLAB_REDIRECT, begin_sign_in, fill_in_token, go_and_done, host_of, sandbox, token_of,
    window_at_accounts, with_names,
};
use crate::desktop::{Desktop, Window, on_a_desktop_of_an_administrator};

/// Where the policy is read from.
const POLICY: &str = "/etc/tributary/policy.json";

fn write_policy(text: &str) {
    tributary::store::write_atomically(Path::new(POLICY), text.as_bytes()).expect("it is written");
}

/// Opens the accounts anew, which reads what is there now.
async fn look_again(window: &Window) {
    window.click("[data-testid='accounts-close']").await;
    window.click("[data-testid='accounts-button']").await;
}

#[test]
fn what_the_administrator_decided_is_shown_and_holds_and_what_nobody_can_read_stops_everything() {
    on_a_desktop_of_an_administrator(
        "accounts::policy::what_the_administrator_decided_is_shown_and_holds_and_what_nobody_can_read_stops_everything",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let host = host_of(&sandbox, "gitlab");
            let window = window_at_accounts(&desktop).await;
            let said = window.text("policy").await;
            assert!(
                said.contains("everything is allowed") && said.contains(POLICY),
                "{said}"
            );
            fill_in_token(
                &window,
                "gitlab",
                &host,
                &token_of(&sandbox, Server::Gitlab, "alice"),
            )
            .await;
            go_and_done(&window).await;
            window.until_states("ok").await;

            // What is decided holds for what is there already, without a new start.
            let policy = serde_json::json!({
                "version": 1,
                "contact": "it@acme.example",
                "providers": {
                    "gitlab": {"hosts": ["git.acme.example"]},
                    "gitea": {"mode": "managed"},
                },
                "vault": {"allow": ["keystore", "passphrase"]},
            });
            write_policy(&policy.to_string());
            look_again(&window).await;
            window.until_script("return document.querySelector(\"[data-testid='policy']\")?.textContent.includes('Set by your administrator') ?? false").await;
            let said = window.text("policy").await;
            for part in ["git.acme.example", "managed", "keystore, a passphrase"] {
                assert!(said.to_lowercase().contains(part), "{part}: {said}");
            }
            window.click("[data-testid='accounts-check']").await;
            window.until_states("forbidden").await;
            let said = window.text("account-message").await;
            assert!(said.contains("Ask it@acme.example"), "{said}");
            window.click("[data-testid='account-remedy']").await;
            let focused = window
                .script("return document.activeElement.dataset.testid")
                .await;
            assert_eq!(focused, "policy");
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "policy").await;

            // A host that is not named takes nobody in, and a locked mode is what it is.
            begin_sign_in(&window, "gitlab", &host).await;
            let said = window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            let said = said.text().await.expect("words");
            assert!(said.contains("not one of the hosts"), "{said}");
            window.choose("sign-in-provider", "gitea").await;
            window
                .choose("sign-in-host", &host_of(&sandbox, "gitea"))
                .await;
            window.until_script("const box = document.querySelector(\"[data-testid='sign-in-managed']\"); return box.disabled && box.checked").await;
            window
                .click("[data-testid='sign-in-dialog'] form .buttons button")
                .await;
            window.click("[data-testid='vault-change']").await;
            window.until_script("return document.querySelector(\"[data-testid='vault-place-session']\").disabled").await;
            let said = window.text("vault-dialog").await;
            assert!(said.contains("says the policy of this machine"), "{said}");
            window
                .click("[data-testid='vault-dialog'] .buttons button")
                .await;

            // A place for tokens that is not allowed takes none, and it is said before anybody signs in.
            write_policy("{\"version\": 1, \"vault\": {\"allow\": [\"passphrase\"]}}");
            look_again(&window).await;
            let bob = token_of(&sandbox, Server::Gitlab, "bob");
            fill_in_token(&window, "gitlab", &host, &bob).await;
            window.click("[data-testid='sign-in-go']").await;
            let said = window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            let said = said.text().await.expect("words");
            assert!(
                said.contains("may not be kept in the place keystore"),
                "{said}"
            );
            window
                .click("[data-testid='sign-in-dialog'] form .buttons button")
                .await;

            // Nobody knows what a policy forbids that cannot be read.
            write_policy("{\"version\": 1, \"providers\": {\"gitlab\": {\"allow\": true}}}");
            look_again(&window).await;
            let said = window
                .find_css("[data-testid='accounts'] [data-testid='error']")
                .await;
            let said = said.text().await.expect("words");
            assert!(
                said.contains(POLICY) && said.contains("cannot be read"),
                "{said}"
            );
            assert!(said.contains("Ask the administrator to mend it"), "{said}");
            let shown = window
                .script("return document.querySelectorAll(\"[data-testid='account']\").length")
                .await;
            assert_eq!(shown, 0, "no account can be used");
            let can_sign_in = window
                .script(
                    "return !document.querySelector(\"[data-testid='sign-in-button']\").disabled",
                )
                .await;
            assert_eq!(can_sign_in, false);
            window.pictures(&desktop, "policy-unreadable").await;

            // Once it is mended, all is as it was decided.
            write_policy("{\"version\": 1}");
            look_again(&window).await;
            window.until_states("forbidden").await;
            window.click("[data-testid='account-check']").await;
            window.until_states("ok").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
