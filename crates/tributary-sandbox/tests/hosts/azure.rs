//! Azure DevOps' dialect.

use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use crate::documents::{Asked, Document, Said};
use crate::stand::{Answer, Stand, basic, entry, names};

const API: &str = "/hosts/entra/acme/docs/_apis/git/repositories";

fn path(rest: &str) -> String {
    let mark = if rest.contains('?') { '&' } else { '?' };
    format!("{API}/handbook{rest}{mark}api-version=7.1")
}

async fn read(stand: &Stand, own: &str, rest: &str, accept: &str) -> Answer {
    let headers = [("authorization", own), ("accept", accept)];
    stand.send("GET", &path(rest), &headers, Vec::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_official_description() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Entra, "alice");
    let commit = read(&stand, &own, "/commits", "").await.json()["value"][0]["commitId"]
        .as_str()
        .expect("a hash")
        .to_owned();
    let tree = read(&stand, &own, &format!("/commits/{commit}"), "")
        .await
        .json()["treeId"]
        .as_str()
        .expect("a hash")
        .to_owned();
    let file = read(&stand, &own, "/items?path=/README.md&$format=json", "")
        .await
        .json();
    let blob = file["objectId"].as_str().expect("a hash");
    let repository = "/{organization}/{project}/_apis/git/repositories";
    let asked = [
        (String::new(), "/{repositoryId}"),
        ("/refs?peelTags=true".to_owned(), "/{repositoryId}/refs"),
        (
            "/items?scopePath=/&recursionLevel=Full".to_owned(),
            "/{repositoryId}/items",
        ),
        (
            format!("/trees/{tree}?recursive=true"),
            "/{repositoryId}/trees/{sha1}",
        ),
        (format!("/blobs/{blob}"), "/{repositoryId}/blobs/{sha1}"),
        (
            "/commits?searchCriteria.itemPath=/docs".to_owned(),
            "/{repositoryId}/commits",
        ),
        (
            format!("/commits/{commit}"),
            "/{repositoryId}/commits/{commitId}",
        ),
        (
            "/diffs/commits?baseVersion=v1.0&baseVersionType=tag&targetVersion=main".to_owned(),
            "/{repositoryId}/diffs/commits",
        ),
        (
            "/stats/branches".to_owned(),
            "/{repositoryId}/stats/branches",
        ),
    ];
    // The newer description has fewer calls.
    let left_out = ["/{repositoryId}", "/{repositoryId}/stats/branches"];
    for (version, name) in [
        ("7.1", "azure-devops-git-7.1.json"),
        ("7.2", "azure-devops-git-7.2.json"),
    ] {
        let Some(document) = Document::open(name) else {
            return;
        };
        let is_newer = version == "7.2";
        let at =
            |rest: &str| path(rest).replace("api-version=7.1", &format!("api-version={version}"));
        let asked = asked
            .iter()
            .filter(|(_, template)| !(is_newer && left_out.contains(template)));
        for (asked, template) in asked {
            let headers = [
                ("authorization", own.as_str()),
                ("accept", "application/json"),
            ];
            let answer = stand.send("GET", &at(asked), &headers, Vec::new()).await;
            assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
            let mut body = answer.json();
            // The description has bare lists; on the wire each is in an object that counts it.
            if body["value"].is_array() {
                assert_eq!(
                    body["count"].as_u64(),
                    body["value"].as_array().map(|list| list.len() as u64)
                );
                body = body["value"].take();
            }
            // It calls the item of a change a string of type `T`, where its examples have an object.
            for change in body
                .pointer_mut("/changes")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                assert!(change["item"].take()["path"].is_string());
            }
            document.check(&format!("{repository}{template}"), 200, &body);
        }
        // Many items at once are asked for with a body.
        let batch = json!({"itemDescriptors": [
            {"path": "/docs", "version": "main", "versionType": "branch", "recursionLevel": "oneLevel"},
            {"path": "/README.md", "version": commit, "versionType": "commit"}
        ]});
        let headers = [
            ("authorization", own.as_str()),
            ("content-type", "application/json"),
        ];
        let bytes = batch.to_string().into_bytes();
        let answer = stand
            .send("POST", &at("/itemsbatch"), &headers, bytes)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let lists = answer.json()["value"].take();
        document.check_answer(
            "post",
            &format!("{repository}/{{repositoryId}}/itemsbatch"),
            200,
            &lists,
        );
        // What an item is stands with the other call.
        for list in lists.as_array().expect("lists") {
            document.check(&format!("{repository}/{{repositoryId}}/items"), 200, list);
        }
        if !is_newer {
            let listed = stand
                .get(&format!("{API}?api-version={version}"), &own)
                .await
                .json();
            document.check(repository, 200, &listed["value"]);
        }
        // Of what it refuses the description says nothing.
        let of = |rest: &str| format!("{repository}/{{repositoryId}}{rest}");
        let nothing = |rest: &str| format!("{API}/nothing{rest}?api-version={version}");
        let none = |path, own, template, status| Asked(path, own, template, status, Said::Nothing);
        let refused = [
            none(nothing("/refs"), own.as_str(), of("/refs"), 404),
            none(nothing("/refs"), "", of("/refs"), 302),
            none(nothing("/refs"), "Basic nonsense", of("/refs"), 203),
            none(at("/items?path=/absent.md"), &own, of("/items"), 404),
            none(at("/commits/absent"), &own, of("/commits/{commitId}"), 404),
        ];
        document.hold(&stand, &refused).await;
        stand.accounts().refuse(Server::Entra, 429, Some(1), 1);
        let limited = none(at("/refs"), own.as_str(), of("/refs"), 429);
        document.hold(&stand, &[limited]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_go_as_deep_as_asked_and_all_at_once() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Entra, "alice");
    let list = async |rest: &str| read(&stand, &own, rest, "application/json").await.json();
    let full = list("/items?scopePath=/&recursionLevel=Full").await;
    assert_eq!(
        (&full["value"][0]["path"], &full["value"][0]["isFolder"]),
        (&json!("/"), &json!(true))
    );
    assert_eq!(
        entry(&full["value"], "path", "/docs/first-day.md")["isSymLink"],
        true
    );
    assert_eq!(
        entry(&full["value"], "path", "/vendor/theme")["gitObjectType"],
        "commit"
    );
    let one = list("/items?scopePath=/docs&recursionLevel=OneLevel&versionDescriptor.version=v1.0&versionDescriptor.versionType=tag").await;
    let paths = names(&one["value"], "path");
    assert!(
        paths.contains(&"/docs/team".to_owned())
            && !paths.iter().any(|path| path.contains("people")),
        "{paths:?}"
    );
    assert_eq!(
        list("/items?scopePath=/docs").await["count"],
        1,
        "itself only"
    );
    let latest =
        list("/items?scopePath=/docs&recursionLevel=OneLevel&latestProcessedChange=true").await;
    let change = &entry(&latest["value"], "path", "/docs/greetings.md")["latestProcessedChange"];
    assert_eq!(change["comment"], "Call the greetings what they are");
    let branch = list("/items?scopePath=/docs&recursionLevel=Full&versionDescriptor.version=feature/pay-grades&versionDescriptor.versionType=branch").await;
    assert!(names(&branch["value"], "path").contains(&"/docs/pay.md".to_owned()));
    // Not paged, however many there are.
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 3000}),
        )
        .await;
    let many = list("/items?scopePath=/many&recursionLevel=Full").await;
    assert_eq!(many["count"], 3001);
    let body = json!({"itemDescriptors": [{"path": "/docs", "version": "main", "versionType": "branch", "recursionLevel": "oneLevel"},
        {"path": "/README.md", "version": "v1.0", "versionType": "tag"}]});
    let headers = [
        ("authorization", own.as_str()),
        ("content-type", "application/json"),
    ];
    let batch = stand
        .send(
            "POST",
            &path("/itemsbatch"),
            &headers,
            body.to_string().into_bytes(),
        )
        .await
        .json();
    assert_eq!(
        (&batch["count"], &batch["value"][1][0]["path"]),
        (&json!(2), &json!("/README.md"))
    );
    for (gone, key) in [
        ("/items?scopePath=/nothing", "GitItemNotFoundException"),
        (
            "/items?path=/README.md&versionDescriptor.version=none",
            "GitUnresolvableToCommitException",
        ),
        (
            "/items?path=/README.md&versionDescriptor.version=v1.0",
            "GitUnresolvableToCommitException",
        ),
        (
            "/trees/0000000000000000000000000000000000000000",
            "GitObjectDoesNotExistException",
        ),
    ] {
        let answer = read(&stand, &own, gone, "application/json").await;
        assert_eq!(
            (answer.status, &answer.json()["typeKey"]),
            (404, &json!(key)),
            "{gone}"
        );
    }
    let newer = stand
        .get(&format!("{API}/handbook?api-version=9.0"), &own)
        .await;
    assert_eq!(
        (newer.status, &newer.json()["typeKey"]),
        (400, &json!("VssVersionOutOfRangeException"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_as_bytes_or_described_and_large_ones_on_request() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Entra, "alice");
    let octets = "application/octet-stream";
    for (asked, text) in [
        (
            "/items?path=/docs/welcome.md",
            "# Welcome\n\nYour first day.\n",
        ),
        ("/items?path=/docs/first-day.md", "welcome.md"),
        (
            "/items?path=/docs/windows.md",
            "# Windows\r\n\r\nLines end otherwise here.\r\n",
        ),
        (
            "/items?path=/docs/na%C3%AFve%20%26%20100%25%20%231.md",
            "# Naïve\n\nA name that must be encoded.\n",
        ),
        (
            "/items?path=%2Fassets%2Ftour.mp4&resolveLfs=true",
            "A large file, as far as Git is concerned.\n",
        ),
    ] {
        let answer = read(&stand, &own, asked, octets).await;
        assert_eq!(
            (
                answer.status,
                answer.text().as_str(),
                answer.header("content-type")
            ),
            (200, text, octets),
            "{asked}"
        );
    }
    assert!(
        read(&stand, &own, "/items?path=/assets/tour.mp4", octets)
            .await
            .text()
            .starts_with("version https://git-lfs")
    );
    assert_eq!(
        read(&stand, &own, "/items?path=/docs/caf%E9.md", octets)
            .await
            .bytes,
        b"# Caf\xe9\n\nOpen all day.\n"
    );
    let told = read(
        &stand,
        &own,
        "/items?path=/docs/welcome.md&includeContent=true&includeContentMetadata=true",
        "application/json",
    )
    .await
    .json();
    assert_eq!(
        (&told["content"], &told["contentMetadata"]["extension"]),
        (&json!("# Welcome\n\nYour first day.\n"), &json!("md"))
    );
    assert_eq!(
        read(&stand, &own, "/items?path=docs/welcome.md", octets)
            .await
            .status,
        400,
        "paths begin with a slash"
    );
    let blob = told["objectId"].as_str().expect("a hash");
    assert_eq!(
        read(&stand, &own, &format!("/blobs/{blob}"), "application/json")
            .await
            .json()["size"],
        27
    );
    assert_eq!(
        read(&stand, &own, &format!("/blobs/{blob}"), octets)
            .await
            .text(),
        "# Welcome\n\nYour first day.\n"
    );
    let packed = read(&stand, &own, "/items?scopePath=/docs/team&$format=zip", "").await;
    let text = String::from_utf8_lossy(&packed.bytes).into_owned();
    assert!(
        packed.bytes.starts_with(b"PK")
            && text.contains("people/alice.md")
            && !text.contains("README.md")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn references_commits_and_differences_have_pages_of_their_own_kinds() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Entra, "alice");
    let get = async |rest: &str| read(&stand, &own, rest, "application/json").await;
    let heads = get("/refs?filter=heads/").await.json();
    assert_eq!(
        names(&heads["value"], "name"),
        ["refs/heads/feature/pay-grades", "refs/heads/main"]
    );
    let found = get("/refs?filter=heads/&filterContains=PAY").await.json();
    assert_eq!(
        names(&found["value"], "name"),
        ["refs/heads/feature/pay-grades"]
    );
    let tags = get("/refs?filter=tags/&peelTags=true").await.json();
    let annotated = entry(&tags["value"], "name", "refs/tags/v1.0");
    assert_ne!(annotated["peeledObjectId"], annotated["objectId"]);
    assert!(
        entry(&tags["value"], "name", "refs/tags/v1.1")
            .get("peeledObjectId")
            .is_none()
    );
    // The next page is asked for with what the header has.
    let first = get("/refs?$top=3").await;
    let token = first.header("x-ms-continuationtoken").to_owned();
    let token = percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC);
    let second = get(&format!("/refs?$top=3&continuationToken={token}")).await;
    assert_eq!(
        (
            first.json()["count"].as_u64(),
            second.json()["count"].as_u64()
        ),
        (Some(3), Some(1))
    );
    assert_eq!(second.header("x-ms-continuationtoken"), "");
    let commits = get("/commits?searchCriteria.itemPath=/docs/greetings.md&searchCriteria.itemVersion.version=main&searchCriteria.$top=1").await.json();
    assert_eq!(
        names(&commits["value"], "comment"),
        ["Call the greetings what they are"]
    );
    let skipped = get("/commits?searchCriteria.$skip=3").await.json();
    assert_eq!(names(&skipped["value"], "comment"), ["Start the handbook"]);
    let versions = "baseVersion=main&baseVersionType=branch&targetVersion=feature/pay-grades&targetVersionType=branch";
    let apart = get(&format!("/diffs/commits?{versions}")).await.json();
    assert_eq!(
        (
            &apart["aheadCount"],
            &apart["behindCount"],
            &apart["allChangesIncluded"]
        ),
        (&json!(1), &json!(1), &json!(true))
    );
    assert_eq!(apart["changes"].as_array().map(Vec::len), Some(2));
    let straight = get(&format!("/diffs/commits?{versions}&diffCommonCommit=false"))
        .await
        .json();
    assert!(
        straight["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .any(|change| change["changeType"] == "delete")
    );
    let renamed = get("/diffs/commits?baseVersion=main&targetVersion=v1.0&targetVersionType=tag&diffCommonCommit=false").await;
    assert_eq!(renamed.status, 200);
    stand
        .hand(
            "files",
            json!({"repository": "acme/handbook", "folder": "many", "count": 150}),
        )
        .await;
    let asked = "/diffs/commits?baseVersion=v1.1&baseVersionType=tag&targetVersion=main";
    let usual = get(asked).await.json();
    assert_eq!(
        (
            usual["changes"].as_array().map(Vec::len),
            &usual["allChangesIncluded"]
        ),
        (Some(100), &json!(false))
    );
    let rest = get(&format!("{asked}&$top=100&$skip=100")).await.json();
    assert_eq!(
        (
            rest["changes"].as_array().map(Vec::len),
            &rest["allChangesIncluded"]
        ),
        (Some(50), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_what_they_may_and_everybody_what_is_public() {
    let stand = Stand::new().await;
    let (alice, bob) = (
        stand.as_person(Server::Entra, "alice"),
        stand.as_person(Server::Entra, "bob"),
    );
    let listed = async |own: &str| {
        names(
            &stand
                .get(&format!("{API}?api-version=7.1"), own)
                .await
                .json()["value"],
            "name",
        )
    };
    assert_eq!(listed(&alice).await, ["handbook", "secret-plans"]);
    assert_eq!(listed(&bob).await, ["handbook"]);
    let projects = stand
        .get("/hosts/entra/acme/_apis/projects?api-version=7.1", &bob)
        .await
        .json();
    assert_eq!(names(&projects["value"], "name"), ["docs"]);
    let organizations = stand
        .get(
            "/hosts/entra/_apis/accounts?memberId=bob&api-version=7.1",
            &bob,
        )
        .await
        .json();
    assert_eq!(names(&organizations["value"], "accountName"), ["acme"]);
    let secret = format!("{API}/secret-plans");
    for rest in [
        "",
        "/refs",
        "/items?scopePath=/",
        "/items?path=/README.md",
        "/commits",
        "/stats/branches",
        "/diffs/commits?baseVersion=main&targetVersion=main",
    ] {
        // Without a credential one is sent to a page to sign in at; a wrong one gets that page.
        for (own, status) in [
            (alice.as_str(), 200),
            (bob.as_str(), 404),
            ("", 302),
            (basic("", "nonsense").as_str(), 203),
        ] {
            let answer = stand.get(&format!("{secret}{rest}"), own).await;
            assert_eq!(answer.status, status, "{rest} {own}");
            assert!(status != 203 || answer.header("content-type").starts_with("text/html"));
        }
    }
    let by_id = "/hosts/entra/acme/_apis/git/repositories/00000000-0000-4000-8000-000000000102/items?path=/README.md";
    assert_eq!(
        (
            stand.get(by_id, &alice).await.status,
            stand.get(by_id, &bob).await.status
        ),
        (200, 404)
    );
    stand
        .hand(
            "visibility",
            json!({"repository": "acme/secret-plans", "public": true}),
        )
        .await;
    assert_eq!(listed("").await, ["secret-plans"]);
    assert_eq!(
        stand
            .get(&format!("{secret}/items?path=/README.md"), "")
            .await
            .text(),
        "# Secret plans\n\nFor few eyes.\n"
    );
    // It asks to wait on good answers first, and then refuses.
    for (status, wait) in [(200, 2), (429, 30)] {
        stand
            .hand(
                "limits",
                json!({"server": "entra", "refuse": {"status": status, "retry_after": wait}}),
            )
            .await;
        let answer = stand.get(&secret, &alice).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (status, wait.to_string().as_str())
        );
        let body: Value = answer.json();
        assert_eq!(
            body["message"]
                .as_str()
                .is_some_and(|text| text.contains("TF400733")),
            status == 429
        );
    }
}

/// Its answers lead to itself, and not to Azure DevOps Services beside it.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_the_same_below_its_collections_and_refuses_what_came_after_it() {
    let stand = Stand::new().await;
    let own = stand.as_person(Server::Entra, "alice");
    let api = API.replace("/entra/", "/entra/collections/");
    let asked = async |version: &str| {
        let path = format!("{api}/handbook?api-version={version}");
        stand.get(&path, &own).await
    };
    let described = asked("5.1").await;
    assert_eq!(described.status, 200);
    for name in ["url", "webUrl", "remoteUrl"] {
        let address = described.json()[name].clone();
        let address = address.as_str().expect("an address");
        assert!(
            address.contains("/hosts/entra/collections/acme/"),
            "{name}: {address}"
        );
    }
    let refused = asked("7.1").await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["typeKey"], "VssVersionOutOfRangeException");
    let oid = "6eef358a9197ebc0fd475a1757e52f1f587deca231dcc81b6537a626dd24fe23";
    let large = json!({"operation": "download", "objects": [{"oid": oid, "size": 42}]});
    let batch = "/hosts/entra/collections/acme/docs/_git/handbook/info/lfs/objects/batch";
    let headers = [("authorization", own.as_str())];
    let told = stand.send("POST", batch, &headers, large.to_string().into_bytes());
    let told = told.await.json();
    let href = told["objects"][0]["actions"]["download"]["href"].as_str();
    let href = href.unwrap_or_else(|| panic!("{told:#}"));
    assert!(
        href.contains("/hosts/entra/collections/acme/docs/_git/"),
        "{href}"
    );
}
