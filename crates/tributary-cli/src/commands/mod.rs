//! The commands, each in the file of its name.

mod accounts;
pub(crate) mod audit;
mod compare;
mod completions;
mod config;
mod convert;
mod convert_options;
mod convert_stored;
mod demo;
mod doctor;
mod given;
mod login;
mod merge;
mod mode;
mod network;
mod opened;
mod plan;
mod preparing;
mod preview;
mod publish;
mod published;
mod pull;
mod repository;
mod republish;
mod sandbox;
mod status;
mod targets;
mod undo;
mod vault;

use clap::Subcommand;
use tributary::{Error, ErrorKind};

use crate::output::{Exit, Output};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Publish files and folders to a Confluence space
    Publish(publish::Options),
    /// Show what publish would do
    Plan(plan::Options),
    /// Show which published pages are up to date, behind, edited by hand or orphaned
    Status(status::Options),
    /// Publish pages of a site again that are behind, each from the repository it came from
    Republish(republish::Options),
    /// Take what somebody wrote on pages back into their sources, as a patch or on a branch
    Pull(pull::Options),
    /// Take a publish back: restore the versions that it replaced
    Undo(undo::Options),
    /// Convert Markdown and stored pages to each other, to HTML or to text
    Convert(convert_options::Options),
    /// Merge two changes of a stored page; exit code 1 where both changed the same words
    Merge(merge::Options),
    /// List the files that differ between two states of a repository
    Compare(compare::Options),
    /// Show a file with syntax highlighting
    Preview(preview::Options),
    /// Run the embedded Confluence and sign-in servers
    Sandbox(sandbox::Options),
    /// Publish a sample repository to the sandbox and show where to look
    Demo(demo::Options),
    /// Say what is missing on this machine, and how to mend it
    Doctor(doctor::Options),
    /// Sign in to Confluence or a Git host
    Login(login::Options),
    /// Sign out, and say what became of the access
    Logout(accounts::Logout),
    /// List who is signed in where, choose which account is used, move what one published
    Accounts(accounts::Options),
    /// Ask every provider whether its account still works; exit code 1 when one needs attention
    Health(accounts::Health),
    /// Show or change whose access is used for a provider
    Mode(mode::Options),
    /// Show and choose how servers are reached: proxy, trusted authorities, client certificates
    Network(network::Options),
    /// Show what the administrator of this machine decided
    Policy,
    /// Show and choose where tokens are kept
    #[command(subcommand)]
    Vault(vault::Command),
    /// Show, verify and export the record of who did what
    #[command(subcommand)]
    Audit(audit::Command),
    /// Show the configuration in force
    #[command(subcommand)]
    Config(config::Config),
    /// Print shell completions
    Completions(completions::Options),
    /// Print the manual page
    Man(completions::Manual),
}

impl Command {
    /// Carries the command out.
    pub(crate) async fn run(&self, output: &Output) -> Result<Exit, Error> {
        if self.reaches_servers() {
            network::install().await?;
        }
        match self {
            Self::Publish(options) => publish::run(options, output).await,
            Self::Plan(options) => plan::run(options, output).await,
            Self::Status(options) => status::run(options, output).await,
            Self::Republish(options) => republish::run(options, output).await,
            Self::Pull(options) => pull::run(options, output).await,
            Self::Undo(options) => undo::run(options, output).await,
            Self::Convert(options) => convert::run(options, output),
            Self::Merge(options) => merge::run(options, output),
            Self::Compare(options) => compare::run(options, output).await,
            Self::Preview(options) => preview::run(options, output).await,
            Self::Sandbox(options) => sandbox::run(options, output).await,
            Self::Demo(options) => demo::run(options, output).await,
            Self::Doctor(options) => doctor::run(options, output).await,
            Self::Login(options) => login::run(options, output).await,
            Self::Logout(options) => accounts::logout(options, output).await,
            Self::Accounts(options) => accounts::run(options, output).await,
            Self::Health(options) => accounts::health(options, output).await,
            Self::Mode(options) => mode::run(options, output).await,
            Self::Network(options) => network::run(options, output).await,
            Self::Policy => mode::policy(output).await,
            Self::Vault(command) => vault::run(command, output).await,
            Self::Audit(command) => audit::run(command, output).await,
            Self::Config(config) => config::run(config, output),
            Self::Completions(options) => completions::run(options, output),
            Self::Man(options) => completions::man(options, output),
        }
    }

    /// Whether the command may send something to a server that is not on this machine.
    fn reaches_servers(&self) -> bool {
        match self {
            Self::Publish(_) | Self::Plan(_) | Self::Status(_) | Self::Undo(_) => true,
            Self::Republish(_) | Self::Pull(_) | Self::Compare(_) => true,
            Self::Preview(options) => options.repo.is_some(),
            Self::Login(_) | Self::Logout(_) | Self::Health(_) => true,
            Self::Accounts(options) => options.records(),
            Self::Mode(_) => true,
            // Diagrams are drawn by a server of one's own where the settings name one.
            Self::Convert(_) => true,
            _ => false,
        }
    }

    /// Whether the command may leave records in the audit log, which are then sent on.
    pub(crate) fn records(&self) -> bool {
        match self {
            Self::Publish(_) | Self::Plan(_) | Self::Login(_) | Self::Logout(_) => true,
            Self::Health(_) | Self::Undo(_) | Self::Republish(_) => true,
            Self::Accounts(options) => options.records(),
            Self::Mode(options) => options.records(),
            Self::Vault(command) => command.records(),
            Self::Audit(command) => command.records(),
            _ => false,
        }
    }

    /// Whether the command's result goes to standard output, so that words for people must not.
    pub(crate) fn prints_result(&self) -> bool {
        match self {
            Self::Publish(options) => options.report.is_some(),
            Self::Undo(options) => options.report.is_some(),
            Self::Audit(command) => command.prints_result(),
            Self::Doctor(options) => options.diagnostics,
            Self::Convert(_)
            | Self::Pull(_)
            | Self::Merge(_)
            | Self::Preview(_)
            | Self::Compare(_)
            | Self::Completions(_)
            | Self::Man(_) => true,
            _ => false,
        }
    }
}

/// Runs what waits for the disk or the keystore where that holds nothing up.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let ended = tokio::task::spawn_blocking(run).await;
    ended
        .map_err(|error| Error::new(ErrorKind::Bug, "The keystore call broke off").caused_by(error))
        .flatten()
}
