//! `tributary sandbox`: the embedded Confluence and sign-in servers, until Ctrl-C.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tributary::{Error, ErrorKind};
use tributary_sandbox::Running;

use crate::output::{Exit, Output};

/// How to run the sandbox.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The port to listen on; any free one when 0
    #[arg(long, value_name = "N", default_value = "8090")]
    pub port: u16,
    /// Keep the state in this folder
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Publish nothing, but begin with the pages in this folder
    #[arg(long, value_name = "DIR")]
    pub seed: Option<PathBuf>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let running = start(options.port, options.data.clone(), options.seed.clone()).await?;
    announce(&running, output)?;
    wait_for_interrupt().await;
    running.stop().await;
    Ok(Exit::Done)
}

/// Starts the sandbox on this machine only.
pub(crate) async fn start(
    port: u16,
    data: Option<PathBuf>,
    seed: Option<PathBuf>,
) -> Result<Running, Error> {
    let options = tributary_sandbox::Options { port, data, seed };
    tributary_sandbox::start(options).await.map_err(|error| {
        Error::new(
            ErrorKind::Storage,
            format!("The sandbox could not start on port {port}"),
        )
        .remedy("Choose another port with `--port`, or 0 for any free one")
        .caused_by(error)
    })
}

fn announce(running: &Running, output: &Output) -> Result<(), Error> {
    if output.is_json() {
        return output.json(&json!({
            "base_url": running.base_url(),
            "cloud_url": running.cloud_url(),
            "data_center_url": running.data_center_url(),
            "gateway_url": running.gateway_url(),
        }));
    }
    output.say(&format!(
        "The sandbox is running; everything in it is made up.\n\
         \n\
         Cloud        {}\n\
         \u{20}            user author@example.com, API token sandbox-token\n\
         Data Center  {}\n\
         \u{20}            personal access token sandbox-pat\n\
         Spaces       DOCS, TEAM, READ (read only)\n\
         \n\
         Try: TRIBUTARY_USER=author@example.com TRIBUTARY_TOKEN=sandbox-token \\\n\
         \u{20}    tributary publish docs --site {} --space DOCS\n\
         \n\
         Stop it with Ctrl-C.",
        running.cloud_url(),
        running.data_center_url(),
        running.cloud_url(),
    ));
    Ok(())
}

/// Waits until the user, or the system, asks the program to end.
pub(crate) async fn wait_for_interrupt() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                pressed = tokio::signal::ctrl_c() => if pressed.is_err() { std::future::pending::<()>().await },
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
