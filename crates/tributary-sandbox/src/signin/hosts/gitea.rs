//! Gitea's and Forgejo's API, below `/api/v1`.

use axum::Json;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::PEOPLE;
use super::api::{Api, add, bytes_of, encoded, is_binary, json_of, lossy, page, refused};
use super::caller::{Found, Refusal, Reply, number};
use super::pulls;
use crate::git::held::Held;
use crate::git::{Commit, Entry, History, Kind, Reference, References, Signature, large_file_id};

/// What the instance says of itself at `/settings/api`; from general knowledge, the usual values.
const LARGEST_PAGE: usize = 50;
const USUAL_PAGE: usize = 30;
const TREE_PAGE: usize = 1000;
const LARGEST_BLOB: usize = 10 * 1024 * 1024;
/// How many commits of a path come at once, whatever is asked.
const COMMITS_OF_A_PATH: usize = 50;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    let behind = parts.strip_prefix(&["api", "v1"])?;
    if !api.reads() {
        return None;
    }
    Some(match behind {
        ["version"] => json_of(json!({"version": "1.22.0"})),
        ["settings", "api"] => json_of(json!({"max_response_items": LARGEST_PAGE, "default_paging_num": USUAL_PAGE,
            "default_git_trees_per_page": TREE_PAGE, "default_max_blob_size": LARGEST_BLOB})),
        ["user"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"id": number(&caller.grant), "login": user.account_id, "username": user.account_id,
                "full_name": user.name, "email": user.email}))
        }),
        ["user", "repos"] => repositories(api),
        ["repos", "search"] => search(api),
        ["repos", owner, name, rest @ ..] => {
            let found = match rest {
                [] => api.described(owner, name),
                _ => api.readable(owner, name),
            };
            match found {
                Ok(found) => View { api, found: &found }.serve(rest)?,
                Err(refusal) => Err(refusal),
            }
        }
        _ => return None,
    })
}

/// The shape of a failure is documented. Assumed: the words.
fn failed(status: StatusCode, message: &str, api: &Api<'_>) -> Refusal {
    refused(
        status,
        json!({"message": message, "url": api.url("/api/swagger"), "errors": null}),
    )
}

/// A page by `page` and `limit`, and the headers about it.
fn listed(api: &Api<'_>, items: Vec<Value>, wrap: impl FnOnce(Vec<Value>) -> Value) -> Response {
    let (size, number) = (
        api.number("limit", USUAL_PAGE, LARGEST_PAGE),
        api.number("page", 1, usize::MAX),
    );
    let total = items.len();
    let (items, more) = page(items, (number - 1).saturating_mul(size), size);
    let mut response = Json(wrap(items)).into_response();
    links(
        api,
        response.headers_mut(),
        number,
        more,
        total.div_ceil(size),
    );
    add(response.headers_mut(), "x-total-count", &total.to_string());
    response
}

fn links(api: &Api<'_>, headers: &mut HeaderMap, number: usize, more: bool, last: usize) {
    let mut links = Vec::new();
    let mut link = |page: usize, name: &str| {
        links.push(format!(
            "<{}>; rel=\"{name}\"",
            api.again(api.call.path, &[("page", page.to_string())])
        ));
    };
    if more {
        link(number + 1, "next");
        link(last, "last");
    }
    if number > 1 {
        link(1, "first");
        link(number - 1, "prev");
    }
    if !links.is_empty() {
        add(headers, "link", &links.join(","));
    }
}

fn repositories(api: &Api<'_>) -> Reply {
    let caller = api.reader()?;
    let held = api.repositories(Some(&caller), false)?;
    let items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(listed(api, items, Value::Array))
}

