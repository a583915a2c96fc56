//! `tributary publish`: plan, then apply; with `--watch`, again at every change.

use std::path::{Path, PathBuf};

use clap::Args;
use tokio_util::sync::CancellationToken;
use tributary::publish::{Changed, Prepared, PublishReport, Watch, apply, plan, plan_at};
use tributary::store::write_atomically;
use tributary::{Error, repository};
use tributary_pages::markup::Flavor;

use crate::options::Target;
use crate::output::{Exit, Output};

use super::config::Resolved;

/// What to publish, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub target: Target,
    /// Plan only; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show what changes on each page
    #[arg(long)]
    pub diff: bool,
    /// Write the report to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Publish again whenever a file is saved or a commit is made, until Ctrl-C
    #[arg(long, conflicts_with_all = ["dry_run", "json", "repo"])]
    pub watch: bool,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.dry_run {
        return super::plan::show(&options.target, options.diff, output).await;
    }
    let cancel = interruptible();
    if options.watch {
        return watch(options, output, &cancel).await;
    }
    let report = once(options, output, &cancel).await?;
    if output.is_json() {
        output.json(&report.to_json())?;
    }
    Ok(exit_of(&report))
}

/// Publishes at every change until it is interrupted. Ends as the last publish ended.
async fn watch(
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Exit, Error> {
    let first = options.target.paths.first();
    let root = repository::open(first.map_or(Path::new("."), PathBuf::as_path))?.root;
    // Before the first publish, so that what changes while it runs is not missed.
    let mut watch = Watch::over(&root)?;
    loop {
        let ended = match once(options, output, cancel).await {
            Ok(report) => exit_of(&report),
            // Wrong usage stays wrong however often a file is saved.
            Err(error) if Exit::of(error.kind()) == Exit::Usage => return Err(error),
            Err(error) => {
                output.error(&error);
                Exit::of(error.kind())
            }
        };
        if cancel.is_cancelled() {
            return Ok(Exit::Interrupted);
        }
        output.say(&format!(
            "watching `{}` for changes; Ctrl-C ends it",
            root.display()
        ));
        if watch.changed(cancel).await == Changed::Cancelled {
            return Ok(ended);
        }
    }
}

/// Publishes what differs now.
async fn once(
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<PublishReport, Error> {
    let prepared = prepare(&options.target, output, cancel).await?;
    if options.diff {
        for step in &prepared.plan.steps {
            output.step(step, &prepared, true);
        }
    }
    let audit = super::audit::open().await?;
    let line = output.progress();
    let digest = prepared.plan.digest.clone();
    let tell = |progress| line.show(&progress);
    let report = apply(&prepared, &digest, &audit, &tell, cancel).await?;
    line.finish();
    output.report(&report);
    skipped(&prepared, output);
    if report.stopped_by.is_none() {
        // What was published is published; a note that fails is said and costs nothing else.
        if let Err(error) = super::accounts::remember(&prepared, &options.target).await {
            output.error(&error);
        }
    }
    if let Some(path) = &options.report {
        write_atomically(path, format!("{:#}\n", report.to_json()).as_bytes())?;
    }
    Ok(report)
}

/// Reads, looks and plans, with a line that shows how far it is.
pub(crate) async fn prepare(
    target: &Target,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let pinned = super::repository::open(target).await?;
    let resolved = Resolved::of(target, pinned.as_ref()).await?;
    let client = resolved.client().await?;
    let line = output.progress();
    let tell = |progress| line.show(&progress);
    let planned = match &pinned {
        Some(pinned) => plan_at(&client, &resolved.request, pinned, &tell, cancel).await,
        None => plan(&client, &resolved.request, &tell, cancel).await,
    };
    line.finish();
    let planned = planned?;
    if planned.plan.minor_edit && planned.client.flavor() == Flavor::Cloud {
        output.say(
            "note: Confluence Cloud's API has no minor edits of pages, so watchers are told of \
             new versions",
        );
    }
    Ok(planned)
}

/// Says which files were left out.
pub(crate) fn skipped(prepared: &Prepared, output: &Output) {
    for skipped in &prepared.skipped {
        output.say(&format!("skipped    {}: {}", skipped.path, skipped.reason));
    }
}

/// A token that Ctrl-C or a termination cancels: what has begun is finished, the rest is not
/// reached.
pub(crate) fn interruptible() -> CancellationToken {
    let cancel = CancellationToken::new();
    let pressed = cancel.clone();
    tokio::spawn(async move {
        super::sandbox::wait_for_interrupt().await;
        pressed.cancel();
    });
    cancel
}

/// How a publish ended.
pub(crate) fn exit_of(report: &PublishReport) -> Exit {
    if report.cancelled {
        return Exit::Interrupted;
    }
    match &report.stopped_by {
        Some((kind, _)) => Exit::of(*kind),
        None if report.is_complete() => Exit::Done,
        None => Exit::Attention,
    }
}
