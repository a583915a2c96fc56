//! `tributary undo`: restores the versions that a publish replaced.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tributary::publish::{PastReport, PastReports, Undone, apply, plan_undo};
use tributary::store::{Paths, read_if_there, write_atomically};
use tributary::{Error, ErrorKind};

use crate::options::{Reach, Target};
use crate::output::{Exit, Output};

use super::config::Resolved;
use super::preparing::{exit_of, interruptible};

/// What to take back.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The report that `tributary publish --report` wrote, or the number of a publish that `--list` names
    #[arg(value_name = "REPORT", required_unless_present_any = ["last", "list"])]
    pub undone: Option<PathBuf>,
    /// Take the last publish back that was made here and not taken back, also one that was killed half-way
    #[arg(long, conflicts_with_all = ["undone", "list"])]
    pub last: bool,
    /// List the last publishes that were made here and can be taken back
    #[arg(long, conflicts_with_all = ["undone", "dry_run", "diff", "report"])]
    pub list: bool,
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
    let reports = PastReports::new(&Paths::of_user()?);
    if options.list {
        list(&reports, output)?;
        return Ok(Exit::Done);
    }
    let (past, undone) = chosen(options, &reports)?;
    if let Some(past) = &past {
        output.say(&told(past));
    }
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
    let mut prepared = plan_undo(&client, &undone, concurrency, &tell, &cancel).await?;
    let of = past.map_or_else(String::new, |past| past.id);
    prepared.keep_report(reports, false, Some(&of));
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

/// The publish that is to be taken back, with what is kept of it where it is one of those.
fn chosen(options: &Options, reports: &PastReports) -> Result<(Option<PastReport>, Undone), Error> {
    let Some(file) = &options.undone else {
        let can_be = |past: &PastReport| past.taken_back.is_none() && !past.takes_back;
        let last = kept(reports)?.into_iter().find(can_be);
        let last = last.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "No publish is kept that can be taken back",
            )
            .remedy("Name a file that `tributary publish --report FILE` wrote")
        })?;
        let (past, undone) = reports.read(&last.id)?;
        return Ok((Some(past), undone));
    };
    if let Some(report) = read_if_there(file)? {
        return Ok((None, Undone::read(&report)?));
    }
    let number = file.to_str().unwrap_or_default();
    if let Some(past) = kept(reports)?.into_iter().find(|past| past.id == number) {
        let (past, undone) = reports.read(&past.id)?;
        return Ok((Some(past), undone));
    }
    Err(Error::new(
        ErrorKind::NotFound,
        format!("`{}` is not there", file.display()),
    )
    .remedy(
        "Name a file that `tributary publish --report FILE` wrote, or a publish that `tributary undo \
         --list` names",
    ))
}

/// The publishes that are kept, the last one first. Those to the window's sandbox are the window's.
fn kept(reports: &PastReports) -> Result<Vec<PastReport>, Error> {
    let kept = reports.list()?.into_iter();
    Ok(kept.filter(|past| !past.in_sandbox).collect())
}

fn told(past: &PastReport) -> String {
    let mut told = format!(
        "{}  {}  {} in {}: {} made, {} changed",
        past.id,
        past.finished.strftime("%Y-%m-%d %H:%M:%SZ"),
        past.repository,
        past.space,
        past.created,
        past.changed
    );
    if past.broke_off {
        told.push_str("; it broke off");
    }
    if past.by_itself {
        told.push_str("; by itself");
    }
    if past.takes_back {
        told.push_str("; it took another one back");
    }
    if past.taken_back.is_some() {
        told.push_str("; taken back");
    }
    told
}

fn list(reports: &PastReports, output: &Output) -> Result<(), Error> {
    let kept = kept(reports)?;
    if output.is_json() {
        let listed = kept.iter().map(|past| {
            json!({
                "id": past.id,
                "finished": past.finished.to_string(),
                "site": past.site,
                "space": past.space,
                "repository": past.repository,
                "created": past.created,
                "changed": past.changed,
                "broke_off": past.broke_off,
                "by_itself": past.by_itself,
                "takes_back": past.takes_back,
                "taken_back": past.taken_back.map(|when| when.to_string()),
            })
        });
        let listed: Vec<_> = listed.collect();
        return output.json(&json!({"schema": "tributary.publishes/1", "publishes": listed}));
    }
    for past in &kept {
        output.say(&told(past));
    }
    Ok(())
}
