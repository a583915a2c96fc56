//! No secret is left by what is done with accounts once they are there: publishing, changes of access
//! in both directions, a hand-over, exports of the audit log, sign-outs, and another vault.
//!
//! The server notes every secret that goes over the wire; whatever the window says, shows and writes
//! is looked through for them afterwards, and so is what the system told of every process meanwhile.

use std::path::Path;
use std::time::Duration;

use crate::accounts::stand::{page, paths, quit};
use crate::accounts::vault;
use crate::audit::export;
use crate::desktop::{Desktop, Window, on_a_desktop, program, until};
use crate::oidc_window::{Elsewhere, HOUR, PASSPHRASE, browse, fill_in, kept, publish};
use crate::screen::Screen;
use crate::traces::{LISTEN, Secrets, crossed, files_with, told_by_processes};

const CONFLUENCE: &str = "confluence-data-center";

/// How often the server renewed an access. What it refuses to renew is what was withdrawn: signing
/// out tries whether it is.
async fn renewals(elsewhere: &Elsewhere) -> usize {
    elsewhere.joined.server().renewals().await.0
}

/// Lets every access token run out, and says how often the server renewed one before.
async fn an_hour_passes(elsewhere: &Elsewhere) -> usize {
    let by = Duration::from_secs(2 * HOUR);
    elsewhere.joined.server().advance(by).await;
    renewals(elsewhere).await
}

/// Ticks or unticks what says that an access is for everybody.
async fn for_everybody(window: &Window, is_meant: bool) {
    window.find("sign-in-managed").await;
    let now = "return document.querySelector(\"[data-testid='sign-in-managed']\").checked";
    if window.script(now).await != is_meant {
        window.press("sign-in-managed").await;
    }
    window.until_script(&format!("{now} === {is_meant}")).await;
}

/// Signs somebody in through the browser at the site.
async fn sign_in(window: &Window, site: &str, opened: &Path, person: &str, for_all: bool) {
    fill_in(window, CONFLUENCE, site, false).await;
    for_everybody(window, for_all).await;
    window.press("sign-in-go").await;
    browse(opened, person).await;
    window.press("sign-in-done").await;
}

/// Changes whose access is used, after it was shown; gives what the window says then.
async fn change_access(window: &Window, to: &str) -> String {
    window.press("access-change").await;
    window.find("reach-ok").await;
    window.press("access-confirm").await;
    let said = window.text("access-result").await;
    window.press("access-done").await;
    window
        .until_script(&format!(
            "return document.querySelector(\"[data-testid='access']\")?.dataset.mode === '{to}'"
        ))
        .await;
    said
}

async fn sign_out(window: &Window, person: &str) {
    window
        .click(&format!(
            "[data-testid='account-sign-out'][aria-label^='Sign out {person}']"
        ))
        .await;
    window.press("sign-out-confirm").await;
    window.find("signed-out").await;
}

