//! Where everything of a sequence diagram is, and how it looks.

use super::super::super::canvas::{
    Anchor, Canvas, Head as CanvasHead, HeadStyle, Paint, Point, ellipse, polyline,
};
use super::super::frame::{note, note_size};
use super::super::shapes::{barrel, filled, person, pipe, reach, rectangle, rounded, stroke};
use super::super::words::Words;
use super::arrow::{Arrow, Head, Mark};
use super::{Beside, Event, Message, Note, Parser, Participant, Place, Shape};

const LINE: &str = "#181818";
const HEAD_FILL: &str = "#E2E2F0";
/// Between the heads of neighbours.
const GAP: f64 = 20.0;
/// Around a name in its head.
const PAD: f64 = 7.0;
/// Half the width of the bar of somebody who is active, and how far each is beside the one below.
const BAR: f64 = 5.0;
/// How far a line goes that comes back to where it began.
const LOOP: f64 = 42.0;
const PAGES_APART: f64 = 20.0;
/// How far a line to nobody goes.
const SHORT: f64 = 30.0;

/// Draws all pages, one below the other.
pub(super) fn draw(parser: &Parser) -> Canvas {
    let mut whole = Canvas::new();
    let mut from = 0;
    let mut title = None;
    for at in 0..=parser.events.len() {
        let next = match parser.events.get(at) {
            Some(Event::NewPage(words)) => Some(words),
            Some(_) => continue,
            None => None,
        };
        let page = Page::new(parser, &parser.events[from..at]).draw(title);
        whole.put_below(page, PAGES_APART);
        title = next;
        from = at + 1;
    }
    whole
}

/// A group whose end has not come.
struct Group<'a> {
    kind: &'a str,
    label: &'a Words,
    color: Option<&'a str>,
    top: f64,
    /// Where its parts begin, what is said of them, and their color.
    parts: Vec<(f64, &'a Words, Option<&'a str>)>,
    left: f64,
    right: f64,
}

struct Page<'a> {
    parser: &'a Parser,
    events: &'a [Event],
    /// The middle of each participant.
    middles: Vec<f64>,
    /// What is behind, lines of life, bars, and what is before them.
    layers: [Canvas; 4],
    y: f64,
    /// Tops and colors of the bars of each that are not at their end.
    bars: Vec<Vec<(f64, Option<String>)>>,
    /// Where each line of life begins, and where it ended.
    begins: Vec<f64>,
    ends: Vec<Option<f64>>,
    groups: Vec<Group<'a>>,
    /// Where the last message was.
    last: f64,
    /// Where lines of life are left out.
    delays: Vec<(f64, f64)>,
}

fn head_size(participant: &Participant) -> (f64, f64) {
    let (width, height) = (participant.words.width(), participant.words.height());
    match participant.shape {
        Shape::Participant => (width + 2.0 * PAD, height + 2.0 * PAD),
        Shape::Queue => (width + 2.0 * PAD + 14.0, height + 2.0 * PAD),
        Shape::Collections => (width + 2.0 * PAD + 4.0, height + 2.0 * PAD + 4.0),
        Shape::Actor => (width.max(30.0), height + 62.0),
        _ => (width.max(40.0), height + 40.0),
    }
}

/// How wide a message and what is beside it is.
fn message_width(message: &Message) -> f64 {
    message.words.width() + 30.0
}

impl<'a> Page<'a> {
    fn new(parser: &'a Parser, events: &'a [Event]) -> Self {
        let count = parser.participants.len();
        Self {
            parser,
            events,
            middles: middles(parser),
            layers: [Canvas::new(), Canvas::new(), Canvas::new(), Canvas::new()],
            y: 0.0,
            bars: vec![Vec::new(); count],
            begins: vec![0.0; count],
            ends: vec![None; count],
            groups: Vec::new(),
            last: 0.0,
            delays: Vec::new(),
        }
    }

