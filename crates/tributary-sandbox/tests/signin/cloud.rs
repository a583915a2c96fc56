//! Atlassian's 3LO: consent, codes, rotation, reuse, scopes.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tributary_sandbox::signin::Product;

use crate::application::{CALLBACK, Signin, sent_back};

const SCOPE: &str = "offline_access read:me read:page:confluence write:page:confluence";

fn request() -> Vec<(&'static str, &'static str)> {
    vec![
        ("audience", "api.atlassian.com"),
        ("client_id", "sandbox-client"),
        ("scope", SCOPE),
        ("redirect_uri", CALLBACK),
        ("state", "the state & more"),
        ("response_type", "code"),
        ("prompt", "consent"),
    ]
}

fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut request = request();
    for parameter in &mut request {
        if parameter.0 == name {
            parameter.1 = value;
        }
    }
    request
}

async fn code(signin: &Signin) -> String {
    let mut back = signin.consent("/authorize", &request(), "allow").await;
    assert_eq!(back["state"], "the state & more");
    back.remove("code").expect("a code")
}

fn redeem(code: &str) -> Value {
    json!({"grant_type": "authorization_code", "client_id": "sandbox-client", "client_secret": "sandbox-secret", "code": code, "redirect_uri": CALLBACK})
}

fn refresh(token: &Value) -> Value {
    json!({"grant_type": "refresh_token", "client_id": "sandbox-client", "client_secret": "sandbox-secret", "refresh_token": token})
}

async fn tokens(signin: &Signin) -> Value {
    let (status, tokens) = signin
        .post_json("/oauth/token", &redeem(&code(signin).await))
        .await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

#[tokio::test]
async fn a_person_consents_and_the_application_learns_who_and_where() {
    let signin = Signin::start().await;
    let page = signin.get("/authorize", &request()).await;
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .is_ok_and(|policy| policy.contains("default-src 'none'"))
    );
    let html = page.text().await.expect("a page");
    for shown in [
        "Sandbox demo application",
        "Ada Author",
        "write:page:confluence",
        CALLBACK,
    ] {
        assert!(html.contains(shown), "the consent page shows {shown:?}");
    }

    let tokens = tokens(&signin).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    let access = tokens["access_token"].as_str().expect("an access token");
    assert_eq!(
        access.split('.').count(),
        3,
        "it looks like a JSON Web Token"
    );

    let (status, sites) = signin
        .get_as("/oauth/token/accessible-resources", access)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(sites[0]["id"], "cloud-1");
    assert_eq!(sites[0]["url"], signin.base);
    assert_eq!(
        sites[0]["scopes"],
        json!(["read:page:confluence", "write:page:confluence"])
    );

    let (status, me) = signin.get_as("/me", access).await;
    assert_eq!(
        (status, &me["email"]),
        (StatusCode::OK, &json!("author@example.com"))
    );

    let grant = signin.accounts.authenticate(access).expect("a good token");
    assert_eq!(grant.server, Product::Cloud);
}

#[tokio::test]
async fn a_person_who_declines_is_sent_back_with_the_error() {
    let signin = Signin::start().await;
    let back = signin.consent("/authorize", &request(), "deny").await;
    assert_eq!(back["error"], "access_denied");
    assert_eq!(back["state"], "the state & more");
    assert!(!back.contains_key("code"));
}

