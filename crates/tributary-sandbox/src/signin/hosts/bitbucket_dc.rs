//! Bitbucket Data Center's API, below `/rest/api/latest`.

use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::api::{Api, bytes_of, json_of};
use super::caller::{self, Reply};

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    if !api.reads() {
        return None;
    }
    if let ["plugins", "servlet", "applinks", "whoami"] = parts {
        // Empty for nobody, and for a wrong token.
        let name = match caller::caller(api.accounts, api.call) {
            Ok(Some(caller)) => caller.grant.user.account_id,
            Ok(None) | Err(()) => String::new(),
        };
        return Some(Ok(named(api, name.into_response())));
    }
    let ["rest", "api", "latest" | "1.0", behind @ ..] = parts else {
        return None;
    };
    let answered = match behind {
        ["application-properties"] => {
            // For everybody; but a wrong token is refused here too. Assumed: that it is.
            if caller::caller(api.accounts, api.call).is_err() {
                return Some(Err(caller::unauthorized(api.call.dialect, true).into()));
            }
            json_of(
                json!({"version": "8.19.0", "buildNumber": "8019000", "displayName": "Bitbucket"}),
            )
        }
        ["projects", owner, "repos", name] => api.described(owner, name).and_then(|found| {
            json_of(
                json!({"id": found.held.number, "slug": found.held.name, "name": found.held.name,
                "public": found.held.public, "state": "AVAILABLE", "scmId": "git",
                "project": {"key": found.held.owner.to_uppercase(), "public": false}}),
            )
        }),
        ["projects", owner, "repos", name, "raw", path @ ..] => {
            api.readable(owner, name).and_then(|found| {
                let repository = &found.held.repository;
                let commit = repository
                    .commit_id(api.asked("at").unwrap_or("HEAD"))?
                    .ok_or_else(|| api.missing())?;
                let entry = repository
                    .entry(&commit, &api.path(path.len()))?
                    .ok_or_else(|| api.missing())?;
                Ok(bytes_of("text/plain", repository.blob(&entry.id)?))
            })
        }
        _ => return None,
    };
    Some(answered.map(|response| named(api, response)))
}

/// Says whom the answer is for; the header is on every answer to somebody who is known.
fn named(api: &Api<'_>, mut response: Response) -> Response {
    if let Ok(Some(caller)) = caller::caller(api.accounts, api.call)
        && let Ok(name) = HeaderValue::from_str(&caller.grant.user.account_id)
    {
        response.headers_mut().insert("X-AUSERNAME", name);
    }
    response
}
