//! `tributary login`: sign in to a provider, or to a Confluence site by its address.

use std::io::{IsTerminal, stdin};
use std::process::Stdio;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use tributary::account::{
    Account, Accounts, Keep, Mode, NewSite, Place, Product, Progress, Purpose, SignIn, SignedIn,
    Way, site_url,
};
use tributary::discreet::keep_variables_from;
use tributary::settings::{Auth, Settings, SiteSettings};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use super::accounts::{as_json, open, open_to_keep, place_of};
use super::blocking;
use super::given::{not_read, token_from_stdin};
use super::preparing::interruptible;
use crate::options::{AuthName, FlavorName};
use crate::output::{Exit, Output, visible};

/// Where to sign in, and how.
#[derive(Debug, Args)]
#[command(
    after_help = "Providers: confluence-cloud, confluence-data-center, github, gitlab, \
    bitbucket, bitbucket-data-center, azure-devops, azure-devops-server, gitea; `git-server` \
    for any other Git server over HTTPS; or `confluence`, with a token for a site whose product is \
    asked of it."
)]
pub(crate) struct Options {
    /// What to sign in to
    pub provider: String,
    /// The address of the host or site
    #[arg(long, value_name = "URL")]
    pub host: Option<String>,
    /// Show a code that is typed on any device, instead of opening the browser here
    #[arg(long, conflicts_with_all = ["token_stdin", "service_account"])]
    pub device: bool,
    /// Sign in as the service account that the registered application belongs to
    #[arg(long, conflicts_with = "token_stdin")]
    pub service_account: bool,
    /// Do not open the browser; only show the address
    #[arg(long)]
    pub no_browser: bool,
    /// Ask for the right to read only; with `--again` and without this, for publishing too
    #[arg(long)]
    pub read_only: bool,
    /// Ask for the right to put pages into the trash too, which publishing alone does not take; with
    /// `--again` and without this, no longer
    #[arg(long, conflicts_with = "read_only")]
    pub trash: bool,
    /// Sign in for everybody who uses this installation (Managed Access); without this and
    /// `--individual` it is as the access that is in force there
    #[arg(long)]
    pub managed: bool,
    /// Sign in for yourself, also where Managed Access is in force
    #[arg(long, conflicts_with = "managed")]
    pub individual: bool,
    /// Renew the access of this account; it has to be the same person
    #[arg(long, value_name = "ACCOUNT")]
    pub again: Option<String>,
    /// The id of the application that you registered with the provider; with `--managed` it is the
    /// one for Managed Access alone
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Read the application's secret from standard input, on a line of its own before any token
    #[arg(long, requires = "client_id")]
    pub client_secret_stdin: bool,
    /// The user an API token belongs to, or whose password it is (`git-server`)
    #[arg(long, value_name = "EMAIL", env = "TRIBUTARY_USER")]
    pub user: Option<String>,
    /// Read the token, or the password of a `git-server`, from standard input
    #[arg(long)]
    pub token_stdin: bool,
    /// The kind of the token: `api_token`, `personal_access_token` or `access_token`
    #[arg(long, value_name = "KIND", requires = "token_stdin")]
    pub token_kind: Option<String>,
    /// A private repository that the token may read, where it belongs to a repository, a project or
    /// a workspace of Bitbucket Cloud, and to no person; at a `git-server` the path of any that not
    /// everybody may read
    #[arg(long, value_name = "REPOSITORY", requires = "token_stdin")]
    pub repository: Option<String>,
    /// When the token ends, so that it is announced
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub token_ends: Option<Date>,
    /// How the token is sent (`confluence` only)
    #[arg(long, value_enum)]
    pub auth: Option<AuthName>,
    /// Which product the site runs; asked of the site when not given (`confluence` only)
    #[arg(long, value_enum)]
    pub flavor: Option<FlavorName>,
}

