//! Who is signed in where, by which right, and with which credential.
//!
//! An [`Account`] is somebody's access at a [`Place`]; a place is a [`Provider`] at an address; a
//! provider is data. What an account rests on is an [`Access`]: a grant that a person gave an
//! application, an application of a service account, or a token made by hand. Whose is used at a
//! place is its [`Mode`]. A Confluence site that is connected by its address (`connect`) is an account
//! too; what earlier versions kept beside the accounts becomes one (`take_over`).
//!
//! To read it, follow a sign-in:
//!
//! 1. [`Accounts::sign_in`] (`sign_in`) asks the [`Policy`], finds the application to sign in as
//!    (`applications`) and gets a credential: it speaks with the server (`oauth`) and waits for the
//!    browser (`callback`).
//! 2. `keep` finds out whose it is (`identity`), and puts the tokens into the vault (their form is
//!    `grant`) and the account into the list (`record`), in which nothing is secret.
//! 3. [`Accounts::credential`] (`accounts`) gives the credential to whoever publishes or reads, and
//!    `renew` keeps its access token fresh, once for all tasks and programs.
//! 4. Where several accounts could be used, `choices` says and changes which one is.
//!    [`Accounts::check_health`] (`health`) says whether it works still; `mode` changes whose access
//!    is used; [`Accounts::sign_out`] (`sign_out`) ends it.
//!
//! A run without a person brings a token of its own; `loose` says where that may be sent.
//!
//! A credential is never an argument and never leaves this crate.

mod accounts;
mod applications;
mod callback;
mod choices;
mod connect;
#[cfg(fuzzing)]
pub mod fuzzing;
mod grant;
mod health;
mod identity;
mod keep;
mod keeping;
mod loose;
mod mode;
mod oauth;
mod policy;
mod provider;
mod record;
mod renew;
mod sign_in;
mod sign_out;
mod site;
mod take_over;

pub use accounts::{
    Accounts, Setup, forget_sites, known, recorded_as, secret_names, site_settings,
};
pub use applications::how_to_register;
pub use choices::Choice;
pub use connect::{ConnectedSite, NewSite};
pub use health::{Health, HealthState, end_in_words, unused_in_words};
pub use keeping::keep_elsewhere;
pub use loose::{Named, allows_site_token};
pub use mode::{ConsentMove, Left, ModeSwitch, Reach};
pub use policy::Policy;
pub(crate) use provider::Limits;
pub use provider::{
    BuiltIn, Place, Product, Provider, Providers, Purpose, Registering, Sent, TokenKind,
};
pub use record::{Access, Account, Identity, Keep, Mode, PublishedSource, Session, Site};
pub use sign_in::{Progress, SignIn, SignedIn, Way, end_of_day};
pub use sign_out::Revoked;
pub use site::{Connected, client, connect, credential, site_url, with_token};

/// The remedy where nothing but a token signs in.
fn with_a_token() -> crate::error::Remedy {
    crate::error::Remedy::of_each(
        "Sign in with a token: `--token-stdin`",
        "Sign in with a token",
    )
}
