//! Publishing pages again that were published before: what has to be planned for it, and how.
//!
//! [`Reopened`] is their repository as it is found now, [`Reopened::parts`] puts pages together that
//! are planned in one go, and [`Part::plan`] plans them. A publication that is remembered says below
//! which page and from which files they were published; where none is, the repository's file and the
//! pages themselves do.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use gix::bstr::BString;
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::Snippet;
use url::Url;

use super::{PublishedPage, Standing, compare, compare_by_plan, newest_of, open_source};
use crate::account::Accounts;
use crate::confluence::Client;
use crate::error::Error;
use crate::hosts::{Cache, Pinned, Urgency};
use crate::http::Http;
use crate::publish::{OnProgress, Place, Prepared, PublishRequest, plan, plan_at, targets_at};
use crate::settings::{Layer, Publication, PublishedFrom, RepositorySettings, Resolved};

/// The repository that pages were published from, as it is found now.
#[derive(Debug, Clone)]
pub struct Reopened {
    /// Where it is read.
    pub from: PublishedFrom,
    /// The commit that pages are compared with which name no branch; none for a folder without Git.
    pub opened: Option<Pinned>,
}

/// The place that pages are on.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Its address.
    pub url: &'a Url,
    /// Whether it is the embedded sandbox.
    pub is_sandbox: bool,
    /// The publications that are remembered, with the identities of their repositories; the latest
    /// first.
    pub publications: &'a [(Publication, String)],
}

/// Pages that are published again in one go: of one repository, at one state of it, to one space.
#[derive(Debug, Clone)]
pub struct Part {
    /// What was published.
    pub publication: Publication,
    /// Whether somebody's publication is remembered that says so.
    pub is_remembered: bool,
    /// The commit that is published; none for a folder as it is.
    pub pinned: Option<Pinned>,
    /// The sources of the pages.
    pub sources: BTreeSet<String>,
    file: Option<RepositorySettings>,
}

/// Whether a publication goes to a site.
pub fn is_at(publication: &Publication, site: &str, is_sandbox: bool) -> bool {
    if is_sandbox || publication.in_sandbox {
        return is_sandbox && publication.in_sandbox;
    }
    plain(publication.site.as_str()) == plain(site)
}

fn plain(site: &str) -> &str {
    site.trim_end_matches('/')
}

/// The publication that a page belongs to: the latest from its repository to its space that has its
/// source.
pub fn covering<'a>(
    publications: &'a [(Publication, String)],
    page: &PublishedPage,
    site: &str,
    is_sandbox: bool,
) -> Option<&'a Publication> {
    let (repository, path) = (page.repository.as_deref()?, page.path.as_deref()?);
    let mut all = publications.iter();
    let found = all.find(|(one, identity)| {
        identity == repository
            && one.space == page.space_key
            && is_at(one, site, is_sandbox)
            && has_source(&one.paths, path)
    });
    found.map(|(one, _)| one)
}

