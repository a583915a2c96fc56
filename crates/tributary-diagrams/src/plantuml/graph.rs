//! Diagrams of things and the lines between them: classes, components, use cases, states. Graphviz
//! chooses the places.

mod declared;
mod links;
mod look;
mod members;
mod parted;
mod place;
mod size;

use std::collections::HashMap;

use super::super::Failure;
use super::super::canvas::Canvas;
use super::colors;
use super::frame::{Frame, Reader, quoted, unquoted, words_of};
use super::lines::{Line, unknown, wrong};
use super::words::{SIZE, Words};
use declared::Declared;
use links::{Found, Link, Reference, Way};
use members::Member;

const MOST_NODES: usize = 600;
const MOST_LINKS: usize = 2_000;
const DEEPEST: usize = 30;
/// The size of letters beside lines.
const SMALL: f64 = 12.0;

/// Which words a diagram may have, and what a name is that nobody declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Class,
    Description,
    State,
}

/// What a thing looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// With parts below its name, and a letter beside it.
    Class(Option<char>),
    Actor,
    UseCase,
    Component,
    /// A circle with its name below.
    Circle,
    Boundary,
    Control,
    Entity,
    Rectangle,
    Rounded,
    Node,
    Database,
    Cloud,
    Folder,
    Frame,
    Artifact,
    File,
    Queue,
    Stack,
    Storage,
    Hexagon,
    Collections,
    /// Words without an outline.
    Label,
    Note,
    State,
    Start,
    End,
    Choice,
    Bar,
    /// Nothing, in a container to which a line leads.
    Point,
    /// A dot on a line that others lead to.
    Joint,
}

