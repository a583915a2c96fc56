//! `tributary mode` and `policy`: whose access is used, and what the administrator decided.

use clap::{Args, ValueEnum};
use serde_json::json;
use tributary::account::{Mode, Product, Revoked};
use tributary::{Error, ErrorKind};

use super::accounts::{open, reach_json, reach_line, say_what_was_not_tried};
use super::blocking;
use crate::output::{Exit, Output, visible};

/// Which provider, and which mode.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The provider, such as `gitlab`
    provider: String,
    /// The mode to change to; without one the mode in force is shown
    #[arg(value_enum)]
    mode: Option<ModeName>,
    /// The host's address, where the provider can be anywhere
    #[arg(long, value_name = "URL")]
    host: Option<String>,
    /// Change it; without this it is only shown what would happen
    #[arg(long)]
    yes: bool,
    /// Change it even though the new access cannot read all that was published
    #[arg(long, requires = "yes")]
    accept_unreadable: bool,
}

/// The modes, as arguments name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeName {
    /// Each user signs in
    Individual,
    /// One configured token, service account or company account
    Managed,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Individual => Self::Individual,
            ModeName::Managed => Self::Managed,
        }
    }
}

impl Options {
    /// Whether the command may leave a record.
    pub(crate) fn records(&self) -> bool {
        self.yes
    }
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    let place = accounts.place(&options.provider, options.host.as_deref())?;
    let Some(wanted) = options.mode else {
        let (asking, at) = (accounts.clone(), place.clone());
        let mode = blocking(move || asking.mode(&at)).await?;
        let is_locked = accounts.policy().locked_mode(place.provider()).is_some();
        let by = if is_locked {
            ", set by your administrator"
        } else {
            ""
        };
        output.say(&format!("{}: {}{by}", options.provider, mode.in_words()));
        if output.is_json() {
            output.json(&json!({
                "schema": "tributary.mode/1",
                "provider": options.provider,
                "host": place.base(),
                "mode": mode.name(),
                "locked": is_locked,
            }))?;
        }
        return Ok(Exit::Done);
    };
    let switch = accounts.look_at_mode(&place, wanted.into()).await?;
    let what = match place.provider().product {
        Product::Confluence => "spaces",
        Product::Git => "repositories",
    };
    output.say(&format!(
        "{} {what} were published; the new access was tried with each.",
        switch.reach.len()
    ));
    for reach in &switch.reach {
        output.say(&reach_line(reach));
    }
    say_what_was_not_tried(&switch.reach, output);
    for account in &switch.leaving {
        let name = visible(&account.user.name);
        output.say(&format!(
            "{} {name} at {}",
            if options.yes {
                "leaves      "
            } else {
                "would leave "
            },
            account.host()
        ));
    }
    let unreadable = switch.unreadable().count();
    let mut exit = Exit::Done;
    let mut left = Vec::new();
    if options.yes {
        left = accounts
            .change_mode(&switch, options.accept_unreadable)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::Conflict if unreadable > 0 => error.remedy(
                    "Nothing was changed. Give it the right to read them, or add \
                         `--accept-unreadable`",
                ),
                _ => error,
            })?;
        output.say(&format!(
            "{} is in force. Published pages keep their content.",
            switch.after.in_words()
        ));
        for gone in &left {
            let name = visible(&gone.account.user.name);
            match &gone.result {
                Ok(revoked) => {
                    output.say(&format!("Signed {name} out. {}", revoked.in_words()));
                    if matches!(revoked, Revoked::Failed { .. }) {
                        exit = Exit::Attention;
                    }
                }
                Err(error) => {
                    output.error(error);
                    exit = Exit::Attention;
                }
            }
        }
    } else {
        output.say("Nothing was changed; add `--yes` to change it.");
        if unreadable > 0 {
            exit = Exit::Attention;
        }
    }
    if output.is_json() {
        let left: Vec<_> = left
            .iter()
            .map(|gone| {
                json!({
                    "account": gone.account.id,
                    "result": match &gone.result {
                        Ok(Revoked::Yes) => "revoked",
                        Ok(Revoked::UntilItEnds { .. }) => "revoked, until it ends",
                        Ok(Revoked::Unchecked { .. }) => "revoked, not checked",
                        Ok(Revoked::ByHand { .. }) => "removed",
                        Ok(Revoked::Failed { .. }) => "not revoked",
                        Err(_) => "still there",
                    },
                })
            })
            .collect();
        output.json(&json!({
            "schema": "tributary.mode/1",
            "provider": options.provider,
            "host": place.base(),
            "mode": if options.yes { switch.after.name() } else { switch.before.name() },
            "locked": false,
            "sources": switch.reach.iter().map(reach_json).collect::<Vec<_>>(),
            "left": left,
        }))?;
    }
    Ok(exit)
}

/// Shows what the administrator decided.
pub(crate) async fn policy(output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    let policy = accounts.policy();
    let path = policy.path().display();
    let lines = policy.in_words();
    if policy.is_there() {
        output.say(&format!("The policy of this machine, `{path}`:"));
        for line in &lines {
            output.say(&format!("  {}", visible(line)));
        }
    } else {
        output.say(&format!("This machine has no policy (`{path}`)."));
    }
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.policy/1",
            "file": policy.path(),
            "sha256": policy.digest(),
            "rules": lines,
        }))?;
    }
    Ok(Exit::Done)
}
