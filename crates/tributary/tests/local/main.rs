//! What the library does on this machine: files, configuration, previews.

mod injections;
mod opened;
mod preview;
mod repository;
mod settings;
mod viewer;
mod watch;