/// The word for a Confluence site of which only the address is known.
const ONE_SITE: &str = "confluence";

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    if options.provider == ONE_SITE {
        return connect_site(options, output).await;
    }
    if options.auth.is_some() || options.flavor.is_some() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "`--auth` and `--flavor` are for `tributary login confluence` only",
        ));
    }
    let (accounts, place) = at_place(options).await?;
    let again = match &options.again {
        Some(name) => {
            let (finding, name) = (accounts.clone(), name.clone());
            Some(blocking(move || finding.find(&name)).await?)
        }
        None => None,
    };
    let mode = mode(options, again.as_ref(), &accounts, &place).await?;
    if mode == Mode::Managed && !options.managed && again.is_none() {
        output.ask(&format!(
            "{} is in force at {}, so this is for everybody who uses this installation; \
             `--individual` signs in for yourself.",
            mode.in_words(),
            place.host()
        ));
    }
    if let Some(client_id) = options.client_id.clone() {
        let secret = options.client_secret_stdin.then(line_from_stdin);
        let secret = secret.transpose()?;
        let (keeping, at) = (accounts.clone(), place.clone());
        blocking(move || keeping.register(&at, mode, &client_id, secret.as_ref())).await?;
    }
    let sign_in = SignIn {
        way: way(options, &place)?,
        purpose: purpose(options, &place),
        mode,
        again: again.map(|account| account.id),
        place: place.clone(),
    };
    let cancel = interruptible();
    let show = |progress: Progress| show(&progress, options.no_browser, output);
    let signed_in = accounts.sign_in(sign_in, &show, &cancel).await;
    if let (true, Err(error)) = (cancel.is_cancelled(), &signed_in) {
        // What has to be withdrawn by hand is said even to who goes away.
        if error.remedy_text().is_some() {
            output.error(error);
        }
        return Ok(Exit::Interrupted);
    }
    tell(&accounts, &place, &signed_in?, output).await
}

/// The place, and accounts that can be kept; everything that is wrong is said before anybody is
/// asked for anything.
async fn at_place(options: &Options) -> Result<(Accounts, Place), Error> {
    let base = match (&options.host, &options.again) {
        (None, Some(name)) => {
            let (accounts, name) = (open().await?, name.clone());
            Some(blocking(move || accounts.find(&name)).await?.base)
        }
        (host, _) => host.clone(),
    };
    let accounts = open().await?;
    let place = place_of(&accounts, &options.provider, base.as_deref())?;
    Ok((open_to_keep().await?, place))
}

fn way(options: &Options, place: &Place) -> Result<Way, Error> {
    let token = match options.token_stdin {
        true if place.provider().is_any_git_server() => Some(Secret::new(typed_line()?)),
        true => Some(line_from_stdin()?),
        false => None,
    };
    let provider = place.provider();
    match token {
        Some(password) if provider.is_any_git_server() => Ok(Way::Password {
            user: options.user.clone().unwrap_or_default(),
            password,
            repository: options.repository.clone().unwrap_or_default(),
            ends: options.token_ends.map(end_of).transpose()?,
        }),
        Some(token) => Ok(Way::Token {
            token,
            kind: token_kind(options, place)?,
            user: options
                .repository
                .clone()
                .or_else(|| options.user.clone())
                .unwrap_or_default(),
            ends: options.token_ends.map(end_of).transpose()?,
        }),
        None if options.service_account => Ok(Way::Service),
        None if options.device => Ok(Way::Device),
        None if provider.is_any_git_server() => Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "{} is signed in to with a user name and a password or token",
                provider.name
            ),
        )
        .remedy(
            "Add `--user NAME --repository PATH --token-stdin`, and give the password or token on \
             standard input",
        )),
        None if !provider.has_oauth() => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("{} knows tokens only", provider.name),
        )
        .remedy("Give one on standard input with `--token-stdin`")),
        None if provider.prefers_device() => Ok(Way::Device),
        None => Ok(Way::Browser),
    }
}

