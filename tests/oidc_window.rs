//! The real window against an authorization server of other people (npm `oidc-provider`). The test
//! is the person at the browser; pages and repositories are the sandbox's.

mod canary;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tributary::audit::{Anchoring, Audit, Clock, Filter};
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::{Choice, Secret, Unreadable, Vaults};
use tributary_sandbox::signin::Product;
use tributary_sandbox::{Options, Running};
use tributary_testbed::browser::{Browser, Decision};
use tributary_testbed::joined::Joined;
use tributary_testbed::oidc::PUBLIC;

use crate::desktop::{Desktop, Window, on_a_desktop, until};

/// How long an access token lives, in seconds.
const HOUR: u64 = 3600;
const PASSPHRASE: &str = "a passphrase that is long enough";

/// The host of other people, and what the window knows of it.
struct Elsewhere {
    sandbox: Running,
    joined: Joined,
}

impl Elsewhere {
    async fn new(desktop: &Desktop) -> Self {
        let sandbox = tributary_sandbox::start(Options::default()).await;
        let sandbox = sandbox.expect("a sandbox");
        let joined = Joined::start(&sandbox, HOUR).await;
        let mut settings = Settings::default();
        settings.providers = joined.providers("").parse().expect("TOML");
        let paths = Paths::below(&desktop.home.join("tributary"));
        settings.save(&paths).expect("the settings are written");
        Self { sandbox, joined }
    }

    /// Lets every access token run out, and says how often the server renewed one before.
    async fn an_hour_passes(&self) -> usize {
        let server = self.joined.server();
        server.advance(Duration::from_secs(2 * HOUR)).await;
        self.renewed().await
    }

    async fn renewed(&self) -> usize {
        let (renewed, refused) = self.joined.server().renewals().await;
        assert_eq!(refused, 0, "no refresh token was used twice");
        renewed
    }

    async fn is_active(&self, token: &str) -> bool {
        self.joined.server().is_active(token).await
    }

    /// The access token that the window used last.
    fn shown(&self) -> String {
        self.joined.last_shown().expect("the API was asked")
    }

    fn pages(&self) -> usize {
        let pages = self.sandbox.control().pages(Product::DataCenter, "DOCS");
        pages.iter().filter(|page| page.parent_id.is_some()).count()
    }
}

/// What the desktop's keystore has of the program, with the secrets.
fn kept() -> String {
    let found = Command::new("secret-tool")
        .args(["search", "--all", "--unlock", "service", "tributary"])
        .output()
        .expect("secret-tool is here");
    String::from_utf8_lossy(&[found.stdout, found.stderr].concat()).into_owned()
}

/// Fills in the form for a provider up to the way in; registers the application the first time.
async fn fill_in(window: &Window, provider: &str, host: &str, registers: bool) {
    window.press("sign-in-button").await;
    window.choose("sign-in-provider", provider).await;
    window.type_into("sign-in-host", host).await;
    window.choose("sign-in-host", host).await;
    if registers {
        window.type_into("sign-in-client-id", PUBLIC).await;
    } else {
        window
            .until_script(
                "return document.querySelector(\"[data-testid='sign-in-register']\") === null",
            )
            .await;
    }
}

/// Waits for the dialog that a button opens. The list that it stands in is made anew when accounts
/// change, and takes a click with it that came at that moment: then it is pressed once more.
async fn until_asked(window: &Window, button: &str) {
    window
        .until_script(&format!("if (document.querySelector('dialog[open]')) return true; document.querySelector(\"[data-testid='{button}']\")?.click(); return false"))
        .await;
}

/// Goes where the window sent the browser, signs in, allows it and comes back.
async fn browse(opened: &Path, person: &str) {
    let page = until("the browser", async || std::fs::read_to_string(opened).ok()).await;
    std::fs::remove_file(opened).expect("the browser was there");
    let browser = Browser::new();
    let answer = browser.decide(page.trim(), person, Decision::Allow).await;
    assert_eq!(browser.land(answer).await, 303);
}

/// Publishes the open folder.
async fn publish(window: &Window) {
    window.press("publish-tab").await;
    window
        .until_script(
            "return document.querySelector(\"[data-testid='space-select']\")?.value === 'DOCS'",
        )
        .await;
    window.press("plan-button").await;
    window.find("plan-step").await;
    window.press("publish-button").await;
    window.find("report").await;
}

