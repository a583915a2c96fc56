//! Repositories that were renamed: where a host sends whoever asks for the old name.
//!
//! GitHub and GitLab document 301 with the repository's number in the address, and Git servers send
//! Git to the new name where it asks for the refs. Gitea answers 307 with the new name, as its source
//! has it. Assumed: Bitbucket Cloud answers 301 with the new name; a host tells it to everybody; the
//! old name takes nothing but `GET`. Azure DevOps and Bitbucket Data Center document nothing of the
//! kind, and know an old name no longer.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::dialect::Call;
use super::super::{Accounts, Server};

/// Answers a call for a repository that has another name now; none for any other.
pub(super) fn elsewhere(accounts: &Accounts, call: &Call<'_>) -> Option<Response> {
    if *call.method != Method::GET {
        return None;
    }
    let (status, path) = match by_git(accounts, call) {
        Some(path) => (StatusCode::MOVED_PERMANENTLY, path),
        None => by_api(accounts, call)?,
    };
    let asked = match call.query {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let url = call.url(&format!("{path}{asked}"));
    let body = json!({"message": "Moved Permanently", "url": url});
    let mut response = (status, Json(body)).into_response();
    let location = HeaderValue::from_str(&url).ok()?;
    response.headers_mut().insert(header::LOCATION, location);
    Some(response)
}

fn by_git(accounts: &Accounts, call: &Call<'_>) -> Option<String> {
    let place = call.path.strip_suffix("/info/refs")?.trim_matches('/');
    let is_here = matches!(
        call.dialect.server,
        Server::Github | Server::Gitlab | Server::Gitea | Server::Bitbucket
    );
    let name = place.strip_suffix(".git").unwrap_or(place);
    let held = accounts.repositories.renamed(name).ok()?;
    let held = held.filter(|_| is_here)?;
    Some(format!("/{}.git/info/refs", held.full_name()))
}

fn by_api(accounts: &Accounts, call: &Call<'_>) -> Option<(StatusCode, String)> {
    let (before, named) = match call.dialect.server {
        Server::Github => ("/api/v3/repos/", 2),
        Server::Gitlab => ("/api/v4/projects/", 1),
        Server::Gitea => ("/api/v1/repos/", 2),
        Server::Bitbucket => ("/2.0/repositories/", 2),
        _ => return None,
    };
    let parts: Vec<&str> = call.path.strip_prefix(before)?.split('/').collect();
    let name = parts.get(..named)?.join("/");
    let name = percent_encoding::percent_decode_str(&name).decode_utf8_lossy();
    let held = accounts.repositories.renamed(&name).ok()??;
    let rest: String = parts[named..]
        .iter()
        .map(|part| format!("/{part}"))
        .collect();
    Some(match call.dialect.server {
        Server::Github => (
            StatusCode::MOVED_PERMANENTLY,
            format!("/api/v3/repositories/{}{rest}", held.number),
        ),
        Server::Gitlab => (
            StatusCode::MOVED_PERMANENTLY,
            format!("{before}{}{rest}", held.number),
        ),
        Server::Gitea => (
            StatusCode::TEMPORARY_REDIRECT,
            format!("{before}{}{rest}", held.full_name()),
        ),
        _ => (
            StatusCode::MOVED_PERMANENTLY,
            format!("{before}{}{rest}", held.full_name()),
        ),
    })
}
