//! Answers against the official OpenAPI documents.

use std::path::Path;

use serde_json::{Value, json};

use crate::Api;

struct Document(Value);

impl Document {
    fn open(name: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs/confluence");
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        let mut document: Value = serde_json::from_str(&text).expect("the document is JSON");
        nullable(&mut document);
        // The document forgets that a page at the top of its space has no parent; clients in wide use
        // show that the real answer has nulls there.
        for schema in ["PageBulk", "PageSingle"] {
            for key in ["parentId", "parentType"] {
                let place = format!("/components/schemas/{schema}/properties/{key}");
                if let Some(known) = document.pointer_mut(&place) {
                    *known = json!({"anyOf": [known.clone(), {"type": "null"}]});
                }
            }
        }
        Some(Self(document))
    }

    /// Checks an answer against what the document says of a call's success.
    fn check(&self, method: &str, template: &str, status: u16, body: &Value) {
        let call = &self.0["paths"][template][method.to_lowercase()];
        assert!(call.is_object(), "the document has no {method} {template}");
        let mut told = &call["responses"][status.to_string()];
        if !told.is_object() && status == 200 {
            // Data Center's document calls the success of one listing 201, which no `GET` answers.
            told = &call["responses"]["201"];
        }
        assert!(
            told.is_object(),
            "{method} {template} is not said to answer {status}"
        );
        let Some(schema) = told["content"]["application/json"].get("schema") else {
            return;
        };
        let whole = json!({"allOf": [schema], "components": self.0["components"]});
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft7)
            .should_validate_formats(false)
            .build(&whole)
            .unwrap_or_else(|error| panic!("{method} {template}: {error}"));
        let errors: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .take(5)
            .collect();
        assert!(
            errors.is_empty(),
            "{method} {template}: {errors:#?}\n{body:#}"
        );
    }
}

