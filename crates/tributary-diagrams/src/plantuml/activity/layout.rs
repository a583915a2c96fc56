//! Chooses the places of the steps of an activity.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::frame::note_size;
use super::super::words::Words;
use super::loops::{as_long_as, repeat};
use super::tile::{Item, Place, Port, Sign, Tile, axis};
use super::{
    Action, Activity, Around, Arrow, Block, Branch, Joint, Note, Shape, Step, Stroke, Test, What,
};

/// Between two steps, and between branches that are beside each other.
pub(super) const GAP: f64 = 22.0;
const BESIDE: f64 = 22.0;
/// Between a step and a line that goes around others.
pub(super) const RAIL: f64 = 14.0;
/// How far below a step a line turns to another swimlane.
pub(super) const BEND: f64 = 9.0;
/// Between a line and the words beside it.
pub(super) const NEAR: f64 = 5.0;
const PAD: f64 = 10.0;
/// The size of the diamond where branches come together, and of other signs.
pub(super) const MERGE: f64 = 24.0;
const POINT: f64 = 20.0;
const BAR: f64 = 6.0;
/// Between what stands in a frame and the frame.
const FRAME: f64 = 12.0;

pub(super) fn whole(activity: &Activity) -> Tile<'_> {
    block(&activity.root, 0)
}

pub(super) fn stroke_of(arrow: Option<&Arrow>) -> Option<&Stroke> {
    arrow.map(|arrow| &arrow.stroke)
}

pub(super) fn words_of(arrow: Option<&Arrow>) -> Option<&Words> {
    arrow.and_then(|arrow| arrow.words.as_ref())
}

/// The room that words beside a line take of its length.
pub(super) fn room(words: Option<&Words>) -> f64 {
    words.map_or(0.0, |words| words.height() + 4.0)
}

/// The line that comes into a block.
fn first_arrow(block: &Block) -> Option<&Arrow> {
    match block.steps.first() {
        Some(step) => step.arrow.as_ref(),
        None => block.arrow.as_ref(),
    }
}

/// The line that leads out of a block, when it is another one than that.
pub(super) fn last_arrow(block: &Block) -> Option<&Arrow> {
    block.arrow.as_ref().filter(|_| !block.steps.is_empty())
}

/// Steps one below the other.
fn block(block: &Block, lane: usize) -> Tile<'_> {
    let mut tile = Tile::new(lane);
    tile.is_end = false;
    let mut exit = tile.exit.filter(|_| !block.is_detached);
    if block.steps.is_empty() && !block.notes.is_empty() {
        tile.reach(axis(lane));
        beside(&mut tile, &block.notes, lane, None);
    }
    for (at, step) in block.steps.iter().enumerate() {
        let made = one(step);
        if at == 0 {
            tile.is_end = made.is_end;
            (tile.entry, exit) = tile.put(made, 0.0, 0.0);
            tile.reach(tile.entry.place);
            continue;
        }
        let arrow = step.arrow.as_ref();
        let turns = exit.is_some_and(|exit| exit.place != made.entry.place);
        let gap = GAP + room(words_of(arrow)) + if turns { BEND } else { 0.0 };
        let from = tile.height;
        let is_end = made.is_end;
        let (entry, out) = tile.put(made, 0.0, from + gap);
        if let Some(exit) = exit {
            connect(&mut tile, exit, entry, from, arrow, is_end);
        }
        exit = out;
    }
    tile.exit = exit;
    tile
}

/// Draws the line between two steps, which turns where the room between them begins.
pub(super) fn connect<'a>(
    tile: &mut Tile<'a>,
    from: Port,
    to: Port,
    room: f64,
    arrow: Option<&'a Arrow>,
    has_head: bool,
) {
    let mut points = vec![(from.place, from.y)];
    let mut beside = room + 3.0;
    if from.place != to.place {
        let turn = room + BEND;
        points.extend([(from.place, turn), (to.place, turn)]);
        beside += BEND;
    }
    points.push((to.place, to.y));
    tile.line(points, stroke_of(arrow), has_head);
    if let Some(words) = words_of(arrow) {
        tile.label(words, to.place.beside(NEAR), beside, false);
    }
}

