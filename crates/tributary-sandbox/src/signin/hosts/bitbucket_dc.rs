//! Bitbucket Data Center's API, below `/rest/api/latest`.

use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::PEOPLE;
use super::api::{Api, bytes_of, is_binary, json_of, lossy, page, refused};
use super::caller::{self, Found, Refusal, Reply};
use super::pulls;
use crate::git::held::Held;
use crate::git::{Change, Commit, Entry, History, Kind, Reference, References, Signature};

/// The caps of the documentation and of third parties.
const MOST_FILES: usize = 100_000;
const MOST_COMMITS: usize = 100;
const MOST_CHANGES: usize = 1000;
const MOST_LINES: usize = 5000;
/// Assumed: longer lines are cut here.
const LONGEST_LINE: usize = 5000;
/// The largest page of everything else.
const LARGEST_PAGE: usize = 1000;

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
        ["users", slug] => person(api, slug),
        ["repos"] => repositories(api, None, false),
        // Assumed: what was looked at recently is everything the person was let into.
        ["profile", "recent", "repos"] => repositories(api, None, true),
        ["projects", key, "repos"] => repositories(api, Some(key), false),
        ["projects", key, "repos", name, rest @ ..] => {
            let found = match rest {
                [] => api.described(key, name),
                _ => api.readable(key, name),
            };
            match found {
                Ok(found) => View { api, found: &found }.serve(rest)?,
                Err(refusal) => Err(refusal),
            }
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

/// The shape of a failure is documented. Assumed: the words, and which exception it is.
fn failed(status: StatusCode, exception: &str, message: &str) -> Refusal {
    let name = format!("com.atlassian.bitbucket.{exception}");
    refused(
        status,
        json!({"errors": [{"context": null, "message": message, "exceptionName": name}]}),
    )
}

fn person(api: &Api<'_>, slug: &str) -> Reply {
    api.person()?;
    let found = PEOPLE
        .iter()
        .enumerate()
        .find(|(_, (login, ..))| *login == slug);
    let Some((at, (login, name, email))) = found else {
        let message = format!("No such user: {slug}.");
        return Err(failed(
            StatusCode::NOT_FOUND,
            "user.NoSuchUserException",
            &message,
        ));
    };
    json_of(
        json!({"id": at + 1, "name": login, "slug": login, "displayName": name, "emailAddress": email,
        "active": true, "type": "NORMAL"}),
    )
}

/// A page by `start` and `limit`, which `name` holds the values of.
fn paged(api: &Api<'_>, items: Vec<Value>, usual: usize, most: usize) -> Value {
    let start = api
        .asked("start")
        .and_then(|start| start.parse().ok())
        .unwrap_or(0);
    let limit = api.number("limit", usual, most);
    let (values, more) = page(items, start, limit);
    let mut body = json!({"size": values.len(), "limit": limit, "isLastPage": !more, "start": start, "values": values});
    // Absent on the last page. Assumed: the document has no null for it.
    if more {
        body["nextPageStart"] = json!(start + limit);
    }
    body
}

/// The repositories somebody sees; `REPO_READ` leaves out those that are merely public.
fn repositories(api: &Api<'_>, project: Option<&str>, own: bool) -> Reply {
    let anonymous = api.header("authorization").is_empty();
    let caller = if anonymous { None } else { Some(api.reader()?) };
    if caller.is_none() && own {
        return Err(caller::unauthorized(api.call.dialect, false).into());
    }
    let public = !own
        && api
            .asked("permission")
            .is_none_or(|permission| !permission.starts_with("REPO_"));
    let mut held = api.repositories(caller.as_ref(), public)?;
    let fits = |name: &str, text: &str| {
        let wanted = api.asked(name).unwrap_or_default().to_lowercase();
        text.to_lowercase().contains(wanted.trim())
    };
    held.retain(|held| fits("name", &held.name) && fits("projectname", &held.owner));
    if let Some(key) = project.or(api.asked("projectkey")) {
        held.retain(|held| held.owner.eq_ignore_ascii_case(key));
    }
    match api.asked("visibility") {
        None => {}
        Some("public") => held.retain(|held| held.public),
        Some("private") => held.retain(|held| !held.public),
        Some(_) => {
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "ArgumentValidationException",
                "The visibility is unknown.",
            ));
        }
    }
    held.sort_by_key(|held| held.name.to_lowercase());
    json_of(paged(
        api,
        held.iter().map(|held| described(api, held)).collect(),
        25,
        LARGEST_PAGE,
    ))
}

