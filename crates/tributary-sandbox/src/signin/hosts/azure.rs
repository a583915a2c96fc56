//! Azure DevOps' API, below `/{organization}/{project}/_apis`; every organization's one project is
//! `docs`. The organization is a repository's owner.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::dialect::pairs;
use super::api::{Api, add, bytes_of, encoded, is_binary, json_of, lossy, page, refused, trimmed};
use super::caller::{Found, Refusal, Reply, number};
use super::pulls;
use crate::git::held::Held;
use crate::git::{Change, Commit, Entry, History, Kind, References, Signature, large_file_id};

const PROJECT: &str = "docs";
const PROJECT_ID: &str = "00000000-0000-4000-8000-000000000007";

/// Answers a call.
pub(super) fn serve(api: &Api<'_>, parts: &[&str]) -> Option<Reply> {
    // A batch is asked for with a body, and changes nothing.
    let batch = *api.call.method == Method::POST && parts.last() == Some(&"itemsbatch");
    if !api.reads() && !batch {
        return None;
    }
    // Assumed: without a version the newest one answers; reading works so in practice.
    if parts.contains(&"_apis")
        && let Some(refused) = too_new(api.asked("api-version"), NEWEST)
    {
        return Some(Err(refused));
    }
    Some(match parts {
        ["_apis", "profile", "profiles", "me"] => api.person().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"displayName": user.name, "emailAddress": user.email,
                "publicAlias": user.account_id, "id": user.account_id, "coreRevision": 1}))
        }),
        ["_apis", "accounts"] => organizations(api),
        [_, "_apis", "connectionData"] => api.reader().and_then(|caller| {
            let user = &caller.grant.user;
            json_of(json!({"authenticatedUser": {"id": user.account_id, "subjectDescriptor": format!("aad.{}", number(&caller.grant)),
                "providerDisplayName": user.name, "isActive": true,
                "properties": {"Account": {"$type": "System.String", "$value": user.email}}},
                "instanceId": "00000000-0000-4000-8000-000000000001", "deploymentType": "hosted"}))
        }),
        [owner, "_apis", "projects"] => projects(api, owner),
        [owner, "_apis", "git", "repositories"] => repositories(api, owner),
        [owner, project, "_apis", "git", "repositories"] if is_project(project) => repositories(api, owner),
        // By its id a repository is found without its project.
        [owner, "_apis", "git", "repositories", name, rest @ ..] if name.starts_with("00000000-") => repository(api, owner, name, rest)?,
        [owner, project, "_apis", "git", "repositories", name, rest @ ..] if is_project(project) => repository(api, owner, name, rest)?,
        _ => return None,
    })
}

/// The newest version of Azure DevOps Services, and that of Azure DevOps Server 2019.
const NEWEST: f64 = 7.2;
const NEWEST_OF_A_SERVER: f64 = 5.1;

/// The refusal of a version that Azure DevOps Server has not, for a path of its API.
pub(super) fn too_new_for_a_server(path: &str, query: &str) -> Option<Refusal> {
    let query = pairs(query);
    let version = query.get("api-version").map(String::as_str);
    path.split('/')
        .any(|part| part == "_apis")
        .then(|| too_new(version, NEWEST_OF_A_SERVER))?
}

fn too_new(version: Option<&str>, newest: f64) -> Option<Refusal> {
    let version = version?;
    let number: f64 = version
        .split('-')
        .next()
        .unwrap_or_default()
        .parse()
        .unwrap_or(99.0);
    (number > newest).then(|| {
        let message = format!(
            "The requested version \"{version}\" of the resource is out of range of the supported versions. The latest supported version is {newest}."
        );
        failed(
            StatusCode::BAD_REQUEST,
            "VssVersionOutOfRangeException",
            &message,
        )
    })
}

fn is_project(name: &str) -> bool {
    name.eq_ignore_ascii_case(PROJECT) || name == PROJECT_ID
}

