//! A Confluence site: its address as people type it, the token that a run brings along for it, and
//! trying a credential there.
//!
//! Runs without a person bring a token in the environment (`TRIBUTARY_TOKEN`, `TRIBUTARY_USER`); it
//! goes before every account.

use std::sync::Arc;

use tributary_pages::markup::Flavor;
use url::Url;

use super::provider;
use crate::Sentence;
use crate::audit::AccountName;
use crate::confluence::{Client, User};
use crate::error::{Error, ErrorKind, Remedy};
use crate::http::{Credential, Http};
use crate::settings::{Auth, SiteSettings};
use crate::vault::Secret;

/// A site whose credential was tried.
#[derive(Debug)]
pub struct Connected {
    /// The client, ready to use.
    pub client: Client,
    /// Who the credential belongs to.
    pub user: User,
    /// The settings with the flavor that was found.
    pub site: SiteSettings,
}

/// What a site that nobody is known at, and the kind of a token for it, are called in the audit log.
pub(super) fn audited(site: &SiteSettings) -> (AccountName, String) {
    let provider = match site.flavor {
        Some(Flavor::Cloud) => "confluence-cloud",
        Some(Flavor::DataCenter) => "confluence-data-center",
        None => "confluence",
    };
    let kind = match site.auth {
        Auth::Basic { .. } => "api_token",
        Auth::Bearer => "personal_access_token",
    };
    let account = AccountName {
        id: site.url.to_string(),
        provider: provider.to_owned(),
        host: site.url.host_str().unwrap_or_default().to_owned(),
    };
    (account, kind.to_owned())
}

/// Reads the address of a site as a person types it: a missing scheme is `https`, and what stands
/// behind the context path is left out.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] when it is not an http address.
pub fn site_url(typed: &str) -> Result<Url, Error> {
    let typed = typed.trim();
    let wrong = || {
        // What stands before an `@` may be a password.
        let what = match typed.contains('@') {
            true => Sentence::from("That is not the address of a site"),
            false => sentence!("`{typed}` is not the address of a site", typed),
        };
        Error::new(ErrorKind::InvalidInput, what).remedy(
            "Give it as the browser shows it, for example `https://acme.atlassian.net/wiki`",
        )
    };
    let full = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let mut url = Url::parse(&full).map_err(|error| wrong().caused_by(error))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "The site's address contains a user name or password",
        )
        .remedy(Remedy::of_each(
            "Remove it from the address; tokens go into the keystore with `tributary login`",
            "Remove it from the address; tokens are kept where you chose to keep them",
        )));
    }
    url.set_query(None);
    url.set_fragment(None);
    let cloud = url
        .host_str()
        .is_some_and(|host| host.ends_with(".atlassian.net"));
    let path = url.path().trim_end_matches('/').to_owned();
    let path = if cloud { "/wiki".to_owned() } else { path };
    let behind = ["/spaces/", "/display/", "/pages/"];
    let context = behind.iter().filter_map(|behind| path.find(behind)).min();
    let context = &path[..context.unwrap_or(path.len())];
    url.set_path(context.trim_end_matches('/'));
    Ok(url)
}

/// The credential for a site that came along with the run, in the environment.
///
/// # Errors
/// [`ErrorKind::SignedOut`] when there is none.
pub fn credential(site: &SiteSettings) -> Result<Credential, Error> {
    from_environment(site).ok_or_else(|| no_token(&site.url))
}

/// Says that there is no credential for a site.
pub(super) fn no_token(site: &Url) -> Error {
    Error::new(
        ErrorKind::SignedOut,
        sentence!("No token is known for `{site}`", site),
    )
    .remedy(Remedy::of_each(
        "Connect the site in the window, run `tributary login confluence --host URL`, or set \
         `TRIBUTARY_TOKEN` (and `TRIBUTARY_USER` for an API token)",
        "Connect the site, or sign in to it",
    ))
}

/// The credential that a token makes for a site.
pub fn with_token(site: &SiteSettings, token: Secret) -> Credential {
    match &site.auth {
        Auth::Basic { user } => Credential::basic(user, token),
        Auth::Bearer => Credential::bearer(token),
    }
}

