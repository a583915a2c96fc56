//! Git hosts that answer as the vendors' documents say, out of a real repository.
//!
//! Shares nothing with the client. Pages are of two items unless a test wants others,
//! so that every list is continued.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::server::{Answer, Asked};

/// The repository behind the hosts, read with the `git` program.
#[derive(Debug, Clone)]
pub(crate) struct Real {
    pub(crate) folder: PathBuf,
    /// What is in Git LFS, by hash, and where it is kept.
    pub(crate) lfs: HashMap<String, Vec<u8>>,
    pub(crate) storage: String,
    /// How many items a page of a list has.
    pub(crate) page: usize,
}

/// A line of a tree.
struct Line {
    mode: String,
    kind: String,
    id: String,
    size: Option<u64>,
    path: String,
}

impl Real {
    fn git(&self, arguments: &[&str]) -> Option<Vec<u8>> {
        let output = Command::new("git")
            .current_dir(&self.folder)
            .args(arguments)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("this test needs `git`");
        output.status.success().then_some(output.stdout)
    }

    pub(crate) fn text(&self, arguments: &[&str]) -> Option<String> {
        Some(
            String::from_utf8_lossy(&self.git(arguments)?)
                .trim()
                .to_owned(),
        )
    }

    fn id(&self, name: &str) -> Option<String> {
        self.text(&["rev-parse", "--verify", "-q", &format!("{name}^{{commit}}")])
    }

    /// Lines of a tree; none when there is no such folder.
    fn tree(&self, tree: &str, recursive: bool) -> Option<Vec<Line>> {
        let mut arguments = vec!["ls-tree", "-z", "-l"];
        if recursive {
            arguments.extend(["-r", "-t"]);
        }
        arguments.push(tree);
        let listed = self.git(&arguments)?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let line = |line: &str| {
            let (head, path) = line.split_once('\t')?;
            let mut parts = head.split_whitespace();
            Some(Line {
                mode: parts.next()?.to_owned(),
                kind: parts.next()?.to_owned(),
                id: parts.next()?.to_owned(),
                size: parts.next()?.parse().ok(),
                path: path.to_owned(),
            })
        };
        Some(listed.split('\0').filter_map(line).collect())
    }

    fn folder(&self, commit: &str, folder: &str, recursive: bool) -> Option<Vec<Line>> {
        let folder = folder.trim_matches('/');
        let mut lines = self.tree(&format!("{commit}:{folder}"), recursive)?;
        for line in &mut lines {
            if !folder.is_empty() {
                line.path = format!("{folder}/{}", line.path);
            }
        }
        Some(lines)
    }

    /// An archive of a folder, in a folder of its own where hosts do so.
    pub(crate) fn archive(
        &self,
        format: &str,
        prefix: &str,
        commit: &str,
        folder: &str,
    ) -> Option<Answer> {
        let (format, prefix) = (format!("--format={format}"), format!("--prefix={prefix}"));
        let mut arguments = vec!["archive", &format, &prefix, commit];
        let folder = folder.trim_matches('/');
        if !folder.is_empty() {
            arguments.push(folder);
        }
        self.git(&arguments).map(Answer::bytes)
    }

    fn blob(&self, id: &str) -> Option<Vec<u8>> {
        self.git(&["cat-file", "blob", id])
    }

    /// Ids, authors, dates in seconds, messages.
    fn log(&self, from: &str, path: &str) -> Option<Vec<[String; 4]>> {
        let mut arguments = vec!["log", "-z", "--format=%H%x1f%an%x1f%ct%x1f%B", from];
        if !path.is_empty() {
            arguments.extend(["--", path]);
        }
        let log = self.text(&arguments)?;
        let commit = |text: &str| {
            let mut parts = text.split('\u{1f}').map(str::to_owned);
            Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
        };
        Some(log.split('\0').filter_map(commit).collect())
    }

    /// What is in a folder, and the commit that changed each last.
    fn last(&self, commit: &str, folder: &str) -> Option<Vec<(Line, [String; 4])>> {
        let lines = self.folder(commit, folder, false)?.into_iter();
        let last = |line: Line| {
            let commit = self.log(commit, &line.path)?.into_iter().next()?;
            Some((line, commit))
        };
        lines.map(last).collect()
    }

