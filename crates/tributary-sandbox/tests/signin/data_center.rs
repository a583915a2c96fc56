//! Data Center's OAuth 2.0: PKCE, rotation without leeway, revocation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tributary_sandbox::signin::Product;

use crate::application::{CALLBACK, Signin};

const BASE: &str = "/confluence/rest/oauth2/latest";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

fn hashed() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

async fn code(signin: &Signin, challenge: &str, method: &str) -> String {
    let query = [
        ("client_id", "sandbox-dc-client"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("state", "s"),
        ("scope", "WRITE"),
        ("code_challenge", challenge),
        ("code_challenge_method", method),
    ];
    let mut back = signin
        .consent(&format!("{BASE}/authorize"), &query, "allow")
        .await;
    back.remove("code").expect("a code")
}

async fn token(signin: &Signin, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let answer = signin.post_form(&format!("{BASE}/token"), form).await;
    (answer.status(), answer.json().await.expect("JSON"))
}

fn redeem<'f>(code: &'f str, verifier: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", "sandbox-dc-client"),
        ("client_secret", "sandbox-dc-secret"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", verifier),
    ]
}

fn refresh(token: &Value) -> Vec<(&str, &str)> {
    vec![
        ("grant_type", "refresh_token"),
        ("client_id", "sandbox-dc-client"),
        ("client_secret", "sandbox-dc-secret"),
        ("refresh_token", token.as_str().expect("a refresh token")),
        ("redirect_uri", CALLBACK),
    ]
}

#[tokio::test]
async fn both_kinds_of_challenge_are_verified() {
    let signin = Signin::start().await;
    for (challenge, method) in [
        (hashed(), "S256"),
        (hashed(), "sha256"),
        (VERIFIER.to_owned(), "plain"),
    ] {
        let code = code(&signin, &challenge, method).await;
        let (status, tokens) = token(&signin, &redeem(&code, VERIFIER)).await;
        assert_eq!(status, StatusCode::OK, "{method}: {tokens}");
        assert_eq!(
            (&tokens["scope"], &tokens["token_type"]),
            (&"WRITE".into(), &"bearer".into())
        );
        let grant = signin
            .accounts
            .authenticate(tokens["access_token"].as_str().expect("a token"))
            .expect("good");
        assert_eq!(grant.server, Product::DataCenter);
    }
    for (challenge, method) in [(hashed(), "S256"), (VERIFIER.to_owned(), "plain")] {
        let code = code(&signin, &challenge, method).await;
        let (status, error) = token(&signin, &redeem(&code, "another verifier")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(
            error["error_description"], "The code_verifier is wrong.",
            "{method}"
        );
    }
}

#[tokio::test]
async fn a_public_client_needs_a_challenge_and_a_wrong_secret_is_always_wrong() {
    let signin = Signin::start().await;
    let without_secret = |form: Vec<(&'static str, String)>| {
        form.into_iter()
            .filter(|(name, _)| *name != "client_secret")
            .collect::<Vec<_>>()
    };
    let owned = |code: &str| -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "authorization_code".to_owned()),
            ("client_id", "sandbox-dc-client".to_owned()),
            ("client_secret", "wrong".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", CALLBACK.to_owned()),
            ("code_verifier", VERIFIER.to_owned()),
        ]
    };
    let send = async |form: Vec<(&'static str, String)>| {
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        token(&signin, &form).await.0
    };
    let with_challenge = code(&signin, &hashed(), "S256").await;
    assert_eq!(send(owned(&with_challenge)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        send(without_secret(owned(&with_challenge))).await,
        StatusCode::OK
    );
    let without_challenge = code(&signin, "", "").await;
    assert_eq!(
        send(without_secret(owned(&without_challenge))).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_new_pair_makes_the_old_pair_invalid() {
    let signin = Signin::start().await;
    let code = code(&signin, &hashed(), "S256").await;
    let (_, first) = token(&signin, &redeem(&code, VERIFIER)).await;
    let mut elsewhere = refresh(&first["refresh_token"]);
    elsewhere.retain(|(name, _)| *name != "redirect_uri");
    elsewhere.push(("redirect_uri", "http://127.0.0.1:1/callback"));
    assert_eq!(
        token(&signin, &elsewhere).await.0,
        StatusCode::BAD_REQUEST,
        "the redirect address is checked again"
    );

    let (status, second) = token(&signin, &refresh(&first["refresh_token"])).await;
    assert_eq!(status, StatusCode::OK);
    let bearer = |tokens: &Value| tokens["access_token"].as_str().expect("a token").to_owned();
    assert!(signin.accounts.authenticate(&bearer(&first)).is_none());
    assert!(signin.accounts.authenticate(&bearer(&second)).is_some());
    assert_eq!(
        token(&signin, &refresh(&first["refresh_token"])).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        token(&signin, &refresh(&second["refresh_token"])).await.0,
        StatusCode::BAD_REQUEST,
        "a used token that comes back ends the whole family"
    );
}

#[tokio::test]
async fn tokens_can_be_revoked() {
    let signin = Signin::start().await;
    let code = code(&signin, &hashed(), "S256").await;
    let (_, tokens) = token(&signin, &redeem(&code, VERIFIER)).await;
    let access = tokens["access_token"].as_str().expect("a token");
    let credentials = [
        ("client_id", "sandbox-dc-client"),
        ("client_secret", "sandbox-dc-secret"),
        ("token", access),
    ];
    let refused = signin
        .post_form(
            &format!("{BASE}/revoke"),
            &[("client_id", "sandbox-dc-client"), ("token", access)],
        )
        .await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let done = signin
        .post_form(&format!("{BASE}/revoke"), &credentials)
        .await;
    assert_eq!(done.status(), StatusCode::OK);
    assert!(signin.accounts.authenticate(access).is_none());
}

#[tokio::test]
async fn requests_that_are_wrong_are_refused() {
    let signin = Signin::start().await;
    let path = format!("{BASE}/authorize");
    let page = signin
        .get(
            &path,
            &[
                ("client_id", "sandbox-dc-client"),
                ("redirect_uri", "http://127.0.0.1:1/"),
            ],
        )
        .await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    let query = [
        ("client_id", "sandbox-dc-client"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "EVERYTHING"),
    ];
    let answer = signin.get(&path, &query).await;
    assert_eq!(
        crate::application::sent_back(&answer)["error"],
        "invalid_scope"
    );
}
