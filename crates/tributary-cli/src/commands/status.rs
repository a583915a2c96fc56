//! `tributary status`: how the published pages stand against their sources.

use clap::Args;
use serde_json::{Value, json};
use tributary::Error;
use tributary::publish::Prepared;
use tributary_pages::plan::{Refusal, Step, StepKind};

use crate::options::Target;
use crate::output::{Exit, Output};

use super::publish::{interruptible, prepare};
use super::targets::{for_each, places};

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub target: Target,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let places = places(&options.target).await?;
    let cancel = interruptible();
    for_each(
        &places,
        "tributary.statuses/1",
        output,
        &cancel,
        async |place| {
            let prepared = prepare(&places, place, output, &cancel).await?;
            Ok((Exit::Done, show(&prepared, output)))
        },
    )
    .await
}

/// Shows how the pages of a plan stand. Gives it as JSON too.
fn show(prepared: &Prepared, output: &Output) -> Value {
    let mut pages = Vec::new();
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for step in &prepared.plan.steps {
        let state = state(step);
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
        if state != "up to date" || output.is_verbose() {
            let place = step.url.as_deref().unwrap_or(&step.path);
            output.say(&format!("{state:<15} {} ({place})", step.title));
        }
        pages.push(json!({
            "source": step.path,
            "title": step.title,
            "page_id": step.page_id,
            "url": step.url,
            "state": state.replace(' ', "_"),
        }));
    }
    let words: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    output.say(&if words.is_empty() {
        "no pages".to_owned()
    } else {
        words.join(", ")
    });
    json!({
        "schema": "tributary.status/1",
        "site": prepared.client.site(),
        "space": prepared.space.key,
        "pages": pages,
    })
}

fn state(step: &Step) -> &'static str {
    match &step.kind {
        StepKind::Leave => "up to date",
        StepKind::Update { .. } if step.merges.is_some() => "edited by hand",
        StepKind::Update { .. } | StepKind::Move { .. } => "behind",
        StepKind::Create => "not published",
        StepKind::Refuse {
            refusal: Refusal::EditedByHand,
            ..
        } => "edited by hand",
        StepKind::Refuse { .. } => "refused",
        StepKind::Orphan | StepKind::Archive { .. } | StepKind::Trash { .. } => "orphaned",
    }
}
