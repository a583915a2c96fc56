//! A repository as a tree of files: what is listed, what is not, and why.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gix::hash::Kind;
use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::repository::{EntryKind, Hidden, Repository, blob_id, open};

/// A folder with the given files; a path ending in `/` is an empty folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        put(folder.path(), path, text);
    }
    folder
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    tributary::store::write_atomically(&path, text.as_bytes()).expect("the folder is ours");
}

/// Runs `git` as a person would have; the product does not.
fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@acme.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("this test needs `git`");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn listed(repository: &Repository, below: &str) -> Vec<String> {
    let (entries, _) = repository.entries(Path::new(below)).expect("readable");
    entries.into_iter().map(|entry| entry.path).collect()
}

#[test]
fn a_working_copy_is_found_from_inside_with_its_name_and_commit() {
    let copy = folder(&[("docs/a.md", "# A\n"), ("README.md", "# Read me\n")]);
    git(copy.path(), &["init", "-q"]);
    let before = open(&copy.path().join("docs")).expect("a repository without commits");
    assert_eq!(before.head, None);
    git(copy.path(), &["add", "."]);
    git(copy.path(), &["commit", "-qm", "first"]);
    git(
        copy.path(),
        &[
            "remote",
            "add",
            "upstream",
            "git@github.com:Acme/handbook.git",
        ],
    );
    let repository = open(&copy.path().join("docs/a.md")).expect("a repository");
    assert_eq!(
        repository.root,
        fs::canonicalize(copy.path()).expect("it is there")
    );
    assert_eq!(repository.name, "handbook");
    assert_eq!(
        repository.identity, "github.com/acme/handbook",
        "the only remote names it"
    );
    assert_eq!(
        repository.web.as_deref(),
        Some("https://github.com/Acme/handbook")
    );
    let head = repository.head.clone().expect("there is a commit");
    assert_eq!(
        (head.branch.as_deref(), head.commit.len()),
        (Some("main"), 40)
    );
    let link = repository
        .permalink("docs/a.md")
        .expect("GitHub's links are known");
    assert_eq!(
        link,
        format!(
            "https://github.com/Acme/handbook/blob/{}/docs/a.md",
            head.commit
        )
    );
    assert_eq!(repository.is_modified("docs/a.md", b"# A\n"), Some(false));
    assert_eq!(repository.is_modified("docs/a.md", b"# B\n"), Some(true));
    assert_eq!(repository.is_modified("docs/new.md", b""), Some(true));

    git(
        copy.path(),
        &[
            "remote",
            "add",
            "origin",
            "https://ada:token@git.acme.com/docs/book.git",
        ],
    );
    let repository = open(copy.path()).expect("a repository");
    assert_eq!(
        repository.identity, "git.acme.com/docs/book",
        "`origin` comes first"
    );
    assert_eq!(
        repository.permalink("docs/a.md"),
        None,
        "the kind of host is not known"
    );
    git(copy.path(), &["checkout", "-q", "--detach"]);
    let head = open(copy.path())
        .expect("a repository")
        .head
        .expect("there is a commit");
    assert_eq!(head.branch, None);
}

#[test]
fn worktrees_and_submodules_are_working_copies_too() {
    let folder = folder(&[("library/docs/a.md", "# A\n"), ("book/b.md", "# B\n")]);
    let (library, book) = (folder.path().join("library"), folder.path().join("book"));
    for copy in [&library, &book] {
        git(copy, &["init", "-q"]);
        git(copy, &["add", "."]);
        git(copy, &["commit", "-qm", "first"]);
    }
    git(
        &library,
        &[
            "remote",
            "add",
            "origin",
            "https://codeberg.org/acme/library",
        ],
    );
    git(
        &library,
        &["worktree", "add", "-q", "-b", "next", "../tree"],
    );
    let tree = open(&folder.path().join("tree/docs")).expect("a worktree");
    assert_eq!(tree.identity, "codeberg.org/acme/library");
    assert_eq!(
        tree.head.clone().and_then(|head| head.branch).as_deref(),
        Some("next")
    );
    assert_eq!(listed(&tree, ""), ["docs/a.md"]);
    let library_path = library.to_str().expect("Unicode");
    git(
        &book,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "-q",
            "add",
            library_path,
            "lib",
        ],
    );
    let book = open(&book).expect("a working copy");
    assert_eq!(listed(&book, ""), [".gitmodules", "b.md", "lib/docs/a.md"]);
    let inner = open(&book.root.join("lib")).expect("a submodule");
    assert_eq!(
        (inner.name.as_str(), inner.root),
        ("library", book.root.join("lib"))
    );
}

