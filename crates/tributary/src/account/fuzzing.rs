//! Doors for the fuzzer (`tests/fuzz`) to what nobody else calls: there only when it is built.

use jiff::Timestamp;

use super::callback::{self, Link};
use super::grant::Grant;
use super::identity;
use super::oauth::Server;
use super::provider::Place;
use super::record::{Access, Identity, Site};
use crate::http::{Credential, Http};
use crate::vault::Secret;

/// What a browser's request, or a link, brought to a sign-in: whether it ends it.
pub fn ends_a_sign_in(request: &[u8], is_link: bool, state: &str) -> bool {
    let state = Secret::new(state.to_owned());
    if is_link {
        let link = std::str::from_utf8(request).ok().and_then(Link::read);
        return link.is_some_and(|link| link.answer(&state).is_some());
    }
    callback::ends(request, "127.0.0.1:1", "/callback", &state)
}

/// Whether a secret of the vault holds what a grant is made of; one that does is written again.
pub fn grant(secret: &str) -> bool {
    let Ok(grant) = Grant::from_secret(&Secret::new(secret.to_owned())) else {
        return false;
    };
    grant.left(Timestamp::UNIX_EPOCH);
    let again = grant.to_secret().map(|text| Grant::from_secret(&text));
    assert!(
        again.is_ok_and(|again| again.is_ok()),
        "what was read is written and read"
    );
    true
}

/// What a sign-in server said.
#[derive(Debug, Default)]
pub struct Heard {
    /// Who somebody is.
    pub identity: Option<Identity>,
    /// The sites that are reached.
    pub sites: Vec<Site>,
    /// The code that a person types, and the page on which.
    pub typed: Option<(String, String)>,
    /// The scopes that were granted.
    pub scopes: Option<Vec<String>>,
}

/// Asks a sign-in server everything that it is asked for, whatever it answers.
pub async fn ask(place: &Place, http: &Http) -> Heard {
    let now = Timestamp::UNIX_EPOCH;
    let server = Server::of(place.clone(), http.clone(), "client", None);
    let credential = Credential::bearer(Secret::new("token".to_owned()));
    let access = Access::Service {
        client_id: "client".to_owned(),
    };
    let who = identity::who(http, place, &access, &credential, &[]).await;
    let mut heard = Heard {
        identity: who.ok(),
        ..Heard::default()
    };
    heard.sites = identity::sites(http, place, &credential)
        .await
        .unwrap_or_default();
    let by_gateway = identity::by_gateway(http, place).await;
    heard.sites.extend(by_gateway.ok().flatten());
    drop(server.described().await);
    let scopes = ["a".to_owned()];
    if let Ok(device) = server.device(&scopes).await {
        heard.typed = Some((device.user_code().to_owned(), device.page().to_owned()));
    }
    let granted = server.serve(&scopes, now).await;
    heard.scopes = granted.ok().and_then(|granted| granted.scopes);
    let token = Secret::new("token".to_owned());
    drop(server.refresh(&token, None, now).await);
    heard
}
