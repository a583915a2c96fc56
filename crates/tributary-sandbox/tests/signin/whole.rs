//! From the consent page to the API behind the gateway, on a running sandbox.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tributary_sandbox::signin::{Product, Server};
use tributary_sandbox::{Fault, FaultKind, Options, start};

use crate::application::{CALLBACK, Signin};

async fn call(
    client: &Client,
    method: Method,
    url: &str,
    bearer: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let mut request = client.request(method, url).bearer_auth(bearer);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.expect("an answer");
    (answer.status(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn an_application_reads_and_writes_what_the_person_allowed() {
    let running = start(Options::default()).await.expect("the sandbox starts");
    let signin = Signin::at(running.base_url(), running.control().accounts().clone());
    let query = [
        ("audience", "api.atlassian.com"),
        ("client_id", "sandbox-client"),
        (
            "scope",
            "offline_access read:page:confluence read:space:confluence",
        ),
        ("redirect_uri", CALLBACK),
        ("state", "s"),
        ("response_type", "code"),
        ("prompt", "consent"),
    ];
    let back = signin.consent("/authorize", &query, "allow").await;
    let redeem = json!({"grant_type": "authorization_code", "client_id": "sandbox-client",
        "client_secret": "sandbox-secret", "code": back["code"], "redirect_uri": CALLBACK});
    let (_, tokens) = signin.post_json("/oauth/token", &redeem).await;
    let access = tokens["access_token"].as_str().expect("a token").to_owned();

    let (_, sites) = signin
        .get_as("/oauth/token/accessible-resources", &access)
        .await;
    let gateway = format!(
        "{}/ex/confluence/{}",
        running.base_url(),
        sites[0]["id"].as_str().expect("an id")
    );
    assert_eq!(gateway, running.gateway_url());
    let spaces = format!("{gateway}/wiki/api/v2/spaces?keys=DOCS");
    let pages = format!("{gateway}/wiki/api/v2/pages");

    let (status, found) = call(&signin.browser, Method::GET, &spaces, &access, None).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let draft = json!({"spaceId": found["results"][0]["id"], "status": "current", "title": "By an application",
        "body": {"representation": "storage", "value": "<p>x</p>"}});
    let (status, refused) = call(
        &signin.browser,
        Method::POST,
        &pages,
        &access,
        Some(draft.clone()),
    )
    .await;
    assert_eq!(
        (status, &refused["message"]),
        (
            StatusCode::UNAUTHORIZED,
            &json!("Unauthorized; scope does not match")
        )
    );

    let writer = running
        .control()
        .accounts()
        .issue(Product::Cloud, &["write:page:confluence"]);
    let (status, made) = call(&signin.browser, Method::POST, &pages, &writer, Some(draft)).await;
    assert_eq!(status, StatusCode::OK, "{made}");

    running.control().accounts().expire_all();
    let (status, _) = call(&signin.browser, Method::GET, &spaces, &access, None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let refresh = json!({"grant_type": "refresh_token", "client_id": "sandbox-client",
        "client_secret": "sandbox-secret", "refresh_token": tokens["refresh_token"]});
    let (_, next) = signin.post_json("/oauth/token", &refresh).await;
    let next = next["access_token"].as_str().expect("a token");
    let (status, _) = call(&signin.browser, Method::GET, &spaces, next, None).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_good_only_where_and_for_what_it_was_issued() {
    let running = start(Options::default()).await.expect("the sandbox starts");
    let accounts = running.control().accounts();
    let signin = Signin::at(running.base_url(), accounts.clone());
    let cloud = accounts.issue(Product::Cloud, &["read:space:confluence"]);
    let reader = accounts.issue(Product::DataCenter, &["READ"]);
    let writer = accounts.issue(Product::DataCenter, &["WRITE"]);

    let on_site = format!("{}/api/v2/spaces", running.cloud_url());
    let (status, _) = call(&signin.browser, Method::GET, &on_site, &cloud, None).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "an application's token is good at the gateway only"
    );
    let through_gateway = format!("{}/wiki/api/v2/spaces", running.gateway_url());
    let (status, _) = call(
        &signin.browser,
        Method::GET,
        &through_gateway,
        &writer,
        None,
    )
    .await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "the other product's token is no token here"
    );

    let content = format!("{}/rest/api/content", running.data_center_url());
    let draft = json!({"type": "page", "title": "By a token", "space": {"key": "DOCS"},
        "body": {"storage": {"value": "<p>x</p>", "representation": "storage"}}});
    let (status, _) = call(&signin.browser, Method::GET, &content, &reader, None).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = call(
        &signin.browser,
        Method::POST,
        &content,
        &reader,
        Some(draft.clone()),
    )
    .await;
    assert!(status.is_client_error(), "READ does not write: {status}");
    let (status, made) = call(
        &signin.browser,
        Method::POST,
        &content,
        &writer,
        Some(draft),
    )
    .await;
    assert_eq!(status, StatusCode::OK, "{made}");
}

#[tokio::test]
async fn the_hosts_stand_beside_confluence_and_meet_faults_and_the_record() {
    let running = start(Options::default()).await.expect("the sandbox starts");
    let control = running.control();
    let signin = Signin::at(running.base_url(), control.accounts().clone());
    let token = control
        .accounts()
        .issue_personal(Server::Gitea, "bob", &["read:user"], None)
        .expect("bob is there");
    control.add_fault(Fault {
        method: None,
        path: "/hosts/gitea/".to_owned(),
        times: 1,
        kind: FaultKind::Status { status: 503 },
    });
    let user = format!("{}/hosts/gitea/api/v1/user", running.base_url());
    let (status, _) = call(&signin.browser, Method::GET, &user, &token, None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let (status, found) = call(&signin.browser, Method::GET, &user, &token, None).await;
    assert_eq!((status, &found["login"]), (StatusCode::OK, &json!("bob")));
    let logged = control.requests();
    let statuses: Vec<u16> = logged.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [503, 200]);
    assert!(logged.iter().all(|request| !request.path.contains(&token)));
}
