//! `tributary preview`: a file with syntax highlighting.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use tributary::hosts::{self, Urgency};
use tributary::preview::{
    HighlightTheme, Looks, OWN_HIGHLIGHTING, Preview, document, highlight_with, to_ansi, to_html,
    to_json,
};
use tributary::store::Paths;
use tributary::vault::Secret;
use tributary::{Error, ErrorKind};

use crate::output::{Exit, Output, visible};

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The repository that the file is in, by its address or its folder; the file is named from its
    /// root then
    #[arg(long, value_name = "URL")]
    pub repo: Option<String>,
    /// The branch, tag or commit of `--repo`; the default branch when not given
    #[arg(long = "ref", value_name = "REF", requires = "repo")]
    pub reference: Option<String>,
    /// Save the file here instead of showing it, also what is too large to be shown, and what Git LFS
    /// keeps
    #[arg(long, value_name = "PATH", requires = "repo")]
    pub save_to: Option<PathBuf>,
    /// Only these lines, as `A-B`, counted from 1
    #[arg(long, value_name = "A-B")]
    pub lines: Option<String>,
    /// The format to print
    #[arg(long, value_enum, default_value = "ansi")]
    pub to: Format,
    /// The colors: `light`, `dark`, `high-contrast-light`, `high-contrast-dark`, or the name of a
    /// `.tmTheme` file in the folder `highlighting` beside the settings
    #[arg(long, value_name = "NAME", default_value = "dark")]
    pub theme: String,
}

/// Formats that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Colored text for a terminal
    Ansi,
    /// HTML
    Html,
    /// JSON
    Json,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let lines = match &options.lines {
        Some(text) => range(text)?,
        None => 0..u32::MAX,
    };
    let bytes = match &options.repo {
        Some(address) => match of_repository(options, address, output).await? {
            Some(bytes) => bytes,
            None => return Ok(Exit::Done),
        },
        None => read(&options.file)?,
    };
    let folder = Paths::of_user()?.config.join(OWN_HIGHLIGHTING);
    let (looks, unusable) = Looks::with_folder(&folder);
    for file in unusable {
        output.say(&file.to_string());
    }
    let theme = theme(&options.theme, &looks)?;
    let bytes = bytes.into();
    let path = options.file.to_string_lossy();
    let preview = highlight_with(&looks, &path, &bytes, theme, lines);
    let text = match (&preview, options.to) {
        (Preview::Text(text), Format::Ansi) => to_ansi(text),
        (Preview::Text(text), Format::Html) => to_html(text),
        (Preview::Pdf { .. }, Format::Json) => {
            let mut told = to_json(&preview);
            told["pages"] = document::pages_to_json(&document::open(&bytes)?);
            format!("{told:#}\n")
        }
        (preview, Format::Json) => format!("{:#}\n", to_json(preview)),
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("`{}` is not a text file", options.file.display()),
            )
            .remedy("`--to json` tells what it is"));
        }
    };
    output.result(text.as_bytes())?;
    Ok(Exit::Done)
}

/// The contents of a file of a repository, unless these were saved instead.
async fn of_repository(
    options: &Options,
    address: &str,
    output: &Output,
) -> Result<Option<Vec<u8>>, Error> {
    let accounts = super::accounts::open().await?;
    let http = super::network::http().await?;
    let cache = super::repository::cache().await?;
    let token = super::given::git_token().map(Secret::new);
    let reference = options.reference.as_deref();
    let opened = hosts::open(&accounts, &http, cache, address, reference, token).await?;
    let named = options.file.to_string_lossy().replace('\\', "/");
    let path = named.trim_start_matches("./").as_bytes();
    let (repository, commit) = (&opened.repository, opened.commit.id.as_str());
    if let Some(into) = &options.save_to {
        let size = repository.save(commit, path.into(), into).await?;
        output.say(&format!(
            "`{}` has {size} bytes and is in `{}` now",
            visible(&named),
            into.display()
        ));
        return Ok(None);
    }
    let blob = repository
        .blob(commit, path.into(), Urgency::Waited)
        .await?;
    if let Some(why) = &blob.unresolved {
        output.say(&format!("{why}. What Git has instead is shown"));
    }
    Ok(Some(blob.bytes.to_vec()))
}

fn theme<'a>(name: &'a str, looks: &Looks) -> Result<HighlightTheme<'a>, Error> {
    looks.named(name).ok_or_else(|| {
        let known = HighlightTheme::BUILT_IN.map(|(name, _)| name);
        let known = [&known[..], &looks.themes()].concat().join("`, `");
        Error::new(
            ErrorKind::InvalidInput,
            format!("There is no theme `{name}`"),
        )
        .remedy(format!("Choose one of `{known}`"))
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| {
        Error::new(
            ErrorKind::InvalidInput,
            format!("`{}` cannot be read", path.display()),
        )
        .remedy("Check the path")
        .caused_by(error)
    })
}

fn range(text: &str) -> Result<std::ops::Range<u32>, Error> {
    let wrong = || {
        Error::new(
            ErrorKind::InvalidInput,
            format!("`{text}` is not a range of lines"),
        )
        .remedy("Write it as `10-25`, counted from 1")
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let first: u32 = first.trim().parse().map_err(|_| wrong())?;
    let last: u32 = last.trim().parse().map_err(|_| wrong())?;
    if first == 0 || last < first {
        return Err(wrong());
    }
    Ok(first - 1..last)
}
