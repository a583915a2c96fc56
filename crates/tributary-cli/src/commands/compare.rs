//! `tributary compare`: the files that differ between two states of a repository.

use clap::Args;
use serde_json::{Value, json};
use tributary::Error;
use tributary::hosts::{self, Change, ChangeKind};
use tributary::vault::Secret;

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
    /// Only what is in this folder, or this file
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let accounts = super::accounts::open().await?;
    let http = super::network::http().await?;
    let cache = super::repository::cache().await?;
    let token = super::repository::token().map(Secret::new);
    let to = options.to.as_deref();
    let now = hosts::open(&accounts, &http, cache, &options.repo, to, token).await?;
    let before = now.repository.resolve(Some(&options.from)).await?;
    let found = now.repository.compare(&before.id, &now.commit.id).await?;
    let below = options.path.as_deref().map(|path| path.trim_matches('/'));
    let changes: Vec<&Change> = found
        .items
        .iter()
        .filter(|change| below.is_none_or(|below| touches(change, below)))
        .collect();
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.changes/1",
            "repository": now.repository.identity,
            "from": before.id,
            "to": now.commit.id,
            "changes": changes.iter().map(|change| of_change(change)).collect::<Vec<_>>(),
            "incomplete": found.incomplete,
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

/// Whether a change is one of a path or below it, before or after.
fn touches(change: &Change, path: &str) -> bool {
    let is_below = |changed: &[u8]| {
        let rest = changed.strip_prefix(path.as_bytes());
        path.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    };
    let from = match &change.kind {
        ChangeKind::Renamed { from } => is_below(from),
        _ => false,
    };
    from || is_below(&change.path)
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