    /// The commits that the lines of a file came with.
    fn blame(&self, commit: &str, path: &str) -> Option<Vec<[String; 4]>> {
        let told = self.text(&["blame", "-s", "-l", "--root", "-M0", commit, "--", path])?;
        let one = |line: &str| self.log(line.split(' ').next()?, "")?.into_iter().next();
        told.lines().map(one).collect()
    }

    /// Names, ids, and ids of the commits behind tags.
    fn refs(&self, prefix: &str) -> Vec<[String; 3]> {
        let format = "--format=%(refname)\u{1f}%(objectname)\u{1f}%(*objectname)";
        let listed = self
            .text(&["for-each-ref", format, prefix])
            .unwrap_or_default();
        let one = |line: &str| {
            let mut parts = line.split('\u{1f}').map(str::to_owned);
            Some([parts.next()?, parts.next()?, parts.next()?])
        };
        listed.lines().filter_map(one).collect()
    }
}

fn iso(seconds: &str) -> String {
    let at = jiff::Timestamp::from_second(seconds.parse().expect("git tells numbers"));
    at.expect("in our time").to_string()
}

/// As many items as a page has, beginning at a number.
fn page_of(real: &Real, items: Vec<Value>, start: usize) -> (Vec<Value>, bool) {
    let more = items.len() > start + real.page;
    (
        items.into_iter().skip(start).take(real.page).collect(),
        more,
    )
}

/// A list that a `Link` header continues.
fn linked(real: &Real, base: &str, asked: &Asked, items: Vec<Value>) -> Answer {
    let page = asked.number("page").max(1);
    let (items, more) = page_of(real, items, (page - 1) * real.page);
    let answer = Answer::json(&Value::Array(items));
    if !more {
        return answer;
    }
    let (first, next) = (
        asked.with(base, "page", 1),
        asked.with(base, "page", page + 1),
    );
    answer.with(
        "Link",
        format!("<{first}>; rel=\"first\", <{next}>; rel=\"next\""),
    )
}

fn git_trees(real: &Real, asked: &Asked, id: &str, is_gitea: bool) -> Option<Answer> {
    // GitHub takes any value for yes, and so does this.
    let recursive = asked.query("recursive").is_some();
    let lines = real.tree(id, recursive)?;
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            let mut item = json!({"path": line.path, "mode": line.mode, "type": line.kind,
                "sha": line.id, "url": ""});
            if let Some(size) = line.size {
                item["size"] = size.into();
            }
            item
        })
        .collect();
    let (items, truncated) = if is_gitea {
        page_of(real, items, (asked.number("page").max(1) - 1) * real.page)
    } else if recursive && items.len() > 3 * real.page {
        (items.into_iter().take(3 * real.page).collect(), true)
    } else {
        (items, false)
    };
    Some(Answer::json(
        &json!({"sha": id, "url": "", "tree": items, "truncated": truncated}),
    ))
}

fn github_commit([id, author, when, message]: &[String; 4]) -> Value {
    json!({"sha": id, "commit": {"message": message, "author": {"name": author, "date": iso(when)},
        "committer": {"name": author, "date": iso(when)}}})
}

