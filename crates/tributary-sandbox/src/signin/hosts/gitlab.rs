//! GitLab's API, below `/api/v4`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::api::{Api, bytes_of, json_of, lossy};
use super::caller::{self, Reply, number};

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    if !api.reads() {
        return None;
    }
    Some(match parts {
        ["oauth", "token", "info"] => token_info(api),
        ["api", "v4", "user"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(
                json!({"id": number(&caller.grant), "username": user.account_id, "name": user.name,
                "email": user.email, "state": "active"}),
            )
        }),
        ["api", "v4", "personal_access_tokens", "self"] => own_token(api),
        ["api", "v4", "projects", id, rest @ ..] => project(api, id, rest)?,
        _ => return None,
    })
}

fn project(api: &Api<'_>, id: &str, rest: &[&str]) -> Option<Reply> {
    let answer = || -> Reply {
        let all = api.accounts.repositories.all()?;
        let named = all.iter().find(|held| held.number.to_string() == id);
        let full_name = named.map_or_else(|| id.to_owned(), crate::git::held::Held::full_name);
        let (owner, name) = full_name.split_once('/').unwrap_or(("", ""));
        let found = match rest {
            [] => api.described(owner, name)?,
            _ => api.readable(owner, name)?,
        };
        let repository = &found.held.repository;
        if rest.is_empty() {
            return json_of(
                json!({"id": found.held.number, "path": found.held.name, "name": found.held.name,
                "path_with_namespace": found.held.full_name(), "default_branch": repository.default_branch()?,
                "visibility": if found.held.public { "public" } else { "private" }}),
            );
        }
        let path = api.part_from_end(usize::from(rest.ends_with(&["raw"])));
        let commit = repository
            .commit_id(api.asked("ref").unwrap_or("HEAD"))?
            .ok_or_else(|| api.missing())?;
        let entry = repository
            .entry(&commit, &path)?
            .ok_or_else(|| api.missing())?;
        let contents = repository.blob(&entry.id)?;
        if rest.ends_with(&["raw"]) {
            return Ok(bytes_of("text/plain; charset=utf-8", contents));
        }
        json_of(json!({"file_path": lossy(&path), "file_name": entry.name(),
            "size": contents.len(), "encoding": "base64", "content": STANDARD.encode(&contents),
            "ref": "main", "blob_id": entry.id, "commit_id": commit, "last_commit_id": commit}))
    };
    match rest {
        [] | ["repository", "files", ..] => Some(answer()),
        _ => None,
    }
}

fn token_info(api: &Api<'_>) -> Reply {
    let caller = caller::admitted(api.accounts, api.call, &[])?;
    json_of(
        json!({"resource_owner_id": number(&caller.grant), "scope": caller.grant.scopes,
        "expires_in": api.accounts.seconds_left(&caller.token),
        "application": {"uid": caller.grant.client_id},
        "created_at": jiff::Timestamp::now().as_second()}),
    )
}

fn own_token(api: &Api<'_>) -> Reply {
    let caller = caller::admitted(api.accounts, api.call, &[])?;
    // Assumed: an application's token is not found here.
    if !caller.grant.personal {
        return Err(api.missing());
    }
    let left = api.accounts.seconds_left(&caller.token);
    let ends = left.and_then(|left| {
        let left = jiff::SignedDuration::from_secs(i64::try_from(left).ok()?);
        let moment = jiff::Timestamp::now().checked_add(left).ok()?;
        Some(moment.strftime("%Y-%m-%d").to_string())
    });
    json_of(
        json!({"id": 1, "name": "By hand", "revoked": false, "active": true,
        "scopes": caller.grant.scopes, "user_id": number(&caller.grant), "expires_at": ends}),
    )
}
