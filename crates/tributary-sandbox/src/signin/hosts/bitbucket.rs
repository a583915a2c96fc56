//! Bitbucket Cloud's API, below `/2.0`.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::Grant;
use super::PEOPLE;
use super::api::{
    Api, add, bytes_of, encoded, hexadecimal, is_binary, json_of, lossy, page, refused, trimmed,
};
use super::caller::{Found, Refusal, Reply};
use super::pulls;
use crate::git::held::Held;
use crate::git::{
    Change, Commit, Entry, History, Kind, Reference, References, Signature, large_file_id,
};

/// A listing with more entries than this is not finished in time. Assumed: the number.
const MOST_IN_TIME: usize = 20_000;

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    if !api.reads() {
        return None;
    }
    match parts {
        // The two outside the API: an archive, and where large files lie.
        [owner, name, "get", file] => return Some(archive(api, owner, name, file)),
        ["_media", owner, name, blob] => return Some(media(api, owner, name, blob)),
        _ => {}
    }
    let behind = parts.strip_prefix(&["2.0"])?;
    Some(match behind {
        ["user"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"type": "user", "account_id": user.account_id, "uuid": format!("{{{}}}", user.account_id),
                "nickname": user.account_id, "username": user.account_id, "display_name": user.name}))
        }),
        ["user", "workspaces"] => workspaces(api),
        // Removed in 2026, as third parties report.
        ["workspaces" | "repositories"] | ["user", "permissions", ..] => {
            let message = "This endpoint has been removed. See https://developer.atlassian.com/cloud/bitbucket/changelog/";
            Err(failed(StatusCode::GONE, message))
        }
        ["repositories", workspace] => repositories(api, workspace),
        ["repositories", owner, name, rest @ ..] => {
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

/// Says what kind of credential was used and what it may do: documented for a repository's token.
/// Assumed: the words for every other kind.
pub(super) fn tell_kind(grant: &Grant, headers: &mut HeaderMap) {
    let kind = match &grant.belongs_to {
        Some(owner) if owner.contains('/') => "repo_access_token",
        Some(_) => "workspace_access_token",
        None if grant.personal => "api_token",
        None => "oauth2",
    };
    add(headers, "x-credential-type", kind);
    let scopes: Vec<&str> = grant.scopes.iter().map(String::as_str).collect();
    add(headers, "x-oauth-scopes", &scopes.join(", "));
}

/// The shape of a failure is documented. Assumed: the words.
fn failed(status: StatusCode, message: &str) -> Refusal {
    refused(
        status,
        json!({"type": "error", "error": {"message": message}}),
    )
}

/// A date as Bitbucket writes it.
fn date(when: Timestamp) -> String {
    when.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn uuid(number: usize) -> String {
    format!("{{00000000-0000-4000-8000-{number:012}}}")
}

/// Whether the address of the next page is by a number or by what nobody should read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pages {
    Numbered,
    Opaque,
}

/// A page of a list that `q` and `sort` choose from.
fn listed(api: &Api<'_>, mut items: Vec<Value>, usual: usize, pages: Pages) -> Reply {
    if let Some(query) = api.asked("q") {
        let conditions = query
            .split(" AND ")
            .map(condition)
            .collect::<Option<Vec<_>>>();
        let Some(conditions) = conditions else {
            return Err(failed(
                StatusCode::BAD_REQUEST,
                &format!("Invalid query: {query}"),
            ));
        };
        items.retain(|item| conditions.iter().all(|condition| condition.holds(item)));
    }
    if let Some(sort) = api.asked("sort") {
        let key = sort.trim_start_matches('-');
        items.sort_by_cached_key(|item| natural(&field(item, key)));
        if sort.starts_with('-') {
            items.reverse();
        }
    }
    let size = api.number("pagelen", usual, if usual == 500 { 5000 } else { 100 });
    let asked = api.asked("page").unwrap_or_default();
    let asked = asked.strip_prefix("ctx").unwrap_or(asked);
    let number: usize = asked.parse().unwrap_or(1).max(1);
    let total = items.len();
    let (items, more) = page(items, (number - 1).saturating_mul(size), size);
    let mut body = json!({"pagelen": size, "values": items});
    let address = |number: usize| {
        let number = if pages == Pages::Opaque {
            format!("ctx{number}")
        } else {
            number.to_string()
        };
        api.again(api.call.path, &[("page", number)])
    };
    if pages == Pages::Numbered {
        body["size"] = json!(total);
        body["page"] = json!(number);
        if number > 1 {
            body["previous"] = json!(address(number - 1));
        }
    }
    if more {
        body["next"] = json!(address(number + 1));
    }
    answer(api, body)
}

/// A JSON answer with the fields that were asked for.
fn answer(api: &Api<'_>, body: Value) -> Reply {
    let Some(fields) = api.asked("fields") else {
        return json_of(body);
    };
    let fields: Vec<&str> = fields.split(',').map(str::trim).collect();
    let mut kept = if fields.iter().any(|field| !field.starts_with(['+', '-'])) {
        Value::Null
    } else {
        body.clone()
    };
    for name in fields {
        let parts: Vec<&str> = name.trim_start_matches(['+', '-']).split('.').collect();
        if name.starts_with('-') {
            leave_out(&mut kept, &parts);
        } else {
            keep(&body, &mut kept, &parts);
        }
    }
    json_of(kept)
}

/// Copies what a dotted name leads to, through lists.
fn keep(from: &Value, to: &mut Value, parts: &[&str]) {
    let Some((first, rest)) = parts.split_first() else {
        to.clone_from(from);
        return;
    };
    match from {
        Value::Array(items) => {
            if !to.is_array() {
                *to = Value::Array(vec![Value::Null; items.len()]);
            }
            for (at, item) in items.iter().enumerate() {
                keep(item, &mut to[at], parts);
            }
        }
        Value::Object(map) => {
            if !to.is_object() {
                *to = json!({});
            }
            let names = map.keys().filter(|name| *first == "*" || name == first);
            names.for_each(|name| keep(&from[name], &mut to[name], rest));
        }
        _ => {}
    }
}

fn leave_out(value: &mut Value, parts: &[&str]) {
    match (value, parts) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| leave_out(item, parts)),
        (Value::Object(map), [last]) => {
            map.remove(*last);
        }
        (Value::Object(map), [first, rest @ ..]) => {
            if let Some(inner) = map.get_mut(*first) {
                leave_out(inner, rest);
            }
        }
        _ => {}
    }
}

