//! The controls of the Git hosts for other processes; the addresses are in [`super`].

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::extract::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;

use super::super::{Accounts, Server};
use super::changes::Commit;
use super::limits::Bucket;
use super::user;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenWanted {
    server: Server,
    user: String,
    #[serde(default)]
    scopes: Vec<String>,
    seconds: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    server: Server,
    user: String,
    client_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceAnswer {
    server: Server,
    user_code: String,
    allow: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    server: Server,
    user: String,
    repository: String,
    allowed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRepository {
    repository: String,
    path: Option<PathBuf>,
    #[serde(default)]
    readers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visibility {
    repository: String,
    public: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    repository: String,
    folder: String,
    count: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    repository: String,
    #[serde(rename = "ref")]
    name: String,
    commit: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    server: Server,
    budget: Option<u64>,
    bucket: Option<Bucket>,
    size: Option<u64>,
    refuse: Option<Refuse>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refuse {
    status: u16,
    retry_after: Option<u64>,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    seconds: u64,
}

/// The routes of the controls.
pub(super) fn router<S: Clone + Send + Sync + 'static>(accounts: &Accounts) -> Router<S> {
    let done = |found: bool| {
        if found {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::NOT_FOUND
        }
    };
    let copies: [Accounts; 7] = std::array::from_fn(|_| accounts.clone());
    let [
        making,
        expiring,
        revoking,
        deciding,
        changing,
        choosing,
        turning,
    ] = copies;
    Router::new()
        .route(
            "/_sandbox/hosts/tokens",
            post(move |Json(wanted): Json<TokenWanted>| async move {
                let scopes: Vec<&str> = wanted.scopes.iter().map(String::as_str).collect();
                let life = wanted.seconds.map(Duration::from_secs);
                match making.issue_personal(wanted.server, &wanted.user, &scopes, life) {
                    Some(token) => {
                        (StatusCode::CREATED, Json(json!({"token": token}))).into_response()
                    }
                    None => StatusCode::NOT_FOUND.into_response(),
                }
            }),
        )
        .route(
            "/_sandbox/hosts/tokens/expire",
            post(move |Json(person): Json<Person>| async move {
                expiring.expire_user(person.server, &person.user);
                done(user(person.server, &person.user).is_some())
            }),
        )
        .route(
            "/_sandbox/hosts/grants/revoke",
            post(move |Json(person): Json<Person>| async move {
                revoking.revoke_user(person.server, &person.user, person.client_id.as_deref());
                done(user(person.server, &person.user).is_some())
            }),
        )
        .route(
            "/_sandbox/hosts/devices",
            post(move |Json(answer): Json<DeviceAnswer>| async move {
                done(deciding.decide_device(answer.server, &answer.user_code, answer.allow))
            }),
        )
        .route(
            "/_sandbox/hosts/access",
            post(move |Json(access): Json<Access>| async move {
                done(changing.set_access(
                    access.server,
                    &access.repository,
                    &access.user,
                    access.allowed,
                ))
            }),
        )
        .route(
            "/_sandbox/hosts/signed-in",
            post(move |Json(person): Json<Person>| async move {
                done(choosing.sign_in_as(person.server, &person.user))
            }),
        )
        .route(
            "/_sandbox/hosts/clock",
            post(move |Json(clock): Json<Clock>| async move {
                turning.advance(Duration::from_secs(clock.seconds));
                StatusCode::NO_CONTENT
            }),
        )
        .merge(changes(accounts))
}

/// The controls of repositories and limits.
fn changes<S: Clone + Send + Sync + 'static>(accounts: &Accounts) -> Router<S> {
    let copies: [Accounts; 6] = std::array::from_fn(|_| accounts.clone());
    let [committing, filling, pointing, adding, opening, limiting] = copies;
    Router::new()
        .route(
            "/_sandbox/hosts/commits",
            post(move |Json(wanted): Json<Commit>| async move {
                done(move || made(&committing.commit(&wanted)?)).await
            }),
        )
        .route(
            "/_sandbox/hosts/files",
            post(move |Json(wanted): Json<Files>| async move {
                done(move || {
                    made(&filling.add_files(&wanted.repository, &wanted.folder, wanted.count)?)
                })
                .await
            }),
        )
        .route(
            "/_sandbox/hosts/refs",
            post(move |Json(wanted): Json<Reference>| async move {
                done(move || {
                    pointing.set_reference(
                        &wanted.repository,
                        &wanted.name,
                        wanted.commit.as_deref(),
                    )?;
                    Ok(StatusCode::NO_CONTENT.into_response())
                })
                .await
            }),
        )
        .route(
            "/_sandbox/hosts/repositories",
            post(move |Json(wanted): Json<NewRepository>| async move {
                done(move || {
                    let readers: Vec<&str> = wanted.readers.iter().map(String::as_str).collect();
                    adding.add_repository(&wanted.repository, wanted.path.as_deref(), &readers)?;
                    Ok(StatusCode::CREATED.into_response())
                })
                .await
            }),
        )
        .route(
            "/_sandbox/hosts/visibility",
            post(move |Json(wanted): Json<Visibility>| async move {
                done(move || {
                    let found = opening.set_public(&wanted.repository, wanted.public)?;
                    Ok(if found {
                        StatusCode::NO_CONTENT
                    } else {
                        StatusCode::NOT_FOUND
                    }
                    .into_response())
                })
                .await
            }),
        )
        .route(
            "/_sandbox/hosts/limits",
            post(move |Json(limit): Json<Limit>| async move {
                match (limit.refuse, limit.bucket) {
                    (Some(refuse), _) => limiting.refuse(
                        limit.server,
                        refuse.status,
                        refuse.retry_after,
                        refuse.times,
                    ),
                    (None, Some(bucket)) => limiting.set_size(limit.server, bucket, limit.size),
                    (None, None) => limiting.set_budget(limit.server, limit.budget),
                }
                StatusCode::NO_CONTENT
            }),
        )
}

/// The answer to a commit.
fn made(commit: &str) -> io::Result<Response> {
    Ok((StatusCode::CREATED, Json(json!({"commit": commit}))).into_response())
}

/// Does what waits for the `git` program, away from the threads that serve.
async fn done(work: impl FnOnce() -> io::Result<Response> + Send + 'static) -> Response {
    let answered = tokio::task::spawn_blocking(work).await;
    match answered.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(response) => response,
        Err(error) => {
            let status = match error.kind() {
                io::ErrorKind::NotFound => StatusCode::NOT_FOUND,
                _ => StatusCode::CONFLICT,
            };
            (status, Json(json!({"error": error.to_string()}))).into_response()
        }
    }
}
