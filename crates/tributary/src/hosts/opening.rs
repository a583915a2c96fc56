//! From an address to a repository at a commit: which product is there, as whom it is asked, and what
//! of it the address names.

use std::path::PathBuf;

use gix::bstr::BString;
use url::Url;

use super::any_server::{self, Guessed, git_server_at};
use super::hosted;
use super::naming::Resolved;
use super::{
    At, Cache, ChangedFile, Dialect, Host, Link, Pinned, Repository, Ssh, Target, Urgency,
};
use crate::Sentence;
use crate::account::{Account, Accounts, Place, Sent};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Http};
use crate::vault::Secret;

/// Opens what an address names, at a ref or at what the address itself shows: a repository at a
/// host that somebody is signed in to or that shows it to everybody, or a folder on this machine.
/// `token` is used in place of an account's.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it is no address, or nothing tells which product is there;
/// [`ErrorKind::Forbidden`] by policy; any error of asking the host, also where it could be answered
/// from what it said before.
pub async fn open(
    accounts: &Accounts,
    http: &Http,
    cache: Option<Cache>,
    address: &str,
    reference: Option<&str>,
    token: Option<Secret>,
) -> Result<Pinned, Error> {
    let urgency = Urgency::Waited;
    open_as(accounts, http, cache, address, reference, token, urgency).await
}

/// Like [`open`], also for whom nobody waits.
pub(crate) async fn open_as(
    accounts: &Accounts,
    http: &Http,
    cache: Option<Cache>,
    address: &str,
    reference: Option<&str>,
    token: Option<Secret>,
    urgency: Urgency,
) -> Result<Pinned, Error> {
    let opened = open_seen(accounts, http, cache, address, reference, token, urgency).await;
    let (pinned, is_remembered) = opened?;
    match is_remembered {
        // Whoever publishes would publish what was there once.
        Some(true) => Err(not_asked(pinned.repository.link.as_ref())),
        _ => Ok(pinned),
    }
}

/// A ref may lead elsewhere by now, and nobody can say.
pub(crate) fn not_asked(link: Option<&Link>) -> Error {
    let what = match link {
        Some(link) => sentence!("`{host}` cannot be asked now what is new", host = link.base),
        None => Sentence::from("The host cannot be asked now what is new"),
    };
    Error::new(ErrorKind::Offline, what)
        .remedy("Check the network, or try again later if the host limits how often it is asked")
}

/// Like [`open`]; tells also whether the host could not be reached, so that this is what it said
/// before. None where nothing was asked that changes.
pub(crate) async fn open_seen(
    accounts: &Accounts,
    http: &Http,
    cache: Option<Cache>,
    address: &str,
    reference: Option<&str>,
    token: Option<Secret>,
    urgency: Urgency,
) -> Result<(Pinned, Option<bool>), Error> {
    let signed_in = listed(accounts).await?;
    let Some(link) = read_link(&signed_in, address) else {
        // A desktop names what is dropped so, and Git takes it too.
        let url = Url::parse(address).ok();
        let url = url.filter(|url| url.scheme() == "file");
        let path = url.and_then(|url| url.to_file_path().ok());
        let path = path.unwrap_or_else(|| PathBuf::from(address));
        if !path.exists() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("`{address}` is no address of a repository", address),
            )
            .remedy(
                "Give it as the browser shows it, for example `https://github.com/acme/handbook`",
            ));
        }
        let opening = tokio::task::spawn_blocking(move || Repository::local(&path)).await;
        let repository = opening
            .map_err(|error| {
                Error::new(ErrorKind::Bug, "Opening the repository broke off").caused_by(error)
            })
            .flatten()?
            .with_large_files(accounts, http, cache);
        let found = repository.look_up(reference).await?;
        let wanted = reference.map(str::to_owned);
        return Ok(named(repository, found, BString::default(), wanted));
    };
    let deeper = deeper(&signed_in, &link, address).filter(|_| token.is_none());
    let way = Way {
        accounts,
        http,
        cache,
        signed_in: &signed_in,
        address,
        reference,
        urgency,
    };
    let opened = way.open(link, token).await;
    match (opened, deeper) {
        (Err(error), Some(deeper)) if !hosted::is_away(&error) => {
            way.open(deeper, None).await.map_err(|_| error)
        }
        (opened, _) => opened,
    }
}

/// What was asked for, and all that it is asked with.
struct Way<'a> {
    accounts: &'a Accounts,
    http: &'a Http,
    cache: Option<Cache>,
    signed_in: &'a [Account],
    address: &'a str,
    reference: Option<&'a str>,
    urgency: Urgency,
}

