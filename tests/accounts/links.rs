//! The answers of browsers that come as links.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use tributary::settings::Settings;
use tributary_sandbox::signin::Server;
use tributary_testbed::company::{answer, serve_plainly};
use tributary_testbed::free_port;

use crate::accounts::stand::{
    allow, begin_sign_in, between, host_of, page, paths, quit, sandbox, settings,
    window_at_accounts,
};
use crate::desktop::{Desktop, on_a_desktop, program};
use crate::screen::Screen;
use crate::starts::tray_host;
use crate::tray::write;

/// Makes the program the one that opens its links, by the file that its packages bring.
fn register_links(desktop: &Desktop) -> impl Fn(&str) {
    let opener = link_opener(desktop);
    move |link: &str| open_by(&opener, link)
}

/// Opens a link by what [`link_opener`] gave, where the program runs already.
pub(crate) fn open_by(opener: &Path, link: &str) {
    let ended = Command::new(opener).arg(link).status();
    let ended = ended.expect("it starts");
    assert!(ended.success(), "{link}: {ended}");
}

/// The same as [`register_links`], as a program that opens the link it is given as the desktop does, and
/// becomes what that starts.
pub(crate) fn link_opener(desktop: &Desktop) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;

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
    let opener = desktop.home.join("open-link");
    let script = format!(
        "#!/bin/sh\nunset BROWSER\nexport PATH='{}':\"$PATH\" XDG_DATA_HOME='{}'\n\
         exec /usr/bin/xdg-open \"$@\"\n",
        programs.display(),
        data.display()
    );
    write(&opener, &script);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&opener, executable).expect("it is ours");
    opener
}

#[test]
fn a_link_reaches_the_running_window_and_no_other_link_does() {
    on_a_desktop(
        "accounts::links::a_link_reaches_the_running_window_and_no_other_link_does",
        async |desktop: Desktop| {
            let redirect = "tributary://oauth/gitlab";
            let sandbox = sandbox(Server::Gitlab, redirect, None).await;
            settings(&desktop, "[gitlab.redirect]\nhost = \"tributary\"\n");
            let open_link = register_links(&desktop);
            let opened = desktop.browser();
            let _host = tray_host().await;
            let screen = Screen::open();
            let window = window_at_accounts(&desktop).await;
            let host = host_of(&sandbox, "gitlab");
            begin_sign_in(&window, "gitlab", &host).await;
            assert_eq!(window.text("sign-in-redirect").await, redirect);
            window.type_into("sign-in-client-id", "own").await;
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
                let said = window.text("error").await;
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
            let result = window.text("sign-in-result").await;
            assert!(result.contains("Signed in as alice"), "{result}");
            window.click("[data-testid='sign-in-done']").await;

            // A link is good once.
            open_link(&back);
            let said = window.text("error").await;
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
            let said = window.text("error").await;
            assert!(said.contains("was turned away"), "{said}");
            window.close().await;
        },
    );
}

/// A server that answers everything with an empty page; gives its port and what it was asked.
fn counting() -> (u16, Arc<Mutex<Vec<String>>>) {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = Arc::clone(&asked);
    let port = serve_plainly(Arc::new(move |head: &str| {
        let first = head.lines().next().unwrap_or_default().to_owned();
        heard.lock().expect("whole").push(first);
        answer("404 Not Found", "", "")
    }));
    (port, asked)
}

fn count(asked: &Mutex<Vec<String>>) -> usize {
    asked.lock().expect("whole").len()
}

#[test]
fn a_link_to_open_something_shows_asks_or_is_turned_away() {
    on_a_desktop(
        "accounts::links::a_link_to_open_something_shows_asks_or_is_turned_away",
        async |desktop: Desktop| {
            let (strange, asked_strange) = counting();
            let known = free_port();
            let mut settings = Settings::default();
            settings.remember_visit(&format!("http://127.0.0.1:{known}/acme/other"));
            settings.save(&paths(&desktop)).expect("ours");
            let open_link = register_links(&desktop);
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;

            let link = format!(
                "tributary://open?host=127.0.0.1:{strange}&repo=acme/handbook&ref=main&path=a.md&lines=3-9"
            );
            open_link(&link);
            let place = window.text("link-place").await;
            assert_eq!(place, format!("127.0.0.1:{strange}"));
            window.pictures(&desktop, "link").await;
            assert_eq!(count(&asked_strange), 0, "nobody agreed");
            window.click("[data-testid='link-leave']").await;
            window
                .until_script("return !document.querySelector(\"[data-testid='link-dialog']\")")
                .await;
            assert_eq!(count(&asked_strange), 0, "nobody agreed");
            open_link(&link);
            window.click("[data-testid='link-open']").await;
            // Nobody is signed in there, and its name does not tell what it is.
            let said = window.text("error").await;
            assert!(said.contains(&format!("127.0.0.1:{strange}")), "{said}");

            // Where somebody was before, showing a file needs no word.
            window.click("[data-testid='error'] button").await;
            open_link(&format!(
                "tributary://open?host=127.0.0.1:{known}&repo=acme/handbook"
            ));
            let said = window.text("error").await;
            assert!(said.contains(&format!("127.0.0.1:{known}")), "{said}");
            let dialog = "return document.querySelector(\"[data-testid='link-dialog']\") === null";
            assert_eq!(window.script(dialog).await, true);

            for (link, says) in [
                (
                    "tributary://open?host=git.acme.com&repo=a/b&path=../../etc/canary",
                    "was turned away",
                ),
                (
                    "tributary://open?site=acme.atlassian.net&space=DOCS",
                    "is not remembered here",
                ),
            ] {
                window.click("[data-testid='error'] button").await;
                open_link(link);
                window
                    .until_script(&format!(
                        "return document.querySelector(\"[data-testid='error']\")?.textContent.includes('{says}') === true"
                    ))
                    .await;
                let said = page(&window).await;
                assert!(!said.contains("canary"), "{said}");
            }
            window.close().await;
        },
    );
}

#[test]
fn a_link_asks_before_it_puts_away_a_plan() {
    on_a_desktop(
        "accounts::links::a_link_asks_before_it_puts_away_a_plan",
        async |desktop: Desktop| {
            let (known, asked) = counting();
            let mut settings = Settings::default();
            settings.remember_visit(&format!("http://127.0.0.1:{known}/acme/other"));
            settings.save(&paths(&desktop)).expect("ours");
            let open_link = register_links(&desktop);
            let folder = desktop.sample().display().to_string();
            let window = desktop.window(&[&folder]).await;
            window.find("tree").await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window.click("[data-testid='plan-button']").await;
            window.find("plan-step").await;
            let steps = "return document.querySelectorAll(\"[data-testid='plan-step']\").length";
            let before = window.script(steps).await;

            let link = format!("tributary://open?host=127.0.0.1:{known}&repo=acme/handbook");
            open_link(&link);
            window.find("link-loses").await;
            assert_eq!(count(&asked), 0, "nobody agreed");
            window.click("[data-testid='link-leave']").await;
            window
                .until_script("return !document.querySelector(\"[data-testid='link-dialog']\")")
                .await;
            assert_eq!(window.script(steps).await, before, "the plan is there");
            assert_eq!(count(&asked), 0, "nobody agreed");

            // Whoever agrees gets what the link names.
            open_link(&link);
            window.click("[data-testid='link-open']").await;
            let said = window.text("error").await;
            assert!(said.contains(&format!("127.0.0.1:{known}")), "{said}");
            window.close().await;
        },
    );
}
