//! Lets Graphviz choose the places: things are boxes of a size to it, and words are as many equal
//! letters as take their room.

use std::collections::HashMap;
use std::fmt::Write;

use resvg::usvg::roxmltree::{Document, Node as Element};

use super::super::super::canvas::Point;
use super::super::super::{Failure, graphviz};
use super::super::words::Words;
use super::links::Way;
use super::size::size_of;
use super::{Graph, Shape, Thing};

/// The letters that take the room of words: their size and the width of one.
const LETTER: f64 = 13.0;
const WIDTH: f64 = LETTER * 0.6;

/// A rectangle by two corners.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// Where a line goes, from its first thing to its second.
#[derive(Debug, Default)]
pub(super) struct Route {
    /// A start and then three points for each curve.
    pub(super) points: Vec<Point>,
    pub(super) label: Option<Point>,
    pub(super) from_label: Option<Point>,
    pub(super) to_label: Option<Point>,
}

#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) nodes: HashMap<usize, Area>,
    pub(super) containers: HashMap<usize, Area>,
    pub(super) routes: HashMap<usize, Route>,
}

pub(super) fn place(graph: &Graph) -> Result<Placed, Failure> {
    let svg = graphviz::lay_out(&written(graph))?;
    let options = resvg::usvg::roxmltree::ParsingOptions {
        allow_dtd: true,
        ..resvg::usvg::roxmltree::ParsingOptions::default()
    };
    let document = Document::parse_with_options(&svg, options)
        .map_err(|error| Failure::new(format!("its layout could not be read: {error}")))?;
    let mut placed = Placed::default();
    for element in document.descendants() {
        let Some(id) = element.attribute("id") else {
            continue;
        };
        let number = |letter: char| id.strip_prefix(letter)?.parse::<usize>().ok();
        if let Some(at) = number('n') {
            if let Some(area) = area_of(element) {
                placed.nodes.insert(at, area);
            }
        } else if let Some(at) = number('c') {
            if let Some(area) = area_of(element) {
                placed.containers.insert(at, area);
            }
        } else if let Some(at) = number('e') {
            let Some(connection) = graph.lines.get(at) else {
                continue;
            };
            let mut route = route_of(element);
            if matches!(connection.link.way, Way::Left | Way::Up) {
                route.points.reverse();
                std::mem::swap(&mut route.from_label, &mut route.to_label);
            }
            placed.routes.insert(at, route);
        }
    }
    Ok(placed)
}

/// The graph as Graphviz reads it.
fn written(graph: &Graph) -> String {
    let mut dot = String::from("digraph {\n");
    if graph.is_sideways {
        dot.push_str("rankdir=LR\n");
    }
    dot.push_str(&format!(
        "compound=true nodesep=0.45 ranksep=0.55\n\
         node [fixedsize=true label=\"\" shape=box]\n\
         edge [arrowhead=none arrowtail=none fontname=\"Courier\" fontsize={LETTER}]\n"
    ));
    inside(graph, None, &mut dot);
    for (at, line) in graph.lines.iter().enumerate() {
        let link = &line.link;
        let is_turned = matches!(link.way, Way::Left | Way::Up);
        let (first, second) = match is_turned {
            true => (line.to, line.from),
            false => (line.from, line.to),
        };
        let (Some(one), Some(other)) = (end(graph, first), end(graph, second)) else {
            continue;
        };
        let mut attributes = format!("id=\"e{at}\"");
        if let Thing::Container(container) = first {
            push(&mut attributes, &format!(" ltail=\"cluster_{container}\""));
        }
        if let Thing::Container(container) = second {
            push(&mut attributes, &format!(" lhead=\"cluster_{container}\""));
        }
        let length = match link.way {
            // Beside each other they have the same rank.
            Way::Left | Way::Right => 0,
            Way::Up | Way::Down => link.length,
        };
        push(&mut attributes, &format!(" minlen={length}"));
        let (tail, head) = match is_turned {
            true => (&line.to_label, &line.from_label),
            false => (&line.from_label, &line.to_label),
        };
        for (name, letter, words) in [
            ("label", 'l', &line.label),
            ("taillabel", 't', tail),
            ("headlabel", 'h', head),
        ] {
            if !words.is_empty() {
                push(
                    &mut attributes,
                    &format!(" {name}=\"{}\"", room(letter, words)),
                );
            }
        }
        push(&mut dot, &format!("n{one} -> n{other} [{attributes}]\n"));
    }
    dot.push_str("}\n");
    dot
}

