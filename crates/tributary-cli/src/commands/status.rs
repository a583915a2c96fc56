//! `tributary status`: how the published pages stand against their sources.

use std::collections::{BTreeMap, HashMap};

use clap::Args;
use serde_json::{Value, json};
use tributary::browse::{Behind, behind};
use tributary::hosts::Repository;
use tributary::links::{CheckedLinks, check};
use tributary::publish::Prepared;
use tributary::published::MOST_COUNTED;
use tributary::{Error, ErrorKind, repository};
use tributary_pages::plan::{Refusal, Step, StepKind};

use crate::options::{LinksName, Target};
use crate::output::{Exit, Output};

use super::config::Resolved;
use super::preparing::{interruptible, prepare};
use super::published::{Found, State, Wanted, by_commits, look};
use super::targets::{Places, for_each, places};

/// How a page stands whose source changed since.
const BEHIND: &str = "behind";

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub target: Target,
    /// Look at everything that was published from Git to the site, from any repository; with
    /// `--space` in that space alone
    #[arg(long, conflicts_with = "repo")]
    pub all: bool,
    /// With `--all`, only what was published from this repository: its address, a folder of it, or its
    /// name as `--json` tells it
    #[arg(long, value_name = "REPOSITORY", requires = "all")]
    pub from: Option<String>,
    /// With `--all`, only in the spaces that this account publishes to: its id or name as
    /// `tributary accounts` lists it
    #[arg(long, value_name = "ACCOUNT", requires = "all")]
    pub account: Option<String>,
    /// With `--all`, only pages that stand so; several are separated by commas
    #[arg(
        long = "state",
        value_enum,
        value_name = "STATE",
        value_delimiter = ',',
        requires = "all"
    )]
    pub states: Vec<State>,
    /// Look whether the links of the published pages lead anywhere; `--check-links=all` asks other
    /// servers too
    #[arg(
        long,
        alias = "links",
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "internal"
    )]
    pub check_links: Option<LinksName>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.all {
        return run_all(options, output).await;
    }
    let places = places(&options.target).await?;
    let cancel = interruptible();
    for_each(
        &places,
        "tributary.statuses/1",
        output,
        &cancel,
        async |place| {
            let prepared = prepare(&places, place, output, &cancel).await?;
            let commits = count_commits(&places, place, &prepared, output).await?;
            let mut shown = show(&prepared, &commits, output);
            let mut exit = Exit::Done;
            if let Some(which) = options.check_links {
                let steps = prepared.plan.steps.iter();
                let titles: HashMap<&str, &str> = steps
                    .filter_map(|step| Some((step.page_id.as_deref()?, &*step.title)))
                    .collect();
                let pages: Vec<String> = titles.keys().map(|id| (*id).to_owned()).collect();
                let spaces = std::slice::from_ref(&prepared.space);
                let links = check(&prepared.client, spaces, &pages, which.into()).await?;
                output.links(&links, &titles);
                shown["links"] = links.to_json();
                exit = exit_with(&links);
            }
            Ok((exit, shown))
        },
    )
    .await
}

/// In how many commits the sources of pages that are behind changed since these were published, by
/// their paths. What something else made so, a template or a change that is in no commit yet, has no
/// count, and neither has a folder without Git. A count that is not to be had is said, and takes
/// nothing from the rest.
async fn count_commits(
    places: &Places,
    place: &Resolved,
    prepared: &Prepared,
    output: &Output,
) -> Result<HashMap<String, usize>, Error> {
    let Some(now) = &prepared.source.commit else {
        return Ok(HashMap::new());
    };
    let is_behind = |step: &&Step| state(step) == BEHIND;
    let stale = prepared.plan.steps.iter().filter(is_behind);
    let stale = stale.filter_map(|step| Some((step.path.clone(), step.published_commit.clone()?)));
    let mut stale: Vec<(String, String)> = stale.collect();
    if stale.is_empty() {
        return Ok(HashMap::new());
    }
    if stale.len() > MOST_COUNTED {
        output.say(&format!(
            "note: the commits of {MOST_COUNTED} sources are counted, and not those of {} others",
            stale.len() - MOST_COUNTED
        ));
        stale.truncate(MOST_COUNTED);
    }
    let counting = async {
        let repository = match &places.pinned {
            Some(pinned) => pinned.repository.clone(),
            None => of_folder(place).await?,
        };
        behind(&repository, now, &stale).await
    };
    match counting.await {
        Ok(counts) => Ok(counts
            .into_iter()
            .filter_map(|(path, counted)| match counted {
                Behind::Commits(count) if count > 0 => Some((path, count)),
                Behind::Commits(_) | Behind::Unknown => None,
            })
            .collect()),
        Err(error) if error.kind() == ErrorKind::Bug => Err(error),
        Err(error) => {
            output.say(&format!("note: commits are not counted: {error}"));
            Ok(HashMap::new())
        }
    }
}

/// The repository of the folder or file that a place is published from.
async fn of_folder(place: &Resolved) -> Result<Repository, Error> {
    let path = place.request.paths.first().cloned().unwrap_or_default();
    let opening =
        tokio::task::spawn_blocking(move || Repository::local(&repository::open(&path)?.root));
    opening.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "Opening the repository broke off").caused_by(error)
    })?
}

