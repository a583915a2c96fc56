//! Atlassian's OAuth 2.0 (3LO): consent, tokens, the sites a token reaches, who it speaks for.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::consent::{Question, ask, refuse};
use super::data_center::ENGINE;
use super::tokens::{Accounts, Challenge, Issued, Refused, Request};
use super::{Application, Server, scopes};

type Parameters = HashMap<String, String>;

pub(super) fn router<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    let tenant = accounts.site.cloud_id.clone();
    let (asking, deciding, issuing, listing, telling) = (
        accounts.clone(),
        accounts.clone(),
        accounts.clone(),
        accounts.clone(),
        accounts,
    );
    Router::new()
        .route(
            "/authorize",
            get(|Query(given): Query<Parameters>| async move { authorize(&asking, &given) }),
        )
        .route(
            "/authorize/decision",
            post(|Form(given): Form<Parameters>| async move {
                decide(&deciding, Server::Cloud, &given)
            }),
        )
        .route(
            "/oauth/token",
            post(|headers: HeaderMap, body: Bytes| async move { token(&issuing, &headers, &body) }),
        )
        // Assumed: not documented; people use it to find a site's cloud id without signing in.
        .route(
            "/_edge/tenant_info",
            get(|| async move { Json(json!({"cloudId": tenant})) }),
        )
        .route(
            "/oauth/token/accessible-resources",
            get(|headers: HeaderMap| async move { resources(&listing, &headers) }),
        )
        .route(
            "/me",
            get(|headers: HeaderMap| async move { me(&telling, &headers) }),
        )
}

fn authorize(accounts: &Accounts, given: &Parameters) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let Some(application) = accounts.application(Server::Cloud, value("client_id")) else {
        return refuse("The client_id is not known.");
    };
    let redirect_uri = value("redirect_uri");
    if !application
        .redirect_uris
        .iter()
        .any(|registered| registered == redirect_uri)
    {
        return refuse(&format!(
            "The redirect_uri `{redirect_uri}` is not registered for this application. It must match exactly, port included."
        ));
    }
    if value("audience") != "api.atlassian.com" {
        return refuse("The audience must be `api.atlassian.com`.");
    }
    // Assumed: the documentation demands a state without saying what happens without one.
    if value("state").is_empty() {
        return refuse("The request has no state.");
    }
    let back = |error: &str, description: &str| {
        send_back(
            redirect_uri,
            value("state"),
            &[("error", error), ("error_description", description)],
        )
    };
    if value("response_type") != "code" {
        return back(
            "unsupported_response_type",
            "Only the response type `code` is supported.",
        );
    }
    // Assumed: without `prompt=consent` an earlier consent is taken as given, as the documentation
    // says "always ask" of it only. The stand-in remembers no consent, so it asks all the same.
    let scopes: Vec<String> = value("scope")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if scopes.is_empty() {
        return back("invalid_scope", "No scope was asked for.");
    }
    if let Some(unknown) = scopes.iter().find(|scope| !scopes::exists(scope)) {
        return back(
            "invalid_scope",
            &format!("The scope `{unknown}` is not known."),
        );
    }
    let challenge = match (value("code_challenge"), value("code_challenge_method")) {
        ("", _) => None,
        (challenge, "S256") => Some(Challenge::Sha256(challenge.to_owned())),
        (challenge, _) => Some(Challenge::Plain(challenge.to_owned())),
    };
    question(
        accounts,
        &application,
        &Request {
            server: Server::Cloud,
            client_id: application.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            state: value("state").to_owned(),
            scopes,
            challenge,
            user: accounts.signed_in(Server::Cloud),
        },
    )
}

/// Asks the person who is signed in.
pub(super) fn question(
    accounts: &Accounts,
    application: &Application,
    request: &Request,
) -> Response {
    let id = accounts.ask(request.clone());
    let site = &accounts.site;
    let person = &request.user;
    ask(&Question {
        id: &id,
        action: &match request.server {
            Server::Cloud => "/authorize/decision".to_owned(),
            Server::DataCenter => format!("{}{}", ENGINE.base, ENGINE.authorize),
            host => super::hosts::decision_path(host),
        },
        application: &application.name,
        person: &person.name,
        email: &person.email,
        site: &site.url,
        scopes: &request.scopes,
        redirect_uri: &request.redirect_uri,
    })
}

