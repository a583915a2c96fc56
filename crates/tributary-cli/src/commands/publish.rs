//! `tributary publish`: plan, then apply; with `--watch` again at every change, with `--every` or
//! `--at` by the clock.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use jiff::ZonedDateTime;
use tokio_util::sync::CancellationToken;
use tributary::links::{CheckedLinks, Links, check};
use tributary::publish::{
    Changed, PastReports, Prepared, PublishReport, Repeat, Waited, Watch, apply, wait_until,
};
use tributary::store::{Paths, write_atomically};
use tributary::{Error, repository};

use crate::options::{LinksName, Target};
use crate::output::{Exit, Output};

use super::config::Resolved;
use super::preparing::{exit_of, interruptible, prepare, skipped};
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
    /// Publish again whenever a file is saved or a commit is made, until Ctrl-C, but not while another
    /// branch than at first is checked out, or a merge is under way; with `--repo` whenever its branch
    /// has a new commit, for which the host is asked once a minute
    #[arg(long, conflicts_with_all = ["dry_run", "json"])]
    pub watch: bool,
    /// Publish again after so long, such as 15m or 2h, until Ctrl-C; with `--watch --repo` how often
    /// the host is asked
    #[arg(long, value_name = "TIME", conflicts_with_all = ["dry_run", "json", "at"])]
    pub every: Option<String>,
    /// Publish again at these times of the day, such as 06:30,18:00, until Ctrl-C
    #[arg(
        long,
        value_name = "TIMES",
        value_delimiter = ',',
        conflicts_with_all = ["dry_run", "json"]
    )]
    pub at: Vec<String>,
}

/// How often a host is asked for a new commit.
const USUAL_LOOK: &str = "1m";
/// How long most commands of Git take at the very most that leave the files as they are.
const A_MOMENT: Duration = Duration::from_secs(1);

impl Options {
    /// When it is done again by the clock.
    fn repeat(&self) -> Result<Option<Repeat>, Error> {
        match (&self.every, self.at.as_slice()) {
            (Some(every), _) => Repeat::every(every).map(Some),
            (None, []) if self.follows_host() => Repeat::every(USUAL_LOOK).map(Some),
            (None, []) => Ok(None),
            (None, at) => Repeat::at(at).map(Some),
        }
    }

    /// Where the sources are, if not at a host.
    fn first_path(&self) -> &Path {
        let first = self.target.paths.first();
        first.map_or(Path::new("."), PathBuf::as_path)
    }

    /// Whether it publishes by itself until somebody ends it.
    fn goes_on(&self) -> bool {
        self.watch || self.every.is_some() || !self.at.is_empty()
    }

    /// Whether nothing is published unless the repository at a host has a new commit.
    fn follows_host(&self) -> bool {
        self.watch && self.target.repo.is_some()
    }
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.dry_run {
        return super::plan::show(&options.target, options.diff, output).await;
    }
    let cancel = interruptible();
    let repeat = options.repeat()?;
    if options.watch || repeat.is_some() {
        return again_and_again(options, repeat.as_ref(), output, &cancel).await;
    }
    let places = places(&options.target).await?;
    publish(&places, options, output, &cancel).await
}

