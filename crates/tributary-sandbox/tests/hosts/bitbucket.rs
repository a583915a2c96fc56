//! Bitbucket Cloud's dialect.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Stand, basic, entry, names};

const ROOT: &str = "/hosts/bitbucket/2.0/repositories";

fn path(rest: &str) -> String {
    format!("{ROOT}/acme/handbook{rest}")
}

/// Every value of a list, page after page.
async fn all(stand: &Stand, own: &str, first: &str) -> (Vec<Value>, usize) {
    let (mut values, mut pages, mut next) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(asked) = next {
        let answer = stand.get(&asked, own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        let body = answer.json();
        values.extend(body["values"].as_array().expect("values").iter().cloned());
        next = body["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    (values, pages)
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Bitbucket, "alice");
    let Some(document) = Document::open("bitbucket-cloud.json") else {
        return;
    };
    let repository = "/repositories/{workspace}/{repo_slug}";
    for (asked, template) in [
        ("/hosts/bitbucket/2.0/user".to_owned(), "/user".to_owned()),
        (
            format!("{ROOT}/acme"),
            "/repositories/{workspace}".to_owned(),
        ),
        (path(""), repository.to_owned()),
        (
            path("/refs/branches"),
            format!("{repository}/refs/branches"),
        ),
        (
            path("/refs/branches/feature/pay-grades"),
            format!("{repository}/refs/branches/{{name}}"),
        ),
        (path("/refs/tags"), format!("{repository}/refs/tags")),
        (
            path("/refs/tags/v1.0"),
            format!("{repository}/refs/tags/{{name}}"),
        ),
        (
            path("/commit/main"),
            format!("{repository}/commit/{{node}}"),
        ),
        (
            path("/src/main/?max_depth=5&pagelen=100"),
            format!("{repository}/src/{{node}}/{{path}}"),
        ),
        (
            path("/filehistory/main/docs/greetings.md"),
            format!("{repository}/filehistory/{{node}}/{{path}}"),
        ),
        // Of a list of commits the document describes the failure only.
        // Both sides are there: the document has no word for the null of the other one.
        (
            path("/diffstat/feature%2Fpay-grades..v1.0?path=README.md"),
            format!("{repository}/diffstat/{{spec}}"),
        ),
    ] {
        let answer = stand.get(&asked, &own).await;
        assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
        let mut body = answer.json();
        if template.contains("filehistory") {
            // The document has one word in place of the list of attributes that its text describes.
            for item in body["values"].as_array_mut().expect("values") {
                item.as_object_mut().expect("an entry").remove("attributes");
            }
        }
        document.check(&template, 200, &body);
    }
}

/// The document has text where the scopes that are there and those that lack are told in an object.
const OBJECT: Said = Said::FormBut("/error/detail");

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Bitbucket, "alice");
    let Some(document) = Document::open("bitbucket-cloud.json") else {
        return;
    };
    let of = |rest: &str| format!("/repositories/{{workspace}}/{{repo_slug}}{rest}");
    let known = |path, template, status| Asked(path, &own, template, status, Said::Form);
    let user = "/hosts/bitbucket/2.0/user";
    let token = |scopes: &[&str]| {
        let token = stand
            .accounts()
            .issue_personal(Server::Bitbucket, "alice", scopes, None);
        basic("alice@example.com", &token.expect("alice is there"))
    };
    let person_alone = token(&["read:user:bitbucket"]);
    let asked = [
        Asked(user.to_owned(), "", "/user".to_owned(), 401, Said::Form),
        Asked(path(""), &person_alone, of(""), 403, OBJECT),
        Asked(
            path("/refs/branches"),
            &person_alone,
            of("/refs/branches"),
            403,
            OBJECT,
        ),
        Asked(
            path("/refs/tags"),
            &person_alone,
            of("/refs/tags"),
            403,
            OBJECT,
        ),
        known(format!("{ROOT}/acme/nothing"), of(""), 404),
        known(
            path("/refs/branches/absent"),
            of("/refs/branches/{name}"),
            404,
        ),
        known(path("/refs/tags/absent"), of("/refs/tags/{name}"), 404),
        known(path("/commit/absent"), of("/commit/{node}"), 404),
        known(path("/src/main/absent.md"), of("/src/{node}/{path}"), 404),
        known(
            path("/filehistory/main/absent.md"),
            of("/filehistory/{node}/{path}"),
            404,
        ),
        // Of lists of commits it has the failure alone.
        known(path("/commits/absent"), of("/commits/{revision}"), 404),
        // It sends on to the main branch, of which the document says nothing.
        Asked(path("/src"), &own, of("/src"), 302, Said::Nothing),
        Asked(
            path("/diffstat/absent..main"),
            &own,
            of("/diffstat/{spec}"),
            404,
            Said::Nothing,
        ),
        Asked(
            "/hosts/bitbucket/2.0/user/workspaces".to_owned(),
            &own,
            "/user/workspaces".to_owned(),
            200,
            Said::Nothing,
        ),
    ];
    document.hold(&stand, &asked).await;
    let to = stand.get(&path("/src"), &own).await;
    let root = stand.get(to.header("location"), &own).await;
    document.check(&of("/src"), 200, &root.json());
    let many = json!({"repository": "acme/handbook", "folder": "many", "count": 20_001});
    stand.hand("files", many).await;
    let deep = path("/src/main/?max_depth=9");
    document
        .hold(&stand, &[known(deep, of("/src/{node}/{path}"), 555)])
        .await;
    stand.accounts().set_budget(Server::Bitbucket, Some(0));
    let limited = Asked(path(""), &own, of(""), 429, Said::Nothing);
    document.hold(&stand, &[limited]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_go_by_depth_until_it_takes_too_long() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Bitbucket, "alice");
    let (flat, _) = all(&stand, &own, &path("/src/main/")).await;
    assert!(
        flat.iter()
            .all(|item| !item["path"].as_str().expect("a path").contains('/'))
    );
    let (deep, pages) = all(&stand, &own, &path("/src/main/?max_depth=10&pagelen=7")).await;
    assert!(pages > 3);
    let level = |item: &Value| item["path"].as_str().expect("a path").matches('/').count();
    assert!(
        deep.windows(2)
            .all(|pair| level(&pair[0]) <= level(&pair[1])),
        "the less deep come first"
    );
    let deep = Value::Array(deep);
    assert_eq!(
        entry(&deep, "path", "docs/first-day.md")["attributes"],
        json!(["link"])
    );
    assert_eq!(
        entry(&deep, "path", "vendor/theme")["attributes"],
        json!(["subrepository"])
    );
    assert_eq!(
        entry(&deep, "path", "assets/tour.mp4")["attributes"],
        json!(["lfs"])
    );
    assert_eq!(
        entry(&deep, "path", "guide/images/mark.png")["attributes"],
        json!(["binary"])
    );
    assert_eq!(
        entry(&deep, "path", "docs/team/people")["type"],
        "commit_directory"
    );
    let chosen = stand
        .get(
            &path("/src/main/docs/?q=path~%22welc%22&fields=values.path,values.size"),
            &own,
        )
        .await;
    assert_eq!(
        chosen.json(),
        json!({"values": [{"path": "docs/welcome.md", "size": 27}]})
    );
    let large = stand
        .get(
            &path("/src/main/?pagelen=100&q=type=%22commit_file%22&sort=-size&fields=values.path"),
            &own,
        )
        .await;
    assert_eq!(large.status, 200);
    // The root needs its slash; without a commit one is sent there.
    assert_eq!(stand.get(&path("/src/main"), &own).await.status, 404);
    let sent = stand.get(&path("/src"), &own).await;
    assert_eq!(sent.status, 302);
    assert_eq!(stand.get(sent.header("location"), &own).await.status, 200);
    for gone in ["/src/main/nothing", "/src/nowhere/", "/src/main/../x"] {
        assert_eq!(stand.get(&path(gone), &own).await.status, 404, "{gone}");
    }
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 20_001}),
        )
        .await;
    assert_eq!(
        stand
            .get(&path("/src/main/?max_depth=2"), &own)
            .await
            .status,
        555
    );
    assert_eq!(
        stand.get(&path("/src/main/many/"), &own).await.status,
        200,
        "folder by folder it works"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_raw_with_a_tag_of_their_contents_and_large_ones_lie_elsewhere() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Bitbucket, "alice");
    let get = async |rest: &str| stand.get(&path(&format!("/src/{rest}")), &own).await;
    for (asked, text) in [
        ("main/docs/welcome.md", "# Welcome\n\nYour first day.\n"),
        ("main/docs/first-day.md", "welcome.md"),
        (
            "feature%2Fpay-grades/docs/pay.md",
            "# Pay grades\n\nA draft.\n",
        ),
        (
            "main/docs/na%C3%AFve%20%26%20100%25%20%231.md",
            "# Naïve\n\nA name that must be encoded.\n",
        ),
        (
            "main/vendor/theme",
            "5f3a1c2b4d6e8f90a1b2c3d4e5f60718293a4b5c",
        ),
    ] {
        let answer = get(asked).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (200, text),
            "{asked}"
        );
        assert!(
            !answer.header("content-type").contains("charset"),
            "nobody looked at the encoding"
        );
    }
    assert_eq!(
        get("main/docs/caf%E9.md").await.bytes,
        b"# Caf\xe9\n\nOpen all day.\n"
    );
    let meta = get("main/docs/welcome.md?format=meta").await.json();
    assert_eq!(
        (&meta["size"], &meta["type"]),
        (&json!(27), &json!("commit_file"))
    );
    // The same contents have the same tag at another commit.
    let etag = get("v1.0/docs/welcome.md").await.header("etag").to_owned();
    let headers = [
        ("authorization", own.as_str()),
        ("if-none-match", etag.as_str()),
    ];
    let same = stand
        .send(
            "GET",
            &path("/src/main/docs/welcome.md"),
            &headers,
            Vec::new(),
        )
        .await;
    assert_eq!(same.status, 304);
    let other = stand
        .send("GET", &path("/src/main/README.md"), &headers, Vec::new())
        .await;
    assert_eq!(other.status, 200);
    // To another host, which takes no credential of this one.
    let large = get("main/assets/tour.mp4").await;
    let place = large.header("location").to_owned();
    assert_eq!(
        (large.status, place.starts_with("http://localhost:")),
        (301, true),
        "{place}"
    );
    let place = place.replacen("localhost", "127.0.0.1", 1);
    assert_eq!(stand.get(&place, &own).await.status, 400);
    assert_eq!(
        stand.get(&place, "").await.text(),
        "A large file, as far as Git is concerned.\n"
    );
    let archive = stand
        .get("/hosts/bitbucket/acme/handbook/get/main.zip", &own)
        .await;
    assert!(archive.bytes.starts_with(b"PK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn history_follows_renames_and_differences_are_the_other_way_round() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Bitbucket, "alice");
    let get = async |rest: &str| stand.get(&path(rest), &own).await.json();
    let fields = "fields=values.path,values.commit.date,values.commit.message";
    let followed = get(&format!("/filehistory/main/docs/greetings.md?{fields}")).await;
    assert_eq!(
        names(&followed["values"], "path"),
        ["docs/greetings.md", "docs/hello.md"]
    );
    assert_eq!(
        followed["values"][0]["commit"]["date"],
        "2024-03-04T14:15:00+00:00"
    );
    let plain = get("/filehistory/main/docs/greetings.md?renames=false").await;
    assert_eq!(names(&plain["values"], "path"), ["docs/greetings.md"]);
    let (commits, pages) = all(&stand, &own, &path("/commits/main?pagelen=1")).await;
    assert_eq!((commits.len(), pages), (4, 4));
    let one = get("/commits/main?path=docs/welcome.md").await;
    assert_eq!(one["values"][0]["message"], "Start the handbook\n");
    // What is new comes first.
    let stat = get("/diffstat/feature%2Fpay-grades..main").await;
    let added = entry(&stat["values"], "status", "added");
    assert_eq!(
        (&added["old"], &added["new"]["path"], &added["lines_added"]),
        (&Value::Null, &json!("docs/pay.md"), &json!(3))
    );
    assert_eq!(stat["size"], 2, "against where the two parted");
    let straight = get("/diffstat/feature%2Fpay-grades..main?topic=false").await;
    let gone = entry(&straight["values"], "status", "removed");
    assert!(
        gone["old"]["path"]
            .as_str()
            .expect("a path")
            .starts_with("guide/")
    );
    assert_eq!(
        get("/diffstat/v1.0").await["values"][0]["status"],
        "renamed"
    );
    let inside = get("/diffstat/main..v1.0?path=guide/write").await;
    let written = tributary_sandbox::sample::FILES
        .iter()
        .filter(|(path, _)| path.starts_with("write/"));
    assert_eq!(inside["size"], written.count());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_removed_calls_are_gone() {
    let stand = Stand::new().await;
    let (alice, bob) = (
        stand.as_person(Server::Bitbucket, "alice"),
        stand.as_person(Server::Bitbucket, "bob"),
    );
    for gone in [
        "/workspaces",
        "/repositories",
        "/user/permissions/repositories",
    ] {
        assert_eq!(
            stand
                .get(&format!("/hosts/bitbucket/2.0{gone}"), &alice)
                .await
                .status,
            410,
            "{gone}"
        );
    }
    let workspaces = stand
        .get("/hosts/bitbucket/2.0/user/workspaces", &bob)
        .await
        .json();
    assert_eq!(workspaces["values"][0]["workspace"]["slug"], "acme");
    let listed = async |own: &str, rest: &str| {
        names(
            &stand.get(&format!("{ROOT}/acme{rest}"), own).await.json()["values"],
            "name",
        )
    };
    assert_eq!(listed(&bob, "?role=member").await, ["handbook"]);
    assert_eq!(
        listed(&alice, "?role=member&q=name~%22SECRET%22").await,
        ["secret-plans"]
    );
    assert_eq!(
        listed(&alice, "?role=member&sort=-updated_on").await,
        ["handbook", "secret-plans"]
    );
    assert_eq!(
        stand.get(&format!("{ROOT}/nobody"), &alice).await.status,
        404
    );
    let secret = format!("{ROOT}/acme/secret-plans");
    for rest in [
        "",
        "/refs/branches",
        "/refs/tags",
        "/src/main/",
        "/src/main/README.md",
        "/commits/main",
        "/filehistory/main/README.md",
        "/diffstat/main",
    ] {
        for (own, status) in [(alice.as_str(), 200), (bob.as_str(), 404), ("", 404)] {
            assert_eq!(
                stand.get(&format!("{secret}{rest}"), own).await.status,
                status,
                "{rest} {own}"
            );
        }
    }
    assert_eq!(stand.get(&secret, "Bearer nonsense").await.status, 401);
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    assert_eq!(listed("", "").await, ["secret-plans"]);
    assert_eq!(
        stand
            .get(&format!("{secret}/src/main/README.md"), "")
            .await
            .status,
        200
    );
    // Names in natural order.
    for tag in ["v9", "v10"] {
        let body = json!({"repository": "acme/handbook", "ref": format!("refs/tags/{tag}"), "commit": "main"});
        stand.hand("refs", body).await;
    }
    let tags = stand
        .get(&path("/refs/tags?sort=name"), &alice)
        .await
        .json();
    assert_eq!(
        names(&tags["values"], "name"),
        ["v1.0", "v1.1", "v9", "v10"]
    );
    let found = stand
        .get(
            &path("/refs/branches?q=name~%22pay%22&sort=-target.date"),
            &alice,
        )
        .await
        .json();
    assert_eq!(names(&found["values"], "name"), ["feature/pay-grades"]);
    stand
        .hand("limits", json!({"server": "bitbucket", "budget": 0}))
        .await;
    assert_eq!(stand.get(&path(""), &alice).await.status, 429);
}