/// A failure. Assumed, from general knowledge: its shape, its keys and its words.
fn failed(status: StatusCode, key: &str, message: &str) -> Refusal {
    refused(
        status,
        json!({"$id": "1", "innerException": null, "message": message,
        "typeName": format!("Microsoft.TeamFoundation.Git.Server.{key}, Microsoft.TeamFoundation.Git.Server"),
        "typeKey": key, "errorCode": 0, "eventId": 3000}),
    )
}

/// A whole list.
fn listed(items: &[Value]) -> Value {
    json!({"count": items.len(), "value": items})
}

/// `$top` items behind the continuation token, and the next token in its header. Assumed: the token
/// is what it pleases to be.
fn continued(api: &Api<'_>, items: Vec<Value>, usual: usize, most: usize) -> Response {
    let skip = api
        .asked("continuationToken")
        .and_then(|token| STANDARD.decode(token).ok());
    let skip = skip
        .and_then(|token| lossy(&token).parse().ok())
        .unwrap_or(0);
    let size = api.number("$top", usual, most);
    let (items, more) = page(items, skip, size);
    let mut response = Json(listed(&items)).into_response();
    if more {
        let token = STANDARD.encode((skip + size).to_string());
        add(response.headers_mut(), "x-ms-continuationtoken", &token);
    }
    response
}

fn organizations(api: &Api<'_>) -> Reply {
    let caller = api.person()?;
    let mut owners: Vec<String> = api
        .repositories(Some(&caller), false)?
        .into_iter()
        .map(|held| held.owner)
        .collect();
    owners.sort();
    owners.dedup();
    let item = |owner: &String| {
        json!({"accountId": format!("00000000-0000-4000-8000-{:012}", owner.len()), "accountName": owner,
            "accountUri": api.url(&format!("/{owner}/")), "properties": {}})
    };
    json_of(listed(&owners.iter().map(item).collect::<Vec<_>>()))
}

fn projects(api: &Api<'_>, owner: &str) -> Reply {
    let caller = api.reader()?;
    let held = api.repositories(Some(&caller), true)?;
    let there = held
        .iter()
        .find(|held| held.owner.eq_ignore_ascii_case(owner));
    Ok(continued(
        api,
        there.map(|held| project(api, held)).into_iter().collect(),
        100,
        1000,
    ))
}

fn project(api: &Api<'_>, held: &Held) -> Value {
    json!({"id": PROJECT_ID, "name": PROJECT, "url": api.url(&format!("/{}/_apis/projects/{PROJECT_ID}", held.owner)),
        "state": "wellFormed", "revision": 11, "visibility": if held.public { "public" } else { "private" },
        "lastUpdateTime": "2024-01-08T09:00:00Z"})
}

fn repositories(api: &Api<'_>, owner: &str) -> Reply {
    let caller = if api.header("authorization").is_empty() {
        None
    } else {
        Some(api.reader()?)
    };
    let mut held = api.repositories(caller.as_ref(), true)?;
    held.retain(|held| held.owner.eq_ignore_ascii_case(owner));
    if caller.is_none() && held.is_empty() {
        api.reader()?;
    }
    let items = held
        .iter()
        .map(|held| described(api, held))
        .collect::<Result<Vec<_>, _>>()?;
    json_of(listed(&items))
}

fn described(api: &Api<'_>, held: &Held) -> Result<Value, Refusal> {
    let id = id_of(held);
    let web = api.url(&format!("/{}/{PROJECT}/_git/{}", held.owner, held.name));
    let mut body = json!({"id": id, "name": held.name, "url": api.url(&format!("/{}/{PROJECT_ID}/_apis/git/repositories/{id}", held.owner)),
        "project": project(api, held), "size": 1024, "remoteUrl": web, "webUrl": web,
        "sshUrl": format!("git@ssh.dev.azure.localhost:v3/{}/{PROJECT}/{}", held.owner, held.name),
        "isDisabled": false, "isInMaintenance": false});
    // A repository without commits has no default branch.
    if held.repository.commit_id("HEAD")?.is_some() {
        body["defaultBranch"] = json!(format!("refs/heads/{}", held.repository.default_branch()?));
    }
    Ok(body)
}