    fn draw(mut self, title: Option<&Words>) -> Canvas {
        let participants = &self.parser.participants;
        let made: Vec<bool> = (0..participants.len())
            .map(|at| {
                self.events.iter().any(|event| {
                    matches!(event, Event::Message(message)
                        if message.creates && message.to == Place::Of(at))
                })
            })
            .collect();
        let highest = |is_made: bool| {
            let heads = participants.iter().zip(&made);
            let heads = heads.filter(|(_, made)| is_made || !**made);
            heads.map(|(one, _)| head_size(one).1).fold(0.0, f64::max)
        };
        let highest = highest(false);
        if let Some(title) = title {
            let place = (self.middle(), -highest - title.height() - 12.0);
            title.draw(&mut self.layers[3], place, Anchor::Middle);
        }
        for at in 0..participants.len() {
            if !made[at] {
                let height = head_size(&participants[at]).1;
                self.head(at, -height);
            }
        }
        self.y = 12.0;
        self.last = 0.0;
        let events = self.events;
        for (at, event) in events.iter().enumerate() {
            self.event(event, &events[at + 1..]);
        }
        // PlantUML ends what has no end where the picture ends.
        while !self.groups.is_empty() {
            self.end_group();
        }
        self.y += 12.0;
        for at in 0..participants.len() {
            while !self.bars[at].is_empty() {
                let y = self.y - 6.0;
                self.end_bar(at, y);
            }
        }
        let end = self.y;
        for at in 0..participants.len() {
            let to = self.ends[at].unwrap_or(end);
            self.life(at, to);
        }
        let foot = match self.parser.has_foot {
            true => participants
                .iter()
                .map(|one| head_size(one).1)
                .fold(0.0, f64::max),
            false => 0.0,
        };
        if self.parser.has_foot {
            for at in 0..participants.len() {
                if self.ends[at].is_none() {
                    self.head(at, end);
                }
            }
        }
        self.frames(-highest, end + foot);
        let [mut whole, life, bars, front] = self.layers;
        for layer in [life, bars, front] {
            whole.put_over(&layer);
        }
        whole
    }

    /// The middle of the picture.
    fn middle(&self) -> f64 {
        let first = self.middles.first().copied().unwrap_or(0.0);
        let last = self.middles.last().copied().unwrap_or(0.0);
        (first + last) / 2.0
    }

    fn left_edge(&self) -> f64 {
        let first = &self.parser.participants[0];
        self.middles[0] - head_size(first).0 / 2.0
    }

    fn right_edge(&self) -> f64 {
        let at = self.middles.len() - 1;
        self.middles[at] + head_size(&self.parser.participants[at]).0 / 2.0
    }

    /// Draws the line of life of a participant.
    fn life(&mut self, at: usize, to: f64) {
        let x = self.middles[at];
        let mut from = self.begins[at];
        let paint = Paint {
            dashes: Some("5 5".to_owned()),
            ..stroke(LINE, 0.7)
        };
        let dotted = Paint {
            dashes: Some("1 4".to_owned()),
            ..stroke(LINE, 0.7)
        };
        for (start, end) in &self.delays {
            if *start >= from && *end <= to {
                self.layers[1].path(&polyline(&[(x, from), (x, *start)]), &paint);
                self.layers[1].path(&polyline(&[(x, *start), (x, *end)]), &dotted);
                from = *end;
            }
        }
        self.layers[1].path(&polyline(&[(x, from), (x, to)]), &paint);
        self.layers[1].reach((x, to));
    }

    /// Draws the boxes around participants.
    fn frames(&mut self, top: f64, bottom: f64) {
        let titles = self.parser.frames.iter().map(|frame| frame.title.height());
        let room = titles.fold(0.0, f64::max) + 6.0;
        for (number, frame) in self.parser.frames.iter().enumerate() {
            let inside = (0..self.middles.len())
                .filter(|at| self.parser.participants[*at].frame == Some(number));
            let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
            for at in inside {
                let half = head_size(&self.parser.participants[at]).0 / 2.0;
                left = left.min(self.middles[at] - half - 6.0);
                right = right.max(self.middles[at] + half + 6.0);
            }
            if left > right {
                continue;
            }
            let wider = (frame.title.width() + 8.0 - (right - left)).max(0.0) / 2.0;
            let place = (left - wider, top - room);
            let size = (right - left + 2.0 * wider, bottom - top + room + 4.0);
            let fill = frame.color.as_deref().unwrap_or("#DDDDDD");
            self.layers[0].path(&rectangle(place, size), &filled(fill, LINE));
            reach(&mut self.layers[0], place, size);
            let middle = (left + right) / 2.0;
            let title = &frame.title;
            title.draw(
                &mut self.layers[0],
                (middle, top - room + 2.0),
                Anchor::Middle,
            );
        }
    }