#[test]
fn what_is_done_with_accounts_leaves_no_secret_anywhere() {
    on_a_desktop(
        "oidc_window::canary::what_is_done_with_accounts_leaves_no_secret_anywhere",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let site = elsewhere.joined.data_center();
            let opened = desktop.browser();
            let folder = desktop.sample();
            let screen = Screen::open();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.script(LISTEN).await;
            let mut told = Vec::new();
            let write = |text: &str| {
                let file = folder.join("more.md");
                tributary::store::write_atomically(&file, text.as_bytes()).expect("ours");
            };

            // Somebody signs in for herself and publishes.
            window.press("accounts-button").await;
            fill_in(&window, CONFLUENCE, &site, true).await;
            window.press("sign-in-go").await;
            browse(&opened, "alice").await;
            window.press("sign-in-done").await;
            window.until_states("ok").await;
            publish(&window).await;
            told.extend(told_by_processes());
            let alices = elsewhere.shown();
            assert!(kept().contains(&alices), "the Secret Service has it");

            // One access for everybody takes her place, and is renewed while something is published.
            window.press("accounts-button").await;
            sign_in(&window, &site, &opened, "bob", true).await;
            window.until_states("ok,ok").await;
            let said = change_access(&window, "managed").await;
            assert!(said.contains("useless everywhere"), "{said}");
            assert!(!elsewhere.is_active(&alices).await, "it was withdrawn");
            window.until_states("ok").await;
            let renewed = an_hour_passes(&elsewhere).await;
            write("# One more\n");
            publish(&window).await;
            assert!(renewals(&elsewhere).await > renewed);
            let bobs = elsewhere.shown();
            told.extend(told_by_processes());

            // Another takes over from him, and he is signed out.
            window.press("accounts-button").await;
            sign_in(&window, &site, &opened, "alice", true).await;
            window.until_states("ok,ok").await;
            window
                .click("[data-testid='account-hand-over'][aria-label^='Hand over from bob']")
                .await;
            window.find("reach-ok").await;
            window.press("hand-over-confirm").await;
            let said = window.text("hand-over-result").await;
            assert!(said.contains("DOCS"), "{said}");
            window.press("hand-over-done").await;
            sign_out(&window, "bob").await;
            assert!(!elsewhere.is_active(&bobs).await, "it was withdrawn");
            window.until_states("ok").await;
            told.extend(told_by_processes());

            // Everybody has an access of his own again; the one for all is gone.
            window.press("accounts-check").await;
            window.until_states("ok").await;
            let managed = elsewhere.shown();
            sign_in(&window, &site, &opened, "bob", false).await;
            window.until_states("ok,ok").await;
            let said = change_access(&window, "individual").await;
            assert!(said.contains("Individual Access is in force"), "{said}");
            assert!(said.contains("useless everywhere"), "{said}");
            assert!(!elsewhere.is_active(&managed).await, "it was withdrawn");
            window.until_states("ok").await;
            write("# One more\n\nAnd more of it.\n");
            publish(&window).await;
            let whose = elsewhere.joined.server().whose(&elsewhere.shown()).await;
            assert_eq!(whose.as_deref(), Some("bob"), "he publishes for himself");
            let mut secrets = Secrets::default();
            secrets.add_kept(paths(&desktop), None).await;

            // The tokens move behind a passphrase.
            secrets.add("the passphrase", PASSPHRASE);
            window.press("accounts-button").await;
            vault::choose_place(&window, "passphrase").await;
            vault::type_passphrase(&window, PASSPHRASE).await;
            vault::chosen(&window).await;
            window.until_states("ok").await;
            assert!(!kept().contains(&elsewhere.shown()), "nothing stayed there");
            let renewed = an_hour_passes(&elsewhere).await;
            window.press("accounts-check").await;
            until("the renewal", async || {
                (renewals(&elsewhere).await > renewed).then_some(())
            })
            .await;
            window.until_states("ok").await;
            secrets.add_kept(paths(&desktop), Some(PASSPHRASE)).await;
            told.extend(told_by_processes());

            // The audit log of all that, in every form.
            window.press("audit-button").await;
            let exports = desktop.home.join("exports");
            std::fs::create_dir(&exports).expect("the folder is made");
            for form in ["jsonl", "csv", "cef", "ocsf", "syslog"] {
                let file = exports.join(format!("log.{form}"));
                let text = export(&window, &screen, form, &file).await;
                for action in ["mode.switch", "consent.move", "publish.run", "sign_out"] {
                    assert!(text.contains(action), "{action} is not in {form}");
                }
            }
            told.extend(told_by_processes());
            window.press("accounts-button").await;
            sign_out(&window, "bob").await;
            window.find("accounts-empty").await;
            told.extend(told_by_processes());

            for secret in elsewhere.joined.secrets() {
                secrets.add("what went over the wire", secret);
            }
            assert!(secrets.0.len() > 30, "{} secrets", secrets.0.len());
            let crossed = crossed(&window).await;
            for shown in ["alice", "individual", "DOCS", "accounts-changed"] {
                assert!(crossed.contains(shown), "{shown} is no secret, and crossed");
            }
            let mut leaks = secrets.found_in("a message to the page", &crossed);
            leaks.extend(secrets.found_in("the page", &page(&window).await));
            quit(window).await;
            for (file, shown) in [("cmdline", program()), ("environ", "TRIBUTARY_HOME")] {
                let mut told = told.iter();
                let is_told = told.any(|(path, text)| path.ends_with(file) && text.contains(shown));
                assert!(is_told, "what {file} says of the window was looked through");
            }
            for (path, text) in told {
                leaks.extend(secrets.found_in(&path.display().to_string(), &text));
            }
            for (shown, file) in [(&*site, "accounts.json"), ("mode.switch", "log.ocsf")] {
                let files = files_with(&desktop.home, shown);
                assert!(files.contains(file), "{shown} is found in {file}: {files}");
            }
            leaks.extend(secrets.left_below(&desktop.home));
            assert!(leaks.is_empty(), "{}", leaks.join("\n"));
            elsewhere.sandbox.stop().await;
        },
    );
}