pub(crate) fn github(real: &Real, base: &str, asked: &Asked) -> Option<Answer> {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if let ["acme", "handbook.git", "info", "lfs", "objects", "batch"] = parts[..] {
        return lfs_batch(real, asked);
    }
    let rest = match parts[..] {
        ["api", "v3", "repos", "acme", "handbook", ..] => &parts[5..],
        ["api", "v3", "user", "repos"] => {
            return Some(linked(real, base, asked, (0..5).map(|number| {
                json!({"full_name": format!("acme/handbook{number}"), "description": null})
            }).collect()));
        }
        _ => return None,
    };
    Some(match rest {
        [] => Answer::json(&json!({"full_name": "acme/handbook", "default_branch": "main"})),
        ["git", "matching-refs", name @ ..] => {
            let prefix = format!("refs/{}", name.join("/"));
            let items = real
                .refs("refs/heads")
                .into_iter()
                .chain(real.refs("refs/tags"));
            let items = items.filter(|[name, ..]| name.starts_with(&prefix));
            let items = items.map(|[name, id, peeled]| {
                let kind = if peeled.is_empty() { "commit" } else { "tag" };
                json!({"ref": name, "object": {"sha": id, "type": kind}})
            });
            linked(real, base, asked, items.collect())
        }
        ["commits", name] => match real.id(name) {
            Some(id) => Answer::json(&github_commit(&real.log(&id, "")?[0])),
            None => Answer::status(422),
        },
        ["commits"] => {
            let log = real.log(&asked.query("sha")?, &asked.query("path")?)?;
            linked(real, base, asked, log.iter().map(github_commit).collect())
        }
        ["tarball", id] if asked.headers.contains_key("authorization") => {
            // Elsewhere, for whoever has the address.
            let base = base.replace("127.0.0.1", "localhost");
            let to = format!("{base}/api/v3/repos/acme/handbook/tarball/{id}?token=once");
            Answer::status(302).with("Location", to)
        }
        ["tarball", id] => {
            assert_eq!(asked.query("token").as_deref(), Some("once"));
            real.archive("tar.gz", "acme-handbook-0123456/", id, "")?
        }
        ["git", "trees", id] => git_trees(real, asked, id, false)?,
        ["git", "blobs", id] => {
            assert_eq!(asked.headers["accept"], "application/vnd.github.raw+json");
            Answer::bytes(real.blob(id)?)
        }
        ["pulls", "7"] => {
            Answer::json(&json!({"number": 7, "head": {"sha": real.id("feature/x")}}))
        }
        _ => return None,
    })
}

fn lfs_batch(real: &Real, asked: &Asked) -> Option<Answer> {
    assert_eq!(asked.method, "POST");
    assert_eq!(
        asked.headers["content-type"],
        "application/vnd.git-lfs+json"
    );
    let wanted: Value = serde_json::from_slice(&asked.body).expect("JSON");
    assert_eq!(wanted["operation"], "download");
    let oid = wanted["objects"][0]["oid"].as_str()?;
    let size = &wanted["objects"][0]["size"];
    let object = if real.lfs.contains_key(oid) {
        json!({"oid": oid, "size": size, "actions": {"download": {
            "href": format!("{}/{oid}", real.storage), "header": {"X-Pass": "once"}}}})
    } else {
        json!({"oid": oid, "size": size, "error": {"code": 404, "message": "gone"}})
    };
    Some(Answer::json(
        &json!({"transfer": "basic", "objects": [object]}),
    ))
}

pub(crate) fn gitea(real: &Real, base: &str, asked: &Asked) -> Option<Answer> {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let rest = match parts[..] {
        ["api", "v1", "repos", "acme", "handbook", ..] => &parts[5..],
        ["api", "v1", "user", "repos"] => {
            return Some(linked(real, base, asked, (0..5).map(|number| {
                json!({"full_name": format!("acme/handbook{number}"), "description": ""})
            }).collect()));
        }
        ["api", "v1", "repos", "search"] => {
            assert!(asked.query("q").is_some());
            let found = json!([{"full_name": "acme/handbook3"}]);
            return Some(Answer::json(&json!({"ok": true, "data": found})));
        }
        _ => return None,
    };
    Some(match rest {
        [] => Answer::json(&json!({"full_name": "acme/handbook", "default_branch": "main"})),
        ["branches"] => linked(real, base, asked, real.refs("refs/heads").iter().map(|[name, id, _]| {
            json!({"name": name.trim_start_matches("refs/heads/"), "commit": {"id": id}})
        }).collect()),
        ["tags"] => linked(real, base, asked, real.refs("refs/tags").iter().map(|[name, id, peeled]| {
            json!({"name": name.trim_start_matches("refs/tags/"), "id": id, "commit": {"sha": peeled}})
        }).collect()),
        ["commits"] => {
            let id = real.id(&asked.query("sha")?)?;
            let log = real.log(&id, &asked.query("path").unwrap_or_default())?;
            linked(real, base, asked, log.iter().map(github_commit).collect())
        }
        ["git", "trees", id] => git_trees(real, asked, id, true)?,
        ["git", "blobs", id] => {
            let content = STANDARD.encode(real.blob(id)?);
            Answer::json(&json!({"sha": id, "encoding": "base64", "content": content}))
        }
        ["archive", name] => {
            real.archive("tar.gz", "handbook/", name.strip_suffix(".tar.gz")?, "")?
        }
        ["raw", path @ ..] => {
            Answer::bytes(real.blob(&format!("{}:{}", asked.query("ref")?, path.join("/")))?)
        }
        ["contents", path @ ..] => {
            let found = real.last(&asked.query("ref")?, &path.join("/"))?;
            let items = found.iter().map(|(line, [id, ..])| {
                json!({"path": line.path, "sha": line.id, "last_commit_sha": id})
            });
            Answer::json(&Value::Array(items.collect()))
        }
        ["media", ..] => Answer::bytes(real.lfs.values().next()?.clone()),
        ["pulls", "7"] => Answer::json(&json!({"number": 7, "head": {"sha": real.id("feature/x")}})),
        _ => return None,
    })
}

