//! Connecting a Confluence site with a token, by its address alone: which product it runs is asked
//! of it. What comes of it is an account like any other.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tributary_pages::markup::Flavor;

use super::accounts::{Accounts, blocking, site_key};
use super::provider::{Purpose, Sent, sound};
use super::record::{Keep, Mode};
use super::sign_in::{Particulars, SignIn, SignedIn, Way};
use super::site::{audited, with_token};
use super::take_over;
use crate::audit::{Event, Outcome, What};
use crate::confluence::Client;
use crate::error::{Error, ErrorKind};
use crate::settings::{Auth, SiteSettings};
use crate::vault::Secret;

/// A site to be connected.
#[derive(Debug)]
pub struct NewSite {
    /// Its address, and how the token is sent.
    pub site: SiteSettings,
    /// The token.
    pub token: Secret,
    /// When it ends, as its owner says.
    pub ends: Option<Timestamp>,
    /// What it is for.
    pub purpose: Purpose,
    /// Whose access it will be.
    pub mode: Mode,
    /// The account that gets a new token: it has to be the same person.
    pub again: Option<String>,
    /// For how long it is kept.
    pub keep: Keep,
}

/// A site that was connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedSite {
    /// The account, which is used first for the site from now on.
    pub signed_in: SignedIn,
    /// The site, with the product that was found.
    pub site: SiteSettings,
}

impl Accounts {
    /// Finds out which product a site runs and whose the token is, and keeps it as an account.
    ///
    /// # Errors
    /// Those of [`Accounts::sign_in`]; [`ErrorKind::InvalidInput`] when no Confluence answers.
    pub async fn connect(&self, wanted: NewSite) -> Result<ConnectedSite, Error> {
        let signed_in = Event::new(What::SignedIn {
            account: audited(&wanted.site).0,
            method: "token".to_owned(),
            scopes: Vec::new(),
        });
        if wanted.site.flavor.is_none() {
            // Asking the site which product it runs takes the token there, and what cannot be
            // recorded is not begun.
            let begun = signed_in.clone().outcome(Outcome::Attempt);
            self.record(begun).await?;
        }
        let flavor = match self.which_product(&wanted).await {
            Ok(flavor) => flavor,
            Err(error) => {
                let outcome = match error.kind() {
                    ErrorKind::Forbidden => Outcome::Refused,
                    _ => Outcome::Failure,
                };
                self.record(signed_in.because(outcome, error.chain()))
                    .await?;
                return Err(error);
            }
        };
        let provider = match flavor {
            Flavor::Cloud => "confluence-cloud",
            Flavor::DataCenter => "confluence-data-center",
        };
        let url = &wanted.site.url;
        let (sent, user) = match &wanted.site.auth {
            Auth::Basic { user } => (Sent::Basic, user.clone()),
            Auth::Bearer => (Sent::Bearer, String::new()),
        };
        let sign_in = SignIn {
            place: self.place(provider, Some(url.as_str()))?,
            way: Way::Token {
                token: wanted.token,
                kind: None,
                user,
                ends: wanted.ends,
            },
            purpose: wanted.purpose,
            mode: wanted.mode,
            again: wanted.again,
        };
        let particulars = Particulars {
            sent: Some(sent),
            keep: wanted.keep,
        };
        let never = CancellationToken::new();
        let signed_in = self
            .sign_in_as(sign_in, particulars, &|_| {}, &never)
            .await?;
        let site = SiteSettings {
            flavor: Some(flavor),
            ..wanted.site
        };
        let (accounts, account, known) = (self.clone(), signed_in.account.clone(), site.clone());
        blocking(move || {
            accounts.0.records.change(|index| {
                // The settings will name the site, and an earlier version's token is not behind it.
                take_over::is_listed(index, &known);
                // Also where another mode is in force: it is used there once the mode is its own.
                let key = site_key(&known.url);
                index.preferred.insert(key, account.id.clone());
                Ok(())
            })
        })
        .await?;
        Ok(ConnectedSite { signed_in, site })
    }

    /// Asks a site which product it runs, unless that was said, as far as the policy allows to send
    /// it the token.
    async fn which_product(&self, wanted: &NewSite) -> Result<Flavor, Error> {
        let site = &wanted.site;
        sound(&site.url)?;
        if let Some(flavor) = site.flavor {
            return Ok(flavor);
        }
        self.allows_site_token(site, wanted.mode, wanted.ends)?;
        let token = Secret::new(wanted.token.expose().trim().to_owned());
        let credential = Arc::new(with_token(site, token));
        Client::detect(&self.0.setup.http, &site.url, None, &credential).await
    }
}
