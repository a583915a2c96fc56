//! `tributary republish`: publish pages of a site again, each from its own repository.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::publish::PastReports;
use tributary::published::{Part, PublishedPage};
use tributary::settings::PublishedFrom;
use tributary::store::Paths;
use tributary::{Error, ErrorKind};

use crate::options::{OnConflictName, Reach, Target};
use crate::output::{Exit, Output, visible};

use super::config::Resolved;
use super::preparing::{exit_of, interruptible, shown};
use super::published::{Found, Looked, State, Wanted, look, named};

/// Which pages to publish again, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Clones and folders in which repositories are looked for first; beside them where they were
    /// published from the window, and at the Git hosts that somebody is signed in to
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The site's address, such as `https://acme.atlassian.net/wiki`
    #[arg(long, value_name = "URL")]
    pub site: Option<String>,
    /// Only pages of this space, by its key
    #[arg(long, value_name = "KEY")]
    pub space: Option<String>,
    /// How the site is reached.
    #[command(flatten)]
    pub reach: Reach,
    /// Only what was published from this repository: its address, a folder of it, or its name as
    /// `tributary status --all` tells it
    #[arg(long, value_name = "REPOSITORY")]
    pub from: Option<String>,
    /// Only in the spaces that this account publishes to: its id or name as `tributary accounts`
    /// lists it
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Only this page: its id, its address, or its source as `tributary status --all` tells it; may
    /// be given several times
    #[arg(long = "page", value_name = "PAGE")]
    pub pages: Vec<String>,
    /// Only pages that stand so; several are separated by commas. What is behind when neither this
    /// nor `--page` is given
    #[arg(
        long = "state",
        value_enum,
        value_name = "STATE",
        value_delimiter = ','
    )]
    pub states: Vec<State>,
    /// What to do with pages that somebody edited in Confluence
    #[arg(long, value_enum)]
    pub on_conflict: Option<OnConflictName>,
    /// The first words of the version message
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Do not tell a page's watchers of its new version (Data Center)
    #[arg(long)]
    pub minor_edit: bool,
    /// Read every page that was written again, and say where it is not what was sent
    #[arg(long)]
    pub verify: bool,
    /// Publish no page that has a problem
    #[arg(long)]
    pub strict: bool,
    /// Plan only; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show what changes on each page
    #[arg(long)]
    pub diff: bool,
}

impl Options {
    /// The same as other commands have it.
    fn target(&self) -> Target {
        Target {
            paths: self.paths.clone(),
            site: self.site.clone(),
            space: self.space.clone(),
            reach: self.reach.clone(),
            on_conflict: self.on_conflict,
            message: self.message.clone(),
            minor_edit: self.minor_edit,
            verify: self.verify,
            strict: self.strict,
            ..Target::default()
        }
    }

    fn is_of_asked_state(&self, found: &Found) -> bool {
        match (self.states.as_slice(), self.pages.as_slice()) {
            ([], []) => found.state == State::Behind,
            ([], _) => true,
            (states, _) => states.contains(&found.state),
        }
    }
}

/// A page that is not published again, and why.
struct Left<'a> {
    found: &'a Found,
    reason: String,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let target = options.target();
    let wanted = Wanted {
        from: options.from.as_deref(),
        account: options.account.as_deref(),
    };
    let cancel = interruptible();
    let looked = look(&target, wanted, output, &cancel).await?;
    let chosen = chosen(options, &looked)?;
    let (parts, left) = parts(&looked, chosen, output).await?;
    for left in &left {
        let page = &left.found.page;
        output.say(&format!(
            "left       {} ({}): {}",
            page.title,
            left.found.source_in_words(),
            left.reason
        ));
    }
    let mut ended = match left.is_empty() {
        true => Exit::Done,
        false => Exit::Attention,
    };
    if parts.is_empty() && left.is_empty() {
        output.say("nothing to publish again");
    }
    let mut values = Vec::with_capacity(parts.len());
    for (identity, part) in &parts {
        let words = part_in_words(identity, part);
        let mut value = described(identity, part);
        if cancel.is_cancelled() {
            output.say(&format!("{words}: not reached"));
            ended = ended.or_worse(Exit::Interrupted);
            value["error"] = "not reached".into();
            values.push(value);
            continue;
        }
        output.say(&words);
        match once(&target, part, options, output, &cancel).await {
            Ok((exit, key, said)) => {
                ended = ended.or_worse(exit);
                value[key] = said;
            }
            // What goes wrong with one does not keep the others from having their turn.
            Err(error) => {
                output.error(&error);
                ended = ended.or_worse(Exit::of(error.kind()));
                value["error"] = error.chain().into();
            }
        }
        values.push(value);
    }
    if output.is_json() {
        let left = left.iter().map(|left| {
            let mut page = left.found.to_json(None);
            page["reason"] = left.reason.as_str().into();
            page
        });
        output.json(&json!({
            "schema": "tributary.republish/1",
            "site": looked.client.site(),
            "parts": values,
            "left": left.collect::<Vec<Value>>(),
        }))?;
    }
    Ok(ended)
}

