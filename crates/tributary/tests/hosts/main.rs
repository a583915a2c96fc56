//! Repositories at Git hosts and on this machine.

mod ahead;
#[cfg(unix)]
mod browse;
mod elsewhere;
mod fake;
mod fuzz;
mod hosted;
mod links;
mod local;
mod odd;
mod past;
mod publish;
mod remote;
mod renames;
mod sandbox;
mod server;
