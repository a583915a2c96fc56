//! The places that sources are published to: the one that somebody names, or each of the targets
//! that the repository's `.tributary.toml` lists.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use tributary_pages::plan::{DrawingSettings, PlanSettings};
use url::Url;

use super::PublishRequest;
use crate::account::site_url;
use crate::error::{Error, ErrorKind, Remedy};
use crate::settings::{Publication, RepositorySettings, RepositoryTarget, Resolved};

/// A place that sources are published to, and how.
#[derive(Debug, Clone)]
pub struct Place {
    /// What the target is called, where the repository names it.
    pub name: Option<String>,
    /// What everybody decided, and where each value comes from.
    pub configuration: Resolved,
    /// What they make of it.
    pub request: PublishRequest,
}

/// What is published, before the targets say otherwise.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Files and folders, on this machine or below the root of a repository elsewhere.
    pub paths: Vec<PathBuf>,
    /// Whether somebody chose them, so that they go before those of a target.
    pub is_chosen: bool,
    /// Whether they are on this machine.
    pub is_here: bool,
}

/// Puts the layers of configuration together, for what the repository says and a target's name.
pub type Configure<'a> =
    &'a dyn Fn(Option<&RepositorySettings>, Option<&str>) -> Result<Resolved, Error>;

impl Place {
    /// One place, whatever targets there are. The repository's file is the one
    /// [of the target](RepositorySettings::of_target) where it has a name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when no space was named.
    pub fn new(
        repository: Option<&RepositorySettings>,
        name: Option<&str>,
        configuration: Resolved,
        paths: Vec<PathBuf>,
    ) -> Result<Self, Error> {
        let request = PublishRequest {
            paths,
            space: configuration.space_key()?,
            parent: configuration.parent.value.clone(),
            include: configuration.include.value.clone(),
            exclude: configuration.exclude.value.clone(),
            settings: settings(repository, &configuration),
            concurrency: configuration.concurrency.value,
            verify: configuration.verify.value,
        };
        Ok(Self {
            name: name.map(str::to_owned),
            configuration,
            request,
        })
    }

    /// The targets of a repository that are asked for by name, all of them when none is; the one
    /// place that other layers name when the repository has no targets.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is no target of a name, one names no space, or two
    /// would take each other's pages.
    pub fn all(
        repository: Option<&RepositorySettings>,
        asked: &[String],
        chosen: &Chosen,
        configure: Configure<'_>,
    ) -> Result<Vec<Self>, Error> {
        let targets = targets(repository, asked)?;
        if targets.is_empty() {
            let paths = chosen.paths.clone();
            let configuration = configure(repository, None)?;
            return Ok(vec![Self::new(repository, None, configuration, paths)?]);
        }
        let mut places = Vec::with_capacity(targets.len());
        for target in targets {
            let file = repository.map(|file| file.of_target(target));
            let (file, name) = (file.as_ref(), Some(target.name.as_str()));
            let configuration = configure(file, name)?;
            let paths = chosen.of_target(file, target);
            places.push(Self::new(file, name, configuration, paths)?);
        }
        refuse_shared(&places, chosen.is_here)?;
        Ok(places)
    }

    /// The place that something was published to before: of a target of the repository what that says,
    /// where it is one. Its paths begin at `root`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when a layer of configuration is wrong.
    pub fn again(
        publication: &Publication,
        root: &Path,
        repository: Option<&RepositorySettings>,
        configure: Configure<'_>,
    ) -> Result<Self, Error> {
        let paths: Vec<PathBuf> = publication.paths.iter().map(PathBuf::from).collect();
        let of_target = repository
            .and_then(|file| target_at(file, &publication.site, &publication.space, &paths));
        let (name, file) = match &of_target {
            Some((target, file)) => (Some(target.name.as_str()), Some(file)),
            None => (None, repository),
        };
        let configuration = configure(file, name)?;
        let paths = match paths.is_empty() {
            true => vec![root.to_path_buf()],
            false => paths.iter().map(|path| root.join(path)).collect(),
        };
        let mut place = Self::new(file, name, configuration, paths)?;
        // Whoever chose no page above meant the space itself.
        place.request.parent.clone_from(&publication.parent);
        let chosen = publication.titles.clone();
        place.request.settings.titles_of.extend(chosen);
        Ok(place)
    }

    /// Whether both are published to the same space.
    pub fn is_same_space(&self, other: &Self) -> bool {
        self.configuration.site.value == other.configuration.site.value
            && self
                .request
                .space
                .eq_ignore_ascii_case(&other.request.space)
    }
}

impl Chosen {
    /// What is published to a target.
    pub fn of_target(
        &self,
        repository: Option<&RepositorySettings>,
        target: &RepositoryTarget,
    ) -> Vec<PathBuf> {
        if target.paths.is_empty() || self.is_chosen {
            return self.paths.clone();
        }
        // Those of a repository elsewhere begin at its root, where the file is.
        let folder = match repository {
            Some(file) if self.is_here => file.file.parent(),
            _ => None,
        };
        let folder = folder.unwrap_or(Path::new(""));
        target.paths.iter().map(|path| folder.join(path)).collect()
    }
}

