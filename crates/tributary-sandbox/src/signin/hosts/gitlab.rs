//! GitLab's API, below `/api/v4`.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::api::{Api, add, bytes_of, encoded, hexadecimal, json_of, lossy, page, refused};
use super::caller::{self, Found, Refusal, Reply, number};
use super::limits::Bucket;
use super::pulls;
use crate::git::held::Held;
use crate::git::{Change, Commit, Entry, History, Kind, Reference, References, large_file_id};

/// Larger files have a limit of their own.
const LARGE: usize = 10 * 1024 * 1024;

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
        ["api", "v4", "version"] => api
            .reader()
            .and_then(|_| json_of(json!({"version": "18.4.0", "revision": "0a1b2c3d4e5"}))),
        ["api", "v4", "personal_access_tokens", "self"] => own_token(api),
        ["api", "v4", "projects"] => projects(api),
        ["api", "v4", "projects", id, rest @ ..] => match project(api, id, rest) {
            Ok(answered) => answered?,
            Err(refusal) => Err(refusal),
        },
        _ => return None,
    })
}

/// A date as GitLab writes it.
fn date(when: Timestamp) -> String {
    when.strftime("%Y-%m-%dT%H:%M:%S.000+00:00").to_string()
}

/// Says that something is not there. Assumed: the words behind the number.
fn not_found(what: &str) -> Refusal {
    refused(
        StatusCode::NOT_FOUND,
        json!({"message": format!("404 {what} Not Found")}),
    )
}

/// The size of a page: more than 100 is silently 100.
fn per_page(api: &Api<'_>) -> usize {
    api.number("per_page", 20, 100)
}

/// A list in numbered pages, with a weak ETag. Assumed: that there is one on every JSON answer.
/// Totals are left out above 10,000, and where GitLab does not count.
fn listed(api: &Api<'_>, items: Vec<Value>, counted: bool) -> Response {
    let (size, number) = (per_page(api), api.number("page", 1, usize::MAX));
    let total = items.len();
    let last = total.div_ceil(size).max(1);
    let (items, more) = page(items, (number - 1).saturating_mul(size), size);
    let mut response = api.tagged_json(true, &Value::Array(items));
    let headers = response.headers_mut();
    add(headers, "x-page", &number.to_string());
    add(headers, "x-per-page", &size.to_string());
    let next = if more {
        (number + 1).to_string()
    } else {
        String::new()
    };
    let before = if number > 1 {
        (number - 1).to_string()
    } else {
        String::new()
    };
    add(headers, "x-next-page", &next);
    add(headers, "x-prev-page", &before);
    let counted = counted && total <= 10_000;
    if counted {
        add(headers, "x-total", &total.to_string());
        add(headers, "x-total-pages", &last.to_string());
    }
    let mut links = Vec::new();
    let mut link = |page: usize, name: &str| {
        let url = api.again(
            api.call.path,
            &[("page", page.to_string()), ("per_page", size.to_string())],
        );
        links.push(format!("<{url}>; rel=\"{name}\""));
    };
    if number > 1 {
        link(number - 1, "prev");
    }
    if more {
        link(number + 1, "next");
    }
    link(1, "first");
    if counted {
        link(last, "last");
    }
    add(headers, "link", &links.join(", "));
    response
}

/// A list that goes on behind the entry that a token names. Only the next page has a link.
fn keyset(api: &Api<'_>, items: Vec<(String, Value)>, token: &str) -> Response {
    let size = per_page(api);
    let skip = api
        .asked(token)
        .and_then(|wanted| items.iter().position(|(known, _)| known == wanted));
    let skip = skip.map_or(0, |at| at + 1);
    let (items, more) = page(items, skip, size);
    let last = items
        .last()
        .map(|(known, _)| known.clone())
        .unwrap_or_default();
    let items = items.into_iter().map(|(_, item)| item).collect();
    let mut response = api.tagged_json(true, &Value::Array(items));
    if more {
        let url = api.again(
            api.call.path,
            &[(token, last), ("per_page", size.to_string())],
        );
        add(
            response.headers_mut(),
            "link",
            &format!("<{url}>; rel=\"next\""),
        );
    }
    response
}

