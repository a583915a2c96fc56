//! A step with all that is in it, at places that are counted from the axes of swimlanes.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::words::Words;
use super::{Around, Note, Shape, Stroke};

/// How far something is from the axis of a swimlane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) lane: usize,
    pub(super) x: f64,
}

impl Place {
    pub(super) fn beside(self, right: f64) -> Self {
        Self {
            x: self.x + right,
            ..self
        }
    }

    /// On which side of another one it is.
    pub(super) fn side(self, of: Self) -> Ordering {
        self.lane.cmp(&of.lane).then(self.x.total_cmp(&of.x))
    }
}

/// Where steps of a swimlane stand that are beside no others.
pub(super) fn axis(lane: usize) -> Place {
    Place { lane, x: 0.0 }
}

/// What is drawn below its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Action(Shape),
    Test,
    Merge,
    Start,
    Stop,
    End,
    Spot,
}

#[derive(Debug)]
pub(super) enum Item<'a> {
    Frame {
        around: Around,
        words: &'a Words,
        color: Option<&'a str>,
        from: Place,
        to: Place,
        y: f64,
        height: f64,
    },
    Line {
        points: Vec<(Place, f64)>,
        stroke: Option<&'a Stroke>,
        has_head: bool,
    },
    Bar {
        from: Place,
        to: Place,
        y: f64,
        height: f64,
    },
    Sign {
        sign: Sign,
        words: Option<&'a Words>,
        color: Option<&'a str>,
        /// Of the middle of its upper edge.
        place: Place,
        y: f64,
        size: (f64, f64),
    },
    /// Words that begin at a place, or end there.
    Label {
        words: &'a Words,
        place: Place,
        y: f64,
        is_end: bool,
    },
    Note {
        note: &'a Note,
        /// Of its left edge.
        place: Place,
        y: f64,
    },
    /// A thin line to what a note says something of.
    Link {
        from: (Place, f64),
        to: (Place, f64),
    },
}

impl Item<'_> {
    fn shift(&mut self, right: f64, down: f64) {
        match self {
            Self::Frame { from, to, y, .. } | Self::Bar { from, to, y, .. } => {
                from.x += right;
                to.x += right;
                *y += down;
            }
            Self::Line { points, .. } => {
                for (place, y) in points {
                    place.x += right;
                    *y += down;
                }
            }
            Self::Sign { place, y, .. }
            | Self::Label { place, y, .. }
            | Self::Note { place, y, .. } => {
                place.x += right;
                *y += down;
            }
            Self::Link { from, to } => {
                for (place, y) in [from, to] {
                    place.x += right;
                    *y += down;
                }
            }
        }
    }
}

/// Where the flow comes into a step, or out of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Port {
    pub(super) place: Place,
    pub(super) y: f64,
}

/// A step with all that is in it.
#[derive(Debug)]
pub(super) struct Tile<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// How far it reaches to the left and right in each swimlane that it stands in.
    pub(super) spans: BTreeMap<usize, (f64, f64)>,
    pub(super) height: f64,
    pub(super) entry: Port,
    /// Whether the line that comes in ends there with a head; else it goes on from there.
    pub(super) is_end: bool,
    pub(super) exit: Option<Port>,
    /// Where the flow leaves what is repeated around it.
    pub(super) breaks: Vec<Port>,
}

impl<'a> Tile<'a> {
    pub(super) fn new(lane: usize) -> Self {
        let port = Port {
            place: axis(lane),
            y: 0.0,
        };
        Self {
            items: Vec::new(),
            spans: BTreeMap::new(),
            height: 0.0,
            entry: port,
            is_end: true,
            exit: Some(port),
            breaks: Vec::new(),
        }
    }

    /// Makes room for a place.
    pub(super) fn reach(&mut self, place: Place) {
        let span = self.spans.entry(place.lane).or_insert((place.x, place.x));
        span.0 = span.0.min(place.x);
        span.1 = span.1.max(place.x);
    }

    /// How far it reaches in a swimlane, which is nothing where it has no part of it.
    pub(super) fn span(&self, lane: usize) -> (f64, f64) {
        self.spans.get(&lane).copied().unwrap_or((0.0, 0.0))
    }

    /// Puts another one in it. Gives where the flow comes into that one and out of it.
    pub(super) fn put(&mut self, other: Tile<'a>, right: f64, down: f64) -> (Port, Option<Port>) {
        let moved = |port: Port| Port {
            place: port.place.beside(right),
            y: port.y + down,
        };
        for (lane, (from, to)) in &other.spans {
            for x in [from, to] {
                self.reach(Place {
                    lane: *lane,
                    x: x + right,
                });
            }
        }
        self.items.reserve(other.items.len());
        for mut item in other.items {
            item.shift(right, down);
            self.items.push(item);
        }
        self.breaks.extend(other.breaks.into_iter().map(moved));
        self.height = self.height.max(down + other.height);
        (moved(other.entry), other.exit.map(moved))
    }

    pub(super) fn line(
        &mut self,
        points: Vec<(Place, f64)>,
        stroke: Option<&'a Stroke>,
        has_head: bool,
    ) {
        for (place, _) in &points {
            self.reach(*place);
        }
        self.items.push(Item::Line {
            points,
            stroke,
            has_head,
        });
    }

    pub(super) fn sign(
        &mut self,
        sign: Sign,
        place: Place,
        y: f64,
        size: (f64, f64),
        (words, color): (Option<&'a Words>, Option<&'a str>),
    ) {
        self.reach(place.beside(-size.0 / 2.0));
        self.reach(place.beside(size.0 / 2.0));
        self.items.push(Item::Sign {
            sign,
            words,
            color,
            place,
            y,
            size,
        });
        self.height = self.height.max(y + size.1);
    }

    /// Writes words to the right of a place, or to its left.
    pub(super) fn label(&mut self, words: &'a Words, place: Place, y: f64, is_end: bool) {
        if words.is_empty() {
            return;
        }
        self.reach(place);
        let way = if is_end { -1.0 } else { 1.0 };
        self.reach(place.beside(way * words.width()));
        self.items.push(Item::Label {
            words,
            place,
            y,
            is_end,
        });
    }
}
