//! How much room a node takes, with the parts that it is drawn of.

use super::super::frame::note_size;
use super::super::words::Words;
use super::members::Member;
use super::{Graph, Node, Shape};

/// Around words in their box.
pub(super) const PAD: f64 = 10.0;
/// The circle with the letter of a class.
pub(super) const LETTER: f64 = 10.0;
/// The room above and below the parts of a class.
pub(super) const PART: f64 = 4.0;

/// A class in parts: rules and the members between them.
pub(super) fn parts<'a>(graph: &Graph, node: &'a Node) -> Vec<(Option<&'a Words>, Vec<&'a Words>)> {
    let members = &node.members;
    if members.iter().any(|one| matches!(one, Member::Rule(_))) {
        let mut parts = vec![(None, Vec::new())];
        for member in members {
            match member {
                Member::Rule(words) => parts.push((Some(words), Vec::new())),
                Member::Field(words) | Member::Method(words) => {
                    if let Some((_, part)) = parts.last_mut() {
                        part.push(words);
                    }
                }
            }
        }
        if parts[0].1.is_empty() && parts.len() > 1 {
            parts.remove(0);
        }
        return parts;
    }
    let (mut fields, mut methods) = (Vec::new(), Vec::new());
    for member in members {
        match member {
            Member::Field(words) => fields.push(words),
            Member::Method(words) => methods.push(words),
            Member::Rule(_) => {}
        }
    }
    let hides = &graph.hides;
    let is_class = matches!(node.shape, Shape::Class(Some(_)));
    let mut made = Vec::new();
    if !(hides.fields || hides.empty_fields && fields.is_empty())
        && (is_class || !fields.is_empty())
    {
        made.push((None, fields));
    }
    if !(hides.methods || hides.empty_methods && methods.is_empty())
        && (is_class || !methods.is_empty())
    {
        made.push((None, methods));
    }
    made
}

/// What stands above a name, unless the diagram hides it.
pub(super) fn shown_stereotype<'a>(graph: &Graph, node: &'a Node) -> Option<&'a Words> {
    node.stereotype
        .as_ref()
        .filter(|_| !graph.hides.stereotypes)
}

/// The size of the words of a node: its name and what stands above it.
pub(super) fn head_size(graph: &Graph, node: &Node) -> (f64, f64) {
    let (mut width, mut height) = (node.words.width(), node.words.height());
    if let Some(stereotype) = shown_stereotype(graph, node) {
        width = width.max(stereotype.width());
        height += stereotype.height();
    }
    (width, height)
}

/// The room that a node takes.
pub(super) fn size_of(graph: &Graph, node: &Node) -> (f64, f64) {
    let (width, height) = head_size(graph, node);
    match node.shape {
        Shape::Class(letter) => {
            let beside = match letter.filter(|_| !graph.hides.letters) {
                Some(_) => 2.0 * LETTER + 8.0,
                None => 0.0,
            };
            let mut size = (width + beside + 2.0 * PAD, height.max(beside) + 8.0);
            for (title, lines) in parts(graph, node) {
                let title = title.filter(|title| !title.is_empty());
                size.1 += 2.0 * PART + title.map_or(0.0, Words::height);
                for words in title.into_iter().chain(lines.iter().copied()) {
                    size.0 = size.0.max(words.width() + 2.0 * PAD);
                }
                size.1 += lines.iter().map(|words| words.height()).sum::<f64>();
            }
            size
        }
        Shape::State => {
            let mut size = (width + 2.0 * PAD, height + 2.0 * PAD);
            for member in &node.members {
                size.0 = size.0.max(member.words().width() + 2.0 * PAD);
                size.1 += member.words().height();
            }
            if !node.members.is_empty() {
                size.1 += 2.0 * PART;
            }
            (size.0.max(50.0), size.1)
        }
        Shape::Actor => (width.max(28.0), height + 60.0),
        Shape::Circle => (width.max(18.0), height + 20.0),
        Shape::Boundary | Shape::Control | Shape::Entity => (width.max(50.0), height + 36.0),
        Shape::UseCase => (width * 1.3 + 24.0, height * 1.4 + 16.0),
        Shape::Component => (width + 2.0 * PAD + 22.0, height + 2.0 * PAD + 6.0),
        Shape::Database => (width + 2.0 * PAD, height + 2.0 * PAD + 16.0),
        Shape::Cloud => (width + 44.0, height + 40.0),
        Shape::Node | Shape::Collections => (width + 2.0 * PAD + 10.0, height + 2.0 * PAD + 10.0),
        Shape::Folder | Shape::Frame | Shape::Artifact | Shape::File => {
            (width + 2.0 * PAD + 14.0, height + 2.0 * PAD + 10.0)
        }
        Shape::Queue | Shape::Stack | Shape::Hexagon | Shape::Storage => {
            (width + 2.0 * PAD + 22.0, height + 2.0 * PAD + 4.0)
        }
        Shape::Note => note_size(&node.words),
        Shape::Start => (20.0, 20.0),
        Shape::End => (22.0, 22.0),
        Shape::Choice => (26.0, 26.0),
        Shape::Bar => match graph.is_sideways {
            true => (8.0, 80.0),
            false => (80.0, 8.0),
        },
        Shape::Point | Shape::Joint => (4.0, 4.0),
        Shape::Label => (width + 4.0, height + 4.0),
        Shape::Rectangle | Shape::Rounded => (width + 2.0 * PAD, height + 2.0 * PAD),
    }
}
