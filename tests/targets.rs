//! The targets of a repository in the real window, and what becomes of an edit that somebody made
//! on a page of one of them.

use std::path::Path;
use std::process::Command;

use crate::desktop::{Desktop, Window, on_a_desktop};

#[expect(clippy::disallowed_methods, reason = "tests write plain files")]
pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
    std::fs::write(file, text).expect("the file is written");
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let ran = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .expect("git is here");
    assert!(
        ran.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// Asks the window's sandbox, with a body as somebody in Confluence would send it.
fn ask(method: &str, address: &str, body: Option<&serde_json::Value>) -> serde_json::Value {
    let mut command = Command::new("curl");
    command.args(["--silent", "--fail", "--request", method]);
    command.args(["--user", "author@example.com:sandbox-token"]);
    if let Some(body) = body {
        command.args(["--header", "content-type: application/json"]);
        command.args(["--data", &body.to_string()]);
    }
    let answer = command.arg(address).output().expect("curl is here");
    assert!(answer.status.success(), "{method} {address} was refused");
    serde_json::from_slice(&answer.stdout).expect("JSON")
}

pub(crate) fn titles(site: &str, space: &str) -> Vec<String> {
    let spaces = ask("GET", &format!("{site}/api/v2/spaces?keys={space}"), None);
    let id = spaces["results"][0]["id"].as_str().expect("an id");
    let pages = ask("GET", &format!("{site}/api/v2/spaces/{id}/pages"), None);
    let pages = pages["results"].as_array().expect("pages").iter();
    pages
        .filter_map(|page| page["title"].as_str().map(str::to_owned))
        .collect()
}

/// Writes as a person who is not the program: a new version without our mark.
fn edit(site: &str, title: &str, from: &str, to: &str) {
    let found = format!("{site}/api/v2/pages?title={title}&body-format=storage");
    let found = ask("GET", &found, None);
    let page = &found["results"][0];
    let body = page["body"]["storage"]["value"].as_str().expect("a body");
    assert!(body.contains(from), "{body}");
    let id = page["id"].as_str().expect("an id");
    let number = page["version"]["number"].as_u64().expect("a number") + 1;
    let edited = serde_json::json!({
        "id": id, "status": "current", "title": title,
        "body": {"representation": "storage", "value": body.replacen(from, to, 1)},
        "version": {"number": number, "message": ""},
    });
    ask("PUT", &format!("{site}/api/v2/pages/{id}"), Some(&edited));
}

/// Makes a page as a person who is not the program.
fn write_page(site: &str, space: &str, title: &str, body: &str) {
    let spaces = ask("GET", &format!("{site}/api/v2/spaces?keys={space}"), None);
    let made = serde_json::json!({
        "spaceId": spaces["results"][0]["id"], "status": "current", "title": title,
        "body": {"representation": "storage", "value": body},
    });
    ask("POST", &format!("{site}/api/v2/pages"), Some(&made));
}

fn body_of(site: &str, title: &str) -> String {
    let page = format!("{site}/api/v2/pages?title={title}&body-format=storage");
    let page = ask("GET", &page, None);
    page["results"][0]["body"]["storage"]["value"].to_string()
}

async fn texts(window: &Window, id: &str) -> Vec<String> {
    let found = window
        .script(&format!(
            "return [...document.querySelectorAll(\"[data-testid='{id}']\")]\
             .map((one) => one.textContent.replace(/\\s+/g, ' ').trim())"
        ))
        .await;
    serde_json::from_value(found).expect("texts")
}

#[test]
fn every_target_is_published_and_an_edit_there_is_decided_by_page() {
    on_a_desktop(
        "targets::every_target_is_published_and_an_edit_there_is_decided_by_page",
        async |desktop: Desktop| {
            let folder = desktop.home.join("handbook");
            write(&folder, "docs/alpha.md", "# Alpha\n\nFirst.\n\nLast.\n");
            write(&folder, "public/beta.md", "# Beta\n\nFor everybody.\n");
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window
                .until_script("return (document.querySelector(\"[data-testid='site-select']\")?.value ?? '') !== ''")
                .await;
            let site = window
                .script("return document.querySelector(\"[data-testid='site-select']\").value")
                .await;
            let site = site.as_str().expect("an address").trim_end_matches('/');
            write(
                &folder,
                ".tributary.toml",
                &format!(
                    "[[targets]]\nname = \"inside\"\nsite = \"{site}\"\nspace = \"TEAM\"\n\
                     paths = [\"docs\"]\nlabels = [\"internal\"]\n\n\
                     [[targets]]\nname = \"outside\"\nsite = \"{site}\"\nspace = \"DOCS\"\n\
                     paths = [\"public\"]\n"
                ),
            );
            git(&folder, &["init", "--quiet"]);
            git(&folder, &["config", "user.name", "Ada"]);
            git(&folder, &["config", "user.email", "ada@example.com"]);
            git(&folder, &["add", "."]);
            git(&folder, &["commit", "--quiet", "-m", "begin"]);
            // It is the same folder, opened again.
            window.click("[data-testid='open-another']").await;
            crate::window::open_folder(&window, &folder).await;
            window.click("[data-testid='publish-tab']").await;
            window
                .until_script(
                    "return document.querySelectorAll(\"[data-testid='target']\").length === 2",
                )
                .await;
            let shown = texts(&window, "target").await;
            assert!(
                shown[0].contains("space TEAM at") && shown[0].contains("only docs"),
                "{shown:?}"
            );
            window.click("[data-testid='plan-button']").await;
            window
                .until_script("return document.querySelectorAll(\"[data-testid='plan-part']\").length === 2 && document.querySelector(\"[data-testid='publish-button']\") !== null")
                .await;
            window.pictures(&desktop, "targets").await;
            window.click("[data-testid='publish-button']").await;
            window
                .until_script("return [...document.querySelectorAll(\"[data-testid='plan-part']\")].every((part) => part.textContent.includes('Published'))")
                .await;
            // Each page is in its space, and in no other.
            let (inside, outside) = (titles(site, "TEAM"), titles(site, "DOCS"));
            assert!(inside.contains(&"Alpha".to_owned()), "{inside:?}");
            assert!(!inside.contains(&"Beta".to_owned()), "{inside:?}");
            assert!(outside.contains(&"Beta".to_owned()), "{outside:?}");
            assert!(!outside.contains(&"Alpha".to_owned()), "{outside:?}");

            edit(site, "Alpha", "First.", "First, as they say.");
            write(
                &folder,
                "docs/alpha.md",
                "# Alpha\n\nFirst.\n\nLast of ours.\n",
            );
            git(&folder, &["commit", "--quiet", "--all", "-m", "more"]);
            let select = window.find("target-select").await;
            select.select_by_value("inside").await.expect("a target");
            window.click("[data-testid='plan-button']").await;
            window.click("[data-testid='conflict-show']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='step-diff']\")?.textContent.includes('as they say') ?? false")
                .await;
            let diff = texts(&window, "step-diff").await.join(" ");
            assert!(!diff.contains("of ours"), "only what they changed: {diff}");
            window.pictures(&desktop, "conflict").await;

            // Into the source, on a branch; what is checked out stays.
            window.click("[data-testid='conflict-take']").await;
            window.find("pull-commit").await;
            let high = window
                .script("const diff = document.querySelector(\"[data-testid='pull-dialog'] [data-testid='step-diff']\"); const line = diff.querySelector('.line'); return diff.getBoundingClientRect().height >= line.getBoundingClientRect().height * diff.querySelectorAll('.line').length")
                .await;
            assert_eq!(high, true, "the edit is seen before it is committed");
            window.pictures(&desktop, "pull").await;
            window.click("[data-testid='pull-commit']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='pull-done']\")?.textContent.includes('edit-of-alpha') ?? false")
                .await;
            let taken = git(&folder, &["show", "edit-of-alpha:docs/alpha.md"]);
            assert_eq!(taken, "# Alpha\n\nFirst, as they say.\n\nLast of ours.\n");
            let here = std::fs::read_to_string(folder.join("docs/alpha.md")).expect("the source");
            assert!(!here.contains("as they say"));
            window.click("[data-testid='pull-close']").await;

            // And both on the page.
            let choice = window.find("conflict-select").await;
            choice.select_by_value("merge").await.expect("a choice");
            window
                .until_script("return document.querySelector(\"[data-testid='plan-step'][data-kind='merge']\") !== null")
                .await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            let page = format!("{site}/api/v2/pages?title=Alpha&body-format=storage");
            let page = ask("GET", &page, None);
            let body = page["results"][0]["body"]["storage"]["value"].to_string();
            assert!(
                body.contains("as they say") && body.contains("of ours"),
                "{body}"
            );

            // The page is as it should be from then on, and its source lacks the edit still.
            window.click("[data-testid='plan-button']").await;
            window
                .until_script("return document.querySelector(\"[data-testid='plan-step'][data-kind='leave'] [data-testid='holds-edit']\") !== null")
                .await;
            window.click("[data-testid='conflict-take']").await;
            window.find("pull-commit").await;
            let lines = texts(&window, "step-diff").await.join(" ");
            assert!(lines.contains("as they say"), "{lines}");
            window.click("[data-testid='pull-close']").await;
            window.close().await;
        },
    );
}

#[test]
fn a_title_that_another_page_has_is_decided_on_in_the_plan() {
    on_a_desktop(
        "targets::a_title_that_another_page_has_is_decided_on_in_the_plan",
        async |desktop: Desktop| {
            let folder = desktop.home.join("handbook");
            write(&folder, "alpha.md", "# Alpha\n\nOurs.\n");
            write(&folder, "beta.md", "# Beta\n\nOurs too.\n");
            let window = desktop.window(&[&folder.display().to_string()]).await;
            window.click("[data-testid='publish-tab']").await;
            window.click("[data-testid='start-sandbox']").await;
            window
                .until_script("return (document.querySelector(\"[data-testid='space-select']\")?.value ?? '') === 'DOCS'")
                .await;
            let site = window
                .script("return document.querySelector(\"[data-testid='site-select']\").value")
                .await;
            let site = site.as_str().expect("an address").trim_end_matches('/');
            for title in ["Alpha", "Beta"] {
                write_page(site, "DOCS", title, "<p>Theirs.</p>");
            }
            window.click("[data-testid='plan-button']").await;
            window
                .until_script("return document.querySelectorAll(\"[data-testid='title-choice']\").length === 2")
                .await;
            window.pictures(&desktop, "titles").await;
            window
                .click("[data-path='alpha.md'] [data-testid='title-link']")
                .await;
            window
                .until_script("return document.querySelector(\"[data-testid='plan-step'][data-title='Alpha'][data-kind='update']\") !== null")
                .await;
            let other = window
                .find_css("[data-path='beta.md'] [data-testid='title-typed']")
                .await;
            other.send_keys("Gamma").await.expect("it is typed");
            window
                .click("[data-path='beta.md'] [data-testid='title-use']")
                .await;
            window
                .until_script("return document.querySelector(\"[data-testid='plan-step'][data-title='Gamma'][data-kind='create']\") !== null")
                .await;
            window.click("[data-testid='publish-button']").await;
            window.find("report").await;
            assert!(body_of(site, "Alpha").contains("Ours."));
            assert!(body_of(site, "Beta").contains("Theirs."));
            assert!(body_of(site, "Gamma").contains("Ours too."));

            // Neither is asked again by whoever begins anew: the page is the source's, and the title is
            // kept.
            for space in ["TEAM", "DOCS"] {
                let select = window.find("space-select").await;
                select.select_by_value(space).await.expect("a space");
                window
                    .until_script(&format!(
                        "return document.querySelector(\"[data-testid='space-select']\").value === '{space}' && !document.querySelector(\"[data-testid='plan-button']\").disabled"
                    ))
                    .await;
            }
            window.click("[data-testid='plan-button']").await;
            window
                .until_script("return document.querySelector(\".chip.leave\")?.textContent.includes('2') ?? false")
                .await;
            window.close().await;
        },
    );
}
