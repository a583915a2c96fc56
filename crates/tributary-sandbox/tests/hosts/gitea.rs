//! Gitea's dialect.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Stand, entry, names};

const API: &str = "/hosts/gitea/api/v1";

fn path(rest: &str) -> String {
    format!("{API}/repos/acme/handbook{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitea, "alice");
    let Some(document) = Document::open("gitea.json") else {
        return;
    };
    let blob = stand.get(&path("/contents/README.md"), &own).await.json()["sha"]
        .as_str()
        .expect("a hash")
        .to_owned();
    let repository = "/repos/{owner}/{repo}";
    for (asked, template) in [
        (format!("{API}/version"), "/version".to_owned()),
        (format!("{API}/settings/api"), "/settings/api".to_owned()),
        (format!("{API}/user"), "/user".to_owned()),
        (format!("{API}/user/repos"), "/user/repos".to_owned()),
        (
            format!("{API}/repos/search?q=hand"),
            "/repos/search".to_owned(),
        ),
        (path(""), repository.to_owned()),
        (path("/branches"), format!("{repository}/branches")),
        (
            path("/branches/feature/pay-grades"),
            format!("{repository}/branches/{{branch}}"),
        ),
        (path("/tags"), format!("{repository}/tags")),
        (path("/tags/v1.0"), format!("{repository}/tags/{{tag}}")),
        (
            path("/git/refs/heads"),
            format!("{repository}/git/refs/{{ref}}"),
        ),
        (
            path("/git/trees/main?recursive=true"),
            format!("{repository}/git/trees/{{sha}}"),
        ),
        (
            path(&format!("/git/blobs/{blob}")),
            format!("{repository}/git/blobs/{{sha}}"),
        ),
        (
            path("/git/commits/main"),
            format!("{repository}/git/commits/{{sha}}"),
        ),
        (path("/contents"), format!("{repository}/contents")),
        (
            path("/contents/docs/welcome.md"),
            format!("{repository}/contents/{{filepath}}"),
        ),
        (
            path("/contents/vendor/theme"),
            format!("{repository}/contents/{{filepath}}"),
        ),
        (
            path("/commits?path=docs&sha=main"),
            format!("{repository}/commits"),
        ),
        (
            path("/compare/v1.0...main"),
            format!("{repository}/compare/{{basehead}}"),
        ),
    ] {
        let answer = stand.get(&asked, &own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        document.check(&template, 200, &answer.json());
    }
}

/// The description has a body for the refusal of an empty repository, and for no other.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitea, "alice");
    let Some(document) = Document::open("gitea.json") else {
        return;
    };
    stand
        .hand(
            "repositories",
            json!({"repository": "acme/empty", "readers": ["alice"]}),
        )
        .await;
    let of = |rest: &str| format!("/repos/{{owner}}/{{repo}}{rest}");
    let none = |path, template, status| Asked(path, own.as_str(), template, status, Said::Nothing);
    let asked = [
        Asked(
            format!("{API}/repos/acme/empty/commits"),
            &own,
            of("/commits"),
            409,
            Said::Form,
        ),
        Asked(
            format!("{API}/user"),
            "",
            "/user".to_owned(),
            401,
            Said::Nothing,
        ),
        none(format!("{API}/repos/acme/nothing"), of(""), 404),
        none(path("/branches/absent"), of("/branches/{branch}"), 404),
        none(path("/tags/absent"), of("/tags/{tag}"), 404),
        none(path("/git/trees/absent"), of("/git/trees/{sha}"), 400),
        none(path("/git/commits/absent"), of("/git/commits/{sha}"), 404),
        none(path("/contents/absent.md"), of("/contents/{filepath}"), 404),
        none(path("/commits?sha=absent"), of("/commits"), 404),
        none(path("/raw/absent.md"), of("/raw/{filepath}"), 404),
        none(path("/raw/README.md"), of("/raw/{filepath}"), 200),
        none(path("/media/README.md"), of("/media/{filepath}"), 200),
        none(path("/archive/main.tar.gz"), of("/archive/{archive}"), 200),
    ];
    document.hold(&stand, &asked).await;
    stand.accounts().refuse(Server::Gitea, 429, Some(1), 1);
    document.hold(&stand, &[none(path(""), of(""), 429)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_has_pages_and_truncated_means_there_are_more() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitea, "alice");
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 1500}),
        )
        .await;
    let settings = stand.get(&format!("{API}/settings/api"), "").await.json();
    assert_eq!(
        (
            &settings["max_response_items"],
            &settings["default_git_trees_per_page"]
        ),
        (&json!(50), &json!(1000))
    );
    let mut seen = Vec::new();
    for page in 1..=3 {
        let tree = stand
            .get(
                &path(&format!(
                    "/git/trees/main?recursive=true&per_page=5000&page={page}"
                )),
                &own,
            )
            .await
            .json();
        let more = page == 1;
        assert_eq!(tree["truncated"], more, "page {page}");
        seen.extend(names(&tree["tree"], "path"));
        assert!(tree["total_count"].as_u64().expect("a number") > 1500);
    }
    let last = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(
        (seen.len(), last > 1500),
        (last, true),
        "nothing comes twice"
    );
    assert_eq!(
        stand.get(&path("/git/trees/nowhere"), &own).await.status,
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_raw_resolved_and_with_their_last_commit() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitea, "alice");
    let get = async |rest: &str| stand.get(&path(rest), &own).await;
    for (asked, text) in [
        ("/raw/docs/welcome.md", "# Welcome\n\nYour first day.\n"),
        (
            "/raw/docs/pay.md?ref=feature/pay-grades",
            "# Pay grades\n\nA draft.\n",
        ),
        (
            "/raw/docs/windows.md",
            "# Windows\r\n\r\nLines end otherwise here.\r\n",
        ),
        (
            "/raw/docs/na%C3%AFve%20%26%20100%25%20%231.md",
            "# Naïve\n\nA name that must be encoded.\n",
        ),
        (
            "/media/assets/tour.mp4",
            "A large file, as far as Git is concerned.\n",
        ),
        ("/media/docs/welcome.md", "# Welcome\n\nYour first day.\n"),
    ] {
        let answer = get(asked).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, text),
            "{asked}"
        );
    }
    assert!(
        get("/raw/assets/tour.mp4")
            .await
            .text()
            .starts_with("version https://git-lfs")
    );
    assert_eq!(
        get("/raw/docs/caf%E9.md").await.bytes,
        b"# Caf\xe9\n\nOpen all day.\n"
    );
    let etag = get("/raw/README.md").await.header("etag").to_owned();
    let headers = [
        ("authorization", own.as_str()),
        ("if-none-match", etag.as_str()),
    ];
    assert_eq!(
        stand
            .send("GET", &path("/raw/README.md"), &headers, Vec::new())
            .await
            .status,
        304
    );
    let file = get("/contents/docs/greetings.md").await.json();
    let last = file["last_commit_sha"].as_str().expect("a hash");
    let commit = get(&format!("/git/commits/{last}")).await.json();
    assert_eq!(
        commit["commit"]["message"],
        "Call the greetings what they are\n"
    );
    assert_eq!(
        commit["files"],
        json!([{"filename": "docs/greetings.md", "status": "renamed"}])
    );
    let folder = get("/contents/docs?ref=v1.0").await.json();
    let link = entry(&folder, "name", "first-day.md");
    assert_eq!(
        (&link["type"], &link["target"], &link["content"]),
        (&json!("symlink"), &json!("welcome.md"), &Value::Null)
    );
    assert_eq!(
        entry(&folder, "name", "greetings.md")["content"],
        Value::Null,
        "a list has no contents"
    );
    for gone in [
        "/raw/nothing",
        "/raw/docs",
        "/contents/README.md?ref=nowhere",
        "/branches/none",
    ] {
        assert_eq!(get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_small_and_a_limit_beside_a_path_is_left_unheeded() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Gitea, "alice");
    let get = async |rest: &str| stand.get(&path(rest), &own).await;
    for number in 0..60 {
        let body = json!({"repository": "acme/handbook", "ref": format!("refs/tags/t{number}"), "commit": "v1.0"});
        stand.hand("refs", body).await;
    }
    let tags = get("/tags?limit=1000").await;
    assert_eq!(
        (
            tags.json().as_array().map(Vec::len),
            tags.header("x-total-count")
        ),
        (Some(50), "62")
    );
    assert!(
        tags.header("link").contains("page=2>; rel=\"next\""),
        "{}",
        tags.header("link")
    );
    for number in 0..3 {
        stand
            .commit(
                "main",
                json!([{"write": {"path": "README.md", "text": number.to_string()}}]),
            )
            .await;
    }
    let plain = get("/commits?limit=2&stat=false&files=false").await;
    assert_eq!(
        (
            plain.json().as_array().map(Vec::len),
            plain.header("x-hasmore")
        ),
        (Some(2), "true")
    );
    assert_eq!(plain.json()[0]["files"], Value::Null);
    let of_path = get("/commits?limit=2&path=README.md").await;
    assert_eq!(
        (
            of_path.json().as_array().map(Vec::len),
            of_path.header("x-total")
        ),
        (Some(4), "4")
    );
    let compared = get("/compare/v1.0...feature/pay-grades").await.json();
    assert_eq!(compared["total_commits"], 1);
    assert_eq!(
        names(&compared["commits"][0]["files"], "filename"),
        ["README.md", "docs/pay.md"]
    );
    let archive = get("/archive/v1.0.zip?path=docs/team").await;
    let text = String::from_utf8_lossy(&archive.bytes).into_owned();
    assert!(text.contains("handbook/docs/team/people/alice.md") && !text.contains("README.md"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_everybody_what_is_public() {
    let stand = Stand::new().await;
    let (alice, bob) = (
        stand.as_person(Server::Gitea, "alice"),
        stand.as_person(Server::Gitea, "bob"),
    );
    let listed = async |own: &str, rest: &str| {
        let list = stand.get(&format!("{API}{rest}"), own).await.json();
        names(
            if list.is_array() {
                &list
            } else {
                &list["data"]
            },
            "name",
        )
    };
    assert_eq!(listed(&bob, "/user/repos").await, ["handbook"]);
    assert_eq!(
        listed(&alice, "/repos/search?q=SECRET&private=true").await,
        ["secret-plans"]
    );
    assert!(
        listed(&alice, "/repos/search?private=false")
            .await
            .is_empty()
    );
    let secret = format!("{API}/repos/acme/secret-plans");
    for rest in [
        "",
        "/branches",
        "/tags",
        "/git/trees/main",
        "/contents",
        "/raw/README.md",
        "/media/README.md",
        "/commits",
        "/compare/main...main",
        "/archive/main.zip",
    ] {
        for (own, status) in [
            (alice.as_str(), 200),
            (bob.as_str(), 404),
            ("", 404),
            ("token nonsense", 401),
        ] {
            assert_eq!(
                stand.get(&format!("{secret}{rest}"), own).await.status,
                status,
                "{rest} {own}"
            );
        }
    }
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    assert_eq!(listed("", "/repos/search").await, ["secret-plans"]);
    assert_eq!(
        stand
            .get(&format!("{secret}/raw/README.md"), "")
            .await
            .status,
        200
    );
    let poor = stand
        .accounts()
        .issue_personal(Server::Gitea, "alice", &["read:user"], None)
        .expect("a token");
    assert_eq!(
        stand.get(&secret, &format!("token {poor}")).await.status,
        403
    );
    // Nothing is limited, unless a proxy does.
    assert!(
        !stand
            .get(&secret, &alice)
            .await
            .headers
            .keys()
            .any(|name| name.as_str().contains("ratelimit"))
    );
    stand
        .hand(
            "limits",
            json!({"server": "gitea", "refuse": {"status": 429, "retry_after": 1}}),
        )
        .await;
    assert_eq!(stand.get(&secret, &alice).await.header("retry-after"), "1");
}
