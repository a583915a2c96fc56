//! `tributary login`: keep a token for a site in the keystore.

use std::io::{IsTerminal, Read, stdin};

use clap::{Args, ValueEnum};
use tributary::account::{audited, connect, secret_name, site_url, with_token};
use tributary::audit::{AccountName, Event, Outcome, What};
use tributary::http::Http;
use tributary::settings::{Auth, Settings, SiteSettings};
use tributary::store::Paths;
use tributary::vault::{Secret, VaultState};
use tributary::{Error, ErrorKind};

use super::{audit, vault};
use crate::options::{AuthName, FlavorName};
use crate::output::{Exit, Output};

/// Where to sign in.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What to sign in to
    #[arg(value_enum)]
    pub provider: Provider,
    /// The site's address
    #[arg(long, value_name = "URL")]
    pub host: String,
    /// The user an API token belongs to; without one the token is sent as a personal access token
    #[arg(long, value_name = "EMAIL", env = "TRIBUTARY_USER")]
    pub user: Option<String>,
    /// How the token is sent
    #[arg(long, value_enum)]
    pub auth: Option<AuthName>,
    /// Which product the site runs; asked of the site when not given
    #[arg(long, value_enum)]
    pub flavor: Option<FlavorName>,
    /// Read the token from standard input
    #[arg(long)]
    pub token_stdin: bool,
}

/// What one can sign in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Provider {
    /// Confluence Cloud or Data Center
    Confluence,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let Provider::Confluence = options.provider;
    let url = site_url(&options.host)?;
    let auth = match (options.auth, &options.user) {
        (Some(AuthName::Bearer), _) | (None, None) => Auth::Bearer,
        (_, Some(user)) => Auth::Basic { user: user.clone() },
        (Some(AuthName::Basic), None) => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "An API token belongs to a user, and none was named",
            )
            .remedy("Add `--user EMAIL`"));
        }
    };
    let flavor = options.flavor.and_then(FlavorName::flavor);
    let site = SiteSettings {
        url,
        flavor,
        auth,
        gateway: None,
    };
    let token = read_token(options)?;
    let credential = with_token(&site, Secret::new(token.clone()));
    let connected = match connect(&Http::new()?, &site, credential).await {
        Ok(connected) => connected,
        Err(error) => {
            let (account, _) = audited(&site);
            let failed = signed_in(account).because(Outcome::Failure, error.chain());
            audit::open().await?.record(failed)?;
            return Err(error);
        }
    };
    let name = secret_name(&connected.site);
    let (account, kind) = audited(&connected.site);
    let kept = tokio::task::spawn_blocking(move || {
        let (vault, state) = vault::open()?;
        if let Some((reason, remedy)) = state.trouble() {
            let remedy = format!(
                "{remedy}. Nothing was saved; for this session only, set `TRIBUTARY_TOKEN` in the \
                 environment"
            );
            return Err(Error::new(ErrorKind::VaultUnavailable, reason).remedy(remedy));
        }
        let VaultState::Available { name: keystore } = state else {
            return Err(Error::new(
                ErrorKind::VaultUnavailable,
                "Tokens are kept for this session only, as you chose, and this session ends with \
                 the command",
            )
            .remedy(
                "Set `TRIBUTARY_TOKEN` in the environment, or choose a lasting place with \
                 `tributary vault choose`",
            ));
        };
        let audit = audit::with(Some(vault.clone()))?;
        let token = Secret::new(token);
        audit.record(signed_in(account.clone()).with(audit.mark(&token)))?;
        let added = What::TokenAdded { account, kind };
        let added = Event::new(added).with(audit.mark(&token));
        audit.around(added, || vault.put(&name, &token))?;
        audit.settle()?;
        Ok(keystore)
    });
    let keystore = kept.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "The keystore call broke off").caused_by(error)
    })??;
    let paths = Paths::of_user()?;
    let mut settings = Settings::load(&paths)?;
    settings.remember_site(connected.site.clone());
    settings.save(&paths)?;
    output.say(&format!(
        "Signed in to {} as {}. The token is kept in {keystore}.",
        connected.site.url, connected.user.name
    ));
    Ok(Exit::Done)
}

fn signed_in(account: AccountName) -> Event {
    Event::new(What::SignedIn {
        account,
        method: "token".to_owned(),
        scopes: Vec::new(),
    })
}

/// Reads a token from standard input.
pub(crate) fn token_from_stdin() -> Result<Secret, Error> {
    let mut text = String::new();
    let read = stdin().take(64 * 1024).read_to_string(&mut text);
    read.map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "The token could not be read").caused_by(error)
    })?;
    Ok(Secret::new(text.trim().to_owned()))
}

/// Reads the token from the environment, standard input or the keyboard; never an argument.
fn read_token(options: &Options) -> Result<String, Error> {
    let from_environment = std::env::var("TRIBUTARY_TOKEN")
        .ok()
        .filter(|token| !token.is_empty());
    if let (Some(token), false) = (from_environment, options.token_stdin) {
        return Ok(token);
    }
    if !options.token_stdin && !stdin().is_terminal() {
        return Err(
            Error::new(ErrorKind::InvalidInput, "No token was given").remedy(
                "Give it on standard input with `--token-stdin`, or in the environment as \
             `TRIBUTARY_TOKEN`",
            ),
        );
    }
    let mut text = String::new();
    let read = if options.token_stdin {
        stdin()
            .take(64 * 1024)
            .read_to_string(&mut text)
            .map(|_| ())
    } else {
        rpassword::prompt_password("Token: ").map(|typed| text = typed)
    };
    read.map_err(|error| {
        Error::new(ErrorKind::InvalidInput, "The token could not be read").caused_by(error)
    })?;
    let token = text.trim().to_owned();
    if token.is_empty() {
        return Err(
            Error::new(ErrorKind::InvalidInput, "The token is empty").remedy(
                "Make a token in your Atlassian account, or a personal access token on Data Center",
            ),
        );
    }
    Ok(token)
}
