//! Three-way merging of pages in storage format.
//!
//! All three sides are read into the model, so that what differs is what a page says and not how it
//! is spelled. Blocks, entries of lists and rows of tables are aligned with the base's, and
//! whichever side changed one is taken. Where both changed the same block, the merge goes into it,
//! down to the words of a paragraph and the lines of a listing. Where both changed the same words,
//! nothing is decided: that is a [`Disagreement`], and there is no result.

mod hunks;
mod parts;
mod tokens;

use std::collections::{BTreeSet, HashMap};

use super::document::{
    Block, Cell, Document, Footnote, Inline, Place, Placed, Problem, each_block,
};
use super::formats::Flavor;
use super::storage_reader::read_with_pictures;
use super::storage_text::storage_text;
use super::storage_writer::write_storage;
use super::targets::StoredTargets;
use super::writing::StorageOptions;
use hunks::{Hunk, change, groups, hunks, merge_flat, side_of};
use tokens::{Token, nest, tokens, words};

/// A page that holds what both sides say.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The body in storage format.
    pub body: String,
    /// What the page as it is has and the model has no form for, so that the merged one lacks it.
    /// No words are among it.
    pub problems: Vec<Problem>,
}

/// A place that both sides changed, each in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The headings above the place, from the outermost to the nearest.
    pub headings: Vec<String>,
    /// Where the place begins in the storage format of our side.
    pub place: Place,
    /// What stood there before.
    pub base: String,
    /// What our side says there; empty when it has it no more.
    pub ours: String,
    /// What their side says there; empty when it has it no more.
    pub theirs: String,
}

/// Merges two changes of one page. All three are bodies in storage format.
///
/// What only one side changed is as that side has it, deletions included. Where both put
/// something new into the same gap, both stay.
///
/// # Errors
/// Every place that both sides changed differently.
pub fn merge_storage(
    base: &str,
    ours: &str,
    theirs: &str,
    flavor: Flavor,
) -> Result<Merged, Vec<Disagreement>> {
    let mut anchors = BTreeSet::new();
    let [base, ours, theirs] = [base, ours, theirs].map(|page| {
        let mut document = read_with_pictures(page);
        name_headings(&mut document);
        anchors.extend(document.anchors.iter().cloned());
        document
    });
    let mut merger = Merger {
        flavor,
        anchors,
        headings: Vec::new(),
        depth: 0,
        disagreements: Vec::new(),
    };
    let blocks = merger.sequence(&base.blocks, &ours.blocks, &theirs.blocks);
    if !merger.disagreements.is_empty() {
        return Err(merger.disagreements);
    }
    let mut problems = theirs.problems;
    problems.retain(|problem| problem.code != "storage.kept");
    Ok(Merged {
        body: merger.write(blocks),
        problems,
    })
}

/// The anchor of a heading that has none: no page can have it, so it is not written.
const NOWHERE: &str = "\u{0}";

/// Turns the anchor that a heading has on the page into a part of its text, and takes away the one
/// that the reader made up: that one depends on the headings before it.
fn name_headings(document: &mut Document) {
    let named: BTreeSet<&String> = document.anchors.iter().collect();
    each_block(&mut document.blocks, &mut |block| {
        if let Block::Heading {
            content, anchor, ..
        } = block
        {
            let anchor = std::mem::replace(anchor, NOWHERE.to_owned());
            if named.contains(&anchor) {
                content.insert(0, Inline::Anchor(anchor));
            }
        }
    });
}

/// What a side that changed it says; none when both did.
fn pick<T: PartialEq + Clone>(base: &T, ours: &T, theirs: &T) -> Option<T> {
    if ours == theirs || base == theirs {
        Some(ours.clone())
    } else if base == ours {
        Some(theirs.clone())
    } else {
        None
    }
}

