//! What is said of a line between classes, and the parts of a state that go on at the same time.

use super::super::super::Failure;
use super::super::frame::{unquoted, words_of};
use super::super::lines::{Line, unknown};
use super::super::words::SIZE;
use super::links::{Found, Head, Link, Reference, labelled, reference, whole_link};
use super::{Connection, Family, Graph, SMALL, Shape, Thing};

impl Graph {
    /// A class that belongs to the line between two others: `(A, B) .. C`. False when the line says
    /// nothing of that kind.
    pub(super) fn association(&mut self, text: &str, line: &Line) -> Result<bool, Failure> {
        if self.family != Family::Class {
            return Ok(false);
        }
        let Some((pair, found)) = associated(text) else {
            return Ok(false);
        };
        let [one, other] = [&pair.0, &pair.1].map(|end| self.names.get(&end.name).copied());
        let (Some(one), Some(other)) = (one, other) else {
            return Err(unknown(line));
        };
        let is_pair =
            |from: Thing, to: Thing| from == one && to == other || from == other && to == one;
        let known = self.joints.iter().find(|(from, to, _)| is_pair(*from, *to));
        let joint = match known {
            Some((_, _, joint)) => Thing::Node(*joint),
            None => {
                let lines = self.lines.iter();
                // It belongs to a line that is there.
                let between = lines
                    .enumerate()
                    .rfind(|(_, line)| is_pair(line.from, line.to))
                    .map(|(at, _)| at);
                self.join(between.ok_or_else(|| unknown(line))?, line)?
            }
        };
        let class = match found.left.name.is_empty() {
            true => &found.right,
            false => &found.left,
        };
        let class = self.thing(class, line)?;
        let (from, to) = match found.left.name.is_empty() {
            true => (joint, class),
            false => (class, joint),
        };
        let none = words_of("", SMALL, line)?;
        self.lines.push(Connection {
            from,
            to,
            link: found.link,
            label: words_of(&found.label, SMALL, line)?,
            from_label: none.clone(),
            to_label: none,
        });
        Ok(true)
    }

    /// Parts a line by a point, which others can lead to.
    fn join(&mut self, at: usize, line: &Line) -> Result<Thing, Failure> {
        let none = words_of("", SIZE, line)?;
        let joint = self.add("", none.clone(), Shape::Joint);
        let first = &mut self.lines[at];
        self.nodes[joint].parent = match first.from {
            Thing::Node(node) => self.nodes[node].parent,
            Thing::Container(container) => self.containers[container].parent,
        };
        let second = Connection {
            from: Thing::Node(joint),
            to: first.to,
            link: Link {
                from: Head::None,
                ..first.link.clone()
            },
            label: none.clone(),
            from_label: none.clone(),
            to_label: std::mem::replace(&mut first.to_label, none),
        };
        self.joints.push((first.from, first.to, joint));
        first.to = Thing::Node(joint);
        first.link.to = Head::None;
        self.lines.push(second);
        Ok(Thing::Node(joint))
    }

    /// Ends a part of a state and begins another one that goes on at the same time.
    pub(super) fn next_region(&mut self, line: &Line) -> Result<(), Failure> {
        let is_region = |graph: &Self| {
            let open = graph.open.last();
            open.is_some_and(|at| graph.containers[*at].is_region)
        };
        if is_region(self) {
            self.open.pop();
            return self.region(line).map(|_| ());
        }
        let parent = self.parent();
        let (nodes, containers) = (self.nodes.len(), self.containers.len());
        let point = parent.and_then(|at| self.containers[at].point);
        let first = self.region(line)?;
        self.open.pop();
        for at in (0..nodes).filter(|at| Some(*at) != point) {
            if self.nodes[at].parent == parent {
                self.nodes[at].parent = Some(first);
            }
        }
        for inner in &mut self.containers[..containers] {
            if inner.parent == parent {
                inner.parent = Some(first);
            }
        }
        let (start, end) = match parent {
            Some(at) => (
                self.containers[at].start.take(),
                self.containers[at].end.take(),
            ),
            None => (self.start.take(), self.end.take()),
        };
        (self.containers[first].start, self.containers[first].end) = (start, end);
        self.region(line).map(|_| ())
    }

    fn region(&mut self, line: &Line) -> Result<usize, Failure> {
        let words = words_of("", SIZE, line)?;
        let at = self.contain(words, Shape::Rectangle, None, line)?;
        self.containers[at].is_region = true;
        Ok(at)
    }

    /// Ends a part of a state, when the state ends.
    pub(super) fn end_region(&mut self) {
        let is_region = self
            .open
            .last()
            .is_some_and(|at| self.containers[*at].is_region);
        if is_region {
            self.open.pop();
        }
    }
}

/// Reads what leads from a pair to a class, or from a class to a pair, whose end has no name.
fn associated(text: &str) -> Option<((Reference, Reference), Found)> {
    let nobody = Reference::named("");
    if text.starts_with('(') {
        let (pair, rest) = pair_of(text)?;
        let (link, rest) = whole_link(rest.trim_start())?;
        let (right, rest) = reference(rest.trim_start(), Family::Class)?;
        return Some((pair, labelled(nobody, right, link, rest)?));
    }
    let (left, rest) = reference(text, Family::Class)?;
    let (link, rest) = whole_link(rest.trim_start())?;
    let (pair, rest) = pair_of(rest.trim_start())?;
    Some((pair, labelled(left, nobody, link, rest)?))
}

fn pair_of(text: &str) -> Option<((Reference, Reference), &str)> {
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let (one, other) = inside.split_once(',')?;
    let named = |name: &str| {
        let name = unquoted(name.trim());
        (!name.is_empty()).then(|| Reference::named(name))
    };
    Some(((named(one)?, named(other)?), rest))
}