    /// Draws the head of a participant whose top is at a height.
    fn head(&mut self, at: usize, top: f64) {
        let participant = &self.parser.participants[at];
        let x = self.middles[at];
        let (width, height) = head_size(participant);
        let fill = participant.color.as_deref().unwrap_or(HEAD_FILL);
        let paint = filled(fill, LINE);
        let canvas = &mut self.layers[3];
        let left = x - width / 2.0;
        reach(canvas, (left, top), (width, height));
        let words = &participant.words;
        let below = (x, top + height - words.height());
        match participant.shape {
            Shape::Participant => {
                canvas.path(
                    &rounded((left, top + 1.0), (width, height - 2.0), 3.0),
                    &paint,
                );
                words.draw(canvas, (x, top + PAD), Anchor::Middle);
            }
            Shape::Collections => {
                let size = (width - 4.0, height - 5.0);
                canvas.path(&rectangle((left + 4.0, top), size), &paint);
                canvas.path(&rectangle((left, top + 4.0), size), &paint);
                words.draw(canvas, (x - 2.0, top + PAD + 3.0), Anchor::Middle);
            }
            Shape::Queue => {
                canvas.path(&pipe((left, top + 1.0), (width, height - 2.0)), &paint);
                let (right, middle) = (left + width - 7.0, top + height / 2.0);
                let rim = format!(
                    "M{right} {}A7 {} 0 0 0 {right} {}",
                    top + 1.0,
                    height / 2.0 - 1.0,
                    top + height - 1.0
                );
                canvas.path(&rim, &stroke(LINE, 1.0));
                words.draw(
                    canvas,
                    (x - 4.0, middle - words.height() / 2.0),
                    Anchor::Middle,
                );
            }
            Shape::Actor => {
                person(canvas, (x, top + 2.0), &paint);
                words.draw(canvas, below, Anchor::Middle);
            }
            Shape::Boundary | Shape::Control | Shape::Entity => {
                let middle = (x, top + 20.0);
                canvas.path(&ellipse(middle, 12.0, 12.0), &paint);
                let line = stroke(LINE, 1.0);
                match participant.shape {
                    Shape::Boundary => {
                        let path = format!(
                            "M{} {}V{}M{} {}H{}",
                            x - 24.0,
                            top + 8.0,
                            top + 32.0,
                            x - 24.0,
                            top + 20.0,
                            x - 12.0
                        );
                        canvas.path(&path, &line);
                    }
                    Shape::Control => {
                        let points = [
                            (x + 5.0, top + 3.0),
                            (x - 2.0, top + 8.0),
                            (x + 5.0, top + 13.0),
                        ];
                        canvas.path(&polyline(&points), &line);
                    }
                    _ => {
                        let foot = [(x - 12.0, top + 33.0), (x + 12.0, top + 33.0)];
                        canvas.path(&polyline(&foot), &line);
                    }
                }
                words.draw(canvas, below, Anchor::Middle);
            }
            Shape::Database => {
                canvas.path(&barrel((x - 18.0, top + 2.0), (36.0, 34.0)), &paint);
                let rim = format!(
                    "M{} {}A18 6 0 0 0 {} {}",
                    x - 18.0,
                    top + 8.0,
                    x + 18.0,
                    top + 8.0
                );
                canvas.path(&rim, &stroke(LINE, 1.0));
                words.draw(canvas, below, Anchor::Middle);
            }
        }
    }