/// A part of `q`, such as `name ~ "doc"`.
struct Condition {
    field: String,
    operator: &'static str,
    value: String,
}

fn condition(text: &str) -> Option<Condition> {
    let operators = ["!~", "!=", ">=", "<=", "~", "=", ">", "<"];
    let at = text.find(['!', '>', '<', '~', '='])?;
    let operator = operators
        .into_iter()
        .find(|operator| text[at..].starts_with(operator))?;
    let value = text[at + operator.len()..].trim();
    Some(Condition {
        field: text[..at].trim().to_owned(),
        operator,
        value: value.trim_matches('"').to_owned(),
    })
}

impl Condition {
    fn holds(&self, item: &Value) -> bool {
        let found = field(item, &self.field);
        let (found, wanted) = (found.to_lowercase(), self.value.to_lowercase());
        match self.operator {
            "~" => found.contains(&wanted),
            "!~" => !found.contains(&wanted),
            "=" => found == wanted,
            "!=" => found != wanted,
            ">" => found > wanted,
            "<" => found < wanted,
            ">=" => found >= wanted,
            _ => found <= wanted,
        }
    }
}

/// What a dotted name leads to, as text.
fn field(item: &Value, name: &str) -> String {
    let found = name.split('.').fold(item, |value, part| &value[part]);
    found
        .as_str()
        .map_or_else(|| found.to_string(), str::to_owned)
}

/// A key by which `v9` comes before `v10`.
fn natural(text: &str) -> Vec<(String, u64)> {
    let mut key: Vec<(String, u64)> = vec![(String::new(), 0)];
    for letter in text.chars() {
        let last = key.len() - 1;
        match letter.to_digit(10) {
            Some(digit) => {
                key[last].1 = key[last].1.saturating_mul(10).saturating_add(digit.into());
            }
            None => {
                if key[last].1 > 0 {
                    key.push((String::new(), 0));
                }
                let last = key.len() - 1;
                key[last].0.push(letter);
            }
        }
    }
    key
}

