//! GitHub's API, below `/api/v3` as GitHub Enterprise Server has it, and github.com's archives beside it.

mod repository;

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::Server;
use super::super::dialect::basic;
use super::api::{Api, add, json_of, page, refused};
use super::caller::{self, Caller, Refusal, Reply, number};
use super::limits::Standing;
use crate::git::held::Held;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str], standing: Standing) -> Option<Reply> {
    let archives = super::public::ARCHIVES.trim_start_matches('/');
    if let [first, owner, name, format, commit] = parts
        && *first == archives
        && api.reads()
    {
        return Some(repository::packed_apart(api, owner, name, format, commit));
    }
    let behind = parts.strip_prefix(&["api", "v3"])?;
    if !api.call.headers.contains_key(header::USER_AGENT) {
        let body = json!({"message": "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."});
        return Some(Err(refused(StatusCode::FORBIDDEN, body)));
    }
    if let Some(version) = api.call.headers.get("x-github-api-version")
        && !["2022-11-28", "2026-03-10"]
            .iter()
            .any(|known| version == known)
    {
        // Live tests of third parties report 400 and these two versions.
        let body = json!({"message": "The API version is not supported.", "status": "400",
            "documentation_url": "https://docs.github.com/rest/about-the-rest-api/api-versions"});
        return Some(Err(refused(StatusCode::BAD_REQUEST, body)));
    }
    let answered = match (api.call.method, behind) {
        (&Method::DELETE, ["applications", client_id, kind @ ("token" | "grant")]) => {
            return Some(delete(api, client_id, *kind == "grant"));
        }
        (&Method::POST, ["credentials", "revoke"]) => return Some(revoke(api)),
        _ if !api.reads() => return None,
        (_, ["rate_limit"]) => {
            let rate = standing.described();
            json_of(json!({"resources": {"core": rate, "search": api.searches()}, "rate": rate}))
        }
        (_, ["user"]) => api.person().map(|caller| {
            let user = &caller.grant.user;
            let mut body = account(api, &user.account_id, number(&caller.grant), "User");
            body["name"] = json!(user.name);
            body["email"] = json!(user.email);
            for name in ["blog", "company", "location", "bio", "hireable"] {
                body[name] = Value::Null;
            }
            for name in ["public_repos", "public_gists", "followers", "following"] {
                body[name] = json!(0);
            }
            body["created_at"] = json!("2024-01-01T00:00:00Z");
            body["updated_at"] = json!("2024-01-01T00:00:00Z");
            signed(api.tagged_json(false, &body), &caller)
        }),
        (_, ["user", "repos"]) => repositories(api),
        (_, ["user", "installations"]) => installations(api),
        (_, ["user", "installations", id, "repositories"]) => installed(api, id),
        (_, ["search", "repositories"]) => search(api),
        // The addresses in `Link` name a repository by its number.
        (_, ["repositories", id, rest @ ..]) => match by_number(api, id) {
            Ok(Some(held)) => repository::serve(api, &held.owner, &held.name, rest)?,
            Ok(None) => Err(api.missing()),
            Err(refusal) => Err(refusal),
        },
        (_, ["repos", owner, name, rest @ ..]) => repository::serve(api, owner, name, rest)?,
        _ => return None,
    };
    Some(answered)
}

/// Says what the token's scopes are.
fn signed(mut response: Response, caller: &Caller) -> Response {
    // The tokens of Apps, and fine-grained ones, have no scopes to tell.
    let scopes: Vec<&str> = caller.grant.scopes.iter().map(String::as_str).collect();
    let has_none = ["ghu_", "github_pat_"];
    if !has_none.iter().any(|start| caller.token.starts_with(start))
        && let Ok(value) = HeaderValue::from_str(&scopes.join(", "))
    {
        response.headers_mut().insert("X-OAuth-Scopes", value);
    }
    response
}

fn by_number(api: &Api<'_>, id: &str) -> Result<Option<Held>, Refusal> {
    let all = api.accounts.repositories.all()?;
    Ok(all.into_iter().find(|held| held.number.to_string() == id))
}

