//! No secret comes back to the window, whichever way somebody signs in.
//!
//! Every message from Rust to the page (answers, refusals, channels, events) is noted where the page
//! takes it in, and searched with all else that the program leaves, for every secret that was typed
//! or granted meanwhile. What is typed goes one way only.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use tributary_sandbox::signin::{Product, Server};

use crate::accounts::stand::{
    GITLAB_REDIRECT, allow, begin_sign_in, data_center, decide, fetch, fill_in_token, go_and_done,
    host_of, page, paths, quit, register, register_service, token_of, window_at_accounts,
};
use crate::accounts::{device, vault};
use crate::desktop::{Desktop, Window, free_port, on_a_desktop, program, until};
use crate::traces::{LISTEN, Secrets, crossed, files_with, told_by_processes};

/// The commands that the window may call, from its permissions.
fn commands() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/permissions/app.toml");
    let text = std::fs::read_to_string(file).expect("the permissions");
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("commands.allow = [\""));
    lines
        .map(|line| line.trim_end_matches("\"]").to_owned())
        .collect()
}

/// Calls those commands that no flow called. What they refuse is looked at like any answer.
async fn call_the_rest(window: &Window, site: &str) {
    let asked = window.script("return [...window.border.asked]").await;
    let asked: BTreeSet<String> = serde_json::from_value(asked).expect("names");
    // They wait for a person in a dialog of the system's, and answer with a path; one ends the program, and one closes the window.
    let dialogs = [
        "choose_certificate",
        "choose_folder",
        "close_window",
        "export_audit",
        "quit",
        "save_file",
        "save_pull",
    ]
    .map(str::to_owned);
    for command in commands().iter().filter(|name| !dialogs.contains(name)) {
        if asked.contains(command) {
            continue;
        }
        // What a command does not ask for it does not look at.
        let request = serde_json::json!({"paths": [], "siteUrl": site, "spaceKey": "DOCS", "parentId": null, "target": null, "onConflict": null, "conflicts": [], "titles": [], "onOrphan": "report", "orphansAreGone": false, "message": null, "title": null, "only": [], "beside": [], "options": {}});
        let mut arguments = serde_json::json!({
            "url": site, "siteUrl": site, "spaceKey": "DOCS", "path": "README.md", "theme": "light",
            "scene": {"over": null, "tab": "browse", "file": null, "chosen": "", "publish": null},
            "codeTheme": {"chosen": null, "isDark": false, "hasHighContrast": false}, "other": "main", "look": "host", "page": 0, "width": 100,
            "first": 0, "count": 10, "planId": "1", "index": 0, "digest": "x", "id": "1",
            "operation": "plan", "from": "1", "to": "2", "chosen": [], "despite": false,
            "provider": "gitlab", "host": null, "mode": "managed", "purpose": "read", "name": null, "visit": null,
            "progress": "__CHANNEL__:0", "most": 1000,
            "spaces": [], "pages": [], "filter": {"since": null, "until": null, "action": null, "account": null, "outcome": null, "operation": null},
            "request": request, "branch": "edit", "only": [], "conflicts": [], "beside": [],
        });
        let of_repositories = serde_json::json!({
            "base": site, "search": "", "address": site, "addresses": ["a.gif"], "reference": null, "kind": "branch",
            "beginning": "", "folder": "", "words": "x", "lines": null, "again": false, "everywhere": false, "repository": "docs", "settings": {
                "window": {"language": "system", "highContrast": null, "reducedMotion": null, "zoom": 100, "shortcuts": {}, "panes": ["source", "page"]},
                "publish": {"onConflict": "refuse", "onOrphan": "report", "message": null, "pageWidth": null, "setsLabels": false, "minorEdit": false, "verify": false, "concurrency": 32},
            }, "pinned": true, "keptUp": false, "server": "wiki.acme.com", "file": "nowhere.pem", "passphrase": null, "password": null, "wanted": false, "what": "data", "level": "everything", "agreed": false,
            "network": {"proxy": "none", "address": "", "user": "", "exceptions": [], "caFiles": []},
            "part": {"publication": "0", "branch": null, "only": [], "conflicts": [], "titles": [], "orphansAreGone": false, "beside": []},
            "updates": {"address": "", "key": "", "schedule": "byHand"},
            "background": {"autostart": false, "watch": false, "pause": false, "every": "hour", "quitsWhenClosed": false, "hasTray": false, "asksWhatClosingDoes": true, "notifications": {"publishing": true, "behind": true, "accounts": true}},
        });
        let (all, more) = (arguments.as_object_mut(), of_repositories.as_object());
        all.expect("an object")
            .extend(more.expect("an object").clone());
        arguments["groups"] = serde_json::json!([]);
        let outcome = window.script(&format!("return await window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then(() => 'done', (refused) => JSON.stringify(refused))")).await;
        let outcome = outcome.as_str().expect("words");
        assert!(
            !outcome.contains("invalid args") && !outcome.contains("not allowed"),
            "{command} was not asked properly: {outcome}"
        );
    }
    let asked = window.script("return [...window.border.asked]").await;
    let asked: BTreeSet<String> = serde_json::from_value(asked).expect("names");
    let unasked: Vec<_> = commands().difference(&asked).cloned().collect();
    assert_eq!(unasked, dialogs);
}