/// A block with the line that leads into it, and what is said beside that.
pub(super) fn lead<'a>(inner: &'a Block, label: Option<&'a Words>, lane: usize) -> Tile<'a> {
    let made = block(inner, lane);
    let arrow = first_arrow(inner);
    let place = made.entry.place;
    let mut tile = Tile::new(place.lane);
    let mut y = 0.0;
    for words in label.into_iter().chain(words_of(arrow)) {
        if !words.is_empty() {
            tile.label(words, place.beside(NEAR), y + 2.0, false);
            y += words.height() + 3.0;
        }
    }
    let is_end = made.is_end;
    let (entry, exit) = tile.put(made, 0.0, GAP.max(y + 8.0));
    let points = vec![(place, 0.0), (entry.place, entry.y)];
    tile.line(points, stroke_of(arrow), is_end);
    tile.entry = Port { place, y: 0.0 };
    tile.is_end = false;
    tile.exit = exit;
    tile
}

fn one(step: &Step) -> Tile<'_> {
    let lane = step.lane;
    let mut tile = match &step.what {
        What::Action(action) => {
            let mut tile = Tile::new(lane);
            put_action(&mut tile, action, axis(lane), 0.0);
            tile
        }
        What::Start => sign(Sign::Start, lane, POINT),
        What::Stop => sign(Sign::Stop, lane, POINT + 2.0),
        What::End => sign(Sign::End, lane, POINT),
        What::Spot(words, color) => {
            let mut tile = Tile::new(lane);
            let looks = (Some(words), color.as_deref());
            tile.sign(Sign::Spot, axis(lane), 0.0, (MERGE, MERGE), looks);
            tile
        }
        What::Break => {
            let mut tile = Tile::new(lane);
            tile.is_end = false;
            tile.breaks.extend(tile.exit.take());
            tile.reach(axis(lane));
            tile
        }
        What::If(branches) => match branches.as_slice() {
            [first, second] => two_ways(first, second, step),
            branches => row_of_tests(branches, step),
        },
        What::Switch(test, cases) => switch(test, cases, step),
        What::While {
            test,
            yes,
            no,
            block,
            back,
        } => as_long_as(test, (yes, no), block, back.as_ref()),
        What::Repeat {
            first,
            block,
            back,
            test,
            yes,
            no,
        } => repeat(first.as_ref(), block, back.as_ref(), test, (yes, no), lane),
        What::Parallel {
            begin,
            blocks,
            end,
            label,
        } => parallel((*begin, *end), blocks, label, step),
        What::Group {
            around,
            words,
            color,
            block,
        } => group(*around, words, color.as_deref(), block, lane),
    };
    if matches!(step.what, What::Stop | What::End) || step.is_detached {
        tile.exit = None;
    }
    if step.notes.is_empty() {
        return tile;
    }
    // Notes of what is one sign stand beside it, those of more above.
    let is_sign = matches!(
        step.what,
        What::Action(_) | What::Start | What::Stop | What::End | What::Spot(..)
    );
    if is_sign {
        let middle = tile.height / 2.0;
        beside(&mut tile, &step.notes, lane, Some(middle));
        return tile;
    }
    let mut whole = Tile::new(lane);
    let height = notes_height(&step.notes) + 8.0;
    whole.is_end = tile.is_end;
    let (entry, exit) = whole.put(tile, 0.0, height);
    let below = entry.place;
    (whole.entry, whole.exit) = (entry, exit);
    above(&mut whole, &step.notes, (below, entry.y));
    whole
}

fn sign<'a>(sign: Sign, lane: usize, size: f64) -> Tile<'a> {
    let mut tile = Tile::new(lane);
    tile.sign(sign, axis(lane), 0.0, (size, size), (None, None));
    tile
}

/// The height of notes at the side that has more of them.
fn notes_height(notes: &[Note]) -> f64 {
    let side = |is_left: bool| {
        let notes = notes.iter().filter(|note| note.is_left == is_left);
        notes
            .map(|note| note_size(&note.words).1 + 6.0)
            .sum::<f64>()
    };
    side(true).max(side(false))
}

/// Puts notes beside a sign, below each other, with links to its edges at a height.
fn beside<'a>(tile: &mut Tile<'a>, notes: &'a [Note], lane: usize, middle: Option<f64>) {
    let (left, right) = tile.span(lane);
    let edges = [(left, left - BESIDE), (right, right + BESIDE)];
    put_notes(
        tile,
        notes,
        edges.map(|(_, near)| Place { lane, x: near }),
        |note, y| {
            let (edge, near) = edges[usize::from(!note.is_left)];
            let middle = middle?;
            let size = note_size(&note.words).1;
            let from = (Place { lane, x: near }, middle.clamp(y, y + size));
            Some((from, (Place { lane, x: edge }, middle)))
        },
    );
}

