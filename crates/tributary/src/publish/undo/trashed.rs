//! Pages that a publish put into the trash: they are taken out of it again, as they were and where they
//! were, as long as nobody did anything to them since and their title is free.

use std::collections::{BTreeMap, HashMap};

use tributary_pages::markup::{BodyFormat, PageKind, Problem, Severity};
use tributary_pages::plan::{Parent, Place, Refusal, RemotePage, Shelves, Step, StepKind};

use crate::Sentence;
use crate::confluence::{AtVersion, Client, Found, Space};
use crate::error::Error;
use crate::publish::before::Stood;
use crate::publish::known::Addresses;

use super::asking::{Asking, twice};
use super::ranks::before_it;
use super::{Page, Undone, Was, was};

/// Pages of the trash that are looked for together: Cloud takes so many ids in a request, and Data Center is
/// asked for each.
const AT_ONCE: usize = 100;

/// The outcome of a page that was put into the trash.
pub(super) const TRASHED: &str = "trashed";

/// Where such a page is by now.
pub(super) enum Trashed {
    /// In the trash, or back from it and not changed.
    AsItWas(PageKind, String, Box<Was>),
    /// Somebody changed it: it is in the trash with another version, or back from it.
    Changed,
    /// It is a folder.
    Folder,
}

/// Looks for the pages that were put into the trash. Those that were deleted for good are missing.
pub(super) async fn looked_for(
    client: &Client,
    space: &Space,
    undone: &Undone,
    there: &HashMap<&str, &RemotePage>,
    addresses: &Addresses,
    shelves: &Shelves,
    asking: &mut Asking,
) -> Result<BTreeMap<String, Trashed>, Error> {
    let trashed = || undone.pages.iter().filter(|page| page.outcome == TRASHED);
    let mut found = BTreeMap::new();
    for format in [BodyFormat::Storage, BodyFormat::Adf] {
        let ids: Vec<String> = trashed()
            .filter(|page| page.format == format && !there.contains_key(page.id.as_str()))
            .map(|page| page.id.clone())
            .collect();
        for some in ids.chunks(AT_ONCE) {
            let looking = || client.in_trash(space, some, format);
            found.extend(twice(looking).await?);
        }
    }
    let pages: HashMap<&str, &Page> = trashed().map(|page| (page.id.as_str(), page)).collect();
    let (pages, found) = (&pages, &found);
    let looking = move |id: String, ()| async move {
        let Some(page) = pages.get(id.as_str()).copied() else {
            return Ok(None);
        };
        let found = found.get(&id).cloned();
        let remote = there.get(id.as_str()).copied();
        let (kind, url, at) = match (found, remote) {
            (Some(found), _) if Some(found.page.version) != page.version => {
                return Ok(Some(Trashed::Changed));
            }
            (Some(found), _) => (found.page.kind, found.page.url.clone(), at_version(found)),
            (None, Some(remote)) => match unchanged(client, page, remote).await? {
                Some(at) => (remote.kind, remote.url.clone(), at),
                None => return Ok(Some(Trashed::Changed)),
            },
            (None, None) if page.path.ends_with('/') => {
                let is_folder = client.has_trashed_folder(&page.id).await?;
                return Ok(is_folder.then_some(Trashed::Folder));
            }
            (None, None) => return Ok(None),
        };
        let was = was(client, addresses, shelves, &page.id, page.format, at).await?;
        Ok::<_, Error>(Some(Trashed::AsItWas(kind, url, Box::new(was))))
    };
    let asked = trashed().map(|page| (page.id.clone(), ()));
    let looked = asking.each(asked.collect(), looking).await?;
    let looked = looked.into_iter();
    Ok(looked.filter_map(|(id, (), is)| Some((id, is?))).collect())
}

fn at_version(found: Found) -> AtVersion {
    AtVersion {
        title: found.page.title,
        marker: found.page.marker,
        words: found.page.words,
        again: found.page.again,
        body: found.body,
    }
}

/// A page that is back from the trash, at the version that it went away with; none where somebody changed
/// it since. To restore it may have been a version that says nothing.
async fn unchanged(
    client: &Client,
    page: &Page,
    remote: &RemotePage,
) -> Result<Option<AtVersion>, Error> {
    let Some(version) = page.version else {
        return Ok(None);
    };
    let one = std::slice::from_ref(&page.id);
    let is_on_top = remote.version == version;
    if !is_on_top && remote.version != version + 1 && remote.version != version + 2 {
        return Ok(None);
    }
    let mut bodies = client.bodies_in(page.format, one).await?;
    let body = bodies.remove(&page.id);
    if is_on_top {
        return Ok(Some(AtVersion {
            title: remote.title.clone(),
            marker: remote.marker.clone(),
            words: remote.words.clone(),
            again: remote.again,
            body,
        }));
    }
    let at = client.at_version(&page.id, version, page.format).await?;
    // The version that gives it its marker again comes after one that says nothing.
    let is_marked = remote.marker == at.marker;
    let says_nothing = remote.marker.is_none() && remote.version == version + 1;
    let is_same = at.body == body && at.title == remote.title;
    Ok((is_same && (is_marked || says_nothing)).then_some(at))
}