fn push(text: &mut String, more: &str) {
    text.push_str(more);
}

/// The node that stands for a thing.
fn end(graph: &Graph, thing: Thing) -> Option<usize> {
    match thing {
        Thing::Node(at) => Some(at),
        Thing::Container(at) => graph.containers[at].point,
    }
}

/// Writes what stands in a container, or in none.
fn inside(graph: &Graph, parent: Option<usize>, dot: &mut String) {
    for (at, node) in graph.nodes.iter().enumerate() {
        if node.parent != parent {
            continue;
        }
        let (width, height) = size_of(graph, node);
        let shape = match node.shape {
            Shape::UseCase => " shape=ellipse",
            Shape::Start | Shape::End | Shape::Circle if node.words.is_empty() => " shape=circle",
            Shape::Choice => " shape=diamond",
            _ => "",
        };
        // Writing to a string cannot fail.
        writeln!(
            dot,
            "n{at} [id=\"n{at}\" width={:.3} height={:.3}{shape}]",
            width / 72.0,
            height / 72.0
        )
        .unwrap_or_default();
    }
    for (at, container) in graph.containers.iter().enumerate() {
        if container.parent != parent {
            continue;
        }
        if container.is_hidden {
            dot.push_str(&format!("subgraph together_{at} {{\n"));
        } else {
            let label = room('c', &container.words);
            dot.push_str(&format!(
                "subgraph cluster_{at} {{\nid=\"c{at}\" margin=14 fontname=\"Courier\" \
                 fontsize={LETTER} label=\"{label}\"\n"
            ));
        }
        inside(graph, Some(at), dot);
        dot.push_str("}\n");
    }
}

/// Letters that take the room of words.
fn room(letter: char, words: &Words) -> String {
    let count = ((words.width() + 10.0) / WIDTH).ceil().clamp(1.0, 400.0) as usize;
    let lines = (words.height() / (LETTER * 1.2)).ceil().clamp(1.0, 200.0) as usize;
    let line = letter.to_string().repeat(count);
    vec![line; lines].join("\\n")
}

fn area_of(element: Element) -> Option<Area> {
    let shape = element
        .children()
        .find(|child| matches!(child.tag_name().name(), "polygon" | "ellipse"))?;
    let number = |name: &str| shape.attribute(name)?.parse::<f64>().ok();
    if shape.tag_name().name() == "ellipse" {
        let (x, y) = (number("cx")?, number("cy")?);
        let (across, up) = (number("rx")?, number("ry")?);
        return Some(Area {
            left: x - across,
            top: y - up,
            right: x + across,
            bottom: y + up,
        });
    }
    let points = numbers(shape.attribute("points")?);
    let mut area = Area {
        left: f64::INFINITY,
        top: f64::INFINITY,
        right: f64::NEG_INFINITY,
        bottom: f64::NEG_INFINITY,
    };
    for (x, y) in points {
        area.left = area.left.min(x);
        area.right = area.right.max(x);
        area.top = area.top.min(y);
        area.bottom = area.bottom.max(y);
    }
    area.left.is_finite().then_some(area)
}

/// The points of a list of numbers, whatever is between them.
fn numbers(text: &str) -> Vec<Point> {
    let numbers: Vec<f64> = text
        .split(|letter: char| !(letter.is_ascii_digit() || "-.".contains(letter)))
        .filter_map(|number| number.parse().ok())
        .collect();
    numbers
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

fn route_of(element: Element) -> Route {
    let mut route = Route::default();
    let mut places: HashMap<char, Vec<Point>> = HashMap::new();
    for child in element.descendants() {
        match child.tag_name().name() {
            "path" => {
                route.points = numbers(child.attribute("d").unwrap_or_default());
            }
            "text" => {
                let number = |name: &str| child.attribute(name)?.parse::<f64>().ok();
                let letter = child.text().and_then(|text| text.trim().chars().next());
                if let (Some(letter), Some(x), Some(y)) = (letter, number("x"), number("y")) {
                    places.entry(letter).or_default().push((x, y));
                }
            }
            _ => {}
        }
    }
    // The middle of the lines of letters, which stand on their places.
    let middle = |letter: char| {
        let lines = places.get(&letter)?;
        let heights: f64 = lines.iter().map(|(_, y)| *y).sum();
        let y = heights / lines.len() as f64 - LETTER * 0.3;
        Some((lines[0].0, y))
    };
    route.label = middle('l');
    route.from_label = middle('t');
    route.to_label = middle('h');
    route
}
