//! The sign-in servers: Atlassian's OAuth 2.0 (3LO) for Cloud, and Data Center's own OAuth 2.0.
//!
//! Owns applications, consent, codes and tokens, and the pages a person sees on the way. Knows
//! nothing of pages and spaces: the API asks [`Accounts::authenticate`] who a bearer token speaks
//! for and what it may do. Everything lives in memory; a restart signs everybody out.

mod cloud;
mod consent;
mod data_center;
mod scopes;
mod tokens;

use std::collections::BTreeSet;

use axum::Router;
use serde::Deserialize;

pub use tokens::Accounts;

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account id.
    pub account_id: String,
    /// The name others see.
    pub name: String,
    /// The address the person signs in with.
    pub email: String,
}

/// Which of the two sign-in servers something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// Atlassian's, for Cloud.
    Cloud,
    /// The one inside a Data Center instance.
    DataCenter,
}

/// An application that may ask people to sign in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The public half of its credentials.
    pub client_id: String,
    /// The secret half.
    pub client_secret: String,
    /// What the consent page calls it.
    pub name: String,
    /// Where people are sent back to: compared exactly, port included.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The server it is registered with.
    pub product: Product,
    /// The scopes of a service account, which signs in without a person; empty for all others.
    #[serde(default)]
    pub service_scopes: Vec<String>,
}

/// What a bearer token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Whom it speaks for.
    pub user: User,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// Where it is good.
    pub product: Product,
}

impl Grant {
    /// Whether the scopes suffice for a call. On Cloud `path` is the one behind the cloud id and
    /// begins with `/wiki/`; on Data Center only reading and writing differ.
    pub fn allows(&self, method: &str, path: &str) -> bool {
        match self.product {
            Product::Cloud => scopes::suffice(&self.scopes, method, path),
            Product::DataCenter => {
                let reads = matches!(method, "GET" | "HEAD" | "OPTIONS");
                self.scopes.iter().any(|scope| match scope.as_str() {
                    "WRITE" | "ADMIN" | "SYSTEM_ADMIN" => true,
                    "READ" => reads,
                    _ => false,
                })
            }
        }
    }
}

/// The routes of both sign-in servers, and the one by which another process registers an
/// application.
pub fn router<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    cloud::router(accounts.clone())
        .merge(data_center::router(accounts.clone()))
        .merge(registration(accounts))
}

/// What other processes may do to the accounts: `POST /_sandbox/clients` registers an
/// [`Application`], `…/tokens/expire` lets every access token expire, `…/tokens/revoke` withdraws
/// every consent.
fn registration<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    use axum::Json;
    use axum::http::StatusCode;
    use axum::routing::post;

    let (expiring, revoking) = (accounts.clone(), accounts.clone());
    Router::new()
        .route(
            "/_sandbox/clients",
            post(|Json(application): Json<Application>| async move {
                accounts.register(application);
                StatusCode::CREATED
            }),
        )
        .route(
            "/_sandbox/tokens/expire",
            post(|| async move {
                expiring.expire_all();
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/_sandbox/tokens/revoke",
            post(|| async move {
                revoking.revoke_all();
                StatusCode::NO_CONTENT
            }),
        )
}
