//! `tributary accounts`, `logout` and `health`: who is signed in where, and whether it works.

use std::sync::Arc;

use clap::{Args, Subcommand};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tributary::account::{
    Access, Account, Accounts, Choice, HealthState, Mode, Named, Place, Product, PublishedSource,
    Purpose, Reach, Setup, credential, end_in_words, forget_sites, site_settings, site_url,
    unused_in_words, with_token,
};
use tributary::browse::published_source;
use tributary::http::{Credential, Http};
use tributary::publish::Prepared;
use tributary::settings::{Settings, SiteSettings};
use tributary::store::Paths;
use tributary::vault::{Secret, VaultState, session_vault};
use tributary::{Error, ErrorKind, Remedy};
use tributary_pages::markup::Flavor;

use super::given::{TOKEN, is_unattended, is_unattended_at_hosts, variable};
use super::opened::{lasting, log};
use super::{blocking, network, vault};
use crate::options::Target;
use crate::output::{Exit, Output, visible};

/// What to do with accounts.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What can be done besides listing.
#[derive(Debug, Subcommand)]
enum Command {
    /// Use an account first: for its whole host, or for one site, space or repository
    Use(Use),
    /// Let an account take over what another one published, as far as it can read it
    Move(Move),
}

/// Which account, and for what.
#[derive(Debug, Args)]
struct Use {
    /// Its id, its user's name, or `user@host`; with `--nobody` one that is signed in there
    account: String,
    /// Take the choice back: whichever is used where nobody chose, or as for all around it
    #[arg(long)]
    nobody: bool,
    /// Only for this Confluence site
    #[arg(long, value_name = "URL", conflicts_with = "repository")]
    site: Option<String>,
    /// Only for this space of the site
    #[arg(long, value_name = "KEY", requires = "site")]
    space: Option<String>,
    /// Only for this repository
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,
}

/// From whom to whom, and what.
#[derive(Debug, Args)]
struct Move {
    /// The account that leaves
    from: String,
    /// The account that takes over
    to: String,
    /// Only what has this in its address or name
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Only this space or repository, by its name or by its address and name as they are listed; can
    /// be given more than once
    #[arg(long = "source", value_name = "NAME")]
    sources: Vec<String>,
    /// Do it; without this it is only shown what would be moved
    #[arg(long)]
    yes: bool,
}

/// What to leave.
#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The address of the site or host
    #[arg(long, value_name = "URL", required_unless_present_any = ["account", "application"])]
    host: Option<String>,
    /// The account: its id, its user's name, or `user@host`
    #[arg(long, value_name = "ACCOUNT", conflicts_with_all = ["host", "application"])]
    account: Option<String>,
    /// Nobody, but forget the application that was registered with this provider, and its secret
    #[arg(long, value_name = "PROVIDER")]
    application: Option<String>,
    /// The application for Managed Access alone
    #[arg(long, requires = "application")]
    managed: bool,
}

/// Which accounts to look at.
#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Only this account
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
}

impl Options {
    /// Whether the command leaves a record.
    pub(crate) fn records(&self) -> bool {
        self.command.is_some()
    }
}

/// The user's accounts, whether or not the place for their tokens can be used now.
pub(crate) async fn open() -> Result<Accounts, Error> {
    static OPENED: OnceCell<Accounts> = OnceCell::const_new();
    let opening = || async {
        let http = network::http().await?;
        blocking(move || open_now(http).map(|(accounts, _)| accounts)).await
    };
    OPENED.get_or_try_init(opening).await.cloned()
}