/// What stands in a row of its like: blocks, entries of lists, rows of tables.
trait Part: Clone {
    /// The part alone, as a block.
    fn alone(&self) -> Placed<Block>;
    /// Whether one can be the other, changed.
    fn is_like(&self, other: &Self) -> bool;
    /// The level and text of a heading.
    fn heading(&self) -> Option<(u8, String)>;
    /// Merges three states of one part; none when they disagree in more than their contents.
    fn merge(merger: &mut Merger, base: &Self, ours: &Self, theirs: &Self) -> Option<Self>;
}

struct Merger {
    flavor: Flavor,
    /// The anchors of all three sides.
    anchors: BTreeSet<String>,
    /// Level and text of the headings above.
    headings: Vec<(u8, String)>,
    depth: usize,
    disagreements: Vec<Disagreement>,
}

impl Merger {
    fn write(&self, blocks: Vec<Placed<Block>>) -> String {
        let document = Document {
            blocks,
            ..Document::default()
        };
        let options = StorageOptions {
            flavor: self.flavor,
            omit_title: false,
            anchors: Some(&self.anchors),
        };
        write_storage(&document, &options, &StoredTargets).content
    }

    /// What a part is: two that are written the same are the same.
    fn key<P: Part>(&self, part: &P) -> String {
        self.write(vec![part.alone()])
    }

    fn keys<P: Part>(&self, parts: &[P]) -> Vec<String> {
        parts.iter().map(|part| self.key(part)).collect()
    }

