//! `tributary completions` and `tributary man`.

use clap::Args;
use clap_complete::Shell;
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

/// Prints the manual page, in roff.
pub(crate) fn man(output: &Output) -> Result<Exit, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(definition())
        .render(&mut page)
        .map_err(|error| {
            Error::new(ErrorKind::Bug, "The manual page could not be made").caused_by(error)
        })?;
    output.result(&page)?;
    Ok(Exit::Done)
}
