//! Edits in Confluence, back into the sources.

use std::fs;
use std::process::Command;

use serde_json::json;
use tributary_sandbox::signin::Product;

use crate::elsewhere::{self, bare};
use crate::stand::Stand;

const TEXT: &str =
    "# Handbook\n\nWords about apples\nand pears.\n\n* one\n* two\n\nSee [more](more/b.md).\n";

fn git(stand: &Stand, arguments: &[&str]) -> String {
    let ended = Command::new("git")
        .arg("-C")
        .arg(stand.docs())
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output();
    let ended = ended.expect("git is here");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(ended.stdout).expect("Unicode")
}

fn edited() -> Stand {
    let stand = Stand::new(&[("README.md", TEXT), ("more/b.md", "# Pears\n\nText.\n")]);
    git(&stand, &["init", "--quiet"]);
    git(&stand, &["config", "user.name", "Ada"]);
    git(&stand, &["config", "user.email", "ada@example.com"]);
    git(&stand, &["add", "--all"]);
    git(&stand, &["commit", "--quiet", "--message", "Words"]);
    stand.cloud("publish", &["."]).ended(0);
    let page = stand.page("Handbook");
    let body = page.body.replace("apples", "green apples").replace(
        "</ul>",
        "</ul><p>New: <ac:link><ri:page ri:content-title=\"Pears\" /><ac:link-body>here\
         </ac:link-body></ac:link>.</p>",
    );
    stand
        .control()
        .edit_page_by_hand(Product::Cloud, &page.id, &body)
        .expect("the page is there");
    stand
}

fn expected() -> String {
    let with = TEXT.replace("apples", "green apples");
    with.replace("* two\n\n", "* two\n\nNew: [here](more/b.md).\n\n")
}

#[test]
fn an_edit_becomes_a_patch_that_applies_and_then_the_page_is_published_again() {
    let stand = edited();
    stand.control().clear_requests();
    let pulled = stand.cloud("pull", &["."]).ended(0);
    assert!(stand.control().writes().is_empty());
    assert!(pulled.stderr.contains("taken      Handbook"), "{pulled:?}");
    assert_eq!(
        git(&stand, &["status", "--porcelain"]),
        "",
        "nothing is touched"
    );
    let patch = stand.home().join("edit.patch");
    let file = patch.to_str().expect("Unicode");
    stand.cloud("pull", &[".", "--out", file]).ended(0);
    assert_eq!(fs::read_to_string(&patch).expect("written"), pulled.stdout);
    git(&stand, &["apply", file]);
    let text = fs::read_to_string(stand.docs().join("README.md")).expect("it is there");
    assert_eq!(text, expected());

    let again = stand
        .cloud("publish", &[".", "--on-conflict", "merge"])
        .ended(0);
    assert!(again.stdout.contains("1 updated"), "{again:?}");
    let body = stand.page("Handbook").body;
    assert!(
        body.contains("green apples") && body.contains("New: "),
        "{body}"
    );
    let none = stand.cloud("pull", &[".", "--json"]).ended(0).json();
    assert_eq!(none["files"], json!([]), "{none:#}");
}

#[test]
fn an_edit_that_was_merged_is_told_and_becomes_a_patch_still() {
    let stand = edited();
    let changed = TEXT.replace("# Handbook", "# Handbook\n\nWhat is new.");
    stand.put("README.md", &changed);
    stand
        .cloud("publish", &[".", "--on-conflict", "merge"])
        .ended(0);
    let status = || stand.cloud("status", &["."]).ended(0).stdout;
    assert!(
        status().contains("merged          Handbook"),
        "{}",
        status()
    );

    let patch = stand.home().join("edit.patch");
    let file = patch.to_str().expect("Unicode");
    stand.cloud("pull", &[".", "--out", file]).ended(0);
    git(&stand, &["apply", file]);
    let text = fs::read_to_string(stand.docs().join("README.md")).expect("it is there");
    assert_eq!(
        text,
        expected().replace("# Handbook", "# Handbook\n\nWhat is new.")
    );

    stand
        .cloud("publish", &[".", "--on-conflict", "merge"])
        .ended(0);
    assert!(!status().contains("merged"), "{}", status());
    let none = stand.cloud("pull", &["."]).ended(0);
    assert!(none.stdout.is_empty(), "{none:?}");
}