/// Puts notes above a place, beside the line that comes to it, with links to it.
fn above<'a>(tile: &mut Tile<'a>, notes: &'a [Note], to: (Place, f64)) {
    let sides = [-BESIDE, BESIDE].map(|x| to.0.beside(x));
    put_notes(tile, notes, sides, |note, y| {
        let height = note_size(&note.words).1;
        Some(((sides[usize::from(!note.is_left)], y + height), to))
    });
}

type Ends = ((Place, f64), (Place, f64));

fn put_notes<'a>(
    tile: &mut Tile<'a>,
    notes: &'a [Note],
    [left, right]: [Place; 2],
    link: impl Fn(&Note, f64) -> Option<Ends>,
) {
    let mut next = [0.0, 0.0];
    for note in notes {
        let (width, height) = note_size(&note.words);
        let place = if note.is_left {
            left.beside(-width)
        } else {
            right
        };
        let y = &mut next[usize::from(!note.is_left)];
        tile.reach(place);
        tile.reach(place.beside(width));
        tile.items.push(Item::Note { note, place, y: *y });
        if let Some((from, to)) = link(note, *y).filter(|_| !note.is_floating) {
            tile.items.push(Item::Link { from, to });
        }
        *y += height + 6.0;
        tile.height = tile.height.max(*y - 6.0);
    }
}

pub(super) fn action_size(action: &Action) -> (f64, f64) {
    let (width, height) = (action.words.width(), action.words.height());
    let more = match action.shape {
        Shape::Plain | Shape::Task => 0.0,
        Shape::Procedure => 8.0,
        Shape::Input | Shape::Output | Shape::Continuous => 14.0,
        Shape::Save | Shape::Load => 16.0,
    };
    (
        (width + 2.0 * PAD + more).max(28.0),
        (height + 2.0 * PAD).max(28.0),
    )
}

/// Gives the size of what it has put.
pub(super) fn put_action<'a>(
    tile: &mut Tile<'a>,
    action: &'a Action,
    place: Place,
    y: f64,
) -> (f64, f64) {
    let size = action_size(action);
    let looks = (Some(&action.words), action.color.as_deref());
    tile.sign(Sign::Action(action.shape), place, y, size, looks);
    if let Some(exit) = &mut tile.exit {
        exit.y = exit.y.max(y + size.1);
    }
    size
}

pub(super) fn test_size(test: &Test) -> (f64, f64) {
    match test.words.is_empty() {
        true => (MERGE, MERGE),
        false => (test.words.width() + 28.0, test.words.height() + 10.0),
    }
}

/// Puts a test so that its middle is at a height.
pub(super) fn put_test<'a>(tile: &mut Tile<'a>, test: &'a Test, middle: f64) -> (f64, f64) {
    let size = test_size(test);
    let looks = (Some(&test.words), test.color.as_deref());
    let top = middle - size.1 / 2.0;
    tile.sign(Sign::Test, axis(test.lane), top, size, looks);
    size
}

/// Whether the flow goes through a branch without a step.
fn is_nothing(block: &Block) -> bool {
    block.steps.is_empty() && !block.is_detached && block.notes.is_empty()
}

/// Leads the flow down from a test into a tile. Gives where it comes out.
pub(super) fn down<'a>(
    tile: &mut Tile<'a>,
    from: Port,
    made: Tile<'a>,
    right: f64,
) -> Option<Port> {
    let place = made.entry.place.beside(right);
    let stroke = first_line(&made);
    if place == from.place {
        return tile.put(made, right, from.y).1;
    }
    let (turn, top) = (from.y + BEND, from.y + BEND + 3.0);
    let points = vec![
        (from.place, from.y),
        (from.place, turn),
        (place, turn),
        (place, top),
    ];
    tile.line(points, stroke, false);
    tile.put(made, right, top).1
}

/// How the line looks that a tile begins with.
fn first_line<'a>(tile: &Tile<'a>) -> Option<&'a Stroke> {
    tile.items.iter().find_map(|item| match item {
        Item::Line { points, stroke, .. } if points[0] == (tile.entry.place, tile.entry.y) => {
            *stroke
        }
        _ => None,
    })
}

