//! `tributary demo`: the sandbox, a sample repository in it, and where to look.

use std::path::PathBuf;

use clap::Args;
use tokio_util::sync::CancellationToken;
use tributary::account::{client, with_token};
use tributary::audit::{Audit, Clock};
use tributary::http::Http;
use tributary::publish::{PublishRequest, apply, plan};
use tributary::settings::{Auth, SiteSettings};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Flavor;
use tributary_pages::plan::PlanSettings;
use url::Url;

use crate::output::{Exit, Output};

use super::sandbox::{start, wait_for_interrupt};

/// How to run the demo.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Publish, check that the pages answer, and end
    #[arg(long)]
    pub once: bool,
    /// The port of the sandbox; any free one when 0
    #[arg(long, value_name = "N", default_value = "0")]
    pub port: u16,
    /// Publish this folder instead of the sample
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let home = tempfile::tempdir().map_err(|error| {
        Error::new(ErrorKind::Storage, "There is no room for the sample").caused_by(error)
    })?;
    let folder = match &options.path {
        Some(path) => path.clone(),
        None => {
            let path = home.path().join(tributary_sandbox::sample::NAME);
            tributary_sandbox::sample::write_to(&path).map_err(|error| {
                Error::new(ErrorKind::Storage, "The sample could not be written").caused_by(error)
            })?;
            path
        }
    };
    let sandbox = start(options.port, None, None).await?;
    output.say(&format!(
        "The sandbox is running at {}",
        sandbox.cloud_url()
    ));
    let url = Url::parse(&sandbox.cloud_url()).map_err(|error| {
        Error::new(ErrorKind::Bug, "The sandbox gave no address").caused_by(error)
    })?;
    let site = SiteSettings {
        url,
        flavor: Some(Flavor::Cloud),
        auth: Auth::Basic {
            user: "author@example.com".to_owned(),
        },
        gateway: None,
    };
    let credential = with_token(&site, Secret::new("sandbox-token".to_owned()));
    let client = client(&Http::new()?, &site, credential).await?;
    let request = PublishRequest {
        paths: vec![folder],
        space: "DOCS".to_owned(),
        parent: None,
        include: Vec::new(),
        exclude: Vec::new(),
        settings: PlanSettings::default(),
        concurrency: 8,
        verify: false,
    };
    let cancel = CancellationToken::new();
    let prepared = plan(&client, &request, &|_| {}, &cancel).await?;
    let digest = prepared.plan.digest.clone();
    // What happens in the sandbox is gone when it ends, and so is the record of it.
    let audit = Audit::open(&Paths::below(home.path()), None, Clock::of_system());
    let report = apply(&prepared, &digest, &audit, &|_| {}, &cancel).await?;
    output.report(&report);
    let first = report
        .outcomes
        .iter()
        .find_map(|outcome| outcome.url.clone());
    if let Some(first) = &first {
        output.say(&format!("\nLook at the pages: {first}"));
    }
    if output.is_json() {
        output.json(&report.to_json())?;
    }
    if !options.once {
        output.say("Stop with Ctrl-C; the pages go with it.");
        wait_for_interrupt().await;
    }
    sandbox.stop().await;
    Ok(if report.is_complete() {
        Exit::Done
    } else {
        Exit::Attention
    })
}