/// Whether a source is among what is published; without paths everything is.
fn has_source(paths: &[String], source: &str) -> bool {
    // Lines of a file are published by nothing that does not name them.
    let is_named = Snippet::of_path(source).is_some();
    let has = |root: &String| {
        root == source
            || !is_named
                && source
                    .strip_prefix(root.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
    };
    paths.is_empty() && !is_named || paths.iter().any(has)
}

impl Reopened {
    /// Opens a repository where it can be read.
    ///
    /// # Errors
    /// As [`open_source`].
    pub async fn open(
        accounts: &Accounts,
        http: &Http,
        cache: Option<Cache>,
        from: PublishedFrom,
        urgency: Urgency,
    ) -> Result<Self, Error> {
        let opened = open_source(accounts, http, cache, &from, urgency).await?;
        Ok(Self { from, opened })
    }

    /// How its pages stand against its sources, by page id: by what happened to these since, or where
    /// there are no commits by what publishing again would do.
    ///
    /// # Errors
    /// When the repository or the site cannot be read.
    pub async fn standings(
        &self,
        site: Site<'_>,
        pages: &[PublishedPage],
        client: &Client,
        configure: ConfigurePart<'_>,
        cancel: &CancellationToken,
    ) -> Result<HashMap<String, Standing>, Error> {
        if let Some(opened) = &self.opened {
            return compare(opened, pages).await;
        }
        let mut standings = HashMap::new();
        for part in self.parts(site, pages, pages).await? {
            let mut request = part.place(configure)?.request;
            // What is not there any more is told as well then.
            request.settings.only = None;
            standings.extend(compare_by_plan(client, &request, cancel).await?);
        }
        standings.retain(|id, _| pages.iter().any(|page| page.id == *id));
        Ok(standings)
    }

    /// Puts pages together that are published again in one go. `beside` are all pages of the
    /// repository on the site; where nobody's publication is remembered, they tell which files were
    /// published, and below what. Pages of which no source is known are in no part.
    ///
    /// Each is published from the branch that it was published from, and what names none, or one that
    /// is no more, from what is opened: a folder as it is.
    ///
    /// # Errors
    /// When the repository or its `.tributary.toml` cannot be read.
    pub async fn parts(
        &self,
        site: Site<'_>,
        pages: &[PublishedPage],
        beside: &[PublishedPage],
    ) -> Result<Vec<Part>, Error> {
        let mut by_branch: BTreeMap<Option<&str>, Vec<&PublishedPage>> = BTreeMap::new();
        for page in pages.iter().filter(|page| page.path.is_some()) {
            by_branch
                .entry(page.branch.as_deref())
                .or_default()
                .push(page);
        }
        let mut parts: Vec<Part> = Vec::new();
        for (branch, pages) in by_branch {
            let pinned = self.at_branch(branch).await?;
            let file = match (&pinned, &self.from) {
                (Some(pinned), _) => RepositorySettings::at(pinned).await?,
                (None, PublishedFrom::Folder(folder)) => RepositorySettings::find(folder)?,
                (None, PublishedFrom::Repository { .. }) => None,
            };
            for page in pages {
                let Some(source) = page.path.clone() else {
                    continue;
                };
                let (publication, is_remembered) =
                    self.publication_of(site, page, beside, file.as_ref(), &source);
                let commit = pinned.as_ref().map(|pinned| &pinned.commit.id);
                let same = parts.iter_mut().find(|part| {
                    part.publication.is_same(&publication)
                        && part.pinned.as_ref().map(|pinned| &pinned.commit.id) == commit
                });
                match same {
                    Some(part) => {
                        part.sources.insert(source);
                    }
                    None => parts.push(Part {
                        publication,
                        is_remembered,
                        pinned: pinned.clone(),
                        sources: BTreeSet::from([source]),
                        file: file.clone(),
                    }),
                }
            }
        }
        Ok(parts)
    }

    /// The branch that a page is published from again where it is not the one that is opened.
    pub fn branch_beside(&self, page: &PublishedPage) -> Option<String> {
        let opened = self.opened.as_ref()?.reference.as_deref();
        page.branch.clone().filter(|of| opened != Some(of.as_str()))
    }

    /// The commit that pages of a branch are published from again; none for a folder as it is, which
    /// goes for what is checked out there and for a branch that is no more.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub async fn at_branch(&self, branch: Option<&str>) -> Result<Option<Pinned>, Error> {
        let Some(opened) = &self.opened else {
            return Ok(None);
        };
        let newest = match branch {
            Some(branch) if opened.reference.as_deref() != Some(branch) => {
                newest_of(&opened.repository, branch).await?
            }
            _ => None,
        };
        Ok(match (newest, &self.from) {
            (Some(commit), _) => Some(Pinned {
                repository: opened.repository.clone(),
                commit,
                reference: branch.map(str::to_owned),
                path: BString::default(),
                lines: None,
            }),
            (None, PublishedFrom::Folder(_)) => None,
            (None, PublishedFrom::Repository { .. }) => Some(opened.clone()),
        })
    }

    /// What a page belongs to, and whether that is remembered.
    fn publication_of(
        &self,
        site: Site<'_>,
        page: &PublishedPage,
        beside: &[PublishedPage],
        file: Option<&RepositorySettings>,
        source: &str,
    ) -> (Publication, bool) {
        let known = covering(site.publications, page, site.url.as_str(), site.is_sandbox);
        if let Some(known) = known {
            let publication = Publication {
                from: self.from.clone(),
                site: site.url.clone(),
                ..known.clone()
            };
            return (publication, true);
        }
        let target = file.and_then(|file| {
            let mut all = targets_at(file, site.url, &page.space_key);
            let has = |paths: &[PathBuf]| has_source(&as_sources(paths), source);
            let at = all.iter().position(|(target, _)| has(&target.paths));
            at.map(|at| all.swap_remove(at))
        });
        let of_target = match &target {
            Some((target, _)) => as_sources(&target.paths),
            None => Vec::new(),
        };
        let in_space: Vec<&PublishedPage> = beside
            .iter()
            .filter(|one| one.space_key == page.space_key && one.repository == page.repository)
            .filter(|one| {
                let path = one.path.as_deref();
                path.is_some_and(|path| has_source(&of_target, path))
            })
            .collect();
        let paths = match (Snippet::of_path(source), of_target.is_empty()) {
            (Some(_), _) => vec![source.to_owned()],
            (None, true) => above_all(&in_space),
            (None, false) => of_target,
        };
        let said = match &target {
            Some((_, file)) => file.publish.parent.clone(),
            // Without targets the file says one place, which may be another one.
            None => file.and_then(|file| said_of(file, site.url, &page.space_key)),
        };
        let parent = match Snippet::of_path(source) {
            Some(_) => page.parent_id.clone(),
            None => said.or_else(|| below_what(&in_space)),
        };
        let publication = Publication {
            from: self.from.clone(),
            paths,
            site: site.url.clone(),
            in_sandbox: site.is_sandbox,
            space: page.space_key.clone(),
            parent,
            when: None,
            is_pinned: false,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        };
        (publication, false)
    }
}

