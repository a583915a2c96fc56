//! Azure DevOps' API, below `/{organization}/{project}/_apis`; the project is `docs`.

use serde_json::json;

use super::api::{Api, bytes_of, json_of};
use super::caller::Reply;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    if !api.reads() {
        return None;
    }
    Some(match parts {
        ["_apis", "profile", "profiles", "me"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"displayName": user.name, "emailAddress": user.email,
                "publicAlias": user.account_id, "id": user.account_id, "coreRevision": 1}))
        }),
        [owner, "docs", "_apis", "git", "repositories", name] => {
            api.described(owner, name).and_then(|found| {
                json_of(
                    json!({"id": format!("00000000-0000-4000-8000-{:012}", found.held.number),
                "name": found.held.name, "defaultBranch": "refs/heads/main", "isDisabled": false,
                "project": {"name": "docs", "visibility": "private"}}),
                )
            })
        }
        [owner, "docs", "_apis", "git", "repositories", name, "items"] => {
            api.readable(owner, name).and_then(|found| {
                let repository = &found.held.repository;
                let commit = repository.commit_id("HEAD")?.ok_or_else(|| api.missing())?;
                let entry = repository
                    .entry(&commit, &api.path_asked("path"))?
                    .ok_or_else(|| api.missing())?;
                Ok(bytes_of("text/plain", repository.blob(&entry.id)?))
            })
        }
        _ => return None,
    })
}