#[test]
fn no_secret_comes_back_over_the_border_or_is_left_anywhere() {
    on_a_desktop(
        "accounts::canary::no_secret_comes_back_over_the_border_or_is_left_anywhere",
        async |desktop: Desktop| {
            let run = std::process::id();
            let application_secret = format!("canary-application-{run}");
            let [wrong_token, wrong_site_token, wrong_password] =
                ["token", "site", "password"].map(|kind| format!("canary-wrong-{kind}-{run}"));
            let (passphrase, wrong_passphrase) = (
                format!("canary passphrase {run}"),
                format!("canary wrong passphrase {run}"),
            );
            let [service_secret, wrong_service_secret] =
                ["service", "no-service"].map(|kind| format!("canary-{kind}-{run}-secret"));
            let mut secrets = Secrets::default();
            secrets.add("the service account's secret", &service_secret);
            secrets.add("a wrong one of it", &wrong_service_secret);
            secrets.add("the application's secret", &application_secret);
            secrets.add("a wrong token", &wrong_token);
            secrets.add("a site's wrong token", &wrong_site_token);
            secrets.add("a wrong password", &wrong_password);
            secrets.add("the passphrase", &passphrase);
            secrets.add("a wrong passphrase", &wrong_passphrase);

            let (_, sandbox) = data_center(&desktop, free_port(), &application_secret).await;
            register(&sandbox, Server::Gitlab, GITLAB_REDIRECT, None);
            register(&sandbox, Server::Github, "", None);
            let servers = sandbox.control().accounts();
            let opened = desktop.browser();
            let window = window_at_accounts(&desktop).await;
            window.script(LISTEN).await;

            // Through the browser, with an application that has a secret.
            begin_sign_in(
                &window,
                "confluence-data-center",
                &sandbox.data_center_url(),
            )
            .await;
            window.type_into("sign-in-client-id", "own").await;
            window
                .type_into("sign-in-client-secret", &application_secret)
                .await;
            window.click("[data-testid='sign-in-go']").await;
            let back = allow(&opened).await;
            secrets.add_answer(&back);
            fetch(&["--location", &back]);
            window.click("[data-testid='sign-in-done']").await;

            // Through the browser, where it is denied first, withdrawn later, and given once more.
            begin_sign_in(&window, "gitlab", &host_of(&sandbox, "gitlab")).await;
            window.type_into("sign-in-client-id", "own").await;
            window.click("[data-testid='sign-in-go']").await;
            let back = decide(&opened, "deny").await;
            secrets.add_answer(&back);
            fetch(&["--location", &back]);
            window.find("error").await;
            window.click("[data-testid='sign-in-go']").await;
            let back = allow(&opened).await;
            secrets.add_answer(&back);
            fetch(&["--location", &back]);
            window.click("[data-testid='sign-in-done']").await;
            window.until_states("ok,ok").await;
            secrets.add_kept(paths(&desktop), None).await;
            servers.expire_all();
            window.click("[data-testid='accounts-check']").await;
            window.until_states("ok,ok").await;
            secrets.add_kept(paths(&desktop), None).await;
            servers.revoke_all();
            window.click("[data-testid='accounts-check']").await;
            window.until_states("needsSignIn,needsSignIn").await;
            for provider in ["gitlab", "confluence-data-center"] {
                window
                    .click(&format!(
                        "[data-provider='{provider}'] [data-testid='account-remedy']"
                    ))
                    .await;
                window.click("[data-testid='sign-in-go']").await;
                let back = allow(&opened).await;
                secrets.add_answer(&back);
                fetch(&["--location", &back]);
                window.click("[data-testid='sign-in-done']").await;
            }

            // By a link that nobody waits for.
            let forged = format!("tributary://oauth/gitlab?code=canary-{run}&state=canary-{run}");
            secrets.add(
                "a forged answer",
                format!("canary-{run}&state=canary-{run}"),
            );
            let ended = Command::new(program()).arg(forged).status();
            assert!(ended.expect("it starts").success());
            window.click(".notice [aria-label='Dismiss']").await;

            // With a code.
            begin_sign_in(&window, "github", &host_of(&sandbox, "github")).await;
            window.type_into("sign-in-client-id", "own").await;
            let code = device::code_of(&window).await;
            device::decide(&sandbox, &code, true);
            window.click("[data-testid='sign-in-done']").await;

            // As a service account, with a wrong secret first.
            register_service(&sandbox, &service_secret);
            begin_sign_in(
                &window,
                "confluence-data-center",
                &sandbox.data_center_url(),
            )
            .await;
            window.click("[data-testid='sign-in-way-service']").await;
            window.type_into("sign-in-client-id", "publisher").await;
            window
                .type_into("sign-in-client-secret", &wrong_service_secret)
                .await;
            window.click("[data-testid='sign-in-go']").await;
            window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            window
                .type_into("sign-in-client-secret", &service_secret)
                .await;
            window.click("[data-testid='sign-in-go']").await;
            window.click("[data-testid='sign-in-done']").await;
            window.until_states("ok,ok,ok,ok").await;
            secrets.add_kept(paths(&desktop), None).await;
            window.click("[data-provider='confluence-data-center'] + [data-provider='confluence-data-center'] [data-testid='account-sign-out']").await;
            window.click("[data-testid='sign-out-confirm']").await;
            window.until_states("ok,ok,ok").await;

            // With a token, a wrong one first.
            let token = token_of(&sandbox, Server::Gitea, "alice");
            secrets.add("a typed token", &token);
            fill_in_token(&window, "gitea", &host_of(&sandbox, "gitea"), &wrong_token).await;
            window.click("[data-testid='sign-in-go']").await;
            window.find_css("[data-testid='sign-in-dialog'] form").await;
            window.find("error").await;
            window.type_into("sign-in-token", &token).await;
            go_and_done(&window).await;
            window.until_states("ok,ok,ok,ok").await;

            // At any Git server with a password, a wrong one first.
            let password = token_of(&sandbox, Server::Gitea, "bob");
            secrets.add("a typed password", &password);
            let base = host_of(&sandbox, "gitea");
            fill_in_token(&window, "git-server", &base, &wrong_password).await;
            window.type_into("sign-in-user", "bob").await;
            window
                .type_into("sign-in-repository", "acme/handbook.git")
                .await;
            window.click("[data-testid='sign-in-go']").await;
            window.find_css("[data-testid='sign-in-dialog'] form").await;
            window.find("error").await;
            window.type_into("sign-in-token", &password).await;
            go_and_done(&window).await;
            window.until_states("ok,ok,ok,ok,ok").await;
            secrets.add_kept(paths(&desktop), None).await;
            window
                .click("[data-provider='git-server'] [data-testid='account-sign-out']")
                .await;
            window.click("[data-testid='sign-out-confirm']").await;
            window.until_states("ok,ok,ok,ok").await;

            // A site with a token of its own, a wrong one first.
            let site = servers.issue(Product::DataCenter, &["WRITE"]);
            secrets.add("a site's token", &site);
            window.click("[data-testid='accounts-close']").await;
            window.click("[data-testid='try-sandbox']").await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='connect-button']").await;
            window
                .choose("sign-in-provider", "confluence-data-center")
                .await;
            window
                .type_into("sign-in-host", &sandbox.data_center_url())
                .await;
            window.type_into("sign-in-token", &wrong_site_token).await;
            window.click("[data-testid='sign-in-go']").await;
            window.find_css("dialog [data-testid='error']").await;
            window.type_into("sign-in-token", &site).await;
            window.click("[data-testid='sign-in-go']").await;
            window
                .until_script(
                    "return document.querySelector(\"[data-testid='sign-in-token']\") === null",
                )
                .await;

            // A vault behind a passphrase, which is typed wrong first.
            secrets.add_kept(paths(&desktop), None).await;
            window.click("[data-testid='accounts-button']").await;
            vault::choose_place(&window, "passphrase").await;
            vault::type_passphrase(&window, &passphrase).await;
            vault::chosen(&window).await;
            window.click("[data-testid='vault-lock']").await;
            window.until_states("locked,locked,locked,locked").await;
            window
                .type_into("unlock-passphrase", &wrong_passphrase)
                .await;
            window.click("[data-testid='unlock-go']").await;
            window.find("error").await;
            window.type_into("unlock-passphrase", &passphrase).await;
            window.click("[data-testid='unlock-go']").await;
            window.until_states("ok,ok,ok,ok").await;
            secrets.add_kept(paths(&desktop), Some(&passphrase)).await;

            // Whatever else can be asked; and everybody out again.
            window.click("[data-testid='access-change']").await;
            window
                .find_css("[data-testid='access-dialog'] [data-testid='error']")
                .await;
            window
                .click("[data-testid='access-dialog'] .buttons button")
                .await;
            window.click("[data-testid='audit-button']").await;
            window.find("audit-row").await;
            window.click("[data-testid='audit-verify']").await;
            window.find("audit-verdict").await;
            call_the_rest(&window, &sandbox.data_center_url()).await;
            window.click("[data-testid='accounts-button']").await;
            while window
                .script("return document.querySelectorAll(\"[data-testid='account']\").length > 0")
                .await
                == true
            {
                let left = "return document.querySelectorAll(\"[data-testid='account']\").length";
                let before = window.script(left).await;
                window.click("[data-testid='account-sign-out']").await;
                window.click("[data-testid='sign-out-confirm']").await;
                until("one account less", async || {
                    (window.script(left).await != before).then_some(())
                })
                .await;
            }

            let crossed = crossed(&window).await;
            for shown in [
                "alice",
                &code,
                "accounts-changed",
                "was told not to allow it",
                "checking",
            ] {
                assert!(
                    crossed.contains(shown),
                    "{shown} is not a secret, and crossed"
                );
            }
            assert!(secrets.0.len() > 20, "{} secrets", secrets.0.len());
            let mut leaks = secrets.found_in("a message to the page", &crossed);
            leaks.extend(secrets.found_in("the page", &page(&window).await));
            for (path, told) in told_by_processes() {
                leaks.extend(secrets.found_in(&path.display().to_string(), &told));
            }
            quit(window).await;
            let site = sandbox.data_center_url();
            for (shown, file) in [(&*site, "accounts.json"), ("was turned away", "said")] {
                let files = files_with(&desktop.home, shown);
                assert!(files.contains(file), "{shown} is found in {file}: {files}");
            }
            leaks.extend(secrets.left_below(&desktop.home));
            assert!(leaks.is_empty(), "{}", leaks.join("\n"));
            sandbox.stop().await;
        },
    );
}