fn id_of(held: &Held) -> String {
    format!("00000000-0000-4000-8000-{:012}", held.number)
}

fn repository(api: &Api<'_>, owner: &str, name: &str, rest: &[&str]) -> Option<Reply> {
    let found = || -> Result<Found, Refusal> {
        let all = api.accounts.repositories.all()?;
        let by_id = all
            .iter()
            .find(|held| id_of(held) == name)
            .map(|held| held.name.clone());
        let name = by_id.unwrap_or_else(|| name.to_owned());
        match rest {
            [] => api.described(owner, &name),
            _ => api.readable(owner, &name),
        }
    };
    let found = match found() {
        Ok(found) => found,
        Err(refusal) => return Some(Err(refusal)),
    };
    let view = View { api, found: &found };
    Some(match rest {
        [] => described(api, &found.held).and_then(json_of),
        ["refs"] => view.references(),
        ["items"] => view.items(),
        ["itemsbatch"] => view.batch(),
        ["trees", id] => view.tree(id),
        ["blobs", id] => view.blob(id),
        ["commits"] => view.commits(),
        ["commits", id] => view.commit(id),
        ["diffs", "commits"] => view.differences(),
        ["stats", "branches"] => view.statistics(),
        ["pullRequests" | "pullrequests", number] => view.pull_request(number),
        _ => return None,
    })
}

/// A branch, tag or commit, as a call names it.
struct Version<'a> {
    name: &'a str,
    kind: &'a str,
}

/// How deep a listing goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Itself,
    Children,
    Everything,
}

