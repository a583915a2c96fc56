//! Repositories on this machine, made with the `git` program, read at any commit.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use gix::bstr::{BStr, ByteSlice};
use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::hosts::{
    ChangeKind, Depth, Entry, EntryKind, LARGEST_BLOB, Link, RefKind, Repository, Urgency,
};
use tributary::store::write_atomically;

/// Runs `git` as a person would have; the product does not.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    git_with(folder, arguments, b"")
}

pub(crate) fn git_with(folder: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@acme.com"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test needs `git`");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut stdin, input).expect("git reads it");
    drop(stdin);
    let output = child.wait_with_output().expect("git ends");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

pub(crate) fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    write_atomically(&root.join(path), bytes.as_ref()).expect("the folder is ours");
}

pub(crate) fn commit(root: &Path, message: &str) -> String {
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", message]);
    git(root, &["rev-parse", "HEAD"])
}

fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    git(folder.path(), &["init", "-q"]);
    folder
}

fn open(path: &Path) -> Repository {
    Repository::local(path).expect("a repository")
}

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

async fn tree(repository: &Repository, commit: &str, folder: &str, depth: Depth) -> Vec<Entry> {
    let listing = repository
        .tree(commit, path(folder), depth, Urgency::Waited)
        .await;
    let listing = listing.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(listing.incomplete, None);
    listing.items
}

fn told(entries: &[Entry]) -> Vec<String> {
    let told = |entry: &Entry| format!("{:?} {} {:?}", entry.kind, entry.path, entry.size);
    entries.iter().map(told).collect()
}

async fn kind(repository: &Repository, commit: &str, name: &str) -> ErrorKind {
    let blob = repository.blob(commit, path(name), Urgency::Waited).await;
    blob.expect_err("it is no file to read").kind()
}

const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn pointer() -> String {
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 4\n")
}

#[cfg(unix)]
#[tokio::test]
async fn everything_that_a_tree_can_hold_is_told_apart() {
    use std::os::unix::ffi::OsStrExt;

    let other = repository();
    put(other.path(), "a.md", "# Other\n");
    commit(other.path(), "first");

    let folder = repository();
    let root = folder.path();
    put(root, "README.md", "# Read me\n");
    put(root, "docs/empty.md", "");
    put(root, "docs/picture.bin", pointer());
    let odd = std::ffi::OsStr::from_bytes(b"docs/caf\xe9.md");
    write_atomically(&root.join(odd), b"latin").expect("the folder is ours");
    std::os::unix::fs::symlink("../README.md", root.join("docs/link.md")).expect("a link");
    std::os::unix::fs::symlink("docs", root.join("folder-link")).expect("a link");
    let from = other.path().to_str().expect("a plain path").to_owned();
    git(root, &["submodule", "add", "-q", &from, "part"]);
    let head = commit(root, "first\n\nAnd more.");

    let repository = open(&root.join("docs"));
    let top = tree(&repository, &head, "", Depth::Children).await;
    assert_eq!(
        told(&top)[1..],
        [
            "File README.md Some(10)",
            "Folder docs None",
            "Symlink folder-link None",
            "Submodule part None",
        ],
        "{top:?}"
    );
    let docs = tree(&repository, &head, "docs", Depth::Children).await;
    assert_eq!(
        told(&docs),
        [
            "File docs/caf\u{fffd}.md Some(5)",
            "File docs/empty.md Some(0)",
            "Symlink docs/link.md None",
            "Lfs docs/picture.bin Some(4)",
        ]
    );
    assert_eq!(docs[0].path, b"docs/caf\xe9.md".as_bstr());
    let all = tree(&repository, &head, "", Depth::All).await;
    assert_eq!(all.len(), 8, "{all:#?}");
    assert!(all.iter().all(|entry| entry.kind != EntryKind::Folder));

    let read = async |name: &[u8]| {
        let blob = repository
            .blob(&head, name.as_bstr(), Urgency::Background)
            .await;
        blob.unwrap_or_else(|error| panic!("{}", error.chain()))
    };
    assert_eq!(&read(b"docs/caf\xe9.md").await.bytes[..], b"latin");
    assert!(read(b"docs/empty.md").await.bytes.is_empty());
    assert_eq!(&read(b"docs/link.md").await.bytes[..], b"../README.md");
    assert_eq!(
        kind(&repository, &head, "docs").await,
        ErrorKind::InvalidInput
    );
    assert_eq!(
        kind(&repository, &head, "part").await,
        ErrorKind::InvalidInput
    );
    assert_eq!(
        kind(&repository, &head, "part/a.md").await,
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(&repository, &head, "docs/link.md/x").await,
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(&repository, &head, "../README.md").await,
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(&repository, &"0".repeat(40), "README.md").await,
        ErrorKind::NotFound
    );
    assert_eq!(
        kind(&repository, "main", "README.md").await,
        ErrorKind::InvalidInput
    );

    let picture = read(b"docs/picture.bin").await;
    assert!(picture.unresolved.is_some(), "nothing was fetched");
    assert_eq!(picture.bytes, pointer());
    let kept = format!(".git/lfs/objects/{}/{}/{OID}", &OID[..2], &OID[2..4]);
    put(root, &kept, "tesT");
    assert!(
        read(b"docs/picture.bin").await.unresolved.is_some(),
        "other bytes are not taken"
    );
    put(root, &kept, "test");
    let picture = read(b"docs/picture.bin").await;
    assert_eq!(
        (&picture.bytes[..], picture.unresolved),
        (&b"test"[..], None)
    );
}