/// Takes the answer to the question and sends the person back to the application.
pub(super) fn decide(accounts: &Accounts, server: Server, given: &Parameters) -> Response {
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let Some(request) = accounts.answered(server, value("consent")) else {
        return refuse("This question was answered already, or nobody answered it in time.");
    };
    let (redirect_uri, state) = (request.redirect_uri.clone(), request.state.clone());
    if value("decision") != "allow" {
        let description = "User did not authorize the request";
        return send_back(
            &redirect_uri,
            &state,
            &[
                ("error", "access_denied"),
                ("error_description", description),
            ],
        );
    }
    let code = accounts.issue_code(request);
    send_back(&redirect_uri, &state, &[("code", &code)])
}

pub(super) fn send_back(redirect_uri: &str, state: &str, values: &[(&str, &str)]) -> Response {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    let mut address = redirect_uri.to_owned();
    let given = values
        .iter()
        .copied()
        .chain((!state.is_empty()).then_some(("state", state)));
    for (name, value) in given {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(&format!(
            "{name}={}",
            utf8_percent_encode(value, NON_ALPHANUMERIC)
        ));
    }
    // 303, so that the browser turns the form's POST into a GET.
    Redirect::to(&address).into_response()
}

fn token(accounts: &Accounts, headers: &HeaderMap, body: &[u8]) -> Response {
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    // Assumed: the documentation shows JSON only; a form is refused so that a client notices.
    let Some(given) = json
        .then(|| serde_json::from_slice::<Value>(body).ok())
        .flatten()
    else {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "The body must be a JSON object.",
        );
    };
    let value = |name: &str| given[name].as_str().unwrap_or_default();
    let application = accounts
        .application(Server::Cloud, value("client_id"))
        .filter(|application| application.client_secret == value("client_secret"));
    // PKCE does not stand in for the secret: there are no public clients on Cloud.
    let Some(application) = application else {
        return error(StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized");
    };
    match value("grant_type") {
        "authorization_code" => {
            let redeemed = accounts.redeem(
                &application,
                value("code"),
                Some(value("redirect_uri")),
                None,
                false,
            );
            match redeemed {
                Ok(issued) => answer(issued),
                Err(Refused::Redirect) => error(
                    StatusCode::FORBIDDEN,
                    "invalid_grant",
                    "The redirect URI is wrong.",
                ),
                Err(Refused::Invalid | Refused::Verifier) => error(
                    StatusCode::FORBIDDEN,
                    "invalid_grant",
                    "Invalid authorization code",
                ),
            }
        }
        "refresh_token" => match accounts.refresh(&application, value("refresh_token"), None) {
            Ok(issued) => answer(issued),
            Err(_) => error(
                StatusCode::FORBIDDEN,
                "unauthorized_client",
                "refresh_token is invalid",
            ),
        },
        "client_credentials" if !application.service_scopes.is_empty() => {
            answer(accounts.issue_service(&application))
        }
        "client_credentials" => error(
            StatusCode::FORBIDDEN,
            "unauthorized_client",
            "This application is not a service account's.",
        ),
        _ => error(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "This grant type is not supported.",
        ),
    }
}

fn answer(issued: Issued) -> Response {
    let mut body = json!({
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
        "token_type": "Bearer",
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

fn resources(accounts: &Accounts, headers: &HeaderMap) -> Response {
    let Some(grant) = bearer(accounts, headers) else {
        return unauthorized();
    };
    let scopes: Vec<&String> = grant
        .scopes
        .iter()
        .filter(|scope| scope.contains("confluence"))
        .collect();
    if scopes.is_empty() {
        return Json(json!([])).into_response();
    }
    let site = &accounts.site;
    Json(json!([{
        "id": site.cloud_id,
        "url": site.url,
        "name": "sandbox",
        "scopes": scopes,
        "avatarUrl": format!("{}/_sandbox/avatar.svg", site.url),
    }]))
    .into_response()
}

fn me(accounts: &Accounts, headers: &HeaderMap) -> Response {
    let Some(grant) = bearer(accounts, headers) else {
        return unauthorized();
    };
    if !grant.scopes.contains("read:me") {
        let body = json!({"code": 401, "message": "Unauthorized; scope does not match"});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let user = grant.user;
    Json(json!({
        "account_type": "atlassian",
        "account_id": user.account_id,
        "email": user.email,
        "name": user.name,
        "nickname": user.name,
        "picture": format!("{}/_sandbox/avatar.svg", accounts.site.url),
        "account_status": "active",
        "zoneinfo": "Etc/UTC",
        "locale": "en-US",
    }))
    .into_response()
}

fn bearer(accounts: &Accounts, headers: &HeaderMap) -> Option<super::Grant> {
    let token = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")?;
    accounts
        .authenticate(token.trim())
        .filter(|grant| grant.server == Server::Cloud)
}

fn unauthorized() -> Response {
    (
        StatusCode::UNAUTHORIZED,
        Json(json!({"code": 401, "message": "Unauthorized"})),
    )
        .into_response()
}
