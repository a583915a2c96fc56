//! Sequence diagrams: who says what to whom, one after the other.

mod arrow;
mod layout;

use super::super::Failure;
use super::super::canvas::Canvas;
use super::colors;
use super::frame::{Frame, NoteShape, Reader, quoted, unquoted, words_of};
use super::lines::{Line, unknown, wrong};
use super::words::{SIZE, Words};
use arrow::{Arrow, End, message};

/// Participants, and things that happen between them.
const MOST_PARTICIPANTS: usize = 200;
const MOST_EVENTS: usize = 5_000;
/// How deep groups may be in one another.
const DEEPEST: usize = 50;

/// What a participant looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Participant,
    Actor,
    Boundary,
    Control,
    Entity,
    Database,
    Collections,
    Queue,
}

impl Shape {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "participant" => Self::Participant,
            "actor" => Self::Actor,
            "boundary" => Self::Boundary,
            "control" => Self::Control,
            "entity" => Self::Entity,
            "database" => Self::Database,
            "collections" => Self::Collections,
            "queue" => Self::Queue,
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct Participant {
    code: String,
    words: Words,
    shape: Shape,
    color: Option<String>,
    order: i64,
    /// The box that it stands in.
    frame: Option<usize>,
}

/// A frame around participants.
#[derive(Debug)]
struct Around {
    title: Words,
    color: Option<String>,
}

/// The participant at the other end of a line, or the edge of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Of(usize),
    LeftEdge,
    RightEdge,
    /// Beside the other one.
    Near,
}

