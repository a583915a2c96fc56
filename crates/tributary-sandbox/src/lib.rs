//! A stand-in Confluence for demos and tests: Cloud, Data Center, their sign-in servers and those of
//! the Git hosts, on this machine only.
//!
//! Shares nothing with the client, so that it cannot share its mistakes. In reading order:
//!
//! - [`start`] and [`Running`]: the server.
//! - [`Control`]: faults, latency, the record of requests, and what a person does by hand.
//! - [`state`]: what the sandbox holds.
//! - [`signin`]: the sign-in servers; [`signin::hosts`] has the addresses and controls of the Git
//!   hosts. [`mod@format`]: the page formats, checked and drawn.
//! - [`sample`]: a repository to try things with.
//!
//! What the dialects do follows the vendors' OpenAPI documents; what is assumed rather than
//! documented is marked `Assumed:` where it happens.

mod answers;
mod cloud;
mod connection;
mod control;
mod cql;
pub mod format;
mod git;
mod restrictions;
pub mod sample;
mod server;
pub mod signin;
pub mod state;
mod v1;
mod web;

pub use control::{Control, Fault, FaultKind, HeldAttachment, HeldPage, Logged, Told};
pub use server::{Options, Public, Running, StartError, start};