    fn event(&mut self, event: &'a Event, after: &[Event]) {
        match event {
            Event::Message(message) => self.message(message, after),
            Event::Note(note) => self.note(note),
            Event::Reference(first, last, words) => self.reference(*first, *last, words),
            Event::GroupStart(kind, label, color) => {
                self.y += 8.0;
                self.groups.push(Group {
                    kind,
                    label,
                    color: color.as_deref(),
                    top: self.y,
                    parts: Vec::new(),
                    left: f64::INFINITY,
                    right: f64::NEG_INFINITY,
                });
                self.y += label.height().max(18.0) + 10.0;
                self.last = self.y;
            }
            Event::Else(words, color) => {
                self.y += 6.0;
                let y = self.y;
                if let Some(group) = self.groups.last_mut() {
                    group.parts.push((y, words, color.as_deref()));
                }
                self.y += words.height() + 8.0;
                self.last = self.y;
            }
            Event::GroupEnd => self.end_group(),
            Event::Divider(words) => {
                let (left, right) = (self.left_edge(), self.right_edge());
                let (left, right) = self.widest(left, right);
                let height = words.height() + 8.0;
                self.y += 8.0;
                let middle = self.y + height / 2.0;
                let lines = stroke(LINE, 1.0);
                for y in [middle - 1.5, middle + 1.5] {
                    self.layers[3].path(&polyline(&[(left, y), (right, y)]), &lines);
                }
                let width = words.width() + 16.0;
                let place = (self.middle() - width / 2.0, self.y);
                self.layers[3].path(&rectangle(place, (width, height)), &filled("#EEEEEE", LINE));
                reach(&mut self.layers[3], place, (width, height));
                let place = (self.middle(), self.y + 4.0);
                words.draw(&mut self.layers[3], place, Anchor::Middle);
                self.cover(place.0 - width / 2.0, place.0 + width / 2.0);
                self.y += height + 8.0;
                self.last = self.y;
            }
            Event::Delay(words) => {
                let start = self.y;
                self.y += 8.0;
                if !words.is_empty() {
                    let place = (self.middle(), self.y);
                    words.draw(&mut self.layers[3], place, Anchor::Middle);
                    self.y += words.height();
                }
                self.y += 12.0;
                self.delays.push((start, self.y));
                self.last = self.y;
            }
            Event::Space(height) => {
                self.y += height;
                self.last = self.y;
            }
            Event::Activate(at, color) => {
                let y = self.last;
                self.bars[*at].push((y, color.clone()));
            }
            Event::Deactivate(at) => {
                let y = self.last;
                self.end_bar(*at, y);
            }
            Event::Destroy(at) => {
                let y = self.last;
                while !self.bars[*at].is_empty() {
                    self.end_bar(*at, y);
                }
                let x = self.middles[*at];
                let cross = stroke("#A80036", 2.0);
                let one = polyline(&[(x - 9.0, y - 9.0), (x + 9.0, y + 9.0)]);
                let other = polyline(&[(x + 9.0, y - 9.0), (x - 9.0, y + 9.0)]);
                self.layers[3].path(&format!("{one}{other}"), &cross);
                reach(&mut self.layers[3], (x - 9.0, y - 9.0), (18.0, 18.0));
                self.ends[*at] = Some(y);
                self.y = self.y.max(y + 12.0);
            }
            Event::NewPage(_) => {}
        }
    }

    /// Makes the groups that are open as wide as what is in them.
    fn cover(&mut self, left: f64, right: f64) {
        for group in &mut self.groups {
            group.left = group.left.min(left);
            group.right = group.right.max(right);
        }
    }

    /// How far what is drawn until now reaches.
    fn widest(&self, left: f64, right: f64) -> (f64, f64) {
        let bounds = self.layers[3].bounds();
        bounds.map_or((left, right), |(from, _, to, _)| {
            (left.min(from), right.max(to))
        })
    }

    fn end_bar(&mut self, at: usize, y: f64) {
        let Some((top, color)) = self.bars[at].pop() else {
            return;
        };
        let left = self.middles[at] - BAR + BAR * self.bars[at].len() as f64;
        let fill = color.as_deref().unwrap_or("#FFFFFF");
        let size = (2.0 * BAR, (y - top).max(4.0));
        // A bar inside of another is drawn before it, and has to be seen.
        let behind = std::mem::replace(&mut self.layers[2], Canvas::new());
        let mut bar = Canvas::new();
        bar.path(&rectangle((left, top), size), &filled(fill, LINE));
        reach(&mut bar, (left, top), size);
        bar.put_over(&behind);
        self.layers[2] = bar;
    }

    /// Where a line ends at a participant that has this many bars, on the side of another place.
    fn side(&self, at: usize, bars: usize, is_right: bool) -> f64 {
        let x = self.middles[at];
        match (bars, is_right) {
            (0, _) => x,
            (bars, true) => x + BAR * bars as f64,
            (_, false) => x - BAR,
        }
    }