#[derive(Debug)]
struct Message {
    from: Place,
    to: Place,
    arrow: Arrow,
    words: Words,
    notes: Vec<Note>,
    /// It makes the one it comes to.
    creates: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Beside {
    Left(usize),
    Right(usize),
    /// Over all from the first to the last.
    Over(usize, usize),
    Across,
    /// To the left or right of the message.
    MessageLeft,
    MessageRight,
}

#[derive(Debug)]
struct Note {
    beside: Beside,
    words: Words,
    shape: NoteShape,
    color: Option<String>,
}

#[derive(Debug)]
enum Event {
    Message(Message),
    Note(Note),
    Reference(usize, usize, Words),
    GroupStart(String, Words, Option<String>),
    Else(Words, Option<String>),
    GroupEnd,
    Divider(Words),
    Delay(Words),
    Space(f64),
    Activate(usize, Option<String>),
    Deactivate(usize),
    Destroy(usize),
    NewPage(Words),
}

#[derive(Debug)]
struct Numbers {
    is_on: bool,
    /// All but the last, as they are written.
    before: String,
    next: u64,
    step: u64,
    format: Option<String>,
}

#[derive(Debug)]
struct Parser {
    participants: Vec<Participant>,
    frames: Vec<Around>,
    open_frame: Option<usize>,
    events: Vec<Event>,
    groups: usize,
    numbers: Numbers,
    /// Who is active, and who called them.
    calls: Vec<(usize, Option<usize>)>,
    activates_itself: bool,
    has_foot: bool,
    /// The participant that the next message makes.
    created: Option<usize>,
    hides_unlinked: bool,
}

pub(super) fn draw(reader: &mut Reader, frame: &mut Frame) -> Result<Canvas, Failure> {
    let mut parser = Parser {
        participants: Vec::new(),
        frames: Vec::new(),
        open_frame: None,
        events: Vec::new(),
        groups: 0,
        numbers: Numbers {
            is_on: false,
            before: String::new(),
            next: 1,
            step: 1,
            format: None,
        },
        calls: Vec::new(),
        activates_itself: false,
        has_foot: true,
        created: None,
        hides_unlinked: false,
    };
    while let Some(line) = reader.next() {
        if parser.participants.len() > MOST_PARTICIPANTS || parser.events.len() > MOST_EVENTS {
            return Err(wrong(line.number, "it has too much in it for a picture"));
        }
        if !frame.take(line, reader)? {
            parser.line(line, reader)?;
        }
    }
    if parser.participants.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    parser.in_order();
    Ok(layout::draw(&parser))
}

impl Parser {
    fn line(&mut self, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let text = line.text.trim();
        let lower = text.to_ascii_lowercase();
        if self.sign(text, line)? {
            return Ok(());
        }
        let (word, rest) = match text.split_once(|letter: char| letter.is_whitespace()) {
            Some((word, rest)) => (word.to_ascii_lowercase(), rest.trim()),
            None => (lower, ""),
        };
        // A message may come from somebody who is called like a command.
        if let Some(found) = message(text) {
            return self.message(found, line);
        }
        if let Some(shape) = Shape::of(&word) {
            return self.declare(shape, rest, line, reader).map(|_| ());
        }
        match word.as_str() {
            "create" => {
                let (next, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let known = self.participants.iter().position(|one| one.code == rest);
                let made = match (Shape::of(next), known) {
                    (Some(shape), _) => self.declare(shape, after.trim(), line, reader)?,
                    (None, Some(known)) => known,
                    (None, None) => self.declare(Shape::Participant, rest, line, reader)?,
                };
                self.created = Some(made);
            }
            "activate" => {
                let (name, color) = self.named(rest, line)?;
                self.activate(name, color);
            }
            "deactivate" => {
                let (name, _) = self.named(rest, line)?;
                self.deactivate(name);
            }
            "destroy" => {
                let (name, _) = self.named(rest, line)?;
                self.calls.retain(|(active, _)| *active != name);
                self.events.push(Event::Destroy(name));
            }
            "return" => self.returns(rest, line)?,
            "autoactivate" => match rest {
                "on" => self.activates_itself = true,
                "off" => self.activates_itself = false,
                _ => return Err(unknown(line)),
            },
            "autonumber" => self.number(rest).ok_or_else(|| unknown(line))?,
            "note" | "hnote" | "rnote" => self.note(&word, rest, line, reader)?,
            "ref" => self.reference(rest, line, reader)?,
            "alt" | "opt" | "loop" | "par" | "par2" | "break" | "critical" | "group" => {
                self.group(&word, rest, line)?;
            }
            "else" | "also" => {
                if self.groups == 0 {
                    return Err(unknown(line));
                }
                let (color, rest) = color_before(rest);
                let words = words_of(rest, 11.0, line)?;
                self.events.push(Event::Else(words, color));
            }
            "end" if rest.eq_ignore_ascii_case("box") => {
                self.open_frame.take().ok_or_else(|| unknown(line))?;
            }
            "endbox" if rest.is_empty() => {
                self.open_frame.take().ok_or_else(|| unknown(line))?;
            }
            "end" => {
                let is_end = rest.is_empty()
                    || ["alt", "opt", "loop", "par", "break", "critical", "group"].contains(&rest);
                if self.groups == 0 || !is_end {
                    return Err(unknown(line));
                }
                self.groups -= 1;
                self.events.push(Event::GroupEnd);
            }
            "box" if self.open_frame.is_none() => {
                let (rest, color) = color_behind(rest);
                let title = words_of(unquoted(rest), SIZE, line)?;
                self.open_frame = Some(self.frames.len());
                self.frames.push(Around { title, color });
            }
            "hide" => match rest.to_ascii_lowercase().as_str() {
                "footbox" => self.has_foot = false,
                "unlinked" => self.hides_unlinked = true,
                _ => return Err(unknown(line)),
            },
            "newpage" => {
                let words = words_of(rest, SIZE, line)?;
                self.events.push(Event::NewPage(words));
            }
            "ignore" if rest == "newpage" => {}
            _ => return Err(unknown(line)),
        }
        Ok(())
    }

    /// Reads lines that begin with a sign instead of a word.
    fn sign(&mut self, text: &str, line: &Line) -> Result<bool, Failure> {
        if text.len() > 3
            && let Some(inside) = text
                .strip_prefix("==")
                .and_then(|text| text.strip_suffix("=="))
        {
            let words = words_of(inside.trim(), SIZE, line)?;
            self.events.push(Event::Divider(words));
            return Ok(true);
        }
        if let Some(rest) = text.strip_prefix("...") {
            let words = rest.strip_suffix("...").unwrap_or(rest);
            let words = words_of(words.trim(), SIZE, line)?;
            self.events.push(Event::Delay(words));
            return Ok(true);
        }
        if let Some(inside) = text
            .strip_prefix("||")
            .and_then(|text| text.strip_suffix("||"))
        {
            let space: f64 = inside.parse().map_err(|_| unknown(line))?;
            self.events.push(Event::Space(space.clamp(0.0, 2_000.0)));
            return Ok(true);
        }
        if text == "|||" {
            self.events.push(Event::Space(25.0));
            return Ok(true);
        }
        Ok(false)
    }

    /// The participant of a name, who is one from now on.
    fn participant(&mut self, code: &str, line: &Line) -> Result<usize, Failure> {
        let found = self
            .participants
            .iter()
            .position(|known| known.code == code);
        if let Some(found) = found {
            return Ok(found);
        }
        let words = words_of(code, SIZE, line)?;
        Ok(self.add(code, words, Shape::Participant))
    }

    fn add(&mut self, code: &str, words: Words, shape: Shape) -> usize {
        self.participants.push(Participant {
            code: code.to_owned(),
            words,
            shape,
            color: None,
            order: 0,
            frame: self.open_frame,
        });
        self.participants.len() - 1
    }

    fn declare(
        &mut self,
        shape: Shape,
        rest: &str,
        line: &Line,
        reader: &mut Reader,
    ) -> Result<usize, Failure> {
        let mut rest = rest;
        let (first, first_quoted, after) = name(rest).ok_or_else(|| unknown(line))?;
        rest = after.trim_start();
        let (mut code, mut shown) = (first.clone(), first);
        let second = rest
            .get(..3)
            .filter(|word| word.eq_ignore_ascii_case("as "))
            .map(|_| rest[3..].trim_start());
        if let Some(second) = second {
            let (word, is_quoted, after) = name(second).ok_or_else(|| unknown(line))?;
            rest = after.trim_start();
            if is_quoted && !first_quoted {
                shown = word;
            } else {
                code = word;
            }
        }
        if rest == "[" {
            shown = reader.until(line, |text| text == "]")?;
            rest = "";
        }
        let mut stereotype = String::new();
        let (mut color, mut order) = (None, 0);
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix("<<") {
                let (inside, after) = inside.split_once(">>").ok_or_else(|| unknown(line))?;
                if inside.trim_start().starts_with(['(', '$']) {
                    return Err(unknown(line));
                }
                stereotype.push_str(&format!("\u{ab}{}\u{bb}\\n", inside.trim()));
                rest = after.trim_start();
            } else if rest.starts_with('#') {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                color = colors::of(&rest[..end]);
                rest = rest[end..].trim_start();
            } else if let Some(number) = rest.strip_prefix("order ") {
                let number = number.trim_start();
                let end = number.find(char::is_whitespace).unwrap_or(number.len());
                order = number[..end].parse().map_err(|_| unknown(line))?;
                rest = number[end..].trim_start();
            } else {
                return Err(unknown(line));
            }
        }
        let words = words_of(&format!("{stereotype}{shown}"), SIZE, line)?;
        let found = self
            .participants
            .iter()
            .position(|known| known.code == code);
        let at = match found {
            Some(at) => {
                self.participants[at].words = words;
                self.participants[at].shape = shape;
                at
            }
            None => self.add(&code, words, shape),
        };
        self.participants[at].color = color;
        self.participants[at].order = order;
        Ok(at)
    }

