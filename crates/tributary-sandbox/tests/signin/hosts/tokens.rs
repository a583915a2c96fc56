//! Devices, tokens made by hand, and how applications show who they are.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tributary_sandbox::signin::Server;

use super::{DEVICE, VERIFIER, encoded, hand, host, text};
use crate::application::{CALLBACK, Signin, sent_back};

#[tokio::test]
async fn devices_are_answered_on_a_page_and_by_the_person_at_the_browser() {
    let signin = Signin::start().await;
    let devices = [
        (Server::Github, "/login/device/code", StatusCode::OK),
        (
            Server::Gitlab,
            "/oauth/authorize_device",
            StatusCode::BAD_REQUEST,
        ),
        (
            Server::Entra,
            "/organizations/oauth2/v2.0/devicecode",
            StatusCode::BAD_REQUEST,
        ),
    ];
    for (server, path, failing) in devices {
        let host = host(server);
        for decision in ["allow", "deny"] {
            signin.accounts.sign_in_as(server, "bob");
            let asked = host
                .form(&signin, path, &[("scope", host.scope)])
                .await
                .json();
            let poll = [
                ("grant_type", DEVICE),
                ("device_code", text(&asked, "device_code")),
            ];
            let pending = host.form(&signin, host.token, &poll).await;
            assert_eq!(
                (pending.status, &pending.json()["error"]),
                (failing, &json!("authorization_pending"))
            );
            let verify = text(&asked, "verification_uri")
                .strip_prefix(&signin.base)
                .expect("here");
            assert_eq!(signin.get(verify, &[]).await.status(), StatusCode::OK);
            let answer = [
                ("user_code", text(&asked, "user_code")),
                ("decision", decision),
            ];
            let page = signin.post_form(verify, &answer).await;
            assert_eq!(page.status(), StatusCode::OK);
            let again = signin.post_form(verify, &answer).await;
            assert_eq!(again.status(), StatusCode::BAD_REQUEST, "answered once");
            hand(&signin, "clock", json!({"seconds": 5})).await;
            let polled = host.form(&signin, host.token, &poll).await;
            if decision == "allow" {
                let access = text(&polled.json(), "access_token").to_owned();
                assert_eq!(
                    host.status(&signin, host.file, &access).await,
                    StatusCode::OK
                );
                assert_eq!(
                    host.status(&signin, host.secret, &access).await,
                    StatusCode::NOT_FOUND,
                    "bob's"
                );
            } else {
                assert_eq!(polled.status, failing);
                let word = if server == Server::Entra {
                    "authorization_declined"
                } else {
                    "access_denied"
                };
                assert_eq!(polled.json()["error"], word);
            }
        }
        let asked = host
            .form(&signin, path, &[("scope", host.scope)])
            .await
            .json();
        hand(&signin, "clock", json!({"seconds": asked["expires_in"]})).await;
        let poll = [
            ("grant_type", DEVICE),
            ("device_code", text(&asked, "device_code")),
        ];
        assert_eq!(
            host.form(&signin, host.token, &poll).await.json()["error"],
            "expired_token"
        );
    }
}

