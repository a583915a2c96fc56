//! Data Center's own OAuth 2.0: incoming links with PKCE, form bodies, cascading scopes.

use std::collections::HashMap;

use axum::extract::{Form, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::cloud::{decide, question, send_back};
use super::consent::refuse;
use super::tokens::{Accounts, Challenge, Issued, Refused, Request};
use super::{Application, Server};

type Parameters = HashMap<String, String>;

const BASE: &str = "/confluence/rest/oauth2/latest";

pub(super) fn router<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    let (asking, deciding, issuing, revoking) = (
        accounts.clone(),
        accounts.clone(),
        accounts.clone(),
        accounts,
    );
    Router::new()
        .route(
            &format!("{BASE}/authorize"),
            get(|Query(given): Query<Parameters>| async move { authorize(&asking, &given) }),
        )
        .route(
            &format!("{BASE}/authorize/decision"),
            post(|Form(given): Form<Parameters>| async move {
                decide(&deciding, Server::DataCenter, &given)
            }),
        )
        .route(
            &format!("{BASE}/token"),
            post(|Form(given): Form<Parameters>| async move { token(&issuing, &given) }),
        )
        .route(
            &format!("{BASE}/revoke"),
            post(|Form(given): Form<Parameters>| async move { revoke(&revoking, &given) }),
        )
}

fn authorize(accounts: &Accounts, given: &Parameters) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let Some(application) = accounts.application(Server::DataCenter, value("client_id")) else {
        return refuse("The client_id is not known.");
    };
    let redirect_uri = value("redirect_uri");
    // The real server also demands HTTPS unless its administrator switched that off; the stand-in
    // behaves as one where it is switched off, for it has no HTTPS itself.
    if !application
        .redirect_uris
        .iter()
        .any(|registered| registered == redirect_uri)
    {
        return refuse(&format!(
            "The redirect_uri `{redirect_uri}` does not match the one of the incoming link."
        ));
    }
    let state = value("state");
    let back = |error: &str, description: &str| {
        send_back(
            redirect_uri,
            state,
            &[("error", error), ("error_description", description)],
        )
    };
    if value("response_type") != "code" {
        return back(
            "unsupported_response_type",
            "Only the response type `code` is supported.",
        );
    }
    let scopes: Vec<String> = value("scope")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let known =
        |scope: &String| matches!(scope.as_str(), "READ" | "WRITE" | "ADMIN" | "SYSTEM_ADMIN");
    if scopes.is_empty() || !scopes.iter().all(known) {
        return back(
            "invalid_scope",
            "The scope must be READ, WRITE, ADMIN or SYSTEM_ADMIN.",
        );
    }
    // The documentation calls the hashed method `sha256` in one place and `S256` in another.
    let challenge = match (value("code_challenge"), value("code_challenge_method")) {
        ("", _) => None,
        (challenge, "S256" | "sha256") => Some(Challenge::Sha256(challenge.to_owned())),
        (challenge, "plain" | "") => Some(Challenge::Plain(challenge.to_owned())),
        _ => {
            return back(
                "invalid_request",
                "The code_challenge_method must be plain or S256.",
            );
        }
    };
    question(
        accounts,
        &application,
        &Request {
            server: Server::DataCenter,
            client_id: application.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: state.to_owned(),
            scopes,
            challenge,
            user: accounts.signed_in(Server::DataCenter),
        },
    )
}

fn token(accounts: &Accounts, given: &Parameters) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str);
    // Assumed: whether a public client may leave the secret out is not clear from the
    // documentation, so a code asked for with PKCE is redeemed without one. A wrong one is refused.
    let public = value("client_secret").is_none()
        && value("code").is_some_and(|code| accounts.has_challenge(code));
    let Some(application) = authenticated(accounts, given, public) else {
        return error(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client credentials are wrong.",
        );
    };
    let redirect_uri = value("redirect_uri");
    let issued = match value("grant_type") {
        Some("authorization_code") => accounts.redeem(
            &application,
            value("code").unwrap_or_default(),
            Some(redirect_uri.unwrap_or_default()),
            value("code_verifier"),
            true,
        ),
        Some("refresh_token") => accounts.refresh(
            &application,
            value("refresh_token").unwrap_or_default(),
            redirect_uri,
        ),
        _ => {
            return error(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "This grant type is not supported.",
            );
        }
    };
    match issued {
        Ok(issued) => answer(issued),
        Err(Refused::Redirect) => error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The redirect_uri is wrong.",
        ),
        Err(Refused::Verifier) => error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The code_verifier is wrong.",
        ),
        Err(Refused::Invalid) => error(
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            "The grant is invalid, expired or revoked.",
        ),
    }
}

fn authenticated(accounts: &Accounts, given: &Parameters, public: bool) -> Option<Application> {
    let application = accounts.application(Server::DataCenter, given.get("client_id")?)?;
    let proven = given
        .get("client_secret")
        .is_some_and(|secret| *secret == application.client_secret);
    (proven || public).then_some(application)
}

fn revoke(accounts: &Accounts, given: &Parameters) -> Response {
    if authenticated(accounts, given, false).is_none() {
        return error(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client credentials are wrong.",
        );
    }
    // RFC 7009 §2.2: an unknown token is no error.
    if let Some(token) = given.get("token") {
        accounts.revoke(token);
    }
    StatusCode::OK.into_response()
}

fn answer(issued: Issued) -> Response {
    let mut body = json!({
        "access_token": issued.access_token,
        "token_type": "bearer",
        "expires_in": issued.expires_in,
        "created_at": jiff::Timestamp::now().as_second(),
        "scope": issued.scope,
    });
    if let Some(refresh_token) = issued.refresh_token {
        body["refresh_token"] = Value::String(refresh_token);
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn error(status: StatusCode, error: &str, description: &str) -> Response {
    (
        status,
        Json(json!({"error": error, "error_description": description})),
    )
        .into_response()
}
