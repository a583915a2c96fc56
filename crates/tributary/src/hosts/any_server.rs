//! Any Git server over HTTPS at which somebody signs in with a user name and a password: which
//! addresses are of it, and with what it is asked.

use std::path::Path;

use url::Url;

use super::{RefKind, Repository, Ssh, Urgency, hosted, remote};
use crate::account::{Account, Accounts, Place};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Http};

/// The provider's id in `providers.toml`.
const PROVIDER: &str = "git-server";

/// A server that asks who one is, and the repository that it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The provider to sign in with.
    pub provider: &'static str,
    /// The server's address.
    pub base: String,
    /// The path of the repository there.
    pub repository: String,
}

impl Asking {
    /// What asks at an address that Git takes; none for what is not asked over HTTPS.
    pub fn at(address: &str) -> Option<Self> {
        let url = Url::parse(address.trim()).ok()?;
        let is_web = matches!(url.scheme(), "https" | "http");
        let base = url.origin().ascii_serialization();
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8();
        let repository = path.ok()?.trim_matches('/').to_owned();
        (is_web && !repository.is_empty()).then_some(Self {
            provider: PROVIDER,
            base,
            repository,
        })
    }

    /// The same for an address that is opened in Git's own protocol; none where a host with an API of
    /// its own answers. Blocks on the disk.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`].
    pub fn of(accounts: &Accounts, address: &str) -> Result<Option<Self>, Error> {
        let signed_in = accounts.list()?;
        let Some(link) = super::read_link(&signed_in, address) else {
            return Ok(None);
        };
        let is_git = match super::provider_at(&signed_in, &link) {
            Some(_) => matches!(at(accounts, &signed_in, address), Ok(Some(_))),
            None => true,
        };
        Ok(Self::at(address).filter(|_| is_git))
    }

    /// The command that signs in there.
    fn command(&self) -> String {
        let Self {
            provider,
            base,
            repository,
        } = self;
        let (base, repository) = (for_shell(base), for_shell(repository));
        format!(
            "tributary login {provider} --host {base} --repository {repository} --user NAME \
             --token-stdin"
        )
    }
}

/// A word as a shell takes it: what an address says may be anything.
fn for_shell(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~/:@+%,=".contains(letter);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// The server that an address is of, among those that somebody is signed in to, and the path of the
/// repository there: the one with the longest address, where one is below another.
///
/// # Errors
/// [`ErrorKind::Forbidden`] by policy.
pub(super) fn at(
    accounts: &Accounts,
    signed_in: &[Account],
    address: &str,
) -> Result<Option<(Place, String)>, Error> {
    if !address.trim_start().starts_with("http") {
        return Ok(None);
    }
    let providers = accounts.providers();
    let servers = signed_in.iter().filter_map(|account| {
        let provider = providers.get(&account.provider).ok()?;
        let place = Place::new(provider, Some(&account.base)).ok()?;
        let is_any = place.provider().is_any_git_server();
        let path = place.path_of(address).filter(|_| is_any)?;
        Some((place, path))
    });
    let Some((place, path)) = servers.max_by_key(|(place, _)| place.base().len()) else {
        return Ok(None);
    };
    let allowed = accounts.place(place.provider().id(), Some(place.base()))?;
    Ok(Some((allowed, path)))
}

/// The address of a repository that is known by its name, at a server that somebody is signed in to.
pub(crate) fn address_at_server(accounts: &[Account], identity: &str) -> Option<String> {
    let servers = accounts
        .iter()
        .filter(|account| account.provider == PROVIDER);
    let addresses = servers.filter_map(|account| {
        let base = account.base.trim_end_matches('/');
        let (_, host) = base.split_once("://")?;
        let path = identity.strip_prefix(&*host.to_lowercase())?;
        let path = path.strip_prefix('/').filter(|path| !path.is_empty())?;
        Some((base.len(), format!("{base}/{path}")))
    });
    addresses.max().map(|(_, address)| address)
}

/// The account that is used for a repository there. Blocks on the disk.
///
/// # Errors
/// [`ErrorKind::Storage`].
pub(crate) fn account_for(
    accounts: &Accounts,
    place: &Place,
    path: &str,
) -> Result<Option<Account>, Error> {
    accounts.for_place(place, place.name_of(path).as_deref())
}

/// The account that is used for a repository at an address, where somebody is signed in to its
/// server. Blocks on the disk.
///
/// # Errors
/// [`ErrorKind::Forbidden`] by policy, [`ErrorKind::Storage`].
pub(crate) fn account_at(
    accounts: &Accounts,
    address: &str,
) -> Result<Option<(Account, String)>, Error> {
    let Some((place, path)) = at(accounts, &accounts.list()?, address)? else {
        return Ok(None);
    };
    Ok(account_for(accounts, &place, &path)?.map(|account| (account, path)))
}

/// With what the server of an address is asked; nothing where nobody is signed in to it.
///
/// # Errors
/// As [`Accounts::credential`], and as [`account_at`].
pub(super) async fn credential_at(
    accounts: &Accounts,
    address: &str,
) -> Result<Option<Credential>, Error> {
    let (all, address) = (accounts.clone(), address.to_owned());
    let found = tokio::task::spawn_blocking(move || account_at(&all, &address)).await;
    let found = found
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "Reading the accounts broke off").caused_by(error)
        })
        .flatten()?;
    match found {
        Some((account, _)) => accounts.credential(&account).await.map(Some),
        None => Ok(None),
    }
}

