//! The workspace's own tests: one binary, so that everything is linked once.
//!
//! - `bindings`: the UI's types are those of the commands.

mod bindings;
