//! `tributary publish`: plan, then apply.

use std::path::PathBuf;

use clap::Args;
use tokio_util::sync::CancellationToken;
use tributary::Error;
use tributary::publish::{Prepared, PublishReport, apply, plan};
use tributary::store::write_atomically;

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
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.dry_run {
        return super::plan::show(&options.target, options.diff, output).await;
    }
    let cancel = interruptible();
    let prepared = prepare(&options.target, output, &cancel).await?;
    if options.diff {
        for step in &prepared.plan.steps {
            output.step(step, &prepared, true);
        }
    }
    let line = output.progress();
    let digest = prepared.plan.digest.clone();
    let report = apply(
        &prepared,
        &digest,
        &|progress| line.show(&progress),
        &cancel,
    )
    .await?;
    line.finish();
    output.report(&report);
    skipped(&prepared, output);
    if let Some(path) = &options.report {
        write_atomically(path, format!("{:#}\n", report.to_json()).as_bytes())?;
    }
    if output.is_json() {
        output.json(&report.to_json())?;
    }
    Ok(exit_of(&report))
}

/// Reads, looks and plans, with a line that shows how far it is.
pub(crate) async fn prepare(
    target: &Target,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let resolved = Resolved::of(target)?;
    let client = resolved.client().await?;
    let line = output.progress();
    let planned = plan(
        &client,
        &resolved.request,
        &|progress| line.show(&progress),
        cancel,
    )
    .await;
    line.finish();
    planned
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

fn exit_of(report: &PublishReport) -> Exit {
    if report.cancelled {
        return Exit::Interrupted;
    }
    match &report.stopped_by {
        Some((kind, _)) => Exit::of(*kind),
        None if report.is_complete() => Exit::Done,
        None => Exit::Attention,
    }
}