/// `page` and `per_page`, with `Link` for the rest. `path` is the one behind `/api/v3`.
fn listed(
    api: &Api<'_>,
    path: &str,
    items: Vec<Value>,
    wrap: impl FnOnce(Vec<Value>) -> Value,
) -> Response {
    let size = api.number("per_page", 30, 100);
    let number = api.number("page", 1, usize::MAX);
    let last = items.len().div_ceil(size).max(1);
    let (items, more) = page(items, (number - 1).saturating_mul(size), size);
    let mut response = api.tagged_json(false, &wrap(items));
    let to = |page: usize, name: &str| {
        let url = api.again(&format!("/api/v3{path}"), &[("page", page.to_string())]);
        format!("<{url}>; rel=\"{name}\"")
    };
    let mut links = Vec::new();
    if number > 1 {
        links.push(to(number - 1, "prev"));
        links.push(to(1, "first"));
    }
    if more {
        links.push(to(number + 1, "next"));
        links.push(to(last, "last"));
    }
    if !links.is_empty() {
        add(response.headers_mut(), "link", &links.join(", "));
    }
    response
}

/// The repositories the person was let into.
fn repositories(api: &Api<'_>) -> Reply {
    let caller = api.person()?;
    if api.asked("type").is_some()
        && (api.asked("affiliation").is_some() || api.asked("visibility").is_some())
    {
        let body = json!({"message": "If you specify visibility or affiliation, you cannot specify type.",
            "documentation_url": "https://docs.github.com/rest/repos/repos", "status": "422"});
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
    }
    let visible =
        |held: &Held| caller::suffices(api.call.dialect, &caller, &["repo"]) || held.public;
    let mut held = api.repositories(Some(&caller), false)?;
    held.retain(visible);
    let items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(signed(
        listed(api, "/user/repos", sorted(api, items), Value::Array),
        &caller,
    ))
}

/// The number of the one installation of every App, in the organization `acme`.
const INSTALLATION: usize = 4001;

/// Whom an App's token speaks for; the tokens of OAuth Apps and people have no installations.
fn app_user(api: &Api<'_>) -> Result<Caller, Refusal> {
    let caller = api.person()?;
    if caller.token.starts_with("ghu_") {
        return Ok(caller);
    }
    let body = json!({"message": "You must authenticate with an access token authorized to a GitHub App in order to list installations",
        "documentation_url": "https://docs.github.com/rest/apps/installations", "status": "403"});
    Err(refused(StatusCode::FORBIDDEN, body))
}

/// Where the person may use the App. Assumed: it is installed once, for all of acme's repositories.
fn installations(api: &Api<'_>) -> Reply {
    let caller = app_user(api)?;
    let own = api.url(&format!("/api/v3/app/installations/{INSTALLATION}"));
    let item = json!({"id": INSTALLATION, "account": account(api, "acme", 900, "Organization"),
        "repository_selection": "all", "access_tokens_url": format!("{own}/access_tokens"),
        "repositories_url": api.url("/api/v3/installation/repositories"),
        "html_url": api.url(&format!("/organizations/acme/settings/installations/{INSTALLATION}")),
        "app_id": 301, "app_slug": caller.grant.client_id, "target_id": 900, "target_type": "Organization",
        "permissions": {"contents": "read", "metadata": "read"}, "events": [], "single_file_name": null,
        "created_at": "2024-01-08T09:00:00Z", "updated_at": "2024-01-08T09:00:00Z", "suspended_by": null,
        "suspended_at": null});
    let wrap = |items: Vec<Value>| json!({"total_count": 1, "installations": items});
    Ok(listed(api, "/user/installations", vec![item], wrap))
}

/// What the person may read through an installation.
fn installed(api: &Api<'_>, id: &str) -> Reply {
    let caller = app_user(api)?;
    if id != INSTALLATION.to_string() {
        return Err(api.missing());
    }
    let mut held = api.repositories(Some(&caller), false)?;
    held.retain(|held| held.owner == "acme");
    let items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    let total = items.len();
    let path = format!("/user/installations/{INSTALLATION}/repositories");
    let wrap = |items: Vec<Value>| json!({"total_count": total, "repository_selection": "all", "repositories": items});
    Ok(listed(api, &path, items, wrap))
}

