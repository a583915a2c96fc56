//! `tributary status`: how the published pages stand against their sources.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use tributary::account::Account;
use tributary::browse::MOST_COMMITS_COUNTED;
use tributary::hosts::Urgency;
use tributary::links::{CheckedLinks, check};
use tributary::publish::Prepared;
use tributary::published::{
    PublishedPage, Standing, compare, find_source, identity_of, list, open_source,
};
use tributary::settings::{PublishedFrom, Settings};
use tributary::store::Paths;
use tributary::{Error, ErrorKind, repository};
use tributary_pages::plan::{Refusal, Step, StepKind};
use url::Url;

use crate::options::{LinksName, Target};
use crate::output::{Exit, Output};

use super::preparing::{interruptible, prepare};
use super::targets::{for_each, places};

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
            let mut shown = show(&prepared, output);
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

/// Shows how the pages of a plan stand. Gives it as JSON too.
fn show(prepared: &Prepared, output: &Output) -> Value {
    let mut pages = Vec::new();
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for step in &prepared.plan.steps {
        let state = state(step);
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
        if state != "up to date" || output.is_verbose() {
            let place = step.url.as_deref().unwrap_or(&step.path);
            output.say(&format!("{state:<15} {} ({place})", step.title));
        }
        pages.push(json!({
            "source": step.path,
            "title": step.title,
            "page_id": step.page_id,
            "url": step.url,
            "state": state.replace(' ', "_"),
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
    let client = super::config::site_client(&options.target).await?;
    let mut spaces = match &options.target.space {
        Some(key) => vec![client.space(key).await?],
        None => client.spaces().await?,
    };
    let accounts = super::accounts::open().await?;
    if let Some(name) = &options.account {
        // Those of others are not listed at all.
        let id = accounts.find(name)?.id;
        let site = Url::parse(client.site()).map_err(|error| {
            Error::new(ErrorKind::Bug, "The site's address is none").caused_by(error)
        })?;
        let mut theirs = Vec::new();
        for space in spaces {
            let used = accounts.account_for_site(&site, Some(&space.key))?;
            if used.is_some_and(|used| used.id == id) {
                theirs.push(space);
            }
        }
        spaces = theirs;
    }
    let mut settings = Settings::load(&Paths::of_user()?)?;
    // Where the command is given is looked at first.
    for path in options.target.paths.iter().rev() {
        if let Ok(here) = repository::open(path) {
            settings.remember_folder(&here.root);
        }
    }
    let known: Vec<String> = settings
        .recent
        .iter()
        .filter_map(|folder| identity_of(&PublishedFrom::Folder(folder.clone()), &[]))
        .collect();
    let listed = accounts.list()?;
    let wanted = options.from.as_ref().map(|from| names_of(from, &listed));
    let known: Vec<String> = known
        .into_iter()
        .chain(wanted.clone().into_iter().flatten())
        .collect();
    let mut found = list(&client, &spaces, &known, &|_| {}).await?;
    if let Some(wanted) = wanted {
        found.pages.retain(|page| {
            let mut names = wanted.iter();
            let of = page.repository.as_deref().unwrap_or_default();
            names.any(|name| name.eq_ignore_ascii_case(of))
        });
    }
    let cache = super::repository::cache().await?;
    let mut by_repository: BTreeMap<&str, Vec<PublishedPage>> = BTreeMap::new();
    for page in &found.pages {
        let identity = page.repository.as_deref().unwrap_or_default();
        by_repository
            .entry(identity)
            .or_default()
            .push(page.clone());
    }
    let mut standings: HashMap<String, Standing> = HashMap::new();
    let http = super::network::http().await?;
    for (identity, pages) in by_repository {
        let Some(from) = find_source(identity, &settings, &listed) else {
            output.say(&format!(
                "note: nothing tells where `{identity}` can be read; its pages are not compared"
            ));
            continue;
        };
        let compared = async {
            match open_source(&accounts, &http, cache.clone(), &from, Urgency::Waited).await? {
                Some(opened) => compare(&opened, &pages).await,
                None => Err(Error::new(
                    ErrorKind::InvalidInput,
                    "the folder has no commits to compare with",
                )),
            }
        };
        match compared.await {
            Ok(compared) => standings.extend(compared),
            Err(error) if error.kind() == ErrorKind::Bug => return Err(error),
            Err(error) => output.say(&format!(
                "note: the pages of `{}` are not compared: {error}",
                named(&from, identity)
            )),
        }
    }
    let links = match options.check_links {
        Some(which) => {
            let ids: Vec<String> = found.pages.iter().map(|page| page.id.clone()).collect();
            Some(check(&client, &spaces, &ids, which.into()).await?)
        }
        None => None,
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut pages = Vec::new();
    for page in &found.pages {
        let standing = standings.get(&page.id).copied();
        let (state, commits) = state_of(page, standing.unwrap_or(Standing::Unknown));
        *counts.entry(state.to_owned()).or_default() += 1;
        if state != "up to date" || output.is_verbose() {
            let behind = commits.map_or_else(String::new, |count| match count {
                // As far as they are counted.
                MOST_COMMITS_COUNTED.. => format!(" by {MOST_COMMITS_COUNTED}+"),
                _ => format!(" by {count}"),
            });
            let path = page.path.as_deref().unwrap_or("-");
            output.say(&format!(
                "{:<15} {} ({path}, {})",
                format!("{state}{behind}"),
                page.title,
                page.url
            ));
        }
        let broken = links
            .as_ref()
            .map(|links| links.broken_on(&page.id).count());
        pages.push(json!({
            "title": page.title,
            "page_id": page.id,
            "url": page.url,
            "space": page.space_key,
            "version": page.version,
            "repository": page.repository,
            "source": page.path,
            "commit": page.commit,
            "branch": page.branch,
            "edited_by_hand": page.is_edited,
            "state": state.replace(' ', "_"),
            "commits_behind": commits,
            "broken_links": broken,
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
    if found.not_asked > 0 {
        output.say(&format!(
            "note: {} pages that people wrote beside these were not asked whether they were \
             published once",
            found.not_asked
        ));
    }
    if let Some(links) = &links {
        let titles = found.pages.iter();
        let titles = titles.map(|page| (page.id.as_str(), page.title.as_str()));
        output.links(links, &titles.collect());
    }
    if output.is_json() {
        let mut shown = json!({
            "schema": "tributary.published/1",
            "site": client.site(),
            "pages": pages,
            "not_asked": found.not_asked,
        });
        if let Some(links) = &links {
            shown["links"] = links.to_json();
        }
        output.json(&shown)?;
    }
    Ok(links.map_or(Exit::Done, |links| exit_with(&links)))
}

/// What a repository that somebody names may be called in the pages published from it.
fn names_of(named: &str, accounts: &[Account]) -> Vec<String> {
    let from = match Path::new(named).exists() {
        true => PublishedFrom::Folder(PathBuf::from(named)),
        false => PublishedFrom::Repository {
            address: named.to_owned(),
            reference: None,
        },
    };
    // A name that is an address without what it begins with is one already.
    let told = identity_of(&from, accounts);
    told.into_iter().chain([named.to_owned()]).collect()
}

/// A link that leads nowhere needs somebody to act.
fn exit_with(links: &CheckedLinks) -> Exit {
    match links.broken.is_empty() {
        true => Exit::Done,
        false => Exit::Attention,
    }
}

/// What a person calls a repository.
fn named(from: &PublishedFrom, identity: &str) -> String {
    match from {
        PublishedFrom::Folder(folder) => Path::new(folder).display().to_string(),
        PublishedFrom::Repository { .. } => identity.to_owned(),
    }
}

fn state_of(page: &PublishedPage, standing: Standing) -> (&'static str, Option<usize>) {
    match standing {
        Standing::SourceGone => ("orphaned", None),
        _ if page.is_edited => ("edited by hand", None),
        Standing::Current => ("up to date", None),
        Standing::Behind(count) => ("behind", count),
        Standing::Unknown => ("not compared", None),
    }
}

fn state(step: &Step) -> &'static str {
    match &step.kind {
        StepKind::Leave => "up to date",
        StepKind::Update { .. } if step.merges.is_some() => "edited by hand",
        StepKind::Update { .. } | StepKind::Move { .. } => "behind",
        StepKind::Create => "not published",
        StepKind::Refuse {
            refusal: Refusal::EditedByHand,
            ..
        } => "edited by hand",
        StepKind::Refuse { .. } => "refused",
        StepKind::Orphan | StepKind::Archive { .. } | StepKind::Trash { .. } => "orphaned",
    }
}