/// The kind of a token: as it was said, or the one that a repository was named for.
fn token_kind(options: &Options, place: &Place) -> Result<Option<String>, Error> {
    let (provider, named) = (place.provider(), options.token_kind.as_deref());
    let mut owned = provider.tokens.iter().filter(|kind| kind.owned.is_some());
    match (&options.repository, owned.next()) {
        (None, _) => Ok(options.token_kind.clone()),
        (Some(_), Some(kind)) if named.is_none_or(|named| named == kind.kind) => {
            Ok(Some(kind.kind.clone()))
        }
        (Some(_), _) => Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "No repository is named with a token of that kind for {}",
                provider.name
            ),
        )
        .remedy("Leave `--repository` out")),
    }
}

/// Whose access it will be: as somebody says, that of the account that signs in again, or what is in
/// force there.
async fn mode(
    options: &Options,
    again: Option<&Account>,
    accounts: &Accounts,
    place: &Place,
) -> Result<Mode, Error> {
    match again {
        Some(account) => Ok(account.mode),
        None if options.managed => Ok(Mode::Managed),
        None if options.individual => Ok(Mode::Individual),
        None => {
            let (accounts, place) = (accounts.clone(), place.clone());
            blocking(move || accounts.mode(&place)).await
        }
    }
}

fn end_of(day: Date) -> Result<jiff::Timestamp, Error> {
    let end = TimeZone::UTC.to_timestamp(day.at(23, 59, 59, 0));
    end.map_err(|error| Error::new(ErrorKind::InvalidInput, "That is not a day").caused_by(error))
}

/// What is asked for. An account that only read is signed in for publishing when it signs in again
/// without `--read-only`, as it would be the first time.
fn purpose(options: &Options, place: &Place) -> Purpose {
    match place.provider().product {
        Product::Git => Purpose::Read,
        Product::Confluence if options.read_only => Purpose::Read,
        Product::Confluence if options.trash => Purpose::Remove,
        Product::Confluence => Purpose::Publish,
    }
}

fn show(progress: &Progress, no_browser: bool, output: &Output) {
    match progress {
        Progress::Browser { url } => {
            let opened = !no_browser && open_browser(url);
            let what = if opened {
                "Sign in in the browser. If it did not open, go there yourself:"
            } else {
                "Sign in in a browser on this machine:"
            };
            output.ask(&format!("{what}\n{url}"));
        }
        Progress::Code {
            code,
            page,
            minutes,
        } => output.ask(&format!(
            "Go to {}\nand type the code {}\nwithin {minutes} minutes. Type no code that somebody \
             sent you.",
            visible(page),
            visible(code)
        )),
        Progress::Checking => {}
    }
}

/// Opens an address in the browser, by the first of the system's programs for it that does it; says
/// whether one was started. It outlives this command, and learns nothing of its variables.
fn open_browser(url: &str) -> bool {
    let mut left = open::commands(url).into_iter();
    let mut start = move || {
        left.by_ref().find_map(|mut command| {
            keep_variables_from(&mut command);
            // What is typed to end this command is not for the browser.
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.spawn().ok()
        })
    };
    let Some(mut child) = start() else {
        return false;
    };
    std::thread::spawn(move || {
        while !child.wait().is_ok_and(|ended| ended.success()) {
            match start() {
                Some(next) => child = next,
                None => return,
            }
        }
    });
    true
}

async fn tell(
    accounts: &Accounts,
    place: &Place,
    signed_in: &SignedIn,
    output: &Output,
) -> Result<Exit, Error> {
    let account = &signed_in.account;
    output.say(&format!(
        "Signed in to {} as {}.",
        account.host(),
        visible(&account.user.name)
    ));
    for site in &account.sites {
        output.say(&format!("It reaches {}", visible(site.url.as_str())));
    }
    if !signed_in.missing.is_empty() {
        output.say(&format!(
            "It was not granted: {}",
            visible(&signed_in.missing.join(" "))
        ));
    }
    let (asking, at) = (accounts.clone(), place.clone());
    let mode = blocking(move || asking.mode(&at)).await?;
    if mode != account.mode {
        output.say(&format!(
            "{} is in force here, so this account is not used before `tributary mode {} {}`.",
            mode.in_words(),
            account.provider,
            account.mode.name()
        ));
    }
    if output.is_json() {
        output.json(&json!({
            "schema": "tributary.login/1",
            "account": as_json(account),
            "missing": signed_in.missing,
        }))?;
    }
    Ok(if signed_in.missing.is_empty() {
        Exit::Done
    } else {
        Exit::Attention
    })
}

