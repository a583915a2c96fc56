//! Signing in with a code that is typed elsewhere. The test is the person at the other machine.

use std::time::Duration;

use arboard::{GetExtLinux, LinuxClipboardKind};
use tributary_sandbox::Running;
use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    begin_sign_in, fetch, given_to_browser, host_of, page, sandbox, window_at_accounts,
};
use crate::desktop::{Desktop, Window, on_a_desktop, until};
use crate::screen::Screen;
use crate::starts::tray_host;

/// Asks for a code at GitHub, and gives the one that the window shows.
pub(super) async fn code_of(window: &Window) -> String {
    window.click("[data-testid='sign-in-go']").await;
    window.text("sign-in-code").await
}

/// Types the code at GitHub, and says there whether it is allowed.
pub(super) fn decide(sandbox: &Running, code: &str, allow: bool) {
    let answer = serde_json::json!({"server": "github", "user_code": code, "allow": allow});
    let to = format!("{}/_sandbox/hosts/devices", sandbox.base_url());
    let json = "Content-Type: application/json";
    let said = fetch(&["--header", json, "--data", &answer.to_string(), &to]);
    assert!(said.contains(" 204"), "{said}");
}

/// What is in the clipboard, and in the one that is filled by selecting. An emptied one has no text.
fn copied(clipboard: &mut arboard::Clipboard) -> [Option<String>; 2] {
    [LinuxClipboardKind::Clipboard, LinuxClipboardKind::Primary].map(|kind| {
        let text = clipboard.get().clipboard(kind).text().ok();
        text.filter(|text| !text.is_empty())
    })
}

/// What the window says once a code led to nothing: what happened, and what to do.
async fn refusal(window: &Window) -> String {
    window.find("sign-in-go").await;
    window.text("error").await
}

#[test]
fn a_code_is_typed_elsewhere_and_the_window_goes_on_by_itself() {
    on_a_desktop(
        "accounts::device::a_code_is_typed_elsewhere_and_the_window_goes_on_by_itself",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Github, "", None).await;
            let host = host_of(&sandbox, "github");
            let opened = desktop.browser();
            let window = window_at_accounts(&desktop).await;
            begin_sign_in(&window, "github", &host).await;
            // What works best there is chosen already, and needs no secret.
            let chosen = window.script("return [document.querySelector(\"[data-testid='sign-in-way-device']\").checked, document.querySelector(\"[data-testid='sign-in-client-secret']\").required]").await;
            assert_eq!(chosen, serde_json::json!([true, false]));
            window.type_into("sign-in-client-id", "own").await;
            let code = code_of(&window).await;
            let shown = window.text("sign-in-progress").await;
            let address = format!("{host}/login/device");
            assert!(shown.contains(&address), "{shown}");
            assert!(shown.contains("15 minutes"), "{shown}");
            assert!(shown.contains("only if you began this yourself"), "{shown}");
            window.click("[data-testid='sign-in-open']").await;
            assert_eq!(given_to_browser(&opened).await, address);
            let at = window.script("return document.querySelector(\"[data-testid='sign-in-progress']\").dataset.at").await;
            assert_eq!(at, "code", "it waits");
            // The code is in no clipboard before somebody asks for that, and in none after it was used.
            let mut clipboard = arboard::Clipboard::new().expect("a clipboard");
            assert_eq!(copied(&mut clipboard), [None, None]);
            window.click("[aria-label='Copy the code']").await;
            until("a copy", async || {
                let found = copied(&mut clipboard);
                (found == [Some(code.clone()), None]).then_some(())
            })
            .await;
            decide(&sandbox, &code, true);
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            assert!(!result.contains("Not granted"), "{result}");
            window.click("[data-testid='sign-in-done']").await;
            assert_eq!(copied(&mut clipboard), [None, None]);
            window.until_states("ok").await;
            let account = window.text("account").await;
            assert!(account.contains("signed in with a code"), "{account}");
            assert!(
                !page(&window).await.contains(&code),
                "the code goes with the dialog"
            );
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn closing_the_window_gives_a_code_up_that_nobody_sees_any_more() {
    on_a_desktop(
        "accounts::device::closing_the_window_gives_a_code_up_that_nobody_sees_any_more",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Github, "", None).await;
            let _host = tray_host().await;
            let screen = Screen::open();
            let window = window_at_accounts(&desktop).await;
            begin_sign_in(&window, "github", &host_of(&sandbox, "github")).await;
            window.type_into("sign-in-client-id", "own").await;
            code_of(&window).await;
            screen.close(screen.until_shown().await);
            screen.until_hidden().await;
            let said = refusal(&window).await;
            assert!(said.contains("cancelled"), "{said}");
            window.close().await;
            sandbox.stop().await;
        },
    );
}

#[test]
fn a_code_that_is_denied_given_up_or_too_old_leaves_nobody_signed_in() {
    on_a_desktop(
        "accounts::device::a_code_that_is_denied_given_up_or_too_old_leaves_nobody_signed_in",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Github, "", None).await;
            let servers = sandbox.control().accounts();
            let window = window_at_accounts(&desktop).await;
            begin_sign_in(&window, "github", &host_of(&sandbox, "github")).await;
            window.type_into("sign-in-client-id", "own").await;

            let denied = code_of(&window).await;
            decide(&sandbox, &denied, false);
            let said = refusal(&window).await;
            assert!(said.contains("was told not to allow it"), "{said}");
            assert!(
                said.contains("Sign in again and choose to allow it"),
                "{said}"
            );

            let old = code_of(&window).await;
            assert_ne!(old, denied, "each attempt has its own");
            servers.advance(Duration::from_secs(15 * 60));
            let said = refusal(&window).await;
            assert!(said.contains("in time"), "{said}");
            assert!(
                said.contains("Begin again, and type the new code"),
                "{said}"
            );

            let left = code_of(&window).await;
            window.click("[aria-label='Copy the code']").await;
            let mut clipboard = arboard::Clipboard::new().expect("a clipboard");
            until("a copy", async || {
                (copied(&mut clipboard)[0].as_ref() == Some(&left)).then_some(())
            })
            .await;
            // What somebody copies then is theirs.
            clipboard.set_text("something else").expect("copied");
            window.click("[data-testid='sign-in-cancel']").await;
            let said = refusal(&window).await;
            assert!(said.contains("cancelled"), "{said}");
            assert_eq!(copied(&mut clipboard)[0].as_deref(), Some("something else"));
            // Whoever types that code now signs nobody in, however long it is waited for.
            decide(&sandbox, &left, true);
            let another = code_of(&window).await;
            decide(&sandbox, &another, true);
            window.text("sign-in-result").await;
            assert_eq!(
                servers.living(),
                1,
                "what was granted for the other was taken"
            );
            window.close().await;
            sandbox.stop().await;
        },
    );
}
