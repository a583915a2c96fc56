//! Accounts in the real window, against the sandbox's sign-in servers. The test is the person at the
//! browser.

use std::path::Path;
use std::process::Command;

use tributary::account::{Accounts, PublishedSource, Setup};
use tributary::audit::{Audit, Clock};
use tributary::http::Http;
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::{Choice, Secret, Unreadable, Vaults, session_vault};
use tributary_sandbox::signin::{Application, Server};
use tributary_sandbox::{Options, Running};

use crate::desktop::{Desktop, Window, free_port, on_a_desktop, program, until};
use crate::screen::Screen;
use crate::starts::tray_host;
use crate::tray::{click, layout, menu, until_ended};

const PASSPHRASE: &str = "a passphrase that is long enough";

/// A sandbox in which an application is registered as our own words say to do it.
async fn sandbox(server: Server, redirect: &str, secret: Option<&str>) -> Running {
    let sandbox = tributary_sandbox::start(Options::default()).await;
    let sandbox = sandbox.expect("a sandbox");
    sandbox.control().accounts().register(Application {
        client_id: "own".to_owned(),
        client_secret: secret.unwrap_or_default().to_owned(),
        name: "Tributary".to_owned(),
        redirect_uris: vec![redirect.to_owned()],
        server,
        service_scopes: Vec::new(),
        public: secret.is_none(),
        device_flow: true,
        github_app: false,
    });
    sandbox
}

/// The same for Confluence Data Center, where ports are compared: with one of this run.
async fn data_center(desktop: &Desktop, port: u16, secret: &str) -> (String, Running) {
    let redirect = format!("http://127.0.0.1:{port}/callback/confluence-data-center");
    let providers = format!("[confluence-data-center.redirect]\nports = [{port}]\n");
    settings(desktop, &providers);
    let sandbox = sandbox(Server::DataCenter, &redirect, Some(secret)).await;
    (redirect, sandbox)
}

/// What a program that is none of ours gets at an address, with the head of the answer.
fn fetch(arguments: &[&str]) -> String {
    let answer = Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--noproxy", "*"])
        .args(arguments)
        .output()
        .expect("curl is here");
    assert!(
        answer.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&answer.stderr)
    );
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let from = text
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    let rest = &text[from + before.len()..];
    &rest[..rest.find(after).expect("it ends")]
}

/// Opens the page that the browser was given, allows what it asks for, and gives the address that
/// the browser is sent back to.
async fn allow(opened: &Path) -> String {
    let page = until("the browser", async || std::fs::read_to_string(opened).ok()).await;
    let page = page.trim();
    let consent = fetch(&[page]);
    let action = url::Url::parse(page)
        .and_then(|page| page.join(between(&consent, "action=\"", "\"")))
        .expect("an address");
    let id = between(&consent, "name=\"consent\" value=\"", "\"");
    let form = format!("consent={id}&decision=allow");
    let sent = fetch(&["--data", &form, action.as_str()]);
    let location = sent
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    location.expect("a redirect").trim().to_owned()
}

async fn type_into(window: &Window, id: &str, text: &str) {
    let field = window.find(id).await;
    field.send_keys(text).await.expect("the text is typed");
}

/// Fills in the form for a token, up to sending it off.
async fn fill_in_token(window: &Window, provider: &str, host: &str, token: &str) {
    window.click("[data-testid='sign-in-button']").await;
    choose(window, "sign-in-provider", provider).await;
    window.click("[data-testid='sign-in-way-token']").await;
    type_into(window, "sign-in-host", host).await;
    type_into(window, "sign-in-token", token).await;
}

/// Gives a field a value as a person who chooses one does.
async fn choose(window: &Window, id: &str, value: &str) {
    window.find(id).await;
    window.script(&format!("const field = document.querySelector(\"[data-testid='{id}']\"); field.value = '{value}'; field.dispatchEvent(new Event('input', {{bubbles: true}})); field.dispatchEvent(new Event('change', {{bubbles: true}}))")).await;
}

async fn text(window: &Window, id: &str) -> String {
    window.find(id).await.text().await.expect("words")
}