/// Says where somebody signs in whom a server does not let in.
pub(super) fn with_sign_in(address: &str, error: Error) -> Error {
    match Asking::at(address) {
        Some(asking) if error.kind() == ErrorKind::SignedOut => error.remedy(Remedy::of_each(
            format!("Sign in there: `{}`", asking.command()),
            "Sign in there with your user name and a password or token",
        )),
        _ => error,
    }
}

/// What answers as a Git server at a browser's address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Guessed {
    /// A repository that everybody may read, at this address.
    Open(String),
    /// What asks who one is before it says anything.
    Asks,
    Nothing,
}

/// The address of a Git server that a browser's address is too, or is without its end: many serve a
/// repository where they show it. While it is not reached, the one that was opened before.
pub(super) async fn git_server_at(http: &Http, address: &str, keep: Option<&Path>) -> Guessed {
    let address = address.trim().trim_end_matches('/');
    let addresses = [address.to_owned(), format!("{address}.git")];
    let mut guessed = Guessed::Nothing;
    let mut is_reached = true;
    for address in addresses.clone() {
        let (at, with) = (address.clone(), http.clone());
        let opening = tokio::task::spawn_blocking(move || {
            Repository::remote(&at, &with, None, &Ssh::default(), None)
        });
        let Ok(Ok(repository)) = opening.await else {
            continue;
        };
        let asked = repository.refs(RefKind::Branch, "", Urgency::Waited);
        match asked.await {
            Ok(_) => return Guessed::Open(address),
            Err(error) => {
                is_reached &= !hosted::is_away(&error);
                tracing::debug!(error = error.chain(), "no Git server for everybody");
                if error.kind() == ErrorKind::SignedOut {
                    guessed = Guessed::Asks;
                }
            }
        }
    }
    let Some(keep) = keep.filter(|_| !is_reached) else {
        return guessed;
    };
    let keep = keep.to_owned();
    let looking = tokio::task::spawn_blocking(move || {
        let mut known = addresses.into_iter();
        known.find(|address| remote::is_remembered(&keep, address))
    });
    let remembered = looking.await.ok().flatten();
    remembered.map_or(guessed, Guessed::Open)
}

/// That what is at a browser's address asks who one is, and may be any product, or Git alone.
pub(super) fn asks_who_one_is(address: &str, base: &str) -> Error {
    let error = Error::new(
        ErrorKind::SignedOut,
        sentence!(
            "`{base}` asks who you are, and nothing tells which product is there",
            base
        ),
    );
    let Some(asking) = Asking::at(address) else {
        return error;
    };
    error.remedy(Remedy::of_each(
        format!(
            "Sign in there: `tributary login PROVIDER --host {}` where it is a product of `tributary \
             login --help`, else `{}`",
            for_shell(base),
            asking.command()
        ),
        "Sign in there: under Accounts where it is one of the products there, else with your user \
         name and a password or token",
    ))
}

/// What is known to be at a server whose account this is, which has no list of its own: the
/// repository at which it was tried, and those among some addresses. By names and addresses.
pub fn known_repositories(
    accounts: &Accounts,
    account: &Account,
    opened: &[String],
) -> Vec<(String, String)> {
    let place = accounts
        .providers()
        .get(&account.provider)
        .and_then(|provider| Place::new(provider, Some(&account.base)));
    let Ok(place) = place else {
        return Vec::new();
    };
    let tried = account.tried_at().map(|path| {
        let mut url = place.base().to_owned();
        url.push('/');
        url.push_str(path);
        url
    });
    let mut known: Vec<(String, String)> = Vec::new();
    for address in opened.iter().cloned().chain(tried) {
        if let Some(name) = place.name_of(&address)
            && known.iter().all(|(other, _)| *other != name)
        {
            known.push((name, address));
        }
    }
    known
}