    fn disagree(&mut self, place: Place, base: &str, ours: &str, theirs: &str) {
        let short = |text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            let text = words.join(" ");
            match text.char_indices().nth(160) {
                Some((at, _)) => format!("{}…", &text[..at]),
                None => text,
            }
        };
        self.disagreements.push(Disagreement {
            headings: self.headings.iter().map(|(_, text)| text.clone()).collect(),
            place,
            base: short(base),
            ours: short(ours),
            theirs: short(theirs),
        });
    }

    /// Keeps account of the headings above what comes next. Only those of the page itself count:
    /// one in a panel is above nothing else.
    fn pass<P: Part>(&mut self, part: &P) {
        if self.depth == 0
            && let Some((level, text)) = part.heading()
        {
            self.headings.retain(|(above, _)| *above < level);
            self.headings.push((level, text));
        }
    }

    /// Merges parts inside another.
    fn inner<P: Part>(&mut self, base: &[P], ours: &[P], theirs: &[P]) -> Vec<P> {
        self.depth += 1;
        let merged = self.sequence(base, ours, theirs);
        self.depth -= 1;
        merged
    }

    fn sequence<P: Part>(&mut self, base: &[P], ours: &[P], theirs: &[P]) -> Vec<P> {
        let keys = [base, ours, theirs].map(|parts| self.keys(parts));
        let [base_keys, our_keys, their_keys] = &keys;
        let our_hunks = self.pair(base, ours, base_keys, our_keys);
        let their_hunks = self.pair(base, theirs, base_keys, their_keys);
        let mut merged: Vec<P> = Vec::new();
        // What was taken as it stood; what was merged is new and has none.
        let mut taken: Vec<&String> = Vec::new();
        let mut at = 0;
        for group in groups(our_hunks, their_hunks, false) {
            for index in at..group.base.start {
                self.pass(&base[index]);
                merged.push(base[index].clone());
                taken.push(&base_keys[index]);
            }
            at = group.base.end;
            let our_part = side_of(&group.base, &group.ours, base, ours);
            let our_part_keys = side_of(&group.base, &group.ours, base_keys, our_keys);
            let their_part = side_of(&group.base, &group.theirs, base, theirs);
            let their_part_keys = side_of(&group.base, &group.theirs, base_keys, their_keys);
            let (mut parts, mut part_keys) = (Vec::new(), Vec::new());
            if group.ours.is_empty() {
                (parts, part_keys) = (their_part, their_part_keys);
            } else if group.theirs.is_empty() || our_part_keys == their_part_keys {
                (parts, part_keys) = (our_part, our_part_keys);
            } else if let ([our], [their]) = (group.ours.as_slice(), group.theirs.as_slice())
                && our.is_change
                && their.is_change
            {
                let (before, our, their) = (
                    &base[our.base.start],
                    &ours[our.side.start],
                    &theirs[their.side.start],
                );
                match P::merge(self, before, our, their) {
                    Some(part) => {
                        self.pass(&part);
                        merged.push(part);
                    }
                    None => self.disagree_parts(&[before], &[our], &[their]),
                }
            } else if group.base.is_empty() {
                (parts, part_keys) =
                    both(&(our_part, our_part_keys), &(their_part, their_part_keys));
            } else if group
                .ours
                .iter()
                .chain(&group.theirs)
                .all(|hunk| hunk.side.is_empty())
            {
                // Both took something out, and what either took out goes.
                for index in group.base.clone() {
                    let gone = |hunks: &[Hunk]| hunks.iter().any(|hunk| hunk.base.contains(&index));
                    if !gone(&group.ours) && !gone(&group.theirs) {
                        parts.push(&base[index]);
                        part_keys.push(&base_keys[index]);
                    }
                }
            } else {
                let before: Vec<&P> = base[group.base].iter().collect();
                self.disagree_parts(&before, &our_part, &their_part);
            }
            for part in parts {
                self.pass(part);
                merged.push(part.clone());
            }
            taken.extend(part_keys);
        }
        for index in at..base.len() {
            self.pass(&base[index]);
            merged.push(base[index].clone());
            taken.push(&base_keys[index]);
        }
        self.find_moved_twice(&keys, &taken);
        merged
    }

    fn disagree_parts<P: Part>(&mut self, base: &[&P], ours: &[&P], theirs: &[&P]) {
        let [before, our, their] = [base, ours, theirs].map(|parts| {
            let keys: Vec<String> = parts.iter().map(|part| self.key(*part)).collect();
            storage_text(&keys.concat())
        });
        let place = ours
            .iter()
            .chain(theirs)
            .map(|part| part.alone().place)
            .next()
            .unwrap_or_default();
        self.disagree(place, &before, &our, &their);
    }

    /// A part that one side moved, and that the other moved elsewhere or took out, is at a place
    /// where the other does not want it.
    fn find_moved_twice(&mut self, keys: &[Vec<String>; 3], taken: &[&String]) {
        let count = |keys: &mut dyn Iterator<Item = &String>| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            for key in keys {
                *counts.entry(key.clone()).or_default() += 1;
            }
            counts
        };
        let [base, ours, theirs] = keys.each_ref().map(|keys| count(&mut keys.iter()));
        let taken = count(&mut taken.iter().copied());
        let mut moved: Vec<&String> = base
            .iter()
            .filter(|(key, before)| {
                let of = |counts: &HashMap<String, usize>| counts.get(*key).copied().unwrap_or(0);
                let (ours, theirs) = (of(&ours), of(&theirs));
                let wanted = (ours + theirs).saturating_sub(**before);
                of(&taken) > wanted.max(ours.min(theirs))
            })
            .map(|(key, _)| key)
            .collect();
        moved.sort();
        for key in moved {
            let words = storage_text(key);
            if words.trim().is_empty() {
                continue;
            }
            let has = |keys: &[String]| {
                if keys.contains(key) {
                    format!("elsewhere: {words}")
                } else {
                    String::new()
                }
            };
            let (our, their) = (has(&keys[1]), has(&keys[2]));
            self.disagree(Place::default(), &words, &our, &their);
        }
    }

    /// The runs in which a side differs, with those parts told apart that are only changed.
    fn pair<P: Part>(
        &self,
        base: &[P],
        side: &[P],
        base_keys: &[String],
        side_keys: &[String],
    ) -> Vec<Hunk> {
        let mut paired = Vec::new();
        for hunk in hunks(base_keys, side_keys) {
            let (from, to) = (hunk.base.clone(), hunk.side.clone());
            let words = |keys: &[String]| -> Vec<Vec<String>> {
                keys.iter().map(|key| words_of(key)).collect()
            };
            let (old, new) = (
                words(&base_keys[from.clone()]),
                words(&side_keys[to.clone()]),
            );
            let alike = |a: usize, b: usize| {
                if base[from.start + a].is_like(&side[to.start + b]) {
                    likeness(&old[a], &new[b])
                } else {
                    0
                }
            };
            let mut at = (0, 0);
            let mut pairs = best_pairs(old.len(), new.len(), &alike);
            pairs.push((old.len(), new.len()));
            for (a, b) in pairs {
                let same_number = a - at.0 == b - at.1;
                let same_kinds = (at.0..a)
                    .zip(at.1..b)
                    .all(|(a, b)| base[from.start + a].is_like(&side[to.start + b]));
                if same_number && same_kinds {
                    for (a, b) in (at.0..a).zip(at.1..b) {
                        paired.push(change(from.start + a, to.start + b));
                    }
                } else {
                    paired.push(Hunk {
                        base: from.start + at.0..from.start + a,
                        side: to.start + at.1..to.start + b,
                        is_change: false,
                    });
                }
                if a < old.len() && b < new.len() {
                    paired.push(change(from.start + a, to.start + b));
                }
                at = (a + 1, b + 1);
            }
        }
        paired
    }

    /// Merges lines of text.
    fn inlines(
        &mut self,
        place: Place,
        base: &[Inline],
        ours: &[Inline],
        theirs: &[Inline],
    ) -> Vec<Inline> {
        let [base, ours, theirs] = [base, ours, theirs].map(tokens);
        match merge_flat(&base, &ours, &theirs) {
            Ok(merged) => nest(&merged, 0),
            Err(disagreements) => {
                for [base, ours, theirs] in disagreements {
                    let [base, ours, theirs] = [base, ours, theirs].map(|tokens| words(&tokens));
                    self.disagree(place, &base, &ours, &theirs);
                }
                Vec::new()
            }
        }
    }

    /// Merges the text of headings. Their anchors follow from it, so they change with it; when both
    /// changed, links of either side lead there.
    fn heading(
        &mut self,
        place: Place,
        base: &[Inline],
        ours: &[Inline],
        theirs: &[Inline],
    ) -> Vec<Inline> {
        let [base, ours, theirs] = [base, ours, theirs].map(|content| {
            let is_anchor = |inline: &&Inline| matches!(inline, Inline::Anchor(_));
            content.split_at(content.iter().take_while(is_anchor).count())
        });
        let mut content = match pick(&base.0, &ours.0, &theirs.0) {
            Some(anchors) => anchors.to_vec(),
            None => {
                let others = theirs.0.iter().filter(|anchor| !ours.0.contains(anchor));
                ours.0.iter().chain(others).cloned().collect()
            }
        };
        content.extend(self.inlines(place, base.1, ours.1, theirs.1));
        content
    }

    fn lines(&mut self, place: Place, base: &str, ours: &str, theirs: &str) -> String {
        let [base, ours, theirs] =
            [base, ours, theirs].map(|text| text.split('\n').collect::<Vec<_>>());
        match merge_flat(&base, &ours, &theirs) {
            Ok(merged) => merged.into_iter().copied().collect::<Vec<_>>().join("\n"),
            Err(disagreements) => {
                for sides in disagreements {
                    let [base, ours, theirs] =
                        sides.map(|lines| lines.into_iter().copied().collect::<Vec<_>>().join(" "));
                    self.disagree(place, &base, &ours, &theirs);
                }
                String::new()
            }
        }
    }

    fn cell(&mut self, base: &Cell, ours: &Cell, theirs: &Cell) -> Option<Cell> {
        Some(Cell {
            is_head: pick(&base.is_head, &ours.is_head, &theirs.is_head)?,
            alignment: pick(&base.alignment, &ours.alignment, &theirs.alignment)?,
            columns: pick(&base.columns, &ours.columns, &theirs.columns)?,
            rows: pick(&base.rows, &ours.rows, &theirs.rows)?,
            background: pick(&base.background, &ours.background, &theirs.background)?,
            look: pick(&base.look, &ours.look, &theirs.look)?,
            blocks: self.inner(&base.blocks, &ours.blocks, &theirs.blocks),
        })
    }

    fn footnotes(
        &mut self,
        base: &[Footnote],
        ours: &[Footnote],
        theirs: &[Footnote],
    ) -> Option<Vec<Footnote>> {
        // A note that came or went gives others its number.
        if base.len() != ours.len() || base.len() != theirs.len() {
            return None;
        }
        let sides = base.iter().zip(ours).zip(theirs);
        sides
            .map(|((base, ours), theirs)| {
                Some(Footnote {
                    number: pick(&base.number, &ours.number, &theirs.number)?,
                    mentions: pick(&base.mentions, &ours.mentions, &theirs.mentions)?,
                    blocks: self.inner(&base.blocks, &ours.blocks, &theirs.blocks),
                })
            })
            .collect()
    }
}