#[tokio::test]
async fn personal_tokens_read_what_their_scopes_and_person_allow() {
    let signin = Signin::start().await;
    let make = async |server: &str, scopes: &[&str], seconds: Option<u64>| {
        let wanted = json!({"server": server, "user": "bob", "scopes": scopes, "seconds": seconds});
        let (status, made) = hand(&signin, "tokens", wanted).await;
        assert_eq!(status, StatusCode::CREATED);
        text(&made, "token").to_owned()
    };
    let basic =
        |name: &str, token: &str| format!("Basic {}", STANDARD.encode(format!("{name}:{token}")));
    // The scopes that suffice, those that do not, and how the token is sent.
    let cases: [(Server, &[&str], &[&str], &str); 6] = [
        (Server::Github, &["repo"], &["gist"], "bearer"),
        (Server::Gitlab, &["read_api"], &["read_user"], "bearer"),
        (
            Server::Bitbucket,
            &["read:repository:bitbucket"],
            &["read:user:bitbucket"],
            "bob@example.com",
        ),
        (Server::Entra, &["vso.code"], &["vso.profile"], ""),
        (Server::Gitea, &["read:repository"], &["read:user"], "bob"),
        (
            Server::BitbucketDc,
            &["REPO_READ"],
            &["PUBLIC_REPOS"],
            "bearer",
        ),
    ];
    for (server, enough, little, way) in cases {
        let host = host(server);
        let sent = |token: &str| match way {
            "bearer" => format!("Bearer {token}"),
            name => basic(name, token),
        };
        let good = make(host.name, enough, Some(60)).await;
        let read =
            async |rest: &str, token: &str| host.get(&signin, rest, &sent(token)).await.status;
        assert_eq!(
            read(host.file, &good).await,
            StatusCode::OK,
            "{}",
            host.name
        );
        assert_eq!(
            read(host.secret, &good).await,
            StatusCode::NOT_FOUND,
            "{}",
            host.name
        );
        let poor = make(host.name, little, None).await;
        let refused = read(host.file, &poor).await;
        assert!(refused.is_client_error(), "{}: {refused}", host.name);
        hand(&signin, "clock", json!({"seconds": 60})).await;
        assert_ne!(
            read(host.file, &good).await,
            StatusCode::OK,
            "{} expired",
            host.name
        );
    }
    // GitLab tells a token about itself.
    let token = make("gitlab", &["read_api"], Some(86_400)).await;
    let gitlab = host(Server::Gitlab);
    let headers = [("private-token", token.as_str())];
    let own = "/api/v4/personal_access_tokens/self";
    let told = gitlab
        .call(&signin, Method::GET, own, &headers, String::new())
        .await
        .json();
    assert_eq!(
        (&told["scopes"], &told["active"]),
        (&json!(["read_api"]), &json!(true))
    );
    assert!(told["expires_at"].is_string());
}

#[tokio::test]
async fn an_access_token_reads_what_it_belongs_to_and_is_nobody() {
    let signin = Signin::start().await;
    let bitbucket = host(Server::Bitbucket);
    let asked = async |token: &str, path: &str| {
        let bearer = format!("Bearer {token}");
        let answer = bitbucket.get(&signin, path, &bearer).await;
        let said = answer.headers.get("x-credential-type");
        let said = said
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        (answer.status.as_u16(), said)
    };
    let (handbook, plans) = (
        "/2.0/repositories/acme/handbook",
        "/2.0/repositories/acme/secret-plans",
    );
    for (owner, kind, reaches_all) in [
        ("acme/handbook", "repo_access_token", false),
        ("acme", "workspace_access_token", true),
    ] {
        let token = signin.accounts.issue_access_token(owner, &["repository"]);
        let said = Some(kind.to_owned());
        assert_eq!(asked(&token, handbook).await, (200, said.clone()));
        let status = if reaches_all { 200 } else { 404 };
        assert_eq!(asked(&token, plans).await, (status, said.clone()));
        assert_eq!(asked(&token, "/2.0/user").await, (403, said));
    }
}