fn sorted(api: &Api<'_>, mut items: Vec<Value>) -> Vec<Value> {
    let key = match api.asked("sort").unwrap_or("full_name") {
        "pushed" => "pushed_at",
        "updated" => "updated_at",
        "created" => "created_at",
        _ => "full_name",
    };
    items.sort_by_key(|item| item[key].as_str().unwrap_or_default().to_owned());
    // Names rise and dates fall, unless asked otherwise.
    let falls = api
        .asked("direction")
        .or(api.asked("order"))
        .map_or(key != "full_name", |way| way == "desc");
    if falls {
        items.reverse();
    }
    items
}

/// Finds repositories by the words of their names. Assumed: qualifiers but `user:` and `org:` are
/// left unheeded.
fn search(api: &Api<'_>) -> Reply {
    let caller = caller::caller(api.accounts, api.call)
        .map_err(|()| Refusal::from(caller::unauthorized(api.call.dialect, true)))?;
    let Some(words) = api.asked("q") else {
        let body = json!({"message": "Validation Failed", "status": "422",
            "errors": [{"resource": "Search", "field": "q", "code": "missing"}],
            "documentation_url": "https://docs.github.com/v3/search"});
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
    };
    let fits = |held: &Held| {
        words
            .split_whitespace()
            .all(|word| match word.split_once(':') {
                Some(("user" | "org", owner)) => held.owner.eq_ignore_ascii_case(owner),
                Some(_) => true,
                None => held
                    .full_name()
                    .to_lowercase()
                    .contains(&word.to_lowercase()),
            })
    };
    let scoped = caller
        .as_ref()
        .filter(|caller| caller::suffices(api.call.dialect, caller, &["repo"]));
    let held = api.repositories(scoped, true)?;
    let mut items = Vec::new();
    for held in held.iter().filter(|held| fits(held)) {
        let mut item = described(api, held)?;
        item["score"] = json!(1.0);
        items.push(item);
    }
    let total = items.len();
    Ok(listed(
        api,
        "/search/repositories",
        sorted(api, items),
        |items| json!({"total_count": total, "incomplete_results": false, "items": items}),
    ))
}

/// A person or an organisation.
fn account(api: &Api<'_>, login: &str, id: usize, kind: &str) -> Value {
    let url = api.url(&format!("/api/v3/users/{login}"));
    let mut body = json!({"login": login, "id": id, "node_id": node("U", &id.to_string()), "gravatar_id": "",
        "avatar_url": api.url(&format!("/avatars/{login}")), "url": url,
        "html_url": api.url(&format!("/{login}")), "type": kind, "site_admin": false});
    for (name, behind) in [
        ("followers_url", "/followers"),
        ("following_url", "/following{/other_user}"),
        ("gists_url", "/gists{/gist_id}"),
        ("starred_url", "/starred{/owner}{/repo}"),
        ("subscriptions_url", "/subscriptions"),
        ("organizations_url", "/orgs"),
        ("repos_url", "/repos"),
        ("events_url", "/events{/privacy}"),
        ("received_events_url", "/received_events"),
    ] {
        body[name] = json!(format!("{url}{behind}"));
    }
    body
}

/// The identity of a thing in the other API.
fn node(kind: &str, id: &str) -> String {
    STANDARD.encode(format!("{kind}:{id}"))
}

