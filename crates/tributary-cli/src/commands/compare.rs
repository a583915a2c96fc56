//! `tributary compare`: the files that differ between two states of a repository.

use std::path::{Component, Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tributary::hosts::{self, Change, ChangeKind, Depth, Pinned, Urgency};
use tributary::vault::Secret;
use tributary::{Error, ErrorKind, repository};

use crate::output::{Exit, Output, visible};

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The branch, tag or commit to begin from
    #[arg(value_name = "FROM")]
    pub from: String,
    /// The one to compare it with; what is checked out, or the default branch, when not given
    #[arg(value_name = "TO")]
    pub to: Option<String>,
    /// The repository: its address, or a folder on this machine
    #[arg(long, value_name = "URL", default_value = ".")]
    pub repo: String,
    /// Only what is in this folder, or this file; from the folder where you are or from the
    /// repository's root, and with `--repo` from its root
    #[arg(long, value_name = "PATH")]
    pub path: Option<PathBuf>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let accounts = super::accounts::open().await?;
    let http = super::network::http().await?;
    let cache = super::repository::cache().await?;
    let token = super::given::git_token().map(Secret::new);
    let to = options.to.as_deref();
    let now = hosts::open(&accounts, &http, cache, &options.repo, to, token).await?;
    let before = now.repository.resolve(Some(&options.from)).await?;
    let found = now.repository.compare(&before.id, &now.commit.id).await?;
    let below = match &options.path {
        Some(path) => below(path, options, &now, &before.id, &found.items).await?,
        None => String::new(),
    };
    let changes: Vec<&Change> = found
        .items
        .iter()
        .filter(|change| touches(change, &below))
        .collect();
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.changes/1",
            "repository": now.repository.identity,
            "from": before.id,
            "to": now.commit.id,
            "changes": changes.iter().map(|change| of_change(change)).collect::<Vec<_>>(),
            "incomplete": found.incomplete.as_deref(),
        }))?;
        return Ok(Exit::Done);
    }
    let lines: String = changes.iter().map(|change| line(change)).collect();
    output.result(lines.as_bytes())?;
    if let Some(why) = &found.incomplete {
        output.error_text(why);
    }
    Ok(Exit::Done)
}

/// The path that is meant, from the repository's root: the first way to read it that is in one of the
/// two states. That nothing changed is told only of what is there.
async fn below(
    path: &Path,
    options: &Options,
    now: &Pinned,
    before: &str,
    changes: &[Change],
) -> Result<String, Error> {
    let here = match options.repo.as_str() {
        "." => folder_here(),
        _ => None,
    };
    let from_here = here.map(|here| here.join(path));
    let ways = [from_here.as_deref(), Some(path)];
    let ways: Vec<String> = ways.into_iter().flatten().filter_map(plain).collect();
    let mut listed = None;
    for way in &ways {
        if way.is_empty() || changes.iter().any(|change| touches(change, way)) {
            return Ok(way.clone());
        }
        let (files, is_whole) = match &mut listed {
            Some(listed) => listed,
            none => none.insert(paths(now, before).await?),
        };
        // What a host does not list in whole may be there all the same.
        if !*is_whole || files.iter().any(|file| is_at(file, way)) {
            return Ok(way.clone());
        }
    }
    Err(Error::new(
        ErrorKind::InvalidInput,
        format!("`{}` is in neither of the two", path.display()),
    )
    .remedy("Give a file or folder from the repository's root, as it is called in one of them"))
}

/// The paths of both states, and whether these are all.
async fn paths(now: &Pinned, before: &str) -> Result<(Vec<Vec<u8>>, bool), Error> {
    let mut paths = Vec::new();
    let mut is_whole = true;
    for commit in [before, now.commit.id.as_str()] {
        let tree = now
            .repository
            .tree(commit, "".into(), Depth::All, Urgency::Waited);
        let tree = tree.await?;
        is_whole &= tree.incomplete.is_none();
        paths.extend(tree.items.into_iter().map(|entry| entry.path.into()));
    }
    Ok((paths, is_whole))
}

/// The folder where somebody is, from the root of the repository that it is in.
fn folder_here() -> Option<PathBuf> {
    let here = Path::new(".");
    let root = repository::open(here).ok()?.root.canonicalize().ok()?;
    let here = here.canonicalize().ok()?;
    here.strip_prefix(root).ok().map(Path::to_path_buf)
}

/// A path with neither `.` nor `..`; none for one that leads out of the repository.
fn plain(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy()),
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// Whether a path is another one or below it.
fn is_at(path: &[u8], above: &str) -> bool {
    let rest = path.strip_prefix(above.as_bytes());
    above.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// Whether a change is one of a path or below it, before or after.
fn touches(change: &Change, path: &str) -> bool {
    let from = match &change.kind {
        ChangeKind::Renamed { from } => is_at(from, path),
        _ => false,
    };
    from || is_at(&change.path, path)
}

/// A line much as `git diff --name-status` has it. A name may hold the end of a line, too.
fn line(change: &Change) -> String {
    let shown = |path: String| visible(&path).replace('\n', "\\n");
    let path = shown(change.path.to_string());
    match &change.kind {
        ChangeKind::Added => format!("A  {path}\n"),
        ChangeKind::Removed => format!("D  {path}\n"),
        ChangeKind::Modified => format!("M  {path}\n"),
        ChangeKind::Renamed { from } => format!("R  {} -> {path}\n", shown(from.to_string())),
    }
}

fn of_change(change: &Change) -> Value {
    let (kind, from) = match &change.kind {
        ChangeKind::Added => ("added", None),
        ChangeKind::Removed => ("removed", None),
        ChangeKind::Modified => ("modified", None),
        ChangeKind::Renamed { from } => ("renamed", Some(from.to_string())),
    };
    json!({"path": change.path.to_string(), "change": kind, "from": from})
}
