//! What only GitHub's sign-in does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tributary_sandbox::signin::Server;

use super::{Answer, DEVICE, VERIFIER, encoded, hand, host, text};
use crate::application::{CALLBACK, Signin, sent_back};

#[tokio::test]
async fn github_speaks_forms_unless_asked_and_its_errors_have_status_200() {
    let signin = Signin::start().await;
    let github = host(Server::Github);
    let form = encoded(&[
        ("client_id", "github-client"),
        ("client_secret", "wrong"),
        ("code", "x"),
    ]);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let plain = github
        .call(&signin, Method::POST, github.token, &[kind], form.clone())
        .await;
    assert_eq!(plain.status, StatusCode::OK);
    assert!(
        plain
            .text
            .split('&')
            .any(|pair| pair == "error=incorrect%5Fclient%5Fcredentials"),
        "{}",
        plain.text
    );
    let asked = github
        .call(
            &signin,
            Method::POST,
            github.token,
            &[kind, ("accept", "application/json")],
            form,
        )
        .await;
    assert_eq!(
        (asked.status, &asked.json()["error"]),
        (StatusCode::OK, &json!("incorrect_client_credentials"))
    );

    // Only S256 is taken, and PKCE is no substitute for the secret.
    let query = [
        ("client_id", "github-client"),
        ("redirect_uri", CALLBACK),
        ("code_challenge", VERIFIER),
        ("code_challenge_method", "plain"),
    ];
    let answer = signin.get(&github.path(github.authorize), &query).await;
    assert_eq!(sent_back(&answer)["error"], "invalid_request");
    let code = github.code(&signin, "github-client", "repo").await;
    let bare = [
        ("client_id", "github-client"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let refused = github.form(&signin, github.token, &bare).await;
    assert_eq!(refused.json()["error"], "incorrect_client_credentials");

    let tokens = github.sign_in(&signin).await;
    let access = text(&tokens, "access_token");
    assert!(access.starts_with("gho_"));
    let user = github
        .get(&signin, github.user, &format!("token {access}"))
        .await;
    assert_eq!(user.headers["x-oauth-scopes"], "repo");
    let anonymous = signin.get(&github.path(github.user), &[]).await;
    assert_eq!(
        anonymous.status(),
        StatusCode::FORBIDDEN,
        "without a user agent"
    );
}

#[tokio::test]
async fn github_tokens_are_deleted_by_their_application() {
    let signin = Signin::start().await;
    let github = host(Server::Github);
    let first = github.sign_in(&signin).await;
    let second = github.sign_in(&signin).await;
    let (first, second) = (text(&first, "access_token"), text(&second, "access_token"));
    let delete = async |kind: &str, secret: &str, token: &str| {
        let basic = format!(
            "Basic {}",
            STANDARD.encode(format!("github-client:{secret}"))
        );
        let headers = [("authorization", basic.as_str())];
        let path = format!("/api/v3/applications/github-client/{kind}");
        let body = json!({"access_token": token}).to_string();
        github
            .call(&signin, Method::DELETE, &path, &headers, body)
            .await
            .status
    };
    assert_eq!(delete("token", "wrong", first).await, StatusCode::NOT_FOUND);
    assert_eq!(
        delete("token", "github-secret", first).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        github.status(&signin, github.user, first).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        github.status(&signin, github.user, second).await,
        StatusCode::OK
    );
    let third = github.sign_in(&signin).await;
    assert_eq!(
        delete("grant", "github-secret", text(&third, "access_token")).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        github.status(&signin, github.user, second).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_github_app_signs_in_by_device_and_refreshes_without_a_secret() {
    let signin = Signin::start().await;
    let github = host(Server::Github);
    let id = ("client_id", "github-app-client");
    let asked = github
        .form(&signin, "/login/device/code", &[id])
        .await
        .json();
    assert_eq!(
        (&asked["interval"], &asked["expires_in"]),
        (&json!(5), &json!(900))
    );
    let poll = [
        id,
        ("grant_type", DEVICE),
        ("device_code", text(&asked, "device_code")),
    ];
    let error = |answer: Answer| answer.json()["error"].as_str().map(str::to_owned);
    let pending = github.form(&signin, github.token, &poll).await;
    assert_eq!(
        (pending.status, error(pending).as_deref()),
        (StatusCode::OK, Some("authorization_pending"))
    );
    let soon = github.form(&signin, github.token, &poll).await.json();
    assert_eq!(
        (&soon["error"], &soon["interval"]),
        (&json!("slow_down"), &json!(10))
    );
    // Five seconds are no longer enough.
    hand(&signin, "clock", json!({"seconds": 6})).await;
    assert_eq!(
        error(github.form(&signin, github.token, &poll).await).as_deref(),
        Some("slow_down")
    );
    let answer = json!({"server": "github", "user_code": asked["user_code"], "allow": true});
    assert_eq!(
        hand(&signin, "devices", answer.clone()).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        hand(&signin, "devices", answer).await.0,
        StatusCode::NOT_FOUND,
        "answered once"
    );
    hand(&signin, "clock", json!({"seconds": 15})).await;
    let tokens = github.form(&signin, github.token, &poll).await.json();
    assert!(
        text(&tokens, "access_token").starts_with("ghu_"),
        "{tokens}"
    );
    assert_eq!(
        (&tokens["expires_in"], &tokens["refresh_token_expires_in"]),
        (&json!(28800), &json!(15_897_600))
    );
    assert_eq!(
        error(github.form(&signin, github.token, &poll).await).as_deref(),
        Some("incorrect_device_code")
    );

    let refresh = [
        id,
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ];
    let next = github.form(&signin, github.token, &refresh).await.json();
    let access = text(&next, "access_token");
    assert_eq!(
        github.status(&signin, github.file, access).await,
        StatusCode::OK
    );
    assert_eq!(
        github
            .status(&signin, github.file, text(&tokens, "access_token"))
            .await,
        StatusCode::UNAUTHORIZED
    );
    let again = github.form(&signin, github.token, &refresh).await;
    assert_eq!(error(again).as_deref(), Some("bad_refresh_token"));
    let user = github
        .get(&signin, github.user, &format!("Bearer {access}"))
        .await;
    assert!(!user.headers.contains_key("x-oauth-scopes"));
}

#[tokio::test]
async fn what_came_of_the_web_flow_is_refreshed_with_the_secret_only() {
    let signin = Signin::start().await;
    let github = host(Server::Github);
    let code = github.code(&signin, "github-app-client", "").await;
    let id = ("client_id", "github-app-client");
    let secret = ("client_secret", "github-app-secret");
    let form = [id, secret, ("code", &code), ("code_verifier", VERIFIER)];
    let tokens = github.form(&signin, github.token, &form).await.json();
    let refresh = ("refresh_token", text(&tokens, "refresh_token"));
    let kind = ("grant_type", "refresh_token");
    let bare = github
        .form(&signin, github.token, &[id, kind, refresh])
        .await
        .json();
    assert_eq!(bare["error"], "incorrect_client_credentials");
    let whole = github
        .form(&signin, github.token, &[id, secret, kind, refresh])
        .await
        .json();
    assert!(text(&whole, "refresh_token").starts_with("ghr_"));
}