#[test]
fn an_edit_becomes_a_commit_on_a_branch_and_what_is_checked_out_stays() {
    let stand = edited();
    let state = || {
        let head = git(&stand, &["rev-parse", "HEAD"]);
        let branch = git(&stand, &["symbolic-ref", "HEAD"]);
        let index = fs::read(stand.docs().join(".git/index")).expect("there is one");
        (head, branch, index)
    };
    // Staged and changed files of somebody's are none of ours.
    stand.put("draft.md", "# Draft\n");
    git(&stand, &["add", "draft.md"]);
    let before = state();
    let pulled = stand
        .cloud("pull", &[".", "--branch", "from-confluence", "--json"])
        .ended(0)
        .json();
    assert_eq!(pulled["files"][0]["source"], "README.md", "{pulled:#}");
    assert_eq!(pulled["files"][0]["certain"], true, "{pulled:#}");
    assert_eq!(state(), before);
    let text = fs::read_to_string(stand.docs().join("README.md")).expect("it is there");
    assert_eq!(text, TEXT);
    let commit = pulled["commit"].as_str().expect("a commit");
    assert_eq!(
        git(&stand, &["rev-parse", "from-confluence"]).trim(),
        commit
    );
    assert_eq!(git(&stand, &["rev-parse", "from-confluence^"]), before.0);
    assert_eq!(
        git(&stand, &["show", "from-confluence:README.md"]),
        expected()
    );
    let changed = git(&stand, &["diff", "--name-only", "HEAD", "from-confluence"]);
    assert_eq!(changed, "README.md\n");
    git(&stand, &["fsck", "--strict"]);

    // A name that is taken, and changes that a commit would not have, are no place for it.
    let taken = stand.cloud("pull", &[".", "--branch", "from-confluence"]);
    assert!(taken.ended(2).stderr.contains("is there already"));
    stand.put("README.md", format!("{TEXT}\nNot committed.\n"));
    let dirty = stand.cloud("pull", &[".", "--branch", "other"]);
    assert!(dirty.ended(2).stderr.contains("not committed"));
}

#[test]
fn an_edit_where_the_source_changed_too_is_left_and_named() {
    let stand = edited();
    stand.put("README.md", TEXT.replace("apples", "red apples"));
    let pulled = stand.cloud("pull", &["."]).ended(1);
    assert_eq!(pulled.stdout, "");
    assert!(pulled.stderr.contains("left       README.md"), "{pulled:?}");
}

#[test]
fn an_edit_is_a_patch_also_where_nothing_is_checked_out() {
    let stand = Stand::new(&[]);
    let (folder, bare, _) = bare();
    let repo = bare.to_str().expect("a plain path");
    stand.cloud("publish", &["--repo", repo]).ended(0);
    let page = stand.page("Handbook");
    let body = page.body.replace("See ", "Please see ");
    assert_ne!(body, page.body);
    stand
        .control()
        .edit_page_by_hand(Product::Cloud, &page.id, &body)
        .expect("the page is there");
    stand.control().clear_requests();
    let patch = stand.home().join("edit.patch");
    let file = patch.to_str().expect("Unicode");
    let pulled = stand.cloud("pull", &["--repo", repo, "--out", file]);
    pulled.ended(0).says(&["taken      Handbook (README.md)"]);
    assert!(stand.control().writes().is_empty());

    let work = folder.path().join("work");
    elsewhere::git(&work, &["apply", file]);
    let text = fs::read_to_string(work.join("README.md")).expect("it is there");
    assert_eq!(text, "# Handbook\n\nPlease see [more](docs/more.md).\n");
    let none = stand.cloud("pull", &["--repo", repo, "--branch", "other"]);
    none.ended(2).says(&["--branch"]);
}
