//! Pages that a publish was killed at: what of them took place is looked up, and what did not is left.

use std::collections::BTreeMap;

use tributary_pages::markup::PageKind;
use tributary_pages::plan::{RemotePage, unfinished_source};

use crate::confluence::Client;
use crate::error::Error;

use super::{Beside, Page, TRASHED, Undone};

/// The outcome of a page whose text was not written yet, and whose labels and files may be.
pub(super) const NOT_WRITTEN: &str = "not_written";

/// What there is to say of such a page.
pub(super) fn beside<'a>() -> Beside<'a> {
    let mut beside = Beside::default();
    beside.stay(
        "undo.half_done",
        sentence!(
            "the publish broke off before it wrote the page's text, which is as it was; labels, \
             properties, files and restrictions may be as the publish set them"
        ),
    );
    beside
}

/// The same publish, as far as it took place.
pub(super) async fn looked_at(
    client: &Client,
    undone: &Undone,
    there: &[RemotePage],
) -> Result<Undone, Error> {
    if undone.pages.iter().all(|page| page.unsure.is_none()) {
        return Ok(undone.clone());
    }
    let named = |page: &Page| {
        let is_it = |remote: &&RemotePage| match page.id.is_empty() {
            true => {
                remote.kind != PageKind::Folder
                    && remote.title.to_lowercase() == page.title.to_lowercase()
            }
            false => remote.id == page.id,
        };
        there.iter().find(is_it)
    };
    // A page that is known by its title alone says itself whose it is.
    let by_title = undone.pages.iter().filter(|page| page.id.is_empty());
    let first: Vec<String> = by_title
        .filter_map(named)
        .filter(|remote| remote.version == 1)
        .map(|remote| remote.id.clone())
        .collect();
    let bodies = client.bodies(&first).await?;
    let pages = undone.pages.iter().filter_map(|page| {
        if page.unsure.is_none() {
            return Some(page.clone());
        }
        match page.outcome.as_str() {
            "created" => made(page, named(page)?, &bodies),
            // What is there is not in the trash.
            TRASHED => Some(page.clone()),
            "restored" => restored(page, named(page)?),
            "moved" if client.moves_without_version() => moved(page, named(page)),
            _ => Some(written(page, named(page))),
        }
    });
    Ok(Undone {
        pages: pages.collect(),
        ..undone.clone()
    })
}

/// A page that was perhaps made: none where what is there now is not it.
fn made(page: &Page, remote: &RemotePage, bodies: &BTreeMap<String, String>) -> Option<Page> {
    let mut page = page.clone();
    let marked = page
        .unsure
        .as_ref()
        .and_then(|unsure| unsure.marked.clone());
    let marker = remote.marker.as_ref().map(|marker| &marker.source);
    let is_finished = remote.version == 2 && marker == marked.as_ref();
    let is_known = !std::mem::replace(&mut page.id, remote.id.clone()).is_empty();
    let says = || {
        let body = bodies.get(&remote.id)?;
        unfinished_source(body)
    };
    let is_begun = remote.version == 1 && marked.is_some() && says() == marked;
    if !(is_known || is_finished || is_begun) {
        return None;
    }
    let is_ours = is_finished || remote.version == 1 || remote.kind == PageKind::Folder;
    page.version = Some(match is_ours {
        true => remote.version,
        // Somebody wrote to it since, whichever version was ours.
        false => 0,
    });
    Some(page)
}

/// A page that was taken out of the trash, which may have been a version without words of ours.
fn restored(page: &Page, remote: &RemotePage) -> Option<Page> {
    let mut page = page.clone();
    let marked = page
        .unsure
        .as_ref()
        .and_then(|unsure| unsure.marked.as_ref());
    let marker = remote.marker.as_ref().map(|marker| &marker.source);
    let version = page.version?;
    let is_as_it_was = match remote.version.checked_sub(version) {
        Some(0) => true,
        Some(1) => marker.is_none() || marker == marked,
        Some(2) => marker == marked,
        _ => false,
    };
    page.version = Some(match is_as_it_was {
        true => remote.version,
        // Somebody wrote to it since.
        false => 0,
    });
    Some(page)
}

/// A page that was perhaps moved without a version.
fn moved(page: &Page, remote: Option<&RemotePage>) -> Option<Page> {
    let mut page = page.clone();
    let Some(remote) = remote else {
        return Some(page);
    };
    let to = page.place().and_then(|place| place.to.clone());
    page.version = page.version.map(|version| version - 1);
    (remote.parent_id == to).then_some(page)
}

/// A page that was perhaps written.
fn written(page: &Page, remote: Option<&RemotePage>) -> Page {
    let mut page = page.clone();
    let Some(remote) = remote else {
        return page;
    };
    let (Some(unsure), Some(version)) = (&page.unsure, page.version) else {
        return page;
    };
    let marker = remote.marker.as_ref().map(|marker| &marker.source);
    let is_other = unsure.marked.is_some() && marker != unsure.marked.as_ref();
    if remote.version < version || remote.version == version && is_other {
        page.outcome = match unsure.has_more {
            true => NOT_WRITTEN.to_owned(),
            // Nothing of it was done.
            false => String::new(),
        };
    }
    page
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Undone;

    #[test]
    fn a_version_that_no_page_has_is_none() {
        for (version, expected) in [(json!(0), None), (json!(1), Some(1)), (json!(-1), None)] {
            let outcome = json!({
                "page_id": "1", "outcome": "moved", "version": version, "unsure": {},
            });
            let report = json!({
                "schema": "tributary.report/1", "site": "https://a.example", "space": "DOCS",
                "outcomes": [outcome],
            });
            let undone = Undone::read(report.to_string().as_bytes()).expect("a report");
            assert_eq!(undone.pages[0].version, expected);
        }
    }
}
