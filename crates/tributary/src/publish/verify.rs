//! Reads again what was written, and compares it with what was sent.
//!
//! Confluence rewrites bodies when it stores them, so they are compared by what they say. A server
//! that took a body and kept less of it than it was given is found here, and nowhere else: its page
//! has a version that says it is complete. So it gets another one that says it is not.

use std::collections::BTreeMap;

use tributary_pages::markup::{BodyFormat, PageKind, Problem};
use tributary_pages::plan::{Step, first_difference};

use crate::Sentence;
use crate::confluence::Client;
use crate::error::Error;

use super::effects::Work;
use super::gather::read_again;
use super::known::Addresses;
use super::report::{Outcome, OutcomeKind};

/// Pages whose bodies are in memory at once.
const AT_ONCE: usize = 100;

/// Turns the outcome of every page into a failure that does not say what was sent, or lacks one of
/// its files, and sees to it that the next publish writes it. `outcomes` are those of `steps`, in the
/// same order.
pub(super) async fn verify(
    work: &Work,
    steps: &[Step],
    outcomes: &mut [Outcome],
) -> Result<(), Error> {
    let (client, addresses) = (&work.client, &work.pages.known());
    let written: Vec<(usize, String)> = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| matches!(outcome.kind, OutcomeKind::Created | OutcomeKind::Updated))
        // A folder says nothing.
        .filter(|(at, _)| steps[*at].content != PageKind::Folder)
        .filter_map(|(at, outcome)| Some((at, outcome.page_id.clone()?)))
        .collect();
    for part in written.chunks(AT_ONCE) {
        let mut bodies = BTreeMap::new();
        for format in [BodyFormat::Storage, BodyFormat::Adf] {
            let of_format = part.iter().filter(|(at, _)| steps[*at].format == format);
            let ids: Vec<String> = of_format.map(|(_, id)| id.clone()).collect();
            bodies.extend(client.bodies_in(format, &ids).await?);
        }
        for (at, id) in part {
            let (step, outcome) = (&steps[*at], &mut outcomes[*at]);
            let body = bodies.remove(id).unwrap_or_default();
            let wrong = wrong(client, addresses, step, outcome, body.clone(), id).await?;
            let Some(wrong) = wrong else { continue };
            outcome.kind = OutcomeKind::Failed;
            outcome.reason = Some(wrong);
            // Where somebody wrote a version since, the next publish does not take it for complete.
            if let Some(version) = outcome.version
                && let Ok(marked) = work.mark_incomplete(step, id, version, body).await
            {
                outcome.version = marked;
            }
        }
    }
    Ok(())
}

async fn wrong(
    client: &Client,
    addresses: &Addresses,
    step: &Step,
    outcome: &Outcome,
    stored: String,
    id: &str,
) -> Result<Option<Sentence>, Error> {
    let is_not = |problem: &Problem| problem.code != "link.page_not_made";
    if !outcome.problems.iter().all(is_not) {
        // It says so itself.
        return Ok(None);
    }
    let format = step.format;
    let stored = addresses.read(client, format, id, stored).await?;
    let body = read_again(&step.body)?;
    if first_difference(&body, &stored).is_some() {
        // A listing may lag behind, and somebody may have edited the page since: what counts is
        // the version that we wrote.
        let ours = match outcome.version {
            Some(version) => client.at_version(id, version, format).await?.body,
            None => None,
        };
        let ours = match ours {
            Some(ours) => Some(addresses.read(client, format, id, ours).await?),
            None => None,
        };
        let stored = ours.unwrap_or(stored);
        if let Some((sent, stored)) = first_difference(&body, &stored) {
            return Ok(Some(sentence!(
                "Confluence stored something else than it was sent: `{stored}` where it should \
                 say `{sent}`",
                stored,
                sent
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
    Ok(lacks.map(|planned| {
        sentence!(
            "the page lacks its attachment `{filename}`",
            filename = planned.filename
        )
    }))
}