/// The workspaces of the repositories that the person may read. Assumed: the shape of an entry.
fn workspaces(api: &Api<'_>) -> Reply {
    let caller = api.person()?;
    let mut owners: Vec<String> = api
        .repositories(Some(&caller), false)?
        .into_iter()
        .map(|held| held.owner)
        .collect();
    owners.sort();
    owners.dedup();
    let item = |owner: &String| json!({"type": "workspace_access", "administrator": false, "workspace": workspace(api, owner)});
    listed(api, owners.iter().map(item).collect(), 10, Pages::Numbered)
}

fn workspace(api: &Api<'_>, owner: &str) -> Value {
    json!({"type": "workspace", "slug": owner, "name": owner, "uuid": uuid(900),
        "links": {"self": {"href": api.url(&format!("/2.0/workspaces/{owner}"))},
            "html": {"href": api.url(&format!("/{owner}/"))}}})
}

/// A workspace's repositories. Without a role, those that are public too.
fn repositories(api: &Api<'_>, workspace: &str) -> Reply {
    let caller = if api.header("authorization").is_empty() {
        None
    } else {
        Some(api.reader()?)
    };
    let all = api.accounts.repositories.all()?;
    if !all
        .iter()
        .any(|held| held.owner.eq_ignore_ascii_case(workspace))
    {
        return Err(failed(
            StatusCode::NOT_FOUND,
            &format!("No workspace with identifier '{workspace}'."),
        ));
    }
    let mut held = api.repositories(caller.as_ref(), api.asked("role").is_none())?;
    held.retain(|held| held.owner.eq_ignore_ascii_case(workspace));
    let items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    listed(api, items, 10, Pages::Numbered)
}

fn described(api: &Api<'_>, held: &Held) -> Result<Value, Refusal> {
    let full_name = held.full_name();
    let own = api.url(&format!("/2.0/repositories/{full_name}"));
    let html = api.url(&format!("/{full_name}"));
    let repository = &held.repository;
    let updated = match repository.commit_id("HEAD")? {
        Some(id) => Some(repository.commit(&id)?.committer.when),
        None => None,
    };
    // A repository without commits has no main branch.
    let main = match updated {
        Some(_) => json!({"type": "branch", "name": repository.default_branch()?}),
        None => Value::Null,
    };
    let link = |behind: &str| json!({"href": format!("{own}{behind}")});
    let mut body = json!({"type": "repository", "uuid": uuid(held.number), "name": held.name, "slug": held.name,
        "full_name": full_name, "is_private": !held.public, "scm": "git", "description": "",
        "fork_policy": "no_public_forks", "language": "", "has_issues": false, "has_wiki": false, "size": 1024,
        "created_on": "2024-01-08T09:00:00+00:00", "updated_on": date(updated.unwrap_or_default()),
        "workspace": workspace(api, &held.owner),
        "owner": {"type": "team", "username": held.owner, "display_name": held.owner, "uuid": uuid(900)},
        "project": {"type": "project", "key": "DOCS", "name": "Docs", "uuid": uuid(901)},
        "links": {"self": link(""), "html": {"href": html}, "branches": link("/refs/branches"),
            "tags": link("/refs/tags"), "commits": link("/commits"), "source": link("/src"),
            "clone": [{"name": "https", "href": format!("{html}.git")},
                {"name": "ssh", "href": format!("git@bitbucket.localhost:{full_name}.git")}]}});
    if updated.is_some() {
        body["mainbranch"] = main;
    }
    Ok(body)
}

/// A repository that the caller may read.
struct View<'a> {
    api: &'a Api<'a>,
    found: &'a Found,
}

