//! The Git hosts' APIs over real repositories, and Git itself, over HTTP.

mod azure;
mod bitbucket;
mod bitbucket_dc;
mod documents;
mod git;
mod gitea;
mod github;
mod gitlab;
mod public;
mod pulls;
mod stand;
