//! `--repo` and `--ref`: publishing from a repository that is not checked out here.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use tributary_sandbox::signin::Product;
#[cfg(unix)]
use tributary_testbed::ssh::{Starts, open_ssh, run_here, run_with, user};

use crate::stand::{Repeated, Stand, count, outcome, ran};

pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@acme.com"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("TZ", "UTC")
        .output()
        .expect("this test needs `git`");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub(crate) fn put(root: &Path, path: &str, text: &str) {
    tributary::store::write_atomically(&root.join(path), text.as_bytes()).expect("ours");
}

/// A bare repository with a branch `feature/x` that is ahead of `main`. Gives the branch's commit.
pub(crate) fn bare() -> (TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("work");
    put(
        &root,
        ".tributary.toml",
        "[publish]\nexclude = [\"drafts/\"]\n",
    );
    put(
        &root,
        "README.md",
        "# Handbook\n\nSee [more](docs/more.md).\n",
    );
    put(&root, "docs/more.md", "# More\n");
    put(&root, "drafts/later.md", "# Later\n");
    git(&root, &["init", "-q"]);
    git(
        &root,
        &[
            "remote",
            "add",
            "origin",
            "https://github.com/acme/handbook.git",
        ],
    );
    git(&root, &["add", "-A"]);
    git(&root, &["commit", "-qm", "first"]);
    git(&root, &["checkout", "-qb", "feature/x"]);
    put(&root, "docs/new.md", "# New\n\nRun [it](../run.py).\n");
    put(&root, "run.py", "print()\n");
    git(&root, &["add", "-A"]);
    git(&root, &["commit", "-qm", "second"]);
    let head = git(&root, &["rev-parse", "HEAD"]);
    git(&root, &["checkout", "-q", "main"]);
    git(
        folder.path(),
        &["clone", "-q", "--bare", "work", "handbook.git"],
    );
    let bare = folder.path().join("handbook.git");
    git(
        &bare,
        &[
            "remote",
            "set-url",
            "origin",
            "https://github.com/acme/handbook.git",
        ],
    );
    (folder, bare, head)
}

#[test]
fn a_branch_is_published_that_is_checked_out_nowhere() {
    let stand = Stand::new(&[("unrelated.md", "# Not asked for\n")]);
    let (_folder, bare, head) = bare();
    let repo = bare.to_str().expect("a plain path");
    let arguments = ["--repo", repo, "--ref", "feature/x", "--json"];
    let plan = stand.cloud("plan", &arguments).ended(0).json();
    assert_eq!(plan["source"]["repository"], "github.com/acme/handbook");
    assert_eq!(plan["source"]["ref"], "feature/x");
    assert_eq!(plan["source"]["commit"], head.as_str());
    assert!(stand.pages().is_empty(), "a plan changes nothing");

    let report = stand.cloud("publish", &arguments).ended(0).json();
    assert_eq!(report["source"]["commit"], head.as_str());
    outcome(&report, "docs/new.md");
    let titles: Vec<String> = stand.pages().into_iter().map(|page| page.title).collect();
    assert!(titles.contains(&"New".to_owned()), "{titles:?}");
    for left_out in ["Later", "Not asked for"] {
        assert!(!titles.contains(&left_out.to_owned()), "{titles:?}");
    }
    let link = format!("https://github.com/acme/handbook/blob/{head}/run.py");
    assert!(
        stand.page("New").body.contains(&link),
        "{}",
        stand.page("New").body
    );

    let again = stand.cloud("publish", &arguments).ended(0).json();
    assert_eq!(count(&again, "unchanged"), stand.pages().len(), "{again:#}");

    // The default branch does not have the page, and its source is not gone unsaid.
    let main = stand.cloud("plan", &["--repo", repo, "--json"]).json();
    assert_eq!(main["source"]["ref"], "main");
    let steps = main["steps"].as_array().expect("a list");
    let orphaned = steps
        .iter()
        .any(|step| step["step"] == "orphan" && step["source"] == "docs/new.md");
    assert!(orphaned, "{main:#}");
}