/// The pages that are meant.
fn chosen<'a>(options: &Options, looked: &'a Looked) -> Result<Vec<&'a Found>, Error> {
    let is_named = |found: &Found, name: &str| {
        let page = &found.page;
        page.id == name || page.url == name || page.path.as_deref() == Some(name)
    };
    let all = || looked.pages.iter();
    for name in &options.pages {
        if !all().any(|found| is_named(found, name)) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{name}` is no page that was published from Git, among those looked at"),
            )
            .remedy(
                "Name it by its id, its address or its source, as `tributary status --all \
                 --verbose` shows them",
            ));
        }
    }
    let is_chosen = |found: &&Found| {
        options.pages.is_empty() || options.pages.iter().any(|name| is_named(found, name))
    };
    Ok(all()
        .filter(is_chosen)
        .filter(|found| options.is_of_asked_state(found))
        .collect())
}

/// What is planned in one go, by the identities of repositories, and the pages that are in none of it.
async fn parts<'a>(
    looked: &'a Looked,
    chosen: Vec<&'a Found>,
    output: &Output,
) -> Result<(Vec<(String, Part)>, Vec<Left<'a>>), Error> {
    let mut left = Vec::new();
    let mut can = Vec::new();
    for found in chosen {
        let page = &found.page;
        let reason = match (&page.repository, &page.path) {
            (Some(_), Some(_)) if found.state == State::Orphaned => {
                "its source is gone; publish its folder with `--on-orphan`".to_owned()
            }
            (Some(repository), Some(_)) if !looked.repositories.contains_key(repository) => {
                "its repository cannot be read here".to_owned()
            }
            (Some(_), Some(_)) => {
                can.push(found);
                continue;
            }
            _ => "nothing tells what it was published from".to_owned(),
        };
        left.push(Left { found, reason });
    }
    let mut parts = Vec::new();
    for (identity, reopened) in &looked.repositories {
        let of_it = |page: &PublishedPage| page.repository.as_deref() == Some(identity.as_str());
        let pages = can.iter().map(|found| found.page.clone());
        let pages: Vec<PublishedPage> = pages.filter(|page| of_it(page)).collect();
        if pages.is_empty() {
            continue;
        }
        let beside = looked.pages.iter().map(|found| found.page.clone());
        let beside: Vec<PublishedPage> = beside.filter(|page| of_it(page)).collect();
        match reopened.parts(looked.site(), &pages, &beside).await {
            Ok(found) => parts.extend(found.into_iter().map(|part| (identity.clone(), part))),
            Err(error) if error.kind() == ErrorKind::Bug => return Err(error),
            Err(error) => {
                output.error(&error);
                let name = named(&reopened.from, identity);
                let of_it = can.iter().copied().filter(|found| of_it(&found.page));
                left.extend(of_it.map(|found| Left {
                    found,
                    reason: format!("`{name}` cannot be read: {error}"),
                }));
            }
        }
    }
    Ok((parts, left))
}

/// Plans a part, and publishes it unless only the plan is asked for. Gives how it ended, and what is
/// told of it by which name.
async fn once(
    target: &Target,
    part: &Part,
    options: &Options,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<(Exit, &'static str, Value), Error> {
    let place = Resolved::again(target, part)?;
    let client = place.client().await?;
    let request = &place.request;
    let planning = shown(output, async |tell| {
        part.plan(&client, request, tell, cancel).await
    });
    let prepared = planning.await?;
    if options.dry_run {
        let (exit, plan) = super::plan::show_prepared(&prepared, options.diff, output).await?;
        return Ok((exit, "plan", plan));
    }
    let from = match &part.publication.from {
        PublishedFrom::Repository { address, .. } => Some(address.clone()),
        PublishedFrom::Folder(_) => None,
    };
    let target = Target {
        repo: from,
        ..target.clone()
    };
    let kept = (prepared, PastReports::new(&Paths::of_user()?));
    let carried = super::publish::carry_out(kept, &target, options.diff, None, output, cancel);
    let report = carried.await?;
    Ok((exit_of(&report), "report", report.to_json()))
}

fn part_in_words(identity: &str, part: &Part) -> String {
    let reference = match &part.pinned {
        Some(pinned) => pinned.reference.as_deref(),
        None => None,
    };
    let at = reference.map_or_else(String::new, |name| format!(" at `{name}`"));
    let count = match part.sources.len() {
        1 => "1 page".to_owned(),
        count => format!("{count} pages"),
    };
    format!(
        "`{}`{at}, space `{}`: {count}",
        visible(&named(&part.publication.from, identity)),
        part.publication.space
    )
}

/// What is published again in one go, for a machine.
fn described(identity: &str, part: &Part) -> Value {
    let pinned = part.pinned.as_ref();
    json!({
        "repository": identity,
        "ref": pinned.and_then(|pinned| pinned.reference.as_deref()),
        "space": part.publication.space,
        "parent": part.publication.parent,
        "paths": part.publication.paths,
        "sources": part.sources,
    })
}