    fn message(&mut self, message: &'a Message, after: &[Event]) {
        let words = &message.words;
        let rows = words.height();
        let notes = message.notes.iter().map(|one| note_size(&one.words).1);
        let notes = notes.fold(0.0, f64::max);
        let is_self = message.from == message.to;
        let own = rows + if is_self { 22.0 } else { 10.0 };
        let block = own.max(notes);
        let top = self.y + (block - own) / 2.0;
        let line = top + rows + 3.0;
        // Whoever is switched on by it is so where it ends.
        let on = |who: usize| {
            let following = after.iter().take_while(|event| {
                matches!(
                    event,
                    Event::Activate(..) | Event::Deactivate(_) | Event::Destroy(_)
                )
            });
            following
                .filter(|event| matches!(event, Event::Activate(at, _) if *at == who))
                .count()
        };
        let (left, right) = if is_self {
            let Place::Of(at) = message.from else {
                return;
            };
            self.message_to_itself(message, at, on(at), top, line)
        } else {
            self.across(message, on, line)
        };
        let mut reaches = (left, right);
        // Bars that begin here are beside the line.
        let bars = [message.from, message.to]
            .into_iter()
            .filter_map(|place| match place {
                Place::Of(at) => Some(self.side(at, self.bars[at].len() + on(at), true)),
                _ => None,
            });
        let right = bars.fold(right, f64::max);
        for one in &message.notes {
            let size = note_size(&one.words);
            let x = match one.beside {
                Beside::MessageLeft => left - size.0 - 6.0,
                _ => right + 6.0,
            };
            let y = self.y + (block - size.1) / 2.0;
            let color = one.color.as_deref();
            note(
                &mut self.layers[3],
                &one.words,
                (x, y),
                size,
                one.shape,
                color,
            );
            reaches = (reaches.0.min(x), reaches.1.max(x + size.0));
        }
        self.cover(reaches.0, reaches.1);
        self.y = (self.y + block).max(self.last + 4.0) + 6.0;
    }

    /// Draws a message between two places. Gives how far it reaches.
    fn across(&mut self, message: &Message, on: impl Fn(usize) -> usize, line: f64) -> (f64, f64) {
        let x_of = |place: Place| match place {
            Place::Of(at) => Some(self.middles[at]),
            _ => None,
        };
        let width = message_width(message);
        let (from, to) = (x_of(message.from), x_of(message.to));
        let (left, right) = self.widest(self.left_edge(), self.right_edge());
        // The end that is nobody's is on the side that its sign says.
        let loose = |place: Place, other: f64, is_start: bool| match place {
            Place::LeftEdge => left.min(other - width),
            Place::RightEdge => right.max(other + width),
            _ if is_start => other - SHORT.max(width),
            _ => other + SHORT.max(width),
        };
        let from_x = from.unwrap_or_else(|| loose(message.from, to.unwrap_or(0.0), true));
        let to_x = to.unwrap_or_else(|| loose(message.to, from.unwrap_or(0.0), false));
        let goes_right = to_x >= from_x;
        let mut line = line;
        let start = match message.from {
            Place::Of(at) => self.side(at, self.bars[at].len(), goes_right),
            _ => from_x,
        };
        let end = match message.to {
            Place::Of(at) if message.creates => {
                let (width, height) = head_size(&self.parser.participants[at]);
                let head_top = line - height / 2.0;
                // What is made must not begin above what was before it.
                let lower = (self.y - head_top).max(0.0);
                line += lower;
                self.head(at, head_top + lower);
                self.begins[at] = head_top + lower + height;
                match goes_right {
                    true => self.middles[at] - width / 2.0,
                    false => self.middles[at] + width / 2.0,
                }
            }
            Place::Of(at) => self.side(at, self.bars[at].len() + on(at), !goes_right),
            _ => to_x,
        };
        if let (Place::Of(at), true) = (message.to, message.creates) {
            self.last = self.begins[at];
        } else {
            self.last = line;
        }
        let top = line - message.words.height() - 3.0;
        self.arrow((start, line), (end, line), &message.arrow);
        let text = start.min(end) + 10.0;
        message
            .words
            .draw(&mut self.layers[3], (text, top), Anchor::Start);
        let reaches = (
            start.min(end),
            start.max(end).max(text + message.words.width()),
        );
        (reaches.0 - 2.0, reaches.1 + 2.0)
    }

    fn message_to_itself(
        &mut self,
        message: &Message,
        at: usize,
        on: usize,
        top: f64,
        line: f64,
    ) -> (f64, f64) {
        let before = self.bars[at].len();
        let start = self.side(at, before, true);
        let end = self.side(at, before + on, true);
        let far = start.max(end) + LOOP;
        let below = line + 13.0;
        let paint = arrow_paint(&message.arrow);
        if !message.arrow.stroke.is_hidden {
            let points = [(start, line), (far, line), (far, below), (end + 1.0, below)];
            self.layers[3].path(&polyline(&points), &paint);
            let canvas = &mut self.layers[3];
            head(
                canvas,
                (end, below),
                (far, below),
                message.arrow.end,
                &paint,
            );
            head(
                canvas,
                (start, line),
                (far, line),
                message.arrow.start,
                &paint,
            );
        }
        message
            .words
            .draw(&mut self.layers[3], (start + 6.0, top), Anchor::Start);
        self.last = below;
        let right = far.max(start + 6.0 + message.words.width());
        (self.middles[at] - BAR, right)
    }

