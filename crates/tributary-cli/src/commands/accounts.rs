//! `tributary accounts` and `tributary logout`: the connected sites.

use clap::Args;
use serde_json::json;
use tributary::account::{audited, secret_name, site_url};
use tributary::audit::{Event, What};
use tributary::settings::{Auth, Settings};
use tributary::store::Paths;
use tributary::{Error, ErrorKind};
use tributary_pages::markup::Flavor;

use super::{audit, vault};
use crate::output::{Exit, Output};

/// The site to leave.
#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The site's address
    #[arg(long, value_name = "URL")]
    pub host: String,
}

/// Lists the connected sites; tokens are never shown.
pub(crate) fn list(output: &Output) -> Result<Exit, Error> {
    let settings = Settings::load(&Paths::of_user()?)?;
    let mut sites = Vec::new();
    for site in &settings.sites {
        let user = match &site.auth {
            Auth::Basic { user } => user.as_str(),
            Auth::Bearer => "personal access token",
        };
        let flavor = match site.flavor {
            Some(Flavor::Cloud) => "Cloud",
            Some(Flavor::DataCenter) => "Data Center",
            None => "not known yet",
        };
        output.say(&format!("{} ({flavor}, {user})", site.url));
        sites.push(json!({"url": site.url.as_str(), "flavor": flavor, "user": user}));
    }
    if settings.sites.is_empty() {
        output
            .say("No site is connected. Connect one with `tributary login confluence --host URL`.");
    }
    if output.is_json() {
        output.json(&json!({"schema": "tributary.accounts/1", "sites": sites}))?;
    }
    Ok(Exit::Done)
}

/// Forgets a site and its token.
pub(crate) async fn logout(options: &Logout, output: &Output) -> Result<Exit, Error> {
    let url = site_url(&options.host)?;
    let paths = Paths::of_user()?;
    let mut settings = Settings::load(&paths)?;
    let Some(at) = settings.sites.iter().position(|site| site.url == url) else {
        return Err(
            Error::new(ErrorKind::InvalidInput, format!("`{url}` is not connected"))
                .remedy("`tributary accounts` lists the sites that are"),
        );
    };
    let name = secret_name(&settings.sites[at]);
    let (account, kind) = audited(&settings.sites[at]);
    let forgotten = tokio::task::spawn_blocking(move || {
        let (vault, state) = vault::open()?;
        let audit = audit::with(audit::lasting(&vault, &state))?;
        let left = What::SignedOut {
            account: account.clone(),
        };
        let removed = Event::new(What::TokenRemoved { account, kind });
        audit.around(removed, || vault.forget(&name))?;
        audit.record(Event::new(left))?;
        audit.settle()
    });
    forgotten.await.map_err(|error| {
        Error::new(ErrorKind::Bug, "The keystore call broke off").caused_by(error)
    })??;
    settings.sites.remove(at);
    settings.save(&paths)?;
    output.say(&format!(
        "Signed out of {url}. The token is gone from the keystore; to make it useless everywhere, \
         revoke it in your account there."
    ));
    Ok(Exit::Done)
}