/// Finds repositories by name. `private` (yes, unless it is false) leaves the private ones in.
fn search(api: &Api<'_>) -> Reply {
    let caller = if api.header("authorization").is_empty() {
        None
    } else {
        Some(api.reader()?)
    };
    let words = api.asked("q").unwrap_or_default().to_lowercase();
    let private = api.asked("private") != Some("false");
    let mut held = api.repositories(caller.as_ref(), true)?;
    held.retain(|held| held.name.to_lowercase().contains(&words) && (private || held.public));
    let mut items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    let key = match api.asked("sort").unwrap_or("alpha") {
        "updated" => "updated_at",
        "created" => "created_at",
        "id" => "id",
        _ => "full_name",
    };
    items.sort_by_key(|item| item[key].to_string());
    if api.asked("order") == Some("desc") {
        items.reverse();
    }
    Ok(listed(
        api,
        items,
        |items| json!({"ok": true, "data": items}),
    ))
}

/// A person or an organisation.
fn account(api: &Api<'_>, login: &str, id: usize, name: &str, email: &str) -> Value {
    json!({"id": id, "login": login, "login_name": "", "full_name": name, "email": email,
        "avatar_url": api.url(&format!("/avatars/{login}")), "html_url": api.url(&format!("/{login}")),
        "is_admin": false, "active": true, "visibility": "public", "username": login})
}

fn described(api: &Api<'_>, held: &Held) -> Result<Value, Refusal> {
    let repository = &held.repository;
    let html = api.url(&format!("/{}", held.full_name()));
    let head = repository.commit_id("HEAD")?;
    let updated = match &head {
        Some(id) => repository.commit(id)?.committer.when,
        None => jiff::Timestamp::UNIX_EPOCH,
    };
    Ok(
        json!({"id": held.number, "owner": account(api, &held.owner, 900, &held.owner, ""), "name": held.name,
        "full_name": held.full_name(), "description": "", "empty": head.is_none(), "private": !held.public,
        "fork": false, "template": false, "mirror": false, "size": 1, "language": "",
        "url": api.url(&format!("/api/v1/repos/{}", held.full_name())), "html_url": html, "link": "",
        "ssh_url": format!("git@gitea.localhost:{}.git", held.full_name()), "clone_url": format!("{html}.git"),
        "default_branch": repository.default_branch()?, "archived": false,
        "created_at": "2024-01-08T09:00:00Z", "updated_at": updated,
        "permissions": {"admin": false, "push": false, "pull": true}, "internal": false,
        "object_format_name": repository.object_format()?}),
    )
}

/// A repository that the caller may read.
struct View<'a> {
    api: &'a Api<'a>,
    found: &'a Found,
}