/// Shows how the pages of a plan stand, with the commits that they are behind by. Gives it as JSON
/// too.
fn show(prepared: &Prepared, commits: &HashMap<String, usize>, output: &Output) -> Value {
    let mut pages = Vec::new();
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for step in &prepared.plan.steps {
        let state = state(step);
        let count = commits.get(&step.path).copied();
        let count = count.filter(|_| state == BEHIND);
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
        if state != "up to date" || output.is_verbose() {
            let place = step.url.as_deref().unwrap_or(&step.path);
            let state = by_commits(state, count);
            output.say(&format!("{state:<15} {} ({place})", step.title));
        }
        pages.push(json!({
            "source": step.path,
            "title": step.title,
            "page_id": step.page_id,
            "url": step.url,
            "state": state.replace(' ', "_"),
            "commits_behind": count,
        }));
    }
    let words: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    output.say(&if words.is_empty() {
        "no pages".to_owned()
    } else {
        words.join(", ")
    });
    json!({
        "schema": "tributary.status/1",
        "site": prepared.client.site(),
        "space": prepared.space.key,
        "pages": pages,
    })
}

/// Looks at everything that was published to a site.
async fn run_all(options: &Options, output: &Output) -> Result<Exit, Error> {
    let wanted = Wanted {
        from: options.from.as_deref(),
        account: options.account.as_deref(),
    };
    let cancel = interruptible();
    let mut looked = look(&options.target, wanted, output, &cancel).await?;
    if !options.states.is_empty() {
        let is_asked = |found: &Found| options.states.contains(&found.state);
        looked.pages.retain(is_asked);
    }
    let links = match options.check_links {
        Some(which) => {
            let ids = looked.pages.iter().map(|found| found.page.id.clone());
            let ids: Vec<String> = ids.collect();
            Some(check(&looked.client, &looked.spaces, &ids, which.into()).await?)
        }
        None => None,
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pages = Vec::new();
    for found in &looked.pages {
        *counts.entry(found.state.in_words()).or_default() += 1;
        let broken = links
            .as_ref()
            .map(|links| links.broken_on(&found.page.id).count());
        // What somebody asked for by name is told, whatever it is.
        let is_told = found.state != State::UpToDate || !options.states.is_empty();
        if is_told || broken.is_some_and(|count| count > 0) || output.is_verbose() {
            output.say(&line_of(found, broken));
        }
        pages.push(found.to_json(broken));
    }
    let words: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    output.say(&if words.is_empty() {
        "no pages".to_owned()
    } else {
        words.join(", ")
    });
    if looked.not_asked > 0 {
        output.say(&format!(
            "note: {} pages that people wrote beside these were not asked whether they were \
             published once",
            looked.not_asked
        ));
    }
    if let Some(links) = &links {
        let titles = looked.pages.iter();
        let titles = titles.map(|found| (found.page.id.as_str(), found.page.title.as_str()));
        output.links(links, &titles.collect());
    }
    if output.is_json() {
        let mut shown = json!({
            "schema": "tributary.published/1",
            "site": looked.client.site(),
            "pages": pages,
            "not_asked": looked.not_asked,
            "not_reached": looked.not_reached,
        });
        if let Some(links) = &links {
            shown["links"] = links.to_json();
        }
        output.json(&shown)?;
    }
    Ok(links.map_or(Exit::Done, |links| exit_with(&links)))
}

/// A page in words: how it stands, where it came from, and its broken links where they were looked for.
fn line_of(found: &Found, broken: Option<usize>) -> String {
    let broken = match broken {
        None | Some(0) => String::new(),
        Some(1) => ", 1 link leads nowhere".to_owned(),
        Some(count) => format!(", {count} links lead nowhere"),
    };
    format!(
        "{:<15} {} ({}, {}{broken})",
        found.state_in_words(),
        found.page.title,
        found.source_in_words(),
        found.page.url
    )
}

/// A link that leads nowhere needs somebody to act.
fn exit_with(links: &CheckedLinks) -> Exit {
    match links.broken.is_empty() {
        true => Exit::Done,
        false => Exit::Attention,
    }
}

/// Whether somebody's words were merged into the page, which its source lacks.
fn holds_edit(step: &Step) -> bool {
    let marker = step.marker.as_ref();
    marker.is_some_and(|marker| marker.merged.is_some())
}

fn state(step: &Step) -> &'static str {
    match &step.kind {
        StepKind::Leave if holds_edit(step) => "merged",
        StepKind::Leave => "up to date",
        StepKind::Update { .. } if step.merges.is_some() => "edited by hand",
        StepKind::Update { .. } | StepKind::Move { .. } => BEHIND,
        StepKind::Create | StepKind::Restore { .. } => "not published",
        StepKind::Refuse {
            refusal: Refusal::EditedByHand,
            ..
        } => "edited by hand",
        StepKind::Refuse { .. } => "refused",
        StepKind::Orphan | StepKind::Archive { .. } | StepKind::Trash { .. } => "orphaned",
    }
}