/// From a working copy and from a repository elsewhere the same lines are the same page.
#[test]
fn lines_of_a_file_are_published_as_a_page_of_their_own() {
    let stand = Stand::new(&[]);
    let (folder, bare, head) = bare();
    let work = folder.path().join("work");
    git(&work, &["checkout", "-q", "feature/x"]);
    let here = work.join("run.py#L1").display().to_string();
    let arguments = [&*here, "--title", "How it runs", "--json"];
    let made = stand.cloud("publish", &arguments).ended(0).json();
    assert_eq!(outcome(&made, "run.py#L1")["outcome"], "created");
    let page = stand.page("How it runs");
    let link = format!("https://github.com/acme/handbook/blob/{head}/run.py#L1");
    for part in [
        &*link,
        "<ac:parameter ac:name=\"linenumbers\">true</ac:parameter>",
        "<![CDATA[print()]]>",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }

    // Without a title it keeps the one that it has.
    let repo = bare.to_str().expect("a plain path");
    let elsewhere = ["--repo", repo, "--ref", "feature/x"];
    let lines = [&elsewhere[..], &["run.py#L1-1", "--json"]].concat();
    let again = stand.cloud("publish", &lines).ended(0).json();
    assert_eq!(outcome(&again, "run.py#L1")["outcome"], "unchanged");

    // Other lines are another page, and all of it makes orphans of neither.
    let others = [&elsewhere[..], &["README.md#L1-L3", "--json"]].concat();
    let others = stand.cloud("publish", &others).ended(0).json();
    assert_eq!(
        others["outcomes"].as_array().map(Vec::len),
        Some(1),
        "{others:#}"
    );
    let all = [
        &elsewhere[..],
        &["--on-orphan", "trash", "--orphan-limit", "100", "--json"],
    ]
    .concat();
    let all = stand.cloud("publish", &all).ended(0).json();
    assert_eq!(
        count(&all, "trashed") + count(&all, "orphaned"),
        0,
        "{all:#}"
    );
    let title = "README.md, lines 1 to 3";
    assert!(stand.page(title).body.contains("See [more](docs/more.md)."));

    // An edit by hand holds it, and what changed above the lines makes it stale.
    let id = stand.page(title).id;
    let edited = stand
        .control()
        .edit_page_by_hand(Product::Cloud, &id, "<p>By hand</p>");
    assert!(edited.is_some());
    let held = [&elsewhere[..], &["README.md#L1-L3", "--json"]].concat();
    let held = stand.cloud("publish", &held).ended(1).json();
    assert_eq!(outcome(&held, "README.md#L1-L3")["outcome"], "conflict");
    put(&work, "run.py", "print()\nprint()\n");
    git(&work, &["commit", "-qam", "third"]);
    let shown = work.display().to_string();
    let standing = stand.cloud("status", &[&*shown, "--all", "--json"]);
    let standing = standing.ended(0).json();
    let pages = standing["pages"].as_array().expect("a list").iter();
    let of = |path: &str| {
        let found = pages.clone().find(|page| page["source"] == path);
        found.unwrap_or_else(|| panic!("{path} in {standing:#}"))
    };
    let (ran, read) = (of("run.py#L1"), of("README.md#L1-L3"));
    assert_eq!(
        (&ran["state"], &ran["commits_behind"]),
        (&"behind".into(), &1.into()),
        "{standing:#}"
    );
    assert_eq!(read["state"], "edited_by_hand", "{standing:#}");
    let later = stand.cloud("publish", &[&here, "--json"]).ended(0).json();
    assert_eq!(outcome(&later, "run.py#L1")["outcome"], "updated");

    // Other pages have their titles from their files.
    let titled = stand.cloud("publish", &["--title", "None", &*shown]);
    titled.ended(2).says(&["no lines of a file"]);
}

#[test]
fn what_cannot_be_is_said_with_a_way_out() {
    let stand = Stand::new(&[]);
    let (_folder, bare, _) = bare();
    let repo = bare.to_str().expect("a plain path");
    for (arguments, code, word) in [
        (&["--repo", repo, "--ref", "absent"][..], 2, "absent"),
        (&["--repo", repo, "absent-folder"], 2, "absent-folder"),
        (&["--repo", "nonsense"], 2, "nonsense"),
        (
            &["--repo", "https://git.acme.invalid/docs/a"],
            2,
            "tributary login",
        ),
        (&["--ref", "main"], 2, "--repo"),
    ] {
        let ran = stand.cloud("plan", arguments);
        ran.says(&[word]);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:#?}");
    }
    stand
        .cloud("publish", &["--repo", repo, "--watch", "--json"])
        .ended(2);
    stand
        .run(&["config", "show", "--repo", repo])
        .ended(2)
        .says(&["--repo"]);
}