#[tokio::test]
async fn refs_are_found_and_names_are_no_language() {
    let folder = repository();
    let root = folder.path();
    put(root, "a.md", "one");
    let first = commit(root, "first");
    git(root, &["branch", "feature/x"]);
    git(root, &["tag", "-a", "v1.0", "-m", "one"]);
    put(root, "a.md", "two");
    let second = commit(root, "second\n\nWith a body.");
    let repository = open(root);

    let refs = async |kind, beginning| {
        let refs = repository.refs(kind, beginning, Urgency::Waited).await;
        let refs = refs.expect("readable").items;
        let told = refs.into_iter().map(|found| (found.name, found.commit));
        told.collect::<Vec<(String, Option<String>)>>()
    };
    let (one, two) = (Some(first.clone()), Some(second.clone()));
    assert_eq!(
        refs(RefKind::Branch, "").await,
        [
            ("feature/x".to_owned(), one.clone()),
            ("main".to_owned(), two)
        ]
    );
    assert_eq!(
        refs(RefKind::Branch, "feat").await,
        [("feature/x".to_owned(), one.clone())]
    );
    assert_eq!(
        refs(RefKind::Tag, "").await,
        [("v1.0".to_owned(), one)],
        "the tag is peeled"
    );

    // Within names too, in whichever letters.
    let names = async |text| {
        let found = refs(RefKind::Branch, text).await.into_iter();
        found.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names("URE/X").await, ["feature/x"]);
    git(root, &["branch", "x-first"]);
    assert_eq!(names("x").await, ["x-first", "feature/x"], "what begins so");

    // As many as a person looks through, and that there are more.
    let all = repository.refs(RefKind::Branch, "", Urgency::Waited).await;
    let all = all.expect("readable");
    assert_eq!(all.clone().at_most(3), all, "none is left out");
    let some = all.at_most(2);
    let left: Vec<&str> = some.items.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(left, ["feature/x", "main"]);
    let said = some.incomplete.expect("one is left out").to_string();
    assert_eq!(said, "There are more than these 2; search for one");

    // A clone has the branches that were never checked out in it.
    let above = tempfile::tempdir().expect("a temporary folder");
    let from = root.display().to_string();
    git(above.path(), &["clone", "-q", &from, "clone"]);
    let clone = open(&above.path().join("clone"));
    let listed = clone.refs(RefKind::Branch, "", Urgency::Waited).await;
    let listed = listed.expect("readable").items;
    let named: Vec<&str> = listed.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(
        named,
        ["main", "origin/feature/x", "origin/main", "origin/x-first"]
    );
    for found in &listed {
        let commit = clone
            .resolve(Some(&found.name))
            .await
            .expect("it leads there");
        assert_eq!(Some(&commit.id), found.commit.as_ref(), "{}", found.name);
    }

    let resolved = async |name| repository.resolve(name).await.map(|commit| commit.id);
    for (name, expected) in [
        (None, &second),
        (Some("main"), &second),
        (Some("refs/heads/main"), &second),
        (Some("feature/x"), &first),
        (Some("v1.0"), &first),
        (Some(first.as_str()), &first),
        (Some(&first[..8]), &first),
    ] {
        assert_eq!(
            resolved(name).await.ok().as_ref(),
            Some(expected),
            "{name:?}"
        );
    }
    for name in [
        "main~1",
        "main^",
        "HEAD@{0}",
        "main:a.md",
        ":/second",
        "absent",
        "",
    ] {
        let error = resolved(Some(name)).await.expect_err("it is no name");
        assert_eq!(error.kind(), ErrorKind::NotFound, "{name}");
    }
    let commit = repository.resolve(None).await.expect("a commit");
    assert_eq!(
        (commit.author.as_str(), commit.summary.as_str()),
        ("Ada", "second")
    );
    assert!(commit.when.is_some());

    git(root, &["checkout", "-q", "--detach", &first]);
    assert_eq!(
        resolved(None).await.ok(),
        Some(first),
        "a detached head is a commit too"
    );
}

