//! Reads again what was written, and compares it with what was sent.
//!
//! Confluence rewrites bodies when it stores them, so they are compared by what they say. A server
//! that took a body and kept less of it than it was given is found here, and nowhere else: its page
//! has a version that says it is complete. So it gets another one that says it is not.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use tributary_pages::markup::{BodyFormat, PageKind, Problem};
use tributary_pages::plan::{Step, first_difference};

use crate::Sentence;
use crate::confluence::{Client, Stored};
use crate::error::Error;

use super::effects::Work;
use super::gather::read_again;
use super::known::Addresses;
use super::report::{Outcome, OutcomeKind};

/// Pages whose bodies are in memory at once.
const AT_ONCE: usize = 100;

/// Pages that were read again, and what was found.
#[derive(Default)]
pub(super) struct Reread {
    /// The steps whose pages were.
    read: BTreeSet<usize>,
    /// The outcomes of those whose pages are not as they should be.
    wrong: BTreeMap<usize, Outcome>,
}

impl Reread {
    /// Reads the pages again that were written and that it has not read yet. One that does not say what was
    /// sent, or lacks its title, a label or one of its files, gets a version that says so, for the next
    /// publish to write it.
    pub(super) async fn read(
        &mut self,
        work: &Work,
        steps: &[Step],
        outcomes: Vec<(usize, &Outcome)>,
    ) -> Result<(), Error> {
        let (client, addresses) = (&work.client, &work.pages.known());
        let written: Vec<(usize, &Outcome, String)> = outcomes
            .into_iter()
            .filter(|(at, _)| !self.read.contains(at))
            .filter(|(_, outcome)| {
                matches!(outcome.kind, OutcomeKind::Created | OutcomeKind::Updated)
            })
            // A folder says nothing.
            .filter(|(at, _)| steps[*at].content != PageKind::Folder)
            .filter_map(|(at, outcome)| Some((at, outcome, outcome.page_id.clone()?)))
            .collect();
        for part in written.chunks(AT_ONCE) {
            let mut stored = BTreeMap::new();
            for format in [BodyFormat::Storage, BodyFormat::Adf] {
                let of_format = part.iter().filter(|(at, ..)| steps[*at].format == format);
                let ids: Vec<String> = of_format.map(|(.., id)| id.clone()).collect();
                stored.extend(client.stored(format, &ids).await?);
            }
            let labeled = part.iter().filter(|(at, ..)| !steps[*at].labels.is_empty());
            let reading: Vec<_> = labeled.map(|(.., id)| labels_of(client, id)).collect();
            let labels: BTreeMap<&str, Vec<String>> =
                try_join_all(reading).await?.into_iter().collect();
            for (at, outcome, id) in part {
                let step = &steps[*at];
                let there = stored.remove(id).unwrap_or_default();
                let body = there.body.clone();
                let labels = labels.get(id.as_str()).map(Vec::as_slice);
                let wrong = wrong(client, addresses, step, outcome, there, labels, id).await?;
                self.read.insert(*at);
                let Some(wrong) = wrong else { continue };
                let mut failed = (*outcome).clone();
                failed.kind = OutcomeKind::Failed;
                failed.reason = Some(wrong);
                // Where somebody wrote a version since, the next publish does not take it for complete.
                if let Some(version) = outcome.version
                    && let Ok(marked) = work.mark_incomplete(step, id, version, body).await
                {
                    failed.version = marked;
                }
                self.wrong.insert(*at, failed);
            }
        }
        Ok(())
    }

    /// Whether a page is not as it should be.
    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// Turns the outcome of every such page into a failure.
    pub(super) fn tell(self, outcomes: &mut [Outcome]) {
        for (at, failed) in self.wrong {
            outcomes[at] = failed;
        }
    }
}

async fn labels_of<'a>(client: &Client, id: &'a str) -> Result<(&'a str, Vec<String>), Error> {
    Ok((id, client.labels(id).await?))
}

/// Whether two titles are read alike: what Confluence makes of spaces in them is written down nowhere.
fn are_alike(title: &str, other: &str) -> bool {
    title.split_whitespace().eq(other.split_whitespace())
}

async fn wrong(
    client: &Client,
    addresses: &Addresses,
    step: &Step,
    outcome: &Outcome,
    there: Stored,
    labels: Option<&[String]>,
    id: &str,
) -> Result<Option<Sentence>, Error> {
    let is_not = |problem: &Problem| problem.code != "link.page_not_made";
    if !outcome.problems.iter().all(is_not) {
        // It says so itself.
        return Ok(None);
    }
    let format = step.format;
    let stored = addresses.read(client, format, id, there.body).await?;
    let body = read_again(&step.body)?;
    if !are_alike(&there.title, &step.title) || first_difference(&body, &stored).is_some() {
        // A listing may lag behind, and somebody may have edited the page since: what counts is
        // the version that we wrote.
        let ours = match outcome.version {
            Some(version) => Some(client.at_version(id, version, format).await?),
            None => None,
        };
        let (title, ours) = match ours {
            Some(ours) => (ours.title, ours.body),
            None => (there.title, None),
        };
        if !are_alike(&title, &step.title) {
            return Ok(Some(sentence!(
                "Confluence stored the title `{stored}` where it should be `{sent}`",
                stored = title,
                sent = step.title
            )));
        }
        let stored = match ours {
            Some(ours) => addresses.read(client, format, id, ours).await?,
            None => stored,
        };
        if let Some((sent, stored)) = first_difference(&body, &stored) {
            return Ok(Some(sentence!(
                "Confluence stored something else than it was sent: `{stored}` where it should \
                 say `{sent}`",
                stored,
                sent
            )));
        }
    }
    if let Some(labels) = labels {
        let has = |label: &str| labels.iter().any(|there| there.to_lowercase() == label);
        let lacks = step.labels.iter().find(|label| !has(&label.to_lowercase()));
        if let Some(label) = lacks {
            return Ok(Some(sentence!("the page lacks its label `{label}`", label)));
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