#[test]
fn a_person_signs_in_publishes_and_stays_signed_in_until_the_sign_out() {
    on_a_desktop(
        "oidc_window::a_person_signs_in_publishes_and_stays_signed_in_until_the_sign_out",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let opened = desktop.browser();
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.press("accounts-button").await;
            let site = elsewhere.joined.data_center();
            fill_in(&window, "confluence-data-center", &site, true).await;
            window.press("sign-in-go").await;
            browse(&opened, "alice").await;
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            assert!(!result.contains("Not granted"), "{result}");
            window.press("sign-in-done").await;
            window.until_states("ok").await;

            publish(&window).await;
            let published = elsewhere.pages();
            assert!(published > 5, "{published} pages");
            let early = elsewhere.shown();
            assert!(kept().contains(&early), "the Secret Service has it");
            let page = window
                .script("return document.documentElement.outerHTML")
                .await;
            assert!(!page.to_string().contains(&early), "the page has it");

            // Nobody notices that the access token ran out.
            let before = elsewhere.an_hour_passes().await;
            assert!(!elsewhere.is_active(&early).await);
            window.press("accounts-button").await;
            window.press("accounts-check").await;
            until("the renewal", async || {
                (elsewhere.renewed().await == before + 1).then_some(())
            })
            .await;
            window.until_states("ok").await;
            let late = until("the new token in the keystore", async || {
                let token = elsewhere.shown();
                (token != early && kept().contains(&token)).then_some(token)
            })
            .await;
            assert!(elsewhere.is_active(&late).await);

            window.press("account-sign-out").await;
            window.press("sign-out-confirm").await;
            let said = window.text("signed-out").await;
            assert!(said.contains("useless everywhere"), "{said}");
            window.find("accounts-empty").await;
            assert!(!elsewhere.is_active(&late).await, "at the server too");
            assert!(!kept().contains(&late), "and it is forgotten here");
            window.close().await;
            elsewhere.sandbox.stop().await;
        },
    );
}

/// What the audit log has of an action: how each ended, and whether the credential is marked.
fn recorded(audit: &Audit, action: &str) -> Vec<(String, bool)> {
    let filter = Filter {
        action: Some(action.to_owned()),
        ..Filter::default()
    };
    let entries = audit.entries(&filter).expect("readable").into_iter();
    entries
        .map(|entry| (entry.outcome.clone(), entry.cred.is_some()))
        .collect()
}

#[test]
fn a_vault_that_was_locked_at_the_start_anchors_the_audit_log_once_it_is_unlocked() {
    on_a_desktop(
        "oidc_window::a_vault_that_was_locked_at_the_start_anchors_the_audit_log_once_it_is_unlocked",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let paths = Paths::below(&desktop.home.join("tributary"));
            let (at, secret) = (paths.clone(), || Secret::new(PASSPHRASE.to_owned()));
            let chosen = tokio::task::spawn_blocking(move || {
                let vaults = Vaults::open(&at);
                vaults.choose(Choice::Passphrase(&secret()), &[], Unreadable::Refuse)
            });
            chosen.await.expect("no panic").expect("it is chosen");
            let opened = desktop.browser();
            let window = desktop.window(&[]).await;
            window.press("accounts-button").await;
            window.type_into("unlock-passphrase", PASSPHRASE).await;
            window.press("unlock-go").await;
            window
                .until_script("return document.querySelector(\"[data-testid='unlock']\") === null")
                .await;
            let host = elsewhere.joined.gitlab();
            fill_in(&window, "gitlab", &host, true).await;
            window.press("sign-in-go").await;
            browse(&opened, "alice").await;
            window.press("sign-in-done").await;
            window.until_states("ok").await;
            let looked = tokio::task::spawn_blocking(move || {
                let vaults = Vaults::open(&paths);
                vaults.unlock(&secret()).expect("the passphrase");
                let audit = Audit::open(&paths, Some(vaults.as_vault()), Clock::of_system());
                let found = audit.verify().expect("readable");
                assert!(found.is_intact(), "{found:?}");
                assert!(
                    matches!(found.anchoring, Anchoring::Keystore { .. }),
                    "{:?}",
                    found.anchoring
                );
                // When it began nobody had a credential.
                let signed_in = recorded(&audit, "sign_in");
                let expected = [("attempt", false), ("success", true)];
                assert_eq!(
                    signed_in,
                    expected.map(|(how, marked)| (how.to_owned(), marked))
                );
                let unlocked = recorded(&audit, "vault.unlock");
                let outcomes: Vec<&str> = unlocked.iter().map(|(it, _)| &**it).collect();
                assert_eq!(outcomes, ["attempt", "success"]);
            });
            looked.await.expect("no panic");
            window.close().await;
            elsewhere.sandbox.stop().await;
        },
    );
}