/// The page to publish below that a file without targets says for a space of a site.
fn said_of(file: &RepositorySettings, site: &Url, space: &str) -> Option<String> {
    let said = &file.publish;
    let is_site = said.site.as_deref().map(plain) == Some(plain(site.as_str()));
    let is_space = said
        .space
        .as_deref()
        .is_some_and(|said| said.eq_ignore_ascii_case(space));
    said.parent.clone().filter(|_| is_site && is_space)
}

/// Paths of a file of a repository as sources have them.
fn as_sources(paths: &[PathBuf]) -> Vec<String> {
    let named = paths.iter().map(|path| {
        let parts = path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        });
        parts.collect::<Vec<_>>().join("/")
    });
    let named: Vec<String> = named.collect();
    // The whole of it is written as a dot.
    match named.iter().any(String::is_empty) {
        true => Vec::new(),
        false => named,
    }
}

/// The folder that has the sources of all pages; none for the root.
fn above_all(pages: &[&PublishedPage]) -> Vec<String> {
    let folders = pages.iter().filter_map(|page| {
        let path = page.path.as_deref()?;
        if Snippet::of_path(path).is_some() {
            return None;
        }
        let path = path.trim_end_matches('/');
        Some(path.rsplit_once('/').map_or("", |(folder, _)| folder))
    });
    let above = folders.reduce(|one, other| {
        let same = one.split('/').zip(other.split('/'));
        let same = same.take_while(|(one, other)| one == other);
        let length: usize = same.map(|(part, _)| part.len() + 1).sum();
        &one[..length.saturating_sub(1)]
    });
    match above {
        None | Some("") => Vec::new(),
        Some(folder) => vec![folder.to_owned()],
    }
}

