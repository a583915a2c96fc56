//! `tributary config`: the configuration in force, and what publishing needs of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tributary::account::{client, credential, site_url};
use tributary::confluence::Client;
use tributary::http::Http;
use tributary::publish::PublishRequest;
use tributary::settings::{
    AuthKind, FlavorChoice, Layer, RepositorySettings, Resolved as Values, Settings, SiteSettings,
    resolve,
};
use tributary::store::Paths;
use tributary::vault::{open_vault, session_vault};
use tributary::{Error, ErrorKind};
use tributary_pages::plan::PlanSettings;
use url::Url;

use crate::options::{AuthName, Target};
use crate::output::{Exit, Output};

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Show every value in force
    Show(Show),
}

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub target: Target,
    /// Say where each value comes from
    #[arg(long)]
    pub origin: bool,
}

/// Carries the command out.
pub(crate) fn run(config: &Config, output: &Output) -> Result<Exit, Error> {
    let Config::Show(show) = config;
    let values = values(&show.target)?;
    let rows = values.rows();
    let longest = rows.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or(0);
    let mut document = serde_json::Map::new();
    for (key, value, origin) in &rows {
        let line = match show.origin {
            true => format!("{key:<12} {value:<longest$}  {origin}"),
            false => format!("{key:<12} {value}"),
        };
        output.say(line.trim_end());
        document.insert((*key).to_owned(), json!({"value": value, "origin": origin.to_string()}));
    }
    if output.is_json() {
        output.json(&json!({"schema": "tributary.config/1", "values": Value::Object(document)}))?;
    }
    Ok(Exit::Done)
}

/// Everything a publish needs.
pub(crate) struct Resolved {
    /// What to publish, and where to.
    pub request: PublishRequest,
    site: SiteSettings,
}

impl Resolved {
    /// Puts the layers together for a target.
    pub(crate) fn of(target: &Target) -> Result<Self, Error> {
        let values = values(target)?;
        let site = values.site_settings()?;
        let request = PublishRequest {
            paths: target.paths.clone(),
            space: values.space_key()?,
            parent: values.parent.value,
            include: values.include.value,
            exclude: values.exclude.value,
            settings: PlanSettings {
                on_conflict: values.on_conflict.value,
                on_orphan: values.on_orphan.value,
                message: values.message.value,
                labels: values.labels.value,
            },
            concurrency: values.concurrency.value,
        };
        Ok(Self { request, site })
    }

    /// A client signed in to the site. Asks a site once which product it is, and remembers that
    /// of a connected one.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        let site = self.site.clone();
        let found = tokio::task::spawn_blocking(move || {
            // The environment needs no keystore, which may be slow to say that it is not there.
            match credential(&site, session_vault().as_ref()) {
                Err(error) if error.kind() == ErrorKind::SignedOut => {
                    credential(&site, open_vault().0.as_ref())
                }
                found => found,
            }
        });
        let credential = found.await.map_err(|error| {
            Error::new(ErrorKind::Bug, "The keystore call broke off").caused_by(error)
        })??;
        client(&Http::new()?, &self.site, credential).await
    }
}

fn values(target: &Target) -> Result<Values, Error> {
    let paths = Paths::of_user()?;
    let settings = Settings::load(&paths)?;
    let here = PathBuf::from(".");
    let repository = RepositorySettings::find(target.paths.first().unwrap_or(&here))?;
    let gateway = target.gateway.as_deref().map(Url::parse).transpose().map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "`--gateway` is not an address")
            .remedy("Give it with `https://`")
            .caused_by(error)
    })?;
    let flags = Layer {
        site: target.site.clone(),
        space: target.space.clone(),
        parent: target.parent.clone(),
        flavor: target.flavor.map(|name| match name.flavor() {
            Some(flavor) => FlavorChoice::Is(flavor),
            None => FlavorChoice::Ask,
        }),
        auth: target.auth.map(|name| match name {
            AuthName::Basic => AuthKind::Basic,
            AuthName::Bearer => AuthKind::Bearer,
        }),
        user: target.user.clone(),
        gateway,
        concurrency: target.concurrency.map(usize::from),
        on_conflict: target.on_conflict.map(Into::into),
        on_orphan: target.on_orphan.map(Into::into),
        message: target.message.clone(),
        ..Layer::default()
    };
    resolve(
        (&settings, Settings::file(&paths)),
        repository.as_ref(),
        &|name| std::env::var(name).ok(),
        &flags,
        &site_url,
    )
}
