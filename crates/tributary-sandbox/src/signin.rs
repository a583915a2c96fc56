//! The sign-in servers: Atlassian's OAuth 2.0 (3LO) for Cloud, Data Center's own OAuth 2.0, and
//! those of the Git hosts ([`hosts`]).
//!
//! Owns applications, consent, codes and tokens, and the pages a person sees on the way. Knows
//! nothing of pages and spaces: the API asks [`Accounts::authenticate`] who a bearer token speaks
//! for and what it may do. Everything lives in memory; a restart signs everybody out.

mod cloud;
mod consent;
mod data_center;
mod dialect;
mod flow;
pub mod hosts;
mod rules;
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

/// A sign-in server: one of the two products' or a Git host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    /// Atlassian's, for Confluence Cloud.
    Cloud,
    /// The one inside a Confluence Data Center instance.
    DataCenter,
    /// GitHub's.
    Github,
    /// GitLab's.
    Gitlab,
    /// Bitbucket Cloud's.
    Bitbucket,
    /// Microsoft Entra, for Azure DevOps.
    Entra,
    /// Gitea's and Forgejo's.
    Gitea,
    /// The one inside a Bitbucket Data Center instance.
    BitbucketDc,
}

impl From<Product> for Server {
    fn from(product: Product) -> Self {
        match product {
            Product::Cloud => Self::Cloud,
            Product::DataCenter => Self::DataCenter,
        }
    }
}

impl PartialEq<Product> for Server {
    fn eq(&self, product: &Product) -> bool {
        *self == Self::from(*product)
    }
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
    /// Where people are sent back to: compared exactly, port included, on Confluence's two
    /// servers; by each host's own rule on the others.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The server it is registered with.
    #[serde(alias = "product")]
    pub server: Server,
    /// The scopes of a service account, which signs in without a person; empty for all others.
    #[serde(default)]
    pub service_scopes: Vec<String>,
    /// Whether it has no secret to keep: GitLab's "not confidential", Entra's "mobile and desktop".
    #[serde(default)]
    pub public: bool,
    /// Whether it may use the device flow, which GitHub and GitLab let its owner switch on.
    #[serde(default)]
    pub device_flow: bool,
    /// Whether it is a GitHub App, whose tokens expire, instead of an OAuth App.
    #[serde(default)]
    pub github_app: bool,
}

/// What a bearer token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Whom it speaks for.
    pub user: User,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// Where it is good.
    pub server: Server,
    /// The application it was given to; empty for a token issued by hand.
    pub client_id: String,
    /// Whether it is a personal access token, which a person made without an application.
    pub personal: bool,
    /// The repository (`owner/name`) or the workspace that it belongs to instead of a person.
    pub belongs_to: Option<String>,
}

impl Grant {
    /// One that no application asked for.
    fn by_hand(server: Server, user: User, scopes: &[&str], personal: bool) -> Self {
        Self {
            user,
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            server,
            client_id: String::new(),
            personal,
            belongs_to: None,
        }
    }

    /// Whether the scopes suffice for a call. On Cloud `path` is the one behind the cloud id and
    /// begins with `/wiki/`; on Data Center only reading and writing differ. The Git hosts judge
    /// by the call (see [`hosts`]) and allow nothing here.
    pub fn allows(&self, method: &str, path: &str) -> bool {
        match self.server {
            Server::Cloud => scopes::suffice(&self.scopes, method, path),
            Server::DataCenter => {
                let reads = matches!(method, "GET" | "HEAD" | "OPTIONS");
                self.scopes.iter().any(|scope| match scope.as_str() {
                    "WRITE" | "ADMIN" | "SYSTEM_ADMIN" => true,
                    "READ" => reads,
                    _ => false,
                })
            }
            _ => false,
        }
    }
}

/// The routes of all sign-in servers, and the one by which another process registers an
/// application.
pub fn router<S: Clone + Send + Sync + 'static>(accounts: Accounts) -> Router<S> {
    cloud::router(accounts.clone())
        .merge(data_center::router(accounts.clone()))
        .merge(hosts::router(&accounts))
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
