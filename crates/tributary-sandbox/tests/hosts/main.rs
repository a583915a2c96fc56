//! The Git hosts' APIs over real repositories, and Git itself, over HTTP.

mod documents;
mod git;
mod github;
mod gitlab;
mod stand;