#[test]
fn a_code_is_typed_at_another_machine() {
    on_a_desktop(
        "oidc_window::a_code_is_typed_at_another_machine",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let window = desktop.window(&[]).await;
            window.press("accounts-button").await;
            let host = elsewhere.joined.gitlab();
            for (registers, decision) in [(true, Decision::Deny), (false, Decision::Allow)] {
                fill_in(&window, "gitlab", &host, registers).await;
                window.press("sign-in-way-device").await;
                window.press("sign-in-go").await;
                let code = window.text("sign-in-code").await;
                let code = code.split_whitespace().next().expect("a code").to_owned();
                let shown = window.text("sign-in-progress").await;
                let page = shown
                    .split_whitespace()
                    .find(|word| word.starts_with("http"));
                let page = page.expect("where to type it");
                Browser::new().type_code(page, &code, "bob", decision).await;
                if matches!(decision, Decision::Deny) {
                    let said = window.text("error").await;
                    assert!(said.contains("not to allow"), "{said}");
                    window
                        .click("[data-testid='sign-in-dialog'] form .buttons button")
                        .await;
                    window.find("accounts-empty").await;
                }
            }
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in as bob"), "{result}");
            window.press("sign-in-done").await;
            window.until_states("ok").await;
            let before = elsewhere.an_hour_passes().await;
            window.press("accounts-check").await;
            until("the renewal", async || {
                (elsewhere.renewed().await == before + 1).then_some(())
            })
            .await;
            window.until_states("ok").await;
            window.close().await;
            elsewhere.sandbox.stop().await;
        },
    );
}

#[test]
fn the_access_is_changed_for_everybody_and_handed_over() {
    on_a_desktop(
        "oidc_window::the_access_is_changed_for_everybody_and_handed_over",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let opened = desktop.browser();
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            let site = elsewhere.joined.data_center();
            window.press("accounts-button").await;
            fill_in(&window, "confluence-data-center", &site, true).await;
            window.press("sign-in-go").await;
            browse(&opened, "alice").await;
            window.press("sign-in-done").await;
            window.until_states("ok").await;
            publish(&window).await;
            let alices = elsewhere.shown();

            window.press("accounts-button").await;
            fill_in(&window, "confluence-data-center", &site, false).await;
            window.press("sign-in-managed").await;
            window.press("sign-in-go").await;
            browse(&opened, "bob").await;
            window.press("sign-in-done").await;
            window.until_states("ok,ok").await;
            window.press("access-change").await;
            until_asked(&window, "access-change").await;
            let kept = window.text("reach-ok").await;
            assert!(kept.contains("DOCS"), "{kept}");
            let leaving = window.text("access-leaving").await;
            assert!(leaving.contains("alice"), "{leaving}");
            assert!(elsewhere.is_active(&alices).await, "nothing was changed");
            window.press("access-confirm").await;
            let result = window.text("access-result").await;
            assert!(result.contains("Managed Access is in force"), "{result}");
            assert!(result.contains("useless everywhere"), "{result}");
            assert!(!elsewhere.is_active(&alices).await, "at the server too");
            window.press("access-done").await;
            window.until_states("ok").await;

            // Bob leaves; alice takes over what is published with his access.
            fill_in(&window, "confluence-data-center", &site, false).await;
            window.press("sign-in-go").await;
            browse(&opened, "alice").await;
            window.press("sign-in-done").await;
            window.until_states("ok,ok").await;
            window
                .click("[data-testid='account-hand-over'][aria-label^='Hand over from bob']")
                .await;
            let able = window.text("reach-ok").await;
            assert!(able.contains("DOCS"), "{able}");
            window.press("hand-over-confirm").await;
            let result = window.text("hand-over-result").await;
            assert!(result.contains("DOCS"), "{result}");
            window.press("hand-over-done").await;
            window
                .click("[data-testid='account-sign-out'][aria-label^='Sign out bob']")
                .await;
            window.press("sign-out-confirm").await;
            let said = window.text("signed-out").await;
            assert!(said.contains("useless everywhere"), "{said}");
            window.until_states("ok").await;
            tributary::store::write_atomically(&folder.join("more.md"), b"# One more\n")
                .expect("the folder is ours");
            let before = elsewhere.pages();
            publish(&window).await;
            assert_eq!(elsewhere.pages(), before + 1);
            let whose = elsewhere.joined.server().whose(&elsewhere.shown()).await;
            assert_eq!(whose.as_deref(), Some("alice"));

            // Everybody has an access of his own again: the one for all goes, what was published
            // stays.
            let latest = elsewhere.shown();
            window.press("accounts-button").await;
            fill_in(&window, "confluence-data-center", &site, false).await;
            // It is for everybody, as what is in force, until somebody says otherwise.
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='sign-in-managed']\").checked",
                )
                .await;
            window.press("sign-in-managed").await;
            window.press("sign-in-go").await;
            browse(&opened, "bob").await;
            window.press("sign-in-done").await;
            window.until_states("ok,ok").await;
            window.press("access-change").await;
            until_asked(&window, "access-change").await;
            let kept = window.text("reach-ok").await;
            assert!(kept.contains("DOCS"), "{kept}");
            let leaving = window.text("access-leaving").await;
            assert!(leaving.contains("alice"), "{leaving}");
            assert!(elsewhere.is_active(&latest).await, "nothing was changed");
            window.press("access-confirm").await;
            let result = window.text("access-result").await;
            assert!(result.contains("Individual Access is in force"), "{result}");
            assert!(result.contains("useless everywhere"), "{result}");
            assert!(!elsewhere.is_active(&latest).await, "at the server too");
            assert_eq!(elsewhere.pages(), before + 1, "nothing was taken away");
            window.press("access-done").await;
            window.until_states("ok").await;
            tributary::store::write_atomically(&folder.join("own.md"), b"# By bob himself\n")
                .expect("the folder is ours");
            publish(&window).await;
            assert_eq!(elsewhere.pages(), before + 2);
            let whose = elsewhere.joined.server().whose(&elsewhere.shown()).await;
            assert_eq!(whose.as_deref(), Some("bob"));
            window.close().await;
            elsewhere.sandbox.stop().await;
        },
    );
}