type Parts<'a, P> = (Vec<&'a P>, Vec<&'a String>);

/// What both sides put into one gap: what they have in common once. A heading begins a section, so
/// a side that begins with none goes first; else ours does.
fn both<'a, P: Part>(ours: &Parts<'a, P>, theirs: &Parts<'a, P>) -> Parts<'a, P> {
    let same = |(a, b): &(&&String, &&String)| a == b;
    let before = ours.1.iter().zip(&theirs.1).take_while(same).count();
    let after = ours.1[before..]
        .iter()
        .rev()
        .zip(theirs.1[before..].iter().rev())
        .take_while(same)
        .count();
    let begins = |parts: &Parts<'a, P>| {
        let own = before < parts.0.len() - after;
        own && parts.0[before].heading().is_some()
    };
    let (first, second) = if begins(ours) && !begins(theirs) {
        (theirs, ours)
    } else {
        (ours, theirs)
    };
    let end = first.0.len() - after;
    let own = before..second.0.len() - after;
    let mut merged = (first.0[..end].to_vec(), first.1[..end].to_vec());
    merged.0.extend(&second.0[own.clone()]);
    merged.1.extend(&second.1[own]);
    merged.0.extend(&first.0[end..]);
    merged.1.extend(&first.1[end..]);
    merged
}