/// The credential for a site, and how the site is reached with it: the environment's, or an
/// account's. A target has a token of its own, or the one that is for all, where `shares_token`
/// says that it may be sent there; none goes where only the repository says that it may, inside a
/// private network.
pub(crate) async fn credential_for(
    site: &SiteSettings,
    named: Named,
    space: Option<&str>,
    target: Option<&str>,
    shares_token: bool,
) -> Result<(Credential, SiteSettings), Error> {
    if !is_unattended() {
        return open().await?.for_site(site, space).await;
    }
    // Unattended runs bring their token along and need no keystore. The policy holds for them too.
    let settings = Settings::load(&Paths::of_user()?)?;
    tributary::account::allows_site_token(&settings, site, named)?;
    if let Some(name) = target {
        let name = variable(TOKEN, name);
        let own = std::env::var(&name).ok().filter(|token| !token.is_empty());
        if let Some(token) = own {
            return Ok((with_token(site, Secret::new(token)), site.clone()));
        }
        if !shares_token {
            return Err(Error::new(
                ErrorKind::SignedOut,
                format!(
                    "`{TOKEN}` is for one site, and the targets are at several, so it is not sent \
                     to `{}`",
                    site.url
                ),
            )
            .remedy(format!("Set `{name}` to the token for this target")));
        }
    }
    Ok((credential(site)?, site.clone()))
}

/// Remembers with whose access a space was published to, and with whose a repository was read that
/// was published without a clone.
pub(crate) async fn remember(prepared: &Prepared, target: &Target) -> Result<(), Error> {
    // A token of a pipeline is nobody's access.
    let repository = target.repo.clone().filter(|_| !is_unattended_at_hosts());
    if is_unattended() && repository.is_none() {
        return Ok(());
    }
    let accounts = open().await?;
    let (site, flavor) = (prepared.client.site().to_owned(), prepared.client.flavor());
    let space = prepared.space.key.clone();
    blocking(move || {
        if !is_unattended() {
            accounts.remember_space(&site, flavor, &space)?;
        }
        let source = match &repository {
            Some(address) => published_source(&accounts, address)?,
            None => None,
        };
        match source {
            Some(source) => accounts.remember_source(&source),
            None => Ok(()),
        }
    })
    .await
}

/// The same for who wants to put something there.
pub(crate) async fn open_to_keep() -> Result<Accounts, Error> {
    let http = network::http().await?;
    blocking(move || {
        let (accounts, state) = open_now(http)?;
        vault::must_last(&state)?;
        vault::may_keep(accounts.policy())?;
        Ok(accounts)
    })
    .await
}

/// Opens them over a client. What sends anything goes through [`network::http`], so that no command
/// asks a provider past the proxy that somebody set.
fn open_now(http: Http) -> Result<(Accounts, VaultState), Error> {
    let paths = Paths::of_user()?;
    let settings = Settings::load(&paths)?;
    let (vault, state) = vault::open()?;
    let audit = log(lasting(&vault, &state))?;
    let setup = Setup::of_system(paths, &settings, vault, audit, http)?;
    Ok((Accounts::open(setup)?, state))
}

/// Which account is used where there are several.
fn choices() -> Result<Vec<Choice>, Error> {
    let paths = Paths::of_user()?;
    let settings = Settings::load(&paths)?;
    let setup = Setup::of_system(
        paths,
        &settings,
        Arc::from(session_vault()),
        log(None)?,
        Http::new()?,
    )?;
    Accounts::open(setup)?.choices()
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    match &options.command {
        None => list(output).await,
        Some(Command::Use(wanted)) => prefer(wanted, output).await,
        Some(Command::Move(wanted)) => hand_over(wanted, output).await,
    }
}

