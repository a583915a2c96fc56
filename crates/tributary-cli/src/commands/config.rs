//! The configuration in force, and `tributary config show`.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use clap::Subcommand;
use serde_json::json;
use tributary::account::{Named, client, site_url};
use tributary::confluence::Client;
use tributary::hosts::Pinned;
use tributary::publish::{self, Chosen, Place, PublishRequest, target_at};
use tributary::published::Part;
use tributary::settings::{
    AuthKind, FlavorChoice, Layer, Publication, RepositorySettings, Resolved as Configuration,
    Settings, resolve,
};
use tributary::store::Paths;
use tributary::{Error, ErrorKind, repository};
use tributary_pages::plan::DrawingSettings;
use url::Url;

use crate::options::{AuthName, FlavorName, Target};
use crate::output::{Exit, Output};

use super::given;

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Show every value in force
    Show(Show),
}

/// What to show.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub target: Target,
    /// Say where each value comes from
    #[arg(long)]
    pub origin: bool,
}

/// Where and what to publish, put together from flags, environment and files.
pub(crate) struct Resolved {
    configuration: Configuration,
    pub request: PublishRequest,
    target: Option<String>,
    /// Whether the token of the environment is for this place: it is for one site only.
    has_token: bool,
}

impl fmt::Display for Resolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(site) = &self.configuration.site.value {
            write!(formatter, "{site}, ")?;
        }
        write!(formatter, "space `{}`", self.request.space)
    }
}

impl Resolved {
    /// Puts the layers together, for the files on this machine or a repository elsewhere, for each
    /// target of the repository that is asked for.
    pub(crate) async fn all(target: &Target, pinned: Option<&Pinned>) -> Result<Vec<Self>, Error> {
        let (paths, repository) = match pinned {
            Some(pinned) => {
                let shown = pinned.shown().filter(|_| names_nothing(target));
                let paths = match shown {
                    Some(shown) => vec![PathBuf::from(shown)],
                    None => target.paths.clone(),
                };
                (paths, RepositorySettings::at(pinned).await?)
            }
            None => (target.paths.clone(), beside(target)?),
        };
        let chosen = Chosen {
            paths,
            is_chosen: !names_nothing(target),
            is_here: pinned.is_none(),
        };
        let configure = |file: Option<&RepositorySettings>, name: Option<&str>| {
            configuration(target, file, name)
        };
        let found = Place::all(repository.as_ref(), &target.targets, &chosen, &configure)?;
        let mut places: Vec<Self> = found
            .into_iter()
            .map(|place| Self::of_place(place, target))
            .collect();
        let mut sites = places.iter().map(|place| &place.configuration.site.value);
        let first = sites.next();
        if !sites.all(|site| Some(site) == first) {
            for place in &mut places {
                place.has_token = false;
            }
        }
        Ok(places)
    }

    /// Puts the layers together for a space of a site that a report names, whatever targets there
    /// are; what the target of that place says of it counts.
    pub(crate) fn of_report(target: &Target) -> Result<Self, Error> {
        let repository = beside(target)?;
        let site = target.site.as_deref().map(site_url).transpose()?;
        let found = match (&repository, site, &target.space) {
            (Some(file), Some(site), Some(space)) => target_at(file, &site, space, &[]),
            _ => None,
        };
        let (name, file) = match &found {
            Some((one, file)) => (Some(one.name.as_str()), Some(file)),
            None => (None, repository.as_ref()),
        };
        let configuration = configuration(target, file, name)?;
        let place = Place::new(file, name, configuration, target.paths.clone())?;
        Ok(Self::of_place(place, target))
    }

    /// Puts the layers together for pages that are published again.
    pub(crate) fn again(target: &Target, part: &Part) -> Result<Self, Error> {
        let place = part.place(&of_publication(target))?;
        Ok(Self::of_place(place, target))
    }

    fn of_place(mut place: Place, target: &Target) -> Self {
        place.request.settings.lines_title.clone_from(&target.title);
        Self {
            configuration: place.configuration,
            request: place.request,
            target: place.name,
            has_token: true,
        }
    }

