//! Pages whose source is gone: which they are, and which of them may go too.
//!
//! A page goes only when it was asked for, nobody changed it by hand, and nothing stays below it;
//! and all stay when they are more than the share that was agreed to.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::Sentence;
use crate::markup::{BodyFormat, PageKind, Problem, Restrictions, Severity, Snippet, SourceKind};

use super::hierarchy::Tree;
use super::snapshot::{RemotePage, Snapshot, Words};
use super::sources::Sources;
use super::step::{
    LabelMode, OnOrphan, Parent, PlanSettings, Refusal, Stands, Step, StepKind, TakesOff,
};
use super::texts::Text;

/// A page whose source is gone.
struct Lost<'a> {
    page: &'a RemotePage,
    path: &'a str,
    /// Why it stays.
    kept: Option<Sentence>,
    /// Whether that is because they are more than was agreed to, so that agreeing lets it go.
    is_one_of_too_many: bool,
}

/// One step for each page of this repository, within what is published, whose source is gone.
/// `steps` are those of the pages that have one. A page stands after the pages below it.
pub(super) fn orphans(
    steps: &[Step],
    tree: &Tree,
    sources: &Sources,
    snapshot: &Snapshot,
    settings: &PlanSettings,
) -> Vec<Step> {
    let mut lost = lost(tree, sources, snapshot, settings.on_orphan);
    if settings.on_orphan != OnOrphan::Report {
        keep_while_under_way(&mut lost, sources);
        keep_from_newer(&mut lost, sources, snapshot);
        keep_beside_refused(&mut lost, steps);
        keep_what_holds_others(&mut lost, steps, snapshot);
        let known = steps.iter().filter(|step| step.page_id.is_some()).count() + lost.len();
        keep_too_many(&mut lost, known, settings.orphan_limit);
    }
    let depth = depths(snapshot);
    let mut orphans: Vec<Step> = lost
        .into_iter()
        .map(|lost| step(lost, settings.on_orphan))
        .collect();
    let depth_of = |step: &Step| {
        let id = step.page_id.as_deref().unwrap_or_default();
        depth.get(id).copied().unwrap_or(0)
    };
    orphans.sort_by(|a, b| {
        let deepest_first = depth_of(b).cmp(&depth_of(a));
        deepest_first.then_with(|| a.path.cmp(&b.path))
    });
    orphans
}

fn lost<'a>(
    tree: &Tree,
    sources: &Sources,
    snapshot: &'a Snapshot,
    on_orphan: OnOrphan,
) -> Vec<Lost<'a>> {
    let bound: HashSet<usize> = tree.nodes.iter().filter_map(|node| node.remote).collect();
    let found = snapshot.pages.iter().enumerate();
    let found = found.filter(|(at, _)| !bound.contains(at));
    let found = found.filter_map(|(_, page)| {
        let path = page.source_in(&sources.repository)?;
        let is_gone =
            sources.selects(path) && !is_named(path, sources) && !is_left(path, tree, sources);
        is_gone.then(|| Lost {
            page,
            path,
            kept: kept_by_itself(page, path, sources, on_orphan),
            is_one_of_too_many: false,
        })
    });
    found.collect()
}

/// Whether a source becomes a page only when somebody names it, and may well be there: nothing is
/// known of it from what is published beside it.
fn is_named(path: &str, sources: &Sources) -> bool {
    let is_lines = Snippet::of_path(path).is_some();
    let is_other = !path.ends_with('/') && !SourceKind::of_path(path).is_documentation();
    is_lines || is_other && sources.files.contains(path)
}

/// Whether a source is there and only a pattern keeps it out of this publish: another one may be its.
fn is_left(path: &str, tree: &Tree, sources: &Sources) -> bool {
    let Some(folder) = path.strip_suffix('/') else {
        return sources.files.contains(path) && !sources.withheld.contains(path);
    };
    // A document that is there by now is the folder's page instead.
    if tree.of_folder(folder).is_some() {
        return false;
    }
    // A folder's page stands for what may be published below it, and goes with the last of that.
    sources.files.paths().any(|file| {
        file.starts_with(path)
            && SourceKind::of_path(file).is_documentation()
            && !sources.withheld.contains(file)
    })
}