/// Lists the accounts; tokens are never shown.
async fn list(output: &Output) -> Result<Exit, Error> {
    let known = blocking(|| tributary::account::known(&Paths::of_user()?)).await?;
    // Only of several there is a choice, and only then more is looked at than the list.
    let choices = match known.len() {
        0 | 1 => Vec::new(),
        // Neither the network nor a secret is needed, so nobody is asked for a passphrase.
        _ => match blocking(choices).await {
            Ok(choices) => choices,
            Err(error) => {
                output.error(&error);
                Vec::new()
            }
        },
    };
    for account in &known {
        output.say(&in_words(account));
    }
    if !choices.is_empty() {
        output.say("Which account is used:");
    }
    for choice in &choices {
        output.say(&choice_line(choice));
    }
    if known.is_empty() {
        output.say(
            "Nobody is signed in anywhere. Sign in with `tributary login PROVIDER`; `tributary \
             login --help` lists the providers.",
        );
    }
    if output.is_json() {
        let accounts: Vec<Value> = known.iter().map(as_json).collect();
        output.json(&json!({
            "schema": "tributary.accounts/1",
            "accounts": accounts,
            "sites": sites(&known),
            "choices": choices.iter().map(choice_json).collect::<Vec<_>>(),
        }))?;
    }
    Ok(Exit::Done)
}

/// Which account is used at a place, for people.
fn choice_line(choice: &Choice) -> String {
    let of = choice.name.as_deref().map(|name| format!(" {name}"));
    let chosen = match (choice.is_chosen, &choice.name) {
        (true, _) => "chosen",
        (false, None) => "nobody chose",
        (false, Some(_)) => "as for all of it",
    };
    format!(
        "  {}{}: {} {} ({chosen})",
        visible(&choice.base),
        visible(of.as_deref().unwrap_or_default()),
        choice.used.id,
        visible(&choice.used.user.name),
    )
}

/// The same for machines.
fn choice_json(choice: &Choice) -> Value {
    let able: Vec<&str> = choice.able.iter().map(|able| able.id.as_str()).collect();
    json!({
        "provider": choice.provider,
        "host": choice.base,
        "name": choice.name,
        "used": choice.used.id,
        "able": able,
        "chosen": choice.is_chosen,
    })
}

/// The Confluence sites that accounts reach, each once, for machines.
fn sites(known: &[Account]) -> Vec<Value> {
    let mut sites: Vec<Value> = Vec::new();
    for account in known {
        for site in &account.sites {
            let url = site.url.as_str();
            if sites.iter().any(|listed| listed["url"] == url) {
                continue;
            }
            let site = site_settings(account, site);
            let flavor = match site.flavor {
                Some(Flavor::Cloud) => "Cloud",
                Some(Flavor::DataCenter) => "Data Center",
                None => "not known yet",
            };
            sites.push(json!({"url": url, "flavor": flavor, "user": account.user.name}));
        }
    }
    sites
}

/// An account for people: who it is on one line, and all that is known of it below.
fn in_words(account: &Account) -> String {
    let how = match &account.access {
        Access::Grant { .. } => "signed in".to_owned(),
        Access::Service { .. } => "service account".to_owned(),
        Access::Token { kind, user, .. } => {
            let kind = match kind.as_str() {
                "api_token" => "API token",
                "access_token" => "access token",
                "password" => "password",
                _ => "personal access token",
            };
            match user.as_str() {
                "" => kind.to_owned(),
                user => format!("{kind} of {}", visible(user)),
            }
        }
    };
    let mut parts = vec![how.as_str(), account.mode.in_words()];
    match account.purpose {
        Purpose::Read => {}
        Purpose::Publish => parts.push("may publish"),
        Purpose::Remove => parts.push("may publish and trash"),
    }
    if account.signed_out.is_some() {
        parts.push("has to sign in again");
    }
    let mut text = format!(
        "{}  {} at {} ({})",
        account.id,
        visible(&account.user.name),
        account.host(),
        parts.join(", ")
    );
    let mut row = |name: &str, value: &str| {
        text.push_str(&format!("\n{:18}{name:<10} {}", "", visible(value)));
    };
    for site in &account.sites {
        row("reaches", site.url.as_str());
    }
    let scopes = account.scopes.join(" ");
    row(
        "scopes",
        match (&account.access, scopes.as_str()) {
            (Access::Token { .. }, "") => "not told; it may what it was made for",
            (_, "") => "the provider does not say",
            (_, scopes) => scopes,
        },
    );
    row(
        "last used",
        &match account.last_used {
            Some(used) => used.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            None => "never".to_owned(),
        },
    );
    row(
        "expires",
        &match (account.ends, &account.access) {
            (Some(ends), _) => ends.strftime("%Y-%m-%d").to_string(),
            (None, Access::Token { .. }) => "not known; `--token-ends` tells it".to_owned(),
            (None, _) => "renewed as it is used".to_owned(),
        },
    );
    text
}

