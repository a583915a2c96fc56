//! Pictures of other servers, which pages name and nobody asks for until a person wants them.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::http::{Call, Http, Payload, Repeat};

use super::picture;

/// Larger pictures are not shown.
const LARGEST: u64 = 10 * 1024 * 1024;
/// The longest that is waited for one: a page has many, and stays without those that do not come.
const LONGEST: Duration = Duration::from_secs(20);

/// Gets a picture of another server and gives it as an address that carries it. Nothing is sent
/// along that tells who asks, and what is no picture by its contents is not given out. Redirects
/// are followed on the same server only.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] for an address that is none of the web, and for what is no picture;
/// [`ErrorKind::NotFound`] when the server has none there; as [`Http::send`].
pub async fn picture_from_elsewhere(http: &Http, address: &str) -> Result<String, Error> {
    let url = Url::parse(address).ok();
    let url = url
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| {
            let said = "The address of the picture is none of the web";
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
        let said = format!("`{host}` took too long to answer");
        Error::new(ErrorKind::Offline, said).remedy("Try again later")
    })??;
    if !reply.status.is_success() {
        let said = format!("`{host}` has no such picture (status {})", reply.status);
        return Err(Error::new(ErrorKind::NotFound, said));
    }
    let found = picture(&reply.body).filter(|_| !reply.is_cut);
    let Some(found) = found else {
        let said = format!("What `{host}` sent is no picture, or larger than 10 MB");
        return Err(Error::new(ErrorKind::InvalidInput, said));
    };
    let carried = STANDARD.encode(&reply.body);
    Ok(format!("data:{};base64,{carried}", found.media_type))
}