    /// A name that must be there, and a color after it.
    fn named(&mut self, rest: &str, line: &Line) -> Result<(usize, Option<String>), Failure> {
        let (code, _, after) = name(rest).ok_or_else(|| unknown(line))?;
        let (rest, color) = color_behind(after.trim());
        if !rest.is_empty() {
            return Err(unknown(line));
        }
        Ok((self.participant(&code, line)?, color))
    }

    fn activate(&mut self, who: usize, color: Option<String>) {
        let caller = match self.events.iter().rev().find_map(|event| match event {
            Event::Message(message) => Some(message),
            _ => None,
        }) {
            Some(Message {
                from: Place::Of(from),
                to: Place::Of(to),
                ..
            }) if *to == who => Some(*from),
            _ => None,
        };
        self.calls.push((who, caller));
        self.events.push(Event::Activate(who, color));
    }

    fn deactivate(&mut self, who: usize) {
        if let Some(at) = self.calls.iter().rposition(|(active, _)| *active == who) {
            self.calls.remove(at);
            self.events.push(Event::Deactivate(who));
        }
    }

    fn returns(&mut self, words: &str, line: &Line) -> Result<(), Failure> {
        let Some((who, caller)) = self.calls.last().copied() else {
            return Err(wrong(line.number, "`return`, but nobody is active"));
        };
        let to = caller.map_or(Place::LeftEdge, Place::Of);
        self.say(Place::Of(who), to, Arrow::answer(), words, line)?;
        self.deactivate(who);
        Ok(())
    }

