//! Asking whose credential it is, which is the only proof that it is any good: vendors answer a
//! wrong one with 200, 203, 302, 401, 403 or 404.

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::keep::missing;
use super::oauth::plain;
use super::provider::{Owned, Place, Purpose};
use super::record::{Access, Identity, Site};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{ACCOUNT, Call, Credential, Http, Payload, Repeat, Reply, lacks_scope};

/// The most of an answer that is read: the list of a person's sites is the longest.
const LONGEST_ANSWER: u64 = 1024 * 1024;

/// Asks who a credential belongs to.
///
/// # Errors
/// [`ErrorKind::SignedOut`] when it is not accepted, also where the server hides that;
/// [`ErrorKind::Forbidden`] when it is, and may not ask this; [`ErrorKind::Offline`].
pub(super) async fn who(
    http: &Http,
    place: &Place,
    access: &Access,
    credential: &Credential,
    sites: &[Site],
) -> Result<Identity, Error> {
    let kind = place.provider().token_kind(access);
    if let (Some(owned), Access::Token { user, .. }) =
        (kind.and_then(|kind| kind.owned.as_ref()), access)
    {
        return what(http, place, owned, user, credential).await;
    }
    if place.provider().is_any_git_server() {
        let Access::Token { user, tried_at, .. } = access else {
            return Err(not_accepted(place));
        };
        can_fetch(http, place, credential, tried_at).await?;
        // What everybody may read says nothing about the credential.
        return match is_advertised(&fetched(http, place, None, tried_at).await?) {
            false => Ok(Identity {
                id: user.clone(),
                name: plain(user),
            }),
            true => Err(Error::new(
                ErrorKind::InvalidInput,
                sentence!("Everybody may read `{address}`, so that it does not show whether the user name \
                     and the password are good", address = tried_at),
            )
            .remedy("Name a repository there that not everybody may read")),
        };
    }
    let gateway = sites.first().and_then(|site| site.gateway.as_ref());
    let gateway = gateway.filter(|_| is_token_alone(credential));
    let reply = get(http, place.user_info(gateway)?, credential).await?;
    let info = &place.provider().user_info;
    if reply.status == StatusCode::FORBIDDEN && info.forbidden_is_wrong {
        return Err(not_accepted(place));
    }
    if info.is_text {
        let name = accepted(place, &reply)?;
        let name = std::str::from_utf8(name).unwrap_or_default().trim();
        if name.is_empty() || name.contains('<') || plain(name) != name {
            return Err(not_accepted(place));
        }
        return Ok(Identity {
            id: name.to_owned(),
            name: name.to_owned(),
        });
    }
    // What is no JSON is a page to sign in at.
    let body: Value =
        serde_json::from_slice(accepted(place, &reply)?).map_err(|_| not_accepted(place))?;
    let text = |pointer: &str| match body.pointer(pointer) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let is_nobody = info
        .nobody
        .as_ref()
        .is_some_and(|nobody| text(&nobody.at).as_deref() == Some(nobody.is.as_str()));
    let id = text(&info.id).or_else(|| info.id_else.as_deref().and_then(text));
    match id {
        // What is no id of anybody's is shown nowhere, and compared with nothing.
        Some(id) if !is_nobody && plain(&id) == id => Ok(Identity {
            name: text(&info.name)
                .or_else(|| info.name_else.as_deref().and_then(text))
                .map(|name| plain(&name))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| id.clone()),
            id,
        }),
        _ => Err(not_accepted(place)),
    }
}