#[test]
fn a_repository_adds_to_its_pages_and_other_commits_change_none() {
    let stand = Stand::new(&[]);
    let (folder, bare, _) = bare();
    let root = folder.path().join("work");
    put(
        &root,
        ".tributary.toml",
        "[publish]\nexclude = [\"drafts/\", \"parts/\"]\n\
         [template]\nheader = \"From [`{{ source.path }}`]({{ source.url }}), \
         [edit]({{ source.edit_url }}).\"\nfooter = \"At {{ source.commit }}, {{ source.date }}.\"\n\
         [template.variables]\nproduct = \"Acme **Router**\"\n",
    );
    put(&root, "parts/care.md", "Take *care*.\n");
    put(
        &root,
        "docs/more.md",
        "# More\n\n{{ product }}\n\n<!-- include: /parts/care.md -->\n",
    );
    let push = |message: &str| {
        git(&root, &["add", "-A"]);
        git(&root, &["commit", "-qm", message]);
        let to = bare.to_str().expect("a plain path");
        git(&root, &["push", "-q", to, "main"]);
        git(&root, &["rev-parse", "HEAD"])
    };
    let first = push("with a template");
    let repo = bare.to_str().expect("a plain path");
    let arguments = ["--repo", repo, "--ref", "main", "--json"];
    stand.cloud("publish", &arguments).ended(0);
    let body = stand.page("More").body;
    let day = git(
        &root,
        &["log", "-1", "--date=format-local:%Y-%m-%d", "--format=%cd"],
    );
    for part in [
        &format!("https://github.com/acme/handbook/blob/{first}/docs/more.md"),
        "https://github.com/acme/handbook/edit/main/docs/more.md",
        &format!("At {}, {day}.", &first[..12]),
        "Acme <strong>Router</strong>",
        "Take <em>care</em>.",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }

    put(&root, "run.py", "print()\n");
    push("nothing of the documentation");
    let again = stand.cloud("publish", &arguments).ended(0).json();
    assert_eq!(count(&again, "unchanged"), stand.pages().len(), "{again:#}");

    // The same from a clone, where what is taken in counts as what is written.
    put(&root, "parts/care.md", "Take great care.\n");
    let third = push("a part of a page");
    let folder = root.to_str().expect("a plain path");
    let report = stand.cloud("publish", &[folder, "--json"]).ended(0).json();
    assert_eq!(count(&report, "updated"), 1, "{report:#}");
    let body = stand.page("More").body;
    assert!(
        body.contains("Take great care.") && body.contains(&third[..12]),
        "{body}"
    );
}

#[cfg(unix)]
#[test]
fn a_branch_is_followed_and_published_at_each_new_commit() {
    let stand = Stand::new(&[]);
    let (folder, bare, _) = bare();
    let repo = bare.to_str().expect("text");
    let mut followed = Repeated::start(
        &stand,
        &["--repo", repo, "--watch", "--every", "1s"],
        "watching",
    );
    assert!(followed.until_it_waits().contains("3 created"));

    let root = folder.path().join("work");
    let push = |text: &str| {
        put(&root, "docs/more.md", text);
        git(&root, &["commit", "-qam", "later"]);
        git(&root, &["push", "-q", repo, "main"]);
    };
    push("# More\n\nA sentence.\n");
    let second = followed.until_it_waits();
    assert!(second.contains("1 updated"), "{second}");
    assert!(stand.page("More").body.contains("A sentence."));

    // The repository is away for a while, which is said once.
    let aside = folder.path().join("aside.git");
    std::fs::rename(&bare, &aside).expect("it moves");
    followed.until_it_complains("handbook.git");
    std::fs::rename(&aside, &bare).expect("it comes back");
    push("# More\n\nAnother sentence.\n");
    let third = followed.until_it_waits();
    assert!(third.contains("1 updated"), "{third}");
    followed.interrupt(0);
}

/// By the program that is found as `ssh`: one that runs here what it would run at the server, and OpenSSH
/// with a server of its own.
#[cfg(unix)]
#[test]
fn a_branch_of_a_server_is_published_over_ssh_and_again_once_it_moved() {
    published_over_ssh("git", &run_here);
    let keys = tempfile::tempdir().expect("a temporary folder");
    if let Some(real) = open_ssh(keys.path(), "AcceptEnv GIT_PROTOCOL") {
        published_over_ssh(&user(), &|at, starts| run_with(at, starts, &real));
    }
}

