//! Placeholder.

pub mod format;
pub mod signin;
