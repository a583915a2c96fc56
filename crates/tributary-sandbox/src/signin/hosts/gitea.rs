//! Gitea's and Forgejo's API, below `/api/v1`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::api::{Api, bytes_of, json_of, lossy};
use super::caller::{Reply, number};

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    let behind = parts.strip_prefix(&["api", "v1"])?;
    if !api.reads() {
        return None;
    }
    Some(match behind {
        ["version"] => json_of(json!({"version": "1.22.0"})),
        ["user"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"id": number(&caller.grant), "login": user.account_id, "username": user.account_id,
                "full_name": user.name, "email": user.email}))
        }),
        ["repos", owner, name] => api.described(owner, name).and_then(|found| {
            json_of(json!({"id": found.held.number, "name": found.held.name, "full_name": found.held.full_name(),
                "private": !found.held.public, "default_branch": found.held.repository.default_branch()?,
                "owner": {"login": found.held.owner}, "permissions": {"pull": true}}))
        }),
        ["repos", owner, name, kind @ ("raw" | "contents"), path @ ..] => api.readable(owner, name).and_then(|found| {
            let repository = &found.held.repository;
            let path = api.path(path.len());
            let commit = repository.commit_id(api.asked("ref").unwrap_or("HEAD"))?.ok_or_else(|| api.missing())?;
            let entry = repository.entry(&commit, &path)?.ok_or_else(|| api.missing())?;
            let contents = repository.blob(&entry.id)?;
            if *kind == "raw" {
                return Ok(bytes_of("text/plain; charset=utf-8", contents));
            }
            json_of(json!({"type": "file", "encoding": "base64", "path": lossy(&path), "size": contents.len(),
                "sha": entry.id, "last_commit_sha": commit, "content": STANDARD.encode(&contents)}))
        }),
        _ => return None,
    })
}
