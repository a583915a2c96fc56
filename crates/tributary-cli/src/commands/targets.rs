//! The places that a command acts on: the one that flags and files name, or each of the targets
//! that the repository's `.tributary.toml` lists.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tributary::Error;
use tributary::hosts::Pinned;

use crate::options::Target;
use crate::output::{Exit, Output};

use super::config::Resolved;

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
    Ok(Places { pinned, all })
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

/// The name of an environment variable for one target: `TRIBUTARY_SITE` becomes
/// `TRIBUTARY_SITE_INTRANET`.
pub(crate) fn variable(name: &str, target: &str) -> String {
    format!("{name}_{}", target.to_uppercase().replace('-', "_"))
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