/// What taking it back means for such a page, before it is known where it goes.
pub(super) fn kind(page: &Page, is: Option<&Trashed>) -> StepKind {
    let refuse = |refusal, reason| StepKind::Refuse { refusal, reason };
    match is {
        Some(Trashed::AsItWas(..)) => StepKind::Restore {
            expected_version: page.version.unwrap_or_default(),
            moves: false,
        },
        Some(Trashed::Changed) => refuse(
            Refusal::EditedByHand,
            sentence!(
                "somebody changed it after it was put into the trash. Look at it in Confluence, and \
                 restore it from the trash of the space if it is still there"
            ),
        ),
        Some(Trashed::Folder) => refuse(
            Refusal::CannotBeUndone,
            sentence!(
                "it is a folder, and only Confluence itself can restore folders. Restore it from the \
                 trash of the space"
            ),
        ),
        None => refuse(
            Refusal::CannotBeUndone,
            sentence!(
                "it is not in the trash of the space any more. Publish its source again, which makes \
                 another page"
            ),
        ),
    }
}

/// The pages in such an order that each stands after the page that it was below, where that one went to
/// the trash.
pub(super) fn parents_first(pages: &[Page]) -> Vec<&Page> {
    let numbered = pages.iter().enumerate();
    let trashed: HashMap<&str, usize> = numbered
        .filter(|(_, page)| page.outcome == TRASHED)
        .map(|(at, page)| (page.id.as_str(), at))
        .collect();
    let above = |at: &usize| trashed.get(pages[*at].place()?.from.as_deref()?).copied();
    let mut is_in = vec![false; pages.len()];
    let mut all = Vec::with_capacity(pages.len());
    for at in 0..pages.len() {
        // A report that has pages in a circle is nobody's.
        let line = std::iter::successors(Some(at), above).take(pages.len());
        let line: Vec<usize> = line.take_while(|at| !is_in[*at]).collect();
        for at in line.into_iter().rev() {
            if !std::mem::replace(&mut is_in[at], true) {
                all.push(&pages[at]);
            }
        }
    }
    all
}

/// Has each page go where it was that comes back or was below one that does, and leaves those that are
/// there and complete.
pub(super) fn put_back(
    steps: &mut [Step],
    pages: &[Page],
    there: &HashMap<&str, &RemotePage>,
    rows: &HashMap<Option<&str>, Vec<&str>>,
) {
    let places: HashMap<&str, &Page> = pages.iter().map(|page| (page.id.as_str(), page)).collect();
    let of_kind = |wanted: fn(&StepKind) -> bool| -> HashMap<String, usize> {
        let steps = steps.iter().enumerate();
        let wanted = steps.filter(|(_, step)| wanted(&step.kind));
        wanted
            .filter_map(|(at, step)| Some((step.page_id.clone()?, at)))
            .collect()
    };
    let restored = of_kind(|kind| matches!(kind, StepKind::Restore { .. }));
    let going = of_kind(|kind| matches!(kind, StepKind::Trash { .. }));
    for step in steps.iter_mut() {
        let moves = matches!(
            step.kind,
            StepKind::Update { moves: true, .. } | StepKind::Move { .. }
        );
        if let Parent::Page(from) = &step.parent
            && let Some(above) = restored.get(from)
            && moves
            && step.stands.below.as_ref() != Some(from)
        {
            step.parent = Parent::Step(*above);
        }
    }
    for (id, at) in &restored {
        let step = &mut steps[*at];
        let StepKind::Restore {
            expected_version, ..
        } = step.kind
        else {
            continue;
        };
        let before = places
            .get(id.as_str())
            .and_then(|page| page.before.as_ref());
        let place = before.and_then(|before| before.place.as_ref());
        let stood = before.and_then(|before| before.stood.as_ref());
        let parent = match place.map(|place| place.from.as_deref()) {
            None => Err(sentence!("the report does not say where it was")),
            Some(None) => Ok((Parent::Top, None)),
            Some(Some(from)) => match restored.get(from) {
                Some(above) => Ok((Parent::Step(*above), Some(from))),
                None if there.contains_key(from) && !going.contains_key(from) => {
                    Ok((Parent::Page(from.to_owned()), Some(from)))
                }
                None => Err(sentence!(
                    "the page that it was below is not there any more"
                )),
            },
        };
        let remote = there.get(id.as_str());
        let position = place.and_then(|place| place.position);
        let (moves, is_there) = match parent {
            Ok((parent, below)) => {
                step.parent = parent;
                step.place = position.map(Place::Numbered);
                let is_there = remote.is_some_and(|remote| {
                    let is_numbered = position.is_none() || remote.position == position;
                    let is_behind = |stood: &Stood| before_it(rows, below, id) == stood.behind;
                    let is_in_order = step.content != PageKind::Page || stood.is_none_or(is_behind);
                    remote.parent_id.as_deref() == below && is_numbered && is_in_order
                });
                (true, is_there)
            }
            Err(why) => {
                step.parent = Parent::Top;
                // A post has no place, and one that is back has one that somebody may want.
                if step.content == PageKind::Page && remote.is_none() {
                    step.problems.push(stays(&why));
                }
                (false, remote.is_some())
            }
        };
        let is_complete = remote.is_some_and(|remote| remote.marker == step.marker) && is_there;
        step.kind = match is_complete {
            true => StepKind::Leave,
            false => StepKind::Restore {
                expected_version,
                moves,
            },
        };
    }
}

fn stays(why: &Sentence) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "undo.place",
        message: sentence!("Confluence decides where the page is then: {why}", why),
        line: 0,
        column: 0,
    }
}