impl Shape {
    /// The shape of a word in descriptions.
    fn described(word: &str) -> Option<Self> {
        Some(match word {
            "actor" | "actor/" => Self::Actor,
            "usecase" | "usecase/" => Self::UseCase,
            "component" => Self::Component,
            "interface" | "circle" => Self::Circle,
            "boundary" => Self::Boundary,
            "control" => Self::Control,
            "entity" => Self::Entity,
            "rectangle" | "agent" => Self::Rectangle,
            "card" | "person" => Self::Rounded,
            "node" => Self::Node,
            "database" => Self::Database,
            "cloud" => Self::Cloud,
            "folder" | "package" => Self::Folder,
            "frame" => Self::Frame,
            "artifact" => Self::Artifact,
            "file" => Self::File,
            "queue" => Self::Queue,
            "stack" => Self::Stack,
            "storage" => Self::Storage,
            "hexagon" => Self::Hexagon,
            "collections" => Self::Collections,
            "label" => Self::Label,
            "diamond" => Self::Choice,
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct Node {
    shape: Shape,
    words: Words,
    stereotype: Option<Words>,
    members: Vec<Member>,
    color: Option<String>,
    parent: Option<usize>,
}

/// What holds others.
#[derive(Debug)]
struct Container {
    words: Words,
    shape: Shape,
    color: Option<String>,
    parent: Option<usize>,
    /// Keeps what is in it near, and is not drawn.
    is_hidden: bool,
    /// One of the parts of a state that go on at the same time.
    is_region: bool,
    /// What stands in it when a line leads to it, or it would be empty.
    point: Option<usize>,
    /// States are named within theirs.
    start: Option<usize>,
    end: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Node(usize),
    Container(usize),
}

#[derive(Debug)]
struct Connection {
    from: Thing,
    to: Thing,
    link: Link,
    label: Words,
    from_label: Words,
    to_label: Words,
}

#[derive(Debug)]
struct Graph {
    family: Family,
    nodes: Vec<Node>,
    containers: Vec<Container>,
    lines: Vec<Connection>,
    names: HashMap<String, Thing>,
    open: Vec<usize>,
    /// The points on lines between two things, which others lead to.
    joints: Vec<(Thing, Thing, usize)>,
    is_sideways: bool,
    hides: Hides,
    /// The thing that was read last, for notes that name none.
    last: Option<Thing>,
    start: Option<usize>,
    end: Option<usize>,
}

/// What of classes is not shown.
#[derive(Debug, Default)]
struct Hides {
    letters: bool,
    fields: bool,
    methods: bool,
    empty_fields: bool,
    empty_methods: bool,
    stereotypes: bool,
}

pub(super) fn draw(
    reader: &mut Reader,
    frame: &mut Frame,
    family: Family,
) -> Result<Canvas, Failure> {
    let mut graph = Graph {
        family,
        nodes: Vec::new(),
        containers: Vec::new(),
        lines: Vec::new(),
        names: HashMap::new(),
        open: Vec::new(),
        joints: Vec::new(),
        is_sideways: false,
        hides: Hides::default(),
        last: None,
        start: None,
        end: None,
    };
    while let Some(line) = reader.next() {
        if graph.nodes.len() > MOST_NODES || graph.lines.len() > MOST_LINKS {
            return Err(wrong(line.number, "it has too much in it for a picture"));
        }
        if !frame.take(line, reader)? {
            graph.line(line, reader, frame)?;
        }
    }
    // PlantUML ends what has no end where the diagram ends.
    if graph.nodes.is_empty() && graph.containers.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    graph.settle()?;
    let placed = place::place(&graph)?;
    Ok(look::draw(&graph, &placed))
}

impl Graph {
    fn line(&mut self, line: &Line, reader: &mut Reader, frame: &mut Frame) -> Result<(), Failure> {
        let text = line.text.trim();
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "--" | "||" if self.family == Family::State => return self.next_region(line),
            "}" => {
                self.end_region();
                let closed = self.open.pop().ok_or_else(|| unknown(line))?;
                self.last = Some(Thing::Container(closed));
                return Ok(());
            }
            "left to right direction" => {
                self.is_sideways = true;
                return Ok(());
            }
            "top to bottom direction" | "allowmixing" | "allow_mixing" => return Ok(()),
            "together {" | "together{" => {
                let words = words_of("", SIZE, line)?;
                let at = self.contain(words, Shape::Rectangle, None, line)?;
                self.containers[at].is_hidden = true;
                return Ok(());
            }
            _ => {}
        }
        let (word, rest) = match text.split_once(char::is_whitespace) {
            Some((word, rest)) => (word.to_ascii_lowercase(), rest.trim()),
            None => (lower, ""),
        };
        match word.as_str() {
            "note" => return self.note(rest, line, reader),
            "hide" | "show" => return self.hide(&word, rest, line, frame),
            "set" if rest.to_ascii_lowercase().contains("separator") => return Ok(()),
            _ => {}
        }
        if self.association(text, line)? {
            return Ok(());
        }
        if let Some(found) = links::read(text, self.family) {
            return self.link(&found, line);
        }
        match self.family {
            Family::Class => self.class_line(text, line, reader),
            Family::Description => self.description_line(text, line, reader),
            Family::State => self.state_line(text, line),
        }
    }

    fn parent(&self) -> Option<usize> {
        self.open.last().copied()
    }

    fn add(&mut self, name: &str, words: Words, shape: Shape) -> usize {
        self.nodes.push(Node {
            shape,
            words,
            stereotype: None,
            members: Vec::new(),
            color: None,
            parent: self.parent(),
        });
        let at = self.nodes.len() - 1;
        if !name.is_empty() {
            self.names.insert(name.to_owned(), Thing::Node(at));
        }
        at
    }

    fn contain(
        &mut self,
        words: Words,
        shape: Shape,
        color: Option<String>,
        line: &Line,
    ) -> Result<usize, Failure> {
        if self.open.len() >= DEEPEST {
            return Err(wrong(line.number, "it is nested too deeply"));
        }
        self.containers.push(Container {
            words,
            shape,
            color,
            parent: self.parent(),
            is_hidden: false,
            is_region: false,
            point: None,
            start: None,
            end: None,
        });
        let at = self.containers.len() - 1;
        self.open.push(at);
        Ok(at)
    }

    /// A class, or what holds classes.
    fn class_line(&mut self, text: &str, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        // Who sees a class may stand before its kind.
        let whole = text;
        let text = text.strip_prefix(['+', '~', '#', '-']).unwrap_or(text);
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (word, rest) = (word.to_ascii_lowercase(), rest.trim());
        let (letter, rest) = match word.as_str() {
            "class" => (Some('C'), rest),
            "interface" => (Some('I'), rest),
            "enum" => (Some('E'), rest),
            "annotation" => (Some('@'), rest),
            "entity" => (Some('E'), rest),
            "struct" => (Some('S'), rest),
            "exception" => (Some('X'), rest),
            "protocol" => (Some('P'), rest),
            "object" => (None, rest),
            "abstract" => {
                let rest = rest
                    .strip_prefix("class ")
                    .map_or(rest, |rest| rest.trim_start());
                (Some('A'), rest)
            }
            "package" | "namespace" => return self.container(Shape::Folder, rest, line),
            "diamond" => {
                let declared = Declared::read(rest, line)?;
                return self.describe(Shape::Choice, &declared, "", line);
            }
            _ => return self.member_line(whole, line),
        };
        let declared = Declared::read(rest, line)?;
        let mut shown = declared.shown.clone();
        if let Some(generic) = &declared.generic {
            shown.push_str(&format!("~<{generic}>"));
        }
        let mut words = words_of(&shown, SIZE, line)?;
        if word == "object" {
            words.underline();
        }
        if letter == Some('A') || letter == Some('I') {
            words.slant();
        }
        let at = match self.names.get(&declared.name) {
            Some(Thing::Node(at)) => {
                let at = *at;
                self.nodes[at].words = words;
                self.nodes[at].shape = Shape::Class(letter);
                if self.nodes[at].parent.is_none() {
                    self.nodes[at].parent = self.parent();
                }
                at
            }
            Some(Thing::Container(_)) => return Err(unknown(line)),
            None => self.add(&declared.name, words, Shape::Class(letter)),
        };
        self.nodes[at].color = declared.color.clone();
        if let Some(stereotype) = &declared.stereotype {
            self.nodes[at].stereotype = Some(words_of(stereotype, SMALL, line)?);
        }
        self.last = Some(Thing::Node(at));
        for (name, is_dashed) in &declared.parents {
            let parent = self.thing(&Reference::named(name), line)?;
            let way = Link::inherits(*is_dashed);
            self.lines.push(Connection {
                from: parent,
                to: Thing::Node(at),
                link: way,
                label: words_of("", SMALL, line)?,
                from_label: words_of("", SMALL, line)?,
                to_label: words_of("", SMALL, line)?,
            });
        }
        if declared.opens {
            self.members(at, line, reader)?;
        }
        Ok(())
    }

    /// The lines in the braces of a class.
    fn members(&mut self, at: usize, begun: &Line, reader: &mut Reader) -> Result<(), Failure> {
        loop {
            let Some(line) = reader.next() else {
                return Err(wrong(begun.number, "a `}` is missing"));
            };
            let text = line.text.trim();
            if text == "}" {
                return Ok(());
            }
            let member = Member::read(text, line)?;
            self.nodes[at].members.push(member);
        }
    }

    /// A member that is written beside the name of its class.
    fn member_line(&mut self, text: &str, line: &Line) -> Result<(), Failure> {
        let (name, member) = text.split_once(':').ok_or_else(|| unknown(line))?;
        let name = unquoted(name.trim());
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_.$".contains(letter));
        if !is_name || member.trim().is_empty() {
            return Err(unknown(line));
        }
        let Thing::Node(at) = self.thing(&Reference::named(name), line)? else {
            return Err(unknown(line));
        };
        let member = Member::read(member.trim(), line)?;
        self.nodes[at].members.push(member);
        Ok(())
    }

    /// A component, a use case and the like, or what holds them.
    fn description_line(
        &mut self,
        text: &str,
        line: &Line,
        reader: &mut Reader,
    ) -> Result<(), Failure> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if let Some(shape) = Shape::described(&word.to_ascii_lowercase()) {
            if rest.trim_end().ends_with('{') {
                return self.container(shape, rest.trim(), line);
            }
            let rest = rest.trim();
            if let Some(head) = rest.strip_suffix('[') {
                let declared = Declared::read(head.trim(), line)?;
                let shown = reader.until(line, |text| text == "]")?;
                return self.describe(shape, &declared, &shown, line);
            }
            let declared = Declared::read(rest, line)?;
            let shown = match shape {
                Shape::Choice => "",
                _ => declared.shown.as_str(),
            };
            return self.describe(shape, &declared, shown, line);
        }
        // In brackets of its shape.
        let (reference, rest) =
            links::reference(text, Family::Description).ok_or_else(|| unknown(line))?;
        let shape = reference.shape.ok_or_else(|| unknown(line))?;
        let mut declared = Declared {
            name: reference.name.clone(),
            shown: reference.name,
            ..Declared::default()
        };
        declared.rest(rest.trim(), line)?;
        if declared.opens || declared.generic.is_some() || !declared.parents.is_empty() {
            return Err(unknown(line));
        }
        let shown = declared.shown.clone();
        self.describe(shape, &declared, &shown, line)
    }

    fn describe(
        &mut self,
        shape: Shape,
        declared: &Declared,
        shown: &str,
        line: &Line,
    ) -> Result<(), Failure> {
        if declared.opens || declared.generic.is_some() || !declared.parents.is_empty() {
            return Err(unknown(line));
        }
        let at = self.node_of(declared, shown, shape, line)?;
        if let Some(stereotype) = &declared.stereotype {
            self.nodes[at].stereotype = Some(words_of(stereotype, SMALL, line)?);
        }
        self.last = Some(Thing::Node(at));
        Ok(())
    }

    /// The node of a name, made where it is new, with the words and looks that are declared now.
    fn node_of(
        &mut self,
        declared: &Declared,
        shown: &str,
        shape: Shape,
        line: &Line,
    ) -> Result<usize, Failure> {
        let words = words_of(shown, SIZE, line)?;
        let at = match self.names.get(&declared.name) {
            Some(Thing::Node(at)) => *at,
            Some(Thing::Container(_)) => return Err(unknown(line)),
            None => self.add(&declared.name, words.clone(), shape),
        };
        self.nodes[at].shape = shape;
        self.nodes[at].words = words;
        self.nodes[at].color = declared.color.clone();
        Ok(at)
    }

    fn container(&mut self, shape: Shape, rest: &str, line: &Line) -> Result<(), Failure> {
        let declared = match rest.trim_end_matches('{').trim() {
            "" if rest.ends_with('{') => Declared {
                opens: true,
                ..Declared::default()
            },
            _ => Declared::read(rest, line)?,
        };
        if !declared.opens || !declared.parents.is_empty() || declared.generic.is_some() {
            return Err(unknown(line));
        }
        // Its stereotype may say how it looks.
        let mut shape = shape;
        let mut shown = declared.shown.clone();
        if let Some(stereotype) = &declared.stereotype {
            let inside = stereotype
                .trim_matches(['\u{ab}', '\u{bb}'])
                .to_ascii_lowercase();
            match Shape::described(&inside).filter(|_| shape == Shape::Folder) {
                Some(said) => shape = said,
                None => shown = format!("{stereotype}\\n{shown}"),
            }
        }
        let mut words = words_of(&shown, SIZE, line)?;
        words.embolden();
        if let Some(Thing::Container(known)) = self.names.get(&declared.name).copied() {
            // It goes on.
            self.open.push(known);
            return Ok(());
        }
        if self.names.contains_key(&declared.name) {
            return Err(unknown(line));
        }
        let at = self.contain(words, shape, declared.color.clone(), line)?;
        if !declared.name.is_empty() {
            self.names.insert(declared.name, Thing::Container(at));
        }
        Ok(())
    }

    fn state_line(&mut self, text: &str, line: &Line) -> Result<(), Failure> {
        let rest = text
            .get(..6)
            .filter(|word| word.eq_ignore_ascii_case("state "))
            .map(|_| text[6..].trim());
        let Some(rest) = rest else {
            return self.state_words(text, line);
        };
        let (rest, said) = match split_words(rest) {
            Some((rest, said)) => (rest, Some(said)),
            None => (rest, None),
        };
        let declared = Declared::read(rest, line)?;
        if declared.generic.is_some() || !declared.parents.is_empty() {
            return Err(unknown(line));
        }
        let inside = declared.stereotype.as_ref().map(|stereotype| {
            stereotype
                .trim_matches(['\u{ab}', '\u{bb}'])
                .to_ascii_lowercase()
        });
        let shape = match inside.as_deref() {
            Some("choice") => Shape::Choice,
            Some("fork" | "join") => Shape::Bar,
            Some("start") => Shape::Start,
            Some("end") => Shape::End,
            None => Shape::State,
            Some(_) => return Err(unknown(line)),
        };
        if declared.opens {
            if shape != Shape::State || said.is_some() {
                return Err(unknown(line));
            }
            let mut words = words_of(&declared.shown, SIZE, line)?;
            words.embolden();
            let known = self.names.get(&declared.name).copied();
            let at = self.contain(words, Shape::State, declared.color.clone(), line)?;
            if let Some(Thing::Node(node)) = known {
                // It was named before it was opened.
                self.replace(node, at);
            } else if known.is_some() {
                return Err(unknown(line));
            }
            self.names.insert(declared.name, Thing::Container(at));
            return Ok(());
        }
        let shown = match shape {
            Shape::State => declared.shown.as_str(),
            _ => "",
        };
        let at = self.node_of(&declared, shown, shape, line)?;
        self.last = Some(Thing::Node(at));
        if let Some(said) = said {
            self.nodes[at].members.push(Member::read(said, line)?);
        }
        Ok(())
    }

    /// A container takes the place of a node, which is left as the point in it.
    fn replace(&mut self, node: usize, container: usize) {
        for line in &mut self.lines {
            for end in [&mut line.from, &mut line.to] {
                if *end == Thing::Node(node) {
                    *end = Thing::Container(container);
                }
            }
        }
        self.nodes[node].shape = Shape::Point;
        self.nodes[node].words.lines.clear();
        self.nodes[node].parent = Some(container);
        self.containers[container].point = Some(node);
    }

    /// A line that says more of a state.
    fn state_words(&mut self, text: &str, line: &Line) -> Result<(), Failure> {
        let (name, said) = text.split_once(':').ok_or_else(|| unknown(line))?;
        let name = name.trim();
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
        if !is_name {
            return Err(unknown(line));
        }
        let Thing::Node(at) = self.thing(&Reference::named(name), line)? else {
            return Err(unknown(line));
        };
        let said = said.trim();
        self.nodes[at].members.push(Member::plain(said, line)?);
        Ok(())
    }

    fn hide(
        &mut self,
        word: &str,
        rest: &str,
        line: &Line,
        frame: &mut Frame,
    ) -> Result<(), Failure> {
        let is_hidden = word == "hide";
        match (self.family, rest.to_ascii_lowercase().as_str()) {
            (Family::Class, "circle") => self.hides.letters = is_hidden,
            (Family::Class, "empty members") => {
                self.hides.empty_fields = is_hidden;
                self.hides.empty_methods = is_hidden;
            }
            (Family::Class, "empty fields" | "empty attributes") => {
                self.hides.empty_fields = is_hidden;
            }
            (Family::Class, "empty methods") => self.hides.empty_methods = is_hidden,
            (Family::Class, "members") => {
                self.hides.fields = is_hidden;
                self.hides.methods = is_hidden;
            }
            (Family::Class, "fields" | "attributes") => self.hides.fields = is_hidden,
            (Family::Class, "methods") => self.hides.methods = is_hidden,
            (_, "stereotype" | "stereotypes") => self.hides.stereotypes = is_hidden,
            (Family::State, "empty description") => {}
            (Family::Description, "empty members") | (_, "footbox") => frame.leave_out("hide"),
            _ => return Err(unknown(line)),
        }
        Ok(())
    }

    /// The thing of a name, which is one from now on.
    fn thing(&mut self, reference: &Reference, line: &Line) -> Result<Thing, Failure> {
        if reference.is_point {
            return Err(unknown(line));
        }
        if let Some(found) = self.names.get(&reference.name) {
            return Ok(*found);
        }
        let words = words_of(&reference.name, SIZE, line)?;
        let shape = reference.shape.unwrap_or(match self.family {
            Family::Class => Shape::Class(Some('C')),
            // Known only when everything is read.
            Family::Description => Shape::Point,
            Family::State => Shape::State,
        });
        let at = self.add(&reference.name, words, shape);
        Ok(Thing::Node(at))
    }

    /// Where a state begins or ends, one each in every container.
    fn point(&mut self, is_start: bool, line: &Line) -> Result<Thing, Failure> {
        let slot = |graph: &mut Self| -> Option<usize> {
            match (graph.parent(), is_start) {
                (Some(at), true) => graph.containers[at].start,
                (Some(at), false) => graph.containers[at].end,
                (None, true) => graph.start,
                (None, false) => graph.end,
            }
        };
        if let Some(known) = slot(self) {
            return Ok(Thing::Node(known));
        }
        let shape = if is_start { Shape::Start } else { Shape::End };
        let words = words_of("", SIZE, line)?;
        let made = self.add("", words, shape);
        match (self.parent(), is_start) {
            (Some(at), true) => self.containers[at].start = Some(made),
            (Some(at), false) => self.containers[at].end = Some(made),
            (None, true) => self.start = Some(made),
            (None, false) => self.end = Some(made),
        }
        Ok(Thing::Node(made))
    }

    fn link(&mut self, found: &Found, line: &Line) -> Result<(), Failure> {
        let from = match found.left.is_point {
            true => self.point(true, line)?,
            false => self.thing(&found.left, line)?,
        };
        let to = match found.right.is_point {
            true => self.point(false, line)?,
            false => self.thing(&found.right, line)?,
        };
        self.lines.push(Connection {
            from,
            to,
            link: found.link.clone(),
            label: words_of(&found.label, SMALL, line)?,
            from_label: words_of(&found.left_label, SMALL, line)?,
            to_label: words_of(&found.right_label, SMALL, line)?,
        });
        Ok(())
    }

    fn note(&mut self, rest: &str, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let note = |graph: &mut Self, name: &str, text: &str, color: Option<String>| {
            let words = words_of(text, SIZE, line)?;
            let at = graph.add(name, words, Shape::Note);
            graph.nodes[at].color = color;
            Ok(at)
        };
        let is_end = |text: &str| text == "end note" || text == "endnote";
        // With a name of its own.
        if rest.starts_with('"') || rest.to_ascii_lowercase().starts_with("as ") {
            let (text, rest) = match rest.starts_with('"') {
                true => {
                    let (text, rest) = quoted(rest).ok_or_else(|| unknown(line))?;
                    (Some(text), rest.trim())
                }
                false => (None, rest),
            };
            let name = rest
                .get(..3)
                .filter(|word| word.eq_ignore_ascii_case("as "))
                .map(|_| rest[3..].trim())
                .ok_or_else(|| unknown(line))?;
            let (name, color) = split_color(name);
            if name.is_empty() || name.contains(char::is_whitespace) {
                return Err(unknown(line));
            }
            let text = match text {
                Some(text) => text.to_owned(),
                None => reader.until(line, is_end)?,
            };
            note(self, name, &text, color)?;
            return Ok(());
        }
        let (place, said) = match split_words(rest) {
            Some((place, said)) => (place, Some(said)),
            None => (rest, None),
        };
        let (place, color) = split_color(place);
        let (side, rest) = match place.split_once(char::is_whitespace) {
            Some((side, rest)) => (side.to_ascii_lowercase(), rest.trim()),
            None => (place.to_ascii_lowercase(), ""),
        };
        let way = match side.as_str() {
            "left" => Way::Left,
            "right" => Way::Right,
            "top" => Way::Up,
            "bottom" => Way::Down,
            _ => return Err(unknown(line)),
        };
        let about = match rest.get(..3) {
            Some(of) if of.eq_ignore_ascii_case("of ") => {
                let name = rest[3..].trim();
                let (reference, after) =
                    links::reference(name, self.family).ok_or_else(|| unknown(line))?;
                if !after.trim().is_empty() {
                    return Err(unknown(line));
                }
                self.thing(&reference, line)?
            }
            _ if rest.is_empty() => self.last.ok_or_else(|| unknown(line))?,
            _ => return Err(unknown(line)),
        };
        let text = match said {
            Some(said) => said.to_owned(),
            None => reader.until(line, is_end)?,
        };
        let at = note(self, "", &text, color)?;
        let beside = match about {
            Thing::Node(node) => self.nodes[node].parent,
            Thing::Container(container) => self.containers[container].parent,
        };
        self.nodes[at].parent = beside;
        let none = words_of("", SMALL, line)?;
        self.lines.push(Connection {
            from: about,
            to: Thing::Node(at),
            link: Link::of_note(way),
            label: none.clone(),
            from_label: none.clone(),
            to_label: none,
        });
        Ok(())
    }

    /// Decides what is known only when everything is read.
    fn settle(&mut self) -> Result<(), Failure> {
        let is_use_case = self
            .nodes
            .iter()
            .any(|node| matches!(node.shape, Shape::UseCase | Shape::Actor));
        if self.family == Family::Description {
            for node in &mut self.nodes {
                if node.shape == Shape::Point {
                    node.shape = match is_use_case {
                        true => Shape::Actor,
                        false => Shape::Circle,
                    };
                }
            }
        }
        let none = Words::read("", &super::words::plain(SIZE)).map_err(Failure::new)?;
        for at in 0..self.containers.len() {
            let is_end = self
                .lines
                .iter()
                .any(|line| line.from == Thing::Container(at) || line.to == Thing::Container(at));
            let is_empty = !self.nodes.iter().any(|node| node.parent == Some(at))
                && !self.containers.iter().any(|inner| inner.parent == Some(at));
            if (is_end || is_empty) && self.containers[at].point.is_none() {
                self.nodes.push(Node {
                    shape: Shape::Point,
                    words: none.clone(),
                    stereotype: None,
                    members: Vec::new(),
                    color: None,
                    parent: Some(at),
                });
                self.containers[at].point = Some(self.nodes.len() - 1);
            }
        }
        Ok(())
    }
}

/// A color at the end of a text.
fn split_color(text: &str) -> (&str, Option<String>) {
    match text.rsplit_once(char::is_whitespace) {
        Some((rest, color)) if color.starts_with('#') => (rest.trim(), colors::of(color)),
        _ => (text.trim(), None),
    }
}

/// The text after a colon that is in no quotes and no name.
fn split_words(text: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let bytes = text.as_bytes();
    for (at, letter) in text.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            // Two of them are part of a name.
            ':' if !is_quoted
                && bytes.get(at + 1) != Some(&b':')
                && (at == 0 || bytes[at - 1] != b':') =>
            {
                return Some((text[..at].trim(), text[at + 1..].trim()));
            }
            _ => {}
        }
    }
    None
}
