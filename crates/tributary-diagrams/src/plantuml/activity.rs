//! Activities: steps one after the other, with what parts their flow and joins it again.
//!
//! `read` takes the lines in, and `layout` chooses the places, one tile for each step; what a tile
//! is made of is drawn by `look`.

mod layout;
mod look;
mod loops;
mod read;
mod tile;

use super::super::Failure;
use super::super::canvas::Canvas;
use super::frame::{Frame, Reader};
use super::stroke::Stroke;
use super::words::Words;

/// What an action looks like, which the sign at its end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Plain,
    /// With a line at both sides.
    Procedure,
    /// With a notch, and with a point, at its right.
    Input,
    Output,
    /// Slanted one way or the other.
    Save,
    Load,
    /// With corners.
    Task,
    /// Between angle brackets.
    Continuous,
}

#[derive(Debug)]
struct Action {
    words: Words,
    shape: Shape,
    color: Option<String>,
}

/// What is asked where the flow parts.
#[derive(Debug)]
struct Test {
    words: Words,
    color: Option<String>,
    /// The swimlane it stands in.
    lane: usize,
}

/// Steps of which the flow takes one way or the other.
#[derive(Debug)]
struct Branch {
    /// What is asked for this one, where each has a test of its own.
    test: Option<Test>,
    /// Beside the line that comes to the test.
    before: Words,
    /// Beside the line that goes into the branch.
    label: Words,
    block: Block,
}

/// What frames around steps look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Partition,
    Package,
    Rectangle,
    Card,
}

/// What joins again what was forked or split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A thick bar, and a thin line.
    Bar,
    Line,
    Diamond,
}

#[derive(Debug)]
enum What {
    Action(Action),
    Start,
    Stop,
    End,
    /// A letter in a circle, where the flow goes on elsewhere.
    Spot(Words, Option<String>),
    Break,
    /// The last branch has no test.
    If(Vec<Branch>),
    Switch(Test, Vec<Branch>),
    While {
        test: Test,
        yes: Words,
        no: Words,
        block: Block,
        back: Option<Action>,
    },
    Repeat {
        first: Option<Action>,
        block: Block,
        back: Option<Action>,
        test: Test,
        yes: Words,
        no: Words,
    },
    Parallel {
        begin: Joint,
        blocks: Vec<Block>,
        end: Joint,
        label: Words,
    },
    Group {
        around: Around,
        words: Words,
        color: Option<String>,
        block: Block,
    },
}

/// A line to the next step, as far as its looks are said.
#[derive(Debug, Default)]
struct Arrow {
    stroke: Stroke,
    words: Option<Words>,
}

#[derive(Debug)]
struct Note {
    words: Words,
    is_left: bool,
    /// Without a line to the step.
    is_floating: bool,
    color: Option<String>,
}

#[derive(Debug)]
struct Step {
    what: What,
    /// The swimlane it begins in, and the one that it ends in.
    lane: usize,
    end_lane: usize,
    /// The line that comes to it.
    arrow: Option<Arrow>,
    notes: Vec<Note>,
    /// Nothing follows from it.
    is_detached: bool,
}

/// Steps one after the other.
#[derive(Debug, Default)]
struct Block {
    steps: Vec<Step>,
    /// The line that leads on from its last step.
    arrow: Option<Arrow>,
    /// Notes that stand before any step.
    notes: Vec<Note>,
    /// Nothing follows, though there is no step.
    is_detached: bool,
}

/// A column of steps that somebody does.
#[derive(Debug)]
struct Lane {
    name: String,
    words: Words,
    color: Option<String>,
}

#[derive(Debug)]
struct Activity {
    root: Block,
    /// None at all, or those that are named.
    lanes: Vec<Lane>,
}

pub(super) fn draw(reader: &mut Reader, frame: &mut Frame) -> Result<Canvas, Failure> {
    let activity = read::read(reader, frame)?;
    if activity.root.steps.is_empty() && activity.root.notes.is_empty() {
        return Err(Failure::new("it shows nothing"));
    }
    let tile = layout::whole(&activity);
    Ok(look::draw(&activity, &tile))
}