    fn message(&mut self, found: arrow::Found, line: &Line) -> Result<(), Failure> {
        let from = self.end(&found.left, Place::LeftEdge, line)?;
        let to = self.end(&found.right, Place::RightEdge, line)?;
        let from_edge = !matches!(from, Place::Of(_));
        if from_edge && !matches!(to, Place::Of(_)) {
            return Err(unknown(line));
        }
        let mut arrow = found.arrow;
        let (from, to) = match arrow.is_backward() {
            true => {
                arrow = arrow.reversed();
                (to, from)
            }
            false => (from, to),
        };
        let calls = self.activates_itself && !arrow.stroke.is_dashed;
        let mut creates = self.created.is_some_and(|made| to == Place::Of(made));
        creates |= found.suffixes.contains(&arrow::Suffix::Create);
        self.say(from, to, arrow, &found.words, line)?;
        if creates {
            self.created = None;
            if let Some(Event::Message(message)) = self.events.last_mut() {
                message.creates = from != to;
            }
        }
        for suffix in &found.suffixes {
            match (suffix, from, to) {
                (arrow::Suffix::Activate(color), _, Place::Of(to)) => {
                    self.activate(to, color.clone());
                }
                (arrow::Suffix::Deactivate, Place::Of(from), _) => self.deactivate(from),
                (arrow::Suffix::Destroy, _, Place::Of(to)) => {
                    self.calls.retain(|(active, _)| *active != to);
                    self.events.push(Event::Destroy(to));
                }
                (arrow::Suffix::Create, _, Place::Of(_)) => {}
                _ => return Err(unknown(line)),
            }
        }
        if let (true, Place::Of(to)) = (calls && found.suffixes.is_empty(), to) {
            self.activate(to, None);
        }
        Ok(())
    }

    fn end(&mut self, end: &End, edge: Place, line: &Line) -> Result<Place, Failure> {
        Ok(match end {
            End::Edge => edge,
            End::Near => Place::Near,
            End::Name { code, shown } => {
                let is_new = !self.participants.iter().any(|known| known.code == *code);
                match (is_new, shown) {
                    (true, Some(shown)) => {
                        let words = words_of(shown, SIZE, line)?;
                        Place::Of(self.add(code, words, Shape::Participant))
                    }
                    _ => Place::Of(self.participant(code, line)?),
                }
            }
        })
    }

    /// Adds a message, with its number.
    fn say(
        &mut self,
        from: Place,
        to: Place,
        arrow: Arrow,
        words: &str,
        line: &Line,
    ) -> Result<(), Failure> {
        let words = match self.numbers.is_on {
            true => format!("{} {words}", self.numbers.take()),
            false => words.to_owned(),
        };
        let words = words_of(words.trim_end(), SIZE, line)?;
        self.events.push(Event::Message(Message {
            from,
            to,
            arrow,
            words,
            notes: Vec::new(),
            creates: false,
        }));
        Ok(())
    }

    fn number(&mut self, rest: &str) -> Option<()> {
        let (rest, format) = match rest.split_once('"') {
            Some((rest, format)) => (rest.trim(), Some(format.strip_suffix('"')?.to_owned())),
            None => (rest, None),
        };
        let mut words = rest.split_whitespace();
        let first = words.next();
        match first {
            Some("stop") => {
                self.numbers.is_on = false;
                return words.next().is_none().then_some(());
            }
            Some("resume") => {
                if let Some(step) = words.next() {
                    self.numbers.step = step.parse().ok()?;
                }
            }
            _ => {
                let start = first.unwrap_or("1");
                let split = start.rfind(|letter: char| !letter.is_ascii_digit());
                let (before, last) = start.split_at(split.map_or(0, |at| at + 1));
                let is_number = before
                    .chars()
                    .all(|letter| ".;,:".contains(letter) || letter.is_ascii_digit());
                if !is_number {
                    return None;
                }
                before.clone_into(&mut self.numbers.before);
                self.numbers.next = last.parse().ok()?;
                self.numbers.step = match words.next() {
                    Some(step) => step.parse().ok()?,
                    None => 1,
                };
                self.numbers.format = None;
            }
        }
        if format.is_some() {
            self.numbers.format = format;
        }
        self.numbers.is_on = true;
        words.next().is_none().then_some(())
    }