/// Asks what a token belongs to that is nobody's, by a repository that it reads. A repository that
/// everybody reads proves nothing, unless the answer says by which kind of credential it was read.
async fn what(
    http: &Http,
    place: &Place,
    owned: &Owned,
    repository: &str,
    credential: &Credential,
) -> Result<Identity, Error> {
    let host = place.host();
    let reply = get(http, place.repository(repository)?, credential).await?;
    if reply.status == StatusCode::NOT_FOUND {
        return Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{repository}` at `{host}` is not there, or the token may not read it",
                repository,
                host
            ),
        )
        .remedy("Name a repository that the token may read, or make a token that may"));
    }
    let body: Value =
        serde_json::from_slice(accepted(place, &reply)?).map_err(|_| not_accepted(place))?;
    let said = reply.headers.get(&owned.header);
    let said = said.and_then(|value| value.to_str().ok());
    let proven = match said {
        Some(said) => said.ends_with(&owned.ends_with),
        None => body.pointer(&owned.private) == Some(&Value::Bool(true)),
    };
    if !proven {
        return Err(match said {
            Some(_) => Error::new(
                ErrorKind::InvalidInput,
                "The token is a person's, and not a repository's, a project's or a workspace's",
            )
            .remedy("Choose the kind of token that it is"),
            None => Error::new(
                ErrorKind::InvalidInput,
                sentence!("Everybody may read `{repository}`, so that it does not show whether the token is good", repository),
            )
            .remedy("Name a private repository that the token may read"),
        });
    }
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    match (text(&owned.id), text(&owned.name)) {
        (Some(id), Some(name)) if !id.is_empty() && plain(id) == id => Ok(Identity {
            id: id.to_owned(),
            name: plain(name),
        }),
        _ => Err(not_accepted(place)),
    }
}

/// Which of the scopes that are needed a token lacks that somebody made by hand, as far as the
/// provider tells: most tell nothing, and scopes for writing are never tried.
///
/// # Errors
/// [`ErrorKind::Offline`].
pub(super) async fn lacking(
    http: &Http,
    place: &Place,
    credential: &Credential,
    sites: &[Site],
    purpose: Purpose,
) -> Result<Vec<String>, Error> {
    let gateway = sites.first().and_then(|site| site.gateway.as_ref());
    let (Some(probe), Some(address)) = (&place.provider().probe, place.probe(gateway)?) else {
        return Ok(Vec::new());
    };
    let reply = get(http, address, credential).await?;
    let said = probe
        .header
        .as_ref()
        .and_then(|name| reply.headers.get(name));
    if let Some(said) = said.and_then(|said| said.to_str().ok()) {
        let granted: Vec<String> = said
            .split(',')
            .map(|scope| scope.trim().to_owned())
            .collect();
        return Ok(missing(&place.provider().scopes(purpose), &granted));
    }
    let is_refused = reply.status == StatusCode::UNAUTHORIZED && lacks_scope(&reply);
    let scope = probe.scope.as_ref().filter(|_| is_refused);
    Ok(scope.into_iter().cloned().collect())
}

/// Reaches a site with an API token that has scopes: through its gateway, which takes the site's
/// cloud id. None where there is no such thing.
pub(super) async fn by_gateway(http: &Http, place: &Place) -> Result<Option<Site>, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Tenant {
        cloud_id: String,
    }
    let Some(address) = place.tenant()? else {
        return Ok(None);
    };
    let call = Call {
        method: Method::GET,
        url: address,
        endpoint: ACCOUNT,
        credential: None,
        payload: Payload::None,
        repeat: Repeat::Safe,
        headers: HeaderMap::new(),
        most: Some(LONGEST_ANSWER),
    };
    let reply = http.send(call).await?;
    let tenant: Option<Tenant> = serde_json::from_slice(&reply.body).ok();
    let Some(tenant) = tenant.filter(|_| reply.status.is_success()) else {
        return Ok(None);
    };
    let gateway = place.gateway(&tenant.cloud_id)?;
    let site = site_itself(place)?.into_iter().next();
    Ok(site.map(|site| Site {
        gateway: Some(gateway),
        ..site
    }))
}

/// The Confluence sites that a credential reaches.
pub(super) async fn sites(
    http: &Http,
    place: &Place,
    credential: &Credential,
) -> Result<Vec<Site>, Error> {
    #[derive(Deserialize)]
    struct Found {
        id: String,
        url: Url,
        #[serde(default)]
        scopes: Vec<String>,
    }
    if place.provider().product != super::provider::Product::Confluence {
        return Ok(Vec::new());
    }
    let Some(address) = place.sites()? else {
        return site_itself(place);
    };
    let reply = get(http, address, credential).await?;
    let found: Vec<Found> = serde_json::from_slice(accepted(place, &reply)?).map_err(|error| {
        Error::new(
            ErrorKind::Bug,
            sentence!(
                "`{host}` did not say which sites there are",
                host = place.host()
            ),
        )
        .caused_by(error)
    })?;
    let mut sites = Vec::new();
    for site in found {
        // The list has the sites of other products too.
        if !site.scopes.is_empty() && !site.scopes.iter().any(|scope| scope.contains("confluence"))
        {
            continue;
        }
        let mut url = site.url;
        let path = url.path().trim_end_matches('/').to_owned();
        if !path.ends_with("/wiki") {
            url.set_path(&format!("{path}/wiki"));
        }
        sites.push(Site {
            url,
            gateway: Some(place.gateway(&site.id)?),
        });
    }
    Ok(sites)
}

/// Whether a site lets a credential in, as far as anybody can be asked for the list of those it
/// reaches.
pub(super) async fn lets_in(http: &Http, place: &Place, credential: &Credential) -> bool {
    let reached = sites(http, place, credential).await;
    reached.is_ok_and(|sites| sites.iter().any(|site| site.gateway.is_some()))
}

/// The place as the one Confluence site that a token is good at.
pub(super) fn site_itself(place: &Place) -> Result<Vec<Site>, Error> {
    if place.provider().product != super::provider::Product::Confluence {
        return Ok(Vec::new());
    }
    let url = Url::parse(place.base()).map_err(|error| {
        Error::new(ErrorKind::Bug, "The site's address is none").caused_by(error)
    })?;
    Ok(vec![Site { url, gateway: None }])
}

/// Whether a repository and its files can be read: many credentials are told about a repository
/// whose files they may not have. Of an empty repository there is nothing more to read.
///
/// # Errors
/// As [`who`], and [`ErrorKind::NotFound`] when it is not there or hidden.
pub(super) async fn can_read(
    http: &Http,
    place: &Place,
    credential: &Credential,
    repository: &str,
) -> Result<(), Error> {
    if place.provider().is_any_git_server() {
        return can_fetch(http, place, credential, repository).await;
    }
    let reply = get(http, place.repository(repository)?, credential).await?;
    if reply.status == StatusCode::NOT_FOUND {
        return Err(Error::new(
            ErrorKind::NotFound,
            sentence!(
                "`{repository}` at `{host}` is not there, or hidden",
                repository,
                host = place.host()
            ),
        )
        .remedy("Give the account the right to read it"));
    }
    accepted(place, &reply)?;
    let reply = get(http, place.readable(repository)?, credential).await?;
    match reply.status {
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{repository}` at `{host}` may be looked up, and its files may not be read",
                repository,
                host = place.host()
            ),
        )
        .remedy("Give the account, or its token, the right to read the files")),
        _ => accepted(place, &reply).map(drop),
    }
}

