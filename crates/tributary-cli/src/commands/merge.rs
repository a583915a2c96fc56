//! `tributary merge`: three states of a stored page become one, without a server.

use std::path::{Path, PathBuf};

use clap::Args;
use tributary::store::{read_if_there, write_made};
use tributary::{Error, ErrorKind};
use tributary_pages::markup::{Flavor, merge_storage};

use crate::options::FlavorName;
use crate::output::{Exit, Output};

/// What to merge.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The page before both changed it, in storage format
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// The page as one changed it
    #[arg(value_name = "OURS")]
    pub ours: PathBuf,
    /// The page as the other changed it
    #[arg(value_name = "THEIRS")]
    pub theirs: PathBuf,
    /// Write the page to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The product the page is of
    #[arg(long, value_enum, default_value = "cloud")]
    pub flavor: FlavorName,
}

/// Carries the command out.
pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let flavor = options.flavor.flavor().unwrap_or(Flavor::Cloud);
    let (base, ours, theirs) = (
        read(&options.base)?,
        read(&options.ours)?,
        read(&options.theirs)?,
    );
    let merged = match merge_storage(&base, &ours, &theirs, flavor) {
        Ok(merged) => merged,
        Err(disagreements) => {
            let shown = options.ours.display();
            for place in &disagreements {
                output.error_text(&format!(
                    "{shown}:{}:{}: both changed `{}`{}: `{}` and `{}`",
                    place.place.line,
                    place.place.column,
                    place.base,
                    match place.headings.join(" › ") {
                        below if below.is_empty() => String::new(),
                        below => format!(" below `{below}`"),
                    },
                    place.ours,
                    place.theirs
                ));
            }
            return Ok(Exit::Attention);
        }
    };
    output.problems(&options.theirs.display().to_string(), &merged.problems);
    match &options.out {
        Some(path) => write_made(path, merged.body.as_bytes())?,
        None => output.result(format!("{}\n", merged.body).as_bytes())?,
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<String, Error> {
    let shown = path.display();
    let refuse = |reason: &str| Error::new(ErrorKind::InvalidInput, format!("`{shown}` {reason}"));
    let Some(bytes) = read_if_there(path)? else {
        return Err(refuse("does not exist").remedy("Check the path"));
    };
    String::from_utf8(bytes)
        .map_err(|_| refuse("is not UTF-8 text").remedy("Name a page in storage format"))
}