/// The projects somebody sees: all public ones too, unless only those of the membership are asked
/// for. Nobody in particular sees the public ones.
fn projects(api: &Api<'_>) -> Reply {
    let anonymous =
        api.header("authorization").is_empty() && api.header("private-token").is_empty();
    let caller = if anonymous { None } else { Some(api.reader()?) };
    let search = api.asked("search").unwrap_or_default().to_lowercase();
    let mut held = api.repositories(caller.as_ref(), !api.wants("membership"))?;
    held.retain(|held| {
        held.name.to_lowercase().contains(&search)
            || (api.wants("search_namespaces") && held.full_name().to_lowercase().contains(&search))
    });
    let key = api.asked("order_by").unwrap_or("created_at");
    let rises = api.asked("sort") == Some("asc");
    let mut items = held
        .iter()
        .map(|held| Ok((held.number, described(api, held)?)))
        .collect::<Result<Vec<_>, Refusal>>()?;
    items.sort_by_key(|(number, item)| match key {
        "name" | "path" => item["name"].to_string(),
        "last_activity_at" | "updated_at" => item["last_activity_at"].to_string(),
        _ => format!("{number:06}"),
    });
    if !rises {
        items.reverse();
    }
    if api.asked("pagination") == Some("keyset") {
        if key != "id" {
            let body =
                json!({"error": "Keyset pagination is not yet available for this type of request"});
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, body));
        }
        let items = items
            .into_iter()
            .map(|(number, item)| (number.to_string(), item))
            .collect();
        return Ok(keyset(
            api,
            items,
            if rises { "id_after" } else { "id_before" },
        ));
    }
    Ok(listed(
        api,
        items.into_iter().map(|(_, item)| item).collect(),
        true,
    ))
}

fn described(api: &Api<'_>, held: &Held) -> Result<Value, Refusal> {
    let repository = &held.repository;
    let active = match repository.commit_id("HEAD")? {
        Some(id) => repository.commit(&id)?.committer.when,
        None => Timestamp::UNIX_EPOCH,
    };
    let web = api.url(&format!("/{}", held.full_name()));
    Ok(
        json!({"id": held.number, "description": null, "name": held.name,
        "name_with_namespace": format!("{} / {}", held.owner, held.name), "path": held.name,
        "path_with_namespace": held.full_name(), "created_at": "2024-01-08T09:00:00.000+00:00",
        "default_branch": repository.default_branch()?, "tag_list": [], "topics": [],
        "ssh_url_to_repo": format!("git@gitlab.localhost:{}.git", held.full_name()),
        "http_url_to_repo": format!("{web}.git"), "web_url": web, "readme_url": null, "forks_count": 0,
        "avatar_url": null, "star_count": 0, "last_activity_at": date(active), "archived": false,
        "empty_repo": repository.commit_id("HEAD")?.is_none(),
        "visibility": if held.public { "public" } else { "private" },
        "namespace": {"id": 7, "name": held.owner, "path": held.owner, "kind": "group",
            "full_path": held.owner, "parent_id": null, "avatar_url": null,
            "web_url": api.url(&format!("/groups/{}", held.owner))}}),
    )
}

fn project(api: &Api<'_>, id: &str, rest: &[&str]) -> Result<Option<Reply>, Refusal> {
    let all = api.accounts.repositories.all()?;
    let named = all.iter().find(|held| held.number.to_string() == id);
    let full_name = named.map_or_else(|| id.to_owned(), Held::full_name);
    let (owner, name) = full_name.rsplit_once('/').unwrap_or(("", ""));
    let found = match rest {
        [] => api.described(owner, name)?,
        _ => api.readable(owner, name)?,
    };
    let view = View { api, found: &found };
    Ok(Some(match rest {
        [] => Ok(api.tagged_json(true, &described(api, &found.held)?)),
        ["repository", "branches"] => view.references(References::Branches),
        ["repository", "branches", name] => view.reference(References::Branches, name),
        ["repository", "tags"] => view.references(References::Tags),
        ["repository", "tags", name] => view.reference(References::Tags, name),
        ["repository", "tree"] => view.tree(),
        ["repository", "files", _, "raw"] => view.file(1, true),
        ["repository", "files", _, "blame"] => view.blame(),
        ["repository", "files", _] => view.file(0, false),
        ["repository", "blobs", id] => view.blob(id, false),
        ["repository", "blobs", id, "raw"] => view.blob(id, true),
        ["repository", "commits"] => view.commits(),
        ["repository", "commits", name] => view.commit(name),
        ["repository", "compare"] => view.compare(),
        ["merge_requests", number] => view.merge_request(number),
        ["repository", archive] if archive.starts_with("archive") => view.archive(archive),
        _ => return Ok(None),
    }))
}