fn described(api: &Api<'_>, held: &Held) -> Value {
    let key = held.owner.to_uppercase();
    json!({"id": held.number, "slug": held.name, "name": held.name, "hierarchyId": format!("{:020x}", held.number),
        "public": held.public, "archived": false, "forkable": true, "state": "AVAILABLE",
        "statusMessage": "Available", "scmId": "git",
        "project": {"id": 7, "key": key, "name": held.owner, "public": false, "type": "NORMAL",
            "links": {"self": [{"href": api.url(&format!("/projects/{key}"))}]}},
        "links": {"self": [{"href": api.url(&format!("/projects/{key}/repos/{}/browse", held.name))}],
            "clone": [{"name": "http", "href": api.url(&format!("/scm/{}/{}.git", held.owner, held.name))},
                {"name": "ssh", "href": format!("ssh://git@bitbucket.localhost:7999/{}/{}.git", held.owner, held.name)}]}})
}

fn told(commit: &Commit) -> Value {
    let person = |signature: &Signature| {
        let mut body = json!({"name": signature.name, "emailAddress": signature.email});
        if let Some((at, (login, name, _))) = PEOPLE
            .iter()
            .enumerate()
            .find(|(_, (_, _, email))| *email == signature.email)
        {
            body = json!({"name": login, "emailAddress": signature.email, "id": at + 1, "displayName": name,
                "active": true, "slug": login, "type": "NORMAL"});
        }
        body
    };
    let parent = |id: &String| json!({"id": id, "displayId": &id[..11]});
    json!({"id": commit.id, "displayId": &commit.id[..11], "author": person(&commit.author),
        "authorTimestamp": commit.author.when.as_millisecond(), "committer": person(&commit.committer),
        "committerTimestamp": commit.committer.when.as_millisecond(), "message": commit.message,
        "parents": commit.parents.iter().map(parent).collect::<Vec<_>>()})
}

/// A path as the API takes it apart.
fn taken_apart(path: &str) -> Value {
    let components: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let name = components.last().copied().unwrap_or_default();
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let mut body =
        json!({"components": components, "parent": parent, "name": name, "toString": path});
    if let Some((_, extension)) = name.rsplit_once('.') {
        body["extension"] = json!(extension);
    }
    body
}

/// A repository that the caller may read.
struct View<'a> {
    api: &'a Api<'a>,
    found: &'a Found,
}