    fn arrow(&mut self, start: Point, end: Point, arrow: &Arrow) {
        if arrow.stroke.is_hidden {
            return;
        }
        let paint = arrow_paint(arrow);
        let canvas = &mut self.layers[3];
        let to = head(canvas, end, start, arrow.end, &paint);
        let from = head(canvas, start, end, arrow.start, &paint);
        canvas.path(&polyline(&[from, to]), &paint);
        canvas.reach(start);
        canvas.reach(end);
    }

    fn note(&mut self, one: &Note) {
        let (width, height) = note_size(&one.words);
        let (x, width) = match one.beside {
            Beside::Left(at) => (self.middles[at] - BAR - 6.0 - width, width),
            Beside::Right(at) => {
                let bars = self.bars[at].len();
                (self.side(at, bars, true) + 6.0, width)
            }
            Beside::Over(first, last) => {
                let middle = (self.middles[first] + self.middles[last]) / 2.0;
                let least = match first == last {
                    true => 0.0,
                    false => self.middles[last] - self.middles[first] + 30.0,
                };
                let width = width.max(least);
                (middle - width / 2.0, width)
            }
            _ => {
                let (left, right) = (self.left_edge(), self.right_edge());
                let width = width.max(right - left);
                (self.middle() - width / 2.0, width)
            }
        };
        let place = (x, self.y);
        let color = one.color.as_deref();
        note(
            &mut self.layers[3],
            &one.words,
            place,
            (width, height),
            one.shape,
            color,
        );
        self.cover(x, x + width);
        self.y += height + 8.0;
        self.last = self.y;
    }

    fn reference(&mut self, first: usize, last: usize, words: &Words) {
        let half = |at: usize| head_size(&self.parser.participants[at]).0 / 2.0;
        let left = self.middles[first] - half(first);
        let right = self.middles[last] + half(last);
        let wider = (words.width() + 20.0 - (right - left)).max(0.0) / 2.0;
        let (left, right) = (left - wider, right + wider);
        let size = (right - left, words.height() + 28.0);
        let place = (left, self.y);
        self.layers[3].path(&rectangle(place, size), &filled("#FFFFFF", LINE));
        reach(&mut self.layers[3], place, size);
        self.tab("ref", place);
        let at = ((left + right) / 2.0, self.y + 23.0);
        words.draw(&mut self.layers[3], at, Anchor::Middle);
        self.cover(left, right);
        self.y += size.1 + 8.0;
        self.last = self.y;
    }

    /// Draws the word in the corner of a frame. Gives its width.
    fn tab(&mut self, word: &str, (left, top): Point) -> f64 {
        let font = super::super::words::plain(12.0);
        let mut words = Words::verbatim(word, &font);
        words.embolden();
        let (width, height) = (words.width() + 18.0, words.height() + 3.0);
        let points = [
            (left, top),
            (left + width, top),
            (left + width, top + height - 7.0),
            (left + width - 7.0, top + height),
            (left, top + height),
        ];
        let mut path = polyline(&points);
        path.push('Z');
        self.layers[3].path(&path, &filled("#EEEEEE", LINE));
        words.draw(&mut self.layers[3], (left + 6.0, top + 1.0), Anchor::Start);
        width
    }