/// What was found of a repository, and whether it is what its host said before.
fn named(
    repository: Repository,
    found: Resolved,
    path: BString,
    shown: Option<String>,
) -> (Pinned, Option<bool>) {
    let pinned = Pinned {
        repository,
        commit: found.commit,
        reference: shown.or(found.branch),
        path,
        lines: None,
    };
    (pinned, found.is_remembered)
}

/// The same address at a GitLab that lives below a path: a group's name and the path's look alike, and
/// nobody who is signed in tells them apart.
fn deeper(signed_in: &[Account], link: &Link, address: &str) -> Option<Link> {
    let is_guess = link.dialect == Some(Dialect::GitLab)
        && provider_of_account(signed_in, link).is_none()
        && Url::parse(&link.base).ok()?.path() == "/"
        && Dialect::of_host(Url::parse(&link.base).ok()?.host_str()?).is_none();
    let (first, rest) = link.repository.split_once('/').filter(|_| is_guess)?;
    rest.contains('/').then_some(())?;
    Link::read_at(
        address,
        &[(&format!("{}/{first}", link.base), Dialect::GitLab)],
    )
}

impl Way<'_> {
    /// Opens what a link leads to.
    async fn open(
        &self,
        link: Link,
        token: Option<Secret>,
    ) -> Result<(Pinned, Option<bool>), Error> {
        let Self {
            accounts,
            http,
            signed_in,
            address,
            reference,
            urgency,
            ..
        } = *self;
        let cache = self.cache.clone();
        let wanted = || reference.map(str::to_owned);
        let server = match provider_of_account(signed_in, &link) {
            Some(_) => None,
            None => any_server::at(accounts, signed_in, address)?,
        };
        let guessed = match provider_at(signed_in, &link) {
            None if server.is_none()
                && !names_git_server(address)
                && link.target == Target::Repository =>
            {
                let keep = cache.as_ref().map(|cache| cache.folder().join("git"));
                git_server_at(http, address, keep.as_deref()).await
            }
            _ => Guessed::Nothing,
        };
        let (address, is_guessed) = match &guessed {
            Guessed::Open(address) => (&**address, true),
            Guessed::Nothing | Guessed::Asks => (address, false),
        };
        let is_git = server.is_some() || is_guessed || names_git_server(address);
        let provider = match provider_at(signed_in, &link) {
            Some(provider) if server.is_none() => provider,
            _ if is_git => {
                // Git itself is spoken where nothing tells which product is there.
                let credential = match token {
                    Some(token) => {
                        accounts.allows_loose_token(None, address)?;
                        Some(Credential::basic("git", token))
                    }
                    None => any_server::credential_at(accounts, address).await?,
                };
                let (at, http) = (address.to_owned(), http.clone());
                let opening = tokio::task::spawn_blocking(move || {
                    let keep = cache.map(|cache| cache.git_folder());
                    Repository::remote(&at, &http, credential, &Ssh::default(), keep.as_deref())
                });
                let repository = opening
                    .await
                    .map_err(|error| {
                        Error::new(ErrorKind::Bug, "Opening the repository broke off")
                            .caused_by(error)
                    })
                    .flatten()?;
                let found = repository.look_up(reference).await;
                let found = found.map_err(|error| any_server::with_sign_in(address, error))?;
                return Ok(named(repository, found, BString::default(), wanted()));
            }
            _ if guessed == Guessed::Asks => {
                return Err(any_server::asks_who_one_is(address, &link.base));
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    sentence!(
                        "Nothing tells which product is at `{base}`",
                        base = link.base
                    ),
                )
                .remedy(Remedy::of_each(
                    format!(
                        "Sign in there: `tributary login PROVIDER --host {base}`",
                        base = link.base
                    ),
                    "Sign in there",
                )));
            }
        };
        let place = accounts.place(provider, Some(&link.base))?;
        let is_loose = token.is_some();
        let host = match token {
            Some(token) => {
                accounts.allows_loose_token(Some(&place), address)?;
                let credential = match place.provider().token_alone().map(|kind| kind.sent) {
                    Some(Sent::Basic) => Credential::basic("", token),
                    _ => Credential::bearer(token),
                };
                Host::new(place.clone(), "token", Some(credential), http, cache)?
            }
            None => {
                let name = Some(&*link.repository);
                Host::of_account(accounts, place.clone(), name, http, cache).await?
            }
        };
        let mut repository = Repository::hosted(&host, &link.repository)?;
        if urgency == Urgency::Background {
            repository = repository.in_background();
        }
        let led = async {
            if let (Target::PullRequest { number, file, .. }, None) = (&link.target, reference) {
                // What it changes may be in a fork, where all of it is read then.
                let (holding, found) = repository.changed_by(*number).await?;
                let path = match file {
                    Some(ChangedFile::Path(path)) => path.clone(),
                    _ => BString::default(),
                };
                return Ok::<_, Error>((Some(holding), found, path, None));
            }
            if reference.is_some() {
                // The path is behind another ref then, of which only its length is known.
                let path = match &link.target {
                    Target::Path { at, path, .. } if !matches!(at, At::Undecided(_)) => {
                        path.clone()
                    }
                    Target::Path { .. } => repository.follow(&link).await?.1,
                    _ => BString::default(),
                };
                return Ok((None, repository.look_up(reference).await?, path, wanted()));
            }
            let (found, path, shown) = repository.lead(&link).await?;
            Ok((None, found, path, shown))
        };
        match led.await {
            Ok((fork, found, path, shown)) => {
                let holding = match fork {
                    Some(fork) if urgency == Urgency::Background => fork.in_background(),
                    Some(fork) => fork,
                    None => repository,
                };
                let (mut pinned, seen) = named(holding, found, path, shown);
                pinned.lines = link.target.lines();
                Ok((pinned, seen))
            }
            Err(error) if error.kind() == ErrorKind::Forbidden && !is_loose => {
                Err(with_others(accounts, &place, &link.repository, error).await)
            }
            Err(error) => Err(error),
        }
    }
}