/// The words that a reader sees of a part, sorted.
fn words_of(key: &str) -> Vec<String> {
    let text = storage_text(key);
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort();
    words
}

/// How many of a hundred words two parts share; 0 when they share too few to be the same, changed.
fn likeness(a: &[String], b: &[String]) -> usize {
    let (mut shared, mut i, mut j) = (0_usize, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let all = a.len() + b.len();
    let likeness = (shared * 200).checked_div(all).unwrap_or(0);
    if likeness < 30 { 0 } else { likeness }
}

/// The pairs, in order, that are alike the most. Of runs too long to be compared, none.
fn best_pairs(
    old: usize,
    new: usize,
    alike: &dyn Fn(usize, usize) -> usize,
) -> Vec<(usize, usize)> {
    if old * new > 40_000 {
        return Vec::new();
    }
    let mut best = vec![vec![0; new + 1]; old + 1];
    let mut scores = vec![vec![0; new]; old];
    for a in (0..old).rev() {
        for b in (0..new).rev() {
            let score = alike(a, b);
            scores[a][b] = score;
            let paired = if score > 0 {
                score + best[a + 1][b + 1]
            } else {
                0
            };
            best[a][b] = paired.max(best[a + 1][b]).max(best[a][b + 1]);
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut pairs = Vec::new();
    while a < old && b < new {
        let score = scores[a][b];
        if score > 0 && best[a][b] == score + best[a + 1][b + 1] {
            pairs.push((a, b));
            a += 1;
            b += 1;
        } else if best[a][b] == best[a + 1][b] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

impl std::hash::Hash for Token {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}
