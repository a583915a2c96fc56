//! `tributary plan`: what publish would do.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};
use tributary::Error;
use tributary::publish::{Prepared, problem_json, record_plan};
use tributary_pages::markup::PageKind;
use tributary_pages::plan::{DiffKind, DiffLine, Refusal, Step, StepKind};

use crate::options::Target;
use crate::output::{Exit, Output};

use super::preparing::{interruptible, prepare, skipped};
use super::targets::{for_each, places};

/// What to plan.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub target: Target,
    /// Show what changes on each page
    #[arg(long)]
    pub diff: bool,
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    show(&options.target, options.diff, output).await
}

/// Plans and shows the plan.
pub(crate) async fn show(target: &Target, diff: bool, output: &Output) -> Result<Exit, Error> {
    let places = places(target).await?;
    let cancel = interruptible();
    for_each(
        &places,
        "tributary.plans/1",
        output,
        &cancel,
        async |place| {
            let prepared = prepare(&places, place, output, &cancel).await?;
            show_prepared(&prepared, diff, output).await
        },
    )
    .await
}

/// Shows a plan that was made. Gives it as JSON too.
pub(crate) async fn show_prepared(
    prepared: &Prepared,
    diff: bool,
    output: &Output,
) -> Result<(Exit, Value), Error> {
    let edits = show_steps(prepared, diff, output).await?;
    skipped(prepared, output);
    let audit = super::audit::open().await?;
    if let Err(error) = record_plan(prepared, &audit) {
        output.say(&format!("warning: {}", error.chain()));
    }
    let counts = prepared.plan.counts();
    let words: Vec<String> = [
        (counts.create, "to create"),
        (counts.update, "to update"),
        (counts.moves, "to move"),
        (counts.archive, "to archive"),
        (counts.trash, "to trash"),
        (counts.leave, "unchanged"),
        (counts.orphan, "orphaned"),
        (counts.refuse, "refused"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let words = if words.is_empty() {
        "nothing to publish".to_owned()
    } else {
        words.join(", ")
    };
    output.say(&words);
    let exit = if counts.refuse > 0 {
        Exit::Attention
    } else {
        Exit::Done
    };
    Ok((exit, to_json(prepared, diff, &edits)?))
}

/// Shows the steps of a plan. With their differences, it gives what somebody changed on the pages that
/// are left for that, by the steps' numbers.
pub(crate) async fn show_steps(
    prepared: &Prepared,
    diff: bool,
    output: &Output,
) -> Result<BTreeMap<usize, Vec<DiffLine>>, Error> {
    let mut edits = BTreeMap::new();
    for (index, step) in prepared.plan.steps.iter().enumerate() {
        output.step(step, prepared, diff)?;
        let is_conflict = matches!(
            step.kind,
            StepKind::Refuse {
                refusal: Refusal::EditedByHand,
                ..
            }
        );
        if diff
            && is_conflict
            && let Some(edit) = prepared.edit_of(step).await?
        {
            output.edit(&edit);
            edits.insert(index, edit);
        }
    }
    Ok(edits)
}

fn to_json(
    prepared: &Prepared,
    diff: bool,
    edits: &BTreeMap<usize, Vec<DiffLine>>,
) -> Result<Value, Error> {
    let steps: Result<Vec<Value>, Error> = prepared
        .plan
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let mut value = step_json(step, prepared, diff)?;
            if let Some(edit) = edits.get(&index) {
                value["edit"] = lines_json(edit);
            }
            Ok(value)
        })
        .collect();
    Ok(json!({
        "schema": "tributary.plan/1",
        "site": prepared.client.site(),
        "space": prepared.space.key,
        "source": {
            "repository": prepared.source.repository,
            "ref": prepared.source.reference,
            "commit": prepared.source.commit,
        },
        "digest": prepared.plan.digest,
        "steps": steps?,
    }))
}

fn step_json(step: &Step, prepared: &Prepared, diff: bool) -> Result<Value, Error> {
    let problems: Vec<Value> = step.problems.iter().map(problem_json).collect();
    let reason = match &step.kind {
        StepKind::Refuse { reason, .. } => Some(reason.as_str()),
        _ => None,
    };
    let mut value = json!({
        "step": if step.merges.is_some() { "merge" } else { name(&step.kind) },
        "source": step.path,
        "title": step.title,
        "page_id": step.page_id,
        "url": step.url,
        "attachments": step.attachments.iter().map(|file| &file.filename).collect::<Vec<_>>(),
        "labels": step.labels,
        "reason": reason,
        "problems": problems,
    });
    match step.content {
        PageKind::Page => {}
        PageKind::BlogPost => value["type"] = "blogpost".into(),
        PageKind::Folder => value["type"] = "folder".into(),
    }
    if !step.restrictions.declared().is_empty() {
        value["restrictions"] = step.restrictions.to_string().into();
    }
    if let Some(title) = step.title_before() {
        value["title_before"] = title.into();
    }
    if let Some(moved) = &step.moved {
        value["moves"] = json!({"from": moved.from, "to": moved.to});
    }
    if let Some(choice) = &step.title_choice {
        value["title_choice"] = json!({
            "wanted": choice.wanted,
            "is_chosen": choice.is_chosen,
            "page_id": choice.page.as_ref().map(|page| &page.id),
        });
    }
    if diff {
        value["diff"] = lines_json(&prepared.diff(step)?);
    }
    Ok(value)
}

fn lines_json(lines: &[DiffLine]) -> Value {
    let lines = lines.iter().map(|line| {
        let kind = match line.kind {
            DiffKind::Same => "same",
            DiffKind::Added => "added",
            DiffKind::Removed => "removed",
            DiffKind::Gap => "gap",
        };
        json!({"kind": kind, "text": line.text})
    });
    lines.collect()
}

fn name(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Create => "create",
        StepKind::Update { .. } => "update",
        StepKind::Move { .. } => "move",
        StepKind::Leave => "leave",
        StepKind::Refuse { .. } => "refuse",
        StepKind::Orphan => "orphan",
        StepKind::Archive { .. } => "archive",
        StepKind::Trash { .. } => "trash",
        StepKind::Restore { .. } => "restore",
    }
}