pub(crate) fn gitlab(real: &Real, base: &str, asked: &Asked) -> Option<Answer> {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let rest = match parts[..] {
        ["api", "v4", "projects", "acme/handbook", ..] => &parts[4..],
        ["api", "v4", "projects"] => {
            return Some(linked(real, base, asked, (0..5).map(|number| {
                json!({"path_with_namespace": format!("acme/handbook{number}"), "description": null})
            }).collect()));
        }
        _ => return None,
    };
    let told = |[id, author, when, message]: &[String; 4]| {
        json!({"id": id, "author_name": author, "committed_date": iso(when), "message": message,
            "title": ""})
    };
    Some(match rest {
        [] => {
            Answer::json(&json!({"path_with_namespace": "acme/handbook", "default_branch": "main"}))
        }
        ["repository", kind @ ("branches" | "tags")] => {
            let folder = if *kind == "branches" {
                "refs/heads/"
            } else {
                "refs/tags/"
            };
            // As GitLab documents it: within names, and `^` for those that begin so.
            let search = asked.query("search").unwrap_or_default().to_lowercase();
            let fits = |name: &str| match search.strip_prefix('^') {
                Some(beginning) => name.to_lowercase().starts_with(beginning),
                None => name.to_lowercase().contains(&search),
            };
            let items = real
                .refs(folder.trim_end_matches('/'))
                .into_iter()
                .filter_map(|[name, id, peeled]| {
                    let name = name.strip_prefix(folder)?.to_owned();
                    let id = if peeled.is_empty() { id } else { peeled };
                    fits(&name).then(|| json!({"name": name, "commit": {"id": id}}))
                });
            linked(real, base, asked, items.collect())
        }
        ["repository", kind @ ("branches" | "tags"), name] => {
            let folder = if *kind == "branches" { "heads" } else { "tags" };
            let id = real.id(&format!("refs/{folder}/{name}"))?;
            Answer::json(&json!({"name": name, "commit": told(&real.log(&id, "")?[0])}))
        }
        ["repository", "commits", name] => {
            let id = real.id(name)?;
            Answer::json(&told(&real.log(&id, "")?[0]))
        }
        ["repository", "commits"] => {
            let log = real.log(&asked.query("ref_name")?, &asked.query("path")?)?;
            linked(real, base, asked, log.iter().map(told).collect())
        }
        ["repository", "tree"] => {
            let folder = asked.query("path").unwrap_or_default();
            let recursive = asked.query("recursive").as_deref() == Some("true");
            let lines = real.folder(&asked.query("ref")?, &folder, recursive)?;
            let items = lines.iter().map(|line| {
                let name = line.path.rsplit('/').next();
                json!({"id": line.id, "name": name, "type": line.kind, "path": line.path, "mode": line.mode})
            });
            linked(real, base, asked, items.collect())
        }
        ["repository", "archive.tar.gz"] => {
            let folder = asked.query("path").unwrap_or_default();
            let commit = asked.query("sha")?;
            real.archive("tar.gz", &format!("handbook-{commit}/"), &commit, &folder)?
        }
        ["repository", "blobs", id, "raw"] => Answer::bytes(real.blob(id)?),
        ["repository", "files", path, "raw"] => {
            assert_eq!(asked.query("lfs").as_deref(), Some("true"));
            assert!(
                asked.target.contains("%2E"),
                "dots are encoded: {}",
                asked.target
            );
            real.blob(&format!("{}:{path}", asked.query("ref")?))?;
            Answer::bytes(real.lfs.values().next()?.clone())
        }
        ["repository", "files", path, "blame"] => {
            let items = real.blame(&asked.query("ref")?, path)?;
            let items = items
                .iter()
                .map(|commit| json!({"commit": told(commit), "lines": ["as it is"]}));
            linked(real, base, asked, items.collect())
        }
        ["merge_requests", "7"] => Answer::json(&json!({"iid": 7, "sha": real.id("feature/x")})),
        _ => return None,
    })
}