/// An account for machines.
pub(crate) fn as_json(account: &Account) -> Value {
    let sites: Vec<&str> = account.sites.iter().map(|site| site.url.as_str()).collect();
    json!({
        "id": account.id,
        "provider": account.provider,
        "host": account.base,
        "user": {"id": account.user.id, "name": account.user.name},
        "mode": account.mode.name(),
        "access": account.access.kind(),
        "purpose": match account.purpose {
            Purpose::Read => "read",
            Purpose::Publish => "publish",
            Purpose::Remove => "remove",
        },
        "scopes": account.scopes,
        "sites": sites,
        "signed_in": account.signed_in.to_string(),
        "last_used": account.last_used.map(|used| used.to_string()),
        "ends": account.ends.map(|ends| ends.to_string()),
        "signed_out": account.signed_out,
    })
}

async fn prefer(wanted: &Use, output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    let site = wanted.site.as_deref().map(site_url).transpose()?;
    let name = wanted.account.clone();
    let part = wanted.repository.clone().or_else(|| wanted.space.clone());
    let nobody = wanted.nobody;
    let account = blocking(move || {
        let account = accounts.find(&name)?;
        let chosen = (!nobody).then_some(&account);
        // A Confluence is reached by its sites, whatever the host is.
        let bases: Vec<&str> = match &site {
            Some(site) => vec![site.as_str()],
            None if account.sites.is_empty() => vec![&account.base],
            None => account.sites.iter().map(|site| site.url.as_str()).collect(),
        };
        for base in bases {
            accounts.choose(&account.provider, base, part.as_deref(), chosen)?;
        }
        Ok(account)
    })
    .await?;
    output.say(&match nobody {
        true => {
            "Nobody is chosen there any more; `tributary accounts` shows who is used.".to_owned()
        }
        false => format!(
            "{} at {} is used first from now on.",
            visible(&account.user.name),
            account.host()
        ),
    });
    Ok(Exit::Done)
}

async fn hand_over(wanted: &Move, output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    let (finding, from, to) = (accounts.clone(), wanted.from.clone(), wanted.to.clone());
    let (from, to) = blocking(move || Ok((finding.find(&from)?, finding.find(&to)?))).await?;
    let only = wanted.only.clone().unwrap_or_default().to_lowercase();
    let named = &wanted.sources;
    let fits = |source: &PublishedSource| {
        let text = format!("{} {}", source.base, source.name);
        text.to_lowercase().contains(&only)
            && (named.is_empty() || named.iter().any(|name| is_named(source, name)))
    };
    let look = accounts.look_at_move(&from, &to, &fits).await?;
    // A name that means nothing is a slip: the rest is not moved behind somebody's back.
    let is_found = |name: &&String| {
        let mut found = look.reach.iter();
        found.any(|reach| is_named(&reach.source, name))
    };
    if let Some(missing) = named.iter().find(|name| !is_found(name)) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "`{missing}` is nothing that {} published",
                visible(&from.user.name)
            ),
        )
        .remedy("Leave `--source` out to see what there is"));
    }
    if look.reach.is_empty() {
        output.say("Nothing that was published fits.");
    }
    for reach in &look.reach {
        output.say(&reach_line(reach));
    }
    say_what_was_not_tried(&look.reach, output);
    let readable = look.reach.iter().filter(|reach| reach.trouble.is_none());
    let readable = readable.count();
    let mut moved = 0;
    if wanted.yes {
        moved = accounts.move_consent(&look).await?.len();
        output.say(&format!("{moved} of {} were moved.", look.reach.len()));
    } else if readable > 0 {
        output.say(&format!("{readable} would be moved; add `--yes` to do it."));
    }
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.move/1",
            "from": look.from.id,
            "to": look.to.id,
            "sources": look.reach.iter().map(reach_json).collect::<Vec<_>>(),
            "moved": moved,
        }))?;
    }
    Ok(if readable == look.reach.len() {
        Exit::Done
    } else {
        Exit::Attention
    })
}

