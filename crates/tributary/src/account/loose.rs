//! Tokens that are no account's: those that a run brings along, and one that is typed for a site
//! before it is an account. Where they may be sent.

use jiff::Timestamp;
use tributary_pages::markup::Flavor;
use url::Url;

use super::accounts::Accounts;
use super::policy::Policy;
use super::provider::{self, Place, Providers, host_of};
use super::record::Mode;
use crate::error::{Error, ErrorKind, Remedy};
use crate::settings::{Settings, SiteSettings};

/// Who says that a site is the one to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// The person, or whoever set the run up.
    ByPerson,
    /// A file of the repository alone, which anybody may have written.
    ByRepository,
}

/// Whether this machine's policy allows a token for a site that came along with a run. Into a
/// private network, or to this machine, it is not sent on a repository's word alone.
///
/// # Errors
/// [`ErrorKind::Forbidden`], also when there is a policy that cannot be read;
/// [`ErrorKind::InvalidInput`] when nobody but the repository names a site that is inside.
pub fn allows_site_token(
    settings: &Settings,
    site: &SiteSettings,
    named: Named,
) -> Result<(), Error> {
    let policy = Policy::of_machine()?;
    if named == Named::ByRepository && provider::is_inside(&site.url) {
        let host = host_of(&site.url);
        let is_known = settings.site(&site.url).is_some();
        let mut products = site_providers(site).iter();
        if !is_known && !products.any(|id| policy.names_host(id, &host)) {
            return Err(inside(&site.url));
        }
    }
    let own = policy.permits(&settings.providers);
    let providers = Providers::new(&[&own, &policy.changes()])?;
    // Nobody knows when it was made or ends, so a limit on that forbids it.
    let token = (Mode::Individual, None);
    site_token_allowed(&policy, &providers, site, token, Timestamp::now())
}

impl Accounts {
    /// Whether the policy allows a token for a site, whichever product that runs.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`].
    pub(super) fn allows_site_token(
        &self,
        site: &SiteSettings,
        mode: Mode,
        ends: Option<Timestamp>,
    ) -> Result<(), Error> {
        let setup = &self.0.setup;
        let token = (mode, ends);
        site_token_allowed(&setup.policy, &self.0.providers, site, token, self.0.now())
    }

    /// Whether a token that is no account's, as a pipeline has one, may be sent to a Git host. With
    /// the place unknown its address decides: https, or on this machine.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] when the policy does not allow it; [`ErrorKind::InvalidInput`] when
    /// it could be read on the way.
    pub(crate) fn allows_loose_token(
        &self,
        place: Option<&Place>,
        address: &str,
    ) -> Result<(), Error> {
        let Some(place) = place else {
            return match Url::parse(address) {
                Ok(url) if matches!(url.scheme(), "http" | "https") => provider::sound(&url),
                // Nothing is sent over SSH but what its agent signs.
                _ => Ok(()),
            };
        };
        let (policy, provider) = (self.policy(), place.provider());
        policy.allows_place(place)?;
        policy.allows_mode(provider, Mode::Individual)?;
        if !policy.is_there() {
            return Ok(());
        }
        let kind = provider.token_alone().map_or("", |kind| kind.kind.as_str());
        let now = self.0.now();
        // Nobody knows when it was made or ends, so a limit on that forbids it.
        policy.allows_token(provider, kind, now, None, now)
    }
}

fn inside(site: &Url) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        sentence!(
            "`{site}` is inside a private network or on this machine, and only the repository says \
             to go there. The token was not sent",
            site
        ),
    )
    .remedy(Remedy::of_each(
        "If you mean it, name the site yourself: `--site URL`, `TRIBUTARY_SITE`, or \
         `TRIBUTARY_SITE_NAME` for the target NAME",
        "If you mean it, connect the site",
    ))
}

pub(super) fn site_token_allowed(
    policy: &Policy,
    providers: &Providers,
    site: &SiteSettings,
    (mode, ends): (Mode, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), Error> {
    if !policy.is_there() {
        return Ok(());
    }
    let (_, kind) = super::site::audited(site);
    // A site that was not asked yet may be either.
    for id in site_providers(site) {
        let place = Place::new(providers.get(id)?, Some(site.url.as_str()))?;
        policy.allows_place(&place)?;
        policy.allows_mode(place.provider(), mode)?;
        policy.allows_token(place.provider(), &kind, now, ends, now)?;
    }
    Ok(())
}

/// The providers that a site can be of.
pub(super) fn site_providers(site: &SiteSettings) -> &'static [&'static str] {
    match site.flavor {
        Some(Flavor::Cloud) => &["confluence-cloud"],
        Some(Flavor::DataCenter) => &["confluence-data-center"],
        None => &["confluence-cloud", "confluence-data-center"],
    }
}
