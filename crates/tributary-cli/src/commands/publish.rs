//! `tributary publish`: plan, then apply; with `--watch`, again at every change.

use std::path::{Path, PathBuf};

use clap::Args;
use tokio_util::sync::CancellationToken;
use tributary::links::{CheckedLinks, Links, check};
use tributary::publish::{Changed, Prepared, PublishReport, Watch, apply, plan, plan_at};
use tributary::store::write_atomically;
use tributary::{Error, repository};
use tributary_pages::markup::Flavor;

use crate::options::{LinksName, Target};
use crate::output::{Exit, Output};

use super::config::Resolved;
use super::targets::{Places, for_each, named, places, report_file};

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
    /// Look afterwards whether the links of the published pages lead anywhere; `--check-links=all`
    /// asks other servers too
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "internal",
        conflicts_with = "dry_run"
    )]
    pub check_links: Option<LinksName>,
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
    publish(options, output, &cancel).await
}

/// Publishes to each target.
async fn publish(
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Exit, Error> {
    let places = places(&options.target).await?;
    for_each(
        &places,
        "tributary.reports/1",
        output,
        cancel,
        async |place| {
            let report = once(&places, place, options, output, cancel).await?;
            Ok((exit_of(&report), report.to_json()))
        },
    )
    .await
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
        let ended = match publish(options, output, cancel).await {
            Ok(exit) => exit,
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
    places: &Places,
    place: &Resolved,
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<PublishReport, Error> {
    let prepared = prepare(places, place, output, cancel).await?;
    if options.diff {
        for step in &prepared.plan.steps {
            output.step(step, &prepared, true);
        }
    }
    let audit = super::audit::open().await?;
    let line = output.progress();
    let digest = prepared.plan.digest.clone();
    let tell = |progress| line.show(&progress);
    let mut report = apply(&prepared, &digest, &audit, &tell, cancel).await?;
    line.finish();
    if let Some(which) = options.check_links
        && !report.cancelled
        && report.stopped_by.is_none()
    {
        report.add_links(check_links(&prepared, &report, which.into()).await?);
    }
    output.report(&report);
    skipped(&prepared, output);
    if report.stopped_by.is_none() {
        // What was published is published; a note that fails is said and costs nothing else.
        if let Err(error) = super::accounts::remember(&prepared, &options.target).await {
            output.error(&error);
        }
    }
    if let Some(path) = &options.report {
        let path = match place.name().filter(|_| places.are_several()) {
            Some(name) => report_file(path, name),
            None => path.clone(),
        };
        let report = named(report.to_json(), place.name());
        write_atomically(&path, format!("{report:#}\n").as_bytes())?;
    }
    Ok(report)
}

/// Looks at the links of the pages that are there after a publish.
async fn check_links(
    prepared: &Prepared,
    report: &PublishReport,
    which: Links,
) -> Result<CheckedLinks, Error> {
    let pages: Vec<String> = report
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.page_id.clone())
        .collect();
    let spaces = std::slice::from_ref(&prepared.space);
    check(&prepared.client, spaces, &pages, which).await
}

/// Reads, looks and plans, with a line that shows how far it is.
pub(crate) async fn prepare(
    places: &Places,
    place: &Resolved,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Prepared, Error> {
    let client = place.client().await?;
    let line = output.progress();
    let tell = |progress| line.show(&progress);
    let planned = match &places.pinned {
        Some(pinned) => plan_at(&client, &place.request, pinned, &tell, cancel).await,
        None => plan(&client, &place.request, &tell, cancel).await,
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