#[tokio::test]
async fn history_and_differences_say_what_git_says() {
    let folder = repository();
    let root = folder.path();
    put(root, "a.md", "one");
    put(root, "b.md", "the same for long");
    let first = commit(root, "first");
    git(root, &["checkout", "-qb", "side"]);
    put(root, "a.md", "side");
    commit(root, "on the side");
    git(root, &["checkout", "-q", "main"]);
    put(root, "c.md", "new");
    git(root, &["rm", "-q", "b.md"]);
    put(root, "moved/b.md", "the same for long");
    commit(root, "moved");
    git(root, &["merge", "-q", "--no-edit", "side"]);
    let head = git(root, &["rev-parse", "HEAD"]);
    let repository = open(root);

    for name in ["a.md", "b.md", "moved", "moved/b.md", "c.md", ""] {
        let history = repository
            .history(&head, path(name), 100)
            .await
            .expect("readable");
        let ours: Vec<String> = history.items.into_iter().map(|commit| commit.id).collect();
        let mut arguments = vec!["log", "--format=%H"];
        if !name.is_empty() {
            arguments.extend(["--", name]);
        }
        let mut theirs: Vec<String> = git(root, &arguments).lines().map(str::to_owned).collect();
        let mut sorted = ours.clone();
        // Commits of one second have no order.
        sorted.sort();
        theirs.sort();
        assert_eq!(sorted, theirs, "{name}");
        let last = repository
            .last_commit(&head, path(name))
            .await
            .expect("one did");
        assert_eq!(Some(&last.id), ours.first(), "{name}");
    }
    let cut = repository
        .history(&head, path(""), 1)
        .await
        .expect("readable");
    assert_eq!(cut.items.len(), 1);
    assert!(cut.incomplete.is_some(), "there are more");
    let none = repository.last_commit(&head, path("absent.md")).await;
    assert_eq!(
        none.expect_err("nothing changed it").kind(),
        ErrorKind::NotFound
    );

    let changes = repository.compare(&first, &head).await.expect("readable");
    let told: Vec<String> = changes
        .items
        .iter()
        .map(|change| match &change.kind {
            ChangeKind::Renamed { from } => format!("{from} -> {}", change.path),
            kind => format!("{kind:?} {}", change.path),
        })
        .collect();
    assert_eq!(told, ["Modified a.md", "Added c.md", "b.md -> moved/b.md"]);
    let back = repository.compare(&head, &first).await.expect("readable");
    assert!(
        back.items
            .iter()
            .any(|change| change.kind == ChangeKind::Removed)
    );
}