/// Publishes a branch as a user of the server, by a program that is put where `ssh` is found first.
#[cfg(unix)]
fn published_over_ssh(user: &str, put_ssh: &dyn Fn(&Path, &Starts) -> PathBuf) {
    let stand = Stand::new(&[]);
    let (folder, bare, first) = bare();
    git(&bare, &["config", "uploadpack.allowFilter", "true"]);
    let programs = folder.path().join("programs");
    let starts = Starts::in_file(&folder.path().join("started"));
    put_ssh(&programs.join("ssh"), &starts);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found_first = [programs].into_iter().chain(std::env::split_paths(&path));
    let found_first = std::env::join_paths(found_first).expect("plain paths");
    let address = format!("ssh://{user}@git.example:2222{}", bare.display());
    let over_ssh = |command: &str, more: &[&str]| {
        let all = [&["--repo", &*address, "--ref", "feature/x"][..], more].concat();
        let mut command = stand.on_cloud(command, &all);
        ran(command.env("PATH", &found_first).output())
    };
    let report = over_ssh("publish", &["--json"]).ended(0).json();
    assert_eq!(report["source"]["commit"], first.as_str());
    let named = report["source"]["repository"].as_str().expect("a name");
    assert!(named.starts_with("git.example"), "{named}");
    assert_eq!(outcome(&report, "docs/new.md")["outcome"], "created");
    let begins = "-oBatchMode=yes -oSetEnv=GIT_PROTOCOL=version=2 -p2222 --";
    let begins = format!("{begins} {user}@git.example git-upload-pack '/");
    let asked = starts.since();
    assert!(!asked.is_empty());
    for start in asked {
        assert!(start.starts_with(&begins), "{start}");
    }
    let status = over_ssh("status", &[]).ended(0);
    assert!(!format!("{status:?}").contains("behind"), "{status:?}");

    let work = folder.path().join("work");
    git(&work, &["checkout", "-q", "feature/x"]);
    put(&work, "docs/new.md", "# New\n\nAnd newer.\n");
    git(&work, &["commit", "-qam", "third"]);
    let second = git(&work, &["rev-parse", "HEAD"]);
    let shown = bare.to_str().expect("a plain path");
    git(&work, &["push", "-q", shown, "feature/x"]);
    over_ssh("status", &[]).ended(0).says(&["behind"]);
    let again = over_ssh("publish", &["--json"]).ended(0).json();
    assert_eq!(again["source"]["commit"], second.as_str());
    assert_eq!(count(&again, "updated"), 1, "{again:#}");
    assert!(stand.page("New").body.contains("And newer."));
}

/// The list that `git diff --name-status` gives, of a clone and of a bare repository.
#[test]
fn files_that_differ_between_two_states_are_listed() {
    let stand = Stand::new(&[]);
    let (folder, bare, _) = bare();
    let work = folder.path().join("work");
    let compared = |arguments: &[&str]| {
        let ran = stand.run(&[&["compare"], arguments].concat()).ended(0);
        ran.stdout
    };
    for repo in [&bare, &work] {
        let repo = repo.to_str().expect("a plain path");
        let listed = compared(&["main", "feature/x", "--repo", repo]);
        let there = git(&work, &["diff", "--name-status", "main", "feature/x"]);
        let there: Vec<String> = there.lines().map(|line| line.replace('\t', "  ")).collect();
        assert!(!there.is_empty());
        assert_eq!(listed.lines().collect::<Vec<_>>(), there);
        // From the other end what was added is gone.
        let back = compared(&["feature/x", "main", "--repo", repo, "--path", "docs/"]);
        assert!(back.contains("D  docs/new.md"), "{back}");
        assert!(!back.contains("run.py"), "{back}");
    }
    let repo = work.to_str().expect("a plain path");
    let json = stand.run(&["compare", "main", "feature/x", "--repo", repo, "--json"]);
    let json = json.ended(0).json();
    assert_eq!(json["schema"], "tributary.changes/1");
    let changes = json["changes"].as_array().expect("a list");
    let new = changes
        .iter()
        .find(|change| change["path"] == "docs/new.md");
    assert_eq!(new.expect("it is new")["change"], "added", "{json:#}");
    stand
        .run(&["compare", "main", "absent", "--repo", repo])
        .ended(2)
        .says(&["absent"]);
    stand
        .run(&["compare", "main~1", "main", "--repo", repo])
        .ended(2)
        .says(&["`~` and `^`", "git rev-parse"]);
}

