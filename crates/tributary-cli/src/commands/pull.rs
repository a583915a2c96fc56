//! `tributary pull`: what people wrote on pages, back into their sources.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use tributary::publish::{Pulled, commit_to_branch, fetch_edited, pull, pull_fetched};
use tributary::store::write_made;
use tributary::{Error, ErrorKind, repository};
use tributary_pages::plan::OnConflict;

use crate::options::Target;
use crate::output::{Exit, Output};

use super::blocking;
use super::preparing::{interruptible, prepare};
use super::targets::{for_each, places};

/// Which pages to take edits from, and where to put them.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub target: Target,
    /// Write the patch to this file instead of standard output
    #[arg(long, value_name = "FILE", conflicts_with = "branch")]
    pub out: Option<PathBuf>,
    /// Make a commit on a new branch of this name instead of a patch; what is checked out stays as
    /// it is
    #[arg(long, value_name = "NAME", conflicts_with = "repo")]
    pub branch: Option<String>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let mut places = places(&options.target).await?;
    if places.are_several() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Edits are taken from one place, and several targets are published to",
        )
        .remedy("Name one of them with `--target`"));
    }
    for place in &mut places.all {
        place.request.settings.on_conflict = OnConflict::Merge;
        place.request.settings.merges_again = true;
    }
    let cancel = interruptible();
    for_each(
        &places,
        "tributary.pulls/1",
        output,
        &cancel,
        async |place| {
            let prepared = prepare(&places, place, output, &cancel).await?;
            let path = place.request.paths.first().cloned().unwrap_or_default();
            let branch = options.branch.clone();
            let fetched = match &places.pinned {
                Some(_) => Some(fetch_edited(&prepared).await?),
                None => None,
            };
            let (pulled, commit) = blocking(move || {
                if let Some(fetched) = fetched {
                    return Ok((pull_fetched(&prepared, &fetched)?, None));
                }
                let repository = repository::open(&path)?;
                let pulled = pull(&prepared, &repository)?;
                let commit = match branch.filter(|_| !pulled.files.is_empty()) {
                    Some(branch) => Some(commit_to_branch(&repository, &pulled, &branch)?),
                    None => None,
                };
                Ok((pulled, commit))
            })
            .await?;
            say(&pulled, output);
            match (&options.branch, &options.out) {
                (Some(branch), _) if commit.is_some() => {
                    output.say(&format!(
                        "on the branch `{branch}`; merge it when it is right"
                    ));
                }
                (Some(_), _) => {}
                (None, Some(file)) => write_made(file, pulled.patch().as_bytes())?,
                (None, None) if output.is_json() => {}
                (None, None) => output.result(pulled.patch().as_bytes())?,
            }
            let is_clear = pulled.left.is_empty() && pulled.files.iter().all(|it| it.is_certain);
            let exit = if is_clear {
                Exit::Done
            } else {
                Exit::Attention
            };
            Ok((exit, to_json(&pulled, commit.as_deref())))
        },
    )
    .await
}

fn say(pulled: &Pulled, output: &Output) {
    for file in &pulled.files {
        output.say(&format!("taken      {} ({})", file.title, file.path));
        if !file.is_certain {
            output.say(&format!(
                "  warning {}: compare it with the page before you use it; not all of the edit \
                 stands in this file",
                file.path
            ));
        }
    }
    for left in &pulled.left {
        output.say(&format!("left       {}: {}", left.path, left.reason));
    }
    if pulled.files.is_empty() && pulled.left.is_empty() {
        output.say("no page holds an edit that its source lacks");
    }
}

fn to_json(pulled: &Pulled, commit: Option<&str>) -> Value {
    let files = pulled.files.iter().map(|file| {
        json!({
            "source": file.path,
            "title": file.title,
            "url": file.url,
            "certain": file.is_certain,
        })
    });
    let left = pulled.left.iter();
    let left = left.map(|left| json!({"source": left.path, "reason": left.reason.as_str()}));
    json!({
        "schema": "tributary.pull/1",
        "files": files.collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "commit": commit,
        "patch": pulled.patch(),
    })
}