/// What is asked once.
fn two_ways<'a>(first: &'a Branch, second: &'a Branch, step: &'a Step) -> Tile<'a> {
    let Some(test) = &first.test else {
        return Tile::new(step.lane);
    };
    let lane = test.lane;
    let mut tile = Tile::new(lane);
    let (width, height) = test_size(test);
    put_test(&mut tile, test, height / 2.0);
    let (half, middle) = (width / 2.0, height / 2.0);
    let bottom = Port {
        place: axis(lane),
        y: height,
    };
    if is_nothing(&first.block) || is_nothing(&second.block) {
        let (under, around) = match is_nothing(&second.block) {
            true => (first, second),
            false => (second, first),
        };
        let made = lead(&under.block, Some(&under.label), lane);
        let exit = down(&mut tile, bottom, made, 0.0);
        let label = &around.label;
        let arrow = around.block.arrow.as_ref();
        let corner = axis(lane).beside(half);
        tile.label(
            label,
            corner.beside(3.0),
            middle - label.height() - 1.0,
            false,
        );
        let far = tile.span(lane).1.max(half + label.width() + 6.0) + RAIL;
        let side = aside(&mut tile, corner, middle, far, arrow);
        let exits = [(exit, last_arrow(&under.block)), (Some(side), arrow)];
        return joined(tile, &exits, step.end_lane);
    }
    let tiles = [first, second].map(|branch| lead(&branch.block, None, lane));
    let mut apart: Option<f64> = None;
    for (at, (_, right)) in &tiles[0].spans {
        if let Some((left, _)) = tiles[1].spans.get(at) {
            apart = Some(apart.unwrap_or(0.0).max(right - left + BESIDE));
        }
    }
    let labels = first.label.width().max(second.label.width());
    let shift = apart.map_or(0.0, |apart| {
        let starts_here = tiles.iter().any(|tile| tile.entry.place.lane == lane);
        let least = half + labels + 8.0;
        (apart / 2.0).max(if starts_here { least } else { 0.0 })
    });
    let places = [
        tiles[0].entry.place.beside(-shift),
        tiles[1].entry.place.beside(shift),
    ];
    let mut sides = places.map(|place| place.side(axis(lane)));
    if sides[0] == sides[1] {
        // The nearer one begins at the lower corner.
        let is_first = places[0].side(places[1]) == sides[1].reverse();
        sides[usize::from(!is_first)] = Ordering::Equal;
    }
    let mut exits = Vec::new();
    let rows = [(first, -shift), (second, shift)];
    for ((branch, right), (made, side)) in rows.into_iter().zip(tiles.into_iter().zip(sides)) {
        let label = &branch.label;
        let exit = if side == Ordering::Equal {
            let place = axis(lane).beside(NEAR);
            tile.label(label, place, height + 1.0, false);
            let start = height
                + if label.is_empty() {
                    0.0
                } else {
                    label.height()
                };
            tile.line(vec![(axis(lane), height), (axis(lane), start)], None, false);
            let from = Port {
                place: axis(lane),
                y: start,
            };
            down(&mut tile, from, made, right)
        } else {
            let is_left = side == Ordering::Less;
            let way = if is_left { -1.0 } else { 1.0 };
            let corner = axis(lane).beside(way * half);
            let beside = corner.beside(way * 3.0);
            tile.label(label, beside, middle - label.height() - 1.0, is_left);
            let place = made.entry.place.beside(right);
            let points = vec![(corner, middle), (place, middle), (place, height)];
            tile.line(points, first_line(&made), false);
            tile.put(made, right, height).1
        };
        exits.push((exit, last_arrow(&branch.block)));
    }
    joined(tile, &exits, step.end_lane)
}

