//! Bitbucket Cloud's API, below `/2.0`.

use serde_json::json;

use super::api::{Api, bytes_of, json_of};
use super::caller::Reply;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    let behind = parts.strip_prefix(&["2.0"])?;
    if !api.reads() {
        return None;
    }
    Some(match behind {
        ["user"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"type": "user", "account_id": user.account_id, "uuid": format!("{{{}}}", user.account_id),
                "nickname": user.account_id, "username": user.account_id, "display_name": user.name}))
        }),
        ["repositories", owner, name] => api.described(owner, name).and_then(|found| {
            json_of(json!({"type": "repository", "name": found.held.name, "slug": found.held.name,
                "full_name": found.held.full_name(), "is_private": !found.held.public, "scm": "git",
                "mainbranch": {"type": "branch", "name": found.held.repository.default_branch()?}}))
        }),
        ["repositories", owner, name, "src", commit, path @ ..] => api.readable(owner, name).and_then(|found| {
            let repository = &found.held.repository;
            let commit = repository.commit_id(commit)?.ok_or_else(|| api.missing())?;
            let entry = repository.entry(&commit, &api.path(path.len()))?.ok_or_else(|| api.missing())?;
            Ok(bytes_of("text/plain", repository.blob(&entry.id)?))
        }),
        _ => return None,
    })
}
