//! Repositories at Git hosts, and on this machine, read without a clone.
//!
//! - [`Link`]: an address as a person copies it, understood, and the lasting address back.

mod link;

pub use link::{At, ChangedFile, Dialect, Lines, Link, Target};