fn depth(level: Option<&str>) -> Depth {
    match level.unwrap_or_default().to_lowercase().as_str() {
        "full" | "120" => Depth::Everything,
        "onelevel" | "1" | "onelevelplusnestedemptyfolders" | "4" => Depth::Children,
        _ => Depth::Itself,
    }
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
        let held = self.held();
        self.api.url(&format!(
            "/{}/{PROJECT_ID}/_apis/git/repositories/{}{behind}",
            held.owner,
            id_of(held)
        ))
    }

    /// The commit of a version; of the default branch without one.
    fn resolve(&self, version: &Version<'_>) -> Result<String, Refusal> {
        let kind = version.kind.to_lowercase();
        let named = match kind.as_str() {
            _ if version.name.is_empty() => "HEAD".to_owned(),
            "commit" => version.name.to_owned(),
            "tag" => format!("refs/tags/{}", version.name),
            _ => format!("refs/heads/{}", version.name),
        };
        self.held().repository.commit_id(&named)?.ok_or_else(|| {
            let message = format!("TF401175:The version descriptor <{}: {} > could not be resolved to a version in the repository {}",
                if kind.is_empty() { "Branch" } else { version.kind }, version.name, self.held().name);
            failed(StatusCode::NOT_FOUND, "GitUnresolvableToCommitException", &message)
        })
    }

    fn asked_version(&self, before: &str) -> Version<'_> {
        // Assumed: without a kind it is a branch.
        Version {
            name: self
                .api
                .asked(&format!("{before}.version"))
                .unwrap_or_default(),
            kind: self
                .api
                .asked(&format!("{before}.versionType"))
                .unwrap_or("branch"),
        }
    }

    fn entry(&self, commit: &str, path: &[u8]) -> Result<Entry, Refusal> {
        self.held().repository.entry(commit, path)?.ok_or_else(|| {
            let message = format!("TF401174: The item '/{}' could not be found in the repository '{}' at the version specified by '<Commit: {commit} >' (resolved to commit '{commit}')",
                lossy(path), self.held().name);
            failed(StatusCode::NOT_FOUND, "GitItemNotFoundException", &message)
        })
    }

    fn references(&self) -> Reply {
        let filter = self.api.asked("filter").unwrap_or_default();
        let part = self
            .api
            .asked("filterContains")
            .unwrap_or_default()
            .to_lowercase();
        let mut items = Vec::new();
        for which in [References::Branches, References::Tags] {
            for reference in self.held().repository.references(which)? {
                let name = format!("{}{}", which.prefix(), reference.name);
                let short = name.strip_prefix("refs/").unwrap_or_default();
                if !short.starts_with(filter) || !name.to_lowercase().contains(&part) {
                    continue;
                }
                let mut item = json!({"name": name, "objectId": reference.object.id,
                    "creator": {"displayName": "Alice Archer", "id": "alice", "uniqueName": "alice@example.com"},
                    "url": self.url(&format!("/refs?filter={}", encoded(short.as_bytes())))});
                if self.api.wants("peelTags") && reference.tagger.is_some() {
                    item["peeledObjectId"] = json!(reference.commit);
                }
                items.push(item);
            }
        }
        Ok(continued(self.api, items, 1000, 1000))
    }

    fn item(&self, commit: &str, entry: &Entry, latest: bool) -> Result<Value, Refusal> {
        let path = format!("/{}", entry.shown());
        let url = format!(
            "{}?path={}&versionType=Commit&version={commit}",
            self.url("/items"),
            encoded(path.as_bytes())
        );
        let mut item = json!({"objectId": entry.id, "gitObjectType": entry.kind.word(), "commitId": commit,
            "path": path, "url": url});
        if entry.kind == Kind::Tree {
            item["isFolder"] = json!(true);
        }
        if entry.is_symlink() {
            item["isSymLink"] = json!(true);
        }
        if latest && let Some(last) = self.held().repository.last_change(commit, &entry.path)? {
            item["latestProcessedChange"] = self.told(&last)?;
        }
        Ok(item)
    }

    /// The item at a path, and as much of what is below as is asked for, all in one answer.
    fn below(
        &self,
        commit: &str,
        path: &[u8],
        depth: Depth,
        latest: bool,
    ) -> Result<Vec<Value>, Refusal> {
        let top = self.entry(commit, path)?;
        let mut items = vec![self.item(commit, &top, latest)?];
        if depth != Depth::Itself && top.kind == Kind::Tree {
            for child in self
                .held()
                .repository
                .tree(&top.id, depth == Depth::Everything)?
            {
                let path = [path, if path.is_empty() { b"" } else { b"/" }, &child.path].concat();
                items.push(self.item(commit, &Entry { path, ..child }, latest)?);
            }
        }
        Ok(items)
    }

    fn items(&self) -> Reply {
        let api = self.api;
        let commit = self.resolve(&self.asked_version("versionDescriptor"))?;
        let latest = api.wants("latestProcessedChange");
        if api.asked("scopePath").is_some() {
            let path = api.path_asked("scopePath");
            if let Some(archive) = self.archive(&commit, &path)? {
                return Ok(archive);
            }
            let items = self.below(&commit, &path, depth(api.asked("recursionLevel")), latest)?;
            return json_of(listed(&items));
        }
        let Some(sent) = api.asked("path") else {
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "ArgumentException",
                "The path must be given.\r\nParameter name: path",
            ));
        };
        if !sent.starts_with('/') && !sent.is_empty() && api.asked("api-version").is_some() {
            // Paths begin with a slash. Assumed: that others are refused.
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "InvalidPathException",
                &format!("The path '{sent}' is not valid."),
            ));
        }
        let path = api.path_asked("path");
        let entry = self.entry(&commit, &path)?;
        if let Some(archive) = self.archive(&commit, &path)? {
            return Ok(archive);
        }
        let format = api.asked("$format").unwrap_or_default().to_lowercase();
        // Assumed: what a client accepts first decides, and without anything the file comes as it is.
        let as_json = format == "json"
            || (format.is_empty() && api.header("accept").starts_with("application/json"));
        if entry.kind != Kind::Blob {
            return json_of(self.item(&commit, &entry, latest)?);
        }
        let contents = self.contents(&entry.id)?;
        if !as_json {
            return Ok(self.sent(&entry.name(), contents));
        }
        let mut item = self.item(&commit, &entry, latest)?;
        let binary = is_binary(&contents);
        if api.wants("includeContentMetadata") {
            let name = entry.name();
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            item["contentMetadata"] = json!({"encoding": 65001, "contentType": if binary { "application/octet-stream" } else { "text/plain" },
                "fileName": name, "extension": extension, "isBinary": binary});
        }
        if api.wants("includeContent") {
            // Assumed: what is not text comes as Base64.
            item["content"] = json!(if binary {
                STANDARD.encode(&contents)
            } else {
                lossy(&contents)
            });
        }
        json_of(item)
    }

    /// Without an ETag: none is documented. A file, or what it stands for when that is asked for.
    fn contents(&self, id: &str) -> Result<Vec<u8>, Refusal> {
        let repository = &self.held().repository;
        let contents = repository.blob(id)?;
        if self.api.wants("resolveLfs") && large_file_id(&contents).is_some() {
            return Ok(repository.large_file(&contents).unwrap_or(contents));
        }
        Ok(contents)
    }

    fn sent(&self, name: &str, contents: Vec<u8>) -> Response {
        let octets = self.api.header("accept").contains("octet-stream") || is_binary(&contents);
        let mut response = bytes_of(
            if octets {
                "application/octet-stream"
            } else {
                "text/plain"
            },
            contents,
        );
        if self.api.wants("download") {
            add(
                response.headers_mut(),
                "content-disposition",
                &format!("attachment; filename=\"{}\"", encoded(name.as_bytes())),
            );
        }
        response
    }

    /// A folder as an archive, when that is asked for.
    fn archive(&self, commit: &str, path: &[u8]) -> Result<Option<Response>, Refusal> {
        let zip = self
            .api
            .asked("$format")
            .is_some_and(|format| format.eq_ignore_ascii_case("zip"))
            || self.api.header("accept").contains("application/zip");
        if !zip {
            return Ok(None);
        }
        self.entry(commit, path)?;
        let packed = self
            .held()
            .repository
            .archive(commit, &lossy(path), "zip", "")?;
        Ok(Some(bytes_of("application/zip", packed)))
    }

    /// Many paths in one call, each with a list of its own.
    fn batch(&self) -> Reply {
        let body: Value = serde_json::from_slice(self.api.call.body).unwrap_or_default();
        let Some(wanted) = body["itemDescriptors"].as_array() else {
            return Err(failed(
                StatusCode::BAD_REQUEST,
                "ArgumentNullException",
                "Value cannot be null.\r\nParameter name: itemDescriptors",
            ));
        };
        let latest = body["latestProcessedChange"] == true;
        let mut lists = Vec::new();
        for one in wanted {
            let text = |name: &str| one[name].as_str().unwrap_or_default();
            let commit = self.resolve(&Version {
                name: text("version"),
                kind: text("versionType"),
            })?;
            let path = trimmed(text("path").as_bytes()).to_vec();
            lists.push(Value::Array(self.below(
                &commit,
                &path,
                depth(one["recursionLevel"].as_str()),
                latest,
            )?));
        }
        json_of(listed(&lists))
    }

    /// Assumed: what is not about where it leads from and to is left out.
    fn pull_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found.ok_or_else(|| {
            let message = format!(
                "TF401180: The requested pull request was not found. Pull request ID: {number}."
            );
            failed(
                StatusCode::NOT_FOUND,
                "GitPullRequestNotFoundException",
                &message,
            )
        })?;
        json_of(
            json!({"pullRequestId": found.number, "title": found.title, "status": "active",
            "isDraft": false, "sourceRefName": format!("refs/heads/{}", found.branch),
            "targetRefName": format!("refs/heads/{}", found.into),
            "lastMergeSourceCommit": {"commitId": found.head},
            "lastMergeTargetCommit": {"commitId": found.base},
            "url": self.url(&format!("/pullRequests/{number}"))}),
        )
    }

    fn missing(&self, id: &str) -> Refusal {
        let message = format!("TF401029: The object '{id}' does not exist.");
        failed(
            StatusCode::NOT_FOUND,
            "GitObjectDoesNotExistException",
            &message,
        )
    }

    fn tree(&self, id: &str) -> Reply {
        let repository = &self.held().repository;
        let found = repository
            .object(id.as_bytes())?
            .filter(|found| found.kind == Kind::Tree);
        let found = found.ok_or_else(|| self.missing(id))?;
        let item = |entry: &Entry| {
            let place = if entry.kind == Kind::Tree {
                "trees"
            } else {
                "blobs"
            };
            json!({"objectId": entry.id, "relativePath": entry.shown(), "mode": entry.mode.trim_start_matches('0'),
                "gitObjectType": entry.kind.word(), "url": self.url(&format!("/{place}/{}", entry.id)),
                "size": entry.size.unwrap_or(0)})
        };
        let entries = repository.tree(&found.id, self.api.wants("recursive"))?;
        let entries: Vec<Value> = entries.iter().map(item).collect();
        json_of(
            json!({"objectId": found.id, "url": self.url(&format!("/trees/{}", found.id)), "size": entries.len(),
            "treeEntries": entries, "_links": {"self": {"href": self.url(&format!("/trees/{}", found.id))}}}),
        )
    }

    fn blob(&self, id: &str) -> Reply {
        let found = self
            .held()
            .repository
            .object(id.as_bytes())?
            .filter(|found| found.kind == Kind::Blob);
        let found = found.ok_or_else(|| self.missing(id))?;
        let contents = self.contents(&found.id)?;
        let format = self.api.asked("$format").unwrap_or_default().to_lowercase();
        let accept = self.api.header("accept");
        // Assumed: the description comes unless bytes or text are asked for.
        if ["octetstream", "text"].contains(&format.as_str())
            || accept.starts_with("application/octet-stream")
            || accept.starts_with("text/")
        {
            return Ok(self.sent(&found.id, contents));
        }
        json_of(
            json!({"objectId": found.id, "size": contents.len(), "url": self.url(&format!("/blobs/{}", found.id)),
            "_links": {"self": {"href": self.url(&format!("/blobs/{}", found.id))}}}),
        )
    }

    fn told(&self, commit: &Commit) -> Result<Value, Refusal> {
        let person = |signature: &Signature| json!({"name": signature.name, "email": signature.email, "date": signature.when});
        // Git's own name of a tree without anything.
        let nothing = "4b825dc642cb6eb9a060e54bf8d69288fbee4904".to_owned();
        let changes = self
            .held()
            .repository
            .changes(commit.parents.first().unwrap_or(&nothing), &commit.id)?;
        let mut body = json!({"commitId": commit.id, "author": person(&commit.author), "committer": person(&commit.committer),
            "comment": commit.subject(), "changeCounts": counts(&changes),
            "url": self.url(&format!("/commits/{}", commit.id)),
            "remoteUrl": self.api.url(&format!("/{}/{PROJECT}/_git/{}/commit/{}", self.held().owner, self.held().name, commit.id))});
        if commit.message != commit.subject() {
            // Only the first line is in a list.
            body["commentTruncated"] = json!(true);
        }
        Ok(body)
    }

    fn commits(&self) -> Reply {
        let api = self.api;
        let criterion = |name: &str| {
            api.asked(&format!("searchCriteria.{name}"))
                .or_else(|| api.asked(name))
        };
        let from = self.resolve(&self.asked_version("searchCriteria.itemVersion"))?;
        let path = api.path_asked("searchCriteria.itemPath");
        let moment = |name: &str| criterion(name).and_then(|text| text.parse().ok());
        let asked = History {
            from: &from,
            path: Some(&path),
            since: moment("fromDate"),
            until: moment("toDate"),
            ..History::default()
        };
        let commits = self.held().repository.history(&asked)?;
        let number = |name: &str, usual: usize| {
            criterion(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(usual)
        };
        let (commits, _) = page(commits, number("$skip", 0), number("$top", 100));
        let items = commits
            .iter()
            .map(|commit| self.told(commit))
            .collect::<Result<Vec<_>, _>>()?;
        json_of(listed(&items))
    }

    fn commit(&self, id: &str) -> Reply {
        let repository = &self.held().repository;
        let found = repository
            .object(id.as_bytes())?
            .filter(|found| found.kind == Kind::Commit);
        let commit = repository.commit(&found.ok_or_else(|| self.missing(id))?.id)?;
        let mut body = self.told(&commit)?;
        body["treeId"] = json!(commit.tree);
        body["parents"] = json!(commit.parents);
        body["comment"] = json!(commit.message);
        json_of(body)
    }

    /// From where the two parted, unless that is switched off; `$top` is 100 when nothing is asked.
    fn differences(&self) -> Reply {
        let api = self.api;
        let repository = &self.held().repository;
        let version = |name: &str| Version {
            name: api.asked(&format!("{name}Version")).unwrap_or_default(),
            kind: api.asked(&format!("{name}VersionType")).unwrap_or("branch"),
        };
        let (base, target) = (
            self.resolve(&version("base"))?,
            self.resolve(&version("target"))?,
        );
        let common = repository.merge_base(&base, &target);
        let from = match &common {
            Some(common) if api.asked("diffCommonCommit") != Some("false") => common,
            _ => &base,
        };
        let changes = repository.changes(from, &target)?;
        let item = |change: &Change| {
            let kind = match change.what {
                'A' => "add",
                'D' => "delete",
                'R' if change.old_id != change.new_id => "edit, rename",
                'R' => "rename",
                _ => "edit",
            };
            let path = format!(
                "/{}",
                if change.what == 'D' {
                    change.old_shown()
                } else {
                    change.new_shown()
                }
            );
            let mut body = json!({"changeType": kind, "item": {"gitObjectType": "blob", "commitId": target, "path": path,
                "url": format!("{}?path={}&versionType=Commit&version={target}", self.url("/items"), encoded(path.as_bytes()))}});
            if change.what != 'D' {
                body["item"]["objectId"] = json!(change.new_id);
            }
            if change.what != 'A' {
                body["item"]["originalObjectId"] = json!(change.old_id);
            }
            if change.what == 'R' {
                body["sourceServerItem"] = json!(format!("/{}", change.old_shown()));
            }
            body
        };
        // Assumed: folders are not among the changes.
        let skip = api
            .asked("$skip")
            .and_then(|skip| skip.parse().ok())
            .unwrap_or(0);
        let (shown, more) = page(
            changes.iter().map(item).collect(),
            skip,
            api.number("$top", 100, 2000),
        );
        let (ahead, behind) = repository.ahead_and_behind(&base, &target)?;
        json_of(
            json!({"allChangesIncluded": !more, "changeCounts": counts(&changes), "changes": shown,
            "commonCommit": common, "baseCommit": base, "targetCommit": target, "aheadCount": ahead, "behindCount": behind}),
        )
    }

    fn statistics(&self) -> Reply {
        let repository = &self.held().repository;
        let base = self.resolve(&self.asked_version("baseVersionDescriptor"))?;
        let default = repository.default_branch()?;
        let mut items = Vec::new();
        for branch in repository.references(References::Branches)? {
            let (ahead, behind) = repository.ahead_and_behind(&base, &branch.commit)?;
            items.push(json!({"name": branch.name, "aheadCount": ahead, "behindCount": behind,
                "isBaseVersion": branch.name == default, "commit": self.told(&repository.commit(&branch.commit)?)?}));
        }
        json_of(listed(&items))
    }
}

fn counts(changes: &[Change]) -> Value {
    let count = |kinds: &[char]| {
        changes
            .iter()
            .filter(|change| kinds.contains(&change.what))
            .count()
    };
    json!({"Add": count(&['A']), "Edit": count(&['M', 'T', 'R']), "Delete": count(&['D'])})
}
