//! Bitbucket Data Center's dialect.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Stand, names};

const API: &str = "/hosts/bitbucket-dc/rest/api/latest";

fn path(rest: &str) -> String {
    format!("{API}/projects/ACME/repos/handbook{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::BitbucketDc, "alice");
    let Some(document) = Document::open("bitbucket-dc.json") else {
        return;
    };
    let repository = "/projects/{projectKey}/repos/{repositorySlug}";
    for (asked, template) in [
        (format!("{API}/repos"), "/repos".to_owned()),
        (format!("{API}/users/alice"), "/users/{userSlug}".to_owned()),
        (
            format!("{API}/projects/ACME/repos"),
            "/projects/{projectKey}/repos".to_owned(),
        ),
        (path(""), repository.to_owned()),
        (path("/branches"), format!("{repository}/branches")),
        (path("/tags"), format!("{repository}/tags")),
        (path("/tags/v1.0"), format!("{repository}/tags/{{name}}")),
        (
            path("/default-branch"),
            format!("{repository}/default-branch"),
        ),
        (
            path("/files/docs?at=main"),
            format!("{repository}/files/{{path}}"),
        ),
        (path("/files?at=main"), format!("{repository}/files")),
        (
            path("/last-modified?at=main"),
            format!("{repository}/last-modified"),
        ),
        (
            format!("{API}/application-properties"),
            "/application-properties".to_owned(),
        ),
        (path("/commits?path=docs"), format!("{repository}/commits")),
        (
            path("/commits/main"),
            format!("{repository}/commits/{{commitId}}"),
        ),
        (
            path("/last-modified/docs?at=main"),
            format!("{repository}/last-modified/{{path}}"),
        ),
    ] {
        let answer = stand.get(&asked, &own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        let mut body = answer.json();
        if template.ends_with("/tags") || template.ends_with("/{name}") {
            // The document has no null for the hash of a tag that is not annotated.
            let without = |tag: &mut Value| {
                tag["hash"]
                    .is_null()
                    .then(|| tag.as_object_mut().map(|tag| tag.remove("hash")))
            };
            match body["values"].as_array_mut() {
                Some(tags) => tags.iter_mut().for_each(|tag| {
                    without(tag);
                }),
                None => {
                    without(&mut body);
                }
            }
        }
        document.check(&format!("/api/latest{template}"), 200, &body);
    }
}

/// The document has no null, which is what is sent where a failure is about nothing in particular.
const NULL: Said = Said::FormBut("/errors/0/context");

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::BitbucketDc, "alice");
    let Some(document) = Document::open("bitbucket-dc.json") else {
        return;
    };
    let of =
        |rest: &str| format!("/api/latest/projects/{{projectKey}}/repos/{{repositorySlug}}{rest}");
    let mut asked = Vec::new();
    for (rest, template) in [
        ("", ""),
        ("/branches", "/branches"),
        ("/tags", "/tags"),
        ("/tags/v1.0", "/tags/{name}"),
        ("/default-branch", "/default-branch"),
        ("/files", "/files"),
        ("/files/docs", "/files/{path}"),
        ("/browse", "/browse"),
        ("/browse/docs", "/browse/{path}"),
        ("/raw/README.md", "/raw/{path}"),
        ("/commits", "/commits"),
        ("/last-modified?at=main", "/last-modified"),
        ("/last-modified/docs?at=main", "/last-modified/{path}"),
        ("/archive?at=main", "/archive"),
    ] {
        let nothing = format!("{API}/projects/ACME/repos/nothing{rest}");
        asked.push(Asked(path(rest), "", of(template), 401, NULL));
        asked.push(Asked(nothing, &own, of(template), 404, NULL));
    }
    let known = |rest: &str, template: &str, status, said| {
        Asked(path(rest), own.as_str(), of(template), status, said)
    };
    asked.extend([
        known("/files/absent", "/files/{path}", 404, NULL),
        known("/files/README.md", "/files/{path}", 400, NULL),
        known("/browse/absent", "/browse/{path}", 404, NULL),
        known("/browse?at=absent", "/browse", 404, NULL),
        known("/raw/absent.md", "/raw/{path}", 404, NULL),
        known("/tags/absent", "/tags/{name}", 404, NULL),
        known("/commits/absent", "/commits/{commitId}", 404, NULL),
        known("/last-modified", "/last-modified", 400, NULL),
        // What a folder, a file in lines, the bytes of a file and an archive are is left open.
        known("/browse?at=main", "/browse", 200, Said::Nothing),
        known("/browse/docs?at=main", "/browse/{path}", 200, Said::Nothing),
        known("/browse/README.md", "/browse/{path}", 200, Said::Nothing),
        known("/raw/README.md", "/raw/{path}", 200, Said::Nothing),
        known("/archive?at=main", "/archive", 200, Said::Nothing),
        known(
            "/compare/changes?from=v1.0&to=main",
            "/compare/changes",
            200,
            Said::Nothing,
        ),
        Asked(
            format!("{API}/users/nobody"),
            &own,
            "/api/latest/users/{userSlug}".to_owned(),
            404,
            NULL,
        ),
        Asked(
            format!("{API}/users/alice"),
            "Bearer nonsense",
            "/api/latest/users/{userSlug}".to_owned(),
            401,
            NULL,
        ),
    ]);
    document.hold(&stand, &asked).await;
    stand.accounts().set_budget(Server::BitbucketDc, Some(0));
    let limited = Asked(path(""), &own, of(""), 429, Said::Nothing);
    document.hold(&stand, &[limited]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_files_and_lines_come_in_their_own_pages() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::BitbucketDc, "alice");
    let get = async |rest: &str| stand.get(&path(rest), &own).await;
    // Everything below, by its path from there, without folders.
    let files = get("/files/docs?at=main&limit=100000").await.json();
    let listed: Vec<&str> = files["values"]
        .as_array()
        .expect("values")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        listed.contains(&"team/people/alice.md") && !listed.contains(&"team"),
        "{listed:?}"
    );
    assert_eq!(
        (&files["isLastPage"], files.get("nextPageStart")),
        (&json!(true), None)
    );
    let first = get("/files?limit=10").await.json();
    assert_eq!(
        (&first["isLastPage"], &first["nextPageStart"]),
        (&json!(false), &json!(10))
    );
    let second = get("/files?limit=10&start=10").await.json();
    assert_ne!(first["values"], second["values"]);
    assert_eq!(get("/files?limit=200000").await.json()["limit"], 100_000);
    let folder = get("/browse?at=main").await.json();
    let child = |name: &str| {
        let children = folder["children"]["values"].as_array().expect("children");
        children
            .iter()
            .find(|child| child["path"]["toString"] == name)
            .unwrap_or_else(|| panic!("{name}"))
            .clone()
    };
    assert_eq!(
        (&child("docs")["type"], child("docs").get("size")),
        (&json!("DIRECTORY"), None)
    );
    assert_eq!(
        (
            &child("README.md")["size"],
            &child("README.md")["path"]["extension"]
        ),
        (&json!(33), &json!("md"))
    );
    let vendor = get("/browse/vendor").await.json();
    assert_eq!(vendor["children"]["values"][0]["type"], "SUBMODULE");
    assert_eq!(
        get("/browse/docs?type=true").await.json(),
        json!({"type": "DIRECTORY"})
    );
    let lines = get("/browse/docs/windows.md?limit=2").await.json();
    assert_eq!(
        (&lines["lines"], &lines["nextPageStart"]),
        (&json!([{"text": "# Windows"}, {"text": ""}]), &json!(2))
    );
    assert_eq!(
        get("/browse/guide/images/mark.png").await.json()["binary"],
        true
    );
    for (asked, text) in [
        (
            "/raw/docs/welcome.md?at=refs%2Fheads%2Fmain",
            "# Welcome\n\nYour first day.\n",
        ),
        (
            "/raw/docs/pay.md?at=feature%2Fpay-grades",
            "# Pay grades\n\nA draft.\n",
        ),
        (
            "/raw/docs/windows.md",
            "# Windows\r\n\r\nLines end otherwise here.\r\n",
        ),
        ("/raw/docs/first-day.md", "welcome.md"),
    ] {
        let answer = get(asked).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, text),
            "{asked}"
        );
        assert_eq!(answer.header("etag"), "", "there is none");
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
    for (gone, status) in [
        ("/raw/nothing", 404),
        ("/browse/README.md?at=nowhere", 404),
        ("/files/README.md", 400),
        ("/raw/docs", 400),
    ] {
        let refused = get(gone).await;
        assert_eq!(refused.status, status, "{gone}");
        assert!(refused.json()["errors"][0]["exceptionName"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn last_commits_come_for_a_whole_folder_and_changes_stop_at_a_thousand() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::BitbucketDc, "alice");
    let get = async |rest: &str| stand.get(&path(rest), &own).await;
    let modified = get("/last-modified/docs?at=main").await.json();
    assert_eq!(
        modified["files"]["greetings.md"]["message"],
        "Call the greetings what they are"
    );
    assert_eq!(modified["files"]["team"]["message"], "Start the handbook");
    assert_eq!(
        modified["latestCommit"]["message"],
        "Call the greetings what they are"
    );
    assert_eq!(
        modified["latestCommit"]["authorTimestamp"],
        1_709_561_700_000_i64
    );
    assert_eq!(
        get("/last-modified/docs").await.status,
        400,
        "a commit must be named"
    );
    let commits = get("/commits?path=docs/greetings.md&until=main")
        .await
        .json();
    assert_eq!(commits["size"], 1);
    let followed = get("/commits?path=docs/greetings.md&followRenames=true")
        .await
        .json();
    assert_eq!(followed["size"], 2);
    assert_eq!(get("/commits?limit=1000").await.json()["limit"], 100);
    let changes = get("/compare/changes?from=feature%2Fpay-grades&to=main")
        .await
        .json();
    let kinds = names(&changes["values"], "type");
    assert_eq!(kinds, ["MODIFY", "ADD"], "what `from` has and `to` lacks");
    let renamed = get("/compare/changes?from=v1.0&to=v1.0~1").await.json();
    assert_eq!(renamed["values"][0]["srcPath"]["toString"], "docs/hello.md");
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 1001}),
        )
        .await;
    let cut = get("/compare/changes?from=main&to=v1.1&limit=5000&start=500")
        .await
        .json();
    assert_eq!(
        (&cut["size"], &cut["start"], &cut["isLastPage"]),
        (&json!(1000), &json!(0), &json!(false))
    );
    let archive = get("/archive?at=v1.0&path=docs/team&format=zip&prefix=some").await;
    let text = String::from_utf8_lossy(&archive.bytes).into_owned();
    assert!(text.contains("some/docs/team/people/alice.md") && !text.contains("README.md"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_everybody_what_is_public() {
    let stand = Stand::new().await;
    let (alice, bob) = (
        stand.as_person(Server::BitbucketDc, "alice"),
        stand.as_person(Server::BitbucketDc, "bob"),
    );
    let listed = async |own: &str, rest: &str| {
        names(
            &stand.get(&format!("{API}{rest}"), own).await.json()["values"],
            "slug",
        )
    };
    assert_eq!(
        listed(&bob, "/repos?permission=REPO_READ").await,
        ["handbook"]
    );
    assert_eq!(listed(&alice, "/repos?name=SECRET").await, ["secret-plans"]);
    assert_eq!(
        listed(&alice, "/profile/recent/repos").await,
        ["handbook", "secret-plans"]
    );
    assert!(listed("", "/repos").await.is_empty());
    let secret = format!("{API}/projects/ACME/repos/secret-plans");
    for rest in [
        "",
        "/branches",
        "/tags",
        "/files",
        "/browse",
        "/raw/README.md",
        "/commits",
        "/last-modified?at=main",
        "/compare/changes?from=main&to=main",
        "/archive",
    ] {
        for (own, status) in [
            (alice.as_str(), 200),
            (bob.as_str(), 404),
            ("", 401),
            ("Bearer nonsense", 401),
        ] {
            assert_eq!(
                stand.get(&format!("{secret}{rest}"), own).await.status,
                status,
                "{rest} {own}"
            );
        }
    }
    assert_eq!(stand.get(&secret, &bob).await.header("x-ausername"), "");
    assert_eq!(
        stand.get(&secret, &alice).await.header("x-ausername"),
        "alice"
    );
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    let poor = stand
        .accounts()
        .issue_personal(Server::BitbucketDc, "bob", &["PUBLIC_REPOS"], None)
        .expect("a token");
    for own in ["", &format!("Bearer {poor}")] {
        assert_eq!(
            stand
                .get(&format!("{secret}/raw/README.md"), own)
                .await
                .status,
            200,
            "{own}"
        );
    }
    assert_eq!(listed("", "/repos").await, ["secret-plans"]);
    assert_eq!(
        listed(&bob, "/repos?permission=REPO_READ").await,
        ["handbook"],
        "public is not read"
    );
    let branches = stand
        .get(
            &path("/branches?filterText=PAY&orderBy=MODIFICATION&boostMatches=true"),
            &alice,
        )
        .await
        .json();
    assert_eq!(branches["values"][0]["id"], "refs/heads/feature/pay-grades");
    let newest = stand.get(&path("/branches?limit=1"), &alice).await.json();
    assert_eq!(
        (&newest["values"][0]["isDefault"], &newest["nextPageStart"]),
        (&json!(true), &json!(1))
    );
    let refuse = json!({"server": "bitbucket-dc", "refuse": {"status": 429}});
    stand.hand("limits", refuse).await;
    let refused = stand.get(&secret, &alice).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, ""),
        "no header is documented"
    );
}
