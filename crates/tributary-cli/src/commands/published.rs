//! What was published to a site and how it stands, for `status --all` and `republish`.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::account::{Account, Accounts};
use tributary::browse::MOST_COMMITS_COUNTED;
use tributary::confluence::{Client, Space};
use tributary::hosts::Urgency;
use tributary::published::{
    PublishedPage, Reopened, Site, Standing, find_source, identity_of, list,
};
use tributary::settings::{Publication, PublishedFrom, Settings};
use tributary::store::Paths;
use tributary::{Error, ErrorKind, repository};
use url::Url;

use crate::options::Target;
use crate::output::Output;

use super::given::is_unattended;

/// How a page stands, as arguments name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum State {
    /// Its source did not change since
    UpToDate,
    /// Its source changed since
    Behind,
    /// Somebody edited it in Confluence
    EditedByHand,
    /// Its source is gone
    Orphaned,
    /// Its repository, or the commit that it is from, is not known here, or its host was asked about
    /// too many others
    NotCompared,
}

impl State {
    /// What people read.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::UpToDate => "up to date",
            Self::Behind => "behind",
            Self::EditedByHand => "edited by hand",
            Self::Orphaned => "orphaned",
            Self::NotCompared => "not compared",
        }
    }
}

/// Which pages are meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// What they came from: an address, a folder, or the name of a repository.
    pub from: Option<&'a str>,
    /// Who publishes to their spaces.
    pub account: Option<&'a str>,
}

/// A page that was published, and how it stands.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub page: PublishedPage,
    pub state: State,
    /// How many commits its source changed in, where they were counted.
    pub commits: Option<usize>,
    /// Whose access is used for its space.
    pub account: Option<String>,
}

/// What was found on a site.
pub(crate) struct Looked {
    pub client: Client,
    pub spaces: Vec<Space>,
    pub pages: Vec<Found>,
    /// Pages of people that were too many to be asked whether they were published once.
    pub not_asked: usize,
    /// Pages that were not compared because their hosts were asked about too many others.
    pub not_reached: usize,
    /// The repositories that could be read, by their identities.
    pub repositories: BTreeMap<String, Reopened>,
    pub publications: Vec<(Publication, String)>,
    pub url: Url,
}

impl Looked {
    /// The site, as what plans its pages again asks for it.
    pub(crate) fn site(&self) -> Site<'_> {
        Site {
            url: &self.url,
            is_sandbox: false,
            publications: &self.publications,
        }
    }
}