    fn end_group(&mut self) {
        let Some(mut group) = self.groups.pop() else {
            return;
        };
        if group.left > group.right {
            (group.left, group.right) = (self.left_edge(), self.left_edge() + 60.0);
        }
        let (left, mut right) = (group.left - 12.0, group.right + 12.0);
        let bottom = self.y + 2.0;
        let tab = self.tab(group.kind, (left, group.top));
        let label = match group.label.is_empty() {
            true => 0.0,
            false => group.label.width() + 22.0,
        };
        right = right.max(left + tab + label + 8.0);
        let parts = group.parts.iter().map(|(_, words, _)| words.width() + 24.0);
        right = right.max(left + parts.fold(0.0, f64::max));
        if !group.label.is_empty() {
            let place = (left + tab + 8.0, group.top + 2.0);
            bracketed(&mut self.layers[3], group.label, place);
        }
        let ends = group.parts.iter().map(|(y, _, _)| *y).chain([bottom]);
        let starts = [(group.top, group.color)]
            .into_iter()
            .chain(group.parts.iter().map(|(y, _, color)| (*y, *color)));
        let mut fills = Canvas::new();
        for ((from, color), to) in starts.zip(ends) {
            if let Some(color) = color {
                let size = (right - left, to - from);
                fills.path(&rectangle((left, from), size), &filled(color, color));
                reach(&mut fills, (left, from), size);
            }
        }
        // A group within it is drawn before it, and has to be seen.
        fills.put_over(&std::mem::replace(&mut self.layers[0], Canvas::new()));
        self.layers[0] = fills;
        for (y, words, _) in &group.parts {
            let dashes = Paint {
                dashes: Some("4 3".to_owned()),
                ..stroke(LINE, 1.0)
            };
            self.layers[3].path(&polyline(&[(left, *y), (right, *y)]), &dashes);
            bracketed(&mut self.layers[3], words, (left + 6.0, y + 2.0));
        }
        let size = (right - left, bottom - group.top);
        let frame = stroke(LINE, 1.2);
        self.layers[3].path(&rectangle((left, group.top), size), &frame);
        reach(&mut self.layers[3], (left, group.top), size);
        self.cover(left, right);
        self.y = bottom + 8.0;
        self.last = self.y;
    }
}

/// Draws what a part of a group is for, in brackets.
fn bracketed(canvas: &mut Canvas, words: &Words, (x, y): Point) {
    if words.is_empty() {
        return;
    }
    let font = super::super::words::plain(11.0);
    let (open, close) = (Words::verbatim("[", &font), Words::verbatim("]", &font));
    open.draw(canvas, (x, y), Anchor::Start);
    let mut bold = words.clone();
    bold.embolden();
    bold.draw(canvas, (x + open.width(), y), Anchor::Start);
    let end = (
        x + open.width() + bold.width(),
        y + bold.height() - close.height(),
    );
    close.draw(canvas, end, Anchor::Start);
}

fn arrow_paint(arrow: &Arrow) -> Paint {
    let dashes = match (arrow.stroke.is_dotted, arrow.stroke.is_dashed) {
        (true, _) => Some("1 3".to_owned()),
        (_, true) => Some("4 3".to_owned()),
        _ => None,
    };
    Paint {
        dashes,
        ..stroke(
            arrow.stroke.color.as_deref().unwrap_or(LINE),
            if arrow.stroke.is_bold { 2.0 } else { 1.0 },
        )
    }
}

/// Draws the end of an arrow. Gives where its line ends.
fn head(
    canvas: &mut Canvas,
    end: Point,
    from: Point,
    (kind, mark): (Head, Mark),
    paint: &Paint,
) -> Point {
    let way = if end.0 >= from.0 { 1.0 } else { -1.0 };
    let solid = Paint {
        dashes: None,
        ..paint.clone()
    };
    let mut tip = end;
    match mark {
        Mark::None => {}
        Mark::Circle => {
            let middle = (tip.0 - way * 4.0, tip.1);
            let ring = Paint {
                fill: Some("#FFFFFF".to_owned()),
                ..solid.clone()
            };
            canvas.path(&ellipse(middle, 4.0, 4.0), &ring);
            tip.0 -= way * 8.0;
        }
        Mark::Cross => {
            let middle = (tip.0 - way * 8.0, tip.1);
            let one = polyline(&[
                (middle.0 - 5.0, middle.1 - 5.0),
                (middle.0 + 5.0, middle.1 + 5.0),
            ]);
            let other = polyline(&[
                (middle.0 - 5.0, middle.1 + 5.0),
                (middle.0 + 5.0, middle.1 - 5.0),
            ]);
            canvas.path(
                &format!("{one}{other}"),
                &Paint {
                    width: 2.0,
                    ..solid
                },
            );
            return (tip.0 - way * 8.0, tip.1);
        }
    }
    let style = |head: CanvasHead| HeadStyle {
        head,
        size: 8.0,
        filled: true,
        behind: None,
    };
    match kind {
        Head::None => tip,
        Head::Full => canvas.head(tip, from, style(CanvasHead::Classic), &solid),
        Head::Thin => canvas.head(tip, from, style(CanvasHead::Open), &solid),
        Head::Half { is_upper, is_thin } => {
            let side = if is_upper { -5.0 } else { 5.0 };
            let back = (tip.0 - way * 9.0, tip.1 + side);
            if is_thin {
                canvas.path(&polyline(&[back, tip]), &solid);
            } else {
                let mut path = polyline(&[back, tip, (tip.0 - way * 9.0, tip.1)]);
                path.push('Z');
                let full = Paint {
                    fill: solid.stroke.clone(),
                    ..solid
                };
                canvas.path(&path, &full);
            }
            tip
        }
    }
}

