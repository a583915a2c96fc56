//! GitHub's API, below `/api/v3` as GitHub Enterprise Server has it.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::Server;
use super::super::dialect::basic;
use super::api::{Api, add, bytes_of, encoded, json_of, lossy, page, refused, trimmed};
use super::caller::{self, Caller, Found, Refusal, Reply, number};
use super::limits::Standing;
use crate::git::held::Held;
use crate::git::{Commit, Entry, History, Kind, Reference, References, Signature};

/// What a recursive tree lists at most, and how large it gets: then it says `truncated`.
const MOST_ENTRIES: usize = 100_000;
const LARGEST_TREE: usize = 7 * 1024 * 1024;
/// What the contents of a folder list at most, and say nothing about.
const MOST_IN_FOLDER: usize = 1000;
/// Files a comparison has, and commits.
const MOST_FILES: usize = 300;
const MOST_COMMITS: usize = 250;
/// Up to here contents come as JSON, up to there raw.
const LARGEST_JSON: u64 = 1024 * 1024;
const LARGEST_RAW: u64 = 100 * 1024 * 1024;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str], standing: Standing) -> Option<Reply> {
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
            let search = json!({"limit": 30, "used": 0, "remaining": 30, "reset": rate["reset"]});
            json_of(json!({"resources": {"core": rate, "search": search}, "rate": rate}))
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
        (_, ["search", "repositories"]) => search(api),
        // The addresses in `Link` name a repository by its number.
        (_, ["repositories", id, rest @ ..]) => match by_number(api, id) {
            Ok(Some(held)) => repository(api, &held.owner, &held.name, rest)?,
            Ok(None) => Err(api.missing()),
            Err(refusal) => Err(refusal),
        },
        (_, ["repos", owner, name, rest @ ..]) => repository(api, owner, name, rest)?,
        _ => return None,
    };
    Some(answered)
}

fn repository(api: &Api<'_>, owner: &str, name: &str, rest: &[&str]) -> Option<Reply> {
    let found = match rest {
        [] => api.described(owner, name),
        _ => api.readable(owner, name),
    };
    let found = match found {
        Ok(found) => found,
        Err(refusal) => return Some(Err(refusal)),
    };
    let view = View { api, found: &found };
    let answered = match rest {
        [] => view.whole(),
        ["branches"] => view.branches(),
        ["branches", name @ ..] => view.branch(&name.join("/")),
        ["tags"] => view.tags(),
        ["git", "matching-refs", kind, prefix @ ..] => view.matching(kind, &prefix.join("/")),
        ["git", "ref", kind, name @ ..] => view.reference(kind, &name.join("/")),
        ["git", "trees", name @ ..] => view.tree(name),
        ["git", "blobs", id] => view.blob(id),
        ["git", "commits", id] => view.git_commit(id),
        ["contents", path @ ..] => view.contents(path.len()),
        ["commits"] => view.commits(),
        ["commits", name @ ..] => view.commit(&name.join("/")),
        ["compare", between @ ..] => view.compare(&between.join("/")),
        [format @ ("zipball" | "tarball"), name @ ..] => view.archive(format, &name.join("/")),
        ["_archive", format, commit] => view.packed(format, commit),
        _ => return None,
    };
    Some(answered.map(|response| match &found.caller {
        Some(caller) => signed(response, caller),
        None => response,
    }))
}

/// Says what the token's scopes are.
fn signed(mut response: Response, caller: &Caller) -> Response {
    // An App's tokens have no scopes to tell.
    let scopes: Vec<&str> = caller.grant.scopes.iter().map(String::as_str).collect();
    if !caller.token.starts_with("ghu_")
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

/// A repository that the caller may read.
struct View<'a> {
    api: &'a Api<'a>,
    found: &'a Found,
}