/// Says what was not tried, where that can matter.
pub(super) fn say_what_was_not_tried(reach: &[Reach], output: &Output) {
    let has_pages = |reach: &Reach| reach.source.provider.starts_with("confluence");
    if reach.iter().any(has_pages) {
        output.say(
            "Spaces are tried, and not their pages: a page that only somebody else may see or edit \
             shows when it is published again.",
        );
    }
}

/// Whether somebody means this source: by its name, or by its address and name where the name alone
/// is that of several. Keys of spaces and names of repositories are not told apart by case.
fn is_named(source: &PublishedSource, named: &str) -> bool {
    let whole = format!("{} {}", source.base, source.name);
    [source.name.as_str(), &whole]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(named.trim()))
}

/// A source and whether it can be read, for people.
pub(super) fn reach_line(reach: &Reach) -> String {
    let source = &reach.source;
    let (base, name) = (visible(&source.base), visible(&source.name));
    match &reach.trouble {
        None => format!("can read     {base} {name}"),
        Some(trouble) => format!("cannot read  {base} {name}: {}", visible(trouble.as_str())),
    }
}

/// The same for machines.
pub(super) fn reach_json(reach: &Reach) -> Value {
    json!({
        "provider": reach.source.provider,
        "host": reach.source.base,
        "name": reach.source.name,
        "account": reach.by.as_ref().map(|account| account.id.as_str()),
        "trouble": reach.trouble.as_ref().map(tributary::Sentence::as_str),
    })
}

/// Signs an account out, and says what became of the access.
pub(crate) async fn logout(options: &Logout, output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    if let Some(provider) = &options.application {
        return forget_application(accounts, provider, options, output).await;
    }
    let listing = accounts.clone();
    let account = match (&options.account, &options.host) {
        (Some(name), _) => {
            let name = name.clone();
            Some(blocking(move || listing.find(&name)).await?)
        }
        (None, Some(host)) => {
            let host = host.clone();
            blocking(move || at_host(&listing, &host)).await?
        }
        (None, None) => None,
    };
    let Some(account) = account else {
        let host = options.host.as_deref().unwrap_or_default();
        return Err(Error::new(
            ErrorKind::InvalidInput,
            format!("`{host}` is not connected"),
        )
        .remedy("`tributary accounts` lists who is signed in where"));
    };
    let revoked = accounts.sign_out(&account).await?;
    let gone = account.clone();
    blocking(move || {
        let paths = Paths::of_user()?;
        let mut settings = Settings::load(&paths)?;
        match forget_sites(&mut settings, &accounts.list()?, &gone) {
            true => settings.save(&paths),
            false => Ok(()),
        }
    })
    .await?;
    output.say(&format!(
        "Signed {} out of {}. {}",
        visible(&account.user.name),
        account.host(),
        revoked.in_words()
    ));
    Ok(match revoked {
        tributary::account::Revoked::Failed { .. } => Exit::Attention,
        _ => Exit::Done,
    })
}

/// Forgets the application that was registered with a provider.
async fn forget_application(
    accounts: Accounts,
    provider: &str,
    options: &Logout,
    output: &Output,
) -> Result<Exit, Error> {
    let place = place_of(&accounts, provider, options.host.as_deref())?;
    let mode = match options.managed {
        true => Mode::Managed,
        false => Mode::Individual,
    };
    let host = place.host();
    let id = blocking(move || accounts.unregister(&place, mode)).await?;
    output.say(&format!(
        "The application `{}` at {host} and its secret are forgotten here. Who signed in with it \
         stays signed in; at the provider it is registered still.",
        visible(&id)
    ));
    Ok(Exit::Done)
}