/// A project that the caller may read.
struct View<'a> {
    api: &'a Api<'a>,
    found: &'a Found,
}

impl View<'_> {
    fn held(&self) -> &Held {
        &self.found.held
    }

    fn web(&self, behind: &str) -> String {
        self.api
            .url(&format!("/{}/-/{behind}", self.held().full_name()))
    }

    fn told(&self, commit: &Commit) -> Value {
        json!({"id": commit.id, "short_id": &commit.id[..8], "created_at": date(commit.committer.when),
            "parent_ids": commit.parents, "title": commit.subject(), "message": commit.message,
            "author_name": commit.author.name, "author_email": commit.author.email,
            "authored_date": date(commit.author.when), "committer_name": commit.committer.name,
            "committer_email": commit.committer.email, "committed_date": date(commit.committer.when),
            "trailers": {}, "extended_trailers": {}, "web_url": self.web(&format!("commit/{}", commit.id))})
    }

    fn named(&self, which: References, reference: &Reference) -> Result<Value, Refusal> {
        let commit = self.told(&self.held().repository.commit(&reference.commit)?);
        let name = &reference.name;
        Ok(match which {
            References::Branches => json!({"name": name, "commit": commit, "merged": false,
                "protected": false, "developers_can_push": false, "developers_can_merge": false,
                "can_push": false, "default": *name == self.held().repository.default_branch()?,
                "web_url": self.web(&format!("tree/{}", encoded(name.as_bytes())))}),
            References::Tags => {
                let annotated = reference.tagger.is_some();
                json!({"name": name, "target": reference.object.id, "commit": commit, "release": null,
                    "message": if annotated { reference.message.as_str() } else { "" }, "protected": false,
                    "created_at": reference.tagger.as_ref().map(|tagger| date(tagger.when))})
            }
        })
    }

    fn references(&self, which: References) -> Reply {
        let mut all = self.held().repository.references(which)?;
        if let Some(wanted) = self.api.asked("search") {
            all.retain(|reference| fits(wanted, &reference.name));
        }
        // Branches by name, and tags by date and the newest first, unless asked otherwise.
        let by = self
            .api
            .asked("order_by")
            .unwrap_or(if which == References::Tags {
                "updated"
            } else {
                "name"
            });
        if by == "updated" {
            all.sort_by_key(|reference| reference.when);
        }
        let falls = self
            .api
            .asked("sort")
            .map_or(which == References::Tags, |sort| {
                sort == "desc" || sort == "updated_desc"
            });
        if falls {
            all.reverse();
        }
        let items = all
            .iter()
            .map(|reference| self.named(which, reference))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(listed(self.api, items, true))
    }

    fn reference(&self, which: References, name: &str) -> Reply {
        let all = self.held().repository.references(which)?;
        let word = if which == References::Tags {
            "Tag"
        } else {
            "Branch"
        };
        let found = all
            .iter()
            .find(|reference| reference.name == name)
            .ok_or_else(|| not_found(word))?;
        Ok(self.api.tagged_json(true, &self.named(which, found)?))
    }

    fn resolve(&self, revision: &str, word: &str) -> Result<String, Refusal> {
        self.held()
            .repository
            .commit_id(revision)?
            .ok_or_else(|| not_found(word))
    }

    /// Goes on behind the entry that `page_token` names. Newer versions give no page by its number,
    /// as third parties report; here none does.
    fn tree(&self) -> Reply {
        let repository = &self.held().repository;
        let path = self.api.path_asked("path");
        let commit = self.resolve(self.api.asked("ref").unwrap_or("HEAD"), "Tree")?;
        let folder = repository
            .entry(&commit, &path)?
            .filter(|entry| entry.kind == Kind::Tree);
        let folder = folder.ok_or_else(|| not_found("invalid revision or path"))?;
        let entries = repository.tree(&folder.id, self.api.wants("recursive"))?;
        let item = |entry: &Entry| {
            let whole = [
                path.as_slice(),
                if path.is_empty() { b"" } else { b"/" },
                &entry.path,
            ]
            .concat();
            let token = hexadecimal(&Sha256::digest(&whole))[..40].to_owned();
            (
                token,
                json!({"id": entry.id, "name": entry.name(), "type": entry.kind.word(),
                "path": lossy(&whole), "mode": entry.mode}),
            )
        };
        Ok(keyset(
            self.api,
            entries.iter().map(item).collect(),
            "page_token",
        ))
    }

    fn file(&self, back: usize, raw: bool) -> Reply {
        let repository = &self.held().repository;
        let path = self.api.part_from_end(back);
        let name = match self.api.asked("ref") {
            Some(name) => name,
            None if raw => "HEAD",
            None => {
                return Err(refused(
                    StatusCode::BAD_REQUEST,
                    json!({"error": "ref is missing"}),
                ));
            }
        };
        let commit = self.resolve(name, "Commit")?;
        let entry = repository
            .entry(&commit, &path)?
            .filter(|entry| entry.kind == Kind::Blob);
        let entry = entry.ok_or_else(|| not_found("File"))?;
        let mut contents = repository.blob(&entry.id)?;
        self.count(&contents)?;
        let last = repository
            .last_change(&commit, &path)?
            .map_or_else(|| commit.clone(), |last| last.id);
        let sum = hexadecimal(&Sha256::digest(&contents));
        let told = json!({"file_name": entry.name(), "file_path": lossy(&path), "size": contents.len(),
            "encoding": "base64", "content_sha256": sum, "ref": name, "blob_id": entry.id,
            "commit_id": commit, "last_commit_id": last, "execute_filemode": entry.is_executable()});
        let mut response = if raw {
            if self.api.wants("lfs") && large_file_id(&contents).is_some() {
                // Assumed: a pointer whose contents are gone stays as it is.
                contents = repository.large_file(&contents).unwrap_or(contents);
            }
            self.api.tagged(
                &format!("W/\"{}\"", &sum[..32]),
                bytes_of("text/plain; charset=utf-8", contents),
            )
        } else {
            let mut body = told.clone();
            body["content"] = json!(STANDARD.encode(&contents));
            self.api.tagged_json(true, &body)
        };
        describe(response.headers_mut(), &told);
        Ok(response)
    }

    /// Who wrote which lines: those that follow each other and came together are one entry. It comes
    /// whole, without pages.
    fn blame(&self) -> Reply {
        let repository = &self.held().repository;
        let path = self.api.part_from_end(1);
        let missing = |what: &str| {
            let body = json!({"error": format!("{what} is missing")});
            refused(StatusCode::BAD_REQUEST, body)
        };
        let name = self.api.asked("ref").ok_or_else(|| missing("ref"))?;
        let commit = self.resolve(name, "Commit")?;
        let entry = repository
            .entry(&commit, &path)?
            .filter(|entry| entry.kind == Kind::Blob);
        entry.ok_or_else(|| not_found("File"))?;
        let line = |name: &str| self.api.asked(name)?.parse::<usize>().ok();
        let (first, last) = match (line("range[start]"), line("range[end]")) {
            (Some(first), Some(last)) => (first, last),
            (None, None) => (1, usize::MAX),
            (None, _) => return Err(missing("range[start]")),
            (_, None) => return Err(missing("range[end]")),
        };
        let mut parts: Vec<(String, Vec<String>)> = Vec::new();
        let lines = repository.blame(&commit, &path)?.into_iter();
        for (from, line) in lines.take(last).skip(first.saturating_sub(1)) {
            match parts.last_mut() {
                Some((commit, lines)) if *commit == from => lines.push(line),
                _ => parts.push((from, vec![line])),
            }
        }
        let told = |(id, lines): (String, Vec<String>)| {
            let commit = repository.commit(&id)?;
            Ok(
                json!({"commit": {"id": commit.id, "parent_ids": commit.parents,
                "message": commit.message, "authored_date": date(commit.author.when),
                "author_name": commit.author.name, "author_email": commit.author.email,
                "committed_date": date(commit.committer.when),
                "committer_name": commit.committer.name,
                "committer_email": commit.committer.email}, "lines": lines}),
            )
        };
        let told: Result<Vec<Value>, Refusal> = parts.into_iter().map(told).collect();
        Ok(self.api.tagged_json(true, &Value::Array(told?)))
    }

    fn blob(&self, id: &str, raw: bool) -> Reply {
        let repository = &self.held().repository;
        let found = repository
            .object(id.as_bytes())?
            .filter(|found| found.kind == Kind::Blob);
        let found = found.ok_or_else(|| not_found("Blob"))?;
        let contents = repository.blob(&found.id)?;
        self.count(&contents)?;
        if raw {
            return Ok(self.api.tagged(
                &format!("W/\"{}\"", found.id),
                bytes_of("text/plain; charset=utf-8", contents),
            ));
        }
        json_of(
            json!({"size": contents.len(), "encoding": "base64", "content": STANDARD.encode(&contents), "sha": found.id}),
        )
    }

    /// Counts the contents of a file that is large to GitLab.
    fn count(&self, contents: &[u8]) -> Result<(), Refusal> {
        match contents.len() > LARGE {
            true => self.api.take(Bucket::LargeFiles),
            false => Ok(()),
        }
    }

    fn commits(&self) -> Reply {
        let from = self.resolve(self.api.asked("ref_name").unwrap_or("HEAD"), "Commit")?;
        let path = self.api.path_asked("path");
        let asked = History {
            from: &from,
            path: Some(&path),
            since: self.api.moment("since"),
            until: self.api.moment("until"),
            ..History::default()
        };
        let commits = self.held().repository.history(&asked)?;
        // Commits are not counted.
        Ok(listed(
            self.api,
            commits.iter().map(|commit| self.told(commit)).collect(),
            false,
        ))
    }

    fn commit(&self, name: &str) -> Reply {
        let id = self.resolve(name, "Commit")?;
        let mut body = self.told(&self.held().repository.commit(&id)?);
        body["status"] = Value::Null;
        body["project_id"] = json!(self.held().number);
        body["last_pipeline"] = Value::Null;
        Ok(self.api.tagged_json(true, &body))
    }

    /// Assumed: what is not about where it leads from and to is left out.
    fn merge_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found.ok_or_else(|| not_found("Not found"))?;
        json_of(
            json!({"id": 1000 + found.number, "iid": found.number, "project_id": self.held().number,
            "title": found.title, "description": "", "state": "opened", "draft": false,
            "source_branch": found.branch, "target_branch": found.into, "sha": found.head,
            "merge_commit_sha": null, "web_url": self.web(&format!("merge_requests/{number}")),
            "diff_refs": {"base_sha": found.base, "head_sha": found.head, "start_sha": found.base}}),
        )
    }

    fn compare(&self) -> Reply {
        let repository = &self.held().repository;
        let (Some(from), Some(to)) = (self.api.asked("from"), self.api.asked("to")) else {
            let missing = if self.api.asked("from").is_none() {
                "from"
            } else {
                "to"
            };
            return Err(refused(
                StatusCode::BAD_REQUEST,
                json!({"error": format!("{missing} is missing")}),
            ));
        };
        let (from, to) = (self.resolve(from, "Ref")?, self.resolve(to, "Ref")?);
        let asked = History {
            from: &to,
            without: Some(&from),
            ..History::default()
        };
        let mut commits = repository.history(&asked)?;
        commits.reverse();
        // Not `straight`: against where the two parted.
        let base = if self.api.wants("straight") {
            None
        } else {
            repository.merge_base(&from, &to)
        };
        let base = base.unwrap_or_else(|| from.clone());
        let (changes, patches) = (
            repository.changes(&base, &to)?,
            repository.patches(&base, &to)?,
        );
        let diff = |(change, patch): (&Change, &String)| {
            json!({"diff": patch, "collapsed": false, "too_large": false, "new_path": change.new_shown(),
                "old_path": change.old_shown(), "a_mode": change.old_mode, "b_mode": change.new_mode,
                "new_file": change.what == 'A', "renamed_file": change.what == 'R',
                "deleted_file": change.what == 'D', "generated_file": null})
        };
        // The documentation's cap of GitLab.com.
        let diffs: Vec<Value> = changes.iter().zip(&patches).take(3000).map(diff).collect();
        let told: Vec<Value> = commits.iter().map(|commit| self.told(commit)).collect();
        json_of(
            json!({"commit": told.last(), "commits": told, "diffs": diffs, "compare_timeout": false,
            "compare_same_ref": from == to, "web_url": self.web(&format!("compare/{from}...{to}"))}),
        )
    }

    fn archive(&self, name: &str) -> Reply {
        let commit = self.resolve(self.api.asked("sha").unwrap_or("HEAD"), "File")?;
        let ending = name
            .strip_prefix("archive")
            .unwrap_or_default()
            .trim_start_matches('.');
        let ending = self.api.asked("format").unwrap_or(ending);
        let (format, kind) = match ending {
            "zip" => ("zip", "application/zip"),
            "tar" => ("tar", "application/x-tar"),
            "" | "tar.gz" | "tgz" => ("tar.gz", "application/octet-stream"),
            _ => {
                return Err(refused(
                    StatusCode::NOT_ACCEPTABLE,
                    json!({"error": "The requested format is not supported."}),
                ));
            }
        };
        let path = lossy(&self.api.path_asked("path"));
        if self
            .held()
            .repository
            .entry(&commit, path.as_bytes())?
            .is_none()
        {
            return Err(not_found("File"));
        }
        let end = if path.is_empty() {
            String::new()
        } else {
            format!("-{}", path.replace('/', "-"))
        };
        let whole = format!("{}-{commit}-{commit}{end}/", self.held().name);
        Ok(bytes_of(
            kind,
            self.held()
                .repository
                .archive(&commit, &path, format, &whole)?,
        ))
    }
}