/// Brings flows together again below all that was put.
fn joined<'a>(
    mut tile: Tile<'a>,
    exits: &[(Option<Port>, Option<&'a Arrow>)],
    lane: usize,
) -> Tile<'a> {
    let open: Vec<(Port, Option<&Arrow>)> = exits
        .iter()
        .filter_map(|(exit, arrow)| Some(((*exit)?, *arrow)))
        .collect();
    let mut y = tile.height;
    for (port, arrow) in &open {
        if let Some(words) = words_of(*arrow) {
            tile.label(words, port.place.beside(NEAR), port.y + 2.0, false);
            y = y.max(port.y + words.height() + 6.0);
        }
    }
    match open.as_slice() {
        [] => tile.exit = None,
        [(port, None)] => tile.exit = Some(*port),
        [(port, arrow)] => {
            let end = Port { y, ..*port };
            let points = vec![(port.place, port.y), (port.place, y)];
            tile.line(points, stroke_of(*arrow), false);
            tile.exit = Some(end);
        }
        open => {
            y += RAIL;
            let half = MERGE / 2.0;
            let place = axis(lane);
            for (port, arrow) in open {
                let start = (port.place, port.y);
                let points = match port.place.side(place) {
                    Ordering::Equal => vec![start, (place, y)],
                    side => {
                        let way = if side == Ordering::Less { -1.0 } else { 1.0 };
                        let corner = place.beside(way * half);
                        vec![start, (port.place, y + half), (corner, y + half)]
                    }
                };
                tile.line(points, stroke_of(*arrow), true);
            }
            tile.sign(Sign::Merge, place, y, (MERGE, MERGE), (None, None));
            tile.exit = Some(Port {
                place,
                y: y + MERGE,
            });
        }
    }
    tile.height = tile.height.max(y);
    tile
}

/// How far tiles are moved to the right, so that they are beside each other in every swimlane that
/// they share; those that share none stay on their axes.
fn side_by_side(tiles: &[Tile], is_centered: bool) -> Vec<f64> {
    let mut edges: BTreeMap<usize, f64> = BTreeMap::new();
    // Those that share swimlanes are centered together.
    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    let mut shifts: Vec<f64> = Vec::new();
    let mut group_of: Vec<usize> = Vec::new();
    for (at, tile) in tiles.iter().enumerate() {
        let mut shift: Option<f64> = None;
        let mut group = at;
        for (lane, (left, _)) in &tile.spans {
            if let Some(edge) = edges.get(lane) {
                shift = Some(shift.unwrap_or(f64::NEG_INFINITY).max(edge + BESIDE - left));
            }
            group = group.min(groups.get(lane).copied().unwrap_or(at));
        }
        let shift = shift.unwrap_or(0.0);
        for (lane, (_, right)) in &tile.spans {
            edges.insert(*lane, right + shift);
            groups.insert(*lane, group);
        }
        shifts.push(shift);
        group_of.push(group);
    }
    if is_centered {
        let mut ends: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for (shift, group) in shifts.iter().zip(&group_of) {
            let end = ends.entry(*group).or_insert((*shift, *shift));
            end.0 = end.0.min(*shift);
            end.1 = end.1.max(*shift);
        }
        for (shift, group) in shifts.iter_mut().zip(&group_of) {
            let (first, last) = ends[group];
            *shift -= (first + last) / 2.0;
        }
    }
    shifts
}

