//! What became of files over time, by every host and on this machine, against what Git says.

use gix::bstr::{BStr, ByteSlice};
use tempfile::TempDir;
use tributary::ErrorKind;
use tributary::hosts::{ChangeKind, Commit, Difference, Repository, Side};

use crate::hosted::{HOSTS, World, world_of};
use crate::local::{commit, git, put};

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

/// A repository whose file was written by several people in several commits, one on a branch.
fn written() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let text = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    let head: Vec<String> = (1..=9).map(|number| format!("line {number}")).collect();
    let mut lines: Vec<&str> = head.iter().map(String::as_str).collect();
    put(root, "docs/a.md", text(&lines));
    put(root, "docs/picture.bin", b"a\0b");
    put(root, "docs/old.md", "the same words for long enough\n");
    put(root, "docs/deep/x.md", "x\n");
    let first = commit(root, "first");
    git(root, &["checkout", "-qb", "side"]);
    lines[7] = "on the side";
    put(root, "docs/a.md", text(&lines));
    commit(root, "side");
    git(root, &["checkout", "-q", "main"]);
    lines[7] = "line 8";
    lines[1] = "second";
    put(root, "docs/a.md", text(&lines));
    put(root, "docs/deep/x.md", "y\n");
    commit(root, "second");
    git(root, &["merge", "-q", "--no-edit", "side"]);
    lines[7] = "on the side";
    lines.insert(4, "third");
    put(root, "docs/a.md", text(&lines));
    git(root, &["mv", "docs/old.md", "docs/new.md"]);
    git(root, &["rm", "-q", "docs/picture.bin"]);
    put(root, "docs/other.bin", b"c\0d");
    let last = commit(root, "third");
    (folder, first, last)
}

/// The hosts and this machine, each with a repository that is the same.
async fn every(mut check: impl AsyncFnMut(&str, &Repository, &World)) {
    for (provider, name, answering) in HOSTS {
        let world = world_of(written(), provider, name, answering).await;
        check(provider, &world.hosted, &world).await;
        if provider == "github" {
            check("local", &world.local, &world).await;
        }
    }
}