#[test]
fn the_account_that_is_chosen_for_a_space_publishes_there_and_nowhere_else() {
    on_a_desktop(
        "oidc_window::the_account_that_is_chosen_for_a_space_publishes_there_and_nowhere_else",
        async |desktop: Desktop| {
            let elsewhere = Elsewhere::new(&desktop).await;
            let opened = desktop.browser();
            let folder = desktop.sample();
            let window = desktop.window(&[&folder.display().to_string()]).await;
            let site = elsewhere.joined.data_center();
            window.press("accounts-button").await;
            for (person, registers) in [("alice", true), ("bob", false)] {
                fill_in(&window, "confluence-data-center", &site, registers).await;
                window.press("sign-in-go").await;
                browse(&opened, person).await;
                window.press("sign-in-done").await;
            }
            window.until_states("ok,ok").await;
            let choose = async |select: &str, user: &str| {
                window.script(&format!("const field = document.querySelector(\"{select}\"); field.value = [...field.options].find((one) => one.textContent === '{user}').value; field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
            };
            let used_at_site = |user: &str| {
                format!(
                    "return document.querySelector(\"[data-testid='choice-place']\")?.selectedOptions[0].textContent === '{user}'"
                )
            };
            // One for the site, and the other for one space of it.
            window.find("choice-place").await;
            choose("[data-testid='choice-place']", "alice").await;
            window.until_script(&used_at_site("alice")).await;
            window.press("choice-more").await;
            window.type_into("choice-name", "TEAM").await;
            choose("[data-testid='choice-account']", "bob").await;
            window.press("choice-add").await;
            window.until_script("return document.querySelector(\"[data-name='TEAM'] select\")?.selectedOptions[0].textContent === 'bob'").await;
            publishes(&elsewhere, &window, &[("DOCS", "alice"), ("TEAM", "bob")]).await;

            // The other way round.
            window.press("accounts-button").await;
            window.find("choice-place").await;
            choose("[data-testid='choice-place']", "bob").await;
            window.until_script(&used_at_site("bob")).await;
            choose("[data-name='TEAM'] select", "alice").await;
            window.until_script("return document.querySelector(\"[data-name='TEAM'] select\")?.selectedOptions[0].textContent === 'alice'").await;
            tributary::store::write_atomically(&folder.join("more.md"), b"# One more\n")
                .expect("the folder is ours");
            publishes(&elsewhere, &window, &[("TEAM", "alice"), ("DOCS", "bob")]).await;
            window.close().await;
            elsewhere.sandbox.stop().await;
        },
    );
}

/// Publishes to spaces, each as the one who is named: by what the window says before, and by whose
/// access the server was shown.
async fn publishes(elsewhere: &Elsewhere, window: &Window, spaces: &[(&str, &str)]) {
    for (space, person) in spaces {
        window.press("publish-tab").await;
        window.until_script(&format!("const field = document.querySelector(\"[data-testid='space-select']\"); return [...(field?.options ?? [])].some((one) => one.value === '{space}') && !field.disabled")).await;
        window.choose("space-select", space).await;
        window.until_script(&format!("return document.querySelector(\"[data-testid='used-publishes'] strong\")?.textContent === '{person}'")).await;
        // Looking who somebody is goes on beside it, with every access.
        let shown = || elsewhere.joined.shown_below("/confluence/rest/api/content");
        let before = shown().len();
        window.press("plan-button").await;
        window.find("plan-step").await;
        window.press("publish-button").await;
        window.find("report").await;
        let shown = shown().split_off(before);
        assert!(!shown.is_empty(), "{space}: it was published");
        for token in shown {
            let whose = elsewhere.joined.server().whose(&token).await;
            assert_eq!(whose.as_deref(), Some(*person), "{space}");
        }
    }
}