/// Tests that stand beside each other, each with its steps below.
fn row_of_tests<'a>(branches: &'a [Branch], step: &'a Step) -> Tile<'a> {
    let tests = || branches.iter().filter_map(|branch| branch.test.as_ref());
    let row = tests().map(|test| test_size(test).1).fold(0.0, f64::max);
    let middle = row / 2.0;
    let mut columns = Vec::new();
    let mut exits: Vec<(Option<Port>, Option<&Arrow>)> = Vec::new();
    // Where the test of each column is, and how far from its middle its corners are.
    let mut corners: Vec<(Place, f64)> = Vec::new();
    let mut lane = step.lane;
    for (at, branch) in branches.iter().enumerate() {
        let Some(test) = &branch.test else {
            if !is_nothing(&branch.block) {
                columns.push(lead(&branch.block, None, lane));
            }
            continue;
        };
        lane = test.lane;
        let mut column = Tile::new(lane);
        let half = put_test(&mut column, test, middle).0 / 2.0;
        let before = &branch.before;
        let corner = axis(lane).beside(-half - 8.0);
        column.label(before, corner, middle - before.height() - 1.0, true);
        if let Some(next) = branches.get(at + 1).filter(|next| next.test.is_none()) {
            let corner = axis(lane).beside(half + 3.0);
            let y = middle - next.label.height() - 1.0;
            column.label(&next.label, corner, y, false);
        }
        let bottom = Port {
            place: axis(lane),
            y: middle + test_size(test).1 / 2.0,
        };
        let made = lead(&branch.block, Some(&branch.label), lane);
        column.exit = down(&mut column, bottom, made, 0.0);
        columns.push(column);
        corners.push((axis(lane), half));
    }
    let shifts = side_by_side(&columns, false);
    let mut tile = Tile::new(step.lane);
    for (corner, shift) in corners.iter_mut().zip(&shifts) {
        corner.0 = corner.0.beside(*shift);
    }
    for pair in corners.windows(2) {
        let [(from, half), (to, other)] = [pair[0], pair[1]];
        let way = if to.side(from) == Ordering::Less {
            -1.0
        } else {
            1.0
        };
        let points = vec![
            (from.beside(way * half), middle),
            (to.beside(-way * other), middle),
        ];
        tile.line(points, None, true);
    }
    let last = corners.last().copied().unwrap_or((axis(step.lane), 0.0));
    let mut blocks = branches
        .iter()
        .filter(|branch| branch.test.is_some() || !is_nothing(&branch.block));
    for (at, (column, shift)) in columns.into_iter().zip(shifts).enumerate() {
        let arrow = blocks.next().and_then(|branch| last_arrow(&branch.block));
        if at < corners.len() {
            let (entry, exit) = tile.put(column, shift, 0.0);
            if at == 0 {
                tile.entry = entry;
            }
            exits.push((exit, arrow));
            continue;
        }
        let place = column.entry.place.beside(shift);
        let way = if place.side(last.0) == Ordering::Less {
            -1.0
        } else {
            1.0
        };
        let corner = last.0.beside(way * last.1);
        let points = vec![(corner, middle), (place, middle), (place, row)];
        tile.line(points, first_line(&column), false);
        exits.push((tile.put(column, shift, row).1, arrow));
    }
    if let Some(branch) = branches
        .last()
        .filter(|branch| branch.test.is_none() && is_nothing(&branch.block))
    {
        let arrow = branch.block.arrow.as_ref();
        let far = tile.span(last.0.lane).1 + RAIL;
        let corner = last.0.beside(last.1);
        let side = aside(&mut tile, corner, middle, far, arrow);
        exits.push((Some(side), arrow));
    }
    joined(tile, &exits, step.end_lane)
}

/// Draws the way around what a branch would have held, from a corner to the side, and gives where it is
/// left.
fn aside<'a>(
    tile: &mut Tile<'a>,
    corner: Place,
    y: f64,
    far: f64,
    arrow: Option<&'a Arrow>,
) -> Port {
    let place = Place {
        lane: corner.lane,
        x: far,
    };
    tile.line(vec![(corner, y), (place, y)], stroke_of(arrow), false);
    Port { place, y }
}

fn switch<'a>(test: &'a Test, cases: &'a [Branch], step: &'a Step) -> Tile<'a> {
    let lane = test.lane;
    let mut tile = Tile::new(lane);
    let (_, height) = test_size(test);
    put_test(&mut tile, test, height / 2.0);
    let columns: Vec<Tile> = cases
        .iter()
        .map(|case| lead(&case.block, Some(&case.label), lane))
        .collect();
    let exits = spread(&mut tile, columns, (axis(lane), height), height + BEND);
    let exits: Vec<_> = exits
        .into_iter()
        .zip(cases)
        .map(|(exit, case)| (exit, last_arrow(&case.block)))
        .collect();
    joined(tile, &exits, step.end_lane)
}

/// Puts columns beside each other, with lines that come to them from one place.
fn spread<'a>(
    tile: &mut Tile<'a>,
    columns: Vec<Tile<'a>>,
    from: (Place, f64),
    top: f64,
) -> Vec<Option<Port>> {
    let shifts = side_by_side(&columns, true);
    let mut exits = Vec::new();
    for (column, shift) in columns.into_iter().zip(shifts) {
        let place = column.entry.place.beside(shift);
        if top > from.1 {
            let points = vec![from, (from.0, top), (place, top)];
            tile.line(points, first_line(&column), false);
        }
        exits.push(tile.put(column, shift, top).1);
    }
    exits
}

