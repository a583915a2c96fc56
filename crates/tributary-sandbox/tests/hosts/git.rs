//! The repositories themselves, and Git over smart HTTP with the real `git`.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use tributary_sandbox::signin::Server;
use tributary_sandbox::signin::hosts::Bucket;

use crate::stand::Stand;

/// The first three commits of the handbook, which nothing but a change of the seed can change.
const FIRST: &str = "281961ebdd55e5f4ed7e11acb45566a36ed850ae";

/// Runs the real `git` and gives what it wrote, or none when it failed.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let ended = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    let said = String::from_utf8_lossy(&ended.stderr);
    if !ended.status.success() {
        println!("git {arguments:?}: {said}");
        return None;
    }
    Some(String::from_utf8_lossy(&ended.stdout).into_owned())
}

async fn in_folder(folder: &Path, arguments: Vec<String>) -> Option<String> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        git(&folder, &arguments)
    })
    .await
    .expect("the thread ends")
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// The address of a repository with a name and password in it.
fn address(stand: &Stand, host: &str, name: &str, password: &str, repository: &str) -> String {
    let base = stand.sandbox.base_url().trim_start_matches("http://");
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let password =
        percent_encoding::utf8_percent_encode(password, percent_encoding::NON_ALPHANUMERIC);
    format!("http://{name}:{password}@{base}/hosts/{host}/{repository}")
}

