//! Diagrams that a server of one's own draws: Kroki, or PlantUML's. Sources go nowhere else.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;
use tokio::runtime::Handle;
use tributary_diagrams::Failure;
use url::Url;

use crate::http::{Call, Http, Payload, Repeat, Reply};

/// The largest picture that is taken, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The word for PlantUML among languages.
const PLANTUML: &str = "plantuml";

/// The signs that PlantUML writes a compressed source with, six bits each.
const SIGNS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// A server of diagrams.
#[derive(Debug, Clone)]
pub(super) struct DiagramServer {
    /// What is needed to ask it, or why that cannot be.
    way: Result<(Http, Url, Handle), String>,
    kind: ServerKind,
}

/// What a server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ServerKind {
    /// A JSON document at its root, in any language: <https://docs.kroki.io/kroki/setup/usage/>.
    Kroki,
    /// PlantUML alone, in the address of the picture: <https://plantuml.com/text-encoding>.
    PlantUml,
}

impl ServerKind {
    /// Kroki's addresses are roots. One of PlantUML ends in the name of the program, or in that of a
    /// form which it draws, as it stands in the addresses of its pictures.
    fn of(address: &str) -> Self {
        let path = address.trim_end_matches('/').rsplit('/').next();
        match path.unwrap_or_default() {
            "plantuml" | "plantuml-server" | "svg" | "png" | "uml" => Self::PlantUml,
            _ => Self::Kroki,
        }
    }
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
        Self {
            way: way(),
            kind: ServerKind::of(address),
        }
    }

    /// Whether it knows a language.
    pub(super) fn draws(&self, language: &str) -> bool {
        self.kind == ServerKind::Kroki || language == PLANTUML
    }

    /// The picture of a source, as SVG. Blocks, outside of the runtime's own threads.
    pub(super) fn draw(&self, language: &str, source: &str) -> Result<String, Failure> {
        let (http, url, runtime) = match &self.way {
            Ok(way) => way,
            Err(why) => return Err(Failure::new(format!("the server of diagrams: {why}"))),
        };
        let host = url.host_str().unwrap_or_default();
        if !self.draws(language) {
            return Err(Failure::new(format!(
                "the server of diagrams at `{host}` is one of PlantUML, which draws no {language}"
            )));
        }
        let (method, url, payload) = match self.kind {
            ServerKind::Kroki => {
                let wanted = json!({
                    "diagram_source": source,
                    "diagram_type": language,
                    "output_format": "svg",
                });
                let payload = Payload::Json(Bytes::from(wanted.to_string()));
                (Method::POST, url.clone(), payload)
            }
            ServerKind::PlantUml => (Method::GET, address_of(url, source), Payload::None),
        };
        let call = Call {
            method,
            url,
            endpoint: "/",
            credential: None,
            payload,
            // Drawing twice is drawing once.
            repeat: Repeat::Safe,
            headers: HeaderMap::new(),
            most: Some(LARGEST),
        };
        let reply = runtime.block_on(http.send(call)).map_err(|unanswered| {
            Failure::new(format!(
                "the server of diagrams at `{host}` did not answer: {}",
                unanswered.error.chain()
            ))
        })?;
        let text = String::from_utf8_lossy(&reply.body);
        if let Some(failure) = told(&reply, host) {
            return Err(failure);
        }
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

/// Where PlantUML's server has the picture of a source, which is in the address itself.
fn address_of(server: &Url, source: &str) -> Url {
    let mut address = server.clone();
    if let Ok(mut parts) = address.path_segments_mut() {
        // The name of a form stands before the source.
        parts.pop_if_empty();
        let last = server.path().trim_end_matches('/').rsplit('/').next();
        if matches!(last, Some("svg" | "png" | "uml")) {
            parts.pop();
        }
        parts.extend(["svg", in_address(source).as_str()]);
    }
    address.set_query(None);
    address
}

/// A source as it stands in an address.
fn in_address(source: &str) -> String {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    packed.write_all(source.as_bytes()).unwrap_or_default();
    let packed = packed.finish().unwrap_or_default();
    let mut written = String::with_capacity(packed.len() * 4 / 3 + 4);
    for three in packed.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for shift in [18, 12, 6, 0] {
            written.push(char::from(SIGNS[(bits >> shift) as usize & 63]));
        }
    }
    written
}

/// What PlantUML's server says of a source that it cannot draw, beside a picture of the same words.
fn told(reply: &Reply, host: &str) -> Option<Failure> {
    let header = |name: &str| {
        let value = reply.headers.get(name)?.to_str().ok()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    let said = header("x-plantuml-diagram-error")?;
    let mut failure = Failure::new(format!("the server of diagrams at `{host}` says: {said}"));
    failure.line = header("x-plantuml-diagram-error-line").and_then(|line| line.parse().ok());
    Some(failure)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::DeflateDecoder;
    use url::Url;

    use super::{DiagramServer, SIGNS, address_of, in_address};

    #[test]
    fn a_server_of_plantuml_is_known_by_its_address_and_draws_nothing_else() {
        for (address, draws_others, picture) in [
            ("https://kroki.acme.com/", true, None),
            ("https://acme.com/kroki", true, None),
            ("https://acme.com/plantuml", false, Some("/plantuml/svg/")),
            (
                "https://acme.com/plantuml/svg/",
                false,
                Some("/plantuml/svg/"),
            ),
            ("http://127.0.0.1:8080/svg", false, Some("/svg/")),
            ("http://127.0.0.1:8080/uml", false, Some("/svg/")),
        ] {
            let server = DiagramServer::new(address);
            assert!(server.draws("plantuml"), "{address}");
            assert_eq!(server.draws("d2"), draws_others, "{address}");
            if let Some(below) = picture {
                let url = Url::parse(address).expect("an address");
                let path = address_of(&url, "a -> b").path().to_owned();
                assert_eq!(path, format!("{below}{}", in_address("a -> b")));
            }
        }
    }

    #[test]
    fn a_source_comes_back_out_of_the_address() {
        for source in ["", "a", "@startuml\nä -> ß: 漢字\n@enduml\n"] {
            let mut packed = Vec::new();
            for four in in_address(source).as_bytes().chunks(4) {
                let bits = four.iter().fold(0, |bits, sign| {
                    let at = SIGNS.iter().position(|known| known == sign);
                    bits << 6 | at.expect("one of the signs")
                });
                packed.extend([bits >> 16, bits >> 8, bits].map(|part| (part & 255) as u8));
            }
            let mut back = String::new();
            let mut unpacked = DeflateDecoder::new(packed.as_slice());
            unpacked.read_to_string(&mut back).expect("it is deflated");
            assert_eq!(back, source);
        }
    }
}