/// Where an account may not see a repository, another one that is signed in there may.
async fn with_others(accounts: &Accounts, place: &Place, repository: &str, error: Error) -> Error {
    let (all, at, name) = (accounts.clone(), place.clone(), repository.to_owned());
    let looking = tokio::task::spawn_blocking(move || {
        let used = all.for_place(&at, Some(&name)).ok()??;
        let others = all.all_for_place(&at).ok()?;
        others.into_iter().find(|other| other.id != used.id)
    });
    // That there is no other one is said by what went wrong.
    let Ok(Some(other)) = looking.await else {
        return error;
    };
    let user = &other.user.name;
    error.remedy(Remedy::of_each(
        format!("Check the name. `{user}` is signed in there too: `tributary accounts use {user} --repository \
             {repository}` lets that account open it"),
        sentence!("Check the name. `{user}` is signed in there too: open it out of the list of that account, or \
             choose the account for it under Accounts", user),
    ))
}

/// The accounts that somebody is signed in with.
pub(super) async fn listed(accounts: &Accounts) -> Result<Vec<Account>, Error> {
    let all = accounts.clone();
    let listed = tokio::task::spawn_blocking(move || all.list()).await;
    listed
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
        })
        .flatten()
}

/// Reads an address of a host, also of one that only an account tells the product of.
pub(crate) fn read_link(accounts: &[Account], address: &str) -> Option<Link> {
    let known: Vec<(&str, Dialect)> = accounts
        .iter()
        .filter_map(|account| {
            let dialect = Dialect::of_provider(&account.provider)?;
            Some((account.base.as_str(), dialect))
        })
        .collect();
    Link::read_at(address, &known)
}

/// Which provider is at an address: an account's, or the only one that it can be.
pub(super) fn provider_at<'a>(accounts: &'a [Account], link: &Link) -> Option<&'a str> {
    let by_name = || Some(link.dialect?.provider(&link.base));
    provider_of_account(accounts, link).or_else(by_name)
}

/// The provider of an account at the Git host that an address is of.
fn provider_of_account<'a>(accounts: &'a [Account], link: &Link) -> Option<&'a str> {
    let mut providers = accounts
        .iter()
        .filter(|account| account.base.trim_end_matches('/') == link.base)
        .map(|account| account.provider.as_str());
    providers.find(|provider| Dialect::of_provider(provider).is_some())
}

/// Whether a text is an address at a server, as browsers and `git clone` take them, and no path.
pub fn is_address(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_alphanumeric() || "._-".contains(letter))
    };
    let text = text.trim();
    // `user@server:path`, as SSH has it.
    let is_short = text.split_once('@').is_some_and(|(user, rest)| {
        let server = rest.split_once(':').map_or("", |(server, _)| server);
        is_name(user) && is_name(server)
    });
    is_short || text.contains("://")
}

/// Whether an address is one that `git clone` takes and browsers do not show.
fn names_git_server(address: &str) -> bool {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    !is_web || address.trim_end_matches('/').ends_with(".git")
}