/// Why a page stays whatever is below it.
fn kept_by_itself(
    page: &RemotePage,
    path: &str,
    sources: &Sources,
    on_orphan: OnOrphan,
) -> Option<Sentence> {
    let by_hand = page
        .marker
        .as_ref()
        .is_none_or(|marker| marker.merged.is_some());
    if by_hand && page.kind != PageKind::Folder && !page.is_cut_short() {
        return Some(sentence!("somebody edited it"));
    }
    if page.is_live {
        return Some(sentence!(
            "it is a live doc in Confluence, of which not every edit is a version"
        ));
    }
    if on_orphan == OnOrphan::Archive {
        match page.kind {
            PageKind::Page => {}
            PageKind::BlogPost => return Some(sentence!("Confluence archives no blog posts")),
            PageKind::Folder => return Some(sentence!("Confluence archives no folders")),
        }
    }
    // What could not be looked at is not known to be gone.
    let reason = sources.unusable_above(path)?;
    Some(sentence!("its source may still be there: {reason}", reason))
}

/// Keeps all while the working copy is being changed: what has no source may have one in a moment.
fn keep_while_under_way(lost: &mut [Lost<'_>], sources: &Sources) {
    let Some(what) = &sources.under_way else {
        return;
    };
    for lost in lost.iter_mut().filter(|lost| lost.kept.is_none()) {
        lost.kept = Some(sentence!(
            "in the working copy {what}, and its source may be back when that has ended. Publish again then",
            what
        ));
    }
}

/// Keeps all when a newer commit was published: what has no source here may have one there.
fn keep_from_newer(lost: &mut [Lost<'_>], sources: &Sources, snapshot: &Snapshot) {
    let mut pages = snapshot.pages.iter();
    let Some(newer) = pages.find_map(|page| sources.newer_than_these(page)) else {
        return;
    };
    for lost in lost.iter_mut().filter(|lost| lost.kept.is_none()) {
        lost.kept = Some(sentence!(
            "a newer commit was published, `{newer}`, and its source may be there. Publish that one or \
             a later one, or put the page into the trash in Confluence; writing over newer pages takes \
             none away",
            newer
        ));
    }
}

/// Keeps all when sources were refused: one of those may be what a page was made of, under another
/// name. That a page was edited by hand says nothing about its source.
fn keep_beside_refused(lost: &mut [Lost<'_>], steps: &[Step]) {
    let is_refused = |step: &&Step| match step.kind {
        StepKind::Refuse { refusal, .. } => refusal != Refusal::EditedByHand,
        _ => false,
    };
    let mut refused = steps.iter().filter(is_refused);
    let Some(first) = refused.next() else { return };
    let sources = match refused.count() {
        0 => sentence!("`{path}` was", path = first.path),
        more => sentence!("`{path}` and {more} more were", path = first.path, more),
    };
    for lost in lost.iter_mut().filter(|lost| lost.kept.is_none()) {
        lost.kept = Some(sentence!(
            "{sources} refused, and may be the same under another name",
            sources
        ));
    }
}

/// Keeps the pages that other pages stay below, and those above them that would go. Pages that
/// this publish moves away do not stay.
fn keep_what_holds_others(lost: &mut [Lost<'_>], steps: &[Step], snapshot: &Snapshot) {
    let by_id: HashMap<&str, &Step> = steps
        .iter()
        .filter_map(|step| Some((step.page_id.as_deref()?, step)))
        .collect();
    let current: HashMap<&str, Option<&str>> = snapshot
        .pages
        .iter()
        .map(|page| (page.id.as_str(), page.parent_id.as_deref()))
        .collect();
    let is_lost: HashSet<&str> = lost.iter().map(|lost| lost.page.id.as_str()).collect();
    let mut holds: HashSet<&str> = HashSet::new();
    for page in &snapshot.pages {
        if is_lost.contains(page.id.as_str()) {
            continue;
        }
        let planned = by_id
            .get(page.id.as_str())
            .filter(|step| !matches!(step.kind, StepKind::Refuse { .. }));
        let parent = match planned.map(|step| &step.parent) {
            Some(Parent::Page(id)) => Some(id.as_str()),
            Some(Parent::Step(above)) => steps[*above].page_id.as_deref(),
            Some(Parent::Top) => None,
            None => page.parent_id.as_deref(),
        };
        holds.extend(parent);
    }
    // A page may be below one that is gone already, such as an archived one; go up through those
    // that are known.
    loop {
        let mut is_stable = true;
        for lost in lost.iter_mut() {
            let id = lost.page.id.as_str();
            if lost.kept.is_none() && holds.contains(id) {
                lost.kept = Some(sentence!("other pages are below it"));
            }
            if lost.kept.is_some()
                && let Some(Some(above)) = current.get(id)
            {
                is_stable &= !holds.insert(above);
            }
        }
        if is_stable {
            return;
        }
    }
}

/// Keeps all when they are more than the share that was agreed to.
fn keep_too_many(lost: &mut [Lost<'_>], known: usize, limit: u8) {
    let going = lost.iter().filter(|lost| lost.kept.is_none()).count();
    // Of a few pages one is more than any share, and none at all was said with a limit of 0.
    let least = usize::from(limit > 0);
    let most = (known * usize::from(limit) / 100).max(least);
    if going <= most {
        return;
    }
    for lost in lost.iter_mut().filter(|lost| lost.kept.is_none()) {
        lost.is_one_of_too_many = true;
        lost.kept = Some(sentence!(
            "{going} of {known} pages would go, which is more than {limit} %. If their sources \
             are really gone, publish with an orphan limit of 100",
            going,
            known,
            limit
        ));
    }
}

/// How many pages are above each page.
fn depths(snapshot: &Snapshot) -> HashMap<&str, usize> {
    let parents: HashMap<&str, Option<&str>> = snapshot
        .pages
        .iter()
        .map(|page| (page.id.as_str(), page.parent_id.as_deref()))
        .collect();
    let depth = |id: &str| {
        let mut depth = 0;
        let mut above = parents.get(id).copied().flatten();
        while let Some(at) = above
            && depth <= parents.len()
        {
            depth += 1;
            above = parents.get(at).copied().flatten();
        }
        depth
    };
    parents.keys().map(|id| (*id, depth(id))).collect()
}

fn step(lost: Lost<'_>, on_orphan: OnOrphan) -> Step {
    let Lost {
        page,
        path,
        kept,
        is_one_of_too_many,
    } = lost;
    let expected_version = page.version;
    let kind = match (on_orphan, &kept) {
        (OnOrphan::Archive, None) => StepKind::Archive { expected_version },
        (OnOrphan::Trash, None) => StepKind::Trash { expected_version },
        _ => StepKind::Orphan,
    };
    let mut problems = Vec::new();
    if let Some(why) = kept.filter(|_| on_orphan != OnOrphan::Report) {
        problems.push(Problem {
            severity: Severity::Warning,
            code: match is_one_of_too_many {
                true => "orphan.too_many",
                false => "orphan.kept",
            },
            message: sentence!(
                "`{title}` stays although its source is gone: {why}",
                title = page.title,
                why
            ),
            line: 0,
            column: 0,
        });
    }
    Step {
        content: page.kind,
        posted: None,
        kind,
        path: path.to_owned(),
        title: page.title.clone(),
        title_choice: None,
        parent: page.parent_id.clone().map_or(Parent::Top, Parent::Page),
        depth: 0,
        after: None,
        place: None,
        made_after: None,
        page_id: Some(page.id.clone()),
        url: Some(page.url.clone()),
        published_commit: page.published_commit().map(str::to_owned),
        body: Text::default(),
        attachments: Vec::new(),
        labels: Vec::new(),
        adf: None,
        format: BodyFormat::default(),
        label_mode: LabelMode::default(),
        restrictions: Restrictions::default(),
        properties: BTreeMap::new(),
        takes_off: TakesOff::default(),
        stands: Stands::of(page),
        moved: None,
        message: Words::default(),
        marker: None,
        merges: None,
        conflict: None,
        overwrites_files: false,
        writes_origin: false,
        problems,
    }
}