fn from_environment(site: &SiteSettings) -> Option<Credential> {
    let read = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    let token = Secret::new(read("TRIBUTARY_TOKEN")?);
    let user = match &site.auth {
        Auth::Basic { user } if !user.is_empty() => Some(user.clone()),
        Auth::Basic { .. } => read("TRIBUTARY_USER"),
        Auth::Bearer => None,
    };
    Some(match user {
        Some(user) => Credential::basic(user, token),
        None => Credential::bearer(token),
    })
}

/// Makes a client for a site, asking which product answers when the settings do not say.
///
/// # Errors
/// When nothing, or nothing like Confluence, answers.
pub async fn client(
    http: &Http,
    site: &SiteSettings,
    credential: Credential,
) -> Result<Client, Error> {
    for address in std::iter::once(&site.url).chain(&site.gateway) {
        // The one door for everything that is sent to a site.
        provider::sound(address)?;
    }
    let credential = Arc::new(credential);
    let gateway = site.gateway.as_ref();
    let flavor: Flavor = match site.flavor {
        Some(flavor) => flavor,
        None => Client::detect(http, &site.url, gateway, &credential).await?,
    };
    Ok(Client::new(
        http.clone(),
        &site.url,
        gateway,
        flavor,
        credential,
    ))
}

/// Tries a site's credential: which product answers, and who we are there.
///
/// # Errors
/// [`ErrorKind::SignedOut`] when the credential is not accepted, or any error of
/// [`client`](fn@client).
pub async fn connect(
    http: &Http,
    site: &SiteSettings,
    credential: Credential,
) -> Result<Connected, Error> {
    let client = client(http, site, credential).await?;
    let user = client.current_user().await?;
    let site = SiteSettings {
        flavor: Some(client.flavor()),
        ..site.clone()
    };
    Ok(Connected { client, user, site })
}

#[cfg(test)]
mod tests {
    use super::{client, site_url, with_token};
    use crate::http::Http;
    use crate::settings::{Auth, SiteSettings};
    use crate::vault::Secret;

    #[tokio::test]
    async fn no_token_goes_where_it_can_be_read_on_the_way() {
        let address = |text: &str| url::Url::parse(text).ok();
        for (url, gateway) in [
            ("http://wiki.acme.com", None),
            (
                "https://acme.atlassian.net/wiki",
                Some("http://gateway.acme.com"),
            ),
            ("https://wiki.acme.com", Some("ftp://gateway.acme.com")),
        ] {
            let site = SiteSettings {
                url: address(url).expect("an address"),
                flavor: None,
                auth: Auth::Bearer,
                gateway: gateway.and_then(address),
            };
            let http = Http::new().expect("a client");
            let token = with_token(&site, Secret::new("token".to_owned()));
            let refused = client(&http, &site, token).await;
            let refused = refused.expect_err("it is refused");
            assert_eq!(refused.kind(), crate::ErrorKind::InvalidInput, "{url}");
            assert_eq!(http.traffic().total, 0, "{url}");
        }
    }

    #[test]
    fn addresses_are_read_as_people_copy_them() {
        for (typed, expected) in [
            ("acme.atlassian.net", "https://acme.atlassian.net/wiki"),
            (
                "https://acme.atlassian.net/wiki/spaces/DOCS/pages/1/A",
                "https://acme.atlassian.net/wiki",
            ),
            ("https://wiki.acme.com/", "https://wiki.acme.com/"),
            (
                "https://acme.com/confluence/display/DOCS/Home",
                "https://acme.com/confluence",
            ),
            ("http://127.0.0.1:8090/wiki/", "http://127.0.0.1:8090/wiki"),
            (
                "https://acme.com/wiki//spaces/DOCS",
                "https://acme.com/wiki",
            ),
            (
                "https://acme.com/wiki/pages/viewpage.action/spaces/x",
                "https://acme.com/wiki",
            ),
        ] {
            assert_eq!(
                site_url(typed).map(String::from).ok().as_deref(),
                Some(expected),
                "{typed}"
            );
        }
        for typed in [
            "",
            "ftp://acme.com",
            "https://user:secret@acme.com",
            "not an address at all",
            "https://user:secret@acme.com:99999",
        ] {
            let error = site_url(typed).expect_err(typed);
            assert!(!error.chain().contains("secret"), "{error}");
        }
    }
}
