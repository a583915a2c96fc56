//! Decides what a page says and what a publish would do.
//!
//! Everything here is pure: no files, no network, no clock, no async. Reading and writing never
//! fail; they return a value and its [`markup::Problem`]s. In reading order:
//!
//! 1. [`markup`]: a source file becomes a [`markup::Document`], and a document becomes a body.
//! 2. [`plan`]: sources and a snapshot of Confluence become a [`plan::PublishPlan`].

//!
//! What people read of it is a [`Sentence`], which can be said in another language.

#[macro_use]
mod sentence;

pub mod markup;
pub mod plan;

#[doc(hidden)]
pub use sentence::given;
pub use sentence::{Given, Sentence, code};
