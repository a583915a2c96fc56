//! Publishing again and again from a working copy in which somebody works.

use std::process::Command;

use crate::stand::{Repeated, Stand};

#[test]
fn a_watched_folder_waits_while_another_branch_is_checked_out_and_amid_a_merge() {
    let stand = Stand::new(&[("a.md", "# Alpha\n")]);
    let try_git = |arguments: &[&str]| {
        let ended = Command::new("git")
            .current_dir(stand.docs())
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"])
            .args(arguments)
            .output();
        ended.expect("git is here").status.success()
    };
    let git = |arguments: &[&str]| assert!(try_git(arguments), "git {arguments:?}");
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "First"]);
    let mut repeated = Repeated::start(&stand, &[".", "--watch"], "watching");
    assert!(repeated.until_it_waits().contains("1 created"));

    git(&["switch", "--quiet", "--create", "draft"]);
    stand.put("a.md", "# Alpha\n\nWords of the draft.\n");
    stand.put("b.md", "# Beta\n");
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Draft"]);
    repeated.until_it_says("`draft` is checked out, and `main` was published");
    assert_eq!(stand.pages().len(), 1);
    git(&["switch", "--quiet", "main"]);
    repeated.until_it_says("1 unchanged");
    assert!(!stand.page("Alpha").body.contains("Words of the draft."));

    // What is half of one and half of the other goes nowhere either.
    stand.put("a.md", "# Alpha\n\nWords of main.\n");
    git(&["commit", "--quiet", "--all", "--message", "Main"]);
    repeated.until_it_says("1 updated");
    assert!(!try_git(&["merge", "--quiet", "draft"]), "a conflict");
    repeated.until_it_says("a merge is under way");
    git(&["merge", "--abort"]);
    repeated.until_it_says("1 unchanged");
    assert_eq!(stand.pages().len(), 1);
    let body = stand.page("Alpha").body;
    assert!(body.contains("Words of main.") && !body.contains("Words of the draft."));
    repeated.until_it_waits();
    repeated.interrupt(0);
}
