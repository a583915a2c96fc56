//! Repositories at Git hosts and on this machine.

mod ahead;
#[cfg(unix)]
mod any_server;
#[cfg(unix)]
mod browse;
#[cfg(unix)]
mod clicks;
mod contents;
mod elsewhere;
#[cfg(unix)]
mod everybody;
mod fake;
#[cfg(unix)]
mod formats;
mod fuzz;
mod hosted;
#[cfg(unix)]
mod large;
#[cfg(unix)]
mod limits;
mod links;
mod local;
#[cfg(unix)]
mod looks;
mod moved;
mod odd;
#[cfg(unix)]
mod over_ssh;
mod past;
mod publish;
#[cfg(unix)]
mod refs;
mod remote;
mod renames;
#[cfg(unix)]
mod requests;
mod sandbox;
mod sent;
mod server;
#[cfg(unix)]
mod standings;
