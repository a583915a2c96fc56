//! The audit log in the real window: filtered by what, whose, when and how it ended, exported through
//! the system's dialog into files that other programs' readers take, and verified.

use std::path::Path;

use tributary_sandbox::signin::Server;

use crate::accounts::stand::{
    GITLAB_REDIRECT, fill_in_token, go_and_done, host_of, sandbox, token_of, window_at_accounts,
};
use crate::desktop::{Desktop, Window, on_a_desktop, until};
use crate::screen::Screen;

/// How many records the filter lets through, and whether every one that is shown is of these.
async fn until_shown(window: &Window, count: &str, actions: &str, outcomes: &str) {
    window.until_script(&format!("const rows = [...document.querySelectorAll(\"[data-testid='audit-row']\")]; const all = (name) => [...new Set(rows.map((row) => row.dataset[name]))].sort().join(); return rows.length {count} && all('action') === '{actions}' && all('outcome') === '{outcomes}'")).await;
}

/// Exports what is shown in a form, into a file that is chosen in the system's dialog.
pub(crate) async fn export(window: &Window, screen: &Screen, form: &str, file: &Path) -> String {
    window.choose("audit-form", form).await;
    // The dialog keeps the command from answering, so its button is not waited for.
    window.click("[data-testid='audit-export']").await;
    let dialog = screen.until_titled("Export the audit log").await;
    screen.type_into(dialog, &file.display().to_string());
    let exported = format!("Exported to {}", file.display());
    window.until_script(&format!("return document.querySelector(\"[data-testid='audit-exported']\")?.textContent === '{exported}'")).await;
    until("the exported file", async || {
        std::fs::read_to_string(file).ok()
    })
    .await
}

#[test]
fn the_log_is_filtered_exported_through_the_dialog_and_verified() {
    on_a_desktop(
        "audit::the_log_is_filtered_exported_through_the_dialog_and_verified",
        async |desktop: Desktop| {
            let sandbox = sandbox(Server::Gitlab, GITLAB_REDIRECT, None).await;
            let host = host_of(&sandbox, "gitlab");
            let window = window_at_accounts(&desktop).await;
            let screen = Screen::open();
            fill_in_token(&window, "gitlab", &host, "no-token-of-anybodys").await;
            window.click("[data-testid='sign-in-go']").await;
            window
                .find_css("[data-testid='sign-in-dialog'] [data-testid='error']")
                .await;
            let token = token_of(&sandbox, Server::Gitlab, "alice");
            window.type_into("sign-in-token", &token).await;
            go_and_done(&window).await;
            window.until_states("ok").await;
            window.click("[data-testid='audit-button']").await;

            // What, and how it ended.
            window.type_into("audit-action", "sign_in").await;
            until_shown(
                &window,
                "=== 4",
                "sign_in,sign_in.start",
                "attempt,failure,success",
            )
            .await;
            window.choose("audit-outcome", "success").await;
            until_shown(&window, "=== 1", "sign_in", "success").await;
            // Whose: nobody is called that, and alice is, although her id is what is recorded.
            window.type_into("audit-account", "nobody-at-all").await;
            let none = "return document.querySelectorAll(\"[data-testid='audit-row']\").length === 0 && document.querySelector(\"[data-testid='audit-count']\").textContent === '0 of 0 records'";
            window.until_script(none).await;
            window.choose("audit-account", "alice").await;
            until_shown(&window, "=== 1", "sign_in", "success").await;
            let row = window.text("audit-row").await;
            assert!(
                row.contains("alice (") && row.contains("account alice at"),
                "{row}"
            );
            // When: all of it was within the last hour, and nothing before it.
            window.type_into("audit-until", "1h").await;
            window.until_script(none).await;
            window.choose("audit-until", "").await;
            window.type_into("audit-since", "1h").await;
            until_shown(&window, "=== 1", "sign_in", "success").await;

            let files = desktop.home.join("exports");
            std::fs::create_dir(&files).expect("the folder is made");
            let text = export(&window, &screen, "csv", &files.join("chosen.csv")).await;
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let heads = reader.headers().expect("a head").clone();
            let at = |name: &str| heads.iter().position(|head| head == name).expect(name);
            let rows: Vec<csv::StringRecord> =
                reader.records().map(|row| row.expect("a row")).collect();
            assert_eq!(rows.len(), 1, "what was shown, and nothing else");
            let cell = |name: &str| rows[0][at(name)].to_owned();
            assert_eq!([cell("action"), cell("outcome")], ["sign_in", "success"]);
            assert_eq!(cell("provider"), "gitlab");
            assert!(!text.contains(&token), "the file has it");

            // Everything in lines of JSON: each is one, and none is left out.
            window
                .click("[data-testid='audit'] .filters button[type='button']")
                .await;
            window
                .until_script(
                    "return document.querySelectorAll(\"[data-testid='audit-row']\").length > 4",
                )
                .await;
            let all = window
                .script("return document.querySelectorAll(\"[data-testid='audit-row']\").length")
                .await;
            let text = export(&window, &screen, "jsonl", &files.join("All.jsonl")).await;
            let records: Vec<serde_json::Value> = text
                .lines()
                .map(|line| serde_json::from_str(line).expect("a line of JSON"))
                .collect();
            assert_eq!(serde_json::json!(records.len()), all);
            let failed = records
                .iter()
                .filter(|record| record["action"] == "sign_in" && record["outcome"] == "failure");
            assert_eq!(failed.count(), 1);

            // That it was exported is in the log too, which is whole.
            window.type_into("audit-action", "audit.export").await;
            until_shown(&window, "=== 2", "audit.export", "success").await;
            window.click("[data-testid='audit-verify']").await;
            window.until_script("return document.querySelector(\"[data-testid='audit-verdict']\")?.dataset.intact === 'true'").await;
            window.pictures(&desktop, "audit-exported").await;
            window.close().await;
            sandbox.stop().await;
        },
    );
}
