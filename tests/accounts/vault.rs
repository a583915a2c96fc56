//! Where tokens are kept, chosen in the window.

use std::process::Command;

use tributary_sandbox::signin::Server;

use crate::accounts::PASSPHRASE;
use crate::accounts::stand::{
    GITLAB_REDIRECT, fill_in_token, go_and_done, host_of, page, quit, sandbox, token_of,
    window_at_accounts, with_names,
};
use crate::desktop::{Desktop, UNLOCK, Window, on_a_desktop_without_keystore, until};
use crate::traces::files_with;

/// Locks the keyring, whose prompt nobody is there to answer.
const LOCK: &str = "gdbus call --session --dest org.freedesktop.secrets \
    --object-path /org/freedesktop/secrets --method org.freedesktop.Secret.Service.Lock \
    \"['/org/freedesktop/secrets/collection/login']\" >/dev/null";

fn on_the_bus(commands: &str) {
    let ended = Command::new("bash").args(["-c", commands]).status();
    assert!(ended.expect("bash is here").success(), "{commands}");
}

/// Opens the dialog and chooses a place, up to sending it off.
pub(crate) async fn choose_place(window: &Window, place: &str) {
    window.click("[data-testid='vault-change']").await;
    window
        .click(&format!("[data-testid='vault-place-{place}']"))
        .await;
}

pub(crate) async fn type_passphrase(window: &Window, passphrase: &str) {
    window.type_into("vault-passphrase", passphrase).await;
    window.type_into("vault-passphrase-again", passphrase).await;
}

/// Sends it off, and gives what the window says then.
pub(crate) async fn chosen(window: &Window) -> String {
    window.click("[data-testid='vault-choose']").await;
    let said = window.text("vault-result").await;
    window.click("[data-testid='vault-done']").await;
    said
}

/// Why nothing was done, as a dialog says it.
async fn refused(window: &Window, dialog: &str) -> String {
    let css = format!("[data-testid='{dialog}'] [data-testid='error']");
    window.find_css(&css).await.text().await.expect("words")
}

async fn until_place(window: &Window, place: &str, usable: bool) {
    window.until_script(&format!("const panel = document.querySelector(\"[data-testid='vault']\"); return panel?.dataset.chosen === '{place}' && panel.dataset.usable === '{usable}'")).await;
}

#[test]
fn the_place_for_tokens_is_chosen_where_the_desktop_has_none() {
    on_a_desktop_without_keystore(
        "accounts::vault::the_place_for_tokens_is_chosen_where_the_desktop_has_none",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let host = host_of(&sandbox, "gitlab");
            let token = token_of(&sandbox, Server::Gitlab, "alice");
            let window = window_at_accounts(&desktop).await;
            until_place(&window, "keystore", false).await;
            window.pictures(&desktop, "vault-absent").await;
            let said = window.text("vault").await;
            assert!(said.contains("No Secret Service answers"), "{said}");
            assert!(said.contains("gnome-keyring"), "{said}");
            assert!(said.contains("choose another place for tokens"), "{said}");
            assert!(!said.contains('`'), "no command is named: {said}");

            // Nothing is kept somewhere that nobody chose.
            fill_in_token(&window, "gitlab", &host, &token).await;
            window.click("[data-testid='sign-in-go']").await;
            let said = refused(&window, "sign-in-dialog").await;
            assert!(said.contains("Secret Service"), "{said}");
            window
                .click("[data-testid='sign-in-dialog'] form .buttons button")
                .await;
            window.find("accounts-empty").await;

            // A passphrase that is too short is refused, and nothing is changed by it.
            choose_place(&window, "passphrase").await;
            window.pictures(&desktop, "vault").await;
            type_passphrase(&window, "short").await;
            window.click("[data-testid='vault-choose']").await;
            let said = refused(&window, "vault-dialog").await;
            assert!(said.contains("longer"), "{said}");
            type_passphrase(&window, PASSPHRASE).await;
            let said = chosen(&window).await;
            assert!(
                said.contains("in the passphrase vault from now on"),
                "{said}"
            );
            until_place(&window, "passphrase", true).await;
            assert!(!page(&window).await.contains(PASSPHRASE), "the page has it");
            fill_in_token(&window, "gitlab", &host, &token).await;
            go_and_done(&window).await;
            window.until_states("ok").await;
            with_names(&window, &sandbox, 0).await;
            window.pictures(&desktop, "vault-passphrase").await;

            // Locked, nothing can be used, and the passphrase is all that is missing.
            window.click("[data-testid='vault-lock']").await;
            window.until_states("locked").await;
            until_place(&window, "passphrase", false).await;
            assert_eq!(window.text("account-remedy").await, "Unlock");
            window.type_into("unlock-passphrase", PASSPHRASE).await;
            window.click("[data-testid='unlock-go']").await;
            window.until_states("ok").await;

            // For this session only: what is kept stays where it is, and is found again.
            choose_place(&window, "session").await;
            let said = window.text("vault-consequence").await;
            assert!(said.contains("stays there"), "{said}");
            let said = chosen(&window).await;
            assert!(said.contains("in the passphrase vault, and"), "{said}");
            window.until_states("needsSignIn").await;
            choose_place(&window, "passphrase").await;
            type_passphrase(&window, "another passphrase than before").await;
            window.click("[data-testid='vault-choose']").await;
            let said = refused(&window, "vault-dialog").await;
            assert!(said.contains("passphrase"), "{said}");
            type_passphrase(&window, PASSPHRASE).await;
            chosen(&window).await;
            window.until_states("ok").await;

            // A keystore that somebody starts meanwhile takes it over, and the vault is empty then.
            on_the_bus(UNLOCK);
            choose_place(&window, "keystore").await;
            let said = window.text("vault-consequence").await;
            assert!(said.contains("Nobody has to sign in again"), "{said}");
            let said = chosen(&window).await;
            assert!(said.contains("moved"), "{said}");
            until_place(&window, "keystore", true).await;
            window.until_states("ok").await;
            let kept = Command::new("secret-tool")
                .args(["search", "--all", "service", "tributary"])
                .output();
            let kept = kept.expect("secret-tool is here");
            assert!(
                String::from_utf8_lossy(&kept.stdout).contains(&token),
                "the keystore has it"
            );
            assert_eq!(files_with(&desktop.home, &token), "", "a file has it");
            quit(window).await;

            // The next start finds it locked, says so, and begins without it when told to.
            on_the_bus(LOCK);
            let window = window_at_accounts(&desktop).await;
            until_place(&window, "keystore", false).await;
            let said = window.text("vault").await;
            assert!(said.contains("lock") && !said.contains('`'), "{said}");
            choose_place(&window, "session").await;
            window.click("[data-testid='vault-choose']").await;
            let said = refused(&window, "vault-dialog").await;
            assert!(said.contains("cannot be read"), "{said}");
            window.click("[data-testid='vault-leave-behind']").await;
            let said = chosen(&window).await;
            assert!(said.contains("for this session only"), "{said}");
            until_place(&window, "session", true).await;
            // Once the keystore is unlocked, all is as it was.
            on_the_bus(&UNLOCK.replace("--unlock", "--replace --unlock"));
            choose_place(&window, "keystore").await;
            chosen(&window).await;
            until("the account to work again", async || {
                window.click("[data-testid='account-check']").await;
                let state = window
                    .script(
                        "return document.querySelector(\"[data-testid='account']\").dataset.state",
                    )
                    .await;
                (state == "ok").then_some(())
            })
            .await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