fn fine<T>(provider: &str, result: Result<T, tributary::Error>) -> T {
    result.unwrap_or_else(|error| panic!("{provider}: {}", error.chain()))
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_the_disk_are_told_with_their_commits_and_new_ones_with_none() {
    let (folder, _, head) = written();
    let repository = Repository::local(folder.path()).expect("a repository");
    let root = folder.path();
    let kept = std::fs::read_to_string(root.join("docs/a.md")).expect("it is there");
    let mut lines: Vec<&str> = kept.lines().collect();
    lines.insert(0, "not in any commit");
    lines[3] = "nor this one";
    lines.push("nor the last");
    // As Git writes it where line ends are those of Windows.
    let now = lines.join("\r\n");
    put(root, "docs/a.md", &now);
    let told = git(
        root,
        &[
            "-c",
            "core.autocrlf=true",
            "blame",
            "-s",
            "-l",
            "--root",
            "--",
            "docs/a.md",
        ],
    );
    let expected: Vec<Option<&str>> = told
        .lines()
        .map(|line| {
            line.split(' ')
                .next()
                .filter(|id| !id.starts_with("00000000"))
        })
        .collect();
    assert_eq!(
        expected.iter().filter(|id| id.is_none()).count(),
        3,
        "{told}"
    );
    let blamed = repository.blame_above(&head, path("docs/a.md"), now.as_bytes());
    let blamed = fine("local", blamed.await);
    let mut ours: Vec<Option<&str>> = vec![None; lines.len()];
    for part in &blamed.items {
        for line in part.lines.clone() {
            ours[line as usize] = Some(&part.commit.id);
        }
    }
    assert_eq!(ours, expected);
    // Two parts of one commit with a line of none between them are two.
    let ends = blamed
        .items
        .windows(2)
        .all(|two| two[0].lines.end <= two[1].lines.start);
    assert!(ends, "{blamed:?}");
    let new = repository
        .blame_above(&head, path("docs/none.md"), b"new\n")
        .await;
    assert_eq!(
        new.expect_err("no commit has it").kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_told_with_the_commit_it_came_with() {
    every(async |provider, repository, world| {
        let told = git(
            world.folder(),
            &["blame", "-s", "-l", "--root", "HEAD", "--", "docs/a.md"],
        );
        let expected: Vec<&str> = told
            .lines()
            .map(|line| line.split(' ').next().expect("an id"))
            .collect();
        let blamed = fine(
            provider,
            repository.blame(&world.head, path("docs/a.md")).await,
        );
        assert_eq!(blamed.incomplete, None, "{provider}");
        let mut ours = Vec::new();
        for part in &blamed.items {
            assert_eq!(
                part.lines.start as usize,
                ours.len(),
                "{provider}: in order"
            );
            ours.extend(part.lines.clone().map(|_| part.commit.id.as_str()));
        }
        assert_eq!(ours, expected, "{provider}");
        assert!(
            ours.len() == 10
                && blamed
                    .items
                    .iter()
                    .any(|part| part.commit.summary == "side")
        );
        for (name, kind) in [
            ("docs/other.bin", ErrorKind::InvalidInput),
            ("absent.md", ErrorKind::NotFound),
        ] {
            // GitLab blames what has no lines too; it has one then.
            if provider == "gitlab" && name == "docs/other.bin" {
                continue;
            }
            let error = repository.blame(&world.head, path(name)).await;
            assert_eq!(error.expect_err(name).kind(), kind, "{provider} {name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_tells_what_changed_last_in_few_requests() {
    every(async |provider, repository, world| {
        world.server.forget();
        let folder = path("docs");
        let found = fine(provider, repository.last_commits(&world.head, folder).await);
        let asked = world.server.targets().len();
        assert_eq!(found.incomplete, None, "{provider}");
        let told: Vec<(String, String)> = found
            .items
            .iter()
            .map(|change| (change.path.to_string(), change.commit.summary.clone()))
            .collect();
        let expected = [
            ("docs/a.md", "third"),
            ("docs/deep", "second"),
            ("docs/new.md", "third"),
            ("docs/other.bin", "third"),
        ];
        let expected = expected.map(|(path, said)| (path.to_owned(), said.to_owned()));
        assert_eq!(told, expected, "{provider}");
        let most = match provider {
            "local" => 0,
            "azure-devops" | "bitbucket-data-center" => 1,
            // The folder, and the two commits in it.
            "gitea" => 3,
            // The way to the folder, and each of its four things; lists come in pages of two.
            _ => 8,
        };
        // Azure's own lists are whole; the other lists of this server have two items a page.
        assert!(asked <= most, "{provider}: {asked} requests");
        let absent = repository.last_commits(&world.head, path("absent")).await;
        let kind = absent.expect_err("no such folder").kind();
        assert_eq!(kind, ErrorKind::NotFound, "{provider}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_differ_are_those_that_git_shows() {
    every(async |provider, repository, world| {
        let changes = fine(
            provider,
            repository.compare(&world.first, &world.head).await,
        );
        let mut seen = Vec::new();
        for change in &changes.items {
            let difference = repository.difference(&world.first, &world.head, change);
            let difference = fine(provider, difference.await);
            let hunks = match difference {
                Difference::Binary => {
                    seen.push(format!("{} is binary", change.path));
                    continue;
                }
                Difference::Lines(hunks) => hunks,
            };
            let mut ours = String::new();
            for hunk in &hunks {
                for (side, line) in &hunk.lines {
                    let mark = match side {
                        Side::Both => ' ',
                        Side::Before => '-',
                        Side::After => '+',
                    };
                    ours.push_str(&format!("{mark}{line}\n"));
                }
                let count = |wanted| {
                    hunk.lines
                        .iter()
                        .filter(|(side, _)| *side != wanted)
                        .count()
                };
                assert_eq!(hunk.before.len(), count(Side::After), "{provider}");
                assert_eq!(hunk.after.len(), count(Side::Before), "{provider}");
            }
            if change.kind == ChangeKind::Modified {
                let name = change.path.to_string();
                let told = git(
                    world.folder(),
                    &["diff", "-U3", &world.first, &world.head, "--", &name],
                );
                let theirs: Vec<&str> = told
                    .lines()
                    .skip_while(|line| !line.starts_with("@@"))
                    .filter(|line| !line.starts_with("@@"))
                    .collect();
                assert_eq!(ours.trim_end(), theirs.join("\n").trim_end(), "{provider}");
            }
            seen.push(format!("{} has {} places", change.path, hunks.len()));
        }
        assert_eq!(
            seen,
            [
                "docs/a.md has 1 places",
                "docs/deep/x.md has 1 places",
                "docs/new.md has 0 places",
                "docs/other.bin is binary",
                "docs/picture.bin is binary",
            ],
            "{provider}"
        );
    })
    .await;
}

#[tokio::test]
async fn names_that_a_file_had_before_are_followed_on_this_machine() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    git(root, &["init", "-q"]);
    let text = "one line\nanother line\nand a third line\nand more of them\n";
    put(root, "old.md", text);
    let first = commit(root, "first");
    git(root, &["mv", "old.md", "new.md"]);
    put(root, "new.md", format!("{text}the last\n"));
    let head = commit(root, "moved");
    let repository = Repository::local(root).expect("a repository");
    let blamed = repository.blame(&head, path("new.md")).await;
    let ids = |commit: &Commit| commit.id.clone();
    let told: Vec<(u32, String)> = blamed
        .expect("readable")
        .items
        .iter()
        .map(|part| (part.lines.end, ids(&part.commit)))
        .collect();
    assert_eq!(told, [(4, first), (5, head)]);
}