impl View<'_> {
    fn serve(&self, rest: &[&str]) -> Option<Reply> {
        Some(match rest {
            [] => described(self.api, self.held()).and_then(json_of),
            ["branches"] => self.branches(),
            ["branches", name @ ..] => self.branch(&name.join("/")),
            ["tags"] => self.tags(),
            ["tags", name @ ..] => self.tag(&name.join("/")),
            ["git", "refs", name @ ..] => self.references(&name.join("/")),
            ["git", "trees", name] => self.tree(name),
            ["git", "blobs", id] => self.blob(id),
            ["git", "commits", name] => self.commit(name),
            ["contents", path @ ..] => self.contents(path.len()),
            ["raw", path @ ..] => self.raw(path.len(), false),
            ["media", path @ ..] => self.raw(path.len(), true),
            ["commits"] => self.commits(),
            ["compare", between @ ..] => self.compare(&between.join("/")),
            ["pulls", number] => self.pull_request(number),
            ["archive", name @ ..] => self.archive(&name.join("/")),
            _ => return None,
        })
    }

    fn held(&self) -> &Held {
        &self.found.held
    }

    fn url(&self, behind: &str) -> String {
        self.api.url(&format!(
            "/api/v1/repos/{}{behind}",
            self.held().full_name()
        ))
    }

    fn html(&self, behind: &str) -> String {
        self.api
            .url(&format!("/{}{behind}", self.held().full_name()))
    }

    fn missing(&self, what: &str) -> Refusal {
        failed(
            StatusCode::NOT_FOUND,
            &format!("object does not exist [id: {what}, rel_path: ]"),
            self.api,
        )
    }

    /// Assumed: what is not about where it leads from and to is left out.
    fn pull_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found.ok_or_else(|| self.missing(number))?;
        let side =
            |branch: &str, commit: &str| json!({"label": branch, "ref": branch, "sha": commit});
        json_of(
            json!({"url": self.url(&format!("/pulls/{number}")), "number": found.number,
            "html_url": self.html(&format!("/pulls/{number}")), "state": "open", "is_locked": false,
            "title": found.title, "body": "", "merged": false,
            "head": side(&found.branch, &found.head), "base": side(&found.into, &found.base)}),
        )
    }

    fn resolve(&self, name: &str) -> Result<String, Refusal> {
        let repository = &self.held().repository;
        if repository.commit_id("HEAD")?.is_none() {
            return Err(failed(
                StatusCode::CONFLICT,
                "Git Repository is empty.",
                self.api,
            ));
        }
        repository
            .commit_id(name)?
            .ok_or_else(|| self.missing(name))
    }

    fn branch_of(&self, branch: &Reference) -> Result<Value, Refusal> {
        let commit = self.held().repository.commit(&branch.commit)?;
        let person = |signature: &Signature| {
            let known = PEOPLE
                .iter()
                .find(|(_, _, email)| *email == signature.email);
            json!({"name": signature.name, "email": signature.email, "username": known.map_or("", |(login, ..)| login)})
        };
        Ok(
            json!({"name": branch.name, "protected": false, "required_approvals": 0, "enable_status_check": false,
            "status_check_contexts": [], "user_can_push": false, "user_can_merge": false,
            "effective_branch_protection_name": "",
            "commit": {"id": commit.id, "message": format!("{}\n", commit.message),
                "url": self.html(&format!("/commit/{}", commit.id)), "author": person(&commit.author),
                "committer": person(&commit.committer), "verification": null,
                "timestamp": commit.author.when, "added": null, "removed": null, "modified": null}}),
        )
    }

    fn branches(&self) -> Reply {
        let all = self.held().repository.references(References::Branches)?;
        let items = all
            .iter()
            .map(|branch| self.branch_of(branch))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(listed(self.api, items, Value::Array))
    }

    fn branch(&self, name: &str) -> Reply {
        let all = self.held().repository.references(References::Branches)?;
        let found = all.iter().find(|branch| branch.name == name);
        let message = format!(
            "branch does not exist [repo_id: {} name: {name}]",
            self.held().number
        );
        let found = found.ok_or_else(|| failed(StatusCode::NOT_FOUND, &message, self.api))?;
        json_of(self.branch_of(found)?)
    }

    fn tag_of(&self, tag: &Reference) -> Value {
        json!({"name": tag.name, "message": tag.message, "id": tag.object.id,
            "commit": {"sha": tag.commit, "url": self.url(&format!("/git/commits/{}", tag.commit)), "created": tag.when},
            "zipball_url": self.html(&format!("/archive/{}.zip", tag.name)),
            "tarball_url": self.html(&format!("/archive/{}.tar.gz", tag.name))})
    }

    fn tags(&self) -> Reply {
        let mut all = self.held().repository.references(References::Tags)?;
        // Assumed: the newest first.
        all.sort_by_key(|tag| std::cmp::Reverse(tag.when));
        Ok(listed(
            self.api,
            all.iter().map(|tag| self.tag_of(tag)).collect(),
            Value::Array,
        ))
    }

    fn tag(&self, name: &str) -> Reply {
        let all = self.held().repository.references(References::Tags)?;
        let found = all
            .iter()
            .find(|tag| tag.name == name)
            .ok_or_else(|| self.missing(name))?;
        json_of(self.tag_of(found))
    }

    /// The references whose names begin so; one alone is no list. Assumed: the latter.
    fn references(&self, name: &str) -> Reply {
        let repository = &self.held().repository;
        let mut items = Vec::new();
        for which in [References::Branches, References::Tags] {
            for reference in repository.references(which)? {
                let full = format!("{}{}", which.prefix(), reference.name);
                if full.trim_start_matches("refs/").starts_with(name) {
                    let word = reference.object.kind.word();
                    items.push(
                        json!({"ref": full, "url": self.url(&format!("/git/{full}")),
                        "object": {"type": word, "sha": reference.object.id,
                            "url": self.url(&format!("/git/{word}s/{}", reference.object.id))}}),
                    );
                }
            }
        }
        match &mut items[..] {
            [] => Err(self.missing(name)),
            [one] if one["ref"] == format!("refs/{name}") => json_of(one.take()),
            _ => json_of(Value::Array(items)),
        }
    }

    /// `truncated` says that there are more pages; nothing is lost.
    fn tree(&self, name: &str) -> Reply {
        let repository = &self.held().repository;
        let found = repository.entry(name, b"")?;
        let tree = found.ok_or_else(|| {
            failed(
                StatusCode::BAD_REQUEST,
                &format!("sha not found [{name}]"),
                self.api,
            )
        })?;
        let entries = repository.tree(&tree.id, self.api.wants("recursive"))?;
        let (size, number) = (
            self.api.number("per_page", TREE_PAGE, TREE_PAGE),
            self.api.number("page", 1, usize::MAX),
        );
        let total = entries.len();
        let (entries, more) = page(entries, (number - 1).saturating_mul(size), size);
        let item = |entry: &Entry| {
            let place = if entry.kind == Kind::Tree {
                "trees"
            } else {
                "blobs"
            };
            json!({"path": entry.shown(), "mode": entry.mode, "type": entry.kind.word(), "sha": entry.id,
                "size": entry.size.unwrap_or(0), "url": self.url(&format!("/git/{place}/{}", entry.id))})
        };
        let body = json!({"sha": tree.id, "url": self.url(&format!("/git/trees/{}", tree.id)), "page": number,
            "total_count": total, "truncated": more, "tree": entries.iter().map(item).collect::<Vec<_>>()});
        let mut response = Json(body).into_response();
        links(
            self.api,
            response.headers_mut(),
            number,
            more,
            total.div_ceil(size),
        );
        Ok(response)
    }

    fn blob(&self, id: &str) -> Reply {
        let repository = &self.held().repository;
        let found = repository
            .object(id.as_bytes())?
            .filter(|found| found.kind == Kind::Blob);
        let found = found.ok_or_else(|| {
            failed(
                StatusCode::BAD_REQUEST,
                &format!("object does not exist [id: {id}, rel_path: ]"),
                self.api,
            )
        })?;
        let contents = repository.blob(&found.id)?;
        let content = (contents.len() <= LARGEST_BLOB).then(|| STANDARD.encode(&contents));
        json_of(
            json!({"sha": found.id, "size": contents.len(), "encoding": "base64", "content": content,
            "url": self.url(&format!("/git/blobs/{}", found.id))}),
        )
    }

    fn at(&self) -> Result<(String, String), Refusal> {
        let name = match self.api.asked("ref") {
            Some(name) => name.to_owned(),
            None => self.held().repository.default_branch()?,
        };
        Ok((self.resolve(&name)?, name))
    }

    fn contents(&self, parts: usize) -> Reply {
        let path = self.api.path(parts);
        let (commit, name) = self.at()?;
        let repository = &self.held().repository;
        let entry = repository
            .entry(&commit, &path)?
            .ok_or_else(|| self.missing(&lossy(&path)))?;
        if entry.kind != Kind::Tree {
            return json_of(self.content(&commit, &name, &entry, true)?);
        }
        let mut items = Vec::new();
        for child in repository.tree(&entry.id, false)? {
            let path = [
                path.as_slice(),
                if path.is_empty() { b"" } else { b"/" },
                &child.path,
            ]
            .concat();
            items.push(self.content(&commit, &name, &Entry { path, ..child }, false)?);
        }
        json_of(Value::Array(items))
    }

    fn content(
        &self,
        commit: &str,
        name: &str,
        entry: &Entry,
        whole: bool,
    ) -> Result<Value, Refusal> {
        let repository = &self.held().repository;
        let (kind, place) = match entry.kind {
            Kind::Tree => ("dir", "trees"),
            Kind::Commit => ("submodule", "trees"),
            _ if entry.is_symlink() => ("symlink", "blobs"),
            _ => ("file", "blobs"),
        };
        let path = encoded(&entry.path);
        let own = format!(
            "{}?ref={}",
            self.url(&format!("/contents/{path}")),
            encoded(name.as_bytes())
        );
        let git = self.url(&format!("/git/{place}/{}", entry.id));
        let html = self.html(&format!("/src/branch/{}/{path}", encoded(name.as_bytes())));
        let last = repository.last_change(commit, &entry.path)?;
        let mut body = json!({"name": entry.name(), "path": entry.shown(), "sha": entry.id, "type": kind,
            "size": entry.size.unwrap_or(0), "last_commit_sha": last.map(|last| last.id), "encoding": null,
            "content": null, "target": null, "url": own, "html_url": html, "git_url": git, "download_url": null,
            "submodule_git_url": null, "_links": {"self": own, "git": git, "html": html}});
        match kind {
            "file" => {
                body["download_url"] =
                    json!(self.html(&format!("/raw/branch/{}/{path}", encoded(name.as_bytes()))));
                if whole {
                    let contents = repository.blob(&entry.id)?;
                    body["encoding"] = json!("base64");
                    // Assumed: what is too large comes without its contents.
                    body["content"] =
                        json!((contents.len() <= LARGEST_BLOB).then(|| STANDARD.encode(&contents)));
                }
            }
            "symlink" => body["target"] = json!(lossy(&repository.blob(&entry.id)?)),
            "submodule" => {
                body["submodule_git_url"] = json!("https://git.example.com/acme/theme.git");
            }
            _ => {}
        }
        Ok(body)
    }

    /// A file as it is; `media` resolves large ones. Assumed: the ETag is the file's hash.
    fn raw(&self, parts: usize, media: bool) -> Reply {
        let path = self.api.path(parts);
        let (commit, _) = self.at()?;
        let repository = &self.held().repository;
        let entry = repository
            .entry(&commit, &path)?
            .filter(|entry| entry.kind == Kind::Blob);
        let entry = entry.ok_or_else(|| self.missing(&lossy(&path)))?;
        let mut contents = repository.blob(&entry.id)?;
        if media && large_file_id(&contents).is_some() {
            contents = repository.large_file(&contents).unwrap_or(contents);
        }
        let kind = if is_binary(&contents) {
            "application/octet-stream"
        } else {
            "text/plain; charset=utf-8"
        };
        Ok(self
            .api
            .tagged(&format!("\"{}\"", entry.id), bytes_of(kind, contents)))
    }

    fn told(&self, commit: &Commit) -> Result<Value, Refusal> {
        let id = &commit.id;
        let dated = |signature: &Signature| json!({"name": signature.name, "email": signature.email, "date": signature.when});
        let person = |signature: &Signature| {
            let known = PEOPLE
                .iter()
                .enumerate()
                .find(|(_, (_, _, email))| *email == signature.email);
            known.map_or(Value::Null, |(at, (login, name, email))| {
                account(self.api, login, at + 1, name, email)
            })
        };
        let parent = |id: &String| json!({"url": self.url(&format!("/git/commits/{id}")), "sha": id, "created": "0001-01-01T00:00:00Z"});
        let mut body = json!({"url": self.url(&format!("/git/commits/{id}")), "sha": id, "created": commit.author.when,
            "html_url": self.html(&format!("/commit/{id}")), "author": person(&commit.author),
            "committer": person(&commit.committer), "parents": commit.parents.iter().map(parent).collect::<Vec<_>>(),
            "commit": {"url": self.url(&format!("/git/commits/{id}")), "author": dated(&commit.author),
                "committer": dated(&commit.committer), "message": format!("{}\n", commit.message),
                "tree": {"url": self.url(&format!("/git/trees/{}", commit.tree)), "sha": commit.tree, "created": commit.author.when},
                "verification": null},
            "files": null, "stats": null});
        let shown = |name: &str| self.api.asked(name) != Some("false");
        if shown("files") || shown("stat") {
            // Git's own name of a tree without anything.
            let nothing = "4b825dc642cb6eb9a060e54bf8d69288fbee4904".to_owned();
            let changes = self
                .held()
                .repository
                .changes(commit.parents.first().unwrap_or(&nothing), id)?;
            if shown("files") {
                let file = |change: &crate::git::Change| {
                    let status = match change.what {
                        'A' => "added",
                        'D' => "removed",
                        'R' => "renamed",
                        _ => "modified",
                    };
                    json!({"filename": change.new_shown(), "status": status})
                };
                body["files"] = changes.iter().map(file).collect();
            }
            if shown("stat") {
                let added: u64 = changes.iter().filter_map(|change| change.added).sum();
                let removed: u64 = changes.iter().filter_map(|change| change.removed).sum();
                body["stats"] =
                    json!({"total": added + removed, "additions": added, "deletions": removed});
            }
        }
        Ok(body)
    }

    fn commit(&self, name: &str) -> Reply {
        let id = self.resolve(name)?;
        json_of(self.told(&self.held().repository.commit(&id)?)?)
    }

    fn commits(&self) -> Reply {
        let repository = &self.held().repository;
        let from = match self.api.asked("sha") {
            Some(name) => self.resolve(name)?,
            None => self.resolve("HEAD")?,
        };
        let path = self.api.path_asked("path");
        let number = self.api.number("page", 1, usize::MAX);
        // Together with a path the limit is left unheeded.
        let size = if path.is_empty() {
            self.api.number("limit", USUAL_PAGE, LARGEST_PAGE)
        } else {
            COMMITS_OF_A_PATH
        };
        let asked = History {
            from: &from,
            path: Some(&path),
            since: self.api.moment("since"),
            until: self.api.moment("until"),
            ..History::default()
        };
        let commits = repository.history(&asked)?;
        let (total, last) = (commits.len(), commits.len().div_ceil(size));
        let (commits, more) = page(commits, (number - 1).saturating_mul(size), size);
        let items = commits
            .iter()
            .map(|commit| self.told(commit))
            .collect::<Result<Vec<_>, _>>()?;
        let mut response = Json(Value::Array(items)).into_response();
        let headers = response.headers_mut();
        links(self.api, headers, number, more, last);
        for (name, value) in [
            ("x-page", number.to_string()),
            ("x-perpage", size.to_string()),
            ("x-total", total.to_string()),
            ("x-pagecount", last.to_string()),
            ("x-hasmore", more.to_string()),
            ("x-total-count", total.to_string()),
        ] {
            add(headers, name, &value);
        }
        Ok(response)
    }

    /// The commits only, each with its files.
    fn compare(&self, between: &str) -> Reply {
        let repository = &self.held().repository;
        let Some((base, head)) = between
            .split_once("...")
            .or_else(|| between.split_once(".."))
        else {
            return Err(self.missing(between));
        };
        let (base, head) = (self.resolve(base)?, self.resolve(head)?);
        let asked = History {
            from: &head,
            without: Some(&base),
            ..History::default()
        };
        let commits = repository.history(&asked)?;
        let items = commits
            .iter()
            .map(|commit| self.told(commit))
            .collect::<Result<Vec<_>, _>>()?;
        json_of(json!({"total_commits": items.len(), "commits": items}))
    }

    fn archive(&self, name: &str) -> Reply {
        let (revision, format, kind) = if let Some(revision) = name.strip_suffix(".zip") {
            (revision, "zip", "application/zip")
        } else if let Some(revision) = name.strip_suffix(".tar.gz") {
            (revision, "tar.gz", "application/gzip")
        } else {
            return Err(failed(
                StatusCode::BAD_REQUEST,
                &format!("unknown archive type: {name}"),
                self.api,
            ));
        };
        let commit = self.resolve(revision)?;
        let path = lossy(&self.api.path_asked("path"));
        if self
            .held()
            .repository
            .entry(&commit, path.as_bytes())?
            .is_none()
        {
            return Err(self.missing(&path));
        }
        let prefix = format!("{}/", self.held().name);
        Ok(bytes_of(
            kind,
            self.held()
                .repository
                .archive(&commit, &path, format, &prefix)?,
        ))
    }
}