/// How pages are made, by what everybody decided and what only the repository can say.
fn settings(repository: Option<&RepositorySettings>, configuration: &Resolved) -> PlanSettings {
    PlanSettings {
        on_conflict: configuration.on_conflict.value,
        on_conflict_of: BTreeMap::new(),
        on_orphan: configuration.on_orphan.value,
        message: configuration.message.value.clone(),
        lines_title: None,
        labels: configuration.labels.value.clone(),
        minor_edit: configuration.minor_edit.value,
        orphan_limit: configuration.orphan_limit.value,
        on_title: configuration.on_title.value,
        title_prefix: configuration.title_prefix.value.clone(),
        titles_of: repository
            .map(|file| file.titles.clone())
            .unwrap_or_default(),
        pages_of: BTreeMap::new(),
        label_mode: configuration.label_mode.value,
        page_width: configuration.page_width.value,
        editor: configuration.editor.value,
        folders: configuration.folders.value,
        keep_order: configuration.keep_order.value,
        keep_place: configuration.keep_place.value,
        format: configuration.format.value,
        drawings: DrawingSettings {
            server: configuration.diagram_server.value.clone().map(String::from),
            ..configuration.diagrams.value.clone()
        },
        merges_again: false,
        strict: configuration.strict.value,
        template: repository
            .map(|file| file.template.clone())
            .unwrap_or_default(),
        repository: repository
            .map(|file| file.repository.clone())
            .unwrap_or_default(),
        restrictions: repository
            .map(|file| file.restrictions.clone())
            .unwrap_or_default(),
        only: None,
        keep_branch: false,
    }
}

/// The targets that are asked for: all of them when none is named, and none when the file has
/// none.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when there is no target of a name.
pub fn targets<'a>(
    repository: Option<&'a RepositorySettings>,
    asked: &[String],
) -> Result<Vec<&'a RepositoryTarget>, Error> {
    let known = repository.map_or(&[][..], |repository| &repository.targets);
    for name in asked {
        if !known.iter().any(|target| target.name == *name) {
            let names: Vec<&str> = known.iter().map(|target| target.name.as_str()).collect();
            let error = Error::new(
                ErrorKind::InvalidInput,
                sentence!("`.tributary.toml` has no target `{name}`", name),
            );
            return Err(match names.as_slice() {
                [] => error.remedy(Remedy::of_each(
                    "Add it below `[[targets]]`, or leave `--target` out",
                    "Add it below `[[targets]]`, or choose where to publish yourself",
                )),
                names => error.remedy(sentence!(
                    "Known targets: {names}",
                    names = names.join(", ")
                )),
            });
        }
    }
    let is_asked = |target: &&RepositoryTarget| asked.is_empty() || asked.contains(&target.name);
    Ok(known.iter().filter(is_asked).collect())
}

/// The target that is a space of a site, with what the file says of it: whatever is published there
/// goes by it. Of several with different files the one with these paths, as the file has them.
pub fn target_at<'a>(
    repository: &'a RepositorySettings,
    site: &Url,
    space: &str,
    paths: &[PathBuf],
) -> Option<(&'a RepositoryTarget, RepositorySettings)> {
    let mut found = targets_at(repository, site, space);
    let exact = found.iter().position(|(target, _)| target.paths == paths);
    match exact {
        Some(at) => Some(found.swap_remove(at)),
        None if found.is_empty() => None,
        None => Some(found.swap_remove(0)),
    }
}

/// All targets that are a space of a site, each with what the file says of it.
pub fn targets_at<'a>(
    repository: &'a RepositorySettings,
    site: &Url,
    space: &str,
) -> Vec<(&'a RepositoryTarget, RepositorySettings)> {
    let is_there = |file: &RepositorySettings| {
        let said = file.publish.site.as_deref().map(site_url);
        let plain = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
        let is_site = matches!(said, Some(Ok(said)) if plain(&said) == plain(site));
        let is_space = |said: &String| said.eq_ignore_ascii_case(space);
        is_site && file.publish.space.as_ref().is_some_and(is_space)
    };
    let targets = repository.targets.iter();
    let with_file = targets.map(|target| (target, repository.of_target(target)));
    with_file.filter(|(_, file)| is_there(file)).collect()
}

/// Refuses targets that would take each other's pages: a page is known by its source, so one space
/// holds one page of each, and a page without a source among what is published is an orphan.
fn refuse_shared(places: &[Place], are_here: bool) -> Result<(), Error> {
    let whole = |path: &PathBuf| {
        let there = are_here.then(|| path.canonicalize().ok()).flatten();
        // Paths in a repository elsewhere begin at its root.
        there.unwrap_or_else(|| {
            path.components()
                .filter(|part| *part != Component::CurDir)
                .collect()
        })
    };
    for (at, one) in places.iter().enumerate() {
        for other in &places[at + 1..] {
            let overlaps = one.request.paths.iter().map(whole).any(|path| {
                let mut others = other.request.paths.iter().map(whole);
                others.any(|other| path.starts_with(&other) || other.starts_with(&path))
            });
            if overlaps && one.is_same_space(other) {
                let name = |place: &Place| place.name.clone().unwrap_or_default();
                let site = one.configuration.site.value.as_ref();
                let site = site.map_or_else(String::new, |site| format!("{site}, "));
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("The targets `{one}` and `{other}` publish the same files to the same space \
                         ({site}space `{space}`)", one = name(one), other = name(other), site, space = one.request.space),
                )
                .remedy(Remedy::of_each(
                    "Give each a space or `paths` of its own. `--site` and `--space`, and \
                     `TRIBUTARY_SITE` and `TRIBUTARY_SPACE`, go before what a target says: name \
                     one target with `--target`, or set `TRIBUTARY_SITE_NAME` for the target NAME",
                    "Give each a space or `paths` of its own in `.tributary.toml`, or plan one of \
                     them",
                )));
            }
        }
    }
    Ok(())
}