pub(crate) fn bitbucket(real: &Real, base: &str, asked: &Asked) -> Option<Answer> {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let paged = |items: Vec<Value>| {
        let page = asked.number("page").max(1);
        let (items, more) = page_of(real, items, (page - 1) * real.page);
        let mut json = json!({"values": items, "page": page});
        if more {
            json["next"] = asked.with(base, "page", page + 1).into();
        }
        Answer::json(&json)
    };
    let told = |[id, author, when, message]: &[String; 4]| {
        json!({"type": "commit", "hash": id, "date": iso(when), "message": message,
            "author": {"raw": format!("{author} <ada@acme.com>")}})
    };
    let rest = match parts[..] {
        ["2.0", "repositories", "acme", "handbook", ..] => &parts[4..],
        ["2.0", "user", "workspaces"] => {
            return Some(paged(vec![json!({"workspace": {"slug": "acme"}})]));
        }
        ["2.0", "repositories", "acme"] => {
            return Some(paged((0..5).map(|number| {
                json!({"full_name": format!("acme/handbook{number}"), "description": ""})
            }).collect()));
        }
        _ => return None,
    };
    if asked
        .query("max_depth")
        .is_some_and(|_| rest.get(2) == Some(&"docs"))
    {
        return Some(Answer::status(555));
    }
    Some(match rest {
        [] => Answer::json(&json!({"full_name": "acme/handbook", "mainbranch": {"name": "main"}})),
        ["refs", kind @ ("branches" | "tags"), name @ ..] => {
            let folder = if *kind == "branches" {
                "refs/heads/"
            } else {
                "refs/tags/"
            };
            let items = real
                .refs(folder.trim_end_matches('/'))
                .into_iter()
                .filter_map(|[full, id, peeled]| {
                    let id = if peeled.is_empty() { id } else { peeled };
                    let mut target = told(&real.log(&id, "")?[0]);
                    // At Bitbucket this is what a branch leads to.
                    target["author"]["raw"] = "Ada".into();
                    Some(json!({"name": full.strip_prefix(folder)?, "target": target}))
                });
            match name {
                [] => paged(items.collect()),
                [name] => Answer::json(&items.into_iter().find(|item| item["name"] == **name)?),
                _ => return None,
            }
        }
        ["commit", id] => {
            let mut commit = told(&real.log(id, "")?[0]);
            commit["author"]["raw"] = "Ada".into();
            Answer::json(&commit)
        }
        ["commits", id] => {
            let log = real.log(id, &asked.query("path").unwrap_or_default())?;
            paged(log.iter().map(told).collect())
        }
        ["diffstat", spec] => {
            let (new, old) = spec.split_once("..")?;
            let listed = real.text(&["diff", "--name-status", "-M100%", old, new])?;
            paged(
                listed
                    .lines()
                    .map(|line| {
                        let parts: Vec<&str> = line.split('\t').collect();
                        let side = |path: &str| json!({"path": path});
                        match parts[..] {
                            ["A", path] => {
                                json!({"status": "added", "old": null, "new": side(path)})
                            }
                            ["D", path] => {
                                json!({"status": "removed", "old": side(path), "new": null})
                            }
                            [_, path] => {
                                json!({"status": "modified", "old": side(path), "new": side(path)})
                            }
                            [_, from, to] => {
                                json!({"status": "renamed", "old": side(from), "new": side(to)})
                            }
                            _ => panic!("{line}"),
                        }
                    })
                    .collect(),
            )
        }
        ["src", commit, path @ .., ""] => {
            let depth = asked.number("max_depth").max(1);
            let folder = path.join("/");
            let lines = real.folder(commit, &folder, depth > 1)?;
            paged(lines.iter().map(|line| {
                let is_large = || {
                    let blob = real.blob(&format!("{commit}:{}", line.path));
                    blob.is_some_and(|bytes| bytes.starts_with(b"version https://git-lfs"))
                };
                let marks: &[&str] = match line.mode.as_str() {
                    "120000" => &["link"],
                    "160000" => &["subrepository"],
                    _ if line.kind == "blob" && is_large() => &["lfs"],
                    _ => &[],
                };
                let kind = if line.kind == "tree" { "commit_directory" } else { "commit_file" };
                json!({"type": kind, "path": line.path, "attributes": marks, "size": line.size,
                    "commit": {"hash": commit}})
            }).collect())
        }
        ["src", commit, path @ ..] => {
            let bytes = real.blob(&format!("{commit}:{}", path.join("/")))?;
            if bytes.starts_with(b"version https://git-lfs") {
                let oid = real.lfs.keys().next()?;
                return Some(
                    Answer::status(301).with("Location", format!("{}/{oid}", real.storage)),
                );
            }
            Answer::bytes(bytes)
        }
        ["pullrequests", "7"] => {
            Answer::json(&json!({"source": {"commit": {"hash": real.id("feature/x")}}}))
        }
        _ => return None,
    })
}

