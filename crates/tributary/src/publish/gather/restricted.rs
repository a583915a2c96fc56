//! Whom a publish takes off those who alone may read or edit a page.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};
use tributary_pages::markup::{Access, Problem, Severity};
use tributary_pages::plan::{Step, StepKind};

use crate::confluence::{Client, Restricted, is_untold};
use crate::error::Error;

/// Names in the steps of a plan those whom a source does not name and who may read or edit its page now,
/// because somebody added them in Confluence or the source named them before: they are taken off. Costs a
/// request for each page that is there and is written, and whose source names somebody. A site that does
/// not tell who may is no obstacle: the pages can be restricted all the same, and nobody is named.
pub(super) async fn name_taken_off(
    client: &Client,
    steps: &mut [Step],
    concurrency: usize,
) -> Result<(), Error> {
    let asking: Vec<_> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| names_somebody(step))
        .filter_map(|(at, step)| {
            let id = step.page_id.clone()?;
            Some(async move { (at, client.restricted(&id).await) })
        })
        .collect();
    if asking.is_empty() {
        return Ok(());
    }
    let told: Vec<(usize, Result<Restricted, Error>)> = stream::iter(asking)
        .buffer_unordered(concurrency.max(1))
        .collect()
        .await;
    let mut publisher = None;
    for (at, held) in told {
        let held = match held {
            Ok(held) => held,
            Err(error) if is_untold(&error) => continue,
            Err(error) => return Err(error),
        };
        for (operation, mut names) in taken_off(&steps[at], &held) {
            // Whoever publishes goes on being among them.
            if publisher.is_none() {
                publisher = Some(client.current_user().await?.id);
            }
            names.retain(|name| publisher.as_ref() != Some(name));
            if !names.is_empty() {
                steps[at].problems.push(problem(operation, &names));
            }
        }
    }
    Ok(())
}

/// Whether a page is written and gets a list of those who alone may do something.
fn names_somebody(step: &Step) -> bool {
    let declared = step.restrictions.declared();
    let mut declared = declared.iter();
    matches!(step.kind, StepKind::Update { .. })
        && declared.any(|(_, access)| matches!(access, Access::Only { .. }))
}

/// Users and groups that may do something now and are not named any more, by what they may.
fn taken_off(step: &Step, held: &Restricted) -> Vec<(&'static str, BTreeSet<String>)> {
    let declared = step.restrictions.declared().into_iter();
    let lost = declared.filter_map(|(operation, access)| {
        let Access::Only { users, groups } = access else {
            return None;
        };
        let there = held.get(operation)?;
        let lost = there.users.difference(users);
        let lost = lost.chain(there.groups.difference(groups));
        let names: BTreeSet<String> = lost.cloned().collect();
        Some((operation, names))
    });
    let is_some = |(_, names): &(&str, BTreeSet<String>)| !names.is_empty();
    lost.filter(is_some).collect()
}

fn problem(operation: &str, names: &BTreeSet<String>) -> Problem {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let names = names.join(", ");
    Problem {
        severity: Severity::Warning,
        code: "restrictions.taken_off",
        message: match operation {
            "read" => sentence!(
                "these are among those who may read the page, and its source does not name them: \
                 {names}. They are taken off; name them in its `restrictions` if they are to read it",
                names
            ),
            _ => sentence!(
                "these are among those who may edit the page, and its source does not name them: \
                 {names}. They are taken off; name them in its `restrictions` if they are to edit it",
                names
            ),
        },
        line: 1,
        column: 1,
    }
}