impl View<'_> {
    fn held(&self) -> &Held {
        &self.found.held
    }

    fn url(&self, behind: &str) -> String {
        self.api.url(&format!(
            "/api/v3/repos/{}{behind}",
            self.held().full_name()
        ))
    }

    fn html(&self, behind: &str) -> String {
        self.api
            .url(&format!("/{}{behind}", self.held().full_name()))
    }

    fn list(&self, behind: &str, items: Vec<Value>) -> Reply {
        let path = format!("/repositories/{}{behind}", self.held().number);
        Ok(listed(self.api, &path, items, Value::Array))
    }

    fn missing(&self) -> Refusal {
        self.api.missing()
    }

    /// Nothing was ever committed.
    fn empty(&self) -> Refusal {
        let body = json!({"message": "Git Repository is empty.", "status": "409",
            "documentation_url": "https://docs.github.com/rest"});
        refused(StatusCode::CONFLICT, body)
    }

    /// The commit of a name, or of the default branch.
    fn resolve(&self, name: Option<&str>) -> Result<String, Refusal> {
        let repository = &self.held().repository;
        if repository.commit_id("HEAD")?.is_none() {
            return Err(self.empty());
        }
        let name = name.unwrap_or("HEAD");
        repository.commit_id(name)?.ok_or_else(|| {
            let body = json!({"message": format!("No commit found for the ref {name}"), "status": "404",
                "documentation_url": "https://docs.github.com/v3/repos/contents/"});
            refused(StatusCode::NOT_FOUND, body)
        })
    }

    fn whole(&self) -> Reply {
        Ok(self
            .api
            .tagged_json(false, &described(self.api, self.held())?))
    }

    fn branches(&self) -> Reply {
        let branches = self.held().repository.references(References::Branches)?;
        let item = |branch: &Reference| {
            json!({"name": branch.name, "protected": false,
                "commit": {"sha": branch.commit, "url": self.url(&format!("/commits/{}", branch.commit))}})
        };
        // No branch is protected here.
        let items = if self.api.wants("protected") {
            Vec::new()
        } else {
            branches.iter().map(item).collect()
        };
        self.list("/branches", items)
    }

    fn branch(&self, name: &str) -> Reply {
        let branches = self.held().repository.references(References::Branches)?;
        let Some(branch) = branches.into_iter().find(|branch| branch.name == name) else {
            let body = json!({"message": "Branch not found", "status": "404",
                "documentation_url": "https://docs.github.com/rest/branches/branches#get-a-branch"});
            return Err(refused(StatusCode::NOT_FOUND, body));
        };
        let commit = self.held().repository.commit(&branch.commit)?;
        let own = self.url(&format!("/branches/{}", encoded(name.as_bytes())));
        let protection = format!("{own}/protection");
        let body = json!({"name": name, "commit": self.told(&commit), "protected": false,
            "protection": {"enabled": false, "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []}},
            "protection_url": protection,
            "_links": {"self": own, "html": self.html(&format!("/tree/{}", encoded(name.as_bytes())))}});
        Ok(self.api.tagged_json(false, &body))
    }

    fn tags(&self) -> Reply {
        let mut tags = self.held().repository.references(References::Tags)?;
        // Assumed: the highest name first.
        tags.reverse();
        let item = |tag: &Reference| {
            json!({"name": tag.name, "node_id": node("T", &tag.name),
                "zipball_url": self.url(&format!("/zipball/refs/tags/{}", tag.name)),
                "tarball_url": self.url(&format!("/tarball/refs/tags/{}", tag.name)),
                "commit": {"sha": tag.commit, "url": self.url(&format!("/commits/{}", tag.commit))}})
        };
        self.list("/tags", tags.iter().map(item).collect())
    }

    fn references(&self, kind: &str) -> Result<Vec<Value>, Refusal> {
        let which = match kind {
            "heads" => References::Branches,
            "tags" => References::Tags,
            _ => return Ok(Vec::new()),
        };
        let found = self.held().repository.references(which)?;
        Ok(found
            .into_iter()
            .map(|reference| {
                let name = format!("{kind}/{}", reference.name);
                let word = reference.object.kind.word();
                json!({"ref": format!("refs/{name}"), "node_id": node("REF", &name),
                    "url": self.url(&format!("/git/refs/{}", encoded(name.as_bytes()))),
                    "object": {"type": word, "sha": reference.object.id,
                        "url": self.url(&format!("/git/{word}s/{}", reference.object.id))}})
            })
            .collect())
    }

    fn matching(&self, kind: &str, prefix: &str) -> Reply {
        let wanted = format!("refs/{kind}/{prefix}");
        let mut items = self.references(kind)?;
        items.retain(|item| {
            item["ref"]
                .as_str()
                .is_some_and(|name| name.starts_with(&wanted))
        });
        // The document has `Link` here, but no `page`. Assumed: everything comes at once.
        Ok(self.api.tagged_json(false, &Value::Array(items)))
    }

    fn reference(&self, kind: &str, name: &str) -> Reply {
        let wanted = format!("refs/{kind}/{name}");
        let items = self.references(kind)?;
        let found = items.iter().find(|item| item["ref"] == wanted.as_str());
        found
            .map(|item| self.api.tagged_json(false, item))
            .ok_or_else(|| self.missing())
    }

    fn tree(&self, name: &[&str]) -> Reply {
        let repository = &self.held().repository;
        if repository.commit_id("HEAD")?.is_none() {
            return Err(self.empty());
        }
        // As it was sent: `REF:PATH` may hold any bytes.
        let named = self.api.path(name.len());
        let Some(found) = repository.object(&named)? else {
            return Err(self.missing());
        };
        let tree = match found.kind {
            Kind::Tree => found.id,
            Kind::Commit | Kind::Tag => match repository.entry(&found.id, b"")? {
                Some(root) => root.id,
                None => return Err(self.missing()),
            },
            // Third parties report 422 for a file.
            Kind::Blob => {
                let body = json!({"message": "The given object is not a tree.", "status": "422",
                    "documentation_url": "https://docs.github.com/rest/git/trees#get-a-tree"});
                return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
            }
        };
        // Any value switches it on, even `0` and `false`.
        let recursive = self
            .api
            .call
            .query
            .split('&')
            .any(|pair| pair == "recursive" || pair.starts_with("recursive="));
        let etag = format!("\"{tree}{}\"", if recursive { "r" } else { "" });
        let (mut items, mut length, mut truncated) = (Vec::new(), 0, false);
        for entry in repository.tree(&tree, recursive)? {
            let mut item = json!({"path": entry.shown(), "mode": entry.mode, "type": entry.kind.word(), "sha": entry.id});
            if entry.kind != Kind::Commit {
                item["url"] = json!(self.url(&format!("/git/{}s/{}", entry.kind.word(), entry.id)));
            }
            if let Some(size) = entry.size {
                item["size"] = json!(size);
            }
            length += item.to_string().len();
            if items.len() >= MOST_ENTRIES || (recursive && length > LARGEST_TREE) {
                truncated = true;
                break;
            }
            items.push(item);
        }
        let body = json!({"sha": tree, "url": self.url(&format!("/git/trees/{tree}")), "tree": items,
            "truncated": truncated});
        Ok(self.api.tagged(&etag, Json(body).into_response()))
    }

    fn blob(&self, id: &str) -> Reply {
        let repository = &self.held().repository;
        if id.len() != 40 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let body = json!({"message": "The sha parameter must be exactly 40 characters and contain only [0-9a-f].",
                "documentation_url": "https://docs.github.com/rest/git/blobs#get-a-blob", "status": "422"});
            return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
        }
        if repository
            .object(id.as_bytes())?
            .is_none_or(|found| found.kind != Kind::Blob)
        {
            return Err(self.missing());
        }
        let contents = repository.blob(id)?;
        if contents.len() as u64 > LARGEST_RAW {
            return Err(too_large());
        }
        let etag = format!("\"{id}\"");
        if caller_accepts(self.api, "raw") {
            let kind = "application/vnd.github.raw+json; charset=utf-8";
            return Ok(self.api.tagged(&etag, bytes_of(kind, contents)));
        }
        let body = json!({"sha": id, "node_id": node("B", id), "size": contents.len(),
            "url": self.url(&format!("/git/blobs/{id}")), "content": wrapped(&contents), "encoding": "base64"});
        Ok(self.api.tagged(&etag, Json(body).into_response()))
    }

    fn contents(&self, parts: usize) -> Reply {
        let path = self.api.path(parts);
        let commit = self.resolve(self.api.asked("ref"))?;
        let repository = &self.held().repository;
        let Some(entry) = repository.entry(&commit, &path)? else {
            return Err(self.missing());
        };
        let name = match self.api.asked("ref") {
            Some(name) => name.to_owned(),
            None => repository.default_branch()?,
        };
        if entry.kind == Kind::Tree {
            let mut items = Vec::new();
            for child in repository
                .tree(&entry.id, false)?
                .into_iter()
                .take(MOST_IN_FOLDER)
            {
                let path = [
                    path.as_slice(),
                    if path.is_empty() { b"" } else { b"/" },
                    &child.path,
                ]
                .concat();
                let mut item = self.content(
                    &Entry {
                        path,
                        ..child.clone()
                    },
                    &name,
                );
                if child.kind == Kind::Commit {
                    // For backwards compatibility, says the documentation.
                    item["type"] = json!("file");
                }
                items.push(item);
            }
            if caller_accepts(self.api, "object") {
                let mut whole = self.content(&entry, &name);
                whole["entries"] = Value::Array(items);
                return Ok(self.api.tagged_json(false, &whole));
            }
            return Ok(self.api.tagged_json(false, &Value::Array(items)));
        }
        let mut body = self.content(&entry, &name);
        if entry.kind == Kind::Commit {
            return Ok(self.api.tagged_json(false, &body));
        }
        let mut id = entry.id.clone();
        if entry.is_symlink() {
            let target = repository.blob(&entry.id)?;
            let aim = beside(&path, &target);
            let aimed = match aim {
                Some(aim) => repository.entry(&commit, &aim)?,
                None => None,
            };
            match aimed.filter(|aimed| aimed.kind == Kind::Blob && !aimed.is_symlink()) {
                // The target's contents, under the name of the link.
                Some(aimed) => {
                    id.clone_from(&aimed.id);
                    body["type"] = json!("file");
                    body["sha"] = json!(aimed.id);
                    body["size"] = json!(aimed.size);
                }
                None => {
                    body["target"] = json!(lossy(&target));
                    return Ok(self.api.tagged_json(false, &body));
                }
            }
        }
        let size = body["size"].as_u64().unwrap_or_default();
        let (raw, object) = (
            caller_accepts(self.api, "raw"),
            caller_accepts(self.api, "object"),
        );
        if size > LARGEST_RAW || (size > LARGEST_JSON && !raw && !object) {
            return Err(too_large());
        }
        let etag = format!("\"{id}\"");
        if raw {
            let kind = "application/vnd.github.raw+json; charset=utf-8";
            return Ok(self
                .api
                .tagged(&etag, bytes_of(kind, repository.blob(&id)?)));
        }
        let (content, encoding) = if size > LARGEST_JSON {
            (String::new(), "none")
        } else {
            (wrapped(&repository.blob(&id)?), "base64")
        };
        body["content"] = json!(content);
        body["encoding"] = json!(encoding);
        Ok(self.api.tagged(&etag, Json(body).into_response()))
    }

    /// An entry of a folder.
    fn content(&self, entry: &Entry, name: &str) -> Value {
        let path = encoded(&entry.path);
        let own = format!(
            "{}?ref={}",
            self.url(&format!("/contents/{path}")),
            encoded(name.as_bytes())
        );
        let (kind, word, place) = match entry.kind {
            Kind::Tree => ("dir", "trees", "tree"),
            Kind::Commit => ("submodule", "trees", "tree"),
            _ if entry.is_symlink() => ("symlink", "blobs", "blob"),
            _ => ("file", "blobs", "blob"),
        };
        let mut git = json!(self.url(&format!("/git/{word}/{}", entry.id)));
        let mut html = json!(self.html(&format!("/{place}/{}/{path}", encoded(name.as_bytes()))));
        if entry.kind == Kind::Commit {
            // That repository is elsewhere.
            (git, html) = (Value::Null, Value::Null);
        }
        // Assumed: the address with a token in it that expires is one that nobody can guess.
        let download = (kind == "file").then(|| {
            self.html(&format!(
                "/raw/{}/{path}?token=expired",
                encoded(name.as_bytes())
            ))
        });
        let mut body = json!({"name": entry.name(), "path": entry.shown(), "sha": entry.id,
            "size": entry.size.unwrap_or(0), "url": own, "html_url": html, "git_url": git,
            "download_url": download, "type": kind, "_links": {"self": own, "git": git, "html": html}});
        if entry.kind == Kind::Commit {
            body["submodule_git_url"] = json!("https://git.example.com/acme/theme.git");
        }
        body
    }

    fn commits(&self) -> Reply {
        let from = self.resolve(self.api.asked("sha"))?;
        let path = self.api.path_asked("path");
        let asked = History {
            from: &from,
            path: Some(&path),
            since: self.api.moment("since"),
            until: self.api.moment("until"),
            ..History::default()
        };
        let commits = self.held().repository.history(&asked)?;
        self.list(
            "/commits",
            commits.iter().map(|commit| self.told(commit)).collect(),
        )
    }

    fn commit(&self, name: &str) -> Reply {
        let repository = &self.held().repository;
        if repository.commit_id("HEAD")?.is_none() {
            return Err(self.empty());
        }
        let Some(id) = repository.commit_id(name)? else {
            let body = json!({"message": format!("No commit found for SHA: {name}"), "status": "422",
                "documentation_url": "https://docs.github.com/rest/commits/commits#get-a-commit"});
            return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, body));
        };
        if caller_accepts(self.api, "vnd.github.sha") {
            return Ok(self.api.tagged(
                &format!("\"{id}\""),
                bytes_of("application/vnd.github.sha; charset=utf-8", id.into_bytes()),
            ));
        }
        let commit = repository.commit(&id)?;
        let mut body = self.told(&commit);
        let files = match commit.parents.first() {
            Some(parent) => self.files(parent, &id)?,
            None => Vec::new(),
        };
        let sum = |name: &str| {
            files
                .iter()
                .filter_map(|file| file[name].as_u64())
                .sum::<u64>()
        };
        body["stats"] = json!({"additions": sum("additions"), "deletions": sum("deletions"), "total": sum("changes")});
        body["files"] = json!(files);
        Ok(self.api.tagged_json(false, &body))
    }

    fn git_commit(&self, id: &str) -> Reply {
        let repository = &self.held().repository;
        if repository
            .object(id.as_bytes())?
            .is_none_or(|found| found.kind != Kind::Commit || found.id != id)
        {
            return Err(self.missing());
        }
        let commit = repository.commit(id)?;
        let parents: Vec<Value> = commit
            .parents
            .iter()
            .map(|parent| self.parent(parent, "/git/commits"))
            .collect();
        let body = json!({"sha": id, "node_id": node("C", id), "url": self.url(&format!("/git/commits/{id}")),
            "html_url": self.html(&format!("/commit/{id}")), "author": dated(&commit.author),
            "committer": dated(&commit.committer), "message": commit.message, "parents": parents,
            "tree": {"sha": commit.tree, "url": self.url(&format!("/git/trees/{}", commit.tree))},
            "verification": unverified()});
        Ok(self.api.tagged_json(false, &body))
    }

    fn parent(&self, id: &str, place: &str) -> Value {
        json!({"sha": id, "url": self.url(&format!("{place}/{id}")), "html_url": self.html(&format!("/commit/{id}"))})
    }

    /// A commit as the lists have it: without its files.
    fn told(&self, commit: &Commit) -> Value {
        let id = &commit.id;
        let own = self.url(&format!("/commits/{id}"));
        let person = |signature: &Signature| {
            let known = super::PEOPLE
                .iter()
                .position(|(_, _, email)| *email == signature.email);
            known.map_or(Value::Null, |at| {
                account(self.api, super::PEOPLE[at].0, at + 1, "User")
            })
        };
        let parents: Vec<Value> = commit
            .parents
            .iter()
            .map(|parent| self.parent(parent, "/commits"))
            .collect();
        json!({"sha": id, "node_id": node("C", id), "url": own, "html_url": self.html(&format!("/commit/{id}")),
            "comments_url": format!("{own}/comments"),
            "commit": {"author": dated(&commit.author), "committer": dated(&commit.committer),
                "message": commit.message, "comment_count": 0, "url": self.url(&format!("/git/commits/{id}")),
                "tree": {"sha": commit.tree, "url": self.url(&format!("/git/trees/{}", commit.tree))},
                "verification": unverified()},
            "author": person(&commit.author), "committer": person(&commit.committer), "parents": parents})
    }

    fn files(&self, from: &str, to: &str) -> Result<Vec<Value>, Refusal> {
        let repository = &self.held().repository;
        let (changes, patches) = (repository.changes(from, to)?, repository.patches(from, to)?);
        let item = |(change, patch): (&crate::git::Change, &String)| {
            let status = match change.what {
                'A' => "added",
                'D' => "removed",
                'R' => "renamed",
                'T' => "changed",
                _ => "modified",
            };
            let id = if change.what == 'D' {
                &change.old_id
            } else {
                &change.new_id
            };
            let path = encoded(&change.new_path);
            let (added, removed) = (change.added.unwrap_or(0), change.removed.unwrap_or(0));
            let mut item = json!({"sha": id, "filename": change.new_shown(), "status": status,
                "additions": added, "deletions": removed, "changes": added + removed,
                "blob_url": self.html(&format!("/blob/{to}/{path}")), "raw_url": self.html(&format!("/raw/{to}/{path}")),
                "contents_url": format!("{}?ref={to}", self.url(&format!("/contents/{path}")))});
            if change.what == 'R' {
                item["previous_filename"] = json!(change.old_shown());
            }
            if !patch.is_empty() {
                item["patch"] = json!(patch.trim_end_matches('\n'));
            }
            item
        };
        Ok(changes
            .iter()
            .zip(&patches)
            .take(MOST_FILES)
            .map(item)
            .collect())
    }

    fn compare(&self, between: &str) -> Reply {
        let repository = &self.held().repository;
        let Some((base, head)) = between.split_once("...") else {
            return Err(self.missing());
        };
        let (Some(base_id), Some(head_id)) =
            (repository.commit_id(base)?, repository.commit_id(head)?)
        else {
            return Err(self.missing());
        };
        // What a force-push left behind is not found any more.
        if !repository.is_reachable(&base_id)? || !repository.is_reachable(&head_id)? {
            return Err(self.missing());
        }
        let Some(merge_base) = repository.merge_base(&base_id, &head_id) else {
            let body = json!({"message": format!("No common ancestor between {base} and {head}."), "status": "404",
                "documentation_url": "https://docs.github.com/rest/commits/commits#compare-two-commits"});
            return Err(refused(StatusCode::NOT_FOUND, body));
        };
        let (ahead, behind) = repository.ahead_and_behind(&base_id, &head_id)?;
        let status = match (ahead, behind) {
            (0, 0) => "identical",
            (_, 0) => "ahead",
            (0, _) => "behind",
            _ => "diverged",
        };
        let asked = History {
            from: &head_id,
            without: Some(&base_id),
            ..History::default()
        };
        let mut commits = repository.history(&asked)?;
        commits.reverse();
        let total = commits.len();
        // With `page` or `per_page` the commits are paged, and the files are on the first page only.
        let paged = self.api.asked("page").is_some() || self.api.asked("per_page").is_some();
        let number = self.api.number("page", 1, usize::MAX);
        let size = if paged {
            self.api.number("per_page", 30, 100)
        } else {
            MOST_COMMITS
        };
        let (commits, _) = page(commits, (number - 1).saturating_mul(size), size);
        let own = self.url(&format!("/compare/{}", encoded(between.as_bytes())));
        let html = self.html(&format!("/compare/{}", encoded(between.as_bytes())));
        let commits: Vec<Value> = commits.iter().map(|commit| self.told(commit)).collect();
        let mut body = json!({"url": own, "html_url": html,
            "permalink_url": self.html(&format!("/compare/{base_id}...{head_id}")),
            "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"),
            "base_commit": self.told(&repository.commit(&base_id)?),
            "merge_base_commit": self.told(&repository.commit(&merge_base)?), "status": status,
            "ahead_by": ahead, "behind_by": behind, "total_commits": total, "commits": commits});
        if number == 1 {
            body["files"] = json!(self.files(&merge_base, &head_id)?);
        }
        Ok(self.api.tagged_json(false, &body))
    }

    /// Sends on to where the archive lies.
    fn archive(&self, format: &str, name: &str) -> Reply {
        let commit = self.resolve((!name.is_empty()).then_some(name))?;
        let place = self.url(&format!("/_archive/{format}/{commit}"));
        let mut response = StatusCode::FOUND.into_response();
        add(response.headers_mut(), "location", &place);
        Ok(response)
    }

    fn packed(&self, format: &str, commit: &str) -> Reply {
        let commit = self.resolve(Some(commit))?;
        let held = self.held();
        let prefix = format!("{}-{}-{}/", held.owner, held.name, &commit[..7]);
        let (format, kind) = match format {
            "zipball" => ("zip", "application/zip"),
            _ => ("tar.gz", "application/x-gzip"),
        };
        Ok(bytes_of(
            kind,
            held.repository.archive(&commit, "", format, &prefix)?,
        ))
    }
}

