//! The configuration in force, and `tributary config show`.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use tributary::account::{client, site_url};
use tributary::confluence::Client;
use tributary::hosts::Pinned;
use tributary::http::Http;
use tributary::publish::PublishRequest;
use tributary::settings::{
    AuthKind, FlavorChoice, Layer, RepositorySettings, Resolved as Configuration, Settings, resolve,
};
use tributary::store::Paths;
use tributary::{Error, ErrorKind};
use tributary_pages::plan::{DrawingSettings, PlanSettings};
use url::Url;

use crate::options::{AuthName, FlavorName, Target};
use crate::output::{Exit, Output};

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
}

impl Resolved {
    /// Puts the layers together, for the files on this machine or a repository elsewhere.
    pub(crate) async fn of(target: &Target, pinned: Option<&Pinned>) -> Result<Self, Error> {
        let (paths, repository) = match pinned {
            Some(pinned) => {
                let shown = pinned.path.to_string();
                let unnamed = target.paths.iter().all(|path| path.as_os_str() == ".");
                let paths = if unnamed && !shown.is_empty() {
                    vec![PathBuf::from(shown)]
                } else {
                    target.paths.clone()
                };
                (paths, RepositorySettings::at(pinned).await?)
            }
            None => (target.paths.clone(), beside(target)?),
        };
        let configuration = configuration(target, repository.as_ref())?;
        let request = PublishRequest {
            paths,
            space: configuration.space_key()?,
            parent: configuration.parent.value.clone(),
            include: configuration.include.value.clone(),
            exclude: configuration.exclude.value.clone(),
            settings: PlanSettings {
                on_conflict: configuration.on_conflict.value,
                on_orphan: configuration.on_orphan.value,
                message: configuration.message.value.clone(),
                labels: configuration.labels.value.clone(),
                minor_edit: configuration.minor_edit.value,
                orphan_limit: configuration.orphan_limit.value,
                label_mode: configuration.label_mode.value,
                page_width: configuration.page_width.value,
                drawings: DrawingSettings {
                    server: configuration.diagram_server.value.clone().map(String::from),
                    ..configuration.diagrams.value.clone()
                },
                strict: configuration.strict.value,
                template: repository.map(|file| file.template).unwrap_or_default(),
            },
            concurrency: configuration.concurrency.value,
            verify: configuration.verify.value,
        };
        Ok(Self {
            configuration,
            request,
        })
    }

    /// Finds the credential and makes the client.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        let site = self.configuration.site_settings()?;
        let (credential, site) =
            super::accounts::credential_for(&site, Some(&self.request.space)).await?;
        client(&Http::new()?, &site, credential).await
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
        label_mode: target.label_mode.map(Into::into),
        page_width: target.page_width.map(Into::into),
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
    resolve(
        (&settings, Settings::file(&paths)),
        repository,
        &|name| std::env::var(name).ok().filter(|value| !value.is_empty()),
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
    let repository = beside(&options.target)?;
    let configuration = configuration(&options.target, repository.as_ref())?;
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
    if output.is_json() {
        output.json(&json!({"schema": "tributary.config/1", "values": values}))?;
    }
    Ok(Exit::Done)
}
