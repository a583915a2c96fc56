//! GitLab's dialect.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Stand, entry, names};

const PROJECTS: &str = "/hosts/gitlab/api/v4/projects";

fn path(rest: &str) -> String {
    format!("{PROJECTS}/acme%2Fhandbook{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let Some(document) = Document::open("gitlab.json") else {
        return;
    };
    for (asked, template) in [
        (String::new(), ""),
        (path(""), "/{id}"),
        (
            path("/repository/branches?search=feature"),
            "/{id}/repository/branches",
        ),
        (
            path("/repository/branches/feature%2Fpay-grades"),
            "/{id}/repository/branches/{branch}",
        ),
        (path("/repository/tags"), "/{id}/repository/tags"),
        (
            path("/repository/tags/v1.0"),
            "/{id}/repository/tags/{tag_name}",
        ),
        (
            path("/repository/commits?path=docs"),
            "/{id}/repository/commits",
        ),
        (
            path("/repository/commits/main"),
            "/{id}/repository/commits/{sha}",
        ),
        (
            path("/repository/compare?from=v1.0&to=main"),
            "/{id}/repository/compare",
        ),
    ] {
        let asked = if asked.is_empty() {
            format!("{PROJECTS}?membership=true")
        } else {
            asked
        };
        let answer = stand.get(&asked, &own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        document.check(&format!("/api/v4/projects{template}"), 200, &answer.json());
    }
    let version = stand.get("/hosts/gitlab/api/v4/version", &own).await;
    document.check("/api/v4/version", 200, &version.json());
    // The description has one entry in place of a list, and no body for files.
    let tree = stand.get(&path("/repository/tree"), &own).await.json();
    document.check("/api/v4/projects/{id}/repository/tree", 200, &tree[0]);
    // Neither has it one for who wrote which lines; the commits in it are as commits are.
    let blame = path("/repository/files/README%2Emd/blame?ref=main");
    let blame = stand.get(&blame, &own).await.json();
    document.check(
        "/api/v4/projects/{id}/repository/commits/{sha}",
        200,
        &blame[0]["commit"],
    );
}

/// The description names some refusals and has no body for any, nor for files and archives.
#[tokio::test(flavor = "multi_thread")]
async fn of_refusals_and_files_the_official_description_says_nothing() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let Some(document) = Document::open("gitlab.json") else {
        return;
    };
    let file = path("/repository/files/README%2Emd?ref=main");
    let blob = stand.get(&file, &own).await.json()["blob_id"].clone();
    let blob = blob.as_str().expect("a hash");
    let of = |rest: &str| format!("/api/v4/projects/{{id}}{rest}");
    let known = |path, template, status| Asked(path, &own, template, status, Said::Nothing);
    let asked = [
        Asked(
            "/hosts/gitlab/api/v4/version".to_owned(),
            "",
            "/api/v4/version".to_owned(),
            401,
            Said::Nothing,
        ),
        known(format!("{PROJECTS}/acme%2Fnothing"), of(""), 404),
        known(
            path("/repository/branches/absent"),
            of("/repository/branches/{branch}"),
            404,
        ),
        known(
            path("/repository/tags/absent"),
            of("/repository/tags/{tag_name}"),
            404,
        ),
        known(
            path("/repository/commits/absent"),
            of("/repository/commits/{sha}"),
            404,
        ),
        known(
            path("/repository/tree?ref=absent"),
            of("/repository/tree"),
            404,
        ),
        known(
            path("/repository/files/README%2Emd?ref=main"),
            of("/repository/files/{file_path}"),
            200,
        ),
        known(
            path("/repository/files/README%2Emd/raw?ref=main"),
            of("/repository/files/{file_path}/raw"),
            200,
        ),
        known(
            path(&format!("/repository/blobs/{blob}/raw")),
            of("/repository/blobs/{sha}/raw"),
            200,
        ),
        known(
            path("/repository/archive.tar.gz"),
            of("/repository/archive"),
            200,
        ),
    ];
    document.hold(&stand, &asked).await;
    stand.accounts().set_budget(Server::Gitlab, Some(0));
    document.hold(&stand, &[known(path(""), of(""), 429)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_followed_by_its_links_and_never_has_more_than_a_hundred() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 150}),
        )
        .await;
    let mut next = Some(path(
        "/repository/tree?recursive=true&per_page=1000&pagination=keyset&ref=main",
    ));
    let (mut sizes, mut seen) = (Vec::new(), Vec::new());
    while let Some(asked) = next {
        let answer = stand.get(&asked, &own).await;
        let list = answer.json();
        sizes.push(list.as_array().map_or(0, Vec::len));
        seen.extend(names(&list, "path"));
        next = answer.next();
    }
    assert_eq!((sizes.len(), sizes[0]), (2, 100), "{sizes:?}");
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "nothing comes twice");
    assert!(once.iter().any(|path| path == "many/file-00149.md"));
    let numbered = stand
        .get(
            &path("/repository/tree?recursive=true&per_page=100&page=2"),
            &own,
        )
        .await
        .json();
    assert_eq!(
        numbered[0]["path"],
        seen[0].as_str(),
        "a page by its number is the first one again"
    );
    let folder = stand
        .get(&path("/repository/tree?path=docs&ref=v1.0"), &own)
        .await
        .json();
    let module = stand
        .get(&path("/repository/tree?path=vendor"), &own)
        .await
        .json();
    assert_eq!(entry(&folder, "path", "docs/team")["type"], "tree");
    assert_eq!(entry(&folder, "name", "first-day.md")["mode"], "120000");
    assert_eq!(
        (&module[0]["type"], &module[0]["mode"]),
        (&json!("commit"), &json!("160000"))
    );
    for gone in ["?path=nowhere", "?ref=nowhere", "?path=README.md"] {
        assert_eq!(
            stand
                .get(&path(&format!("/repository/tree{gone}")), &own)
                .await
                .status,
            404,
            "{gone}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_with_what_head_tells_and_large_ones_on_request() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let get = async |rest: &str| stand.get(&path(&format!("/repository/{rest}")), &own).await;
    for (asked, text) in [
        (
            "files/docs%2Fwelcome%2Emd/raw?ref=main",
            "# Welcome\n\nYour first day.\n",
        ),
        ("files/docs%2Ffirst-day%2Emd/raw", "welcome.md"),
        (
            "files/README%2Emd/raw?ref=feature%2Fpay-grades",
            "# Handbook\n\nHow we work at Acme, and for how much.\n",
        ),
        (
            "files/docs%2Fna%C3%AFve%20%26%20100%25%20%231%2Emd/raw",
            "# Naïve\n\nA name that must be encoded.\n",
        ),
        (
            "files/docs%2Fwindows%2Emd/raw",
            "# Windows\r\n\r\nLines end otherwise here.\r\n",
        ),
        (
            "files/assets%2Ftour%2Emp4/raw?lfs=true",
            "A large file, as far as Git is concerned.\n",
        ),
    ] {
        let answer = get(asked).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, text),
            "{asked}"
        );
    }
    assert!(
        get("files/assets%2Ftour%2Emp4/raw")
            .await
            .text()
            .starts_with("version https://git-lfs")
    );
    assert_eq!(
        get("files/docs%2Fcaf%E9%2Emd/raw").await.bytes,
        b"# Caf\xe9\n\nOpen all day.\n"
    );
    assert_eq!(get("files/README.md").await.status, 400, "without a ref");
    for gone in [
        "files/nothing/raw",
        "files/docs/raw",
        "files/README%2Emd/raw?ref=nowhere",
        "blobs/0000000000000000000000000000000000000000",
    ] {
        assert_eq!(get(gone).await.status, 404, "{gone}");
    }
    let told = get("files/docs%2Fgreetings%2Emd?ref=main").await.json();
    let head = stand
        .send(
            "HEAD",
            &path("/repository/files/docs%2Fgreetings%2Emd?ref=main"),
            &[("authorization", &own)],
            Vec::new(),
        )
        .await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(
        head.header("x-gitlab-last-commit-id"),
        told["last_commit_id"],
        "one cheap call"
    );
    assert_ne!(told["last_commit_id"], told["commit_id"]);
    assert_eq!(head.header("x-gitlab-size"), told["size"].to_string());
    let blob = told["blob_id"].as_str().expect("a hash");
    let commit = get(&format!(
        "commits/{}",
        told["last_commit_id"].as_str().expect("a hash")
    ))
    .await
    .json();
    assert_eq!(commit["title"], "Call the greetings what they are");
    let raw = get(&format!("blobs/{blob}/raw")).await;
    assert!(raw.text().starts_with("# Hello\n"));
    let headers = [
        ("authorization", own.as_str()),
        ("if-none-match", raw.header("etag")),
    ];
    let again = stand
        .send(
            "GET",
            &path(&format!("/repository/blobs/{blob}/raw")),
            &headers,
            Vec::new(),
        )
        .await;
    assert_eq!(again.status, 304);
    // `304` still counts.
    let left = |answer: &crate::stand::Answer| {
        answer
            .header("ratelimit-remaining")
            .parse::<u32>()
            .expect("a number")
    };
    assert_eq!(left(&again) + 1, left(&raw));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_which_lines_comes_in_parts_of_one_commit_each() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let write = async |text: &str| {
        let edits = json!([{"write": {"path": "lines.md", "text": text}}]);
        stand.commit("main", edits).await
    };
    write("one\ntwo\nthree\n").await;
    let second = write("one\n2\nthree\n").await;
    let get = async |rest: &str| {
        let asked = path(&format!("/repository/files/lines%2Emd/blame{rest}"));
        stand.get(&asked, &own).await
    };
    let told = get("?ref=main").await.json();
    let parts = told.as_array().expect("a list");
    assert_eq!(parts.len(), 3, "{told}");
    assert_eq!(told[0]["lines"], json!(["one"]));
    assert_eq!(told[1]["lines"], json!(["2"]));
    assert_eq!(told[1]["commit"]["id"], second.as_str());
    assert_eq!(
        told[0]["commit"], told[2]["commit"],
        "around it stays what was"
    );
    let some = get("?ref=main&range[start]=2&range[end]=2").await.json();
    assert_eq!(some, json!([told[1]]), "only what was asked for");
    let before = get(&format!("?ref={second}~1")).await.json();
    assert_eq!(before[0]["lines"], json!(["one", "two", "three"]));
    for (rest, status) in [
        ("", 400),
        ("?ref=main&range[start]=2", 400),
        ("?ref=nowhere", 404),
        ("?ref=v1.0", 404),
    ] {
        assert_eq!(get(rest).await.status, status, "{rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_searched_paged_and_counted() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitlab, "alice");
    let get = async |rest: &str| stand.get(&path(&format!("/repository/{rest}")), &own).await;
    assert_eq!(
        names(&get("branches?search=pay").await.json(), "name"),
        ["feature/pay-grades"]
    );
    assert_eq!(
        names(&get("branches?search=%5Ema").await.json(), "name"),
        ["main"]
    );
    let tags = get("tags?per_page=1").await;
    assert_eq!(
        (
            names(&tags.json(), "name"),
            tags.header("x-total"),
            tags.header("x-next-page")
        ),
        (vec!["v1.1".to_owned()], "2", "2")
    );
    let second = stand.get(&tags.next().expect("a second page"), &own).await;
    assert_eq!(second.json()[0]["message"], "The first edition");
    assert_eq!((second.next(), second.header("x-next-page")), (None, ""));
    let commits = get("commits?path=docs/greetings.md&ref_name=main").await;
    assert_eq!(
        names(&commits.json(), "title"),
        ["Call the greetings what they are"],
        "renames are not followed"
    );
    assert!(
        !commits.headers.contains_key("x-total"),
        "commits are not counted"
    );
    let since = get("commits?since=2024-03-01T00:00:00Z&until=2024-04-01T00:00:00Z").await;
    assert_eq!(
        names(&since.json(), "title"),
        ["Call the greetings what they are"]
    );
    let apart = get("compare?from=main&to=feature%2Fpay-grades")
        .await
        .json();
    assert_eq!(
        names(&apart["diffs"], "new_path"),
        ["README.md", "docs/pay.md"]
    );
    let straight = get("compare?from=main&to=feature%2Fpay-grades&straight=true")
        .await
        .json();
    assert!(
        names(&straight["diffs"], "old_path")
            .iter()
            .any(|path| path == "guide/README.md")
    );
    let renamed = get("compare?from=v1.0~1&to=v1.0").await.json();
    assert_eq!(
        (
            &renamed["diffs"][0]["renamed_file"],
            &renamed["diffs"][0]["old_path"]
        ),
        (&json!(true), &json!("docs/hello.md"))
    );
    let archive = get("archive.zip?sha=main&path=docs/team").await;
    assert!(archive.bytes.starts_with(b"PK"));
    let text = String::from_utf8_lossy(&archive.bytes).into_owned();
    assert!(text.contains("docs/team/people/alice.md") && !text.contains("README.md"));
    let keyset = stand
        .get(
            &format!("{PROJECTS}?pagination=keyset&order_by=id&sort=asc&per_page=1"),
            &own,
        )
        .await;
    let next = keyset.next().expect("a second project");
    assert!(next.contains("id_after=101"), "{next}");
    assert_eq!(
        names(&stand.get(&next, &own).await.json(), "name"),
        ["secret-plans"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_everybody_what_is_public() {
    let stand = Stand::new().await;
    let (alice, bob) = (
        stand.as_person(Server::Gitlab, "alice"),
        stand.as_person(Server::Gitlab, "bob"),
    );
    let listed = async |own: &str, rest: &str| {
        names(
            &stand.get(&format!("{PROJECTS}{rest}"), own).await.json(),
            "path_with_namespace",
        )
    };
    assert_eq!(listed(&bob, "?membership=true").await, ["acme/handbook"]);
    assert_eq!(
        listed(&alice, "?membership=true&search=SECRET").await,
        ["acme/secret-plans"]
    );
    assert!(listed("", "").await.is_empty());
    let secret = format!("{PROJECTS}/acme%2Fsecret-plans");
    for rest in [
        "",
        "/repository/tree",
        "/repository/branches",
        "/repository/tags",
        "/repository/files/README.md?ref=main",
        "/repository/files/README.md/raw",
        "/repository/files/README.md/blame?ref=main",
        "/repository/commits",
        "/repository/compare?from=main&to=main",
        "/repository/archive",
    ] {
        for (own, status) in [
            (alice.as_str(), 200),
            (bob.as_str(), 404),
            ("", 404),
            ("Bearer nonsense", 401),
        ] {
            assert_eq!(
                stand.get(&format!("{secret}{rest}"), own).await.status,
                status,
                "{rest} {own}"
            );
        }
    }
    assert_eq!(
        stand.get(&format!("{PROJECTS}/102"), &bob).await.status,
        404
    );
    let poor = stand
        .accounts()
        .issue_personal(Server::Gitlab, "alice", &["read_user"], None)
        .expect("a token");
    let refused = stand.get(&secret, &format!("Bearer {poor}")).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (403, &json!("insufficient_scope"))
    );
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    assert_eq!(listed("", "").await, ["acme/secret-plans"]);
    assert_eq!(
        listed(&bob, "").await,
        ["acme/secret-plans", "acme/handbook"]
    );
    assert_eq!(listed(&bob, "?membership=true").await, ["acme/handbook"]);
    let file = stand
        .get(&format!("{secret}/repository/files/README.md/raw"), "")
        .await;
    assert_eq!(file.text(), "# Secret plans\n\nFor few eyes.\n");
    // Too much.
    stand
        .hand("limits", json!({"server": "gitlab", "budget": 0}))
        .await;
    let refused = stand.get(&secret, &alice).await;
    assert_eq!(
        (
            refused.status,
            refused.header("ratelimit-remaining"),
            refused.header("retry-after")
        ),
        (429, "0", "60")
    );
    assert!(!refused.header("ratelimit-resettime").is_empty());
    assert!(
        serde_json::from_slice::<Value>(&refused.bytes).is_err(),
        "no JSON"
    );
}