#[tokio::test]
async fn a_request_that_cannot_be_trusted_is_shown_to_the_person_and_not_sent_back() {
    let signin = Signin::start().await;
    for (wrong, said) in [
        (
            with("redirect_uri", "http://127.0.0.1:31416/callback"),
            "is not registered",
        ),
        (
            with("redirect_uri", "http://localhost:31415/callback"),
            "is not registered",
        ),
        (
            with("redirect_uri", "http://127.0.0.1:31415/callback/"),
            "is not registered",
        ),
        (with("client_id", "nobody"), "client_id is not known"),
        (with("audience", "elsewhere"), "audience"),
        (with("state", ""), "no state"),
    ] {
        let answer = signin.get("/authorize", &wrong).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong:?}");
        let html = answer.text().await.expect("a page");
        assert!(html.contains(said), "{wrong:?} says {said:?}");
    }
    for (wrong, error) in [
        (with("response_type", "token"), "unsupported_response_type"),
        (with("scope", "read:everything"), "invalid_scope"),
        (with("scope", ""), "invalid_scope"),
    ] {
        let answer = signin.get("/authorize", &wrong).await;
        assert_eq!(sent_back(&answer)["error"], error, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_soon_and_for_its_own_application() {
    let signin = Signin::start().await;

    let used = code(&signin).await;
    let (_, first) = signin.post_json("/oauth/token", &redeem(&used)).await;
    let (status, again) = signin.post_json("/oauth/token", &redeem(&used)).await;
    assert_eq!(
        (status, &again["error"]),
        (StatusCode::FORBIDDEN, &json!("invalid_grant"))
    );
    let access = first["access_token"].as_str().expect("a token");
    assert!(
        signin.accounts.authenticate(access).is_none(),
        "what a code used twice became is withdrawn"
    );

    let late = code(&signin).await;
    signin.accounts.advance(Duration::from_secs(600));
    let (status, _) = signin.post_json("/oauth/token", &redeem(&late)).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "ten minutes are over");

    let mut elsewhere = redeem(&code(&signin).await);
    elsewhere["redirect_uri"] = json!("http://127.0.0.1:1/callback");
    let (status, _) = signin.post_json("/oauth/token", &elsewhere).await;
    assert_eq!(
        status,
        StatusCode::FORBIDDEN,
        "the redirect address is compared again"
    );

    let mut without_secret = redeem(&code(&signin).await);
    without_secret["client_secret"] = Value::Null;
    without_secret["code_verifier"] = json!("a verifier does not stand in for the secret");
    let (status, error) = signin.post_json("/oauth/token", &without_secret).await;
    assert_eq!(
        (status, &error["error"]),
        (StatusCode::UNAUTHORIZED, &json!("access_denied"))
    );

    let form = signin
        .post_form("/oauth/token", &[("grant_type", "authorization_code")])
        .await;
    assert_eq!(
        form.status(),
        StatusCode::BAD_REQUEST,
        "the body must be JSON"
    );
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let signin = Signin::start().await;
    let mut back = signin
        .consent(
            "/authorize",
            &with("scope", "read:page:confluence"),
            "allow",
        )
        .await;
    let code = back.remove("code").expect("a code");
    let (status, tokens) = signin.post_json("/oauth/token", &redeem(&code)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tokens.get("refresh_token"), None);
    let access = tokens["access_token"].as_str().expect("a token");
    let (status, error) = signin.get_as("/me", access).await;
    assert_eq!(
        (status, &error["message"]),
        (
            StatusCode::UNAUTHORIZED,
            &json!("Unauthorized; scope does not match")
        )
    );
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_late_second_use_ends_them_all() {
    let signin = Signin::start().await;
    let first = tokens(&signin).await;
    let (status, second) = signin
        .post_json("/oauth/token", &refresh(&first["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(first["scope"], second["scope"]);

    signin.accounts.advance(Duration::from_secs(599));
    let (status, third) = signin
        .post_json("/oauth/token", &refresh(&first["refresh_token"]))
        .await;
    assert_eq!(
        status,
        StatusCode::OK,
        "a lost answer may be asked for again within ten minutes"
    );

    signin.accounts.advance(Duration::from_secs(1));
    let (status, error) = signin
        .post_json("/oauth/token", &refresh(&first["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        error,
        json!({"error": "unauthorized_client", "error_description": "refresh_token is invalid"})
    );
    for newest in [&second, &third] {
        let (status, _) = signin
            .post_json("/oauth/token", &refresh(&newest["refresh_token"]))
            .await;
        assert_eq!(status, StatusCode::FORBIDDEN, "the whole family is dead");
    }
    let access = third["access_token"].as_str().expect("a token");
    assert!(
        signin.accounts.authenticate(access).is_some(),
        "a signed access token lives out its hour"
    );
}

#[tokio::test]
async fn a_refresh_token_dies_of_idleness_and_of_age() {
    let days = |count: u64| Duration::from_secs(count * 24 * 3600);
    let signin = Signin::start().await;
    let idle = tokens(&signin).await;
    signin.accounts.advance(days(90));
    let (status, _) = signin
        .post_json("/oauth/token", &refresh(&idle["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN, "90 days without use");

    let mut kept = tokens(&signin).await;
    for _ in 0..4 {
        signin.accounts.advance(days(89));
        let (status, next) = signin
            .post_json("/oauth/token", &refresh(&kept["refresh_token"]))
            .await;
        assert_eq!(status, StatusCode::OK);
        kept = next;
    }
    signin.accounts.advance(days(9));
    let (status, _) = signin
        .post_json("/oauth/token", &refresh(&kept["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN, "365 days since the consent");
}

#[tokio::test]
async fn access_tokens_expire_and_consent_can_be_withdrawn() {
    let signin = Signin::start().await;
    let access = |tokens: &Value| tokens["access_token"].as_str().expect("a token").to_owned();

    let tokens_1 = tokens(&signin).await;
    signin.accounts.advance(Duration::from_secs(3600));
    let (status, _) = signin.get_as("/me", &access(&tokens_1)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "an hour is over");
    let (status, tokens_2) = signin
        .post_json("/oauth/token", &refresh(&tokens_1["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::OK);

    signin.accounts.expire(&access(&tokens_2));
    assert!(signin.accounts.authenticate(&access(&tokens_2)).is_none());
    let (status, tokens_3) = signin
        .post_json("/oauth/token", &refresh(&tokens_2["refresh_token"]))
        .await;
    assert_eq!(
        status,
        StatusCode::OK,
        "only the access token was made to expire"
    );

    signin.accounts.revoke(&access(&tokens_3));
    assert!(signin.accounts.authenticate(&access(&tokens_3)).is_none());
    let (status, _) = signin
        .post_json("/oauth/token", &refresh(&tokens_3["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn another_process_ends_tokens() {
    let signin = Signin::start().await;
    let first = tokens(&signin).await;
    let access = |tokens: &Value| tokens["access_token"].as_str().expect("a token").to_owned();
    let (status, _) = signin
        .post_json("/_sandbox/tokens/expire", &Value::Null)
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(signin.accounts.authenticate(&access(&first)).is_none());
    let (status, second) = signin
        .post_json("/oauth/token", &refresh(&first["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::OK, "refresh tokens stay good");
    let (status, _) = signin
        .post_json("/_sandbox/tokens/revoke", &Value::Null)
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = signin
        .post_json("/oauth/token", &refresh(&second["refresh_token"]))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN, "the consent is withdrawn");
}

#[tokio::test]
async fn another_process_registers_its_own_application() {
    let signin = Signin::start().await;
    let application = json!({"client_id": "own", "client_secret": "s", "name": "<Own>", "product": "cloud",
        "redirect_uris": [CALLBACK], "service_scopes": ["read:page:confluence"]});
    let (status, _) = signin.post_json("/_sandbox/clients", &application).await;
    assert_eq!(status, StatusCode::CREATED);
    let html = signin
        .get("/authorize", &with("client_id", "own"))
        .await
        .text()
        .await
        .expect("a page");
    assert!(
        html.contains("&lt;Own&gt;") && !html.contains("<Own>"),
        "an application's name is text"
    );

    let service =
        json!({"grant_type": "client_credentials", "client_id": "own", "client_secret": "s"});
    let (status, tokens) = signin.post_json("/oauth/token", &service).await;
    assert_eq!(
        (status, &tokens["scope"]),
        (StatusCode::OK, &json!("read:page:confluence"))
    );
    let (status, _) = signin.post_json("/oauth/token", &json!({"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"})).await;
    assert_eq!(
        status,
        StatusCode::FORBIDDEN,
        "an ordinary application is no service account"
    );
}

#[test]
fn a_grant_allows_what_its_scopes_say() {
    let user = tributary_sandbox::signin::User {
        account_id: "u".to_owned(),
        name: "n".to_owned(),
        email: "e".to_owned(),
    };
    let accounts = tributary_sandbox::signin::Accounts::new("http://site.invalid", "c", user);
    let allows = |product, scopes: &[&str], method: &str, path: &str| {
        let token = accounts.issue(product, scopes);
        accounts
            .authenticate(&token)
            .expect("just issued")
            .allows(method, path)
    };
    for (scopes, method, path, allowed) in [
        (
            &["read:page:confluence"][..],
            "GET",
            "/wiki/api/v2/pages/12",
            true,
        ),
        (
            &["read:page:confluence"],
            "GET",
            "/wiki/api/v2/pages?limit=1",
            true,
        ),
        (
            &["read:page:confluence"],
            "PUT",
            "/wiki/api/v2/pages/12",
            false,
        ),
        (
            &["write:page:confluence"],
            "GET",
            "/wiki/api/v2/pages/12",
            false,
        ),
        (
            &["write:page:confluence"],
            "PUT",
            "/wiki/api/v2/pages/12/title",
            true,
        ),
        // Version 2 takes granular scopes only; version 1 takes the classic one or all granular ones.
        (
            &["read:confluence-content.all"],
            "GET",
            "/wiki/api/v2/pages",
            false,
        ),
        (
            &["write:confluence-file"],
            "PUT",
            "/wiki/rest/api/content/1/child/attachment",
            true,
        ),
        (
            &["write:attachment:confluence"],
            "PUT",
            "/wiki/rest/api/content/1/child/attachment",
            false,
        ),
        (
            &[
                "write:attachment:confluence",
                "read:content-details:confluence",
            ],
            "PUT",
            "/wiki/rest/api/content/1/child/attachment",
            true,
        ),
        (
            &["search:confluence"],
            "GET",
            "/wiki/rest/api/content/search",
            true,
        ),
        (
            &["read:page:confluence"],
            "POST",
            "/wiki/api/v2/pages/1/properties",
            false,
        ),
        (
            &["read:page:confluence", "write:page:confluence"],
            "POST",
            "/wiki/api/v2/pages/1/properties",
            true,
        ),
    ] {
        assert_eq!(
            allows(Product::Cloud, scopes, method, path),
            allowed,
            "{scopes:?} {method} {path}"
        );
    }
    for (scopes, method, allowed) in [
        (&["READ"][..], "GET", true),
        (&["READ"], "PUT", false),
        (&["WRITE"], "GET", true),
        (&["WRITE"], "DELETE", true),
        (&["ADMIN"], "POST", true),
    ] {
        assert_eq!(
            allows(
                Product::DataCenter,
                scopes,
                method,
                "/confluence/rest/api/content"
            ),
            allowed,
            "{scopes:?} {method}"
        );
    }
}