impl View<'_> {
    fn serve(&self, rest: &[&str]) -> Option<Reply> {
        Some(match rest {
            [] => described(self.api, self.held()).and_then(|body| answer(self.api, body)),
            ["refs", "branches"] => self.references(References::Branches),
            ["refs", "branches", name @ ..] => {
                self.reference(References::Branches, &name.join("/"))
            }
            ["refs", "tags"] => self.references(References::Tags),
            ["refs", "tags", name @ ..] => self.reference(References::Tags, &name.join("/")),
            ["commit", revision] => self.commit(revision),
            ["commits"] => self.commits("HEAD"),
            ["commits", revision] => self.commits(revision),
            ["filehistory", revision, path @ ..] => self.history(revision, path.len()),
            ["pullrequests", number] => self.pull_request(number),
            ["diffstat", spec @ ..] => self.diffstat(&spec.join("/")),
            ["src"] => self.root(),
            ["src", revision, path @ ..] => self.source(revision, path.len()),
            _ => return None,
        })
    }

    fn held(&self) -> &Held {
        &self.found.held
    }

    fn url(&self, behind: &str) -> String {
        self.api.url(&format!(
            "/2.0/repositories/{}{behind}",
            self.held().full_name()
        ))
    }

    fn html(&self, behind: &str) -> String {
        self.api
            .url(&format!("/{}{behind}", self.held().full_name()))
    }

    fn resolve(&self, revision: &str) -> Result<String, Refusal> {
        self.held().repository.commit_id(revision)?.ok_or_else(|| {
            refused(
                StatusCode::NOT_FOUND,
                json!({"type": "error", "error": {"message": "Commit not found",
                "data": {"shas": [revision]}}}),
            )
        })
    }

    fn short(&self, id: &str) -> Value {
        json!({"type": "commit", "hash": id, "links": {"self": {"href": self.url(&format!("/commit/{id}"))},
            "html": {"href": self.html(&format!("/commits/{id}"))}}})
    }

    /// Assumed, from answers that people show: hashes are short there. What is not about where it
    /// leads from and to is left out.
    fn pull_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found
            .ok_or_else(|| failed(StatusCode::NOT_FOUND, &format!("No pull request {number}")))?;
        let side = |branch: &str, commit: &str| {
            json!({"branch": {"name": branch}, "commit": {"type": "commit", "hash": &commit[..12]},
                "repository": {"type": "repository", "full_name": self.held().full_name()}})
        };
        json_of(
            json!({"type": "pullrequest", "id": found.number, "title": found.title, "state": "OPEN",
            "draft": false, "source": side(&found.branch, &found.head),
            "destination": side(&found.into, &found.base),
            "links": {"html": {"href": self.html(&format!("/pull-requests/{number}"))}}}),
        )
    }

    fn told(&self, commit: &Commit) -> Value {
        let mut body = self.short(&commit.id);
        body["date"] = json!(date(commit.author.when));
        body["message"] = json!(format!("{}\n", commit.message));
        body["summary"] = json!({"type": "rendered", "raw": format!("{}\n", commit.message), "markup": "markdown",
            "html": format!("<p>{}</p>", commit.subject())});
        body["author"] = author(self.api, &commit.author);
        body["parents"] = commit
            .parents
            .iter()
            .map(|parent| self.short(parent))
            .collect();
        body["repository"] = json!({"type": "repository", "full_name": self.held().full_name(),
            "name": self.held().name, "uuid": uuid(self.held().number), "links": {"self": {"href": self.url("")}}});
        body
    }

    fn named(&self, which: References, reference: &Reference) -> Result<Value, Refusal> {
        let target = self.told(&self.held().repository.commit(&reference.commit)?);
        let (kind, place) = if which == References::Tags {
            ("tag", "tags")
        } else {
            ("branch", "branches")
        };
        let name = encoded(reference.name.as_bytes());
        let mut body = json!({"type": kind, "name": reference.name, "target": target,
            "links": {"self": {"href": self.url(&format!("/refs/{place}/{name}"))},
                "commits": {"href": self.url(&format!("/commits/{name}"))},
                "html": {"href": self.html(&format!("/branch/{name}"))}}});
        if which == References::Branches {
            body["default_merge_strategy"] = json!("merge_commit");
            body["merge_strategies"] = json!(["merge_commit", "squash", "fast_forward"]);
        } else if let Some(tagger) = &reference.tagger {
            body["date"] = json!(date(tagger.when));
            body["message"] = json!(reference.message);
            body["tagger"] = author(self.api, tagger);
        }
        Ok(body)
    }

    fn references(&self, which: References) -> Reply {
        let all = self.held().repository.references(which)?;
        let items = all
            .iter()
            .map(|reference| self.named(which, reference))
            .collect::<Result<Vec<_>, _>>()?;
        listed(self.api, items, 10, Pages::Numbered)
    }

    fn reference(&self, which: References, name: &str) -> Reply {
        let all = self.held().repository.references(which)?;
        match all.iter().find(|reference| reference.name == name) {
            Some(found) => answer(self.api, self.named(which, found)?),
            None => Err(failed(StatusCode::NOT_FOUND, &format!("No ref {name}"))),
        }
    }

    fn commit(&self, revision: &str) -> Reply {
        let id = self.resolve(revision)?;
        answer(self.api, self.told(&self.held().repository.commit(&id)?))
    }

    fn commits(&self, revision: &str) -> Reply {
        let from = self.resolve(revision)?;
        let path = self.api.path_asked("path");
        let asked = History {
            from: &from,
            path: Some(&path),
            ..History::default()
        };
        let commits = self.held().repository.history(&asked)?;
        listed(
            self.api,
            commits.iter().map(|commit| self.told(commit)).collect(),
            30,
            Pages::Opaque,
        )
    }

    /// A file's commits, through its renames unless that is switched off.
    fn history(&self, revision: &str, parts: usize) -> Reply {
        let repository = &self.held().repository;
        let commit = self.resolve(revision)?;
        let path = self.api.path(parts);
        if repository.entry(&commit, &path)?.is_none() {
            return Err(missing_path(&path));
        }
        let history = if self.api.asked("renames") == Some("false") {
            let asked = History {
                from: &commit,
                path: Some(&path),
                ..History::default()
            };
            repository
                .history(&asked)?
                .into_iter()
                .map(|commit| (commit, path.clone()))
                .collect()
        } else {
            repository.followed(&commit, &path)?
        };
        let mut items = Vec::new();
        for (commit, path) in history {
            let size = repository
                .entry(&commit.id, &path)?
                .and_then(|entry| entry.size);
            items.push(json!({"type": "commit_file", "path": lossy(&path), "size": size.unwrap_or(0),
                "attributes": [], "commit": self.told(&commit), "links": self.places(&commit.id, &path, "")}));
        }
        listed(self.api, items, 50, Pages::Opaque)
    }

    fn places(&self, commit: &str, path: &[u8], end: &str) -> Value {
        let own = self.url(&format!("/src/{commit}/{}{end}", encoded(path)));
        json!({"self": {"href": own}, "meta": {"href": format!("{own}?format=meta")},
            "history": {"href": self.url(&format!("/filehistory/{commit}/{}", encoded(path)))}})
    }

    /// Two commits the other way round than Git has them: what is new comes first.
    fn diffstat(&self, spec: &str) -> Reply {
        let repository = &self.held().repository;
        let (new, old) = match spec.split_once("..") {
            Some((new, old)) => {
                let (new, old) = (self.resolve(new)?, self.resolve(old)?);
                // Unless that is switched off, against where the two parted.
                let topic = self.api.asked("topic") != Some("false");
                let base = if topic {
                    repository.merge_base(&new, &old)
                } else {
                    None
                };
                (new, base.unwrap_or(old))
            }
            None => {
                let new = self.resolve(spec)?;
                let parent = repository.commit(&new)?.parents.into_iter().next();
                // Git's own name of a tree without anything.
                let old =
                    parent.unwrap_or_else(|| "4b825dc642cb6eb9a060e54bf8d69288fbee4904".to_owned());
                (new, old)
            }
        };
        let path = self.api.path_asked("path");
        let inside = |changed: &[u8]| {
            path.is_empty()
                || changed == path
                || (changed.starts_with(&path) && changed.get(path.len()) == Some(&b'/'))
        };
        let side = |there: bool, commit: &str, path: &[u8]| {
            there.then(|| {
                json!({"type": "commit_file", "path": lossy(path), "escaped_path": encoded(path),
                "links": {"self": {"href": self.url(&format!("/src/{commit}/{}", encoded(path)))}}})
            })
        };
        let item = |change: &Change| {
            let status = match change.what {
                'A' => "added",
                'D' => "removed",
                'R' => "renamed",
                _ => "modified",
            };
            let mut item = json!({"type": "diffstat", "status": status, "lines_added": change.added.unwrap_or(0),
                "lines_removed": change.removed.unwrap_or(0)});
            // One side is null where there is nothing; the document calls both objects.
            item["old"] = json!(side(change.what != 'A', &old, &change.old_path));
            item["new"] = json!(side(change.what != 'D', &new, &change.new_path));
            item
        };
        let changes = repository.changes(&old, &new)?;
        let chosen = changes
            .iter()
            .filter(|change| inside(&change.new_path) || inside(&change.old_path));
        listed(self.api, chosen.map(item).collect(), 500, Pages::Numbered)
    }

    /// Sends on to the main branch.
    fn root(&self) -> Reply {
        let commit = self.resolve("HEAD")?;
        let mut response = StatusCode::FOUND.into_response();
        add(
            response.headers_mut(),
            "location",
            &self.url(&format!("/src/{commit}/")),
        );
        Ok(response)
    }

    fn source(&self, revision: &str, parts: usize) -> Reply {
        let repository = &self.held().repository;
        let path = self.api.path(parts);
        if path.is_empty() && !self.api.call.path.ends_with('/') {
            // The root needs its slash.
            return Err(failed(StatusCode::NOT_FOUND, "Resource not found"));
        }
        let commit = self.resolve(revision)?;
        let entry = repository
            .entry(&commit, &path)?
            .ok_or_else(|| missing_path(&path))?;
        let meta = self.api.asked("format") == Some("meta");
        if meta {
            return answer(self.api, self.meta(&commit, &entry)?);
        }
        match entry.kind {
            Kind::Tree => self.folder(&commit, &entry),
            // The contents of a submodule are the commit of the other repository.
            Kind::Commit => Ok(bytes_of("text/plain", entry.id.into_bytes())),
            _ => self.file(&entry),
        }
    }

    fn meta(&self, commit: &str, entry: &Entry) -> Result<Value, Refusal> {
        let folder = entry.kind == Kind::Tree;
        let end = if folder && !entry.path.is_empty() {
            "/"
        } else {
            ""
        };
        let mut body = json!({"type": if folder { "commit_directory" } else { "commit_file" }, "path": entry.shown(),
            "commit": self.short(commit), "links": self.places(commit, &entry.path, end)});
        if !folder {
            body["size"] = json!(entry.size.unwrap_or(0));
            body["attributes"] = json!(self.attributes(entry)?);
            body["escaped_path"] = json!(encoded(&entry.path));
            body["mimetype"] = json!(media_type(&entry.name()));
        }
        Ok(body)
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<&'static str>, Refusal> {
        if entry.kind == Kind::Commit {
            return Ok(vec!["subrepository"]);
        }
        let mut attributes = Vec::new();
        if entry.is_symlink() {
            attributes.push("link");
        }
        if entry.is_executable() {
            attributes.push("executable");
        }
        // A list of thousands is not worth reading every file. Assumed: the name decides here.
        let kind = media_type(&entry.name());
        if kind.starts_with("image/") && kind != "image/svg+xml" || kind == "video/mp4" {
            let contents = self.held().repository.blob(&entry.id)?;
            if large_file_id(&contents).is_some() {
                attributes.push("lfs");
            } else if is_binary(&contents) {
                attributes.push("binary");
            }
        }
        Ok(attributes)
    }

    /// A folder, and with `max_depth` what is below, those that are less deep first.
    fn folder(&self, commit: &str, folder: &Entry) -> Reply {
        let depth = self.api.number("max_depth", 1, usize::MAX);
        let mut entries = self.held().repository.tree(&folder.id, depth > 1)?;
        let level = |entry: &Entry| entry.path.iter().filter(|byte| **byte == b'/').count();
        entries.retain(|entry| level(entry) < depth);
        if depth > 1 && entries.len() > MOST_IN_TIME {
            let status = StatusCode::from_u16(555).unwrap_or(StatusCode::GATEWAY_TIMEOUT);
            return Err(failed(
                status,
                "The listing took too long. Please try a smaller max_depth.",
            ));
        }
        entries.sort_by_key(level);
        let mut items = Vec::new();
        for entry in entries {
            let path = [
                folder.path.as_slice(),
                if folder.path.is_empty() { b"" } else { b"/" },
                &entry.path,
            ]
            .concat();
            items.push(self.meta(commit, &Entry { path, ..entry })?);
        }
        listed(self.api, items, 10, Pages::Opaque)
    }

    fn file(&self, entry: &Entry) -> Reply {
        let contents = self.held().repository.blob(&entry.id)?;
        if large_file_id(&contents).is_some() {
            // To another host, which wants no credential of ours: that is how a client that forwards
            // it is found out.
            let elsewhere =
                self.api
                    .url(&format!("/_media/{}/{}", self.held().full_name(), entry.id));
            let elsewhere = elsewhere.replacen("127.0.0.1", "localhost", 1);
            let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
            add(response.headers_mut(), "location", &elsewhere);
            return Ok(response);
        }
        // By the contents and the attributes, wherever the file lies.
        let etag = hexadecimal(&Sha256::digest([entry.mode.as_bytes(), &contents].concat()));
        let mut response = bytes_of(media_type(&entry.name()), contents);
        add(response.headers_mut(), "content-disposition", "attachment");
        Ok(self.api.tagged(&format!("\"{}\"", &etag[..32]), response))
    }
}