/// A repository as the lists have it.
fn described(api: &Api<'_>, held: &Held) -> Result<Value, Refusal> {
    let url = api.url(&format!("/api/v3/repos/{}", held.full_name()));
    let html = api.url(&format!("/{}", held.full_name()));
    let default = held.repository.default_branch()?;
    let pushed = match held.repository.commit_id("HEAD")? {
        Some(id) => held.repository.commit(&id)?.committer.when,
        None => jiff::Timestamp::UNIX_EPOCH,
    };
    let mut body = json!({"id": held.number, "node_id": node("R", &held.number.to_string()),
        "name": held.name, "full_name": held.full_name(), "private": !held.public,
        "visibility": if held.public { "public" } else { "private" },
        "owner": account(api, &held.owner, 900, "Organization"), "description": null, "fork": false,
        "url": url, "html_url": html, "git_url": format!("git://github.localhost/{}.git", held.full_name()),
        "ssh_url": format!("git@github.localhost:{}.git", held.full_name()), "clone_url": format!("{html}.git"),
        "svn_url": html, "mirror_url": null, "homepage": null, "language": null, "license": null,
        "size": 1, "default_branch": default, "archived": false, "disabled": false, "has_issues": true,
        "has_projects": true, "has_wiki": true, "has_pages": false, "has_downloads": true,
        "has_discussions": false, "pushed_at": pushed, "created_at": "2024-01-08T09:00:00Z", "updated_at": pushed,
        "permissions": {"admin": false, "push": false, "pull": true}});
    for name in [
        "forks",
        "forks_count",
        "stargazers_count",
        "watchers",
        "watchers_count",
        "open_issues",
        "open_issues_count",
        "subscribers_count",
        "network_count",
    ] {
        body[name] = json!(0);
    }
    for (name, behind) in [
        ("archive_url", "/{archive_format}{/ref}"),
        ("assignees_url", "/assignees{/user}"),
        ("blobs_url", "/git/blobs{/sha}"),
        ("branches_url", "/branches{/branch}"),
        ("collaborators_url", "/collaborators{/collaborator}"),
        ("comments_url", "/comments{/number}"),
        ("commits_url", "/commits{/sha}"),
        ("compare_url", "/compare/{base}...{head}"),
        ("contents_url", "/contents/{+path}"),
        ("contributors_url", "/contributors"),
        ("deployments_url", "/deployments"),
        ("downloads_url", "/downloads"),
        ("events_url", "/events"),
        ("forks_url", "/forks"),
        ("git_commits_url", "/git/commits{/sha}"),
        ("git_refs_url", "/git/refs{/sha}"),
        ("git_tags_url", "/git/tags{/sha}"),
        ("hooks_url", "/hooks"),
        ("issue_comment_url", "/issues/comments{/number}"),
        ("issue_events_url", "/issues/events{/number}"),
        ("issues_url", "/issues{/number}"),
        ("keys_url", "/keys{/key_id}"),
        ("labels_url", "/labels{/name}"),
        ("languages_url", "/languages"),
        ("merges_url", "/merges"),
        ("milestones_url", "/milestones{/number}"),
        (
            "notifications_url",
            "/notifications{?since,all,participating}",
        ),
        ("pulls_url", "/pulls{/number}"),
        ("releases_url", "/releases{/id}"),
        ("stargazers_url", "/stargazers"),
        ("statuses_url", "/statuses/{sha}"),
        ("subscribers_url", "/subscribers"),
        ("subscription_url", "/subscription"),
        ("tags_url", "/tags"),
        ("teams_url", "/teams"),
        ("trees_url", "/git/trees{/sha}"),
    ] {
        body[name] = json!(format!("{url}{behind}"));
    }
    Ok(body)
}

/// `DELETE /applications/{client_id}/token` and `…/grant`.
fn delete(api: &Api<'_>, client_id: &str, whole_grant: bool) -> Reply {
    let accounts = api.accounts;
    let proven = basic(api.call.headers).is_some_and(|(id, secret)| {
        id == client_id
            && accounts
                .application(Server::Github, client_id)
                .is_some_and(|application| application.client_secret == secret)
    });
    if !proven {
        // Assumed: as for an application that is not there.
        return Err(api.missing());
    }
    let body: Value = serde_json::from_slice(api.call.body).unwrap_or_default();
    let token = body["access_token"].as_str().unwrap_or_default();
    let holder = accounts
        .holder(token)
        .filter(|grant| grant.server == Server::Github && grant.client_id == client_id);
    let Some(holder) = holder else {
        let body = json!({"message": "Validation Failed", "status": "422"});
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
    };
    if whole_grant {
        accounts.revoke_user(Server::Github, &holder.user.account_id, Some(client_id));
    } else {
        // Assumed: the refresh token that came with it goes too.
        accounts.revoke(token);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn revoke(api: &Api<'_>) -> Reply {
    let body: Value = serde_json::from_slice(api.call.body).unwrap_or_default();
    let listed = body["credentials"].as_array().into_iter().flatten();
    for token in listed.filter_map(Value::as_str) {
        if api
            .accounts
            .holder(token)
            .is_some_and(|grant| grant.server == Server::Github)
        {
            api.accounts.revoke(token);
        }
    }
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}
