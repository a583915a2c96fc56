//! What a step would change, as lines a person can read.

use similar::{ChangeTag, TextDiff};

use crate::markup::{read_storage, storage_text, write_markdown};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// On both sides.
    Same,
    /// Only on the page as it will be.
    Added,
    /// Only on the page as it is.
    Removed,
    /// Lines that did not change were left out here.
    Gap,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What became of it.
    pub kind: DiffKind,
    /// The line, without its line break; for a gap, how many lines are left out.
    pub text: String,
    /// The parts that differ from the line on the other side, as ranges of characters.
    pub emphasis: Vec<(u32, u32)>,
}

/// Compares two bodies in storage format by what they say, not by how it is written down: the first
/// line that differs, on either side. `None` when they say the same.
pub fn first_difference(sent: &str, stored: &str) -> Option<(String, String)> {
    if sent == stored {
        return None;
    }
    let said = |body| write_markdown(&read_storage(body));
    let (sent, stored) = (said(sent), said(stored));
    // Empty lines say nothing, and a line that is lost takes one with it.
    let is_said = |line: &&str| !line.is_empty();
    let mut sent = sent.lines().filter(is_said);
    let mut stored = stored.lines().filter(is_said);
    loop {
        match (sent.next(), stored.next()) {
            (None, None) => return None,
            (ours, theirs) if ours == theirs => {}
            (ours, theirs) => {
                let shown =
                    |line: Option<&str>| line.unwrap_or_default().chars().take(80).collect();
                return Some((shown(ours), shown(theirs)));
            }
        }
    }
}

/// Lines kept around a change.
const CONTEXT: usize = 2;

/// Compares two bodies in storage format by what a reader sees of them. The first is the page as
/// it is, empty for a new page; the second is the page as it will be.
pub fn diff(before: &str, after: &str) -> Vec<DiffLine> {
    diff_text(&storage_text(before), &storage_text(after))
}

/// Compares the titles of a page as a diff of its body begins with: a line for each, as headings, and
/// none where they are the same.
pub fn diff_titles(before: &str, after: &str) -> Vec<DiffLine> {
    diff_text(&format!("# {before}\n"), &format!("# {after}\n"))
}

/// Compares two texts by their lines.
pub fn diff_text(before: &str, after: &str) -> Vec<DiffLine> {
    let compared = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    let mut reached = 0;
    for group in compared.grouped_ops(CONTEXT) {
        let start = group
            .first()
            .map_or(reached, |operation| operation.old_range().start);
        if start > reached {
            lines.push(gap(start - reached));
        }
        for operation in &group {
            reached = operation.old_range().end;
            for change in compared.iter_inline_changes(operation) {
                let mut text = String::new();
                let mut emphasis = Vec::new();
                let mut at = 0_u32;
                for (changed, part) in change.iter_strings_lossy() {
                    let part = part.trim_end_matches(['\r', '\n']);
                    let length = u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
                    if changed && length > 0 {
                        emphasis.push((at, at.saturating_add(length)));
                    }
                    at = at.saturating_add(length);
                    text.push_str(part);
                }
                let kind = match change.tag() {
                    ChangeTag::Equal => DiffKind::Same,
                    ChangeTag::Insert => DiffKind::Added,
                    ChangeTag::Delete => DiffKind::Removed,
                };
                lines.push(DiffLine {
                    kind,
                    text,
                    emphasis,
                });
            }
        }
    }
    let total = before.lines().count();
    if !lines.is_empty() && total > reached {
        lines.push(gap(total - reached));
    }
    lines
}

fn gap(lines: usize) -> DiffLine {
    DiffLine {
        kind: DiffKind::Gap,
        text: lines.to_string(),
        emphasis: Vec::new(),
    }
}