    fn note(
        &mut self,
        word: &str,
        rest: &str,
        line: &Line,
        reader: &mut Reader,
    ) -> Result<(), Failure> {
        let shape = match word {
            "hnote" => NoteShape::Hexagon,
            "rnote" => NoteShape::Rectangle,
            _ => NoteShape::Folded,
        };
        let (place, said) = match rest.split_once(':') {
            Some((place, said)) if place.matches('"').count() % 2 == 0 => {
                (place.trim(), Some(said.trim()))
            }
            _ => (rest, None),
        };
        let (place, color) = color_behind(place);
        let (side, names) = match place.split_once(char::is_whitespace) {
            Some((side, names)) => (side.to_ascii_lowercase(), names.trim()),
            None => (place.to_ascii_lowercase(), ""),
        };
        let names = match names.get(..3) {
            Some(of) if of.eq_ignore_ascii_case("of ") => names[3..].trim(),
            _ => names,
        };
        let mut found = Vec::new();
        let mut rest = names;
        while !rest.is_empty() {
            let (code, _, after) = name(rest).ok_or_else(|| unknown(line))?;
            found.push(self.participant(&code, line)?);
            let after = after.trim_start();
            rest = match after.strip_prefix(',') {
                Some(rest) => rest.trim_start(),
                None if after.is_empty() => after,
                None => return Err(unknown(line)),
            };
        }
        let beside = match (side.as_str(), found.as_slice()) {
            ("left", []) => Beside::MessageLeft,
            ("right", []) => Beside::MessageRight,
            ("left", [one]) => Beside::Left(*one),
            ("right", [one]) => Beside::Right(*one),
            ("across", []) => Beside::Across,
            ("over", [first, .., last]) => Beside::Over(*first, *last),
            ("over", [one]) => Beside::Over(*one, *one),
            _ => return Err(unknown(line)),
        };
        let text = match said {
            Some(said) => said.to_owned(),
            None => {
                let (joined, apart) = (format!("end{word}"), format!("end {word}"));
                reader.until(line, |text| {
                    text == joined || text == apart || text == "end note" || text == "endnote"
                })?
            }
        };
        let note = Note {
            words: words_of(&text, SIZE, line)?,
            beside,
            shape,
            color,
        };
        if matches!(note.beside, Beside::MessageLeft | Beside::MessageRight) {
            // Switching somebody on may stand between a message and its note.
            let message = self.events.iter_mut().rev().find_map(|event| match event {
                Event::Message(message) => Some(message),
                _ => None,
            });
            let message = message.ok_or_else(|| unknown(line))?;
            message.notes.push(note);
        } else {
            self.events.push(Event::Note(note));
        }
        Ok(())
    }

    fn reference(&mut self, rest: &str, line: &Line, reader: &mut Reader) -> Result<(), Failure> {
        let rest = rest.strip_prefix("over ").ok_or_else(|| unknown(line))?;
        let (names, said) = match rest.split_once(':') {
            Some((names, said)) => (names.trim(), Some(said.trim())),
            None => (rest.trim(), None),
        };
        let mut found = Vec::new();
        for code in names.split(',') {
            let (code, _, after) = name(code.trim()).ok_or_else(|| unknown(line))?;
            if !after.trim().is_empty() {
                return Err(unknown(line));
            }
            found.push(self.participant(&code, line)?);
        }
        let text = match said {
            Some(said) => said.to_owned(),
            None => reader.until(line, |text| text == "end ref" || text == "endref")?,
        };
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            return Err(unknown(line));
        };
        let words = words_of(&text, SIZE, line)?;
        self.events.push(Event::Reference(*first, *last, words));
        Ok(())
    }

    fn group(&mut self, word: &str, rest: &str, line: &Line) -> Result<(), Failure> {
        self.groups += 1;
        if self.groups > DEEPEST {
            return Err(wrong(line.number, "groups are too deep in one another"));
        }
        let (color, rest) = color_before(rest);
        let (kind, label) = match (word, rest) {
            ("group", "") => ("group".to_owned(), String::new()),
            // The name of the group, and after it what would stand beside it.
            ("group", rest) => match rest.split_once('[').filter(|_| rest.ends_with(']')) {
                Some((name, label)) => (
                    name.trim().to_owned(),
                    label.trim_end_matches(']').to_owned(),
                ),
                None => (rest.to_owned(), String::new()),
            },
            // Another way to lay out the same.
            ("par2", rest) => ("par".to_owned(), rest.to_owned()),
            (word, rest) => (word.to_owned(), rest.to_owned()),
        };
        let words = words_of(&label, 11.0, line)?;
        self.events.push(Event::GroupStart(kind, words, color));
        Ok(())
    }

