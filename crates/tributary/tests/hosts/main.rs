//! Repositories at Git hosts and on this machine.

mod fake;
mod hosted;
mod links;
mod local;
mod publish;
mod sandbox;
