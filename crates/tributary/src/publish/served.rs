//! Diagrams that one's own Kroki server draws. Sources go nowhere else.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;
use tokio::runtime::Handle;
use tributary_diagrams::Failure;
use url::Url;

use crate::http::{Call, Http, Payload, Repeat};

/// The largest picture that is taken, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// A Kroki server.
#[derive(Debug, Clone)]
pub(super) struct DiagramServer {
    /// What is needed to ask it, or why that cannot be.
    way: Result<(Http, Url, Handle), String>,
}

impl DiagramServer {
    /// The server at an address. What is wrong with it is said of every diagram.
    pub(super) fn new(address: &str) -> Self {
        let way = || {
            let url = Url::parse(address).map_err(|error| format!("`{address}`: {error}"))?;
            let http = Http::new().map_err(|error| error.chain())?;
            let runtime = Handle::try_current().map_err(|error| error.to_string())?;
            Ok((http, url, runtime))
        };
        Self { way: way() }
    }

    /// The picture of a source, as SVG. Blocks, outside of the runtime's own threads.
    ///
    /// Kroki takes a JSON document at its root, <https://docs.kroki.io/kroki/setup/usage/>.
    pub(super) fn draw(&self, language: &str, source: &str) -> Result<String, Failure> {
        let (http, url, runtime) = match &self.way {
            Ok(way) => way,
            Err(why) => return Err(Failure::new(format!("the server of diagrams: {why}"))),
        };
        let wanted = json!({
            "diagram_source": source,
            "diagram_type": language,
            "output_format": "svg",
        });
        let call = Call {
            method: Method::POST,
            url: url.clone(),
            endpoint: "/",
            credential: None,
            payload: Payload::Json(Bytes::from(wanted.to_string())),
            // Drawing twice is drawing once.
            repeat: Repeat::Safe,
            headers: HeaderMap::new(),
            most: Some(LARGEST),
        };
        let host = url.host_str().unwrap_or_default();
        let reply = runtime.block_on(http.send(call)).map_err(|unanswered| {
            Failure::new(format!(
                "the server of diagrams at `{host}` did not answer: {}",
                unanswered.error.chain()
            ))
        })?;
        let text = String::from_utf8_lossy(&reply.body);
        if !reply.status.is_success() {
            let said = text.lines().find(|line| !line.trim().is_empty());
            return Err(Failure::new(format!(
                "the server of diagrams at `{host}` says: {}",
                said.unwrap_or(reply.status.as_str())
            )));
        }
        if reply.is_cut || !text.contains("<svg") {
            return Err(Failure::new(format!(
                "what the server of diagrams at `{host}` answers is no picture"
            )));
        }
        Ok(text.into_owned())
    }
}
