//! `tributary undo`: restores the versions that a publish replaced.

use std::path::PathBuf;

use clap::Args;
use tributary::publish::{Prepared, Undone, apply, plan_undo};
use tributary::store::{read_if_there, write_atomically};
use tributary::{Error, ErrorKind};

use crate::options::{Reach, Target};
use crate::output::{Exit, Output};

use super::config::Resolved;
use super::publish::{exit_of, interruptible};

/// What to take back.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The report that `tributary publish --report` wrote
    #[arg(value_name = "REPORT")]
    pub undone: PathBuf,
    /// Plan only; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show what changes on each page
    #[arg(long)]
    pub diff: bool,
    /// Write the report of taking it back to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// How the site is reached.
    #[command(flatten)]
    pub reach: Reach,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let file = &options.undone;
    let report = read_if_there(file)?.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("`{}` is not there", file.display()),
        )
        .remedy("Name a file that `tributary publish --report FILE` wrote")
    })?;
    let undone = Undone::read(&report)?;
    let target = Target {
        paths: vec![PathBuf::from(".")],
        site: Some(undone.site.clone()),
        space: Some(undone.space.clone()),
        reach: options.reach.clone(),
        ..Target::default()
    };
    let resolved = Resolved::of_report(&target)?;
    let client = resolved.client().await?;
    let cancel = interruptible();
    let line = output.progress();
    let tell = |progress| line.show(&progress);
    let concurrency = resolved.request.concurrency;
    let prepared: Prepared = plan_undo(&client, &undone, concurrency, &tell, &cancel).await?;
    if options.dry_run {
        line.finish();
        let (exit, value) = super::plan::show_prepared(&prepared, options.diff, output).await?;
        if output.is_json() {
            output.json(&value)?;
        }
        return Ok(exit);
    }
    if options.diff {
        super::plan::show_steps(&prepared, true, output).await?;
    }
    let audit = super::audit::open().await?;
    let digest = prepared.plan.digest.clone();
    let report = apply(&prepared, &digest, &audit, &tell, &cancel).await?;
    line.finish();
    output.report(&report);
    if let Some(path) = &options.report {
        write_atomically(path, format!("{:#}\n", report.to_json()).as_bytes())?;
    }
    if output.is_json() {
        output.json(&report.to_json())?;
    }
    Ok(exit_of(&report))
}