pub(crate) fn data_center(real: &Real, _: &str, asked: &Asked) -> Option<Answer> {
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if let [
        "scm",
        "acme",
        "handbook.git",
        "info",
        "lfs",
        "objects",
        "batch",
    ] = parts[..]
    {
        return lfs_batch(real, asked);
    }
    let page = |items: Vec<Value>| {
        let start = asked.number("start");
        let (items, more) = page_of(real, items, start);
        let mut json = json!({"values": items, "isLastPage": !more, "start": start});
        json["nextPageStart"] = if more {
            (start + real.page).into()
        } else {
            Value::Null
        };
        json
    };
    let told = |[id, author, when, message]: &[String; 4]| {
        let when: i64 = when.parse().expect("git tells numbers");
        json!({"id": id, "author": {"name": author}, "committerTimestamp": when * 1000, "message": message})
    };
    let rest = match parts[..] {
        [
            "rest",
            "api",
            "latest",
            "projects",
            "acme",
            "repos",
            "handbook",
            ..,
        ] => &parts[7..],
        ["rest", "api", "latest", "repos"] => {
            return Some(Answer::json(&page((0..5).map(|number| {
                json!({"slug": format!("handbook{number}"), "project": {"key": "acme"}})
            }).collect())));
        }
        _ => return None,
    };
    let at = asked.query("at").unwrap_or_default();
    Some(match rest {
        [] => Answer::json(&json!({"slug": "handbook"})),
        ["default-branch"] => Answer::json(&json!({"id": "refs/heads/main", "displayId": "main"})),
        [kind @ ("branches" | "tags")] => {
            let folder = if *kind == "branches" {
                "refs/heads/"
            } else {
                "refs/tags/"
            };
            let filter = asked.query("filterText").unwrap_or_default().to_lowercase();
            let items = real
                .refs(folder.trim_end_matches('/'))
                .into_iter()
                .filter_map(|[full, id, peeled]| {
                    let id = if peeled.is_empty() { id } else { peeled };
                    let name = full.strip_prefix(folder)?;
                    name.to_lowercase()
                        .contains(&filter)
                        .then(|| json!({"id": full, "displayId": name, "latestCommit": id}))
                });
            Answer::json(&page(items.collect()))
        }
        ["commits"] => {
            let id = real.id(&asked.query("until")?)?;
            let log = real.log(&id, &asked.query("path").unwrap_or_default())?;
            Answer::json(&page(log.iter().map(told).collect()))
        }
        ["browse", path @ ..] => {
            let folder = path.join("/");
            let Some(lines) = real.folder(&at, &folder, false) else {
                real.blob(&format!("{at}:{folder}"))?;
                return Some(Answer::json(
                    &json!({"lines": [], "start": 0, "isLastPage": true}),
                ));
            };
            let items = lines.iter().map(|line| {
                let kind = match line.kind.as_str() {
                    "tree" => "DIRECTORY",
                    "commit" => "SUBMODULE",
                    _ => "FILE",
                };
                let name = line.path.rsplit('/').next();
                json!({"path": {"name": name, "toString": name}, "type": kind, "size": line.size,
                    "contentId": if kind == "FILE" { Some(&line.id) } else { None }})
            });
            Answer::json(&json!({"path": {"toString": folder}, "children": page(items.collect())}))
        }
        ["files", path @ ..] => {
            let lines = real.tree(&format!("{at}:{}", path.join("/")), true)?;
            let lines = lines.iter().filter(|line| line.kind != "tree");
            Answer::json(&page(lines.map(|line| line.path.clone().into()).collect()))
        }
        ["archive"] => {
            assert_eq!(asked.query("format").as_deref(), Some("tar.gz"));
            let folder = asked.query("path").unwrap_or_default();
            real.archive("tar.gz", "", &at, &folder)?
        }
        ["last-modified", path @ ..] => {
            let found = real.last(&at, &path.join("/"))?;
            let files = found.iter().map(|(line, commit)| {
                let name = line.path.rsplit('/').next().unwrap_or_default();
                (name.to_owned(), told(commit))
            });
            let files: serde_json::Map<String, Value> = files.collect();
            Answer::json(&json!({"latestCommit": {}, "files": files}))
        }
        ["raw", path @ ..] => Answer::bytes(real.blob(&format!("{at}:{}", path.join("/")))?),
        ["compare", "changes"] => {
            let (new, old) = (asked.query("from")?, asked.query("to")?);
            // What came since two parted, as the vendor has it.
            let since = format!("{old}...{new}");
            let listed = real.text(&["diff", "--name-status", "-M100%", &since])?;
            let items: Vec<Value> = listed
                .lines()
                .map(|line| {
                    let parts: Vec<&str> = line.split('\t').collect();
                    let at = |path: &str| json!({"toString": path});
                    match parts[..] {
                        ["A", path] => json!({"type": "ADD", "path": at(path)}),
                        ["D", path] => json!({"type": "DELETE", "path": at(path)}),
                        [_, path] => json!({"type": "MODIFY", "path": at(path)}),
                        [_, from, to] => {
                            json!({"type": "MOVE", "path": at(to), "srcPath": at(from)})
                        }
                        _ => panic!("{line}"),
                    }
                })
                .collect();
            Answer::json(&json!({"values": items, "isLastPage": true}))
        }
        ["pull-requests", "7"] => {
            Answer::json(&json!({"fromRef": {"latestCommit": real.id("feature/x")}}))
        }
        _ => return None,
    })
}