    /// What the target is called, where the repository names it.
    pub(crate) fn name(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// Finds the credential and makes the client.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        let site = self.configuration.site_settings()?;
        let (space, target) = (Some(self.request.space.as_str()), self.name());
        let named = named(&self.configuration);
        let found = super::accounts::credential_for(&site, named, space, target, self.has_token);
        let (credential, site) = found.await?;
        client(&super::network::http().await?, &site, credential).await
    }
}

/// What a path of `--only` names, relative to the root of the repository, where that is on this
/// machine. None for what leads out of it, or through folders that are not there.
pub(crate) fn source_name(root: Option<&Path>, path: &Path) -> Option<String> {
    let here = root.and_then(|root| below(root, path));
    let path = here.as_deref().unwrap_or(path);
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy()),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

/// A path that is there on this machine, relative to the root. A link is named itself, and not what
/// it leads to.
fn below(root: &Path, path: &Path) -> Option<PathBuf> {
    let whole = match path.file_name() {
        Some(name) => {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let folder = folder.unwrap_or(Path::new("."));
            folder.canonicalize().ok()?.join(name)
        }
        None => path.canonicalize().ok()?,
    };
    // Lines of a file are named as a file that is not there.
    let (file, _) = repository::without_lines(&whole);
    file.symlink_metadata().ok()?;
    whole.strip_prefix(root).ok().map(Path::to_path_buf)
}

/// Who says that the site is the one to go to.
fn named(configuration: &Configuration) -> Named {
    match configuration.is_site_of_repository() {
        true => Named::ByRepository,
        false => Named::ByPerson,
    }
}

/// Whether the command line leaves it to others what is published.
fn names_nothing(target: &Target) -> bool {
    target.paths.iter().all(|path| path.as_os_str() == ".")
}

/// A client for the site that is named, whatever is published there.
pub(crate) async fn site_client(target: &Target) -> Result<Client, Error> {
    let configuration = configuration(target, beside(target)?.as_ref(), None)?;
    let (site, named) = (configuration.site_settings()?, named(&configuration));
    let space = target.space.as_deref();
    let found = super::accounts::credential_for(&site, named, space, None, true);
    let (credential, site) = found.await?;
    client(&super::network::http().await?, &site, credential).await
}

/// What holds for something that was published before: flags go before how it was published from the
/// window, that before the environment, and all of these before what its own repository says. Nothing
/// but the publication says where it goes.
pub(crate) fn of_publication(
    target: &Target,
) -> impl Fn(&Publication, Option<&RepositorySettings>, Option<&str>) -> Result<Configuration, Error>
+ Send
+ Sync
+ '_ {
    move |publication, file, name| {
        let there = Target {
            site: Some(publication.site.to_string()),
            space: Some(publication.space.clone()),
            ..target.clone()
        };
        configured(&there, file, name, &publication.options)
    }
}

/// What the repository says that the files on this machine are in.
fn beside(target: &Target) -> Result<Option<RepositorySettings>, Error> {
    match target.paths.first() {
        Some(path) => RepositorySettings::find(path),
        None => Ok(None),
    }
}

fn configuration(
    target: &Target,
    repository: Option<&RepositorySettings>,
    name: Option<&str>,
) -> Result<Configuration, Error> {
    configured(target, repository, name, &Layer::default())
}