#[tokio::test]
async fn a_bare_repository_and_an_empty_one_are_read_too() {
    let folder = repository();
    put(folder.path(), "a.md", "one");
    let head = commit(folder.path(), "first");
    let beside = tempfile::tempdir().expect("a temporary folder");
    let from = folder.path().to_str().expect("a plain path").to_owned();
    git(
        beside.path(),
        &["clone", "-q", "--bare", &from, "handbook.git"],
    );
    let bare = beside.path().join("handbook.git");
    git(
        &bare,
        &[
            "remote",
            "set-url",
            "origin",
            "git@github.com:Acme/guide.git",
        ],
    );
    let repository = open(&bare);
    assert_eq!(repository.name, "guide");
    assert_eq!(repository.identity, "github.com/acme/guide");
    let link = repository
        .permalink(&head, path("a.md"), None)
        .expect("a known host");
    assert_eq!(
        link,
        format!("https://github.com/Acme/guide/blob/{head}/a.md")
    );
    git(&bare, &["remote", "remove", "origin"]);
    assert_eq!(open(&bare).name, "handbook");
    let blob = repository
        .blob(&head, path("a.md"), Urgency::Waited)
        .await
        .expect("a file");
    assert_eq!(&blob.bytes[..], b"one");

    let empty = self::repository();
    let empty = open(empty.path());
    let error = empty.resolve(None).await.expect_err("it has no commit");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let nowhere = Repository::local(&beside.path().join("absent"));
    assert_eq!(
        nowhere.expect_err("nothing is there").kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn what_is_too_large_is_not_taken_into_memory() {
    let folder = repository();
    let root = folder.path();
    let large = fs::File::options()
        .create_new(true)
        .write(true)
        .open(root.join("large.bin"))
        .expect("the folder is ours");
    large.set_len(LARGEST_BLOB + 1).expect("a file with a hole");
    put(
        root,
        "lfs.bin",
        pointer().replace("size 4", "size 99999999999"),
    );
    let head = commit(root, "large");
    let repository = open(root);
    for name in ["large.bin", "lfs.bin"] {
        let blob = repository.blob(&head, path(name), Urgency::Waited).await;
        let error = blob.expect_err("it is too large");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
        assert!(error.to_string().contains("25 MB"), "{error}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_files_are_listed_folder_by_folder() {
    let folder = repository();
    let mut stream = String::from(
        "blob\nmark :1\ndata 2\nx\n\ncommit refs/heads/main\ncommitter Ada <ada@acme.com> 1700000000 +0000\ndata 5\nmany\n\n",
    );
    for number in 0..100_000 {
        stream.push_str(&format!("M 100644 :1 d{}/f{number}.md\n", number / 1000));
    }
    git_with(
        folder.path(),
        &["fast-import", "--quiet"],
        stream.as_bytes(),
    );
    let repository = open(folder.path());
    let head = repository.resolve(Some("main")).await.expect("a commit").id;
    let top = tree(&repository, &head, "", Depth::Children).await;
    assert_eq!(top.len(), 100);
    let one = tree(&repository, &head, "d7", Depth::Children).await;
    assert_eq!(one.len(), 1000);
    assert_eq!(one[0].size, Some(2));
    let all = tree(&repository, &head, "", Depth::All).await;
    assert_eq!(all.len(), 100_000);
    assert!(all.is_sorted_by(|a, b| a.path < b.path));
}

#[test]
fn a_repository_is_called_the_same_by_every_address() {
    for (one, other) in [
        (
            "git@github.com:Acme/a.git",
            "https://github.com/Acme/a/blob/main/x.md",
        ),
        // People write a name in any letters, and hosts take it.
        (
            "https://gitlab.com/ACME/Group/A",
            "https://gitlab.com/acme/group/a",
        ),
        ("https://GitHub.com/acme/A", "git@github.com:ACME/a.git"),
        (
            "ssh://git@git.acme.com:7999/doc/a.git",
            "https://git.acme.com/projects/DOC/repos/a",
        ),
        (
            "https://git.acme.com/scm/doc/a.git",
            "https://git.acme.com/projects/DOC/repos/a",
        ),
        (
            "git@ssh.dev.azure.com:v3/o/p/a",
            "https://dev.azure.com/o/p/_git/a?path=/x.md",
        ),
    ] {
        let identity = |text| Link::read(text).expect("a link").identity();
        assert_eq!(identity(one), identity(other), "{one}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_may_be_asked_from_any_thread() {
    let folder = repository();
    put(folder.path(), "a.md", "one");
    let head = commit(folder.path(), "first");
    let repository = open(folder.path());
    // Spawning is what checks it: the window asks from the threads of its runtime.
    let asking = tokio::spawn(async move {
        let link = Link::read("https://github.com/a/b").expect("a link");
        let followed = repository.follow(&link).await.expect("the default branch");
        let refs = repository.refs(RefKind::Branch, "", Urgency::Waited).await;
        let tree = repository
            .tree(&head, path(""), Depth::All, Urgency::Waited)
            .await;
        let blob = repository.blob(&head, path("a.md"), Urgency::Waited).await;
        let changes = repository.compare(&head, &head).await;
        let last = repository
            .last_commit(&head, path("a.md"))
            .await
            .expect("one");
        assert_eq!((&followed.0.id, &last.id), (&head, &head));
        assert!(refs.is_ok() && tree.is_ok() && blob.is_ok());
        changes.expect("readable").items.len()
    });
    assert_eq!(asking.await.expect("it ends"), 0);
}

#[tokio::test]
async fn what_a_clone_left_out_is_said() {
    let folder = repository();
    let root = folder.path();
    git(root, &["config", "uploadpack.allowFilter", "true"]);
    put(root, "a.md", "one");
    put(root, "docs/b.md", "former\n");
    commit(root, "before");
    put(root, "docs/b.md", "former\nlater\n");
    let first = commit(root, "first");
    let from = format!("file://{}", root.display());
    let cloned = tempfile::tempdir().expect("a temporary folder");
    let into = cloned.path().join("part");
    let name = into.display().to_string();
    let clone = [
        "clone",
        "-q",
        "--no-checkout",
        "--filter=blob:none",
        &from,
        &name,
    ];
    git(cloned.path(), &clone);
    let part = open(&into);
    let error = part.blob(&first, path("a.md"), Urgency::Waited).await;
    let said = error.expect_err("it is not here").chain();
    assert!(
        said.contains("`a.md` was left out when the repository was cloned"),
        "{said}"
    );
    // A file that is here, of which what it was before is not.
    git(&into, &["checkout", "-q", "main", "--", "docs/b.md"]);
    let error = part.blame(&first, path("docs/b.md")).await;
    let said = error.expect_err("it is not here").chain();
    assert!(
        said.contains("`docs/b.md` was left out when the repository was cloned"),
        "{said}"
    );
    let name = cloned.path().join("bare").display().to_string();
    git(
        cloned.path(),
        &["clone", "-q", "--bare", "--filter=tree:0", &from, &name],
    );
    let bare = open(&cloned.path().join("bare"));
    let error = bare.tree(&first, path("docs"), Depth::Children, Urgency::Waited);
    let said = error.await.expect_err("it is not here").chain();
    assert!(said.contains("was left out when"), "{said}");
    git(&into, &["fetch", "-q", "--refetch", "--no-filter"]);
    let read = part.blob(&first, path("a.md"), Urgency::Waited).await;
    assert_eq!(&read.expect("what the remedy says helps").bytes[..], b"one");
}
