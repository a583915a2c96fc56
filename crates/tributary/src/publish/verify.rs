//! Reads again what was written, and compares it with what was sent.
//!
//! Confluence rewrites bodies when it stores them, so they are compared by what they say. A server
//! that took a body and kept less of it than it was given is found here, and nowhere else.

use std::collections::BTreeMap;

use tributary_pages::plan::{Step, first_difference};

use crate::confluence::Client;
use crate::error::Error;

use super::report::{Outcome, OutcomeKind};

/// Pages whose bodies are in memory at once.
const AT_ONCE: usize = 100;

/// Turns the outcome of every page into a failure that does not say what was sent, or lacks one of
/// its files. `outcomes` are those of `steps`, in the same order.
pub(super) async fn verify(
    client: &Client,
    steps: &[Step],
    outcomes: &mut [Outcome],
) -> Result<(), Error> {
    let written: Vec<(usize, String)> = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| matches!(outcome.kind, OutcomeKind::Created | OutcomeKind::Updated))
        .filter_map(|(at, outcome)| Some((at, outcome.page_id.clone()?)))
        .collect();
    for part in written.chunks(AT_ONCE) {
        let ids: Vec<String> = part.iter().map(|(_, id)| id.clone()).collect();
        let mut bodies = client.bodies(&ids).await?;
        for (at, id) in part {
            let wrong = wrong(client, &steps[*at], &outcomes[*at], &mut bodies, id).await?;
            if let Some(wrong) = wrong {
                outcomes[*at].kind = OutcomeKind::Failed;
                outcomes[*at].reason = Some(wrong);
            }
        }
    }
    Ok(())
}

async fn wrong(
    client: &Client,
    step: &Step,
    outcome: &Outcome,
    bodies: &mut BTreeMap<String, String>,
    id: &str,
) -> Result<Option<String>, Error> {
    let stored = bodies.remove(id).unwrap_or_default();
    if first_difference(&step.body, &stored).is_some() {
        // A listing may lag behind, and somebody may have edited the page since: what counts is
        // the version that we wrote.
        let ours = match outcome.version {
            Some(version) => client.at_version(id, version).await?.body,
            None => None,
        };
        let stored = ours.unwrap_or(stored);
        if let Some((sent, stored)) = first_difference(&step.body, &stored) {
            return Ok(Some(format!(
                "Confluence stored something else than it was sent: `{stored}` where it should \
                 say `{sent}`"
            )));
        }
    }
    if step.attachments.is_empty() {
        return Ok(None);
    }
    let there = client.attachments(id).await?;
    let lacks = step.attachments.iter().find(|planned| {
        !there.iter().any(|file| {
            file.filename == planned.filename && file.sha256() == Some(planned.sha256.as_str())
        })
    });
    Ok(lacks.map(|planned| format!("the page lacks its attachment `{}`", planned.filename)))
}
