//! The product without a shell: accounts, keystore, repositories, Confluence, publishing.
//!
//! Modules in suggested reading order; each may use those below it.
//!
//! - [`doctor`]: what is missing on this machine, and which step to a server fails.
//! - [`cached`]: how much of what is kept can be fetched or made again, and letting go of it.
//! - [`opening`]: links that open the window.
//! - [`published`]: what was published to a site, and how it stands against its sources.
//! - [`links`]: whether the links of published pages lead anywhere.
//! - [`publish`]: gather sources and a snapshot, plan, apply, report.
//! - [`confluence`]: the client for Cloud and Data Center behind one type.
//! - [`audit`]: the record of who did what, and whether anybody changed it.
//! - [`account`]: which sites are connected, as whom, with which credential.
//! - [`browse`]: looking around in a repository at a commit.
//! - [`preview`]: highlighted source and the rendered page of one file.
//! - [`hosts`]: repositories at Git hosts, and on this machine, read at any commit.
//! - [`repository`]: a local Git repository or folder as a tree of source files.
//! - [`settings`]: user settings, the repository's `.tributary.toml`, and where values come from.
//! - [`updates`]: whether there is a newer version of this program, and putting it in place.
//! - [`network`]: through which proxy and with whose certificates servers are reached.
//! - [`vault`], [`http`], [`store`]: the only doors to the outside world; the audit log has one
//!   more, to a syslog server, and the Git hosts' cache is a database of its own.
//! - [`discreet`]: what may be said where anybody could read it.
//! - [`error`]: the one error type.
//! - [`Sentence`]: sentences that can be said in another language.

#[macro_use]
extern crate tributary_pages;

pub mod account;
pub mod audit;
pub mod browse;
pub mod cached;
pub mod confluence;
pub mod discreet;
pub mod doctor;
pub mod error;
pub mod hosts;
pub mod http;
pub mod links;
pub mod network;
pub mod opening;
pub mod preview;
pub mod publish;
pub mod published;
pub mod repository;
pub mod settings;
pub mod store;
pub mod updates;
pub mod vault;

pub use error::{Error, ErrorKind, Remedy};
pub use tributary_pages::{Given, Sentence, code, sentence};