/// What goes on at the same time, or one of several ways.
fn parallel<'a>(
    (begin, end): (Joint, Joint),
    blocks: &'a [Block],
    label: &'a Words,
    step: &'a Step,
) -> Tile<'a> {
    let thickness = |joint: Joint| match joint {
        Joint::Bar => BAR,
        Joint::Line | Joint::Diamond => 1.5,
    };
    let lane = step.lane;
    let mut tile = Tile::new(lane);
    let columns: Vec<Tile> = blocks.iter().map(|block| lead(block, None, lane)).collect();
    let top = thickness(begin);
    let exits = spread(&mut tile, columns, (axis(lane), top), top);
    tile.reach(axis(lane).beside(-POINT));
    tile.reach(axis(lane).beside(POINT));
    let bar = |tile: &mut Tile, y: f64, height: f64| {
        let ends = (tile.spans.first_key_value(), tile.spans.last_key_value());
        if let (Some((first, (left, _))), Some((last, (_, right)))) = ends {
            let (from, to) = (
                Place {
                    lane: *first,
                    x: *left,
                },
                Place {
                    lane: *last,
                    x: *right,
                },
            );
            tile.items.push(Item::Bar {
                from,
                to,
                y,
                height,
            });
        }
    };
    bar(&mut tile, 0.0, top);
    let exits: Vec<(Option<Port>, Option<&Arrow>)> = exits
        .into_iter()
        .zip(blocks)
        .map(|(exit, block)| (exit, last_arrow(block)))
        .collect();
    if end == Joint::Diamond {
        let mut tile = joined(tile, &exits, step.end_lane);
        if let Some(exit) = tile.exit {
            let place = exit.place.beside(MERGE / 2.0 + 4.0);
            tile.label(label, place, exit.y - MERGE / 2.0, false);
        }
        return tile;
    }
    if exits.iter().all(|(exit, _)| exit.is_none()) {
        tile.exit = None;
        return tile;
    }
    let words = exits.iter().map(|(_, arrow)| room(words_of(*arrow)));
    let y = tile.height + GAP + words.fold(0.0, f64::max);
    let low = tile.height;
    for (port, arrow) in exits {
        if let Some(port) = port {
            let end = Port {
                place: port.place,
                y,
            };
            connect(&mut tile, port, end, low, arrow, true);
        }
    }
    tile.reach(axis(step.end_lane).beside(-POINT));
    tile.reach(axis(step.end_lane).beside(POINT));
    bar(&mut tile, y, thickness(end));
    tile.height = y + thickness(end);
    if let Some((last, (_, right))) = tile.spans.last_key_value() {
        let place = Place {
            lane: *last,
            x: right + NEAR,
        };
        tile.label(label, place, y - label.height() / 2.0, false);
    }
    tile.exit = Some(Port {
        place: axis(step.end_lane),
        y: tile.height,
    });
    tile
}

fn group<'a>(
    around: Around,
    words: &'a Words,
    color: Option<&'a str>,
    inner: &'a Block,
    lane: usize,
) -> Tile<'a> {
    let made = block(inner, lane);
    let top = FRAME
        + if words.is_empty() {
            0.0
        } else {
            words.height() + 4.0
        };
    let mut tile = Tile::new(lane);
    let first = made
        .spans
        .first_key_value()
        .map(|(lane, span)| (*lane, *span));
    let last = made
        .spans
        .last_key_value()
        .map(|(lane, span)| (*lane, *span));
    let (first, (left, _)) = first.unwrap_or((lane, (0.0, 0.0)));
    let (last, (_, right)) = last.unwrap_or((lane, (0.0, 0.0)));
    // The line that comes in leaves the title at its left.
    let title = match words.is_empty() {
        true => 0.0,
        false => words.width() + 22.0,
    };
    let from = Place {
        lane: first,
        x: (left - FRAME).min(-title),
    };
    let to = Place {
        lane: last,
        x: (right + FRAME).max(20.0),
    };
    let height = top + made.height + FRAME;
    tile.items.push(Item::Frame {
        around,
        words,
        color,
        from,
        to,
        y: 0.0,
        height,
    });
    tile.reach(from);
    tile.reach(to);
    tile.is_end = made.is_end;
    let is_empty = inner.steps.is_empty();
    let (entry, exit) = tile.put(made, 0.0, top);
    tile.height = height;
    let through = Port {
        place: axis(lane),
        y: height,
    };
    tile.entry = if is_empty { through } else { entry };
    tile.exit = match is_empty {
        true => exit.map(|_| through),
        false => exit,
    };
    tile
}