/// An empty list is read as that nothing changed.
#[test]
fn a_path_to_compare_is_read_as_it_is_meant_and_an_absent_one_is_told() {
    let stand = Stand::new(&[]);
    let (folder, _, _) = bare();
    let work = folder.path().join("work");
    let docs = work.join("docs");
    let compare = |from: &Path, path: &str| {
        let mut command = stand.command(&["compare", "main", "feature/x", "--path", path]);
        ran(command.current_dir(from).output())
    };
    for (from, path) in [
        (&work, "docs"),
        (&work, "./docs/"),
        (&work, "docs/new.md"),
        (&docs, "new.md"),
        (&docs, "./new.md"),
        (&docs, "."),
        (&docs, "../docs"),
        (&docs, "docs/new.md"),
    ] {
        let told = compare(from, path).ended(0).stdout;
        assert!(told.contains("A  docs/new.md"), "{path}: {told}");
        assert!(!told.contains("run.py"), "{path}: {told}");
    }
    for (from, path) in [
        (&work, "nowhere"),
        (&work, "new.md"),
        (&docs, "../../docs"),
        (&docs, "/docs"),
    ] {
        compare(from, path)
            .ended(2)
            .says(&["in neither of the two"]);
    }
    let kept = git(&work, &["ls-tree", "-r", "--name-only", "main"]);
    let differs = git(&work, &["diff", "--name-only", "main", "feature/x"]);
    let same = kept.lines().find(|kept| !differs.contains(kept));
    let same = compare(&work, same.expect("something stayed"));
    assert_eq!(same.ended(0).stdout, "", "it is there, and did not change");
}

/// What Git LFS keeps is told with its size where it is too large to be shown, and how it is had.
#[test]
fn a_file_of_a_repository_is_shown_or_saved() {
    const SIZE: usize = 26 * 1024 * 1024;
    /// The SHA-256 of as many zeros.
    const OID: &str = "5809d4ec68138c737b1b000db4c6ec60983e94544efd893bdfa40ebf19af60f4";
    let stand = Stand::new(&[]);
    let (_folder, bare, _) = bare();
    let repo = bare.to_str().expect("a plain path");
    let at = ["preview", "--repo", repo, "--ref", "feature/x"];
    let shown = stand.run(&[&at[..], &["run.py"]].concat()).ended(0);
    shown.says(&["print"]);
    let gone = stand.run(&[&at[..], &["absent.py"]].concat()).ended(2);
    gone.says(&["There is no `absent.py`"]);

    let root = tempfile::tempdir().expect("a temporary folder");
    let root = root.path();
    git(root, &["init", "-q"]);
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize {SIZE}\n");
    put(root, "film.bin", &pointer);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "first"]);
    let place = format!(".git/lfs/objects/{}/{}/{OID}", &OID[..2], &OID[2..4]);
    put(root, &place, &"\0".repeat(SIZE));
    let repo = root.to_str().expect("a plain path");
    let at = ["preview", "--repo", repo, "film.bin"];
    let refused = stand.run(&at).ended(2);
    refused.says(&["27262976 bytes", "--save-to FILE"]);
    let into = stand.home().join("film.bin");
    let save_to = ["--save-to", into.to_str().expect("a plain path")];
    let saved = stand.run(&[&at[..], &save_to].concat()).ended(0);
    saved.says(&["`film.bin` has 27262976 bytes"]);
    let length = std::fs::metadata(&into).expect("it is there").len();
    assert_eq!(length, SIZE as u64);
}

/// The name of a file can hold the end of a line, and begin another one that says what is not so.
#[test]
fn the_name_of_a_file_stays_in_its_line() {
    let stand = Stand::new(&[
        ("a.md", "# A\n"),
        ("b\nupdate     Forged.md", "# Real\n\n![x](absent.png)\n"),
    ]);
    let plan = stand.cloud("plan", &[]).ended(0);
    let said = format!("{}{}", plan.stdout, plan.stderr);
    assert!(said.contains("Real (b␊update     Forged.md)"), "{said}");
    let forged = said.lines().any(|line| line.starts_with("update"));
    assert!(!forged, "{said}");
}