/// Publishes to each target.
async fn publish(
    places: &Places,
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Exit, Error> {
    for_each(
        places,
        "tributary.reports/1",
        output,
        cancel,
        async |place| {
            let report = once(places, place, options, output, cancel).await?;
            Ok((exit_of(&report), report.to_json()))
        },
    )
    .await
}

/// Publishes at every change, or when it is time, until it is interrupted. Ends as the last publish
/// ended. What goes wrong is said, and tried again the next time.
async fn again_and_again(
    options: &Options,
    repeat: Option<&Repeat>,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Exit, Error> {
    // Before the first publish, so that what changes while it runs is not missed.
    let mut watched = match options.watch && options.target.repo.is_none() {
        true => {
            let root = repository::open(options.first_path())?.root;
            let watch = Watch::over(&root)?;
            Some((watch, root))
        }
        false => None,
    };
    let mut followed = Followed::default();
    let mut is_first = true;
    let mut ended = Exit::Done;
    loop {
        let began = ZonedDateTime::now();
        match turn(options, &mut followed, output, cancel).await {
            Ok(Some(exit)) => ended = exit,
            Ok(None) => {}
            // What was asked for is wrong, and not what was found.
            Err(error) if is_first && Exit::of(error.kind()) == Exit::Usage => return Err(error),
            Err(error) => {
                followed.tell(&error, output);
                ended = Exit::of(error.kind());
            }
        }
        is_first = false;
        if cancel.is_cancelled() {
            return Ok(Exit::Interrupted);
        }
        let due = repeat.map(|repeat| repeat.next(&began));
        if !std::mem::replace(&mut followed.is_quiet, options.follows_host()) {
            output.say(&waits_for(options, watched.as_ref(), due.as_ref()));
        }
        let by_clock = async {
            match &due {
                Some(due) => wait_until(due.timestamp(), cancel).await,
                None => std::future::pending().await,
            }
        };
        let by_change = async {
            match &mut watched {
                Some((watch, _)) => watch.changed(cancel).await,
                None => std::future::pending().await,
            }
        };
        let is_over = tokio::select! {
            waited = by_clock => waited == Waited::Cancelled,
            changed = by_change => changed == Changed::Cancelled,
        };
        if is_over {
            return Ok(ended);
        }
    }
}

/// What is known of a repository that is followed, at a host or in a folder.
#[derive(Default)]
struct Followed {
    /// The commit that all of was published, of one at a host.
    commit: Option<String>,
    /// The branch that was checked out in the folder at first, when somebody asked for it, or that none was.
    branch: Option<Option<String>>,
    /// What went wrong last.
    trouble: Option<String>,
    /// Whether it was said what is waited for.
    is_quiet: bool,
}

impl Followed {
    /// Why nothing is published from a folder now: nobody looks at what would be, and its files are half of
    /// one state and half of another, or of another branch than at first.
    fn waits_for(&mut self, folder: &Path) -> Result<Option<String>, Error> {
        let repository = repository::open(folder)?;
        if let Some(what) = repository.under_way() {
            return Ok(Some(format!("in the working copy {what}")));
        }
        let Some(head) = repository.head else {
            return Ok(None);
        };
        let now = head.branch;
        let first = self.branch.get_or_insert_with(|| now.clone());
        if *first == now {
            return Ok(None);
        }
        let named = |branch: Option<&str>| match branch {
            Some(name) => format!("`{name}`"),
            None => "no branch".to_owned(),
        };
        let (first, now) = (named(first.as_deref()), named(now.as_deref()));
        Ok(Some(format!(
            "{now} is checked out, and {first} was published"
        )))
    }

    /// Says what went wrong, once for as long as it goes on.
    fn tell(&mut self, error: &Error, output: &Output) {
        let chain = error.chain();
        if self.trouble.as_ref() != Some(&chain) || !self.is_quiet {
            output.error(error);
        }
        self.trouble = Some(chain);
    }
}

/// Publishes once; none when a repository that is followed has no new commit, or waits for its working copy.
async fn turn(
    options: &Options,
    followed: &mut Followed,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Option<Exit>, Error> {
    let places = places(&options.target).await?;
    if options.target.repo.is_none() {
        let folder = options.first_path();
        let mut waits = followed.waits_for(folder)?;
        if waits.is_some() {
            // What Git does beside a file that was saved changes no other, so that nothing tells its end.
            tokio::select! {
                () = tokio::time::sleep(A_MOMENT) => {}
                () = cancel.cancelled() => {}
            }
            waits = followed.waits_for(folder)?;
        }
        if let Some(why) = waits {
            output.say(&format!("nothing is published meanwhile: {why}"));
            return Ok(None);
        }
    }
    let commit = places.pinned.as_ref().map(|pinned| &pinned.commit.id);
    if options.follows_host() && commit.is_some() && commit == followed.commit.as_ref() {
        return Ok(None);
    }
    followed.is_quiet = false;
    let exit = publish(&places, options, output, cancel).await?;
    followed.trouble = None;
    // What needs somebody will not be mended by trying again; what broke off may be.
    followed.commit = match exit {
        Exit::Done | Exit::Attention => commit.cloned(),
        _ => None,
    };
    Ok(Some(exit))
}

/// The words for what is waited for.
fn waits_for(
    options: &Options,
    watched: Option<&(Watch, PathBuf)>,
    due: Option<&ZonedDateTime>,
) -> String {
    let due = due.map(|due| due.strftime("%Y-%m-%d %H:%M:%S").to_string());
    match (watched, due) {
        (Some((_, root)), None) => {
            format!("watching `{}` for changes; Ctrl-C ends it", root.display())
        }
        (Some((_, root)), Some(due)) => format!(
            "watching `{}` for changes, and publishing again at {due}; Ctrl-C ends it",
            root.display()
        ),
        (None, Some(_)) if options.follows_host() => format!(
            "watching `{}` for a new commit; Ctrl-C ends it",
            options.target.repo.as_deref().unwrap_or_default()
        ),
        (None, due) => format!(
            "publishing again at {}; Ctrl-C ends it",
            due.unwrap_or_default()
        ),
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
    let (target, links) = (&options.target, options.check_links);
    let reports = PastReports::new(&Paths::of_user()?);
    let reports = match options.goes_on() {
        true => reports.by_itself(),
        false => reports,
    };
    let kept = (prepared, reports);
    let report = carry_out(kept, target, options.diff, links, output, cancel).await?;
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

/// Carries a plan out, with where its report is kept, and shows what became of it.
pub(crate) async fn carry_out(
    (mut prepared, reports): (Prepared, PastReports),
    target: &Target,
    diff: bool,
    links: Option<LinksName>,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<PublishReport, Error> {
    // Also what is killed half-way can be taken back then.
    prepared.keep_report(reports, false, None);
    if diff {
        super::plan::show_steps(&prepared, true, output).await?;
    }
    let audit = super::audit::open().await?;
    let line = output.progress();
    let digest = prepared.plan.digest.clone();
    let tell = |progress| line.show(&progress);
    let mut report = apply(&prepared, &digest, &audit, &tell, cancel).await?;
    line.finish();
    if let Some(which) = links
        && !report.cancelled
        && report.stopped_by.is_none()
    {
        report.add_links(check_links(&prepared, &report, which.into()).await?);
    }
    output.report(&report);
    skipped(&prepared, output);
    if report.stopped_by.is_none() {
        // What was published is published; a note that fails is said and costs nothing else.
        if let Err(error) = super::accounts::remember(&prepared, target).await {
            output.error(&error);
        }
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