/// The same with something that lies below the flags.
fn configured(
    target: &Target,
    repository: Option<&RepositorySettings>,
    name: Option<&str>,
    below: &Layer,
) -> Result<Configuration, Error> {
    let paths = Paths::of_user()?;
    let settings = Settings::load(&paths)?;
    let gateway = match &target.reach.gateway {
        Some(text) => Some(Url::parse(text).map_err(|error| {
            Error::new(ErrorKind::InvalidInput, format!("`{text}` is not an address"))
                .remedy("Give the gateway's address, for example `https://api.atlassian.com/ex/confluence/ID`")
                .caused_by(error)
        })?),
        None => None,
    };
    let flags = Layer {
        site: target.site.clone(),
        space: target.space.clone(),
        parent: target.parent.clone(),
        flavor: target.reach.flavor.map(|flavor| match flavor {
            FlavorName::Auto => FlavorChoice::Ask,
            known => known.flavor().map_or(FlavorChoice::Ask, FlavorChoice::Is),
        }),
        auth: target.reach.auth.map(|auth| match auth {
            AuthName::Basic => AuthKind::Basic,
            AuthName::Bearer => AuthKind::Bearer,
        }),
        user: target.reach.user.clone(),
        gateway,
        concurrency: target.reach.concurrency.map(usize::from),
        on_conflict: target.on_conflict.map(Into::into),
        on_orphan: target.on_orphan.map(Into::into),
        message: target.message.clone(),
        // A flag can only switch it on; what files and the environment say stays otherwise.
        minor_edit: target.minor_edit.then_some(true),
        orphan_limit: target.orphan_limit,
        on_title: target.on_title.map(Into::into),
        title_prefix: target.title_prefix.clone(),
        label_mode: target.label_mode.map(Into::into),
        page_width: target.page_width.map(Into::into),
        editor: target.editor.map(Into::into),
        folders: target.folders.then_some(true),
        keep_order: target.keep_order.then_some(true),
        keep_place: target.keep_place.then_some(true),
        format: target.format.map(Into::into),
        verify: target.verify.then_some(true),
        strict: target.strict.then_some(true),
        diagrams: match target.diagrams.as_slice() {
            [] => None,
            entries => Some(DrawingSettings::read(entries).map_err(|wrong| {
                Error::new(
                    ErrorKind::InvalidInput,
                    format!("`--diagrams` is wrong: {wrong}"),
                )
                .remedy("See `--help`")
            })?),
        },
        ..Layer::default()
    };
    let flags = flags.over(below);
    resolve(
        (&settings, Settings::file(&paths)),
        repository,
        &|variable| {
            let read = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            let own = name.and_then(|name| read(&given::variable(variable, name)));
            own.or_else(|| read(variable))
        },
        &flags,
        &site_url,
    )
}

/// Carries the command out.
pub(crate) fn run(config: &Config, output: &Output) -> Result<Exit, Error> {
    let Config::Show(options) = config;
    if options.target.repo.is_some() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "`config show` tells of files on this machine, and `--repo` is elsewhere",
        )
        .remedy("Leave `--repo` out"));
    }
    let mut repository = beside(&options.target)?;
    let mut name = None;
    if !options.target.targets.is_empty() {
        let chosen = publish::targets(repository.as_ref(), &options.target.targets)?;
        let [only] = chosen[..] else {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "`config show` shows one target at a time",
            )
            .remedy("Give `--target` once"));
        };
        name = Some(only.name.clone());
        repository = repository.as_ref().map(|file| file.of_target(only));
    }
    let configuration = configuration(&options.target, repository.as_ref(), name.as_deref())?;
    let mut values = serde_json::Map::new();
    for (key, value, origin) in configuration.rows() {
        let shown = if value.is_empty() { "-" } else { &value };
        if options.origin {
            output.say(&format!("{key:<12} {shown:<44} {origin}"));
            values.insert(
                key.to_owned(),
                json!({"value": value, "origin": origin.to_string()}),
            );
        } else {
            output.say(&format!("{key:<12} {shown}"));
            values.insert(key.to_owned(), json!(value));
        }
    }
    let names: Vec<&str> = repository
        .iter()
        .flat_map(|file| file.targets.iter().map(|target| target.name.as_str()))
        .collect();
    if !names.is_empty() {
        output.say(&format!(
            "{:<12} {}; see each with `--target NAME`",
            "targets",
            names.join(", ")
        ));
    }
    if output.is_json() {
        output.json(&json!({"schema": "tributary.config/1", "values": values}))?;
    }
    Ok(Exit::Done)
}
