//! Repositories at Git hosts and on this machine.

mod links;
mod local;
