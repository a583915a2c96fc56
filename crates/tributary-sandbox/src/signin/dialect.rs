//! What differs between the servers whose OAuth 2.0 is the one in `flow`, as data.

use std::time::Duration;

use axum::http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::Server;

/// How a host compares the redirect address with the registered ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirects {
    /// Exactly, port included.
    Exact,
    /// GitHub's OAuth Apps: host and port equal, any port on loopback, the path may go deeper.
    Subfolder,
    /// On a loopback IP address the port may vary; anything else exactly. `localhost` is none.
    LoopbackPort,
    /// On `localhost` the port is ignored; anything else exactly.
    LocalhostPort,
}

/// How an application shows who it is when it asks for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credentials {
    /// In the body or as Basic.
    Either,
    /// In the body only.
    Body,
    /// As Basic only.
    Basic,
}

/// Which bodies the token endpoint reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    Form,
    FormOrJson,
}

/// What a host does about PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pkce {
    /// The methods it takes, with the one meant when none is named first.
    pub(super) methods: &'static [&'static str],
    /// Whether it looks at the verifier at all.
    pub(super) verified: bool,
    /// Whether public applications must use it.
    pub(super) public_must: bool,
}

/// The device flow of a host.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeviceFlow {
    pub(super) request: &'static str,
    pub(super) verify: &'static str,
    pub(super) life: Duration,
    /// Whether an application needs it switched on.
    pub(super) opt_in: bool,
}

/// How a server signs people in: what differs between servers that have their own kind of OAuth 2.0.
#[derive(Debug)]
pub(super) struct Dialect {
    pub(super) server: Server,
    /// Where its paths begin.
    pub(super) base: &'static str,
    pub(super) title: &'static str,
    /// Whether a tenant stands before the sign-in paths.
    pub(super) tenant: bool,
    pub(super) authorize: &'static str,
    pub(super) token: &'static str,
    pub(super) device: Option<DeviceFlow>,
    pub(super) revoke: Option<&'static str>,
    pub(super) redirects: Redirects,
    /// Whether the redirect address may be left out, so that the registered one is taken.
    pub(super) redirect_optional: bool,
    /// Whether a refresh must repeat the redirect address.
    pub(super) redirect_on_refresh: bool,
    pub(super) credentials: Credentials,
    pub(super) bodies: Bodies,
    pub(super) pkce: Pkce,
    /// The scopes it knows; empty for one that takes any.
    pub(super) scopes: &'static [&'static str],
    /// Whether a request without scopes is taken, as one for all that is registered or nothing.
    pub(super) scope_optional: bool,
    pub(super) scope_field: &'static str,
    /// Between the scopes in an answer.
    pub(super) scope_separator: &'static str,
    pub(super) token_type: &'static str,
}

/// A request to a server.
pub(super) struct Call<'a> {
    pub(super) dialect: &'static Dialect,
    /// Where the server is, for the addresses in its answers.
    pub(super) at: &'a Addresses,
    pub(super) method: &'a Method,
    /// The path behind where the server is, as it was sent.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl Call<'_> {
    /// The address of a path of the server.
    pub(super) fn url(&self, path: &str) -> String {
        self.at.of(path)
    }
}

/// Where a server is, by what its paths begin with.
#[derive(Debug)]
pub(super) struct Addresses(Vec<(&'static str, String)>);

impl Addresses {
    /// All of it at one address.
    pub(super) fn one(address: String) -> Self {
        Self(vec![("", address)])
    }

    /// Each beginning at an address of its own, at which it is left out. The empty one has the rest.
    pub(super) fn several(addresses: Vec<(&'static str, String)>) -> Self {
        Self(addresses)
    }

    /// The address of a path.
    pub(super) fn of(&self, path: &str) -> String {
        let before = self.before(path);
        let mut all = self.0.iter();
        let found = all.find(|(known, _)| *known == before);
        let address = found.map_or("", |(_, address)| address);
        format!("{address}{}", path.strip_prefix(before).unwrap_or(path))
    }

    /// Which of the beginnings a path has.
    pub(super) fn before(&self, path: &str) -> &'static str {
        let has = |before: &&str| {
            let rest = path.strip_prefix(*before);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let known = self.0.iter().map(|(before, _)| *before).filter(has);
        known.max_by_key(|before| before.len()).unwrap_or_default()
    }
}

/// The pairs of a query or form, decoded.
pub(super) fn pairs(text: &str) -> std::collections::HashMap<String, String> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// The name and password of a Basic credential.
pub(super) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    use base64::Engine as _;

    let value = headers.get("authorization")?.to_str().ok()?;
    let encoded = value.strip_prefix("Basic ")?.trim();
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded);
    let text = String::from_utf8(decoded.ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