const HOSTS: [(Server, &str, &str, &str); 6] = [
    (
        Server::Github,
        "github",
        "x-access-token",
        "acme/handbook.git",
    ),
    (Server::Gitlab, "gitlab", "oauth2", "acme/handbook.git"),
    (
        Server::Bitbucket,
        "bitbucket",
        "x-bitbucket-api-token-auth",
        "acme/handbook.git",
    ),
    (
        Server::Entra,
        "entra",
        "anything",
        "acme/docs/_git/handbook",
    ),
    (Server::Gitea, "gitea", "alice", "acme/handbook.git"),
    (
        Server::BitbucketDc,
        "bitbucket-dc",
        "alice",
        "scm/acme/handbook.git",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn git_clones_whole_shallow_and_without_blobs_from_every_host() {
    let stand = Stand::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    for (server, host, name, place) in HOSTS {
        let token = stand.token(server, "alice");
        let own = address(&stand, host, name, &token, place);
        let shallow = in_folder(
            folder.path(),
            words(&format!("clone --quiet --depth 1 {own} {host}-shallow")),
        )
        .await;
        assert!(shallow.is_some(), "{host}: a shallow clone");
        let clone = folder.path().join(format!("{host}-shallow"));
        let count = in_folder(&clone, words("rev-list --count HEAD")).await;
        assert_eq!(count.as_deref(), Some("1\n"), "{host}");
        let text = std::fs::read_to_string(clone.join("docs/welcome.md")).expect("a file");
        assert_eq!(text, "# Welcome\n\nYour first day.\n");
        // Without the blobs that nobody asked for.
        let bare = format!("clone --quiet --bare --filter=blob:none {own} {host}-filtered");
        assert!(
            in_folder(folder.path(), words(&bare)).await.is_some(),
            "{host}: a filtered clone"
        );
        let clone = folder.path().join(format!("{host}-filtered"));
        let missing = in_folder(
            &clone,
            words("rev-list --objects --missing=print refs/heads/main"),
        )
        .await;
        let missing = missing.expect("a list");
        assert!(
            missing.lines().filter(|line| line.starts_with('?')).count() > 15,
            "{host}: {missing}"
        );
        // With the form that the universal address has, and under it nothing that is not to be seen.
        let token = stand.token(server, "bob");
        let name = if name == "alice" { "bob" } else { name };
        let general = address(&stand, host, name, &token, "acme/handbook.git");
        let heads = in_folder(folder.path(), vec!["ls-remote".to_owned(), general])
            .await
            .expect("references");
        assert!(
            heads.contains("refs/heads/feature/pay-grades") && heads.contains("refs/tags/v1.0^{}"),
            "{heads}"
        );
        let secret = address(&stand, host, name, &token, "acme/secret-plans.git");
        for refused in [
            secret,
            address(&stand, host, name, "nonsense", "acme/handbook.git"),
        ] {
            let answer = in_folder(folder.path(), vec!["ls-remote".to_owned(), refused]).await;
            assert_eq!(answer, None, "{host}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_for_git_differ_from_those_of_the_api() {
    let stand = Stand::new().await;
    let cases = [
        // An address is what Bitbucket Cloud's API takes, and its Git does not.
        (Server::Bitbucket, "bitbucket", "alice@example.com", false),
        (Server::Bitbucket, "bitbucket", "alice", true),
        (Server::Bitbucket, "bitbucket", "x-token-auth", false),
        (Server::BitbucketDc, "bitbucket-dc", "bob", false),
        (Server::Github, "github", "whoever", true),
        (Server::Gitlab, "gitlab", "whoever", true),
    ];
    for (server, host, name, taken) in cases {
        let own = crate::stand::basic(name, &stand.token(server, "alice"));
        let path = format!("/hosts/{host}/acme/handbook.git/info/refs?service=git-upload-pack");
        let status = stand.get(&path, &own).await.status;
        assert_eq!(status, if taken { 200 } else { 401 }, "{host} {name}");
    }
    // `read_api` reads files, but does not clone.
    let poor = stand
        .accounts()
        .issue_personal(Server::Gitlab, "alice", &["read_api"], None)
        .expect("a token");
    let path = "/hosts/gitlab/acme/handbook.git/info/refs?service=git-upload-pack";
    assert_eq!(
        stand
            .get(path, &crate::stand::basic("oauth2", &poor))
            .await
            .status,
        404
    );
    // An application's token goes with the name `oauth2` only.
    let token = stand.accounts().issue(Server::Gitlab, &["read_repository"]);
    for (name, status) in [("oauth2", 200), ("alice", 401)] {
        assert_eq!(
            stand
                .get(path, &crate::stand::basic(name, &token))
                .await
                .status,
            status,
            "{name}"
        );
    }
    let nobody = stand.get(path, "").await;
    assert_eq!(
        (nobody.status, nobody.header("www-authenticate")),
        (401, "Basic realm=\"GitLab\"")
    );
    let push = path.replace("upload", "receive");
    assert_eq!(
        stand
            .get(&push, &crate::stand::basic("oauth2", &token))
            .await
            .status,
        403
    );
    // What is public is cloned by everybody.
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/handbook", "public": true}),
        )
        .await;
    for (_, host, ..) in HOSTS {
        let path = format!("/hosts/{host}/acme/handbook.git/info/refs?service=git-upload-pack");
        assert_eq!(stand.get(&path, "").await.status, 200, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_git_asks_counts_to_the_limits_that_are_documented() {
    let stand = Stand::new().await;
    let accounts = stand.accounts();
    let own = |server| crate::stand::basic("alice", &stand.token(server, "alice"));
    let refs = async |host: &str, own: &str| {
        let path = format!("/hosts/{host}/acme/handbook.git/info/refs?service=git-upload-pack");
        stand.get(&path, own).await
    };
    // Data Center takes it out of the bucket of all requests, and does so much at the same time.
    let alice = own(Server::BitbucketDc);
    let status = async || refs("bitbucket-dc", &alice).await.status;
    for (budget, expected) in [(Some(0), 429), (None, 200)] {
        accounts.set_budget(Server::BitbucketDc, budget);
        assert_eq!(status().await, expected, "{budget:?}");
    }
    accounts.set_size(Server::BitbucketDc, Bucket::AtOnce, Some(0));
    assert_eq!(status().await, 503);
    // The one before is over when all of it was read.
    accounts.set_size(Server::BitbucketDc, Bucket::AtOnce, Some(1));
    for _ in 0..3 {
        assert_eq!(status().await, 200);
    }
    // Bitbucket Cloud has a limit for it, beside which the API goes on.
    accounts.set_size(Server::Bitbucket, Bucket::Git, Some(0));
    let alice = own(Server::Bitbucket);
    assert_eq!(refs("bitbucket", &alice).await.status, 429);
    let person = stand.as_person(Server::Bitbucket, "alice");
    let api = "/hosts/bitbucket/2.0/repositories/acme/handbook";
    assert_eq!(stand.get(api, &person).await.status, 200);
    // Azure DevOps tells on a good answer that little is left, and then that it is to be waited for.
    accounts.set_size(Server::Entra, Bucket::Calls, Some(1));
    let alice = own(Server::Entra);
    for wait in ["", "1"] {
        let answer = refs("entra", &alice).await;
        let told = ["x-ratelimit-remaining", "retry-after"].map(|name| answer.header(name));
        assert_eq!((answer.status, told), (200, ["0", wait]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handbook_is_the_same_everywhere_and_has_what_is_hard() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ends = Vec::new();
    for round in ["one", "two"] {
        let stand = Stand::new().await;
        let own = address(
            &stand,
            "github",
            "x",
            &stand.token(Server::Github, "alice"),
            "acme/handbook.git",
        );
        let cloned = in_folder(
            folder.path(),
            words(&format!("clone --quiet --bare {own} {round}")),
        )
        .await;
        assert!(cloned.is_some());
        ends.push(
            in_folder(
                &folder.path().join(round),
                words("rev-parse main feature/pay-grades v1.0 v1.1"),
            )
            .await,
        );
    }
    assert_eq!(ends[0], ends[1], "dates are fixed, and so are hashes");
    let clone = folder.path().join("one");
    let first = in_folder(&clone, words("rev-parse v1.0^{commit}")).await;
    assert_eq!(first.as_deref().map(str::trim), Some(FIRST));
    let log = in_folder(&clone, words("log --reverse --format=%an:%s main"))
        .await
        .expect("a log");
    assert_eq!(
        log,
        "Alice Archer:Start the handbook\nBob Baker:Add what is hard to show\n\
         Alice Archer:Call the greetings what they are\nBob Baker:Bring the guide along\n"
    );
    let tree = in_folder(&clone, words("ls-tree -r main"))
        .await
        .expect("a tree");
    for part in [
        "120000 blob",
        "160000 commit 5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c\tvendor/theme",
        "100755 blob",
        "\tdocs/team/people/alice.md\n",
        "\tguide/images/mark.png\n",
        // The non-UTF-8 name, as Git writes it.
        "\t\"docs/caf\\351.md\"\n",
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\tdocs/empty.md\n",
    ] {
        assert!(tree.contains(part), "{part} in {tree}");
    }
    let renamed = in_folder(
        &clone,
        words("show --format= --name-status -M v1.0^{commit}"),
    )
    .await;
    assert_eq!(
        renamed.as_deref(),
        Some("R100\tdocs/hello.md\tdocs/greetings.md\n")
    );
    let kind = in_folder(&clone, words("cat-file -t v1.0")).await;
    assert_eq!(kind.as_deref(), Some("tag\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_commits_moves_branches_and_attaches_repositories() {
    let stand = Stand::new().await;
    let own = address(
        &stand,
        "github",
        "x",
        &stand.token(Server::Github, "alice"),
        "acme/handbook.git",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let listed = async || {
        let told = in_folder(folder.path(), vec!["ls-remote".to_owned(), own.clone()]).await;
        told.expect("references")
    };
    let before = listed().await;
    let made = stand
        .commit(
            "main",
            json!([
                {"write": {"path": "docs/new page.md", "text": "# New\n"}},
                {"write_bytes": {"path": "bytes", "base64": "AAEC"}},
                {"link": {"path": "link", "target": "bytes"}},
                {"rename": {"path": "docs/welcome.md", "to": "docs/hello.md"}},
                {"remove": {"path": "guide"}},
            ]),
        )
        .await;
    assert!(
        !before.contains(&made) && listed().await.contains(&format!("{made}\trefs/heads/main"))
    );
    let clone = in_folder(folder.path(), words(&format!("clone --quiet {own} clone"))).await;
    assert!(clone.is_some());
    let clone = folder.path().join("clone");
    let changed = in_folder(&clone, words("show --format=%an%n%at --name-status -M"))
        .await
        .expect("a commit");
    assert!(
        changed.starts_with("Alice Archer\n1713183600\n"),
        "{changed}"
    );
    for line in [
        "A\tbytes\n",
        "A\tlink\n",
        "A\tdocs/new page.md\n",
        "R100\tdocs/welcome.md\tdocs/hello.md\n",
        "D\tguide/README.md\n",
    ] {
        assert!(changed.contains(line), "{line} in {changed}");
    }
    // A new branch, and one that is pushed by force.
    let branched = stand.hand("commits", json!({"repository": "acme/handbook", "branch": "draft/one", "from": "v1.0",
        "author": "bob", "date": "2024-06-01T00:00:00Z", "edits": [{"write": {"path": "a", "text": "a"}}]})).await;
    let branched = branched.json()["commit"]
        .as_str()
        .expect("a hash")
        .to_owned();
    assert!(
        listed()
            .await
            .contains(&format!("{branched}\trefs/heads/draft/one"))
    );
    let forced = stand
        .hand(
            "refs",
            json!({"repository": "acme/handbook", "ref": "refs/heads/main", "commit": "v1.0"}),
        )
        .await;
    assert_eq!(forced.status, 204, "{}", forced.text());
    assert!(
        listed()
            .await
            .contains(&format!("{FIRST}\trefs/heads/main"))
    );
    let gone = stand
        .hand(
            "refs",
            json!({"repository": "acme/handbook", "ref": "refs/heads/draft/one", "commit": null}),
        )
        .await;
    assert_eq!(gone.status, 204);
    assert!(!listed().await.contains("draft/one"));
    for (name, body, status) in [
        (
            "refs",
            json!({"repository": "acme/handbook", "ref": "refs/heads/main", "commit": "nowhere"}),
            404,
        ),
        (
            "refs",
            json!({"repository": "acme/handbook", "ref": "HEAD", "commit": "main"}),
            409,
        ),
        ("commits", json!({"repository": "acme/nothing"}), 404),
        (
            "visibility",
            json!({"repository": "acme/nothing", "public": true}),
            404,
        ),
        ("repositories", json!({"repository": "no-owner"}), 409),
        (
            "repositories",
            json!({"repository": "acme/odd", "path": folder.path()}),
            409,
        ),
    ] {
        assert_eq!(
            stand.hand(name, body.clone()).await.status,
            status,
            "{name} {body}"
        );
    }
    // A repository of this machine, as it is there: bob may read it, and nobody may change it here.
    let attached = json!({"repository": "Tools/Guide", "path": clone, "readers": ["bob"]});
    assert_eq!(stand.hand("repositories", attached).await.status, 201);
    for (person, found) in [("bob", true), ("alice", false)] {
        let own = address(
            &stand,
            "gitlab",
            "oauth2",
            &stand.token(Server::Gitlab, person),
            "tools/guide.git",
        );
        let told = in_folder(folder.path(), vec!["ls-remote".to_owned(), own]).await;
        assert_eq!(
            told.is_some_and(|told| told.contains(&made)),
            found,
            "{person}"
        );
    }
    let refused = stand
        .hand("commits", json!({"repository": "tools/guide"}))
        .await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    // An empty one of our own is filled here.
    stand
        .hand(
            "repositories",
            json!({"repository": "acme/empty", "readers": ["alice"]}),
        )
        .await;
    let filled = stand
        .hand(
            "files",
            json!({"repository": "acme/empty", "folder": "many", "count": 3}),
        )
        .await;
    assert_eq!(filled.status, 201, "{}", filled.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_kept_with_the_sandbox() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let options = tributary_sandbox::Options {
            data: Some(folder.path().to_owned()),
            ..Default::default()
        };
        let sandbox = tributary_sandbox::start(options).await.expect("a sandbox");
        let accounts = sandbox.control().accounts().clone();
        let made =
            tokio::task::spawn_blocking(move || accounts.add_files("acme/handbook", "more", 2));
        seen.push(made.await.expect("the thread ends").expect("a commit"));
        sandbox.stop().await;
    }
    // The second commit is the same change on the same files, and comes after the first.
    let place = folder.path().join("git/acme/handbook.git");
    let arguments = words(&format!(
        "--git-dir {} rev-parse main main~1",
        place.display()
    ));
    let told = in_folder(folder.path(), arguments).await;
    assert_eq!(told, Some(format!("{}\n{}\n", seen[1], seen[0])));
}

#[tokio::test(flavor = "multi_thread")]
async fn large_files_are_asked_for_in_a_batch_and_fetched_with_its_header() {
    let stand = Stand::new().await;
    for (server, host, name, place) in HOSTS {
        let own = crate::stand::basic(name, &stand.token(server, "alice"));
        let clone = format!("/hosts/{host}/{place}");
        let oid = "6eef358a9197ebc0fd475a1757e52f1f587deca231dcc81b6537a626dd24fe23";
        let body = json!({"operation": "download", "transfers": ["basic"], "objects": [
            {"oid": oid, "size": 42}, {"oid": "0".repeat(64), "size": 1}]});
        let ask = async |own: &str| {
            let headers = [
                ("authorization", own),
                ("content-type", "application/vnd.git-lfs+json"),
            ];
            stand
                .send(
                    "POST",
                    &format!("{clone}/info/lfs/objects/batch"),
                    &headers,
                    body.to_string().into_bytes(),
                )
                .await
        };
        let told = ask(&own).await;
        assert_eq!(
            (told.status, told.header("content-type")),
            (200, "application/vnd.git-lfs+json"),
            "{host}"
        );
        let download = &told.json()["objects"][0]["actions"]["download"];
        assert_eq!(told.json()["objects"][1]["error"]["code"], 404);
        let href = download["href"].as_str().expect("an address");
        let header = download["header"]["Authorization"]
            .as_str()
            .expect("a header");
        assert_eq!(
            stand.get(href, header).await.text(),
            "A large file, as far as Git is concerned.\n"
        );
        assert_eq!(
            stand.get(href, &own).await.status,
            403,
            "{host}: not with the credential"
        );
        assert_eq!(ask("").await.status, 401, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_of_many_branches_is_asked_for_packed_and_follows_a_push_by_force() {
    let stand = Stand::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let token = stand.token(Server::Github, "alice");
    let own = address(&stand, "github", "x", &token, "acme/handbook.git");
    for number in 0..30 {
        let wanted = json!({"repository": "acme/handbook", "branch": format!("b{number}"), "from": "v1.0",
            "edits": [{"write": {"path": "number", "text": number.to_string()}}]});
        assert_eq!(stand.hand("commits", wanted).await.status, 201);
    }
    // With so many ends to ask for, `git` packs its request.
    let cloned = in_folder(folder.path(), words(&format!("clone --quiet {own} clone"))).await;
    assert!(cloned.is_some());
    let clone = folder.path().join("clone");
    let branches = in_folder(&clone, words("branch --remotes --list origin/b*")).await;
    assert_eq!(branches.expect("a list").lines().count(), 30);
    let forced = json!({"repository": "acme/handbook", "branch": "main", "from": "v1.0",
        "edits": [{"write": {"path": "README.md", "text": "Other\n"}}]});
    let forced = stand.hand("commits", forced).await.json();
    assert!(in_folder(&clone, words("fetch --quiet")).await.is_some());
    let end = in_folder(&clone, words("rev-parse origin/main"))
        .await
        .expect("a hash");
    assert_eq!(forced["commit"], end.trim());
    let kept = in_folder(&clone, words("rev-list --count v1.0..origin/main")).await;
    assert_eq!(
        kept.as_deref(),
        Some("1\n"),
        "what was there before is no longer in the branch"
    );
}
