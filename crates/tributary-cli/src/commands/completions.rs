//! `tributary completions` and `tributary man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;
use clap_mangen::Man;
use tributary::store::write_made;
use tributary::{Error, ErrorKind};

use crate::definition;
use crate::output::{Exit, Output};

/// The shell to complete for.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints completions for a shell.
pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut definition(), "tributary", &mut script);
    output.result(&script)?;
    Ok(Exit::Done)
}

/// Where manual pages go.
#[derive(Debug, Args)]
pub(crate) struct Manual {
    /// Write a page for every command into this folder, instead of printing the first
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// Prints the manual page, in roff, or writes one for every command.
pub(crate) fn man(options: &Manual, output: &Output) -> Result<Exit, Error> {
    let Some(folder) = &options.folder else {
        output.result(&page(&Man::new(definition()))?)?;
        return Ok(Exit::Done);
    };
    let mut root = definition().disable_help_subcommand(true);
    // Gives commands of commands their whole names.
    root.build();
    let mut waiting = vec![root];
    while let Some(command) = waiting.pop() {
        waiting.extend(command.get_subcommands().cloned());
        let manual = Man::new(command);
        let path = folder.join(manual.get_filename());
        write_made(&path, &page(&manual)?)?;
    }
    Ok(Exit::Done)
}

fn page(manual: &Man) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    manual.render(&mut page).map_err(|error| {
        Error::new(ErrorKind::Bug, "The manual page could not be made").caused_by(error)
    })?;
    Ok(page)
}
