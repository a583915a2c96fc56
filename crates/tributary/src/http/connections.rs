//! How servers are reached: the connections to them, who vouches for which, and the ways that a script or
//! the desktop tells.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLockReadGuard};
use std::time::Duration;

use reqwest::redirect;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::{Fate, Http, Unanswered};
use crate::Sentence;
use crate::error::{Error, ErrorKind};
use crate::network::ways::{self, Ways};
use crate::network::{Identity, Network, as_certificates, place_of};
use crate::store::read_if_there;

/// The longest a script that chooses the proxy may be.
const LONGEST_SCRIPT: usize = 1024 * 1024;
/// The longest its server may take.
const LONGEST_SCRIPT_ANSWER: Duration = Duration::from_secs(10);

/// All connections, and what they are made of.
#[derive(Debug)]
pub(super) struct Connections {
    network: Arc<Network>,
    /// Authorities that vouch for single hosts, by host and port.
    vouching: HashMap<String, Vec<CertificateDer<'static>>>,
    /// Made by the first request: all authorities are read for it that the system trusts, some
    /// hundred files, which a start need not wait for.
    usual: OnceLock<Clients>,
    /// For hosts that an authority of their own vouches for, or that are shown a certificate, by
    /// host and port.
    particular: HashMap<String, Clients>,
}

impl Connections {
    pub(super) fn new(
        longest_silence: Duration,
        network: Arc<Network>,
        vouching: HashMap<String, Vec<CertificateDer<'static>>>,
    ) -> Result<Self, Error> {
        let identities = network.identities();
        let mut particular = HashMap::new();
        for host in vouching.keys().chain(identities.keys()) {
            let authorities = vouching.get(host).map(Vec::as_slice).unwrap_or_default();
            let identity = identities.get(host).map(Arc::as_ref);
            let clients = Clients::build(longest_silence, &network, authorities, identity)?;
            particular.insert(host.clone(), clients);
        }
        // What is wrong with it is told at once all the same.
        describe(redirect::Policy::none(), longest_silence, &network).map(drop)?;
        Ok(Self {
            usual: OnceLock::new(),
            network,
            vouching,
            particular,
        })
    }
}

/// The connections to whoever the same authorities vouch for.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    pub(super) usual: reqwest::Client,
    /// For what goes to a sign-in server: an answer from elsewhere is no answer.
    pub(super) straight: reqwest::Client,
}

impl Clients {
    fn build(
        longest_silence: Duration,
        network: &Network,
        authorities: &[CertificateDer<'static>],
        identity: Option<&Identity>,
    ) -> Result<Self, Error> {
        let build = |redirects| build(redirects, longest_silence, network, authorities, identity);
        let redirects = redirect::Policy::custom(|attempt| {
            // Credentials never follow to another host; a redirect there is an answer.
            let first = attempt.previous().first();
            let stays = first.is_some_and(|first| first.origin() == attempt.url().origin());
            if stays && attempt.previous().len() < 5 {
                attempt.follow()
            } else {
                attempt.stop()
            }
        });
        Ok(Self {
            usual: build(redirects)?,
            straight: build(redirect::Policy::none())?,
        })
    }
}

impl Http {
    /// Lets authorities vouch for single hosts, by host and port, beside those that the system
    /// trusts; no others do from now on. Clones trust them too.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] naming the host for which there are no certificates in PEM.
    pub(crate) fn trust(&self, authorities: &[(String, Vec<u8>)]) -> Result<(), Error> {
        let mut vouching = HashMap::new();
        for (host, pem) in authorities {
            let unfit = || {
                Error::new(
                    ErrorKind::InvalidInput,
                    sentence!("There is no certificate for `{host}` in the form PEM", host),
                )
            };
            let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            let read = read.map_err(|error| unfit().caused_by(error))?;
            if read.is_empty() {
                return Err(unfit());
            }
            vouching.insert(host.to_ascii_lowercase(), read);
        }
        self.change(|held| (Arc::clone(&held.network), vouching))
    }

    /// Reaches servers another way from now on. Clones do too.
    ///
    /// # Errors
    /// [`ErrorKind::Bug`] when no client can be built over it; then nothing is changed.
    pub fn use_network(&self, network: &Arc<Network>) -> Result<(), Error> {
        self.change(|held| (Arc::clone(network), held.vouching.clone()))
    }

    /// How servers are reached.
    pub fn network(&self) -> Arc<Network> {
        Arc::clone(&self.held().network)
    }

    /// The authorities that are trusted for an address beside those of the system.
    pub(crate) fn authorities(&self, url: &Url) -> Vec<CertificateDer<'static>> {
        let held = self.held();
        let own = held.vouching.get(&place_of(url)).into_iter().flatten();
        held.network
            .authorities()
            .iter()
            .chain(own)
            .cloned()
            .collect()
    }