/// The middle of each participant, so that nothing that stands between two is wider than its room.
fn middles(parser: &Parser) -> Vec<f64> {
    let participants = &parser.participants;
    let count = participants.len();
    let half = |at: usize| head_size(&participants[at]).0 / 2.0;
    // How far apart two have to be.
    let mut wanted: Vec<(usize, usize, f64)> = Vec::new();
    for at in 1..count {
        let mut gap = GAP;
        if participants[at].frame != participants[at - 1].frame {
            gap += 16.0;
        }
        wanted.push((at - 1, at, half(at - 1) + half(at) + gap));
    }
    let mut beside = |at: usize, is_right: bool, width: f64| {
        if is_right && at + 1 < count {
            wanted.push((at, at + 1, width));
        } else if !is_right && at > 0 {
            wanted.push((at - 1, at, width));
        }
    };
    let mut between: Vec<(usize, usize, f64)> = Vec::new();
    let mut depth = 0.0;
    for event in &parser.events {
        match event {
            Event::GroupStart(..) => depth += 1.0,
            Event::GroupEnd => depth -= 1.0,
            Event::Message(message) => {
                let width = message_width(message);
                let sides = match (message.from, message.to) {
                    (Place::Of(from), Place::Of(to)) if from == to => {
                        beside(from, true, width.max(LOOP + 12.0) + 16.0);
                        (from, from)
                    }
                    (Place::Of(from), Place::Of(to)) => {
                        let extra = match message.creates {
                            true => half(to),
                            false => 12.0,
                        };
                        between.push((from.min(to), from.max(to), width + extra));
                        (from.min(to), from.max(to))
                    }
                    (Place::Of(at), other) | (other, Place::Of(at)) => {
                        let is_right = match other {
                            Place::RightEdge => true,
                            Place::LeftEdge => false,
                            _ => message.from == Place::Of(at),
                        };
                        if other == Place::Near {
                            beside(at, is_right, width.max(SHORT) + 10.0);
                        }
                        (at, at)
                    }
                    _ => continue,
                };
                let is_self = message.from == message.to;
                for note in &message.notes {
                    let room = note_size(&note.words).0 + 24.0 + 12.0 * depth;
                    match note.beside {
                        Beside::MessageLeft => beside(sides.0, false, room),
                        _ if is_self => beside(sides.1, true, room + width.max(LOOP + 12.0)),
                        _ => beside(sides.1, true, room),
                    }
                }
            }
            Event::Note(note) => {
                let width = note_size(&note.words).0;
                match note.beside {
                    Beside::Left(at) => beside(at, false, width + 24.0),
                    Beside::Right(at) => beside(at, true, width + 24.0),
                    Beside::Over(first, last) if first == last => {
                        beside(first, false, width / 2.0 + 12.0);
                        beside(first, true, width / 2.0 + 12.0);
                    }
                    Beside::Over(first, last) => between.push((first, last, width - 30.0)),
                    _ => {}
                }
            }
            Event::Reference(first, last, words) if first != last => {
                between.push((*first, *last, words.width()));
            }
            Event::Reference(first, _, words) => {
                beside(*first, false, words.width() / 2.0 + 20.0);
                beside(*first, true, words.width() / 2.0 + 20.0);
            }
            _ => {}
        }
    }
    wanted.extend(between);
    // Those that end first are met first, so that all before a place are known.
    wanted.sort_by_key(|(_, to, _)| *to);
    let mut middles = vec![0.0; count];
    let mut at = 0;
    for place in 1..count {
        while let Some((from, to, width)) = wanted.get(at).filter(|(_, to, _)| *to <= place) {
            let least: f64 = middles[*from] + width;
            if *to == place && least > middles[place] {
                middles[place] = least;
            }
            at += 1;
        }
    }
    middles
}
