//! What is watched of a repository: real ones of Git, and what Git does in them.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tributary::publish::{Changed, Watch};
use tributary::store::write_atomically;

/// Only ends a test that would hang.
const LIMIT: Duration = Duration::from_secs(40);

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
        .args(arguments)
        .output()
        .expect("git is here");
    assert!(done.status.success(), "{arguments:?}: {done:?}");
}

/// A repository with a page, in a folder of its own, and one more folder of it with another branch.
fn with_worktree(home: &Path, more: &[&str]) {
    let handbook = home.join("handbook");
    write_atomically(&handbook.join("docs/a.md"), b"# A\n").expect("the folder is ours");
    git(
        &handbook,
        &[&["init", "-q", "-b", "main"][..], more].concat(),
    );
    git(&handbook, &["add", "-A"]);
    git(&handbook, &["commit", "-qm", "First"]);
    git(
        &handbook,
        &["worktree", "add", "-q", "-b", "draft", "../draft"],
    );
}

/// Watches a folder while something is done, which is to be noticed.
async fn is_noticed(root: &Path, what: &str, deed: impl FnOnce()) {
    let mut watch = Watch::over(root).expect("it can be watched");
    deed();
    let cancel = CancellationToken::new();
    let changed = timeout(LIMIT, watch.changed(&cancel)).await;
    assert_eq!(changed, Ok(Changed::Yes), "{what}");
}

/// What moves names without a change of any file of the folders that are watched.
async fn names_are_noticed(home: &Path, more: &[&str]) {
    with_worktree(home, more);
    let (handbook, draft) = (home.join("handbook"), home.join("draft"));
    let commit = |folder: &Path, words: &str| {
        git(folder, &["commit", "-q", "--allow-empty", "-m", words]);
    };
    let others = [
        (handbook.clone(), draft.clone()),
        (draft.clone(), handbook.clone()),
        // A folder inside of a repository, as one can be published.
        (handbook.join("docs"), draft.clone()),
    ];
    for (watched, other) in others {
        let said = format!("{} and {}", watched.display(), other.display());
        is_noticed(&watched, &format!("a commit: {said}"), || {
            commit(&other, "More");
        })
        .await;
        is_noticed(&watched, &format!("a tag: {said}"), || {
            git(&other, &["tag", "-f", "v1"]);
        })
        .await;
        // Git puts tables together by itself, and has nothing to do then.
        if more.is_empty() {
            is_noticed(&watched, &format!("packed names: {said}"), || {
                git(&other, &["pack-refs", "--all"]);
            })
            .await;
        }
        is_noticed(&watched, &format!("another commit: {said}"), || {
            commit(&other, "Once more");
        })
        .await;
        is_noticed(&watched, &format!("a new branch: {said}"), || {
            git(&other, &["branch", "-f", "feature/x"]);
        })
        .await;
    }
    // What is checked out in the folder itself, whose files stay as they are.
    for watched in [&handbook, &draft] {
        is_noticed(watched, "a checkout", || {
            git(watched, &["checkout", "-q", "--detach"]);
        })
        .await;
    }
}

#[tokio::test]
async fn what_git_moves_is_noticed_wherever_it_keeps_it() {
    let home = tempfile::tempdir().expect("a folder");
    names_are_noticed(home.path(), &[]).await;
}

#[tokio::test]
async fn names_in_tables_are_noticed_too() {
    let home = tempfile::tempdir().expect("a folder");
    let known = Command::new("git")
        .args(["init", "-q", "--ref-format=reftable"])
        .arg(home.path().join("known"))
        .output();
    if !known.expect("git is here").status.success() {
        println!("this git keeps no names in tables: they are not looked at");
        return;
    }
    names_are_noticed(home.path(), &["--ref-format=reftable"]).await;
}