impl View<'_> {
    fn serve(&self, rest: &[&str]) -> Option<Reply> {
        Some(match rest {
            [] => json_of(described(self.api, self.held())),
            ["branches"] => self.references(References::Branches),
            ["tags"] => self.references(References::Tags),
            ["tags", name @ ..] => self.tag(&name.join("/")),
            ["default-branch"] | ["branches", "default"] => self.default_branch(),
            ["files", path @ ..] => self.files(path.len()),
            ["browse", path @ ..] => self.browse(path.len()),
            ["raw", path @ ..] => self.raw(path.len()),
            ["last-modified", path @ ..] => self.last_modified(path.len()),
            ["commits"] => self.commits(),
            ["commits", id] => self.commit(id),
            ["compare", "changes"] => self.changes(),
            ["pull-requests", number] => self.pull_request(number),
            ["compare", "commits"] => self.between(),
            ["archive"] => self.archive(),
            _ => return None,
        })
    }

    fn held(&self) -> &Held {
        &self.found.held
    }

    fn resolve(&self, revision: &str) -> Result<String, Refusal> {
        self.held().repository.commit_id(revision)?.ok_or_else(|| {
            let message = format!(
                "Commit '{revision}' does not exist in repository '{}'.",
                self.held().name
            );
            failed(
                StatusCode::NOT_FOUND,
                "commit.NoSuchCommitException",
                &message,
            )
        })
    }

    fn at(&self) -> Result<String, Refusal> {
        self.resolve(self.api.asked("at").unwrap_or("HEAD"))
    }

    fn entry(&self, commit: &str, path: &[u8]) -> Result<Entry, Refusal> {
        self.held().repository.entry(commit, path)?.ok_or_else(|| {
            let message = format!(
                "The path \"{}\" does not exist at revision \"{commit}\"",
                lossy(path)
            );
            failed(
                StatusCode::NOT_FOUND,
                "content.NoSuchPathException",
                &message,
            )
        })
    }

    fn named(&self, which: References, reference: &Reference, default: &str) -> Value {
        let mut body = json!({"id": format!("{}{}", which.prefix(), reference.name), "displayId": reference.name,
            "latestCommit": reference.commit, "latestChangeset": reference.commit});
        if which == References::Branches {
            body["type"] = json!("BRANCH");
            body["isDefault"] = json!(reference.name == default);
            body["default"] = json!(reference.name == default);
        } else {
            body["type"] = json!("TAG");
            body["hash"] = if reference.tagger.is_some() {
                json!(reference.object.id)
            } else {
                Value::Null
            };
        }
        body
    }

    fn references(&self, which: References) -> Reply {
        let repository = &self.held().repository;
        let default = repository.default_branch()?;
        let mut all = repository.references(which)?;
        let wanted = self
            .api
            .asked("filterText")
            .unwrap_or_default()
            .to_lowercase();
        all.retain(|reference| reference.name.to_lowercase().contains(&wanted));
        // Assumed: by modification where nothing is asked, which is how the pages for people list.
        if self.api.asked("orderBy") != Some("ALPHABETICAL") {
            all.sort_by_key(|reference| std::cmp::Reverse(reference.when));
        }
        if self.api.wants("boostMatches") {
            // Exact matches first, then those that begin so.
            all.sort_by_key(|reference| {
                let name = reference.name.to_lowercase();
                (name != wanted, !name.starts_with(&wanted))
            });
        }
        let items = all
            .iter()
            .map(|reference| self.named(which, reference, &default))
            .collect();
        json_of(paged(self.api, items, 25, LARGEST_PAGE))
    }

    fn tag(&self, name: &str) -> Reply {
        let all = self.held().repository.references(References::Tags)?;
        match all.iter().find(|reference| reference.name == name) {
            Some(found) => json_of(self.named(References::Tags, found, "")),
            None => {
                let message = format!(
                    "Tag '{name}' does not exist in repository '{}'.",
                    self.held().name
                );
                Err(failed(
                    StatusCode::NOT_FOUND,
                    "repository.NoSuchTagException",
                    &message,
                ))
            }
        }
    }

    fn default_branch(&self) -> Reply {
        let name = self.held().repository.default_branch()?;
        json_of(json!({"id": format!("refs/heads/{name}"), "displayId": name, "type": "BRANCH"}))
    }

    /// Every file below a folder, by its path from there; no folders, sizes or hashes.
    fn files(&self, parts: usize) -> Reply {
        let commit = self.at()?;
        let folder = self.folder(&commit, parts)?;
        let entries = self.held().repository.tree(&folder.id, true)?;
        let files = entries.iter().filter(|entry| entry.kind != Kind::Tree);
        json_of(paged(
            self.api,
            files.map(|entry| json!(entry.shown())).collect(),
            25,
            MOST_FILES,
        ))
    }

    fn folder(&self, commit: &str, parts: usize) -> Result<Entry, Refusal> {
        let path = self.api.path(parts);
        let entry = self.entry(commit, &path)?;
        if entry.kind != Kind::Tree {
            let message = format!("\"{}\" is not a directory", lossy(&path));
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "content.InvalidPathException",
                &message,
            ));
        }
        Ok(entry)
    }

    fn browse(&self, parts: usize) -> Reply {
        let commit = self.at()?;
        let path = self.api.path(parts);
        let entry = self.entry(&commit, &path)?;
        let kind = |entry: &Entry| match entry.kind {
            Kind::Tree => "DIRECTORY",
            Kind::Commit => "SUBMODULE",
            _ => "FILE",
        };
        if self.api.wants("type") {
            return json_of(json!({"type": kind(&entry)}));
        }
        if self.api.wants("size") {
            return json_of(json!({"size": entry.size}));
        }
        match entry.kind {
            // The document has an example of a file only. Assumed, from general knowledge: the shape
            // of a folder with the hashes of its files, and of a submodule.
            Kind::Tree => {
                let children = self.held().repository.tree(&entry.id, false)?;
                let item = |child: &Entry| {
                    let mut item =
                        json!({"path": taken_apart(&child.shown()), "type": kind(child)});
                    if child.kind != Kind::Tree {
                        item["contentId"] = json!(child.id);
                    }
                    if let Some(size) = child.size {
                        item["size"] = json!(size);
                    }
                    item
                };
                let children = paged(
                    self.api,
                    children.iter().map(item).collect(),
                    500,
                    LARGEST_PAGE,
                );
                json_of(
                    json!({"path": taken_apart(&lossy(&path)), "revision": self.api.asked("at").unwrap_or(&commit),
                    "children": children}),
                )
            }
            Kind::Commit => json_of(
                json!({"path": taken_apart(&lossy(&path)), "submodule": {"path": taken_apart(&lossy(&path))}}),
            ),
            _ => self.lines(&entry),
        }
    }

    /// A window of lines; what is not text has none.
    fn lines(&self, entry: &Entry) -> Reply {
        let contents = self.held().repository.blob(&entry.id)?;
        if is_binary(&contents) {
            return json_of(json!({"binary": true, "path": taken_apart(&entry.shown())}));
        }
        let text = lossy(&contents);
        let line = |line: &str| {
            let line = line.trim_end_matches('\r');
            let cut: String = line.chars().take(LONGEST_LINE).collect();
            match cut.len() < line.len() {
                true => json!({"text": cut, "truncated": true}),
                false => json!({"text": cut}),
            }
        };
        let mut body = paged(self.api, text.lines().map(line).collect(), 500, MOST_LINES);
        body["lines"] = body["values"].take();
        if let Some(map) = body.as_object_mut() {
            map.remove("values");
            map.remove("limit");
        }
        json_of(body)
    }

    /// Without an ETag; of an LFS pointer the pointer.
    fn raw(&self, parts: usize) -> Reply {
        let commit = self.at()?;
        let entry = self.entry(&commit, &self.api.path(parts))?;
        if entry.kind != Kind::Blob {
            let message = format!("\"{}\" is not a file", entry.shown());
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "content.InvalidPathException",
                &message,
            ));
        }
        let contents = self.held().repository.blob(&entry.id)?;
        // Assumed: the pages for people must not run what is in it, so everything is text or bytes.
        let kind = if is_binary(&contents) {
            "application/octet-stream"
        } else {
            "text/plain;charset=UTF-8"
        };
        Ok(bytes_of(kind, contents))
    }

    /// The last commit of every child of a folder, in one call.
    fn last_modified(&self, parts: usize) -> Reply {
        if self.api.asked("at").is_none() {
            let message = "An explicit commit must be supplied.";
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "ArgumentValidationException",
                message,
            ));
        }
        let repository = &self.held().repository;
        let commit = self.at()?;
        let folder = self.folder(&commit, parts)?;
        let mut files = json!({});
        for child in repository.tree(&folder.id, false)? {
            let path = [
                folder.path.as_slice(),
                if folder.path.is_empty() { b"" } else { b"/" },
                &child.path,
            ]
            .concat();
            if let Some(last) = repository.last_change(&commit, &path)? {
                files[child.shown()] = told(&last);
            }
        }
        let latest = repository.last_change(&commit, &folder.path)?;
        json_of(json!({"files": files, "latestCommit": latest.as_ref().map(told)}))
    }

    fn commits(&self) -> Reply {
        let until = self.resolve(self.api.asked("until").unwrap_or("HEAD"))?;
        let since = self
            .api
            .asked("since")
            .map(|since| self.resolve(since))
            .transpose()?;
        let path = self.api.path_asked("path");
        let repository = &self.held().repository;
        let commits = if self.api.wants("followRenames") && !path.is_empty() {
            repository
                .followed(&until, &path)?
                .into_iter()
                .map(|(commit, _)| commit)
                .collect()
        } else {
            let asked = History {
                from: &until,
                without: since.as_deref(),
                path: Some(&path),
                ..History::default()
            };
            repository.history(&asked)?
        };
        json_of(paged(
            self.api,
            commits.iter().map(told).collect(),
            25,
            MOST_COMMITS,
        ))
    }

    /// With `path`, the last commit of that path.
    fn commit(&self, id: &str) -> Reply {
        let id = self.resolve(id)?;
        let last = self
            .held()
            .repository
            .last_change(&id, &self.api.path_asked("path"))?;
        last.map_or_else(|| Err(self.api.missing()), |last| json_of(told(&last)))
    }

    /// What `from` has and `to` lacks.
    fn ends(&self) -> Result<(String, String), Refusal> {
        let from = self.resolve(self.api.asked("from").unwrap_or("HEAD"))?;
        let to = self.resolve(self.api.asked("to").unwrap_or("HEAD"))?;
        Ok((from, to))
    }

    fn changes(&self) -> Reply {
        let (from, to) = self.ends()?;
        let repository = &self.held().repository;
        let base = repository.merge_base(&from, &to).unwrap_or(to);
        let changes = repository.changes(&base, &from)?;
        let item = |change: &Change| {
            let kind = match change.what {
                'A' => "ADD",
                'D' => "DELETE",
                'R' => "MOVE",
                _ => "MODIFY",
            };
            let mut item = json!({"contentId": change.new_id, "fromContentId": change.old_id, "type": kind,
                "path": taken_apart(&change.new_shown()), "nodeType": "FILE", "percentUnchanged": -1,
                "executable": change.new_mode == "100755", "srcExecutable": change.old_mode == "100755"});
            if change.what == 'R' {
                item["srcPath"] = taken_apart(&change.old_shown());
            }
            item
        };
        // The cap is hard: there is no second page.
        let more = changes.len() > MOST_CHANGES;
        let limit = self.api.number("limit", MOST_CHANGES, MOST_CHANGES);
        let values: Vec<Value> = changes.iter().take(limit).map(item).collect();
        json_of(
            json!({"fromHash": from, "toHash": base, "properties": {}, "size": values.len(), "limit": limit,
            "isLastPage": !more, "start": 0, "values": values}),
        )
    }

    fn between(&self) -> Reply {
        let (from, to) = self.ends()?;
        let asked = History {
            from: &from,
            without: Some(&to),
            ..History::default()
        };
        let commits = self.held().repository.history(&asked)?;
        json_of(paged(
            self.api,
            commits.iter().map(told).collect(),
            25,
            MOST_COMMITS,
        ))
    }

    /// Assumed: what is not about where it leads from and to is left out.
    fn pull_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found.ok_or_else(|| {
            let message = format!(
                "No pull request exists with ID {number} for this repository {}",
                self.held().name
            );
            failed(
                StatusCode::NOT_FOUND,
                "pull.NoSuchPullRequestException",
                &message,
            )
        })?;
        let side = |branch: &str, commit: &str| {
            json!({"id": format!("refs/heads/{branch}"), "displayId": branch,
                "latestCommit": commit, "type": "BRANCH",
                "repository": described(self.api, self.held())})
        };
        json_of(
            json!({"id": found.number, "version": 0, "title": found.title, "state": "OPEN",
            "open": true, "closed": false, "locked": false,
            "fromRef": side(&found.branch, &found.head), "toRef": side(&found.into, &found.base)}),
        )
    }

    fn archive(&self) -> Reply {
        let commit = self.at()?;
        let (format, kind) = match self.api.asked("format").unwrap_or("zip") {
            "zip" => ("zip", "application/octet-stream"),
            "tar" => ("tar", "application/x-tar"),
            "tar.gz" | "tgz" => ("tar.gz", "application/octet-stream"),
            _ => {
                return Err(failed(
                    StatusCode::BAD_REQUEST,
                    "ArgumentValidationException",
                    "The format is not supported.",
                ));
            }
        };
        let path = lossy(&self.api.path_asked("path"));
        self.entry(&commit, path.as_bytes())?;
        let prefix = self.api.asked("prefix").map_or_else(String::new, |prefix| {
            format!("{}/", prefix.trim_end_matches('/'))
        });
        Ok(bytes_of(
            kind,
            self.held()
                .repository
                .archive(&commit, &path, format, &prefix)?,
        ))
    }
}