fn missing_path(path: &[u8]) -> Refusal {
    failed(
        StatusCode::NOT_FOUND,
        &format!("No such file or directory: {}", lossy(path)),
    )
}

fn author(api: &Api<'_>, signature: &Signature) -> Value {
    let mut body =
        json!({"type": "author", "raw": format!("{} <{}>", signature.name, signature.email)});
    if let Some((login, name, _)) = PEOPLE
        .iter()
        .find(|(_, _, email)| *email == signature.email)
    {
        body["user"] = json!({"type": "user", "display_name": name, "nickname": login, "account_id": login,
            "uuid": format!("{{{login}}}"), "links": {"html": {"href": api.url(&format!("/{login}/"))}}});
    }
    body
}

/// By the ending of the name, and without a character set.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "svg" => "image/svg+xml",
        "mp4" => "video/mp4",
        "md" => "text/markdown",
        "sh" => "text/x-sh",
        _ => "text/plain",
    }
}

/// The archive that the pages for people offer.
fn archive(api: &Api<'_>, owner: &str, name: &str, file: &str) -> Reply {
    let found = api.readable(owner, name)?;
    let (revision, format, kind) = if let Some(revision) = file.strip_suffix(".zip") {
        (revision, "zip", "application/zip")
    } else if let Some(revision) = file.strip_suffix(".tar.gz") {
        (revision, "tar.gz", "application/x-tar-gz")
    } else {
        return Err(api.missing());
    };
    let repository = &found.held.repository;
    let commit = repository
        .commit_id(revision)?
        .ok_or_else(|| api.missing())?;
    let prefix = format!("{owner}-{name}-{}/", &commit[..12]);
    Ok(bytes_of(
        kind,
        repository.archive(&commit, "", format, &prefix)?,
    ))
}

/// Where large files lie: the address is the permission, and a credential beside it is refused.
fn media(api: &Api<'_>, owner: &str, name: &str, blob: &str) -> Reply {
    if !api.header("authorization").is_empty() {
        return Err(failed(
            StatusCode::BAD_REQUEST,
            "Only one auth mechanism allowed",
        ));
    }
    let held = api
        .accounts
        .repositories
        .find(&format!("{owner}/{name}"))?
        .ok_or_else(|| api.missing())?;
    let found = held
        .repository
        .object(lossy(trimmed(blob.as_bytes())).as_bytes())?;
    let found = found
        .filter(|found| found.kind == Kind::Blob && found.id == blob)
        .ok_or_else(|| api.missing())?;
    let pointer = held.repository.blob(&found.id)?;
    let contents = held
        .repository
        .large_file(&pointer)
        .ok_or_else(|| api.missing())?;
    let response: Response = bytes_of("application/octet-stream", contents);
    Ok(response)
}
