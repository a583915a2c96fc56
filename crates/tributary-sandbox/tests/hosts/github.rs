//! GitHub's dialect.

use serde_json::json;
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Stand, entry, names};

const ROOT: &str = "/hosts/github/api/v3/repos/acme/handbook";

fn path(rest: &str) -> String {
    format!("{ROOT}{rest}")
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    let Some(document) = Document::open("github.json") else {
        return;
    };
    let main = stand.get(&path("/branches/main"), &own).await.json();
    let commit = main["commit"]["sha"].as_str().expect("a hash").to_owned();
    let file = stand.get(&path("/contents/README.md"), &own).await.json();
    let blob = file["sha"].as_str().expect("a hash").to_owned();
    let repository = |rest: &str| format!("/repos/{{owner}}/{{repo}}{rest}");
    for (asked, template) in [
        (
            "/hosts/github/api/v3/user/repos?sort=pushed".to_owned(),
            "/user/repos".to_owned(),
        ),
        ("/hosts/github/api/v3/user".to_owned(), "/user".to_owned()),
        (
            "/hosts/github/api/v3/rate_limit".to_owned(),
            "/rate_limit".to_owned(),
        ),
        (
            "/hosts/github/api/v3/search/repositories?q=hand".to_owned(),
            "/search/repositories".to_owned(),
        ),
        (path(""), repository("")),
        (path("/branches"), repository("/branches")),
        (
            path("/branches/feature/pay-grades"),
            repository("/branches/{branch}"),
        ),
        (path("/tags"), repository("/tags")),
        (
            path("/git/matching-refs/heads/feat"),
            repository("/git/matching-refs/{ref}"),
        ),
        (path("/git/ref/tags/v1.0"), repository("/git/ref/{ref}")),
        (
            path(&format!("/git/trees/{commit}?recursive=1")),
            repository("/git/trees/{tree_sha}"),
        ),
        (
            path(&format!("/git/blobs/{blob}")),
            repository("/git/blobs/{file_sha}"),
        ),
        (
            path(&format!("/git/commits/{commit}")),
            repository("/git/commits/{commit_sha}"),
        ),
        (
            path("/contents/docs/welcome.md"),
            repository("/contents/{path}"),
        ),
        (path("/contents/docs"), repository("/contents/{path}")),
        (
            path("/contents/vendor/theme"),
            repository("/contents/{path}"),
        ),
        (
            path("/contents/docs/first-day.md"),
            repository("/contents/{path}"),
        ),
        (path("/commits?path=docs&sha=main"), repository("/commits")),
        (
            path(&format!("/commits/{commit}")),
            repository("/commits/{ref}"),
        ),
        (
            path("/compare/v1.0...main"),
            repository("/compare/{basehead}"),
        ),
    ] {
        let answer = stand.get(&asked, &own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        document.check(&template, 200, &answer.json());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    let Some(document) = Document::open("github.json") else {
        return;
    };
    stand
        .hand(
            "repositories",
            json!({"repository": "acme/empty", "readers": ["alice"]}),
        )
        .await;
    let nowhere = "0".repeat(40);
    let api = |rest: &str| format!("/hosts/github/api/v3{rest}");
    let empty = |rest: &str| api(&format!("/repos/acme/empty{rest}"));
    let of = |rest: &str| format!("/repos/{{owner}}/{{repo}}{rest}");
    let known = |path, template, status| Asked(path, &own, template, status, Said::Form);
    let some = stand
        .accounts()
        .issue_personal(Server::Github, "alice", &["metadata=read"], None);
    let some = format!("Bearer {}", some.expect("alice is there"));
    let asked = [
        Asked(
            api("/user"),
            "Bearer nonsense",
            "/user".to_owned(),
            401,
            Said::Form,
        ),
        Asked(
            api("/user/repos"),
            "",
            "/user/repos".to_owned(),
            401,
            Said::Form,
        ),
        known(
            api("/user/repos?type=all&affiliation=owner"),
            "/user/repos".to_owned(),
            422,
        ),
        known(
            api("/search/repositories?q="),
            "/search/repositories".to_owned(),
            422,
        ),
        known(api("/repos/acme/nothing"), of(""), 404),
        known(path("/branches/absent"), of("/branches/{branch}"), 404),
        known(path("/git/ref/heads/absent"), of("/git/ref/{ref}"), 404),
        known(
            path(&format!("/git/trees/{nowhere}")),
            of("/git/trees/{tree_sha}"),
            404,
        ),
        known(
            path("/git/trees/main:README.md"),
            of("/git/trees/{tree_sha}"),
            422,
        ),
        known(
            path(&format!("/git/blobs/{nowhere}")),
            of("/git/blobs/{file_sha}"),
            404,
        ),
        known(path("/git/blobs/0"), of("/git/blobs/{file_sha}"), 422),
        known(
            path(&format!("/git/commits/{nowhere}")),
            of("/git/commits/{commit_sha}"),
            404,
        ),
        known(path("/contents/absent.md"), of("/contents/{path}"), 404),
        Asked(
            path("/contents/README.md"),
            &some,
            of("/contents/{path}"),
            403,
            Said::Form,
        ),
        known(path("/commits?sha=absent"), of("/commits"), 404),
        known(path("/commits/absent"), of("/commits/{ref}"), 422),
        known(
            path("/compare/absent...main"),
            of("/compare/{basehead}"),
            404,
        ),
        known(empty("/git/trees/main"), of("/git/trees/{tree_sha}"), 409),
        known(empty("/commits"), of("/commits"), 409),
        known(empty("/commits/main"), of("/commits/{ref}"), 409),
        // Where an archive is, the answer says in a header alone.
        Asked(
            path("/tarball/main"),
            &own,
            of("/tarball/{ref}"),
            302,
            Said::Nothing,
        ),
    ];
    document.hold(&stand, &asked).await;
    // A limit is 403 there wherever anything is refused so; of 429 it says nothing.
    let limit = json!({"server": "github", "budget": 0});
    assert_eq!(stand.hand("limits", limit).await.status, 204);
    document
        .hold(
            &stand,
            &[
                known(api("/user"), "/user".to_owned(), 403),
                known(path(""), of(""), 403),
            ],
        )
        .await;
    for (status, said) in [(403, Said::Form), (429, Said::Nothing)] {
        stand.accounts().refuse(Server::Github, status, Some(1), 1);
        let asked = Asked(path(""), &own, of(""), status, said);
        document.hold(&stand, &[asked]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trees_name_everything_once_and_say_when_they_are_cut_off() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    // Any value is yes.
    for recursive in ["1", "0", "false"] {
        let tree = stand
            .get(
                &path(&format!("/git/trees/main?recursive={recursive}")),
                &own,
            )
            .await
            .json();
        assert_eq!(tree["truncated"], false);
        let file = entry(&tree["tree"], "path", "docs/team/people/alice.md");
        assert_eq!(
            (&file["type"], &file["mode"]),
            (&json!("blob"), &json!("100644"))
        );
        assert!(file["size"].is_u64());
        let module = entry(&tree["tree"], "path", "vendor/theme");
        assert_eq!(
            (&module["type"], module.get("url")),
            (&json!("commit"), None)
        );
        assert_eq!(
            entry(&tree["tree"], "path", "docs/first-day.md")["mode"],
            "120000"
        );
    }
    let flat = stand.get(&path("/git/trees/main"), &own).await.json();
    assert!(
        !flat["tree"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|item| item["path"] == "docs/team")
    );
    let folder = stand.get(&path("/git/trees/main:docs"), &own).await.json();
    assert_eq!(entry(&folder["tree"], "path", "team")["type"], "tree");
    assert_eq!(
        stand
            .get(&path("/git/trees/main:README.md"), &own)
            .await
            .status,
        422
    );
    assert_eq!(
        stand.get(&path("/git/trees/nowhere"), &own).await.status,
        404
    );

    // Caps: 100,000 entries of a tree, 1,000 of a folder.
    let made = stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 100_000}),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let cut = stand
        .get(&path("/git/trees/main?recursive=1"), &own)
        .await
        .json();
    assert_eq!(cut["truncated"], true);
    assert_eq!(cut["tree"].as_array().map(Vec::len), Some(100_000));
    let whole = stand.get(&path("/git/trees/main:many"), &own).await.json();
    assert_eq!(
        (whole["tree"].as_array().map(Vec::len), &whole["truncated"]),
        (Some(100_000), &json!(false))
    );
    let silent = stand
        .get(&path("/contents/many?per_page=5&page=2"), &own)
        .await;
    assert_eq!(silent.json().as_array().map(Vec::len), Some(1000));
    assert_eq!(silent.header("link"), "", "a folder has no pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_come_in_each_form_and_links_are_followed() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    let big = "x".repeat(1024 * 1024 + 1);
    stand
        .commit("main", json!([{"write": {"path": "big.txt", "text": big}}]))
        .await;
    let get = async |rest: &str, accept: &str| {
        let headers = [("authorization", own.as_str()), ("accept", accept)];
        stand.send("GET", &path(rest), &headers, Vec::new()).await
    };
    let (raw, object) = (
        "application/vnd.github.raw+json",
        "application/vnd.github.object+json",
    );
    for (asked, accept, status, text) in [
        (
            "/contents/docs/welcome.md",
            raw,
            200,
            "# Welcome\n\nYour first day.\n",
        ),
        (
            "/contents/docs/first-day.md",
            raw,
            200,
            "# Welcome\n\nYour first day.\n",
        ),
        (
            "/contents/README.md?ref=feature/pay-grades",
            raw,
            200,
            "# Handbook\n\nHow we work at Acme, and for how much.\n",
        ),
        (
            "/contents/docs/windows.md",
            raw,
            200,
            "# Windows\r\n\r\nLines end otherwise here.\r\n",
        ),
        ("/contents/docs/empty.md", raw, 200, ""),
        (
            "/contents/docs/na%C3%AFve%20%26%20100%25%20%231.md",
            raw,
            200,
            "# Naïve\n\nA name that must be encoded.\n",
        ),
        ("/contents/big.txt", raw, 200, &big),
        ("/contents/../README.md", raw, 404, ""),
    ] {
        let answer = get(asked, accept).await;
        assert_eq!(answer.status, status, "{asked}");
        assert!(
            status != 200 || answer.text() == text,
            "{asked}: {}",
            answer.text()
        );
    }
    // By its bytes a name is found that is no UTF-8, and what is in it is left alone.
    let odd = get("/contents/docs/caf%E9.md", raw).await;
    assert_eq!(odd.bytes, b"# Caf\xe9\n\nOpen all day.\n");
    let too_large = get("/contents/big.txt", "application/json").await;
    assert_eq!(
        (too_large.status, &too_large.json()["errors"][0]["code"]),
        (403, &json!("too_large"))
    );
    let as_object = get("/contents/big.txt", object).await.json();
    assert_eq!(
        (&as_object["content"], &as_object["encoding"]),
        (&json!(""), &json!("none"))
    );
    let folder = get("/contents/docs", object).await.json();
    assert_eq!(
        entry(&folder["entries"], "name", "first-day.md")["type"],
        "symlink"
    );
    let module = get("/contents/vendor", "application/json").await.json();
    assert_eq!(
        entry(&module, "name", "theme")["type"],
        "file",
        "in a list, for old clients"
    );
    let pointer = get("/contents/assets/tour.mp4", raw).await.text();
    assert!(
        pointer.starts_with("version https://git-lfs.github.com/spec/v1\n"),
        "{pointer}"
    );
    assert_eq!(
        get("/contents/README.md?ref=nowhere", raw).await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_whose_addresses_are_not_to_be_guessed() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    for number in 0..5 {
        let body = json!({"repository": "acme/handbook", "ref": format!("refs/tags/t{number}"), "commit": "main"});
        stand.hand("refs", body).await;
    }
    let mut names: Vec<String> = Vec::new();
    let mut next = Some(path("/tags?per_page=3"));
    let mut pages = 0;
    while let Some(asked) = next {
        let answer = stand.get(&asked, &own).await;
        let list = answer.json();
        names.extend(
            list.as_array()
                .expect("a list")
                .iter()
                .map(|tag| tag["name"].as_str().expect("a name").to_owned()),
        );
        next = answer.next();
        assert!(
            next.as_ref()
                .is_none_or(|next| next.contains("/api/v3/repositories/101/tags?"))
        );
        pages += 1;
    }
    assert_eq!((pages, names.len()), (3, 7));
    let commits = stand
        .get(&path("/commits?path=docs/greetings.md&per_page=1"), &own)
        .await;
    assert_eq!(
        commits.json()[0]["commit"]["message"],
        "Call the greetings what they are"
    );
    assert_eq!(commits.json()[0].get("files"), None, "a list has no files");
    assert_eq!(commits.next(), None, "renames are not followed");
    // Prefixes of names.
    let found = stand
        .get(&path("/git/matching-refs/heads/feature"), &own)
        .await
        .json();
    assert_eq!(found[0]["ref"], "refs/heads/feature/pay-grades");
    assert_eq!(
        stand
            .get(&path("/git/matching-refs/heads/none"), &own)
            .await
            .json(),
        json!([])
    );
    let tag = stand.get(&path("/git/ref/tags/v1.0"), &own).await.json();
    assert_eq!(
        tag["object"]["type"], "tag",
        "an annotated tag is an object of its own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_stops_at_300_files_and_forgets_what_was_pushed_away() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    let small = stand
        .get(&path("/compare/v1.0...feature/pay-grades"), &own)
        .await
        .json();
    assert_eq!(
        (
            &small["status"],
            &small["ahead_by"],
            &small["total_commits"]
        ),
        (&json!("ahead"), &json!(1), &json!(1))
    );
    let readme = entry(&small["files"], "filename", "README.md");
    assert_eq!(
        (
            &readme["status"],
            &readme["additions"],
            &readme["deletions"]
        ),
        (&json!("modified"), &json!(1), &json!(1))
    );
    assert!(
        readme["patch"]
            .as_str()
            .expect("a patch")
            .starts_with("@@ -1,3 +1,3 @@")
    );
    let apart = stand
        .get(&path("/compare/main...feature/pay-grades"), &own)
        .await
        .json();
    assert_eq!(
        (&apart["status"], &apart["behind_by"]),
        (&json!("diverged"), &json!(1))
    );
    let renamed = stand.get(&path("/commits/v1.0"), &own).await.json();
    assert_eq!(renamed["files"][0]["previous_filename"], "docs/hello.md");

    let made = stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 301}),
        )
        .await
        .json();
    let end = made["commit"].as_str().expect("a hash");
    let cut = stand
        .get(&path(&format!("/compare/v1.1...{end}")), &own)
        .await
        .json();
    assert_eq!(cut["files"].as_array().map(Vec::len), Some(300));
    let body = json!({"repository": "acme/handbook", "ref": "refs/heads/main", "commit": "v1.1"});
    stand.hand("refs", body).await;
    for between in [format!("v1.1...{end}"), format!("{end}...v1.1")] {
        let asked = path(&format!("/compare/{between}"));
        assert_eq!(stand.get(&asked, &own).await.status, 404, "{between}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_costs_nothing_and_too_much_is_refused() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Github, "alice");
    for (asked, changed) in [
        ("/git/trees/main:docs", "docs/welcome.md"),
        ("/contents/README.md", "README.md"),
        ("/commits", "other"),
        ("/branches", "another"),
    ] {
        let first = stand.get(&path(asked), &own).await;
        let etag = first.header("etag").to_owned();
        let again = async |etag: &str| {
            let headers = [("authorization", own.as_str()), ("if-none-match", etag)];
            stand.send("GET", &path(asked), &headers, Vec::new()).await
        };
        let same = again(&etag).await;
        assert_eq!((same.status, same.bytes.len()), (304, 0), "{asked}");
        assert_eq!(
            same.header("x-ratelimit-remaining"),
            first.header("x-ratelimit-remaining"),
            "{asked} is free"
        );
        assert_eq!(
            again(&format!("W/{etag}")).await.status,
            304,
            "as a proxy that packs makes it"
        );
        stand
            .commit("main", json!([{"write": {"path": changed, "text": asked}}]))
            .await;
        assert_eq!(
            again(&etag).await.status,
            200,
            "{asked} after {changed} changed"
        );
    }
    let anonymous = stand.get("/hosts/github/api/v3/rate_limit", "").await;
    assert_eq!(anonymous.header("x-ratelimit-limit"), "60");
    stand
        .hand("limits", json!({"server": "github", "budget": 1}))
        .await;
    assert_eq!(
        stand
            .get(&path(""), &own)
            .await
            .header("x-ratelimit-remaining"),
        "0"
    );
    let refused = stand.get(&path(""), &own).await;
    assert_eq!(
        (refused.status, refused.header("x-ratelimit-remaining")),
        (403, "0")
    );
    assert_eq!(
        stand
            .get("/hosts/github/api/v3/rate_limit", &own)
            .await
            .status,
        200,
        "asking is free"
    );
    stand
        .hand("limits", json!({"server": "github", "budget": null}))
        .await;
    for status in [403, 429] {
        let refuse = json!({"server": "github", "refuse": {"status": status, "retry_after": 7}});
        stand.hand("limits", refuse).await;
        let refused = stand.get(&path(""), &own).await;
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (status, "7")
        );
        assert!(refused.text().contains("secondary rate limit"));
        assert_eq!(stand.get(&path(""), &own).await.status, 200, "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_everybody_what_is_public() {
    let stand = Stand::new().await;
    let alice = stand.as_person(Server::Github, "alice");
    let bob = stand.as_person(Server::Github, "bob");
    let names = async |own: &str, rest: &str| {
        let list = stand
            .get(&format!("/hosts/github/api/v3{rest}"), own)
            .await
            .json();
        let list = if list.is_array() {
            list
        } else {
            list["items"].clone()
        };
        let names = list
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["name"].as_str().unwrap_or_default().to_owned());
        names.collect::<Vec<String>>()
    };
    assert_eq!(
        names(&alice, "/user/repos").await,
        ["handbook", "secret-plans"]
    );
    assert_eq!(names(&bob, "/user/repos").await, ["handbook"]);
    assert_eq!(
        names(&alice, "/search/repositories?q=secret").await,
        ["secret-plans"]
    );
    assert!(
        names(&bob, "/search/repositories?q=secret")
            .await
            .is_empty()
    );
    let both = stand
        .get(
            "/hosts/github/api/v3/user/repos?type=all&affiliation=owner",
            &alice,
        )
        .await;
    assert_eq!(both.status, 422);
    let secret = "/hosts/github/api/v3/repos/acme/secret-plans";
    for rest in [
        "",
        "/branches",
        "/tags",
        "/git/trees/main",
        "/contents/README.md",
        "/commits",
        "/compare/main...main",
    ] {
        assert_eq!(
            stand.get(&format!("{secret}{rest}"), &bob).await.status,
            404,
            "{rest}"
        );
        assert_eq!(
            stand.get(&format!("{secret}{rest}"), "").await.status,
            404,
            "{rest} for nobody"
        );
        assert_eq!(
            stand.get(&format!("{secret}{rest}"), &alice).await.status,
            200,
            "{rest}"
        );
    }
    assert_eq!(
        stand
            .get("/hosts/github/api/v3/repositories/102", &bob)
            .await
            .status,
        404
    );
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    let poor = stand
        .accounts()
        .issue_personal(Server::Github, "bob", &[], None)
        .expect("a token");
    for own in ["", &format!("Bearer {poor}")] {
        assert_eq!(
            stand
                .get(&format!("{secret}/contents/README.md"), own)
                .await
                .status,
            200,
            "{own}"
        );
    }
    assert_eq!(
        stand.get(&path(""), &format!("Bearer {poor}")).await.status,
        404,
        "without the scope"
    );
    assert_eq!(stand.get(secret, "Bearer nonsense").await.status, 401);
    let unknown = [
        ("authorization", alice.as_str()),
        ("x-github-api-version", "2020-01-01"),
    ];
    assert_eq!(
        stand.send("GET", secret, &unknown, Vec::new()).await.status,
        400
    );
    let archive = stand.get(&path("/zipball/main"), &alice).await;
    assert_eq!(archive.status, 302);
    let packed = stand.get(archive.header("location"), &alice).await;
    assert!(packed.bytes.starts_with(b"PK"), "{}", packed.status);
    // A repository without commits.
    stand
        .hand(
            "repositories",
            json!({"repository": "acme/empty", "readers": ["alice"]}),
        )
        .await;
    let empty = "/hosts/github/api/v3/repos/acme/empty";
    assert_eq!(stand.get(empty, &alice).await.status, 200);
    assert_eq!(
        stand
            .get(&format!("{empty}/git/trees/main"), &alice)
            .await
            .status,
        409
    );
    assert_eq!(
        stand.get(&format!("{empty}/branches"), &alice).await.json(),
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_lists_what_it_is_installed_for_and_nobody_else_does() {
    let stand = Stand::new().await;
    stand.accounts().sign_in_as(Server::Github, "bob");
    let form = async |path: &str, body: &str| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "application/json"),
        ];
        stand
            .send(
                "POST",
                &format!("/hosts/github{path}"),
                &headers,
                body.as_bytes().to_vec(),
            )
            .await
            .json()
    };
    let asked = form("/login/device/code", "client_id=github-app-client").await;
    let answer = json!({"server": "github", "user_code": asked["user_code"], "allow": true});
    assert_eq!(stand.hand("devices", answer).await.status, 204);
    let code = asked["device_code"].as_str().expect("a code");
    let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
    let tokens = form(
        "/login/oauth/access_token",
        &format!("client_id=github-app-client&grant_type={grant}&device_code={code}"),
    )
    .await;
    let own = format!(
        "Bearer {}",
        tokens["access_token"].as_str().expect("a token")
    );
    let user = "/hosts/github/api/v3/user/installations";
    let installations = stand.get(user, &own).await.json();
    let id = &installations["installations"][0]["id"];
    let repositories = stand
        .get(&format!("{user}/{id}/repositories"), &own)
        .await
        .json();
    assert_eq!(
        names(&repositories["repositories"], "name"),
        ["handbook"],
        "what bob may read"
    );
    assert_eq!(
        stand
            .get(&format!("{user}/1/repositories"), &own)
            .await
            .status,
        404
    );
    assert_eq!(
        stand
            .get(user, &stand.as_person(Server::Github, "bob"))
            .await
            .status,
        403
    );
    if let Some(document) = Document::open("github.json") {
        document.check("/user/installations", 200, &installations);
    }
}