/// Whether a repository at any Git server can be fetched.
async fn can_fetch(
    http: &Http,
    place: &Place,
    credential: &Credential,
    repository: &str,
) -> Result<(), Error> {
    let host = place.host();
    let reply = fetched(http, place, Some(credential), repository).await?;
    if reply.status == StatusCode::NOT_FOUND {
        return Err(Error::new(
            ErrorKind::NotFound,
            sentence!(
                "`{repository}` at `{host}` is not there, or hidden",
                repository,
                host
            ),
        )
        .remedy("Check the path, or give the account the right to read it"));
    }
    if let Some(elsewhere) = leads_to(&reply) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!(
                "`{host}` leads to `{elsewhere}`, where no password of another server is sent",
                host,
                elsewhere
            ),
        )
        .remedy(Remedy::of_each(
            format!("Sign in there, if that is right: `--host {elsewhere}`"),
            "Sign in there, if that is right: give its address",
        )));
    }
    if reply.status.is_success() && !is_advertised(&reply) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{host}` did not answer as a Git server does", host),
        )
        .remedy("Check the address; `git ls-remote` with it tells more"));
    }
    match reply.status.is_success() {
        // However much it says of itself, it let somebody in.
        true => Ok(()),
        false => accepted(place, &reply).map(drop),
    }
}

/// The other server that an answer leads to.
fn leads_to(reply: &Reply) -> Option<String> {
    if !reply.status.is_redirection() {
        return None;
    }
    let led = reply.headers.get(LOCATION)?.to_str().ok()?;
    let led = reply.url.join(led).ok()?.origin();
    (led.is_tuple() && led != reply.url.origin()).then(|| led.ascii_serialization())
}

/// Whether an answer tells what can be fetched: a page to sign in at is answered with success too.
fn is_advertised(reply: &Reply) -> bool {
    let kind = reply.headers.get(CONTENT_TYPE);
    let is_git = kind.is_some_and(|kind| kind == "application/x-git-upload-pack-advertisement");
    reply.status.is_success() && is_git
}

/// What a Git server answers who wants to fetch a repository.
async fn fetched(
    http: &Http,
    place: &Place,
    credential: Option<&Credential>,
    repository: &str,
) -> Result<Reply, Error> {
    // Without it a server lists all refs at once.
    let version = HeaderValue::from_static("version=2");
    let headers = HeaderMap::from_iter([(HeaderName::from_static("git-protocol"), version)]);
    let call = Call {
        method: Method::GET,
        url: place.advertised(repository)?,
        endpoint: ACCOUNT,
        credential,
        payload: Payload::None,
        repeat: Repeat::Safe,
        headers,
        most: Some(LONGEST_ANSWER),
    };
    Ok(http.send(call).await?)
}

/// Whether it is a token with its user, which is good at one site alone.
fn is_token_alone(credential: &Credential) -> bool {
    matches!(credential, Credential::Basic { .. })
}

async fn get(http: &Http, url: Url, credential: &Credential) -> Result<Reply, Error> {
    let call = Call {
        method: Method::GET,
        url,
        endpoint: ACCOUNT,
        credential: Some(credential),
        payload: Payload::None,
        repeat: Repeat::Safe,
        headers: HeaderMap::new(),
        most: Some(LONGEST_ANSWER),
    };
    Ok(http.send(call).await?)
}

fn accepted<'a>(place: &Place, reply: &'a Reply) -> Result<&'a [u8], Error> {
    let host = place.host();
    if reply.is_cut {
        return Err(Error::new(
            ErrorKind::Offline,
            sentence!("`{host}` answered with more than this can be", host),
        )
        .remedy("Check the address of the provider"));
    }
    match reply.status.as_u16() {
        200 => Ok(&reply.body),
        // Atlassian's gateway says 401 to a good token that lacks a scope too.
        401 if lacks_scope(reply) => Err(Error::new(
            ErrorKind::Forbidden,
            sentence!("The token lacks a scope that `{host}` asks for", host),
        )
        .remedy(sentence!(
            "Make one with the scopes {provider}",
            provider = place.provider().scopes(Purpose::Publish).join(" ")
        ))),
        401 => Err(not_accepted(place)),
        // Some show their sign-in page instead of saying 401. Elsewhere it is a proxy's page.
        203 | 300..=399 if place.provider().user_info.redirect_is_wrong => Err(not_accepted(place)),
        403 => Err(Error::new(
            ErrorKind::Forbidden,
            sentence!(
                "`{host}` does not allow the account what was asked for",
                host
            ),
        )
        .remedy("Sign in again with the scopes that are asked for, or have the right given")),
        429 => Err(Error::new(
            ErrorKind::RateLimited,
            sentence!("`{host}` asks for patience", host),
        )
        .remedy("Try again later")),
        other => Err(Error::new(
            ErrorKind::Offline,
            sentence!("`{host}` answered {other}", host, other),
        )
        .remedy("Try again later")),
    }
}

fn not_accepted(place: &Place) -> Error {
    Error::new(
        ErrorKind::SignedOut,
        sentence!(
            "`{host}` does not accept the credential",
            host = place.host()
        ),
    )
    .remedy("Sign in again")
}