pub(crate) fn azure(real: &Real, _: &str, asked: &Asked) -> Option<Answer> {
    if asked.target.contains("/_git/") {
        // Git's own protocol, which is no part of the API.
        return None;
    }
    assert!(asked.query("api-version").is_some(), "{}", asked.target);
    let parts = asked.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let page = |items: Vec<Value>| {
        let start = asked.number("continuationToken");
        let (items, more) = page_of(real, items, start);
        let answer = Answer::json(&json!({"count": items.len(), "value": items}));
        if more {
            answer.with("x-ms-continuationtoken", (start + real.page).to_string())
        } else {
            answer
        }
    };
    let told = |[id, author, when, message]: &[String; 4]| {
        json!({"commitId": id, "author": {"name": author, "date": iso(when)},
            "committer": {"name": author, "date": iso(when)}, "comment": message})
    };
    let rest = match parts[..] {
        [
            "acme",
            "docs",
            "_apis",
            "git",
            "repositories",
            "handbook",
            ..,
        ] => &parts[6..],
        ["_apis", "profile", "profiles", "me"] => return Some(Answer::json(&json!({"id": "me"}))),
        ["_apis", "accounts"] => {
            assert_eq!(asked.query("memberId").as_deref(), Some("me"));
            return Some(Answer::json(
                &json!({"count": 1, "value": [{"accountName": "acme"}]}),
            ));
        }
        ["acme", "_apis", "git", "repositories"] => {
            let items: Vec<Value> = (0..6).map(|number| {
                json!({"name": format!("handbook{number}"), "project": {"name": "docs"}, "isDisabled": number == 5})
            }).collect();
            return Some(Answer::json(&json!({"count": 6, "value": items})));
        }
        _ => return None,
    };
    Some(match rest {
        [] => Answer::json(&json!({"name": "handbook", "defaultBranch": "refs/heads/main"})),
        ["refs"] => {
            let prefix = format!("refs/{}", asked.query("filter")?);
            let within = asked.query("filterContains").unwrap_or_default();
            let within = within.to_lowercase();
            let items = real
                .refs("refs")
                .into_iter()
                .filter(|[name, ..]| name.starts_with(&prefix))
                .filter(|[name, ..]| name.to_lowercase().contains(&within));
            page(
                items
                    .map(|[name, id, peeled]| {
                        let mut item = json!({"name": name, "objectId": id});
                        if !peeled.is_empty() {
                            item["peeledObjectId"] = peeled.into();
                        }
                        item
                    })
                    .collect(),
            )
        }
        ["commits", id] => Answer::json(&told(&real.log(id, "")?[0])),
        ["commits"] => {
            let path = asked.query("searchCriteria.itemPath").unwrap_or_default();
            let log = real.log(
                &asked.query("searchCriteria.itemVersion.version")?,
                path.trim_start_matches('/'),
            )?;
            let top = asked.number("searchCriteria.$top");
            let items: Vec<Value> = log.iter().take(top).map(told).collect();
            Answer::json(&json!({"count": items.len(), "value": items}))
        }
        ["items"] => {
            let scope = asked.query("scopePath")?;
            let recursive = asked.query("recursionLevel").as_deref() == Some("Full");
            let commit = asked.query("versionDescriptor.version")?;
            if asked.query("$format").as_deref() == Some("zip") {
                return real.archive("zip", "", &commit, &scope);
            }
            let own =
                json!({"path": scope, "gitObjectType": "tree", "isFolder": true, "objectId": ""});
            let Some(lines) = real.folder(&commit, &scope, recursive) else {
                real.blob(&format!("{commit}:{}", scope.trim_start_matches('/')))?;
                return Some(Answer::json(
                    &json!({"value": [{"path": scope, "gitObjectType": "blob"}]}),
                ));
            };
            let latest = asked.query("latestProcessedChange").as_deref() == Some("true");
            let items = lines.iter().map(|line| {
                let mut item = json!({"path": format!("/{}", line.path), "gitObjectType": line.kind, "objectId": line.id});
                if latest {
                    let log = real.log(&commit, &line.path).expect("it is in the tree");
                    item["latestProcessedChange"] = told(&log[0]);
                }
                if line.kind == "tree" {
                    item["isFolder"] = true.into();
                }
                if line.mode == "120000" {
                    item["isSymLink"] = true.into();
                }
                item
            });
            let items: Vec<Value> = std::iter::once(own).chain(items).collect();
            Answer::json(&json!({"count": items.len(), "value": items}))
        }
        ["blobs", id] => {
            assert_eq!(
                asked.headers["accept"].split(',').next().map(|_| ()),
                Some(())
            );
            if asked.query("resolveLfs").as_deref() == Some("true") {
                return Some(Answer::bytes(real.lfs.values().next()?.clone()));
            }
            Answer::bytes(real.blob(id)?)
        }
        ["pullRequests", "7"] => {
            Answer::json(&json!({"lastMergeSourceCommit": {"commitId": real.id("feature/x")}}))
        }
        _ => return None,
    })
}

/// A part of an address, as a person's browser writes it.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Where the repository is, for tests that ask Git themselves.
pub(crate) fn at(path: &Path) -> Real {
    Real {
        folder: path.to_path_buf(),
        lfs: HashMap::new(),
        storage: String::new(),
        page: 2,
    }
}