/// The page that most of those are below which are below none of the others.
fn below_what(pages: &[&PublishedPage]) -> Option<String> {
    let ids: HashSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages {
        let is_named = page.path.as_deref().and_then(Snippet::of_path).is_some();
        if let Some(above) = page.parent_id.as_deref()
            && !ids.contains(above)
            && !is_named
        {
            *counts.entry(above).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(above, _)| above.to_owned())
}

/// Puts the layers of configuration together for a publication, what its repository says, and the name
/// of the target there.
pub type ConfigurePart<'a> = &'a (
        dyn Fn(&Publication, Option<&RepositorySettings>, Option<&str>) -> Result<Resolved, Error>
            + Send
            + Sync
    );

impl Part {
    /// Where it goes, and what is asked for there: by what its repository says, for its sources alone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] when a layer of configuration is wrong.
    pub fn place(&self, configure: ConfigurePart<'_>) -> Result<Place, Error> {
        let publication = &self.publication;
        let root = match (&publication.from, &self.pinned) {
            (PublishedFrom::Folder(folder), None) => folder.as_path(),
            _ => Path::new(""),
        };
        let mut place = Place::again(publication, root, self.file.as_ref(), &|file, name| {
            configure(publication, file, name)
        })?;
        place.request.settings.only = Some(self.sources.clone());
        if !self.is_remembered {
            // Whoever published them may have meant another place than is made out here.
            place.request.settings.keep_place = true;
        }
        Ok(place)
    }

    /// Decides what publishing it again would do; changes nothing.
    ///
    /// # Errors
    /// As [`plan`] and [`plan_at`].
    pub async fn plan(
        &self,
        client: &Client,
        request: &PublishRequest,
        progress: OnProgress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Prepared, Error> {
        match &self.pinned {
            Some(pinned) => plan_at(client, request, pinned, progress, cancel).await,
            None => plan(client, request, progress, cancel).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use url::Url;

    use super::{PublishedPage, above_all, as_sources, below_what, covering};
    use crate::settings::{Layer, Publication, PublishedFrom};

    fn page(path: &str, id: &str, parent: &str) -> PublishedPage {
        PublishedPage {
            id: id.to_owned(),
            title: String::new(),
            url: String::new(),
            parent_id: Some(parent.to_owned()),
            space_key: "DOCS".to_owned(),
            space_name: String::new(),
            version: 2,
            repository: Some("handbook".to_owned()),
            path: Some(path.to_owned()),
            commit: None,
            branch: None,
            is_edited: false,
        }
    }

    #[test]
    fn the_folder_that_has_all_sources_is_found() {
        for (paths, expected) in [
            (&["docs/a.md", "docs/guide/b.md"][..], Some("docs")),
            (&["docs/guide/a.md", "docs/guides/b.md"], Some("docs")),
            // The page that was made for a folder is of the folder above it.
            (&["docs/guide/", "docs/guide/a.md"], Some("docs")),
            (&["docs/guide/README.md"], Some("docs/guide")),
            (&["docs/a.md", "README.md"], None),
            (&["a.md"], None),
            // Lines of a file are published by themselves.
            (&["docs/a.md", "src/main.rs#L1-L2"], Some("docs")),
        ] {
            let pages: Vec<PublishedPage> = paths.iter().map(|path| page(path, "1", "0")).collect();
            let pages: Vec<&PublishedPage> = pages.iter().collect();
            let found = above_all(&pages);
            assert_eq!(found.first().map(String::as_str), expected, "{paths:?}");
        }
    }

    #[test]
    fn pages_are_below_what_most_of_those_on_top_are_below() {
        let pages = [
            page("a.md", "1", "home"),
            page("b.md", "2", "1"),
            page("c.md", "3", "home"),
            // Somebody moved one.
            page("d.md", "4", "another"),
        ];
        let pages: Vec<&PublishedPage> = pages.iter().collect();
        assert_eq!(below_what(&pages).as_deref(), Some("home"));
    }

    #[test]
    fn paths_of_a_target_are_those_of_sources() {
        let named = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            as_sources(&paths)
        };
        assert_eq!(named(&["./docs/public/"]), ["docs/public"]);
        assert!(named(&["."]).is_empty());
    }

    fn publication(path: Option<&str>, space: &str, in_sandbox: bool) -> Publication {
        let site = match in_sandbox {
            true => "http://127.0.0.1:1/wiki",
            false => "https://acme.atlassian.net/wiki",
        };
        Publication {
            from: PublishedFrom::Folder(PathBuf::from("/home/ada/handbook")),
            paths: path.map(str::to_owned).into_iter().collect(),
            site: Url::parse(site).expect("an address"),
            in_sandbox,
            space: space.to_owned(),
            parent: None,
            when: None,
            is_pinned: false,
            is_kept_up: false,
            titles: BTreeMap::new(),
            options: Layer::default(),
            page: None,
        }
    }

    #[test]
    fn a_page_belongs_to_what_publishes_its_source_to_its_space() {
        let all = [
            publication(Some("guide"), "DOCS", false),
            publication(None, "TEAM", false),
            publication(None, "DOCS", true),
        ];
        let all = all.map(|one| (one, "handbook".to_owned()));
        let belongs = |repository: &str, path: &str, space: &str, is_sandbox: bool| {
            let page = PublishedPage {
                space_key: space.to_owned(),
                repository: Some(repository.to_owned()),
                ..page(path, "1", "0")
            };
            let site = "https://acme.atlassian.net/wiki/";
            let found = covering(&all, &page, site, is_sandbox);
            found.and_then(|found| all.iter().position(|(one, _)| one == found))
        };
        assert_eq!(belongs("handbook", "guide/a.md", "DOCS", false), Some(0));
        assert_eq!(belongs("handbook", "guided.md", "DOCS", false), None);
        assert_eq!(belongs("handbook", "a.md", "TEAM", false), Some(1));
        assert_eq!(belongs("handbook", "a.md", "DOCS", true), Some(2));
        assert_eq!(belongs("others", "a.md", "TEAM", false), None);
        // Lines of a file belong to what names them alone.
        assert_eq!(belongs("handbook", "a.rs#L1-L2", "TEAM", false), None);
    }
}
