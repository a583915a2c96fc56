//! Git's own protocol over HTTP, at hosts that have an API too in the queue of the account there.

use std::fs::File;
use std::io::Seek;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::super::lfs::Through;
use super::{LARGEST_PACK, refused, unwritable};
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Credential, Payload, Repeat};

/// Under what its requests are counted.
pub(in crate::hosts) const ENDPOINT: &str = "Git";

/// Sends a request, or none for what the server says of itself. Gives the answer, and who gave it.
pub(super) async fn exchange(
    url: &Url,
    through: Through<'_>,
    credential: Option<&Credential>,
    request: Option<Vec<u8>>,
) -> Result<(File, Url), Error> {
    let mut url = url.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    let mut headers = HeaderMap::new();
    let version = HeaderValue::from_static("version=2");
    headers.insert(HeaderName::from_static("git-protocol"), version);
    let (method, payload) = match request {
        None => {
            url.set_path(&format!("{path}/info/refs"));
            url.set_query(Some("service=git-upload-pack"));
            (Method::GET, Payload::None)
        }
        Some(request) => {
            url.set_path(&format!("{path}/git-upload-pack"));
            let kind = HeaderValue::from_static("application/x-git-upload-pack-request");
            headers.insert(CONTENT_TYPE, kind);
            (Method::POST, Payload::Json(request.into()))
        }
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let file = tempfile::tempfile().map_err(unwritable)?;
    let mut file = tokio::fs::File::from_std(file);
    let call = || Call {
        method: method.clone(),
        url: url.clone(),
        endpoint: ENDPOINT,
        credential,
        payload: payload.clone(),
        repeat: Repeat::Safe,
        headers: headers.clone(),
        most: Some(LARGEST_PACK),
    };
    let reply = match through {
        Through::Host(at, urgency) => at.send_for_git(urgency, call, &mut file).await?,
        Through::Nothing(http) => {
            let reply = http.download(call(), &mut file).await;
            reply.map_err(|unanswered| unanswered.error)?
        }
    };
    if reply.status.as_u16() == 401 && credential.is_some() {
        return Err(Error::new(
            ErrorKind::SignedOut,
            sentence!(
                "`{host}` does not accept the credential, or not for this repository",
                host
            ),
        )
        .remedy("Give another one")
        .caused_by("HTTP 401"));
    }
    if reply.status.as_u16() != 200 {
        return Err(refused(&host, reply.status.as_u16()));
    }
    if reply.is_cut {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            sentence!("`{host}` sent more than is read", host),
        ));
    }
    let mut file = file.into_std().await;
    file.rewind().map_err(unwritable)?;
    Ok((file, reply.url))
}

/// The address of the repository whose refs were asked for at an address.
pub(super) fn repository_behind(mut refs: Url) -> Option<Url> {
    let path = refs.path().strip_suffix("/info/refs")?.to_owned();
    refs.set_path(&path);
    refs.set_query(None);
    Some(refs)
}
