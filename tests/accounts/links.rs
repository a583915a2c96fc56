//! The answers of browsers that come as links.

use std::path::Path;
use std::process::Command;

use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    allow, begin_sign_in, between, host_of, page, quit, sandbox, settings, window_at_accounts,
};
use crate::desktop::{Desktop, on_a_desktop, program};
use crate::screen::Screen;
use crate::starts::tray_host;

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
