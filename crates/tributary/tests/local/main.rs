//! What the library does on this machine: files, tokens, configuration, previews.

mod preview;
mod repository;
mod settings;
mod vault;
