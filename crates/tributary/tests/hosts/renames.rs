//! Files that were called otherwise before: at every host of the sandbox, in a clone and through
//! Git's own protocol, against what `git log --follow` and `git diff` say.

use gix::bstr::{BStr, ByteSlice};
use serde_json::json;
use tributary::ErrorKind;
use tributary::browse::{Behind, behind};
use tributary::hosts::{Change, ChangeKind, Repository, Ssh};
use tributary::http::{Credential, Http};
use tributary::vault::Secret;
use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::{Commit, FileEdit};

use crate::hosted::one_answer;
use crate::local::git;
use crate::sandbox::{HOSTS, World};
use crate::server::Answer;

/// What the file is called in the end.
const LAST: &str = "guide for all/größe.md";

fn path(text: &str) -> &BStr {
    text.as_bytes().as_bstr()
}

fn text(edition: usize) -> String {
    let lines: Vec<String> = (1..=12)
        .map(|number| match number {
            number if number == edition => format!("Line {number}, changed."),
            number => format!("Line {number}."),
        })
        .collect();
    format!("{}\n", lines.join("\n"))
}

fn write(path: &str, text: String) -> FileEdit {
    FileEdit::Write {
        path: path.to_owned(),
        text,
    }
}

fn rename(path: &str, to: &str) -> FileEdit {
    FileEdit::Rename {
        path: path.to_owned(),
        to: to.to_owned(),
    }
}

/// Commits: written, changed, renamed and changed at once, something else, moved as it was, changed.
fn edits() -> Vec<Vec<FileEdit>> {
    vec![
        vec![write("notes/first.md", text(0))],
        vec![
            write("notes/first.md", text(1)),
            write("notes/other.md", "Nothing alike.\n".to_owned()),
        ],
        vec![
            rename("notes/first.md", "notes/second.md"),
            write("notes/second.md", text(2)),
            FileEdit::Remove {
                path: "notes/other.md".to_owned(),
            },
            write("notes/new.md", "Of another kind\naltogether.\n".to_owned()),
        ],
        vec![write("elsewhere.md", "x\n".to_owned())],
        vec![rename("notes/second.md", LAST)],
        vec![write(LAST, text(3))],
    ]
}

/// A sandbox with those commits, and their ids.
async fn world() -> (World, Vec<String>) {
    let mut made = Vec::new();
    let world = World::after(|sandbox| {
        for (number, edits) in edits().into_iter().enumerate() {
            let commit = Commit {
                repository: "acme/handbook".to_owned(),
                branch: "main".to_owned(),
                from: None,
                message: format!("Edition {number}"),
                author: "bob".to_owned(),
                date: None,
                edits,
            };
            let commit = sandbox.control().accounts().commit(&commit);
            made.push(commit.expect("a commit"));
        }
    })
    .await;
    (world, made)
}

