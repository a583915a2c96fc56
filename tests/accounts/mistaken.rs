//! An access that is somebody else's than its account's.

use tributary::vault::{Vault, Vaults};
use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    GITLAB_REDIRECT, choose_token, fill_in_token, go_and_done, host_of, paths, sandbox, token_of,
    window_at_accounts,
};
use crate::desktop::{Desktop, Window, on_a_desktop};

/// Puts the secrets of two accounts in each other's place in the keystore, as whoever can write there
/// can.
async fn swap(desktop: &Desktop) {
    let paths = paths(desktop);
    let swapped = tokio::task::spawn_blocking(move || {
        let vaults = Vaults::open(&paths);
        let names = tributary::account::secret_names(&paths).expect("the list");
        let [first, second] = &names[..] else {
            panic!("two accounts: {names:?}");
        };
        let kept = |name| vaults.get(name).expect("readable").expect("kept");
        let (of_first, of_second) = (kept(first), kept(second));
        vaults.put(first, &of_second).expect("written");
        vaults.put(second, &of_first).expect("written");
    });
    swapped.await.expect("no panic");
}

async fn message_of(window: &Window, person: &str) -> String {
    let said = window.script(&format!("const row = [...document.querySelectorAll(\"[data-testid='account']\")].find((row) => row.querySelector(\"[data-testid='account-user']\").textContent === '{person}'); return row.querySelector(\"[data-testid='account-message']\").textContent")).await;
    said.as_str().expect("words").to_owned()
}

#[test]
fn an_access_that_is_somebody_elses_is_said_and_signing_in_again_mends_it() {
    on_a_desktop(
        "accounts::mistaken::an_access_that_is_somebody_elses_is_said_and_signing_in_again_mends_it",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let host = host_of(&sandbox, "gitlab");
            let token = |person: &str| token_of(&sandbox, Server::Gitlab, person);
            let window = window_at_accounts(&desktop).await;
            for person in ["alice", "bob"] {
                fill_in_token(&window, "gitlab", &host, &token(person)).await;
                go_and_done(&window).await;
            }
            window.until_states("ok,ok").await;

            // What works is not what is right: each works with the other's access.
            swap(&desktop).await;
            window.press("accounts-check").await;
            window.until_states("wrongUser,wrongUser").await;
            let said = message_of(&window, "alice").await;
            assert!(
                said.contains("The access is bob's, and the account is alice's"),
                "{said}"
            );
            assert_eq!(window.text("account-remedy").await, "Sign in again");

            // Only she can mend it.
            window
                .click("[data-testid='account-remedy'][aria-label^='Sign in again: alice']")
                .await;
            choose_token(&window).await;
            window.type_into("sign-in-token", &token("bob")).await;
            window.press("sign-in-go").await;
            let refused = window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            let refused = refused.text().await.expect("words");
            assert!(
                refused.contains("bob") && refused.contains("alice"),
                "{refused}"
            );
            window.type_into("sign-in-token", &token("alice")).await;
            go_and_done(&window).await;
            window.until_states("ok,wrongUser").await;
            window
                .click("[data-testid='account-remedy'][aria-label^='Sign in again: bob']")
                .await;
            choose_token(&window).await;
            window.type_into("sign-in-token", &token("bob")).await;
            go_and_done(&window).await;
            window.until_states("ok,ok").await;
            window.press("accounts-check").await;
            window.until_states("ok,ok").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
