//! Pictures of other servers, which pages name and nobody asks for until a person wants them.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::Sentence;
use crate::audit::{Audit, Event, What};
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Http, Payload, Repeat};

use super::picture;

/// Larger pictures are not shown.
const LARGEST: u64 = 10 * 1024 * 1024;
/// The longest that is waited for one: a page has many, and stays without those that do not come.
const LONGEST: Duration = Duration::from_secs(20);

/// Records that somebody allowed the servers of these pictures to learn who looks, once for all of
/// them, and gets each as [`picture_from_elsewhere`] does, in their order. As nothing is changed,
/// they are got when the log cannot be written, too.
pub async fn pictures_from_elsewhere(
    http: &Http,
    audit: &Audit,
    addresses: &[String],
) -> Vec<Result<String, Error>> {
    let asked = addresses.iter().filter_map(|address| of_the_web(address));
    let servers: Vec<String> = asked.filter_map(|url| server(&url)).collect();
    if !servers.is_empty() {
        let pictures = servers.len();
        let hosts = servers.into_iter().collect::<BTreeSet<_>>();
        let hosts = hosts.into_iter().collect();
        let allowed = Event::new(What::PicturesAllowed { hosts, pictures });
        if let Err(error) = audit.note(allowed) {
            tracing::warn!("{}", error.chain());
        }
    }
    join_all(
        addresses
            .iter()
            .map(|one| picture_from_elsewhere(http, one)),
    )
    .await
}

/// An address that may be asked for a picture.
fn of_the_web(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https"))
        .filter(|url| url.username().is_empty() && url.password().is_none())
}

/// The host, with its port when that is not the usual one.
fn server(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Gets a picture of another server and gives it as an address that carries it. Nothing is sent
/// along that tells who asks, and what is no picture by its contents is not given out. Redirects
/// are followed on the same server only.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for an address that is none of the web, and for what is no picture;
/// [`ErrorKind::NotFound`] when the server has none there; as [`Http::send`].
pub async fn picture_from_elsewhere(http: &Http, address: &str) -> Result<String, Error> {
    let url = of_the_web(address).ok_or_else(|| {
        let said = Sentence::from("The address of the picture is none of the web");
        Error::new(ErrorKind::InvalidInput, said)
    })?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let asking = http.send(Call {
        method: Method::GET,
        url,
        endpoint: "picture",
        credential: None,
        payload: Payload::None,
        repeat: Repeat::Never,
        headers: HeaderMap::new(),
        most: Some(LARGEST),
    });
    let reply = tokio::time::timeout(LONGEST, asking).await.map_err(|_| {
        let said = sentence!("`{host}` took too long to answer", host);
        Error::new(ErrorKind::Offline, said).remedy("Try again later")
    })??;
    if !reply.status.is_success() {
        let said = sentence!(
            "`{host}` has no such picture (status {status})",
            host,
            status = reply.status
        );
        return Err(Error::new(ErrorKind::NotFound, said));
    }
    let found = picture(&reply.body).filter(|found| !reply.is_cut && found.can_be_drawn());
    let Some(found) = found else {
        let said = sentence!("What `{host}` sent is no picture, or too large", host);
        return Err(Error::new(ErrorKind::InvalidInput, said));
    };
    let carried = STANDARD.encode(&reply.body);
    Ok(format!("data:{};base64,{carried}", found.media_type))
}