#[test]
fn a_plain_folder_stands_for_itself() {
    let plain = folder(&[("handbook/a.md", "")]);
    let repository = open(&plain.path().join("handbook")).expect("a folder");
    assert_eq!(
        (repository.name.as_str(), repository.identity.as_str()),
        ("handbook", "handbook")
    );
    assert!(!repository.is_git && repository.head.is_none() && repository.web.is_none());
    let error = open(&plain.path().join("nothing")).expect_err("nothing is there");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("nothing"), "{error}");
    git(plain.path(), &["init", "-q", "--bare", "bare.git"]);
    let error = open(&plain.path().join("bare.git")).expect_err("nothing is checked out");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn ignored_and_hidden_files_are_left_out_unless_tracked_or_asked_for() {
    let copy = folder(&[
        (".gitignore", "build/\n*.tmp\n"),
        (".github/workflows/ci.yml", "on: push\n"),
        (".tributary.toml", ""),
        ("build/out.md", "made"),
        ("docs/.gitignore", "/draft.md\n"),
        ("docs/draft.md", "later"),
        ("docs/guide.md", "now"),
        ("kept.tmp", "tracked all the same"),
        ("other.tmp", "ignored"),
    ]);
    git(copy.path(), &["init", "-q"]);
    git(copy.path(), &["add", "-f", "kept.tmp", "docs/guide.md"]);
    let repository = open(copy.path()).expect("a repository");
    let expected = [
        ".gitignore",
        ".tributary.toml",
        "docs/.gitignore",
        "docs/guide.md",
        "kept.tmp",
    ];
    assert_eq!(listed(&repository, ""), expected);
    assert_eq!(
        listed(&repository, "docs"),
        ["docs/.gitignore", "docs/guide.md"]
    );
    assert_eq!(listed(&repository, ".github"), [".github/workflows/ci.yml"]);
    assert_eq!(listed(&repository, ".git"), Vec::<String>::new());
    let (all, _) = repository
        .entries_with(Path::new(""), Hidden::Include)
        .expect("readable");
    assert!(
        all.iter()
            .any(|entry| entry.path == ".github/workflows/ci.yml")
    );
    assert!(!all.iter().any(|entry| entry.path.starts_with(".git/")));
    let error = repository.entries(Path::new("../..")).expect_err("outside");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn entries_are_sorted_by_bytes_and_have_sizes() {
    let plain = folder(&[
        ("b.md", "1"),
        ("B.md", "12"),
        ("a/z.md", "123"),
        ("a.md", ""),
        ("ä.md", ""),
    ]);
    let repository = open(plain.path()).expect("a folder");
    assert_eq!(
        listed(&repository, ""),
        ["B.md", "a.md", "a/z.md", "b.md", "ä.md"]
    );
    let (entries, skipped) = repository.entries(Path::new("a")).expect("readable");
    assert_eq!((entries.len(), entries[0].size, skipped.len()), (1, 3, 0));
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_repository_and_nowhere_else() {
    use std::os::unix::fs::symlink;

    let outside = folder(&[("secret.md", "secret"), ("folder/secret.md", "secret")]);
    let copy = folder(&[("docs/a.md", "A"), ("docs/deep/b.md", "B")]);
    git(copy.path(), &["init", "-q"]);
    let link = |target: &Path, path: &str| symlink(target, copy.path().join(path)).expect("made");
    link(Path::new("docs/a.md"), "linked.md");
    link(Path::new("docs"), "copy");
    link(Path::new(".."), "docs/up");
    link(&outside.path().join("secret.md"), "secret.md");
    link(&outside.path().join("folder"), "folder");
    link(Path::new("nowhere.md"), "broken.md");
    link(Path::new(".git/config"), "config.md");
    link(Path::new("deep"), "docs/twin");

    let repository = open(copy.path()).expect("a repository");
    let (entries, skipped) = repository.entries(Path::new("")).expect("readable");
    let inside: Vec<&str> = entries
        .iter()
        .filter(|entry| !matches!(entry.kind, EntryKind::Symlink { inside: false, .. }))
        .map(|entry| entry.path.as_str())
        .collect();
    assert_eq!(
        inside,
        [
            "copy/a.md",
            "copy/deep/b.md",
            "docs/a.md",
            "docs/deep/b.md",
            "docs/twin/b.md",
            "linked.md"
        ]
    );
    let reasons: Vec<(&str, bool)> = skipped
        .iter()
        .map(|skipped| (skipped.path.as_str(), skipped.reason.contains("outside")))
        .collect();
    assert_eq!(
        reasons,
        [
            ("broken.md", false),
            ("config.md", true),
            ("docs/up", false),
            ("folder", true),
            ("secret.md", true)
        ]
    );

    assert_eq!(repository.read("linked.md").expect("inside"), b"A");
    assert_eq!(repository.read("copy/deep/b.md").expect("inside"), b"B");
    let absolute = outside.path().join("secret.md");
    for path in [
        "secret.md",
        "folder/secret.md",
        "../x",
        "docs/up/../../x",
        "config.md",
        ".git/config",
        "",
        "./docs/a.md",
        absolute.to_str().expect("Unicode"),
    ] {
        let error = repository.read(path).expect_err(path);
        assert!(
            matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound),
            "{path}: {}",
            error.chain()
        );
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_and_names_that_are_no_text_are_reported() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::UnixListener;

    let plain = folder(&[("good.md", "")]);
    let _socket = UnixListener::bind(plain.path().join("socket.md")).expect("a socket");
    let bad = plain.path().join(OsStr::from_bytes(b"bad\xff.md"));
    fs::rename(plain.path().join("good.md"), &bad).expect("Linux takes any bytes");
    let repository = open(plain.path()).expect("a folder");
    let (entries, skipped) = repository.entries(Path::new("")).expect("readable");
    assert!(entries.is_empty(), "{entries:?}");
    let reasons: Vec<&str> = skipped
        .iter()
        .map(|skipped| skipped.reason.as_str())
        .collect();
    assert!(
        reasons[0].contains("UTF-8") && reasons[0].contains("rename"),
        "{reasons:?}"
    );
    assert!(reasons[1].contains("socket.md"), "{reasons:?}");
}

#[test]
fn reading_has_a_limit_and_says_so() {
    let plain = folder(&[("docs/a.md", "12345")]);
    let repository = open(plain.path()).expect("a folder");
    assert_eq!(
        repository
            .read_at_most("docs/a.md", 5)
            .expect("small enough"),
        b"12345"
    );
    let error = repository
        .read_at_most("docs/a.md", 4)
        .expect_err("too large");
    assert!(
        error.to_string().contains("`docs/a.md` has 5 bytes"),
        "{error}"
    );
    let error = repository.read("docs").expect_err("a folder");
    assert!(error.to_string().contains("folder"), "{error}");
    assert_eq!(
        repository.read("docs/b.md").expect_err("none").kind(),
        ErrorKind::NotFound
    );
}

#[test]
fn contents_have_the_id_that_git_gives_them() {
    let known = [
        (Kind::Sha1, "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        (
            Kind::Sha1,
            "hello\n",
            "ce013625030ba8dba906f756967f9e9ca394464a",
        ),
        (
            Kind::Sha256,
            "hello\n",
            "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4",
        ),
    ];
    for (kind, contents, id) in known {
        assert_eq!(blob_id(contents.as_bytes(), kind), id);
    }
}

#[test]
fn real_documentation_is_listed_completely() {
    let corpus = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus"
    ));
    if !corpus.is_dir() {
        println!("skipped on the real documentation, which is not beside this checkout");
        return;
    }
    let repository = open(&corpus).expect("a folder");
    let (entries, _) = repository.entries(Path::new("")).expect("readable");
    let found = Command::new("find")
        .current_dir(&corpus)
        .args([".", "-name", "*.md", "-not", "-path", "*/.*/*"])
        .output()
        .expect("`find` is everywhere");
    let expected = String::from_utf8_lossy(&found.stdout).lines().count();
    let documents = entries
        .iter()
        .filter(|entry| entry.path.ends_with(".md"))
        .count();
    assert_eq!(documents, expected);
    for entry in &entries {
        let bytes = repository
            .read(&entry.path)
            .expect("every listed file can be read");
        assert_eq!(bytes.len() as u64, entry.size, "{}", entry.path);
    }
}
