//! What `tributary convert` is asked to convert, and to what.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::options::FlavorName;

/// What to convert, and to what.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Files and folders to convert
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The format of the files
    #[arg(long, value_enum, default_value = "markdown")]
    pub from: Source,
    /// The format to write
    #[arg(long, value_enum, default_value = "storage")]
    pub to: Format,
    /// Write a tree of files into this folder instead of one file to standard output
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The product to convert for: their code macros know different languages
    #[arg(long, value_enum, default_value = "cloud")]
    pub flavor: FlavorName,
    /// Write no page that has a problem
    #[arg(long)]
    pub strict: bool,
}

/// Formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Source {
    /// Markdown, with the files and links around it
    Markdown,
    /// Confluence's storage format, a page a file
    Storage,
    /// The Atlassian Document Format, a page a file
    Adf,
}

/// Formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Confluence's storage format
    Storage,
    /// The Atlassian Document Format, for Confluence Cloud
    Adf,
    /// HTML, as the preview shows the page
    Html,
    /// What a reader sees, as plain text
    Text,
    /// Markdown
    Markdown,
}