/// Every host, a clone, and the repository through Git's own protocol.
async fn every(world: &World) -> Vec<(String, Repository)> {
    let mut all = vec![("local".to_owned(), world.local())];
    for (server, name, provider, owner, scopes) in HOSTS {
        let host = world.host(server, name, provider, "alice", scopes);
        let hosted = Repository::hosted(&host, &format!("{owner}handbook"));
        all.push((provider.to_owned(), hosted.expect("a name")));
    }
    let token = world
        .sandbox
        .control()
        .accounts()
        .issue_personal(Server::Gitea, "alice", &["read:repository"], None)
        .expect("alice is there");
    let credential = Credential::basic("alice", Secret::new(token));
    let address = format!("{}/hosts/gitea/acme/handbook.git", world.base());
    let http = Http::new().expect("a client");
    let remote = Repository::remote(&address, &http, Some(credential), &Ssh::default(), None);
    all.push(("git".to_owned(), remote.expect("an address")));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_file_goes_on_under_the_names_it_had() {
    let (world, made) = world().await;
    let head = made.last().expect("there are commits").as_str();
    let log = git(
        &world.folder(),
        &["log", "--follow", "--format=%H", head, "--", LAST],
    );
    let expected: Vec<(&str, &str)> = log
        .lines()
        .zip([
            LAST,
            LAST,
            "notes/second.md",
            "notes/first.md",
            "notes/first.md",
        ])
        .collect();
    assert_eq!(expected.len(), 5, "what Git itself says: {log}");
    for (name, repository) in every(&world).await {
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        let found = repository.versions(head, path(LAST), 100).await;
        let found = found.map_err(fine).expect("fine");
        let told: Vec<(&str, String)> = found
            .items
            .iter()
            .map(|version| (version.commit.id.as_str(), version.path.to_string()))
            .collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(id, path)| (*id, path.as_str())).collect();
        assert_eq!(told, expected, "{name}");
        assert_eq!(found.incomplete, None, "{name}");

        // As many as somebody looks at, and it is said that there are more.
        let found = repository.versions(head, path(LAST), 3).await;
        let found = found.map_err(fine).expect("fine");
        assert_eq!(found.items.len(), 3, "{name}");
        assert!(found.incomplete.is_some(), "{name}");

        // Neither a folder nor a file that was always called so was anything else.
        for (other, count) in [("notes", 4), ("elsewhere.md", 1)] {
            let found = repository.versions(head, path(other), 100).await;
            let found = found.map_err(fine).expect("fine").items;
            assert_eq!(found.len(), count, "{name} {other}");
            let same = found.iter().all(|version| version.path == other);
            assert!(same, "{name} {other}");
        }

        // Blamed is who wrote a line, whatever the file was called then.
        // GitLab is asked itself, which the sandbox does not imitate; `past` looks at that.
        if name != "gitlab" {
            let blamed = repository.blame(head, path(LAST)).await;
            let blamed = blamed.map_err(fine).expect("fine").items;
            let first = blamed.last().expect("the last lines");
            assert_eq!(first.commit.id, made[0], "{name}");
        }

        // Published at the second commit, and changed by three since.
        let published = [(LAST.to_owned(), made[1].clone())];
        let found = behind(&repository, head, &published).await;
        let found = found.map_err(fine).expect("fine");
        assert_eq!(found.get(LAST), Some(&Behind::Commits(3)), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_given_also_where_earlier_names_cannot_be_asked_for() {
    let id = "a".repeat(40);
    let person = json!({"name": "Ada", "date": "2026-01-02T03:04:05Z"});
    let commit = json!({"message": "First", "author": person, "committer": person});
    let listed = json!([{"sha": id, "commit": commit}]);
    let (_server, hosted) = one_answer("github", move |_, asked, _| {
        if asked.target.contains("/commits?") {
            Answer::json(&listed)
        } else {
            Answer::status(403)
        }
    })
    .await;
    let found = hosted.versions(&id, path("a.md"), 10).await;
    let found = found.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(found.items.len(), 1);
    let said = found.incomplete.expect("it is said");
    assert!(
        said.contains("`a.md`") && said.contains("does not allow"),
        "{said}"
    );

    // Without the history itself there is nothing to give.
    let (_server, hosted) = one_answer("github", |_, _, _| Answer::status(403)).await;
    let found = hosted.versions(&id, path("a.md"), 10).await;
    assert_eq!(found.expect_err("refused").kind(), ErrorKind::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_renamed_and_changed_is_compared_as_one() {
    let (world, made) = world().await;
    let renamed = |from: &str, to: &str| Change {
        path: to.into(),
        kind: ChangeKind::Renamed { from: from.into() },
    };
    let change = |kind, path: &str| Change {
        path: path.into(),
        kind,
    };
    for (name, repository) in every(&world).await {
        let fine = |error: tributary::Error| -> String { panic!("{name}: {}", error.chain()) };
        for (before, after, expected) in [
            (
                &made[1],
                &made[2],
                vec![
                    change(ChangeKind::Added, "notes/new.md"),
                    change(ChangeKind::Removed, "notes/other.md"),
                    renamed("notes/first.md", "notes/second.md"),
                ],
            ),
            (
                &made[0],
                &made[5],
                vec![
                    change(ChangeKind::Added, "elsewhere.md"),
                    renamed("notes/first.md", LAST),
                    change(ChangeKind::Added, "notes/new.md"),
                ],
            ),
            // The other way round, which a host that compares from where two parted does not tell
            // of itself.
            (
                &made[2],
                &made[1],
                vec![
                    renamed("notes/second.md", "notes/first.md"),
                    change(ChangeKind::Removed, "notes/new.md"),
                    change(ChangeKind::Added, "notes/other.md"),
                ],
            ),
        ] {
            let found = repository.compare(before, after).await.map_err(fine);
            let mut found = found.expect("fine").items;
            found.sort_by(|a, b| a.path.cmp(&b.path));
            assert_eq!(found, expected, "{name}");
        }
        let paths = repository.changed_paths(&made[1], &made[2]).await;
        let paths = paths.map_err(fine).expect("fine").items;
        let expected = [
            "notes/first.md",
            "notes/new.md",
            "notes/other.md",
            "notes/second.md",
        ];
        assert_eq!(paths, expected, "{name}");
    }
}