/// The path that a symbolic link leads to, when it stays inside.
fn beside(link: &[u8], target: &[u8]) -> Option<Vec<u8>> {
    if target.starts_with(b"/") {
        return None;
    }
    let mut parts: Vec<&[u8]> = link.split(|byte| *byte == b'/').collect();
    parts.pop();
    for part in trimmed(target).split(|byte| *byte == b'/') {
        match part {
            b"." | b"" => {}
            b".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

/// Base64 in lines, as GitHub sends it.
fn wrapped(contents: &[u8]) -> String {
    let text = STANDARD.encode(contents);
    let lines = text.as_bytes().chunks(60).map(lossy);
    lines.map(|line| line + "\n").collect()
}

fn too_large() -> Refusal {
    let body = json!({"message": "This API returns blobs up to 1 MB in size. The requested blob is too large to fetch via the API, but you can use the Git Data API to request blobs up to 100 MB in size.",
        "errors": [{"resource": "Blob", "field": "data", "code": "too_large"}], "status": "403",
        "documentation_url": "https://docs.github.com/rest/repos/contents#get-repository-content"});
    refused(StatusCode::FORBIDDEN, body)
}

fn dated(signature: &Signature) -> Value {
    json!({"name": signature.name, "email": signature.email, "date": signature.when})
}

fn unverified() -> Value {
    json!({"verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null})
}

fn caller_accepts(api: &Api<'_>, word: &str) -> bool {
    api.header("accept").contains(word)
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
