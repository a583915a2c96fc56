//! What GitHub's API tells of one repository: references, trees, contents, history, differences.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::PEOPLE;
use super::super::api::{
    Api, add, bytes_of, encoded, hexadecimal, json_of, lossy, page, refused, trimmed,
};
use super::super::caller::{Found, Refusal, Reply};
use super::super::public::ARCHIVES;
use super::super::pulls;
use super::{account, described, listed, node, signed};
use crate::git::held::Held;
use crate::git::{Change, Commit, Entry, History, Kind, Reference, References, Signature};

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

/// Answers a call about a repository; none for any other path.
pub(super) fn serve(api: &Api<'_>, owner: &str, name: &str, rest: &[&str]) -> Option<Reply> {
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
        ["pulls", number] => view.pull_request(number),
        [format @ ("zipball" | "tarball"), name @ ..] => view.archive(format, &name.join("/")),
        ["_archive", format, commit] => view.packed(format, commit),
        _ => return None,
    };
    Some(answered.map(|response| match &found.caller {
        Some(caller) => signed(response, caller),
        None => response,
    }))
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

    /// Assumed: what is not about where it leads from and to is left out.
    fn pull_request(&self, number: &str) -> Reply {
        let found = pulls::find(&self.held().repository, number)?;
        let found = found.ok_or_else(|| self.missing())?;
        let full_name = self.held().full_name();
        let side = |branch: &str, commit: &str| {
            json!({"label": format!("{}:{branch}", self.held().owner), "ref": branch, "sha": commit,
                "repo": {"full_name": full_name, "url": self.url("")}})
        };
        json_of(
            json!({"url": self.url(&format!("/pulls/{number}")), "number": found.number,
            "html_url": self.html(&format!("/pull/{number}")), "state": "open", "locked": false,
            "title": found.title, "body": null, "draft": false, "merged": false,
            "head": side(&found.branch, &found.head), "base": side(&found.into, &found.base)}),
        )
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
            // Assumed: the size is that of Git's own trees, of which 100,000 entries fit.
            length += entry.mode.len() + entry.name().len() + 22;
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
        if accepts(self.api, "raw") {
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
            if accepts(self.api, "object") {
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
        let (raw, object) = (accepts(self.api, "raw"), accepts(self.api, "object"));
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
        if accepts(self.api, "vnd.github.sha") {
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
            let known = PEOPLE
                .iter()
                .position(|(_, _, email)| *email == signature.email);
            known.map_or(Value::Null, |at| {
                account(self.api, PEOPLE[at].0, at + 1, "User")
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
        let item = |(change, patch): (&Change, &String)| {
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
        let full_name = self.held().full_name();
        let place = match self.api.call.at.before(ARCHIVES) {
            // Assumed: how the address goes on. The token is for what not everybody may read.
            ARCHIVES => {
                let legacy = match format {
                    "zipball" => "legacy.zip",
                    _ => "legacy.tar.gz",
                };
                let token = match self.held().public {
                    true => String::new(),
                    false => format!("?token={}", pass(&full_name, &commit)),
                };
                let path = format!("{ARCHIVES}/{full_name}/{legacy}/{commit}");
                self.api.url(&path) + &token
            }
            _ => self.url(&format!("/_archive/{format}/{commit}")),
        };
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

/// The token in the address of an archive. Assumed: its form. The documentation says that it lasts five
/// minutes, which nobody waits for here.
fn pass(full_name: &str, commit: &str) -> String {
    let hash = Sha256::digest(format!("{full_name} {commit}").as_bytes());
    hexadecimal(&hash)[..32].to_owned()
}

/// An archive where github.com has them. Nobody is known there: what the address holds is all that counts.
/// Assumed: a credential is refused, so that one which should not have come is noticed.
pub(super) fn packed_apart(
    api: &Api<'_>,
    owner: &str,
    name: &str,
    format: &str,
    commit: &str,
) -> Reply {
    if !api.header("authorization").is_empty() {
        let body = json!({"message": "No credential is taken here."});
        return Err(refused(StatusCode::BAD_REQUEST, body));
    }
    let held = api.accounts.repositories.find(&format!("{owner}/{name}"))?;
    let is_let_in =
        |held: &Held| held.public || api.asked("token") == Some(&*pass(&held.full_name(), commit));
    let held = held.filter(is_let_in).ok_or_else(|| api.missing())?;
    let format = match format {
        "legacy.zip" => "zipball",
        "legacy.tar.gz" => "tarball",
        _ => return Err(api.missing()),
    };
    let found = Found { held, caller: None };
    View { api, found: &found }.packed(format, commit)
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

fn accepts(api: &Api<'_>, word: &str) -> bool {
    api.header("accept").contains(word)
}
