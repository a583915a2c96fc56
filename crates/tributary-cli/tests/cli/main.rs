//! The real program, run as a person or a pipeline runs it, against the sandbox.

mod accounts;
mod audit;
#[cfg(target_os = "linux")]
mod canary;
mod configuration;
mod elsewhere;
mod files;
mod hosts;
mod keystore;
mod killed;
mod network;
mod oidc;
mod planned;
mod program;
mod publish;
mod pull;
mod republish;
mod signin;
mod stand;
mod status;
mod targets;
mod titles;
mod trouble;
#[cfg(unix)]
mod watched;