/// Signs in to a Confluence site by its address and a token, whichever product it runs.
async fn connect_site(options: &Options, output: &Output) -> Result<Exit, Error> {
    let Some(host) = &options.host else {
        return Err(
            Error::new(ErrorKind::InvalidInput, "No site was named").remedy("Add `--host URL`")
        );
    };
    let other_way = options.device
        || options.service_account
        || options.client_id.is_some()
        || options.token_kind.is_some()
        || options.repository.is_some();
    if other_way {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "`tributary login confluence` takes a token, and no other way in",
        )
        .remedy("Name the product: `confluence-cloud` or `confluence-data-center`"));
    }
    let url = site_url(host)?;
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
    let token = read_token(options)?;
    let accounts = open_to_keep().await?;
    let again = match &options.again {
        Some(name) => {
            let (finding, name) = (accounts.clone(), name.clone());
            Some(blocking(move || finding.find(&name)).await?)
        }
        None => None,
    };
    let wanted = NewSite {
        site: SiteSettings {
            url,
            flavor: options.flavor.and_then(FlavorName::flavor),
            auth,
            gateway: None,
        },
        token,
        ends: options.token_ends.map(end_of).transpose()?,
        purpose: match options.read_only {
            true => Purpose::Read,
            false => Purpose::Publish,
        },
        // Which product it is, and with it what is in force there, is not known yet.
        mode: match &again {
            Some(account) => account.mode,
            None if options.managed => Mode::Managed,
            None => Mode::Individual,
        },
        again: again.map(|account| account.id),
        keep: Keep::Lasting,
    };
    let connected = accounts.connect(wanted).await?;
    let site = connected.site.clone();
    blocking(move || {
        let paths = Paths::of_user()?;
        let mut settings = Settings::load(&paths)?;
        settings.remember_site(site);
        settings.save(&paths)
    })
    .await?;
    let place = accounts.place(
        &connected.signed_in.account.provider,
        Some(connected.site.url.as_str()),
    )?;
    tell(&accounts, &place, &connected.signed_in, output).await
}

/// Reads one line, so that a secret and a token can follow each other.
fn line_from_stdin() -> Result<Secret, Error> {
    Ok(Secret::new(typed_line()?.trim().to_owned()))
}

/// One line without its end. Spaces may belong to a password.
fn typed_line() -> Result<String, Error> {
    if stdin().is_terminal() {
        return rpassword::prompt_password("Secret or token: ").map_err(not_read);
    }
    let mut text = String::with_capacity(64 * 1024);
    stdin().read_line(&mut text).map_err(not_read)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}

/// Reads the token from the environment, standard input or the keyboard; never an argument.
fn read_token(options: &Options) -> Result<Secret, Error> {
    let from_environment = std::env::var("TRIBUTARY_TOKEN")
        .ok()
        .filter(|token| !token.is_empty());
    if let (Some(token), false) = (from_environment, options.token_stdin) {
        return Ok(Secret::new(token));
    }
    if !options.token_stdin && !stdin().is_terminal() {
        return Err(
            Error::new(ErrorKind::InvalidInput, "No token was given").remedy(
                "Give it on standard input with `--token-stdin`, or in the environment as \
             `TRIBUTARY_TOKEN`",
            ),
        );
    }
    let token = if options.token_stdin {
        token_from_stdin()?
    } else {
        let typed = rpassword::prompt_password("Token: ").map_err(not_read)?;
        Secret::new(typed.trim().to_owned())
    };
    if token.expose().is_empty() {
        return Err(
            Error::new(ErrorKind::InvalidInput, "The token is empty").remedy(
                "Make a token in your Atlassian account, or a personal access token on Data Center",
            ),
        );
    }
    Ok(token)
}
