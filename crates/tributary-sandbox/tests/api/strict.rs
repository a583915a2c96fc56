//! Where the real servers refuse, the sandbox refuses; where they can fail, it can be told to.

use std::time::Duration;

use serde_json::json;
use tributary_sandbox::signin::Product;
use tributary_sandbox::state::Restoring;
use tributary_sandbox::{Fault, FaultKind, Options, start};

use crate::Api;

fn update(id: &str, number: u32) -> serde_json::Value {
    json!({"id": id, "status": "current", "title": "A page", "version": {"number": number},
        "body": {"representation": "storage", "value": "<p>x</p>"}})
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_titles_and_versions_are_checked() {
    let api = Api::new().await;
    let space = api.space().await;
    let page = api.page("A page").await;
    let create = |title: &str, representation: &str, value: &str| json!({"spaceId": space, "title": title, "body": {"representation": representation, "value": value}});
    for (body, status) in [
        (create("B", "storage", "<p>unclosed"), 400),
        (create("C", "storage", "<blink>unknown</blink>"), 400),
        (create("D", "storage", "a & b"), 400),
        (
            create(
                "E",
                "atlas_doc_format",
                "{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":\"nonsense\"}]}",
            ),
            400,
        ),
        (
            create(
                "F",
                "atlas_doc_format",
                "{\"type\":\"doc\",\"version\":1,\"content\":[]}",
            ),
            200,
        ),
        (
            create("a PAGE", "storage", "<p>same title in another case</p>"),
            400,
        ),
        (create(&"x".repeat(256), "storage", "<p>x</p>"), 400),
        (create("", "storage", "<p>x</p>"), 400),
    ] {
        let answer = api.json("POST", "/wiki/api/v2/pages", body.clone()).await;
        assert_eq!(answer.status, status, "{body} {}", answer.body);
    }
    let path = format!("/wiki/api/v2/pages/{page}");
    for (number, status) in [(1, 409), (3, 409), (2, 200), (2, 409)] {
        assert_eq!(
            api.json("PUT", &path, update(&page, number)).await.status,
            status,
            "version {number}"
        );
    }
    let missing = api.json("POST", "/wiki/api/v2/pages", json!({"spaceId": space, "parentId": "1", "title": "P", "body": {"representation": "storage", "value": ""}})).await;
    assert_eq!(missing.status, 404);
    let twice = api
        .json(
            "POST",
            "/confluence/rest/api/content",
            json!({"type": "page", "title": "Twice", "space": {"key": "DOCS"}}),
        )
        .await;
    assert_eq!(twice.status, 200);
    let twice = api
        .json(
            "POST",
            "/confluence/rest/api/content",
            json!({"type": "page", "title": "TWICE", "space": {"key": "DOCS"}}),
        )
        .await;
    assert_eq!(twice.status, 400);
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_back_from_the_trash_as_it_was_with_the_next_version() {
    let api = Api::new().await;
    let control = api.sandbox.control();
    let home = api.page("Above").await;
    for product in [Product::Cloud, Product::DataCenter] {
        let above = match product {
            Product::Cloud => Some(home.as_str()),
            Product::DataCenter => None,
        };
        let made = control.create_page_by_hand(product, "DOCS", above, "Back", "<p>First.</p>");
        let id = made.expect("a page");
        let path = match product {
            Product::Cloud => format!("/wiki/api/v2/pages/{id}"),
            Product::DataCenter => format!("/confluence/rest/api/content/{id}"),
        };
        let restored = |number: u32| match product {
            Product::Cloud => json!({"id": id, "status": "current", "title": "Other",
                "body": {"representation": "storage", "value": "<p>Other.</p>"},
                "version": {"number": number, "message": "other"}}),
            Product::DataCenter => {
                json!({"id": id, "status": "current", "version": {"number": number}})
            }
        };
        let there = || {
            let pages = control.pages(product, "DOCS").into_iter();
            pages
                .filter(|page| page.status == "current")
                .find(|page| page.id == id)
        };
        let was = there().expect("it is there");
        for restoring in [
            Restoring::default(),
            Restoring {
                makes_version: false,
                keeps_place: true,
            },
        ] {
            control.set_restoring(product, restoring);
            let number = u32::try_from(there().expect("it is there").version).expect("small");
            assert!(control.trash_page(product, &id));
            assert!(there().is_none(), "{product:?}");
            let wrong = api.json("PUT", &path, restored(number)).await;
            assert_eq!(wrong.status, 409, "{product:?}: {}", wrong.body);
            // Its title is of another page by now.
            let other = control.create_page_by_hand(product, "DOCS", above, "back", "<p>x</p>");
            let taken = api.json("PUT", &path, restored(number + 1)).await;
            assert_eq!(taken.status, 400, "{product:?}: {}", taken.body);
            control.trash_page(product, &other.expect("a page"));
            let back = api.json("PUT", &path, restored(number + 1)).await;
            assert_eq!(back.status, 200, "{product:?}: {}", back.body);
            let is = there().expect("it is back");
            let next = i64::from(number) + i64::from(restoring.makes_version);
            assert_eq!(
                (is.title, is.body, is.version),
                (was.title.clone(), was.body.clone(), next)
            );
            assert_eq!(is.message, "", "{product:?}");
        }
        // What was put below a page again stays below it.
        let above = above.map_or_else(|| was.parent_id.clone().expect("a page"), str::to_owned);
        control.move_page_by_hand(product, &id, &above);
        for keeps_place in [true, false] {
            control.set_restoring(
                product,
                Restoring {
                    makes_version: false,
                    keeps_place,
                },
            );
            assert!(control.trash_page(product, &id));
            assert!(control.restore_page_by_hand(product, &id));
            let parent = there().expect("it is back").parent_id;
            assert_eq!(parent, keeps_place.then(|| above.clone()), "{product:?}");
        }
        assert!(control.trash_page(product, &id));
        assert!(control.purge_page(product, &id));
        assert!(!control.restore_page_by_hand(product, &id), "{product:?}");
        let gone = api.json("PUT", &path, restored(3)).await;
        assert_eq!(gone.status, 404, "{product:?}");
    }
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_writes_and_wrong_credentials_are_told_apart() {
    let api = Api::new().await;
    let page = api.page("A page").await;
    let upload = format!("/wiki/rest/api/content/{page}/child/attachment");
    let part = reqwest::multipart::Part::bytes(b"x".to_vec()).file_name("x.txt");
    let form = reqwest::multipart::Form::new().part("file", part);
    assert_eq!(
        api.send(api.request("PUT", &upload).multipart(form))
            .await
            .status,
        403,
        "no token header"
    );
    let browser = api
        .request("PUT", &format!("/wiki/api/v2/pages/{page}"))
        .header("User-Agent", "Mozilla/5.0")
        .json(&update(&page, 2));
    assert_eq!(api.send(browser).await.status, 403, "a browser's agent");

    let as_other = |path: &str, value: &str| {
        let mut request = api.request("GET", path).build().expect("a request");
        request
            .headers_mut()
            .insert("Authorization", value.parse().expect("a value"));
        request
    };
    for (path, value, status) in [
        ("/wiki/api/v2/spaces", "Basic d3Jvbmc6d3Jvbmc=", 404),
        ("/wiki/rest/api/user/current", "Basic d3Jvbmc6d3Jvbmc=", 403),
        ("/confluence/rest/api/space", "Bearer wrong", 200),
        ("/confluence/rest/api/user/current", "Bearer wrong", 200),
    ] {
        let answer = api
            .http
            .execute(as_other(path, value))
            .await
            .expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        if path.ends_with("/current") && status == 200 {
            let user: serde_json::Value = answer.json().await.expect("a user");
            assert_eq!(user["type"], "anonymous");
        }
    }
    let accounts = api.sandbox.control().accounts();
    let reads = accounts.issue(
        Product::Cloud,
        &["read:page:confluence", "read:space:confluence"],
    );
    let gateway = |path: &str| {
        let address = format!("{}/wiki{path}", api.sandbox.gateway_url());
        api.http.get(address).bearer_auth(&reads)
    };
    let answer = gateway("/api/v2/pages").send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    let answer = gateway("/rest/api/content")
        .send()
        .await
        .expect("an answer");
    assert!(
        matches!(answer.status().as_u16(), 401 | 410),
        "v1 content is gone on the gateway"
    );
    api.sandbox.control().accounts().expire_all();
    let answer = gateway("/api/v2/pages").send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 401);
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_are_walked_to_the_end_without_gap_or_repeat() {
    let api = Api::new().await;
    for number in 0..23 {
        api.page(&format!("Page {number}")).await;
    }
    let space = api.space().await;
    let mut path = format!("/wiki/api/v2/spaces/{space}/pages?limit=5");
    let mut seen = Vec::new();
    loop {
        let part = api.get(&path).await;
        let results = part.body["results"].as_array().expect("results").clone();
        assert!(results.len() <= 5);
        assert!(
            results
                .iter()
                .all(|page| page["version"]["message"].is_string())
        );
        seen.extend(
            results
                .iter()
                .map(|page| page["id"].as_str().expect("an id").to_owned()),
        );
        match part.body["_links"]["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 24, "the pages and the home page");
    let mut unique = seen.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), seen.len());
    let many = api
        .get(&format!("/wiki/api/v2/spaces/{space}/pages?limit=9999"))
        .await;
    assert_eq!(many.body["results"].as_array().map(Vec::len), Some(24));
    assert!(many.headers.contains_key("x-ratelimit-limit"));
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_come_when_told_before_or_after_the_work() {
    let api = Api::new().await;
    let space = api.space().await;
    let body = |title: &str| json!({"spaceId": space, "title": title, "body": {"representation": "storage", "value": "<p>x</p>"}});
    let control = api.sandbox.control();
    let fault = |kind| {
        control.add_fault(Fault {
            method: Some("POST".to_owned()),
            path: "/pages".to_owned(),
            times: 1,
            kind,
        });
    };
    let there = |title: &str| {
        control
            .pages(Product::Cloud, "DOCS")
            .iter()
            .any(|page| page.title == title)
    };

    fault(FaultKind::RateLimited { retry_after: 7 });
    let limited = api.json("POST", "/wiki/api/v2/pages", body("A")).await;
    assert_eq!(
        (limited.status, limited.headers["retry-after"].to_str().ok()),
        (429, Some("7"))
    );
    fault(FaultKind::Status { status: 503 });
    assert_eq!(
        api.json("POST", "/wiki/api/v2/pages", body("A"))
            .await
            .status,
        503
    );
    fault(FaultKind::DropBefore);
    let dropped = api
        .request("POST", "/wiki/api/v2/pages")
        .json(&body("A"))
        .send()
        .await;
    assert!(dropped.is_err(), "not a word of answer");
    assert!(!there("A"), "nothing was done");
    fault(FaultKind::DropAfter);
    let dropped = api
        .request("POST", "/wiki/api/v2/pages")
        .json(&body("A"))
        .send()
        .await;
    assert!(dropped.is_err(), "not a word of answer");
    assert!(there("A"), "it was done");
    fault(FaultKind::StatusAfter { status: 500 });
    assert_eq!(
        api.json("POST", "/wiki/api/v2/pages", body("B"))
            .await
            .status,
        500
    );
    assert!(there("B"), "it was done");

    let impatient = |title: &str| {
        let request = api.request("POST", "/wiki/api/v2/pages");
        let patience = Duration::from_millis(300);
        request.json(&body(title)).timeout(patience).send()
    };
    fault(FaultKind::HangBefore);
    assert!(impatient("H").await.expect_err("silence").is_timeout());
    assert!(!there("H"), "nothing was done");
    fault(FaultKind::HangAfter);
    assert!(impatient("H").await.expect_err("silence").is_timeout());
    assert!(there("H"), "it was done");
    fault(FaultKind::Cut);
    let cut = api.request("POST", "/wiki/api/v2/pages").json(&body("I"));
    let cut = cut.send().await.expect("an answer");
    let cut = cut
        .bytes()
        .await
        .expect("an answer that claims to be whole");
    let read = serde_json::from_slice::<serde_json::Value>(&cut);
    assert!(read.expect_err("half of it").is_eof());
    assert!(there("I"), "it was done");
    fault(FaultKind::SlowBody { milliseconds: 1 });
    let slow = api.json("POST", "/wiki/api/v2/pages", body("J")).await;
    assert_eq!((slow.status, &slow.body["title"]), (200, &json!("J")));

    control.set_latency(Duration::from_millis(5));
    control.clear_requests();
    tokio::join!(
        api.get("/wiki/api/v2/spaces"),
        api.get("/wiki/api/v2/pages")
    );
    assert_eq!(control.requests().len(), 2);
    assert!(control.set_read_only(Product::Cloud, "DOCS", true));
    assert_eq!(
        api.json("POST", "/wiki/api/v2/pages", body("C"))
            .await
            .status,
        404
    );
    control.reset();
    assert_eq!(
        control.pages(Product::Cloud, "DOCS").len(),
        1,
        "only the home page"
    );
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_labels_search_and_moves_work_and_the_state_survives() {
    let folder = std::env::temp_dir().join(format!("tributary-sandbox-{}", std::process::id()));
    let api = Api::new().await;
    let (page, other) = (api.page("A page").await, api.page("Another one").await);
    let path = format!("/wiki/rest/api/content/{page}/child/attachment");
    assert_eq!(api.upload("POST", &path, "a.txt", b"one").await.status, 200);
    assert_eq!(
        api.upload("POST", &path, "a.txt", b"two").await.status,
        400,
        "the name is taken"
    );
    assert_eq!(
        api.upload("PUT", &path, "a.txt", b"three").await.status,
        200
    );
    let held = api.sandbox.control().pages(Product::Cloud, "DOCS");
    let file = &held
        .iter()
        .find(|held| held.id == page)
        .expect("the page")
        .attachments[0];
    assert_eq!((file.version, file.size), (2, 5));
    let labels = format!("/wiki/rest/api/content/{page}/label");
    assert_eq!(
        api.json("POST", &labels, json!([{"name": "two words"}]))
            .await
            .status,
        400
    );
    assert_eq!(
        api.json("POST", &labels, json!([{"name": "word"}]))
            .await
            .status,
        200
    );
    let moved = api
        .send(api.request(
            "PUT",
            &format!("/wiki/rest/api/content/{page}/move/append/{other}"),
        ))
        .await;
    assert_eq!(moved.status, 200);
    let circle = api
        .send(api.request(
            "PUT",
            &format!("/wiki/rest/api/content/{other}/move/append/{page}"),
        ))
        .await;
    assert_eq!(circle.status, 400);
    for (cql, count) in [
        (format!("ancestor={other}"), 1),
        ("label=word and type=page".to_owned(), 1),
        ("title ~ \"another\" or title = \"a page\"".to_owned(), 2),
        ("space=TEAM".to_owned(), 1),
    ] {
        let query = cql.replace(' ', "%20").replace('"', "%22");
        let found = api
            .get(&format!("/wiki/rest/api/content/search?cql={query}"))
            .await;
        assert_eq!(found.body["size"], count, "{cql}: {}", found.body);
    }
    assert_eq!(
        api.get("/wiki/rest/api/content/search?cql=nonsense")
            .await
            .status,
        400
    );
    let converted = api
        .json(
            "POST",
            "/confluence/rest/api/contentbody/convert/view",
            json!({"representation": "storage", "value": "<p>A <strong>b</strong></p>"}),
        )
        .await;
    assert!(
        converted.body["value"]
            .as_str()
            .is_some_and(|html| html.contains("<strong>b</strong>"))
    );
    api.sandbox.stop().await;

    let kept = || Options {
        data: Some(folder.clone()),
        ..Options::default()
    };
    let first = start(kept()).await.expect("a sandbox");
    let made =
        first
            .control()
            .create_page_by_hand(Product::Cloud, "DOCS", None, "Kept", "<p>x</p>");
    assert!(made.is_some());
    first.stop().await;
    let second = start(kept()).await.expect("a sandbox");
    assert!(
        second
            .control()
            .pages(Product::Cloud, "DOCS")
            .iter()
            .any(|page| page.title == "Kept")
    );
    second.stop().await;
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}
