//! Where two sides of a sequence differ from their base, and where they touch each other.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A run of the base that a side has otherwise, and what the side has there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hunk {
    pub(super) base: Range<usize>,
    pub(super) side: Range<usize>,
    /// Whether it is one part of the base that changed, and not another in its stead.
    pub(super) is_change: bool,
}

/// Hunks of both sides that concern the same run of the base.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) base: Range<usize>,
    pub(super) ours: Vec<Hunk>,
    pub(super) theirs: Vec<Hunk>,
}

/// The runs in which a side differs from the base.
pub(super) fn hunks<K: std::hash::Hash + Eq + Ord>(base: &[K], side: &[K]) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, base, side) {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let (base, side) = (operation.old_range(), operation.new_range());
        match hunks.last_mut() {
            Some(last) if last.base.end == base.start && last.side.end == side.start => {
                last.base.end = base.end;
                last.side.end = side.end;
            }
            _ => hunks.push(Hunk {
                base,
                side,
                is_change: false,
            }),
        }
    }
    hunks
}

/// Puts hunks together that overlap. Those that only touch are put together too when `closely`.
pub(super) fn groups(ours: Vec<Hunk>, theirs: Vec<Hunk>, closely: bool) -> Vec<Group> {
    let mut all: Vec<(bool, Hunk)> = ours.into_iter().map(|hunk| (true, hunk)).collect();
    all.extend(theirs.into_iter().map(|hunk| (false, hunk)));
    all.sort_by_key(|(is_ours, hunk)| (hunk.base.start, hunk.base.end, !is_ours));
    let mut groups: Vec<Group> = Vec::new();
    for (is_ours, hunk) in all {
        let meets = groups.last().is_some_and(|group| {
            let end = group.base.end;
            hunk.base.start < end
                || (hunk.base.start == end
                    && (closely || (group.base.is_empty() && hunk.base.is_empty())))
        });
        if !meets {
            groups.push(Group {
                base: hunk.base.clone(),
                ours: Vec::new(),
                theirs: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.base.end = group.base.end.max(hunk.base.end);
            if is_ours {
                group.ours.push(hunk);
            } else {
                group.theirs.push(hunk);
            }
        }
    }
    groups
}

/// What a side has in a run of the base.
pub(super) fn side_of<'a, T>(
    range: &Range<usize>,
    hunks: &[Hunk],
    base: &'a [T],
    side: &'a [T],
) -> Vec<&'a T> {
    let mut found = Vec::new();
    let mut at = range.start;
    for hunk in hunks {
        found.extend(&base[at..hunk.base.start]);
        found.extend(&side[hunk.side.clone()]);
        at = hunk.base.end;
    }
    found.extend(&base[at..range.end]);
    found
}

/// Merges parts that are whole: words and lines. The error is what the three sides have where they
/// disagree.
pub(super) fn merge_flat<'a, T: std::hash::Hash + Eq + Ord>(
    base: &'a [T],
    ours: &'a [T],
    theirs: &'a [T],
) -> Result<Vec<&'a T>, Vec<[Vec<&'a T>; 3]>> {
    let mut merged = Vec::new();
    let mut disagreements = Vec::new();
    let mut at = 0;
    for group in groups(hunks(base, ours), hunks(base, theirs), true) {
        merged.extend(&base[at..group.base.start]);
        at = group.base.end;
        let our_part = side_of(&group.base, &group.ours, base, ours);
        let their_part = side_of(&group.base, &group.theirs, base, theirs);
        if group.ours.is_empty() {
            merged.extend(their_part);
        } else if group.theirs.is_empty() || our_part == their_part {
            merged.extend(our_part);
        } else {
            let before = base[group.base].iter().collect();
            disagreements.push([before, our_part, their_part]);
        }
    }
    merged.extend(&base[at..]);
    if disagreements.is_empty() {
        Ok(merged)
    } else {
        Err(disagreements)
    }
}

pub(super) fn change(base: usize, side: usize) -> Hunk {
    Hunk {
        base: base..base + 1,
        side: side..side + 1,
        is_change: true,
    }
}
