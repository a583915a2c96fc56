//! The `tributary` command: publish Git documentation to Confluence without a window.
//!
//! Each command is a file in [`commands`]; [`options`] holds what several of them share,
//! [`output`] what people and scripts read. The library does the work.

mod commands;
mod options;
mod output;

use std::process::ExitCode;

use clap::Parser;
use tributary::publish::keep_drawings;
use tributary::store::Paths;

use crate::commands::{Command, audit};
use crate::options::Global;
use crate::output::{Exit, Output};

/// Conversion makes many small texts; this allocator makes it a fifth faster than the system's. Without
/// huge pages (`no_thp`), because what a publish of 10,000 pages needs for a moment took a fifth more
/// memory with them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Publish documentation from Git to Confluence.
#[derive(Debug, Parser)]
#[command(name = "tributary", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done, 1 something failed or needs a decision, 2 wrong usage \
    or configuration, 3 not signed in or not allowed, 4 server not reachable, 130 interrupted."
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    tributary::discreet::tell_panics_discreetly();
    // clap ends with 2 on wrong usage and 0 on help, as the contract says.
    let arguments = Arguments::parse();
    let output = Output::new(&arguments.global, arguments.command.prints_result());
    // Before a secret is read.
    if let Err(error) = tributary::vault::harden_process() {
        output.error(&error);
    }
    // Whoever has no home draws again each time.
    if let Ok(paths) = Paths::of_user() {
        keep_drawings(&paths);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output.error_text(&format!("The program could not start: {error}"));
            return Exit::Attention.into();
        }
    };
    let forwarding = arguments
        .command
        .records()
        .then(audit::Forwarding::begin)
        .flatten();
    let ended = runtime.block_on(arguments.command.run(&output));
    if let Some(forwarding) = forwarding {
        forwarding.end(&output);
    }
    let exit = match ended {
        Ok(exit) => exit,
        Err(error) => {
            output.error(&error);
            Exit::of(error.kind())
        }
    };
    // Threads that still wait for the keystore's prompt must not keep the program alive.
    runtime.shutdown_background();
    exit.into()
}

/// The command-line definition, for completions and the manual page.
fn definition() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}