async fn until_state(window: &Window, state: &str) {
    window.until_script(&format!("return [...document.querySelectorAll(\"[data-testid='account']\")].map((row) => row.dataset.state).join() === '{state}'")).await;
}

/// Quits the program, so that the next start is a first one.
async fn quit(window: Window) {
    let (bus, path) = menu().await;
    click(&bus, &path, "Quit").await;
    until_ended().await;
    window.close().await;
}

/// Everything of the page in which a secret could stand.
async fn page(window: &Window) -> String {
    let page = window.script("return document.documentElement.outerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie + [...document.querySelectorAll('input')].map((field) => field.value).join()").await;
    page.as_str().expect("text").to_owned()
}

/// What is different about providers on this desktop.
fn settings(desktop: &Desktop, providers: &str) {
    let mut settings = Settings::default();
    settings.providers = providers.parse().expect("TOML");
    let paths = Paths::below(&desktop.home.join("tributary"));
    settings.save(&paths).expect("the settings are written");
}

#[test]
fn signing_in_through_the_browser_and_out_again() {
    on_a_desktop(
        "accounts::signing_in_through_the_browser_and_out_again",
        async |desktop: Desktop| {
            let redirect = "http://127.0.0.1/callback/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            let opened = desktop.browser();
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            window.find("accounts-empty").await;
            window.click("[data-testid='sign-in-button']").await;
            choose(&window, "sign-in-provider", "gitlab").await;
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            type_into(&window, "sign-in-host", &host).await;
            choose(&window, "sign-in-host", &host).await;
            // Nothing is registered yet, and what to register is what the server expects.
            assert_eq!(text(&window, "sign-in-redirect").await, redirect);
            window
                .click("[aria-label='Copy the redirect address']")
                .await;
            window.until_script("return document.querySelector(\"[aria-label='Copy the redirect address']\").textContent.trim() === 'Copied'").await;
            type_into(&window, "sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            window.until_script("return document.querySelector(\"[data-testid='sign-in-progress']\")?.dataset.at === 'browser'").await;
            let back = allow(&opened).await;
            let landed = fetch(&["--location", &back]);
            assert!(landed.contains("You can go back to Tributary"), "{landed}");
            let result = text(&window, "sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            assert!(!result.contains("Not granted"), "{result}");
            window.click("[data-testid='sign-in-done']").await;
            // Whose it is was asked already.
            until_state(&window, "ok").await;
            let code = between(&back, "code=", "&");
            assert!(!page(&window).await.contains(code), "the page has the code");

            // The person withdraws it elsewhere: whoever looks is told, with the way out.
            sandbox.control().accounts().revoke_all();
            window.click("[data-testid='accounts-check']").await;
            until_state(&window, "needsSignIn").await;
            assert_eq!(text(&window, "account-remedy").await, "Sign in again");
            std::fs::remove_file(&opened).expect("the browser was there");
            window.click("[data-testid='account-remedy']").await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            let result = text(&window, "sign-in-result").await;
            assert!(result.contains("Signed in again as alice"), "{result}");
            window.click("[data-testid='sign-in-done']").await;
            window.click("[data-testid='accounts-check']").await;
            until_state(&window, "ok").await;

            window.click("[data-testid='account-sign-out']").await;
            window.click("[data-testid='sign-out-confirm']").await;
            let said = text(&window, "signed-out").await;
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
            window.click("[data-testid='sign-in-button']").await;
            choose(&window, "sign-in-provider", "confluence-data-center").await;
            type_into(&window, "sign-in-host", &sandbox.data_center_url()).await;
            choose(&window, "sign-in-host", &sandbox.data_center_url()).await;
            assert_eq!(text(&window, "sign-in-redirect").await, redirect);
            type_into(&window, "sign-in-client-id", "own").await;
            type_into(&window, "sign-in-client-secret", secret).await;
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
            assert_eq!(pages.len(), 11, "ten of ours and the home page");
            window.click("[data-testid='accounts-button']").await;
            window.until_script("return document.querySelector(\"[data-testid='account']\")?.textContent.includes('last used') ?? false").await;
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
            let redirect = "http://127.0.0.1/callback/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            let scopes = ["read_user", "read_api"];
            let servers = sandbox.control().accounts();
            let token = servers.issue_personal(Server::Gitlab, "alice", &scopes, None);
            let token = token.expect("a token");
            let window = desktop.window(&[]).await;
            let (bus, path) = menu().await;
            window.click("[data-testid='accounts-button']").await;
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            fill_in_token(&window, "gitlab", &host, &token).await;
            let soon = window.script("const day = new Date(Date.now() + 9.5 * 86400000); return day.toISOString().slice(0, 10)").await;
            choose(&window, "sign-in-ends", soon.as_str().expect("a day")).await;
            window.click("[data-testid='sign-in-go']").await;
            window.find("sign-in-result").await;
            window.click("[data-testid='sign-in-done']").await;
            assert!(!page(&window).await.contains(&token), "the page has it");
            window.click("[data-testid='accounts-check']").await;
            until_state(&window, "expiring").await;
            window.click("[data-testid='accounts-close']").await;
            let said = text(&window, "attention").await;
            assert!(
                said.contains("ends in 9 days") || said.contains("ends in 10 days"),
                "{said}"
            );
            until("the words in the tray", async || {
                layout(&bus, &path).contains("`alice`").then_some(())
            })
            .await;

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
            let said = text(&window, "attention").await;
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
            let redirect = "http://127.0.0.1/callback/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            let scopes = ["read_user", "read_api"];
            let servers = sandbox.control().accounts();
            let token = servers.issue_personal(Server::Gitlab, "alice", &scopes, None);
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            fill_in_token(&window, "gitlab", &host, &token.expect("a token")).await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            until_state(&window, "ok").await;

            // Somebody chooses a vault behind a passphrase, which is locked for the window.
            let paths = Paths::below(&desktop.home.join("tributary"));
            let passphrase = Secret::new(PASSPHRASE.to_owned());
            let vaults = Vaults::open(&paths);
            let names = tributary::account::secret_names(&paths).expect("the list");
            let moved = tokio::task::spawn_blocking(move || {
                let choice = Choice::Passphrase(&passphrase);
                vaults.choose(choice, &names, Unreadable::Refuse)
            });
            moved.await.expect("no panic").expect("it is moved");
            window.click("[data-testid='account-check']").await;
            until_state(&window, "locked").await;
            window.click("[data-testid='accounts-close']").await;
            let said = text(&window, "attention").await;
            assert!(said.contains("locked"), "{said}");
            window.click("[data-testid='attention-show']").await;
            window.find("unlock").await;
            assert_eq!(text(&window, "account-remedy").await, "Unlock");
            type_into(&window, "unlock-passphrase", PASSPHRASE).await;
            window.click("[data-testid='unlock-go']").await;
            until_state(&window, "ok").await;
            window
                .until_script("return document.querySelector(\"[data-testid='unlock']\") === null")
                .await;
            assert!(!page(&window).await.contains(PASSPHRASE), "the page has it");

            sandbox.stop().await;
            window.click("[data-testid='account-check']").await;
            until_state(&window, "offline").await;
            assert_eq!(text(&window, "account-remedy").await, "Check again");
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
            let redirect = "http://127.0.0.1/callback/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            let servers = sandbox.control().accounts();
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            for user in ["alice", "bob"] {
                let scopes = ["read_user", "read_api"];
                let token = servers.issue_personal(Server::Gitlab, user, &scopes, None);
                let host = format!("{}/hosts/gitlab", sandbox.base_url());
                fill_in_token(&window, "gitlab", &host, &token.expect("a token")).await;
                window.click("[data-testid='sign-in-go']").await;
                window.click("[data-testid='sign-in-done']").await;
            }
            let first = |user: &str| {
                format!(
                    "return [...document.querySelectorAll(\"[data-testid='account']\")].filter((row) => row.textContent.includes('used first')).map((row) => row.querySelector(\"[data-testid='account-user']\").textContent).join() === '{user}'"
                )
            };
            window.until_script(&first("alice")).await;
            window.click("[data-testid='account-prefer']").await;
            window.until_script(&first("bob")).await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// The list of accounts that the window keeps, without its secrets.
async fn list_of(desktop: &Desktop) -> Accounts {
    let paths = Paths::below(&desktop.home.join("tributary"));
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
        "accounts::the_access_is_changed_and_handed_over_after_what_is_lost_was_seen",
        async |desktop: Desktop| {
            let redirect = "http://127.0.0.1/callback/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            let servers = sandbox.control().accounts();
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            let token = |user: &str| {
                let scopes = ["read_user", "read_api", "read_repository"];
                let token = servers.issue_personal(Server::Gitlab, user, &scopes, None);
                token.expect("a token")
            };
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            fill_in_token(&window, "gitlab", &host, &token("alice")).await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            fill_in_token(&window, "gitlab", &host, &token("bob")).await;
            window.click("[data-testid='sign-in-managed']").await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            until_state(&window, "ok,ok").await;
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
            let lost = text(&window, "reach-trouble").await;
            assert!(lost.contains("acme/secret-plans"), "{lost}");
            let kept = text(&window, "reach-ok").await;
            assert!(kept.contains("acme/handbook"), "{kept}");
            let leaving = text(&window, "access-leaving").await;
            assert!(leaving.contains("alice"), "{leaving}");
            let port = sandbox.base_url().rsplit(':').next().expect("a port");
            window.script(&format!("const own = new RegExp('(http://)?127.0.0.1:{port}(/hosts/gitlab)?', 'g'); const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(own, (_, scheme) => (scheme ? 'https://' : '') + 'gitlab.acme.com')")).await;
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
            let said = text(&window, "error").await;
            assert!(said.contains("Nothing was changed"), "{said}");
            window.until_script("return document.querySelectorAll(\"[data-testid='reach-trouble']\").length === 2").await;
            assert_eq!(
                window.script(can_be_confirmed).await,
                false,
                "accepted before"
            );
            window.click("[data-testid='access-accept']").await;
            window.click("[data-testid='access-confirm']").await;
            let result = text(&window, "access-result").await;
            assert!(result.contains("Managed Access is in force"), "{result}");
            assert!(result.contains("cannot be told to withdraw it"), "{result}");
            window.click("[data-testid='access-done']").await;
            window.until_script("return document.querySelector(\"[data-testid='access']\")?.dataset.mode === 'managed'").await;
            until_state(&window, "ok").await;

            // Whoever signs in now does it for everybody, and can take over.
            fill_in_token(&window, "gitlab", &host, &token("alice")).await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='sign-in-managed']\").checked",
                )
                .await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            until_state(&window, "ok,ok").await;
            window
                .click("[data-testid='account-hand-over'][aria-label^='Hand over from bob']")
                .await;
            let able = text(&window, "reach-ok").await;
            assert!(able.contains("acme/handbook"), "{able}");
            window.script(&format!("const own = new RegExp('(http://)?127.0.0.1:{port}(/hosts/gitlab)?', 'g'); const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(own, (_, scheme) => (scheme ? 'https://' : '') + 'gitlab.acme.com')")).await;
            window.pictures(&desktop, "hand-over").await;
            window.click("[data-testid='hand-over-confirm']").await;
            let result = text(&window, "hand-over-result").await;
            assert!(result.contains("acme/handbook"), "{result}");
            let known = accounts.list().expect("the list");
            let heir = known.iter().find(|known| known.user.name == "alice");
            let sources = accounts.sources().expect("the list");
            let handbook = sources.iter().find(|source| source.name == "acme/handbook");
            assert_eq!(
                handbook.map(|source| &source.account),
                heir.map(|account| &account.id)
            );
            window.close().await;
            sandbox.stop().await;
        },
    );
}

/// Makes the program the one that opens its links, by the file that its packages bring.
fn register_links(desktop: &Desktop) -> impl Fn(&str) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/tributary.desktop");
    let conf =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tauri.conf.json"));
    assert!(
        conf.expect("the configuration")
            .contains("\"desktopTemplate\": \"src-tauri/tributary.desktop\""),
        "packages bring this file"
    );
    let run = |command: &mut Command| {
        let ended = command.status().expect("it starts");
        assert!(ended.success(), "{command:?}: {ended}");
    };
    run(Command::new("desktop-file-validate").arg(&shipped));
    let data = desktop.home.join("share");
    let applications = data.join("applications");
    let programs = desktop.home.join("programs");
    std::fs::create_dir_all(&applications).expect("the folder is made");
    std::fs::create_dir_all(&programs).expect("the folder is made");
    std::fs::copy(&shipped, applications.join("tributary.desktop")).expect("it is installed");
    std::os::unix::fs::symlink(program(), programs.join("tributary-desktop")).expect("a link");
    run(Command::new("update-desktop-database").arg(&applications));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", programs.display());
    move |link: &str| {
        let mut open = Command::new("/usr/bin/xdg-open");
        open.arg(link)
            .env("PATH", &path)
            .env("XDG_DATA_HOME", &data)
            .env_remove("BROWSER");
        let ended = open.status().expect("xdg-open is here");
        assert!(ended.success(), "{link}: {ended}");
    }
}

#[test]
fn a_link_reaches_the_running_window_and_no_other_link_does() {
    on_a_desktop(
        "accounts::a_link_reaches_the_running_window_and_no_other_link_does",
        async |desktop: Desktop| {
            let redirect = "tributary://oauth/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            settings(&desktop, "[gitlab.redirect]\nhost = \"tributary\"\n");
            let open_link = register_links(&desktop);
            let opened = desktop.browser();
            let _host = tray_host().await;
            let screen = Screen::open();
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            window.click("[data-testid='sign-in-button']").await;
            choose(&window, "sign-in-provider", "gitlab").await;
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            type_into(&window, "sign-in-host", &host).await;
            choose(&window, "sign-in-host", &host).await;
            assert_eq!(text(&window, "sign-in-redirect").await, redirect);
            type_into(&window, "sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            let back = allow(&opened).await;
            assert!(back.starts_with("tributary://oauth/gitlab?"), "{back}");

            // Whoever does not know the state cannot end the sign-in, nor by another provider's name.
            let code = between(&back, "code=", "&");
            let state = back.split("state=").nth(1).expect("a state");
            for forged in [
                format!("tributary://oauth/gitlab?code={code}&state=another"),
                format!("tributary://oauth/github?code={code}&state={state}"),
                format!("tributary://publish/gitlab?code={code}&state={state}"),
            ] {
                open_link(&forged);
                let said = text(&window, "error").await;
                assert!(said.contains("was turned away"), "{forged}: {said}");
                window
                    .script("document.querySelector(\"[aria-label='Dismiss']\").click()")
                    .await;
                window
                    .until_script(
                        "return document.querySelector(\"[data-testid='error']\") === null",
                    )
                    .await;
            }
            let at = window.script("return document.querySelector(\"[data-testid='sign-in-progress']\")?.dataset.at").await;
            assert_eq!(at, "browser", "the sign-in goes on waiting");

            // The window is out of sight, as it is behind a browser.
            let shown = screen.until_shown().await;
            screen.close(shown);
            screen.until_hidden().await;
            open_link(&back);
            screen.until_shown().await;
            let result = text(&window, "sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            window.click("[data-testid='sign-in-done']").await;

            // A link is good once.
            open_link(&back);
            let said = text(&window, "error").await;
            assert!(said.contains("was turned away"), "{said}");
            window.click("[data-testid='audit-button']").await;
            let filter = window.find("audit-action").await;
            filter.send_keys("link.refuse").await.expect("typed");
            window.until_script("const rows = [...document.querySelectorAll(\"[data-testid='audit-row']\")]; return rows.length === 4 && rows.every((row) => row.dataset.action === 'link.refuse' && row.dataset.outcome === 'refused')").await;
            let page = page(&window).await;
            assert!(
                !page.contains(code) && !page.contains(state),
                "the page has the answer"
            );
            quit(window).await;
            sandbox.stop().await;

            // Nothing can wait for a link that starts the program.
            let window = desktop.window(&[&back]).await;
            let said = text(&window, "error").await;
            assert!(said.contains("was turned away"), "{said}");
            window.close().await;
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
            let servers = sandbox.control().accounts();
            let opened = desktop.browser();
            let window = desktop.window(&[]).await;
            window.click("[data-testid='accounts-button']").await;
            window.click("[data-testid='sign-in-button']").await;
            choose(&window, "sign-in-provider", "confluence-data-center").await;
            type_into(&window, "sign-in-host", &sandbox.data_center_url()).await;
            choose(&window, "sign-in-host", &sandbox.data_center_url()).await;
            window.find("sign-in-register").await;
            // The address is this run's.
            let port = sandbox.base_url().rsplit(':').next().expect("a port");
            let named = format!(
                "const back = '127.0.0.1:{back}'; const own = new RegExp('(http://)?127.0.0.1:{port}(/confluence)?', 'g'); const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) {{ const provider = walk.currentNode.parentElement.closest('[data-provider]')?.dataset.provider; const host = {{gitlab: 'gitlab.acme.com', gitea: 'git.acme.com'}}[provider] ?? 'wiki.acme.com'; walk.currentNode.data = walk.currentNode.data.replaceAll(back, '127.0.0.1:31415').replaceAll(own, (_, scheme) => (scheme ? 'https://' : '') + host); }} for (const field of document.querySelectorAll('input')) field.value = field.value.replace(own, 'https://wiki.acme.com')"
            );
            window.script(&named).await;
            window.pictures(&desktop, "sign-in").await;
            choose(&window, "sign-in-host", &sandbox.data_center_url()).await;
            type_into(&window, "sign-in-client-id", "own").await;
            type_into(&window, "sign-in-client-secret", secret).await;
            window.click("[data-testid='sign-in-go']").await;
            fetch(&["--location", &allow(&opened).await]);
            window.click("[data-testid='sign-in-done']").await;

            for (provider, server, path, scopes, ends) in [
                (
                    "gitlab",
                    Server::Gitlab,
                    "gitlab",
                    ["read_user", "read_api"],
                    true,
                ),
                (
                    "gitea",
                    Server::Gitea,
                    "gitea",
                    ["read:user", "read:repository"],
                    false,
                ),
            ] {
                let token = servers.issue_personal(server, "alice", &scopes, None);
                let token = token.expect("a token");
                let host = format!("{}/hosts/{path}", sandbox.base_url());
                fill_in_token(&window, provider, &host, &token).await;
                if ends {
                    let soon = window.script("return new Date(Date.now() + 12.5 * 86400000).toISOString().slice(0, 10)").await;
                    choose(&window, "sign-in-ends", soon.as_str().expect("a day")).await;
                }
                window.click("[data-testid='sign-in-go']").await;
                window.find("sign-in-result").await;
                window.click("[data-testid='sign-in-done']").await;
                if !ends {
                    servers.expire(&token);
                }
            }
            servers.register(Application {
                client_id: "own".to_owned(),
                client_secret: String::new(),
                name: "Tributary".to_owned(),
                redirect_uris: Vec::new(),
                server: Server::Gitlab,
                service_scopes: Vec::new(),
                public: true,
                device_flow: true,
                github_app: false,
            });
            window.click("[data-testid='sign-in-button']").await;
            choose(&window, "sign-in-provider", "gitlab").await;
            window.click("[data-testid='sign-in-way-device']").await;
            let host = format!("{}/hosts/gitlab", sandbox.base_url());
            type_into(&window, "sign-in-host", &host).await;
            choose(&window, "sign-in-host", &host).await;
            type_into(&window, "sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            window.find("sign-in-code").await;
            window.script(&named).await;
            window.pictures(&desktop, "sign-in-code").await;
            window.click("[data-testid='sign-in-cancel']").await;
            window.find("sign-in-go").await;
            window
                .click("[data-testid='sign-in-dialog'] form .buttons button")
                .await;
            window.click("[data-testid='accounts-check']").await;
            until_state(&window, "ok,expiring,needsSignIn").await;
            window.script(&named).await;
            window.pictures(&desktop, "accounts").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