/// Looks at what was published to a site, and how it stands against its sources. What cannot be read
/// is said, and its pages are not compared.
pub(crate) async fn look(
    target: &Target,
    wanted: Wanted<'_>,
    output: &Output,
    cancel: &CancellationToken,
) -> Result<Looked, Error> {
    let client = super::config::site_client(target).await?;
    let url = Url::parse(client.site()).map_err(|error| {
        Error::new(ErrorKind::Bug, "The site's address is none").caused_by(error)
    })?;
    let mut spaces = match &target.space {
        Some(key) => vec![client.space(key).await?],
        None => client.spaces().await?,
    };
    let accounts = super::accounts::open().await?;
    let used = accounts_of(&accounts, &url, &spaces)?;
    if let Some(name) = wanted.account {
        // Those of others are not listed at all.
        let id = accounts.find(name)?.id;
        spaces.retain(|space| used.get(&space.key).is_some_and(|used| used.id == id));
    }
    let mut settings = Settings::load(&Paths::of_user()?)?;
    // Where the command is given is looked at first.
    for path in target.paths.iter().rev() {
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
    let names = wanted.from.map(|from| names_of(from, &listed));
    let known: Vec<String> = known
        .into_iter()
        .chain(names.clone().into_iter().flatten())
        .collect();
    let mut found = list(&client, &spaces, &known, &|_| {}).await?;
    if let Some(names) = names {
        found.pages.retain(|page| {
            let mut names = names.iter();
            let of = page.repository.as_deref().unwrap_or_default();
            names.any(|name| name.eq_ignore_ascii_case(of))
        });
    }
    let publications = settings.publications.iter().filter_map(|one| {
        let identity = identity_of(&one.from, &listed)?;
        Some((one.clone(), identity))
    });
    let mut looked = Looked {
        client,
        spaces,
        pages: Vec::new(),
        not_asked: found.not_asked,
        not_reached: 0,
        repositories: BTreeMap::new(),
        publications: publications.collect(),
        url,
    };
    let mut standings: HashMap<String, Standing> = HashMap::new();
    for (identity, pages) in by_repository(&found.pages) {
        let Some(from) = find_source(identity, &settings, &listed) else {
            output.say(&format!(
                "note: nothing tells where `{identity}` can be read; its pages are not compared"
            ));
            continue;
        };
        let name = named(&from, identity);
        let compared = compare(&accounts, from, &looked, target, &pages, cancel).await;
        match compared {
            Ok((reopened, compared)) => {
                let is_left = |standing: &&Standing| **standing == Standing::NotReached;
                let left = compared.values().filter(is_left).count();
                if left > 0 {
                    output.say(&format!(
                        "note: {left} pages of `{name}` are not compared: so many of its pages were \
                         published from commits of their own, or need files that changed, that its \
                         host was asked about the others alone; of a clone all are compared"
                    ));
                    looked.not_reached += left;
                }
                standings.extend(compared);
                looked.repositories.insert(identity.to_owned(), reopened);
            }
            Err(error) if error.kind() == ErrorKind::Bug => return Err(error),
            Err(error) => {
                output.say(&format!(
                    "note: the pages of `{name}` are not compared: {error}"
                ));
            }
        }
    }
    looked.pages = found
        .pages
        .into_iter()
        .map(|page| {
            let standing = standings.get(&page.id).copied();
            let (state, commits) = state_of(&page, standing.unwrap_or(Standing::Unknown));
            // A token of a pipeline is nobody's access.
            let account = used.get(&page.space_key).filter(|_| !is_unattended());
            Found {
                state,
                commits,
                account: account.map(|account| account.user.name.clone()),
                page,
            }
        })
        .collect();
    Ok(looked)
}

fn by_repository(pages: &[PublishedPage]) -> BTreeMap<&str, Vec<PublishedPage>> {
    let mut by_repository: BTreeMap<&str, Vec<PublishedPage>> = BTreeMap::new();
    for page in pages {
        let identity = page.repository.as_deref().unwrap_or_default();
        by_repository
            .entry(identity)
            .or_default()
            .push(page.clone());
    }
    by_repository
}

/// Opens a repository, and compares its pages with its sources.
async fn compare(
    accounts: &Accounts,
    from: PublishedFrom,
    looked: &Looked,
    target: &Target,
    pages: &[PublishedPage],
    cancel: &CancellationToken,
) -> Result<(Reopened, HashMap<String, Standing>), Error> {
    let (http, cache) = (
        super::network::http().await?,
        super::repository::cache().await?,
    );
    let reopened = Reopened::open(accounts, &http, cache, from, Urgency::Waited).await?;
    let site = looked.site();
    let configure = super::config::of_publication(target);
    let compared = reopened.standings(site, pages, &looked.client, &configure, cancel);
    let standings = compared.await?;
    Ok((reopened, standings))
}

/// Whose access is used for publishing to spaces, by their keys.
fn accounts_of(
    accounts: &Accounts,
    site: &Url,
    spaces: &[Space],
) -> Result<HashMap<String, Account>, Error> {
    let mut used = HashMap::new();
    for space in spaces {
        if let Some(account) = accounts.account_for_site(site, Some(&space.key))? {
            used.insert(space.key.clone(), account);
        }
    }
    Ok(used)
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

/// What a person calls a repository.
pub(crate) fn named(from: &PublishedFrom, identity: &str) -> String {
    match from {
        PublishedFrom::Folder(folder) => folder.display().to_string(),
        PublishedFrom::Repository { .. } => identity.to_owned(),
    }
}

/// How a page stands, with the commits that it is behind by where these were counted.
pub(crate) fn by_commits(state: &str, commits: Option<usize>) -> String {
    match commits {
        // As far as they are counted.
        Some(MOST_COMMITS_COUNTED..) => format!("{state} by {MOST_COMMITS_COUNTED}+"),
        Some(count) => format!("{state} by {count}"),
        None => state.to_owned(),
    }
}

fn state_of(page: &PublishedPage, standing: Standing) -> (State, Option<usize>) {
    match standing {
        Standing::SourceGone => (State::Orphaned, None),
        // Whatever the source says, somebody has to decide about the edit first.
        _ if page.is_edited => (State::EditedByHand, None),
        Standing::Current => (State::UpToDate, None),
        Standing::Behind(count) => (State::Behind, count),
        Standing::Unknown | Standing::NotReached => (State::NotCompared, None),
    }
}

impl Found {
    /// How it stands, in words.
    pub(crate) fn state_in_words(&self) -> String {
        let state = by_commits(self.state.in_words(), self.commits);
        // Somebody has to decide about the edit, too.
        match self.state == State::Orphaned && self.page.is_edited {
            true => format!("{state}, {}", State::EditedByHand.in_words()),
            false => state,
        }
    }

    /// Where it came from, in words.
    pub(crate) fn source_in_words(&self) -> String {
        let repository = self.page.repository.as_deref().unwrap_or("-");
        let path = self.page.path.as_deref().unwrap_or("-");
        match &self.page.commit {
            Some(commit) => format!("{repository}: {path} at {commit}"),
            None => format!("{repository}: {path}"),
        }
    }

    /// The page for a machine.
    pub(crate) fn to_json(&self, broken_links: Option<usize>) -> Value {
        let page = &self.page;
        json!({
            "title": page.title,
            "page_id": page.id,
            "url": page.url,
            "space": page.space_key,
            "version": page.version,
            "repository": page.repository,
            "source": page.path,
            "commit": page.commit,
            "branch": page.branch,
            "account": self.account,
            "edited_by_hand": page.is_edited,
            "state": self.state.in_words().replace(' ', "_"),
            "commits_behind": self.commits,
            "broken_links": broken_links,
        })
    }
}
