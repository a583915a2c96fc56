//! The places that a command acts on: the one that flags and files name, or each of the targets
//! that the repository's `.tributary.toml` lists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::hosts::Pinned;
use tributary::publish::sources_named;
use tributary::{Error, ErrorKind, repository};

use crate::options::Target;
use crate::output::{Exit, Output};

use super::config::{Resolved, source_name};

/// What a command acts on.
pub(crate) struct Places {
    /// The repository elsewhere that is published from, if it is not on this machine.
    pub pinned: Option<Pinned>,
    /// One for each target.
    pub all: Vec<Resolved>,
}

impl Places {
    /// Whether there are several, of which each has its own report.
    pub(crate) fn are_several(&self) -> bool {
        self.all.len() > 1
    }
}

/// Finds out what a command acts on.
pub(crate) async fn places(target: &Target) -> Result<Places, Error> {
    let pinned = super::repository::open(target).await?;
    let all = Resolved::all(target, pinned.as_ref()).await?;
    let all = match target.only.as_slice() {
        [] => all,
        only => with_sources(all, pinned.as_ref(), only).await?,
    };
    let all = match target.link.as_slice() {
        [] => all,
        links => linked(all, pinned.as_ref(), links).await?,
    };
    Ok(Places { pinned, all })
}

/// The place where some of its sources are linked to pages. A page is in one space, so there has to be
/// one place.
async fn linked(
    mut all: Vec<Resolved>,
    pinned: Option<&Pinned>,
    links: &[String],
) -> Result<Vec<Resolved>, Error> {
    let [place] = all.as_mut_slice() else {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "A page to link to is in one space, and several targets are published to",
        )
        .remedy("Name one of them with `--target`"));
    };
    let pairs = links.iter().map(|link| {
        // A page's id has no sign of equality, and a path may.
        let pair = link.rsplit_once('=').map(|(path, id)| (path, id.trim()));
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let pair = pair.filter(|(path, id)| !path.is_empty() && is_id(id));
        let pair = pair.map(|(path, id)| (PathBuf::from(path), id.to_owned()));
        pair.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("`{link}` names no source and no page to link it to"),
            )
            .remedy("Give the source and the page's id, for example `--link docs/guide.md=12345`")
        })
    });
    let pairs = pairs.collect::<Result<Vec<(PathBuf, String)>, Error>>()?;
    for (path, id) in pairs {
        let named = [path];
        let found = sources_at(place, pinned, &named).await?;
        let Some((_, source)) = found.into_iter().next() else {
            return Err(no_source(&named[0]));
        };
        place.request.settings.pages_of.insert(source, id);
    }
    Ok(all)
}

/// That nothing of that name is published.
fn no_source(path: &Path) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("`{}` is no source of what is published", path.display()),
    )
    .remedy("Name files and folders as `tributary plan` shows them")
}

/// The places that have some of these sources, each for those alone. Nothing is written anywhere when
/// one of them is nowhere.
async fn with_sources(
    all: Vec<Resolved>,
    pinned: Option<&Pinned>,
    only: &[PathBuf],
) -> Result<Vec<Resolved>, Error> {
    let mut unknown: BTreeSet<&PathBuf> = only.iter().collect();
    let mut trouble = None;
    let mut chosen = Vec::new();
    for mut place in all {
        let found = match sources_at(&place, pinned, only).await {
            Ok(found) => found,
            // What is named may be at another place.
            Err(error) => {
                trouble = trouble.or(Some(error));
                continue;
            }
        };
        let mut sources = BTreeSet::new();
        for (path, source) in found {
            unknown.remove(path);
            sources.insert(source);
        }
        if !sources.is_empty() {
            place.request.settings.only = Some(sources);
            chosen.push(place);
        }
    }
    let Some(path) = unknown.first() else {
        return Ok(chosen);
    };
    Err(trouble.unwrap_or_else(|| no_source(path)))
}

/// What a place has of these sources, by what they were named.
async fn sources_at<'a>(
    place: &Resolved,
    pinned: Option<&Pinned>,
    only: &'a [PathBuf],
) -> Result<Vec<(&'a PathBuf, String)>, Error> {
    let request = &place.request;
    // Without Git each folder that is published is the root of what is in it.
    let root = match request.paths.first().filter(|_| pinned.is_none()) {
        Some(first) => repository::open(first)?.root.canonicalize().ok(),
        None => None,
    };
    let named = only
        .iter()
        .filter_map(|path| Some((path, source_name(root.as_deref(), path)?)));
    let (paths, names): (Vec<&PathBuf>, Vec<String>) = named.unzip();
    let found = sources_named(request, pinned, &names).await?;
    let found = paths.into_iter().zip(found);
    Ok(found
        .filter_map(|(path, source)| Some((path, source?)))
        .collect())
}

/// Does the same for each place, one after the other, and ends as the worst of them did. What goes
/// wrong at one place does not keep the others from having their turn.
///
/// `run` gives how it ended, and what it prints where JSON is asked for. `schema` is what a list
/// of several such values is called.
pub(crate) async fn for_each(
    places: &Places,
    schema: &str,
    output: &Output,
    cancel: &CancellationToken,
    run: impl AsyncFn(&Resolved) -> Result<(Exit, Value), Error>,
) -> Result<Exit, Error> {
    if let [only] = &places.all[..] {
        let (exit, value) = run(only).await?;
        if output.is_json() {
            output.json(&named(value, only.name()))?;
        }
        return Ok(exit);
    }
    let mut worst = Exit::Done;
    let mut values = Vec::with_capacity(places.all.len());
    for place in &places.all {
        let name = place.name().unwrap_or_default();
        if cancel.is_cancelled() {
            output.say(&format!("target `{name}` was not reached"));
            worst = worst.or_worse(Exit::Interrupted);
            continue;
        }
        output.say(&format!("target `{name}`: {place}"));
        let (exit, value) = match run(place).await {
            Ok(ended) => ended,
            Err(error) => {
                output.error(&error);
                (Exit::of(error.kind()), json!({"error": error.chain()}))
            }
        };
        worst = worst.or_worse(exit);
        values.push(named(value, place.name()));
    }
    if output.is_json() {
        output.json(&json!({"schema": schema, "targets": values}))?;
    }
    Ok(worst)
}

/// A report with the name of its target, where it has one.
pub(crate) fn named(mut value: Value, name: Option<&str>) -> Value {
    if let Some(name) = name {
        value["target"] = json!(name);
    }
    value
}

/// Where the report of one of several targets goes: `report.json` becomes `report.NAME.json`.
pub(crate) fn report_file(file: &Path, name: &str) -> PathBuf {
    match file.extension() {
        Some(ending) => {
            let mut ending_with_name = std::ffi::OsString::from(name);
            ending_with_name.push(".");
            ending_with_name.push(ending);
            file.with_extension(ending_with_name)
        }
        None => file.with_extension(name),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::report_file;

    #[test]
    fn each_target_has_a_report_of_its_own() {
        for (file, expected) in [
            ("out/report.json", "out/report.cloud.json"),
            ("report", "report.cloud"),
        ] {
            assert_eq!(report_file(Path::new(file), "cloud"), Path::new(expected));
        }
    }
}