/// A provider at an address; the address of a Confluence is typed as its pages' addresses are.
pub(crate) fn place_of(
    accounts: &Accounts,
    provider: &str,
    host: Option<&str>,
) -> Result<Place, Error> {
    let is_confluence = accounts.providers().get(provider)?.product == Product::Confluence;
    let base = match host {
        Some(host) if is_confluence => Some(site_url(host)?.to_string()),
        host => host.map(str::to_owned),
    };
    accounts.place(provider, base.as_deref())
}

/// The account at an address.
fn at_host(accounts: &Accounts, host: &str) -> Result<Option<Account>, Error> {
    let url = site_url(host)?;
    let same = |known: &str| known.trim_end_matches('/') == url.as_str().trim_end_matches('/');
    let mut fitting = accounts.list()?.into_iter().filter(|account| {
        same(&account.base)
            || account.host() == host
            || account.sites.iter().any(|site| same(site.url.as_str()))
    });
    match (fitting.next(), fitting.next()) {
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("More than one account is signed in at `{host}`"),
        )
        .remedy("Say which with `--account`; `tributary accounts` lists them")),
        (account, _) => Ok(account),
    }
}

/// Asks every provider whose the access is.
pub(crate) async fn health(options: &Health, output: &Output) -> Result<Exit, Error> {
    let accounts = open().await?;
    let (finding, name) = (accounts.clone(), options.account.clone());
    let wanted = blocking(move || match name {
        Some(name) => Ok(vec![finding.find(&name)?]),
        None => finding.list(),
    })
    .await?;
    let checks = wanted.iter().map(|account| accounts.check_health(account));
    let checked = join_all(checks).await;
    let asking = accounts.clone();
    let (ending, unused) = blocking(move || {
        let unused_days = Settings::load(&Paths::of_user()?)?.unused_days;
        Ok((asking.ending_soon()?, asking.unused(unused_days.0)?))
    })
    .await?;
    let days_unused = |account: &Account| {
        let found = unused.iter().find(|(known, _)| known.id == account.id);
        found.map(|(_, days)| *days)
    };
    let days_left = |account: &Account| {
        let found = ending.iter().find(|(known, _)| known.id == account.id);
        found.map(|(_, days)| *days)
    };
    let mut exit = Exit::Done;
    for health in &checked {
        output.say(&format!(
            "{:<13} {} at {}: {}",
            health.state.name(),
            visible(&health.account.user.name),
            health.account.host(),
            visible(health.message.as_str())
        ));
        if let Some(remedy) = &health.remedy {
            output.say(&format!("{:<13} {}", "", visible(remedy.for_command())));
        }
        let days = days_left(&health.account);
        // An end comes whether the provider answers today or not.
        if let Some(days) = days.filter(|_| health.state != HealthState::Expiring) {
            output.say(&format!("{:<13} {}", "", end_in_words(days)));
        }
        let unused = days_unused(&health.account);
        if let Some(days) = unused {
            output.say(&format!("{:<13} {}", "", unused_in_words(days)));
        }
        if health.state.wants_attention() || days.is_some() || unused.is_some() {
            exit = Exit::Attention;
        }
    }
    if checked.is_empty() {
        output.say("Nobody is signed in; `tributary login PROVIDER` signs in.");
    }
    if output.is_json() {
        let list: Vec<Value> = checked
            .iter()
            .map(|health| {
                json!({
                    "account": as_json(&health.account),
                    "state": health.state.name(),
                    "message": health.message.as_str(),
                    "remedy": health.remedy.as_ref().map(Remedy::for_command),
                    "ends_in_days": days_left(&health.account),
                    "unused_days": days_unused(&health.account),
                })
            })
            .collect();
        output.json(&json!({"schema": "tributary.health/1", "accounts": list}))?;
    }
    Ok(exit)
}