    /// Puts the participants in the order that they ask for.
    fn in_order(&mut self) {
        let linked: Vec<bool> = (0..self.participants.len())
            .map(|at| self.events.iter().any(|event| event.touches(at)))
            .collect();
        let mut order: Vec<usize> = (0..self.participants.len())
            .filter(|at| !self.hides_unlinked || linked[*at])
            .collect();
        if order.is_empty() {
            order = (0..self.participants.len()).collect();
        }
        order.sort_by_key(|at| self.participants[*at].order);
        let mut place = vec![0; self.participants.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        let mut old: Vec<Option<Participant>> = std::mem::take(&mut self.participants)
            .into_iter()
            .map(Some)
            .collect();
        self.participants = order.iter().filter_map(|at| old[*at].take()).collect();
        for event in &mut self.events {
            event.renumber(&place);
        }
    }
}

impl Place {
    fn renumber(&mut self, place: &[usize]) {
        if let Self::Of(at) = self {
            *at = place[*at];
        }
    }
}

impl Note {
    fn renumber(&mut self, place: &[usize]) {
        match &mut self.beside {
            Beside::Left(at) | Beside::Right(at) => *at = place[*at],
            Beside::Over(first, last) => {
                let (one, other) = (place[*first], place[*last]);
                (*first, *last) = (one.min(other), one.max(other));
            }
            Beside::Across | Beside::MessageLeft | Beside::MessageRight => {}
        }
    }

    fn touches(&self, who: usize) -> bool {
        match self.beside {
            Beside::Left(at) | Beside::Right(at) => at == who,
            Beside::Over(first, last) => first == who || last == who,
            Beside::Across | Beside::MessageLeft | Beside::MessageRight => false,
        }
    }
}

impl Event {
    fn renumber(&mut self, place: &[usize]) {
        match self {
            Self::Message(message) => {
                message.from.renumber(place);
                message.to.renumber(place);
            }
            Self::Note(note) => note.renumber(place),
            Self::Reference(first, last, _) => {
                let (one, other) = (place[*first], place[*last]);
                (*first, *last) = (one.min(other), one.max(other));
            }
            Self::Activate(at, _) | Self::Deactivate(at) | Self::Destroy(at) => *at = place[*at],
            _ => {}
        }
    }

    fn touches(&self, who: usize) -> bool {
        match self {
            Self::Message(message) => {
                message.from == Place::Of(who) || message.to == Place::Of(who)
            }
            Self::Note(note) => note.touches(who),
            Self::Reference(first, last, _) => *first == who || *last == who,
            Self::Activate(at, _) | Self::Deactivate(at) | Self::Destroy(at) => *at == who,
            _ => false,
        }
    }
}

impl Numbers {
    /// The next number, as it is written.
    fn take(&mut self) -> String {
        let number = self.next;
        self.next = self.next.saturating_add(self.step);
        let Some(format) = &self.format else {
            return format!("<b>{}{number}</b>", self.before);
        };
        let is_digit = |letter: char| matches!(letter, '0' | '#');
        let Some(start) = format.find(is_digit) else {
            return format!("{format}{number}");
        };
        let length = format[start..]
            .chars()
            .take_while(|letter| is_digit(*letter))
            .count();
        let width = format[start..start + length].matches('0').count();
        format!(
            "{}{}{number:0>width$}{}",
            &format[..start],
            self.before,
            &format[start + length..]
        )
    }
}

/// A name in quotes or without, and what comes after it.
fn name(text: &str) -> Option<(String, bool, &str)> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        return (!name.is_empty()).then(|| (name.to_owned(), true, rest));
    }
    let end = text.find(|letter: char| letter.is_whitespace() || "\",<#".contains(letter));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (!name.is_empty()).then(|| (name.to_owned(), false, rest))
}

/// Colors at the beginning of a text; the last one counts.
fn color_before(text: &str) -> (Option<String>, &str) {
    let mut rest = text;
    let mut color = None;
    while rest.starts_with('#') {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let found = colors::of(&rest[..end]);
        if found.is_none() && !rest[..end].eq_ignore_ascii_case("#transparent") {
            break;
        }
        color = found;
        rest = rest[end..].trim_start();
    }
    (color, rest)
}

/// A color at the end of a text.
fn color_behind(text: &str) -> (&str, Option<String>) {
    match text.rfind('#') {
        Some(at) if at == 0 || text[..at].ends_with(char::is_whitespace) => {
            match colors::of(&text[at..]) {
                Some(color) if !text[at..].contains(char::is_whitespace) => {
                    (text[..at].trim_end(), Some(color))
                }
                _ => (text, None),
            }
        }
        _ => (text, None),
    }
}