/// Whether a name has the words of `search`: `^` and `$` stand for its ends.
fn fits(wanted: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let wanted = wanted.to_lowercase();
    if let Some(start) = wanted.strip_prefix('^') {
        return name.starts_with(start);
    }
    if let Some(end) = wanted.strip_suffix('$') {
        return name.ends_with(end);
    }
    name.contains(&wanted)
}

/// What `HEAD` is for: all about a file but what is in it.
fn describe(headers: &mut HeaderMap, told: &Value) {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    for (name, key) in [
        ("x-gitlab-blob-id", "blob_id"),
        ("x-gitlab-commit-id", "commit_id"),
        ("x-gitlab-content-sha256", "content_sha256"),
        ("x-gitlab-encoding", "encoding"),
        ("x-gitlab-execute-filemode", "execute_filemode"),
        ("x-gitlab-file-name", "file_name"),
        ("x-gitlab-file-path", "file_path"),
        ("x-gitlab-last-commit-id", "last_commit_id"),
        ("x-gitlab-ref", "ref"),
        ("x-gitlab-size", "size"),
    ] {
        add(headers, name, &text(&told[key]));
    }
}

fn token_info(api: &Api<'_>) -> Reply {
    let caller = caller::admitted(api.accounts, api.call, &[])?;
    json_of(
        json!({"resource_owner_id": number(&caller.grant), "scope": caller.grant.scopes,
        "expires_in": api.accounts.seconds_left(&caller.token),
        "application": {"uid": caller.grant.client_id},
        "created_at": Timestamp::now().as_second()}),
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
        let moment = Timestamp::now().checked_add(left).ok()?;
        Some(moment.strftime("%Y-%m-%d").to_string())
    });
    json_of(
        json!({"id": 1, "name": "By hand", "revoked": false, "active": true,
        "scopes": caller.grant.scopes, "user_id": number(&caller.grant), "expires_at": ends}),
    )
}