    fn held(&self) -> RwLockReadGuard<'_, Connections> {
        let held = self.connections.read();
        held.unwrap_or_else(PoisonError::into_inner)
    }

    fn change(
        &self,
        to: impl FnOnce(&Connections) -> (Arc<Network>, HashMap<String, Vec<CertificateDer<'static>>>),
    ) -> Result<(), Error> {
        let (network, vouching) = to(&self.held());
        let changed = Connections::new(self.longest_silence, network, vouching)?;
        let held = self.connections.write();
        *held.unwrap_or_else(PoisonError::into_inner) = changed;
        Ok(())
    }

    /// The connections for an address.
    pub(super) fn clients(&self, url: &Url) -> Result<Clients, Error> {
        let held = self.held();
        let made = held.particular.get(&place_of(url));
        if let Some(made) = made.or_else(|| held.usual.get()) {
            return Ok(made.clone());
        }
        let made = Clients::build(self.longest_silence, &held.network, &[], None)?;
        // Another request may have been faster; all use the same connections.
        Ok(held.usual.get_or_init(|| made).clone())
    }

    /// Finds the ways to an address, where a script or the desktop has to be asked for them. What
    /// cannot be asked stops the request: it is not sent another way meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::Offline`] when the script cannot be fetched, [`ErrorKind::InvalidInput`] when it
    /// is none or fails.
    pub(crate) async fn find_ways(&self, url: &Url) -> Result<(), Unanswered> {
        let network = self.network();
        let Some(ways) = network.ways().filter(|ways| !ways.is_known(url)) else {
            return Ok(());
        };
        let _asking = ways.asking.lock().await;
        if ways.is_known(url) {
            return Ok(());
        }
        let not_sent = |error| Unanswered {
            error,
            fate: Fate::NotDone,
        };
        let wanted = beside(ways, |ways| Ok(ways.script_wanted())).await;
        if let Some(address) = wanted.map_err(not_sent)? {
            let script = self.fetch_script(&address).await.map_err(not_sent)?;
            let taken = beside(ways, move |ways| ways.take_script(&address, &script)).await;
            taken.map_err(not_sent)?;
        }
        let url = url.clone();
        beside(ways, move |ways| ways.ask(&url))
            .await
            .map_err(not_sent)
    }

    /// Fetches the script that chooses the proxy, without a proxy.
    async fn fetch_script(&self, address: &Url) -> Result<String, Error> {
        let unfetched = |why: Sentence| {
            let shown = ways::shown(address);
            Error::new(
                ErrorKind::Offline,
                sentence!(
                    "The script `{shown}` that chooses the proxy {why}",
                    shown,
                    why
                )
                .with("why", why),
            )
            .remedy(ways::other_way())
        };
        let bytes = if let Ok(file) = address.to_file_path() {
            let read = tokio::task::spawn_blocking(move || read_if_there(&file)).await;
            let read =
                read.map_err(|error| unfetched(Sentence::from("cannot be read")).caused_by(error))?;
            read?.ok_or_else(|| unfetched(Sentence::from("is not there")))?
        } else {
            let network = self.network().directly();
            let redirects = redirect::Policy::limited(5);
            let client = build(redirects, LONGEST_SCRIPT_ANSWER, &network, &[], None)?;
            let unreached = |error: reqwest::Error| {
                unfetched(Sentence::from("cannot be fetched")).caused_by(error.without_url())
            };
            let request = client.get(address.clone()).timeout(LONGEST_SCRIPT_ANSWER);
            let mut response = request.send().await.map_err(unreached)?;
            if !response.status().is_success() {
                let why = sentence!(
                    "cannot be fetched: the server says {status}",
                    status = response.status().as_u16()
                );
                return Err(unfetched(why));
            }
            let mut read = Vec::new();
            while let Some(part) = response.chunk().await.map_err(unreached)? {
                read.extend_from_slice(&part);
                if read.len() > LONGEST_SCRIPT {
                    break;
                }
            }
            read
        };
        if bytes.len() > LONGEST_SCRIPT {
            return Err(unfetched(Sentence::from("is too long to be one")));
        }
        // Those of the nineties may be in any code page, in their comments mostly.
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A client that is not made yet.
fn describe(
    redirects: redirect::Policy,
    longest_silence: Duration,
    network: &Network,
) -> Result<reqwest::ClientBuilder, Error> {
    #[expect(clippy::disallowed_methods, reason = "this is the one client")]
    let builder = reqwest::Client::builder();
    let client = builder
        .user_agent(concat!("Tributary/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(longest_silence)
        .pool_max_idle_per_host(32)
        .tcp_nodelay(true)
        .redirect(redirects);
    network.apply(client)
}

fn build(
    redirects: redirect::Policy,
    longest_silence: Duration,
    network: &Network,
    authorities: &[CertificateDer<'static>],
    identity: Option<&Identity>,
) -> Result<reqwest::Client, Error> {
    let mut client = describe(redirects, longest_silence, network)?;
    if !authorities.is_empty() {
        client = client.tls_certs_merge(as_certificates(authorities)?);
    }
    if let Some(identity) = identity {
        client = client.identity(identity.for_client()?);
    }
    client.build().map_err(|error| {
        Error::new(ErrorKind::Bug, "The HTTP client could not be set up").caused_by(error)
    })
}

/// Asks for ways beside what waits for them, as that blocks.
async fn beside<T: Send + 'static>(
    ways: &Arc<Ways>,
    work: impl FnOnce(&Ways) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let ways = Arc::clone(ways);
    let done = tokio::task::spawn_blocking(move || work(&ways)).await;
    done.map_err(|error| {
        Error::new(ErrorKind::Bug, "Asking for the proxy broke off").caused_by(error)
    })?
}
