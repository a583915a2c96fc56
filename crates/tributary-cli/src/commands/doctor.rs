//! `tributary doctor`: what is missing on this machine, and how to mend it.

use clap::Args;
use serde_json::json;
use tributary::Error;
use tributary::account::{Named, connect, site_settings};
use tributary::http::Http;
use tributary::settings::Settings;
use tributary::store::Paths;
use tributary::vault::VaultState;

use super::vault;
use crate::output::{Exit, Output};

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Do not ask the connected sites
    #[arg(long)]
    pub offline: bool,
}

/// One thing that was looked at.
struct Finding {
    what: String,
    is_fine: bool,
    says: String,
    remedy: Option<String>,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let mut findings = Vec::new();
    let paths = Paths::of_user()?;
    let settings = match Settings::load(&paths) {
        Ok(settings) => {
            findings.push(fine("Settings", paths.config.display().to_string()));
            settings
        }
        Err(error) => {
            findings.push(trouble("Settings", &error));
            Settings::default()
        }
    };
    findings.push(writable(&paths));
    findings.push(keystore().await);
    for (variable, without) in [
        ("DISPLAY", "WAYLAND_DISPLAY"),
        ("DBUS_SESSION_BUS_ADDRESS", ""),
    ] {
        let set = [variable, without]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
        let (what, lack) = match variable {
            "DISPLAY" => (
                "Display",
                "none; the command works without, the window needs one",
            ),
            _ => ("D-Bus session", "none; the keystore needs one on Linux"),
        };
        let says = if set { "present" } else { lack };
        findings.push(fine(what, says.to_owned()));
    }
    if !options.offline {
        let http = Http::new()?;
        let mut sites = settings.sites.clone();
        match tributary::account::known(&paths) {
            Ok(accounts) => {
                let reached = accounts.iter().flat_map(|account| {
                    let sites = account.sites.iter();
                    sites.map(|site| site_settings(account, site))
                });
                for site in reached {
                    if !sites.iter().any(|known| known.url == site.url) {
                        sites.push(site);
                    }
                }
            }
            Err(error) => findings.push(trouble("Accounts", &error)),
        }
        for site in &sites {
            findings.push(ask(&http, site).await);
        }
        if sites.is_empty() {
            findings.push(fine(
                "Sites",
                "none connected; connect one with `tributary login confluence --host URL`"
                    .to_owned(),
            ));
        }
    }
    let mut exit = Exit::Done;
    let mut list = Vec::new();
    for finding in &findings {
        let sign = if finding.is_fine { "ok" } else { "missing" };
        output.say(&format!("{sign:<8} {}: {}", finding.what, finding.says));
        if let Some(remedy) = &finding.remedy {
            output.say(&format!("         {remedy}"));
        }
        if !finding.is_fine {
            exit = Exit::Attention;
        }
        list.push(json!({
            "what": finding.what,
            "ok": finding.is_fine,
            "message": finding.says,
            "remedy": finding.remedy,
        }));
    }
    if output.is_json() {
        output.json(&json!({"schema": "tributary.doctor/1", "findings": list}))?;
    }
    Ok(exit)
}

fn fine(what: &str, says: String) -> Finding {
    Finding {
        what: what.to_owned(),
        is_fine: true,
        says,
        remedy: None,
    }
}

fn trouble(what: &str, error: &Error) -> Finding {
    Finding {
        what: what.to_owned(),
        is_fine: false,
        says: error.to_string(),
        remedy: error.remedy_text().map(str::to_owned),
    }
}

fn writable(paths: &Paths) -> Finding {
    let probe = paths.data.join("doctor-probe");
    match tributary::store::write_atomically(&probe, b"probe") {
        Ok(()) => {
            let removed = std::fs::remove_file(&probe);
            let says = paths.data.display().to_string();
            match removed {
                Ok(()) => fine("Data folder", says),
                Err(error) => Finding {
                    what: "Data folder".to_owned(),
                    is_fine: false,
                    says: format!("{says}: {error}"),
                    remedy: Some("Make the folder writable for yourself".to_owned()),
                },
            }
        }
        Err(error) => trouble("Data folder", &error),
    }
}

async fn keystore() -> Finding {
    let what = "Keystore";
    let state = match tokio::task::spawn_blocking(vault::open).await {
        Ok(Ok((_, state))) => state,
        Ok(Err(error)) => return trouble(what, &error),
        Err(error) => {
            return Finding {
                what: what.to_owned(),
                is_fine: false,
                says: format!("the call broke off: {error}"),
                remedy: None,
            };
        }
    };
    match (&state, state.trouble()) {
        (_, Some((reason, remedy))) => Finding {
            what: what.to_owned(),
            is_fine: false,
            says: reason.to_owned(),
            remedy: Some(remedy.for_command().to_owned()),
        },
        (VaultState::Available { name }, None) => fine(what, name.clone()),
        (_, None) => fine(what, "none; tokens are kept for a session only".to_owned()),
    }
}

async fn ask(http: &Http, site: &tributary::settings::SiteSettings) -> Finding {
    let what = site.url.to_string();
    let (credential, site) =
        match super::accounts::credential_for(site, Named::ByPerson, None, None, true).await {
            Ok(found) => found,
            Err(error) => return trouble(&what, &error),
        };
    match connect(http, &site, credential).await {
        Ok(account) => fine(&what, format!("signed in as {}", account.user.name)),
        Err(error) => trouble(&what, &error),
    }
}