/// OpenAPI 3.0 says `nullable` where JSON Schema has a type.
fn nullable(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.remove("nullable") == Some(Value::Bool(true)) {
                if let Some(Value::String(kind)) = map.get("type").cloned() {
                    map.insert("type".to_owned(), json!([kind, "null"]));
                }
                if let Some(Value::Array(values)) = map.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            map.values_mut().for_each(nullable);
        }
        Value::Array(list) => list.iter_mut().for_each(nullable),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_answers_as_its_document_says() {
    let Some(document) = Document::open("confluence-cloud-v2.trimmed.json") else {
        println!("skipped: the vendor's documents are not here");
        return;
    };
    let api = Api::new().await;
    let space = api.space().await;
    let page = api.page("A page").await;
    let child = api
        .json(
            "POST",
            "/wiki/api/v2/pages",
            json!({"spaceId": space, "title": "Child", "parentId": page,
            "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}}}),
        )
        .await;
    document.check("POST", "/pages", child.status, &child.body);
    let child = child.body["id"].as_str().expect("an id").to_owned();
    let updated = api
        .json("PUT", &format!("/wiki/api/v2/pages/{page}"), json!({"id": page, "status": "current", "title": "A page",
            "body": {"representation": "storage", "value": "<p>y</p>"}, "version": {"number": 2, "message": "why"}}))
        .await;
    document.check("PUT", "/pages/{id}", updated.status, &updated.body);
    let attached = api
        .upload(
            "PUT",
            &format!("/wiki/rest/api/content/{page}/child/attachment"),
            "a.txt",
            b"text",
        )
        .await;
    assert_eq!(attached.status, 200, "{}", attached.body);
    api.json(
        "POST",
        &format!("/wiki/rest/api/content/{page}/label"),
        json!([{"prefix": "global", "name": "one"}]),
    )
    .await;
    let property = api
        .json(
            "POST",
            &format!("/wiki/api/v2/pages/{page}/properties"),
            json!({"key": "k", "value": {"a": 1}}),
        )
        .await;
    document.check(
        "POST",
        "/pages/{page-id}/properties",
        property.status,
        &property.body,
    );
    let property = property.body["id"].as_str().expect("an id").to_owned();
    let set = api
        .json(
            "PUT",
            &format!("/wiki/api/v2/pages/{page}/properties/{property}"),
            json!({"key": "k", "value": 2, "version": {"number": 2}}),
        )
        .await;
    document.check(
        "PUT",
        "/pages/{page-id}/properties/{property-id}",
        set.status,
        &set.body,
    );
    let folder = api
        .json(
            "POST",
            "/wiki/api/v2/folders",
            json!({"spaceId": space, "title": "Folder"}),
        )
        .await;
    document.check("POST", "/folders", folder.status, &folder.body);
    let folder = folder.body["id"].as_str().expect("an id").to_owned();
    let blog = api
        .json("POST", "/wiki/api/v2/blogposts", json!({"spaceId": space, "title": "News", "body": {"representation": "storage", "value": "<p>n</p>"}}))
        .await;
    document.check("POST", "/blogposts", blog.status, &blog.body);
    let blog = blog.body["id"].as_str().expect("an id").to_owned();
    let files = api
        .get(&format!("/wiki/api/v2/pages/{page}/attachments"))
        .await;
    let file = files.body["results"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (path, template) in [
        ("/spaces".to_owned(), "/spaces"),
        (format!("/spaces/{space}"), "/spaces/{id}"),
        (
            format!("/spaces/{space}/pages?body-format=storage"),
            "/spaces/{id}/pages",
        ),
        (
            format!("/spaces/{space}/operations"),
            "/spaces/{id}/operations",
        ),
        (
            format!("/spaces/{space}/properties"),
            "/spaces/{space-id}/properties",
        ),
        ("/pages?limit=2".to_owned(), "/pages"),
        (
            format!("/pages/{page}?body-format=storage&include-labels=true"),
            "/pages/{id}",
        ),
        (
            format!("/pages/{page}?body-format=atlas_doc_format"),
            "/pages/{id}",
        ),
        (
            format!("/pages/{page}/attachments"),
            "/pages/{id}/attachments",
        ),
        (format!("/pages/{page}/labels"), "/pages/{id}/labels"),
        (
            format!("/pages/{page}/operations"),
            "/pages/{id}/operations",
        ),
        (
            format!("/pages/{page}/properties"),
            "/pages/{page-id}/properties",
        ),
        (
            format!("/pages/{page}/properties/{property}"),
            "/pages/{page-id}/properties/{property-id}",
        ),
        (format!("/pages/{page}/versions"), "/pages/{id}/versions"),
        (
            format!("/pages/{page}/versions/1"),
            "/pages/{page-id}/versions/{version-number}",
        ),
        (format!("/pages/{page}/children"), "/pages/{id}/children"),
        (
            format!("/pages/{page}/direct-children"),
            "/pages/{id}/direct-children",
        ),
        (
            format!("/pages/{page}/descendants"),
            "/pages/{id}/descendants",
        ),
        (format!("/pages/{child}/ancestors"), "/pages/{id}/ancestors"),
        (format!("/folders/{folder}"), "/folders/{id}"),
        (format!("/blogposts/{blog}"), "/blogposts/{id}"),
        ("/blogposts".to_owned(), "/blogposts"),
        (format!("/attachments/{file}"), "/attachments/{id}"),
    ] {
        let answer = api.get(&format!("/wiki/api/v2{path}")).await;
        document.check("GET", template, answer.status, &answer.body);
    }
    let gone = api
        .send(api.request("DELETE", &format!("/wiki/api/v2/pages/{child}")))
        .await;
    document.check("DELETE", "/pages/{id}", gone.status, &gone.body);
    let restored = json!({"id": child, "status": "current", "title": "Child",
        "body": {"representation": "storage", "value": "<p>Not taken.</p>"},
        "version": {"number": 2}});
    let path = format!("/wiki/api/v2/pages/{child}");
    let back = api.json("PUT", &path, restored).await;
    document.check("PUT", "/pages/{id}", back.status, &back.body);
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_of_cloud_answers_as_its_document_says() {
    let Some(document) = Document::open("confluence-cloud-v1.trimmed.json") else {
        println!("skipped: the vendor's documents are not here");
        return;
    };
    let api = Api::new().await;
    let page = api.page("A page").await;
    let other = api.page("Another").await;
    let root = "/wiki/rest/api";
    let user = api.get(&format!("{root}/user/current")).await;
    document.check(
        "GET",
        "/wiki/rest/api/user/current",
        user.status,
        &user.body,
    );
    let file = api
        .upload(
            "PUT",
            &format!("{root}/content/{page}/child/attachment"),
            "a.png",
            b"bytes",
        )
        .await;
    document.check(
        "PUT",
        "/wiki/rest/api/content/{id}/child/attachment",
        file.status,
        &file.body,
    );
    let label = api
        .json(
            "POST",
            &format!("{root}/content/{page}/label"),
            json!([{"prefix": "global", "name": "one"}]),
        )
        .await;
    document.check(
        "POST",
        "/wiki/rest/api/content/{id}/label",
        label.status,
        &label.body,
    );
    let moved = api
        .send(api.request("PUT", &format!("{root}/content/{page}/move/append/{other}")))
        .await;
    document.check(
        "PUT",
        "/wiki/rest/api/content/{pageId}/move/{position}/{targetId}",
        moved.status,
        &moved.body,
    );
    let found = api
        .get(&format!("{root}/content/search?cql=type=page"))
        .await;
    document.check(
        "GET",
        "/wiki/rest/api/content/search",
        found.status,
        &found.body,
    );
    let archived = api
        .json(
            "POST",
            &format!("{root}/content/archive"),
            json!({"pages": [{"id": page}]}),
        )
        .await;
    document.check(
        "POST",
        "/wiki/rest/api/content/archive",
        archived.status,
        &archived.body,
    );
    api.sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_center_answers_as_its_document_says() {
    let Some(document) = Document::open("confluence-dc-10.0.3.trimmed.json") else {
        println!("skipped: the vendor's documents are not here");
        return;
    };
    let api = Api::new().await;
    let root = "/confluence/rest/api";
    let made = api
        .json(
            "POST",
            &format!("{root}/content"),
            json!({"type": "page", "title": "A page", "space": {"key": "DOCS"},
            "body": {"storage": {"value": "<p>x</p>", "representation": "storage"}}}),
        )
        .await;
    document.check("POST", "/rest/api/content", made.status, &made.body);
    let page = made.body["id"].as_str().expect("an id").to_owned();
    let path = format!("{root}/content/{page}");
    api.send(api.request("DELETE", &path)).await;
    let restored = json!({"id": page, "status": "current", "version": {"number": 2}});
    let back = api.json("PUT", &path, restored).await;
    document.check(
        "PUT",
        "/rest/api/content/{contentId}",
        back.status,
        &back.body,
    );
    for (path, template) in [
        (
            format!("/content/{page}?expand=body.storage,version,ancestors,space"),
            "/rest/api/content/{id}",
        ),
        (
            "/content?spaceKey=DOCS&expand=version,ancestors".to_owned(),
            "/rest/api/content",
        ),
        ("/space".to_owned(), "/rest/api/space"),
        (
            "/space/DOCS?expand=homepage".to_owned(),
            "/rest/api/space/{spaceKey}",
        ),
        ("/user/current".to_owned(), "/rest/api/user/current"),
        (
            format!("/content/{page}/child/attachment"),
            "/rest/api/content/{id}/child/attachment",
        ),
        (
            format!("/content/{page}/label"),
            "/rest/api/content/{id}/label",
        ),
        (
            format!("/content/{page}/property"),
            "/rest/api/content/{id}/property",
        ),
        (
            "/content/search?cql=type=page".to_owned(),
            "/rest/api/content/search",
        ),
    ] {
        let answer = api.get(&format!("{root}{path}")).await;
        document.check("GET", template, answer.status, &answer.body);
    }
    api.sandbox.stop().await;
}

/// The sandbox demands the scopes that the documents name, for every call they have.
#[test]
fn the_scopes_that_are_demanded_are_the_documents() {
    use std::collections::BTreeMap;

    let (Some(v1), Some(v2)) = (
        Document::open("confluence-cloud-v1.trimmed.json"),
        Document::open("confluence-cloud-v2.trimmed.json"),
    ) else {
        return;
    };
    let mut expected = BTreeMap::new();
    for (document, base) in [(v1, ""), (v2, "/wiki/api/v2")] {
        for (template, calls) in document.0["paths"].as_object().expect("paths") {
            let segments = template.split('/').map(|segment| match segment {
                parameter if parameter.starts_with('{') => "*",
                word => word,
            });
            let path = format!("{base}{}", segments.collect::<Vec<_>>().join("/"));
            for (method, call) in calls.as_object().expect("calls") {
                let Some(ways) = call["x-atlassian-oauth2-scopes"].as_array() else {
                    continue;
                };
                if ways.is_empty() {
                    continue;
                }
                let ways = ways.iter().map(|way| words(way["scopes"].as_array()));
                expected.insert(format!("{} {path}", method.to_uppercase()), ways.collect());
            }
        }
    }
    let demanded: BTreeMap<String, Vec<Vec<String>>> = include_str!("../../src/signin/scopes.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut parts = line.splitn(3, ' ');
            let mut part = || parts.next().expect("three parts");
            let call = format!("{} {}", part(), part());
            let ways = part().split('|').map(|way| {
                let mut scopes: Vec<String> = way.split_whitespace().map(str::to_owned).collect();
                scopes.sort();
                scopes
            });
            (call, ways.collect())
        })
        .collect();
    assert_eq!(demanded, expected);
}

fn words(list: Option<&Vec<Value>>) -> Vec<String> {
    let list = list.into_iter().flatten().filter_map(Value::as_str);
    let mut list: Vec<String> = list.map(str::to_owned).collect();
    list.sort();
    list
}