#[tokio::test]
async fn gitlab_and_bitbucket_data_center_revoke_and_describe() {
    let signin = Signin::start().await;
    for (server, revoke) in [
        (Server::Gitlab, "/oauth/revoke"),
        (Server::BitbucketDc, "/rest/oauth2/latest/revoke"),
    ] {
        let host = host(server);
        let tokens = host.sign_in(&signin).await;
        let access = text(&tokens, "access_token");
        assert_eq!(
            host.form(&signin, revoke, &[("token", "unknown")])
                .await
                .status,
            StatusCode::OK
        );
        assert_eq!(
            host.status(&signin, host.file, access).await,
            StatusCode::OK
        );
        assert_eq!(
            host.form(&signin, revoke, &[("token", access)])
                .await
                .status,
            StatusCode::OK
        );
        assert_eq!(
            host.status(&signin, host.file, access).await,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(
            host.refresh(&signin, &tokens).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    let gitlab = host(Server::Gitlab);
    let tokens = gitlab.sign_in(&signin).await;
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let told = gitlab
        .get(&signin, "/oauth/token/info", &bearer)
        .await
        .json();
    assert_eq!(told["application"]["uid"], "gitlab-client");
    let scopes: Vec<&str> = told["scope"]
        .as_array()
        .expect("scopes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(scopes, ["read_api", "read_repository", "read_user"]);

    let dc = host(Server::BitbucketDc);
    let properties = "/rest/api/latest/application-properties";
    let anonymous = dc.get(&signin, properties, "").await;
    assert_eq!(anonymous.json()["displayName"], "Bitbucket");
    assert!(!anonymous.headers.contains_key("x-ausername"));
    let tokens = dc.sign_in(&signin).await;
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    assert_eq!(
        dc.get(&signin, properties, &bearer).await.headers["x-ausername"],
        "alice"
    );
}

#[tokio::test]
async fn credentials_and_bodies_are_taken_in_each_hosts_form_only() {
    let signin = Signin::start().await;
    let json_kind = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    // Bitbucket Cloud wants Basic and a form.
    let bitbucket = host(Server::Bitbucket);
    let code = bitbucket.code(&signin, "bitbucket-client", "account").await;
    let given = [
        ("grant_type", "authorization_code"),
        ("client_id", "bitbucket-client"),
        ("client_secret", "bitbucket-secret"),
        ("code", &code),
    ];
    let form_kind = [("content-type", "application/x-www-form-urlencoded")];
    let in_body = bitbucket
        .call(
            &signin,
            Method::POST,
            bitbucket.token,
            &form_kind,
            encoded(&given),
        )
        .await;
    assert_eq!(in_body.status, StatusCode::UNAUTHORIZED);
    let body: HashMap<&str, &str> = given.into_iter().collect();
    let body = serde_json::to_string(&body).expect("JSON");
    let as_json = bitbucket
        .call(&signin, Method::POST, bitbucket.token, &json_kind, body)
        .await;
    assert_eq!(
        (as_json.status, &as_json.json()["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_request"))
    );
    let taken = bitbucket.redeem(&signin, &code, VERIFIER).await;
    assert_eq!(
        taken.status,
        StatusCode::OK,
        "what was refused used nothing up"
    );

    // Gitea takes either.
    let gitea = host(Server::Gitea);
    let code = gitea.code(&signin, "gitea-client", gitea.scope).await;
    let body = json!({"grant_type": "authorization_code", "client_id": "gitea-client", "client_secret": "gitea-secret",
        "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER});
    let taken = gitea
        .call(
            &signin,
            Method::POST,
            gitea.token,
            &json_kind,
            body.to_string(),
        )
        .await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);

    // A public application at Entra must not send a secret.
    let entra = host(Server::Entra);
    let code = entra.code(&signin, "entra-client", entra.scope).await;
    let with_secret = [
        ("grant_type", "authorization_code"),
        ("client_id", "entra-client"),
        ("client_secret", "x"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let refused = entra.form(&signin, entra.token, &with_secret).await;
    assert_eq!(
        (refused.status, &refused.json()["error_codes"]),
        (StatusCode::UNAUTHORIZED, &json!([700_025]))
    );
    let without = entra.sign_in(&signin).await;
    assert_eq!(without["token_type"], "Bearer");
}

#[tokio::test]
async fn applications_are_registered_with_their_host_and_its_switches() {
    let signin = Signin::start().await;
    let own = json!({"server": "github", "client_id": "own", "client_secret": "s", "name": "Own",
        "redirect_uris": [CALLBACK]});
    let (status, _) = signin.post_json("/_sandbox/clients", &own).await;
    assert_eq!(status, StatusCode::CREATED);
    let github = host(Server::Github);
    let refused = github
        .form(&signin, "/login/device/code", &[("client_id", "own")])
        .await;
    assert_eq!(refused.json()["error"], "device_flow_disabled");
    let code = github.code(&signin, "own", "repo").await;
    let form = [
        ("client_id", "own"),
        ("client_secret", "s"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    assert!(github.form(&signin, github.token, &form).await.json()["access_token"].is_string());
    // A public application at Gitea must use PKCE, and then may use any port.
    let own = json!({"server": "gitea", "client_id": "own", "client_secret": "", "name": "Own",
        "redirect_uris": ["http://127.0.0.1/callback"], "public": true});
    signin.post_json("/_sandbox/clients", &own).await;
    let gitea = host(Server::Gitea);
    let query = [
        ("client_id", "own"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "read:user"),
    ];
    let answer = signin.get(&gitea.path(gitea.authorize), &query).await;
    assert_eq!(sent_back(&answer)["error"], "invalid_request");
    gitea.code(&signin, "own", "read:user").await;
}
