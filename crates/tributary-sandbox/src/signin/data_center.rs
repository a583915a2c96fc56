//! Data Center's own OAuth 2.0: incoming links with PKCE, form bodies, cascading scopes.
//!
//! Bitbucket Data Center has the same engine, at its own address and with its own scopes.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::any;

use super::dialect::{Addresses, Bodies, Call, Credentials, Dialect, Pkce, Redirects};
use super::{Accounts, Server, flow};

/// The rules of the engine; Confluence's own are its address and its scopes.
pub(super) const ENGINE: Dialect = Dialect {
    server: Server::DataCenter,
    base: "/confluence/rest/oauth2/latest",
    title: "Confluence",
    tenant: false,
    authorize: "/authorize",
    token: "/token",
    device: None,
    revoke: Some("/revoke"),
    // The real server also demands HTTPS unless its administrator switched that off; the stand-in
    // behaves as one where it is switched off, for it has no HTTPS itself.
    redirects: Redirects::Exact,
    redirect_optional: false,
    redirect_on_refresh: true,
    credentials: Credentials::Body,
    bodies: Bodies::Form,
    // The documentation calls the hashed method `sha256` in one place and `S256` in another.
    pkce: Pkce {
        methods: &["plain", "S256", "sha256"],
        verified: true,
        public_must: false,
    },
    scopes: &["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"],
    scope_optional: false,
    scope_field: "scope",
    scope_separator: " ",
    token_type: "bearer",
};

static CONFLUENCE: Dialect = ENGINE;

pub(super) fn router<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    let serve = move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
        let at = Addresses::one(format!("{}{}", accounts.site_url(), CONFLUENCE.base));
        let call = Call {
            dialect: &CONFLUENCE,
            at: &at,
            method: &method,
            path: uri.path().trim_start_matches(CONFLUENCE.base),
            query: uri.query().unwrap_or_default(),
            headers: &headers,
            body: &body,
        };
        let answer = flow::serve(&accounts, &call);
        answer.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
    };
    Router::new().route(&format!("{}/{{*rest}}", CONFLUENCE.base), any(serve))
}
